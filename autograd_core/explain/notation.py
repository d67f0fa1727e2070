"""How numbers, tables, formulas and instructions on whole arrays are written."""

import math
import re
import textwrap
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, TypeVar

from autograd_core.gate import GATES, Gate


def write_formula(gate: str, operands: Sequence[str | float]) -> str:
    """A gate's operation as one writes it: `x + y`, `1 / x`, `maximum(x, 0)`.

    Args:
        gate: the name of the gate.
        operands: as `ForwardStep` has them: names, and numbers, of which four digits are written.

    Returns:
        The formula on one line, with parentheses where a negative operand needs them.

    >>> write_formula("multiply", ["w", "x"]), write_formula("power", [-2.0, 2.0])
    ('w * x', '(-2) ** 2')
    >>> write_formula("weighted_sum", ["w0", "w1", "x0", 0.5, "b"])
    'w0 * x0 + w1 * 0.5 + b'
    """
    return "".join(formula_parts(gate, operands, _operand))


def _operand(operand: str | float, bracketed: bool) -> str:
    text = significant(operand, whole=True) if isinstance(operand, float) else operand
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


ALL, REST = "θ", "c"
"""All parameters, and the leaves that are none: for numbers without a name of their own."""


class Notation:
    """The notation of the lectures: Z = W @ A, Aᵀ, shapes in brackets, B for the batch size.

    Another language is a subclass.

    >>> from autograd_core import GATES
    >>> notation = Notation()
    >>> notation.matrix_product("W1[3, 2]", "X[2, B]")
    'W1[3, 2] @ X[2, B]'
    >>> notation.gate(GATES["add"], ["v1", "-1"]), notation.gate(GATES["exp"], ["v1"])
    ('v1 - 1', 'exp(v1)')
    """

    lanes = "B"
    ones = "1[B]"
    """The column whose product with a matrix sums over the examples."""
    reserved: Collection[str] = ("B", ALL, REST, "output", "outputs")
    """Names that no label of a user may take."""

    def number(self, number: float) -> str:
        """A number as short as it can be written exactly."""
        return repr(number).removesuffix(".0")

    def shape(self, sizes: Iterable[int | str]) -> str:
        """The shape that follows a name."""
        return f"[{', '.join(map(str, sizes))}]"

    def part(self, name: str, *places: int | range) -> str:
        """A number, a row or a range of numbers under a name."""
        return name + self.shape(
            f"{each.start}:{each.stop}" if isinstance(each, range) else each for each in places
        )

    def transposed(self, name: str) -> str:
        """A matrix with rows and columns exchanged."""
        return f"{name}ᵀ"

    def stack(self, parts: Iterable[str]) -> str:
        """Numbers one below the other."""
        return f"[{', '.join(parts)}]"

    def columns(self, parts: Iterable[str]) -> str:
        """A matrix of columns side by side."""
        return self.transposed(self.stack(parts))

    def terms(self, parts: Iterable[str]) -> str:
        """A list for a variadic gate with several results: its terms, each for all results."""
        return self.stack(parts)

    def repeated(self, count: int, part: str) -> str:
        """One number several times, inside a stack."""
        return f"{count} × {part}"

    def gradient(self, name: str) -> str:
        """The gradient of what has this name."""
        return f"d{name}"

    def gate(self, gate: Gate, operands: Sequence[str], terms: int = 1) -> str:
        """A gate applied, number by number, to names and numbers, one for each of its parameters.

        Each list of a variadic gate has so many terms.
        """
        if gate.variadic:
            return f"{gate.name}({', '.join(operands)})"
        if gate.name == "greater":
            return " > ".join(operands)
        if gate.name in ("exp_minus", "sigmoid_minus"):
            return f"{gate.name.removesuffix('_minus')}({operands[0]}) - {operands[1]}"
        return write_formula(gate.name, operands).replace("+ -", "- ")

    def assign(self, target: str, text: str, *, add: bool = False) -> str:
        """One instruction; what is added to has a value already."""
        return f"{target} {'+=' if add else '='} {text}"

    def matrix_product(self, left: str, right: str) -> str:
        """The product of two factors with their shapes."""
        return f"{left} @ {right}"

    def results(self, outputs: Sequence[str]) -> str:
        """Which numbers are the outputs."""
        return self.assign(f"output{'s' if len(outputs) > 1 else ''}", ", ".join(outputs))

    def remark(self, text: str) -> str:
        """A line that is no instruction."""
        return text

    def lay_out(self, title: str, sections: Iterable[tuple[str, list[str]]]) -> str:
        """The whole text; long lines are broken, but not within a shape or an index."""
        glue = "\N{NO-BREAK SPACE}"
        lines = [title]
        for heading, content in sections:
            lines += ["", heading, *[f"  {line}" for line in content]]
        wrapper = textwrap.TextWrapper(
            99, subsequent_indent="      ", break_long_words=False, break_on_hyphens=False
        )
        for place, line in enumerate(lines):
            glued = re.sub(r"(?<=\w)\[[^][]*\]", lambda found: found[0].replace(" ", glue), line)
            glued = glued.replace(" × ", f"{glue}×{glue}")
            lines[place] = wrapper.fill(glued).replace(glue, " ")
        return "\n".join(lines)


_LARGE = 1e6  # from here on a number with all its digits is wider than it is helpful


def significant(number: float, *, digits: int = 4, whole: bool = False, minus: str = "-") -> str:
    """A number in a text, with so many digits that products can be checked by eye.

    Args:
        number: any float; -0.0 is written as 0.
        digits: how many significant digits it has at most.
        whole: whether integers below a billion are written in full.
        minus: the minus sign. Screen readers read "−" as "minus", a hyphen often not at all.

    >>> [significant(x, whole=True) for x in (-0.19661193, 100001.0, -0.0, 1.5e-9)]
    ['-0.1966', '100001', '0', '1.5e-09']
    >>> significant(-100001.0, minus="−")
    '−1e+05'
    """
    if whole and number.is_integer() and abs(number) < 1e9:
        text = str(int(number))
    else:
        text = f"{number + 0.0:.{digits}g}"  # the sum of -0.0 and 0.0 is 0.0
    return text.replace("-", minus, 1) if text.startswith("-") else text


def fixed(number: float, decimals: int) -> str:
    """A number in a picture: with so many decimals.

    Numbers of a million and more, and those that would be rounded to nothing, are written with an
    exponent: only zero is ever shown as zero.

    >>> [fixed(x, 2) for x in (-12.0, -0.0, 0.7311, 3e-7, -1.23e9, float("-inf"))]
    ['-12.00', '0.00', '0.73', '3.0e-07', '-1.2e+09', '-inf']
    """
    if number == 0.0:
        number = 0.0  # also for -0.0
    elif math.isfinite(number):
        rounded_away = float(f"{number:.{decimals}f}") == 0.0
        if rounded_away or abs(number) >= _LARGE:
            return f"{number:.{max(1, decimals - 1)}e}"
    return f"{number:.{decimals}f}"


def table(rows: Sequence[Sequence[str]], right: Sequence[bool]) -> list[str]:
    """The lines of a table.

    Args:
        rows: the cells, row by row; headings are a row like any other.
        right: for each column whether it is aligned to the right, as numbers are.

    >>> table([("input", "gradient"), ("x", "-8")], right=[False, True])
    ['input  gradient', 'x            -8']
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = zip(row, widths, right, strict=True)
        lines.append("  ".join(c.rjust(w) if end else c.ljust(w) for c, w, end in cells).rstrip())
    return lines
