"""Points of the plane: the user's, checked, and a grid of them over a rectangle."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Range = tuple[float, float]

_MARGIN = 0.12  # around points, as a part of the range that they cover


@dataclass(frozen=True)
class Plane:
    """A grid of points over a rectangle.

    Attributes:
        x: where the columns of the grid are, from the left.
        y: where its rows are, from below.
    """

    x: Floats
    y: Floats

    @property
    def points(self) -> Floats:
        """All points (x, y), row by row: an array of shape (rows · columns, 2)."""
        return np.stack(np.meshgrid(self.x, self.y), axis=-1).reshape(-1, 2)

    @property
    def pixels(self) -> tuple[float, float, float, float]:
        """Left, right, bottom and top of the image that has a pixel centred on each point."""
        half_x, half_y = (self.x[1] - self.x[0]) / 2.0, (self.y[1] - self.y[0]) / 2.0
        left, right = float(self.x[0] - half_x), float(self.x[-1] + half_x)
        return left, right, float(self.y[0] - half_y), float(self.y[-1] + half_y)

    @property
    def limits(self) -> tuple[float, float, float, float]:
        """Left, right, bottom and top of the rectangle."""
        return float(self.x[0]), float(self.x[-1]), float(self.y[0]), float(self.y[-1])

    def over(self, rows: Any) -> Floats:
        """Numbers for each of the points, in their order, as an array (rows, columns, …)."""
        numbers = np.asarray(rows, dtype=float)
        return numbers.reshape(len(self.y), len(self.x), *numbers.shape[1:])


def plane_around(
    points: Floats, resolution: int, xlim: Range | None = None, ylim: Range | None = None
) -> Plane:
    """A grid over the rectangle in which points lie, with a margin.

    Args:
        points: an array of shape (n, 2); those that are not finite have no say.
        resolution: how many rows, and how many columns, the grid has.
        xlim, ylim: the rectangle, as far as the user has chosen it.

    Raises:
        ValueError: if the resolution is no whole number from 2 on, or a range is none.
    """
    check_count(resolution, "resolution", least=2)
    finite = points[np.isfinite(points).all(axis=1)]
    if not len(finite) and (xlim is None or ylim is None):
        raise ValueError("none of the points is finite; say what to show with xlim= and ylim=")
    left, right = _range_around(finite[:, 0]) if xlim is None else _checked(xlim, "xlim")
    bottom, top = _range_around(finite[:, 1]) if ylim is None else _checked(ylim, "ylim")
    return Plane(np.linspace(left, right, resolution), np.linspace(bottom, top, resolution))


def as_points(points: Any, name: str) -> Floats:
    """Points as an array of shape (n, 2).

    Args:
        points: what the user gave: pairs of numbers.
        name: what the user calls it, for the message.

    Raises:
        ValueError: if these are no pairs, or there is none.
        TypeError: if they do not hold plain numbers.
    """
    try:
        array = np.asarray(points, dtype=float)
    except ValueError:
        raise ValueError(
            f"{name} must be pairs of numbers, [(x, y), …], and not all of them are"
        ) from None
    if array.size == 0:
        raise ValueError(f"{name} is empty; it must be pairs of numbers, [(x, y), …]")
    if array.ndim != 2 or array.shape[1] != 2:
        hint = "; its transpose does" if array.ndim == 2 and array.shape[0] == 2 else ""
        raise ValueError(
            f"{name} must be pairs of numbers, an array of shape (n, 2), "
            f"but has shape {array.shape}{hint}"
        )
    return array


def check_count(number: Any, name: str, least: int) -> None:
    """See that an option is a whole number, and not too small.

    Raises:
        ValueError: if it is not.
    """
    if isinstance(number, bool) or not isinstance(number, int) or number < least:
        raise ValueError(f"{name} must be a whole number, {least} or more, not {number!r}")


def _range_around(numbers: Floats) -> Range:
    least, largest = float(numbers.min()), float(numbers.max())
    margin = _MARGIN * (largest - least) or 1.0
    return least - margin, largest + margin


def _checked(limits: Any, name: str) -> Range:
    try:
        least, largest = map(float, limits)
    except (TypeError, ValueError):
        raise ValueError(f"{name} is a pair of numbers, (least, largest), not {limits!r}") from None
    if not np.isfinite([least, largest]).all() or not least < largest:
        raise ValueError(f"{name} must go from a number to a larger one, not {limits!r}")
    return least, largest
