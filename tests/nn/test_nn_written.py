"""What is written to neurons, layers and networks holds, or is refused with what to write."""

import copy
import pickle
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import viz
from autograd_core import Value, relu, tanh
from nn import (
    MLP,
    Layer,
    Maxout,
    Module,
    Neuron,
    SteepestDescent,
    Trainer,
    forward_propagation,
    frozen,
    half_squared_error,
    softmax,
)

X = [1.0, -2.0]


def values(*numbers: float) -> list[Value]:
    return [Value(number) for number in numbers]


def data(outputs: Any) -> list[float]:
    return [value.data for value in (outputs if isinstance(outputs, list) else [outputs])]


def test_micrograds_names_are_read_and_written() -> None:
    neuron = Neuron(2, seed=1)
    assert neuron.w is neuron.weights and neuron.b is neuron.bias and neuron.nonlin
    neuron.w, neuron.b = w, b = values(1.0, 2.0), Value(0.5)
    assert neuron.weights is w and neuron.bias is b
    assert neuron([1.0, 1.0]).data == 3.5
    assert neuron.parameters() == [*w, b]
    assert list(neuron.named_parameters()) == ["weights.0", "weights.1", "bias"]


@pytest.mark.parametrize("options", [{}, {"gate_by_gate": True}, {"bias": "feature"}])
def test_what_is_written_is_what_a_network_computes_with_and_trains(options: Any) -> None:
    model = MLP(2, [2, 1], activation="identity", seed=1, **options)
    model(X)  # layers that have been called know their neurons
    for place, neuron in enumerate(model.layers[0].neurons):
        neuron.w, neuron.b = values(1.0, place), Value(0.5)
    model.layers[1].neurons[0].w = values(2.0, 1.0)
    model.layers[1].neurons[0].b = Value(-1.0)
    assert data(model(X)) == [2.0 * 1.5 - 0.5 - 1.0]
    assert len(model.parameters()) == 9
    Trainer(model, half_squared_error, SteepestDescent(0.1)).fit([X], [0.0], epochs=1)
    assert model.layers[1].neurons[0].b.data == pytest.approx(-1.0 - 0.1 * 1.5)


def test_a_neuron_may_get_more_inputs_and_no_bias() -> None:
    layer = Layer(2, 1, nonlin=False)
    layer.neurons[0].w = values(1.0, 2.0, 3.0)
    layer.neurons[0].b = None
    assert data(layer([1.0, 1.0, 1.0])) == [6.0]
    assert repr(layer) == "Layer(3, 1, identity): 3 parameters"
    layer.neurons[0].weights.append(Value(4.0))
    assert data(layer([1.0, 1.0, 1.0, 1.0])) == [10.0]
    layer.neurons[0].bias = False
    assert layer.neurons[0].bias is None
    neuron: Any = Neuron(2)
    neuron.w = np.array(values(1.0, 2.0))
    assert [w.data for w in neuron.parameters()[:2]] == [1.0, 2.0]


def test_nonlin() -> None:
    model = MLP(2, [2, 1], activation="tanh", seed=1)
    model.layers[0].neurons[0].nonlin = False
    hidden = model.layers[0].outputs(X)
    sums = [neuron.weighted_sum(X) for neuron in model.layers[0].neurons]
    assert data(hidden) == [sums[0].data, tanh(sums[1].data)]
    assert model.layers[0].activation == "identity, tanh"
    with pytest.raises(ValueError, match="does not have the activation 'identity, tanh'"):
        forward_propagation(model, X)
    model.layers[0].nonlin = False
    assert model.layers[0].activation == "identity"
    model.layers[0].nonlin = True
    assert data(model.layers[0].outputs(X)) == [relu(z.data) for z in sums]


def test_the_activation_of_a_layer_is_that_of_its_neurons() -> None:
    layer = Layer(2, 3, seed=1)
    sums = [neuron.weighted_sum(X) for neuron in layer.neurons]
    layer.activation = "tanh"
    assert data(layer(X)) == [tanh(z).data for z in sums]
    assert [neuron.activation for neuron in layer.neurons] == ["tanh"] * 3
    layer.activation = softmax
    assert layer.activation == "softmax"
    assert data(layer(X)) == pytest.approx(data(softmax(sums)))
    layer.activation = relu
    assert data(layer(X)) == [relu(z).data for z in sums]
    copied = pickle.loads(pickle.dumps(copy.deepcopy(layer)))
    assert copied.activation == "relu" and data(copied(X)) == data(layer(X))


