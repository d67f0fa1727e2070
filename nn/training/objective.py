"""What training minimises: the mean loss over some examples, plus the penalty."""

from collections.abc import Callable
from math import isfinite
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd_core import Value, no_grad
from nn.losses import Loss, as_list
from nn.module import Module
from nn.optimisers import assign

Array = npt.NDArray[np.float64]
Penalty = Callable[[Module], Value]


class EagerObjective:
    """The objective of a training, evaluated example by example with circuits of values.

    A table of examples has a row for each: its inputs, and after them its encoded target.

    Args:
        model: a module that maps a list of numbers to a value or a list of values.
        loss: the loss for one example.
        penalty: what is added to the mean of the losses, a function of the model; or None.
        width: how many of a row's numbers are inputs.

    Attributes:
        numbers: all parameters as one array. Training changes this array; `write_back` hands it to
            the model.
    """

    def __init__(self, model: Any, loss: Loss, penalty: Penalty | None, width: int) -> None:
        self._model = model
        self._loss = loss
        self._penalty = penalty
        self._width = width
        self._parameters: list[Value] = model.parameters()
        self.numbers: Array = np.array([parameter.data for parameter in self._parameters])

    def write_back(self) -> None:
        """Give the model's parameters the numbers of the array."""
        assign(self._parameters, self.numbers)

    def gradient(self, table: Array) -> tuple[float, Array, Array]:
        """The objective for some examples, its gradient, and the model's outputs.

        Args:
            table: the examples.

        Returns:
            The mean loss with the penalty; its derivative with respect to each parameter; the
            outputs, examples × outputs.

        Raises:
            TypeError: if the loss or the penalty returns no value.
        """
        self.write_back()
        for parameter in self._parameters:
            parameter.grad = 0.0
        mean, outputs = 0.0, []
        share = 1.0 / len(table)
        for row in table.tolist():
            cost, *answer = self._example(row)
            cost.backward(share)
            mean += share * cost.data
            outputs.append([value.data for value in answer])
        if self._penalty is not None:
            cost = self._penalty_of(self._penalty)
            cost.backward()
            mean += cost.data
        gradient = np.array([parameter.grad for parameter in self._parameters])
        return mean, gradient, np.array(outputs)

    def loss_at(self, numbers: Array, table: Array) -> float:
        """The objective for other parameters, as a line search asks for it.

        The model is left with them, until the next `write_back`.
        """
        assign(self._parameters, numbers)
        with no_grad():
            costs = [self._example(row)[0].data for row in table.tolist()]
            penalty = 0.0 if self._penalty is None else self._penalty_of(self._penalty).data
        return sum(costs) / len(costs) + penalty

    def evaluate(self, table: Array) -> tuple[float, Array]:
        """The mean loss without the penalty, and the outputs."""
        self.write_back()
        with no_grad():
            results = [[value.data for value in self._example(row)] for row in table.tolist()]
        costs = [cost for cost, *_ in results]
        return sum(costs) / len(costs), np.array([outputs for _, *outputs in results])

    def culprit(self, table: Array) -> tuple[int, str] | None:
        """The first example whose loss is not finite or not defined, and what is wrong with it.

        Returns:
            Its row, and the reason in words; None if there is no such example.
        """
        self.write_back()
        for place, row in enumerate(table.tolist()):
            try:
                cost = self._example(row)[0].data
            except (ArithmeticError, ValueError) as error:
                return place, str(error)
            if not isfinite(cost):
                return place, f"the loss is {cost}"
        return None

    def accuracy(self, table: Array, outputs: Array) -> dict[str, float]:
        """The share of right decisions under its name; nothing where nothing is decided.

        Args:
            table: the examples.
            outputs: the model's outputs for them.
        """
        right = self._loss.targets.right(outputs, table[:, self._width :])
        return {} if right is None else {"accuracy": float(np.count_nonzero(right)) / len(right)}

    def not_finite(self, mean: float, gradient: Array) -> str:
        """Which of these numbers is not finite, in words."""
        if not isfinite(mean):
            return f"the loss is {mean}"
        place = int(np.flatnonzero(~np.isfinite(gradient))[0])
        name = list(self._model.named_parameters())[place]
        return f"the gradient of {name} is {gradient[place]}"

    def _example(self, row: list[Any]) -> list[Value]:
        """The circuit for one example: its loss, and the model's outputs."""
        answer = as_list(self._model(row[: self._width]))
        return [self._loss.cost(answer, row[self._width :]), *answer]

    def _penalty_of(self, penalty: Penalty) -> Value:
        cost = penalty(self._model)
        if not isinstance(cost, Value):
            raise TypeError(
                f"the penalty returned {cost!r}; a penalty returns a value that it computed from "
                "the model's parameters"
            )
        return cost
