import asyncio
import copy
import gc
import math
import sys
import weakref
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from oracles import hips
from oracles.circuits import (
    OPERATORS,
    Circuit,
    analysed,
    apply,
    circuits,
    exactly,
    in_engine,
    property_test,
)
from oracles.rounding import agrees
from oracles.samples import SAMPLES

from autograd_core import GATES, Value, compiled, dot, exp, no_grad, sigmoid, total


def assert_gradients_are_exact(circuit: Circuit, operators: bool = True) -> None:
    leaves, output = in_engine(circuit, operators)
    output.backward()
    analysis = analysed(circuit)
    exact = exactly(circuit)
    errors = analysis.gradient_errors()
    assert agrees(output.data, exact.value, analysis.errors[-1])
    for place, leaf in enumerate(leaves):
        assert agrees(leaf.grad, exact.slopes.get(place, 0), errors[place]), leaf.label


@property_test(150)
@given(circuits())
def test_gradients_of_random_circuits_are_exact_to_rounding(circuit: Circuit) -> None:
    assert_gradients_are_exact(circuit)


@property_test(150)
@given(circuits(extreme=True))
def test_gradients_of_circuits_over_extreme_numbers_are_exact_to_rounding(circuit: Circuit) -> None:
    assert_gradients_are_exact(circuit, operators=False)


@property_test(80)
@given(circuits())
def test_gradients_of_random_circuits_equal_those_of_hips_autograd(circuit: Circuit) -> None:
    leaves, output = in_engine(circuit)
    output.backward()
    errors = analysed(circuit).gradient_errors()
    value, gradients = hips.gradients(circuit)
    assert output.data == pytest.approx(value, rel=1e-9, abs=1e-12)
    for leaf, gradient, error in zip(leaves, gradients, errors, strict=False):
        assert agrees(leaf.grad, gradient, 20 * error)


# Known circuits


def test_the_circuit_of_the_lecture() -> None:
    x, y, z = Value(-2.0), Value(5.0), Value(-4.0)
    q = x + y
    f = q * z
    f.backward()
    assert (q.data, f.data) == (3.0, -12.0)
    assert (x.grad, y.grad, z.grad, q.grad, f.grad) == (-4.0, -4.0, 3.0, -4.0, 1.0)
    assert f.inputs == (q, z)
    assert f.local_grads == (-4.0, 3.0)


def test_the_sigmoid_neuron_of_the_lecture() -> None:
    w, x = [Value(2.0), Value(-3.0), Value(-3.0)], [Value(-1.0), Value(-2.0)]
    neuron = sigmoid(w[0] * x[0] + w[1] * x[1] + w[2])
    neuron.backward()
    assert round(neuron.data, 2) == 0.73
    assert [round(v.grad, 2) for v in w + x] == [-0.2, -0.39, 0.2, 0.39, -0.59]


def test_micrograds_example() -> None:
    a = Value(-4.0)
    b = Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    assert f"{g.data:.4f}" == f"{g:.4f}" == "24.7041"
    assert f"{a.grad:.4f}" == "138.8338"
    assert f"{b.grad:.4f}" == "645.5773"


# The table of decisions


def test_leaves_accumulate_and_inner_values_hold_one_pass() -> None:
    a = Value(3.0)
    b = 2 * a
    y = b * b
    y.backward()
    assert (a.grad, b.grad, y.grad) == (24.0, 12.0, 1.0)
    y.backward()
    assert (a.grad, b.grad, y.grad) == (48.0, 12.0, 1.0)
    y.backward(0.5)
    assert (a.grad, b.grad, y.grad) == (60.0, 6.0, 0.5)


def test_backward_on_a_leaf_adds_its_upstream_gradient() -> None:
    x = Value(3.0)
    x.backward()
    x.backward(2.5)
    assert x.grad == 3.5


def test_backward_takes_any_number_upstream_and_no_text() -> None:
    x = Value(3.0)
    (2 * x).backward(Fraction(1, 2))
    (2 * x).backward(np.float32(0.25))
    assert x.grad == 1.5
    with pytest.raises(TypeError, match="upstream"):
        (2 * x).backward("1")  # type: ignore[arg-type]
    assert x.grad == 1.5


def test_two_outputs_sharing_a_part() -> None:
    x = Value(3.0)
    shared = x * x
    first, second = shared * 2, shared.exp()
    first.backward()
    assert (x.grad, shared.grad) == (12.0, 2.0)
    second.backward()
    assert shared.grad == math.exp(9.0)
    assert x.grad == 12.0 + 6.0 * math.exp(9.0)
    assert first.grad == 1.0


