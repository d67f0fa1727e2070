"""What tests of training share: a model, a table, a landscape."""

import numpy as np

from autograd_core import Value
from nn import Module


class Slope(Module):
    """w x, a model of one weight."""

    def __init__(self, slope=0.0):
        self.slope = Value(slope)

    def __call__(self, inputs):
        return self.slope * inputs[0]


class Table:
    """Something like a pandas table: it turns into an array, and is no sequence."""

    def __init__(self, rows):
        self.rows = rows

    def __array__(self, dtype=None, copy=None):
        return np.array(self.rows, dtype=dtype)


def valley(x, y, steep=10.0):
    """Rosenbrock's valley, less or more steep; its lowest point is (1, 1)."""
    return (1 - x) ** 2 + steep * (y - x**2) ** 2
