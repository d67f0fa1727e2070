"""The page, used in a real browser; its numbers, computed in V8, are held against the engine's."""

import itertools
import json
import math
import random
import re
from html import escape
from pathlib import Path
from typing import Any

import pytest
from browser import Browser
from hypothesis import assume, given
from javascript import program_of, run
from oracles.circuits import Circuit, analysed, apply, circuits, in_engine, property_test
from oracles.samples import SAMPLES
from pictures import HOSTILE, images, lecture, luminance, neuron, shared, story_of

import viz
from autograd_core import GATES, Value, log, trace
from autograd_core.explain import Number, fixed, significant

in_browser = pytest.mark.needs("chromium")


def show(browser: Browser, value: Value, folder: Path, fragment: str = "") -> None:
    path = folder / "page.html"
    viz.page(value).save(path)
    browser.open(path, fragment)


def numbers_shown(browser: Browser) -> tuple[list[str], list[str]]:
    return browser.texts("svg .data text"), browser.texts("svg .grad text")


def finished(value: Value) -> tuple[list[str], list[str]]:
    """The numbers of a circuit as Python writes them."""
    story = story_of(value)
    values = story.scene.of_this_pass().trace.values
    return (
        [fixed(each.data, story.decimals) for each in values],
        [fixed(each.grad, story.decimals) for each in values],
    )


def on_step(browser: Browser) -> int:
    return int(browser.text(".count").split("/")[0])


# ---- what needs no browser


def test_it_says_what_it_is(tmp_path: Path) -> None:
    page = viz.page(lecture(), "A circuit")
    assert repr(page) == "<Page of 8 steps; .save('circuit.html') writes it>"
    assert "<title>A circuit</title>" in page.html
    page.save(tmp_path / "a.html")
    assert (tmp_path / "a.html").read_text("utf-8") == page.html
    with pytest.raises(ValueError, match=r"'a\.svg' does not end in \.html"):
        page.save("a.svg")


def test_the_same_circuit_gives_the_same_page() -> None:
    assert viz.page(neuron()).html == viz.page(neuron()).html
    ids = [re.findall(r' id="([^"]+)"', viz.page(each).html) for each in (lecture(), shared())]
    assert ids[0] and not set(ids[0]) & set(ids[1])


def test_it_is_small_and_names_no_address() -> None:
    html = viz.page(neuron()).html
    assert len(html.encode()) < 52_000
    assert re.findall(r"(?:src|href)=|https?://(?!www\.w3\.org/2000/svg)|@import|url\(", html) == []
    assert "default-src 'none'" in html


# ---- the arithmetic, which needs no browser


def close(numbers: list[float]) -> Any:
    return pytest.approx(numbers, rel=1e-12, abs=1e-300, nan_ok=True)


def assert_the_page_computes_like_the_engine(
    leaves: list[Value], output: Value, numbers: list[float]
) -> None:
    """Change the leaves on a circuit's page, and compare every number with the engine's."""
    program = program_of(viz.page(output))
    indices = {v.name: v.index for v in trace(output).values if v.gate is None}
    changed = {
        indices[x.label]: to for x, to in zip(leaves, numbers, strict=True) if x.label in indices
    }
    found = run(program, f"compute(start.map((x, at) => ({json.dumps(changed)})[at] ?? x))")
    for leaf, number in zip(leaves, numbers, strict=True):
        leaf.data = number
    output.forward()
    assert found["refusal"] is None
    for kind, engines in story_of(output).numbers.items():
        assert found[kind] == close(engines), kind


@pytest.mark.parametrize("name", GATES)
def test_every_gate(name: str) -> None:
    leaves = [Value(number, f"x{place}") for place, number in enumerate(SAMPLES[name])]
    changed = [number * 1.25 for number in SAMPLES[name]]
    assert_the_page_computes_like_the_engine(leaves, apply(name, leaves) * 3.0, changed)


@property_test(100)
@given(circuits())
def test_random_circuits(circuit: Circuit) -> None:
    """Where the last bit of a function, which differs in V8, does not grow into more."""
    assume(analysed(circuit).is_well_conditioned())
    leaves, output = in_engine(circuit)
    assert_the_page_computes_like_the_engine(leaves, output, list(circuit.leaves))


EDGES = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, -2.5, 3.0, 1e-300, -1e-300, 5e-324, 1e308, -1e308]


