import json
import math
from typing import Any

import numpy as np
import pytest
from autograd.misc import optimizers as hips
from hypothesis import given
from hypothesis import strategies as st
from learning import valley
from oracles.published import PYTORCH

from autograd_core import Value
from nn import Adam, CosineDecay, LineSearch, SteepestDescent
from nn.optimisers import assign

CASES_OF_PYTORCH = PYTORCH["optimisers"]

OPTIMISERS = {
    "steepest descent": lambda: SteepestDescent(0.01),
    "momentum": lambda: SteepestDescent(0.002, momentum=0.9),
    "nesterov": lambda: SteepestDescent(0.002, momentum=0.9, nesterov=True),
    "adam": lambda: Adam(0.1),
    "adam with its own decays": lambda: Adam(0.05, mean_decay=0.5, square_decay=0.9, epsilon=1e-3),
}


def descend(optimiser: Any, steps: Any, start: Any = (-1.0, 1.5)) -> Any:
    """The places after each step, each with what the function is there."""
    x, y = Value(start[0]), Value(start[1])
    path = []
    for _ in range(steps):
        x.grad = y.grad = 0.0
        valley(x, y).backward()
        optimiser.step([x, y])
        path.append([x.data, y.data])
    return path


@pytest.mark.parametrize(
    "case", CASES_OF_PYTORCH, ids=[case["optimiser"] for case in CASES_OF_PYTORCH]
)
def test_optimisers_go_where_those_of_pytorch_go(case: Any) -> None:
    path = descend(OPTIMISERS[case["optimiser"]](), 20)
    assert len(path) == len(case["path"]) == 20
    for place, expected in zip(path, case["path"], strict=True):
        assert place == pytest.approx(expected, rel=1e-12)


@given(
    st.lists(st.floats(-10.0, 10.0).filter(lambda g: abs(g) > 1e-3), min_size=1, max_size=20),
    st.floats(0.001, 0.5),
    st.floats(0.0, 0.99),
    st.floats(0.5, 0.999),
)
def test_adam_is_that_of_hips_autograd(
    gradients: Any, rate: float, mean_decay: Any, square_decay: Any
) -> None:
    expected = hips.adam(
        lambda place, count: np.array([gradients[count]]),
        np.array([1.5]),
        num_iters=len(gradients),
        step_size=rate,
        b1=mean_decay,
        b2=square_decay,
    )
    place = np.array([1.5])
    optimiser = Adam(rate, mean_decay=mean_decay, square_decay=square_decay)
    for gradient in gradients:
        place = optimiser.update(place, np.array([gradient]))
    assert place == pytest.approx(expected, rel=1e-10, abs=1e-10)


def test_every_optimiser_reads_its_rate_from_a_schedule() -> None:
    for make in (SteepestDescent, Adam, LineSearch):
        optimiser = make(CosineDecay(0.2, updates=2))
        rates = []
        for _ in range(4):
            rates.append(optimiser.rate)
            optimiser.update(np.array([1.0]), np.array([0.1]), lambda place: float(place[0] ** 2))
        assert rates == [0.2, 0.1, 0.0, 0.0]
        assert optimiser.updates == 4


def test_a_schedule_is_followed_step_by_step() -> None:
    optimiser = SteepestDescent(lambda update: [1.0, 0.5, 0.25][update])
    place = np.array([10.0])
    for _ in range(3):
        place = optimiser.update(place, np.array([2.0]))
    assert place.tolist() == [10.0 - 2.0 - 1.0 - 0.5]


@pytest.mark.parametrize("name", OPTIMISERS)
def test_a_state_goes_on_exactly_through_json(name: str) -> None:
    whole = descend(OPTIMISERS[name](), 10)
    first, second = OPTIMISERS[name](), OPTIMISERS[name]()
    half = descend(first, 5)
    second.load_state_dict(json.loads(json.dumps(first.state_dict())))
    assert second.updates == 5
    assert half + descend(second, 5, start=half[-1]) == whole


