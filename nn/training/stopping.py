"""When to stop training early, which parameters were the best, and with which it goes on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np

from autograd_core import Value
from nn.training.data import Array, Examples
from nn.training.history import History
from nn.training.objective import Objective
from nn.validation import counted, real_or_nan, whole_number


@dataclass
class Best:
    """The epoch with the lowest validation loss so far.

    Attributes:
        epoch: its number; 0 if no loss was finite.
        loss: its validation loss.
        numbers: the parameters after it; None if no loss was finite.
        waited: how many epochs there have been since then, without a lower one.
        validation: stands for the validation set: a loss of another one is not compared.
    """

    validation: str
    epoch: int = 0
    loss: float = float("inf")
    numbers: Array | None = None
    waited: int = 0

    def check(self, history: History) -> None:
        """See that what was read from a file makes sense.

        Raises:
            ValueError: if it does not.
        """
        epoch = whole_number(self.epoch, "the best epoch", least=0)
        whole_number(self.waited, "the number of epochs since the best", least=0)
        losses = history["validation_loss"]
        known = epoch <= len(losses) and real_or_nan(self.loss) == self.loss
        if not known or (epoch and losses[epoch - 1] != self.loss):
            raise ValueError(f"epoch {epoch} with the loss {self.loss!r} is not in its history")

    def follow(self, loss: float, epoch: int, numbers: Array) -> None:
        """Take in an epoch."""
        if loss < self.loss:
            self.epoch, self.loss, self.numbers, self.waited = epoch, loss, numbers, 0
        else:
            self.waited += 1


def mark_of(examples: Examples) -> str:
    """A text that stands for some examples.

    >>> import numpy as np
    >>> mark_of(Examples(np.zeros((2, 3)), 2, np.arange(2)))
    '2 × 3, f288b395'
    """
    rows, columns = examples.table.shape
    return f"{rows} × {columns}, {crc32(examples.table.tobytes()):08x}"


@dataclass
class Resumption:
    """With which parameters a later call of `fit` goes on: with the last ones, not the best.

    Attributes:
        best: the best epoch so far; None without a validation set.
        left: the model's parameters when `fit` ended.
        last: those after the last epoch; the objective begins with them if the model's are `left`.
    """

    best: Best | None = None
    left: Array | None = None
    last: Array | None = None

    @classmethod
    def of(cls, content: Mapping[str, Any], history: History, count: int) -> "Resumption":
        """What `state` wrote, of a model with so many parameters.

        Raises:
            ValueError: if it makes no sense.
        """
        best = None if "best" not in content else Best(**content["best"])
        if best is not None:
            best.check(history)
            best.numbers = _numbers(best.numbers, count)
            history.best = best.epoch
        return cls(best, last=_numbers(content.get("last"), count))

    def state(self, parameters: Sequence[Value]) -> dict[str, Any]:
        """Itself as plain numbers; nothing if the parameters are no longer as `fit` left them."""
        if self.left is None or not np.array_equal([p.data for p in parameters], self.left):
            return {}
        state = {"last": None if self.last is None else self.last.tolist()}
        if self.best is not None and self.best.numbers is not None:
            state["best"] = vars(self.best) | {"numbers": self.best.numbers.tolist()}
        return state

    def begin(self, objective: Objective, held_out: Examples | None) -> tuple[Best | None, bool]:
        """Give the objective the last parameters, if the model is as `fit` has left it.

        Returns:
            The best epoch so far, None without a validation set; and whether it goes on.
        """
        goes_on = self.left is not None and np.array_equal(objective.numbers, self.left)
        if goes_on and self.last is not None:
            objective.numbers = self.last
        best, self.best, self.left, self.last = self.best if goes_on else None, None, None, None
        if held_out is not None:
            mark = mark_of(held_out)
            self.best = best if best is not None and best.validation == mark else Best(mark)
        return self.best, goes_on

    def end(self, objective: Objective, history: History, which: str) -> str:
        """Give the objective the best or the last parameters; say which, if not the last."""
        best = self.best
        history.best = None if best is None or not best.epoch else best.epoch
        self.left = self.last = objective.numbers
        if best is None or best.numbers is None or best.numbers is objective.numbers:
            return ""
        if which == "last":
            return f"; the lowest validation loss was that of epoch {best.epoch}"
        self.left = objective.numbers = best.numbers
        return f"; back to the parameters of epoch {best.epoch}"


def _numbers(listed: Any, count: int) -> Array | None:
    """A list from a file, with a number for each parameter, as an array."""
    if listed is None:
        return None
    numbers = np.array(listed, dtype=float)
    if numbers.shape != (count,):
        raise ValueError(f"it has {numbers.size} numbers for {counted(count, 'parameter')}")
    if not np.isfinite(numbers).all():
        raise ValueError("it has parameters that are not finite")
    return numbers


def held_out_examples(
    examples_of: Callable[..., Examples], validation: Any, patience: int | None, restore: str | None
) -> Examples | None:
    """The validation set, which is there if it is needed, made from inputs, targets and a name.

    Raises:
        ValueError: if it is not, or does not fit.
    """
    if restore not in ("best", "last", None):
        raise ValueError(f"restore is 'best' or 'last', not {restore!r}")
    if validation is None:
        if patience is not None or restore == "best":
            watches = "patience watches" if patience is not None else "restore='best' asks for"
            raise ValueError(f"{watches} a validation set: give validation=(inputs, targets)")
        return None
    if not isinstance(validation, tuple | list) or len(validation) != 2:
        raise ValueError(f"validation is a pair (inputs, targets), not {validation!r}")
    inputs, targets = validation
    try:
        return examples_of(inputs, targets, "validation example")
    except ValueError as error:
        raise ValueError(f"the validation set: {error}") from None


@dataclass
class Stopping:
    """The reasons to stop before all epochs are done, as `Trainer.fit` is given them.

    Raises:
        ValueError: if the patience is less than one epoch, or the tolerance negative or no number.
        TypeError: if `stop` is no function.
    """

    patience: int | None
    tolerance: float | None
    stop: Callable[[History], bool] | None

    def __post_init__(self) -> None:
        """See that they make sense."""
        if self.patience is not None:
            whole_number(self.patience, "patience, the epochs to wait,", least=1)
        if self.tolerance is not None and not real_or_nan(self.tolerance) >= 0.0:
            raise ValueError(f"a tolerance is zero or more, not {self.tolerance!r}")
        if self.stop is not None and not callable(self.stop):
            raise TypeError(f"stop is a function of the history, not {self.stop!r}")

    def reason(self, history: History, best: Best | None) -> str | None:
        """Why to stop after the epoch that the history ends with, in words; None to go on."""
        if self.stop is not None and self.stop(history):
            return f"stopped on request after epoch {history.epochs}"
        if self.tolerance is not None and history.epochs > 1:
            before, last = history._since(history.epochs - 2)
            change = abs(last - before)
            if change <= self.tolerance:
                return (
                    f"the loss changed by {change:.2g} in epoch {history.epochs}, "
                    f"no more than the tolerance {self.tolerance:g}"
                )
        if self.patience is None or best is None or best.waited < self.patience:
            return None
        best.waited = 0  # whoever goes on waits anew
        waited = f"no lower validation loss in {counted(self.patience, 'epoch')}"
        loss = history["validation_loss"][-1]
        return waited if best.epoch else f"{waited}: it was {loss} throughout"
