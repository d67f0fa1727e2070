"""What the script of a page reads: the story of a circuit as JSON."""

import json

from autograd_core import GATES, ForwardStep
from autograd_core.explain import Name, Number, Part, gate_in_words, refusal_parts
from viz.layout.geometry import Box
from viz.scene.timeline import Shown
from viz.story import ROLES, Story

Place = tuple[int, str]
"""Where a number stands: a block and a role."""


def write_facts(story: Story) -> str:
    """All that is said and shown on a page but the numbers, which the page computes.

    Returns:
        JSON that can stand in a `script` element.
    """
    steps = story.scene.trace.forward
    return _as_json(
        {
            "names": story.scene.names,
            "definitions": [block.sentence for block in story.blocks],
            "decimals": story.scene.options.decimals,
            "places": _places_as_json(story),
            "sentences": [_parts_as_json(moment.parts) for moment in story.moments],
            "gates": [step.gate for step in steps],
            "patterns": {step.gate: _pattern(step) for step in steps},
            "refusals": [_refusals(step) for step in steps],
        }
    )


def places_of(story: Story) -> list[Place]:
    """Where numbers come and go: values, then gradients, then local gradients."""
    found = sorted({(each.block, each.role) for each in story.shown})
    return [place for role in ROLES for place in found if place[1] == role]


def _places_as_json(story: Story) -> list[dict[str, object]]:
    """The places for numbers: block, room, and which numbers are shown from which step on."""
    shown: dict[Place, list[Shown]] = {}
    for each in story.shown:
        shown.setdefault((each.block, each.role), []).append(each)
    return [
        {
            "block": place[0],
            "words": shown[place][0].words,
            "room": _room(story.place(*place).box),
            "shows": [[each.first, each.number.kind, each.number.index] for each in shown[place]],
        }
        for place in places_of(story)
    ]


def _room(box: Box) -> int:
    """How wide a number may get."""
    return int(box.right - box.left) + 4


def _pattern(step: ForwardStep) -> str:
    """What a gate does to a gradient."""
    return f"{gate_in_words(step.gate)}, {GATES[step.gate].pattern}"


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
