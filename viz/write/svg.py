"""A layout as SVG text.

The picture carries no ids and no style sheet, so any number of pictures can stand in one page or
notebook. Text from the user is escaped wherever it stands. Attributes are written with the space
in front of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from viz.layout.geometry import (
    CORNER,
    DOT_RADIUS,
    FRAME_CORNER,
    Blank,
    Box,
    Frame,
    Layout,
    PlacedBlock,
    PlacedGate,
    Point,
    Text,
    arrow_heads,
    strokes,
)
from viz.scene.blocks import Block
from viz.scene.style import FONT_FAMILY, Palette, is_measured, length_text, text_width

NARROW = 30
"""In pixels: a text that is no wider has room enough in any font."""

GLOW = "#ffb400"
"""The colour of a gate at work; it lies thinly over the gate, whose symbol shines through."""


def write_svg(
    layout: Layout,
    blocks: Sequence[Block],
    palette: Palette,
    *,
    heading: str | None = None,
    overlay: Sequence[str] = (),
) -> str:
    """The picture as an SVG document, with an overlay of elements on top.

    A screen reader announces it as the heading, or else as its title or its output, and reads what
    the blocks are.
    """
    used = {source for block in blocks for source in block.inputs}
    outputs = [block.sentence for place, block in enumerate(blocks) if place not in used]
    circuit = f"Circuit of {'; '.join(outputs)}"
    title = heading or (layout.title.text if layout.title else circuit)
    lines = [
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
    description = "; ".join(block.sentence for block in blocks)
    size = layout.width, layout.height
    return document(*size, title, description, palette.paper, [*lines, *overlay])


def document(
    width: float, height: float, title: str, description: str, paper: str, elements: Iterable[str]
) -> str:
    """An SVG document of that size, with words for screen readers, and a background."""
    across, down = length_text(width), length_text(height)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{across}" height="{down}" '
        f'viewBox="0 0 {across} {down}" font-family="{FONT_FAMILY}">',
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(description)}</desc>",
        f'<rect width="{across}" height="{down}" fill="{paper}"/>',
    ]
    return "\n".join([*lines, *elements, "</svg>", ""])


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


def _gate(gate: PlacedGate, palette: Palette) -> str:
    inside = palette.tint if gate.is_tinted else palette.paper
    style = f'fill="{inside}" stroke="{palette.ink}"'
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


def gate_glow(gate: PlacedGate, attributes: str = "") -> str:
    """A light over a gate."""
    return f'<rect{edges(gate.box)} rx="{length_text(gate.radius)}"{attributes}/>'


def edges(box: Box) -> str:
    """The attributes that say where a rectangle lies."""
    left, width = length_text(box.left), length_text(box.right - box.left)
    top, height = length_text(box.top), length_text(box.bottom - box.top)
    return f' x="{left}" y="{top}" width="{width}" height="{height}"'


def corners(points: Iterable[Point]) -> str:
    """The corners of a line or a polygon, as it takes them in its attribute `points`."""
    return " ".join(f"{length_text(x)},{length_text(y)}" for x, y in points)


def line(points: Iterable[Point], attributes: str = "") -> str:
    """A line with these corners."""
    return f'<polyline points="{corners(points)}"{attributes}/>'


def text_element(text: Text, attributes: str = "") -> str:
    """A text in its place."""
    anchor = "" if text.anchor == "start" else f' text-anchor="{text.anchor}"'
    x, y, size = map(length_text, (text.x, text.y, text.size))
    width = text_width(text.text, text.size)
    # where it is but an estimate, there is room, and a text is not stretched to fill it
    room = as_wide_as(width) if width > NARROW and is_measured(text.text) else ""
    return (
        f'<text x="{x}" y="{y}" font-size="{size}"'
        f"{anchor}{room}{attributes}>{escape(text.text, quote=False)}</text>"
    )


def as_wide_as(width: float) -> str:
    """The attributes that keep a text as wide as it was measured, in whatever font is there.

    The sans-serif of a system may be a sixth wider than Arial, for which all places are computed.
    """
    return f' textLength="{length_text(width)}" lengthAdjust="spacingAndGlyphs"'


def group(attributes: str, elements: Iterable[str]) -> list[str]:
    """Elements with attributes in common; nothing if there are none."""
    inside = list(elements)
    return [f"<g{attributes}>", *inside, "</g>"] if inside else []
