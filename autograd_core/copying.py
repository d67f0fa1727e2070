"""Copies and pickles of circuits of any depth.

The standard library walks an object's contents by recursion, which a deep circuit would overflow.
Here a circuit is handed over in topological order instead, inputs first, so that nothing is ever
more than one step away from what has been handled already.
"""

import copy
import threading
from collections.abc import Iterator
from typing import Any, TypeVar

from autograd_core.apply import blank
from autograd_core.node import Node, clock, link
from autograd_core.toposort import all_values, topological_order

SomeNode = TypeVar("SomeNode", bound=Node)

_no_attributes = {*Node.__slots__, "__dict__"}


def shallow_copy(value: SomeNode) -> SomeNode:
    """A value of its own that came from the same gate and the same inputs.

    >>> from autograd_core import Value
    >>> x = Value(3.0, "x")
    >>> twin = copy.copy(x)
    >>> twin.data = 5.0
    >>> x.data, twin.label
    (3.0, 'x')
    """
    twin: SomeNode = _restore(type(value), None, _state(value))
    for name, attribute in _attributes(value).items():
        setattr(twin, name, attribute)
    return twin


def _state(value: Node) -> tuple[Any, ...]:
    """The contents of a value: number, gradient, label, stamp, gate, operands, local gradients."""
    locals_ = iter(value.local_grads)
    each = [0.0 if isinstance(x, float) else next(locals_) for x in value.operands]
    return value._data, value._grad, value._label, value._stamp, value._gate, value.operands, each


def _attributes(value: Node) -> dict[str, Any]:
    """The attributes that a subclass adds to a value, in its `__dict__` or in slots of its own."""
    slots = [getattr(kind, "__slots__", ()) for kind in type(value).__mro__]
    names = [name for each in slots for name in ((each,) if isinstance(each, str) else each)]
    added = {
        name: getattr(value, name)
        for name in names
        if name not in _no_attributes and hasattr(value, name)
    }
    return added | getattr(value, "__dict__", {})


def deep_copy(value: SomeNode, memo: dict[int, Any]) -> SomeNode:
    """A copy of the whole circuit below a value, sharing nothing with the original.

    >>> from autograd_core import Value
    >>> x = Value(3.0)
    >>> y = x * x
    >>> twin = copy.deepcopy(y)
    >>> twin.backward()
    >>> x.grad, twin.inputs[0].grad, twin.inputs[0] is twin.inputs[1]
    (0.0, 6.0, True)
    """
    for part in all_values(value):
        if id(part) not in memo:
            _copy_one(part, memo)
    copied: SomeNode = memo[id(value)]
    return copied


def _copy_one(value: Node, memo: dict[int, Any]) -> None:
    """Copy a value whose inputs have been copied."""
    *fields, operands, locals_ = _state(value)
    copies = tuple([memo.get(id(operand), operand) for operand in operands])
    twin = _restore(type(value), None, (*fields, copies, locals_))
    memo[id(value)] = twin  # before its attributes, for they may lead back to it
    for name, attribute in _attributes(value).items():
        setattr(twin, name, copy.deepcopy(attribute, memo))


class _History:
    """The values that a pickled value was computed from, in topological order.

    They go into the pickle as the items of a list, which a pickler takes one by one; each finds
    its own inputs there already. While that happens `being_listed` tells them so.
    """

    being_listed = threading.local()

    def __init__(self, value: Node) -> None:
        self.values = topological_order(value)[:-1]

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (), None, self._one_by_one()

    def _one_by_one(self) -> Iterator[Node]:
        outer: frozenset[Node] = getattr(self.being_listed, "values", frozenset())
        self.being_listed.values = frozenset(self.values)
        try:
            yield from self.values
        finally:
            self.being_listed.values = outer


def reduce(value: Node) -> tuple[Any, ...]:
    """The state of a value for a pickle."""
    listed = value in getattr(_History.being_listed, "values", frozenset())
    history = None if value._gate is None or listed else _History(value)
    added = _attributes(value)
    # The pickle module sets what stands second in such a pair attribute by attribute.
    return _restore, (type(value), history, _state(value)), (None, added) if added else None


def _restore(kind: type[Any], history: object, state: tuple[Any, ...]) -> Any:
    """A value with these contents; its history has been restored by now, and lives in its inputs.

    Time goes on from the latest stamp, so that a graph from another process, or an edit that it has
    not seen, stays as new or old as it was.
    """
    value = blank(kind)
    value._data, value._grad, value._label, value._stamp, value._gate, operands, locals_ = state
    clock.goes_on_from(value._stamp)
    if value._gate is not None:
        link(value, operands, locals_)
    return value
