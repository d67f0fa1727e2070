"""Both passes through a circuit as a series of moments, each with a sentence about it.

First the leaves have their numbers; then one gate after the other computes its output; then the
gradient starts at the output and travels back, one wire at a time. Steps, animations and pages of
`viz` all say these sentences; `words` says the same gate by gate, for the terminal.

A sentence is kept in parts: a number in it says *which* number of the circuit it is, so that a page
can put another in its place when a leaf is changed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from autograd_core.explain.text import significant
from autograd_core.explain.tracing import Contribution, ForwardStep, Trace
from autograd_core.explain.words import MOST_LISTED, formula_parts, turn_of


@dataclass(frozen=True, slots=True)
class Name:
    """The name of the value of that index, in a sentence."""

    index: int


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a sentence, by where it comes from.

    Attributes:
        kind: `data` of a value; `start`, the gradient that the backward pass starts from; or of a
            wire its `upstream`, its `local`, their `product`, and the gradient of its source
            `before` and after it (`total`).
        index: of the value or of the wire; wires are counted in the order of the backward pass.
        bracketed: whether a negative number needs parentheses in its place.
    """

    kind: Literal["data", "start", "upstream", "local", "product", "before", "total"]
    index: int
    bracketed: bool = False


Part = str | Name | Number


@dataclass(frozen=True, slots=True)
class Moment:
    """One step of the forward or of the backward pass.

    Attributes:
        phase: which part of the story this is.
        parts: what is said.
        gate: the value whose gate is at work, if one is.
        wires: the wires that are in use; they are counted in the order of the backward pass.
        new: the value that has a new number, or None at the beginning.
    """

    phase: Literal["inputs", "forward", "backward"]
    parts: tuple[Part, ...]
    gate: int | None = None
    wires: tuple[int, ...] = ()
    new: int | None = None


def moments_of(trace: Trace) -> list[Moment]:
    """The story of a circuit: its inputs, each gate forward, and each wire backward.

    >>> from autograd_core import Value, trace
    >>> x = Value(3.0, "x")
    >>> passes = trace(x * x)
    >>> names, numbers = [value.name for value in passes.values], numbers_in(passes)
    >>> for moment in moments_of(passes):
    ...     print(write(moment.parts, names, numbers))
    inputs: x = 3
    v1 = x * x = 3 * 3 = 9
    the backward pass starts at v1, with gradient 1
    gradient of x (1 of 2): upstream 1 × local 3 = 3
    gradient of x (2 of 2): upstream 1 × local 3 = 3; added up: 3 + 3 = 6
    """
    leaves = [value.index for value in trace.values if value.gate is None]
    story = [Moment("inputs", ("inputs: ", *_leaf_parts(leaves)))]
    into = _wires_into_gates(trace)
    for step in trace.forward:
        wires = tuple(into[step.out])
        story.append(Moment("forward", _forward_parts(step), step.out, wires, step.out))
    start: tuple[Part, ...] = (
        "the backward pass starts at ",
        Name(trace.output),
        ", with gradient ",
        Number("start", 0),
    )
    story.append(Moment("backward", start, new=trace.output))
    for back in trace.backward:
        for wire, contribution in zip(into[back.out], back.contributions, strict=True):
            parts = _wire_parts(contribution, wire)
            story.append(Moment("backward", parts, back.out, (wire,), contribution.value))
    return story


def _wires_into_gates(trace: Trace) -> dict[int, range]:
    """The numbers of the wires into each gate."""
    into, count = {}, 0
    for step in trace.backward:
        into[step.out] = range(count, count + len(step.contributions))
        count += len(step.contributions)
    return into


def definitions_of(trace: Trace) -> list[tuple[Part, ...]]:
    """What each value is, without its number: `x` for a leaf, `q = x + y` for the output of a gate.

    >>> from autograd_core import Value, trace
    >>> passes = trace(Value(2.0, "x").exp())
    >>> [write(parts, ["x", "v1"], {}) for parts in definitions_of(passes)]
    ['x', 'v1 = exp(x)']
    """
    parts: list[tuple[Part, ...]] = [(Name(value.index),) for value in trace.values]
    for step in trace.forward:
        parts[step.out] += (" = ", *_formula(step, _name_of))
    return parts


