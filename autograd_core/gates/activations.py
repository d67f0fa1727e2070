"""Activation functions."""

from typing import Any

from autograd_core.gate import gate
from autograd_core.gates.patterns import CHAIN, STOP


@gate(
    "σ",
    pattern=CHAIN,
    local_gradients=[lambda math, out, x: out * math.sigmoid(-x)],
    expansion=lambda math, x: 1.0 / (1.0 + math.exp(-x)),
)
def sigmoid(math: Any, x: Any) -> Any:
    """The logistic function σ(x) = 1 / (1 + e⁻ˣ).

    The local gradient is (1 − σ(x)) σ(x), computed as σ(x) σ(−x).

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


@gate(
    "ELU",
    pattern=CHAIN,
    local_gradients=[
        lambda math, out, x, alpha: math.where(
            math.greater(x, 0.0), 1.0, alpha * math.exp(math.minimum(x, 0.0))
        ),
        lambda math, out, x, alpha: math.expm1(math.minimum(x, 0.0)),
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
