"""Neurons in recorded circuits: which gates they are, and what their parameters' names tell."""

from typing import Any

import pytest

from autograd_core import Value, dot, exp, relu, tanh, total, trace, weighted_sum
from autograd_core.explain import paths_of, place_of
from nn import MLP, Layer, Neuron


def neurons_of(output: Value) -> list[tuple[int, bool, bool]]:
    """Of each neuron how many weights it has, whether it has a bias and an activation function."""
    passes = trace(output)
    return [(len(n.weights), n.bias is not None, n.output != n.sum) for n in passes.neurons]


def values(*numbers: float) -> list[Value]:
    return [Value(number) for number in numbers]


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (lambda w, x, b: tanh(weighted_sum(w, x, b)), [(2, True, True)]),
        (lambda w, x, b: relu(dot(w, x)), [(2, False, True)]),
        (lambda w, x, b: exp(dot(w, x)), [(2, False, False)]),
        (lambda w, x, b: -dot(w, x), [(2, False, False)]),
        (lambda w, x, b: w[0] * x[0] + w[1] * x[1] + b, [(2, True, False)]),
        (lambda w, x, b: (b + w[0] * x[0] + w[1] * 2.0).sigmoid(), [(2, True, True)]),
        (lambda w, x, b: (w[0] * x[0]) * (w[1] * x[1]) + b, []),
        (lambda w, x, b: w[0] + b, []),
        (lambda w, x, b: w[0] * w[0] + w[1] * w[1], []),
        (lambda w, x, b: dot(w, w), []),
        (lambda w, x, b: (w[0] * x[0] + b) * (w[1] * x[1] + b), [(1, True, False)] * 2),
        (lambda w, x, b: dot([w[0].exp(), w[1]], [x[0].exp(), x[1]]), []),
        (lambda w, x, b: total([tanh(dot(w, x)), tanh(dot(w, x))]), [(2, False, True)] * 2),
    ],
)
def test_what_a_neuron_is(make: Any, found: list[Any]) -> None:
    assert neurons_of(make(values(1.0, 2.0), values(3.0, -1.0), Value(0.5))) == found


def test_a_sum_that_is_used_twice_has_no_activation_function_of_its_own() -> None:
    z = dot(values(1.0, 2.0), values(3.0, -1.0))
    assert neurons_of(z.tanh() + z) == [(2, False, False)]


@pytest.mark.parametrize("side", [0, 1])
def test_weights_are_told_by_their_names(side: int) -> None:
    lists = [[Value(1.0, "w1"), Value(2.0, "w2")], [Value(3.0, "x1"), Value(4.0, "x2")]]
    passes = trace(dot(lists[side], lists[1 - side]))
    (neuron,) = passes.neurons
    assert [passes.values[weight].label for weight in neuron.weights] == ["w1", "w2"]


@pytest.mark.parametrize(
    "options",
    [{}, {"gate_by_gate": True}, {"bias": False}, {"bias": "feature"}, {"activation": "logistic"}],
)
def test_long_names_are_those_of_the_model(options: Any) -> None:
    model = MLP(3, [12, 2, 1], **{"activation": "tanh", **options}, seed=1)
    passes = trace(model([Value(1.0, "x1"), 2.0, Value(-1.0)]))
    labels = [value.label for value in passes.values]
    paths = paths_of(labels, passes.neurons)
    own = {parameter.label: name for name, parameter in model.named_parameters().items()}
    leaves = {labels[each]: path for each, path in paths.items() if labels[each] in own}
    assert leaves == own
    outputs = {path: labels[each] for each, path in paths.items() if labels[each] not in own}
    assert outputs["layers.1.neurons.1"] == "a²₂" and outputs["layers.0.neurons.11"] == "a¹₁₂"


def test_a_neuron_alone_and_one_of_a_layer() -> None:
    for model, name in ((Neuron(2), "z"), (Layer(2, 1), "z₁")):
        out = model([Value(1.0), Value(2.0)])
        passes = trace(out)
        assert passes.values[passes.neurons[0].sum].name == name
        labels = [value.label for value in passes.values]
        place = place_of(labels, passes.neurons[0])
        assert place is not None and place[1] is None


def test_values_with_other_names_have_no_place() -> None:
    w, x = [Value(1.0, "w0"), Value(2.0, "w1")], values(1.0, 2.0)
    passes = trace(dot(w, x).tanh())
    labels = [value.label for value in passes.values]
    assert place_of(labels, passes.neurons[0]) is None
    assert [value.name for value in passes.values][-2:] == ["v3", "v4"]
