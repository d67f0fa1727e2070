import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from learning import valley

from autograd_core import Value, exp, log
from nn import LineSearch


@given(
    st.floats(-2.0, 2.0),
    st.floats(-1.0, 3.0),
    st.floats(0.01, 10.0),
    st.floats(0.1, 0.9),
    st.floats(1e-4, 0.4),
)
def test_each_step_of_a_line_search_fulfils_the_condition_of_armijo(
    x: Any, y: Any, rate: float, shrink: float, slope: Any
) -> None:
    optimiser = LineSearch(rate, shrink=shrink, slope=slope)
    place = np.array([x, y])
    for _ in range(5):
        leaves = [Value(number) for number in place]
        here = valley(*leaves)
        here.backward()
        gradient = np.array([leaf.grad for leaf in leaves])
        after = optimiser.update(place, gradient, lambda there: valley(*there))
        fall = float(gradient @ gradient)
        length = float((place - after) @ gradient) / fall if fall else 0.0
        assert length <= rate * (1 + 1e-6)
        margin = 1e-12 * (1 + abs(here.data))
        assert valley(*after) <= here.data - slope * length * fall + margin
        tries = math.log(length / rate) / math.log(shrink) if length else 0.0
        if length > 1e-6:
            assert tries == pytest.approx(round(tries), abs=1e-4)
        if length > 1e-6 and round(tries) > 0:
            longer = length / shrink
            there = valley(*(place - longer * gradient))
            assert there > here.data - slope * longer * fall - margin, "a longer step would do"
        place = after


def test_a_line_search_goes_down_the_valley_of_rosenbrock_all_the_way() -> None:
    def steep(x: Any, y: Any) -> Any:
        return valley(x, y, steep=100.0)

    x, y = Value(-1.2), Value(1.0)
    heights = [steep(x.data, y.data)]
    optimiser = LineSearch(1.0)
    for _ in range(1500):
        x.grad = y.grad = 0.0
        steep(x, y).backward()
        optimiser.step([x, y], loss=lambda: steep(x, y))
        heights.append(steep(x.data, y.data))
    assert all(after < before for before, after in pairwise(heights))
    assert heights[-1] < 0.01


def test_a_line_search_keeps_within_the_domain() -> None:
    """The full step would lead to the logarithm of a negative number, and to where exp is inf."""
    x = Value(0.5)

    def loss() -> Any:
        return x - log(x) + exp(-1000.0 * x)

    for _ in range(50):
        x.grad = 0.0
        loss().backward()
        LineSearch(100.0).step([x], loss)
    assert x.data == pytest.approx(1.0, abs=1e-3)


def test_a_line_search_that_finds_nothing_lower_stays() -> None:
    optimiser = LineSearch(1.0, trials=5)
    place = optimiser.update(np.array([1.0]), np.array([1.0]), lambda place: -float(place[0]))
    assert place.tolist() == [1.0]


def test_a_line_search_needs_a_loss_and_puts_the_parameters_back_if_that_fails() -> None:
    x = Value(3.0)
    x.grad = 1.0
    with pytest.raises(ValueError, match=r"give it the loss, step\(parameters, loss=lambda: …\)"):
        LineSearch(1.0).step([x])

    def fails() -> Any:
        if x.data < 3.0:
            raise RuntimeError("no")
        return x * 1.0

    with pytest.raises(RuntimeError):
        LineSearch(1.0).step([x], fails)
    assert x.data == 3.0


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: LineSearch(shrink=1.0), "shrink and slope lie between 0 and 1"),
        (lambda: LineSearch(slope=0.0), "shrink and slope lie between 0 and 1"),
        (lambda: LineSearch(trials=0), "trials is a whole number, at least 1, not 0"),
    ],
)
def test_settings_out_of_range(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
