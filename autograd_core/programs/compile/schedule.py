"""Scheduling: the instructions for all nodes, and for the gradients of the leaves.

Nodes are sorted into levels, and equal gates of a level are one instruction. A leaf that all lanes
share gets a contribution, upstream × local, from each of its consumers in every lane. The pairs of
a layer, an upstream gradient for each neuron and an input for each weight, form a rectangle: their
sums over the lanes are one matrix product, δ aᵀ. All others are summed pair by pair.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from operator import itemgetter

import numpy as np

from autograd_core.gate import GATES
from autograd_core.programs.graph import MATRIX, Graph
from autograd_core.programs.run.arrays import GRADIENT, ONES, SUMS, Rows
from autograd_core.programs.run.instructions import (
    Inner,
    InstructionList,
    Outer,
    ScaledSums,
    arrays_of,
    operands_of,
)

Key = tuple[object, ...]

LeafPair = tuple[int, int, int]
"""The nodes of an upstream and a local gradient, and the place of the leaf that they belong to."""


def add_groups(
    plan: InstructionList, groups: Sequence[Sequence[int]], layers: Sequence[Sequence[int]]
) -> None:
    """Give the nodes of groups their places.

    A group is sorted by its operands' places. But a layer's upstream gradients have the order of
    their leaves: they are copied next to each other if several groups compute them.
    """
    group_of = {node: place for place, group in enumerate(groups) for node in group}
    collected: dict[int, list[Sequence[int]]] = {}
    ranks: dict[int, int] = {}
    for layer in layers:
        places = {group_of.get(node, -1) for node in layer}
        if len(places) > 1 and min(places) >= 0:
            collected.setdefault(max(places), []).append(layer)
        else:
            ranks |= {node: rank for rank, node in enumerate(layer, len(ranks))}

    def key(node: int) -> tuple[int, ...]:
        places = [plan.where(operand)[1] for operand in plan.graph.operands[node][:2]]
        return ranks.get(node, -1), *places

    for place, group in enumerate(groups):
        plan.add(sorted(group, key=key) if len(group) > 1 else group)
        for layer in collected.get(place, []):
            plan.move(layer)


MORE = 1.25
"""How many times more groups there may be so that they follow the layers of a network."""


def upstream_layers(graph: Graph, pairs: Iterable[LeafPair]) -> list[list[int]]:
    """Upstream gradients with the same local gradients, in the order of their leaves."""
    received: dict[int, list[int]] = {}
    for upstream, local, _ in sorted(pairs, key=itemgetter(2)):
        if graph.varies[upstream] and graph.varies[local]:
            received.setdefault(upstream, []).append(local)
    layers: dict[Key, list[int]] = {}
    for upstream, locals_ in received.items():
        layers.setdefault(tuple(sorted(locals_)), []).append(upstream)
    return list(layers.values())


def groups_of(graph: Graph, layers: Sequence[Sequence[int]]) -> list[list[int]]:
    """The gates of a graph in groups, in topological order (levelised).

    What all lanes share comes first. Within it, and within the rest, a gate's level is the length
    of the longest path to it; the gates of a group have one level and one kind. Those that have
    nothing else in common are groups of their own, unless there are so many of them that the graph
    is no network.
    """
    levels = [0] * len(graph)
    groups: dict[Key, list[int]] = {}
    arrays, varies = arrays_of(graph), graph.varies
    variadic = {name for name in set(graph.operations) if name in GATES and GATES[name].variadic}
    for node in graph:
        operands = operands_of(graph, arrays, node)
        if operands:
            own, operation = varies[node], graph.operations[node]
            level = 1 + max([levels[each] for each in operands if varies[each] == own], default=0)
            levels[node] = level
            taken: Sequence[object] = [arrays[each] for each in operands]
            if operation == MATRIX:
                taken = operands[len(operands) // 2 :]
            elif operation in variadic:
                kinds = [set(each) for each in GATES[operation].group(taken)]
                taken = [len(operands), *[each.pop() if len(each) == 1 else 1 for each in kinds]]
            groups.setdefault((own, level, operation, *taken), []).append(node)
    joined = [groups[key] for key in sorted(groups, key=lambda key: (key[0], key[1]))]
    separate = _separated(graph, joined, layers)
    return separate if len(separate) <= MORE * len(joined) else joined


def _separated(
    graph: Graph, groups: Sequence[Sequence[int]], layers: Sequence[Sequence[int]]
) -> list[list[int]]:
    """Groups by what their gates take, the results of the same groups, and what reads them.

    Gates whose results are read as one stay together: as a list, or as the gradient of a layer.
    """
    readers: dict[int, set[int]] = {}
    lists = {name for name in set(graph.operations) if name in GATES and GATES[name].variadic}
    for node, operands in enumerate(graph.operands):
        if graph.operations[node] == MATRIX or graph.operations[node] in lists:
            for operand in operands:
                readers.setdefault(operand, set()).add(node)
    for place, layer in enumerate(layers, len(graph)):
        for node in layer:
            readers.setdefault(node, set()).add(place)
    found: list[list[int]] = []
    place_of: dict[int, int] = {}
    for group in groups:
        if len(group) == 1:
            place_of[group[0]] = len(found)
            found.append([*group])
            continue
        by_operands: dict[Key, list[int]] = {}
        for node in group:
            taken = {place_of.get(operand, -1) for operand in graph.operands[node]}
            by_operands.setdefault(tuple(sorted(taken)), []).append(node)
        parts: list[tuple[list[int], set[int]]] = []
        for nodes in by_operands.values():
            read = set[int]().union(*[readers.get(node, ()) for node in nodes])
            for other in [each for each in parts if read and not read.isdisjoint(each[1])]:
                parts.remove(other)
                nodes, read = other[0] + nodes, other[1] | read
            parts.append((nodes, read))
        for nodes, _ in parts:
            place_of |= dict.fromkeys(nodes, len(found))
            found.append(nodes)
    return found


Pairs = dict[int, list[tuple[int, int]]]
"""The pairs of each upstream gradient: local gradients, each with the place of its leaf."""

Rectangle = tuple[list[int], list[int], list[list[int]]]
"""Upstream nodes, local nodes (none where they are 1), and the leaf of each pair."""


def add_gradient(plan: InstructionList, pairs: Iterable[LeafPair]) -> None:
    """Add up the gradient from all pairs."""
    one, varies = plan.graph.constant(1.0), plan.graph.varies
    both: Pairs = {}
    ones: Pairs = {}
    summed: list[LeafPair] = []  # a node that varies, and a shared factor of its sum over the lanes
    shared: list[LeafPair] = []
    for upstream, local, leaf in pairs:
        varying, factor = (upstream, local) if varies[upstream] else (local, upstream)
        if varies[factor]:
            both.setdefault(varying, []).append((factor, leaf))
        elif not varies[varying]:
            shared.append((upstream, local, leaf))
        elif factor == one:
            ones.setdefault(varying, []).append((one, leaf))
        else:
            summed.append((varying, factor, leaf))
    rectangles, single = _rectangles(both, ones, plan)
    reached = Counter([leaf for _, _, leaf in single])
    for _, _, leaves in rectangles:
        reached.update(np.ravel(leaves).tolist())
    each_lane = Rows(ONES, np.zeros(1, dtype=np.intp))
    sums = plan.sums
    for upstreams, locals_, leaves in rectangles:
        rows, order = plan.in_order(upstreams)
        places, others = np.array(leaves, dtype=np.intp)[order], each_lane
        if locals_:
            others, order = plan.in_order(locals_)
            places = places[:, order]
        alone = all(reached[leaf] == 1 for leaf in places.ravel().tolist())
        sums.append(Outer(rows, others, Rows(GRADIENT, places), alone))
    if single:
        first, second, target = _columns(single)
        sums.append(Inner(plan.rows(first), plan.rows(second), target))
    place_of = {node: place for place, node in enumerate(dict.fromkeys(x for x, _, _ in summed))}
    if summed:
        partial = Rows(SUMS, np.arange(len(place_of))[:, np.newaxis])
        sums.append(Outer(plan.rows(list(place_of)), each_lane, partial, alone=True))
        first, second, target = _columns(summed)
        factors = Rows(SUMS, np.array([place_of[node] for node in first]))
        plan.products.append(ScaledSums(factors, plan.rows(second), target))
    if shared:
        first, second, target = _columns(shared)
        plan.products.append(ScaledSums(plan.rows(first), plan.rows(second), target))
    plan.sizes[SUMS] = len(place_of)


def _rectangles(
    both: Pairs, ones: Pairs, plan: InstructionList
) -> tuple[list[Rectangle], list[LeafPair]]:
    """Upstream gradients with the same local gradients, in the same order; and what is left."""
    rectangles: list[Rectangle] = []
    single: list[LeafPair] = []
    group_of = {node: place for place in range(len(plan.ends)) for node in plan.group(place)}
    for by_upstream in (both, ones):
        found: dict[tuple[int, ...], tuple[list[int], list[list[int]]]] = {}
        for upstream, received in by_upstream.items():
            received.sort()
            key = (group_of.get(upstream, -1), *[local for local, _ in received])
            upstreams, leaves = found.setdefault(key, ([], []))
            upstreams.append(upstream)
            leaves.append([leaf for _, leaf in received])
        for (_, *locals_), (upstreams, leaves) in found.items():
            if by_upstream is ones:
                rectangles.append((upstreams, [], leaves))
            elif len(locals_) > 1 or len(upstreams) > 1:
                rectangles.append((upstreams, locals_, leaves))
            else:
                single.append((upstreams[0], locals_[0], leaves[0][0]))
    return rectangles, single


def _columns(pairs: Sequence[LeafPair]) -> tuple[list[int], list[int], Rows]:
    """Pairs as two lists of nodes, and where their products go."""
    first, second, leaves = map(list, zip(*pairs, strict=True))
    return first, second, Rows(GRADIENT, np.array(leaves, dtype=np.intp))
