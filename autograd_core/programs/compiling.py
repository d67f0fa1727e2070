"""From values to a plan: the circuit of the outputs, and the pairs that make up the gradient."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from autograd_core.derivatives import Pair
from autograd_core.programs.graph import LEAF, Graph, graph_of
from autograd_core.programs.pairs import Contribution
from autograd_core.programs.plan import Plan
from autograd_core.value import Operand, Value


@dataclass(frozen=True)
class Compiled:
    """A plan, and the values it was made from.

    Attributes:
        plan: the plan.
        others: the leaves whose numbers the plan takes after those of the parameters.
    """

    plan: Plan
    others: tuple[Value, ...]


def compile_circuit(
    outputs: Sequence[Operand],
    inputs: Sequence[Value],
    leaves: Sequence[Value],
    contributions: Sequence[Sequence[Pair]] = (),
    dtype: Any = float,
) -> Compiled:
    """Compile a circuit.

    Args:
        outputs: what is wanted for each lane; a float is an output that is constant.
        inputs: the leaves that vary from lane to lane.
        leaves: the leaves whose numbers are given first, in this order.
        contributions: for each of the first leaves, the upstream and local gradients whose
            products are to be summed over the lanes.
        dtype: the type of all numbers.
    """
    pairs = chain.from_iterable(contributions)
    factors = dict.fromkeys(chain.from_iterable(pairs))
    graph, nodes = graph_of([*outputs, *factors], inputs, leaves)
    all_leaves = [
        value
        for value, node in nodes.items()
        if value.gate is None and graph.operations[node] == LEAF
    ]

    def node_of(operand: Operand) -> int:
        return nodes[operand] if isinstance(operand, Value) else graph.constant(operand)

    plan = Plan(
        graph,
        [node_of(output) for output in outputs],
        [nodes[value] for value in inputs],
        [nodes[value] for value in all_leaves],
        _products(graph, node_of, contributions),
        len(contributions),
        dtype,
    )
    return Compiled(plan, tuple(all_leaves[len(leaves) :]))


def _products(
    graph: Graph, node_of: Callable[[Operand], int], contributions: Sequence[Sequence[Pair]]
) -> list[Contribution]:
    """The contributions as nodes, in one list; equal ones as one, multiplied by their number."""
    products: list[Contribution] = []
    for leaf, received in enumerate(contributions):
        if len(received) == 1:
            [(one, other)] = received
            products.append((node_of(one), node_of(other), leaf))
            continue
        pairs = Counter([(node_of(one), node_of(other)) for one, other in received])
        for (upstream, local), times in pairs.items():
            number = graph.constant(float(times))
            products.append((graph.apply("multiply", (number, upstream)), local, leaf))
    return products
