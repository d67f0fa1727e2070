"""Data parallelism: parts of a batch as tasks for an executor; their gradients add up."""

import hashlib
import os
import pickle
from collections.abc import Sequence
from concurrent.futures import Executor
from itertools import pairwise

import numpy as np

from autograd_core.programs.run.arrays import Array
from autograd_core.programs.run.plan import Plan

_plans: dict[str, Plan] = {}
"""Cache of the plans that this process has received: each is unpickled and bound once."""

KEPT = 8
"""The size of that cache."""


class ParallelPlan:
    """A plan that runs its batches in parts, each a task for an executor.

    Args:
        plan: the plan to run.
    """

    def __init__(self, plan: Plan) -> None:
        self._pickled = pickle.dumps(plan)
        self._key = hashlib.sha256(self._pickled).hexdigest()

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
            executor.submit(_run, self._key, self._pickled, numbers, batch[start:end], start)
            for start, end in pairwise(ends)
        ]
        results = [future.result() for future in futures]
        outputs: Sequence[Array] = [outputs for outputs, _ in results]
        return np.concatenate(outputs), np.sum([gradient for _, gradient in results], axis=0)


def _run(
    key: str, pickled: bytes, numbers: Array, batch: Array, first_lane: int
) -> tuple[Array, Array]:
    """The task: run a part of a batch in this process."""
    plan = _plans.get(key)
    if plan is None:
        plan = _plans[key] = pickle.loads(pickled)
        for oldest in list(_plans)[:-KEPT]:
            _plans.pop(oldest, None)
    return plan.run(numbers, batch, mean=False, first_lane=first_lane)
