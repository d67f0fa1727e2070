"""What callers hand in, as arrays: batches, in rows or in columns by name, and parameters."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograd_core.coerce import is_number, to_float
from autograd_core.errors import describe
from autograd_core.programs.run import Array
from autograd_core.value import Value


def as_batch(batch: Any, inputs: Sequence[Value], dtype: np.dtype[Any]) -> Array:
    """A batch as an array (examples, inputs), with at least one row."""
    fits = type(batch) is np.ndarray and batch.dtype == dtype and batch.flags.aligned
    if fits and batch.shape[1:] == (len(inputs),) and len(batch):
        own: Array = batch  # as it is: the questions below take longer than a small batch
        return own
    columns = _columns(batch)
    lanes = _as_real("this batch", batch) if columns is None else _in_rows(columns, inputs)
    if lanes.ndim != 2 or lanes.shape[1] != len(inputs):
        counted = f"{len(inputs)} column{'' if len(inputs) == 1 else 's'}"
        raise ValueError(
            f"a batch has a row for each example and {counted}, one for each input; "
            f"this one has the shape {lanes.shape}"
        )
    if not len(lanes):
        raise ValueError("the batch is empty: it needs at least one example")
    return np.require(lanes, dtype, "A")


def _columns(batch: Any) -> Mapping[Any, Any] | None:
    """The columns of a batch that has them by name; None if it has rows.

    Names have mappings, data frames (of pandas or polars, neither of which is imported) and
    structured arrays, such as `np.genfromtxt(file, names=True)` reads.
    """
    if isinstance(batch, np.ndarray):
        names = batch.dtype.names
    elif isinstance(batch, Mapping):
        return batch
    else:
        names = getattr(batch, "columns", None)
    return None if names is None else {name: batch[name] for name in names}


def _in_rows(columns: Mapping[Any, Any], inputs: Sequence[Value]) -> Array:
    """Columns, found by the labels of the inputs, side by side in the order of the inputs."""
    labels = [value.label or "" for value in inputs]
    if not all(labels) or len(set(labels)) < len(labels):
        raise ValueError(
            "columns are found by the labels of the inputs, but of these inputs some have none, or "
            f"the same: {', '.join(map(describe, inputs))}. `Value(0.0, 'x')` has the label x; or "
            "give rows, which need no names (`frame.to_numpy()`)"
        )
    missing = [f"{label!r} is missing" for label in labels if label not in columns]
    unknown = [f"{name!r} is no input" for name in columns if name not in labels]
    if missing or unknown or not labels:
        wanted = ", ".join(map(repr, labels)) or "none"
        raise ValueError(
            f"a batch has a column for each input ({wanted}) and no other: "
            f"{', '.join([*missing, *unknown]) or 'without inputs'}; rows need no names"
        )
    found = {label: _as_real(f"column {label!r}", columns[label]) for label in labels}
    shapes = {column.shape for column in found.values()}
    if len(shapes) > 1 or any(len(shape) != 1 for shape in shapes):
        shown = ", ".join(f"{label!r} has the shape {found[label].shape}" for label in labels)
        raise ValueError(f"columns have the same length, a number for each example; here {shown}")
    return np.column_stack(list(found.values()))


def as_numbers(role: str, numbers: Any, count: int, dtype: np.dtype[Any]) -> Array:
    """Numbers of all parameters as an array (parameters,), which messages call by their role."""
    if type(numbers) is np.ndarray and numbers.dtype == dtype and numbers.shape == (count,):
        return numbers
    array = _as_real(f"the array of {role}", numbers).astype(dtype, copy=False)
    if array.shape != (count,):
        raise ValueError(
            f"the {role} are an array of shape ({count},), a number for each parameter; "
            f"this one has the shape {array.shape}"
        )
    return array


def _as_real(what: str, numbers: Any) -> Array:
    """Numbers as an array, of whatever real type they are; `None` and text are none."""
    if type(numbers) is np.ndarray and numbers.dtype.kind == "f":
        return numbers
    try:
        array = np.asarray(numbers)
    except ValueError:
        raise ValueError(f"the rows of {what} are of different lengths: {numbers!r:.99}") from None
    if array.dtype == object:
        refused = [number for number in array.flat if not _is_real(number)]
    else:
        refused = [] if array.dtype.kind in "biuf" else [*array.flat[:1], array.dtype][:1]
    if refused:
        raise TypeError(f"a program computes with real numbers, and {what} has {refused[0]!r}")
    if array.dtype == object:
        flat = [to_float(x, what) if is_number(x) else float(x) for x in array.flat]
        return np.array(flat, dtype=float).reshape(array.shape)
    return array


def _is_real(thing: Any) -> bool:
    """Whether this has a `float()`. Text of NumPy has one, too, but is no number."""
    return hasattr(thing, "__float__") and not isinstance(thing, np.character)
