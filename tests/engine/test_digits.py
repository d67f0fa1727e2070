"""Every gate, by every way to its numbers, over the whole range of floats, against high precision.

The ways: applied to values, `grad`, `grad` twice, a program with its gradient and its product with
the Hessian matrix, staged code, and the page. A value and a slope are to be right to two units in
the last place, a second derivative to 1e-13; what is not is listed with its reason.
"""

import itertools
import json
import math
import sys
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
import pytest
from javascript import program_of, run
from mpmath import mp, mpf
from oracles.circuits import apply
from oracles.jets import Jet, OutsideDomainError, as_jet
from oracles.samples import SAMPLES
from oracles.textbook import DEFINITIONS, SWITCHES

import viz
from autograd_core import (
    GATES,
    Program,
    Value,
    grad,
    logsumexp,
    polygamma,
    power,
    power_limit,
    staged_code,
)

SIZES = [5e-324, 1e-310, 1e-300, 1e-160, 1e-100, 1e-20, 1e-16, 1e-8, 1e-3, 0.1, 0.3, 0.7, 0.999]
SIZES += [0.5237, 0.7563, 0.8115, 1.0, 1.2785, 1.4616, 1.5, 1.7003, 1.7132, 2.0, 2.5, 2.8077, 3.0]
SIZES += [4.8414, 7.3, 12.5, 19.0, 25.0, 37.5, 300.0, 700.0, 709.7, 745.0]
SIZES += [1e3, 1e8, 1e16, 1e100, 1e154, 1e160, 1e300, sys.float_info.max]
NUMBERS = [0.0, *SIZES, *[-x for x in SIZES]]
FEW = [1e-300, 1e-9, 0.3, 1.0, 2.0, 7.5, 40.0, 700.0, 1e9, 1e300]
FEW += [-x for x in FEW]
THREE = [1e-9, 0.3, 2.0, 40.0, -1e-9, -0.7, -3.0, -40.0]

SMALLEST = mpf(2) ** -1022
"""Numbers below have fewer digits; their absolute error is held against this one."""

UNITS = {
    "direction": (5, "y²/r³ is a product of three quotients"),
    "atan2": (3, "a quotient of a quotient with a root"),
    "atan": (3, "the square of a root"),
    "sigmoid": (4, "a product of two quotients"),
    "sech": (3, "a quotient with an exponential, and a product"),
    "sech2": (4, "a quotient with an exponential, and a product"),
    "tanh": (3, "its slope is sech2"),
    "erfc": (3, "that of the C library"),
    "normal_cdf": (3, "the erfc of the C library, and a sum"),
    "elu": (3, "a product with an exponential"),
}
"""Units in the last place of a value or a slope, where it is more than 2, and why."""

SENSITIVE = {
    "power": "y − 1 is rounded, which counts ln x times",
    "power_limit": "y − 1 is rounded, which counts ln x times",
    "power_slope": "y − 1 is rounded, which counts ln x times",
    "power_log": "its slope is a sum of both signs",
    "lgamma": "for negative x a difference; its slope has zeros, near which it is one, too",
    "silu": "its slope has a zero, near which it is a difference; a subnormal factor",
    "gelu": "its slope has a zero, near which it is a difference; a subnormal factor",
    "polygamma": "terms of both signs, and n + 1 factors",
    "exp_minus": "a difference, for what is neither 0 nor 1",
    "sigmoid_minus": "a difference, for a label between 0 and 1",
    "logistic_loss": "terms of both signs, for a label outside",
    "total": "terms of both signs",
    "mean": "terms of both signs",
    "dot": "terms of both signs",
    "weighted_sum": "terms of both signs",
    "logsumexp": "an exponential of a rounded difference",
    "cross_entropy": "an exponential of a rounded difference",
}
"""Gates that are sums of terms larger than themselves somewhere; they are held to 1e-12."""

INEXACT = {
    "power": "x to y − 2 overflows before it is multiplied by y",
    "power_limit": "x to y − 2 overflows before it is multiplied by y",
    "power_log": "y − 1 is rounded, which counts ln x times",
    "gaussian": "x² overflows before it is multiplied by the bell curve",
    "atan2": "the mixed derivative is a difference, 0 on the diagonal",
    "norm": "1/r − x²/r³, where one number is the largest by far",
    "polygamma": "reflected for negative x: terms of both signs",
    "cross_entropy": "1 − p, where a value that is not chosen has nearly the whole share p; the "
    "mixed derivative by a choice, beside values beyond 1e16",
}
"""Gates of whose second derivatives not all are exact, and why."""


def rows_of(name: str) -> Iterator[tuple[float, ...]]:
    """Operands in a row, over the whole range."""
    count = len(SAMPLES[name])
    if name == "polygamma":
        yield from itertools.product([0.0, 1.0, 2.0], [x for x in NUMBERS if x > -1e8])
    elif name == "cross_entropy":
        for values in itertools.product(THREE, repeat=2):
            yield from ((0.0, 1.0, *values), (1.0, 0.0, *values))
    else:
        numbers = {1: NUMBERS, 2: FEW, 3: THREE}.get(count, [0.3, 1.0, -2.0])
        yield from itertools.product(numbers, repeat=count)


