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
    outputs: Iterable[Any], others: Iterable[Any]
) -> Iterator[tuple[Any, Any, Value | None]]:
    """Walk two graphs in step: what stands in the same place in both, each pair once.

    The walk goes from the outputs to the operands wherever both came from the same gate with as
    many operands, and are not one value. It is depth first, in the order in which operands are
    written.

    Args:
        outputs: the outputs of the one graph.
        others: those of the other, as many.

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
        if isinstance(one, Value) and one is not other:
            seen.add((id(one), id(other)))
            pending += [(*pair, one) for pair in _pairs_below(one, other, numbers=False) or ()]


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
    pending: list[Any] = [(*pair, None) for pair in zip(outputs, others, strict=True)][::-1]
    while pending:
        one, other, taker = pending.pop()
        known = isinstance(one, Value) and one in partner
        if known and partner[one] is other:
            continue
        taken = isinstance(other, Value) and other in reverse
        pairs = _pairs_below(one, other, numbers)
        if pairs is None or known or taken:
            return Difference(one, other, taker, pairs is not None, known and taken)
        if isinstance(one, Value):
            partner[one], reverse[other] = other, one
            pending += [(a, b, one) for a, b in pairs if partner.get(a) is not b]
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


def _pairs_below(one: Any, other: Any, numbers: bool) -> Sequence[tuple[Any, Any]] | None:
    """The operands of two operands in step, the last first; None if those are not of one kind."""
    values = isinstance(one, Value), isinstance(other, Value)
    if not any(values):
        return () if not numbers or same_number(one, other) else None
    if not all(values) or one.gate is not other.gate:
        return None
    if one.gate is None:
        return () if not numbers or same_number(one.data, other.data) else None
    ones, twos = one.operands, other.operands
    return [*zip(ones, twos, strict=True)][::-1] if len(ones) == len(twos) else None
