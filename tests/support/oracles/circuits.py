"""Random circuits as plain data, and what they are in the engine and in high precision."""

import operator
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

import autograd_core
from autograd_core import GATES, Value, trace
from autograd_core.explain import Contribution, Trace
from oracles.jets import Jet, OutsideDomainError, as_jet
from oracles.rounding import Analysis
from oracles.textbook import DEFINITIONS, SWITCHES

OPERATORS: dict[str, Callable[..., Any]] = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": operator.truediv,
    "power": operator.pow,
    "negate": operator.neg,
    "absolute": abs,
}


@dataclass(frozen=True)
class Step:
    """A gate applied to earlier values (their places, as int) and to constants (as float)."""

    gate: str
    operands: tuple[int | float, ...]


@dataclass(frozen=True)
class Circuit:
    """The numbers of the leaves, and the gates in order; the last value is the output."""

    leaves: tuple[float, ...]
    steps: tuple[Step, ...]


def property_test(examples: int) -> settings:
    """So many examples of a property, times the number in the environment's `EXAMPLES`."""
    return settings(max_examples=examples * int(os.environ.get("EXAMPLES", "1")))


def in_engine(circuit: Circuit, operators: bool = True) -> tuple[list[Value], Value]:
    """The leaves and the output of a circuit in the engine, written as a user would."""
    leaves = [Value(number, f"x{place}") for place, number in enumerate(circuit.leaves)]
    values = evaluated(circuit, leaves, lambda gate, row: apply(gate, row, operators))
    return leaves, values[-1]


def evaluated(circuit: Circuit, leaves: Any, rule: Callable[..., Any]) -> Any:
    """All values of a circuit over some leaves, these first; a rule takes a gate and its row."""
    values = list(leaves)
    for step in circuit.steps:
        row = [values[x] if isinstance(x, int) else x for x in step.operands]
        values.append(rule(step.gate, row))
    return values


def apply(name: str, operands: Any, operators: bool = False) -> Any:
    """A gate over its operands in a row."""
    if operators and name in OPERATORS:
        return OPERATORS[name](*operands)
    function = getattr(autograd_core, name)
    return function(*GATES[name].group(operands))


def row_length(name: str, size: int) -> int:
    """How many operands a gate has in a row, if its lists have this size."""
    gate = GATES[name]
    return (len(gate.parameters) - gate.scalars) * size + gate.scalars


def as_circuit(output: Value) -> tuple[Circuit, list[str | None]]:
    """A circuit of the engine as plain data, with the label of each leaf."""
    passes = trace(output)
    leaves = [value for value in passes.values if value.gate is None]
    place = {value.index: position for position, value in enumerate(leaves)}
    steps: list[Step] = []
    for step in passes.forward:
        operands = tuple(x if isinstance(x, float) else place[x] for x in step.operands)
        place[step.out] = len(leaves) + len(steps)
        steps.append(Step(step.gate, operands))
    circuit = Circuit(tuple(value.data for value in leaves), tuple(steps))
    return circuit, [value.label for value in leaves]


def wires_by_value(passes: Trace) -> dict[int, list[Contribution]]:
    """The contributions that each value of a trace gets, in their order, by its place."""
    received: dict[int, list[Contribution]] = {}
    for step in passes.backward:
        for wire in step.contributions:
            received.setdefault(wire.value, []).append(wire)
    return received


def exactly(circuit: Circuit) -> Jet:
    """The output as a jet over the leaves: value, gradients and second derivatives."""
    leaves = [Jet.variable(number, place) for place, number in enumerate(circuit.leaves)]

    def textbook(gate: str, row: list[Jet | float]) -> Jet:
        return as_jet(DEFINITIONS[gate](*map(as_jet, row)))

    output: Jet = evaluated(circuit, leaves, textbook)[-1]
    return output


def analysed(circuit: Circuit) -> Analysis:
    """The running error analysis of a circuit."""
    analysis = Analysis()
    for number in circuit.leaves:
        analysis.add_leaf(number)
    for step in circuit.steps:
        out, error, wires, _ = analysis.examine(step.gate, step.operands)
        analysis.add_gate(out, error, wires)
    return analysis


