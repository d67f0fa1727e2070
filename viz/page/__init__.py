"""`page`: a circuit as one HTML file in which both passes can be stepped through, and changed.

`page.js` shows the steps, with `passes.js` and `numbers.js`, which need no document; `tools.js` is
what one can do with the circuit. `facts` is what they are told of it; of `functions.js` a page gets
what its gates need.
"""

import hashlib
from dataclasses import replace
from functools import cached_property
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from autograd_core import Value
from viz.draw import Drawing
from viz.layout.geometry import Box
from viz.page.facts import Parameters, facts_of, parameters_of, places_of
from viz.page.formulas import formula_of
from viz.scene.scene import scene_of
from viz.scene.style import PALETTES, PageOptions, Palette, length_text, read_options, takes_options
from viz.story import ROLES, TOLD, Story
from viz.write.picture import read_template, save_picture
from viz.write.svg import edges, gate_glow, group, line, text_element, write_svg

if TYPE_CHECKING:
    from typing_extensions import Unpack

DARK = {
    "cs231n": Palette(data="#5fc96a", grad="#ff8a80", local="#8ab8f2"),
    "colorblind": Palette(data="#56b4e9", grad="#f0a35e", local="#c4c4c4"),
}
"""The colours of each palette on a dark ground."""

COLOURS = Palette(
    data="var(--data)",
    grad="var(--grad)",
    local="var(--local)",
    ink="var(--ink)",
    paper="var(--paper)",
    shade="var(--shade)",
    soft="var(--soft)",
    tint="var(--tint)",
)
"""The style sheets say what these are, in the light and in the dark."""

ROOM = "-00.00"
"""A number that has room on every value, so that leaves can be changed."""

SMALLEST, LARGEST = 0.75, 1.5
"""How far the picture shrinks in a small window and grows in a large one."""


class Page:
    """A circuit as an interactive page, as `viz.page` returns it; it shows itself in a notebook."""

    def __init__(self, story: Story, still: Drawing, parameters: list[int]) -> None:
        self._story = story
        self._still = still
        self._title = still.scene.title
        self._parameters = parameters

    @cached_property
    def html(self) -> str:
        """The page: one HTML file that needs nothing but itself, and no network.

        Style and script stand in it as they were written, comments included, for whoever looks at
        the source of the page to see how it is done.
        """
        from viz.page.javascript import write_arithmetic  # reads a file

        story = self._story
        facts = facts_of(story)
        pictures = [_picture(story, "picture of the circuit", self._heading)]
        for value, part in story.parts.items():
            inside = f"inside {story.scene.names[value]}"
            pictures.append(_picture(part, inside, inside, f' data-at="{value}" hidden'))
        arithmetic = write_arithmetic(story.scene.trace)
        names = ("page.html", "page.css", "passes.js", "numbers.js", "page.js", "tools.js")
        parts = {name: read_template(f"page/{name}") for name in names}
        formula = self._formula if self._formula != self._heading else None
        return Template(parts["page.html"]).substitute(
            title=escape(self._heading),
            formula=f"\n<p>{escape(formula)}</p>" if formula else "",
            colours=_colours(story.scene.options.palette),
            style=parts["page.css"],
            pictures="".join(pictures),
            closed=_choice(story) if story.parts else "",
            last=len(story.moments) - 1,
            prefix="circuit-" + hashlib.sha256((facts + arithmetic).encode()).hexdigest()[:8],
            story=facts,
            arithmetic=arithmetic,
            parameters=self._parameters,
            passes=parts["passes.js"],
            numbers=parts["numbers.js"],
            script=parts["page.js"],
            tools=parts["tools.js"],
        )

    @property
    def _heading(self) -> str:
        return self._title or self._formula or self._story.blocks[-1].sentence

    @cached_property
    def _formula(self) -> str | None:
        return formula_of(self._story.scene.trace, self._story.scene.names)

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
        layout = self._story.layout
        scale = min(max(_FRAME / layout.width, SMALLEST), LARGEST)
        height = min(max(layout.height * scale, _LOW), _HIGH) + _OTHERS
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
_LOW, _HIGH = 150, 420  # the least and the most that the picture takes of its height
_OTHERS = 440  # what all else takes


