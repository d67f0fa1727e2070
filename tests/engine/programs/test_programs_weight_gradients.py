from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from oracles.plans import plan_of, sums, varying

from autograd_core import Program, Value, dot, total


def assert_gradient(output: Value, inputs: Sequence[Value], batch: Any) -> None:
    """The sum of the gradients over the lanes against a loop of forward() and backward()."""
    program = Program(output, inputs)
    batch = np.asarray(batch, dtype=float)
    _, gradient = program.gradient(batch, reduction="sum")
    output.zero_grad()
    for row in batch.tolist():
        for leaf, number in zip(inputs, row, strict=True):
            leaf.data = number
        output.forward().backward()
    expected = [value.grad for value in program.parameters]
    # fewer than 100 roundings of numbers below 100
    assert gradient.tolist() == pytest.approx(expected, abs=100 * 2.0**-53 * 100)


def leaves(count: int, start: float = 0.5) -> list[Value]:
    return [Value(start - 0.3 * place) for place in range(count)]


BATCH = np.random.default_rng(0).normal(size=(7, 3))


def test_the_weights_of_a_layer_are_one_outer_product() -> None:
    x, w, b = leaves(3), [leaves(3, 0.2 * n) for n in range(4)], leaves(4)
    output = total([(dot(row, x) + shift).tanh() for row, shift in zip(w, b, strict=True)])
    assert sums(plan_of([output], x)) == {"outer": 2}
    assert_gradient(output, x, BATCH)


def test_weights_in_any_order_of_creation_and_use() -> None:
    x, w = leaves(3), leaves(12)
    rows = [[w[7], w[2], w[11]], [w[0], w[9], w[4]], [w[1], w[10], w[3]]]
    hidden = [dot(row, x[::-1]).tanh() for row in rows[::-1]]
    assert_gradient(dot(hidden, w[4:7]) * w[8], x, BATCH)


def test_a_weight_of_many_neurons_gets_the_sum() -> None:
    x, w = leaves(3), leaves(4)
    windows = [dot(w[:2], x[at : at + 2]).tanh() + w[2] for at in range(2)]
    convolved = dot(w[2:], windows) + w[3] * x[0]
    assert_gradient(convolved * w[0], x, BATCH)


def test_a_layer_that_is_used_twice_gets_the_sum() -> None:
    x, w = leaves(2), [leaves(2), leaves(2, 0.2)]
    state: list[Value] = x
    for _ in range(2):
        state = [dot(row, state).tanh() for row in w]
    assert_gradient(dot(state, state), x, BATCH[:, :2])


def test_the_same_weight_twice_in_one_neuron() -> None:
    x, w = leaves(3), leaves(2)
    assert_gradient(dot([w[0], w[0], w[1]], x).tanh() + dot(w, w) * w[0] * w[0], x, BATCH)


def test_single_pairs_of_numbers_that_vary() -> None:
    x, w = leaves(3), leaves(3)
    output = (w[0] * x[0]).tanh() * (w[1] * x[1]).exp() + (w[2] * x[2]).sin()
    assert_gradient(output, x, BATCH)


@pytest.mark.parametrize("copies", [1, 2, 9])
def test_a_leaf_that_is_added_several_times(copies: int) -> None:
    x, w = leaves(3), leaves(2)
    assert_gradient(total([*[w[0]] * copies, x[0], w[1] * x[1]]) ** 2, x, BATCH)
    assert_gradient(total([*[w[0]] * copies, x[0]]), x, BATCH)


def test_contributions_that_turn_out_to_be_equal_count_each() -> None:
    x, w = leaves(3), leaves(2)
    first, second = (x[0] + x[1]) + x[2], total([x[2], x[0], x[1]])
    found = plan_of([first, second], x, gradient=False)
    assert found.computed[0] == found.computed[1]
    assert_gradient(w[0] * first + w[0] * second, x, BATCH)
    assert_gradient((w[0] * first + w[0] * second + w[1] * first).exp(), x, BATCH)


def test_products_of_weights_before_they_meet_the_inputs() -> None:
    x, w = leaves(3), leaves(3)
    output = (w[0] * w[1] * x[0] + w[2].exp()) * x[1] + w[0] * w[2]
    assert_gradient(output, x, BATCH)


def test_a_gradient_that_is_the_same_in_every_lane_counts_for_each() -> None:
    x, w = leaves(3), leaves(2)
    found = plan_of([w[0] * w[1] + x[0]], x)
    assert not sums(found)
    assert varying(found) == {"add": 1}
    assert_gradient(w[0] * w[1] + x[0], x, BATCH)


def test_factors_that_all_lanes_share_are_multiplied_after_the_sum() -> None:
    x, w = leaves(3), leaves(4)
    output = dot([w[0] * w[1], w[1] * w[2], w[2] * w[3]], x)
    assert_gradient(output, x, BATCH)
    assert_gradient(output * output, x, BATCH)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_mean_over_very_many_lanes_keeps_its_digits(dtype: Any) -> None:
    w, x = Value(0.5), Value(1.0)
    batch = np.full((300_000, 1), 0.1)
    _, gradient = Program((w * x).exp(), [x], dtype=dtype).gradient(batch)
    digits = {"float64": 1e-12, "float32": 1e-4}[dtype]
    assert gradient.tolist() == pytest.approx([0.1 * np.exp(0.05)], rel=digits)
