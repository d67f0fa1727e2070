"""Modes: `no_grad` turns recording off, `forbid_data_access` finds code that depends on the data.

A mode is on inside a `with` block, for the running thread or asynchronous task alone; a context
variable holds it. Reading one takes longer than a multiplication, so each mode also has a list with
one entry for every block that is open in any thread or task: while the list is empty, hot code
need not ask. Where they are read at every operation, both lists are C variables.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType

no_grad_blocks: list[None] = []
forbidding_blocks: list[None] = []

_records: ContextVar[bool] = ContextVar("records", default=True)
_accesses: ContextVar[list[str] | None] = ContextVar("accesses", default=None)

_ENGINE = os.path.dirname(__file__) + os.sep  # noqa: PTH120 (pathlib takes long to load)
_CALLED_BETWEEN = (f"{_ENGINE}value.py", f"{_ENGINE}modes.py")
"""Files whose frames may be between the user's code and `report_access`."""


class RecordingError(ValueError):
    """The circuit of one example does not serve for all, so there is no program for it."""


@contextmanager
def no_grad() -> Iterator[None]:
    """Compute without recording: results inside the block are leaves.

    It holds for the running thread or asynchronous task alone, and works as a decorator too.

    >>> from autograd_core import Value
    >>> x = Value(3.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y
    Value(data=9.0, grad=0.0)
    """
    if forbidding_blocks:
        report_access("stops recording with no_grad")
    token = _records.set(False)
    no_grad_blocks.append(None)
    try:
        yield
    finally:
        no_grad_blocks.pop()
        _records.reset(token)


def records() -> bool:
    """Whether the running thread or task records operations: it is in no `no_grad` block."""
    return _records.get()


@contextmanager
def forbid_data_access(otherwise: str = "") -> Iterator[None]:
    """Refuse data-dependent control flow: code in the block that reads the number of a value.

    A program computes with the gates that one example's circuit was made of. Where Python code
    reads a number, to branch on it or to go on with the plain number, the outcome is that of the
    one example, and would silently hold for all others. The block holds for the running thread or
    asynchronous task alone. `no_looking` is another name of this function.

    Args:
        otherwise: what else can be done about it, for the end of the message.

    Raises:
        RecordingError: at the end of the block, if there is such code; the message has its line.

    >>> from autograd_core import Value
    >>> with forbid_data_access():
    ...     larger = max(Value(1.0), Value(2.0))
    Traceback (most recent call last):
    autograd_core.modes.RecordingError: line 2 of ... compares a value, but ...
    """
    accesses: list[str] = []
    token = _accesses.set(accesses)
    forbidding_blocks.append(None)
    try:
        yield
    finally:
        forbidding_blocks.pop()
        _accesses.reset(token)
    if accesses:
        raise RecordingError(
            f"{accesses[0]}, but a program is recorded once, and what Python decides then holds "
            "for all examples and all parameters: write a branch as where(greater(x, y), …, …), "
            f"and the built-in max and min as the gates maximum and minimum{otherwise}"
        )


no_looking = forbid_data_access


def report_access(how: str) -> None:
    """Note that code outside the engine reads the number of a value, if a block forbids that.

    Args:
        how: what the code does, in words that go on after "line 2 of …".
    """
    accesses = _accesses.get()
    if accesses is None:
        return
    caller = _caller()
    if caller is not None:
        file = os.path.basename(caller.f_code.co_filename)  # noqa: PTH119 (as above)
        accesses.append(f"line {caller.f_lineno} of {file} {how}")


def _caller() -> FrameType | None:
    """The code that calls a method of the engine; None if that is the engine itself."""
    caller: FrameType | None = sys._getframe(2)
    while caller is not None and _is_between(caller):
        caller = caller.f_back
    if caller is None or caller.f_code.co_filename.startswith(_ENGINE):
        return None
    return caller


def _is_between(frame: FrameType) -> bool:
    if frame.f_code.co_filename in _CALLED_BETWEEN:
        return True
    module = str(frame.f_globals.get("__name__"))
    return module.partition(".")[0] in ("contextlib", "numpy")
