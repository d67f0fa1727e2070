import itertools
import json
import math
import pickle
import sys
from collections.abc import Callable
from typing import Any

import pytest
from mpmath import mp, mpf
from oracles.circuits import OPERATORS, apply
from oracles.jets import Jet, OutsideDomainError, as_jet
from oracles.samples import SAMPLES, bits
from oracles.textbook import DEFINITIONS

import autograd_core
from autograd_core import (
    GATES,
    Gate,
    Program,
    Value,
    absolute,
    affine,
    cos,
    divide,
    dot,
    elu,
    equal,
    exp,
    explain,
    gate,
    grad,
    gradcheck,
    greater,
    leaky_relu,
    log,
    logsumexp,
    maximum,
    minimum,
    power,
    reciprocal,
    relu,
    sigmoid,
    sin,
    softplus,
    sqrt,
    staged_code,
    step,
    tanh,
    total,
    trace,
    where,
)

UNIT = 2.0**-52
SMALLEST = mpf(2) ** -1074
SIZES = [5e-324, 1e-300, 1e-100, 1e-16, 1e-8, 0.1, 0.5, 1.0, 1.5, 2.0, 3.0, 10.0, 17.5, 19.0, 36.5]
SIZES += [37.5, 300.0, 354.5, 700.0, 709.5, 710.2, 745.0, 746.5, 1000.0, 1e8, 1e16, 1e154, 1e300]
NUMBERS = [sign * size for size in SIZES for sign in (1.0, -1.0)]
FEW = [1e-300, 1e-9, 0.3, 1.0, 2.0, 7.5, 40.0, 700.0, 1e9, 1e300]
FEW += [-x for x in FEW]
ODD_NUMBERS = [0.0, -0.0, 1.0, -2.5, 5e-324, -1e-300, 1e308, -1e308, math.inf, -math.inf, math.nan]
ODD_NUMBERS += [0.1, 3.0, 1e-160, 7e150]

UNARY = [name for name, entry in GATES.items() if len(SAMPLES[name]) == 1]
BINARY = [name for name in GATES if len(SAMPLES[name]) == 2]
CORNERS = ("step", "relu", "absolute", "leaky_relu", "elu", "maximum", "minimum")


def exactly(name: str, numbers: tuple[float, ...]) -> tuple[mpf, list[mpf]] | None:
    """The textbook's output and local gradients; None outside the domain."""
    try:
        jet = as_jet(DEFINITIONS[name](*[Jet.variable(x, at) for at, x in enumerate(numbers)]))
    except OutsideDomainError:
        return None
    return jet.value, [jet.slopes.get(at, mpf(0)) for at in range(len(numbers))]


def misses(number: float, exact: mpf, units: float, smallest: mpf = SMALLEST) -> bool:
    """Whether a float is further than so many roundings from an exact number."""
    if abs(exact) >= mpf(sys.float_info.max) * (1 + mpf(2) ** -53):
        return number != math.copysign(math.inf, exact)
    if not math.isfinite(number):
        # the last few roundings below the largest float may also overflow
        return bool(abs(exact) < mpf(sys.float_info.max) * (1 - units * UNIT))
    return bool(abs(mpf(number) - exact) > units * (UNIT * abs(exact) + smallest))


def check_against_textbook(name: str, numbers: tuple[float, ...], units: float) -> None:
    with mp.workdps(700):
        truth = exactly(name, numbers)
        if truth is None:
            return
        out = apply(name, [Value(x) for x in numbers])
        # x multiplies a factor that rounds to a multiple of the smallest float
        smallest = SMALLEST * (max(1, abs(numbers[0])) if name in ("silu", "gelu") else 1)
        assert not misses(out.data, truth[0], units, smallest), (out.data, mp.nstr(truth[0], 20))
        for place, (local, exact) in enumerate(zip(out.local_grads, truth[1], strict=True)):
            if name in ("power", "power_limit") and place == 1 and numbers[0] <= 0:
                continue  # no slope: tested below
            assert not misses(local, exact, units, smallest), (place, local, mp.nstr(exact, 20))


