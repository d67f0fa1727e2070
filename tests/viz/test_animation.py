"""The animation: complete without motion, and with it each step at its time."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from browser import Browser
from pictures import HOSTILE, SVG, images, lecture, neuron, numbers_in_picture, shared

import viz
from autograd_core import Value
from viz.steps import REST


def visible_without_motion(svg: str) -> list[str]:
    """The texts that stand in the picture before any rule of its style is read."""
    root = ElementTree.fromstring(svg)
    hidden = {
        text
        for element in root.iter()
        if element.get("visibility") == "hidden"
        for text in element.iter(f"{SVG}text")
    }
    return ["".join(text.itertext()) for text in root.iter(f"{SVG}text") if text not in hidden]


def test_it_says_what_it_is(tmp_path: Path) -> None:
    animation = viz.animate(lecture())
    assert repr(animation) == "<Animation of 8 steps; .save('circuit.svg') writes it>"
    animation.save(tmp_path / "a.svg")
    assert (tmp_path / "a.svg").read_text("utf-8") == animation.svg == animation._repr_svg_()
    assert [svg for _, svg in images(animation._repr_html_())] == [animation.svg]
    with pytest.raises(ValueError, match=r"'a\.gif' has .*; an animation is saved as \.svg"):
        animation.save("a.gif")


def test_without_motion_it_is_the_finished_picture() -> None:
    for value in (lecture(), shared()):
        shown = visible_without_motion(viz.animate(value).svg)
        finished = ElementTree.fromstring(viz.steps(value)[-1].svg)
        expected = [
            "".join(text.itertext())
            for text in finished.iter(f"{SVG}text")
            if text.get("font-size") != "18"
        ]
        assert sorted(shown) == sorted(expected)


def test_it_needs_neither_script_nor_address() -> None:
    svg = viz.animate(neuron()).svg
    assert "<script" not in svg and "href" not in svg and "url(" not in svg
    assert len(svg.encode()) < 30_000


def test_two_animations_can_stand_in_one_page() -> None:
    animations = viz.animate(lecture()), viz.animate(lecture(), seconds=3), viz.animate(shared())
    names = [re.findall(r"film-\w+", animation.svg) for animation in animations]
    assert [len(set(each)) for each in names] == [1, 1, 1]
    assert len({name for each in names for name in each}) == 3
    assert viz.animate(lecture()).svg == viz.animate(lecture()).svg


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_labels_are_text(label: str) -> None:
    root = ElementTree.fromstring(viz.animate(Value(2.0, label) * 2, title=label).svg.encode())
    assert "script" not in {element.tag.removeprefix(SVG) for element in root.iter()}


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf"), "1"])
def test_wrong_times_are_explained(seconds: float) -> None:
    with pytest.raises(ValueError, match="seconds must be a number above 0"):
        viz.animate(lecture(), seconds=seconds)


VISIBLE = """
[...document.querySelectorAll("text")]
  .filter((text) => getComputedStyle(text).visibility === "visible")
  .map((text) => text.textContent)
"""


@pytest.mark.needs("chromium")
def test_each_step_has_its_time(browser: Browser, tmp_path: Path) -> None:
    for value in (lecture(), shared()):
        viz.animate(value, seconds=2).save(tmp_path / "a.svg")
        browser.open(tmp_path / "a.svg")
        steps = viz.steps(value)
        for step in steps:
            time = 1000 * (2 * step.number + 1)
            browser.run(
                f"document.getAnimations().forEach((each) => {{"
                f" each.pause(); each.currentTime = {time}; }})"
            )
            said = " ".join(browser.run(VISIBLE))
            root = ElementTree.fromstring(step.svg)
            expected = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
            assert sorted(said.split()) == sorted(" ".join(expected).split())
        length = browser.run("document.getAnimations()[0].effect.getTiming().duration")
        assert length == 2000 * (len(steps) + REST)


@pytest.mark.needs("chromium")
def test_whoever_prefers_reduced_motion_sees_none(browser: Browser, tmp_path: Path) -> None:
    value = lecture()
    viz.animate(value).save(tmp_path / "a.svg")
    browser.prefer(prefers_reduced_motion="reduce")
    browser.open(tmp_path / "a.svg")
    assert browser.run("document.getAnimations().length") == 0
    shown = browser.run(VISIBLE)
    assert set(numbers_in_picture(viz.steps(value)[-1].svg)) <= set(shown)


@pytest.mark.needs("chromium")
def test_it_runs_in_an_image(browser: Browser, tmp_path: Path) -> None:
    viz.animate(lecture(), seconds=0.05).save(tmp_path / "a.svg")
    (tmp_path / "readme.html").write_text('<!doctype html><meta charset=utf-8><img src="a.svg">')
    browser.open(tmp_path / "readme.html")
    pictures: set[bytes] = set()
    for _ in range(1000):  # however long a busy machine takes to draw them
        pictures.add(browser.screenshot())
        if len(pictures) > 3:
            break
    assert len(pictures) > 3
