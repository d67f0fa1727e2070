"""`animate`: both passes through a circuit as one SVG that moves by itself, with CSS alone."""

import hashlib
from collections.abc import Iterator
from functools import cached_property
from math import isfinite
from typing import TYPE_CHECKING

from autograd_core import Value
from viz.scene.options import CircuitOptions, read_options, takes_options
from viz.scene.scene import scene_of
from viz.story import ROLES, Sheet, Story, tell
from viz.write.picture import SVGPicture
from viz.write.svg import group, text_element, write_svg

if TYPE_CHECKING:
    from typing_extensions import Unpack

REST = 4
"""For how many steps the finished picture stands still before the story begins again."""


class Animation(SVGPicture):
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
    scene = scene_of(value, read_options(animate, options))
    return Animation(Sheet(tell(scene)), seconds)


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
        moving = [common, *classes]
        return "\n".join(
            [
                "<style>",
                *frames,
                "@media (prefers-reduced-motion: no-preference) {",
                *moving,
                "}",
                "</style>",
            ]
        )

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
