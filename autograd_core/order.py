"""The order of the two passes: topological, found without recursion."""

import os
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from autograd_core.products import Products

try:
    import cython
except ModuleNotFoundError:
    from autograd_core import interpreted as cython

if TYPE_CHECKING:
    from autograd_core.value import Operand, Value


def all_values(*outputs: "Value") -> list["Value"]:
    """Every value of a circuit, leaves included, each after everything that it was computed from.

    Of several outputs the circuit of the first comes first.

    Depth first, inputs in the order in which they are written, so that the same circuit gives the
    same order on every run. The stack is explicit: a chain of a million gates is ordinary.

    >>> from autograd_core import Value
    >>> x, y = Value(2.0, "x"), Value(3.0, "y")
    >>> [value.label or value.gate.name for value in all_values(x * x.exp() + y)]
    ['x', 'exp', 'multiply', 'y', 'add']
    """
    order: list[Value] = []
    seen: set[Value] = set()
    stack: list[Value | None] = [*reversed(outputs)]
    while stack:
        value = stack.pop()
        if value is None:  # all inputs of the value below this mark are in order
            order.append(stack.pop())  # type: ignore[arg-type]
        elif value not in seen:
            seen.add(value)
            if value._gate is None:
                order.append(value)
            else:
                stack += [value, None, *reversed(value.inputs)]
    return order


_passes = 0.0
_floor = 64  # a list that runs empty gives its memory back, and asks for it again
_stack: list[Any] = [None] * _floor
_one_at_a_time = threading.RLock()


def _unlock() -> None:
    """Begin a new process with a lock that no thread holds, for its threads have not come along."""
    global _one_at_a_time
    _one_at_a_time = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_unlock)


def topological_order(output: "Value") -> list["Value"]:
    """The outputs of gates in a circuit, in the order of `all_values`.

    >>> from autograd_core import Value
    >>> x = Value(2.0)
    >>> [value.gate.name for value in topological_order(x * x + x.exp())]
    ['multiply', 'exp', 'add']
    """
    for value in recorded_order(output):
        if type(value._first) is Products:
            value._unfold()
    return recorded_order(output)


def recorded_order(output: "Value") -> list["Value"]:
    """The same, where a neuron is one step if nobody has looked into it.

    It is what every `backward` needs: the walk of `all_values` without the leaves, which marks what
    it has seen with the number of the pass.
    """
    if cython.compiled:  # no other thread runs in between
        return _depth_first(output)
    with _one_at_a_time:
        return _depth_first(output)


def _depth_first(output: "Value") -> list["Value"]:
    """The walk: a value is marked with `opened` when it is first met, with `closed` when done."""
    global _passes
    order: list[Value] = []
    stack: list[Any] = _stack if cython.compiled else [None] * _floor
    _passes += 2.0
    opened = _passes
    closed = opened + 1.0
    while len(stack) > _floor:  # what a pass that was interrupted has left
        stack.pop()
    if output._gate is not None:
        stack.append(output)
    while len(stack) > _floor:
        value: Value = stack[-1]
        first = value._first
        if value._pass < opened:
            value._pass = opened
            height = len(stack)
            if type(first) is Products:
                products: Products = first
                count = len(products.inputs)
                if products.ordered < opened:
                    _push_new(stack, products.inputs, 0, count, opened)
                if not products.leaves:
                    start = count * int(value._first_local)
                    _push_new(stack, products.weights, start, start + count, opened)
            elif type(first) is tuple:
                _push_new(stack, first, 0, len(first), opened)
            else:
                if _is_new(value._second, opened):
                    stack.append(value._second)
                if _is_new(first, opened):
                    stack.append(first)
            if len(stack) > height:
                continue
        stack.pop()
        if value._pass < closed:  # all its inputs are in order
            value._pass = closed
            order.append(value)
            if type(first) is Products:
                done: Products = first
                done.ordered = opened
    if _passes != opened:  # a signal handler has walked in between, and changed the marks
        return _depth_first(output)
    return order


def _push_new(
    stack: list[Any], operands: "Sequence[Operand]", start: Any, end: Any, opened: float
) -> None:
    """Push what is new among some operands, so that the first of them comes off first."""
    for place in range(end - 1, start - 1, -1):
        if _is_new(operands[place], opened):
            stack.append(operands[place])


def _is_new(operand: "Operand | None", opened: float) -> bool:
    """Whether an operand is the output of a gate that this pass has not met."""
    if operand is None or type(operand) is float:
        return False
    value: Value = operand  # type: ignore[assignment]
    return value._gate is not None and value._pass < opened
