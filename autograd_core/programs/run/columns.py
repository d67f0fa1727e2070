"""A compiled graph as columns of whole numbers: its groups of gates, and sums over the lanes."""

from array import array
from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np

from autograd_core.gate import GATES
from autograd_core.programs.graph import MATRIX, VARYING, Graph
from autograd_core.programs.run import Index

Product = tuple[int, int, int]
"""Two nodes, and the leaf to whose gradient their product is added."""

Rectangle = tuple[list[int], list[int], Index]
"""Upstream gradients (n,), local gradients (k,), or none where these are 1, and the leaves (n, k)
to whose gradients the products are added; where there is no local gradient, (n, any)."""


class Columns:
    """Outputs of a graph and, if asked, a gradient: in which order and where all is computed.

    Groups of equal gates are kept as columns: whole numbers, group after group. From these the
    steps are written, and the instructions that are printed.

    The numbers that all lanes share are in one array: the leaves first, in their order, then the
    constants, then results. What varies is in another array, a row for each node: the inputs first.

    Attributes:
        graph: the graph.
        dtype: the type of all numbers.
        shared, rows: how many numbers there are that all lanes share, and how many rows.
        counted: how many leaves have a gradient; they are the first.
        leaves: how many of the shared numbers are leaves; they come first.
        constants: the numbers of the constants, which come next.
        places: the place of each node in its array.
        order: the nodes of all groups: those that all lanes share, and then those that vary, a
            local gradient right after what it is computed from, while that is in the cache.
        ends: where each group ends in that order.
        first_varying: the first group that is carried out for the lanes.
        copies: the rows of copies of nodes, for lists that mix them with others.
        moved: nodes that a group copies next to each other, with the group and the new row. From
            then on they are read there.
        rectangles: products that are summed over the lanes, those of some nodes with some others.
        single: the same pair by pair.
        summed: products of a node's sum over the lanes with one that all lanes share.
        alike: products of two that all lanes share; they count for each lane.
        computed: the nodes of the outputs.
    """

    def __init__(self, graph: Graph, dtype: Any) -> None:
        self.graph, self.dtype = graph, np.dtype(dtype)
        self.places = array("i", [-1]) * len(graph)
        self.order, self.ends = array("i"), array("i")
        self.first_varying = self.counted = 0
        self.copies: dict[int, int] = {}
        self.moved: dict[int, tuple[int, int]] = {}
        self.rectangles: list[Rectangle] = []
        self.single: list[Product] = []
        self.summed: list[Product] = []
        self.alike: list[Product] = []
        self.computed: list[int] = []
        self.leaves = len(graph.leaves)
        self.constants = np.array([*graph.numbers.values()], dtype=float)
        sources = [*graph.leaves, *graph.numbers]
        self.rows, self.shared = len(graph.inputs), len(sources)
        for nodes in (graph.inputs, sources):
            for place, node in enumerate(nodes):
                self.places[node] = place

    def copy_mixed(self, nodes: Sequence[int]) -> None:
        """Make room for copies of what a group takes in lists of several kinds of numbers."""
        for rows in self.lists(nodes):
            taken, kinds = [*chain.from_iterable(rows)], self.graph.kinds
            if len({kinds[node] for node in taken}) > 1:
                new = [node for node in dict.fromkeys(taken) if kinds[node] != VARYING]
                new = [node for node in new if node not in self.copies]
                self.copies |= {node: row for row, node in enumerate(new, self.rows)}
                self.rows += len(new)

    def move(self, nodes: Sequence[int]) -> None:
        """Copy some nodes next to each other, where they are read from then on."""
        group = len(self.ends)
        self.moved |= {node: (group, row) for row, node in enumerate(nodes, self.rows)}
        self.rows += len(nodes)
        self.order.extend(nodes)
        self.ends.append(len(self.order))

    def row(self, node: int) -> int:
        """The row of a node that varies, once all is computed."""
        return self.moved[node][1] if node in self.moved else self.places[node]

    def group(self, place: int) -> list[int]:
        """The nodes of a group."""
        return self.order[self.ends[place - 1] if place else 0 : self.ends[place]].tolist()

    def lists(self, nodes: Sequence[int]) -> list[list[tuple[int, ...]]]:
        """The operands of a group: for each parameter of its gate a list, (k, n), or one, (1, n).

        Of rows of a matrix product, the inputs, once, and the weights, (n, k).
        """
        operation = self.graph.operations[nodes[0]]
        if operation == MATRIX:
            rows = [self.graph.operands.at(node) for node in nodes]
            half = len(rows[0]) // 2
            return [[rows[0][half:]], [row[:half] for row in rows]]
        columns = [*zip(*[self.graph.operands.at(node) for node in nodes], strict=True)]
        gate = GATES[operation]
        lists = len(gate.parameters) - gate.scalars if gate.variadic else 0
        groups = enumerate(gate.group(columns))
        return [[*group] if place < lists else [group] for place, group in groups]
