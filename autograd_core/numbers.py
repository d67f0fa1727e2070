"""What counts as a number: anything that is one real number becomes a float."""

from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np


def is_number(thing: Any) -> bool:
    """Whether this is a single real number (but not a `Value`).

    >>> is_number(3), is_number(True), is_number(np.float32(3)), is_number(np.array(3.0))
    (True, True, True, True)
    >>> is_number("3"), is_number(3j), is_number(np.array([3.0]))
    (False, False, False)
    """
    if isinstance(thing, (float, int)):  # asked first, for `Real` and `Decimal` answer slowly
        return True
    if isinstance(thing, (Real, Decimal, np.bool_)):
        return True
    return isinstance(thing, np.ndarray) and thing.ndim == 0 and thing.dtype.kind in "biuf"


def is_foreign(thing: Any) -> bool:
    """Whether this is of a type that the engine knows nothing of, and that may know of values.

    >>> is_foreign(3.0), is_foreign("3"), is_foreign(object())
    (False, False, True)
    """
    known = (str, bytes, complex, list, tuple, set, dict, type(None))
    return not (is_number(thing) or isinstance(thing, known) or hasattr(thing, "__array__"))


def to_float(thing: Any, place: str) -> float:
    """This number as a float.

    Args:
        thing: an int, float, bool, NumPy real scalar or 0-d array, Fraction or Decimal.
        place: where it was given, for the message.

    Raises:
        TypeError: if it is anything else; the message says what to do instead.
        OverflowError: if it is an integer too large for a float.
    """
    if is_number(thing):
        return float(thing)
    raise TypeError(f"{place}: {_advice(thing)}")


def _advice(thing: Any) -> str:
    """Why this is not one real number, and what to do instead."""
    kind = type(thing).__name__
    if hasattr(thing, "backward"):
        return (
            f"{thing!r} is a {kind} already; use it as it is, its .data for the plain number, "
            "or .detach() for a copy without its history"
        )
    if isinstance(thing, (str, bytes)):
        return f"{thing!r} is text; turn it into a number first, with float({thing!r})"
    if isinstance(thing, (complex, np.complexfloating)):
        return f"{thing!r} is complex; gradients here are those of real numbers"
    if hasattr(thing, "__array__") and np.ndim(thing) == 0:
        return f"{thing!r} (a {kind}) is not taken for a number; give its .item()"
    if hasattr(thing, "__array__"):
        return (
            f"an array of shape {np.shape(thing)} is more than one number; make a value of each, "
            "[Value(x) for x in array], or compute with np.array(list_of_values)"
        )
    if isinstance(thing, (list, tuple, set, dict)):
        return (
            f"a {kind} of {len(thing)} is not a number; make a value of each element, "
            "[Value(x) for x in numbers]"
        )
    return f"{thing!r} (a {kind}) is not a real number"
