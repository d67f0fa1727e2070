"""The gate table: every operation of the engine, written once.

Each entry is one gate: a forward rule and, for each operand, its local gradient as a formula over
the output and the operands. `math` is the number system that the formula is put through, so that

- on floats a formula is a number, in the forward or the backward pass;
- on values it records gates: the derivative circuit, which can be differentiated again;
- on text it is a line of Python: the staged code;
- on arrays it is a line of a program: one NumPy call for a whole batch.

A formula therefore uses only `+ - * /`, functions of `math` (`math.power` where Python has `**`),
and `math.where` in place of `if`.
Where the branch not taken would fail, `math.guard(condition, x)` stands in for x there: it is 1
where the condition holds.
Where two formulas are equal on paper, the table has the one that keeps its digits: σ′(x) is
σ(x) σ(−x) and tanh′(x) is sech²(x), because 1 − σ(x) and 1 − tanh²(x) lose theirs where the
function saturates (the relative error of 1 − σ(x) passes one in a thousand at x = 30).

To add a gate, add an entry; nothing else needs to know of it.
"""

from collections.abc import Sequence
from math import inf, nan
from typing import Any

from autograd_core.gate import GATES, Domain, compiled, gate, install_python_kernels
from autograd_core.languages.kernel_text import texts as kernel_texts

_ADD = "distributor: each input gets the upstream gradient unchanged"
_SCALE = "scaler: the input gets the upstream gradient times a number"
_CHAIN = "chain: the input gets the upstream gradient times the slope of the curve"
_ROUTE = "router: the gradient goes to the input that was let through"
_STOP = "stopper: its output is flat, so no gradient passes"

_FRACTIONAL = Domain(
    lambda x, y: (x < 0.0) & (x > -inf) & (y % 1.0 > 0.0),
    ValueError,
    "a negative base has no real power with a fractional exponent",
)
_INFINITE = Domain(lambda x: abs(x) == inf, ValueError, "an infinite angle has no sine or cosine")


@gate(
    "+",
    pattern=_ADD,
    commutes=True,
    local_gradients=[lambda math, out, x, y: 1.0, lambda math, out, x, y: 1.0],
)
def add(math: Any, x: Any, y: Any) -> Any:
    """x + y. Both local gradients are 1: the gate distributes the gradient.

    >>> add(-2.0, 5.0)
    3.0
    """
    return x + y


@gate(
    "-",
    pattern="distributor: the first input gets the upstream gradient, the second its negative",
    local_gradients=[lambda math, out, x, y: 1.0, lambda math, out, x, y: -1.0],
)
def subtract(math: Any, x: Any, y: Any) -> Any:
    """x − y. The local gradients are 1 and −1.

    >>> subtract(5.0, 2.0)
    3.0
    """
    return x - y


@gate(
    "*",
    pattern="swaps and scales: each input gets the upstream gradient times the other input",
    commutes=True,
    local_gradients=[lambda math, out, x, y: y, lambda math, out, x, y: x],
)
def multiply(math: Any, x: Any, y: Any) -> Any:
    """x · y. Each local gradient is the other input.

    >>> multiply(3.0, -4.0)
    -12.0
    """
    return x * y


@gate(
    "/",
    pattern="scaler: the numerator gets the upstream gradient divided by the denominator",
    steep=lambda x, y: not isinstance(y, float),
    local_gradients=[lambda math, out, x, y: 1.0 / y, lambda math, out, x, y: -out / y],
    domain=[Domain(lambda x, y: y == 0.0, ZeroDivisionError, "division by zero")],
)
def divide(math: Any, x: Any, y: Any) -> Any:
    """x / y. The local gradients are 1/y and −x/y².

    >>> divide(1.0, 4.0)
    0.25
    """
    return x / y


@gate(
    "1/x",
    pattern=_CHAIN,
    steep=True,
    local_gradients=[lambda math, out, x: -(out * out)],
    domain=[Domain(lambda x: x == 0.0, ZeroDivisionError, "division by zero")],
)
def reciprocal(math: Any, x: Any) -> Any:
    """1 / x. The local gradient is −1/x².

    >>> reciprocal(4.0)
    0.25
    """
    return 1.0 / x


@gate("*-1", pattern=_SCALE, local_gradients=[lambda math, out, x: -1.0])
def negate(math: Any, x: Any) -> Any:
    """−x. The local gradient is −1.

    >>> negate(3.0)
    -3.0
    """
    return -x


