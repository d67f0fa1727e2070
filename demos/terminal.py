"""Blocks as plain text for the terminal."""

import textwrap

from autograd_core.explain import table as lines_of_table
from demos.blocks import Block, Heading, Listing, Paragraph, Picture, Table

WIDTH = 88


def in_terminal(block: Block) -> str:
    """A block as lines of text."""
    match block:
        case Paragraph(text):
            return _wrap(text.replace("`", ""))
        case Heading(text):
            return underline(text, "-")
        case Listing(text):
            return textwrap.indent(text, "    ")
        case Table():
            return textwrap.indent(_table(block), "    ")
        case Picture(file, _, caption, _):
            return _wrap(f"[Picture {file}] {caption}".replace("`", ""))


def underline(title: str, line: str) -> str:
    """A title with a line below it.

    >>> print(underline("Ties", "-"))
    Ties
    ----
    """
    return f"{title}\n{line * len(title)}"


def _wrap(text: str) -> str:
    return textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def _table(table: Table) -> str:
    """Aligned columns: numbers to the right, words to the left.

    >>> print(_table(Table(("input", "gradient"), (("x", "-8"), ("w", "0")))))
    input  gradient
    -----  --------
    x            -8
    w             0
    """
    widths = [max(map(len, column)) for column in zip(table.columns, *table.rows, strict=True)]
    rows = [table.columns, ["-" * width for width in widths], *table.rows]
    numeric = [table.is_numeric(column) for column in range(len(widths))]
    return "\n".join(lines_of_table(rows, right=numeric))
