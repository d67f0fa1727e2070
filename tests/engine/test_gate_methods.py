import ast
import inspect
import math
import pydoc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd_core
from autograd_core import GATES, Value
from autograd_core.languages import gate_functions, gate_methods, method_text

ONE_NUMBER_EACH = [name for name, gate in GATES.items() if not gate.variadic]


def first_line(thing: object) -> str:
    return (inspect.getdoc(thing) or "").partition("\n")[0]


@pytest.mark.parametrize(
    ("module", "print_module"),
    [(gate_methods, method_text.methods), (gate_functions, method_text.functions)],
)
def test_the_printed_types_are_those_of_the_table(
    module: Any, print_module: Callable[..., Any]
) -> None:
    name = module.__name__.rpartition(".")[2]
    source = Path(module.__file__).parent / f"{name}.py"
    assert source.read_text(encoding="utf-8") == print_module(), (
        "install the project once more: setup.py prints it anew"
    )


def test_editors_find_the_documentation_where_a_gate_is_called() -> None:
    """They show of an object that is called what the `__call__` of its type says."""
    source = (Path(gate_functions.__file__).parent / "gate_functions.py").read_text("utf-8")
    nodes = list(ast.walk(ast.parse(source)))
    kinds: dict[str, Any] = {n.name: n.body[-1] for n in nodes if isinstance(n, ast.ClassDef)}
    declared = [node for node in nodes if isinstance(node, ast.AnnAssign)]
    shown = {
        ast.unparse(node.target): ast.get_docstring(kinds[ast.unparse(node.annotation)])
        for node in declared
    }
    assert shown == {name: first_line(gate) for name, gate in GATES.items()}


@pytest.mark.parametrize("name", GATES)
def test_help_on_a_gate_shows_its_signature_and_documentation(name: str) -> None:
    shown = pydoc.render_doc(GATES[name], renderer=pydoc.plaintext)  # type: ignore[attr-defined]
    assert f"{name}{inspect.signature(GATES[name])}\n" in shown
    assert first_line(GATES[name]) in shown


def test_a_gate_in_a_class_stays_a_function() -> None:
    class Neuron:
        activation = autograd_core.tanh

    assert Neuron().activation(0.0) == 0.0


@pytest.mark.parametrize("name", ONE_NUMBER_EACH)
def test_a_method_has_the_gates_documentation_and_signature(name: str) -> None:
    method = getattr(Value, name)
    assert inspect.getdoc(method) == first_line(GATES[name])
    _, *others = inspect.signature(method).parameters.values()
    _, *operands = inspect.signature(GATES[name]).parameters.values()
    assert [(p.name, p.default) for p in others] == [(p.name, p.default) for p in operands]


@pytest.mark.parametrize("thing", [3.0, 3, True])
def test_a_method_called_on_a_number_is_the_gate(thing: Any) -> None:
    assert Value.exp(thing) == GATES["exp"](thing)
    assert Value.add(thing, 1.0) == GATES["add"](thing, 1.0)


@pytest.mark.parametrize("name", [*ONE_NUMBER_EACH, "backward", "forward", "detach"])
@pytest.mark.parametrize("thing", [None, "3", []])
def test_a_method_called_on_what_is_no_value_raises(name: str, thing: str | None) -> None:
    others = list(inspect.signature(getattr(Value, name)).parameters.values())[1:]
    with pytest.raises((TypeError, AttributeError)):
        getattr(Value, name)(thing, *[1.0] * len(others))


@pytest.mark.parametrize(
    ("function", "gate"),
    [
        (np.tan, "tan"),
        (np.arcsin, "asin"),
        (np.arccos, "acos"),
        (np.arctan, "atan"),
        (np.arcsinh, "asinh"),
        (np.arctanh, "atanh"),
        (np.log2, "log2"),
        (np.log10, "log10"),
        (np.floor, "floor"),
    ],
)
def test_functions_of_numpy_are_gates_of_each_value(
    function: Callable[[Any], Any], gate: str
) -> None:
    for value in function(np.array([Value(0.25), Value(0.5)])):
        assert value.gate is GATES[gate]


@pytest.mark.parametrize(("function", "gate"), [(np.arctan2, "atan2"), (np.hypot, "hypot")])
def test_functions_of_two_arrays_are_gates(function: Callable[[Any, Any], Any], gate: str) -> None:
    values = np.array([Value(0.25), Value(0.5)])
    assert [value.gate for value in function(values, values)] == [GATES[gate]] * 2
    assert np.arccosh(values + 1.0)[0].gate is GATES["acosh"]


def test_the_floor_of_python_is_the_gate() -> None:
    """NumPy's asks each value of an array for it."""
    out: Any = math.floor(Value(2.5))
    assert (out.gate, out.data) == (GATES["floor"], 2.0)
