"""Applying a gate to operands: evaluate it by the rules of the table, and record the result."""

from collections.abc import Sequence

from autograd_core import floats
from autograd_core.affine import affine
from autograd_core.errors import domain_error, domain_errors
from autograd_core.evaluate import evaluate
from autograd_core.gate import Gate
from autograd_core.gates import dot, relu
from autograd_core.value import Operand, Value, record


def apply(gate: Gate, operands: Sequence[Operand]) -> Value:
    """Apply a gate to any number of operands, each a value or a float, and record it.

    Raises:
        ValueError, ZeroDivisionError: if the gate is not defined for these numbers.
    """
    if gate is dot:
        half = len(operands) // 2
        return affine([operands[:half]], operands[half:])[0]
    if gate.variadic or len(operands) > 2:
        numbers = [x if isinstance(x, float) else x._data for x in operands]
        data, local_gradients = evaluate(gate, numbers, operands)
        return recorded(gate, data, operands, local_gradients)
    if len(operands) == 2:
        return _apply_two(gate, operands[0], operands[1])
    [operand] = operands
    assert isinstance(operand, Value)
    return apply_one(gate, operand)


def recorded(
    gate: Gate, data: float, operands: Sequence[Operand], local_gradients: Sequence[float]
) -> Value:
    """The output of a gate that has been evaluated."""
    if gate.variadic or len(operands) > 2:
        return record(gate, data, tuple(operands), 0.0, tuple(local_gradients), 0.0)
    if len(operands) == 2:
        return record(gate, data, operands[0], local_gradients[0], operands[1], local_gradients[1])
    return record(gate, data, operands[0], local_gradients[0], None, 0.0)


def apply_one(gate: Gate, operand: Value) -> Value:
    """Apply a gate with one operand and record it."""
    if gate is relu:
        return Value.relu(operand)  # even where a subclass has another
    x: float = operand._data
    try:
        out = gate.forward(floats, x)
        local = gate.local_gradients[0](floats, out, x)
    except domain_errors as error:
        raise domain_error(gate, (x,), (operand,), error) from None
    return record(gate, float(out), operand, float(local), None, 0.0)


def _apply_two(gate: Gate, first: Operand, second: Operand) -> Value:
    """Apply a gate with two operands, of which one may be a constant, and record it."""
    x = first if isinstance(first, float) else first._data
    y = second if isinstance(second, float) else second._data
    try:
        out = gate.forward(floats, x, y)
        by_first, by_second = gate.local_gradients
        first_local = 0.0 if isinstance(first, float) else by_first(floats, out, x, y)
        second_local = 0.0 if isinstance(second, float) else by_second(floats, out, x, y)
    except domain_errors as error:
        raise domain_error(gate, (x, y), (first, second), error) from None
    return record(gate, float(out), first, float(first_local), second, float(second_local))
