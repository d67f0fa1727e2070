"""The command `python -m viz`: a formula, given as text, drawn, stepped through or explained."""

import argparse
import inspect
import io
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from autograd_core import GATES, Gate, Value, explain, replace_file, staged_code
from viz import animate, draw, page, steps, worksheet
from viz.expression import circuit_of
from viz.scene.style import PALETTES

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


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, with the arguments of the command line if none are given.

    Returns:
        The exit code 0. A wrong use exits with code 2, and says why.
    """
    parser = _parser()
    given = sys.argv[1:] if arguments is None else arguments
    # a formula may begin with a minus sign; argparse takes what has a space for no option
    options = parser.parse_args([f" {each}" if _NEGATIVE.match(each) else each for each in given])
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that has no ∂ still gets the text
    if options.gates:
        print(*map(_gate_line, GATES.values()), sep="\n")
        return 0
    kind = options.kind
    if kind is None:
        kind = KINDS.get(options.output.suffix, "picture") if options.output else "explanation"
    look = {name: value for name in _LOOK if (value := getattr(options, name)) is not None}
    try:
        value = circuit_of(*options.formula)
        if kind in PICTURES:
            if not look.pop("forward", False):
                value.backward()
            if options.output is None:
                raise ValueError(f"where to? Add -o and a file, such as -o {_DEFAULT[kind]}")
            made = PICTURES[kind](value, **look).save(options.output)
            print(*(made or [options.output]), sep="\n")
        elif look:
            raise ValueError(f"--{next(iter(look))} is for pictures; add -o and a file")
        elif options.output is None:
            print(TEXTS[kind](value))
        else:
            replace_file(options.output, f"{TEXTS[kind](value)}\n".encode())
            print(options.output)
    except (ImportError, OSError, RuntimeError, TypeError, ValueError) as error:
        parser.exit(2, f"{parser.prog}: {error}\n")
    return 0


_NEGATIVE = re.compile(r"-(?!-|h$|o$|o=)")
"""What begins as a formula with a minus sign."""

_DEFAULT = dict.fromkeys(PICTURES, "circuit.svg") | {"page": "circuit.html", "steps": "folder"}

_LOOK = (
    *("decimals", "palette", "inputs", "title", "branches", "local", "expand", "limit"),
    *("seconds", "blank", "forward"),
)
"""The options that are handed on to what draws."""


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
    add(
        "formula",
        metavar="FORMULA",
        nargs="*",
        help='such as "(x + y) * z", or "q = x + y; f = q * z"; and the numbers: x=-2 y=5 z=-4',
    )
    add("-o", "--output", metavar="FILE", type=Path, help=_ENDINGS)
    add(
        "--as",
        dest="kind",
        choices=[*TEXTS, *PICTURES],
        help="what to make (default: what the ending says; without -o an explanation)",
    )
    add("--gates", action="store_true", help="list the gates that formulas may have, and stop")
    look = parser.add_argument_group("how a picture looks (see the docstring of viz.draw)")
    add = look.add_argument
    flag: Any = {"action": "store_true", "default": None}
    add("--forward", help="of a picture: without gradients", **flag)
    add("--branches", help="where a value is used twice, each contribution on its branch", **flag)
    add("--local", help="the local gradient on each wire", **flag)
    add("--expand", metavar="GATES", type=_gates, help="open gates: all, or sigmoid,tanh")
    add("--decimals", metavar="N", type=int, help="decimals of each number")
    add("--palette", choices=list(PALETTES))
    add("--inputs", choices=["far", "near"], help="where the inputs stand")
    add("--title", help="a line above the picture")
    add("--limit", metavar="N", type=int, help="how many values the picture may have")
    add("--seconds", metavar="S", type=float, help="of an animation: how long a step lasts")
    add("--blank", choices=["gradients", "data", "all"], help="of a worksheet: what to fill in")
    return parser


_ENDINGS = (
    ".svg, .png, .pdf, .tex (TikZ) or .dot for a picture, .html for a page to play with, .txt for "
    "the explanation, .py for the backward pass as a program; of a worksheet two such files; of "
    "steps a folder"
)


def _epilog() -> str:
    examples = (f"  # {made}\n  python -m viz {command}" for command, made in EXAMPLES)
    return (
        "A formula is written as in Python, with the gates as functions; --gates lists them. In\n"
        "a terminal it stands in quotation marks.\n\nexamples:\n" + "\n".join(examples)
    )


def _gates(text: str) -> bool | list[str]:
    """What `--expand` is given: all gates, or some by name."""
    return True if text == "all" else text.split(",")


def _gate_line(gate: Gate) -> str:
    """A gate as it is called, and the first sentence on it."""
    call = f"{gate.name}{inspect.signature(gate)}"
    return f"{call:32} {(gate.__doc__ or '').split(chr(10))[0]}"


if __name__ == "__main__":
    sys.exit(main())
