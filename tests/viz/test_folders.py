"""Scene, layout, write: each folder knows nothing of the next."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import viz

BELOW = {"scene": {"scene"}, "layout": {"scene", "layout"}, "write": {"scene", "layout", "write"}}


def folders_used(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("viz."):
            yield (node.module or "").split(".")[1]


@pytest.mark.parametrize("folder", BELOW)
def test_a_folder_uses_itself_and_those_before_it(folder: str) -> None:
    paths = list((Path(viz.__file__).parent / folder).glob("*.py"))
    assert len(paths) > 3
    assert {used for path in paths for used in folders_used(path)} <= BELOW[folder]
