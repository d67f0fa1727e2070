"""Error functions and the normal distribution, the logarithm of the gamma function."""

from math import inf
from typing import Any

from autograd_core.gate import Domain, gate
from autograd_core.gates.patterns import CHAIN

TWO_OVER_ROOT_PI = 1.1283791670955126
ONE_OVER_ROOT_TWO_PI = 0.3989422804014327
ROOT_TWO = 1.4142135623730951


@gate(
    "gauss",
    pattern=CHAIN,
    local_gradients=[
        lambda math, out, x, rate: -2.0 * rate * (x * out),
        lambda math, out, x, rate: -x * (x * out),
    ],
    domain=[Domain(lambda x, rate: rate < 0.0, ValueError, "a bell curve has a rate from 0 up")],
    expansion=lambda math, x, rate: math.exp(-rate * (x * x)),
)
def gaussian(math: Any, x: Any, rate: Any = 0.5) -> Any:
    """exp(−rate · x²), the bell curve. The local gradients are −2 rate x and −x² times the output.

    Divided by √(2π) it is the density of the normal distribution.

    >>> gaussian(0.0), gaussian(40.0)
    (1.0, 0.0)
    """
    return math.gaussian(x, rate)


@gate(
    "erf",
    pattern=CHAIN,
    local_gradients=[lambda math, out, x: TWO_OVER_ROOT_PI * math.gaussian(x, 1.0)],
)
def erf(math: Any, x: Any) -> Any:
    """The error function, from −1 to 1. The local gradient is 2/√π exp(−x²).

    >>> erf(0.0), erf(10.0)
    (0.0, 1.0)
    """
    return math.erf(x)


@gate(
    "erfc",
    pattern=CHAIN,
    local_gradients=[lambda math, out, x: -TWO_OVER_ROOT_PI * math.gaussian(x, 1.0)],
    expansion=lambda math, x: 1.0 - math.erf(x),
)
def erfc(math: Any, x: Any) -> Any:
    """1 − erf x, with all digits where erf x is near 1. The local gradient is −2/√π exp(−x²).

    >>> erfc(0.0), erfc(-10.0)
    (1.0, 2.0)
    """
    return math.erfc(x)


@gate(
    "Φ",
    pattern=CHAIN,
    local_gradients=[lambda math, out, x: ONE_OVER_ROOT_TWO_PI * math.gaussian(x, 0.5)],
    expansion=lambda math, x: (1.0 + math.erf(x / ROOT_TWO)) / 2.0,
)
def normal_cdf(math: Any, x: Any) -> Any:
    """Φ(x) = ½ erfc(−x/√2): how likely a standard normal number is below x.

    The local gradient is the density exp(−x²/2)/√(2π).

    >>> normal_cdf(0.0), normal_cdf(-40.0)
    (0.5, 0.0)
    """
    return math.normal_cdf(x)


@gate(
    "ln Γ",
    pattern=CHAIN,
    steep=True,
    local_gradients=[lambda math, out, x: math.polygamma(0.0, x)],
    domain=[
        Domain(
            lambda x: (x <= 0.0) & (x % 1.0 == 0.0),
            ValueError,
            "the gamma function has poles at 0, -1, -2, …",
        ),
        Domain(lambda x: x == -inf, ValueError, "the gamma function has poles at 0, -1, -2, …"),
    ],
)
def lgamma(math: Any, x: Any) -> Any:
    """ln |Γ(x)|; for whole n ≥ 1, Γ(n) is (n − 1)!. The local gradient is the digamma function.

    >>> lgamma(1.0), round(lgamma(5.0), 6)  # ln 24
    (0.0, 3.178054)
    """
    return math.lgamma(x)


@gate(
    "ψ⁽ⁿ⁾",
    pattern=CHAIN,
    steep=True,
    local_gradients=[
        lambda math, out, order, x: 0.0,
        lambda math, out, order, x: math.polygamma(order + 1.0, x),
    ],
    domain=[
        Domain(
            lambda order, x: (x <= 0.0) & (x % 1.0 == 0.0),
            ValueError,
            "the gamma function has poles at 0, -1, -2, …",
        ),
        Domain(
            lambda order, x: x == -inf,
            ValueError,
            "the gamma function has poles at 0, -1, -2, …",
        ),
        Domain(
            lambda order, x: order < 0.0, ValueError, "a derivative has a whole order from 0 up"
        ),
        Domain(
            lambda order, x: order % 1.0 > 0.0,
            ValueError,
            "a derivative has a whole order from 0 up",
        ),
        Domain(lambda order, x: order > 170.0, ValueError, "the factorial of the order overflows"),
    ],
)
def polygamma(math: Any, order: Any, x: Any) -> Any:
    """The digamma function for order 0, trigamma for order 1, and so on: the slopes of lgamma.

    The local gradient to x is the polygamma function of the next order. The order is a count, and
    gets no gradient. Orders go up to 170, the last whose factorial is a float.

    >>> round(polygamma(0.0, 1.0), 6), round(polygamma(1.0, 1.0), 6)  # −γ and π²/6
    (-0.577216, 1.644934)
    """
    return math.polygamma(order, x)
