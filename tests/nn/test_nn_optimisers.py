import copy
import json
import math
import pickle
import warnings
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from autograd.misc import optimizers as hips
from hypothesis import given
from hypothesis import strategies as st
from learning import valley
from oracles.published import PYTORCH

from autograd_core import Value, exp, log
from nn import (
    L2,
    Adam,
    CosineDecay,
    ExponentialDecay,
    LineSearch,
    Neuron,
    Optimiser,
    SteepestDescent,
    StepDecay,
)

CASES_OF_PYTORCH = PYTORCH["optimisers"]

any_descent: Any = SteepestDescent  # for what a type checker refuses
any_adam: Any = Adam
any_search: Any = LineSearch
OPTIMISERS: dict[str, Callable[[], Optimiser]] = {
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


@pytest.mark.parametrize("case", PYTORCH["clipping"], ids=str)
def test_gradients_are_clipped_as_by_pytorch(case: Any) -> None:
    gradient, clip = np.array(case["gradient"]), {case["way"]: case["limit"]}
    left = -any_descent(1.0, **clip).update(np.zeros(gradient.size), gradient)
    expected = np.array(case["left"])
    norm = float(np.linalg.norm(gradient))
    if case["way"] == "clip_norm" and norm > case["limit"]:
        expected *= (norm + 1e-6) / norm  # PyTorch adds this to the norm
        assert np.linalg.norm(left) == pytest.approx(case["limit"], rel=1e-15)
    assert left == pytest.approx(expected, rel=1e-13)


def test_clipped_gradients_of_every_size() -> None:
    for scale in (1e-200, 1.0, 1e200):
        after = SteepestDescent(1.0, clip_norm=scale).update(np.zeros(2), scale * np.array([3, 4]))
        assert after == pytest.approx([-0.6 * scale, -0.8 * scale], rel=1e-14)
    moved = Adam(0.1, clip_value=0.5).update(np.zeros(2), np.array([5.0, -0.25]))
    assert moved == pytest.approx(Adam(0.1).update(np.zeros(2), np.array([0.5, -0.25])))
    x = Value(3.0)
    (x * x).backward()
    SteepestDescent(0.5, clip_norm=2.0).step([x])
    assert x.data == 2.0


def test_what_is_clipped_to_is_checked() -> None:
    for make in (any_descent, any_adam):
        for wrong in (0.0, -1.0, math.inf, math.nan, "1", True):
            for name in ("clip_norm", "clip_value"):
                with pytest.raises(ValueError, match=f"{name} is a number above zero"):
                    make(0.1, **{name: wrong})
        with pytest.raises(ValueError, match="not by both"):
            make(0.1, clip_norm=1.0, clip_value=1.0)
        optimiser = make(0.1, clip_norm=1.0)
        optimiser.clip_norm = None
        optimiser.clip_value = 0.5
        assert "clip_value=0.5" in repr(optimiser) and "clip_norm" not in repr(optimiser)
    search = any_search()
    with pytest.raises(AttributeError, match="chooses the length of its step"):
        search.clip_norm = 1.0
    with pytest.raises(AttributeError, match=r"write optimiser\.clip_norm"):
        any_adam(0.1).clipnorm = 1.0


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
        ({"optimiser": "Adam", "updates": 1, "mean": [math.nan]}, "damaged: .*not finite"),
        ({"optimiser": "Adam", "updates": True}, "damaged: .* not True"),
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


# Line search


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
        here = valley(leaves[0], leaves[1])
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


# Settings


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
        (lambda: any_descent(0.1, momentum=1.0), "momentum is at least 0 and below 1, not 1.0"),
        (lambda: any_descent(0.1, momentum=-0.1), "momentum is at least 0"),
        (lambda: any_descent(0.1, nesterov=True), "give it momentum=0.9"),
        (lambda: any_descent("0.1"), "a learning rate is a number above zero, not '0.1'"),
        (lambda: any_descent(None), "a learning rate is a number above zero, not None"),
        (lambda: any_descent(lambda _: "0.1").rate, "the schedule gives '0.1' for update 0"),
        (lambda: any_descent(0.1, momentum="0.9"), "momentum is at least 0 .*, not '0.9'"),
        (
            lambda: any_adam(square_decay="0.9"),
            "square_decay is at least 0 .*, not '0.9'",
        ),
        (lambda: any_adam(epsilon=None), "epsilon is a small number above zero, not None"),
        (lambda: any_search(shrink=1.0), "shrink lies between 0 and 1"),
        (lambda: any_search(slope=0.0), "slope lies between 0 and 1"),
        (lambda: any_search(trials=0), "trials is a whole number, at least 1, not 0"),
        (lambda: any_search(slope="small"), "slope lies between 0 and 1"),
        (lambda: any_adam(mean_decay=1.0), "mean_decay is at least 0 and below 1"),
        (lambda: any_adam(square_decay=-0.5), "square_decay is at least 0 and below 1"),
        (lambda: any_adam(epsilon=0.0), "epsilon is a small number above zero, not 0.0"),
    ],
)
def test_settings_out_of_range(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("number", [Fraction, Decimal, np.float32])
def test_other_real_numbers_are_settings_too(number: Any) -> None:
    quarter = number("0.25")
    for optimiser in (
        any_descent(quarter, momentum=number("0.5")),
        any_adam(quarter, mean_decay=number("0.5"), square_decay=number("0.5"), epsilon=quarter),
        any_descent(StepDecay(quarter, every=1, factor=number("0.5"))),
        any_descent(ExponentialDecay(quarter, factor=number("0.5"))),
        any_descent(CosineDecay(quarter, updates=3, end=number("0.125"))),
        any_descent(lambda update: quarter),
        any_search(quarter, shrink=number("0.5"), slope=quarter),
    ):
        assert optimiser.rate == 0.25
        after = optimiser.update(np.ones(1), np.ones(1), lambda at: float(at[0]))
        assert after.dtype == float and after[0] < 1.0
        optimiser.settings()
    assert L2(quarter)(Neuron(1, seed=1)).data > 0.0


def test_a_rate_may_be_written_under_its_name() -> None:
    optimiser = SteepestDescent(0.1)
    optimiser.rate = 0.5
    assert optimiser.rate == 0.5
    optimiser.rate = CosineDecay(0.25, updates=9)
    assert optimiser.rate == 0.25
    with pytest.raises(ValueError, match="a learning rate is a number above zero"):
        optimiser.rate = -1.0
    for name in ("lr", "learning_rate"):
        with pytest.raises(AttributeError, match=r"write optimiser\.rate = 0\.01"):
            setattr(optimiser, name, 0.01)


@pytest.mark.parametrize("kind", [SteepestDescent, Adam, LineSearch])
def test_a_truth_value_is_no_rate(kind: Any) -> None:
    with pytest.raises(ValueError, match="not True"):
        kind(True)


def test_optimisers_print_their_rate() -> None:
    assert repr(Adam()) == "Adam(rate=0.001)"
    decaying = SteepestDescent(CosineDecay(0.1, updates=9))
    assert repr(decaying) == "SteepestDescent(rate=CosineDecay(rate=0.1, updates=9, end=0.0))"


@pytest.mark.parametrize("name", ["beta1", "betas", "eps", "mu", "weight_decay", "schedule"])
def test_names_of_other_libraries_are_refused_with_what_to_write(name: str) -> None:
    for optimiser in (Adam(), SteepestDescent(0.1), LineSearch()):
        with pytest.raises(AttributeError, match=f"has no {name}: (write|give the trainer) "):
            setattr(optimiser, name, 0.5)

    class Own(Adam):
        pass

    setattr(Own(), name, 0.5)


def test_a_momentum_where_there_is_none_is_refused() -> None:
    with pytest.raises(AttributeError, match="Adam has no momentum: take SteepestDescent for it"):
        Adam().momentum = 0.9


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("momentum", 5),
        ("momentum", "a"),
        ("momentum", True),
        ("nesterov", "no"),
        ("updates", -1),
    ],
)
def test_settings_are_checked_when_they_are_written(name: str, wrong: Any) -> None:
    with pytest.raises(ValueError, match=f"^{name} is .*, not {wrong!r}$"):
        setattr(SteepestDescent(0.1), name, wrong)
    for other in ("mean_decay", "epsilon"):
        with pytest.raises(ValueError, match=f"^{other} is "):
            setattr(Adam(), other, -1.0)


