"""`weight_images`: the weights of neurons whose inputs are the pixels of an image."""

from math import ceil, prod, sqrt

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import CenteredNorm

from viz.network.model import Layer, Model, is_model, number_of, read_model
from viz.plots.canvas import GREY, axes_for, diverging, largest_size, scale_beside, tint
from viz.plots.plane import Floats

_INCHES = 0.55  # the height of one image in a new figure


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
    if not is_model(layer):
        raise TypeError(
            "weight_images() takes an nn.Layer or an nn.MLP, or anything else that has the method "
            f"_network_ (see viz.Model), not {layer!r}"
        )
    images = _images(read_model(layer).layers[0], shape)
    columns = _columns(len(images))
    rows = ceil(len(images) / columns)
    gap = max(1, max(shape) // 14)
    tall, wide = shape[0] + gap, shape[1] + gap
    ax = axes_for(ax, columns * _INCHES * wide / tall + 1.7, rows * _INCHES + 0.5)
    picture = ax.imshow(
        _mosaic(images, rows, columns, gap),
        cmap=diverging().with_extremes(bad=tint(GREY, 0.2)),
        norm=CenteredNorm(0.0, largest_size(images)),
        interpolation="nearest",
    )
    scale_beside(ax, picture, "weight")
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0, labelsize="small", top=False, labeltop=True)
    ax.tick_params(labelbottom=False)
    middle_x, middle_y = (shape[1] - 1) / 2, (shape[0] - 1) / 2
    ax.set_xticks(middle_x + wide * np.arange(columns), [f"+{k}" for k in range(columns)])
    ax.set_yticks(middle_y + tall * np.arange(rows), [f"{columns * k}" for k in range(rows)])
    return ax


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


def _mosaic(images: Floats, rows: int, columns: int, gap: int) -> Floats:
    """All images in one, row by row; `nan` between them and where there is none."""
    tall, wide = images.shape[1] + gap, images.shape[2] + gap
    mosaic = np.full((rows * tall - gap, columns * wide - gap), np.nan)
    for place, image in enumerate(images):
        top, left = place // columns * tall, place % columns * wide
        mosaic[top : top + image.shape[0], left : left + image.shape[1]] = image
    return mosaic
