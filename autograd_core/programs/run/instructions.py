"""The instructions of a plan, each a few NumPy calls on whole groups of gates.

`Apply`, `Multiply` and `Copy` compute nodes; `Outer`, `Inner` and `ScaledSums` add up the gradient.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograd_core.gate import GATES
from autograd_core.programs.run.buffers import Array, Call, Workspace
from autograd_core.programs.run.domain import check_domain
from autograd_core.programs.run.index import SUMS, TIMES, Rows
from autograd_core.programs.run.numpy_rules import bind

Argument = Rows | float
"""What an instruction takes: numbers of an array, or one number for all results."""


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
    operands: tuple[Argument, ...]
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


def _operand(operand: Argument, varies: bool, workspace: Workspace, calls: list[Call]) -> Any:
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
        weights = _matrix(self.weights, workspace, calls)
        inputs = _matrix(self.inputs, workspace, calls)
        return [*calls, partial(np.matmul, weights, inputs, self.out.read(workspace, calls))]


@dataclass(frozen=True)
class Copy:
    """Inputs or shared numbers copied into the array of the lanes.

    A gate with a list of operands from several arrays can then read them as one.

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


@dataclass(frozen=True)
class Outer:
    """gradient += U Lᵀ: the sums over the lanes of all products of two lists of numbers.

    Attributes:
        upstreams: the rows of U, (n,).
        locals: the rows of L, (k,).
        leaves: which leaf gets each product, (n, k); where L has one row, (n, any).
        alone: whether no other sum over the lanes reaches these leaves.
    """

    upstreams: Rows
    locals: Rows
    leaves: Rows
    alone: bool

    def calls(self, workspace: Workspace) -> list[Call]:
        """The NumPy calls that add the sums over some lanes."""
        products = workspace.scratch((len(self.upstreams), len(self.locals)))
        return [
            *self._multiplying(workspace, products),
            _adding(products, self.leaves, workspace),
        ]

    def starting_calls(self, workspace: Workspace) -> list[Call]:
        """The same for the first lanes: products may be written where later ones are added."""
        target = self.leaves.view(workspace)
        if self.alone and target is not None and target.shape[1] == len(self.locals):
            return self._multiplying(workspace, target)
        return self.calls(workspace)

    def _multiplying(self, workspace: Workspace, out: Array) -> list[Call]:
        calls: list[Call] = []
        upstreams = _matrix(self.upstreams, workspace, calls)
        locals_ = _matrix(self.locals, workspace, calls)
        return [*calls, partial(np.matmul, upstreams, locals_.T, out)]


@dataclass(frozen=True)
class Inner:
    """target += Σ over the lanes of upstream × local, pair by pair; all arrays (n,)."""

    upstreams: Rows
    locals: Rows
    target: Rows

    def calls(self, workspace: Workspace) -> list[Call]:
        """The NumPy calls."""
        calls: list[Call] = []
        upstreams = self.upstreams.read(workspace, calls)
        locals_ = self.locals.read(workspace, calls)
        sums = workspace.scratch((len(self.target),))
        calls.append(partial(np.einsum, "nb,nb->n", upstreams, locals_, out=sums))
        return [*calls, _adding(sums, self.target, workspace)]

    starting_calls = calls


@dataclass(frozen=True)
class ScaledSums:
    """gradient += x × y for numbers that do not vary, once all lanes are summed; all arrays (n,).

    Attributes:
        factors: x, from the sums over the lanes or from the shared numbers.
        others: y.
        leaves: which leaf gets each.
    """

    factors: Rows
    others: Rows
    leaves: Rows

    def calls(self, workspace: Workspace) -> list[Call]:
        """The NumPy calls."""
        calls: list[Call] = []
        factors = self.factors.read(workspace, calls)
        others = self.others.read(workspace, calls)
        products = workspace.scratch((len(self.leaves),))
        calls.append(partial(np.multiply, factors, others, products))
        if self.factors.array != SUMS:
            calls.append(partial(np.multiply, products, workspace[TIMES], products))
        return [*calls, _adding(products, self.leaves, workspace)]


Instruction = Apply | Multiply | Copy
"""An instruction that computes nodes."""

Reduction = Outer | Inner
"""An instruction that sums over the lanes."""


def _matrix(rows: Rows, workspace: Workspace, calls: list[Call]) -> Array:
    """Numbers as a matrix that BLAS takes without copying: one of its axes is contiguous."""
    found = rows.view(workspace)
    if found is not None and found.itemsize in found.strides and min(found.strides) > 0:
        return found
    if found is None:
        return rows.read(workspace, calls)
    copy = workspace.scratch(found.shape)
    calls.append(partial(np.copyto, copy, found))
    return copy


def _adding(numbers: Array, target: Rows, workspace: Workspace) -> Call:
    """The call that adds numbers to their places."""
    view = target.view(workspace)
    if view is not None and len(np.unique(target.index)) == target.index.size:
        return partial(np.add, view, numbers, view)
    return partial(np.add.at, workspace[target.array], target.index, numbers)
