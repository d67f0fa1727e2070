"""The command `python -m demos`: run lessons, and leave a gallery of them."""

from __future__ import annotations  # so that an older Python comes to the line that refuses it

import argparse
import signal
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from textwrap import fill
from threading import Event
from typing import Any

try:
    from demos import BUILDS_ON, LESSONS, ROUTES
except ImportError:
    sys.exit(
        "A folder called demos is in the way: Python takes it in place of the lessons. "
        "Rename it, or start `python -m demos` in another folder."
    )


class _Interrupted(BaseException):
    """Ctrl-C. At a `KeyboardInterrupt` a training would end, and its lesson go on."""


_asked = Event()
"""Set by Ctrl-C, for Python ignores what is raised while it frees an object."""


_PACKAGES = ("autograd_core", "nn", "viz")
"""What lessons import. So modules that import it are imported once nothing is in its way."""

_TOOLS = ("jinja2", "jupytext", "markdown_it", "pygments", "rich")
"""What shows lessons and comes with the extra `demos`; `--list` does without."""


EXAMPLES = (
    ("", "the whole course: the terminal, and a gallery for the browser"),
    ("--list", "what lessons there are, and ways through them"),
    ("circuit gate_patterns", "two lessons"),
    ("circuit -o folder", "a lesson, and its gallery in a folder"),
    ("circuit --notebooks notebooks", "a lesson as a notebook"),
    ("check engine", "what the exercise `engine` asks for, step by step"),
    ("check engine my_engine.py", "whether your file does it"),
)
"""Commands, and what each does; `--help` shows them."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, with the arguments of the command line if none are given.

    Returns:
        The exit code: 0, or 1 if the run was interrupted, if nobody reads what it prints, if a
        package that lessons need is not installed or has something in its way, or if a file that
        was checked is not right. A wrong use exits with code 2.
    """
    given = sys.argv[1:] if arguments is None else arguments
    checks = [*given[:1]] == ["check"]
    parser = _parser()
    options = parser.parse_intermixed_args([] if checks else given)
    names = list(dict.fromkeys(options.lessons)) or list(LESSONS)
    obstacles = [] if checks else _obstacles()
    if obstacles:
        print(*obstacles, sep="\n", file=sys.stderr)
        return 1
    from autograd_core import install_command, run_command

    def command() -> int:
        try:
            if checks:
                from demos.check.command import check

                return check(given[1:])
            if options.list:
                _list_lessons()
            elif options.notebooks:
                _write_notebooks(parser, names, options.notebooks)
            else:
                _run(parser, names, options.output)
            return 0
        except _Interrupted:
            raise KeyboardInterrupt from None

    _asked.clear()
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)
    try:
        return run_command(command)
    except ModuleNotFoundError as error:
        package = str(error.name).partition(".")[0]
        if package not in _TOOLS:
            raise
        install = f"`{install_command('demos')}` brings all that they need."
        print(f"The lessons need {package}, which is not installed. {install}", file=sys.stderr)
        return 1
    finally:
        if signal.getsignal(signal.SIGINT) is _interrupt:
            signal.signal(signal.SIGINT, signal.default_int_handler)


