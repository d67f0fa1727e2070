import numpy as np
import pytest
from oracles.plans import plan_of, shared, varying

from autograd_core import Program, Value, log, sqrt


def test_equal_gates_are_computed_once() -> None:
    x, y = Value(0.5), Value(1.5)
    outputs = [(x * y).exp() + (y * x).exp() * (x * y).exp(), (x * y).sin(), (y * x).sin()]
    found = plan_of(outputs, [x, y], gradient=False)
    assert varying(found) == {"multiply": 2, "exp": 1, "add": 1, "sin": 1}
    numbers = Program(outputs, [x, y])([[2.0, 0.25]])[0]
    assert numbers.tolist() == pytest.approx([np.exp(0.5) + np.e, np.sin(0.5), np.sin(0.5)])


def test_operands_of_gates_that_do_not_commute_keep_their_order() -> None:
    x, y = Value(0.5), Value(1.5)
    program = Program([x - y, y - x, x / y, y / x, x**y, y**x], [x, y])
    assert program([[2.0, 3.0]]).tolist() == [[-1.0, 1.0, 2 / 3, 1.5, 8.0, 9.0]]


def test_what_depends_on_constants_alone_is_computed_at_compilation() -> None:
    x = Value(0.5)
    slope = (2.0 * x) * 3.0
    found = plan_of([slope], [x])
    assert not shared(found)
    program = Program(x + (x - x) * 0.0, [x])
    assert program([[7.0], [np.inf]]).tolist() == pytest.approx([7.0, np.nan], nan_ok=True)


def test_a_factor_of_one_is_no_gate_and_of_minus_one_a_sign() -> None:
    x = Value(0.5)
    outputs = [1.0 * x.exp(), x.exp() * -1.0, 0.0 - x]
    assert varying(plan_of(outputs, [x], gradient=False)) == {"exp": 1, "negate": 1, "subtract": 1}
    assert Program(outputs, [x])([[0.0]]).tolist() == [[1.0, -1.0, 0.0]]


def test_zero_times_infinity_is_not_simplified_away() -> None:
    x = Value(1.0)
    assert np.isnan(Program(x * 0.0, [x])([[np.inf]])).all()


def test_zeros_keep_their_signs() -> None:
    x = Value(1.0)
    outputs = [(x * 0.0) * -1.0, (x * -0.0) * 1.0, x * 0.0]
    signs = np.signbit(Program(outputs, [x])([[1.0]]))
    assert signs.tolist() == [[True, True, False]]


def test_what_depends_on_parameters_alone_is_computed_once_for_all_lanes() -> None:
    w, x = Value(2.0), Value(1.0)
    found = plan_of([log(w * w).tanh() * x], [x], gradient=False)
    assert varying(found) == {"multiply": 1}
    assert shared(found)["log"] == shared(found)["tanh"] == 1


def test_a_constant_outside_a_domain_fails_when_it_is_computed() -> None:
    x = Value(1.0, "x")
    y = sqrt(x - 1.0)  # its slope, 1 / (2 √(x − 1)), is inf where it was recorded
    assert Program(y, [x]).input_gradients([[5.0], [1.0]]).tolist() == [[0.25], [np.inf]]
