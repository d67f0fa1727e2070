"""Scheduling: the instructions for all nodes, and for the gradients of the leaves.

Nodes are sorted into levels, and equal gates of a level are one instruction. A leaf that all lanes
share gets a contribution, upstream × local, from each of its consumers in every lane. The pairs of
a layer, an upstream gradient for each neuron and an input for each weight, form a rectangle: their
sums over the lanes are one matrix product, δ aᵀ. All others are summed pair by pair.
"""

from array import array
from collections.abc import Iterable, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

import numpy as np

from autograd_core.gate import GATES
from autograd_core.programs.graph import ALIKE, MATRIX, VARYING, Graph
from autograd_core.programs.run.columns import Columns, Product, Rectangle

Key = tuple[object, ...]


def add_groups(plan: Columns, groups: Sequence[list[int]], layers: Sequence[Sequence[int]]) -> None:
    """Give the nodes of groups their places.

    A group is sorted by its operands' places. But a layer's upstream gradients have the order of
    their leaves: they are copied next to each other if several groups compute them.
    """
    graph, order, ends, places = plan.graph, plan.order, plan.ends, plan.places
    group_of = array("i", [-1]) * len(graph)
    for place, group in enumerate(groups):
        for node in group:
            group_of[node] = place
    collected: dict[int, list[Sequence[int]]] = {}
    ranks: dict[int, int] = {}
    for layer in layers:
        found = {group_of[node] for node in layer}
        if len(found) > 1 and min(found) >= 0:
            collected.setdefault(max(found), []).append(layer)
        else:
            ranks |= {node: rank for rank, node in enumerate(layer, len(ranks))}
    lists = _lists_in(graph)
    for place, group in enumerate(groups):
        nodes = group if len(group) == 1 else _sorted(plan, group, ranks)
        varies = graph.kinds[nodes[0]] != ALIKE
        row = plan.rows if varies else plan.shared
        for node in nodes:
            places[node] = row
            order.append(node)
            row += 1
        ends.append(len(order))
        if varies:
            plan.rows = row
        else:
            plan.shared, plan.first_varying = row, place + 1
        if graph.operations[nodes[0]] in lists:
            plan.copy_mixed(nodes)
        for layer in collected.get(place, ()):
            plan.move(layer)


def _sorted(plan: Columns, group: list[int], ranks: dict[int, int]) -> list[int]:
    """The gates of a group, which have a place in a layer, or else their operands in order."""
    graph, places, moved = plan.graph, plan.places, plan.moved
    kinds, inputs, keys = graph.kinds, len(graph.inputs), []
    for position, node in enumerate(group):
        found = [0, 0]
        for place, operand in enumerate(graph.operands[node][:2]):
            found[place] = moved[operand][1] if operand in moved else places[operand]
            if kinds[operand] == VARYING:
                found[place] -= inputs
        keys.append((ranks.get(node, -1), found[0], found[1], position))
    keys.sort()
    return [group[key[3]] for key in keys]


def _lists_in(graph: Graph) -> set[str]:
    """The operations of a graph that take lists."""
    found = {MATRIX}
    for name in set(graph.operations):
        if name in GATES and GATES[name].variadic:
            found.add(name)
    return found


MORE = 1.25
"""How many times more groups there may be so that they follow the layers of a network."""


def upstream_layers(graph: Graph, pairs: Iterable[Product]) -> list[list[int]]:
    """Upstream gradients with the same local gradients, in the order of their leaves."""
    received: dict[int, list[int]] = {}
    for upstream, local, _ in sorted(pairs, key=itemgetter(2)):
        if graph.kinds[upstream] != ALIKE and graph.kinds[local] != ALIKE:
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
    kinds, lists = graph.kinds, _lists_in(graph)
    numbers = {operation: number for number, operation in enumerate({*graph.operations})}
    levels = array("i", bytes(4 * len(graph)))
    groups: dict[Any, list[int]] = {}
    shared: list[list[list[int]]] = []
    varying: list[list[list[int]]] = []
    for node, operation in enumerate(graph.operations):
        operands = graph.in_order(node)
        if not operands:
            continue
        kind, level, taken = kinds[node], 0, kinds[node]
        for operand in operands:
            taken = 3 * taken + kinds[operand]
            if levels[operand] > level and kinds[operand] == kind:
                level = levels[operand]
        levels[node] = level + 1
        if operation in lists or len(operands) > 3:
            key: Any = level, kind, operation, *_taken(graph, operation, operands)
        else:
            key = 81 * (level * len(numbers) + numbers[operation]) + taken
        group = groups.get(key)
        if group is not None:
            group.append(node)
            continue
        group = groups[key] = [node]
        ranked = shared if kind == ALIKE else varying
        while len(ranked) <= level:
            ranked.append([])
        ranked[level].append(group)
    joined = [*chain.from_iterable(shared), *chain.from_iterable(varying)]
    if len(max(joined, key=len, default=[0])) == 1:
        return joined
    return _separated(graph, joined, layers, lists) or joined


