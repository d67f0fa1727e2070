"""Neurons, layers and networks, built on `autograd_core` alone.

>>> model = MLP(2, [3, 1], activation="tanh", seed=1)
>>> model
MLP(2, [3, 1]): 13 parameters
  layers.0: 2 → 3, tanh, 9 parameters
  layers.1: 3 → 1, identity, 4 parameters
>>> list(model.named_parameters())[:4]
['layers.0.neurons.0.weights.0', 'layers.0.neurons.0.weights.1', 'layers.0.neurons.0.bias', ...]
"""

from nn.activations import ACTIVATIONS, identity, logistic, softmax, softmax_without_first
from nn.initialisation import INITIALISATIONS
from nn.layer import Layer
from nn.mlp import MLP
from nn.module import Module
from nn.neuron import Maxout, Neuron

__all__ = [
    "ACTIVATIONS",
    "INITIALISATIONS",
    "MLP",
    "Layer",
    "Maxout",
    "Module",
    "Neuron",
    "identity",
    "logistic",
    "softmax",
    "softmax_without_first",
]
