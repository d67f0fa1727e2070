"""Training: epochs of updates by the gradients of a circuit, until something says stop."""

from nn.training.trainer import Trainer

__all__ = ["Trainer"]
