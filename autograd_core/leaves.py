# cython: boundscheck=False, wraparound=False
"""Many leaves at once: their numbers to arrays and back, and what holds them, compared.

A step of an optimiser goes through all parameters of a model several times, which takes longer
than the step itself where Python runs the loops.
"""

from operator import is_
from typing import Any

from autograd_core.node import Node, clock

try:
    import cython
except ModuleNotFoundError:
    from autograd_core import _cython as cython

Leaves = list[Any] | tuple[Any, ...]


def read_data(leaves: Leaves, numbers: Any) -> None:
    """Copy the data of leaves into an array of as many floats."""
    own, block = _things(leaves), _block(numbers, len(leaves), True)
    kind: Any = None
    for place in range(len(leaves)):
        if type(cython.cast(Node, own[place])) is not kind:
            kind = _kind_of(leaves[place])
        block[place] = cython.cast(Node, own[place])._data


def read_gradients(leaves: Leaves, numbers: Any) -> None:
    """Copy the gradients of leaves into an array of as many floats."""
    own, block = _things(leaves), _block(numbers, len(leaves), True)
    kind: Any = None
    for place in range(len(leaves)):
        if type(cython.cast(Node, own[place])) is not kind:
            kind = _kind_of(leaves[place])
        block[place] = cython.cast(Node, own[place])._grad


def read_both(leaves: Leaves, numbers: Any, gradients: Any) -> None:
    """Copy data and gradients of leaves into two arrays, going through the leaves once."""
    own, block = _things(leaves), _block(numbers, len(leaves), True)
    other = _block(gradients, len(leaves), True)
    kind: Any = None
    for place in range(len(leaves)):
        if type(cython.cast(Node, own[place])) is not kind:
            kind = _kind_of(leaves[place])
        block[place] = cython.cast(Node, own[place])._data
        other[place] = cython.cast(Node, own[place])._grad


def write_data(leaves: Leaves, numbers: Any) -> None:
    """Give each leaf its number of an array, as if its `data` were set.

    Raises:
        AttributeError: if one of them is the output of a gate; those before it are written.
    """
    own, block = _things(leaves), _block(numbers, len(leaves), False)
    kind: Any = None
    stamp = 0  # edits with no recording in between share it
    for place in range(len(leaves)):
        if type(cython.cast(Node, own[place])) is not kind:
            kind = _kind_of(leaves[place])
        number = block[place] if cython.compiled else float(block[place])
        if cython.cast(Node, own[place])._gate is not None:
            leaves[place].data = number  # which refuses in words
            raise AttributeError(f"a leaf is no output of a gate, as {leaves[place]!r} is")
        # a zero may have changed its sign
        if cython.cast(Node, own[place])._data != number or number == 0.0:
            cython.cast(Node, own[place])._data = number
            stamp = stamp or clock.edit()
            cython.cast(Node, own[place])._stamp = stamp


def add_gradients(leaves: Leaves, numbers: Any) -> None:
    """Add its number of an array to the gradient of each leaf."""
    own, block = _things(leaves), _block(numbers, len(leaves), False)
    kind: Any = None
    for place in range(len(leaves)):
        if type(cython.cast(Node, own[place])) is not kind:
            kind = _kind_of(leaves[place])
        number = block[place] if cython.compiled else float(block[place])
        cython.cast(Node, own[place])._grad += number


def clear_gradients(leaves: Leaves) -> None:
    """Set the gradient of each leaf to 0."""
    own = _things(leaves)
    kind: Any = None
    for place in range(len(leaves)):
        if type(cython.cast(Node, own[place])) is not kind:
            kind = _kind_of(leaves[place])
        cython.cast(Node, own[place])._grad = 0.0


def _kind_of(leaf: Any) -> type:
    """The class of a leaf, which is asked only where the leaf before it was of another one."""
    if not isinstance(leaf, Node):
        raise TypeError(f"a leaf is a value, not {leaf!r}")
    return type(leaf)


def _things(leaves: Leaves) -> Any:
    """What a list or a tuple holds; compiled, without references, whose counts would be written."""
    if not isinstance(leaves, (list, tuple)):
        raise TypeError(f"leaves are in a list or a tuple, not in {type(leaves).__name__}")
    if cython.compiled:
        return things_in(leaves)  # type: ignore[name-defined]  # noqa: F821
    return leaves


def _block(numbers: Any, count: int, written: bool) -> Any:
    """The numbers of an array, of which there are as many as leaves."""
    if len(numbers) != count:
        raise ValueError(f"there are {count} leaves, but {len(numbers)} numbers")
    if cython.compiled:
        return floats_in(numbers, written)  # type: ignore[name-defined]  # noqa: F821
    return numbers


def handed_out(kept: list[list[Any]], leaves: tuple[Any, ...]) -> list[Any]:
    """A list of leaves that nobody else has.

    Compiled, the last one is handed out again if nobody has it any more and the same is in it:
    another one takes as long as two passes over all leaves, one when it is made, one when it goes.

    Args:
        kept: the list that was handed out last, alone in a list.
        leaves: what is to be in it.
    """
    alone = cython.compiled and is_alone(kept)  # type: ignore[name-defined]  # noqa: F821
    if not (alone and same(kept[0], leaves)):
        kept[:] = [[*leaves]]
    return kept[0]


def same(one: Leaves, other: Leaves) -> bool:
    """Whether two lists or tuples hold the very same things."""
    if cython.compiled:
        return same_things(one, other)  # type: ignore  # noqa: F821
    return len(one) == len(other) and all(map(is_, one, other))


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
        if type(things[place]) is list:
            if not same(things[place], contents[place]):
                return False
        elif not _holds(things[place], contents[place]):
            return False
    return True


def _holds(named: dict[str, Any], known: list[Any]) -> bool:
    """Whether a dictionary holds what `contents_of` found in it."""
    if cython.compiled and same_items(named, known, _NOT_COMPARED):  # type: ignore  # noqa: F821
        return True  # as a rule; below, what is new may have an underscore before its name
    at = 0
    for name, part in named.items():
        if at + 1 < len(known) and known[at] is name:
            if known[at + 1] is not part and known[at + 1] is not _NOT_COMPARED:
                return False
            at += 2
        elif at == len(known) or known[len(known) - 1] is not _NOT_COMPARED or name[0] != "_":
            return False
    return at + 1 >= len(known)


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
