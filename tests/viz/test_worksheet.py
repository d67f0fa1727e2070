"""Worksheets: the blanks are where they were asked for, and give nothing away."""

import re
from base64 import b64decode
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from browser import Browser
from geometry import OPTIONS, check_geometry, check_that_lines_stay_apart, circuits
from hypothesis import given, settings
from hypothesis import strategies as st
from pictures import images, neuron

import viz
from autograd_core import Value, trace
from viz.layout.geometry import Layout


def lecture() -> tuple[Value, Value, Value]:
    x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    q = x + y
    return x, q, q * z


def shown(drawing: viz.Drawing) -> list[tuple[str, str | None]]:
    return [(block.data or "", block.grad) for block in drawing.blocks]


@pytest.mark.parametrize(
    ("blank", "expected"),
    [
        ("gradients", [("-2", ""), ("5", ""), ("3", ""), ("-4", ""), ("-12", "1")]),
        ("data", [("-2", None), ("5", None), ("", None), ("-4", None), ("", None)]),
        ("all", [("-2", ""), ("5", ""), ("", ""), ("-4", ""), ("", "1")]),
    ],
)
def test_what_is_blank(blank: Any, expected: list[tuple[str, str | None]]) -> None:
    _, _, f = lecture()
    assert shown(viz.worksheet(f, blank).questions) == expected


def test_chosen_values_are_blank() -> None:
    x, q, f = lecture()
    expected = [("-2", ""), ("5", "-4"), ("", ""), ("-4", "3"), ("-12", "1")]
    for blank in ([q, x], {x, q}, (q, x, q)):
        assert shown(viz.worksheet(f, blank).questions) == expected
    assert shown(viz.worksheet(f, [f]).questions)[-1] == ("", "1")


def test_equal_numbers_are_different_values() -> None:
    x, y = Value(2.0, "x"), Value(2.0, "y")
    assert [grad for _, grad in shown(viz.worksheet(x * y, [y]).questions)] == ["2", "", "1"]


def test_answers_need_no_backward_and_change_nothing() -> None:
    x, q, f = lecture()
    answers = shown(viz.worksheet(f).answers)
    assert answers == [("-2", "-4"), ("5", "-4"), ("3", "-4"), ("-4", "3"), ("-12", "1")]
    assert (x.grad, q.grad, f.grad, q.label) == (0.0, 0.0, 0.0, None)


def test_gradients_are_those_of_one_pass() -> None:
    x, _, f = lecture()
    f.backward()
    f.backward()
    assert x.grad == -8.0
    assert shown(viz.worksheet(f).answers)[0] == ("-2", "-4")


@settings(max_examples=120)
@given(circuits(), OPTIONS, st.sampled_from(["gradients", "data", "all"]))
def test_both_pictures_have_one_sound_geometry(
    value: Value, options: dict[str, Any], blank: Any
) -> None:
    sheet = viz.worksheet(value, blank, **options)
    for layout in (sheet.questions.layout, sheet.answers.layout):
        check_geometry(layout)
        check_that_lines_stay_apart(layout)
    questions, answers = sheet.questions.layout, sheet.answers.layout
    assert outline(questions) == outline(answers)
    for asked, answered in zip(questions.blocks, answers.blocks, strict=True):
        assert not answered.blanks
        assert len(asked.texts) + len(asked.blanks) == len(answered.texts)
        # each blank surrounds the number that belongs there
        missing = [text for text in answered.texts if text not in asked.texts]
        for blank_box, text in zip(asked.blanks, missing, strict=True):
            assert blank_box.role == text.role
            box, inside = blank_box.box, text.box
            assert box.left <= inside.left + 0.01 and inside.right <= box.right + 0.01
            assert box.top <= inside.top and inside.bottom <= box.bottom


def outline(layout: Layout) -> tuple[Any, ...]:
    gates = [(placed.gate, placed.stub) for placed in layout.blocks]
    names = [text for placed in layout.blocks for text in placed.texts if text.role == "name"]
    return layout.width, layout.height, gates, names, layout.wires, layout.dots, layout.title


def test_blanks_give_nothing_away() -> None:
    x, y = Value(1.25, "x"), Value(3.75, "y")
    f = (x * y).tanh() * x
    sheet = viz.worksheet(f, "all", branches=True, local=True, decimals=5)
    secrets = {
        f"{number:.5f}"
        for step in trace(f).backward
        for wire in step.contributions
        for number in (wire.local, wire.downstream, wire.total)
    }
    secrets |= {f"{value.data:.5f}" for value in trace(f).values}
    secrets -= {"1.25000", "3.75000", "1.00000"}
    assert len(secrets) > 5
    for output in ("svg", "dot", "tikz"):
        asked, answered = (str(getattr(each, output)) for each in (sheet.questions, sheet.answers))
        assert not [secret for secret in secrets if secret in asked]
        assert all(secret in answered for secret in secrets)


def test_local_gradients_are_blank_only_where_all_is() -> None:
    _, _, f = lecture()
    for blank, count in (("gradients", 0), ("all", 4)):
        blocks = viz.worksheet(f, blank, local=True).questions.blocks  # type: ignore[arg-type]
        assert [block.local for block in blocks].count("") == count


