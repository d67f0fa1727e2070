"""Numbers outside a gate's domain: which, of which gate, in which example."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import itemgetter
from typing import Any

import numpy as np

from autograd_core.branches import CURE, is_needed
from autograd_core.gate import GATES, Domain, Gate
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

    def as_told(
        self, graph: Graph, outputs: Sequence[int], leaves: Sequence[float] | None
    ) -> Exception:
        """The exception of the eager engine for these numbers; it names the example, too.

        Args:
            graph: the graph.
            outputs: the nodes of its outputs.
            leaves: the numbers of its inputs in the lane, and those of its leaves; None if they
                are not those of one lane.
        """
        described = [
            repr(number) if operand in graph.numbers else f"{_name(graph, operand)} = {number!r}"
            for operand, number in zip(graph.operands.at(self.node), self.numbers, strict=True)
        ]
        call = f"{graph.operations[self.node]}({', '.join(described)})"
        place = "" if self.lane is None else f" (example {self.lane})"
        cure = "" if leaves is None or self._is_needed(graph, outputs, leaves) else CURE
        return self.broken.error(f"{call}: {self.broken.reason}{place}{cure}")

    def _is_needed(self, graph: Graph, outputs: Sequence[int], leaves: Sequence[float]) -> bool:
        """Whether the node is part of no branch that is not taken."""
        sources = [*graph.inputs, *graph.leaves]
        numbers = graph.numbers | dict(zip(sources, leaves, strict=True))
        gates = GATES | {MATRIX: GATES["dot"]}
        return is_needed(
            self.node,
            outputs,
            lambda node: gates.get(graph.operations[node]),
            graph.operands.at,
            numbers.__getitem__,
        )


def _name(graph: Graph, node: int) -> str:
    operation = graph.operations[node]
    origin = f"output of {operation}" if operation in GATES else operation
    return graph.labels.get(node, f"an unnamed {'sum' if operation == MATRIX else origin}")


def outside(gate: Gate, operands: Sequence[Any]) -> Any:
    """Whether operands, numbers or arrays of them, are outside a gate's domain."""
    return reduce(np.logical_or, [each.outside(*operands) for each in gate.domain])


def refusal(
    graph: Graph, nodes: Sequence[int], numbers_of: Callable[[int], Any], first: int | None
) -> OutsideDomainError:
    """The error for the first lane in which one of some alike gates refuses its operands.

    Args:
        graph: the graph.
        nodes: those of the gates.
        numbers_of: the numbers of a node: one, or one for each lane.
        first: the first lane; None where all lanes share the numbers.
    """
    gate, found = GATES[graph.operations[nodes[0]]], []
    for node in nodes:
        row = np.broadcast_arrays(*[np.ravel(numbers_of(each)) for each in graph.operands.at(node)])
        refused = np.broadcast_to(outside(gate, gate.group(row)), row[0].shape)
        if refused.any():
            lane = int(np.argmax(refused))
            found.append((lane, node, [float(each[lane]) for each in row]))
    lane, node, numbers = min(found, key=itemgetter(0))
    broken = next(each for each in gate.domain if each.outside(*gate.group(numbers)))
    return OutsideDomainError(node, None if first is None else first + lane, numbers, broken)
