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

LEAVES, OUTPUTS, OTHERS = 1.0, 2.0, 3.0
"""What `_read` found: leaves and constants; outputs of gates too; what is not ready to be used."""


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
    rows = len(weights)
    if biases is not None and len(biases) != rows:
        raise ValueError(f"affine needs a bias for each of {rows} rows, not {len(biases)}")
    shared = _operands(inputs)
    count = len(shared)
    flat: list[Operand] = []
    for row in weights:
        flat.extend(row)
        if len(row) != count:
            raise ValueError(f"affine needs as many weights as inputs, {count}, not {len(row)}")
    products: Products = Products(flat, tuple(shared), rows)
    numbers, first = products.numbers, products.start
    _read(shared, numbers, first)
    kind = _read(flat, numbers, first + count)
    if kind == OTHERS:
        flat[:] = _operands(flat)
        kind = _read(flat, numbers, first + count)
    products.leaves = kind == LEAVES
    sums = first + count + len(flat)
    weight = first + count
    outputs = []
    for position in range(rows):
        total = 0.0
        for place in range(count):
            term = numbers[weight + place] * numbers[first + place]
            total = total + term if place else term
        weight += count
        bias = None if biases is None else biases[position]
        if bias is not None and type(bias) is not Value:
            [bias] = _operands([bias])
        biased = total if bias is None else total + _number(bias)
        numbers[sums + position] = total
        numbers[sums + rows + position] = biased
        outputs.append(_neuron(activation, biased, products, position, total, bias))
    return outputs


def _read(operands: Any, numbers: Any, start: float) -> float:
    """Copy the numbers of operands into a block, and tell what they are."""
    kind = LEAVES
    first = int(start)
    for place in range(len(operands)):
        operand = operands[place]
        if type(operand) is float:
            numbers[first + place] = operand
        elif isinstance(operand, Value):
            value: Value = operand
            numbers[first + place] = value._data
            if value._gate is not None:
                kind = OUTPUTS
        else:
            return OTHERS
    return kind


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
                return record(gate, float(out), products, row, bias, float(slope))
    z: Any = record(dot, total, products, row, None, 1.0)
    if bias is not None:
        z = z + bias
    return z if gate is None else gate(z)  # type: ignore[no-any-return]


def _operands(things: Sequence[Any]) -> list[Any]:
    """Values as they are, and numbers as floats."""
    return [
        thing if type(thing) is float or isinstance(thing, Value) else to_float(thing, "affine")
        for thing in things
    ]


def _number(operand: Operand) -> float:
    """The number in an operand."""
    if type(operand) is float:
        return operand
    value: Value = operand  # type: ignore[assignment]
    return value._data