def _power_by_base(math: Any, out: Any, x: Any, y: Any) -> Any:
    """y xʸ⁻¹, with its limit where x = 0 and y < 1 would divide by zero."""
    if isinstance(y, float):
        if y == 2.0:
            return 2.0 * x
        if y >= 1.0 or y < 0.0:  # a negative power of zero is refused going forward
            return y * math.power(x, y - 1.0)
    return _power_limit_by_base(math, out, x, y)


def _power_limit_by_base(math: Any, out: Any, x: Any, y: Any) -> Any:
    """y xʸ⁻¹, `inf` where it divides by zero, and 0 for y = 0, whatever x is."""
    flat = math.equal(y, 0.0)
    return math.where(flat, 0.0, y * math.power_limit(math.guard(flat, x), y - 1.0))


def _power_by_exponent(math: Any, out: Any, x: Any, y: Any) -> Any:
    """xʸ ln x: 0 at x = 0, and `nan` for a negative base, which has powers only here and there."""
    below_zero = math.greater(0.0, x)
    at_zero = math.equal(x, 0.0)
    slope = out * math.log(math.guard(at_zero, math.guard(below_zero, x)))
    return math.where(below_zero, nan, math.where(at_zero, 0.0, slope))


@gate(
    "**",
    pattern=_CHAIN,
    steep=lambda x, y: not (isinstance(y, float) and y >= 1.0),
    local_gradients=[_power_by_base, _power_by_exponent],
    domain=[
        Domain(
            lambda x, y: (x == 0.0) & (y < 0.0) & (y > -inf),
            ZeroDivisionError,
            "zero has no negative powers",
        ),
        _FRACTIONAL,
    ],
)
def power(math: Any, x: Any, y: Any) -> Any:
    """x to the y. The local gradients are y xʸ⁻¹ and xʸ ln x.

    At x = 0 the gradient to the base is the limit from the right, and that to the exponent is 0.
    To the exponent of a negative base the gradient
    is `nan`: such a power exists only at whole exponents, so it has no slope there. Beyond 2⁵³,
    where y − 1 rounds to y, the gradient to a negative base may have the wrong sign.

    >>> power(3.0, 2.0)
    9.0
    """
    return math.power(x, y)


@gate(
    "**",
    pattern=_CHAIN,
    steep=lambda x, y: not (isinstance(y, float) and y >= 1.0),
    local_gradients=[_power_limit_by_base, _power_by_exponent],
    domain=[_FRACTIONAL],
)
def power_limit(math: Any, x: Any, y: Any) -> Any:
    """x to the y, and `inf`, the limit from the right, for a negative power of zero.

    The slopes of √x and of xʸ for y < 1 are infinite at 0; this gate says so in their derivative
    circuits, where the power gate would refuse.

    >>> power_limit(0.0, -0.5), power_limit(4.0, -0.5)
    (inf, 0.5)
    """
    return math.power_limit(x, y)


@gate("exp", pattern=_CHAIN, steep=True, local_gradients=[lambda math, out, x: out])
def exp(math: Any, x: Any) -> Any:
    """e to the x. Its local gradient is its own output.

    >>> exp(0.0)
    1.0
    """
    return math.exp(x)


@gate("eˣ-1", pattern=_CHAIN, steep=True, local_gradients=[lambda math, out, x: math.exp(x)])
def expm1(math: Any, x: Any) -> Any:
    """e to the x, minus 1, exact near 0. The local gradient is eˣ.

    >>> expm1(0.0)
    0.0
    """
    return math.expm1(x)


@gate(
    "log",
    pattern=_CHAIN,
    steep=True,
    local_gradients=[lambda math, out, x: 1.0 / x],
    domain=[Domain(lambda x: x <= 0.0, ValueError, "a logarithm needs a number above zero")],
)
def log(math: Any, x: Any) -> Any:
    """The natural logarithm. The local gradient is 1/x.

    >>> log(1.0)
    0.0
    """
    return math.log(x)


@gate(
    "log1p",
    pattern=_CHAIN,
    steep=True,
    local_gradients=[lambda math, out, x: 1.0 / (1.0 + x)],
    domain=[Domain(lambda x: x <= -1.0, ValueError, "ln(1 + x) needs a number above -1")],
)
def log1p(math: Any, x: Any) -> Any:
    """ln(1 + x), exact near 0. The local gradient is 1/(1 + x).

    >>> log1p(0.0)
    0.0
    """
    return math.log1p(x)


