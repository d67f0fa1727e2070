"""Tests that need a program are left out where it is missing, and said to be; in CI they fail."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


DOT = ("tests/viz/test_dot.py", "-k", "edges or every_wire")
"""Three tests, one of which needs `dot`."""
FILM = ("tests/viz/test_animation.py", "-k", "its_time or two_animations")
"""Two tests, one of which needs Chromium."""


def last_lines(folder: Path, *tests: str, **environment: str) -> list[str]:
    """How pytest ends on some tests, with the programs of a folder."""
    finished = subprocess.run(
        [sys.executable, "-m", "pytest", *tests],
        cwd=ROOT,
        env={**os.environ, "PATH": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return [*finished.stdout.splitlines()[-2:], f"exit {finished.returncode}"]


def test_what_is_left_out_is_counted_with_how_to_get_it(tmp_path: Path) -> None:
    says, summary, code = last_lines(tmp_path, *DOT, CI="")
    assert says == "left out: 1 without Graphviz (apt-get install graphviz)"
    assert summary.startswith("2 passed, 1 skipped, ")
    assert code == "exit 0"


def test_a_browser_that_does_not_run_counts_as_missing(tmp_path: Path) -> None:
    program = tmp_path / "chromium"
    program.write_text(f"#!{sys.executable}\nimport sys; sys.exit('not today')\n")
    program.chmod(0o755)
    says, summary, code = last_lines(tmp_path, *FILM, CI="")
    assert says == "left out: 1 without Chromium (apt-get install chromium)"
    assert summary.startswith("1 passed, 1 skipped, ")
    assert code == "exit 0"


def test_ci_leaves_nothing_out(tmp_path: Path) -> None:
    says, summary, code = last_lines(tmp_path, *DOT, CI="true")
    assert says.endswith("is without Graphviz (apt-get install graphviz)")
    assert summary.startswith("2 passed, ") and "1 error" in summary
    assert code == "exit 1"
