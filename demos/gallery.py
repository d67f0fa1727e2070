"""The folder into which lessons put their pictures and the page that shows them."""

from pathlib import Path

from demos.blocks import Picture
from demos.lesson import Lesson
from demos.page import GENERATOR, page_of
from viz.files import replace_file


class Gallery:
    """A folder with `index.html` and the pictures of the lessons.

    Only an empty folder, a new one, or one that is a gallery already is written to, so that
    nobody's files are overwritten; nothing is ever deleted. The page is there from the beginning
    and grows with every lesson, so that it is valid whenever a run ends.

    Attributes:
        folder: where it is.
        index: the page.
        lessons: those that the page shows.

    Raises:
        FileExistsError: if the folder holds something else.
        OSError: if it cannot be made or written to.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.index = folder / "index.html"
        self.lessons: list[Lesson] = []
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()) and not _is_gallery(self.index):
            raise FileExistsError(f"{folder} holds other files; choose an empty or a new folder")
        self._write_index()

    def hang(self, picture: Picture) -> None:
        """Write a picture to its file."""
        replace_file(self.folder / picture.file, picture.svg.encode())

    def add(self, lesson: Lesson) -> None:
        """Show one more lesson on the page."""
        self.lessons.append(lesson)
        self._write_index()

    def _write_index(self) -> None:
        replace_file(self.index, page_of(self.lessons).encode())


def _is_gallery(index: Path) -> bool:
    """Whether a page was written by this module."""
    return index.is_file() and GENERATOR in index.read_text(encoding="utf-8", errors="replace")
