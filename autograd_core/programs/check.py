"""A program compared with the eager engine, gate by gate."""

from collections.abc import Callable, Sequence
from math import isclose, isnan

import numpy as np

from autograd_core.errors import describe
from autograd_core.graphs import first_difference
from autograd_core.programs.compile.lower import compile_circuit, evaluation
from autograd_core.programs.run import Array
from autograd_core.toposort import all_values
from autograd_core.value import Operand, Value

Result = Operand | Sequence[Operand]
Function = Callable[..., Result]

DECIDED = (
    "a Python `if` on a value's data is decided when the circuit is recorded; "
    "`where(greater(x, y), …)` stays a branch"
)


def first_disagreement(
    outputs: Sequence[Value],
    inputs: Sequence[Value],
    lanes: Array,
    function: Function | None,
    tolerance: float,
) -> str | None:
    """The first example and gate at which program and eager engine differ, in words.

    The function computes the outputs from the inputs and is called anew for each example; without
    one, only numbers are compared.

    Returns:
        None if they agree.
    """
    recorded = all_values(*outputs)
    compiled = compile_circuit(evaluation, recorded, inputs, ())
    shared = np.array([value.data for value in compiled.others])
    for lane, row in enumerate(lanes):
        found = None
        if function is not None:
            fresh = [Value(number, own.label) for own, number in zip(inputs, row, strict=True)]
            found = _other_circuit(outputs, inputs, _listed(function(*fresh)), fresh)
        if found is None:
            [numbers], _ = compiled.plan.run(shared, row[np.newaxis], first_lane=lane)
            found = _other_number(dict(zip(recorded, numbers.tolist(), strict=True)), tolerance)
        if found is not None:
            return f"example {lane}: {found}"
    return None


def _listed(result: Result) -> list[Value]:
    results = [result] if isinstance(result, Value | float | int) else result
    return [each if isinstance(each, Value) else Value(each) for each in results]


def _other_circuit(
    outputs: Sequence[Value],
    inputs: Sequence[Value],
    new_outputs: Sequence[Value],
    new_inputs: Sequence[Value],
) -> str | None:
    """Where a circuit is not the recorded one."""
    returned = f"the function returns other values of the circuit: {DECIDED}"
    if len(outputs) != len(new_outputs):
        return returned
    found = first_difference(outputs, new_outputs, zip(inputs, new_inputs, strict=True))
    if found is None:
        return None
    one, other, changed = found.one, found.other, found.taker
    if changed is None and found.elsewhere:
        return returned
    if isinstance(one, Value) and isinstance(other, Value):
        made = describe(other)
        if one.gate is None and other.gate is None:
            return f"where the program has {_kind(one)}, the function has {made}: {DECIDED}"
        if one.gate is not other.gate:
            return f"the program recorded {_kind(one)} where the function has {made}: {DECIDED}"
        changed = changed if found.alike else one
    if changed is None:
        return returned
    return f"{_kind(changed)} has other operands where the function is called now: {DECIDED}"


def _kind(value: Value) -> str:
    """A recorded value in words; its number is that of another example."""
    kind = "leaf" if value.gate is None else f"{value.gate.name} gate"
    return f"the {kind} {value.label}" if value.label else f"an unnamed {kind}"


def _other_number(numbers: dict[Value, float], tolerance: float) -> str | None:
    """Where a gate's number does not follow from those of its operands.

    The difference is relative to the terms that make up the number, |out| + Σ |local · operand|:
    a sum of large terms may be small, and then keeps few of their digits.
    """
    for value, number in numbers.items():
        if value.gate is None:
            continue
        operands = [
            operand if isinstance(operand, float) else numbers[operand]
            for operand in value.operands
        ]
        data, slopes = value.gate.by_rules(operands, value.operands)
        terms = [abs(slope * x) for slope, x in zip(slopes, operands, strict=True)]
        size = sum([abs(data), *[term for term in terms if term < float("inf")]])
        agree = isclose(number, data, rel_tol=tolerance, abs_tol=tolerance * size)
        if not agree and not (isnan(number) and isnan(data)):
            return f"{_kind(value)} is {number!r} in the program and {data!r} in the eager engine"
    return None