@pytest.mark.parametrize("name", GATES)
def test_every_gate_at_its_corners(name: str) -> None:
    """Ties, both sides of every switch, numbers outside the domain, very large and small ones."""
    leaves = [Value(number, f"x{place}") for place, number in enumerate(SAMPLES[name])]
    output = apply(name, leaves)
    program = program_of(viz.page(output))
    corners = EDGES if len(leaves) < 3 else [-1.0, 0.0, 2.0]
    rows = [*itertools.product(corners, repeat=len(leaves))]
    if name.startswith("power"):  # there the sign of an infinite slope is in doubt
        rows = [row for row in rows if str(row[0]) != "-0.0"]
    found = run(program, f"{json.dumps(rows)}.map((row) => compute([...row, 0]))")
    for row, computed in zip(rows, found, strict=True):
        for leaf, number in zip(leaves, row, strict=True):
            leaf.data = number
        try:
            output.forward()
        except (ValueError, ZeroDivisionError):
            assert computed["refusal"] is not None, row
        else:
            assert computed["refusal"] is None, row
            for kind, engines in story_of(output).numbers.items():
                assert computed[kind] == close(engines), (row, kind)


def test_numbers_are_written_as_python_writes_them() -> None:
    draw = random.Random(1)
    numbers = [sign * count / 8 for count in range(400) for sign in (1, -1)]
    numbers += [sign * count * 12_500.0 for count in range(300) for sign in (1, -1)]
    numbers += [draw.uniform(-1, 1) * 10.0 ** draw.randint(-12, 12) for _ in range(2000)]
    numbers += [round(draw.uniform(-10, 10), 3) for _ in range(500)]
    numbers += [9.5, 99.5, 999999.5, 999999.995, 0.005, 0.0049, 5e-324, 1.7e308, 9999.5, 0.00012345]
    program = program_of(viz.page(lecture()))
    for decimals in (0, 2):
        script = f"{json.dumps(numbers)}.map((x) => formatNumber(x, {decimals}))"
        expected = [fixed(number, decimals) for number in numbers]
        assert run(program, script) == expected
    for count in (4, 6):
        written = [significant(x, digits=count) for x in numbers]
        assert run(program, f"{json.dumps(numbers)}.map((x) => digits(x, {count}))") == written
    odd = "[NaN, Infinity, -Infinity, -0].map((x) => [formatNumber(x, 2), digits(x)])"
    assert run(program, odd) == [["nan"] * 2, ["inf"] * 2, ["-inf", "-inf"], ["0.00", "0"]]


# ---- stepping


@in_browser
def test_every_step_says_and_shows_what_python_does(browser: Browser, tmp_path: Path) -> None:
    for value in (lecture(), shared(), neuron(), Value(2.0, "alone"), Value(4.0) ** -0.5):
        show(browser, value, tmp_path)
        story = story_of(value)
        steps = viz.steps(value)
        assert browser.text(".count") == f"0 / {len(steps) - 1}"
        for step in steps:
            assert on_step(browser) == step.number
            assert browser.text(".sentence") == step.sentence
            known: dict[tuple[int, str], Number] = {
                (each.block, each.role): each.number for each in story.at(step.number)
            }
            for role, shown in zip(("data", "grad"), numbers_shown(browser), strict=True):
                numbers = [known.get((block, role)) for block in range(len(story.blocks))]
                assert shown == [(number and story.digits(number)) or "" for number in numbers]
            assert browser.text("desc") in step.svg.replace("&gt;", ">")
            browser.press("ArrowRight")


@in_browser
def test_buttons(browser: Browser, tmp_path: Path) -> None:
    show(browser, lecture(), tmp_path)
    assert browser.run("find('.previous').disabled") and not browser.run("find('.next').disabled")
    browser.click(".next")
    browser.click(".next")
    assert on_step(browser) == 2
    browser.click(".previous")
    assert on_step(browser) == 1
    browser.tap(".next")
    assert on_step(browser) == 2
    browser.press("End")
    assert browser.run("find('.next').disabled")


@in_browser
def test_keys(browser: Browser, tmp_path: Path) -> None:
    show(browser, lecture(), tmp_path)
    for key, step in [("End", 7), ("ArrowRight", 7), ("ArrowLeft", 6), ("Home", 0)]:
        browser.press(key)
        assert on_step(browser) == step
    browser.press("ArrowRight", modifiers=1)  # Alt and arrow is for the browser's history
    assert on_step(browser) == 0
    browser.run("fields[0].focus()")
    browser.press("End")
    assert on_step(browser) == 0


@in_browser
def test_slider(browser: Browser, tmp_path: Path) -> None:
    show(browser, lecture(), tmp_path)
    browser.run("find('.slider').focus()")
    for key, step in [("ArrowRight", 1), ("End", 7), ("ArrowLeft", 6), ("Home", 0)]:
        browser.press(key)
        assert on_step(browser) == step
    browser.click(".slider")
    assert on_step(browser) in (3, 4)
    assert browser.run("find('.slider').getAttribute('aria-valuetext')").startswith("step ")


