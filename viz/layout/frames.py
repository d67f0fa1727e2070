"""Frames around the parts of opened gates, wherever nothing else stands in them."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from typing import Generic, TypeVar

from viz.layout.geometry import Box, Frame, Layout, PlacedBlock, Point, Text, meet, overlap, within
from viz.layout.wires import strokes
from viz.scene.style import text_width

CAPTION_SIZE = 12
PADDING = 6
EXIT = 4  # how far a frame reaches beyond its last gate, whose number stands outside
CAPTION_ROOM = 14  # how far it reaches above its parts for its caption, beyond the padding
DOT_ROOM = 3

Thing = TypeVar("Thing")

Parts = tuple[str, list[int]]
"""The symbol of an opened gate, and the blocks of its parts; its output is the last."""


def make_room(
    groups: Sequence[Parts], columns: Sequence[Sequence[int]], reach: Sequence[tuple[float, float]]
) -> list[tuple[float, float]]:
    """How far points extend above and below if there is to be room for frames around the groups.

    >>> make_room([("σ", [1, 2])], [[0], [1, 2, 3]], [(26, 26)] * 4)
    [(26, 26), (46, 26), (26, 32), (26, 26)]
    """
    group_of = {member: number for number, (_, group) in enumerate(groups) for member in group}
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
    after it. Wires pass through it. It is left out where it would overlap another frame, where
    anything else than its parts would stand in it, and where a wire would cross its caption.

    Args:
        groups: the opened gates.
        layout: where everything stands.
        on_wires: the blocks that are parts of a wire; these may stand in any frame, but not on its
            edge.
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
    for symbol, members in groups:
        frame = _frame(symbol, members, layout, dots)
        box, caption = frame.box, frame.caption.box
        own = {(member, is_gate) for member in members[:-1] for is_gate in (False, True)}
        own.add((members[-1], True))
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


def _frame(symbol: str, members: Sequence[int], layout: Layout, dots: Collection[Point]) -> Frame:
    *parts, output = (layout.blocks[member] for member in members)
    boxes = [box for part in parts for box in (*_solid(part, dots), _around(*part.stub))]
    last = [gate.box for gate in [output.gate] if gate]
    width = text_width(symbol, CAPTION_SIZE) + 2 * PADDING
    left = min(box.left for box in boxes + last) - PADDING
    top = min(box.top for box in boxes + last) - PADDING - CAPTION_ROOM
    right = max([left + width, *(box.right + EXIT for box in last)])
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