def test_blanks_are_boxes_of_one_width() -> None:
    _, _, f = lecture()
    svg = viz.worksheet(f).questions.svg
    sizes = re.findall(r'<rect [^>]*width="([\d.]+)" height="([\d.]+)"[^>]*stroke-dasharray', svg)
    assert len(sizes) == 4 and len(set(sizes)) == 1


MILLIMETRE = 72 / 25.4


def millimetres(pdf: bytes, drawing: viz.Drawing) -> tuple[float, float]:
    """How large a blank is on paper; two texts in the PDF and in the picture give the scale."""
    layout = drawing.layout
    texts = [text for placed in layout.blocks for text in placed.texts if text.role == "name"]
    first, second = (next(t for t in texts if t.text == name) for name in ("w0", "w2"))
    page = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    heights = []
    for text in (first, second):
        # where a browser prints, letters are texts of their own
        found = re.search(r"\s*".join(text.text), page.get_text_range())
        assert found
        heights.append(page.get_charbox(found.start())[1])
    scale = (heights[0] - heights[1]) / (second.y - first.y) / MILLIMETRE
    [box, *_] = (blank.box for placed in layout.blocks for blank in placed.blanks)
    return scale * (box.right - box.left), scale * (box.bottom - box.top)


def long_chain() -> Value:
    x, y = Value(2.0, "w0"), Value(0.5, "w2")
    for _ in range(20):
        x = (x * y + 1).tanh()
    return x


@pytest.mark.parametrize(
    ("value", "options", "sheets"),
    [
        (neuron, {}, 1),
        (neuron, {"blank": "all", "local": True, "branches": True}, 1),
        (neuron, {"blank": "all", "expand": True}, 1),
        (long_chain, {"limit": None}, None),
    ],
)
def test_a_hand_can_write_in_what_is_printed(
    tmp_path: Path, value: Any, options: dict[str, Any], sheets: int | None
) -> None:
    sheet = viz.worksheet(value(), **options)
    sheet.save(tmp_path / "a.pdf")
    content = (tmp_path / "a-questions.pdf").read_bytes()
    width, height = millimetres(content, sheet.questions)
    assert width >= 17.99 and height >= 7.99
    pages = pypdfium2.PdfDocument(content)
    assert len(pages) == sheets or (sheets is None and len(pages) > 1)
    for page in pages:
        assert sorted(page.get_size()) == pytest.approx([210 * MILLIMETRE, 297 * MILLIMETRE], abs=1)


@pytest.mark.needs("chromium")
def test_a_browser_prints_the_page_of_a_worksheet_large_enough(
    browser: Browser, tmp_path: Path
) -> None:
    sheet = viz.worksheet(neuron(), "all", expand=True)
    sheet.questions.save(tmp_path / "a.html")
    browser.open(tmp_path / "a.html")
    paper = {"paperWidth": 210 / 25.4, "paperHeight": 297 / 25.4, "landscape": True}
    printed = browser.send(
        "Page.printToPDF", **paper, marginTop=0.4, marginBottom=0.4, marginLeft=0.4, marginRight=0.4
    )
    width, height = millimetres(b64decode(printed["data"]), sheet.questions)
    assert width >= 17.9 and height >= 7.9


def test_saving_into_a_folder_or_beside_each_other(tmp_path: Path) -> None:
    _, _, f = lecture()
    sheet = viz.worksheet(f)
    assert sheet.save(tmp_path) == (tmp_path / "questions.svg", tmp_path / "answers.svg")
    assert (tmp_path / "questions.svg").read_text("utf-8") == sheet.questions.svg
    assert sheet.save(tmp_path / "week1")[1] == tmp_path / "week1-answers.svg"
    assert sheet.save(str(tmp_path / "week1.dot"))[0] == tmp_path / "week1-questions.dot"
    assert len(list(tmp_path.iterdir())) == 6


def test_a_lone_leaf_has_nothing_to_ask() -> None:
    assert repr(viz.worksheet(Value(3.0), "all")).startswith("<Worksheet with 0 numbers")


def test_it_shows_its_questions() -> None:
    sheet = viz.worksheet(lecture()[2], title="Week 1", palette="colorblind")
    assert sheet._repr_svg_() == sheet.questions.svg
    ((words, svg),) = images(sheet._repr_html_())
    assert svg == sheet.questions.svg
    assert words.startswith("Week 1: x = -2, gradient ?; ")
    assert ">Week 1</text>" in sheet.answers.svg


@pytest.mark.parametrize(
    ("blank", "error", "words"),
    [
        ("grads", ValueError, "'gradients', 'data', 'all' or some values, not 'grads'"),
        ([Value(1.0)], ValueError, "not in the circuit"),
        (["q"], TypeError, "a collection of values"),
        (Value(1.0), TypeError, "a collection of values"),
        (None, TypeError, "not None"),
    ],
)
def test_a_wrong_blank_is_explained(blank: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        viz.worksheet(lecture()[2], blank)
