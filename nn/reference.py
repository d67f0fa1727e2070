"""The lectures' matrix form of backpropagation, in NumPy: what the circuits are held against.

A network is a chain of transitions from an example x to the cost C of its outputs,

    x = a₀ → z₁ = W₁ a₀ + b₁ → a₁ = f₁(z₁) → … → z_L = W_L a_{L-1} + b_L → a_L = f_L(z_L) → C,

and δ_l = ∂C/∂z_l follows from the δ of the layer above (lecture "Back-Propagation", theorem):

    δ_L = (∂a_L/∂z_L)ᵀ ∂C/∂a_L        δ_{l-1} = f′(z_{l-1}) ⊙ W_lᵀ δ_l
    ∂C/∂W_l = δ_l a_{l-1}ᵀ            ∂C/∂b_l = δ_l

Nothing here uses a gate: f, C and their derivatives are written out in NumPy.

Lists have an entry for each layer. W has a row for each neuron and a column for each input, and b,
z, a and δ are vectors; a maxout neuron has a row, and an entry in z and δ, for each of its pieces.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd_core import Value
from nn.activations import MAXOUT, SOFTMAX
from nn.layer import Layer, kind_of
from nn.losses import Loss
from nn.mlp import MLP
from nn.neuron import Maxout, Neuron, as_inputs
from nn.penalties import L1, L2, Penalty

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Gradient:
    """The derivatives of a cost.

    Attributes:
        cost: C.
        weights: ∂C/∂W for each layer.
        biases: ∂C/∂b for each layer, whether or not its neurons have biases.
    """

    cost: float
    weights: list[Array]
    biases: list[Array]

    def by_name(self, model: MLP) -> dict[str, float]:
        """The derivative for each parameter of the model, under the parameter's name.

        >>> from nn import MLP, half_squared_error
        >>> model = MLP(1, [1], seed=1)
        >>> backpropagation(model, [2.0], 0.0, half_squared_error).by_name(model)
        {'layers.0.neurons.0.weights.0': -2.925..., 'layers.0.neurons.0.bias': -1.462...}
        """
        by_value: dict[Value, float] = {}
        for layer, by_weights, by_bias in zip(model.layers, self.weights, self.biases, strict=True):
            for neuron, row, number in zip(_sums(layer), by_weights, by_bias, strict=True):
                by_value |= dict(zip(neuron.weights, row.tolist(), strict=True))
                if neuron.bias is not None:
                    by_value[neuron.bias] = float(number)
        return {name: by_value[value] for name, value in model.named_parameters().items()}


@dataclass(frozen=True)
class Backpropagation(Gradient):
    """Both passes for one example.

    Attributes:
        z: the weighted sums z₁ … z_L.
        a: the activations a₀ = x, a₁ … a_L.
        delta: δ₁ … δ_L.
    """

    z: list[Array]
    a: list[Array]
    delta: list[Array]


def forward_propagation(model: MLP, x: Sequence[float]) -> tuple[list[Array], list[Array]]:
    """z⁽ˡ⁺¹⁾ = W⁽ˡ⁾ a⁽ˡ⁾ + b⁽ˡ⁾ and a⁽ˡ⁺¹⁾ = f(z⁽ˡ⁺¹⁾), layer by layer (lecture 3).

    Args:
        model: an MLP, with the parameters that it has now.
        x: its inputs for one example.

    Returns:
        The weighted sums z₁ … z_L, and the activations a₀ = x, a₁ … a_L.

    Raises:
        ValueError: if there are not as many inputs as the network takes.

    >>> from nn import MLP
    >>> model = MLP(2, [3, 1], activation="tanh", seed=1)
    >>> z, a = forward_propagation(model, [0.5, -1.0])
    >>> [vector.shape for vector in a]
    [(2,), (3,), (1,)]
    >>> bool(np.isclose(a[-1][0], model([0.5, -1.0]).data))
    True
    """
    z: list[Array] = []
    nin = len(_sums(model.layers[0])[0].weights)
    a = [np.array(as_inputs(x, nin, model), dtype=float)]
    for layer in model.layers:
        weights, bias = _matrices(layer)
        z.append(weights @ a[-1] + bias)
        a.append(_activate(layer, z[-1]))
    return z, a


def backpropagation(model: MLP, x: Sequence[float], y: Any, loss: Loss) -> Backpropagation:
    """The gradient for one example: algorithm 1 of the lecture "Back-Propagation".

    Args:
        model: an MLP.
        x: its inputs.
        y: the target, as the loss takes it.
        loss: one of `nn.LOSSES`.

    Raises:
        ValueError: if the loss or an activation is not among those of the lectures.

    >>> from nn import MLP, softmax_cross_entropy
    >>> model = MLP(2, [3, 2], activation="logistic", seed=1)
    >>> passes = backpropagation(model, [0.5, -1.0], 0, softmax_cross_entropy)
    >>> [matrix.shape for matrix in passes.weights]
    [(3, 2), (2, 3)]
    >>> bool(np.isclose(passes.delta[-1].sum(), 0.0))  # g − 1{y}: both add up to 1
    True
    """
    z, a = forward_propagation(model, x)
    cost, by_output = _cost(loss, a[-1], y)
    delta = [_delta(model.layers[-1], z[-1], by_output)]
    for place in reversed(range(1, len(model.layers))):
        weights, _ = _matrices(model.layers[place])
        below = _delta(model.layers[place - 1], z[place - 1], weights.T @ delta[0])
        delta.insert(0, below)
    by_weights = [np.outer(d, inputs) for d, inputs in zip(delta, a[:-1], strict=True)]
    return Backpropagation(cost, by_weights, delta, z, a, delta)


def training_gradient(
    model: MLP,
    inputs: Sequence[Any],
    targets: Sequence[Any],
    loss: Loss,
    penalty: Penalty | None = None,
) -> Gradient:
    """The average over the training set (algorithm 2 of the same lecture), plus the penalty's.

    L2 adds λ W to ∂C/∂W, and L1 adds λ sign(W); neither adds anything to ∂C/∂b (lecture 3).

    Args:
        model: an MLP.
        inputs: examples × inputs.
        targets: one for each example, as the loss takes it.
        loss: one of `nn.LOSSES`.
        penalty: `L2`, `L1` or None.

    Raises:
        ValueError: if there are no examples, or not as many targets.

    >>> from nn import MLP, half_squared_error
    >>> model = MLP(1, [1], seed=1)
    >>> gradient = training_gradient(model, [[1.0], [3.0]], [0.0, 0.0], half_squared_error)
    >>> bool(np.isclose(gradient.weights[0].item(), 5.0 * model.parameters()[0].data))  # mean x² w
    True
    """
    if not 0 < len(inputs) == len(targets):
        raise ValueError(f"there are {len(inputs)} examples and {len(targets)} targets")
    passes = [backpropagation(model, x, y, loss) for x, y in zip(inputs, targets, strict=True)]
    cost = float(np.mean([each.cost for each in passes]))
    by_weights, by_biases = [], []
    for place, layer in enumerate(model.layers):
        by_weights.append(np.mean([each.weights[place] for each in passes], axis=0))
        by_biases.append(np.mean([each.biases[place] for each in passes], axis=0))
        if penalty is not None:
            weights, _ = _matrices(layer)
            extra, by_penalty = _cost_of_weights(penalty, weights)
            cost += extra
            by_weights[-1] += by_penalty
    return Gradient(cost, by_weights, by_biases)


def _sums(layer: Layer) -> list[Neuron]:
    """What has a row in W: the neurons of a layer, or the pieces of its maxout neurons."""
    if type(layer) is not Layer:
        raise ValueError(f"the matrix form has layers of the class Layer, not {kind_of(layer)}")
    sums: list[Neuron] = []
    for neuron in layer.neurons:
        sums += neuron.pieces if isinstance(neuron, Maxout) else [neuron]
    return sums


def _matrices(layer: Layer) -> tuple[Array, Array]:
    """W, sums × inputs, and b; b is 0 where there is none."""
    sums = _sums(layer)
    weights = [[weight.data for weight in neuron.weights] for neuron in sums]
    bias = [0.0 if neuron.bias is None else neuron.bias.data for neuron in sums]
    return np.array(weights), np.array(bias)


# The formulas


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


def _activate(layer: Layer, z: Array) -> Array:
    """a = f(z): element by element, or softmax, or the largest piece of each maxout neuron."""
    name = layer.activation
    if name == SOFTMAX:
        return _softmax(z)
    if name == MAXOUT:
        return np.asarray(z.reshape(len(layer.neurons), -1).max(axis=1))
    if name not in FUNCTIONS:
        raise ValueError(f"the matrix form does not have the activation {name!r}")
    f, _ = FUNCTIONS[name]
    return f(z)


def _delta(layer: Layer, z: Array, by_activation: Array) -> Array:
    """δ = ∂C/∂z = (∂a/∂z)ᵀ ∂C/∂a, which is f′(z) ⊙ ∂C/∂a where f goes element by element."""
    if layer.activation == SOFTMAX:  # ∂a_i/∂z_j = a_i (1{i = j} − a_j), and Σ a_j is 1
        a = _softmax(z)
        return np.asarray(a * (np.subtract.outer(by_activation, by_activation) @ a))
    if layer.activation == MAXOUT:  # 1 for the largest piece, shared among equals
        pieces = z.reshape(len(layer.neurons), -1)
        largest = pieces == pieces.max(axis=1, keepdims=True)
        shares = largest / largest.sum(axis=1, keepdims=True)
        return np.asarray((shares * by_activation[:, np.newaxis]).ravel())
    _, slope = FUNCTIONS[layer.activation]
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


def _cost(loss: Loss, outputs: Array, y: Any) -> tuple[float, Array]:
    """C and ∂C/∂a for one example."""
    if loss.name not in COSTS:
        raise ValueError(f"the matrix form does not have the loss {loss.name!r}")
    cost, by_output = COSTS[loss.name](outputs, np.array(loss.targets.encode(y, len(outputs))))
    return float(cost), by_output


def _cost_of_weights(penalty: Penalty, weights: Array) -> tuple[float, Array]:
    """What a penalty adds to C for one matrix W, and what it adds to ∂C/∂W."""
    if isinstance(penalty, L2):
        return float(penalty.strength / 2.0 * np.sum(weights**2)), penalty.strength * weights
    if isinstance(penalty, L1):
        return float(penalty.strength * np.abs(weights).sum()), penalty.strength * np.sign(weights)
    raise ValueError(f"the matrix form has the penalties L2 and L1, not {penalty!r}")
