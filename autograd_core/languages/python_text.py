"""A gate's formulas as Python."""

import ast
import pkgutil
from collections.abc import Callable
from functools import partial, reduce

from autograd_core.languages.source_text import (
    ATOM,
    POWER,
    SIGN,
    Expression,
    Number,
    SourceText,
    call,
    enclosed,
    expression,
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
    "times": """\
def times(x, y):
    return 0.0 if y == 0 else x * y
""",
    "difference": """\
def difference(x, y):
    return 0.0 if x == y else x - y
""",
    "sech": """\
def sech(x):
    return 2.0 * math.exp(-abs(x)) / (1.0 + math.exp(-2.0 * abs(x)))
""",
    "sech2": """\
def sech2(x):
    e = math.exp(-2.0 * abs(x))
    return 4.0 * e / (1.0 + e * (2.0 + e))
""",
    "floor": """\
def floor(x):
    return x if math.isinf(x) or math.isnan(x) else float(math.floor(x))
""",
    "sigmoid": """\
def sigmoid(x):
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    return math.exp(x) / (1.0 + math.exp(x))
""",
    "logsumexp": """\
def logsumexp(*values):
    largest, *others = sorted(values, key=lambda x: (x == x, -x))  # a nan first
    if math.isinf(largest):
        return largest
    return largest + math.log1p(sum(math.exp(x - largest) for x in others))
""",
}
"""Functions that a printed program may need and Python's `math` does not have."""


SPECIAL = ("direction", "gaussian", "normal_cdf", "lgamma", "polygamma")
"""Functions of `autograd_core.special`, whose text is written out."""


def _special(name: str) -> dict[str, str]:
    """The text of a function of `autograd_core.special`, and of what it needs, by name."""
    source = pkgutil.get_data("autograd_core", "special.py")
    assert source is not None
    written: dict[str, ast.stmt] = {}
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.FunctionDef):
            statement.body, statement.returns = statement.body[1:], None
            for argument in statement.args.args:
                argument.annotation = None
            written[statement.name] = statement
        elif isinstance(statement, ast.Assign):
            written[ast.unparse(statement.targets[0])] = statement
    wanted = [name]
    for each in wanted:
        for node in ast.walk(written[each]):
            if isinstance(node, ast.Name):
                if node.id in ("inf", "nan"):
                    node.id = f"math.{node.id}"
                elif node.id in written and node.id not in wanted:
                    wanted.append(node.id)
    return {each: ast.unparse(written[each]) + "\n" for each in written if each in wanted}


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
    more_functions = ("erf", "erfc")

    def __init__(self, extreme: bool = False) -> None:
        super().__init__()
        self.extreme = extreme

    def __getattr__(self, name: str) -> Callable[..., Expression]:
        return partial(self._special, name) if name in SPECIAL else super().__getattr__(name)

    def _special(self, name: str, *arguments: Number) -> Expression:
        """A call of a function that is written out."""
        self.helpers |= _special(name)
        return call(name, *arguments)

    def function(self, name: str, *arguments: Number) -> Expression:
        if self.extreme and name in OVERFLOWING:
            return self.help("overflowing", Expression(f"math.{name}"), *arguments)
        return super().function(name, *arguments)

    def absolute(self, x: Number) -> Expression:
        return call("abs", x)

    def maximum(self, *values: Number) -> Expression:
        if not self.extreme:
            return call("max", *values)
        return expression(reduce(lambda x, y: self.help("larger", x, y), values))

    def minimum(self, *values: Number) -> Expression:
        if not self.extreme:
            return call("min", *values)
        return expression(reduce(lambda x, y: self.help("smaller", x, y), values))

    def times(self, x: Number, y: Number) -> Number:
        return self.help("times", x, y) if self.extreme else super().times(x, y)

    def difference(self, x: Number, y: Number) -> Number:
        return self.help("difference", x, y) if self.extreme else super().difference(x, y)

    def power(self, x: Number, y: Number) -> Expression:
        if self.extreme:
            return self.function("pow", x, y)
        if isinstance(y, float) and y.is_integer() and abs(y) < 1e6:
            y = Expression(str(int(y)), SIGN if y < 0 else ATOM)
        return Expression(f"{enclosed(x, ATOM)} ** {enclosed(y, SIGN)}", POWER)

    def power_limit(self, x: Number, y: Number) -> Expression:
        return self.help("power_limit", x, y)
