"""A plan: the columns of a compiled graph, and how they run over a batch, or its parts.

A plan holds no values of the graph and no arrays of numbers, so it can be pickled and sent to
another process.
"""

import os
import pickle
from bisect import bisect_right
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor, wait
from functools import cache, cached_property, lru_cache, partial
from importlib import import_module
from itertools import pairwise
from numbers import Integral
from typing import Any

import numpy as np

from autograd_core.gate import compiled
from autograd_core.programs.graph import ALIKE
from autograd_core.programs.run import Array, numpy_loops
from autograd_core.programs.run.columns import Columns
from autograd_core.programs.run.domain import OutsideDomainError, refusal
from autograd_core.programs.run.steps import Steps

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


class Plan(Columns):
    """Columns, and how their steps run over a batch."""

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
        outputs = np.empty((count, len(self.computed)), self.dtype)
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
        gradient = np.zeros(self.counted, self.dtype)
        for lanes, blocks in self._blocks(stop - start):
            bound = self._pool.take(lanes) or self._bind(lanes)
            bound.run(numbers, batch, outputs, gradient, start, lanes, blocks, share)
            start += lanes * blocks
            self._pool.put(bound)
        return gradient

    @cached_property
    def _pool(self) -> "_Pool":
        return _Pool()

    @cached_property
    def steps(self) -> Steps:
        """What is carried out for a batch."""
        return Steps(self)

    def __getstate__(self) -> dict[str, Any]:
        cached = ("steps", "_few", "run_at_once", "_pool")
        return {name: each for name, each in vars(self).items() if name not in cached}

    def _bind(self, lanes: int) -> Any:
        """The steps bound to arrays for so many lanes or, if that can be, for more."""
        if compiled and not self.steps.called:
            if lanes == 1:
                return self._bound_lane()
            lanes = 1 << (lanes - 1).bit_length()
        return Bound(self, self.steps, lanes)

    def _bound_lane(self) -> Any:
        """The steps bound to the numbers of one lane: as `Bound` has them."""
        steps = self.steps
        return loops_for(self.dtype.name).Lane(
            steps.code,
            steps.ends,
            shared_numbers(self, steps),
            self.leaves,
            self.counted,
            self.counted + len(self.summed) + 1,
            steps.rows,
            steps.outputs,
            len(self.graph.inputs),
            lambda *arguments: Bound(self, steps, 1).run(*arguments),
        )

    @cached_property
    def _few(self) -> int:
        """Up to how many lanes are computed one by one: two, or more of a small circuit."""
        if not compiled or self.steps.called:
            return 0
        return max(2, FEW // (self.rows + 1))

    def _blocks(self, count: int) -> list[tuple[int, int]]:
        """The lanes cut into blocks: how many lanes there are in each of how many blocks.

        All but the last have the same size, which fills vectors: a multiple of eight.
        """
        if count <= self._few:
            return [(1, count)]
        if count <= LEAST:
            return [(count, 1)]
        rows = max(self.rows, 1)
        if compiled and not self.steps.called:
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


@cache
def loops_for(dtype: str) -> Any:
    """The compiled loops for a type of numbers and for this processor."""
    name = f"{__package__}.loops_{'double' if dtype == 'float64' else 'float'}"
    loops = import_module(name)
    return import_module(f"{name}_v3") if loops.supported else loops


def shared_numbers(plan: Columns, steps: Steps) -> Array:
    """What all lanes share: zeros, constants, and how often a shared contribution counts."""
    numbers = np.zeros(plan.shared + len(steps.shared) + 1)
    numbers[plan.leaves : plan.leaves + len(plan.constants)] = plan.constants
    numbers[plan.shared : -1] = steps.shared
    with np.errstate(all="ignore"):  # a constant may overflow in float32
        return numbers.astype(plan.dtype)


class Bound:
    """Steps bound to arrays for up to a number of lanes.

    Attributes:
        lanes: for how many lanes there is space.
        exact: whether it is for this number of lanes alone, because NumPy has views for it.
        run: evaluates blocks of lanes; the arguments are those of `loops.pyx`.
    """

    def __init__(self, plan: Columns, steps: Steps, lanes: int) -> None:
        self.lanes, self.exact = lanes, not compiled or bool(steps.called)
        rows = np.empty(max(steps.rows, 1) * lanes, plan.dtype)
        shared = shared_numbers(plan, steps)
        sums = np.zeros(plan.counted + len(plan.summed) + 1, plan.dtype)
        space = np.empty(2 * lanes, plan.dtype)
        arrays = rows, shared, sums, space
        arguments = steps.code, steps.ends, *arrays, steps.outputs, len(plan.graph.inputs)

        def refuse(place: int, lanes: int, first: int) -> None:
            """Raise the error for the gates among which is that of a step."""
            kinds, out, varies = plan.graph.kinds, steps.code[place + 2], place >= steps.ends[0]
            at = next(
                at
                for at, node in enumerate(plan.order)
                if plan.places[node] == out and (kinds[node] != ALIKE) == varies
            )
            group = plan.group(bisect_right(plan.ends, at))
            varying = rows[: steps.rows * lanes].reshape(-1, lanes)

            def numbers_of(node: int) -> Any:
                return (shared if kinds[node] == ALIKE else varying)[plan.places[node]]

            with np.errstate(all="ignore"):
                raise refusal(plan.graph, group, numbers_of, first if varies else None)

        self._numpy = numpy_loops.Machine(*arguments)
        self._numpy.refuse, self._numpy.gates = refuse, steps.gates
        machine: Any = self._numpy
        if compiled:
            machine = loops_for(plan.dtype.name).Machine(*arguments)
            machine.refuse = refuse
            machine.calls = self._numpy.called(steps.called, lanes) if steps.called else []
        self._bytes = sum([each.nbytes for each in arrays])
        self.run = machine.run

    @property
    def bytes(self) -> int:
        """How much memory the arrays take."""
        return self._bytes + self._numpy.bytes


class _Pool:
    """Bound plans that no thread uses at the moment, the least recently used first.

    Threads share it without a lock, for each change of a list is one operation of Python's.
    """

    def __init__(self) -> None:
        self.bounds: list[Any] = []

    def take(self, lanes: int) -> Any:
        """One for this number of lanes, if there is one."""
        for bound in reversed(self.bounds):
            if bound.lanes == lanes or (bound.lanes > lanes > 1 and not bound.exact):
                try:
                    self.bounds.remove(bound)
                except ValueError:
                    continue  # another thread has taken it
                return bound
        return None

    def put(self, bound: Any) -> None:
        """Keep one for later; the least recently used are evicted."""
        self.bounds.append(bound)
        while len(self.bounds) > 1 and sum(each.bytes for each in self.bounds) > KEPT:
            del self.bounds[:1]


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
        ValueError: if the parts are no whole number above zero; and what `Plan.run` raises.
    """
    if parts is not None and (not isinstance(parts, Integral) or parts < 1):
        raise ValueError(f"a batch is cut into one part or more, not {parts!r}")
    count = min(parts or os.cpu_count() or 1, len(batch))
    ends = [len(batch) * place // count for place in range(count + 1)]
    futures = [
        executor.submit(_run_part, pickled, numbers, batch[start:end], start)
        for start, end in pairwise(ends)
    ]
    outputs, gradients = zip(*[future.result() for future in futures], strict=True)
    return np.concatenate(outputs), np.sum(gradients, axis=0)


def _run_part(pickled: bytes, numbers: Array, batch: Array, first_lane: int) -> tuple[Array, Array]:
    return _received(pickled).run(numbers, batch, mean=False, first_lane=first_lane)
