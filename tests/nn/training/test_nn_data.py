"""Examples as users give them, and what is said of those that cannot be learnt from."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from learning import Formula, Table, both_ways, trainer_of

from autograd_core import Value
from nn import MLP, softmax_cross_entropy, squared_error

THREE = [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]
TARGETS = [0.0, 1.0, 2.0]


masked: Any = np.ma.array  # which takes lists, whatever its types say


def seen(inputs: Any, targets: Any) -> Any:
    """The examples as model and loss get them, one after the other, with plain numbers."""
    rows: list[Any] = []
    encoded: list[Any] = []

    def noted(output: Any, target: Any) -> Any:
        encoded.append(target)
        return squared_error(output, [target])

    def function(a: Value, b: Value, x: list[Any]) -> Any:
        rows.append(x)
        return a * x[0] + b * x[1]

    trainer = trainer_of(Formula(function), noted, eager=True)
    trainer.evaluate(inputs, targets)
    return rows[1:], encoded


@pytest.mark.parametrize(
    "inputs",
    [
        THREE,
        tuple(map(tuple, THREE)),
        [np.array(row) for row in THREE],
        [[1, 0], [0, 1], [1, 1]],
        [[True, False], [False, True], [True, True]],
        [[Fraction(1), Decimal(0)], [np.int64(0), np.float32(1)], [1, 1.0]],
        np.array(THREE),
        np.array(THREE, dtype=np.float32),
        np.array(THREE, dtype=int),
        np.array(THREE, dtype=bool),
        np.array(THREE, dtype=object),
        Table(THREE),
        Table([[1, Fraction(0)], [0, 1], [1, 1]]),
    ],
)
def test_tables_of_every_kind(inputs: Any) -> None:
    rows, _ = seen(inputs, TARGETS)
    assert rows == THREE
    assert all(type(number) is float for row in rows for number in row)


@pytest.mark.parametrize(
    "targets",
    [
        (0, 1, 2),
        range(3),
        np.arange(3),
        np.arange(3.0).reshape(3, 1),
        Table([0, 1, 2]),
        [[0], 1, 2],
    ],
)
def test_targets_of_every_kind(targets: Any) -> None:
    assert seen(THREE, targets)[1] == TARGETS


@given(st.lists(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=2), min_size=1, max_size=5))
def test_the_numbers_stay_exactly_as_they_are_and_the_users_array_too(rows: Any) -> None:
    for given_rows in (rows, np.array(rows)):
        assert seen(given_rows, [0.0] * len(rows))[0] == rows
        trainer_of(MLP(2, [1], seed=1), batch_size=1).fit(given_rows, [0.0] * len(rows), 1)
    assert given_rows.tolist() == rows


@pytest.mark.parametrize(
    "inputs, message",
    [
        ([], "there are no examples: the inputs are empty"),
        (np.zeros((0, 2)), "there are no examples: the inputs are empty"),
        ([[], [], []], "example 0 has no inputs"),
        (np.zeros((3, 0)), "example 0 has no inputs"),
        (
            [1.0, 2.0, 3.0],
            r"example 0 is 1.0, but an example is a list .* \[\[x\] for x in inputs\]",
        ),
        (np.ones(3), r"example 0 is 1.0, but .* a single example as \[inputs\]"),
        (np.ones((3, 2, 2)), r"input 0 of example 0 is a list of 2: .*reshape\(len\(inputs\), -1"),
        ([[1, 2], [3], [4, 5]], "example 1 has 1 input, but example 0 has 2"),
        ([[1, 2], [3, 4], 5], "example 2 is 5, but an example is a list of inputs"),
        ([[1, 2], [3, float("nan")], [5, 6]], "input 1 of example 1: nan is not a number"),
        (np.array([[1, 2], [3, 4], [np.inf, 6]]), "input 0 of example 2: inf is not a number"),
        ([[1, 2], [3, None], [5, 6]], "input 1 of example 1: None is not a number"),
        ([[1, 2], [3, "4"], [5, 6]], "input 1 of example 1: '4' is text, not a number"),
        (np.array([["1", "2"]] * 3), "input 0 of example 0: '1' is text, not a number"),
        ([[1, 2j]] * 3, "input 1 of example 0: 2j is not a number"),
        ([[Value(1.0), 2.0]] * 3, "input 0 of example 0: .* is not a number"),
        ("12", "the inputs are a table with a row for each example, not '12'"),
        ({1: 2}, r"the inputs are a table with a row for each example, not \{1: 2\}"),
        (5.0, "the inputs are a table with a row for each example, not 5.0"),
        (None, "the inputs are a table with a row for each example, not None"),
        (iter(THREE), "not a list_iterator, which can be gone through only once: make it a list"),
        (zip([1, 2, 3], [4, 5, 6], strict=True), "not a zip, .*: make it a list"),
        (masked(THREE, mask=[[0, 0], [0, 1], [0, 0]]), "input 1 of example 1: None is not"),
        ([[1, 2, 3]] * 3, r"MLP\(2, \[1\]\) takes 2 numbers, not 3"),
        ([[1, 2]] * 2, "there are 2 examples, but 3 targets"),
    ],
)
def test_inputs_that_cannot_be_learnt_from(inputs: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        trainer_of(MLP(2, [1])).evaluate(inputs, TARGETS)


@pytest.mark.parametrize(
    "targets, message",
    [
        ([0.0, 1.0], "there are 3 examples, but 2 targets"),
        ([], "there are 3 examples, but 0 targets"),
        (1.0, "the targets are a list, one for each example, not 1.0"),
        ("012", "the targets are a list, one for each example, not '012'"),
        (None, "the targets are a list, one for each example, not None"),
        ((y for y in TARGETS), "the targets are a list, .*, not a generator, .*: make it a list"),
        (masked(TARGETS, mask=[0, 1, 0]), "target 1: None is not a number"),
        ([0.0, [1.0, 2.0], 3.0], "target 1: a target of 2 numbers does not fit 1 output"),
        ([0.0, "1", 3.0], "target 1: '1' is text"),
        ([0.0, np.nan, 3.0], "target 1: nan is not a number"),
    ],
)
def test_targets_that_cannot_be_learnt_from(targets: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        trainer_of(MLP(2, [1])).evaluate(THREE, targets)


@both_ways
def test_classes_are_counted_by_the_outputs_of_the_model(eager: bool) -> None:
    model = MLP(2, [3], seed=1)
    trainer = trainer_of(model, softmax_cross_entropy, eager=eager)
    losses = [
        softmax_cross_entropy(model(x), y).data for x, y in zip(THREE, [2, 0, 1], strict=True)
    ]
    assert trainer.evaluate(THREE, [2, 0, 1])["loss"] == pytest.approx(np.mean(losses))
    with pytest.raises(ValueError, match="target 1: 3 classes have the labels 0 to 2, not 3"):
        trainer.evaluate(THREE, [2, 3, 1])


def test_a_model_that_returns_no_values() -> None:
    model = Formula(lambda a, b, x: [a, 3.0])
    with pytest.raises(TypeError, match=r"a model returns a value or a list of values, not 3\.0"):
        trainer_of(model).evaluate(THREE, [[0, 0]] * 3)
