"""A plan: the instructions of a compiled graph, and how they run over a batch, or its parts.

A plan holds no values of the graph and no arrays of numbers, so it can be pickled and sent to
another process.
"""

import os
import pickle
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from threading import Lock
from typing import Any

import numpy as np

from autograd_core.programs.graph import Graph
from autograd_core.programs.run.arrays import (
    GRADIENT,
    INPUTS,
    LANES,
    ONES,
    SHARED,
    SUMS,
    TIMES,
    Array,
    Call,
    Workspace,
)
from autograd_core.programs.run.instructions import (
    Instruction,
    OutsideDomainError,
    Reduction,
    ScaledSums,
)

BLOCK = 4 * 2**20
"""The bytes that the numbers of a block of lanes may take, so that they stay in the cache."""

LEAST = 64
"""The least number of lanes in a block."""

WORTHWHILE = 4096
"""How many numbers a call computes on average; of fewer, the call itself would take longer."""

MOST = 2**27
"""The bytes that the numbers of a block may take to make its calls worthwhile."""

KEPT = 8
"""How many bound plans are kept for later calls."""

KEPT_BYTES = 2**28
"""And how many bytes of them, unless one bound plan alone takes more."""


Place = tuple[str, int]
"""An array, and a place in it."""


@dataclass(eq=False)
class Plan:
    """The instructions for some outputs of a graph and, if asked, a gradient.

    Attributes:
        graph: the graph; only messages and the printer read it.
        sizes: how many numbers there are in each array; the gradient is that of the first leaves.
        leaves: how many of the shared numbers are leaves; they come first.
        constants: the numbers of the constants, which come next.
        shared: the instructions that are carried out once for all lanes.
        varying: the instructions that are carried out for the lanes: a local gradient right after
            what it is computed from, while that is in the cache.
        sums: the sums over the lanes.
        products: what is added to the gradient once the sums over all lanes are known.
        outputs: the place of each output.
        dtype: the type of all numbers.
        labels: the user's names of inputs and leaves.
    """

    graph: Graph
    sizes: dict[str, int]
    leaves: int
    constants: Array
    shared: list[Instruction]
    varying: list[Instruction]
    sums: list[Reduction]
    products: list[ScaledSums]
    outputs: list[Place]
    dtype: np.dtype[Any]
    labels: dict[Place, str]
    _pool: "_Pool" = field(default_factory=lambda: _Pool(), repr=False)

    def run(
        self, numbers: Array, batch: Array, *, mean: bool = True, first_lane: int = 0
    ) -> tuple[Array, Array]:
        """Evaluate the plan.

        Args:
            numbers: the numbers of all leaves.
            batch: the inputs, lanes × inputs.
            mean: whether the gradient is the mean over the lanes, else their sum.
            first_lane: what messages call the first lane, if the batch is a part of another.

        Returns:
            The outputs, lanes × outputs, and the gradient, one number for each leaf that has one.

        Raises:
            ValueError, ZeroDivisionError: what a gate raises for numbers outside its domain; the
                message names the gate, the labels and the lane.
        """
        count = len(batch)
        outputs = np.empty((count, len(self.outputs)), self.dtype)
        gradient = np.zeros(self.sizes[GRADIENT], self.dtype)
        share = 1.0 / count if mean else 1.0
        start = 0
        with np.errstate(all="ignore"):
            for lanes, times in self._blocks(count):
                bound = self._pool.take(lanes) or _Bound(self, lanes)
                try:
                    bound.start(numbers)
                    for place in range(times):
                        block = slice(start, start + lanes)
                        bound.evaluate(batch[block], outputs[block], first=not place)
                        start += lanes
                except OutsideDomainError as error:
                    leaves = None
                    if error.lane is not None or batch.size == 0 or count == 1:
                        lane = batch[start + (error.lane or 0)]
                        leaves = [*lane.tolist(), *numbers.tolist()]
                    if error.lane is not None:
                        error.lane += start + first_lane
                    raise error.as_told(self.graph, self._output_nodes(), leaves) from None
                gradient += bound.finish(share, lanes * times * share)
                self._pool.put(bound)
        return outputs, gradient

    def _output_nodes(self) -> list[int]:
        """The nodes of those outputs that a gate computes."""
        nodes = {
            (each.out.array, place): node
            for each in [*self.shared, *self.varying]
            for place, node in zip(each.out.index.ravel().tolist(), each.nodes, strict=True)
        }
        return [nodes[place] for place in self.outputs if place in nodes]

    def _blocks(self, count: int) -> list[tuple[int, int]]:
        """The lanes cut into blocks of nearly equal size: how many lanes, how many blocks."""
        rows = max(self.sizes[LANES] + self.sizes[INPUTS], 1)
        fitting = BLOCK // (self.dtype.itemsize * rows)
        wanted = WORTHWHILE * len(self.varying)
        worthwhile = min(wanted, MOST // self.dtype.itemsize) // rows
        most = max(fitting, worthwhile, LEAST)
        blocks = -(-count // most)
        lanes, more = divmod(count, blocks)
        cut = [(lanes + 1, more), (lanes, blocks - more)]
        return [(lanes, times) for lanes, times in cut if times]


class _Bound:
    """A plan bound to arrays for a number of lanes: NumPy calls without arguments."""

    def __init__(self, plan: Plan, lanes: int) -> None:
        self.lanes = lanes
        sizes, dtype = plan.sizes, plan.dtype
        arrays = {name: np.empty(sizes[name], dtype) for name in (SHARED, GRADIENT, SUMS)}
        arrays[INPUTS] = np.empty((lanes, sizes[INPUTS]), dtype).T
        arrays[LANES] = np.empty((sizes[LANES], lanes), dtype)
        arrays[ONES], arrays[TIMES] = np.ones((1, lanes), dtype), np.empty((), dtype)
        self._arrays = arrays
        self._leaves, constants = np.split(arrays[SHARED], [plan.leaves])
        constants[: len(plan.constants)] = plan.constants
        # slices, because indexing with one place copies the number
        self._outputs = [arrays[array][place : place + 1] for array, place in plan.outputs]
        workspace = Workspace(arrays, dtype)
        self._shared = _bind(workspace, [each.calls for each in plan.shared])
        self._varying = _bind(workspace, [each.calls for each in plan.varying])
        self._first = _bind(workspace, [each.starting_calls for each in plan.sums])
        self._more = _bind(workspace, [each.calls for each in plan.sums])
        self._last = _bind(workspace, [each.calls for each in plan.products])
        self.bytes = workspace.bytes

    def start(self, numbers: Array) -> None:
        """Take the leaves' numbers, and compute what all lanes share."""
        np.copyto(self._leaves, numbers)
        for call in self._shared:
            call()

    def evaluate(self, batch: Array, outputs: Array, *, first: bool) -> None:
        """Evaluate a block of lanes; the first block resets the sums over the lanes."""
        np.copyto(self._arrays[INPUTS].T, batch)
        for call in self._varying:
            call()
        for place, numbers in enumerate(self._outputs):
            outputs[:, place] = numbers
        if first:
            self._arrays[GRADIENT].fill(0.0)
        for call in self._first if first else self._more:
            call()

    def finish(self, share: float, times: float) -> Array:
        """The gradient from all blocks, given the weight of a lane, and that of all of them."""
        for name in (GRADIENT, SUMS):
            np.multiply(self._arrays[name], share, self._arrays[name])
        self._arrays[TIMES].fill(times)
        for call in self._last:
            call()
        return self._arrays[GRADIENT]


def _bind(
    workspace: Workspace, instructions: Iterable[Callable[[Workspace], list[Call]]]
) -> list[Call]:
    """The calls of some instructions; each may use all scratch space."""
    calls: list[Call] = []
    for instruction in instructions:
        workspace.release()
        calls += instruction(workspace)
    return calls


class _Pool:
    """Bound plans that no thread uses at the moment, the least recently used first."""

    def __init__(self) -> None:
        self._bounds: list[_Bound] = []
        self._lock = Lock()

    def take(self, lanes: int) -> _Bound | None:
        """One for this number of lanes, if there is one."""
        with self._lock:
            for place, bound in enumerate(self._bounds):
                if bound.lanes == lanes:
                    return self._bounds.pop(place)
        return None

    def put(self, bound: _Bound) -> None:
        """Keep one for later; the least recently used are evicted."""
        with self._lock:
            self._bounds.append(bound)
            while len(self._bounds) > 1 and self._is_full():
                self._bounds.pop(0)

    def _is_full(self) -> bool:
        taken = sum(bound.bytes for bound in self._bounds)
        return len(self._bounds) > KEPT or taken > KEPT_BYTES

    def __reduce__(self) -> tuple[type["_Pool"], tuple[()]]:
        return _Pool, ()


RECEIVED = 8
"""How many of the plans that it has received a process keeps: each is unpickled and bound once."""


@lru_cache(RECEIVED)
def _received(pickled: bytes) -> Plan:
    plan: Plan = pickle.loads(pickled)
    return plan


def run_in_parts(
    pickled: bytes, numbers: Array, batch: Array, executor: Executor, parts: int | None
) -> tuple[Array, Array]:
    """The outputs of all lanes, and the sum of their gradients, by a plan that has been pickled.

    Each part of the batch is a task for the executor; where the number of parts is left out, there
    are as many as this machine has processors.

    Raises:
        ValueError: if there are to be no parts; and what `Plan.run` raises.
    """
    count = min(parts if parts is not None else os.cpu_count() or 1, len(batch))
    if count < 1:
        raise ValueError(f"a batch is cut into one part or more, not {parts!r}")
    ends = [len(batch) * place // count for place in range(count + 1)]
    futures = [
        executor.submit(_run_part, pickled, numbers, batch[start:end], start)
        for start, end in pairwise(ends)
    ]
    outputs, gradients = zip(*[future.result() for future in futures], strict=True)
    return np.concatenate(outputs), np.sum(gradients, axis=0)


def _run_part(pickled: bytes, numbers: Array, batch: Array, first_lane: int) -> tuple[Array, Array]:
    return _received(pickled).run(numbers, batch, mean=False, first_lane=first_lane)