def test_every_gate_has_a_sample_and_a_textbook_definition() -> None:
    assert set(SAMPLES) == set(DEFINITIONS) == set(GATES)


@pytest.mark.parametrize("name", UNARY)
def test_gates_of_one_operand_equal_the_textbook_to_a_few_roundings(name: str) -> None:
    for number in NUMBERS:
        check_against_textbook(name, (number,), units=4)


@pytest.mark.parametrize("name", BINARY)
def test_gates_of_two_operands_equal_the_textbook_to_a_few_roundings(name: str) -> None:
    for numbers in itertools.product(FEW, repeat=2):
        if name in ("power", "power_limit") and numbers[0] < 0 and abs(numbers[1]) > 2.0**53:
            continue  # y - 1 is no float of its own: the docstring says so
        # xʸ⁻¹ with y - 1 rounded is off by a relative u |ln x| / 2
        rounded = abs(math.log(abs(numbers[0]))) / 2 if name in ("power", "power_limit") else 0.0
        if name in ("power_slope", "power_log"):
            if abs(numbers[1]) < 1e-100:
                continue  # a power overflows before it is multiplied by so small a number
            rounded = 2 * abs(math.log(abs(numbers[0])))
        if name == "polygamma":
            if numbers[1] < 0 < numbers[0] or numbers[0] > 170:
                continue  # large terms of both signs; a factorial that overflows
            rounded = abs(numbers[0])  # n factors
        if name in ("exp_minus", "sigmoid_minus", "logistic_loss"):
            rounded = 100.0  # a difference, where the label is neither 0 nor 1
        check_against_textbook(name, numbers, units=6 + rounded)


def test_the_largest_exponent_whose_predecessor_is_a_float() -> None:
    assert (Value(-1.0) ** 2.0**53).local_grads == (-(2.0**53),)


@pytest.mark.parametrize("condition", [1.0, 0.0, -0.0, 5e-324, -2.0, math.inf])
def test_where_takes_a_branch_and_routes_the_gradient(condition: float) -> None:
    c, x, y = Value(condition), Value(2.0), Value(-3.0)
    out = where(c, x, y)
    taken = condition != 0.0
    assert out.data == (2.0 if taken else -3.0)
    assert out.local_grads == (0.0, float(taken), float(not taken))


@pytest.mark.parametrize(
    "numbers",
    [
        (1.0,),
        (2.0, -3.0),
        (1e300, -1e-300, 5.0),
        (0.1,) * 10,
        (1e16, 1.0, -1e16),
        (5e-324,) * 3,
        (-0.0,),
    ],
)
def test_total_and_dot_equal_a_chain_of_gates(numbers: tuple[float, ...]) -> None:
    values = [Value(x) for x in numbers]
    weights = [Value(x + 0.5) for x in numbers]
    chain = values[0]
    products = weights[0] * values[0]
    for weight, value in zip(weights[1:], values[1:], strict=True):
        chain = chain + value
        products = products + weight * value
    assert bits(total(values).data) == bits(chain.data)
    assert bits(dot(weights, values).data) == bits(products.data)
    assert total(values).local_grads == (1.0,) * len(values)
    data = tuple(x.data for x in values), tuple(x.data for x in weights)
    assert dot(weights, values).local_grads == data[0] + data[1]


