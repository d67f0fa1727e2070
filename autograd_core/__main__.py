"""The command `python -m autograd_core`: what runs here, to be put into a report of a fault."""

import argparse
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from autograd_core import compiled, install_command, run_command
from autograd_core._cython import VARIABLE

FOLDER = Path(__file__).resolve().parent

PACKAGES = {
    "numpy": "pip install numpy",
    "graphviz": "pip install graphviz",
    "matplotlib": install_command("plots"),
    "tqdm": "pip install tqdm",
    "resvg-py": install_command("pictures"),
    "fpdf2": install_command("pictures"),
}
"""Packages that parts of the project load when they need them, and how to get each."""

FONTS = ("Arial", "Helvetica", "Liberation Sans")
"""The fonts for which pictures are laid out; with another one texts may be too wide."""


def report() -> str:
    """What runs here, a line for each part.

    >>> print(report())
    scalar-circuits ...
    engine ...
    Python ...
    """
    rows = [
        ("scalar-circuits", f"{_version('scalar-circuits', 'not installed')}, in {_shown(FOLDER)}"),
        ("engine", "compiled" if compiled else f"not compiled, some ten times slower: {_why()}"),
        ("Python", f"{platform.python_implementation()} {platform.python_version()}"),
        ("system", f"{platform.system()} {platform.release()}, {platform.machine()}"),
        *[(name, _version(name, f"not installed; {cure}")) for name, cure in PACKAGES.items()],
        ("Graphviz (dot)", _graphviz()),
        ("fonts", _fonts()),
    ]
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:{width}}  {text}" for name, text in rows)


def _version(package: str, otherwise: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return otherwise


def _why() -> str:
    """Why the engine is not compiled, and what can be done."""
    if os.environ.get(VARIABLE, "0") not in ("", "0"):
        return f"{VARIABLE} is set in the environment"
    note = FOLDER / "not_compiled.txt"
    if note.exists():
        reason = " ".join(note.read_text(encoding="utf-8").split()).rstrip(".")
        return (
            f"{reason}. Install a C compiler and the headers of Python, then the project again "
            "with pip's --no-cache-dir; its -v shows what the compiler says"
        )
    others = sorted(path.name for path in FOLDER.glob("value.*") if path.suffix in (".so", ".pyd"))
    if others:
        return (
            f"{' and '.join(others)} are for another Python than this one, which would load "
            f"value{EXTENSION_SUFFIXES[0]}. Install the project again with this one"
        )
    return (
        "nothing was built here. Install the project with pip, which compiles it; "
        "what runs in its own folder is compiled with pip install -e ."
    )


def _graphviz() -> str:
    """The version of the program that lays out .dot files."""
    said = _said_by(["dot", "-V"])
    return "not found; only files in the format dot need it" if said is None else said


def _fonts() -> str:
    """Which of the fonts for pictures are here."""
    if sys.platform in ("darwin", "win32"):
        return f"{FONTS[0]}, which comes with the system"
    listed = _said_by(["fc-list", ":", "family"])
    if listed is None:
        return f"unknown, for there is no fc-list; pictures count on {', '.join(FONTS)}"
    families = {name for line in listed.splitlines() for name in line.split(",")}
    found = [font for font in FONTS if font in families]
    missing = f"none of {', '.join(FONTS)}; install one (Debian: apt-get install fonts-liberation)"
    return ", ".join(found) or missing


def _said_by(command: Sequence[str]) -> str | None:
    """What a program prints; None if it is not there, or fails."""
    program = shutil.which(command[0])
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, *command[1:]], capture_output=True, check=True, text=True, timeout=60
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return (done.stdout or done.stderr).strip()


def _shown(path: Path) -> str:
    """A path without the name of the user."""
    home = str(Path.home())
    return str(path).replace(home, "~", 1) if len(home) > 1 else str(path)


def main() -> int:
    """Print the report; the command takes nothing but `--help`."""
    about = "Say what runs here: paste it into a report of a fault."
    argparse.ArgumentParser(prog="python -m autograd_core", description=about).parse_args()
    print(report())
    return 0


if __name__ == "__main__":
    sys.exit(run_command(main))
