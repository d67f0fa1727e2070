"""The circuit of one example, recorded so that a program can run it for all examples.

What was recorded with one example has to hold for every other. Three things see to it: Python code
that reads a number while the circuit is recorded is refused; other examples are recorded too,
and have to give the same circuit; and all have to give the numbers that they give eagerly.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from math import isclose
from typing import Any, NamedTuple

from autograd_core import (
    Program,
    RecordingError,
    Value,
    first_difference,
    forbid_data_access,
    leaves,
    no_grad,
    same_number,
)
from nn.training.data import Examples

Function = Callable[[list[Any]], list[Value]]
"""From the numbers of an example, plain ones or values, to what is computed from them."""

COMPARED = 10
"""So many examples are recorded for a new program, to see that they all have the same circuit.

Two are enough where no code of the user's decides it.
"""

OTHERWISE = "; or train with eager=True"
"""What else can be done about code that reads the numbers of values."""

_REASONS = (
    "random numbers, counting calls or choosing by the example may do that, which eager=True allows"
)


Recording = tuple[Sequence[Value], Sequence[Value]]
"""A circuit: the leaves that have an example's numbers, and what was computed from them."""


class Decided(NamedTuple):
    """What decides the circuit of an example, where no code of the user's takes part.

    While it is equal, the model need not be checked again, nor its circuit recorded to compare.
    """

    collected: Any  # the parameters as the model has found them
    is_total: bool  # whether the model is defined for all numbers
    others: tuple[Any, ...]


class KeptProgram:
    """A program, kept for as long as what it was recorded from still gives the same circuit.

    Attributes:
        recorded: what was computed from two examples, or from the only one, when the program was
            last asked for.
        spare: examples whose memory the next ones may have: new memory takes longer than copying.
    """

    def __init__(self) -> None:
        self._program: Program | None = None
        self._decided: tuple[Decided | None, int, int] = None, 0, 0
        self.recorded: list[list[Value]] = []
        self.spare: Examples | None = None

    def __reduce__(self) -> tuple[type["KeptProgram"], tuple[()]]:
        return KeptProgram, ()  # a copy records its own

    def known(self, decided: Decided | None) -> tuple[int, Sequence[Value]] | None:
        """How many inputs a model has, and its outputs, if they are decided and always defined.

        Before them a program of a `Trainer` has the objective and the loss.
        """
        kept, (before, width, _) = self._program, self._decided
        if kept is None or decided is None or decided != before or not decided.is_total:
            return None
        return width, kept.outputs[2:]

    def program(
        self,
        function: Function,
        examples: Examples,
        parameters: Sequence[Value],
        completed: Callable[[list[Value]], list[Value]] = list,
        decided: Decided | None = None,
    ) -> Program:
        """The kept program, if its circuit is the one that the function gives now; else a new one.

        Args:
            function: what is computed from an example.
            examples: some of those that it will be computed for.
            parameters: the parameters of the program.
            completed: makes the program's outputs of what was computed.
            decided: all that decides what is computed, the parameters included, so that while it
                is equal nothing need be recorded to see that; nothing, if that is not known.

        Raises:
            RecordingError: if the function reads the numbers of values, or gives another circuit
                for another example, or other numbers than it gives for plain numbers.
            ValueError, ArithmeticError: whatever a gate raises, if the function is defined for
                none of the examples.
        """
        kept, now = self._program, (decided, examples.width, examples.table.shape[1])
        if kept is not None and decided and now == self._decided:
            return kept
        self._decided = None, 0, 0  # unless it is recorded
        if kept is not None and leaves.unchanged([[*kept.parameters]], [[*parameters]]):
            again, _ = _record(function, examples.varied(1), parameters, completed)
            if _difference((kept.inputs, kept.outputs), again, parameters) is None:
                self.recorded, self._decided = [[*kept.outputs], [*again[1]]], now
                return kept
        (inputs, outputs), self.recorded = _record(
            function, examples.varied(2 if decided else COMPARED), parameters, completed
        )
        self._program, self._decided = Program(outputs, inputs, parameters=parameters), now
        return self._program


def _record(
    function: Function,
    examples: Examples,
    parameters: Sequence[Value],
    completed: Callable[[list[Value]], list[Value]],
) -> tuple[Recording, list[list[Value]]]:
    """Record a function's circuit with the first example, and see that it holds for the others.

    Besides the recording, completed, it returns what was computed from the first two examples. An
    example for which the function is not defined, for the parameters as they are, is skipped.
    """
    recordings: list[tuple[list[Value], list[Value]]] = []
    for row in examples.table.tolist():
        try:
            with no_grad():
                expected = [value.data for value in function(list(row))]
        except (ValueError, ArithmeticError) as error:
            undefined = error  # the name `error` ends with this block
        else:
            inputs = [Value(x, label) for x, label in zip(row, examples.labels, strict=True)]
            guard = nullcontext() if recordings else forbid_data_access(OTHERWISE)
            recordings.append((inputs, _recorded(function, inputs, expected, guard)))
    if not recordings:
        raise undefined
    first, *others = recordings
    for other in others:
        difference = _difference(first, other, parameters)
        if difference is not None:
            raise RecordingError(
                "a program computes all examples with one circuit, but the model or the loss had "
                f"{difference} for another example: {_REASONS}"
            )
    inputs, outputs = first
    with forbid_data_access(OTHERWISE):
        return (inputs, completed(outputs)), [each for _, each in recordings[:2]]


def _recorded(
    function: Function,
    inputs: list[Value],
    expected: list[float],
    guard: AbstractContextManager[None],
) -> list[Value]:
    """What the function gives for values, if it has the numbers that it gives eagerly."""
    with guard:
        try:
            outputs = function(list(inputs))
        except Exception as error:
            reason = str(error).partition(". ")[0]
            raise RecordingError(
                "the model or the loss takes plain numbers, but not the values that a program is "
                f"recorded with ({reason}): use gates alone, such as dot(target, outputs) for a "
                "class given as a one-hot list, or train with eager=True"
            ) from error
    found = [output.data for output in outputs]
    if len(found) != len(expected) or not all(map(_close, found, expected)):
        raise RecordingError(
            f"the model and the loss gave {found} for values, but {expected} for the same plain "
            f"numbers: {_REASONS}"
        )
    return outputs


def _difference(one: Recording, other: Recording, parameters: Sequence[Value]) -> str | None:
    """Where two recordings are not of the same circuit, in words; None if they are.

    They are if the same gates are wired alike, to the inputs in the same places, to the very same
    parameters, and to other leaves and constants with the same numbers.
    """
    (inputs, outputs), (other_inputs, other_outputs) = one, other
    if len(outputs) != len(other_outputs):
        return f"{len(other_outputs)} values instead of {len(outputs)}"
    partners = [
        *zip(inputs, other_inputs, strict=True),
        *zip(parameters, parameters, strict=True),
    ]
    found = first_difference(outputs, other_outputs, partners)
    if found is None:
        return None
    instead = "in place of" if found.alike else "instead of"
    return f"{_named(found.other)} {instead} {_named(found.one)}"


def _close(one: float, two: float) -> bool:
    return same_number(one, two) or isclose(one, two, rel_tol=1e-9, abs_tol=1e-12)


def _named(operand: Any) -> str:
    """An operand in a message."""
    if not isinstance(operand, Value):
        return f"the constant {operand!r}"
    if operand.gate is None:
        return operand.label or f"a leaf with the number {operand.data!r}"
    return f"a gate {operand.gate.name!r}"
