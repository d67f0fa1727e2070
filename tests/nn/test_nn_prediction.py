"""What a model says of many examples: outputs, probabilities, classes, scores."""

import copy
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.special import expit
from scipy.special import softmax as softmax_of_scipy
from sklearn.metrics import accuracy_score, r2_score

import nn
from autograd_core import Value
from nn import MLP, Adam, Layer, Module, Neuron, Trainer

GENERATOR = np.random.default_rng(5)
INPUTS = GENERATOR.normal(size=(40, 2))
SIGNS = np.where(INPUTS[:, 0] * INPUTS[:, 1] > 0, 1, -1)
CLASSES = (INPUTS[:, 0] > 0).astype(int) + (INPUTS[:, 1] > 0)


def logits_of(model: Any) -> Any:
    return np.array([[out.data for out in model(row)] for row in INPUTS.tolist()])


def trained(model: Any, loss: Any, targets: Any) -> Any:
    Trainer(model, loss, Adam(0.05)).fit(INPUTS, targets, epochs=60)
    return model


def test_predictions_are_what_the_model_returns() -> None:
    model = MLP(2, [3, 2], activation="tanh", seed=1)
    assert model.predict(INPUTS) == pytest.approx(logits_of(model), rel=1e-12)
    single = MLP(2, [3, 1], seed=1)
    found = single.predict(INPUTS.tolist())
    assert found.shape == (40,) and found[7] == pytest.approx(single(INPUTS[7]).data, rel=1e-12)
    single.layers[1].neurons[0].b.data = 100.0  # and of the parameters as they are
    assert single.predict(INPUTS)[7] == pytest.approx(found[7] + 100.0)
    for part in (Layer(2, 3, seed=1), Neuron(2, seed=1)):
        assert part.predict(INPUTS).shape[0] == 40


class Kinked(Module):
    """A model with a Python branch, which no program can be recorded from."""

    def __init__(self) -> None:
        self.slope = Value(2.0)

    def __call__(self, inputs: Any) -> Any:
        z = self.slope * inputs[0]
        return z if z > 0 else -0.5 * z


def test_a_model_with_branches_is_asked_example_by_example() -> None:
    assert Kinked().predict([[3.0], [-1.0]]).tolist() == [6.0, 1.0]


def test_a_trained_model_knows_what_its_outputs_are() -> None:
    model = trained(MLP(2, [8, 3], activation="tanh", seed=1), nn.softmax_cross_entropy, CLASSES)
    probabilities = model.predict_probabilities(INPUTS)
    assert probabilities == pytest.approx(softmax_of_scipy(logits_of(model), axis=1), rel=1e-12)
    assert model.predict_classes(INPUTS).tolist() == probabilities.argmax(axis=1).tolist()
    expected = accuracy_score(CLASSES, model.predict_classes(INPUTS))
    assert model.score(INPUTS, CLASSES) == pytest.approx(expected) and expected > 0.8
    for twin in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert twin.predict_classes(INPUTS).tolist() == model.predict_classes(INPUTS).tolist()
        twin.layers[-1].neurons[0].b.data = 1000.0  # its own, as are the programs kept for it
        assert set(twin.predict_classes(INPUTS)) == {0} != set(model.predict_classes(INPUTS))


def test_labels_have_one_probability() -> None:
    labels = (SIGNS + 1) // 2
    model = MLP(2, [8, 1], activation="tanh", seed=1)
    trained(model, nn.binary_cross_entropy_from_logit, labels)
    logits = model.predict(INPUTS)
    assert model.predict_probabilities(INPUTS) == pytest.approx(expit(logits), rel=1e-12)
    assert model.predict_classes(INPUTS).tolist() == (logits > 0).astype(int).tolist()
    assert model.score(INPUTS, labels) == accuracy_score(labels, logits > 0)
    far = nn.binary_cross_entropy_from_logit.probabilities(np.array([[-900.0, 0.0, 900.0]]))
    assert far is not None and far.tolist() == [[0.0, 0.5, 1.0]]


