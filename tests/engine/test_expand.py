from collections.abc import Callable
from typing import Any

import pytest
from oracles.circuits import apply
from oracles.samples import SAMPLES

from autograd_core import (
    GATES,
    Value,
    dot,
    expand,
    grad,
    logsumexp,
    relu,
    sigmoid,
    total,
    trace,
)

OPENABLE = [name for name, entry in GATES.items() if entry.expansion]


def gates_of(output: Value) -> list[str]:
    return [step.gate for step in trace(output).forward]


@pytest.mark.parametrize(
    ("build", "gates"),
    [
        (sigmoid, ["negate", "exp", "add", "reciprocal"]),
        (lambda x: total([x, x, x]), ["add", "add"]),
        (lambda x: dot([x, x], [x, 2.0]), ["multiply", "multiply", "add"]),
        (relu, ["greater", "where"]),
        (lambda x: x.softplus(), ["exp", "add", "log"]),
        (lambda x: logsumexp([x, x]), ["exp", "exp", "add", "log"]),
    ],
)
def test_a_gate_opens_into_simpler_ones(build: Callable[..., Any], gates: list[str]) -> None:
    x = Value(0.5, "x")
    closed = build(x)
    closed.label = "out"
    opened = expand(closed)
    assert gates_of(opened) == gates
    assert opened.label == "out"
    assert closed.gate is not opened.gate
    assert opened.data == pytest.approx(closed.data, rel=1e-15)


@pytest.mark.parametrize("name", OPENABLE)
@pytest.mark.parametrize("factor", [1.0, -1.0, 3.0, 10.0])
def test_an_opened_gate_has_the_same_operands_and_derivatives(name: str, factor: float) -> None:
    leaves = [Value(factor * x) for x in SAMPLES[name]]
    closed = apply(name, leaves)
    opened = expand(closed)
    assert {id(v) for v in leaves} <= {id(v) for v in values_below(opened)}
    assert opened.data == pytest.approx(closed.data, rel=1e-13)
    for one, other in zip(grad(closed, leaves), grad(opened, leaves), strict=True):
        assert one.data == pytest.approx(other.data, rel=1e-12, abs=1e-16)
        for second, its_twin in zip(grad(one, leaves), grad(other, leaves), strict=True):
            assert second.data == pytest.approx(its_twin.data, rel=1e-12, abs=1e-14)


def values_below(output: Value) -> list[Value]:
    return [output, *(below for value in output.inputs for below in values_below(value))]


@pytest.mark.parametrize("number", [0.0, -0.0])
def test_an_opened_relu_has_the_same_slope_at_its_corner(number: float) -> None:
    x = Value(number)
    expand(relu(x)).backward()
    assert x.grad == 0.0


def test_constants_stay_constants() -> None:
    x = Value(2.0)
    assert expand(total([x, 3])).operands == (x, 3.0)
    opened = expand(dot([2.0, x], [x, 5.0]))
    assert [value.operands for value in opened.inputs] == [(2.0, x), (x, 5.0)]


@pytest.mark.parametrize("build", [lambda x: total([x]), lambda x: dot([x], [2.0])])
def test_a_sum_of_one_term(build: Callable[..., Any]) -> None:
    x = Value(3.0, "x")
    closed = build(x)
    closed.label = "out"
    opened = expand(closed)
    assert opened.data == closed.data
    assert x.label == "x"


def test_expanding_changes_nothing() -> None:
    x = Value(0.5, "x")
    closed = sigmoid(x)
    before = trace(closed)
    expand(closed)
    assert trace(closed) == before


@pytest.mark.parametrize("name", [name for name in GATES if name not in OPENABLE])
def test_an_elementary_gate_does_not_open(name: str) -> None:
    out = apply(name, [Value(x) for x in SAMPLES[name]])
    out.label = "out"
    with pytest.raises(ValueError, match="elementary") as refusal:
        expand(out)
    assert "out = " in str(refusal.value)
    for each in OPENABLE:
        assert each in str(refusal.value)


def test_a_leaf_does_not_open() -> None:
    with pytest.raises(ValueError, match=r"w = 2\.0 has no gate"):
        expand(Value(2.0, "w"))
