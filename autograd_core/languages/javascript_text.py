"""A gate's formulas as JavaScript, whose functions follow IEEE-754 as the engine does."""

from autograd_core.languages.javascript_special import SPECIAL
from autograd_core.languages.source_text import SUM, Expression, Number, SourceText, enclosed

HELPERS = {
    "times": """\
function times(x, y) {
  return y === 0 ? 0 : x * y;
}
""",
    "sech": """\
function sech(x) {
  return 2 * Math.exp(-Math.abs(x)) / (1 + Math.exp(-2 * Math.abs(x)));
}
""",
    "sech2": """\
function sech2(x) {
  const e = Math.exp(-2 * Math.abs(x));
  return 4 * e / ((1 + e) * (1 + e));
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
    **SPECIAL,
}
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

    def absolute(self, x: Number) -> Expression:
        return self.function("abs", x)

    def maximum(self, *values: Number) -> Expression:
        return self.function("max", *values)

    def minimum(self, *values: Number) -> Expression:
        return self.function("min", *values)

    def times(self, x: Number, y: Number) -> Expression:
        return self.help("times", x, y)

    def power(self, x: Number, y: Number) -> Expression:
        return self.function("pow", x, y)

    def power_limit(self, x: Number, y: Number) -> Expression:
        return self.function("pow", x, y)

    def product_of_list(self, factors: str) -> Expression:
        return Expression(f"{factors}.reduce((product, x) => product * x)")

    def sum_of_list(self, terms: str) -> Expression:
        return Expression(f"{terms}.reduce((sum, x) => sum + x)")

    def choice(self, question: str, yes: str, no: str) -> str:
        return f"{question} ? {yes} : {no}"

    def is_true(self, number: Expression) -> str:
        return f"{enclosed(number, SUM)} !== 0"
