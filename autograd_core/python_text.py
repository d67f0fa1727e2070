"""A gate's formulas as Python."""

from autograd_core.source_text import (
    ATOM,
    COMPARISON,
    POWER,
    SIGN,
    TERNARY,
    Expression,
    Number,
    SourceText,
    call,
    enclosed,
    expression,
    infix,
)

HELPERS = {
    "overflowing": """\
def overflowing(function, x, *exponent):
    try:
        return function(x, *exponent)
    except OverflowError:  # as IEEE-754 has it
        odd = function is math.sinh or exponent and exponent[0] % 2 == 1
        return -math.inf if x < 0 and odd else math.inf
""",
    "larger": """\
def larger(x, y):
    return x if x > y or x != x else y
""",
    "smaller": """\
def smaller(x, y):
    return x if x < y or x != x else y
""",
    "power_limit": """\
def power_limit(x, y):
    if x == 0 and y < 0:
        return math.inf
    try:
        return x**y
    except OverflowError:  # as IEEE-754 has it
        return -math.inf if x < 0 and y % 2 == 1 else math.inf
""",
    "sech": """\
def sech(x):
    return 2.0 * math.exp(-abs(x)) / (1.0 + math.exp(-2.0 * abs(x)))
""",
    "sigmoid": """\
def sigmoid(x):
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    return math.exp(x) / (1.0 + math.exp(x))
""",
    "logsumexp": """\
def logsumexp(*values):
    largest, *others = sorted(values, reverse=True)
    if math.isinf(largest):
        return largest
    return largest + math.log1p(sum(math.exp(x - largest) for x in others))
""",
}
"""Functions that a printed program may need and Python's `math` does not have."""


class PythonText(SourceText):
    """The namespace `math` in which every function of a formula prints a call of itself.

    Python's own functions raise an `OverflowError` where IEEE-754, and this engine, has an
    infinity, and its `max` loses a `nan`. Code for ordinary numbers does not need to know; code for
    numbers at the edge of the floats gets functions that behave as the engine does.

    Args:
        extreme: whether the printed code has to cope with overflow and `nan`.
    """

    definitions = HELPERS

    def __init__(self, extreme: bool = False) -> None:
        super().__init__()
        self.extreme = extreme

    def _overflowing(self, function: str, *arguments: Number) -> Expression:
        """A call of a function of `math` that may overflow."""
        if self.extreme:
            return self.help("overflowing", Expression(f"math.{function}"), *arguments)
        return call(f"math.{function}", *arguments)

    def exp(self, x: Number) -> Expression:
        return self._overflowing("exp", x)

    def expm1(self, x: Number) -> Expression:
        return self._overflowing("expm1", x)

    def cosh(self, x: Number) -> Expression:
        return self._overflowing("cosh", x)

    def sinh(self, x: Number) -> Expression:
        return self._overflowing("sinh", x)

    def log(self, x: Number) -> Expression:
        return call("math.log", x)

    def log1p(self, x: Number) -> Expression:
        return call("math.log1p", x)

    def sqrt(self, x: Number) -> Expression:
        return call("math.sqrt", x)

    def sin(self, x: Number) -> Expression:
        return call("math.sin", x)

    def cos(self, x: Number) -> Expression:
        return call("math.cos", x)

    def tanh(self, x: Number) -> Expression:
        return call("math.tanh", x)

    def absolute(self, x: Number) -> Expression:
        return call("abs", x)

    def maximum(self, x: Number, y: Number) -> Expression:
        return self.help("larger", x, y) if self.extreme else call("max", x, y)

    def minimum(self, x: Number, y: Number) -> Expression:
        return self.help("smaller", x, y) if self.extreme else call("min", x, y)

    def power(self, x: Number, y: Number) -> Expression:
        if self.extreme:
            return self._overflowing("pow", x, y)
        if isinstance(y, float) and y.is_integer() and abs(y) < 1e6:
            y = Expression(str(int(y)), SIGN if y < 0 else ATOM)
        return Expression(f"{enclosed(x, ATOM)} ** {enclosed(y, SIGN)}", POWER)

    def power_limit(self, x: Number, y: Number) -> Expression:
        return self.help("power_limit", x, y)

    def sum_of_list(self, terms: str) -> Expression:
        return Expression(f"sum({terms})")

    def greater(self, x: Number, y: Number) -> Expression:
        return self._bracket(infix(x, ">", y, COMPARISON))

    def equal(self, x: Number, y: Number) -> Number:
        if isinstance(x, float) and isinstance(y, float):
            return float(x == y)
        return self._bracket(infix(x, "==", y, COMPARISON))

    def _bracket(self, comparison: Expression) -> Expression:
        """The Iverson bracket: 1 where the comparison holds, else 0."""
        return Expression(f"1.0 if {comparison.text} else 0.0", TERNARY, condition=comparison.text)

    def where(self, condition: Number, x: Number, y: Number) -> Number:
        if isinstance(condition, float):
            return x if condition else y
        asked = expression(condition)
        question = asked.condition or enclosed(asked, COMPARISON)
        return Expression(
            f"{enclosed(x, COMPARISON)} if {question} else {enclosed(y, TERNARY)}", TERNARY
        )