def test_a_value_used_twice_by_one_gate_and_again_by_the_next() -> None:
    x = Value(3.0)
    square = x * x
    assert square.inputs == (x, x)
    assert square.local_grads == (3.0, 3.0)
    out = square * x + x
    out.backward()
    assert x.grad == 3 * 9.0 + 1.0
    y = Value(5.0)
    dot([y, y, 2], [y, 3, y]).backward()
    assert y.grad == 10.0 + 3.0 + 2.0


def test_backward_through_a_graph_of_exponentially_many_paths() -> None:
    x = Value(1.0)
    y = x
    for _ in range(200):
        y = y + y
    y.backward()
    assert x.grad == y.data == 2.0**200


@pytest.mark.parametrize(
    ("given_number", "number"),
    [
        (3, 3.0),
        (True, 1.0),
        (np.float64(0.1), 0.1),
        (np.float32(0.1), float(np.float32(0.1))),
        (np.float16(0.5), 0.5),
        (np.longdouble(0.5), 0.5),
        (np.int8(-3), -3.0),
        (np.uint64(2**63), 2.0**63),
        (np.bool_(True), 1.0),
        (np.array(2.5), 2.5),
        (np.array(7), 7.0),
        (Fraction(1, 4), 0.25),
        (Decimal("0.1"), 0.1),
        (np.array(True), 1.0),
        (np.array(2, dtype=np.uint8), 2.0),
        (10**20, 1e20),
        (math.inf, math.inf),
    ],
)
def test_real_numbers_of_all_kinds_become_floats(given_number: Any, number: float) -> None:
    made = Value(given_number)
    assert (type(made.data), made.data) == (float, number)
    x = Value(2.0)
    for name, operate in OPERATORS.items():
        if len(SAMPLES[name]) == 2:
            out = operate(x, given_number)
            assert isinstance(out, Value), name
            assert out.data == operate(Value(2.0), number).data
            assert out.operands == (x, number)
            assert type(out.operands[1]) is float
            reflected = operate(given_number, x)
            assert isinstance(reflected, Value), name
            assert reflected.data == operate(number, Value(2.0)).data
    assert type(GATES["exp"](given_number)) is float
    assert GATES["exp"](given_number) == GATES["exp"](number)
    assert total([Value(1.0), given_number]).data == 1.0 + number
    assert bool(Value(number) == given_number) is bool(number == given_number)
    x.data = given_number
    x.grad = given_number
    assert (type(x.data), type(x.grad), x.data, x.grad) == (float, float, number, number)


@pytest.mark.parametrize("thing", ["2", 2j, None, [1.0], (1.0,), {}, b"2"])
@pytest.mark.parametrize("name", OPERATORS)
def test_operators_refuse_what_is_no_number(name: str, thing: Any) -> None:
    if len(SAMPLES[name]) == 1:
        return
    for operands in [(Value(1.0), thing), (thing, Value(1.0))]:
        with pytest.raises(TypeError):
            OPERATORS[name](*operands)


def test_numpy_functions_and_object_arrays() -> None:
    x = Value(0.5)
    out = np.exp(x)  # type: ignore[call-overload]
    assert out.gate is GATES["exp"]
    assert np.tanh(x).gate is GATES["tanh"]  # type: ignore[call-overload]
    assert np.sqrt(x).gate is GATES["sqrt"]  # type: ignore[call-overload]
    weights = np.array([[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]])
    inputs = np.array([Value(5.0), Value(6.0)])
    product = weights @ inputs
    assert [v.data for v in product] == [17.0, 39.0]
    total(product).backward()
    assert [v.grad for v in inputs] == [4.0, 6.0]
    assert [v.grad for v in weights.ravel()] == [5.0, 6.0, 5.0, 6.0]
    assert [v.data for v in weights @ np.array([1.0, 1.0])] == [3.0, 7.0]
    assert weights.sum().data == 10.0


def test_a_numpy_array_times_a_value_is_an_array_of_values() -> None:
    x = Value(2.0)
    for product in (np.array([1.0, 3.0]) * x, np.array([1, 3]) * x):
        assert [v.data for v in product] == [2.0, 6.0]
    scaled = np.float64(3.0) * x
    assert isinstance(scaled, Value)
    scaled.backward()
    assert x.grad == 3.0


def test_constants_stay_plain_numbers() -> None:
    x = Value(2.0)
    out = 3 * x
    assert out.operands == (3.0, x)
    assert out.inputs == (x,)
    assert out.local_grads == (3.0,)


