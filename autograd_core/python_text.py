"""Text as a number system: a gate's formulas, put through this, print themselves as Python.

An `Expression` is a piece of Python with the precedence of its outermost operator, so that only
the parentheses that are needed get written.
"""

from collections.abc import Sequence
from math import inf, isnan
from typing import Union

Number = Union["Expression", float]

# Python's precedence, loosest first.
_TERNARY, _COMPARISON, _SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(7)


class Expression:
    """A piece of Python.

    >>> x, y = Expression("x"), Expression("y")
    >>> print((x + y) * 2.0 - -x)
    (x + y) * 2.0 - -x
    """

    def __init__(self, text: str, precedence: int = _ATOM, condition: str | None = None) -> None:
        self.text = text
        self.precedence = precedence
        self.condition = condition  # what a 0-or-1 expression asks, for use after `if`

    def __str__(self) -> str:
        return self.text

    def __add__(self, other: Number) -> "Expression":
        return _infix(self, "+", other, _SUM)

    def __radd__(self, other: Number) -> "Expression":
        return _infix(other, "+", self, _SUM)

    def __sub__(self, other: Number) -> "Expression":
        return _infix(self, "-", other, _SUM)

    def __rsub__(self, other: Number) -> "Expression":
        return _infix(other, "-", self, _SUM)

    def __mul__(self, other: Number) -> "Expression":
        return _infix(self, "*", other, _PRODUCT)

    def __rmul__(self, other: Number) -> "Expression":
        return _infix(other, "*", self, _PRODUCT)

    def __truediv__(self, other: Number) -> "Expression":
        return _infix(self, "/", other, _PRODUCT)

    def __rtruediv__(self, other: Number) -> "Expression":
        return _infix(other, "/", self, _PRODUCT)

    def __neg__(self) -> "Expression":
        return Expression(f"-{_in(self, _SIGN)}", _SIGN)


def expression(number: Number) -> Expression:
    """A number as an expression; a negative one binds like a sign.

    >>> print(expression(2.0) * expression(-1.0), expression(inf))
    2.0 * -1.0 math.inf
    """
    if isinstance(number, Expression):
        return number
    if isnan(number):
        return Expression("math.nan")
    if number in (inf, -inf):
        return Expression("math.inf") if number > 0 else Expression("-math.inf", _SIGN)
    return Expression(repr(number), _SIGN if repr(number).startswith("-") else _ATOM)


def _in(number: Number, precedence: int) -> str:
    """An operand's text, in parentheses if it binds more loosely than its place asks."""
    operand = expression(number)
    return operand.text if operand.precedence >= precedence else f"({operand.text})"


def _infix(left: Number, operator: str, right: Number, precedence: int) -> Expression:
    """left operator right; the right operand of equal precedence keeps its parentheses."""
    text = f"{_in(left, precedence)} {operator} {_in(right, precedence + 1)}"
    return Expression(text, precedence)


def _call(function: str, *arguments: Number) -> Expression:
    return Expression(f"{function}({', '.join(str(expression(x)) for x in arguments)})")


class PythonText:
    """The namespace `math` in which every function of a formula prints a call of itself.

    Python's own functions raise an `OverflowError` where IEEE-754, and this engine, has an
    infinity, and its `max` loses a `nan`. Code for ordinary numbers does not need to know; code for
    numbers at the edge of the floats gets functions that behave as the engine does.

    Args:
        extreme: whether the printed code has to cope with overflow and `nan`.

    Attributes:
        helpers: definitions that the printed code needs, by name, in the order of first use.
    """

    def __init__(self, extreme: bool = False) -> None:
        self.extreme = extreme
        self.helpers: dict[str, str] = {}

    def _use(self, helper: str) -> None:
        self.helpers[helper] = HELPERS[helper]

    def _overflowing(self, function: str, *arguments: Number) -> Expression:
        """A call of a function of `math` that may overflow."""
        if not self.extreme:
            return _call(f"math.{function}", *arguments)
        self._use("overflowing")
        return _call("overflowing", Expression(f"math.{function}"), *arguments)

    def _router(self, function: str, helper: str, x: Number, y: Number) -> Expression:
        """A call of `max` or `min`, or of the helper that lets `nan` through."""
        if not self.extreme:
            return _call(function, x, y)
        self._use(helper)
        return _call(helper, x, y)

    def exp(self, x: Number) -> Expression:
        return self._overflowing("exp", x)

    def expm1(self, x: Number) -> Expression:
        return self._overflowing("expm1", x)

    def cosh(self, x: Number) -> Expression:
        return self._overflowing("cosh", x)

    def sinh(self, x: Number) -> Expression:
        return self._overflowing("sinh", x)

    def sigmoid(self, x: Number) -> Expression:
        self._use("sigmoid")
        return _call("sigmoid", x)

    def log(self, x: Number) -> Expression:
        return _call("math.log", x)

    def log1p(self, x: Number) -> Expression:
        return _call("math.log1p", x)

    def sqrt(self, x: Number) -> Expression:
        return _call("math.sqrt", x)

    def sin(self, x: Number) -> Expression:
        return _call("math.sin", x)

    def cos(self, x: Number) -> Expression:
        return _call("math.cos", x)

    def tanh(self, x: Number) -> Expression:
        return _call("math.tanh", x)

    def absolute(self, x: Number) -> Expression:
        return _call("abs", x)

    def maximum(self, x: Number, y: Number) -> Expression:
        return self._router("max", "larger", x, y)

    def minimum(self, x: Number, y: Number) -> Expression:
        return self._router("min", "smaller", x, y)

    def logsumexp(self, values: Sequence[Number]) -> Expression:
        self._use("logsumexp")
        return _call("logsumexp", *values)

    def power(self, x: Number, y: Number) -> Expression:
        if self.extreme:
            return self._overflowing("pow", x, y)
        if isinstance(y, float) and y.is_integer() and abs(y) < 1e6:
            y = Expression(str(int(y)), _SIGN if y < 0 else _ATOM)
        return Expression(f"{_in(x, _ATOM)} ** {_in(y, _SIGN)}", _POWER)

    def greater(self, x: Number, y: Number) -> Expression:
        return self._bracket(_infix(x, ">", y, _COMPARISON))

    def equal(self, x: Number, y: Number) -> Expression:
        return self._bracket(_infix(x, "==", y, _COMPARISON))

    def _bracket(self, comparison: Expression) -> Expression:
        """The Iverson bracket: 1 where the comparison holds, else 0."""
        return Expression(f"1.0 if {comparison.text} else 0.0", _TERNARY, condition=comparison.text)

    def where(self, condition: Number, x: Number, y: Number) -> Expression:
        asked = expression(condition)
        question = asked.condition or _in(asked, _COMPARISON)
        return Expression(f"{_in(x, _COMPARISON)} if {question} else {_in(y, _TERNARY)}", _TERNARY)

    def guard(self, condition: Number, x: Number) -> Number:
        """x itself: Python evaluates only the branch that is taken."""
        return x

    def total(self, values: Sequence[Number]) -> Number:
        result: Number = 0.0
        for position, value in enumerate(values):
            result = result + value if position else value
        return result

    def dot(self, weights: Sequence[Number], inputs: Sequence[Number]) -> Number:
        return self.total([expression(w) * x for w, x in zip(weights, inputs, strict=True)])


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
"""Functions that printed code may need and Python's `math` does not have."""
