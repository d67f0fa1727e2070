"""Both passes through a circuit in words, for the terminal."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from autograd_core.explain.text import significant
from autograd_core.explain.tracing import BackwardStep, Contribution, ForwardStep, Trace, trace
from autograd_core.gate import GATES
from autograd_core.value import Value


def explain(
    output: Value | Sequence[Value], *, backward: bool = True, patterns: bool = True
) -> str:
    """Explain a circuit in words: what each gate computed, and how each gradient arises.

    The backward part has, for every wire, upstream × local = gradient, and the sum of contributions
    for each value that is used more than once. Numbers have four significant digits.

    Args:
        output: the value to explain; of a list each value is explained, with the gradients of its
            own backward pass.
        backward: whether to include the backward pass.
        patterns: whether to end with the gradient patterns of the gates in the circuit.

    Returns:
        Text of a few short lines for each gate; print it.

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
    if isinstance(output, (list, tuple)) and output:
        texts = [explain(each, backward=backward, patterns=patterns) for each in output]
        if len(texts) == 1:
            return texts[0]
        count = len(texts)
        return "\n\n".join(
            f"Output {place} of {count}\n{text}" for place, text in enumerate(texts, start=1)
        )
    passes = trace(output)  # type: ignore[arg-type]  # it says what is wrong
    names = [_printable(value.name) for value in passes.values]
    lines = ["Forward"]
    lines += [f"  {text}" for text in _forward(passes, names)]
    if passes.backward and backward:
        lines += ["", "Backward: upstream × local = gradient"]
        lines.append(f"  {names[passes.output]} starts with {_digits(passes.upstream)}")
        lines += [f"  {text}" for text in _backward(passes, names)]
    if passes.backward and backward and patterns:
        lines += ["", "Patterns"]
        lines += [f"  {text}" for text in _patterns(passes)]
    return "\n".join(lines)


def write_formula(gate: str, operands: Sequence[str | float]) -> str:
    """A gate's operation as one writes it: `x + y`, `1 / x`, `maximum(x, 0)`.

    Args:
        gate: the name of the gate.
        operands: its operands in a row, as `ForwardStep` has them: names as text, and numbers, of
            which four significant digits are written.

    Returns:
        The formula on one line, with parentheses where a negative operand needs them.

    >>> write_formula("multiply", ["w", "x"]), write_formula("power", [-2.0, 2.0])
    ('w * x', '(-2) ** 2')
    >>> write_formula("weighted_sum", ["w0", "w1", "x0", 0.5, "b"])
    'w0 * x0 + w1 * 0.5 + b'
    """
    return "".join(formula_parts(gate, operands, _operand))


def _operand(operand: str | float, bracketed: bool) -> str:
    text = _digits(operand) if isinstance(operand, float) else operand
    return f"({text})" if bracketed and text.startswith("-") else text


Piece = TypeVar("Piece")

MOST_LISTED = 8
"""How many operands a sentence lists; of more it has the first ones and the last."""


