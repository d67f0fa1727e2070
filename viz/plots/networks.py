"""What plots ask of models: their outputs as plain numbers, and how many inputs they have."""

from typing import Any

import numpy as np

from autograd_core import Value
from viz.network.model import Layer


def plain_numbers(answer: Any, question: Any) -> list[float]:
    """What a model returned as a list of plain numbers.

    Args:
        answer: a value, a number, or a list or array of them.
        question: what the model was asked, for the message.

    Raises:
        TypeError: if it is something else.

    >>> plain_numbers(Value(0.5), [1.0, 2.0]), plain_numbers([Value(0.5), 2], [1.0, 2.0])
    ([0.5], [0.5, 2.0])
    """
    outputs = np.atleast_1d(np.asarray(answer, dtype=object))
    try:
        return [out.data if isinstance(out, Value) else Value(out).data for out in outputs]
    except TypeError:
        raise TypeError(
            f"for {question!r} the model returned {answer!r}; "
            "it must return a value, a number, or a list of them"
        ) from None


def check_two_inputs(first: Layer, caller: str) -> None:
    """See that a network, whose first layer this is, maps the plane.

    Raises:
        ValueError: if it has another number of inputs than two.
    """
    if first.nin != 2:
        inputs = "1 input" if first.nin == 1 else f"{first.nin} inputs"
        raise ValueError(
            f"{caller}() shows a model over the plane, with two inputs; it has {inputs}"
        )
