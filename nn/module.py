"""`Module`: anything that has parameters."""

import sys
import warnings
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, SupportsFloat, TypeVar, overload
from weakref import WeakValueDictionary

from autograd_core import Value, all_values, leaves
from autograd_core.explain import indexed, significant
from nn.prediction import Predictor
from nn.saving import read_numbers, write_numbers
from nn.validation import counted, cures, missing, unexpected

Found = tuple[str, list[str | int], list[Value]]
"""Leaves that follow each other in one thing: the way to it, `layers.0.`, and their names there."""

First = Literal["neuron", "input"]
"""Which index of a weight comes first."""


class ToBeMade:
    """An attribute that a subclass may have forgotten to make; an object that has it hides this.

    Args:
        how: what its `__init__` does to make it.
    """

    def __init__(self, how: str) -> None:
        self._how = how

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, thing: object, kind: type) -> Any:
        raise AttributeError(f"{kind.__name__} has no {self._name}: its __init__ calls {self._how}")


def refuse_arguments(
    call: str, more: Sequence[Any], other: Mapping[str, Any], activation: Any = ""
) -> None:
    """Refuse arguments that a constructor does not have, and say what to write.

    Args:
        call: a call with what it takes without a name, up to the closing bracket.
        more: what came without a name after that.
        other: what came by a name that there is not.
        activation: what may come without a name before `more`; a truth value is none.

    Raises:
        TypeError: if there are any.
        ValueError: if the activation is None.
    """
    kind = call.partition("(")[0]
    more = [activation] if isinstance(activation, int) else more
    if more and (isinstance(more[0], str) or callable(more[0])):
        other = dict.fromkeys(OTHER_NAMES, more[0])
    elif more and more[0] is None:
        raise ValueError(f"there is no activation None: write {call}, activation='identity')")
    elif more:
        named = f"nonlin={more[0]}" if isinstance(more[0], bool) else f"not {more[0]!r} alone"
        raise TypeError(f"{kind} is made with {call}), and all else has a name: {named}")
    for name, thing in other.items():
        if name in OTHER_NAMES:
            shown = repr(thing) if isinstance(thing, str) else getattr(thing, "__name__", "f")
            raise TypeError(f"an activation is given by name: write {call}, activation={shown})")
        raise unexpected(kind, {name: thing}, _KEYWORDS)


OTHER_NAMES = ("act", "act_fn", "activation_fn", "activation_function", "nonlinearity")
"""What an activation is called elsewhere."""

_KEYWORDS = cures("""
    lr, rate, learning_rate: the rate is SteepestDescent(0.1)'s
    loss, optimizer, optimiser, batch_size: a Trainer takes that
    nonlin, linear: write activation='identity'; output= for the last layer
    init, initializer, weight_init: write initial='he'
    use_bias, biases: write bias=False
    rng, random_state: write seed=1
    sizes, layers, hidden, nout: write MLP(2, [16, 16, 1])
    output_activation, final_activation: write output='logistic'
    activations: write activation=['tanh', 'relu'], one for each hidden layer
    dropout: there is none; a Trainer takes penalty=L2(0.001)
""")
"""What other packages call otherwise, or have elsewhere."""