def test_sum_leaves_no_gate_for_its_initial_zero() -> None:
    values = [Value(1.0), Value(2.0), Value(3.0)]
    out: Any = sum(values)
    assert out.data == 6.0
    assert out.gate is out.inputs[0].gate is GATES["add"]
    assert out.inputs[0].inputs == (values[0], values[1])
    assert sum(values[:1]) is values[0]
    assert (0.0 + values[0]).gate is GATES["add"]
    assert (values[0] + 0).gate is GATES["add"]


def test_comparisons_and_truth_are_about_the_data() -> None:
    x, y = Value(2.0), Value(3.0)
    assert [x < y, x <= y, x > y, x >= y, x == y, x != y] == [True, True, False, False, False, True]
    assert [x < 3, 3 > x, x <= 2.0,  # noqa: SIM300
            x >= Fraction(2), x == 2, x == np.float64(2), x != 2] == [
        True, True, True, True, True, True, False,
    ]  # fmt: skip
    assert x == Value(2.0)
    assert x == Decimal(2)
    assert bool(x)
    assert not Value(0.0)
    assert not Value(-0.0)
    assert Value(math.nan) != Value(math.nan)
    assert x != "2"
    assert x != None  # noqa: E711
    assert max([y, x]) is y
    assert sorted([y, x]) == [x, y]
    with pytest.raises(TypeError):
        x < "3"  # type: ignore[operator]  # noqa: B015


def test_hash_is_identity() -> None:
    x, twin = Value(2.0), Value(2.0)
    assert len({x, twin}) == 2
    assert hash(x) == object.__hash__(x)


@pytest.mark.parametrize(
    "conversion",
    [float, int, complex, math.exp, math.sqrt, math.ceil, math.trunc, round, range],
)
def test_a_gradient_is_never_dropped_silently(conversion: Any) -> None:
    for value, name in [(Value(2.0, "w"), "w = 2.0"), (Value(2.0).exp(), "exp")]:
        with pytest.raises(TypeError) as refusal:
            conversion(value)
        assert name in str(refusal.value)
        assert ".data" in str(refusal.value)


def test_a_value_does_not_go_into_an_array_of_floats() -> None:
    with pytest.raises(TypeError, match="gradient"):
        np.zeros(2)[0] = Value(2.0)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="gradient"):
        np.array([Value(1.0)], dtype=float)


def test_subtraction_and_division_are_one_gate_each() -> None:
    a, b = Value(6.0), Value(3.0)
    for out, gate, numbers in [
        (a - b, "subtract", 3.0),
        (a - 1, "subtract", 5.0),
        (1 - a, "subtract", -5.0),
        (a / b, "divide", 2.0),
        (a / 2, "divide", 3.0),
        (12 / a, "divide", 2.0),
        (1 / b, "reciprocal", 1 / 3),
        (1.0 / b, "reciprocal", 1 / 3),
        (-a, "negate", -6.0),
        (abs(-a), "absolute", 6.0),
        (a**2, "power", 36.0),
        (2**a, "power", 64.0),
    ]:
        assert out.gate is GATES[gate]
        assert out.data == numbers
    assert (a - b).inputs == (a, b)
    assert +a is a


@pytest.mark.parametrize("one", [1, 1.0, True, np.float64(1), Fraction(1), Decimal(1)])
def test_one_over_x_is_the_reciprocal_whatever_the_one(one: Any) -> None:
    assert (one / Value(4.0)).gate is GATES["reciprocal"]


HUGE = 10**400


@pytest.mark.parametrize("name", [name for name in OPERATORS if len(SAMPLES[name]) == 2])
def test_a_whole_number_that_no_float_can_hold_is_refused_by_the_gate(name: str) -> None:
    for operands in [(Value(2.0), HUGE), (HUGE, Value(2.0))]:
        with pytest.raises(OverflowError, match=r"^\w+: this number is too large for a float"):
            OPERATORS[name](*operands)
    with pytest.raises(OverflowError, match=r"^Value: "):
        Value(HUGE)


def test_a_subclass_may_write_a_gate_of_its_own_with_that_of_the_table() -> None:
    class Loud(Value):
        def relu(self) -> Value:
            return 2.0 * GATES["relu"](self)

        def exp(self) -> Value:
            return 2.0 * GATES["exp"](self)

    assert Loud(3.0).relu().data == 6.0
    assert Loud(0.0).exp().data == 2.0
    assert GATES["relu"](Loud(3.0)).data == 3.0


def test_power_takes_any_exponent() -> None:
    x, y = Value(2.0), Value(3.0)
    out = x**y
    out.backward()
    assert (out.data, x.grad, y.grad) == (8.0, 12.0, 8.0 * math.log(2.0))
    with pytest.raises(TypeError, match=r"a value has x \*\* y, and no remainder"):
        pow(x, 2, 5)  # type: ignore[misc]


