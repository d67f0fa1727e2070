"""Exponentials, logarithms, roots, angles, and their inverses."""

from math import inf, nan
from typing import Any

from autograd_core.gate import Domain, gate
from autograd_core.gates.patterns import CHAIN

_INFINITE = Domain(lambda x: abs(x) == inf, ValueError, "an infinite angle has no sine or cosine")
_NO_SINE = Domain(lambda x: abs(x) > 1.0, ValueError, "a sine or cosine is between -1 and 1")
_NO_LOGARITHM = Domain(lambda x: x <= 0.0, ValueError, "a logarithm needs a number above zero")
_LOG2_E, _LOG10_E = 1.4426950408889634, 0.4342944819032518


def _tanh_of(e: Any) -> Any:
    """(e − 1) / (e + 1), the hyperbolic tangent where e is e²ˣ."""
    return (e - 1.0) / (e + 1.0)


@gate("exp", pattern=CHAIN, steep=True, local_gradients=[lambda math, out, x: out])
def exp(math: Any, x: Any) -> Any:
    """e to the x. Its local gradient is its own output.

    >>> exp(0.0)
    1.0
    """
    return math.exp(x)


@gate(
    "eˣ-1",
    pattern=CHAIN,
    steep=True,
    local_gradients=[lambda math, out, x: math.exp(x)],
    expansion=lambda math, x: math.exp(x) - 1.0,
)
def expm1(math: Any, x: Any) -> Any:
    """e to the x, minus 1, exact near 0. The local gradient is eˣ.

    >>> expm1(0.0)
    0.0
    """
    return math.expm1(x)


@gate(
    "log",
    pattern=CHAIN,
    steep=True,
    local_gradients=[lambda math, out, x: 1.0 / x],
    domain=[_NO_LOGARITHM],
)
def log(math: Any, x: Any) -> Any:
    """The natural logarithm. The local gradient is 1/x.

    >>> log(1.0)
    0.0
    """
    return math.log(x)


@gate(
    "log1p",
    pattern=CHAIN,
    steep=True,
    local_gradients=[lambda math, out, x: 1.0 / (1.0 + x)],
    domain=[Domain(lambda x: x <= -1.0, ValueError, "ln(1 + x) needs a number above -1")],
    expansion=lambda math, x: math.log(1.0 + x),
)
def log1p(math: Any, x: Any) -> Any:
    """ln(1 + x), exact near 0. The local gradient is 1/(1 + x).

    >>> log1p(0.0)
    0.0
    """
    return math.log1p(x)


@gate(
    "log₂",
    pattern=CHAIN,
    steep=True,
    local_gradients=[lambda math, out, x: _LOG2_E / x],
    domain=[_NO_LOGARITHM],
    expansion=lambda math, x: math.log(x) * _LOG2_E,
)
def log2(math: Any, x: Any) -> Any:
    """The logarithm to base 2. The local gradient is 1/(x ln 2).

    >>> log2(8.0)
    3.0
    """
    return math.log2(x)


@gate(
    "log₁₀",
    pattern=CHAIN,
    steep=True,
    local_gradients=[lambda math, out, x: _LOG10_E / x],
    domain=[_NO_LOGARITHM],
    expansion=lambda math, x: math.log(x) * _LOG10_E,
)
def log10(math: Any, x: Any) -> Any:
    """The logarithm to base 10. The local gradient is 1/(x ln 10).

    >>> log10(1000.0)
    3.0
    """
    return math.log10(x)


def _log_limit(math: Any, x: Any) -> Any:
    """ln x, and −∞, its limit, at 0."""
    at_zero = math.equal(x, 0.0)
    return math.where(at_zero, -inf, math.log(math.guard(at_zero, x)))


def _quotient_limit(math: Any, x: Any, y: Any) -> Any:
    """x / y, and x for y = 0, where xlogy takes no other x than 0."""
    at_zero = math.equal(y, 0.0)
    return math.where(at_zero, x, x / math.guard(at_zero, y))


