import gc
import os
import sys
import threading
import tracemalloc
import weakref
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from processes import in_threads, printed_by
from sources import ROOT

from autograd_core import Value, affine, all_values, compiled, dot, grad, relu, total


@pytest.fixture(autouse=True, scope="module")
def without_the_collector() -> Iterator[None]:
    gc.collect()
    gc.freeze()  # objects of other tests are not looked through each time
    gc.disable()
    yield
    gc.enable()
    gc.unfreeze()


def build(x: Value, w: Value, parameters: list[Value]) -> Value:
    """A circuit with gates of every kind of record."""
    hidden = affine([parameters, [w, x]], [x, 2.0], [w, 0.5], relu)
    out = dot(hidden, parameters) * x + total([x, w, 1.0]) - w / 3.0
    return out**2 + x.tanh() * hidden[0]


def run_many(times: int) -> None:
    """Make and drop many circuits; their leaves stay."""
    x, w, parameters = Value(0.5), Value(-1.5), [Value(1.0), Value(2.0)]
    for _ in range(times):
        x * w + 1.0
    for _ in range(times // 20):
        build(x, w, parameters).backward()


def test_many_circuits_leave_nothing_behind() -> None:
    run_many(5_000)
    gc.collect()
    tracemalloc.start()
    try:
        objects, before = len(gc.get_objects()), tracemalloc.get_traced_memory()[0]
        run_many(30_000)
        after = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert len(gc.get_objects()) <= objects + 10
    assert after - before < 100_000


def test_reference_counts_of_operands_return_to_what_they_were() -> None:
    x, w, parameters = Value(0.5), Value(-1.5), [Value(1.0), Value(2.0)]
    operands = [x, w, *parameters]
    before = [sys.getrefcount(value) for value in operands]
    for _ in range(100):
        out = build(x, w, parameters)
        out.backward()
        assert out.inputs[0].inputs
        out.forward()
        out.zero_grad()
        del out
    assert [sys.getrefcount(value) for value in operands] == before


def test_a_chain_of_a_million_gates_is_freed_on_a_small_stack() -> None:
    outcome = []

    def work() -> None:
        x = Value(1.0)
        out = x
        for _ in range(1_000_000 if compiled else 100_000):
            out = out * 1.0
        out.backward()
        reference = weakref.ref(out)
        del out
        outcome.append((x.grad, reference()))

    in_threads(work, stack=128 * 1024)
    assert outcome == [(1.0, None)]


def test_deep_layers_are_freed_on_a_small_stack() -> None:
    outcome = []

    def work() -> None:
        values = [Value(0.5), Value(0.25)]
        weights = [[Value(0.5), Value(0.5)], [Value(0.25), Value(0.75)]]
        first = weakref.ref(values[0])
        for _ in range(50_000):
            values = affine(weights, values, [0.0, Value(0.0)], relu)
        total(values).backward()
        del values
        outcome.append(first())

    in_threads(work, stack=128 * 1024)
    assert outcome == [None]


class Parameter(Value):
    """A leaf with more to it."""

    note: str


def test_instances_of_subclasses_are_freed_with_the_circuit() -> None:
    w = Parameter(2.0)
    w.note = "kept"
    reference = weakref.ref(w)
    out = dot([w, w], [w, 1.0]) + w * w
    out.backward()
    del w
    kept = reference()
    assert kept is not None and kept.note == "kept"
    del out, kept
    assert reference() is None


def test_a_finaliser_may_free_another_circuit() -> None:
    freed = []
    x = Value(1.0)
    other = x * 2.0 + 1.0
    out = (x * 3.0).exp() + 1.0
    weakref.finalize(out.inputs[0], lambda: freed.append(circuits.pop()))
    inner = weakref.ref(other.inputs[0])
    circuits = [other]
    del other, out
    assert len(freed) == 1
    freed.clear()
    assert inner() is None


def test_threads_that_build_and_free_at_once() -> None:
    x = Value(2.0)
    sums = []

    def work() -> None:
        result = 0.0
        for _ in range(300):
            w = Value(1.5)
            out = (x * w + w).relu() * w
            for _ in range(20):
                out = out + w
            out.backward()
            result += w.grad
        sums.append(result)

    in_threads(work, 4)
    assert sums == [300 * (4.5 * 1.0 + 3.0 * 1.5 + 20.0)] * 4


def test_threads_that_order_one_circuit_at_once() -> None:
    x = Value(1.0)
    shared = x
    for _ in range(2_000):
        shared = shared + 0.5
    orders = []

    def work() -> None:
        out = shared * 2.0
        for _ in range(20):
            out.backward()
        orders.append(out.grad)

    in_threads(work, 4)
    assert orders == [1.0] * 4


def test_a_long_walk_beside_short_ones() -> None:
    x = Value(1.0)
    long = x
    for _ in range(200_000):
        long = long * 1.0
    short, ended = x * 2.0, threading.Event()

    def walk() -> None:
        while not ended.is_set():
            grad(short, [x])

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    thread = threading.Thread(target=walk)
    thread.start()
    try:
        long.backward()
    finally:
        ended.set()
        thread.join()
        sys.setswitchinterval(interval)
    assert x.grad == 1.0


def step_of_a_network(weights: list[list[Value]], points: list[list[float]]) -> Value:
    """A circuit whose values are freed in another order than they were made."""
    outputs: list[Value] = []
    for point in points:
        inputs = [Value(x) for x in point]
        hidden = [(row[0] * inputs[0] + row[1] * inputs[1]).relu() for row in weights]
        again = [sum((row[0] * h for h in hidden), Value(0.0)).relu() for row in weights]
        outputs.append(dot([row[1] for row in weights], again))
    return total(outputs)


GATES = 300_000

PEAKS = f"""
import resource
from autograd_core import Value
from test_memory import run_many

def chain():
    x = weight = Value(1.0)
    for _ in range({GATES}):
        x = x * weight
    x.backward()

for circuits in (run_many, lambda times: chain()):
    circuits(5_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(5):
        circuits(20_000)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / before)
"""

KEPT = f"""
import os
from autograd_core import Value

def resident():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

before = resident()
x = weight = Value(1.0)
for _ in range({GATES}):
    x = x * weight
full = resident()
del x
print((resident() - before) / (full - before))
"""


def shares(program: str) -> list[float]:
    path = os.pathsep.join([str(ROOT), *sys.path, str(Path(__file__).parent)])
    return [float(line) for line in printed_by(program, PYTHONPATH=path)]


if compiled:  # the plain form leaves the layout of its objects, and their memory, to Python

    def test_memory_is_used_again_in_the_order_in_which_it_was_used() -> None:
        weights = [[Value(0.5), Value(-0.25)] for _ in range(8)]
        points = [[place / 100.0, 1.0] for place in range(150)]
        for _ in range(60):
            out = step_of_a_network(weights, points)
            out.backward()
        places = [id(value) for value in all_values(out) if value.gate]
        far = sum(abs(one - two) > 2**18 for one, two in pairwise(places))
        assert len(places) > 25_000
        assert far < 0.1 * len(places)

    def test_the_size_of_a_gate() -> None:
        assert sys.getsizeof(Value(1.0)) <= 112
        assert not gc.is_tracked(Value(1.0))


if compiled and os.name == "posix":

    def test_memory_does_not_grow() -> None:
        """Values have memory of their own, which `tracemalloc` does not see."""
        assert max(shares(PEAKS)) < 1.05  # one value in ten left behind would be 1.4


if compiled and sys.platform == "linux":

    def test_memory_is_not_handed_back_between_steps() -> None:
        [share] = shares(KEPT)
        assert share > 0.9
