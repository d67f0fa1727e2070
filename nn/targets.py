"""What a loss compares the outputs with: numbers, signs, labels 0 and 1, or classes."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from math import isfinite
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd_core import Value
from nn.validation import as_number, counted

Array = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]
Decisions = npt.NDArray[Any]
"""Labels or classes."""


class Targets(ABC):
    """One kind of target: how one is written as numbers, and when an output is right."""

    def encode(self, target: Any, count: int) -> list[Any]:
        """One example's target as the list of numbers that the loss takes.

        Args:
            target: as the user has it. A list of values is taken as it is: it is encoded already.
            count: the number of the network's outputs.

        Raises:
            ValueError: if it is not of this kind.
        """
        listed = plain(target)
        listed = list(listed) if isinstance(listed, list | tuple | range) else [listed]
        if any(isinstance(number, Value) for number in listed):
            return listed
        return self._numbers([as_number(number) for number in listed], count)

    def encode_all(self, targets: Sequence[Any], count: int) -> Array:
        """All targets as an array, a row for each example.

        Raises:
            ValueError: if one is not of this kind; the message has its place.
        """
        column = at_once(targets, 1)
        if column is not None:
            encoded = self._encoded(column, count)
            if encoded is not None:
                return encoded
        rows: list[list[Any]] = []
        for place, target in enumerate(targets):
            try:
                rows.append(self.encode(target, count))
            except ValueError as error:
                raise ValueError(f"target {place}: {error}") from None
            if len(rows[-1]) != len(rows[0]):
                raise ValueError(
                    f"target {place} has {counted(len(rows[-1]), 'number')}, "
                    f"but target 0 has {len(rows[0])}"
                )
        return np.array(rows, dtype=float)

    @abstractmethod
    def _numbers(self, target: list[float], count: int) -> list[float]:
        """The same for a target that is a list of floats."""

    def _encoded(self, column: Array, count: int) -> Array | None:
        """The same for a float for each example, at once; None if they are to be looked at."""
        return column[:, None] if count == 1 else None

    def accuracy(self, outputs: Array, targets: Array) -> dict[str, float]:
        """The share of right decisions under its name; nothing where nothing is decided."""
        right = self.right(outputs, targets)
        return {} if right is None else {"accuracy": float(np.count_nonzero(right)) / len(right)}

    def decided(self, outputs: Array) -> Decisions | None:
        """The label of each output, or the class of each example; None where nothing is decided.

        Args:
            outputs: the network's outputs, examples × outputs.
        """
        return None

    def probabilities(self, logits: Array) -> Array | None:
        """The probabilities that outputs stand for, if they are logits; None if that is not known.

        Args:
            logits: the network's outputs, examples × outputs.
        """
        return None

    def right(self, outputs: Array, targets: Array) -> Booleans | None:
        """For each example whether the network decides right; None where nothing is decided.

        Args:
            outputs: the network's outputs, examples × outputs.
            targets: the encoded targets.
        """
        return None


class Numbers(Targets):
    """As many numbers as there are outputs: regression."""

    def _numbers(self, target: list[float], count: int) -> list[float]:
        _check_count(target, count)
        return target


class AnyNumbers(Numbers):
    """However many numbers the user's own loss takes."""

    def _numbers(self, target: list[float], count: int) -> list[float]:
        return target

    def _encoded(self, column: Array, count: int) -> Array:
        return column[:, None]


class Labels(Targets):
    """One of two labels for each output.

    Args:
        low: the one label.
        high: the other.
        threshold: outputs above it decide for `high`.
    """

    def __init__(self, low: float, high: float, *, threshold: float) -> None:
        self.low = low
        self.high = high
        self.threshold = threshold

    def _numbers(self, target: list[float], count: int) -> list[float]:
        _check_count(target, count)
        for number in target:
            if number not in (self.low, self.high):
                raise ValueError(f"a label is {self.low:g} or {self.high:g}, not {number:g}")
        return target

    def _encoded(self, column: Array, count: int) -> Array | None:
        return (
            column[:, None]
            if count == 1 and ((column == self.low) | (column == self.high)).all()
            else None
        )

    def decided(self, outputs: Array) -> Decisions:
        """The higher label above the threshold."""
        return np.where(outputs > self.threshold, self.high, self.low)

    def probabilities(self, logits: Array) -> Array:
        """That of the higher label: the logistic of each logit."""
        with np.errstate(over="ignore"):
            return np.asarray(1.0 / (1.0 + np.exp(-logits)))

    def right(self, outputs: Array, targets: Array) -> Booleans:
        """Right where each output decides for its label."""
        right = self.decided(outputs) == targets
        return np.asarray(right[:, 0] if right.shape[1] == 1 else right.all(axis=1))


