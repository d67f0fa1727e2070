"""`page`: a circuit as one HTML file in which both passes can be stepped through, and changed."""

import hashlib
import json
from dataclasses import replace
from functools import cached_property
from html import escape
from math import isfinite
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from autograd_core import GATES, ForwardStep, Value
from autograd_core.explain import Name, Number, Part, gate_in_words, refusal_parts
from viz.draw import Drawing
from viz.layout.geometry import Box
from viz.page.javascript import write_arithmetic
from viz.scene.blocks import Shown
from viz.scene.scene import scene_of
from viz.scene.style import PageOptions, Palette, length_text, read_options, takes_options
from viz.story import ROLES, TOLD, Story
from viz.write.picture import read_template, save_picture
from viz.write.svg import edges, gate_glow, group, line, text_element, write_svg

if TYPE_CHECKING:
    from typing_extensions import Unpack

Place = tuple[int, str]
"""Where a number stands: a block and a role."""

COLOURS = Palette(
    data="var(--data)",
    grad="var(--grad)",
    local="var(--local)",
    ink="var(--ink)",
    paper="var(--paper)",
    shade="var(--shade)",
    soft="var(--soft)",
)
"""The style sheet says what these are, in the light and in the dark."""

NOTHING = "<rect/>"
"""What stands for a gate or a leaf that is not shown."""

ROOM = "-00.00"
"""A number that has room on every value, so that leaves can be changed."""

SMALLEST, LARGEST = 0.6, 1.25
"""How far the picture shrinks in a narrow window and grows in a wide one."""