def test_a_loss_says_it_for_models_that_no_trainer_has_seen() -> None:
    model = MLP(2, [3, 2], activation="tanh", seed=1)
    logits = logits_of(model)
    loss = nn.softmax_cross_entropy_without_first
    padded = np.pad(logits, ((0, 0), (1, 0)))
    assert model.predict_probabilities(INPUTS, loss) == pytest.approx(
        softmax_of_scipy(padded, axis=1), rel=1e-12
    )
    assert model.predict_classes(INPUTS, loss).tolist() == padded.argmax(axis=1).tolist()
    assert set(model.predict_classes(INPUTS, nn.softmax_cross_entropy)) <= {0, 1}
    several = model.predict_probabilities(INPUTS, nn.binary_cross_entropy_from_logit)
    assert several == pytest.approx(expit(logits), rel=1e-12)
    single = MLP(2, [3, 1], activation="tanh", seed=1)
    decided = np.where(single.predict(INPUTS) > 0, 1, -1)
    assert single.predict_classes(INPUTS, nn.hinge).tolist() == decided.tolist()
    assert single.score(INPUTS, SIGNS, nn.hinge) == accuracy_score(SIGNS, decided)


@pytest.mark.parametrize("outputs", [1, 3])
def test_the_score_of_numbers_is_r_squared(outputs: int) -> None:
    model = MLP(2, [3, outputs], activation="tanh", seed=1)
    targets = GENERATOR.normal(size=(40, outputs))
    if outputs == 3:
        targets[:, 1] = 2.0  # which no spread explains
    found = model.score(INPUTS, targets, nn.squared_error)
    assert found == pytest.approx(r2_score(targets, model.predict(INPUTS)), rel=1e-12)
    assert model.score(INPUTS, model.predict(INPUTS), nn.half_squared_error) == pytest.approx(1.0)


def test_outputs_of_softmax_and_logistic_are_probabilities() -> None:
    model = MLP(2, [3], output="softmax", seed=1)
    assert model.predict_probabilities(INPUTS) == pytest.approx(logits_of(model))
    assert model.predict_classes(INPUTS).tolist() == logits_of(model).argmax(axis=1).tolist()
    assert 0.0 <= model.score(INPUTS, CLASSES) <= 1.0
    single = trained(MLP(2, [1], output="logistic"), nn.half_squared_error, (SIGNS + 1) / 2)
    probabilities = single.predict_probabilities(INPUTS)
    assert probabilities.tolist() == single.predict(INPUTS).tolist()
    assert single.predict_classes(INPUTS).tolist() == (probabilities > 0.5).astype(int).tolist()


def test_where_it_is_not_known_it_is_asked_for() -> None:
    model: Any = MLP(2, [1], seed=1)
    asks: list[Callable[[], Any]] = [
        lambda: model.predict_classes(INPUTS),
        lambda: model.predict_probabilities(INPUTS),
        lambda: model.score(INPUTS, SIGNS),
        lambda: model.score(INPUTS, SIGNS, lambda output, target: (output - target) ** 4),
    ]
    for ask in asks:
        with pytest.raises(ValueError, match=r"does not know what its outputs are.*loss=nn\."):
            ask()
    for loss in (nn.squared_error, nn.hinge):
        with pytest.raises(ValueError, match=f"outputs for {loss.name} are no probabilities"):
            model.predict_probabilities(INPUTS, loss)
    with pytest.raises(ValueError, match="are no classes"):
        trained(model, nn.squared_error, SIGNS).predict_classes(INPUTS)
    trained(model, lambda output, target: (output - target) ** 4, SIGNS)
    with pytest.raises(ValueError, match="does not know"):
        model.score(INPUTS, SIGNS)
    with pytest.raises(ValueError, match="example 0"):
        model.predict([[1.0, 2.0, 3.0]])
    with pytest.raises(ValueError, match="a label is 0 or 1"):
        model.score(INPUTS, SIGNS, nn.binary_cross_entropy_from_logit)
