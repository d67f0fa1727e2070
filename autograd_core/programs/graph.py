# cython: boundscheck=False, wraparound=False
"""A graph as a table of nodes, with common subexpressions shared and constants folded."""

from array import array
from collections.abc import Iterator, Sequence
from math import isfinite
from typing import Any

from autograd_core import floats
from autograd_core.errors import domain_errors
from autograd_core.gate import GATES

try:
    import cython
except ModuleNotFoundError:
    from autograd_core import _cython as cython

INPUT, LEAF, CONSTANT = "input", "leaf", "constant"
"""The operations of nodes that no gate produced."""

MATRIX = "matrix"
"""The operation of a dot product of shared numbers with numbers that vary: a row of W @ X."""

GIVEN, VARYING, ALIKE = 0, 1, 2
"""What differs from lane to lane as an input, or as it depends on one, and what does not; in the
order in which a commutative gate takes them."""

NEUTRAL = {"add": 0.0, "subtract": 0.0, "multiply": 1.0, "divide": 1.0}
"""The second operand that leaves the first as it is; of a gate that commutes, either."""

FINITE = {"greater": 2, "equal": 2, "where": 1, "negate": 0}
"""Gates that are finite where their operands from this place on are."""


IS_FINITE, IS_CONSTANT, VARIES = 1, 2, 4
"""Flags of nodes: finite whatever the numbers are; a constant; not shared by all lanes."""


def zeros(count: int) -> "array[int]":
    """A column of whole numbers."""
    return array("i", [0]) * count


@cython.cclass
class Packed:
    """Lists of whole numbers, one after the other, without an object for each.

    Attributes:
        count: how many lists there are.
        numbers: the numbers of all lists, and space behind them.
        ends: 0, and where each list ends; and space behind that.
    """

    def __init__(self) -> None:
        self.count = 0
        self.numbers, self.ends = zeros(16), zeros(16)

    def append(self, row: Sequence[int]) -> None:
        """Add a list."""
        end = self.ends[self.count]
        if end + len(row) > len(self.numbers):
            self.numbers = _longer(self.numbers, end + len(row))
        for number in row:
            self.numbers[end] = number
            end += 1
        self.count += 1
        if self.count == len(self.ends):
            self.ends = _longer(self.ends, self.count + 1)
        self.ends[self.count] = end

    def trim(self) -> None:
        """Give back the space behind."""
        self.numbers = array("i", bytes(self.numbers[: self.ends[self.count]]))
        self.ends = array("i", bytes(self.ends[: self.count + 1]))

    def at(self, place: int) -> tuple[int, ...]:
        """A list."""
        start, end = self.ends[place], self.ends[place + 1]
        if end - start == 2:
            return self.numbers[start], self.numbers[start + 1]
        return tuple([self.numbers[each] for each in range(start, end)])

    def __iter__(self) -> Iterator[tuple[int, ...]]:
        return map(self.at, range(self.count))

    def __len__(self) -> int:
        return self.count

    def __reduce__(self) -> tuple[Any, ...]:
        columns = {name: array("i", bytes(getattr(self, name))) for name in ("numbers", "ends")}
        return _restored, (Packed, {"count": self.count, **columns})


