"""`Module`: anything that has parameters."""

import sys
from collections import deque
from collections.abc import Iterable, Mapping
from functools import lru_cache
from math import isfinite
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, ClassVar, Literal, SupportsFloat, TypeVar, overload
from weakref import WeakValueDictionary

from autograd_core import Value
from autograd_core.explain import indexed, significant
from nn.prediction import Predictor
from nn.saving import read_numbers, write_numbers
from nn.validation import counted, missing

Path = tuple[Any, ...]
"""The way to a part: the way to what it is part of, and its name there; `()` for the whole."""

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
        """All parameters, in the order of their attributes, each once however often it is used."""
        found: dict[int, Value] = {}
        _collect(self, found, {})
        if _frozen:
            return [value for value in found.values() if not is_frozen(value)]
        return list(found.values())

    def named_parameters(self) -> dict[str, Value]:
        """Every parameter under its name; one that can be reached in two ways has the first.

        Raises:
            ValueError: if two parameters have the same name, as in `{"a.b": …, "a": {"b": …}}`.

        >>> from nn import Neuron
        >>> list(Neuron(2).named_parameters())
        ['weights.0', 'weights.1', 'bias']
        """
        own = _own_parameters(self)
        parameters = {*map(id, Module.parameters(self) if own is None else own)}
        return {name: leaf for name, leaf in self._leaves().items() if id(leaf) in parameters}

    def _leaves(self) -> dict[str, Value]:
        """The parameters, and the leaves beside them that are frozen or that a class leaves out."""
        found: list[tuple[Path, Value]] = []
        _walk(self, (), found, {})
        named: dict[str, Value] = {}
        for path, value in found:
            name = _name(path)
            if name in named:
                raise ValueError(f"two parameters have the name {name!r}: rename one of them")
            named[name] = value
        return named

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
        found: list[tuple[Path, Value]] = []
        if _frozen:
            _walk(self, (), found, {})
        return vars(self) | {_FROZEN_HERE: [leaf for _, leaf in found if is_frozen(leaf)]}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for leaf in state.pop(_FROZEN_HERE, ()):
            frozen(leaf)
        vars(self).update(state)

    def __repr__(self) -> str:
        """The class with its number of parameters, and a line for each attribute that has some."""
        lines = [f"{type(self).__name__}: {counted(len(self.parameters()), 'parameter')}"]
        for name, part in _parts(self):
            found: dict[int, Value] = {}
            if isinstance(part, Value):
                lines.append(f"  {name}: {significant(part.data)}")
            elif _has_parts(part):
                _collect([part], found, {})
                if found:
                    kind = type(part).__name__
                    lines.append(f"  {name}: {kind}, {counted(len(found), 'parameter')}")
        return "\n".join(lines)

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0."""
        for parameter in self.parameters():
            parameter.grad = 0.0

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
        for name, parameter in self._leaves().items():
            parameter.label = _label(name, first)

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
        named = self._leaves()
        _check_names(named, state)
        numbers = [_number(name, state[name]) for name in named]
        for parameter, number in zip(named.values(), numbers, strict=True):
            parameter.data = number

    def save(self, path: str | FilePath) -> None:
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

    def load(self, path: str | FilePath) -> None:
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


_TRAINER = "write trainer = Trainer(model, loss, optimiser) and trainer."
_ELSEWHERE = {
    "fit": f"{_TRAINER}fit(inputs, targets, epochs=100)",
    "evaluate": f"{_TRAINER}evaluate(inputs, targets), or model.score(inputs, targets)",
    "compile": "loss and optimiser are given to Trainer(model, loss, optimiser)",
    "predict_proba": "write model.predict_probabilities(inputs)",
    "forward": "call the model itself, model(inputs)",
    **dict.fromkeys(("train", "eval"), "a model is the same in training and afterwards"),
    **dict.fromkeys(("summary", "get_params"), "write print(model)"),
    **dict.fromkeys(("to", "cpu", "cuda", "double", "float"), "all numbers are Python's floats"),
    **dict.fromkeys(
        ("get_weights", "coef_", "coefs_"), "write model.parameters() or model.state_dict()"
    ),
    "set_weights": "write model.load_state_dict(state)",
    **dict.fromkeys(
        ("weights", "bias", "w", "b"),
        "they are the neurons', model.layers[0].neurons[0].weights, and all are model.parameters()",
    ),
}
"""What models have elsewhere, and what is written here."""

_frozen: WeakValueDictionary[int, Value] = WeakValueDictionary()
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

    >>> from nn import MLP
    >>> model = MLP(2, [3, 1])
    >>> _ = frozen(model.layers[0])
    >>> list(model.named_parameters())[:2], len(model.state_dict())
    (['layers.1.neurons.0.weights.0', 'layers.1.neurons.0.weights.1'], 13)
    """
    if isinstance(thing, Module):
        for parameter in thing.parameters():
            frozen(parameter)
        return thing
    leaf = thing if isinstance(thing, Value) else Value(thing)
    if leaf.gate is not None:
        raise ValueError(
            f"a gate {leaf.gate.name!r} has computed this value: freeze the leaves that it follows "
            "from, or take frozen(value.detach())"
        )
    _frozen[id(leaf)] = leaf
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
        return list(module.parameters())
    finally:
        del attributes[_ASKED]


