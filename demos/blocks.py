"""What a lesson consists of: blocks, as plain data, for the terminal and the gallery alike."""

import inspect
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text on one line; code in it stands between backticks."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Lines that are shown as they are: formulas, code, what the engine printed."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under column titles."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def is_numeric(self, column: int) -> bool:
        """Whether a column holds numbers alone, or nothing, so that its cells belong to the right.

        >>> Table(("input", "gradient"), (("x", "-4"), ("y", "1e-9"), ("z", ""))).is_numeric(1)
        True
        """
        return all(_is_number(row[column]) for row in self.rows if row[column])


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG picture.

    Attributes:
        file: the name of its file in the gallery.
        svg: the picture itself.
        caption: what is to be seen in it, said below the picture.
        alternative: the same facts in words, for those who cannot see it.
    """

    file: str
    svg: str
    caption: str
    alternative: str


Block = Paragraph | Heading | Listing | Table | Picture


def read_text(text: str) -> Iterator[Paragraph | Listing]:
    r"""Text as paragraphs, parted by empty lines; an indented part is a listing.

    >>> list(read_text("One\nline.\n\n    f = x y\n\nAnother."))
    [Paragraph(text='One line.'), Listing(text='f = x y'), Paragraph(text='Another.')]
    """
    parts: list[str] = []
    for part in inspect.cleandoc(text).split("\n\n"):
        if parts and part.startswith(" ") and parts[-1].startswith(" "):
            parts[-1] += f"\n\n{part}"
        elif part.strip():
            parts.append(part.strip("\n"))
    for part in parts:
        if part.startswith(" "):
            yield Listing(textwrap.dedent(part))
        else:
            yield Paragraph(" ".join(part.split()))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