def _longer(column: "array[int]", least: int) -> "array[int]":
    """The same column with half as much space again, or more."""
    found = zeros(max(len(column) + len(column) // 2, least))
    found[: len(column)] = column
    return found


def _restored(kind: type[Any], attributes: dict[str, Any]) -> Any:
    """What has been pickled."""
    found = kind()
    for name, each in attributes.items():
        setattr(found, name, each)
    return found


def grouped(keys: Sequence[Any]) -> Packed:
    """The places of equal keys together, in the order of the first."""
    numbers: dict[Any, int] = {}
    number_of = array("i", [numbers.setdefault(key, len(numbers)) for key in keys])
    ends, found = zeros(len(numbers) + 2), Packed()
    for number in number_of:
        ends[number + 2] += 1
    for number in range(len(numbers)):
        ends[number + 2] += ends[number + 1]
    found.count, found.numbers = len(numbers), zeros(len(keys))
    for place in range(len(keys)):
        number = number_of[place] + 1
        found.numbers[ends[number]] = place
        ends[number] += 1
    found.ends = ends
    return found


@cython.cclass
class Graph:
    """A graph as parallel columns; a node is an index into them.

    A node with the same operation and operands as an earlier one is that one (common subexpressions
    are shared). Nodes come after their operands, in topological order.

    Attributes:
        operations: the name of each node's gate, or INPUT, LEAF, CONSTANT, MATRIX.
        operands: each node's operands, as nodes; of a commutative gate first what is given, last
            what is shared, and of a product of two shared numbers first a constant. Gates that are
            alike then have it in one place.
        kinds: whether each node is GIVEN, VARYING or ALIKE.
        inputs, leaves: the nodes that no gate produces, and that are no constants.
        numbers: the numbers of the constant nodes.
        labels: the user's names of nodes, for messages.
    """

    def __init__(self) -> None:
        self.operations: list[str] = []
        self.operands = Packed()
        self.kinds = bytearray()
        self.inputs: list[int] = []
        self.leaves: list[int] = []
        self.numbers: dict[int, float] = {}
        self.labels: dict[int, str] = {}
        self._flags = bytearray()
        self._constants: dict[float | str, int] = {}
        self._commuting: dict[str, bool] = {}
        self._slots = zeros(64)  # a hash table: 1 + a node that a gate produces; 0 in free slots
        self._used = 0

    def __len__(self) -> int:
        return len(self.operations)

    def source(self, operation: str) -> int:
        """A new node that no gate produces: an input or a leaf."""
        if operation == INPUT:
            self.inputs.append(node := self._append(INPUT, (), GIVEN, VARIES))
        else:
            self.leaves.append(node := self._append(LEAF, (), ALIKE, 0))
        return node

    def constant(self, number: float) -> int:
        """The node of a constant."""
        key = number.hex() if number == 0.0 or number != number else number  # zeros have signs
        node = self._constants.get(key, -1)
        if node < 0:
            flags = IS_CONSTANT | isfinite(number)
            node = self._constants[key] = self._append(CONSTANT, (), ALIKE, flags)
            self.numbers[node] = number
        return node

    def commutes(self, operation: str) -> bool:
        """Whether a gate's operands may be reordered.

        A gate with a domain keeps the order, in which its error message lists the operands; a
        variadic gate has lists of operands that must not be mixed.
        """
        known = self._commuting.get(operation)
        if known is None:
            gate = GATES.get(operation)
            known = gate is not None and gate.commutes and not gate.variadic and not gate.domain
            self._commuting[operation] = known
        return known

    def apply(self, operation: str, operands: tuple[int, ...]) -> int:
        """The node of a gate applied to nodes; an earlier one where it is the same number."""
        commutes, flags = self.commutes(operation), 0
        if commutes and (len(operands) > 2 or operands[0] > operands[len(operands) - 1]):
            operands = tuple(sorted(operands))
        for operand in operands:
            flags |= self._flags[operand]
        if flags & IS_CONSTANT or not operands:
            node: int = self._simpler(operation, operands)
            if node >= 0:
                return node
        if commutes and flags:
            operands = self._in_order(operation, operands)
        slot = self._slot(operation, operands)
        node = self._slots[slot] - 1
        if node < 0:
            kind = VARYING if flags & VARIES else ALIKE
            flags &= VARIES
            if operation in FINITE:
                finite = IS_FINITE
                for operand in operands[FINITE[operation] :]:
                    finite &= self._flags[operand]
                flags |= finite
            node = self._append(operation, operands, kind, flags)
            self._slots[slot] = node + 1
            self._used += 1
            if 2 * self._used > len(self._slots):
                self._enter_anew()
        return node

    def pack(self) -> None:
        """Keep no more than is read once no node follows."""
        self._slots, self._flags = zeros(1), bytearray()
        self.operands.trim()

    def varies(self, node: int) -> bool:
        """Whether a node differs from lane to lane; to be asked before `pack`."""
        return bool(self._flags[node] & VARIES)

    def vanishes(self, x: int, y: int) -> bool:
        """Whether a product is 0 whatever the numbers are: 0 times what is always finite."""
        one, other = self._flags[x], self._flags[y]
        if not one & other & IS_FINITE or not (one | other) & IS_CONSTANT:
            return False
        return 0.0 in (self.numbers.get(x), self.numbers.get(y))

    def _append(self, operation: str, operands: tuple[int, ...], kind: int, flags: int) -> int:
        self.operations.append(operation)
        self.operands.append(operands)
        self.kinds.append(kind)
        self._flags.append(flags)
        return len(self.operations) - 1

    def _in_order(self, operation: str, operands: tuple[int, ...]) -> tuple[int, ...]:
        """Ascending operands of a commutative gate in the order in which it takes them."""
        if len(operands) != 2:
            return tuple([each for _, each in sorted([(self.kinds[x], x) for x in operands])])
        x, y = operands
        one, other = self.kinds[x], self.kinds[y]
        if one > other or (one == other and operation == "multiply" and y in self.numbers):
            return y, x
        return operands

    def _slot(self, operation: str, operands: tuple[int, ...]) -> int:
        """The slot of a node, or the free one where it belongs."""
        last, slot, onward = len(self._slots) - 1, 0, hash(operands) ^ hash(operation)
        for operand in operands:
            slot = max(slot, operand)
        slot = 2 * slot & last  # near that of the node before, so in the cache
        while True:
            node = self._slots[slot] - 1
            if node < 0:
                return slot
            if self.operations[node] == operation and self.operands.at(node) == operands:
                return slot
            slot, onward = onward & last, onward + 1

    def _enter_anew(self) -> None:
        """Double the slots, and enter all nodes once more."""
        self._slots = zeros(2 * len(self._slots))
        for node, operation in enumerate(self.operations):
            if operation not in (INPUT, LEAF, CONSTANT):
                self._slots[self._slot(operation, self.operands.at(node))] = node + 1

    def _simpler(self, operation: str, operands: tuple[int, ...]) -> int:
        """A constant or an existing node that a gate reduces to; -1 if there is none."""
        numbers = self.numbers
        if operation in NEUTRAL:
            orders = (operands, operands[::-1]) if self.commutes(operation) else (operands,)
            for other, node in orders:
                if numbers.get(node) == NEUTRAL[operation]:
                    return other
                if operation == "multiply" and numbers.get(node) == -1.0:
                    return self.apply("negate", (other,))
        if operation == "multiply" and self.vanishes(operands[0], operands[1]):
            return self.constant(0.0)
        if operation == MATRIX or len([x for x in operands if x in numbers]) < len(operands):
            return -1
        try:
            result = GATES[operation].evaluate(floats, [numbers[node] for node in operands])
        except domain_errors:
            return -1
        return self.constant(float(result))

    def __reduce__(self) -> tuple[Any, ...]:
        names = "operations", "operands", "kinds", "inputs", "leaves", "numbers", "labels"
        return _restored, (Graph, {name: getattr(self, name) for name in names})
