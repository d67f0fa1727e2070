"""Reading and writing files, and pictures through Graphviz.

What a picture that stays in memory does not need is imported where it is used: subprocess and the
metadata of packages take longer to load than all of this package.
"""

from collections.abc import Callable
from pathlib import Path

from autograd_core import replace_file

TIME_LIMIT = 60.0
"""Seconds that Graphviz may take; on many thousands of values it would take hours."""


def read_template(name: str) -> str:
    """The text of a file that comes with this package, such as `write/drawing.html`."""
    from importlib.resources import files

    return (files("viz") / name).read_text(encoding="utf-8")


def save_text(path: str | Path, text: Callable[[], str], *endings: str, what: str) -> None:
    """Write the text of a picture that comes in one kind of file only.

    Args:
        path: the file.
        text: makes what is to be in it.
        endings: of which its name has to have one; the first is the usual one.
        what: the picture, for the message.

    Raises:
        ValueError: if the file's name has another ending.
        OSError: if the file cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() not in endings:
        raise ValueError(
            f"{str(path)!r} does not end in {endings[0]}; {what} is saved as {endings[0]}"
        )
    replace_file(path, text().encode())


def render_with_graphviz(source: str, kind: str) -> bytes:
    """A picture in DOT rendered by Graphviz's `dot`, the system's or that of a wheel.

    Args:
        source: the DOT text.
        kind: `"png"` or `"pdf"`.

    Raises:
        RuntimeError: if `dot` is not installed, cannot write such files, fails, or takes longer
            than the time limit.
    """
    import shutil
    import subprocess

    program = shutil.which("dot") or _from_the_wheel()
    if program is None:
        raise RuntimeError(
            f"a .{kind} file is made by Graphviz, whose program `dot` was not found. Install it "
            f"({_WAYS[kind]}), or save as .svg, which needs no other program"
        )
    if kind == "pdf" and Path(program).stem == _WHEEL:
        raise RuntimeError(
            f"the Graphviz of {_WHEEL} cannot write .pdf files, the one of the system can. Install "
            f"it ({_WAYS[kind]}), or save as .png, .svg or .tex"
        )
    try:
        finished = subprocess.run(
            [program, f"-T{kind}", *(["-Gdpi=192"] if kind == "png" else [])],
            input=source.encode(),
            capture_output=True,
            timeout=TIME_LIMIT,
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise RuntimeError(
            f"Graphviz did not finish within {TIME_LIMIT:g} seconds; "
            "save as .svg, or draw a smaller part of the circuit"
        ) from None
    except subprocess.CalledProcessError as error:
        message = error.stderr.decode(errors="replace").strip()
        raise RuntimeError(f"Graphviz could not draw this circuit: {message}") from None
    return finished.stdout


_WHEEL = "graphviz-pure"
_SYSTEM = "apt install graphviz, brew install graphviz, or https://graphviz.org/download"
_WAYS = {"png": f"pip install {_WHEEL}, {_SYSTEM}", "pdf": _SYSTEM}


def _from_the_wheel() -> str | None:
    """Where the wheel graphviz-pure has put its program, if that is installed.

    The wheel does not put a `dot` on the search path, lest it hide one that is there.
    """
    import sysconfig
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        files = distribution(_WHEEL).files or []
    except PackageNotFoundError:
        return None
    places = [Path(str(file.locate())) for file in files if file.stem == _WHEEL]
    places += [Path(sysconfig.get_path("scripts"), _WHEEL + end) for end in ("", ".exe")]
    return next((str(place) for place in places if place.is_file()), None)
