"""Where everything stands in the picture of a network.

Columns stand side by side, their middles at one height. Lines end at the sides of circles and are
never very steep, so that they meet neither circles nor what is written above and below them. Below
the columns rows of text explain what colours and widths mean.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from typing import Literal

from autograd_core.explain import significant
from viz.layout.geometry import Box, Point, Text, overlap
from viz.network.scene import FIRST, Circle, Column, Kind, Network
from viz.scene.style import MIDDLE, text_width

MARGIN = 16
LEAST_WIDTH = 360
TITLE_SIZE, HEADING_SIZE, DETAIL_SIZE = 18, 15, 13
NAME_SIZE, NUMBER_SIZE, BIAS_SIZE, MORE_SIZE, KEY_SIZE = 15, 14, 11, 12, 13
SYMBOL_SIZE, LABEL_SIZE = 15, 12
IMAGE, SPACE = 112, 20  # the side of the image of the inputs, and what is between it and these
LEAST_RADIUS = 20
PADDING = 3  # between a number and the circle around it
NAME_GAP = 7  # between a circle and its name
BIAS_ROOM = 15  # below a circle
DOT = 1.8  # the radius of the dots that stand for circles left out
GAP = 10  # between the circles of a column, biases included
HEADING_ROOM = 52  # above the circles
CHANNEL = 110  # the least distance between the circles of two columns
WIDE_CHANNEL = 190  # the same where lines have labels
FEW_LINES = 12  # so many lines between two columns have labels
APART = 20  # the least distance between two headings
STEEPEST = 2.5  # how many pixels a line goes down for one to the right
PORTS = math.radians(40)  # lines end within this angle above and below the side of a circle
AIM = PORTS / math.atan(STEEPEST)  # how far a line leans towards the middle of the circle

THINNEST, WIDEST = 0.35, 5.0
PLAIN = 0.8  # the width of a line that stands for several weights
INK = 40.0  # the widest lines of a column's circles together, lest lines cover each other

KEY_ROW = 22  # from one baseline to the next
SAMPLE = 26  # the length of a line that explains what lines look like
SAMPLE_GAP = 7  # between that and its explanation
KEY_GAP = 22  # between two explanations


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line in its place, from left to right.

    Its sentence is what it stands for in words; empty if it is an example in an explanation.
    Where there is room, its label is the number.
    """

    start: Point
    end: Point
    width: float
    kind: Kind
    sentence: str = ""
    label: Text | None = None


@dataclass(frozen=True, slots=True)
class PlacedCircle:
    """A circle of a column around its middle, in words a sentence.

    Attributes:
        numbers: the texts inside.
        light: how bright it is, from 0 to 1.
        texts: its bias below it, its name beside it.
    """

    x: float
    y: float
    radius: float
    numbers: tuple[Text, ...]
    texts: tuple[Text, ...]
    sentence: str
    light: float = 0.0


@dataclass(frozen=True, slots=True)
class Gap:
    """What stands in a column in place of the circles that are left out: dots, and their number."""

    dots: tuple[Point, Point, Point]
    text: Text
    sentence: str


@dataclass(frozen=True, slots=True)
class PlacedColumn:
    """A column in its place: heading, circles from top to bottom, a gap if some are left out."""

    circles: tuple[PlacedCircle, ...]
    heading: tuple[Text, ...]
    sentence: str
    gap: Gap | None


@dataclass(frozen=True, slots=True)
class NetworkLayout:
    """A whole picture.

    Attributes:
        columns: the inputs, then each layer.
        image: where the pixels of the inputs stand, or None.
        lines: the widest last, so that it lies on top.
        samples: short lines that explain what the lines look like.
        texts: title, explanations and notes.
    """

    width: float
    height: float
    columns: tuple[PlacedColumn, ...]
    image: Box | None
    lines: tuple[Stroke, ...]
    samples: tuple[Stroke, ...]
    texts: tuple[Text, ...]


