"""Derivatives do not depend on the numbers that leaves have when they are first asked for."""

import math
from collections.abc import Callable
from math import inf, nan
from typing import Any

import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles.batches import Batch, batches
from oracles.circuits import property_test

from autograd_core import Program, Value, gate, log, log1p, power, power_limit, reciprocal, sqrt

Array = npt.NDArray[Any]

FORBIDDEN = [
    (log, 0.0),
    (log, -1.0),
    (log1p, -1.0),
    (reciprocal, 0.0),
    (sqrt, -1.0),
    (Value.sin, inf),
    (lambda w: w**-1.5, 0.0),
    (lambda w: power(w, 0.5), -1.0),
    (lambda w: power_limit(w, 0.5), -1.0),
    (lambda w: 1.0 / (1.0 / w), 0.0),
]


def everything(program: Program, batch: Any, numbers: Any) -> list[Any]:
    """All that a program computes with given numbers of its parameter."""
    outputs, gradient = program.gradient(batch, numbers)
    product = program.hessian_product(batch, [1.0], numbers)
    return [outputs.tolist(), gradient.tolist(), product.tolist()]


@pytest.mark.parametrize(("gate", "number"), FORBIDDEN)
def test_leaves_may_have_forbidden_numbers_when_a_derivative_is_first_used(
    gate: Callable[[Value], Value], number: float
) -> None:
    w, x = Value(0.5, "w"), Value(0.5, "x")
    recorded = gate(w) * gate(x)
    expected = everything(Program(recorded, [x]), [[0.25]], [0.75])
    w.data = x.data = number
    program = Program(recorded, [x])
    assert everything(program, [[0.25]], [0.75]) == expected
    w.data = 0.75
    assert program.gradient([[0.25]])[1].tolist() == expected[1]
    x.data = number
    slope = Program(recorded, [x]).input_gradients([[0.25]])
    step = 1e-6
    ends = program([[0.25 + step], [0.25 - step]])
    assert slope == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-6)


def test_forbidden_numbers_are_still_told_of_where_they_are_used() -> None:
    w, x = Value(0.5, "w"), Value(0.5, "x")
    program = Program(log(w) * x, [x])
    w.data = 0.0
    with pytest.raises(ValueError, match=r"log\(w = 0\.0\)"):
        program.gradient([[1.0]])
    w.data = math.e
    assert program.gradient([[1.0]])[0].tolist() == [[1.0]]


def test_local_gradients_may_be_whole_numbers() -> None:
    @gate("2x−y", pattern="scales", local_gradients=[lambda *_: 2, lambda *_: -1])
    def twice_less(math: Any, x: Any, y: Any) -> Any:
        return 2.0 * x - y

    v, w, x = Value(3.0), Value(5.0), Value(0.0)
    program = Program(twice_less(v, w * w) * x, [x], parameters=[v, w])
    assert program.gradient([[10.0]])[1].tolist() == [20.0, -100.0]
    assert program.jacobian([[10.0]]).tolist() == [[[-19.0]]]


def test_the_same_gate_with_other_constants_has_other_derivatives() -> None:
    x = Value(1.0)
    numbers = [2.0, 3.0, 1.0, 0.0, -2.0]
    program = Program([x**y for y in numbers] + [y * x for y in numbers], [x])
    slopes = program.jacobian([[4.0]])[0, :, 0]
    assert slopes.tolist() == pytest.approx([y * 4.0 ** (y - 1.0) for y in numbers] + numbers)


@property_test(40)
@given(batches(gates=10), st.sampled_from([0.0, -1.5, nan, inf]))
def test_no_number_changes_a_derivative(batch: Batch, number: float) -> None:
    values = batch.recorded(0)
    inputs, parameters = (
        [values[place] for place in places] for places in (batch.varying, batch.shared)
    )
    own = [leaf.data for leaf in parameters]
    early, late = (Program(values[-1], inputs, parameters=parameters) for _ in range(2))
    expected = early.gradient(batch.inputs), early.jacobian(batch.inputs)
    for leaf in values[: len(batch.circuit.leaves)]:
        leaf.data = number
    outputs, gradient = late.gradient(batch.inputs, own)
    assert same(outputs, expected[0][0])
    assert same(gradient, expected[0][1])
    for leaf, original in zip(parameters, own, strict=True):
        leaf.data = original
    assert same(late.jacobian(batch.inputs), expected[1])


def same(found: Array, expected: Array) -> bool:
    """Whether all numbers are identical."""
    return found.shape == expected.shape and found.tobytes() == expected.tobytes()
