"""Lessons as one HTML page that needs nothing but itself."""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from string import Template

from demos.blocks import Block, Heading, Listing, Paragraph, Picture, Table
from demos.lesson import Lesson

GENERATOR = '<meta name="generator" content="python -m demos">'
"""What marks a page as ours."""


def page_of(articles: Mapping[str, str]) -> str:
    """The gallery: a table of contents, then every lesson, pictures and style included.

    Args:
        articles: the name of each lesson, and what `article_of` made of it.
    """
    package = files("demos")
    template = Template((package / "gallery.html").read_text(encoding="utf-8"))
    return template.substitute(
        generator=GENERATOR,
        style=(package / "gallery.css").read_text(encoding="utf-8"),
        contents="\n".join(_entry(name, article) for name, article in articles.items()),
        lessons="\n".join(articles.values()),
    )


def articles_in(page: str) -> dict[str, str]:
    """The articles of a page that `page_of` made, by the names of their lessons.

    >>> lesson = Lesson("circuit")
    >>> articles_in(page_of({"circuit": article_of(lesson)})) == {"circuit": article_of(lesson)}
    True
    """
    return {
        found["name"]: found[0]
        for found in re.finditer(r'<article id="(?P<name>\w+)".*?</article>', page, re.DOTALL)
    }


def _entry(name: str, article: str) -> str:
    """A lesson's line in the table of contents; its title is the one that the article has."""
    title = article.partition("<h2")[2].partition(">")[2].partition("</h2>")[0]
    return f'<li><a href="#{name}">{title}</a></li>'


def article_of(lesson: Lesson) -> str:
    """A lesson: its title, how to run it, and what it tells."""
    blocks = "\n".join(_in_html(block) for block in lesson.blocks)
    return (
        f'<article id="{lesson.name}" aria-labelledby="{lesson.name}-title">\n'
        f'<h2 id="{lesson.name}-title">{_inline(lesson.title)}</h2>\n'
        f'<p class="command"><code>python -m demos {lesson.name}</code></p>\n'
        f'{blocks}\n<p class="back"><a href="#contents">All lessons</a></p>\n</article>'
    )


def _in_html(block: Block) -> str:
    match block:
        case Paragraph(text):
            return f"<p>{_inline(text)}</p>"
        case Heading(text):
            return f"<h3>{_inline(text)}</h3>"
        case Listing(text):
            return f'<pre tabindex="0">{escape(text)}</pre>'
        case Table():
            return _table(block)
        case Picture():
            return _figure(block)


def _inline(text: str) -> str:
    """Text with its code marked up.

    >>> _inline("`x < y` & more")
    '<code>x &lt; y</code> &amp; more'
    """
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))


def _table(table: Table) -> str:
    kinds = [
        "number" if table.is_numeric(column) else "word" for column in range(len(table.columns))
    ]
    head = "".join(
        f'<th scope="col" class="{kind}">{_inline(text)}</th>'
        for kind, text in zip(kinds, table.columns, strict=True)
    )
    rows = "\n".join(f"<tr>{_cells(row, kinds)}</tr>" for row in table.rows)
    return (
        '<div class="wide" tabindex="0"><table>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table></div>"
    )


def _cells(row: Sequence[str], kinds: Sequence[str]) -> str:
    """The first cell names the row, the others are its data."""
    first, *others = (
        f'class="{kind}">{_inline(text)}' for kind, text in zip(kinds, row, strict=True)
    )
    return f'<th scope="row" {first}</th>' + "".join(f"<td {cell}</td>" for cell in others)


def _figure(picture: Picture) -> str:
    """A picture, held by the page itself and linked to its file."""
    data = b64encode(picture.svg.encode()).decode()
    return (
        f'<figure>\n<div class="paper" tabindex="0"><img alt="{escape(picture.alternative)}" '
        f'src="data:image/svg+xml;base64,{data}"></div>\n'
        f"<figcaption>{_inline(picture.caption)} "
        f'<a href="{escape(picture.file)}">{escape(picture.file)}</a></figcaption>\n</figure>'
    )
