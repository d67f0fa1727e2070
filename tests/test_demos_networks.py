"""The lessons on neurons and networks: their numbers against formulas and published ones."""

import itertools
import math
from fractions import Fraction
from random import Random
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from told import blocks, rows_of, said, told

from autograd_core import Value
from demos.blocks import Picture
from demos.losses import LABEL, LOGITS, from_logit, printed, printed_derivative, right_derivative
from demos.saturation import PLACES as LINE
from demos.saturation import STARTS
from nn import MLP, half_squared_error, training_gradient, weights_of


def sigma(z: float) -> float:
    return 1.0 / (1.0 + math.exp(-z))


def picture(lesson: str, name: str) -> Picture:
    [found] = [p for p in blocks(told(lesson), Picture) if p.file == f"{lesson}-{name}.svg"]
    return found


# Saturation


def test_slopes_of_the_logistic_function() -> None:
    for row in rows_of(told("saturation"), "σ′(z)"):
        z = float(row["z"])
        tail = math.exp(-z) / (1 + math.exp(-z))
        assert float(row["σ′(z)"]) == pytest.approx(tail * (1 - tail), rel=1e-5)
        assert float(row["relu′(z)"]) == (z > 0)


def test_deep_stack() -> None:
    rows = rows_of(told("saturation"), "logistic")
    for column, activation in (("logistic", "logistic"), ("ReLU", "relu")):
        model = MLP(16, [16] * 12 + [1], activation=activation, initial=STARTS[activation], seed=1)
        source = Random(1)
        inputs = [[source.gauss(0.0, 1.0) for _ in range(16)] for _ in range(8)]
        mean = training_gradient(model, inputs, [1.0] * 8, half_squared_error)
        sizes = [8 * math.sqrt(np.mean(matrix**2)) for matrix in mean.weights]
        assert [row[column] for row in rows] == [f"{size:.1e}" for size in sizes]
    logistic, relu = ([float(row[column]) for row in rows] for column in ("logistic", "ReLU"))
    assert all(below < 0.5 * above for below, above in itertools.pairwise(logistic))
    assert logistic[0] < 1e-6 * logistic[11]
    assert relu[0] > 0.05 * relu[11]
    wider = MLP(16, [16] * 12 + [1], activation="logistic", initial="xavier", seed=1)
    for layer in wider.layers[:-1]:
        for weight in weights_of(layer):
            weight.data *= 4.0
    mean = training_gradient(wider, inputs, [1.0] * 8, half_squared_error)
    first, last = (math.sqrt(np.mean(mean.weights[layer] ** 2)) for layer in (0, 11))
    assert f"layer 1 gets {first / last:.0e} of what layer 12 gets" in said(told("saturation"))
    assert 100 * logistic[0] / logistic[11] < first / last < 0.01


def test_dead_relu() -> None:
    """Steepest descent on the mean of ½ (ŷ − x)², in fractions."""
    places = [Fraction(x) for x in LINE]
    w, b = Fraction(1, 2), Fraction(0)
    history = []
    for _ in range(5):
        on = [x for x in places if w * x + b > 0]
        loss = sum((max(w * x + b, Fraction(0)) - x) ** 2 for x in places) / 2 / len(places)
        history.append((w, b, loss, len(on)))
        errors = [w * x + b - x for x in on]
        w -= sum(e * x for e, x in zip(errors, on, strict=True)) / len(places)
        b -= sum(errors, Fraction(0)) / len(places)
    lesson = told("saturation")
    rows = rows_of(lesson, "update")
    for row, (weight, bias, loss, count) in zip(rows, history, strict=True):
        numbers = [row[name] for name in ("weight", "bias", "loss")]
        assert numbers == [f"{float(number):.4f}" for number in (weight, bias, loss)]
        assert row["examples with z > 0"] == f"{count} of 4"
    assert [count for *_, count in history] == [4, 4, 0, 0, 0]
    relu, leaky = rows_of(lesson, "after 200 steps of 0.2")
    assert list(relu.values())[1:] == list(rows[-1].values())[1:]
    assert float(leaky["weight"]) == pytest.approx(1.0, abs=0.01)
    assert leaky["examples with z > 0"] == "4 of 4"


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


@pytest.mark.parametrize("lesson", ["saturation", "losses"])
def test_plots_are_svg_that_every_reader_shows_alike(lesson: str) -> None:
    plots = [p for p in blocks(told(lesson), Picture) if "matplotlib" in p.svg]
    assert plots
    for plot in plots:
        root: Any = ElementTree.fromstring(plot.svg)
        names = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert "path" in names
        assert "text" not in names
        assert "date" not in names
