"""Kernels, which are printed from the gate table, held against the rules of the table."""

import itertools
import math
import sys
import traceback
from typing import Any

import pytest
from oracles.samples import bits
from processes import printed_by

from autograd_core import GATES, Gate, Value, compiled, gate

NUMBERS = [0.0, 1.0, 0.5, 2.0, 3.0, 1e-300, 5e-324, 1e300, sys.float_info.max, math.inf, 709.9]
NUMBERS += [0.1, 1 / 3, 10.0, 2.0**53, 2.0**53 + 2, 30.0, 36.7, 1e16, 1.0000000000000002, 745.2]
NUMBERS += [-number for number in NUMBERS] + [math.nan]
FEW = [0.0, -0.0, 1.0, -2.5, 1e-300, 1e300, math.inf, -math.inf, math.nan]
WITH_KERNEL = [name for name, entry in GATES.items() if not entry.variadic]


def by_rules(
    name: str, numbers: tuple[float, ...], operands: list[Value | float]
) -> list[str] | str:
    """Output and local gradients of the operands that are values, or the error."""
    try:
        data, local_gradients = GATES[name].by_rules(numbers, operands)
    except (ValueError, ZeroDivisionError) as error:
        return repr(error)
    wanted = [
        local
        for operand, local in zip(operands, local_gradients, strict=True)
        if isinstance(operand, Value)
    ]
    return [bits(data), *map(bits, wanted)]


def applied(name: str, operands: list[Value | float]) -> list[str] | str:
    """The same of the value that the gate records."""
    try:
        out = GATES[name](*operands)
    except (ValueError, ZeroDivisionError) as error:
        return repr(error)
    return [bits(out.data), *map(bits, out.local_grads)]


@pytest.mark.parametrize("name", WITH_KERNEL)
def test_a_kernel_gives_what_the_rules_give_bit_for_bit(name: str) -> None:
    count = len(GATES[name].parameters)
    for numbers in itertools.product(FEW if count == 3 else NUMBERS, repeat=count):
        for kinds in itertools.product([True, False], repeat=count):
            if any(kinds):
                operands = [Value(x) if k else x for x, k in zip(numbers, kinds, strict=True)]
                assert applied(name, operands) == by_rules(name, numbers, operands), numbers


def test_a_traceback_through_a_kernel_shows_its_text() -> None:
    program = """
import traceback
from autograd_core import GATES, Value
Value(1.0).exp()
try:
    GATES["exp"].run(None, 0.0, 0.0, 1)
except TypeError:
    print(traceback.format_exc())
"""
    shown = printed_by(program, SCALAR_CIRCUITS_PURE="1")
    assert any("<kernel of exp>" in line for line in shown)
    assert any(line.strip() == "out = exp(x)" for line in shown)


def test_kernels_are_compiled_when_they_are_first_used() -> None:
    program = """
import builtins, sys
made = []
compile = builtins.compile
def noticed(source, file, *rest, **named):
    if str(file).startswith("<kernel"):
        made.append(file)
    return compile(source, file, *rest, **named)
builtins.compile = noticed
from autograd_core import Value
print(made)
Value(1.0) * 2.0; Value(2.0) * 3.0
print(made)
"""
    assert printed_by(program, SCALAR_CIRCUITS_PURE="1") == ["[]", "['<kernel of multiply>']"]


@pytest.fixture
def own_gate() -> Gate:
    @gate(
        "x³",
        pattern="chain: the input gets the upstream gradient times 3x²",
        local_gradients=[lambda math, out, x: 3.0 * x * x],
    )
    def cube(math: Any, x: Any) -> Any:
        """The third power."""
        if not isinstance(x, float):
            return x * x * x
        return math.power(x, 3.0)  # Python's own control flow is no formula, and yet it works

    return cube


def test_a_gate_of_a_users_own_goes_by_its_rules(own_gate: Gate) -> None:
    x: Any = Value(2.0, "x")
    out = own_gate(x) + x.cube()
    out.backward()
    assert (out.data, x.grad) == (16.0, 24.0)


def test_an_error_in_a_rule_names_the_gate_and_shows_the_users_line(own_gate: Gate) -> None:
    @gate("?", pattern="none", local_gradients=[lambda math, out, x: 1.0])
    def broken(math: Any, x: Any) -> Any:
        """A rule for positive numbers."""
        return math.log(x)  # this line

    with pytest.raises(ValueError, match=r"broken\(x = -1\.0\)"):
        broken(Value(-1.0, "x"))
    with pytest.raises(AttributeError) as refusal:
        gate("!", pattern="none", local_gradients=[lambda math, out, x: 1.0])(bad)(Value(1.0))
    assert "no_such_function" in "".join(traceback.format_exception(refusal.value))


def bad(math: Any, x: Any) -> Any:
    """A rule with a slip."""
    return math.no_such_function(x)


def test_an_application_without_sources_runs_as_well() -> None:
    """Frozen, or installed as byte code alone, there is no text of the table to be had."""
    program = """
import sys, inspect
def refused(*arguments):
    raise OSError("no sources")
inspect.getsource = inspect.getsourcelines = refused
from autograd_core import Value, gate

@gate("2x", pattern="scaler", local_gradients=[lambda math, out, x: 2.0])
def twice(math, x):
    "Twice x."
    return 2.0 * x

x = Value(3.0)
(x.twice() * x.tanh()).backward()
print(round(x.grad, 6))
"""
    for pure in "01":
        assert printed_by(program, SCALAR_CIRCUITS_PURE=pure) == ["2.049306"]


if compiled:

    def test_kernels_of_another_table_are_never_used() -> None:
        program = """
import autograd_core.kernels as kernels
from autograd_core import GATES
try:
    kernels.install(GATES, "another table")
except ImportError as error:
    print(error)
"""
        assert printed_by(program) == [
            "the compiled kernels are of another gate table: install again"
        ]