def refusal_parts(step: ForwardStep) -> tuple[Part, ...]:
    """What is said when a gate is outside its domain, up to the reason: which gate and numbers.

    >>> from autograd_core import Value, trace
    >>> passes = trace(Value(2.0, "x").log())
    >>> write(refusal_parts(passes.forward[0]), ["x", "v1"], numbers_in(passes))
    'log(x) with x = 2'
    """
    sources = list(dict.fromkeys(x for x in step.operands if isinstance(x, int)))
    return (*_formula(step, _name_of), " with ", *_leaf_parts(sources))


def numbers_in(trace: Trace) -> dict[str, list[float]]:
    """Every number of a circuit that a sentence may name, by its kind and index."""
    wires = trace.wires
    return {
        "data": [value.data for value in trace.values],
        "start": [trace.upstream],
        "upstream": [wire.upstream for wire in wires],
        "local": [wire.local for wire in wires],
        "product": [wire.downstream for wire in wires],
        "before": _before(wires),
        "total": [wire.total for wire in wires],
    }


def write(parts: Iterable[Part], names: Sequence[str], numbers: dict[str, list[float]]) -> str:
    """A sentence with its names and numbers filled in."""
    return "".join(texts_of(parts, names, numbers))


def texts_of(
    parts: Iterable[Part], names: Sequence[str], numbers: dict[str, list[float]]
) -> list[str]:
    """The parts of a sentence as texts."""
    return [_text(part, names, numbers) for part in parts]


def _text(part: Part, names: Sequence[str], numbers: dict[str, list[float]]) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, Name):
        return names[part.index]
    return _constant(numbers[part.kind][part.index], part.bracketed)


def _leaf_parts(leaves: Sequence[int]) -> Iterable[Part]:
    """`x = 3, y = -4`; the middle of a long row is left out."""
    shown: list[int | None] = list(leaves)
    if len(shown) > MOST_LISTED:
        shown[MOST_LISTED - 2 : -1] = [None]
    for position, leaf in enumerate(shown):
        yield ", " if position else ""
        yield from ("…",) if leaf is None else (Name(leaf), " = ", Number("data", leaf))


def _forward_parts(step: ForwardStep) -> tuple[Part, ...]:
    """`q = x + y = -2 + 5 = 3`."""
    return (
        Name(step.out),
        " = ",
        *_formula(step, _name_of),
        " = ",
        *_formula(step, _number_of),
        " = ",
        Number("data", step.out),
    )


def _wire_parts(wire: Contribution, index: int) -> tuple[Part, ...]:
    """`gradient of x: upstream -4 × local 1 = -4`, and how it is added to what came before."""
    parts: tuple[Part, ...] = (
        "gradient of ",
        Name(wire.value),
        f"{turn_of(wire)}: upstream ",
        Number("upstream", index),
        " × local ",
        Number("local", index),
        " = ",
        Number("product", index),
    )
    if wire.number == 1:
        return parts
    added = (Number("before", index), " + ", Number("product", index), " = ")
    return (*parts, "; added up: ", *added, Number("total", index))


def _name_of(operand: int | float, bracketed: bool) -> Part:
    return Name(operand) if isinstance(operand, int) else _constant(operand, bracketed)


def _number_of(operand: int | float, bracketed: bool) -> Part:
    if isinstance(operand, int):
        return Number("data", operand, bracketed)
    return _constant(operand, bracketed)


def _constant(number: float, bracketed: bool) -> str:
    text = significant(number, minus="−")
    return f"({text})" if bracketed and text.startswith("−") else text


def _formula(step: ForwardStep, operand: Callable[[int | float, bool], Part]) -> list[Part]:
    """The gate's operation as one writes it: `x + y`, `exp(x)`, `1 / x`, `dot([w], [x])`."""
    return formula_parts(step.gate, step.operands, operand, sentence=True)


def _before(wires: Sequence[Contribution]) -> list[float]:
    """For each wire what its source had as gradient before it."""
    totals: dict[int, float] = {}
    before = []
    for wire in wires:
        before.append(totals.get(wire.value, 0.0))
        totals[wire.value] = wire.total
    return before
