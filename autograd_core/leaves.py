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


def read_data(leaves: list[Any], numbers: Any) -> None:
    """Copy the data of leaves into an array of as many floats."""
    _check_length(leaves, numbers)
    if not cython.compiled:
        numbers[:] = [leaf._data for leaf in leaves]
        return
    for place in range(len(leaves)):
        node: Node = leaves[place]
        numbers[place] = node._data


def read_gradients(leaves: list[Any], numbers: Any) -> None:
    """Copy the gradients of leaves into an array of as many floats."""
    _check_length(leaves, numbers)
    if not cython.compiled:
        numbers[:] = [leaf._grad for leaf in leaves]
        return
    for place in range(len(leaves)):
        node: Node = leaves[place]
        numbers[place] = node._grad


def write_data(leaves: list[Any], numbers: Any) -> None:
    """Give each leaf its number of an array, as if its `data` were set.

    Raises:
        AttributeError: if one of them is the output of a gate; those before it are written.
    """
    _check_length(leaves, numbers)
    for place in range(len(leaves)):
        node: Any = leaves[place]
        number = numbers[place] if cython.compiled else float(numbers[place])
        if node._gate is not None:
            leaves[place].data = number  # which refuses in words
        if node._data != number or number == 0.0:  # a zero may have changed its sign
            node._data = number
            node._stamp = clock.edit()


def add_gradients(leaves: list[Any], numbers: Any) -> None:
    """Add its number of an array to the gradient of each leaf."""
    _check_length(leaves, numbers)
    for place in range(len(leaves)):
        node: Any = leaves[place]
        node._grad += numbers[place] if cython.compiled else float(numbers[place])


def clear_gradients(leaves: list[Any]) -> None:
    """Set the gradient of each leaf to 0."""
    for leaf in leaves:
        node: Any = leaf
        node._grad = 0.0


def _check_length(leaves: list[Any], numbers: Any) -> None:
    if len(leaves) != len(numbers):
        raise ValueError(f"there are {len(leaves)} leaves, but {len(numbers)} numbers")


def unchanged(things: list[Any], contents: list[list[Any]]) -> bool:
    """Whether lists and dictionaries hold the very objects that `contents_of` found in them.

    >>> numbers, attributes = [1.5, 2.5], {"w": 3.5}
    >>> things = [numbers, attributes]
    >>> contents = [contents_of(thing) for thing in things]
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
            if known[0] and name[0] == "_":
                continue
            at += 2
            if at >= len(known) or known[at - 1] is not name or known[at] is not part:
                return False
        if at != len(known) - 1:
            return False
    return True


def contents_of(thing: Any, attributes: bool = False) -> list[Any]:
    """What a list or a dictionary holds now, as `unchanged` compares it.

    Args:
        thing: the list or the dictionary.
        attributes: whether names that begin with an underscore are left out.
    """
    if type(thing) is list:
        return [*thing]
    known: list[Any] = [attributes]
    for name, part in thing.items():
        if not (attributes and name[0] == "_"):
            known += [name, part]
    return known
