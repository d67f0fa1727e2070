"""Arrays of values, series of values, and functions of Python on lists of values."""

import functools
import math
import operator
import statistics
from collections.abc import Callable
from typing import Any

import autograd
import autograd.numpy as anp
import numpy as np
import pandas as pd
import pytest

from autograd_core import Value, maximum, total

POINT = np.array([0.3, 0.7, -1.2, 2.5])
COUNTS = np.array([1, 2, 3, 4])


def values_at(point: Any) -> list[Value]:
    return [Value(x) for x in point]


def gradient_of(function: Callable[[Any], Any], point: Any = POINT) -> tuple[float, list[float]]:
    """The number and the gradient of a function of an array of values."""
    values = values_at(point)
    out = function(np.array(values))
    out.backward()
    return out.data, [v.grad for v in values]


def same(found: tuple[float, Any], expected: tuple[float, Any]) -> bool:
    return bool(
        np.allclose(found[0], expected[0], rtol=1e-12, atol=1e-14)
        and np.allclose(found[1], expected[1], rtol=1e-10, atol=1e-13)
    )


FUNCTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "std": lambda np, a: np.std(a),
    "var": lambda np, a: np.var(a),
    "ddof": lambda np, a: np.std(a, ddof=1),
    "mean": lambda np, a: np.mean(a),
    "vdot": lambda np, a: np.dot(a, a) if np is anp else np.vdot(a, a),
    "conj": lambda np, a: np.sum(np.conj(a) * a),
    "square": lambda np, a: np.sum(np.square(a)),
    "fabs": lambda np, a: np.sum(np.fabs(a) * a),
    "exp2": lambda np, a: np.sum(np.exp2(a)),
    "radians": lambda np, a: np.sum(np.sin(np.radians(a))),
    "deg2rad": lambda np, a: np.sum(np.sin(np.deg2rad(a))),
    "degrees": lambda np, a: np.sum(np.degrees(a) * a),
    "rad2deg": lambda np, a: np.sum(np.rad2deg(a) * a),
    "norm": lambda np, a: np.linalg.norm(a),
    "prod": lambda np, a: np.prod(a),
    "cumsum": lambda np, a: np.sum(np.cumsum(a) ** 2),
    "diff": lambda np, a: np.sum(np.diff(a) ** 2),
    "outer": lambda np, a: np.sum(np.outer(a, a) ** 3),
    "matmul": lambda np, a: np.sum(a.reshape(2, 2) @ a.reshape(2, 2)),
    "einsum": lambda np, a: np.einsum("ij,jk->", a.reshape(2, 2), a.reshape(2, 2)),
    "where": lambda np, a: np.sum(np.where(a > 0.0, a * a, -a)),
    "max": lambda np, a: np.max(a) - np.min(a),
    "sort": lambda np, a: np.dot(np.sort(a), COUNTS),
    "polyval": lambda np, a: np.sum(1.0 + a * (2.0 + 3.0 * a)),
    "exp": lambda np, a: np.sum(np.exp(a) + np.tanh(a) + np.sin(a) + np.cosh(a) + np.expm1(a)),
    "log": lambda np, a: np.sum(np.log(a * a) + np.log1p(a * a) + np.sqrt(a * a)),
}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_functions_of_numpy_have_the_gradients_of_another_engine(
    function: Callable[[Any, Any], Any],
) -> None:
    expected = function(np, POINT), autograd.grad(lambda a: function(anp, a))(POINT)
    assert same(gradient_of(lambda a: function(np, a)), expected)


OPERATORS = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow]


@pytest.mark.parametrize("apply", OPERATORS)
@pytest.mark.parametrize("numbers", [COUNTS, COUNTS.reshape(2, 2), COUNTS / 3, COUNTS > 2])
def test_a_value_meets_an_array_on_either_side(
    apply: Callable[[Any, Any], Any], numbers: Any
) -> None:
    flat = [float(x) for x in numbers.ravel()]
    for left in (True, False):
        if apply is operator.truediv and left and not all(flat):
            continue  # a division by zero
        x, y = Value(1.5), Value(1.5)
        found = apply(x, numbers) if left else apply(numbers, x)
        each = [apply(y, n) if left else apply(n, y) for n in flat]
        assert found.shape == numbers.shape and found.dtype == object
        assert [v.data for v in found.ravel()] == [v.data for v in each]
        total(found.ravel()).backward()
        total(each).backward()
        assert x.grad == pytest.approx(y.grad, rel=1e-15)


def test_a_value_meets_a_series_and_a_frame_on_either_side() -> None:
    series = pd.Series([1.0, 2.0], index=["a", "b"])
    frame = pd.DataFrame({"p": [1.0, 2.0], "q": [3.0, 4.0]})
    v = Value(3.0)
    for product in (v * series, series * v):
        assert list(product.index) == ["a", "b"]
        assert [x.data for x in product] == [3.0, 6.0]
    for sums in (v + frame, frame + v):
        assert [x.data for x in sums["q"]] == [6.0, 7.0]
    (v - series).sum().backward()
    assert v.grad == 2.0


