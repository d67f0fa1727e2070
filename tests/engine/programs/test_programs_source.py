"""Programs written as C and as Python, compiled, and held against the engine."""

import ctypes
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from oracles.batches import Batch, batches
from oracles.circuits import property_test

import nn
from autograd_core import Program, Value, dot, polygamma

Function = Callable[[Any, Any], tuple[Any, Any]]

STRICT = ["-O2", "-std=c11", "-Wall", "-Werror", "-Wno-unused-but-set-variable"]
STRICT += ["-shared", "-fPIC"]


def in_python(program: Program) -> Function:
    functions: dict[str, Any] = {}
    exec(program.source("python"), functions)
    own: Function = functions["program"]
    return lambda batch, numbers: own(np.asarray(batch).tolist(), list(numbers))


def in_c(program: Program, folder: str) -> Function:
    code, library = Path(folder, "program.c"), Path(folder, "program.so")
    code.write_text(program.source("c"), encoding="utf-8")
    subprocess.run(["cc", *STRICT, code, "-o", library, "-lm"], check=True, timeout=600)
    own = ctypes.CDLL(str(library)).program

    def call(batch: Any, numbers: Any) -> tuple[Any, Any]:
        rows = np.ascontiguousarray(batch, dtype=float)
        given = np.array(numbers, dtype=float)
        outputs = np.full(len(rows) * len(program.outputs), np.nan)
        gradient = np.full(len(given), np.nan)
        arrays = [ctypes.c_void_p(each.ctypes.data) for each in (rows, given, outputs, gradient)]
        own(ctypes.c_int(len(rows)), *arrays)
        return outputs, gradient

    return call


def assert_same(batch: Batch, function: Function) -> None:
    outputs, gradient = function(batch.inputs, [batch.lanes[0][place] for place in batch.shared])
    expected = np.zeros(len(gradient))
    for lane, number in enumerate(outputs):
        values = batch.recorded(lane)
        values[-1].backward()
        expected += [values[place].grad for place in batch.shared]
        assert abs(number - values[-1].data) <= float(batch.value_errors(lane)[-1])
    errors = batch.total_errors()
    for place, number, eager in zip(batch.shared, gradient, expected, strict=True):
        assert abs(number - eager) <= float(errors[place])


def program_of(batch: Batch) -> Program:
    values = batch.recorded(0)
    inputs = [values[place] for place in batch.varying]
    return Program(values[-1], inputs, parameters=[values[place] for place in batch.shared])


@property_test(200)
@given(batches())
def test_random_programs_in_python(batch: Batch) -> None:
    assert_same(batch, in_python(program_of(batch)))


@pytest.mark.needs("cc")
@property_test(200)
@given(batches())
def test_random_programs_in_c(batch: Batch) -> None:
    program = program_of(batch)
    try:
        program.source("c")
    except ValueError:  # C has no polygamma
        return
    with TemporaryDirectory() as folder:
        assert_same(batch, in_c(program, folder))


@pytest.fixture
def network() -> tuple[Program, Any]:
    model = nn.MLP(2, [3, 1], activation="tanh", seed=1)
    x, y, scale = [Value(0.0, "x1"), Value(0.0, "x2")], Value(0.0, "int"), Value(0.5, "exp")
    penalty = 0.01 * sum(weight * weight for weight in model.parameters())
    loss = (model(x) - y) ** 2 * scale + penalty
    program = Program(loss, [*x, y], parameters=model.parameters())
    return program, np.random.default_rng(0).normal(size=(5, 3))


@pytest.mark.parametrize("language", ["python", pytest.param("c", marks=pytest.mark.needs("cc"))])
def test_a_network_has_the_names_of_lectures(
    network: tuple[Program, Any], language: Any, tmp_path: Path
) -> None:
    program, batch = network
    text = program.source(language)
    assert "W1[2 * j + k] * X[k]" in text and "A1[j] = " in text
    for line in str(program).splitlines():
        if re.match(r"  (A1|Z1|D1)\[3, B\] = ", line):
            assert line.strip() in text
    function = in_python(program) if language == "python" else in_c(program, str(tmp_path))
    outputs, gradient = function(batch, program.read())
    expected, sums = program.gradient(batch, reduction="sum")
    assert np.asarray(outputs) == pytest.approx(expected[:, 0], rel=1e-13)
    assert np.asarray(gradient) == pytest.approx(sums, rel=1e-12)


@pytest.mark.parametrize("language", ["python", pytest.param("c", marks=pytest.mark.needs("cc"))])
def test_a_row_of_weights_may_be_parameters_in_part(language: str, tmp_path: Path) -> None:
    w, x = [Value(0.5 + place) for place in range(6)], [Value(0.0) for _ in range(6)]
    program = Program(dot(w, x).tanh(), x, parameters=[w[4], w[1]])
    function = in_python(program) if language == "python" else in_c(program, str(tmp_path))
    batch = np.random.default_rng(0).normal(size=(5, 6))
    outputs, gradient = function(batch, [-1.0, 0.25])
    expected, sums = program.gradient(batch, [-1.0, 0.25], reduction="sum")
    assert np.asarray(outputs) == pytest.approx(expected[:, 0], rel=1e-13)
    assert np.asarray(gradient) == pytest.approx(sums, rel=1e-12)


def test_several_outputs_no_parameters_and_extreme_numbers() -> None:
    x, y = Value(1.0, "x"), Value(1.0, "y")
    program = Program([(x * y).exp(), x, x * 0.0 + 2.0], [x, y])
    outputs, gradient = in_python(program)([[1.0, 2.0], [900.0, 1.0]], [])
    assert outputs == pytest.approx([np.exp(2.0), 1.0, 2.0, np.inf, 900.0, 2.0])
    assert gradient == []


def test_what_cannot_be_written_is_told() -> None:
    x = Value(1.0, "x")
    with pytest.raises(ValueError, match=r"cannot be written in c: .*polygamma"):
        Program(polygamma(2.0, x), [x]).source("c")
    language: Any = "fortran"
    with pytest.raises(ValueError, match="language is 'c' or 'python', not 'fortran'"):
        Program(x * 2.0, [x]).source(language)
