"""What optimisers call: a loss with its gradient, and residuals with their Jacobian."""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from autograd_core.programs.run import Array


@dataclass(frozen=True, eq=False)
class Objective:
    """The first output of a program over a batch as a function of the parameters' numbers.

    `Program.objective` makes it. Neither call changes the parameters' own numbers.
    """

    program: Any
    batch: Array = field(repr=False)
    reduction: Literal["mean", "sum"]

    def __call__(self, numbers: npt.ArrayLike) -> tuple[float, Array]:
        """The loss, and its gradient: float64, a number for each parameter."""
        outputs, gradient = self.program.gradient(self.batch, numbers, reduction=self.reduction)
        return reduced(outputs, self.reduction), gradient.astype(float, copy=False)

    def hessian_product(self, numbers: npt.ArrayLike, direction: npt.ArrayLike) -> Array:
        """The Hessian of the loss times a vector, for methods that take `hessp=`."""
        product: Array = self.program.hessian_product(self.batch, direction, numbers).astype(float)
        return product if self.reduction == "mean" else product * len(self.batch)


@dataclass(frozen=True, eq=False)
class Residuals:
    """All outputs of a program over a batch as a function of the parameters' numbers.

    `Program.residuals` makes it. Neither call changes the parameters' own numbers.
    """

    program: Any
    batch: Array = field(repr=False)

    def __call__(self, numbers: npt.ArrayLike) -> Array:
        """The outputs, float64: those of the first example, then those of the next."""
        outputs: Array = self.program(self.batch, numbers)
        return outputs.astype(float, copy=False).ravel()

    def jacobian(self, numbers: npt.ArrayLike) -> Array:
        """Their derivatives, float64: a row for each residual, a column for each parameter."""
        found: Array = self.program.jacobian(self.batch, numbers, by="parameters")
        return found.astype(float, copy=False).reshape(-1, found.shape[-1])


def reduced(outputs: Array, reduction: Literal["mean", "sum"]) -> float:
    """The mean or the sum of the first output over the examples."""
    if len(outputs) == 1:  # NumPy's functions take longer than a small circuit
        return float(outputs.item(0))
    found = np.add.reduce(outputs[:, 0])
    return float(found / len(outputs) if reduction == "mean" else found)
