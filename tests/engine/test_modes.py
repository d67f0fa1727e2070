import asyncio
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from processes import in_threads

import autograd_core
from autograd_core import (
    RecordingError,
    Value,
    forbid_data_access,
    grad,
    maximum,
    no_grad,
    no_looking,
    relu,
    where,
)
from nn import MLP, softmax_cross_entropy

X, Y = Value(1.0, "x"), Value(2.0, "y")


@pytest.mark.parametrize(
    "access, words",
    [
        (lambda: X < 0.0, "compares a value"),
        (lambda: X > 0.0, "compares a value"),
        (lambda: X >= Y, "compares a value"),
        (lambda: X <= Y, "compares a value"),
        (lambda: X == 1, "compares a value"),
        (lambda: X != Y, "compares a value"),
        (lambda: X or Y, "compares a value"),
        (lambda: max(X, Y), "compares a value"),
        (lambda: sorted([Y, X]), "compares a value"),
        (lambda: X in (3.0, 4.0), "compares a value"),
        (lambda: np.maximum(X, Y), "compares a value"),  # type: ignore[call-overload]
        (lambda: np.argmax([X, Y]), "compares a value"),  # type: ignore[arg-type]
        (lambda: X * Y.data, "reads the data of a value"),
        (lambda: Y.grad, "reads the gradient of a value"),
    ],
)
def test_accesses_are_refused_with_their_line(access: Callable[..., Any], words: str) -> None:
    place = f"line {access.__code__.co_firstlineno} of {Path(__file__).name}"
    with pytest.raises(RecordingError) as caught, forbid_data_access("; or do without"):
        access()
    assert str(caught.value).startswith(f"{place} {words}, but a program is recorded once")
    assert str(caught.value).endswith("; or do without") and "where(" in str(caught.value)


@pytest.mark.parametrize("otherwise", ["", "; or do without"])
def test_what_is_cut_off_is_refused_with_the_cure_alone(otherwise: str) -> None:
    def cut() -> None:
        with no_grad():
            X.exp()

    for code, words in ((lambda: X * X.detach(), "detaches a value"), (cut, "with no_grad")):
        with pytest.raises(RecordingError, match=words) as caught, forbid_data_access(otherwise):
            code()
        cure = otherwise.replace("; or", ":")
        assert str(caught.value).endswith(f"would be that of all examples{cure}")


def test_results_inside_no_grad_would_be_constants() -> None:
    with pytest.raises(RecordingError, match=r"stops recording with no_grad"), forbid_data_access():
        with no_grad():
            length = X * X
        Y / length


@pytest.mark.parametrize(
    "build",
    [
        lambda: relu(X * Y + 1) ** 2 / maximum(X, Y) - abs(X),
        lambda: where(X, Y, 0.0),
        lambda: sum([X, Y]),
        lambda: np.array([X, Y]) @ np.array([Y, X]),
        lambda: np.exp(X),  # type: ignore[call-overload]
        lambda: grad(X * Y, [X]),
        lambda: softmax_cross_entropy(MLP(2, [3, 2], activation="elu", seed=1)([X, Y]), [Y, X]),
        lambda: MLP(2, [3, 2], activation="maxout", output="softmax", seed=1)([X, Y]),
        lambda: repr(X),
        lambda: {X: 1}[X],
    ],
)
def test_gates_access_no_data(build: Callable[..., Any]) -> None:
    with forbid_data_access():
        build()


def test_outside_of_the_block_anything_goes() -> None:
    with forbid_data_access():
        pass
    assert X < Y


def test_an_error_in_the_block_is_raised_as_it_is() -> None:
    with pytest.raises(KeyError), forbid_data_access():
        assert X < Y
        raise KeyError


def test_other_threads_may_access_data() -> None:
    seen = []
    with forbid_data_access():
        in_threads(lambda: seen.append(X < Y))
    assert seen == [True]


def test_blocks_lie_in_one_another_and_each_tells_of_its_own() -> None:
    with forbid_data_access():
        with pytest.raises(RecordingError), forbid_data_access():
            assert X < Y
        X * Y
    ended = False
    with pytest.raises(RecordingError, match="compares"), forbid_data_access():
        assert X < Y and Y.grad == 0.0  # the first access is told
        with forbid_data_access():
            X * Y
        ended = True
    assert ended


def test_a_profiler_changes_nothing() -> None:
    seen = []
    sys.setprofile(lambda *event: seen.append(event))
    try:
        with pytest.raises(RecordingError), forbid_data_access():
            assert X < Y
    finally:
        sys.setprofile(None)
    assert seen