@gate(
    "x ln y",
    pattern=CHAIN,
    steep=True,
    local_gradients=[
        lambda math, out, x, y: _log_limit(math, y),
        lambda math, out, x, y: _quotient_limit(math, x, y),
    ],
    domain=[
        Domain(lambda x, y: y < 0.0, ValueError, "a logarithm needs a number above zero"),
        Domain(
            lambda x, y: (y == 0.0) & (abs(x) > 0.0),
            ValueError,
            "x ln 0 is a number for x = 0 alone",
        ),
    ],
    expansion=lambda math, x, y: x * math.log(y),
)
def xlogy(math: Any, x: Any, y: Any) -> Any:
    """x ln y, and 0 for x = 0, even where y is 0: the terms of entropy and cross-entropy.

    The local gradients are ln y, which is `-inf` at 0, and x/y, which is 0 for x = 0.

    >>> xlogy(0.0, 0.0), xlogy(2.0, 1.0)
    (0.0, 0.0)
    """
    flat = math.equal(x, 0.0)
    return math.where(
        flat, math.where(math.equal(y, y), 0.0, y), x * _log_limit(math, math.guard(flat, y))
    )


@gate(
    "√",
    pattern=CHAIN,
    steep=True,
    local_gradients=[lambda math, out, x: 0.5 * math.power_limit(x, -0.5)],
    domain=[Domain(lambda x: x < 0.0, ValueError, "a negative number has no real square root")],
    expansion=lambda math, x: x**0.5,
)
def sqrt(math: Any, x: Any) -> Any:
    """The square root. The local gradient is 1/(2√x), which is `inf` at 0.

    >>> sqrt(9.0)
    3.0
    """
    return math.sqrt(x)


@gate(
    "sin",
    pattern=CHAIN,
    local_gradients=[lambda math, out, x: math.cos(x)],
    domain=[_INFINITE],
)
def sin(math: Any, x: Any) -> Any:
    """The sine of an angle in radians. The local gradient is cos x.

    >>> sin(0.0)
    0.0
    """
    return math.sin(x)


@gate(
    "cos",
    pattern=CHAIN,
    local_gradients=[lambda math, out, x: -math.sin(x)],
    domain=[_INFINITE],
)
def cos(math: Any, x: Any) -> Any:
    """The cosine of an angle in radians. The local gradient is −sin x.

    >>> cos(0.0)
    1.0
    """
    return math.cos(x)


@gate(
    "tan",
    pattern=CHAIN,
    steep=True,
    local_gradients=[lambda math, out, x: 1.0 + out * out],
    domain=[_INFINITE],
    expansion=lambda math, x: math.sin(x) / math.cos(x),
)
def tan(math: Any, x: Any) -> Any:
    """The tangent of an angle in radians. The local gradient is 1 + tan² x.

    >>> tan(0.0)
    0.0
    """
    return math.tan(x)


@gate(
    "1-x²",
    pattern=CHAIN,
    local_gradients=[lambda math, out, x: -2.0 * x],
    expansion=lambda math, x: 1.0 - x * x,
)
def one_minus_square(math: Any, x: Any) -> Any:
    """1 − x² as (1 − x)(1 + x), without loss near 1 and −1. The local gradient is −2x.

    The slopes of asin, acos and atanh are powers of it.

    >>> one_minus_square(0.5)
    0.75
    """
    return math.one_minus_square(x)


@gate(
    "asin",
    pattern=CHAIN,
    steep=True,
    local_gradients=[lambda math, out, x: math.power_limit(math.one_minus_square(x), -0.5)],
    domain=[_NO_SINE],
)
def asin(math: Any, x: Any) -> Any:
    """The angle from −π/2 to π/2 with this sine. The local gradient is 1/√(1 − x²).

    It is `inf` at −1 and 1.

    >>> asin(0.0)
    0.0
    """
    return math.asin(x)


