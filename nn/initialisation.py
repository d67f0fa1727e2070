"""How weights start: `uniform`, `xavier` and `he`, each a rule for one random weight."""

import random
from collections.abc import Callable
from math import sqrt
from numbers import Integral
from typing import Any, Literal, Protocol, SupportsIndex


class Source(Protocol):
    """Where random numbers come from: a `random.Random`, or the module `random` itself."""

    def uniform(self, a: float, b: float) -> float:
        """A number between a and b."""

    def gauss(self, mu: float, sigma: float) -> float:
        """A number from the normal distribution with mean mu and standard deviation sigma."""


Seed = SupportsIndex | Source | None

Initialisation = Callable[[Source, int, int], float]
"""A random weight for a layer, from a source and the layer's numbers of inputs and outputs."""


def uniform(source: Source, nin: int, nout: int) -> float:
    """Uniform between -1 and 1, as in micrograd.

    >>> from random import Random
    >>> uniform(Random(1), 3, 4)
    -0.731271511775...
    """
    return source.uniform(-1.0, 1.0)


def xavier(source: Source, nin: int, nout: int) -> float:
    """Uniform between ±√(6 / (nin + nout)), which keeps the variance of tanh layers.

    Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks,
    2010, equation 16.

    >>> from random import Random
    >>> xavier(Random(1), 3, 3)  # √(6/6) = 1: the same as uniform
    -0.731271511775...
    """
    bound = sqrt(6.0 / (nin + nout))
    return source.uniform(-bound, bound)


def he(source: Source, nin: int, nout: int) -> float:
    """Normal with standard deviation √(2 / nin), which keeps the variance of ReLU layers.

    He, Zhang, Ren and Sun, Delving deep into rectifiers, 2015, equation 10.

    >>> from random import Random
    >>> he(Random(1), 2, 5)  # √(2/2) = 1: the standard normal distribution
    1.28818475...
    """
    return source.gauss(0.0, sqrt(2.0 / nin))


InitialisationName = Literal["uniform", "xavier", "he"]
INITIALISATIONS: dict[Any, Initialisation] = {"uniform": uniform, "xavier": xavier, "he": he}
"""The rules by name; `MLP(..., initial="he")` finds them here."""


def initialisation_named(name: str) -> Initialisation:
    """The rule of this name; a `ValueError` if there is none."""
    if not isinstance(name, str) or name not in INITIALISATIONS:
        choices = ", ".join(map(repr, INITIALISATIONS))
        raise ValueError(f"there is no initialisation {name!r}; choose one of {choices}")
    return INITIALISATIONS[name]


def source_of(seed: Any) -> Source:
    """The source of random numbers that a seed stands for: an integer, a source, or None.

    Raises:
        TypeError: if it is something else.
    """
    if seed is None:
        return random
    if isinstance(seed, Integral) and not isinstance(seed, bool):
        return random.Random(int(seed))
    if hasattr(seed, "uniform") and hasattr(seed, "gauss"):
        return seed  # type: ignore[no-any-return]
    raise TypeError(
        f"a seed is an integer, or a source of random numbers like random.Random(1), not {seed!r}"
    )
