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
from autograd_core.languages.source_text import (
    COMPARISON,
    SUM,
    Condition,
    Expression,
    Number,
    SourceText,
    call,
    enclosed,
)


class KernelText(SourceText):
    """Formulas as calls of `floats`, in words that Python and Cython share."""

    def __getattr__(self, name: str) -> Callable[..., Expression]:
        return lambda *numbers: call(name, *numbers)

    def times(self, x: Number, y: Number) -> Expression:
        return call("times", x, y)

    def difference(self, x: Number, y: Number) -> Expression:
        return call("difference", x, y)

    def is_true(self, number: Expression) -> str:
        return f"{enclosed(number, SUM)} != 0.0"


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
cdef double* {name}_kernel({typed}, int wanted) noexcept:
    if {refused}:
        return NULL
    cdef double out = {out}
    answer[0] = out
{answers}    return answer
"""

MODULE = """\
# cython: cdivision=True
# Printed by autograd_core/languages/kernel_text.py from the gate table.
from libc.math cimport NAN as nan, INFINITY as inf, fabs as absolute
from libc.math cimport acos, acosh, asin, asinh, atan, atan2, atanh, cos, cosh, erf, erfc, exp
from libc.math cimport expm1, floor, log, log10, log1p, log2, sin, sinh, sqrt, tan, tanh
from autograd_core.floats cimport (
    difference, maximum, minimum, modulo, one_minus_square, power, power_limit, sech, sech2,
    sigmoid, times
)
from autograd_core.gate cimport Kernel
from autograd_core.special cimport direction, gaussian, hypot, lgamma, normal_cdf, polygamma

cdef double[{size}] answer

{kernels}

def install(dict gates, texts):
    \"\"\"Give the gates their kernels, if these are printed from the same table.\"\"\"
    if texts != {texts!r}:
        raise ImportError("the compiled kernels are of another gate table: install again")
{installs}"""


LOOP = """\
cdef bint {name}_loop(
    target out, const real* a, const real* b, const real* c, Py_ssize_t n
) noexcept nogil:
    cdef Py_ssize_t i
    cdef bint refused = False
    cdef double {operands}
    {asked}
    for i in range(n):
        {taken}
        out[i] = <real>({out})
    return refused
"""

ASKED = """\
for i in range(n):
        {taken}
        refused |= {refused}
    if refused:
        return True"""

LOOPS = """\


# What follows is printed by autograd_core/languages/kernel_text.py from the gate table.

{loops}
cdef Loop[{size}] LOOPS
{installs}
cdef enum:
    {steps}, GATES, SMALL = {small}

cdef enum:
    {enumerated}


cdef bint carry_out(const int* code, const int* stop, real* cells) noexcept nogil:
    # the code of a `Lane`; whether no gate refuses a number
    cdef double {operands}
    cdef real[2] space
    cdef int operation, k
    while code < stop:
        operation = code[0]
        if operation == MOVE:
            cells[code[1]] = cells[code[2]]
        elif operation == ADD_PRODUCT:
            cells[code[1]] = cells[code[2]] + cells[code[3]] * cells[code[4]]
        elif operation == LESS_PRODUCT:
            cells[code[1]] = cells[code[2]] - cells[code[3]] * cells[code[4]]
        elif operation == TANH_SECH2:
            x = cells[code[2]]
            cells[code[1]], cells[code[3]] = <real>tanh(x), <real>sech2(x)
        elif operation == LOOP:
            if LOOPS[code[6] - GATES](
                cells + code[1], cells + code[2], cells + code[3], cells + code[4], code[5]
            ):
                return False
            code += 2
        elif operation == SUM:
            k = code[2]
            total(1, k, cells + code[1], code + 3, cells, 1)
            code += k - 2
        elif operation == SUM_OF_PRODUCTS:
            k = code[2]
            dots(1, k, cells + code[1], code + 3, cells, 1)
            code += 2 * k - 2
        elif operation == LOG_SUM_EXP:
            k = code[2]
            logsumexp(1, k, cells + code[1], code + 3, cells, space, 1)
            code += k - 2
{cases}        code += 5
    return True
"""

CASE = """\
        elif operation == {name}_operation:
            {taken}{refusal}
            cells[code[1]] = <real>({out})
"""

NO_LOOP = ("lgamma", "polygamma")
"""Gates without a loop, whose functions need the interpreter."""

STEPS = (
    *("call", "copy", "spread", "product", "outer", "row_sums", "inner", "scaled"),
    *("total", "dot", "logsumexp", "tanh_sech2", "apply"),
)
"""The operations of a program's steps that are no gates with a loop, whose numbers follow."""

SMALL = 1024
"""How many weights a matrix product has at most for which there is a loop."""


