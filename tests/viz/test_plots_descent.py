"""Plots: paths of gradient descent."""

import math
from typing import Any

import numpy as np
import pytest
from plotted import (
    CORNERS,
    contour_vertices,
    image_of,
    legend_texts,
    line_of,
    new_axes,
    points_of,
    rendered,
)

from autograd_core import Value
from nn import MLP, softmax
from viz import plots


def bowl(x: Any, y: Any) -> Any:
    return x**2 + 4.0 * y**2


def descend(rate: float, steps: int) -> list[tuple[float, float]]:
    point = (2.0, 1.0)
    path = [point]
    for _ in range(steps):
        x, y = Value(point[0]), Value(point[1])
        bowl(x, y).backward()
        point = (x.data - rate * x.grad, y.data - rate * y.grad)
        path.append(point)
    return path


def test_paths_are_where_the_descent_went() -> None:
    paths = {f"rate {rate}": descend(rate, 5) for rate in (0.05, 0.2)}
    ax = plots.descent_paths(bowl, paths, new_axes(), resolution=10)
    for name, path in paths.items():
        line = line_of(ax, name)
        assert points_of(line) == [list(point) for point in path]
        same = [each for each in ax.lines if each.get_color() == line.get_color()]
        start, end = (each for each in same if len(points_of(each)) == 1)
        assert [points_of(start), points_of(end)] == [[list(path[0])], [list(path[-1])]]
        assert start.get_markerfacecolor() != line.get_color() == end.get_markerfacecolor()
    assert legend_texts(ax) == ["rate 0.05", "rate 0.2", "start", "end"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("x", "y")
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert all(left < x < right and bottom < y < top for path in paths.values() for x, y in path)


@pytest.mark.parametrize("kind", [list, tuple, np.array])
def test_one_path_needs_no_name(kind: Any) -> None:
    ax = plots.descent_paths(bowl, kind(descend(0.1, 3)), new_axes(), resolution=5)
    assert legend_texts(ax) == ["start", "end"]


def test_contours_are_where_the_function_has_one_height() -> None:
    def slope(w: Any, b: Any) -> Any:
        return 2.0 * w - 3.0 * b + 1.0

    ax = plots.descent_paths(slope, CORNERS, new_axes(), levels=5, resolution=9)
    lines = [vertices for vertices in contour_vertices(ax) if len(vertices)]
    heights = [slope(*vertices.T) for vertices in lines]
    assert len(lines) == 5
    for height in heights:
        assert np.ptp(height) < 1e-9
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("w", "b")
    corners = [slope(x, y) for x in ax.get_xlim() for y in ax.get_ylim()]
    assert all(min(corners) < height[0] < max(corners) for height in heights)


def test_the_scale_has_round_numbers_which_are_heights_of_contours() -> None:
    ax = plots.descent_paths(bowl, CORNERS, new_axes(), levels=6)
    [scale] = ax.child_axes[:1]
    numbers = [label.get_text() for label in scale.get_yticklabels()]
    heights = [float(bowl(*v[0])) for v in contour_vertices(ax) if len(v)]
    assert len(numbers) >= 4
    for number in numbers:
        assert min(abs(float(number) - height) for height in heights) < 1e-3
    assert all(len(number.strip("0.").replace(".", "")) <= 2 for number in numbers)


def test_between_two_contours_there_is_about_the_same_area() -> None:
    def steep(x: Any, y: Any) -> Any:
        return x**9 + 0.0 * y

    ax = plots.descent_paths(
        steep, [(0.5, 0.5)], new_axes(), levels=4, resolution=201, xlim=(0, 1), ylim=(0, 1)
    )
    places = sorted(vertices[0, 0] for vertices in contour_vertices(ax) if len(vertices))
    assert places == pytest.approx([0.2, 0.4, 0.6, 0.8], abs=0.1)


def test_the_plot_is_white_where_a_gate_refuses() -> None:
    ax = plots.descent_paths(
        lambda x, y: x.log() + y * y, [(1.0, 0.0), (0.5, 0.0)], new_axes(), xlim=(-1, 2)
    )
    assert min(v[:, 0].min() for v in contour_vertices(ax) if len(v)) > 0.0
    rendered(ax)


@pytest.mark.parametrize("function", [lambda x, y: 3.0, lambda x, y: (x - 9.0).log()])
def test_a_landscape_without_heights(function: Any) -> None:
    ax = plots.descent_paths(function, [(1.0, 0.0), (0.5, 0.0)], new_axes(), resolution=4)
    assert not ax.collections
    rendered(ax)


def test_a_plateau_with_one_edge() -> None:
    rendered(plots.descent_paths(lambda x, y: x.step(), [(-1.0, 0.0), (1.0, 0.0)], new_axes()))


def test_a_descent_that_diverges() -> None:
    rendered(plots.descent_paths(bowl, descend(5.0, 300), new_axes(), xlim=(-3, 3), ylim=(-3, 3)))
    path = [(1.0, 1.0), (2.0, 2.0), (math.inf, math.nan)]
    ax = plots.descent_paths(bowl, path, new_axes(), resolution=5)
    assert ax.get_xlim()[1] < 3.0
    rendered(plots.descent_paths(bowl, descend(5.0, 60), new_axes(), resolution=5))


@pytest.mark.parametrize(
    ("paths", "error", "words"),
    [
        ({}, ValueError, "paths is empty"),
        ([], ValueError, "the path is empty"),
        ({"adam": []}, ValueError, "path 'adam' is empty"),
        ({"adam": [(1.0, 2.0, 3.0)]}, ValueError, r"path 'adam' must be .* shape \(1, 3\)"),
        ([(Value(1.0), Value(2.0))], TypeError, r"v\.data"),
    ],
)
def test_paths_that_are_none(paths: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        plots.descent_paths(bowl, paths)


def test_functions_that_are_no_landscape() -> None:
    with pytest.raises(TypeError, match=r"one height at .* but the function gave \["):
        plots.descent_paths(lambda x, y: [x, y], CORNERS)
    with pytest.raises(TypeError, match="For functions of math use gates"):
        plots.descent_paths(lambda x, y: math.sin(x), CORNERS)
    with pytest.raises(ValueError, match="levels must be a whole number, 1 or more, not 0"):
        plots.descent_paths(bowl, CORNERS, levels=0)


def test_probabilities_of_logits() -> None:
    model = MLP(2, [3], seed=1)
    by_logit, by_probability = (
        plots.decision_boundary(answer, CORNERS, [0, 1, 2, 2], new_axes(), resolution=8)
        for answer in (model, lambda p: softmax(model(p)))
    )
    assert np.array_equal(image_of(by_logit).get_array(), image_of(by_probability).get_array())
