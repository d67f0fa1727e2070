import ast
import inspect
import pydoc
from pathlib import Path

import pytest

import autograd_core
from autograd_core import GATES, Value
from autograd_core.languages import gate_functions, gate_methods, method_text

ONE_NUMBER_EACH = [name for name, gate in GATES.items() if not gate.variadic]


@pytest.mark.parametrize(
    ("module", "print_module"),
    [(gate_methods, method_text.methods), (gate_functions, method_text.functions)],
)
def test_the_printed_types_are_those_of_the_table(module, print_module):
    name = module.__name__.rpartition(".")[2]
    source = Path(module.__file__).parent / f"{name}.py"
    assert source.read_text(encoding="utf-8") == print_module(), (
        "install the project once more: setup.py prints it anew"
    )


def test_editors_find_the_documentation_where_a_gate_is_called():
    """They show of an object that is called what the `__call__` of its type says."""
    source = (Path(gate_functions.__file__).parent / "gate_functions.py").read_text("utf-8")
    nodes = list(ast.walk(ast.parse(source)))
    kinds = {node.name: node.body[-1] for node in nodes if isinstance(node, ast.ClassDef)}
    declared = [node for node in nodes if isinstance(node, ast.AnnAssign)]
    shown = {node.target.id: ast.get_docstring(kinds[node.annotation.id]) for node in declared}
    assert shown == {name: inspect.getdoc(gate).splitlines()[0] for name, gate in GATES.items()}


@pytest.mark.parametrize("name", GATES)
def test_help_on_a_gate_shows_its_signature_and_documentation(name):
    shown = pydoc.render_doc(GATES[name], renderer=pydoc.plaintext)
    assert f"{name}{inspect.signature(GATES[name])}\n" in shown
    assert inspect.getdoc(GATES[name]).splitlines()[0] in shown


def test_a_gate_in_a_class_stays_a_function():
    class Neuron:
        activation = autograd_core.tanh

    assert Neuron().activation(0.0) == 0.0


@pytest.mark.parametrize("name", ONE_NUMBER_EACH)
def test_a_method_has_the_gates_documentation_and_signature(name):
    method = getattr(Value, name)
    assert inspect.getdoc(method) == inspect.getdoc(GATES[name]).splitlines()[0]
    _, *others = inspect.signature(method).parameters.values()
    _, *operands = inspect.signature(GATES[name]).parameters.values()
    assert [(p.name, p.default) for p in others] == [(p.name, p.default) for p in operands]


@pytest.mark.parametrize("thing", [3.0, 3, True])
def test_a_method_called_on_a_number_is_the_gate(thing):
    assert Value.exp(thing) == GATES["exp"](thing)
    assert Value.add(thing, 1.0) == GATES["add"](thing, 1.0)


@pytest.mark.parametrize("name", [*ONE_NUMBER_EACH, "backward", "forward", "detach"])
@pytest.mark.parametrize("thing", [None, "3", []])
def test_a_method_called_on_what_is_no_value_raises(name, thing):
    others = list(inspect.signature(getattr(Value, name)).parameters.values())[1:]
    with pytest.raises((TypeError, AttributeError)):
        getattr(Value, name)(thing, *[1.0] * len(others))
