"""Lessons as scripts: read into cells, and run cell by cell as a notebook would."""

import ast
import io
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "lessons"
EXTRAS = {"matplotlib": "matplotlib", "sklearn": "scikit-learn"}
"""Modules that only some lessons need, and the names under which they are installed."""


@dataclass(frozen=True)
class Output:
    """What a cell has shown.

    Attributes:
        line: of the cell, at the end of the statement that has shown it.
        text: as in the REPL: what was printed, or the `repr` of the cell's last expression.
        value: that of the expression; None if the text was printed.
        html: the same for a page, where there is more to see than text.
        svg: the same as a picture.
        file: of the picture in the gallery.
    """

    line: int
    text: str
    value: object = None
    html: str | None = None
    svg: str | None = None
    file: str | None = None


@dataclass
class Cell:
    """One cell of a lesson: its kind, its text, its first line in the file, what it has shown."""

    is_code: bool
    source: str
    line: int
    outputs: list[Output] = field(default_factory=list)


class Lesson:
    """A lesson, read from its script in `demos/lessons`; nothing is run yet.

    Attributes:
        name: what it is called on the command line, the name of its script.
        path: the script.
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
        self.summary = re.split(r"(?<=[.?!])\s", text.replace("\n", " "))[0].rstrip(":")
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
                    'not installed. `pip install "scalar-circuits[demos]"` brings all that lessons '
                    "need."
                )
                yield Cell(False, text, cell.line)
                return
            yield cell

    def _outputs(self, cell: Cell) -> Iterator[Output]:
        """Run a cell of code: what it prints, and the value of its last expression."""
        # The empty lines let a traceback point to the script.
        above = cell.line - 1
        tree = ast.parse("\n" * above + cell.source, str(self.path))
        for statement in tree.body:
            line = (statement.end_lineno or 0) - above
            value = None
            with redirect_stdout(io.StringIO()) as printed:
                if statement is tree.body[-1] and isinstance(statement, ast.Expr):
                    code = compile(ast.Expression(statement.value), self.path, "eval")
                    value = eval(code, self.namespace)
                else:
                    exec(compile(ast.Module([statement], []), self.path, "exec"), self.namespace)
            if printed.getvalue():
                yield Output(line, printed.getvalue().removesuffix("\n"))
            if value is not None:
                yield self._shown(line, value)

    def _shown(self, line: int, value: object) -> Output:
        """What a value shows of itself: its `repr`, and its richer forms, as in a notebook."""
        forms: dict[str, str] = {}
        if hasattr(value, "_repr_mimebundle_"):
            forms = value._repr_mimebundle_()
        else:
            for kind, method in (("text/html", "_repr_html_"), ("image/svg+xml", "_repr_svg_")):
                if hasattr(value, method):
                    forms[kind] = getattr(value, method)()
        svg, file = forms.get("image/svg+xml"), None
        if svg is not None:
            self._pictures += 1
            file = f"{self.name}-{self._pictures}.svg"
        return Output(line, repr(value), value, forms.get("text/html"), svg, file)


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
        cells.append(Cell(is_code, source.rstrip(), line))
    return cells
