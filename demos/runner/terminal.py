"""A lesson in the terminal: its text, and its code as a session of the REPL."""

import ast
import re
import shutil
from textwrap import indent
from typing import ClassVar

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import CodeBlock, Heading, Markdown
from rich.syntax import Syntax
from rich.text import Text
from rich.theme import Theme

from demos.runner.script import Cell

WIDTH = 88


class _Heading(Heading):
    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text(f"\n{self.text.plain}", "bold")
        yield Text(("=" if self.tag == "h1" else "-") * self.text.cell_len)


class _Formula(CodeBlock):
    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text(indent(f"\n{self.text.plain.rstrip()}", "    "))


class _Prose(Markdown):
    elements: ClassVar = {
        **Markdown.elements,
        "heading_open": _Heading,  # on the left, with a line below it
        "code_block": _Formula,  # indented as in the script
    }


class Terminal:
    """Prints cells to the standard output: 88 columns, and colours where it is a terminal.

    Answers are kept back and printed at the end of a lesson, so that nobody reads one by accident.
    """

    def __init__(self) -> None:
        width = min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns)
        self._console = Console(
            width=width, highlight=False, theme=Theme({"markdown.code": "cyan"})
        )
        self._answers: list[list[Cell]] = []
        self._in_answer = False
        self._syntax = Syntax("", "pycon", theme="ansi_dark", background_color="default")

    def show(self, cell: Cell) -> None:
        """Print a cell and what it has shown; of an answer, where it is to be found."""
        if cell.is_answer:
            if not self._in_answer:
                self._answers.append([])
                print(f"[Answer {len(self._answers)}: at the end]\n", flush=True)
            self._answers[-1].append(cell)
        else:
            self._print(cell)
        self._in_answer = cell.is_answer

    def show_answers(self) -> None:
        """Print the answers that were kept back."""
        for number, cells in enumerate(self._answers, start=1):
            print(f"Answer {number}\n")
            for cell in cells:
                self._print(cell)
        self._answers = []

    def _print(self, cell: Cell) -> None:
        if cell.is_code:
            session, start = with_prompts(cell.source), 0
            for output in cell.outputs:
                self._lines(session[start : output.line])
                start = output.line
                picture = [f"[Picture {output.file}]"] if output.file else []
                print(output.text, *picture, sep="\n")
            self._lines(session[start:])
        else:
            with self._console.capture() as captured:
                self._console.print(_Prose(cell.source, hyperlinks=self._console.is_terminal))
            text = re.sub(" +$", "", captured.get(), flags=re.MULTILINE)
            print(re.sub("\n{3,}", "\n\n", text).strip("\n"))
        print(flush=True)

    def _lines(self, lines: list[str]) -> None:
        """Print lines of a session, however long; those that are empty are left out."""
        if any(lines):
            text = self._syntax.highlight("\n".join(filter(None, lines)))
            text.rstrip()
            self._console.print(text, soft_wrap=True)


def with_prompts(source: str) -> list[str]:
    r"""The lines of a cell with the prompts of the REPL; those between statements stay empty.

    >>> with_prompts("x = (1 +\n     2)\n\nx")
    ['>>> x = (1 +', '...      2)', '', '>>> x']
    """
    lines = [line and f">>> {line}" for line in source.splitlines()]
    for node in ast.parse(source).body:
        end = node.end_lineno or node.lineno
        decorators = getattr(node, "decorator_list", [])
        for number in range(min(part.lineno for part in [node, *decorators]), end):
            lines[number] = f"... {lines[number].removeprefix('>>> ')}".rstrip()
        if hasattr(node, "body"):
            lines[end - 1] += "\n..."
    return lines