class Tenfold(Layer):
    def __call__(self, inputs: Any) -> Any:
        return [10.0 * out for out in self.outputs(inputs)]


def test_a_layer_with_a_call_of_its_own() -> None:
    model = MLP(2, [3, 1], activation="identity", seed=1)
    plain = data(model(X))
    model.layers[1] = ten = Tenfold(3, 1, nonlin=False)
    ten.neurons = MLP(2, [3, 1], activation="identity", seed=1).layers[1].neurons
    assert data(model(X)) == pytest.approx([10.0 * plain[0]])
    assert data(model.activations and model.activations[-1]) == pytest.approx([10.0 * plain[0]])
    assert "Tenfold" not in repr(model).splitlines()[0]
    assert viz.draw(model).svg
    with pytest.raises(ValueError, match="of the class Layer, not Tenfold"):
        forward_propagation(model, X)


@pytest.fixture
def patch() -> Iterator[Callable[[type, str, Any], None]]:
    with pytest.MonkeyPatch.context() as context:
        yield context.setattr


@pytest.mark.parametrize("kind, name", [(Neuron, "__call__"), (Neuron, "weighted_sum")])
def test_a_patched_neuron(kind: type, name: str, patch: Any) -> None:
    model = MLP(2, [3, 1], seed=1)
    model(X)
    patch(kind, name, lambda self, inputs: Value(7.0))
    assert data(model.layers[0](X)) == [7.0] * 3
    assert data(model(X)) == [7.0]


def test_a_patched_layer(patch: Any) -> None:
    model = MLP(2, [3, 1], seed=1)
    before = data(model(X))
    original = Layer.__call__
    patch(Layer, "__call__", lambda self, inputs: original(self, [2.0 * x for x in inputs]))
    doubled = data(model(X))
    patch(Layer, "__call__", original)
    assert data(model(X)) == before
    assert doubled == data(
        model.layers[1]([2.0 * out.data for out in model.layers[0].outputs([2.0 * x for x in X])])
    )


class OwnNeuron(Neuron):
    def __init__(self, nin: int) -> None:
        self.w = values(*range(1, nin + 1))
        self.b = Value(0.5)


class OwnLayer(Layer):
    def __init__(self, nin: int, nout: int) -> None:
        self.neurons = [OwnNeuron(nin) for _ in range(nout)]


class OwnMLP(MLP):
    def __init__(self) -> None:
        self.layers = [OwnLayer(2, 2), OwnLayer(2, 1)]


def test_subclasses_that_make_their_parts_themselves() -> None:
    model = OwnMLP()
    assert data(model([1.0, 1.0])) == [3.5 + 2 * 3.5 + 0.5]
    assert len(model.parameters()) == 9
    assert repr(model).splitlines() == [
        "OwnMLP(2, [2, 1]): 9 parameters",
        "  layers.0: 2 → 2, relu, 6 parameters",
        "  layers.1: 2 → 1, relu, 3 parameters",
    ]
    history = Trainer(model, half_squared_error, SteepestDescent(0.001)).fit([X], [1.0], 5)
    assert history["loss"][-1] < history["loss"][0]
    with pytest.raises(ValueError, match=r"OwnMLP\(2, \[2, 1\]\) takes 2 numbers, not 3"):
        model([1.0, 2.0, 3.0])


def test_a_subclass_with_names_and_functions_of_its_own() -> None:
    class Tanh(Neuron):
        def __init__(self, nin: int) -> None:
            super().__init__(nin)
            self.nout = 1
            own: Any = lambda z: z.tanh()  # noqa: E731
            self.activation = own

    class Named(MLP):
        def __init__(self) -> None:
            super().__init__(2, [1])
            self.output = "linear"

    neuron = Tanh(2)
    assert neuron(X).data == neuron.weighted_sum(X).tanh().data
    assert Named().output == "linear"


class Unmade(MLP):
    def __init__(self) -> None:
        pass


class UnmadeLayer(Layer):
    def __init__(self) -> None:
        pass


class UnmadeNeuron(Neuron):
    def __init__(self) -> None:
        pass


