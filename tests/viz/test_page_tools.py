"""What one can do on a page: descend, ask for the slope, answer the quiz; and that it fits."""

import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
from browser import Browser
from javascript import program_of, run
from pictures import lecture, luminance, neuron, shared

import viz
from autograd_core import Value, log, tanh, total
from nn import MLP, Module, SteepestDescent

in_browser = pytest.mark.needs("chromium")

TABS = ["Numbers", "Descent", "Slope", "Quiz"]


def show(browser: Browser, value: Value, folder: Path, fragment: str = "", **options: Any) -> None:
    viz.page(value, **options).save(folder / "page.html")
    browser.open(folder / "page.html", fragment)


def open_tool(browser: Browser, name: str) -> None:
    browser.click(".tabs button", TABS.index(name))


def number_in(text: str) -> float:
    """The last number of a sentence."""
    return float(re.findall(r"-?[\d.]+(?:e[+-]\d+)?", text)[-1])


def loss() -> tuple[MLP, Value]:
    """A loss of a network over two examples."""
    model = MLP(2, [3, 1], activation="tanh", seed=2)
    x1, x2 = Value(1.0, "x1"), Value(-2.0, "x2")
    examples = [([x1, x2], 1.0), ([x2, x1], -1.0)]
    return model, total([(model(row) - wanted) ** 2 for row, wanted in examples])


