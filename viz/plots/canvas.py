"""What all plots share: colours, axes, and what stands beside them."""

from collections.abc import Sequence
from math import ceil
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import CenteredNorm, LinearSegmentedColormap, to_rgb

from viz.scene.style import PALETTES

_PALETTE = PALETTES["colorblind"]
INK, PAPER, GREY = _PALETTE.ink, _PALETTE.paper, _PALETTE.local
BLUE, ORANGE = _PALETTE.data, _PALETTE.grad

# colours that stay apart for the colour-blind (after Okabe and Ito, Color universal design, 2008),
# and markers that stay apart in black and white
COLOURS = (ORANGE, BLUE, "#009e73", "#cc79a7", "#e69f00", "#56b4e9", GREY)
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "p")

AxesArray = npt.NDArray[Any]
"""An array of axes, as `matplotlib.pyplot.subplots` returns it."""

_LEGEND_COLUMNS = 4  # at most
_LEGEND_ROW, _SCALE_GAP, _SCALE_WIDTH = 0.26, 0.1, 0.12  # inches


def tint(colour: str, strength: float) -> tuple[float, float, float]:
    """A colour mixed with white: the colour itself at strength 1, white at 0.

    >>> tint("#000000", 0.25)
    (0.75, 0.75, 0.75)
    """
    red, green, blue = (1.0 - strength * (1.0 - part) for part in to_rgb(colour))
    return red, green, blue


def signed_colours(
    numbers: npt.NDArray[np.float64], centre: float = 0.0, strength: float = 1.0
) -> dict[str, Any]:
    """Colours for signed numbers: orange below the centre, white at it, blue above.

    They are the options `cmap` and `norm` of an image. The largest of the numbers that is finite
    has the full colour, tinted with this strength.

    >>> signed_colours(np.array([-3.0, 2.0, float("inf")]))["norm"].halfrange
    3.0
    """
    colours = [tint(ORANGE, strength), tint(PAPER, 1.0), tint(BLUE, strength)]
    sizes = np.abs(numbers - centre)
    largest = float(sizes[np.isfinite(sizes)].max(initial=0.0))
    return {
        "cmap": LinearSegmentedColormap.from_list("orange-white-blue", colours),
        "norm": CenteredNorm(centre, largest or 1.0),
    }


def look_of(place: int) -> dict[str, Any]:
    """The colour and the marker of one class, or one path, among several."""
    return {"color": COLOURS[place % len(COLOURS)], "marker": MARKERS[place % len(MARKERS)]}


def axes_for(ax: Axes | None, width: float, height: float) -> Axes:
    """The axes to draw into: the user's, or those of a new figure, which a notebook shows.

    Width and height are those of the new figure in inches.

    Raises:
        TypeError: if `ax` is something else than axes.
    """
    if ax is None:
        from matplotlib import pyplot  # chooses a window system, so only where it is needed

        new: Axes = pyplot.subplots(figsize=(width, height), layout="constrained")[1]
        return new
    if not isinstance(ax, Axes):
        raise TypeError(f"ax takes the axes of one plot, as in ax=figure.subplots(), not {ax!r}")
    return ax


def grid_of_axes(ax: Axes, rows: int, columns: int, gap: float) -> AxesArray:
    """Small axes inside axes, which themselves become invisible: an array (rows, columns).

    The gap between two of them is a part of the width and height of one.
    """
    ax.set_axis_off()
    width, height = (1.0 / (count + gap * (count - 1)) for count in (columns, rows))
    grid = np.empty((rows, columns), dtype=object)
    for row, column in np.ndindex(rows, columns):
        left = column * (1.0 + gap) * width
        bottom = (rows - 1 - row) * (1.0 + gap) * height
        grid[row, column] = ax.inset_axes((left, bottom, width, height))
    return grid


def scale_beside(ax: Axes, colours: ScalarMappable, label: str) -> Axes:
    """Say to the right of a plot which number each colour stands for.

    The axes of the scale belong to those of the plot and go when they are cleared.
    """
    inches = ax.get_window_extent().width / ax.figure.dpi
    strip = ax.inset_axes((1.0 + _SCALE_GAP / inches, 0.0, _SCALE_WIDTH / inches, 1.0))
    bar = ax.figure.colorbar(colours, cax=strip, label=label)
    bar.outline.set_visible(False)
    strip.tick_params(length=2, labelsize="small")
    return strip


def legend_above(ax: Axes, handles: Sequence[Artist], raised: float = 0.0) -> None:
    """A legend of these handles in rows above a plot, raised so many inches; without any, none.

    It belongs to small axes of its own, so that a title that is set later stands above it:
    matplotlib moves titles out of the way of axes but not of legends.
    """
    if not handles:
        return
    rows = ceil(len(handles) / _LEGEND_COLUMNS)
    inches = ax.get_window_extent().height / ax.figure.dpi
    strip = ax.inset_axes((0.0, 1.0 + raised / inches, 1.0, rows * _LEGEND_ROW / inches))
    strip.set_axis_off()
    strip.legend(
        handles=handles,
        ncols=ceil(len(handles) / rows),
        loc="center left",
        borderaxespad=0.0,
        borderpad=0.0,
        frameon=False,
        fontsize="small",
    )
