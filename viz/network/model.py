"""What `viz` asks of a model: one method, `_network_`, that returns plain data."""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
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

    Weights, biases and activations are values, whose gradients are shown too, or plain numbers, in
    lists or arrays. Tensors of another library become such by their method `tolist()`.

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
        path: its name in pictures and messages, `layers.0.neurons.0` or with `.pieces.0`.
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
        path: its name in pictures and messages, `layers.0`.
        activation: the name of the activation function.
        neurons: the weighted sums of each neuron: one, or one for each piece of maxout.
        function: from the inputs to the outputs, or None; `outputs` reads what it returns.
    """

    path: str
    activation: str
    neurons: tuple[tuple[WeightedSum, ...], ...]
    function: Callable[[Sequence[Any]], Any] | None

    @property
    def nin(self) -> int:
        """The number of inputs."""
        return len(self.neurons[0][0].weights)

    def outputs(self, returned: Any) -> list[Any]:
        """What the function returned, as a list; an error if it is not a number for each neuron."""
        outputs = list(returned) if _is_list(returned) else [returned]
        for place, output in enumerate(outputs):
            _check_number(f"output {place} of the function of {self.path}", output)
        if len(outputs) != len(self.neurons):
            raise ValueError(
                f"{self.path} has {len(self.neurons)} neurons, but its function returns "
                f"{len(outputs)} outputs"
            )
        return outputs


Activations = list[list[Any]] | None
"""The inputs of the last call and the outputs of each layer, as a model returns them."""


def is_model(thing: object) -> TypeGuard[Model]:
    """Whether something is drawn as a network."""
    return callable(getattr(type(thing), "_network_", None))


def read_model(model: Model) -> tuple[tuple[Layer, ...], Activations]:
    """What a model says of itself, checked: its layers, at least one, and its last call.

    Raises:
        TypeError, ValueError: if it is not what `Model` asks for.

    >>> from nn import MLP
    >>> layers, activations = read_model(MLP(2, [3, 1]))
    >>> [(layer.nin, layer.activation) for layer in layers], activations
    ([(2, 'relu'), (3, 'identity')], None)
    """
    network = _network_of(model)
    layers: list[Layer] = []
    for place, data in enumerate(_layers_in(network, (model,))):
        layers.append(_read_layer(f"layers.{place}", data))
        nin, outputs = layers[-1].nin, len(layers[place - 1].neurons)
        if place and nin != outputs:
            raise ValueError(
                f"layers.{place} takes {nin} inputs, but layers.{place - 1} has {outputs} neurons"
            )
    if not layers:
        raise ValueError(f"{type(model).__name__} has no layers")
    return tuple(layers), _read_activations(network.get("activations"))


def number_of(parameter: Any) -> float:
    """The number of a value, or a number itself."""
    return parameter.data if isinstance(parameter, Value) else Value(parameter).data


def _network_of(model: Model) -> Mapping[str, Any]:
    where = f"{type(model).__name__}._network_()"
    return _checked(where, model._network_(), {"layers"}, {"activations"})


def _layers_in(network: Mapping[str, Any], models: tuple[Model, ...]) -> Iterator[Any]:
    """The layers of the last of these models, and of the models among them."""
    for layer in _listed("'layers'", "of layers", network["layers"]):
        if not is_model(layer):
            yield layer
        elif any(layer is each for each in models):
            raise ValueError(f"{type(layer).__name__} has itself among its layers")
        else:
            yield from _layers_in(_network_of(layer), (*models, layer))


def _read_layer(path: str, data: Any) -> Layer:
    data = _checked(path, data, {"weights", "activation"}, {"biases", "function"})
    weights = _listed(f"'weights' of {path}", "with a list for each neuron", data["weights"])
    biases = _biases(f"'biases' of {path}", "neuron", data.get("biases"), len(weights))
    if not weights:
        raise ValueError(f"{path} has no neurons")
    if len(biases) != len(weights):
        raise ValueError(f"{path} has {len(weights)} neurons, but {len(biases)} biases")
    activation, function = data["activation"], data.get("function")
    if not isinstance(activation, str):
        raise TypeError(f"{path} has as activation a name, not {activation!r}")
    if function is not None and not callable(function):
        raise TypeError(f"{path} has as function something to call, not {function!r}")
    neurons = tuple(
        _read_neuron(f"{path}.neurons.{place}", *neuron)
        for place, neuron in enumerate(zip(weights, biases, strict=True))
    )
    counts = sorted({len(each.weights) for neuron in neurons for each in neuron} or {0})
    if counts[0] == 0 or len(counts) > 1:
        raise ValueError(
            f"all neurons of {path} have as many weights as the layer has inputs, "
            f"at least one, not {' and '.join(map(str, counts))}"
        )
    return Layer(path, activation, neurons, function)


def _read_neuron(path: str, weights: Any, bias: Any) -> tuple[WeightedSum, ...]:
    weights = _listed(f"{path}.weights", "with one for each input", weights)
    if not weights or not _is_list(weights[0]):
        return (_read_sum(path, weights, bias),)
    biases = _biases(f"{path}.bias", "piece of maxout", bias, len(weights))
    if len(biases) != len(weights):
        raise ValueError(f"{path} has {len(weights)} pieces, but {len(biases)} biases")
    return tuple(
        _read_sum(f"{path}.pieces.{place}", *piece)
        for place, piece in enumerate(zip(weights, biases, strict=True))
    )


def _read_sum(path: str, weights: Any, bias: Any) -> WeightedSum:
    weights = _numbers(f"{path}.weights", "with one for each input", weights)
    if bias is not None:
        _check_number(f"{path}.bias", bias)
    return WeightedSum(path, weights, bias)


def _read_activations(columns: Any) -> Activations:
    if columns is None:
        return None
    parts = "with a list for the inputs and one for each layer"
    return [
        _numbers(f"activations.{place}", "of numbers", column)
        for place, column in enumerate(_listed("'activations'", parts, columns))
    ]


def _is_list(thing: Any) -> bool:
    """Whether something has elements in an order; texts, mappings and sets are taken for none."""
    if isinstance(thing, str | bytes | Mapping | Set):
        return False
    try:
        iter(thing)  # arrays without a dimension have the method, and refuse
    except TypeError:
        return False
    return True


def _listed(where: str, parts: str, thing: Any) -> list[Any]:
    """The elements of something that is to be a list with such parts."""
    if not _is_list(thing):
        raise TypeError(f"{where} is a list {parts}, not {thing!r}")
    return list(thing)


def _biases(where: str, taker: str, biases: Any, count: int) -> list[Any]:
    """A bias for each of so many neurons or pieces: None where there are none."""
    return (
        [None] * count if biases is None else _listed(where, f"with one for each {taker}", biases)
    )


def _numbers(where: str, parts: str, thing: Any) -> list[Any]:
    """The elements of something that is to be a list of values and numbers."""
    numbers = _listed(where, parts, thing)
    for place, number in enumerate(numbers):
        if not isinstance(number, _QUICK):
            _check_number(f"{where}.{place}", number)
    return numbers


_QUICK = (Value, float)
"""What most numbers are; of a large layer each is looked at."""


def _check_number(where: str, number: Any) -> None:
    try:
        number_of(number)
    except TypeError:
        raise TypeError(f"{where} is a value or a plain number, not {number!r}") from None


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