def test_a_state_of_something_else_is_refused_and_changes_nothing() -> None:
    adam = Adam(0.1)
    descend(adam, 3)
    before = adam.state_dict()
    bad = [
        (SteepestDescent(0.1).state_dict(), "that of SteepestDescent, not of Adam"),
        ({}, "that of None, not of Adam"),
        ({"optimiser": "Adam"}, "damaged: KeyError"),
        ({"optimiser": "Adam", "updates": -1}, "damaged: .*whole number"),
        ({"optimiser": "Adam", "updates": math.inf}, "damaged"),
        ({"optimiser": "Adam", "updates": 1, "mean": ["a"]}, "damaged"),
        ({"optimiser": "Adam", "updates": 1, "mean": [[1.0], [1.0, 2.0]]}, "damaged"),
        ({"optimiser": "Adam", "updates": 1, "mean": 3.0}, "damaged"),
        ({"optimiser": "Adam", "updates": 1, "mean": [None]}, "damaged"),
        ({"optimiser": "Adam", "updates": 1, "mean": [10**400]}, "damaged: OverflowError"),
    ]
    for state, message in bad:
        with pytest.raises(ValueError, match=message):
            adam.load_state_dict(state)
    with pytest.raises(ValueError, match=r"its mean has the shape \(2,\)"):
        adam.load_state_dict(before, count=3)
    assert adam.state_dict() == before


@pytest.mark.parametrize("name", ["momentum", "nesterov", "adam"])
def test_one_that_remembers_cannot_go_on_with_other_parameters(name: str) -> None:
    optimiser = OPTIMISERS[name]()
    descend(optimiser, 1)
    with pytest.raises(ValueError, match="has stepped 2 parameters; it cannot go on with 3"):
        optimiser.update(np.zeros(3), np.ones(3))


def test_an_update_leaves_the_old_array_as_it_was() -> None:
    for make in OPTIMISERS.values():
        place, gradient = np.array([1.0, 2.0]), np.array([0.5, -0.5])
        make().update(place, gradient)
        assert (place.tolist(), gradient.tolist()) == ([1.0, 2.0], [0.5, -0.5])


def test_a_step_out_of_the_finite_numbers_is_refused() -> None:
    x = Value(1e300)
    x.grad = 1e300
    optimiser = SteepestDescent(1e10)
    with pytest.raises(FloatingPointError, match=r"update 1, with the learning rate 1e\+10"):
        optimiser.step([x])
    assert (x.data, optimiser.updates) == (1e300, 0)


@pytest.mark.parametrize("rate", [0, 0.0, -0.1, math.inf, math.nan])
def test_a_rate_is_above_zero(rate: float) -> None:
    for make in (SteepestDescent, Adam, LineSearch):
        with pytest.raises(ValueError, match="a learning rate is a number above zero, not"):
            make(rate)


@pytest.mark.parametrize("rate", [-0.1, math.inf, math.nan])
def test_a_schedule_gives_rates_from_zero_up(rate: float) -> None:
    with pytest.raises(ValueError, match=r"the schedule gives .* for update 0"):
        SteepestDescent(lambda update: rate).update(np.ones(1), np.ones(1))


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: SteepestDescent(0.1, momentum=1.0), "momentum is at least 0 and below 1, not 1.0"),
        (lambda: SteepestDescent(0.1, momentum=-0.1), "momentum is at least 0"),
        (lambda: SteepestDescent(0.1, nesterov=True), "give it momentum=0.9"),
        (lambda: SteepestDescent("0.1"), "a learning rate is a number above zero, not '0.1'"),
        (lambda: SteepestDescent(None), "a learning rate is a number above zero, not None"),
        (lambda: SteepestDescent(lambda _: "0.1").rate, "the schedule gives '0.1' for update 0"),
        (lambda: SteepestDescent(0.1, momentum="0.9"), "momentum is at least 0 .*, not '0.9'"),
        (lambda: Adam(square_decay="0.9"), "a decay is at least 0 and below 1, not 0.9 and '0.9'"),
        (lambda: Adam(epsilon=None), "epsilon is a small number above zero, not None"),
        (lambda: LineSearch(slope="small"), "shrink and slope lie between 0 and 1"),
        (lambda: Adam(mean_decay=1.0), "a decay is at least 0 and below 1"),
        (lambda: Adam(square_decay=-0.5), "a decay is at least 0 and below 1"),
        (lambda: Adam(epsilon=0.0), "epsilon is a small number above zero, not 0.0"),
    ],
)
def test_settings_out_of_range(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_optimisers_print_their_rate() -> None:
    assert repr(Adam()) == "Adam(rate=0.001)"
    decaying = SteepestDescent(CosineDecay(0.1, updates=9))
    assert repr(decaying) == "SteepestDescent(rate=CosineDecay(rate=0.1, updates=9, end=0.0))"


def test_numbers_are_assigned_one_to_one() -> None:
    with pytest.raises(ValueError):
        assign([Value(1.0)], np.array([1.0, 2.0]))
