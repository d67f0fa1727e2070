"""What users give as numbers: whole, real and finite ones, and numbers of things in words."""

from math import isfinite, nan
from operator import index
from typing import Any

from autograd_core import Value


def whole_number(number: Any, what: str, *, least: int) -> int:
    """An integer, Python's or NumPy's, as an `int`.

    Raises:
        ValueError: if it is none, or less than `least`; the message calls it `what`.

    >>> whole_number(2.5, "epochs", least=0)
    Traceback (most recent call last):
    ValueError: epochs is a whole number, at least 0, not 2.5
    """
    try:
        count = index(number)
    except TypeError:
        count = least - 1
    if count < least:
        raise ValueError(f"{what} is a whole number, at least {least}, not {number!r}")
    return count


def real_or_nan(number: Any) -> float:
    """A real number as a float; nan, which lies in no range, for text or whatever else is none.

    >>> real_or_nan(2), real_or_nan("0.1"), real_or_nan(None)
    (2.0, nan, nan)
    """
    if isinstance(number, str | bytes):
        return nan
    try:
        return float(number)
    except (TypeError, ValueError, OverflowError):
        return nan


def as_number(number: Any) -> float:
    """A real number as a float.

    Raises:
        ValueError: if it is none, or not finite.
    """
    if isinstance(number, str):
        raise ValueError(f"{number!r} is text, not a number")
    try:
        converted = Value(number).data
    except (TypeError, OverflowError):
        raise ValueError(f"{number!r} is not a number") from None
    if not isfinite(converted):
        raise ValueError(f"{converted} is not a number that can be learnt from")
    return converted


def counted(count: int, what: str) -> str:
    """A number of things in words.

    >>> counted(1, "output"), counted(3, "output")
    ('1 output', '3 outputs')
    """
    return f"1 {what}" if count == 1 else f"{count} {what}s"