@pytest.mark.parametrize(
    "made, message",
    [
        (Unmade(), r"Unmade has no layers: its __init__ calls super\(\)\.__init__\(nin, nouts\)"),
        (UnmadeLayer(), r"UnmadeLayer has no neurons: its __init__ calls .* sets self\.neurons"),
        (UnmadeNeuron(), r"UnmadeNeuron has no weights: its __init__ calls .* sets self\.w"),
    ],
)
def test_a_subclass_that_makes_nothing(made: Any, message: str) -> None:
    with pytest.raises(AttributeError, match=message):
        made(X)


class Doubling(Module):
    def __init__(self) -> None:
        self.gain = Value(2.0)

    def __call__(self, inputs: list[Any]) -> list[Any]:
        return [self.gain * x for x in inputs]


@pytest.mark.parametrize(
    "layer, expected",
    [
        (Doubling(), [2.0, -4.0]),
        (lambda xs: [relu(x) for x in xs], [1.0, 0.0]),
        (lambda xs: map(tanh, xs), [tanh(1.0), tanh(-2.0)]),
        (lambda xs: sum(xs), [-1.0]),
        (MLP(2, [2]), None),
        (Neuron(2), None),
        (Maxout(2), None),
    ],
)
def test_whatever_can_be_called_stands_among_the_layers(layer: Any, expected: Any) -> None:
    model = MLP(2, [2, 2], seed=1)
    model.layers.insert(0, lambda xs: list(xs))
    model.layers[1:] = [layer]
    assert data(model(values(*X))) == pytest.approx(expected or data(layer(X)))
    assert repr(model).startswith("MLP(?, [")


def test_a_module_among_the_layers_is_trained() -> None:
    model = MLP(1, [1], seed=1)
    model.layers.append(own := Doubling())
    Trainer(model, half_squared_error, SteepestDescent(0.1)).fit([[1.0]], [5.0], 1)
    assert own.gain.data != 2.0
    assert "layers.1.gain" in model.state_dict()
    assert repr(model).splitlines()[-1] == "  layers.1: Doubling, 1 parameters"


@pytest.mark.parametrize(
    "layer, message",
    [
        (tanh, r"layers\.1, tanh, was called with a list of 3 values: .* lambda xs: \[tanh\(x\)"),
        (lambda x: x.relu(), "no attribute 'relu'.*write lambda xs:"),
        ("relu", r"layers\.1 is 'relu': among the layers there are layers, other modules"),
        (Layer, r"layers\.1 is <class .*Layer'>: among the layers"),
        (None, r"layers\.1 is None"),
    ],
)
def test_what_cannot_be_a_layer(layer: Any, message: str) -> None:
    model = MLP(2, [3, 3, 1], seed=1)
    model.layers[1] = layer
    with pytest.raises(TypeError, match=message):
        model(X)


def test_a_function_among_the_neurons() -> None:
    layer = Layer(2, 2, seed=1)
    layer.neurons.insert(0, lambda xs: xs[0] * 3.0)
    assert data(layer(values(*X)))[0] == 3.0
    assert layer.activation == "<lambda>, relu"


@pytest.mark.parametrize(
    "write, error, message",
    [
        (lambda m, n: setattr(n, "w", [1.0, 2.0]), TypeError, r"weight 0 is 1\.0.*n\.w\[0\]\.data"),
        (
            lambda m, n: setattr(n, "w", Value(1.0)),
            TypeError,
            r"a list of values, .* this is Value\(",
        ),
        (lambda m, n: setattr(n, "weights", np.zeros(2)), TypeError, r"weight 0 is 0\.0"),
        (lambda m, n: setattr(n, "b", 0.5), TypeError, r"not 0\.5: write n\.b = Value\(0\.5\)"),
        (lambda m, n: setattr(n, "bias", True), TypeError, "a value, which .* not True"),
        (lambda m, n: setattr(n, "bias", "feature"), TypeError, "not 'feature'"),
        (lambda m, n: setattr(n, "activation", "tahn"), ValueError, "no activation 'tahn'"),
        (lambda m, n: setattr(n, "nin", 3), AttributeError, "nin of Neuron .* another Neuron"),
        (lambda m, n: setattr(n, "weighted_sum", sum), AttributeError, "a subclass of Neuron"),
        (lambda m, n: setattr(n, "__call__", sum), AttributeError, "a subclass of Neuron"),
        (lambda m, n: setattr(m, "__call__", sum), AttributeError, "a subclass of MLP"),
        (
            lambda m, n: setattr(m, "activation", "tanh"),
            AttributeError,
            r"activation of MLP is not read .*: write model\.layers\[0\]\.activation",
        ),
        (
            lambda m, n: setattr(m, "output", "tanh"),
            AttributeError,
            r"write model\.layers\[-1\]\.activation",
        ),
        (lambda m, n: setattr(m, "nouts", [1]), AttributeError, "make another MLP"),
        (
            lambda m, n: setattr(m.layers[0], "b", None),
            AttributeError,
            r"write layer\.neurons\[0\]\.b",
        ),
        (
            lambda m, n: setattr(Maxout(2), "w", values(1.0, 2.0)),
            AttributeError,
            r"write neuron\.pieces\[0\]\.w",
        ),
        (
            lambda m, n: setattr(Layer(2, 2, activation="maxout"), "activation", "relu"),
            ValueError,
            "a layer of Maxout cannot get the activation 'relu': make another Layer",
        ),
    ],
)
def test_what_would_be_ignored_is_refused(
    write: Callable[[Any, Any], None], error: type[Exception], message: str
) -> None:
    model = MLP(2, [3, 1], seed=1)
    before = model.state_dict(), data(model(X))
    with pytest.raises(error, match=message):
        write(model, model.layers[0].neurons[0])
    assert before == (model.state_dict(), data(model(X)))


