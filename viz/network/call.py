"""The last call of a model: whether its activations are still those of the model as it is."""

from collections.abc import Sequence
from contextvars import Context
from typing import Any

from autograd_core import Value
from nn import MLP, Layer


def is_current(model: MLP, activations: Sequence[Sequence[Any]]) -> bool:
    """Whether the activations of a call, and their local gradients, are those of the model now.

    Each layer is computed again from its recorded inputs, beside the record and without a trace in
    it. So it is noticed when a parameter or an input was changed or replaced, also after a call
    under `no_grad`, which leaves no circuit to look into.

    Args:
        model: the model.
        activations: as in `model.activations`.

    >>> model = MLP(2, [3, 1], seed=1)
    >>> score = model([1.0, -2.0])
    >>> is_current(model, model.activations)
    True
    >>> model.parameters()[0].data += 0.1
    >>> is_current(model, model.activations)
    False
    """
    if len(activations) != len(model.layers) + 1:
        return False
    layers = zip(model.layers, activations[:-1], activations[1:], strict=True)
    return all(_follow(layer, inputs, outputs) for layer, inputs, outputs in layers)


def _follow(layer: Layer, inputs: Sequence[Any], outputs: Sequence[Value]) -> bool:
    """Whether a layer, given these inputs, gives these outputs by the same gates."""
    try:
        # in a context of its own, lest a `no_grad` around the caller keeps it from being recorded
        result = Context().run(layer, inputs)
    except (ValueError, ZeroDivisionError):
        return False
    again = result if isinstance(result, list) else [result]
    if len(again) != len(outputs):
        return False
    waiting = list(zip(outputs, again, strict=True))
    compared: dict[Value, None] = {}
    while waiting:
        recorded, computed = waiting.pop()
        if recorded is computed or recorded in compared:
            continue
        if not _agree(recorded, computed):
            return False
        compared[recorded] = None
        if recorded.gate is not None:
            waiting += zip(recorded.inputs, computed.inputs, strict=True)
    return True


def _agree(recorded: Value, computed: Value) -> bool:
    """Whether two values hold the same numbers; of one without a gate only the data is known."""
    if not _same(recorded.data, computed.data):
        return False
    if recorded.gate is None:
        return True
    pairs = recorded.local_grads, computed.local_grads
    return (
        recorded.gate is computed.gate
        and len(pairs[0]) == len(pairs[1])
        and all(map(_same, *pairs))
    )


def _same(one: float, other: float) -> bool:
    return one == other or (one != one and other != other)
