"""Names and settings of other libraries, and what is said of ours."""

import math
from collections.abc import Callable
from typing import Any

import pytest

import nn
from autograd_core import GATES, Value, gate, sigmoid, tanh
from nn import MLP, Layer, Neuron, SteepestDescent, Trainer, squared_error

OTHER_NAMES = {
    "SGD": "SteepestDescent(0.1)",
    "MSELoss": "squared_error",
    "CrossEntropyLoss": "softmax_cross_entropy",
    "BCEWithLogitsLoss": "binary_cross_entropy_from_logit",
    "Linear": 'Layer(nin, nout, activation="identity")',
    "Sequential": "MLP(nin, [nout, …]",
    "ReLU": 'activation="relu"',
    "optim": "nn.Adam",
}


@pytest.mark.parametrize(("name", "ours"), OTHER_NAMES.items())
def test_a_name_of_another_library_is_answered_with_ours(name: str, ours: str) -> None:
    with pytest.raises(AttributeError) as refusal:
        getattr(nn, name)
    assert f"has no attribute {name!r}; write " in str(refusal.value)
    assert ours in str(refusal.value)
    assert not hasattr(nn, "MPL") and name not in dir(nn)


mlp: Any = MLP
layer: Any = Layer
neuron: Any = Neuron
CALLS: list[tuple[Callable[..., Any], str]] = [
    (lambda: mlp(2, [2, 1], "tanh"), r"write MLP\(2, \[16, 16, 1\], activation='tanh'\)"),
    (lambda: mlp(2, [2, 1], tanh), r"activation=tanh\)"),
    (lambda: layer(2, 2, "tanh"), r"write Layer\(2, 3, activation='tanh'\)"),
    (lambda: neuron(2, True, "tanh"), r"write Neuron\(2, activation='tanh'\)"),
    (lambda: mlp(2, [2, 1], act="relu"), r"activation='relu'\)"),
    (lambda: layer(2, 2, act_fn=tanh), r"activation=tanh\)"),
    (lambda: layer(2, 2, False), "all else has a name: nonlin=False"),
    (lambda: mlp(2, 16, 16, 1), r"is made with MLP\(2, \[16, 16, 1\]\), .* not 16 alone"),
    (lambda: mlp(2, [1], nonlin=False), "takes no nonlin=: write activation='identity'"),
    (lambda: mlp(2, [1], lr=0.1), r"takes no lr=: the rate is SteepestDescent"),
    (lambda: mlp(2, [1], init="he"), "takes no init=: write initial='he'"),
    (lambda: neuron(2, name="n"), r"Neuron takes no name=; help\(Neuron\) lists"),
]


@pytest.mark.parametrize(("call", "says"), CALLS)
def test_what_a_constructor_does_not_take_is_answered_with_what_to_write(
    call: Callable[..., Any], says: str
) -> None:
    with pytest.raises(TypeError, match=says):
        call()


def test_what_is_named_is_there() -> None:
    for name in ("SteepestDescent", "Adam", "Layer", "MLP", "Module", "logistic"):
        assert hasattr(nn, name)
    for name in ("squared_error", "softmax_cross_entropy", "binary_cross_entropy_from_logit"):
        assert name in nn.LOSSES


def test_settings_of_other_libraries_are_answered_with_ours() -> None:
    anything: Any = nn.Adam
    with pytest.raises(TypeError, match=r"is called rate: Adam\(0\.01\)"):
        anything(lr=0.01)
    anything = SteepestDescent
    with pytest.raises(TypeError, match="rate"):
        anything(lr=0.01)
    with pytest.raises(TypeError, match=r"is called rate: SteepestDescent\(0\.01\)"):
        anything(0.1, lr=0.01)
    trainer: Any = Trainer(MLP(1, [1]), squared_error, SteepestDescent(0.1))
    with pytest.raises(TypeError, match="progress=True or progress=False"):
        trainer.fit([[1.0]], [1.0], epochs=1, verbose=0)


def test_sigmoid_by_name_or_as_a_gate_is_the_activation_logistic() -> None:
    for activation in ("sigmoid", sigmoid):
        given: Any = activation
        neuron = Neuron(1, activation=given)
        neuron.weights[0].data = 1.0
        assert neuron.activation == "logistic"
        assert neuron([0.5]).data == pytest.approx(1 / (1 + math.exp(-0.5)))
        assert Layer(1, 2, activation=given).activation == "logistic"
        model = MLP(1, [2, 1], activation=given, output=given, seed=1)
        trainer = Trainer(model, nn.binary_cross_entropy, SteepestDescent(0.5))
        trainer.fit([[-1.0], [1.0]], [0, 1], epochs=20)
        assert trainer.history["loss"][-1] < trainer.history["loss"][0]
    assert "sigmoid" not in nn.ACTIVATIONS


def test_a_gate_of_ones_own_is_an_activation() -> None:
    @gate(
        "swish",
        pattern="chain",
        local_gradients=[lambda math, out, x: math.sigmoid(x) * (1.0 + x - out)],
    )
    def swish_of_a_student(math: Any, x: Any) -> Any:
        return x * math.sigmoid(x)

    try:
        out = Neuron(1, activation=swish_of_a_student)([Value(2.0)])
        assert out.gate is GATES["swish_of_a_student"]
    finally:
        del nn.ACTIVATIONS["swish_of_a_student"]
