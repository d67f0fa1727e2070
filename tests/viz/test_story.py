"""Branches, local gradients and opened gates in steps, animations and pages."""

from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from browser import Browser
from geometry import check_geometry, circuits
from hypothesis import given, settings
from hypothesis import strategies as st
from pictures import SVG, numbers_in_picture, story_of

import viz
from autograd_core import Value, all_values, sigmoid
from autograd_core.explain import fixed
from viz.scene.style import PALETTES

ROLES = ("data", "grad", "local")
OPTIONS = st.fixed_dictionaries(
    {"branches": st.booleans(), "local": st.booleans(), "expand": st.booleans()}
)
ALL: dict[str, Any] = {"branches": True, "local": True, "expand": True}


def numbers_in_drawing(drawing: viz.Drawing) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {role: Counter() for role in ROLES}
    colours = {getattr(PALETTES["cs231n"], role): role for role in ROLES}
    for text in ElementTree.fromstring(drawing.svg).iter(f"{SVG}text"):
        if text.get("fill") in colours:
            found[colours[text.get("fill") or ""]][text.text or ""] += 1
    return found


def sizeable(numbers: Counter[str]) -> Counter[str]:
    """Numbers but for what rounding has left of 0: the parts of an opened gate add up otherwise."""
    return Counter({text: n for text, n in numbers.items() if abs(float(text)) > 1e-9})


def lecture() -> Value:
    x, y = Value(3.0, "x"), Value(-2.0, "y")
    return sigmoid(x * y + x * x)


@settings(max_examples=40)
@given(circuits(), OPTIONS)
def test_in_the_end_it_is_the_drawing(value: Value, options: dict[str, Any]) -> None:
    steps = viz.steps(value, decimals=3, **options)
    animation = viz.animate(value, decimals=3, **options)
    last = {role: Counter(numbers_in_picture(steps[-1].svg, role)) for role in ROLES}
    moving = Counter(numbers_in_picture(animation.svg))
    for each in all_values(value):
        each.grad = 0.0
    value.backward()
    drawing = viz.draw(value, decimals=3, **options)
    drawn = numbers_in_drawing(drawing)
    assert {role: sizeable(last[role]) for role in ROLES} == {
        role: sizeable(drawn[role]) for role in ROLES
    }
    assert not Counter(number for role in ROLES for number in last[role]) - moving
    check_geometry(story_of(value, decimals=3, **options).layout)


def test_contributions_add_up_on_the_trunk_as_they_are_made() -> None:
    x, y = Value(3.0, "x"), Value(2.0, "y")
    value = x * x + x * y
    story = story_of(value, branches=True)
    trunk = story.block_of[[v.name for v in story.scene.trace.values].index("x")]
    branches = [at for at, b in enumerate(story.blocks) if b.kind == "branch"]
    assert all(story.blocks[branch].inputs == (trunk,) for branch in branches)
    sums = []
    for step in range(len(story.moments)):
        shown = {each.block: each.number for each in story.at(step) if each.role == "grad"}
        parts = [float(story.digits(shown[branch])) for branch in branches if branch in shown]
        assert sum(parts) == float(story.digits(shown[trunk]) if trunk in shown else 0)
        sums.append(sum(parts))
    assert sorted(set(sums)) == [0, 2, 5, 8]


def test_local_gradients_come_with_the_gates_output() -> None:
    x, y = Value(3.0, "x"), Value(2.0, "y")
    shown = [numbers_in_picture(step.svg, "local") for step in viz.steps(x * y * 5, local=True)]
    assert [sorted(numbers) for numbers in shown[:3]] == [[], ["2", "3"], ["2", "3", "5"]]


def test_a_step_lights_the_wire_from_the_trunk_to_the_gate() -> None:
    story = story_of(lecture(), branches=True, local=True)
    blocks = story.layout.blocks
    for moment in story.moments:
        for path in story.wires(moment):
            assert moment.gate is not None
            gate = blocks[story.block_of[moment.gate]].gate
            assert gate is not None and gate.x <= path[-1][0] <= gate.x + gate.radius
            assert path[0] in [blocks[value].stub[0] for value in story.block_of.values()]


def test_opened_gates_are_told_part_by_part() -> None:
    x = Value(0.0, "x")
    told = [step.sentence for step in viz.steps(sigmoid(x), expand=True)]
    assert told[1:6] == [
        "v1 = -x = -0 = 0",
        "v2 = exp(v1) = exp(0) = 1",
        "v3 = 1 + v2 = 1 + 1 = 2",
        "v4 = 1 / v3 = 1 / 2 = 0.5",
        "the backward pass starts at v4, with gradient 1",
    ]
    assert "<title>" in viz.page(sigmoid(x), expand="σ").html


def shown_by(browser: Browser) -> list[Counter[str]]:
    return [Counter(filter(None, browser.texts(f"svg .{role} text"))) for role in ROLES]


@pytest.mark.needs("chromium")
def test_each_step_of_a_page_is_that_of_the_steps(browser: Browser, tmp_path: Path) -> None:
    viz.page(lecture(), decimals=2, **ALL).save(tmp_path / "page.html")
    browser.open(tmp_path / "page.html")
    for step in viz.steps(lecture(), decimals=2, **ALL):
        assert browser.text(".sentence") == step.sentence
        assert shown_by(browser) == [Counter(numbers_in_picture(step.svg, role)) for role in ROLES]
        browser.press("ArrowRight")


@pytest.mark.needs("chromium")
def test_leaves_of_an_opened_circuit_can_be_changed(browser: Browser, tmp_path: Path) -> None:
    viz.page(lecture(), decimals=3, **ALL).save(tmp_path / "page.html")
    browser.open(tmp_path / "page.html", "#step-99")
    browser.type_into(".numbers .field input", 0, "0.25")
    x, y = Value(0.25, "x"), Value(-2.0, "y")
    value = sigmoid(x * y + x * x)
    value.backward()
    expected = numbers_in_drawing(viz.draw(value, decimals=3, **ALL))
    assert shown_by(browser) == [expected[role] for role in ROLES]
    assert fixed(x.grad, 3) in expected["grad"]


@settings(max_examples=30)
@given(circuits(), OPTIONS)
def test_a_wire_in_use_is_lit_from_its_value_to_its_gate(
    value: Value, options: dict[str, Any]
) -> None:
    story = story_of(value, **options)
    blocks = story.layout.blocks
    for moment in story.moments:
        for wire, path in zip(moment.wires, story.wires(moment), strict=True):
            first, *_, gate = story.ways[wire][0]
            assert path[0] == blocks[first].stub[0]
            assert path[-1] in [
                each.points[-1] for each in story.layout.wires if each.target == gate
            ]
