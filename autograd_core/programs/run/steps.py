# cython: infer_types=True
"""The steps of a plan: its groups and sums as operation, rows, index lists.

This is the one lowering. Where the engine is compiled, `loops.pyx` carries the steps out without
the interpreter lock; else `numpy_loops.py` does, as NumPy calls. A step for which there is no loop
comes behind a step `call`, by which the loops call NumPy: a gate that was entered at run time, and
a large product, which is BLAS's.

What varies stands in one array, a row for each number: the inputs, the results, and copies of
what all lanes share wherever a gate takes that, so that a loop has to know of rows alone.
"""

from array import array
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np

from autograd_core.gate import GATES
from autograd_core.languages.kernel_text import SMALL, STEPS, has_loop
from autograd_core.programs.graph import ALIKE, MATRIX
from autograd_core.programs.run import Index
from autograd_core.programs.run.columns import Columns

RUN = 64
"""How many rows with the same number stand side by side, for gates that take it in each row."""

STEP = 6
"""The length of the step of a gate that takes numbers: operation, count, result, operands."""

WITH_SLOPE = ("tanh", "sech2")
"""A gate and its derivative, which one step computes from one exponential."""

POWERS = ("power", "power_limit")
"""Gates that are a product for an exponent of 2."""

NEVER = (2**31, 0)
"""What `moved` has for nodes that stay where they are."""


@cache
def operations() -> dict[str, int]:
    """The number of each operation: those that are no gates, and gates that have a loop."""
    names = [*STEPS, *[name for name, gate in GATES.items() if has_loop(gate)]]
    return {name: number for number, name in enumerate(names)}


