"""Examples as arrays, checked once before training starts."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd_core import Value, no_grad
from nn.losses import Loss

Array = npt.NDArray[np.float64]


def examples(model: Any, loss: Loss, inputs: Any, targets: Any) -> tuple[Array, Array]:
    """Inputs and encoded targets as arrays, with a row for each example.

    Args:
        model: what takes the inputs; it is called once, to see that it does.
        loss: what takes the targets.
        inputs: examples × inputs, as an array or as lists.
        targets: one for each example, of the kind that the loss takes.

    Raises:
        ValueError: if there are no examples, if numbers or shapes do not fit, if an input is not
            finite, or if a target is not of the loss's kind.

    >>> from nn import MLP, softmax_cross_entropy
    >>> examples(MLP(2, [3]), softmax_cross_entropy, [[0.5, 1]], [2])
    (array([[0.5, 1. ]]), array([[0., 0., 1.]]))
    """
    rows = _rows(inputs)
    listed = targets.tolist() if hasattr(targets, "tolist") else targets
    if not isinstance(listed, Sequence) or isinstance(listed, str):
        raise ValueError(f"the targets are a list, one for each example, not {targets!r}")
    if len(listed) != len(rows):
        raise ValueError(f"there are {len(rows)} examples, but {len(listed)} targets")
    with no_grad():
        count = len(as_list(model(rows[0].tolist())))
    return rows, loss.targets.encode_all(listed, count)


def as_list(outputs: Any) -> list[Value]:
    """The outputs of a model, which returns a single one as itself, always as a list."""
    return list(outputs) if isinstance(outputs, list | tuple) else [outputs]


def _rows(inputs: Any) -> Array:
    """The inputs as a two-dimensional array of finite numbers, not empty."""
    try:
        rows = np.asarray(inputs, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"the inputs are no table of numbers, a row per example: {error}"
        ) from None
    if rows.size == 0:
        raise ValueError("there are no examples: the inputs are empty")
    if rows.ndim != 2:
        hint = "; a single example is a table of one row, [[…]]" if rows.ndim == 1 else ""
        raise ValueError(
            f"the inputs are a table with a row per example, but have the shape {rows.shape}{hint}"
        )
    if not np.isfinite(rows).all():
        row, column = np.argwhere(~np.isfinite(rows))[0]
        raise ValueError(f"input {column} of example {row} is {rows[row, column]}")
    return rows
