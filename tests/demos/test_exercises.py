"""Exercises at the end of lessons: answers that are right, and folded."""

import math
import re
from pathlib import Path

import pytest
from lessons import outputs, ran, shown

from demos import LESSONS
from demos.runner.gallery import Gallery
from demos.runner.script import Lesson
from viz import Page, Steps, Worksheet
from viz.worksheet import PrintedDrawing

WITH_SHEETS = (
    *("circuit", "gate_patterns", "sigmoid_neuron", "staged", "chain_rule", "losses"),
    *("one_neuron", "network_patterns"),
)
WITH_EXERCISES = [name for name in LESSONS if name != "cheat_sheet"]


@pytest.mark.parametrize("name", WITH_EXERCISES)
def test_questions_come_before_folded_answers(name: str) -> None:
    cells = Lesson(name).cells
    first = next(number for number, cell in enumerate(cells) if cell.is_answer)
    assert not cells[0].is_answer
    assert "?" in " ".join(cell.source for cell in cells[:first])
    assert any(cell.is_answer and not cell.is_code for cell in cells), "the reason is said"
    assert not cells[-1].is_answer


@pytest.mark.parametrize("name", WITH_SHEETS)
def test_a_worksheet_has_its_key_among_the_answers(name: str, tmp_path: Path) -> None:
    sheets = [out.value for out in outputs(ran(name)) if isinstance(out.value, Worksheet)]
    keys = [
        out.value
        for cell in ran(name).cells
        for out in cell.outputs
        if cell.is_answer and isinstance(out.value, PrintedDrawing)
    ]
    assert [key.svg for key in keys] == [sheets[-1].answers.svg]
    assert sheets[-1].questions.svg != keys[0].svg
    files = sheets[-1].save(tmp_path / f"{name}.svg")
    assert all(file.stat().st_size > 1000 for file in files)


@pytest.mark.parametrize(("name", "count"), [("circuit", 6), ("sigmoid_neuron", 18)])
def test_the_slides_circuits_are_revealed_step_by_step(name: str, count: int) -> None:
    values = [output.value for output in outputs(ran(name))]
    [revealed] = [value for value in values if isinstance(value, Steps)]
    assert len(revealed) >= count
    assert any(isinstance(value, Page) for value in values)


def test_answers_of_the_circuit() -> None:
    x, y, z = (ran("circuit").namespace[name] for name in "xyz")
    assert (x.data, y.data, z.data) == (3.0, -1.0, 2.0)
    assert "4: 5.0" in shown(ran("circuit"))


def test_answers_of_the_others() -> None:
    assert ran("chain_rule").namespace["t"].grad in (0.0, 44.0)
    assert ">44<" in ran("chain_rule").namespace["sheet"].answers.svg
    assert ran("sigmoid_neuron").namespace["h"].data == 0.5
    assert "(1.0, [0.25, -0.5, 0.0])" in shown(ran("one_neuron"))
    assert "1: [0.5, 0.25, -0.75]" in shown(ran("losses"))
    assert "2: -0.5" in shown(ran("losses"))
    wrong = re.search(r"1: dx = (\S+) in place of (\S+)", shown(ran("staged")))
    assert wrong
    assert wrong[1] != wrong[2]
    assert "2: dxpy = 0.0" in shown(ran("staged"))


ANSWERS = {
    "initialisation": "1: [-0.0661, -0.0794, -0.0926]",  # as 5 to 6 to 7
    "saturation": f"1: {math.ceil(math.log(1e6, 4))}",
    "depth": f"1: {2**20} pieces, {2**20 - 1} ReLUs\n2: t(0.3) = 0.6, t(t(0.3)) = 0.8, slope -4",
    "batches": f"1: 234 of 256 and one of {60_000 - 234 * 256}: 235 updates",
    "penalties": "2: L2 0.0003, L1 0.3",
    "schedules": f"3: {math.ceil(3000 * math.log(5) / math.log(100))}",
    "moons": f"1: 96 + 1056 + 33 = {96 + 1056 + 33}\n3: hinge 0.000000",
    "images": "1: 3072 and 30730\n2: True",
    "configuration": "1: 60 and 5000",
    "digits": f"1: 6500 + 1010 = {6500 + 1010}\n2: {math.log(10):.3f}",
    "outlook": "2: 30",
    "history": "1: [0, 1, 1]\n2: [0, 0]",
}
"""What answers of lessons show: found on paper, the slopes of the first with a calculator."""


@pytest.mark.parametrize("name", ANSWERS)
def test_answers_found_on_paper(name: str) -> None:
    assert ANSWERS[name] in shown(ran(name))


def test_a_tower_of_two_neurons_and_a_neuron_that_knows_only_the_mean() -> None:
    tower = ran("approximation").namespace["tower"]
    for x in (0.0, 0.3, 0.45, 0.5, 0.55, 0.7, 1.0):
        assert tower([x]).data == pytest.approx(float(0.4 < x < 0.6), abs=0.01)
    bias, mean = re.findall(r"bias (\S+), mean (\S+)", shown(ran("penalties")))[0]
    assert bias == mean


def test_no_sheet_and_no_answer_is_the_picture_of_its_lesson(tmp_path: Path) -> None:
    lesson = Lesson("circuit")
    gallery = Gallery(tmp_path)
    cells = list(lesson.run())
    for cell in cells:
        gallery.hang(cell)
    gallery.add(lesson, cells)
    hidden = {
        out.file for cell in cells for out in cell.outputs if out.has_blanks or cell.is_answer
    } - {None}
    assert len(hidden) == 3
    [shown] = re.findall(r'<img src="(circuit-\d+\.svg)" alt="">', gallery.index.read_text("utf-8"))
    assert shown not in hidden
