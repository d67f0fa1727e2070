"""Scheduling: nodes are sorted into levels, and equal gates of a level are one instruction."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import numpy as np

from autograd_core.gate import GATES
from autograd_core.programs.graph import CONSTANT, INPUT, MATRIX, Graph, commutes
from autograd_core.programs.run.arrays import INPUTS, LANES, SHARED, Index, Rows
from autograd_core.programs.run.instructions import Apply, Argument, Copy, Instruction, Multiply

Key = tuple[object, ...]


class Schedule:
    """The place of each node's number, and the instructions that compute it.

    The numbers that all lanes share are in one array: the leaves first, in their order, then the
    constants, then results. What varies is in another array, a row for each node.

    Args:
        graph: the circuit, its sums rewritten.
        groups: its gates as `groups_of` has them.
        inputs: the nodes of the inputs, in the order of their rows.
        leaves: the nodes of the leaves, in the order of their places.
        together: lists of nodes that are read as one array.

    Attributes:
        where: the array and the place in it of each node.
        shared: the instructions that are carried out once.
        varying: the instructions that are carried out for the lanes.
        leaves: how many leaves there are.
        constants: the numbers of the constants.
        sizes: how many numbers there are in each array.
    """

    def __init__(
        self,
        graph: Graph,
        groups: Sequence[Sequence[int]],
        inputs: Sequence[int],
        leaves: Sequence[int],
        together: Iterable[Sequence[int]],
    ) -> None:
        self._graph = graph
        self.sizes = {SHARED: 0, INPUTS: 0, LANES: 0}
        self.where: dict[int, tuple[str, int]] = {}
        self._copies: dict[int, int] = {}
        constants = [node for node in graph if graph.operations[node] == CONSTANT]
        self.leaves = len(leaves)
        self._place(inputs, INPUTS)
        self._place([*leaves, *constants], SHARED)
        self.constants = np.array([graph.numbers[node] for node in constants], dtype=float)
        for nodes in [*chain.from_iterable(_lists(graph, group) for group in groups), *together]:
            self._bring_together(nodes)
        varying = [group for group in groups if graph.varies[group[0]]]
        shared = [group for group in groups if not graph.varies[group[0]]]
        self.shared = [self._evaluation(group, SHARED) for group in shared]
        self.varying = self._copying()
        self.varying += [self._evaluation(group, LANES) for group in varying]

    def rows(self, nodes: Sequence[Sequence[int]] | Sequence[int]) -> Rows:
        """The places of some nodes, in one or two dimensions, all in one array."""
        shape = np.shape(nodes)
        flat = np.ravel(nodes).tolist()
        arrays = {self.where[node][0] for node in flat}
        if len(arrays) > 1:
            places = [self._copies.get(node, self.where[node][1]) for node in flat]
            return Rows(LANES, np.array(places, dtype=np.intp).reshape(shape))
        places = [self.where[node][1] for node in flat]
        return Rows(arrays.pop(), np.array(places, dtype=np.intp).reshape(shape))

    def in_order(self, nodes: Sequence[int]) -> tuple[Rows, Index]:
        """The places of some nodes in ascending order, and that order."""
        rows = self.rows(nodes)
        order = np.argsort(rows.index, kind="stable")
        return Rows(rows.array, rows.index[order]), order

    def _place_of_operands(self, node: int) -> tuple[int, ...]:
        """The sort key of the gates of a group, which puts their operands in order."""
        operands = self._graph.operands[node][:2]
        return tuple([self.where[operand][1] for operand in operands])

    def _place(self, nodes: Sequence[int], array: str) -> None:
        for node in nodes:
            self.where[node] = array, self.sizes[array]
            self.sizes[array] += 1

    def _bring_together(self, nodes: Sequence[int]) -> None:
        """Give nodes from different arrays a copy in the array of the lanes."""
        arrays = {_kind(self._graph, node) for node in nodes}
        for node in nodes:
            if len(arrays) > 1 and _kind(self._graph, node) != LANES:
                self._copies.setdefault(node, -1)

    def _copying(self) -> list[Instruction]:
        """Place the copies, and make the instructions that fill them."""
        copying: list[Instruction] = []
        for array in (INPUTS, SHARED):
            nodes = [node for node in self._copies if _kind(self._graph, node) == array]
            start = self.sizes[LANES]
            self.sizes[LANES] += len(nodes)
            self._copies |= {node: start + place for place, node in enumerate(nodes)}
            if nodes:
                out = Rows(LANES, np.arange(start, self.sizes[LANES]))
                source = Rows(array, np.array([self.where[node][1] for node in nodes]))
                copying.append(Copy((source,), out, tuple(nodes)))
        return copying

    def _evaluation(self, group: Sequence[int], array: str) -> Instruction:
        """One instruction for a group of equal gates, which get their places in an array."""
        graph = self._graph
        nodes = sorted(group, key=self._place_of_operands)
        self._place(nodes, array)
        operation, out = graph.operations[nodes[0]], self.rows(nodes)
        operands = [graph.operands[node] for node in nodes]
        if operation == MATRIX:
            half = len(operands[0]) // 2
            inputs, order = self.in_order(operands[0][half:])
            weights = self.rows([each[:half] for each in operands])
            weights = Rows(weights.array, weights.index[:, order])
            return Multiply((weights, inputs), out, tuple(nodes))
        gate = GATES[operation]
        if gate.variadic:
            size = len(operands[0]) // len(gate.parameters)
            taken: list[Argument] = [
                self.rows([[each[start + place] for each in operands] for place in range(size)])
                for start in range(0, size * len(gate.parameters), size)
            ]
        else:
            columns = zip(*[_ordered(graph, node) for node in nodes], strict=True)
            taken = [self._operand(column) for column in columns]
        return Apply(tuple(taken), out, tuple(nodes), operation)

    def _operand(self, nodes: Sequence[int]) -> Argument:
        """An operand of a group: one number if it is the same constant for all."""
        numbers = self._graph.numbers
        if nodes[0] in numbers and len(set(nodes)) == 1:
            return numbers[nodes[0]]
        return self.rows(nodes)


def groups_of(graph: Graph) -> list[list[int]]:
    """The gates of a graph in groups, in topological order (levelised).

    What all lanes share comes first. Within it, and within the rest, a gate's level is the length
    of the longest path to it; the gates of a group have one level and one kind.
    """
    levels = [0] * len(graph)
    groups: dict[Key, list[int]] = {}
    for node, operands in enumerate(graph.operands):
        if operands:
            varies = graph.varies[node]
            before = [levels[operand] for operand in operands if graph.varies[operand] == varies]
            levels[node] = 1 + max(before, default=0)
            key = (varies, levels[node], graph.operations[node], _signature(graph, node))
            groups.setdefault(key, []).append(node)
    return [groups[key] for key in sorted(groups, key=lambda key: (key[0], key[1]))]


def _signature(graph: Graph, node: int) -> Key:
    """The key that gates of one operation share if one instruction can evaluate them."""
    operation, operands = graph.operations[node], graph.operands[node]
    half = len(operands) // 2
    if operation == MATRIX:
        return operands[half:]
    if GATES[operation].variadic:
        kinds = [
            {_kind(graph, operand) for operand in each} for each in GATES[operation].group(operands)
        ]
        return (len(operands), *[each.pop() if len(each) == 1 else LANES for each in kinds])
    return tuple([_kind(graph, operand) for operand in _ordered(graph, node)])


def _ordered(graph: Graph, node: int) -> Sequence[int]:
    """A gate's operands; those of a commutative gate sorted by array."""
    operands = graph.operands[node]
    if commutes(graph.operations[node]):
        return sorted(operands, key=lambda operand: (_kind(graph, operand), operand))
    return operands


def _kind(graph: Graph, node: int) -> str:
    """The array in which a node has its place."""
    if graph.operations[node] == INPUT:
        return INPUTS
    return LANES if graph.varies[node] else SHARED


def _lists(graph: Graph, nodes: Sequence[int]) -> Iterator[Sequence[int]]:
    """The operands of a group of gates that are read as one array."""
    operation = graph.operations[nodes[0]]
    half = len(graph.operands[nodes[0]]) // 2
    if operation == MATRIX:
        yield graph.operands[nodes[0]][half:]
    elif GATES[operation].variadic:
        gate = GATES[operation]
        lists = [gate.group(graph.operands[node]) for node in nodes]
        for place in range(len(gate.parameters)):
            yield [operand for each in lists for operand in each[place]]