@pytest.mark.parametrize(
    "numbers",
    [
        (0.0,),
        (700.0,),
        (1.0, 2.0, 3.0),
        (-0.6931471805599453, -0.6931471805599453),
        (300.0, 299.0, -300.0),
        (-745.0, -746.0),
        (1e-300, -1e-300),
        (0.0, -40.0, -700.0),
    ],
)
def test_logsumexp_equals_the_textbook(numbers: tuple[float, ...]) -> None:
    with mp.workdps(700):
        truth = exactly("logsumexp", numbers)
        assert truth is not None
        value, slopes = truth
        out = logsumexp([Value(x) for x in numbers])
        moved = sum(abs(x * slope) for x, slope in zip(numbers, slopes, strict=True))
        assert abs(out.data - value) <= 4 * UNIT * (abs(value) + moved)
        for local, exact in zip(out.local_grads, slopes, strict=True):
            assert not misses(local, exact, 8 * (1 + abs(value)))  # it is shifted by the output


def test_logsumexp_takes_numbers_whose_exponentials_overflow() -> None:
    out = logsumexp([Value(1e6), Value(1e6), Value(-1e6)])
    assert out.data == 1e6 + math.log(2.0)
    assert out.local_grads == pytest.approx((0.5, 0.5, 0.0), rel=1e-9)


# One rule, two ways to apply it

OPERATED = [name for name in OPERATORS if len(SAMPLES[name]) == 2]


@pytest.mark.parametrize("name", OPERATED)
def test_operators_equal_the_rules_of_the_table_bit_for_bit(name: str) -> None:
    for x, y in itertools.product(ODD_NUMBERS, repeat=2):
        pairs: list[tuple[Any, Any]] = [(Value(x), Value(y)), (Value(x), y), (x, Value(y))]
        for first, second in pairs:
            try:
                ruled = GATES[name](first, second)
            except (ValueError, ZeroDivisionError) as refusal:
                with pytest.raises(type(refusal)) as again:
                    OPERATORS[name](first, second)
                reasons = [str(each).partition(": ")[2] for each in (refusal, again.value)]
                assert reasons[0] == reasons[1]
                continue
            operated = OPERATORS[name](first, second)
            assert bits(operated.data) == bits(ruled.data)
            if operated.gate is reciprocal:
                assert (name, first) == ("divide", 1.0)
                continue
            assert operated.gate is ruled.gate
            for one, other in zip(operated.local_grads, ruled.local_grads, strict=True):
                assert bits(one) == bits(other), (first, second)
            assert [type(part) for part in operated.operands] == [
                type(part) for part in ruled.operands
            ]


@pytest.mark.parametrize("name", GATES)
def test_a_gate_on_plain_numbers_gives_the_same_plain_number(name: str) -> None:
    out = apply(name, SAMPLES[name])
    assert type(out) is float
    assert out == apply(name, [Value(x) for x in SAMPLES[name]]).data


@pytest.mark.parametrize("name", [name for name, entry in GATES.items() if not entry.variadic])
def test_a_gate_is_a_method_of_its_first_operand(name: str) -> None:
    first, *others = SAMPLES[name]
    out = getattr(Value(first), name)(*others)
    assert out.gate is GATES[name]
    assert out.data == apply(name, SAMPLES[name])


@pytest.mark.parametrize("name", GATES)
@pytest.mark.parametrize("rest", [False, True])
def test_constants_change_no_number_and_get_no_gradient(name: str, rest: bool) -> None:
    for place in range(len(SAMPLES[name])):
        mixed = [Value(x) if (at == place) is not rest else x for at, x in enumerate(SAMPLES[name])]
        if not any(isinstance(x, Value) for x in mixed):
            continue
        out = apply(name, mixed)
        full = apply(name, [Value(x) for x in SAMPLES[name]])
        kept = [at for at, x in enumerate(mixed) if isinstance(x, Value)]
        assert out.data == full.data
        assert out.inputs == tuple(mixed[at] for at in kept)
        # a constant exponent takes the power rule, a value the limits at 0 as well
        assert out.local_grads == tuple(full.local_grads[at] for at in kept)


# Domains


