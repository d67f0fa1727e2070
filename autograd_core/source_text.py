"""Text as a number system: a gate's formulas, put through this, print themselves as a program.

An `Expression` is a piece of program text with the precedence of its outermost operator, so that
only the parentheses that are needed get written. Python and JavaScript agree on the operators that
appear here and on their precedence; what differs is in `python_text` and `javascript_text`.
"""

from collections.abc import Sequence
from math import inf, isnan
from typing import ClassVar, Union

Number = Union["Expression", float]

# Precedence, loosest first.
TERNARY, COMPARISON, SUM, PRODUCT, SIGN, POWER, ATOM = range(7)

LONG_SUM = 100


class Expression:
    """A piece of program text.

    >>> x, y = Expression("x"), Expression("y")
    >>> print((x + y) * 2.0 - -x)
    (x + y) * 2.0 - -x
    """

    def __init__(self, text: str, precedence: int = ATOM, condition: str | None = None) -> None:
        self.text = text
        self.precedence = precedence
        self.condition = condition  # what a 0-or-1 expression asks, for use in a branch

    def __str__(self) -> str:
        return self.text

    def __add__(self, other: Number) -> "Expression":
        return infix(self, "+", other, SUM)

    def __radd__(self, other: Number) -> "Expression":
        return infix(other, "+", self, SUM)

    def __sub__(self, other: Number) -> "Expression":
        return infix(self, "-", other, SUM)

    def __rsub__(self, other: Number) -> "Expression":
        return infix(other, "-", self, SUM)

    def __mul__(self, other: Number) -> "Expression":
        return infix(self, "*", other, PRODUCT)

    def __rmul__(self, other: Number) -> "Expression":
        return infix(other, "*", self, PRODUCT)

    def __truediv__(self, other: Number) -> "Expression":
        return infix(self, "/", other, PRODUCT)

    def __rtruediv__(self, other: Number) -> "Expression":
        return infix(other, "/", self, PRODUCT)

    def __neg__(self) -> "Expression":
        operand = enclosed(self, SIGN)
        return Expression(f"-({operand})" if operand.startswith("-") else f"-{operand}", SIGN)


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
        return Expression("math.inf") if number > 0 else Expression("-math.inf", SIGN)
    return Expression(repr(number), SIGN if repr(number).startswith("-") else ATOM)


def enclosed(number: Number, precedence: int) -> str:
    """An operand's text, in parentheses if it binds more loosely than its place asks."""
    operand = expression(number)
    return operand.text if operand.precedence >= precedence else f"({operand.text})"


def infix(left: Number, operator: str, right: Number, precedence: int) -> Expression:
    """left operator right; a right operand of equal precedence keeps its parentheses."""
    text = f"{enclosed(left, precedence)} {operator} {enclosed(right, precedence + 1)}"
    return Expression(text, precedence)


def call(function: str, *arguments: Number) -> Expression:
    """A function call."""
    return Expression(f"{function}({', '.join(str(expression(x)) for x in arguments)})")


class SourceText:
    """What number systems of program text have in common.

    Attributes:
        helpers: definitions that the printed program needs, by name, in the order of first use.
    """

    definitions: ClassVar[dict[str, str]] = {}
    """The text of every helper, by name."""

    def __init__(self) -> None:
        self.helpers: dict[str, str] = {}

    def help(self, helper: str, *arguments: Number) -> Expression:
        """A call of a helper, whose definition the program then needs."""
        self.helpers[helper] = self.definitions[helper]
        return call(helper, *arguments)

    def sigmoid(self, x: Number) -> Expression:
        """The logistic function, which neither language has."""
        return self.help("sigmoid", x)

    def logsumexp(self, values: Sequence[Number]) -> Expression:
        """ln Σ eˣ, which neither language has."""
        return self.help("logsumexp", *values)

    def sech(self, x: Number) -> Expression:
        """The hyperbolic secant, which neither language has."""
        return self.help("sech", x)

    def guard(self, condition: Number, x: Number) -> Number:
        """x itself: a program evaluates only the branch that is taken."""
        return x

    def total(self, values: Sequence[Number]) -> Number:
        """A sum, term by term; a long one, which no parser would take, as a list of its terms."""
        if len(values) > LONG_SUM:
            return self.sum_of_list(f"[{', '.join(str(expression(x)) for x in values)}]")
        result: Number = 0.0
        for position, value in enumerate(values):
            result = result + value if position else value
        return result

    def sum_of_list(self, terms: str) -> Expression:
        """The sum of a list that is written out."""
        raise TypeError("a language says how it adds up a list")

    def dot(self, weights: Sequence[Number], inputs: Sequence[Number]) -> Number:
        """A sum of products, term by term."""
        return self.total([expression(w) * x for w, x in zip(weights, inputs, strict=True)])
