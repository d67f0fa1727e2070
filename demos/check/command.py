"""The command `python -m demos check`."""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from textwrap import fill

from demos.check.engine import STEPS

_EPILOG = """\
python -m demos check engine                  all steps, and what each asks for
python -m demos check engine 3 my_engine.py   step 3 of your file
python -m demos check engine my_engine.py     all steps of your file, up to the first mistake
"""


SHOWN = 10_000
"""So many bytes are shown of what a file prints."""


def check(arguments: Sequence[str]) -> int:
    """Run `python -m demos check` with these arguments.

    Returns:
        The exit code: 0 if the file is right, 1 if it is not yet. A wrong use exits with code 2.
    """
    parser = argparse.ArgumentParser(
        prog="python -m demos check",
        description="Check an exercise that you write in a file of your own.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("exercise", choices=["engine"], help="the lessons engine, engine_trains")
    parser.add_argument("step", metavar="STEP", nargs="?", help=f"1 to {len(STEPS)}; default: all")
    parser.add_argument("file", metavar="FILE", nargs="?", help="default: say what a step asks for")
    parser.add_argument(
        "--seconds", type=float, default=10.0, help="how long the file may run (default: 10)"
    )
    options = parser.parse_intermixed_args(arguments)
    if not options.seconds > 0:
        parser.error("--seconds is a number above 0")
    step, file = options.step, options.file
    if step is not None and not step.isdigit():
        if file is not None:
            parser.error(f"a step is a number from 1 to {len(STEPS)}, not {step!r}")
        step, file = None, step
    numbers = [*range(1, len(STEPS) + 1)] if step is None else [int(step)]
    if not set(numbers) <= {*range(1, len(STEPS) + 1)}:
        parser.error(f"a step is a number from 1 to {len(STEPS)}, not {step}")
    if file is None:
        print("\n".join(_asked(number) for number in numbers))
        return 0
    path = Path(file)
    if not path.is_file():
        parser.error(f"there is no file {file}")
    right = _run(path.resolve(), numbers, options.seconds)
    if right and numbers[-1] < len(STEPS):
        print(f"\nNext:\n{_asked(numbers[-1] + 1)}")
    return 0 if right else 1


def _asked(number: int) -> str:
    step = STEPS[number - 1]
    return _filled(f"{number}. {step.title}: {step.task}", indent="   ")


def _run(path: Path, numbers: list[int], seconds: float) -> bool:
    """Check the file in a process of its own, and show what came of it."""
    with tempfile.TemporaryFile() as printed, tempfile.TemporaryDirectory() as folder:
        stopped_at = Path(folder, "trace.txt")
        arguments = [str(path), str(seconds), str(stopped_at), *map(str, numbers)]
        done = subprocess.run(
            [sys.executable, "-m", "demos.check.student", *arguments],
            env={**os.environ, "PYTHONIOENCODING": "utf-8:replace"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=printed,
            check=False,
        )
        size = printed.seek(0, os.SEEK_END)
        printed.seek(0)
        said = printed.read(SHOWN)
        trace = stopped_at.read_text(encoding="utf-8") if stopped_at.exists() else ""
    verdict = done.stdout.decode("utf-8", errors="replace")
    if trace:
        verdict += f"Stopped after {seconds:g} s{_where(trace, path)}"
    elif done.returncode not in (0, 1) or not verdict:
        verdict += f"The file has ended Python (exit code {done.returncode})."
    if said:
        more = " …\n" if size > SHOWN else "\n"
        print(said.decode("utf-8", errors="replace").rstrip(), end=f"{more}\n", flush=True)
    print(*(_filled(line) for line in verdict.rstrip().splitlines()), sep="\n")
    return done.returncode == 0 and verdict.count(": right. (") == len(numbers)


def _where(trace: str, path: Path) -> str:
    """The line of the file at which a process was stopped, as `faulthandler` shows it."""
    frames = re.findall(r'File "(.+)", line (\d+) in', trace)
    places = [int(line) for file, line in frames if file == str(path)]
    if not places:
        return ".\n\nDoes something in the file never end?"
    text = path.read_text(encoding="utf-8", errors="replace").splitlines()[places[0] - 1].strip()
    return (
        f", in line {places[0]} of {path.name}:\n\n    {text}\n\nDoes a loop, or a function that "
        "calls itself, never end?"
    )


def _filled(text: str, indent: str = "") -> str:
    """A paragraph of at most 88 columns; lines of code, which are indented, stay as they are.

    >>> len(_filled("It adds `x + y` to all that was there before. " * 3).splitlines())
    2
    """
    if text.startswith("    "):
        return text
    whole = re.sub("`[^`]*`", lambda code: code[0].replace(" ", "\0"), text)
    return fill(whole, 88, subsequent_indent=indent, break_on_hyphens=False).replace("\0", " ")
