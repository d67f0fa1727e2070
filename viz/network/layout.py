"""Where everything stands in the picture of a network.

Columns stand side by side, their middles at one height. Lines end at the sides of circles and are
never very steep, so that they meet neither circles nor what is written above and below them.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from viz.layout.geometry import Point, Text
from viz.network.key import place_key
from viz.network.parts import Circle, Column, Line, Network
from viz.network.shapes import Gap, NetworkLayout, PlacedCircle, PlacedColumn, Stroke
from viz.network.strokes import kind_of, thickest, widths_of
from viz.scene.style import MIDDLE, text_width

MARGIN = 16
LEAST_WIDTH = 360
TITLE_SIZE, HEADING_SIZE, DETAIL_SIZE = 18, 15, 13
NAME_SIZE, NUMBER_SIZE, BIAS_SIZE, MORE_SIZE = 15, 14, 11, 12
LEAST_RADIUS = 20
PADDING = 3  # between a number and the circle around it
NAME_GAP = 7  # between a circle and its name
BIAS_ROOM = 15  # below a circle
GAP = 10  # between the circles of a column, biases included
HEADING_ROOM = 52  # above the circles
CHANNEL = 110  # the least distance between the circles of two columns
APART = 20  # the least distance between two headings
STEEPEST = 2.5  # how many pixels a line goes down for one to the right
PORTS = math.radians(40)  # lines end within this angle above and below the side of a circle
AIM = PORTS / math.atan(STEEPEST)  # how far a line leans towards the middle of the circle


def lay_out_network(network: Network, *, title: str | None = None) -> NetworkLayout:
    """Place the columns of a network, the lines between them, and the explanations below.

    Args:
        network: what is shown.
        title: a line above the picture.

    >>> from nn import MLP
    >>> from viz.network.reading import read_network
    >>> for column in lay_out_network(read_network(MLP(1, [2]))).columns:
    ...     print([(circle.x, circle.y) for circle in column.circles])
    [(98, 120.5)]
    [(248, 88.0), (248, 153.0)]
    """
    measures = _measure(network.columns)
    heading = MARGIN + (TITLE_SIZE + MARGIN if title else 0)
    tallest = max(map(_slots, network.columns))
    centres = _centres(network.columns, measures)
    needed = centres[-1] + _room(network.columns[-1], measures, named=True) + MARGIN
    width = math.ceil(max(needed, LEAST_WIDTH, text_width(title or "", TITLE_SIZE) + 2 * MARGIN))
    columns = [
        _place_column(
            column,
            x=round(centre + (width - needed) / 2),
            top=heading + HEADING_ROOM + measures.pitch * (tallest - _slots(column)) / 2,
            heading=heading,
            measures=measures,
            named="right" if index else "left",
        )
        for index, (column, centre) in enumerate(zip(network.columns, centres, strict=True))
    ]
    bottom = heading + HEADING_ROOM + measures.pitch * tallest - GAP
    samples, texts, end = place_key(network, width / 2, bottom + MARGIN, width - 2 * MARGIN)
    if title:
        texts.append(Text("title", title, width / 2, MARGIN + TITLE_SIZE, TITLE_SIZE))
    return NetworkLayout(
        width=width,
        height=math.ceil(end) + MARGIN,
        columns=tuple(columns),
        lines=tuple(_place_lines(network.lines, columns, thickest(tallest))),
        samples=tuple(samples),
        texts=tuple(texts),
    )


@dataclass(frozen=True, slots=True)
class _Measures:
    """What is the same throughout a picture: the radius, and the distance from circle to circle."""

    radius: int
    pitch: int


def _measure(columns: Sequence[Column]) -> _Measures:
    """Circles are as large as their numbers need, and as wide as what stands above and below."""
    radius, room = float(LEAST_RADIUS), 0
    for column in columns:
        gap = _gap(column, 0, 0)
        if gap:
            radius = max(radius, gap.text.box.right)
        for circle in column.circles:
            for number in _numbers(circle, 0, 0):
                box = number.box
                radius = max(radius, math.hypot(box.right, max(-box.top, box.bottom)) + PADDING)
            if circle.bias is not None:
                radius = max(radius, text_width(circle.bias, BIAS_SIZE) / 2 / math.cos(PORTS))
                room = BIAS_ROOM
    return _Measures(math.ceil(radius), 2 * math.ceil(radius) + room + GAP)


def _slots(column: Column) -> int:
    """How many places a column has, counting that for the neurons left out."""
    return len(column.circles) + (column.left_out > 0)


def _centres(columns: Sequence[Column], measures: _Measures) -> list[float]:
    """The middle of each column, far enough from the one before that no line is too steep."""
    centres = [MARGIN + _room(columns[0], measures, named=True)]
    for left, right in pairwise(columns):
        drop = measures.pitch * (_slots(left) + _slots(right) - 2) / 2
        channel = max(CHANNEL, drop / STEEPEST)
        headings = _room(left, measures) + APART + _room(right, measures)
        centres.append(centres[-1] + max(2 * measures.radius + channel, headings))
    return centres


def _room(column: Column, measures: _Measures, *, named: bool = False) -> float:
    """How far a column reaches to a side; to one side it may have names."""
    half_heading = max(
        text_width(column.heading, HEADING_SIZE), text_width(column.detail, DETAIL_SIZE)
    )
    names = [text_width(circle.name, NAME_SIZE) for circle in column.circles if circle.name]
    beside = measures.radius + (NAME_GAP + max(names) if named and names else 0)
    return max(half_heading / 2, beside)


def _place_column(
    column: Column, *, x: float, top: float, heading: float, measures: _Measures, named: str
) -> PlacedColumn:
    circles = []
    for place, circle in enumerate(column.circles):
        slot = place + (place >= column.first)
        y = top + measures.radius + measures.pitch * slot
        texts = []
        if circle.bias is not None:
            below = y + measures.radius + BIAS_SIZE + 1
            texts.append(Text("caption", circle.bias, x, below, BIAS_SIZE))
        if circle.name is not None:
            beside = measures.radius + NAME_GAP
            level = y + MIDDLE * NAME_SIZE
            if named == "left":
                texts.append(Text("name", circle.name, x - beside, level, NAME_SIZE, "end"))
            else:
                texts.append(Text("name", circle.name, x + beside, level, NAME_SIZE, "start"))
        numbers = tuple(_numbers(circle, x, y))
        circles.append(PlacedCircle(x, y, measures.radius, numbers, tuple(texts), circle.sentence))
    return PlacedColumn(
        circles=tuple(circles),
        heading=(
            Text("name", column.heading, x, heading + HEADING_SIZE, HEADING_SIZE),
            Text("caption", column.detail, x, heading + HEADING_SIZE + 18, DETAIL_SIZE),
        ),
        sentence=column.sentence,
        gap=_gap(column, x, top + measures.radius + measures.pitch * column.first),
    )


def _numbers(circle: Circle, x: float, y: float) -> list[Text]:
    """The numbers inside a circle: the activation, and below it the gradient."""
    if circle.data is None:
        return []
    if circle.grad is None:
        return [Text("data", circle.data, x, y + MIDDLE * NUMBER_SIZE, NUMBER_SIZE)]
    return [
        Text("data", circle.data, x, y - 3, NUMBER_SIZE),
        Text("grad", circle.grad, x, y + 13, NUMBER_SIZE),
    ]


def _gap(column: Column, x: float, y: float) -> Gap | None:
    """What stands in place of the neurons that are left out, around a point."""
    if not column.left_out:
        return None
    first, last = column.first, column.first + column.left_out - 1
    more = f"{column.left_out:,} more"
    return Gap(
        dots=((x, y - 16), (x, y - 9), (x, y - 2)),
        text=Text("caption", more, x, y + 16, MORE_SIZE),
        sentence=f"{more}, {first} to {last}, are not shown",
    )


def _place_lines(
    lines: Sequence[Line], columns: Sequence[PlacedColumn], most: float
) -> list[tuple[Line, Stroke]]:
    """The lines, the widest last."""
    placed = []
    for line, width in zip(lines, widths_of(lines, most), strict=True):
        source = columns[line.column - 1].circles[line.source]
        target = columns[line.column].circles[line.target]
        placed.append((line, Stroke(*_ends(source, target), width, kind_of(line))))
    return sorted(placed, key=lambda pair: pair[1].width)


def _ends(source: PlacedCircle, target: PlacedCircle) -> tuple[Point, Point]:
    """Where a line leaves one circle and enters another: the steeper, the farther from the side."""
    angle = AIM * math.atan2(target.y - source.y, target.x - source.x)
    x, y = source.radius * math.cos(angle), source.radius * math.sin(angle)
    return (source.x + x, source.y + y), (target.x - x, target.y - y)
