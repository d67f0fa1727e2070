"""Slips, the cheat sheet, and answers that are folded."""

import io
from contextlib import redirect_stdout
from pathlib import Path

import jupytext
from lessons import ran, rows_of, shown

from demos.__main__ import main
from demos.runner.script import Lesson


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
    answers = [cell for cell in Lesson("slips").cells if cell.is_answer]
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
