import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from mpmath import mp, mpf
from oracles import hips
from oracles.circuits import (
    Circuit,
    analysed,
    apply,
    as_circuit,
    circuits,
    exactly,
    in_engine,
    property_test,
)
from oracles.jets import Jet
from oracles.rounding import agrees
from oracles.samples import SAMPLES
from oracles.textbook import DEFINITIONS

from autograd_core import (
    GATES,
    Value,
    absolute,
    dot,
    exp,
    grad,
    maximum,
    power,
    relu,
    sigmoid,
    sqrt,
    step,
    total,
    trace,
)


def rounding_errors(output: Value, leaves: list[Value]) -> list[mpf]:
    """How far rounding may carry the gradients of a circuit, by the label of the leaf."""
    circuit, labels = as_circuit(output)
    errors = analysed(circuit).gradient_errors()
    found = dict(zip(labels, errors, strict=False))
    return [found.get(leaf.label, mpf(0)) for leaf in leaves]


@property_test(60)
@given(circuits())
def test_grad_equals_backward(circuit: Circuit) -> None:
    leaves, output = in_engine(circuit)
    gradients = grad(output, leaves)
    assert {leaf.grad for leaf in leaves} == {0.0}
    output.backward()
    errors = analysed(circuit).gradient_errors()
    for leaf, gradient, error in zip(leaves, gradients, errors, strict=False):
        assert agrees(gradient.data, mpf(leaf.grad), error)


def assert_second_derivatives_are_exact(circuit: Circuit) -> None:
    leaves, output = in_engine(circuit, operators=False)
    exact = exactly(circuit)
    for i, gradient in enumerate(grad(output, leaves)):
        errors = rounding_errors(gradient, leaves)
        for j, second in enumerate(grad(gradient, leaves)):
            truth = exact.curvatures.get((min(i, j), max(i, j)), mpf(0))
            assert agrees(second.data, truth, errors[j]), (i, j)


@property_test(150)
@given(circuits(gates=15, leaves=3))
def test_second_derivatives_of_random_circuits_are_exact_to_rounding(circuit: Circuit) -> None:
    assert_second_derivatives_are_exact(circuit)


@property_test(80)
@given(circuits(gates=8, leaves=3, extreme=True))
def test_second_derivatives_over_extreme_numbers_are_exact_to_rounding(circuit: Circuit) -> None:
    assert_second_derivatives_are_exact(circuit)


@property_test(30)
@given(circuits(gates=10, leaves=3))
def test_second_derivatives_equal_those_of_hips_autograd(circuit: Circuit) -> None:
    leaves, output = in_engine(circuit)
    matrix = hips.second_derivatives(circuit)
    for gradient, row in zip(grad(output, leaves), matrix, strict=True):
        errors = rounding_errors(gradient, leaves)
        for second, other, error in zip(grad(gradient, leaves), row, errors, strict=True):
            assert agrees(second.data, other, 100 * error)


@pytest.mark.parametrize("name", GATES)
def test_second_derivatives_of_every_gate(name: str) -> None:
    leaves = [Value(x) for x in SAMPLES[name]]
    jet = DEFINITIONS[name](*[Jet.variable(x, at) for at, x in enumerate(SAMPLES[name])])
    for i, gradient in enumerate(grad(apply(name, leaves), leaves)):
        assert gradient.data == pytest.approx(float(jet.slopes.get(i, 0)), rel=1e-14)
        for j, second in enumerate(grad(gradient, leaves)):
            truth = float(jet.curvatures.get((min(i, j), max(i, j)), 0))
            assert second.data == pytest.approx(truth, rel=1e-13, abs=1e-16)


@pytest.mark.parametrize("name", [name for name in GATES if len(SAMPLES[name]) == 1])
def test_fourth_derivatives_of_gates_of_one_operand(name: str) -> None:
    number = SAMPLES[name][0]
    x = Value(number)
    derivative = apply(name, [x])
    for _ in range(4):
        [derivative] = grad(derivative, [x])
    with mp.workdps(60):
        function = DEFINITIONS[name]
        truth = mp.diff(lambda at: getattr(function(Jet(at)), "value", at), mpf(number), 4)
    assert derivative.data == pytest.approx(float(truth), rel=1e-11, abs=1e-13)


def test_a_power_is_differentiated_to_the_end() -> None:
    x = Value(3.0)
    derivative = x**3
    found = []
    for _ in range(4):
        [derivative] = grad(derivative, [x])
        found.append(derivative.data)
    assert found == [27.0, 18.0, 6.0, 0.0]


