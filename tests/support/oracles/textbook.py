"""What each gate computes, as a textbook defines it, over jets.

Nothing here is stable in floating point, and nothing needs to be: jets have hundreds of digits.
"""

from collections.abc import Callable, Iterable

from mpmath import mpf

from oracles.jets import Jet, cos, exp, fixed_power, log, sin, sqrt


def power(x: Jet, y: Jet) -> Jet:
    if x.value <= 0:  # a power of such a base exists at whole exponents only: they are constants
        return fixed_power(x, y.value)
    return exp(y * log(x))


def maximum(x: Jet, y: Jet) -> Jet:
    if x.value == y.value:
        return (x + y) / 2  # the gradient is shared equally
    return x if x.value > y.value else y


def minimum(x: Jet, y: Jet) -> Jet:
    return -maximum(-x, -y)


def absolute(x: Jet) -> Jet:
    return x * (int(x.value > 0) - int(x.value < 0))


def total(values: Iterable[Jet]) -> Jet:
    return sum(values, start=Jet(0))


def dot(*row: Jet) -> Jet:
    half = len(row) // 2
    return total(w * x for w, x in zip(row[:half], row[half:], strict=True))


DEFINITIONS: dict[str, Callable[..., Jet]] = {
    "add": lambda x, y: x + y,
    "subtract": lambda x, y: x - y,
    "multiply": lambda x, y: x * y,
    "divide": lambda x, y: x / y,
    "reciprocal": lambda x: 1 / x,
    "negate": lambda x: -x,
    "power": power,
    "power_limit": power,
    "exp": exp,
    "expm1": lambda x: exp(x) - 1,
    "log": log,
    "log1p": lambda x: log(1 + x),
    "sqrt": sqrt,
    "sin": sin,
    "cos": cos,
    "sinh": lambda x: (exp(x) - exp(-x)) / 2,
    "cosh": lambda x: (exp(x) + exp(-x)) / 2,
    "sech": lambda x: 2 / (exp(x) + exp(-x)),
    "tanh": lambda x: 1 - 2 / (exp(2 * x) + 1),
    "sigmoid": lambda x: 1 / (1 + exp(-x)),
    "softplus": lambda x: log(1 + exp(x)),
    "absolute": absolute,
    "step": lambda x: Jet(1 if x.value >= 0 else 0),
    "relu": lambda x: x if x.value > 0 else Jet(0),
    "leaky_relu": lambda x, slope: x if x.value > 0 else slope * x,
    "elu": lambda x, alpha: x if x.value > 0 else alpha * (exp(x) - 1),
    "maximum": maximum,
    "minimum": minimum,
    "greater": lambda x, y: Jet(1 if x.value > y.value else 0),
    "equal": lambda x, y: Jet(1 if x.value == y.value else 0),
    "where": lambda condition, x, y: x if condition.value != 0 else y,
    "total": lambda *values: total(values),
    "dot": dot,
    "weighted_sum": lambda *row: dot(*row[:-1]) + row[-1],
    "logsumexp": lambda *values: log(total(map(exp, values))),
}
"""Every gate over its operands in a row."""

SWITCHES: dict[str, Callable[..., mpf]] = {
    "absolute": lambda x: x.value,
    "step": lambda x: x.value,
    "relu": lambda x: x.value,
    "leaky_relu": lambda x, slope: x.value,
    "elu": lambda x, alpha: x.value,
    "maximum": lambda x, y: x.value - y.value,
    "minimum": lambda x, y: x.value - y.value,
    "greater": lambda x, y: x.value - y.value,
    "equal": lambda x, y: x.value - y.value,
    "where": lambda condition, x, y: condition.value,
}
"""For gates with a corner or a jump: a number that is 0 there."""
