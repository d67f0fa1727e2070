"""The command `python -m viz`: a formula, given as text, drawn, stepped through or explained."""

import argparse
import re
import sys
import warnings
from collections.abc import Callable, Sequence
from inspect import signature
from pathlib import Path
from shutil import get_terminal_size
from textwrap import fill
from typing import Any

import autograd_core
from autograd_core import (
    GATES,
    Gate,
    Value,
    all_values,
    explain,
    replace_file,
    run_command,
    staged_code,
)
from viz import animate, draw, page, steps, worksheet
from viz.expression import FUNCTIONS, circuit_of
from viz.scene.style import PALETTES, TooLargeError

EXAMPLES = (
    ('"(x + y) * z" x=-2 y=5 z=-4', "both passes, explained in the terminal"),
    ('"q = x + y; f = q * z" x=-2 y=5 z=-4 -o f.svg', "the circuit as a picture"),
    ('"sigmoid(w*x + b)" w=2 x=-1 b=1 -o f.html', "a page to play with"),
    ('"x * exp(-x**2)" x=0.5 --as code', "the backward pass as a Python program"),
    ('"x*y + max(x, y)" x=3 y=-4 --as animation -o f.svg', "a picture that moves"),
    ('"1 / (1 + exp(-x))" x=1 --as worksheet -o f.svg', "an exercise and its key"),
    ('"tanh(dot([w0, w1], [x0, x1]))" w0=1 w1=2 x0=3 x1=-1 --as steps -o folder', "each step"),
)
"""Commands, and what each makes; `--help` shows them, and a test runs them."""

PICTURES: dict[str, Callable[..., Any]] = {
    "picture": draw,
    "steps": steps,
    "animation": animate,
    "page": page,
    "worksheet": worksheet,
}
TEXTS: dict[str, Callable[[Value], str]] = {"explanation": explain, "code": staged_code}
KINDS = {".html": "page", ".htm": "page", ".txt": "explanation", ".py": "code"}
"""What a file with this ending holds, unless the user says otherwise; others hold a picture."""
DRAWN = (".svg", ".png", ".pdf", ".tex", ".dot", ".gv")
"""The endings of files that hold a picture."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, with the arguments of the command line if none are given.

    Returns:
        The exit code: 0; or 1 if nobody reads what is printed, or after Ctrl-C. A wrong use, or a
        file that cannot be written, exits with code 2, and says why.
    """
    given = sys.argv[1:] if arguments is None else arguments
    # a formula may begin with a minus sign; argparse takes what has a space for no option
    given = [f" {each}" if _NEGATIVE.match(each) else each for each in given]
    return run_command(lambda: _run(given))


def _run(arguments: Sequence[str]) -> int:
    parser = _parser()
    options = parser.parse_intermixed_args(arguments)
    if options.gates:
        print(*map(_gate_line, GATES.values()), sep="\n")
        return 0
    made = reason = ""
    try:
        with warnings.catch_warnings(record=True) as notes:
            made = _make(options)
    except TooLargeError as error:
        reason = (
            f"{error.found}; --as {_kind(options)} stops at {error.most:,}, where pictures become "
            f"hard to read; --limit {error.limit or 'all'} draws them all"
        )
    except ModuleNotFoundError as error:
        cure = "" if "pip install" in error.msg else f": pip install {error.name}"
        reason = f"{error.msg}{cure}"
    except OSError as error:
        where = f"cannot write {error.filename or options.output}"
        reason = f"{where}: {error.strerror}" if error.strerror else str(error)
    except (ArithmeticError, RuntimeError, TypeError, ValueError) as error:
        reason = str(error)
    if reason:
        parser.exit(2, f"{parser.prog}: {reason}\n")
    print(made)
    for note in notes:
        if issubclass(note.category, UserWarning):
            print(f"{parser.prog}: {note.message}", file=sys.stderr)
    return 0


def _make(options: argparse.Namespace) -> str:
    """Make what is asked for, and return what the command prints."""
    kind, output = _kind(options), options.output
    known = ("formula", "output", "kind", "gates")
    look = {name: each for name, each in vars(options).items() if name not in known}
    _check(options.formula, kind, output, look)
    value = circuit_of(*options.formula)
    if kind in TEXTS:
        if output is None:
            return TEXTS[kind](value)
        replace_file(output, f"{TEXTS[kind](value)}\n".encode())
        return str(output)
    named: dict[str, Any] = {each.label: each for each in all_values(value) if each.label}
    if look.get("expand", True) is not True:
        look["expand"] = [named.get(name, name) for name in look["expand"]]
    if (blank := look.get("blank", ["all"])) not in [[each] for each in _BLANK]:
        if missing := [name for name in blank if name not in named]:
            choices = f"{', '.join(_BLANK)}, or some of {', '.join(named)}"
            raise ValueError(f"--blank takes {choices}, not {missing[0]!r}")
        look["blank"] = [named[name] for name in blank]
    elif "blank" in look:
        [look["blank"]] = blank
    if not look.pop("forward", False):
        value.backward()
    files = PICTURES[kind](value, **look).save(output) or [output]
    return "\n".join(map(str, files))


def _kind(options: argparse.Namespace) -> str:
    if options.kind:
        return str(options.kind)
    return KINDS.get(options.output.suffix.lower(), "picture") if options.output else "explanation"