@pytest.mark.parametrize(
    ("application", "error", "call"),
    [
        (lambda: Value(3.0, "n") / Value(0.0, "d"), ZeroDivisionError, "divide(n = 3.0, d = 0.0)"),
        (lambda: Value(3.0, "n") / 0, ZeroDivisionError, "divide(n = 3.0, 0.0)"),
        (lambda: Value(3.0, "n") / -0.0, ZeroDivisionError, "divide(n = 3.0, -0.0)"),
        (lambda: 2 / Value(0.0, "d"), ZeroDivisionError, "divide(2.0, d = 0.0)"),
        (lambda: 1 / Value(0.0, "d"), ZeroDivisionError, "reciprocal(d = 0.0)"),
        (lambda: reciprocal(Value(-0.0, "d")), ZeroDivisionError, "reciprocal(d = -0.0)"),
        (lambda: log(Value(0.0, "p")), ValueError, "log(p = 0.0)"),
        (lambda: Value(-1.0, "p").log(), ValueError, "log(p = -1.0)"),
        (lambda: Value(-1.0, "p").log1p(), ValueError, "log1p(p = -1.0)"),
        (lambda: Value(-2.0, "p").sqrt(), ValueError, "sqrt(p = -2.0)"),
        (lambda: Value(-2.0, "base") ** 0.5, ValueError, "power(base = -2.0, 0.5)"),
        (lambda: Value(-2.0, "base") ** Value(1.5, "e"), ValueError, "power(base = -2.0, e = 1.5)"),
        (lambda: (-2) ** Value(0.5, "e"), ValueError, "power(-2.0, e = 0.5)"),
        (lambda: Value(0.0, "base") ** (-1), ZeroDivisionError, "power(base = 0.0, -1.0)"),
        (lambda: 0 ** Value(-2.0, "e"), ZeroDivisionError, "power(0.0, e = -2.0)"),
        (lambda: Value(math.inf, "t").sin(), ValueError, "sin(t = inf)"),
        (lambda: Value(-math.inf, "t").cos(), ValueError, "cos(t = -inf)"),
        (lambda: logsumexp([]), ValueError, "logsumexp()"),
        (lambda: (Value(2.0) - 2).log(), ValueError, "log(an unnamed output of subtract = 0.0)"),
        (lambda: divide(1.0, 0.0), ZeroDivisionError, "divide(1.0, 0.0)"),
        (lambda: log(-1.0), ValueError, "log(-1.0)"),
        (lambda: power(-8.0, 1.0 / 3.0), ValueError, "power(-8.0, 0.3333333333333333)"),
        (lambda: sqrt(-1), ValueError, "sqrt(-1.0)"),
        (lambda: sin(math.inf), ValueError, "sin(inf)"),
    ],
)
def test_outside_its_domain_a_gate_says_so_with_names_and_numbers(
    application: Callable[[], Value | float], error: type[Exception], call: str
) -> None:
    with pytest.raises(error) as refusal:
        application()
    assert str(refusal.value).startswith(f"{call}: ")
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None


@pytest.mark.parametrize(
    "name", [n for n in GATES if n not in ("greater", "equal", "where", "power")]
)
def test_nan_travels(name: str) -> None:
    for place in range(len(SAMPLES[name])):
        if name in ("leaky_relu", "elu") and place == 1:
            continue  # a slope for the other side
        if name in ("pick", "cross_entropy") and place < 2:
            continue  # a choice
        numbers = list(SAMPLES[name])
        numbers[place] = math.nan
        assert math.isnan(apply(name, [Value(x) for x in numbers]).data)
        assert math.isnan(apply(name, numbers))


def test_nan_in_branches_and_comparisons() -> None:
    nan = math.nan
    assert [greater(nan, 1.0), greater(1.0, nan), equal(nan, nan)] == [0.0, 0.0, 0.0]
    assert where(1.0, 2.0, nan) == 2.0
    assert math.isnan(where(0.0, 2.0, nan))
    assert math.isnan(power(nan, 2.0))
    assert math.isnan(power(2.0, nan))
    for first, second in [(nan, 1.0), (1.0, nan)]:
        assert math.isnan(maximum(first, second))
        assert math.isnan(minimum(first, second))
    assert math.isnan(logsumexp([math.inf, nan])) and math.isnan(logsumexp([nan, -math.inf]))


