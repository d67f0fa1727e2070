"""What each gate computes, as a textbook defines it, over jets.

Nothing here is stable in floating point, and nothing needs to be: jets have hundreds of digits.
"""

from collections.abc import Callable, Iterable
from functools import reduce
from itertools import combinations

from mpmath import mp, mpf

from oracles.jets import Jet, OutsideDomainError, cos, exp, fixed_power, log, sin, sqrt


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


def largest(*values: Jet) -> Jet:
    """The gradient is shared equally by all that tie."""
    top = max(x.value for x in values)
    winners = [x for x in values if x.value == top]
    return total(winners) / len(winners)


def in_order(*values: Jet) -> mpf:
    """A number that is 0 where two values are equal."""
    return mp.fprod([x.value - y.value for x, y in combinations(values, 2)])


def absolute(x: Jet) -> Jet:
    return x * (int(x.value > 0) - int(x.value < 0))


def inside(x: Jet, condition: bool) -> Jet:
    """x, for a function that is defined and smooth where the condition holds."""
    if not condition:
        raise OutsideDomainError("no slope here")
    return x


def atan(x: Jet) -> Jet:
    slope = 1 / (1 + x.value**2)
    return x.lifted(mp.atan(x.value), slope, -2 * x.value * slope**2)


def asin(x: Jet) -> Jet:
    x = inside(x, abs(x.value) < 1)
    root = mp.sqrt(1 - x.value**2)
    return x.lifted(mp.asin(x.value), 1 / root, x.value / root**3)


def atan2(y: Jet, x: Jet) -> Jet:
    """By its slopes x/r² and −y/r²: the angle of the point, from −π to π."""
    r = x.value**2 + y.value**2
    inside(x, r > 0)
    a, b = x.value, y.value
    slopes = {1: -b / r, 0: a / r}
    curvatures = {
        (0, 0): -2 * a * b / r**2,
        (0, 1): (b * b - a * a) / r**2,
        (1, 1): 2 * a * b / r**2,
    }
    return _of_two(y, x, mp.atan2(b, a), slopes, curvatures)


def _of_two(
    x: Jet,
    y: Jet,
    value: mpf,
    slopes: dict[int, mpf],
    curvatures: dict[tuple[int, int], mpf],
) -> Jet:
    """A function of two jets by its first and second derivatives: the chain rule."""
    result = Jet(value)
    operands = (x, y)
    for i, operand in enumerate(operands):
        result = result + operand.lifted(mpf(0), slopes[i], curvatures[i, i])
    for i, si in x.slopes.items():
        for j, sj in y.slopes.items():
            pair = (min(i, j), max(i, j))
            twice = 2 if i == j else 1
            mixed = twice * curvatures[0, 1] * si * sj
            result.curvatures[pair] = result.curvatures.get(pair, mpf(0)) + mixed
    return result


def norm(values: Iterable[Jet]) -> Jet:
    return sqrt(total([x * x for x in values]))


def gaussian(x: Jet, rate: Jet) -> Jet:
    return exp(-(inside(rate, rate.value >= 0) * x * x))


def erf(x: Jet) -> Jet:
    slope = 2 / mp.sqrt(mp.pi) * mp.exp(-(x.value**2))
    return x.lifted(mp.erf(x.value), slope, -2 * x.value * slope)


def erfc(x: Jet) -> Jet:
    value = mp.erfc(x.value) if abs(x.value) < 1e6 else mpf(2 if x.value < 0 else 0)
    negative = -erf(x)
    return Jet(value, negative.slopes, negative.curvatures)


def normal_cdf(x: Jet) -> Jet:
    return erfc(x * (-1 / mp.sqrt(2))) * 0.5


MOST_STEPS = 1000
"""Polygamma functions are left out where mpmath would take more steps: it takes one for each unit
of the order, and of a negative number."""


def lgamma(x: Jet) -> Jet:
    inside(x, x.value > 0 or x.value != mp.floor(x.value))
    inside(x, x.value > -MOST_STEPS)
    value = mp.log(abs(mp.gamma(x.value))) if x.value < 1000 else mp.loggamma(x.value)
    return x.lifted(value, mp.psi(0, x.value), mp.psi(1, x.value))


def polygamma(order: Jet, x: Jet) -> Jet:
    """The order is a count, and gets no slope."""
    inside(x, 0 <= order.value < MOST_STEPS and order.value == mp.floor(order.value))
    inside(x, x.value > 0 or x.value != mp.floor(x.value))
    inside(x, x.value > -MOST_STEPS)
    n = int(order.value)
    return x.lifted(mp.psi(n, x.value), mp.psi(n + 1, x.value), mp.psi(n + 2, x.value))


def xlogy(x: Jet, y: Jet) -> Jet:
    return Jet(0) * y if x.value == 0 and y.value == 0 else x * log(y)


def clip(x: Jet, low: Jet, high: Jet) -> Jet:
    inside(x, low.value <= high.value)
    return low if x.value < low.value else high if x.value > high.value else x


def total(values: Iterable[Jet]) -> Jet:
    return sum(values, start=Jet(0))