@gate(
    "√",
    pattern=_CHAIN,
    steep=True,
    local_gradients=[lambda math, out, x: 0.5 * math.power_limit(x, -0.5)],
    domain=[Domain(lambda x: x < 0.0, ValueError, "a negative number has no real square root")],
)
def sqrt(math: Any, x: Any) -> Any:
    """The square root. The local gradient is 1/(2√x), which is `inf` at 0.

    >>> sqrt(9.0)
    3.0
    """
    return math.sqrt(x)


@gate(
    "sin",
    pattern=_CHAIN,
    local_gradients=[lambda math, out, x: math.cos(x)],
    domain=[_INFINITE],
)
def sin(math: Any, x: Any) -> Any:
    """The sine of an angle in radians. The local gradient is cos x.

    >>> sin(0.0)
    0.0
    """
    return math.sin(x)


@gate(
    "cos",
    pattern=_CHAIN,
    local_gradients=[lambda math, out, x: -math.sin(x)],
    domain=[_INFINITE],
)
def cos(math: Any, x: Any) -> Any:
    """The cosine of an angle in radians. The local gradient is −sin x.

    >>> cos(0.0)
    1.0
    """
    return math.cos(x)


@gate("sinh", pattern=_CHAIN, steep=True, local_gradients=[lambda math, out, x: math.cosh(x)])
def sinh(math: Any, x: Any) -> Any:
    """The hyperbolic sine. The local gradient is cosh x.

    >>> sinh(0.0)
    0.0
    """
    return math.sinh(x)


@gate("cosh", pattern=_CHAIN, steep=True, local_gradients=[lambda math, out, x: math.sinh(x)])
def cosh(math: Any, x: Any) -> Any:
    """The hyperbolic cosine. The local gradient is sinh x.

    >>> cosh(0.0)
    1.0
    """
    return math.cosh(x)


@gate("sech", pattern=_CHAIN, local_gradients=[lambda math, out, x: -(out * math.tanh(x))])
def sech(math: Any, x: Any) -> Any:
    """The hyperbolic secant 1/cosh x = 2 / (eˣ + e⁻ˣ). The local gradient is −sech x tanh x.

    >>> sech(0.0), sech(1000.0)
    (1.0, 0.0)
    """
    return math.sech(x)


@gate(
    "tanh",
    pattern=_CHAIN,
    local_gradients=[lambda math, out, x: math.power(math.sech(x), 2.0)],
)
def tanh(math: Any, x: Any) -> Any:
    """The hyperbolic tangent, from −1 to 1. The local gradient is sech² x = 1 − tanh² x.

    >>> tanh(0.0), tanh(1000.0)
    (0.0, 1.0)
    """
    return math.tanh(x)


@gate(
    "σ",
    pattern=_CHAIN,
    local_gradients=[lambda math, out, x: out * math.sigmoid(-x)],
    expansion=lambda math, x: 1.0 / (1.0 + math.exp(-x)),
)
def sigmoid(math: Any, x: Any) -> Any:
    """The logistic function σ(x) = 1 / (1 + e⁻ˣ).

    The local gradient is (1 − σ(x)) σ(x), computed as σ(x) σ(−x).

    >>> sigmoid(0.0), sigmoid(-1000.0)
    (0.5, 0.0)
    """
    return math.sigmoid(x)


@gate(
    "soft+",
    pattern=_CHAIN,
    local_gradients=[lambda math, out, x: math.sigmoid(x)],
    expansion=lambda math, x: math.log(1.0 + math.exp(x)),
)
def softplus(math: Any, x: Any) -> Any:
    """ln(1 + eˣ), a smooth ReLU. The local gradient is σ(x).

    >>> softplus(-1000.0), softplus(1000.0)
    (0.0, 1000.0)
    """
    return math.maximum(x, 0.0) + math.log1p(math.exp(-math.absolute(x)))


@gate(
    "abs",
    pattern="router: passes the gradient, with its sign turned for a negative input",
    local_gradients=[
        lambda math, out, x: math.where(
            math.greater(x, 0.0), 1.0, math.where(math.greater(0.0, x), -1.0, 0.0)
        )
    ],
    kink=lambda x: x,
)
def absolute(math: Any, x: Any) -> Any:
    """|x|. The local gradient is the sign of x, and 0 at 0.

    >>> absolute(-3.0)
    3.0
    """
    return math.absolute(x)


@gate(
    "step",
    pattern=_STOP,
    routes=True,
    local_gradients=[lambda math, out, x: 0.0],
    kink=lambda x: x,
)
def step(math: Any, x: Any) -> Any:
    """The unit step: 1 for x ≥ 0, else 0. Its gradient is 0, so it serves inference only.

    >>> step(-0.5), step(0.0)
    (0.0, 1.0)
    """
    return math.where(math.equal(x, x), math.where(math.greater(0.0, x), 0.0, 1.0), x)


