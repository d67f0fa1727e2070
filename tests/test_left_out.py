"""Tests that need a program are left out where it is missing, and said to be; in CI they fail."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def last_lines(folder: Path, **environment: str) -> list[str]:
    """How pytest ends on three tests, one of which needs `dot`, with the programs of a folder."""
    finished = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/test_viz_dot.py", "-k", "edges or every_wire"],
        cwd=ROOT,
        env={**os.environ, "PATH": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return [*finished.stdout.splitlines()[-2:], f"exit {finished.returncode}"]


def test_what_is_left_out_is_counted_with_how_to_get_it(tmp_path: Path) -> None:
    says, summary, code = last_lines(tmp_path, CI="")
    assert says == "left out: 1 without Graphviz (apt-get install graphviz)"
    assert summary.startswith("2 passed, 1 skipped, ")
    assert code == "exit 0"


def test_ci_leaves_nothing_out(tmp_path: Path) -> None:
    says, summary, code = last_lines(tmp_path, CI="true")
    assert says.endswith("is without Graphviz (apt-get install graphviz)")
    assert summary.startswith("2 passed, ") and "1 error" in summary
    assert code == "exit 1"
