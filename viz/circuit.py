"""Other views of a trace: what a picture shows where it differs from what the circuit holds."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from autograd_core import Trace, Value
from viz.style import printable


def values_of(output: Value, trace: Trace) -> list[Value]:
    """The values of a traced circuit in the order of `Trace.values`.

    >>> from autograd_core import trace
    >>> x = Value(3.0, "x")
    >>> f = x * x + 1
    >>> [value.data for value in values_of(f, trace(f))]
    [3.0, 9.0, 10.0]
    """
    operands = {step.out: step.operands for step in trace.forward}
    found = {trace.output: output}
    waiting = [trace.output]
    while waiting:
        index = waiting.pop()
        for place, source in zip(operands.get(index, ()), found[index].operands, strict=True):
            if isinstance(source, Value) and place not in found:
                found[int(place)] = source
                waiting.append(int(place))
    return [found[index] for index in range(len(found))]


def of_this_pass(trace: Trace) -> Trace:
    """The trace with the gradients of its own backward pass alone.

    The engine adds the gradients of several passes up in the leaves. Where a picture shows what a
    sum consists of, it shows the sum of one pass. The pass need not have been run.

    >>> from autograd_core import trace
    >>> x = Value(3.0, "x")
    >>> f = x * x
    >>> f.backward()
    >>> f.backward()
    >>> x.grad, of_this_pass(trace(f)).values[0].grad
    (12.0, 6.0)
    """
    gradients = [value.grad for value in trace.values]
    if trace.forward:
        gradients[trace.output] = trace.upstream
    for step in trace.backward:
        for wire in step.contributions:
            gradients[wire.value] = wire.total
    values = zip(trace.values, gradients, strict=True)
    return replace(trace, values=tuple(replace(v, grad=g) for v, g in values), ran=True)


def renamed(trace: Trace, names: Mapping[int, str]) -> Trace:
    """The trace with other names for some values, which are given by their indices.

    >>> from autograd_core import trace
    >>> x = Value(3.0, "x")
    >>> [value.name for value in renamed(trace(x * x + 1), {1: "v2"}).values]
    ['x', 'v2', 'v1']
    """
    labels = [names.get(value.index, value.label) for value in trace.values]
    taken = set(labels)
    free = (f"v{number}" for number in count(1))
    unnamed = (name for name in free if name not in taken)
    values = [
        replace(value, label=label, name=next(unnamed) if label is None else str(label))
        for value, label in zip(trace.values, labels, strict=True)
    ]
    return replace(trace, values=tuple(values))


def names_in(trace: Trace) -> list[str]:
    """What each value is called in a sentence, on one line."""
    return [printable(value.name) for value in trace.values]


def names_for(values: Sequence[Value | None], namespace: Mapping[str, Any]) -> dict[int, str]:
    """The names that a namespace has for some values, by their place in the sequence.

    Values in lists and tuples are named by their place: `w[0]`, `W[1][0]`. A value with several
    names gets the first. Names that begin with an underscore are passed over.

    Raises:
        TypeError: if it is no namespace.

    >>> w = [Value(2.0), Value(3.0)]
    >>> names_for([w[1]], {"w": w, "last": w[1]})
    {0: 'w[1]'}
    """
    if not isinstance(namespace, Mapping):
        raise TypeError(f'names takes names and values, {{"q": q}} or locals(), not {namespace!r}')
    places = {id(value): place for place, value in enumerate(values) if value is not None}
    found: dict[int, str] = {}
    things = [(str(name), thing) for name, thing in namespace.items()]
    waiting = [pair for pair in reversed(things) if not pair[0].startswith("_")]
    opened: set[int] = set()  # lists that have been looked into: one may contain itself
    while waiting:
        name, thing = waiting.pop()
        if isinstance(thing, Value) and id(thing) in places:
            found.setdefault(places[id(thing)], name)
        elif isinstance(thing, (list, tuple)) and id(thing) not in opened:
            opened.add(id(thing))
            parts = [(f"{name}[{place}]", part) for place, part in enumerate(thing)]
            waiting.extend(reversed(parts))
    return found