@cache
def truths(name: str) -> list[tuple[tuple[float, ...], Jet]]:
    """Rows inside the domain, off the switches, and the exact numbers there."""
    found = []
    for row in rows_of(name):
        jets = [Jet.variable(x, at) for at, x in enumerate(row)]
        if name.startswith("power") and row[0] < 0 and abs(row[1]) > 2.0**53:
            continue  # y − 1 is no float of its own: the docstring says so
        if name == "power_slope" and abs(row[1]) < 1e-100:
            continue  # a power overflows before it is multiplied by so small a number
        if name != "cross_entropy" and name in SWITCHES and SWITCHES[name](*jets) == 0:
            continue
        try:
            found.append((row, as_jet(DEFINITIONS[name](*jets))))
        except OutsideDomainError:
            continue
    return found


def off(number: float, exact: mpf, relative: float, absolute: mpf = SMALLEST) -> bool:
    """Whether a float is further from an exact number than allowed."""
    largest = mpf(sys.float_info.max)
    if abs(exact) >= largest * (1 - 4 * relative):
        return not (abs(number) >= largest * (1 - 8 * relative) and number * exact > 0)
    if not math.isfinite(number):
        return True
    return bool(abs(mpf(number) - exact) > relative * abs(exact) + absolute)


def far(name: str, number: float, exact: mpf, factor: int) -> bool:
    """Whether a value or a slope is further from the exact number than its gate is allowed."""
    if name in SENSITIVE:
        return off(number, exact, 1e-12, mpf(1e-12))
    units = factor * UNITS.get(name, (2, ""))[0]
    if abs(exact) >= sys.float_info.max / 2:
        return off(number, exact, units * sys.float_info.epsilon)
    return off(number, exact, 0.0, mpf(units * math.ulp(float(exact))))


def check(name: str, row: Sequence[float], numbers: Sequence[float], jet: Jet, factor: int) -> None:
    """Hold the value and the slopes that one way gave against the exact ones."""
    value, *slopes = numbers
    assert not far(name, value, jet.value, factor), (row, value, mp.nstr(jet.value, 20))
    for place, slope in enumerate(slopes):
        if without_slope(name, row, place):
            continue
        exact = jet.slopes.get(place, mpf(0))
        assert not far(name, slope, exact, factor), (row, place, slope, mp.nstr(exact, 20))


def without_slope(name: str, row: Sequence[float], place: int) -> bool:
    """Whether it is documented that a gate has no slope there."""
    return name.startswith("power") and place == 1 and row[0] <= 0


@pytest.mark.parametrize("name", GATES)
def test_values_and_their_gradients(name: str) -> None:
    for row, jet in truths(name):
        leaves = [Value(x) for x in row]
        out = apply(name, leaves)
        check(name, row, [out.data, *out.local_grads], jet, 1)
        check(name, row, [out.data, *[each.data for each in grad(out, leaves)]], jet, 1)


@pytest.mark.parametrize("name", GATES)
def test_programs(name: str) -> None:
    """NumPy's functions of arrays are allowed two units more than those of the C library."""
    leaves = [Value(x) for x in SAMPLES[name]]
    program = Program(apply(name, leaves), leaves)
    rows = [row for row, _ in truths(name)]
    numbers = program(rows)
    slopes = program.jacobian(rows)
    for place, (row, jet) in enumerate(truths(name)):
        check(name, row, [float(numbers[place]), *slopes[place].ravel().tolist()], jet, 2)


@pytest.mark.parametrize("name", [name for name in GATES if name not in INEXACT])
def test_second_derivatives(name: str) -> None:
    """By `grad` twice, and by the product of a program's Hessian matrix with unit vectors."""
    parameters = [Value(x) for x in SAMPLES[name]]
    program = Program(apply(name, parameters), [], parameters=parameters)
    units = np.eye(len(parameters))
    for row, jet in truths(name):
        if any(abs(each) > sys.float_info.max for each in jet.curvatures.values()):
            continue  # a product with a vector multiplies an infinite entry by 0
        leaves = [Value(x) for x in row]
        gradient = grad(apply(name, leaves), leaves)
        for i, slope in enumerate(gradient):
            found = [each.data for each in grad(slope, leaves)]
            compiled = program.hessian_product(np.empty((1, 0)), units[i], row).tolist()
            for j, numbers in enumerate(zip(found, compiled, strict=True)):
                exact = jet.curvatures.get((min(i, j), max(i, j)), mpf(0))
                for number in numbers:
                    assert not off(number, exact, 1e-13), (row, i, j, number, mp.nstr(exact, 20))


