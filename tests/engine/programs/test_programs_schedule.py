import random
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from oracles.plans import plan_of, shared, varying

from autograd_core import Program, Value, dot, leaky_relu, logsumexp, maximum, total


def leaves(count: int) -> list[Value]:
    return [Value(0.1 + 0.3 * place, f"x{place}") for place in range(count)]


def test_equal_gates_of_a_level_are_one_instruction() -> None:
    x = leaves(40)
    first = [a.tanh() for a in x]
    second = [maximum(a, b) for a, b in pairwise(first)]
    found = plan_of([total(second)], x, gradient=False)
    assert varying(found) == {"tanh": 1, "maximum": 1, "total": 1}


def test_gates_that_wait_for_each_other_are_levels() -> None:
    [x] = leaves(1)
    value = x
    for _ in range(5):
        value = value.sin()
    assert varying(plan_of([value], [x], gradient=False)) == {"sin": 5}


def test_operands_of_another_kind_are_another_group() -> None:
    x, w = leaves(4), leaves(4)
    outputs = [x[0] * x[1], x[2] * w[0], x[3] * 3.0, w[1] * w[2]]
    found = plan_of(outputs, x, gradient=False)
    assert varying(found)["multiply"] <= 2
    assert shared(found) == {"multiply": 1}
    numbers = Program(outputs, x)([[1.0, 2.0, 3.0, 4.0]])[0]
    assert numbers == pytest.approx([2.0, 0.3, 12.0, 0.4 * 0.7])


def test_lists_may_mix_inputs_shared_numbers_constants_and_results() -> None:
    x, w = leaves(3), leaves(3)
    mixed: list[Any] = [x[0], w[0].exp(), 0.25, x[1].tanh(), w[1]]
    outputs: list[Any] = [
        logsumexp(mixed),
        logsumexp(mixed[::-1]),
        dot(mixed, [*mixed[2:], x[2], 1.0]),
    ]
    program = Program(outputs, x)
    batch = np.random.default_rng(0).normal(size=(4, 3))
    for row, found in zip(batch.tolist(), program(batch), strict=True):
        for leaf, number in zip(x, row, strict=True):
            leaf.data = number
        expected = [output.forward().data for output in outputs]
        # a dozen roundings of numbers below 10
        assert found.tolist() == pytest.approx(expected, abs=12 * 2.0**-53 * 10)


def test_slopes_that_differ_and_slopes_that_are_equal() -> None:
    x, slopes = leaves(6), [0.1, 0.1, 0.2, 0.2, 0.2, 0.3]
    outputs = [leaky_relu(a, slope) for a, slope in zip(x, slopes, strict=True)]
    assert varying(plan_of(outputs, x, gradient=False)) == {"leaky_relu": 1}
    assert (Program(outputs, x)(-np.ones((1, 6))) == -np.array(slopes)).all()


def test_an_irregular_circuit_of_two_thousand_gates() -> None:
    source = random.Random(0)
    x, w = leaves(10), leaves(10)
    values = [leaf.tanh() for leaf in [*x, *w]]
    while len(values) < 2000:
        first, second = source.choices(values[-100:], k=2)
        values.append((0.5 * source.choice([first + second, first * second, second - first])).sin())
    program = Program([values[-1], *values[20::97]], x)
    batch = np.random.default_rng(0).normal(size=(3, 10))
    for row, found in zip(batch.tolist(), program(batch), strict=True):
        for leaf, number in zip(x, row, strict=True):
            leaf.data = number
        for value, number in zip(program.outputs, found.tolist(), strict=True):
            # all slopes are below 1 and those of two operands below ½, so errors do not grow
            # from level to level; each adds 4 roundings
            assert number == pytest.approx(value.forward().data, abs=2000 * 4 * 2.0**-53)
    assert len(plan_of([values[-1]], x, gradient=False).ends) < 500


def test_no_gate_at_all() -> None:
    w, x = leaves(2)
    found = plan_of([x, w], [x], gradient=False)
    assert not found.ends
    assert Program([x, w], [x])([[7.0]]).tolist() == [[7.0, w.data]]
