"""What training minimises, evaluated for all examples at once by a program."""

from typing import Any

import numpy as np
import numpy.typing as npt

from autograd_core import RecordingError, forbid_data_access
from nn.losses import Loss
from nn.training.objective import EagerObjective, Penalty
from nn.training.recording import OTHERWISE, KeptProgram, Recording, record

Array = npt.NDArray[np.float64]

COMPARED = 10
"""So many examples are recorded, to see that they all have the same circuit."""


class ProgramObjective(EagerObjective):
    """The same objective, its circuit recorded once and run at matrix speed.

    Args:
        model, loss, penalty, width: as for `EagerObjective`.
        table: examples, at least one; the circuit is recorded with the first.
        kept: where the program is kept, and used again if it is of the same circuit.

    Raises:
        RecordingError: if one circuit does not serve for all examples.
    """

    def __init__(
        self,
        model: Any,
        loss: Loss,
        penalty: Penalty | None,
        width: int,
        table: Array,
        kept: KeptProgram,
    ) -> None:
        super().__init__(model, loss, penalty, width)
        self._program = kept.program(
            lambda count: self._recorded(table[different(table[:, width:], count)]),
            COMPARED,
            self._parameters,
        )

    def gradient(self, table: Array) -> tuple[float, Array, Array]:
        """The objective for some examples, its gradient, and the model's outputs."""
        outputs, gradient = self._program.gradient(table, self.numbers)
        return _mean(outputs[:, 0]), gradient, outputs[:, 2:]

    def loss_at(self, numbers: Array, table: Array) -> float:
        """The objective for other parameters, as a line search asks for it."""
        return _mean(self._program(table, numbers)[:, 0])

    def evaluate(self, table: Array) -> tuple[float, Array]:
        """The mean loss without the penalty, and the outputs."""
        outputs = self._program(table, self.numbers)
        return _mean(outputs[:, 1]), outputs[:, 2:]

    def _recorded(self, table: Array) -> Recording:
        """The circuit for one example: objective, loss, and the model's outputs."""
        names = [f"x{place + 1}" for place in range(self._width)]
        names += [f"target{place + 1}" for place in range(table.shape[1] - self._width)]
        recording = record(self._example, table.tolist(), names, self._parameters)
        objective = recording.outputs[0]
        if self._penalty is not None:
            with forbid_data_access(OTHERWISE):
                objective = objective + self._penalty_of(self._penalty)
        return Recording(recording.inputs, [objective, *recording.outputs])


def objective_of(
    model: Any,
    loss: Loss,
    penalty: Penalty | None,
    width: int,
    table: Array,
    kept: KeptProgram | None,
) -> EagerObjective:
    """The objective as a program, or eagerly if there is nowhere to keep one.

    Where the loss is not defined for the examples, it is eager too: that says for which, and when.

    Args:
        model, loss, penalty, width, table, kept: as for `ProgramObjective`.

    Raises:
        RecordingError: if one circuit does not serve for all examples.
    """
    if kept is not None:
        try:
            return ProgramObjective(model, loss, penalty, width, table, kept)
        except RecordingError:
            raise
        except (ArithmeticError, ValueError):
            pass
    return EagerObjective(model, loss, penalty, width)


def different(targets: Array, count: int) -> list[int]:
    """The places of some examples: the first, others with other targets, and the next ones.

    >>> different(np.array([[7.0], [7.0], [8.0], [9.0]]), 3)
    [0, 2, 3]
    """
    if count == 1:
        return [0]
    _, places = np.unique(targets, axis=0, return_index=True)
    spread = places[np.linspace(0, len(places) - 1, count).astype(int)]
    return list(dict.fromkeys([0, *spread.tolist(), *range(len(targets))]))[:count]


def _mean(numbers: Array) -> float:
    """The mean, which `.mean()` takes much longer for where there are few numbers."""
    return float(np.add.reduce(numbers)) / len(numbers)
