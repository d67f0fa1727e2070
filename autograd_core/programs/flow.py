"""Which instruction of a plan makes a number, and which ones take it."""

from collections.abc import Iterable

import numpy as np

from autograd_core.programs.run.index import INPUTS, LANES, ONES, SHARED, SUMS, Rows
from autograd_core.programs.run.instructions import (
    Apply,
    Argument,
    Inner,
    Instruction,
    Multiply,
    Outer,
    ScaledSums,
)
from autograd_core.programs.run.plan import Plan

OUTSIDE = -1
"""In place of an instruction: whoever takes the outputs, or sums up the gradient."""


class Flow:
    """The instructions of a plan, numbered in their order, and the ways between them.

    Args:
        plan: the plan.

    Attributes:
        instructions: those that are carried out once, then those for the lanes.
        once: how many of them are carried out once, for all lanes.
        leaves: how many of the shared numbers are leaves.
        uses: for each instruction, who takes its results, and which of them.
        forward: those for the lanes that the outputs need.
        backward: the others for the lanes.
    """

    def __init__(self, plan: Plan) -> None:
        schedule = plan
        self.instructions = [*schedule.shared, *schedule.varying]
        self.once = len(schedule.shared)
        self.leaves = schedule.leaves
        self._makers = {
            array: np.full(schedule.sizes[array], OUTSIDE) for array in (SHARED, INPUTS, LANES)
        }
        for number, instruction in enumerate(self.instructions):
            self._makers[instruction.out.array][instruction.out.index] = number
        self.uses: list[list[tuple[int, Rows]]] = [[] for _ in self.instructions]
        self._needs: list[set[int]] = []
        for number, instruction in enumerate(self.instructions):
            self._needs.append(set())
            for operand in operands_of(instruction):
                if isinstance(operand, Rows):
                    self._needs[number] |= self._note(number, operand)
        for reduction in [*plan.sums, *plan.products]:
            for rows in rows_of(reduction):
                self._note(OUTSIDE, rows)
        outputs = [Rows(array, np.array([place])) for array, place in plan.outputs]
        wanted = [maker for rows in outputs for maker in self._note(OUTSIDE, rows)]
        self._needed = needed = self.needed_by(wanted)
        varying = range(self.once, len(self.instructions))
        self.forward = [number for number in varying if number in needed]
        self.backward = [number for number in varying if number not in needed]

    def _note(self, taker: int, rows: Rows) -> set[int]:
        """Note who takes some numbers; returns the instructions that make them."""
        makers = set(np.unique(self._makers[rows.array][rows.index]).tolist()) - {OUTSIDE}
        for maker in makers:
            self.uses[maker].append((taker, rows))
        return makers

    def needed_by(self, instructions: Iterable[int]) -> set[int]:
        """These instructions, and all that they need."""
        found: set[int] = set()
        waiting = list(instructions)
        while waiting:
            number = waiting.pop()
            if number not in found:
                found.add(number)
                waiting += self._needs[number]
        return found

    def only_taker(self, number: int) -> int:
        """The instruction of the same pass that alone takes these results, as they are."""
        if len(self.uses[number]) != 1:
            return OUTSIDE
        [(taker, rows)] = self.uses[number]
        if taker == OUTSIDE or self.made_by(rows) != number:
            return OUTSIDE
        return taker if self._pass_of(number) == self._pass_of(taker) else OUTSIDE

    def _pass_of(self, number: int) -> tuple[bool, bool]:
        return number < self.once, number in self._needed

    def made_by(self, rows: Rows) -> int:
        """The instruction whose results these numbers are, all of them and in order; or OUTSIDE."""
        if rows.index.ndim > 1 or not rows.index.size or rows.array not in self._makers:
            return OUTSIDE
        number = int(self._makers[rows.array][rows.index[0]])
        if number == OUTSIDE or not np.array_equal(self.instructions[number].out.index, rows.index):
            return OUTSIDE
        return number


def operands_of(instruction: Instruction) -> tuple[Argument, ...]:
    """What an instruction takes."""
    if isinstance(instruction, Apply):
        return instruction.operands
    if isinstance(instruction, Multiply):
        return instruction.weights, instruction.inputs
    return (instruction.operand,)


def rows_of(reduction: Outer | Inner | ScaledSums) -> list[Rows]:
    """What a reduction takes from the instructions."""
    if isinstance(reduction, ScaledSums):
        taken = [reduction.factors, reduction.others]
    else:
        taken = [reduction.upstreams, reduction.locals]
    return [rows for rows in taken if rows.array not in (ONES, SUMS)]
