"""A batch spread over an executor: gradients over its parts add up to that of the whole."""

import hashlib
import os
import pickle
from collections.abc import Sequence
from concurrent.futures import Executor

import numpy as np

from autograd_core.programs.plan import Plan
from autograd_core.programs.rows import Array

_plans: dict[str, Plan] = {}
"""The plans that this process has received, so that it unpickles and binds each once."""

KEPT = 8
"""A process keeps so many plans."""


class Spread:
    """A plan that runs its batches in parts, each a task for an executor.

    Args:
        plan: what is to be run.
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
        """
        count = min(parts or os.cpu_count() or 1, len(batch))
        futures = [
            executor.submit(_run, self._key, self._pickled, numbers, part)
            for part in np.array_split(batch, count)
        ]
        results = [future.result() for future in futures]
        outputs: Sequence[Array] = [outputs for outputs, _ in results]
        return np.concatenate(outputs), np.sum([gradient for _, gradient in results], axis=0)


def _run(key: str, pickled: bytes, numbers: Array, batch: Array) -> tuple[Array, Array]:
    """Run a part, in whatever process this is."""
    if key not in _plans:
        while len(_plans) >= KEPT:
            _plans.pop(next(iter(_plans)), None)
        _plans[key] = pickle.loads(pickled)
    return _plans[key].run(numbers, batch, mean=False)
