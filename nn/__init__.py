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
from nn.validation import cures

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

__all__ = ["ACTIVATIONS", "INITIALISATIONS", "L1", "L2", "LOSSES", "MLP", "ActivationName", "Adam"]
__all__ += ["AnyNumbers", "Backpropagation", "Classes", "CosineDecay", "ExponentialDecay"]
__all__ += ["Gradient", "History", "InitialisationName", "Labels", "Layer", "LineSearch", "Loss"]
__all__ += ["Maxout", "Module", "Neuron", "Numbers", "Optimiser", "RecordingError"]
__all__ += ["SteepestDescent", "StepDecay", "Targets", "Trainer", "backpropagation"]
__all__ += ["binary_cross_entropy", "binary_cross_entropy_from_logit", "forward_propagation"]
__all__ += ["frozen", "half_squared_error", "hinge", "identity", "logistic", "loss"]
__all__ += ["negative_log_likelihood", "perceptron_rule", "softmax", "softmax_cross_entropy"]
__all__ += ["softmax_cross_entropy_without_first", "softmax_without_first", "squared_error"]
__all__ += ["training_gradient", "weights_of"]

_TRAINING = {
    "nn.losses": (
        "LOSSES Loss binary_cross_entropy binary_cross_entropy_from_logit half_squared_error "
        "hinge loss negative_log_likelihood softmax_cross_entropy "
        "softmax_cross_entropy_without_first squared_error"
    ),
    "nn.optimisers": "Adam LineSearch Optimiser SteepestDescent",
    "nn.reference": (
        "Backpropagation Gradient backpropagation forward_propagation training_gradient"
    ),
    "nn.targets": "AnyNumbers Classes Labels Numbers Targets",
    "nn.training.history": "History",
    "nn.training.perceptron": "perceptron_rule",
    "nn.training.trainer": "Trainer",
}
"""Training computes with arrays: the names of its modules, which load NumPy when they are used."""

_ELSEWHERE = cures("""
    SGD: SteepestDescent(0.1), with momentum=0.9 if that is meant
    AdamW, RMSprop, Adagrad, adam: Adam(0.01)
    optim, Optimizer, optimizers, optimisers: nn.Adam or nn.SteepestDescent
    MSELoss, mse_loss, mse, mean_squared_error: squared_error
    BCELoss, bce, binary_crossentropy: binary_cross_entropy
    BCEWithLogitsLoss: binary_cross_entropy_from_logit
    CrossEntropyLoss, cross_entropy, categorical_crossentropy, nll_loss: softmax_cross_entropy
    NLLLoss: negative_log_likelihood
    Linear, Dense: Layer(nin, nout, activation="identity")
    Sequential: MLP(nin, [nout, …], activation="tanh"), or a Module that calls its layers
    ReLU: activation="relu"
    Tanh: activation="tanh"
    Sigmoid: activation="sigmoid"
    Softmax: activation="softmax"
    ELU: activation="elu"
    Softplus: activation="softplus"
    Identity: activation="identity"
    LeakyReLU: activation="leaky_relu"
    GELU: activation=gelu, autograd_core's gate
    SiLU: activation=silu, autograd_core's gate
    LogSoftmax: softmax_cross_entropy, which takes logits
    ModuleList, ParameterList, ModuleDict: a list of them in a Module
    Perceptron, perceptron: Neuron(2, activation="step")
    Network, NeuralNetwork, NN, Net, FeedForward: MLP(2, [16, 1])
    train, fit: Trainer(model, loss, optimiser).fit(inputs, targets, 100)
    accuracy: model.score(inputs, targets)
    HuberLoss, SmoothL1Loss: a loss of your own, made of gates
    Value, no_grad: from autograd_core import Value, no_grad
    F: nn.ACTIVATIONS, and the gates of autograd_core
    Flatten: inputs.reshape(len(inputs), -1)
    sigmoid: logistic
    relu, tanh: autograd_core's gate of this name
    sgd, gd, GradientDescent: SteepestDescent(0.1)
    L1Loss, mae_loss, mean_absolute_error: a loss of your own, lambda output, target: abs(output \
        - target)
    Dropout, BatchNorm1d, LayerNorm, Conv1d, Conv2d, Embedding, LSTM, RNN: a Module or function \
        of your own among model.layers
    functional: nn.LOSSES, nn.ACTIVATIONS, and the gates of autograd_core
    init: MLP(nin, [nout, …], initial="he")
    utils: Adam(0.01, clip_norm=1.0) to clip gradients
    clip_grad_norm_, clip_grad_value_: Adam(0.01, clip_norm=1.0)
    Model: Module
    Parameter: self.w = Value(0.5) in a Module
""")
"""What PyTorch and Keras call things, and what they are here."""

if not TYPE_CHECKING:  # to a checker, a module with `__getattr__` has every name
    _lazy = {module: names.split() for module, names in _TRAINING.items()}
    __getattr__, __dir__ = load_when_used(__name__, __all__, _lazy, _ELSEWHERE)
