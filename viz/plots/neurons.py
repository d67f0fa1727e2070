"""`neuron_heatmaps` and `weight_images`: what neurons answer to, and what they look for."""

from collections.abc import Sequence
from math import ceil, prod, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from autograd_core import no_grad
from viz.network.model import Layer, Model, is_model, number_of, read_model
from viz.plots.canvas import (
    GREY,
    AxesArray,
    Floats,
    Plane,
    Range,
    as_points,
    axes_for,
    check_count,
    check_two_inputs,
    grid_of_axes,
    plane_around,
    scale_beside,
    signed_colours,
    tint,
)

_SIDE = (-2.0, 2.0)  # what is shown in each direction if there are no data
_MAP, _IMAGE = 0.72, 0.55  # inches: the side of a heatmap, the height of an image, in a new figure


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
    network = _layers_of(model, "neuron_heatmaps() takes an nn.MLP")
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
    width, height = shown * _MAP + 1.6, len(layers) * _MAP + 0.4
    grid = grid_of_axes(axes_for(ax, width, height), len(layers), shown, gap=0.12)
    for row, layer, activations in zip(grid, network, layers, strict=True):
        count = activations.shape[-1]
        for unused in row[count:]:
            unused.set_visible(False)
        _draw_maps(row[:count], plane, activations[..., :shown], data)
        name = f"{layer.path}\n{layer.activation}"
        more = f"\n{shown} of {count}" if count > shown else ""
        row[0].set_ylabel(name + more, rotation=0, ha="right", va="center", fontsize="small")
    for place, column in enumerate(grid.T):
        top = next(small for small in column if small.get_visible())
        top.set_title(f"{place}", fontsize="small", pad=3.0)
    return grid


def weight_images(layer: Model, shape: tuple[int, int] = (28, 28), ax: Axes | None = None) -> Axes:
    """Show the weights of each neuron as an image: what the neuron looks for in its inputs.

    A pixel is blue where its weight is positive, orange where it is negative, white where it is 0;
    all images share one scale. A neuron's number is the number at its row plus that at its column.

    Args:
        layer: a layer whose inputs are the pixels of an image, row by row, such as an `nn.Layer`;
            or a network, for its first layer; or anything else that `viz.Model` describes. Of a
            maxout neuron, every piece is an image.
        shape: the rows and columns of pixels of such an image.
        ax: where to draw; a new figure if left out.

    Returns:
        The axes.

    Raises:
        TypeError: if `layer` is neither a layer nor a network.
        ValueError: if a neuron has not as many weights as the image has pixels.

    >>> from matplotlib.figure import Figure
    >>> from nn import Layer
    >>> ax = weight_images(Layer(6, 4, seed=1), shape=(2, 3), ax=Figure().subplots())
    >>> ax.images[0].get_array().shape  # 2 × 2 images with a line between
    (5, 7)
    """
    first, *_ = _layers_of(layer, "weight_images() takes an nn.Layer or an nn.MLP")
    images = _images(first, shape)
    columns = _columns(len(images))
    rows = ceil(len(images) / columns)
    gap = max(1, max(shape) // 14)
    tall, wide = shape[0] + gap, shape[1] + gap
    # all images in one, row by row; nan between them and where there is none
    mosaic = np.full((rows * tall - gap, columns * wide - gap), np.nan)
    for place, image in enumerate(images):
        top, left = place // columns * tall, place % columns * wide
        mosaic[top : top + shape[0], left : left + shape[1]] = image
    ax = axes_for(ax, columns * _IMAGE * wide / tall + 1.7, rows * _IMAGE + 0.5)
    colours = signed_colours(images)
    colours["cmap"] = colours["cmap"].with_extremes(bad=tint(GREY, 0.2))
    scale_beside(ax, ax.imshow(mosaic, interpolation="nearest", **colours), "weight")
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0, labelsize="small", top=False, labeltop=True)
    ax.tick_params(labelbottom=False)
    middle_x, middle_y = (shape[1] - 1) / 2, (shape[0] - 1) / 2
    ax.set_xticks(middle_x + wide * np.arange(columns), [f"+{k}" for k in range(columns)])
    ax.set_yticks(middle_y + tall * np.arange(rows), [f"{columns * k}" for k in range(rows)])
    return ax


def _layers_of(model: Any, takes: str) -> tuple[Layer, ...]:
    """The layers of a model; `takes` is how the message begins if it is none."""
    if not is_model(model):
        raise TypeError(
            f"{takes}, or anything else that has the method _network_ (see viz.Model), "
            f"not {model!r}"
        )
    layers, _ = read_model(model)
    return layers


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


def _draw_maps(maps: AxesArray, plane: Plane, activations: Floats, points: Floats) -> None:
    """A row of maps, which share a scale."""
    colours = signed_colours(activations)
    for place, small in enumerate(maps):
        image = plane.show(small, activations[..., place], **colours)
        small.plot(*points.T, ".", color=GREY, markersize=2.0, markeredgewidth=0.0)
        plane.fit(small, xticks=[], yticks=[], box_aspect=1)
    scale_beside(small, image, "")


def _images(layer: Layer, shape: tuple[int, int]) -> Floats:
    """The weights of each neuron as an image: an array (neurons, rows, columns)."""
    sums = [each for neuron in layer.neurons for each in neuron]
    weights = np.array([[number_of(weight) for weight in each.weights] for each in sums])
    if len(shape) != 2 or min(shape) < 1 or prod(shape) != weights.shape[1]:
        raise ValueError(
            f"a neuron of this layer has {weights.shape[1]} weights, which are no image of shape "
            f"{shape}; say how its inputs are arranged, shape=(rows, columns)"
        )
    return weights.reshape(-1, *shape)


def _columns(count: int) -> int:
    """How many images stand side by side: as many as leave the fewest places empty.

    >>> [_columns(count) for count in (1, 10, 16, 100, 128)]
    [1, 5, 4, 10, 16]
    """
    least = ceil(sqrt(count))
    return min(range(least, 2 * least), key=lambda columns: -count % columns)
