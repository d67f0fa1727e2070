"""Plots: the boundary of a model with two inputs."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgb
from plotted import (
    CORNERS,
    EITHER,
    contour_vertices,
    image_of,
    legend_texts,
    new_axes,
    numbers_of,
    pixel_centres,
    points_of,
    rendered,
)

from autograd_core import Value, sigmoid
from nn import MLP
from viz import plots

FINITE = st.floats(-50.0, 50.0)


@pytest.mark.parametrize("seed", range(4))
def test_the_score_is_that_of_the_model(seed: int) -> None:
    model = MLP(2, [5, 1], activation="tanh", seed=seed)
    ax = plots.decision_boundary(model, CORNERS, EITHER, new_axes(), resolution=7)
    image = image_of(ax)
    expected = [model([x, y]).data for x, y in pixel_centres(image)]
    assert numbers_of(image) == pytest.approx(expected, abs=1e-12)


def test_the_plane_is_where_the_data_are() -> None:
    points = [(-3.0, 10.0), (5.0, 12.0)]
    ax = plots.decision_boundary(lambda p: p[0], points, [0, 1], new_axes(), resolution=5)
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert left < -3.0 < 5.0 < right and bottom < 10.0 < 12.0 < top
    assert right - left < 1.5 * 8.0 and top - bottom < 1.5 * 2.0
    columns = sorted({x for x, _ in pixel_centres(image_of(ax))})
    assert [columns[0], columns[-1]] == pytest.approx([left, right])
    options: dict[str, Any] = {"xlim": (0, 4), "ylim": [-1.0, 2.0]}
    ax = plots.decision_boundary(lambda p: p[0], points, [0, 1], new_axes(), **options)
    assert (ax.get_xlim(), ax.get_ylim()) == ((0.0, 4.0), (-1.0, 2.0))


def test_a_single_point_has_a_plane_around_it() -> None:
    ax = plots.decision_boundary(lambda p: p[0] - p[1], [(1.0, 2.0)], [1], new_axes())
    assert (ax.get_xlim(), ax.get_ylim()) == ((0.0, 2.0), (1.0, 3.0))


@pytest.mark.parametrize(
    "model",
    [
        lambda p: p[0] - 2.0 * p[1],
        lambda p: Value(p[0]) - 2.0 * p[1],
        lambda p: [Value(p[0] - 2.0 * p[1])],
        lambda p: np.array([p[0] - 2.0 * p[1]]),
        lambda p: np.array(p[0] - 2.0 * p[1]),
    ],
)
def test_whatever_a_model_returns_is_a_score(model: Any) -> None:
    ax = plots.decision_boundary(model, CORNERS, EITHER, new_axes(), resolution=3)
    expected = [x - 2.0 * y for x, y in pixel_centres(image_of(ax))]
    assert numbers_of(image_of(ax)) == pytest.approx(expected)


@pytest.mark.parametrize("shape", [(-1,), (-1, 1)])
def test_all_scores_at_once(shape: tuple[int, ...]) -> None:
    calls = []

    def evaluate(points: np.ndarray) -> np.ndarray:
        calls.append(points.shape)
        return (points[:, 0] - 2.0 * points[:, 1]).reshape(shape)

    model: Any = None  # is not called
    options: dict[str, Any] = {"resolution": 6, "evaluate": evaluate}
    ax = plots.decision_boundary(model, CORNERS, EITHER, new_axes(), **options)
    expected = [x - 2.0 * y for x, y in pixel_centres(image_of(ax))]
    assert numbers_of(image_of(ax)) == pytest.approx(expected)
    assert calls == [(36, 2)]


@settings(max_examples=30)
@given(FINITE, FINITE, FINITE, FINITE)
def test_the_boundary_is_where_the_score_is_the_threshold(
    a: float, b: float, c: float, threshold: float
) -> None:
    def line(point: list[float]) -> float:
        return a * point[0] + b * point[1] + c

    ax = plots.decision_boundary(
        line, CORNERS, EITHER, new_axes(), threshold=threshold, resolution=5
    )
    scores = numbers_of(image_of(ax))
    size = np.abs(scores - threshold).max()
    crosses = scores.min() < threshold < scores.max()
    vertices = [vertex for path in contour_vertices(ax) for vertex in path]
    assert bool(vertices) == crosses
    for x, y in vertices:
        assert line([x, y]) == pytest.approx(threshold, abs=1e-9 * (size + abs(threshold) + 1.0))


@pytest.mark.parametrize(
    ("output", "boundary"), [("logistic", 0.5), ("step", 0.5), ("tanh", 0.0), ("identity", 0.0)]
)
def test_the_threshold_of_a_network_is_the_middle_of_its_answers(
    output: Any, boundary: float
) -> None:
    model = MLP(2, [1], output=output, seed=1)
    ax = plots.decision_boundary(model, CORNERS, EITHER, new_axes(), resolution=3)
    assert image_of(ax).norm.vcenter == boundary


def test_colours_say_on_which_side_of_the_threshold_a_score_is() -> None:
    ax = plots.decision_boundary(
        lambda p: p[0], CORNERS, EITHER, new_axes(), threshold=0.25, resolution=9
    )
    image = image_of(ax)
    below, at, above = (image.cmap(image.norm(x))[:3] for x in (0.0, 0.25, 0.5))
    assert at == pytest.approx((1.0, 1.0, 1.0), abs=0.01)
    assert below[0] > below[2] and above[2] > above[0]  # orange, blue
    least, largest = image.get_clim()
    assert (least + largest) / 2 == pytest.approx(0.25)
    scores = image.get_array()
    assert largest - 0.25 == pytest.approx(np.abs(scores - 0.25).max())


def test_labels_have_their_own_colour_and_marker() -> None:
    for labels in ([0, 1, 1, 0], [-1, 1, 1, -1], [False, True, True, False]):
        ax = plots.decision_boundary(lambda p: p[0], CORNERS, labels, new_axes(), resolution=3)
        low, high = ax.lines
        assert points_of(low) == [list(CORNERS[0]), list(CORNERS[3])]
        assert points_of(high) == [list(CORNERS[1]), list(CORNERS[2])]
        assert low.get_marker() != high.get_marker()
        red, _, blue = to_rgb(low.get_color())
        assert red > blue
        red, _, blue = to_rgb(high.get_color())
        assert blue > red
        assert legend_texts(ax) == [f"label {int(labels[0])}", "label 1"]


def test_one_label_alone_keeps_its_side() -> None:
    colours = {}
    for label in (-1, 0, 1):
        ax = plots.decision_boundary(lambda p: p[0], CORNERS, [label] * 4, new_axes(), resolution=3)
        colours[label] = ax.lines[0].get_color()
    assert colours[-1] == colours[0] != colours[1]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("classes", [2, 3, 5])
def test_an_area_has_the_colour_of_its_class(seed: int, classes: int) -> None:
    model = MLP(2, [4, classes], activation="tanh", output="softmax", seed=seed)
    points = [(float(k), float(k % 2)) for k in range(classes)]
    ax = plots.decision_boundary(model, points, list(range(classes)), new_axes(), resolution=9)
    image = image_of(ax)
    markers = np.array([to_rgb(line.get_color()) for line in ax.lines])
    tints = 1.0 - 0.4 * (1.0 - markers)
    assert len(np.unique(tints, axis=0)) == classes
    for pixel, (x, y) in zip(image.get_array().reshape(-1, 3), pixel_centres(image), strict=True):
        winner = int(np.argmax([out.data for out in model([x, y])]))
        assert np.abs(tints - pixel).sum(axis=1).argmin() == winner
    assert len({line.get_marker() for line in ax.lines}) == classes
    assert legend_texts(ax) == [f"class {k}" for k in range(classes)]


def test_areas_meet_where_two_outputs_are_equal() -> None:
    def three(point: list[float]) -> list[float]:
        return [point[0], 0.5 - point[0], -10.0]

    ax = plots.decision_boundary(three, CORNERS, [0, 1, 1, 0], new_axes(), resolution=6)
    vertices = np.concatenate(contour_vertices(ax))
    assert vertices[:, 0] == pytest.approx(0.25)
    assert np.ptp(vertices[:, 1]) == pytest.approx(np.ptp(ax.get_ylim()))


def test_more_classes_than_colours() -> None:
    points = [(float(k), 0.0) for k in range(12)]
    ax = plots.decision_boundary(
        lambda p: [-abs(p[0] - k) for k in range(12)], points, range(12), new_axes(), resolution=30
    )
    looks = {(line.get_color(), line.get_marker()) for line in ax.lines}
    assert len(looks) == 12


def test_a_model_is_left_as_it_was() -> None:
    model = MLP(2, [3, 1], seed=1)
    out = model([1.0, 2.0])
    out.backward()
    kept, grads = model.activations, [p.grad for p in model.parameters()]
    plots.decision_boundary(model, CORNERS, EITHER, new_axes(), resolution=3)
    plots.neuron_heatmaps(model, CORNERS, new_axes(), resolution=3)
    assert model.activations is kept
    assert [p.grad for p in model.parameters()] == grads


def test_nothing_is_recorded() -> None:
    weight = Value(2.0)
    gates = []

    def model(point: list[float]) -> Value:
        out = sigmoid(weight * point[0])
        gates.append(out.gate)
        return out

    plots.decision_boundary(model, CORNERS, EITHER, new_axes(), resolution=3, threshold=0.5)
    plots.descent_paths(lambda x, y: model([x, y]), CORNERS, new_axes(), resolution=3)
    assert gates == [None] * 18


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_scores_that_are_not_finite(bad: float) -> None:
    def model(point: list[float]) -> float:
        return bad if point[0] > 0.5 else point[1] - 0.5

    ax = plots.decision_boundary(model, CORNERS, EITHER, new_axes(), resolution=6)
    least, largest = image_of(ax).get_clim()
    assert math.isfinite(least) and math.isfinite(largest)
    rendered(ax)
    rendered(plots.decision_boundary(lambda p: bad, CORNERS, EITHER, new_axes(), resolution=6))


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ([(1.0, 2.0, 3.0)] * 4, r"points must be pairs .* shape \(n, 2\), but has shape \(4, 3\)$"),
        ([1.0, 2.0, 3.0, 4.0], r"has shape \(4,\)$"),
        (np.ones((2, 4)), r"has shape \(2, 4\); its transpose does"),
        ([(1.0, 2.0), (1.0,)], "points must be pairs .* not all of them are"),
        ([], "points is empty"),
        (np.full((4, 2), np.nan), "none of the points is finite; .* xlim= and ylim="),
    ],
)
def test_points_that_are_no_pairs(points: Any, words: str) -> None:
    for model in (MLP(2, [1], seed=1), lambda p: 0.0):
        with pytest.raises(ValueError, match=words):
            plots.decision_boundary(model, points, EITHER)
    with pytest.raises(ValueError, match=words):
        plots.neuron_heatmaps(MLP(2, [1], seed=1), points)


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ([0, 1, 1], "4 points but 3 labels"),
        ([[0], [1], [1], [1]], r"of shape \(4,\), not \(4, 1\)"),
        (["a", "b", "a", "b"], "labels must be numbers, .* not .'a', 'b'"),
        ([0, 1, 2, 1], "one output separates the labels 0 and 1, .* these are 0, 1, 2"),
        ([0, 1, -1, 1], "these are -1, 0, 1"),
        ([0.5, 1, 1, 1], "these are 0.5, 1"),
    ],
)
def test_labels_that_do_not_fit(labels: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        plots.decision_boundary(MLP(2, [1], seed=1), CORNERS, labels, resolution=3)


@pytest.mark.parametrize("labels", [[0, 1, 2, 3], [-1, 1, 1, 1], [0.5, 1, 1, 1]])
def test_classes_that_a_model_has_not(labels: Any) -> None:
    with pytest.raises(ValueError, match=r"3 outputs has the classes 0 to 2; the labels are"):
        plots.decision_boundary(MLP(2, [3], seed=1), CORNERS, labels, resolution=3)


@pytest.mark.parametrize("nin", [1, 3, 784])
@pytest.mark.parametrize("activation", ["relu", "maxout"])
def test_a_network_with_other_than_two_inputs(nin: int, activation: Any) -> None:
    model = MLP(nin, [2, 1], activation=activation)
    with pytest.raises(ValueError, match=rf"two inputs; it has {nin} input"):
        plots.decision_boundary(model, CORNERS, EITHER)
    with pytest.raises(ValueError, match=rf"two inputs; it has {nin} input"):
        plots.neuron_heatmaps(model)


@pytest.mark.parametrize("answer", ["yes", None, [None], {"score": 1.0}, [[1.0, 2.0]]])
def test_an_answer_that_is_no_number(answer: Any) -> None:
    with pytest.raises(TypeError, match=r"for \[.*\] the model returned .*; it must return"):
        plots.decision_boundary(lambda p: answer, CORNERS, EITHER)


@pytest.mark.parametrize("answer", [np.zeros(5), np.zeros((9, 2, 2)), 0.0])
def test_an_evaluation_of_the_wrong_shape(answer: Any) -> None:
    options: dict[str, Any] = {"resolution": 3, "evaluate": lambda points: answer}
    with pytest.raises(ValueError, match=r"of shape \(9, 2\) and must return .* \(9,\) or \(9, cl"):
        plots.decision_boundary(lambda p: 0.0, CORNERS, EITHER, **options)


@pytest.mark.parametrize("resolution", [1, 0, -3, 2.5, "50", True])
def test_a_resolution_that_is_none(resolution: Any) -> None:
    with pytest.raises(ValueError, match=r"resolution must be a whole number, 2 or more, not "):
        plots.decision_boundary(lambda p: 0.0, CORNERS, EITHER, resolution=resolution)


@pytest.mark.parametrize("limits", [(1.0, 1.0), (2.0, 1.0), (0.0, math.inf), 3.0, (1.0, 2.0, 3.0)])
def test_limits_that_are_none(limits: Any) -> None:
    with pytest.raises(ValueError, match=r"xlim .* not "):
        plots.decision_boundary(lambda p: 0.0, CORNERS, EITHER, xlim=limits)
    with pytest.raises(ValueError, match=r"ylim .* not "):
        plots.neuron_heatmaps(MLP(2, [1]), ylim=limits)
