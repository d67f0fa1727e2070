import json
import pickle
from math import inf, isnan, nan

import pytest

from nn.saving import read_numbers, write_numbers

CONTENT = {"weights.0": 0.1, "λ": -0.0, "list": [1.0, 5e-324], "nested": {"of": {"numbers": 2.5}}}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "numbers.json"


def test_what_is_read_is_what_was_written(path):
    write_numbers(path, "parameters", CONTENT)
    read = read_numbers(path, "parameters")
    assert read == CONTENT
    assert list(read) == list(CONTENT)
    assert str(read["λ"]) == "-0.0"


def test_numbers_that_are_not_finite(path):
    write_numbers(path, "parameters", {"a": nan, "b": inf, "c": -inf})
    read = read_numbers(str(path), "parameters")
    assert isnan(read["a"])
    assert (read["b"], read["c"]) == (inf, -inf)


def test_the_file_is_json_that_says_what_it_is(path):
    write_numbers(path, "parameters", CONTENT)
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["kind"] == "parameters"
    assert document["parameters"] == CONTENT
    assert len(path.read_text().splitlines()) > len(CONTENT), "a number a line, for a person"


def test_the_same_numbers_make_the_same_file(path, tmp_path):
    write_numbers(path, "parameters", CONTENT)
    write_numbers(tmp_path / "again", "parameters", CONTENT)
    assert path.read_bytes() == (tmp_path / "again").read_bytes()


def test_writing_replaces_the_file(path):
    write_numbers(path, "parameters", {"a": 1.0, "b": 2.0})
    write_numbers(path, "parameters", {"a": 3.0})
    assert read_numbers(path, "parameters") == {"a": 3.0}
    assert list(path.parent.iterdir()) == [path]


def test_what_is_no_number_is_not_written(path):
    write_numbers(path, "parameters", CONTENT)
    with pytest.raises(TypeError):
        write_numbers(path, "parameters", {"a": object()})
    assert read_numbers(path, "parameters") == CONTENT


def test_no_file_can_be_written_there(tmp_path):
    for place in (tmp_path / "missing" / "file", tmp_path, ""):
        with pytest.raises(OSError, match=r"director|no folder|busy"):
            write_numbers(place, "parameters", CONTENT)
    assert list(tmp_path.iterdir()) == []


def test_no_file_can_be_read_there(tmp_path):
    for place in (tmp_path / "missing", tmp_path):
        with pytest.raises(OSError, match="director"):
            read_numbers(place, "parameters")


def test_every_truncated_file_is_refused(path):
    write_numbers(path, "parameters", CONTENT)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(ValueError, match=r"numbers\.json' is damaged or no file of ours"):
            read_numbers(path, "parameters")


@pytest.mark.parametrize(
    "foreign",
    [
        b"",
        b"\x00\xff\xfe",
        b"PK\x03\x04",
        pickle.dumps({"format": "scalar-circuits"}),
        b"weights: 1",
        b"[" * 100_000,
        b'{"a": ' * 100_000,
    ],
    ids=["empty", "binary", "zip", "pickle", "YAML", "deep list", "deep dictionary"],
)
def test_what_is_no_json_is_refused(path, foreign):
    path.write_bytes(foreign)
    with pytest.raises(ValueError, match=r"numbers\.json' is damaged or no file of ours"):
        read_numbers(path, "parameters")


@pytest.mark.parametrize("foreign", ["1", "null", "[]", '"scalar-circuits"', "{}", '{"a": 1}'])
def test_json_of_others_is_refused(path, foreign):
    path.write_text(foreign)
    with pytest.raises(ValueError, match=r"numbers\.json' is no file of scalar-circuits"):
        read_numbers(path, "parameters")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"version": 2}, "has version 2; this release reads 1"),
        ({"version": None}, "has version None"),
        ({"kind": "training"}, "holds 'training', not 'parameters'"),
        ({"kind": None}, "holds None, not 'parameters'"),
        ({"parameters": [1.0, 2.0]}, "not 'parameters'"),
        ({"parameters": None}, "not 'parameters'"),
    ],
)
def test_files_of_ours_of_another_kind_are_refused(path, change, says):
    write_numbers(path, "parameters", CONTENT)
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | change))
    with pytest.raises(ValueError, match=rf"numbers\.json' .*{says}"):
        read_numbers(path, "parameters")
