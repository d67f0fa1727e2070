"""When to stop training early, and which parameters were the best."""

from collections.abc import Callable
from dataclasses import dataclass
from zlib import crc32

from nn.training.data import Array, Examples
from nn.training.history import History
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


class Stopping:
    """The reasons to stop before all epochs are done, as `Trainer.fit` is given them.

    Raises:
        ValueError: if the patience is less than one epoch, or the tolerance negative or no number.
        TypeError: if `stop` is no function.
    """

    def __init__(
        self,
        patience: int | None,
        tolerance: float | None,
        stop: Callable[[History], bool] | None,
    ) -> None:
        if patience is not None:
            whole_number(patience, "patience, the epochs to wait,", least=1)
        if tolerance is not None and not real_or_nan(tolerance) >= 0.0:
            raise ValueError(f"a tolerance is zero or more, not {tolerance!r}")
        if stop is not None and not callable(stop):
            raise TypeError(f"stop is a function of the history, not {stop!r}")
        self._patience = patience
        self._tolerance = tolerance
        self._stop = stop

    def reason(self, history: History, best: Best | None) -> str | None:
        """Why to stop after the epoch that the history ends with, in words; None to go on."""
        if self._stop is not None and self._stop(history):
            return f"stopped on request after epoch {history.epochs}"
        if self._tolerance is not None and history.epochs > 1:
            before, last = history["loss"][-2:]
            change = abs(last - before)
            if change <= self._tolerance:
                return (
                    f"the loss changed by {change:.2g} in epoch {history.epochs}, "
                    f"no more than the tolerance {self._tolerance:g}"
                )
        if self._patience is None or best is None or best.waited < self._patience:
            return None
        best.waited = 0  # whoever goes on waits anew
        waited = f"no lower validation loss in {counted(self._patience, 'epoch')}"
        loss = history["validation_loss"][-1]
        return waited if best.epoch else f"{waited}: it was {loss} throughout"