def alternating(count: int) -> Value:
    """A sum of products, of about that many values."""
    f = Value(0.5, "f0")
    for place in range((count - 1) // 5):
        f = f + tanh(Value(0.1 * (place % 7), f"w{place}") * 2.0) * 0.5
    return f


# ---- descent


@pytest.mark.parametrize("rate", [0.1, -0.05])
def test_fifty_gradient_steps_are_those_of_the_engine(rate: float) -> None:
    model, output = loss()
    program = program_of(viz.page(output, parameters=model))
    steps = f"let x = start; for (let turn = 0; turn < 50; turn++) x = descend(x, {rate});"
    data, parameters = run(program + steps, "[compute(x).data, parameters]")
    for _ in range(50):
        model.zero_grad()
        output.backward()
        for parameter in model.parameters():
            parameter.data -= rate * parameter.grad
        output.forward()
    assert data[-1] == pytest.approx(output.data, rel=1e-9, abs=1e-12)
    moved = sorted(parameter.data for parameter in model.parameters())
    assert sorted(data[leaf] for leaf in parameters) == pytest.approx(moved, rel=1e-9, abs=1e-12)


@in_browser
def test_descending_with_the_buttons(browser: Browser, tmp_path: Path) -> None:
    model, output = loss()
    show(browser, output, tmp_path)
    optimizer = SteepestDescent(0.2)
    open_tool(browser, "Descent")
    browser.type_into(".descent input", 0, "0.2")
    before = output.data
    for turn in range(1, 12):
        if turn == 1:
            browser.click(".once")
            sentence, note = browser.text(".sentence"), browser.text(".note")
        model.zero_grad()
        output.backward()
        optimizer.step(model.parameters())
        output.forward()
        if turn == 1:
            assert f" was {before:.4g} and is {output.data:.4g}" in sentence
            assert re.match(r"w¹₁₁ = .* - rate 0\.2 × gradient .* = ", note)
    browser.click(".often")
    assert number_in(browser.text(".sentence")) == pytest.approx(output.data, rel=1e-3)
    said = browser.run("find('.descent .plot').getAttribute('aria-label')")
    assert said.startswith("output after gradient steps 0 to 11: from ")
    assert number_in(said) == pytest.approx(output.data, rel=1e-3)
    fields = dict(
        browser.run("fields.map((field, place) => [story.names[leaves[place]], field.value])")
    )
    for parameter in model.parameters():
        assert float(fields[str(parameter.label)]) == pytest.approx(parameter.data, rel=1e-9)
    browser.click(".reset")
    said = browser.run("find('.descent .plot').getAttribute('aria-label')")
    assert said == "no gradient steps yet"


@in_browser
def test_a_step_into_a_refusal_is_explained(browser: Browser, tmp_path: Path) -> None:
    show(browser, log(Value(1.0, "x")), tmp_path)
    open_tool(browser, "Descent")
    browser.type_into(".descent input", 0, "2")
    browser.tap(".once")
    assert browser.text(".refusal") == "log(x) with x = -1: a logarithm needs a number above zero"
    browser.tap(".often")
    assert browser.run("values[0]") == -1
    browser.type_into(".descent input", 0, "inf")
    assert browser.text(".descent .words") == "a rate is a finite number"


class Line(Module):
    """A model whose parameters have no names that tell."""

    def __init__(self) -> None:
        self.slope, self.height = Value(2.0, "m"), Value(1.0, "c")


def chosen(value: Value, parameters: Any = None) -> list[str]:
    """The names of what a gradient step changes."""
    page = viz.page(value, parameters=parameters)
    names = json.loads(re.findall(r'"names":(\[.*?\])', page.html)[0])
    return [names[leaf] for leaf in run(program_of(page), "parameters")]


def test_which_leaves_are_parameters() -> None:
    assert chosen(neuron()) == ["w0", "w1", "w2"]
    assert chosen(lecture()) == ["x", "y", "z"]
    model, output = loss()
    assert set(chosen(output)) == {parameter.label for parameter in model.parameters()}
    a, b = Value(1.0, "a"), Value(2.0, "b")
    assert chosen(a * b) == ["a", "b"]  # without a w, b is a name like any other
    assert chosen(a * Value(3.0, "w")) == ["w"] and chosen(a * Value(3.0, "w") + b) == ["w", "b"]
    assert chosen(Value(1.0, "z") * Value(3.0, "w")) == ["z", "w"]  # of x, y, z, w
    x, line = Value(3.0, "x"), Line()
    f = line.slope * x + line.height
    assert chosen(f) == ["m", "x", "c"]
    assert chosen(f, line) == ["m", "c"]
    assert chosen(f, [line.height]) == chosen(f, "c") == ["c"]
    assert chosen(f, {"m", line.height}) == ["m", "c"]


def test_wrong_parameters_are_explained() -> None:
    for wrong in (3, [], [3], {"w": 1}):
        with pytest.raises(TypeError, match="a model, or a collection of values and of names"):
            viz.page(lecture(), parameters=wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="has 'w', which is no leaf here; these are: x, y, z"):
        viz.page(lecture(), parameters={"w"})
    with pytest.raises(ValueError, match="no parameter is in this circuit"):
        viz.page(lecture(), parameters=MLP(2, [1]))


# ---- the slope


def test_the_curve_is_the_output_against_one_leaf() -> None:
    x, y = Value(2.0, "x"), Value(3.0, "y")
    f = log(x) * y
    points = run(program_of(viz.page(f)), "outputAlong(start, 0, -1, 4, 11)")
    for at, found in points:
        if at > 0.0:
            x.data = at
            assert found == pytest.approx(f.forward().data, rel=1e-12)
        else:
            assert math.isnan(found)


@in_browser
def test_the_tangent_has_the_gradient_as_slope(browser: Browser, tmp_path: Path) -> None:
    x, y = Value(1.5, "x"), Value(-2.0, "y")
    f = x * x * y
    f.backward()
    show(browser, f, tmp_path)
    open_tool(browser, "Slope")
    assert browser.text(".steepness") == "slope of the tangent: the gradient of x = -6"
    # the tangent, in the numbers of the axes
    ends = "find('.tangent').getAttribute('d').match(/[-\\d.e]+/g).map(Number)"
    x1, y1, x2, y2 = browser.run(ends)
    left, right = map(number_in, browser.texts(".slope .plot text")[2:])
    high, low = map(number_in, browser.texts(".slope .plot text")[:2])
    slope = ((y1 - y2) / 100 * (high - low)) / ((x2 - x1) / 180 * (right - left))
    assert slope == pytest.approx(x.grad, rel=0.02)
    browser.run("find('.input').focus()")
    browser.press("End")
    assert browser.run("[values[0], fields[0].value]") == [4.5, "4.5"]
    assert browser.text(".steepness") == "slope of the tangent: the gradient of x = -18"
    browser.run("find('.along').focus()")
    browser.press("ArrowDown")
    assert browser.text(".steepness") == "slope of the tangent: the gradient of y = 20.25"


@in_browser
def test_of_a_gradient_that_does_not_start_with_one(browser: Browser, tmp_path: Path) -> None:
    x = Value(1.5, "x")
    f = x * x
    (f * 4.0).backward()
    show(browser, f, tmp_path)
    open_tool(browser, "Slope")
    assert browser.text(".steepness") == "slope of the tangent: the gradient of x / 4 = 3"
    open_tool(browser, "Quiz")
    assert browser.texts(".quiz label") == ["gradient of x = "]
    browser.type_into(".quiz input", 0, "12")
    browser.press("Enter")
    assert browser.text(".quiz .words") == "✓ right"


@in_browser
@pytest.mark.parametrize("number", ["inf", "-1e308", "nan", "5e-324", "1e200"])
def test_figures_of_extreme_numbers(browser: Browser, tmp_path: Path, number: str) -> None:
    show(browser, tanh(Value(1.0, "x")) * Value(2.0, "y"), tmp_path)
    for place in (0, 1):
        browser.run("openTool('numbers')")
        browser.type_into(".numbers .field input", place, number)
        for tool in ("Descent", "Slope"):
            open_tool(browser, tool)
            browser.run("gradientSteps(2)")  # what is no number in a figure is a problem noted
        browser.run("find('.reset').click()")


@in_browser
def test_where_there_is_no_output(browser: Browser, tmp_path: Path) -> None:
    show(browser, log(Value(1.0, "x")), tmp_path)
    open_tool(browser, "Slope")
    browser.run("find('.input').focus()")
    browser.press("Home")
    assert browser.text(".steepness") == "there is no output at x = -1"
    assert not browser.run("find('.refusal').hidden")


# ---- the quiz


def gradients_shown(browser: Browser) -> list[str]:
    return [text for text in browser.texts(".picture .grad text, .picture .local text") if text]


@in_browser
def test_the_quiz_hides_asks_and_marks(browser: Browser, tmp_path: Path) -> None:
    f = shared()
    f.label = "f"
    show(browser, f, tmp_path, "#step-99", local=True)
    assert len(gradients_shown(browser)) > 5
    open_tool(browser, "Quiz")
    assert gradients_shown(browser) == ["1"]
    assert browser.texts(".quiz label") == ["∂f/∂v1 = ", "∂f/∂v2 = ", "∂f/∂x = ", "∂f/∂y = "]
    browser.press("End")
    assert "?" in browser.text(".sentence") and not re.search(r"\d", browser.text(".sentence"))
    f.backward()
    answers = {"v1": "1", "v2": "1", "x": "3", "y": "3.01"}
    for place, answer in enumerate(answers.values()):
        browser.run(f"answers[{place}].focus()")
        browser.type_into(".quiz input", place, answer)
        browser.press("Enter")
    right, _, wrong, near = browser.texts(".quiz .words")
    assert right == near == "✓ right"
    assert (
        wrong == "✗ upstream 1 × local 3 (x) + upstream 1 × local 3 (x) + upstream 1 × local -4 (y)"
    )
    assert browser.run("answers.map((each) => each.getAttribute('aria-invalid'))") == [
        *("false", "false", "true", "false")
    ]
    assert browser.text(".score") == "3 of 4 found"
    browser.type_into(".quiz input", 2, "2")
    browser.press("Enter")
    assert browser.text(".score") == "4 of 4 found"
    browser.press("End")
    assert "?" not in browser.text(".sentence")
    # another number: what was right is so no longer
    browser.drag(".handles rect", 0, 40)
    assert browser.text(".score") == "2 of 4 found"
    open_tool(browser, "Quiz")
    browser.press("End")
    assert len(gradients_shown(browser)) > 5


def test_which_answers_are_right() -> None:
    cases = [
        (0.2, 0.19661, True),  # as the picture shows it
        (-0.4, -0.39322, True),  # by hand, from rounded numbers
        (0.19, 0.19661, False),
        (0.0, 0.0, True),
        (0.001, 0.0, False),
        (0.0, 3e-7, False),
        (12.0, -12.0, False),
        (1e300, math.inf, False),
    ]
    program = program_of(viz.page(lecture()))
    for answer, wanted, verdict in cases:
        asked = f"isRight({answer}, {str(wanted).replace('inf', 'Infinity')}, 2)"
        assert run(program, asked) == verdict, (answer, wanted)
    assert run(program, "[isRight(NaN, NaN, 2), isRight(Infinity, Infinity, 2)]") == [True, True]


# ---- numbers


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("-1.5", -1.5),
        (" -2e-3 ", -0.002),
        (".5", 0.5),
        ("5.", 5.0),
        ("inf", math.inf),
        ("+1E2", 100.0),
    ],
)
def test_what_is_a_number(text: str, number: float) -> None:
    program = program_of(viz.page(lecture()))
    assert run(program, f"readNumber({json.dumps(text)}).number") == number


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "a number is missing"),
        ("1,5", "write a point: 1.5"),
        ("1e400", "too large: floats end at about 1.8e308"),
        ("-", "this is no number: write one as -1.5 or 2e-3"),
        ("0x10", "this is no number: write one as -1.5 or 2e-3"),
        ("<b>", "this is no number: write one as -1.5 or 2e-3"),
    ],
)
@in_browser
def test_a_refused_number_says_why(browser: Browser, tmp_path: Path, text: str, why: str) -> None:
    show(browser, lecture(), tmp_path)
    browser.type_into(".numbers .field input", 1, text or " ")
    assert browser.texts(".numbers .words") == ["", why, ""]
    assert browser.text(".heard") == why
    assert browser.run("values[1]") == 5
    tree = accessibility(browser)
    [field] = [each for each in tree if each.get("name", {}).get("value") == "y ="]
    said = {each["name"]: each["value"].get("value") for each in field["properties"]}
    assert said["invalid"] == "true" and field["description"]["value"] == why
    browser.type_into(".numbers .field input", 1, "7")
    assert browser.text(".numbers").count(why) == 0


