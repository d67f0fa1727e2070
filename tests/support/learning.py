"""What tests of training share: models of few weights, an optimiser that listens, a landscape."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from autograd_core import Value
from nn import Module, SteepestDescent, Trainer, half_squared_error

Array = npt.NDArray[np.float64]

both_ways = pytest.mark.parametrize("eager", [False, True], ids=["program", "eager"])
"""Runs a test with a program, and again with circuits of values."""


class Line(Module):
    """w x, a model of one weight, and what it was asked."""

    def __init__(self, slope: float = 0.0) -> None:
        self.slope = Value(slope)
        self._asked: list[Any] = []

    def __call__(self, inputs: list[Any]) -> Any:
        self._asked.append(inputs[0])
        return self.slope * inputs[0]

    @property
    def asked(self) -> list[Any]:
        return self._asked


class Formula(Module):
    """Any function of two weights, both ½ at first, and of the inputs."""

    def __init__(self, function: Callable[[Value, Value, list[Any]], Any]) -> None:
        self.a, self.b = Value(0.5, "a"), Value(0.5, "b")
        self._function = function

    def __call__(self, inputs: list[Any]) -> Any:
        return self._function(self.a, self.b, inputs)


def trainer_of(model: Module, loss: Any = half_squared_error, **options: Any) -> Trainer:
    """A trainer with an optimiser of small steps."""
    return Trainer(model, loss, SteepestDescent(0.01), **options)


class Listener(SteepestDescent):
    """An optimiser that notes what it is given, and stays where it is."""

    def __init__(self) -> None:
        super().__init__(1.0)
        self.gradients: list[Array] = []

    def update(self, parameters: Array, gradient: Array, loss: Any = None) -> Array:
        self.gradients.append(gradient.copy())
        return parameters


class Table:
    """Something like a pandas table: it turns into an array, and is no sequence."""

    def __init__(self, rows: Any) -> None:
        self.rows = rows

    def __array__(self, dtype: Any = None, copy: Any = None) -> npt.NDArray[Any]:
        return np.array(self.rows, dtype=dtype)


def valley(x: Any, y: Any, steep: float = 10.0) -> Any:
    """Rosenbrock's valley, less or more steep; its lowest point is (1, 1)."""
    return (1 - x) ** 2 + steep * (y - x**2) ** 2
