"""A branch that was not taken contributes nothing: 0 · ∞ is not formed, through any door."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from javascript import program_of, run

import viz
from autograd_core import (
    Program,
    Value,
    dot,
    equal,
    exp,
    explain,
    grad,
    greater,
    logsumexp,
    maximum,
    minimum,
    relu,
    sqrt,
    staged_code,
    step,
    trace,
    where,
)
from autograd_core.derivatives import directional_derivatives

INF = math.inf

CASES: dict[str, tuple[Callable[[Any], Value], float, float]] = {
    # each a function of one number, the number, and the derivative there
    "where, a root at 0": (lambda x: where(greater(x, 0.0), sqrt(x), x * 2.0), 0.0, 2.0),
    "where, an exponential that overflows": (
        lambda x: where(greater(x, 700.0), x, exp(x)),
        1000.0,
        1.0,
    ),
    "where, a product with what overflows": (
        lambda x: where(greater(x, 700.0), x, exp(x) * x),
        1000.0,
        1.0,
    ),
    "where, a quotient": (lambda x: where(greater(x, 0.0), x, 1.0 / (x * 1e-320)), 1e-3, 1.0),
    "where, a power of a value": (
        lambda x: where(greater(x, 700.0), x, Value(math.e) ** x),
        1000.0,
        1.0,
    ),
    "maximum": (lambda x: maximum(-exp(x), x), 1000.0, 1.0),
    "minimum": (lambda x: minimum(exp(x), x * 3.0), 1000.0, 3.0),
    "relu": (lambda x: relu(1.0 - exp(x)) + x, 1000.0, 1.0),
    "a branch in a branch": (
        lambda x: where(greater(x, 0.0), x, where(greater(x, -1.0), exp(-x), exp(-x) * 2.0)),
        1000.0,
        1.0,
    ),
    "two ways to one value": (
        lambda x: (lambda e: where(greater(x, 700.0), x, e) + where(greater(x, 700.0), x, e))(
            exp(x)
        ),
        1000.0,
        2.0,
    ),
    "an infinite gradient at a router": (lambda x: sqrt(maximum(x, 0.0) * 0.0 + x), 4.0, 0.25),
    "a root of what was not let through": (lambda x: sqrt(relu(-x)) + x, 2.0, 1.0),
    "a root of a step": (lambda x: sqrt(step(-x)) + x, 2.0, 1.0),
    "a root of a comparison": (
        lambda x: sqrt(equal(x, 7.0)) + sqrt(greater(x, 5.0)) + x,
        2.0,
        1.0,
    ),
    "an infinite gradient from above": (lambda x: sqrt(relu(x)) + x, 0.0, 1.0),
    "a dot product": (
        lambda x: where(greater(x, 700.0), x, dot([exp(x), 1.0], [x, x])),
        900.0,
        1.0,
    ),
    "taken after all": (lambda x: where(greater(x, 700.0), x, exp(x)), 2.0, math.exp(2.0)),
    "taken, and infinite": (lambda x: where(greater(x, 700.0), exp(x), x), 1000.0, INF),
}


Case = tuple[Callable[[Value], Value], Value, Value, float]


@pytest.fixture(params=CASES.values(), ids=list(CASES))
def case(request: pytest.FixtureRequest) -> Case:
    function, number, slope = request.param
    x = Value(number, "x")
    return function, x, function(x), slope


def test_backward(case: Case) -> None:
    _, x, f, slope = case
    f.backward()
    assert x.grad == pytest.approx(slope)
    f.backward()
    assert x.grad == pytest.approx(2 * slope)


def test_trace_and_explanation(case: Case) -> None:
    _, _, f, slope = case
    passes = trace(f)
    totals = {w.value: w.total for step in passes.backward for w in step.contributions}
    [leaf] = [value.index for value in passes.values if value.label == "x"]
    assert totals[leaf] == pytest.approx(slope)
    assert "nan" not in explain(f)


def test_forward_through_the_circuit(case: Case) -> None:
    _, x, f, slope = case
    [found] = directional_derivatives([f], {x: Value(1.0)})
    assert isinstance(found, Value)
    assert found.data == pytest.approx(slope)


def test_staged_code(case: Case) -> None:
    _, _, f, slope = case
    namespace: dict[str, Any] = {}
    exec(staged_code(f), namespace)
    assert namespace["dx"] == pytest.approx(slope)


def test_a_derivative_circuit(case: Case) -> None:
    _, x, f, slope = case
    [gradient] = grad(f, [x])
    assert gradient.data == pytest.approx(slope)


def test_a_derivative_circuit_with_other_numbers(case: Case) -> None:
    """The circuit holds for all numbers, so it is built where no branch is in trouble."""
    function, x, _, slope = case
    number, x.data = x.data, 1.5
    [gradient] = grad(function(x), [x])
    x.data = number
    assert gradient.forward().data == pytest.approx(slope)


@pytest.mark.parametrize("number", [1e200, -1e200, INF, -INF])
def test_a_derivative_circuit_at_numbers_that_overflow(number: float) -> None:
    """What is infinite now counts, be it a leaf or a product."""
    x, y = Value(number), Value(2.0)
    for f in (where(equal(x, x), y, x * x * x), maximum(-(x * x) * x * x, y), relu(-(x * x)) + y):
        f.backward()
        found = [gradient.data for gradient in grad(f, [x, y])]
        assert found == [x.grad, y.grad] == [0.0, 1.0]
        f.zero_grad()


def test_the_second_derivative_is_a_number(case: Case) -> None:
    _, x, f, slope = case
    [first] = grad(f, [x])
    [second] = grad(first, [x])
    assert not math.isnan(second.data) or math.isinf(slope)


def test_a_program(case: Case) -> None:
    function, x, _, slope = case
    number, x.data = x.data, 1.5
    with np.errstate(all="raise"):
        as_input = Program(function(x), inputs=[x]).jacobian([[number], [1.5]])
        other = Value(0.0)
        program = Program(function(x) + other, inputs=[other], parameters=[x])
        _, as_parameter = program.gradient([[0.0]], np.array([number]))
    assert as_input[0, 0, 0] == pytest.approx(slope)
    assert as_parameter[0] == pytest.approx(slope)
    assert np.isfinite(as_input[1]).all()


def test_the_slope_along_a_vector(case: Case) -> None:
    function, x, _, slope = case
    number, x.data = x.data, 1.5
    other = Value(0.0)
    program = Program(function(x) + other, inputs=[other], parameters=[x])
    found = program.hessian_product([[0.0]], [1.0], np.array([number]))
    assert not np.isnan(found).any() or math.isinf(slope)


def test_a_page(case: Case) -> None:
    function, x, f, slope = case
    [leaf] = [value.index for value in trace(f).values if value.label == "x"]
    assert gradient_on_page(f, leaf, x.data) == pytest.approx(slope)
    number, x.data = x.data, 1.5
    assert gradient_on_page(function(x), leaf, number) == pytest.approx(slope)


def gradient_on_page(f: Value, leaf: int, number: float) -> float:
    """What the page of a circuit has as gradient of a leaf that is given a number."""
    program = program_of(viz.page(f))
    changed = f"start.map((x, index) => (index === {leaf} ? {number!r} : x))"
    gradient: float = run(program, f"compute({changed}).grad[{leaf}]")
    return gradient


def test_honest_infinities_stay() -> None:
    """0 · ∞ where no branch is: √x² has no slope at 0, and nan says so."""
    x = Value(0.0)
    (sqrt(x) * sqrt(x)).backward()
    small = Value(-1000.0)
    logsumexp([small, 0.0]).backward(INF)  # no router: its local gradient has underflowed
    assert math.isnan(x.grad) and math.isnan(small.grad)


def test_nothing_is_added_to_a_network() -> None:
    """Derivative circuits of ordinary networks have the gates that they had."""
    weights = [Value(0.5), Value(-0.25)]
    x = Value(2.0)
    hidden = relu(dot(weights, [x, 1.0]))
    [slope] = grad((hidden - 1.0) ** 2, [weights[0]])
    assert "where" not in {step.gate for step in trace(slope).forward}