@in_browser
def test_what_a_gate_refuses_is_said_beside_the_field(browser: Browser, tmp_path: Path) -> None:
    show(browser, log(Value(1.0, "x")), tmp_path)
    browser.type_into(".numbers .field input", 0, "-1")
    assert browser.text(".numbers .words") == browser.text(".refusal") != ""
    browser.type_into(".numbers .field input", 0, "2")
    assert browser.text(".numbers .words") == ""


@in_browser
def test_arrows_change_a_number_as_dragging_does(browser: Browser, tmp_path: Path) -> None:
    show(browser, lecture(), tmp_path)
    browser.run("fields[0].focus()")
    browser.press("ArrowUp")
    assert browser.run("[values[0], fields[0].value]") == [-1.9, "-1.9"]
    browser.press("ArrowDown", modifiers=8)  # with Shift, by less
    assert browser.run("values[0]") == -1.91


@in_browser
def test_a_field_shows_all_digits(browser: Browser, tmp_path: Path) -> None:
    show(browser, Value(-0.6715308654123457, "x") * Value(1e-300 / 3, "y"), tmp_path)
    assert browser.run("fields[0].value") == "-0.6715308654123457"
    assert browser.run("fields.every((field) => field.scrollWidth <= field.clientWidth)")


@in_browser
def test_six_digits_on_request(browser: Browser, tmp_path: Path) -> None:
    show(browser, neuron(), tmp_path, "#step-7")
    assert browser.text(".sentence") == "gradient of v4: upstream 1 × local 0.1966 = 0.1966"
    browser.click(".six")
    assert "0.196612" in browser.text(".sentence")
    assert "0.731059" in browser.text(".picture desc")


