"""What holds for every lesson: its form, its numbers, its pictures."""

import codeop
import dis
import io
import os
import re
import subprocess
import sys
from code import InteractiveConsole
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import CodeType
from xml.etree import ElementTree

import jupytext
import pytest
from lessons import outputs, ran

from demos import LESSONS
from demos.runner.gallery import words_of
from demos.runner.script import FOLDER, Lesson, read_cells

SLOW = {
    *("xor", "initialisation", "moons", "batches", "penalties", "digits", "configuration"),
    *("images", "depth"),
}
"""Lessons that take more than a second. That a training repeats itself, the tests of `nn` see."""

every_lesson = pytest.mark.parametrize("name", LESSONS)


@every_lesson
def test_jupytext_reads_the_same_cells(name: str) -> None:
    notebook = jupytext.read(FOLDER / f"{name}.py", fmt="py:percent")
    expected = [(cell.cell_type == "code", cell.source) for cell in notebook.cells]
    cells = Lesson(name).cells
    assert [(cell.is_code, cell.source) for cell in cells] == expected
    lines = ["", *(FOLDER / f"{name}.py").read_text(encoding="utf-8").splitlines()]
    for cell in cells:
        assert lines[cell.line].removeprefix("# ") == cell.source.split("\n")[0]


@every_lesson
def test_its_form(name: str) -> None:
    first, *_ = cells = Lesson(name).cells
    assert re.match(r"# \S.*\n\n\S", first.source)
    assert not first.is_code
    assert re.search("[.?!]$", Lesson(name).summary), "the first sentence ends in its paragraph"
    for cell in cells:
        lines = [line for line in cell.source.splitlines() if line]
        assert len(lines) <= (20 if not cell.is_code else 15), f"line {cell.line}: too long"
        assert cell.source.count("\n\n") < 8


@every_lesson
def test_it_can_be_pasted_line_by_line(name: str) -> None:
    compile_command = codeop.CommandCompiler()
    waiting: list[str] = []
    script = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    for number, line in enumerate(script.splitlines(), start=1):
        waiting.append(line)
        try:
            if compile_command("\n".join(waiting), "<lesson>") is not None:
                waiting = []
        except SyntaxError as error:
            pytest.fail(f"{name}.py, line {number}, does not go into the REPL: {error}")
    assert not waiting


def names_of(code: CodeType) -> tuple[set[str], set[str]]:
    """The global names that some code binds, and those that it reads before."""
    bound, read = set(), set()
    for instruction in dis.get_instructions(code):
        if instruction.opname == "STORE_NAME":
            bound.add(instruction.argval)
        elif instruction.opname in {"LOAD_NAME", "LOAD_GLOBAL"}:
            read |= {instruction.argval} - bound
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            read |= names_of(inner)[1] - bound
    return bound, read


@every_lesson
def test_nothing_needs_an_answer_to_be_run(name: str) -> None:
    """The terminal has the answers at the end, and a reader may skip them."""
    by_answers: set[str] = set()
    for cell in Lesson(name).cells:
        if cell.is_code:
            bound, read = names_of(compile(cell.source, name, "exec"))
            if cell.is_answer:
                by_answers |= bound
            else:
                assert not read & by_answers, f"line {cell.line}"
                by_answers -= bound


@pytest.mark.parametrize("name", [name for name in LESSONS if name not in SLOW])
def test_the_repl_shows_what_the_lesson_shows(name: str) -> None:
    """As text; between these, the REPL echoes what other expressions return."""
    console = InteractiveConsole({"__name__": f"demos.lessons.{name}"})
    script = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    errors = io.StringIO()
    with redirect_stdout(io.StringIO()) as printed, redirect_stderr(errors):
        for line in [*script.splitlines(), ""]:
            console.push(line)
    assert errors.getvalue() == ""
    text = printed.getvalue()
    for output in outputs(ran(name)):
        before, found, text = text.partition(output.text)
        assert found, f"the REPL does not show {output.text!r}"
        assert before.count("\n") < 8


NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")
WITH_DECIMALS = re.compile(r"(?<![\w.])-?\d+\.\d+(?:e[+-]?\d+)?(?![\w.]*\d)")


def unfounded(text: str, founded: str) -> list[str]:
    """The numbers with decimals in a text that are not among the others, to their last digit."""
    numbers = [float(number) for number in NUMBER.findall(founded)]
    return [
        said
        for said in WITH_DECIMALS.findall(text)
        if not any(_rounds_to(number, said) for number in numbers)
    ]


def _rounds_to(number: float, said: str) -> bool:
    digits, _, exponent = said.partition("e")
    unit = 10.0 ** (int(exponent or 0) - len(digits.partition(".")[2]))
    return abs(abs(number) - abs(float(said))) <= unit / 2 * (1 + 1e-9)


def test_numbers_are_held_against_what_is_shown() -> None:
    assert unfounded("about 0.73 or 1.4e-3", "0.7311 and 0.00142") == []
    assert unfounded("-0.04, 2.50", "-0.039999, 2.5") == []
    assert unfounded("from 0.72 to 3.0e2; version 3", "0.7311, 310, 0.73") == ["0.72", "3.0e2"]


@every_lesson
def test_its_text_says_no_number_that_it_does_not_show(name: str) -> None:
    lesson = ran(name)
    code = [cell.source for cell in lesson.cells if cell.is_code]
    founded = "\n".join([*code, *(output.text for output in outputs(lesson))])
    for cell in jupytext.read(FOLDER / f"{name}.py", fmt="py:percent").cells:
        if cell.cell_type == "markdown" and "quote" not in cell.metadata.get("tags", []):
            assert unfounded(cell.source, founded) == []


@every_lesson
def test_nothing_is_left_out_where_everything_is_installed(name: str) -> None:
    assert len(ran(name).cells) == len(Lesson(name).cells)
    assert any(cell.outputs for cell in ran(name).cells)


@every_lesson
def test_its_pictures_are_small_and_said_in_words(name: str) -> None:
    pictures = [output for output in outputs(ran(name)) if output.svg]
    assert [picture.file for picture in pictures] == [
        f"{name}-{number}.svg" for number in range(1, len(pictures) + 1)
    ]
    assert pictures
    for picture in pictures:
        assert picture.svg
        assert len(picture.svg) < 150_000
        assert "was changed after the last call" not in picture.svg
        assert ElementTree.fromstring(picture.svg).tag == "{http://www.w3.org/2000/svg}svg"
        title, description = words_of(picture.svg)
        assert title
        assert len(description) > 40


def test_another_run_shows_the_same(tmp_path: Path) -> None:
    names = [name for name in LESSONS if name not in SLOW]
    subprocess.run(
        [sys.executable, "-m", "demos", *names, "--output", str(tmp_path)],
        env=os.environ | {"PYTHONHASHSEED": "1", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=True,
    )
    for output in (output for name in names for output in outputs(ran(name))):
        if output.file:
            assert (tmp_path / output.file).read_text(encoding="utf-8") == output.svg


def test_a_script_is_read_into_cells_with_their_lines() -> None:
    script = "# header\n\n# %% [markdown]\n# # T\n#\n# Text.\n\n# %%\nif 1:\n    x = 1\n\n# %%\nx\n"
    cells = [(cell.is_code, cell.source, cell.line) for cell in read_cells(script)]
    assert cells == [
        (False, "# T\n\nText.", 4),
        (True, "if 1:\n    x = 1", 9),
        (True, "x", 13),
    ]
