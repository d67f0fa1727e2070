"""SVG text as PNG and PDF: the same picture, drawn by resvg and fpdf2, on every machine alike.

Texts are set in Arimo, a font that is installed with these packages and whose letters are as wide
as Arial's. What it lacks is taken from a font of the machine; a warning names what none has.
"""

import math
import os
import sys
import warnings
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from autograd_core import install_command

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from fpdf import FPDF

PIXELS = 2.0
"""How many pixels of a PNG one of the SVG becomes, at either side."""

POINTS = 0.75
"""How many points of a PDF a pixel of the SVG becomes."""

Paper = tuple[float, float]
"""The width and the height of a sheet, in points."""

_MARGIN = 28.0  # around a picture on a sheet, in points: printers leave that free
_MAIN = "Arimo"
_UNKNOWN = "\ufffd"  # stands in a PDF for a character that no font has
_SVG = "{http://www.w3.org/2000/svg}"
_UNSEEN = {("visibility", "hidden"), ("stroke-opacity", "0")}


def png_of(svg: str) -> bytes:
    """A picture as PNG.

    Raises:
        ModuleNotFoundError: if a package that draws it is not installed.
    """
    _check_packages("png", {"resvg_py": "resvg-py", **_FOR_FONTS})
    import resvg_py

    fonts, _ = _fonts_for(ElementTree.fromstring(svg))
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=PIXELS,
        skip_system_fonts=True,
        font_files=[str(font) for font in fonts],
        font_family=_MAIN,
        sans_serif_family=_MAIN,
    )
    return bytes(drawn)


def pdf_of(*svgs: str, paper: Paper | None = None, smallest: float = 0.0) -> bytes:
    """Pictures as PDF, each on a page of its own size, or on sheets of paper.

    Args:
        svgs: the pictures.
        paper: the sheets, upright or not. A picture that is too large for one is made to fit.
        smallest: how many points a pixel has at least; a picture that would have to be smaller
            keeps its size and goes over several sheets.

    Raises:
        ModuleNotFoundError: if a package that draws them is not installed.
    """
    _check_packages("pdf", {"fpdf": "fpdf2", **_FOR_FONTS})
    from datetime import datetime, timezone

    from fpdf import FPDF

    trees = list(map(ElementTree.fromstring, svgs))
    document = FPDF(unit="pt")
    document.set_creation_date(datetime(2000, 1, 1, tzinfo=timezone.utc))  # the same bytes always
    document.set_title(trees[0].findtext(f"{_SVG}title", ""))
    for tree in trees:
        _leave_out_the_unseen(tree)
    fonts, font_of = _fonts_for(*trees)
    for number, font in enumerate(fonts):
        document.add_font(_family(number), "", font)
        if any('font-weight="bold"' in svg for svg in svgs):
            bold = {"B": {"wght": 700.0}} if number == 0 else None
            document.add_font(_family(number), "B", font, variations=bold)
    for tree in trees:
        for text in tree.iter(f"{_SVG}text"):
            _set_in_fonts(text, font_of)
        _add_pages(document, tree, paper, smallest)
    return bytes(document.output())


def _add_pages(document: "FPDF", tree: "Element", paper: Paper | None, smallest: float) -> None:
    from fpdf.svg import SVGObject

    width, height = (float(tree.get(side, "0")) for side in ("width", "height"))
    scale = points_on(paper, width, height) if paper else POINTS
    if scale < smallest - 1e-9:
        scale = POINTS
    margin = _MARGIN if paper else 0.0
    size = width * scale, height * scale
    page = paper or size
    if paper and (size[0] < size[1]) != (paper[0] < paper[1]):
        page = paper[::-1]
    tree.attrib.update({"width": f"{size[0]}", "height": f"{size[1]}"})
    text = ElementTree.tostring(tree, encoding="unicode")
    across, down = page[0] - 2 * margin, page[1] - 2 * margin
    for row in range(math.ceil(size[1] / down - 1e-9)):
        for column in range(math.ceil(size[0] / across - 1e-9)):
            document.add_page(format=page)
            with document.rect_clip(margin, margin, across, down):
                corner = margin - column * across, margin - row * down
                SVGObject(text).draw_to_page(document, *corner)


def points_on(paper: Paper, width: float, height: float) -> float:
    """How many points a pixel of a picture has on paper, upright or not, where it fits it."""
    across, down = (side - 2 * _MARGIN for side in paper)
    ways = (min(across / width, down / height), min(down / width, across / height))
    return min(POINTS, max(ways))