# ---- words and colours


def heading(value: Value, **options: Any) -> str:
    return str(re.findall(r"<h1>(.*?)</h1>", viz.page(value, **options).html)[0])


def test_the_heading_is_the_formula() -> None:
    x, y = Value(3.0, "x"), Value(-4.0, "y")
    assert heading(lecture()) == "f = (x + y) * z"
    assert heading(x**2 / (y - (x - 2.0))) == "v4 = x ** 2 / (y - (x - 2))"
    assert heading(neuron(), expand=True).startswith("v8 = 1 / (1 + exp(-(")
    assert heading(alternating(400)).endswith("* 0.5")
    assert len(heading(alternating(400))) <= 120
    assert heading(x) == "x"
    page = viz.page(lecture(), title="A <circuit>").html
    assert "<h1>A &lt;circuit&gt;</h1>\n<p>f = (x + y) * z</p>" in page
    assert heading(Value(1.0, "<b>2.0") * 2.0) == "v1 = &lt;b&gt;2.0 * 2"


@in_browser
def test_every_factor_names_its_source(browser: Browser, tmp_path: Path) -> None:
    f = lecture()
    show(browser, f, tmp_path, "#step-4")
    assert browser.text(".sentence") == "gradient of q: upstream 1 × local -4 = -4"
    assert browser.text(".note").startswith("upstream: the gradient of f; local gradient: z = -4; ")
    browser.press("End")
    assert "the gradient of q; local gradient: 1; an add gate" in browser.text(".note")
    browser.press("ArrowLeft")
    show(browser, Value(2.0, "x") ** 3, tmp_path, "#step-3")
    assert "local gradient: 3 * x ** 2 = 12; " in browser.text(".note")


