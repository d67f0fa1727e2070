"""What a model answers for many examples."""

from typing import Any

import numpy as np
import numpy.typing as npt

from autograd_core import Program, RecordingError, no_grad
from nn.losses import as_list
from nn.training.data import as_table
from nn.training.recording import KeptProgram, Recording, record

Array = npt.NDArray[np.float64]

COMPARED = 3
"""So many examples are recorded, to see that they all have the same circuit."""


def predict(model: Any, inputs: Any, kept: KeptProgram | None) -> Array:
    """The model's outputs for many examples.

    Args:
        model: a module that maps a list of numbers to a value or a list of values.
        inputs: examples × inputs.
        kept: where the program is kept, and used again if it is of the same circuit; None to
            evaluate example by example.

    Returns:
        examples × outputs, or one number for each example if the model returns a single value.

    Raises:
        ValueError: if the inputs are no table of finite numbers, if they do not fit the model, or
            if it is not defined for an example.
        RecordingError: if one circuit does not serve for all examples.
    """
    table = as_table(inputs)
    first = _answer(model, table.tolist()[0], 0)
    if kept is None:
        outputs = _one_by_one(model, table)
    else:
        try:
            outputs = _program(model, table, kept)(table)
        except RecordingError:
            raise
        except (ArithmeticError, ValueError):
            outputs = _one_by_one(model, table)  # raises again, in words that name the example
    return outputs if isinstance(first, list | tuple | np.ndarray) else outputs[:, 0]


def _program(model: Any, table: Array, kept: KeptProgram) -> Program:
    parameters = model.parameters()
    names = [f"x{place + 1}" for place in range(table.shape[1])]

    def recorded(count: int) -> Recording:
        return record(lambda row: as_list(model(row)), table[:count].tolist(), names, parameters)

    return kept.program(recorded, COMPARED, parameters)


def _one_by_one(model: Any, table: Array) -> Array:
    answers = [as_list(_answer(model, row, place)) for place, row in enumerate(table.tolist())]
    return np.array([[value.data for value in answer] for answer in answers])


def _answer(model: Any, row: list[float], place: int) -> Any:
    """What the model returns for an example."""
    try:
        with no_grad():
            return model(row)
    except (ArithmeticError, ValueError) as error:
        raise ValueError(f"example {place}: {error}") from error
