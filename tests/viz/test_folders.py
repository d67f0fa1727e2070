"""Scene, layout, write: each folder knows nothing of the next."""

import re
from pathlib import Path

import pytest

import viz

BELOW = {"scene": {"scene"}, "layout": {"scene", "layout"}, "write": {"scene", "layout", "write"}}


@pytest.mark.parametrize("folder", BELOW)
def test_a_folder_uses_itself_and_those_before_it(folder: str) -> None:
    paths = (Path(viz.__file__).parent / folder).glob("*.py")
    program = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    used = set(re.findall(r"^ *(?:from|import) viz\.(\w+)", program, re.MULTILINE))
    assert used and used <= BELOW[folder]