@in_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_palettes(browser: Browser, tmp_path: Path, scheme: str) -> None:
    browser.prefer(prefers_color_scheme=scheme)
    show(browser, neuron(), tmp_path, "#step-99", palette="colorblind", local=True)
    colours = [
        browser.run(f"getComputedStyle(find('.picture .{role} text')).fill")
        for role in ("data", "grad", "local")
    ]
    if scheme == "light":
        assert colours == ["rgb(0, 114, 178)", "rgb(179, 80, 0)", "rgb(77, 77, 77)"]
    ground = browser.run("getComputedStyle(document.body).backgroundColor")
    lights = [
        luminance("#" + bytes(int(each) for each in re.findall(r"\d+", colour)[:3]).hex())
        for colour in (*colours, ground)
    ]
    for light in lights[:3]:
        assert (max(light, lights[3]) + 0.05) / (min(light, lights[3]) + 0.05) >= 4.5


@in_browser
def test_the_speed_can_be_chosen(browser: Browser, tmp_path: Path) -> None:
    show(browser, lecture(), tmp_path)
    browser.run(
        "waits = []; setInterval = (play, wait) => waits.push(wait); clearInterval = () => null"
    )
    browser.click(".play")
    browser.run("find('.speed').focus()")
    browser.press("ArrowDown")
    assert browser.run("waits") == [1500, 500]
    assert browser.text(".play") == "Pause"


# ---- whatever the size


def accessibility(browser: Browser) -> list[dict[str, Any]]:
    browser.send("Accessibility.enable")
    tree = browser.send("Accessibility.getFullAXTree")["nodes"]
    browser.send("Accessibility.disable")
    return list(tree)


SIGHT = """
[".sentence", ".previous", ".play", ".next", ".slider", ".count", ".tabs"].map((each) => {
  const box = find(each).getBoundingClientRect();
  return box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth;
})
"""
GATE_IN_SIGHT = """
(() => {
  const frame = find(".picture").getBoundingClientRect();
  const box = find(".gates .lit").getBoundingClientRect();
  return box.width > 15 && box.top >= frame.top - 1 && box.bottom <= frame.bottom + 1
    && box.left >= frame.left - 1 && box.right <= frame.right + 1;
})()
"""


