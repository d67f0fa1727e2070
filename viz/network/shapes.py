"""What the layout of a network consists of: plain data, in pixels."""

from dataclasses import dataclass

from viz.layout.geometry import Point, Text
from viz.network.scene import Kind

DOT = 1.8
"""The radius of the dots that stand for circles left out."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line in its place.

    Attributes:
        start: its left end.
        end: its right end.
        width: how wide it is drawn.
        kind: what it looks like.
        sentence: what it stands for in words; empty if it is an example in an explanation.
    """

    start: Point
    end: Point
    width: float
    kind: Kind
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class PlacedCircle:
    """A circle of a column in its place.

    Attributes:
        x: of its middle.
        y: of its middle.
        radius: the same for all circles of a picture.
        numbers: the texts inside.
        texts: its bias below it, its name beside it.
        sentence: what it is in words.
    """

    x: float
    y: float
    radius: float
    numbers: tuple[Text, ...]
    texts: tuple[Text, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Gap:
    """What stands in a column in place of the circles that are left out.

    Attributes:
        dots: three, one below the other.
        text: how many circles there would be.
        sentence: this in words.
    """

    dots: tuple[Point, Point, Point]
    text: Text
    sentence: str


@dataclass(frozen=True, slots=True)
class PlacedColumn:
    """A column in its place.

    Attributes:
        circles: those that are shown, from top to bottom.
        heading: what stands above.
        sentence: what the column is in words.
        gap: what stands in place of circles that are left out, if some are.
    """

    circles: tuple[PlacedCircle, ...]
    heading: tuple[Text, ...]
    sentence: str
    gap: Gap | None


@dataclass(frozen=True, slots=True)
class NetworkLayout:
    """A whole picture.

    Attributes:
        width: of the picture.
        height: of the picture.
        columns: the inputs, then each layer.
        lines: the widest last, so that it lies on top.
        samples: short lines that explain what the lines look like.
        texts: title, explanations and notes.
    """

    width: float
    height: float
    columns: tuple[PlacedColumn, ...]
    lines: tuple[Stroke, ...]
    samples: tuple[Stroke, ...]
    texts: tuple[Text, ...]
