"""The forward and the backward pass through a circuit, step by step.

`steps` are a series of pictures; `animate` makes one SVG that moves by itself, with CSS alone.
"""

import hashlib
from collections.abc import Iterator, Sequence
from functools import cached_property
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, overload

from autograd_core import Value, replace_file
from viz.scene.scene import scene_of
from viz.scene.style import CircuitOptions, read_options, takes_options
from viz.story import ROLES, TOLD, Sheet, Story
from viz.write.picture import Picture
from viz.write.svg import group, text_element, write_svg

if TYPE_CHECKING:
    from typing_extensions import Unpack

STEPS = 150
"""How many values a circuit has at most of which there are steps."""

NOTEBOOK = 2_000_000
"""How many characters of pictures a notebook is given to show, roughly."""


class Step(Picture):
    """One step of a circuit's two passes; it shows itself in a notebook.

    Attributes:
        number: its place in the series, from 0.
        sentence: what happens in this step.
    """

    _kind = "a step"

    def __init__(self, sheet: Sheet, number: int) -> None:
        self._sheet = sheet
        self.number = number
        self.sentence = "".join(text for text, _ in sheet.story.sentences[number])

    @cached_property
    def svg(self) -> str:
        """The circuit after this step as SVG text: what is known, what is at work, the sentence."""
        return self._sheet.picture(self.number, self.sentence)

    def __repr__(self) -> str:
        return f"<Step {self.number}: {self.sentence}>"


class Steps(Sequence[Step]):
    """The steps of a circuit's two passes as `viz.steps` returns them: a sequence of pictures."""

    def __init__(self, sheet: Sheet) -> None:
        self._steps = [Step(sheet, number) for number in range(len(sheet.story.moments))]

    def __len__(self) -> int:
        return len(self._steps)

    @overload
    def __getitem__(self, place: int) -> Step: ...
    @overload
    def __getitem__(self, place: slice) -> list[Step]: ...
    def __getitem__(self, place: int | slice) -> Step | list[Step]:
        return self._steps[place]

    def save(self, path: str | Path) -> list[Path]:
        """Write the pictures as `step-00.svg`, `step-01.svg`, … into a folder, or into one PDF.

        The folder is made if it is not there; other files in it are left alone.

        Args:
            path: the folder; or a file, `steps.pdf`, which gets a page for each step.

        Returns:
            The files, in order.

        Raises:
            ModuleNotFoundError: if a package that makes a PDF is not installed.
            OSError: if a file cannot be written.
        """
        folder = Path(path)
        if folder.suffix.lower() == ".pdf":
            from viz.write.render import pdf_of

            replace_file(folder, pdf_of(*(step.svg for step in self)))
            return [folder]
        if folder.is_file() or folder.suffix.lower() in (".svg", ".png", ".html"):
            raise ValueError(f"{str(path)!r}: steps are saved in a folder, or in one .pdf")
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
        return f"<{len(self)} steps; [0] is the first, .save('folder') writes them>"


@takes_options()
def steps(value: Value, **options: "Unpack[CircuitOptions]") -> Steps:
    """The circuit of a value after each step of the forward and of the backward pass.

    First the inputs have their numbers. Going forward each gate computes its output; going backward
    each wire carries upstream × local to an input, where the contributions are added up. With
    `branches`, a contribution stands on its branch from then on, and the sum so far on the trunk;
    with `local`, a gate shows its local gradients when it has computed its output. The gradients
    are those of this one pass, whether or not `backward()` has been called.

    Args:
        value: the output of the circuit.
        decimals, palette, inputs, title, branches, local, expand, names, limit: as for `viz.draw`.
            A circuit may have 150 values, or as many as the limit, for the series of pictures grows
            with it; `viz.page` tells the same in one.

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
    inputs: x = -2, y = 5
    q = x * y = -2 * 5 = -10
    the backward pass starts at q, with gradient 1
    gradient of x: upstream 1 × local 5 = 5
    gradient of y: upstream 1 × local -2 = -2
    """
    return Steps(Sheet(Story(scene_of(value, read_options(steps, options, STEPS)))))


REST = 4
"""For how many steps the finished picture stands still before the story begins again."""


