"""Examples as arrays, checked once before training starts."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd_core import Value, no_grad
from nn.losses import Loss, as_list
from nn.targets import as_number, plain
from nn.validation import counted

Array = npt.NDArray[np.float64]


def examples(model: Any, loss: Loss, inputs: Any, targets: Any) -> tuple[Array, Array]:
    """Inputs and encoded targets as arrays, with a row for each example.

    Args:
        model: what takes the inputs; it is called once, to see that it does.
        loss: what takes the targets.
        inputs: examples × inputs, as an array, as lists, or as anything that NumPy makes an array
            of, such as a pandas table.
        targets: one for each example, of the kind that the loss takes.

    Raises:
        ValueError: if there are no examples, if numbers or shapes do not fit, if a number is
            missing or not finite, or if a target is not of the loss's kind.
        TypeError: if the model returns no values.

    >>> from nn import MLP, softmax_cross_entropy
    >>> examples(MLP(2, [3]), softmax_cross_entropy, [[0.5, 1]], [2])
    (array([[0.5, 1. ]]), array([[0., 0., 1.]]))
    """
    rows = as_table(inputs)
    listed = plain(targets)
    if not isinstance(listed, list | tuple | range):
        raise ValueError(f"the targets are a list, one for each example, not {_shown(targets)}")
    if len(listed) != len(rows):
        raise ValueError(
            f"there are {counted(len(rows), 'example')}, but {counted(len(listed), 'target')}"
        )
    return rows, loss.targets.encode_all(listed, _count_outputs(model, rows[0]))


def _count_outputs(model: Any, example: Array) -> int:
    """How many values the model returns."""
    with no_grad():
        outputs = as_list(model(example.tolist()))
    for output in outputs:
        if not isinstance(output, Value):
            raise TypeError(f"a model returns a value or a list of values, not {output!r}")
    return len(outputs)


def as_table(inputs: Any) -> Array:
    """The inputs as a two-dimensional array of finite numbers, not empty.

    Raises:
        ValueError: if they cannot be one.
    """
    array = np.asarray(inputs) if hasattr(inputs, "__array__") else None
    if array is not None and not np.ma.is_masked(inputs) and _is_plain_table(array):
        return array.astype(float)
    rows = plain(inputs)
    if not isinstance(rows, list | tuple | range):
        raise ValueError(
            f"the inputs are a table with a row for each example, not {_shown(inputs)}"
        )
    if len(rows) == 0:
        raise ValueError("there are no examples: the inputs are empty")
    listed = [_row(row, place) for place, row in enumerate(rows)]
    for place, row in enumerate(listed):
        if len(row) != len(listed[0]):
            raise ValueError(
                f"example {place} has {counted(len(row), 'input')}, "
                f"but example 0 has {len(listed[0])}"
            )
    return np.array(listed, dtype=float)


def _shown(things: Any) -> str:
    """What was given instead of a list, and what to do about it where it gives its items once."""
    if isinstance(things, Iterator):
        return f"a {type(things).__name__}, which can be gone through only once: make it a list"
    return repr(things)


def _is_plain_table(array: npt.NDArray[Any]) -> bool:
    """Whether there is nothing to complain of: asked first, for large arrays take long by rows."""
    is_table = array.dtype.kind in "biuf" and array.ndim == 2 and array.size > 0
    return is_table and bool(np.isfinite(array).all())


def _row(row: Any, place: int) -> list[float]:
    """The inputs of one example as floats."""
    numbers = plain(row)
    if not isinstance(numbers, list | tuple | range):
        raise ValueError(
            f"example {place} is {numbers!r}, but an example is a list of inputs: write examples "
            "with one input as [[x] for x in inputs], and a single example as [inputs]"
        )
    if len(numbers) == 0:
        raise ValueError(f"example {place} has no inputs")
    converted = []
    for column, number in enumerate(numbers):
        if isinstance(number, list | tuple):
            raise ValueError(
                f"input {column} of example {place} is a list of {len(number)}: an example is one "
                "list of numbers, so write a picture's rows one after the other, "
                "inputs.reshape(len(inputs), -1)"
            )
        try:
            converted.append(as_number(number))
        except ValueError as error:
            raise ValueError(f"input {column} of example {place}: {error}") from None
    return converted
