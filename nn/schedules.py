"""Learning-rate schedules: the rate as a function of the number of updates made so far.

Any function from a whole number to a number is a schedule: `lambda update: 1.0 - update / 100`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi

Schedule = Callable[[int], float]


@dataclass(frozen=True)
class StepDecay:
    """rate · factor^⌊update / every⌋: the rate falls in steps.

    Args:
        rate: the rate at the start.
        every: after how many updates it is multiplied.
        factor: by what.

    >>> schedule = StepDecay(0.1, every=10, factor=0.5)
    >>> schedule(0), schedule(9), schedule(10), schedule(25)
    (0.1, 0.1, 0.05, 0.025)
    """

    rate: float
    every: int
    factor: float = 0.1

    def __call__(self, update: int) -> float:
        """The rate for the update of this number, counted from 0."""
        return self.rate * self.factor ** (update // self.every)


@dataclass(frozen=True)
class ExponentialDecay:
    """rate · factor^update: the rate falls by the same factor at every update.

    >>> schedule = ExponentialDecay(0.1, factor=0.5)
    >>> schedule(0), schedule(2)
    (0.1, 0.025)
    """

    rate: float
    factor: float

    def __call__(self, update: int) -> float:
        """The rate for the update of this number, counted from 0."""
        return self.rate * self.factor**update


@dataclass(frozen=True)
class CosineDecay:
    """end + (rate − end) (1 + cos(π update / updates)) / 2, and `end` after that.

    Loshchilov and Hutter, SGDR: Stochastic gradient descent with warm restarts, 2017, equation 5.

    >>> schedule = CosineDecay(0.1, updates=100)
    >>> schedule(0), schedule(50), schedule(100), schedule(1000)
    (0.1, 0.05, 0.0, 0.0)
    """

    rate: float
    updates: int
    end: float = 0.0

    def __call__(self, update: int) -> float:
        """The rate for the update of this number, counted from 0."""
        progress = min(update / self.updates, 1.0)
        return self.end + (self.rate - self.end) * (1.0 + cos(pi * progress)) / 2.0
