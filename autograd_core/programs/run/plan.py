"""A plan: the instructions of a compiled graph, and how they run over a batch, or its parts.

A plan holds no values of the graph and no arrays of numbers, so it can be pickled and sent to
another process.
"""

import os
import pickle
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, ThreadPoolExecutor, wait
from functools import cached_property, lru_cache, partial
from itertools import pairwise
from typing import Any

import numpy as np

from autograd_core.gate import compiled
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
from autograd_core.programs.run.instructions import InstructionList, OutsideDomainError
from autograd_core.programs.run.steps import Bound, Steps, bound_lane, loops_for

BLOCK = 4 * 2**20
"""The bytes that the numbers of a block of lanes may take, so that they stay in the cache."""

CACHE = 2**18
"""The same where no call waits: as many as fit a smaller cache that is faster."""

FEW = 512
"""Up to this many numbers are computed lane by lane: a block takes longer to begin and to end."""

LEAST = 64
"""The least number of lanes in a block."""

WORTHWHILE = 4096
"""How many numbers a call computes on average; of fewer, the call itself would take longer."""

MOST = 2**27
"""The bytes that the numbers of a block may take to make its calls worthwhile."""

KEPT = 2**28
"""The bytes of arrays that are kept for later calls, unless those for one call alone take more."""


