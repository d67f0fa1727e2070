import math
import pickle
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from mpmath import mpf
from oracles.batches import Batch, batches
from oracles.circuits import Circuit, analysed, as_circuit, exactly, property_test
from oracles.rounding import agrees
from oracles.textbook import SWITCHES

from autograd_core import Program, Value, dot, exp, grad, log, no_grad, relu, step, total

Array = npt.NDArray[Any]


def program_of(
    batch: Batch, outputs: Sequence[int] = (-1,), **options: Any
) -> tuple[list[Value], Program]:
    """The values of the first lane, and the program of some of them."""
    values = batch.recorded(0)
    inputs = [values[place] for place in batch.varying]
    parameters = [values[place] for place in batch.shared]
    chosen = [values[place] for place in outputs]
    return values, Program(chosen, inputs, parameters=parameters, **options)


def eager_gradients(batch: Batch, upstream: float = 1.0) -> tuple[Array, Array]:
    """The gradients of all leaves in each lane, lanes × leaves, and the outputs."""
    gradients, outputs = [], []
    for lane in range(len(batch.lanes)):
        values = batch.recorded(lane)
        values[-1].backward(upstream)
        gradients.append([leaf.grad for leaf in values[: len(batch.circuit.leaves)]])
        outputs.append(values[-1].data)
    return np.array(gradients), np.array(outputs)


# Random circuits over all gates


@property_test(120)
@given(batches(), st.data())
def test_every_value_in_every_lane_is_the_eager_engines(batch: Batch, data: st.DataObject) -> None:
    places = st.sampled_from(range(len(batch.circuit.leaves) + len(batch.circuit.steps)))
    wanted = [-1, *data.draw(st.lists(places, max_size=5))]
    _, program = program_of(batch, wanted)
    found = program(batch.inputs)
    assert found.shape == (len(batch.lanes), len(wanted))
    for lane in range(len(batch.lanes)):
        values, errors = batch.recorded(lane), batch.value_errors(lane)
        for place, number in zip(wanted, found[lane], strict=True):
            assert agrees(number, mpf(values[place].data), errors[place])


@property_test(120)
@given(batches(), st.sampled_from(["mean", "sum"]))
def test_backward_adds_what_a_loop_of_backward_calls_adds(batch: Batch, reduction: Any) -> None:
    values, program = program_of(batch)
    for value in program.parameters:
        value.grad = 1.0
    result = program.backward(batch.inputs, reduction=reduction)
    share = 1.0 / len(batch.lanes) if reduction == "mean" else 1.0
    gradients, outputs = eager_gradients(batch, share)
    errors = [share * error + mpf(2) ** -52 for error in batch.total_errors()]
    for place, error in enumerate(errors):
        if place in batch.shared:
            assert agrees(values[place].grad, mpf(1.0 + gradients[:, place].sum()), error)
        else:
            assert values[place].grad == 0.0
    error = sum(
        batch.value_errors(lane)[-1] + len(outputs) * mpf(2) ** -52 * abs(outputs[lane])
        for lane in range(len(outputs))
    )
    assert agrees(result, mpf(float(np.sum(outputs * share))), share * error)


@property_test(60)
@given(batches(extreme=True, gates=12))
def test_extreme_numbers(batch: Batch) -> None:
    _, program = program_of(batch)
    gradients, outputs = eager_gradients(batch)
    found, gradient = program.gradient(batch.inputs, reduction="sum")
    for lane, number in enumerate(found[:, 0]):
        assert agrees(number, mpf(outputs[lane]), batch.value_errors(lane)[-1])
    errors = batch.total_errors()
    for place, number in zip(batch.shared, gradient, strict=True):
        assert agrees(number, mpf(gradients[:, place].sum()), errors[place])


@property_test(80)
@given(batches())
def test_input_gradients_are_the_eager_engines_in_every_lane(batch: Batch) -> None:
    _, program = program_of(batch)
    gradients, _ = eager_gradients(batch)
    found = program.input_gradients(batch.inputs)
    assert found.shape == (len(batch.lanes), len(batch.varying))
    for lane in range(len(batch.lanes)):
        errors = batch.gradient_errors(lane)
        for place, number in zip(batch.varying, found[lane], strict=True):
            assert agrees(number, mpf(gradients[lane, place]), errors[place])