@pytest.mark.parametrize(
    "name", ["exp", "sin", "cos", "tanh", "sigmoid", "softplus", "log", "sqrt"]
)
def test_nan_travels_backward_through_smooth_gates(name: str) -> None:
    x = Value(math.nan)
    GATES[name](x).backward()
    assert math.isnan(x.grad)


@pytest.mark.parametrize(
    ("application", "expected"),
    [
        (lambda x: exp(x(1000)), math.inf),
        (lambda x: x(710).expm1(), math.inf),
        (lambda x: x(1000).sinh(), math.inf),
        (lambda x: x(-1000).sinh(), -math.inf),
        (lambda x: x(-1000).cosh(), math.inf),
        (lambda x: x(1e308) + x(1e308), math.inf),
        (lambda x: x(-1e308) - x(1e308), -math.inf),
        (lambda x: x(1e200) * x(-1e200), -math.inf),
        (lambda x: x(1e200) / x(1e-200), math.inf),
        (lambda x: 1 / x(5e-324), math.inf),
        (lambda x: x(10) ** 400, math.inf),
        (lambda x: x(-10) ** 309, -math.inf),
        (lambda x: x(-10) ** 310, math.inf),
        (lambda x: x(1e-200) ** -2, math.inf),
        (lambda x: x(-1e-200) ** -3, -math.inf),
        (lambda x: 2 ** x(5000), math.inf),
        (lambda x: dot([x(1e200)], [x(1e200)]), math.inf),
        (lambda x: total([x(1e308), x(1e308)]), math.inf),
        (lambda x: x(math.inf) - x(math.inf), math.nan),
        (lambda x: x(math.inf) * 0, math.nan),
        (lambda x: logsumexp([x(math.inf), x(0)]), math.inf),
        (lambda x: logsumexp([x(-math.inf), x(-math.inf)]), -math.inf),
        (lambda x: x(-1000).exp(), 0.0),
        (lambda x: x(math.inf).log(), math.inf),
        (lambda x: x(math.inf).sqrt(), math.inf),
        (lambda x: 1 / x(-math.inf), -0.0),
    ],
)
def test_overflow_follows_ieee(application: Callable[..., Any], expected: float) -> None:
    assert bits(application(Value).data) == bits(expected)


@pytest.mark.parametrize(
    ("function", "number", "output", "slope"),
    [
        (tanh, 1000.0, 1.0, 0.0),
        (tanh, -1000.0, -1.0, 0.0),
        (tanh, math.inf, 1.0, 0.0),
        (sigmoid, 1000.0, 1.0, 0.0),
        (sigmoid, -1000.0, 0.0, 0.0),
        (sigmoid, math.inf, 1.0, 0.0),
        (sigmoid, -math.inf, 0.0, 0.0),
        (softplus, 1000.0, 1000.0, 1.0),
        (softplus, -1000.0, 0.0, 0.0),
        (softplus, math.inf, math.inf, 1.0),
        (softplus, -math.inf, 0.0, 0.0),
        (elu, 1000.0, 1000.0, 1.0),
        (elu, -1000.0, -1.0, 0.0),
        (elu, -math.inf, -1.0, 0.0),
        (elu, math.inf, math.inf, 1.0),
        (relu, math.inf, math.inf, 1.0),
        (relu, -math.inf, 0.0, 0.0),
    ],
)
def test_saturated_gates_neither_warn_nor_overflow(
    function: Gate, number: float, output: float, slope: float
) -> None:
    x = Value(number)
    out = function(x)
    out.backward()
    assert (out.data, x.grad) == (output, slope)


# Ties and corners