# Habits of other libraries


@pytest.mark.parametrize("kind", [Neuron, Layer, MLP])
def test_a_forward_that_nothing_calls_is_refused(kind: Any) -> None:
    def forward(self: Any, inputs: Any) -> Any:
        return inputs

    with pytest.raises(TypeError, match=r"^nothing calls forward of Own: .*__call__ = forward"):
        type("Own", (kind,), {"forward": forward})
    own: Any = type("Own", (kind,), {"forward": forward, "__call__": forward})
    assert own.__new__(own)([1.0]) == [1.0]
    assert type("Own", (Module,), {"forward": forward})
    model: Any = MLP(2, [2, 1])
    with pytest.raises(AttributeError, match="nothing calls forward of MLP"):
        model.forward = lambda inputs: inputs


@pytest.mark.parametrize("name", ["act", "act_fn", "nonlinearity"])
def test_an_activation_under_another_name_is_refused(name: str) -> None:
    for module, instead in [
        (Neuron(2), "neuron.activation"),
        (Layer(2, 2), "layer.activation"),
        (MLP(2, [2, 1]), "model.layers[0].activation"),
    ]:
        with pytest.raises(AttributeError, match=f"write {instead}".replace("[", r"\[")):
            setattr(module, name, "tanh")


def test_an_activation_in_the_place_of_nonlin_is_refused() -> None:
    for activation, shown in [("tanh", "'tanh'"), (tanh, "tanh")]:
        wrong: Any = activation
        with pytest.raises(TypeError, match=f"^nonlin is True or False, .*activation={shown}$"):
            Neuron(2, wrong)
        with pytest.raises(TypeError, match=r"^nonlin is True or False"):
            Layer(2, 2, nonlin=wrong)
        with pytest.raises(TypeError, match=r"^nonlin is True or False"):
            Neuron(2).nonlin = wrong


def test_layers_and_neurons_may_be_in_a_deque_and_not_in_a_dictionary() -> None:
    model: Any = MLP(2, [2, 1], seed=1)
    before = data(model(X))
    model.layers = deque(model.layers)
    model.layers[0].neurons = deque(model.layers[0].neurons)
    assert data(model(X)) == before and len(model.parameters()) == 9
    with pytest.raises(TypeError, match=r"^the layers of a model are a list, not {'hidden': "):
        model.layers = {"hidden": Layer(2, 1)}


def test_what_is_written_to_a_trainer_under_another_name_is_refused() -> None:
    trainer: Any = Trainer(MLP(2, [1]), half_squared_error, SteepestDescent(0.1))
    for name, ours in [("optimizer", "optimiser"), ("criterion", "loss"), ("batchsize", "batch_")]:
        with pytest.raises(AttributeError, match=f"^{name} is not read: write trainer.{ours}"):
            setattr(trainer, name, None)
    for name, wrong in [("optimiser", SteepestDescent), ("penalty", 3), ("eager", "no")]:
        with pytest.raises(TypeError, match=r"^(an optimiser|a penalty|eager) is "):
            setattr(trainer, name, wrong)
    text: Any = "no"
    with pytest.raises(TypeError, match=r"^shuffle is True or False, not 'no'"):
        Trainer(MLP(2, [1]), half_squared_error, SteepestDescent(0.1), shuffle=text)


