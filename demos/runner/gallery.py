"""A folder with a page for each lesson, their pictures, and a front page."""

import math
import re
from collections.abc import Iterable, Sequence
from functools import cache
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader
from markdown_it import MarkdownIt
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from autograd_core import replace_file
from demos import BUILDS_ON, LESSONS, ROUTES
from demos.runner.script import Cell, Lesson

GENERATOR = '<meta name="generator" content="python -m demos">'
"""What marks a page as ours."""


class Gallery:
    """A folder with `index.html`, a page for each lesson that was run, and their pictures.

    Only an empty folder, a new one, or one that is a gallery already is written to, so that
    nobody's files are overwritten; nothing is ever deleted. The front page is there from the
    beginning and grows with every lesson, so that it is valid whenever a run ends. Pages have links
    to lessons that are there already, and to those whose names are given: they are to come.

    Raises:
        FileExistsError: if the folder holds something else.
        OSError: if it cannot be made or written to.
    """

    def __init__(self, folder: Path, names: Iterable[str] = ()) -> None:
        self.folder = folder
        self._names = list(names)
        self.index = folder / "index.html"
        folder.mkdir(parents=True, exist_ok=True)
        page = self.index.read_text("utf-8", errors="replace") if self.index.is_file() else ""
        if any(folder.iterdir()) and GENERATOR not in page:
            raise FileExistsError(f"{folder} holds other files; choose an empty or a new folder")
        self._write_index()

    def hang(self, cell: Cell) -> None:
        """Write the pictures of a cell to their files."""
        for output in cell.outputs:
            if output.file and output.svg:
                self._write(output.file, output.svg)

    def add(self, lesson: Lesson, cells: list[Cell]) -> None:
        """Write the page of a lesson, of which these cells were run, and show it on the front."""
        after = dict(pairwise(self._names)).get(lesson.name)
        there = [n for n in LESSONS if n in self._names or (self.folder / f"{n}.html").exists()]
        page = _page(
            lesson=lesson,
            cells=cells,
            before=[Lesson(name) for name in BUILDS_ON[lesson.name]],
            there=there,
            following=after and Lesson(after),
        )
        self._write(f"{lesson.name}.html", page)
        self._write_index()

    def _write_index(self) -> None:
        cards = [_Card(self.folder, Lesson(name)) for name in LESSONS]
        shown = [card for card in cards if card.is_there]
        moving = next((card for card in shown if card.animation), None)
        there = {card.lesson.name for card in shown}
        routes = {
            time: [card for card in shown if card.lesson.name in names]
            for time, names in ROUTES.items()
            if there.issuperset(names)
        }
        self._write("index.html", _page(cards=shown, moving=moving, routes=routes))

    def _write(self, file: str, text: str) -> None:
        replace_file(self.folder / file, text.encode())


class _Card:
    """A lesson on the front page, as far as its files are in the folder.

    Attributes:
        lesson: the lesson.
        number: its place among all.
        is_there: whether it has a page.
        picture: the file of the still picture whose shape is nearest to that of a card, if any;
            one of an exercise is not taken, be it with blanks or an answer.
        animation: the file of the first picture that moves, if any.
        is_live: whether there is a circuit on its page whose numbers can be changed.
    """

    def __init__(self, folder: Path, lesson: Lesson) -> None:
        self.lesson = lesson
        self.number = LESSONS.index(lesson.name) + 1
        page = folder / f"{lesson.name}.html"
        self.is_there = page.exists()
        text = page.read_text("utf-8") if self.is_there else ""
        self.is_live = "<iframe" in text
        files = dict.fromkeys(re.findall(rf'<img src="({lesson.name}-\d+\.svg)"', text))
        there = [file for file in files if (folder / file).exists()]
        svgs = {file: (folder / file).read_text("utf-8") for file in there}
        moving = [file for file, svg in svgs.items() if "@keyframes" in svg]
        self.animation = next(iter(moving), None)
        still = [file for file in svgs if file not in moving]
        self.picture = min(still, key=lambda file: _strangeness(svgs[file]), default=None)


SHAPE = 1.7
"""How much wider than high the picture of a card is."""


def _strangeness(svg: str) -> float:
    """How far the shape of a picture is from that of a card."""
    found = re.search(r'viewBox="\S+ \S+ (\S+) (\S+)"', svg)
    width, height = map(float, found.groups()) if found else (1.0, 1.0)
    return abs(math.log(width / height / SHAPE))


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=PackageLoader("demos.runner", "."), autoescape=True, trim_blocks=True
    )
    code = HtmlFormatter(cssclass="code", nobackground=True, wrapcode=True)
    dark = HtmlFormatter(style="github-dark", nobackground=True).get_style_defs(".code")
    style = (Path(__file__).parent / "gallery.css").read_text(encoding="utf-8")
    templates.filters["markdown"] = _markdown
    templates.filters["code"] = lambda text: highlight(text, PythonLexer(), code)
    templates.filters["words"] = words_of
    templates.filters["short"] = short
    templates.globals["generator"] = GENERATOR
    templates.globals["style"] = (
        f"{style}\n{code.get_style_defs()}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n"
    )
    return templates


def short(title: str) -> str:
    """A title without what comes after its colon or comma, but where it is short with that.

    >>> short("The δ recursion, by hand"), short("Losses, and a formula that was printed wrong")
    ('The δ recursion, by hand', 'Losses')
    """
    return title if len(title) < 30 else title.partition(":")[0].partition(",")[0]


def _markdown(text: str, names: Sequence[str] = ()) -> str:
    """Markdown as HTML; where one of these lessons is named in it, as code, that is a link."""
    linked = re.sub(rf"`({'|'.join(names)})`", r"[`\1`](\1.html)", text) if names else text
    return str(_PARSER.render(linked))


_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")


def _page(**parts: Any) -> str:
    return _templates().get_template("page.html").render(**parts)


def words_of(svg: str) -> list[str]:
    r"""The title and the description of a picture.

    >>> words_of("<svg><title>x &lt; 1</title>\n<desc>A circuit.</desc></svg>")
    ['x < 1', 'A circuit.']
    """
    found = re.search("<title>(.*?)</title>\n<desc>(.*?)</desc>", svg, re.DOTALL)
    return [unescape(words) for words in found.groups()] if found else ["", ""]
