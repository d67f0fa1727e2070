"""The built-in layout: a circuit in the geometry of the CS231n notes, in pure Python.

Inputs stand at the left, the output at the right. A column is as wide as its widest block; between
two columns lies a *channel*, and there alone wires are slanted. Through a column a wire runs
horizontally, at the height of its way point. So no wire can meet a gate or a number.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from viz.blocks import Block
from viz.fonts import MIDDLE, text_width
from viz.heights import find_heights
from viz.layers import Grid, arrange
from viz.shapes import Gate, Layout, PlacedBlock, Point, Text, Wire

RADIUS = 20  # of a gate
STUB = 44  # the least length of the stub that carries the numbers
NUMBER_SIZE = 16
NAME_SIZE = 16
SYMBOL_SIZE = 20
SYMBOL_ROOM = 31  # the width of a circle that a symbol may fill
SMALLEST_SYMBOL = 12  # a symbol that would have to be smaller makes its gate wider instead
TITLE_SIZE = 18
ABOVE = 6  # from a stub up to the baseline of the number above it
BELOW = 17  # from a stub down to the baseline of the number below it
REACH = 21  # how far a block reaches above and below its stub, texts included
ROOM = 26  # the same with the space that it keeps free
SEPARATION = 10  # between wires that run side by side
SPACE = 6  # between texts in a row, and between a gate and what follows
MARGIN = 12
CHANNEL = 28  # the least distance of columns
WIDEST_CHANNEL = 150
STEEPEST = 3.0  # how many pixels down for one to the right, where a wider channel can help
LEAD = 6  # how far before a gate the wires to its several ports end their slant
PORTS = math.radians(50)  # ports lie within this angle above and below the left end of a gate


def lay_out(
    blocks: Sequence[Block], *, inputs_near: bool = False, title: str | None = None
) -> Layout:
    """Place the blocks of a circuit and the wires between them.

    Args:
        blocks: each after its inputs, the output last.
        inputs_near: whether leaves stand next to the first gate that takes them, rather than all
            at the far left.
        title: a line above the picture.

    >>> from viz.blocks import Block
    >>> x = Block(None, "x", "3", None, (), "x = 3")
    >>> square = Block("*", None, "9", None, (0, 0), "v1 = x * x = 9")
    >>> for wire in lay_out([x, square]).wires:
    ...     print(wire.points)
    ((70, 33), (92, 24.54...), (99.87..., 24.54...))
    ((70, 33), (92, 41.45...), (99.87..., 41.45...))
    """
    grid = arrange([block.inputs for block in blocks], near=inputs_near)
    way_points = len(grid.column) - len(blocks)
    found = find_heights(grid, [ROOM] * len(blocks) + [0] * way_points, SEPARATION)
    top = MARGIN + REACH + (TITLE_SIZE + MARGIN if title else 0)
    # whole pixels keep horizontal lines sharp; first without the noise of the last digits
    heights = [top + math.floor(round(height, 3) + 0.5) for height in found]
    columns = _place_columns(blocks, grid, heights)
    placed = [
        _place_block(block, columns[grid.column[index]], heights[index])
        for index, block in enumerate(blocks)
    ]
    wires = [
        wire
        for target in range(len(blocks))
        for wire in _wires_into(target, blocks, placed, grid, heights, columns)
    ]
    width: float = columns[-1].right + MARGIN
    heading = None
    if title:
        width = max(width, 2 * MARGIN + math.ceil(text_width(title, TITLE_SIZE)))
        heading = Text("title", title, width / 2, MARGIN + TITLE_SIZE, TITLE_SIZE)
    return Layout(width, max(heights) + REACH + MARGIN, tuple(placed), tuple(wires), heading)


@dataclass(frozen=True, slots=True)
class _Column:
    """Where a column lies; its stubs all end at its right edge and are equally long."""

    left: int
    right: int
    stub: int

    @property
    def axis(self) -> float:
        """The line on which its numbers are centred."""
        return self.right - self.stub / 2


def _place_columns(blocks: Sequence[Block], grid: Grid, heights: Sequence[float]) -> list[_Column]:
    columns: list[_Column] = []
    left = MARGIN
    for points in grid.columns:
        if columns:
            drops = [
                abs(heights[source] - heights[point])
                for point in points
                for source in grid.before[point]
            ]
            channel = min(max(drops) / STEEPEST, WIDEST_CHANNEL)
            left = columns[-1].right + max(CHANNEL, math.ceil(channel))
        inside = [blocks[point] for point in points if point < grid.blocks]
        stub = max(STUB, max(math.ceil(_number_width(block)) + SPACE for block in inside))
        width = max(_block_width(block, stub) for block in inside)
        columns.append(_Column(left, left + math.ceil(width), stub))
    return columns


def _number_width(block: Block) -> float:
    return max(text_width(block.data, NUMBER_SIZE), text_width(block.grad or "", NUMBER_SIZE))


def _block_width(block: Block, stub: int) -> float:
    """The room a block needs from the left end of its gate or name to the end of its stub."""
    name = text_width(block.name, NAME_SIZE) + SPACE if block.name else 0.0
    if block.symbol is None:
        return name + stub
    # the name stands on the wire between gate and number
    row = SPACE + name + text_width(block.data, NUMBER_SIZE) / 2 + stub / 2
    return _gate_width(block.symbol) + max(row, SPACE + stub)


def _symbol_size(symbol: str) -> float:
    """The font size that fits a symbol into a circle, unless it would be too small to read."""
    fitting = SYMBOL_SIZE * SYMBOL_ROOM / max(SYMBOL_ROOM, text_width(symbol, SYMBOL_SIZE))
    return max(SMALLEST_SYMBOL, math.floor(fitting))


def _gate_width(symbol: str) -> int:
    width = text_width(symbol, _symbol_size(symbol))
    return 2 * RADIUS if width <= SYMBOL_ROOM else math.ceil(width) + RADIUS


def _place_block(block: Block, column: _Column, y: float) -> PlacedBlock:
    texts = [Text("data", block.data, column.axis, y - ABOVE, NUMBER_SIZE)]
    if block.grad is not None:
        texts.append(Text("grad", block.grad, column.axis, y + BELOW, NUMBER_SIZE))
    gate = None
    start: float = column.right - column.stub
    name_end: float = start - SPACE
    if block.symbol is not None:
        gate = _place_gate(block.symbol, column.left, y)
        start = gate.box.right
        name_end = texts[0].box.left - SPACE
    if block.name:
        texts.append(Text("name", block.name, name_end, y - ABOVE, NAME_SIZE, "end"))
    return PlacedBlock(gate, ((start, y), (column.right, y)), tuple(texts))


def _place_gate(symbol: str, left: int, y: float) -> Gate:
    width = _gate_width(symbol)
    size = _symbol_size(symbol)
    baseline = y + size * _MIDDLES.get(symbol, MIDDLE)
    text = Text("symbol", symbol, left + width / 2, baseline, size)
    return Gate(left, y, width, RADIUS, text)


# How far above the baseline the middle of a symbol lies, where it is not that of a capital.
_MIDDLES = {"*": 0.49, "+": 0.34, "-": 0.28, "=": 0.34, ">": 0.34}
_MIDDLES |= dict.fromkeys(("σ", "max", "exp"), 0.27)


def _wires_into(
    target: int,
    blocks: Sequence[Block],
    placed: Sequence[PlacedBlock],
    grid: Grid,
    heights: Sequence[float],
    columns: Sequence[_Column],
) -> Iterator[Wire]:
    """The wires of a gate, one for each of its inputs."""
    gate = placed[target].gate
    if gate is None:
        return
    arrivals = _arrivals(gate, [heights[point] for point in grid.before[target]])
    for place, source in enumerate(blocks[target].inputs):
        point = grid.before[target][place]
        trail: list[Point] = []  # backwards, from the gate to the source
        while point != source:
            column = columns[grid.column[point]]
            trail += [(column.right, heights[point]), (column.left, heights[point])]
            (point,) = grid.before[point]
        trail.append(placed[source].stub[1])
        yield Wire(source, target, place, (*reversed(trail), *arrivals[place]))


def _arrivals(gate: Gate, heights: Sequence[float]) -> list[tuple[Point, ...]]:
    """The last corners of the wires into a gate.

    Two wires meet at the left end of the gate, as in the notes. If they come from the same side, or
    are more than two, each gets a port of its own, so that every wire is seen.
    """
    count = len(heights)
    if count <= 1 or (count == 2 and min(heights) < gate.y < max(heights)):
        return [((gate.x, gate.y),)] * count
    order = sorted(range(count), key=lambda place: (heights[place], place))
    half_angle = min(PORTS, PORTS / 2 * (count - 1))
    arrivals: list[tuple[Point, ...]] = [()] * count
    for rank, place in enumerate(order):
        angle = half_angle * (2 * rank / (count - 1) - 1)
        x = gate.x + gate.radius * (1 - math.cos(angle))
        y = gate.y + gate.radius * math.sin(angle)
        arrivals[place] = ((gate.x - LEAD, y), (x, y))
    return arrivals
