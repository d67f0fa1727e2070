import math
import re
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given
from oracles.circuits import Circuit, apply, circuits, evaluated, in_engine, property_test
from oracles.samples import SAMPLES

from autograd_core import (
    GATES,
    Check,
    GradientCheck,
    Value,
    absolute,
    dot,
    gate,
    gradcheck,
    maximum,
    relu,
    step,
    where,
)

WithFactor = Callable[..., Check]


@pytest.fixture
def wrong_gate() -> WithFactor:
    """A square whose gradient is wrong by a chosen factor."""
    factor = [1.0]

    @gate(
        "wrong", pattern="chain: wrong", local_gradients=[lambda math, out, x: 2.0 * x * factor[0]]
    )
    def wrong(math: Any, x: Any) -> Any:
        """x²."""
        return x * x

    def with_factor(number: float, step: float | None = None) -> Check:
        factor[0] = number
        return gradcheck(wrong, [1.5], step=step).checks[0]

    return with_factor


@pytest.mark.parametrize(
    ("factor", "verdict", "passes"),
    [
        (1.0, "good", True),
        (1.0 + 1e-6, "acceptable", True),
        (1.0 + 9e-5, "acceptable", True),
        (1.0 + 1e-3, "suspicious", False),
        (1.0 + 9e-3, "suspicious", False),
        (1.02, "wrong", False),
        (-1.0, "wrong", False),
        (0.0, "wrong", False),
        (math.inf, "wrong", False),
        (math.nan, "wrong", False),
    ],
)
def test_a_wrong_gate_is_found(
    wrong_gate: WithFactor, factor: float, verdict: str, passes: bool
) -> None:
    check = wrong_gate(factor)
    assert check.verdict == verdict
    assert bool(GradientCheck((check,), "centred", 2)) is passes
    if math.isfinite(factor):
        wanted = abs(factor - 1.0) / max(abs(factor), 1.0)
        assert check.relative_error == pytest.approx(wanted, abs=1e-8)
    else:
        assert check.relative_error == math.inf


@pytest.mark.parametrize("name", GATES)
@pytest.mark.parametrize("method", ["centred", "forward"])
def test_the_gradients_of_every_gate_pass(name: str, method: Literal["centred", "forward"]) -> None:
    count = 1 if name == "polygamma" else 0  # an order is whole
    fixed, free = SAMPLES[name][:count], SAMPLES[name][count:]
    result = gradcheck(lambda *xs: apply(name, (*fixed, *xs)) * 1.5, free, method=method)
    assert result
    assert result.method == method
    assert result.worst < (1e-7 if method == "centred" else 1e-4)


@property_test(40)
@given(circuits(gates=10))
def test_the_gradients_of_random_circuits_pass(circuit: Circuit) -> None:
    def function(*leaves: Value) -> Value:
        output: Value = evaluated(circuit, leaves, apply)[-1]
        return output

    try:
        result = gradcheck(function, circuit.leaves)
    except (ValueError, ZeroDivisionError):
        return  # the step leaves a domain
    leaves, output = in_engine(circuit, operators=False)
    output.backward()
    assert [check.analytic for check in result.checks] == [leaf.grad for leaf in leaves]
    for check in result.checks:
        assert check.verdict != "wrong" or abs(check.analytic) > 1e6


@pytest.mark.parametrize(
    ("function", "number"),
    [
        (Value.log, 1e-6),
        (lambda x: 1 / x, 1e-6),
        (Value.sqrt, 1e-4),
        (Value.sin, 1e8),
        (lambda x: x**3, 0.0),
    ],
)
def test_right_gradients_pass_where_functions_change_fast_or_stand_still(
    function: Callable[..., Any], number: float
) -> None:
    assert gradcheck(function, [number])


def test_centred_differences_are_better_than_forward_ones() -> None:
    def function(x: Value) -> Value:
        return x.exp() * x.sin()

    centred = gradcheck(function, [1.3]).worst
    forward = gradcheck(function, [1.3], method="forward").worst
    assert centred < 1e-9 < forward < 1e-6


@pytest.mark.parametrize(("method", "evaluations"), [("centred", 6), ("forward", 4)])
def test_evaluations_are_counted(method: Literal["centred", "forward"], evaluations: int) -> None:
    calls = []

    def function(x: Value, y: Value, z: Value) -> Value:
        calls.append((x.data, y.data, z.data))
        return x * y + z

    result = gradcheck(function, [1.0, 2.0, 3.0], method=method)
    assert result.evaluations == evaluations
    # the analytic gradient needs the circuit at the point itself, once
    assert len(calls) == evaluations + (1 if method == "centred" else 0)
    assert (1.0, 2.0, 3.0) in calls
    assert f"{method} differences, {evaluations} evaluations" in str(result)


