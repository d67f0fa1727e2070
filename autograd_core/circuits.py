"""Values as a number system: a gate's formulas, put through this, record gates.

This is how a local gradient becomes a circuit of its own, and how a gate is opened into the
simpler gates of its expansion.
"""

from typing import Any

from autograd_core.errors import describe
from autograd_core.forward import check_current
from autograd_core.gate import GATES
from autograd_core.value import Operand, Value


class Circuits:
    """The namespace `math` in which every function of a formula is the gate of that name."""

    def __getattr__(self, name: str) -> Any:
        if name not in GATES:
            raise AttributeError(f"there is no gate called {name}")
        return GATES[name]

    def where(self, condition: Operand, x: Operand, y: Operand) -> Operand:
        """A branch; one whose condition is a constant is decided here and now."""
        if isinstance(condition, Value):
            branch: Value = GATES["where"](condition, x, y)
            return branch
        return x if condition else y

    def guard(self, condition: Operand, x: Operand) -> Operand:
        """1 where the condition holds, else x: both branches of a recorded `where` are computed."""
        return self.where(condition, 1.0, x)


circuits = Circuits()


def expand(value: Value) -> Value:
    """The output of a gate, computed once more from simpler gates.

    The simpler gates are those of the textbook formula, σ(x) = 1 / (1 + e⁻ˣ), with its weakness:
    an exponential that overflows, where the gate itself does not.

    Args:
        value: the output of a gate with an expansion: sigmoid, softplus, relu, total, dot,
            weighted_sum, logsumexp.

    Returns:
        A new value with the same label and, to rounding, the same data and gradients, computed
        from the same operands.

    Raises:
        TypeError: if it is no value.
        ValueError: if the value is a leaf, or its gate is elementary, or an input was edited after
            the value was computed.

    >>> x = Value(1.0, "x")
    >>> opened = expand(x.sigmoid())
    >>> opened.gate, opened.inputs[0].gate, opened.data == x.sigmoid().data
    (<gate reciprocal>, <gate add>, True)
    """
    if not isinstance(value, Value):
        raise TypeError(f"expand opens the gate of a Value, and this is {value!r}")
    if value.gate is None:
        raise ValueError(f"{describe(value)} has no gate to expand")
    check_current([value])
    if value.gate.expansion is None:
        openable = ", ".join(name for name, gate in GATES.items() if gate.expansion)
        raise ValueError(
            f"{describe(value)}: {value.gate.name} is elementary. Gates that open: {openable}"
        )
    opened: Value = value.gate.expansion(circuits, *value.gate.group(value.operands))
    if any(opened is operand for operand in value.operands):
        opened = opened * 1.0  # a sum of one term is that term: the user's own value
    opened.label = value.label
    return opened
