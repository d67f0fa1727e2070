"""Copies and pickles of circuits of any depth.

The standard library walks an object's contents by recursion, which a deep circuit would overflow.
Here a circuit is handed over in topological order instead, inputs first, so that nothing is ever
more than one step away from what has been handled already.
"""

import copy
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from autograd_core.order import all_values, topological_order
from autograd_core.products import Products

if TYPE_CHECKING:
    from autograd_core.value import Value

_fields = ("_data", "_grad", "label", "_gate", "_first", "_first_local", "_second", "_second_local")
_no_attributes = {*_fields, "_pass", "__weakref__", "__dict__"}


def shallow_copy(value: "Value") -> "Value":
    """A value of its own that came from the same gate and the same inputs.

    >>> from autograd_core import Value
    >>> x = Value(3.0, "x")
    >>> twin = copy.copy(x)
    >>> twin.data = 5.0
    >>> x.data, twin.label
    (3.0, 'x')
    """
    twin = _restore(type(value), None, _state(value))
    for name, attribute in _attributes(value).items():
        setattr(twin, name, attribute)
    return twin


def _state(value: "Value") -> tuple[Any, ...]:
    """The contents of the fields, in their order; what a dot product shares is made its own."""
    value._unfold()
    data, grad, label, gate, first, first_local, second, second_local = [
        getattr(value, field) for field in _fields
    ]
    if isinstance(first, Products):
        second = tuple(first.local_gradients(first_local))
        first, first_local = first.operands(first_local), 0.0
    return data, grad, label, gate, first, first_local, second, second_local


def _attributes(value: "Value") -> dict[str, Any]:
    """What a subclass has added to a value, in its `__dict__` or in slots of its own."""
    slots = [getattr(kind, "__slots__", ()) for kind in type(value).__mro__]
    names = [name for each in slots for name in ((each,) if isinstance(each, str) else each)]
    added = {
        name: getattr(value, name)
        for name in names
        if name not in _no_attributes and hasattr(value, name)
    }
    return added | getattr(value, "__dict__", {})


def deep_copy(value: "Value", memo: dict[int, Any]) -> "Value":
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
    copied: Value = memo[id(value)]
    return copied


def _copy_one(value: "Value", memo: dict[int, Any]) -> None:
    """Copy a value whose inputs have been copied."""
    twin = shallow_copy(value)
    memo[id(value)] = twin  # before its attributes, for they may lead back to it
    for name, attribute in _attributes(value).items():
        setattr(twin, name, copy.deepcopy(attribute, memo))
    for field in ("_first", "_second"):
        operand = getattr(twin, field)
        if isinstance(operand, tuple):
            setattr(twin, field, tuple([memo.get(id(part), part) for part in operand]))
        else:
            setattr(twin, field, memo.get(id(operand), operand))


class _History:
    """The values that a pickled value was computed from, in topological order.

    They go into the pickle as the items of a list, which a pickler takes one by one; each finds
    its own inputs there already. While that happens `being_listed` tells them so.
    """

    being_listed = threading.local()

    def __init__(self, value: "Value") -> None:
        self.values = topological_order(value)[:-1]

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (), None, self._one_by_one()

    def _one_by_one(self) -> Iterator["Value"]:
        outer: frozenset[Value] = getattr(self.being_listed, "values", frozenset())
        self.being_listed.values = frozenset(self.values)
        try:
            yield from self.values
        finally:
            self.being_listed.values = outer


def reduce(value: "Value") -> tuple[Any, ...]:
    """What a pickle holds of a value."""
    listed = value in getattr(_History.being_listed, "values", frozenset())
    history = None if value.gate is None or listed else _History(value)
    added = _attributes(value)
    # The pickle module sets what stands second in such a pair attribute by attribute.
    return _restore, (type(value), history, _state(value)), (None, added) if added else None


def _restore(kind: type["Value"], history: object, state: tuple[Any, ...]) -> "Value":
    """A value with these fields; its history has been restored by now, and lives in its inputs."""
    [engine] = [each for each in kind.__mro__ if "_first" in vars(each)]
    value: Value = engine.__new__(kind)  # type: ignore[call-overload]
    value._pass = 0.0
    for field, content in zip(_fields, state, strict=True):
        setattr(value, field, content)
    return value
