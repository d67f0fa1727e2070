"""The instructions of a program, each a few NumPy calls on whole groups of gates."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograd_core.gate import GATES
from autograd_core.programs.arrays import bind
from autograd_core.programs.rows import Array, Call, Rows, Workspace

Operand = Rows | float


@dataclass(frozen=True)
class Apply:
    """One gate applied to many operands at once.

    Attributes:
        gate: the gate's name.
        operands: for each parameter the numbers in the order of the results, (n,), or (k, n) for
            the lists of a variadic gate; or one number for all.
        out: where the n results go.
        nodes: the nodes of the results.
    """

    gate: str
    operands: tuple[Operand, ...]
    out: Rows
    nodes: tuple[int, ...]

    def calls(self, workspace: Workspace) -> list[Call]:
        """The NumPy calls of this instruction on the arrays of a workspace."""
        calls: list[Call] = []
        operands = [_operand(each, self.out.varies, workspace, calls) for each in self.operands]
        out = self.out.read(workspace, calls)
        if GATES[self.gate].domain and not GATES[self.gate].variadic:
            calls.append(partial(_check, self, operands))
        return calls + bind(self.gate, operands, out)


class OutsideDomainError(Exception):
    """Some numbers of a batch are outside a gate's domain.

    Attributes:
        instruction: where.
        row: the place among the instruction's results.
        lane: the lane; None where all lanes share the number.
        numbers: the gate's operands there.
        domain: what they broke.
    """

    def __init__(
        self, instruction: Apply, row: int, lane: int | None, numbers: list[float], domain: Any
    ) -> None:
        super().__init__(instruction, row, lane, numbers, domain)
        self.instruction = instruction
        self.row = row
        self.lane = lane
        self.numbers = numbers
        self.domain = domain


def _check(instruction: Apply, operands: list[Any]) -> None:
    """See that all operands are in the gate's domain."""
    for domain in GATES[instruction.gate].domain:
        outside = np.asarray(domain.outside(*operands))
        if outside.any():
            arrays = np.broadcast_arrays(*operands, outside)
            place = tuple(np.argwhere(arrays[-1])[0].tolist())
            numbers = [float(array[place]) for array in arrays[:-1]]
            row, *lane = place
            raise OutsideDomainError(instruction, row, lane[0] if lane else None, numbers, domain)


def _operand(operand: Operand, varies: bool, workspace: Workspace, calls: list[Call]) -> Any:
    """An operand as NumPy takes it; numbers that all lanes share become a column."""
    if isinstance(operand, float):
        return operand
    array = operand.read(workspace, calls)
    return array[..., np.newaxis] if varies and not operand.varies else array


@dataclass(frozen=True)
class Multiply:
    """The matrix product W @ X of shared numbers and numbers that vary.

    Attributes:
        weights: the numbers of W, (n, k).
        inputs: the rows of X, (k,).
        out: where the n rows of the product go.
        nodes: the nodes of the results.
    """

    weights: Rows
    inputs: Rows
    out: Rows
    nodes: tuple[int, ...]

    def calls(self, workspace: Workspace) -> list[Call]:
        """The NumPy calls of this instruction on the arrays of a workspace."""
        calls: list[Call] = []
        weights = matrix(self.weights, workspace, calls)
        inputs = matrix(self.inputs, workspace, calls)
        return [*calls, partial(np.matmul, weights, inputs, out=self.out.read(workspace, calls))]


@dataclass(frozen=True)
class Spread:
    """Shared numbers copied to all lanes, for gates that need them beside numbers that vary."""

    operand: Rows
    out: Rows
    nodes: tuple[int, ...]

    def calls(self, workspace: Workspace) -> list[Call]:
        """The NumPy calls of this instruction on the arrays of a workspace."""
        calls: list[Call] = []
        source = _operand(self.operand, True, workspace, calls)
        return [*calls, partial(np.copyto, self.out.read(workspace, calls), source)]


Instruction = Apply | Multiply | Spread


def matrix(rows: Rows, workspace: Workspace, calls: list[Call]) -> Array:
    """Numbers as a matrix that BLAS takes as it is: one of its dimensions is without gaps."""
    found = rows.view(workspace)
    if found is not None and found.itemsize in found.strides and min(found.strides) > 0:
        return found
    if found is None:
        return rows.read(workspace, calls)
    copy = np.empty_like(found, order="C")
    calls.append(partial(np.copyto, copy, found))
    return copy
