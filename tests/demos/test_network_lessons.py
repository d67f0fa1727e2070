"""What the lessons on layers, activation functions and losses teach, held against formulas."""

import itertools
import math
import re
from fractions import Fraction
from random import Random
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lessons import outputs, ran, rows_of, shown

from autograd_core import Value
from demos.figures import Plot
from nn import (
    ACTIVATIONS,
    MLP,
    binary_cross_entropy,
    half_squared_error,
    training_gradient,
    weights_of,
)
from viz import Page


def sigma(z: float) -> float:
    return 1.0 / (1.0 + math.exp(-z))


def pictures(name: str) -> list[str]:
    """The SVG of all pictures of a lesson."""
    return [output.svg for output in outputs(ran(name)) if output.svg]


# linear_layers


def test_linear_layers_are_one_neuron() -> None:
    lesson = ran("linear_layers")
    rows = rows_of(lesson, "three layers")
    for row in rows:
        assert row["three layers"] == row["one neuron"]
        assert abs(float(row["difference"])) < 1e-12
    at = {row["x1, x2"]: float(row["three layers"]) for row in rows}
    bias = at["0, 0"]
    w1, w2 = at["1, 0"] - bias, at["0, 1"] - bias
    assert at["-3, 2"] == pytest.approx(-3 * w1 + 2 * w2 + bias, rel=1e-4)
    assert at["100, -50"] == pytest.approx(100 * w1 - 50 * w2 + bias, rel=1e-4)
    assert "44 parameters come to three" in shown(lesson)  # 5 × 3 + 4 × 6 + 5
    assert f"w1 = {w1:.4f}, w2 = {w2:.4f}, bias = {bias:.4f}" in shown(lesson)
    assert f"{w1:.2f}" in pictures("linear_layers")[0]


def test_only_without_an_activation_function_the_slope_is_the_same_everywhere() -> None:
    lesson = ran("linear_layers")
    rows = rows_of(lesson, "∂o/∂x1, linear")
    [w1] = {row["∂o/∂x1, linear"] for row in rows}
    assert f"w1 = {float(w1):.4f}" in shown(lesson)
    assert len({row["∂o/∂x1, tanh"] for row in rows}) == len(rows)


def test_two_ways_to_write_one_neuron() -> None:
    assert shown(ran("linear_layers")).count("1: weight -6, bias 1") == 2


# xor


def test_one_neuron_computes_all_functions_of_two_inputs_but_two() -> None:
    everything = set(itertools.product((0, 1), repeat=4))
    assert everything - ran("xor").namespace["found"] == {(0, 1, 1, 0), (1, 0, 0, 1)}
    assert "14 found, missing: (0, 1, 1, 0) (1, 0, 0, 1)" in shown(ran("xor"))


def test_one_neuron_learns_to_say_one_half() -> None:
    after = [row["after"] for row in rows_of(ran("xor"), "p before training")]
    assert after == ["0.500"] * 4
    assert f"after: {math.log(2):.6f}, ln 2" in shown(ran("xor"))


def test_a_small_network_solves_xor_online_and_in_batch() -> None:
    names = ran("xor").namespace
    for batch_size, rate, seed in ((None, 2.0, 1), (1, 0.4, 0)):
        model, trainer = names["trained"](4, batch_size, rate, seed)
        assert trainer.history["loss"][-1] < 0.01
        answers = [model(example).data for example in names["examples"]]
        assert answers == pytest.approx([0, 1, 1, 0], abs=0.05)
    rows = rows_of(ran("xor"), "median epochs")
    solved = {(row["hidden neurons"], row["learning"]): row["solved"] for row in rows}
    assert solved["4", "batch"] == "10 of 10"
    for row in rows:
        updates_each = 4 if row["learning"] == "online" else 1
        assert float(row["median updates"]) == updates_each * float(row["median epochs"])


def test_the_hidden_layer_makes_coordinates_in_which_a_line_is_enough() -> None:
    rows = rows_of(ran("xor"), "hidden 1")
    places = np.array([[float(row["hidden 1"]), float(row["hidden 2"])] for row in rows])
    assert [round(float(row["p"])) for row in rows] == [0, 1, 1, 0]
    assert np.linalg.norm(places[0] - places[3]) < 0.05 < 1.0 < np.linalg.norm(places[1])
    sums = places.sum(axis=1)
    assert min(sums[[0, 3]]) > max(sums[[1, 2]]) + 1.0  # parted by a line h1 + h2 = constant
    assert any(isinstance(output.value, Page) for output in outputs(ran("xor")))
    assert "4: [0.0, 1.0, 1.0, 0.0]" in shown(ran("xor"))


