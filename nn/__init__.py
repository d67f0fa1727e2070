"""Neurons, layers and networks, built on `autograd_core` alone.

>>> model = MLP(2, [3, 1], activation="tanh", seed=1)
>>> model
MLP(2, [3, 1]): 13 parameters
  layers.0: 2 → 3, tanh, 9 parameters
  layers.1: 3 → 1, identity, 4 parameters
>>> list(model.named_parameters())[:4]
['layers.0.neurons.0.weights.0', 'layers.0.neurons.0.weights.1', 'layers.0.neurons.0.bias', ...]
"""

from typing import TYPE_CHECKING

from autograd_core import RecordingError, load_when_used
from nn.activations import (
    ACTIVATIONS,
    ActivationName,
    identity,
    logistic,
    softmax,
    softmax_without_first,
)
from nn.initialisation import INITIALISATIONS, InitialisationName
from nn.layer import Layer
from nn.mlp import MLP
from nn.module import Module, frozen
from nn.neuron import Maxout, Neuron
from nn.penalties import L1, L2, weights_of
from nn.schedules import CosineDecay, ExponentialDecay, StepDecay

if TYPE_CHECKING:
    from nn.losses import (
        LOSSES,
        Loss,
        binary_cross_entropy,
        binary_cross_entropy_from_logit,
        half_squared_error,
        hinge,
        loss,
        negative_log_likelihood,
        softmax_cross_entropy,
        softmax_cross_entropy_without_first,
        squared_error,
    )
    from nn.optimisers import Adam, LineSearch, Optimiser, SteepestDescent
    from nn.reference import (
        Backpropagation,
        Gradient,
        backpropagation,
        forward_propagation,
        training_gradient,
    )
    from nn.targets import AnyNumbers, Classes, Labels, Numbers, Targets
    from nn.training.history import History
    from nn.training.perceptron import perceptron_rule
    from nn.training.trainer import Trainer

__all__ = [
    "ACTIVATIONS",
    "INITIALISATIONS",
    "L1",
    "L2",
    "LOSSES",
    "MLP",
    "ActivationName",
    "Adam",
    "AnyNumbers",
    "Backpropagation",
    "Classes",
    "CosineDecay",
    "ExponentialDecay",
    "Gradient",
    "History",
    "InitialisationName",
    "Labels",
    "Layer",
    "LineSearch",
    "Loss",
    "Maxout",
    "Module",
    "Neuron",
    "Numbers",
    "Optimiser",
    "RecordingError",
    "SteepestDescent",
    "StepDecay",
    "Targets",
    "Trainer",
    "backpropagation",
    "binary_cross_entropy",
    "binary_cross_entropy_from_logit",
    "forward_propagation",
    "frozen",
    "half_squared_error",
    "hinge",
    "identity",
    "logistic",
    "loss",
    "negative_log_likelihood",
    "perceptron_rule",
    "softmax",
    "softmax_cross_entropy",
    "softmax_cross_entropy_without_first",
    "softmax_without_first",
    "squared_error",
    "training_gradient",
    "weights_of",
]

_LOADED_WHEN_USED = {
    "nn.losses": [
        "LOSSES",
        "Loss",
        "binary_cross_entropy",
        "binary_cross_entropy_from_logit",
        "half_squared_error",
        "hinge",
        "loss",
        "negative_log_likelihood",
        "softmax_cross_entropy",
        "softmax_cross_entropy_without_first",
        "squared_error",
    ],
    "nn.optimisers": ["Adam", "LineSearch", "Optimiser", "SteepestDescent"],
    "nn.reference": [
        "Backpropagation",
        "Gradient",
        "backpropagation",
        "forward_propagation",
        "training_gradient",
    ],
    "nn.targets": ["AnyNumbers", "Classes", "Labels", "Numbers", "Targets"],
    "nn.training.history": ["History"],
    "nn.training.perceptron": ["perceptron_rule"],
    "nn.training.trainer": ["Trainer"],
}
"""Training computes with arrays; the names of its modules, which load NumPy."""