@gate(
    "acos",
    pattern=CHAIN,
    steep=True,
    local_gradients=[lambda math, out, x: -math.power_limit(math.one_minus_square(x), -0.5)],
    domain=[_NO_SINE],
)
def acos(math: Any, x: Any) -> Any:
    """The angle from 0 to π with this cosine. The local gradient is −1/√(1 − x²).

    It is `-inf` at −1 and 1.

    >>> acos(1.0)
    0.0
    """
    return math.acos(x)


@gate(
    "atan",
    pattern=CHAIN,
    local_gradients=[lambda math, out, x: math.power(math.hypot(1.0, x), -2.0)],
)
def atan(math: Any, x: Any) -> Any:
    """The angle from −π/2 to π/2 with this tangent. The local gradient is 1/(1 + x²).

    >>> atan(0.0)
    0.0
    """
    return math.atan(x)


@gate(
    "x/r",
    pattern=CHAIN,
    steep=True,
    local_gradients=[
        lambda math, out, x, y: _over_radius(math, math.power(math.direction(y, x), 2.0), x, y),
        lambda math, out, x, y: -_over_radius(math, out * math.direction(y, x), x, y),
    ],
    expansion=lambda math, x, y: x / math.hypot(x, y),
)
def direction(math: Any, x: Any, y: Any) -> Any:
    """x / √(x² + y²), the cosine of the angle of the point (x, y), and 0 at the origin.

    The slopes of hypot and atan2 are made of it. The local gradients are y²/r³ and −xy/r³ with
    r = √(x² + y²), and 0 at the origin.

    >>> direction(3.0, 4.0), direction(0.0, 0.0)
    (0.6, 0.0)
    """
    return math.direction(x, y)


def _over_radius(math: Any, numerator: Any, x: Any, y: Any) -> Any:
    """numerator / √(x² + y²), and 0 at the origin."""
    radius = math.hypot(x, y)
    origin = math.equal(radius, 0.0)
    return math.where(origin, 0.0, numerator / math.guard(origin, radius))


@gate(
    "hypot",
    pattern=CHAIN,
    commutes=True,
    local_gradients=[
        lambda math, out, x, y: math.direction(x, y),
        lambda math, out, x, y: math.direction(y, x),
    ],
    expansion=lambda math, x, y: math.sqrt(x * x + y * y),
)
def hypot(math: Any, x: Any, y: Any) -> Any:
    """√(x² + y²), the length of (x, y). The local gradients are x/√(x² + y²) and y/√(x² + y²).

    At the origin both are 0: the gradient of least norm among those of all directions.

    >>> hypot(3.0, -4.0)
    5.0
    """
    return math.hypot(x, y)


@gate(
    "atan2",
    pattern=CHAIN,
    steep=True,
    local_gradients=[
        lambda math, out, y, x: _turn(math, math.direction(x, y), x, y),
        lambda math, out, y, x: -_turn(math, math.direction(y, x), x, y),
    ],
)
def atan2(math: Any, y: Any, x: Any) -> Any:
    """The angle of the point (x, y), from −π to π. The local gradients are x/r² and −y/r².

    r² is x² + y². At the origin, which has no angle, the output is that of `math.atan2` and the
    gradients are `nan`.

    >>> atan2(0.0, 1.0)
    0.0
    """
    return math.atan2(y, x)


def _turn(math: Any, numerator: Any, x: Any, y: Any) -> Any:
    """numerator / √(x² + y²), and nan at the origin."""
    radius = math.hypot(x, y)
    origin = math.equal(radius, 0.0)
    return math.where(origin, nan, numerator / math.guard(origin, radius))


@gate(
    "sinh",
    pattern=CHAIN,
    steep=True,
    local_gradients=[lambda math, out, x: math.cosh(x)],
    expansion=lambda math, x: (math.exp(x) - math.exp(-x)) / 2.0,
)
def sinh(math: Any, x: Any) -> Any:
    """The hyperbolic sine. The local gradient is cosh x.

    >>> sinh(0.0)
    0.0
    """
    return math.sinh(x)


