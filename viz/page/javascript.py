"""The arithmetic of a circuit as JavaScript, printed from the gate table.

The page has no engine of its own: for each gate it gets the forward rule, the local gradients and
the domain that stand in the table, as functions over the array `v` of the circuit's values.
JavaScript's functions follow IEEE-754 as the engine does.
"""

import re
from math import isfinite
from typing import Any

from autograd_core import GATES, ForwardStep, Trace
from autograd_core.explain import (
    BERNOULLI,
    SUM,
    ZETA,
    Condition,
    Expression,
    SourceText,
    enclosed,
    expression,
    stage,
    stage_gradients,
)
from viz.write.picture import read_template

Term = Expression | float


def write_arithmetic(trace: Trace) -> str:
    """The numbers that a circuit starts with and its gates, as a JavaScript program.

    >>> from autograd_core import Value, trace
    >>> x, y = Value(3.0, "x"), Value(-4.0, "y")
    >>> print(write_arithmetic(trace(x / y)))
    const start = [3.0, -4.0, -0.75];
    const upstream = 1.0;
    const gates = [
      {
        out: 2,
        inputs: [0, 1],
        forward: (v) => v[0] / v[1],
        local: (v) => [1.0 / v[1], -v[2] / v[1]],
        outside: (v) => [v[1] === 0.0],
      },
    ];
    """
    language = JavaScriptText()
    names = [f"v[{value.index}]" for value in trace.values]
    gates = "".join(_gate(language, step, names) for step in trace.forward)
    numbers = ", ".join(_literal(value.data) for value in trace.values)
    program = (
        f"const start = [{numbers}];\n"
        f"const upstream = {_literal(trace.upstream)};\n"
        f"const gates = [\n{gates}];"
    )
    prelude = language.prelude if "math." in program else ""
    return "".join([prelude, *language.helpers.values(), program])


def _gate(language: "JavaScriptText", step: ForwardStep, names: list[str]) -> str:
    """One gate: where its numbers come from and go to, and its rules."""
    inputs = [operand for operand in step.operands if isinstance(operand, int)]
    local = stage_gradients(language, step, names)
    routes = "    routes: true,\n" if GATES[step.gate].routes else ""
    return (
        "  {\n"
        f"    out: {step.out},\n"
        f"    inputs: {inputs},\n{routes}"
        f"    forward: (v) => {stage(language, step, names)},\n"
        f"    local: (v) => [{', '.join(str(each) for each in local if each is not None)}],\n"
        f"    outside: (v) => [{', '.join(_outside(step, names))}],\n"
        "  },\n"
    )


def _outside(step: ForwardStep, names: list[str]) -> list[str]:
    """For each part of the gate's domain the condition under which a number is outside."""
    gate = GATES[step.gate]
    operands = [x if isinstance(x, float) else JavaScriptCondition(names[x]) for x in step.operands]
    return [_literal(domain.outside(*gate.group(operands))) for domain in gate.domain]


def _literal(thing: Any) -> str:
    """A number, a truth value or a piece of program text as JavaScript."""
    return str(thing).lower() if isinstance(thing, bool) else str(expression(thing))


def _helpers() -> dict[str, str]:
    """The functions of `functions.js`, each by its name and after those that it calls."""
    text = read_template("page/functions.js")
    text = text.replace("ZETA;", f"{list(ZETA)};").replace("BERNOULLI;", f"{list(BERNOULLI)};")
    found: dict[str, list[str]] = {}
    for block in text.split("\n\n")[1:]:
        names = re.findall(r"^function (\w+)", block, re.MULTILINE)
        called = {*re.findall(r"\w+(?=\()", block)}
        needed = dict.fromkeys(each for name in found if name in called for each in found[name])
        found |= {name: [*needed, f"{block.rstrip()}\n"] for name in names}
    return {name: "".join(blocks) for name, blocks in found.items()}


HELPERS = _helpers()
"""Functions that a printed program may need and JavaScript's `Math` does not have."""


class JavaScriptText(SourceText):
    """Formulas as JavaScript.

    >>> from autograd_core import sigmoid
    >>> math = JavaScriptText()
    >>> print(sigmoid.evaluate(math, [Expression("x")]), list(math.helpers))
    sigmoid(x) ['sigmoid']
    """

    definitions = HELPERS
    library = "Math"
    more_functions = ("floor",)
    equality = "==="
    prelude = "const math = { inf: Infinity, nan: NaN };\n"
    """The first line of a program with numbers that `Expression` writes by name."""

    def absolute(self, x: Term) -> Expression:
        return self.function("abs", x)

    def maximum(self, *values: Term) -> Expression:
        return self.function("max", *values)

    def minimum(self, *values: Term) -> Expression:
        return self.function("min", *values)

    def times(self, x: Term, y: Term) -> Expression:
        return self.help("times", x, y)

    def difference(self, x: Term, y: Term) -> Expression:
        return self.help("difference", x, y)

    def power(self, x: Term, y: Term) -> Expression:
        is_plain = isinstance(y, float) and isfinite(y)
        return self.function("pow", x, y) if is_plain else self.help("power", x, y)

    def power_limit(self, x: Term, y: Term) -> Expression:
        is_plain = isinstance(y, float) and isfinite(y) and not (y < 0.0 and y % 2.0 == 1.0)
        return self.function("pow", x, y) if is_plain else self.help("power_limit", x, y)

    def product_of_list(self, factors: str) -> Expression:
        return Expression(f"{factors}.reduce((product, x) => product * x)")

    def sum_of_list(self, terms: str) -> Expression:
        return Expression(f"{terms}.reduce((sum, x) => sum + x)")

    def choice(self, question: str, yes: str, no: str) -> str:
        return f"{question} ? {yes} : {no}"

    def is_true(self, number: Expression) -> str:
        return f"{enclosed(number, SUM)} !== 0"


class JavaScriptCondition(Condition):
    """A condition as JavaScript; it may be combined with one that is known here.

    >>> x, y = JavaScriptCondition("x"), JavaScriptCondition("y")
    >>> print((x < 0.0) & (y % 1.0 > 0.0))
    x < 0.0 && y - Math.floor(y) > 0.0
    """

    equality, conjunction, size = "===", "&&", "Math.abs"

    def __and__(self, other: Expression | bool) -> Condition:
        if isinstance(other, bool):
            return self if other else JavaScriptCondition("false")
        return super().__and__(other)

    __rand__ = __and__

    def __mod__(self, other: Term) -> Condition:
        """The remainder as Python has it, with the sign of the divisor; only of whole numbers."""
        if other != 1.0:
            raise TypeError(f"a domain asks for the remainder by 1, not by {other!r}")
        return JavaScriptCondition(f"{self} - Math.floor({self})", SUM)
