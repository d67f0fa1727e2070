"""Sums, products, quotients and powers."""

from math import inf, nan
from typing import Any

from autograd_core.gate import Domain, gate
from autograd_core.gates.patterns import ADD, CHAIN, SCALE
from autograd_core.node import Node

_FRACTIONAL = Domain(
    lambda x, y: (x < 0.0) & (x > -inf) & (y % 1.0 > 0.0),
    ValueError,
    "a negative base has no real power with a fractional exponent",
)


@gate(
    "+",
    pattern=ADD,
    commutes=True,
    local_gradients=[lambda math, out, x, y: 1.0, lambda math, out, x, y: 1.0],
)
def add(math: Any, x: Any, y: Any) -> Any:
    """x + y. Both local gradients are 1: the gate distributes the gradient.

    >>> add(-2.0, 5.0)
    3.0
    """
    return x + y


@gate(
    "-",
    pattern="distributor: the first input gets the upstream gradient, the second its negative",
    local_gradients=[lambda math, out, x, y: 1.0, lambda math, out, x, y: -1.0],
)
def subtract(math: Any, x: Any, y: Any) -> Any:
    """x − y. The local gradients are 1 and −1.

    >>> subtract(5.0, 2.0)
    3.0
    """
    return x - y


@gate(
    "-",
    pattern="distributor: the first input gets the upstream gradient, the second its negative",
    local_gradients=[lambda math, out, x, y: 1.0, lambda math, out, x, y: -1.0],
)
def difference(math: Any, x: Any, y: Any) -> Any:
    """x − y, and 0 for equal numbers, even where they are infinite: how far they are apart.

    The shares of `logsumexp` and `cross_entropy` follow from it. The local gradients are 1 and −1.

    >>> difference(5.0, 2.0), difference(float("inf"), float("inf"))
    (3.0, 0.0)
    """
    return math.difference(x, y)


@gate(
    "*",
    pattern="swaps and scales: each input gets the upstream gradient times the other input",
    commutes=True,
    local_gradients=[lambda math, out, x, y: y, lambda math, out, x, y: x],
)
def multiply(math: Any, x: Any, y: Any) -> Any:
    """x · y. Each local gradient is the other input.

    >>> multiply(3.0, -4.0)
    -12.0
    """
    return x * y


@gate(
    "/",
    pattern="scaler: the numerator gets the upstream gradient divided by the denominator",
    steep=lambda x, y: not isinstance(y, float),
    local_gradients=[lambda math, out, x, y: 1.0 / y, lambda math, out, x, y: -out / y],
    domain=[Domain(lambda x, y: y == 0.0, ZeroDivisionError, "division by zero")],
)
def divide(math: Any, x: Any, y: Any) -> Any:
    """x / y. The local gradients are 1/y and −x/y².

    >>> divide(1.0, 4.0)
    0.25
    """
    return x / y


@gate(
    "1/x",
    pattern=CHAIN,
    steep=True,
    local_gradients=[lambda math, out, x: -(out * out)],
    domain=[Domain(lambda x: x == 0.0, ZeroDivisionError, "division by zero")],
)
def reciprocal(math: Any, x: Any) -> Any:
    """1 / x. The local gradient is −1/x².

    >>> reciprocal(4.0)
    0.25
    """
    return 1.0 / x


@gate("*-1", pattern=SCALE, local_gradients=[lambda math, out, x: -1.0])
def negate(math: Any, x: Any) -> Any:
    """−x. The local gradient is −1.

    >>> negate(3.0)
    -3.0
    """
    return -x


def _power_by_base(math: Any, out: Any, x: Any, y: Any) -> Any:
    """y xʸ⁻¹, with its limit where x = 0 and y < 1 would divide by zero."""
    if isinstance(y, float):
        if y == 2.0:
            return 2.0 * x
        if y >= 1.0 or y < 0.0:  # a negative power of zero is refused going forward
            return y * math.power(x, y - 1.0)
    return _power_limit_by_base(math, out, x, y)


def _power_limit_by_base(math: Any, out: Any, x: Any, y: Any) -> Any:
    """y xʸ⁻¹, `inf` where it divides by zero, and 0 for y = 0, whatever x is."""
    if isinstance(y, Node):
        return power_slope(x, y)
    flat = math.equal(y, 0.0)
    return math.where(flat, 0.0, y * math.power_limit(math.guard(flat, x), y - 1.0))


