"""The perceptron rule, against scikit-learn's and against the theorem on it."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import Perceptron

from nn import MLP, Layer, Maxout, Neuron, frozen, perceptron_rule

SQUARE = [[0, 0], [0, 1], [1, 0], [1, 1]]


def at_zero(nin: int) -> Neuron:
    neuron = Neuron(nin, activation="step")
    for weight in neuron.weights:
        weight.data = 0.0
    return neuron


@pytest.mark.parametrize("rate", [1.0, 0.5])
@pytest.mark.parametrize("seed", range(5))
def test_it_is_the_rule_of_scikit_learn(seed: int, rate: float) -> None:
    """It counts z = 0 as wrong whatever the label is, so the first example gets the label 0."""
    source = np.random.default_rng(seed)
    x = source.normal(size=(30, 3))
    y = (x @ [1.0, -2.0, 0.5] + source.normal(size=30) > 0.3).astype(int)
    y[0] = 0
    neuron = at_zero(3)
    mistakes = perceptron_rule(neuron, x, y, epochs=7, rate=rate)
    theirs = Perceptron(shuffle=False, eta0=rate, tol=None, max_iter=len(mistakes)).fit(x, y)
    assert [w.data for w in neuron.weights] == pytest.approx(theirs.coef_[0])
    assert neuron.bias.data == pytest.approx(theirs.intercept_[0])
    assert [neuron(row).data for row in x] == theirs.predict(x).tolist()


@given(st.integers(0, 10_000), st.floats(-3.0, 3.0), st.floats(0.02, 0.5))
def test_it_ends_within_the_bound_where_a_line_separates(
    seed: int, angle: float, margin: float
) -> None:
    source = np.random.default_rng(seed)
    line = np.array([np.cos(angle), np.sin(angle), 0.1])
    line /= np.linalg.norm(line)
    x = np.column_stack([source.uniform(-1.0, 1.0, size=(40, 2)), np.ones(40)])
    x = np.vstack([x[np.abs(x @ line) > margin], [*(5.0 * line[:2]), 1.0]])
    y = (x @ line > 0).astype(int)
    neuron = at_zero(2)
    mistakes = perceptron_rule(neuron, x[:, :2], y, epochs=100_000)
    longest, nearest = np.linalg.norm(x, axis=1).max(), np.abs(x @ line).min()
    assert sum(mistakes) <= (longest / nearest) ** 2
    assert mistakes[-1] == 0
    assert 0 not in mistakes[:-1]
    assert [neuron(row).data for row in x[:, :2]] == y.tolist()


def test_exclusive_or_never_comes_to_rest() -> None:
    mistakes = perceptron_rule(Neuron(2, activation="step", seed=1), SQUARE, [0, 1, 1, 0], 50)
    assert len(mistakes) == 50
    assert 0 not in mistakes


def test_it_goes_on_from_the_weights_that_are_there() -> None:
    neuron, once = (Neuron(2, activation="step", seed=3) for _ in range(2))
    labels = [1, 0, 0, 0]
    parts = [perceptron_rule(neuron, SQUARE, labels, epochs=1)[0] for _ in range(3)]
    assert parts == perceptron_rule(once, SQUARE, labels, epochs=3)
    assert neuron.state_dict() == once.state_dict()
    assert perceptron_rule(neuron, SQUARE, labels, epochs=0) == []


def test_only_parameters_change() -> None:
    neuron = Neuron(1, activation="step", bias=False, seed=1)
    assert perceptron_rule(neuron, [[-1], [2]], [1, 0])[-1] == 0
    neuron = at_zero(2)
    neuron.bias = frozen(neuron.bias)
    assert perceptron_rule(neuron, SQUARE, [1, 0, 0, 0])[-1] == 0
    assert neuron.bias.data == 0.0
    assert [weight.data for weight in neuron.weights] == [-1.0, -1.0]


def test_a_bias_that_is_a_feature_learns_alike() -> None:
    one = Neuron(2, activation="step", seed=2)
    other = Neuron(2, activation="step", bias="feature", seed=2)
    labels = [0, 1, 1, 1]
    assert perceptron_rule(one, SQUARE, labels) == perceptron_rule(other, SQUARE, labels)
    assert [p.data for p in one.parameters()] == [p.data for p in other.parameters()]


WRONG: list[tuple[Neuron, list[int], dict[str, Any], str]] = [
    (Neuron(2, activation="logistic"), [0, 0, 0, 1], {}, "not 'logistic', which has a slope"),
    (Neuron(2, activation="step"), [-1, -1, -1, 1], {}, "a label is 0 or 1, not -1"),
    (Neuron(3, activation="step"), [0, 0, 0, 1], {}, "takes 3 numbers, not 2"),
    (Neuron(2, activation="step"), [0, 1], {}, "4 examples, but 2 targets"),
    (Neuron(2, activation="step"), [0, 0, 0, 1], {"rate": 0.0}, "above zero"),
    (Neuron(2, activation="step"), [0, 0, 0, 1], {"epochs": -1}, "epochs is a whole number"),
]


@pytest.mark.parametrize(("model", "labels", "options", "says"), WRONG)
def test_what_does_not_fit_is_said(
    model: Neuron, labels: list[int], options: dict[str, Any], says: str
) -> None:
    before = model.state_dict()
    with pytest.raises(ValueError, match=says):
        perceptron_rule(model, SQUARE, labels, **options)
    assert model.state_dict() == before


@pytest.mark.parametrize("model", [Layer(2, 1), MLP(2, [1]), Maxout(2), None], ids=repr)
def test_it_trains_a_single_neuron(model: Any) -> None:
    with pytest.raises(TypeError, match="trains a Neuron, not"):
        perceptron_rule(model, SQUARE, [0, 0, 0, 1])
