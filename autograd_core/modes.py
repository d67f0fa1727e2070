"""Modes: `no_grad` turns recording off, `forbid_data_access` finds code that depends on the data.

A mode is on inside a `with` block, for the running thread or asynchronous task alone; a context
variable holds its blocks. Reading one takes longer than a multiplication, so each mode also has a
list of the blocks that are open in any thread or task: while the list is empty, hot code need not
ask. Where they are read at every operation, both lists are C variables.

A generator shares the context variables of the code that runs it. So a block in a generator knows
the generator's frame, and holds while that is on the stack: not while it waits at a `yield`.
"""

import functools
import inspect
import os
import sys
from collections.abc import Callable
from contextlib import aclosing
from contextvars import ContextVar
from types import FrameType, TracebackType
from typing import Any, ClassVar, TypeVar, overload

Function = TypeVar("Function", bound=Callable[..., Any])

_ENGINE = os.path.dirname(__file__) + os.sep  # noqa: PTH120 (pathlib takes long to load)
_CALLED_BETWEEN = (f"{_ENGINE}value.py", f"{_ENGINE}modes.py")
"""Files whose frames may be between the user's code and `report_access`."""

_MAKE_CONTEXTS = ("contextlib", "_pytest.fixtures")
"""Modules that run a generator up to its `yield`, and then the code for which it sets the scene."""


_MAY_YIELD = inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR


class RecordingError(ValueError):
    """The circuit of one example does not serve for all, so there is no program for it."""


class Block:
    """A `with` block of a mode, from its beginning to its end.

    Attributes:
        frame: what is in the block: the frame that began it.
        generator: the frame that has to be on the stack for the block to hold; None if it need not.
        task: the task that ran an asynchronous generator when it began the block.
        accesses: what has been seen that the mode forbids.
        is_open: whether the block has not ended.
    """

    __slots__ = ("accesses", "frame", "generator", "is_open", "task")

    def __init__(self, frame: FrameType) -> None:
        self.frame: FrameType | None = frame
        self.generator = _generator_of(frame)
        flags = 0 if self.generator is None else self.generator.f_code.co_flags
        self.task = _current_task() if flags & inspect.CO_ASYNC_GENERATOR else None
        self.accesses: list[str] = []
        self.is_open = True

    def holds(self) -> bool:
        """Whether the code that asks, in whose context the block is, is inside the block.

        Tasks that an asynchronous generator starts in the block, and waits for, are inside it.
        """
        if self.generator is None or not self.is_open:
            return self.is_open
        if _is_on_the_stack(self.generator):
            return True
        return self.task is not None and self.task is not _current_task()

    def end(self) -> None:
        """Hold no longer, not even in contexts that were copied from this one."""
        self.is_open = False
        self.frame = self.generator = self.task = None


recording_blocks: list[Any] = []
"""Blocks of `no_grad`, and the branches whose functions are running."""
forbidding_blocks: list[Block] = []

_no_grad_here: ContextVar[tuple[Block, ...]] = ContextVar("no_grad", default=())
_forbidding_here: ContextVar[tuple[Block, ...]] = ContextVar("forbid_data_access", default=())
branch_here: ContextVar[Any] = ContextVar("branch", default=None)
"""The branch whose function runs here: see `branches`."""


