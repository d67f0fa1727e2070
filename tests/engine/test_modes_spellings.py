"""Every way to write a mode, and code that waits inside of one."""

import asyncio
import functools
import gc
import inspect
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from contextlib import ExitStack, aclosing, asynccontextmanager, contextmanager
from contextvars import Context, copy_context
from typing import Any

import pytest

from autograd_core import RecordingError, Value, exp, forbid_data_access, no_grad
from autograd_core.modes import NoGrad

X = Value(3.0, "x")


def records() -> bool:
    """Whether a product made here and now is recorded."""
    return (X * X).gate is not None


@pytest.fixture(autouse=True)
def records_before_and_after() -> Iterator[None]:
    assert records()
    yield
    gc.collect()
    assert records()
    assert X < 4.0


# Spellings


def spelled(spelling: str) -> tuple[bool, bool]:
    """Whether code inside and after a block records."""
    seen: list[bool] = []
    exec(f"{spelling}:\n    seen.append(records())", {**globals(), "seen": seen})
    return seen[0], records()


@pytest.mark.parametrize("spelling", ["with no_grad()", "with no_grad", "with no_grad()()"])
def test_a_block_in_every_spelling(spelling: str) -> None:
    assert spelled(spelling) == (False, True)


@pytest.mark.parametrize("spelling", ["with forbid_data_access()", "with forbid_data_access"])
def test_the_other_mode_in_every_spelling(spelling: str) -> None:
    with pytest.raises(RecordingError, match="compares a value"):
        exec(f"{spelling}:\n    X < 1.0", globals())
    with pytest.raises(RecordingError, match=r"use a table$"), forbid_data_access("; use a table"):
        assert X > 1.0


@pytest.mark.parametrize("decorate", [no_grad, no_grad(), no_grad()()])
def test_a_decorator_with_and_without_brackets(decorate: NoGrad) -> None:
    @decorate
    def predict(x: Value, *, bias: float = 1.0) -> Value:
        """A prediction."""
        return x * x + bias

    out = predict(X, bias=2.0)
    assert (out.data, out.gate) == (11.0, None)
    assert (predict.__name__, predict.__doc__) == ("predict", "A prediction.")
    assert list(inspect.signature(predict).parameters) == ["x", "bias"]


class Model:
    """Methods of all kinds."""

    @no_grad
    def method(self) -> bool:
        return records()

    @no_grad()
    @classmethod
    def of_class(cls) -> bool:
        return records()

    @classmethod
    @no_grad()
    def of_class_inside(cls) -> bool:
        return records()

    @no_grad
    @staticmethod
    def static() -> bool:
        return records()

    @property
    @no_grad
    def attribute(self) -> bool:
        return records()

    def __call__(self) -> bool:
        return records()


def test_methods_of_all_kinds() -> None:
    model = Model()
    asked = [model.method(), model.of_class(), Model.of_class(), model.of_class_inside()]
    asked += [model.static(), Model.static(), model.attribute]
    assert not any(asked)


def test_what_is_called_like_a_function() -> None:
    assert not no_grad(Model())()
    assert not no_grad(functools.partial(records))()
    assert not no_grad(lambda: records())()
    assert no_grad(exp)(X).gate is None


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        (Model, "does not decorate a class, Model"),
        (X * X, r"decorates a function, not Value\(.*`with no_grad\(\):`"),
        (False, r"not False; .*`with no_grad\(\):`"),
        (property(lambda self: self), "function, not a property: write it below @property"),
        (functools.cached_property(lambda self: self), "write it below @cached_property"),
    ],
)
@pytest.mark.parametrize("mode", [no_grad, no_grad()])
def test_what_is_no_function_is_refused_with_the_cure(mode: Any, thing: Any, words: str) -> None:
    with pytest.raises(TypeError, match=words):
        mode(thing)
    with pytest.raises(TypeError, match=words.replace("no_grad", "forbid_data_access")):
        forbid_data_access(thing)


# The same object more than once


