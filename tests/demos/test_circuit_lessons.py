"""What the lessons on circuits teach, and those on a neuron and a small network by hand."""

import math
import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lessons import outputs, prose, ran, rows_of, shown

from viz import Animation, Drawing, Page

# gate_patterns


def test_the_patterns_have_the_lectures_numbers() -> None:
    rows = rows_of(ran("gate_patterns"), "lecture")
    lecture = {"f": "-20", "∂f/∂x": "-8", "∂f/∂y": "6", "∂f/∂z": "2", "∂f/∂w": "0"}
    assert {row["quantity"]: row["lecture"] for row in rows} == lecture
    for row in rows:
        assert row["engine"] == row["rounded"] == row["lecture"]
        assert row["verdict"] == "agrees"


def test_each_gate_alone_gets_two_and_hands_down_two_times_local() -> None:
    [first, *_] = (output.svg for output in outputs(ran("gate_patterns")) if output.svg)
    numbers = re.findall(r">(-?\d+)</text>", first)
    for upstream_times_local in (2, -8, 6, 0, 16):
        assert str(upstream_times_local) in numbers


def test_copies_add_and_ties_share() -> None:
    names = ran("gate_patterns").namespace
    assert "a is used 3 times, an adder: 1 + 3 + -6 = -2" in shown(ran("gate_patterns"))
    assert "b is used 2 times, an adder: -2 + -6 = -8" in shown(ran("gate_patterns"))
    assert [names[name].grad for name in ("a", "b")] == [2 * 2 * -3 + 9 + 1, 2 * 2 * -3 + 4]
    assert [names[name].grad for name in ("left", "right", "same")] == [0.5, 0.5, 1.0]


def test_the_patterns_are_drawn_and_can_be_played_with() -> None:
    values = [output.value for output in outputs(ran("gate_patterns"))]
    assert sum(isinstance(value, Drawing) for value in values) == 4
    assert any(isinstance(value, Page) for value in values)


# staged


def sigma(t: float) -> float:
    return 1 / (1 + math.exp(-t))


def test_staged_code_is_run_and_equals_the_engine() -> None:
    x, y = 3.0, -4.0
    numerator, denominator = x + sigma(y), sigma(x) + (x + y) ** 2
    f = numerator / denominator
    by_x = (1 - f * (sigma(x) * sigma(-x) + 2 * (x + y))) / denominator
    by_y = (sigma(y) * sigma(-y) - f * 2 * (x + y)) / denominator
    for row, number in zip(rows_of(ran("staged"), "staged code"), (f, by_x, by_y), strict=True):
        assert row["staged code"] == row["engine"] == f"{number:.6g}"
        assert row["difference"] == "0"
    assert "dnum = invden * df" in shown(ran("staged"))
    assert "dx += " in shown(ran("staged"))


def test_the_staged_gradients_are_confirmed_and_played() -> None:
    assert shown(ran("staged")).count("  good") == 2
    assert any(isinstance(output.value, Animation) for output in outputs(ran("staged")))


def test_the_engines_slope_of_sigma_keeps_its_digits() -> None:
    assert "(1 - σ) σ:  0.0\n" in shown(ran("staged"))
    [kept] = re.findall(r"σ\(x\) σ\(-x\): (\S+)", shown(ran("staged")))
    assert float(kept) == pytest.approx(math.exp(-40.0) / (1 + math.exp(-40.0)) ** 2)


# chain_rule


def _one(x: Fraction) -> Fraction:
    g = x**3 + 2 * x
    return 2 * g**2 - 3 * g + 1


def _two(x: Fraction) -> Fraction:
    return 2 * (3 * x) ** 2 - 3 * (3 * x) * (x**2 + 2 * x) + 1


def test_backpropagation_is_as_exact_as_fractions() -> None:
    names, rows = ran("chain_rule").namespace, rows_of(ran("chain_rule"), "exact df/dx")
    assert len(names["points"]) == 6
    expected = [(x, f) for f in (_one, _two) for x in names["points"]]
    h = Fraction(1, 10**9)
    for row, (x, f) in zip(rows, expected, strict=True):
        exact = Fraction(row["exact df/dx"])
        assert Fraction(row["x"]) == x
        assert abs((f(x + h) - f(x - h)) / (2 * h) - exact) < Fraction(1, 10**12)
        assert row["backpropagation"] == f"{float(exact):.6g}"
        assert row["difference"] == "0"
    assert [names["two_paths"](x) for x in names["points"]] == [-27 * x**2 for x in names["points"]]


