import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from oracles.batches import Batch, batches
from oracles.circuits import property_test

from autograd_core import GATES, Gate, Program, Value, gate, greater, no_grad, relu, total, where


def recorded(function: Callable[..., Any], *numbers: float) -> Program:
    """A function's program, recorded with some numbers."""
    leaves = [Value(number, label) for number, label in zip(numbers, "xyz", strict=False)]
    return Program(function(*leaves), leaves)


@property_test(60)
@given(batches())
def test_a_right_program_passes(batch: Batch) -> None:
    values = batch.recorded(0)
    inputs = [values[place] for place in batch.varying]
    program = Program(values[-1], inputs)

    def function(*numbers: Value) -> Value:
        leaves = values[: len(batch.circuit.leaves)]
        for place, number in zip(batch.varying, numbers, strict=True):
            leaves[place] = number
        found: Value = batch.computed(leaves)[-1]
        return found

    program.check(batch.inputs)
    program.check(batch.inputs, function)


def clipped(x: Value) -> Value:
    return x * 1.0 if x.data < 1.0 else relu(x)


def test_an_if_that_records_another_gate_is_found() -> None:
    with pytest.raises(
        ValueError, match=r"^example 2: .*an unnamed multiply gate .*relu = 3\.0: a Python `if`"
    ):
        recorded(clipped, 0.5).check([[0.5], [0.0], [3.0]], clipped)


def test_an_if_that_changes_the_operands_of_a_gate_is_found() -> None:
    def distance(x: Value, y: Value) -> Value:
        return x - y if x.data > y.data else y - x

    recorded(distance, 2.0, 1.0).check([[2.0, 1.0], [5.0, 4.0]], distance)
    with pytest.raises(ValueError, match=r"^example 1: "):
        recorded(distance, 2.0, 1.0).check([[2.0, 1.0], [4.0, 5.0]], distance)


def test_the_larger_of_two_picked_by_python_is_found_even_in_a_tie() -> None:
    def larger(x: Value, y: Value) -> Value:
        return max(x, y) * 2.0

    with pytest.raises(ValueError, match=r"example 0: where the program has the leaf x, .* = 2\.0"):
        recorded(larger, 2.0, 1.0).check([[1.0, 2.0]], larger)


def test_data_that_became_a_constant_is_found() -> None:
    def frozen(x: Value) -> Value:
        return x * x.data

    recorded(frozen, 2.0).check([[2.0]], frozen)
    with pytest.raises(ValueError, match=r"example 1: an unnamed multiply gate has other operands"):
        recorded(frozen, 2.0).check([[2.0], [3.0]], frozen)


def test_data_that_became_a_leaf_is_found() -> None:
    def frozen(x: Value) -> Value:
        return x * Value(x.data)

    with pytest.raises(
        ValueError, match=r"example 0: where the program has an unnamed leaf, .* = 3\.0"
    ):
        recorded(frozen, 2.0).check([[3.0]], frozen)


def test_a_plain_number_and_another_order_of_outputs_are_found() -> None:
    def capped(x: Value) -> Value | float:
        return x * x if x.data < 1.0 else 1.0

    with pytest.raises(ValueError, match=r"example 1: .*an unnamed leaf = 1\.0"):
        recorded(capped, 0.5).check([[0.5], [2.0]], capped)

    def ordered(x: Value) -> list[Value]:
        low, high = x * 1.0, x.exp()
        result = low + high
        return [result, low, high] if x.data < 0.0 else [result, high, low]

    with pytest.raises(ValueError, match=r"example 1: the function returns other values"):
        recorded(ordered, -0.5).check([[-0.5], [2.0]], ordered)


def test_a_branch_that_is_recorded_passes() -> None:
    def clip(x: Value) -> Value:
        return where(greater(x, 1.0), 1.0, x)

    recorded(clip, 0.5).check([[0.5], [2.0]], clip)
    program = recorded(clip, 0.5)
    with no_grad():
        program.check([[0.5], [2.0]], clip)


def test_only_so_many_examples_are_compared() -> None:
    batch = [[0.5], [0.0], [3.0]]
    recorded(clipped, 0.5).check(batch, clipped, lanes=2)
    with pytest.raises(ValueError, match="example 2"):
        recorded(clipped, 0.5).check(batch, clipped, lanes=3)


def test_parameters_have_the_numbers_of_now() -> None:
    w, x = Value(2.0, "w"), Value(1.0, "x")
    program = Program(w * x, [x])
    w.data = 5.0
    program.check([[1.0], [2.0]], lambda x: w * x)


@pytest.fixture
def impostor() -> Iterator[Gate]:
    """A gate whose rule gives another number on arrays than on floats."""

    @gate("?", pattern="chain", local_gradients=[lambda math, out, x: 1.0])
    def impostor(math_: Any, x: Any) -> Any:
        """x, or on arrays something else."""
        return x * 1.0 if isinstance(x, float | Value) else x * 1.000001

    yield impostor
    del GATES["impostor"]
    delattr(Value, "impostor")


def test_a_gate_whose_forms_differ_is_named_with_its_label(impostor: Gate) -> None:
    x = Value(1.0, "x")
    y = impostor(x.exp())
    with pytest.raises(
        ValueError, match=r"^example 0: an unnamed impostor gate is .* in the eager engine"
    ):
        Program(y * 2.0, [x]).check([[1.0]])
    y.label = "guess"
    with pytest.raises(ValueError, match=r"the impostor gate guess is "):
        Program(y * 2.0, [x]).check([[1.0]])
    Program(y * 2.0, [x]).check([[1.0]], tolerance=1e-5)


def test_a_sum_that_cancels_passes() -> None:
    x, w, y = Value(1e20), Value(1.0), Value(-1e20)
    program = Program(total([x, w, y]), [x, y])
    assert program([[1e20, -1e20]])[0] != program.outputs[0].data  # what varies is added first
    program.check([[1e20, -1e20], [math.pi, -1.0]])


def test_numbers_outside_a_domain_are_refused_as_ever() -> None:
    x = Value(1.0, "x")
    with pytest.raises(ValueError, match=r"^log\(x = -1\.0\).*\(example 1\)"):
        Program(x.log(), [x]).check([[1.0], [-1.0]])
