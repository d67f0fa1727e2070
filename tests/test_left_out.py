"""Tests that need a program are left out where it is missing, and said to be; in CI they fail."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sources import PROJECT, ROOT

TESTS = """
import pytest
@pytest.mark.needs({program!r})
def test_with_it(): pass
def test_without_it(): pass
"""


def last_lines(folder: Path, program: str, **environment: str) -> list[str]:
    """How pytest ends on two tests, of which one needs a program, with the programs of a folder."""
    tests = folder / "test_two.py"
    tests.write_text(TESTS.format(program=program))
    paths = os.pathsep.join([str(PROJECT / "tests"), str(ROOT)])
    finished = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "conftest", "-c", PROJECT / "pyproject.toml", tests],
        cwd=PROJECT,
        env={**os.environ, "PATH": str(folder), "PYTHONPATH": paths, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return [*finished.stdout.splitlines()[-2:], f"exit {finished.returncode}"]


@pytest.mark.parametrize(
    ("program", "name", "package"),
    [("dot", "Graphviz", "graphviz"), ("chromium", "Chromium", "chromium")],
)
def test_what_is_left_out_is_counted_with_how_to_get_it(
    tmp_path: Path, program: str, name: str, package: str
) -> None:
    says, summary, code = last_lines(tmp_path, program, CI="")
    assert says == f"left out: 1 without {name} (apt-get install {package})"
    assert summary.startswith("1 passed, 1 skipped")
    assert code == "exit 0"


def test_a_browser_that_does_not_run_counts_as_missing(tmp_path: Path) -> None:
    program = tmp_path / "chromium"
    program.write_text(f"#!{sys.executable}\nimport sys; sys.exit('not today')\n")
    program.chmod(0o755)
    says, _, code = last_lines(tmp_path, "chromium", CI="")
    assert says == "left out: 1 without Chromium (apt-get install chromium)"
    assert code == "exit 0"


def test_ci_leaves_nothing_out(tmp_path: Path) -> None:
    says, summary, code = last_lines(tmp_path, "dot", CI="true")
    assert says.endswith("is without Graphviz (apt-get install graphviz)")
    assert summary.startswith("1 passed, 1 error")
    assert code == "exit 1"
