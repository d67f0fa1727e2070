"""What the lessons beside the lectures' worked examples promise, held against outside truth."""

import math
import re
from fractions import Fraction

import numpy as np
import pytest
from lessons import prose, ran, rows_of, shown
from sklearn.linear_model import LinearRegression, LogisticRegression

from autograd_core import Value

# nudge


def test_nudges_settle_at_the_derivative() -> None:
    lesson = ran("nudge")
    for row in rows_of(lesson, "f(3 + h)"):
        h = float(row["h"])
        assert float(row["slope"]) == pytest.approx(14 + 3 * h, abs=1e-6)
    assert "gradient (0.500000, -0.200000)" in shown(lesson)
    assert lesson.namespace["place"].grad == 6 * 3 - 4


def test_a_nudge_can_be_too_small() -> None:
    errors = [float(row["error"]) for row in rows_of(ran("nudge"), "slope at 3")]
    best = min(range(len(errors)), key=errors.__getitem__)
    assert errors[:best] == sorted(errors[:best], reverse=True)
    assert errors[-1] > 1e3 * errors[best]
    assert math.isclose(errors[0], 0.3, rel_tol=0.1)


# initialisation


def test_equal_neurons_stay_equal() -> None:
    weights = [(row["w1"], row["w2"], row["bias"]) for row in rows_of(ran("initialisation"), "w1")]
    assert len(weights) == 3
    assert len(set(weights)) == 1


def test_equal_neurons_cannot_do_xor_and_others_can() -> None:
    equal, random = (
        [float(answer) for answer in answers.split()]
        for answers in re.findall(r"(?:equal|random) start: +(.*)", shown(ran("initialisation")))
    )
    assert max(abs(a - b) for a, b in zip(equal, (0, 1, 1, 0), strict=True)) > 0.3
    assert random == pytest.approx([0, 1, 1, 0], abs=0.01)


def test_relu_layers_multiply_by_g_over_the_root_of_two() -> None:
    for row in rows_of(ran("initialisation"), "factor per layer"):
        assert float(row["factor per layer"]) == pytest.approx(float(row["g / √2"]), rel=0.1)
    relu = ran("initialisation").namespace["relu"]
    sizes = {g: np.linalg.norm(signals[-1]) for g, signals in relu.items()}
    assert sizes[2.0] / sizes[1.0] == pytest.approx(2.0**10)  # ReLU: f(cz) = c f(z) for c > 0


def test_dead_and_saturated_answers() -> None:
    tanh = ran("initialisation").namespace["tanh"]
    assert np.abs(tanh[0.3][-1]).max() < 1e-4
    assert np.mean(np.abs(tanh[5.0][-1]) > 0.99) > 0.4


# swell


def test_formulas_swell_and_circuits_do_not() -> None:
    rows = rows_of(ran("swell"), "gates of circuit")
    gates = [int(row["gates of circuit"]) for row in rows]
    in_full = [int(row["circuit in full"]) for row in rows]
    assert gates == list(range(3, 46, 6))
    assert in_full[0] == 5
    assert in_full[-1] == 174_249
    for turns, row in enumerate(rows, start=1):
        assert int(row["f as formula"]) == 6 * 2**turns - 5


def test_backpropagation_keeps_the_digits_that_expansion_loses() -> None:
    rows = rows_of(ran("swell"), "multiplied out")
    x = Fraction(3, 10)
    value, slope = x, Fraction(1)
    for row in rows:
        value, slope = 4 * value * (1 - value), (4 - 8 * value) * slope
        assert float(row["on paper"]) == pytest.approx(float(slope), rel=1e-5)
        assert row["backpropagation"] == row["on paper"]
    assert abs(float(rows[-1]["multiplied out"])) > 1e90


def test_the_rules_give_the_derivative() -> None:
    names = ran("swell").namespace
    twice = names["turn"](names["turn"]("x"))
    assert eval(names["written"](names["derivative"](twice)), {"x": 0.3}) == pytest.approx(-4.352)


# depth


def test_layers_of_tents_double_the_pieces() -> None:
    rows = rows_of(ran("depth"), "layers k")
    assert [int(row["pieces"]) for row in rows] == [2**k for k in range(1, 8)]
    assert [int(row["parameters"]) for row in rows] == [4 + 6 * (k - 1) + 3 for k in range(1, 8)]


