"""A compiled circuit without its values: arrays in, arrays out, to be sent anywhere."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_core.programs.binding import Bound, Idle
from autograd_core.programs.domain import OutsideDomainError, domain_error
from autograd_core.programs.graph import Graph
from autograd_core.programs.pairs import Contribution, sort_pairs
from autograd_core.programs.reductions import reductions_of
from autograd_core.programs.rows import INPUTS, LANES
from autograd_core.programs.schedule import Schedule, groups_of
from autograd_core.programs.sums import rewrite_sums
from autograd_core.programs.workspace import Array

BLOCK = 4 * 2**20
"""The bytes that the numbers of a block of lanes may take, so that they stay in the cache."""

LEAST = 64
"""A block has at least so many lanes."""

WORTHWHILE = 4096
"""A call computes so many numbers on average, or else calling NumPy takes longer than computing."""

MOST = 2**27
"""The bytes that the numbers of a block may take to make its calls worthwhile."""


class Plan:
    """The instructions for some outputs of a circuit and, if asked, a gradient.

    Args:
        graph: the circuit.
        outputs: the nodes wanted for each lane.
        inputs: the nodes of the inputs.
        leaves: the nodes of the leaves.
        contributions: upstream and local gradients, and the place among the leaves of the one
            whose gradient their product, summed over the lanes, is a part of.
        counted: how many of the first leaves have a gradient.
        dtype: the type of all numbers.
    """

    def __init__(
        self,
        graph: Graph,
        outputs: Sequence[int],
        inputs: Sequence[int],
        leaves: Sequence[int],
        contributions: Sequence[Contribution],
        counted: int,
        dtype: Any,
    ) -> None:
        factors = {node for upstream, local, _ in contributions for node in (upstream, local)}
        graph, places = rewrite_sums(graph, {*outputs, *factors})
        groups = groups_of(graph)
        pairs = sort_pairs(
            graph,
            groups,
            [(places[upstream], places[local], leaf) for upstream, local, leaf in contributions],
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
        self.counted = counted
        self.dtype = np.dtype(dtype)
        self._idle = Idle()

    def run(
        self, numbers: Array, batch: Array, *, mean: bool = True, first_lane: int = 0
    ) -> tuple[Array, Array]:
        """Evaluate the circuit.

        Args:
            numbers: the numbers of all leaves.
            batch: the inputs, lanes × inputs.
            mean: whether the gradient is the mean over the lanes, else their sum.
            first_lane: what messages call the first lane, if the batch is a part of another.

        Returns:
            The outputs, lanes × outputs, and the gradient, one number for each counted leaf.

        Raises:
            ValueError, ZeroDivisionError: what a gate raises for numbers that it cannot take; the
                message names the gate, the labels and the lane.
        """
        count = len(batch)
        outputs = np.empty((count, len(self.outputs)), self.dtype)
        gradient = np.zeros(self.counted, self.dtype)
        share = 1.0 / count if mean else 1.0
        start = 0
        with np.errstate(all="ignore"):
            for lanes, times in self._blocks(count):
                bound = self._idle.take(lanes) or self._bind(lanes)
                try:
                    bound.start(numbers)
                    for place in range(times):
                        block = slice(start, start + lanes)
                        bound.evaluate(batch[block], outputs[block], first=not place)
                        start += lanes
                except OutsideDomainError as error:
                    if error.lane is not None:
                        error.lane += start + first_lane
                    raise domain_error(self.graph, error) from None
                gradient += bound.finish(share, lanes * times * share)
                self._idle.put(bound)
        return outputs, gradient

    def _blocks(self, count: int) -> list[tuple[int, int]]:
        """The lanes cut into blocks of nearly equal size: how many lanes, how many blocks."""
        rows = max(self.schedule.sizes[LANES] + self.schedule.sizes[INPUTS], 1)
        fitting = BLOCK // (self.dtype.itemsize * rows)
        wanted = WORTHWHILE * len(self.schedule.varying)
        worthwhile = min(wanted, MOST // self.dtype.itemsize) // rows
        most = max(fitting, worthwhile, LEAST)
        blocks = -(-count // most)
        lanes, more = divmod(count, blocks)
        cut = [(lanes + 1, more), (lanes, blocks - more)]
        return [(lanes, times) for lanes, times in cut if times]

    def _bind(self, lanes: int) -> Bound:
        return Bound(self.schedule, self.reductions, self.outputs, self.counted, self.dtype, lanes)
