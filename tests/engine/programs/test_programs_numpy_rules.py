from collections.abc import Iterator, Sequence
from itertools import product
from types import FunctionType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles.circuits import property_test, row_length
from oracles.samples import SAMPLES

from autograd_core import GATES, Gate, Program, Value, floats, gate

inf, nan = float("inf"), float("nan")
EXTREMES = [0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -3.0, 1e-8, 36.7, -36.7, 700.0, -700.0, 1e300]
EXTREMES += [inf, -inf, nan]
UNIT = 2.0**-53


def lists_of(name: str, row: Sequence[Any]) -> Any:
    """A row of operands, as the gate is called with them."""
    return GATES[name].group(row)


def expected(name: str, row: Sequence[float]) -> tuple[Any, float]:
    """What floats make of it, None outside the domain; and how much rounding there may be.

    Both forms are exact but for a few units in each operand and in the result, so they may be as
    far apart as twice that moves the result: k u (|out| + Σ |local · operand|).
    """
    try:
        out = GATES[name](*lists_of(name, row))
        slopes = GATES[name].differentiate(floats, out, row, [True] * len(row))
    except (ValueError, ZeroDivisionError):
        return None, 0.0
    moves = [abs(slope * x) for slope, x in zip(slopes, row, strict=True)]
    size = abs(out) + sum(move for move in moves if move < inf)
    return out, 2 * (2 + len(row)) * UNIT * size + 1e-323


def assert_same(name: str, row: Sequence[float], number: float) -> None:
    out, error = expected(name, row)
    same = number == out or (np.isnan(number) and np.isnan(out)) or abs(number - out) <= error < inf
    assert same, f"{name}{row}: {number!r}, not {out!r}"


def recorded(name: str) -> tuple[list[Value], Value]:
    """A gate over as many leaves as its sample has numbers."""
    leaves = [Value(number) for number in SAMPLES[name]]
    return leaves, GATES[name](*lists_of(name, leaves))


@pytest.mark.parametrize("name", GATES)
def test_arrays_compute_what_floats_compute(name: str) -> None:
    leaves, out = recorded(name)
    few = EXTREMES if len(leaves) < 4 else [0.0, -1.0, 0.5, -36.7, 700.0, inf, -inf, nan]
    rows = [row for row in product(few, repeat=len(leaves)) if expected(name, row)[0] is not None]
    assert len(rows) > len(few) / 4
    with np.errstate(all="raise"):  # a program keeps what it overflows to itself
        numbers = Program(out, leaves)(rows)
    for row, number in zip(rows, numbers.tolist(), strict=True):
        assert_same(name, row, number)


@property_test(400)
@given(st.sampled_from(list(GATES)), st.data())
def test_operands_may_be_shared_or_constant(name: str, data: st.DataObject) -> None:
    count = len(SAMPLES[name])
    numbers = st.lists(st.sampled_from(EXTREMES), min_size=count, max_size=count)
    row = tuple(data.draw(numbers.filter(lambda row: expected(name, tuple(row))[0] is not None)))
    choices = st.lists(
        st.sampled_from(["input", "leaf", "constant"]), min_size=count, max_size=count
    )
    kinds = data.draw(choices.filter(lambda kinds: set(kinds) != {"constant"}))
    operands: list[Any] = [
        number if kind == "constant" else Value(number)
        for kind, number in zip(kinds, row, strict=True)
    ]
    inputs = [x for x, kind in zip(operands, kinds, strict=True) if kind == "input"]
    program = Program(GATES[name](*lists_of(name, operands)), inputs)
    batch = [[value.data for value in inputs]] * 2
    for number in program(np.reshape(batch, (2, len(inputs)))):
        assert_same(name, row, float(number))


@pytest.mark.parametrize("size", [1, 2, 5, 40])
@pytest.mark.parametrize("name", [name for name in GATES if GATES[name].variadic])
def test_lists_of_any_length(name: str, size: int) -> None:
    source = np.random.default_rng(size)
    leaves = [Value(0.0) for _ in range(row_length(name, size))]
    program = Program(GATES[name](*lists_of(name, leaves)), leaves)
    batch = source.uniform(-40.0, 40.0, (5, len(leaves)))
    for row, number in zip(batch.tolist(), program(batch).tolist(), strict=True):
        assert_same(name, row, number)


