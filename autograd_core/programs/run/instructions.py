"""The instructions of a plan, each a few NumPy calls on whole groups of gates.

`Apply`, `Multiply` and `Copy` compute nodes; `Outer`, `Inner` and `ScaledSums` add up the gradient.
Numbers outside a gate's domain are reported with labels and example.
"""

from abc import ABC, abstractmethod
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial, reduce
from itertools import chain
from operator import setitem
from typing import Any

import numpy as np

from autograd_core.branches import CURE, is_needed
from autograd_core.gate import GATES, Domain
from autograd_core.programs.graph import ALIKE, GIVEN, MATRIX, Graph
from autograd_core.programs.run.arrays import (
    GRADIENT,
    INPUTS,
    LANES,
    SHARED,
    SUMS,
    TIMES,
    Array,
    Call,
    Index,
    Rows,
    Workspace,
)
from autograd_core.programs.run.numpy_rules import bind

Argument = Rows | float
"""What an instruction takes: numbers of an array, or one number for all results."""


@dataclass(eq=False, slots=True)
class Instruction(ABC):
    """One step of a plan: it computes the numbers of n nodes.

    Attributes:
        operands: what it takes.
        out: where the n results go.
        nodes: the nodes of the results.
    """

    operands: tuple[Argument, ...]
    out: Rows
    nodes: tuple[int, ...]

    @property
    def taken(self) -> list[Rows]:
        """The numbers that it takes from arrays."""
        return [each for each in self.operands if isinstance(each, Rows)]

    @abstractmethod
    def calls(self, workspace: Workspace) -> list[Call]:
        """The NumPy calls of this instruction on the arrays of a workspace."""


@dataclass(eq=False, slots=True)
class Apply(Instruction):
    """One gate applied to many operands at once.

    For each parameter of the gate it takes numbers in the order of the results, (n,), or (k, n) for
    the lists of a variadic gate; or one number for all.
    """

    gate: str

    def calls(self, workspace: Workspace) -> list[Call]:
        """The NumPy calls: gathered operands, the check of a domain, the gate's forward rule."""
        calls: list[Call] = []
        operands = [_operand(each, self.out.varies, workspace, calls) for each in self.operands]
        out = self.out.read(workspace, calls)
        if GATES[self.gate].domain:
            calls.append(partial(check_domain, self.gate, self.nodes, operands))
        return calls + bind(self.gate, operands, out, workspace)

    def refuse(self, workspace: Workspace, first: int) -> None:
        """Raise the error for the first lane of a workspace with a number that the gate refuses."""
        calls: list[Call] = []
        operands = [_operand(each, self.out.varies, workspace, calls) for each in self.operands]
        for call in calls:
            call()
        try:
            check_domain(self.gate, self.nodes, operands)
        except OutsideDomainError as error:
            if error.lane is not None:
                error.lane += first
            raise


def _operand(operand: Argument, varies: bool, workspace: Workspace, calls: list[Call]) -> Any:
    """An operand as NumPy takes it; numbers that all lanes share become a column."""
    if isinstance(operand, float):
        return operand
    array = operand.read(workspace, calls)
    return array[..., np.newaxis] if varies and not operand.varies else array


class Multiply(Instruction):
    """The matrix product W @ X of shared numbers, (n, k), and rows of numbers that vary, (k,)."""

    def calls(self, workspace: Workspace) -> list[Call]:
        """The NumPy calls of the product."""
        calls: list[Call] = []
        factors = [_matrix(each, workspace, calls) for each in self.taken]
        out = self.out.read(workspace, calls)
        return [*calls, partial(np.matmul, *factors, out)]


class Copy(Instruction):
    """Inputs or shared numbers, (n,), copied into the array of the lanes.

    A gate with a list of operands from several arrays can then read them as one.
    """

    def calls(self, workspace: Workspace) -> list[Call]:
        """The NumPy calls of the copy."""
        calls: list[Call] = []
        source = _operand(self.operands[0], True, workspace, calls)
        view = self.out.view(workspace)
        if view is not None:
            return [*calls, partial(np.copyto, view, source)]
        return [*calls, partial(setitem, workspace[self.out.array], self.out.index, source)]


