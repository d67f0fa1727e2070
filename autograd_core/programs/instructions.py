"""The instructions of a program, each a few NumPy calls on whole groups of gates."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograd_core.gate import GATES
from autograd_core.programs.arrays import bind
from autograd_core.programs.domain import check_domain
from autograd_core.programs.rows import Rows
from autograd_core.programs.workspace import Array, Call, Workspace

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
        if GATES[self.gate].domain:
            calls.append(partial(check_domain, self.gate, self.nodes, operands))
        return calls + bind(self.gate, operands, out, workspace)


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
        return [*calls, partial(np.matmul, weights, inputs, self.out.read(workspace, calls))]


@dataclass(frozen=True)
class Copy:
    """Inputs or shared numbers copied to where the lanes' other numbers lie.

    A gate whose list of operands is from several arrays can then reach them as one.

    Attributes:
        operand: the numbers, (n,).
        out: where the copies go.
        nodes: the nodes of the numbers.
    """

    operand: Rows
    out: Rows
    nodes: tuple[int, ...]

    def calls(self, workspace: Workspace) -> list[Call]:
        """The NumPy calls of this instruction on the arrays of a workspace."""
        calls: list[Call] = []
        source = _operand(self.operand, True, workspace, calls)
        return [*calls, partial(np.copyto, self.out.read(workspace, calls), source)]


Instruction = Apply | Multiply | Copy


def matrix(rows: Rows, workspace: Workspace, calls: list[Call]) -> Array:
    """Numbers as a matrix that BLAS takes as it is: one of its dimensions is without gaps."""
    found = rows.view(workspace)
    if found is not None and found.itemsize in found.strides and min(found.strides) > 0:
        return found
    if found is None:
        return rows.read(workspace, calls)
    copy = workspace.scratch(found.shape)
    calls.append(partial(np.copyto, copy, found))
    return copy
