"""What pictures have in common: they show themselves in a notebook and can be saved.

What a picture that stays in memory does not need is imported where it is used: subprocess and the
metadata of packages take longer to load than all of this package.
"""

import re
from abc import ABC, abstractmethod
from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import cached_property
from html import escape
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
        save_picture(path, self._contents(), self._kind)

    def _contents(self) -> dict[str, Callable[[], bytes]]:
        """What is written to a file, by the ending of its name."""
        return {".svg": lambda: self.svg.encode()}

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
        return {**super()._contents(), ".html": lambda: self.html.encode()}

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
        super().save(path)


TIME_LIMIT = 60.0
"""Seconds that Graphviz may take; on many thousands of values it would take hours."""


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


def render_with_graphviz(source: str, kind: str) -> bytes:
    """A DOT text as a png or pdf, by Graphviz's `dot`, the system's or that of a wheel.

    Raises:
        RuntimeError: if `dot` is not installed, cannot write such files, fails, or takes longer
            than the time limit.
    """
    import shutil
    import subprocess

    program = shutil.which("dot") or _from_the_wheel()
    if program is None:
        raise RuntimeError(
            f"a .{kind} file is made by Graphviz, whose program `dot` was not found. Install it "
            f"({_WAYS[kind]}), or save as .svg, which needs no other program"
        )
    if kind == "pdf" and Path(program).stem == _WHEEL:
        raise RuntimeError(
            f"the Graphviz of {_WHEEL} cannot write .pdf files, the one of the system can. Install "
            f"it ({_WAYS[kind]}), or save as .png, .svg or .tex"
        )
    try:
        finished = subprocess.run(
            [program, f"-T{kind}", *(["-Gdpi=192"] if kind == "png" else [])],
            input=source.encode(),
            capture_output=True,
            timeout=TIME_LIMIT,
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise RuntimeError(
            f"Graphviz did not finish within {TIME_LIMIT:g} seconds; "
            "save as .svg, or draw a smaller part of the circuit"
        ) from None
    except subprocess.CalledProcessError as error:
        message = error.stderr.decode(errors="replace").strip()
        raise RuntimeError(f"Graphviz could not draw this circuit: {message}") from None
    return finished.stdout


_WHEEL = "graphviz-pure"
_SYSTEM = "apt install graphviz, brew install graphviz, or https://graphviz.org/download"
_WAYS = {"png": f"pip install {_WHEEL}, {_SYSTEM}", "pdf": _SYSTEM}


def _from_the_wheel() -> str | None:
    """Where the wheel graphviz-pure has put its program, if that is installed.

    The wheel does not put a `dot` on the search path, lest it hide one that is there.
    """
    import sysconfig
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        files = distribution(_WHEEL).files or []
    except PackageNotFoundError:
        return None
    places = [Path(str(file.locate())) for file in files if file.stem == _WHEEL]
    places += [Path(sysconfig.get_path("scripts"), _WHEEL + end) for end in ("", ".exe")]
    return next((str(place) for place in places if place.is_file()), None)