def test_the_tents_are_tents() -> None:
    tents = ran("depth").namespace["tents"]
    for place in (0.0, 0.1, 0.33, 0.5, 0.8, 1.0):
        expected = place
        for k in range(1, 5):
            expected = 1 - abs(1 - 2 * expected)
            assert tents(k)([place]).data == pytest.approx(expected)


def test_stacking_random_neurons_adds_no_pieces() -> None:
    averages = [float(row["pieces on average"]) for row in rows_of(ran("depth"), "least")]
    assert max(averages) == averages[0] <= 25


def test_minima_have_copies_and_are_about_as_good_where_there_are_enough_neurons() -> None:
    before, after = re.findall(r"before (\S+), after (\S+)", shown(ran("depth")))[0]
    assert before == after
    rows = rows_of(ran("depth"), "copies of each minimum")
    assert [row["copies of each minimum"] for row in rows] == ["8", "384", "1.37e+18"]
    few, *enough = [(float(row["best"]), float(row["worst of twelve"])) for row in rows]
    assert few[1] > 2 * few[0]
    assert all(worst - best < 0.005 and worst < few[0] for best, worst in enough)


# surrogates


def test_surrogates_bound_the_count_of_mistakes() -> None:
    surrogates = ran("surrogates").namespace["surrogates"]
    for m in np.linspace(-4.0, 4.0, 41):
        mistake = 1.0 if m < 0 else 0.0
        formulas = max(0.0, 1 - m), math.log2(1 + math.exp(-m)), (1 - m) ** 2
        found = [loss(Value(m)).data for loss in surrogates.values()]
        assert found[1:] == pytest.approx(formulas)
        assert min(found[1:]) >= mistake
        assert m == 0 or found[0] == mistake


def test_surrogates_pull_as_their_formulas_say() -> None:
    at = (-10.0, -0.5, 0.0, 0.5, 6.0)
    rows = {row["slope at m ="]: list(row.values())[1:] for row in rows_of(ran("surrogates"), "6")}
    assert set(map(float, rows["0-1"])) == {0.0}
    squared = [2 * (m - 1) for m in at]
    logistic = [-1 / (1 + math.exp(m)) / math.log(2) for m in at]
    assert list(map(float, rows["squared"])) == pytest.approx(squared, abs=6e-4)
    assert list(map(float, rows["logistic"])) == pytest.approx(logistic, abs=6e-4)


def test_the_lowest_risk_is_not_always_where_mistakes_are_fewest() -> None:
    rows = {row.pop("loss"): row for row in rows_of(ran("surrogates"), "lowest risk")}
    examples = ran("surrogates").namespace["examples"]
    for row in rows.values():
        at = float(row["first at b ="])
        share = np.mean([(x > at) != (t > 0) for x, t in examples])
        assert float(row["share of mistakes there"]) == share <= float(row["lowest risk"])
    fewest = float(rows["0-1"]["lowest risk"])
    assert float(rows["squared"]["share of mistakes there"]) > fewest
    assert float(rows["logistic"]["share of mistakes there"]) > fewest


def test_the_classifier_of_the_recipe_is_near_the_best_possible() -> None:
    [new] = re.findall(r"mistakes on new points: (\S+)", shown(ran("surrogates")))
    best = 0.5 * math.erfc(0.9)  # two normal distributions, 2 · 0.9 · √2 apart
    assert best - 0.02 < float(new) < best + 0.03


# priors


def test_penalties_find_the_peak_of_the_posterior() -> None:
    names = ran("priors").namespace
    x, y, n = names["x"], names["y"], 20
    xx, xy = float(x @ x), float(x @ y)
    laplacian = math.copysign(max(abs(xy) - 1 / names["b"], 0.0), xy) / xx
    by_formula = {"none": xy / xx, "Gaussian": xy / (xx + 1 / 0.2**2), "Laplacian": laplacian}
    assert n == len(x)
    for row in rows_of(ran("priors"), "most probable w, by Bayes"):
        for column in list(row)[1:]:
            assert float(row[column]) == pytest.approx(by_formula[row["prior"]], abs=2e-5)


def test_a_laplacian_has_heavier_tails_and_no_zeros() -> None:
    gaussian, laplacian = rows_of(ran("priors"), "exactly 0")
    assert gaussian["exactly 0"] == laplacian["exactly 0"] == "0"
    tail = 100 * math.exp(-0.6 / (0.2 / math.sqrt(2)))
    assert float(laplacian["above 0.6 in size"].rstrip("%")) == pytest.approx(tail, rel=0.1)
    tail = 100 * math.erfc(0.6 / 0.2 / math.sqrt(2))
    assert float(gaussian["above 0.6 in size"].rstrip("%")) == pytest.approx(tail, rel=0.2)


