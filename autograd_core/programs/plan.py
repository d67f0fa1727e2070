"""A compiled circuit without its values: arrays in, arrays out, to be sent anywhere."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from autograd_core.programs.graph import Graph
from autograd_core.programs.instructions import OutsideDomainError
from autograd_core.programs.reductions import (
    GRADIENT,
    ONES,
    SUMS,
    TIMES,
    Inner,
    Outer,
    reductions_of,
    sort_pairs,
)
from autograd_core.programs.rows import (
    INPUTS,
    LANES,
    SHARED,
    Array,
    Call,
    Workspace,
)
from autograd_core.programs.schedule import Schedule, groups_of
from autograd_core.programs.sums import rewrite_sums

BLOCK = 4 * 2**20
"""The bytes that the numbers of a block of lanes may take, so that they stay in the cache."""

LEAST = 64
"""A block has at least so many lanes, to make the calls worth their while."""


class Plan:
    """The instructions for some outputs of a circuit and, if asked, a gradient.

    Args:
        graph: the circuit.
        outputs: the nodes wanted for each lane.
        inputs: the nodes of the inputs.
        leaves: the nodes of the leaves.
        contributions: for each of the first leaves the pairs of upstream and local gradients whose
            products, summed over the lanes, are its gradient; None if no gradient is wanted.
        dtype: the type of all numbers.
    """

    def __init__(
        self,
        graph: Graph,
        outputs: Sequence[int],
        inputs: Sequence[int],
        leaves: Sequence[int],
        contributions: Sequence[Sequence[tuple[int, int]]],
        dtype: Any,
    ) -> None:
        wanted = [node for pairs in contributions for pair in pairs for node in pair]
        graph, places = rewrite_sums(graph, [*outputs, *inputs, *leaves, *wanted])
        groups = groups_of(graph)
        pairs = sort_pairs(
            graph,
            groups,
            [[(places[x], places[y]) for x, y in received] for received in contributions],
        )
        self.graph = graph
        self.schedule = Schedule(
            graph,
            groups,
            [places[node] for node in inputs],
            [places[node] for node in leaves],
            pairs.lists(),
        )
        self.outputs = [self.schedule.where[places[node]] for node in outputs]
        self.reductions = reductions_of(pairs, self.schedule)
        self.counted = len(contributions)
        self.dtype = np.dtype(dtype)
        self._idle: dict[int, list[Bound]] = {}

    def run(self, numbers: Array, batch: Array, *, mean: bool = True) -> tuple[Array, Array]:
        """Evaluate the circuit.

        Args:
            numbers: the numbers of all leaves.
            batch: the inputs, lanes × inputs.
            mean: whether the gradient is the mean over the lanes, else their sum.

        Returns:
            The outputs, lanes × outputs, and the gradient, one number for each counted leaf.

        Raises:
            OutsideDomainError: if a gate gets numbers that it cannot take.
        """
        count = len(batch)
        outputs = np.empty((count, len(self.outputs)), self.dtype)
        gradient = np.empty(self.counted, self.dtype)
        share = 1.0 / count if mean else 1.0
        bounds: dict[int, Bound] = {}
        with np.errstate(all="ignore"):
            try:
                for start, end in self._blocks(count):
                    bound = bounds.get(end - start)
                    first = bound is None
                    if bound is None:
                        bound = bounds[end - start] = self._take(end - start)
                        bound.start(numbers)
                    bound.evaluate(batch[start:end], outputs[start:end], first=first)
            except OutsideDomainError as error:
                error.lane = None if error.lane is None else error.lane + start
                raise
            for place, (lanes, bound) in enumerate(bounds.items()):
                blocks = sum(end - start == lanes for start, end in self._blocks(count))
                part = bound.finish(share, lanes * blocks * share)
                (np.add(gradient, part, gradient) if place else np.copyto(gradient, part))
                self._idle.setdefault(lanes, []).append(bound)
        return outputs, gradient

    def _blocks(self, count: int) -> list[tuple[int, int]]:
        """The lanes cut into blocks of nearly equal size whose numbers fit into the cache."""
        rows = self.schedule.sizes[LANES] + self.schedule.sizes[INPUTS]
        most = max(LEAST, BLOCK // (self.dtype.itemsize * max(rows, 1)))
        blocks = -(-count // most)
        ends = [count * place // blocks for place in range(blocks + 1)]
        return list(pairwise(ends))

    def _take(self, lanes: int) -> "Bound":
        """Arrays for a number of lanes that no other thread is using."""
        try:
            return self._idle[lanes].pop()
        except (KeyError, IndexError):
            return Bound(self, lanes)

    def __getstate__(self) -> dict[str, Any]:
        return vars(self) | {"_idle": {}}


class Bound:
    """The arrays for a number of lanes, and the calls of a plan bound to them."""

    def __init__(self, plan: Plan, lanes: int) -> None:
        schedule, reductions, dtype = plan.schedule, plan.reductions, plan.dtype
        self._batch = np.empty((lanes, schedule.sizes[INPUTS]), dtype)
        self._workspace = workspace = {
            SHARED: np.empty(schedule.sizes[SHARED], dtype),
            INPUTS: self._batch.T,
            LANES: np.empty((schedule.sizes[LANES], lanes), dtype),
            ONES: np.ones((1, lanes), dtype),
            SUMS: np.empty(reductions.size, dtype),
            GRADIENT: np.empty(plan.counted, dtype),
            TIMES: np.empty((), dtype),
        }
        leaves = schedule.leaves
        workspace[SHARED][leaves : leaves + len(schedule.constants)] = schedule.constants
        self._leaves = workspace[SHARED][:leaves]
        self._shared = [call for each in schedule.shared for call in each.calls(workspace)]
        self._varying = [call for each in schedule.varying for call in each.calls(workspace)]
        self._first = _calls(reductions.sums, workspace, first=True)
        self._more = _calls(reductions.sums, workspace, first=False)
        self._last = [call for each in reductions.products for call in each.calls(workspace)]
        self._outputs = [
            # a slice, because a single number would be copied now
            (place, workspace[array][row : row + 1])
            for place, (array, row) in enumerate(plan.outputs)
        ]

    def start(self, numbers: Array) -> None:
        """Take the leaves' numbers, and compute what all lanes share."""
        np.copyto(self._leaves, numbers)
        for call in self._shared:
            call()

    def evaluate(self, batch: Array, outputs: Array, *, first: bool) -> None:
        """Evaluate a block of lanes; the sums over the lanes start anew with the first."""
        np.copyto(self._batch, batch)
        for call in self._varying:
            call()
        for place, numbers in self._outputs:
            outputs[:, place] = numbers
        if first:
            self._workspace[GRADIENT].fill(0.0)
            self._workspace[SUMS].fill(0.0)
        for call in self._first if first else self._more:
            call()

    def finish(self, share: float, times: float) -> Array:
        """The gradient from the sums of all blocks.

        Args:
            share: what a lane counts.
            times: what all these lanes count together.
        """
        gradient, sums = self._workspace[GRADIENT], self._workspace[SUMS]
        np.multiply(gradient, share, gradient)
        np.multiply(sums, share, sums)
        self._workspace[TIMES].fill(times)
        for call in self._last:
            call()
        return gradient


def _calls(sums: Sequence[Outer | Inner], workspace: Workspace, *, first: bool) -> list[Call]:
    return [call for each in sums for call in each.calls(workspace, first=first)]
