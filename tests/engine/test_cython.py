import copy
import inspect
import os
import pickle
import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest

import autograd_core
from autograd_core import Value, affine, dot, tanh, trace, value

CIRCUIT = """
import pickle, sys
from autograd_core import Value, affine, compiled, dot, relu, tanh
x, y = Value(0.3, "x"), Value(-1.7, "y")
hidden = affine([[x, y, 0.5], [y, 2.0, x]], [y, x * y, 3.0], [x, 0.25], tanh)
out = dot(hidden, [x, 1.0]) / (y**3 + 7.5) - relu(x - y) * 3.3 + abs(y)
out.label = "out"
out.backward()
"""


def run(program, pure):
    """What a program prints in a process of its own, in the form that is asked for."""
    environment = {**os.environ, "SCALAR_CIRCUITS_PURE": "1" if pure else "0"}
    folder = Path(autograd_core.__file__).parents[1]
    finished = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        cwd=folder,
        env=environment,
    )
    return finished.stdout


def test_the_engine_says_which_form_it_is():
    is_compiled = value.__file__.endswith(tuple(EXTENSION_SUFFIXES))
    assert autograd_core.compiled is is_compiled
    if os.environ.get("SCALAR_CIRCUITS_PURE") == "1":
        assert not is_compiled


def test_the_pure_form_can_be_chosen():
    asks = (
        "import autograd_core, autograd_core.value as v; print(autograd_core.compiled, v.__file__)"
    )
    says, path = run(asks, pure=True).decode().split(maxsplit=1)
    assert says == "False"
    assert path.strip().endswith("value.py")


@pytest.mark.parametrize("pure", [False, True])
def test_both_forms_compute_the_same(pure):
    shown = "print(repr((out, x, y, [v.local_grads for v in hidden], out.forward())))"
    assert run(CIRCUIT + shown, pure) == run(CIRCUIT + shown, not pure)


@pytest.mark.parametrize("pure", [False, True])
def test_pickles_go_from_one_form_to_the_other(pure):
    dumped = run(CIRCUIT + "sys.stdout.buffer.write(pickle.dumps(out))", pure)
    namespace = {}
    exec(CIRCUIT, namespace)
    here, there = namespace["out"], pickle.loads(dumped)
    assert trace(there) == trace(here)
    there.backward()
    assert copy.deepcopy(there).data == here.data


def test_signatures_are_those_of_the_source():
    assert list(inspect.signature(Value).parameters) == ["data", "label"]
    assert inspect.signature(Value).parameters["label"].default is None
    assert list(inspect.signature(Value.backward).parameters) == ["self", "upstream"]
    assert inspect.signature(Value.backward).parameters["upstream"].default == 1.0
    assert list(inspect.signature(Value.relu).parameters) == ["self"]
    assert list(inspect.signature(affine).parameters) == [
        "weights",
        "inputs",
        "biases",
        "activation",
    ]

    class Parameter(Value):
        def __init__(self, name, start):
            super().__init__(start, name)

    assert list(inspect.signature(Parameter).parameters) == ["name", "start"]


def test_docstrings_are_those_of_the_source():
    assert inspect.getdoc(Value).startswith("A number in a circuit")
    assert inspect.getdoc(Value.backward).startswith("Carry gradients from here")
    assert inspect.getdoc(Value.data).startswith("The number.")
    assert inspect.getdoc(Value.tanh) == inspect.getdoc(tanh).splitlines()[0]
    assert "leaf" in inspect.getdoc(Value)


def test_a_traceback_names_the_users_line():
    with pytest.raises(ZeroDivisionError) as refusal:
        1 / Value(0.0, "x")  # this line
    assert "this line" in str(refusal.traceback[0].statement)
    with pytest.raises(TypeError) as refusal:
        dot([Value(1.0)], ["2"])  # that line
    assert "that line" in str(refusal.traceback[0].statement)


def test_a_missing_attribute_is_named():
    with pytest.raises(AttributeError, match="'Value' object has no attribute 'gard'") as refusal:
        Value(1.0).gard  # noqa: B018
    assert refusal.value.name == "gard"
