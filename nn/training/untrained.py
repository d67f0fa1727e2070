"""Leaves that the loss depends on and that nobody trains: found, and named with their place."""

import sys
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from autograd_core import Value
from nn.losses import Loss
from nn.module import Module, is_frozen
from nn.validation import counted

Reached = tuple[str, str]
"""The place of a thing, as it is written in Python, and why nothing there is a parameter."""

_ELSEWHERE = "what a model trains are its attributes, so write self.w = {} in its __init__"

_KEPT = ("_activations", "_together", "_parameters")
"""What the modules of this package keep for themselves: no place for a user to look at."""


def untrained_leaves(
    circuits: Sequence[Mapping[int, Value]], parameters: Sequence[Value]
) -> list[Value]:
    """The leaves that are in two circuits, and neither parameters nor frozen.

    What a model makes anew for each example, inputs, constants, masks, is in one circuit alone.

    Args:
        circuits: for each of some examples the leaves of its circuit, by their identity.
        parameters: those of the model.
    """
    listed = {id(parameter) for parameter in parameters}
    seen: dict[int, Value] = {}
    found: dict[int, Value] = {}
    for leaves in circuits:
        found |= {key: leaf for key, leaf in leaves.items() if key in seen and key not in listed}
        seen |= leaves
    return [leaf for leaf in found.values() if not is_frozen(leaf)]


def warning_about(leaves: Sequence[Value], model: Module, loss: Loss, penalty: Any) -> str:
    """What to say of leaves that nobody trains, each with its place and what to write instead."""
    places = _places(leaves, {"model": model, "loss": loss.rule, "penalty": penalty})
    says = []
    for leaf in leaves[:3]:
        place, reason = places.get(id(leaf), ("", _ELSEWHERE.format(f"Value({leaf.data:g})")))
        name = place or (leaf.label and f"{leaf.label}") or "a value that is kept out of sight"
        says.append(f"{name} = {leaf.data:g} ({reason})")
    more = f", and {len(leaves) - 3} more" if len(leaves) > 3 else ""
    one = len(leaves) == 1
    return (
        f"the loss depends on {counted(len(leaves), 'value')} that training does not change: "
        f"{'; '.join(says)}{more}. {type(model).__name__} does not have "
        f"{'it' if one else 'them'} among its parameters(). If "
        f"{'it shall stay as it is' if one else 'they shall stay as they are'}, write frozen(value)"
    )


def _places(leaves: Sequence[Value], roots: Mapping[str, Any]) -> dict[int, Reached]:
    """Where the leaves are found from the roots, by way of attributes, closures and globals."""
    wanted = {id(leaf) for leaf in leaves}
    places: dict[int, Reached] = {}
    pending: deque[tuple[str, Any, str]] = deque((name, root, "") for name, root in roots.items())
    seen: dict[int, Any] = {}  # keeps what was made on the way, lest another gets its identity
    while pending and len(places) < len(wanted) and len(seen) < 200_000:
        place, thing, reason = pending.popleft()
        if id(thing) in seen:
            continue
        seen[id(thing)] = thing
        if id(thing) in wanted:
            places[id(thing)] = place, reason or _ELSEWHERE.format("…")
        try:
            parts = [*_parts(place, thing)]
        except Exception:  # what other people's objects do when they are looked at
            continue
        pending += [
            (name, part, reason or new)
            for name, part, new in parts
            if not isinstance(part, (int, float, str, bytes, type(None), ModuleType))
        ]
    return places