@gate(
    "ReLU",
    pattern="router: passes the gradient of a positive input, stops all others",
    routes=True,
    local_gradients=[lambda math, out, x: math.greater(x, 0.0)],
    expansion=lambda math, x: math.where(math.greater(x, 0.0), x, 0.0),
    kink=lambda x: x,
)
def relu(math: Any, x: Any) -> Any:
    """The rectified linear unit max(0, x). The local gradient is 1 above 0, else 0.

    >>> relu(-2.0), relu(3.0)
    (0.0, 3.0)
    """
    return math.maximum(x, 0.0)


@gate(
    "LReLU",
    pattern="router: passes the gradient of a positive input, scales down all others",
    local_gradients=[
        lambda math, out, x, slope: math.where(math.greater(x, 0.0), 1.0, slope),
        lambda math, out, x, slope: math.where(math.greater(x, 0.0), 0.0, x),
    ],
    kink=lambda x, slope: x,
)
def leaky_relu(math: Any, x: Any, slope: Any = 0.1) -> Any:
    """x for x > 0, else slope · x: the lecture's leaky ReLU max(0.1x, x).

    The local gradient is 1 above 0, else the slope. A slope that is a value is learnt too, as in
    the parametric ReLU (He et al. 2015).

    >>> leaky_relu(-2.0), leaky_relu(-2.0, slope=0.5), leaky_relu(3.0)
    (-0.2, -1.0, 3.0)
    """
    return math.where(math.greater(x, 0.0), x, slope * x)


@gate(
    "ELU",
    pattern=_CHAIN,
    local_gradients=[
        lambda math, out, x, alpha: math.where(
            math.greater(x, 0.0), 1.0, alpha * math.exp(math.minimum(x, 0.0))
        ),
        lambda math, out, x, alpha: math.expm1(math.minimum(x, 0.0)),
    ],
    kink=lambda x, alpha: x,
)
def elu(math: Any, x: Any, alpha: Any = 1.0) -> Any:
    """x for x > 0, else α (eˣ − 1): the exponential linear unit (Clevert et al. 2015).

    The local gradient is 1 above 0, else α eˣ.

    >>> elu(2.0), elu(-1000.0)
    (2.0, -1.0)
    """
    return math.where(math.greater(x, 0.0), x, alpha * math.expm1(math.minimum(x, 0.0)))


def _share(math: Any, winner: Any, loser: Any) -> Any:
    """Of a router's gradient, the part of the input that wins if it is larger: a tie is shared."""
    return math.where(
        math.greater(winner, loser), 1.0, math.where(math.greater(loser, winner), 0.0, 0.5)
    )


@gate(
    "max",
    pattern="router: the larger input gets the whole upstream gradient, a tie shares it",
    commutes=True,
    routes=True,
    local_gradients=[
        lambda math, out, x, y: _share(math, x, y),
        lambda math, out, x, y: _share(math, y, x),
    ],
    kink=lambda x, y: x - y,
)
def maximum(math: Any, x: Any, y: Any) -> Any:
    """The larger of two. The local gradient is 1 for it and 0 for the other; ½ each in a tie.

    >>> maximum(2.0, -1.0)
    2.0
    """
    return math.maximum(x, y)


@gate(
    "min",
    pattern="router: the smaller input gets the whole upstream gradient, a tie shares it",
    commutes=True,
    routes=True,
    local_gradients=[
        lambda math, out, x, y: _share(math, y, x),
        lambda math, out, x, y: _share(math, x, y),
    ],
    kink=lambda x, y: x - y,
)
def minimum(math: Any, x: Any, y: Any) -> Any:
    """The smaller of two. The local gradient is 1 for it and 0 for the other; ½ each in a tie.

    >>> minimum(2.0, -1.0)
    -1.0
    """
    return math.minimum(x, y)


@gate(
    ">",
    pattern=_STOP,
    routes=True,
    local_gradients=[lambda math, out, x, y: 0.0, lambda math, out, x, y: 0.0],
    kink=lambda x, y: x - y,
)
def greater(math: Any, x: Any, y: Any) -> Any:
    """The Iverson bracket [x > y]: 1 or 0, recorded in the circuit. Its gradients are 0.

    The operator `>` answers at once with True or False; this gate is a comparison that is made
    again whenever the circuit is evaluated. With `where` it makes a branch that stays a branch.

    >>> greater(2.0, 1.0)
    1.0
    """
    return math.greater(x, y)


