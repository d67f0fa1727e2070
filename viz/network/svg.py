"""The layout of a network as SVG text.

Like the pictures of circuits it carries no ids and no style sheet. Whoever points at a circle or a
line reads where its number comes from; a wide invisible line makes thin lines easy to point at.
"""

from collections.abc import Iterator
from html import escape

from viz.layout.geometry import Text
from viz.network.colours import Colours
from viz.network.parts import Line, Network
from viz.network.shapes import DOT, NetworkLayout, PlacedCircle, PlacedColumn, Stroke
from viz.scene.style import FONT_FAMILY, length_text
from viz.write.svg import text_element

REACH = 8
"""How wide the line is that one points at."""


def write_network_svg(
    layout: NetworkLayout, network: Network, colours: Colours, *, title: str | None = None
) -> str:
    """The picture as an SVG document.

    Args:
        layout: where everything stands.
        network: what is drawn, for the description that a screen reader reads.
        colours: of numbers and lines.
        title: what a screen reader announces the picture as, if not the model.
    """
    width, height = length_text(layout.width), length_text(layout.height)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="{FONT_FAMILY}">',
        f"<title>{escape(title or network.name)}</title>",
        f"<desc>{escape(_description(network))}</desc>",
        f'<rect width="{width}" height="{height}" fill="{colours.palette.paper}"/>',
        *(_line(line, stroke, colours) for line, stroke in layout.lines),
        *(element for column in layout.columns for element in _column(column, colours)),
        *(_sample(sample, colours) for sample in layout.samples),
        *(_text(text, colours) for text in layout.texts),
        "</svg>",
        "",
    ]
    return "\n".join(lines)


def _description(network: Network) -> str:
    """The numbers of the columns in words."""
    columns = [
        f"{column.heading}, {column.sentence}: "
        + "; ".join(circle.sentence for circle in column.circles)
        for column in network.columns
    ]
    return ". ".join([network.name, *columns, *network.notes])


def _line(line: Line, stroke: Stroke, colours: Colours) -> str:
    path = _direction(stroke)
    return (
        f'<g stroke="{colours.of_line(stroke.kind)}"><title>{escape(line.sentence)}</title>'
        f'<path d="{path}"{_look(stroke)}/>'
        f'<path d="{path}" stroke-width="{REACH}" stroke-opacity="0"/></g>'
    )


def _sample(stroke: Stroke, colours: Colours) -> str:
    colour = colours.of_line(stroke.kind)
    return f'<path d="{_direction(stroke)}" stroke="{colour}"{_look(stroke)}/>'


def _direction(stroke: Stroke) -> str:
    (x, y), (end_x, end_y) = stroke.start, stroke.end
    return f"M{length_text(x)},{length_text(y)} {length_text(end_x)},{length_text(end_y)}"


def _look(stroke: Stroke) -> str:
    dashes = ' stroke-dasharray="4 3"' if stroke.kind == "nan" else ""
    return f' stroke-width="{length_text(stroke.width)}"{dashes}'


def _column(column: PlacedColumn, colours: Colours) -> Iterator[str]:
    yield f"<g><title>{escape(column.sentence)}</title>"
    yield from (_text(text, colours) for text in column.heading)
    yield "</g>"
    for circle in column.circles:
        yield from _circle(circle, colours)
    if column.gap:
        yield f"<g><title>{escape(column.gap.sentence)}</title>"
        fill = f'r="{DOT}" fill="{colours.palette.soft}"'
        yield from (
            f'<circle cx="{length_text(x)}" cy="{length_text(y)}" {fill}/>'
            for x, y in column.gap.dots
        )
        yield _text(column.gap.text, colours)
        yield "</g>"


def _circle(circle: PlacedCircle, colours: Colours) -> Iterator[str]:
    x, y, radius = length_text(circle.x), length_text(circle.y), length_text(circle.radius)
    style = f'fill="{colours.palette.paper}" stroke="{colours.palette.ink}"'
    yield f"<g><title>{escape(circle.sentence)}</title>"
    yield f'<circle cx="{x}" cy="{y}" r="{radius}" {style}/>'
    yield from (_text(text, colours) for text in (*circle.numbers, *circle.texts))
    yield "</g>"


def _text(text: Text, colours: Colours) -> str:
    return text_element(text, f' fill="{colours.of_text(text.role)}"')
