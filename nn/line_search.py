"""Line search: steps of which each is known to lower the loss."""

from collections.abc import Callable
from math import isfinite, nan

import numpy as np
import numpy.typing as npt

from nn.optimisers import Optimiser
from nn.schedules import Schedule
from nn.validation import real_or_nan, whole_number

Array = npt.NDArray[np.float64]


class LineSearch(Optimiser):
    """Steepest descent that halves its step until the loss falls enough.

    Backtracking: a step t is taken once loss(θ − t ∇) ≤ loss(θ) − slope · t ‖∇‖² (Armijo 1966;
    Nocedal and Wright, Numerical optimization, algorithm 3.1). It asks for the loss of the whole
    training set, so it is for batch training. A step to where the loss is not defined, or not
    finite, is too long.

    Args:
        rate: the first step it tries.
        shrink: by what a step that is too long is multiplied.
        slope: how much of the fall that the gradient promises is enough.
        trials: after how many steps it gives up and stays where it is.

    Raises:
        ValueError: if a number is out of range.
    """

    needs_loss = True

    def __init__(
        self,
        rate: float | Schedule = 1.0,
        *,
        shrink: float = 0.5,
        slope: float = 1e-4,
        trials: int = 60,
    ) -> None:
        super().__init__(rate)
        if not all(0.0 < real_or_nan(factor) < 1.0 for factor in (shrink, slope)):
            raise ValueError(f"shrink and slope lie between 0 and 1, not {shrink!r} and {slope!r}")
        self.shrink = shrink
        self.slope = slope
        self.trials = whole_number(trials, "trials", least=1)

    def _change(
        self, parameters: Array, gradient: Array, loss: Callable[[Array], float] | None
    ) -> Array:
        if loss is None:
            raise ValueError(
                "a line search has to try several steps: give it the loss, "
                "step(parameters, loss=lambda: …)"
            )
        here, fall = loss(parameters), float(gradient @ gradient)
        length = self.rate
        for _ in range(self.trials):
            there = _defined(loss, parameters - length * gradient)
            if isfinite(there) and there <= here - self.slope * length * fall:
                return -length * gradient
            length *= self.shrink
        return np.zeros_like(parameters)


def _defined(loss: Callable[[Array], float], place: Array) -> float:
    """The loss there; nan outside the domain of one of its gates."""
    try:
        return loss(place)
    except (ValueError, ArithmeticError):
        return nan
