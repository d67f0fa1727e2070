"""Figures of lessons, made with matplotlib: axes to plot on, and the finished figure as SVG.

This module is for lessons that plot; where matplotlib is missing, those are left out.
"""

import io
import re
from dataclasses import dataclass, field
from html import escape
from typing import Any, cast

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from viz.plots.canvas import BLUE, GREY, INK, ORANGE, PAPER
from viz.write.picture import image

__all__ = ["BLUE", "GREY", "INK", "ORANGE", "PAPER", "Plot", "new_axes", "plot"]


def new_axes(width: float, height: float, columns: int = 1, **options: Any) -> list[Axes]:
    """Empty axes, side by side in a new figure.

    Args:
        width: of the figure in inches; a page of the gallery has room for 8.
        height: of the figure in inches.
        columns: how many axes there are.
        options: those of matplotlib's `Figure.subplots`, such as `sharey=True`.

    >>> left, right = new_axes(8.0, 3.0, columns=2)
    >>> left.figure is right.figure
    True
    """
    figure = Figure(figsize=(width, height), layout="constrained", facecolor=PAPER)
    axes: list[Axes] = list(figure.subplots(1, columns, squeeze=False, **options)[0])
    for ax in axes:
        ax.spines[["top", "right"]].set_visible(False)
        ax.tick_params(labelsize="small")
    return axes


@dataclass(frozen=True)
class Plot:
    """A finished figure, as `plot` returns it: what it shows, in words, and as SVG text."""

    words: str
    svg: str = field(repr=False)

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        return image(self.svg)


def plot(ax: Axes, caption: str, alternative: str) -> Plot:
    """The figure to which axes belong, with words: the same bytes for the same figure.

    Letters become outlines, so that every reader sees the same, whatever fonts there are.

    Args:
        ax: the axes, or one of them, from `new_axes`.
        caption: what is to be seen in the picture, in a few words.
        alternative: the same facts in full, for those who cannot see it.

    >>> [ax] = new_axes(4.0, 2.0)
    >>> plot(ax, "Nothing yet", "Two axes from 0 to 1, and nothing between them.")
    Plot(words='Two axes from 0 to 1, and nothing between them.')
    """
    text = io.StringIO()
    metadata = {"Title": caption, "Creator": None, "Date": None, "Format": None, "Type": None}
    with matplotlib.rc_context({"svg.hashsalt": "demos", "svg.fonttype": "path"}):
        cast(Figure, ax.figure).savefig(text, format="svg", metadata=metadata)
    words = f"<title>{escape(caption)}</title>\n<desc>{escape(alternative)}</desc>"
    svg = re.sub("<title>.*?</title>", lambda _: words, text.getvalue(), count=1)
    return Plot(alternative, svg)
