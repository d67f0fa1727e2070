"""The built-in layout: a circuit in the geometry of the CS231n notes, in pure Python.

Inputs stand at the left, the output at the right. A column is as wide as its widest block; between
two columns lies a *channel*, and there alone wires are slanted. Through a column a wire runs
horizontally, at the height of its way point. So no wire can meet a gate or a number.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import add, sub

from viz.layout.boxes import (
    PORT_GAP,
    RADIUS,
    REACH,
    block_width,
    extra_height,
    place_block,
    reach_of,
    stub_length,
)
from viz.layout.columns import Grid, arrange, count_points
from viz.layout.frames import CAPTION_ROOM, Group, frames_of, make_room
from viz.layout.geometry import Gate, Layout, PlacedBlock, Point, Text, Wire
from viz.layout.heights import find_heights
from viz.scene.blocks import Block
from viz.scene.fonts import text_width

TITLE_SIZE = 18
SEPARATION = 10  # between wires that run side by side
MARGIN = 12
CHANNEL = 28  # the least distance of columns
NARROW_CHANNEL = 20  # the same before and after a column of notes alone
WIDEST_CHANNEL = 240
STEEPEST = 3.0  # how many pixels down for one to the right, where a wider channel can help
LEAD = 6  # how far before a gate the wires to its several ports end their slant
LONG_LEAD = 11  # the same where ports lie so close that a slant would run into the next arrow head
PORTS = math.radians(50)  # ports lie within this angle above and below the left end of a gate


def lay_out(
    blocks: Sequence[Block],
    *,
    inputs_near: bool = False,
    title: str | None = None,
    least: float = 0.0,
    groups: Sequence[Group] = (),
) -> Layout:
    """Place the blocks of a circuit and the wires between them.

    Args:
        blocks: each after its inputs, the output last.
        inputs_near: whether leaves stand next to the first gate that takes them, rather than all
            at the far left.
        title: a line above the picture.
        least: the least width to allow for a number; blanks are as wide.
        groups: the opened gates, their members as indices of blocks.

    >>> from viz.scene.blocks import Block
    >>> x = Block(None, "x", "3", None, (), "x = 3")
    >>> square = Block("*", None, "9", None, (0, 0), "v1 = x * x = 9")
    >>> for wire in lay_out([x, square]).wires:
    ...     print(wire.points)
    ((70, 33), (92, 24.54...), (99.87..., 24.54...))
    ((70, 33), (92, 41.45...), (99.87..., 41.45...))
    """
    branches, notes = _branches(blocks), _notes(blocks)
    grid = arrange([block.inputs for block in blocks], near=inputs_near, late=notes, early=branches)
    way_points = len(grid.column) - len(blocks)
    rooms = [reach_of(block) for block in blocks]
    reach = make_room(groups, grid.columns, [*rooms, *[(0.0, 0.0)] * way_points])
    found = find_heights(grid, reach, SEPARATION)
    extents = [max(REACH, RADIUS + extra_height(block) / 2) for block in blocks]
    extents += [REACH] * way_points
    top = MARGIN + (TITLE_SIZE + MARGIN if title else 0) + (CAPTION_ROOM if groups else 0)
    top += math.ceil(max(map(sub, extents, found)))
    # whole pixels keep horizontal lines sharp; first without the noise of the last digits
    heights = [top + math.floor(round(height, 3) + 0.5) for height in found]
    columns = _place_columns(blocks, grid, heights, least)
    placed = []
    for index, block in enumerate(blocks):
        column, y = columns[grid.column[index]], heights[index]
        placed.append(
            place_block(block, column.left, column.right, y, stub=column.stub, least=least)
        )
    trunks = [
        _trunk(source, placed[source], grid, heights, columns) for source in range(len(blocks))
    ]
    wires = [
        wire
        for target in range(len(blocks))
        for wire in _wires_into(target, blocks, placed, grid, heights, trunks)
    ]
    width: float = columns[-1].right + MARGIN
    heading = None
    if title:
        width = max(width, 2 * MARGIN + math.ceil(text_width(title, TITLE_SIZE)))
        heading = Text("title", title, width / 2, MARGIN + TITLE_SIZE, TITLE_SIZE)
    copied = dict.fromkeys(blocks[branch].inputs[0] for branch in branches)
    layout = Layout(
        width=width,
        height=max(map(add, heights, extents)) + MARGIN,
        blocks=tuple(placed),
        wires=tuple(wires),
        title=heading,
        dots=tuple(placed[source].stub[1] for source in copied),
    )
    return replace(layout, frames=frames_of(groups, [block.inputs for block in blocks], layout))


def count_places(blocks: Sequence[Block], *, inputs_near: bool = False) -> int:
    """How many places a layout would have to find: of blocks, and of wires in each column.

    It counts them quickly, while to find them takes time in proportion.

    >>> from viz.scene.blocks import Block
    >>> x = Block(None, "x", "3", None, (), "x = 3")
    >>> gates = [Block("*", None, "9", None, (0, at), "") for at in range(3)]
    >>> count_places([x, *gates])
    6
    """
    inputs = [block.inputs for block in blocks]
    return count_points(inputs, near=inputs_near, late=_notes(blocks), early=_branches(blocks))


def _branches(blocks: Sequence[Block]) -> list[int]:
    return [index for index, block in enumerate(blocks) if block.kind == "branch"]


def _notes(blocks: Sequence[Block]) -> set[int]:
    return {index for index, block in enumerate(blocks) if block.note is not None}


@dataclass(frozen=True, slots=True)
class _Column:
    """Where a column lies; its stubs all end at its right edge and are equally long."""

    left: int
    right: int
    stub: int


def _place_columns(
    blocks: Sequence[Block], grid: Grid, heights: Sequence[float], least: float
) -> list[_Column]:
    columns: list[_Column] = []
    left = MARGIN
    for points in grid.columns:
        inside = [blocks[point] for point in points if point < grid.blocks]
        stub = max(stub_length(block, least) for block in inside)
        if columns:
            drops = [
                abs(heights[source] - heights[point])
                for point in points
                for source in grid.before[point]
            ]
            wish = min(max(drops) / STEEPEST, WIDEST_CHANNEL)
            channel = CHANNEL if stub and columns[-1].stub else NARROW_CHANNEL
            left = columns[-1].right + max(channel, math.ceil(wish))
        width = max(block_width(block, stub, least) for block in inside)
        columns.append(_Column(left, left + math.ceil(width), stub))
    return columns


def _trunk(
    source: int,
    placed: PlacedBlock,
    grid: Grid,
    heights: Sequence[float],
    columns: Sequence[_Column],
) -> tuple[Point, ...]:
    """The corners that the wires of a block have in common: its end, then those at way points."""
    corners = [placed.stub[1]]
    point = source
    while ways := [after for after in grid.after[point] if after >= grid.blocks]:
        (point,) = ways
        column = columns[grid.column[point]]
        corners += [(column.left, heights[point]), (column.right, heights[point])]
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


def _arrivals(gate: Gate, heights: Sequence[float], ordered: bool) -> list[tuple[Point, ...]]:
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


def _ports(gate: Gate, count: int) -> Iterator[Point]:
    """Where wires arrive, from top to bottom: on a circle's left arc, or on a straight side."""
    half_angle = min(PORTS, PORTS / 2 * (count - 1))
    for rank in range(count):
        if gate.extra:
            yield gate.x, gate.y - gate.extra / 2 + rank * PORT_GAP
        else:
            angle = half_angle * (2 * rank / (count - 1) - 1)
            x = gate.x + gate.radius * (1 - math.cos(angle))
            yield x, gate.y + gate.radius * math.sin(angle)
