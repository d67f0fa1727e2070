"""Methods of values for the gates of the table, printed as the module `gate_methods`.

Type checkers, editors and `help` see only what is written out. So `setup.py` writes out every gate
that takes single numbers as a method, from its entry in the table.
"""

import inspect
import textwrap

from autograd_core.gate import GATES, Gate

MODULE = '''\
"""Every gate of the table as a method of its first operand; printed by `method_text`."""

from typing import TYPE_CHECKING, Any

from autograd_core.apply import apply1
from autograd_core.gates import (
{imports}
)
from autograd_core.node import Node

try:
    import cython
except ModuleNotFoundError:
    from autograd_core import _cython as cython

if TYPE_CHECKING:
    from typing_extensions import Self


@cython.no_gc
@cython.cclass
class GateMethods(Node):
    """What a value can do by a gate: `v.exp()` is `exp(v)`."""

    __slots__ = ()
{methods}'''

METHOD = """
    def {name}(self{parameters}) -> "Self":
{doc}
        return {call}
"""


def module_text() -> str:
    """The source of `gate_methods`."""
    gates = [gate for gate in GATES.values() if not gate.variadic]
    return MODULE.format(
        imports="\n".join(f"    {name}," for name in sorted(gate.name for gate in gates)),
        methods="".join(map(_method, gates)),
    )


def _method(gate: Gate) -> str:
    parameters = list(inspect.signature(gate).parameters.values())[1:]
    names = [parameter.name for parameter in parameters]
    doc = inspect.getdoc(gate)
    assert doc is not None
    closed = f'"""{doc}"""' if "\n" not in doc else f'"""{doc}\n"""'
    return METHOD.format(
        name=gate.name,
        parameters="".join(map(_parameter, parameters)),
        doc=textwrap.indent(closed, " " * 8, lambda line: bool(line.strip())),
        call=f"{gate.name}({', '.join(['self', *names])})"
        if names
        else f"apply1({gate.name}, self)",
    )


def _parameter(parameter: inspect.Parameter) -> str:
    default = "" if parameter.default is parameter.empty else f" = {parameter.default}"
    return f", {parameter.name}: Any{default}"