@property_test(60)
@given(batches(gates=10), st.data(), st.sampled_from(["inputs", "parameters"]))
def test_the_jacobian_has_the_gradients_of_every_output(
    batch: Batch, data: st.DataObject, by: Any
) -> None:
    places = st.integers(0, len(batch.circuit.leaves) + len(batch.circuit.steps) - 1)
    wanted = data.draw(st.lists(places, min_size=1))
    _, program = program_of(batch, wanted)
    jacobian = program.jacobian(batch.inputs, by=by)
    columns = batch.varying if by == "inputs" else batch.shared
    assert jacobian.shape == (len(batch.lanes), len(wanted), len(columns))
    for lane in range(len(batch.lanes)):
        for row, place in enumerate(wanted):
            leaves = len(batch.circuit.leaves)
            part = Circuit(batch.lanes[lane], batch.circuit.steps[: max(place - leaves + 1, 0)])
            errors = analysed(part).gradient_errors()
            values = batch.recorded(lane)
            values[place].backward()
            for column, leaf in enumerate(columns):
                error = (1 + batch.orders) * errors[leaf]
                assert agrees(jacobian[lane, row, column], mpf(values[leaf].grad), error)


@property_test(50)
@given(batches(gates=8, lanes=3), st.data())
def test_the_hessian_product_is_exact_to_rounding(batch: Batch, data: st.DataObject) -> None:
    """Both modes multiply and add the same slopes along the same paths, in another order."""
    _, program = program_of(batch)
    count = len(batch.shared)
    direction = data.draw(
        st.lists(st.sampled_from([1.0, -0.5, 2.0]), min_size=count, max_size=count)
    )
    found = program.hessian_product(batch.inputs, direction)
    truths, errors = [mpf(0)] * count, [mpf(0)] * count
    for lane, numbers in enumerate(batch.lanes):
        curvatures = exactly(Circuit(numbers, batch.circuit.steps)).curvatures
        values = batch.recorded(lane)
        slopes = grad(values[-1], [values[place] for place in batch.shared])
        if not slopes:
            continue
        circuit, labels = as_circuit(dot(slopes, direction))
        bounds = dict(zip(labels, analysed(circuit).gradient_errors(), strict=False))
        orders = sum(len(step.operands) for step in circuit.steps)
        for i, place in enumerate(batch.shared):
            for j, other in enumerate(batch.shared):
                key = (min(place, other), max(place, other))
                truths[i] += curvatures.get(key, 0) * mpf(direction[j])
            errors[i] += bounds.get(f"x{place}", mpf(0)) * orders
    lanes = len(batch.lanes)
    for number, truth, error in zip(found, truths, errors, strict=True):
        assert agrees(number, truth / lanes, (error + abs(truth) * lanes * mpf(2) ** -52) / lanes)


@property_test(60)
@given(batches(gates=10))
def test_float32_is_as_exact_as_its_digits_allow(batch: Batch) -> None:
    assume(not any(step.gate in SWITCHES for step in batch.circuit.steps))
    ratio = mpf(2) ** (53 - 24)  # of the units of the two formats
    for lane, analysis in enumerate(batch.analyses):
        for value, error in zip(analysis.values, batch.value_errors(lane), strict=True):
            assume(ratio * error <= 1e-3 * abs(value) or value == 0)
    _, program = program_of(batch, dtype="float32")
    found, gradient = program.gradient(batch.inputs, reduction="sum")
    assert found.dtype == gradient.dtype == np.float32
    gradients, outputs = eager_gradients(batch)
    for lane, number in enumerate(found[:, 0]):
        assert agrees(float(number), mpf(outputs[lane]), ratio * batch.value_errors(lane)[-1])
    errors = batch.total_errors()
    for place, number in zip(batch.shared, gradient, strict=True):
        bound = ratio * errors[place]
        assume(bound < 1e-2 * abs(gradients[:, place]).sum() + 1e-30)
        assert agrees(float(number), mpf(gradients[:, place].sum()), bound)


# The Hessian against differences of the gradient


