"""A gate on plain floats: its output and its local gradients, by the rules of the table."""

from collections.abc import Sequence
from typing import Any

from autograd_core import floats
from autograd_core.errors import domain_error, domain_errors
from autograd_core.gate import Gate


def evaluate(
    gate: Gate | None, numbers: Sequence[float], operands: Sequence[Any]
) -> tuple[float, list[float]]:
    """Output and local gradients of a gate.

    Args:
        gate: the gate; not None, for leaves are not evaluated.
        numbers: the numbers in its operands.
        operands: the operands themselves; the local gradient for a constant, a plain float, is
            not computed and stands as 0.

    Raises:
        ValueError, ZeroDivisionError: if the gate is not defined for these numbers; the message
            names the gate, the labels and the numbers.
    """
    assert gate is not None
    try:
        out = gate.evaluate(floats, numbers)
        wanted = [type(operand) is not float for operand in operands]
        local_gradients = gate.differentiate(floats, out, numbers, wanted)
    except domain_errors as error:
        raise domain_error(gate, numbers, operands, error) from None
    return float(out), [0.0 if local is None else float(local) for local in local_gradients]