def _parser() -> argparse.ArgumentParser:
    examples = (f"  # {made}\n  {f'python -m demos {line}'.rstrip()}" for line, made in EXAMPLES)
    parser = argparse.ArgumentParser(
        prog="python -m demos",
        description="Run lessons on backpropagation: text in the terminal, pages in a gallery.",
        epilog="\n".join(["examples:", *examples, "", "`check --help` says more on exercises."]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "lessons",
        metavar="NAME",
        nargs="*",
        type=_lesson,
        help="a lesson, of those that --list names (default: all)",
    )
    add("--list", action="store_true", help="list the lessons and stop")
    add(
        *("-o", "--output"),
        metavar="FOLDER",
        type=Path,
        default=Path("gallery"),
        help="a new or empty folder, or an earlier gallery (default: %(default)s)",
    )
    add("--notebooks", metavar="FOLDER", type=Path, help="write them as notebooks and stop")
    return parser


def _interrupt(*_: object) -> None:
    _asked.set()
    raise _Interrupted


def _lesson(name: str) -> str:
    """A lesson's name, or an error that says which it may be."""
    if name not in LESSONS:
        near = get_close_matches(name.lower().removesuffix(".py"), LESSONS, n=1, cutoff=0.5)
        guess = f"did you mean {near[0]}? " if near else ""
        raise argparse.ArgumentTypeError(f"there is no lesson {name!r}; {guess}--list names them")
    return name


def _obstacles() -> list[str]:
    """For each package of ours in whose place Python finds another file: which one, and the cure.

    `python -m` looks first into the folder in which it is started, where `nn.py` may be the user's.
    The files are looked for and not run.
    """
    home = Path(__file__).resolve().parents[1]
    found = []
    for name in _PACKAGES:
        spec = find_spec(name)
        if spec is None:
            continue  # Python's own error says that it is not installed
        folders = list(spec.submodule_search_locations or [])
        # A folder without __init__.py has no origin. It comes first where ours is installed in
        # editable mode.
        thing = Path(folders[0] if folders else str(spec.origin))
        if thing.resolve() == (home / name).resolve():
            continue
        if thing.parent.resolve() == Path.cwd().resolve():
            cure = "Rename it, or start `python -m demos` in another folder."
        else:
            cure = "Remove it, or install the lessons in a virtual environment of their own."
        found.append(
            f"{thing} is in the way: the lessons import a package called {name}, and Python takes "
            f"this in place of theirs, {home / name}. {cure}"
        )
    return found


def _list_lessons() -> None:
    from demos.runner.script import Lesson

    width = max(map(len, LESSONS))
    for name in LESSONS:
        print(f"{name:{width}}  {Lesson(name).title}")
    for time, names in ROUTES.items():
        way = "all, in this order" if names == LESSONS else " ".join(names)
        print(fill(f"\nIf there is {time}: {way}", width=100, replace_whitespace=False))


def _write_notebooks(parser: argparse.ArgumentParser, names: Sequence[str], folder: Path) -> None:
    """Write the notebooks of lessons; their cells are to be run by who reads them."""
    import jupytext

    from autograd_core import replace_file
    from demos.runner.script import Lesson

    paths = {name: folder / f"{name}.ipynb" for name in names}
    for path in paths.values():
        if path.exists():
            parser.error(f"{path} is there already, with what was done in it; choose a new folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, path in paths.items():
            notebook = jupytext.read(Lesson(name).path, fmt="py:percent")
            notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
            if before := BUILDS_ON[name]:
                notebook.cells[0].source += f"\n\nBefore: {', '.join(before)}."
            for cell in notebook.cells:
                if "answer" in cell.metadata.get("tags", []):
                    _fold(cell)
            replace_file(path, jupytext.writes(notebook, fmt="ipynb").encode())
            print(path)
    except OSError as error:
        parser.error(f"cannot write notebooks in {folder}: {error.strerror or error}")


def _fold(cell: Any) -> None:
    """Fold an answer in a notebook: Markdown as a page does, code as JupyterLab does."""
    if cell.cell_type == "markdown":
        cell.source = f"<details><summary>Answer</summary>\n\n{cell.source}\n\n</details>"
    else:
        cell.metadata["jupyter"] = {"source_hidden": True, "outputs_hidden": True}


def _run(parser: argparse.ArgumentParser, names: Sequence[str], folder: Path) -> None:
    """Run the lessons one after the other and say where the gallery is."""
    from demos.runner.gallery import Gallery
    from demos.runner.script import Lesson
    from demos.runner.terminal import Terminal

    try:
        gallery = Gallery(folder, names)
    except OSError as error:
        parser.error(f"cannot make a gallery in {folder}: {error.strerror or error}")
    terminal, where = Terminal(), f"The gallery: {gallery.index.resolve().as_uri()}"
    print(where, "It grows with each lesson.\n", sep="\n")
    for number, name in enumerate(names, start=1):
        print(f"Lesson {number} of {len(names)}: {name}\n", flush=True)
        lesson, shown = Lesson(name), []
        if before := BUILDS_ON[name]:
            print(f"Before: {', '.join(before)}\n", flush=True)
        for cell in lesson.run():
            if _asked.is_set():
                raise _Interrupted
            gallery.hang(cell)
            terminal.show(cell)
            shown.append(cell)
        terminal.show_answers()
        gallery.add(lesson, shown)
    print(where)


if __name__ == "__main__":
    sys.exit(main())
