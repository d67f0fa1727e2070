"""Calling a gate: `exp(v)` and `v.exp()` record it, `exp(1.0)` returns a plain float.

This module plugs the engine into the gate table: it tells every gate what a call does, and gives
`Value` a method for every gate that takes single numbers.
"""

from collections.abc import Callable, Iterable
from typing import Any

from autograd_core import floats
from autograd_core.applying import apply, apply_one
from autograd_core.errors import describe, domain_error, domain_errors
from autograd_core.gate import GATES, Gate
from autograd_core.gates import relu
from autograd_core.numbers import to_float
from autograd_core.value import Operand, Value


def call(gate: Gate, arguments: tuple[Any, ...]) -> Any:
    """Apply a gate to its arguments, one for each of its parameters.

    Returns:
        A `Value` if a value takes part, else a float.
    """
    if gate.variadic:
        arguments = _row(gate, arguments)
    operands = [_operand(gate, argument) for argument in arguments]
    numbers = [operand for operand in operands if isinstance(operand, float)]
    if len(numbers) < len(operands):
        return apply(gate, operands)
    try:
        return gate.evaluate(floats, numbers)
    except domain_errors as error:
        raise domain_error(gate, numbers, numbers, error) from None


def _operand(gate: Gate, argument: Any) -> Operand:
    """A value as it is; any other number as a float."""
    return argument if isinstance(argument, Value) else to_float(argument, gate.name)


def _row(gate: Gate, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """The lists that a variadic gate takes, as one row."""
    lists = []
    for name, argument in zip(gate.parameters, arguments, strict=True):
        if isinstance(argument, (str, bytes)) or not isinstance(argument, Iterable):
            raise TypeError(f"{gate.name} takes its {name} as a list, not {describe(argument)}")
        lists.append(list(argument))
    sizes = [f"{len(values)} {name}" for name, values in zip(gate.parameters, lists, strict=True)]
    if any(len(values) != len(lists[0]) for values in lists):
        raise ValueError(f"{gate.name} needs lists of one length, not {' and '.join(sizes)}")
    return tuple([x for values in lists for x in values])


def add_method(gate: Gate) -> None:
    """Make a gate that takes single numbers a method of `Value`.

    Raises:
        ValueError: if values have something of that name already.
    """

    def method(self: Value, *others: Any, **named: Any) -> Any:
        return gate(self, *others, **named)

    def method_of_one(self: Value) -> Value:
        return apply_one(gate, self)

    if gate.variadic:
        return
    if gate is relu:
        return  # it is written out there
    if hasattr(Value, gate.name):
        raise ValueError(f"Value has a {gate.name} already; give the gate another name")
    chosen: Callable[..., Any] = method_of_one if len(gate.parameters) == 1 else method
    chosen.__name__ = gate.name
    chosen.__qualname__ = f"Value.{gate.name}"
    chosen.__doc__ = gate.__doc__
    setattr(Value, gate.name, chosen)


def install_gates() -> None:
    """Tell gates what a call does, and give `Value` a method for each, now and for new ones."""
    Gate.call = staticmethod(call)
    Gate.welcome = staticmethod(add_method)
    for entry in GATES.values():
        add_method(entry)
