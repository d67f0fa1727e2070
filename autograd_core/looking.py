"""What cannot be recorded: Python code that looks at a value's number.

A program computes with the gates that one example's circuit was made of. Where Python code looks
at a number, to branch on it or to go on with the plain number, the outcome is that of the one
example, and would silently hold for all others.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import FrameType

watched: list[None] = []
"""One entry for every `no_looking` block that is open anywhere: while it is empty, tell nothing."""

_looks: ContextVar[list[str] | None] = ContextVar("looks", default=None)

_ENGINE = str(Path(__file__).parent) + os.sep
_BETWEEN = ("autograd_core.value", "autograd_core.recording", "contextlib")
"""Modules whose frames may lie between the code that looks and `look`; those of NumPy may, too."""


class RecordingError(ValueError):
    """The circuit of one example does not serve for all, so there is no program for it."""


@contextmanager
def no_looking(otherwise: str = "") -> Iterator[None]:
    """Refuse Python code in the block that looks at the number of a value.

    It holds for the running thread or asynchronous task alone.

    Args:
        otherwise: what else can be done about it, for the end of the message.

    Raises:
        RecordingError: if there is such code; the message has its line.

    >>> from autograd_core import Value
    >>> with no_looking():
    ...     larger = max(Value(1.0), Value(2.0))
    Traceback (most recent call last):
    autograd_core.looking.RecordingError: line 2 of ... compares a value, but ...
    """
    looks: list[str] = []
    token = _looks.set(looks)
    watched.append(None)
    try:
        yield
    finally:
        watched.pop()
        _looks.reset(token)
    if looks:
        raise RecordingError(
            f"{looks[0]}, but a program is recorded once, and what Python decides then holds for "
            "all examples and all parameters: write a branch as where(greater(x, y), …, …), and "
            f"the built-in max and min as the gates maximum and minimum{otherwise}"
        )


def look(how: str) -> None:
    """Tell an open `no_looking` block that somebody looks at a value, if it is not the engine."""
    looks = _looks.get()
    if looks is None:
        return
    caller = _caller()
    if caller is not None:
        file = Path(caller.f_code.co_filename).name
        looks.append(f"line {caller.f_lineno} of {file} {how}")


def _caller() -> FrameType | None:
    """Whose code calls a method of the engine; None if that is the engine itself."""
    caller: FrameType | None = sys._getframe(2)
    while caller is not None and _lies_between(caller):
        caller = caller.f_back
    if caller is None or caller.f_code.co_filename.startswith(_ENGINE):
        return None
    return caller


def _lies_between(frame: FrameType) -> bool:
    module = str(frame.f_globals.get("__name__"))
    return module in _BETWEEN or module.partition(".")[0] == "numpy"
