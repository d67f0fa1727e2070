"""A folder with a page for each lesson, their pictures, and a front page."""

import re
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader
from markdown_it import MarkdownIt
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from autograd_core import replace_file
from demos import LESSONS
from demos.runner.script import Cell, Lesson

GENERATOR = '<meta name="generator" content="python -m demos">'
"""What marks a page as ours."""


class Gallery:
    """A folder with `index.html`, a page for each lesson that was run, and their pictures.

    Only an empty folder, a new one, or one that is a gallery already is written to, so that
    nobody's files are overwritten; nothing is ever deleted. The front page is there from the
    beginning and grows with every lesson, so that it is valid whenever a run ends.

    Raises:
        FileExistsError: if the folder holds something else.
        OSError: if it cannot be made or written to.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.index = folder / "index.html"
        folder.mkdir(parents=True, exist_ok=True)
        page = self.index.read_text("utf-8", errors="replace") if self.index.is_file() else ""
        if any(folder.iterdir()) and GENERATOR not in page:
            raise FileExistsError(f"{folder} holds other files; choose an empty or a new folder")
        self._last: tuple[Lesson, list[Cell]] | None = None
        self._write_index()

    def hang(self, cell: Cell) -> None:
        """Write the pictures of a cell to their files."""
        for output in cell.outputs:
            if output.file and output.svg:
                self._write(output.file, output.svg)

    def add(self, lesson: Lesson, cells: list[Cell]) -> None:
        """Write the page of a lesson, of which these cells were run, and show it on the front.

        The page of the lesson before it is written anew, with a link to this one.
        """
        if self._last:
            self._write_page(*self._last, following=lesson)
        self._write_page(lesson, cells)
        self._last = lesson, cells
        self._write_index()

    def _write_page(
        self, lesson: Lesson, cells: list[Cell], following: Lesson | None = None
    ) -> None:
        self._write(f"{lesson.name}.html", _page(lesson=lesson, cells=cells, following=following))

    def _write_index(self) -> None:
        names = [name for name in LESSONS if (self.folder / f"{name}.html").exists()]
        first = {
            name: f"{name}-1.svg" for name in names if (self.folder / f"{name}-1.svg").exists()
        }
        self._write("index.html", _page(cards=[(Lesson(name), first.get(name)) for name in names]))

    def _write(self, file: str, text: str) -> None:
        replace_file(self.folder / file, text.encode())


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=PackageLoader("demos.runner", "."), autoescape=True, trim_blocks=True
    )
    code = HtmlFormatter(cssclass="code", nobackground=True, wrapcode=True)
    dark = HtmlFormatter(style="github-dark", nobackground=True).get_style_defs(".code")
    style = (Path(__file__).parent / "gallery.css").read_text(encoding="utf-8")
    templates.filters["markdown"] = MarkdownIt("commonmark", {"html": False}).enable("table").render
    templates.filters["code"] = lambda text: highlight(text, PythonLexer(), code)
    templates.filters["words"] = words_of
    templates.globals["generator"] = GENERATOR
    templates.globals["style"] = (
        f"{style}\n{code.get_style_defs()}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n"
    )
    return templates


def _page(**parts: Any) -> str:
    return _templates().get_template("page.html").render(**parts)


def words_of(svg: str) -> list[str]:
    r"""The title and the description of a picture.

    >>> words_of("<svg><title>x &lt; 1</title>\n<desc>A circuit.</desc></svg>")
    ['x < 1', 'A circuit.']
    """
    found = re.search("<title>(.*?)</title>\n<desc>(.*?)</desc>", svg, re.DOTALL)
    return [unescape(words) for words in found.groups()] if found else ["", ""]
