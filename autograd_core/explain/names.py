"""Names: of values, from labels and variables; and with indices, as lectures write them."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from autograd_core.value import Value

_BELOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_ABOVE = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def indexed(letter: str, *indices: int, layer: int | None = None) -> str:
    """A name with indices: the layer's above, all others below. Indices count from 1.

    Where an index has several digits, commas stand between them.

    >>> indexed("w", 1, 4, layer=3), indexed("b", 2), indexed("w", 16, 2, layer=1), indexed("b")
    ('w³₁₄', 'b₂', 'w¹₁₆,₂', 'b')
    """
    above = "" if layer is None else str(layer).translate(_ABOVE)
    comma = "," if indices and max(indices) > 9 else ""
    return letter + above + comma.join([_below(index) for index in indices])


@lru_cache(maxsize=1024)  # a network's names repeat few indices
def _below(index: int) -> str:
    return str(index).translate(_BELOW)


def name_all(labels: Sequence[str | None]) -> list[str]:
    """A name for each value, all different: its label, or the next of v1, v2, … that is free.

    >>> name_all(["x", None, None, "x"])
    ['x', 'v1', 'v2', 'x (2)']
    """
    taken = set(labels)
    times: dict[str, int] = {}
    names, count = [], 0
    for label in labels:
        if not label:
            count += 1
            while f"v{count}" in taken:
                count += 1
            names.append(f"v{count}")
            continue
        name, times[label] = label, times.get(label, 0) + 1
        while times[label] > 1 and name in taken:
            name = f"{label} ({times[label]})"
            times[label] += name in taken
        taken.add(name)
        names.append(name)
    return names


def name_values(namespace: Mapping[str, Any]) -> None:
    """Label values after the variables that hold them, as in `name_values(locals())`.

    Values in lists and tuples are named by position: `w[0]`, `W[1][0]`. A value that has a label
    keeps it, and one with several names gets the first. Names that begin with an underscore are
    skipped.

    Args:
        namespace: names and what they stand for.

    Raises:
        TypeError: if it is given a value rather than a namespace.

    >>> x, w = Value(2.0), [Value(-1.0), Value(3.0)]
    >>> name_values({"x": x, "w": w})
    >>> x.label, w[1].label
    ('x', 'w[1]')
    """
    if not isinstance(namespace, Mapping):
        raise TypeError(
            f"name_values takes names and values, name_values(locals()), not {namespace!r}"
        )
    for name, value in named_values(namespace):
        if value.label is None:
            value.label = name


def named_values(namespace: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
    """Each value that a namespace holds, with its name; one with several names comes several times.

    Values in lists and tuples are named by position: `w[0]`, `W[1][0]`. Names that begin with an
    underscore are skipped.

    >>> w = [Value(2.0), Value(3.0)]
    >>> [name for name, _ in named_values({"w": w, "last": w[1], "_": w})]
    ['w[0]', 'w[1]', 'last']
    """
    pending = [
        (str(name), thing)
        for name, thing in reversed(list(namespace.items()))
        if not str(name).startswith("_")
    ]
    opened: set[int] = set()  # lists whose parts are named: one may contain itself
    while pending:
        name, thing = pending.pop()
        if isinstance(thing, Value):
            yield name, thing
        elif isinstance(thing, (list, tuple)) and id(thing) not in opened:
            opened.add(id(thing))
            parts = [(f"{name}[{place}]", part) for place, part in enumerate(thing)]
            pending.extend(reversed(parts))
