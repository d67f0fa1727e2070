"""Functions of two inputs as landscapes: what a model says about every point of the plane
(`decision_boundary`), and how gradient descent walks over it (`descent_paths`).
"""

import inspect
from collections.abc import Callable, Mapping
from copy import deepcopy
from math import ceil, floor, log10, nan
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, LinearSegmentedColormap
from matplotlib.lines import Line2D

from autograd_core import Value, no_grad
from viz.network.model import is_model, read_model
from viz.plots.canvas import (
    COLOURS,
    GREY,
    INK,
    PAPER,
    Floats,
    Plane,
    Range,
    as_points,
    axes_for,
    check_count,
    check_two_inputs,
    legend_above,
    look_of,
    plain_numbers,
    plane_around,
    scale_beside,
    signed_colours,
    tint,
)

Function = Callable[[list[float]], Any]
Evaluate = Callable[[Floats], npt.ArrayLike]

_ONE_BY_ONE, _ALL_AT_ONCE = 50, 200  # rows and columns that take about a second
_FROM_0_TO_1 = ("logistic", "sigmoid", "step")  # what outputs are called that are 0 to 1
_STRENGTH = 0.65  # of the colours behind the data


def decision_boundary(
    model: Function,
    points: npt.ArrayLike,
    labels: npt.ArrayLike,
    ax: Axes | None = None,
    *,
    threshold: float | None = None,
    evaluate: Evaluate | None = None,
    resolution: int | None = None,
    xlim: Range | None = None,
    ylim: Range | None = None,
) -> Axes:
    """Plot what a model with two inputs says about the plane, and the data on top.

    A model with one output gives a score. Its colour is white at the threshold, blue above it and
    orange below, and a black line runs where the score crosses the threshold. A model with several
    outputs has one for each class: an area has the colour of the class whose output is the largest
    there.

    Args:
        model: anything that is called with a pair of numbers, `[x, y]`, and returns a value, a
            number, or a list of them, such as an `nn.MLP(2, …)`. Nothing is recorded, and what has
            `parameters`, such as an `nn.Module`, is left as it was.
        points: the data, an array of shape (n, 2) or a list of pairs.
        labels: a number for each point: 0 and 1, or -1 and 1; for a model with several outputs,
            the class, counted from 0.
        ax: where to draw; a new figure if left out.
        threshold: the score at the boundary, such as 0.5 for probabilities. If left out, it is 0.5
            for a network whose output is logistic or a step, and 0 for everything else.
        evaluate: a quicker way to the same outputs, a function from an array of shape (n, 2) to
            one of shape (n,) or (n, classes). It is called once, and the model is not.
        resolution: how many rows and columns of points the model is asked about; 50 if left out,
            200 with `evaluate`. Colours and boundaries between them are interpolated.
        xlim, ylim: the part of the plane to show; that of the data if left out.

    Returns:
        The axes.

    Raises:
        ValueError: if the points are no pairs, if the labels do not fit them or the model, or if
            the model has not two inputs.
        TypeError: if points, labels or outputs are no numbers.

    >>> from matplotlib.figure import Figure
    >>> points, labels = [(0, 0), (0, 1), (1, 0), (1, 1)], [0, 1, 1, 1]
    >>> either = lambda point: point[0] + point[1] - 0.5
    >>> ax = decision_boundary(either, points, labels, ax=Figure().subplots(), resolution=5)
    >>> ax.images[0].get_array().shape
    (5, 5)
    """
    data = as_points(points, "points")
    classes = _as_labels(labels, len(data))
    usual = 0.0  # the middle between the two answers of a model, as far as that is known
    if is_model(model):
        layers, _ = read_model(model)
        check_two_inputs(layers[0], "decision_boundary")
        usual = 0.5 if layers[-1].activation in _FROM_0_TO_1 else 0.0
    if resolution is None:
        resolution = _ALL_AT_ONCE if evaluate else _ONE_BY_ONE
    plane = plane_around(data, resolution, xlim, ylim)
    outputs = _ask_all(evaluate, plane) if evaluate else _ask_each(model, plane)
    count = outputs.shape[-1]
    _check_labels(classes, count)
    ax = axes_for(ax, 5.0, 4.0)
    if count == 1:
        _draw_score(ax, plane, outputs[..., 0], usual if threshold is None else threshold)
    else:
        _draw_areas(ax, plane, outputs)
    _draw_points(ax, data, classes, "label" if count == 1 else "class")
    plane.fit(ax, xlabel="x", ylabel="y")
    return ax


def _as_labels(labels: npt.ArrayLike, count: int) -> Floats:
    try:
        array = np.asarray(labels, dtype=float)
    except ValueError:
        raise ValueError(f"labels must be numbers, one for each point, not {labels!r}") from None
    if array.ndim != 1:
        raise ValueError(
            f"labels must be one number for each point, of shape ({count},), not {array.shape}"
        )
    if len(array) != count:
        raise ValueError(f"there are {count} points but {len(array)} labels")
    return array


def _check_labels(labels: Floats, outputs: int) -> None:
    """See that the labels are those of a model with so many outputs."""
    found = set(labels.tolist())
    if outputs == 1 and not (found <= {0.0, 1.0} or found <= {-1.0, 1.0}):
        raise ValueError(
            "a model with one output separates the labels 0 and 1, or -1 and 1; "
            f"these are {_listed(found)}"
        )
    if outputs > 1 and not found <= set(range(outputs)):
        raise ValueError(
            f"a model with {outputs} outputs has the classes 0 to {outputs - 1}; "
            f"the labels are {_listed(found)}"
        )