def test_the_hessian_product_is_the_slope_of_the_gradient() -> None:
    source = np.random.default_rng(1)
    w = [Value(number, f"w{place}") for place, number in enumerate(source.normal(size=6))]
    x = [Value(0.0), Value(0.0)]
    hidden = [(dot(w[:2], x) + w[4]).tanh(), (dot(w[2:4], x) + w[5]).sigmoid()]
    program = Program((hidden[0] * hidden[1] - 0.3) ** 2 + 0.1 * dot(w, w), x)
    batch, direction = source.normal(size=(7, 2)), source.normal(size=6)
    numbers, step_size = program.read(), 1e-5
    after = program.gradient(batch, numbers + step_size * direction)[1]
    before = program.gradient(batch, numbers - step_size * direction)[1]
    # the error of a central difference: h² of the fourth derivative, and u / h for its subtraction
    expected = pytest.approx((after - before) / (2 * step_size), abs=1e-9)
    assert program.hessian_product(batch, direction) == expected
    assert program.hessian_product(batch, direction, numbers=numbers).tolist() == (
        program.hessian_product(batch, direction).tolist()
    )
    assert program.hessian_product(batch, 2 * direction, numbers=2 * numbers) != expected


def test_the_hessian_of_a_line_is_zero() -> None:
    w, x = Value(2.0), Value(1.0)
    assert Program(w * x, [x]).hessian_product([[1.0]], [1.0]).tolist() == [0.0]
    assert Program(x * x, [x], parameters=[w]).hessian_product([[1.0]], [1.0]).tolist() == [0.0]


# Numbers of the leaves


def line() -> tuple[Value, Value, Value, Program]:
    w, b, x = Value(2.0, "w"), Value(-1.0, "b"), Value(0.0, "x")
    return w, b, x, Program((w * x + b) ** 2, [x])


def test_the_numbers_of_the_leaves_are_those_of_the_call() -> None:
    w, b, _, program = line()
    assert program([[3.0]]).tolist() == [25.0]
    w.data = 1.0
    assert program([[3.0]]).tolist() == [4.0]
    b.data = 0.0
    assert program.backward([[3.0]]) == 9.0
    assert (w.grad, b.grad) == (18.0, 6.0)
    assert program.backward([[3.0]], reduction="sum") == 9.0
    assert (w.grad, b.grad) == (36.0, 12.0)


def test_numbers_in_place_of_the_leaves_own() -> None:
    w, b, _, program = line()
    assert program([[3.0]], [1.0, 0.0]).tolist() == [9.0]
    outputs, gradient = program.gradient([[3.0]], np.array([1.0, 0.0]))
    assert (outputs.tolist(), gradient.tolist()) == ([[9.0]], [18.0, 6.0])
    assert program.jacobian([[3.0]], [1.0, 0.0]).tolist() == [[[6.0]]]
    assert program.jacobian([[3.0]], [1.0, 0.0], by="parameters").tolist() == [[[18.0, 6.0]]]
    assert (w.data, b.data, w.grad) == (2.0, -1.0, 0.0)
    assert program.read().tolist() == [2.0, -1.0]
    program.write([4.0, 5.0])
    assert (w.data, b.data) == (4.0, 5.0)


@pytest.mark.parametrize("lanes", [1, 3])
def test_a_parameter_gets_products_and_upstream_gradients_alike(lanes: int) -> None:
    """In w x + x (x w + v x) both factors vary for one of its uses, and one is 1 for the other."""
    w, v, x = Value(0.5), Value(2.0), Value(0.0)
    program = Program(dot([w, x], [x, dot([x, v], [w, x])]), [x], parameters=[w, v])
    outputs, gradient = program.gradient([[3.0]] * lanes)
    assert (outputs.tolist(), gradient.tolist()) == ([[24.0]] * lanes, [12.0, 9.0])


def test_leaves_that_are_no_parameters_keep_their_numbers() -> None:
    w, b, x, _ = line()
    program = Program((w * x + b) ** 2, [x], parameters=[b])
    assert program.gradient([[3.0]])[1].tolist() == [10.0]
    w.data = 1.0
    assert program.gradient([[3.0]], [0.0])[1].tolist() == [6.0]
    assert program.hessian_product([[3.0]], [1.0]).tolist() == [2.0]
    assert program.jacobian([[3.0]], by="parameters").tolist() == [[[4.0]]]
    program.backward([[3.0]])
    assert w.grad == 0.0
    assert b.grad == 4.0


