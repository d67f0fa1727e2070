"""The lines of a layout as a pen draws them: each piece once, without needless corners."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from viz.layout.geometry import Layout, Point

ARROW_LENGTH = 7
ARROW_HALF_WIDTH = 2.6
DOT_RADIUS = 2.5
CORNER = 3
"""The radius of a blank's corners."""
FRAME_CORNER = 10


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