def test_the_numbers_are_the_textbooks() -> None:
    [check] = gradcheck(lambda x: x**3, [2.0], step=0.5).checks
    assert (check.at, check.step, check.analytic) == (2.0, 0.5, 12.0)
    assert check.numeric == ((2.5**3) - (1.5**3)) / 1.0
    assert check.relative_error == pytest.approx(0.25 / 12.25, rel=1e-12)
    [check] = gradcheck(lambda x: x**3, [2.0], step=0.5, method="forward").checks
    assert check.numeric == ((2.5**3) - (2.0**3)) / 0.5


@pytest.mark.parametrize("number", [1e-8, 1.0, 1e4, 1e12, -1e150])
def test_the_step_grows_with_the_number(number: float) -> None:
    [check] = gradcheck(lambda x: x * 3.0, [number]).checks
    assert number + check.step != number
    assert (number + check.step) - number == check.step
    assert check.verdict == "good"


@pytest.mark.parametrize(
    ("function", "point", "kinks"),
    [
        (relu, 1e-9, ("relu",)),
        (relu, 0.0, ("relu",)),
        (relu, 0.5, ()),
        (absolute, -1e-9, ("absolute",)),
        (lambda x: maximum(x, 2.0), 2.0, ("maximum",)),
        (lambda x: maximum(x, 2.0), 2.1, ()),
        (step, 1e-9, ("step",)),
        (lambda x: x.leaky_relu() + relu(x), 0.0, ("leaky_relu", "relu")),
        (lambda x: where(x.greater(1.0), x, 2.0 * x), 1.0, ("greater", "where")),
        (lambda x: x * 2 if x > 1.0 else x * 3 + 1.0, 1.0, ("a branch in the function",)),
    ],
)
def test_kinks_within_the_step_are_named(
    function: Callable[..., Any], point: float, kinks: tuple[str, ...]
) -> None:
    result = gradcheck(function, [point])
    [check] = result.checks
    assert set(check.kinks) == set(kinks)
    assert bool(result)
    for name in kinks:
        assert name in str(result)
    if kinks:
        assert check.verdict in ("kink", "good", "acceptable")


def test_a_branch_that_only_wires_the_same_gates_otherwise_is_named() -> None:
    result = gradcheck(lambda x, y: max(x, y) * 2.0 + x * y, [1.0, 1.0])
    assert [check.kinks for check in result.checks] == [("a branch in the function",)] * 2
    assert bool(result)


def test_a_kink_does_not_excuse_a_wrong_gradient_elsewhere(wrong_gate: WithFactor) -> None:
    def function(x: Value, y: Value) -> Value:
        return relu(x) + GATES["wrong"](y)

    wrong_gate(1.5)
    result = gradcheck(function, [1e-9, 2.0])
    assert [check.verdict for check in result.checks] == ["kink", "wrong"]
    assert not result


@pytest.mark.parametrize("size", [1e8, 1e10, 1e12])
def test_rounding_excuses_no_more_than_it_explains(wrong_gate: WithFactor, size: float) -> None:
    """f(x ± h) is off by half the spacing of floats, the difference quotient so by ulp / 2h."""
    wrong_gate(1.0)

    def function(x: Value) -> Any:
        return GATES["wrong"](x) * 1.0 + size

    [check] = gradcheck(function, [1.5]).checks
    explained = math.ulp(size) / (2.0 * check.step)
    slope = 3.0
    wrong_gate(1.0 + 20.0 * explained / slope)
    assert not gradcheck(function, [1.5])
    wrong_gate(1.0 + 0.5 * explained / slope)
    assert gradcheck(function, [1.5])


def test_rounding_that_later_gates_enlarge_is_an_excuse() -> None:
    [check] = gradcheck(lambda x: ((x * 1e-3 + 1e6) - 1e6) * 1e3, [1.3]).checks
    assert check.verdict == "rounding"


def test_large_numbers_that_do_not_reach_the_output_are_no_excuse(
    wrong_gate: WithFactor,
) -> None:
    wrong_gate(1.02)
    assert not gradcheck(lambda x: GATES["wrong"](x) + (x * 1e12).sigmoid(), [1.5])


def test_the_rounding_of_long_sums_is_an_excuse() -> None:
    weights = [1e5 * (-1) ** place for place in range(1000)]
    [check] = gradcheck(lambda x: dot([1e-6, *weights], [x] + [1.7] * 1000), [1.0]).checks
    assert check.verdict in ("rounding", "good", "acceptable")


