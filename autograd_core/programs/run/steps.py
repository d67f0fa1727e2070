"""A plan's instructions as steps of the compiled loops: operation, rows, index lists.

Where the engine is compiled, `loops.pyx` carries out a plan without the interpreter lock. What it
has no loop for is a step that calls Python, with the NumPy calls of the instruction: a gate that
was entered at run time, and a large product, which is BLAS's.

What varies stands in one array, a row for each number: the inputs, the results, and copies of
what all lanes share wherever a gate takes that, so that a loop has to know of rows alone.
"""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np

from autograd_core.gate import GATES
from autograd_core.programs.graph import ALIKE, MATRIX, VARYING
from autograd_core.programs.run.arrays import (
    GRADIENT,
    INPUTS,
    LANES,
    ONES,
    SHARED,
    SUMS,
    TIMES,
    Array,
    Index,
    Rows,
    Workspace,
)
from autograd_core.programs.run.instructions import (
    Apply,
    Inner,
    Instruction,
    InstructionList,
    OutsideDomainError,
    Reduction,
    ScaledSums,
)

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

REALS = {"float64": "double", "float32": "float"}


@cache
def loops_for(dtype: str) -> Any:
    """The compiled loops for a type of numbers and for this processor."""
    name = f"{__package__}.loops_{REALS[dtype]}"
    loops = import_module(name)
    return import_module(f"{name}_v3") if loops.supported else loops


@cache
def looped() -> dict[Any, int]:
    """The operation of each gate that has a loop; of those that take lists, none."""
    operations = loops_for("float64").OPERATIONS
    return {
        gate: operations.get(name, 0)
        for name, gate in GATES.items()
        if name in {*operations, *LISTS}
    }


