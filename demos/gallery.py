"""The folder into which lessons put their pictures and the page that shows them."""

from pathlib import Path

from demos import LESSONS
from demos.blocks import Picture
from demos.lesson import Lesson
from demos.page import GENERATOR, article_of, articles_in, page_of
from viz.write.files import replace_file


class Gallery:
    """A folder with `index.html` and the pictures of the lessons.

    Only an empty folder, a new one, or one that is a gallery already is written to, so that
    nobody's files are overwritten; nothing is ever deleted. A lesson that is told again takes the
    place of its earlier self, and the others stay. The page is there from the beginning and grows
    with every lesson, so that it is valid whenever a run ends.

    Attributes:
        folder: where it is.
        index: the page.

    Raises:
        FileExistsError: if the folder holds something else.
        OSError: if it cannot be made or written to.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.index = folder / "index.html"
        folder.mkdir(parents=True, exist_ok=True)
        page = _read(self.index)
        if any(folder.iterdir()) and GENERATOR not in page:
            raise FileExistsError(f"{folder} holds other files; choose an empty or a new folder")
        self._articles = articles_in(page)
        self._write_index()

    def hang(self, picture: Picture) -> None:
        """Write a picture to its file."""
        replace_file(self.folder / picture.file, picture.svg.encode())

    def add(self, lesson: Lesson) -> None:
        """Show a lesson on the page, at its place in the order of reading."""
        self._articles[lesson.name] = article_of(lesson)
        self._write_index()

    def _write_index(self) -> None:
        shown = {name: self._articles[name] for name in LESSONS if name in self._articles}
        replace_file(self.index, page_of(shown).encode())


def _read(index: Path) -> str:
    """The page that is there; empty if there is none."""
    return index.read_text(encoding="utf-8", errors="replace") if index.is_file() else ""