@in_browser
def test_links_to_steps(browser: Browser, tmp_path: Path) -> None:
    show(browser, lecture(), tmp_path, "#step-5")
    assert on_step(browser) == 5
    browser.press("ArrowRight")
    assert browser.run("location.hash") == "#step-6"
    browser.run(
        "new Promise((done) => { addEventListener('hashchange', done); location.hash = '#2'; })"
    )
    assert on_step(browser) == 2
    show(browser, lecture(), tmp_path, "#step-99")
    assert on_step(browser) == 7
    show(browser, lecture(), tmp_path, "#<b>")
    assert on_step(browser) == 0


@in_browser
def test_playing(browser: Browser, tmp_path: Path) -> None:
    show(browser, lecture(), tmp_path)
    # a clock that goes on when the test says so
    browser.run(
        "tick = null; setInterval = (play) => (tick = play); clearInterval = () => (tick = null)"
    )
    browser.click(".play")
    assert browser.text(".play") == "Pause"
    browser.run("tick()")
    assert on_step(browser) == 1 and browser.text(".play") == "Pause"
    browser.click(".play")
    assert browser.run("tick") is None and browser.text(".play") == "Play"
    browser.click(".play")
    for step in range(2, 8):
        assert browser.text(".play") == "Pause"
        browser.run("tick()")
        assert on_step(browser) == step
    assert browser.run("tick") is None and browser.text(".play") == "Play"
    browser.click(".play")  # begins again
    assert on_step(browser) == 0
    browser.press("Home")
    assert browser.text(".play") == "Play"


@in_browser
def test_what_is_lit(browser: Browser, tmp_path: Path) -> None:
    lit = "['.gates', '.wires', '.stubs'].map((group) => findAll(`${group} .lit`).length)"
    show(browser, shared(), tmp_path)
    assert browser.run(lit) == [0, 0, 0]
    browser.press("ArrowRight")
    assert browser.run(lit) == [1, 2, 1]
    browser.press("End")
    assert browser.run(lit) == [1, 1, 1]
    assert browser.texts("svg .grad .new") == browser.texts("svg .new") == ["3"]
    shown = browser.run("getComputedStyle(find('.gates .lit')).visibility")
    hidden = browser.run("getComputedStyle(find('.gates :not(.lit)')).visibility")
    assert (shown, hidden) == ("visible", "hidden")


# ---- changing a leaf


@in_browser
def test_typing_a_number(browser: Browser, tmp_path: Path) -> None:
    show(browser, lecture(), tmp_path, "#step-7")
    browser.type_into(".numbers .field input", 0, "0.5")
    x, y, z = Value(0.5, "x"), Value(5.0, "y"), Value(-4.0, "z")
    q = x + y
    q.label = "q"
    assert numbers_shown(browser) == finished(q * z)
    browser.press("Home")  # in the field, so for the field
    assert on_step(browser) == 7
    browser.run("document.activeElement.blur()")
    browser.press("ArrowLeft")
    assert browser.text(".sentence") == "gradient of x: upstream -4 × local 1 = -4"
    browser.click(".reset")
    assert browser.run("values") == [-2, 5, 3, -4, -12]
    assert browser.run("fields.map((field) => field.value)") == ["-2", "5", "-4"]


@in_browser
@pytest.mark.parametrize("nonsense", ["", "-", "e"])
def test_what_is_no_number_changes_nothing(browser: Browser, tmp_path: Path, nonsense: str) -> None:
    show(browser, lecture(), tmp_path, "#step-7")
    before = numbers_shown(browser)
    browser.type_into(".numbers .field input", 0, nonsense or " ")
    if not nonsense:
        browser.run("fields[0].value = ''; fields[0].dispatchEvent(new Event('input'))")
    assert browser.run("fields[0].getAttribute('aria-invalid')") == "true"
    assert numbers_shown(browser) == before
    browser.click(".reset")
    assert browser.run("fields[0].getAttribute('aria-invalid')") == "false"


@in_browser
def test_dragging_a_number(browser: Browser, tmp_path: Path) -> None:
    show(browser, lecture(), tmp_path, "#step-7")
    browser.drag(".handles rect", 0, 40)
    assert browser.run("values[0]") == -1
    assert browser.run("fields[0].value") == "-1"
    browser.touch_drag(".handles rect", 1, -80)
    assert browser.run("values[1]") == 3
    assert numbers_shown(browser)[0] == ["-1", "3", "2", "-4", "-8"]
    assert browser.run("find('.sentence').getAttribute('aria-live')") == "polite"
    assert browser.run("findAll('.held').length") == 0


