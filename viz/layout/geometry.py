"""What a layout consists of: plain data, in pixels, x to the right and y downwards.

Everything that writes a picture reads this, and the lines and arrow heads that follow from it: a
writer for SVG, TikZ or HTML places nothing itself.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from viz.scene.style import ASCENT, DESCENT, DIGIT_ASCENT, text_width

ARROW_LENGTH = 7
ARROW_HALF_WIDTH = 2.6
DOT_RADIUS = 2.5
CORNER = 3
"""The radius of a blank's corners."""
FRAME_CORNER = 10

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float


def overlap(one: Box, other: Box) -> bool:
    """Whether two rectangles have more than an edge in common."""
    return (
        one.left < other.right
        and other.left < one.right
        and one.top < other.bottom
        and other.top < one.bottom
    )


def within(inner: Box, outer: Box) -> bool:
    """Whether a rectangle lies in another."""
    return (
        outer.left <= inner.left
        and inner.right <= outer.right
        and outer.top <= inner.top
        and inner.bottom <= outer.bottom
    )


def meet(start: Point, end: Point, box: Box) -> bool:
    """Whether a segment has a point inside a rectangle (Liang and Barsky's clipping)."""
    first, last = 0.0, 1.0
    (x, y), (dx, dy) = start, (end[0] - start[0], end[1] - start[1])
    for step, room in (
        (-dx, x - box.left),
        (dx, box.right - x),
        (-dy, y - box.top),
        (dy, box.bottom - y),
    ):
        if step == 0:
            if room <= 0:
                return False
        elif step < 0:
            first = max(first, room / step)
        else:
            last = min(last, room / step)
    return first < last


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text.

    Attributes:
        role: what it is, and with that its colour.
        text: the characters.
        x: where it is anchored.
        y: its baseline.
        size: the font size.
        anchor: which part of the text stands at `x`.
    """

    role: Literal["name", "data", "grad", "local", "constant", "symbol", "title", "caption"]
    text: str
    x: float
    y: float
    size: float
    anchor: Literal["start", "middle", "end"] = "middle"

    @property
    def box(self) -> Box:
        """The rectangle that the text fills, its width estimated from a table."""
        width = text_width(self.text, self.size)
        left = self.x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor]
        is_number = self.role in ("data", "grad", "local", "constant")
        ascent, descent = (DIGIT_ASCENT, 0.02) if is_number else (ASCENT, DESCENT)
        return Box(left, self.y - ascent * self.size, left + width, self.y + descent * self.size)


Role = Literal["data", "grad", "local"]


@dataclass(frozen=True, slots=True)
class Blank:
    """A box to write a number in; its role is that of the number, and with that its colour."""

    role: Role
    box: Box


@dataclass(frozen=True, slots=True)
class PlacedGate:
    """The outline of a gate: a circle, held apart sideways by a long symbol, upright by many wires.

    Attributes:
        x: its left end, where wires arrive.
        y: the height of its middle.
        width: from end to end; twice the radius if it is a circle.
        radius: of its corners.
        symbol: the text inside.
        extra: how much higher it is than a circle.
        is_tinted: whether it has the tint of every second layer of neurons.
    """

    x: float
    y: float
    width: float
    radius: float
    symbol: Text
    extra: float = 0.0
    is_tinted: bool = False

    @property
    def is_circle(self) -> bool:
        """Whether it is as wide and as high as its radius says."""
        return self.width == 2 * self.radius and not self.extra

    @property
    def box(self) -> Box:
        """The rectangle around the gate."""
        half = self.radius + self.extra / 2
        return Box(self.x, self.y - half, self.x + self.width, self.y + half)


@dataclass(frozen=True, slots=True)
class PlacedBlock:
    """One value in its place: the gate it comes from, its stub of wire, and its texts.

    Attributes:
        gate: None for a leaf.
        stub: the two ends of the horizontal piece of wire that carries the numbers.
        texts: name and numbers, as far as they are shown.
        blanks: where there is room to write a number instead.
    """

    gate: PlacedGate | None
    stub: tuple[Point, Point]
    texts: tuple[Text, ...]
    blanks: tuple[Blank, ...] = ()


@dataclass(frozen=True, slots=True)
class Wire:
    """The way from the end of a stub to a gate that takes the value, or to the next stub.

    Wires of one value run together as far as they can, along the value's trunk.

    Attributes:
        source: the block it leaves.
        target: the block whose gate it enters, or whose stub, if that has no gate.
        place: which of the target's inputs it is.
        trunk: the corners that all wires of the source have in common, up to the end of the
            longest.
        shared: how many of these are corners of this wire.
        end: its last corners, which are its own.
    """

    source: int
    target: int
    place: int
    trunk: tuple[Point, ...]
    shared: int
    end: tuple[Point, ...]

    @property
    def points(self) -> tuple[Point, ...]:
        """All corners."""
        return self.trunk[: self.shared] + self.end

    @property
    def last(self) -> tuple[Point, Point]:
        """The two ends of its last piece."""
        *_, start, end = self.trunk[self.shared - 1], *self.end
        return start, end


@dataclass(frozen=True, slots=True)
class Frame:
    """A rounded rectangle around the parts of an opened gate, its symbol in the upper left."""

    box: Box
    caption: Text


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole picture.

    Attributes:
        blocks: in the order of the circuit's values.
        wires: one for each operand that is a value.
        title: the line above the picture, if there is one.
        dots: where a value is copied into its branches.
        frames: around the parts of opened gates.
    """

    width: float
    height: float
    blocks: tuple[PlacedBlock, ...]
    wires: tuple[Wire, ...]
    title: Text | None
    dots: tuple[Point, ...] = ()
    frames: tuple[Frame, ...] = ()


def strokes(layout: Layout) -> Iterator[list[Point]]:
    """The corners of every line: first the stubs, one for each block, then the wires."""
    for placed in layout.blocks:
        yield without_needless_corners(placed.stub)
    drawn = [0] * len(layout.blocks)  # up to which corner each trunk has been drawn
    for wire in layout.wires:
        # a line drawn twice is bolder
        first = max(0, min(wire.shared, drawn[wire.source]) - 1)
        yield without_needless_corners(wire.trunk[first : wire.shared] + wire.end)
        drawn[wire.source] = max(drawn[wire.source], wire.shared)


def arrow_heads(layout: Layout) -> Iterator[tuple[Point, Point, Point]]:
    """The corners of the arrow head of every wire that enters a gate, its tip first."""
    for wire in layout.wires:
        if layout.blocks[wire.target].gate:
            yield _arrow_head(*wire.last)


def without_needless_corners(points: Sequence[Point]) -> list[Point]:
    """The corners of a line without those on a straight horizontal piece of it.

    >>> without_needless_corners([(0, 5), (10, 5), (20, 5), (30, 9)])
    [(0, 5), (20, 5), (30, 9)]
    """
    corners = [points[0]]
    for here, following in pairwise(points[1:]):
        if not corners[-1][1] == here[1] == following[1]:
            corners.append(here)
    return [*corners, points[-1]]


def _arrow_head(start: Point, tip: Point) -> tuple[Point, Point, Point]:
    length = math.dist(start, tip)
    along = ((tip[0] - start[0]) / length, (tip[1] - start[1]) / length)
    back = (tip[0] - ARROW_LENGTH * along[0], tip[1] - ARROW_LENGTH * along[1])
    side = (-ARROW_HALF_WIDTH * along[1], ARROW_HALF_WIDTH * along[0])
    return tip, (back[0] + side[0], back[1] + side[1]), (back[0] - side[0], back[1] - side[1])