@gate(
    "=",
    pattern=_STOP,
    commutes=True,
    routes=True,
    local_gradients=[lambda math, out, x, y: 0.0, lambda math, out, x, y: 0.0],
    kink=lambda x, y: x - y,
)
def equal(math: Any, x: Any, y: Any) -> Any:
    """The Iverson bracket [x = y]: 1 or 0, recorded in the circuit. Its gradients are 0.

    >>> equal(2.0, 1.0)
    0.0
    """
    return math.equal(x, y)


@gate(
    "where",
    pattern=_ROUTE,
    routes=True,
    local_gradients=[
        lambda math, out, condition, x, y: 0.0,
        lambda math, out, condition, x, y: math.where(condition, 1.0, 0.0),
        lambda math, out, condition, x, y: math.where(condition, 0.0, 1.0),
    ],
    kink=lambda condition, x, y: condition - 0.5,
)
def where(math: Any, condition: Any, x: Any, y: Any) -> Any:
    """x where the condition is not 0, else y: a branch, recorded in the circuit.

    The gradient goes to the branch that was taken; the condition and the other branch get none,
    even where a slope there is infinite. Both branches are computed, so both must be inside the
    domain of their gates. Put the `where` before the gate, `sqrt(where(greater(x, 0), x, 1))`, to
    keep a branch out of trouble.

    >>> where(greater(2.0, 1.0), 10.0, 20.0)
    10.0
    """
    return math.where(condition, x, y)


@gate(
    "Σ",
    pattern=_ADD,
    variadic=True,
    commutes=True,
    local_gradients=[lambda math, out, values: [1.0] * len(values)],
    expansion=lambda math, values: _chain(values),
)
def total(math: Any, values: Any) -> Any:
    """The sum of any number of values, as one gate.

    >>> total([1.0, 2.0, 3.0])
    6.0
    """
    return math.total(values)


@gate(
    "Σwx",
    pattern="swaps and scales: each factor gets the upstream gradient times its partner",
    variadic=True,
    commutes=True,
    local_gradients=[
        lambda math, out, weights, inputs: inputs,
        lambda math, out, weights, inputs: weights,
    ],
    expansion=lambda math, weights, inputs: _chain(
        [w * x for w, x in zip(weights, inputs, strict=True)]
    ),
)
def dot(math: Any, weights: Any, inputs: Any) -> Any:
    """Σ wᵢxᵢ, as one gate. The local gradient of each factor is its partner.

    >>> dot([2.0, -3.0], [-1.0, -2.0])
    4.0
    """
    return math.dot(weights, inputs)


@gate(
    "Σwx+b",
    pattern="swaps and scales: factors get upstream × partner, the bias gets the upstream gradient",
    variadic=True,
    scalars=1,
    local_gradients=[
        lambda math, out, weights, inputs, bias: inputs,
        lambda math, out, weights, inputs, bias: weights,
        lambda math, out, weights, inputs, bias: 1.0,
    ],
    expansion=lambda math, weights, inputs, bias: (
        _chain([w * x for w, x in zip(weights, inputs, strict=True)]) + bias
    ),
)
def weighted_sum(math: Any, weights: Any, inputs: Any, bias: Any) -> Any:
    """Σ wᵢxᵢ + b, what a neuron computes before its activation, as one gate.

    The local gradient of each factor is its partner, that of the bias is 1.

    >>> weighted_sum([2.0, -3.0], [-1.0, -2.0], -3.0)
    1.0
    """
    return math.dot(weights, inputs) + bias


@gate(
    "lnΣe",
    pattern="softmax: the inputs share the upstream gradient in proportion to their exponentials",
    variadic=True,
    commutes=True,
    local_gradients=[lambda math, out, values: [math.exp(x - out) for x in values]],
    expansion=lambda math, values: math.log(_chain([math.exp(x) for x in values])),
    domain=[Domain(lambda values: len(values) == 0, ValueError, "an empty list has no logsumexp")],
)
def logsumexp(math: Any, values: Any) -> Any:
    """ln Σ eˣ, shifted by the largest x so that it never overflows. Its gradient is the softmax.

    >>> logsumexp([1000.0, 1000.0]) - 1000.0  # ln 2
    0.69314718055...
    """
    return math.logsumexp(values)


def _chain(values: Sequence[Any]) -> Any:
    """The sum of values with one `+` gate between each two."""
    result = values[0]
    for value in values[1:]:
        result = result + value
    return result


if compiled:
    from autograd_core import kernels  # type: ignore[attr-defined]

    kernels.install(GATES, kernel_texts(GATES.values()))
else:
    install_python_kernels(GATES.values())
