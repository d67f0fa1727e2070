"""The lessons on programs and on training: their claims against proofs and other solvers."""

import re
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from lessons import prose, ran, rows_of, shown
from scipy.optimize import curve_fit
from sklearn.datasets import load_digits
from sklearn.linear_model import Lasso, LinearRegression, Ridge
from sklearn.metrics import confusion_matrix

from nn import SteepestDescent, Trainer, binary_cross_entropy_from_logit


@pytest.mark.parametrize(
    "name", ["descent", "batches", "penalties", "schedules", "digits", "fitting"]
)
def test_a_lesson_on_training_says_what_to_take_away(name: str) -> None:
    assert "To take away: " in prose(ran(name))


# programs


def test_three_ways_lead_to_one_gradient() -> None:
    rows = rows_of(ran("programs"), "eager loop")
    assert len(rows) == 4
    for row in rows:
        assert row["eager loop"] == row["program"] == row["matrix recursion"]
        assert float(row["program"]) != 0.0
    assert "21 parameters, all within 1e-15: True" in shown(ran("programs"))


def test_the_gradient_is_that_of_the_logarithms() -> None:
    names = ran("programs").namespace
    number = [parameter.data for parameter in names["model"].parameters()]
    hidden, (*weights, bias) = np.array(number[:15]).reshape(5, 3), number[15:]

    def mean_loss(bias: float) -> float:
        x = np.array(names["examples"])
        z = np.tanh(x @ hidden[:, :2].T + hidden[:, 2]) @ np.array(weights) + bias
        p = 1 / (1 + np.exp(-z))
        y = np.array(names["targets"])
        return float(np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p)))

    assert np.mean(names["losses"]) == pytest.approx(mean_loss(bias))
    slope = (mean_loss(bias + 1e-5) - mean_loss(bias - 1e-5)) / 2e-5
    assert names["gradient"][-1] == pytest.approx(slope, rel=1e-6)


def test_the_program_has_the_lines_that_the_lesson_names() -> None:
    program = str(ran("programs").namespace["program"])
    assert program in shown(ran("programs"))
    without_shapes = re.sub(r"\[.*?\]", "", program)
    for lines in (
        r"(v\d) = W1 @ X\n +Z1 = \1 \+ b1\n +A1 = tanh\(Z1\)",
        r"P = sigmoid\(Z2\)\n +D2 = P - y\n",
        r"(v\d) = sech2\(Z1\)\n(?s:.*)(v\d) = W2ᵀ @ D2\n +D1 = \1 \* \2\n",
        r"dW1 = D1 @ Xᵀ\n",
        r"db2 = D2 @ 1$",
    ):
        assert re.search(lines, without_shapes), lines


def test_a_wider_layer_is_no_longer_program() -> None:
    narrow, wide = rows_of(ran("programs"), "neurons")
    every_pass, at_once = list(wide)[1:]
    assert narrow[at_once] == wide[at_once]
    assert int(wide[every_pass]) > 5 * int(narrow[every_pass])


# fitting


def test_the_oscillation_is_fitted_as_scipy_alone_fits_it() -> None:
    def wave(t: Any, a: float, b: float, w: float, phi: float) -> Any:
        return a * np.exp(-b * t) * np.cos(w * t + phi)

    names = ran("fitting").namespace
    expected, _ = curve_fit(wave, names["t"], names["heights"], names["guess"])
    found = [float(row["found"]) for row in rows_of(ran("fitting"), "found")]
    assert found == pytest.approx(expected, rel=1e-4)
    for row in rows_of(ran("fitting"), "found"):
        assert float(row["found"]) == pytest.approx(float(row["truth"]), abs=0.05)


def test_published_fits_and_prices_are_met() -> None:
    rows = [*rows_of(ran("fitting"), "NIST"), *rows_of(ran("fitting"), "Hull")]
    assert len(rows) == 6
    assert {row["verdict"] for row in rows} == {"agrees"}


def test_black_and_scholes_have_these_prices_for_these_volatilities() -> None:
    names, normal = ran("fitting").namespace, NormalDist().cdf
    found = zip(names["options"]["K"], names["prices"], names["volatility"], strict=True)
    for row, (strike, price, vol) in zip(rows_of(ran("fitting"), "volatility"), found, strict=True):
        assert [*map(float, row.values())] == pytest.approx([strike, price, vol], rel=1e-5)
        spread = vol * np.sqrt(0.25)
        d1 = (np.log(21.0 / strike) + (0.1 + vol**2 / 2) * 0.25) / spread
        exact = 21.0 * normal(d1) - strike * np.exp(-0.1 * 0.25) * normal(d1 - spread)
        assert exact == pytest.approx(price, abs=1e-12)
    assert "every price is met to 1e-12: True" in shown(ran("fitting"))