def python_text(gate: Any) -> str:
    """The kernel of a gate as Python.

    Args:
        gate: a `Gate` of at most `MOST` operands, each of which is one number.

    >>> from autograd_core import multiply
    >>> print(python_text(multiply))
    def multiply_kernel(x, y, _1, wanted):
        if False:
            return ()
        out = x * y
        return out, (y if wanted & 1 else 0.0), (x if wanted & 2 else 0.0), 0.0
    <BLANKLINE>
    """
    return PYTHON.format(**_parts(gate))


def _parts(gate: Any) -> dict[str, str]:
    """The parts of a kernel: names, what is refused, the output, and the local gradients."""
    math, operands = KernelText(), [Condition(name) for name in gate.parameters]

    def text(formula: Any) -> str:
        return enclosed(formula, COMPARISON).replace("math.", "")  # C has `nan` and `inf` by name

    names = [*gate.parameters, "_1", "_2"][:MOST]
    locals_ = [
        f"({text(rule(math, Expression('out'), *operands))} if wanted & {1 << place} else 0.0)"
        for place, rule in enumerate(gate.local_gradients)
    ]
    locals_ = [*locals_, "0.0", "0.0"][:MOST]
    answers = enumerate(locals_, start=1)
    return {
        "name": gate.name,
        "operands": ", ".join(names),
        "typed": ", ".join(f"double {name}" for name in names),
        "refused": " or ".join(text(each.outside(*operands)) for each in gate.domain) or "False",
        "out": text(gate.forward(math, *operands)),
        "locals": ", ".join(locals_),
        "answers": "".join(f"    answer[{place}] = {each}\n" for place, each in answers),
    }


def cython_module(gates: Iterable[Any]) -> str:
    """All kernels of a gate table as the source of one module, for the compiler."""
    able = [gate for gate in gates if has_kernel(gate)]
    return MODULE.format(
        size=MOST + 1,
        kernels="\n\n".join(CYTHON.format(**_parts(gate)) for gate in able),
        texts=texts(able),
        installs="".join(
            f"    (<Kernel> gates[{gate.name!r}]).run = {gate.name}_kernel\n" for gate in able
        ),
    )


def loops(gates: Iterable[Any]) -> str:
    """All gates that have a kernel, as Cython: over arrays, and one by one. They may refuse."""
    printed: dict[str, str] = {}
    cases, operands = "", dict[str, None]()
    for gate in filter(has_loop, gates):
        parts = _parts(gate)
        taken = "; ".join(
            f"{operand} = {array}[i]"
            for operand, array in zip(gate.parameters, "abc", strict=False)
        )
        asked = ASKED.format(taken=taken, refused=parts["refused"]) if gate.domain else ""
        own = ", ".join(gate.parameters)
        printed[gate.name] = LOOP.format_map(
            parts | {"operands": own, "taken": taken, "asked": asked}
        )
        operands |= dict.fromkeys(gate.parameters)
        taken = "; ".join(
            f"{operand} = cells[code[{place}]]" for place, operand in enumerate(gate.parameters, 2)
        )
        refusal = f"\n            if {parts['refused']}:\n                return False"
        cases += CASE.format_map(
            parts | {"taken": taken, "refusal": refusal if gate.domain else ""}
        )
    first, *rest = printed
    return LOOPS.format(
        loops="\n\n".join(printed.values()),
        size=len(printed),
        installs="".join(f"LOOPS[{place}] = {name}_loop\n" for place, name in enumerate(printed)),
        steps=", ".join(STEPS).upper(),
        small=SMALL,
        enumerated="\n    ".join(
            [f"{first}_operation = GATES", *[f"{name}_operation" for name in rest]]
        ),
        operands=", ".join(operands),
        cases=cases,
    )


def texts(gates: Iterable[Any]) -> str:
    """All kernels as one text: what tells a compiled table from another."""
    return "\n".join(python_text(gate) for gate in gates if has_kernel(gate))


def has_kernel(gate: Any) -> bool:
    """Whether a gate takes few enough single numbers."""
    return not gate.variadic and len(gate.parameters) <= MOST


def has_loop(gate: Any) -> bool:
    """Whether there is a loop for a gate of the table; one of users has none."""
    own = gate.forward.__module__.startswith("autograd_core.gates")
    return has_kernel(gate) and own and gate.name not in NO_LOOP


def python_kernel(gate: Any) -> Callable[..., Any]:
    """The kernel of a gate as a function of Python; debuggers and tracebacks show its text."""
    text = python_text(gate)
    file = f"<kernel of {gate.name}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    namespace = vars(floats) | {"nan": float("nan"), "inf": float("inf")}
    exec(compile(text, file, "exec"), namespace)
    kernel: Callable[..., Any] = namespace[f"{gate.name}_kernel"]
    return kernel
