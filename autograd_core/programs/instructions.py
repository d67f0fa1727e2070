"""The instructions of a plan as objects, one for each line that the printer writes.

The numbers of a program have their places in arrays, which lines are written from: what all lanes
share, the inputs, and everything else that varies. A list whose numbers are in several arrays is
one in the last, to which the others are copied.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd_core.gate import GATES
from autograd_core.programs.graph import ALIKE, GIVEN, MATRIX, VARYING
from autograd_core.programs.run import Index
from autograd_core.programs.run.columns import Columns, Product

SHARED, INPUTS, LANES = "shared", "inputs", "lanes"
"""The arrays that hold the nodes: numbers shared by all lanes, [number]; the inputs and everything
else that varies, [number, lane]."""

ONES, GRADIENT, SUMS = "ones", "gradient", "sums"
"""Further arrays: a 1 for each lane; the gradient, a number for each leaf; and sums over the lanes
that are no leaf's gradient yet."""

ARRAYS = (INPUTS, LANES, SHARED)
"""The arrays of nodes that are GIVEN, VARYING, and ALIKE."""


@dataclass(eq=False, slots=True)
class Rows:
    """Some numbers of one array, by its name and their places, of shape (n,) or (k, n)."""

    array: str
    index: Index

    @property
    def varies(self) -> bool:
        """Whether the numbers differ from lane to lane."""
        return self.array != SHARED

    def __len__(self) -> int:
        return int(self.index.shape[-1])


Argument = Rows | float
"""What an instruction takes: numbers of an array, or one number for all results."""


COPY = "copy"
OUTER, INNER, SCALED = "outer", "inner", "scaled"
"""Operations of instructions that are no gates."""


@dataclass(eq=False, slots=True)
class Instruction:
    """What computes the numbers of n nodes.

    Attributes:
        operation: a gate's name; MATRIX, of shared numbers (n, k) with k rows that vary; or COPY,
            of numbers (n,) that are put next to each other.
        operands: for each parameter of the gate numbers in the order of the results, (n,), or
            (k, n) for the lists of a variadic gate; or one number for all.
        out: where the n results go.
        nodes: the nodes of the results.
    """

    operation: str
    operands: tuple[Argument, ...]
    out: Rows
    nodes: Sequence[int]

    @property
    def taken(self) -> list[Rows]:
        """The numbers that it takes from arrays."""
        return [each for each in self.operands if isinstance(each, Rows)]


@dataclass(eq=False, slots=True)
class Sum:
    """Products of two lists of numbers, added to the gradient or to sums over the lanes.

    Attributes:
        operation: OUTER, sums over the lanes of all products: U Lᵀ for rows (n,) and (k,), added to
            (n, k), or to (n, any) where L has one row; INNER, those of products pair by pair; or
            SCALED, products of what does not vary, once all lanes are summed: the left factors are
            such sums, or shared numbers, whose products count for each lane.
        left, right: the factors.
        target: where the products go.
    """

    operation: str
    left: Rows
    right: Rows
    target: Rows


Place = tuple[str, int]
"""An array, and a place in it."""