class Mode:
    """A context manager that can be entered any number of times, and can decorate a function.

    Attributes:
        name: what users call it.
        everywhere: the blocks that are open in any thread or task.
        here: those of the running thread or task.
    """

    name: ClassVar[str]
    everywhere: ClassVar[list[Block]]
    here: ClassVar[ContextVar[tuple[Block, ...]]]

    def __init__(self) -> None:
        self._blocks: list[Block] = []  # those that were begun with this object

    def __enter__(self) -> None:
        self._begin(sys._getframe(1))

    def __repr__(self) -> str:
        return f"<{self.name}>"

    def _begin(self, frame: FrameType) -> None:
        """Begin a block of the code in a frame."""
        block = Block(frame)
        outer = self.here.get()
        if outer:  # some may have ended in another context
            outer = tuple([each for each in outer if each.is_open])
        self.here.set((*outer, block))
        self.everywhere.append(block)
        self._blocks.append(block)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end(sys._getframe(1))

    def _end(self, frame: FrameType) -> Block:
        """End the block that the code in a frame has begun last."""
        here = self.here.get()
        block = self._begun(frame, here)
        block.end()
        self._blocks.remove(block)
        self.everywhere.remove(block)
        if block in here:
            self.here.set(tuple([each for each in here if each is not block]))
        return block

    def _begun(self, frame: FrameType, here: tuple[Block, ...]) -> Block:
        """The block that was begun last with this object: in a frame, or else in this context."""
        begun = self._blocks[::-1]
        for block in begun:
            if block.frame is frame:
                return block
        for block in begun:
            if block in here:
                return block
        if len(begun) != 1:
            raise RuntimeError(
                f"a block of {self.name} ends here that did not begin in this thread or task; "
                f"write `with {self.name}():` around what it is meant for"
            )
        return begun[0]

    def _decorate(self, function: Any) -> Any:
        """A function all of whose code runs inside the mode, also after a `yield` or an `await`."""
        if isinstance(function, (classmethod, staticmethod)):
            return type(function)(self._decorate(function.__func__))
        if isinstance(function, (property, functools.cached_property)):
            raise TypeError(
                f"@{self.name} decorates a function, not a {type(function).__name__}: write it "
                f"below @{type(function).__name__}"
            )
        if isinstance(function, type):
            raise TypeError(
                f"@{self.name} does not decorate a class, {function.__name__}: it would not be "
                "clear whether that is about making an object or about its methods. Decorate "
                "methods one by one"
            )
        if not callable(function):
            raise TypeError(
                f"{self.name} decorates a function, not {function!r}; for other code write "
                f"`with {self.name}():` above it"
            )
        for is_kind, wrap in _WRAPPERS:
            if is_kind(function):
                return functools.wraps(function)(wrap(self, function))

        @functools.wraps(function)
        def wrapper(*args: Any, **named: Any) -> Any:
            with self:
                result = function(*args, **named)
            for is_kind, wrap in _WRAPPERS_OF_RESULTS:
                if is_kind(result):  # its code has yet to run
                    return wrap(self, lambda: result)()
            return result

        return wrapper


class NoGrad(Mode):
    """Compute without recording: results inside the block are leaves.

    `with no_grad():` holds for the running thread or asynchronous task alone, and for tasks that
    are started in the block, until it ends. `@no_grad()` decorates functions and methods,
    generators and `async def` too. Both work without the brackets.

    A block in a generator is about the generator's own code: while it waits at a `yield`, the code
    that uses it records as before (PyTorch's goes on not to record). A context manager made from a
    generator, with `contextlib.contextmanager`, or a fixture of pytest, holds for its whole block.

    >>> from autograd_core import Value
    >>> x = Value(3.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y
    Value(data=9.0, grad=0.0)
    >>> @no_grad
    ... def square(x):
    ...     return x * x
    >>> square(x)
    Value(data=9.0, grad=0.0)
    """

    name = "no_grad"
    everywhere = recording_blocks
    here = _no_grad_here

    @overload
    def __call__(self) -> "NoGrad": ...
    @overload
    def __call__(self, function: Function, /) -> Function: ...
    def __call__(self, *function: Any) -> Any:
        """Another object of this kind; or the function, decorated."""
        return self._decorate(*function) if function else NoGrad()

    def __enter__(self) -> None:
        if forbidding_blocks:
            report_access(STOPS)
        self._begin(sys._getframe(1))


def records() -> bool:
    """Whether the running thread or task records operations: it is in no `no_grad` block."""
    here = _no_grad_here.get()
    if here and here[-1].generator is None and here[-1].is_open:  # the usual block, without a call
        return False
    return not here or _innermost(_no_grad_here) is None


DETACHES = "detaches a value"
STOPS = "stops recording with no_grad"


