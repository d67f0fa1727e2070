"""What a circuit is compiled to, counted."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from autograd_core import Value, all_values
from autograd_core.programs.compile import lower
from autograd_core.programs.instructions import Instructions


def plan_of(
    outputs: Sequence[Value],
    inputs: Sequence[Value],
    parameters: list[Value] | None = None,
    gradient: bool = True,
) -> Any:
    """The plan of some outputs and, if asked, of the gradient of the first.

    Left out, all leaves but the inputs are parameters.
    """
    if parameters is None:
        leaves = [value for value in all_values(*outputs) if value.gate is None]
        parameters = [leaf for leaf in leaves if not any(leaf is x for x in inputs)]
    wanted = lower.gradient if gradient else lower.evaluation
    return lower.compile_circuit(wanted, outputs, inputs, parameters).plan


def varying(plan: Any) -> Counter[str]:
    """How many instructions of each kind are carried out for the lanes."""
    return Counter(each.operation for each in Instructions(plan).varying)


def shared(plan: Any) -> Counter[str]:
    """How many instructions of each kind are carried out once for all lanes."""
    return Counter(each.operation for each in Instructions(plan).shared)


def sums(plan: Any) -> Counter[str]:
    """How many sums over the lanes there are of each kind."""
    return Counter(each.operation for each in Instructions(plan).sums)
