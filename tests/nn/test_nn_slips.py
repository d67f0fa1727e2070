"""Names and settings of other libraries, and what is said of ours."""

import math
import re
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
    "Dropout": "among model.layers",
    "L1Loss": "abs(output - target)",
    "utils": "clip_norm=1.0",
    "init": 'initial="he"',
    "LeakyReLU": 'activation="leaky_relu"',
    "GELU": "activation=gelu",
    "ModuleList": "a list of them in a Module",
    "NeuralNetwork": "MLP(2, [16, 1])",
    "Optimizer": "nn.Adam",
    "train": "Trainer(model, loss, optimiser).fit(",
    "accuracy": "model.score(inputs, targets)",
    "Value": "from autograd_core import Value",
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
    (lambda: neuron(2, True, "tanh"), r"write Neuron\(2, activation='tanh'\)"),
    (lambda: mlp(2, [2, 1], act="relu"), r"activation='relu'\)"),
    (lambda: layer(2, 2, act_fn=tanh), r"activation=tanh\)"),
    (lambda: layer(2, 2, False), "all else has a name: nonlin=False"),
    (lambda: mlp(2, 16, 16, 1), r"is made with MLP\(2, \[16, 16, 1\]\), .* not 16 alone"),
    (lambda: mlp(2, [1], nonlin=False), "takes no nonlin: write activation='identity'"),
    (lambda: mlp(2, [1], lr=0.1), r"takes no lr: the rate is SteepestDescent"),
    (lambda: mlp(2, [1], init="he"), "takes no init: write initial='he'"),
    (lambda: neuron(2, name="n"), r"^Neuron takes no name; see help\(Neuron\)$"),
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
    with pytest.raises(TypeError, match=r"^Adam takes no lr: the learning rate is rate=0\.01$"):
        anything(lr=0.01)
    anything = SteepestDescent
    with pytest.raises(TypeError, match="rate"):
        anything(lr=0.01)
    with pytest.raises(TypeError, match=r"the learning rate is rate=0\.01$"):
        anything(0.1, lr=0.01)
    trainer: Any = Trainer(MLP(1, [1]), squared_error, SteepestDescent(0.1))
    with pytest.raises(TypeError, match="progress=True or progress=False"):
        trainer.fit([[1.0]], [1.0], epochs=1, verbose=0)


