"""A circuit together with the story of its two passes: what steps, animation and page all show.

All pictures of one story share one geometry, with room for every number that will ever stand there.
They are drawn on one sheet, which has room for a sentence below the circuit.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from html import escape

from autograd_core.explain import (
    Moment,
    Name,
    Number,
    Part,
    definitions_of,
    fixed,
    moments_of,
    numbers_in,
    texts_of,
    write,
)
from viz.layout.geometry import Layout, Point, Text, Wire, without_needless_corners
from viz.layout.lay_out import lay_out
from viz.scene.blocks import Block, Shown, block_of, story_blocks, timeline
from viz.scene.scene import Scene
from viz.scene.style import Palette, length_text, text_width
from viz.write.svg import GLOW, as_wide_as, gate_glow, group, line, text_element, write_svg

TOLD = 500
"""How many values a circuit has at most whose story is told in one picture."""

ROLES = ("data", "grad", "local")
"""The numbers that come and go in a story."""
MARGIN = 12
NARROWEST = 540
"""A picture is at least so wide, to have room for a sentence."""
SIZE = 18
LINE = 26  # from one baseline to the next
BOLD = 1.12  # how much wider than the table says bold letters are
WIDER = 1.2  # how much wider the sans-serif of a system may be

_GLOWING = f' fill="{GLOW}" fill-opacity="0.35" stroke="#000000" stroke-width="2.5"'

Run = tuple[str, str]
"""A piece of text and the attributes it is written with."""
Word = list[Run]

Sentence = list[tuple[str, Part]]
"""What is said in one step: each piece of text, with what it stands for."""


class Story:
    """A circuit and what happens in it, laid out.

    Attributes:
        scene: the circuit, and how it is drawn.
        moments: the steps of the story.
        sentences: what is said in each step.
        numbers: every number of the circuit, as `numbers_in` has them.
        definitions: of each value how it is computed, in words without numbers.
        room: a text that has room in the place of every number.
        blocks: the circuit; a number in it is the widest that will stand there, and a sentence
            says what is computed, not the numbers.
        layout: where everything stands.
        shown: the numbers in the picture, each with its time, in the order in which they come.
        ways: for each wire the blocks that it passes, and which input of the last it is.
    """

    def __init__(self, scene: Scene, room: str = "", told: "Story | None" = None) -> None:
        """Tell the story of a circuit, with room for a number in every place.

        Of another picture of a circuit whose story was told, what is said is the same.
        """
        passes, names = scene.trace, scene.names
        self.scene, self.room = scene, room
        self.numbers: dict[str, list[float]] = told.numbers if told else numbers_in(passes)
        self.definitions: list[str] = (
            told.definitions
            if told
            else [write(parts, names, self.numbers) for parts in definitions_of(passes)]
        )
        self.blocks, self.decimals = story_blocks(scene, self.definitions, room)
        self.layout: Layout = lay_out(scene, self.blocks)
        self.shown, self.ways = timeline(scene, self.blocks)
        self.moments: list[Moment] = told.moments if told else moments_of(passes, self.leaves)
        self.sentences: list[Sentence] = (
            told.sentences
            if told
            else [
                list(zip(texts_of(moment.parts, names, self.numbers), moment.parts, strict=True))
                for moment in self.moments
            ]
        )

    @cached_property
    def parts(self) -> dict[int, "Story"]:
        """The same story of what is closed in each block, by the value that it shows."""
        return {
            value: Story(self.scene.inside(value), self.room, self)
            for value, item in self.scene.items.items()
            if item.is_closed
        }

    @cached_property
    def bare_layout(self) -> Layout:
        """The layout without numbers that come and go, and without made-up names."""
        blocks = tuple(
            replace(
                placed,
                texts=tuple(
                    text
                    for text in placed.texts
                    if text.role not in ROLES and not self._is_made_up(index, text)
                ),
            )
            for index, placed in enumerate(self.layout.blocks)
        )
        return replace(self.layout, blocks=blocks)

    def _is_made_up(self, index: int, text: Text) -> bool:
        return text.role == "name" and index in self._unnamed

    @cached_property
    def block_of(self) -> dict[int, int]:
        """The block in which each value is computed; of what is not shown there is none."""
        return block_of(self.scene, self.blocks)

    @cached_property
    def leaves(self) -> list[int]:
        """The leaves column by column; then, as gates take them, those that are not shown.

        Within a column they are in the order of the trace, but x1 and x2 in that of their numbers.
        """
        trace, at = self.scene.trace, self.block_of
        turns = {leaf: leaf for leaf in at}
        for row in self.scene.rows:
            turns.update(zip(row, sorted(row), strict=True))

        def place(leaf: int) -> tuple[float, int]:
            return self.layout.blocks[at[leaf]].stub[0][0], turns[leaf]

        leaves = {value.index for value in trace.values if value.gate is None}
        taken = (x for step in trace.forward for x in step.operands if isinstance(x, int))
        in_picture = sorted((leaf for leaf in leaves if leaf in at), key=place)
        return list(dict.fromkeys([*in_picture, *(x for x in taken if x in leaves)]))

    @cached_property
    def _unnamed(self) -> set[int]:
        """The blocks of values that the user gave no name."""
        traced = self.scene.trace.values
        named = (block.value is None or traced[block.value].label for block in self.blocks)
        return {index for index, is_named in enumerate(named) if not is_named}

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
        return [path for wire in moment.wires if (path := self.path(wire))]

    def path(self, wire: int) -> list[Point]:
        """The wire of that number; nothing if it is not shown."""
        blocks, place = self.ways[wire]
        if not blocks:
            return []
        *before, gate = blocks
        path = [self.layout.blocks[before[0]].stub[0]]
        for block in before[1:]:
            path += self._pieces[block, 0].points
        return without_needless_corners([*path, *self._pieces[gate, place].points])

    @cached_property
    def _pieces(self) -> dict[tuple[int, int], Wire]:
        """The wires of the layout, by target and place."""
        return {(wire.target, wire.place): wire for wire in self.layout.wires}


class Sheet:
    """What all pictures of one story are drawn on: the circuit, and room for a sentence below.

    Attributes:
        lines: the words of each sentence, line by line.
        top: the baseline of a sentence's first line.
        layout: where everything stands, numbers and made-up names left out.
    """

    def __init__(self, story: Story) -> None:
        self.story = story
        self.palette = story.scene.palette
        sentences = [words_of(sentence, self.palette) for sentence in story.sentences]
        longest = max(width_of(word) for words in sentences for word in words)
        width = max(story.layout.width, NARROWEST, 2 * MARGIN + longest)
        self.lines: list[list[list[Word]]] = [
            lines_of(words, width - 2 * MARGIN) for words in sentences
        ]
        self.top = story.layout.height + LINE
        height = self.top + LINE * (max(map(len, self.lines)) - 1) + MARGIN
        self.layout: Layout = replace(story.bare_layout, width=width, height=height)

    def picture(self, step: int, heading: str) -> str:
        """The circuit after a step, with its sentence."""
        overlay = [*self.lights(step), *self.names()]
        for role in ROLES:
            overlay += self.numbers(role, self._numbers_at(step, role))
        overlay += self.sentence(step)
        known = self.blocks(step)
        return write_svg(self.layout, known, self.palette, heading=heading, overlay=overlay)

    def blocks(self, step: int) -> list[Block]:
        """What is known of each value after a step, in words: `x = 3, gradient -4`."""
        told = [block.sentence for block in self.story.blocks]
        for each in self.story.at(step):
            told[each.block] += each.words + self.story.digits(each.number)
        return [
            replace(block, sentence=sentence)
            for block, sentence in zip(self.story.blocks, told, strict=True)
        ]

    def lights(self, step: int) -> list[str]:
        """The gate at work and the wires that it uses, the new numbers' own pieces of wire too."""
        story, moment = self.story, self.story.moments[step]
        backward = moment.phase == "backward"
        placed = story.layout.blocks
        stubs = [placed[each.block].stub for each in story.at(step) if each.is_new(step)]
        colour = self.palette.grad if backward else self.palette.data
        lit = group(
            f' fill="none" stroke="{colour}" stroke-width="3" stroke-linejoin="round"',
            map(line, [*story.wires(moment), *stubs]),
        )
        at_work = None if moment.gate is None else story.block_of.get(moment.gate)
        if at_work is not None and (gate := placed[at_work].gate):
            lit.append(gate_glow(gate, _GLOWING))
        return lit

    def names(self) -> list[str]:
        """The names that were made up, paler than those that the user gave."""
        return group(
            f' fill="{self.palette.ink}" fill-opacity="0.6"',
            map(text_element, self.story.made_up_names()),
        )

    def numbers(self, role: str, elements: Iterable[str]) -> list[str]:
        """Numbers of one role, in their colour."""
        return group(f' fill="{self.palette.of(role)}"', elements)

    def sentence(self, step: int) -> list[str]:
        """The sentence of a step, under the circuit."""
        return group(
            f' fill="{self.palette.ink}"', caption(self.lines[step], self.layout.width, self.top)
        )

    def _numbers_at(self, step: int, role: str) -> Iterator[str]:
        """The numbers of one role after a step, in bold type if they are new."""
        for each in self.story.at(step):
            if each.role == role:
                weight = ' font-weight="bold"' if each.is_new(step) else ""
                yield text_element(self.story.text(each), weight)