def _listed(numbers: set[float]) -> str:
    shown = [f"{number:g}" for number in sorted(numbers)]
    return ", ".join(shown[:6] + ["…"] * (len(shown) > 6))


def _ask_each(model: Function, plane: Plane) -> Floats:
    """The model's outputs, one point after the other: an array (rows, columns, outputs)."""
    if hasattr(type(model), "parameters"):
        model = deepcopy(model)  # a network remembers its last call, and this was not the user's
    with no_grad():
        rows = [plain_numbers(model(point), point) for point in plane.points.tolist()]
    return plane.over(rows)


def _ask_all(evaluate: Evaluate, plane: Plane) -> Floats:
    """The same, by one call of a function for all points."""
    points = plane.points
    outputs = np.asarray(evaluate(points), dtype=float)
    if outputs.ndim not in (1, 2) or len(outputs) != len(points):
        raise ValueError(
            f"evaluate got points of shape {points.shape} and must return an array of shape "
            f"({len(points)},) or ({len(points)}, classes), but returned one of {outputs.shape}"
        )
    return plane.over(outputs.reshape(len(points), -1))


def _draw_score(ax: Axes, plane: Plane, score: Floats, threshold: float) -> None:
    image = plane.show(ax, score, **signed_colours(score, threshold, _STRENGTH))
    scale_beside(ax, image, "score").axhline(threshold, color=INK, linewidth=1.5)
    _draw_boundary(ax, plane, score - threshold)


def _draw_areas(ax: Axes, plane: Plane, outputs: Floats) -> None:
    count = outputs.shape[-1]
    tints = np.array([tint(COLOURS[place % len(COLOURS)], 0.4) for place in range(count)])
    plane.show(ax, tints[outputs.argmax(axis=-1)])
    for place in range(count):
        others = np.delete(outputs, place, axis=-1).max(axis=-1)
        _draw_boundary(ax, plane, outputs[..., place] - others)


def _draw_boundary(ax: Axes, plane: Plane, difference: Floats) -> None:
    """A line where a function of the plane changes its sign, if it does."""
    finite = difference[np.isfinite(difference)]
    if finite.min(initial=0.0) < 0.0 < finite.max(initial=0.0):
        ax.contour(plane.x, plane.y, difference, levels=[0.0], colors=INK, linewidths=1.5)


def _draw_points(ax: Axes, points: Floats, labels: Floats, what: str) -> None:
    """The data, with a colour and a marker for each class."""
    handles: list[Artist] = []
    for label in np.unique(labels):
        handles += ax.plot(
            *points[labels == label].T,
            linestyle="",
            **look_of(max(0, int(label))),
            markersize=5.0,
            markeredgecolor=PAPER,
            markeredgewidth=0.6,
            label=f"{what} {label:g}",
        )
    legend_above(ax, handles)


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
    """Lines with about the same area between each two, for landscapes of any steepness.

    They are at round numbers.
    """
    finite = heights[np.isfinite(heights)]
    if not len(finite) or np.ptp(finite) == 0.0:  # defined nowhere, or flat
        return
    shares = np.quantile(finite, np.linspace(0.0, 1.0, count + 2)).tolist()
    round_ones = [
        _roundest(share - (share - before) / 4, share + (after - share) / 4)
        for before, share, after in zip(shares, shares[1:], shares[2:], strict=False)
    ]
    levels = np.unique([shares[0], *round_ones, shares[-1]])
    shades = LinearSegmentedColormap.from_list("shades", [tint(GREY, 0.4), tint(PAPER, 1.0)])
    norm = BoundaryNorm(levels, shades.N)
    areas = ax.contourf(plane.x, plane.y, heights, levels=levels, cmap=shades, norm=norm)
    some = levels[1:-1][:: ceil(len(levels) / 8)]
    scale = scale_beside(ax, areas, label)
    scale.minorticks_off()
    scale.set_yticks(some, [f"{level:.12g}" for level in some])
    lines = [tint(GREY, 0.6)]
    ax.contour(plane.x, plane.y, heights, levels=levels[1:-1], colors=lines, linewidths=0.6)


def _roundest(low: float, high: float) -> float:
    """The number from one to another that has the fewest digits.

    >>> _roundest(1.73, 2.6), _roundest(0.00031, 0.00042), _roundest(-12.0, 3.0)
    (2.0, 0.0004, 0.0)
    """
    if low <= 0.0 <= high or low == high:
        return 0.0 if low <= 0.0 <= high else low
    power = floor(log10(max(-low, high)))
    steps = (10.0**digit / part for digit in range(power, power - 15, -1) for part in (1, 2))
    found = (ceil(low / step) * step for step in steps)
    return next((float(f"{number:.12g}") for number in found if number <= high), low)


def _draw_path(ax: Axes, walk: Floats, name: str, look: dict[str, Any]) -> Artist:
    """A path with its steps, its start and its end."""
    [line] = ax.plot(
        *walk.T, **look, linewidth=1.5, markersize=3.0, markeredgewidth=0.0, label=name
    )
    end = {**look, "marker": "o", "linestyle": "", "markeredgecolor": INK, "markersize": 7.0}
    ax.plot(*walk[0], **end, markerfacecolor=PAPER)
    ax.plot(*walk[-1], **end)
    return line
