"""A neuron: an activation function of a weighted sum."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Any, ClassVar, Literal, NoReturn, SupportsFloat, cast

from autograd_core import Value, dot, weighted_sum
from autograd_core.explain import indexed
from nn.activations import MAXOUT, METHODS, Activation, ActivationName, activation_named, name_of
from nn.initialisation import InitialisationName, Seed, initialisation_named, source_of
from nn.module import OTHER_NAMES, Module, ToBeMade, refuse_arguments, weight_names
from nn.validation import counted, whole_number

Bias = bool | Literal["feature"]
Inputs = Iterable[Value | SupportsFloat]


_edits: list[int] = [0]
"""How often what layers read of neurons was written: so a layer sees that its own are the same."""

_READ_BY_LAYERS = {"weights", "bias", "activation", "_gate_by_gate", "_bias_is_a_feature"}
_READ_BY_LAYERS |= {"__class__", "__dict__"}


def _other_name(name: str) -> property:
    """An attribute under micrograd's name."""
    doc = f"The attribute `{name}`, under micrograd's name."
    return property(attrgetter(name), lambda self, thing: setattr(self, name, thing), None, doc)


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
        initial: the name of the rule by which the weights start, `"uniform"` (between -1 and 1, so
            that the numbers are micrograd's), `"xavier"` or `"he"`. Networks of several hidden
            layers learn better from `"he"` (relu) or `"xavier"` (tanh, logistic). The bias starts
            at 0.
        nout: how many neurons there are in the layer; `"xavier"` asks for it.
        seed: an integer for the same weights every time, or a source of random numbers. If left
            out, the module `random` is the source, and `random.seed` governs it.

    Attributes:
        weights, w: w₁ … wₙ, two names of one list; values, or what is computed from values.
        bias, b: b, or None.
        activation: the name of f.
        nonlin: False if f is the identity.

    All may be written, under either name. A subclass may set them itself, without
    `super().__init__()`; b is then None and f is relu until it says otherwise.

    Raises:
        ValueError: if `nin` is less than 1, or a name is not among the choices.

    >>> neuron = Neuron(2, activation="logistic")
    >>> neuron.load_state_dict({"weights.0": 2.0, "weights.1": -3.0, "bias": -3.0})
    >>> out = neuron([-1.0, -2.0])
    >>> out.backward()
    >>> [round(parameter.grad, 2) for parameter in neuron.parameters()]
    [-0.2, -0.39, 0.2]
    >>> neuron.w, neuron.b, neuron.nonlin = [Value(1.0), Value(2.0)], Value(0.5), False
    >>> neuron([1.0, 1.0]).data
    3.5
    """

    activation: str = "relu"
    bias: Value | Any = None
    weights: list[Value] = cast(
        Any, ToBeMade("super().__init__(nin), or sets self.w, a list of values, and self.b")
    )
    _bias_is_a_feature = False
    _gate_by_gate = False
    _TRAINED = ("weights", "bias")
    _MADE_WITH: ClassVar = {
        **dict.fromkeys(("nin", "nout", "initial", "seed", "gate_by_gate"), ""),
        **dict.fromkeys(OTHER_NAMES, "neuron.activation"),
    }

    def __init__(
        self,
        nin: int,
        nonlin: bool = True,
        *more: NoReturn,
        activation: ActivationName | Activation = "relu",
        bias: Bias = True,
        gate_by_gate: bool = False,
        initial: InitialisationName = "uniform",
        nout: int = 1,
        seed: Seed = None,
        **other: NoReturn,
    ) -> None:
        refuse_arguments("Neuron(2", more, other)
        name = name_of(activation) if check_nonlin(nonlin) else "identity"
        self._make(nin, name, bias, gate_by_gate, initial, source_of(seed), nout, None)

    def _make(self, nin: int, activation: str, bias: Bias, gate_by_gate: bool, *start: Any) -> None:
        """Make the parameters, with the labels of this layer and neuron."""
        nin = whole_number(nin, "nin", least=1)
        if bias not in (True, False, "feature"):
            raise ValueError(f"bias is True, False or 'feature', not {bias!r}")
        initial, source, nout, layer, *place = start
        rule = initialisation_named(initial)
        self.activation = activation
        activation_named(activation)
        self._bias_is_a_feature = bias == "feature"
        self._gate_by_gate = gate_by_gate
        names = weight_names(layer, place, nin)
        self.weights = [Value(rule(source, nin, nout), name) for name in names]
        self.bias = Value(0.0, indexed("b", *place, layer=layer)) if bias else None

    w: list[Value] = cast(Any, _other_name("weights"))
    b: Value | Any = _other_name("bias")

    @property
    def nonlin(self) -> bool:
        """Whether the activation is another than the identity."""
        return self.activation != "identity"

    @nonlin.setter
    def nonlin(self, nonlin: bool) -> None:
        self.activation = nonlinear(self.activation, nonlin)

    def __setattr__(self, name: str, thing: Any) -> None:
        if name in _READ_BY_LAYERS:
            _edits[0] += 1
        if name == "weights":
            thing = _checked_weights(thing)
        elif name == "bias":
            thing = _checked_bias(thing)
        elif name == "activation" and type(self) is Neuron:
            thing = name_of(thing)
            activation_named(thing)
        elif name == "weighted_sum":
            raise AttributeError(
                "weighted_sum is a method: write your own in a subclass of Neuron, and put its "
                "neurons into layer.neurons"
            )
        super().__setattr__(name, thing)

    def __delattr__(self, name: str) -> None:
        _edits[0] += 1
        super().__delattr__(name)

    @property
    def is_plain(self) -> bool:
        """Whether this is f of one gate Σwx + b, which a layer can compute for all its neurons."""
        return type(self) is Neuron and not (self._gate_by_gate or self._bias_is_a_feature)

    def __call__(self, inputs: Inputs) -> Value:
        """The neuron's output for one example.

        Args:
            inputs: n values or numbers.

        Raises:
            ValueError: if there are not n of them.
        """
        own: Any = self.activation  # a subclass may have a function there
        function = own if callable(own) else activation_named(own)
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

    def _network_(self) -> dict[str, Any]:
        """This neuron as plain data, for those who draw it: see `viz.Model`."""
        return network_of([self], str(self.activation), self)

    def __repr__(self) -> str:
        nin, count = len(vars(self).get("weights", ())), len(self.parameters())
        return f"{type(self).__name__}({nin}, {self.activation}): {count} parameters"


def check_nonlin(nonlin: Any) -> bool:
    """Whether neurons are to be non-linear.

    Raises:
        TypeError: if this is an activation.
    """
    if isinstance(nonlin, str) or callable(nonlin):
        shown = repr(nonlin) if isinstance(nonlin, str) else getattr(nonlin, "__name__", "f")
        raise TypeError(
            f"nonlin is True or False, not {nonlin!r}: for that function write activation={shown}"
        )
    return bool(nonlin)


def nonlinear(activation: str, nonlin: bool) -> str:
    """The activation after `nonlin` was written: relu where an identity is to become non-linear."""
    if not check_nonlin(nonlin):
        return "identity"
    return "relu" if activation == "identity" else activation


def _checked_weights(weights: Any) -> Any:
    """What is written as the weights of a neuron, if they can be trained.

    Raises:
        TypeError: if they are no list of values.
    """
    if hasattr(weights, "tolist"):
        weights = weights.tolist()
    listed = isinstance(weights, _SEQUENCES)
    for place, weight in enumerate(weights if listed else [weights]):
        if not listed or not isinstance(weight, Value):
            what = f"weight {place} is {weight!r}" if listed else f"this is {weights!r}"
            raise TypeError(
                "the weights of a neuron are a list of values, which training can change, but "
                f"{what}: write n.w = [Value(1.0), …], or n.w[0].data = 1.0 for another number"
            )
    for kind in {*map(type, weights)} - {Value}:
        own = [name for name in _CALLED if getattr(kind, name) is not getattr(Value, name)]
        if own:
            raise TypeError(
                f"{kind.__name__} has its own {own[0]}, which nothing calls, for gates return "
                "Value: write an activation as a function, n.activation = f, or an operation as a "
                "gate, @gate"
            )
    return weights


_CALLED = ("__add__", "__radd__", "__mul__", "__rmul__", *METHODS.values())
"""Methods of values that one expects a neuron to call."""


def _checked_bias(bias: Any) -> Any:
    """What is written as the bias of a neuron: a value; None or False for no bias.

    Raises:
        TypeError: if it is something else.
    """
    if bias is None or bias is False:
        return None
    if not isinstance(bias, Value):
        raise TypeError(
            f"the bias of a neuron is a value, which training can change, or None, not {bias!r}: "
            "write n.b = Value(0.5), or n.b.data = 0.5 for another number"
        )
    return bias


class Maxout(Module):
    """max over k of (wₖ·x + bₖ): a neuron that learns its own activation function.

    Goodfellow, Warde-Farley, Mirza, Courville and Bengio, Maxout networks, 2013. The largest piece
    gets the whole gradient; k that are equally large get 1/k each.

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

    pieces: list[Neuron]
    _MADE_WITH: ClassVar = dict.fromkeys(
        ("weights", "bias", "w", "b", "activation", "nonlin", "nin"), "neuron.pieces[0].{}"
    )

    activation = MAXOUT

    def __init__(self, nin: int, pieces: int = 2, **options: Any) -> None:
        known: dict[str, Any] = {"bias": True, "gate_by_gate": False, "initial": "uniform"}
        known |= {"seed": None, "nout": 1}
        if not options.keys() <= known.keys():
            raise TypeError(f"a maxout neuron has the options {', '.join(known)}, not {options}")
        known |= options | {"seed": source_of(options.get("seed"))}
        self._make(nin, pieces, *known.values(), None)

    def _make(self, nin: int, pieces: int, *options: Any) -> None:
        """Make the pieces, with the labels of this layer and neuron."""
        pieces = whole_number(pieces, "pieces", least=2)
        self.pieces = [Neuron.__new__(Neuron) for _ in range(pieces)]
        for place, piece in enumerate(self.pieces, 1):
            piece._make(nin, "identity", *options, place)

    def __call__(self, inputs: Inputs) -> Value:
        """The neuron's output for one example."""
        first, *others = [piece(inputs) for piece in self.pieces]
        return first.maximum(*others)

    def _network_(self) -> dict[str, Any]:
        """This neuron as plain data, for those who draw it: see `viz.Model`."""
        return network_of([self], self.activation, self)

    def __repr__(self) -> str:
        nin, pieces = len(self.pieces[0].weights), len(self.pieces)
        return f"Maxout({nin}, pieces={pieces}): {len(self.parameters())} parameters"


def network_of(neurons: Iterable[Any], activation: str, function: Any) -> dict[str, Any]:
    """Neurons side by side as plain data, for those who draw them: see `viz.Model`."""
    layer: dict[str, Any] = {"activation": activation, "function": function}
    for key, name in (("weights", "weights"), ("biases", "bias")):
        layer[key] = [
            [getattr(piece, name) for piece in neuron.pieces]
            if isinstance(neuron, Maxout)
            else getattr(neuron, name)
            for neuron in neurons
        ]
    return {"layers": [layer]}


_SEQUENCES = (list, tuple)


def as_inputs(inputs: Any, count: int | None, module: Module) -> list[Any]:
    """One example as a list, if it has as many numbers as there are inputs, where that is known.

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
        numbers = "numbers" if count is None else counted(count, "number")
        raise TypeError(f"{_short(module)} takes a list of {numbers}, not {inputs!r}")
    if count is None:
        return example
    if example and isinstance(example[0], _SEQUENCES):
        raise ValueError(
            f"{_short(module)} takes one example at a time, {counted(count, 'number')}: "
            "call it on each row of your data, or model.predict(rows) for numbers"
        )
    if len(example) != count:
        raise ValueError(f"{_short(module)} takes {counted(count, 'number')}, not {len(example)}")
    return example


def _short(module: Module) -> str:
    """The first line of what a module says of itself, without its count of parameters."""
    return repr(module).splitlines()[0].partition(":")[0]