@gate(
    "cosh",
    pattern=CHAIN,
    steep=True,
    local_gradients=[lambda math, out, x: math.sinh(x)],
    expansion=lambda math, x: (math.exp(x) + math.exp(-x)) / 2.0,
)
def cosh(math: Any, x: Any) -> Any:
    """The hyperbolic cosine. The local gradient is sinh x.

    >>> cosh(0.0)
    1.0
    """
    return math.cosh(x)


@gate(
    "sech",
    pattern=CHAIN,
    local_gradients=[lambda math, out, x: -(out * math.tanh(x))],
    expansion=lambda math, x: 2.0 / (math.exp(x) + math.exp(-x)),
)
def sech(math: Any, x: Any) -> Any:
    """The hyperbolic secant 1/cosh x = 2 / (eˣ + e⁻ˣ). The local gradient is −sech x tanh x.

    >>> sech(0.0), sech(1000.0)
    (1.0, 0.0)
    """
    return math.sech(x)


@gate(
    "sech²",
    pattern=CHAIN,
    local_gradients=[lambda math, out, x: -2.0 * (out * math.tanh(x))],
    expansion=lambda math, x: 1.0 - math.tanh(x) ** 2.0,
)
def sech2(math: Any, x: Any) -> Any:
    """sech² x = 1 − tanh² x, the slope of tanh. The local gradient is −2 sech² x tanh x.

    It is computed as 4u/(1 + u (2 + u)) with u = exp(−2|x|), which keeps its digits for every x.

    >>> sech2(0.0), sech2(1000.0)
    (1.0, 0.0)
    """
    return math.sech2(x)


@gate(
    "tanh",
    pattern=CHAIN,
    local_gradients=[lambda math, out, x: math.sech2(x)],
    expansion=lambda math, x: _tanh_of(math.exp(2.0 * x)),
)
def tanh(math: Any, x: Any) -> Any:
    """The hyperbolic tangent, from −1 to 1. The local gradient is sech² x = 1 − tanh² x.

    >>> tanh(0.0), tanh(1000.0)
    (0.0, 1.0)
    """
    return math.tanh(x)


@gate(
    "asinh",
    pattern=CHAIN,
    local_gradients=[lambda math, out, x: 1.0 / math.hypot(1.0, x)],
    expansion=lambda math, x: math.log(x + math.sqrt(x * x + 1.0)),
)
def asinh(math: Any, x: Any) -> Any:
    """The number with this hyperbolic sine. The local gradient is 1/√(1 + x²).

    >>> asinh(0.0)
    0.0
    """
    return math.asinh(x)


@gate(
    "acosh",
    pattern=CHAIN,
    steep=True,
    local_gradients=[
        lambda math, out, x: math.power_limit(x - 1.0, -0.5) * math.power_limit(x + 1.0, -0.5)
    ],
    domain=[Domain(lambda x: x < 1.0, ValueError, "a hyperbolic cosine is at least 1")],
    expansion=lambda math, x: math.log(x + math.sqrt(x * x - 1.0)),
)
def acosh(math: Any, x: Any) -> Any:
    """The number from 0 up with this hyperbolic cosine. The local gradient is 1/√(x² − 1).

    It is `inf` at 1.

    >>> acosh(1.0)
    0.0
    """
    return math.acosh(x)


@gate(
    "atanh",
    pattern=CHAIN,
    steep=True,
    local_gradients=[lambda math, out, x: 1.0 / math.one_minus_square(x)],
    domain=[
        Domain(lambda x: abs(x) >= 1.0, ValueError, "a hyperbolic tangent is between -1 and 1")
    ],
    expansion=lambda math, x: 0.5 * math.log((1.0 + x) / (1.0 - x)),
)
def atanh(math: Any, x: Any) -> Any:
    """The number with this hyperbolic tangent. The local gradient is 1/(1 − x²).

    >>> atanh(0.0)
    0.0
    """
    return math.atanh(x)
