"""What pictures have in common: they show themselves in a notebook and can be saved."""

import re
from abc import ABC, abstractmethod
from base64 import b64encode
from collections.abc import Callable
from functools import cached_property
from html import escape
from pathlib import Path
from string import Template
from typing import ClassVar

from autograd_core import replace_file
from viz.write.files import read_template, save_text


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


_WORDS = re.compile("<title>(.*?)</title>\n<desc>(.*?)</desc>", re.DOTALL)
"""What every picture begins with; `escape` has made it fit for an attribute, too."""


class SVGPicture(ABC):
    """A picture that is an SVG and nothing else; it shows itself in a notebook."""

    _kind: ClassVar[str] = "a picture"  # what a message calls it

    @property
    @abstractmethod
    def svg(self) -> str:
        """The picture as SVG text; needs no other program."""

    def save(self, path: str | Path) -> None:
        """Write the picture to an SVG file, whole or not at all.

        Raises:
            ValueError: if the file's name does not end in `.svg`.
            OSError: if the file cannot be written.
        """
        save_text(path, lambda: self.svg, ".svg", what=self._kind)

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        return image(self.svg)


class Picture(SVGPicture):
    """A picture that can be saved in many ways.

    It keeps the numbers that there were when it was drawn.
    """

    _kind = "this picture"

    @property
    @abstractmethod
    def _heading(self) -> str:
        """What a page with the picture is called."""

    @cached_property
    def html(self) -> str:
        """The picture as a page by itself, which needs no other file and no network."""
        page = Template(read_template("write/drawing.html"))
        return page.substitute(title=escape(self._heading), picture=self.svg)

    def _contents(self) -> dict[str, Callable[[], bytes]]:
        """What is written to a file, by the ending of its name."""
        return {".svg": lambda: self.svg.encode(), ".html": lambda: self.html.encode()}

    def save(self, path: str | Path) -> None:
        r"""Write the picture to a file; its ending says what kind.

        `.svg` and `.html` (a page with the SVG in it) are the built-in layout and need no other
        program; nor do, of a circuit, `.tex` (TikZ, for `\input`) and `.dot` or `.gv`, the text for
        Graphviz. The `.png` and the `.pdf` of a circuit are made by Graphviz, which lays it out its
        own way. The file is complete or not written at all.

        Raises:
            ValueError: if the ending is none of these, or none for this picture.
            RuntimeError: if Graphviz is needed and not installed, or takes too long.
            OSError: if the file cannot be written.
        """
        path = Path(path)
        suffix = path.suffix.lower()
        contents = self._contents()
        content = contents.get(".html" if suffix == ".htm" else suffix)
        if content is None:
            ending = f"the ending {suffix!r}" if suffix else "no ending"
            *endings, last = contents
            raise ValueError(
                f"{str(path)!r} has {ending}; {self._kind} is saved as {', '.join(endings)} or "
                f"{last}"
            )
        replace_file(path, content())
