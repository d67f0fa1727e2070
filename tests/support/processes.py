"""Programs that are run by other processes of Python."""

import os
import subprocess
import sys
from pathlib import Path


def written_in_two_processes(program: str) -> list[bytes]:
    """What a program writes in two processes whose hashes differ."""
    root = Path(__file__).parents[2]
    given = {**os.environ, "PYTHONPATH": str(root), "PYTHONIOENCODING": "utf-8"}
    return [
        subprocess.run(
            [sys.executable, "-c", program],
            env={**given, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            timeout=600,
        ).stdout
        for seed in ("1", "4242")
    ]
