"""When to stop training early."""

from collections.abc import Callable

from nn.training.data import Array
from nn.training.history import History
from nn.training.objective import Objective
from nn.validation import counted, real_or_nan, whole_number


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
        self._lowest = float("inf")
        self._since = 0
        self._best: Array | None = None

    def reason(self, history: History, objective: Objective) -> str | None:
        """Why to stop after the epoch that the history ends with, in words; None to go on.

        Where patience has run out, the objective gets back the numbers with the lowest loss.
        """
        losses = history["loss"]
        if self._stop is not None and self._stop(history):
            return f"stopped on request after epoch {history.epochs}"
        if self._tolerance is not None and len(losses) > 1:
            change = abs(losses[-1] - losses[-2])
            if change <= self._tolerance:
                return (
                    f"the loss changed by {change:.2g} in epoch {history.epochs}, "
                    f"no more than the tolerance {self._tolerance:g}"
                )
        if self._patience is not None:
            return self._waited(history, objective, self._patience)
        return None

    def _waited(self, history: History, objective: Objective, patience: int) -> str | None:
        loss = history["validation_loss"][-1]
        if loss < self._lowest:
            self._lowest, self._since, self._best = loss, 0, objective.numbers
            return None
        self._since += 1
        if self._since < patience:
            return None
        waited = f"no lower validation loss in {counted(patience, 'epoch')}"
        if self._best is None:
            return f"{waited}: it was {loss} throughout"
        objective.numbers = self._best
        return f"{waited}; back to the parameters of epoch {history.epochs - self._since}"
