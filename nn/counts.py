"""Counts: whole numbers from the user, and numbers of things in words."""

from operator import index
from typing import Any


def whole_number(number: Any, what: str, *, least: int) -> int:
    """A count as an `int`.

    Args:
        number: an integer, Python's or NumPy's.
        what: what it counts, for the message.
        least: the smallest that makes sense.

    Raises:
        ValueError: if it is no integer, or too small.

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


def counted(count: int, what: str) -> str:
    """A number of things in words.

    >>> counted(1, "output"), counted(3, "output")
    ('1 output', '3 outputs')
    """
    return f"1 {what}" if count == 1 else f"{count} {what}s"