def test_backward_after_editing_a_leaf_and_evaluating_again() -> None:
    x = Value(3.0)
    y = x * x
    x.data = 5.0
    assert y.data == 9.0
    assert y.forward() is y
    assert y.data == 25.0
    y.backward()
    assert x.grad == 10.0


@property_test(60)
@given(circuits(), circuits())
def test_forward_equals_building_the_circuit_anew(circuit: Circuit, other: Circuit) -> None:
    """The numbers of another circuit are put into the leaves, so far as it has enough of them."""
    leaves, output = in_engine(circuit, operators=False)
    for leaf, number in zip(leaves, other.leaves, strict=False):
        leaf.data = number
    edited = type(circuit)(tuple(leaf.data for leaf in leaves), circuit.steps)
    before = output.data
    try:
        fresh_leaves, fresh = in_engine(edited, operators=False)
    except (ValueError, ZeroDivisionError) as refusal:
        with pytest.raises(type(refusal)):
            output.forward()
        assert output.data == before
        return
    output.forward()
    output.backward()
    fresh.backward()
    assert repr(output) == repr(fresh)
    assert [repr(leaf) for leaf in leaves] == [repr(leaf) for leaf in fresh_leaves]


def test_forward_is_all_or_nothing() -> None:
    x, y = Value(2.0, "x"), Value(3.0, "y")
    square = x * x
    out = square + (y - 1).log()
    before = [(v.data, v.local_grads) for v in (square, out, *out.inputs)]
    out.backward()
    gradients = x.grad, y.grad, square.grad
    x.data, y.data = 5.0, 1.0
    with pytest.raises(ValueError, match="log"):
        out.forward()
    assert [(v.data, v.local_grads) for v in (square, out, *out.inputs)] == before
    assert (x.grad, y.grad, square.grad) == gradients
    assert (x.data, y.data) == (5.0, 1.0)
    y.data = 2.0
    assert out.forward().data == 25.0


def test_the_data_of_a_gates_output_is_not_edited() -> None:
    x = Value(3.0, "x")
    square = x * x
    with pytest.raises(AttributeError, match="multiply"):
        square.data = 10.0
    assert square.data == 9.0
    square.grad = 2.0
    assert square.grad == 2.0


def test_forward_on_a_leaf_does_nothing() -> None:
    x = Value(3.0)
    assert x.forward() is x
    assert x.data == 3.0


def test_zero_grad() -> None:
    x, y = Value(2.0), Value(3.0)
    inner = x * y
    out = inner.exp()
    out.backward()
    elsewhere = Value(1.0)
    elsewhere.grad = 7.0
    out.zero_grad()
    assert [v.grad for v in (x, y, inner, out)] == [0.0] * 4
    assert elsewhere.grad == 7.0
    x.grad = 3.0
    x.zero_grad()
    assert x.grad == 0.0


def test_detach() -> None:
    x = Value(3.0, "x")
    inner = x * x
    cut = inner.detach()
    assert (cut.data, cut.gate, cut.inputs, cut.local_grads) == (9.0, None, (), ())
    assert x.detach().label == "x"
    (cut * x).backward()
    assert (x.grad, cut.grad, inner.grad) == (9.0, 3.0, 0.0)


def test_inside_no_grad_results_are_leaves() -> None:
    x = Value(3.0)
    with no_grad():
        results = [apply(name, [Value(first), *rest]) for name, (first, *rest) in SAMPLES.items()]
        results.append(dot([x], [x]))
        results.append(x + x)
    for out in results:
        assert isinstance(out, Value)
        assert (out.gate, out.inputs, out.operands, out.local_grads) == (None, (), (), ())
    assert (x * x).gate is GATES["multiply"]


# Deep circuits


@pytest.fixture
def low_recursion_limit() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(250)
    yield
    sys.setrecursionlimit(before)