@in_browser
def test_leaves_that_are_not_finite(browser: Browser, tmp_path: Path) -> None:
    x, y = Value(math.inf, "x"), Value(math.nan, "y")
    show(browser, x * 2 + y, tmp_path, "#step-99")
    assert browser.run("fields.map((field) => field.value)") == ["inf", "nan"]
    assert numbers_shown(browser)[0] == ["inf", "inf", "nan", "nan"]
    browser.drag(".handles rect", 0, 40)
    assert browser.run("values[0]") == 1
    browser.click(".reset")
    assert browser.run("values[0] === Infinity && fields[0].value === 'inf'")
    browser.type_into(".numbers .field input", 1, "1")
    assert numbers_shown(browser)[0] == ["inf", "inf", "1", "inf"]


@in_browser
def test_a_refused_number_is_explained(browser: Browser, tmp_path: Path) -> None:
    x, y = Value(2.0, "x"), Value(4.0, "y")
    f = log(x) / y
    show(browser, f, tmp_path, "#step-3")
    browser.type_into(".numbers .field input", 0, "-1")
    said = "log(x) with x = -1: a logarithm needs a number above zero"
    assert browser.text(".refusal") == said and not browser.run("find('.refusal').hidden")
    assert browser.text(".sentence") == ""
    data, gradients = numbers_shown(browser)
    assert data == ["-1", "", "4", ""] and set(gradients) == {""}
    browser.type_into(".numbers .field input", 0, "1")
    browser.type_into(".numbers .field input", 1, "0")
    assert browser.text(".refusal") == "v1 / y with v1 = 0, y = 0: division by zero"
    browser.click(".reset")
    assert browser.run("find('.refusal').hidden")
    assert numbers_shown(browser)[0] == finished(f)[0]


@in_browser
def test_wide_numbers_keep_to_their_room(browser: Browser, tmp_path: Path) -> None:
    show(browser, Value(0.1, "x") * 1e21, tmp_path)
    assert browser.run("fields[0].value") == "0.1"
    show(browser, neuron(), tmp_path, "#step-99")
    for number in ("-123456.789", "-1e300", "0.000001"):
        browser.type_into(".numbers .field input", 0, number)
        widths = browser.run(
            "findAll('svg :is(.data, .grad) text').map((text) => text.getComputedTextLength())"
        )
        rooms = browser.run("story.places.map((place) => place.room)")
        # widths that a font rounds to pixels do not shrink in proportion to its size
        assert all(width <= 1.1 * room for width, room in zip(widths, rooms, strict=True))


# ---- whatever the labels, and whoever reads


@in_browser
def test_hostile_labels_are_text(browser: Browser, tmp_path: Path) -> None:
    labels = [
        *HOSTILE,
        "</script><script>hacked=1</script>",
        "<!--<script>",
        "$title ${x}",
        "\u2028",
    ]
    labels.append("<img src=x onerror=hacked=1>")
    leaves = [Value(float(place), label) for place, label in enumerate(labels)]
    output = leaves[0]
    for leaf in leaves[1:]:
        output = output + leaf
    output.label = "</title><script>hacked=1</script>"
    page = viz.page(output, title=output.label)
    page.save(tmp_path / "page.html")
    browser.open(tmp_path / "page.html", "#step-9")
    names = story_of(output).scene.names
    indices = {value.index for value in trace(output).values if value.gate is None}
    assert sorted(browser.texts(".numbers bdi")) == sorted(names[index] for index in indices)
    assert browser.run("story.names") == names
    assert browser.run("typeof hacked") == "undefined"
    assert browser.run("document.querySelectorAll('script').length") == 4
    assert browser.run("document.title") == output.label
    said = browser.run("story.sentences.map((_, at) => (show(at), find('.sentence').textContent))")
    for index in indices:
        assert any(f"gradient of {names[index]}" in sentence for sentence in said)


CONTRAST = """
findAll("h1, p, button, select, label, .field input, .words, .count, .said *, svg text")
  .filter((element) => (element.textContent || element.value) && element.checkVisibility())
  .map((element) => {
    const style = getComputedStyle(element);
    const isPicture = element.ownerSVGElement;
    const isClear = (each) => getComputedStyle(each).backgroundColor === "rgba(0, 0, 0, 0)";
    let ground = isPicture ? document.body : element;
    while (isClear(ground)) ground = ground.parentElement;
    return [element.outerHTML, isPicture ? style.fill : style.color,
      getComputedStyle(ground).backgroundColor, Number(style.fillOpacity)];
  })
"""


