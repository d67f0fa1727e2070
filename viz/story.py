"""A circuit together with the story of its two passes: what steps, animation and page all show.

All pictures of one story share one geometry, with room for every number that will ever stand there.
"""

from dataclasses import dataclass, replace
from functools import cached_property

from autograd_core.explain import fixed
from viz.layout.geometry import Layout, Point, Text, Wire
from viz.layout.wires import without_needless_corners
from viz.scene.blocks import Block, arrange_blocks
from viz.scene.circuit import names_in
from viz.scene.sentences import Moment, Number, moments_of, numbers_in
from viz.scene.story_texts import StoryWriter
from viz.scene.style import choose_decimals
from viz.scene.timeline import Shown, Way, numbers_shown, ways_of
from viz.scene.view import View


@dataclass(frozen=True)
class Story:
    """A circuit and what happens in it.

    Attributes:
        view: the circuit, and what its picture shall look like.
        moments: the steps of the story.
        names: what each value is called.
        numbers: every number of the circuit, as `numbers_in` has them.
        decimals: how many decimals the numbers in the picture have.
        blocks: the circuit; a number in it is the widest that will stand there, and a sentence
            says what is computed, not the numbers.
        layout: where everything stands.
        shown: the numbers in the picture, each with its time, in the order in which they come.
        ways: the way of each wire; wires are counted in the order of the backward pass.
    """

    view: View
    moments: list[Moment]
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
        traced = self.view.trace.values
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
        return 1 + len(self.view.trace.forward)

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


def tell(view: View, room: str = "") -> Story:
    """The story of a circuit, laid out.

    Args:
        view: the circuit, and what its picture shall look like.
        room: a number that must find room in every place.
    """
    passes = view.trace
    numbers = numbers_in(passes)
    kinds = ["data", "start", "total"]
    known = [number for kind in kinds for number in numbers[kind]]
    for wire in passes.wires:
        known += [wire.downstream] if view.branches and wire.count > 1 else []
        known += [wire.local] if view.local else []
    decimals = choose_decimals(known, view.decimals)
    writer = StoryWriter(passes, decimals, room)
    blocks = arrange_blocks(passes, writer, branches=view.branches, local=view.local)
    view.check(blocks)
    ways = ways_of(passes, blocks)
    return Story(
        view=view,
        moments=moments_of(passes),
        names=names_in(passes),
        numbers=numbers,
        decimals=decimals,
        blocks=blocks,
        layout=view.lay_out(blocks),
        shown=numbers_shown(passes, blocks, ways),
        ways=ways,
    )