def _tiles(rows: int, columns: int) -> int:
    """How many dot products of two rows with four an outer product takes."""
    return -(-rows // 2) * -(-columns // 4)


class Steps:
    """The steps of a plan.

    Attributes:
        code: the steps.
        ends: where those end that all lanes share, that spread shared numbers over the lanes, that
            are carried out for each block of lanes, and that finish the gradient.
        called: the instructions that are left to NumPy, in the order of the steps that call them.
        refusing: the steps of groups that may refuse a number, and these groups; first what all
            lanes share.
        rows: how many rows there are.
        shared: the numbers of constants that follow what all lanes share, and space behind them.
    """

    def __init__(self, plan: InstructionList) -> None:
        self._plan = plan
        self._loops = loops_for(plan.dtype.name)
        self.operations: dict[str, int] = self._loops.OPERATIONS
        self.code = array("i")
        self.called: list[Instruction | Reduction] = []
        self.refusing = [(array("i"), array("i")), (array("i"), array("i"))]
        sizes = plan.sizes
        self.inputs, self._sums = sizes[INPUTS], sizes[GRADIENT]
        self.rows = sizes[INPUTS] + sizes[LANES]
        self.shared: list[float] = []
        self._constants: dict[str, int] = {}
        self._runs: dict[object, tuple[int, int]] = {}
        self._spreads = array("i")
        self._scratch = (0, 0)
        self._used = 0
        self._repeated: tuple[Any, ...] = ()
        self.varies = False
        write_groups(self, plan, 0, plan.first_varying)
        ends = [len(self.code)]
        kept, self.code = self.code, array("i")
        self.varies, self._scratch, self._runs = True, (0, 0), {}
        self._repeated = ()
        for each in plan.copying():
            self._copy(each)
        write_groups(self, plan, plan.first_varying, len(plan.ends))
        for reduction in plan.sums:
            self._reduction(reduction)
        varying, self.code = self.code, kept
        if self._spreads:
            self._emit("spread", len(self._spreads) // 2, self._spreads)
        ends.append(len(self.code))
        self.code += varying
        ends.append(len(self.code))
        for scaled in plan.products:
            self._scaled(scaled)
        self.ends = [*ends, len(self.code)]
        self._runs, self._spreads = {}, array("i")
        self.outputs = array(
            "i",
            [self._row(name, place) if name != SHARED else ~place for name, place in plan.outputs],
        )

    def refuses(self, place: int, group: int) -> None:
        """Note a group whose gate may refuse numbers, and where its steps begin behind the code."""
        places, groups = self.refusing[self.varies]
        places.append(len(self.code) + place)
        groups.append(group)

    def with_slope(self, place: int, out: int, found: "array[int]") -> None:
        """Have a step of tanh, among the code or those found since, compute the slope, too."""
        code = self.code
        if place >= len(code):
            code, place = found, place - len(code)
        code[place], code[place + 4] = self.operations["tanh_sech2"], out

    def group_of(self, place: int) -> int:
        """The group of the gate whose step stands at a place in the code."""
        varies = place >= self.ends[1]
        places, groups = self.refusing[varies]
        return groups[bisect_right(places, place - varies * self.ends[1]) - 1]

    # Places

    def _row(self, name: str, place: int) -> int:
        return place + self.inputs if name == LANES else place

    def _index(self, rows: Rows) -> Index:
        """The rows of numbers that vary."""
        return rows.index + self.inputs if rows.array == LANES else rows.index

    def filled(self, number: float, count: int) -> Index:
        """Rows with a number."""
        start = self.equal(self._constant(number) if self.varies else number, min(count, RUN))
        return start + np.arange(count) % RUN

    def _constant(self, number: float) -> int:
        """The place of a constant among the shared numbers."""
        key = number.hex()
        if key not in self._constants:
            self._constants[key] = self._more_shared([number])
        return self._constants[key]

    def _more_shared(self, numbers: Sequence[float]) -> int:
        start = self._plan.sizes[SHARED] + len(self.shared)
        self.shared += numbers
        return start

    def equal(self, number: float, count: int) -> int:
        """The first of rows with the same number: a constant, or that of a shared place."""
        key = number if self.varies else number.hex()
        start, size = self._runs.get(key, (0, 0))
        if size < count:
            if self.varies:
                start, self.rows = self.rows, self.rows + count
                for row in range(start, self.rows):
                    self._spreads.extend((row, int(number)))
            else:
                start = self._more_shared([number] * count)
            self._runs[key] = start, count
        return start

    def spread(self, places: Sequence[int]) -> int:
        """The first of rows with shared numbers, which are filled before the first block."""
        key = array("i", places).tobytes()
        start, _ = self._runs.get(key, (-1, 0))
        if start < 0:
            start, self.rows = self.rows, self.rows + len(places)
            self._runs[key] = start, len(places)
            for row, place in enumerate(places, start):
                self._spreads.extend((row, place))
        return start

    def _fresh(self, shape: tuple[int, ...]) -> Index:
        """Rows for intermediate results of an instruction."""
        count = prod(shape)
        start, size = self._scratch
        if self._used + count > size:
            size = self._used + count
            if self.varies:
                start, self.rows = self.rows, self.rows + size
            else:
                start = self._more_shared([0.0] * size)
            self._scratch, self._used = (start, size), 0
        found = start + self._used + np.arange(count).reshape(shape)
        self._used += count
        return found

    # Steps

    def _emit(self, operation: str, *parts: Any) -> None:
        self._put(self.operations[operation], *parts)

    def _put(self, *parts: Any) -> None:
        for part in parts:
            if isinstance(part, int):
                self.code.append(part)
            elif isinstance(part, array):
                self.code += part
            else:
                self.code.frombytes(np.ascontiguousarray(part, dtype=np.intc).tobytes())

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
        self._apply(self.operations[name], out, operands)
        return out

    def lists(self, plan: InstructionList, nodes: Sequence[int], group: int) -> None:
        """The step of a group that takes lists, copies, or has no loop."""
        self._used = 0
        name = plan.graph.operations[nodes[0]]
        if plan.moved.get(nodes[0], NEVER)[0] == group:
            self._copy(plan.instruction(group))
            return
        lists = plan.lists(nodes)
        out = plan.places[nodes[0]] + (self.inputs if self.varies else 0)
        if name == MATRIX and len(nodes) * len(lists[0][0]) <= self._loops.most:
            [inputs], weights = lists
            matrix = np.array([[plan.places[node] for node in row] for row in weights])
            self._emit_once_more("product", matrix, out, list_of(self, plan, [inputs], group))
        elif name in LISTS and GATES[name] in looped():
            found = [list_of(self, plan, each, group) for each in lists]
            LISTS[name](self, out + np.arange(len(nodes)), *found)
        else:
            self._emit("call", len(self.called))
            self.called.append(plan.instruction(group))

    def _copy(self, each: Instruction) -> None:
        source, out = each.taken[0], self._index(each.out)
        if source.varies:
            pairs = np.stack([out, self._index(source)], axis=1)
            self._emit("copy", len(pairs), pairs)
        else:
            pairs = np.stack([out, source.index], axis=1)
            self._spreads.frombytes(pairs.astype(np.intc).tobytes())

    def _reduction(self, each: Reduction) -> None:
        self._used = 0
        target = each.target.index + (self._sums if each.target.array == SUMS else 0)
        left = self._index(each.left)
        if each.right.array == ONES:
            target = target.reshape(len(left), -1)
            sources = np.broadcast_to(left[:, np.newaxis], target.shape)
            self._emit("row_sums", target.size, np.stack([sources, target], axis=-1))
            return
        right = self._index(each.right)
        if isinstance(each, Inner):
            self._emit("inner", len(left), np.stack([left, right, target], axis=1))
        elif target.size > self._loops.most:
            self._emit("call", len(self.called))
            self.called.append(each)
        else:
            if _tiles(len(right), len(left)) < _tiles(len(left), len(right)):
                left, right, target = right, left, target.T
            self._emit_once_more("outer", target, left, right)

    def _scaled(self, each: ScaledSums) -> None:
        summed = each.left.array == SUMS
        left = each.left.index + (self._sums if summed else 0)
        columns = np.full_like(left, summed), each.right.index, left, each.target.index
        self._emit("scaled", len(left), np.stack(columns, axis=1))


def write_groups(steps: Steps, plan: InstructionList, first: int, last: int) -> None:
    """The steps of some groups: of a gate a loop for each run of rows that all operands have.

    What is no gate with a loop of its own is written from its instruction.
    """
    graph, order, ends, places = plan.graph, plan.order, plan.ends, plan.places
    kinds, moved, inputs = graph.kinds, plan.moved, steps.inputs if steps.varies else 0
    known = {name: looped().get(gate, 0) for name, gate in GATES.items() if not gate.variadic}
    end = ends[first - 1] if first else 0
    found = array("i", bytes(4 * STEP * (ends[last - 1] - end if last else 0)))
    code, rows, at = found, [0, 0, 0], 0
    tanhs: dict[tuple[int, int], int] = {}  # where a loop over rows has its step, once it is alone
    for group in range(first, last):
        start, end = end, ends[group]
        node = order[start]
        name = graph.operations[node]
        operation = known.get(name, 0)
        if not operation or (moved and moved.get(node, NEVER)[0] == group):
            steps.code += found[:at]
            at = 0
            steps.lists(plan, order[start:end], group)
            continue
        if GATES[name].domain:
            steps.refuses(at, group)
        columns = []
        operands = graph.operands[node]
        direct = steps.varies or end - start == 1
        for operand in operands:
            direct = direct and (end - start == 1 or kinds[operand] != ALIKE)
        if not direct or name in POWERS:
            taken = [graph.operands[order[place]] for place in range(start, end)]
            if name in POWERS and {graph.numbers.get(y) for _, y in taken} == {2.0}:
                operation, taken = known["multiply"], [(x, x) for x, _ in taken]
            columns = [rows_of(steps, plan, nodes, group) for nodes in zip(*taken, strict=True)]
        arity = len(operands)
        for place in range(end - start):
            alone = place == 0
            if place and not columns:
                operands = graph.operands[order[start + place]]
            for each in range(arity):
                if columns:
                    row = columns[each][place]
                else:
                    operand = operands[each]
                    row, kind = place_of(places, moved, operand, group), kinds[operand]
                    if kind == VARYING:
                        row += inputs
                    elif kind == ALIKE and steps.varies:
                        row = steps.equal(row, 1)
                alone = alone or row != rows[each] + 1
                rows[each] = row
            if not alone:
                code[at - STEP + 1] += 1
                continue
            code[at], code[at + 1], code[at + 2] = operation, 1, places[node] + inputs + place
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
    """The place of a node in its array, where a group reads it."""
    if moved and node in moved and moved[node][0] < group:
        return moved[node][1]
    return places[node]


def rows_of(steps: Steps, plan: InstructionList, nodes: Sequence[int], group: int) -> Sequence[int]:
    """The rows of nodes of one array; copies of numbers that all lanes share."""
    graph, places, count = plan.graph, plan.places, len(nodes)
    kind = graph.kinds[nodes[0]]
    rows = [place_of(places, plan.moved, node, group) for node in nodes]
    if not steps.varies:
        number = graph.numbers.get(nodes[0])
        if count == 1 or number is None or rows.count(rows[0]) < count:
            return rows
        start = steps.equal(number, min(count, RUN))
    elif kind != ALIKE:
        return [steps.inputs + row for row in rows] if kind == VARYING else rows
    elif rows.count(rows[0]) == count:
        start = steps.equal(rows[0], min(count, RUN))
    else:
        return range(start := steps.spread(rows), start + count)
    return [start + place % RUN for place in range(count)]


def list_of(
    steps: Steps, plan: InstructionList, nodes: Sequence[Sequence[int]], group: int
) -> Index:
    """The rows of a list, (k, n); of numbers from several arrays those of copies."""
    kinds, places, copies = plan.graph.kinds, plan.places, plan.copies
    if len({kinds[node] for line in nodes for node in line}) == 1:
        rows = [rows_of(steps, plan, tuple(line), group) for line in nodes]
    else:
        rows = [
            [
                steps.inputs
                + (copies[x] if x in copies else place_of(places, plan.moved, x, group))
                for x in line
            ]
            for line in nodes
        ]
    return np.array(rows)


# Gates that take lists, as (k, n) rows of which n results are made


def _chain(name: str) -> Callable[..., None]:
    """One operand after the other."""

    def emit(steps: Steps, out: Index, values: Index) -> None:
        found = values[0]
        for row in values[1:-1]:
            found = steps._applied(name, found, row)
        if len(values) > 1:
            steps._apply(steps.operations[name], out, [found, values[-1]])
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
    steps._apply(steps.operations["divide"], out, [found, count])


def _norm(steps: Steps, out: Index, values: Index) -> None:
    zero = steps.filled(0.0, len(out))
    _chain("hypot")(steps, out, np.concatenate([zero[np.newaxis], values]))


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


def _bound(each: Instruction | Reduction, workspace: Workspace) -> Callable[[int, int], None]:
    """The NumPy calls of an instruction as one, told the first lanes of all and of the block."""
    workspace.release()
    more = first = each.calls(workspace)
    if isinstance(each, Reduction):
        workspace.release()
        first = each.starting_calls(workspace)

    def call(start: int, lane: int) -> None:
        try:
            with np.errstate(all="ignore"):
                for numpy_call in first if lane == start else more:
                    numpy_call()
        except OutsideDomainError as error:
            if error.lane is not None:
                error.lane += lane
            raise

    return call


def _shared(plan: InstructionList, steps: Steps) -> Array:
    """What all lanes share: zeros, constants, and how often a shared contribution counts."""
    constants = np.zeros(plan.sizes[SHARED] - plan.leaves)
    constants[: len(plan.constants)] = plan.constants
    shared = np.concatenate([np.zeros(plan.leaves), constants, steps.shared, [1.0]])
    return shared.astype(plan.dtype)


def bound_lane(plan: InstructionList, steps: Steps) -> Any:
    """Steps, none of which calls Python, bound to the numbers of one lane: as `Bound` has them."""
    sizes = plan.sizes
    return loops_for(plan.dtype.name).Lane(
        steps.code,
        steps.ends,
        _shared(plan, steps),
        plan.leaves,
        sizes[GRADIENT],
        sizes[GRADIENT] + sizes[SUMS] + 1,
        steps.rows,
        steps.outputs,
        sizes[INPUTS],
        lambda *arguments: Bound(plan, steps, 1).run(*arguments),
    )


class Bound:
    """Steps bound to arrays for up to a number of lanes.

    Attributes:
        lanes: for how many lanes there is space.
        exact: whether it is for this number of lanes alone, because NumPy has views for it.
        bytes: how much memory the arrays take.
        run: evaluates blocks of lanes; the arguments are those of `loops.pyx`.
    """

    def __init__(self, plan: InstructionList, steps: Steps, lanes: int) -> None:
        self.lanes, self.exact = lanes, bool(steps.called)
        sizes, dtype, counted = plan.sizes, plan.dtype, plan.sizes[GRADIENT]
        rows = np.empty(max(steps.rows * lanes, 1), dtype)
        shared = _shared(plan, steps)
        sums = np.zeros(counted + sizes[SUMS] + 1, dtype)
        space = np.empty(2 * lanes, dtype)
        machine = loops_for(dtype.name).Machine(
            steps.code, steps.ends, rows, shared, sums, space, steps.outputs, sizes[INPUTS]
        )

        def workspace(lanes: int) -> Workspace:
            varying = rows[: steps.rows * lanes].reshape(steps.rows, lanes)
            arrays = {
                SHARED: shared[: sizes[SHARED]],
                INPUTS: varying[: sizes[INPUTS]],
                LANES: varying[sizes[INPUTS] : sizes[INPUTS] + sizes[LANES]],
                GRADIENT: sums[:counted],
                SUMS: sums[counted:-1],
                ONES: np.ones((1, lanes), dtype),
                TIMES: shared[-1:].reshape(()),
            }
            return Workspace(arrays, dtype)

        def refuse(place: int, lanes: int, first: int) -> None:
            with np.errstate(all="ignore"):
                found = plan.instruction(steps.group_of(place))
                assert isinstance(found, Apply)
                found.refuse(workspace(lanes), first)

        own = workspace(lanes) if self.exact else None
        machine.calls = [_bound(each, own) for each in steps.called] if own else []
        machine.refuse = refuse
        self.bytes = rows.nbytes + shared.nbytes + sums.nbytes + space.nbytes
        self.bytes += own.bytes if own else 0
        self.run = machine.run
