"""A folder with a page for each lesson, their pictures, and a front page."""

import os
import re
from collections.abc import Callable
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader
from markdown_it import MarkdownIt
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from demos import LESSONS
from demos.runner.script import Cell, Lesson

GENERATOR = '<meta name="generator" content="python -m demos">'
"""What marks a page as ours."""


class Gallery:
    """A folder with `index.html`, a page for each lesson that was run, and their pictures.

    Only an empty folder, a new one, or one that is a gallery already is written to, so that
    nobody's files are overwritten; nothing is ever deleted. A lesson that is run again takes the
    place of its earlier self, and the others stay. The front page is there from the beginning and
    grows with every lesson, so that it is valid whenever a run ends.

    Attributes:
        folder: where it is.
        index: the front page.

    Raises:
        FileExistsError: if the folder holds something else.
        OSError: if it cannot be made or written to.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.index = folder / "index.html"
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()) and GENERATOR not in _read(self.index):
            raise FileExistsError(f"{folder} holds other files; choose an empty or a new folder")
        self._write_index()

    def hang(self, cell: Cell) -> None:
        """Write the pictures of a cell to their files."""
        for output in cell.outputs:
            if output.file and output.svg:
                self._write(output.file, output.svg)

    def add(self, lesson: Lesson, cells: list[Cell]) -> None:
        """Write the page of a lesson, of which these cells were run, and show it on the front."""
        page = _page("lesson.html", lesson=lesson, cells=cells)
        self._write(f"{lesson.name}.html", page)
        self._write_index()

    def _write_index(self) -> None:
        shown = [Lesson(name) for name in LESSONS if (self.folder / f"{name}.html").exists()]
        self._write("index.html", _page("index.html", lessons=shown, has_file=self._has))

    def _has(self, file: str) -> bool:
        return (self.folder / file).exists()

    def _write(self, file: str, text: str) -> None:
        """Write a file so that at any moment it is either the old one or the new one, whole."""
        temporary = self.folder / f".{file}.{os.urandom(4).hex()}"
        try:
            temporary.write_text(text, encoding="utf-8")
            temporary.replace(self.folder / file)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def _read(index: Path) -> str:
    """The page that is there; empty if there is none."""
    return index.read_text(encoding="utf-8", errors="replace") if index.is_file() else ""


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=PackageLoader("demos.runner", "."), autoescape=True, trim_blocks=True
    )
    dark = HtmlFormatter(style="github-dark", nobackground=True).get_style_defs(".code")
    light = HtmlFormatter(style="friendly", nobackground=True).get_style_defs(".code")
    style = (Path(__file__).parent / "gallery.css").read_text(encoding="utf-8")
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    filters: dict[str, Callable[..., Any]] = {
        "markdown": markdown.render,
        "inline": markdown.renderInline,
        "code": lambda text: highlight(text, PythonLexer(), HtmlFormatter(nowrap=True)),
        "words": words_of,
    }
    templates.filters.update(filters)
    templates.globals.update(generator=GENERATOR, light=light, dark=dark, style=style)
    return templates


def _page(template: str, **parts: Any) -> str:
    return _templates().get_template(template).render(**parts)


def words_of(svg: str) -> tuple[str, str]:
    r"""The title of a picture, and its description or else the title again.

    >>> words_of("<svg><title>x &lt; 1</title>\n<desc>A circuit.</desc></svg>")
    ('x < 1', 'A circuit.')
    """
    title, description = (
        re.search(f"<{tag}>(.*?)</{tag}>", svg, re.DOTALL) for tag in ("title", "desc")
    )
    heading = unescape(title[1]) if title else ""
    return heading, unescape(description[1]) if description else heading
