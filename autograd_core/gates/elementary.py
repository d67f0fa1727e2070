"""Exponentials, logarithms, roots, angles, and their inverses."""

from math import inf
from typing import Any

from autograd_core.gate import Domain, gate
from autograd_core.gates.patterns import CHAIN

_INFINITE = Domain(lambda x: abs(x) == inf, ValueError, "an infinite angle has no sine or cosine")


@gate("exp", pattern=CHAIN, steep=True, local_gradients=[lambda math, out, x: out])
def exp(math: Any, x: Any) -> Any:
    """e to the x. Its local gradient is its own output.

    >>> exp(0.0)
    1.0
    """
    return math.exp(x)


@gate("eˣ-1", pattern=CHAIN, steep=True, local_gradients=[lambda math, out, x: math.exp(x)])
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
    domain=[Domain(lambda x: x <= 0.0, ValueError, "a logarithm needs a number above zero")],
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
)
def log1p(math: Any, x: Any) -> Any:
    """ln(1 + x), exact near 0. The local gradient is 1/(1 + x).

    >>> log1p(0.0)
    0.0
    """
    return math.log1p(x)


@gate(
    "√",
    pattern=CHAIN,
    steep=True,
    local_gradients=[lambda math, out, x: 0.5 * math.power_limit(x, -0.5)],
    domain=[Domain(lambda x: x < 0.0, ValueError, "a negative number has no real square root")],
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


@gate("sinh", pattern=CHAIN, steep=True, local_gradients=[lambda math, out, x: math.cosh(x)])
def sinh(math: Any, x: Any) -> Any:
    """The hyperbolic sine. The local gradient is cosh x.

    >>> sinh(0.0)
    0.0
    """
    return math.sinh(x)


@gate("cosh", pattern=CHAIN, steep=True, local_gradients=[lambda math, out, x: math.sinh(x)])
def cosh(math: Any, x: Any) -> Any:
    """The hyperbolic cosine. The local gradient is sinh x.

    >>> cosh(0.0)
    1.0
    """
    return math.cosh(x)


@gate("sech", pattern=CHAIN, local_gradients=[lambda math, out, x: -(out * math.tanh(x))])
def sech(math: Any, x: Any) -> Any:
    """The hyperbolic secant 1/cosh x = 2 / (eˣ + e⁻ˣ). The local gradient is −sech x tanh x.

    >>> sech(0.0), sech(1000.0)
    (1.0, 0.0)
    """
    return math.sech(x)


@gate(
    "tanh",
    pattern=CHAIN,
    local_gradients=[lambda math, out, x: math.power(math.sech(x), 2.0)],
)
def tanh(math: Any, x: Any) -> Any:
    """The hyperbolic tangent, from −1 to 1. The local gradient is sech² x = 1 − tanh² x.

    >>> tanh(0.0), tanh(1000.0)
    (0.0, 1.0)
    """
    return math.tanh(x)
