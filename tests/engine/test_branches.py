"""A branch that was not taken contributes nothing: 0 · ∞ is not formed, through any door."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from javascript import program_of, run
from mpmath import mp, mpf

import viz
from autograd_core import (
    GATES,
    Program,
    Value,
    absolute,
    acos,
    acosh,
    dot,
    equal,
    exp,
    explain,
    gate,
    grad,
    greater,
    log,
    logsumexp,
    maximum,
    minimum,
    no_grad,
    relu,
    sin,
    sqrt,
    staged_code,
    step,
    total,
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


# Branches given as functions: only the one that is taken is evaluated

LAZY: dict[str, tuple[Callable[[Any], Value], Callable[[Any], Any]]] = {
    # each a function of one number, and the same function in mpmath
    "a root on both sides": (
        lambda x: where(greater(x, 0.0), lambda: sqrt(x), lambda: sqrt(-x)),
        lambda x: mp.sqrt(x) if x > 0 else mp.sqrt(-x),
    ),
    "a logarithm": (
        lambda x: where(greater(x, 0.0), lambda: log(x), lambda: x * x),
        lambda x: mp.log(x) if x > 0 else x * x,
    ),
    "a quotient": (
        lambda x: where(equal(x, 0.0), 1.0, lambda: sin(x) / x),
        lambda x: mp.sinc(x),
    ),
    "a quotient of a comparison": (
        lambda x: where(greater(x, 1.0), lambda: x / greater(x, 1.0), lambda: 3.0 * x),
        lambda x: x if x > 1 else 3 * x,
    ),
    "a power": (
        lambda x: where(greater(x, 0.0), lambda: x**0.5 * x, lambda: -((-x) ** 1.5)),
        lambda x: mp.sign(x) * abs(x) ** mpf(1.5),
    ),
    "branches in branches": (
        lambda x: where(
            greater(x, 0.0),
            lambda: where(greater(x * x, 4.0), lambda: log(x - 2.0), lambda: sqrt(2.0 - x)),
            lambda: where(greater(x * x, 4.0), lambda: log(-2.0 - x), lambda: sqrt(x + 2.0)),
        ),
        lambda x: mp.log(abs(x) - 2) if x * x > 4 else mp.sqrt(2 - abs(x)),
    ),
    "an angle": (
        lambda x: where(greater(1.0, absolute(x)), lambda: acos(x), lambda: acosh(absolute(x))),
        lambda x: mp.acos(x) if abs(x) < 1 else mp.acosh(abs(x)),
    ),
    "a router inside": (
        lambda x: where(greater(x, 0.0), lambda: log(relu(x)), lambda: maximum(x, -1.0)),
        lambda x: mp.log(x) if x > 0 else max(x, mpf(-1)),
    ),
    "a value that others use, too": (
        lambda x: (
            lambda y: where(greater(y, 1.0), lambda: 1.0 / (y - 1.0), lambda: sqrt(1.0 - y)) * y
        )(exp(x)),
        lambda x: mp.exp(x) * (1 / mp.expm1(x) if x > 0 else mp.sqrt(1 - mp.exp(x))),
    ),
}
AT = [-7.0, -3.0, -1.5, -0.75, -0.3, 0.4, 0.9, 1.25, 1.75, 5.0]

LazyCase = tuple[Callable[[Value], Value], Callable[[Any], Any]]


@pytest.fixture(params=LAZY.values(), ids=list(LAZY))
def lazy(request: pytest.FixtureRequest) -> LazyCase:
    case: LazyCase = request.param
    return case


def derivatives(function: Callable[[Any], Any], number: float) -> list[float]:
    """The function and its first two derivatives."""
    with mp.workdps(60):
        return [float(mp.diff(function, mpf(number), order)) for order in range(3)]


def near(expected: float | list[float]) -> Any:
    return pytest.approx(expected, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("number", AT)
def test_functions_as_branches(lazy: LazyCase, number: float) -> None:
    function, definition = lazy
    x = Value(number, "x")
    f = function(x)
    f.backward()
    [first] = grad(f, [x])
    [second] = grad(first, [x])
    expected = derivatives(definition, number)
    assert [f.data, first.data, second.data] == near(expected)
    assert x.grad == near(expected[1])
    namespace: dict[str, Any] = {}
    exec(staged_code(f), namespace)
    assert namespace["dx"] == near(expected[1])
    assert explain(f)
    assert viz.draw(f).svg


def test_functions_as_branches_with_other_numbers(lazy: LazyCase) -> None:
    """The circuit holds both branches, whichever was taken first."""
    function, definition = lazy
    for start in (-3.0, 5.0):
        x = Value(start, "x")
        f = function(x)
        [first] = grad(f, [x])
        [second] = grad(first, [x])
        for number in AT:
            x.data = number
            found = [value.forward().data for value in (f, first, second)]
            assert found == near(derivatives(definition, number))


def test_functions_as_branches_in_programs(lazy: LazyCase) -> None:
    """Each example receives its own branch: no error and no nan of the others."""
    function, definition = lazy
    x, w = Value(5.0), Value(0.0)
    f = function(x + w)
    expected = [derivatives(definition, number) for number in AT]
    batch = [[number] for number in AT]
    program = Program(f, inputs=[x])
    assert program(batch).tolist() == near([each[0] for each in expected])
    assert program.jacobian(batch).ravel().tolist() == near([each[1] for each in expected])
    _, gradient = program.gradient(batch, reduction="sum")
    assert gradient.tolist() == near([sum(each[1] for each in expected)])
    curvature = program.hessian_product(batch, [1.0]).tolist()
    assert curvature == near([sum(each[2] for each in expected) / len(AT)])
    program.check(batch, lambda x: function(x + w))


def test_functions_as_branches_on_a_page(lazy: LazyCase) -> None:
    function, definition = lazy
    f = function(Value(5.0, "x"))
    [leaf] = [value.index for value in trace(f).values if value.label == "x"]
    for number in AT:
        assert gradient_on_page(f, leaf, number) == near(derivatives(definition, number)[1])


def test_a_branch_that_no_gate_can_refuse_is_recorded_as_it_stands() -> None:
    x = Value(-4.0)
    f = where(greater(x, 0.0), lambda: exp(x) * x / 2.0, lambda: x**2 + total([x, x]))
    assert [step.gate for step in trace(f).forward].count("where") == 1


def test_a_condition_that_is_no_value_calls_one_function() -> None:
    def power(x: Value, n: int) -> Any:
        return where(n > 0, lambda: x * power(x, n - 1), 1.0)

    x = Value(3.0)
    assert power(x, 4).data == 81.0
    assert where(x > 5.0, lambda: sqrt(-x), x) is x
    assert where(1.0, lambda: 2, lambda: 1 / 0) == 2.0
    with pytest.raises(ValueError, match="square root"):
        where(True, lambda: sqrt(-x), x)


def test_without_recording_one_function_is_called() -> None:
    x = Value(-4.0)
    with no_grad():
        found = where(greater(x, 0.0), lambda: 1 / 0, lambda: sqrt(-x))
    assert (found.data, found.gate) == (2.0, None)


def test_the_branch_that_is_taken_may_still_refuse() -> None:
    x = Value(-4.0, "x")
    for wrong in (lambda: sqrt(x), lambda: log(x * 2.0)):
        with pytest.raises(ValueError, match=r"needs a number|no real square root"):
            where(greater(0.0, x), wrong, 1.0)
    assert (1.0 / Value(2.0)).data == 0.5  # the mask ends with the function
    with pytest.raises(ZeroDivisionError):
        1.0 / Value(0.0)


def test_a_branch_is_a_number_or_a_value() -> None:
    x = Value(1.0)
    branches: list[Any] = [lambda: "text", lambda: None, lambda: [x]]
    for wrong in branches:
        with pytest.raises(TypeError, match="where"):
            where(greater(x, 0.0), wrong, 1.0)
        with pytest.raises(TypeError, match="where"):
            where(True, wrong, 1.0)


def test_a_gate_of_a_users_own_is_spared_numbers_of_the_other_branch() -> None:
    @gate(
        "root",
        pattern="the slope of the curve",
        local_gradients=[lambda math, out, x: 0.5 / out],
    )
    def own_root(math: Any, x: Any) -> Any:
        """The square root, without a domain: the number system refuses."""
        return math.sqrt(x)

    try:
        x = Value(-4.0)
        f = where(greater(x, 0.0), lambda: own_root(x), lambda: own_root(-x))
        f.backward()
        assert (f.data, x.grad) == (2.0, -0.25)
        assert Program(f, inputs=[x])([[-4.0], [9.0]]).tolist() == [2.0, 3.0]
    finally:
        del GATES["own_root"]


@pytest.mark.parametrize("first", [lambda x: sqrt(x), lambda x: 1.0 / (x + 4.0)])
def test_an_error_in_a_branch_that_is_not_taken_says_so(first: Callable[[Value], Value]) -> None:
    x = Value(9.0, "x")
    f = where(greater(x, 0.0), first(x), x * 2.0)
    x.data = -4.0
    with pytest.raises((ValueError, ZeroDivisionError), match=r"not taken.*lambda") as refusal:
        f.forward()
    assert f.data == first(Value(9.0)).data
    with pytest.raises((ValueError, ZeroDivisionError), match=r"not taken.*lambda") as told:
        Program(f, inputs=[x])([[1.0], [-4.0]])
    assert "example 1" in str(told.value)
    assert type(told.value) is type(refusal.value)


def test_an_error_in_a_branch_that_is_taken_does_not_say_so() -> None:
    x = Value(9.0, "x")
    root = sqrt(x)
    for f in (where(greater(x, -9.0), root, x), where(greater(x, 0.0), root, x) + root):
        x.data = -4.0
        for evaluate in (f.forward, lambda f=f: Program(f, inputs=[x])([[-4.0]])):
            with pytest.raises(ValueError, match="square root") as refusal:
                evaluate()
            assert "not taken" not in str(refusal.value)
        x.data = 9.0