def _taken(graph: Graph, operation: str, operands: tuple[int, ...]) -> Key:
    """What the lists of alike gates have in common: their length, and where they are."""
    if operation == MATRIX:
        return operands[len(operands) // 2 :]
    gate, kinds = GATES[operation], [graph.kinds[operand] for operand in operands]
    if not gate.variadic:
        return tuple(kinds)
    lists = [{*each} if isinstance(each, tuple) else {each} for each in gate.group(kinds)]
    return len(operands), *[each.pop() if len(each) == 1 else VARYING for each in lists]


def _separated(
    graph: Graph, groups: list[list[int]], layers: Sequence[Sequence[int]], lists: set[str]
) -> list[list[int]] | None:
    """Groups by what their gates take, the results of the same groups, and what reads them.

    Gates whose results are read as one stay together: as a list, or as the gradient of a layer.
    None if there are too many groups.
    """
    readers: dict[int, set[int]] = {}
    for node, operation in enumerate(graph.operations):
        if operation in lists:
            for operand in graph.operands[node]:
                readers.setdefault(operand, set()).add(node)
    for place, layer in enumerate(layers, len(graph)):
        for node in layer:
            readers.setdefault(node, set()).add(place)
    most = MORE * len(groups)
    found: list[list[int]] = []
    place_of = array("i", [-1]) * len(graph)
    for group in groups:
        parts = [group] if len(group) == 1 else _parts(graph, group, place_of, readers)
        for nodes in parts:
            for node in nodes:
                place_of[node] = len(found)
            found.append(nodes)
        if len(found) > most:
            return None
    return found


def _parts(
    graph: Graph, group: list[int], place_of: Sequence[int], readers: dict[int, set[int]]
) -> list[list[int]]:
    """A group by what its gates take and what reads them."""
    by_operands: dict[Any, list[int]] = {}
    for node in group:
        operands = graph.operands[node]
        if len(operands) == 2:
            x, y = place_of[operands[0]], place_of[operands[1]]
            key: Any = (x, y) if x < y else (y, x)
        else:
            key = tuple(sorted({place_of[operand] for operand in operands}))
        by_operands.setdefault(key, []).append(node)
    if not readers:
        return [*by_operands.values()]
    parts: list[tuple[list[int], set[int]]] = []
    for nodes in by_operands.values():
        read = set[int]().union(*[readers.get(node, ()) for node in nodes])
        for other in [each for each in parts if read and not read.isdisjoint(each[1])]:
            parts.remove(other)
            nodes, read = other[0] + nodes, other[1] | read
        parts.append((nodes, read))
    return [nodes for nodes, _ in parts]


Pairs = dict[int, list[tuple[int, int]]]
"""The pairs of each upstream gradient: local gradients, each with the place of its leaf."""


def add_gradient(plan: Columns, pairs: Iterable[Product]) -> None:
    """Add up the gradient from all pairs of an upstream and a local gradient, with their leaf."""
    one, kinds = plan.graph.constant(1.0), plan.graph.kinds
    both: Pairs = {}
    ones: Pairs = {}
    for upstream, local, leaf in pairs:
        varying, factor = (local, upstream) if kinds[upstream] == ALIKE else (upstream, local)
        if kinds[factor] != ALIKE:
            both.setdefault(varying, []).append((factor, leaf))
        elif kinds[varying] == ALIKE:
            plan.alike.append((upstream, local, leaf))
        elif factor == one:
            ones.setdefault(varying, []).append((one, leaf))
        else:
            plan.summed.append((varying, factor, leaf))
    group_of, order, start = array("i", [-1]) * len(plan.graph), plan.order, 0
    for group, end in enumerate(plan.ends):
        for place in range(start, end):
            group_of[order[place]] = group
        start = end
    for by_upstream in (both, ones):
        found: dict[tuple[int, ...], tuple[list[int], list[list[int]]]] = {}
        for upstream, received in by_upstream.items():
            received.sort()
            key = (group_of[upstream], *[local for local, _ in received])
            upstreams, leaves = found.setdefault(key, ([], []))
            upstreams.append(upstream)
            leaves.append([leaf for _, leaf in received])
        for (_, *locals_), (upstreams, leaves) in found.items():
            if by_upstream is both and len(locals_) == len(upstreams) == 1:
                plan.single.append((upstreams[0], locals_[0], leaves[0][0]))
            else:
                plan.rectangles.append(
                    _rectangle(plan, upstreams, locals_ if by_upstream is both else [], leaves)
                )


def _rectangle(
    plan: Columns, upstreams: list[int], locals_: list[int], leaves: list[list[int]]
) -> Rectangle:
    """Products of all upstream gradients with all local ones, both in the order of their rows."""
    table = np.array(leaves, dtype=np.intc)
    order = np.argsort([plan.row(node) for node in upstreams], kind="stable")
    table, upstreams = table[order], [upstreams[place] for place in order]
    if locals_:
        order = np.argsort([plan.row(node) for node in locals_], kind="stable")
        table, locals_ = table[:, order], [locals_[place] for place in order]
    return upstreams, locals_, table
