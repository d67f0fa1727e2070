"""The picture of a network: what `viz.draw` makes of a model, and its SVG.

Like the pictures of circuits the SVG carries no ids and no style sheet. Whoever points at a circle
or a line reads where its number comes from; a wide invisible line makes thin lines easy to point
at.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

from viz.layout.geometry import Box, Text
from viz.network.layout import DOT, NetworkLayout, PlacedColumn, Stroke, lay_out_network
from viz.network.model import Model
from viz.network.scene import Network, Show, read_network
from viz.scene.style import PaletteName, length_text, palette_named, printable
from viz.write.picture import Picture
from viz.write.svg import document, edges, text_element

LIGHT = "#ffefb5"
"""The colour of a circle whose number is the largest; the others are paler."""

LEVELS = 16
"""How many levels of grey an image has."""

REACH = 8
"""How wide the line is that one points at."""

Colours = Mapping[str, str]

# positive and negative: neither pair has a colour that numbers have; the second differs in
# lightness too
_SIGNS = {"cs231n": ("#1f77b4", "#e8710a"), "colorblind": ("#762a83", "#4d9f55")}


class NetworkDrawing(Picture):
    """The picture of a network as `viz.draw` returns it; it shows itself in a notebook.

    It keeps the numbers that the model had when it was drawn.
    """

    _kind = "a network"

    def __init__(self, network: Network, colours: Colours, title: str | None) -> None:
        self._network = network
        self._colours = colours
        self._title = title

    @cached_property
    def layout(self) -> NetworkLayout:
        """Where everything stands, as plain data."""
        return lay_out_network(self._network, title=self._title)

    @cached_property
    def svg(self) -> str:
        """The picture as SVG text, the same bytes for the same model; needs no other program.

        A screen reader announces it as its title, or else as the model, and reads a description of
        the network.
        """
        layout, network, colours = self.layout, self._network, self._colours
        samples = (
            _path(each, f' stroke="{colours[each.kind]}"{_look(each)}') for each in layout.samples
        )
        elements = [
            *(_line(line, colours) for line in layout.lines),
            *(each for line in layout.lines for each in _label(line, colours)),
            *_image(layout.image, network.pixels, colours),
            *(element for column in layout.columns for element in _column(column, colours)),
            *samples,
            *_texts(layout.texts, colours),
        ]
        columns = [
            f"{column.heading}, {column.sentence}: "
            + "; ".join(circle.sentence for circle in column.circles)
            for column in network.columns
        ]
        description = ". ".join([network.name, *columns, *network.notes])
        size = layout.width, layout.height
        return document(*size, self._heading, description, colours["paper"], elements)

    @property
    def _heading(self) -> str:
        return self._title or self._network.name

    if not TYPE_CHECKING:  # to a checker there is no `dot`

        def __getattr__(self, name: str) -> Any:
            if name == "dot":
                raise AttributeError(
                    "a network has .svg, .html and .save('network.pdf'); "
                    ".dot is of circuits, as in viz.draw(value).dot"
                )
            return super().__getattribute__(name)  # which says what is missing

    def __repr__(self) -> str:
        drawn = f"{self._network.name}, {self._network.show}"
        return f"<NetworkDrawing of {drawn}; .save('network.svg') writes it>"


def draw_network(
    model: Model,
    *,
    show: Show = "weights",
    palette: PaletteName = "cs231n",
    title: str | None = None,
    **options: Any,
) -> NetworkDrawing:
    """Draw a network; `viz.draw` says what the picture and the options are.

    >>> from nn import MLP
    >>> draw_network(MLP(2, [3, 1]), show="gradients")
    <NetworkDrawing of MLP(2, [3, 1]), gradients; .save('network.svg') writes it>
    """
    if show not in ("weights", "gradients"):
        raise ValueError(f"show must be 'weights' or 'gradients', not {show!r}")
    network = read_network(model, show, **options)
    return NetworkDrawing(network, colours_named(palette), printable(title or "") or None)


def colours_named(palette: str) -> Colours:
    """The colour of each role of a text and each kind of a line, and those of the palette.

    >>> colours = colours_named("cs231n")
    >>> colours["data"], colours["caption"], colours["positive"], colours["paper"]
    ('#008000', '#595959', '#1f77b4', '#ffffff')
    """
    own = asdict(palette_named(palette))
    positive, negative = _SIGNS[palette]
    return {
        **own,
        **dict.fromkeys(("name", "title", "symbol"), own["ink"]),
        **dict.fromkeys(("caption", "zero", "nan", "several", "plain"), own["soft"]),
        "positive": positive,
        "negative": negative,
    }


def _image(box: Box | None, pixels: Sequence[float], colours: Colours) -> list[str]:
    """The inputs as an image, the largest darkest: one path for all pixels of a level."""
    if box is None:
        return []
    side = math.isqrt(len(pixels))
    size = (box.right - box.left) / side
    levels: dict[int, str] = {}
    for place, pixel in enumerate(pixels):
        row, column = divmod(place, side)
        x, y, step = map(length_text, (box.left + column * size, box.top + row * size, size))
        if level := round(pixel * LEVELS):
            levels[level] = levels.get(level, "") + f"M{x},{y}h{step}v{step}h-{step}z"
    frame = f'<rect{edges(box)} fill="none" stroke="{colours["ink"]}"/>'
    squares = [
        f'<path d="{path}" fill="{colours["ink"]}" fill-opacity="{length_text(level / LEVELS)}"/>'
        for level, path in sorted(levels.items())
    ]
    return _group(f"the inputs as {side} × {side} pixels", [*squares, frame])


def _line(line: Stroke, colours: Colours) -> str:
    visible, title = _path(line, _look(line)), f"<title>{escape(line.sentence)}</title>"
    reach = _path(line, f' stroke-width="{REACH}" stroke-opacity="0"')
    return f'<g stroke="{colours[line.kind]}">{title}{visible}{reach}</g>'


def _label(line: Stroke, colours: Colours) -> list[str]:
    """The number on a line, which is interrupted there; whoever points at it points at the line."""
    if line.label is None:
        return []
    box = line.label.box
    around = Box(box.left - 2, box.top - 1, box.right + 2, box.bottom + 1)
    gap = f'<rect{edges(around)} fill="{colours["paper"]}"/>'
    return ['<g pointer-events="none">', gap, *_texts([line.label], colours), "</g>"]


def _path(stroke: Stroke, attributes: str) -> str:
    x, y, end_x, end_y = map(length_text, (*stroke.start, *stroke.end))
    return f'<path d="M{x},{y} {end_x},{end_y}"{attributes}/>'


def _look(stroke: Stroke) -> str:
    dashes = ' stroke-dasharray="4 3"' if stroke.kind == "nan" else ""
    return f' stroke-width="{length_text(stroke.width)}"{dashes}'


def _column(column: PlacedColumn, colours: Colours) -> Iterator[str]:
    yield from _group(column.sentence, _texts(column.heading, colours))
    style = f'fill="{colours["paper"]}" stroke="{colours["ink"]}"'
    for circle in column.circles:
        outline = _circle(circle.x, circle.y, circle.radius, style)
        if circle.light:
            light = f'fill="{LIGHT}" fill-opacity="{length_text(circle.light)}"'
            outline += _circle(circle.x, circle.y, circle.radius - 0.5, light)
        texts = _texts((*circle.numbers, *circle.texts), colours)
        yield from _group(circle.sentence, [outline, *texts])
    if column.gap:
        fill = f'fill="{colours["soft"]}"'
        dots = [_circle(x, y, DOT, fill) for x, y in column.gap.dots]
        yield from _group(column.gap.sentence, [*dots, *_texts([column.gap.text], colours)])


def _group(sentence: str, elements: Iterable[str]) -> list[str]:
    return [f"<g><title>{escape(sentence)}</title>", *elements, "</g>"]


def _circle(x: float, y: float, radius: float, style: str) -> str:
    x_text, y_text, r = map(length_text, (x, y, radius))
    return f'<circle cx="{x_text}" cy="{y_text}" r="{r}" {style}/>'


def _texts(texts: Iterable[Text], colours: Colours) -> list[str]:
    return [text_element(text, f' fill="{colours[text.role]}"') for text in texts]
