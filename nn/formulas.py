"""The lectures' formulas for activations, losses and penalties, and for their derivatives.

They are written out in NumPy, and use no gate: `nn.reference` puts them together, and the circuits
are held against them.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from nn.activations import MAXOUT, SOFTMAX
from nn.losses import Loss
from nn.penalties import L1, L2, Penalty

Array = npt.NDArray[np.float64]


def _logistic(z: Array) -> Array:
    """1 / (1 + e⁻ᶻ), written so that no exponential overflows."""
    return np.where(z >= 0.0, 1.0, np.exp(-np.abs(z))) / (1.0 + np.exp(-np.abs(z)))


def _softmax(z: Array) -> Array:
    """e^{z_k} / Σ e^{z_j}, with the largest z taken out so that no exponential overflows."""
    powers = np.exp(z - z.max())
    return np.asarray(powers / powers.sum())


FUNCTIONS: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "identity": (lambda z: z, np.ones_like),
    "step": (lambda z: np.where(z >= 0.0, 1.0, 0.0), np.zeros_like),
    "logistic": (_logistic, lambda z: _logistic(z) * _logistic(-z)),
    "tanh": (np.tanh, lambda z: 4.0 * _logistic(2.0 * z) * _logistic(-2.0 * z)),
    "relu": (lambda z: np.maximum(0.0, z), lambda z: np.where(z > 0.0, 1.0, 0.0)),
    "leaky_relu": (lambda z: np.maximum(0.1 * z, z), lambda z: np.where(z > 0.0, 1.0, 0.1)),
    "elu": (
        lambda z: np.where(z > 0.0, z, np.expm1(np.minimum(z, 0.0))),
        lambda z: np.where(z > 0.0, 1.0, np.exp(np.minimum(z, 0.0))),
    ),
    "softplus": (lambda z: np.logaddexp(0.0, z), _logistic),
}
"""f and f′ (lectures 3 and 4). σ′ = σ(z) σ(−z), and tanh′ = 4 σ(2z) σ(−2z), are the lectures'
a (1 − a) and 1 − a² with the digits kept that these lose where a is close to 1."""


def activate(name: str, z: Array, neurons: int) -> Array:
    """a = f(z): element by element, or softmax, or the largest piece of each maxout neuron.

    Args:
        name: the name of f.
        z: the layer's weighted sums, of maxout neurons the pieces of the first, then the second…
        neurons: how many neurons there are.

    Raises:
        ValueError: if f is not among those of the lectures.

    >>> activate("maxout", np.array([1.0, 3.0, 5.0, -5.0]), neurons=2)
    array([3., 5.])
    """
    if name == SOFTMAX:
        return _softmax(z)
    if name == MAXOUT:
        return np.asarray(z.reshape(neurons, -1).max(axis=1))
    if name not in FUNCTIONS:
        raise ValueError(f"the matrix form does not have the activation {name!r}")
    f, _ = FUNCTIONS[name]
    return f(z)


def through_activation(name: str, z: Array, neurons: int, by_activation: Array) -> Array:
    """∂C/∂z = (∂a/∂z)ᵀ ∂C/∂a, which is f′(z) ⊙ ∂C/∂a where f goes element by element.

    Args:
        name: the name of f.
        z: the layer's weighted sums.
        neurons: how many neurons there are.
        by_activation: ∂C/∂a.

    >>> through_activation("relu", np.array([-2.0, 2.0]), 2, np.array([10.0, 10.0]))
    array([ 0., 10.])
    """
    if name == SOFTMAX:  # ∂a_i/∂z_j = a_i (1{i = j} − a_j)
        a = _softmax(z)
        return np.asarray(a * (by_activation - a @ by_activation))
    if name == MAXOUT:  # 1 for the largest piece, shared among equals
        pieces = z.reshape(neurons, -1)
        largest = pieces == pieces.max(axis=1, keepdims=True)
        shares = largest / largest.sum(axis=1, keepdims=True)
        return np.asarray((shares * by_activation[:, np.newaxis]).ravel())
    _, slope = FUNCTIONS[name]
    return slope(z) * by_activation


COSTS: dict[str, Callable[[Array, Array], tuple[Any, Array]]] = {
    "half_squared_error": lambda a, y: (0.5 * (a - y) @ (a - y), a - y),
    "squared_error": lambda a, y: ((a - y) @ (a - y), 2.0 * (a - y)),
    "binary_cross_entropy": lambda p, y: (
        -np.sum(np.log(y * p + (1.0 - y) * (1.0 - p))),
        (1.0 - 2.0 * y) / (y * p + (1.0 - y) * (1.0 - p)),
    ),
    "binary_cross_entropy_from_logit": lambda z, y: (
        np.sum(np.logaddexp(0.0, z) - y * z),
        _logistic(z) - y,
    ),
    "negative_log_likelihood": lambda p, y: (-np.log(p @ y), -y / (p @ y)),
    "softmax_cross_entropy": lambda z, y: (
        -z @ y + np.logaddexp.reduce(z),
        _softmax(z) - y,
    ),
    "softmax_cross_entropy_without_first": lambda z, y: (
        -z @ y[1:] + np.logaddexp.reduce([0.0, *z]),
        (_softmax(np.array([0.0, *z])) - y)[1:],
    ),
    "hinge": lambda a, t: (
        np.sum(np.maximum(0.0, 1.0 - t * a)),
        np.where(1.0 - t * a > 0.0, -t, 0.0),
    ),
}
"""C and ∂C/∂a for the outputs a (or p, z: probabilities, logits) and the encoded target.

A label y of binary cross-entropy is 0 or 1, so of y ln p + (1 − y) ln(1 − p) one term is left.
"""


def cost_of(loss: Loss, outputs: Array, y: Any) -> tuple[float, Array]:
    """C and ∂C/∂a for one example.

    Args:
        loss: one of `nn.LOSSES`.
        outputs: a, the network's outputs.
        y: the target, as the loss takes it.

    Raises:
        ValueError: if the loss is not among those of the lectures.

    >>> from nn import half_squared_error
    >>> cost_of(half_squared_error, np.array([3.0, 1.0]), [1.0, 1.0])
    (2.0, array([2., 0.]))
    """
    if loss.name not in COSTS:
        raise ValueError(f"the matrix form does not have the loss {loss.name!r}")
    target = np.array(loss.targets.encode(y, len(outputs)))
    cost, by_output = COSTS[loss.name](outputs, target)
    return float(cost), by_output


def cost_of_weights(penalty: Penalty, weights: Array) -> tuple[float, Array]:
    """What a penalty adds to C for one matrix W, and what it adds to ∂C/∂W.

    Raises:
        ValueError: if it is neither L2 nor L1.

    >>> cost_of_weights(L1(0.5), np.array([[-2.0, 4.0]]))
    (3.0, array([[-0.5,  0.5]]))
    """
    if isinstance(penalty, L2):
        return float(penalty.strength / 2.0 * np.sum(weights**2)), penalty.strength * weights
    if isinstance(penalty, L1):
        return float(penalty.strength * np.abs(weights).sum()), penalty.strength * np.sign(weights)
    raise ValueError(f"the matrix form has the penalties L2 and L1, not {penalty!r}")
