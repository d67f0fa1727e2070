from collections.abc import Callable
from itertools import pairwise, product
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from oracles.plans import plan_of, sums, varying

import nn
from autograd_core import Program, Value, dot, total

Array = npt.NDArray[Any]
Neuron = Callable[[list[Value], list[Value], Value], Value]

ROUNDING = 1e-12
"""Networks of at most 20 terms in each of 3 layers, all below 10: 200 roundings of 2⁻⁵³ · 20 are
less than 1e-12."""


def leaves(count: int, start: float = 0.1) -> list[Value]:
    return [Value(start + 0.3 * place * (-1) ** place) for place in range(count)]


def assert_equals_eager(program: Program, batch: Array) -> None:
    """Values and the gradient's mean against a loop of forward() and backward()."""
    for value in program.parameters:
        value.grad = 0.0
    outputs, gradient = program.gradient(batch)
    for row, found in zip(batch.tolist(), outputs[:, 0], strict=True):
        for leaf, number in zip(program.inputs, row, strict=True):
            leaf.data = number
        output = program.outputs[0].forward()
        assert found == pytest.approx(output.data, abs=ROUNDING)
        output.backward(1.0 / len(batch))
    expected = [value.grad for value in program.parameters]
    assert gradient.tolist() == pytest.approx(expected, abs=ROUNDING)


def by_operators(w: list[Value], x: list[Value], b: Value) -> Value:
    return sum(weight * number for weight, number in zip(w, x, strict=True)) + b


def bias_first(w: list[Value], x: list[Value], b: Value) -> Value:
    return sum([weight * number for weight, number in zip(w, x, strict=True)], b)


def turned_round(w: list[Value], x: list[Value], b: Value) -> Value:
    return b + sum([number * weight for weight, number in zip(w, x, strict=True)][::-1])


def one_dot(w: list[Value], x: list[Value], b: Value) -> Value:
    return dot(w, x) + b


def bias_as_feature(w: list[Value], x: list[Value], b: Value) -> Value:
    return dot([*w, b], [*x, 1.0])


def one_total(w: list[Value], x: list[Value], b: Value) -> Value:
    return total([*[weight * number for weight, number in zip(w, x, strict=True)], b])


def two_halves(w: list[Value], x: list[Value], b: Value) -> Value:
    return (dot(w[:2], x[:2]) + b) + sum(a * c for a, c in zip(w[2:], x[2:], strict=True))


NEURONS = [by_operators, bias_first, turned_round, one_dot, bias_as_feature, one_total, two_halves]


@pytest.mark.parametrize("neuron", NEURONS)
def test_a_layer_is_a_matrix_product_however_its_neurons_are_written(neuron: Neuron) -> None:
    x, w, b, v = leaves(5), [leaves(5, 0.2 * n) for n in range(4)], leaves(4), leaves(4, 0.7)
    hidden = [neuron(row, x, shift).tanh() for row, shift in zip(w, b, strict=True)]
    output = neuron(v, hidden, Value(0.5))
    forward = plan_of([output], x, gradient=False)
    assert varying(forward) == {"matrix": 2, "add": 2, "tanh": 1}
    batch = np.random.default_rng(0).normal(size=(6, 5))
    assert_equals_eager(Program(output, x), batch)


@pytest.mark.parametrize("neuron", NEURONS)
def test_the_backward_pass_is_matrix_products_too(neuron: Neuron) -> None:
    x = leaves(3)
    activations, layers = x, 0
    for size in (4, 6, 5):
        w = [leaves(len(activations), 0.1 * n) for n in range(size)]
        activations = [neuron(row, activations, Value(0.1)).tanh() for row in w]
        layers += 1
    output = dot(activations, activations)
    found = plan_of([output], x)
    # W x for each layer, Wᵀ δ for each but the first; δ xᵀ and the sum of δ for each
    assert varying(found)["matrix"] == layers + (layers - 1)
    assert sums(found) == {"outer": 2 * layers}
    assert_equals_eager(Program(output, x), np.random.default_rng(0).normal(size=(6, 3)))


def test_products_that_are_shared_stay_products() -> None:
    w, x, y = leaves(2)[0], *leaves(2)
    both = w * x
    program = Program(both * y + both, [x, y])
    assert varying(plan_of([both * y + both], [x, y], gradient=False)) == {"multiply": 2, "add": 1}
    assert_equals_eager(program, np.array([[1.0, 2.0], [3.0, -1.0]]))


def test_sums_of_numbers_that_all_lanes_share_are_summed_once() -> None:
    w, x = leaves(8), leaves(1)
    output = total([*w, *[a * b for a, b in pairwise(w)], x[0]])
    found = plan_of([output], x, gradient=False)
    assert varying(found) == {"add": 1}
    assert_equals_eager(Program(output, x), np.array([[1.0], [2.0]]))


