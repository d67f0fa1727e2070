"""What `viz` asks of a model: one method, `_network_`, that returns plain data."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, Protocol, TypeGuard

from autograd_core import Value


class Model(Protocol):
    """What is drawn as a network: anything whose class has the method `_network_`.

    `nn.MLP` and `nn.Layer` have it. A class of your own, or one around a model of another library,
    needs nothing else for `viz.draw` and for the functions of `viz.plots` that take a model.

    `_network_` takes no argument and returns a mapping:

    - `"layers"`: the layers in order, at least one. Each is a mapping as below, or something that
      has `_network_` itself, whose layers then stand in its place.
    - `"activations"`: the numbers of the last call, a list of the inputs and then for each layer a
      list of its outputs; None, or left out, if there are none.

    A layer is a mapping:

    - `"weights"`: for each neuron a list of its weights, one for each input of the layer. A maxout
      neuron has such a list for each of its pieces.
    - `"biases"`: for each neuron its bias or None, for a maxout neuron a list with one for each
      piece; may be left out.
    - `"activation"`: the name of the activation function, for the heading.
    - `"function"`: the layer as a function, from a list of inputs to the list of its outputs, or to
      the only one; may be left out. `viz.plots.neuron_heatmaps` computes the neurons with it, and
      `viz.draw` finds out whether the activations are still those of the model; without it they
      are shown as they are. It must not change the model.

    Weights, biases and activations are values, whose gradients are shown too, or plain numbers.

    >>> import viz
    >>> from autograd_core import Value, dot, tanh
    >>> class Perceptron:
    ...     def __init__(self):
    ...         self.w, self.b, self.last = [Value(1.0), Value(-2.0)], Value(0.5), None
    ...
    ...     def layer(self, inputs):
    ...         return [tanh(dot(self.w, inputs) + self.b)]
    ...
    ...     def __call__(self, inputs):
    ...         self.last = [inputs, self.layer(inputs)]
    ...         return self.last[-1][0]
    ...
    ...     def _network_(self):
    ...         layer = {"weights": [self.w], "biases": [self.b], "activation": "tanh"}
    ...         return {"layers": [{**layer, "function": self.layer}], "activations": self.last}
    >>> viz.draw(Perceptron())
    <NetworkDrawing of Perceptron(2, [1]), weights; .save('network.svg') writes it>
    """

    def _network_(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class WeightedSum:
    """Σ wᵢxᵢ + b.

    Attributes:
        path: the way to it from its neuron, empty or `.pieces.0`.
        weights: w₁, w₂, …, values or numbers.
        bias: b, or None.
    """

    path: str
    weights: Sequence[Any]
    bias: Any


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of a model.

    Attributes:
        activation: the name of the activation function.
        neurons: the weighted sums of each neuron: one, or one for each piece of maxout.
        function: from the inputs to the outputs, or None.
    """

    activation: str
    neurons: tuple[tuple[WeightedSum, ...], ...]
    function: Callable[[Sequence[Any]], Any] | None

    @property
    def nin(self) -> int:
        """The number of inputs."""
        return len(self.neurons[0][0].weights)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a model says of itself.

    Attributes:
        layers: at least one.
        activations: as a model returns them.
    """

    layers: tuple[Layer, ...]
    activations: list[list[Any]] | None


def is_model(thing: object) -> TypeGuard[Model]:
    """Whether something is drawn as a network."""
    return callable(getattr(type(thing), "_network_", None))


def read_model(model: Model) -> Parts:
    """What a model says of itself, checked.

    Raises:
        TypeError, ValueError: if it is not what `Model` asks for.

    >>> from nn import MLP
    >>> [(layer.nin, layer.activation) for layer in read_model(MLP(2, [3, 1])).layers]
    [(2, 'relu'), (3, 'identity')]
    """
    network = _network_of(model)
    layers: list[Layer] = []
    for place, data in enumerate(_layers_in(network)):
        layers.append(_read_layer(f"layers.{place}", data))
        nin, outputs = layers[-1].nin, len(layers[place - 1].neurons)
        if place and nin != outputs:
            raise ValueError(
                f"layers.{place} takes {nin} inputs, but layers.{place - 1} has {outputs} neurons"
            )
    if not layers:
        raise ValueError(f"{type(model).__name__} has no layers")
    activations = network.get("activations")
    call = None if activations is None else [list(column) for column in activations]
    return Parts(tuple(layers), call)


def number_of(parameter: Any) -> float:
    """The number of a value, or a number itself."""
    return parameter.data if isinstance(parameter, Value) else Value(parameter).data


def listed(outputs: Any) -> list[Any]:
    """What a layer's function returned, as a list."""
    return list(outputs) if hasattr(outputs, "__iter__") else [outputs]


def _network_of(model: Model) -> Mapping[str, Any]:
    where = f"{type(model).__name__}._network_()"
    return _checked(where, model._network_(), {"layers"}, {"activations"})


def _layers_in(network: Mapping[str, Any]) -> Iterator[Any]:
    """The layers of a network, and of the models among them."""
    for layer in network["layers"]:
        if is_model(layer):
            yield from _layers_in(_network_of(layer))
        else:
            yield layer


def _read_layer(where: str, data: Any) -> Layer:
    data = _checked(where, data, {"weights", "activation"}, {"biases", "function"})
    weights, biases = list(data["weights"]), data.get("biases")
    biases = [None] * len(weights) if biases is None else list(biases)
    if not weights:
        raise ValueError(f"{where} has no neurons")
    if len(biases) != len(weights):
        raise ValueError(f"{where} has {len(weights)} neurons, but {len(biases)} biases")
    if not isinstance(data["activation"], str):
        raise TypeError(f"{where} has as activation a name, not {data['activation']!r}")
    neurons = tuple(map(_read_neuron, weights, biases))
    counts = sorted({len(each.weights) for neuron in neurons for each in neuron} or {0})
    if counts[0] == 0 or len(counts) > 1:
        raise ValueError(
            f"all neurons of {where} have as many weights as the layer has inputs, "
            f"at least one, not {' and '.join(map(str, counts))}"
        )
    return Layer(data["activation"], neurons, data.get("function"))


def _read_neuron(weights: Sequence[Any], bias: Any) -> tuple[WeightedSum, ...]:
    if not len(weights) or isinstance(weights[0], Value | Real):
        return (WeightedSum("", weights, bias),)
    biases = [None] * len(weights) if bias is None else bias
    pieces = enumerate(zip(weights, biases, strict=True))
    return tuple(WeightedSum(f".pieces.{place}", *piece) for place, piece in pieces)


def _checked(where: str, data: Any, needed: set[str], possible: set[str]) -> Mapping[str, Any]:
    """See that something is a mapping with these keys."""
    if not isinstance(data, Mapping):
        raise TypeError(f"{where} is a mapping with {_names(needed)}, not {data!r}")
    if missing := needed - set(data):
        raise ValueError(f"{where} lacks {_names(missing)}")
    if unknown := set(data) - needed - possible:
        raise ValueError(f"{where} has {_names(unknown)}; known are {_names(needed | possible)}")
    return data


def _names(keys: set[str]) -> str:
    return ", ".join(repr(key) for key in sorted(keys, key=str))
