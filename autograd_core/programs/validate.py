"""Validation of what users pass to a program: values, batches and numbers, made into arrays."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from autograd_core.coerce import is_number, to_float
from autograd_core.errors import describe
from autograd_core.programs.run.arrays import Array
from autograd_core.value import Value

DTYPES = ("float64", "float32")


def as_values(role: str, values: Iterable[Value]) -> tuple[Value, ...]:
    """Some values.

    Args:
        role: what they are, "inputs" for example.
        values: a list of them.

    Raises:
        TypeError: if they are no values.
    """
    if isinstance(values, Value) or not isinstance(values, Iterable):
        raise TypeError(f"the {role} of a program are a list of values, not {values!r}")
    found = tuple(values)
    for value in found:
        if not isinstance(value, Value):
            raise TypeError(f"the {role} of a program are values, and this is none: {value!r}")
    return found


def as_leaves(role: str, values: Iterable[Value]) -> tuple[Value, ...]:
    """Some leaves, each of them once.

    Raises:
        TypeError: if they are no values.
        ValueError: if one is no leaf, or occurs twice.
    """
    seen: set[Value] = set()
    for value in (leaves := as_values(role, values)):
        if value.gate is not None:
            raise ValueError(f"the {role} of a program are leaves, not {describe(value)}")
        if value in seen:
            raise ValueError(f"the {role} of a program list {describe(value)} twice")
        seen.add(value)
    return leaves


def as_dtype(dtype: Any) -> np.dtype[Any]:
    """The type of a program's numbers.

    Raises:
        ValueError: if it is not one of `DTYPES`.
    """
    name = dtype if isinstance(dtype, str) else getattr(dtype, "__name__", str(dtype))
    if name not in DTYPES:
        raise ValueError(f"a program computes with {' or '.join(DTYPES)}, not {dtype!r}")
    return np.dtype(name)


def as_batch(batch: Any, inputs: Sequence[Value], dtype: np.dtype[Any]) -> Array:
    """A batch as an array (examples, inputs).

    Raises:
        TypeError: if its numbers are not real.
        ValueError: if it has another shape, or no rows.
    """
    lanes = _as_real("this batch", batch)
    if lanes.ndim != 2 or lanes.shape[1] != len(inputs):
        columns = f"{len(inputs)} column{'' if len(inputs) == 1 else 's'}"
        raise ValueError(
            f"a batch has a row for each example and {columns}, one for each input; "
            f"this one has the shape {lanes.shape}"
        )
    if not len(lanes):
        raise ValueError("the batch is empty: it needs at least one example")
    return lanes.astype(dtype, copy=False)


def as_numbers(role: str, numbers: Any, count: int, dtype: np.dtype[Any]) -> Array:
    """Numbers of all parameters as an array (parameters,).

    Args:
        role: what they are, "numbers" for example.
        numbers: an array or a list.
        count: how many parameters there are.
        dtype: the type that is wanted.

    Raises:
        TypeError: if they are not real.
        ValueError: if there are not as many.
    """
    array = _as_real(f"the array of {role}", numbers).astype(dtype, copy=False)
    if array.shape != (count,):
        raise ValueError(
            f"the {role} are an array of shape ({count},), a number for each parameter; "
            f"this one has the shape {array.shape}"
        )
    return array


def _as_real(what: str, numbers: Any) -> Array:
    """Numbers as an array, of whatever real type they are; `None` and text are none."""
    try:
        array = np.asarray(numbers)
    except ValueError:
        raise ValueError(f"the rows of {what} are of different lengths: {numbers!r:.99}") from None
    missing = array.dtype == object and any(number is None for number in array.flat)
    if array.dtype.kind not in "biufO" or missing:
        found = None if missing else array.flat[0] if array.size else array.dtype
        raise TypeError(f"a program computes with real numbers, and {what} has {found!r}")
    if array.dtype == object:
        flat = [to_float(x, what) if is_number(x) else float(x) for x in array.flat]
        return np.array(flat, dtype=float).reshape(array.shape)
    return array