def test_runs_that_failed_are_stuck_where_the_gradient_is_next_to_nothing() -> None:
    names = ran("xor").namespace
    lost = names["lost"]
    rows = rows_of(ran("xor"), "median epochs")
    assert len(lost) == sum(10 - int(row["solved"].split()[0]) for row in rows)
    for run in lost:
        gradient = training_gradient(
            run.model, names["examples"], names["targets"], binary_cross_entropy
        )
        assert max(map(abs, gradient.by_name(run.model).values())) < 0.05
    halves = [sum(abs(p - 0.5) < 0.05 for p in run.predict(names["examples"])) for run in lost]
    assert f"{halves.count(4)} of {len(lost)}" in shown(ran("xor"))


# approximation


def test_the_staircase_is_the_sum_of_the_theorem() -> None:
    names, count, x = ran("approximation").namespace, 5, 0.37
    curve = names["curve"]
    rises = [curve((i + 1) / count) - curve(i / count) for i in range(count)]
    steps = [sigma(25.0 * (x - (i + 0.5) / count)) for i in range(count)]
    assert names["by_hand"](count)([x]).data == pytest.approx(np.dot(rises, steps), rel=1e-12)


def test_errors_fall_with_the_number_of_neurons() -> None:
    rows = rows_of(ran("approximation"), "parameters")
    assert [int(row["N"]) for row in rows] == [1, 2, 4, 8, 16, 32]
    for row in rows:
        assert int(row["parameters"]) == 3 * int(row["N"]) + 1
    for column in ("by hand, largest error", "trained, largest", "trained, rms"):
        errors = [float(row[column]) for row in rows]
        assert errors == sorted(errors, reverse=True)
        assert errors[-1] < errors[0] / 20
    # training is closer than a staircase of as many neurons
    for row in rows:
        assert float(row["trained, largest"]) < float(row["by hand, largest error"])


def test_the_terms_and_the_bias_make_the_network() -> None:
    names = ran("approximation").namespace
    assert names["total"] == pytest.approx(names["fitted"][8], rel=1e-12, abs=1e-12)


def test_outside_the_interval_the_network_becomes_a_constant() -> None:
    lines = re.findall(r"x = (\S+): f = (\S+), F = (\S+)", shown(ran("approximation")))
    numbers = [(float(x), float(f), float(F)) for x, f, F in lines]
    assert [F for x, _, F in numbers if x >= 2] == [numbers[-1][2]] * 3
    for x, f, _ in numbers:
        assert f == x / 2  # both sines are 0 at multiples of a half


# activations

away_from_kinks = st.floats(-20, 20).filter(lambda z: abs(z) > 1e-3)


@given(st.sampled_from(sorted(ACTIVATIONS)), away_from_kinks)
def test_derivatives_on_paper_are_right(name: str, z: float) -> None:
    names, function = ran("activations").namespace, ACTIVATIONS[name]
    derivative = names["derivatives"][name]
    h = 1e-6
    nudged = (function(z + h) - function(z - h)) / (2 * h)
    assert derivative(z) == pytest.approx(nudged, rel=1e-5, abs=2e-8)
    assert names["slope"](function, z) == pytest.approx(derivative(z), rel=1e-6, abs=1e-15)


def formula(text: str, z: float) -> float:
    """A formula as the lesson's table has it, computed."""
    value, _, condition = text.partition(" if ")
    condition, _, other = condition.partition(", else ")
    for shown_as, code in (("0.1 z", "0.1 * z"), ("≥", ">="), ("tanh² z", "tanh(z) ** 2")):
        value, condition, other = (
            part.replace(shown_as, code) for part in (value, condition, other)
        )
    value = value.replace("tanh z", "tanh(z)").replace("σ (1 - σ)", "σ(z) * (1 - σ(z))")
    value = value.removeprefix("σ(z) = ")
    known = {"z": z, "σ": sigma, "exp": math.exp, "ln": math.log, "tanh": math.tanh, "max": max}
    return float(eval(value if not condition or eval(condition, known) else other, known))


