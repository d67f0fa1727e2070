"""Circuits of several outputs: one trace, one explanation, one program text, one picture."""

import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_core import Value, explain, no_grad, staged_code, total, trace
from nn import MLP, backpropagation, half_squared_error
from viz import animate, draw, page, steps, worksheet


def run(text: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(text, names)
    return names


def network() -> tuple[MLP, list[Value]]:
    model = MLP(2, [3, 2], activation="tanh", output="logistic", seed=1)
    return model, [Value(1.0, "x1"), Value(-0.5, "x2")]


numbers = st.floats(0.5, 3.0)


@given(numbers, numbers)
def test_without_a_loss_the_gradients_are_those_of_the_sum(a: float, b: float) -> None:
    x, y = Value(a, "x"), Value(b, "y")
    product, ratio = x * y, x / y
    passes = trace([product, ratio])
    assert not passes.ran and passes.upstreams == (1.0, 1.0)
    found = run(staged_code([product, ratio]))
    assert (found["dx"], found["dy"]) == pytest.approx((b + 1 / b, a - a / b**2), rel=1e-12)
    totals = {passes.values[wire.value].label: wire.total for wire in passes.wires}
    assert (totals["x"], totals["y"]) == pytest.approx((found["dx"], found["dy"]), rel=1e-12)


def test_after_a_loss_they_are_those_of_the_loss() -> None:
    model, x = network()
    outputs = model(x)
    half_squared_error(outputs, [1.0, 0.0]).backward()
    reference = backpropagation(model, [1.0, -0.5], [1.0, 0.0], half_squared_error)
    passes = trace(outputs)
    assert passes.ran
    assert passes.upstreams == pytest.approx(reference.a[-1] - [1.0, 0.0], rel=1e-12)
    totals = {passes.values[wire.value].name: wire.total for wire in passes.wires}
    deltas = {
        f"z{'¹²'[layer]}{'₁₂₃'[place]}": delta
        for layer, row in enumerate(reference.delta)
        for place, delta in enumerate(row)
    }
    assert {name: totals[name] for name in deltas} == pytest.approx(deltas, rel=1e-12)
    found = run(staged_code(outputs))
    assert found["dw1_21"] == pytest.approx(reference.weights[0][1, 0], rel=1e-12)


def test_what_they_share_is_told_once() -> None:
    model, x = network()
    text = explain(model(x))
    assert text.count("z¹₁ = ") == 2  # once on the way forward, once on the way back
    assert text.count("Forward") == text.count("Backward") == text.count("Patterns") == 1
    assert "  a²₁ starts with 1\n  a²₂ starts with 1\n" in text


@pytest.mark.parametrize("with_loss", [False, True])
def test_an_output_that_others_are_computed_from(with_loss: bool) -> None:
    """Truth tables of derivatives on paper: h₁ = w x, h₂ = w h₁, outputs h₁ and h₂."""
    w, x = Value(3.0, "w"), Value(2.0, "x")
    first = w * x
    second = w * first
    first.label, second.label = "h1", "h2"
    if with_loss:
        (10.0 * first + 7.0 * second).backward()
    by_first, by_second = (10.0, 7.0) if with_loss else (1.0, 1.0)
    passes = trace([first, second])
    assert passes.upstreams == (by_first, by_second)
    at_first = by_first + 3.0 * by_second
    sums = f"{by_first:g} + {3 * by_second:g} = {at_first:g}"
    assert f"h1 is an output and used once, an adder: {sums}\n" in explain([first, second])
    found = run(staged_code([first, second]))
    assert (found["dh1"], found["dx"]) == (at_first, 3.0 * at_first)
    assert found["dw"] == 6.0 * by_second + 2.0 * at_first
    if with_loss:
        assert (first.grad, x.grad, w.grad) == (found["dh1"], found["dx"], found["dw"])


def test_one_in_a_list_is_that_one_and_one_given_twice_is_one() -> None:
    f = Value(2.0, "x") * Value(3.0, "y")
    assert explain([f]) == explain((f, f)) == explain(f)
    assert staged_code([f]) == staged_code(f)
    assert draw([f]).svg == draw((f, f)).svg == draw(f).svg


@pytest.mark.parametrize("wrong", [[], (), [Value(1.0), 2.0], [[Value(1.0)]]])
def test_what_are_no_outputs_is_refused(wrong: Any) -> None:
    for use in (explain, staged_code, trace):
        with pytest.raises(TypeError, match="a circuit is the one below a Value"):
            use(wrong)
    with pytest.raises(TypeError, match=r"draw\(\) takes a Value, .* or a list of several, but"):
        draw(wrong)


def test_a_picture_has_all_of_them() -> None:
    model, x = network()
    outputs = model(x)
    half_squared_error(outputs, [1.0, 0.0]).backward()
    plain = draw(outputs, decimals=4)
    for value in (*outputs, *x, *model.parameters()):
        assert f">{value.data:.4f}<" in plain.svg
        assert f">{value.grad:.4f}<" in plain.svg or abs(value.grad) < 5e-5
    title = re.search("<title[^>]*>(.*?)</title>", plain.svg)
    assert title and title[1].startswith("Circuit of ")
    assert "a²₁ = " in title[1] and "a²₂ = " in title[1]
    with no_grad():
        opened = draw(outputs, decimals=4, expand=True, branches=True, local=True)
    assert f">{x[0].grad:.4f}<" in opened.svg
    assert "1/x" in opened.svg
    assert plain.dot.source.count("σ") == 2


def test_a_leaf_may_be_an_output() -> None:
    x, y = Value(2.0, "x"), Value(5.0, "y")
    assert draw([x, x * 3.0, y]).svg
    found = run(staged_code([x, x * 3.0, y]))
    assert (found["dx"], found["dy"]) == (1.0 + 3.0, 1.0)


def test_steps_and_pages_take_one_output() -> None:
    outputs = [Value(1.0, "x").exp(), Value(2.0, "y").log()]
    shows: list[Any] = [steps, animate, page, worksheet]
    for show in shows:
        with pytest.raises(TypeError, match=f"{show.__name__}\\(\\) takes one Value"):
            show(outputs)
    assert math.isfinite(total(outputs).data)


def test_the_jacobian_of_softmax_row_by_row() -> None:
    z = [Value(2.0, "z1"), Value(1.0, "z2"), Value(-1.0, "z3")]
    powers = np.exp([2.0, 1.0, -1.0])
    g = powers / powers.sum()
    from nn import softmax

    probabilities = softmax(z)
    assert f"{probabilities[2].data:.2f}" in draw(probabilities).svg
    for row, each in enumerate(probabilities):
        found = run(staged_code(each))
        gradients = [found["dz1"], found["dz2"], found["dz3"]]
        assert gradients == pytest.approx((np.diag(g) - np.outer(g, g))[row], abs=1e-15)
