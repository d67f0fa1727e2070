"""The lessons that train: their claims against proofs, published numbers and other solvers."""

from functools import cache
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.linear_model import Lasso, LinearRegression, Ridge
from sklearn.metrics import confusion_matrix
from told import blocks, rows_of, said, told

from demos import batches, descent, digits, penalties, schedules
from demos.blocks import Picture, Table
from nn import (
    Adam,
    LineSearch,
    Neuron,
    SteepestDescent,
    Trainer,
    binary_cross_entropy_from_logit,
)

LESSONS = (
    "descent",
    "batches",
    "penalties",
    "schedules",
    "digits",
)


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_says_what_to_take_away_and_its_pictures_are_small(name: str) -> None:
    lesson = told(name)
    assert "To take away: " in said(lesson)
    for picture in blocks(lesson, Picture):
        assert len(picture.svg) < 150_000
        ElementTree.fromstring(picture.svg)


# Gradient descent


@pytest.mark.parametrize("rate", [0.01, 0.05, 0.0799])
def test_the_straight_valley_is_descended_as_on_paper(rate: float) -> None:
    path = descent.descend(descent.valley, descent.START, SteepestDescent(rate), most=40)
    x, y = descent.START
    expected = [(x * (1 - rate) ** n, y * (1 - 25 * rate) ** n) for n in range(len(path))]
    assert np.array(path) == pytest.approx(np.array(expected), rel=1e-11)


def test_a_rate_above_the_limit_climbs_and_one_below_arrives() -> None:
    rows = {row["rate η"]: row for row in rows_of(told("descent"), "factor of x")}
    limit = 2 / 25
    for rate, row in rows.items():
        arrived = float(row["ends at height"]) <= descent.GOOD
        assert arrived == (float(rate) < limit)
        assert float(row["error of formula"]) < 1e-11
    path = descent.descend(descent.valley, descent.START, SteepestDescent(0.081))
    heights = [descent.height(descent.valley, place) for place in path]
    assert heights == sorted(heights)


def test_every_way_but_the_steepest_arrives_in_both_valleys() -> None:
    rows = {row.pop("way down"): row for row in rows_of(told("descent"), "banana: rate")}
    assert rows.keys() == descent.ways().keys()
    steepest = rows.pop("steepest")
    assert steepest["banana: steps"] == f"over {descent.MOST}"
    for row in rows.values():
        assert int(row["valley: steps"]) <= int(steepest["valley: steps"])
        assert int(row["banana: steps"]) < descent.MOST


@pytest.mark.parametrize("optimiser", [LineSearch(1.0), Adam(0.5)])
def test_the_lowest_point_of_the_banana_is_found(optimiser: Any) -> None:
    end = descent.descend(descent.banana, descent.BEND, optimiser)[-1]
    assert end == pytest.approx((1.0, 1.0), abs=0.01)


def test_the_line_search_never_climbs() -> None:
    path = descent.descend(descent.banana, descent.BEND, LineSearch(1.0))
    heights = [descent.height(descent.banana, place) for place in path]
    assert heights == sorted(heights, reverse=True)


# Online, mini-batch and batch


def test_updates_and_the_order_of_losses() -> None:
    rows = {row["learning"]: row for row in rows_of(told("batches"), "updates")}
    updates = {way: int(row["updates"]) for way, row in rows.items()}
    assert updates == {"online": 4000, "mini-batch": 400, "batch": 40}
    losses = [float(rows[way]["loss at the end"]) for way in ("online", "mini-batch", "batch")]
    assert losses == sorted(losses)


def test_the_largest_rate_suits_the_mini_batch_and_not_the_single_example() -> None:
    [table] = [t for t in blocks(told("batches"), Table) if t.columns[0].startswith("loss after")]
    losses = {way: [float(cell) for cell in cells] for way, *cells in table.rows}
    assert min(losses["mini-batch"]) == losses["mini-batch"][-1]
    assert losses["online"][-1] == max(losses["online"])


def test_single_gradients_average_to_that_of_all_and_scatter_as_statistics_expects() -> None:
    single = batches.single_gradients()
    model = batches.new_model()
    trainer = Trainer(model, binary_cross_entropy_from_logit, SteepestDescent(1.0))
    before = np.array(list(model.state_dict().values()))
    trainer.fit(batches.POINTS, batches.LABELS, 1, progress=False)
    step = before - np.array(list(model.state_dict().values()))
    assert sorted(single.mean(axis=0)) == pytest.approx(sorted(step), abs=1e-12)
    for row in rows_of(told("batches"), "lead uphill"):
        assert float(row["distance"]) == pytest.approx(float(row["formula"]), rel=0.05, abs=1e-9)


# L1 and L2


@cache
def lesson_weights() -> dict[str, np.ndarray[Any, np.dtype[np.float64]]]:
    [table] = [t for t in blocks(told("penalties"), Table) if t.columns[-1] == "L1"]
    rows = [row for row in table.rows if row[0].startswith("w")]
    columns = list(zip(*rows, strict=True))
    return {
        name: np.array([float(cell) for cell in column])
        for name, column in zip(table.columns[1:], columns[1:], strict=True)
    }


