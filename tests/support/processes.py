"""Programs that are run by other processes of Python, and functions by other threads."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from sources import ROOT


def python(
    *arguments: str, folder: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Python called with these arguments, in a folder; it finds the project."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )


def printed_by(program: str, folder: Path = ROOT, **environment: str) -> list[str]:
    """The lines that a program prints; it must succeed."""
    finished = python("-c", program, folder=folder, **environment)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout.splitlines()


def written_in_two_processes(program: str) -> list[bytes]:
    """What a program writes in two processes whose hashes differ."""
    both = [python("-c", program, PYTHONHASHSEED=seed) for seed in ("1", "4242")]
    assert [finished.returncode for finished in both] == [0, 0], both
    return [finished.stdout.encode() for finished in both]


def in_threads(work: Callable[[], None], count: int = 1, stack: int = 0) -> None:
    """Do some work in so many threads at once, on stacks of so many bytes; 0: the usual size."""
    before = threading.stack_size(stack)
    try:
        threads = [threading.Thread(target=work) for _ in range(count)]
        for thread in threads:
            thread.start()
    finally:
        threading.stack_size(before)
    for thread in threads:
        thread.join(600)
