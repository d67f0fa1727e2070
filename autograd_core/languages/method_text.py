"""Gates as methods and functions with types, printed as `gate_methods` and `gate_functions`.

Type checkers and editors see only what is written out. So `setup.py` writes out every gate from its
entry in the table, with the first line of its documentation: as a method, if it takes single
numbers, and as a function. An editor shows of a function what the `__call__` of its type says.
"""

import inspect
import textwrap
from collections.abc import Iterable

from autograd_core.gate import GATES, Gate

NUMPY_NAMES = {
    **{f"arc{name}": f"a{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
    "arctan2": "atan2",
}
"""What NumPy calls gates; its functions ask each value of an array for a method of their name."""

METHODS = '''\
"""Every gate of the table as a method of its first operand; printed by `method_text`."""
# mypy: disable-error-code="arg-type, call-overload"

from __future__ import annotations

from collections.abc import Callable
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
    """Gates as methods of a value: `v.exp()` is `exp(v)`, where it is documented in full."""

    __slots__ = ()
{methods}'''

METHOD = '''
    def {name}(self: Of[Value]{parameters}) -> Value:
        """{doc}"""
        return {call}
'''

FUNCTIONS = '''\
"""Every gate of the table as a function, typed; printed by `method_text`.

A gate gives a float for numbers, and a value as soon as one operand is a value.
"""
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, overload

from autograd_core.coerce import Number
from autograd_core.gate import Gate
from autograd_core.value import Value

if TYPE_CHECKING:
    Numbers = Iterable[Number]
    Operand = Value | Number
    Operands = Iterable[Operand]
    NumberBranch = Number | Callable[[], Number]
    OperandBranch = Operand | Callable[[], Operand]
{functions}
else:
    from autograd_core.gates import (
{imports}
    )

__all__ = [
{names}
]
'''

FUNCTION = '''
    class {kind}(Gate):
        @overload
        def __call__(self, {numbers}) -> float: ...
        @overload
        def __call__(self, {operands}) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """{doc}"""
    {name}: {kind}
'''


def methods() -> str:
    """The source of `gate_methods`."""
    named = {name: gate for name, gate in GATES.items() if not gate.variadic}
    aliases = {alias: GATES[name] for alias, name in NUMPY_NAMES.items()}
    return METHODS.format(
        imports=_lines(named, 4),
        methods="".join(_method(name, gate) for name, gate in (named | aliases).items()),
    )


def functions() -> str:
    """The source of `gate_functions`."""
    return FUNCTIONS.format(
        functions="".join(map(_function, GATES.values())),
        imports=_lines(GATES, 8),
        names=_lines([f'"{name}"' for name in GATES], 4),
    )


def _method(name: str, gate: Gate) -> str:
    parameters = _parameters(gate)[1:]
    operands = ", ".join(["self", *[_starred(parameter) for parameter in parameters]])
    kind = "Value | Number | Callable[[], Value | Number]" if gate.chooses else "Value | Number"
    return METHOD.format(
        name=name,
        parameters="".join(", " + _typed(each, kind) for each in parameters),
        doc=_doc(gate),
        call=f"{gate.name}({operands})" if parameters else f"apply1({gate.name}, self)",
    )


def _function(gate: Gate) -> str:
    lists = len(gate.parameters) - gate.scalars if gate.variadic else 0

    def signature(kind: str) -> str:
        kinds = [f"{kind}s"] * lists + [kind] * (len(_parameters(gate)) - lists)
        if gate.chooses:
            kinds = [kind, f"{kind}Branch", f"{kind}Branch"]
        return ", ".join(map(_typed, _parameters(gate), kinds))

    return FUNCTION.format(
        name=gate.name,
        kind=gate.name.title().replace("_", "") + "Gate",
        numbers=signature("Number"),
        operands=signature("Operand"),
        doc=_doc(gate),
    )


def _parameters(gate: Gate) -> list[inspect.Parameter]:
    return list(inspect.signature(gate).parameters.values())


def _typed(parameter: inspect.Parameter, kind: str) -> str:
    default = "" if parameter.default is parameter.empty else f" = {parameter.default}"
    return f"{_starred(parameter)}: {kind}{default}"


def _starred(parameter: inspect.Parameter) -> str:
    """Its name, with the star of those that take any number."""
    return ("*" if parameter.kind is parameter.VAR_POSITIONAL else "") + parameter.name


def _doc(gate: Gate) -> str:
    """The first line of a gate's documentation."""
    doc = inspect.getdoc(gate)
    assert doc is not None
    return doc.partition("\n")[0]


def _lines(names: Iterable[str], indent: int) -> str:
    """Names in order with commas, on as few lines as hold them."""
    space = " " * indent
    text = ", ".join(sorted(names)) + ","
    return textwrap.fill(text, 100, initial_indent=space, subsequent_indent=space)
