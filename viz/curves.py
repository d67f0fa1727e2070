"""`curves`: numbers epoch by epoch, such as a training's history, as a picture."""

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby

from autograd_core.explain import significant
from viz.layout.geometry import Point, Text
from viz.scene.style import PALETTES, printable, text_width
from viz.write.picture import Picture, image
from viz.write.svg import document, group, line, text_element

WIDTH = 560
PANEL = 150  # the height of the curves of one kind
MARGIN = 12
GAP = 52  # between panels, for the numbers below one and the heading of the next
LEFT = 58  # for the numbers of the scale
SIZE = 13
ROW = 16  # the least distance of texts at the ends of curves
MOST_POINTS = 500  # of a curve; of more, those stay that are least and largest around them
DECADES = 100  # positive numbers that span more are drawn on a logarithmic scale

_PALETTE = PALETTES["colorblind"]
_LOOKS = (
    (_PALETTE.data, ""),
    (_PALETTE.grad, ' stroke-dasharray="6 3"'),
    (_PALETTE.local, ' stroke-dasharray="2 3"'),
)

Series = Mapping[str, Sequence[float]]


class Curves(Picture):
    """A picture of curves as `viz.curves` returns it; it shows itself in a notebook."""

    _kind = "a picture of curves"

    def __init__(self, series: Series, title: str | None) -> None:
        self._series = {printable(name): [float(x) for x in series[name]] for name in series}
        self._title = printable(title) if title else None

    @cached_property
    def svg(self) -> str:
        """The picture as SVG text, the same bytes for the same numbers; needs no other program."""
        top = MARGIN + SIZE + 6.0 + (ROW + MARGIN if self._title else 0)
        epochs = max(map(len, self._series.values()))
        panels = _panels(self._series)
        right = WIDTH - MARGIN - max(map(_room, self._series.items()))
        elements = []
        if self._title:
            elements.append(text_element(Text("title", self._title, WIDTH / 2, MARGIN + 16, 16)))
        for heading, series in panels:
            elements += _Panel(heading, series, epochs, top, right).elements()
            top += PANEL + GAP
        told = [f"{name} {_course(numbers)}" for name, numbers in self._series.items()]
        description = f"{epochs} epochs: {'; '.join(told)}"
        size = WIDTH, top - GAP + 2 * ROW + MARGIN
        title = self._title or f"{', '.join(self._series)} by epoch"
        return document(*size, title, description, _PALETTE.paper, elements)

    def __repr__(self) -> str:
        return f"<Curves of {', '.join(self._series)}; .save('curves.svg') writes them>"


def curves(series: Series, title: str | None = None) -> Curves:
    """Draw numbers epoch by epoch: the loss and the accuracy of a training.

    Series whose names end in the same word, such as `"loss"` and `"validation_loss"`, share a scale
    and stand above each other's; the first is drawn solid, the others dashed. At the end of each
    stands its last number. The scale is logarithmic where all numbers are positive and span more
    than two decades. A curve has a gap where a number is not finite. It needs no other package;
    `viz.plots.training_history` draws with matplotlib, for figures of one's own.

    Args:
        series: for each name its numbers, one for each epoch, such as an `nn.History`.
        title: a line above the picture.

    Raises:
        TypeError: if `series` is no mapping.
        ValueError: if there are no numbers.

    >>> curves({"loss": [0.9, 0.4, 0.2], "validation_loss": [1.0, 0.5, 0.4]})
    <Curves of loss, validation_loss; .save('curves.svg') writes them>
    """
    if not isinstance(series, Mapping):
        raise TypeError(f"curves() takes names with numbers, such as a history, not {series!r}")
    if not any(len(numbers) for numbers in series.values()):
        raise ValueError("there are no numbers to draw yet: train first")
    return Curves(series, title)


def curves_of(series: Series) -> dict[str, str]:
    """The picture with which a history shows itself in a notebook, by MIME type."""
    shown = {"text/plain": repr(series)}
    try:
        svg = curves(series).svg
        return {**shown, "image/svg+xml": svg, "text/html": image(svg)}
    except Exception:
        return shown


def _panels(series: Series) -> list[tuple[str, Series]]:
    """The series with one scale, in the order of the first of them."""
    kinds: dict[str, dict[str, Sequence[float]]] = {}
    for name, numbers in series.items():
        kinds.setdefault(name.replace("_", " ").split(" ")[-1], {})[name] = numbers
    return list(kinds.items())


def _label(name: str, numbers: Sequence[float]) -> str:
    return f"{name.replace('_', ' ')} {significant(numbers[-1])}" if numbers else name


def _room(series: tuple[str, Sequence[float]]) -> float:
    """How wide the text at the end of a curve is."""
    return text_width(_label(*series), SIZE) + 8


def _course(numbers: Sequence[float]) -> str:
    return f"from {significant(numbers[0])} to {significant(numbers[-1])}" if numbers else "empty"


