import asyncio
import threading

import pytest

from autograd_core import Value, no_grad


def records():
    """Whether a product made here and now is recorded."""
    return (Value(2.0) * Value(3.0)).gate is not None


def test_results_inside_the_block_are_leaves():
    assert records()
    with no_grad():
        assert not records()
    assert records()


def test_blocks_nest():
    with no_grad():
        with no_grad():
            assert not records()
        assert not records()
    assert records()


def test_an_exception_ends_the_block():
    with pytest.raises(RuntimeError), no_grad(), no_grad():
        raise RuntimeError
    assert records()


def test_it_is_a_decorator():
    @no_grad()
    def predict(x):
        return x * x

    x = Value(3.0)
    for _ in range(2):
        assert (predict(x).data, predict(x).gate) == (9.0, None)
        assert records()


def test_a_recursive_decorated_function():
    @no_grad()
    def descend(depth):
        return (not records()) if depth == 0 else descend(depth - 1) and not records()

    assert descend(5)
    assert records()


def test_what_was_recorded_stays_recorded():
    x = Value(3.0)
    y = x * x
    with no_grad():
        y.backward()
        assert y.inputs == (x, x)
        x.data = 4.0
        y.forward()
        assert (y.data, y.gate is None) == (16.0, False)
    assert x.grad == 6.0


def test_gradients_stop_at_a_value_made_inside():
    x = Value(3.0)
    with no_grad():
        frozen = x * x
    (frozen * x).backward()
    assert (x.grad, frozen.grad) == (9.0, 3.0)


def test_it_holds_for_its_own_thread_alone():
    inside, checked = threading.Event(), threading.Event()
    seen = {}

    def pause():
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


def test_a_new_thread_records_although_the_one_that_started_it_does_not():
    seen = []
    with no_grad():
        thread = threading.Thread(target=lambda: seen.append(records()))
        thread.start()
        thread.join(600)
    assert seen == [True]


def test_blocks_of_many_threads_end_one_by_one():
    barrier = threading.Barrier(4)
    seen = []

    def work(rounds):
        barrier.wait(600)
        for _ in range(rounds):
            with no_grad():
                seen.append(records())
            seen.append(not records())

    threads = [threading.Thread(target=work, args=(50,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(600)
    assert seen == [False] * 400
    assert records()


def test_it_holds_for_its_own_task_alone():
    async def pausing(events):
        with no_grad():
            events[0].set()
            await events[1].wait()
            return records()

    async def recording(events):
        await events[0].wait()
        recorded = records()
        events[1].set()
        return recorded

    async def both():
        events = asyncio.Event(), asyncio.Event()
        return await asyncio.gather(pausing(events), recording(events))

    assert asyncio.run(both()) == [False, True]


def test_blocks_of_two_tasks_that_end_in_the_order_in_which_they_began():
    async def hold(entered, leave):
        with no_grad():
            entered.set()
            await leave.wait()
            assert not records()
        return records()

    async def overlapping():
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
