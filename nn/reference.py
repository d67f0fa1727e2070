"""The lectures' matrix form of backpropagation, in NumPy: what the circuits are held against.

A network is a chain of transitions from an example x to the cost C of its outputs,

    x = a₀ → z₁ = W₁ a₀ + b₁ → a₁ = f₁(z₁) → … → z_L = W_L a_{L-1} + b_L → a_L = f_L(z_L) → C,

and δ_l = ∂C/∂z_l follows from the δ of the layer above (lecture "Back-Propagation", theorem):

    δ_L = (∂a_L/∂z_L)ᵀ ∂C/∂a_L        δ_{l-1} = f′(z_{l-1}) ⊙ W_lᵀ δ_l
    ∂C/∂W_l = δ_l a_{l-1}ᵀ            ∂C/∂b_l = δ_l

Nothing here uses a gate: f, C and their derivatives are the formulas of `nn.formulas`.

Lists have an entry for each layer. W has a row for each neuron and a column for each input, and b,
z, a and δ are vectors; a maxout neuron has a row, and an entry in z and δ, for each of its pieces.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd_core import Value
from nn.formulas import activate, cost_of, cost_of_weights, through_activation
from nn.layer import Layer
from nn.losses import Loss
from nn.mlp import MLP
from nn.neuron import Maxout, Neuron, as_inputs
from nn.penalties import Penalty

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
        a.append(activate(layer.activation, z[-1], len(layer.neurons)))
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
    cost, by_output = cost_of(loss, a[-1], y)
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
            extra, by_penalty = cost_of_weights(penalty, weights)
            cost += extra
            by_weights[-1] += by_penalty
    return Gradient(cost, by_weights, by_biases)


def _sums(layer: Layer) -> list[Neuron]:
    """What has a row in W: the neurons of a layer, or the pieces of its maxout neurons."""
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


def _delta(layer: Layer, z: Array, by_activation: Array) -> Array:
    """δ of a layer, from ∂C/∂a."""
    return through_activation(layer.activation, z, len(layer.neurons), by_activation)
