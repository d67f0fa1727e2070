"""The built-in layout: a circuit in the geometry of the CS231n notes, in pure Python.

Inputs stand at the left, the output at the right. A column is as wide as its widest block; between
two columns lies a *channel*, and there alone wires are slanted. Through a column a wire runs
horizontally, at the height of its way point. So no wire can meet a gate or a number.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from operator import add, sub
from typing import Generic, TypeVar

from viz.layout.boxes import MARGIN, PORT_GAP, extents_of, place_blocks, reaches
from viz.layout.columns import Grid, arrange, check_places
from viz.layout.geometry import (
    Box,
    Frame,
    Layout,
    PlacedBlock,
    PlacedGate,
    Point,
    Text,
    Wire,
    meet,
    overlap,
    strokes,
    within,
)
from viz.layout.heights import find_heights
from viz.scene.blocks import Block
from viz.scene.scene import Scene
from viz.scene.style import text_width

TITLE_SIZE = 18
SEPARATION = 10  # between wires that run side by side


def lay_out(scene: Scene, blocks: Sequence[Block], least: float = 0.0) -> Layout:
    """Place the blocks of a circuit and the wires between them.

    No number is allowed less than the least width, which blanks have; they are as high as fits it.

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
    place = {block.value: index for index, block in enumerate(blocks)}
    groups = [
        (group.symbol, [place[member] for member in group.members], group.whole)
        for group in scene.groups
    ]
    check_places(blocks, scene.options)
    grid = arrange(
        blocks,
        near=scene.options.inputs == "near",
        rows=[[place[leaf] for leaf in row] for row in scene.rows],
        apart={place[leaf] for leaf in scene.parameters},
    )
    reach = make_room(groups, grid.columns, reaches(blocks, grid, least))
    found = find_heights(grid, reach, SEPARATION)
    extents = extents_of(blocks, grid, least)
    heading = Text("title", scene.title or "", 0.0, MARGIN + TITLE_SIZE, TITLE_SIZE)
    top = MARGIN + (TITLE_SIZE + MARGIN if heading.text else 0) + (CAPTION_ROOM if groups else 0)
    top += math.ceil(max(map(sub, extents, found)))
    # whole pixels keep horizontal lines sharp; first without the noise of the last digits
    heights = [top + math.floor(round(height, 3) + 0.5) for height in found]
    placed, edges = place_blocks(blocks, grid, heights, least)
    width: float = edges[-1][1] + MARGIN
    if heading.text:
        width = max(width, 2 * MARGIN + math.ceil(text_width(heading.text, TITLE_SIZE)))
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


CAPTION_SIZE = 12
PADDING = 6
EXIT = 4  # how far a frame reaches beyond its last gate, whose number stands outside
CAPTION_ROOM = 14  # how far it reaches above its parts for its caption, beyond the padding
DOT_ROOM = 3

Thing = TypeVar("Thing")

Parts = tuple[str, list[int], bool]
"""What is framed: a caption, blocks, and whether the numbers of the last stand in the frame."""


def make_room(
    groups: Sequence[Parts], columns: Sequence[Sequence[int]], reach: Sequence[tuple[float, float]]
) -> list[tuple[float, float]]:
    """How far points extend above and below if there is to be room for frames around the groups.

    >>> make_room([("σ", [1, 2], False)], [[0], [1, 2, 3]], [(26, 26)] * 4)
    [(26, 26), (46, 26), (26, 32), (26, 26)]
    """
    group_of = {member: number for number, (_, group, _) in enumerate(groups) for member in group}
    wider = list(reach)
    for points in columns:
        numbers = [None, *(group_of.get(point) for point in points), None]
        neighbours = zip(numbers, numbers[1:], numbers[2:], strict=False)
        for point, (before, own, after) in zip(points, neighbours, strict=True):
            if own is not None:
                above, below = wider[point]
                wider[point] = (
                    above + (PADDING + CAPTION_ROOM if before != own else 0),
                    below + (PADDING if after != own else 0),
                )
    return wider


