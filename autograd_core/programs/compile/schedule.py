# cython: infer_types=True
"""Scheduling: the instructions for all nodes, and for the gradients of the leaves.

Nodes are sorted into levels, and equal gates of a level are one instruction. A leaf that all lanes
share gets a contribution, upstream × local, from each of its consumers in every lane. The pairs of
a layer, an upstream gradient for each neuron and an input for each weight, form a rectangle: their
sums over the lanes are one matrix product, δ aᵀ. All others are summed pair by pair.
"""

from array import array
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_core.gate import GATES
from autograd_core.programs.graph import ALIKE, MATRIX, VARYING, Graph, Packed, grouped, zeros
from autograd_core.programs.run.columns import Columns

Key = tuple[object, ...]


def add_groups(plan: Columns, groups: Packed, layers: Packed) -> None:
    """Give the nodes of groups their places.

    A group is sorted by its operands' places. But a layer's upstream gradients have the order of
    their leaves: they are copied next to each other if several groups compute them.
    """
    graph, order, ends, places = plan.graph, plan.order, plan.ends, plan.places
    kinds, numbers, bounds = graph.kinds, groups.numbers, groups.ends
    group_of, ranks, ranked = _group_of(graph, groups), zeros(len(graph)), 0
    collected: dict[int, list[tuple[int, ...]]] = {}
    for layer in layers:
        found = {group_of[node] for node in layer}
        if len(found) > 1 and min(found) >= 0:
            collected.setdefault(max(found), []).append(layer)
        else:
            for node in layer:
                ranked += 1
                ranks[node] = ranked
    lists = _lists_in(graph)
    for group in range(len(groups)):
        first, count = numbers[bounds[group]], bounds[group + 1] - bounds[group]
        if kinds[first] == ALIKE:
            row, plan.first_varying = plan.shared, group + 1
            plan.shared += count
        else:
            row = plan.rows
            plan.rows += count
        if count == 1:
            places[first] = row
            order.append(first)
        else:
            nodes = _sorted(plan, groups.at(group), ranks)
            for node in nodes:
                places[node] = row
                row += 1
            order.extend(nodes)
        ends.append(len(order))
        if graph.operations[first] in lists:
            plan.copy_mixed(order[-count:].tolist())
        for layer in collected.get(group, ()):
            plan.move(layer)


def _group_of(graph: Graph, groups: Packed) -> "array[int]":
    """The group of each node; -1 for those that no gate produces."""
    found = array("i", [-1]) * len(graph)
    for group in range(len(groups)):
        for place in range(groups.ends[group], groups.ends[group + 1]):
            found[groups.numbers[place]] = group
    return found


def _sorted(plan: Columns, group: Sequence[int], ranks: Sequence[int]) -> list[int]:
    """The gates of a group, which have a place in a layer, or else their operands in order."""
    graph, places, moved = plan.graph, plan.places, plan.moved
    kinds, inputs, keys = graph.kinds, len(graph.inputs), []
    commutes = graph.commutes(graph.operations[group[0]])
    for position, node in enumerate(group):
        found = [0, 0]
        operands = graph.operands.at(node)
        if commutes:
            operands = tuple(sorted(operands))
        for place, operand in enumerate(operands[:2]):
            found[place] = moved[operand][1] if operand in moved else places[operand]
            if kinds[operand] == VARYING:
                found[place] -= inputs
        keys.append((ranks[node], found[0], found[1], position))
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


def upstream_layers(graph: Graph, pairs: Packed) -> Packed:
    """Upstream gradients with the same local gradients, in the order of their leaves."""
    varying, layers = Packed(), Packed()
    for place in range(len(pairs)):
        pair = pairs.at(place)
        if graph.varies(pair[0]) and graph.varies(pair[1]):
            varying.append(pair)
    upstreams, locals_ = _column(varying, 0), _column(varying, 1)
    rows = grouped(upstreams)
    for layer in grouped([tuple(sorted([locals_[place] for place in row])) for row in rows]):
        layers.append([upstreams[rows.at(row)[0]] for row in layer])
    return layers


def _column(pairs: Packed, place: int) -> list[int]:
    """All upstream gradients, all local gradients, or all leaves of pairs."""
    return [pairs.numbers[3 * row + place] for row in range(len(pairs))]


def groups_of(graph: Graph, layers: Packed) -> Packed:
    """The gates of a graph in groups, in topological order (levelised).

    What all lanes share comes first. Within it, and within the rest, a gate's level is the length
    of the longest path to it; the gates of a group have one level and one kind. Those that have
    nothing else in common are groups of their own, unless there are so many of them that the graph
    is no network.
    """
    kinds, lists, groups = graph.kinds, _lists_in(graph), Packed()
    numbers = {operation: number for number, operation in enumerate({*graph.operations})}
    order, ends = _by_level(graph)
    start = 0
    for end in ends:
        if end - start == 1:
            groups.append((order[start],))
        else:
            alike: dict[Any, list[int]] = {}
            for place in range(start, end):
                node = order[place]
                operation, operands = graph.operations[node], graph.operands.at(node)
                if operation in lists or len(operands) > 3:
                    key: Any = operation, *_taken(graph, operation, operands)
                else:
                    taken = 0
                    for operand in operands:
                        taken = 3 * taken + kinds[operand]
                    key = 27 * numbers[operation] + taken
                alike.setdefault(key, []).append(node)
            for group in alike.values():
                groups.append(group)
        start = end
    if len(groups) == len(order):
        return groups
    return _separated(graph, groups, layers, lists) or groups


