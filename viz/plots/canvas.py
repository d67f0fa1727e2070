"""What plots share: colours, axes, what stands beside them, and the plane with its points.

The points are the user's, checked, and a grid of them on which a model is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import CenteredNorm, LinearSegmentedColormap, to_rgb
from matplotlib.image import AxesImage

from viz.network.model import Layer, number_of
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


Floats = npt.NDArray[np.float64]
Range = tuple[float, float]

_MARGIN = 0.12  # around points, as a part of the range that they cover


@dataclass(frozen=True)
class Plane:
    """A grid of points over a rectangle: where its columns and its rows, from below, are."""

    x: Floats
    y: Floats

    @property
    def points(self) -> Floats:
        """All points (x, y), row by row: an array of shape (rows · columns, 2)."""
        return np.stack(np.meshgrid(self.x, self.y), axis=-1).reshape(-1, 2)

    def over(self, rows: Any) -> Floats:
        """Numbers for each of the points, in their order, as an array (rows, columns, …)."""
        numbers = np.asarray(rows, dtype=float)
        return numbers.reshape(len(self.y), len(self.x), *numbers.shape[1:])

    def show(self, ax: Axes, image: Floats, **colours: Any) -> AxesImage:
        """An image with a pixel centred on each point; `colours` are `cmap` and `norm`."""
        half_x, half_y = (self.x[1] - self.x[0]) / 2.0, (self.y[1] - self.y[0]) / 2.0
        left, right, bottom, top = self._limits()
        return ax.imshow(
            image,
            extent=(left - half_x, right + half_x, bottom - half_y, top + half_y),
            origin="lower",
            aspect="auto",
            interpolation="bilinear",
            **colours,
        )

    def fit(self, ax: Axes, **options: Any) -> None:
        """Make the rectangle what the axes show, and set other options of theirs."""
        left, right, bottom, top = self._limits()
        ax.set(xlim=(left, right), ylim=(bottom, top), **options)

    def _limits(self) -> tuple[float, float, float, float]:
        return float(self.x[0]), float(self.x[-1]), float(self.y[0]), float(self.y[-1])


def plane_around(
    points: Floats, resolution: int, xlim: Range | None = None, ylim: Range | None = None
) -> Plane:
    """A grid with so many rows and columns over the rectangle in which points lie.

    Points that are not finite have no say, nor have any where the user has chosen a range.
    """
    check_count(resolution, "resolution", least=2)
    finite = points[np.isfinite(points).all(axis=1)]
    if not len(finite) and (xlim is None or ylim is None):
        raise ValueError("none of the points is finite; say what to show with xlim= and ylim=")
    x = np.linspace(*_range(finite[:, 0], xlim, "xlim"), resolution)
    return Plane(x, np.linspace(*_range(finite[:, 1], ylim, "ylim"), resolution))


def _range(numbers: Floats, limits: Any, name: str) -> Range:
    """What the user has chosen; if that is None, the range of the numbers with a margin."""
    if limits is None:
        least, largest = float(numbers.min()), float(numbers.max())
        margin = _MARGIN * (largest - least) or 1.0
        return least - margin, largest + margin
    try:
        least, largest = map(float, limits)
    except (TypeError, ValueError):
        raise ValueError(f"{name} is a pair of numbers, (least, largest), not {limits!r}") from None
    if not np.isfinite([least, largest]).all() or not least < largest:
        raise ValueError(f"{name} must go from a number to a larger one, not {limits!r}")
    return least, largest


def as_points(points: Any, name: str) -> Floats:
    """Points as an array of shape (n, 2); messages call them by this name."""
    try:
        array = np.asarray(points, dtype=float)
    except ValueError:
        raise ValueError(
            f"{name} must be pairs of numbers, [(x, y), …], and not all of them are"
        ) from None
    if array.size == 0:
        raise ValueError(f"{name} is empty; it must be pairs of numbers, [(x, y), …]")
    if array.ndim != 2 or array.shape[1] != 2:
        hint = "; its transpose does" if array.ndim == 2 and array.shape[0] == 2 else ""
        raise ValueError(
            f"{name} must be pairs of numbers, an array of shape (n, 2), "
            f"but has shape {array.shape}{hint}"
        )
    return array


def check_count(number: Any, name: str, least: int) -> None:
    """See that an option is a whole number, and not too small."""
    if isinstance(number, bool) or not isinstance(number, int) or number < least:
        raise ValueError(f"{name} must be a whole number, {least} or more, not {number!r}")


def check_two_inputs(first: Layer, caller: str) -> None:
    """See that a network, whose first layer this is, maps the plane."""
    if first.nin != 2:
        inputs = "1 input" if first.nin == 1 else f"{first.nin} inputs"
        raise ValueError(
            f"{caller}() shows a model over the plane, with two inputs; it has {inputs}"
        )


def plain_numbers(answer: Any, question: Any) -> list[float]:
    """What a model returned for a point: a value, a number, or a list or array of them.

    >>> from autograd_core import Value
    >>> plain_numbers(Value(0.5), [1.0, 2.0]), plain_numbers([Value(0.5), 2], [1.0, 2.0])
    ([0.5], [0.5, 2.0])
    """
    try:
        return [number_of(each) for each in np.atleast_1d(np.asarray(answer, dtype=object))]
    except TypeError:
        raise TypeError(
            f"for {question!r} the model returned {answer!r}; "
            "it must return a value, a number, or a list of them"
        ) from None
