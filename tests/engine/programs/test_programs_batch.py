"""Batches whose columns have names."""

import io
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from autograd_core import Program, Value

TIMES, HEIGHTS = [0.0, 1.0, 2.0], [5.0, 7.0, 1.0]
ROWS = [list(row) for row in zip(TIMES, HEIGHTS, strict=True)]


def model() -> Program:
    w, t, y = Value(3.0, "w"), Value(0.0, "t"), Value(0.0, "y")
    return Program([w * t - y * y, w * y], inputs=[t, y])


def read_csv(names: str) -> Any:
    return np.genfromtxt(io.StringIO(f"{names}\n5,0\n7,1\n1,2"), delimiter=",", names=True)


BY_NAME = {
    "lists": {"t": TIMES, "y": HEIGHTS},
    "in another order": {"y": HEIGHTS, "t": TIMES},
    "arrays": {"t": np.array(TIMES), "y": np.array(HEIGHTS, dtype=np.float32)},
    "integers and a range": {"t": range(3), "y": np.array([5, 7, 1])},
    "no dict": MappingProxyType({"t": TIMES, "y": tuple(HEIGHTS)}),
    "pandas": pd.DataFrame({"y": HEIGHTS, "t": TIMES}),
    "pandas with an index": pd.DataFrame({"y": HEIGHTS, "t": TIMES}, index=[7, 7, 3]),
    "pandas with types": pd.DataFrame({"t": pd.array([0, 1, 2], dtype="Int64"), "y": [5, 7, 1]}),
    "series": {"t": pd.Series(TIMES, index=[2, 1, 0]), "y": HEIGHTS},
    "structured": read_csv("y,t"),
}


@pytest.mark.parametrize("batch", BY_NAME.values(), ids=BY_NAME)
def test_columns_by_name_are_the_rows_they_make(batch: Any) -> None:
    program = model()
    assert program(batch).tolist() == program(ROWS).tolist()
    for by_name, by_rows in zip(program.gradient(batch), program.gradient(ROWS), strict=True):
        assert by_name.tolist() == by_rows.tolist()
    assert program.jacobian(batch).tolist() == program.jacobian(ROWS).tolist()
    assert program.input_gradients(batch).tolist() == program.input_gradients(ROWS).tolist()
    by_parameters = [program.jacobian(each, by="parameters").tolist() for each in (batch, ROWS)]
    assert by_parameters[0] == by_parameters[1]
    assert program.hessian_product(batch, [1.0]).tolist() == [0.0]
    assert program.objective(batch)([2.0])[0] == program.objective(ROWS)([2.0])[0]
    assert program.residuals(batch)([2.0]).tolist() == program.residuals(ROWS)([2.0]).tolist()
    assert program.backward(batch) == program.backward(ROWS)
    program.check(batch)


@pytest.mark.parametrize(
    ("batch", "words"),
    [
        ({"t": TIMES}, "for each input ('t', 'y') and no other: 'y' is missing; rows"),
        ({"t": TIMES, "y": TIMES, "z": TIMES, 3: []}, "no other: 'z' is no input, 3 is no input;"),
        ({"t": TIMES, "Y": HEIGHTS}, "'y' is missing, 'Y' is no input"),
        ({}, "'t' is missing, 'y' is missing"),
        (pd.DataFrame(ROWS), "'t' is missing, 'y' is missing, 0 is no input, 1 is no input"),
        (read_csv("x,y"), "'t' is missing, 'x' is no input"),
        ({"t": TIMES, "y": [1.0]}, "'t' has the shape (3,), 'y' has the shape (1,)"),
        ({"t": TIMES, "y": 1.0}, "'t' has the shape (3,), 'y' has the shape ()"),
        ({"t": [TIMES], "y": [TIMES]}, "'t' has the shape (1, 3)"),
        ({"t": [TIMES, [1.0]], "y": TIMES}, "rows of column 't' are of different lengths"),
        (pd.DataFrame([[1.0] * 3], columns=["t", "y", "y"]), "'y' has the shape (1, 2)"),
        ({"t": [], "y": []}, "the batch is empty"),
        (pd.DataFrame({"t": [], "y": []}), "the batch is empty"),
    ],
)
def test_columns_that_do_not_fit_are_named(batch: Any, words: str) -> None:
    program = model()
    methods: list[Any] = [program.backward, program.gradient, program.jacobian, program.check]
    for method in (program, *methods, program.objective, program.residuals):
        with pytest.raises(ValueError, match=re.escape(words)):
            method(batch)


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ([1.0, None, 2.0], "None"),
        (["1", "2", "3"], "'1'"),
        (pd.Series(["1", "2", "3"]), "'1'"),
        (pd.Series(["1", "2", "3"], dtype=object), "'1'"),
        (pd.Series([1, "b", 2]), "'b'"),
        (pd.Series([1, pd.NA, 2], dtype=object), "<NA>"),
        (pd.to_datetime(["2026-01-01"] * 3), "2026-01-01"),
        ([1j, 2.0, 3.0], "1j"),
    ],
)
def test_a_column_of_something_else_than_numbers_is_named(column: Any, told: str) -> None:
    with pytest.raises(TypeError, match=f"real numbers, and column 'y' has .*{told}"):
        model()({"t": TIMES, "y": column})


def test_values_are_refused_in_a_column() -> None:
    with pytest.raises(TypeError, match=r"x = 0\.0 is not turned into a plain float"):
        model()({"t": TIMES, "y": [1.0, Value(0.0, "x"), 2.0]})


def test_a_number_that_is_missing_goes_through_as_nan() -> None:
    frame = pd.DataFrame({"t": [1.0, np.nan], "y": [2.0, 2.0]})
    assert np.isnan(model()(frame)).tolist() == [[False, False], [True, False]]


@pytest.mark.parametrize("labels", [("t", None), ("t", ""), ("t", "t"), (None, None)])
def test_inputs_without_a_name_of_their_own_are_told(labels: Any) -> None:
    first, second = (Value(0.0, label) for label in labels)
    program = Program(first * second, inputs=[first, second])
    columns: Mapping[str, Any] = {"t": TIMES, "": HEIGHTS}
    with pytest.raises(ValueError, match=r"labels of the inputs, but .*0\.0.*give rows"):
        program(columns)
    first.label, second.label = "t", ""
    assert program(ROWS).tolist() == [0.0, 7.0, 2.0]


def test_labels_are_those_of_the_call() -> None:
    program = model()
    program.inputs[0].label = "time"
    assert program({"time": TIMES, "y": HEIGHTS}).tolist() == program(ROWS).tolist()


def test_a_program_without_inputs_takes_rows() -> None:
    w = Value(3.0)
    with pytest.raises(ValueError, match=r"\(none\) and no other: without inputs; rows"):
        Program(w * w, [])({})
