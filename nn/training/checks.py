"""Whether a model can be trained, and goes with its loss: asked before training starts."""

from typing import Any

from nn.layer import Layer
from nn.losses import Loss
from nn.mlp import MLP
from nn.neuron import Maxout, Neuron
from nn.optimisers import Optimiser

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
    if not hasattr(model, "named_parameters") or isinstance(model, type):
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


def check_settings(optimiser: Any, penalty: Any, batch_size: int | None) -> None:
    """See that optimiser and penalty are what they should be, and go with the batch size.

    Raises:
        TypeError: if something else was given for one of them.
        ValueError: if a line search is to see only a part of the examples.
    """
    if not isinstance(optimiser, Optimiser):
        raise TypeError(f"an optimiser is SteepestDescent(0.1) or the like, not {optimiser!r}")
    if penalty is not None and (not callable(penalty) or isinstance(penalty, type)):
        raise TypeError(f"a penalty is L2(0.001), L1(0.001) or a function, not {penalty!r}")
    if optimiser.needs_loss and batch_size is not None:
        raise ValueError(
            f"{type(optimiser).__name__} compares losses over all examples: leave batch_size out"
        )


def check_validation(validation: Any, patience: int | None) -> None:
    """See that a validation set is a pair, and is there if it is needed.

    Raises:
        ValueError: if it is not.
    """
    if validation is None and patience is not None:
        raise ValueError("patience watches a validation set: give validation=(inputs, targets)")
    if validation is not None and not (
        isinstance(validation, tuple | list) and len(validation) == 2
    ):
        raise ValueError(f"validation is a pair (inputs, targets), not {validation!r}")


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
