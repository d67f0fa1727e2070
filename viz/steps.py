"""`steps`: the forward and the backward pass through a circuit, picture by picture."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, overload

from autograd_core import Value
from viz.layout.geometry import Layout
from viz.scene.blocks import Block
from viz.scene.expansion import Expand
from viz.scene.options import STEPS_LIMIT, Inputs
from viz.scene.sentences import write
from viz.scene.view import view_of
from viz.sheet import LINE, Word, caption, lines_of, width_of, words_of
from viz.story import Story, tell
from viz.write.elements import GLOW, gate_glow, group, line, text_element
from viz.write.picture import SVGPicture
from viz.write.svg import write_svg

ROLES = ("data", "grad", "local")
"""The numbers that come and go in a story."""
MARGIN = 12
NOTEBOOK = 2_000_000
"""How many characters of pictures a notebook is given to show, roughly."""
NARROWEST = 540
"""A picture is at least so wide, to have room for a sentence."""


class Step(SVGPicture):
    """One step of a circuit's two passes; it shows itself in a notebook.

    Attributes:
        number: its place in the series, from 0.
        sentence: what happens in this step.
    """

    _kind = "a step"

    def __init__(self, sheet: "Sheet", number: int) -> None:
        self._sheet = sheet
        self.number = number
        story = sheet.story
        self.sentence = write(story.moments[number].parts, story.names, story.numbers)

    @cached_property
    def svg(self) -> str:
        """The circuit after this step as SVG text: what is known, what is at work, the sentence."""
        return self._sheet.picture(self.number, self.sentence)

    def __repr__(self) -> str:
        return f"<Step {self.number}: {self.sentence}>"


class Steps(Sequence[Step]):
    """The steps of a circuit's two passes as `viz.steps` returns them: a sequence of pictures."""

    def __init__(self, sheet: "Sheet") -> None:
        self._steps = [Step(sheet, number) for number in range(len(sheet.story.moments))]

    def __len__(self) -> int:
        return len(self._steps)

    @overload
    def __getitem__(self, place: int) -> Step: ...
    @overload
    def __getitem__(self, place: slice) -> list[Step]: ...
    def __getitem__(self, place: int | slice) -> Step | list[Step]:
        return self._steps[place]

    def save(self, folder: str | Path) -> list[Path]:
        """Write the pictures as `step-00.svg`, `step-01.svg`, … into a folder.

        The folder is made if it is not there; other files in it are left alone.

        Returns:
            The files, in order.

        Raises:
            OSError: if a file cannot be written.
        """
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        digits = max(2, len(str(len(self) - 1)))
        paths = [folder / f"step-{step.number:0{digits}}.svg" for step in self]
        for step, path in zip(self, paths, strict=True):
            step.save(path)
        return paths

    def _repr_html_(self) -> str:
        """As many of the pictures as a notebook can bear, and a word on the others."""
        shown: list[str] = []
        size = 0
        while len(shown) < len(self) and size < NOTEBOOK:
            shown.append(f"<div>{self[len(shown)]._repr_html_()}</div>")
            size += len(shown[-1])
        if rest := len(self) - len(shown):
            shown.append(
                f"<p>The steps go on: {rest} of {len(self)} are not shown here. "
                "Each is a picture, <code>steps[-1]</code> the last; "
                "<code>viz.page(value)</code> shows all in little room.</p>"
            )
        pictures = "\n".join(shown)
        return f'<div style="max-height: 40em; overflow: auto">\n{pictures}\n</div>'

    def __repr__(self) -> str:
        return f"<{len(self)} steps, from {self[0]!r} to {self[-1]!r}>"


class Sheet:
    """What all pictures of one story are drawn on: the circuit, and room for a sentence below.

    Attributes:
        story: the circuit and its steps.
        palette: the colours.
        lines: the words of each sentence, line by line.
        top: the baseline of a sentence's first line.
        layout: where everything stands, numbers and made-up names left out.
    """

    def __init__(self, story: Story) -> None:
        self.story = story
        self.palette = palette = story.view.palette
        sentences = [
            words_of(moment.parts, story.names, story.numbers, palette) for moment in story.moments
        ]
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
        gate = placed[story.values[moment.gate]].gate if moment.gate is not None else None
        if gate:
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
        return group(f' fill="{self.palette.ink}"', caption(self.lines[step], MARGIN, self.top))

    def _numbers_at(self, step: int, role: str) -> Iterator[str]:
        """The numbers of one role after a step, in bold type if they are new."""
        for each in self.story.at(step):
            if each.role == role:
                weight = ' font-weight="bold"' if each.is_new(step) else ""
                yield text_element(self.story.text(each), weight)


_GLOWING = f' fill="{GLOW}" fill-opacity="0.35" stroke="#000000" stroke-width="2.5"'


def steps(
    value: Value,
    *,
    decimals: int | None = None,
    palette: Literal["cs231n", "colorblind"] = "cs231n",
    inputs: Inputs = "far",
    title: str | None = None,
    branches: bool = False,
    local: bool = False,
    expand: Expand = False,
    names: Mapping[str, Any] | None = None,
    limit: int | None = STEPS_LIMIT,
) -> Steps:
    """The circuit of a value after each step of the forward and of the backward pass.

    First the inputs have their numbers. Going forward each gate computes its output; going backward
    each wire carries upstream × local to an input, where the contributions are added up. With
    `branches`, a contribution stands on its branch from then on, and the sum so far on the trunk;
    with `local`, a gate shows its local gradients when it has computed its output. The gradients
    are those of this one pass, whether or not `backward()` has been called.

    Args:
        value: the output of the circuit.
        decimals, palette, inputs, title, branches, local, expand, names: as for `viz.draw`.
        limit: how many values the circuit may have; None for any number. The series of pictures
            grows with the square of the circuit; `viz.page` tells the same in one.

    Returns:
        A sequence of pictures with the same geometry, each with its `.sentence`, `.svg` and
        `.save("step.svg")`; `.save("folder")` of the sequence writes them all.

    Raises:
        TypeError, ValueError: as `viz.draw`.

    >>> x, y = Value(-2.0, "x"), Value(5.0, "y")
    >>> q = x * y
    >>> q.label = "q"
    >>> for step in steps(q):
    ...     print(step.sentence)
    inputs: x = −2, y = 5
    q = x * y = −2 * 5 = −10
    the backward pass starts at q, with gradient 1
    gradient of x: upstream 1 × local 5 = 5
    gradient of y: upstream 1 × local −2 = −2
    """
    view = view_of(
        value,
        "steps",
        decimals=decimals,
        palette=palette,
        inputs=inputs,
        title=title,
        branches=branches,
        local=local,
        expand=expand,
        names=names,
        limit=limit,
    )
    return Steps(Sheet(tell(view)))
