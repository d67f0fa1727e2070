"""The elements of a picture as SVG text; attributes are written with the space in front of them."""

from collections.abc import Iterable
from html import escape

from viz.layout.geometry import Box, Gate, Point, Text
from viz.scene.style import length_text

GLOW = "#ffb400"
"""The colour of a gate at work; it lies thinly over the gate, whose symbol shines through."""


def gate_glow(gate: Gate, attributes: str = "") -> str:
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


def line(points: Iterable[Point]) -> str:
    """A line with these corners."""
    return f'<polyline points="{corners(points)}"/>'


def text_element(text: Text, attributes: str = "") -> str:
    """A text in its place."""
    anchor = "" if text.anchor == "start" else f' text-anchor="{text.anchor}"'
    x, y, size = map(length_text, (text.x, text.y, text.size))
    return (
        f'<text x="{x}" y="{y}" font-size="{size}"'
        f"{anchor}{attributes}>{escape(text.text, quote=False)}</text>"
    )


def group(attributes: str, elements: Iterable[str]) -> list[str]:
    """Elements with attributes in common; nothing if there are none."""
    inside = list(elements)
    return [f"<g{attributes}>", *inside, "</g>"] if inside else []