def _power_by_exponent(math: Any, out: Any, x: Any, y: Any) -> Any:
    """xʸ ln x: 0 at x = 0, and `nan` for a negative base, which has powers only here and there."""
    if isinstance(x, Node) or isinstance(y, Node):
        return power_log(x, y)
    below_zero = math.greater(0.0, x)
    at_zero = math.equal(x, 0.0)
    slope = out * math.log(math.guard(at_zero, math.guard(below_zero, x)))
    return math.where(below_zero, nan, math.where(at_zero, 0.0, slope))


def _log(math: Any, x: Any) -> Any:
    """ln x, and 0 where x has no logarithm."""
    return math.log(math.where(math.greater(x, 0.0), x, 1.0))


def _of_positive(math: Any, x: Any, slope: Any, at_zero: Any) -> Any:
    """A slope with ln x in it: it has a limit at 0, and is `nan` below."""
    beyond = math.where(math.equal(x, 0.0), at_zero, slope)
    return math.where(math.greater(0.0, x), nan, beyond)


def _power_slope_by_base(math: Any, out: Any, x: Any, y: Any) -> Any:
    """y (y − 1) xʸ⁻², and 0 for y = 0."""
    flat = math.equal(y, 0.0)
    slope = y * _power_limit_by_base(math, None, math.guard(flat, x), y - 1.0)
    return math.where(flat, 0.0, slope)


def _mixed(math: Any, out: Any, x: Any, y: Any) -> Any:
    """∂²xʸ/∂x∂y = xʸ⁻¹ (1 + y ln x); at 0 it is −∞ for 0 < y ≤ 1."""
    at_zero = math.where(math.greater(y, 1.0), 0.0, math.where(math.greater(y, 0.0), -inf, 0.0))
    slope = math.power_limit(x, y - 1.0) * (1.0 + y * _log(math, x))
    return _of_positive(math, x, slope, at_zero)


@gate(
    "**",
    pattern=CHAIN,
    steep=lambda x, y: not (isinstance(y, float) and y >= 1.0),
    local_gradients=[_power_by_base, _power_by_exponent],
    domain=[
        Domain(
            lambda x, y: (x == 0.0) & (y < 0.0) & (y > -inf),
            ZeroDivisionError,
            "zero has no negative powers",
        ),
        _FRACTIONAL,
    ],
)
def power(math: Any, x: Any, y: Any) -> Any:
    """x to the y. The local gradients are y xʸ⁻¹ and xʸ ln x.

    At x = 0 the gradient to the base is the limit from the right, and that to the exponent is 0.
    To the exponent of a negative base the gradient
    is `nan`: such a power exists only at whole exponents, so it has no slope there. Beyond 2⁵³,
    where y − 1 rounds to y, the gradient to a negative base may have the wrong sign.

    >>> power(3.0, 2.0)
    9.0
    """
    return math.power(x, y)


@gate(
    "**",
    pattern=CHAIN,
    steep=lambda x, y: not (isinstance(y, float) and y >= 1.0),
    local_gradients=[_power_limit_by_base, _power_by_exponent],
    domain=[_FRACTIONAL],
)
def power_limit(math: Any, x: Any, y: Any) -> Any:
    """x to the y, and `inf`, the limit from the right, for a negative power of zero.

    The slopes of √x and of xʸ for y < 1 are infinite at 0; this gate says so in their derivative
    circuits, where the power gate would refuse.

    >>> power_limit(0.0, -0.5), power_limit(4.0, -0.5)
    (inf, 0.5)
    """
    return math.power_limit(x, y)


@gate(
    "y xʸ⁻¹",
    pattern=CHAIN,
    steep=True,
    local_gradients=[_power_slope_by_base, _mixed],
    domain=[_FRACTIONAL],
)
def power_slope(math: Any, x: Any, y: Any) -> Any:
    """y xʸ⁻¹, the slope of xʸ to its base. The local gradients are the second derivatives of xʸ.

    >>> power_slope(3.0, 2.0), power_slope(0.0, 0.5)
    (6.0, inf)
    """
    return _power_limit_by_base(math, None, x, y)


@gate(
    "xʸ ln x",
    pattern=CHAIN,
    steep=True,
    local_gradients=[
        _mixed,
        lambda math, out, x, y: _of_positive(math, x, out * _log(math, x), 0.0),
    ],
    domain=[_FRACTIONAL],
)
def power_log(math: Any, x: Any, y: Any) -> Any:
    """xʸ ln x, the slope of xʸ to its exponent: 0 at 0, and `nan` for a negative base.

    >>> power_log(1.0, 2.0), power_log(0.0, 2.0)
    (0.0, 0.0)
    """
    return _power_by_exponent(math, math.power_limit(x, y), x, y)
