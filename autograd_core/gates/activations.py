"""Activation functions."""

from typing import Any

from autograd_core.gate import gate
from autograd_core.gates.patterns import CHAIN, STOP
from autograd_core.gates.special import ONE_OVER_ROOT_TWO_PI
from autograd_core.node import Node


@gate(
    "σ",
    pattern=CHAIN,
    local_gradients=[lambda math, out, x: math.sigmoid_slope(out, x)],
    expansion=lambda math, x: 1.0 / (1.0 + math.exp(-x)),
)
def sigmoid(math: Any, x: Any) -> Any:
    """The logistic function σ(x) = 1 / (1 + e⁻ˣ).

    The local gradient is (1 − σ(x)) σ(x), computed as σ(x) σ(−x); in derivative circuits it is
    ¼ sech²(x/2), whose own slope keeps its digits where that of the product is a difference.

    >>> sigmoid(0.0), sigmoid(-1000.0)
    (0.5, 0.0)
    """
    return math.sigmoid(x)


@gate(
    "soft+",
    pattern=CHAIN,
    local_gradients=[lambda math, out, x: math.sigmoid(x)],
    expansion=lambda math, x: math.log(1.0 + math.exp(x)),
)
def softplus(math: Any, x: Any) -> Any:
    """ln(1 + eˣ), a smooth ReLU. The local gradient is σ(x).

    >>> softplus(-1000.0), softplus(1000.0)
    (0.0, 1000.0)
    """
    return math.maximum(x, 0.0) + math.log1p(math.exp(-math.absolute(x)))


@gate(
    "ln σ",
    pattern=CHAIN,
    local_gradients=[lambda math, out, x: math.sigmoid(-x)],
    expansion=lambda math, x: math.log(math.sigmoid(x)),
)
def log_sigmoid(math: Any, x: Any) -> Any:
    """ln σ(x) = −ln(1 + e⁻ˣ), for every x. The local gradient is σ(−x) = 1 − σ(x).

    >>> log_sigmoid(-1000.0), log_sigmoid(1000.0)
    (-1000.0, 0.0)
    """
    return math.minimum(x, 0.0) - math.log1p(math.exp(-math.absolute(x)))


def _sigmoid_minus(math: Any, x: Any, y: Any) -> Any:
    """σ(x) − y; as one gate in derivative circuits, where it reads as the lectures' P − Y."""
    if isinstance(y, float) and y == 0.0:
        return math.sigmoid(x)
    if isinstance(x, Node):
        return sigmoid_minus(x, y)
    return math.where(math.equal(y, 1.0), -math.sigmoid(-x), math.sigmoid(x) - y)


@gate(
    "σ−y",
    pattern=CHAIN,
    local_gradients=[
        lambda math, out, x, y: math.sigmoid_slope(math.sigmoid(x), x),
        lambda math, out, x, y: -1.0,
    ],
)
def sigmoid_minus(math: Any, x: Any, y: Any) -> Any:
    """σ(x) − y, and for y = 1 as exact as −σ(−x): a probability minus a label.

    It is the slope of `logistic_loss`. The local gradients are σ′(x) and −1.

    >>> sigmoid_minus(0.0, 0.0), sigmoid_minus(-1000.0, 1.0)
    (0.5, -1.0)
    """
    return _sigmoid_minus(math, x, y)


@gate(
    "soft+−yx",
    pattern=CHAIN,
    local_gradients=[
        lambda math, out, x, y: _sigmoid_minus(math, x, y),
        lambda math, out, x, y: -x,
    ],
    expansion=lambda math, x, y: math.softplus(x) - y * x,
)
def logistic_loss(math: Any, x: Any, y: Any) -> Any:
    """ln(1 + eˣ) − y x: the binary cross-entropy of the label y and the probability σ(x).

    It is written without that difference, exact for both labels, 0 and 1, and every x. The local
    gradients are σ(x) − y and −x.

    >>> logistic_loss(40.0, 1.0), logistic_loss(-40.0, 0.0)
    (4.248354255291589e-18, 4.248354255291589e-18)
    """
    wrong = math.where(math.greater(x, 0.0), 1.0 - y, y)
    return math.times(math.absolute(x), wrong) + math.log1p(math.exp(-math.absolute(x)))