def lay_out_network(network: Network, *, title: str | None = None) -> NetworkLayout:
    """Place the columns of a network, the lines between them, and the explanations below.

    >>> from nn import MLP
    >>> from viz.network.scene import read_network
    >>> for column in lay_out_network(read_network(MLP(1, [2]))).columns:
    ...     print([(circle.x, circle.y) for circle in column.circles])
    [(58, 120.5)]
    [(288, 88.0), (288, 153.0)]
    """
    radius, pitch = _measure(network.columns)
    heading = MARGIN + (TITLE_SIZE + MARGIN if title else 0)
    tallest = max(map(_slots, network.columns))
    beside = IMAGE + SPACE if network.pixels else 0
    centres = [beside + x for x in _centres(network.columns, radius, pitch)]
    needed = centres[-1] + _room(network.columns[-1], radius, named=True) + MARGIN
    width = math.ceil(max(needed, LEAST_WIDTH, text_width(title or "", TITLE_SIZE) + 2 * MARGIN))
    columns: list[PlacedColumn] = []
    for column, centre in zip(network.columns, centres, strict=True):
        x = round(centre + (width - needed) / 2)
        top = heading + HEADING_ROOM + pitch * (tallest - _slots(column)) / 2
        slots = [top + radius + pitch * slot for slot in range(_slots(column))]
        columns.append(_place_column(column, x, heading, slots, radius, 1 if columns else -1))
    bottom = heading + HEADING_ROOM + pitch * tallest - GAP
    samples, texts, end = _place_key(network, width / 2, bottom + MARGIN, width - 2 * MARGIN)
    if title:
        texts.append(Text("title", title, width / 2, MARGIN + TITLE_SIZE, TITLE_SIZE))
    image = None
    if network.pixels:
        right = columns[0].circles[0].x - _room(network.columns[0], radius, named=True) - SPACE
        middle = heading + HEADING_ROOM + (pitch * tallest - GAP) / 2
        image = Box(right - IMAGE, middle - IMAGE / 2, right, middle + IMAGE / 2)
    return NetworkLayout(
        width=width,
        height=math.ceil(end) + MARGIN,
        columns=tuple(columns),
        image=image,
        lines=tuple(_place_lines(network, columns, min(WIDEST, INK / tallest))),
        samples=tuple(samples),
        texts=tuple(texts),
    )


def _measure(columns: Sequence[Column]) -> tuple[int, int]:
    """The radius of all circles, which their texts need, and the distance from one to the next."""
    radius, room = float(LEAST_RADIUS), 0
    for column in columns:
        if gap := _gap(column, 0, 0):
            radius = max(radius, gap.text.box.right)
        for circle in column.circles:
            for number in _numbers(circle, 0, 0):
                box = number.box
                radius = max(radius, math.hypot(box.right, max(-box.top, box.bottom)) + PADDING)
            if circle.bias is not None:
                radius = max(radius, text_width(circle.bias, BIAS_SIZE) / 2 / math.cos(PORTS))
                room = BIAS_ROOM
    return math.ceil(radius), 2 * math.ceil(radius) + room + GAP


def _slots(column: Column) -> int:
    """How many places a column has, counting that for the neurons left out."""
    return len(column.circles) + (column.left_out > 0)


def _centres(columns: Sequence[Column], radius: int, pitch: int) -> list[float]:
    """The middle of each column, far enough from the one before that no line is too steep."""
    centres = [MARGIN + _room(columns[0], radius, named=True)]
    for left, right in pairwise(columns):
        drop = pitch * (_slots(left) + _slots(right) - 2) / 2
        has_labels = _label_place(left, right) is not None
        channel = max(WIDE_CHANNEL if has_labels else CHANNEL, drop / STEEPEST)
        headings = _room(left, radius) + APART + _room(right, radius)
        centres.append(centres[-1] + max(2 * radius + channel, headings))
    return centres


def _room(column: Column, radius: int, *, named: bool = False) -> float:
    """How far a column reaches to a side; to one side it may have names."""
    headings = text_width(column.heading, HEADING_SIZE), text_width(column.detail, DETAIL_SIZE)
    names = [text_width(circle.name, NAME_SIZE) for circle in column.circles if circle.name]
    beside = radius + (NAME_GAP + max(names) if named and names else 0)
    return max(max(headings) / 2, beside)


_ANCHORS: dict[int, Literal["start", "end"]] = {-1: "end", 1: "start"}


