"""What training minimises, evaluated for all examples at once by a program."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd_core import Program, Value
from nn.losses import Loss, as_list
from nn.module import Module

Array = npt.NDArray[np.float64]

CHECKED = 3
"""So many examples are held against the eager engine before training."""


class ProgramObjective:
    """The same objective as `EagerObjective`, recorded once and run at matrix speed.

    Args:
        model: a module that maps a list of numbers to a value or a list of values.
        loss: the loss for one example.
        penalty: what is added to the mean of the losses, a function of the model; or None.
        inputs: examples × inputs; the circuit is recorded with the first, and the first few are
            compared with the eager engine.
        targets: examples × numbers, encoded.

    Attributes:
        numbers: all parameters as one array. Training changes this array; `write_back` hands it to
            the model.

    Raises:
        ValueError: if the model computes other gates for other examples.
    """

    def __init__(
        self,
        model: Any,
        loss: Loss,
        penalty: Callable[[Module], Value] | None,
        inputs: Array,
        targets: Array,
    ) -> None:
        self._model = model
        self._loss = loss
        self._penalty = penalty
        self._width = inputs.shape[1]
        first = np.concatenate([inputs[0], targets[0]]).tolist()
        names = [f"x{place + 1}" for place in range(self._width)]
        names += [f"target{place + 1}" for place in range(targets.shape[1])]
        values = [Value(number, name) for number, name in zip(first, names, strict=True)]
        self._program = Program(
            self._outputs(*values), inputs=values, parameters=model.parameters()
        )
        self._compare(inputs[:CHECKED], targets[:CHECKED])
        self.numbers: Array = self._program.read()

    def write_back(self) -> None:
        """Give the model's parameters the numbers of the array."""
        self._program.write(self.numbers)

    def gradient(self, inputs: Array, targets: Array) -> tuple[float, Array, Array]:
        """The objective for some examples, its gradient, and the model's outputs.

        Args:
            inputs: examples × inputs.
            targets: examples × numbers, encoded.

        Returns:
            The mean loss with the penalty; its derivative with respect to each parameter; the
            outputs, examples × outputs.
        """
        batch = np.concatenate([inputs, targets], axis=1)
        outputs, gradient = self._program.gradient(batch, self.numbers)
        return float(outputs[:, 0].mean()), gradient, outputs[:, 2:]

    def loss_at(self, numbers: Array, inputs: Array, targets: Array) -> float:
        """The objective for other parameters, as a line search asks for it."""
        batch = np.concatenate([inputs, targets], axis=1)
        return float(self._program(batch, numbers)[:, 0].mean())

    def evaluate(self, inputs: Array, targets: Array) -> tuple[float, Array]:
        """The mean loss without the penalty, and the outputs."""
        batch = np.concatenate([inputs, targets], axis=1)
        outputs = self._program(batch, self.numbers)
        return float(outputs[:, 1].mean()), outputs[:, 2:]

    def _outputs(self, *values: Any) -> list[Value]:
        """The circuit for one example: objective, loss, and the model's outputs."""
        answer = as_list(self._model(list(values[: self._width])))
        loss = self._loss.rule(answer, list(values[self._width :]))
        penalty = 0.0 if self._penalty is None else self._penalty(self._model)
        return [loss + penalty, loss, *answer]

    def _compare(self, inputs: Array, targets: Array) -> None:
        """Hold some examples against the eager engine; name the gate if they differ."""
        batch = np.concatenate([inputs, targets], axis=1)
        eager = [[value.data for value in self._outputs(*row)] for row in batch.tolist()]
        if not np.allclose(self._program(batch), eager, rtol=1e-6, equal_nan=True):
            self._program.check(batch, self._outputs, lanes=len(batch))
