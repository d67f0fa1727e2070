"""What training minimises: the mean loss over some examples, plus the penalty."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd_core import Value, no_grad
from nn.losses import Loss, as_list
from nn.module import Module
from nn.optimisers import assign

Array = npt.NDArray[np.float64]


class EagerObjective:
    """The objective of a training, evaluated example by example with circuits of values.

    Args:
        model: a module that maps a list of numbers to a value or a list of values.
        loss: the loss for one example.
        penalty: what is added to the mean of the losses, a function of the model; or None.

    Attributes:
        numbers: all parameters as one array. Training changes this array; `write_back` hands it to
            the model.
    """

    def __init__(
        self, model: Any, loss: Loss, penalty: Callable[[Module], Value] | None = None
    ) -> None:
        self._model = model
        self._loss = loss
        self._penalty = penalty
        self._parameters: list[Value] = model.parameters()
        self.numbers: Array = np.array([parameter.data for parameter in self._parameters])

    def write_back(self) -> None:
        """Give the model's parameters the numbers of the array."""
        assign(self._parameters, self.numbers)

    def gradient(self, inputs: Array, targets: Array) -> tuple[float, Array, Array]:
        """The objective for some examples, its gradient, and the model's outputs.

        Args:
            inputs: examples × inputs.
            targets: examples × numbers, encoded.

        Returns:
            The mean loss with the penalty; its derivative with respect to each parameter; the
            outputs, examples × outputs.
        """
        self.write_back()
        for parameter in self._parameters:
            parameter.grad = 0.0
        mean, outputs = 0.0, []
        share = 1.0 / len(inputs)
        for example, target in zip(inputs.tolist(), targets.tolist(), strict=True):
            answer = as_list(self._model(example))
            cost = self._loss.rule(answer, target)
            cost.backward(share)
            mean += share * cost.data
            outputs.append([value.data for value in answer])
        if self._penalty is not None:
            cost = self._penalty(self._model)
            cost.backward()
            mean += cost.data
        gradient = np.array([parameter.grad for parameter in self._parameters])
        return mean, gradient, np.array(outputs)

    def loss_at(self, numbers: Array, inputs: Array, targets: Array) -> float:
        """The objective for other parameters, as a line search asks for it.

        The model is left with them, until the next `write_back`.
        """
        assign(self._parameters, numbers)
        mean, _ = self.evaluate(inputs, targets)
        with no_grad():
            return mean + (0.0 if self._penalty is None else self._penalty(self._model).data)

    def evaluate(self, inputs: Array, targets: Array) -> tuple[float, Array]:
        """The mean loss without the penalty, and the outputs, for the model as it is."""
        with no_grad():
            answers = [as_list(self._model(example)) for example in inputs.tolist()]
            costs = [
                self._loss.rule(answer, target).data
                for answer, target in zip(answers, targets.tolist(), strict=True)
            ]
        outputs = np.array([[value.data for value in answer] for answer in answers])
        return sum(costs) / len(costs), outputs