@pytest.mark.parametrize(
    "module, file",
    [
        ("numpy_lesson", "numpy_lesson.py"),
        ("lesson", str(Path(autograd_core.__file__).parent) + "_lessons.py"),
    ],
)
def test_names_that_only_begin_like_the_engines_are_the_users(module: str, file: str) -> None:
    code = compile("def branch(x):\n    return x if x > 0 else -x\n", file, "exec")
    namespace: dict[str, Any] = {"__name__": module}
    exec(code, namespace)
    with pytest.raises(RecordingError, match=r"^line 2 of"), forbid_data_access():
        namespace["branch"](X)


def test_the_old_name_is_the_same_function() -> None:
    assert no_looking is forbid_data_access


def records() -> bool:
    """Whether a product made here and now is recorded."""
    return (Value(2.0) * Value(3.0)).gate is not None


def test_results_inside_the_block_are_leaves() -> None:
    assert records()
    with no_grad():
        assert not records()
    assert records()


def test_blocks_nest() -> None:
    with no_grad():
        with no_grad():
            assert not records()
        assert not records()
    assert records()


def test_an_exception_ends_the_block() -> None:
    with pytest.raises(RuntimeError), no_grad(), no_grad():
        raise RuntimeError
    assert records()


def test_it_is_a_decorator() -> None:
    @no_grad()
    def predict(x: Value) -> Value:
        return x * x

    x = Value(3.0)
    for _ in range(2):
        assert (predict(x).data, predict(x).gate) == (9.0, None)
        assert records()


def test_a_recursive_decorated_function() -> None:
    @no_grad()
    def descend(depth: int) -> bool:
        return (not records()) if depth == 0 else descend(depth - 1) and not records()

    assert descend(5)
    assert records()


def test_what_was_recorded_stays_recorded() -> None:
    x = Value(3.0)
    y = x * x
    with no_grad():
        y.backward()
        assert y.inputs == (x, x)
        x.data = 4.0
        y.forward()
        assert (y.data, y.gate is None) == (16.0, False)
    assert x.grad == 6.0


def test_gradients_stop_at_a_value_made_inside() -> None:
    x = Value(3.0)
    with no_grad():
        frozen = x * x
    (frozen * x).backward()
    assert (x.grad, frozen.grad) == (9.0, 3.0)


def test_it_holds_for_its_own_thread_alone() -> None:
    inside, checked = threading.Event(), threading.Event()
    seen = {}

    def pause() -> None:
        with no_grad():
            inside.set()
            checked.wait(600)
            seen["pausing"] = records()
        seen["after"] = records()

    thread = threading.Thread(target=pause)
    thread.start()
    assert inside.wait(600)
    assert records()
    checked.set()
    thread.join(600)
    assert seen == {"pausing": False, "after": True}


def test_a_new_thread_records_although_the_one_that_started_it_does_not() -> None:
    seen = []
    with no_grad():
        in_threads(lambda: seen.append(records()))
    assert seen == [True]


def test_blocks_of_many_threads_end_one_by_one() -> None:
    barrier = threading.Barrier(4)
    seen = []

    def work() -> None:
        barrier.wait(600)
        for _ in range(50):
            with no_grad():
                seen.append(records())
            seen.append(not records())

    in_threads(work, 4)
    assert seen == [False] * 400
    assert records()


def test_it_holds_for_its_own_task_alone() -> None:
    async def pausing(events: tuple[Any, Any]) -> Any:
        with no_grad():
            events[0].set()
            await events[1].wait()
            return records()

    async def recording(events: tuple[Any, Any]) -> bool:
        await events[0].wait()
        recorded = records()
        events[1].set()
        return recorded

    async def both() -> Any:
        events = asyncio.Event(), asyncio.Event()
        return await asyncio.gather(pausing(events), recording(events))

    assert asyncio.run(both()) == [False, True]


def test_blocks_of_two_tasks_that_end_in_the_order_in_which_they_began() -> None:
    async def hold(entered: Any, leave: Any) -> Any:
        with no_grad():
            entered.set()
            await leave.wait()
            assert not records()
        return records()

    async def overlapping() -> Any:
        events = [asyncio.Event() for _ in range(4)]
        first = asyncio.create_task(hold(events[0], events[1]))
        second = asyncio.create_task(hold(events[2], events[3]))
        await events[0].wait()
        await events[2].wait()
        events[1].set()
        one = await first
        events[3].set()
        return one, await second

    assert asyncio.run(overlapping()) == (True, True)
    assert records()
