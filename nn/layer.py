"""A layer: neurons side by side that take the same inputs."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from autograd_core import Gate, Value, affine, have_attributes
from nn.activations import (
    MAXOUT,
    SOFTMAX,
    Activation,
    ActivationName,
    activation_named,
    name_of,
    softmax,
)
from nn.initialisation import InitialisationName, Seed, source_of
from nn.module import Module, ToBeMade
from nn.neuron import (
    OTHER_NAMES,
    Bias,
    Inputs,
    Maxout,
    Neuron,
    as_inputs,
    check_nonlin,
    nonlinear,
)
from nn.validation import counted, whole_number

if TYPE_CHECKING:

    class Outputs(Value, list[Value]):  # type: ignore[misc]
        """A list of values; of one neuron the value itself.

        To a type checker it is both: `model(x).backward()` and `sum(model(x), Value(0.0))` are
        right, and a misspelt method is wrong.
        """

else:
    Outputs = Value | list[Value]


_written = vars(Neuron)
_CALL, _SUM = _written["__call__"], _written["weighted_sum"]
"""How a neuron computes, unless a patch of its class says otherwise."""


class _Together:
    """The neurons of a layer as they are now, computed together where they are alike.

    Attributes:
        first: the first one's weights; empty where they are not alike.
    """

    COMPARED = ("weights", "bias", "activation")

    def __init__(self, neurons: Sequence[Any]) -> None:
        self._neurons = list(neurons)
        self._alike = (
            _written["__call__"] is _CALL
            and _written["weighted_sum"] is _SUM
            and all(type(neuron) is Neuron and neuron.is_plain for neuron in neurons)
        )
        self._activation = neurons[0].activation if self._alike and neurons else ""
        self._alike = self._alike and all(
            neuron.activation == self._activation for neuron in neurons
        )
        self._known: list[Any] = []
        self.first: list[Any] = []
        if self._alike:
            self._known = [getattr(neuron, name) for neuron in neurons for name in self.COMPARED]
            self._weights = [neuron.weights for neuron in neurons]
            self._biases = [neuron.bias for neuron in neurons]
            self.first = self._weights[0] if neurons else []

    def holds_for(self, neurons: list[Any]) -> bool:
        """Whether these are the same neurons, with the same weights, biases and activations."""
        return (
            self._alike
            and _written["__call__"] is _CALL
            and _written["weighted_sum"] is _SUM
            and self._neurons == neurons
            and have_attributes(neurons, self.COMPARED, self._known)
        )

    def outputs(self, inputs: list[Any]) -> list[Any]:
        """What the neurons compute from the inputs."""
        if not self._alike:
            return [neuron(inputs) for neuron in self._neurons]
        if not self._neurons:
            return []
        function = activation_named(self._activation)
        if isinstance(function, Gate):
            return affine(self._weights, inputs, self._biases, function)
        return [function(z) for z in affine(self._weights, inputs, self._biases)]


class Layer(Module):
    """`nout` neurons that take the same `nin` inputs: a = f(W x + b), neuron by neuron.

    Args:
        nin: the number of inputs.
        nout: the number of neurons.
        activation: as for `Neuron`; or `"softmax"`, linear neurons whose outputs become
            probabilities; or `"maxout"`, neurons that take the largest of several sums.
        nonlin: False for linear neurons, as in micrograd.
        pieces: how many sums, for `"maxout"`.
        bias, gate_by_gate, initial, seed: as for `Neuron`.

    Attributes:
        neurons: the neurons; in place of one there may be any function of the list of inputs.
        activation: the activation's name; those of all neurons, where they differ. Written, it
            becomes that of every neuron.
        nonlin: False if that is the identity.

    A subclass may set `neurons` itself, without `super().__init__()`, and have its own `__call__`.

    Raises:
        ValueError: if a number is less than 1, or a name is not among the choices.

    >>> layer = Layer(3, 2, activation="tanh", seed=1)
    >>> layer
    Layer(3, 2, tanh): 8 parameters
    >>> [a.data for a in layer([0.0, 0.0, 0.0])]
    [0.0, 0.0]
    """

    neurons: list[Any] = cast(Any, ToBeMade("super().__init__(nin, nout), or sets self.neurons"))
    _softmax = False
    _together = _Together([])
    _MADE_WITH: ClassVar = {
        **dict.fromkeys(("nin", "nout", "initial", "seed", "gate_by_gate", "pieces"), ""),
        **dict.fromkeys(("weights", "bias", "w", "b"), "layer.neurons[0].{}"),
        **dict.fromkeys(OTHER_NAMES, "layer.activation"),
    }

    def __init__(
        self,
        nin: int,
        nout: int,
        activation: ActivationName | Activation = "relu",
        *,
        nonlin: bool = True,
        pieces: int = 2,
        bias: Bias = True,
        gate_by_gate: bool = False,
        initial: InitialisationName = "uniform",
        seed: Seed = None,
    ) -> None:
        nin = whole_number(nin, "nin", least=1)
        nout = whole_number(nout, "nout", least=1)
        name = name_of(activation) if check_nonlin(nonlin) else "identity"
        options: dict[str, Any] = {
            "bias": bias,
            "gate_by_gate": gate_by_gate,
            "initial": initial,
            "nout": nout,
            "seed": source_of(seed),
        }
        if name == MAXOUT:
            self.neurons = [Maxout(nin, pieces, **options) for _ in range(nout)]
        else:
            self._softmax = name == SOFTMAX
            own: Any = "identity" if self._softmax else name
            self.neurons = [Neuron(nin, activation=own, **options) for _ in range(nout)]
        self.label_parameters()

    @property
    def activation(self) -> str:
        """The activation's name."""
        if self._softmax:
            return SOFTMAX
        names = [getattr(neuron, "activation", kind_of(neuron)) for neuron in self.neurons]
        return ", ".join(map(str, dict.fromkeys(names)))

    @activation.setter
    def activation(self, activation: ActivationName | Activation) -> None:
        name: Any = name_of(activation)
        neurons = self.neurons
        if name == MAXOUT or not all(isinstance(neuron, Neuron) for neuron in neurons):
            kinds = ", ".join(dict.fromkeys(map(kind_of, neurons)))
            raise ValueError(
                f"a layer of {kinds} cannot get the activation {name!r}: make another Layer"
            )
        for neuron in neurons:
            neuron.activation = "identity" if name == SOFTMAX else name
        self._softmax = name == SOFTMAX

    @property
    def nonlin(self) -> bool:
        """Whether the activation is another than the identity."""
        return self.activation != "identity"

    @nonlin.setter
    def nonlin(self, nonlin: bool) -> None:
        name: Any = nonlinear(self.activation, nonlin)
        self.activation = name

    @property
    def _nin(self) -> int | None:
        """The number of inputs; None where the first neuron is of another class."""
        neurons = self.neurons
        first = neurons[0] if neurons else None
        if type(first) is Neuron:
            return len(first.weights)
        if isinstance(first, Maxout):
            first = first.pieces[0]
        if isinstance(first, Neuron) and hasattr(first, "weights"):
            return len(first.weights)
        return None

    def __call__(self, inputs: Inputs) -> Outputs:
        """The layer's outputs for one example.

        Args:
            inputs: `nin` values or numbers.

        Returns:
            A list of `nout` values; the value itself if there is one neuron, as in micrograd.
        """
        outputs = self.outputs(inputs)
        return outputs[0] if len(outputs) == 1 else outputs  # type: ignore[return-value]

    def outputs(self, inputs: Inputs) -> list[Any]:
        """The same, always as a list."""
        neurons, together = self.neurons, self._together
        if not together.holds_for(neurons):
            self._together = together = _Together(neurons)
        nin = len(together.first) if together.first else self._nin
        outputs = together.outputs(as_inputs(inputs, nin, self))
        return softmax(outputs) if self._softmax else outputs

    def _network_(self) -> dict[str, Any]:
        """A network of this layer as plain data, for those who draw it: see `viz.Model`."""
        layer = {
            "weights": [_of_each_piece(neuron, "weights") for neuron in self.neurons],
            "biases": [_of_each_piece(neuron, "bias") for neuron in self.neurons],
            "activation": self.activation,
            "function": partial(outputs_of, self),
        }
        return {"layers": [layer]}

    def __repr__(self) -> str:
        count = len(self.parameters())
        sizes = f"{self._nin}, {len(self.neurons)}"
        return f"{type(self).__name__}({sizes}, {self.activation}): {count} parameters"


