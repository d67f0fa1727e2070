"""Adam: steps whose size follows from the gradients so far."""

from collections.abc import Callable
from math import inf

import numpy as np
import numpy.typing as npt

from nn.optimisers import Optimiser
from nn.schedules import Schedule
from nn.validation import real_or_nan

Array = npt.NDArray[np.float64]


class Adam(Optimiser):
    """Steps of a size that follows from the gradient's own mean and spread.

    m ← β₁ m + (1 − β₁) ∇ and v ← β₂ v + (1 − β₂) ∇², both divided by 1 − βᵗ because they start
    at 0; then θ ← θ − η m̂ / (√v̂ + ε). Kingma and Ba, Adam: A method for stochastic optimization,
    2015, algorithm 1.

    Args:
        rate: η.
        mean_decay: β₁.
        square_decay: β₂.
        epsilon: ε, which keeps the division from failing.

    Raises:
        ValueError: if a number is out of range.
    """

    def __init__(
        self,
        rate: float | Schedule = 0.001,
        *,
        mean_decay: float = 0.9,
        square_decay: float = 0.999,
        epsilon: float = 1e-8,
    ) -> None:
        super().__init__(rate)
        if not all(0.0 <= real_or_nan(decay) < 1.0 for decay in (mean_decay, square_decay)):
            raise ValueError(
                f"a decay is at least 0 and below 1, not {mean_decay!r} and {square_decay!r}"
            )
        if not 0.0 < real_or_nan(epsilon) < inf:
            raise ValueError(f"epsilon is a small number above zero, not {epsilon!r}")
        self.mean_decay = mean_decay
        self.square_decay = square_decay
        self.epsilon = epsilon

    def _change(
        self, parameters: Array, gradient: Array, loss: Callable[[Array], float] | None
    ) -> Array:
        mean = self._remembered("mean", gradient)
        square = self._remembered("square", gradient)
        mean += (1.0 - self.mean_decay) * (gradient - mean)
        square += (1.0 - self.square_decay) * (gradient * gradient - square)
        update = self.updates + 1
        unbiased_mean = mean / (1.0 - self.mean_decay**update)
        unbiased_square = square / (1.0 - self.square_decay**update)
        change: Array = -self.rate * unbiased_mean / (np.sqrt(unbiased_square) + self.epsilon)
        return change