def test_formulas_on_paper_are_those_of_nn() -> None:
    rows = rows_of(ran("activations"), "f(z)")
    assert [row["name"] for row in rows] == list(ACTIVATIONS)
    for row, z in itertools.product(rows, (-2.0, -0.5, 0.5, 2.0)):
        function = ACTIVATIONS[row["name"]]
        assert formula(row["f(z)"], z) == pytest.approx(float(function(z)), rel=1e-12)
        derivative = ran("activations").namespace["derivatives"][row["name"]]
        assert formula(row["f′(z)"], z) == pytest.approx(derivative(z), rel=1e-12)


def test_the_engines_slopes_are_those_on_paper() -> None:
    rows = {row["f′(z) at z ="]: row for row in rows_of(ran("activations"), "largest error")}
    derivatives = ran("activations").namespace["derivatives"]
    assert set(rows) == set(derivatives) == set(ACTIVATIONS)
    for name, derivative in derivatives.items():
        for place in ("-2", "-0.5", "0", "0.5", "2"):
            assert float(rows[name][place]) == pytest.approx(derivative(float(place)), abs=6e-5)
        assert float(rows[name]["largest error"]) < 1e-14


def test_slopes_at_kinks() -> None:
    rows = rows_of(ran("activations"), "just above 0")
    assert {row["function"]: list(row.values())[1:] for row in rows} == {
        "relu": ["0", "0", "1"],
        "leaky_relu": ["0.1", "0.1", "1"],
        "elu": ["1", "1", "1"],
        "step": ["0", "0", "0"],
        "maximum(0, z)": ["0", "0.5", "1"],
        "maximum(0.1 * z, z)": ["0.1", "0.55", "1"],
    }


@given(st.floats(-100, 100), st.floats(-100, 100))
def test_maxout_of_two_pieces(weight: float, z: float) -> None:
    assert ran("activations").namespace["two_pieces"](weight)([z]).data == max(z, weight * z)


def test_maxout_is_other_functions_too() -> None:
    rows = rows_of(ran("activations"), "the same as")
    assert [row["the same as"] for row in rows] == ["relu", "leaky_relu", "|z|"]
    assert {row["largest difference"] for row in rows} == {"0"}
    names = ran("activations").namespace
    assert (names["out"].data, names["z"].grad) == (2.0, -1.0)
    assert any(isinstance(output.value, Page) for output in outputs(ran("activations")))


# saturation


def test_slopes_of_the_logistic_function() -> None:
    for row in rows_of(ran("saturation"), "σ′(z)"):
        z = float(row["z"])
        tail = math.exp(-z) / (1 + math.exp(-z))
        assert float(row["σ′(z)"]) == pytest.approx(tail * (1 - tail), rel=1e-5)
        assert float(row["relu′(z)"]) == (z > 0)


def test_deep_stack() -> None:
    rows = rows_of(ran("saturation"), "logistic")
    xavier = MLP(16, [16] * 12 + [1], activation="logistic", initial="xavier", seed=1)
    he = MLP(16, [16] * 12 + [1], activation="relu", initial="he", seed=1)
    for column, model in (("logistic", xavier), ("ReLU", he)):
        source = Random(1)
        inputs = [[source.gauss(0.0, 1.0) for _ in range(16)] for _ in range(8)]
        mean = training_gradient(model, inputs, [1.0] * 8, half_squared_error)
        sizes = [8 * math.sqrt(np.mean(matrix**2)) for matrix in mean.weights]
        assert [row[column] for row in rows] == [f"{size:.1e}" for size in sizes]
    logistic, relu = ([float(row[column]) for row in rows] for column in ("logistic", "ReLU"))
    assert all(below < 0.5 * above for below, above in itertools.pairwise(logistic))
    assert logistic[0] < 1e-6 * logistic[11]
    assert relu[0] > 0.05 * relu[11]
    text = shown(ran("saturation"))
    share, wide_share = map(float, re.findall(r"logistic.*: (\S+)", text))
    assert share == pytest.approx(logistic[0] / logistic[11], rel=0.1)
    [of_relu] = re.findall(r"ReLU: +(\S+)", text)
    assert float(of_relu) == pytest.approx(relu[0] / relu[11], rel=0.05)
    for layer in xavier.layers[:-1]:
        for weight in weights_of(layer):
            weight.data *= 4.0
    mean = training_gradient(xavier, inputs, [1.0] * 8, half_squared_error)
    first, last = (math.sqrt(np.mean(mean.weights[layer] ** 2)) for layer in (0, 11))
    assert f"logistic, larger weights: {first / last:.0e}" in text
    assert 100 * share < wide_share < 0.01


