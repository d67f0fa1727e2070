"""What tests of pictures have in common: circuits, labels that mean harm, reading an SVG."""

from base64 import b64decode
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

from autograd_core import Value, sigmoid
from viz.scene.scene import scene_of
from viz.scene.style import PALETTES, Options
from viz.story import Story

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = [
    "<script>alert(1)</script>",
    "</svg>",
    "</title><text>",
    '"]; x [',
    "'\"&amp;&#0;",
    "]]>",
    "<!-- --",
    "two\nlines\ttabbed",
    "\x00\x01\x1b\x7f\x85",
    "\ud800 lone",
    "\ufffe\uffff",
    "مرحبا",
    "\u202eevil",
    "👩\u200d🔬 😀",
    "",
    " ",
]


def lecture() -> Value:
    """f = (x + y) z of the lecture."""
    x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    q = x + y
    f = q * z
    q.label, f.label = "q", "f"
    return f


def neuron() -> Value:
    """The sigmoid neuron of the lecture, after its backward pass."""
    w0, x0, w1, x1, w2 = (
        Value(number, name)
        for number, name in zip((2, -1, -3, -2, -3), ("w0", "x0", "w1", "x1", "w2"), strict=True)
    )
    output = sigmoid(w0 * x0 + w1 * x1 + w2)
    output.backward()
    return output


def shared() -> Value:
    """A value that is used by two gates, and twice by one."""
    x, y = Value(3.0, "x"), Value(-4.0, "y")
    return x * y + x * x


def forked() -> Value:
    """The copy gates of the lecture."""
    a, b = Value(2.0, "a"), Value(-3.0, "b")
    c, d = a * b, a + b
    c.label, d.label = "c", "d"
    return c * d + a


def texts(svg: str) -> list[str]:
    """All texts of a picture."""
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def numbers_in_picture(svg: str, *roles: str) -> list[str]:
    """The numbers above and below wires: the texts in their colours, but for those of sentences."""
    colours = [getattr(PALETTES["cs231n"], role) for role in roles or ("data", "grad", "local")]
    found = []
    for group in ElementTree.fromstring(svg).iter(f"{SVG}g"):
        if group.get("fill") in colours:
            found += [text.text or "" for text in group.iter(f"{SVG}text")]
    return found


def story_of(value: Value, **options: Any) -> Story:
    """The story that `viz.steps` tells."""
    return Story(scene_of(value, Options(**options)))


def images(html: str) -> list[tuple[str, str]]:
    """The text alternative and the SVG of every image of a page."""
    found = []

    class Images(HTMLParser):
        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            if tag == "img":
                given = dict(attributes)
                kind, _, data = (given["src"] or "").partition(",")
                assert kind == "data:image/svg+xml;base64"
                found.append((given["alt"] or "", b64decode(data, validate=True).decode()))

    Images().feed(html)
    return found


def luminance(colour: str) -> float:
    """Relative luminance after WCAG 2."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
