"""One block in its place: how large its gate, its stub and its texts are, and where they stand."""

import math
from collections.abc import Sequence
from typing import Literal

from viz.layout.columns import Grid
from viz.layout.geometry import Blank, Box, PlacedBlock, PlacedGate, Role, Text
from viz.scene.blocks import Block
from viz.scene.style import DIGIT_ASCENT, MIDDLE, text_width

RADIUS = 20  # of a gate
STUB = 44  # the least length of the stub that carries the numbers
NUMBER_SIZE = 16
NAME_SIZE = 16
NOTE_SIZE = 12
SYMBOL_SIZE = 20
SYMBOL_ROOM = 31  # the width of a circle that a symbol may fill
SMALLEST_SYMBOL = 12  # a symbol that would have to be smaller makes its gate wider instead
ABOVE = 6  # from a stub up to the baseline of the number above it
BELOW = 17  # from a stub down to the baseline of the number below it
NOTE_ABOVE = 4  # from a wire up to the baseline of a note on it
REACH = 21  # how far a block reaches above and below its stub, texts included
SPACE = 6  # between texts in a row, and between a gate and what follows
BLANK_EDGE = 2  # how much a blank is at least higher than its number, at either side
BLANK_SHAPE = 8 / 18  # the height of a blank in parts of its width

ROOM = 26  # how far a block keeps space free above and below its stub
NOTE_ROOM = (17, 5)  # the same for a note on a wire

PORT_GAP = 9  # from one port to the next on a gate that is higher than a circle
MOST_ON_CIRCLE = 6  # more wires than that have no room at a circle for their arrow heads
MARGIN = 12
CHANNEL = 28  # the least distance of columns
NARROW_CHANNEL = 20  # the same before and after a column of notes alone
WIDEST_CHANNEL = 240
STEEPEST = 3.0  # how many pixels down for one to the right, where a wider channel can help


def extents_of(blocks: Sequence[Block], grid: Grid, least: float) -> list[float]:
    """How far each point of a picture reaches above and below its height."""
    way_points = len(grid.column) - len(blocks)
    reach = REACH + _higher(least, NUMBER_SIZE)
    extents = [max(reach, RADIUS + extra_height(block) / 2) for block in blocks]
    return [*extents, *[float(REACH)] * way_points]


def reaches(blocks: Sequence[Block], grid: Grid, least: float) -> list[tuple[float, float]]:
    """How far each point keeps space free above and below its height."""
    way_points = len(grid.column) - len(blocks)
    return [*(_reach(block, least) for block in blocks), *[(0.0, 0.0)] * way_points]


def place_blocks(
    blocks: Sequence[Block], grid: Grid, heights: Sequence[float], least: float
) -> tuple[list[PlacedBlock], list[tuple[int, int]]]:
    """The blocks in their places, and the left and the right edge of each column.

    No number is allowed less than the least width.
    """
    columns = _place_columns(blocks, grid, heights, least)
    places = [columns[column] for column in grid.column]
    placed = [_place(*each, least) for each in zip(blocks, places, heights, strict=False)]
    return placed, [(left, right) for left, right, _ in columns]


_Column = tuple[int, int, int]
"""The edges of a column, and how long its stubs are, which all end at its right edge."""


def _place_columns(
    blocks: Sequence[Block], grid: Grid, heights: Sequence[float], least: float
) -> list[_Column]:
    columns: list[_Column] = []
    left = MARGIN
    for points in grid.columns:
        inside = [blocks[point] for point in points if point < grid.blocks]
        stub = max(_stub_length(block, least) for block in inside)
        if columns:
            drops = [
                abs(heights[source] - heights[point])
                for point in points
                for source in grid.before[point]
            ]
            wish = min(max(drops) / STEEPEST, WIDEST_CHANNEL)
            _, right, before = columns[-1]
            channel = CHANNEL if stub and before else NARROW_CHANNEL
            left = right + max(channel, math.ceil(wish))
        width = max(_block_width(block, stub, least) for block in inside)
        columns.append((left, left + math.ceil(width), stub))
    return columns


def _width(text: str | None, size: float) -> float:
    return text_width(text or "", size)


def extra_height(block: Block) -> float:
    """How much higher than a circle a gate is, to have room for all its wires."""
    if block.symbol is None or len(block.inputs) <= MOST_ON_CIRCLE:
        return 0.0
    return float(PORT_GAP * (len(block.inputs) - 1))


def _reach(block: Block, least: float) -> tuple[float, float]:
    """How far a block keeps space free above and below its stub."""
    if block.note is not None:
        above, below = NOTE_ROOM
        return above + (_higher(least, NOTE_SIZE) if block.kind == "local" else 0), below
    room = ROOM + _higher(least, NUMBER_SIZE)
    reach = max(room, RADIUS + extra_height(block) / 2 + SPACE)
    return reach, reach


def _higher(least: float, size: float) -> int:
    """How much higher a blank is than one around a number of that size, in whole pixels."""
    return max(0, math.ceil(least * BLANK_SHAPE - _blank_height(size)))