class Animation(Picture):
    """A picture that tells a circuit's two passes in a loop, as `viz.animate` returns it.

    It needs no script, so it also runs in an `<img>`, and with that in a README.
    """

    _kind = "an animation"

    def __init__(self, sheet: Sheet, seconds: float) -> None:
        self._sheet = sheet
        self._seconds = seconds

    @cached_property
    def svg(self) -> str:
        """The picture as SVG text. Where nothing may move, it shows the finished passes."""
        sheet, story = self._sheet, self._sheet.story
        # no other picture on the same page may have a style of the same name
        sentences = [block.sentence for block in story.blocks]
        told = "\n".join([*sentences, repr(story.numbers), repr(self._seconds)])
        film = _Film(
            name="film-" + hashlib.sha256(told.encode()).hexdigest()[:8],
            steps=len(story.moments) + REST,
            seconds=self._seconds,
        )
        scenes = sheet.names()
        for role in ROLES:
            scenes += sheet.numbers(role, _numbers(story, role, film))
        for step in range(len(story.moments)):
            scenes += group(
                film.between(step, step + 1), [*sheet.lights(step), *sheet.sentence(step)]
            )
        return write_svg(
            sheet.layout,
            sheet.blocks(len(story.moments) - 1),
            sheet.palette,
            heading=f"Forward and backward through {story.blocks[-1].sentence}",
            overlay=[film.style(), *scenes],
        )

    def __repr__(self) -> str:
        steps = len(self._sheet.story.moments)
        return f"<Animation of {steps} steps; .save('circuit.svg') writes it>"


@takes_options()
def animate(
    value: Value, *, seconds: float = 1.5, **options: "Unpack[CircuitOptions]"
) -> Animation:
    """Both passes through a circuit as one SVG that plays by itself, again and again.

    Each step shows what `viz.steps` shows. The picture moves by CSS alone, so it runs wherever an
    image may stand, such as in a README; whoever prefers reduced motion sees the finished picture.

    Args:
        value: the output of the circuit.
        seconds: how long each step lasts.
        decimals, palette, inputs, title, branches, local, expand, names, limit: as for `viz.draw`.

    Raises:
        TypeError, ValueError: as `viz.draw`, or if `seconds` is no time.

    >>> x, y = Value(-2.0, "x"), Value(5.0, "y")
    >>> animate(x * y)
    <Animation of 5 steps; .save('circuit.svg') writes it>
    """
    if not (isinstance(seconds, int | float) and isfinite(seconds) and seconds > 0):
        raise ValueError(f"seconds must be a number above 0, not {seconds!r}")
    scene = scene_of(value, read_options(animate, options, TOLD))
    return Animation(Sheet(Story(scene)), seconds)


class _Film:
    """The style sheet of an animation, and the attributes that refer to it.

    Without motion, what belongs to a step is hidden and what stays in the end is visible; so each
    picture is complete before any rule is read.
    """

    def __init__(self, name: str, steps: int, seconds: float) -> None:
        self._name = name
        self._steps = steps
        self._seconds = seconds
        self._frames: dict[str, str] = {}

    def between(self, first: int, end: int) -> str:
        """For what is seen from a step on, until another takes its place."""
        return f' visibility="hidden"{self._named(first, end)}'

    def since(self, first: int) -> str:
        """For what is seen from a step on, to the end."""
        return self._named(first, None) if first else ""

    def style(self) -> str:
        """The rules for all that has been asked for so far."""
        frames = [f"@keyframes {name} {{{rule}}}" for name, rule in self._frames.items()]
        classes = [f".{name} {{animation-name: {name}}}" for name in self._frames]
        whole = self._steps * self._seconds
        common = (
            f"[class^={self._name}] {{animation-duration: {whole:g}s; "
            "animation-timing-function: step-end; animation-iteration-count: infinite}"
        )
        media = "@media (prefers-reduced-motion: no-preference) {"
        return "\n".join(["<style>", *frames, media, common, *classes, "}", "</style>"])

    def _named(self, first: int, end: int | None) -> str:
        """The class of what is visible in that time."""
        name = f"{self._name}-{first}" + ("" if end is None else f"-{end}")
        begin = f"{self._percent(first)} {{visibility: visible}}"
        before = "0% {visibility: hidden} " if first else ""
        after = "" if end is None else f" {self._percent(end)} {{visibility: hidden}}"
        self._frames[name] = before + begin + after
        return f' class="{name}"'

    def _percent(self, step: int) -> str:
        return f"{100 * step / self._steps:.4g}%"


def _numbers(story: Story, role: str, film: _Film) -> Iterator[str]:
    """Each number of a role from the step on in which it is known, until another replaces it."""
    for each in story.shown:
        if each.role == role:
            first, end = each.first, each.end
            seen = film.since(first) if end is None else film.between(first, end)
            yield text_element(story.text(each), seen)