def test_what_a_call_returns_is_the_users_own() -> None:
    _, _, _, program = line()
    outputs, gradient = program.gradient([[3.0]])
    kept = outputs.copy(), gradient.copy()
    program.gradient([[7.0]])
    assert (outputs == kept[0]).all()
    assert (gradient == kept[1]).all()


# What a circuit may be


def test_outputs_may_be_inputs_leaves_and_constants() -> None:
    w, x, y = Value(2.0), Value(0.0), Value(0.0)
    constant = step(Value(3.0)) * 0.0 + 4.0
    program = Program([x, w, constant, x, w * w], [x, y])
    assert program([[1.0, 2.0], [3.0, 4.0]]).tolist() == [
        [1.0, 2.0, 4.0, 1.0, 4.0],
        [3.0, 2.0, 4.0, 3.0, 4.0],
    ]
    assert program.jacobian([[5.0, 6.0]]).tolist() == [
        [[1.0, 0.0], [0.0, 0.0], [0.0, 0.0], [1.0, 0.0], [0.0, 0.0]]
    ]
    assert Program(w, [x]).gradient([[1.0], [1.0]], reduction="sum")[1].tolist() == [2.0]
    assert Program(x, [x]).input_gradients([[1.0]]).tolist() == [[1.0]]


def test_what_does_not_matter_has_gradient_zero() -> None:
    w, unused, x, idle = Value(2.0), Value(3.0), Value(0.0), Value(0.0)
    program = Program(w * x + step(unused) * 2.0, [x, idle], parameters=[unused, w])
    assert program.gradient([[3.0, 9.0]])[1].tolist() == [0.0, 3.0]
    assert program.input_gradients([[3.0, 9.0]]).tolist() == [[2.0, 0.0]]
    assert program.jacobian([[3.0, 9.0]], by="parameters").tolist() == [[[0.0, 3.0]]]


def test_a_program_without_inputs() -> None:
    w = Value(3.0)
    program = Program([w * w, w], [])
    assert program(np.empty((2, 0))).tolist() == [[9.0, 3.0], [9.0, 3.0]]
    assert program.gradient([[], []], reduction="sum")[1].tolist() == [12.0]
    assert program.jacobian([[]]).shape == (1, 2, 0)
    assert program.jacobian([[], []], by="parameters").tolist() == [[[6.0], [1.0]]] * 2
    with pytest.raises(ValueError, match=r"0 columns.*shape \(2, 1\)"):
        program([[1.0], [2.0]])


def test_a_program_without_parameters() -> None:
    x = Value(1.0)
    program = Program(x * x, [x])
    assert program.gradient([[2.0]])[1].shape == (0,)
    assert program.backward([[2.0]]) == 4.0
    assert program.jacobian([[2.0]], by="parameters").shape == (1, 1, 0)
    assert program.hessian_product([[2.0]], []).shape == (0,)


def test_many_outputs() -> None:
    x = Value(0.0)
    outputs = [x * float(factor) for factor in range(2000)]
    assert (Program(outputs, [x])([[1.0], [2.0]])[1] == 2.0 * np.arange(2000)).all()


def test_iterators_and_tuples_will_do() -> None:
    values = [Value(float(number)) for number in range(3)]
    program = Program((value * 2.0 for value in values), iter(values), parameters=iter([]))
    assert program(((1, 2, 3), (4, 5, 6))).tolist() == [[2.0, 4.0, 6.0], [8.0, 10.0, 12.0]]


def test_a_value_shared_ten_thousand_times() -> None:
    w, x = Value(0.5), Value(0.0)
    y = (w * x).tanh()
    program = Program(total([y] * 10_000), [x])
    assert program([[2.0]]) == pytest.approx(10_000 * np.tanh(1.0), rel=1e-12)
    assert program.gradient([[2.0]])[1] == pytest.approx(20_000 / np.cosh(1.0) ** 2, rel=1e-12)