@dataclass(eq=False, slots=True)
class Reduction(ABC):
    """Products of two lists of numbers, added to the gradient or to sums over the lanes."""

    left: Rows
    right: Rows
    target: Rows

    def calls(self, workspace: Workspace) -> list[Call]:
        """The NumPy calls that add the products."""
        products = workspace.scratch(self._shape)
        return [*self._products(workspace, products), _adding(products, self.target, workspace)]

    def starting_calls(self, workspace: Workspace) -> list[Call]:
        """The same for the first lanes."""
        return self.calls(workspace)

    @property
    def _shape(self) -> tuple[int, ...]:
        return (len(self.target),)

    @abstractmethod
    def _products(self, workspace: Workspace, out: Array) -> list[Call]:
        """The NumPy calls that write the products into an array."""


@dataclass(eq=False, slots=True)
class Outer(Reduction):
    """The sums over the lanes of all products: U Lᵀ for rows (n,) and (k,), added to (n, k).

    Where L has one row, the target may be (n, any).

    Attributes:
        alone: whether no other sum over the lanes reaches these places.
    """

    alone: bool

    @property
    def _shape(self) -> tuple[int, ...]:
        return len(self.left), len(self.right)

    def starting_calls(self, workspace: Workspace) -> list[Call]:
        """The same for the first lanes: products may be written where later ones are added."""
        target = self.target.view(workspace)
        if self.alone and target is not None and target.shape[1] == len(self.right):
            return self._products(workspace, target)
        return self.calls(workspace)

    def _products(self, workspace: Workspace, out: Array) -> list[Call]:
        calls: list[Call] = []
        left = _matrix(self.left, workspace, calls)
        right = _matrix(self.right, workspace, calls)
        return [*calls, partial(np.matmul, left, right.T, out)]


class Inner(Reduction):
    """The sums over the lanes of products pair by pair; all arrays (n,)."""

    def _products(self, workspace: Workspace, out: Array) -> list[Call]:
        calls: list[Call] = []
        pairs = [each.read(workspace, calls) for each in (self.left, self.right)]
        return [*calls, partial(np.einsum, "nb,nb->n", *pairs, out=out)]


class ScaledSums(Reduction):
    """Products of numbers that do not vary, once all lanes are summed; all arrays (n,).

    The left ones are sums over the lanes; or shared numbers, whose products count for each lane.
    """

    def _products(self, workspace: Workspace, out: Array) -> list[Call]:
        calls: list[Call] = []
        pairs = [each.read(workspace, calls) for each in (self.left, self.right)]
        calls.append(partial(np.multiply, *pairs, out))
        if self.left.array != SUMS:
            calls.append(partial(np.multiply, out, workspace[TIMES], out))
        return calls


def _matrix(rows: Rows, workspace: Workspace, calls: list[Call]) -> Array:
    """Numbers as a matrix that BLAS takes without copying: one of its axes is contiguous."""
    found = rows.view(workspace)
    if found is not None and found.itemsize in found.strides and min(found.strides) > 0:
        return found
    if found is None:
        return rows.read(workspace, calls)
    copy = workspace.scratch(found.shape)
    calls.append(partial(np.copyto, copy, found))
    return copy


def _adding(numbers: Array, target: Rows, workspace: Workspace) -> Call:
    """The call that adds numbers to their places."""
    view = target.view(workspace)
    if view is not None and len(np.unique(target.index)) == target.index.size:
        return partial(np.add, view, numbers, view)
    return partial(np.add.at, workspace[target.array], target.index, numbers)


Place = tuple[str, int]
"""An array, and a place in it."""

ARRAYS = (INPUTS, LANES, SHARED)
"""The arrays of nodes that are GIVEN, VARYING, and ALIKE."""


