import math
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles.published import PYTORCH

from nn import CosineDecay, ExponentialDecay, StepDecay

CASES_OF_PYTORCH = PYTORCH["schedules"]
any_step: Any = StepDecay  # for what a type checker refuses
any_exponential: Any = ExponentialDecay
any_cosine: Any = CosineDecay
SCHEDULES: dict[str, Any] = {
    "step": StepDecay(0.2, every=7, factor=0.5),
    "exponential": ExponentialDecay(0.2, factor=0.9),
    "cosine": CosineDecay(0.2, updates=30, end=0.01),
}


@pytest.mark.parametrize(
    "case", CASES_OF_PYTORCH, ids=[case["schedule"] for case in CASES_OF_PYTORCH]
)
def test_rates_are_those_of_pytorch(case: Any) -> None:
    schedule = SCHEDULES[case["schedule"]]
    rates = [schedule(update) for update in range(30)]
    assert rates == pytest.approx(case["rates"], rel=1e-13)


rates = st.floats(1e-6, 10.0)


@given(rates, st.floats(0.1, 1.0), st.integers(1, 20), st.integers(0, 200))
def test_step_decay_multiplies_at_every_so_many_updates(
    rate: float, factor: float, every: int, update: int
) -> None:
    expected = rate
    for count in range(1, update + 1):
        expected *= factor if count % every == 0 else 1.0
    assert StepDecay(rate, every, factor)(update) == pytest.approx(expected, rel=1e-12)


@given(rates, st.integers(1, 200), st.floats(0.0, 1e-6))
def test_cosine_decay_falls_from_the_rate_to_the_end_and_stays(
    rate: float, updates: int, end: Any
) -> None:
    schedule = CosineDecay(rate, updates, end)
    course = [schedule(update) for update in range(updates + 3)]
    assert course[0] == pytest.approx(rate)
    assert all(after <= before for before, after in pairwise(course))
    assert course[updates:] == pytest.approx([end] * 3)


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: any_step(0.0, every=5), "a learning rate is a number above zero, not 0.0"),
        (lambda: any_step(0.1, every=0), "every is a whole number, at least 1, not 0"),
        (lambda: any_step(0.1, every=2.5), "every is a whole number, at least 1, not 2.5"),
        (lambda: any_step(0.1, every=5, factor=0.0), "falls by a factor above 0 and not above 1"),
        (lambda: any_exponential(math.nan, 0.9), "a learning rate is a number above zero"),
        (lambda: any_exponential(0.1, factor=1.1), "falls by a factor .*, not 1.1"),
        (lambda: any_cosine(-0.1, updates=5), "a learning rate is a number above zero, not -0.1"),
        (lambda: any_step("0.1", every=5), "a learning rate is a number above zero, not '0.1'"),
        (lambda: any_exponential(0.1, factor=None), "falls by a factor .*, not None"),
        (lambda: any_cosine(0.1, updates=5, end="0"), "is zero or more, not '0'"),
        (lambda: any_cosine(0.1, updates=0), "updates is a whole number, at least 1, not 0"),
        (lambda: any_cosine(0.1, updates=5, end=-0.1), "the last learning rate, is zero or more"),
    ],
)
def test_numbers_out_of_range(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
