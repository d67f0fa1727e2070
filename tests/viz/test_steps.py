"""Steps: every number is the trace's, nothing moves, nothing is told too early."""

from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from oracles.circuits import apply
from oracles.samples import SAMPLES
from pictures import HOSTILE, SVG, images, lecture, numbers_in_picture, story_of, texts

import viz
from autograd_core import GATES, Value, trace
from autograd_core.explain import fixed, significant
from viz.scene.style import palette_named, text_width
from viz.steps import NOTEBOOK
from viz.story import SIZE, width_of, words_of


def shared() -> Value:
    x, y = Value(3.0, "x"), Value(2.0, "y")
    return x * x + x * y


def test_the_lecture_is_told_as_in_the_lecture() -> None:
    assert [step.sentence for step in viz.steps(lecture())] == [
        "inputs: x = -2, y = 5, z = -4",
        "q = x + y = -2 + 5 = 3",
        "f = q * z = 3 * -4 = -12",
        "the backward pass starts at f, with gradient 1",
        "gradient of q: upstream 1 × local -4 = -4",
        "gradient of z: upstream 1 × local 3 = 3",
        "gradient of x: upstream -4 × local 1 = -4",
        "gradient of y: upstream -4 × local 1 = -4",
    ]


def test_contributions_are_added_up() -> None:
    said = [step.sentence for step in viz.steps(shared()) if "gradient of x" in step.sentence]
    assert said == [
        "gradient of x (1 of 3): upstream 1 × local 2 = 2",
        "gradient of x (2 of 3): upstream 1 × local 3 = 3; added up: 2 + 3 = 5",
        "gradient of x (3 of 3): upstream 1 × local 3 = 3; added up: 5 + 3 = 8",
    ]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1 / Value(4.0, "x"), "v1 = 1 / x = 1 / 4 = 0.25"),
        (-Value(-4.0, "x"), "v1 = -x = -(-4) = 4"),
        (Value(-3.0, "x") ** 2, "v1 = x ** 2 = (-3) ** 2 = 9"),
        (Value(1.0, "x") - Value(-3.0, "y"), "v1 = x - y = 1 - (-3) = 4"),
        (Value(1.0, "x").maximum(2), "v1 = maximum(x, 2) = maximum(1, 2) = 2"),
        (-2 * Value(0.12345, "x"), "v1 = -2 * x = -2 * 0.1235 = -0.2469"),
        (
            apply("dot", [Value(2.0, "w"), Value(3.0, "x")]),
            "v1 = w * x = 2 * 3 = 6",
        ),
        (
            apply("total", [Value(float(n), f"x{n}") for n in range(20)]),
            "v1 = total([x0, x1, x2, x3, x4, x5, …, x19]) = total([0, 1, 2, 3, 4, 5, …, 19]) = 190",
        ),
    ],
)
def test_formulas(value: Value, said: str) -> None:
    assert viz.steps(value)[1].sentence == said


@pytest.mark.parametrize("name", GATES)
def test_products_in_sentences_multiply(name: str) -> None:
    """What is said of a wire is the trace's, and right to the digits that are shown."""
    output = apply(name, [Value(x, f"x{at}") for at, x in enumerate(SAMPLES[name])]) * 0.37
    steps = viz.steps(output)
    passes = trace(output)
    wires = [wire for step in passes.backward for wire in step.contributions]
    assert len(steps) == 2 + len(passes.forward) + len(wires)
    for step, wire in zip(steps[2 + len(passes.forward) :], wires, strict=True):
        numbers = (wire.upstream, wire.local, wire.downstream)
        upstream, local, product = (significant(each) for each in numbers)
        assert f"upstream {upstream} × local {local} = {product}" in step.sentence
        shown = [float(text) for text in (upstream, local, product)]
        assert shown[0] * shown[1] == pytest.approx(shown[2], rel=2e-3)


def test_numbers_appear_when_they_are_told() -> None:
    for value in (lecture(), shared()):
        passes = trace(value)
        data = {v.index: v.data for v in passes.values if v.gate is None}
        gradients: dict[int, float] = {}
        wires = [wire for back in passes.backward for wire in back.contributions]
        for step in viz.steps(value):
            number = step.number - 1
            if 0 <= number < len(passes.forward):
                data[passes.forward[number].out] = passes.forward[number].data
            elif number == len(passes.forward):
                gradients[passes.output] = 1.0
            elif number > len(passes.forward):
                wire = wires[number - len(passes.forward) - 1]
                gradients[wire.value] = gradients.get(wire.value, 0.0) + wire.downstream
            for role, known in (("data", data), ("grad", gradients)):
                expected = sorted(fixed(each, 0) for each in known.values())
                assert sorted(numbers_in_picture(step.svg, role)) == expected


def test_in_the_end_the_picture_has_the_engines_gradients() -> None:
    for value in (lecture(), shared()):
        last = viz.steps(value)[-1].svg
        value.backward()
        told = ElementTree.fromstring(last).findtext(f"{SVG}desc") or ""
        assert told == "; ".join(block.sentence for block in viz.draw(value).blocks)
        gradients = [fixed(each.grad, 0) for each in trace(value).values]
        assert sorted(numbers_in_picture(last, "grad")) == sorted(gradients)


def test_steps_do_not_depend_on_earlier_passes() -> None:
    value = shared()
    before = [step.svg for step in viz.steps(value)]
    value.backward()
    value.backward()  # leaves accumulate; the story is that of one pass
    assert [step.svg for step in viz.steps(value)] == before


