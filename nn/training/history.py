"""What happened in training, epoch by epoch: kept, and shown while it goes on."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from math import nan
from typing import TYPE_CHECKING, Any

from autograd_core import mime_bundle
from autograd_core.explain import significant
from nn.validation import counted, cures, missing


class History(Mapping[str, list[float]]):
    """The course of a training: names with one number per epoch, and why it stopped.

    `history["loss"]` is the mean loss over the epoch's examples, each taken before the update that
    it led to, with the penalty. `"accuracy"` is there if the targets are labels, and
    `"validation_loss"` (without the penalty) and `"validation_accuracy"` if there is a validation
    set; those are taken after the epoch. A series that was not there in an earlier epoch has nan
    for it. `pandas.DataFrame(dict(history))` makes a table of it.

    Attributes:
        epochs: how many epochs there have been, which is the number of the last one.
        best: the epoch with the lowest validation loss, None if there was no validation set.
        stopped: why the last call of `fit` came to its end, in words.
        warnings: what went wrong without ending the training, in words: a loss that rose, layers
            that got no gradient, and what explains it; values that nobody trains.

    >>> history = History()
    >>> history.add({"loss": 0.5, "accuracy": 0.75})
    >>> history["loss"], list(history), history
    ([0.5], ['loss', 'accuracy'], <History of 1 epoch: loss 0.5, accuracy 0.75>)
    """

    def __init__(self) -> None:
        self._series: dict[str, list[float]] = {}
        self.epochs = 0
        self.best: int | None = None
        self.stopped = ""
        self.warnings: list[str] = []

    def add(self, numbers: Mapping[str, float]) -> None:
        """Append one epoch's numbers."""
        for name in {**self._series, **numbers}:
            series = self._series.get(name)
            if series is None:
                series = [nan] * self.epochs
            elif len(series) > self.epochs:  # a copy has gone on
                series = series[: self.epochs]
            self._series[name] = series
            series.append(numbers.get(name, nan))
        self.epochs += 1

    def _since(self, epochs: int) -> list[float]:
        """The losses since there were so many epochs: of many, all take long to copy."""
        return self._series["loss"][epochs : self.epochs]

    @classmethod
    def of(cls, series: Mapping[str, Sequence[float]]) -> "History":
        """A history of given numbers, as read from a file.

        Raises:
            ValueError: if the series are not of the same length, or not of numbers.
        """
        history = cls()
        history._series = {
            str(name): [float(x) for x in numbers] for name, numbers in series.items()
        }
        lengths = {len(numbers) for numbers in history._series.values()}
        if len(lengths) > 1:
            raise ValueError(f"the series of a history are of the same length, not {lengths}")
        history.epochs = max(lengths, default=0)
        return history

    def copy(self) -> "History":
        """A history of its own, which does not grow with this one."""
        twin = History()
        twin._series = dict(self._series)  # lists that both have, as far as there are epochs
        twin.best, twin.stopped, twin.warnings = self.best, self.stopped, [*self.warnings]
        twin.epochs = self.epochs
        return twin

    def __getitem__(self, name: str) -> list[float]:
        if name not in self._series:
            raise KeyError(f"this history has no {name!r}; it has {list(self._series)}")
        return self._series[name][: self.epochs]

    if not TYPE_CHECKING:  # to a checker, a class with `__getattr__` has every name

        def __getattr__(self, name):
            raise missing(self, name, _ELSEWHERE)

    def __iter__(self) -> Iterator[str]:
        return iter(self._series)

    def __len__(self) -> int:
        return len(self._series)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        shown = mime_bundle(self)
        if "text/html" not in shown:
            return shown
        words = [f"<p>{escape(repr(self).strip('<>'))}</p>"]
        words += [f"<p>{escape(warning)}</p>" for warning in self.warnings]
        return {"text/plain": repr(self), "text/html": "\n".join([shown["text/html"], *words])}

    def __repr__(self) -> str:
        epochs = counted(self.epochs, "epoch")
        last = ", ".join(f"{name} {significant(series[-1])}" for name, series in self.items())
        stopped = f"; {self.stopped}" if self.stopped else ""
        return f"<History of {epochs}{': ' if last else ''}{last}{stopped}>"


_ELSEWHERE = cures("""
    loss, losses, history: write history["loss"]
    accuracy, accuracies, acc: write history["accuracy"]
    validation_loss, val_loss: write history["validation_loss"]
    plot, plot_loss, show: write viz.curves(history), after import viz
    epoch: write history.epochs
""")
"""What histories have elsewhere, and what is written here."""


@contextmanager
def progress_bar(
    epochs: int, shown: bool | None
) -> Iterator[Callable[[Mapping[str, float]], None]]:
    """A bar that moves on by an epoch, and shows its numbers, each time that it is called.

    Where `shown` is None, there is one on a terminal only.
    """
    if shown is None:
        shown = sys.stderr is not None and sys.stderr.isatty()
    if not shown:
        yield lambda numbers: None
        return
    from tqdm import tqdm

    with tqdm(total=epochs, unit="epoch", disable=False) as bar:

        def move_on(numbers: Mapping[str, float]) -> None:
            bar.set_postfix({n: significant(x) for n, x in numbers.items()}, refresh=False)
            bar.update()

        yield move_on