class _Panel:
    """Curves that share a scale, in their places."""

    def __init__(self, heading: str, series: Series, epochs: int, top: float, right: float) -> None:
        self._heading, self._series = heading, series
        self._epochs, self._top, self._right = epochs, top, right
        finite = [x for numbers in series.values() for x in numbers if math.isfinite(x)] or [0.0]
        self._low, self._high = min(finite), max(finite)
        self._logarithmic = self._low > 0 and self._high / self._low > DECADES
        if self._low == self._high:
            around = max(0.5, abs(self._low) / 20)
            self._low, self._high = self._low - around, self._high + around

    def elements(self) -> Iterator[str]:
        """The heading, the scales, the curves, and the last number of each."""
        bottom = self._top + PANEL
        yield from group(
            f' stroke="{_PALETTE.ink}" stroke-opacity="0.15"',
            (line([(LEFT, self._y(tick)), (self._right, self._y(tick))]) for tick in self._ticks()),
        )
        texts = [Text("name", self._heading, LEFT, self._top - 8, SIZE, "start")]
        for tick in self._ticks():
            texts.append(
                Text("name", significant(tick), LEFT - 6, self._y(tick) + 0.36 * SIZE, SIZE, "end")
            )
        for epoch in _round_numbers(1, self._epochs, whole=True):
            label = str(int(epoch))
            texts.append(Text("name", label, self._x(epoch), bottom + ROW + 2, SIZE))
        last = Text("name", "epoch", self._right + 24, bottom + ROW + 2, SIZE, "start")
        soft = f' fill="{_PALETTE.soft}"'
        yield from (text_element(text, soft) for text in [*texts, last])
        ends = self._ends()
        for place, (name, numbers) in enumerate(self._series.items()):
            colour, dashes = _LOOKS[min(place, len(_LOOKS) - 1)]
            style = f' fill="none" stroke="{colour}" stroke-width="1.8" stroke-linejoin="round"'
            yield from group(style + dashes, map(line, self._pieces(numbers)))
            end = Text("name", _label(name, numbers), self._right + 8, ends[place], SIZE, "start")
            yield text_element(end, f' fill="{colour}"')

    def _x(self, epoch: float) -> float:
        return LEFT + (self._right - LEFT) * (epoch - 1) / max(1, self._epochs - 1)

    def _y(self, number: float) -> float:
        low, high = self._low, self._high
        if self._logarithmic:
            low, high, number = math.log(low), math.log(high), math.log(number)
        # the difference of the two largest floats is too large for a float
        return self._top + PANEL * (high / 2 - number / 2) / (high / 2 - low / 2)

    def _ticks(self) -> list[float]:
        if self._logarithmic:
            first, last = math.log10(self._low), math.log10(self._high)
            step = max(1, math.ceil((last - first) / 5))
            return [10.0**power for power in range(math.ceil(first), math.floor(last) + 1, step)]
        return _round_numbers(self._low, self._high)

    def _pieces(self, numbers: Sequence[float]) -> Iterator[list[Point]]:
        """The curve, in pieces where numbers are not finite; a number alone is a short line."""
        points = enumerate(numbers, start=1)
        for finite, run in groupby(points, key=lambda point: math.isfinite(point[1])):
            if finite:
                piece = [(self._x(epoch), self._y(number)) for epoch, number in _thinned([*run])]
                yield piece if len(piece) > 1 else [piece[0], (piece[0][0] + 2, piece[0][1])]

    def _ends(self) -> list[float]:
        """The baselines of the texts at the ends of the curves, which do not overlap."""
        wanted = [
            self._y(numbers[-1]) if numbers and math.isfinite(numbers[-1]) else self._top
            for numbers in self._series.values()
        ]
        order = sorted(range(len(wanted)), key=lambda place: wanted[place])
        lowest = -math.inf
        for place in order:
            lowest = wanted[place] = max(wanted[place], lowest + ROW)
        return [height + 0.36 * SIZE for height in wanted]


def _thinned(points: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """Of many points, of each few that stand close the least and the largest."""
    if len(points) <= MOST_POINTS:
        return points
    few = math.ceil(2 * len(points) / MOST_POINTS)
    kept: dict[int, float] = {}
    for start in range(0, len(points), few):
        some = points[start : start + few]
        by_number = sorted(some, key=lambda point: point[1])
        kept.update(sorted([by_number[0], by_number[-1]]))
    return [*kept.items(), *([] if points[-1][0] in kept else points[-1:])]


def _round_numbers(low: float, high: float, whole: bool = False) -> list[float]:
    """Three to seven round numbers from one number to another.

    >>> _round_numbers(0.13, 0.72), _round_numbers(1, 3, whole=True)
    ([0.2, 0.3, 0.4, 0.5, 0.6, 0.7], [1.0, 2.0, 3.0])
    """
    distance = high / 6 - low / 6
    power = 10.0 ** math.floor(math.log10(distance)) if distance > 0 else 1.0
    step = next(power * each for each in (1, 2, 5, 10) if power * each >= 0.999 * distance)
    if whole:
        step = max(1.0, step)
    first = math.ceil(low / step - 1e-9)
    return [float(f"{n * step:.12g}") for n in range(first, math.floor(high / step + 1e-9) + 1)]