descent: Any = SteepestDescent
adam: Any = Adam
ELSEWHERE: list[tuple[Any, str]] = [
    (lambda ps: descent(ps, 0.1), r"optimiser\.step\(model\.parameters\(\)\)"),
    (lambda ps: adam(ps), r"optimiser\.step\(model\.parameters\(\)\)"),
    (lambda ps: descent(0.1, 0.9), "all has a name: SteepestDescent.*momentum=0.9"),
    (lambda ps: adam(0.1, 0.9), "all has a name: Adam.*mean_decay=0.9"),
    (lambda ps: descent(0.1).step(ps[0]), r"a list of values, and not a Value: .*\[x\]"),
    (lambda ps: descent(0.1).step({"w": ps[0]}), "a list of values, and not a dict"),
    (lambda ps: descent(0.1).step({*ps}), "a list of values, and not a set"),
    (lambda ps: descent(0.1).step([1.0]), r"1\.0 is none: Value\(1\.0\)"),
    (lambda ps: descent(0.1).step(Neuron(1)), r"not a Neuron: .*model\.parameters\(\)"),
]


@pytest.mark.parametrize(("call", "says"), ELSEWHERE)
def test_calls_that_other_optimisers_take(call: Any, says: str) -> None:
    with pytest.raises(TypeError, match=says):
        call([Value(1.0), Value(2.0)])


