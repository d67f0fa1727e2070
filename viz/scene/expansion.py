"""Gates opened into their parts: the same circuit built once more, beside the user's own."""

import math
from collections.abc import Collection, Iterable
from contextvars import Context
from dataclasses import dataclass, replace
from typing import Any

from autograd_core import GATES, Trace, Value, all_values, expand, rebuild, trace
from viz.layout.frames import Group
from viz.scene.circuit import reached

Expand = bool | str | Value | Collection[str | Value]
"""What to open: everything that opens, or gates by name or symbol, or the gates of some values."""


@dataclass(frozen=True, slots=True)
class Circuit:
    """A circuit as it is to be drawn.

    Attributes:
        trace: its two passes.
        values: the user's value for each index; None where the user has none, within a group.
        groups: the gates that were opened.
    """

    trace: Trace
    values: list[Value | None]
    groups: tuple[Group, ...] = ()


def read_circuit(output: Value, what: Expand = False) -> Circuit:
    """The circuit of a value, some of its gates opened into their parts.

    The opened circuit is built anew, and its backward pass starts from the gradient of the user's
    output. So the numbers of the parts are the engine's, and nothing of the user's changes. A gate
    whose parts overflow where it does not, as in σ(-1000), stays closed.

    Args:
        output: the output of the circuit.
        what: what to open.

    Raises:
        TypeError, ValueError: if that is nothing that can be opened.

    >>> x = Value(1.0, "x")
    >>> circuit = read_circuit(x.sigmoid(), what=True)
    >>> [step.symbol for step in circuit.trace.forward], circuit.groups
    (['*-1', 'exp', '+1', '1/x'], (Group(symbol='σ', members=(1, 2, 3, 4)),))
    """
    passes = trace(output)
    values = all_values(output)
    chosen = _chosen(values, what)
    if not chosen:
        return Circuit(passes, list(values))
    # in a context of its own, lest a `no_grad` around the caller keeps it from being recorded
    twins, parts = Context().run(_rebuild, values, chosen)
    twin = twins[passes.output]
    if passes.ran:
        twin.backward(passes.upstream)
        for own, known in zip(values, twins, strict=True):
            known.grad = own.grad
    opened = trace(twin)
    places = {value: place for place, value in enumerate(all_values(twin))}
    users: list[Value | None] = [None] * len(places)
    traced = list(opened.values)
    for own, known, value in zip(values, twins, passes.values, strict=True):
        place = places[known]
        users[place] = own
        traced[place] = replace(traced[place], data=value.data)
    steps = passes.step_of
    groups = tuple(
        Group(steps[index].symbol, tuple(sorted(places[part] for part in members)))
        for index, members in parts.items()
    )
    return Circuit(replace(opened, values=tuple(traced)), users, groups)


def _rebuild(
    values: list[Value], chosen: Collection[int]
) -> tuple[list[Value], dict[int, list[Value]]]:
    """A twin of each value, and the parts of those that were opened."""
    parts: dict[int, list[Value]] = {}
    built: set[Value] = set()
    indices = {value: index for index, value in enumerate(values)}

    def make(value: Value, operands: list[Any]) -> Value:
        twin = Value(value.data) if value.gate is None else value.gate(*value.gate.group(operands))
        twin.label = value.label
        if indices[value] in chosen and (opened := _open(twin)) is not None:
            twin = opened
            parts[indices[value]] = list(reached(twin, built))
        built.add(twin)
        return twin

    twins = rebuild(values, make)
    return [twins[value] for value in values], parts


def _open(value: Value) -> Value | None:
    """The value computed from the parts of its gate, or None if they fail where that does not."""
    try:
        opened = expand(value)
    except (ValueError, ZeroDivisionError):
        return None
    inside = list(reached(opened, set(value.inputs)))
    numbers = [number for part in inside for number in (part.data, *part.local_grads)]
    agrees = math.isclose(opened.data, value.data, rel_tol=1e-6)
    return opened if agrees and all(map(math.isfinite, numbers)) else None


def _chosen(values: list[Value], what: Expand) -> set[int]:
    """The indices of the values whose gates are to be opened."""
    if what is False:
        return set()
    openable = {
        index: value.gate
        for index, value in enumerate(values)
        if value.gate is not None and value.gate.expansion is not None and value.inputs
    }
    if what is True:
        return set(openable)
    chosen = set()
    for each in _listed(what):
        if isinstance(each, Value):
            found = {index for index in openable if values[index] is each}
            if not found:
                raise ValueError(f"expand has {each!r}, which is no value here whose gate opens")
        else:
            found = {i for i, gate in openable.items() if each in (gate.name, gate.symbol)}
            names = [gate.name for gate in GATES.values() if gate.expansion is not None]
            symbols = [gate.symbol for gate in GATES.values() if gate.expansion is not None]
            if each not in names + symbols:
                raise ValueError(f"there is no gate {each!r} that opens; choose {', '.join(names)}")
        chosen |= found
    return chosen


def _listed(what: object) -> Iterable[str | Value]:
    if isinstance(what, str | Value):
        return [what]
    if isinstance(what, Collection) and all(isinstance(each, str | Value) for each in what):
        return list(what)
    raise TypeError(
        "expand takes True, or a collection of names of gates and of values, "
        f'{{"sigmoid", q}}, not {what!r}'
    )