@pytest.mark.parametrize("function", [maximum, minimum])
def test_a_tie_shares_the_gradient(function: Gate) -> None:
    x, y = Value(3.0), Value(3.0)
    function(x, y).backward(4.0)
    assert (x.grad, y.grad) == (2.0, 2.0)
    z = Value(3.0)
    function(z, z).backward()
    assert z.grad == 1.0
    w = Value(3.0)
    function(w, 3).backward()
    assert w.grad == 0.5
    signed = Value(0.0), Value(-0.0)
    function(*signed).backward()
    assert [v.grad for v in signed] == [0.5, 0.5]


@pytest.mark.parametrize(
    ("function", "gate_of_many"), [(maximum, "largest"), (minimum, "smallest")]
)
def test_more_than_two_are_one_gate_that_shares_a_tie_equally(
    function: Gate, gate_of_many: str
) -> None:
    values = [Value(3.0, f"x{place}") for place in range(3)]
    out: Any = function(*values, 3)
    assert out.gate is GATES[gate_of_many]
    out.backward()
    assert [x.grad for x in values] == [0.25] * 3
    assert [each.data for each in grad(out, values)] == [0.25] * 3
    assert Program(out, values).jacobian([[3.0] * 3]).tolist() == [[[0.25] * 3]]
    results: dict[str, float] = {}
    exec(staged_code(out), results)
    assert results["dx1"] == 0.25
    assert function(1.0, 2.0, 3.0) == (3.0 if function is maximum else 1.0)
    first: Any = values[0]
    assert getattr(first, function.name)(*values[1:]).gate is GATES[gate_of_many]


@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_slopes_at_corners(zero: float) -> None:
    def slope(function: Callable[..., Any], *others: float) -> float:
        x = Value(zero)
        function(x, *others).backward()
        return x.grad

    assert slope(relu) == 0.0
    assert slope(absolute) == 0.0
    assert slope(abs) == 0.0
    assert slope(step) == 0.0
    assert slope(leaky_relu, 0.25) == 0.25
    assert slope(elu, 0.25) == 0.25
    assert slope(sqrt) == math.inf
    assert step(zero) == 1.0


@pytest.mark.parametrize(
    ("base", "exponent", "by_base", "by_exponent"),
    [
        (0.0, 0.0, 0.0, 0.0),
        (0.0, 0.5, math.inf, 0.0),
        (0.0, 1.0, 1.0, 0.0),
        (0.0, 2.0, 0.0, 0.0),
        (0.0, 3.0, 0.0, 0.0),
        (-2.0, 2.0, -4.0, math.nan),
        (-2.0, 3.0, 12.0, math.nan),
        (-2.0, -1.0, -0.25, math.nan),
        (-2.0, 0.0, 0.0, math.nan),
        (3.0, 0.0, 0.0, math.log(3.0)),
        (3.0, 1.0, 1.0, 3.0 * math.log(3.0)),
        (1.0, 5.0, 5.0, 0.0),
    ],
)
def test_slopes_of_powers(base: float, exponent: float, by_base: float, by_exponent: float) -> None:
    both = Value(base) ** Value(exponent)
    assert [bits(abs(x)) for x in both.local_grads] == [bits(abs(by_base)), bits(by_exponent)]
    assert both.local_grads[0] == by_base
    assert (Value(base) ** exponent).local_grads == (by_base,)
    assert bits((base ** Value(exponent)).local_grads[0]) == bits(by_exponent)


# Expansions, defaults, operands


def test_defaults_and_keywords() -> None:
    x = Value(-2.0)
    assert x.leaky_relu().data == leaky_relu(-2.0) == -0.2
    assert x.leaky_relu(0.5).data == x.leaky_relu(slope=0.5).data == leaky_relu(-2.0, slope=0.5)
    assert x.elu().data == elu(-2.0, alpha=1.0) == math.expm1(-2.0)
    assert x.elu(alpha=2).data == 2.0 * math.expm1(-2.0)
    assert divide(y=2.0, x=x).data == -1.0
    slope = Value(0.5)
    leaky_relu(x, slope=slope).backward()
    assert (x.grad, slope.grad) == (0.5, -2.0)