def _by_level(graph: Graph) -> "tuple[array[int], array[int]]":
    """The gates by level, those that all lanes share before the others; where each level ends."""
    kinds, numbers, ends = graph.kinds, graph.operands.numbers, graph.operands.ends
    levels, deepest, shared = zeros(len(graph)), 0, 0
    for node in range(len(graph)):
        start, end = ends[node], ends[node + 1]
        if start == end:
            continue
        level, kind = 0, kinds[node]
        for place in range(start, end):
            operand = numbers[place]
            if levels[operand] > level and kinds[operand] == kind:
                level = levels[operand]
        levels[node] = level = level + 1
        if not graph.varies(node):
            shared = max(shared, level)
        else:
            deepest = max(deepest, level)
    starts = zeros(shared + deepest + 1)
    for node in range(len(graph)):
        if levels[node]:
            if graph.varies(node):
                levels[node] += shared
            starts[levels[node]] += 1
    for level in range(shared + deepest):
        starts[level + 1] += starts[level]
    order = zeros(starts[shared + deepest])
    for node in range(len(graph)):
        if levels[node]:
            level = levels[node] - 1
            order[starts[level]] = node
            starts[level] += 1
    return order, starts[: shared + deepest]


def _taken(graph: Graph, operation: str, operands: tuple[int, ...]) -> Key:
    """What the lists of alike gates have in common: their length, and where they are."""
    if operation == MATRIX:
        return operands[len(operands) // 2 :]
    gate, kinds = GATES[operation], [graph.kinds[operand] for operand in operands]
    if not gate.variadic:
        return tuple(kinds)
    lists = [{*each} if isinstance(each, tuple) else {each} for each in gate.group(kinds)]
    return len(operands), *[each.pop() if len(each) == 1 else VARYING for each in lists]


def _separated(graph: Graph, groups: Packed, layers: Packed, lists: set[str]) -> Packed | None:
    """Groups by what their gates take, the results of the same groups, and what reads them.

    Gates whose results are read as one stay together: as a list, or as the gradient of a layer.
    None if there are too many groups.
    """
    readers: dict[int, set[int]] = {}
    for node, operation in enumerate(graph.operations):
        if operation in lists:
            for operand in graph.operands.at(node):
                if graph.operands.at(operand):  # what a gate produces
                    readers.setdefault(operand, set()).add(node)
    for place, layer in enumerate(layers, len(graph)):
        for node in layer:
            readers.setdefault(node, set()).add(place)
    found, group_of = Packed(), array("i", [-1]) * len(graph)
    for place in range(len(groups)):
        group = groups.at(place)
        for nodes in [group] if len(group) == 1 else _parts(graph, group, group_of, readers):
            for node in nodes:
                group_of[node] = len(found)
            found.append(nodes)
        if len(found) > MORE * len(groups):
            return None
    return found


def _parts(
    graph: Graph, group: Sequence[int], group_of: Sequence[int], readers: dict[int, set[int]]
) -> list[list[int]]:
    """A group by what its gates take and what reads them."""
    by_operands: dict[Any, list[int]] = {}
    for node in group:
        operands = graph.operands.at(node)
        if len(operands) == 2:
            x, y = group_of[operands[0]], group_of[operands[1]]
            key: Any = (x, y) if x < y else (y, x)
        else:
            key = tuple(sorted({group_of[operand] for operand in operands}))
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


def add_gradient(plan: Columns, pairs: Packed) -> None:
    """Add up the gradient from all pairs of an upstream and a local gradient, with their leaf."""
    graph, one = plan.graph, plan.graph.constant(1.0)
    both, ones = Packed(), Packed()
    for upstream, local, leaf in pairs:
        varying, factor = (upstream, local) if graph.varies(upstream) else (local, upstream)
        if graph.varies(factor):
            both.append((varying, factor, leaf))
        elif not graph.varies(varying):
            plan.alike.append((upstream, local, leaf))
        elif factor == one:
            ones.append((varying, one, leaf))
        else:
            plan.summed.append((varying, factor, leaf))
    group_of, order, start = array("i", [-1]) * len(plan.graph), plan.order, 0
    for group, end in enumerate(plan.ends):
        for place in range(start, end):
            group_of[order[place]] = group
        start = end
    for pairs in (both, ones):
        rows, keys = grouped(_column(pairs, 0)), []
        for row in rows:
            locals_ = [local for local, _ in _received(pairs, row)]
            keys.append((group_of[pairs.at(row[0])[0]], *locals_))
        for alike in grouped(keys):
            upstreams = [pairs.at(rows.at(each)[0])[0] for each in alike]
            leaves = [[leaf for _, leaf in _received(pairs, rows.at(each))] for each in alike]
            locals_ = [*keys[alike[0]][1:]]
            if pairs is both and len(locals_) == len(upstreams) == 1:
                plan.single.append((upstreams[0], locals_[0], leaves[0][0]))
            else:
                taken = locals_ if pairs is both else []
                plan.rectangles.append((upstreams, taken, np.array(leaves, dtype=np.intc)))


def _received(pairs: Packed, row: Sequence[int]) -> list[tuple[int, int]]:
    """The local gradients and leaves of some pairs, in their order."""
    numbers = pairs.numbers
    return sorted([(numbers[3 * place + 1], numbers[3 * place + 2]) for place in row])
