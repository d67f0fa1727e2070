"""Data parallelism: parts of a batch as tasks for an executor; their gradients add up."""

import os
import pickle
from collections.abc import Sequence
from concurrent.futures import Executor
from functools import lru_cache
from itertools import pairwise

import numpy as np

from autograd_core.programs.run.arrays import Array
from autograd_core.programs.run.plan import Plan

KEPT = 8
"""How many of the plans that it has received a process keeps: each is unpickled and bound once."""


@lru_cache(KEPT)
def _received(pickled: bytes) -> Plan:
    plan: Plan = pickle.loads(pickled)
    return plan


class ParallelPlan:
    """A plan that runs its batches in parts, each a task for an executor.

    Args:
        plan: the plan to run.
    """

    def __init__(self, plan: Plan) -> None:
        self._pickled = pickle.dumps(plan)

    def run(
        self, numbers: Array, batch: Array, executor: Executor, parts: int | None = None
    ) -> tuple[Array, Array]:
        """The outputs of all lanes, and the sum of their gradients.

        Args:
            numbers: the numbers of all leaves.
            batch: lanes × inputs.
            executor: a pool of processes, or anything else with `submit`.
            parts: how many tasks there are; left out, as many as this machine has processors.

        Raises:
            ValueError: if there are to be none; and what `Plan.run` raises.
        """
        count = min(parts if parts is not None else os.cpu_count() or 1, len(batch))
        if count < 1:
            raise ValueError(f"a batch is cut into one part or more, not {parts!r}")
        ends = [len(batch) * place // count for place in range(count + 1)]
        futures = [
            executor.submit(_run, self._pickled, numbers, batch[start:end], start)
            for start, end in pairwise(ends)
        ]
        results = [future.result() for future in futures]
        outputs: Sequence[Array] = [outputs for outputs, _ in results]
        return np.concatenate(outputs), np.sum([gradient for _, gradient in results], axis=0)


def _run(pickled: bytes, numbers: Array, batch: Array, first_lane: int) -> tuple[Array, Array]:
    """The task: run a part of a batch in this process."""
    return _received(pickled).run(numbers, batch, mean=False, first_lane=first_lane)
