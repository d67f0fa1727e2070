"""The loop over the batches of an epoch."""

from functools import partial
from math import isfinite

import numpy as np

from autograd_core import Program
from nn.optimisers import Adam, Optimiser, SteepestDescent, are_finite
from nn.training.data import Array, Examples
from nn.training.objective import Objective


def run_epoch(
    objective: Objective, optimiser: Optimiser, examples: Examples, size: int
) -> tuple[float, Array]:
    """Go through the examples once, with an update after each batch of this size.

    Whether all numbers were finite is seen at the end. Where they were not, the epoch is gone
    through again, from the parameters that it began with, and each step is looked at.

    Returns:
        The mean of the objective over the examples, and the model's outputs for each; those of a
        batch are taken before its update.

    Raises:
        UndefinedLossError: if the loss or its gradient is not defined, or not finite.
        FloatingPointError: if parameters would not be finite.
    """
    found = _at_once(objective, optimiser, examples.table, size)
    if found is not None:
        return found
    loss_at = None
    if optimiser.needs_loss:  # which takes all examples
        loss_at = partial(objective.loss_at, table=examples.table)
    objective.begin_epoch()
    total, answers = 0.0, []
    with np.errstate(over="ignore"):  # a sum that is inf is told of in words
        for start in range(0, len(examples), size):
            mean, gradient, outputs = objective.gradient(examples, slice(start, start + size))
            objective.numbers = optimiser.update(objective.numbers, gradient, loss_at)
            total += mean * len(outputs)
            answers.append(outputs)
    return total / len(examples), np.concatenate(answers)


def _at_once(
    objective: Objective, optimiser: Optimiser, table: Array, size: int
) -> tuple[float, Array] | None:
    """The same; None where each step has to be looked at, and then nothing has changed."""
    looks = type(optimiser) not in (SteepestDescent, Adam) or optimiser.clip_value is not None
    if objective.program is None or looks:
        return None
    numbers, updates, memory = objective.numbers, optimiser.updates, optimiser._memory
    kept = vars(optimiser)  # where writing is sooner than by `__setattr__`
    kept["_memory"] = {name: array.copy() for name, array in memory.items()}
    found, stopped = None, False
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            found = _unchecked(objective, objective.program, optimiser, table, size)
    except KeyboardInterrupt:
        stopped = True
    if found is None and not (stopped and are_finite(objective.numbers)):
        objective.numbers, optimiser.updates, optimiser._memory = numbers, updates, memory
    if stopped:
        raise KeyboardInterrupt
    return found


def _unchecked(
    objective: Objective, program: Program, optimiser: Optimiser, table: Array, size: int
) -> tuple[float, Array] | None:
    """The same; None where something was not defined or not finite.

    A gradient that is not finite makes parameters that are not, and no step makes them so again.
    """
    numbers, rows = objective.numbers, []
    try:
        for start in range(0, len(table), size):
            found, gradient = program.gradient(table[start : start + size], numbers)
            objective.numbers = numbers = optimiser.after(numbers, gradient)
            rows.append(found)
            if len(rows) % 64 == 0 and not are_finite(numbers):
                return None
    except (ArithmeticError, ValueError):
        return None
    outputs = np.concatenate(rows) if len(rows) > 1 else rows[0]
    total = _total(outputs[:, 0], size)
    finite = isfinite(total) and are_finite(numbers)
    return (total / len(table), outputs[:, 2:]) if finite else None


def _total(losses: Array, size: int) -> float:
    """The sum of losses, each batch's mean times its size, as if they were added batch by batch."""
    rest = (len(losses) - 1) % size + 1
    before, last, total = losses[:-rest], losses[-rest:], 0.0
    if len(before):
        for batch in np.add.reduce(before.reshape(-1, size), axis=1).tolist():
            total += batch / size * size
    return total + float(np.add.reduce(last)) / rest * rest