# descent

START, BEND = (-4.0, 1.5), (-1.2, 1.0)


@pytest.mark.parametrize("rate", [0.01, 0.05, 0.0799])
def test_the_straight_valley_is_descended_as_on_paper(rate: float) -> None:
    names = ran("descent").namespace
    path = names["descend"](names["valley"], START, SteepestDescent(rate))
    x, y = START
    expected = [(x * (1 - rate) ** n, y * (1 - 25 * rate) ** n) for n in range(len(path))]
    assert np.array(path) == pytest.approx(np.array(expected), rel=1e-11)


def test_a_rate_above_the_limit_climbs_and_one_below_arrives() -> None:
    rows = {row["rate η"]: row for row in rows_of(ran("descent"), "factor of x")}
    assert list(rows) == ["0.005", "0.02", "0.07", "0.079", "0.081"]
    for rate, row in rows.items():
        arrived = float(row["ends at height"]) <= 1e-6
        assert arrived == (float(rate) < 2 / 25)
        assert float(row["factor of y"]) == pytest.approx(1 - 25 * float(rate))
        assert float(row["error of formula"]) < 1e-11
    names = ran("descent").namespace
    heights = [names["height"](names["valley"], place) for place in names["paths"][0.081]]
    assert heights == sorted(heights)


def test_every_way_but_the_steepest_arrives_in_both_valleys() -> None:
    rows = {row.pop("way down"): row for row in rows_of(ran("descent"), "banana: rate")}
    assert list(rows) == ["steepest", "momentum", "Nesterov", "line search", "Adam"]
    assert rows["line search"]["valley: rate"] == rows["line search"]["banana: rate"] == "1"
    steepest = rows.pop("steepest")
    assert steepest["banana: steps"] == "over 2000"
    for row in rows.values():
        assert int(row["valley: steps"]) <= int(steepest["valley: steps"])
        assert int(row["banana: steps"]) < 2000


@pytest.mark.parametrize("way", ["momentum", "Nesterov", "line search", "Adam"])
def test_the_lowest_point_of_the_banana_is_found(way: str) -> None:
    path = ran("descent").namespace["bent_paths"][way]
    assert path[0] == BEND
    assert path[-1] == pytest.approx((1.0, 1.0), abs=0.01)


def test_the_line_search_never_climbs() -> None:
    names = ran("descent").namespace
    heights = [
        names["height"](names["banana"], place) for place in names["bent_paths"]["line search"]
    ]
    assert heights == sorted(heights, reverse=True)


# batches


def test_updates_and_the_order_of_losses() -> None:
    rows = {row["learning"]: row for row in rows_of(ran("batches"), "updates")}
    updates = {way: int(row["updates"]) for way, row in rows.items()}
    assert updates == {"online": 4000, "mini-batch": 400, "batch": 40}
    losses = [float(rows[way]["loss at the end"]) for way in ("online", "mini-batch", "batch")]
    assert losses == sorted(losses)


def test_the_largest_rate_suits_the_mini_batch_and_not_the_single_example() -> None:
    rows = {row.pop("learning"): row for row in rows_of(ran("batches"), "rate 2")}
    losses = {way: [float(loss) for loss in row.values()] for way, row in rows.items()}
    assert list(rows["online"]) == ["rate 0.1", "rate 0.3", "rate 1", "rate 2"]
    assert min(losses["mini-batch"]) == losses["mini-batch"][-1]
    assert losses["online"][-1] == max(losses["online"])
    for row in rows_of(ran("batches"), "loss at the end"):
        assert row["loss at the end"] == rows[row["learning"]]["rate 0.3"]


def test_single_gradients_average_to_that_of_all_and_scatter_as_statistics_expects() -> None:
    names = ran("batches").namespace
    model = names["new_model"]()
    trainer = Trainer(model, binary_cross_entropy_from_logit, SteepestDescent(1.0))
    before = np.array(list(model.state_dict().values()))
    trainer.fit(names["points"], names["labels"], 1, progress=False)
    step = before - np.array(list(model.state_dict().values()))
    assert names["single"].mean(axis=0) == pytest.approx(step, abs=1e-12)
    for row in rows_of(ran("batches"), "lead uphill"):
        assert float(row["distance"]) == pytest.approx(float(row["formula"]), rel=0.05, abs=1e-9)


