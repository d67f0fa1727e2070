"""A layer: neurons side by side that take the same inputs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

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
from nn.module import Module
from nn.neuron import Bias, Inputs, Maxout, Neuron, as_inputs
from nn.validation import whole_number

if TYPE_CHECKING:

    class Outputs(Value, list[Value]):  # type: ignore[misc]
        """A list of values; of one neuron the value itself.

        To a type checker it is both: `model(x).backward()` and `sum(model(x), Value(0.0))` are
        right, and a misspelt method is wrong.
        """

else:
    Outputs = Value | list[Value]


class Layer(Module):
    """`nout` neurons that take the same `nin` inputs: a = f(W x + b), neuron by neuron.

    Args:
        nin: the number of inputs.
        nout: the number of neurons.
        nonlin: False for linear neurons, as in micrograd.
        activation: as for `Neuron`; or `"softmax"`, linear neurons whose outputs become
            probabilities; or `"maxout"`, neurons that take the largest of several sums.
        pieces: how many sums, for `"maxout"`.
        bias, gate_by_gate, initial, seed: as for `Neuron`.

    Attributes:
        neurons: the neurons.
        activation: the activation's name.

    Raises:
        ValueError: if a number is less than 1, or a name is not among the choices.

    >>> layer = Layer(3, 2, activation="tanh", seed=1)
    >>> layer
    Layer(3, 2, tanh): 8 parameters
    >>> [a.data for a in layer([0.0, 0.0, 0.0])]
    [0.0, 0.0]
    """

    def __init__(
        self,
        nin: int,
        nout: int,
        *,
        nonlin: bool = True,
        activation: ActivationName | Activation = "relu",
        pieces: int = 2,
        bias: Bias = True,
        gate_by_gate: bool = False,
        initial: InitialisationName = "uniform",
        seed: Seed = None,
    ) -> None:
        nin = whole_number(nin, "nin", least=1)
        nout = whole_number(nout, "nout", least=1)
        self.activation = name_of(activation) if nonlin else "identity"
        self._nin = nin
        options: dict[str, Any] = {
            "bias": bias,
            "gate_by_gate": gate_by_gate,
            "initial": initial,
            "nout": nout,
            "seed": source_of(seed),
        }
        self.neurons: list[Any]  # neurons, or maxout neurons
        if self.activation == MAXOUT:
            self.neurons = [Maxout(nin, pieces, **options) for _ in range(nout)]
        else:
            own: Any = "identity" if self.activation == SOFTMAX else self.activation
            self.neurons = [Neuron(nin, activation=own, **options) for _ in range(nout)]
        self._together = _Together([])
        self.label_parameters()

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
        inputs = as_inputs(inputs, self._nin, self)
        if not self._together.holds_for(self.neurons):
            self._together = _Together(self.neurons)
        outputs = self._together.outputs(inputs)
        return softmax(outputs) if self.activation == SOFTMAX else outputs

    def _network_(self) -> dict[str, Any]:
        """A network of this layer as plain data, for those who draw it: see `viz.Model`."""
        layer = {
            "weights": [_of_each_piece(neuron, "weights") for neuron in self.neurons],
            "biases": [_of_each_piece(neuron, "bias") for neuron in self.neurons],
            "activation": self.activation,
            "function": self.outputs,
        }
        return {"layers": [layer]}

    def __repr__(self) -> str:
        count = len(self.parameters())
        return f"Layer({self._nin}, {len(self.neurons)}, {self.activation}): {count} parameters"


def _of_each_piece(neuron: Neuron | Maxout, name: str) -> Any:
    """What a neuron has under a name, or a list of what the pieces of a maxout neuron have."""
    if isinstance(neuron, Maxout):
        return [getattr(piece, name) for piece in neuron.pieces]
    return getattr(neuron, name)


class _Together:
    """The neurons of a layer as they are now, computed together where they are alike."""

    COMPARED = ("weights", "bias", "activation")

    def __init__(self, neurons: Sequence[Any]) -> None:
        self._neurons = list(neurons)
        self._activation = neurons[0].activation if neurons else ""
        self._alike = all(
            type(neuron) is Neuron and neuron.is_plain and neuron.activation == self._activation
            for neuron in neurons
        )
        self._known: list[Any] = []
        if self._alike:
            self._known = [getattr(neuron, name) for neuron in neurons for name in self.COMPARED]
            self._weights = [neuron.weights for neuron in neurons]
            self._biases = [neuron.bias for neuron in neurons]

    def holds_for(self, neurons: list[Any]) -> bool:
        """Whether these are the same neurons, with the same weights, biases and activations."""
        return (
            self._alike
            and self._neurons == neurons
            and have_attributes(neurons, self.COMPARED, self._known)
        )

    def outputs(self, inputs: list[Any]) -> list[Any]:
        """What the neurons compute from the inputs."""
        if not self._alike:
            return [neuron(inputs) for neuron in self._neurons]
        function = activation_named(self._activation)
        if isinstance(function, Gate):
            return affine(self._weights, inputs, self._biases, function)
        return [function(z) for z in affine(self._weights, inputs, self._biases)]
