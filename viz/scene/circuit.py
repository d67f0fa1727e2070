"""Other views of a trace: what a picture shows where it differs from what the circuit holds."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from typing import Any

from autograd_core import Trace, Value
from autograd_core.explain import name_all, named_values
from viz.scene.style import printable


def reached(output: Value, known: Set[Value] = frozenset()) -> Iterator[Value]:
    """A value and all that it is computed from, each once, but nothing that is known already.

    >>> x, y = Value(3.0, "x"), Value(4.0, "y")
    >>> q = x * y
    >>> [value.label for value in reached(q * y, known={q})][1:]
    ['y']
    """
    seen = {output}
    waiting = [output]
    yield output
    while waiting:
        for source in waiting.pop().inputs:
            if source not in seen and source not in known:
                seen.add(source)
                waiting.append(source)
                yield source


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
    for wire in trace.wires:
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
    values = [
        replace(value, label=label, name=name)
        for value, label, name in zip(trace.values, labels, name_all(labels), strict=True)
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
    places = {value: place for place, value in enumerate(values) if value is not None}
    found: dict[int, str] = {}
    for name, value in named_values(namespace):
        if value in places:
            found.setdefault(places[value], name)
    return found
