"""A plan in print: one instruction a line, with names and shapes.

The printer gives the numbers of a plan their names, in a network the W, b, Z, A and D of lectures,
and puts the instructions in order; a `Notation` writes them.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np

from autograd_core.explain.notation import ALL, REST, Notation
from autograd_core.gate import GATES
from autograd_core.programs.graph import MATRIX
from autograd_core.programs.instructions import (
    COPY,
    GRADIENT,
    INNER,
    INPUTS,
    LANES,
    ONES,
    OUTER,
    SHARED,
    SUMS,
    Argument,
    Instruction,
    Instructions,
    Rows,
    Sum,
)
from autograd_core.programs.run import Array, Index
from autograd_core.toposort import all_values
from autograd_core.value import Value


class Named(NamedTuple):
    """Numbers that have a name: (n,), or the n rows of a matrix with k columns, (n, k)."""

    name: str
    rows: Rows


ORIGINS = {ALL: "all parameters, in their order", REST: "leaves that are no parameters"}
"""Blocks of all parameters, and of the leaves that are none: for numbers without a name."""


def print_plan(plan: Instructions, outputs: Sequence[Value], notation: Notation) -> str:
    """A plan for some outputs as text: what is given, both passes, and the gradient."""
    gates = sum(value.gate is not None for value in all_values(*outputs))
    count = len([*plan.shared, *plan.varying, *plan.sums, *plan.products])
    printer = Printer(plan, notation)
    title = (
        f"{_counted(count, 'instruction')} for {notation.lanes} examples, made from "
        f"{_counted(gates, 'gate')} of {_counted(plan.sizes[INPUTS], 'input')} and "
        f"{_counted(plan.sizes[GRADIENT], 'parameter')}"
    )
    computed = [*printer.passes(), *printer.gradient(outputs[0].label)]
    sections = [*printer.given(), *computed]  # what is given is listed if it was taken
    return notation.lay_out(title, [each for each in sections if each[1]])


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _listed(texts: Sequence[str]) -> str:
    """Names one after the other, with … in place of those that count up.

    >>> _listed(["c1", "c0", "c2", "c3", "c4", "c5", "c6"])
    'c1, c0, c2 … c6'
    """
    runs: list[list[str]] = []
    following = None
    for text in texts:
        counted = re.fullmatch(r"(\D*)(\d+)", text, re.ASCII)
        if not counted:  # in the order of their indices, as w¹₁₁ … w¹₃₂
            runs = [list(texts)]
            break
        if text != following:
            runs.append([])
        runs[-1].append(text)
        following = f"{counted[1]}{int(counted[2]) + 1}"
    if len(runs) > 8:
        return f"{texts[0]} … {texts[-1]}, in another order"
    return ", ".join(f"{x[0]} … {x[-1]}" if len(x) > 4 else ", ".join(x) for x in runs)


class _Reference(NamedTuple):
    """The text for some numbers, and their shape where that is one name."""

    text: str
    sizes: Sequence[int | str] = ()


class Printer:
    """The names of a plan's numbers, and its instructions as lines.

    Attributes:
        names: all names.
        forward: the instructions that the outputs need.
        backward: the others of those that are carried out for the lanes.
    """

    def __init__(self, plan: Instructions, notation: Notation) -> None:
        self.notation = notation
        self._plan = plan
        self.forward, self.backward = passes_of(plan)
        self.names: list[Named] = []
        self._used: set[str] = set()
        self._owners = {array: np.full(size, -1) for array, size in plan.sizes.items()}
        self._places = {array: np.full(size, -1) for array, size in plan.sizes.items()}
        for each in (self._owners, self._places):  # gradients are called after their leaves
            each[GRADIENT] = each[SHARED]
        self._name_numbers()

    # Names

    def _name_numbers(self) -> None:
        """The names of layers, X and Y, labels that can be names, and names for what has none."""
        plan, notation, counted = self._plan, self.notation, self._plan.sizes[GRADIENT]
        instructions = [*plan.shared, *self.forward, *self.backward]
        for name, rows in layers_of(plan, self.forward, self.backward):
            self._name_free(name, rows)
        inputs = iter("XY")
        for each in sorted(instructions, key=lambda each: each.operation != MATRIX):
            for rows in each.taken:
                places = np.unique(rows.index)
                if rows.array == INPUTS and len(places) > 1 and self._is_free(rows):
                    count = 1 + sum(named.rows.array == INPUTS for named in self.names)
                    self._add(next(inputs, f"X{count}"), Rows(INPUTS, places))
        taken = {*notation.reserved, *[named.name for named in self.names]}
        counts = Counter(plan.graph.labels.values())
        usable = {
            label
            for label, times in counts.items()
            if times == 1 and label.isidentifier() and label not in taken
            if not (label[0] == "d" and (label[1:] in taken or label[1:] in counts))
        }
        for (array, place), label in plan.labels.items():
            if label in usable:
                self._name_free(label, Rows(array, np.array([place])))
        for place in range(plan.sizes[INPUTS]):
            names = (f"x{place}{'_' * more}" for more in itertools.count())
            name = next(each for each in names if each not in usable)
            self._name_free(name, Rows(INPUTS, np.array([place])))
        for name, start, stop in ((ALL, 0, counted), (REST, counted, plan.leaves)):
            if (self._owners[SHARED][start:stop] < 0).any():
                self._add(name, Rows(SHARED, np.arange(start, stop)))
        for place, number in enumerate(plan.constants.tolist(), plan.leaves):
            self._add(notation.number(number), Rows(SHARED, np.array([place])))
        for each in (each for each in instructions if len(each.nodes) == 1):
            label = plan.graph.labels.get(each.nodes[0], "")
            if label in usable and each.operation != COPY:
                self._name_free(label, each.out)
            if plan.outputs == [(each.out.array, int(each.out.index[0]))]:
                self._name_free("output", each.out)
        unused = (name for count in itertools.count(1) if (name := f"v{count}") not in usable)
        for each in instructions:
            if self._is_free(each.out):
                self._add(next(unused), each.out)
        if plan.sizes[SUMS]:
            self._add(next(unused), Rows(SUMS, np.arange(plan.sizes[SUMS])))

    def _is_free(self, rows: Rows) -> bool:
        """Whether none of some numbers has a name."""
        return bool((self._owners[rows.array][rows.index] < 0).all())

    def _name_free(self, name: str, rows: Rows) -> None:
        """Name numbers if none of them has a name."""
        if self._is_free(rows):
            self._add(name, rows)

    def _add(self, name: str, rows: Rows) -> None:
        """Name numbers; those that have a name keep it."""
        array, index = rows.array, rows.index
        free = self._owners[array][index] < 0
        self._owners[array][index[free]] = len(self.names)
        self._places[array][index[free]] = np.arange(index.size).reshape(index.shape)[free]
        self.names.append(Named(name, rows))

    # References

    def _reference(self, rows: Rows, *, once: bool = False) -> _Reference:
        """Numbers by name; a list of names where they are not under one name.

        Those of the gradient have the names of their leaves. One number in every place can be
        written `once`, as NumPy broadcasts it.
        """
        array, index = rows.array, rows.index
        if once and np.ptp(index) == 0:
            index = index.ravel()[:1]
        named = self.names[self._owners[array][index.flat[0]]]
        for own, transposed in ((named.rows.index, False), (named.rows.index.T, True)):
            if np.array_equal(own, index):
                return self._whole(named, array, transposed=transposed)
        if index.ndim == 2 and 1 not in index.shape:
            by_rows, by_columns = (
                [self._text(Rows(array, line)) for line in lines] for lines in (index, index.T)
            )
            texts = self.notation.stack(by_rows), self.notation.columns(by_columns)
            return _Reference(min(texts, key=len))
        parts = list(self._parts(array, index.ravel()))
        if len(parts) == 1:
            return parts[0]
        counts = [(each.text, len(list(same))) for each, same in itertools.groupby(parts)]
        lists = [
            [text] * count if count < 4 else [self.notation.repeated(count, text)]
            for text, count in counts
        ]
        return _Reference(self.notation.stack(itertools.chain(*lists)))

    def _parts(self, array: str, index: Index) -> Iterator[_Reference]:
        """Numbers one after the other: all under a name, and runs within a name or a row of it."""
        owners, places = self._owners[array][index], self._places[array][index]
        cuts = np.flatnonzero((np.diff(owners) != 0) | (np.diff(places) != 1)) + 1
        for owner, run in zip(owners[[0, *cuts]], np.split(places, cuts), strict=True):
            named = self.names[owner]
            own = named.rows.index
            width = own.shape[-1]
            if len(run) == own.size:
                yield self._whole(named, array, transposed=len(own) == 1)
                continue
            for part in np.split(run, np.flatnonzero(np.diff(run // width)) + 1):
                row, start = divmod(int(part[0]), width)
                column = start if len(part) == 1 else range(start, start + len(part))
                chosen = (column,) if own.ndim == 1 else (row, column)
                name = self._whole(named, array).text
                if len(part) == width:
                    chosen = chosen[:1]
                yield _Reference(self.notation.part(name, *chosen))

    def _whole(self, named: Named, array: str, *, transposed: bool = False) -> _Reference:
        """All numbers under a name, or their gradients."""
        self._used.add(named.name)
        name = self.notation.gradient(named.name) if array == GRADIENT else named.name
        lanes = [self.notation.lanes] if array in (INPUTS, LANES) else []
        sizes: list[int | str] = [*named.rows.index.shape, *lanes]
        if transposed and named.rows.index.ndim == 2:
            return _Reference(self.notation.transposed(name), sizes[::-1])
        return _Reference(name, sizes)

    def _text(self, argument: Argument, *, once: bool = False) -> str:
        if isinstance(argument, float):
            return self.notation.number(argument)
        return self._reference(argument, once=once).text

    def _shaped(self, reference: _Reference, *, transposed: bool = False) -> str:
        """A reference with its shape, if it is a name."""
        text, sizes = reference
        if transposed:
            text, sizes = self.notation.transposed(text), sizes[::-1]
        return text + self.notation.shape(sizes) if sizes else text

    def _outputs(self) -> list[str]:
        return [self._text(Rows(array, np.array([row]))) for array, row in self._plan.outputs]

    # Formulas

    def _product(self, left: Rows, right: Rows, *, transposed: bool = False) -> str:
        """left @ right, or left @ rightᵀ, with shapes."""
        factor = self.notation.ones
        if right.array != ONES:
            factor = self._shaped(self._reference(right), transposed=transposed)
        return self.notation.matrix_product(self._shaped(self._reference(left)), factor)

    def _formula(self, instruction: Instruction) -> str:
        if instruction.operation == MATRIX:
            return self._product(*instruction.taken)
        operands = list(instruction.operands)
        if instruction.operation == COPY:
            return self._text(operands[0])
        gate = GATES[instruction.operation]
        if gate.variadic:
            lists = [self._terms(each) for each in instruction.taken]
            return self.notation.gate(gate, lists, len(instruction.taken[0].index))
        if gate.name == "multiply":  # numbers first, then what all lanes share
            operands.sort(key=lambda each: each.varies + 1 if isinstance(each, Rows) else 0)
            column, row = operands
            if isinstance(column, Rows) and isinstance(row, Rows) and row.varies > column.varies:
                sizes = list(self._reference(column).sizes)
                if sizes == [len(column), 1] and np.ptp(row.index) == 0:
                    return self._product(column, Rows(row.array, row.index[:1]))
        return self.notation.gate(gate, [self._text(each, once=True) for each in operands])

    def _terms(self, rows: Rows) -> str:
        """A list of a variadic gate: its terms, each of them for all results."""
        if rows.index.shape[1] == 1:
            return self._text(rows)
        terms = [Rows(rows.array, row) for row in rows.index]
        return self.notation.terms([self._text(term, once=True) for term in terms])

    def _sum(self, each: Sum) -> str:
        if each.operation == OUTER:
            return self._product(each.left, each.right, transposed=True)
        factors = [self._text(each.left, once=True), self._text(each.right, once=True)]
        multiply = GATES["multiply"]
        if each.operation == INNER:
            product = self.notation.gate(multiply, factors)
            return self.notation.matrix_product(f"({product})", self.notation.ones)
        if each.left.array != SUMS:
            factors.insert(0, self.notation.lanes)
        factors = [factor for factor in factors if factor != self.notation.number(1.0)]
        return reduce(lambda x, y: self.notation.gate(multiply, [x, y]), factors)

    # Sections: a heading and its lines

    def given(self) -> Iterator[tuple[str, list[str]]]:
        """The inputs and the leaves that the instructions take, with their origin."""
        plan, counted = self._plan, self._plan.sizes[GRADIENT]
        for heading, kind, array, start, stop in (
            ("Inputs", "column", INPUTS, 0, plan.sizes[INPUTS]),
            ("Parameters", "parameter", SHARED, 0, counted),
            ("Other leaves", "leaf", SHARED, counted, plan.leaves),
        ):
            found = [
                (self._shaped(self._whole(each, array)), self._origin(each, kind))
                for each in self.names
                if each.name in self._used
                if each.rows.array == array and start <= each.rows.index.flat[0] < stop
            ]
            width = max([len(name) for name, _ in found], default=0)
            lines = [f"{name:{width}} = {origin}" for name, origin in found if origin]
            if labelled := [name for name, origin in found if not origin]:
                lines.append(", ".join(labelled))
            yield heading, [self.notation.remark(line) for line in lines]

    def _origin(self, named: Named, kind: str) -> str:
        """Where numbers with a name come from: their labels, or else their places."""
        places = [(named.rows.array, place) for place in named.rows.index.ravel().tolist()]
        labels = [self._plan.labels.get(each) for each in places]
        texts = [label or f"{kind} {each[1]}" for label, each in zip(labels, places, strict=True)]
        if named.name in ORIGINS:
            return ", ".join(texts) if all(labels) and len(texts) <= 8 else ORIGINS[named.name]
        return "" if texts == [named.name] else _listed(texts)

    def passes(self) -> Iterator[tuple[str, list[str]]]:
        """The instructions that compute nodes."""
        for heading, instructions in (
            ("Once, for all examples", self._plan.shared),
            ("Forward", self.forward),
            ("Backward", self.backward),
        ):
            lines = [self.line(each) for each in instructions]
            if heading == "Forward" and (outputs := self._outputs()) != ["output"]:
                lines.append(self.notation.results(outputs))
            yield heading, lines

    def line(self, each: Instruction) -> str:
        """An instruction that computes nodes."""
        return self.notation.assign(self._shaped(self._reference(each.out)), self._formula(each))

    def sum_line(self, each: Sum, *, add: bool) -> str:
        """An instruction that sums."""
        target = self._shaped(self._reference(each.target))
        return self.notation.assign(target, self._sum(each), add=add)

    def places(self, rows: Rows) -> tuple[Index, Index]:
        """The numbers of the names under which some numbers are, and their places there."""
        return self._owners[rows.array][rows.index], self._places[rows.array][rows.index]

    def gradient(self, label: str | None) -> Iterator[tuple[str, list[str]]]:
        """The instructions that sum over the lanes; the label is that of the first output."""
        plan, notation, counted = self._plan, self.notation, self._plan.sizes[GRADIENT]
        if not counted:
            return
        lines, reached = [], np.zeros(counted, dtype=bool)
        for each in [*plan.sums, *plan.products]:
            add, places = False, each.target.index
            if each.target.array == GRADIENT:
                add = bool(reached[places].any()) or len(np.unique(places)) < places.size
                reached[places] = True
            lines.append(self.sum_line(each, add=add))
        first = label or self._outputs()[0]
        if not reached.all():
            rest = self._text(Rows(SHARED, np.flatnonzero(~reached)))
            lines.append(notation.remark(f"{first} does not depend on {rest}"))
        of = f" of {first}, the first output" if len(plan.outputs) > 1 else ""
        yield (
            f"Gradient{of}: sums over the examples, to be divided by {notation.lanes} for the mean",
            lines,
        )


NOT_ACTIVATIONS = ("negate", "reciprocal")
"""Gates of one operand that are not called activation functions."""


def passes_of(plan: Instructions) -> tuple[list[Instruction], list[Instruction]]:
    """The instructions that the outputs need, the forward pass; and the others, the backward."""
    marked = {array: np.zeros(size, dtype=bool) for array, size in plan.sizes.items()}
    for array, place in plan.outputs:
        marked[array][place] = True
    forward: list[Instruction] = []
    backward: list[Instruction] = []
    for each in reversed(plan.varying):
        if marked[each.out.array][each.out.index].any():
            forward.append(each)
            for rows in each.taken:
                marked[rows.array][rows.index] = True
        else:
            backward.append(each)
    return forward[::-1], backward[::-1]


def layers_of(
    plan: Instructions, forward: Sequence[Instruction], backward: Sequence[Instruction]
) -> Iterator[Named]:
    """What the lectures name in a network, layer by layer; numbers may come up more than once.

    A layer is a matrix product with leaves. W is those leaves; b, what is added to the product,
    unless the user has a name for it; Z, the sum; A, what the next layer takes, or the function of
    Z; D, the gradient by Z; P, what D compares with the targets.
    """
    made = {_key(each.out): place for place, each in enumerate([*forward, *backward])}
    products = [
        place
        for place, each in enumerate(forward)
        if each.operation == MATRIX and each.taken[0].index.max() < plan.leaves
    ]
    for count, z in enumerate(products, 1):
        weights, inputs = forward[z].taken
        yield Named(f"W{count}", weights)
        following = _following(forward, z)
        while (addition := following) and addition.operation == "add":
            if len(addition.out) != len(weights.index):
                break
            z = made[_key(addition.out)]
            for rows in addition.taken:
                label = plan.labels.get((SHARED, int(rows.index[0])), "")
                is_leaf = rows.array == SHARED and rows.index.max() < plan.leaves
                if is_leaf and (len(rows) > 1 or not label.isidentifier()):
                    yield Named(f"b{count}", rows)
            following = _following(forward, z)
        yield Named(f"Z{count}", forward[z].out)
        following_inputs = [forward[place].taken[1] for place in products[count : count + 1]]
        a = made.get(_key(following_inputs[0])) if following_inputs else None
        if a is None and following and len(following.operands) == 1:
            gate = GATES[following.operation]
            if not gate.variadic and gate.name not in NOT_ACTIVATIONS:
                a = made[_key(following.out)]
        if a is not None and _depends(forward, a, z):
            yield Named(f"A{count}", forward[a].out)
        for each in plan.sums:
            of_weights = each.operation == OUTER and np.array_equal(
                each.target.index, weights.index
            )
            if of_weights and _key(each.right) == _key(inputs) and _key(each.left) in made:
                yield Named(f"D{count}", each.left)
                for predicted in _predicted([*forward, *backward], made[_key(each.left)]):
                    yield Named("P", predicted)


def _predicted(instructions: Sequence[Instruction], place: int) -> Iterator[Rows]:
    """The results from which a gradient, or some of its rows, are the differences to targets."""
    gradient = instructions[place]
    rows = gradient.taken[0] if gradient.operation == COPY else gradient.out
    for each in instructions:
        if each.operation in ("add", "subtract"):
            left, target = each.operands
            known = isinstance(target, float) or target.array == INPUTS
            if isinstance(left, Rows) and known and np.isin(each.out.index, rows.index).all():
                yield from (made.out for made in instructions if left.index[0] in made.out.index)


def _key(rows: Rows) -> tuple[str, bytes]:
    """Equal for the same numbers in the same order."""
    return rows.array, rows.index.tobytes()


def _takes(instruction: Instruction, marked: Array) -> bool:
    """Whether an instruction takes any of the marked numbers of the lanes."""
    return any(marked[rows.index].any() for rows in instruction.taken if rows.array == LANES)


def _marked(forward: Sequence[Instruction], place: int) -> Array:
    """The results of an instruction, marked among the numbers of the lanes."""
    marked = np.zeros(1 + max(int(each.out.index.max()) for each in forward), dtype=bool)
    marked[forward[place].out.index] = True
    return marked


def _following(forward: Sequence[Instruction], place: int) -> Instruction | None:
    """The gate that alone takes some results in the forward pass."""
    marked = _marked(forward, place)
    takers = [each for each in forward[place + 1 :] if _takes(each, marked)]
    return takers[0] if len(takers) == 1 and takers[0].operation in GATES else None


def _depends(forward: Sequence[Instruction], place: int, on: int) -> bool:
    """Whether an instruction takes another's results, directly or not."""
    marked = _marked(forward, on)
    for each in forward[on + 1 : place]:
        if _takes(each, marked):
            marked[each.out.index] = True
    return on < place and _takes(forward[place], marked)
