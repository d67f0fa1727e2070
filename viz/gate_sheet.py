"""A cheat sheet: the gates of a course on one page, printed from the gate table."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from textwrap import wrap

from autograd_core import GATES, Value, logsumexp, trace, weighted_sum
from autograd_core.explain import stage, stage_gradients
from viz.draw import Drawing, draw
from viz.layout.geometry import Text
from viz.page.formulas import Formula
from viz.scene.style import PALETTES
from viz.write.picture import Picture
from viz.write.svg import document, text_element

_READINGS = {
    "sigmoid(x)": "1 / (1 + exp(-x))",
    "f * sigmoid(-x)": "f * (1 - f)",
    "1 - tanh(x) ** 2": "1 - f ** 2",
    "-(f * f)": "-1 / x ** 2",
    "0.5 * power_limit(x, -0.5)": "1 / (2 * f)",
    "3 * power_limit(x, 2)": "3 * x ** 2",
    "max(x, 0) + log1p(exp(-abs(x)))": "log(1 + exp(x))",
    "(0 if 0 > x else 1) if x == x else x": "1 if x >= 0 else 0",
    "x if x > 0 else expm1(min(x, 0))": "x if x > 0 else exp(x) - 1",
    "1 if x > 0 else exp(0 if x > 0 else x)": "1 if x > 0 else exp(x)",
    "logsumexp(x, y)": "log(exp(x) + exp(y))",
}
"""Formulas as the table computes them, safe from overflow, and as a course writes them."""


@dataclass(frozen=True)
class GateEntry:
    """A gate on the sheet.

    Attributes:
        name: of the gate.
        symbol: what stands in its circle.
        output: a value that it has computed, of leaves called after its operands.
        formula: what it computes.
        local_gradients: for each operand that is a value its name, and the formula of ∂f/∂operand.
        pattern: what it does to the gradient that flows back.
    """

    name: str
    symbol: str
    output: Value
    formula: str
    local_gradients: tuple[tuple[str, str], ...]
    pattern: str

    @property
    def slopes(self) -> tuple[str, ...]:
        """The local gradients as equations, such as `∂f/∂x = y`."""
        return tuple(f"∂f/∂{operand} = {formula}" for operand, formula in self.local_gradients)


def _gates() -> Iterator[tuple[str, Value]]:
    """The gates that a student meets, each at work on numbers that show its pattern."""
    examples: dict[str, tuple[Callable[..., Value], tuple[float, ...]]] = {
        "add": (lambda x, y: x + y, (3.0, -4.0)),
        "multiply": (lambda x, y: x * y, (3.0, -4.0)),
        "maximum": (GATES["maximum"], (2.0, -1.0)),
        "subtract": (lambda x, y: x - y, (3.0, -4.0)),
        "divide": (lambda x, y: x / y, (3.0, 2.0)),
        "minimum": (GATES["minimum"], (2.0, -1.0)),
        "negate": (lambda x: -x, (2.0,)),
        "reciprocal": (lambda x: 1 / x, (2.0,)),
        "power": (lambda x: x**3, (2.0,)),
        "sqrt": (GATES["sqrt"], (4.0,)),
        "exp": (GATES["exp"], (1.0,)),
        "log": (GATES["log"], (2.0,)),
        "sigmoid": (GATES["sigmoid"], (1.0,)),
        "tanh": (GATES["tanh"], (1.0,)),
        "relu": (GATES["relu"], (-2.0,)),
        "leaky_relu": (GATES["leaky_relu"], (-2.0,)),
        "elu": (GATES["elu"], (-1.0,)),
        "softplus": (GATES["softplus"], (1.0,)),
        "absolute": (abs, (-2.0,)),
        "step": (GATES["step"], (2.0,)),
    }
    for name, (compute, numbers) in examples.items():
        yield name, compute(*map(Value, numbers, "xy"))
    yield "logsumexp", logsumexp([Value(1.0, "x"), Value(0.0, "y")])
    w, x, b = Value(3.0, "w"), Value(-4.0, "x"), Value(1.0, "b")
    yield "weighted_sum", weighted_sum([w], [x], b)


def _entries() -> list[GateEntry]:
    """The gates of the sheet, with their formulas."""
    found = []
    for name, output in _gates():
        output.label = "f"
        output.backward()
        passes = trace(output)
        [step] = passes.forward
        assert step.gate == name
        names = [value.name for value in passes.values]
        local = stage_gradients(Formula(), step, names)
        found.append(
            GateEntry(
                name,
                GATES[name].symbol,
                output,
                _read(str(stage(Formula(), step, names))),
                tuple(
                    (names[operand], _read(str(formula)))
                    for operand, formula in zip(step.operands, local, strict=True)
                    if not isinstance(operand, float)
                ),
                GATES[name].pattern,
            )
        )
    return found


def _read(formula: str) -> str:
    """A formula of the table as a course writes it."""
    text = re.sub(r"\bmath\.|(?<=\d)\.0(?!\d)", "", formula)
    text = text.replace("1 * expm1", "expm1").replace("1 * exp(", "exp(")
    if "max(f, -1e+308)" in text:  # a share of logsumexp; its denominator is 1 but for rounding
        text = text.partition(" / ")[0].replace("max(f, -1e+308)", "f")
    return _READINGS.get(text, text)


COLUMN, MARGIN, TEXT_AT, LINE = 416.0, 14.0, 188.0, 18.0
"""In pixels: the width of a column, the edge, where texts begin in a column, a line of text."""
SCALE, GAP = 0.75, 12.0
"""The size of pictures, so that two columns are as wide as a page of the gallery; between cards."""


class CheatSheet(Picture):
    """The gates on one page, as `viz.cheat_sheet` returns them.

    Attributes:
        gates: what stands on it.
    """

    _kind = "a cheat sheet"

    def __init__(self) -> None:
        self.gates = _entries()

    @cached_property
    def svg(self) -> str:
        """Two columns of gates: each with its picture, its formulas and its pattern."""
        cards = [self._card(entry) for entry in self.gates]
        x = Value(3.0, "x")
        copied = x * x
        copied.label = "f"
        copied.backward()
        pattern = "adder: a value that is used more than once gets the sum of what comes back"
        local, picture = ["∂f/∂x = the sum over both wires"], draw(copied, branches=True)
        cards.insert(3, _Card("copy", ["x is used twice"], local, pattern, picture))
        half = (len(cards) + 1) // 2
        columns = cards[:half], cards[half:]
        heights = [sum(card.height for card in column) for column in columns]
        legend = "Gates. Green: values, red: gradients, blue: local gradients."
        elements = [text_element(Text("title", legend, MARGIN, MARGIN + 12.0, 16.0, "start"))]
        for number, column in enumerate(columns):
            top = 2 * MARGIN + 20.0
            for card in column:
                elements += card.elements(MARGIN + number * COLUMN, top)
                top += card.height
        title = "Gates, their local gradients and their patterns"
        description = "; ".join(
            f"{entry.name}: f = {entry.formula}, {', '.join(entry.slopes)}, {entry.pattern}"
            for entry in self.gates
        )
        size = 2 * COLUMN + MARGIN, max(heights) + 3 * MARGIN + 20.0
        return document(*size, title, description, PALETTES["cs231n"].paper, elements)

    def _card(self, entry: GateEntry) -> "_Card":
        picture = draw(entry.output, local=True)
        return _Card(entry.name, [f"f = {entry.formula}"], entry.slopes, entry.pattern, picture)

    def __repr__(self) -> str:
        return f"<Cheat sheet of {len(self.gates)} gates; .save('gates.pdf') writes it>"


@dataclass(frozen=True)
class _Card:
    name: str
    formula: Sequence[str]
    local: Sequence[str]
    pattern: str
    picture: Drawing

    @property
    def _size(self) -> tuple[float, float]:
        return SCALE * self.picture.layout.width, SCALE * self.picture.layout.height

    @property
    def _texts(self) -> list[tuple[str, str]]:
        """Its lines, each with its colour."""
        colours = PALETTES["cs231n"]
        return [
            (self.name, colours.ink),
            *((line, colours.ink) for line in self.formula),
            *((line, colours.local) for line in self.local),
            *((line, colours.grad) for line in wrap(self.pattern, 40)),
        ]

    @property
    def height(self) -> float:
        return max(self._size[1], LINE * len(self._texts)) + GAP

    def elements(self, left: float, top: float) -> Iterator[str]:
        width, height = self._size
        inside = self.picture.svg.partition("<rect")[2].partition("/>")[2].rpartition("</svg>")[0]
        down = top + (self.height - GAP - height) / 2
        across = left + (TEXT_AT - 8.0 - width) / 2
        yield f'<g transform="translate({across:g} {down:g}) scale({SCALE:g})">{inside}</g>'
        first = top + (self.height - GAP - LINE * len(self._texts)) / 2 + 13.0
        for number, (line, colour) in enumerate(self._texts):
            size = 15.0 if number == 0 else 12.0
            text = Text("name", line, left + TEXT_AT, first + number * LINE, size, "start")
            yield text_element(text, f' fill="{colour}"')


def cheat_sheet() -> CheatSheet:
    """The gates that a course needs, on one page: pictures, formulas, local gradients, patterns.

    All of it is printed from the gate table, and the numbers are those of a backward pass. The page
    shows itself in a notebook and is saved as any picture.

    >>> sheet = cheat_sheet()
    >>> sheet
    <Cheat sheet of 22 gates; .save('gates.pdf') writes it>
    >>> multiply = sheet.gates[1]
    >>> multiply.formula, multiply.slopes
    ('x * y', ('∂f/∂x = y', '∂f/∂y = x'))
    """
    return CheatSheet()
