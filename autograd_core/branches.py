"""Branches of `where` that are given as functions: both are recorded, and one is evaluated.

Programs, `forward()` and derivatives need the circuit of both branches, whatever the numbers are
now. But in the branch that is not taken a gate may refuse its numbers, as √x refuses −4. So there
its operands go through `where(condition, x, nan)`: no gate refuses nan, and `where` lets neither
the nan out of the branch nor a gradient in.
"""

from collections.abc import Callable, Iterable, Sequence
from math import nan
from typing import Any

from autograd_core import floats
from autograd_core.apply import apply
from autograd_core.errors import domain_errors
from autograd_core.gate import GATES, Gate
from autograd_core.modes import branch_here, recording_blocks, records
from autograd_core.node import Node


def apply_to_branches(gate: Gate, operands: Sequence[Any]) -> Any:
    """Apply a gate that chooses to a condition and two branches, which may be functions.

    Where the condition is a value, and gates are recorded, both functions are called: what the one
    that is not taken records computes with nan.
    """
    condition, *branches = operands
    if any(map(callable, branches)):
        if not isinstance(condition, Node):
            return gate.choose(condition, *branches)
        if not records():
            return gate.choose(condition._data, *branches)
        branches = [
            Branch(condition, not place).record(branch) if callable(branch) else branch
            for place, branch in enumerate(branches)
        ]
    return apply(gate, (condition, *branches))


class Branch:
    """The mask under which the function of a branch is recorded.

    Args:
        condition: what decides.
        first: whether this is the branch that is taken where the condition is not 0.
    """

    def __init__(self, condition: Node, first: bool) -> None:
        self._condition = condition
        self._first = first
        self._outer: Branch | None = branch_here.get()
        self._masks: dict[Node, Node] = {}
        self._own: set[Node] = set()

    def record(self, function: Callable[[], Any]) -> Any:
        """What the function returns."""
        before = branch_here.set(self)
        recording_blocks.append(self)
        try:
            return function()
        finally:
            recording_blocks.remove(self)
            branch_here.reset(before)

    def masked(self, gate: Gate, operands: Sequence[Any]) -> Sequence[Any]:
        """Operands under the mask, where the gate may refuse them; else the same sequence."""
        places = [
            place
            for place in _refused(gate, operands)
            if isinstance(operands[place], Node) and operands[place] not in self._own
        ]
        if not places:
            return operands
        row = list(operands)
        for place in places:
            row[place] = self._mask(row[place])
        return tuple(row)

    def _mask(self, value: Node) -> Node:
        if value not in self._masks:
            row = (value, nan) if self._first else (nan, value)
            mask = apply(GATES["where"], (self._condition, *row))
            mask = mask if self._outer is None else self._outer._mask(mask)
            self._masks[value] = mask
            self._own.add(mask)
        return self._masks[value]


def _refused(gate: Gate, operands: Sequence[Any]) -> Sequence[int]:
    """The places of operands without which a gate refuses nothing."""
    own = not gate.forward.__module__.startswith("autograd_core.gates.")
    everything = range(len(operands))
    if gate.variadic or not gate.domain:  # our lists may be too short, but take all numbers
        return everything if own else ()
    if not _may_refuse(gate, operands, None):
        return ()
    enough = [place for place in everything if not _may_refuse(gate, operands, place)]
    return everything if own else enough[:1] or everything


def _may_refuse(gate: Gate, operands: Sequence[Any], masked: int | None) -> bool:
    """Whether a gate refuses some numbers for its operands that are values, if one is nan."""
    row = [
        nan if place == masked else operand if type(operand) is float else _Unknown()
        for place, operand in enumerate(operands)
    ]
    return any(domain.outside(*row) is not False for domain in gate.domain)


class _Unknown:
    """A number, or a truth value, that is not known."""

    def _unknown(self, *other: Any) -> "_Unknown":
        return self

    def __and__(self, other: Any) -> Any:
        return False if other is False else self

    __lt__ = __le__ = __gt__ = __ge__ = __eq__ = __ne__ = _unknown  # type: ignore[assignment]
    __add__ = __sub__ = __mul__ = __truediv__ = __mod__ = __abs__ = __neg__ = _unknown
    __rand__ = __and__
    __hash__ = None  # type: ignore[assignment]


CURE = (
    ". A branch of `where` that is not taken raised it: give the branches as functions, "
    "where(condition, lambda: …, lambda: …)"
)
"""What is added to an error that no output depends on."""


def is_needed(
    wanted: Any,
    outputs: Iterable[Any],
    gate_of: Callable[[Any], Gate | None],
    operands_of: Callable[[Any], Sequence[Any]],
    number_of: Callable[[Any], float],
) -> bool:
    """Whether outputs depend on a node of a graph, given the branches that are taken.

    The graph is evaluated from the outputs down: of a `where` first the condition, and then the
    branch that it chooses. Nodes are whatever the three functions take: a node without a gate has
    a number, and a float stands for itself. Where another gate refuses its numbers, too, the node
    counts as needed.
    """
    numbers: dict[Any, float] = {}
    stack = [*outputs]
    while stack:
        node = stack[-1]
        if node in {wanted}:  # that very value: outside a set, values compare by their data
            return True
        gate = gate_of(node)
        operands = operands_of(node) if gate is not None else ()
        if gate is not None and gate.chooses:
            condition, *branches = operands
            operands = (condition,)
            if _is_known(condition, numbers):
                operands = (branches[0 if _number(condition, numbers) else 1],)
        missing = [each for each in operands if not _is_known(each, numbers)]
        if missing:
            stack += missing
            continue
        row = [_number(each, numbers) for each in operands]
        try:
            numbers[stack.pop()] = (
                number_of(node)
                if gate is None
                else row[0]
                if gate.chooses
                else gate.evaluate(floats, row)
            )
        except domain_errors:
            return True
    return False


def _is_known(node: Any, numbers: dict[Any, float]) -> bool:
    return type(node) is float or node in numbers


def _number(node: Any, numbers: dict[Any, float]) -> float:
    number: float = node if type(node) is float else numbers[node]
    return number
