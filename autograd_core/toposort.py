"""Topological order: every node after those that it was computed from, found without recursion."""

import functools
import os
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from autograd_core.node import Node

try:
    import cython
except ModuleNotFoundError:
    from autograd_core import _cython as cython

SomeNode = TypeVar("SomeNode", bound=Node)
Walk = TypeVar("Walk", bound=Callable[..., Any])

_marks = 0  # the last mark that a walk has given to a node
_floor = 64  # what always stays on the stack, since an emptied list gives its memory back
_stack: list[Any] = [None] * _floor


def topological_order(output: SomeNode) -> list[SomeNode]:
    """The outputs of gates in a graph, each after those among its operands.

    Depth first, operands in the order in which they are written, so that the same graph gives the
    same order on every run. The stack is explicit: a chain of a million gates is ordinary.

    A walk marks a node with `opened` when it first meets it and with `opened + 1` when the node is
    in the order. Later walks have higher marks, so nothing needs to be reset.

    >>> from autograd_core import Value
    >>> x, y = Value(2.0, "x"), Value(3.0, "y")
    >>> [value.gate.name for value in topological_order(x * x.exp() + y)]
    ['exp', 'multiply', 'add']
    """
    global _marks
    order: list[SomeNode] = []
    stack: list[Any] = _stack if cython.compiled else [None] * _floor
    _marks += 3  # the third is for the backward pass
    opened = _marks
    while len(stack) > _floor:  # what a walk that was interrupted has left
        stack.pop()
    if output._gate is not None:
        stack.append(output)
    while len(stack) > _floor:
        node = stack[-1]
        if node._mark < opened:
            node._mark = opened
            height = len(stack)
            if _is_new(node._second, opened):
                stack.append(node._second)
            if _is_new(node._first, opened):
                stack.append(node._first)
            if node._more is not None:
                node._more.push(node, stack, opened)
            if len(stack) > height:
                continue
        stack.pop()
        if node._mark == opened:  # all its operands are in order
            node._mark = opened + 1
            order.append(node)
            if node._more is not None:
                node._more.ordered(opened)
    if _marks != opened:  # a signal handler has walked in between, and changed the marks
        _marks += 3
        output._mark = _marks
        return [node for node in all_values(output) if node._gate is not None]
    return order


def _is_new(node: Node | None, opened: int) -> bool:
    """Whether this is the output of a gate that the walk has not met."""
    return node is not None and node._gate is not None and node._mark < opened


def all_values(*outputs: SomeNode) -> list[SomeNode]:
    """Every value of a graph, leaves included, each after everything that it was computed from.

    The outputs of gates have the order of `topological_order`; of several outputs the graph of
    the first comes first.

    >>> from autograd_core import Value
    >>> x, y = Value(2.0, "x"), Value(3.0, "y")
    >>> [value.label or value.gate.name for value in all_values(x * x.exp() + y)]
    ['x', 'exp', 'multiply', 'y', 'add']
    """
    return _values_of(outputs)


def _values_of(outputs: tuple[SomeNode, ...]) -> list[SomeNode]:
    order: list[SomeNode] = []
    seen: set[SomeNode] = set()
    stack: list[Any] = [*reversed(outputs)]
    while stack:
        value = stack.pop()
        if value is None:  # all inputs of the value below this mark are in order
            order.append(stack.pop())
        elif value not in seen:
            seen.add(value)
            if value._gate is None:
                order.append(value)
                continue
            stack += [value, None]
            if value._more is not None:
                stack += reversed(value.inputs)
                continue
            for operand in (value._second, value._first):
                if operand is not None:
                    stack.append(operand)
    return order


def one_at_a_time(walk: Walk) -> Walk:
    """A walk that waits until no other thread is in one, for walks leave their marks on nodes.

    Compiled walks need no lock: no other thread runs in between.
    """

    @functools.wraps(walk)
    def locked(*arguments: Any) -> Any:
        with _walking:
            return walk(*arguments)

    return locked  # type: ignore[return-value]


_walking = threading.RLock()


def _unlock() -> None:
    """Begin a new process with a lock that no thread holds: its threads have not come along."""
    global _walking
    _walking = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_unlock)

if not cython.compiled:
    topological_order = one_at_a_time(topological_order)
