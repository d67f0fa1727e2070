"""A network as a `graphviz.Digraph`, for who wants to edit it or let Graphviz render it.

Everything is pinned where the built-in layout has put it, texts as well. The graph names `neato` as
its engine, the one that knows pins.
"""

from html import escape

import graphviz

from viz.layout.geometry import Point, Text
from viz.network.colours import Colours
from viz.network.shapes import DOT, NetworkLayout, PlacedColumn, Stroke
from viz.scene.style import MIDDLE
from viz.write.dot import FONT

_INCH = 72.0  # in points; a pixel of the layout becomes a point


def write_network_dot(layout: NetworkLayout, colours: Colours) -> graphviz.Digraph:
    """The picture as a graph: `c0n0`, `c0n1`, … are the circles of the first column.

    Args:
        layout: where everything stands.
        colours: of numbers and lines.

    >>> from nn import MLP
    >>> from viz.network.colours import colours_named
    >>> from viz.network.layout import lay_out_network
    >>> from viz.network.reading import read_network
    >>> layout = lay_out_network(read_network(MLP(1, [1], seed=1)))
    >>> print(write_network_dot(layout, colours_named("cs231n")).source)
    digraph {
    ...
        c0n0 -> c1n0 [color="#e8710a" penwidth=5.00 tooltip="layers.0.neurons.0.weights.0 = ..."]
    }
    """
    writer = _Writer(layout, colours)
    # an invisible frame makes the picture as large as the layout
    writer.mark((0.0, 0.0), style="invis")
    writer.mark((layout.width, layout.height), style="invis")
    for index, column in enumerate(layout.columns):
        writer.column(index, column)
    for text in layout.texts:
        writer.text(text)
    for sample in layout.samples:
        tail, head = (writer.mark(end, style="invis") for end in (sample.start, sample.end))
        writer.line(tail, head, sample)
    for line, stroke in layout.lines:
        tail, head = f"c{line.column - 1}n{line.source}", f"c{line.column}n{line.target}"
        writer.line(tail, head, stroke, tooltip=_literal(line.sentence))
    return writer.graph


class _Writer:
    """A graph to which the parts of one picture are added."""

    def __init__(self, layout: NetworkLayout, colours: Colours) -> None:
        self.height, self.colours = layout.height, colours
        self.marks = self.texts = 0
        paper = colours.palette.paper
        self.graph = graphviz.Digraph(
            graph_attr={
                "layout": "neato",
                "inputscale": f"{_INCH:g}",
                "outputorder": "edgesfirst",
                "pad": "0",
                "bgcolor": paper,
            },
            node_attr={
                "fontname": FONT,
                "label": "",
                "style": "filled",
                "fillcolor": paper,
                "color": colours.palette.ink,
            },
            edge_attr={"arrowhead": "none"},
        )

    def column(self, index: int, column: PlacedColumn) -> None:
        """Add the circles of a column with their texts."""
        for place, circle in enumerate(column.circles):
            self.graph.node(
                f"c{index}n{place}",
                shape="circle",
                width=f"{2 * circle.radius / _INCH:.4f}",
                fixedsize="true",
                pos=self._pin((circle.x, circle.y)),
                tooltip=_literal(circle.sentence),
            )
            for text in (*circle.numbers, *circle.texts):
                self.text(text)
        for text in column.heading:
            self.text(text)
        if column.gap:
            soft = self.colours.palette.soft
            for dot in column.gap.dots:
                self.mark(dot, width=f"{2 * DOT / _INCH:.4f}", color=soft, fillcolor=soft)
            self.text(column.gap.text)

    def text(self, text: Text) -> None:
        """Add a text as a node of its own; the paper behind it covers lines."""
        box = text.box
        self.graph.node(
            f"t{self.texts}",
            label=f"<{_literal(escape(text.text))}>",
            shape="plain",
            color=self.colours.palette.paper,
            fontcolor=self.colours.of_text(text.role),
            fontsize=f"{text.size:g}",
            pos=self._pin(((box.left + box.right) / 2, text.y - MIDDLE * text.size)),
        )
        self.texts += 1

    def mark(self, place: Point, **attributes: str) -> str:
        """Add a point; returns its name."""
        name = f"p{self.marks}"
        look = {"width": "0", **attributes}
        self.graph.node(name, shape="point", pos=self._pin(place), **look)
        self.marks += 1
        return name

    def line(self, tail: str, head: str, stroke: Stroke, **attributes: str) -> None:
        """Add a line."""
        look = {
            "color": self.colours.of_line(stroke.kind),
            "penwidth": f"{stroke.width:.2f}",
            **({"style": "dashed"} if stroke.kind == "nan" else {}),
        }
        self.graph.edge(tail, head, **look, **attributes)

    def _pin(self, place: Point) -> str:
        return f"{place[0]:.2f},{self.height - place[1]:.2f}!"


def _literal(text: str) -> str:
    r"""A text in which Graphviz does not see names of nodes in place of `\N` and the like."""
    return text.replace("\\", r"\\")
