"""A gate's formulas as JavaScript.

JavaScript's functions follow IEEE-754 as the engine does, so nothing has to be said about extreme
numbers. The program that a formula stands in starts with `PRELUDE`.
"""

from autograd_core.source_text import (
    COMPARISON,
    SUM,
    TERNARY,
    Expression,
    Number,
    SourceText,
    call,
    enclosed,
    expression,
    infix,
)

PRELUDE = "const math = { inf: Infinity, nan: NaN };\n"
"""The two numbers that `Expression` writes by name."""

HELPERS = {
    "sech": """\
function sech(x) {
  return 2 * Math.exp(-Math.abs(x)) / (1 + Math.exp(-2 * Math.abs(x)));
}
""",
    "sigmoid": """\
function sigmoid(x) {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}
""",
    "logsumexp": """\
function logsumexp(...values) {
  const largest = Math.max(...values);
  if (!Number.isFinite(largest)) return largest;
  const place = values.indexOf(largest);
  const others = values.filter((_, position) => position !== place);
  return largest + Math.log1p(others.reduce((sum, x) => sum + Math.exp(x - largest), 0));
}
""",
}
"""Functions that a printed program may need and JavaScript's `Math` does not have."""


class JavaScriptText(SourceText):
    """The namespace `math` in which every function of a formula prints a call of itself.

    >>> from autograd_core import sigmoid
    >>> math = JavaScriptText()
    >>> print(sigmoid.evaluate(math, [Expression("x")]), list(math.helpers))
    sigmoid(x) ['sigmoid']
    """

    definitions = HELPERS

    def exp(self, x: Number) -> Expression:
        return call("Math.exp", x)

    def expm1(self, x: Number) -> Expression:
        return call("Math.expm1", x)

    def cosh(self, x: Number) -> Expression:
        return call("Math.cosh", x)

    def sinh(self, x: Number) -> Expression:
        return call("Math.sinh", x)

    def log(self, x: Number) -> Expression:
        return call("Math.log", x)

    def log1p(self, x: Number) -> Expression:
        return call("Math.log1p", x)

    def sqrt(self, x: Number) -> Expression:
        return call("Math.sqrt", x)

    def sin(self, x: Number) -> Expression:
        return call("Math.sin", x)

    def cos(self, x: Number) -> Expression:
        return call("Math.cos", x)

    def tanh(self, x: Number) -> Expression:
        return call("Math.tanh", x)

    def absolute(self, x: Number) -> Expression:
        return call("Math.abs", x)

    def maximum(self, x: Number, y: Number) -> Expression:
        return call("Math.max", x, y)

    def minimum(self, x: Number, y: Number) -> Expression:
        return call("Math.min", x, y)

    def power(self, x: Number, y: Number) -> Expression:
        return call("Math.pow", x, y)

    def power_limit(self, x: Number, y: Number) -> Expression:
        return call("Math.pow", x, y)

    def sum_of_list(self, terms: str) -> Expression:
        return Expression(f"{terms}.reduce((sum, x) => sum + x)")

    def greater(self, x: Number, y: Number) -> Expression:
        return self._bracket(infix(x, ">", y, COMPARISON))

    def equal(self, x: Number, y: Number) -> Number:
        if isinstance(x, float) and isinstance(y, float):
            return float(x == y)
        return self._bracket(infix(x, "===", y, COMPARISON))

    def _bracket(self, comparison: Expression) -> Expression:
        """The Iverson bracket: 1 where the comparison holds, else 0."""
        return Expression(f"{comparison.text} ? 1.0 : 0.0", TERNARY, condition=comparison.text)

    def where(self, condition: Number, x: Number, y: Number) -> Number:
        if isinstance(condition, float):
            return x if condition else y
        asked = expression(condition)
        question = asked.condition or f"{enclosed(asked, SUM)} !== 0"
        branches = f"{enclosed(x, COMPARISON)} : {enclosed(y, TERNARY)}"
        return Expression(f"{question} ? {branches}", TERNARY)
