"""The steps of a plan as NumPy calls: what carries them out where nothing is compiled.

Steps are bound once to arrays for a number of lanes, and are then calls without arguments. The
compiled loops have the same calls for what they have no loop for: products of large matrices, which
are BLAS's, and gates that were entered at run time.
"""

from array import array
from collections.abc import Callable, Sequence
from functools import partial, reduce
from math import prod
from operator import setitem
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from autograd_core.gate import GATES, Gate
from autograd_core.languages.kernel_text import STEPS
from autograd_core.programs.run import Array, Index
from autograd_core.programs.run.domain import outside
from autograd_core.programs.run.numpy_rules import OWN, Call, bind
from autograd_core.programs.run.steps import STEP, operations

APART = 2048
"""From how many numbers on gates whose operands do not lie in a row are calls of their own."""


class Machine:
    """Steps bound to arrays; the arguments are those of the machine in `loops.pyx`.

    Attributes:
        refuse: what is called where a gate refuses a number, with the place of its step, how many
            lanes there are in a block, and the first of them; it raises.
        gates: the names of the gates that have no loop.
        bytes: how much memory intermediate results take.
    """

    refuse: Callable[[int, int, int], None]

    def __init__(
        self,
        code: "array[int]",
        ends: Sequence[int],
        rows: Array,
        shared: Array,
        sums: Array,
        space: Array,
        outputs: Sequence[int],
        inputs: int,
    ) -> None:
        self._code, self._ends = code, ends
        self._numbers = np.frombuffer(code, dtype=np.intc)
        self._flat, self._shared, self._sums = rows, shared, sums
        self._outputs, self._inputs = outputs, inputs
        self._names = [*operations()]
        self._lanes = self.bytes = 0
        self.gates: list[str] = []

    def run(
        self,
        numbers: Array,
        batch: Array,
        outputs: Array,
        gradient: Array,
        first: int,
        lanes: int,
        blocks: int,
        share: float,
    ) -> None:
        """Evaluate blocks of lanes; the arguments are those of `Runner.run` in `loops.pyx`."""
        with np.errstate(all="ignore"):
            if lanes != self._lanes:
                self._bind(lanes)
            rows, shared, sums = self._rows, self._shared, self._sums
            np.copyto(shared[: len(numbers)], numbers)
            self._carry_out(self._once)
            sums.fill(0.0)
            for start in range(first, first + lanes * blocks, lanes):
                block = slice(start, start + lanes)
                np.copyto(rows[: self._inputs], batch[block].T)
                self._carry_out(self._each, start)
                for column, row in enumerate(self._outputs):
                    outputs[block, column] = rows[row] if row >= 0 else shared[~row]
            np.multiply(sums, share, sums)
            shared[-1] = lanes * blocks * share
            self._carry_out(self._last)
        gradient += sums[: len(gradient)]

    def called(self, places: Sequence[int], lanes: int) -> list[Callable[[int], None]]:
        """For some steps, what carries them out for a block, of which it is told the first lane."""
        self._prepare(lanes)
        return [partial(self._call_alone, self._calls_of(at, at + 1)) for at in places]

    def _call_alone(self, calls: Sequence[Call], first: int) -> None:
        with np.errstate(all="ignore"):
            self._carry_out(calls, first)

    def _carry_out(self, calls: Sequence[Call], first: int = 0) -> None:
        """Make some calls, for a block of lanes with this first one."""
        try:
            for call in calls:
                call()
        except _RefusedError as error:
            self.refuse(error.place, self._lanes, first)

    # Binding

    def _prepare(self, lanes: int) -> None:
        """Have rows for so many lanes, and know which of them hold a number that lanes share."""
        self._lanes, self._rows = lanes, self._flat.reshape(-1, lanes)
        start, stop = self._ends[2:]
        self._spreads = self._numbers[start + 2 : stop].reshape(-1, 2).astype(np.intp)
        self._source = np.full(len(self._rows), -1)
        self._source[self._spreads[:, 0]] = self._spreads[:, 1]
        self._read_as_rows = np.zeros(len(self._rows), dtype=bool)
        self._buffers: dict[int, list[Array]] = {}
        self._taken: dict[int, int] = {}

    def _bind(self, lanes: int) -> None:
        self._prepare(lanes)
        ends = self._ends
        self._once = self._calls_of(0, ends[0])
        self._each = self._calls_of(ends[0], ends[1])
        self._last = self._calls_of(ends[1], ends[2])
        into, places = self._spreads[self._read_as_rows[self._spreads[:, 0]]].T
        if into.size:
            self._calls, self._here = self._once, self._rows
            self._write(into, self._read(self._shared[:, np.newaxis], places))

    def _calls_of(self, at: int, stop: int) -> list[Call]:
        """The calls of some steps; each step may use all scratch space."""
        self._varies = at >= self._ends[0]
        self._here = self._rows if self._varies else self._shared[:, np.newaxis]
        calls = self._calls = []
        while at < stop:
            self._taken.clear()
            operation = self._code[at]
            if operation < len(STEPS):
                at = getattr(self, f"_{STEPS[operation]}")(at)
            else:
                at = self._gates(at, stop)
        return calls

    def _table(self, at: int, *shape: int) -> Index:
        """Whole numbers of the code as an array."""
        return self._numbers[at : at + prod(shape)].reshape(shape).astype(np.intp)

    def _scratch(self, shape: tuple[int, ...]) -> Array:
        """An array for intermediate results of one step.

        Steps run one after the other, so all share a few buffers, which stay in the cache. Sizes
        are powers of two, so that one buffer serves many shapes.
        """
        count = prod(shape)
        size = 1 << max(count - 1, 0).bit_length()
        buffers, taken = self._buffers.setdefault(size, []), self._taken.get(size, 0)
        if taken == len(buffers):
            buffers.append(np.empty(size, self._flat.dtype))
            self.bytes += buffers[-1].nbytes
        self._taken[size] = taken + 1
        return buffers[taken][:count].reshape(shape)

    def _read(self, numbers: Array, index: Index, *, matrix: bool = False) -> Array:
        """Numbers, or rows of them, by their places: a view where these are regular, or a copy.

        A matrix is one that BLAS takes as it is.
        """
        steps = _steps(index)
        if steps and (not matrix or (min(steps) > 0 and (numbers.ndim > 1 or 1 in steps))):
            strides = tuple([step * numbers.strides[0] for step in steps]) + numbers.strides[1:]
            start = numbers[index.flat[0] :]
            return as_strided(start, index.shape + numbers.shape[1:], strides)
        copy = self._scratch(index.shape + numbers.shape[1:])
        # mode "clip" lets NumPy write into the copy directly; no place is out of range
        self._calls.append(partial(np.take, numbers, index, 0, copy, "clip"))
        return copy

    def _operand(self, index: Index) -> Array:
        """Rows that a gate takes; numbers that all lanes share as a column, or one number."""
        if self._varies and (self._source[index] >= 0).all():
            places = self._source[index]
            if index.ndim == 1 and places.min() == places.max():
                places = places[:1]
            return self._read(self._shared[:, np.newaxis], places)
        if self._varies:
            self._read_as_rows[index] = True
        return self._read(self._here, index)

    def _write(self, index: Index, numbers: Array) -> None:
        """Copy numbers into rows."""
        steps = _steps(index)
        if steps and steps[0] > 0:
            into = self._here[index[0] : index[-1] + 1 : steps[0]]
            self._calls.append(partial(np.copyto, into, numbers))
        else:
            self._calls.append(partial(setitem, self._here, index, numbers))

    def _add(self, numbers: Array, index: Index) -> None:
        """Add numbers to sums."""
        if _steps(index) and len(np.unique(index)) == index.size:
            sums = self._read(self._sums, index)
            self._calls.append(partial(np.add, sums, numbers, sums))
        else:
            where, flat = index.ravel(), numbers.reshape(-1)
            self._calls.append(partial(np.add.at, self._sums, where, flat))

    # Steps; each method returns where the next step begins

    def _call(self, at: int) -> int:
        return at + 3

    def _copy(self, at: int) -> int:
        count = self._code[at + 1]
        into, source = self._table(at + 2, count, 2).T
        self._write(into, self._read(self._here, source))
        return at + 2 + 2 * count

    def _product(self, at: int) -> int:
        count, n, k = self._code[at + 1 : at + 4]
        matrix = self._table(at + 4, n, k)
        at += 4 + n * k
        for _ in range(count):
            self._taken.clear()
            rows, out = self._table(at + 1, k), self._code[at]
            order = np.argsort(rows, kind="stable")
            weights = self._read(self._shared, matrix[:, order], matrix=True)
            taken = self._read(self._rows, rows[order], matrix=True)
            self._calls.append(partial(np.matmul, weights, taken, self._rows[out : out + n]))
            at += 1 + k
        return at

    def _outer(self, at: int) -> int:
        count, n, k = self._code[at + 1 : at + 4]
        target = self._table(at + 4, n, k)
        at += 4 + n * k
        for _ in range(count):
            self._taken.clear()
            left, right = self._table(at, n), self._table(at + n, k)
            order = np.argsort(left, kind="stable"), np.argsort(right, kind="stable")
            factors = [
                self._read(self._rows, rows[along], matrix=True)
                for rows, along in zip((left, right), order, strict=True)
            ]
            products = self._scratch((n, k))
            self._calls.append(partial(np.matmul, factors[0], factors[1].T, products))
            self._add(products, target[np.ix_(*order)])
            at += n + k
        return at

    def _row_sums(self, at: int) -> int:
        count = self._code[at + 1]
        rows, target = self._table(at + 2, count, 2).T
        found = self._scratch((count,))
        taken = self._read(self._rows, rows)
        self._calls.append(partial(np.add.reduce, taken, 1, None, found))
        self._add(found, target)
        return at + 2 + 2 * count

    def _inner(self, at: int) -> int:
        count = self._code[at + 1]
        left, right, target = self._table(at + 2, count, 3).T
        found = self._scratch((count,))
        pairs = self._read(self._rows, left), self._read(self._rows, right)
        self._calls.append(partial(np.einsum, "nb,nb->n", *pairs, out=found))
        self._add(found, target)
        return at + 2 + 3 * count

    def _scaled(self, at: int) -> int:
        count = self._code[at + 1]
        summed, factor, left, target = self._table(at + 2, count, 4).T
        found = self._scratch((count,))
        pairs = self._read(self._sums if summed[0] else self._shared, left), factor
        self._calls.append(partial(np.multiply, pairs[0], self._read(self._shared, factor), found))
        if not summed[0]:
            self._calls.append(partial(np.multiply, found, self._shared[-1:], found))
        self._add(found, target)
        return at + 2 + 4 * count

    def _total(self, at: int) -> int:
        n, k, out = self._code[at + 1 : at + 4]
        name = self._names[self._code[at]]
        count = 2 if name == "dot" else 1
        lists = [self._operand(each) for each in self._table(at + 4, count, k, n)]
        self._calls.append(partial(OWN[name], *lists, self._here[out : out + n]))
        return at + 4 + count * k * n

    _dot = _logsumexp = _total

    def _tanh_sech2(self, at: int) -> int:
        n, out, x, slope = self._code[at + 1 : at + 5]
        taken = self._here[x : x + n]
        self._calls.append(partial(np.tanh, taken, self._here[out : out + n]))
        self._calls.append(partial(OWN["sech2"], taken, self._here[slope : slope + n]))
        return at + STEP

    def _apply(self, at: int) -> int:
        n, out, gate, width = self._code[at + 1 : at + 5]
        self._evaluate(self.gates[gate], self._table(at + 5, width, n), out, [at])
        return at + 5 + width * n

    def _gates(self, at: int, stop: int) -> int:
        """Gates of one kind as one call, where there are few numbers for each.

        The results stand side by side, and no gate takes those of another.
        """
        code, out, end = self._code, self._code[at + 2], self._code[at + 2]
        places: list[int] = []
        operation, name = code[at], self._names[code[at]]
        arity = len(GATES[name].parameters)
        while at < stop and code[at] == operation and code[at + 2] == end:
            count, taken = code[at + 1], code[at + 3 : at + 3 + arity]
            if places and (
                count * self._here.shape[1] > APART
                or any(row < end + count and row + count > out for row in taken)
            ):
                break
            places.append(at)
            end, at = end + count, at + STEP
        steps = self._table(places[0], len(places), STEP)
        shifts = np.repeat(steps[:, 3 : 3 + arity] - steps[:, 2:3], steps[:, 1], axis=0)
        self._evaluate(name, shifts.T + np.arange(out, end), out, places)
        return at

    def _evaluate(self, name: str, rows: Index, out: int, places: Sequence[int]) -> None:
        """The calls of a gate, for each operand of which there are rows."""
        gate, operands = GATES[name], [self._operand(each) for each in rows]
        if gate.domain:
            counts = [self._code[place + 1] for place in places]
            self._calls.append(partial(_ask, gate, gate.group(operands), places, counts))
        self._calls += bind(name, operands, self._here[out : out + rows.shape[1]], self._scratch)


class _RefusedError(Exception):
    """A gate refuses a number.

    Attributes:
        place: that of its step.
    """

    def __init__(self, place: int) -> None:
        super().__init__()
        self.place = place


def _ask(gate: Gate, operands: Sequence[Any], places: Sequence[int], counts: list[int]) -> None:
    """See that numbers are in the domain of a gate that some steps apply, each to so many rows."""
    refused = outside(gate, operands)
    if np.count_nonzero(refused):
        row = np.atleast_2d(refused).any(axis=1).argmax()
        raise _RefusedError(places[int(np.searchsorted(np.cumsum(counts), row, "right"))])


def _steps(index: Index) -> list[int] | None:
    """The step along each axis, if places are regular.

    An axis with one place has one that BLAS accepts: past the end of the other.
    """
    if not index.size:
        return None
    corner = index[(slice(2),) * index.ndim]
    steps = [
        int(np.diff(corner, axis=axis).flat[0]) if size > 1 else int(index.max()) + 1
        for axis, size in enumerate(index.shape)
    ]
    along = [step * np.arange(size) for step, size in zip(steps, index.shape, strict=True)]
    regular = index.flat[0] + reduce(np.add.outer, along)
    return steps if (index == regular).all() else None
