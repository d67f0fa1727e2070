"""Frames around the parts of opened gates, wherever nothing else is in the way."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TypeVar

from viz.layout.geometry import (
    Box,
    Frame,
    Layout,
    PlacedBlock,
    Point,
    Text,
    Wire,
    meet,
    overlap,
    within,
)
from viz.scene.fonts import text_width

CAPTION_SIZE = 12
PADDING = 6
EXIT = 4  # how far a frame reaches beyond its last gate, whose number stands outside
CAPTION_ROOM = 14  # how far it reaches above its parts for its caption, beyond the padding
DOT_ROOM = 3
STRIP = 128  # the width of a strip of the picture

Thing = TypeVar("Thing")
_Strips = dict[int, list[Thing]]


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
    if not groups:
        return ()
    dots = frozenset(layout.dots)
    surroundings = _Surroundings(inputs, layout, dots)
    frames: list[Frame] = []
    for group in groups:
        frame = _frame(group, layout, dots)
        if surroundings.leave_free(frame, group):
            surroundings.add(frame)
            frames.append(frame)
    return tuple(frames)


def _frame(group: Group, layout: Layout, dots: Collection[Point]) -> Frame:
    *parts, output = group.members
    boxes = [
        box for part in parts for box in (*_solid(layout.blocks[part], dots), _stub(part, layout))
    ]
    last = [gate.box for gate in [layout.blocks[output].gate] if gate]
    width = text_width(group.symbol, CAPTION_SIZE) + 2 * PADDING
    left = min(box.left for box in boxes + last) - PADDING
    top = min(box.top for box in boxes + last) - PADDING - CAPTION_ROOM
    right = max([left + width, *(box.right + EXIT for box in last)])
    bottom = max(box.bottom for box in boxes + last) + PADDING
    baseline = top + PADDING / 2 + CAPTION_SIZE
    caption = Text("caption", group.symbol, left + PADDING, baseline, CAPTION_SIZE, "start")
    return Frame(Box(left, top, right, bottom), caption)


class _Surroundings:
    """Everything that may be in the way of a frame, by the strip of the picture in which it is.

    A frame is compared with what lies in its own strips alone, so that many frames take no longer
    than their number says.
    """

    def __init__(
        self, inputs: Sequence[Sequence[int]], layout: Layout, dots: Collection[Point]
    ) -> None:
        self._inputs = inputs
        self._layout = layout
        self._frames: _Strips[Box] = {}
        self._solids: _Strips[tuple[int, bool, Box]] = {}  # block, whether it is its gate, box
        self._lines: _Strips[_Line] = {}
        for index, placed in enumerate(layout.blocks):
            for number, box in enumerate(_solid(placed, dots)):
                is_gate = placed.gate is not None and number == 0
                _put(self._solids, box.left, box.right, (index, is_gate, box))
            self._put_line(_Line([index], 1, *placed.stub))
        self._put_wires()

    def leave_free(self, frame: Frame, group: Group) -> bool:
        """Whether a frame lies in the picture, and nothing that is foreign to it is in its way."""
        box, caption = frame.box, frame.caption.box
        if not within(box, Box(0, 0, self._layout.width, self._layout.height)):
            return False
        if any(overlap(box, other) for other in _beside(self._frames, box)):
            return False
        *parts, output = group.members
        entering = _entering(group, self._inputs, self._layout)
        for block, is_gate, solid in _beside(self._solids, box):
            if overlap(solid, caption):
                return False
            is_own = (
                block in parts
                or (block == output and is_gate)
                or (block in entering and within(solid, box))
            )
            if not is_own and overlap(solid, box):
                return False
        own = {*group.members, *entering}
        return not any(line.is_in_the_way(box, caption, own) for line in _beside(self._lines, box))

    def add(self, frame: Frame) -> None:
        """Have another frame in the way."""
        _put(self._frames, frame.box.left, frame.box.right, frame.box)

    def _put_wires(self) -> None:
        """Put every piece of wire in its place, with the blocks to which it leads."""
        wires: dict[int, list[Wire]] = {}
        for wire in self._layout.wires:
            wires.setdefault(wire.source, []).append(wire)
            for start, end in pairwise((wire.trunk[wire.shared - 1], *wire.end)):
                self._put_line(_Line([wire.target], 1, start, end))
        for leaving in wires.values():
            leaving.sort(key=lambda wire: -wire.shared)
            targets = [wire.target for wire in leaving]
            count = len(targets)
            for place, (start, end) in enumerate(pairwise(leaving[0].trunk)):
                while leaving[count - 1].shared < place + 2:
                    count -= 1
                self._put_line(_Line(targets, count, start, end))

    def _put_line(self, line: "_Line") -> None:
        _put(self._lines, line.start[0], line.end[0], line)


@dataclass(frozen=True, slots=True)
class _Line:
    """A straight piece of line.

    Attributes:
        targets: the blocks to which it belongs or leads; only so many of them as `count` says, for
            the pieces of a trunk, of which some wires leave earlier, have the list in common.
        count: of the targets.
        start, end: from left to right.
    """

    targets: Sequence[int]
    count: int
    start: Point
    end: Point

    def is_in_the_way(self, box: Box, caption: Box, own: Collection[int]) -> bool:
        """Whether it crosses the caption, or the frame without leading to a part of it."""
        heights = self.start[1], self.end[1]
        if max(heights) < box.top or min(heights) > box.bottom:
            return False  # most lines, and quickly
        if meet(self.start, self.end, caption):
            return True
        is_foreign = any(target not in own for target in islice(self.targets, self.count))
        return is_foreign and meet(self.start, self.end, box)


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


def _solid(placed: PlacedBlock, dots: Collection[Point]) -> list[Box]:
    """The rectangles that a block fills, its gate first."""
    x, y = placed.stub[1]
    boxes = [gate.box for gate in [placed.gate] if gate]
    boxes += [text.box for text in placed.texts] + [blank.box for blank in placed.blanks]
    if (x, y) in dots:
        boxes.append(Box(x - DOT_ROOM, y - DOT_ROOM, x + DOT_ROOM, y + DOT_ROOM))
    return boxes


def _stub(block: int, layout: Layout) -> Box:
    (left, y), (right, _) = layout.blocks[block].stub
    return Box(left, y, right, y)


def _put(strips: _Strips[Thing], left: float, right: float, thing: Thing) -> None:
    """Put a thing into every strip of the picture into which it reaches."""
    for number in range(int(left // STRIP), int(right // STRIP) + 1):
        strips.setdefault(number, []).append(thing)


def _beside(strips: _Strips[Thing], box: Box) -> Iterator[Thing]:
    """All that is in the strips into which a box reaches."""
    for number in range(int(box.left // STRIP), int(box.right // STRIP) + 1):
        yield from strips.get(number, ())