def frames_of(
    groups: Sequence[Parts], layout: Layout, on_wires: Collection[int]
) -> tuple[Frame, ...]:
    """The frames that a layout has room for.

    A frame holds the gates of the parts and the numbers between them; the output's number stands
    after it, unless the frame is around the whole. Wires pass through it. It is left out where it
    would overlap another frame, where anything else than its parts would stand in it, and where a
    wire would cross its caption. Blocks that are parts of a wire may stand in any frame, but not on
    its edge.
    """
    if not groups:
        return ()
    dots = frozenset(layout.dots)
    solids = _Boxes(
        (box, (block, number == 0 and placed.gate is not None))
        for block, placed in enumerate(layout.blocks)
        for number, box in enumerate(_solid(placed, dots))
    )
    lines = _Boxes((_around(*ends), ends) for line in strokes(layout) for ends in pairwise(line))
    frames: list[Frame] = []
    for symbol, members, whole in groups:
        frame = _frame(symbol, members, layout, dots, whole)
        box, caption = frame.box, frame.caption.box
        own = {(member, is_gate) for member in members[:-1] for is_gate in (False, True)}
        own.add((members[-1], True))
        if whole:
            own.add((members[-1], False))
        stands_free = (
            not any(overlap(box, other.box) for other in frames)
            and not any(
                overlap(solid, caption) or (part not in own and overlap(solid, box))
                for solid, part in solids.beside(box)
                if not (part[0] in on_wires and within(solid, box))
            )
            and not any(meet(*ends, caption) for _, ends in lines.beside(caption))
        )
        if stands_free:
            frames.append(frame)
    return tuple(frames)


def _frame(
    symbol: str, members: Sequence[int], layout: Layout, dots: Collection[Point], whole: bool
) -> Frame:
    *parts, output = (layout.blocks[member] for member in members)
    parts += [output] if whole else []
    boxes = [box for part in parts for box in (*_solid(part, dots), _around(*part.stub))]
    last = [gate.box for gate in [output.gate] if gate]
    width = text_width(symbol, CAPTION_SIZE) + 2 * PADDING
    left = min(box.left for box in boxes + last) - PADDING
    top = min(box.top for box in boxes + last) - PADDING - CAPTION_ROOM
    ends = [box.right + PADDING for box in boxes] if whole else [box.right + EXIT for box in last]
    right = max([left + width, *ends])
    bottom = max(box.bottom for box in boxes + last) + PADDING
    baseline = top + PADDING / 2 + CAPTION_SIZE
    caption = Text("caption", symbol, left + PADDING, baseline, CAPTION_SIZE, "start")
    return Frame(Box(left, top, right, bottom), caption)


def _solid(placed: PlacedBlock, dots: Collection[Point]) -> list[Box]:
    """The rectangles that a block fills, its gate first."""
    x, y = placed.stub[1]
    boxes = [gate.box for gate in [placed.gate] if gate]
    boxes += [text.box for text in placed.texts] + [blank.box for blank in placed.blanks]
    if (x, y) in dots:
        boxes.append(Box(x - DOT_ROOM, y - DOT_ROOM, x + DOT_ROOM, y + DOT_ROOM))
    return boxes


def _around(start: Point, end: Point) -> Box:
    """The rectangle around a line that runs from left to right."""
    return Box(start[0], min(start[1], end[1]), end[0], max(start[1], end[1]))


class _Boxes(Generic[Thing]):
    """Rectangles, each of a thing; those beside a place are found without looking at all."""

    def __init__(self, boxes: Iterable[tuple[Box, Thing]]) -> None:
        self._boxes = sorted(boxes, key=lambda pair: pair[0].right)
        self._rights = [box.right for box, _ in self._boxes]
        self._widest = max((box.right - box.left for box, _ in self._boxes), default=0.0)

    def beside(self, box: Box) -> list[tuple[Box, Thing]]:
        """All that may lie above, below or in a rectangle."""
        first = bisect_left(self._rights, box.left)
        return self._boxes[first : bisect_right(self._rights, box.right + self._widest)]


LEAD = 6  # how far before a gate the wires to its several ports end their slant
LONG_LEAD = 11  # the same where ports lie so close that a slant would run into the next arrow head
PORTS = math.radians(50)  # ports lie within this angle above and below the left end of a gate


def wires_of(
    blocks: Sequence[Block],
    placed: Sequence[PlacedBlock],
    grid: Grid,
    heights: Sequence[float],
    edges: Sequence[tuple[int, int]],
) -> tuple[Wire, ...]:
    """One wire for each input of each block; columns have a left and a right edge."""
    trunks = [_trunk(source, block, grid, heights, edges) for source, block in enumerate(placed)]
    wires: list[Wire] = []
    for target, block in enumerate(blocks):
        gate = placed[target].gate
        arrivals: Sequence[tuple[Point, ...]] = [placed[target].stub[:1]]
        if gate is not None:
            entries = [heights[point] for point in grid.before[target]]
            arrivals = _arrivals(gate, entries, block.ordered)
        for place, source in enumerate(block.inputs):
            shared = 1 + 2 * (grid.column[target] - grid.column[source] - 1)
            wires.append(Wire(source, target, place, trunks[source], shared, arrivals[place]))
    return tuple(wires)


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
