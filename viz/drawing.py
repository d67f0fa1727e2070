"""`draw`: the picture of a circuit, and the ways out of it."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import graphviz

from autograd_core import Value
from viz.blocks import Block, blocks_of
from viz.checks import LIMIT as LIMIT
from viz.checks import Inputs as Inputs
from viz.checks import check_drawable
from viz.circuit import names_for, of_this_pass, renamed
from viz.dot import write_dot
from viz.files import render_with_graphviz, replace_file
from viz.frames import Group
from viz.layout import lay_out
from viz.opening import Expand, read_circuit
from viz.shapes import Layout
from viz.style import Palette, palette_named, printable
from viz.svg import write_svg
from viz.tikz import write_tikz


class Drawing:
    """The picture of a circuit as `viz.draw` returns it; it shows itself in a notebook.

    It keeps the numbers that the circuit had when it was drawn.
    """

    def __init__(
        self,
        blocks: list[Block],
        *,
        palette: Palette,
        inputs: Inputs,
        title: str | None,
        least: float = 0.0,
        groups: Sequence[Group] = (),
    ) -> None:
        self._blocks = blocks
        self._palette = palette
        self._inputs = inputs
        self._title = title
        self._least = least
        values = [index for index, block in enumerate(blocks) if block.kind in ("leaf", "gate")]
        self._groups = [
            Group(group.symbol, tuple(values[member] for member in group.members))
            for group in groups
        ]

    @cached_property
    def layout(self) -> Layout:
        """Where everything stands in the built-in layout, as plain data."""
        return lay_out(
            self._blocks,
            inputs_near=self._inputs == "near",
            title=self._title,
            least=self._least,
            groups=self._groups,
        )

    @cached_property
    def svg(self) -> str:
        """The picture as SVG text, the same bytes for the same circuit; needs no other program."""
        return write_svg(self.layout, self._blocks, self._palette)

    @cached_property
    def tikz(self) -> str:
        r"""The picture as a `tikzpicture` for LaTeX, with the same geometry as the SVG.

        A document needs `\usepackage{tikz}` to take it, and no other package.
        """
        return write_tikz(self.layout, self._palette)

    @cached_property
    def dot(self) -> graphviz.Digraph:
        """The picture for Graphviz, to be edited or laid out by it.

        Making it needs no other program; rendering it needs Graphviz's `dot`.
        """
        return write_dot(self._blocks, self._palette, title=self._title, groups=self._groups)

    def save(self, path: str | Path) -> None:
        r"""Write the picture to a file; its ending says what kind.

        `.svg` and `.tex` (TikZ, for `\input`) are the built-in layout, `.dot` or `.gv` the text for
        Graphviz, and `.png` and `.pdf` are laid out by Graphviz's `dot`. The file is complete or
        not written at all.

        Raises:
            ValueError: if the ending is none of these.
            RuntimeError: if Graphviz is needed and not installed, or takes too long.
            OSError: if the file cannot be written.
        """
        path = Path(path)
        suffix = path.suffix.lower()
        if suffix == ".svg":
            content = self.svg.encode()
        elif suffix == ".tex":
            content = self.tikz.encode()
        elif suffix in (".dot", ".gv"):
            content = self.dot.source.encode()
        elif suffix in (".png", ".pdf"):
            content = render_with_graphviz(self.dot.source, suffix[1:])
        else:
            ending = f"the ending {suffix!r}" if suffix else "no ending"
            raise ValueError(
                f"{str(path)!r} has {ending}; "
                "a drawing is saved as .svg, .tex, .dot, .gv, .png or .pdf"
            )
        replace_file(path, content)

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        count = sum(block.kind in ("leaf", "gate") for block in self._blocks)
        values = "1 value" if count == 1 else f"{count} values"
        return f"<Drawing of {values}: {self._blocks[-1].sentence}; .save('circuit.svg') writes it>"


def draw(
    value: Value,
    *,
    decimals: int | None = None,
    palette: Literal["cs231n", "colorblind"] = "cs231n",
    inputs: Inputs = "far",
    title: str | None = None,
    branches: bool = False,
    local: bool = False,
    expand: Expand = False,
    names: Mapping[str, Any] | None = None,
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
        branches: whether a value that is used more than once is drawn as a copy gate: a dot, and
            for each branch its own value and its own contribution, upstream × local. The
            contributions add up to the gradient of the value, which is then that of this pass.
        local: whether each wire carries, near the gate that it enters, its local gradient.
        expand: whether gates such as σ and Σwx are drawn opened into simpler gates: True for all
            that open, or a collection of gates' names and of values, `{"sigmoid", q}`. A frame
            stands around the parts where nothing is in its way. A gate whose parts would overflow
            stays closed.
        names: names for this picture only, such as `{"q": q}` or `locals()`; no label is set.
        limit: how many values the picture may have; None for any number.

    Raises:
        TypeError: if `value` is not a `Value`, or `decimals` no whole number.
        ValueError: if an option is not one of its choices, or the circuit is larger than `limit`.

    >>> x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    >>> f = (x + y) * z
    >>> f.backward()
    >>> draw(f)
    <Drawing of 5 values: v2 = v1 * z = -12, gradient 1; .save('circuit.svg') writes it>
    >>> draw(f, names={"f": f, "q": x + y}, branches=True, local=True)
    <Drawing of 5 values: f = v1 * z = -12, gradient 1; .save('circuit.svg') writes it>
    """
    check_drawable(value, inputs, limit)
    colours = palette_named(palette)
    circuit = read_circuit(value, expand)
    passes = circuit.trace
    if names is not None:
        passes = renamed(passes, names_for(circuit.values, names))
    if branches and passes.ran:
        passes = of_this_pass(passes)
    blocks = blocks_of(passes, decimals, branches=branches, local=local)
    heading = printable(title) if title else None
    return Drawing(blocks, palette=colours, inputs=inputs, title=heading, groups=circuit.groups)


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
