"""Files of numbers: what is in them, and what is said of those that are none of ours."""

import json
import pickle
from math import inf, nan
from pathlib import Path

import pytest

from autograd_core import Value
from nn import MLP, Module, Neuron


class Numbers(Module):
    """A model of a few numbers with names of their own."""

    def __init__(self, *numbers: float) -> None:
        self.slope, self.λ = Value(numbers[0]), Value(numbers[1])
        self.list = [Value(number) for number in numbers[2:]]


KEPT = (0.1, -0.0, 5e-324, 2.5)
NAMES = ["slope", "λ", "list.0", "list.1"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "numbers.json"
    Numbers(*KEPT).save(path)
    return path


def loaded(path: str | Path) -> dict[str, float]:
    model = Numbers(0.0, 0.0, 0.0, 0.0)
    model.load(path)
    return model.state_dict()


def test_what_is_read_is_what_was_written(path: Path) -> None:
    assert loaded(str(path)) == dict(zip(NAMES, KEPT, strict=True))
    assert str(loaded(path)["λ"]) == "-0.0"


@pytest.mark.parametrize("number", [nan, inf, -inf])
def test_numbers_that_are_not_finite_are_neither_written_nor_read(
    path: Path, number: float
) -> None:
    before = path.read_bytes()
    with pytest.raises(ValueError, match=f"'slope' is {number}"):
        Numbers(number, 1.0, 2.0, 3.0).save(path)
    assert path.read_bytes() == before
    document = json.loads(before)
    document["parameters"][NAMES[0]] = number
    path.write_text(json.dumps(document))
    with pytest.raises(ValueError, match=rf"numbers\.json' does not fit: 'slope' is {number}"):
        loaded(path)
    path.write_text(json.dumps(document).replace("Infinity", "1e999"))
    with pytest.raises(ValueError, match=f"'slope' is {number}"):
        loaded(path)


def test_the_file_of_another_activation_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    MLP(2, [3, 1], activation="tanh", seed=1).save(path)
    other = MLP(2, [3, 1], seed=2)
    before = other.state_dict()
    says = r"model\.json' .*its layers\.0\.activation is 'tanh', and here 'relu'"
    with pytest.raises(ValueError, match=says):
        other.load(path)
    assert other.state_dict() == before
    other.layers[0].activation = "tanh"
    other.load(path)
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["settings"] == {
        "layers.0.activation": "tanh",
        "layers.1.activation": "identity",
    }
    del document["settings"]  # as files were before
    path.write_text(json.dumps(document))
    MLP(2, [3, 1], seed=2).load(path)
    Neuron(2, activation="logistic").save(path)
    with pytest.raises(ValueError, match="its activation is 'logistic', and here 'relu'"):
        Neuron(2).load(path)
    document["settings"] = "tanh"
    path.write_text(json.dumps(document))
    with pytest.raises(ValueError, match="is damaged: its settings are 'tanh'"):
        MLP(2, [3, 1]).load(path)


def test_the_file_is_json_that_says_what_it_is(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    parameters = dict(zip(NAMES, KEPT, strict=True))
    assert document == {
        "format": "scalar-circuits",
        "version": 1,
        "kind": "parameters",
        "parameters": parameters,
    }
    assert list(document["parameters"]) == NAMES
    assert len(path.read_text().splitlines()) > len(KEPT), "a number a line, for a person"


def test_writing_replaces_the_file_and_the_same_numbers_make_the_same(path: Path) -> None:
    before = path.read_bytes()
    Numbers(1.0, 2.0, 3.0, 4.0).save(path)
    assert loaded(path) == dict(zip(NAMES, [1.0, 2.0, 3.0, 4.0], strict=True))
    Numbers(*KEPT).save(str(path))
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_where_no_file_can_be_written_or_read(tmp_path: Path) -> None:
    for place in (tmp_path / "missing" / "file", tmp_path, ""):
        with pytest.raises(OSError, match=r"no folder|is a folder"):
            Numbers(*KEPT).save(place)
    assert list(tmp_path.iterdir()) == []
    for place in (tmp_path / "missing", tmp_path):
        with pytest.raises(OSError, match="director"):
            loaded(place)


def test_every_truncated_file_is_refused(path: Path) -> None:
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(ValueError, match=r"numbers\.json' is damaged or no file of ours"):
            loaded(path)


@pytest.mark.parametrize(
    "foreign",
    [
        b"\x00\xff\xfe",
        b"PK\x03\x04",
        pickle.dumps({"format": "scalar-circuits"}),
        b"weights: 1",
        b"[" * 100_000,
        b'{"a": ' * 100_000,
    ],
    ids=["binary", "zip", "pickle", "YAML", "deep list", "deep dictionary"],
)
def test_what_is_no_json_is_refused(path: Path, foreign: bytes) -> None:
    path.write_bytes(foreign)
    with pytest.raises(ValueError, match=r"numbers\.json' is damaged or no file of ours"):
        loaded(path)


@pytest.mark.parametrize("foreign", ["1", "null", "[]", '"scalar-circuits"', "{}", '{"a": 1}'])
def test_json_of_others_is_refused(path: Path, foreign: str) -> None:
    path.write_text(foreign)
    with pytest.raises(ValueError, match=r"numbers\.json' is no file of scalar-circuits"):
        loaded(path)


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
def test_files_of_ours_of_another_kind_are_refused(
    path: Path, change: dict[str, object], says: str
) -> None:
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | change))
    with pytest.raises(ValueError, match=rf"numbers\.json' .*{says}"):
        loaded(path)


def test_a_truth_value_is_no_parameter() -> None:
    with pytest.raises(ValueError, match=r"'bias' is no number: True$"):
        Neuron(1).load_state_dict({"weights.0": 1.0, "bias": True})