@pytest.mark.parametrize("name", GATES)
def test_staged_code(name: str) -> None:
    for row, jet in truths(name)[:: max(1, len(truths(name)) // 30)]:
        leaves = [Value(x, f"x{place}") for place, x in enumerate(row)]
        out = apply(name, leaves)
        out.label = "out"
        results: dict[str, float] = {}
        exec(staged_code(out), results)
        check(name, row, [results["out"], *[results[f"dx{at}"] for at in range(len(row))]], jet, 2)


@pytest.mark.parametrize("name", GATES)
def test_pages(name: str) -> None:
    """V8 has functions of its own, and the error functions are sums: eight units."""
    leaves = [Value(x, f"x{place}") for place, x in enumerate(SAMPLES[name])]
    program = program_of(viz.page(apply(name, leaves)))
    rows = [list(row) for row, _ in truths(name)]
    found = run(program, f"{json.dumps(rows)}.map((row) => compute([...row, 0]))")
    for (row, jet), numbers in zip(truths(name), found, strict=True):
        slopes = numbers["grad"][: len(row)]
        check(name, row, [numbers["data"][-1], *slopes], jet, 4)


@pytest.mark.parametrize("number", [math.inf, -math.inf])
@pytest.mark.parametrize("name", [name for name in GATES if len(SAMPLES[name]) == 1])
def test_infinite_operands_give_limits(name: str, number: float) -> None:
    """What a gate gives for the largest float is the limit, or grows with it."""
    x = Value(number)
    try:
        out = apply(name, [x])
    except ValueError:
        return
    near = apply(name, [Value(math.copysign(sys.float_info.max, number))])
    for found in (
        [out.data, *out.local_grads],
        [out.data, *[each.data for each in grad(out, [x])]],
    ):
        for limit, close in zip(found, [near.data, *near.local_grads], strict=True):
            grows = limit == math.copysign(math.inf, close)
            assert limit == pytest.approx(close, abs=1e-100) or grows


@pytest.mark.parametrize("base", [1.0, -1.0, 0.0, -0.0, 2.0, -2.0])
def test_pages_compute_powers_as_the_engine_does(base: float) -> None:
    """JavaScript has its own opinion of 1 to the ∞ and of −0 to the −1."""
    for gate in (power, power_limit):
        for exponent in (math.inf, -math.inf, math.nan, -1.0, 3.0, -0.0):
            x, y = Value(base, "x"), Value(exponent, "y")
            try:
                out = gate(x, y)
            except ZeroDivisionError:
                continue
            [found] = run(program_of(viz.page(out)), "compute(start).data.slice(-1)")
            assert found == pytest.approx(out.data, nan_ok=True), (gate, exponent)


@pytest.mark.parametrize(
    ("base", "exponent", "mixed"),
    [
        (0.0, 0.5, -math.inf),
        (0.0, 1.0, -math.inf),
        (0.0, 1.5, 0.0),
        (0.0, 2.0, 0.0),
        (-2.0, 3.0, math.nan),
    ],
)
def test_the_mixed_derivative_of_a_power_has_its_limit(
    base: float, exponent: float, mixed: float
) -> None:
    x, y = Value(base), Value(exponent)
    by_base, by_exponent = grad(x**y, [x, y])
    for found in (grad(by_base, [y])[0].data, grad(by_exponent, [x])[0].data):
        assert found == pytest.approx(mixed, nan_ok=True)


@pytest.mark.parametrize(
    ("numbers", "shares"),
    [
        ([math.inf, 0.0], [1.0, 0.0]),
        ([math.inf, 2.0, math.inf], [0.5, 0.0, 0.5]),
        ([-math.inf, 0.0], [0.0, 1.0]),
        ([-math.inf, math.inf], [0.0, 1.0]),
        ([-math.inf, -math.inf], [0.0, 0.0]),
    ],
)
def test_infinite_logits_have_their_shares(numbers: list[float], shares: list[float]) -> None:
    leaves = [Value(x, f"x{place}") for place, x in enumerate(numbers)]
    out = logsumexp(leaves)
    out.backward()
    results: dict[str, float] = {}
    exec(staged_code(out), results)
    assert [leaf.grad for leaf in leaves] == shares
    slopes = grad(out, leaves)
    assert [each.data for each in slopes] == shares
    for slope, p in zip(slopes, shares, strict=True):  # ∂pᵢ/∂xⱼ = pᵢ ([i = j] − pⱼ)
        seconds = [p * ((other is slope) - q) for other, q in zip(slopes, shares, strict=True)]
        assert [each.data for each in grad(slope, leaves)] == seconds
    assert Program(out, leaves).jacobian([numbers]).ravel().tolist() == shares
    assert [results[f"dx{place}"] for place in range(len(numbers))] == shares


@pytest.mark.parametrize("numbers", [*itertools.permutations([math.nan, math.inf, 0.0])])
def test_staged_code_keeps_a_nan_among_logits(numbers: tuple[float, ...]) -> None:
    out = logsumexp([Value(x, f"x{place}") for place, x in enumerate(numbers)])
    out.label = "out"
    results: dict[str, float] = {}
    exec(staged_code(out), results)
    assert math.isnan(out.data)
    assert math.isnan(results["out"])


def test_an_order_whose_factorial_overflows_is_refused() -> None:
    x = Value(200.0)
    assert math.isfinite(polygamma(170.0, x).data)
    for order in (171.0, 1e4, 1e300):
        with pytest.raises(ValueError, match="factorial"):
            polygamma(order, x)
        with pytest.raises(ValueError, match="factorial"):
            polygamma(order, 2.0)
