"""A circuit as what a picture of it consists of: blocks of texts, wired to each other."""

from dataclasses import dataclass
from typing import Literal

from autograd_core import GATES, Contribution, Trace, TracedValue
from viz.style import choose_decimals, format_number, printable


@dataclass(frozen=True, slots=True)
class Block:
    """A stub of wire with its texts, and the gate from which it comes, if it comes from one.

    Where a text is empty, the picture has a blank to write in.

    Attributes:
        symbol: what stands inside the gate, or None if there is no gate.
        name: the user's name for the value, or None.
        data: the number above the stub; None in a block for a local gradient.
        grad: the number below the stub, or None before the backward pass.
        inputs: the blocks whose wires enter, in the order of the gate's operands; constants have no
            wire.
        sentence: the block in words, for screen readers and for whoever points at it.
        local: the local gradient of the wire that runs through this block, or None.
        ordered: whether it matters which wire is the first: that of `a - b`, not that of `a + b`.
    """

    symbol: str | None
    name: str | None
    data: str | None
    grad: str | None
    inputs: tuple[int, ...]
    sentence: str
    local: str | None = None
    ordered: bool = False

    @property
    def kind(self) -> Literal["leaf", "gate", "branch", "local"]:
        """What the block is: a value (a leaf or a gate's output), or a part of a wire.

        A branch is one of the wires of a value that is used more than once; a local is the place
        on a wire that bears its local gradient.
        """
        if self.local is not None:
            return "local"
        if self.symbol is not None:
            return "gate"
        return "branch" if self.inputs else "leaf"


@dataclass(frozen=True, slots=True)
class Blanks:
    """Which numbers a picture leaves out, for the reader to write in.

    Attributes:
        data: the values (their indices) whose number is left out.
        grads: the values whose gradient is left out, contributions to it included.
        locals: whether local gradients are left out.
    """

    data: frozenset[int] = frozenset()
    grads: frozenset[int] = frozenset()
    locals: bool = False


NO_BLANKS = Blanks()


def blocks_of(
    trace: Trace,
    decimals: int | None = None,
    *,
    branches: bool = False,
    local: bool = False,
    blanks: Blanks = NO_BLANKS,
) -> list[Block]:
    """The blocks of a circuit: one for each value, in the order of `trace.values`.

    Between them, each after its inputs, come those for branches and for local gradients.

    Args:
        trace: the circuit's two passes.
        decimals: as for `viz.draw`.
        branches: whether each wire of a value with several wires gets a block of its own.
        local: whether each wire gets a block for its local gradient.
        blanks: the numbers to leave out.

    >>> from autograd_core import Value, trace
    >>> x = Value(3.0, "x")
    >>> blocks_of(trace(x * x))[1].sentence
    'v1 = x * x = 9'
    >>> for block in blocks_of(trace(x * x), branches=True, local=True):
    ...     print(block.kind, block.inputs, block.sentence)
    leaf () x = 3
    branch (0,) a branch of x to v1 = x * x: 3
    local (1,) local gradient of v1 = x * x for x: 3
    branch (0,) a branch of x to v1 = x * x: 3
    local (3,) local gradient of v1 = x * x for x: 3
    gate (2, 4) v1 = x * x = 9
    """
    writer = _Writer(trace, decimals, branches, local, blanks)
    place: dict[int, int] = {}  # the block of each value
    wires = {
        (step.out, wire.operand): wire for step in trace.backward for wire in step.contributions
    }
    operands = {step.out: step.operands for step in trace.forward}
    blocks: list[Block] = []
    for value in trace.values:
        inputs = []
        for position, operand in enumerate(operands.get(value.index, ())):
            if not isinstance(operand, int):
                continue
            wire, source = wires[value.index, position], place[operand]
            if branches and wire.count > 1:
                blocks.append(writer.branch(wire, value, source))
                source = len(blocks) - 1
            if local:
                blocks.append(writer.local(wire, value, source))
                source = len(blocks) - 1
            inputs.append(source)
        place[value.index] = len(blocks)
        blocks.append(writer.value(value, tuple(inputs)))
    return blocks


_INFIX = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "power": "**"}


class _Writer:
    """Writes the texts of the blocks of one circuit."""

    def __init__(
        self, trace: Trace, decimals: int | None, branches: bool, local: bool, blanks: Blanks
    ) -> None:
        numbers = [value.data for value in trace.values]
        if trace.ran:
            numbers += [value.grad for value in trace.values]
        for wire in [wire for step in trace.backward for wire in step.contributions]:
            if branches and trace.ran and wire.count > 1:
                numbers.append(wire.downstream)
            if local:
                numbers.append(wire.local)
        self.places = choose_decimals(numbers, decimals)
        self.values = trace.values
        self.names = [printable(value.name) for value in trace.values]
        self.steps = {step.out: step for step in trace.forward}
        self.ran = trace.ran
        self.blanks = blanks

    def value(self, value: TracedValue, inputs: tuple[int, ...]) -> Block:
        step = self.steps.get(value.index)
        data = self._number(value.data, value.index in self.blanks.data)
        grad = self._gradient(value.grad, value.index)
        gradient = "" if grad is None else f", gradient {grad or '?'}"
        return Block(
            symbol=step.symbol if step else None,
            name=printable(value.label or "") or None,
            data=data,
            grad=grad,
            inputs=inputs,
            sentence=f"{self._equation(value)} = {data or '?'}{gradient}",
            ordered=step is not None and not GATES[step.gate].commutes,
        )

    def branch(self, wire: Contribution, target: TracedValue, source: int) -> Block:
        copied = self.values[wire.value]
        data = self._number(copied.data, copied.index in self.blanks.data)
        grad = self._gradient(wire.downstream, copied.index)
        contribution = "" if grad is None else f", contribution {grad or '?'}"
        words = f"a branch of {self.names[copied.index]} to {self._equation(target)}"
        sentence = f"{words}: {data or '?'}{contribution}"
        return Block(None, None, data, grad, (source,), sentence)

    def local(self, wire: Contribution, target: TracedValue, source: int) -> Block:
        local = self._number(wire.local, self.blanks.locals)
        words = f"local gradient of {self._equation(target)} for {self.names[wire.value]}"
        return Block(None, None, None, None, (source,), f"{words}: {local or '?'}", local)

    def _number(self, number: float, blank: bool) -> str:
        return "" if blank else format_number(number, self.places)

    def _gradient(self, number: float, index: int) -> str | None:
        return self._number(number, index in self.blanks.grads) if self.ran else None

    def _equation(self, value: TracedValue) -> str:
        """A value and the gate with its operands as one would write it: `f = maximum(z, 0)`."""
        name, step = self.names[value.index], self.steps.get(value.index)
        if step is None:
            return name
        texts = [self.names[x] if isinstance(x, int) else f"{x:g}" for x in step.operands]
        if step.gate in _INFIX:
            return f"{name} = {f' {_INFIX[step.gate]} '.join(texts)}"
        return f"{name} = {step.gate}({', '.join(texts)})"