class Instructions:
    """The instructions of a plan.

    Attributes:
        graph, leaves, constants: those of the plan.
        sizes: how many numbers there are in each array.
        shared: what is carried out once for all lanes.
        varying: what is carried out for the lanes.
        sums: the sums over the lanes.
        products: what is added to the gradient once the sums over all lanes are known.
        outputs: the place of each output.
        labels: the user's names of inputs and leaves.
    """

    def __init__(self, plan: Columns) -> None:
        self._plan, self.graph = plan, plan.graph
        self.leaves, self.constants = plan.leaves, plan.constants
        inputs = len(plan.graph.inputs)
        self.sizes = {SHARED: plan.shared, INPUTS: inputs, LANES: plan.rows - inputs}
        self.sizes |= {GRADIENT: plan.counted, SUMS: 0}
        self._copies = {node: row - inputs for node, row in plan.copies.items()}
        self.shared = [self._instruction(group) for group in range(plan.first_varying)]
        groups = range(plan.first_varying, len(plan.ends))
        varying = [self._instruction(group) for group in groups]
        self.sums, self.products = self._gradient()
        self.varying = [*self._copying(), *varying]
        self.outputs = [self._where(node) for node in plan.computed]
        labels = self.graph.labels
        sources = [*self.graph.inputs, *self.graph.leaves]
        self.labels = {self._where(node): labels[node] for node in sources if node in labels}

    # Places

    def _where(self, node: int, group: int | None = None) -> Place:
        """The array of a node, and its place there, as a group reads it, or as all is computed."""
        array, place = ARRAYS[self.graph.kinds[node]], self._plan.places[node]
        if node in self._plan.moved:
            moving, row = self._plan.moved[node]
            place = row if group is None or group > moving else place
        return array, place - self.sizes[INPUTS] if array == LANES else place

    def _placed(self, nodes: Sequence[Any], group: int | None = None) -> Rows:
        """The places of some nodes, or rows of them, in one array; of others those of copies."""
        table = np.array(nodes)
        flat = table.ravel().tolist()
        mixed = len({self.graph.kinds[node] for node in flat}) > 1
        found = [(self._in_lanes if mixed else self._where)(node, group) for node in flat]
        return Rows(found[0][0], np.array([place for _, place in found]).reshape(table.shape))

    def _in_lanes(self, node: int, group: int | None) -> Place:
        """The place of a node, or of its copy, in the array of the lanes."""
        if self.graph.kinds[node] == VARYING:
            return self._where(node, group)
        place = self._copies.setdefault(node, self.sizes[LANES])
        self.sizes[LANES] = max(self.sizes[LANES], place + 1)
        return LANES, place

    def _ascending(self, nodes: Sequence[int], group: int | None = None) -> tuple[Rows, Index]:
        """The places of some nodes in ascending order, and that order."""
        rows = self._placed(nodes, group)
        order = np.argsort(rows.index, kind="stable")
        return Rows(rows.array, rows.index[order]), order

    # Instructions

    def _instruction(self, group: int) -> Instruction:
        """The instruction that computes a group."""
        graph, nodes = self.graph, self._plan.group(group)
        out, operation = self._placed(nodes, group), graph.operations[nodes[0]]
        if self._plan.moved.get(nodes[0], (-1,))[0] == group:
            return Instruction(COPY, (out,), self._placed(nodes), nodes)
        lists = self._plan.lists(nodes)
        if operation == MATRIX:
            [inputs], weights = lists
            rows, order = self._ascending(inputs, group)
            found = self._placed(weights, group)
            taken: list[Argument] = [Rows(found.array, found.index[:, order]), rows]
        elif GATES[operation].variadic:
            taken = [self._placed(each, group) for each in lists]
        else:
            taken = [self._operand(each, group) for [each] in lists]
        return Instruction(operation, tuple(taken), out, nodes)

    def _operand(self, nodes: Sequence[int], group: int) -> Argument:
        """An operand of a group: one number if it is the same constant for all."""
        if nodes[0] in self.graph.numbers and len(set(nodes)) == 1:
            return self.graph.numbers[nodes[0]]
        return self._placed(nodes, group)

    def _copying(self) -> list[Instruction]:
        """The instructions that fill the copies; they come before all others of the lanes."""
        copying: list[Instruction] = []
        for kind in (GIVEN, ALIKE):
            nodes = [node for node in self._copies if self.graph.kinds[node] == kind]
            if nodes:
                rows = Rows(LANES, np.array([self._copies[node] for node in nodes]))
                copying.append(Instruction(COPY, (self._placed(nodes),), rows, nodes))
        return copying

    def _gradient(self) -> tuple[list[Sum], list[Sum]]:
        """The sums over the lanes, and what is done with those that are no leaf's gradient."""
        plan, one = self._plan, Rows(ONES, np.zeros(1, dtype=int))
        sums: list[Sum] = []
        for upstreams, locals_, leaves in plan.rectangles:
            left, order = self._ascending(upstreams)
            right, table = one, leaves[order]
            if locals_:
                right, order = self._ascending(locals_)
                table = table[:, order]
            sums.append(Sum(OUTER, left, right, Rows(GRADIENT, table)))
        sums += [Sum(INNER, *each) for each in self._columns(plan.single)]
        places = {node: 0 for node, _, _ in plan.summed}
        places = {node: place for place, node in enumerate(places)}
        if places:
            self.sizes[SUMS] = len(places)
            whole = Rows(SUMS, np.arange(len(places))[:, np.newaxis])
            sums.append(Sum(OUTER, self._placed([*places]), one, whole))
        summed = Rows(SUMS, np.array([places[node] for node, _, _ in plan.summed]))
        products = [
            Sum(SCALED, summed, factors, leaves)
            for _, factors, leaves in self._columns(plan.summed)
        ]
        products += [Sum(SCALED, *each) for each in self._columns(plan.alike)]
        return sums, products

    def _columns(self, products: Sequence[Product]) -> list[tuple[Rows, Rows, Rows]]:
        """Two lists of factors, and where their products go, if there are any."""
        if not products:
            return []
        first, second, leaves = zip(*products, strict=True)
        return [(self._placed(first), self._placed(second), Rows(GRADIENT, np.array(leaves)))]
