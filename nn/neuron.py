"""A neuron: an activation function of a weighted sum."""

from collections.abc import Iterable
from typing import Any, Literal, SupportsFloat

from autograd_core import Value, dot, weighted_sum
from nn.activations import Activation, ActivationName, activation_named, name_of
from nn.initialisation import InitialisationName, Seed, initialisation_named, source_of
from nn.module import Module
from nn.validation import counted, whole_number

Bias = bool | Literal["feature"]
Inputs = Iterable[Value | SupportsFloat]


class Neuron(Module):
    """f(w₁x₁ + … + wₙxₙ + b).

    Args:
        nin: n, the number of inputs.
        nonlin: False for a linear neuron, micrograd's way to say `activation="identity"`.
        activation: f, by its name in `nn.ACTIVATIONS`, or a function or gate of your own.
        bias: True for b as a parameter that is added; `"feature"` for b as the weight of one more
            input that is hard-wired to 1; False for none. Both forms of b give the same numbers.
        gate_by_gate: whether the sum is written with `*` and `+` gates; else it is one gate,
            `weighted_sum`, which gives the same numbers.
        initial: the name of the rule by which the weights start, `"uniform"` (between -1 and 1,
            as in micrograd), `"xavier"` or `"he"`. The bias starts at 0.
        nout: how many neurons there are in the layer; `"xavier"` asks for it.
        seed: an integer for the same weights every time, or a source of random numbers. If left
            out, the module `random` is the source, and `random.seed` governs it.

    Attributes:
        weights: w₁ … wₙ.
        bias: b, or None.
        activation: the name of f.

    Raises:
        ValueError: if `nin` is less than 1, or a name is not among the choices.

    >>> neuron = Neuron(2, activation="logistic")
    >>> neuron.load_state_dict({"weights.0": 2.0, "weights.1": -3.0, "bias": -3.0})
    >>> out = neuron([-1.0, -2.0])
    >>> out.backward()
    >>> [round(parameter.grad, 2) for parameter in neuron.parameters()]
    [-0.2, -0.39, 0.2]
    """

    def __init__(
        self,
        nin: int,
        nonlin: bool = True,
        *,
        activation: ActivationName | Activation = "relu",
        bias: Bias = True,
        gate_by_gate: bool = False,
        initial: InitialisationName = "uniform",
        nout: int = 1,
        seed: Seed = None,
    ) -> None:
        nin = whole_number(nin, "nin", least=1)
        if bias not in (True, False, "feature"):
            raise ValueError(f"bias is True, False or 'feature', not {bias!r}")
        source = source_of(seed)
        rule = initialisation_named(initial)
        self.activation = name_of(activation) if nonlin else "identity"
        activation_named(self.activation)
        self._bias_is_a_feature = bias == "feature"
        self._gate_by_gate = gate_by_gate
        self.weights = [Value(rule(source, nin, nout)) for _ in range(nin)]
        self.bias: Value | Any = Value(0.0) if bias else None
        self.label_parameters()

    @property
    def is_plain(self) -> bool:
        """Whether this is f of one gate Σwx + b, which a layer can compute for all its neurons."""
        return not (type(self) is not Neuron or self._gate_by_gate or self._bias_is_a_feature)

    def __call__(self, inputs: Inputs) -> Value:
        """The neuron's output for one example.

        Args:
            inputs: n values or numbers.

        Raises:
            ValueError: if there are not n of them.
        """
        function = activation_named(self.activation)
        return function(self.weighted_sum(inputs))  # type: ignore[no-any-return]

    def weighted_sum(self, inputs: Inputs) -> Value:
        """z = w₁x₁ + … + wₙxₙ + b, before the activation function."""
        xs = as_inputs(inputs, len(self.weights), self)
        weights, bias = self.weights, self.bias
        if bias is not None and self._bias_is_a_feature:
            weights, xs, bias = [*weights, bias], [*xs, 1.0], None
        z: Value
        if not self._gate_by_gate:
            z = dot(weights, xs) if bias is None else weighted_sum(weights, xs, bias)
            return z
        first, *others = [weight * x for weight, x in zip(weights, xs, strict=True)]
        z = sum(others, first)
        return z if bias is None else z + bias

    def __repr__(self) -> str:
        count = len(self.parameters())
        return f"Neuron({len(self.weights)}, {self.activation}): {count} parameters"


class Maxout(Module):
    """max over k of (wₖ·x + bₖ): a neuron that learns its own activation function.

    Goodfellow, Warde-Farley, Mirza, Courville and Bengio, Maxout networks, 2013. Equal pieces
    share the gradient as a chain of `maximum` gates does: two of them half and half.

    Args:
        nin: the number of inputs.
        pieces: how many weighted sums it takes the largest of.
        options: `bias`, `gate_by_gate`, `initial`, `nout` and `seed`, as for `Neuron`.

    Attributes:
        pieces: a linear neuron for each weighted sum.

    Raises:
        ValueError: if there are fewer than two pieces.

    >>> absolute = Maxout(1, pieces=2)
    >>> for weight, piece in zip([1.0, -1.0], absolute.pieces):
    ...     piece.weights[0].data = weight
    >>> absolute([-3.0]).data
    3.0
    """

    activation = "maxout"

    def __init__(self, nin: int, pieces: int = 2, **options: Any) -> None:
        pieces = whole_number(pieces, "pieces", least=2)
        options["seed"] = source_of(options.get("seed"))
        self.pieces = [Neuron(nin, activation="identity", **options) for _ in range(pieces)]
        self.label_parameters()

    def __call__(self, inputs: Inputs) -> Value:
        """The neuron's output for one example."""
        first, *others = [piece(inputs) for piece in self.pieces]
        for other in others:
            first = first.maximum(other)
        return first

    def __repr__(self) -> str:
        nin, pieces = len(self.pieces[0].weights), len(self.pieces)
        return f"Maxout({nin}, pieces={pieces}): {len(self.parameters())} parameters"


_SEQUENCES = (list, tuple)


def as_inputs(inputs: Any, count: int, module: Module) -> list[Any]:
    """One example as a list, if it has as many numbers as there are inputs.

    Raises:
        ValueError: if it has not.
        TypeError: if it is no sequence.
    """
    example = inputs
    if type(inputs) is not list:
        if hasattr(inputs, "tolist"):
            example = inputs.tolist()
        elif hasattr(inputs, "__iter__"):
            example = list(inputs)
    if not isinstance(example, list):
        raise TypeError(
            f"{_short(module)} takes a list of {counted(count, 'number')}, not {inputs!r}"
        )
    if example and isinstance(example[0], _SEQUENCES):
        raise ValueError(
            f"{_short(module)} takes one example at a time, {counted(count, 'number')}: "
            "call it on each row of your data"
        )
    if len(example) != count:
        raise ValueError(f"{_short(module)} takes {counted(count, 'number')}, not {len(example)}")
    return example


def _short(module: Module) -> str:
    """The first line of what a module says of itself, without its count of parameters."""
    return repr(module).splitlines()[0].partition(":")[0]