def words_of(sentence: Sentence, palette: Palette) -> list[Word]:
    """A sentence as words: names in bold type, values and gradients in their colours.

    >>> from viz.scene.style import palette_named
    >>> words_of([("x", Name(0)), (", a leaf", ", a leaf")], palette_named("cs231n"))
    [[('x', ' font-weight="bold"'), (',', '')], [('a', '')], [('leaf', '')]]
    """
    words: list[Word] = [[]]
    for text, part in sentence:
        attributes = ""
        if isinstance(part, Name):
            # a name that is written from right to left must not turn the words around it
            isolated = ' unicode-bidi="isolate"' if _is_right_to_left(text) else ""
            attributes = f' font-weight="bold"{isolated}'
        elif isinstance(part, Number):
            role = part.kind if part.kind in ("data", "local") else "grad"
            attributes = f' fill="{palette.of(role)}"'
        first, *others = text.split(" ")
        words[-1].append((first, attributes))
        words += [[(word, attributes)] for word in others]
    nonempty = ([run for run in word if run[0]] for word in words)
    return [word for word in nonempty if word]


def width_of(word: Word) -> float:
    """The width of a word in pixels, rather too large than too small."""
    return sum(
        text_width(text, SIZE) * (BOLD if "bold" in attributes else 1.0)
        for text, attributes in word
    )


def lines_of(words: Sequence[Word], width: float) -> list[list[Word]]:
    """Words broken into lines no wider than a picture."""
    lines: list[list[Word]] = [[]]
    space, used = text_width(" ", SIZE), 0.0
    for word in words:
        used += space + width_of(word)
        if lines[-1] and used > width:
            lines.append([])
            used = width_of(word)
        lines[-1].append(word)
    return lines


def caption(lines: Sequence[Sequence[Word]], width: float, y: float) -> list[str]:
    """Lines of text as SVG, in a picture of that width, the first with its baseline at y."""
    texts = []
    for place, words in enumerate(lines):
        used = sum(map(width_of, words)) + text_width(" ", SIZE) * (len(words) - 1)
        room = as_wide_as(used) if WIDER * used > width - 2 * MARGIN else ""
        texts.append(
            f'<text x="{MARGIN}" y="{length_text(y + LINE * place)}" font-size="{SIZE}"{room}>'
            f"{' '.join(''.join(map(_span, word)) for word in words)}</text>"
        )
    return texts


def _span(run: Run) -> str:
    text, attributes = run
    content = escape(text, quote=False)
    return f"<tspan{attributes}>{content}</tspan>" if attributes else content


def _is_right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(character) in ("R", "AL") for character in text)
