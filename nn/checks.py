"""Whether a model can be trained, and goes with its loss: asked before training starts."""

from typing import Any

from nn.layer import Layer
from nn.losses import Loss
from nn.mlp import MLP
from nn.neuron import Maxout, Neuron

SUITABLE = {
    "logits": ["identity", "maxout"],
    "probabilities": ["logistic", "softmax"],
    "distribution": ["softmax"],
}
"""For what a loss takes, the activations whose outputs are that. `"numbers"` may be anything."""


def check_model(model: Any) -> None:
    """See that there is something to train.

    Raises:
        TypeError: if the model is no module, or cannot be called.
        ValueError: if it has no parameters, or an activation that lets no gradient through.

    >>> check_model(MLP(2, [3, 1], activation="step"))
    Traceback (most recent call last):
    ValueError: the activation 'step' is flat, so nothing below it learns; ...
    """
    kind = type(model).__name__
    if not hasattr(model, "named_parameters"):
        raise TypeError(f"a model is an MLP, or another Module, not {model!r}")
    if not callable(model):
        raise TypeError(f"{kind} cannot be called: give it __call__(self, inputs)")
    if not model.parameters():
        raise ValueError(
            f"{kind} has no parameters to train: they are the leaves among its attributes, "
            "Value(0.0), that have no underscore before their name"
        )
    if "step" in _activations(model):
        raise ValueError(
            "the activation 'step' is flat, so nothing below it learns; train with 'logistic'"
        )


def check_output(model: Any, loss: Loss) -> None:
    """See that the loss and the model's output layer mean the same by an output.

    Raises:
        ValueError: if they do not.

    >>> from nn import softmax_cross_entropy
    >>> check_output(MLP(2, [3], output="softmax"), softmax_cross_entropy)
    Traceback (most recent call last):
    ValueError: softmax_cross_entropy takes logits, but the model ends in 'softmax': ...
    """
    activations, suitable = _activations(model), SUITABLE.get(loss.takes)
    if not activations or suitable is None or activations[-1] in suitable:
        return
    takes = "a distribution" if loss.takes == "distribution" else loss.takes
    raise ValueError(
        f"{loss.name} takes {takes}, but the model ends in {activations[-1]!r}: "
        f"make that {' or '.join(map(repr, suitable))}"
    )


def _activations(model: Any) -> list[str]:
    """The activations of this package's models; nothing is known of classes of the user's own."""
    if type(model) is MLP:
        return [layer.activation for layer in model.layers]
    return [model.activation] if type(model) in (Layer, Neuron, Maxout) else []