def test_gradients_of_similar_examples_are_similar() -> None:
    rows = rows_of(ran("batches"), "mean agreement")
    near, one_class, other_class = (float(row["mean agreement"]) for row in rows)
    assert near > 0.95 > one_class > 0 > other_class


# penalties


def test_a_weak_penalty_is_best_for_new_measurements_and_none_for_the_old_ones() -> None:
    rows = rows_of(ran("penalties"), "loss on the ten")
    old, new = ([float(row[f"loss on {name}"]) for row in rows] for name in ("the ten", "500 new"))
    assert old == sorted(old)
    assert 0.3**2 / 2 < new[1] < min(new[0], new[2]) / 2
    fits = ran("penalties").namespace["fits"]
    places = np.linspace(-0.8, 0.8, 50)
    off = [np.abs(fit.predict(places[:, None]) - np.sin(3 * places)).max() for fit in fits.values()]
    assert off[1] < min(off[0], off[2]) / 2


def fitted_weights() -> dict[str, list[float]]:
    rows = [row for row in rows_of(ran("penalties"), "L1") if row["weight"].startswith("w")]
    return {column: [float(row[column]) for row in rows] for column in ("true", "none", "L2", "L1")}


def examples() -> tuple[Any, Any]:
    """The examples of the lessons on penalties and on schedules."""
    names = ran("penalties").namespace
    return names["inputs"], names["targets"]


def test_l1_has_more_weights_near_zero_but_none_that_is_zero() -> None:
    weights = fitted_weights()
    near = {name: sum(abs(w) < 0.05 for w in numbers) for name, numbers in weights.items()}
    assert near["L1"] == near["true"] == 7
    assert near["L2"] < 4
    below, exactly = rows_of(ran("penalties"), "L1")[-2:]
    assert {name: int(below[name]) for name in near} == near
    assert exactly == {"weight": "exactly 0", "true": "7", "none": "0", "L2": "0", "L1": "0"}


def test_descent_under_l1_hovers_around_zero() -> None:
    rows = rows_of(ran("penalties"), "rate × λ")
    assert [(row["rate"], row["rate × λ"]) for row in rows] == [("0.1", "0.03"), ("0.02", "0.006")]
    for row in rows:
        assert 0.0 < float(row["largest of w4 … w10"]) < 2 * float(row["rate × λ"])
        assert row["exactly 0"] == "0"
    w9 = [step[8] for step in ran("penalties").namespace["paths"]["L1"][-8:]]
    assert min(w9) < 0.0 < max(w9)
    assert "  ".join(f"{number:+.4f}" for number in w9) in shown(ran("penalties"))


def test_l2_and_no_penalty_agree_with_scikit_learn() -> None:
    inputs, targets = examples()
    ridge = Ridge(alpha=0.3 * len(targets)).fit(inputs, targets)
    none = Ridge(alpha=0.0).fit(inputs, targets)
    assert fitted_weights()["L2"] == pytest.approx(ridge.coef_, abs=2e-4)
    assert fitted_weights()["none"] == pytest.approx(none.coef_, abs=2e-3)


def test_the_threshold_finds_the_lasso_with_exact_zeros() -> None:
    lasso = Lasso(alpha=0.3, tol=1e-10).fit(*examples())
    names = ran("penalties").namespace
    weights = [weight.data for weight in names["neuron"].weights]
    assert weights == pytest.approx(lasso.coef_, abs=1e-3)
    assert [w == 0.0 for w in weights] == [w == 0.0 for w in names["true"]]
    assert [w == 0.0 for w in lasso.coef_] == [w == 0.0 for w in weights]
    assert "\n7 weights, " in shown(ran("penalties"))
    for row in rows_of(ran("penalties"), "∂loss/∂w"):
        pull = float(row["∂loss/∂w"])
        if row["with threshold"] == "0":
            assert abs(pull) < 0.3
        else:
            assert pull == -0.3 * np.sign(float(row["true"]))


# schedules