def test_what_is_small_beside_the_largest_logit_is_kept() -> None:
    x, y = Value(0.0), Value(0.0)
    program = Program(GATES["logsumexp"]([x, y]), [x, y])
    assert program([[0.0, -40.0], [-40.0, 0.0]]).tolist() == [pytest.approx(np.exp(-40.0))] * 2


@pytest.fixture
def again(request: pytest.FixtureRequest) -> Iterator[Gate]:
    """A gate of the table, entered once more by a user."""
    own = GATES[request.param]
    rule = FunctionType(own.forward.__code__, own.forward.__globals__, f"again_{own.name}")
    rule.__module__ = __name__
    rule.__defaults__ = own.forward.__defaults__
    options = {name: getattr(own, name) for name in ("variadic", "scalars", "domain", "routes")}
    yield gate(own.symbol, pattern="", local_gradients=own.local_gradients, **options)(rule)
    del GATES[rule.__name__]
    if hasattr(Value, rule.__name__):
        delattr(Value, rule.__name__)


@pytest.mark.parametrize("again", GATES, indirect=True)
def test_what_users_enter_computes_what_the_table_computes(again: Gate) -> None:
    name = again.name.removeprefix("again_")
    one, other = ([Value(number) for number in SAMPLES[name]] for _ in range(2))
    side_by_side = [again(*again.group(leaves)) for leaves in (one, other)]
    program = Program(side_by_side, [*one, *other])
    few = [0.0, -1.0, 0.5, -36.7, 700.0, inf, -inf, nan] if len(one) < 4 else [-1.0, 0.5, inf]
    rows = [row for row in product(few, repeat=len(one)) if expected(name, row)[0] is not None]
    computed = program(np.hstack([rows, rows[::-1]]))
    for numbers in (computed[:, 0], computed[::-1, 1]):
        for row, number in zip(rows, numbers.tolist(), strict=True):
            assert_same(name, row, number)


@pytest.fixture
def average() -> Iterator[Gate]:
    @gate(
        "x̄",
        pattern="average",
        variadic=True,
        local_gradients=[
            lambda math, out, weights, values: [(x - out) / math.total(weights) for x in values],
            lambda math, out, weights, values: [w / math.total(weights) for w in weights],
        ],
    )
    def average(math: Any, weights: Any, values: Any) -> Any:
        """Σ wᵢxᵢ / Σ wᵢ, its products made one by one."""
        products = [w * x for w, x in zip(weights, values, strict=True)]
        return math.total(products) / math.total(weights)

    yield average
    del GATES["average"]


@pytest.mark.parametrize("varying", [(0, 1, 2, 3), (0, 1), (2, 3), (0, 3), ()])
def test_a_new_gate_works_in_a_program(
    swish: Gate, average: Gate, varying: tuple[int, ...]
) -> None:
    def circuit(numbers: list[float]) -> tuple[list[Value], Value]:
        leaves = [Value(number) for number in numbers]
        return leaves, swish(average(leaves[:2], leaves[2:]), leaves[0]) * swish(leaves[3])

    numbers = [0.5, 1.5, -2.0, 3.0]
    leaves, out = circuit(numbers)
    inputs = [leaves[place] for place in varying]
    program = Program(out, inputs)
    batch = np.array([[numbers[place] for place in varying]] * 2).reshape(2, len(varying))
    batch[1] += 0.25
    mean = program.backward(batch)
    expected, total = np.zeros(4), 0.0
    for row in batch.tolist():
        fresh, eager = circuit(
            [dict(zip(varying, row, strict=True)).get(at, numbers[at]) for at in range(4)]
        )
        eager.backward(0.5)
        expected += [leaf.grad for leaf in fresh]
        total += eager.data / 2
    assert mean == pytest.approx(total, rel=1e-13)
    for place, leaf in enumerate(leaves):
        if place not in varying:
            assert leaf.grad == pytest.approx(expected[place], rel=1e-13)


@pytest.fixture
def rectified() -> Iterator[Gate]:
    @gate("max0", pattern="router", local_gradients=[lambda math, out, x: 1.0])
    def rectified(math: Any, x: Any) -> Any:
        """x above 0, by a branch of Python."""
        return x if x > 0.0 else 0.0 * x

    yield rectified
    del GATES["rectified"]
    delattr(Value, "rectified")


def test_a_rule_that_branches_in_python_is_refused(rectified: Gate) -> None:
    x = Value(1.0)
    with pytest.raises(TypeError, match=r"gate rectified .* neither true nor false.*math\.where\("):
        Program(rectified(x), [x])([[1.0], [-1.0]])