class Classes(Targets):
    """A class 0, 1, …, K - 1, encoded one-hot: K numbers, a 1 in the place of the class.

    Args:
        hidden: 1 if the first class has no output of its own, and its logit is 0.
    """

    def __init__(self, hidden: int = 0) -> None:
        self.hidden = hidden

    def encode(self, target: Any, count: int) -> list[Any]:
        """The class one-hot."""
        if isinstance(target, str):
            raise ValueError(f"{target!r} is text: number the classes, 0, 1, 2, …")
        return super().encode(target, count)

    def _numbers(self, target: list[float], count: int) -> list[float]:
        classes = count + self.hidden
        if classes < 2:
            raise ValueError(
                "one output is one class, with nothing to choose: give the network an output for "
                "each class, or for two classes a single logit and "
                "binary_cross_entropy_from_logit or softmax_cross_entropy_without_first"
            )
        if len(target) == classes:
            if sorted(target) != [0.0] * (classes - 1) + [1.0]:
                raise ValueError(f"a one-hot list has a single 1 among zeros, not {target}")
            return target
        if len(target) != 1:
            raise ValueError(
                f"{classes} classes need a label, or a one-hot list of {classes}, not {target}"
            )
        [label] = target
        if label not in range(classes):
            raise ValueError(f"{classes} classes have the labels 0 to {classes - 1}, not {label:g}")
        return [float(place == label) for place in range(classes)]

    def _encoded(self, column: Array, count: int) -> Array | None:
        classes = count + self.hidden
        one_hot = column[:, None] == np.arange(classes)
        fits = classes > 1 and np.count_nonzero(one_hot) == len(column)
        return one_hot.astype(float) if fits else None

    def decided(self, outputs: Array) -> Decisions:
        """The class with the largest output."""
        return np.asarray(self._of_all_classes(outputs).argmax(axis=1))

    def probabilities(self, logits: Array) -> Array:
        """The softmax of the logits of all classes."""
        logits = self._of_all_classes(logits)
        exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(exponentials / exponentials.sum(axis=1, keepdims=True))

    def right(self, outputs: Array, targets: Array) -> Booleans:
        """Right where the largest output is the class's own."""
        if type(self).decided is Classes.decided:
            columns = np.ascontiguousarray(self._of_all_classes(outputs).T)
            largest = columns == columns.max(axis=0)  # takes a fraction of the time of `argmax`
            if np.count_nonzero(largest) == len(outputs) and largest.any(axis=0).all():
                return np.asarray((largest & (targets == 1.0).T).any(axis=0))
        return np.asarray(targets[np.arange(len(targets)), self.decided(outputs)] == 1.0)

    def _of_all_classes(self, outputs: Array) -> Array:
        return np.pad(outputs, ((0, 0), (self.hidden, 0))) if self.hidden else outputs


def at_once(things: Any, dimensions: int) -> Array | None:
    """Finite numbers in so many dimensions, as an array of floats; None if they are anything else.

    Large arrays and lists take long number by number.

    >>> at_once([[1, 2.5]], 2), at_once([[1], [2, 3]], 2), at_once(["1"], 1), at_once([1], 2)
    (array([[1. , 2.5]]), None, None, None)
    """
    if isinstance(things, np.ma.MaskedArray) or not hasattr(things, "__len__"):
        return None
    try:
        array = np.asarray(things)
    except (TypeError, ValueError):  # of different lengths, or of the user's own type
        return None
    if array.dtype.kind not in "biuf" or array.ndim != dimensions or not array.size:
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        finite = isfinite(np.add.reduce(array, axis=None)) or np.isfinite(array).all()
    return array.astype(float, copy=False) if finite else None


def plain(things: Any) -> Any:
    """Lists of Python's own numbers for an array, or for whatever turns into one.

    What is masked in an array becomes None.
    """
    if isinstance(things, np.ma.MaskedArray):
        return things.tolist()
    return np.asarray(things).tolist() if hasattr(things, "__array__") else things


def _check_count(target: list[float], count: int) -> None:
    """See that there is one number for each output."""
    if len(target) != count:
        raise ValueError(
            f"a target of {counted(len(target), 'number')} does not fit {counted(count, 'output')}"
        )
