import gc
import hashlib
import pickle
import tracemalloc
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles.batches import Batch, batches
from oracles.circuits import property_test
from oracles.plans import plan_of
from oracles.samples import SAMPLES
from processes import written_in_two_processes

from autograd_core import GATES, Program, Value, compiled, dot, log, sech2
from autograd_core.programs.run import plan


def perceptron(hidden: int = 5) -> Program:
    """A network with a penalty on its weights: some of its circuit varies, some is shared."""
    source = np.random.default_rng(hidden)
    x = [Value(0.0), Value(0.0)]
    w = [[Value(number) for number in source.normal(size=2)] for _ in range(hidden)]
    b = [Value(number) for number in source.normal(size=hidden)]
    v = [Value(number) for number in source.normal(size=hidden)]
    activations = [(dot(row, x) + shift).tanh() for row, shift in zip(w, b, strict=True)]
    penalty = 0.01 * sum([weight * weight for row in w for weight in row], 0.1 * log(v[0] * v[0]))
    return Program((dot(v, activations) - x[0]) ** 2 + penalty, x)


@pytest.fixture
def cut_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of three lanes at most."""
    cut(monkeypatch, 3)


def cut(patch: pytest.MonkeyPatch, size: int) -> None:
    """Cut batches into blocks of so many lanes at most."""
    for name in ("BLOCK", "CACHE", "WORTHWHILE", "FEW"):
        patch.setattr(plan, name, 0)
    patch.setattr(plan, "LEAST", size)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("count", [1, 3, 4, 6, 7, 100])
def test_blocks_add_up_to_the_whole(
    cut_small: None, monkeypatch: pytest.MonkeyPatch, count: int, reduction: Any
) -> None:
    batch = np.random.default_rng(count).normal(size=(count, 2))
    outputs, gradient = perceptron().gradient(batch, reduction=reduction)
    monkeypatch.setattr(plan, "LEAST", count)
    whole, expected = perceptron().gradient(batch, reduction=reduction)
    assert outputs == pytest.approx(whole, rel=1e-14)
    # (count + 10) roundings of numbers that add up to |terms|, here below 20 in each lane
    bound = (count + 10) * 2.0**-52 * 20.0 * (count if reduction == "sum" else 1)
    assert np.abs(gradient - expected).max() <= bound


@property_test(60)
@given(batches(), st.integers(1, 3))
def test_random_circuits_in_blocks(batch: Batch, size: int) -> None:
    values = batch.recorded(0)
    inputs = [values[place] for place in batch.varying]
    parameters = [values[place] for place in batch.shared]
    program = Program(values[-1], inputs, parameters=parameters)
    outputs, gradient = program.gradient(batch.inputs, reduction="sum")
    with pytest.MonkeyPatch.context() as patch:
        cut(patch, size)
        found, parts = program.gradient(batch.inputs, reduction="sum")
        jacobian = program.jacobian(batch.inputs)
    slopes = program.jacobian(batch.inputs)
    for lane, (number, whole) in enumerate(zip(found[:, 0], outputs[:, 0], strict=True)):
        assert abs(number - whole) <= float(batch.value_errors(lane)[-1])
        errors = batch.gradient_errors(lane)
        for column, place in enumerate(batch.varying):
            difference = jacobian[lane, 0, column] - slopes[lane, 0, column]
            assert abs(difference) <= float(errors[place])
    errors = batch.total_errors()
    for place, number, whole in zip(batch.shared, parts, gradient, strict=True):
        assert abs(number - whole) <= float(errors[place])


@property_test(100)
@given(batches(lanes=8), st.integers(1, 4), st.integers(1, 4), st.sampled_from([False, compiled]))
def test_random_circuits_on_threads_by_both_back_ends(
    batch: Batch, threads: int, size: int, loops: bool
) -> None:
    """NumPy calls, and loops where there are any; in blocks, also of one lane, which is special."""
    values = batch.recorded(0)
    inputs = [values[place] for place in batch.varying]
    parameters = [values[place] for place in batch.shared]
    program = Program(values[-1], inputs, parameters=parameters, threads=threads)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan, "compiled", loops)
        cut(patch, size)
        found, gradient = program.gradient(batch.inputs, reduction="sum")
    expected = np.zeros(len(parameters))
    for lane, number in enumerate(found[:, 0]):
        own = batch.recorded(lane)
        own[-1].backward()
        expected += [own[place].grad for place in batch.shared]
        assert abs(number - own[-1].data) <= float(batch.value_errors(lane)[-1])
    errors = batch.total_errors()
    for place, number, eager in zip(batch.shared, gradient, expected, strict=True):
        assert abs(number - eager) <= float(errors[place])


@pytest.mark.parametrize("varying", [True, False])
def test_only_large_products_and_two_gates_have_no_loop(varying: bool) -> None:
    left = set()
    for name, row in SAMPLES.items():
        values = [Value(number) for number in row]
        found = plan_of([GATES[name](*GATES[name].group(values))], values if varying else [])
        left |= {each for each in found.steps.gates if each == name}
    assert left <= {"lgamma", "polygamma"}
    x = [Value(0.0) for _ in range(40)]
    weights = [[Value(0.1) for _ in x] for _ in range(40)]
    large = plan_of([dot([dot(row, x) for row in weights], x)], x)
    assert len(large.steps.called) == 2


@pytest.mark.parametrize("name", GATES)
def test_one_lane_has_the_numbers_of_a_batch(cut_small: None, name: str) -> None:
    row = np.array(SAMPLES[name])
    leaves = [Value(number) for number in row]
    program = Program(GATES[name](*GATES[name].group(leaves)), leaves)
    rows = np.stack([row, row, row])
    assert program(rows[:1]) == pytest.approx(program(rows)[:1], rel=1e-14)
    slopes = program.jacobian(rows)[:1]
    assert program.jacobian(rows[:1]) == pytest.approx(slopes, rel=1e-14, abs=1e-16)


@property_test(100)
@given(batches(lanes=8), st.sampled_from(["mean", "sum"]))
def test_few_lanes_one_by_one_and_in_a_block(batch: Batch, reduction: Any) -> None:
    values = batch.recorded(0)
    inputs = [values[place] for place in batch.varying]
    parameters = [values[place] for place in batch.shared]
    program, numbers = Program(values[-1], inputs, parameters=parameters), batch.inputs
    own = program.read()
    share = 1.0 if reduction == "sum" else 1.0 / len(numbers)
    errors = batch.total_errors()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan, "FEW", 0)
        whole, expected = Program(values[-1], inputs, parameters=parameters).gradient(
            numbers, own, reduction=reduction
        )
    for _ in range(2):  # the second time with arrays that are there already
        outputs, gradient = program.gradient(numbers, own, reduction=reduction)
        for lane, (number, other) in enumerate(zip(outputs[:, 0], whole[:, 0], strict=True)):
            assert abs(number - other) <= float(batch.value_errors(lane)[-1])
        for place, number, other in zip(batch.shared, gradient, expected, strict=True):
            assert abs(number - other) <= float(errors[place]) * share + 1e-300


def test_tanh_and_its_slope_are_one_loop_with_the_digits_of_each_alone() -> None:
    x = Value(0.0)
    program, numbers = Program(x.tanh(), [x]), np.linspace(-20.0, 20.0, 999)[:, np.newaxis]
    steps = plan_of([x.tanh(), sech2(x)], [x]).steps
    assert steps.ends[1] - steps.ends[0] == 6
    assert (program.jacobian(numbers)[:, 0] == Program(sech2(x), [x])(numbers)[:, np.newaxis]).all()


def test_every_step_has_the_three_numbers_that_are_read_of_it_at_once() -> None:
    x = Value(0.0)
    for outputs in ([x], [x.tanh()], [x.tanh() * 3.0]):
        code, ends = (steps := plan_of(outputs, [x]).steps).code, steps.ends
        assert len(code) == ends[3] and ends[3] - ends[2] != 2
    assert Program([x, Value(2.0)], [x])([[1.0]]).tolist() == [[1.0, 2.0]]  # without steps


@pytest.mark.parametrize("hidden", [1, 3, 5, 20])
def test_batches_of_many_sizes_one_after_the_other(cut_small: None, hidden: int) -> None:
    program, source = perceptron(hidden), np.random.default_rng(0)
    batches = [source.normal(size=(count, 2)) for count in (1, 9, 2, 5, 9, 1, 8, 3, 4, 9)]
    for batch in batches * 2:
        outputs, gradient = program.gradient(batch)
        expected = [program.gradient(lane[np.newaxis]) for lane in batch]
        assert outputs == pytest.approx(np.concatenate([each for each, _ in expected]), rel=1e-14)
        mean = np.mean([each for _, each in expected], axis=0)
        assert gradient == pytest.approx(mean, rel=1e-12, abs=1e-13)


def peak_memory(function: Callable[[], object]) -> float:
    """The most memory that a call has in use, in MB."""
    gc.collect()
    tracemalloc.start()
    function()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


def test_a_million_lanes_need_little_more_than_their_outputs() -> None:
    program, batch = perceptron(30), np.ones((1_000_000, 2))
    rows = plan_of(program.outputs, program.inputs).rows
    assert rows * len(batch) * 8 / 2**20 > 500  # what all numbers together would take
    assert peak_memory(lambda: program.gradient(batch)) < 8 + 30


def test_arrays_for_batches_of_many_sizes_are_not_kept_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program, other = perceptron(30), perceptron(30)
    for each in (program, other):
        each.gradient(np.ones((1, 2)))
    small = peak_memory(lambda: other.gradient(np.ones((999, 2))))
    monkeypatch.setattr(plan, "KEPT", int(8 * small * 2**20))
    many = peak_memory(lambda: [program.gradient(np.ones((n, 2))) for n in range(900, 960)])
    assert many < (8 + 3) * small


def test_a_dataset_of_many_sizes_needs_no_new_arrays_in_the_second_epoch() -> None:
    program, sizes = perceptron(30), range(900, 920)
    batches = [np.ones((count, 2)) for count in sizes]
    new = peak_memory(lambda: perceptron(30).gradient(batches[0]))
    for batch in batches:
        program.gradient(batch)
    for batch in batches:
        assert peak_memory(partial(program.gradient, batch)) < new / 4


def test_a_plan_is_pickled_without_its_arrays() -> None:
    program = perceptron()
    compiled, batch = plan_of(program.outputs, program.inputs), np.ones((1000, 2))
    pickled = pickle.dumps(compiled)
    before = compiled.run(program.read(), batch)
    assert pickle.dumps(compiled) == pickled
    for found, expected in zip(
        pickle.loads(pickled).run(program.read(), batch), before, strict=True
    ):
        assert (found == expected).all()


def test_a_deep_chain_is_compiled_in_500_bytes_a_gate_and_keeps_less() -> None:
    x, w = Value(0.5), Value(0.9)
    out = x
    for _ in range(10_000):
        out = (out * w).tanh()
    program = Program(out, [x])
    program([[0.5]])
    taken = peak_memory(lambda: program.gradient([[0.5]]))
    assert taken * 2**20 < 500 * 20_000 or not compiled  # NumPy calls are bound, too
    tracemalloc.start()
    kept = plan_of([out], [x], [w])
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size < 250 * 20_000
    [outputs, gradient] = kept.run(np.array([0.9]), np.array([[0.5]]))
    out.backward()
    assert outputs == pytest.approx(out.data, rel=1e-12)
    assert gradient == pytest.approx(w.grad, rel=1e-12)


SCRIPT = """
import hashlib, pickle, random
from autograd_core import GATES, Value, dot, logsumexp, total
from autograd_core.programs.compile.lower import compile_circuit, gradient