def test_a_difference_that_rounding_hides_is_no_error() -> None:
    [check] = gradcheck(lambda x: x * 1e-9 + 1e6, [1.0]).checks
    assert check.verdict in ("rounding", "good", "acceptable")
    assert gradcheck(lambda x: x * 1e-9 + 1e6, [1.0])


def test_an_irrelevant_input_has_gradient_zero() -> None:
    result = gradcheck(lambda x, y: x * 2.0, [1.0, 2.0])
    assert [(check.analytic, check.numeric) for check in result.checks] == [
        (2.0, pytest.approx(2.0)),
        (0.0, 0.0),
    ]
    assert result.checks[1].relative_error == 0.0


def test_names_come_from_keywords_labels_or_places() -> None:
    by_keyword = gradcheck(lambda w, b: w * b, {"w": 1.0, "b": 2.0})
    assert [check.name for check in by_keyword.checks] == ["w", "b"]
    by_label = gradcheck(lambda a, b: a * b, [Value(1.0, "alpha"), 2.0])
    assert [check.name for check in by_label.checks] == ["alpha", "input 1"]


def test_values_are_read_and_never_changed() -> None:
    x = Value(2.0, "x")
    x.grad = 7.0
    gradcheck(lambda x: x * x, [x])
    assert (x.data, x.grad, x.label) == (2.0, 7.0, "x")


def test_no_inputs() -> None:
    result = gradcheck(lambda: Value(1.0), [])
    assert result
    assert (result.checks, result.worst, result.evaluations) == ((), 0.0, 0)
    assert str(result)


def test_inputs_are_numbers_of_all_kinds() -> None:
    assert gradcheck(lambda a, b: a * b, [np.float32(1.5), 2])
    assert gradcheck(lambda a, b: a * b, (True, np.array(2.0)))


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: gradcheck(lambda x: 3.0, [1.0]), TypeError, "3.0"),  # type: ignore[arg-type, return-value]
        (lambda: gradcheck(lambda x: None, [1.0]), TypeError, "None"),  # type: ignore[arg-type, return-value]
        (lambda: gradcheck(lambda x: [x], [1.0]), TypeError, "Value"),  # type: ignore[arg-type, return-value]
        (lambda: gradcheck(relu, ["1"]), TypeError, "text"),
        (lambda: gradcheck(relu, [1.0], method="backward"), ValueError, "'backward'"),  # type: ignore[arg-type]
        (lambda: gradcheck(relu, [1.0], step=0.0), ValueError, "0.0"),
        (lambda: gradcheck(relu, [1.0], step=-1e-5), ValueError, "-1e-05"),
        (lambda: gradcheck(relu, [1.0], step=math.nan), ValueError, "nan"),
        (lambda: gradcheck(relu, [1.0], step=math.inf), ValueError, "inf"),
        (
            lambda: gradcheck(Value.sqrt, [0.0]),
            ValueError,
            "no difference can be taken at input 0 = 0.0",
        ),
        (lambda: gradcheck(Value.log, 1.0), TypeError, "[1.0]"),  # type: ignore[arg-type]
    ],
)
def test_wrong_use(call: Callable[..., Any], error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=re.escape(text)):
        call()


def test_a_step_too_small_to_be_seen_is_no_agreement() -> None:
    assert not gradcheck(lambda x: x * 2.0, [1e10], step=1e-9)


def test_it_prints_as_an_aligned_table() -> None:
    lines = str(gradcheck(lambda x, long_name: x * long_name, {"x": 1.0, "long_name": 2.0})).split(
        "\n"
    )
    assert lines[0].split() == [
        "input",
        "at",
        "analytic",
        "numeric",
        "relative",
        "error",
        "verdict",
    ]
    assert len({line.index("good") for line in lines[1:3]} | {lines[0].index("verdict")}) == 1


def test_rounding_excuses_no_more_than_rounding(wrong_gate: WithFactor) -> None:
    assert wrong_gate(1.0 + 1e-3, step=1e-10).verdict == "suspicious"
    assert wrong_gate(1.0 + 1e-3, step=1e-13).verdict == "rounding"


def test_the_difference_is_divided_by_the_step_that_was_taken() -> None:
    """1e6 + 1e-4 is no float."""
    [check] = gradcheck(lambda x: x * 1.0, [1e6], step=1e-4).checks
    assert (check.numeric, check.relative_error) == (1.0, 0.0)
    assert check.step == (1e6 + 1e-4) - 1e6 != 1e-4


@pytest.mark.parametrize(("number", "kinks"), [(0.5, ("relu",)), (1.0, ("relu",)), (1.5, ())])
def test_a_kink_at_the_end_of_the_step_lies_within(number: float, kinks: tuple[str, ...]) -> None:
    assert gradcheck(relu, [number], step=1.0).checks[0].kinks == kinks