class InstructionList:
    """The instructions for some outputs of a graph and, if asked, a gradient.

    Groups of equal gates are kept as columns: whole numbers, group after group. From these the
    steps of the compiled loops are written. An instruction as an object is made where it is asked
    for, to be printed or to call NumPy.

    The numbers that all lanes share are in one array: the leaves first, in their order, then the
    constants, then results. What varies is in another array, a row for each node.

    Attributes:
        graph: the graph.
        dtype: the type of all numbers.
        sizes: how many numbers there are in each array; the gradient is that of the first leaves.
        leaves: how many of the shared numbers are leaves; they come first.
        constants: the numbers of the constants, which come next.
        places: the place of each node in its array.
        order: the nodes of all groups: those that all lanes share, and then those that vary, a
            local gradient right after what it is computed from, while that is in the cache.
        ends: where each group ends in that order.
        first_varying: the first group that is carried out for the lanes.
        copies: the rows of the copies of nodes of other arrays.
        moved: nodes that a group copies next to each other, with the group and the new row. From
            then on they are read there.
        sums: the sums over the lanes.
        products: what is added to the gradient once the sums over all lanes are known.
        computed: the nodes of the outputs.
    """

    def __init__(self, graph: Graph, dtype: Any) -> None:
        self.graph, self.dtype = graph, np.dtype(dtype)
        self.sizes = {SHARED: 0, INPUTS: 0, LANES: 0, GRADIENT: 0, SUMS: 0}
        self.places = array("i", [-1]) * len(graph)
        self.order, self.ends = array("i"), array("i")
        self.first_varying = 0
        self.copies: dict[int, int] = {}
        self.moved: dict[int, tuple[int, int]] = {}
        self.sums: list[Reduction] = []
        self.products: list[ScaledSums] = []
        self.computed: list[int] = []
        self.leaves = len(graph.leaves)
        self.constants = np.array([*graph.numbers.values()], dtype=float)
        self._place(graph.inputs, INPUTS)
        self._place([*graph.leaves, *graph.numbers], SHARED)

    # What a schedule adds

    def copy_mixed(self, nodes: Sequence[int]) -> None:
        """Make room for copies of what a group takes in lists from several arrays."""
        for rows in self.lists(nodes):
            self._gathered([*chain.from_iterable(rows)])

    def move(self, nodes: Sequence[int]) -> None:
        """Copy some nodes next to each other, where they are read from then on."""
        group, row = len(self.ends), self.sizes[LANES]
        self.sizes[LANES] += len(nodes)
        self.moved |= {node: (group, row + place) for place, node in enumerate(nodes)}
        self.order.extend(nodes)
        self.ends.append(len(self.order))

    def _place(self, nodes: Sequence[int], array: str) -> None:
        for place, node in enumerate(nodes, self.sizes[array]):
            self.places[node] = place
        self.sizes[array] += len(nodes)

    # Places

    def where(self, node: int, group: int | None = None) -> Place:
        """The array of a node, and its place there, as a group reads it, or as all is computed."""
        place = self.places[node]
        if node in self.moved:
            moving, row = self.moved[node]
            if group is None or group > moving:
                place = row
        return ARRAYS[self.graph.kinds[node]], place

    def rows(self, nodes: Sequence[int], group: int | None = None) -> Rows:
        """The places of some nodes, all in one array.

        Where they are in several arrays, those outside the array of the lanes get copies in it.
        """
        if len(nodes) == 1:
            return Rows(*self.where(nodes[0], group))
        return Rows(*self._gathered(nodes, group))

    def _matrix(self, nodes: Sequence[Sequence[int]], group: int) -> Rows:
        """The same in two dimensions."""
        array, places = self._gathered([*chain.from_iterable(nodes)], group)
        columns = [len(nodes[0])] if nodes else []
        return Rows(array, np.array(places, dtype=np.intp).reshape(len(nodes), *columns))

    def in_order(self, nodes: Sequence[int], group: int | None = None) -> tuple[Rows, Index]:
        """The places of some nodes in ascending order, and that order."""
        rows = self.rows(nodes, group)
        order = np.argsort(rows.index, kind="stable")
        return Rows(rows.array, rows.index[order]), order

    def _gathered(self, nodes: Sequence[int], group: int | None = None) -> tuple[str, list[int]]:
        arrays = {self.graph.kinds[node] for node in nodes}
        if len(arrays) == 1:
            return ARRAYS[arrays.pop()], [self.where(node, group)[1] for node in nodes]
        return LANES, [self._in_lanes(node, group) for node in nodes]

    def _in_lanes(self, node: int, group: int | None) -> int:
        """The place of a node, or of its copy, in the array of the lanes."""
        array, place = self.where(node, group)
        if array == LANES:
            return place
        if node not in self.copies:
            self.copies[node] = self.sizes[LANES]
            self.sizes[LANES] += 1
        return self.copies[node]

    # Instructions

    @property
    def shared(self) -> list[Instruction]:
        """The instructions that are carried out once for all lanes."""
        return [self.instruction(group) for group in range(self.first_varying)]

    @property
    def varying(self) -> list[Instruction]:
        """The instructions that are carried out for the lanes."""
        groups = range(self.first_varying, len(self.ends))
        return [*self.copying(), *[self.instruction(group) for group in groups]]

    def copying(self) -> list[Instruction]:
        """The instructions that fill the copies; they come before all others of the lanes."""
        copying: list[Instruction] = []
        for kind in (GIVEN, ALIKE):
            nodes = [node for node in self.copies if self.graph.kinds[node] == kind]
            if nodes:
                rows = Rows(LANES, np.array([self.copies[node] for node in nodes]))
                copying.append(Copy((self.rows(nodes),), rows, tuple(nodes)))
        return copying

    def group(self, place: int) -> list[int]:
        """The nodes of a group."""
        return self.order[self.ends[place - 1] if place else 0 : self.ends[place]].tolist()

    def instruction(self, group: int) -> Instruction:
        """The instruction that computes a group."""
        graph, nodes = self.graph, self.group(group)
        out = self.rows(nodes, group)
        if self.moved.get(nodes[0], (-1,))[0] == group:
            return Copy((out,), self.rows(nodes), tuple(nodes))
        operation, lists = graph.operations[nodes[0]], self.lists(nodes)
        if operation == MATRIX:
            [inputs, weights] = lists
            rows, order = self.in_order(inputs[0], group)
            found = self._matrix(weights, group)
            return Multiply((Rows(found.array, found.index[:, order]), rows), out, tuple(nodes))
        taken: list[Argument] = [self._matrix(each, group) for each in lists]
        if not lists:
            operands = [graph.operands[node] for node in nodes]
            taken = [self._operand(column, group) for column in zip(*operands, strict=True)]
        return Apply(tuple(taken), out, tuple(nodes), operation)

    def lists(self, nodes: Sequence[int]) -> list[list[Sequence[int]]]:
        """The operands of a group of variadic gates: each list, (k, n).

        Of rows of a matrix product, the inputs, once, and the weights, (n, k).
        """
        operation = self.graph.operations[nodes[0]]
        if operation == MATRIX:
            rows = [self.graph.operands[node] for node in nodes]
            half = len(rows[0]) // 2
            return [[rows[0][half:]], [row[:half] for row in rows]]
        gate = GATES[operation]
        if not gate.variadic:
            return []
        rows = [self.graph.operands[node] for node in nodes]
        columns: list[Sequence[int]] = [*zip(*rows, strict=True)]
        size = len(columns) // len(gate.parameters)
        return [columns[start : start + size] for start in range(0, len(columns), size)]

    def _operand(self, nodes: Sequence[int], group: int) -> Argument:
        """An operand of a group: one number if it is the same constant for all."""
        numbers = self.graph.numbers
        if nodes[0] in numbers and len(set(nodes)) == 1:
            return numbers[nodes[0]]
        return self.rows(nodes, group)

    @property
    def outputs(self) -> list[Place]:
        """The place of each output."""
        return [self.where(node) for node in self.computed]

    @property
    def labels(self) -> dict[Place, str]:
        """The user's names of inputs and leaves."""
        labels = self.graph.labels
        sources = [*self.graph.inputs, *self.graph.leaves]
        return {self.where(node): labels[node] for node in sources if node in labels}


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
            for operand, number in zip(graph.operands[self.node], self.numbers, strict=True)
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
            graph.operands.__getitem__,
            numbers.__getitem__,
        )


def _name(graph: Graph, node: int) -> str:
    operation = graph.operations[node]
    origin = f"output of {operation}" if operation in GATES else operation
    return graph.labels.get(node, f"an unnamed {'sum' if operation == MATRIX else origin}")


def check_domain(name: str, nodes: Sequence[int], operands: Sequence[Any]) -> None:
    """Check that the operands of a group of gates are in the gate's domain.

    For each of its parameters there is a float or an array, (nodes,) or (nodes, lanes); for a
    variadic gate with one more axis in front, along the list.

    Raises:
        OutsideDomainError: for the first lane where they are not.
    """
    gate = GATES[name]
    outside = reduce(np.logical_or, [each.outside(*operands) for each in gate.domain])
    if not np.count_nonzero(outside):
        return
    row = [x for each in operands for x in each] if gate.variadic else operands
    *arrays, outside = np.broadcast_arrays(*row, outside)
    place = min(map(tuple, np.argwhere(outside).tolist()), key=lambda place: place[::-1])
    numbers = [float(array[place]) for array in arrays]
    broken = next(each for each in gate.domain if each.outside(*gate.group(numbers)))
    lane = place[1] if len(place) > 1 else None
    raise OutsideDomainError(nodes[place[0]], lane, numbers, broken)