_LAYER_CALL = Layer.__call__
"""How a layer computes, unless a subclass or a patch says otherwise."""


def outputs_of(layer: Any, inputs: list[Any], place: object = "") -> list[Any]:
    """What a layer, or a module or function that stands in its place, makes of a list of inputs.

    Raises:
        TypeError: if it cannot be called with a list.
    """
    if isinstance(layer, Layer) and type(layer).__call__ is _LAYER_CALL:
        return layer.outputs(inputs)
    name = f"layers.{place}"
    if not callable(layer) or isinstance(layer, type):
        raise TypeError(
            f"{name} is {layer!r}: among the layers there are layers, other modules that can be "
            "called, and functions that take a list of values and return one"
        )
    try:
        outputs = layer(inputs)
    except (TypeError, AttributeError) as error:
        if isinstance(layer, Module):
            raise
        own = getattr(layer, "__name__", "f")
        raise TypeError(
            f"{name}, {own}, was called with a list of {counted(len(inputs), 'value')}: {error}. "
            f"If it takes a single value, write lambda xs: [{own}(x) for x in xs]"
        ) from error
    if isinstance(outputs, Value) or not hasattr(outputs, "__iter__"):
        return [outputs]
    return list(outputs)


def kind_of(thing: Any) -> str:
    """The name of a function, or of the class of a neuron or layer."""
    return str(getattr(thing, "__name__", type(thing).__name__))


def _of_each_piece(neuron: Neuron | Maxout, name: str) -> Any:
    """What a neuron has under a name, or a list of what the pieces of a maxout neuron have."""
    if isinstance(neuron, Maxout):
        return [getattr(piece, name) for piece in neuron.pieces]
    return getattr(neuron, name)
