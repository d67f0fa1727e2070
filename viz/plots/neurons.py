"""`neuron_heatmaps`: what each neuron of a network with two inputs answers to, over the plane."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import CenteredNorm

from autograd_core import no_grad
from viz.network.model import Layer, Model, is_model, number_of, read_model
from viz.plots.canvas import (
    GREY,
    AxesArray,
    axes_for,
    diverging,
    grid_of_axes,
    largest_size,
    scale_beside,
)
from viz.plots.networks import check_two_inputs
from viz.plots.plane import Floats, Plane, Range, as_points, check_count, plane_around

_SIDE = (-2.0, 2.0)  # what is shown in each direction if there are no data
_INCHES = 0.72  # the side of one heatmap in a new figure


def neuron_heatmaps(
    model: Model,
    points: npt.ArrayLike | None = None,
    ax: Axes | None = None,
    *,
    resolution: int = 30,
    limit: int | None = 16,
    xlim: Range | None = None,
    ylim: Range | None = None,
) -> AxesArray:
    """Plot the activation of every neuron of a network with two inputs, over the plane.

    Each neuron is a small map of the plane, each layer a row of them: blue where the activation is
    positive, orange where it is negative, white where it is 0. The neurons of a layer share one
    scale, which stands to the right.

    Args:
        model: an `nn.MLP` with two inputs, or anything else that `viz.Model` describes, each layer
            with its `"function"`. It is left as it was, and nothing is recorded.
        points: data to show as dots, an array of shape (n, 2) or a list of pairs.
        ax: axes whose place the maps take; a new figure if left out.
        resolution: how many rows and columns of points the network is asked about.
        limit: how many neurons of a layer to show at most, the first ones; None for all.
        xlim, ylim: the part of the plane to show; that of the data if left out, and without data
            from -2 to 2.

    Returns:
        An array of axes with a row for each layer and a column for each neuron. The axes where a
        layer has no neuron are invisible.

    Raises:
        TypeError: if `model` is no model.
        ValueError: if the model has not two inputs, a layer has no function, or the points are no
            pairs.

    >>> from matplotlib.figure import Figure
    >>> from nn import MLP
    >>> model = MLP(2, [3, 1], activation="tanh", seed=1)
    >>> maps = neuron_heatmaps(model, ax=Figure().subplots(), resolution=5)
    >>> maps.shape, maps[0, 2].images[0].get_array().shape
    ((2, 3), (5, 5))
    """
    if not is_model(model):
        raise TypeError(
            "neuron_heatmaps() takes an nn.MLP, or anything else that has the method _network_ "
            f"(see viz.Model), not {model!r}"
        )
    network = read_model(model).layers
    check_two_inputs(network[0], "neuron_heatmaps")
    if limit is not None:
        check_count(limit, "limit", least=1)
    if points is None:
        data, xlim, ylim = np.empty((0, 2)), xlim or _SIDE, ylim or _SIDE
    else:
        data = as_points(points, "points")
    plane = plane_around(data, resolution, xlim, ylim)
    layers = _activations(network, plane)
    shown = max(min(layer.shape[-1], limit or layer.shape[-1]) for layer in layers)
    width, height = shown * _INCHES + 1.6, len(layers) * _INCHES + 0.4
    grid = grid_of_axes(axes_for(ax, width, height), len(layers), shown, gap=0.12)
    for place, (maps, layer) in enumerate(zip(grid, layers, strict=True)):
        _draw_layer(maps, plane, layer, data)
        count = layer.shape[-1]
        name = f"layers.{place}\n{network[place].activation}"
        more = f"\n{shown} of {count}" if count > shown else ""
        maps[0].set_ylabel(name + more, rotation=0, ha="right", va="center", fontsize="small")
    for place, column in enumerate(grid.T):
        top = next(small for small in column if small.get_visible())
        top.set_title(f"{place}", fontsize="small", pad=3.0)
    return grid


def _activations(network: Sequence[Layer], plane: Plane) -> list[Floats]:
    """For each layer an array (rows, columns, neurons); the model's last call stays its last."""
    maps: list[list[list[float]]] = [[] for _ in network]
    functions = []
    for layer in network:
        if layer.function is None:
            raise ValueError(f"neuron_heatmaps() needs the 'function' of {layer.path}")
        functions.append(layer.function)
    with no_grad():
        for point in plane.points.tolist():
            signal = point
            for layer, function, rows in zip(network, functions, maps, strict=True):
                signal = layer.outputs(function(signal))
                rows.append([number_of(output) for output in signal])
    return [plane.over(rows) for rows in maps]


def _draw_layer(maps: AxesArray, plane: Plane, activations: Floats, points: Floats) -> None:
    """One row of maps, which share a scale."""
    norm = CenteredNorm(0.0, largest_size(activations[..., : len(maps)]))
    left, right, bottom, top = plane.limits
    for place, small in enumerate(maps):
        if place >= activations.shape[-1]:
            small.set_visible(False)
            continue
        image = small.imshow(
            activations[..., place],
            extent=plane.pixels,
            origin="lower",
            aspect="auto",
            interpolation="bilinear",
            cmap=diverging(),
            norm=norm,
        )
        small.plot(points[:, 0], points[:, 1], ".", color=GREY, markersize=2.0, markeredgewidth=0.0)
        small.set(xlim=(left, right), ylim=(bottom, top), xticks=[], yticks=[], box_aspect=1)
        last = small
    scale_beside(last, image, "")
