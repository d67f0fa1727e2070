"""Frames around the parts of opened gates, wherever nothing else is in the way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from viz.fonts import text_width
from viz.shapes import Box, Frame, Layout, Point, Text, meet, overlap, within

CAPTION_SIZE = 12
PADDING = 6
EXIT = 4  # how far a frame reaches beyond its last gate, whose number stands outside
CAPTION_ROOM = 14  # how far it reaches above its parts for its caption, beyond the padding
DOT_ROOM = 3


@dataclass(frozen=True, slots=True)
class Group:
    """The parts of one opened gate.

    Attributes:
        symbol: of the gate that was opened.
        members: the parts, by their indices; the output of the opened gate is the last.
    """

    symbol: str
    members: tuple[int, ...]


def make_room(
    groups: Sequence[Group], columns: Sequence[Sequence[int]], reach: Sequence[tuple[float, float]]
) -> list[tuple[float, float]]:
    """How far points extend above and below if there is to be room for frames around the groups.

    >>> make_room([Group("σ", (1, 2))], [[0], [1, 2, 3]], [(26, 26)] * 4)
    [(26, 26), (46, 26), (26, 32), (26, 26)]
    """
    group_of = {member: number for number, group in enumerate(groups) for member in group.members}
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
    groups: Sequence[Group], inputs: Sequence[Sequence[int]], layout: Layout
) -> tuple[Frame, ...]:
    """The frames that a layout has room for.

    A frame holds the gates of the parts and the numbers between them; the output's number stands
    after it. Where anything else would lie in the frame or on its edge, there is none.

    Args:
        groups: the opened gates, their members as indices of blocks.
        inputs: for each block the blocks it takes.
        layout: where everything stands.
    """
    frames: list[Frame] = []
    for group in groups:
        frame = _frame(group, layout)
        crowded = any(overlap(frame.box, other.box) for other in frames)
        if not crowded and _is_free(frame, group, inputs, layout):
            frames.append(frame)
    return tuple(frames)


def _frame(group: Group, layout: Layout) -> Frame:
    *parts, output = group.members
    boxes = [box for part in parts for box in (*_solid(part, layout), _stub(part, layout))]
    last = [gate.box for gate in [layout.blocks[output].gate] if gate]
    width = text_width(group.symbol, CAPTION_SIZE) + 2 * PADDING
    left = min(box.left for box in boxes + last) - PADDING
    top = min(box.top for box in boxes + last) - PADDING - CAPTION_ROOM
    right = max([left + width, *(box.right + EXIT for box in last)])
    bottom = max(box.bottom for box in boxes + last) + PADDING
    baseline = top + PADDING / 2 + CAPTION_SIZE
    caption = Text("caption", group.symbol, left + PADDING, baseline, CAPTION_SIZE, "start")
    return Frame(Box(left, top, right, bottom), caption)


def _is_free(frame: Frame, group: Group, inputs: Sequence[Sequence[int]], layout: Layout) -> bool:
    """Whether a frame lies in the picture, and nothing that is foreign to it is in its way."""
    box, caption = frame.box, frame.caption.box
    *parts, output = group.members
    entering = _entering(group, inputs, layout)
    for block in range(len(layout.blocks)):
        solid = _solid(block, layout)
        if any(overlap(each, caption) for each in solid):
            return False
        if block == output:
            solid = solid[1:]  # all but the gate
        elif block in parts:
            continue
        elif block in entering:
            solid = [each for each in solid if not within(each, box)]
        if any(overlap(each, box) for each in solid):
            return False
    own = {*group.members, *entering}
    for target, start, end in _segments(layout):
        if meet(start, end, caption) or (target not in own and meet(start, end, box)):
            return False
    return within(box, Box(0, 0, layout.width, layout.height))


def _entering(group: Group, inputs: Sequence[Sequence[int]], layout: Layout) -> set[int]:
    """The branches and local gradients on the wires that enter the group."""
    entering: set[int] = set()
    waiting = [source for member in group.members for source in inputs[member]]
    while waiting:
        block = waiting.pop()
        is_part_of_a_wire = layout.blocks[block].gate is None and inputs[block]
        if is_part_of_a_wire and block not in entering:
            entering.add(block)
            waiting += inputs[block]
    return entering


def _solid(block: int, layout: Layout) -> list[Box]:
    """The rectangles that a block fills, its gate first."""
    placed = layout.blocks[block]
    x, y = placed.stub[1]
    boxes = [gate.box for gate in [placed.gate] if gate]
    boxes += [text.box for text in placed.texts] + [blank.box for blank in placed.blanks]
    if (x, y) in layout.dots:
        boxes.append(Box(x - DOT_ROOM, y - DOT_ROOM, x + DOT_ROOM, y + DOT_ROOM))
    return boxes


def _stub(block: int, layout: Layout) -> Box:
    (left, y), (right, _) = layout.blocks[block].stub
    return Box(left, y, right, y)


def _segments(layout: Layout) -> Iterator[tuple[int, Point, Point]]:
    """All lines, each with the block to which it belongs or leads."""
    for index, placed in enumerate(layout.blocks):
        yield index, *placed.stub
    for wire in layout.wires:
        for start, end in pairwise(wire.points):
            yield wire.target, start, end