@pytest.mark.parametrize("mode", [no_grad, no_grad()])
def test_one_object_is_entered_in_itself_and_again(mode: Any) -> None:
    for _ in range(2):
        with mode:
            with mode:
                assert not records()
            assert not records()
        assert records()


def test_one_object_of_the_other_mode_in_itself() -> None:
    mode = forbid_data_access()
    with mode:
        with pytest.raises(RecordingError), mode:
            assert X > 1.0
        X * X
    with pytest.raises(RecordingError), mode:
        with mode:
            X * X
        assert X > 1.0


def test_one_object_in_many_threads() -> None:
    mode, barrier = no_grad(), threading.Barrier(4)
    seen: list[bool] = []

    def work() -> None:
        barrier.wait(600)
        for _ in range(50):
            with mode:
                seen.append(records())
            seen.append(not records())

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(600)
    assert seen == [False] * 400


def test_blocks_of_one_object_that_end_in_the_order_in_which_they_began() -> None:
    async def hold(number: int, events: list[asyncio.Event]) -> list[bool]:
        with no_grad:
            events[number].set()
            await events[number + 2].wait()
            inside = records()
        return [inside, records()]

    async def overlapping() -> list[list[bool]]:
        events = [asyncio.Event() for _ in range(4)]
        tasks = [asyncio.create_task(hold(number, events)) for number in (0, 1)]
        for event in events[:2]:
            await event.wait()
        assert records()
        seen = []
        for task, event in zip(tasks, events[2:], strict=True):
            event.set()
            seen.append(await task)
        return seen

    assert asyncio.run(overlapping()) == [[False, True], [False, True]]


def test_a_stack_of_contexts() -> None:
    with ExitStack() as stack:
        stack.enter_context(no_grad())
        assert not records()
        stack.enter_context(no_grad)
        kept = stack.pop_all()
    assert not records()
    kept.close()
    assert records()


def test_both_are_shown_by_their_names() -> None:
    assert (repr(no_grad), repr(no_grad())) == ("<no_grad>", "<no_grad>")
    assert repr(forbid_data_access) == "<forbid_data_access>"


def test_a_block_that_ends_without_having_begun_is_refused() -> None:
    mode = no_grad()
    with pytest.raises(RuntimeError, match=r"`with no_grad\(\):`"):
        mode.__exit__(None, None, None)


# Generators


def batches(seen: list[bool]) -> Generator[int, Any, str]:
    """Yields inside a block of its own."""
    with no_grad():
        for number in range(2):
            seen.append(records())
            yield number
        seen.append(records())
    seen.append(records())
    return "done"


def test_a_block_around_a_yield_does_not_leak_into_the_caller() -> None:
    """The gradient is that of Σx² over two steps, 2x + 2x, as without any block."""
    x, total = Value(2.0), Value(0.0)
    seen: list[bool] = []
    for _ in batches(seen):
        total = total + x * x
    total.backward()
    assert x.grad == 8.0
    assert seen == [False, False, False, True]


def test_a_block_that_ends_when_the_caller_is_in_one_of_its_own() -> None:
    steps = batches([])
    next(steps)
    with no_grad():
        assert list(steps) == [1]
        assert not records()
    assert records()


def test_a_block_of_the_caller_holds_for_a_generator_that_began_outside() -> None:
    def squares() -> Iterator[bool]:
        while True:
            yield records()

    steps = squares()
    assert next(steps)
    with no_grad():
        assert not next(steps)
    assert next(steps)


def test_a_generator_in_a_generator() -> None:
    seen: list[bool] = []

    def outer() -> Iterator[int]:
        answer = yield from batches(seen)
        assert answer == "done"
        yield int(records())

    asked = [(step, records()) for step in outer()]
    assert asked == [(0, True), (1, True), (1, True)]
    assert seen == [False, False, False, True]


def test_a_generator_that_is_left_alone_leaves_nothing_behind() -> None:
    steps = batches([])
    next(steps)
    del steps
    gc.collect()
    assert records()
    steps = batches([])
    next(steps)
    steps.close()
    assert records()


