"""A layer: neurons side by side that take the same inputs."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, cast

from autograd_core import Gate, Value, affine
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
from nn.module import OTHER_NAMES, Module, ToBeMade, refuse_arguments
from nn.neuron import (
    Bias,
    Inputs,
    Maxout,
    Neuron,
    _edits,
    as_inputs,
    check_nonlin,
    network_of,
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


class _Together:
    """The neurons of a layer as they are now, computed together where they are alike."""

    def __init__(self, neurons: Sequence[Any]) -> None:
        self._edits = _edits[0]
        self._code = Neuron.__call__, Neuron.weighted_sum
        self._neurons = [*neurons]
        self._alike = (
            self._code == (_CALL, _SUM)
            and all(type(neuron) is Neuron and neuron.is_plain for neuron in neurons)
            and len({neuron.activation for neuron in neurons}) == 1
        )
        if self._alike:
            self._activation = neurons[0].activation
            self._weights = [neuron.weights for neuron in neurons]
            self._biases = [neuron.bias for neuron in neurons]

    def holds_for(self, neurons: Sequence[Any]) -> bool:
        """Whether these are the same neurons, and nothing has been written to any neuron since."""
        call, weighted_sum = self._code
        return (
            self._edits == _edits[0]
            and self._neurons == neurons
            and Neuron.__call__ is call
            and Neuron.weighted_sum is weighted_sum
        )

    def outputs(self, layer: "Layer", inputs: Inputs) -> list[Any]:
        """What the neurons compute from the inputs."""
        if not self._alike:
            inputs = as_inputs(inputs, layer._nin, layer)
            return [neuron(inputs) for neuron in self._neurons]
        weights = self._weights
        inputs = as_inputs(inputs, len(weights[0]), layer)
        function = activation_named(self._activation)
        try:
            if isinstance(function, Gate):
                return affine(weights, inputs, self._biases, function)
            return [function(z) for z in affine(weights, inputs, self._biases)]
        except ValueError:
            for place, row in enumerate(weights):
                if len(row) != len(inputs):
                    raise ValueError(
                        f"neurons[0] of this layer has {counted(len(inputs), 'weight')}, and "
                        f"neurons[{place}] has {len(row)}: all in a layer take the same inputs"
                    ) from None
            raise


_CALL, _SUM = Neuron.__call__, Neuron.weighted_sum
"""How a neuron computes, unless a patch of its class says otherwise."""


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
        *more: NoReturn,
        nonlin: bool = True,
        pieces: int = 2,
        bias: Bias = True,
        gate_by_gate: bool = False,
        initial: InitialisationName = "uniform",
        seed: Seed = None,
        **other: NoReturn,
    ) -> None:
        refuse_arguments("Layer(2, 3", more, other, activation)
        name = name_of(activation) if check_nonlin(nonlin) else "identity"
        options = pieces, bias, gate_by_gate, initial, source_of(seed)
        self._make(None, nin, nout, name, *options)

    def _make(
        self, number: int | None, nin: int, nout: int, activation: str, pieces: int, *options: Any
    ) -> None:
        """Make the neurons, with the labels of a layer of this number."""
        nin = whole_number(nin, "nin", least=1)
        nout = whole_number(nout, "nout", least=1)
        self._softmax = activation == SOFTMAX
        own = "identity" if self._softmax else activation
        self.neurons = []
        for place in range(1, nout + 1):
            neuron: Any = Maxout.__new__(Maxout) if own == MAXOUT else Neuron.__new__(Neuron)
            neuron._make(nin, pieces if own == MAXOUT else own, *options, nout, number, place)
            self.neurons.append(neuron)

    def __setattr__(self, name: str, thing: Any) -> None:
        if name == "neurons" and (isinstance(thing, Mapping) or not hasattr(thing, "__getitem__")):
            raise TypeError(f"the neurons of a layer are a list, not {thing!r}")
        super().__setattr__(name, thing)

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
        outputs = together.outputs(self, inputs)
        return softmax(outputs) if self._softmax else outputs

    def _network_(self) -> dict[str, Any]:
        """A network of this layer as plain data, for those who draw it: see `viz.Model`."""
        return network_of(self.neurons, self.activation, partial(outputs_of, self))

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