@takes_options(without=("title",))
def page(
    value: Value,
    title: str | None = None,
    *,
    parameters: Parameters = None,
    **options: "Unpack[PageOptions]",
) -> Page:
    """A page on which both passes through a circuit can be followed, and its leaves changed.

    It steps through the forward and the backward pass with buttons, a slider, the arrow keys, and
    links to a step (`circuit.html#step-7`). Each step says in a sentence what is computed; going
    backward, "upstream × local" with its numbers, and where these come from. Picture, sentence and
    controls fit into one window; a picture that is larger scrolls to the gate at work. Neurons and
    whatever else is closed are opened beside it, by a click. It works
    without a network, in a notebook, in the light and in the dark. Below are four tools:

    - Numbers: when a leaf is changed, by typing or by dragging it in the picture, all others
      follow: the page computes with the rules of the gate table.
    - Descent: gradient steps, parameter - rate × gradient, with the curve of the outputs.
    - Slope: the output against one leaf, with the tangent, whose slope is the gradient.
    - Quiz: gradients are hidden and asked for; of those that are wrong, the page says upstream ×
      local.

    Args:
        value: the output of the circuit.
        title: the heading of the page; if left out, the circuit as a formula.
        parameters: the leaves that a gradient step changes: the parameters of a model, some values,
            or some names, `parameters={"w", b}`. If left out, those called as lectures call
            parameters: w or θ, and b beside them, with an index or without. If there is no w or θ,
            or w is one of x, y, z, w: all leaves.
        decimals, palette, inputs, branches, local, expand, names, limit: as for `viz.draw`; but
            above the limit neurons, sums and rows are closed, and no gate is left out. An opened
            gate is computed by its parts when a leaf is changed.

    Raises:
        TypeError, ValueError: as `viz.draw`, and if `parameters` has what is no leaf here.

    >>> x, y = Value(-2.0, "x"), Value(5.0, "y")
    >>> page(x * y)
    <Page of 5 steps; .save('circuit.html') writes it>
    """
    scene = scene_of(value, read_options(page, {**options, "title": title}, TOLD))
    still = Drawing(scene.of_this_pass())
    # the heading of the page is its title, so that the picture needs none
    story = Story(replace(scene, palette=COLOURS, title=None), ROOM)
    chosen = parameters_of(scene, parameters)
    return Page(story, still, [leaf for leaf in story.leaves if leaf in chosen])


def _colours(palette: str) -> str:
    """The colours of a palette as the style sheet knows them, in the light and in the dark."""
    light, dark = (
        " ".join(f"--{role}: {colours.of(role)};" for role in ROLES)
        for colours in (PALETTES[palette], DARK[palette])
    )
    return f":root {{ {light} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}"


def _picture(story: Story, label: str, heading: str, attributes: str = "") -> str:
    """A picture of the circuit, or of a part of it, in a box in which it scrolls."""
    width, height = story.layout.width, story.layout.height
    sizes = {"least": SMALLEST * width, "most": LARGEST * width}
    style = "".join(f"--{name}: {length_text(size)}px; " for name, size in sizes.items())
    svg = write_svg(
        story.bare_layout,
        story.blocks,
        story.scene.palette,
        heading=heading,
        overlay=_overlay(story),
    )
    return (
        f'<div class="picture" style="{style}--aspect: {length_text(width / height)}" '
        f'tabindex="0" role="group" aria-label="{escape(label)}"{attributes}>\n{svg}</div>\n'
    )


def _choice(story: Story) -> str:
    """Where one chooses what is opened: a click in the picture does the same."""
    options = "".join(
        f'<option value="{value}">{escape(story.scene.names[value])}</option>\n'
        for value in story.parts
    )
    return (
        '<label>inside <select class="closed">\n<option value="">nothing</option>\n'
        f"{options}</select></label>\n"
    )


def _overlay(story: Story) -> list[str]:
    """What the script lights up, writes and lets be dragged or opened."""
    placed, at, names = story.layout.blocks, story.block_of, story.scene.names
    gates = [
        gate_glow(gate, f' data-at="{turn}"')
        for turn, step in enumerate(story.scene.trace.forward)
        if step.out in at and (gate := placed[at[step.out]].gate)
    ]
    backward = story.moments[story.first_backward + 1 :]
    wires = [
        line(path, f' data-at="{wire}"')
        for moment in backward
        for wire in moment.wires
        if (path := story.path(wire))
    ]
    handles = [
        _hold(
            Box(box.left - 4, box.top - 6, box.right + 4, box.bottom + 4),
            leaf,
            f"drag to change {names[leaf]}",
        )
        for leaf in story.leaves
        if leaf in at
        for box in [story.place(at[leaf], "data").box]
    ]
    doors = [
        _hold(gate.box, value, f"open {names[value]}", gate.radius)
        for value in story.parts
        if (gate := placed[at[value]].gate)
    ]
    return [
        *group(' class="stubs"', [line(each.stub) for each in placed]),
        *group(' class="wires"', wires),
        *group(' class="gates"', gates),
        *group(' class="made-up"', map(text_element, story.made_up_names())),
        *(each for role in ROLES for each in group(f' class="{role}"', _empty_places(story, role))),
        *group(' class="handles"', handles),
        *group(' class="doors"', doors),
    ]


def _empty_places(story: Story, role: str) -> list[str]:
    """The places of the numbers of one role, which the script writes."""
    texts = [story.place(*place) for place in places_of(story) if place[1] == role]
    return [f'<text x="{length_text(x.x)}" y="{length_text(x.y)}"></text>' for x in texts]


def _hold(box: Box, value: int, words: str, corner: float = 4.0) -> str:
    """Where a number or a gate can be taken hold of, and what happens then."""
    return (
        f'<rect{edges(box)} rx="{length_text(corner)}" data-at="{value}">'
        f"<title>{escape(words)}</title></rect>"
    )