def test_what_has_no_numbers_is_refused_by_its_elements() -> None:
    v: Any = Value(2.0)
    with pytest.raises(TypeError, match="'a' is text"):
        v * np.array(["a"])
    with pytest.raises(TypeError, match="complex"):
        v * np.array([1j])
    assert (v * np.array([])).shape == (0,)
    with pytest.raises(TypeError, match="more than one number; make a value of each"):
        maximum(v, np.array([1.0, 2.0]))  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="more than one number; make a value of each"):
        Value(np.array([1.0]))


def test_pandas_adds_multiplies_selects_and_maps() -> None:
    weights = np.array([2.0, -1.0, 0.5, 3.0])
    chains: list[tuple[Callable[[Any], Any], Any]] = [
        (lambda s: s.sum(), np.ones(4)),
        (lambda s: s.dot(weights), weights),
        (lambda s: s.cumsum().iloc[-1], np.ones(4)),
        (lambda s: np.exp(s).sum(), np.exp(POINT)),
        (lambda s: (s * s).sum(), 2 * POINT),
        (lambda s: s[s > 0.0].sum(), POINT > 0),
        (lambda s: s.iloc[1:3].sum(), [0, 1, 1, 0]),
        (lambda s: s.map(lambda v: v.tanh()).sum(), 1 - np.tanh(POINT) ** 2),
        (lambda s: s.sort_values().iloc[0], [0, 0, 1, 0]),
        (lambda s: s.groupby([0, 1, 0, 1]).sum().loc[1], [0, 1, 0, 1]),
        (lambda s: s.sum() / len(s), np.full(4, 0.25)),
    ]
    for function, slopes in chains:
        values = values_at(POINT)
        function(pd.Series(values)).backward()
        assert np.allclose([v.grad for v in values], slopes, rtol=1e-12)


def test_pandas_asks_for_floats_where_it_takes_means() -> None:
    series = pd.Series(values_at(POINT))
    for refused in (series.mean, series.std, lambda: series.astype(float)):
        with pytest.raises(TypeError):
            refused()


NEVER_ASKED = [np.isnan, np.isfinite, np.isinf, np.signbit]


@pytest.mark.parametrize("ask", NEVER_ASKED)
def test_what_numpy_never_asks_values_is_asked_of_their_data(ask: Callable[[Any], Any]) -> None:
    values = np.array(values_at([1.0, -2.0]))
    with pytest.raises(TypeError, match="not supported for the input types"):
        ask(values)
    data = np.array([v.data for v in values])
    assert ask(data).shape == (2,)


def test_functions_by_comparison_choose_one_and_keep_plain_numbers() -> None:
    x, y = Value(2.0), Value(2.0)
    assert np.max(np.array([x, y])) is x
    assert list(np.maximum(np.array([x, Value(-1.0)]), 0.0)) == [x, 0.0]
    assert isinstance(np.maximum(np.array([Value(-1.0)]), 0.0)[0], float)
    maximum(x, y).backward()
    assert (x.grad, y.grad) == (0.5, 0.5)


def test_what_numpy_asks_and_no_gate_answers_is_refused_with_the_cure() -> None:
    values = np.array(values_at([2.0, 3.0]))
    asked: list[tuple[Callable[[Any], Any], str]] = [
        (np.rint, r"round\(v\.data, 2\)"),
        (np.round, r"round\(v\.data, 2\)"),
        (np.cbrt, r"v \*\* \(1 / 3\)"),
    ]
    for ask, cure in asked:
        with pytest.raises(TypeError, match=cure):
            ask(values)
    with pytest.raises(AttributeError, match=r"math\.fmod\(v\.data"):
        np.fmod(values, values)
    with pytest.raises(TypeError, match=r"write v\.data"):
        values.astype(float)


def test_functions_of_python_on_lists_of_values() -> None:
    x, y, z = Value(2.0), Value(-3.0), Value(0.5)
    products: list[Any] = [math.prod([x, y, z]), functools.reduce(operator.mul, [x, y, z])]
    for product in products:
        product.zero_grad()
        product.backward()
        assert (product.data, x.grad, y.grad, z.grad) == (-3.0, -1.5, 1.0, -6.0)
    assert sorted([x, y, z]) == [y, z, x]
    assert (min(x, y), max([x, y, z])) == (y, x)
    numbers: list[Any] = [x, y, z]
    assert statistics.median(numbers) is z


@pytest.mark.parametrize(
    "mean", [statistics.mean, statistics.fmean, statistics.stdev, statistics.pvariance]
)
def test_functions_that_would_drop_the_gradient_are_refused(mean: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError, match=r"gradient would be lost.*[ .]mean\(values\)"):
        mean([Value(1.0, "x"), Value(2.0)])
