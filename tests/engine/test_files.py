from pathlib import Path

import pytest

from autograd_core import replace_file


@pytest.mark.parametrize("old", [None, b"old"])
def test_a_file_is_made_or_replaced_and_nothing_else_is_left(
    tmp_path: Path, old: bytes | None
) -> None:
    path = tmp_path / "numbers.json"
    if old is not None:
        path.write_bytes(old)
    replace_file(str(path), b"new \xff")
    assert path.read_bytes() == b"new \xff"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
@pytest.mark.parametrize("step", ["open", "replace"])
@pytest.mark.parametrize("old", [None, b"old"])
def test_an_interrupted_write_leaves_what_was_there(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    old: bytes | None,
    step: str,
    error: type[BaseException],
) -> None:
    path = tmp_path / "numbers.json"
    if old is not None:
        path.write_bytes(old)

    def interrupted(*arguments: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(Path, step, interrupted)
        with pytest.raises(error):
            replace_file(path, b"new")
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == (
        {} if old is None else {path.name: old}
    )


def test_where_no_file_can_be_written(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"there is no folder '.*missing' to save"):
        replace_file(tmp_path / "missing" / "a.txt", b"")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("", ".", str(tmp_path)):
        with pytest.raises(IsADirectoryError, match="is a folder: write the name of a file"):
            replace_file(folder, b"")
    assert list(tmp_path.iterdir()) == []


def test_an_error_names_the_file_that_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / ("a" * 300)
    with pytest.raises(OSError, match=path.name) as failed:
        replace_file(path, b"new")
    assert failed.value.filename == str(path)
