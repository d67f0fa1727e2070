"""A circuit together with the story of its two passes: what steps, animation and page all show.

All pictures of one story share one geometry, with room for every number that will ever stand there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from autograd_core import Trace, Value, trace
from viz.blocks import Block
from viz.checks import Inputs, check_drawable
from viz.circuit import names_for, renamed, values_of
from viz.fonts import text_width
from viz.layout import lay_out
from viz.sentences import Moment, definitions_of, moments_of, names_in, numbers_in, write
from viz.shapes import Layout, Point, Text
from viz.style import choose_decimals, format_number, printable


@dataclass(frozen=True)
class Story:
    """A circuit and what happens in it.

    Attributes:
        trace: both passes.
        moments: the steps of the story.
        names: what each value is called.
        numbers: every number of the circuit, as `numbers_in` has them.
        decimals: how many decimals the numbers in the picture have.
        blocks: the circuit; a number in it is the widest that will stand there, and a sentence
            says what is computed, not the numbers.
        layout: where everything stands.
    """

    trace: Trace
    moments: list[Moment]
    names: list[str]
    numbers: dict[str, list[float]]
    decimals: int
    blocks: list[Block]
    layout: Layout

    @cached_property
    def bare_layout(self) -> Layout:
        """The layout without numbers and without made-up names."""
        blocks = tuple(
            replace(placed, texts=tuple(text for text in placed.texts if self._stays(index, text)))
            for index, placed in enumerate(self.layout.blocks)
        )
        return replace(self.layout, blocks=blocks)

    def _stays(self, index: int, text: Text) -> bool:
        return text.role not in ("data", "grad") and not self._is_made_up(index, text)

    def _is_made_up(self, index: int, text: Text) -> bool:
        return text.role == "name" and not self.trace.values[index].label

    def made_up_names(self) -> list[Text]:
        """The names that the user did not give: sentences speak of these values too."""
        return [
            text
            for index, placed in enumerate(self.layout.blocks)
            for text in placed.texts
            if self._is_made_up(index, text)
        ]

    def place(self, index: int, role: str) -> Text:
        """Where a number of a value stands."""
        return next(text for text in self.layout.blocks[index].texts if text.role == role)

    def text(self, index: int, role: str, number: float) -> Text:
        """A number of a value in its place."""
        return replace(self.place(index, role), text=format_number(number, self.decimals))

    def data(self, step: int) -> dict[int, float]:
        """The values that are known after a step."""
        done = {moment.new for moment in self.moments[1 : step + 1] if moment.phase == "forward"}
        return {
            value.index: value.data
            for value in self.trace.values
            if value.gate is None or value.index in done
        }

    def gradients(self, step: int) -> dict[int, float]:
        """The gradients after a step, complete or not."""
        numbers = [*self.numbers["start"], *self.numbers["total"]]
        backward = self.moments[self.first_backward : step + 1]
        return {
            moment.new: number
            for moment, number in zip(backward, numbers, strict=False)
            if moment.new is not None
        }

    @property
    def first_backward(self) -> int:
        """The step with which the backward pass begins."""
        return 1 + len(self.trace.forward)

    def wires(self, moment: Moment) -> list[tuple[Point, ...]]:
        """The wires in use at a moment, each from the beginning of its value's stub."""
        paths = {
            wire.place: (self.layout.blocks[wire.source].stub[0], *wire.points)
            for wire in self.layout.wires
            if wire.target == moment.gate
        }
        return [paths[place] for place in moment.places]


def tell(
    value: Value,
    caller: str,
    *,
    decimals: int | None = None,
    inputs: Inputs = "far",
    title: str | None = None,
    names: Mapping[str, Any] | None = None,
    limit: int | None,
    room: str = "",
) -> Story:
    """The story of a circuit, laid out.

    Args:
        value: the output of the circuit.
        caller: the function that was asked for it, for messages.
        decimals, inputs, title, names, limit: as for `viz.draw`.
        room: a number that must find room on every value.

    Raises:
        TypeError, ValueError: as `viz.draw`.
    """
    check_drawable(value, inputs, limit, caller=caller)
    passes = trace(value)
    if names is not None:
        passes = renamed(passes, names_for(values_of(value, passes), names))
    numbers = numbers_in(passes)
    shown = numbers["data"] + numbers["start"] + numbers["total"]
    places = choose_decimals(shown, decimals)
    called = names_in(passes)
    sentences = [write(parts, called, numbers) for parts in definitions_of(passes)]
    room_for = _widest_texts(passes, places, room)
    producer = {step.out: step for step in passes.forward}
    blocks = []
    for index, text in enumerate(room_for):
        step = producer.get(index)
        operands = step.operands if step else ()
        sources = tuple(operand for operand in operands if isinstance(operand, int))
        symbol = step.symbol if step else None
        blocks.append(Block(symbol, called[index], text, text, sources, sentences[index]))
    heading = printable(title) if title else None
    layout = lay_out(blocks, inputs_near=inputs == "near", title=heading)
    return Story(passes, moments_of(passes), called, numbers, places, blocks, layout)


def _widest_texts(passes: Trace, decimals: int, room: str) -> list[str]:
    """For each value the widest text that it needs room for."""
    texts = [[format_number(value.data, decimals), room] for value in passes.values]
    texts[passes.output].append(format_number(passes.upstream, decimals))
    for step in passes.backward:
        for wire in step.contributions:
            texts[wire.value].append(format_number(wire.total, decimals))
    return [max(each, key=lambda text: text_width(text, 1.0)) for each in texts]