def test_nothing_moves() -> None:
    """A text that two pictures share stands in the same place, and so does all that is drawn."""

    def drawn(svg: str) -> list[str]:
        root = ElementTree.fromstring(svg)
        groups = [root, *(group for group in root if group.find(f"{SVG}title") is not None)]
        return [
            ElementTree.tostring(element).decode()
            for group in groups
            for element in group
            if element.tag.split("}")[1] in ("circle", "text", "rect") and not element.get("class")
        ]

    pictures = [step.svg for step in viz.steps(shared())]
    sizes = {tuple(map(ElementTree.fromstring(svg).get, ("width", "height"))) for svg in pictures}
    assert len(sizes) == 1
    for one, other in pairwise(pictures):
        still = [text for text in drawn(one) if 'fill="#ffb400"' not in text]
        assert still == [text for text in drawn(other) if 'fill="#ffb400"' not in text]


def test_the_gate_at_work_and_its_wires_are_lit() -> None:
    steps = viz.steps(lecture())
    glows = [step.svg.count('fill="#ffb400"') for step in steps]
    assert glows == [0, 1, 1, 0, 1, 1, 1, 1]
    lit = []
    for step in steps:
        groups = ElementTree.fromstring(step.svg).iter(f"{SVG}g")
        lit.append(sum(len(group) for group in groups if group.get("stroke-width") == "3"))
    assert lit == [0, 3, 3, 1, 2, 2, 2, 2]


def test_it_is_a_sequence() -> None:
    steps = viz.steps(lecture())
    assert len(steps) == len(list(steps)) == 8
    assert steps[-1] is steps[7] and [step.number for step in steps[2:4]] == [2, 3]
    assert repr(steps[1]) == "<Step 1: q = x + y = -2 + 5 = 3>"
    assert repr(steps) == "<8 steps; [0] is the first, .save('folder') writes them>"
    assert steps[3]._repr_svg_() == steps[3].svg
    shown = images(steps._repr_html_())
    assert [svg for _, svg in shown] == [step.svg for step in steps]
    for (words, _), step in zip(shown, steps, strict=True):
        assert words.startswith(f"{step.sentence}: x = -2")


def test_saving(tmp_path: Path) -> None:
    steps = viz.steps(lecture())
    paths = steps.save(tmp_path / "steps")
    assert [path.name for path in paths] == [f"step-{number:02}.svg" for number in range(8)]
    assert [path.read_text("utf-8") for path in paths] == [step.svg for step in steps]
    steps[1].save(tmp_path / "one.svg")
    assert (tmp_path / "one.svg").read_text("utf-8") == steps[1].svg


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_labels_are_text(label: str) -> None:
    x = Value(2.0, label)
    allowed = {"svg", "title", "desc", "rect", "g", "polyline", "polygon", "circle", "text"}
    for step in viz.steps(x * x, title=label):
        root = ElementTree.fromstring(step.svg.encode())
        assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {*allowed, "tspan"}


def test_a_step_is_saved(tmp_path: Path) -> None:
    step = viz.steps(lecture())[1]
    step.save(tmp_path / "a.svg")
    assert (tmp_path / "a.svg").read_text("utf-8") == step.svg == step._repr_svg_()
    with pytest.raises(ValueError, match=r"'a\.tex' has .*; a step is saved as \.svg, \.html"):
        step.save("a.tex")


def test_a_notebook_gets_no_more_than_it_can_bear() -> None:
    f = Value(1.0, "x")
    for _ in range(100):
        f = f * 1.01
    steps = viz.steps(f, limit=None)
    shown = steps._repr_html_()
    count = len(images(shown))
    assert 0 < count < len(steps) == 202
    assert len(shown) < 2 * NOTEBOOK
    assert f"The steps go on: {len(steps) - count} of 202" in shown


def test_right_to_left_names_do_not_turn_the_sentence() -> None:
    assert 'unicode-bidi="isolate">مرحبا' in viz.steps(Value(2.0, "مرحبا") * 2)[1].svg
    assert "unicode-bidi" not in viz.steps(lecture())[1].svg


def test_sentences_stay_in_the_picture() -> None:
    values = [Value(0.123456 * n, f"a rather long name {n}") for n in range(12)]
    for value in (shared(), lecture(), apply("dot", values)):
        story = story_of(value)
        for step in viz.steps(value):
            root = ElementTree.fromstring(step.svg)
            width, height = float(root.get("width", 0)), float(root.get("height", 0))
            lines = [t for t in root.iter(f"{SVG}text") if t.get("font-size") == str(SIZE)]
            assert lines
            for line in lines:
                assert float(line.get("y", 0)) < height - 5
                assert 12 + text_width("".join(line.itertext()), SIZE) <= width
            words = words_of(story.sentences[step.number], palette_named("cs231n"))
            said = "".join("".join(line.itertext()) + " " for line in lines)
            assert said.split() == ["".join(text for text, _ in word) for word in words]
            assert all(width_of(word) <= width for word in words)


def test_a_single_leaf_has_a_story() -> None:
    assert [step.sentence for step in viz.steps(Value(2.0))] == [
        "inputs: v1 = 2",
        "the backward pass starts at v1, with gradient 1",
    ]


def test_options_have_an_effect() -> None:
    assert "-12.000" in texts(viz.steps(lecture(), decimals=3)[-1].svg)
    assert "#0072b2" in viz.steps(lecture(), palette="colorblind")[0].svg
    assert "A title" in texts(viz.steps(lecture(), title="A title")[0].svg)
    value = shared()
    first, second = value.inputs
    named = viz.steps(value, names={"square": first, "product": second, "sum": value})
    assert named[3].sentence == "sum = square + product = 9 + 6 = 15"