def test_a_deep_circuit() -> None:
    w, x = Value(1.0), Value(0.0)
    value = x
    for _ in range(1000):
        value = relu(value * w)
    program = Program(value, [x])
    assert program([[2.0], [-1.0]]).tolist() == [2.0, 0.0]
    assert program.gradient([[2.0], [-1.0]])[1].tolist() == [1000.0]


def test_programs_of_derivative_circuits_and_of_programs_circuits() -> None:
    w, x = Value(2.0), Value(1.5)
    [slope] = grad(exp(w * x), [x])
    assert Program(slope, [x])([[0.5]]) == pytest.approx([2.0 * math.e], rel=1e-15)
    first = Program(exp(w * x), [x])
    first.gradient([[0.5]])
    second = Program(first.outputs[0] * 3.0, first.inputs, parameters=first.parameters)
    assert second.gradient([[0.5]])[1] == pytest.approx(3.0 * first.gradient([[0.5]])[1])


def test_compiled_where_nothing_is_recorded() -> None:
    with no_grad():
        w, b, _, program = line()
    assert program([[3.0]]).shape == (1,)  # a circuit that was not recorded is a constant
    w, b, _, program = line()
    with no_grad():
        assert program.backward([[3.0]]) == 25.0
        assert program.input_gradients([[3.0]]).tolist() == [[20.0]]
        assert program.hessian_product([[3.0]], [1.0, 0.0]).tolist() == [18.0, 6.0]
    assert (w.grad, b.grad) == (30.0, 10.0)


# What is refused


@pytest.mark.parametrize(
    ("batch", "words"),
    [
        (np.empty((0, 1)), "the batch is empty"),
        ([], r"shape \(0,\)"),
        ([1.0, 2.0], r"1 column, one for each input; this one has the shape \(2,\)"),
        ([[1.0, 2.0]], r"shape \(1, 2\)"),
        (3.0, r"shape \(\)"),
        ([[1.0], [1.0, 2.0]], r"rows of this batch are of different lengths: \[\[1\.0\], \[1"),
    ],
)
def test_a_batch_of_another_shape_is_refused(batch: Any, words: str) -> None:
    _, _, _, program = line()
    for method in (program, program.backward, program.gradient, program.jacobian, program.check):
        with pytest.raises(ValueError, match=words):
            method(batch)


@pytest.mark.parametrize("number", [1.0 + 2.0j, "1", b"1", None, np.datetime64("2026-01-01")])
def test_what_is_no_real_number_is_refused(number: Any) -> None:
    _, _, _, program = line()
    words = f"real numbers, and this batch has .*{re.escape(str(number))}"
    for method in (program, program.backward, program.gradient, program.jacobian, program.check):
        with pytest.raises(TypeError, match=words):
            method([[number]])
    with pytest.raises(TypeError, match="real numbers, and the array of numbers has"):
        program([[1.0]], [number, number])


def test_values_are_refused_in_a_batch() -> None:
    _, _, x, program = line()
    with pytest.raises(TypeError, match=r"x = 0\.0 is not turned into a plain float"):
        program([[x]])


@pytest.mark.parametrize(
    "batch", [[[3]], np.array([[3]], dtype=np.int8), np.array([[3]], dtype=np.float32), [[True]]]
)
def test_numbers_of_any_real_type_are_taken(batch: Any) -> None:
    _, _, _, program = line()
    assert program(batch).tolist() == [(2.0 * float(np.asarray(batch)[0, 0]) - 1.0) ** 2]


@pytest.mark.parametrize("numbers", [[], [1.0], 1.0, [[1.0, 2.0]], [1.0, 2.0, 3.0]])
def test_numbers_of_another_length_are_refused(numbers: Any) -> None:
    _, _, _, program = line()
    for call in (
        lambda: program([[1.0]], numbers),
        lambda: program.gradient([[1.0]], numbers),
        lambda: program.hessian_product([[1.0]], numbers),
        lambda: program.hessian_product([[1.0]], [1.0, 1.0], numbers),
        lambda: program.write(numbers),
    ):
        with pytest.raises(
            ValueError, match=r"shape \(2,\), a number for each parameter; this one"
        ):
            call()