def channels(colour: str) -> list[int]:
    return [int(each) for each in re.findall(r"\d+", colour)[:3]]


@in_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_the_contrast_that_wcag_asks_for(
    browser: Browser, tmp_path: Path, scheme: str
) -> None:
    browser.prefer(prefers_color_scheme=scheme)
    show(browser, neuron(), tmp_path, "#step-12")
    background = channels(browser.run("getComputedStyle(document.body).backgroundColor"))
    assert (sum(background) < 200) == (scheme == "dark")
    pairs = []
    browser.type_into(".numbers .field input", 0, "1,5")
    for tool in range(4):
        if tool:  # the first is open
            browser.click(".tabs button", tool)
        if tool == 1:
            browser.click(".once")
        if tool == 3:
            browser.type_into(".quiz input", 0, "9")
            browser.press("Enter")
            browser.type_into(".quiz input", 1, "9")
            browser.press("Enter")
        pairs += browser.run(CONTRAST)
    assert len(pairs) > 160
    assert any("write a point" in element for element, *_ in pairs)
    for element, colour, ground, opacity in pairs:
        below = channels(ground)
        above = [
            round(opacity * a + (1 - opacity) * b)
            for a, b in zip(channels(colour), below, strict=True)
        ]
        lights = sorted(luminance("#" + bytes(each).hex()) for each in (above, below))
        assert (lights[1] + 0.05) / (lights[0] + 0.05) >= 4.5, element


@in_browser
def test_a_screen_reader_hears_each_step(browser: Browser, tmp_path: Path) -> None:
    show(browser, lecture(), tmp_path, "#step-1")
    browser.send("Accessibility.enable")
    tree = browser.send("Accessibility.getFullAXTree")["nodes"]
    browser.send("Accessibility.disable")
    roles = {(each["role"]["value"], each.get("name", {}).get("value", "")) for each in tree}
    for expected in [
        ("button", "Previous"),
        ("button", "Play"),
        ("button", "Next"),
        ("button", "Reset"),
        ("slider", "step"),
        ("combobox", "speed"),
        ("textbox", "x ="),
        ("heading", "f = (x + y) * z"),
    ]:
        assert expected in roles
    status = next(each for each in tree if each["role"]["value"] == "status")
    assert {"name": "live", "value": {"type": "token", "value": "polite"}} in status["properties"]
    assert browser.text("[role=status]") == "q = x + y = -2 + 5 = 3"
    assert "q = x + y = 3" in browser.text("svg desc")


@in_browser
def test_reduced_motion(browser: Browser, tmp_path: Path) -> None:
    show(browser, lecture(), tmp_path)
    moving = "getComputedStyle(find('.gates rect')).transitionDuration"
    assert browser.run(moving) != "0s"
    browser.prefer(prefers_reduced_motion="reduce")
    assert browser.run(moving) == "0s"


@in_browser
def test_a_narrow_window_scrolls_the_picture_only(browser: Browser, tmp_path: Path) -> None:
    with browser.window(360, 640):
        show(browser, neuron(), tmp_path, "#step-12")
        assert browser.run("document.documentElement.scrollWidth") <= 360
        assert browser.run("find('.picture').scrollWidth") > 360
        lit = browser.run("find('.stubs .lit').getBoundingClientRect().x")
        assert 0 <= lit < 360


@in_browser
def test_in_a_notebook(browser: Browser, tmp_path: Path) -> None:
    page = viz.page(lecture(), title='"quoted" & <b>')
    (tmp_path / "notebook.html").write_text(
        f"<!doctype html><meta charset=utf-8><p>cell</p>{page._repr_html_()}", encoding="utf-8"
    )
    browser.open(tmp_path / "notebook.html")
    assert browser.run("document.querySelector('iframe').contentDocument") is None
    assert browser.run("document.querySelector('iframe').title") == '"quoted" & <b>'
    assert browser.run_in_frame("find('.next').click(); find('.sentence').textContent") == (
        "q = x + y = -2 + 5 = 3"
    )
    size = "[document.documentElement.scrollHeight, innerHeight]"
    content, height = browser.run_in_frame(size)
    assert content <= height < content + 150
    assert escape("<!doctype html>") in page._repr_html_()
    assert not browser.run("document.querySelector('img').checkVisibility()")


def test_in_a_notebook_that_is_not_trusted_there_is_a_picture_instead() -> None:
    value = lecture()
    shown = viz.page(value, branches=True)._repr_html_()
    value.backward()
    assert [svg for _, svg in images(shown)] == [viz.draw(value, branches=True).svg]
    assert "<p>Run this cell to play with it.</p>" in shown