@pytest.mark.parametrize("sign", [1.0, -1.0, 0.5])
def test_signs_and_constants_in_a_sum(sign: float) -> None:
    w, x = leaves(6), leaves(6)
    output = (total([sign * number for number in x]) - dot(w, x)) * sign + 3.0
    assert_equals_eager(Program(output, x), np.random.default_rng(0).normal(size=(4, 6)))


def test_a_row_with_the_same_input_twice() -> None:
    w, x = leaves(6), leaves(3)
    output = dot(w, [*x, *x]) * dot(w[::-1], [*x, *x])
    assert_equals_eager(Program(output, x), np.random.default_rng(0).normal(size=(4, 3)))


def test_a_layer_that_mixes_inputs_activations_and_shared_numbers() -> None:
    x, w, v = leaves(4), [leaves(4, n) for n in range(3)], [leaves(9, n) for n in range(2)]
    hidden = [dot(row, x).tanh() for row in w]
    shared = [w[0][0] * w[1][1], w[2][0].exp()]
    skip = [dot(row, [*x, *hidden, *shared]) for row in v]
    output = skip[0] * skip[1]
    assert varying(plan_of([output], x, gradient=False))["matrix"] == 2
    assert_equals_eager(Program(output, x), np.random.default_rng(0).normal(size=(4, 4)))


# The networks of nn


def training_circuit(model: nn.MLP, loss: Any, width: int, targets: list[float]) -> Program:
    """The loss as a circuit over inputs and targets."""
    x = [Value(0.3 * place) for place in range(width)]
    outputs = model(x)
    t = [Value(number) for number in targets]
    return Program(loss.rule(outputs if isinstance(outputs, list) else [outputs], t), [*x, *t])


def batch_for(width: int, targets: list[float], lanes: int = 5) -> Array:
    source = np.random.default_rng(width)
    rows = [[*source.normal(size=width), *np.roll(targets, lane)] for lane in range(lanes)]
    return np.array(rows)


PLAIN = [name for name in nn.ACTIVATIONS if name not in ("softmax", "maxout")]


@pytest.mark.parametrize(
    ("activation", "bias", "gate_by_gate"),
    [
        *product(["relu"], [True, False, "feature"], [True, False]),
        *product(PLAIN, [True], [False]),
    ],
)
def test_every_form_of_a_network_is_matrix_products(
    activation: str, bias: Any, gate_by_gate: bool
) -> None:
    options = {"activation": activation, "bias": bias, "gate_by_gate": gate_by_gate}
    model = nn.MLP(3, [4, 5, 2], seed=1, **options)
    program = training_circuit(model, nn.LOSSES["half_squared_error"], 3, [0.5, -1.0])
    found = plan_of(program.outputs, program.inputs, model.parameters())
    backward = 0 if activation == "step" else 2
    assert varying(found)["matrix"] == 3 + backward
    assert set(sums(found)) == {"outer"}
    assert_equals_eager(program, batch_for(3, [0.5, -1.0]))


def test_maxout_is_a_matrix_product_for_all_pieces() -> None:
    model = nn.MLP(3, [4, 1], activation="maxout", pieces=3, seed=1)
    program = training_circuit(model, nn.LOSSES["squared_error"], 3, [0.5])
    forward = plan_of(program.outputs, program.inputs, gradient=False)
    assert varying(forward)["matrix"] == 2
    assert_equals_eager(program, batch_for(3, [0.5]))


LAST = {
    "binary_cross_entropy": "logistic",
    "negative_log_likelihood": "softmax",
}


@pytest.mark.parametrize("name", nn.LOSSES)
def test_every_loss(name: str) -> None:
    last: Any = LAST.get(name, "identity")
    model = nn.MLP(2, [6, 3], activation="tanh", output=last, seed=2)
    loss = nn.LOSSES[name]
    classes = 4 if name.endswith("without_first") else 3
    targets = [1.0] + [-1.0 if name == "hinge" else 0.0] * (classes - 1)
    program = training_circuit(model, loss, 2, targets)
    found = plan_of(program.outputs, program.inputs, model.parameters())
    assert varying(found)["matrix"] == 3
    assert set(sums(found)) == {"outer"}
    assert_equals_eager(program, batch_for(2, targets))


@pytest.mark.parametrize("penalty", [nn.L1(0.1), nn.L2(0.1)])
def test_a_penalty_is_computed_once_for_all_lanes(penalty: nn.L1 | nn.L2) -> None:
    model = nn.MLP(2, [4, 1], seed=1)
    x = leaves(2)
    weights = nn.weights_of(model)
    terms = (
        total([abs(w) for w in weights]) if isinstance(penalty, nn.L1) else dot(weights, weights)
    )
    program = Program(model(x) ** 2 + 0.1 * terms, x)
    plain = Program(model(x) ** 2, x)
    with_it, without = [
        varying(plan_of(each.outputs, x, gradient=False)) for each in (program, plain)
    ]
    assert with_it.total() <= without.total() + 1
    assert_equals_eager(program, batch_for(2, []))
