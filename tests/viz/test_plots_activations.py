"""Plots: activation functions and their derivatives."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from plotted import line_of, new_axes, points_of, rendered

from nn import ACTIVATIONS
from viz import plots


def logistic(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x))


FORMULAS: dict[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "identity": (lambda x: x, lambda x: 1.0),
    "step": (lambda x: float(x >= 0.0), lambda x: 0.0),
    "logistic": (logistic, lambda x: logistic(x) * (1.0 - logistic(x))),
    "sigmoid": (logistic, lambda x: logistic(x) * (1.0 - logistic(x))),
    "tanh": (math.tanh, lambda x: 1.0 - math.tanh(x) ** 2),
    "relu": (lambda x: max(x, 0.0), lambda x: float(x > 0.0)),
    "leaky_relu": (lambda x: max(x, 0.1 * x), lambda x: 1.0 if x > 0.0 else 0.1),
    "elu": (lambda x: x if x > 0.0 else math.expm1(x), lambda x: 1.0 if x > 0.0 else math.exp(x)),
    "softplus": (lambda x: math.log(1.0 + math.exp(x)), logistic),
    "absolute": (abs, lambda x: math.copysign(1.0, x) if x else 0.0),
    "exp": (math.exp, math.exp),
}


def curve(ax: Axes, label: str) -> list[tuple[float, float]]:
    return [(x, y) for x, y in points_of(line_of(ax, label))]


@pytest.mark.parametrize("name", FORMULAS)
def test_functions_and_derivatives_follow_their_formulas(name: str) -> None:
    [ax] = plots.activation_functions(name, new_axes())
    assert ax.get_title() == name
    for label, formula in zip(("f(x)", "f′(x)"), FORMULAS[name], strict=True):
        points = curve(ax, label)
        assert (points[0][0], points[-1][0]) == (-4.0, 4.0) and len(points) > 200
        for x, y in points:
            if x != 0.0 and not math.isnan(y):
                assert y == pytest.approx(formula(x), abs=1e-12)


@pytest.mark.parametrize(
    ("name", "label", "left", "at", "right"),
    [
        ("step", "f(x)", 0.0, 1.0, 1.0),
        ("relu", "f′(x)", 0.0, 0.0, 1.0),
        ("leaky_relu", "f′(x)", 0.1, 0.1, 1.0),
        ("absolute", "f′(x)", -1.0, 0.0, 1.0),
    ],
)
def test_a_jump_is_a_gap_with_marks(
    name: str, label: str, left: float, at: float, right: float
) -> None:
    [ax] = plots.activation_functions([name], new_axes())
    here = [y for x, y in curve(ax, label) if x == 0.0]
    assert here[0] == pytest.approx(left) and math.isnan(here[1])
    assert here[2] == pytest.approx(right) and len(here) == 3
    colour = line_of(ax, label).get_color()
    marks = {
        (round(x, 9), round(y, 6)): line.get_markerfacecolor() == colour
        for line in ax.lines
        if line.get_marker() == "o" and line.get_color() == colour
        for x, y in points_of(line)
    }
    assert marks == {(0.0, left): False, (0.0, right): False} | {(0.0, at): True}


@pytest.mark.parametrize("name", ["tanh", "elu", "softplus", "identity"])
def test_a_curve_without_a_jump_has_no_gap(name: str) -> None:
    [ax] = plots.activation_functions([name], new_axes())
    for label in ("f(x)", "f′(x)"):
        assert not any(math.isnan(y) for _, y in curve(ax, label))
    assert not [line for line in ax.lines if line.get_marker() == "o" and len(line.get_xdata())]


def test_an_activation_of_your_own_has_its_kinks_too() -> None:
    hard_tanh = {"hard_tanh": lambda z: z.minimum(1.0).maximum(-1.0)}
    [ax] = plots.activation_functions(hard_tanh, new_axes())
    assert ax.get_title() == "hard_tanh"
    assert [x for x, y in curve(ax, "f′(x)") if math.isnan(y)] == [-1.0, 1.0]
    assert not [x for x, y in curve(ax, "f(x)") if math.isnan(y)]


def test_a_function_that_is_not_defined_everywhere() -> None:
    [ax] = plots.activation_functions("log", new_axes())
    for x, y in curve(ax, "f(x)"):
        assert math.isnan(y) if x <= 0.0 else y == math.log(x)
    rendered(ax)


def test_all_activations_of_nn_are_there() -> None:
    usual = plots.activation_functions(ax=new_axes())
    given = plots.activation_functions(ACTIVATIONS, new_axes())
    assert [ax.get_title() for ax in usual] == list(ACTIVATIONS)
    for one, other in zip(usual, given, strict=True):
        assert one.get_title() == other.get_title()
        for label in ("f(x)", "f′(x)"):
            assert np.array_equal(curve(one, label), curve(other, label), equal_nan=True)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("rleu", "no activation function 'rleu'; choose from 'identity', 'step'"),
        (["relu", "dot"], "no activation function 'dot'"),
        ("multiply", "no activation function 'multiply'"),
        ([], "names is empty"),
        ({}, "names is empty"),
    ],
)
def test_names_that_are_none(names: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        plots.activation_functions(names)
