"""Gates as methods and functions with types, printed as `gate_methods` and `gate_functions`.

Type checkers, editors and `help` see only what is written out. So `setup.py` writes out every gate
from its entry in the table: as a method, if it takes single numbers, and as a function.
"""

import inspect
import textwrap
from collections.abc import Iterable

from autograd_core.gate import GATES, Gate

METHODS = '''\
"""Every gate of the table as a method of its first operand; printed by `method_text`."""
# mypy: disable-error-code="arg-type, call-overload"

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from autograd_core.apply import apply1
from autograd_core.coerce import Number
from autograd_core.gates import (
{imports}
)
from autograd_core.node import Node

if TYPE_CHECKING:
    from autograd_core import _cython as cython  # the types of Cython's `no_gc` hide a class

    Value = TypeVar("Value", bound=Node, covariant=True)  # the class is defined above this module

    class Of(Protocol[Value]):
        """What has methods of gates: a value, or a subclass of it, of which gates give a `Value`.

        It is a node, too, which a protocol cannot say.
        """

        def detach(self) -> Value:
            """Gates give what this does."""

else:
    try:
        import cython
    except ModuleNotFoundError:
        from autograd_core import _cython as cython


@cython.no_gc
@cython.cclass
class GateMethods(Node):
    """What a value can do by a gate: `v.exp()` is `exp(v)`."""

    __slots__ = ()
{methods}'''

METHOD = """
    def {name}(self: Of[Value]{parameters}) -> Value:
{doc}
        return {call}
"""

FUNCTIONS = '''\
"""Every gate of the table as a function, typed; printed by `method_text`.

A gate gives a float for numbers, and a value as soon as one operand is a value.
"""
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, overload

from autograd_core.coerce import Number
from autograd_core.gate import Gate
from autograd_core.value import Value

if TYPE_CHECKING:
    Numbers = Iterable[Number]
    Operand = Value | Number
    Operands = Iterable[Operand]
{functions}
else:
    from autograd_core.gates import (
{imports}
    )

__all__ = [
{names}
]
'''

FUNCTION = """
    class {kind}(Gate):
        @overload
        def __call__(self, {numbers}) -> float: ...
        @overload
        def __call__(self, {operands}) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
{doc}

    {name}: {kind}
"""


def methods() -> str:
    """The source of `gate_methods`."""
    gates = [gate for gate in GATES.values() if not gate.variadic]
    return METHODS.format(
        imports=_lines("    {},", (gate.name for gate in gates)),
        methods="".join(map(_method, gates)),
    )


def functions() -> str:
    """The source of `gate_functions`."""
    return FUNCTIONS.format(
        functions="".join(map(_function, GATES.values())),
        imports=_lines("        {},", GATES),
        names=_lines('    "{}",', GATES),
    )


def _method(gate: Gate) -> str:
    parameters = _parameters(gate)[1:]
    names = [parameter.name for parameter in parameters]
    return METHOD.format(
        name=gate.name,
        parameters="".join(", " + _typed(each, "Value | Number") for each in parameters),
        doc=_doc(gate, 8),
        call=f"{gate.name}({', '.join(['self', *names])})"
        if names
        else f"apply1({gate.name}, self)",
    )


def _function(gate: Gate) -> str:
    lists = len(gate.parameters) - gate.scalars if gate.variadic else 0

    def signature(kind: str) -> str:
        kinds = [f"{kind}s"] * lists + [kind] * (len(gate.parameters) - lists)
        return ", ".join(map(_typed, _parameters(gate), kinds))

    return FUNCTION.format(
        name=gate.name,
        kind=gate.name.title().replace("_", "") + "Gate",
        numbers=signature("Number"),
        operands=signature("Operand"),
        doc=_doc(gate, 12),
    )


def _parameters(gate: Gate) -> list[inspect.Parameter]:
    return list(inspect.signature(gate).parameters.values())


def _typed(parameter: inspect.Parameter, kind: str) -> str:
    default = "" if parameter.default is parameter.empty else f" = {parameter.default}"
    return f"{parameter.name}: {kind}{default}"


def _doc(gate: Gate, indent: int) -> str:
    doc = inspect.getdoc(gate)
    assert doc is not None
    closed = f'"""{doc}"""' if "\n" not in doc else f'"""{doc}\n"""'
    return textwrap.indent(closed, " " * indent, lambda line: bool(line.strip()))


def _lines(form: str, names: Iterable[str]) -> str:
    return "\n".join(map(form.format, sorted(names)))
