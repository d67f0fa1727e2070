# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""Weighted sums of the same inputs, at once: a whole layer for little more than its arithmetic."""

from collections.abc import Sequence
from math import isfinite
from typing import Any

from autograd_core import floats
from autograd_core.errors import domain_errors
from autograd_core.gate import Gate
from autograd_core.gates import add, dot, relu
from autograd_core.numbers import to_float
from autograd_core.products import Products
from autograd_core.value import Operand, Value, record


def affine(
    weights: Sequence[Sequence[Any]],
    inputs: Sequence[Any],
    biases: Sequence[Any] | None = None,
    activation: Gate | None = None,
) -> list[Value]:
    """f(W x + b): for each row of weights Σ wᵢxᵢ by a `dot` gate, plus the bias, through a gate.

    The values are those of `f(dot(row, inputs) + bias)` for each row, and so are their inputs.

    Args:
        weights: m lists of n values or numbers.
        inputs: n values or numbers.
        biases: m values or numbers; nothing is added where one is None, or if they are left out.
        activation: f, a gate that is called with each sum; nothing if left out.

    Returns:
        m values.

    Raises:
        ValueError: if a list has another length, or the gate is not defined for a sum.

    >>> from autograd_core import Value, relu
    >>> w1, w2, x = Value(2.0), Value(-3.0), Value(5.0)
    >>> [out.data for out in affine([[w1, 1.0], [w2, 0.0]], [x, 1.0], [0.5, 0.25], relu)]
    [11.5, 0.0]
    """
    rows = [_operands(each) for each in weights]
    products: Products = Products(rows, _operands(inputs))
    if biases is not None and len(biases) != len(rows):
        raise ValueError(f"affine needs a bias for each of {len(rows)} rows, not {len(biases)}")
    count = len(products.inputs)
    numbers = products.numbers
    input_numbers = products.start
    for place in range(count):
        numbers[input_numbers + place] = _number(products.inputs[place])
    weight_numbers = input_numbers
    sums = input_numbers + count * (1 + len(rows))
    outputs = []
    for position in range(len(rows)):
        row: tuple[Operand, ...] = rows[position]
        if len(row) != count:
            raise ValueError(f"affine needs as many weights as inputs, {count}, not {len(row)}")
        weight_numbers += count
        total = 0.0
        for place in range(count):
            number = _number(row[place])
            numbers[weight_numbers + place] = number
            term = number * numbers[input_numbers + place]
            total = total + term if place else term
        bias = None if biases is None else biases[position]
        if bias is not None and type(bias) is not Value:
            [bias] = _operands([bias])
        biased = total if bias is None else total + _number(bias)
        numbers[sums + position] = total
        numbers[sums + len(rows) + position] = biased
        outputs.append(_neuron(activation, biased, products, position, total, bias))
    return outputs


def _neuron(
    gate: Gate | None, biased: float, products: Products, row: float, total: float, bias: Any
) -> Value:
    """One output: all its gates recorded as one, if the bias and the activation are simple."""
    if bias is None or type(bias) is float or bias._gate is None:
        if gate is None:
            return record(dot if bias is None else add, biased, products, row, bias, 1.0)
        if gate is relu:
            slope = 1.0 if biased > 0.0 else 0.0
            return record(relu, 0.0 if biased <= 0.0 else biased, products, row, bias, slope)
        if len(gate.parameters) == 1 and not gate.variadic:
            try:
                out = gate.forward(floats, biased)
                slope = gate.local_gradients[0](floats, out, biased)
            except domain_errors:
                slope = float("nan")
            if isfinite(slope):
                return record(gate, out, products, row, bias, slope)
    z: Any = record(dot, total, products, row, None, 1.0)
    if bias is not None:
        z = z + bias
    return z if gate is None else gate(z)  # type: ignore[no-any-return]


def _operands(things: Sequence[Any]) -> tuple[Operand, ...]:
    """Values as they are, and numbers as floats."""
    for thing in things:
        if type(thing) is not Value and type(thing) is not float:
            return tuple([x if isinstance(x, Value) else to_float(x, "affine") for x in things])
    return tuple(things)


def _number(operand: Operand) -> float:
    """The number in an operand."""
    if type(operand) is float:
        return operand
    value: Value = operand  # type: ignore[assignment]
    return value._data