def _tiles(rows: int, columns: int) -> int:
    """How many dot products of two rows with four an outer product takes."""
    return -(-rows // 2) * -(-columns // 4)


class Steps:
    """The steps of a plan.

    Attributes:
        code: the steps.
        ends: where those end that all lanes share, that are carried out for each block of lanes,
            that finish the gradient, and that spread shared numbers over the lanes, which comes
            before the blocks.
        called: the places of the steps for which there is no loop.
        gates: the names of the gates of those that are gates.
        rows: how many rows there are.
        shared: the numbers of constants that follow what all lanes share, and space behind them.
        outputs: the row of each output, or, as ~place, its place among the shared numbers.
    """

    def __init__(self, plan: Columns) -> None:
        self._plan = plan
        self.code = array("i")
        self.called: list[int] = []
        self.gates: list[str] = []
        self.rows = plan.rows
        self.shared: list[float] = []
        self._runs: dict[object, tuple[int, int]] = {}
        self._spreads = [
            (row, plan.places[node])
            for node, row in plan.copies.items()
            if plan.graph.kinds[node] == ALIKE
        ]
        self._scratch = (0, 0)
        self._used = 0
        self._repeated: tuple[Any, ...] = ()
        self.varies = False
        write_groups(self, plan, 0, plan.first_varying)
        self.ends = [len(self.code)]
        self.varies, self._scratch, self._repeated = True, (0, 0), ()
        write_groups(self, plan, plan.first_varying, len(plan.ends))
        summed = self._sums()
        self.ends.append(len(self.code))
        alike = [(plan.places[x], plan.places[y], leaf) for x, y, leaf in plan.alike]
        for from_sums, products in ((True, summed), (False, alike)):
            if products:
                left, factors, leaves = np.transpose(products)
                columns = np.full_like(left, from_sums), factors, left, leaves
                self._emit("scaled", len(left), np.stack(columns, axis=1))
        self.ends.append(len(self.code))
        if self._spreads:
            self._emit("spread", len(self._spreads), np.array(self._spreads))
        self.ends.append(len(self.code))
        self._runs, self._spreads = {}, []
        kinds = plan.graph.kinds
        self.outputs = array(
            "i", [~plan.places[x] if kinds[x] == ALIKE else plan.row(x) for x in plan.computed]
        )

    def _sums(self) -> list[tuple[int, int, int]]:
        """The steps of the sums over the lanes.

        Returns:
            For each product of such a sum and a factor: the sum's place, the factor's, and the
            leaf to whose gradient it is added.
        """
        plan, row = self._plan, self._plan.row
        for upstreams, locals_, leaves in plan.rectangles:
            left, right = [row(each) for each in upstreams], [row(each) for each in locals_]
            if not locals_:
                sources = np.broadcast_to(np.array(left)[:, np.newaxis], leaves.shape)
                self._emit("row_sums", leaves.size, np.stack([sources, leaves], axis=-1))
            elif leaves.size > SMALL:
                self._call("outer", 1, *leaves.shape, leaves, left, right)
            else:
                if _tiles(len(right), len(left)) < _tiles(len(left), len(right)):
                    left, right, leaves = right, left, leaves.T
                self._emit_once_more("outer", leaves, left, right)
        if plan.single:
            rows = [(row(left), row(right), leaf) for left, right, leaf in plan.single]
            self._emit("inner", len(rows), np.array(rows))
        places = {node: 0 for node, _, _ in plan.summed}
        places = {node: plan.counted + place for place, node in enumerate(places)}
        if places:
            pairs = [(row(node), place) for node, place in places.items()]
            self._emit("row_sums", len(pairs), np.array(pairs))
        return [(places[node], plan.places[factor], leaf) for node, factor, leaf in plan.summed]

    def with_slope(self, place: int, out: int, found: "array[int]") -> None:
        """Have a step of tanh, among the code or those found since, compute the slope, too."""
        code = self.code
        if place >= len(code):
            code, place = found, place - len(code)
        code[place], code[place + 4] = operations()["tanh_sech2"], out

    # Places

    def filled(self, number: float, count: int) -> Index:
        """Rows with a number."""
        if self.varies:
            key = number.hex()
            if key not in self._runs:
                self._runs[key] = self._more_shared([number]), 1
            number = self._runs[key][0]
        return self.equal(number, min(count, RUN)) + np.arange(count) % RUN

    def _more_shared(self, numbers: Sequence[float]) -> int:
        start = self._plan.shared + len(self.shared)
        self.shared += numbers
        return start

    def equal(self, number: float, count: int) -> int:
        """The first of rows with the same number: a constant, or that of a shared place."""
        key = number if self.varies else number.hex()
        start, size = self._runs.get(key, (0, 0))
        if size < count:
            start = (
                self._more([int(number)] * count)
                if self.varies
                else self._more_shared([number] * count)
            )
            self._runs[key] = start, count
        return start

    def spread(self, places: Sequence[int]) -> int:
        """The first of rows with shared numbers, which are filled before the first block."""
        key = array("i", places).tobytes()
        start, _ = self._runs.get(key, (-1, 0))
        if start < 0:
            start = self._more(places)
            self._runs[key] = start, len(places)
        return start

    def _more(self, places: Sequence[int]) -> int:
        """The first of new rows with numbers of shared places."""
        start = self.rows
        self.rows += len(places)
        self._spreads += enumerate(places, start)
        return start

    def _fresh(self, shape: tuple[int, ...]) -> Index:
        """Rows for intermediate results of a group."""
        count = prod(shape)
        start, size = self._scratch
        if self._used + count > size:
            size = self._used + count
            if self.varies:
                start, self.rows = self.rows, self.rows + size
            else:
                start = self._more_shared([0.0] * size)
            self._scratch, self._used = (start, size), 0
        found: Index = start + self._used + np.arange(count).reshape(shape)
        self._used += count
        return found

    # Steps

    def _emit(self, operation: str, *parts: Any) -> None:
        self.code.append(operations()[operation])
        self._put(*parts)

    def _put(self, *parts: Any) -> None:
        for part in parts:
            if isinstance(part, int):
                self.code.append(part)
            else:
                self.code.frombytes(np.ascontiguousarray(part, dtype=np.intc).tobytes())

    def _call(self, operation: str, *parts: Any) -> None:
        """A step for which there is no loop; its length comes before it."""
        self._emit("call", len(self.called), 0)
        self.called.append(start := len(self.code))
        self._emit(operation, *parts)
        self.code[start - 1] = len(self.code) - start

    def _emit_once_more(self, operation: str, matrix: Index, *parts: Any) -> None:
        """A step with a matrix, or one more task for the last if it has the same."""
        key = operation, matrix.tobytes(), matrix.shape, len(self.code)
        if self._repeated[:-1] == key:
            self.code[self._repeated[-1]] += 1
        else:
            self._repeated = (*key, len(self.code) + 1)
            self._emit(operation, 1, *matrix.shape, matrix)
        self._put(*parts)
        self._repeated = (*key[:-1], len(self.code), self._repeated[-1])

    def _apply(self, operation: int, out: Index, operands: Sequence[Index]) -> None:
        """A loop over rows for each run of rows that all operands have side by side."""
        taken = [out.ravel(), *[each.ravel() for each in operands]]
        count = taken[0].size
        if count == 1:
            cuts = [0, 1]
        else:
            apart = np.any([np.diff(each) != 1 for each in taken], axis=0)
            cuts = [0, *(np.flatnonzero(apart) + 1).tolist(), count]
        taken += [taken[1]] * (4 - len(taken))
        for start, end in pairwise(cuts):
            self.code.extend((operation, end - start, *[int(each[start]) for each in taken]))

    def _applied(self, name: str, *operands: Index) -> Index:
        """New rows with the results of a gate."""
        out = self._fresh(operands[0].shape)
        self._apply(operations()[name], out, operands)
        return out

    def group(self, plan: Columns, nodes: Sequence[int], group: int) -> None:
        """The step of a group that takes lists, copies, or has no loop."""
        self._used = 0
        graph, out = plan.graph, plan.places[nodes[0]]
        name = graph.operations[nodes[0]]
        if plan.moved.get(nodes[0], NEVER)[0] == group:
            pairs = [(plan.moved[node][1], plan.places[node]) for node in nodes]
            self._emit("copy", len(pairs), np.array(pairs))
            return
        lists = plan.lists(nodes)
        if name == MATRIX:
            [inputs], weights = lists
            matrix = np.array([[plan.places[node] for node in row] for row in weights])
            rows = rows_of(self, plan, inputs, group)
            if matrix.size > SMALL:
                self._call("product", 1, *matrix.shape, matrix, out, rows)
            else:
                self._emit_once_more("product", matrix, out, rows)
            return
        found = [np.array([rows_of(self, plan, line, group) for line in each]) for each in lists]
        if name in LISTS:
            LISTS[name](self, out + np.arange(len(nodes)), *found)
            return
        if name not in self.gates:
            self.gates.append(name)
        taken = np.concatenate(found)
        self._call("apply", len(nodes), out, self.gates.index(name), len(taken), taken)


def write_groups(steps: Steps, plan: Columns, first: int, last: int) -> None:
    """The steps of some groups: of a gate a loop for each run of rows that all operands have."""
    graph, order, ends, places = plan.graph, plan.order, plan.ends, plan.places
    kinds, moved, known, gates = graph.kinds, plan.moved, operations(), len(STEPS)
    end = ends[first - 1] if first else 0
    found = array("i", bytes(4 * STEP * (ends[last - 1] - end if last else 0)))
    code, rows, at = found, [0, 0, 0], 0
    tanhs: dict[tuple[int, int], int] = {}  # where a loop over rows has its step, once it is alone
    for group in range(first, last):
        start, end = end, ends[group]
        node = order[start]
        name = graph.operations[node]
        operation = known.get(name, 0)
        if operation < gates or (moved and moved.get(node, NEVER)[0] == group):
            steps.code += found[:at]
            at = 0
            steps.group(plan, tuple(order[start:end]), group)
            continue
        columns = []
        operands = graph.operands.at(node)
        direct = steps.varies or end - start == 1
        for operand in operands:
            direct = direct and (end - start == 1 or kinds[operand] != ALIKE)
        if not direct or name in POWERS:
            taken = [graph.operands.at(order[place]) for place in range(start, end)]
            if name in POWERS and {graph.numbers.get(y) for _, y in taken} == {2.0}:
                operation, taken = known["multiply"], [(x, x) for x, _ in taken]
            columns = [rows_of(steps, plan, nodes, group) for nodes in zip(*taken, strict=True)]
        arity = len(operands)
        for place in range(end - start):
            alone = place == 0
            if place and not columns:
                operands = graph.operands.at(order[start + place])
            for each in range(arity):
                if columns:
                    row = columns[each][place]
                else:
                    operand = operands[each]
                    row = place_of(places, moved, operand, group)
                    if steps.varies and kinds[operand] == ALIKE:
                        row = steps.equal(row, 1)
                alone = alone or row != rows[each] + 1
                rows[each] = row
            if not alone:
                code[at - STEP + 1] += 1
                continue
            code[at], code[at + 1], code[at + 2] = operation, 1, places[node] + place
            for each in range(3):
                code[at + 3 + each] = rows[each if each < arity else 0]
            at += STEP
        if name in WITH_SLOPE and code[at - STEP + 1] == end - start:
            key = code[at - STEP + 3], end - start
            if name == "tanh":
                tanhs[key] = len(steps.code) + at - STEP
            elif key in tanhs:
                at -= STEP
                steps.with_slope(tanhs.pop(key), code[at + 2], found)
    steps.code += found[:at]


def place_of(
    places: Sequence[int], moved: dict[int, tuple[int, int]], node: int, group: int
) -> int:
    """The place of a node where a group reads it."""
    if moved and node in moved and moved[node][0] < group:
        return moved[node][1]
    return places[node]


def rows_of(steps: Steps, plan: Columns, nodes: Sequence[int], group: int) -> Sequence[int]:
    """The rows of nodes; of numbers that all lanes share those of copies."""
    graph, kinds, count, alike = plan.graph, plan.graph.kinds, len(nodes), 0
    rows = []
    for node in nodes:
        rows.append(place_of(plan.places, plan.moved, node, group))
        alike += kinds[node] == ALIKE
    if steps.varies and not alike:
        return rows
    if alike < count:
        pairs = zip(nodes, rows, strict=True)
        return [plan.copies[node] if kinds[node] == ALIKE else row for node, row in pairs]
    equal = rows.count(rows[0]) == count
    number = rows[0] if steps.varies else graph.numbers.get(nodes[0])
    if equal and number is not None and (steps.varies or count > 1):
        start = steps.equal(number, min(count, RUN))
        return [start + place % RUN for place in range(count)]
    if steps.varies:
        return range(start := steps.spread(rows), start + count)
    return rows


# Gates that take lists, as (k, n) rows of which n results are made


def _chain(name: str) -> Callable[..., None]:
    """One operand after the other."""

    def emit(steps: Steps, out: Index, values: Index) -> None:
        found = values[0]
        for row in values[1:-1]:
            found = steps._applied(name, found, row)
        if len(values) > 1:
            steps._apply(operations()[name], out, [found, values[-1]])
        else:
            steps._emit("copy", len(found), np.stack([out, found], axis=1))

    return emit


def _whole(name: str) -> Callable[..., None]:
    """A loop over the list."""

    def emit(steps: Steps, out: Index, *lists: Index) -> None:
        steps._emit(name, len(out), len(lists[0]), int(out[0]), *lists)

    return emit


def _mean(steps: Steps, out: Index, values: Index) -> None:
    found = steps._fresh(out.shape)
    _whole("total")(steps, found, values)
    count = steps.filled(float(len(values)), len(out))
    steps._apply(operations()["divide"], out, [found, count])


def _norm(steps: Steps, out: Index, values: Index) -> None:
    if len(values) > 1:
        _chain("hypot")(steps, out, values)
    else:
        steps._apply(operations()["absolute"], out, [values[0]])


def _pick(steps: Steps, out: Index, choices: Index, values: Index) -> None:
    zeros = steps.filled(0.0, values.size).reshape(values.shape)
    products = steps._applied("multiply", choices, values)
    _whole("total")(steps, out, steps._applied("where", choices, products, zeros))


def _cross_entropy(steps: Steps, out: Index, choices: Index, values: Index) -> None:
    """ln Σ exp(x − chosen)."""
    chosen = steps._fresh(out.shape)
    _pick(steps, chosen, choices, values)
    less = steps._applied("difference", values, np.broadcast_to(chosen, values.shape))
    _whole("logsumexp")(steps, out, less)


LISTS: dict[str, Callable[..., None]] = {
    "total": _whole("total"),
    "mean": _mean,
    "prod": _chain("multiply"),
    "norm": _norm,
    "largest": _chain("maximum"),
    "smallest": _chain("minimum"),
    "dot": _whole("dot"),
    "logsumexp": _whole("logsumexp"),
    "pick": _pick,
    "cross_entropy": _cross_entropy,
}