def test_a_method_of_values_that_is_replaced_is_the_activation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = MLP(1, [2, 1], seed=1)
    for parameter in model.parameters():
        parameter.data = 1.0
    model([1.0])
    monkeypatch.setattr(Value, "relu", lambda z: z * 100.0)
    assert data(model([1.0])) == [401.0]
    assert Neuron.__call__(model.layers[0].neurons[0], [1.0]).data == 200.0
    trainer = Trainer(model, half_squared_error, SteepestDescent(1e-6))
    trainer.fit([[1.0]], [0.0], 1)
    monkeypatch.undo()
    for parameter in model.parameters():
        parameter.data = 1.0
    assert data(model([1.0])) == [5.0]
    assert trainer.evaluate([[1.0]], [0.0])["loss"] == 12.5


def test_weights_with_methods_that_nothing_would_call() -> None:
    class Own(Value):
        def relu(self) -> Any:
            return self * 100.0

    class Labelled(Value):
        pass

    neuron = Neuron(1)
    with pytest.raises(TypeError, match=r"Own has its own relu, .* n\.activation = f"):
        neuron.w = [Own(1.0)]
    neuron.w = [Labelled(2.0)]
    assert neuron([1.0]).data == 2.0


def test_weights_that_gates_have_computed_are_told_of() -> None:
    model = MLP(1, [2, 1], seed=1)
    neuron = model.layers[0].neurons[0]
    neuron.w = [w * 0.1 for w in neuron.w]
    says = r"^1 of the weights and biases .*\(the first by 'multiply'\).*w\.data \*= 0\.1"
    with pytest.warns(UserWarning, match=says) as caught:
        assert len(model.parameters()) == 6
    assert caught[0].filename == __file__
    model.zero_grad()  # told once
    with pytest.warns(UserWarning, match="no parameters"):
        neuron.zero_grad()
    neuron.w = [Value(0.1 * w.data) for w in neuron.w]
    assert len(model.parameters()) == 7


def test_weights_that_are_computed_from_the_models_own_parameters_are_meant_to_be() -> None:
    class Normed(Neuron):
        def __init__(self) -> None:
            self.size, self.v = Value(2.0), values(3.0, 4.0)

        def __call__(self, inputs: Any) -> Value:
            length = sum((v * v for v in self.v), Value(0.0)) ** 0.5
            self.w = [self.size * v / length for v in self.v]
            return super().__call__(inputs)

    neuron = Normed()
    assert neuron([1.0, 0.0]).data == pytest.approx(1.2)
    assert len(neuron.parameters()) == 3
    Trainer(neuron, half_squared_error, SteepestDescent(0.1)).fit([X], [1.0], 2)


def test_parameters_are_those_that_are_there_now() -> None:
    model = MLP(2, [2, 1], seed=1)
    first = model.parameters()
    assert model.parameters() == first and model.parameters() is not first
    new = Value(first[0].data)  # of the same number
    model.layers[0].neurons[0].w[0] = new
    assert model.parameters()[0] is new
    model.layers.append(Layer(1, 1))
    assert len(model.parameters()) == 11
    frozen(model.layers[0])
    assert len(model.parameters()) == 5
    vars(model.layers[1].neurons[0])["bias"] = None
    assert len(model.parameters()) == 4
    twin = copy.deepcopy(model)
    assert not {*map(id, twin.parameters())} & {*map(id, model.parameters())}
    other = MLP(1, [1])
    vars(other).update(vars(model))
    other.layers = [Layer(1, 1)]
    assert other.parameters() == other.layers[0].parameters()


def test_a_neuron_that_becomes_another_is_what_its_layer_computes_with() -> None:
    class Doubled(Neuron):
        def __call__(self, inputs: Any) -> Any:
            return super().__call__(inputs) * 2.0

    layer = Layer(1, 2, activation="identity", seed=1)
    once = data(layer([1.0]))
    layer.neurons[1].__class__ = Doubled
    assert data(layer([1.0])) == [once[0], 2 * once[1]]
    del layer.neurons[0].bias
    assert layer.neurons[0].bias is None and len(layer.parameters()) == 3
    assert data(layer([1.0])) == [once[0], 2 * once[1]]
