"""A circuit together with the story of its two passes: what steps, animation and page all show.

All pictures of one story share one geometry, with room for every number that will ever stand there.
"""

from dataclasses import dataclass, replace
from functools import cached_property

from autograd_core.explain import (
    Moment,
    Number,
    Part,
    definitions_of,
    fixed,
    moments_of,
    numbers_in,
    texts_of,
    write,
)
from viz.layout.columns import check_places
from viz.layout.geometry import Layout, Point, Text, Wire
from viz.layout.lay_out import lay_out
from viz.layout.wires import without_needless_corners
from viz.scene.blocks import Block, shown_numbers, story_blocks
from viz.scene.scene import Scene, names_in
from viz.scene.style import choose_decimals
from viz.scene.timeline import Shown, Way, numbers_shown, ways_of

Sentence = list[tuple[str, Part]]
"""What is said in one step: each piece of text, with what it stands for."""


@dataclass(frozen=True)
class Story:
    """A circuit and what happens in it.

    Attributes:
        scene: the circuit, and how it is drawn.
        moments: the steps of the story.
        sentences: what is said in each step.
        names: what each value is called.
        numbers: every number of the circuit, as `numbers_in` has them.
        decimals: how many decimals the numbers in the picture have.
        blocks: the circuit; a number in it is the widest that will stand there, and a sentence
            says what is computed, not the numbers.
        layout: where everything stands.
        shown: the numbers in the picture, each with its time, in the order in which they come.
        ways: the way of each wire; wires are counted in the order of the backward pass.
    """

    scene: Scene
    moments: list[Moment]
    sentences: list[Sentence]
    names: list[str]
    numbers: dict[str, list[float]]
    decimals: int
    blocks: list[Block]
    layout: Layout
    shown: list[Shown]
    ways: list[Way]

    @cached_property
    def bare_layout(self) -> Layout:
        """The layout without numbers that come and go, and without made-up names."""
        blocks = tuple(
            replace(placed, texts=tuple(text for text in placed.texts if self._stays(index, text)))
            for index, placed in enumerate(self.layout.blocks)
        )
        return replace(self.layout, blocks=blocks)

    def _stays(self, index: int, text: Text) -> bool:
        return text.role not in ("data", "grad", "local") and not self._is_made_up(index, text)

    def _is_made_up(self, index: int, text: Text) -> bool:
        return text.role == "name" and index in self._unnamed

    @cached_property
    def values(self) -> list[int]:
        """The block of each value."""
        return [index for index, block in enumerate(self.blocks) if block.is_value]

    @cached_property
    def _unnamed(self) -> set[int]:
        """The blocks of values that the user gave no name."""
        traced = self.scene.trace.values
        return {block for block, value in zip(self.values, traced, strict=True) if not value.label}

    def made_up_names(self) -> list[Text]:
        """The names that the user did not give: sentences speak of these values too."""
        return [
            text
            for index, placed in enumerate(self.layout.blocks)
            for text in placed.texts
            if self._is_made_up(index, text)
        ]

    def at(self, step: int) -> list[Shown]:
        """The numbers that stand in the picture after a step."""
        return [each for each in self.shown if each.is_there(step)]

    def place(self, block: int, role: str) -> Text:
        """Where a number of a block stands."""
        return next(text for text in self.layout.blocks[block].texts if text.role == role)

    def text(self, shown: Shown) -> Text:
        """A number in its place."""
        return replace(self.place(shown.block, shown.role), text=self.digits(shown.number))

    def digits(self, number: Number) -> str:
        """A number as it stands in the picture."""
        return fixed(self.numbers[number.kind][number.index], self.decimals)

    @property
    def first_backward(self) -> int:
        """The step with which the backward pass begins."""
        return 1 + len(self.scene.trace.forward)

    def wires(self, moment: Moment) -> list[list[Point]]:
        """The wires in use at a moment, each from the beginning of its value's stub to the gate."""
        return [self._path(self.ways[wire]) for wire in moment.wires]

    def _path(self, way: Way) -> list[Point]:
        *before, gate = way.blocks
        path = [self.layout.blocks[before[0]].stub[0]]
        for block in before[1:]:
            path += self._pieces[block, 0].points
        return without_needless_corners([*path, *self._pieces[gate, way.place].points])

    @cached_property
    def _pieces(self) -> dict[tuple[int, int], Wire]:
        """The wires of the layout, by target and place."""
        return {(wire.target, wire.place): wire for wire in self.layout.wires}


def tell(scene: Scene, room: str = "") -> Story:
    """The story of a circuit, laid out.

    Args:
        scene: the circuit, and how it is drawn.
        room: a number that must find room in every place.

    Raises:
        ValueError: if its wires are too many for a picture.
    """
    passes = scene.trace
    names, numbers, moments = names_in(passes), numbers_in(passes), moments_of(passes)
    known = shown_numbers(scene, numbers["data"] + numbers["start"] + numbers["total"], ran=True)
    decimals = choose_decimals(known, scene.options.decimals)
    definitions = [write(parts, names, numbers) for parts in definitions_of(passes)]
    blocks = story_blocks(scene, definitions, decimals, room)
    check_places(blocks, scene.options)
    ways = ways_of(passes, blocks)
    return Story(
        scene=scene,
        moments=moments,
        sentences=[
            list(zip(texts_of(moment.parts, names, numbers), moment.parts, strict=True))
            for moment in moments
        ],
        names=names,
        numbers=numbers,
        decimals=decimals,
        blocks=blocks,
        layout=lay_out(scene, blocks),
        shown=numbers_shown(passes, blocks, ways),
        ways=ways,
    )
