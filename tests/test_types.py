"""Type checkers find the mistakes in `types/mistakes.py`, and nothing in correct programs."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
from sources import PROJECT, ROOT

from nn import ACTIVATIONS, INITIALISATIONS, ActivationName, InitialisationName

MISTAKES = PROJECT / "tests" / "types" / "mistakes.py"
CORRECT = PROJECT / "tests" / "types" / "correct.py"

Place = tuple[str, int]
Checker = Callable[[Path, list[Path]], set[Place]]


def mypy(cache: Path, programs: list[Path]) -> set[Place]:
    """The lines of programs in which mypy finds errors."""
    options = ["--strict", "--config-file=", f"--cache-dir={cache}", "--output=json"]
    found = map(json.loads, run("mypy", *options, *map(str, programs)).splitlines())
    return {
        (Path(each["file"]).name, each["line"])
        for each in found
        if each["severity"] == "error" and (PROJECT / each["file"]) in programs
    }


def pyright(cache: Path, programs: list[Path]) -> set[Place]:
    """The lines of programs in which pyright finds errors."""
    options = ["--outputjson", f"--pythonpath={sys.executable}"]
    found = json.loads(run("pyright", *options, *map(str, programs)))
    return {
        (Path(each["file"]).name, each["range"]["start"]["line"] + 1)
        for each in found["generalDiagnostics"]
        if each["severity"] == "error"
    }


def run(checker: str, *arguments: str) -> str:
    """What a type checker prints, called where the project is found."""
    finished = subprocess.run(
        [sys.executable, "-m", checker, *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode in (0, 1), finished.stdout + finished.stderr
    return finished.stdout


def readme(folder: Path) -> Path:
    """The examples of the README as one program."""
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^(?:>>>|\.\.\.) (.*)$", text, re.MULTILINE)
    program = folder / "readme.py"
    program.write_text("\n".join(lines), encoding="utf-8")
    return program


def marked(program: Path) -> set[Place]:
    """The lines of a program that have a mistake."""
    lines = program.read_text(encoding="utf-8").splitlines()
    return {(program.name, n) for n, line in enumerate(lines, 1) if line.endswith("# error")}


@pytest.mark.parametrize(
    "checker", [mypy, pytest.param(pyright, marks=pytest.mark.needs("pyright"))]
)
def test_type_checkers_find_mistakes_and_nothing_else(checker: Checker, tmp_path: Path) -> None:
    found = checker(tmp_path, [MISTAKES, CORRECT, readme(tmp_path)])
    mistakes = marked(MISTAKES)
    assert len(mistakes) > 70
    assert sorted(found - mistakes) == [], "false alarms"
    assert sorted(mistakes - found) == [], "not found"


def test_the_correct_programs_run(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, str(CORRECT)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        check=True,
    )


def test_checkers_know_the_names_of_the_choices() -> None:
    assert set(get_args(ActivationName)) == {*ACTIVATIONS, "sigmoid", "softmax", "maxout"}
    assert set(get_args(InitialisationName)) == set(INITIALISATIONS)
