"""What is laid over the picture of a circuit to tell its story: lit gates and wires, and texts.

Everything here is SVG text; attributes are written with the space in front of them.
"""

from collections.abc import Iterable
from html import escape

from viz.shapes import Gate, Point, Text

GLOW = "#ffb400"
"""The colour of a gate at work; it lies thinly over the gate, whose symbol shines through."""


def gate_glow(gate: Gate, attributes: str = "") -> str:
    """A light over a gate."""
    box = gate.box
    width, height = pixels(box.right - box.left), pixels(box.bottom - box.top)
    return (
        f'<rect x="{pixels(box.left)}" y="{pixels(box.top)}" width="{width}" height="{height}" '
        f'rx="{pixels(gate.radius)}"{attributes}/>'
    )


def line(points: Iterable[Point], attributes: str = "") -> str:
    """A line along a wire."""
    path = " ".join(f"{pixels(x)},{pixels(y)}" for x, y in points)
    return f'<polyline points="{path}"{attributes}/>'


def text_element(text: Text, attributes: str = "") -> str:
    """A text in its place."""
    anchor = "" if text.anchor == "start" else f' text-anchor="{text.anchor}"'
    return (
        f'<text x="{pixels(text.x)}" y="{pixels(text.y)}" font-size="{pixels(text.size)}"'
        f"{anchor}{attributes}>{escape(text.text, quote=False)}</text>"
    )


def group(attributes: str, elements: Iterable[str]) -> list[str]:
    """Elements with attributes in common; nothing if there are none."""
    inside = list(elements)
    return [f"<g{attributes}>", *inside, "</g>"] if inside else []


def pixels(length: float) -> str:
    """A length with at most two decimals."""
    return f"{length:.2f}".rstrip("0").rstrip(".")
