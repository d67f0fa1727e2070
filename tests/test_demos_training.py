"""The lessons that train: their claims against proofs, published numbers and other solvers."""

from itertools import product
from math import isclose, log
from xml.etree import ElementTree

import numpy as np
import pytest
from told import blocks, rows_of, said, told

from demos import approximation, xor
from demos.blocks import Picture
from nn import (
    binary_cross_entropy,
    training_gradient,
)

LESSONS = (
    "xor",
    "approximation",
)


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_says_what_to_take_away_and_its_pictures_are_small(name: str) -> None:
    lesson = told(name)
    assert "To take away: " in said(lesson)
    for picture in blocks(lesson, Picture):
        assert len(picture.svg) < 150_000
        ElementTree.fromstring(picture.svg)


# XOR


def test_one_neuron_computes_all_functions_of_two_inputs_but_two() -> None:
    everything = set(product((0, 1), repeat=4))
    assert everything - xor.functions_of_one_neuron() == {(0, 1, 1, 0), (1, 0, 0, 1)}


def test_one_neuron_learns_to_say_one_half() -> None:
    lesson = told("xor")
    after = [row["after"] for row in rows_of(lesson, "p before training")]
    assert after == ["0.500"] * 4
    assert f"ends at {log(2):.6f}" in said(lesson)


def test_a_small_network_solves_xor_online_and_in_batch() -> None:
    for batch_size, seed in ((None, 1), (1, 0)):
        model, trainer = xor.trained(4, batch_size, seed)
        assert trainer.history["loss"][-1] < xor.GOOD
        answers = [model(example).data for example in xor.EXAMPLES]
        assert answers == pytest.approx([0, 1, 1, 0], abs=0.05)
    rows = rows_of(told("xor"), "median epochs")
    solved = {(row["hidden neurons"], row["learning"]): row["solved"] for row in rows}
    assert solved["4", "batch"] == "10 of 10"
    for row in rows:
        updates_each = 4 if row["learning"] == "online" else 1
        assert float(row["median updates"]) == updates_each * float(row["median epochs"])


def test_runs_that_failed_are_stuck_where_the_gradient_is_next_to_nothing() -> None:
    # with two hidden neurons; the seeds are those of runs that the lesson counts as failed
    for batch_size, seed in ((None, 7), (1, 3), (1, 9)):
        model, trainer = xor.trained(2, batch_size, seed)
        assert not xor.has_solved(trainer)
        gradient = training_gradient(model, xor.EXAMPLES, xor.TARGETS, binary_cross_entropy)
        assert max(map(abs, gradient.by_name(model).values())) < 0.02
        halves = [abs(p - 0.5) < 0.05 for p in trainer.predict(xor.EXAMPLES)]
        assert sum(halves) == (4 if batch_size else 2)


# Universal approximation


def test_the_staircase_is_the_sum_of_the_theorem() -> None:
    count, x = 5, 0.37
    model = approximation.by_hand(count)

    def sigma(z: float) -> float:
        return float(1 / (1 + np.exp(-z)))

    rises = [
        approximation.curve((i + 1) / count) - approximation.curve(i / count) for i in range(count)
    ]
    steps = [sigma(25.0 * (x - (i + 0.5) / count)) for i in range(count)]
    assert isclose(model([x]).data, float(np.dot(rises, steps)), rel_tol=1e-12)


def test_errors_fall_with_the_number_of_neurons() -> None:
    rows = rows_of(told("approximation"), "parameters")
    assert [int(row["N"]) for row in rows] == list(approximation.COUNTS)
    assert [int(row["parameters"]) for row in rows] == [3 * n + 1 for n in approximation.COUNTS]
    for column in ("by hand, largest error", "trained, largest", "trained, rms"):
        errors = [float(row[column]) for row in rows]
        assert errors == sorted(errors, reverse=True)
        assert errors[-1] < errors[0] / 20


def test_the_terms_and_the_bias_make_the_network() -> None:
    # the picture draws the terms by the formula; here they are summed up beside the model
    model = approximation.trained(2)
    hidden, output = model.layers
    weights = output.state_dict()
    for x in (0.0, 0.3, 1.0):
        total = weights["neurons.0.bias"]
        for i in range(2):
            w, b = hidden.neurons[i].state_dict().values()
            total += weights[f"neurons.0.weights.{i}"] / (1 + np.exp(-(w * x + b)))
        assert isclose(total, model([x]).data, rel_tol=1e-12)
