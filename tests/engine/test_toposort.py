import signal
import sys
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from oracles.circuits import Circuit, as_circuit, circuits, in_engine, property_test

from autograd_core import Value, all_values, compiled, maximum, staged_code, total, trace
from autograd_core.toposort import topological_order


def order_of(output: Value) -> list[str]:
    """The gates in the order of the forward pass, by the labels of their outputs."""
    passes = trace(output)
    return [passes.values[step.out].name for step in passes.forward]


@property_test(60)
@given(circuits())
def test_every_value_stands_after_its_operands_and_once(circuit: Circuit) -> None:
    _, output = in_engine(circuit)
    passes = trace(output)
    for step in passes.forward:
        assert all(operand < step.out for operand in step.operands if isinstance(operand, int))
    outs = [step.out for step in passes.forward]
    assert outs == sorted(set(outs))
    assert [step.out for step in passes.backward] == outs[::-1]
    assert passes.output == len(passes.values) - 1


@property_test(30)
@given(circuits())
def test_the_same_program_gives_the_same_order(circuit: Circuit) -> None:
    first, second = in_engine(circuit)[1], in_engine(circuit)[1]
    assert as_circuit(first) == as_circuit(second)
    assert staged_code(first) == staged_code(second)


def test_inputs_come_in_the_order_in_which_they_are_written() -> None:
    x, y = Value(1.0, "x"), Value(2.0, "y")
    a, b, c = x.exp(), y.sin(), x.cos()
    for label, value in {"a": a, "b": b, "c": c}.items():
        value.label = label
    out = total([c, a, b])
    out.label = "out"
    assert order_of(out) == ["c", "a", "b", "out"]
    difference = b - a
    difference.label = "d"
    assert order_of(difference) == ["b", "a", "d"]
    assert [value.name for value in trace(difference).values] == ["y", "b", "x", "a", "d"]


def test_a_shared_part_stands_before_all_its_users() -> None:
    x = Value(0.5, "x")
    shared = x.exp()
    shared.label = "shared"
    late = shared.sin()
    late.label = "late"
    out = late + shared
    out.label = "out"
    assert order_of(out) == ["shared", "late", "out"]


def test_a_leaf_has_no_order() -> None:
    assert order_of(Value(1.0)) == []


@pytest.mark.parametrize("width", [1, 2, 3])
def test_deep_circuits_are_ordered_without_recursion(width: int) -> None:
    before = sys.getrecursionlimit()
    x = Value(0.5)
    out = x
    try:
        sys.setrecursionlimit(250)
        for _ in range(5_000):
            out = total([out] * width)
            out = out * (1.0 / width)
        out.backward()
    finally:
        sys.setrecursionlimit(before)
    assert x.grad == pytest.approx(1.0, rel=1e-9)


@property_test(40)
@given(circuits())
def test_the_order_with_leaves_and_the_order_without_are_one(circuit: Circuit) -> None:
    _, output = in_engine(circuit)
    gates = [value for value in all_values(output) if value.gate is not None]
    assert list(map(id, gates)) == list(map(id, topological_order(output)))


if hasattr(signal, "setitimer"):  # Windows has no such timers

    def test_a_signal_handler_may_differentiate_too() -> None:
        x = Value(1.0)
        out = x
        for _ in range(2_000):
            out = out + x
        shared, times = out.inputs[0], []

        def handle(*_: Any) -> None:
            shared.backward()
            times.append(shared.grad)

        before = signal.signal(signal.SIGVTALRM, handle)
        # time of this process, not of the clock: however busy the machine is, it gets ahead
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.02, 0.02)
        try:
            while len(times) < 10:
                assert topological_order(out)[-1] is out
                assert len(topological_order(out)) == 2_000
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
            signal.signal(signal.SIGVTALRM, before)

    def test_a_walk_that_is_interrupted_time_and_again_comes_to_its_end() -> None:
        length = 200_000 if compiled else 20_000
        x = Value(1.0)
        out = x
        for _ in range(length):
            out = out + 1.0
        short = maximum(x, 0.0) * 2.0
        before = signal.signal(signal.SIGVTALRM, lambda *_: short.backward())
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.005, 0.005)
        try:
            order = topological_order(out)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
            signal.signal(signal.SIGVTALRM, before)
        assert len(order) == length
        assert all(later.inputs[0] is earlier for earlier, later in pairwise(order))
