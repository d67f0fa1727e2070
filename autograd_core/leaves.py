# cython: boundscheck=False, wraparound=False
"""Many leaves at once: their numbers to arrays and back, and what holds them, compared.

A step of an optimiser goes through all parameters of a model several times, which takes longer
than the step itself where Python runs the loops.
"""

from typing import Any

from autograd_core.node import Node, clock

try:
    import cython
except ModuleNotFoundError:
    from autograd_core import _cython as cython

Leaves = list[Any] | tuple[Any, ...]


def read_data(leaves: Leaves, numbers: Any) -> None:
    """Copy the data of leaves into an array of as many floats."""
    _check_length(leaves, numbers)
    kind: Any = None
    for place in range(len(leaves)):
        leaf: Any = cython.cast(Node, leaves[place])
        if type(leaf) is not kind:
            kind = _kind_of(leaf)
        numbers[place] = leaf._data


def read_gradients(leaves: Leaves, numbers: Any) -> None:
    """Copy the gradients of leaves into an array of as many floats."""
    _check_length(leaves, numbers)
    kind: Any = None
    for place in range(len(leaves)):
        leaf: Any = cython.cast(Node, leaves[place])
        if type(leaf) is not kind:
            kind = _kind_of(leaf)
        numbers[place] = leaf._grad


def write_data(leaves: Leaves, numbers: Any) -> None:
    """Give each leaf its number of an array, as if its `data` were set.

    Raises:
        AttributeError: if one of them is the output of a gate; those before it are written.
    """
    _check_length(leaves, numbers)
    kind: Any = None
    stamp = 0  # edits with no recording in between share it
    for place in range(len(leaves)):
        leaf: Any = cython.cast(Node, leaves[place])
        if type(leaf) is not kind:
            kind = _kind_of(leaf)
        number = numbers[place] if cython.compiled else float(numbers[place])
        if leaf._gate is not None:
            leaves[place].data = number  # which refuses in words
        if leaf._data != number or number == 0.0:  # a zero may have changed its sign
            leaf._data = number
            stamp = stamp or clock.edit()
            leaf._stamp = stamp


def add_gradients(leaves: Leaves, numbers: Any) -> None:
    """Add its number of an array to the gradient of each leaf."""
    _check_length(leaves, numbers)
    kind: Any = None
    for place in range(len(leaves)):
        leaf: Any = cython.cast(Node, leaves[place])
        if type(leaf) is not kind:
            kind = _kind_of(leaf)
        leaf._grad += numbers[place] if cython.compiled else float(numbers[place])


def clear_gradients(leaves: Leaves) -> None:
    """Set the gradient of each leaf to 0."""
    kind: Any = None
    for place in range(len(leaves)):
        leaf: Any = cython.cast(Node, leaves[place])
        if type(leaf) is not kind:
            kind = _kind_of(leaf)
        leaf._grad = 0.0


def _kind_of(leaf: Any) -> type:
    """The class of a leaf, which is asked only where the leaf before it was of another one."""
    if not isinstance(leaf, Node):
        raise TypeError(f"a leaf is a value, not {leaf!r}")
    return type(leaf)


def _check_length(leaves: Leaves, numbers: Any) -> None:
    if len(leaves) != len(numbers):
        raise ValueError(f"there are {len(leaves)} leaves, but {len(numbers)} numbers")


_NOT_COMPARED = object()


def unchanged(things: list[Any], contents: list[list[Any]]) -> bool:
    """Whether lists and dictionaries hold the very objects that `contents_of` found in them.

    >>> numbers, attributes = [1.5, 2.5], {"w": 3.5, "_cache": 0.5}
    >>> things = [numbers, attributes]
    >>> contents = [contents_of(numbers), contents_of(attributes, attributes=True)]
    >>> attributes["_cache"] = attributes["_other"] = 1.5
    >>> unchanged(things, contents)
    True
    >>> attributes["w"] = 4.5
    >>> unchanged(things, contents)
    False
    """
    for place in range(len(things)):
        known = contents[place]
        at = 0
        if type(things[place]) is list:
            listed = things[place]
            if len(listed) != len(known):
                return False
            for at in range(len(known)):
                if listed[at] is not known[at]:
                    return False
            continue
        named = things[place]
        for name, part in named.items():
            if at + 1 < len(known) and known[at] is name:
                if known[at + 1] is not part and known[at + 1] is not _NOT_COMPARED:
                    return False
                at += 2
            elif at == len(known) or known[len(known) - 1] is not _NOT_COMPARED or name[0] != "_":
                return False
        if at + 1 < len(known):
            return False
    return True


def contents_of(thing: Any, attributes: bool = False) -> list[Any]:
    """What a list or a dictionary holds now, as `unchanged` compares it.

    Args:
        thing: the list or the dictionary, of which names and things alternate.
        attributes: whether what has an underscore before its name is not compared.
    """
    if type(thing) is list:
        return [*thing]
    known: list[Any] = []
    for name, part in thing.items():
        known += [name, _NOT_COMPARED if attributes and name[0] == "_" else part]
    return [*known, _NOT_COMPARED] if attributes else known
