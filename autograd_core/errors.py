"""What is said when a gate is given numbers that it cannot take."""

from collections.abc import Sequence
from typing import Any

from autograd_core.gate import Gate

domain_errors = (ValueError, ZeroDivisionError, OverflowError)
"""What arithmetic on plain floats raises outside a gate's domain."""


def domain_error(
    gate: Gate, numbers: Sequence[float], operands: Sequence[Any], cause: Exception
) -> Exception:
    """The exception for a gate outside its domain, naming the gate, the labels and the numbers.

    Args:
        gate: the gate that was applied.
        numbers: the numbers in its operands.
        operands: the operands themselves, values or floats.
        cause: what plain arithmetic said.
    """
    call = f"{gate.name}({', '.join(describe(operand) for operand in operands)})"
    for domain in gate.domain:
        if domain.outside(*gate.group(numbers)):
            return domain.error(f"{call}: {domain.reason}")
    return type(cause)(f"{call}: {cause}")


def describe(value: Any) -> str:
    """An operand in the user's words, for messages: its label, its number, its origin.

    >>> from autograd_core import Value
    >>> describe(Value(2.0, "x")), describe(Value(2.0)), describe(Value(2.0).exp()), describe(2.0)
    ('x = 2.0', 'an unnamed leaf = 2.0', 'an unnamed output of exp = 7.38905609893065', '2.0')
    """
    if not hasattr(value, "local_grads"):
        return repr(value)
    if value.label is not None:
        return f"{value.label} = {value.data!r}"
    origin = "leaf" if value.gate is None else f"output of {value.gate.name}"
    return f"an unnamed {origin} = {value.data!r}"
