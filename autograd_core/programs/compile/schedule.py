"""Scheduling: the instructions for all nodes, and for the gradients of the leaves.

Nodes are sorted into levels, and equal gates of a level are one instruction. A leaf that all lanes
share gets a contribution, upstream × local, from each of its consumers in every lane. The pairs of
a layer, an upstream gradient for each neuron and an input for each weight, form a rectangle: their
sums over the lanes are one matrix product, δ aᵀ. All others are summed pair by pair.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from operator import itemgetter

import numpy as np

from autograd_core.gate import GATES
from autograd_core.programs.graph import CONSTANT, INPUT, MATRIX, Graph, commutes
from autograd_core.programs.run.arrays import (
    GRADIENT,
    INPUTS,
    LANES,
    ONES,
    SHARED,
    SUMS,
    Index,
    Rows,
)
from autograd_core.programs.run.instructions import (
    Apply,
    Argument,
    Copy,
    Inner,
    Instruction,
    Multiply,
    Outer,
    Reduction,
    ScaledSums,
)

Key = tuple[object, ...]

LeafPair = tuple[int, int, int]
"""The nodes of an upstream and a local gradient, and the place of the leaf that they belong to."""


class Schedule:
    """The place of each node's number, and the instructions that compute it.

    The numbers that all lanes share are in one array: the leaves first, in their order, then the
    constants, then results. What varies is in another array, a row for each node.

    Attributes:
        shared: the instructions that are carried out once.
        varying: the instructions that are carried out for the lanes, after those of `copying`.
        collected: layers that several groups compute, by the last of these.
        leaves: how many leaves there are.
        constants: the numbers of the constants.
        sizes: how many numbers there are in each array.
    """

    def __init__(
        self,
        graph: Graph,
        groups: Sequence[Sequence[int]],
        layers: Sequence[Sequence[int]],
        inputs: Sequence[int],
        leaves: Sequence[int],
    ) -> None:
        self._graph = graph
        self._arrays, self._ordered = arrays_of(graph), operands_of(graph)
        self._places = [-1] * len(graph)
        self.sizes = {SHARED: 0, INPUTS: 0, LANES: 0}
        self._copies: dict[int, int] = {}
        self._ranks: dict[int, int] = {}
        constants = [node for node in graph if graph.operations[node] == CONSTANT]
        self.leaves = len(leaves)
        self._place(inputs, INPUTS)
        self._place([*leaves, *constants], SHARED)
        self.constants = np.array([graph.numbers[node] for node in constants], dtype=float)
        varying = [group for group in groups if graph.varies[group[0]]]
        shared = [group for group in groups if not graph.varies[group[0]]]
        self.shared = [self._evaluation(group, SHARED) for group in shared]
        group_of = {node: place for place, group in enumerate(varying) for node in group}
        self.collected: dict[int, list[Sequence[int]]] = {}
        for layer in layers:
            places = {group_of.get(node, -1) for node in layer}
            if len(places) > 1 and min(places) >= 0:
                self.collected.setdefault(max(places), []).append(layer)
            else:
                self._ranks |= {node: rank for rank, node in enumerate(layer, len(self._ranks))}
        self.varying: list[Instruction] = []
        for place, group in enumerate(varying):
            self.varying.append(self._evaluation(group, LANES))
            self.varying += map(self._collection, self.collected.get(place, []))

    def rows(self, nodes: Sequence[int]) -> Rows:
        """The places of some nodes, all in one array.

        Where they are in several arrays, those outside the array of the lanes get copies in it.
        """
        if len(nodes) == 1:
            [array, place] = self.where(nodes[0])
            return Rows(array, place)
        return Rows(*self._gathered(nodes))

    def matrix(self, nodes: Sequence[Sequence[int]]) -> Rows:
        """The same in two dimensions."""
        array, places = self._gathered([*chain.from_iterable(nodes)])
        columns = [len(nodes[0])] if nodes else []
        return Rows(array, np.array(places, dtype=np.intp).reshape(len(nodes), *columns))

    def _gathered(self, nodes: Sequence[int]) -> tuple[str, list[int]]:
        arrays = {self._arrays[node] for node in nodes}
        if len(arrays) == 1:
            return arrays.pop(), [self._places[node] for node in nodes]
        return LANES, [self._in_lanes(node) for node in nodes]

    def in_order(self, nodes: Sequence[int]) -> tuple[Rows, Index]:
        """The places of some nodes in ascending order, and that order."""
        rows = self.rows(nodes)
        order = np.argsort(rows.index, kind="stable")
        return Rows(rows.array, rows.index[order]), order

    def _place_of_operands(self, node: int) -> tuple[int, ...]:
        """The sort key of the gates of a group, which puts their operands in order, or leaves."""
        operands = self._graph.operands[node][:2]
        places = [self._places[operand] for operand in operands]
        return self._ranks.get(node, -1), *places

    def where(self, node: int) -> tuple[str, int]:
        """The array of a node, and its place there."""
        return self._arrays[node], self._places[node]

    def _place(self, nodes: Sequence[int], array: str) -> None:
        for place, node in enumerate(nodes, self.sizes[array]):
            self._places[node] = place
        self.sizes[array] += len(nodes)

    def _in_lanes(self, node: int) -> int:
        """The place of a node, or of its copy, in the array of the lanes."""
        array, place = self.where(node)
        if array == LANES:
            return place
        if node not in self._copies:
            self._copies[node] = self.sizes[LANES]
            self.sizes[LANES] += 1
        return self._copies[node]

    def copying(self) -> list[Instruction]:
        """The instructions that fill the copies; they come before all others of the lanes."""
        copying: list[Instruction] = []
        for array in (INPUTS, SHARED):
            nodes = [node for node in self._copies if self._arrays[node] == array]
            if nodes:
                places = [self._copies[node] for node in nodes]
                copying.append(
                    Copy((self.rows(nodes),), Rows(LANES, np.array(places)), tuple(nodes))
                )
        return copying

    def _collection(self, nodes: Sequence[int]) -> Instruction:
        """Copy nodes next to each other, where they are read from then on."""
        taken = self.rows(nodes)
        self._place(nodes, LANES)
        return Copy((taken,), self.rows(nodes), tuple(nodes))

    def _evaluation(self, group: Sequence[int], array: str) -> Instruction:
        """One instruction for a group of equal gates, which get their places in an array."""
        graph = self._graph
        nodes = sorted(group, key=self._place_of_operands) if len(group) > 1 else group
        self._place(nodes, array)
        operation, out = graph.operations[nodes[0]], self.rows(nodes)
        operands = [self._ordered[node] for node in nodes]
        if operation == MATRIX:
            half = len(operands[0]) // 2
            inputs, order = self.in_order(operands[0][half:])
            weights = self.matrix([each[:half] for each in operands])
            weights = Rows(weights.array, weights.index[:, order])
            return Multiply((weights, inputs), out, tuple(nodes))
        gate = GATES[operation]
        if gate.variadic:
            size = len(operands[0]) // len(gate.parameters)
            taken: list[Argument] = [
                self.matrix([[each[start + place] for each in operands] for place in range(size)])
                for start in range(0, size * len(gate.parameters), size)
            ]
        else:
            taken = [self._operand(column) for column in zip(*operands, strict=True)]
        return Apply(tuple(taken), out, tuple(nodes), operation)

    def _operand(self, nodes: Sequence[int]) -> Argument:
        """An operand of a group: one number if it is the same constant for all."""
        numbers = self._graph.numbers
        if nodes[0] in numbers and len(set(nodes)) == 1:
            return numbers[nodes[0]]
        return self.rows(nodes)


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
    for node, operands in enumerate(operands_of(graph)):
        if operands:
            own, operation = varies[node], graph.operations[node]
            level = 1 + max([levels[each] for each in operands if varies[each] == own], default=0)
            levels[node] = level
            taken: Sequence[object] = [arrays[each] for each in operands]
            if operation == MATRIX:
                taken = operands[len(operands) // 2 :]
            elif operation in variadic:
                kinds = [set(each) for each in GATES[operation].group(taken)]
                lists = [each.pop() if len(each) == 1 else LANES for each in kinds]
                taken = [len(operands), *lists]
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


def operands_of(graph: Graph) -> list[tuple[int, ...]]:
    """The operands of each node; those of a commutative gate sorted by array.

    The constant of a product comes first: gates that are alike then have it in one place.
    """
    commuting = {name for name in set(graph.operations) if commutes(name)}
    arrays, numbers = arrays_of(graph), graph.numbers
    found = []
    for operation, operands in zip(graph.operations, graph.operands, strict=True):
        if operation in commuting and len({arrays[operand] for operand in operands}) > 1:
            operands = tuple(sorted(operands, key=lambda operand: (arrays[operand], operand)))
        elif operation == "multiply" and operands[1] in numbers:
            operands = operands[::-1]
        found.append(operands)
    return found


def arrays_of(graph: Graph) -> list[str]:
    """The array in which each node has its place."""
    return [
        INPUTS if operation == INPUT else LANES if varies else SHARED
        for operation, varies in zip(graph.operations, graph.varies, strict=True)
    ]


Pairs = dict[int, list[tuple[int, int]]]
"""The pairs of each upstream gradient: local gradients, each with the place of its leaf."""

Rectangle = tuple[list[int], list[int], list[list[int]]]
"""Upstream nodes, local nodes (none where they are 1), and the leaf of each pair."""


def gradient_of(
    graph: Graph, groups: Sequence[Sequence[int]], pairs: Iterable[LeafPair], schedule: Schedule
) -> tuple[list[Reduction], list[ScaledSums], int]:
    """The instructions that add up the gradient from all pairs.

    Returns:
        The sums over the lanes, the products that follow them, and how many of the sums are only
        factors of such products.
    """
    one, varies = graph.constant(1.0), graph.varies
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
    rectangles, single = _rectangles(both, ones, [*groups, *chain(*schedule.collected.values())])
    reached = Counter([leaf for _, _, leaf in single])
    for _, _, leaves in rectangles:
        reached.update(np.ravel(leaves).tolist())
    each_lane = Rows(ONES, np.zeros(1, dtype=np.intp))
    sums: list[Reduction] = []
    for upstreams, locals_, leaves in rectangles:
        rows, order = schedule.in_order(upstreams)
        places, others = np.array(leaves, dtype=np.intp)[order], each_lane
        if locals_:
            others, order = schedule.in_order(locals_)
            places = places[:, order]
        alone = all(reached[leaf] == 1 for leaf in places.ravel().tolist())
        sums.append(Outer(rows, others, Rows(GRADIENT, places), alone))
    if single:
        first, second, target = _columns(single)
        sums.append(Inner(schedule.rows(first), schedule.rows(second), target))
    place_of = {node: place for place, node in enumerate(dict.fromkeys(x for x, _, _ in summed))}
    products: list[ScaledSums] = []
    if summed:
        partial = Rows(SUMS, np.arange(len(place_of))[:, np.newaxis])
        sums.append(Outer(schedule.rows(list(place_of)), each_lane, partial, alone=True))
        first, second, target = _columns(summed)
        factors = Rows(SUMS, np.array([place_of[node] for node in first]))
        products.append(ScaledSums(factors, schedule.rows(second), target))
    if shared:
        first, second, target = _columns(shared)
        products.append(ScaledSums(schedule.rows(first), schedule.rows(second), target))
    return sums, products, len(place_of)


def _rectangles(
    both: Pairs, ones: Pairs, groups: Sequence[Sequence[int]]
) -> tuple[list[Rectangle], list[LeafPair]]:
    """Upstream gradients with the same local gradients, in the same order; and what is left."""
    rectangles: list[Rectangle] = []
    single: list[LeafPair] = []
    group_of = {node: place for place, group in enumerate(groups) for node in group}
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
