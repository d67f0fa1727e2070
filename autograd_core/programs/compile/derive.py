"""Derivative graphs: what a program compiles besides its outputs.

A derivative graph is recorded when it is first needed, and recording a gate evaluates it. By then
the leaves may have numbers outside a gate's domain that the program is never run with. So
derivatives are recorded from a blank copy of the graph: the same gates and wires, and `nan` for
every number, which no gate refuses.
"""

from collections.abc import Callable, Sequence
from contextvars import Context
from dataclasses import replace
from itertools import chain
from math import nan
from typing import Any

import numpy as np

from autograd_core.apply import recorded
from autograd_core.derivatives import Pair, contributions, directional_derivative, grad
from autograd_core.graphs import rebuild
from autograd_core.programs.compile.lower import Compiled, compile_circuit
from autograd_core.toposort import all_values
from autograd_core.value import Operand, Value

Values = Sequence[Value]
Wanted = tuple[Sequence[Operand], Values, Sequence[Sequence[Pair]]]
"""What is to be computed: outputs, leaves that follow the parameters, and contributions."""

Derivative = Callable[[Values, Values, Values], Wanted]
"""Records a derivative of outputs, inputs and parameters."""


def compiled(
    derivative: Derivative,
    outputs: Values,
    inputs: Values,
    parameters: Values,
    dtype: np.dtype[Any],
) -> Compiled:
    """Compile a derivative of a blank copy, with the leaves of the circuit in place of its own.

    Gates are recorded even inside a `no_grad` of the caller.

    Args:
        derivative: `gradient`, `slopes` or `curvature`.
        outputs: the values of the circuit.
        inputs: the leaves that vary from example to example.
        parameters: the leaves whose gradients are wanted.
        dtype: the type of all numbers.
    """
    context = Context()
    blanks = context.run(blank_circuit, [*outputs, *inputs, *parameters])
    copies = [[blanks[each] for each in values] for values in (outputs, inputs, parameters)]
    wanted, leaves, received = context.run(derivative, *copies)
    found = compile_circuit(wanted, copies[1], [*copies[2], *leaves], received, dtype)
    own = {blank: value for value, blank in blanks.items()}
    return replace(found, others=tuple([own.get(leaf, leaf) for leaf in found.others]))


def gradient(outputs: Values, inputs: Values, parameters: Values) -> Wanted:
    """The outputs for each example, and the gradient of the first."""
    return outputs, (), contributions(outputs[0], parameters)


def slopes(outputs: Values, inputs: Values, parameters: Values) -> Wanted:
    """The outputs, and the derivatives of each by each input, one output after the other.

    The outputs are computed so that numbers outside the domain of a gate are refused even if no
    derivative takes them.
    """
    rows = [grad(output, inputs) for output in outputs]
    return [*outputs, *chain.from_iterable(rows)], (), ()


def curvature(outputs: Values, inputs: Values, parameters: Values) -> Wanted:
    """The outputs and the slope along a vector, whose numbers are the last leaves; its gradient."""
    vector = [Value(nan) for _ in parameters]
    slope = directional_derivative(outputs[0], dict(zip(parameters, vector, strict=True)))
    if not isinstance(slope, Value):  # a constant
        return [*outputs, slope], vector, [[] for _ in parameters]
    return [*outputs, slope], vector, contributions(slope, parameters)


def blank_circuit(values: Sequence[Value]) -> dict[Value, Value]:
    """A blank twin of each value of a circuit: from the same gate, with `nan` for its number.

    >>> x = Value(0.0, "x")
    >>> blank = blank_circuit([x.exp()])[x]
    >>> blank.label, blank.data, blank.log().data
    ('x', nan, nan)
    """

    def make(value: Value, operands: list[Operand]) -> Value:
        if value.gate is None:
            return Value(nan)
        blank: Value = recorded(value.gate, nan, operands, [nan] * len(operands))
        return blank

    return rebuild(all_values(*values), make)
