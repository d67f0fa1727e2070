"""Plots: what neurons answer to, and what they look for."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import pyplot
from matplotlib.axes import Axes
from plotted import CORNERS, image_of, new_axes, numbers_of, pixel_centres, points_of, rendered

from autograd_core import Value
from nn import MLP, Layer
from viz import plots


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"activation": ["tanh", "maxout"], "output": "softmax"},
        {"activation": "logistic", "output": "step"},
    ],
)
def test_each_map_is_the_activation_of_its_neuron(options: dict[str, Any]) -> None:
    model = MLP(2, [4, 2, 3], seed=3, **options)
    maps = plots.neuron_heatmaps(model, ax=new_axes(), resolution=5, xlim=(-1, 1), ylim=(0, 3))
    assert maps.shape == (3, 4)
    for place, (x, y) in enumerate(pixel_centres(maps[0, 0].images[0])):
        model([x, y])
        assert model.activations is not None
        for row, outputs in zip(maps, model.activations[1:], strict=True):
            shown = [numbers_of(axes.images[0])[place] for axes in row if axes.images]
            assert shown == pytest.approx([out.data for out in outputs], abs=1e-12)
    visible = [[axes.get_visible() for axes in row] for row in maps]
    assert visible == [[True] * 4, [True, True, False, False], [True, True, True, False]]
    assert maps[0, 0].get_xlim() == (-1.0, 1.0) and maps[2, 1].get_ylim() == (0.0, 3.0)


def test_maps_of_a_layer_share_a_scale_around_zero() -> None:
    maps = plots.neuron_heatmaps(MLP(2, [3, 2], seed=1), ax=new_axes(), resolution=5)
    for row, count in zip(maps, (3, 2), strict=True):
        images = [axes.images[0] for axes in row[:count]]
        largest = max(np.abs(image.get_array()).max() for image in images)
        assert {image.get_clim() for image in images} == {(-largest, largest)}


def test_rows_and_columns_are_named_as_in_the_model() -> None:
    model = MLP(2, [20, 1], activation="tanh")
    maps = plots.neuron_heatmaps(model, ax=new_axes(), resolution=2)
    assert maps.shape == (2, 16)
    labels = [row[0].get_ylabel() for row in maps]
    assert labels == ["layers.0\ntanh\n16 of 20", "layers.1\nidentity"]
    assert [axes.get_title() for axes in maps[0]] == [str(place) for place in range(16)]
    maps = plots.neuron_heatmaps(MLP(2, [1, 3]), ax=new_axes(), resolution=2)
    titles = [[axes.get_title() for axes in row if axes.get_visible()] for row in maps]
    assert titles == [["0"], ["", "1", "2"]]
    assert plots.neuron_heatmaps(model, ax=new_axes(), resolution=2, limit=None).shape == (2, 20)
    assert plots.neuron_heatmaps(model, ax=new_axes(), resolution=2, limit=3).shape == (2, 3)


def test_data_are_dots_on_every_map() -> None:
    maps = plots.neuron_heatmaps(MLP(2, [2, 1], seed=1), CORNERS, new_axes(), resolution=3)
    for axes in (maps[0, 0], maps[0, 1], maps[1, 0]):
        assert points_of(axes.lines[0]) == [list(p) for p in CORNERS]
        assert axes.get_xlim()[0] < 0.0 and axes.get_xlim()[1] > 1.0


def test_a_layer_that_is_dead_everywhere() -> None:
    model = MLP(2, [2, 1], seed=1)
    model.load_state_dict(dict.fromkeys(model.state_dict(), 0.0))
    maps = plots.neuron_heatmaps(model, ax=new_axes(), resolution=3)
    assert maps[0, 0].images[0].get_clim() == (-1.0, 1.0)
    rendered(maps[0, 0])


@pytest.mark.parametrize("model", [[1.0, 2.0], lambda p: p[0], Value(1.0), MLP])
def test_only_networks_have_neurons(model: Any) -> None:
    with pytest.raises(TypeError, match=r"takes an nn\.MLP, or .* _network_ .*, not "):
        plots.neuron_heatmaps(model)


@pytest.mark.parametrize("limit", [0, -1, 2.5])
def test_a_limit_that_is_none(limit: Any) -> None:
    with pytest.raises(ValueError, match=r"limit must be a whole number, 1 or more, not "):
        plots.neuron_heatmaps(MLP(2, [1]), limit=limit)


# weights as images


def tile(ax: Axes, number: int, shape: tuple[int, int]) -> np.ndarray:
    """The image of one neuron, found by the numbers beside the rows and above the columns."""
    rows = dict(
        zip((int(t.get_text()) for t in ax.get_yticklabels()), ax.get_yticks(), strict=True)
    )
    columns = dict(
        zip((int(t.get_text()) for t in ax.get_xticklabels()), ax.get_xticks(), strict=True)
    )
    [(y, x)] = [(rows[r], columns[c]) for r in rows for c in columns if r + c == number]
    top, left = round(y - (shape[0] - 1) / 2), round(x - (shape[1] - 1) / 2)
    return np.asarray(image_of(ax).get_array().data)[top : top + shape[0], left : left + shape[1]]


@settings(max_examples=25)
@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 20))
def test_each_tile_has_the_weights_of_its_neuron(rows: int, columns: int, count: int) -> None:
    layer = Layer(rows * columns, count, seed=count)
    ax = plots.weight_images(layer, (rows, columns), new_axes())
    for number, neuron in enumerate(layer.neurons):
        weights = [weight.data for weight in neuron.weights]
        assert tile(ax, number, (rows, columns)).ravel().tolist() == weights
    shown = np.asarray(image_of(ax).get_array().filled(np.nan))
    assert np.isfinite(shown).sum() == rows * columns * count
    largest = np.nanmax(np.abs(shown))
    assert image_of(ax).get_clim() == (-largest, largest)


@pytest.mark.parametrize("count", [1, 2, 6, 10, 30, 100])
@pytest.mark.parametrize("shape", [(4, 4), (8, 8), (28, 28)])
def test_a_new_figure_has_room_for_all_texts(count: int, shape: tuple[int, int]) -> None:
    ax = plots.weight_images(Layer(shape[0] * shape[1], count, seed=1), shape)
    figure = ax.get_figure()
    assert figure is not None
    figure.canvas.draw()
    box = ax.get_tightbbox()
    assert box is not None and figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1
    assert figure.bbox.y0 <= box.y0 and box.y1 <= figure.bbox.y1
    pyplot.close()


def test_the_images_of_a_network_are_those_of_its_first_layer() -> None:
    model = MLP(784, [10, 3], seed=1)
    of_model, of_layer = (
        image_of(plots.weight_images(source, ax=new_axes())).get_array()
        for source in (model, model.layers[0])
    )
    assert np.array_equal(of_model.filled(9.0), of_layer.filled(9.0))


def test_every_piece_of_a_maxout_neuron_is_an_image() -> None:
    layer = Layer(4, 2, activation="maxout", pieces=3, seed=1)
    ax = plots.weight_images(layer, (2, 2), new_axes())
    pieces = [piece for neuron in layer.neurons for piece in neuron.pieces]
    for number, piece in enumerate(pieces):
        assert tile(ax, number, (2, 2)).ravel().tolist() == [w.data for w in piece.weights]


@pytest.mark.parametrize("shape", [(28, 28), (2, 2), (-2, -3), (6,), (1, 2, 3)])
def test_a_shape_that_does_not_fit(shape: Any) -> None:
    with pytest.raises(ValueError, match=r"has 6 weights, which are no image of shape \("):
        plots.weight_images(Layer(6, 2), shape)


def test_only_layers_have_weights() -> None:
    wrong: Any = [1.0, 2.0]
    words = r"takes an nn\.Layer or an nn\.MLP, or .* _network_ .*, not \[1\.0, 2\.0\]"
    with pytest.raises(TypeError, match=words):
        plots.weight_images(wrong)