class ForbidDataAccess(Mode):
    """Refuse data-dependent control flow: code in the block that reads the number of a value.

    A program computes with the gates that one example's circuit was made of. Where Python code
    reads a number, to branch on it or to go on with the plain number, the outcome is that of the
    one example, and would silently hold for all others.

    `with forbid_data_access():` and `@forbid_data_access()` hold for the same code as those of
    `no_grad`, with and without brackets. `no_looking` is another name of it.

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

    name = "forbid_data_access"
    everywhere = forbidding_blocks
    here = _forbidding_here

    def __init__(self, otherwise: str = "") -> None:
        super().__init__()
        self._otherwise = otherwise

    @overload
    def __call__(self, otherwise: str = "") -> "ForbidDataAccess": ...
    @overload
    def __call__(self, otherwise: Function) -> Function: ...
    def __call__(self, otherwise: Any = "") -> Any:
        """Another object of this kind, with these words; or the function, decorated."""
        if isinstance(otherwise, str):
            return ForbidDataAccess(otherwise)
        return self._decorate(otherwise)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        accesses = self._end(sys._getframe(1)).accesses
        if kind is None and accesses:
            if accesses[0].endswith((DETACHES, STOPS)):
                raise RecordingError(
                    f"{accesses[0]}, but a program is recorded once, and the number that one "
                    "example has there would be that of all examples"
                    f"{self._otherwise.replace('; or ', ': ', 1)}"
                )
            raise RecordingError(
                f"{accesses[0]}, but a program is recorded once, and what Python decides then "
                "holds for all examples and all parameters: write a branch as "
                "where(greater(x, y), …, …), and the built-in max and min as the gates maximum "
                "and minimum; where a value may be missing, write `if self.b is not None:`"
                f"{self._otherwise}"
            )


no_grad = NoGrad()
forbid_data_access = ForbidDataAccess()
no_looking = forbid_data_access


def report_access(how: str) -> None:
    """Note that code outside the engine reads the number of a value, if a block forbids that.

    Args:
        how: what the code does, in words that go on after "line 2 of …".
    """
    block = _innermost(_forbidding_here)
    if block is None:
        return
    caller = _caller()
    if caller is not None:
        file = os.path.basename(caller.f_code.co_filename)  # noqa: PTH119 (as above)
        block.accesses.append(f"line {caller.f_lineno} of {file} {how}")


def _innermost(blocks: ContextVar[tuple[Block, ...]]) -> Block | None:
    """The block that the running code is in, the innermost if there are several."""
    for block in reversed(blocks.get()):
        if block.holds():
            return block
    return None


# Functions whose code runs later than their call


def _generator(mode: Mode, function: Callable[..., Any]) -> Callable[..., Any]:
    def wrapper(*args: Any, **named: Any) -> Any:
        with mode:
            return (yield from function(*args, **named))

    return wrapper


def _coroutine(mode: Mode, function: Callable[..., Any]) -> Callable[..., Any]:
    async def wrapper(*args: Any, **named: Any) -> Any:
        with mode:
            return await function(*args, **named)

    return wrapper


def _async_generator(mode: Mode, function: Callable[..., Any]) -> Callable[..., Any]:
    async def wrapper(*args: Any, **named: Any) -> Any:
        with mode:
            async with aclosing(function(*args, **named)) as inner:
                step = anext(inner)
                while True:
                    try:
                        item = await step
                    except StopAsyncIteration:
                        return
                    try:
                        step = inner.asend((yield item))
                    except GeneratorExit:
                        raise
                    except BaseException as error:
                        step = inner.athrow(error)

    return wrapper


_WRAPPERS = (
    (inspect.isgeneratorfunction, _generator),
    (inspect.iscoroutinefunction, _coroutine),
    (inspect.isasyncgenfunction, _async_generator),
)
_WRAPPERS_OF_RESULTS = (
    (inspect.isgenerator, _generator),
    (inspect.iscoroutine, _coroutine),
    (inspect.isasyncgen, _async_generator),
)


# Frames


def _generator_of(frame: FrameType | None) -> FrameType | None:
    """The generator whose block begins in a frame; None if that is no generator's.

    A generator from which a context manager is made begins a block for the code that uses it. The
    one of a decorator here never does.
    """
    while frame is not None:
        if _module_of(frame) not in _MAKE_CONTEXTS:
            flags = frame.f_code.co_flags
            if not flags & _MAY_YIELD or flags & inspect.CO_ITERABLE_COROUTINE:
                return None
            runs_it = frame.f_back
            makes_a_context = runs_it is not None and _module_of(runs_it) in _MAKE_CONTEXTS
            if not makes_a_context or frame.f_globals is globals():
                return frame
        frame = frame.f_back
    return None


def _is_on_the_stack(wanted: FrameType) -> bool:
    """Whether a generator runs here; while it waits, its frame has no frame behind it."""
    frame = None if wanted.f_back is None else sys._getframe(1)
    while frame is not None and frame is not wanted:
        frame = frame.f_back
    return frame is not None


def _current_task() -> object:
    """The asynchronous task that runs; None if there is none."""
    asyncio = sys.modules.get("asyncio")  # where it is not loaded, there is no task
    try:
        return None if asyncio is None else asyncio.current_task()
    except RuntimeError:
        return None


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
    return _module_of(frame).partition(".")[0] in ("contextlib", "numpy")


def _module_of(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__"))
