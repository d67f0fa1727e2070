"""The lessons on neurons and networks: their numbers against formulas and published ones."""

import math
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from told import blocks, rows_of, told

from autograd_core import Value
from demos.blocks import Picture
from demos.losses import LABEL, LOGITS, from_logit, printed, printed_derivative, right_derivative


def sigma(z: float) -> float:
    return 1.0 / (1.0 + math.exp(-z))


def picture(lesson: str, name: str) -> Picture:
    [found] = [p for p in blocks(told(lesson), Picture) if p.file == f"{lesson}-{name}.svg"]
    return found


# Losses


def test_squared_errors_and_hinge() -> None:
    half, whole = rows_of(told("losses"), "∂C/∂ŷ1")
    errors = np.array([3.0 - 1.0, -0.5 - 0.5])
    for row, factor in ((half, 0.5), (whole, 1.0)):
        numbers = [float(row[name]) for name in ("C", "∂C/∂ŷ1", "∂C/∂ŷ2")]
        assert numbers == [factor * errors @ errors, *(2 * factor * errors)]
    for row in rows_of(told("losses"), "∂C/∂y"):
        t, y = float(row["t"]), float(row["y"])
        assert float(row["max(0, 1 - t y)"]) == max(0.0, 1 - t * y)
        assert float(row["∂C/∂y"]) == (-t if t * y < 1 else 0.0)


@given(st.floats(0.01, 0.99), st.sampled_from([0.0, 1.0]))
def test_the_printed_and_the_right_cross_entropy(p: float, y: float) -> None:
    def right(p: float) -> float:
        return -(y * math.log(p) + (1 - y) * math.log(1 - p))

    h = 1e-6
    nudged = (right(p + h) - right(p - h)) / (2 * h)
    probability = Value(p)
    wrong = printed(probability, y)
    wrong.backward()
    assert wrong.data == pytest.approx(-right(p))
    assert right_derivative(p, y) == pytest.approx(nudged, rel=1e-5)
    assert probability.grad == pytest.approx(-nudged, rel=1e-5)
    assert printed_derivative(p, y) == pytest.approx(abs(nudged), rel=1e-5)  # never negative


def test_losses_lesson() -> None:
    lesson = told("losses")
    for row in rows_of(lesson, "J of nn"):
        p, y = float(row["p"]), float(row["y"])
        cost = -math.log(p if y else 1 - p)
        assert float(row["J of nn"]) == pytest.approx(cost, abs=6e-5)
        assert float(row["J as printed"]) == pytest.approx(-cost, abs=6e-5)
        assert row["output is"] == ("good" if cost < 1 else "bad")
    for row in rows_of(lesson, "dJ/dp printed"):
        p, y = float(row["p"]), float(row["y"])
        assert row["of nn"] == row["on paper"]
        assert float(row["of nn"]) == pytest.approx(-1 / p if y else 1 / (1 - p), rel=1e-5)
        assert float(row["of the printed J"]) == -float(row["of nn"])
        assert float(row["dJ/dp printed"]) == abs(float(row["of nn"]))


def test_softmax_cross_entropy() -> None:
    lesson = told("losses")
    powers = np.exp(LOGITS)
    g = powers / powers.sum()
    delta = g - np.eye(len(g))[LABEL]
    rows = rows_of(lesson, "g - 1{k = y}")
    assert [float(row["g = softmax(z)"]) for row in rows] == pytest.approx(g, rel=1e-5)
    assert [float(row["engine"]) for row in rows] == pytest.approx(delta, rel=1e-5)
    assert all(abs(float(row["difference"])) < 1e-15 for row in rows)
    fewer = rows_of(lesson, "z, one less")
    assert [row["z, one less"] for row in fewer] == ["", "-1", "-3"]
    assert [float(row["g, one less"]) for row in fewer] == pytest.approx(g, rel=1e-5)
    for row in fewer[1:]:
        assert row["δ, one less"] == row["δ"]
    assert f"{-math.log(g[LABEL]):.4f}" in picture("losses", "softmax").svg


@given(st.floats(-700, 700))
def test_the_loss_from_the_logit(z: float) -> None:
    assert from_logit(z).data == pytest.approx(np.logaddexp(0.0, z), rel=1e-14, abs=1e-300)


def test_probabilities_lose_what_logits_keep() -> None:
    rows = {float(row["z"]): row for row in rows_of(told("losses"), "through σ")}
    for z, row in rows.items():
        assert float(row["from the logit"]) == pytest.approx(
            z + math.log1p(math.exp(-z)), rel=1e-11
        )
    assert abs(float(rows[30.0]["through σ"]) - 30) > 1e-4
    assert rows[40.0]["through σ"] == rows[800.0]["through softmax"] == "ln 0"
    assert sigma(37.0) == 1.0 > sigma(36.0)
    assert math.exp(-746.0) == 0.0 < math.exp(-745.0)


# All of them


@pytest.mark.parametrize("lesson", ["losses"])
def test_plots_are_svg_that_every_reader_shows_alike(lesson: str) -> None:
    plots = [p for p in blocks(told(lesson), Picture) if "matplotlib" in p.svg]
    assert plots
    for plot in plots:
        root: Any = ElementTree.fromstring(plot.svg)
        names = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert "path" in names
        assert "text" not in names
        assert "date" not in names
