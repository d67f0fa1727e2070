"""Plots: weights as images."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import pyplot
from matplotlib.axes import Axes
from plotted import new_axes

from nn import MLP, Layer
from viz import plots


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
    return np.asarray(ax.images[0].get_array().data)[top : top + shape[0], left : left + shape[1]]


@settings(max_examples=25)
@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 20))
def test_each_tile_has_the_weights_of_its_neuron(rows: int, columns: int, count: int) -> None:
    layer = Layer(rows * columns, count, seed=count)
    ax = plots.weight_images(layer, (rows, columns), new_axes())
    for number, neuron in enumerate(layer.neurons):
        weights = [weight.data for weight in neuron.weights]  # type: ignore[union-attr]
        assert tile(ax, number, (rows, columns)).ravel().tolist() == weights
    shown = np.asarray(ax.images[0].get_array().filled(np.nan))
    assert np.isfinite(shown).sum() == rows * columns * count
    largest = np.nanmax(np.abs(shown))
    assert ax.images[0].get_clim() == (-largest, largest)


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
        plots.weight_images(source, ax=new_axes()).images[0].get_array()
        for source in (model, model.layers[0])
    )
    assert np.array_equal(of_model.filled(9.0), of_layer.filled(9.0))


def test_every_piece_of_a_maxout_neuron_is_an_image() -> None:
    layer = Layer(4, 2, activation="maxout", pieces=3, seed=1)
    ax = plots.weight_images(layer, (2, 2), new_axes())
    pieces = [piece for neuron in layer.neurons for piece in neuron.pieces]  # type: ignore[union-attr]
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
