"""Kernels: a gate's rules printed as one function on plain floats, output and local gradients.

The formulas of the table are put through a number system that prints. What it prints is Python and
Cython at once, so that the same text serves both forms of the engine: where nothing is compiled it
is run by `exec` when a gate is first used; else `setup.py` writes all kernels into one module,
which becomes C.
"""

import linecache
from collections.abc import Callable, Iterable
from typing import Any

from autograd_core import floats


class Text:
    """A piece of program text; operators on it print themselves, in parentheses.

    Args:
        text: the text.
        question: of a number that is 1 or 0, what it is the answer to.
    """

    def __init__(self, text: str, question: str | None = None) -> None:
        self.text = text
        self.question = question

    def __str__(self) -> str:
        return self.text

    def __neg__(self) -> "Text":
        return Text(f"(-{self})")

    def __abs__(self) -> "Text":
        return Text(f"absolute({self})")

    def __mod__(self, other: Any) -> "Text":
        return Text(f"modulo({self}, {other})")

    def __add__(self, other: Any) -> "Text":
        return Text(f"({self} + {other})")

    def __radd__(self, other: Any) -> "Text":
        return Text(f"({other} + {self})")

    def __sub__(self, other: Any) -> "Text":
        return Text(f"({self} - {other})")

    def __rsub__(self, other: Any) -> "Text":
        return Text(f"({other} - {self})")

    def __mul__(self, other: Any) -> "Text":
        return Text(f"({self} * {other})")

    def __rmul__(self, other: Any) -> "Text":
        return Text(f"({other} * {self})")

    def __truediv__(self, other: Any) -> "Text":
        return Text(f"({self} / {other})")

    def __rtruediv__(self, other: Any) -> "Text":
        return Text(f"({other} / {self})")

    # What domains ask

    def __lt__(self, other: Any) -> "Text":
        return Text(f"({self} < {other})")

    def __le__(self, other: Any) -> "Text":
        return Text(f"({self} <= {other})")

    def __gt__(self, other: Any) -> "Text":
        return Text(f"({self} > {other})")

    def __eq__(self, other: Any) -> "Text":  # type: ignore[override]
        return Text(f"({self} == {other})")

    __hash__ = object.__hash__

    def __and__(self, other: Any) -> "Text":
        return Text(f"({self} and {other})")


class KernelText:
    """The namespace `math` in which every function of a formula prints a call of itself."""

    def __getattr__(self, name: str) -> Callable[..., Text]:
        return lambda *numbers: Text(f"{name}({', '.join(map(str, numbers))})")

    def greater(self, x: Any, y: Any) -> Text:
        """The Iverson bracket [x > y]."""
        return _bracket(f"{x} > {y}")

    def equal(self, x: Any, y: Any) -> Text:
        """The Iverson bracket [x = y]."""
        return _bracket(f"{x} == {y}")

    def where(self, condition: Any, x: Any, y: Any) -> Text:
        """A branch; what is not taken is not evaluated."""
        question = getattr(condition, "question", None) or f"{condition} != 0.0"
        return Text(f"({x} if {question} else {y})")

    def guard(self, condition: Any, x: Any) -> Any:
        """x itself, since only the branch that is taken is evaluated."""
        return x


def _bracket(question: str) -> Text:
    return Text(f"(1.0 if {question} else 0.0)", question)


MOST = 3
"""A gate with more operands than this has no kernel."""

PYTHON = """\
def {name}_kernel({operands}, wanted):
    if {refused}:
        return ()
    out = {out}
    return out, {locals}
"""

CYTHON = """\
cdef double* {name}_kernel({operands}, int wanted) noexcept:
    if {refused}:
        return NULL
    cdef double out = {out}
    answer[0] = out
{locals}    return answer
"""

MODULE = """\
# cython: cdivision=True
# Printed by autograd_core/kernel_text.py from the gate table.
from libc.math cimport NAN as nan, INFINITY as inf, fabs as absolute
from libc.math cimport cos, cosh, exp, expm1, log, log1p, sin, sinh, sqrt, tanh
from autograd_core.floats cimport (
    maximum, minimum, modulo, power, power_limit, sech, sigmoid
)
from autograd_core.gate cimport Kernel

cdef double[{size}] answer

{kernels}

def install(dict gates, texts):
    \"\"\"Give the gates their kernels, if these are printed from the same table.\"\"\"
    if texts != {texts!r}:
        raise ImportError("the compiled kernels are of another gate table: install again")
{installs}"""


def python_text(gate: Any) -> str:
    """The kernel of a gate as Python.

    Args:
        gate: a `Gate` of at most `MOST` operands, each of which is one number.

    >>> from autograd_core import multiply
    >>> print(python_text(multiply))
    def multiply_kernel(x, y, _1, wanted):
        if False:
            return ()
        out = (x * y)
        return out, (y if wanted & 1 else 0.0), (x if wanted & 2 else 0.0), 0.0
    <BLANKLINE>
    """
    names, refused, out, locals_ = _formulas(gate)
    return PYTHON.format(
        name=gate.name,
        operands=", ".join(names),
        refused=refused,
        out=out,
        locals=", ".join(locals_),
    )


def _cython_text(gate: Any) -> str:
    """The kernel of a gate as a C function."""
    names, refused, out, locals_ = _formulas(gate)
    lines = [f"    answer[{place}] = {text}\n" for place, text in enumerate(locals_, start=1)]
    return CYTHON.format(
        name=gate.name,
        operands=", ".join(f"double {name}" for name in names),
        refused=refused,
        out=out,
        locals="".join(lines),
    )


def _formulas(gate: Any) -> tuple[list[str], str, str, list[str]]:
    """The names of the operands, what is refused, the output, and the local gradients."""
    math, operands = KernelText(), [Text(name) for name in gate.parameters]
    names = [*gate.parameters, "_1", "_2"][:MOST]
    refused = " or ".join(str(domain.outside(*operands)) for domain in gate.domain) or "False"
    locals_ = [
        f"({rule(math, Text('out'), *operands)} if wanted & {1 << place} else 0.0)"
        for place, rule in enumerate(gate.local_gradients)
    ]
    return names, refused, str(gate.forward(math, *operands)), [*locals_, "0.0", "0.0"][:MOST]


def cython_module(gates: Iterable[Any]) -> str:
    """All kernels of a gate table as the source of one module, for the compiler."""
    able = [gate for gate in gates if has_kernel(gate)]
    return MODULE.format(
        size=MOST + 1,
        kernels="\n\n".join(map(_cython_text, able)),
        texts=texts(able),
        installs="".join(
            f"    (<Kernel> gates[{gate.name!r}]).run = {gate.name}_kernel\n" for gate in able
        ),
    )


def texts(gates: Iterable[Any]) -> str:
    """All kernels as one text: what tells a compiled table from another."""
    return "\n".join(python_text(gate) for gate in gates if has_kernel(gate))


def has_kernel(gate: Any) -> bool:
    """Whether a gate takes few enough single numbers."""
    return not gate.variadic and len(gate.parameters) <= MOST


def python_kernel(gate: Any) -> Callable[..., Any]:
    """The kernel of a gate as a function of Python; debuggers and tracebacks show its text."""
    text = python_text(gate)
    file = f"<kernel of {gate.name}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    namespace = vars(floats) | {"nan": float("nan"), "inf": float("inf")}
    exec(compile(text, file, "exec"), namespace)
    kernel: Callable[..., Any] = namespace[f"{gate.name}_kernel"]
    return kernel