def test_dead_relu() -> None:
    """Steepest descent on the mean of ½ (ŷ − x)², in fractions."""
    places = [Fraction(x) for x in ("0.5", "1", "1.5", "2")]
    w, b = Fraction(1, 2), Fraction(0)
    history = []
    for _ in range(5):
        on = [x for x in places if w * x + b > 0]
        loss = sum((max(w * x + b, Fraction(0)) - x) ** 2 for x in places) / 2 / len(places)
        history.append((w, b, loss, len(on)))
        errors = [w * x + b - x for x in on]
        w -= sum((e * x for e, x in zip(errors, on, strict=True)), Fraction(0)) / len(places)
        b -= sum(errors, Fraction(0)) / len(places)
    lesson = ran("saturation")
    rows = rows_of(lesson, "update")
    for row, (weight, bias, loss, count) in zip(rows, history, strict=True):
        numbers = [row[name] for name in ("weight", "bias", "loss")]
        assert numbers == [f"{float(number):.4f}" for number in (weight, bias, loss)]
        assert row["examples with z > 0"] == f"{count} of 4"
    assert [count for *_, count in history] == [4, 4, 0, 0, 0]
    relu, leaky = rows_of(lesson, "after 200 steps of 0.2")
    assert list(relu.values())[1:] == list(rows[-1].values())[1:]
    assert float(leaky["weight"]) == pytest.approx(1.0, abs=0.01)
    assert leaky["examples with z > 0"] == "4 of 4"
    assert leaky["loss"] == "0.0000"


def test_relu_is_sparse_and_faster_than_the_logistic_function_but_not_than_tanh() -> None:
    rows = rows_of(ran("saturation"), "answers of layer 1 that are 0")
    logistic, tanh, relu = (rows[place::3] for place in range(3))
    assert {row["epochs"] for row in logistic} == {"over 1000"}
    for one, other in zip(tanh, relu, strict=True):
        assert 0.5 < float(one["epochs"]) / float(other["epochs"]) < 2
        assert float(other["epochs"]) < 1000 / 6
        sparse = float(other["answers of layer 1 that are 0"].rstrip("%"))
        assert one["answers of layer 1 that are 0"] == "0%"
        assert 30 < sparse < 90
    steep = re.findall(r"(\S+) is steep from z = (\S+) to (\S+)", shown(ran("saturation")))
    for name, begin, end in steep[:2]:  # σ′ = 1/100 and tanh′ = 1/100, solved
        edge = {"σ": math.log(49 + math.sqrt(49**2 - 1)), "tanh": math.acosh(10)}[name]
        assert (float(begin), float(end)) == pytest.approx((-edge, edge), abs=0.02)


def test_no_gradient_passes_a_dead_relu() -> None:
    names = ran("saturation").namespace
    assert names["z"].data < 0
    assert names["y"].grad == -1.0  # y - 1
    assert [names[name].grad for name in "zwbx"] == [0.0, 0.0, 0.0, 0.0]
    assert any(isinstance(output.value, Page) for output in outputs(ran("saturation")))


# losses


LOGITS, LABEL = (2.0, 1.0, -1.0), 1


def test_an_activation_of_the_outputs_is_one_factor_more() -> None:
    rows = rows_of(ran("losses"), "product")
    for row, y in zip(rows, (1.0, 0.5), strict=True):
        z = float(row["z"])
        delta = sigma(z) * sigma(-z) * 2 * (sigma(z) - y)
        assert float(row["product"]) == pytest.approx(delta, rel=1e-5)
        assert row["product"] == row["engine, ∂C/∂z"]


def test_squared_errors_and_hinge() -> None:
    half, whole = rows_of(ran("losses"), "∂C/∂ŷ1")
    errors = np.array([3.0 - 1.0, -0.5 - 0.5])
    for row, factor in ((half, 0.5), (whole, 1.0)):
        numbers = [float(row[name]) for name in ("C", "∂C/∂ŷ1", "∂C/∂ŷ2")]
        assert numbers == [factor * errors @ errors, *(2 * factor * errors)]
    for row in rows_of(ran("losses"), "∂C/∂y"):
        t, y = float(row["t"]), float(row["y"])
        assert float(row["max(0, 1 - t y)"]) == max(0.0, 1 - t * y)
        assert float(row["∂C/∂y"]) == (-t if t * y < 1 else 0.0)


