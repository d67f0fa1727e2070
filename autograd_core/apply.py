# cython: boundscheck=False, wraparound=False
"""Applying a gate to operands: its kernel, or its rules where it has none, and a record of both.

A gate computes two things right away, its output and the local gradient of that output with
respect to each operand. The node that is recorded keeps both, so that the backward pass needs no
calculus.
"""

from collections.abc import Sequence
from typing import Any

from autograd_core.coerce import is_foreign, to_float
from autograd_core.gate import Gate
from autograd_core.modes import branch_here, recording_blocks, records
from autograd_core.node import Node, clear, clock, link

try:
    import cython
except ModuleNotFoundError:
    from autograd_core import _cython as cython


def apply1(gate: Gate, operand: Any) -> Any:
    """Apply a gate of one operand; `Value.exp(3.0)` brings a number here."""
    if not (type(operand) is _kind or isinstance(operand, Node)):
        return gate(operand)
    node = cython.cast(Node, operand) if cython.compiled else operand
    answer = gate.run(node._data, 0.0, 0.0, 1)
    if not answer:
        return apply(gate, (node,))
    return record(gate, answer[0], node, answer[1], None, 0.0)


def apply2(gate: Gate, first: Any, second: Any) -> Any:
    """Apply a gate of two operands, of which one may be a number.

    Returns:
        A value; or NotImplemented if the other operand is of a type unknown here, which may answer
        an operator itself.
    """
    if type(first) is _kind or isinstance(first, Node):
        left = cython.cast(Node, first) if cython.compiled else first
        if type(second) is _kind or isinstance(second, Node):
            right = cython.cast(Node, second) if cython.compiled else second
            answer = gate.run(left._data, right._data, 0.0, 3)
            if answer:
                return record(gate, answer[0], left, answer[1], right, answer[2])
        else:
            if type(second) is not float:
                second = _constant(second, gate)
                if second is NotImplemented:
                    return second
            number = second
            answer = gate.run(left._data, number, 0.0, 1)
            if answer:
                return record(gate, answer[0], left, answer[1], None, number)
    else:
        if type(first) is not float:
            first = _constant(first, gate)
            if first is NotImplemented:
                return first
        number = first
        right = second
        answer = gate.run(number, right._data, 0.0, 2)
        if answer:
            return record(gate, answer[0], None, number, right, answer[2])
    return apply(gate, (first, second))


def _constant(thing: Any, gate: Gate) -> Any:
    """A number as a float; NotImplemented for a type unknown here."""
    if type(thing) is int:
        try:
            return float(thing)
        except OverflowError:
            pass  # `to_float` says so in the user's words
    return NotImplemented if is_foreign(thing) else to_float(thing, gate.name)


def apply(gate: Gate, arguments: Sequence[Any]) -> Any:
    """Apply a gate to any number of operands in a row, values and numbers."""
    operands = tuple(
        [
            operand
            if type(operand) is float or isinstance(operand, Node)
            else to_float(operand, gate.name)
            for operand in arguments
        ]
    )
    if recording_blocks and branch_here.get() is not None:
        operands = branch_here.get().masked(gate, operands)
    data, local_gradients = evaluate(gate, operands)
    return recorded(gate, data, operands, local_gradients)


def evaluate(gate: Gate, operands: Sequence[Any]) -> tuple[float, list[float]]:
    """The output of a gate, and its local gradients.

    Args:
        operands: nodes, of which the numbers are read, and constants; the local gradient for a
            constant is 0.

    Raises:
        ValueError, ZeroDivisionError: if the gate is not defined for these numbers; the message
            names the gate, the labels and the numbers.
    """
    numbers = [x if type(x) is float else x._data for x in operands]
    count = len(numbers)
    if 0 < gate.arity <= 3:
        wanted = 0
        for place in range(count):
            if type(operands[place]) is not float:
                wanted |= 1 << place
        second = numbers[1] if count > 1 else 0.0
        third = numbers[2] if count > 2 else 0.0
        answer = gate.run(numbers[0], second, third, wanted)
        if answer:
            return answer[0], [answer[1], answer[2], answer[3]][:count]
    return gate.by_rules(numbers, operands)


def recorded(
    gate: Gate, data: float, operands: Sequence[Node | float], local_gradients: Sequence[float]
) -> Any:
    """The output of a gate that has been evaluated."""
    out = record(gate, data, None, 0.0, None, 0.0)
    if out._gate is not None:
        link(out, operands, local_gradients)
    return out


def record(
    gate: Gate,
    data: float,
    first: Node | None,
    first_local: float,
    second: Node | None,
    second_local: float,
) -> Node:
    """A new value that remembers the gate it came from; inside `no_grad`, a leaf.

    Its operands and local gradients are given as `Node` keeps them. In a branch, they are masked.
    """
    is_leaf = False
    if recording_blocks:
        is_leaf = not records()
        operands = _masked(gate, first, first_local, second, second_local)
        if operands is not None:
            return apply(gate, operands)
    if cython.compiled:
        out = cython.cast(Node, _kind.__new__(_kind))
        clock.recorded = True  # the clock of the plain form does not ask
    else:
        out = _kind.__new__(_kind)
        out._grad = 0.0
        out._mark = 0
        out._more = out._label = None
    out._data = data
    if is_leaf:
        out._gate = out._first = out._second = None
        out._first_local = out._second_local = 0.0
        out._stamp = 1
        return out
    out._gate = gate
    out._first = first
    out._first_local = first_local
    out._second = second
    out._second_local = second_local
    out._stamp = clock.now
    return out


def _masked(
    gate: Gate, first: Node | None, first_local: float, second: Node | None, second_local: float
) -> Any:
    """The operands of a gate that was evaluated without the mask of its branch; else None."""
    branch = branch_here.get()
    if branch is None or (first is None and second is None):
        return None
    operands: tuple[Any, ...] = (first_local if first is None else first,)
    if gate.arity == 2:
        operands += (second_local if second is None else second,)
    masked = branch.masked(gate, operands)
    return None if masked is operands else masked


_kind = Node


def record_as(kind: Any) -> None:
    """Choose the class of what gates give: `Value`, which is defined above this module."""
    global _kind
    _kind = kind
    if cython.compiled:
        keep_memory(kind, Node)  # type: ignore[name-defined]  # noqa: F821


def blank(kind: Any) -> Any:
    """A leaf of this subclass of `Value`, made without its `__init__`."""
    out = _kind.__new__(kind)
    clear(out)
    return out
