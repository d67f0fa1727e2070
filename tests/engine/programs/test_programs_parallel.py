import multiprocessing
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

import distributed
import numpy as np
import numpy.typing as npt
import pytest

from autograd_core import Program, Value, dot, log
from autograd_core.programs.run import plan

Array = npt.NDArray[Any]


def program_with_everything() -> Program:
    """Sums over the lanes of all kinds, and a part that all lanes share."""
    w = [Value(0.1 * place - 0.2, f"w{place}") for place in range(6)]
    x = [Value(1.0, "x0"), Value(2.0, "x1")]
    hidden = [(dot(w[:2], x) + w[4]).tanh(), (dot(w[2:4], x) + w[5]).tanh()]
    out = log(x[0]) * hidden[0] + hidden[1] * w[5] + 0.1 * dot(w, w)
    return Program([out, hidden[1]], x, parameters=w)


def batch_of(count: int) -> Array:
    return np.random.default_rng(count).uniform(0.5, 2.0, (count, 2))


def assert_same(program: Program, batch: Array, executor: Executor, **options: Any) -> None:
    for reduction in ("mean", "sum"):
        outputs, gradient = program.gradient(batch, reduction=reduction)
        found, parts = program.gradient(batch, reduction=reduction, executor=executor, **options)
        assert found == pytest.approx(outputs, rel=1e-14)
        # len(batch) roundings of terms below 4 in each lane
        scale = 4.0 * len(batch) if reduction == "sum" else 4.0
        assert np.abs(parts - gradient).max() <= len(batch) * 2.0**-52 * scale


@pytest.fixture(scope="module")
def processes() -> Iterator[Executor]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as executor:
        yield executor


@pytest.mark.parametrize("count", [1, 63, 128, 1000])
@pytest.mark.parametrize("threads", [2, 3])
def test_threads_share_the_examples(count: int, threads: int) -> None:
    alone, batch = program_with_everything(), batch_of(count)
    program = Program(alone.outputs, alone.inputs, parameters=alone.parameters, threads=threads)
    for reduction in ("mean", "sum"):
        outputs, gradient = alone.gradient(batch, reduction=reduction)
        found, parts = program.gradient(batch, reduction=reduction)
        assert found == pytest.approx(outputs, rel=1e-14)
        scale = 4.0 * count if reduction == "sum" else 4.0
        assert np.abs(parts - gradient).max() <= count * 2.0**-52 * scale
        again = program.gradient(batch, reduction=reduction)
        assert (again[0] == found).all() and (again[1] == parts).all()
    assert program.jacobian(batch) == pytest.approx(alone.jacobian(batch), rel=1e-13)


@pytest.mark.parametrize("count", [1, 5])
def test_one_program_serves_the_threads_of_its_users(count: int) -> None:
    program, batch = program_with_everything(), batch_of(100 * count).reshape(100, count, 2)
    expected = [program.gradient(examples) for examples in batch]
    with ThreadPoolExecutor(4) as executor:
        for found in (executor.map(program.gradient, batch) for _ in range(5)):
            for (outputs, gradient), (own, slopes) in zip(found, expected, strict=True):
                assert (outputs == own).all() and (gradient == slopes).all()


def test_an_error_in_a_thread_names_the_first_example() -> None:
    alone, batch = program_with_everything(), batch_of(1000)
    batch[[400, 900], 0] = -1.0
    program = Program(alone.outputs, alone.inputs, parameters=alone.parameters, threads=4)
    with pytest.raises(ValueError, match=r"^log\(x0 = -1\.0\): .* \(example 400\)$"):
        program.gradient(batch)
    assert np.isfinite(program(batch_of(1000))).all()


@pytest.mark.parametrize("threads", [0, -1, 1.5])
def test_no_threads_are_refused(threads: Any) -> None:
    x = Value(1.0)
    with pytest.raises(ValueError, match=f"one thread or more, not {threads}"):
        Program(x * 2.0, [x], threads=threads)


@pytest.mark.parametrize("count", [1, 2, 101])
def test_parts_of_a_batch_add_up_in_processes(processes: Executor, count: int) -> None:
    assert_same(program_with_everything(), batch_of(count), processes)


@pytest.mark.parametrize("parts", [None, 1, 2, 7, 1000])
def test_the_number_of_parts_changes_nothing(parts: Any) -> None:
    with ThreadPoolExecutor(4) as executor:
        assert_same(program_with_everything(), batch_of(50), executor, parts=parts)


def test_numbers_of_the_call_reach_the_processes(processes: Executor) -> None:
    program, batch = program_with_everything(), batch_of(20)
    numbers = np.linspace(-1.0, 1.0, 6)
    expected = program.gradient(batch, numbers)[1]
    found = program.gradient(batch, numbers, executor=processes, parts=3)[1]
    assert found == pytest.approx(expected, rel=1e-12, abs=1e-13)
    program.parameters[0].data = 3.0
    expected = program.gradient(batch)[1]
    assert program.gradient(batch, executor=processes)[1] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_backward_leaves_the_same_gradients_whoever_computes_them(
    processes: Executor, reduction: Any
) -> None:
    batch, totals, gradients = batch_of(20), [], []
    for executor in (None, processes):
        program = program_with_everything()
        for _ in range(2):
            totals.append(program.backward(batch, reduction=reduction, executor=executor))
        gradients.append([parameter.grad for parameter in program.parameters])
    assert totals == pytest.approx([totals[0]] * 4, rel=1e-14)
    assert gradients[1] == pytest.approx(gradients[0], rel=1e-12)
    assert any(gradients[0])


def test_an_error_in_a_process_names_gate_label_and_lane(processes: Executor) -> None:
    batch = batch_of(10)
    batch[7, 0] = -1.0
    with pytest.raises(ValueError, match=r"^log\(x0 = -1\.0\): .* \(example 7\)$"):
        program_with_everything().gradient(batch, executor=processes, parts=4)


@pytest.mark.parametrize("parts", [0, -1, 1.5])
def test_no_parts_are_refused(parts: Any) -> None:
    with ThreadPoolExecutor(1) as executor, pytest.raises(ValueError, match=f"not {parts}"):
        program_with_everything().gradient(batch_of(3), executor=executor, parts=parts)


def test_a_process_keeps_a_few_programs_and_forgets_the_oldest() -> None:
    x = Value(1.0)
    programs = [Program(x * float(factor), [x]) for factor in range(3 * plan.RECEIVED)]
    with ThreadPoolExecutor(4) as executor:
        for program in programs + programs[:3]:
            expected = program.gradient([[1.0], [2.0]])[0]
            found = program.gradient([[1.0], [2.0]], executor=executor, parts=2)[0]
            assert (found == expected).all()
    assert plan._received.cache_info().currsize <= plan.RECEIVED


@pytest.mark.filterwarnings("default")
def test_a_local_dask_cluster_of_two_worker_processes() -> None:
    local_cluster: Any = distributed.LocalCluster
    client_of: Any = distributed.Client
    with (
        local_cluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        client_of(cluster) as client,
    ):
        assert len(client.scheduler_info()["workers"]) == 2
        executor = client.get_executor()
        assert_same(program_with_everything(), batch_of(101), executor, parts=4)
        batch = batch_of(10)
        batch[7, 0] = -1.0
        with pytest.raises(ValueError, match=r"^log\(x0 = -1\.0\): .* \(example 7\)$"):
            program_with_everything().gradient(batch, executor=executor, parts=4)
