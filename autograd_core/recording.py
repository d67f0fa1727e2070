"""Whether operations are recorded: `no_grad`."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from autograd_core.looking import look, watched

paused: list[None] = []
"""One entry for every `no_grad` block that is open anywhere: while it is empty, ask no further."""

_paused_here: ContextVar[bool] = ContextVar("paused_here", default=False)


def is_paused_here() -> bool:
    """Whether the running thread or task is inside a `no_grad` block."""
    return _paused_here.get()


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
    if watched:
        look("stops recording with no_grad")
    token = _paused_here.set(True)
    paused.append(None)
    try:
        yield
    finally:
        paused.pop()
        _paused_here.reset(token)