def test_a_hessian_vector_product() -> None:
    x, y = Value(2.0), Value(3.0)
    first = grad(x * x * y + y * y * y, [x, y])
    product = dot(first, [10.0, 100.0])
    assert [g.data for g in grad(product, [x, y])] == [6 * 10 + 4 * 100, 4 * 10 + 18 * 100]


def test_the_adjoint_of_a_shared_value_is_one_dot_gate() -> None:
    x = Value(2.0)
    [gradient] = grad(x.exp() + x.sin() + x * x, [x])
    assert gradient.gate is GATES["dot"]
    assert len(gradient.operands) == 2 * 4
    a, b = Value(2.0), Value(3.0)
    [scaled] = grad((a * b).exp(), [a])
    assert scaled.gate is GATES["multiply"]


def test_irrelevant_inputs_have_gradient_zero() -> None:
    x, y = Value(2.0), Value(3.0)
    out = x * x
    gradients = grad(out, [y, x, y.exp()])
    assert [g.data for g in gradients] == [0.0, 4.0, 0.0]
    assert [g.data for g in grad(gradients[0], [x, y])] == [0.0, 0.0]
    with_step = step(x) * y
    assert [g.data for g in grad(with_step, [x, y])] == [0.0, 1.0]


def test_repeated_inputs_and_inputs_inside_the_circuit() -> None:
    x = Value(2.0)
    inner = x * x
    out = inner.exp() + inner
    slope = math.exp(4.0) + 1.0
    assert [g.data for g in grad(out, [x, inner, x, out])] == pytest.approx(
        [4.0 * slope, slope, 4.0 * slope, 1.0], rel=1e-15
    )


def test_the_gradient_of_a_value_to_itself_is_one() -> None:
    x = Value(2.0)
    assert [g.data for g in grad(x, [x])] == [1.0]
    assert grad(x * 3, []) == []


def test_gradients_are_values_of_their_own() -> None:
    x, y = Value(2.0, "x"), Value(3.0, "y")
    gradients = grad(x * y, [x, y, x])
    assert [g.data for g in gradients] == [3.0, 2.0, 3.0]
    gradients[0].label = "dx"
    assert (x.label, y.label) == ("x", "y")
    own = {id(v) for v in (x, y)}
    assert not own & {id(g) for g in gradients}
    [of_sum] = grad(x + y, [x])
    assert (of_sum.data, of_sum.gate) == (1.0, None)
    by_x, by_y = grad((x + y) ** 2, [x, y])
    assert by_x is not by_y and by_x.data == by_y.data == 10.0


def test_grad_touches_neither_gradients_nor_the_circuit() -> None:
    x = Value(2.0, "x")
    out = x.sin() * x
    before = trace(out)
    grad(grad(out, [x])[0], [x])
    assert trace(out) == before


def test_backward_through_a_derivative_circuit() -> None:
    x = Value(2.0)
    [slope] = grad(x**3, [x])
    slope.backward()
    assert x.grad == 12.0


@property_test(40)
@given(circuits(gates=15))
def test_a_derivative_circuit_is_evaluated_again_with_new_numbers(circuit: Circuit) -> None:
    leaves, output = in_engine(circuit, operators=False)
    gradients = grad(output, leaves)
    for leaf in leaves:
        leaf.data = leaf.data * 1.0625
    edited = type(circuit)(tuple(leaf.data for leaf in leaves), circuit.steps)
    try:
        fresh_leaves, fresh = in_engine(edited, operators=False)
        fresh_gradients = grad(fresh, fresh_leaves)
    except (ValueError, ZeroDivisionError):
        return
    for gradient, other in zip(gradients, fresh_gradients, strict=True):
        assert gradient.forward().data == pytest.approx(other.data, rel=1e-12, nan_ok=True)


@pytest.mark.parametrize("number", [-2.0, 3.0, 0.0])
def test_a_branch_is_taken_anew_when_a_derivative_is_evaluated_again(number: float) -> None:
    x = Value(1.5)
    functions: list[Callable[[Value], Value]] = [
        Value.relu,
        Value.absolute,
        lambda v: maximum(v, 1.0),
        Value.elu,
    ]
    slopes = [grad(function(x), [x])[0] for function in functions]
    x.data = number
    fresh = Value(number)
    for function, slope in zip(functions, slopes, strict=True):
        assert slope.forward().data == grad(function(fresh), [fresh])[0].data


