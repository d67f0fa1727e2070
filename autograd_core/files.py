"""Files that are written whole or not at all."""

import os
from pathlib import Path


def replace_file(path: str | Path, content: bytes) -> None:
    """Write a file so that at any moment it is either the old one or the new one, whole.

    Raises:
        OSError: if it cannot be written; the old file, if there was one, is then untouched.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     replace_file(f"{folder}/notes.txt", b"f = (x + y) * z")
    ...     Path(folder, "notes.txt").read_text()
    'f = (x + y) * z'
    """
    path = Path(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {str(path.parent)!r} to save {path.name!r} in")
    if path.is_dir():
        raise IsADirectoryError(f"{str(path)!r} is a folder: write the name of a file in it, too")
    temporary = path.parent / f".{path.name}.{os.urandom(4).hex()}"
    try:
        with temporary.open("xb") as file:
            file.write(content)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