def with_gradients(count: int) -> list[Value]:
    values = [Value(float(place), f"p{place}") for place in range(count)]
    for value in values:
        value.grad = 1.0
    return values


def test_each_value_is_stepped_once() -> None:
    x, y = with_gradients(2)
    with pytest.raises(ValueError, match=r"each value once, and .*p1.* is twice"):
        SteepestDescent(0.1).step([x, y, y])
    assert (x.data, y.data) == (0.0, 1.0)


def test_nothing_to_step() -> None:
    parameters = (value for value in with_gradients(2))
    optimiser = SteepestDescent(0.1)
    optimiser.step(parameters)  # type: ignore[arg-type]
    empty: Any
    for empty in (parameters, [], ()):
        with pytest.raises(ValueError, match="this one is empty; a generator"):
            optimiser.step(empty)


@pytest.mark.parametrize("optimiser", [Adam(0.1), SteepestDescent(0.1, momentum=0.5)])
def test_what_is_remembered_is_of_the_same_parameters(optimiser: Any) -> None:
    first, second = with_gradients(3), with_gradients(3)
    optimiser.step(first)
    optimiser.step(tuple(first))
    for others in (second, first[::-1]):
        with pytest.raises(ValueError, match="remembers the steps of other parameters"):
            optimiser.step(others)
    for copied in (copy.deepcopy(optimiser), pickle.loads(pickle.dumps(optimiser))):
        copied.step(second)
        assert copied.updates == 3


def test_without_memory_any_parameters_can_be_stepped() -> None:
    optimiser = SteepestDescent(0.5)
    for parameters in (with_gradients(2), with_gradients(3)):
        optimiser.step(parameters)
        assert parameters[1].data == 0.5


def test_a_first_step_without_any_gradient_is_told_of() -> None:
    x = Value(3.0)
    optimiser = SteepestDescent(0.1)
    with pytest.warns(UserWarning, match=r"all these values are 0.*backward\(\)") as caught:
        optimiser.step([x])
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        optimiser.step([x])  # a minimum has none either


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"square": [-1.0]}, "a mean of squares is below 0"),
        ({"velocity": [1.0]}, "remembers mean, square, and this has mean, square, velocity"),
    ],
)
def test_a_state_that_makes_no_sense(change: Any, words: str) -> None:
    adam = Adam(0.1)
    adam.step(with_gradients(1))
    state = adam.state_dict()
    with pytest.raises(ValueError, match=words):
        adam.load_state_dict(state | change)
    assert adam.state_dict() == state
    del state["square"]
    with pytest.raises(ValueError, match=r"this has mean$"):
        adam.load_state_dict(state)
