import inspect
from pathlib import Path

import pytest

from autograd_core import GATES, Value, gate_methods
from autograd_core.method_text import module_text

ONE_NUMBER_EACH = [name for name, gate in GATES.items() if not gate.variadic]


def test_the_printed_methods_are_those_of_the_table():
    path = Path(inspect.getsourcefile(gate_methods) or gate_methods.__file__)
    source = path.parent / "gate_methods.py"
    assert source.read_text(encoding="utf-8") == module_text(), (
        "install the project once more: setup.py prints it anew"
    )


@pytest.mark.parametrize("name", ONE_NUMBER_EACH)
def test_a_method_has_the_gates_documentation_and_signature(name):
    method = getattr(Value, name)
    assert inspect.getdoc(method) == inspect.getdoc(GATES[name])
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
