import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given
from oracles.circuits import (
    Circuit,
    apply,
    as_circuit,
    circuits,
    in_engine,
    property_test,
    wires_by_value,
)
from oracles.samples import SAMPLES

from autograd_core import GATES, Value, trace


def snapshot(output: Value) -> Any:
    """Everything a circuit shows of itself."""
    seen, pending = {}, [output]
    while pending:
        value = pending.pop()
        if id(value) not in seen:
            seen[id(value)] = (repr(value), value.local_grads, value.operands)
            pending += value.inputs
    return {
        key: (text, locals_, [x if isinstance(x, float) else id(x) for x in operands])
        for key, (text, locals_, operands) in seen.items()
    }


def assert_passes_agree_with_the_engine(leaves: list[Value], output: Value, passes: Any) -> None:
    assert passes.values[passes.output].data == output.data
    totals = {passes.output: passes.upstream}
    for step in passes.backward:
        assert step.upstream == totals.get(step.out, 0.0)
        for wire in step.contributions:
            assert wire.upstream == step.upstream
            assert wire.downstream == wire.upstream * wire.local
            totals[wire.value] = totals.get(wire.value, 0.0) + wire.downstream
            assert wire.total == totals[wire.value]
    by_label = {value.label: value.index for value in passes.values}
    for leaf in leaves:
        assert leaf.grad == totals.get(by_label.get(leaf.label), 0.0)


@property_test(80)
@given(circuits())
def test_contributions_add_up_to_the_gradients_of_the_engine(circuit: Circuit) -> None:
    leaves, output = in_engine(circuit)
    before = trace(output)
    assert not before.ran
    assert before.upstream == 1.0
    output.backward()
    after = trace(output)
    assert after.ran
    assert before.backward == after.backward
    assert before.forward == after.forward
    assert_passes_agree_with_the_engine(leaves, output, after)
    grads = {value.label: value.grad for value in after.values if value.gate is None}
    assert grads == {leaf.label: leaf.grad for leaf in leaves if leaf.label in grads}


@property_test(60)
@given(circuits())
def test_wires_are_counted(circuit: Circuit) -> None:
    _, output = in_engine(circuit)
    for wires in wires_by_value(trace(output)).values():
        assert [wire.number for wire in wires] == list(range(1, len(wires) + 1))
        assert {wire.count for wire in wires} == {len(wires)}


@property_test(40)
@given(circuits())
def test_a_trace_is_the_circuit_and_can_be_built_again_from_it(circuit: Circuit) -> None:
    _, output = in_engine(circuit, operators=False)
    recorded, _ = as_circuit(output)
    _, again = in_engine(recorded, operators=False)
    assert trace(again).forward == trace(output).forward
    assert again.data == output.data


@property_test(40)
@given(circuits())
def test_tracing_changes_nothing(circuit: Circuit) -> None:
    _, output = in_engine(circuit)
    output.backward()
    before = snapshot(output)
    trace(output)
    assert snapshot(output) == before


@pytest.mark.parametrize("name", GATES)
def test_every_gate(name: str) -> None:
    leaves = [Value(x, f"x{at}") for at, x in enumerate(SAMPLES[name])]
    out = apply(name, leaves)
    passes = trace(out)
    [step] = passes.forward
    assert (step.gate, step.data, step.numbers) == (name, out.data, SAMPLES[name])
    assert [passes.values[int(at)].name for at in step.operands] == [leaf.label for leaf in leaves]
    [back] = passes.backward
    assert tuple(wire.local for wire in back.contributions) == out.local_grads
    assert [wire.operand for wire in back.contributions] == list(range(len(leaves)))
    assert back.symbol == step.symbol
    assert GATES[name].symbol in step.symbol


def test_constants_are_floats_and_folded_into_the_symbol() -> None:
    x = Value(2.0)
    for out, operands, symbol in [
        (x + 1, (0, 1.0), "+1"),
        (-1 * x, (-1.0, 0), "*-1"),
        (2 - x, (2.0, 0), "2-"),
        (x - 2.5, (0, 2.5), "-2.5"),
        (x**3, (0, 3.0), "**3"),
        (1 / x, (0,), "1/x"),
        (3 / x, (3.0, 0), "3/"),
        (x.maximum(0), (0, 0.0), "max 0"),
        (x.leaky_relu(), (0, 0.1), "LReLU"),
        (x.leaky_relu(0.2), (0, 0.2), "LReLU 0.2"),
        (x * x, (0, 0), "*"),
    ]:
        [step] = trace(out).forward
        assert (step.operands, step.symbol) == (operands, symbol)
        assert [wire.operand for wire in trace(out).backward[0].contributions] == [
            at for at, operand in enumerate(operands) if isinstance(operand, int)
        ]