def _check(formulas: Sequence[str], kind: str, output: Path | None, look: dict[str, Any]) -> None:
    """Raise a `ValueError` where options do not go together, before anything is computed."""
    endings = [*DRAWN, *KINDS]
    if not formulas:
        raise ValueError(
            "there is no formula; write one such as '(x + y) * z' x=-2 y=5 z=-4; --help has more"
        )
    for text in formulas:
        if Path(text).suffix in endings and re.fullmatch(r"[\w./\\~-]+", text):
            raise ValueError(f"a file is given with -o: -o {text}")
    for name in look:
        takers = [each for each, make in PICTURES.items() if name in signature(make).parameters]
        takers = takers or ["picture"]
        if kind in TEXTS:
            raise ValueError(f"--{name} is for pictures; add -o and a file")
        if kind not in takers:
            raise ValueError(f"--{name} is for --as {' or '.join(takers)}, not for --as {kind}")
    if output is None:
        if kind in PICTURES:
            raise ValueError(f"where to? Add -o and a file, such as -o {_DEFAULT[kind]}")
        return
    ending = output.suffix.lower()
    if kind in TEXTS and ending in {*DRAWN, ".html", ".htm"}:
        raise ValueError(f"--as {kind} is text; write it to a file such as f.txt, not {output}")
    if kind == "picture" and ending not in endings:
        raise ValueError(f"{str(output)!r} has none of the endings {', '.join(endings)}")


_NEGATIVE = re.compile(r"-(?!$|-|h$|o$|o=|o\S*\.[A-Za-z]+$)")
"""What begins as a formula with a minus sign."""

_DEFAULT = dict.fromkeys(PICTURES, "circuit.svg") | {"page": "circuit.html", "steps": "folder"}

_BLANK = ("gradients", "data", "all")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m viz",
        usage="%(prog)s FORMULA [FORMULA ...] [NAME=NUMBER ...] [-o FILE] [options]",
        description="Explain or draw the circuit of a formula: its values and its gradients.",
        epilog=_epilog(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    what = 'such as "(x + y) * z", or "q = x + y; f = q * z"; and the numbers: x=-2 y=5 z=-4'
    add("formula", metavar="FORMULA", nargs="*", help=what)
    add("-o", "--output", metavar="FILE", type=Path, help=_ENDINGS)
    what = "what to make (default: what the ending says; without -o an explanation)"
    add("--as", dest="kind", choices=[*TEXTS, *PICTURES], help=what)
    flag: Any = {"action": "store_true"}
    add("--gates", help="list the gates that formulas may have, and stop", **flag)
    add("--version", action="version", version=f"scalar-circuits {autograd_core.__version__}")
    look = parser.add_argument_group(
        "how a picture looks (the options of viz.draw)", argument_default=argparse.SUPPRESS
    )
    add = look.add_argument
    add("--forward", help="the forward pass alone, without gradients", **flag)
    add("--branches", help="where a value is used twice, each contribution on its branch", **flag)
    add("--local", help="the local gradient on each wire", **flag)
    what = "open gates into simpler ones: all, or some, by gate or by value: sigmoid,q"
    add("--expand", metavar="GATES", type=_gates, help=what)
    number = _read(int, "a whole number")
    add("--decimals", metavar="N", type=number, help="decimals of each number")
    add("--palette", choices=list(PALETTES), help="colours")
    add("--inputs", choices=["far", "near"], help="where the inputs stand")
    add("--title", help="a line above the picture")
    number = _read(_limit, "a whole number above 0, or all")
    add("--limit", metavar="N", type=number, help="how many values the picture may have, or all")
    number = _read(float, "a number, such as 1.5")
    add("--seconds", metavar="S", type=number, help="of an animation: how long a step lasts")
    what = "of a page: which leaves gradient steps change: w,b"
    add("--parameters", metavar="NAMES", type=_names, help=what)
    what = "of a worksheet: what to fill in: gradients, data, all, or some values: q,x"
    add("--blank", metavar="WHAT", type=_names, help=what)
    return parser


_ENDINGS = (
    ".svg, .png or .pdf (which need the extra `pictures`), .tex (TikZ) or .dot for a picture, "
    ".html for a page to play with, .txt for the explanation, .py for the backward pass as a "
    "program; of a worksheet two such files; of steps a folder, or one .pdf"
)

_WRITTEN = f"""\
a formula is written as in Python, and in a terminal in quotation marks:
  + - * / ** and ( ); the gates as functions, tanh(x) or max(x, y): --gates lists them;
  {", ".join(name for name in FUNCTIONS if name not in GATES)} are names of gates, too
  dot, total, mean and their like take lists: dot([w0, w1], [x0, x1])
  x > y, x < y and x == y are 1 or 0; where(x > 0, a, b) takes a or b
  pi, e, inf and nan are numbers, unless they are given another value
  statements have ; between them, or are arguments of their own; the last is the output

examples:
"""


def _epilog() -> str:
    return _WRITTEN + "\n".join(f"  # {made}\n  python -m viz {line}" for line, made in EXAMPLES)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",")]


def _gates(text: str) -> bool | list[str]:
    return True if text == "all" else _names(text)


def _limit(text: str) -> int | None:
    if text == "all":
        return None
    if (limit := int(text)) < 1:
        raise ValueError
    return limit


def _read(kind: Callable[[str], Any], words: str) -> Callable[[str], Any]:
    """What reads the value of an option, and says what it should have been."""

    def read(text: str) -> Any:
        try:
            return kind(text)
        except ValueError:
            shown = text.strip()[:40]
            raise argparse.ArgumentTypeError(f"it takes {words}, and not {shown!r}") from None

    return read


def _gate_line(gate: Gate) -> str:
    """A gate as it is called, and the first sentence on it, in the width of the terminal."""
    line = f"{f'{gate.name}{signature(gate)}':32} {(gate.__doc__ or '').split(chr(10))[0]}"
    width = max(60, get_terminal_size((1000, 24)).columns)
    return fill(line, width, subsequent_indent=" " * 33)


if __name__ == "__main__":
    sys.exit(main())