class Page:
    """A circuit as an interactive page, as `viz.page` returns it; it shows itself in a notebook."""

    def __init__(self, story: Story, still: Drawing, title: str | None) -> None:
        self._story = story
        self._still = still
        self._title = title

    @cached_property
    def html(self) -> str:
        """The page: one HTML file that needs nothing but itself, and no network.

        Style and script stand in it as they were written, comments included, for whoever looks at
        the source of the page to see how it is done.
        """
        story = self._story
        facts = _facts(story)
        picture = write_svg(
            story.bare_layout,
            story.blocks,
            story.scene.palette,
            heading=self._heading,
            overlay=_overlay(story),
        )
        arithmetic = write_arithmetic(story.scene.trace)
        names = ("page.html", "page.css", "passes.js", "numbers.js", "page.js")
        parts = {name: read_template(f"page/{name}") for name in names}
        return Template(parts["page.html"]).substitute(
            title=escape(self._heading),
            style=parts["page.css"],
            picture=picture,
            least=length_text(SMALLEST * story.layout.width),
            most=length_text(LARGEST * story.layout.width),
            fields="\n".join(_fields(story)),
            last=len(story.moments) - 1,
            prefix="circuit-" + hashlib.sha256((facts + arithmetic).encode()).hexdigest()[:8],
            story=facts,
            arithmetic=arithmetic,
            passes=parts["passes.js"],
            numbers=parts["numbers.js"],
            script=parts["page.js"],
        )

    @property
    def _heading(self) -> str:
        return self._title or "Backpropagation, step by step"

    def save(self, path: str | Path) -> None:
        """Write the page to an HTML file, whole or not at all.

        Raises:
            ValueError: if the file's name does not end in `.html` or `.htm`.
            OSError: if the file cannot be written.
        """
        save_picture(path, {".html": lambda: self.html.encode()}, "a page")

    def _repr_html_(self) -> str:
        """The page in a frame of its own, which can run its script and reach nothing else.

        A notebook that is not trusted drops the frame and the style that hides the picture.
        """
        leaves = len(_leaves(self._story))
        layout = self._story.layout
        scale = min(max(_FRAME / layout.width, SMALLEST), LARGEST)
        height = layout.height * scale + _OTHERS + _ROW * (leaves // _IN_A_ROW)
        return (
            "<style>.circuit-page + .circuit-still { display: none }</style>"
            f'<iframe class="circuit-page" sandbox="allow-scripts" title="{escape(self._heading)}" '
            f'style="width: 100%; height: {length_text(height)}px; border: 0" '
            f'srcdoc="{escape(self.html)}"></iframe>'
            f'<div class="circuit-still">{self._still._repr_html_()}'
            "<p>Run this cell to play with it.</p></div>"
        )

    def __repr__(self) -> str:
        steps = len(self._story.moments)
        return f"<Page of {steps} steps; .save('circuit.html') writes it>"


_FRAME = 960  # how wide a notebook is, roughly, in pixels
_OTHERS = 370  # what everything but the picture takes of its height, with one row of fields
_ROW = 48
_IN_A_ROW = 5


@takes_options(without=("palette", "title"))
def page(value: Value, title: str | None = None, **options: "Unpack[PageOptions]") -> Page:
    """A page on which both passes through a circuit can be followed, and its leaves changed.

    It steps through the forward and the backward pass with buttons, a slider, the arrow keys, and
    links to a step (`circuit.html#step-7`). Each step says in a sentence what is computed; going
    backward, "upstream × local" with its numbers. When a number of a leaf is changed, by typing or
    by dragging it in the picture, all others follow: the page computes with the rules of the gate
    table. It works without a network, in a notebook, in the light and in the dark.

    Args:
        value: the output of the circuit.
        title: the heading of the page.
        decimals, inputs, branches, local, expand, names, limit: as for `viz.draw`. An opened gate
            is computed by its parts when a leaf is changed.

    Raises:
        TypeError, ValueError: as `viz.draw`.

    >>> x, y = Value(-2.0, "x"), Value(5.0, "y")
    >>> page(x * y)
    <Page of 5 steps; .save('circuit.html') writes it>
    """
    scene = scene_of(value, read_options(page, {**options, "title": title}, TOLD))
    # the heading of the page is its title, so that the picture needs none
    story = Story(replace(scene, palette=COLOURS, title=None), ROOM)
    return Page(story, Drawing(scene.of_this_pass()), scene.title)


def _overlay(story: Story) -> list[str]:
    """What the script lights up, writes and lets be dragged, in the order in which it counts."""
    placed = story.layout.blocks
    at = story.block_of
    gates = [placed[at[x.out]].gate if x.out in at else None for x in story.scene.trace.forward]
    backward = story.moments[story.first_backward + 1 :]
    wires = [story.path(wire) for moment in backward for wire in moment.wires]
    return [
        *group(' class="stubs"', [line(each.stub) for each in placed]),
        *group(' class="wires"', [line(path) for path in wires]),
        *group(' class="gates"', [gate_glow(gate) if gate else NOTHING for gate in gates]),
        *group(' class="made-up"', map(text_element, story.made_up_names())),
        *(each for role in ROLES for each in group(f' class="{role}"', _empty_places(story, role))),
        *group(' class="handles"', [_handle(story, index) for index in _leaves(story)]),
    ]


def _empty_places(story: Story, role: str) -> list[str]:
    """The places of the numbers of one role, which the script writes."""
    texts = [story.place(*place) for place in _places(story) if place[1] == role]
    return [f'<text x="{length_text(x.x)}" y="{length_text(x.y)}"></text>' for x in texts]


def _handle(story: Story, leaf: int) -> str:
    """Where a leaf's number can be taken hold of."""
    if leaf not in story.block_of:
        return NOTHING
    box = story.place(story.block_of[leaf], "data").box
    around = Box(box.left - 4, box.top - 6, box.right + 4, box.bottom + 4)
    return (
        f'<rect{edges(around)} rx="4">'
        f"<title>drag to change {escape(story.scene.names[leaf])}</title></rect>"
    )


def _fields(story: Story) -> list[str]:
    """For each leaf a field to type a number in."""
    return [
        f'<label><bdi>{escape(story.scene.names[leaf])}</bdi> = <input type="number" step="any" '
        f"{_start(story.numbers['data'][leaf])}></label>"
        for leaf in _leaves(story)
    ]


def _start(number: float) -> str:
    """What a field has at first; one for numbers takes no `inf`, but can show it while empty."""
    attribute = "value" if isfinite(number) else "placeholder"
    return f'{attribute}="{repr(number).removesuffix(".0")}"'


def _leaves(story: Story) -> list[int]:
    return [value.index for value in story.scene.trace.values if value.gate is None]


def _facts(story: Story) -> str:
    """All that is said and shown on a page but the numbers, which the page computes, as JSON."""
    steps = story.scene.trace.forward
    gates = [step.gate for step in steps]
    return _as_json(
        {
            "names": story.scene.names,
            "definitions": [block.sentence for block in story.blocks],
            "decimals": story.scene.options.decimals,
            "places": _places_in_facts(story),
            "sentences": [_parts_as_json(moment.parts) for moment in story.moments],
            "gates": gates,
            "patterns": {gate: f"{gate_in_words(gate)}, {GATES[gate].pattern}" for gate in gates},
            "refusals": [_refusals(step) for step in steps],
        }
    )


def _places(story: Story) -> list[Place]:
    """Where numbers come and go: values, then gradients, then local gradients."""
    found = sorted({(each.block, each.role) for each in story.shown})
    return [place for role in ROLES for place in found if place[1] == role]


def _places_in_facts(story: Story) -> list[dict[str, object]]:
    """The places for numbers: block, room, and which numbers are shown from which step on."""
    shown: dict[Place, list[Shown]] = {}
    for each in story.shown:
        shown.setdefault((each.block, each.role), []).append(each)
    return [
        {
            "block": place[0],
            "words": shown[place][0].words,
            "room": int(box.right - box.left) + 4,  # how wide a number may get
            "shows": [[each.first, each.number.kind, each.number.index] for each in shown[place]],
        }
        for place in _places(story)
        for box in [story.place(*place).box]
    ]


def _refusals(step: ForwardStep) -> list[list[object]]:
    """For each part of a gate's domain what is said of numbers outside."""
    parts = refusal_parts(step)
    return [_parts_as_json((*parts, f": {domain.reason}")) for domain in GATES[step.gate].domain]


def _parts_as_json(parts: tuple[Part, ...]) -> list[object]:
    """A sentence as the script reads it: text, `[3]` for a name, `["data", 3]` for a number."""
    written: list[object] = []
    for part in parts:
        if isinstance(part, Name):
            written.append([part.index])
        elif isinstance(part, Number):
            bracketed = [1] if part.bracketed else []
            written.append([part.kind, part.index, *bracketed])
        elif written and isinstance(written[-1], str):
            written[-1] += part
        else:
            written.append(part)
    return written


def _as_json(thing: object) -> str:
    """JSON that can stand in a `script` element: no text in it ends the element, or begins one."""
    text = json.dumps(thing, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")
