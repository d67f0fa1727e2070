"""Plain floats as a number system: what a gate's formulas mean on ordinary numbers.

A formula of the gate table is written against a *number system*, a namespace with the functions
below. This one computes with Python floats and follows IEEE-754: what overflows becomes `inf`
instead of an `OverflowError`, and `nan` travels through. Other number systems give the same
formulas other meanings: `circuits` records gates, `python_text` prints Python.

Compiled, `math` is the C library, which gives `inf` where Python raises an `OverflowError`; what is
imported from Python's `math` by name stays Python's.
"""

# ruff: noqa: F401  (what is imported is part of the number system)

import math
from collections.abc import Sequence
from functools import reduce
from math import (
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atan2,
    atanh,
    cos,
    erf,
    erfc,
    inf,
    log,
    log1p,
    log2,
    log10,
    sin,
    sqrt,
    tan,
    tanh,
)
from math import fabs as absolute

from autograd_core.special import (
    direction,
    gaussian,
    hypot,
    lgamma,
    norm,
    normal_cdf,
    polygamma,
)


def exp(x: float) -> float:
    """e to the x; `inf` where that is larger than the largest float.

    >>> exp(0.0), exp(1000.0)
    (1.0, inf)
    """
    try:
        return math.exp(x)
    except OverflowError:
        return inf


def expm1(x: float) -> float:
    """e to the x, minus one, without the rounding error of that subtraction near 0."""
    try:
        return math.expm1(x)
    except OverflowError:
        return inf


def cosh(x: float) -> float:
    """Hyperbolic cosine."""
    try:
        return math.cosh(x)
    except OverflowError:
        return inf


def sinh(x: float) -> float:
    """Hyperbolic sine."""
    try:
        return math.sinh(x)
    except OverflowError:
        return math.copysign(inf, x)


def sech(x: float) -> float:
    """Hyperbolic secant 1/cosh x, without overflow."""
    e = math.exp(-abs(x))
    return 2.0 * e / (1.0 + e * e)


def sech2(x: float) -> float:
    """sech² x = 1 − tanh² x, which would lose its digits where tanh x is near 1.

    >>> sech2(0.0), sech2(350.0) > 0.0
    (1.0, True)
    """
    e = math.exp(-2.0 * abs(x))
    return 4.0 * e / (1.0 + e * (2.0 + e))


def sigmoid(x: float) -> float:
    """1 / (1 + e⁻ˣ), written so that the exponential never overflows.

    >>> sigmoid(0.0), sigmoid(1000.0), sigmoid(-1000.0)
    (0.5, 1.0, 0.0)
    """
    if x < 0.0:
        e = math.exp(x)
        return e / (1.0 + e)
    return 1.0 / (1.0 + math.exp(-x))


def sigmoid_slope(out: float, x: float) -> float:
    """σ(x) σ(−x), from σ(x)."""
    return out * sigmoid(-x)


def one_minus_square(x: float) -> float:
    """1 − x², without loss near 1 and −1."""
    return (1.0 - x) * (1.0 + x)


def floor(x: float) -> float:
    """The largest whole number up to x."""
    if abs(x) < 2.0**52 and x != 0.0:
        return float(math.floor(x))
    return x


def power(x: float, y: float) -> float:
    """x to the y.

    Raises:
        ValueError: if x is 0 and y is negative, or x is negative and y is fractional.

    >>> power(2.0, 10.0), power(-10.0, 309.0)
    (1024.0, -inf)
    """
    if y == 2.0:
        return x * x
    if x < 0.0:
        if y % 1.0 > 0.0 and x > -inf:
            raise ValueError("a negative number has no real power with a fractional exponent")
    elif x == 0.0 and y < 0.0:
        if y > -inf:
            raise ValueError("zero has no negative powers")
        return inf  # which math.pow says from Python 3.11 on
    try:
        return math.pow(x, y)
    except OverflowError:
        odd = y % 2.0 == 1.0
        return -inf if x < 0.0 and odd else inf


def power_limit(x: float, y: float) -> float:
    """x to the y, and `inf` for a negative power of zero: the limit from the right."""
    return inf if x == 0.0 and y < 0.0 else power(x, y)


def maximum(x: float, y: float) -> float:
    """The larger of two numbers; `nan` if one of them is."""
    return x if x > y or x != x else y


def minimum(x: float, y: float) -> float:
    """The smaller of two numbers; `nan` if one of them is."""
    return x if x < y or x != x else y


def largest(values: Sequence[float]) -> float:
    """The largest number; `nan` if one is."""
    return reduce(maximum, values)


def smallest(values: Sequence[float]) -> float:
    """The smallest number; `nan` if one is."""
    return reduce(minimum, values)


def greater(x: float, y: float) -> float:
    """The Iverson bracket [x > y]: 1 where it holds, else 0."""
    return 1.0 if x > y else 0.0


def equal(x: float, y: float) -> float:
    """The Iverson bracket [x = y]: 1 where it holds, else 0."""
    return 1.0 if x == y else 0.0


def where(condition: float, x: float, y: float) -> float:
    """x where the condition is not 0, else y."""
    return x if condition else y


def times(x: float, y: float) -> float:
    """x · y, and 0 for y = 0, even where x is infinite."""
    return 0.0 if y == 0.0 else x * y


def guard(condition: float, x: float) -> float:
    """1 where the condition holds, else x: a stand-in where x would fail in a branch not taken."""
    return 1.0 if condition else x


def total(values: Sequence[float]) -> float:
    """The sum, added from left to right as a chain of `+` gates would."""
    result = 0.0
    for position, value in enumerate(values):
        result = result + value if position else value
    return result


def product(values: Sequence[float]) -> float:
    """The product, multiplied from left to right."""
    result = 1.0
    for value in values:
        result *= value
    return result


def dot(weights: Sequence[float], inputs: Sequence[float]) -> float:
    """Σ wᵢxᵢ, added from left to right as a chain of `+` gates would."""
    return total([w * x for w, x in zip(weights, inputs, strict=True)])


def pick(choices: Sequence[float], values: Sequence[float]) -> float:
    """Σ choice · value; what is not chosen is left out, even where it is infinite."""
    return total([c * x for c, x in zip(choices, values, strict=True) if c])


def difference(x: float, y: float) -> float:
    """x − y, and 0 for equal numbers, even where they are infinite."""
    return 0.0 if x == y else x - y


def logsumexp(values: Sequence[float]) -> float:
    """ln Σ eˣ, with the largest x taken out so that no exponential overflows.

    ln(eᵃ + eᵇ) = a + ln(1 + eᵇ⁻ᵃ) for a ≥ b; where the second term is small, log1p keeps it.

    >>> logsumexp([1000.0, 1000.0]), logsumexp([0.0, -40.0])
    (1000.6931471805599, 4.248354255291589e-18)
    """
    if not values:
        raise ValueError("no values")
    place = max(range(len(values)), key=values.__getitem__)
    largest = values[place]
    if abs(largest) == inf and not any(x != x for x in values):
        return largest
    others = [math.exp(x - largest) for x in (*values[:place], *values[place + 1 :])]
    return largest + math.log1p(total(others))


def cross_entropy(choices: Sequence[float], values: Sequence[float]) -> float:
    """ln Σ exp(x − chosen).

    >>> cross_entropy([1.0, 0.0], [40.0, 0.0])
    4.248354255291589e-18
    """
    chosen = pick(choices, values)
    return logsumexp([difference(x, chosen) for x in values])


def modulo(x: float, y: float) -> float:
    """What remains of x, with the sign of y; only domains ask for it."""
    return x % y