@pytest.mark.parametrize(
    ("function", "first", "second"),
    [
        (lambda x: x**2, 0.0, 2.0),
        (lambda x: x**3, 0.0, 0.0),
        (lambda x: x**1, 1.0, 0.0),
        (lambda x: x**0, 0.0, 0.0),
        (lambda x: power(x, Value(1.0)), 1.0, 0.0),
        (lambda x: power(x, Value(0.0)), 0.0, 0.0),
        (lambda x: power(x, Value(2.0)), 0.0, 2.0),
        (lambda x: power(x, Value(3.0)), 0.0, 0.0),
        (absolute, 0.0, 0.0),
        (relu, 0.0, 0.0),
        (lambda x: x * abs(x), 0.0, 0.0),
    ],
)
def test_derivatives_at_zero(function: Callable[..., Any], first: float, second: float) -> None:
    x = Value(0.0)
    [slope] = grad(function(x), [x])
    assert slope.data == first
    assert grad(slope, [x])[0].data == second


@pytest.mark.parametrize("zero", [0.0, -0.0])
@pytest.mark.parametrize(
    ("function", "derivatives"),
    [
        (sqrt, [math.inf, -math.inf, math.inf]),
        (lambda x: x**0.5, [math.inf, -math.inf, math.inf]),
        (lambda x: power(x, Value(0.5)), [math.inf, -math.inf, math.inf]),
        (lambda x: x**1.5, [0.0, math.inf, -math.inf]),
        (lambda x: power(x, Value(1.5)), [0.0, math.inf, -math.inf]),
        (lambda x: x**2.5, [0.0, 0.0, math.inf]),
        (lambda x: power(x, Value(3.0)), [0.0, 0.0, 6.0]),
    ],
)
def test_derivatives_of_powers_at_zero_are_limits_from_the_right(
    function: Callable[..., Any], derivatives: list[float], zero: float
) -> None:
    x = Value(zero)
    derivative = function(x)
    for limit in derivatives:
        [derivative] = grad(derivative, [x])
        assert derivative.data == limit


@pytest.mark.parametrize("function", [sqrt, lambda x: x**0.5, lambda x: power(x, Value(0.5))])
def test_the_slope_of_a_root_at_zero_is_infinite(function: Callable[..., Any]) -> None:
    x = Value(0.0)
    [slope] = grad(function(x), [x])
    assert slope.data == math.inf
    x.data = 4.0
    assert slope.forward().data == 0.25
    x.data = 0.0
    assert slope.forward().data == math.inf


def test_the_gradient_to_the_exponent_of_zero_and_of_a_negative_base() -> None:
    y = Value(2.0)
    assert grad(power(0.0, y), [y])[0].data == 0.0
    assert grad(power(Value(0.0), y), [y])[0].data == 0.0
    assert math.isnan(grad(power(-3.0, y), [y])[0].data)
    x = Value(-3.0)
    assert grad(power(x, y), [x])[0].data == -6.0
    assert grad(grad(power(x, y), [x])[0], [x])[0].data == 2.0


def test_saturated_gates_have_derivative_circuits() -> None:
    for number in (1000.0, -1000.0):
        for function in (sigmoid, Value.tanh, Value.softplus, Value.elu):
            x = Value(number)
            [slope] = grad(function(x), [x])
            assert slope.data in (0.0, 1.0)
            assert grad(slope, [x])[0].data == 0.0


def test_a_deep_derivative_circuit_needs_no_recursion() -> None:
    x = Value(0.5)
    out = x
    for _ in range(5_000):
        out = out.sin() + 0.5
    [slope] = grad(out, [x])
    out.backward()
    assert slope.data == x.grad


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("grad(x, x)", r"grad\(y, \[x\]\)"),
        ("grad(x, (v for v in [x]))", r"grad\(y, \[x\]\)"),
        ("grad(x, [x, 2.0])", "2.0"),
        ("grad(x, 'x')", "'x'"),
        ("grad(3.0, [x])", "3.0"),
        ("grad([x], [x])", "not"),
        ("grad(None, [x])", "None"),
    ],
)
def test_wrong_use_is_a_type_error(call: str, text: str) -> None:
    with pytest.raises(TypeError, match=text):
        eval(call, {"grad": grad, "x": Value(2.0)})


def test_inputs_may_be_any_sequence() -> None:
    x = Value(2.0)
    assert [g.data for g in grad(exp(x), (x,))] == [math.exp(2.0)]
    assert [g.data for g in grad(total([x, x]), [x])] == [2.0]