X, Y = [[0.0, 1.0], [1.0, 0.0]], [0.0, 1.0]
model: Any = MLP(2, [3, 1], seed=1)
trainer: Any = Trainer(model, squared_error, SteepestDescent(0.1))
make: Any = nn
SLIPS: dict[str, tuple[Callable[[], Any], str]] = {
    "learning rate": (lambda: make.Adam(learning_rate=0.1), "learning_rate: the learning rate is"),
    "rate of a search": (lambda: make.LineSearch(lr=0.1), "the learning rate is rate=0.1"),
    "clipped search": (lambda: make.LineSearch(clip_norm=1.0), "chooses the length of its step"),
    "betas": (lambda: make.Adam(0.1, beta1=0.8), "write mean_decay=0.8"),
    "decay": (lambda: make.Adam(0.1, weight_decay=0.1), "penalty=L2(0.001)"),
    "parameters": (lambda: make.Adam(params=model.parameters()), "at each step, optimiser.step("),
    "parameters first": (
        lambda: make.Adam(model.parameters()),
        "an optimiser is made without parameters",
    ),
    "zero_grad": (lambda: make.Adam().zero_grad(), "write model.zero_grad()"),
    "rate of a trainer": (
        lambda: make.Trainer(model, squared_error, make.Adam(), lr=0.1),
        "the rate is the optimiser's: Adam(0.1)",
    ),
    "epochs": (
        lambda: make.Trainer(model, squared_error, make.Adam(), epochs=5),
        "write fit(inputs, targets, epochs=5)",
    ),
    "batch size": (lambda: trainer.fit(X, Y, epochs=1, batch_size=2), "given to Trainer(…)"),
    "callbacks": (lambda: trainer.fit(X, Y, epochs=1, callbacks=[print]), "write callback="),
    "validation": (
        lambda: trainer.fit(X, Y, epochs=1, validation_data=(X, Y)),
        "write validation=(inputs, targets)",
    ),
    "train": (lambda: trainer.train(X, Y), "trainer.fit(inputs, targets, epochs=100)"),
    "score": (lambda: trainer.score(X, Y), "trainer.model.score(inputs, targets)"),
    "fit": (lambda: model.fit(X, Y), "Trainer(model, loss, optimiser) and trainer.fit("),
    "batch size in fourth place": (
        lambda: make.Trainer(model, squared_error, make.Adam(), 32),
        "all has a name: Trainer(model, loss, optimiser, batch_size=32)",
    ),
    "validation in fourth place": (
        lambda: trainer.fit(X, Y, 5, (X, Y)),
        "all has a name: fit(inputs, targets, 100, validation=",
    ),
    "lr of steepest descent": (
        lambda: make.SteepestDescent(lr=0.1),
        "the learning rate is rate=0.1",
    ),
    "sizes in one list": (lambda: make.MLP([2, 4, 1]), "write MLP(2, [4, 1]) for MLP([2, 4, 1])"),
    "another model": (lambda: setattr(trainer, "model", None), "a model is an MLP"),
    "another history": (lambda: setattr(trainer, "history", []), "is a History, not []"),
    "loss of a history": (lambda: trainer.history.losses, 'write history["loss"]'),
    "plot of a history": (lambda: trainer.history.plot(), "viz.curves(history)"),
    "state as a list": (lambda: model.load_state_dict([0.5]), "and this is a list: a file is read"),
    "neurons by name": (
        lambda: setattr(model.layers[0], "neurons", {"a": Neuron(2)}),
        "the neurons of a layer are a list",
    ),
    "loss as text": (
        lambda: make.Trainer(model, "squared_error", make.Adam()),
        "not 'squared_error': write loss=nn.squared_error",
    ),
    "list frozen": (lambda: make.frozen(model.layers[0].neurons), "[frozen(x) for x in …]"),
    "predict_proba": (lambda: model.predict_proba(X), "model.predict_probabilities(inputs)"),
    "forward": (lambda: model.forward(X[0]), "call the model itself, model(inputs)"),
    "eval": (lambda: model.eval(), "the same in training and afterwards"),
    "summary": (lambda: model.summary(), "print(model)"),
    "weights": (lambda: model.weights, "model.layers[0].neurons[0].weights"),
    "rows": (lambda: model(X), "model.predict(rows)"),
    "trainable": (lambda: setattr(model.layers[0], "trainable", False), "nn.frozen(…)"),
    "tanh of Python": (
        lambda: make.MLP(2, [3, 1], activation=math.tanh),
        "write activation='tanh'",
    ),
}


@pytest.mark.parametrize(("slip", "words"), SLIPS.values(), ids=SLIPS)
def test_a_slip_is_answered_with_the_cure(slip: Callable[[], Any], words: str) -> None:
    with pytest.raises((TypeError, AttributeError, ValueError), match=re.escape(words)):
        slip()


def test_names_that_nobody_knows_are_not_there() -> None:
    for thing in (model, trainer, make.Adam()):
        with pytest.raises(AttributeError, match=r"object has no attribute 'nonsense'$"):
            thing.nonsense  # noqa: B018
        assert not hasattr(thing, "fit_transform")
    with pytest.raises(
        TypeError, match=r"^Trainer\.fit takes no nonsense; see help\(Trainer\.fit\)$"
    ):
        trainer.fit(X, Y, epochs=1, nonsense=2)


def test_the_activation_is_given_in_third_place_too() -> None:
    """As engines of others have it."""
    assert make.MLP(3, [4, 1], "tanh").layers[0].activation == "tanh"
    assert make.Layer(3, 4, "logistic").activation == "logistic"


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


ACTIVATIONS = {
    "ReLU": "write 'relu'",
    "Sigmoid": "write 'logistic'",
    "linear": "write 'identity'",
    "swish": "activation=silu, from autograd_core",
    "GELU": "activation=gelu, from autograd_core",
}


@pytest.mark.parametrize(("name", "words"), ACTIVATIONS.items())
def test_an_activation_of_another_name(name: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        MLP(2, [3, 1], activation=name)
