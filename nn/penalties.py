"""Regularisation: what large weights cost. Biases cost nothing."""

from abc import ABC, abstractmethod
from math import inf

from autograd_core import Value, absolute, dot, total
from nn.module import Module
from nn.validation import as_float, real_or_nan


def weights_of(model: Module) -> list[Value]:
    """The parameters of a model that are weights: all but those named `bias`, or in `biases`.

    >>> from nn import MLP
    >>> len(weights_of(MLP(2, [16, 16, 1])))  # 337 parameters, 33 of them biases
    304
    """
    named = model.named_parameters().items()
    return [value for name, value in named if not {"bias", "biases"} & set(name.split("."))]


class Penalty(ABC):
    """A cost of a model's weights; call it with the model.

    Args:
        strength: λ, zero or more.

    Raises:
        ValueError: if it is negative, or not finite.
    """

    def __init__(self, strength: float) -> None:
        if not 0.0 <= real_or_nan(strength) < inf:
            raise ValueError(f"the strength of a penalty is zero or more, not {strength!r}")
        self.strength = as_float(strength)

    def __call__(self, model: Module) -> Value:
        """The penalty as a value of the circuit, to be added to the loss.

        Raises:
            ValueError: if the model has no weights.
        """
        weights = weights_of(model)
        if not weights:
            raise ValueError(f"{self!r} has nothing to hold down: the model has no weights")
        return self.strength * self._size(weights)

    @abstractmethod
    def _size(self, weights: list[Value]) -> Value:
        """What the strength multiplies."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.strength!r})"


class L2(Penalty):
    """λ/2 Σ W²: pulls every weight towards 0 in proportion to its size (weight decay).

    Lecture "Learning: Backpropagation", regularised sum of squares error.

    >>> from nn import Neuron
    >>> neuron = Neuron(2)
    >>> neuron.load_state_dict({"weights.0": 3.0, "weights.1": -4.0, "bias": 5.0})
    >>> L2(0.1)(neuron).data
    1.25
    """

    def _size(self, weights: list[Value]) -> Value:
        return 0.5 * dot(weights, weights)


class L1(Penalty):
    """λ Σ |W|: pulls every weight towards 0 with the same force, and small ones to 0.

    Lecture "Regularization"; at W = 0 its derivative is taken to be 0.

    >>> from nn import Neuron
    >>> neuron = Neuron(2)
    >>> neuron.load_state_dict({"weights.0": 3.0, "weights.1": -4.0, "bias": 5.0})
    >>> L1(0.5)(neuron).data
    3.5
    """

    def _size(self, weights: list[Value]) -> Value:
        return total([absolute(weight) for weight in weights])