source = random.Random(3)
x = [Value(0.1 * i, f"x{i}") for i in range(6)]
w = [Value(0.3 - 0.2 * i) for i in range(36)]
layer = [(dot(w[6 * i : 6 * i + 6], x) + w[i]).tanh() for i in range(6)]
values = [*layer, *x]
for _ in range(60):
    gate = source.choice(["multiply", "add", "maximum", "subtract"])
    values.append(GATES[gate](source.choice(values), source.choice(values)).sigmoid())
loss = logsumexp(layer) - total(values) * 0.5
plan = compile_circuit(gradient, [loss], x, w).plan
print(len(plan.ends), hashlib.sha256(pickle.dumps(plan)).hexdigest())
"""


def test_the_same_circuit_is_the_same_plan_in_every_process() -> None:
    first, second = written_in_two_processes(SCRIPT)
    assert int(first.split()[0]) > 20
    assert first == second


def test_equal_circuits_of_one_process_are_one_plan() -> None:
    def digest() -> str:
        x = Value(0.5, "x")
        w = [Value(0.1 * place) for place in range(5)]
        out = dot(w, [x, x * x, x.exp(), x.tanh(), x * 2.0])
        return hashlib.sha256(pickle.dumps(plan_of([out], [x], w))).hexdigest()

    assert digest() == digest()
