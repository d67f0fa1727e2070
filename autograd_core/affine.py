# cython: boundscheck=False, wraparound=False
"""Weighted sums of the same inputs, at once: a whole layer for little more than its arithmetic."""

from collections.abc import Collection, Sequence
from typing import Any

from autograd_core.apply import apply1, record
from autograd_core.coerce import Number, to_float
from autograd_core.errors import describe
from autograd_core.gate import Gate, SomeNode
from autograd_core.gates import dot, weighted_sum
from autograd_core.node import LayerOperands, Node, are_operands

try:
    import cython
except ModuleNotFoundError:
    from autograd_core import _cython as cython  # noqa: F401 (types are taken from affine.pxd)


CALL = "affine([[w11, w12], [w21, w22]], [x1, x2], [b1, b2], tanh)"


def affine(
    weights: Collection[Collection[SomeNode | Number]],
    inputs: Collection[SomeNode | Number],
    biases: Collection[SomeNode | Number | None] | None = None,
    activation: Gate | None = None,
) -> list[SomeNode]:
    """f(W x + b): for each row of weights the gate Σwx + b, and a gate f of the sum.

    The values are those of `f(weighted_sum(row, inputs, bias))` for each row, and so are their
    inputs; where there is no bias, the first gate is `dot`.

    Args:
        weights: m lists of n values or numbers; arrays are taken, too.
        inputs: n values or numbers.
        biases: m values or numbers; nothing is added where one is None, or if they are left out.
        activation: f, a gate that is called with each sum; nothing if left out.

    Returns:
        m values.

    Raises:
        TypeError: if the weights are no rows, or the activation is no gate of one operand.
        ValueError: if a list has another length, or the gate is not defined for a sum.

    >>> from autograd_core import Value, relu
    >>> w1, w2, x = Value(2.0), Value(-3.0), Value(5.0)
    >>> [out.data for out in affine([[w1, 1.0], [w2, 0.0]], [x, 1.0], [0.5, 0.25], relu)]
    [11.5, 0.0]
    """
    try:
        rows = len(weights)
        if biases is not None and len(biases) != rows:
            raise ValueError(f"affine needs a bias for each of {rows} rows, not {len(biases)}")
        offsets: Any = [None] * rows if biases is None else list(biases)
        shared = tuple(operands_of(inputs, "affine"))
        count = len(shared)
        flat: list[Any] = []
        for each in weights:
            flat.extend(each)
            if len(each) != count:
                raise ValueError(
                    f"affine needs as many weights as inputs, {count}, not {len(each)}"
                )
    except TypeError:
        _check_shapes(weights, inputs, biases)
        raise
    if activation is not None:
        _check_activation(activation)
    operands = LayerOperands(operands_of(flat, "affine"), shared)
    outputs = []
    for row in range(rows):
        out: Any = _row(operands, row, offsets[row])
        if activation is not None:
            out = apply1(activation, out) if activation.arity == 1 else activation(out)
        outputs.append(out)
    return outputs


def _check_shapes(weights: Any, inputs: Any, biases: Any) -> None:
    """Refuse what is no list where `affine` takes one."""
    for name, things in (("weights", weights), ("inputs", inputs), ("biases", biases)):
        if things is not None and not hasattr(things, "__len__"):
            raise TypeError(f"affine takes its {name} as a list, not {describe(things)}: {CALL}")
    for row in weights:
        if not hasattr(row, "__len__"):
            raise TypeError(
                f"affine takes its weights as rows, a list for each output; {describe(row)} is no "
                f"row: {CALL}. One weighted sum is weighted_sum([w1, w2], [x1, x2], b)"
            )


def _check_activation(activation: Any) -> None:
    """Refuse what is no gate of one operand."""
    if not isinstance(activation, Gate):
        shown = describe(activation)
        if isinstance(activation, str):
            shown = f"the text {shown}"
        raise TypeError(f"affine takes its activation as a gate, not {shown}: {CALL}")
    operands = len(activation.parameters) - len(activation.defaults)
    if activation.variadic or operands > 1:
        raise TypeError(
            f"affine takes an activation of one operand, and {activation.name} has "
            f"{', '.join(activation.parameters)}"
        )


def sum_of_products(gate: Gate, operands: Sequence[Any]) -> Any:
    """The gate `dot`, or `weighted_sum`, applied to operands in a row."""
    lists = len(operands) - gate.scalars
    row = operands_of(operands, gate.name)
    products = LayerOperands(row[: lists // 2], tuple(row[lists // 2 : lists]))
    return _row(products, 0, row[lists] if gate.scalars else None)


def _row(operands: LayerOperands, row: int, bias: Any) -> Any:
    """The weighted sum of one row."""
    total = operands.total(row)
    if bias is None:
        out = record(dot, total, None, 0.0, None, 0.0)
    elif isinstance(bias, Node):
        node: Node = bias
        out = record(weighted_sum, total + node._data, node, 1.0, None, 0.0)
    else:
        constant: float = to_float(bias, "affine")
        out = record(weighted_sum, total + constant, None, constant, None, 0.0)
    if out._gate is not None:
        out._more = operands
        out._row = row
    return out


def operands_of(things: Collection[Any], place: str) -> list[Any]:
    """Values as they are, and numbers as floats; the list itself if there is nothing to change.

    Args:
        things: values and numbers.
        place: where they were given, for messages.
    """
    if type(things) is list and are_operands(things):
        return things
    return [
        thing if type(thing) is float or isinstance(thing, Node) else to_float(thing, place)
        for thing in things
    ]