# logistic_regression


def test_logistic_regression_equals_scikit_learns() -> None:
    names = ran("logistic_regression").namespace
    points, labels = names["points"], names["labels"]
    plane, soft = rows_of(ran("logistic_regression"), "wrong of 40")
    for row, fit in (
        (plane, LinearRegression().fit(points, labels)),
        (soft, LogisticRegression(C=1e9, tol=1e-10).fit(points, labels)),
    ):
        expected = [*np.ravel(fit.coef_), *np.ravel(fit.intercept_)]
        found = [float(row[name]) for name in ("w1", "w2", "b")]
        assert found == pytest.approx(expected, rel=1e-3, abs=1e-3)


def test_a_sigmoid_prefers_the_larger_margin() -> None:
    lesson = ran("logistic_regression")
    [largest] = re.findall(r"largest possible margin: (\S+)", shown(lesson))
    assert float(largest) == pytest.approx(1.25)  # the points (0, 1) and (2, -0.5) are 2.5 apart
    for row in rows_of(lesson, "step neuron"):
        step, short, long = (float(margin) for margin in list(row.values())[1:])
        assert step < short < long <= float(largest)
    margins = [float(margin) for margin in re.findall(r"margin (\S+)\n", shown(lesson))]
    w, b = np.array([4, -4]) / 7, -3 / 7  # shortest (w, b) with margins of 1, by its conditions
    limit = min(abs(lesson.namespace["six"] @ w + b)) / math.hypot(*w)
    assert f"1: the limit: {limit:.3f}\n" in shown(lesson)
    assert long < margins[0] < margins[1] < limit < float(largest)
    assert "3: [0.0, 1.0] [2.0, -0.5] are needed" in shown(lesson)


# landscapes


def test_random_chords_refute_what_is_not_convex() -> None:
    found = [int(row["chords below, of 2000"]) for row in rows_of(ran("landscapes"), "verdict")]
    assert found[:2] == [0, 0]
    assert min(found[2:]) > 100
    s = 1 / (1 + math.exp(2.0))
    second = s * (1 - s) * ((s - 1) * (1 - 2 * s) + s * (1 - s))
    assert f"f″(-2) = {s * (1 - s):+.4f}" in shown(ran("landscapes"))
    assert f"f″(-2) = {second:+.4f}" in shown(ran("landscapes"))


def test_starts_end_at_the_roots_of_the_slope() -> None:
    ends = np.array(ran("landscapes").namespace["ends"])
    left, top, right = sorted(np.roots([4.0, 0.0, -6.0, 1.0]).real)
    assert {round(float(end), 4) for end in ends} == {round(left, 4), round(right, 4)}
    assert np.sum(ends > 0) == sum(start > top for start in ran("landscapes").namespace["starts"])


def test_descent_ends_at_the_saddle_only_from_its_axis() -> None:
    paths = ran("landscapes").namespace["paths"]
    for name, path in paths.items():
        y = float(name.removeprefix("y = "))
        assert path[-1] == pytest.approx((0.8**100, y * 1.2**100))


def test_steps_below_two_over_the_curvature_go_down() -> None:
    for row in rows_of(ran("landscapes"), "rate × L"):
        share = float(row["first steps that go down"].rstrip("%"))
        assert share == 100 or float(row["rate × L"]) > 2


def test_exchanged_neurons_are_as_good_and_half_way_is_worse_than_knowing_nothing() -> None:
    losses = map(float, re.findall(r"2: .* loss (\S+)", shown(ran("landscapes"))))
    learned, exchanged, half_way = losses
    assert learned == exchanged < 0.01
    assert half_way > math.log(2)


# history


def test_the_slides_wrong_person_is_named() -> None:
    text = prose(ran("history"))
    assert "Rosenblatt died in 1971" in text
    assert "Rumelhart, Hinton and Williams" in text
    dates = {row["who"]: row["year"] for row in rows_of(ran("history"), "who")}
    assert list(dates.values()) == sorted(dates.values())
    assert dates["McCulloch, Pitts"] == "1943"
    assert dates["Rumelhart, Hinton, Williams"] == "1986"


