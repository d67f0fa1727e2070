import pytest

from autograd_core import Value
from nn import (
    LOSSES,
    MLP,
    Layer,
    Maxout,
    Module,
    Neuron,
    negative_log_likelihood,
    softmax,
    softmax_cross_entropy,
)
from nn.training.checks import check_model, check_output

SUITABLE = {
    "half_squared_error": {"identity", "logistic", "tanh", "relu", "softmax", "maxout"},
    "squared_error": {"identity", "logistic", "tanh", "relu", "softmax", "maxout"},
    "hinge": {"identity", "logistic", "tanh", "relu", "softmax", "maxout"},
    "binary_cross_entropy": {"logistic", "softmax"},
    "binary_cross_entropy_from_logit": {"identity", "maxout"},
    "negative_log_likelihood": {"softmax"},
    "softmax_cross_entropy": {"identity", "maxout"},
    "softmax_cross_entropy_without_first": {"identity", "maxout"},
}


@pytest.mark.parametrize("name", LOSSES)
def test_which_outputs_go_with_which_loss(name):
    for output in ("identity", "logistic", "tanh", "relu", "softmax", "maxout"):
        for model in (MLP(2, [3, 2], output=output), Layer(2, 2, activation=output)):
            if output in SUITABLE[name]:
                check_output(model, LOSSES[name])
            else:
                with pytest.raises(ValueError, match=f"{name} takes .* ends in '{output}': make"):
                    check_output(model, LOSSES[name])


def test_neurons_alone():
    check_output(Neuron(2, activation="logistic"), LOSSES["binary_cross_entropy"])
    check_output(Maxout(2), LOSSES["binary_cross_entropy_from_logit"])
    with pytest.raises(ValueError, match="takes logits, but the model ends in 'relu'"):
        check_output(Neuron(2), LOSSES["binary_cross_entropy_from_logit"])


def test_nothing_is_presumed_of_a_class_of_ones_own():
    class Classifier(MLP):
        def __call__(self, inputs):
            return softmax(super().__call__(inputs))

    class Layers(Module):
        def __init__(self):
            self.layers = {"first": Layer(2, 2, activation="step")}

    check_output(Classifier(2, [3]), negative_log_likelihood)
    check_output(Layers(), softmax_cross_entropy)


class Uncallable(Module):
    def __init__(self):
        self.weight = Value(1.0)


class Empty(Module):
    def __call__(self, inputs):
        return Value(0.0)


@pytest.mark.parametrize(
    "model, error, message",
    [
        (3, TypeError, "a model is an MLP, or another Module, not 3"),
        (MLP, TypeError, "a model is an MLP, or another Module, not <class"),
        (lambda inputs: inputs, TypeError, "a model is an MLP, or another Module"),
        (Uncallable(), TypeError, r"Uncallable cannot be called: give it __call__\(self, inputs\)"),
        (Empty(), ValueError, "Empty has no parameters to train: they are the leaves"),
        (Neuron(2, activation="step"), ValueError, "'step' is flat, so nothing below it learns"),
        (MLP(2, [3, 1], output="step"), ValueError, "'step' is flat"),
    ],
)
def test_models_that_cannot_be_trained(model, error, message):
    with pytest.raises(error, match=message):
        check_model(model)


def test_models_that_can_be_trained():
    for model in (MLP(2, [2]), Layer(2, 3), Neuron(2), Maxout(2)):
        check_model(model)
