# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""The two passes over a circuit that has been recorded: backward, and forward again."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograd_core.evaluate import evaluate
from autograd_core.order import recorded_order, topological_order
from autograd_core.products import Products

if TYPE_CHECKING:
    from autograd_core.value import Operand, Value


def backward_pass(output: "Value", upstream: float) -> None:
    """Carry gradients from an output to every value of its circuit: upstream × local, added up."""
    order = recorded_order(output)
    for value in order:
        value._grad = 0.0
    output._grad += upstream
    for value in reversed(order):
        first = value._first
        if type(first) is Products:
            _through_products(value, first)
        elif type(first) is tuple:
            for operand, local in zip(first, value._second):  # noqa: B905 (hot, same length)
                _add(operand, value._grad * local)
        else:
            _add(first, value._grad * value._first_local)
            if value._second is not None:
                _add(value._second, value._grad * value._second_local)


def _add(operand: "Operand", contribution: float) -> None:
    """Add a contribution to the gradient of an operand, if it is a value."""
    if type(operand) is not float:
        value: Value = operand  # type: ignore[assignment]
        value._grad += contribution


def _through_products(output: "Value", products: Products) -> None:
    """Carry a gradient through a neuron: each factor gets its partner's number times it."""
    gradient = 0.0 + output._grad * output._second_local
    if output._second is not None:
        _add(output._second, gradient)
    inputs = products.inputs
    count = len(inputs)
    row = int(output._first_local)
    weights = products.weights
    first_weight = count * row
    numbers = products.numbers
    input_numbers = products.start
    weight_numbers = input_numbers + count + first_weight
    for place in range(count):
        _add(weights[first_weight + place], gradient * numbers[input_numbers + place])
    for place in range(count):
        _add(inputs[place], gradient * numbers[weight_numbers + place])


def forward_pass(output: "Value") -> None:
    """Evaluate a circuit again; if a gate refuses its numbers, the circuit stays as it was."""
    renewed: dict[Value, tuple[float, list[float]]] = {}

    def number(operand: "Operand") -> float:
        if isinstance(operand, float):
            return operand
        return renewed[operand][0] if operand in renewed else operand._data

    for value in topological_order(output):
        numbers = [number(operand) for operand in value.operands]
        renewed[value] = evaluate(value._gate, numbers, value.operands)
    for value, (data, local_gradients) in renewed.items():
        value._data = data
        _keep(value, local_gradients)


def _keep(value: "Value", local_gradients: Sequence[float]) -> None:
    """Store new local gradients in a value's fields."""
    first = value._first
    if type(first) is Products:
        value._first = first.renewed(value._first_local, local_gradients)
        value._first_local = 0.0
    elif type(first) is tuple:
        value._second = tuple(local_gradients)
    else:
        value._first_local = local_gradients[0]
        if len(local_gradients) > 1:
            value._second_local = local_gradients[1]
