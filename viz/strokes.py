"""The lines of a layout as a pen draws them: each piece once, without needless corners."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from viz.shapes import Layout, Point, Wire

ARROW_LENGTH = 7
ARROW_HALF_WIDTH = 2.6
DOT_RADIUS = 2.5
CORNER = 3
"""The radius of a blank's corners."""
FRAME_CORNER = 10


def strokes(layout: Layout) -> Iterator[list[Point]]:
    """The corners of every line: first the stubs, one for each block, then the wires."""
    for placed in layout.blocks:
        yield _without_needless_corners(placed.stub)
    drawn: list[dict[tuple[Point, ...], None]] = [{} for _ in layout.blocks]
    for wire in layout.wires:
        yield _without_needless_corners(_not_yet_drawn(wire, drawn[wire.source]))


def arrow_heads(layout: Layout) -> Iterator[tuple[Point, Point, Point]]:
    """The corners of the arrow head of every wire that enters a gate, its tip first."""
    for wire in layout.wires:
        if layout.blocks[wire.target].gate:
            yield _arrow_head(*wire.points[-2:])


def _not_yet_drawn(wire: Wire, drawn: dict[tuple[Point, ...], None]) -> Sequence[Point]:
    """The part of a wire that no other wire of its value has shown: a line drawn twice is bolder.

    Args:
        wire: it begins with what it shares with others.
        drawn: the segments drawn so far, to which those of this part are added.
    """
    first = 0
    while wire.points[first : first + 2] in drawn:
        first += 1
    rest = wire.points[first:]
    drawn.update(dict.fromkeys(pairwise(rest)))
    return rest


def _without_needless_corners(points: Sequence[Point]) -> list[Point]:
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