def formula_parts(
    gate: str,
    operands: Sequence[Any],
    write: Callable[[Any, bool], Piece],
    *,
    sentence: bool = False,
) -> list[str | Piece]:
    """A gate's operation as one writes it, in parts: operands, and text between them.

    Args:
        gate: the name of the gate.
        operands: its operands in a row.
        write: makes a part of an operand. Its second argument says whether a negative number needs
            parentheses there, as in `(-2) ** 2`.
        sentence: whether this is for a sentence beside a picture: with a real minus sign, and with
            long lists of operands cut short instead of sums of products written out.

    >>> formula_parts("divide", ["x", 2.0], lambda operand, bracketed: [operand])
    [['x'], ' / ', [2.0]]
    >>> numbers = [0.5] * 20
    >>> "".join(formula_parts("dot", numbers, lambda each, _: f"{each}", sentence=True))
    'dot([0.5, 0.5, 0.5, 0.5, 0.5, 0.5, …, 0.5], [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, …, 0.5])'
    """
    entry = GATES[gate]
    if entry.infix:
        first, *others = operands
        subtracts = sentence and gate == "subtract"
        operator = f" {'−' if subtracts else entry.symbol} "
        terms: list[list[str | Piece]] = [[write(first, gate == "power")]]
        terms += [[write(each, subtracts)] for each in others]
        return _joined(terms, operator)
    if gate == "reciprocal":
        return ["1 / ", write(operands[0], False)]
    if gate == "negate":
        return ["−" if sentence else "-", write(operands[0], True)]

    def listed(group: Sequence[Any]) -> list[str | Piece]:
        items: list[list[str | Piece]] = [[write(each, False)] for each in group]
        if sentence and len(items) > MOST_LISTED:
            items[MOST_LISTED - 2 : -1] = [["…"]]
        return _joined(items, ", ")

    if not entry.variadic:
        return [f"{gate}(", *listed(operands), ")"]
    groups = entry.group(operands)
    arguments: list[list[str | Piece]] = []
    if gate in ("dot", "weighted_sum") and groups[0] and not sentence:
        weights, inputs, *bias = groups
        for weight, x in zip(weights, inputs, strict=True):
            arguments.append([write(weight, False), " * ", write(x, False)])
        arguments += [[write(each, False)] for each in bias]
        return _joined(arguments, " + ")
    for group in groups:
        several = isinstance(group, tuple)
        arguments.append(["[", *listed(group), "]"] if several else [write(group, False)])
    return [f"{gate}(", *_joined(arguments, ", "), ")"]


def _joined(groups: Iterable[Iterable[str | Piece]], separator: str) -> list[str | Piece]:
    """The parts of all groups, with a separator between the groups."""
    parts: list[str | Piece] = []
    for group in groups:
        parts += [separator, *group] if parts else group
    return parts


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
    return _aligned(rows)


def _aligned(rows: Sequence[tuple[str, str]]) -> list[str]:
    """Lines of two parts with their equals signs in one column; long first parts stand out.

    >>> _aligned([("x", "2"), ("y = x * x", "2 * 2 = 4")])
    ['x         = 2', 'y = x * x = 2 * 2 = 4']
    """
    width = max((len(left) for left, _ in rows if len(left) <= 32), default=0)
    return [f"{left:<{width}} = {right}" for left, right in rows]


def _backward(passes: Trace, names: Sequence[str]) -> list[str]:
    """For each gate its pattern, and a line for each wire into it."""
    steps = passes.step_of
    received: dict[int, list[float]] = {}
    lines = []
    for back in passes.backward:
        lines.append(f"{equation(steps[back.out], names)}, {_named(back)}")
        for wire in back.contributions:
            received.setdefault(wire.value, []).append(wire.downstream)
            lines.append(f"  {_wire(wire, names)}")
            if wire.count > 1 and wire.number == wire.count:
                terms = _sum(received[wire.value])
                lines.append(
                    f"  {names[wire.value]} is used {wire.count} times, an adder: "
                    f"{terms} = {_digits(wire.total)}"
                )
    lines += _earlier_passes(passes, names)
    return lines


def _wire(wire: Contribution, names: Sequence[str]) -> str:
    product = f"{_digits(wire.upstream)} × {_digits(wire.local)} = {_digits(wire.downstream)}"
    return f"{names[wire.value]} gets {product}{turn_of(wire)}"


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


def _named(step: BackwardStep) -> str:
    """The gate and its pattern: "an add gate, distributor"."""
    return f"{gate_in_words(step.gate)}, {GATES[step.gate].pattern.partition(': ')[0]}"


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


def _sum(terms: Sequence[float]) -> str:
    """Numbers with plus signs between them.

    >>> _sum([-4.0, 1.0, -2.5])
    '-4 + 1 + -2.5'
    """
    return " + ".join(_digits(term) for term in terms)


def _digits(number: float) -> str:
    return significant(number, whole=True)


def _printable(label: str) -> str:
    """A label on one line, control characters escaped."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in label)
