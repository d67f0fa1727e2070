"""Lessons as scripts: read into cells, and run cell by cell as a notebook would."""

import ast
import io
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograd_core import install_command

FOLDER = Path(__file__).parents[1] / "lessons"
EXTRAS = {"matplotlib": "matplotlib", "scipy": "scipy", "sklearn": "scikit-learn"}
"""Modules that only some lessons need, and the names under which they are installed."""


@dataclass(frozen=True)
class Output:
    """What a statement has shown: what it printed, or the value of a cell's last expression.

    Attributes:
        line: the last line of the statement, counted in its cell.
        text: as in the REPL.
        value: that of the expression; None if the text was printed.
        html, svg: the same as a page or as a picture, where the value has these forms.
        file: of the picture in the gallery.
    """

    line: int
    text: str
    value: object = None
    html: str | None = None
    svg: str | None = None
    file: str | None = None

    @property
    def has_blanks(self) -> bool:
        """Whether it is a picture with numbers to be filled in."""
        return hasattr(self.value, "questions")


@dataclass
class Cell:
    """One cell of a lesson.

    Attributes:
        is_code: whether it is code, not Markdown.
        source: its text.
        line: its first line in the file.
        is_answer: whether it answers a question, so that it is folded until somebody asks for it.
        outputs: what it has shown.
    """

    is_code: bool
    source: str
    line: int
    is_answer: bool = False
    outputs: list[Output] = field(default_factory=list)


class Lesson:
    """A lesson, read from its script in `demos/lessons`; nothing is run yet.

    Attributes:
        name: what it is called on the command line, the name of its script.
        cells: in their order, those with Markdown and those with code.
        title: the heading of the first cell.
        summary: the first sentence below the title.
        namespace: what the code has defined so far.
    """

    def __init__(self, name: str, folder: Path = FOLDER) -> None:
        self.name = name
        self.path = folder / f"{name}.py"
        self.cells = read_cells(self.path.read_text(encoding="utf-8"))
        title, text, *_ = f"{self.cells[0].source}\n\n".split("\n\n")
        self.title = title.removeprefix("# ")
        first = re.split(r"(?<=[.?!])\s", text.replace("\n", " "))[0]
        self.summary = re.sub(":$", ".", first)
        self.namespace: dict[str, Any] = {"__name__": f"demos.lessons.{name}"}
        self._pictures = 0

    def run(self) -> Iterator[Cell]:
        """Run the lesson; each cell is yielded once its code has been run.

        Where an extra is not installed, a last cell says so in place of the rest.
        """
        for cell in self.cells:
            try:
                cell.outputs = list(self._outputs(cell)) if cell.is_code else []
            except ModuleNotFoundError as error:
                if error.name not in EXTRAS:
                    raise
                text = (
                    f"The rest of this lesson is left out: it needs {EXTRAS[error.name]}, which is "
                    f"not installed. `{install_command('demos')}` brings all that lessons need."
                )
                yield Cell(False, text, cell.line)
                return
            yield cell

    def _outputs(self, cell: Cell) -> Iterator[Output]:
        above = "\n" * (cell.line - 1)  # so that a traceback points to the line in the script
        tree = ast.parse(above + cell.source)
        for statement in tree.body:
            code: ast.Expression | ast.Module = ast.Module([statement], [])
            if statement is tree.body[-1] and isinstance(statement, ast.Expr):
                code = ast.Expression(statement.value)
            mode = "eval" if isinstance(code, ast.Expression) else "exec"
            with redirect_stdout(io.StringIO()) as printed:
                value = eval(compile(code, self.path, mode), self.namespace)
            line = (statement.end_lineno or 0) - len(above)
            if printed.getvalue():
                yield Output(line, printed.getvalue().removesuffix("\n"))
            if value is not None:
                forms = _rich_forms(value)
                svg, file = forms.get("image/svg+xml"), None
                if svg is not None:
                    self._pictures += 1
                    file = f"{self.name}-{self._pictures}.svg"
                yield Output(line, repr(value), value, forms.get("text/html"), svg, file)


def _rich_forms(value: Any) -> dict[str, str]:
    """What a value shows of itself in a notebook, by media type."""
    if hasattr(value, "_repr_mimebundle_"):
        return dict(value._repr_mimebundle_())
    methods = {"text/html": "_repr_html_", "image/svg+xml": "_repr_svg_"}
    return {kind: getattr(value, name)() for kind, name in methods.items() if hasattr(value, name)}


def read_cells(text: str) -> list[Cell]:
    r"""The cells of a script in the percent format of jupytext, without its header.

    This is read here rather than by jupytext for the lines of tracebacks, and for speed: jupytext
    loads for seconds where JupyterLab is installed.

    >>> [cell.source for cell in read_cells("# %% [markdown]\n# # Title\n\n# %%\nx = 1\nx\n")]
    ['# Title', 'x = 1\nx']
    """
    cells = []
    for mark in re.finditer(r"^# %%(.*)\n((?:(?!# %%).*\n)*)", text, re.MULTILINE):
        is_code = not mark[1].startswith(" [markdown]")
        source = mark[2] if is_code else re.sub("^# ?", "", mark[2], flags=re.MULTILINE)
        line = text.count("\n", 0, mark.start(2)) + 1
        cells.append(Cell(is_code, source.rstrip(), line, '"answer"' in mark[1]))
    return cells
