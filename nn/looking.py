"""What cannot be recorded: Python code that looks at a value's number.

A program computes with the gates that one example's circuit was made of. Where Python code looks
at a number, to branch on it or to go on with the plain number, the outcome is that of the one
example, and would silently hold for all others.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from inspect import unwrap
from pathlib import Path
from types import FrameType
from typing import Any

from autograd_core import Value, no_grad

_COMPARISONS = (
    Value.__lt__,
    Value.__le__,
    Value.__gt__,
    Value.__ge__,
    Value.__eq__,
    Value.__ne__,
    Value.__bool__,
)
_LOOKS: dict[Any, str] = {
    **{function.__code__: "compares a value" for function in _COMPARISONS},
    vars(Value)["data"].fget.__code__: "reads the data of a value",
    vars(Value)["grad"].fget.__code__: "reads the gradient of a value",
    Value.detach.__code__: "detaches a value",
    unwrap(no_grad).__code__: "stops recording with no_grad",
}


class RecordingError(ValueError):
    """The circuit of one example does not serve for all, so there is no program for it."""


@contextmanager
def no_looking() -> Iterator[None]:
    """Refuse Python code in the block that looks at the number of a value.

    It uses the interpreter's hook for profilers, in this thread; while a profiler has that, it
    notices nothing.

    Raises:
        RecordingError: if there is such code; the message has its line.

    >>> with no_looking():
    ...     larger = max(Value(1.0), Value(2.0))
    Traceback (most recent call last):
    nn.looking.RecordingError: line 2 of ... compares a value, but ...
    """
    looks: list[str] = []

    def notice(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code in _LOOKS:
            caller = _caller(frame)
            if caller is not None:
                file = Path(caller.f_code.co_filename).name
                looks.append(f"line {caller.f_lineno} of {file} {_LOOKS[frame.f_code]}")

    if sys.getprofile() is not None:
        yield
        return
    sys.setprofile(notice)
    try:
        yield
    finally:
        sys.setprofile(None)
    if looks:
        raise RecordingError(
            f"{looks[0]}, but a program is recorded once, and what Python decides then holds for "
            "all examples and all parameters: write a branch as where(greater(x, y), …, …), and "
            "the built-in max and min as the gates maximum and minimum; or train with eager=True"
        )


def _caller(frame: FrameType) -> FrameType | None:
    """Whose code calls a method of the engine; None if that is the engine itself."""
    caller = frame.f_back
    while caller is not None and _package(caller) in ("contextlib", "numpy"):
        caller = caller.f_back
    if caller is None or _package(caller) == "autograd_core":
        return None
    return caller


def _package(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__")).partition(".")[0]
