import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles.circuits import Circuit, apply, circuits, in_engine, property_test, wires_by_value
from oracles.samples import SAMPLES

from autograd_core import GATES, Value, explain, trace, write_formula
from nn import MLP

HOSTILE = [
    "a\nb",
    "\x1b[31mred",
    "\r",
    "\u2028",
    "\x00",
    "a\tb",
    "\u202e",
    "\x85",
    "x = 1\nq = 2",
    "\x9b2J",
]


def digits(number: float) -> str:
    whole = number.is_integer() and abs(number) < 1e9
    return str(int(number)) if whole else f"{number:.4g}"


def joined(output: Value) -> str:
    """The explanation, with broken lines joined."""
    return explain(output).replace("\n" + " " * 8, " ")


def sections(output: Value) -> dict[str, list[str]]:
    """The text by its headings."""
    parts = joined(output).split("\n\n")
    return {part.split("\n")[0]: part.split("\n")[1:] for part in parts}


@property_test(60)
@given(circuits(gates=12))
def test_every_number_is_the_traces(circuit: Circuit) -> None:
    _, output = in_engine(circuit)
    output.backward()
    passes = trace(output)
    text = sections(output)
    values = {value.name: value for value in passes.values}
    assert len(text["Forward"]) == len(values)
    for line in text["Forward"]:
        name, *formulas = line.strip().split(" = ")
        assert formulas[-1] == digits(values[name.strip()].data)
    backward = text["Backward: upstream × local = gradient"]
    gets = [line.strip() for line in backward if " gets " in line]
    wires = [wire for step in passes.backward for wire in step.contributions]
    assert len(gets) == len(wires)
    for line, wire in zip(gets, wires, strict=True):
        product = f"{digits(wire.upstream)} × {digits(wire.local)} = {digits(wire.downstream)}"
        assert line.startswith(f"{passes.values[wire.value].name} gets {product}")
        turn = re.search(r"\((\d+) of (\d+)\)$", line)
        counted = (int(turn[1]), int(turn[2])) if turn else (1, 1)
        assert counted == (wire.number, wire.count)


def test_long_lines_are_broken_between_products() -> None:
    model = MLP(20, [2, 1], seed=1)
    text = explain(model([float(place) for place in range(20)]))
    assert max(map(len, text.split("\n"))) < 100
    for line in text.split("\n"):
        assert not line.rstrip().endswith((" *", " =", " ×"))
        assert not line.lstrip().startswith(("* ", "× "))


@property_test(40)
@given(circuits(gates=12))
def test_a_value_used_more_than_once_is_an_adder(circuit: Circuit) -> None:
    _, output = in_engine(circuit)
    passes = trace(output)
    expected = []
    for value, wires in wires_by_value(passes).items():
        terms = [wire.downstream for wire in wires]
        added = f"{' + '.join(map(digits, terms))} = {digits(sum(terms))}"
        if len(terms) > 1:
            name = passes.values[value].name
            expected.append(f"{name} is used {len(terms)} times, an adder: {added}")
    found = [line.strip() for line in joined(output).split("\n") if " an adder" in line]
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize("name", GATES)
def test_every_gate_is_explained_with_its_pattern(name: str) -> None:
    leaves = [Value(x, f"x{at}") for at, x in enumerate(SAMPLES[name])]
    text = sections(apply(name, leaves))
    short, _, long = GATES[name].pattern.partition(": ")
    assert text["Patterns"] == [f"  {name}, {short}: {long}"]
    [gate_line] = [
        line for line in text["Backward: upstream × local = gradient"] if " gate, " in line
    ]
    assert gate_line.endswith(f"{name} gate, {short}")


@pytest.mark.parametrize(
    ("build", "formula", "numbers"),
    [
        (lambda x, y: x + y, "x + y", "-2 + 5"),
        (lambda x, y: x - y, "x - y", "-2 - 5"),
        (lambda x, y: x * 3, "x * 3", "-2 * 3"),
        (lambda x, y: 1 / x, "1 / x", "1 / -2"),
        (lambda x, y: x**2, "x ** 2", "(-2) ** 2"),
        (lambda x, y: -x, "-x", "-(-2)"),
        (lambda x, y: x.exp(), "exp(x)", "exp(-2)"),
        (lambda x, y: x.maximum(y), "maximum(x, y)", "maximum(-2, 5)"),
    ],
)
def test_formulas_read_as_one_writes_them(
    build: Callable[..., Any], formula: str, numbers: str
) -> None:
    out = build(Value(-2.0, "x"), Value(5.0, "y"))
    out.label = "out"
    assert f"  out = {formula} = {numbers} = {digits(out.data)}" in sections(out)["Forward"]


