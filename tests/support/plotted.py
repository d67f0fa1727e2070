"""What tests of plots share: axes to draw on, and ways to read what was drawn."""

import math
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

CORNERS = [(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)]
EITHER = [0, 1, 1, 1]


def new_axes() -> Axes:
    """Axes that pyplot knows nothing of."""
    figure = Figure(layout="constrained")
    FigureCanvasAgg(figure)
    return figure.subplots()


def rendered(ax: Axes) -> np.ndarray:
    """The pixels of the whole figure."""
    canvas: Any = ax.figure.canvas
    canvas.draw()
    return np.array(canvas.buffer_rgba())


def line_of(ax: Axes, label: str) -> Any:
    [line] = [line for line in ax.lines if line.get_label() == label]
    return line


def points_of(line: Any) -> list[list[float]]:
    """The points (x, y) of a line."""
    points: list[list[float]] = np.transpose(line.get_data()).tolist()
    return points


def image_of(ax: Axes) -> Any:
    [image] = ax.images
    return image


def legend_of(ax: Axes) -> Any:
    [legend] = [child.get_legend() for child in ax.child_axes if child.get_legend()]
    return legend


def legend_texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in legend_of(ax).get_texts()]


def pixel_centres(image: Any) -> list[tuple[float, float]]:
    """Where the numbers of an image stand in the plane, row by row from below."""
    left, right, bottom, top = image.get_extent()
    rows, columns = image.get_array().shape[:2]
    assert image.origin == "lower"
    return [
        (
            left + (column + 0.5) * (right - left) / columns,
            bottom + (row + 0.5) * (top - bottom) / rows,
        )
        for row in range(rows)
        for column in range(columns)
    ]


def numbers_of(image: Any) -> np.ndarray:
    """The numbers of an image, row by row from its first."""
    return np.asarray(image.get_array().filled(math.nan)).ravel()


def contour_vertices(ax: Axes) -> list[np.ndarray]:
    """The vertices of each contour line that is not an area."""
    return [
        np.asarray(path.vertices)
        for collection in ax.collections
        if not len(np.atleast_1d(collection.get_facecolor())) or collection.get_fill() is False
        for path in collection.get_paths()
    ]
