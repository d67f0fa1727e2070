"""A gate's formulas as Python."""

from autograd_core.languages.source_text import (
    ATOM,
    POWER,
    SIGN,
    Expression,
    Number,
    SourceText,
    call,
    enclosed,
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


OVERFLOWING = ("exp", "expm1", "cosh", "sinh", "pow")
"""The functions of `math` that may overflow in a gate."""


class PythonText(SourceText):
    """Formulas as Python.

    Python's `math` raises an `OverflowError` where IEEE-754 and this engine give an infinity, and
    its `max` loses a `nan`. Code for extreme numbers calls helpers that follow the engine.

    Args:
        extreme: whether overflow and `nan` are to be handled.

    >>> from autograd_core import sigmoid
    >>> math = PythonText()
    >>> print(sigmoid.evaluate(math, [Expression("x")]), list(math.helpers))
    sigmoid(x) ['sigmoid']
    """

    definitions = HELPERS
    library = "math"

    def __init__(self, extreme: bool = False) -> None:
        super().__init__()
        self.extreme = extreme

    def function(self, name: str, *arguments: Number) -> Expression:
        if self.extreme and name in OVERFLOWING:
            return self.help("overflowing", Expression(f"math.{name}"), *arguments)
        return super().function(name, *arguments)

    def absolute(self, x: Number) -> Expression:
        return call("abs", x)

    def maximum(self, x: Number, y: Number) -> Expression:
        return self.help("larger", x, y) if self.extreme else call("max", x, y)

    def minimum(self, x: Number, y: Number) -> Expression:
        return self.help("smaller", x, y) if self.extreme else call("min", x, y)

    def power(self, x: Number, y: Number) -> Expression:
        if self.extreme:
            return self.function("pow", x, y)
        if isinstance(y, float) and y.is_integer() and abs(y) < 1e6:
            y = Expression(str(int(y)), SIGN if y < 0 else ATOM)
        return Expression(f"{enclosed(x, ATOM)} ** {enclosed(y, SIGN)}", POWER)

    def power_limit(self, x: Number, y: Number) -> Expression:
        return self.help("power_limit", x, y)