def test_thresholds_are_logic_and_rules_learn_it() -> None:
    for (a, b), row in zip(
        ((0, 0), (0, 1), (1, 0), (1, 1)), rows_of(ran("history"), "and"), strict=True
    ):
        assert list(map(int, list(row.values())[1:])) == [a & b, a | b, 1 - a]
    assert "[False, False, False, True]" in shown(ran("history"))
    [mistakes] = re.findall(r"Rosenblatt, mistakes in each epoch: \[(.*)\]", shown(ran("history")))
    assert mistakes.endswith(" 0")


# outlook


def test_convolution_and_attention_agree_with_numpy() -> None:
    names = ran("outlook").namespace
    kernel, signal = [0.5, -1.0, 2.0], [1.0, 3.0, -2.0, 0.5, 4.0]
    found = names["convolve"]([Value(k) for k in kernel], [Value(x) for x in signal])
    assert [y.data for y in found] == pytest.approx(np.correlate(signal, kernel, "valid"))
    q, keys, values = (np.random.default_rng(1).normal(size=shape) for shape in (2, (3, 2), (3, 4)))
    weights = np.exp(keys @ q / np.sqrt(2))
    weights /= weights.sum()
    found = names["attend"](
        [Value(x) for x in q],
        [[Value(x) for x in row] for row in keys],
        [[Value(x) for x in row] for row in values],
    )
    assert [y.data for y in found] == pytest.approx(weights @ values)


def test_their_gradients_are_right_and_the_recurrence_forgets() -> None:
    errors = re.findall(r"largest relative error ([^']+)", shown(ran("outlook")))
    assert len(errors) == 3
    assert max(map(float, errors)) < 1e-7
    for row in rows_of(ran("outlook"), "∂h/∂x₁, u = 0.5"):
        for u in (0.9, 0.5):
            assert float(row[f"∂h/∂x₁, u = {u}"]) < u ** (int(row["steps"]) - 1)


# images


def test_shapes_and_parameters_of_images() -> None:
    lesson = ran("images")
    shapes = {row[""]: row["shape"] for row in rows_of(lesson, "shape")}
    assert (shapes["x"], shapes["W"], shapes["z = x W + b"]) == ("1 × 784", "784 × 10", "1 × 10")
    assert len(lesson.namespace["layer"].parameters()) == 7850


def test_the_layer_and_its_gradient_are_the_matrices() -> None:
    differences = re.findall(r"largest difference: (\S+)", shown(ran("images")))
    assert len(differences) == 2
    assert max(map(float, differences)) < 1e-12
    assert "white pixels with a gradient: 0" in shown(ran("images"))


def test_digits_that_the_network_has_not_seen_lose_half_of_their_noise() -> None:
    before, after = map(float, re.findall(r": (\S+) from the true", shown(ran("images"))))
    assert before == pytest.approx(0.3, rel=0.02)
    assert after < 0.6 * before
    assert "2: True" in shown(ran("images"))


# approximation of two inputs


def test_more_neurons_follow_a_hill_and_planes_do_not() -> None:
    *logistic, identity = [
        float(row["root mean square error"]) for row in rows_of(ran("approximation"), "σ")
    ]
    assert logistic == sorted(logistic, reverse=True)
    names = ran("approximation").namespace
    places = names["grid"](41)
    columns = np.column_stack([places, np.ones(len(places))])
    plane = columns @ np.linalg.lstsq(columns, names["target"], rcond=None)[0]
    best = float(np.sqrt(np.mean((plane - names["target"]) ** 2)))
    assert identity == pytest.approx(best, rel=0.1)
    assert identity > 5 * logistic[-1]


# configuration


def test_validation_chooses_better_than_the_training_loss() -> None:
    names = ran("configuration").namespace
    training, validation, new = (names[name] for name in ("training", "validation", "new"))
    chosen, by_training = names["chosen"], names["by_training"]
    assert new[chosen] < 1.1 * min(new.values())
    assert new[chosen] < 0.5 * new[by_training]
    assert training[by_training] < training[chosen] < validation[chosen]
    shape, strength = chosen
    assert shape, "no hidden layer is too little"
    assert strength > 0.0
    for key in names["grid"]:
        assert validation[key] >= training[key]


def test_the_losses_of_a_configuration_are_those_of_its_folds() -> None:
    names = ran("configuration").namespace
    key = names["chosen"]
    losses = []
    for known, aside in names["folds"]:
        assert not set(known) & set(aside)
        p = names["learn"](key, known).predict(names["points"][aside])
        y = names["labels"][aside]
        losses.append(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))
    assert names["validation"][key] == pytest.approx(np.mean(losses))