def test_l1_has_more_weights_near_zero_but_none_that_is_zero() -> None:
    weights = lesson_weights()
    near = {name: int((np.abs(numbers) < 0.05).sum()) for name, numbers in weights.items()}
    assert near["L1"] == near["true"] == 7
    assert near["L2"] < 4
    assert penalties.descend(penalties.L1(penalties.STRENGTH))[-1].count(0.0) == 0
    for row in rows_of(told("penalties"), "rate × λ"):
        assert 0.0 < float(row["largest of w4 … w10"]) < 2 * float(row["rate × λ"])
        assert row["exactly 0"] == "0"


def test_l2_and_no_penalty_agree_with_scikit_learn() -> None:
    inputs, targets = penalties.examples()
    ridge = Ridge(alpha=penalties.STRENGTH * len(targets)).fit(inputs, targets)
    none = Ridge(alpha=0.0).fit(inputs, targets)
    assert lesson_weights()["L2"] == pytest.approx(ridge.coef_, abs=2e-4)
    assert lesson_weights()["none"] == pytest.approx(none.coef_, abs=2e-3)


def test_the_threshold_finds_the_lasso_with_exact_zeros() -> None:
    inputs, targets = penalties.examples()
    lasso = Lasso(alpha=penalties.STRENGTH, tol=1e-10).fit(inputs, targets)
    neuron: Neuron = penalties.descend_with_threshold()
    weights = [weight.data for weight in neuron.weights]
    assert weights == pytest.approx(lasso.coef_, abs=1e-3)
    assert [w == 0.0 for w in weights] == [w == 0.0 for w in penalties.TRUE]
    assert [w == 0.0 for w in lasso.coef_] == [w == 0.0 for w in weights]


# Schedules


def test_schedules_have_the_rates_of_their_formulas() -> None:
    for row in rows_of(told("schedules"), "last rate"):
        for column, t in (("first rate", 0), ("in the middle", 1500), ("last rate", 2999)):
            rate = {
                "step": 0.05 * 0.3 ** (5 * t // 3000),
                "exponential": 0.05 * 0.01 ** (t / 3000),
                "cosine": 0.05 * (1 + np.cos(np.pi * t / 3000)) / 2,
            }[row["schedule"]]
            assert float(row[column]) == pytest.approx(rate, abs=1e-6)


def test_rates_that_fall_come_closer_to_the_minimum() -> None:
    solved = LinearRegression().fit(*penalties.examples())
    assert schedules.minimum() == pytest.approx([*solved.coef_, solved.intercept_])
    rows = rows_of(told("schedules"), "distance after epoch 50")
    large, small, *falling = [
        [float(row[f"distance after epoch {epoch}"]) for epoch in (1, 10, 50)] for row in rows
    ]
    assert large[2] > 0.5 * large[1]
    assert small[2] > 5 * large[2]
    for course in falling:
        assert course[1] < 1.1 * large[1]
        assert course[2] < large[2] / 30


def test_a_training_goes_on_to_the_last_bit() -> None:
    assert "11 of 11 parameters are the same to the last bit" in said(told("schedules"))


# Digits


@cache
def reader() -> digits.Reader:
    return digits.learn(*digits.FIFTHS[0])


def test_held_out_digits_are_held_out() -> None:
    pixels, _ = load_digits(return_X_y=True)
    for known, held_out in digits.FIFTHS:
        assert not set(known) & set(held_out)
        assert abs(len(held_out) - len(pixels) / 5) < 1
        shares = np.bincount(digits.DIGITS[held_out]) / np.bincount(digits.DIGITS)
        assert shares == pytest.approx(np.full(10, 0.2), abs=0.01)
    assert sorted(np.concatenate([held for _, held in digits.FIFTHS])) == list(range(len(pixels)))


def test_at_least_96_percent_of_the_held_out_digits_are_read_right() -> None:
    # counted anew, from the pixels, by the network as a circuit of scalars
    pixels, written = load_digits(return_X_y=True)
    held_out = digits.FIFTHS[0][1]
    logits = [[z.data for z in reader().model(pixels[place] / 16)] for place in held_out[::6]]
    assert np.array(logits) == pytest.approx(reader().scores[::6], rel=1e-9, abs=1e-9)
    right = (reader().scores.argmax(axis=1) == written[held_out]).mean()
    assert right >= 0.96
    assert reader().accuracy == pytest.approx(right)
    assert f"{100 * right:.1f} %" in said(told("digits"))


def test_the_confusion_table_is_scikit_learns() -> None:
    rows = [list(row.values()) for row in rows_of(told("digits"), "right")]
    counts = [[0 if cell == "·" else int(cell) for cell in row[1:11]] for row in rows]
    read = reader().scores.argmax(axis=1)
    assert counts == confusion_matrix(digits.DIGITS[reader().held_out], read).tolist()


def test_training_stopped_early_and_went_back_to_the_best_epoch() -> None:
    history = reader().trainer.history
    losses = history["validation_loss"]
    best = int(np.argmin(losses)) + 1
    assert history.epochs == best + 8 < 100
    assert history.stopped.endswith(f"back to the parameters of epoch {best}")


def test_all_fifths_together() -> None:
    rows = rows_of(told("digits"), "held-out fifth")
    assert sum(int(row["digits"]) for row in rows) == len(digits.DIGITS)
    wrong = sum(int(row["misread"]) for row in rows)
    assert wrong < 0.04 * len(digits.DIGITS)
    assert f"{len(digits.DIGITS) - wrong} of {len(digits.DIGITS)} were read right" in said(
        told("digits")
    )
