"""The built-in layout: a circuit in the geometry of the CS231n notes, in pure Python.

Inputs stand at the left, the output at the right. A column is as wide as its widest block; between
two columns lies a *channel*, and there alone wires are slanted. Through a column a wire runs
horizontally, at the height of its way point. So no wire can meet a gate or a number.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import add, sub

from viz.layout.boxes import (
    RADIUS,
    REACH,
    block_width,
    extra_height,
    place_block,
    reach_of,
    stub_length,
)
from viz.layout.columns import Grid, arrange
from viz.layout.frames import CAPTION_ROOM, frames_of, make_room
from viz.layout.geometry import Layout, Text
from viz.layout.heights import find_heights
from viz.layout.wires import wires_of
from viz.scene.blocks import Block, members_of
from viz.scene.scene import Scene
from viz.scene.style import text_width

TITLE_SIZE = 18
SEPARATION = 10  # between wires that run side by side
MARGIN = 12
CHANNEL = 28  # the least distance of columns
NARROW_CHANNEL = 20  # the same before and after a column of notes alone
WIDEST_CHANNEL = 240
STEEPEST = 3.0  # how many pixels down for one to the right, where a wider channel can help


def lay_out(scene: Scene, blocks: Sequence[Block], least: float = 0.0) -> Layout:
    """Place the blocks of a circuit and the wires between them.

    Args:
        scene: the circuit; of it the opened gates, the title and the place of leaves matter here.
        blocks: each after its inputs, the output last.
        least: the least width to allow for a number; blanks are as wide.

    >>> from autograd_core import Value
    >>> from viz.scene.blocks import blocks_of
    >>> from viz.scene.scene import scene_of
    >>> x = Value(3.0, "x")
    >>> scene = scene_of(x * x)
    >>> for wire in lay_out(scene, blocks_of(scene)).wires:
    ...     print(wire.points)
    ((70, 33), (92, 24.54...), (99.87..., 24.54...))
    ((70, 33), (92, 41.45...), (99.87..., 41.45...))
    """
    title = scene.title
    groups = [(group.symbol, members_of(group, blocks)) for group in scene.groups]
    grid = arrange(blocks, near=scene.options.inputs == "near")
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
    edges = [(column.left, column.right) for column in columns]
    width: float = columns[-1].right + MARGIN
    heading = None
    if title:
        width = max(width, 2 * MARGIN + math.ceil(text_width(title, TITLE_SIZE)))
        heading = Text("title", title, width / 2, MARGIN + TITLE_SIZE, TITLE_SIZE)
    copied = dict.fromkeys(block.inputs[0] for block in blocks if block.kind == "branch")
    layout = Layout(
        width=width,
        height=max(map(add, heights, extents)) + MARGIN,
        blocks=tuple(placed),
        wires=wires_of(blocks, placed, grid, heights, edges),
        title=heading,
        dots=tuple(placed[source].stub[1] for source in copied),
    )
    on_wires = {index for index, block in enumerate(blocks) if not block.is_value}
    return replace(layout, frames=frames_of(groups, layout, on_wires))


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