def test_the_derivative_is_a_circuit_that_can_be_differentiated() -> None:
    names = ran("chain_rule").namespace
    assert names["slope"].data == -27 * 0.5**2
    assert names["x"].grad == names["curvature"].data == -54 * 0.5
    assert any(isinstance(output.value, Page) for output in outputs(ran("chain_rule")))


# gradient_check


def test_four_ways_lead_to_one_gradient() -> None:
    slope = sigma(1.0) * sigma(-1.0)
    gradients = {"w0": -1, "x0": 2, "w1": -2, "x1": -3, "w2": 1}
    rows = rows_of(ran("gradient_check"), "symbolic")
    assert [row["input"] for row in rows] == list(gradients)
    for row, factor in zip(rows, gradients.values(), strict=True):
        numbers = [float(cell) for cell in list(row.values())[1:]]
        assert numbers == pytest.approx([factor * slope] * 4, rel=1e-6)
        assert row["symbolic"] == row["backpropagation"]


def test_evaluations_are_counted() -> None:
    *rows, last = rows_of(ran("gradient_check"), "inputs")
    assert [row["inputs"] for row in rows] == ["1", "10", "100"]
    for row in rows:
        n = int(row["inputs"])
        assert (int(row["forward"]), int(row["centred"])) == (n + 1, 2 * n)
    assert {row["backpropagation"] for row in (*rows, last)} == {"1 forward + 1 backward"}


def test_the_best_step_is_where_theory_says() -> None:
    rows = rows_of(ran("gradient_check"), "h")
    assert len(rows) == 14
    forward, centred = (
        min(rows, key=lambda row: float(row[method]))["h"] for method in ("forward", "centred")
    )
    assert 1e-9 <= float(forward) <= 1e-7  # around √ε
    assert 1e-6 <= float(centred) <= 1e-5  # around ∛ε
    assert f"best h, forward: {forward}\nbest h, centred: {centred}" in shown(ran("gradient_check"))


def test_a_check_finds_a_mistake_and_knows_a_kink() -> None:
    assert re.search(r"x +3 +3 +6 +5\.0e-01  wrong\n", shown(ran("gradient_check")))
    assert re.search(r"4\.9e-01  kink\n", shown(ran("gradient_check")))


# perceptron

sums = st.floats(-500, 500).filter(lambda z: abs(z) > 1e-9)
costs = st.floats(0.01, 100)


@given(sums)
def test_both_neurons_decide_alike(z: float) -> None:
    names = ran("perceptron").namespace
    assert names["perceptron_decides"](z) == names["logistic_decides"](z) == (z > 0)


@given(costs, costs, st.floats(-20, 20))
def test_other_costs_move_the_threshold(false_alarm: float, miss: float, away: float) -> None:
    decides = ran("perceptron").namespace["logistic_decides"]
    threshold = math.log(false_alarm / miss)
    if abs(away) > 1e-3:
        assert decides(threshold + away, false_alarm, miss) == (away > 0)


def test_decisions_and_thresholds() -> None:
    rows = rows_of(ran("perceptron"), "logistic neuron")
    assert [row["z"] for row in rows] == ["-4", "-1", "-0.01", "0.01", "1", "4"]
    for row in rows:
        z = float(row["z"])
        assert float(row["unit step"]) == (z >= 0)
        assert float(row["σ(z)"]) == pytest.approx(sigma(z), rel=1e-5)
        assert row["perceptron"] == row["logistic neuron"] == str(int(z > 0))
    rows = rows_of(ran("perceptron"), "miss B")
    pairs = [(float(row["false alarm A"]), float(row["miss B"])) for row in rows]
    assert pairs == [(1, 1), (4, 1), (1, 4)]
    for row, (a, b) in zip(rows, pairs, strict=True):
        assert 0 < float(row["first z for a 1"]) - math.log(a / b) <= 0.001 + 1e-12
        threshold = float(row["threshold of p, A / (A + B)"])
        assert sigma(math.log(a / b)) == pytest.approx(threshold)
    assert ran("perceptron").namespace["agreed"] == 1000


