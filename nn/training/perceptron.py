"""The perceptron rule, by which a neuron with a unit step learns, without a gradient."""

from collections.abc import Sequence
from typing import Any

from autograd_core import no_grad
from nn.losses import binary_cross_entropy
from nn.neuron import Neuron
from nn.schedules import check_rate
from nn.training.data import as_examples
from nn.validation import whole_number


def perceptron_rule(
    neuron: Neuron,
    inputs: Any,
    labels: Sequence[float] | Any,
    epochs: int = 100,
    *,
    rate: float = 1.0,
) -> list[int]:
    """Train a neuron whose activation is the unit step (Rosenblatt 1958).

    After each example, w ← w + η (y − ŷ) x and b ← b + η (y − ŷ). Where the neuron is right,
    nothing changes; where it is wrong, y − ŷ is 1 or −1, and the inputs are added or subtracted.
    For labels t of −1 and 1 that is w ← w + η t x. A step has no slope, so the rule is that of a
    logistic neuron without its slope; and it is for a single neuron: it says nothing about what
    the neurons before it should have answered.

    If a line (a plane) separates the labels, the rule finds one after at most (R/γ)² updates from
    weights of 0, where R is the length of the longest (x, 1) and γ the distance of the nearest one
    from the best plane through 0 (Novikoff 1962). If none does, it never comes to rest.

    Args:
        neuron: a `Neuron` with `activation="step"`; it goes on from the weights that it has.
        inputs: examples × inputs.
        labels: 0 or 1 for each example.
        epochs: how often to go through the examples, in their order, at most.
        rate: η. If all weights start at 0, it changes no decision.

    Returns:
        How many examples were wrong in each epoch. It ends after one without any.

    Raises:
        TypeError: if it is no `Neuron`.
        ValueError: if its activation is another one, or if the examples do not fit.

    >>> neuron = Neuron(2, activation="step", seed=1)
    >>> points = [[0, 0], [0, 1], [1, 0], [1, 1]]
    >>> perceptron_rule(neuron, points, [0, 0, 0, 1])  # and
    [2, 3, 2, 3, 2, 1, 0]
    >>> [neuron(point).data for point in points]
    [0.0, 0.0, 0.0, 1.0]
    """
    if not isinstance(neuron, Neuron):
        raise TypeError(f"the perceptron rule trains a Neuron, not {neuron!r}")
    if neuron.activation != "step":
        raise ValueError(
            f"the perceptron rule is for activation='step', not {neuron.activation!r}, which has a "
            "slope: train that with Trainer"
        )
    rate = check_rate(rate)
    epochs = whole_number(epochs, "epochs", least=0)
    examples = as_examples(neuron, binary_cross_entropy, inputs, labels)
    own = {*map(id, neuron.parameters())}
    wrong: list[int] = []
    while len(wrong) < epochs and wrong[-1:] != [0]:
        wrong.append(0)
        for *x, y in examples.table.tolist():
            with no_grad():
                error = y - neuron(x).data
            wrong[-1] += error != 0.0
            for parameter, number in zip([*neuron.weights, neuron.bias], [*x, 1.0], strict=True):
                if id(parameter) in own:
                    parameter.data += rate * error * number
    return wrong