NUMBERS = st.one_of(
    st.sampled_from([1.0, -1.0, 2.0, 0.5, -3.0, 0.1]),
    st.floats(-4.0, 4.0).map(lambda x: x if abs(x) > 1e-3 else x + 1.5),
)
EXTREMES = st.one_of(
    NUMBERS,
    st.sampled_from([0.0, 700.0, -700.0, 36.7, -36.7, 1e-8, -1e-8, 1e6, 1e-30, 1e30, 1e-60, -1e60]),
    st.builds(lambda sign, size: sign * 10.0**size, st.sampled_from([1, -1]), st.floats(-50, 50)),
)
SMOOTH = [name for name in DEFINITIONS if name not in SWITCHES]
EXPONENTS = [2.0, 3.0, -1.0, -2.0, 0.5, -0.5, 1.5, 1.0, 0.0, 2.7]


@st.composite
def circuits(draw: st.DrawFn, extreme: bool = False, gates: int = 30, leaves: int = 4) -> Circuit:
    """Circuits inside every domain, away from switches in doubt, and free of overflow.

    A gate that would leave that ground is left out. Operands are drawn from the last few values
    (deep circuits) or from all of them (wide ones), so that values are shared, also within one
    gate. What no gate has used in the end is added up, so that all of the circuit counts.
    """
    numbers = EXTREMES if extreme else NUMBERS
    starts = tuple(draw(st.lists(numbers, min_size=1, max_size=leaves)))
    analysis = Analysis()
    for number in starts:
        analysis.add_leaf(number)
    reach = draw(st.sampled_from([1, 2, 4, 1000]))
    steps = []
    names = st.sampled_from(SMOOTH if draw(st.booleans()) else list(DEFINITIONS))
    count = draw(st.sampled_from(range(1, gates + 1)))
    for name in draw(st.lists(names, min_size=count, max_size=count)):
        operands = _operands(draw, name, len(analysis.values), reach, numbers)
        if grow(analysis, name, operands, extreme):
            steps.append(Step(name, operands))
    used = {x for step in steps for x in step.operands if isinstance(x, int)}
    loose = tuple(place for place in range(len(analysis.values)) if place not in used)
    if len(loose) > 1 or not steps:
        steps.append(Step("total", loose))
    return Circuit(starts, tuple(steps))


def _operands(draw: st.DrawFn, name: str, size: int, reach: int, numbers: Any) -> Any:
    """Operands in a row: mostly earlier values, at least one of them."""
    earlier = st.integers(1, min(reach, size)).map(lambda back: size - back)
    if name in ("power", "power_limit") and draw(st.booleans()):
        return (draw(earlier), draw(st.sampled_from(EXPONENTS)))
    width = row_length(name, draw(st.integers(1, 4)) if GATES[name].variadic else 1)
    row = draw(st.lists(st.one_of(earlier, earlier, numbers), min_size=width, max_size=width))
    if not any(isinstance(x, int) for x in row):
        row[draw(st.integers(0, width - 1))] = draw(earlier)
    return tuple(row)


def grow(analysis: Analysis, name: str, operands: Any, extreme: bool) -> bool:
    """Add a gate to a circuit under construction, if it stays on safe ground."""
    base = operands[0]
    number = analysis.values[base] if isinstance(base, int) else base
    if name in ("power", "power_limit") and number <= 0 and isinstance(operands[1], int):
        return False  # the gradient to this exponent is nan
    try:
        out, error, wires, in_doubt = analysis.examine(name, operands)
    except OutsideDomainError:
        return False
    largest, smallest = (1e60, 1e-60) if extreme else (1e6, 1e-6)
    sizes = [abs(out.value), *map(abs, out.slopes.values()), *map(abs, out.curvatures.values())]
    if in_doubt or any(size > largest or 0 < size < smallest**2 for size in sizes):
        return False
    if 0 < abs(out.value) < smallest or error > 1e-8 * abs(out.value) + 1e-300:
        return False  # so few digits are left that a first-order analysis would not hold
    analysis.add_gate(out, error, wires)
    return True
