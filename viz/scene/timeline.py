"""When each number of a picture becomes known in the story of the two passes, and where it stands.

A value and its branches have their number from the step on in which the value is computed. A gate
computes its local gradients together with its output, so they come in the same step. Going
backward, a wire's contribution appears on its branch, if it has one, and in the sum on the trunk.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from autograd_core import Trace
from autograd_core.explain import Number
from viz.scene.blocks import Block


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


@dataclass(frozen=True, slots=True)
class Way:
    """The way of a wire.

    Attributes:
        blocks: those that it passes, from its value to its gate.
        place: which of the gate's inputs it is.
    """

    blocks: tuple[int, ...]
    place: int


def timeline(trace: Trace, blocks: Sequence[Block]) -> tuple[list[Shown], list[Way]]:
    """Every number that the picture of a circuit will show, and the way of each wire.

    Numbers of values come first, then gradients in their order; wires are counted in the order of
    the backward pass.

    >>> from autograd_core import Value
    >>> from viz.scene.blocks import blocks_of
    >>> from viz.scene.scene import scene_of
    >>> scene = scene_of(Value(3.0, "x") * 2)
    >>> blocks = blocks_of(scene)
    >>> numbers, ways = timeline(scene.trace, blocks)
    >>> ways
    [Way(blocks=(0, 1), place=0)]
    >>> for each in numbers:
    ...     print(each.block, each.number.kind, "from step", each.first)
    0 data from step 0
    1 data from step 1
    1 start from step 2
    0 total from step 3
    """
    values = [index for index, block in enumerate(blocks) if block.is_value]
    ways = _ways(trace, blocks, values)
    computed = [0] * len(values)
    for number, step in enumerate(trace.forward):
        computed[step.out] = 1 + number
    data, gradients, local = [], [], []
    for index, block in enumerate(values):
        data.append(Shown(block, "data", Number("data", index), " = ", computed[index]))
    turn = 1 + len(trace.forward)
    received = [(trace.output, Number("start", 0), turn)]
    for number, (wire, way) in enumerate(zip(trace.wires, ways, strict=True)):
        now = turn + 1 + number
        received.append((wire.value, Number("total", number), now))
        for block in way.blocks:
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
        end = until.get(index)
        gradients.append(Shown(values[index], "grad", total, ", gradient ", now, end))
        until[index] = now
    gradients.sort(key=lambda shown: shown.first)
    return [*data, *gradients, *local], ways


def _ways(trace: Trace, blocks: Sequence[Block], values: Sequence[int]) -> list[Way]:
    ways = []
    for step in trace.backward:
        gate = values[step.out]
        for place, source in enumerate(blocks[gate].inputs):
            way = [gate, source]
            while not blocks[way[-1]].is_value and blocks[way[-1]].inputs:
                way += blocks[way[-1]].inputs
            if blocks[way[-1]].is_value:  # and not a constant
                ways.append(Way(tuple(reversed(way)), place))
    return ways