def test_values_that_make_no_program_are_refused() -> None:
    w, x = Value(2.0, "w"), Value(1.0, "x")
    y = w * x
    make: Any = Program
    refused: list[tuple[type[Exception], Callable[[], object], str]] = [
        (ValueError, lambda: make([], [x]), "at least one output"),
        (TypeError, lambda: make([y, 2.0], [x]), r"outputs of a program are values, .* 2\.0"),
        (TypeError, lambda: make(3.0, [x]), r"outputs of a program are a list of values"),
        (TypeError, lambda: make(y, x), "inputs of a program are a list of values, not Value"),
        (TypeError, lambda: make(y, ["x"]), "inputs of a program are values, .* 'x'"),
        (ValueError, lambda: make(y, [y]), "inputs of a program are leaves, not .* multiply"),
        (ValueError, lambda: make(y, [x, x]), r"inputs of a program list x = 1\.0 twice"),
        (ValueError, lambda: make(y, [x], parameters=[w, w]), r"parameters .* w = 2\.0 twice"),
        (ValueError, lambda: make(y, [x], parameters=[x]), r"x = 1\.0 is an input, so it is no"),
        (ValueError, lambda: make(y, [x], dtype="float16"), "float64 or float32, not 'float16'"),
        (ValueError, lambda: make(y, [x], dtype=int), "float64 or float32, not <class 'int'>"),
        (ValueError, lambda: make(y, [x]).gradient([[1.0]], reduction="max"), "not 'max'"),
        (ValueError, lambda: make(y, [x]).jacobian([[1.0]], by="x"), "'inputs' or 'parameters', n"),
    ]
    for error, call, words in refused:
        with pytest.raises(error, match=words):
            call()
    assert make(y, [x], dtype=np.float32).dtype == make(y, [x], dtype="float32").dtype


# Threads and pickles


def test_numbers_may_come_from_an_array_that_cannot_be_written() -> None:
    w, x = Value(1.0), Value(0.0)
    program = Program(w * x, [x])
    numbers = np.array([3.0])
    numbers.flags.writeable = False
    program.write(numbers)
    assert w.data == 3.0
    assert program.gradient([[2.0]], numbers)[1] == [2.0]


def test_parameters_that_were_replaced_by_something_else_are_refused() -> None:
    w, x = Value(1.0), Value(0.0)
    program = Program(w * x, [x])
    for replaced in ((1.0,), [None], {w}):
        program.parameters = replaced  # type: ignore[assignment]
        for call in (program.read, lambda: program.write([2.0])):
            with pytest.raises(TypeError):
                call()
    assert w.data == 1.0


def test_many_threads_may_run_one_program() -> None:
    w = [Value(0.1 * place, f"w{place}") for place in range(8)]
    x = [Value(0.0) for _ in range(4)]
    program = Program(dot(w[:4], x).tanh() * dot(w[4:], x) + log(1.5 + x[0] * x[0]), x)
    source = np.random.default_rng(0)
    tasks = [
        (source.normal(size=(1 + place % 5, 4)), source.normal(size=8)) for place in range(200)
    ]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda task: program.gradient(*task), tasks * 2))
    alone = Program(program.outputs, x)
    for task, (outputs, gradient) in zip(tasks * 2, found, strict=True):
        expected = alone.gradient(*task)
        assert (outputs == expected[0]).all()
        assert (gradient == expected[1]).all()


def test_a_pickled_program_is_a_program_of_its_own() -> None:
    w, _, _, program = line()
    program.backward([[3.0]])
    copy = pickle.loads(pickle.dumps(program))
    assert copy([[3.0], [4.0]]).tolist() == program([[3.0], [4.0]]).tolist()
    assert [value.label for value in copy.parameters] == ["w", "b"]
    copy.parameters[0].data = 7.0
    assert copy([[1.0]]).tolist() == [36.0]
    assert w.data == 2.0
    copy.backward([[1.0]])
    assert copy.parameters[0].grad == 30.0 + 12.0
    assert w.grad == 30.0


def test_it_says_what_it_is() -> None:
    _, _, _, program = line()
    assert repr(program).startswith("<Program of 1 inputs and 2 parameters")
