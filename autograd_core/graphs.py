"""Two graphs side by side: are they the same circuit? And one graph built anew."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from autograd_core.value import Operand, Value


@dataclass(frozen=True)
class Difference:
    """The first place in which two graphs differ.

    Attributes:
        one, other: what stands there, a value or a constant.
        taker: the gate of the first graph that takes it; None for an output.
        alike: whether they are of one kind, the same gate or the same number, but one of them
            already has a partner elsewhere.
        elsewhere: whether both of them have partners elsewhere.
    """

    one: Operand
    other: Operand
    taker: Value | None
    alike: bool
    elsewhere: bool


def paired(
    outputs: Iterable[Any], others: Iterable[Any], *, into_same: bool = True
) -> Iterator[tuple[Any, Any, Value | None]]:
    """Walk two graphs in step: what stands in the same place in both, each pair once.

    The walk goes from the outputs to the operands wherever both came from the same gate with as
    many operands. It is depth first, in the order in which operands are written.

    Args:
        outputs: the outputs of the one graph.
        others: those of the other, as many.
        into_same: whether to go on below a value that is part of both graphs.

    Yields:
        A value or a constant of the one graph, that of the other, and the value of the one graph
        that has it as an operand, None for an output.
    """
    pending: list[tuple[Any, Any, Value | None]] = []
    pending += [(*pair, None) for pair in reversed([*zip(outputs, others, strict=True)])]
    seen: set[tuple[int, int]] = set()
    while pending:
        one, other, taker = pending.pop()
        if (id(one), id(other)) in seen:
            continue
        yield one, other, taker
        if isinstance(one, Value) and _is_same_gate(one, other) and (into_same or one is not other):
            seen.add((id(one), id(other)))
            pairs = [*zip(one.operands, other.operands, strict=True)]
            pending += [(*pair, one) for pair in reversed(pairs)]


def first_difference(
    outputs: Sequence[Value],
    others: Sequence[Value],
    partners: Iterable[tuple[Value, Value]] = (),
    *,
    numbers: bool = True,
) -> Difference | None:
    """Where two graphs are not the same circuit.

    They are the same if the same gates are wired alike. Every value of the one then has one partner
    in the other.

    Args:
        outputs: the outputs of the one graph.
        others: those of the other, as many.
        partners: leaves that correspond, whatever their numbers.
        numbers: whether other leaves, and constants, have to have equal numbers; nan equals nan.

    Returns:
        None if it is the same circuit.

    >>> x, y = Value(2.0, "x"), Value(3.0, "y")
    >>> first_difference([x * y + 1.0], [y * x + 1.0], [(x, y), (y, x)]) is None
    True
    >>> found = first_difference([x.exp() * y], [x.exp() + y])
    >>> found.one.gate.name, found.other.gate.name
    ('multiply', 'add')
    """
    partner = dict(partners)
    reverse = {other: one for one, other in partner.items()}
    for one, other, taker in paired(outputs, others):
        known = isinstance(one, Value) and one in partner
        if known and partner[one] is other:
            continue
        taken = isinstance(other, Value) and other in reverse
        alike = _is_alike(one, other, numbers)
        if not alike or known or taken:
            return Difference(one, other, taker, alike, known and taken)
        if isinstance(one, Value):
            partner[one], reverse[other] = other, one
    return None


def rebuild(
    values: Iterable[Value], make: Callable[[Value, list[Operand]], Value]
) -> dict[Value, Value]:
    """Build a graph anew, beside the one that is there; labels are copied.

    Args:
        values: the values of the graph, each after its inputs.
        make: makes the twin of a value from the value and the twins of its operands.

    Returns:
        The twin of each value.

    >>> x = Value(2.0, "x")
    >>> y = x * x
    >>> def make(value, operands):
    ...     return value.gate(*operands) if operands else Value(5.0)
    >>> twins = rebuild([x, y], make)
    >>> twins[y].data, twins[x].label
    (25.0, 'x')
    """
    twins: dict[Value, Value] = {}
    for value in values:
        operands = [twins[x] if isinstance(x, Value) else x for x in value.operands]
        twins[value] = make(value, operands)
        twins[value].label = value.label
    return twins


def same_number(one: float, other: float) -> bool:
    """Whether two numbers are equal; nan equals nan."""
    return one == other or (one != one and other != other)


def _is_same_gate(one: Value, other: Any) -> bool:
    if not isinstance(other, Value) or one.gate is None or one.gate is not other.gate:
        return False
    return len(one.operands) == len(other.operands)


def _is_alike(one: Operand, other: Operand, numbers: bool) -> bool:
    """Whether two operands are of one kind, as far as can be seen without their own operands."""
    if not isinstance(one, Value) or not isinstance(other, Value):
        if isinstance(one, Value) or isinstance(other, Value):
            return False
        return not numbers or same_number(one, other)
    if one.gate is None and other.gate is None:
        return not numbers or same_number(one.data, other.data)
    return _is_same_gate(one, other)
