"""What training minimises: the mean loss over some examples, plus the penalty."""

from collections.abc import Callable, Collection, Iterator
from math import isfinite
from typing import Any

import numpy as np

from autograd_core import Program, RecordingError, Value, all_values, leaves, no_grad
from nn.losses import Loss, as_list
from nn.module import Module, checked_parameters
from nn.optimisers import are_finite
from nn.targets import Booleans
from nn.training.data import Array, Examples, Places, UndefinedLossError, is_of_a_gate
from nn.training.recording import Decided, KeptProgram

NEGLIGIBLE = 1e-20
"""A gradient so much smaller than the largest changes nothing."""


class Objective:
    """The objective of a training, as a function of the model's parameters and of examples.

    A program evaluates it for all examples at once. Where there is none, each example has a circuit
    of values of its own: the numbers are the same to rounding.

    Args:
        model, loss, penalty: those of the `Trainer`.
        examples: some of those that it will be evaluated for, from which the program is recorded.
        kept: where the program is kept; None for circuits of values.
        decided: all that decides what is computed, if that is known.

    Attributes:
        model, loss: as given.
        program: what computes it; None for circuits of values.
        parameters: the values that it is a function of.
        numbers: all parameters as one array. Training changes it; `write_back` hands it to the
            model.

    Raises:
        RecordingError: if one circuit does not serve for all examples.
    """

    def __init__(
        self,
        model: Any,
        loss: Loss,
        penalty: Callable[[Module], Value] | None,
        examples: Examples,
        kept: KeptProgram | None,
        decided: Decided | None = None,
    ) -> None:
        self.model = model
        self.loss = loss
        self.penalty = penalty
        self._width = examples.width
        own = decided.collected.leaves if decided else model.parameters()
        kind = type(model).__name__
        self.parameters: list[Value] = own if decided else checked_parameters(own, kind)
        self.numbers = self._read(leaves.read_data)
        self.program: Program | None = None
        self._circuits: list[list[Value]] = []
        self._reached = np.zeros(len(self.parameters), dtype=bool)
        if kept is not None:
            try:
                self.program = kept.program(
                    self._example, examples, self.parameters, self._with_penalty, decided
                )
                self._circuits += kept.recorded
            except RecordingError:
                raise
            except (ArithmeticError, ValueError):
                pass  # not defined for these examples: circuits of values say for which, and when

    def write_back(self) -> None:
        """Give the model's parameters the numbers of the array."""
        leaves.write_data(self.parameters, self.numbers)

    def read_back(self) -> None:
        """Take the numbers of the model's parameters, if they have been changed."""
        numbers = self._read(leaves.read_data)
        if not np.array_equal(numbers, self.numbers):
            self.numbers = numbers

    def gradient(self, examples: Examples, rows: slice) -> tuple[float, Array, Array]:
        """The objective for some of the examples, its gradient, and the model's outputs.

        Returns:
            The mean loss with the penalty; its derivative with respect to each parameter; the
            outputs, examples × outputs.

        Raises:
            UndefinedLossError: if the objective or its gradient is not defined, or not finite.
            TypeError: if the loss or the penalty returns no value.
        """
        table = examples.table[rows]
        try:
            if self.program is None:
                mean, gradient, outputs = self._by_values(table)
            else:
                found, gradient = self.program.gradient(table, self.numbers)
                mean, outputs = _mean(found), found[:, 2:]
        except (ArithmeticError, ValueError) as error:
            if not is_of_a_gate(error):
                raise
            raise self._undefined(examples[rows], str(error)) from error
        if not isfinite(mean):
            raise self._undefined(examples[rows], f"the loss is {mean}")
        if not are_finite(gradient):
            place = int(np.flatnonzero(~np.isfinite(gradient))[0])
            name = self.name_of(place)
            raise self._undefined(examples[rows], f"the gradient of {name} is {gradient[place]}")
        return mean, gradient, outputs

    def begin_epoch(self) -> None:
        """Forget which parameters have had a gradient so far."""
        self._reached[:] = False

    def idle(self, examples: Examples, groups: Collection[Places]) -> Booleans:
        """Which parameters no example's loss has a gradient for, the penalty's left aside.

        For circuits of values they are those that had none since `begin_epoch`. A program is asked
        for all examples and, where a group of parameters then seems to have none, for some one by
        one: gradients of opposite signs add up to 0.
        """
        if self.program is None:
            return ~self._reached
        reached = np.zeros_like(self._reached)
        try:
            own = None
            if self.penalty is not None:
                self.write_back()
                leaves.clear_gradients(self.parameters)
                self._cost_of(self.penalty).backward()
                own = self._read(leaves.read_gradients)
            for table in _in_parts(examples):
                _, gradient = self.program.gradient(table, self.numbers)
                if own is not None:
                    gradient -= own
                    gradient[np.abs(gradient) <= 1e-9 * np.abs(own)] = 0.0
                reached |= ~_negligible(gradient)
                if all(reached[places].any() for places in groups):
                    break
        except (ArithmeticError, ValueError):
            reached[:] = True
        return ~reached

    def is_flat(self, examples: Examples) -> bool:
        """Whether no example has a gradient, the penalty's left aside, at other parameters either.

        So a minimum, which has none, is told from a loss that no parameter changes.
        """
        numbers, some = self.numbers, examples.varied(8)
        try:
            for seed in range(3):
                self.numbers = np.random.default_rng(seed).uniform(-1.0, 1.0, numbers.shape)
                if self.program is None:
                    self.begin_epoch()
                    self._by_values(some.table)
                if not self.idle(some, [np.arange(len(numbers))]).all():
                    return False
        except (ArithmeticError, ValueError):
            return False
        finally:
            self.numbers = numbers
            self.write_back()
        return True

    def name_of(self, place: int) -> str:
        """The name of a parameter."""
        named = self.model.named_parameters().items()
        return next((n for n, value in named if value is self.parameters[place]), str(place))

    def leaves(self, examples: Examples | None = None) -> list[dict[int, Value]]:
        """By their identity, the leaves of two circuits of one example each, with the penalty's.

        Args:
            examples: what to make circuits of, where there have not been two in training; there are
                none then if this is left out, or if the loss is not defined.
        """
        circuits = self._circuits
        try:
            while len(circuits) < 2 and examples is not None:
                circuits.append(self._example(examples.table[0].tolist()))
            if len(circuits) < 2:
                return []
            return [_leaves(self._with_penalty(circuit)[:1]) for circuit in circuits[:2]]
        except (ArithmeticError, ValueError):
            return []

    def leaves_of_losses(self) -> set[int]:
        """The identities of the leaves in the losses of those circuits, without the penalty."""
        return {key for loss, *_ in self._circuits[:2] for key in _leaves([loss])}

    def evaluate(self, examples: Examples) -> tuple[float, Array]:
        """The mean loss without the penalty, and the outputs.

        Raises:
            UndefinedLossError: if the loss is not defined for an example.
        """
        try:
            if self.program is not None:
                rows = self.program(examples.table, self.numbers)
                return _mean(rows, 1), rows[:, 2:]
            self.write_back()
            with no_grad():
                found = [self._data_of(row) for row in examples.table.tolist()]
        except (ArithmeticError, ValueError) as error:
            if not is_of_a_gate(error):
                raise
            raise self._undefined(examples, str(error)) from error
        return sum(loss for loss, *_ in found) / len(found), np.array([row[1:] for row in found])

    def loss_at(self, numbers: Array, table: Array) -> float:
        """The objective for other parameters, as a line search asks for it.

        The model may be left with them, until the next `write_back`.
        """
        if self.program is not None:
            return _mean(self.program(table, numbers))
        leaves.write_data(self.parameters, numbers)
        with no_grad():
            losses = [self._data_of(row)[0] for row in table.tolist()]
            penalty = 0.0 if self.penalty is None else self._cost_of(self.penalty).data
        return sum(losses) / len(losses) + penalty

    def _by_values(self, table: Array) -> tuple[float, Array, Array]:
        """The mean, gradient and outputs, from a circuit for each example."""
        self.write_back()
        leaves.clear_gradients(self.parameters)
        mean, outputs = 0.0, []
        share = 1.0 / len(table)
        for row in table.tolist():
            cost, *answer = self._example(row)
            if len(self._circuits) < 2:
                self._circuits.append([cost, *answer])
            cost.backward(share)
            mean += share * cost.data
            outputs.append([value.data for value in answer])
        self._reached |= ~_negligible(self._read(leaves.read_gradients))
        if self.penalty is not None:
            cost = self._cost_of(self.penalty)
            cost.backward()
            mean += cost.data
        return mean, self._read(leaves.read_gradients), np.array(outputs)

    def _read(self, into: Callable[[list[Value], Array], None]) -> Array:
        """The data of the parameters, or their gradients."""
        numbers = np.empty(len(self.parameters))
        into(self.parameters, numbers)
        return numbers

    def _undefined(self, examples: Examples, reason: str) -> UndefinedLossError:
        """The error for a reason, or for the first example whose loss is not defined or finite."""
        self.write_back()
        for row, place in zip(examples.table.tolist(), examples.places.tolist(), strict=True):
            try:
                loss = self._example(row)[0].data
            except (ArithmeticError, ValueError) as error:
                if not is_of_a_gate(error):
                    raise
                return UndefinedLossError(f"{error}, for {examples.name} {place}")
            if not isfinite(loss):
                return UndefinedLossError(f"the loss is {loss}, for {examples.name} {place}")
        return UndefinedLossError(reason)

    def _example(self, row: list[Any]) -> list[Value]:
        """The circuit for one example: its loss, and the model's outputs."""
        answer = as_list(self.model(row[: self._width]))
        return [self.loss.cost(answer, row[self._width :]), *answer]

    def _data_of(self, row: list[Any]) -> list[float]:
        return [value.data for value in self._example(row)]

    def _with_penalty(self, outputs: list[Value]) -> list[Value]:
        """What a program computes: the objective, before the loss and the model's outputs."""
        loss = outputs[0]
        whole = loss if self.penalty is None else loss + self._cost_of(self.penalty)
        return [whole, *outputs]

    def _cost_of(self, penalty: Callable[[Module], Value]) -> Value:
        """What a penalty adds."""
        cost = penalty(self.model)
        if not isinstance(cost, Value):
            raise TypeError(
                f"the penalty returned {cost!r}; a penalty returns a value that it computed from "
                "the model's parameters"
            )
        return cost


def _in_parts(examples: Examples) -> Iterator[Array]:
    """A few examples, which nearly always are enough, then all, and then some one by one."""
    yield examples.table[:8]
    for start in range(0, len(examples), 128):
        yield examples.table[start : start + 128]
    for row in examples.varied(8).table:
        yield row[np.newaxis]


def _mean(rows: Array, column: int = 0) -> float:
    """The mean of a column, which `.mean()` takes much longer for where there are few rows."""
    return float(np.add.reduce(rows[:, column])) / len(rows)


def _leaves(outputs: list[Value]) -> dict[int, Value]:
    return {id(value): value for value in all_values(*outputs) if value.gate is None}


def _negligible(gradient: Array) -> Booleans:
    """Which derivatives are 0, or as good as 0 beside the largest."""
    size = np.abs(gradient)
    return np.asarray(size <= NEGLIGIBLE * size.max(initial=0.0))