class Module(Predictor):
    """A part of a model, with its parameters: a neuron, a layer, a network, or your own class.

    Its parameters are the leaves among its attributes, and those in lists, dictionaries, arrays
    and modules among its attributes; names that begin with an underscore are left out, and so is
    what is `frozen`. A class may list its parameters itself, in a method `parameters`. A parameter
    is named after the way to it, `layers.0.neurons.3.weights.1`.

    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.slope, self.intercept = Value(2.0), Value(1.0)
    ...
    ...     def __call__(self, x):
    ...         return self.slope * x + self.intercept
    >>> line = Line()
    >>> line(3.0).backward()
    >>> [(name, value.grad) for name, value in line.named_parameters().items()]
    [('slope', 3.0), ('intercept', 1.0)]
    >>> line
    Line: 2 parameters
      slope: 2
      intercept: 1
    """

    _MADE_WITH: ClassVar[Mapping[str, str]]
    """Names that an object of this very class ignores, with what can be written instead."""

    _TRAINED: ClassVar[tuple[str, ...]] = ()
    """Attributes in which one expects parameters."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "forward" in vars(cls) and "outputs" not in vars(cls) and _is_called_by_us(cls):
            raise TypeError(_FORWARD.format(cls.__name__))

    if not TYPE_CHECKING:  # to a checker, a class with `__getattr__` has every name

        def __getattr__(self, name):
            raise missing(self, name, _ELSEWHERE)

    def __setattr__(self, name: str, thing: Any) -> None:
        if name in ("trainable", "requires_grad") and type(self).__module__.startswith("nn."):
            raise AttributeError(f"nothing reads {name}: write nn.frozen(…) around what stays")
        if name in vars(type(self)).get("_MADE_WITH", ()):
            kind, instead = type(self).__name__, self._MADE_WITH[name].format(name)
            write = f"write {instead}" if instead else f"make another {kind}"
            raise AttributeError(f"{name} of {kind} is not read after it was made: {write}")
        if name == "__call__":
            raise AttributeError(
                "Python calls the __call__ of a class, not of an object: write it in a subclass "
                f"of {type(self).__name__}"
            )
        if name == "forward" and callable(thing) and _is_called_by_us(type(self)):
            raise AttributeError(_FORWARD.format(type(self).__name__))
        super().__setattr__(name, thing)

    def parameters(self) -> list[Value]:
        """All parameters, in the order of their attributes, each once however often it is used.

        They are kept, and looked for anew where something else is in a list or an attribute.
        """
        kept = self._collected()
        return leaves.handed_out(kept.handed_out, kept.leaves)

    def _collected(self) -> "_Collected":
        """The parameters as they were found last, if all that they were found in is as it was."""
        kept: _Collected | None = vars(self).get(_KEPT)
        if kept is None or not kept.holds_for(self):
            vars(self)[_KEPT] = kept = _Collected(self)
        return kept

    def named_parameters(self) -> dict[str, Value]:
        """Every parameter under its name; one that can be reached in two ways has the first.

        Raises:
            ValueError: if two parameters have the same name, as in `{"a.b": …, "a": {"b": …}}`.

        >>> from nn import Neuron
        >>> list(Neuron(2).named_parameters())
        ['weights.0', 'weights.1', 'bias']
        """
        own = _own_parameters(self)
        parameters = {*map(id, self._collected().leaves if own is None else own)}
        return {name: leaf for name, leaf in self._leaves().items() if id(leaf) in parameters}

    def _leaves(self) -> dict[str, Value]:
        """The parameters, and the leaves beside them that are frozen or that a class leaves out."""
        found = _named(self)
        return {f"{way}{name}": leaf for way, *run in found for name, leaf in zip(*run)}  # noqa: B905

    def _settings(self) -> dict[str, str]:
        """The activations of the module and of the layers in it, under their names."""
        settings: dict[str, str] = {}
        for name, part in modules_of(self):
            activation = getattr(part, "activation", None)
            of_layer = {"neurons", "pieces"} & set(name.split("."))
            if isinstance(activation, str) and not of_layer:
                settings[f"{name}activation"] = activation
        return settings

    def _check_settings(self, settings: Mapping[str, Any]) -> None:
        """See that activations are those with which parameters were saved, if that is known.

        Raises:
            ValueError: if they are not.
        """
        for name, activation in self._settings().items():
            if settings.get(name, activation) != activation:
                raise ValueError(
                    f"it is of another model: its {name} is {settings[name]!r}, and here "
                    f"{activation!r}"
                )

    def __getstate__(self) -> dict[str, Any]:
        """The attributes; a copy freezes what is frozen here."""
        own = {name: thing for name, thing in vars(self).items() if name != _KEPT}
        here = [x for *_, run in _walk(self) for x in run if is_frozen(x)] if _frozen else []
        return own | {_FROZEN_HERE: here}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for leaf in state.pop(_FROZEN_HERE, ()):
            frozen(leaf)
        vars(self).update(state)

    def __repr__(self) -> str:
        """The class with its number of parameters, and a line for each attribute that has some."""
        lines = [f"{type(self).__name__}: {counted(len(self.parameters()), 'parameter')}"]
        for name, part in _parts(self):
            if isinstance(part, Value):
                lines.append(f"  {name}: {significant(part.data)}")
            elif _has_parts(part) and (count := sum(len(run) for *_, run in _walk([part]))):
                lines.append(f"  {name}: {type(part).__name__}, {counted(count, 'parameter')}")
        return "\n".join(lines)

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0."""
        own = _own_parameters(self)
        leaves.clear_gradients(self._collected().leaves if own is None else own)

    def label_parameters(self, first: First = "neuron") -> None:
        """Label each parameter as lectures do, for explanations, pictures and errors.

        w³₁₄ is the weight of input 4 in neuron 1 of layer 3, and b³₁ the bias of that neuron; a
        layer alone has w₁₄ and b₁, a neuron alone w₄ and b. Indices count from 1. A maxout neuron
        has its piece between neuron and input. What is not of a neuron or a layer keeps its name,
        and parts of a model of your own stand in front: `encoder.w³₁₄`. The models of `nn` label
        themselves with `first="neuron"` when they are made.

        Args:
            first: which index comes first, the neuron's, as in W x + b, or the input's.

        Raises:
            ValueError: if `first` is neither, or two parameters have the same name.

        >>> from nn import MLP
        >>> model = MLP(2, [3, 1])
        >>> [parameter.label for parameter in model.parameters()][:6]
        ['w¹₁₁', 'w¹₁₂', 'b¹₁', 'w¹₂₁', 'w¹₂₂', 'b¹₂']
        >>> model.label_parameters(first="input")
        >>> [parameter.label for parameter in model.parameters()][:6]
        ['w¹₁₁', 'w¹₂₁', 'b¹₁', 'w¹₁₂', 'w¹₂₂', 'b¹₂']
        """
        if first not in ("neuron", "input"):
            raise ValueError(f"first is 'neuron' or 'input', not {first!r}")
        for found in _named(self):
            _label(*found, first)

    def state_dict(self) -> dict[str, float]:
        """The number of every parameter, and of every frozen value, under its name.

        >>> from nn import Neuron
        >>> Neuron(1, seed=1).state_dict()
        {'weights.0': -0.731271511775..., 'bias': 0.0}
        """
        return {name: parameter.data for name, parameter in self._leaves().items()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Give every parameter the number that stands under its name.

        Raises:
            ValueError: if a parameter is missing, if there is one too many, or if something in the
                state is no finite number; then nothing changes.
        """
        if not isinstance(state, Mapping):
            raise TypeError(
                "a state has a number under the name of each parameter, as state_dict() returns "
                f"it, and this is a {type(state).__name__}: a file is read by model.load(path); a "
                "list of numbers goes in by p.data = … for each parameter"
            )
        named = self._leaves()
        _check_names(named, state)
        numbers = [_number(name, state[name]) for name in named]
        for parameter, number in zip(named.values(), numbers, strict=True):
            parameter.data = number

    def save(self, path: str | Path) -> None:
        """Write the parameters to a JSON file that a person can read, whole or not at all.

        The activations of layers are written too, and `load` compares them.

        Raises:
            ValueError: if a parameter is not finite.
            OSError: if the file cannot be written.
        """
        state = self.state_dict()
        for name, number in state.items():
            _number(name, number)
        write_numbers(path, "parameters", state, self._settings())

    def load(self, path: str | Path) -> None:
        """Read the parameters from a file that `save` wrote. No code is run by it.

        Raises:
            ValueError: if the file is damaged, of another kind, or of another model, which has
                other parameters or other activations; then nothing changes.
            OSError: if the file cannot be read.
        """
        state, settings = read_numbers(path, "parameters")
        try:
            _check_names(self._leaves(), state)
            self._check_settings(settings)
            self.load_state_dict(state)
        except ValueError as error:
            raise ValueError(f"{str(path)!r} does not fit: {error}") from None


_FORWARD = (
    "nothing calls forward of {}: what it computes is its class's __call__(self, inputs), so write "
    "that, or __call__ = forward beside it in the class"
)


def _is_called_by_us(kind: type) -> bool:
    """Whether a class of modules computes as one of this package does."""
    call = getattr(kind, "__call__", None)  # noqa: B004 (which one it is)
    return str(getattr(call, "__module__", "")).partition(".")[0] == "nn"


_ELSEWHERE = cures("""
    fit: write trainer = Trainer(model, loss, optimiser) and trainer.fit(inputs, targets, \
        epochs=100)
    evaluate: write trainer = Trainer(model, loss, optimiser) and \
        trainer.evaluate(inputs, targets), or model.score(inputs, targets)
    compile: loss and optimiser are given to Trainer(model, loss, optimiser)
    predict_proba: write model.predict_probabilities(inputs)
    forward: call the model itself, model(inputs)
    train, eval: a model is the same in training and afterwards
    summary, get_params: write print(model)
    to, cpu, cuda, double, float: all numbers are Python's floats
    get_weights, coef_, coefs_: write model.parameters() or model.state_dict()
    set_weights: write model.load_state_dict(state)
    weights, bias, w, b: they are the neurons', model.layers[0].neurons[0].weights, and all are \
        model.parameters()
""")
"""What models have elsewhere, and what is written here."""

_frozen: WeakValueDictionary[int, Value] = WeakValueDictionary()
_freezes = 0
_FROZEN_HERE = "frozen here"

T = TypeVar("T", Value, Module)


@overload
def frozen(thing: T) -> T: ...
@overload
def frozen(thing: SupportsFloat) -> Value: ...
def frozen(thing: Any) -> Any:
    """Keep a value, or every parameter of a module, from being trained.

    It is then no parameter, wherever it stands, and `Trainer` does not warn that the loss depends
    on a value that is none. `state_dict` and files have it nevertheless, and so have copies.

    Args:
        thing: a leaf; a number, for a leaf of its own; or a module.

    Returns:
        The value or the module itself.

    Raises:
        ValueError: if a gate has computed the value.
        TypeError: if it is a list.

    >>> from nn import MLP
    >>> model = MLP(2, [3, 1])
    >>> _ = frozen(model.layers[0])
    >>> list(model.named_parameters())[:2], len(model.state_dict())
    (['layers.1.neurons.0.weights.0', 'layers.1.neurons.0.weights.1'], 13)
    """
    global _freezes
    if isinstance(thing, Module):
        for parameter in thing.parameters():
            frozen(parameter)
        return thing
    if isinstance(thing, (list, tuple, set, dict)):
        raise TypeError(
            f"frozen takes a value or a module, not a {type(thing).__name__}: write "
            "[frozen(x) for x in …]"
        )
    leaf = thing if isinstance(thing, Value) else Value(thing)
    if leaf.gate is not None:
        raise ValueError(
            f"a gate {leaf.gate.name!r} has computed this value: freeze the leaves that it follows "
            "from, or take frozen(value.detach())"
        )
    _frozen[id(leaf)] = leaf
    _freezes += 1
    return leaf


def is_frozen(leaf: Value) -> bool:
    """Whether `frozen` has been called with this value."""
    return _frozen.get(id(leaf)) is leaf


def _own_parameters(module: Module) -> list[Value] | None:
    """What a class's own method lists as parameters; None if it has none, or if that is asking."""
    attributes = vars(module)
    own = callable(attributes.get("parameters")) or type(module).parameters is not Module.parameters
    if not own or _ASKED in attributes:
        return None
    attributes[_ASKED] = True
    try:
        listed: Any = module.parameters()
    finally:
        del attributes[_ASKED]
    return checked_parameters(listed, type(module).__name__)


def checked_parameters(listed: Any, kind: str) -> list[Value]:
    """What a method `parameters` has returned, as a list.

    Raises:
        TypeError: if that is no list of values, or has no order.
    """
    if isinstance(listed, (set, frozenset, Mapping, Value)) or not hasattr(listed, "__iter__"):
        raise TypeError(
            f"parameters() of {kind} returned {listed!r:.60}: it returns a list of values, in the "
            "same order every time"
        )
    parameters = [*listed]
    for parameter in parameters:
        if not isinstance(parameter, Value):
            raise TypeError(f"parameters() of {kind} lists {parameter!r}, which is no Value")
    return parameters


_ASKED = "_asked for its parameters"


class _Collected:
    """The parameters of a module, and the contents of what they were found in.

    Attributes:
        leaves: the parameters.
        handed_out: the list of them that a caller has had last.
    """

    def __init__(self, module: Module) -> None:
        self._things: list[Any] = []
        self._contents: list[list[Any]] = []
        self._can_be_compared = True
        self._freezes = _freezes
        self._found: dict[int, Value] = {}
        self._computed: list[Value] = []
        self._add(module, {})
        found = [leaf for leaf in self._found.values() if not (_frozen and is_frozen(leaf))]
        self.leaves = tuple(found)
        self.handed_out = [found]
        if self._computed:
            self._warn()
        del self._found, self._computed

    def holds_for(self, module: Module) -> bool:
        """Whether this module, and all in it, consists of the very parts that it had."""
        return (
            self._can_be_compared
            and self._things[0] is vars(module)
            and self._freezes == _freezes
            and leaves.unchanged(self._things, self._contents)
        )

    def _add(self, thing: Any, seen: dict[int, Any]) -> None:
        """Add all leaves among the parts of a thing, each once: the walk of `_walk` without names.

        What else there is, it leaves out; numbers are compared nevertheless, as parts may be.
        """
        seen[id(thing)] = thing
        parts: Any
        if isinstance(thing, Module):
            parts = self._compared(vars(thing), attributes=True)[1::2]
            for name in thing._TRAINED:
                values = vars(thing).get(name)
                listed = values if isinstance(values, (list, tuple)) else [values]
                self._computed += [v for v in listed if isinstance(v, Value) and v.gate]
        elif type(thing) is list:
            parts = self._compared(thing)
        elif type(thing) is dict:
            parts = self._compared(thing)[1::2]
        else:
            self._can_be_compared &= isinstance(thing, tuple)
            parts = [part for _, part in _parts(thing)]
        for part in parts:
            if isinstance(part, Value):
                if part.gate is None:
                    self._found[id(part)] = part
            elif id(part) not in seen and _has_parts(part):
                own = _own_parameters(part) if isinstance(part, Module) else None
                if own is None:
                    self._add(part, seen)
                else:
                    self._can_be_compared = False
                    self._found.update((id(value), value) for value in own)

    def _compared(self, thing: Any, *, attributes: bool = False) -> list[Any]:
        """What a list or a dictionary holds, which is then compared."""
        contents = leaves.contents_of(thing, attributes)
        self._things.append(thing)
        self._contents.append(contents)
        return contents

    def _warn(self) -> None:
        """Say which weights are outputs of gates, and no parameters, so that nothing trains them.

        What is computed from the model's own parameters is meant to be.
        """
        below = [value for value in all_values(*self._computed) if value.gate is None]
        if not any(id(leaf) in self._found or is_frozen(leaf) for leaf in below):
            gate: Any = self._computed[0].gate
            warnings.warn(_COMPUTED.format(len(self._computed), gate.name), stacklevel=5)


_KEPT = "_parameters"
_COMPUTED = (
    "{} of the weights and biases were computed by gates (the first by {!r}), so they are no "
    "parameters, and training does not change them: change the numbers of the values that are "
    "there, for w in n.w: w.data *= 0.1, or make new leaves, n.w = [Value(0.1 * w.data) for w in "
    "n.w]"
)


def _walk(thing: object, way: str = "", seen: dict[int, Any] | None = None) -> Iterator[Found]:
    """All leaves among the parts of a thing, each once, with the first way to it."""
    seen = {} if seen is None else seen
    seen[id(thing)] = thing
    parts = [*_parts(thing)]
    if isinstance(thing, Module):
        parts.append(("parameters", _own_parameters(thing) or ()))  # what has no other name
    names: list[str | int] = []
    run: list[Value] = []
    for name, part in parts:
        if id(part) in seen:
            continue
        if isinstance(part, Value):
            seen[id(part)] = part
            if part.gate is None:
                names.append(name)
                run.append(part)
        elif _has_parts(part):
            if run:
                yield way, names, run
                names, run = [], []
            yield from _walk(part, f"{way}{name}.", seen)
    if run:
        yield way, names, run


def _named(module: Module) -> Iterator[Found]:
    """The same of a module, in which no two may have the same name."""
    known: set[str] = set()
    for way, names, run in _walk(module):
        for name in names:
            full = f"{way}{name}"
            if full in known:
                raise ValueError(f"two parameters have the name {full!r}: rename one of them")
            known.add(full)
        yield way, names, run


def modules_of(module: Module) -> list[tuple[str, Module]]:
    """The module itself and all modules in it, each with the name of the way to it.

    >>> from nn import MLP
    >>> [name for name, _ in modules_of(MLP(1, [1]))]
    ['', 'layers.0.', 'layers.0.neurons.0.']
    """
    found: list[tuple[str, Module]] = []
    seen: dict[int, Any] = {}

    def look(thing: Any, name: str) -> None:
        seen[id(thing)] = thing
        if isinstance(thing, Module):
            found.append((name, thing))
        for key, part in _parts(thing):
            if id(part) not in seen and _has_parts(part):
                look(part, f"{name}{key}.")

    look(module, "")
    return found


def _has_parts(thing: Any) -> bool:
    return isinstance(thing, (Module, dict, list, tuple, deque)) or _is_array(thing)


def _is_array(thing: Any) -> bool:
    numpy = sys.modules.get("numpy")  # where NumPy is not loaded, nothing is an array
    return numpy is not None and isinstance(thing, numpy.ndarray)


def _parts(thing: Any) -> Iterable[tuple[str | int, Any]]:
    """What a module, a dictionary, a list or an array consists of, with names or places."""
    if isinstance(thing, Module):
        return [item for item in vars(thing).items() if not item[0].startswith("_")]
    if isinstance(thing, dict):
        return thing.items()
    if _is_array(thing) and (thing.dtype != object or not thing.ndim):
        return ()
    return enumerate(thing)


def _label(way: str, names: list[str | int], run: list[Value], first: First) -> None:
    """Label what is part of one thing with the short forms of the names: w³₁₄ for an input's.

    >>> def labels(way, *names):
    ...     run = [Value(0.0) for _ in names]
    ...     _label(way, [*names], run, "neuron")
    ...     return [leaf.label for leaf in run]
    >>> labels("pieces.0.", "bias"), labels("encoder.layers.0.weights.", 0, 1, "first")
    (['b₁'], ['encoder.w¹₁', 'encoder.w¹₂', 'encoder.layers.0.weights.first'])
    """
    weights = way == "weights." or way.endswith(".weights.")
    owner, layer, neuron = _place((way[: -len("weights.")] if weights else way)[:-1])
    in_order = weights and first == "neuron" and names == [*range(len(run))]
    row = weight_names(layer, neuron, len(run)) if in_order else []
    for name, leaf in zip(names, run, strict=True):
        if in_order and isinstance(name, int):
            leaf.label = owner + row[name]
        elif weights and str(name).isdecimal():
            index = int(name) + 1
            place = (*neuron, index) if first == "neuron" else (index, *neuron)
            leaf.label = owner + indexed("w", *place, layer=layer)
        elif name == "bias":
            leaf.label = owner + indexed("b", *neuron, layer=layer)
        else:
            leaf.label = f"{way}{name}"


def weight_names(layer: int | None, neuron: Sequence[int], count: int) -> list[str]:
    """The labels of a neuron's weights; all but the last index are those of the neuron.

    >>> weight_names(3, [2], 11)[8:]
    ['w³₂₉', 'w³₂,₁₀', 'w³₂,₁₁']
    """
    short = indexed("w", *neuron, 1, layer=layer)[:-1]
    long = indexed("w", *neuron, 10, layer=layer)[:-2]
    return [(short if index < 10 else long) + _below(index) for index in range(1, count + 1)]


@lru_cache(maxsize=1024)  # the rows of a layer have the same indices
def _below(index: int) -> str:
    return indexed("", index)


def _place(owner: str) -> tuple[str, int | None, list[int]]:
    """Where a neuron is: what its labels begin with, its layer, and its index, with its piece's.

    >>> _place("encoder.layers.2.neurons.0")
    ('encoder.', 3, [1])
    """
    parts = owner.split(".") if owner else []
    index: dict[str, int] = {}
    for group in ("pieces", "neurons", "layers"):
        if len(parts) > 1 and parts[-2] == group and parts[-1].isdecimal():
            index[group] = int(parts.pop()) + 1
            parts.pop()
    before = "".join(f"{part}." for part in parts)
    return before, index.get("layers"), [index[g] for g in ("neurons", "pieces") if g in index]


def _check_names(named: Mapping[str, Value], state: Mapping[str, Any]) -> None:
    """See that a state has a number for each of these leaves, and no other."""
    missing = [name for name in named if name not in state]
    unknown = [name for name in state if name not in named]
    if missing or unknown:
        says = [f"it lacks {_some(missing)}"] if missing else []
        says += [f"the model has no {_some(unknown)}"] if unknown else []
        raise ValueError(f"this state is of another model: {', and '.join(says)}")


def _number(name: str, number: Any) -> float:
    """What a state has under a name, as a float."""
    try:
        if isinstance(number, bool):
            raise TypeError
        converted = Value(number).data
    except (TypeError, OverflowError):
        raise ValueError(f"what this state has for {name!r} is no number: {number!r}") from None
    if not isfinite(converted):
        raise ValueError(
            f"{name!r} is {converted}, with which a model computes nothing that makes sense"
        )
    return converted


def _some(names: list[str]) -> str:
    """A few names, and how many more there are."""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(map(repr, names[:3])) + more
