"""Learning-rate schedules: the rate as a function of the number of updates made so far.

Any function from a whole number to a number is a schedule: `lambda update: 1.0 - update / 100`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, inf, pi

from nn.validation import as_float, real_or_nan, shown, whole_number

Schedule = Callable[[int], float]


class _Decay:
    """A schedule whose numbers are checked, and made floats unless they count something."""

    def __post_init__(self) -> None:
        """See that the numbers make sense."""
        for name, number in vars(self).items():
            if name in ("every", "updates"):
                whole_number(number, name, least=1)
            elif name == "rate":
                check_rate(number)
            elif name == "factor" and not 0.0 < real_or_nan(number) <= 1.0:
                raise ValueError(
                    f"a rate falls by a factor above 0 and not above 1, not {number!r}"
                )
            elif name == "end" and not 0.0 <= real_or_nan(number) < inf:
                raise ValueError(f"end, the last learning rate, is zero or more, not {number!r}")
            if name in ("rate", "factor", "end"):
                object.__setattr__(self, name, as_float(number))


@dataclass(frozen=True)
class StepDecay(_Decay):
    """rate · factor^⌊update / every⌋: the rate falls in steps.

    Args:
        rate: the rate at the start.
        every: after how many updates it is multiplied.
        factor: by what, a number above 0 and not above 1.

    Raises:
        ValueError: if a number is out of its range.

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
class ExponentialDecay(_Decay):
    """rate · factor^update: the rate falls by the same factor at every update.

    Args:
        rate: the rate at the start.
        factor: by what it is multiplied, a number above 0 and not above 1.

    Raises:
        ValueError: if a number is out of its range.

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
class CosineDecay(_Decay):
    """end + (rate − end) (1 + cos(π update / updates)) / 2, and `end` after that.

    Loshchilov and Hutter, SGDR: Stochastic gradient descent with warm restarts, 2017, equation 5.

    Args:
        rate: the rate at the start.
        updates: after how many updates it has come down.
        end: the rate from then on.

    Raises:
        ValueError: if a number is out of its range.

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


def check_rate(rate: float) -> float:
    """A learning rate, if it is a number above zero.

    Raises:
        ValueError: if it is not.
        TypeError: if it is a list, of parameters for example.
    """
    if hasattr(rate, "__iter__") and not isinstance(rate, str):
        raise TypeError(
            "an optimiser is made without parameters, which each step is given: SteepestDescent("
            "0.1), and then optimiser.step(model.parameters())"
        )
    if not 0.0 < real_or_nan(rate) < inf:
        raise ValueError(f"a learning rate is a number above zero, not {shown(rate)}")
    return as_float(rate)
