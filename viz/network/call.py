"""The last call of a model: whether its activations are still those of the model as it is."""

from collections.abc import Sequence
from contextvars import Context
from typing import Any

from autograd_core import Value, paired, same_number
from viz.network.model import Layer, Parts, number_of


def is_current(parts: Parts) -> bool:
    """Whether the activations of a call, and their local gradients, are those of the model now.

    Each layer is computed again from its recorded inputs, beside the record and without a trace in
    it. So it is noticed when a parameter or an input was changed or replaced, also after a call
    under `no_grad`, which leaves no circuit to look into. A layer that has no function is taken at
    its word.

    >>> from nn import MLP
    >>> from viz.network.model import read_model
    >>> model = MLP(2, [3, 1], seed=1)
    >>> score = model([1.0, -2.0])
    >>> is_current(read_model(model))
    True
    >>> model.parameters()[0].data += 0.1
    >>> is_current(read_model(model))
    False
    """
    layers, activations = parts.layers, parts.activations or []
    return (
        len(activations) == len(layers) + 1
        and len(activations[0]) == layers[0].nin
        and all(map(_follow, layers, activations[:-1], activations[1:]))
    )


def _follow(layer: Layer, inputs: Sequence[Any], outputs: Sequence[Any]) -> bool:
    """Whether a layer, given these inputs, gives these outputs by the same gates."""
    if len(outputs) < len(layer.neurons):
        return False
    if layer.function is None:
        return True
    try:
        # in a context of its own, lest a `no_grad` around the caller keeps it from being recorded
        returned = Context().run(layer.function, inputs)
    except (ValueError, ZeroDivisionError):
        return False
    again = layer.outputs(returned)
    if len(again) != len(outputs):
        return False
    return all(_agree(one, two) for one, two, _ in paired(outputs, again, into_same=False))


def _agree(recorded: Any, computed: Any) -> bool:
    """Whether two values hold the same numbers; of one without a gate only the data is known."""
    if recorded is computed:
        return True
    if not same_number(number_of(recorded), number_of(computed)):
        return False
    if not isinstance(recorded, Value) or recorded.gate is None:
        return True
    if not isinstance(computed, Value):
        return False
    pairs = recorded.local_grads, computed.local_grads
    return (
        recorded.gate is computed.gate
        and len(pairs[0]) == len(pairs[1])
        and all(map(same_number, *pairs))
    )
