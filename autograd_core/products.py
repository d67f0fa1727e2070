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
@cython.freelist(1024)
@cython.cclass
class Products:
    """The operands of dot products with the same inputs, and the numbers that they had.

    A dot product needs its weights and inputs for the backward pass, as operands and as the local
    gradients of one another. All that are computed together keep them here; the output of each
    holds this record and its own row in it.

    Args:
        weights: the operands that differ, a tuple for each row.
        inputs: the operands that all rows share.

    Attributes:
        numbers: a block of numbers, in which some are those of this record.
        start: where they begin: the numbers of the inputs, those of the weights row after row, the
            dot products, and the dot products with the biases added.
        ordered: the last pass that has all inputs in its order.
    """

    __slots__ = ("inputs", "numbers", "ordered", "start", "weights")

    def __init__(self, weights: list[tuple[Any, ...]], inputs: tuple[Any, ...]) -> None:
        global _block, _taken
        size = (1 + len(weights)) * len(inputs) + 2 * len(weights)
        if _taken + size > len(_block):
            _block = array("d", bytes(8 * max(size, _BLOCK)))
            _taken = 0
        self.weights = weights
        self.inputs = inputs
        self.numbers = _block
        self.start = _taken
        self.ordered = 0.0
        _taken += size

    def operands(self, row: Any) -> tuple[Any, ...]:
        """The operands of one product: its weights, then the inputs."""
        operands: tuple[Any, ...] = self.weights[int(row)] + self.inputs
        return operands

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
        place = self.start + (1 + len(self.weights)) * len(self.inputs) + int(row)
        return self.numbers[place], self.numbers[place + len(self.weights)]

    def renewed(self, row: Any, local_gradients: Sequence[float]) -> "Products":
        """A record of one product alone, with other local gradients."""
        count = len(self.inputs)
        alone: Products = Products([self.weights[int(row)]], self.inputs)
        for place in range(count):
            alone.numbers[alone.start + place] = local_gradients[place]
            alone.numbers[alone.start + count + place] = local_gradients[count + place]
        return alone
