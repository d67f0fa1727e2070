"""A browser on a machine that has one font and no other: the fonts come with packages of Python."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import fontpkg_arimo
import matplotlib
from browser import Browser, find_browser

FONTS = {
    "Arimo": next(Path(fontpkg_arimo.__file__).parent.glob("files/Arimo[[]*")),
    "DejaVu Sans": Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf",
}
"""One whose letters are as wide as Arial's, and a wider one."""

CONFIGURATION = "<fontconfig><dir>{folder}</dir><cachedir>{folder}/cache</cachedir></fontconfig>"


@contextmanager
def browser_with(font: str, folder: Path) -> Iterator[Browser]:
    """A browser that has this font alone; the folder is for what it needs."""
    shutil.copy(FONTS[font], folder)
    file = folder / "fonts.conf"
    file.write_text(CONFIGURATION.format(folder=folder), encoding="utf-8")
    program = find_browser()
    assert program
    with Browser(program, FONTCONFIG_FILE=str(file)) as started:
        yield started