def _blank_height(size: float) -> float:
    return DIGIT_ASCENT * size + 2 * BLANK_EDGE


def _stub_length(block: Block, least: float) -> int:
    """How long the stub of a block has to be for its numbers."""
    if block.note is not None:
        return 0
    widest = max(least, _width(block.data, NUMBER_SIZE), _width(block.grad, NUMBER_SIZE))
    return max(STUB, math.ceil(widest) + SPACE)


def _block_width(block: Block, stub: int, least: float) -> float:
    """The room a block needs from the left end of its gate or name to the end of its stub."""
    if block.note is not None:
        return _note_width(block, least) + SPACE
    name = _width(block.name, NAME_SIZE) + SPACE if block.name else 0.0
    if block.symbol is None:
        return name + stub
    # the name stands on the wire between gate and number
    row = SPACE + name + max(_width(block.data, NUMBER_SIZE), least) / 2 + stub / 2
    return _gate_width(block.symbol) + max(row, SPACE + stub)


def _place(block: Block, column: _Column, y: float, least: float) -> PlacedBlock:
    """Put a block into a column, its stub at that height."""
    left, right, stub = column
    if block.note is not None:
        return _place_note(block, left, right, y, least)
    axis = right - stub / 2
    texts, blanks = [], []
    if block.data:
        texts.append(Text("data", block.data, axis, y - ABOVE, NUMBER_SIZE))
    else:
        blanks.append(_blank("data", axis, y - ABOVE, least, NUMBER_SIZE))
    if block.grad:
        texts.append(Text("grad", block.grad, axis, y + BELOW, NUMBER_SIZE))
    elif block.grad is not None:
        lower = y + BELOW + _higher(least, NUMBER_SIZE)
        blanks.append(_blank("grad", axis, lower, least, NUMBER_SIZE))
    gate = None
    start: float = left if block.kind == "branch" else right - stub
    name_end: float = start - SPACE
    if block.symbol is not None:
        gate = _place_gate(block.symbol, left, y, extra_height(block), block.is_tinted)
        start = gate.box.right
        name_end = axis - max(_width(block.data, NUMBER_SIZE), least) / 2 - SPACE
    if block.name:
        texts.append(Text("name", block.name, name_end, y - ABOVE, NAME_SIZE, "end"))
    return PlacedBlock(gate, ((start, y), (right, y)), tuple(texts), tuple(blanks))


def _note_width(block: Block, least: float) -> float:
    return max(_width(block.note, NOTE_SIZE), least if block.kind == "local" else 0.0)


def _place_note(block: Block, left: int, right: int, y: float, least: float) -> PlacedBlock:
    """A local gradient or a constant stands on its wire, as near to the gate as may be."""
    width = _note_width(block, least)
    # the wire of a constant begins with it
    start = left if block.inputs else right - math.ceil(width) - SPACE
    stub = ((start, y), (right, y))
    middle = right - SPACE / 2 - width / 2
    if block.note:
        role: Literal["local", "constant"] = "local" if block.kind == "local" else "constant"
        text = Text(role, block.note, middle, y - NOTE_ABOVE, NOTE_SIZE)
        return PlacedBlock(None, stub, (text,))
    blank = _blank("local", middle, y - NOTE_ABOVE, least, NOTE_SIZE)
    return PlacedBlock(None, stub, (), (blank,))


def _blank(role: Role, middle: float, baseline: float, least: float, size: float) -> Blank:
    """A box to write a number in, where otherwise the number would stand."""
    bottom = baseline + BLANK_EDGE
    top = bottom - _blank_height(size) - _higher(least, size)
    return Blank(role, Box(middle - least / 2, top, middle + least / 2, bottom))


def _symbol_size(symbol: str) -> float:
    """The font size that fits a symbol into a circle, unless it would be too small to read."""
    fitting = SYMBOL_SIZE * SYMBOL_ROOM / max(SYMBOL_ROOM, _width(symbol, SYMBOL_SIZE))
    return max(SMALLEST_SYMBOL, math.floor(fitting))


def _gate_width(symbol: str) -> int:
    width = _width(symbol, _symbol_size(symbol))
    return 2 * RADIUS if width <= SYMBOL_ROOM else math.ceil(width) + RADIUS


def _place_gate(symbol: str, left: int, y: float, extra: float, is_tinted: bool) -> PlacedGate:
    width = _gate_width(symbol)
    size = _symbol_size(symbol)
    baseline = y + size * _MIDDLES.get(symbol, MIDDLE)
    text = Text("symbol", symbol, left + width / 2, baseline, size)
    return PlacedGate(left, y, width, RADIUS, text, extra, is_tinted)


# How far above the baseline the middle of a symbol lies, where it is not that of a capital.
_MIDDLES = {"*": 0.49, "+": 0.34, "-": 0.28, "=": 0.34, ">": 0.34}
_MIDDLES |= dict.fromkeys(("σ", "max", "exp"), 0.27)
