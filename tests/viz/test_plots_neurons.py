"""Plots: what each neuron of a network answers to."""

from typing import Any

import numpy as np
import pytest
from plotted import CORNERS, new_axes, numbers_of, pixel_centres, rendered

from autograd_core import Value
from nn import MLP, Neuron
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
        assert np.transpose(axes.lines[0].get_data()).tolist() == [list(p) for p in CORNERS]
        assert axes.get_xlim()[0] < 0.0 and axes.get_xlim()[1] > 1.0


def test_a_layer_that_is_dead_everywhere() -> None:
    model = MLP(2, [2, 1], seed=1)
    model.load_state_dict(dict.fromkeys(model.state_dict(), 0.0))
    maps = plots.neuron_heatmaps(model, ax=new_axes(), resolution=3)
    assert maps[0, 0].images[0].get_clim() == (-1.0, 1.0)
    rendered(maps[0, 0])


@pytest.mark.parametrize("model", [Neuron(2), lambda p: p[0], Value(1.0), MLP])
def test_only_networks_have_neurons(model: Any) -> None:
    with pytest.raises(TypeError, match=r"takes an nn\.MLP, or .* _network_ .*, not "):
        plots.neuron_heatmaps(model)


@pytest.mark.parametrize("limit", [0, -1, 2.5])
def test_a_limit_that_is_none(limit: Any) -> None:
    with pytest.raises(ValueError, match=r"limit must be a whole number, 1 or more, not "):
        plots.neuron_heatmaps(MLP(2, [1]), limit=limit)