@given(st.floats(0.01, 0.99), st.sampled_from([0.0, 1.0]))
def test_the_printed_and_the_right_cross_entropy(p: float, y: float) -> None:
    def right(p: float) -> float:
        return -(y * math.log(p) + (1 - y) * math.log(1 - p))

    h = 1e-6
    nudged = (right(p + h) - right(p - h)) / (2 * h)
    probability = Value(p)
    wrong = ran("losses").namespace["printed"](probability, y)
    wrong.backward()
    assert wrong.data == pytest.approx(-right(p))
    assert probability.grad == pytest.approx(-nudged, rel=1e-5)
    assert -y / p + (1 - y) / (1 - p) == pytest.approx(nudged, rel=1e-5)
    assert y / p + (1 - y) / (1 - p) == pytest.approx(abs(nudged), rel=1e-5)  # never negative


def test_the_printed_formulas_are_judged() -> None:
    lesson = ran("losses")
    for row in rows_of(lesson, "J of nn"):
        p, y = float(row["p"]), float(row["y"])
        cost = -math.log(p if y else 1 - p)
        assert float(row["J of nn"]) == pytest.approx(cost, rel=1e-5)
        assert float(row["J as printed"]) == pytest.approx(-cost, rel=1e-5)
        assert row["output is"] == ("good" if cost < 1 else "bad")
        assert float(row["of nn"]) == pytest.approx(-1 / p if y else 1 / (1 - p), rel=1e-5)
        assert float(row["of the printed J"]) == -float(row["of nn"])
        assert float(row["dJ/dp printed"]) == abs(float(row["of nn"]))


def test_softmax_cross_entropy() -> None:
    lesson = ran("losses")
    powers = np.exp(LOGITS)
    g = powers / powers.sum()
    delta = g - np.eye(len(g))[LABEL]
    rows = rows_of(lesson, "g - 1{k = y}")
    assert [float(row["g = softmax(z)"]) for row in rows] == pytest.approx(g, rel=1e-5)
    assert [float(row["engine"]) for row in rows] == pytest.approx(delta, rel=1e-5)
    assert all(abs(float(row["difference"])) < 1e-15 for row in rows)
    fewer = rows_of(ran("from_logits"), "z, one less")
    assert [row["z, one less"] for row in fewer] == ["", "-1", "-3"]
    assert [float(row["g, one less"]) for row in fewer] == pytest.approx(g, rel=1e-5)
    for row in fewer[1:]:
        assert row["δ, one less"] == row["δ"]
    assert f"softmax: {sigma(2.0):.6f}, logistic: {sigma(2.0):.6f}" in shown(ran("from_logits"))
    assert any(isinstance(output.value, Page) for output in outputs(lesson))


@given(st.floats(-700, 700))
def test_the_loss_from_the_logit(z: float) -> None:
    from_logit = ran("from_logits").namespace["ways"]["from the logit"]
    assert from_logit(Value(z)).data == pytest.approx(np.logaddexp(0.0, z), rel=1e-14, abs=1e-300)


def test_probabilities_lose_what_logits_keep() -> None:
    rows = {float(row["z"]): row for row in rows_of(ran("from_logits"), "through σ")}
    for z, row in rows.items():
        assert float(row["from the logit"]) == pytest.approx(
            z + math.log1p(math.exp(-z)), rel=1e-11
        )
    assert abs(float(rows[30.0]["through σ"]) - 30) > 1e-4
    assert rows[40.0]["through σ"] == rows[800.0]["through softmax"] == "ln 0"
    assert f"1 - σ(36) = {1 - sigma(36.0)}  1 - σ(37) = 0.0\n" in shown(ran("from_logits"))
    assert f"exp(-745) = {math.exp(-745.0)}  exp(-746) = 0.0\n" in shown(ran("from_logits"))
    assert 'probability 0: use output="identity" and binary_cross_entropy_from_logit\n' in shown(
        ran("from_logits")
    )
    assert ran("from_logits").namespace["far"].grad == 1.0


# all of them


@pytest.mark.parametrize("name", ["linear_layers", "xor", "approximation", "saturation", "losses"])
def test_plots_are_svg_that_every_reader_shows_alike(name: str) -> None:
    plots = [output.svg for output in outputs(ran(name)) if isinstance(output.value, Plot)]
    assert plots
    for plot in plots:
        elements = {
            element.tag.rpartition("}")[2] for element in ElementTree.fromstring(str(plot)).iter()
        }
        assert "path" in elements
        assert "text" not in elements
        assert "date" not in elements