def test_a_generator_that_goes_from_thread_to_thread() -> None:
    """Where it has moved to, a block is at an end with it; the thread in which it began records."""
    steps = batches([])
    next(steps)
    thread = threading.Thread(target=lambda: list(steps))
    thread.start()
    thread.join(600)
    assert records()


def test_a_generator_whose_block_ends_in_another_context() -> None:
    steps = batches([])
    next(steps)
    assert Context().run(list, steps) == [1]
    assert records()


def test_a_decorated_generator() -> None:
    @no_grad()
    def doubles(x: Value) -> Generator[Value, float, str]:
        sent = yield x * 2.0
        try:
            yield x * sent
        except KeyError:
            yield x * 5.0
        return "done"

    assert inspect.isgeneratorfunction(doubles)
    steps = doubles(X)
    assert (next(steps).gate, records()) == (None, True)
    assert (steps.send(7.0).data, records()) == (21.0, True)
    assert steps.throw(KeyError()).gate is None
    assert records()
    with pytest.raises(StopIteration) as end:
        next(steps)
    assert end.value.value == "done"


def test_a_decorated_function_that_returns_a_generator() -> None:
    @no_grad
    def doubles() -> Iterator[Value]:
        return (x * 2.0 for x in [X, X])

    assert [(out.gate, records()) for out in doubles()] == [(None, True)] * 2


def test_a_block_around_a_yield_does_not_forbid_the_callers_branches() -> None:
    def forbidding(branch: bool) -> Iterator[Value]:
        with forbid_data_access():
            yield X * X
            if branch:
                assert X > 1.0

    for out in forbidding(False):
        assert out > 1.0
    with pytest.raises(RecordingError, match="compares a value"):
        for out in forbidding(True):
            assert out > 1.0

    @forbid_data_access
    def decorated() -> Iterator[bool]:
        yield X > 1.0

    with pytest.raises(RecordingError, match="compares a value"):
        assert all(decorated())


# Context managers that are made from generators hold for their whole block


@contextmanager
def evaluation() -> Iterator[None]:
    with no_grad():
        yield


@pytest.fixture
def no_gradients() -> Iterator[None]:
    with no_grad():
        yield


def test_a_context_manager_made_from_a_generator() -> None:
    with evaluation():
        assert not records()
        with evaluation():
            pass
        assert not records()
    assert records()

    @evaluation()
    def predict() -> bool:
        return records()

    assert not predict()


def test_it_is_the_block_of_the_generator_that_uses_it() -> None:
    def steps() -> Iterator[bool]:
        with evaluation(), ExitStack() as stack:
            stack.enter_context(evaluation())
            yield records()
            yield records()
        yield records()

    assert [(inside, records()) for inside in steps()] == [
        (False, True),
        (False, True),
        (True, True),
    ]


def test_a_decorated_generator_is_about_its_own_code_as_a_context_manager_too() -> None:
    seen: list[bool] = []

    @contextmanager
    @no_grad()
    def prepared() -> Iterator[None]:
        seen.append(records())
        yield

    with prepared():
        seen.append(records())
    assert seen == [False, True]


class TestFixture:
    @pytest.fixture(autouse=True)
    def records_before_and_after(self) -> None:
        """The block of the fixture below is still open when a fixture of the module would ask."""

    def test_a_fixture_holds_for_the_test(self, no_gradients: None) -> None:
        assert not records()


# Asynchronous code


def test_a_decorated_coroutine() -> None:
    @no_grad()
    async def predict(x: Value) -> Value:
        await asyncio.sleep(0)
        return x * x

    async def both() -> tuple[Value, bool]:
        assert inspect.iscoroutinefunction(predict)
        task = asyncio.create_task(predict(X))
        await asyncio.sleep(0)
        between = records()  # while the task waits
        return await task, between

    out, between = asyncio.run(both())
    assert (out.data, out.gate, between) == (9.0, None, True)