def test_a_leaf_alone() -> None:
    passes = trace(Value(2.0, "x"))
    assert (passes.forward, passes.backward, passes.output) == ((), (), 0)
    assert passes.values[0].name == "x"
    assert not passes.ran


def test_names_are_labels_or_made_up_and_unique() -> None:
    x, y = Value(1.0, "v1"), Value(2.0)
    labelled = x * y
    labelled.label = "v3"
    out = (labelled + y.exp()).sin()
    names = [value.name for value in trace(out).values]
    assert len(set(names)) == len(names)
    assert [value.label for value in trace(out).values if value.label] == ["v1", "v3"]
    assert all(value.name == value.label for value in trace(out).values if value.label)


@property_test(30)
@given(circuits())
def test_names_of_random_circuits_are_unique(circuit: Circuit) -> None:
    _, output = in_engine(circuit)
    names = [value.name for value in trace(output).values]
    assert len(set(names)) == len(names)


def test_whether_backward_ran() -> None:
    x = Value(3.0, "x")
    y = x * x
    assert not trace(y).ran
    y.backward(0.5)
    passes = trace(y)
    assert (passes.ran, passes.upstream) == (True, 0.5)
    assert [value.grad for value in passes.values] == [3.0, 0.5]
    y.zero_grad()
    assert not trace(y).ran
    assert trace(y).upstream == 1.0


def test_values_hold_what_accumulated_and_the_steps_one_pass() -> None:
    x = Value(3.0, "x")
    y = x * x
    y.backward()
    y.backward()
    passes = trace(y)
    assert passes.values[0].grad == 12.0
    assert passes.backward[0].contributions[-1].total == 6.0


def test_a_trace_is_plain_data() -> None:
    x = Value(3.0, "x")
    passes = trace((x * x).exp())
    copied = json.loads(json.dumps(dataclasses.asdict(passes)))
    assert copied["values"][0]["name"] == "x"
    assert passes == trace((x * x).exp())
    assert hash(passes) == hash(trace((x * x).exp()))
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(passes, "ran", True)  # noqa: B010


def test_a_trace_stays_as_it_was() -> None:
    x = Value(3.0, "x")
    y = x * x
    passes = trace(y)
    x.data = 5.0
    y.forward().backward()
    assert (passes.values[0].data, passes.values[1].grad) == (3.0, 0.0)


def test_long_chains_need_no_recursion() -> None:
    x = Value(0.5)
    out = x
    for _ in range(5_000):
        out = out + 1.0
    assert len(trace(out).forward) == 5_000


def test_a_leaf_starts_from_one_whatever_it_has_received() -> None:
    x = Value(3.0)
    (x * x).backward()
    assert (trace(x).upstream, trace(x).ran) == (1.0, True)


def test_gradients_of_another_output_are_not_those_of_this_one() -> None:
    x = Value(3.0, "x")
    f, g = x * x, 2 * x
    g.backward()
    passes = trace(f)
    assert not passes.ran
    assert [wire.total for step in passes.backward for wire in step.contributions] == [3.0, 6.0]
    f.backward(0.5)
    assert trace(f).ran
    assert trace(f).upstream == 0.5


@pytest.mark.parametrize("number", [5.0, -1.0])
def test_a_circuit_that_no_longer_follows_from_its_leaves_is_refused(number: float) -> None:
    x = Value(3.0, "x")
    f = x.sqrt() * 2
    x.data = number
    with pytest.raises(ValueError, match=r"sqrt.*x = .*forward\(\)"):
        trace(f)
    x.data = 5.0
    assert trace(f.forward()).values[0].data == 5.0


@pytest.mark.parametrize("thing", [3, None, [Value(1.0), 2.0]])
def test_only_values_have_circuits(thing: Any) -> None:
    with pytest.raises(TypeError, match="Value"):
        trace(thing)
