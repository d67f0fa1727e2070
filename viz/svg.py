"""A layout as SVG text.

The picture carries no ids and no style sheet, so any number of pictures can stand in one page or
notebook. Text from the user is escaped wherever it stands.
"""

import math
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise

from viz.blocks import Block
from viz.fonts import FONT_FAMILY
from viz.shapes import Gate, Layout, PlacedBlock, Point, Text, Wire
from viz.style import Palette

ARROW_LENGTH = 7
ARROW_HALF_WIDTH = 2.6


def write_svg(layout: Layout, blocks: Sequence[Block], palette: Palette) -> str:
    """The picture as an SVG document.

    Args:
        layout: where everything stands.
        blocks: what is drawn, for the description that a screen reader reads.
        palette: the colours.
    """
    width, height = _number(layout.width), _number(layout.height)
    title = layout.title.text if layout.title else f"Circuit of {blocks[-1].sentence}"
    description = "; ".join(block.sentence for block in blocks)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="{FONT_FAMILY}">',
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(description)}</desc>",
        f'<rect width="{width}" height="{height}" fill="{palette.paper}"/>',
        f'<g fill="none" stroke="{palette.ink}" stroke-linejoin="round">',
        *_lines(layout),
        "</g>",
        f'<g fill="{palette.ink}">',
        *(_arrow_head(*wire.points[-2:]) for wire in layout.wires),
        "</g>",
        *(
            line
            for placed, block in zip(layout.blocks, blocks, strict=True)
            for line in _block(placed, block, palette)
        ),
    ]
    if layout.title:
        lines.append(_text(layout.title, palette))
    return "\n".join([*lines, "</svg>", ""])


def _lines(layout: Layout) -> Iterator[str]:
    for placed in layout.blocks:
        yield _polyline(placed.stub)
    drawn: list[dict[tuple[Point, ...], None]] = [{} for _ in layout.blocks]
    for wire in layout.wires:
        yield _polyline(_not_yet_drawn(wire, drawn[wire.source]))


def _not_yet_drawn(wire: Wire, drawn: dict[tuple[Point, ...], None]) -> Sequence[Point]:
    """The part of a wire that no other wire of its value has shown: a line drawn twice is bolder.

    Args:
        wire: it begins with what it shares with others.
        drawn: the segments drawn so far, to which those of this part are added.
    """
    first = 0
    while wire.points[first : first + 2] in drawn:
        first += 1
    rest = wire.points[first:]
    drawn.update(dict.fromkeys(pairwise(rest)))
    return rest


def _polyline(points: Sequence[Point]) -> str:
    corners = [points[0]]
    for here, following in pairwise(points[1:]):
        if not corners[-1][1] == here[1] == following[1]:
            corners.append(here)
    corners.append(points[-1])
    path = " ".join(f"{_number(x)},{_number(y)}" for x, y in corners)
    return f'<polyline points="{path}"/>'


def _arrow_head(start: Point, tip: Point) -> str:
    length = math.dist(start, tip)
    along = ((tip[0] - start[0]) / length, (tip[1] - start[1]) / length)
    back = (tip[0] - ARROW_LENGTH * along[0], tip[1] - ARROW_LENGTH * along[1])
    side = (-ARROW_HALF_WIDTH * along[1], ARROW_HALF_WIDTH * along[0])
    corners = [tip, (back[0] + side[0], back[1] + side[1]), (back[0] - side[0], back[1] - side[1])]
    path = " ".join(f"{_number(x)},{_number(y)}" for x, y in corners)
    return f'<polygon points="{path}"/>'


def _block(placed: PlacedBlock, block: Block, palette: Palette) -> Iterator[str]:
    yield "<g>"
    yield f"<title>{escape(block.sentence)}</title>"
    if placed.gate:
        yield _gate(placed.gate, palette)
        yield _text(placed.gate.symbol, palette)
    for text in placed.texts:
        yield _text(text, palette)
    yield "</g>"


def _gate(gate: Gate, palette: Palette) -> str:
    style = f'fill="{palette.paper}" stroke="{palette.ink}"'
    y, radius = _number(gate.y), _number(gate.radius)
    if gate.width == 2 * gate.radius:
        return f'<circle cx="{_number(gate.x + gate.radius)}" cy="{y}" r="{radius}" {style}/>'
    return (
        f'<rect x="{_number(gate.x)}" y="{_number(gate.box.top)}" width="{_number(gate.width)}" '
        f'height="{_number(2 * gate.radius)}" rx="{radius}" {style}/>'
    )


def _text(text: Text, palette: Palette) -> str:
    colour = {"data": palette.data, "grad": palette.grad}.get(text.role, palette.ink)
    return (
        f'<text x="{_number(text.x)}" y="{_number(text.y)}" font-size="{_number(text.size)}" '
        f'text-anchor="{text.anchor}" fill="{colour}">{escape(text.text, quote=False)}</text>'
    )


def _number(number: float) -> str:
    """A length in pixels with at most two decimals."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