def pick(*row: Jet) -> Jet:
    half = len(row) // 2
    return total(x for choice, x in zip(row[:half], row[half:], strict=True) if choice.value)


def cross_entropy(*row: Jet) -> Jet:
    half = len(row) // 2
    inside(row[0], sorted(choice.value for choice in row[:half]) == [0] * (half - 1) + [1])
    return log(total(map(exp, row[half:]))) - pick(*row)


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
    "power_slope": lambda x, y: y * power(inside(x, x.value > 0), y - 1),
    "power_log": lambda x, y: power(x, y) * log(x),
    "exp": exp,
    "expm1": lambda x: exp(x) - 1,
    "log": log,
    "log1p": lambda x: log(1 + x),
    "log2": lambda x: log(x) / Jet(mp.log(2)),
    "log10": lambda x: log(x) / Jet(mp.log(10)),
    "xlogy": xlogy,
    "sqrt": sqrt,
    "sin": sin,
    "cos": cos,
    "tan": lambda x: sin(x) / cos(x),
    "one_minus_square": lambda x: 1 - x * x,
    "asin": asin,
    "acos": lambda x: mp.pi / 2 - asin(x),
    "atan": atan,
    "direction": lambda x, y: x / norm([x, y]),
    "hypot": lambda x, y: norm([x, y]),
    "atan2": atan2,
    "sinh": lambda x: (exp(x) - exp(-x)) / 2,
    "cosh": lambda x: (exp(x) + exp(-x)) / 2,
    "sech": lambda x: 2 / (exp(x) + exp(-x)),
    "sech2": lambda x: 4 / ((exp(x) + exp(-x)) * (exp(x) + exp(-x))),
    "tanh": lambda x: 1 - 2 / (exp(2 * x) + 1),
    "asinh": lambda x: log(x + sqrt(x * x + 1)),
    "acosh": lambda x: log(x + sqrt(inside(x, x.value > 1) * x - 1)),
    "atanh": lambda x: log((1 + x) / (1 - inside(x, abs(x.value) < 1))) / 2,
    "gaussian": gaussian,
    "erf": erf,
    "erfc": erfc,
    "normal_cdf": normal_cdf,
    "lgamma": lgamma,
    "polygamma": polygamma,
    "sigmoid": lambda x: 1 / (1 + exp(-x)),
    "softplus": lambda x: log(1 + exp(x)),
    "log_sigmoid": lambda x: -log(1 + exp(-x)),
    "sigmoid_minus": lambda x, y: 1 / (1 + exp(-x)) - y,
    "logistic_loss": lambda x, y: log(1 + exp(x)) - y * x,
    "absolute": absolute,
    "sign": lambda x: Jet((x.value > 0) - (x.value < 0)),
    "floor": lambda x: Jet(mp.floor(x.value)),
    "clip": clip,
    "silu": lambda x: x / (1 + exp(-x)),
    "gelu": lambda x: x * normal_cdf(x),
    "step": lambda x: Jet(1 if x.value >= 0 else 0),
    "relu": lambda x: x if x.value > 0 else Jet(0),
    "leaky_relu": lambda x, slope: x if x.value > 0 else slope * x,
    "elu": lambda x, alpha: x if x.value > 0 else alpha * (exp(x) - 1),
    "maximum": maximum,
    "minimum": minimum,
    "largest": largest,
    "smallest": lambda *values: -largest(*[-x for x in values]),
    "greater": lambda x, y: Jet(1 if x.value > y.value else 0),
    "equal": lambda x, y: Jet(1 if x.value == y.value else 0),
    "where": lambda condition, x, y: x if condition.value != 0 else y,
    "total": lambda *values: total(values),
    "mean": lambda *values: total(values) / len(values),
    "prod": lambda *values: reduce(lambda x, y: x * y, values),
    "norm": lambda *values: norm(values),
    "dot": dot,
    "weighted_sum": lambda *row: dot(*row[:-1]) + row[-1],
    "pick": pick,
    "exp_minus": lambda x, choice: exp(x) - choice.value,
    "cross_entropy": cross_entropy,
    "logsumexp": lambda *values: log(total(map(exp, values))),
}
"""Every gate over its operands in a row."""

SWITCHES: dict[str, Callable[..., mpf]] = {
    "absolute": lambda x: x.value,
    "sign": lambda x: x.value,
    "floor": lambda x: x.value - mp.nint(x.value),
    "clip": lambda x, low, high: (x.value - low.value) * (x.value - high.value),
    "step": lambda x: x.value,
    "relu": lambda x: x.value,
    "leaky_relu": lambda x, slope: x.value,
    "elu": lambda x, alpha: x.value,
    "maximum": lambda x, y: x.value - y.value,
    "minimum": lambda x, y: x.value - y.value,
    "largest": in_order,
    "smallest": in_order,
    "greater": lambda x, y: x.value - y.value,
    "equal": lambda x, y: x.value - y.value,
    "where": lambda condition, x, y: condition.value,
    "cross_entropy": lambda *row: mp.fprod([choice.value for choice in row[: len(row) // 2]]),
    "pick": lambda *row: mp.fprod([choice.value for choice in row[: len(row) // 2]]),
}
"""For gates with a corner or a jump: a number that is 0 there."""
