"""The wires of a picture: their corners, and the lines and arrow heads that a pen draws."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from viz.layout.boxes import PORT_GAP
from viz.layout.columns import Grid
from viz.layout.geometry import Layout, PlacedBlock, PlacedGate, Point, Wire
from viz.scene.blocks import Block

LEAD = 6  # how far before a gate the wires to its several ports end their slant
LONG_LEAD = 11  # the same where ports lie so close that a slant would run into the next arrow head
PORTS = math.radians(50)  # ports lie within this angle above and below the left end of a gate
ARROW_LENGTH = 7
ARROW_HALF_WIDTH = 2.6
DOT_RADIUS = 2.5
CORNER = 3
"""The radius of a blank's corners."""
FRAME_CORNER = 10


def wires_of(
    blocks: Sequence[Block],
    placed: Sequence[PlacedBlock],
    grid: Grid,
    heights: Sequence[float],
    edges: Sequence[tuple[int, int]],
) -> tuple[Wire, ...]:
    """One wire for each input of each block.

    Args:
        blocks: each after its inputs.
        placed: the same in their places.
        grid: the points in their columns.
        heights: of each point.
        edges: the left and the right edge of each column.
    """
    trunks = [_trunk(source, block, grid, heights, edges) for source, block in enumerate(placed)]
    return tuple(
        wire
        for target in range(len(blocks))
        for wire in _wires_into(target, blocks, placed, grid, heights, trunks)
    )


def _trunk(
    source: int,
    placed: PlacedBlock,
    grid: Grid,
    heights: Sequence[float],
    edges: Sequence[tuple[int, int]],
) -> tuple[Point, ...]:
    """The corners that the wires of a block have in common: its end, then those at way points."""
    corners = [placed.stub[1]]
    point = source
    while ways := [after for after in grid.after[point] if after >= grid.blocks]:
        (point,) = ways
        corners += [(edge, heights[point]) for edge in edges[grid.column[point]]]
    return tuple(corners)


def _wires_into(
    target: int,
    blocks: Sequence[Block],
    placed: Sequence[PlacedBlock],
    grid: Grid,
    heights: Sequence[float],
    trunks: Sequence[tuple[Point, ...]],
) -> Iterator[Wire]:
    """The wires into a block, one for each of its inputs."""
    gate = placed[target].gate
    arrivals: Sequence[tuple[Point, ...]] = [placed[target].stub[:1]]
    if gate is not None:
        entries = [heights[point] for point in grid.before[target]]
        arrivals = _arrivals(gate, entries, blocks[target].ordered)
    for place, source in enumerate(blocks[target].inputs):
        way_points = grid.column[target] - grid.column[source] - 1
        yield Wire(source, target, place, trunks[source], 1 + 2 * way_points, arrivals[place])


def _arrivals(gate: PlacedGate, heights: Sequence[float], ordered: bool) -> list[tuple[Point, ...]]:
    """The last corners of the wires into a gate.

    Two wires meet at the left end of the gate, as in the notes. If they come from the same side, or
    are more than two, each gets a port of its own, so that every wire is seen. Where it matters
    which operand is the first, as in `a - b`, it has the highest port, wherever it comes from.
    """
    count = len(heights)
    crossed = ordered and any(above > below for above, below in pairwise(heights))
    if count <= 1 or (count == 2 and min(heights) < gate.y < max(heights) and not crossed):
        return [((gate.x, gate.y),)] * count
    order = sorted(range(count), key=lambda place: (0 if ordered else heights[place], place))
    arrivals: list[tuple[Point, ...]] = [()] * count
    lead = LONG_LEAD if gate.extra else LEAD
    for place, (x, y) in zip(order, _ports(gate, count), strict=True):
        arrivals[place] = ((gate.x - lead, y), (x, y))
    return arrivals


def _ports(gate: PlacedGate, count: int) -> Iterator[Point]:
    """Where wires arrive, from top to bottom: on a circle's left arc, or on a straight side."""
    half_angle = min(PORTS, PORTS / 2 * (count - 1))
    for rank in range(count):
        if gate.extra:
            yield gate.x, gate.y - gate.extra / 2 + rank * PORT_GAP
        else:
            angle = half_angle * (2 * rank / (count - 1) - 1)
            x = gate.x + gate.radius * (1 - math.cos(angle))
            yield x, gate.y + gate.radius * math.sin(angle)


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