def _place_column(
    column: Column, x: int, top: float, slots: Sequence[float], radius: int, side: Literal[-1, 1]
) -> PlacedColumn:
    """A column with its middle at x, its slots at these heights, and names left or right of it."""
    ys = list(slots)
    gap = _gap(column, x, ys.pop(FIRST)) if column.left_out else None
    circles = []
    for circle, y in zip(column.circles, ys, strict=True):
        texts = []
        if circle.bias is not None:
            texts.append(Text("caption", circle.bias, x, y + radius + BIAS_SIZE + 1, BIAS_SIZE))
        if circle.name is not None:
            place = x + side * (radius + NAME_GAP), y + MIDDLE * NAME_SIZE
            texts.append(Text("name", circle.name, *place, NAME_SIZE, _ANCHORS[side]))
        numbers = tuple(_numbers(circle, x, y))
        placed = PlacedCircle(x, y, radius, numbers, tuple(texts), circle.sentence, circle.light)
        circles.append(placed)
    first = top + HEADING_SIZE
    heading = (
        Text("name", column.heading, x, first, HEADING_SIZE),
        Text("caption", column.detail, x, first + 18, DETAIL_SIZE),
    )
    return PlacedColumn(tuple(circles), heading, column.sentence, gap)


def _numbers(circle: Circle, x: float, y: float) -> list[Text]:
    """The numbers inside a circle: the activation, and below it the gradient."""
    if circle.symbol is not None:
        return [Text("symbol", circle.symbol, x, y + MIDDLE * SYMBOL_SIZE, SYMBOL_SIZE)]
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
    more = f"{column.left_out:,} more"
    return Gap(
        dots=((x, y - 16), (x, y - 9), (x, y - 2)),
        text=Text("caption", more, x, y + 16, MORE_SIZE),
        sentence=f"{more}, {FIRST} to {FIRST + column.left_out - 1}, are not shown",
    )


def _label_place(left: Column, right: Column) -> float | None:
    """Which part of the way labels stand on the lines between two columns, if these are few.

    It is near the column with more circles, where lines to different ones are apart.
    """
    few, many = sorted((len(left.circles), len(right.circles)))
    if few * many > FEW_LINES or left.left_out or right.left_out or not right.weighted:
        return None
    near = (0.19 + 0.81 / few) / 2
    return near if len(left.circles) > len(right.circles) else 1 - near


def _place_lines(network: Network, columns: Sequence[PlacedColumn], most: float) -> list[Stroke]:
    """The lines, the widest last; widths are in proportion to numbers, `most` is the largest."""
    largest = max((line.size for line in network.lines if math.isfinite(line.size)), default=0.0)
    places = [None, *(_label_place(*pair) for pair in pairwise(network.columns))]
    role: Literal["name", "grad"] = "grad" if network.show == "gradients" else "name"
    placed = []
    for line in network.lines:
        source = columns[line.column - 1].circles[line.source]
        target = columns[line.column].circles[line.target]
        # where a line leaves and enters: the steeper it is, the farther from the side
        angle = AIM * math.atan2(target.y - source.y, target.x - source.x)
        x, y = source.radius * math.cos(angle), source.radius * math.sin(angle)
        start, end = (source.x + x, source.y + y), (target.x - x, target.y - y)
        label, part = None, places[line.column]
        if part is not None and line.label:
            middle = start[0] + part * (end[0] - start[0])
            height = start[1] + part * (end[1] - start[1]) + MIDDLE * LABEL_SIZE
            label = Text(role, line.label, middle, height, LABEL_SIZE)
        width = _width(line.size, largest, most)
        placed.append(Stroke(start, end, width, line.kind, line.sentence, label))
    boxes = [
        (line.column, stroke.label.box)
        for line, stroke in zip(network.lines, placed, strict=True)
        if stroke.label
    ]
    crowded = {
        column for (column, one), (_, other) in combinations(boxes, 2) if overlap(one, other)
    }
    placed = [
        replace(stroke, label=None) if line.column in crowded else stroke
        for line, stroke in zip(network.lines, placed, strict=True)
    ]
    return sorted(placed, key=lambda stroke: stroke.width)


