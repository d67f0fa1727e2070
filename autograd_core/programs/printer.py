"""A plan in print: one instruction a line, with names and shapes.

The printer gives the numbers of a plan their names and puts the instructions in order; a `Notation`
writes them. The one here is that of the lectures; another language is a subclass.
"""

import itertools
import re
import textwrap
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from autograd_core.gate import GATES, Gate
from autograd_core.programs.graph import INPUT, LEAF
from autograd_core.programs.run.index import GRADIENT, INPUTS, LANES, ONES, SHARED, SUMS, Rows
from autograd_core.programs.run.index import Index as Places
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
from autograd_core.programs.run.plan import Plan
from autograd_core.toposort import all_values
from autograd_core.value import Value

Section = tuple[str, list[str]]

ALL, REST = "θ", "c"
ORIGINS = {ALL: "all parameters, in their order", REST: "leaves that are no parameters"}
"""Blocks of all parameters, and of the leaves that are none: for numbers without a name."""

NOT_ACTIVATIONS = ("negate", "reciprocal")
"""Gates of one operand that are not called activation functions."""


class Notation:
    """The notation of the lectures: Z = W @ A, Aᵀ, shapes in brackets, B for the number of lanes.

    >>> notation = Notation()
    >>> notation.matrix_product("W1[3, 2]", "X[2, B]")
    'W1[3, 2] @ X[2, B]'
    >>> notation.gate(GATES["add"], ["v1", "-1"]), notation.gate(GATES["exp"], ["v1"])
    ('v1 - 1', 'exp(v1)')
    """

    lanes = "B"
    reserved: Collection[str] = ("B", ALL, REST, "output", "outputs")
    """Names that no label of a user may take."""

    def number(self, number: float) -> str:
        """A number as short as it can be written exactly."""
        return repr(number).removesuffix(".0")

    def shape(self, sizes: Iterable[int | str]) -> str:
        """The shape that follows a name."""
        return f"[{', '.join(map(str, sizes))}]"

    def part(self, name: str, *places: int | range | str) -> str:
        """A number, a row or a range of numbers under a name."""
        return name + self.shape(
            f"{each.start}:{each.stop}" if isinstance(each, range) else each for each in places
        )

    def transposed(self, name: str) -> str:
        """A matrix with rows and columns exchanged."""
        return f"{name}ᵀ"

    def stack(self, parts: Iterable[str]) -> str:
        """Numbers one below the other."""
        return f"[{', '.join(parts)}]"

    def repeated(self, count: int, part: str) -> str:
        """One number several times, inside a stack."""
        return f"{count} × {part}"

    def gradient(self, name: str) -> str:
        """The gradient of what has this name."""
        return f"d{name}"

    def gate(self, gate: Gate, operands: Sequence[str]) -> str:
        """A gate applied to names and numbers."""
        if gate.name == "negate":
            return f"-{operands[0]}"
        symbol = ">" if gate.name == "greater" else gate.symbol if gate.infix else ""
        if not symbol:
            return f"{gate.name}({', '.join(operands)})"
        left, right = operands
        if symbol == "+" and right.startswith("-"):
            return f"{left} - {right[1:]}"
        return f"{f'({left})' if left.startswith('-') else left} {symbol} {right}"

    def assign(self, target: str, text: str, *, add: bool = False) -> str:
        """One instruction; what is added to has a value already."""
        return f"{target} {'+=' if add else '='} {text}"

    def matrix_product(self, left: str, right: str) -> str:
        """The product of two factors with their shapes."""
        return f"{left} @ {right}"

    def lay_out(self, title: str, sections: Iterable[Section]) -> str:
        """The whole text; long lines are broken, but not within a shape or an index."""
        glue = "\N{NO-BREAK SPACE}"
        lines = [title]
        for heading, content in sections:
            lines += ["", heading, *[f"  {line}" for line in content]]
        wrapper = textwrap.TextWrapper(
            99, subsequent_indent="      ", break_long_words=False, break_on_hyphens=False
        )
        for place, line in enumerate(lines):
            glued = re.sub(r"(?<=\w)\[[^][]*\]", lambda found: found[0].replace(" ", glue), line)
            glued = glued.replace(" × ", f"{glue}×{glue}")
            lines[place] = wrapper.fill(glued).replace(glue, " ")
        return "\n".join(lines)