def test_no_gradient_passes_a_step() -> None:
    first, second = (output for output in outputs(ran("perceptron")) if "Drawing" in output.text)
    assert first.svg
    assert ">0.00<" in first.svg
    p = sigma(0.5)
    assert second.svg
    assert f">{2 * p * p * (1 - p):.2f}<" in second.svg
    assert f"p = {p:.2f}, gradient of z: {2 * p * p * (1 - p):.3f}" in shown(ran("perceptron"))
    assert "'step' is flat" in shown(ran("perceptron"))


# outlier

NEAR = [0.5, 1.5, 2.1, 2.2, 2.7, 2.3, 2.8, 2.9, 3.5, 4.5]
CLASSES = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]


def logistic_regression(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Weight and boundary by Newton's method."""
    design = np.stack([x, np.ones_like(x)], axis=1)
    parameters = np.zeros(2)
    for _ in range(50):
        p = 1.0 / (1.0 + np.exp(-design @ parameters))
        hessian = design.T @ (design * (p * (1 - p))[:, np.newaxis])
        parameters -= np.linalg.solve(hessian, design.T @ (p - y))
    return parameters[0], -parameters[1] / parameters[0]


def test_both_regressions_are_at_their_least_loss() -> None:
    rows = rows_of(ran("outlier"), "decides at x =")
    expected = [("linear", "10"), ("linear", "11"), ("logistic", "10"), ("logistic", "11")]
    assert [(row["regression"], row["examples"]) for row in rows] == expected
    for row in rows:
        far = row["examples"] == "11"
        x, y = np.array([*NEAR, *([20.0] * far)]), np.array([*CLASSES, *([1.0] * far)])
        if row["regression"] == "linear":
            weight, intercept = np.polyfit(x, y, 1)
            boundary = (0.5 - intercept) / weight
            loss = 0.5 * np.mean((weight * x + intercept - y) ** 2)
        else:
            weight, boundary = logistic_regression(x - 2.5, y)
            boundary += 2.5
            intercept = -weight * boundary
            z = weight * x + intercept
            loss = np.mean(np.logaddexp(0.0, z) - y * z)
        wrong = np.sum((np.array(NEAR) > boundary) != np.array(CLASSES))
        assert float(row["weight"]) == pytest.approx(weight, abs=6e-5)
        assert float(row["bias"]) == pytest.approx(intercept, abs=2e-4)  # for x as it is
        assert float(row["decides at x ="]) == pytest.approx(boundary, abs=0.006)
        assert float(row["loss"]) == pytest.approx(loss, abs=6e-5)
        assert int(row["wrong of the ten"]) == wrong


def test_the_line_moves_and_the_logistic_curve_does_not() -> None:
    before, after, still, unmoved = rows_of(ran("outlier"), "decides at x =")
    assert float(after["decides at x ="]) > float(before["decides at x ="]) + 0.4
    assert still["decides at x ="] == unmoved["decides at x ="]
    assert (before["wrong of the ten"], after["wrong of the ten"]) == ("2", "3")
    weight, intercept = np.polyfit(NEAR, CLASSES, 1)
    line = 20.0 * weight + intercept
    assert f"line: {line:.2f}, error: {line - 1:.2f}" in shown(ran("outlier"))


def test_other_points_far_out_move_the_line_alone() -> None:
    pattern = r"\d: linear at x = (\S+), (\d) .*\n +logistic at x = (\S+), 2 of"
    answers = re.findall(pattern, shown(ran("outlier")))
    for far, (at, wrong, unmoved) in zip(
        ([200], [5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20]), answers, strict=True
    ):
        weight, bias = np.polyfit([*NEAR, *far], [*CLASSES, *[1] * len(far)], 1)
        boundary = (0.5 - bias) / weight
        assert (at, unmoved) == (f"{boundary:.2f}", "2.50")
        assert int(wrong) == np.sum((np.array(NEAR) > boundary) != np.array(CLASSES))


# worked_example

WORKED = {
    "z of the first hidden neuron": ("0.78", "0.78"),
    "its activation": ("0.62", "0.66"),
    "z of the second hidden neuron": ("0.49", "0.66"),
    "z of the output neuron": ("1.062", "1.099"),
    "the output": ("0.74", "0.75"),
    "0.5 × 0.4": ("0.2", "0.2"),
    "1.2 × 0.2": ("0.24", "0.24"),
    "0.1 × 0.2": ("0.03", "0.02"),
    "bias": ("0.2", "0.2"),
    "their sum": ("0.49", "0.66"),
}
A1, A2 = sigma(0.78), sigma(0.66)  # the hidden activations, and the output of them
OUT = sigma(0.3 * A1 + 0.9 * A2 + 0.3)


def test_the_slides_numbers_and_the_right_ones() -> None:
    rows = rows_of(ran("worked_example"), "lecture")
    assert {row["quantity"]: (row["lecture"], row["rounded"]) for row in rows} == WORKED
    for row in rows:
        assert row["verdict"] == ("agrees" if row["lecture"] == row["rounded"] else "differs")
    assert float(rows[5]["engine"]) == pytest.approx(OUT, rel=1e-5)


def test_where_the_slips_come_from_and_what_they_cost() -> None:
    text = shown(ran("worked_example"))
    assert f"1/(1 + exp(0.78))  = {1 / (1 + math.exp(0.78)):.4f}\n" in text
    assert f"1/(1 + exp(-0.78)) = {A1:.4f}\n" in text
    assert "\n0.67\n" in text
    assert sum(map(Fraction, ("0.2", "0.24", "0.03", "0.02"))) == Fraction("0.49")
    assert f"slide: {sigma(0.49):.4f}, right: {A2:.4f}\n" in text
    assert f"weighted sum: 1.062, its logistic: {sigma(1.062):.4f}\n" in text
    assert f"the output is off by {OUT - sigma(1.062):.3f}\n" in text


def test_the_slides_network_is_drawn_and_can_be_played_with() -> None:
    shows = outputs(ran("worked_example"))
    assert ">0.75<" in (shows[0].svg or "")
    assert any(isinstance(output.value, Page) for output in shows)


def test_numpy_and_nn_compute_the_same_network() -> None:
    by_numpy, by_nn = re.findall(r"NumPy: (\S+), nn: (\S+)", shown(ran("worked_example")))[0]
    assert by_numpy == by_nn


# network_patterns


def test_each_pattern_is_found_in_a_small_network() -> None:
    x, (g1, g2, h1, h2, u, v) = 2.0, (1.5, -1.0, -0.5, 1.0, 2.0, -1.0)
    g, h = max(g1 * x, g2 * x), max(h1 * x, h2 * x)
    text = prose(ran("network_patterns"))
    assert f"1 × {g:g} = {g:g} to u and 1 × {u:g} = {u:g} to g" in text
    assert f"1 × {h:g} = {h:g} to v and 1 × {v:g} = {v:g} to h" in text
    by_x = u * g1 + v * h2
    assert f"{u * g1:g} by g1, 0 by g2, 0 by h1 and {v * h2:g} by h2 make {by_x:g}" in text
    names = ran("network_patterns").namespace
    assert [names[name].data for name in ("g", "h")] == [g, h]
    assert [names[name].grad for name in ("g", "h", "u", "v", "x")] == [u, v, g, h, by_x]
    assert any(isinstance(output.value, Page) for output in outputs(ran("network_patterns")))


def test_all_gates_of_a_network_keep_to_their_pattern() -> None:
    rows = rows_of(ran("network_patterns"), "exceptions")
    weights = 2 * 16 + 16 * 16 + 16
    counts = {"add": weights, "multiply": weights, "relu": 32, "copy": 2 + 16}
    assert {row["gate"]: int(row["how many"]) for row in rows} == counts
    assert {row["exceptions"] for row in rows} == {"0"}
    assert sum(counts.values()) in [output.value for output in outputs(ran("network_patterns"))]
    assert "3: u 3.0  g1 0.0  g2" in shown(ran("network_patterns"))
    assert "5: 12.0 = 12.0" in shown(ran("network_patterns"))
