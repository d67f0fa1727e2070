"""A circuit as what a picture of it consists of: blocks of texts, wired to each other."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from autograd_core import GATES, Contribution, ForwardStep, Trace, TracedValue, write_formula
from autograd_core.explain import fixed
from viz.scene.circuit import names_in
from viz.scene.style import choose_decimals, printable


@dataclass(frozen=True, slots=True)
class Block:
    """A stub of wire with its texts, and the gate from which it comes, if it comes from one.

    Where a text is empty, the picture has a blank to write in.

    Attributes:
        symbol: what stands inside the gate, or None if there is no gate.
        name: the user's name for the value, or None.
        data: the number above the stub; None in a block that is a note on a wire.
        grad: the number below the stub, or None before the backward pass.
        inputs: the blocks whose wires enter, in the order of the gate's operands.
        sentence: the block in words, for screen readers and for whoever points at it.
        local: the local gradient of the wire that runs through this block, or None.
        ordered: whether it matters which wire is the first: that of `a - b`, not that of `a + b`.
        constant: a constant of a gate with any number of operands, or None.
    """

    symbol: str | None
    name: str | None
    data: str | None
    grad: str | None
    inputs: tuple[int, ...]
    sentence: str
    local: str | None = None
    ordered: bool = False
    constant: str | None = None

    @property
    def kind(self) -> Literal["leaf", "gate", "branch", "local", "constant"]:
        """What the block is: a value (a leaf or a gate's output), or a part of a wire.

        A branch is one of the wires of a value that is used more than once. A local is the place
        on a wire that bears its local gradient. A constant is the factor of the wire that runs
        through it, or, without such a wire, a term.
        """
        if self.constant is not None:
            return "constant"
        if self.local is not None:
            return "local"
        if self.symbol is not None:
            return "gate"
        return "branch" if self.inputs else "leaf"

    @property
    def is_value(self) -> bool:
        """Whether it is a value of the circuit, and not a part of a wire."""
        return self.kind in ("leaf", "gate")

    @property
    def note(self) -> str | None:
        """The small text on a wire of which the block consists, if it is a local or a constant."""
        return self.local if self.constant is None else self.constant


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


class Writer(Protocol):
    """Who writes the texts of a circuit's blocks, given the blocks from which wires come."""

    def value(self, value: TracedValue, inputs: tuple[int, ...]) -> Block:
        """The block of a value."""

    def branch(self, wire: Contribution, target: TracedValue, source: int) -> Block:
        """The block of a branch that leads to a target."""

    def local(self, wire: Contribution, target: TracedValue, source: int) -> Block:
        """The block of a local gradient."""


def blocks_of(
    trace: Trace,
    decimals: int | None = None,
    *,
    branches: bool = False,
    local: bool = False,
    blanks: Blanks = NO_BLANKS,
) -> list[Block]:
    """The blocks of a circuit: one for each value, in the order of `trace.values`.

    Between them, each after its inputs, come those for branches, constants and local gradients.

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
    writer = _PictureWriter(trace, decimals, branches, local, blanks)
    return arrange_blocks(trace, writer, branches=branches, local=local)


def arrange_blocks(trace: Trace, writer: Writer, *, branches: bool, local: bool) -> list[Block]:
    """The blocks of a circuit as `blocks_of` has them, with the texts of any writer."""
    place: dict[int, int] = {}  # the block of each value
    wires = {(wire.out, wire.operand): wire for wire in trace.wires}
    steps = trace.step_of
    names = names_in(trace)
    blocks: list[Block] = []
    for value in trace.values:
        inputs = []
        step = steps.get(value.index)
        for operand, factor in _terms(step) if step else ():
            if operand is None:
                blocks.append(_constant(factor, (), names[value.index]))
                inputs.append(len(blocks) - 1)
                continue
            wire = wires[value.index, operand]
            source = place[wire.value]
            if branches and wire.count > 1:
                blocks.append(writer.branch(wire, value, source))
                source = len(blocks) - 1
            if factor:
                blocks.append(_constant(factor, (source,), names[value.index]))
                source = len(blocks) - 1
            if local:
                blocks.append(writer.local(wire, value, source))
                source = len(blocks) - 1
            inputs.append(source)
        place[value.index] = len(blocks)
        blocks.append(writer.value(value, tuple(inputs)))
    return blocks


def _terms(step: ForwardStep) -> Iterator[tuple[int | None, str]]:
    """What enters a gate: the places of operands that are values, each with its constant factor.

    Constants of a gate with a fixed number of operands stand in its symbol. Those of the others
    enter by themselves, as a text without a place; but one that a product has as partner of a
    value is the factor of that value's wire.
    """
    gate = GATES[step.gate]
    if not gate.variadic:
        yield from ((at, "") for at, x in enumerate(step.operands) if isinstance(x, int))
        return
    half = (len(step.operands) - gate.scalars) // 2
    for at, operand in enumerate(step.operands):
        partner: int | float | None = None
        if gate.name in ("dot", "weighted_sum") and at < 2 * half:
            partner = step.operands[at + half if at < half else at - half]
        if isinstance(operand, int):
            yield at, f"×{partner:.4g}" if isinstance(partner, float) else ""
        elif partner is None:
            yield None, f"{operand:.4g}"
        elif isinstance(partner, float) and at < half:
            yield None, f"{operand:.4g}×{partner:.4g}"


def _constant(text: str, inputs: tuple[int, ...], target: str) -> Block:
    kind = "factor" if inputs else "term"
    words = f"a constant {kind} of {target}: {text.removeprefix('×')}"
    return Block(None, None, None, None, inputs, words, constant=text)


class _PictureWriter:
    """Writes what is known of a circuit now: the texts of a single picture."""

    def __init__(
        self, trace: Trace, decimals: int | None, branches: bool, local: bool, blanks: Blanks
    ) -> None:
        numbers = [value.data for value in trace.values]
        if trace.ran:
            numbers += [value.grad for value in trace.values]
        for wire in trace.wires:
            if branches and trace.ran and wire.count > 1:
                numbers.append(wire.downstream)
            if local:
                numbers.append(wire.local)
        self.places = choose_decimals(numbers, decimals)
        self.values = trace.values
        self.names = names_in(trace)
        self.steps = trace.step_of
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
        return "" if blank else fixed(number, self.places)

    def _gradient(self, number: float, index: int) -> str | None:
        return self._number(number, index in self.blanks.grads) if self.ran else None

    def _equation(self, value: TracedValue) -> str:
        """A value and the gate with its operands as one would write it: `f = maximum(z, 0)`."""
        name, step = self.names[value.index], self.steps.get(value.index)
        if step is None:
            return name
        operands = [x if isinstance(x, float) else self.names[x] for x in step.operands]
        return f"{name} = {write_formula(step.gate, operands)}"
