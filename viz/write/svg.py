"""A layout as SVG text.

The picture carries no ids and no style sheet, so any number of pictures can stand in one page or
notebook. Text from the user is escaped wherever it stands.
"""

from collections.abc import Iterator, Sequence
from html import escape

from viz.layout.geometry import Blank, Frame, Gate, Layout, PlacedBlock, Point, Text
from viz.layout.wires import CORNER, DOT_RADIUS, FRAME_CORNER, arrow_heads, strokes
from viz.scene.blocks import Block
from viz.scene.fonts import FONT_FAMILY
from viz.scene.style import Palette, length_text
from viz.write.elements import corners, edges, line, text_element


def write_svg(
    layout: Layout,
    blocks: Sequence[Block],
    palette: Palette,
    *,
    heading: str | None = None,
    overlay: Sequence[str] = (),
) -> str:
    """The picture as an SVG document.

    Args:
        layout: where everything stands.
        blocks: what is drawn, for the description that a screen reader reads.
        palette: the colours.
        heading: what a screen reader announces the picture as, if not its title or its output.
        overlay: SVG elements to put on top of the picture.
    """
    width, height = length_text(layout.width), length_text(layout.height)
    circuit = f"Circuit of {blocks[-1].sentence}"
    title = heading or (layout.title.text if layout.title else circuit)
    description = "; ".join(block.sentence for block in blocks)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="{FONT_FAMILY}">',
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(description)}</desc>",
        f'<rect width="{width}" height="{height}" fill="{palette.paper}"/>',
        *(each for frame in layout.frames for each in _frame(frame, palette)),
        f'<g fill="none" stroke="{palette.ink}" stroke-linejoin="round">',
        *map(line, strokes(layout)),
        "</g>",
        f'<g fill="{palette.ink}">',
        *(f'<polygon points="{corners(head)}"/>' for head in arrow_heads(layout)),
        *map(_dot, layout.dots),
        "</g>",
        *(
            each
            for placed, block in zip(layout.blocks, blocks, strict=True)
            for each in _block(placed, block, palette)
        ),
    ]
    if layout.title:
        lines.append(_text(layout.title, palette))
    return "\n".join([*lines, *overlay, "</svg>", ""])


def _dot(point: Point) -> str:
    return f'<circle cx="{length_text(point[0])}" cy="{length_text(point[1])}" r="{DOT_RADIUS}"/>'


def _block(placed: PlacedBlock, block: Block, palette: Palette) -> Iterator[str]:
    yield "<g>"
    yield f"<title>{escape(block.sentence)}</title>"
    if placed.gate:
        yield _gate(placed.gate, palette)
        yield _text(placed.gate.symbol, palette)
    for text in placed.texts:
        yield _text(text, palette)
    for blank in placed.blanks:
        yield _blank(blank, palette)
    yield "</g>"


def _gate(gate: Gate, palette: Palette) -> str:
    style = f'fill="{palette.paper}" stroke="{palette.ink}"'
    y, radius = length_text(gate.y), length_text(gate.radius)
    if gate.is_circle:
        return f'<circle cx="{length_text(gate.x + gate.radius)}" cy="{y}" r="{radius}" {style}/>'
    return f'<rect{edges(gate.box)} rx="{radius}" {style}/>'


def _frame(frame: Frame, palette: Palette) -> Iterator[str]:
    style = f'rx="{FRAME_CORNER}" fill="{palette.shade}" stroke="{palette.ink}" stroke-width="0.5"'
    yield f"<rect{edges(frame.box)} {style}/>"
    yield _text(frame.caption, palette)


def _blank(blank: Blank, palette: Palette) -> str:
    style = f'fill="{palette.paper}" stroke="{palette.of(blank.role)}" stroke-dasharray="1.5 2"'
    return f'<rect{edges(blank.box)} rx="{CORNER}" {style}/>'


def _text(text: Text, palette: Palette) -> str:
    return text_element(text, f' fill="{palette.of(text.role)}"')
