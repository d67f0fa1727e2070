"""Files of numbers: JSON, so that a person can read them and nothing in them can run."""

import json
from pathlib import Path
from typing import Any

from autograd_core import replace_file

FORMAT = "scalar-circuits"
VERSION = 1


def write_numbers(
    path: str | Path, kind: str, content: dict[str, Any], settings: dict[str, Any]
) -> None:
    """Write names with numbers, or with lists or dictionaries of numbers, to a file of this kind.

    The settings, with which the numbers make sense, are written beside them, if there are any.

    Raises:
        OSError: if the file cannot be written; an old one is then untouched.
    """
    document = {"format": FORMAT, "version": VERSION, "kind": kind, kind: content}
    if settings:
        document["settings"] = settings
    replace_file(path, json.dumps(document, indent=1).encode())


def read_numbers(path: str | Path, kind: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read what `write_numbers` wrote: the numbers, and the settings, empty if there are none.

    Raises:
        ValueError: if the file is damaged, or is not of this kind.
        OSError: if the file cannot be read.
    """
    try:
        document = json.loads(Path(path).read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{str(path)!r} is damaged or no file of ours: {error}") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ValueError(f"{str(path)!r} is no file of {FORMAT}")
    if document.get("version") != VERSION:
        raise ValueError(
            f"{str(path)!r} has version {document.get('version')!r}; this release reads {VERSION}"
        )
    content = document.get(kind)
    if document.get("kind") != kind or not isinstance(content, dict):
        raise ValueError(f"{str(path)!r} holds {document.get('kind')!r}, not {kind!r}")
    settings = document.get("settings", {})
    if not isinstance(settings, dict):
        raise ValueError(f"{str(path)!r} is damaged: its settings are {settings!r}")
    return content, settings
