"""What a loss compares the outputs with: numbers, signs, labels 0 and 1, or classes."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd_core import Value

Array = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]


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
        listed = target.tolist() if hasattr(target, "tolist") else target
        listed = list(listed) if isinstance(listed, Sequence) else [listed]
        if any(isinstance(number, Value) for number in listed):
            return listed
        return self._numbers([as_number(number) for number in listed], count)

    def encode_all(self, targets: Sequence[Any], count: int) -> Array:
        """All targets as an array, a row for each example.

        Raises:
            ValueError: if one is not of this kind; the message has its place.
        """
        rows = []
        for place, target in enumerate(targets):
            try:
                rows.append(self.encode(target, count))
            except ValueError as error:
                raise ValueError(f"target {place}: {error}") from None
        return np.array(rows, dtype=float)

    @abstractmethod
    def _numbers(self, target: list[float], count: int) -> list[float]:
        """The same for a target that is a list of floats."""

    @abstractmethod
    def right(self, outputs: Array, targets: Array) -> Booleans | None:
        """For each example whether the network decides right; None where nothing is decided.

        Args:
            outputs: the network's outputs, examples × outputs.
            targets: the encoded targets.
        """


class Numbers(Targets):
    """As many numbers as there are outputs: regression."""

    def _numbers(self, target: list[float], count: int) -> list[float]:
        if len(target) != count:
            raise ValueError(f"{_counted(count, 'output')} need as many numbers, not {len(target)}")
        return target

    def right(self, outputs: Array, targets: Array) -> None:
        """Nothing is decided."""


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
        if len(target) != count:
            raise ValueError(f"{_counted(count, 'output')} need as many labels, not {len(target)}")
        for number in target:
            if number not in (self.low, self.high):
                raise ValueError(f"a label is {self.low:g} or {self.high:g}, not {number:g}")
        return target

    def right(self, outputs: Array, targets: Array) -> Booleans:
        """Right where each output decides for its label."""
        decided = np.where(outputs > self.threshold, self.high, self.low)
        return np.asarray((decided == targets).all(axis=1))


class Classes(Targets):
    """A class 0, 1, …, K - 1, encoded one-hot: K numbers, a 1 in the place of the class.

    Args:
        hidden: 1 if the first class has no output of its own, and its logit is 0.
    """

    def __init__(self, hidden: int = 0) -> None:
        self.hidden = hidden

    def _numbers(self, target: list[float], count: int) -> list[float]:
        classes = count + self.hidden
        if len(target) == classes and classes > 1:
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

    def right(self, outputs: Array, targets: Array) -> Booleans:
        """Right where the largest output is the class's own."""
        shown = np.pad(outputs, ((0, 0), (self.hidden, 0)))
        return np.asarray(shown.argmax(axis=1) == targets.argmax(axis=1))


def as_number(number: Any) -> float:
    """A real number as a float.

    Raises:
        ValueError: if it is none.
    """
    try:
        return Value(number).data
    except TypeError:
        raise ValueError(f"{number!r} is no number") from None


def _counted(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count} {what}s"