def _width(size: float, largest: float, most: float) -> float:
    """How wide a line is, but never too thin to be seen."""
    if math.isnan(size):
        return PLAIN
    if math.isinf(size):
        return most
    return max(THINNEST, most * (size / largest)) if largest else THINNEST


@dataclass(frozen=True, slots=True)
class _Entry:
    """One explanation: a text, and the look of lines that it explains, if it is about lines."""

    text: str
    role: Literal["data", "grad", "name", "caption"] = "name"
    kind: Kind | None = None

    @property
    def width(self) -> float:
        """In pixels, its sample included."""
        return text_width(self.text, KEY_SIZE) + (SAMPLE + SAMPLE_GAP if self.kind else 0)


_MEANINGS: dict[Kind, tuple[str, float]] = {  # and the width of the sample
    "positive": ("positive {}", 2.5),
    "negative": ("negative {}", 2.5),
    "zero": ("{} 0", THINNEST),
    "nan": ("{} nan, not a number", PLAIN),
    "several": ("maxout: several {}s", PLAIN),
}

_NUMBERS = {
    "data": _Entry("activation", "data"),
    "grad": _Entry("gradient of the activation", "grad"),
    "bias": _Entry("+ bias", "caption"),
}
_LIGHT = _Entry("the brighter, the larger", "caption")


def _about_lines(network: Network) -> list[_Entry]:
    """What lines of each look mean, and how large a number the widest stands for."""
    present = {line.kind for line in network.lines}
    what = network.show.removesuffix("s")
    meanings = _MEANINGS.items()
    entries = [_Entry(text.format(what), kind=k) for k, (text, _) in meanings if k in present]
    largest = max((line.size for line in network.lines if line.size > 0), default=0.0)
    return (
        [*entries, _Entry(f"width: size, at most {significant(largest)}")] if largest else entries
    )


def _about_circles(network: Network) -> list[_Entry]:
    """What the numbers in and below the circles are."""
    circles = [circle for column in network.columns for circle in column.circles]
    present = {name for circle in circles for name in _NUMBERS if getattr(circle, name) is not None}
    entries = [entry for name, entry in _NUMBERS.items() if name in present]
    light = not network.lit and any(circle.light for circle in circles)
    return [*entries, _LIGHT] if light else entries


def _place_key(
    network: Network, centre: float, top: float, width: float
) -> tuple[list[Stroke], list[Text], float]:
    """The explanations and then the notes: samples of lines, texts, and where the last row ends.

    The rows, none of them wider than `width`, stand one below the other with their middles at
    `centre`; the first begins at `top`.
    """
    samples, texts = [], []
    baseline = top + KEY_SIZE
    for entries in (_about_lines(network), _about_circles(network)):
        for row in _rows([entry.width for entry in entries], KEY_GAP, width):
            x = centre - (sum(entry.width + KEY_GAP for entry in entries[row]) - KEY_GAP) / 2
            for entry in entries[row]:
                begin = x
                if entry.kind:
                    begin += SAMPLE + SAMPLE_GAP
                    y = baseline - MIDDLE * KEY_SIZE
                    _, stroke = _MEANINGS[entry.kind]
                    samples.append(Stroke((x, y), (x + SAMPLE, y), stroke, entry.kind))
                texts.append(Text(entry.role, entry.text, begin, baseline, KEY_SIZE, "start"))
                x += entry.width + KEY_GAP
            baseline += KEY_ROW
    for note in network.notes:
        words = note.split()
        widths = [text_width(word, KEY_SIZE) for word in words]
        for row in _rows(widths, text_width(" ", KEY_SIZE), width):
            texts.append(Text("name", " ".join(words[row]), centre, baseline, KEY_SIZE))
            baseline += KEY_ROW
    return samples, texts, baseline - KEY_ROW + KEY_SIZE / 2


def _rows(widths: Sequence[float], space: float, most: float) -> list[slice]:
    """Which things stand side by side in a row, if each row takes as many as it can."""
    rows: list[slice] = []
    used = math.inf
    for place, width in enumerate(widths):
        used += space + width
        if used > most:
            rows.append(slice(place, place + 1))
            used = width
        else:
            rows[-1] = slice(rows[-1].start, place + 1)
    return rows
