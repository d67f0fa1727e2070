"""A program held against the eager engine, gate by gate."""

from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from math import isclose, isnan
from typing import Any

import numpy as np

from autograd_core.errors import describe
from autograd_core.evaluate import evaluate
from autograd_core.order import all_values
from autograd_core.programs.compiling import compile_circuit
from autograd_core.programs.rows import Array
from autograd_core.value import Operand, Value

Function = Callable[..., Value | Sequence[Value]]


def compare(
    outputs: Sequence[Value],
    inputs: Sequence[Value],
    lane: Array,
    function: Function | None,
    tolerance: float,
) -> str | None:
    """The first gate of a circuit at which program and eager engine differ, in words.

    Args:
        outputs: the circuit's outputs.
        inputs: its inputs.
        lane: their numbers in one lane.
        function: computes the outputs from the inputs, to be called anew; left out, the recorded
            circuit is evaluated again.
        tolerance: the relative difference that is allowed.

    Returns:
        None if they agree.
    """
    recorded = all_values(*outputs)
    compiled = compile_circuit(recorded, inputs, ())
    numbers = np.array([value.data for value in compiled.others])
    [ours], _ = compiled.plan.run(numbers, lane.reshape(1, -1))
    eager = (
        _evaluated(recorded, dict(zip(inputs, lane.tolist(), strict=True)))
        if function is None
        else _called(function, inputs, lane)
    )
    for value, number, other in zip_longest(recorded, ours.tolist(), eager):
        gate, data, made_by = other or ("", 0.0, "nothing")
        own = "nothing" if value is None else _named(_gate_name(value))
        if value is None or other is None or gate != _gate_name(value):
            return (
                f"the program recorded {own} where the function now computes {made_by}: a Python "
                "`if` on a value's data is decided when the circuit is recorded; "
                "`where(greater(x, y), …)` stays a branch"
            )
        agree = isclose(number, data, rel_tol=tolerance, abs_tol=tolerance)
        if not agree and not (isnan(number) and isnan(data)):
            name = value.label or own
            return f"{name} is {number!r} in the program and {data!r} in the eager engine"
    return None


def _evaluated(
    recorded: Sequence[Value], known: dict[Value, float]
) -> Iterator[tuple[str, float, str]]:
    """The recorded circuit evaluated with the engine's floats: gate, number, description."""

    def number(operand: Operand) -> float:
        return operand if isinstance(operand, float) else known[operand]

    for value in recorded:
        if value.gate is not None:
            operands = [number(operand) for operand in value.operands]
            known[value], _ = evaluate(value.gate, operands, value.operands)
        elif value not in known:
            known[value] = value.data
        yield _gate_name(value), known[value], describe(value)


def _called(function: Function, inputs: Sequence[Value], lane: Array) -> Iterator[Any]:
    """The circuit that the function records for a lane: gate, number, description of each value."""
    fresh = [Value(number, own.label) for own, number in zip(inputs, lane.tolist(), strict=True)]
    result = function(*fresh)
    for value in all_values(*([result] if isinstance(result, Value) else result)):
        yield _gate_name(value), value.data, describe(value)


def _gate_name(value: Value) -> str:
    return "" if value.gate is None else value.gate.name


def _named(gate: str) -> str:
    return f"a {gate} gate" if gate else "a leaf"
