"""A circuit as what a picture of it consists of: blocks of texts, wired to each other.

The timeline says when each number becomes known in the story of the two passes. A value and its
branches have their number from the step on in which the value is computed. A gate computes its
local gradients together with its output, so they come in the same step. Going backward, a wire's
contribution appears on its branch, if it has one, and in the sum on the trunk.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from autograd_core import GATES, Contribution, ForwardStep, TracedValue
from autograd_core.explain import Number, equation, fixed
from viz.scene.fold import LEFT_OUT, Item
from viz.scene.scene import Scene
from viz.scene.style import choose_decimals, printable, text_width


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
        constant: a constant of a gate with any number of operands, or how many of these are left
            out; or None.
        value: the index of the value that it is, or None for a part of a wire.
        is_tinted: whether its gate has the tint of every second layer of neurons.
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
    value: int | None = None
    is_tinted: bool = False

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


def blocks_of(scene: Scene, blanks: Blanks = NO_BLANKS) -> list[Block]:
    """The blocks of a circuit: one for each value, in the order of `trace.values`.

    Between them, each after its inputs, come those for branches, constants and local gradients.

    >>> from autograd_core import Value
    >>> from viz.scene.style import Options
    >>> from viz.scene.scene import scene_of
    >>> x = Value(3.0, "x")
    >>> blocks_of(scene_of(x * x))[1].sentence
    'v1 = x * x = 9'
    >>> for block in blocks_of(scene_of(x * x, Options(branches=True, local=True))):
    ...     print(block.kind, block.inputs, block.sentence)
    leaf () x = 3
    branch (0,) a branch of x to v1 = x * x: 3
    local (1,) local gradient of v1 = x * x for x: 3
    branch (0,) a branch of x to v1 = x * x: 3
    local (3,) local gradient of v1 = x * x for x: 3
    gate (2, 4) v1 = x * x = 9
    """
    return _arranged(scene, _Writer(scene, blanks))


def story_blocks(
    scene: Scene, definitions: Sequence[str], room: str = ""
) -> tuple[list[Block], int]:
    """The blocks of a circuit whose story is told, and how many decimals each number has.

    Each number is the widest that will stand in its place, `room` included; sentences say what
    each value is, as the definitions have it, and no numbers.
    """
    writer = _StoryWriter(scene, definitions, room)
    return _arranged(scene, writer), writer.decimals


def _arranged(scene: Scene, writer: "_Writer") -> list[Block]:
    place: dict[int, int] = {}  # the block of each value
    trace, options = scene.trace, scene.options
    wires = {(wire.out, wire.operand): wire for wire in trace.wires}
    steps = trace.step_of
    blocks: list[Block] = []
    for index, item in scene.items.items():
        inputs = []
        for each in item.inputs:
            if each.operand is None:
                blocks.append(_constant(each.text, (), scene.names[index]))
                inputs.append(len(blocks) - 1)
                continue
            wire = wires[each.out, each.operand]
            source = place[wire.value]
            if options.branches and wire.count > 1:
                blocks.append(writer.branch(wire, source))
                source = len(blocks) - 1
            if each.text:
                blocks.append(_constant(each.text, (source,), scene.names[index]))
                source = len(blocks) - 1
            if options.local and not item.is_closed:
                blocks.append(writer.local(wire, source))
                source = len(blocks) - 1
            inputs.append(source)
        place[index] = len(blocks)
        value, step = trace.values[index], steps.get(index)
        blocks.append(writer.value(value, step, item, tuple(inputs)))
    return blocks


def _constant(text: str, inputs: tuple[int, ...], target: str) -> Block:
    """A block for a text on a wire to a gate: a constant, or how many values are left out."""
    kind = "factor" if inputs else "term"
    words = f"a constant {kind} of {target}: {text.removeprefix('×')}"
    if text.startswith("["):
        words = f"the constant inputs of {target}: {text[1:-1]}"
    if text.startswith(LEFT_OUT):
        words = f"{text.removeprefix(LEFT_OUT)} values for {target} are not shown"
    return Block(None, None, None, None, inputs, words, constant=text)


class _Writer:
    """Writes the texts of blocks: what is known of a circuit now, for a single picture."""

    def __init__(self, scene: Scene, blanks: Blanks = NO_BLANKS) -> None:
        trace = scene.trace
        self.scene = scene
        self.equations = list(scene.names)
        for step in trace.forward:
            if step.out in scene.items:
                self.equations[step.out] = equation(step, scene.names)
        self.blanks = blanks
        gradients = [value.grad for value in trace.values] if trace.ran else []
        self.decimals = self.choose_decimals(gradients, trace.ran)

    def choose_decimals(self, gradients: Sequence[float], ran: bool) -> int:
        """How many decimals each number gets, given the gradients of values among them."""
        trace, options = self.scene.trace, self.scene.options
        numbers = [*(value.data for value in trace.values), *gradients]
        for wire in trace.wires:
            if options.branches and ran and wire.count > 1:
                numbers.append(wire.downstream)
            if options.local:
                numbers.append(wire.local)
        return choose_decimals(numbers, options.decimals)

    def value(
        self, value: TracedValue, step: ForwardStep | None, item: Item, inputs: tuple[int, ...]
    ) -> Block:
        data, grad = self.of_value(value)
        path = self.scene.paths.get(value.index)
        words = f"{printable(path)}: " if path else ""
        return Block(
            symbol=item.symbol,
            name=self.name(value.index),
            data=data,
            grad=grad,
            inputs=inputs,
            sentence=words + self.equations[value.index] + self.said(" = ", data, "gradient", grad),
            ordered=step is not None and not item.is_closed and is_ordered(step),
            value=value.index,
            is_tinted=value.index in self.scene.tinted,
        )

    def branch(self, wire: Contribution, source: int) -> Block:
        data, grad = self.of_branch(wire)
        words = f"a branch of {self.scene.names[wire.value]} to {self.equations[wire.out]}"
        sentence = words + self.said(": ", data, "contribution", grad)
        return Block(None, None, data, grad, (source,), sentence)

    def local(self, wire: Contribution, source: int) -> Block:
        local = self.of_local(wire)
        words = f"local gradient of {self.equations[wire.out]} for {self.scene.names[wire.value]}"
        return Block(None, None, None, None, (source,), words + self.said(": ", local), local)

    def name(self, index: int) -> str | None:
        return self.scene.labels[index]

    def of_value(self, value: TracedValue) -> tuple[str, str | None]:
        return self._data(value.index), self._gradient(value.grad, value.index)

    def of_branch(self, wire: Contribution) -> tuple[str, str | None]:
        return self._data(wire.value), self._gradient(wire.downstream, wire.value)

    def of_local(self, wire: Contribution) -> str:
        return "" if self.blanks.locals else fixed(wire.local, self.decimals)

    def said(self, before: str, number: str, what: str = "", grad: str | None = None) -> str:
        """What a sentence says of numbers; a question mark stands for a blank."""
        return f"{before}{number or '?'}" + ("" if grad is None else f", {what} {grad or '?'}")

    def _data(self, index: int) -> str:
        number = self.scene.trace.values[index].data
        return "" if index in self.blanks.data else fixed(number, self.decimals)

    def _gradient(self, number: float, index: int) -> str | None:
        if not self.scene.trace.ran:
            return None
        return "" if index in self.blanks.grads else fixed(number, self.decimals)


class _StoryWriter(_Writer):
    """Writes of each number the widest text that will stand there, and of all values a name."""

    def __init__(self, scene: Scene, definitions: Sequence[str], room: str) -> None:
        trace = scene.trace
        self.scene = scene
        self.equations = list(definitions)
        self.room = room
        self.numbers = [[value.data] for value in trace.values]
        self.numbers[trace.output].append(trace.upstream)
        for wire in trace.wires:
            self.numbers[wire.value].append(wire.total)
        gradients = [trace.upstream, *(wire.total for wire in trace.wires)]
        self.decimals = self.choose_decimals(gradients, ran=True)

    def name(self, index: int) -> str | None:
        return self.scene.names[index]

    def of_value(self, value: TracedValue) -> tuple[str, str | None]:
        text = self._widest(self.numbers[value.index])
        return text, text

    def of_branch(self, wire: Contribution) -> tuple[str, str | None]:
        text = self._widest([self.numbers[wire.value][0], wire.downstream])
        return text, text

    def of_local(self, wire: Contribution) -> str:
        return self._widest([wire.local])

    def said(self, before: str, number: str, what: str = "", grad: str | None = None) -> str:
        return ""

    def _widest(self, numbers: Iterable[float]) -> str:
        texts = [*(fixed(number, self.decimals) for number in numbers), self.room]
        return max(texts, key=lambda text: text_width(text, 1.0))


def is_ordered(step: ForwardStep) -> bool:
    """Whether it matters which operand of a gate is the first; of a Σwx+b partners are seen."""
    return not GATES[step.gate].commutes and step.gate != "weighted_sum"


@dataclass(frozen=True, slots=True)
class Shown:
    """A number in the picture.

    Attributes:
        block: the block that shows it.
        role: where on the block.
        number: which number it is.
        words: what stands before it where the block is described in words.
        first: the step in which it appears.
        end: the step in which another takes its place, or None.
    """

    block: int
    role: Literal["data", "grad", "local"]
    number: Number
    words: str
    first: int
    end: int | None = None

    def is_there(self, step: int) -> bool:
        """Whether it stands in the picture after a step."""
        return self.first <= step and (self.end is None or step < self.end)

    def is_new(self, step: int) -> bool:
        """Whether it appears in that step; what the story begins with is not new."""
        return self.first == step > 0


Way = tuple[tuple[int, ...], int]
"""A wire: the blocks that it passes, from its value to its gate; and which input of that it is."""


def block_of(scene: Scene, blocks: Sequence[Block]) -> dict[int, int]:
    """The block in which each value is computed; of what is not shown there is none."""
    shown = {block.value: place for place, block in enumerate(blocks) if block.value is not None}
    return {member: shown[index] for index, item in scene.items.items() for member in item.members}


def timeline(scene: Scene, blocks: Sequence[Block]) -> tuple[list[Shown], list[Way]]:
    """Every number that the picture of a circuit will show, and the way of each wire.

    Numbers of values come first, then gradients in their order; wires are counted in the order of
    the backward pass. A wire that is not shown has a way of no blocks.

    >>> from autograd_core import Value
    >>> from viz.scene.scene import scene_of
    >>> scene = scene_of(Value(3.0, "x") * 2)
    >>> blocks = blocks_of(scene)
    >>> numbers, ways = timeline(scene, blocks)
    >>> ways
    [((0, 1), 0)]
    >>> for each in numbers:
    ...     print(each.block, each.number.kind, "from step", each.first)
    0 data from step 0
    1 data from step 1
    1 start from step 2
    0 total from step 3
    """
    trace = scene.trace
    shown = {block.value: place for place, block in enumerate(blocks) if block.value is not None}
    ways = _ways(scene, blocks)
    computed = [0] * len(trace.values)
    for number, step in enumerate(trace.forward):
        computed[step.out] = 1 + number
    data, gradients, local = [], [], []
    for index, block in shown.items():
        data.append(Shown(block, "data", Number("data", index), " = ", computed[index]))
    turn = 1 + len(trace.forward)
    received = [(trace.output, Number("start", 0), turn)]
    for number, (wire, way) in enumerate(zip(trace.wires, ways, strict=True)):
        now = turn + 1 + number
        received.append((wire.value, Number("total", number), now))
        for block in way[0]:
            if blocks[block].kind == "branch":
                copied = Number("data", wire.value)
                data.append(Shown(block, "data", copied, ": ", computed[wire.value]))
                product = Number("product", number)
                gradients.append(Shown(block, "grad", product, ", contribution ", now))
            elif blocks[block].kind == "local":
                slope = Number("local", number)
                local.append(Shown(block, "local", slope, ": ", computed[wire.out]))
    until: dict[int, int] = {}
    for index, total, now in reversed(received):
        if index in shown:
            end = until.get(index)
            gradients.append(Shown(shown[index], "grad", total, ", gradient ", now, end))
            until[index] = now
    gradients.sort(key=lambda shown: shown.first)
    return [*data, *gradients, *local], ways


def way_back(blocks: Sequence[Block], end: int) -> list[int]:
    """The blocks of which a wire consists, from the one before its gate back to its value."""
    way = [end]
    while not blocks[way[-1]].is_value and blocks[way[-1]].inputs:
        way += blocks[way[-1]].inputs
    return way


def _ways(scene: Scene, blocks: Sequence[Block]) -> list[Way]:
    """The way of each wire, in the order of the backward pass."""
    gates = block_of(scene, blocks)
    to: dict[tuple[int, object], Way] = {}  # by its gate's block, and by operand or by source
    for gate, block in enumerate(blocks):
        if block.value is None:
            continue
        inputs = scene.items[block.value].inputs
        for place, (source, each) in enumerate(zip(block.inputs, inputs, strict=True)):
            way = [gate, *way_back(blocks, source)]
            found = tuple(reversed(way)), place
            to[gate, (each.out, each.operand)] = found
            to.setdefault((gate, blocks[way[-1]].value), found)
    ways: list[Way] = []
    for wire in scene.trace.wires:
        taker = gates.get(wire.out, -1)
        of_source = to.get((taker, wire.value), ((), 0))
        ways.append(to.get((taker, (wire.out, wire.operand)), of_source))
    return ways
