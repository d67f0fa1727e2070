"""A plan's instructions as steps of the compiled loops: operation, rows, index lists.

Where the engine is compiled, `loops.pyx` carries out a plan without the interpreter lock. What it
has no loop for is a step that calls Python, with the NumPy calls of the instruction: a gate that
was entered at run time, and a large product, which is BLAS's.

What varies stands in one array, a row for each number: the inputs, the results, and copies of
what all lanes share wherever a gate takes that, so that a loop has to know of rows alone.
"""

from array import array
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np

from autograd_core.gate import GATES
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
    Argument,
    Copy,
    Inner,
    Instruction,
    InstructionList,
    Multiply,
    Reduction,
    ScaledSums,
)

RUN = 64
"""How many rows with the same number stand side by side, for gates that take it in each row."""

STEP = 6
"""The length of the step of a gate that takes numbers: operation, count, result, operands."""

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
        refusing: the instruction of each step that may refuse a number.
        rows: how many rows there are.
        shared: the numbers of constants that follow what all lanes share, and space behind them.
    """

    def __init__(self, plan: InstructionList) -> None:
        self._plan = plan
        self._loops = loops_for(plan.dtype.name)
        self._operations: dict[str, int] = self._loops.OPERATIONS
        self.code = array("i")
        self.called: list[Instruction | Reduction] = []
        self.refusing: dict[int, Apply] = {}
        sizes = plan.sizes
        self._inputs, self._sums = sizes[INPUTS], sizes[GRADIENT]
        self.rows = sizes[INPUTS] + sizes[LANES]
        self.shared: list[float] = []
        self._constants: dict[str, int] = {}
        self._runs: dict[object, tuple[int, int]] = {}
        self._spreads = array("i")
        self._scratch = (0, 0)
        self._used = 0
        self._repeated: tuple[Any, ...] = ()
        self._tanh: dict[tuple[int, int], int] = {}
        self._varies = False
        for each in plan.shared:
            self._instruction(each)
        ends = [len(self.code)]
        kept, self.code = self.code, array("i")
        self._varies, self._scratch, self._runs = True, (0, 0), {}
        self._repeated, self._tanh = (), {}
        for each in plan.varying:
            self._instruction(each)
        for reduction in plan.sums:
            self._reduction(reduction)
        varying, self.code = self.code, kept
        if self._spreads:
            self._emit("spread", len(self._spreads) // 2, self._spreads)
        ends.append(len(self.code))
        self.refusing = {
            place + (ends[1] if each.out.varies else 0): each
            for place, each in self.refusing.items()
        }
        self.code += varying
        ends.append(len(self.code))
        for scaled in plan.products:
            self._scaled(scaled)
        self.ends = [*ends, len(self.code)]
        self.outputs = array(
            "i",
            [self._row(name, place) if name != SHARED else ~place for name, place in plan.outputs],
        )

    # Places

    def _row(self, name: str, place: int) -> int:
        return place + self._inputs if name == LANES else place

    def _start(self, argument: Argument, count: int) -> int | None:
        """The first row of an operand whose rows stand side by side; None where they do not."""
        if not isinstance(argument, Rows):
            if count > RUN:
                return None
            return self._equal(self._constant(argument) if self._varies else argument, count)
        if argument.array == SHARED and self._varies:
            index = self._spread(argument.index) if count > 1 else None
            if index is not None and count > RUN and index[-1] - index[0] != count - 1:
                return None
            return self._equal(argument.start, 1) if index is None else int(index[0])
        if argument.steps != (1,) and count > 1:
            return None
        return self._row(argument.array, argument.start)

    def _index(self, argument: Argument, count: int) -> Index:
        """The rows of an operand; copies of numbers that all lanes share."""
        if isinstance(argument, Rows) and (argument.varies or not self._varies):
            index = argument.index
            return index + self._inputs if argument.array == LANES else index
        if isinstance(argument, Rows):
            return self._spread(argument.index)
        start = self._equal(self._constant(argument) if self._varies else argument, min(count, RUN))
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

    def _equal(self, number: float, count: int) -> int:
        """The first of rows with the same number: a constant, or that of a shared place."""
        key = number if self._varies else number.hex()
        start, size = self._runs.get(key, (0, 0))
        if size < count:
            if self._varies:
                start, self.rows = self.rows, self.rows + count
                for row in range(start, self.rows):
                    self._spreads.extend((row, int(number)))
            else:
                start = self._more_shared([number] * count)
            self._runs[key] = start, count
        return start

    def _spread(self, index: Index) -> Index:
        """Rows with shared numbers, which are filled before the first block."""
        flat = index.ravel()
        if (flat == flat[0]).all():
            places = np.arange(flat.size) % RUN
            return (self._equal(int(flat[0]), min(flat.size, RUN)) + places).reshape(index.shape)
        key = flat.tobytes()
        start, _ = self._runs.get(key, (-1, 0))
        if start < 0:
            start, self.rows = self.rows, self.rows + flat.size
            self._runs[key] = start, flat.size
            pairs = np.stack([np.arange(start, self.rows), flat], axis=1)
            self._spreads.frombytes(pairs.astype(np.intc).tobytes())
        return np.arange(start, start + flat.size).reshape(index.shape)

    def _fresh(self, shape: tuple[int, ...]) -> Index:
        """Rows for intermediate results of an instruction."""
        count = prod(shape)
        start, size = self._scratch
        if self._used + count > size:
            size = self._used + count
            if self._varies:
                start, self.rows = self.rows, self.rows + size
            else:
                start = self._more_shared([0.0] * size)
            self._scratch, self._used = (start, size), 0
        found = start + self._used + np.arange(count).reshape(shape)
        self._used += count
        return found

    # Steps

    def _emit(self, operation: str, *parts: Any) -> None:
        self._put(self._operations[operation], *parts)

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

    def _call(self, instruction: Instruction | Reduction) -> None:
        self._emit("call", len(self.called))
        self.called.append(instruction)

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
        self._apply(self._operations[name], out, operands)
        return out

    def _instruction(self, each: Instruction) -> None:
        self._used = 0
        if isinstance(each, Apply):
            self._gate(each)
        elif isinstance(each, Copy):
            source, out = each.taken[0], self._index(each.out, 0)
            if source.varies:
                pairs = np.stack([out, self._index(source, 0)], axis=1)
                self._emit("copy", len(pairs), pairs)
            else:
                pairs = np.stack([out, source.index], axis=1)
                self._spreads.frombytes(pairs.astype(np.intc).tobytes())
        elif isinstance(each, Multiply):
            weights, inputs = each.taken
            if prod(weights.shape) > self._loops.most:
                self._call(each)
            else:
                out_row = self._row(each.out.array, each.out.start)
                self._emit_once_more("product", weights.index, out_row, self._index(inputs, 0))

    def _gate(self, each: Apply) -> None:
        gate, count = GATES[each.gate], len(each.nodes)
        operation = looped().get(gate)
        if operation is None or (gate.variadic and not each.taken[0].index.size):
            self._call(each)
            return
        if gate.variadic:
            lists = [self._index(operand, count) for operand in each.operands]
            LISTS[gate.name](self, self._index(each.out, count), *lists)
            return
        operands = each.operands
        if gate.name in ("power", "power_limit") and operands[1] == 2.0:
            operation, operands = self._operations["multiply"], operands[:1] * 2
        start = len(self.code)
        found = [self._start(operand, count) for operand in operands]
        starts = [start for start in found if start is not None]
        if len(starts) == len(found):
            out = self._row(each.out.array, each.out.start)
            if gate.name == "tanh":
                self._tanh[starts[0], count] = start
            elif gate.name == "sech2" and (starts[0], count) in self._tanh:  # its slope
                start = self._tanh.pop((starts[0], count))
                self.code[start], self.code[start + 4] = self._operations["tanh_sech2"], out
                return
            self.code.extend((operation, count, out, *starts, *starts[:1] * (3 - len(starts))))
        else:
            indices = [self._index(operand, count) for operand in operands]
            self._apply(operation, self._index(each.out, count), indices)
        if gate.domain:
            for place in range(start, len(self.code), STEP):
                self.refusing[place] = each

    def _reduction(self, each: Reduction) -> None:
        self._used = 0
        target = each.target.index + (self._sums if each.target.array == SUMS else 0)
        left = self._index(each.left, 0)
        if each.right.array == ONES:
            target = target.reshape(len(left), -1)
            sources = np.broadcast_to(left[:, np.newaxis], target.shape)
            self._emit("row_sums", target.size, np.stack([sources, target], axis=-1))
            return
        right = self._index(each.right, 0)
        if isinstance(each, Inner):
            self._emit("inner", len(left), np.stack([left, right, target], axis=1))
        elif target.size > self._loops.most:
            self._call(each)
        else:
            if _tiles(len(right), len(left)) < _tiles(len(left), len(right)):
                left, right, target = right, left, target.T
            self._emit_once_more("outer", target, left, right)

    def _scaled(self, each: ScaledSums) -> None:
        summed = each.left.array == SUMS
        left = each.left.index + (self._sums if summed else 0)
        columns = np.full_like(left, summed), each.right.index, left, each.target.index
        self._emit("scaled", len(left), np.stack(columns, axis=1))


# Gates that take lists, as (k, n) rows of which n results are made


def _chain(name: str) -> Callable[..., None]:
    """One operand after the other."""

    def emit(steps: Steps, out: Index, values: Index) -> None:
        found = values[0]
        for row in values[1:-1]:
            found = steps._applied(name, found, row)
        if len(values) > 1:
            steps._apply(steps._operations[name], out, [found, values[-1]])
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
    count = steps._index(float(len(values)), len(out))
    steps._apply(steps._operations["divide"], out, [found, count])


def _norm(steps: Steps, out: Index, values: Index) -> None:
    zero = steps._index(0.0, len(out))
    _chain("hypot")(steps, out, np.concatenate([zero[np.newaxis], values]))


def _pick(steps: Steps, out: Index, choices: Index, values: Index) -> None:
    zeros = steps._index(0.0, values.size).reshape(values.shape)
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


def _bound(each: Instruction | Reduction, workspace: Workspace) -> Callable[[bool], None]:
    """The NumPy calls of an instruction as one, which is told whether a block is the first."""
    workspace.release()
    more = first = each.calls(workspace)
    if isinstance(each, Reduction):
        workspace.release()
        first = each.starting_calls(workspace)

    def call(is_first: bool) -> None:
        with np.errstate(all="ignore"):
            for numpy_call in first if is_first else more:
                numpy_call()

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
                steps.refusing[place].refuse(workspace(lanes), first)

        own = workspace(lanes) if self.exact else None
        machine.calls = [_bound(each, own) for each in steps.called] if own else []
        machine.refuse = refuse
        self.bytes = rows.nbytes + shared.nbytes + sums.nbytes + space.nbytes
        self.bytes += own.bytes if own else 0
        self.run = machine.run