@gate(
    "step",
    pattern=STOP,
    routes=True,
    local_gradients=[lambda math, out, x: 0.0],
    kink=lambda x: x,
)
def step(math: Any, x: Any) -> Any:
    """The unit step: 1 for x ≥ 0, else 0. Its gradient is 0, so it serves inference only.

    >>> step(-0.5), step(0.0)
    (0.0, 1.0)
    """
    return math.where(math.equal(x, x), math.where(math.greater(0.0, x), 0.0, 1.0), x)


@gate(
    "ReLU",
    pattern="router: passes the gradient of a positive input, stops all others",
    routes=True,
    local_gradients=[lambda math, out, x: math.greater(x, 0.0)],
    expansion=lambda math, x: math.where(math.greater(x, 0.0), x, 0.0),
    kink=lambda x: x,
)
def relu(math: Any, x: Any) -> Any:
    """The rectified linear unit max(0, x). The local gradient is 1 above 0, else 0.

    >>> relu(-2.0), relu(3.0)
    (0.0, 3.0)
    """
    return math.maximum(x, 0.0)


@gate(
    "LReLU",
    pattern="router: passes the gradient of a positive input, scales down all others",
    local_gradients=[
        lambda math, out, x, slope: math.where(math.greater(x, 0.0), 1.0, slope),
        lambda math, out, x, slope: math.where(math.greater(x, 0.0), 0.0, x),
    ],
    kink=lambda x, slope: x,
)
def leaky_relu(math: Any, x: Any, slope: Any = 0.1) -> Any:
    """x for x > 0, else slope · x: the lecture's leaky ReLU max(0.1x, x).

    The local gradient is 1 above 0, else the slope. A slope that is a value is learnt too, as in
    the parametric ReLU (He et al. 2015).

    >>> leaky_relu(-2.0), leaky_relu(-2.0, slope=0.5), leaky_relu(3.0)
    (-0.2, -1.0, 3.0)
    """
    return math.where(math.greater(x, 0.0), x, slope * x)


def _not_above(math: Any, x: Any) -> Any:
    """x up to 0, with the slope of that side at 0, where a minimum would share it."""
    return math.where(math.greater(x, 0.0), 0.0, x)


@gate(
    "ELU",
    pattern=CHAIN,
    local_gradients=[
        lambda math, out, x, alpha: math.where(
            math.greater(x, 0.0), 1.0, alpha * math.exp(_not_above(math, x))
        ),
        lambda math, out, x, alpha: math.expm1(_not_above(math, x)),
    ],
    kink=lambda x, alpha: x,
)
def elu(math: Any, x: Any, alpha: Any = 1.0) -> Any:
    """x for x > 0, else α (eˣ − 1): the exponential linear unit (Clevert et al. 2015).

    The local gradient is 1 above 0, else α eˣ.

    >>> elu(2.0), elu(-1000.0)
    (2.0, -1.0)
    """
    return math.where(math.greater(x, 0.0), x, alpha * math.expm1(math.minimum(x, 0.0)))


@gate(
    "SiLU",
    pattern=CHAIN,
    local_gradients=[
        lambda math, out, x: math.times(1.0 + math.times(x, math.sigmoid(-x)), math.sigmoid(x))
    ],
    expansion=lambda math, x: x * math.sigmoid(x),
)
def silu(math: Any, x: Any) -> Any:
    """x σ(x), the sigmoid linear unit, or swish (Ramachandran et al. 2017).

    The local gradient is σ(x) (1 + x σ(−x)).

    >>> silu(0.0), silu(1000.0)
    (0.0, 1000.0)
    """
    return math.times(x, math.sigmoid(x))


@gate(
    "GELU",
    pattern=CHAIN,
    local_gradients=[
        lambda math, out, x: (
            math.normal_cdf(x) + ONE_OVER_ROOT_TWO_PI * math.times(x, math.gaussian(x, 0.5))
        )
    ],
    expansion=lambda math, x: x * math.normal_cdf(x),
)
def gelu(math: Any, x: Any) -> Any:
    """x Φ(x), the Gaussian error linear unit (Hendrycks, Gimpel 2016), without approximation.

    Φ is the distribution function of the standard normal distribution and φ its density. The local
    gradient is Φ(x) + x φ(x).

    >>> gelu(0.0), gelu(1000.0)
    (0.0, 1000.0)
    """
    return math.times(x, math.normal_cdf(x))
