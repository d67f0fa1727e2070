"""A plan bound to arrays: for a number of lanes, the NumPy calls one after the other."""

from collections.abc import Callable, Iterable, Sequence
from threading import Lock
from typing import Any

import numpy as np

from autograd_core.programs.reductions import GRADIENT, ONES, SUMS, TIMES, Reductions
from autograd_core.programs.rows import INPUTS, LANES, SHARED
from autograd_core.programs.schedule import Schedule
from autograd_core.programs.workspace import Array, Call, Workspace

KEPT = 8
"""So many sets of arrays are kept for later calls, at most."""

KEPT_BYTES = 2**28
"""And so many bytes, unless one set alone takes more."""


class Bound:
    """The arrays for a number of lanes, and the calls bound to them.

    Args:
        schedule: what is computed.
        reductions: what is summed over the lanes.
        outputs: for each output its array and its place there.
        counted: how many leaves have a gradient.
        dtype: the type of all numbers.
        lanes: the number of lanes.

    Attributes:
        lanes: the number of lanes.
        bytes: how much memory the arrays take.
    """

    def __init__(
        self,
        schedule: Schedule,
        reductions: Reductions,
        outputs: Sequence[tuple[str, int]],
        counted: int,
        dtype: np.dtype[Any],
        lanes: int,
    ) -> None:
        self.lanes = lanes
        self._batch = np.empty((lanes, schedule.sizes[INPUTS]), dtype)
        self._shared_numbers = np.empty(schedule.sizes[SHARED], dtype)
        self._gradient = np.empty(counted, dtype)
        self._sums = np.empty(reductions.size, dtype)
        self._times = np.empty((), dtype)
        arrays = {
            SHARED: self._shared_numbers,
            INPUTS: self._batch.T,
            LANES: np.empty((schedule.sizes[LANES], lanes), dtype),
            ONES: np.ones((1, lanes), dtype),
            SUMS: self._sums,
            GRADIENT: self._gradient,
            TIMES: self._times,
        }
        self._leaves, constants = np.split(self._shared_numbers, [schedule.leaves])
        constants[: len(schedule.constants)] = schedule.constants
        # slices, because a single number would be copied now
        self._outputs = [arrays[array][place : place + 1] for array, place in outputs]
        workspace = Workspace(arrays, dtype)
        self._shared = _bind(workspace, [each.calls for each in schedule.shared])
        self._varying = _bind(workspace, [each.calls for each in schedule.varying])
        self._first = _bind(workspace, [each.starting_calls for each in reductions.sums])
        self._more = _bind(workspace, [each.calls for each in reductions.sums])
        self._last = _bind(workspace, [each.calls for each in reductions.products])
        self.bytes = workspace.bytes

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
        for place, numbers in enumerate(self._outputs):
            outputs[:, place] = numbers
        if first:
            self._gradient.fill(0.0)
        for call in self._first if first else self._more:
            call()

    def finish(self, share: float, times: float) -> Array:
        """The gradient from the sums of all blocks.

        Args:
            share: what a lane counts.
            times: what all these lanes count together.
        """
        np.multiply(self._gradient, share, self._gradient)
        np.multiply(self._sums, share, self._sums)
        self._times.fill(times)
        for call in self._last:
            call()
        return self._gradient


def _bind(
    workspace: Workspace, instructions: Iterable[Callable[[Workspace], list[Call]]]
) -> list[Call]:
    """The calls of some instructions; each may use all scratch space."""
    calls: list[Call] = []
    for instruction in instructions:
        workspace.release()
        calls += instruction(workspace)
    return calls


class Idle:
    """Sets of arrays that no thread is using at the moment: the last few that were used."""

    def __init__(self) -> None:
        self._bounds: list[Bound] = []
        self._lock = Lock()

    def take(self, lanes: int) -> Bound | None:
        """One for this number of lanes, if there is one."""
        with self._lock:
            for place, bound in enumerate(self._bounds):
                if bound.lanes == lanes:
                    return self._bounds.pop(place)
        return None

    def put(self, bound: Bound) -> None:
        """Keep one for later; those unused for longest may have to go."""
        with self._lock:
            self._bounds.append(bound)
            while len(self._bounds) > 1 and self._is_full():
                self._bounds.pop(0)

    def _is_full(self) -> bool:
        taken = sum(bound.bytes for bound in self._bounds)
        return len(self._bounds) > KEPT or taken > KEPT_BYTES

    def __reduce__(self) -> tuple[type["Idle"], tuple[()]]:
        return Idle, ()
