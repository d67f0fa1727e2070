"""How lines are drawn: their colour says the sign of a number, their width its size."""

import math
from collections.abc import Sequence

from viz.network.parts import Line
from viz.network.shapes import Kind

THINNEST = 0.35
PLAIN = 0.8
"""The width of a line that stands for several weights."""


def kind_of(line: Line) -> Kind:
    """What a line looks like."""
    number = line.number
    if number is None:
        return "several"
    if math.isnan(number):
        return "nan"
    return "positive" if number > 0 else "negative" if number < 0 else "zero"


def largest_size(lines: Sequence[Line]) -> float:
    """The largest size of all numbers, infinite ones included; 0 if there is none."""
    return max((size for size in map(_size, lines) if not math.isnan(size)), default=0.0)


def thickest(circles: int) -> float:
    """How wide a line may be where as many circles stand in a column, lest lines cover each other.

    >>> thickest(4), thickest(16)
    (5.0, 2.5)
    """
    return min(5.0, 40.0 / circles)


def widths_of(lines: Sequence[Line], most: float) -> list[float]:
    """The width of each line, in proportion to its number, but never too thin to be seen.

    Args:
        lines: all lines of a picture.
        most: the width for the largest number.

    >>> widths_of([Line(1, 0, 0, weight, "") for weight in (2.0, -1.0, 0.001)], 5.0)
    [5.0, 2.5, 0.35]
    """
    finite = [size for size in map(_size, lines) if math.isfinite(size)]
    largest = max(finite, default=0.0)
    return [_width(_size(line), largest, most) for line in lines]


def _size(line: Line) -> float:
    return math.nan if line.number is None else abs(line.number)


def _width(size: float, largest: float, most: float) -> float:
    if math.isnan(size):
        return PLAIN
    if math.isinf(size):
        return most
    return max(THINNEST, most * (size / largest)) if largest else THINNEST