def chain(length: int) -> tuple[Value, Value]:
    x = Value(0.5)
    out = x
    for _ in range(length // 4):
        out = ((out + 1.0) * 2.0 - 2.0) / 2.0
    return x, out


LONG = 1_000_000 if compiled else 100_000


def test_a_chain_of_a_million_gates(low_recursion_limit: Any) -> None:
    x, out = chain(LONG)
    out.backward()
    assert x.grad == 1.0
    x.data = 0.25
    assert out.forward().data == 0.25
    out.zero_grad()
    assert x.grad == 0.0
    twin = copy.deepcopy(out)
    twin.backward()
    assert x.grad == 0.0
    reference = weakref.ref(twin)
    del twin
    assert reference() is None
    reference = weakref.ref(out)
    del out
    assert reference() is None


def test_a_wide_and_deep_circuit_is_freed_without_recursion(low_recursion_limit: None) -> None:
    layer = [Value(0.1) for _ in range(10)]
    for _ in range(2_000):
        layer = [
            total([a, b, c]) for a, b, c in zip(layer, layer[1:] + layer[:1], layer, strict=True)
        ]
        layer = [v * 0.3 for v in layer]
    reference = weakref.ref(layer[3])
    del layer
    assert reference() is None


# Memory


@pytest.mark.parametrize("name", GATES)
def test_circuits_are_freed_at_once_by_counting_references(name: str) -> None:
    gc.disable()
    try:
        values = [Value(x) for x in SAMPLES[name]]
        inner = [x + 0.0 for x in values]
        out = apply(name, inner)
        out.backward()
        out.forward()
        references = [weakref.ref(v) for v in (out, *inner, *values)]
        del values, inner, out
        assert [reference() for reference in references] == [None] * len(references)
    finally:
        gc.enable()


def test_an_output_keeps_its_circuit_alive_and_a_leaf_does_not() -> None:
    x = Value(2.0)
    inner = x * x
    out = inner.exp()
    kept, lost = weakref.ref(inner), weakref.ref(out)
    del inner
    assert kept() is out.inputs[0]
    del out
    assert kept() is lost() is None
    assert (x * 1).data == 2.0


def test_a_value_has_no_attributes_but_its_own() -> None:
    x = Value(2.0)
    with pytest.raises(AttributeError):
        x.gradient = 3.0  # type: ignore[assignment]
    for name in ("gate", "inputs", "local_grads", "operands"):
        with pytest.raises(AttributeError):
            setattr(x, name, None)
    with pytest.raises(AttributeError):
        x.no_such_gate()  # type: ignore[attr-defined]


# Neighbours


class Quantity:
    """A stranger with operators of its own."""

    def answer(self, other: Value) -> Any:
        return "its turn", other

    __radd__ = __rmul__ = __rsub__ = __rtruediv__ = __rpow__ = __eq__ = __gt__ = answer  # type: ignore[assignment]
    __hash__ = None  # type: ignore[assignment]


def test_foreign_types_get_their_turn() -> None:
    x, its = Value(2.0), Quantity()
    for answer in (x + its, x * its, x - its, x / its, x**its, x == its, x < its):
        assert answer == ("its turn", x)
    with pytest.raises(TypeError):
        its + x  # type: ignore[operator]


class Parameter(Value):
    """A leaf with more to it."""

    def __init__(self, data: float, label: str | None = None, group: str = "default") -> None:
        super().__init__(data, label)
        self.group = group


def test_subclasses_are_leaves_like_any_other() -> None:
    w = Parameter(2.0, "w", group="weights")
    out = w * w + exp(w) + total([w, 1.0]) + max(w, Value(1.0))
    out.backward()
    assert type(out) is Value
    assert w.grad == 4.0 + math.exp(2.0) + 2.0
    assert w.group == "weights"
    assert repr(w).startswith("Parameter(data=2.0")
    assert (Value(1.0) + w).inputs[1] is w


# Text


def test_repr_and_format() -> None:
    x = Value(2.0)
    assert repr(x) == str(x) == f"{x}" == "Value(data=2.0, grad=0.0)"
    assert repr(Value(2, "x")) == "Value(data=2.0, grad=0.0, label='x')"
    out = x.exp()
    out.label = "a 'quoted' label"
    assert repr(out) == (
        f"""Value(data={math.exp(2.0)}, grad=0.0, label="a 'quoted' label", gate='exp')"""
    )
    assert f"{x:.3f} {x:8.1e}|{x:>6.1f}" == "2.000  2.0e+00|   2.0"
    with pytest.raises(ValueError, match="format"):
        f"{x:nonsense}"


def test_keyword_arguments_and_missing_ones() -> None:
    assert repr(Value(data=1, label="b")) == "Value(data=1.0, grad=0.0, label='b')"
    for numberless in (lambda: Value(), lambda: Value(label="x"), lambda: Value(2.0) * nothing()):
        with pytest.raises(TypeError, match=r"a number is needed, as in Value\(2\.0\)"):
            numberless()


def nothing() -> Any:
    """What a function gives that forgets `return`."""


def test_a_circuit_can_be_built_inside_a_coroutine() -> None:
    async def build(x: Value) -> Value:
        await asyncio.sleep(0)
        return x * x

    assert asyncio.run(build(Value(3.0))).data == 9.0
