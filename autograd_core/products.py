"""What the neurons of a layer share: their inputs, their weights, and the numbers of both."""

from array import array
from collections.abc import Sequence
from typing import Any

try:
    import cython
except ModuleNotFoundError:
    from autograd_core import interpreted as cython

_BLOCK = 4096

_block = array("d", bytes(8 * _BLOCK))
_taken = 0


@cython.no_gc
@cython.cclass
class Products:
    """The operands of dot products with the same inputs, and the numbers that they had.

    A dot product needs its weights and inputs for the backward pass, as operands and as the local
    gradients of one another. All that are computed together keep them here; the output of each
    holds this record and its own row in it.

    Args:
        weights: the operands that differ, row after row.
        inputs: the operands that all rows share.
        rows: how many rows there are.

    Attributes:
        numbers: a block of numbers, in which some are those of this record.
        leaves: whether no weight is the output of a gate.
        start: where they begin: the numbers of the inputs, those of the weights row after row, the
            dot products, and the dot products with the biases added.
        ordered: the last pass that has all inputs in its order.
    """

    __slots__ = ("inputs", "leaves", "numbers", "ordered", "rows", "start", "weights")

    def __init__(self, weights: list[Any], inputs: tuple[Any, ...], rows: Any) -> None:
        global _block, _taken
        size = len(inputs) + len(weights) + 2 * rows
        if _taken + size > len(_block):
            _block = array("d", bytes(8 * max(size, _BLOCK)))
            _taken = 0
        self.weights = weights
        self.inputs = inputs
        self.rows = rows
        self.leaves = False
        self.numbers = _block
        self.start = _taken
        self.ordered = 0.0
        _taken += size

    def operands(self, row: Any) -> tuple[Any, ...]:
        """The operands of one product: its weights, then the inputs."""
        start = int(row) * len(self.inputs)
        return (*self.weights[start : start + len(self.inputs)], *self.inputs)

    def local_gradients(self, row: Any) -> list[float]:
        """The local gradient for each operand of one product: the number of its partner."""
        count = len(self.inputs)
        weights = self.start + count * (1 + int(row))
        return [
            *[self.numbers[self.start + place] for place in range(count)],
            *[self.numbers[weights + place] for place in range(count)],
        ]

    def sums(self, row: Any) -> tuple[float, float]:
        """One dot product, and the same with its bias added."""
        place = self.start + len(self.inputs) + len(self.weights) + int(row)
        return self.numbers[place], self.numbers[place + self.rows]

    def renewed(self, row: Any, local_gradients: Sequence[float]) -> "Products":
        """A record of one product alone, with other local gradients."""
        count = len(self.inputs)
        weights = self.weights[int(row) * count : (int(row) + 1) * count]
        alone: Products = Products(weights, self.inputs, 1)
        for place in range(count):
            alone.numbers[alone.start + place] = local_gradients[place]
            alone.numbers[alone.start + count + place] = local_gradients[count + place]
        return alone
