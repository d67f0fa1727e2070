"""`steps`: the forward and the backward pass through a circuit, picture by picture."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, overload

from autograd_core import Value
from viz.blocks import Block
from viz.caption import LINE, Word, caption, lines_of, width_of, words_of
from viz.checks import LIMIT, Inputs
from viz.files import replace_file
from viz.overlay import GLOW, gate_glow, group, line, text_element
from viz.sentences import write
from viz.shapes import Layout
from viz.story import Story, tell
from viz.style import Palette, format_number, palette_named
from viz.svg import write_svg

MARGIN = 12
NARROWEST = 540
"""A picture is at least so wide, to have room for a sentence."""


class Step:
    """One step of a circuit's two passes; it shows itself in a notebook.

    Attributes:
        number: its place in the series, from 0.
        sentence: what happens in this step.
    """

    def __init__(self, sheet: "Sheet", number: int) -> None:
        self._sheet = sheet
        self.number = number
        story = sheet.story
        self.sentence = write(story.moments[number].parts, story.names, story.numbers)

    @cached_property
    def svg(self) -> str:
        """The circuit after this step as SVG text: what is known, what is at work, the sentence."""
        return self._sheet.picture(self.number, self.sentence)

    def save(self, path: str | Path) -> None:
        """Write the picture to an SVG file, whole or not at all."""
        replace_file(Path(path), self.svg.encode())

    def _repr_svg_(self) -> str:
        return self.svg

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
        pictures = "\n".join(f"<div>{step.svg}</div>" for step in self)
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

    def __init__(self, story: Story, palette: Palette) -> None:
        self.story = story
        self.palette = palette
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
        story, palette = self.story, self.palette
        data, gradients = story.data(step), story.gradients(step)
        known = self.blocks(step)
        overlay = [
            *self.lights(step),
            *self.names(),
            *group(
                f' fill="{palette.data}" text-anchor="middle"',
                (self.number(index, "data", number, step) for index, number in data.items()),
            ),
            *group(
                f' fill="{palette.grad}" text-anchor="middle"',
                (self.number(index, "grad", number, step) for index, number in gradients.items()),
            ),
            *self.sentence(step),
        ]
        return write_svg(self.layout, known, palette, heading=heading, overlay=overlay)

    def blocks(self, step: int) -> list[Block]:
        """What is known of each value after a step, in words: `x = 3, gradient -4`."""
        data, gradients = self.story.data(step), self.story.gradients(step)
        return [
            replace(block, sentence=block.sentence + self._numbers_of(index, data, gradients))
            for index, block in enumerate(self.story.blocks)
        ]

    def lights(self, step: int) -> list[str]:
        """The gate at work and the wires that it uses, the new number's own piece of wire too."""
        story, moment = self.story, self.story.moments[step]
        backward = moment.phase == "backward"
        placed = story.layout.blocks
        paths = story.wires(moment)
        if moment.new is not None:
            paths.append(placed[moment.new].stub)
        colour = self.palette.grad if backward else self.palette.data
        lit = group(
            f' fill="none" stroke="{colour}" stroke-width="3" stroke-linejoin="round"',
            map(line, paths),
        )
        gate = placed[moment.gate].gate if moment.gate is not None else None
        if gate:
            lit.append(gate_glow(gate, _GLOWING))
        return lit

    def names(self) -> list[str]:
        """The names that were made up, paler than those that the user gave."""
        return group(
            f' fill="{self.palette.ink}" fill-opacity="0.6"',
            map(text_element, self.story.made_up_names()),
        )

    def number(self, index: int, role: str, number: float, step: int) -> str:
        """A number on its piece of wire, in bold type if it is new."""
        moment = self.story.moments[step]
        changed = "grad" if moment.phase == "backward" else "data"
        is_new = moment.new == index and role == changed
        text = self.story.text(index, role, number)
        return text_element(text, ' font-weight="bold"' if is_new else "")

    def sentence(self, step: int) -> list[str]:
        """The sentence of a step, under the circuit."""
        return group(f' fill="{self.palette.ink}"', caption(self.lines[step], MARGIN, self.top))

    def _numbers_of(self, index: int, data: dict[int, float], gradients: dict[int, float]) -> str:
        """What is known of a value, in words: ` = 3, gradient -4`."""
        decimals = self.story.decimals
        known = f" = {format_number(data[index], decimals)}" if index in data else ""
        if index in gradients:
            known += f", gradient {format_number(gradients[index], decimals)}"
        return known


_GLOWING = f' fill="{GLOW}" fill-opacity="0.35" stroke="#000000" stroke-width="2.5"'


def steps(
    value: Value,
    *,
    decimals: int | None = None,
    palette: Literal["cs231n", "colorblind"] = "cs231n",
    inputs: Inputs = "far",
    title: str | None = None,
    names: Mapping[str, Any] | None = None,
    limit: int | None = LIMIT,
) -> Steps:
    """The circuit of a value after each step of the forward and of the backward pass.

    First the inputs have their numbers. Going forward each gate computes its output; going backward
    each wire carries upstream × local to an input, where the contributions are added up. The
    gradients are those of this one pass, whether or not `backward()` has been called.

    Args:
        value: the output of the circuit.
        decimals, palette, inputs, title, names, limit: as for `viz.draw`.

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
    colours = palette_named(palette)
    story = tell(
        value, "steps", decimals=decimals, inputs=inputs, title=title, names=names, limit=limit
    )
    return Steps(Sheet(story, colours))
