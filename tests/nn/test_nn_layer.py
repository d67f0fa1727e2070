import copy
import pickle
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_core import Value, total
from nn import Layer, Maxout, Neuron

any_layer: Any = Layer  # for what a type checker refuses
F: dict[Any, Any] = {
    "identity": lambda z: z,
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(0.0, z),
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(),
}


def twin(layer: Any) -> Any:
    """The same layer out of a pickle."""
    return pickle.loads(pickle.dumps(layer))


@pytest.mark.parametrize("activation", F)
@pytest.mark.parametrize("bias", [True, "feature", False])
@settings(max_examples=15)
@given(nin=st.integers(1, 5), nout=st.integers(1, 5), seed=st.integers(0, 999))
def test_a_layer_is_f_of_w_x_plus_b(
    activation: Any, bias: Any, nin: int, nout: int, seed: int
) -> None:
    layer = Layer(nin, nout, activation=activation, bias=bias, seed=seed)
    source = np.random.default_rng(seed)
    x, b = source.normal(size=nin), np.zeros(nout)
    if bias:
        b = source.normal(size=nout)
        for neuron, number in zip(layer.neurons, b, strict=True):
            neuron.bias.data = number
    w = np.array([[weight.data for weight in neuron.weights] for neuron in layer.neurons])
    expected = F[activation](w @ x + b)
    assert [a.data for a in layer.outputs(x)] == pytest.approx(expected, rel=1e-13, abs=1e-14)


class Doubled(Neuron):
    """Twice a neuron."""

    def __call__(self, inputs: Any) -> Any:
        return 2.0 * super().__call__(inputs)


EDITS = {
    "other weights": lambda layer: setattr(layer.neurons[1], "weights", [Value(3.0), Value(-1.0)]),
    "one other weight": lambda layer: layer.neurons[1].weights.__setitem__(0, Value(3.0)),
    "another number": lambda layer: setattr(layer.neurons[0].weights[1], "data", 0.5),
    "another bias": lambda layer: setattr(layer.neurons[0], "bias", Value(2.0)),
    "no bias": lambda layer: setattr(layer.neurons[2], "bias", None),
    "another activation": lambda layer: setattr(layer.neurons[1], "activation", "elu"),
    "another neuron": lambda layer: layer.neurons.__setitem__(2, Neuron(2, activation="elu")),
    "one neuron less": lambda layer: layer.neurons.pop(),
    "a neuron of another kind": lambda layer: layer.neurons.__setitem__(0, Doubled(2)),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
@pytest.mark.parametrize(
    "way", [lambda layer: layer, copy.deepcopy, twin], ids=["itself", "copied", "pickled"]
)
def test_a_layer_computes_with_its_neurons_as_they_are_now(way: Any, edit: Any) -> None:
    layer = Layer(2, 3, activation="tanh", seed=1)
    layer([0.5, -2.0])
    layer = way(layer)
    layer([0.5, -2.0])
    edit(layer)
    expected = [neuron([0.5, -2.0]).data for neuron in layer.neurons]
    assert [out.data for out in layer([0.5, -2.0])] == expected


def test_a_single_output_is_returned_as_itself() -> None:
    one, two = Layer(2, 1, seed=1), Layer(2, 2, seed=1)
    assert isinstance(one([1.0, 2.0]), Value)
    assert isinstance(two([1.0, 2.0]), list)
    assert [a.data for a in one.outputs([1.0, 2.0])] == [one([1.0, 2.0]).data]
    assert len(two.outputs([1.0, 2.0])) == 2


def test_micrograds_constructor() -> None:
    layer = Layer(3, 2, nonlin=False)
    assert layer.activation == "identity"
    assert Layer(nin=3, nout=2, nonlin=True).activation == Layer(3, 2).activation == "relu"
    assert [type(neuron) for neuron in layer.neurons] == [Neuron, Neuron]
    assert [len(neuron.weights) for neuron in layer.neurons] == [3, 3]
    assert layer.parameters() == [p for neuron in layer.neurons for p in neuron.parameters()]


def test_weights_are_drawn_neuron_by_neuron_as_in_micrograd() -> None:
    random.seed(1337)
    drawn = [[random.uniform(-1, 1) for _ in range(3)] for _ in range(2)]
    random.seed(1337)
    layer = Layer(3, 2)
    assert [[w.data for w in neuron.weights] for neuron in layer.neurons] == drawn
    assert [neuron.bias.data for neuron in layer.neurons] == [0.0, 0.0]


@pytest.mark.parametrize("activation", ["logistic", "softmax", "maxout"])
def test_options_reach_every_neuron(activation: Any) -> None:
    options = {"activation": activation, "bias": False, "gate_by_gate": True, "seed": 3}
    layer = Layer(2, 3, pieces=4, **options)
    assert all("bias" not in name for name in layer.named_parameters())
    sums = 4 if activation == "maxout" else 1
    assert len(layer.parameters()) == 2 * 3 * sums
    x = [Value(0.5), Value(-1.0)]
    layer.outputs(x)
    assert layer.neurons[0](x).gate.name != "dot"


def test_maxout_neurons() -> None:
    layer = Layer(2, 3, activation="maxout", pieces=4, seed=1)
    assert [type(neuron) for neuron in layer.neurons] == [Maxout] * 3
    assert [len(neuron.pieces) for neuron in layer.neurons] == [4] * 3
    x = [0.5, -1.5]
    assert [a.data for a in layer(x)] == [neuron(x).data for neuron in layer.neurons]


def test_every_neuron_takes_the_same_inputs() -> None:
    layer = Layer(2, 3, activation="identity", seed=1)
    x = [Value(1.0), Value(2.0)]
    total(layer(x)).backward()
    columns = zip(*[[w.data for w in neuron.weights] for neuron in layer.neurons], strict=True)
    assert [v.grad for v in x] == pytest.approx([sum(column) for column in columns])


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: any_layer(0, 2), ValueError, "nin is a whole number, at least 1, not 0"),
        (lambda: any_layer(2, 0), ValueError, "nout is a whole number, at least 1, not 0"),
        (lambda: any_layer(2, 1.0), ValueError, r"nout is a whole number, at least 1, not 1\.0"),
        (lambda: any_layer(2, 2, activation="relus"), ValueError, "no activation 'relus'"),
        (
            lambda: any_layer(2, 2, activation="maxout", pieces=1),
            ValueError,
            "pieces is a whole number, at least 2, not 1",
        ),
        (
            lambda: any_layer(2, 2, seed=1)([1.0]),
            ValueError,
            r"Layer\(2, 2, relu\) takes 2 numbers",
        ),
        (lambda: any_layer(1, 2, seed=1)([]), ValueError, "takes 1 number, not 0"),
        (lambda: any_layer(2, 2, seed=1)([[1, 2], [3, 4]]), ValueError, "one example at a time"),
    ],
)
def test_errors(make: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        make()


def test_repr() -> None:
    assert repr(Layer(3, 2)) == "Layer(3, 2, relu): 8 parameters"
    assert repr(any_layer(3, np.int64(2), activation="softmax", bias=False)) == (
        "Layer(3, 2, softmax): 6 parameters"
    )
    assert repr(Layer(3, 2, activation="maxout", pieces=3)) == "Layer(3, 2, maxout): 24 parameters"
