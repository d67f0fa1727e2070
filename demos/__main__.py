"""The command `python -m demos`: run lessons, and leave a gallery of their pictures."""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from demos import LESSONS
from demos.blocks import Block, Picture

_PACKAGES = ("autograd_core", "nn", "viz")
"""What lessons import. So modules that import it are imported once nothing is in its way."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: those of the command line, if None.

    Returns:
        The exit code: 0, or 1 if the run was interrupted or something stands in the way of the
        packages that lessons need. A wrong use exits with code 2.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that has no ∂ still gets the lesson
    obstacles = _obstacles()
    if obstacles:
        print(*obstacles, sep="\n", file=sys.stderr)
        return 1
    try:
        if options.list:
            _list_lessons()
        else:
            _run(parser, list(dict.fromkeys(options.lessons)) or list(LESSONS), options.output)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, `head` perhaps, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. The gallery shows the lessons that were finished.", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m demos",
        description="Run lessons on backpropagation: text in the terminal, pictures in a gallery.",
    )
    parser.add_argument("lessons", metavar="NAME", nargs="*", type=_lesson, help="default: all")
    parser.add_argument("--list", action="store_true", help="list the lessons and stop")
    parser.add_argument(
        "--output",
        metavar="FOLDER",
        type=Path,
        default=Path("gallery"),
        help="a new or empty folder, or an earlier gallery (default: %(default)s)",
    )
    return parser


def _lesson(name: str) -> str:
    """A lesson's name, or an error that says which there are."""
    if name not in LESSONS:
        raise argparse.ArgumentTypeError(
            f"there is no lesson {name!r}; the lessons are {', '.join(LESSONS)}"
        )
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
    from demos.lesson import Lesson

    width = max(map(len, LESSONS))
    for name in LESSONS:
        print(f"{name:{width}}  {Lesson(name).title}")


def _run(parser: argparse.ArgumentParser, names: Sequence[str], folder: Path) -> None:
    """Tell the lessons one after the other and say where the gallery is."""
    from demos.gallery import Gallery
    from demos.lesson import Lesson
    from demos.terminal import in_terminal, underline

    try:
        gallery = Gallery(folder)
    except OSError as error:
        parser.error(f"cannot make a gallery: {error}")

    def publish(block: Block) -> None:
        print(f"{in_terminal(block)}\n", flush=True)
        if isinstance(block, Picture):
            gallery.hang(block)

    for name in names:
        lesson = Lesson(name)
        print(f"{underline(lesson.title, '=')}\n")
        lesson.tell(publish)
        gallery.add(lesson)
    print(f"The gallery: {gallery.index.resolve()}")


if __name__ == "__main__":
    sys.exit(main())
