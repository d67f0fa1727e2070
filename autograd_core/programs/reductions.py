"""The gradients of the leaves: sums over the lanes of upstream × local.

A leaf that all lanes share gets a contribution from each of its consumers in every lane. The pairs
of a layer, an upstream gradient for each neuron and an input for each weight, fill a rectangle:
their sums over the lanes are one matrix product, δ aᵀ. What fills none is summed pair by pair.
"""

from collections import Counter
from dataclasses import dataclass
from functools import partial

import numpy as np

from autograd_core.programs.instructions import matrix
from autograd_core.programs.pairs import Pairs
from autograd_core.programs.rows import SHARED, Rows
from autograd_core.programs.schedule import Schedule
from autograd_core.programs.workspace import Array, Call, Workspace

ONES = "ones"
"""The array of a workspace that holds a 1 for each lane."""

GRADIENT = "gradient"
"""The array of a workspace that collects the gradient, a number for each leaf."""

TIMES = "times"
"""The array of a workspace that holds how often a contribution counts that all lanes share."""

SUMS = "sums"
"""The array of a workspace that collects sums over the lanes."""


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
        upstreams = matrix(self.upstreams, workspace, calls)
        locals_ = matrix(self.locals, workspace, calls)
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
class Products:
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


@dataclass(frozen=True)
class Reductions:
    """All that makes the gradient of the leaves from upstream and local gradients.

    Attributes:
        sums: what is summed over the lanes.
        products: what is added once that is done.
        size: how many sums there are that are no leaf's gradient yet.
    """

    sums: list[Outer | Inner]
    products: list[Products]
    size: int


def reductions_of(pairs: Pairs, schedule: Schedule) -> Reductions:
    """The reductions for sorted contributions, as instructions on arrays."""
    reached = Counter(
        leaf for _, _, leaves in pairs.rectangles for leaf in np.ravel(leaves).tolist()
    )
    reached.update([leaf for _, _, leaf in pairs.single])
    ones = Rows(ONES, np.zeros(1, dtype=np.intp))
    sums: list[Outer | Inner] = []
    for upstreams, locals_, leaves in pairs.rectangles:
        rows, order = schedule.in_order(upstreams)
        places = np.array(leaves, dtype=np.intp)[order]
        others = ones
        if locals_ is not None:
            others, order = schedule.in_order(locals_)
            places = places[:, order]
        alone = all(reached[leaf] == 1 for leaf in places.ravel().tolist())
        sums.append(Outer(rows, others, Rows(GRADIENT, places), alone))
    if pairs.single:
        upstreams, locals_, leaves = map(list, zip(*pairs.single, strict=True))
        target = Rows(GRADIENT, np.array(leaves, dtype=np.intp))
        sums.append(Inner(schedule.rows(upstreams), schedule.rows(locals_), target))
    nodes = list(dict.fromkeys([node for node, _, _ in pairs.summed]))
    if nodes:
        target = Rows(SUMS, np.arange(len(nodes))[:, np.newaxis])
        sums.append(Outer(schedule.rows(nodes), ones, target, alone=True))
    place_of = {node: place for place, node in enumerate(nodes)}
    summed = [(place_of[node], factor, leaf) for node, factor, leaf in pairs.summed]
    products = []
    for array, triples in ((SUMS, summed), (SHARED, pairs.shared)):
        if triples:
            first, second, leaves = map(list, zip(*triples, strict=True))
            factors = Rows(SUMS, np.array(first)) if array == SUMS else schedule.rows(first)
            target = Rows(GRADIENT, np.array(leaves, dtype=np.intp))
            products.append(Products(factors, schedule.rows(second), target))
    return Reductions(sums, products, len(nodes))


def _adding(numbers: Array, target: Rows, workspace: Workspace) -> Call:
    """The call that adds numbers to their places."""
    view = target.view(workspace)
    if view is not None and len(np.unique(target.index)) == target.index.size:
        return partial(np.add, view, numbers, view)
    return partial(np.add.at, workspace[target.array], target.index, numbers)