_FOR_FONTS = {"fontpkg_arimo": "fontpkg-arimo", "fontTools": "fonttools"}


def _check_packages(kind: str, needed: Mapping[str, str]) -> None:
    for module, package in needed.items():
        try:
            import_module(module)
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError(
                f"a .{kind} file needs {package}, which is not installed: "
                f"{install_command('pictures')}; .svg needs no other package",
                name=error.name,
            ) from error


def _leave_out_the_unseen(tree: "Element") -> None:
    """Take away what fpdf2 would draw though it is not seen, and what it would log as unknown."""
    for parent in list(tree.iter()):
        for child in list(parent):
            not_drawn = child.tag in (f"{_SVG}title", f"{_SVG}desc", f"{_SVG}style")
            if not_drawn or _UNSEEN & set(child.items()):
                parent.remove(child)


def _set_in_fonts(text: "Element", font_of: Mapping[str, int]) -> None:
    """Give each run of a text the font that has its characters, in the order in which one reads."""
    from fpdf.bidi import BidiParagraph
    from fpdf.enums import TextDirection

    runs: list[tuple[dict[str, str], str | None]] = [({}, text.text)]
    for span in list(text):
        runs += [(span.attrib, span.text), ({}, span.tail)]
        text.remove(span)
    text.text = None
    for attributes, characters in runs:
        for font, run in groupby(characters or "", lambda each: font_of.get(each, 0)):
            family = {"font-family": _family(font)}
            span = ElementTree.SubElement(text, f"{_SVG}tspan", {**attributes, **family})
            known = "".join(each if each in font_of else _UNKNOWN for each in run)
            span.text = BidiParagraph(known, TextDirection.LTR).get_reordered_string()


def _family(number: int) -> str:
    """What a font is called within a PDF."""
    return f"font-{number}"


def _fonts_for(*trees: "Element") -> tuple[list[Path], dict[str, int]]:
    """The fonts for pictures, and for each character of their texts which of them has it."""
    import fontpkg_arimo

    [main] = (Path(fontpkg_arimo.__file__).parent / "files").glob(f"{_MAIN}[[]*.ttf")
    texts = ("".join(text.itertext()) for tree in trees for text in tree.iter(f"{_SVG}text"))
    missing = set("".join(texts))
    fonts, font_of = [main], dict.fromkeys(missing & _characters_in(main), 0)
    missing -= font_of.keys()
    others = _fonts_of_the_machine() if missing else iter(())
    while missing and (font := next(others, None)):
        if found := missing & _characters_in(font):
            font_of |= dict.fromkeys(found, len(fonts))
            fonts.append(font)
            missing -= found
    if missing:
        warnings.warn(
            f"no font that was found has {' '.join(sorted(missing))}: the picture has boxes there. "
            "A font with it, installed for this machine or its user, is found",
            stacklevel=2,
        )
    return fonts, font_of


@cache
def _characters_in(font: Path) -> frozenset[str]:
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with TTFont(font, lazy=True, fontNumber=0) as opened:
            return frozenset(map(chr, opened.getBestCmap() or ()))
    except (OSError, TTLibError):
        return frozenset()  # it cannot be read


def _fonts_of_the_machine() -> Iterator[Path]:
    """Fonts, upright sans-serif ones first; matplotlib's DejaVu Sans has most signs of formulas."""
    matplotlib = find_spec("matplotlib")
    for folder in matplotlib.submodule_search_locations or () if matplotlib else ():
        yield Path(folder, "mpl-data", "fonts", "ttf", "DejaVuSans.ttf")
    home = Path.home()
    if sys.platform == "win32":
        folders = [
            Path(os.environ.get("WINDIR", r"C:\Windows"), "Fonts"),
            Path(os.environ.get("LOCALAPPDATA", home), "Microsoft", "Windows", "Fonts"),
        ]
    elif sys.platform == "darwin":
        folders = [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"]
    else:
        shared = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts")]
        folders = [*shared, home / ".local/share/fonts", home / ".fonts"]
    files = (file for folder in folders for file in folder.rglob("*.[oOtT][tT][fFcC]"))
    yield from sorted(files, key=_strangeness)


def _strangeness(font: Path) -> tuple[bool, bool, Path]:
    name = font.stem.lower()
    styled = any(style in name for style in ("bold", "italic", "oblique", "mono", "condensed"))
    return "sans" not in name, styled, font
