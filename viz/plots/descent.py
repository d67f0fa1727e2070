"""`descent_paths`: how gradient descent walks over the landscape of a function."""

import inspect
from collections.abc import Callable, Mapping
from math import ceil, nan
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, LinearSegmentedColormap
from matplotlib.lines import Line2D

from autograd_core import Value, no_grad
from viz.plots.canvas import (
    GREY,
    INK,
    PAPER,
    axes_for,
    legend_above,
    look_of,
    scale_beside,
    tint,
)
from viz.plots.plane import (
    Floats,
    Plane,
    Range,
    as_points,
    check_count,
    plain_numbers,
    plane_around,
)

Path = npt.ArrayLike
"""The points (x, y) that were visited, in order."""


def descent_paths(
    function: Callable[[Any, Any], Any],
    paths: Path | Mapping[str, Path],
    ax: Axes | None = None,
    *,
    levels: int = 16,
    resolution: int = 100,
    xlim: Range | None = None,
    ylim: Range | None = None,
) -> Axes:
    """Plot paths of gradient descent over the contour lines of the function that they descend.

    Each step is a small mark on its path; a large open mark is the start, a large full one the end.
    Darker is lower. Contour lines are chosen so that there is as much area between one pair of them
    as between another: those of a steep function are not all at its rim.

    Args:
        function: of two values; returns a value or a number. Nothing is recorded. The plot is white
            where a gate refuses its numbers.
        paths: the points of a path in order, an array of shape (steps + 1, 2) or a list of pairs;
            or a mapping from names to paths.
        ax: where to draw; a new figure if left out.
        levels: how many contour lines there are.
        resolution: at how many rows and columns of points the function is evaluated.
        xlim, ylim: the part of the plane to show; that of the paths if left out.

    Returns:
        The axes.

    Raises:
        ValueError: if there is no path, or one is no list of pairs.
        TypeError: if a path or the function's result holds something else than numbers.

    >>> from matplotlib.figure import Figure
    >>> def bowl(x, y):
    ...     return x**2 + 4 * y**2
    >>> path = [(2.0, 1.0), (1.0, -0.5), (0.5, 0.25)]
    >>> ax = descent_paths(bowl, {"rate 0.25": path}, ax=Figure().subplots(), resolution=10)
    >>> ax.lines[0].get_xdata().tolist()
    [2.0, 1.0, 0.5]
    """
    check_count(levels, "levels", least=1)
    named = paths if isinstance(paths, Mapping) else {"": paths}
    if not named:
        raise ValueError("paths is empty; give at least one, a list of pairs (x, y)")
    walks = {
        name: as_points(path, f"path {name!r}" if name else "the path")
        for name, path in named.items()
    }
    plane = plane_around(np.concatenate(list(walks.values())), resolution, xlim, ylim)
    heights = _heights(function, plane)
    x_name, y_name = _names_of_inputs(function)
    ax = axes_for(ax, 5.0, 4.0)
    _draw_contours(ax, plane, heights, levels, f"f({x_name}, {y_name})")
    lines: list[Artist] = [
        _draw_path(ax, walk, name, look_of(place))
        for place, (name, walk) in enumerate(walks.items())
    ]
    ends = [
        Line2D([], [], linestyle="", marker="o", color=GREY, markerfacecolor=inside, label=label)
        for inside, label in ((PAPER, "start"), (GREY, "end"))
    ]
    legend_above(ax, [*lines, *ends] if isinstance(paths, Mapping) else ends)
    plane.fit(ax, xlabel=x_name, ylabel=y_name)
    return ax


def _heights(function: Callable[[Any, Any], Any], plane: Plane) -> Floats:
    """The function all over the plane, `nan` where a gate refuses its numbers."""
    with no_grad():
        return plane.over([_height(function, x, y) for x, y in plane.points.tolist()])


def _height(function: Callable[[Any, Any], Any], x: float, y: float) -> float:
    try:
        answer = function(Value(x), Value(y))
    except (ValueError, ZeroDivisionError):
        return nan
    heights = plain_numbers(answer, (x, y))
    if len(heights) != 1:
        raise TypeError(f"a landscape has one height at {(x, y)}, but the function gave {answer!r}")
    return heights[0]


def _names_of_inputs(function: Callable[[Any, Any], Any]) -> tuple[str, str]:
    """What the function calls its two inputs, for the axes."""
    names = list(inspect.signature(function).parameters)
    return (names[0], names[1]) if len(names) == 2 else ("x", "y")


def _draw_contours(ax: Axes, plane: Plane, heights: Floats, count: int, label: str) -> None:
    """Lines with an equal share of the area between each two, for landscapes of any steepness."""
    finite = heights[np.isfinite(heights)]
    if not len(finite) or np.ptp(finite) == 0.0:  # defined nowhere, or flat
        return
    levels = np.unique(np.quantile(finite, np.linspace(0.0, 1.0, count + 2)))
    shades = LinearSegmentedColormap.from_list("shades", [tint(GREY, 0.4), tint(PAPER, 1.0)])
    norm = BoundaryNorm(levels, shades.N)
    areas = ax.contourf(plane.x, plane.y, heights, levels=levels, cmap=shades, norm=norm)
    some = levels[:: ceil(len(levels) / 6)]
    scale_beside(ax, areas, label).set_yticks(some, [f"{level:.3g}" for level in some])
    lines = [tint(GREY, 0.6)]
    ax.contour(plane.x, plane.y, heights, levels=levels[1:-1], colors=lines, linewidths=0.6)


def _draw_path(ax: Axes, walk: Floats, name: str, look: dict[str, Any]) -> Artist:
    """A path with its steps, its start and its end."""
    [line] = ax.plot(
        *walk.T, **look, linewidth=1.5, markersize=3.0, markeredgewidth=0.0, label=name
    )
    end = {**look, "linestyle": "", "markeredgecolor": INK, "markersize": 7.0}
    ax.plot(*walk[0], **end, markerfacecolor=PAPER)
    ax.plot(*walk[-1], **end)
    return line