class Plan(InstructionList):
    """Instructions, and how they run over a batch."""

    def __init__(self, graph: Graph, dtype: Any) -> None:
        super().__init__(graph, dtype)
        self._pool = _Pool()

    @cached_property
    def run_at_once(self) -> Callable[[Any, Any, bool], tuple[Array, Array] | None]:
        """The same as `run`, if that can be had at once: for arrays of few lanes, where it runs."""
        if not compiled:
            return lambda *_: None
        return partial(loops_for(self.dtype.name).evaluated_at_once, self._pool.bounds, self._few)

    def run(
        self,
        numbers: Array,
        batch: Array,
        *,
        mean: bool = True,
        first_lane: int = 0,
        threads: int = 1,
    ) -> tuple[Array, Array]:
        """Evaluate the plan.

        Args:
            numbers: the numbers of all leaves.
            batch: the inputs, lanes × inputs.
            mean: whether the gradient is the mean over the lanes, else their sum.
            first_lane: what messages call the first lane, if the batch is a part of another.
            threads: how many threads share the lanes.

        Returns:
            The outputs, lanes × outputs, and the gradient, one number for each leaf that has one.

        Raises:
            ValueError, ZeroDivisionError: what a gate raises for numbers outside its domain; the
                message names the gate, the labels and the lane.
        """
        count = len(batch)
        outputs = np.empty((count, len(self.outputs)), self.dtype)
        share = 1.0 / count if mean else 1.0
        parts = min(threads, count // LEAST) if threads > 1 else 1
        try:
            if parts < 2:
                return outputs, self._run_lanes(numbers, batch, outputs, 0, count, share)
            ends = [count * place // parts for place in range(1, parts + 1)]
            futures = [
                _workers(parts).submit(self._run_lanes, numbers, batch, outputs, start, stop, share)
                for start, stop in pairwise(ends)
            ]
            try:  # this thread has a part of its own
                own = self._run_lanes(numbers, batch, outputs, 0, ends[0], share)
            finally:
                wait(futures)
            return outputs, sum([future.result() for future in futures], start=own)
        except OutsideDomainError as error:
            leaves = None
            if error.lane is not None or batch.size == 0 or count == 1:
                leaves = [*batch[error.lane or 0].tolist(), *numbers.tolist()]
            if error.lane is not None:
                error.lane += first_lane
            raise error.as_told(self.graph, self.computed, leaves) from None

    def _run_lanes(
        self, numbers: Array, batch: Array, outputs: Array, start: int, stop: int, share: float
    ) -> Array:
        """The outputs of some lanes, and what they add to the gradient."""
        gradient = np.zeros(self.sizes[GRADIENT], self.dtype)
        for lanes, blocks in self._blocks(stop - start):
            bound = self._pool.take(lanes) or self._bind(lanes)
            bound.run(numbers, batch, outputs, gradient, start, lanes, blocks, share)
            start += lanes * blocks
            self._pool.put(bound)
        return gradient

    @cached_property
    def _steps(self) -> Steps:
        return Steps(self)

    def __getstate__(self) -> dict[str, Any]:
        cached = ("_steps", "_few", "run_at_once")
        return {name: each for name, each in vars(self).items() if name not in cached}

    def _bind(self, lanes: int) -> "_Bound":
        """The instructions bound to arrays for so many lanes or, if that can be, for more."""
        with np.errstate(all="ignore"):  # a constant may overflow in float32
            if not compiled:
                return _Calls(self, lanes)
            steps = self._steps
            if steps.called:
                return Bound(self, steps, lanes)
            if lanes == 1:
                return bound_lane(self, steps)
            return Bound(self, steps, 1 << (lanes - 1).bit_length())

    @cached_property
    def _few(self) -> int:
        """Up to how many lanes are computed one by one: two, or more of a small circuit."""
        if not compiled or self._steps.called:
            return 0
        return max(2, FEW // (self.sizes[LANES] + self.sizes[INPUTS] + 1))

    def _blocks(self, count: int) -> list[tuple[int, int]]:
        """The lanes cut into blocks: how many lanes there are in each of how many blocks.

        All but the last have the same size, which fills vectors: a multiple of eight.
        """
        if count <= self._few:
            return [(1, count)]
        if count <= LEAST:
            return [(count, 1)]
        rows = max(self.sizes[LANES] + self.sizes[INPUTS], 1)
        if compiled and not self._steps.called:
            most = max(CACHE // (self.dtype.itemsize * rows), LEAST)
        else:
            fitting = BLOCK // (self.dtype.itemsize * rows)
            wanted = WORTHWHILE * (len(self.ends) - self.first_varying)
            worthwhile = min(wanted, MOST // self.dtype.itemsize) // rows
            most = max(fitting, worthwhile, LEAST)
        lanes = -(-count // -(-count // most))
        if lanes > 8:
            lanes += -lanes % 8
        cut = [(lanes, count // lanes), (count % lanes, 1)]
        return [(lanes, blocks) for lanes, blocks in cut if lanes and blocks]


class _Calls:
    """A plan bound to arrays for a number of lanes: NumPy calls without arguments."""

    exact = True

    def __init__(self, plan: InstructionList, lanes: int) -> None:
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

    def run(
        self,
        numbers: Array,
        batch: Array,
        outputs: Array,
        gradient: Array,
        first: int,
        lanes: int,
        blocks: int,
        share: float,
    ) -> None:
        """Evaluate blocks of lanes with the leaves' numbers, and add to the gradient.

        Args:
            numbers: those of the leaves.
            batch: the inputs of all lanes.
            outputs: where those of all lanes go.
            gradient: what the gradient of these lanes is added to.
            first, lanes, blocks: the first lane, and how many there are in each of how many blocks.
            share: the weight of a lane in the gradient.
        """
        arrays = self._arrays
        with np.errstate(all="ignore"):
            np.copyto(self._leaves, numbers)
            for call in self._shared:
                call()
            arrays[GRADIENT].fill(0.0)
            for place in range(blocks):
                block = slice(first + place * lanes, first + (place + 1) * lanes)
                np.copyto(arrays[INPUTS].T, batch[block])
                try:
                    for call in self._varying:
                        call()
                except OutsideDomainError as error:
                    assert error.lane is not None
                    error.lane += block.start
                    raise
                for column, found in enumerate(self._outputs):
                    outputs[block, column] = found
                for call in self._more if place else self._first:
                    call()
            for name in (GRADIENT, SUMS):
                np.multiply(arrays[name], share, arrays[name])
            arrays[TIMES].fill(lanes * blocks * share)
            for call in self._last:
                call()
        gradient += arrays[GRADIENT]


def _bind(
    workspace: Workspace, instructions: Iterable[Callable[[Workspace], list[Call]]]
) -> list[Call]:
    """The calls of some instructions; each may use all scratch space."""
    calls: list[Call] = []
    for instruction in instructions:
        workspace.release()
        calls += instruction(workspace)
    return calls


_Bound = Bound | _Calls | Any


class _Pool:
    """Bound plans that no thread uses at the moment, the least recently used first.

    Threads share it without a lock, for each change of a list is one operation of Python's.
    """

    def __init__(self) -> None:
        self.bounds: list[_Bound] = []

    def take(self, lanes: int) -> "_Bound | None":
        """One for this number of lanes, if there is one."""
        for bound in reversed(self.bounds):
            if bound.lanes == lanes or (bound.lanes > lanes > 1 and not bound.exact):
                try:
                    self.bounds.remove(bound)
                except ValueError:
                    continue  # another thread has taken it
                return bound
        return None

    def put(self, bound: "_Bound") -> None:
        """Keep one for later; the least recently used are evicted."""
        self.bounds.append(bound)
        while len(self.bounds) > 1 and sum(each.bytes for each in self.bounds) > KEPT:
            del self.bounds[:1]

    def __reduce__(self) -> tuple[type["_Pool"], tuple[()]]:
        return _Pool, ()


@lru_cache
def _workers(count: int) -> ThreadPoolExecutor:
    """Threads for all programs of this process; they sleep between calls."""
    return ThreadPoolExecutor(count, "program")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_workers.cache_clear)  # a child has none of the threads


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