def _parts(place: str, thing: Any) -> Iterator[tuple[str, Any, str]]:
    """What a thing consists of: the place of each part, and why it is not found there, if so."""
    if isinstance(thing, Value):
        made = f"{place} was computed from it once: keep this value, and compute in __call__"
        yield from ((f"an input of {place}", part, made) for part in thing.inputs)
    elif isinstance(thing, (list, tuple, deque)):
        yield from ((f"{place}[{at}]", part, "") for at, part in enumerate(thing))
    elif isinstance(thing, dict):
        yield from ((f"{place}[{key!r}]", part, "") for key, part in thing.items())
    elif isinstance(thing, (set, frozenset)):
        sets = f"{place} is a set, which has no order: make it a list"
        yield from ((f"an element of {place}", part, sets) for part in thing)
    elif hasattr(thing, "__wrapped__"):
        yield place, thing.__wrapped__, ""
    elif isinstance(thing, FunctionType):
        yield from _parts_of_function(thing)
    elif isinstance(thing, MethodType):
        yield from ((place, part, "") for part in (thing.__self__, thing.__func__))
    elif isinstance(thing, (partial, staticmethod, classmethod, property)):
        names = ("func", "args", "keywords", "fget", "__func__")
        yield from ((place, getattr(thing, name), "") for name in names if hasattr(thing, name))
    elif isinstance(thing, type):
        yield from _parts_of_class(thing)
    elif isinstance(thing, np.ndarray):
        yield (place, thing.tolist() if thing.dtype == object else [], "")
    else:
        yield from _parts_of_object(place, thing)


def _parts_of_object(place: str, thing: Any) -> Iterator[tuple[str, Any, str]]:
    kind = type(thing).__name__
    slots = [name for each in type(thing).__mro__ for name in _slots(each) if hasattr(thing, name)]
    attributes = dict(getattr(thing, "__dict__", {})) | {n: getattr(thing, n) for n in slots}
    for name, part in attributes.items():
        if name in _KEPT and isinstance(thing, Module):
            continue
        reason = ""
        if not isinstance(thing, Module):
            own = type(thing).__module__ in sys.stdlib_module_names
            write = "make it a dictionary or a list" if own else f"write class {kind}(Module)"
            reason = f"{kind} is no Module: {write}"
        elif name.startswith("_"):
            free = name.lstrip("_")
            reason = f"names with an underscore are left out: write self.{free}"
        elif name in slots:
            reason = f"what is in __slots__ of {kind} is left out: make it an ordinary attribute"
        yield f"{place}.{name}", part, reason
    for each in type(thing).__mro__:
        yield each.__name__, each, ""


def _parts_of_class(kind: type) -> Iterator[tuple[str, Any, str]]:
    if kind.__module__.partition(".")[0] in ("nn", "autograd_core", "builtins"):
        return
    reason = "an attribute of the class is left out: write self.{} = … in __init__"
    for name, part in vars(kind).items():
        if name not in ("__dict__", "__weakref__"):
            is_code = callable(part) or isinstance(part, (property, staticmethod, classmethod))
            yield f"{kind.__name__}.{name}", part, "" if is_code else reason.format(name)


def _parts_of_function(function: FunctionType) -> Iterator[tuple[str, Any, str]]:
    """What a function finds outside itself: in its closure, its defaults, and among its globals."""
    if function.__module__.partition(".")[0] == "autograd_core":
        return
    names = _names_in(function.__code__)
    told = f"{function.__name__}() finds it outside the model: " + _ELSEWHERE
    if function.__module__.partition(".")[0] == "nn":
        told = ""  # it hands on what is the user's
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            yield name, cell.cell_contents, told.format(name)
        except ValueError:  # a variable that nothing was assigned to yet
            continue
    defaults = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    yield from ((f"a default of {function.__name__}()", x, told.format("…")) for x in defaults)
    for name in sorted(names & set(function.__globals__)):
        part = function.__globals__[name]
        if isinstance(part, ModuleType):
            within = sorted(names & set(vars(part)))
            yield from ((f"{name}.{n}", vars(part)[n], told.format(f"{name}.{n}")) for n in within)
        else:
            yield name, part, told.format(name)


def _names_in(code: CodeType) -> set[str]:
    """The names of globals and attributes in a function, those of functions inside it included."""
    names = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            names |= _names_in(constant)
    return names


def _slots(kind: type) -> Sequence[str]:
    slots: Any = vars(kind).get("__slots__", ())
    return (slots,) if isinstance(slots, str) else tuple(slots)