def print_plan(plan: Plan, outputs: Sequence[Value], notation: Notation | None = None) -> str:
    """A plan as text: what is given, both passes, and the gradient.

    Args:
        plan: the plan.
        outputs: the values that it was made for.
        notation: the language to write; left out, that of the lectures.
    """
    gates = sum(value.gate is not None for value in all_values(*outputs))
    count = len([*plan.shared, *plan.varying, *plan.sums, *plan.products])
    printer = _Printer(plan, notation or Notation())
    title = (
        f"{_counted(count, 'instruction')} for {printer.notation.lanes} lanes, made from "
        f"{_counted(gates, 'gate')} of {_counted(plan.sizes[INPUTS], 'input')} and "
        f"{_counted(plan.counted, 'parameter')}"
    )
    computed = [*printer.passes(), *printer.gradient(outputs[0].label)]
    sections = [*printer.given(), *computed]  # what is given is listed if it was taken
    return printer.notation.lay_out(title, [each for each in sections if each[1]])


@dataclass
class _Name:
    """Numbers with a name: their places in an array, (n,) or (n, k)."""

    name: str
    array: str
    index: Places
    used: bool = False


class _Printer:
    """The names of a plan's numbers, and its instructions as lines."""

    def __init__(self, plan: Plan, notation: Notation) -> None:
        self.notation = notation
        self._plan = plan
        self._instructions = [*plan.shared, *plan.varying]
        sizes = plan.sizes | {SUMS: plan.partial}
        self._makers = {array: np.full(size, -1) for array, size in sizes.items()}
        for number, each in enumerate(self._instructions):
            self._makers[each.out.array][each.out.index] = number
        self._split_passes()
        self._names: list[_Name] = []
        self._name_of = {array: np.full(size, -1) for array, size in sizes.items()}
        self._place_in = {array: np.full(size, -1) for array, size in sizes.items()}
        self._results: dict[int, str] = {}
        self._sizes: dict[str, list[int | str]] = {}
        self._labels = {
            plan.where[node]: label
            for node, label in plan.graph.labels.items()
            if plan.graph.operations[node] in (INPUT, LEAF)
        }
        self._name_layers()
        self._name_given()
        self._name_results()

    def _split_passes(self) -> None:
        """Find who takes each result, and what the outputs need: that is the forward pass."""
        self._takers: list[list[int]] = [[] for _ in self._instructions]
        needed = {int(self._makers[array][place]) for array, place in self._plan.outputs}
        for number in reversed(range(len(self._instructions))):
            rows = _taken(self._instructions[number])
            makers = {maker for each in rows for maker in self._makers_of(each)}
            needed |= makers if number in needed else set()
            for maker in makers:
                self._takers[maker].append(number)
        first = len(self._plan.shared)
        varying = range(first, len(self._instructions))
        self._once = list(range(first))
        self._forward = [number for number in varying if number in needed]
        self._backward = [number for number in varying if number not in needed]

    def _makers_of(self, rows: Rows) -> set[int]:
        return set(np.unique(self._makers[rows.array][rows.index]).tolist()) - {-1}

    def _made_by(self, rows: Rows) -> int | None:
        """The instruction whose results these numbers are, all of them in their order."""
        for number in self._makers_of(rows):
            if np.array_equal(self._instructions[number].out.index, rows.index):
                return number
        return None

    # Names

    def _name_layers(self) -> None:
        """W, b, Z, A and D by the number of the layer, which is a matrix product with leaves."""
        products = [
            (number, each)
            for number in self._forward
            if isinstance(each := self._instructions[number], Multiply)
            if each.weights.index.max() < self._plan.leaves
        ]
        for count, (z, product) in enumerate(products, 1):
            weights, inputs = product.weights.index, product.inputs
            self._name_free(f"W{count}", SHARED, weights)
            self._name_inputs(inputs)
            while (following := self._following(z)) and following[1].gate == "add":
                if len(following[1].out) != len(weights):
                    break
                z, addition = following
                for rows in _taken(addition):
                    label = self._labels.get((SHARED, int(rows.index[0])), "")
                    is_leaf = rows.array == SHARED and rows.index.max() < self._plan.leaves
                    if is_leaf and (len(rows) > 1 or not label.isidentifier()):
                        self._name_free(f"b{count}", SHARED, rows.index)
            a = self._made_by(products[count][1].inputs) if count < len(products) else None
            if a is None and following and len(following[1].operands) == 1:
                gate = GATES[following[1].gate]
                a = None if gate.variadic or gate.name in NOT_ACTIVATIONS else following[0]
            deltas = [
                self._made_by(each.upstreams)
                for each in self._plan.sums
                if isinstance(each, Outer) and each.locals.array == inputs.array
                if np.array_equal(each.leaves.index, weights)
                if np.array_equal(each.locals.index, inputs.index)
            ]
            a = a if a is not None and self._depends(a, z) else None
            for letter, made in [("Z", z), ("A", a), *[("D", each) for each in deltas]]:
                if made is not None:
                    self._results.setdefault(made, f"{letter}{count}")

    def _following(self, number: int) -> tuple[int, Apply] | None:
        """The gate that alone takes some results in the forward pass."""
        takers = [taker for taker in self._takers[number] if taker in self._forward]
        each = self._instructions[takers[0]] if len(takers) == 1 else None
        return (takers[0], each) if isinstance(each, Apply) else None

    def _depends(self, number: int, on: int) -> bool:
        """Whether an instruction takes another's results, directly or not."""
        found = {on}
        for each in range(on, number):
            found.update(self._takers[each] if each in found else ())
        return on != number and number in found

    def _name_inputs(self, rows: Rows) -> None:
        """X and Y for inputs that are taken side by side."""
        places = np.unique(rows.index)
        if rows.array == INPUTS and len(places) > 1:
            count = sum(each.array == INPUTS for each in self._names)
            self._name_free(("X", "Y")[count] if count < 2 else f"X{count + 1}", INPUTS, places)

    def _name_given(self) -> None:
        """X, Y, labels that can be names, and a name for all leaves without one."""
        plan = self._plan
        for rows in itertools.chain.from_iterable(map(_taken, self._instructions)):
            self._name_inputs(rows)
        taken = {*self.notation.reserved, *self._results.values(), *[x.name for x in self._names]}
        counts = Counter(plan.graph.labels.values())
        self._usable = {
            label
            for label, times in counts.items()
            if times == 1 and label.isidentifier() and label not in taken
            if not (label[0] == "d" and (label[1:] in taken or label[1:] in counts))
        }
        for (array, place), label in self._labels.items():
            if label in self._usable:
                self._name_free(label, array, np.array([place]))
        for place in range(plan.sizes[INPUTS]):
            names = (f"x{place}{'_' * more}" for more in itertools.count())
            name = next(each for each in names if each not in self._usable)
            self._name_free(name, INPUTS, np.array([place]))
        for name, places in ((ALL, (0, plan.counted)), (REST, (plan.counted, plan.leaves))):
            if (self._name_of[SHARED][slice(*places)] < 0).any():
                self._add(name, SHARED, np.arange(*places))
        for place, number in enumerate(plan.constants.tolist(), plan.leaves):
            self._add(self.notation.number(number), SHARED, np.array([place]))

    def _name_results(self) -> None:
        """The names of layers, labels, "output", and v1, v2, … for the rest."""
        for number, each in enumerate(self._instructions):
            label = self._plan.graph.labels.get(each.nodes[0], "")
            if label in self._usable and len(each.nodes) == 1 and not isinstance(each, Copy):
                self._results.setdefault(number, label)
        if len(self._plan.outputs) == 1 and (made := self._made_by(self._output(0))) is not None:
            self._results.setdefault(made, "output")
        names = (f"v{count}" for count in itertools.count(1))
        fresh = (name for name in names if name not in self._usable)
        for number in [*self._once, *self._forward, *self._backward]:
            out = self._instructions[number].out
            self._add(self._results.get(number) or next(fresh), out.array, out.index)
        if self._plan.partial:
            self._add(next(fresh), SUMS, np.arange(self._plan.partial))

    def _name_free(self, name: str, array: str, index: Places) -> None:
        """Name numbers if none of them has a name."""
        if (self._name_of[array][index] < 0).all():
            self._add(name, array, index)

    def _add(self, name: str, array: str, index: Places) -> None:
        """Name numbers; those that have a name keep it."""
        free = self._name_of[array][index] < 0
        self._name_of[array][index[free]] = len(self._names)
        self._place_in[array][index[free]] = np.arange(index.size).reshape(index.shape)[free]
        self._names.append(_Name(name, array, index))

    # References

    def _reference(self, rows: Rows, *, gradient: bool = False, once: bool = False) -> str:
        """Numbers by name; a list of names where they are not under one name.

        Args:
            rows: the numbers.
            gradient: whether their gradients are meant.
            once: whether one number in every place is written once, as NumPy broadcasts it.
        """
        index = rows.index.ravel()[:1] if once and np.ptp(rows.index) == 0 else rows.index
        named = self._names[self._name_of[rows.array][index.flat[0]]]
        for own, transposed in ((named.index, False), (named.index.T, True)):
            if np.array_equal(own, index):
                return self._whole(named, gradient, transposed=transposed)
        if index.ndim == 2 and 1 not in index.shape:
            lines = [Rows(rows.array, line) for line in index]
            return self.notation.stack([self._reference(each, gradient=gradient) for each in lines])
        parts = list(self._parts(rows.array, index.ravel(), gradient))
        if len(parts) == 1:
            return parts[0]
        counts = [(part, len(list(same))) for part, same in itertools.groupby(parts)]
        return self.notation.stack(
            self.notation.repeated(count, part) if count > 1 else part for part, count in counts
        )

    def _parts(self, array: str, index: Places, gradient: bool) -> Iterator[str]:
        """Numbers one after the other: all under a name, and runs within a name or a row of it."""
        owners, places = self._name_of[array][index], self._place_in[array][index]
        cuts = np.flatnonzero((np.diff(owners) != 0) | (np.diff(places) != 1)) + 1
        for owner, run in zip(owners[[0, *cuts]], np.split(places, cuts), strict=True):
            named = self._names[owner]
            width = named.index.shape[-1]
            if len(run) == named.index.size:
                yield self._whole(named, gradient, transposed=len(named.index) == 1)
                continue
            for part in np.split(run, np.flatnonzero(np.diff(run // width)) + 1):
                row, start = divmod(int(part[0]), width)
                column = start if len(part) == 1 else range(start, start + len(part))
                chosen = (column,) if named.index.ndim == 1 else (row, column)
                name = self._whole(named, gradient)
                yield self.notation.part(name, *(chosen[:1] if len(part) == width else chosen))

    def _whole(self, named: _Name, gradient: bool = False, *, transposed: bool = False) -> str:
        """All numbers under a name; their shape is noted for `_shaped`."""
        named.used = True
        name = self.notation.gradient(named.name) if gradient else named.name
        lanes = [self.notation.lanes] if named.array in (INPUTS, LANES) else []
        sizes = [*named.index.shape, *lanes]
        if transposed and named.index.ndim == 2:
            name, sizes = self.notation.transposed(name), sizes[::-1]
        self._sizes[name] = sizes
        return name

    def _shaped(self, text: str, *, transposed: bool = False) -> str:
        """A reference with its shape, if it is a name."""
        sizes = self._sizes.get(text, [])
        if transposed:
            text, sizes = self.notation.transposed(text), sizes[::-1]
        return text + self.notation.shape(sizes) if sizes else text

    def _output(self, place: int) -> Rows:
        array, row = self._plan.outputs[place]
        return Rows(array, np.array([row]))

    # Formulas

    def _argument(self, argument: Argument) -> str:
        if isinstance(argument, float):
            return self.notation.number(argument)
        return self._reference(argument, once=True)

    def _product(self, left: Rows, right: Rows, *, transposed: bool = False) -> str:
        """left @ right, or left @ rightᵀ, with shapes."""
        if right.array == ONES:
            factor = self.notation.part("1", self.notation.lanes)
        else:
            factor = self._shaped(self._reference(right), transposed=transposed)
        return self.notation.matrix_product(self._shaped(self._reference(left)), factor)

    def _formula(self, instruction: Instruction) -> str:
        if isinstance(instruction, Copy):
            return self._reference(instruction.operand)
        if isinstance(instruction, Multiply):
            return self._product(instruction.weights, instruction.inputs)
        gate, operands = GATES[instruction.gate], list(instruction.operands)
        if gate.variadic:
            lists = [each for each in operands if isinstance(each, Rows)]
            return self.notation.gate(gate, [self._terms(each) for each in lists])
        if gate.name == "multiply":  # numbers first, then what all lanes share
            operands.sort(key=lambda each: each.varies + 1 if isinstance(each, Rows) else 0)
            column, row = operands
            if isinstance(column, Rows) and isinstance(row, Rows) and row.varies > column.varies:
                text = self._reference(column)
                if self._sizes.get(text) == [len(column), 1] and np.ptp(row.index) == 0:
                    return self._product(column, Rows(row.array, row.index[:1]))
        return self.notation.gate(gate, [self._argument(each) for each in operands])

    def _terms(self, rows: Rows) -> str:
        """A list of a variadic gate: its terms, each of them for all results."""
        if rows.index.shape[1] == 1:
            return self._reference(rows)
        terms = [Rows(rows.array, row) for row in rows.index]
        return self.notation.stack([self._reference(term, once=True) for term in terms])

    def _sum(self, each: Reduction | ScaledSums) -> str:
        if isinstance(each, Outer):
            return self._product(each.upstreams, each.locals, transposed=True)
        multiply = GATES["multiply"]
        if isinstance(each, Inner):
            factors = [self._argument(each.upstreams), self._argument(each.locals)]
            ones = self.notation.part("1", self.notation.lanes)
            return self.notation.matrix_product(f"({self.notation.gate(multiply, factors)})", ones)
        lanes = [] if each.factors.array == SUMS else [self.notation.lanes]
        factors = [*lanes, self._argument(each.factors), self._argument(each.others)]
        factors = [factor for factor in factors if factor != self.notation.number(1.0)]
        return reduce(lambda x, y: self.notation.gate(multiply, [x, y]), factors)

    # Sections: a heading and its lines

    def given(self) -> Iterator[Section]:
        """The inputs and the leaves that the instructions take, with their origin."""
        plan = self._plan
        for heading, array, start, stop in (
            ("Inputs", INPUTS, 0, plan.sizes[INPUTS]),
            ("Parameters", SHARED, 0, plan.counted),
            ("Other leaves", SHARED, plan.counted, plan.leaves),
        ):
            kind = {"Inputs": "column", "Parameters": "parameter"}.get(heading, "leaf")
            found = [
                (self._shaped(self._whole(each)), self._origin(each, kind))
                for each in self._names
                if each.used and each.array == array and start <= each.index.flat[0] < stop
            ]
            width = max([len(name) for name, _ in found], default=0)
            lines = [
                self.notation.assign(f"{name:{width}}", origin) for name, origin in found if origin
            ]
            labelled = ", ".join([name for name, origin in found if not origin])
            yield heading, [*lines, labelled] if labelled else lines

    def _origin(self, named: _Name, kind: str) -> str:
        """Where numbers with a name come from: their labels, or else their places."""
        if named.name in (ALL, REST):
            return ORIGINS[named.name]
        places = named.index.ravel().tolist()
        texts = [self._labels.get((named.array, each)) or f"{kind} {each}" for each in places]
        if texts == [named.name]:
            return ""
        return ", ".join(texts) if len(texts) <= 4 else f"{texts[0]} … {texts[-1]}"

    def passes(self) -> Iterator[Section]:
        """The instructions that compute nodes."""
        for heading, numbers in (
            ("Once, for all lanes", self._once),
            ("Forward", self._forward),
            ("Backward", self._backward),
        ):
            lines = [
                self.notation.assign(self._shaped(self._reference(each.out)), self._formula(each))
                for each in map(self._instructions.__getitem__, numbers)
            ]
            if heading == "Forward":
                count = len(self._plan.outputs)
                texts = [self._reference(self._output(place)) for place in range(count)]
                if texts != ["output"]:
                    name = "output" if count == 1 else "outputs"
                    lines.append(self.notation.assign(name, ", ".join(texts)))
            yield heading, lines

    def gradient(self, label: str | None) -> Iterator[Section]:
        """The instructions that sum over the lanes; the label is that of the first output."""
        plan, notation = self._plan, self.notation
        if not plan.counted:
            return
        lines, reached = [], np.zeros(plan.counted, dtype=bool)
        for each in [*plan.sums, *plan.products]:
            target = each.target if isinstance(each, Inner) else each.leaves
            is_gradient, places = target.array == GRADIENT, target.index
            text = self._reference(
                Rows(SHARED if is_gradient else SUMS, places), gradient=is_gradient
            )
            add = is_gradient and bool(
                reached[places].any() or len(np.unique(places)) < places.size
            )
            if is_gradient:
                reached[places] = True
            lines.append(notation.assign(self._shaped(text), self._sum(each), add=add))
        first = label or self._reference(self._output(0))
        if not reached.all():
            rest = self._reference(Rows(SHARED, np.flatnonzero(~reached)))
            lines.append(f"{first} does not depend on {rest}")
        of = f" of {first}, the first output" if len(plan.outputs) > 1 else ""
        yield (
            f"Gradient{of}: sums over the lanes, to be divided by {notation.lanes} for the mean",
            lines,
        )


def _taken(instruction: Instruction) -> list[Rows]:
    """The numbers that an instruction takes."""
    if isinstance(instruction, Multiply):
        return [instruction.weights, instruction.inputs]
    if isinstance(instruction, Copy):
        return [instruction.operand]
    return [each for each in instruction.operands if isinstance(each, Rows)]


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
