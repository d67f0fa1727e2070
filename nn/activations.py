"""Activation functions: what a neuron does to Σ wᵢxᵢ + b, and softmax over a whole layer."""

from collections.abc import Callable, Sequence
from typing import Any

from autograd_core import (
    Value,
    elu,
    exp,
    leaky_relu,
    logsumexp,
    relu,
    sigmoid,
    softplus,
    step,
    tanh,
)

Activation = Callable[[Any], Any]


def identity(z: Any) -> Any:
    """z itself: a linear neuron.

    >>> identity(Value(2.0)).data
    2.0
    """
    return z


def logistic(z: Any) -> Any:
    """1 / (1 + e⁻ᶻ), between 0 and 1.

    >>> logistic(Value(0.0)).data
    0.5
    """
    return sigmoid(z)


ACTIVATIONS: dict[str, Activation] = {
    "identity": identity,
    "step": step,
    "logistic": logistic,
    "tanh": tanh,
    "relu": relu,
    "leaky_relu": leaky_relu,
    "elu": elu,
    "softplus": softplus,
}
"""The activation functions of single neurons by name. An entry of your own joins the choices.

`step` is for inference alone: it is flat, so it lets no gradient through and nothing below it
learns.
"""

SOFTMAX = "softmax"
MAXOUT = "maxout"
"""Two activations that are no function of one neuron's Σ wᵢxᵢ + b: see `softmax` and `Maxout`."""


def activation_named(name: str) -> Activation:
    """The activation function of single neurons that has this name.

    Raises:
        ValueError: if there is none.
    """
    if not isinstance(name, str) or name not in ACTIVATIONS:
        choices = ", ".join(map(repr, [*ACTIVATIONS, SOFTMAX, MAXOUT]))
        raise ValueError(f"there is no activation {name!r} for a neuron; a layer takes {choices}")
    return ACTIVATIONS[name]


def softmax(logits: Sequence[Any]) -> list[Value]:
    """exp(z_k) / Σ exp(z_j) for each k: probabilities that add up to 1.

    Computed as exp(z_k − ln Σ exp(z_j)), which does not overflow; a difference of numbers of the
    size of z is rounded, though, so it has about |z| 10⁻¹⁶ as its relative error.

    Args:
        logits: K numbers, one per class.

    >>> [round(p.data, 4) for p in softmax([Value(1.0), Value(2.0), Value(3.0)])]
    [0.09, 0.2447, 0.6652]
    """
    logits = list(logits)
    log_total = logsumexp(logits)
    return [exp(z - log_total) for z in logits]


def softmax_without_first(logits: Sequence[Any]) -> list[Value]:
    """Softmax over K classes from K - 1 logits: the first class has no node of its own.

    Its probability is one minus the rest, which is to say that its logit is hard-wired to 0
    (lecture "Back-Propagation", multi-logit classification).

    Args:
        logits: the logits of all classes but the first.

    Returns:
        K probabilities, the first class's first.

    >>> first, second = softmax_without_first([Value(2.0)])
    >>> round(first.data, 4), round(second.data, 4), round(sigmoid(2.0), 4)
    (0.1192, 0.8808, 0.8808)
    """
    return softmax([0.0, *logits])
