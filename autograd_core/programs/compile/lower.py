"""Lowering: from values to a plan."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from autograd_core.derivatives import Pair
from autograd_core.programs.compile.layers import layers_of, needed_for
from autograd_core.programs.compile.rewrite_sums import rewrite_sums
from autograd_core.programs.compile.schedule import Schedule, groups_of
from autograd_core.programs.compile.weight_gradients import Contributions, LeafPair
from autograd_core.programs.graph import LEAF, Graph, graph_of
from autograd_core.programs.run.arrays import GRADIENT, SUMS
from autograd_core.programs.run.plan import Plan
from autograd_core.value import Operand, Value


@dataclass(frozen=True)
class Compiled:
    """A plan, and the values that it was made from.

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
        outputs: what is computed for each example; a float is an output that is constant.
        inputs: the leaves that vary from example to example.
        leaves: the leaves whose numbers are given first, in this order.
        contributions: for each of the first leaves, the upstream and local gradients whose
            products are to be summed over the examples.
        dtype: the type of all numbers.
    """
    operands = dict.fromkeys(chain.from_iterable(chain.from_iterable(contributions)))
    graph, nodes = graph_of([*outputs, *operands], inputs, leaves)
    all_leaves = [
        value
        for value, node in nodes.items()
        if value.gate is None and graph.operations[node] == LEAF
    ]

    def node_of(operand: Operand) -> int:
        return nodes[operand] if isinstance(operand, Value) else graph.constant(operand)

    wanted = [node_of(output) for output in outputs]
    received = _leaf_pairs(graph, node_of, contributions)
    factors = {node for upstream, local, _ in received for node in (upstream, local)}
    graph, places = rewrite_sums(graph, {*wanted, *factors})
    groups = groups_of(graph)
    pairs = Contributions(
        graph, groups, [(places[one], places[other], leaf) for one, other, leaf in received]
    )
    columns = [places[nodes[value]] for value in inputs]
    own = [places[nodes[value]] for value in all_leaves]
    schedule = Schedule(graph, groups, columns, own)
    sums, products, partial = pairs.instructions(schedule)
    schedule.sizes |= {GRADIENT: len(contributions), SUMS: partial}
    ends = [schedule.where[places[node]] for node in wanted]
    varying = [*schedule.copying(), *schedule.varying]
    labels = {
        schedule.where[node]: graph.labels[node]
        for node in [*columns, *own]
        if node in graph.labels
    }
    plan = Plan(
        graph,
        schedule.sizes,
        schedule.leaves,
        schedule.constants,
        schedule.shared,
        varying,
        needed_for(ends, varying, schedule.sizes),
        sums,
        products,
        ends,
        np.dtype(dtype),
        [],
        labels,
    )
    plan.layers += layers_of(*plan.passes, sums, schedule.leaves, labels)
    return Compiled(plan, tuple(all_leaves[len(leaves) :]))


def _leaf_pairs(
    graph: Graph, node_of: Callable[[Operand], int], contributions: Sequence[Sequence[Pair]]
) -> list[LeafPair]:
    """The contributions as nodes, in one list; equal ones as one, multiplied by their number."""
    pairs: list[LeafPair] = []
    for leaf, received in enumerate(contributions):
        if len(received) == 1:
            [(one, other)] = received
            pairs.append((node_of(one), node_of(other), leaf))
            continue
        counts = Counter([(node_of(one), node_of(other)) for one, other in received])
        for (upstream, local), times in counts.items():
            number = graph.constant(float(times))
            pairs.append((graph.apply("multiply", (number, upstream)), local, leaf))
    return pairs
