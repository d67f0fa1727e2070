"""How operands are told in messages."""

from typing import Any

from autograd_core.node import Node

domain_errors = (ValueError, ZeroDivisionError, OverflowError)
"""What arithmetic on plain floats raises outside a gate's domain."""


def describe(value: Any) -> str:
    """An operand in the user's words, for messages: its label, its number, its origin.

    >>> from autograd_core import Value
    >>> describe(Value(2.0, "x")), describe(Value(2.0)), describe(Value(2.0).exp()), describe(2.0)
    ('x = 2.0', 'an unnamed leaf = 2.0', 'an unnamed output of exp = 7.38905609893065', '2.0')
    """
    if not isinstance(value, Node):
        return repr(value)
    if value._label:
        return f"{value._label} = {value._data!r}"
    origin = "leaf" if value._gate is None else f"output of {value._gate.name}"
    return f"an unnamed {origin} = {value._data!r}"
