"""Domain errors: numbers of a batch outside a gate's domain, reported with labels and lane."""

from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np

from autograd_core.gate import GATES
from autograd_core.programs.graph import MATRIX, Graph
from autograd_core.programs.run.buffers import Array


class OutsideDomainError(Exception):
    """Some numbers of a batch are outside a gate's domain.

    Attributes:
        node: the node of the gate.
        lane: the first lane where that is so; None where all lanes share the numbers.
        numbers: the gate's operands there.
        error: the exception for the user.
        reason: its words.
    """

    def __init__(
        self,
        node: int,
        lane: int | None,
        numbers: list[float],
        error: type[Exception],
        reason: str,
    ) -> None:
        super().__init__(node, lane, numbers, error, reason)
        self.node = node
        self.lane = lane
        self.numbers = numbers
        self.error = error
        self.reason = reason


def check_domain(gate: str, nodes: Sequence[int], operands: Sequence[Any]) -> None:
    """Check that the operands of a group of gates are in the gate's domain.

    Args:
        gate: the gate's name.
        nodes: the nodes of the group.
        operands: for each of the gate's parameters a float or an array, (nodes,) or
            (nodes, lanes); for a variadic gate with one more axis in front, along the list.

    Raises:
        OutsideDomainError: if they are not.
    """
    outside = reduce(np.logical_or, [each.outside(*operands) for each in GATES[gate].domain])
    if np.count_nonzero(outside):
        row = [x for each in operands for x in each] if GATES[gate].variadic else operands
        _refuse_first(gate, nodes, np.broadcast_arrays(*row, outside))


def _refuse_first(gate: str, nodes: Sequence[int], arrays: Sequence[Array]) -> None:
    """Raise the error for the first lane of which numbers are outside."""
    *operands, outside = arrays
    place = min(map(tuple, np.argwhere(outside).tolist()), key=lambda place: place[::-1])
    numbers = [float(array[place]) for array in operands]
    lane = place[1] if len(place) > 1 else None
    entry = GATES[gate]
    broken = next(each for each in entry.domain if each.outside(*entry.group(numbers)))
    raise OutsideDomainError(nodes[place[0]], lane, numbers, broken.error, broken.reason)


def domain_error(graph: Graph, error: OutsideDomainError) -> Exception:
    """The exception that the eager engine raises for these numbers; it names the lane, too."""
    node = error.node
    described = [
        repr(number) if operand in graph.numbers else f"{_name(graph, operand)} = {number!r}"
        for operand, number in zip(graph.operands[node], error.numbers, strict=True)
    ]
    place = "" if error.lane is None else f" (lane {error.lane})"
    call = f"{graph.operations[node]}({', '.join(described)})"
    return error.error(f"{call}: {error.reason}{place}")


def _name(graph: Graph, node: int) -> str:
    operation = graph.operations[node]
    origin = f"output of {operation}" if operation in GATES else operation
    return graph.labels.get(node, f"an unnamed {'sum' if operation == MATRIX else origin}")