@pytest.mark.parametrize(
    ("application", "texts"),
    [
        ("exp()", ["exp(x)", "needs x"]),
        ("multiply(x)", ["multiply(x, y)", "needs y"]),
        ("multiply()", ["needs x and y"]),
        ("exp(x, x)", ["exp(x)", "2 operands"]),
        ("leaky_relu(x, 0.1, 0.2)", ["leaky_relu(x, slope)", "3 operands"]),
        ("leaky_relu(x, alpha=0.1)", ["leaky_relu(x, slope)", "'alpha'"]),
        ("leaky_relu(x, 0.1, slope=0.1)", ["leaky_relu(x, slope)", "'slope' twice"]),
        ("x.maximum()", ["maximum()"]),
        ("x.exp(2.0)", ["exp"]),
        ("x.relu(x)", ["relu"]),
        ("total(x)", ["total", "list", "w = 2.0"]),
        ("total(3.0)", ["total", "list", "3.0"]),
        ('total("abc")', ["total", "list", "'abc'"]),
        ("dot([x], x)", ["dot", "inputs", "list"]),
        ("dot([x])", ["dot(weights, inputs)", "needs inputs"]),
        ("total(x, x)", ["total(values)", "2 operands"]),
        ('exp("2")', ["exp", "'2'", "text"]),
        ("maximum(x, None)", ["maximum", "None"]),
        ("maximum(x, object())", ["maximum", "is not a real number"]),
        ("x.maximum(object())", ["maximum", "is not a real number"]),
        ("maximum(x, 2j)", ["maximum", "complex"]),
        ("maximum(x, [1.0])", ["maximum", "list"]),
        ('total([x, "2"])', ["total", "text"]),
    ],
)
def test_wrong_operands_are_a_type_error_in_the_users_words(
    application: str, texts: list[str]
) -> None:
    with pytest.raises(TypeError) as refusal:
        eval(application, vars(autograd_core) | {"x": Value(2.0, "w")})
    for text in texts:
        assert text in str(refusal.value)


def test_variadic_gates() -> None:
    x, y = Value(2.0, "x"), Value(3.0, "y")
    out = dot([x, 4, y], [y, x, 0.5])
    assert out.data == 2.0 * 3.0 + 4.0 * 2.0 + 3.0 * 0.5
    out.backward()
    assert (x.grad, y.grad) == (3.0 + 4.0, 2.0 + 0.5)
    assert out.operands == (x, 4.0, y, y, x, 0.5)
    assert dot((w for w in [x]), (v for v in [y])).data == 6.0
    assert total({"a": x, "b": y}.values()).data == 5.0
    assert total([x]).local_grads == (1.0,)
    assert total([1, 2.5]) == 3.5
    assert type(total([1, 2])) is float


def test_empty_lists() -> None:
    assert total([]) == 0.0
    assert dot([], []) == 0.0
    with pytest.raises(ValueError, match="empty"):
        logsumexp([])


def test_lists_of_different_lengths_are_refused() -> None:
    two, one = [Value(1.0), Value(2.0)], [Value(3.0)]
    for weights, inputs in [(two, one), (one, two)]:
        sizes = f"{len(weights)} weights and {len(inputs)} inputs"
        with pytest.raises(ValueError, match=f"dot .* {sizes}"):
            dot(weights, inputs)


def test_a_large_sum_is_one_gate() -> None:
    values = [Value(0.5) for _ in range(10_000)]
    out = total(values)
    out.backward(2.0)
    assert out.data == 5000.0
    assert {v.grad for v in values} == {2.0}


# The table


def test_every_gate_is_public_and_documented() -> None:
    for name, entry in GATES.items():
        assert getattr(autograd_core, name) is entry
        assert name in autograd_core.__all__
        assert entry.__doc__
        assert ">>>" in entry.__doc__
        assert entry.symbol
        assert ": " in entry.pattern
        assert repr(entry) == f"<gate {name}>"
        assert pickle.loads(pickle.dumps(entry)) is entry


