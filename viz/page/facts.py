"""What a page is told of a circuit: all that is said and shown but the numbers, as JSON."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from autograd_core import GATES, ForwardStep, Value
from autograd_core.explain import Name, Number, Part, gate_in_words, refusal_parts
from viz.page.formulas import local_formulas
from viz.scene.blocks import Shown
from viz.scene.scene import Scene
from viz.story import ROLES, Story

Place = tuple[int, str]
"""Where a number stands: a block and a role."""


class HasParameters(Protocol):
    """A model, such as an `nn.MLP`."""

    def parameters(self) -> Collection[Value]:
        """What is trained."""
        ...


Parameters = HasParameters | Value | str | Collection[Value | str] | None
"""Which leaves are parameters: those of a model, some values, or some names."""


def parameters_of(scene: Scene, asked: Parameters) -> list[int]:
    """The leaves that a gradient step changes, by index.

    Raises:
        TypeError: if it is none of `Parameters`.
        ValueError: if a name or a value is not one of the leaves, or a model has none of them.

    >>> from viz.scene.scene import scene_of
    >>> w, x, b = Value(2.0, "w"), Value(3.0, "x"), Value(1.0, "b")
    >>> parameters_of(scene_of(w * x + b), None), parameters_of(scene_of(x + b), None)
    ([0, 3], [0, 1])
    >>> parameters_of(scene_of(w * x + b), {"x"})
    [1]
    """
    leaves = [value.index for value in scene.trace.values if value.gate is None]
    names = [scene.names[leaf] for leaf in leaves]
    if asked is None:
        wanted: set[str | int] = {name for name in names if _WEIGHT.fullmatch(name)}
        if not wanted or {"w", "z"} <= {*names}:  # x, y, z, w are variables
            return leaves
        wanted |= {name for name in names if _BIAS.fullmatch(name)}
    elif callable(parameters := getattr(asked, "parameters", None)):
        wanted = {id(value) for value in parameters()}
        if not any(id(scene.values[leaf]) in wanted for leaf in leaves):
            raise ValueError("parameters has a model of which no parameter is in this circuit")
    else:
        listed = _listed(asked)
        wanted = {each if isinstance(each, str) else id(each) for each in listed}
        known = {*names, *(id(scene.values[leaf]) for leaf in leaves)}
        for each in listed:
            if (each if isinstance(each, str) else id(each)) not in known:
                raise ValueError(
                    f"parameters has {each!r}, which is no leaf here; these are: {', '.join(names)}"
                )
    return [
        leaf
        for leaf, name in zip(leaves, names, strict=True)
        if name in wanted or id(scene.values[leaf]) in wanted
    ]


_INDEX = r"[\d₀-₉⁰¹²³⁴-⁹,._\[\]]*( \(\d+\))?"
_WEIGHT = re.compile(rf"(.*\.)?([wWθ]|weights?){_INDEX}")
_BIAS = re.compile(rf"(.*\.)?(b|bias|biases){_INDEX}")
"""How lectures name parameters: w, w0, w¹₂₃, W[1][0], layers.0.weights.2, b₁, θ."""


def _listed(asked: Any) -> list[Value | str]:
    if isinstance(asked, Value | str):
        return [asked]
    if isinstance(asked, Collection) and not isinstance(asked, Mapping):
        listed = list(asked)
        if listed and all(isinstance(each, Value | str) for each in listed):
            return listed
    raise TypeError(
        "parameters takes a model, or a collection of values and of names, "
        f'{{"w", b}}, not {asked!r}'
    )


def facts_of(story: Story) -> str:
    """All that is said and shown on a page but the numbers, which the page computes, as JSON.

    A sentence is a list: text, `[3]` for the name of value 3, `["data", 3]` for its number.
    """
    pictures = [story, *story.parts.values()]
    steps = story.scene.trace.forward
    gates = [step.gate for step in steps]
    return _as_json(
        {
            "names": story.scene.names,
            "leaves": story.leaves,
            "definitions": [block.sentence for each in pictures for block in each.blocks],
            "decimals": story.scene.options.decimals,
            "places": _places_in_facts(pictures),
            "locals": local_formulas(story.scene.trace),
            "sentences": [_parts_as_json(moment.parts) for moment in story.moments],
            "gates": gates,
            "patterns": {gate: f"{gate_in_words(gate)}, {GATES[gate].pattern}" for gate in gates},
            "refusals": [_refusals(step) for step in steps],
        }
    )


def places_of(story: Story) -> list[Place]:
    """Where numbers come and go: values, then gradients, then local gradients."""
    found = sorted({(each.block, each.role) for each in story.shown})
    return [place for role in ROLES for place in found if place[1] == role]


def _places_in_facts(pictures: Sequence[Story]) -> list[dict[str, object]]:
    """The places for numbers: block, room, and which numbers are shown from which step on.

    Blocks are counted through all pictures.
    """
    places: list[dict[str, object]] = []
    before = 0
    for story in pictures:
        shown: dict[Place, list[Shown]] = {}
        for each in story.shown:
            shown.setdefault((each.block, each.role), []).append(each)
        for place in places_of(story):
            box = story.place(*place).box
            shows = [[each.first, each.number.kind, each.number.index] for each in shown[place]]
            places.append(
                {
                    "block": before + place[0],
                    "words": shown[place][0].words,
                    "room": int(box.right - box.left) + 4,  # how wide a number may get
                    "shows": shows,
                }
            )
        before += len(story.blocks)
    return places


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
