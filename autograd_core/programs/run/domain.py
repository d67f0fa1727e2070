"""Domain errors: numbers of a batch outside a gate's domain, reported with labels and example."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from autograd_core.gate import GATES, Domain
from autograd_core.programs.graph import MATRIX, Graph


@dataclass(eq=False)
class OutsideDomainError(Exception):
    """Some numbers of a batch are outside a gate's domain.

    Attributes:
        node: the node of the gate.
        lane: the first lane where that is so; None where all lanes share the numbers.
        numbers: the gate's operands there.
        broken: the domain that refuses them.
    """

    node: int
    lane: int | None
    numbers: list[float]
    broken: Domain

    def as_told(self, graph: Graph) -> Exception:
        """The exception of the eager engine for these numbers; it names the example, too."""
        described = [
            repr(number) if operand in graph.numbers else f"{_name(graph, operand)} = {number!r}"
            for operand, number in zip(graph.operands[self.node], self.numbers, strict=True)
        ]
        call = f"{graph.operations[self.node]}({', '.join(described)})"
        place = "" if self.lane is None else f" (example {self.lane})"
        return self.broken.error(f"{call}: {self.broken.reason}{place}")


def _name(graph: Graph, node: int) -> str:
    operation = graph.operations[node]
    origin = f"output of {operation}" if operation in GATES else operation
    return graph.labels.get(node, f"an unnamed {'sum' if operation == MATRIX else origin}")


def check_domain(name: str, nodes: Sequence[int], operands: Sequence[Any]) -> None:
    """Check that the operands of a group of gates are in the gate's domain.

    Args:
        name: the gate's name.
        nodes: the nodes of the group.
        operands: for each of the gate's parameters a float or an array, (nodes,) or
            (nodes, lanes); for a variadic gate with one more axis in front, along the list.

    Raises:
        OutsideDomainError: for the first lane where they are not.
    """
    gate = GATES[name]
    outside = reduce(np.logical_or, [each.outside(*operands) for each in gate.domain])
    if not np.count_nonzero(outside):
        return
    row = [x for each in operands for x in each] if gate.variadic else operands
    *arrays, outside = np.broadcast_arrays(*row, outside)
    place = min(map(tuple, np.argwhere(outside).tolist()), key=lambda place: place[::-1])
    numbers = [float(array[place]) for array in arrays]
    broken = next(each for each in gate.domain if each.outside(*gate.group(numbers)))
    lane = place[1] if len(place) > 1 else None
    raise OutsideDomainError(nodes[place[0]], lane, numbers, broken)