@in_browser
@pytest.mark.parametrize("size", [(1400, 900), (1000, 700), (420, 800)])
@pytest.mark.parametrize("count", [10, 100, 500])
def test_sentence_controls_and_gate_are_in_sight(
    browser: Browser, tmp_path: Path, size: tuple[int, int], count: int
) -> None:
    browser.prefer(prefers_reduced_motion="reduce")
    with browser.window(*size):
        show(browser, neuron() if count == 10 else alternating(count), tmp_path)
        last = browser.run("lastStep")
        assert browser.run("document.documentElement.scrollHeight <= innerHeight")
        assert browser.run("document.documentElement.scrollWidth <= innerWidth")
        for step in (1, last // 4, last // 2, last - 1, last):
            browser.run(f"go({step})")
            assert all(browser.run(SIGHT)), step
            # no gate is at work where the backward pass starts
            assert step == browser.run("firstBackward") or browser.run(GATE_IN_SIGHT), step
        # fits, or keeps its least size and scrolls
        scale, width, height = browser.run(
            "(({width, height}, svg) => [width / svg.viewBox.baseVal.width, "
            "width - find('.picture').clientWidth, height - find('.picture').clientHeight])"
            "(find('.picture svg').getBoundingClientRect(), find('.picture svg'))"
        )
        assert 0.74 < scale < 1.51
        assert scale < 0.76 or (width < 1 and height < 1)
        for tool in TABS[1:]:
            open_tool(browser, tool)
            assert all(browser.run(SIGHT)), tool


@in_browser
def test_in_a_low_window_the_controls_stay_in_sight(browser: Browser, tmp_path: Path) -> None:
    with browser.window(700, 380):
        show(browser, neuron(), tmp_path, "#step-9")
        assert browser.run("findAll('.tool').every((tool) => tool.hidden)")
        assert all(browser.run(SIGHT))


@in_browser
def test_a_printed_page_has_the_whole_picture(browser: Browser, tmp_path: Path) -> None:
    for value in (neuron(), alternating(100)):
        show(browser, value, tmp_path, "#step-5")
        browser.send("Emulation.setEmulatedMedia", media="print")
        inside, around = browser.run(
            "[find('.picture svg'), document.body].map((each) => each.getBoundingClientRect())"
            ".map(({left, right}) => [left, right])"
        )
        assert around[0] <= inside[0] and inside[1] <= around[1]
        picture = "find('.picture')"
        assert browser.run(f"{picture}.scrollHeight <= {picture}.clientHeight")
        assert browser.run(
            "find('.bar').getBoundingClientRect().top >= "
            "find('.picture svg').getBoundingClientRect().bottom"
        )
        assert not browser.run("find('.play').checkVisibility()")
        browser.send("Emulation.setEmulatedMedia", media="")


@in_browser
def test_in_the_cell_of_a_notebook_all_is_in_sight(browser: Browser, tmp_path: Path) -> None:
    for value in (neuron(), alternating(500)):
        (tmp_path / "notebook.html").write_text(
            f"<!doctype html><meta charset=utf-8><p>cell</p>{viz.page(value)._repr_html_()}",
            "utf-8",
        )
        browser.open(tmp_path / "notebook.html")
        browser.run_in_frame("go(lastStep)")
        assert all(browser.run_in_frame(SIGHT))
        assert browser.run("document.querySelector('iframe').clientHeight") <= 860
        assert browser.run_in_frame("find('.once').click(), find('.sentence').textContent != ''")


@in_browser
def test_tools_are_announced(browser: Browser, tmp_path: Path) -> None:
    show(browser, neuron(), tmp_path)
    for place, tool in enumerate(TABS):
        if place:  # the first is open
            browser.click(".tabs button", place)
        tree = accessibility(browser)
        names = {(each["role"]["value"], each.get("name", {}).get("value")) for each in tree}
        assert ("region", tool.lower()) in names
        [tab] = [
            each
            for each in tree
            if (each["role"]["value"], each.get("name", {}).get("value")) == ("button", tool)
        ]
        said = {each["name"]: each["value"].get("value") for each in tab["properties"]}
        assert said["expanded"] is True
        expected: dict[str, set[tuple[str, str]]] = {
            "Numbers": {("checkbox", "six digits in sentences"), ("textbox", "w0 =")},
            "Descent": {("button", "Gradient step"), ("textbox", "rate =")},
            "Slope": {("combobox", "input"), ("slider", "number of the input")},
            "Quiz": {("textbox", "∂v5/∂v4 =")},
        }
        assert expected[tool] <= names
    browser.click(".tabs button", 3)
    assert browser.run("findAll('.tool').every((tool) => tool.hidden)")


@in_browser
def test_fields_stand_in_the_order_of_the_picture(browser: Browser, tmp_path: Path) -> None:
    model = MLP(2, [2, 1], seed=1, activation="tanh")
    show(browser, model([Value(1.0, "x1"), Value(-2.0, "x2")]), tmp_path)
    hidden = ["w¹₁₁", "w¹₁₂", "b¹₁", "w¹₂₁", "w¹₂₂", "b¹₂"]
    assert browser.texts(".numbers bdi") == ["x1", "x2", *hidden, "w²₁₁", "w²₁₂", "b²₁"]
    assert browser.text(".sentence").startswith("inputs: x1 = 1, x2 = -2, w¹₁₁ = ")
    logits = [Value(number, name) for number, name in ((1.0, "z1"), (2.0, "z0"), (3.0, "z2"))]
    show(browser, total([logit.exp() for logit in logits]), tmp_path)
    assert browser.texts(".numbers bdi") == ["z0", "z1", "z2"]
