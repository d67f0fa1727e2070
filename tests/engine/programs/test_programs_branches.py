"""A branch that is not taken contributes nothing to a gradient, whatever its numbers are."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from autograd_core import (
    Program,
    Value,
    clip,
    compiled,
    cross_entropy,
    dot,
    exp,
    grad,
    log,
    maximum,
    no_grad,
    pick,
    relu,
    total,
    where,
)
from autograd_core.programs.run import plan

inf, nan = float("inf"), float("nan")

Circuit = Callable[[list[Value], list[Value]], Value]


def weighted(w: list[Value], x: list[Value]) -> Value:
    """Sums over the lanes of an input."""
    return where(x[0], w[0] * x[1], 0.0)


def scaled(w: list[Value], x: list[Value]) -> Value:
    """Sums over the lanes, times what they share."""
    return where(x[0], w[0] * w[1] * x[1], 0.0)


def shared(w: list[Value], x: list[Value]) -> Value:
    """Only shared numbers in the branch."""
    return where(x[0], w[0] * w[1] * 1e200 * 1e200, x[0])


def layer(w: list[Value], x: list[Value]) -> Value:
    """An outer product."""
    hidden = [dot(w[2 * place : 2 * place + 2], x[1:]) for place in range(2)]
    return total([where(x[0], each * each, 1.0) for each in hidden])


def layers(w: list[Value], x: list[Value]) -> Value:
    """A matrix product in the backward pass."""
    hidden = [dot(w[2 * place : 2 * place + 2], x[1:]).tanh() * x[1] for place in range(2)]
    return where(x[0], dot(w[2:4], hidden), w[0] * x[0])


def pairs(w: list[Value], x: list[Value]) -> Value:
    """Products pair by pair."""
    return where(x[0], (w[0] * x[1]).tanh() * x[1] * x[2], w[1])


def inside(w: list[Value], x: list[Value]) -> Value:
    """Infinities before the sum over the lanes."""
    return where(x[0], w[0] * x[1] * x[1] * x[2] + w[1], 0.0)


def rectified(w: list[Value], x: list[Value]) -> Value:
    return relu(w[0] * x[1] * x[0]) + relu(-1.0 - w[1] * w[1] * x[2] * x[2])


def largest(w: list[Value], x: list[Value]) -> Value:
    return maximum(w[0] * x[0], w[1] * x[1]) + clip(w[2] * x[2], -1.0, 1.0)


def picked(w: list[Value], x: list[Value]) -> Value:
    """A router inside the branch that weighs with an infinite number."""
    return where(x[0], pick([x[1], x[2]], [w[0], w[1]]), 0.0)


CIRCUITS = [picked, weighted, scaled, shared, layer, layers, pairs, inside, rectified, largest]

NUMBERS = [0.5, -1.5, 2.0, 0.25]
BATCH = [
    *([1.0, 2.0, 3.0], [0.0, inf, 1.0], [0.0, 1.0, -inf], [0.0, nan, 2.0]),
    *([0.0, inf, inf], [0.0, 1e200, 1e300], [1.0, 0.5, -2.0], [0.0, -inf, nan]),
]


def eager(circuit: Circuit, row: Sequence[float]) -> tuple[float, list[float], list[float]]:
    w, x = [Value(number) for number in NUMBERS], [Value(number) for number in row]
    out = circuit(w, x)
    out.backward()
    return out.data, [each.grad for each in w], [each.grad for each in x]


def program_of(circuit: Circuit, **options: Any) -> Program:
    w, x = [Value(number) for number in NUMBERS], [Value(1.0), Value(1.0), Value(1.0)]
    return Program(circuit(w, x), x, parameters=w, **options)


@pytest.mark.parametrize("loops", {False, compiled})
@pytest.mark.parametrize("circuit", CIRCUITS)
def test_what_is_not_taken_contributes_nothing(
    monkeypatch: pytest.MonkeyPatch, circuit: Circuit, loops: bool
) -> None:
    monkeypatch.setattr(plan, "compiled", loops)
    expected = [eager(circuit, row) for row in BATCH]
    slopes = np.array([own for _, own, _ in expected])
    program = program_of(circuit)
    outputs, gradient = program.gradient(BATCH, reduction="sum")
    assert outputs[:, 0] == pytest.approx([out for out, _, _ in expected], nan_ok=True)
    assert gradient == pytest.approx(slopes.sum(axis=0), nan_ok=True)
    for row, own in zip(BATCH, slopes, strict=True):
        assert program.gradient([row])[1] == pytest.approx(own, nan_ok=True)
    for by, places in (("parameters", slopes), ("inputs", [own for _, _, own in expected])):
        found = program.jacobian(BATCH, by=by)  # type: ignore[arg-type]
        assert found[:, 0] == pytest.approx(np.array(places), nan_ok=True)


@pytest.mark.parametrize("options", [{"threads": 2}, {"dtype": "float32"}])
def test_on_threads_in_processes_and_in_float32(options: dict[str, Any]) -> None:
    rows = [row for row in BATCH if 1e200 not in row]
    program, batch = program_of(layer, **options), np.array(rows * 40)
    expected = 40 * sum(np.array(eager(layer, row)[1]) for row in rows)
    assert np.isfinite(expected).all()
    found = program.gradient(batch, reduction="sum")[1]
    assert found == pytest.approx(expected, rel=1e-5)
    with ThreadPoolExecutor(2) as executor, no_grad():
        parts = program.gradient(batch, executor=executor, parts=3)[1]
    assert parts == pytest.approx(expected / len(batch), rel=1e-5)


def test_a_hessian_leaves_out_what_is_not_taken() -> None:
    w, x = Value(0.5), [Value(1.0), Value(1.0)]
    program = Program(where(x[0], w * w * w * x[1], 0.0), x)
    product = program.hessian_product([[1.0, 2.0], [0.0, inf]], [1.0])
    assert product == pytest.approx([6.0 * 0.5 * 2.0 / 2])


def test_slopes_of_routers_that_cancel_count_as_reaching() -> None:
    x = Value(0.5)
    program = Program(log(x) + cross_entropy([x], [x]), [])  # whose slopes are -x and 1 - x
    assert program.hessian_product([[]], [1.0]) == pytest.approx([-4.0 - 2.0])
    w = Value(0.0)
    logits: list[Any] = [exp(w), 1.0]  # slopes of -1/2 and 1/2
    loss: Any = cross_entropy([1.0, 0.0], logits) + 3.0 * cross_entropy([0.0, 1.0], logits)
    loss.backward()
    assert w.grad == 1.0
    assert grad(loss, [w])[0].data == 1.0
    assert Program(loss, []).gradient([[]])[1].tolist() == [1.0]


@pytest.mark.parametrize("number", [inf, nan])
def test_a_true_nan_stays(number: float) -> None:
    w, x = Value(0.5), [Value(1.0), Value(1.0), Value(0.0)]
    taken = Program(where(x[0], w * x[1] * x[2], 0.0), x)
    assert np.isnan(taken.gradient([[1.0, number, 0.0], [0.0, 1.0, 1.0]])[1]).all()
    assert taken.gradient([[0.0, number, 0.0], [1.0, 1.0, 1.0]])[1].tolist() == [0.5]
    beside = Program(w * x[1] * x[2] + relu(x[0]), x)  # a 0 that comes from no branch
    assert np.isnan(beside.gradient([[0.0, number, 0.0]])[1]).all()
    smooth = Program((w * x[0] * x[1]).tanh(), x)
    assert np.isnan(smooth.gradient([[0.0, inf, 0.0]])[1]).all()
