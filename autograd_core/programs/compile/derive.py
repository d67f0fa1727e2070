"""Derivative graphs: what a program compiles besides its outputs.

A derivative graph is recorded when it is first needed, and recording a gate evaluates it. By then
the leaves may have numbers outside a gate's domain that the program is never run with. So
derivatives are recorded from a blank copy of the graph: the same gates and wires, and `nan` for
every number, which no gate refuses.
"""

from collections.abc import Callable, Sequence
from contextvars import Context
from dataclasses import dataclass, replace
from math import nan
from typing import Any

import numpy as np

from autograd_core.apply import recorded
from autograd_core.derivatives import Pair, contributions, directional_derivative, grad
from autograd_core.graphs import rebuild
from autograd_core.programs.compile.lower import Compiled, compile_circuit
from autograd_core.toposort import all_values
from autograd_core.value import Operand, Value


@dataclass(frozen=True)
class Recorded:
    """A recorded circuit.

    Attributes:
        outputs: its values; the first is the one that is differentiated.
        inputs: the leaves that vary from example to example.
        parameters: the leaves whose gradients are wanted.
        dtype: the type of all numbers.
    """

    outputs: tuple[Value, ...]
    inputs: tuple[Value, ...]
    parameters: tuple[Value, ...]
    dtype: np.dtype[Any]

    def values(self) -> Compiled:
        """The outputs for each example."""
        return self._compile(self.outputs)

    def gradient(self) -> Compiled:
        """The outputs for each example, and the gradient of the first."""
        return self._from_blank(Recorded._gradient)

    def slopes(self) -> Compiled:
        """The derivatives of each output by each input, one output after the other."""
        return self._from_blank(Recorded._slopes)

    def curvature(self) -> Compiled:
        """The slope along a vector, whose numbers follow the parameters', and its gradient."""
        return self._from_blank(Recorded._curvature)

    def _gradient(self) -> Compiled:
        received = contributions(self.outputs[0], self.parameters)
        return self._compile(self.outputs, contributions=received)

    def _slopes(self) -> Compiled:
        slopes = [grad(output, self.inputs) for output in self.outputs]
        return self._compile([slope for each in slopes for slope in each])

    def _curvature(self) -> Compiled:
        vector = [Value(nan) for _ in self.parameters]
        slope = directional_derivative(
            self.outputs[0], dict(zip(self.parameters, vector, strict=True))
        )
        received = (
            contributions(slope, self.parameters)
            if isinstance(slope, Value)
            else [[] for _ in self.parameters]
        )
        return self._compile([slope], leaves=vector, contributions=received)

    def _compile(
        self,
        outputs: Sequence[Operand],
        *,
        leaves: Sequence[Value] = (),
        contributions: Sequence[Sequence[Pair]] = (),
    ) -> Compiled:
        first = [*self.parameters, *leaves]
        return compile_circuit(outputs, self.inputs, first, contributions, self.dtype)

    def _from_blank(self, derive: Callable[["Recorded"], Compiled]) -> Compiled:
        """Compile the blank copy, then put the leaves of this circuit in place of its own.

        Gates are recorded even inside a `no_grad` of the caller.
        """
        context = Context()
        blanks = context.run(blank_circuit, [*self.outputs, *self.inputs, *self.parameters])
        outputs, inputs, parameters = (
            tuple([blanks[value] for value in values])
            for values in (self.outputs, self.inputs, self.parameters)
        )
        compiled = context.run(derive, Recorded(outputs, inputs, parameters, self.dtype))
        own = {blank: value for value, blank in blanks.items()}
        others = tuple([own.get(leaf, leaf) for leaf in compiled.others])
        return replace(compiled, others=others)


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
