import copy
import inspect
import os
import pickle
from importlib.machinery import EXTENSION_SUFFIXES
from typing import Any, cast

import pytest
from processes import printed_by

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


def run(program: str, pure: bool) -> str:
    """What a program prints in the form that is asked for."""
    return "\n".join(printed_by(program, SCALAR_CIRCUITS_PURE="1" if pure else "0"))


def test_the_engine_says_which_form_it_is() -> None:
    is_compiled = value.__file__.endswith(tuple(EXTENSION_SUFFIXES))
    assert autograd_core.compiled is is_compiled
    if os.environ.get("SCALAR_CIRCUITS_PURE") == "1":
        assert not is_compiled


def test_the_pure_form_can_be_chosen() -> None:
    asks = (
        "import autograd_core, autograd_core.value as v; print(autograd_core.compiled, v.__file__)"
    )
    says, path = run(asks, pure=True).split(maxsplit=1)
    assert says == "False"
    assert path.strip().endswith("value.py")


@pytest.mark.parametrize("pure", [False, True])
def test_both_forms_compute_the_same(pure: bool) -> None:
    shown = "print(repr((out, x, y, [v.local_grads for v in hidden], out.forward())))"
    assert run(CIRCUIT + shown, pure) == run(CIRCUIT + shown, not pure)


@pytest.mark.parametrize("pure", [False, True])
def test_pickles_go_from_one_form_to_the_other(pure: bool) -> None:
    dumped = run(CIRCUIT + "print(pickle.dumps(out).hex())", pure)
    namespace: dict[str, Any] = {}
    exec(CIRCUIT, namespace)
    here, there = namespace["out"], pickle.loads(bytes.fromhex(dumped))
    assert trace(there) == trace(here)
    there.backward()
    assert copy.deepcopy(there).data == here.data


def test_signatures_are_those_of_the_source() -> None:
    assert list(inspect.signature(Value).parameters) == ["data", "label"]
    assert inspect.signature(Value).parameters["label"].default is None
    assert list(inspect.signature(Value.backward).parameters) == ["self", "upstream", "others"]
    assert inspect.signature(Value.backward).parameters["upstream"].default == 1.0
    assert list(inspect.signature(Value.relu).parameters) == ["self"]
    assert list(inspect.signature(affine).parameters) == [
        "weights",
        "inputs",
        "biases",
        "activation",
    ]

    class Parameter(Value):
        def __init__(self, name: Any, start: Any) -> None:
            super().__init__(start, name)

    assert list(inspect.signature(Parameter).parameters) == ["name", "start"]


def test_docstrings_are_those_of_the_source() -> None:
    for thing, start in [
        (Value, "A number in a circuit"),
        (Value.backward, "Carry gradients from here"),
        (Value.data, "The number."),
    ]:
        assert (inspect.getdoc(thing) or "").startswith(start)
    assert inspect.getdoc(Value.tanh) == (inspect.getdoc(tanh) or "").splitlines()[0]
    assert "leaf" in (inspect.getdoc(Value) or "")


def test_a_traceback_names_the_users_line() -> None:
    with pytest.raises(ZeroDivisionError) as refusal:
        1 / Value(0.0, "x")  # this line
    assert "this line" in str(refusal.traceback[0].statement)
    with pytest.raises(TypeError) as wrong:
        dot([Value(1.0)], cast(Any, ["2"]))  # that line
    assert "that line" in str(wrong.traceback[0].statement)


def test_a_missing_attribute_is_named() -> None:
    with pytest.raises(AttributeError, match="'Value' object has no attribute 'gard'") as refusal:
        Value(1.0).gard  # type: ignore[attr-defined]  # noqa: B018
    assert refusal.value.name == "gard"
