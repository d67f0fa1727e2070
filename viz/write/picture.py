"""What pictures have in common: they show themselves in a notebook and can be saved.

What a picture that stays in memory does not need is imported where it is used.
"""

import re
from abc import ABC, abstractmethod
from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import cached_property
from html import escape, unescape
from pathlib import Path
from string import Template
from typing import ClassVar

from autograd_core import replace_file


def image(svg: str) -> str:
    """A picture as an `<img>`, with its title and description as the text alternative.

    A notebook that somebody else has executed is not trusted: JupyterLab then shows neither its
    SVG nor its frames, but images that carry their data with them. They keep their size, and a cell
    that is narrower scrolls, as it does with an SVG.
    """
    found = _WORDS.search(svg)
    title, description = found.groups() if found else ("", "")
    named = description.startswith(f"{title}. ")
    words = description if named else f"{title}: {description}"
    data = b64encode(svg.encode()).decode()
    return f'<img src="data:image/svg+xml;base64,{data}" alt="{words}" style="max-width: none">'


_SIZE = re.compile(r'width="([\d.]+)" height="([\d.]+)"')
_WORDS = re.compile("<title>(.*?)</title>\n<desc>(.*?)</desc>", re.DOTALL)
"""What every picture begins with; `escape` has made it fit for an attribute, too."""


class Picture(ABC):
    """A picture, which shows itself in a notebook and can be saved in many ways.

    It keeps the numbers that there were when it was drawn.
    """

    _kind: ClassVar[str] = "this picture"  # what a message calls it

    @property
    @abstractmethod
    def svg(self) -> str:
        """The picture as SVG text; needs no other program."""

    @property
    def _heading(self) -> str:
        """What a page with the picture is called, in plain text."""
        found = _WORDS.search(self.svg)
        return unescape(found[1]) if found else ""

    @cached_property
    def html(self) -> str:
        """The picture as a page by itself, which needs no other file and no network."""
        page = Template(read_template("write/drawing.html"))
        across, down = map(float, _SIZE.findall(self.svg)[0])
        sheet = "landscape" if across > down else "portrait"
        return page.substitute(title=escape(self._heading), picture=self.svg, sheet=sheet)

    def save(self, path: str | Path) -> None:
        r"""Write the picture to a file; its ending says what kind.

        All kinds show the same picture. `.svg` and `.html` (a page with the SVG in it) need no
        other package; nor does, of a circuit, `.tex` (TikZ, for `\input`). `.png` and `.pdf` are
        made by the packages of the extra `pictures`, with a font that comes with them. `.dot` or
        `.gv` is, of a circuit, the text for Graphviz, which lays it out its own way. The file is
        complete or not written at all.

        Raises:
            ValueError: if the ending is none of these, or none for this picture.
            ModuleNotFoundError: if a package is needed and not installed.
            OSError: if the file cannot be written.
        """
        save_picture(path, self._contents(), self._kind)

    def _contents(self) -> dict[str, Callable[[], bytes]]:
        """What is written to a file, by the ending of its name."""
        return {
            ".svg": lambda: self.svg.encode(),
            ".html": lambda: self.html.encode(),
            ".png": self._png,
            ".pdf": self._pdf,
        }

    def _png(self) -> bytes:
        from viz.write.render import png_of

        return png_of(self.svg)

    def _pdf(self) -> bytes:
        from viz.write.render import pdf_of

        return pdf_of(self.svg)

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        return image(self.svg)


def read_template(name: str) -> str:
    """The text of a file that comes with this package, such as `write/drawing.html`."""
    from importlib.resources import files

    return (files("viz") / name).read_text(encoding="utf-8")


def save_picture(path: str | Path, contents: Mapping[str, Callable[[], bytes]], kind: str) -> None:
    """Write a picture to a file, whole or not at all: what its ending stands for.

    Raises:
        ValueError: if the ending is none of those in `contents`; a message calls the picture so.
        OSError: if the file cannot be written.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    content = contents.get(".html" if suffix == ".htm" else suffix)
    if content is None:
        *endings, last = contents
        found = f"does not end in {last}"
        if endings:
            found = f"has the ending {suffix!r}" if suffix else "has no ending"
        known = " or ".join([", ".join(endings), last] if endings else [last])
        raise ValueError(f"{str(path)!r} {found}; {kind} is saved as {known}")
    replace_file(path, content())