def test_each_pattern_is_given_once() -> None:
    x = Value(2.0, "x")
    out = x * x * x + x
    assert [line.split(",")[0] for line in sections(out)["Patterns"]] == ["  multiply", "  add"]


def test_parts_can_be_left_out() -> None:
    x = Value(2.0, "x")
    out = x * x
    assert "Backward" not in explain(out, backward=False)
    assert "Patterns" not in explain(out, patterns=False)
    assert explain(out).startswith(explain(out, patterns=False))
    assert explain(out, patterns=False).startswith(explain(out, backward=False))


def test_a_leaf_alone() -> None:
    assert explain(Value(2.0, "x")) == "Forward\n  x = 2"


def test_earlier_passes_are_mentioned() -> None:
    x = Value(3.0, "x")
    y = x * x
    y.backward()
    assert "earlier passes" not in explain(y)
    y.backward()
    assert "x.grad holds 12" in explain(y)
    assert "this pass alone brings 6" in explain(y)
    z = Value(3.0, "z")
    for upstream in (1e-6, 1.0):
        out = z * z
        out.backward(upstream)
    assert "z.grad holds 6, for leaves keep" in explain(out)


@pytest.mark.parametrize("label", HOSTILE)
def test_a_hostile_label_stays_on_its_line(label: str) -> None:
    def lines(name: str) -> str:
        x = Value(2.0, name)
        y = x * x + 1.0
        y.label = name + "!"
        return explain(y)

    text = lines(label)
    assert len(text.splitlines()) == len(lines("plain").splitlines())
    assert all(line.isprintable() for line in text.split("\n"))


@property_test(60)
@given(st.text())
def test_any_label_is_printable(label: str) -> None:
    x = Value(2.0, label)
    text = explain(x * x)
    assert all(line.isprintable() for line in text.split("\n"))
    assert len(text.split("\n")) == len(text.splitlines())


def test_explaining_changes_nothing() -> None:
    x = Value(2.0, "x")
    y = x.exp() * x
    before = trace(y)
    explain(y)
    assert trace(y) == before


def test_negative_zero_is_zero() -> None:
    x = Value(-0.0, "x")
    assert "-0 " not in explain(x * 1.0).replace("\n", " ")


@property_test(60)
@given(circuits(gates=12))
def test_formulas_are_python_that_computes_the_value(circuit: Circuit) -> None:
    """What is written can be read: with the gates in reach, Python finds the same number."""
    _, output = in_engine(circuit)
    passes = trace(output)
    numbers = {f"n{value.index}": value.data for value in passes.values}
    for step in passes.forward:
        operands = [repr(x) if isinstance(x, float) else f"n{x}" for x in step.operands]
        found = eval(write_formula(step.gate, operands), GATES | numbers)
        assert found == pytest.approx(step.data, rel=1e-12, abs=1e-300)


@pytest.mark.parametrize(
    ("gate", "operands", "written"),
    [
        ("add", ["x", 0.123456], "x + 0.1235"),
        ("power", ["-x", 2.0], "(-x) ** 2"),
        ("negate", [-3.0], "-(-3)"),
        ("reciprocal", ["x"], "1 / x"),
        ("total", ["x", 1e-9], "total([x, 1e-09])"),
        ("dot", ["w", 2.0, "x", "y"], "w * x + 2 * y"),
        ("weighted_sum", ["w", "x", -1.0], "w * x + -1"),
        ("weighted_sum", ["b"], "weighted_sum([], [], b)"),
    ],
)
def test_formulas_of_names_and_numbers(
    gate: str, operands: list[float | str], written: str
) -> None:
    assert write_formula(gate, operands) == written


@pytest.mark.parametrize(("size", "line"), [(32, f"  b{' ' * 31} = 2"), (33, "  b = 2")])
def test_what_is_long_stands_out_and_moves_no_equals_sign(size: int, line: str) -> None:
    assert line in explain(Value(1.0, "a" * size) * Value(2.0, "b")).splitlines()
