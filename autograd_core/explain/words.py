"""Both passes through a circuit in words: gate by gate for the terminal, and moment by moment.

A moment has a sentence. First the leaves have their numbers; then one gate after the other computes
its output; then the gradient starts at the output and travels back, one wire at a time. Steps,
animations and pages of `viz` say these sentences. They are kept in parts: a number in one says
*which* number of the circuit it is, so that a page can put another in its place when a leaf is
changed.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from textwrap import TextWrapper
from typing import Literal

from autograd_core.display import ShownText, coloured
from autograd_core.explain.notation import MOST_LISTED, formula_parts, significant, write_formula
from autograd_core.explain.tracing import Contribution, ForwardStep, Trace, trace
from autograd_core.gate import GATES
from autograd_core.value import Value


def explain(
    output: Value | Sequence[Value], *, backward: bool = True, patterns: bool = True
) -> "Explanation":
    """Explain a circuit in words: what each gate computed, and how each gradient arises.

    The backward part has, for every wire, upstream × local = gradient, and the sum of contributions
    for each value that is used more than once. Numbers have four significant digits.

    Args:
        output: the value to explain; or a list, whose backward pass starts at each of them, see
            `trace`: explain each alone for the gradients of its own pass.
        backward: whether to include the backward pass.
        patterns: whether to end with the gradient patterns of the gates in the circuit.

    Returns:
        Text of a few lines for each gate, of 99 characters at most: print it, or let a notebook
        show it.

    >>> x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    >>> q = x + y
    >>> f = q * z
    >>> q.label, f.label = "q", "f"
    >>> print(explain(f))
    Forward
      x         = -2
      y         = 5
      q = x + y = -2 + 5 = 3
      z         = -4
      f = q * z = 3 * -4 = -12
    <BLANKLINE>
    Backward: upstream × local = gradient
      f starts with 1
      f = q * z, a multiply gate, swaps and scales
        q gets 1 × -4 = -4
        z gets 1 × 3 = 3
      q = x + y, an add gate, distributor
        x gets -4 × 1 = -4
        y gets -4 × 1 = -4
    <BLANKLINE>
    Patterns
      add, distributor: each input gets the upstream gradient unchanged
      multiply, swaps and scales: each input gets the upstream gradient times the other input
    """
    passes = trace(output)
    names = [_printable(value.name) for value in passes.values]
    lines = ["Forward"]
    lines += [f"  {text}" for text in _forward(passes, names)]
    if passes.backward and backward:
        lines += ["", "Backward: upstream × local = gradient"]
        for place, start in zip(passes.outputs, passes.upstreams, strict=True):
            lines.append(f"  {names[place]} starts with {_digits(start)}")
        lines += [f"  {text}" for text in _backward(passes, names)]
    if passes.backward and backward and patterns:
        lines += ["", "Patterns"]
        lines += [f"  {text}" for text in _patterns(passes)]
    return Explanation("\n".join(map(_broken, lines)))


class Explanation(ShownText):
    """An explanation, whose numbers have the colours of pictures in a notebook."""

    __slots__ = ()

    def _html(self) -> str:
        backward = False
        lines = []
        for line in self.splitlines():
            backward = line.startswith("Backward") or (backward and line.startswith(" "))
            found = _PRODUCT.match(line) or (_RESULT if not backward else _GRADIENT).match(line)
            if not line.startswith(" "):
                lines.append(f"<b>{escape(line)}</b>" if line else "")
            elif not found:
                lines.append(escape(line))
            else:
                words = found.groupdict().items()
                lines.append(
                    "".join(
                        escape(text)
                        if name.startswith("text")
                        else coloured(text, name.rstrip("_"))
                        for name, text in words
                    )
                )
        return "\n".join(lines)


_NUMBER = r"-?(?:[\d.]+(?:e[-+]\d+)?|inf|nan)"
_RESULT = re.compile(rf"(?P<text>.* = )(?P<data>{_NUMBER})$")
_GRADIENT = re.compile(rf"(?P<text>.*(?: = | with ))(?P<grad>{_NUMBER})$")
_PRODUCT = re.compile(
    rf"(?P<text> +.* gets )(?P<grad>{_NUMBER})(?P<text_> × )(?P<local>{_NUMBER})"
    rf"(?P<text__> = )(?P<grad_>{_NUMBER})(?P<text___>.*)$"
)


def _broken(line: str) -> str:
    """A line of 99 characters at most: a longer one is broken, but not within a product."""
    glue = "\0"
    text = line.lstrip().replace(" = ", f" ={glue}")
    for sign in ("*", "×", "gets"):
        text = text.replace(f" {sign} ", f"{glue}{sign}{glue}")
    lines = TextWrapper(
        99,
        initial_indent=" " * (len(line) - len(line.lstrip())),
        subsequent_indent=" " * 8,
        break_long_words=False,
        break_on_hyphens=False,
    ).fill(text)
    return lines.replace(glue, " ")


def _forward(passes: Trace, names: Sequence[str]) -> list[str]:
    """One line for each leaf and each gate."""
    steps = passes.step_of
    rows = []
    for value in passes.values:
        name, number = names[value.index], _digits(value.data)
        step = steps.get(value.index)
        if step is None:
            rows.append((name, number))
            continue
        with_numbers = write_formula(step.gate, step.numbers)
        rows.append((equation(step, names), f"{with_numbers} = {number}"))
    # equals signs in one column, which long first parts do not widen
    width = max((len(left) for left, _ in rows if len(left) <= 32), default=0)
    return [f"{left:<{width}} = {right}" for left, right in rows]


def _backward(passes: Trace, names: Sequence[str]) -> list[str]:
    """For each gate its pattern, and a line for each wire into it."""
    steps = passes.step_of
    starts = dict(zip(passes.outputs, passes.upstreams, strict=True))
    received = {place: [start] for place, start in starts.items()}
    lines = []
    for back in passes.backward:
        pattern, _, _ = GATES[back.gate].pattern.partition(": ")
        lines.append(f"{equation(steps[back.out], names)}, {gate_in_words(back.gate)}, {pattern}")
        for wire in back.contributions:
            received.setdefault(wire.value, []).append(wire.downstream)
            factors = f"{_digits(wire.upstream)} × {_digits(wire.local)}"
            product = f"{factors} = {_digits(wire.downstream)}"
            lines.append(f"  {names[wire.value]} gets {product}{turn_of(wire)}")
            terms = received[wire.value]
            if len(terms) > 1 and wire.number == wire.count:
                times = f"{wire.count} times" if wire.count > 1 else "once"
                start = "an output and " if wire.value in starts else ""
                lines.append(
                    f"  {names[wire.value]} is {start}used {times}, an adder: "
                    f"{' + '.join(map(_digits, terms))} = {_digits(wire.total)}"
                )
    lines += _earlier_passes(passes, names)
    return lines


def turn_of(wire: Contribution) -> str:
    """Which of several wires of a value this is: " (1 of 2)", or nothing for a single one."""
    return f" ({wire.number} of {wire.count})" if wire.count > 1 else ""


def _earlier_passes(passes: Trace, names: Sequence[str]) -> list[str]:
    """A line for each leaf whose gradient has accumulated over several passes."""
    if not passes.ran:
        return []
    brought = {wire.value: wire.total for wire in passes.wires}
    return [
        f"{names[value.index]}.grad holds {_digits(value.grad)}, for leaves keep what earlier "
        f"passes brought; this pass alone brings {_digits(brought[value.index])}"
        for value in passes.values
        if value.gate is None
        and value.index in brought
        and abs(value.grad - brought[value.index]) > 1e-9 * abs(value.grad)
    ]


def _patterns(passes: Trace) -> list[str]:
    """The gradient pattern of each gate that occurs, once each."""
    used = dict.fromkeys(step.gate for step in passes.forward)
    lines = []
    for name in used:
        short, _, long = GATES[name].pattern.partition(": ")
        lines.append(f"{name}, {short}: {long}")
    return lines


def gate_in_words(name: str) -> str:
    """A gate in a sentence.

    >>> gate_in_words("add"), gate_in_words("multiply")
    ('an add gate', 'a multiply gate')
    """
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name} gate"


def equation(step: ForwardStep, names: Sequence[str]) -> str:
    """What a gate computes, in names: `q = x + y`.

    >>> x = Value(3.0, "x")
    >>> equation(trace(x * x).forward[0], ["x", "q"])
    'q = x * x'
    """
    operands = [x if isinstance(x, float) else names[x] for x in step.operands]
    return f"{names[step.out]} = {write_formula(step.gate, operands)}"


def _digits(number: float) -> str:
    return significant(number, whole=True)


def _printable(label: str) -> str:
    """A label on one line, control characters escaped."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in label)


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


def moments_of(trace: Trace, leaves: Sequence[int] | None = None) -> list[Moment]:
    """The story of a circuit: its inputs, each gate forward, and each wire backward.

    The inputs are told in the order of the trace, or in that of `leaves`, which are all of them.

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
    if leaves is None:
        leaves = [value.index for value in trace.values if value.gate is None]
    story = [Moment("inputs", ("inputs: ", *_leaf_parts(leaves)))]
    into, count = {}, 0  # the numbers of the wires into each gate
    for back in trace.backward:
        into[back.out] = range(count, count + len(back.contributions))
        count += len(back.contributions)
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
    text = significant(number)
    return f"({text})" if bracketed and text.startswith("-") else text


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