def test_schedules_have_the_rates_of_their_formulas() -> None:
    rows = rows_of(ran("schedules"), "last rate")
    assert [row["schedule"] for row in rows] == ["step", "exponential", "cosine"]
    for row in rows:
        for column, t in (("first rate", 0), ("in the middle", 1500), ("last rate", 2999)):
            rate = {
                "step": 0.05 * 0.3 ** (5 * t // 3000),
                "exponential": 0.05 * 0.01 ** (t / 3000),
                "cosine": 0.05 * (1 + np.cos(np.pi * t / 3000)) / 2,
            }[row["schedule"]]
            assert float(row[column]) == pytest.approx(rate, abs=1e-6)


def test_rates_that_fall_come_closer_to_the_minimum() -> None:
    names = ran("schedules").namespace
    assert np.array_equal(names["inputs"], examples()[0])
    assert np.array_equal(names["targets"], examples()[1])
    solved = LinearRegression().fit(*examples())
    assert names["minimum"] == pytest.approx([*solved.coef_, solved.intercept_])
    rows = rows_of(ran("schedules"), "distance after epoch 50")
    large, small, *falling = [
        [float(row[f"distance after epoch {epoch}"]) for epoch in (1, 10, 50)] for row in rows
    ]
    assert large[2] > 0.5 * large[1]
    assert small[2] > 5 * large[2]
    assert len(falling) == 3
    for course in falling:
        assert course[1] < 1.1 * large[1]
        assert course[2] < large[2] / 30
    times = int(large[2] / max(course[2] for course in falling))
    assert f"at least {times} times as close" in shown(ran("schedules"))


def test_a_training_goes_on_to_the_last_bit() -> None:
    assert "11 of 11 parameters are the same to the last bit" in shown(ran("schedules"))
    names = ran("schedules").namespace
    assert names["second"].history["loss"] == names["straight"].history["loss"]


# digits


def test_held_out_digits_are_held_out() -> None:
    names = ran("digits").namespace
    pixels, digits = load_digits(return_X_y=True)
    assert np.array_equal(names["pixels"], pixels / 16)
    for known, held_out in names["fifths"]:
        assert not set(known) & set(held_out)
        assert abs(len(held_out) - len(pixels) / 5) < 1
        shares = np.bincount(digits[held_out]) / np.bincount(digits)
        assert shares == pytest.approx(np.full(10, 0.2), abs=0.01)
    every = np.concatenate([held_out for _, held_out in names["fifths"]])
    assert sorted(every) == list(range(len(pixels)))
    known, held_out = names["fifths"][0]
    assert sorted([*names["training"], *names["validation"]]) == sorted(known)
    assert list(names["held_out"]) == list(held_out)


def test_at_least_96_percent_of_the_held_out_digits_are_read_right() -> None:
    # counted anew, from the pixels, by the network as a circuit of scalars
    names = ran("digits").namespace
    pixels, digits = load_digits(return_X_y=True)
    held_out = names["held_out"]
    logits = [[z.data for z in names["model"](pixels[place] / 16)] for place in held_out[::6]]
    assert np.array(logits) == pytest.approx(names["scores"][::6], rel=1e-9, abs=1e-9)
    right = (names["scores"].argmax(axis=1) == digits[held_out]).mean()
    assert right >= 0.96
    assert f" of 360, {100 * right:.1f} %" in shown(ran("digits"))


def test_the_confusion_table_is_scikit_learns() -> None:
    names = ran("digits").namespace
    rows = [list(row.values()) for row in rows_of(ran("digits"), "right")]
    counts = [[0 if cell == "·" else int(cell) for cell in row[1:11]] for row in rows]
    read = names["scores"].argmax(axis=1)
    written = load_digits(return_X_y=True)[1][names["held_out"]]
    assert counts == confusion_matrix(written, read).tolist()
    misread = [f"{w}, not {r}" for w, r in zip(written, read, strict=True) if w != r][:10]
    assert "; ".join(misread) in shown(ran("digits"))


def test_training_stopped_early_and_went_back_to_the_best_epoch() -> None:
    history = ran("digits").namespace["history"]
    losses = history["validation_loss"]
    best = int(np.argmin(losses)) + 1
    assert history.epochs == best + 8 < 100
    assert f"back to the parameters of epoch {best}\n" in shown(ran("digits"))
    assert f"lowest validation loss: {min(losses):.4f}" in shown(ran("digits"))


def test_dead_neurons_answer_to_no_digit() -> None:
    names = ran("digits").namespace
    some = names["pixels"][::9]
    answers = [[neuron(x).data for x in some] for neuron in names["model"].layers[0].neurons]
    [dead] = re.findall(r"^(\d+) of 32$", shown(ran("digits")), re.MULTILINE)
    assert 0 < int(dead) == sum(max(each) == 0.0 for each in answers)


def test_all_fifths_together() -> None:
    rows = rows_of(ran("digits"), "held-out fifth")
    assert sum(int(row["digits"]) for row in rows) == 1797
    wrong = sum(int(row["misread"]) for row in rows)
    assert wrong < 0.04 * 1797
    assert f"{1797 - wrong} of 1797, {100 * (1 - wrong / 1797):.1f} %" in shown(ran("digits"))
