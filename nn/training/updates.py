"""Updates, batch after batch, and errors that say in which one, and for which example."""

from functools import partial
from math import isfinite
from typing import Any

import numpy as np
import numpy.typing as npt

from nn.optimisers import Optimiser
from nn.training.objective import EagerObjective

Array = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]


def update_by_batches(
    objective: EagerObjective,
    optimiser: Optimiser,
    table: Array,
    places: Places,
    size: int,
    when: str,
) -> dict[str, float]:
    """Go through all examples once, and update after each batch.

    Args:
        objective: what is minimised; its numbers are updated.
        optimiser: how to step.
        table: the examples, in the order in which they are taken.
        places: where they stand in the user's order, for messages.
        size: how many an update takes.
        when: what to add to the number of an update in a message, the epoch.

    Returns:
        The mean of the objective, as `"loss"`, and the accuracy if there is one; those of each
        batch are taken before its update.

    Raises:
        FloatingPointError: if the objective or its gradient is not finite, or not defined, or if
            the parameters would not be finite.
    """
    total, answers = 0.0, []
    for start in range(0, len(table), size):
        batch = table[start : start + size]
        try:
            mean, gradient, outputs = objective.gradient(batch)
            if not (isfinite(mean) and np.isfinite(gradient).all()):
                raise FloatingPointError(objective.not_finite(mean, gradient))
        except (ArithmeticError, ValueError) as error:
            reason = _with_example(error, objective, batch, places[start:])
            raise FloatingPointError(f"{reason}, in {update_in_words(optimiser, when)}") from error
        loss_at = partial(objective.loss_at, table=batch) if optimiser.needs_loss else None
        objective.numbers = optimiser.update(objective.numbers, gradient, loss_at)
        total += mean * len(batch)
        answers.append(outputs)
    return {"loss": total / len(table)} | objective.accuracy(table, np.concatenate(answers))


def evaluate(objective: EagerObjective, table: Array, what: str = "example") -> dict[str, float]:
    """The mean loss of some examples without the penalty, and the accuracy if there is one.

    Args:
        objective: what evaluates them.
        table: the examples.
        what: what a message calls one.

    Raises:
        FloatingPointError: if the loss is not defined for an example.
    """
    try:
        loss, outputs = objective.evaluate(table)
    except (ArithmeticError, ValueError) as error:
        reason = _with_example(error, objective, table, range(len(table)), what)
        raise FloatingPointError(reason) from error
    return {"loss": loss} | objective.accuracy(table, outputs)


def update_in_words(optimiser: Optimiser, when: str) -> str:
    """The update that is being made, and what may help."""
    return (
        f"update {optimiser.updates + 1} ({when}), with the learning rate {optimiser.rate:g}; "
        "a smaller one, or inputs of a smaller size, may help"
    )


def _with_example(
    error: Exception, objective: EagerObjective, batch: Array, places: Any, what: str = "example"
) -> str:
    """What went wrong in a batch, in words, with the example that is to blame, if it is one.

    Args:
        error: what was raised for the batch.
        objective: what raised it.
        batch: its examples.
        places: the number of each.
        what: what they are called.
    """
    found = objective.culprit(batch)
    if found is None:
        return str(error)
    row, reason = found
    return f"{reason}, for {what} {places[row]}"