_ELSEWHERE = {
    "SGD": "SteepestDescent(0.1), with momentum=0.9 if that is meant",
    **dict.fromkeys(["AdamW", "RMSprop", "Adagrad"], "Adam(0.01)"),
    "optim": "nn.Adam or nn.SteepestDescent",
    **dict.fromkeys(["MSELoss", "mse_loss"], "squared_error"),
    "BCELoss": "binary_cross_entropy",
    "BCEWithLogitsLoss": "binary_cross_entropy_from_logit",
    **dict.fromkeys(["CrossEntropyLoss", "cross_entropy"], "softmax_cross_entropy"),
    "NLLLoss": "negative_log_likelihood",
    **dict.fromkeys(["Linear", "Dense"], 'Layer(nin, nout, activation="identity")'),
    "Sequential": 'MLP(nin, [nout, …], activation="tanh"), or a Module that calls its layers',
    **{
        name: f'activation="{name.lower()}"'
        for name in ("ReLU", "Tanh", "Sigmoid", "Softmax", "ELU", "Softplus", "Identity")
    },
    "LeakyReLU": 'activation="leaky_relu"',
    **{name: f"activation={name.lower()}, autograd_core's gate" for name in ("GELU", "SiLU")},
    "LogSoftmax": "softmax_cross_entropy, which takes logits",
    **dict.fromkeys(["ModuleList", "ParameterList", "ModuleDict"], "a list of them in a Module"),
    **dict.fromkeys(["Perceptron", "perceptron"], 'Neuron(2, activation="step")'),
    **dict.fromkeys(["Network", "NeuralNetwork", "NN", "Net", "FeedForward"], "MLP(2, [16, 1])"),
    **dict.fromkeys(["Optimizer", "optimizers", "optimisers"], "nn.Adam or nn.SteepestDescent"),
    **dict.fromkeys(["train", "fit"], "Trainer(model, loss, optimiser).fit(inputs, targets, 100)"),
    "accuracy": "model.score(inputs, targets)",
    **dict.fromkeys(["bce", "binary_crossentropy"], "binary_cross_entropy"),
    **dict.fromkeys(["categorical_crossentropy", "nll_loss"], "softmax_cross_entropy"),
    **dict.fromkeys(["HuberLoss", "SmoothL1Loss"], "a loss of your own, made of gates"),
    **dict.fromkeys(["Value", "no_grad"], "from autograd_core import Value, no_grad"),
    "F": "nn.ACTIVATIONS, and the gates of autograd_core",
    "Flatten": "inputs.reshape(len(inputs), -1)",
    "sigmoid": "logistic",
    **dict.fromkeys(["relu", "tanh"], "autograd_core's gate of this name"),
    **dict.fromkeys(["sgd", "gd", "GradientDescent"], "SteepestDescent(0.1)"),
    "adam": "Adam(0.01)",
    **dict.fromkeys(
        ["L1Loss", "mae_loss", "mean_absolute_error"],
        "a loss of your own, lambda output, target: abs(output - target)",
    ),
    **dict.fromkeys(["mse", "mean_squared_error"], "squared_error"),
    **dict.fromkeys(
        ["Dropout", "BatchNorm1d", "LayerNorm", "Conv1d", "Conv2d", "Embedding", "LSTM", "RNN"],
        "a Module or function of your own among model.layers",
    ),
    "functional": "nn.LOSSES, nn.ACTIVATIONS, and the gates of autograd_core",
    "init": 'MLP(nin, [nout, …], initial="he")',
    "utils": "Adam(0.01, clip_norm=1.0) to clip gradients",
    **dict.fromkeys(["clip_grad_norm_", "clip_grad_value_"], "Adam(0.01, clip_norm=1.0)"),
    "Model": "Module",
    "Parameter": "self.w = Value(0.5) in a Module",
}
"""What PyTorch and Keras call things, and what they are here."""

if not TYPE_CHECKING:  # to a checker, a module with `__getattr__` has every name
    __getattr__, __dir__ = load_when_used(__name__, __all__, _LOADED_WHEN_USED, _ELSEWHERE)
