"""`draw`: the picture of a circuit, and the ways out of it."""

from functools import cached_property
from pathlib import Path
from typing import Literal

import graphviz

from autograd_core import Value, trace
from viz.blocks import Block, blocks_of
from viz.dot import write_dot
from viz.files import render_with_graphviz, replace_file
from viz.layout import lay_out
from viz.shapes import Layout
from viz.style import Palette, palette_named, printable
from viz.svg import write_svg

LIMIT = 500
"""How many values a picture may have unless the caller says otherwise."""

Inputs = Literal["far", "near"]


class Drawing:
    """The picture of a circuit as `viz.draw` returns it; it shows itself in a notebook.

    It keeps the numbers that the circuit had when it was drawn.
    """

    def __init__(
        self, blocks: list[Block], *, palette: Palette, inputs: Inputs, title: str | None
    ) -> None:
        self._blocks = blocks
        self._palette = palette
        self._inputs = inputs
        self._title = title

    @cached_property
    def layout(self) -> Layout:
        """Where everything stands in the built-in layout, as plain data."""
        return lay_out(self._blocks, inputs_near=self._inputs == "near", title=self._title)

    @cached_property
    def svg(self) -> str:
        """The picture as SVG text, the same bytes for the same circuit; needs no other program."""
        return write_svg(self.layout, self._blocks, self._palette)

    @cached_property
    def dot(self) -> graphviz.Digraph:
        """The picture for Graphviz, to be edited or laid out by it.

        Making it needs no other program; rendering it needs Graphviz's `dot`.
        """
        return write_dot(self._blocks, self._palette, title=self._title)

    def save(self, path: str | Path) -> None:
        """Write the picture to a file; its ending says what kind.

        `.svg` is the built-in layout, `.dot` or `.gv` the text for Graphviz, and `.png` and `.pdf`
        are laid out by Graphviz's `dot`. The file is complete or not written at all.

        Raises:
            ValueError: if the ending is none of these.
            RuntimeError: if Graphviz is needed and not installed, or takes too long.
            OSError: if the file cannot be written.
        """
        path = Path(path)
        suffix = path.suffix.lower()
        if suffix == ".svg":
            content = self.svg.encode()
        elif suffix in (".dot", ".gv"):
            content = self.dot.source.encode()
        elif suffix in (".png", ".pdf"):
            content = render_with_graphviz(self.dot.source, suffix[1:])
        else:
            ending = f"the ending {suffix!r}" if suffix else "no ending"
            raise ValueError(
                f"{str(path)!r} has {ending}; a drawing is saved as .svg, .dot, .gv, .png or .pdf"
            )
        replace_file(path, content)

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        count = len(self._blocks)
        values = "1 value" if count == 1 else f"{count} values"
        return f"<Drawing of {values}: {self._blocks[-1].sentence}; .save('circuit.svg') writes it>"


def draw(
    value: Value,
    *,
    decimals: int | None = None,
    palette: Literal["cs231n", "colorblind"] = "cs231n",
    inputs: Inputs = "far",
    title: str | None = None,
    limit: int | None = LIMIT,
) -> Drawing:
    """Draw the circuit of a value in the style of the CS231n notes.

    Each value is a piece of wire with its number above, in green, and below, in red, its gradient,
    once `backward()` has been called. Each gate is a circle with its symbol; constants stand
    inside it.

    Args:
        value: the output of the circuit.
        decimals: how many decimals each number gets; two if left out, none if all numbers of the
            picture are integers.
        palette: `"cs231n"` for green and red, `"colorblind"` for blue and orange.
        inputs: `"far"` puts all leaves at the far left, `"near"` next to the gates that take them.
        title: a line above the picture.
        limit: how many values the picture may have; None for any number.

    Raises:
        TypeError: if `value` is not a `Value`, or `decimals` no whole number.
        ValueError: if an option is not one of its choices, or the circuit is larger than `limit`.

    >>> x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    >>> f = (x + y) * z
    >>> f.backward()
    >>> draw(f)
    <Drawing of 5 values: v2 = v1 * z = -12, gradient 1; .save('circuit.svg') writes it>
    """
    _check_value(value)
    if inputs not in ("far", "near"):
        raise ValueError(f"inputs must be 'far' or 'near', not {inputs!r}")
    colours = palette_named(palette)
    if limit is not None and _count_values(value, limit + 1) > limit:
        raise ValueError(_too_large(value, limit))
    heading = printable(title) if title else None
    return Drawing(blocks_of(trace(value), decimals), palette=colours, inputs=inputs, title=heading)


def picture_of(value: Value) -> str | None:
    """The SVG with which a value shows itself in a notebook.

    Returns:
        None if there is no such picture, as for a circuit too large: the notebook then shows the
        value's `repr`, and never an error.
    """
    try:
        return draw(value).svg
    except Exception:
        return None


def _check_value(value: object) -> None:
    """Explain what can be drawn to whoever passes something else."""
    if isinstance(value, Value):
        return
    if isinstance(value, list | tuple):
        raise TypeError(
            f"draw() takes one Value, the output of a circuit, but got a {type(value).__name__} "
            f"of {len(value)}; draw them one by one: [draw(v) for v in values]"
        )
    raise TypeError(
        f"draw() takes a Value, the output of a circuit, but got {value!r}; "
        "a circuit is made by computing with values, as in draw(Value(3.0) * 2)"
    )


def _count_values(value: Value, enough: int) -> int:
    """How many values a circuit has; counting stops at `enough`."""
    seen = {value: None}
    waiting = [value]
    while waiting and len(seen) < enough:
        for source in waiting.pop().inputs:
            if source not in seen:
                seen[source] = None
                waiting.append(source)
    return len(seen)


_ENOUGH = 1_000_000  # values that are counted for the sake of an error message


def _too_large(value: Value, limit: int) -> str:
    count = _count_values(value, _ENOUGH)
    number, wish = (f"{count:,}", f"{count}") if count < _ENOUGH else (f"{count:,} or more", "None")
    return (
        f"this circuit has {number} values; draw() stops at {limit:,}, where pictures become hard "
        "to read. Draw a part of the circuit, such as one of value.inputs, or ask for all of it "
        f"with draw(value, limit={wish})"
    )