def test_a_decorated_function_that_returns_a_coroutine() -> None:
    async def ask() -> bool:
        return records()

    @no_grad
    def predict() -> Awaitable[bool]:
        return ask()

    async def both() -> tuple[bool, bool]:
        return await predict(), records()

    assert asyncio.run(both()) == (False, True)


async def numbers(seen: list[bool]) -> AsyncIterator[int]:
    with no_grad():
        for number in range(2):
            await asyncio.sleep(0)
            seen.append(records())
            yield number
    seen.append(records())


def test_a_block_around_a_yield_of_an_asynchronous_generator() -> None:
    seen: list[bool] = []

    async def consume() -> list[bool]:
        return [records() async for _ in numbers(seen)] + [records()]

    assert asyncio.run(consume()) == [True] * 3
    assert seen == [False, False, True]


def test_tasks_that_are_started_in_a_block_are_in_it() -> None:
    async def ask() -> bool:
        await asyncio.sleep(0)
        return records()

    async def in_a_coroutine() -> list[bool]:
        with no_grad():
            return [*await asyncio.gather(ask(), ask())]

    async def generator() -> AsyncIterator[tuple[bool, ...]]:
        with no_grad():
            yield (*await asyncio.gather(ask(), ask()), await asyncio.to_thread(records))

    async def in_a_generator() -> list[tuple[bool, ...]]:
        return [step async for step in generator()]

    assert asyncio.run(in_a_coroutine()) == [False, False]
    assert asyncio.run(in_a_generator()) == [(False, False, False)]


def test_a_task_that_outlives_the_block_records() -> None:
    """Whether or not a block is open elsewhere, which has nothing to do with it."""

    async def ask(event: asyncio.Event) -> bool:
        await event.wait()
        return records()

    async def outlive(elsewhere: bool) -> bool:
        event = asyncio.Event()
        with no_grad():
            task = asyncio.create_task(ask(event))
            await asyncio.sleep(0)
        event.set()
        other = batches([]) if elsewhere else iter([0])
        next(other)
        return await task

    for elsewhere in (False, True):
        assert asyncio.run(outlive(elsewhere))


def test_a_decorated_asynchronous_generator() -> None:
    closed = []

    @no_grad
    async def doubles(x: Value) -> Any:
        try:
            sent = yield x * 2.0
            try:
                yield x * sent
            except KeyError:
                yield x * 5.0
        finally:
            closed.append(records())

    async def consume() -> list[tuple[bool, float, bool]]:
        seen = []

        def see(out: Value) -> None:
            seen.append((out.gate is None, out.data, records()))

        async with aclosing(doubles(X)) as steps:
            see(await anext(steps))
            see(await steps.asend(7.0))
            see(await steps.athrow(KeyError()))
            with pytest.raises(StopAsyncIteration):
                await anext(steps)
        async with aclosing(doubles(X)) as steps:
            see(await anext(steps))
        return seen

    assert inspect.isasyncgenfunction(doubles)
    assert asyncio.run(consume()) == [
        (True, 6.0, True),
        (True, 21.0, True),
        (True, 15.0, True),
        (True, 6.0, True),
    ]
    assert closed == [False, False]


def test_an_asynchronous_context_manager() -> None:
    @asynccontextmanager
    async def evaluating() -> AsyncIterator[None]:
        with no_grad():
            yield

    async def ask() -> tuple[bool, bool]:
        async with evaluating():
            await asyncio.sleep(0)
            inside = records()
        return inside, records()

    assert asyncio.run(ask()) == (False, True)


def test_a_coroutine_that_is_closed_in_another_context() -> None:
    async def wait() -> None:
        with no_grad:
            await asyncio.sleep(0)

    coroutine = wait()
    context = copy_context()
    context.run(coroutine.send, None)
    assert not context.run(records)
    coroutine.close()
    assert context.run(records)


def test_checkers_keep_the_types_of_what_is_decorated() -> None:
    @no_grad
    def length(x: Value, y: Value) -> float:
        return (x * y).data

    typed: Callable[[Value, Value], float] = length
    assert typed(X, X) == 9.0
