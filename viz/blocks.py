"""A circuit as what a picture of it consists of: one block of texts for each value."""

from dataclasses import dataclass

from autograd_core import Trace
from viz.style import choose_decimals, format_number, printable


@dataclass(frozen=True, slots=True)
class Block:
    """One value in a picture: its gate, if one produced it, and its stub of wire with its texts.

    Attributes:
        symbol: what stands inside the gate, or None for a leaf.
        name: the user's name for the value, or None.
        data: the number above the stub.
        grad: the number below the stub, or None before the backward pass.
        inputs: the blocks whose wires enter the gate, in the order of its operands; constants
            have no wire.
        sentence: the value in words, for screen readers and for whoever points at it.
    """

    symbol: str | None
    name: str | None
    data: str
    grad: str | None
    inputs: tuple[int, ...]
    sentence: str


def blocks_of(trace: Trace, decimals: int | None = None) -> list[Block]:
    """The blocks of a circuit, one for each value, each after its inputs.

    Args:
        trace: the circuit's two passes.
        decimals: as for `viz.draw`.

    >>> from autograd_core import Value, trace
    >>> x = Value(3.0, "x")
    >>> blocks_of(trace(x * x))[1]
    Block(symbol='*', name=None, data='9', grad=None, inputs=(0, 0), sentence='v1 = x * x = 9')
    """
    numbers = [value.data for value in trace.values]
    if trace.ran:
        numbers += [value.grad for value in trace.values]
    places = choose_decimals(numbers, decimals)
    names = [printable(value.name) for value in trace.values]
    producer = {step.out: step for step in trace.forward}
    blocks = []
    for value, name in zip(trace.values, names, strict=True):
        step = producer.get(value.index)
        data = format_number(value.data, places)
        grad = format_number(value.grad, places) if trace.ran else None
        operands = step.operands if step else ()
        formula = f" = {_formula(step.gate, operands, names)}" if step else ""
        gradient = "" if grad is None else f", gradient {grad}"
        blocks.append(
            Block(
                symbol=step.symbol if step else None,
                name=printable(value.label or "") or None,
                data=data,
                grad=grad,
                inputs=tuple(operand for operand in operands if isinstance(operand, int)),
                sentence=f"{name}{formula} = {data}{gradient}",
            )
        )
    return blocks


_INFIX = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "power": "**"}


def _formula(gate: str, operands: tuple[int | float, ...], names: list[str]) -> str:
    """A gate with its operands as one would write it: `x * y`, `maximum(z, 0)`."""
    texts = [names[each] if isinstance(each, int) else f"{each:g}" for each in operands]
    if gate in _INFIX:
        return f" {_INFIX[gate]} ".join(texts)
    return f"{gate}({', '.join(texts)})"
