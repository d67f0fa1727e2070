"""Slips, the cheat sheet, and answers that are folded."""

import io
import math
from contextlib import redirect_stdout
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import jupytext
import pytest
from lessons import ran, rows_of, shown

from autograd_core import GATES, trace
from demos.__main__ import main
from demos.runner.script import Lesson
from viz import cheat_sheet
from viz.scene.style import text_width


def test_there_are_24_slips_each_with_its_check() -> None:
    slips = rows_of(ran("slips"), "as printed")
    assert [slip[""] for slip in slips] == [str(number) for number in range(1, 25)]
    assert all(slip["as printed"] != slip["right"] for slip in slips)
    text = shown(ran("slips"))
    right = {row["slip"][0]: float(row["right"]) for row in rows_of(ran("slips"), "slip")}
    assert right == {"1": 0.68568, "2": 0.02, "3": 0.66, "4": 0.69}
    assert "17, as printed: list index out of range" in text
    assert "23, as in the formula: list index out of range" in text
    assert "20: summed over all: 0.0" in text


def test_answers_are_folded_and_printed_at_the_end(tmp_path: Path) -> None:
    pairs = pairwise(Lesson("slips").cells)
    answers = [cell for before, cell in pairs if cell.is_answer and not before.is_answer]
    assert answers
    with redirect_stdout(io.StringIO()) as printed:
        assert main(["slips", "--output", str(tmp_path)]) == 0
    text, page = printed.getvalue(), (tmp_path / "slips.html").read_text(encoding="utf-8")
    assert page.count("<details") == page.count("</details>") == len(answers)
    take_away = text.index("To take away")
    for number in range(1, len(answers) + 1):
        assert text.index(f"[Answer {number}: at the end]") < take_away
        assert text.index(f"\nAnswer {number}\n") > take_away
    assert text.index("have only changed places") > take_away


def test_answers_are_folded_in_a_notebook(tmp_path: Path) -> None:
    with redirect_stdout(io.StringIO()):
        assert main(["slips", "--notebooks", str(tmp_path)]) == 0
    notebook = jupytext.read(tmp_path / "slips.ipynb")
    answers = [cell for cell in notebook.cells if "answer" in cell.metadata.get("tags", [])]
    assert {cell.cell_type for cell in answers} == {"code", "markdown"}
    for cell in answers:
        if cell.cell_type == "markdown":
            assert cell.source.startswith("<details>")
        else:
            assert cell.metadata["jupyter"] == {"source_hidden": True, "outputs_hidden": True}


NUMBERS = {"x": (-1.3, 0.7), "y": (0.4, 2.5), "w": (0.6, -0.8), "b": (0.2, -0.1)}


def test_formulas_of_the_sheet_are_those_of_the_engine() -> None:
    """Evaluated by Python as they stand, beside the engine, at two places."""
    for entry in cheat_sheet().gates:
        leaves = {leaf.name: leaf for leaf in trace(entry.output).values if leaf.name != "f"}
        values = {str(value.label): value for value in entry.output.inputs}
        assert leaves.keys() == values.keys()
        for place in (0, 1):
            for name, value in values.items():
                value.data = NUMBERS[name][place]
                if entry.name in ("log", "sqrt"):
                    value.data = abs(value.data)
                value.grad = 0.0
            entry.output.forward()
            entry.output.backward()
            known = vars(math) | {name: value.data for name, value in values.items()}
            known |= {"f": eval(entry.formula, known)}
            assert known["f"] == pytest.approx(entry.output.data, rel=1e-12), entry.name
            for operand, formula in entry.local_gradients:
                slope = values[operand].grad
                assert eval(formula, known) == pytest.approx(slope, rel=1e-12), entry.name


def test_the_sheet_has_every_gate_of_a_lesson_that_is_named_in_it() -> None:
    svg = cheat_sheet().svg
    for entry in cheat_sheet().gates:
        assert f">{entry.name}</text>" in svg
        assert entry.pattern.split(":")[0] == GATES[entry.name].pattern.split(":")[0]
    assert ">copy</text>" in svg
    assert ElementTree.fromstring(svg).tag.endswith("svg")


def test_texts_of_the_sheet_stay_apart(tmp_path: Path) -> None:
    """No text is as wide as to reach the other column, or the edge."""
    tree = ElementTree.fromstring(cheat_sheet().svg)
    width = float(tree.attrib["width"])
    own = [text for text in tree if text.tag.endswith("}text")][1:]
    assert len(own) > 100
    for text in own:
        left, size = float(text.attrib["x"]), float(text.attrib["font-size"])
        right = left + text_width(text.text or "", size)
        assert right < (width / 2 if left < width / 2 else width)


def test_the_notation_of_the_lectures() -> None:
    rows = {row[""]: row for row in rows_of(ran("cheat_sheet"), "lecture 03")}
    assert rows["∂C/∂z"]["learning"] == "-D"
    assert rows["weighted sum"]["week 4"].startswith("a")
