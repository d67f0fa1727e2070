"""What users give as numbers: whole, real and finite ones, and numbers of things in words."""

from collections.abc import Mapping
from math import isfinite, nan
from operator import index
from typing import Any

from autograd_core import Value


def whole_number(number: Any, what: str, *, least: int) -> int:
    """An integer, Python's or NumPy's, as an `int`.

    Raises:
        ValueError: if it is none, or a truth value, or less than `least`; the message calls it
            `what`.

    >>> whole_number(2.5, "epochs", least=0)
    Traceback (most recent call last):
    ValueError: epochs is a whole number, at least 0, not 2.5
    """
    try:
        count = least - 1 if isinstance(number, bool) else index(number)
    except TypeError:
        count = least - 1
    if count < least:
        raise ValueError(f"{what} is a whole number, at least {least}, not {number!r}")
    return count


def real_or_nan(number: Any) -> float:
    """A real number as a float; nan, which lies in no range, for text, truth values and the like.

    >>> real_or_nan(2), real_or_nan("0.1"), real_or_nan(None), real_or_nan(True)
    (2.0, nan, nan, nan)
    """
    if isinstance(number, str | bytes | bool):
        return nan
    try:
        return float(number)
    except (TypeError, ValueError, OverflowError):
        return nan


def as_float(number: Any) -> float:
    """A `Fraction`, a `Decimal` or a number of NumPy as a float; Python's own numbers as they are.

    >>> from fractions import Fraction
    >>> as_float(Fraction(1, 4)), as_float(1)
    (0.25, 1)
    """
    return number if type(number) in (int, float) else float(number)


def as_text(thing: Any) -> Any:
    """A function or another object of the user's in a file: its text, or its name; numbers as such.

    >>> as_text(0.5), as_text(len)
    (0.5, 'len')
    """
    if thing is None or isinstance(thing, (int, float, str)):
        return thing
    text = repr(thing)
    named = getattr(thing, "__qualname__", type(thing).__qualname__)
    return str(named) if text.startswith("<") else text


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


def cures(text: str) -> dict[str, str]:
    """What is written here for what is written elsewhere, from lines of names and the cure.

    >>> cures("lr, rate: write Adam({})")
    {'lr': 'write Adam({})', 'rate': 'write Adam({})'}
    """
    lines = [" ".join(line.split()).partition(": ") for line in text.strip().splitlines()]
    return {name: cure for names, _, cure in lines for name in names.split(", ")}


def missing(thing: object, name: str, elsewhere: Mapping[str, str]) -> AttributeError:
    """The error where an attribute is read that is not there, with what is written in its place.

    A class calls this in its `__getattr__`. What it has, and what refuses to be read, says why.
    """
    if any(name in vars(kind) for kind in type(thing).__mro__):
        object.__getattribute__(thing, name)
    kind = type(thing).__name__
    cure = f": {elsewhere[name].format(name=name)}" if name in elsewhere else ""
    return AttributeError(f"{kind!r} object has no attribute {name!r}{cure}", name=name, obj=thing)


def unexpected(call: str, given: Mapping[str, Any], elsewhere: Mapping[str, str]) -> TypeError:
    """The error where a call has keywords that it does not take."""
    name, thing = next(iter(given.items()))
    known = name in elsewhere
    cure = f": {elsewhere[name].format(shown(thing))}" if known else f"; see help({call})"
    return TypeError(f"{call} takes no {name}{cure}")


def shown(thing: object) -> str:
    """An object in a message: its text, or its first line, if that is short.

    >>> shown(0.5), shown([Value(1.0)] * 9)
    ('0.5', 'a list of 9')
    """
    text = repr(thing).splitlines()[0]
    if len(text) > 60 and hasattr(thing, "__len__"):
        return f"a {type(thing).__name__} of {len(thing)}"
    return text


def counted(count: int, what: str) -> str:
    """A number of things in words.

    >>> counted(1, "output"), counted(3, "output")
    ('1 output', '3 outputs')
    """
    return f"1 {what}" if count == 1 else f"{count} {what}s"
