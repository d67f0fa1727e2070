"""Examples as one table of numbers, checked before training starts, and cut into batches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd_core import GATES, Value, no_grad
from nn.losses import Loss, as_list
from nn.targets import at_once, plain
from nn.validation import as_number, counted

Array = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]


@dataclass(slots=True)
class Examples:
    """Examples as the rows of a table: the inputs of each, and after them its encoded target.

    Attributes:
        table: the rows.
        width: how many numbers of a row are inputs.
        places: where each example stands among those that the user gave.
        name: what a message calls one of them.
    """

    table: Array
    width: int
    places: Places
    name: str = "example"
    _drawn: Array | None = None

    def __len__(self) -> int:
        return len(self.table)

    def __getitem__(self, rows: slice | Places | list[int]) -> "Examples":
        return Examples(self.table[rows], self.width, self.places[rows], self.name)

    @property
    def targets(self) -> Array:
        """The encoded targets."""
        return self.table[:, self.width :]

    @property
    def labels(self) -> list[str]:
        """A name for each column: x1, x2, …, target1, and so on."""
        inputs = [f"x{place + 1}" for place in range(self.width)]
        return inputs + [f"target{place + 1}" for place in range(self.targets.shape[1])]

    def drawn(self, replacement: bool, *seed: int) -> "Examples":
        """The same examples in another order, or as many draws; the seed decides which.

        They stand where those of the call before stood: new memory takes longer than copying.
        """
        source, count = np.random.default_rng(seed), len(self)
        order = source.integers(count, size=count) if replacement else source.permutation(count)
        self._drawn = self.table.take(order, 0, out=self._drawn, mode="clip")
        return Examples(self._drawn, self.width, self.places[order], self.name)

    def varied(self, count: int) -> "Examples":
        """Some examples: the first, others with other targets, and the next ones.

        >>> table = np.array([[0.5, 7.0], [1.5, 7.0], [2.5, 8.0], [3.5, 9.0]])
        >>> Examples(table, 1, np.arange(4)).varied(3).places
        array([0, 2, 3])
        """
        spread: list[int] = []
        if count > 1 and self.targets.size:
            _, first = np.unique(self.targets, axis=0, return_index=True)
            spread = first[np.linspace(0, len(first) - 1, count).astype(int)].tolist()
        return self[list(dict.fromkeys([0, *spread, *range(min(count, len(self)))]))[:count]]


def as_examples(
    model: Any,
    loss: Loss,
    inputs: Any,
    targets: Any,
    name: str = "example",
    known: tuple[int, Sequence[Any]] | None = None,
    spare: Examples | None = None,
) -> Examples:
    """Inputs and targets as one table; the model is called once, to count its outputs.

    Args:
        model: what takes the inputs.
        loss: what takes the targets.
        inputs: examples × inputs: an array, lists, or what NumPy makes an array of.
        targets: one for each example, of the kind that the loss takes.
        name: what a message calls an example.
        known: how many inputs the model has, and its outputs, if it need not be called for that.
        spare: examples that are overwritten and returned if they have as many rows and columns.

    Raises:
        ValueError: if there are no examples, if numbers or shapes do not fit, if a number is
            missing or not finite, or if a target is not of the loss's kind.
        TypeError: if the model returns no values.
        UndefinedLossError: if the model is not defined for any of the examples.

    >>> from nn import MLP, softmax_cross_entropy
    >>> as_examples(MLP(2, [3]), softmax_cross_entropy, [[0.5, 1]], [2]).table
    array([[0.5, 1. , 0. , 0. , 1. ]])
    """
    table = as_table(inputs)
    listed = _listed(targets, "the targets are a list, one for each example")
    if len(listed) != len(table):
        raise ValueError(
            f"there are {counted(len(table), 'example')}, but {counted(len(listed), 'target')}"
        )
    if known is not None and known[0] == table.shape[1]:
        outputs = known[1]
    else:
        outputs = _first_outputs(model, table, name)
    for output in outputs:
        if not isinstance(output, Value):
            raise TypeError(f"a model returns a value or a list of values, not {output!r}")
    encoded = loss.targets.encode_all(listed, len(outputs))
    shape = len(table), table.shape[1] + encoded.shape[1]
    if spare is None or (spare.table.shape, spare.width) != (shape, table.shape[1]):
        spare = Examples(np.empty(shape), table.shape[1], np.arange(len(table)), name)
    np.concatenate([table, encoded], axis=1, out=spare.table)
    return spare


def _first_outputs(model: Any, table: Array, name: str) -> Sequence[Any]:
    """The model's outputs for the first example for which it is defined."""
    with no_grad():
        for row in table:
            try:
                return as_list(model(row.tolist()))
            except (ArithmeticError, ValueError) as error:
                if not is_of_a_gate(error):
                    raise
                undefined = error  # the name `error` ends with this block
    where = f"{name} 0" if len(table) == 1 else f"{name} 0, nor for any other"
    raise UndefinedLossError(f"the model is not defined for {where}: {undefined}") from undefined