def test_a_new_gate_works_everywhere(swish: Gate) -> None:
    x: Any = Value(0.7, "x")
    beta = Value(1.3, "beta")
    assert swish(0.7) == 0.7 / (1.0 + math.exp(-0.7))
    out = x.swish(beta)
    assert out.gate is GATES["swish"] is swish
    assert out.data == swish(0.7, beta=1.3)
    assert (swish(x, 1.3).operands, swish(0.7, beta).operands) == ((x, 1.3), (0.7, beta))
    out.backward()
    assert gradcheck(lambda x, beta: swish(x, beta), {"x": 0.7, "beta": 1.3}).worst < 1e-8
    first = grad(out, [x, beta])
    assert [g.data for g in first] == pytest.approx([x.grad, beta.grad], rel=1e-15)
    assert gradcheck(lambda x: grad(swish(x), [x])[0], [0.7]).worst < 1e-8
    results: dict[str, Any] = {}
    exec(staged_code(out), results)
    assert (results["dx"], results["dbeta"]) == pytest.approx((x.grad, beta.grad), rel=1e-15)
    assert trace(out).forward[0].gate == "swish"
    assert "swish(x, beta)" in explain(out)


def test_whatever_numbers_a_rule_gives_are_floats() -> None:
    @gate("[x]", pattern="chain: scaled", local_gradients=[lambda math, out, x: 2])
    def whole(math: Any, x: Any) -> Any:
        """1 or 0."""
        return int(x > 0)

    for out in (whole(Value(3.0)), affine([[Value(3.0)]], [1.0], [0.0], whole)[0]):
        assert [type(out.data), type(out.forward().data)] == [float, float]
        assert [type(local) for local in out.local_grads] == [float]


@pytest.mark.parametrize("nothing", [None, "3", 1j, [1.0]])
@pytest.mark.parametrize("rule", ["forward", "local gradient"])
def test_a_rule_that_gives_no_number_is_refused(rule: str, nothing: Any) -> None:
    """A rule without `return` gives None; a gradient is never dropped silently."""
    number, slope = (nothing, 1.0) if rule == "forward" else (1.0, nothing)
    place = (
        "what the gate slip computes" if rule == "forward" else "a local gradient of the gate slip"
    )

    @gate("?", pattern="none", local_gradients=[lambda math, out, x: slope])
    def slip(math: Any, x: Any) -> Any:
        """Not a number."""
        return number

    with pytest.raises(TypeError, match=f"^{place}: "):
        slip(Value(3.0))


def test_an_error_of_any_kind_in_a_rule_names_the_gate() -> None:
    @gate("?", pattern="none", local_gradients=[lambda math, out, x: 1.0])
    def reads(math: Any, x: Any) -> Any:
        """Errors of JSON and of Unicode are ValueErrors that are made from more than a message."""
        return json.loads("{")

    with pytest.raises(ValueError, match=r"^reads\(x = 3\.0\): Expecting property name"):
        reads(Value(3.0, "x"))


def test_a_gate_is_entered_once_and_with_a_rule_for_each_operand(swish: Gate) -> None:
    with pytest.raises(ValueError, match="swish already"):
        gate("s", pattern="a: b", local_gradients=[lambda math, out, x, beta: 1.0] * 2)(
            swish.forward
        )
    with pytest.raises(ValueError, match="2 operands but 1 local gradients"):
        gate("s", pattern="a: b", local_gradients=[lambda math, out, x, y: 1.0])(
            lambda math, x, y: x
        )
    assert "<lambda>" not in GATES


def test_trigonometry_at_large_angles() -> None:
    with mp.workdps(400):
        assert sin(1e22) == float(mp.sin(mpf(1e22)))
        assert cos(1e22) == float(mp.cos(mpf(1e22)))