_ASKED = "_asked for its parameters"


def _collect(thing: object, found: dict[int, Value], seen: dict[int, Any]) -> None:
    """Add all leaves among the parts of a thing, each once: the walk of `_walk` without the way."""
    seen[id(thing)] = thing
    parts = thing if isinstance(thing, list) else [part for _, part in _parts(thing)]
    for part in parts:
        if isinstance(part, Value):
            if part.gate is None:
                found[id(part)] = part
        elif id(part) not in seen and _has_parts(part):
            own = _own_parameters(part) if isinstance(part, Module) else None
            if own is None:
                _collect(part, found, seen)
            else:
                found.update((id(value), value) for value in own)


def _walk(thing: object, path: Path, found: list[tuple[Path, Value]], seen: dict[int, Any]) -> None:
    """Add all leaves among the parts of a thing, each once, with the first way to it."""
    seen[id(thing)] = thing
    parts = [*_parts(thing)]
    if isinstance(thing, Module):
        parts.append(("parameters", _own_parameters(thing) or ()))  # what has no other name
    for name, part in parts:
        if isinstance(part, Value):
            if id(part) not in seen:
                seen[id(part)] = part
                if part.gate is None:
                    found.append(((path, name), part))
        elif id(part) not in seen and _has_parts(part):
            _walk(part, (path, name), found, seen)


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


def _name(path: Path) -> str:
    """The way to a parameter in words, `layers.0.bias`."""
    names: list[str] = []
    while path:
        path, name = path
        names.append(str(name))
    return ".".join(reversed(names))


def _label(name: str, first: First) -> str:
    """The short form of a parameter's name: w³₁₄ for `layers.2.neurons.0.weights.3`.

    >>> _label("pieces.0.bias", "neuron"), _label("encoder.layers.0.weights.1", "neuron")
    ('b₁', 'encoder.w¹₂')
    >>> _label("slope", "neuron"), _label("weights.first", "neuron")
    ('slope', 'weights.first')
    """
    owner, _, last = name.rpartition(".")
    if last == "bias":
        letter, inputs = "b", []
    elif last.isdecimal() and (owner == "weights" or owner.endswith(".weights")):
        letter, inputs, owner = "w", [int(last) + 1], owner[: -len(".weights")]
    else:
        return name
    before, layer, neuron = _place(owner)
    indices = [*neuron, *inputs] if first == "neuron" else [*inputs, *neuron]
    return before + indexed(letter, *indices, layer=layer)


@lru_cache(maxsize=1)  # the weights of a neuron come in a row
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
