"""The built-in layout: a circuit in the geometry of the CS231n notes, in pure Python.

Inputs stand at the left, the output at the right. A column is as wide as its widest block; between
two columns lies a *channel*, and there alone wires are slanted. Through a column a wire runs
horizontally, at the height of its way point. So no wire can meet a gate or a number.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from operator import add, sub

from viz.layout.boxes import MARGIN, extents_of, place_blocks, reaches
from viz.layout.columns import arrange, check_places
from viz.layout.frames import CAPTION_ROOM, frames_of, make_room
from viz.layout.geometry import Layout, Text
from viz.layout.heights import find_heights
from viz.layout.wires import wires_of
from viz.scene.blocks import Block
from viz.scene.scene import Scene

TITLE_SIZE = 18
SEPARATION = 10  # between wires that run side by side


def lay_out(scene: Scene, blocks: Sequence[Block], least: float = 0.0) -> Layout:
    """Place the blocks of a circuit and the wires between them.

    Args:
        scene: the circuit; of it the opened gates, the title and the place of leaves matter here.
        blocks: each after its inputs, the output last.
        least: the least width to allow for a number; blanks are as wide.

    Raises:
        ValueError: if the wires are too many for a picture.

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
    values = [index for index, block in enumerate(blocks) if block.is_value]
    groups = [
        (group.symbol, [values[member] for member in group.members]) for group in scene.groups
    ]
    check_places(blocks, scene.options)
    grid = arrange(blocks, near=scene.options.inputs == "near")
    reach = make_room(groups, grid.columns, reaches(blocks, grid))
    found = find_heights(grid, reach, SEPARATION)
    extents = extents_of(blocks, grid)
    heading = Text("title", scene.title or "", 0.0, MARGIN + TITLE_SIZE, TITLE_SIZE)
    top = MARGIN + (TITLE_SIZE + MARGIN if heading.text else 0) + (CAPTION_ROOM if groups else 0)
    top += math.ceil(max(map(sub, extents, found)))
    # whole pixels keep horizontal lines sharp; first without the noise of the last digits
    heights = [top + math.floor(round(height, 3) + 0.5) for height in found]
    placed, edges = place_blocks(blocks, grid, heights, least)
    width: float = edges[-1][1] + MARGIN
    if heading.text:
        width = max(width, 2 * MARGIN + math.ceil(heading.width))
    copied = dict.fromkeys(block.inputs[0] for block in blocks if block.kind == "branch")
    layout = Layout(
        width=width,
        height=max(map(add, heights, extents)) + MARGIN,
        blocks=tuple(placed),
        wires=wires_of(blocks, placed, grid, heights, edges),
        title=replace(heading, x=width / 2) if heading.text else None,
        dots=tuple(placed[source].stub[1] for source in copied),
    )
    on_wires = {index for index, block in enumerate(blocks) if not block.is_value}
    return replace(layout, frames=frames_of(groups, layout, on_wires))
