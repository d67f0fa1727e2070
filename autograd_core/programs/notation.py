"""A program in words: its instructions with shapes, in the notation of the lectures."""

from collections.abc import Sequence

from autograd_core.programs.plan import Plan
from autograd_core.value import Value


def written(plan: Plan, parameters: Sequence[Value]) -> str:
    """The instructions of a plan, one a line."""
    return "\n".join(
        f"{type(each).__name__} {each.out.index.shape}"
        for each in [*plan.schedule.shared, *plan.schedule.varying]
    )