class UndefinedLossError(FloatingPointError):
    """The loss or its gradient is not defined, or not finite; the message names the example."""


def is_of_a_gate(error: BaseException) -> bool:
    """Whether a gate has raised an error, for numbers outside its domain; else it is in the code.

    >>> from autograd_core import log
    >>> def error_of(function):
    ...     try:
    ...         function(0.0)
    ...     except (ValueError, ArithmeticError) as error:
    ...         return error
    >>> is_of_a_gate(error_of(log)), is_of_a_gate(error_of(lambda x: 1 / x))
    (True, False)
    """
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    raised_in = "" if trace is None else str(trace.tb_frame.f_globals.get("__name__", ""))
    name, bracket, _ = str(error).partition("(")
    return raised_in.startswith("autograd_core.") and bool(bracket) and name in GATES


def as_table(inputs: Any) -> Array:
    """The inputs as a two-dimensional array of finite numbers, not empty.

    Raises:
        ValueError: if they cannot be one.
    """
    table = at_once(inputs, 2)
    if table is not None:
        return table
    rows = _listed(inputs, "the inputs are a table with a row for each example")
    if len(rows) == 0:
        raise ValueError("there are no examples: the inputs are empty")
    listed = [_row(row, place) for place, row in enumerate(rows)]
    for place, row in enumerate(listed):
        if len(row) != len(listed[0]):
            raise ValueError(
                f"example {place} has {counted(len(row), 'input')}, "
                f"but example 0 has {len(listed[0])}"
            )
    return np.array(listed, dtype=float)


def _listed(things: Any, expected: str) -> Sequence[Any]:
    """A sequence of numbers; what is expected is said where it is none."""
    if type(things) is np.ndarray and things.ndim:
        return things  # type: ignore[return-value]  # as good as a list, and sooner looked through
    listed = plain(things)
    if isinstance(listed, list | tuple | range):
        return listed
    shown = repr(things)
    if isinstance(things, Iterator):
        shown = f"a {type(things).__name__}, which can be gone through only once: make it a list"
    raise ValueError(f"{expected}, not {shown}")


def _row(row: Any, place: int) -> list[float]:
    """The inputs of one example as floats."""
    numbers = plain(row)
    if not isinstance(numbers, list | tuple | range):
        raise ValueError(
            f"example {place} is {numbers!r}, but an example is a list of inputs: write examples "
            "with one input as [[x] for x in inputs], and a single example as [inputs]"
        )
    if len(numbers) == 0:
        raise ValueError(f"example {place} has no inputs")
    converted = []
    for column, number in enumerate(numbers):
        if isinstance(number, list | tuple):
            raise ValueError(
                f"input {column} of example {place} is a list of {len(number)}: an example is one "
                "list of numbers, so write a picture's rows one after the other, "
                "inputs.reshape(len(inputs), -1)"
            )
        try:
            converted.append(as_number(number))
        except ValueError as error:
            raise ValueError(f"input {column} of example {place}: {error}") from None
    return converted
