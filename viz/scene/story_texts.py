"""The texts of a circuit whose story is told: of each number the widest that will stand there."""

from collections.abc import Iterable

from autograd_core import GATES, Contribution, Trace, TracedValue
from autograd_core.explain import fixed
from viz.scene.blocks import Block
from viz.scene.circuit import names_in
from viz.scene.fonts import text_width
from viz.scene.sentences import definitions_of, write


class StoryWriter:
    """Writes the blocks of a story; their sentences say what is computed, not the numbers."""

    def __init__(self, trace: Trace, decimals: int, room: str) -> None:
        """Prepare the texts.

        Args:
            trace: both passes.
            decimals: of each number.
            room: a number that must find room in every place.
        """
        self._names = names_in(trace)
        self._definitions = [write(parts, self._names, {}) for parts in definitions_of(trace)]
        self._steps = trace.step_of
        self._decimals = decimals
        self._room = room
        self._numbers = [[value.data] for value in trace.values]
        self._numbers[trace.output].append(trace.upstream)
        for wire in trace.wires:
            self._numbers[wire.value].append(wire.total)

    def value(self, value: TracedValue, inputs: tuple[int, ...]) -> Block:
        """The block of a value, with a name even if the user gave none."""
        step = self._steps.get(value.index)
        text = self._widest(self._numbers[value.index])
        return Block(
            symbol=step.symbol if step else None,
            name=self._names[value.index],
            data=text,
            grad=text,
            inputs=inputs,
            sentence=self._definitions[value.index],
            ordered=step is not None and not GATES[step.gate].commutes,
        )

    def branch(self, wire: Contribution, target: TracedValue, source: int) -> Block:
        """The block of a branch."""
        copied = self._numbers[wire.value][0]
        text = self._widest([copied, wire.downstream])
        words = f"a branch of {self._names[wire.value]} to {self._definitions[target.index]}"
        return Block(None, None, text, text, (source,), words)

    def local(self, wire: Contribution, target: TracedValue, source: int) -> Block:
        """The block of a local gradient."""
        text = self._widest([wire.local])
        gate = self._definitions[target.index]
        words = f"local gradient of {gate} for {self._names[wire.value]}"
        return Block(None, None, None, None, (source,), words, local=text)

    def _widest(self, numbers: Iterable[float]) -> str:
        texts = [*(fixed(number, self._decimals) for number in numbers), self._room]
        return max(texts, key=lambda text: text_width(text, 1.0))
