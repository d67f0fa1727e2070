# cython: boundscheck=False, wraparound=False
"""Nodes of a graph: a number, its gradient, the gate and operands that it came from, and when.

A node knows what it was computed from and never what uses it. So a graph has no cycles, lives as
long as its outputs, and is freed by counting references, without the cyclic garbage collector.
"""

from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import Self

    from autograd_core import _cython as cython  # the types of Cython's `no_gc` hide a class
else:
    try:
        import cython
    except ModuleNotFoundError:
        from autograd_core import _cython as cython

LAST = 2**32 - 1
"""Compiled, a stamp has 32 bits, and time stands still at the last one.

Whatever is edited then counts as newer than every gate: gates are evaluated again to find out.
"""


@cython.cclass
class Clock:
    """Gives stamps, by which an operand is known to be newer than a gate that was computed from it.

    An edit gives the leaf a stamp that is later than those of all gates recorded so far; a gate
    gets the present time. So an operand with a later stamp than its gate has was edited, or
    evaluated again, after the gate was computed. Edits with no recording in between share a stamp.

    Attributes:
        now: the present time, 1 in the beginning.
        recorded: whether a gate was recorded at this time.
    """

    __slots__ = ("now", "recorded")

    def __init__(self) -> None:
        self.now = 1
        self.recorded = False

    def edit(self) -> int:
        """The stamp for a leaf that is edited now."""
        if not cython.compiled:
            stamp = self.now = next(_ticks)  # one step, which no other thread divides
            return stamp
        if self.recorded and self.now < LAST:
            self.now += 1
        self.recorded = False
        return self.now

    def present(self) -> int:
        """The stamp of what was recorded since the last edit; -1 if that is not known."""
        return -1 if self.now == LAST else self.now

    def goes_on_from(self, stamp: int) -> None:
        """Take up the time of a graph from another process, as if it were recorded now."""
        self.now = max(self.now, stamp)
        self.recorded = True
        if not cython.compiled:
            while next(_ticks) < stamp:
                pass


_ticks = count(2)
clock = Clock()


@cython.no_gc
@cython.cclass
class Node:
    """A number in a graph, as the walks see it; users see a `Value`.

    Of a gate with one or two operands, `_first` and `_second` are the operands that are nodes, and
    beside each is its local gradient. For an operand that is a constant the node is None, and the
    constant's number is in the place of the local gradient, which a constant has none of. A gate
    with more operands has them in `_more`; `_row` is the node's place there, if others share them.

    `_mark` says how far a walk has come with this node. `_stamp` is the time of the last edit of a
    leaf, or the time at which a gate was recorded: see `Clock`. It is 0 before `__init__` alone.
    """

    __slots__ = (
        "__weakref__",
        "_data",
        "_first",
        "_first_local",
        "_gate",
        "_grad",
        "_label",
        "_mark",
        "_more",
        "_row",
        "_second",
        "_second_local",
        "_stamp",
    )
    _data: float
    _first: "Node | None"
    _first_local: float
    _gate: Any
    _grad: float
    _label: str | None
    _mark: int
    _more: "Operands | None"
    _row: int
    _second: "Node | None"
    _second_local: float
    _stamp: int

    def __dealloc__(self) -> None:
        """Compiled code calls this when a node is freed."""
        if self._gate is not None:
            _free(self)

    @property
    def operands(self) -> "tuple[Any, ...]":
        """The operands of the gate, in order: values, and constants as plain floats.

        >>> from autograd_core import Value
        >>> (3 - Value(1.0, "x")).operands
        (3.0, Value(data=1.0, grad=0.0, label='x'))
        """
        if self._gate is None:
            return ()
        if self._more is not None:
            return self._more.operands_of(self)
        first = self._first_local if self._first is None else self._first
        if self._gate.arity == 1:
            return (first,)
        return first, self._second_local if self._second is None else self._second

    @property
    def inputs(self) -> "tuple[Self, ...]":
        """The values that went into the gate, in order and with repeats: `x * x` has two wires."""
        return tuple([operand for operand in self.operands if type(operand) is not float])

    @property
    def local_grads(self) -> tuple[float, ...]:
        """∂self/∂input for each of `inputs`.

        >>> from autograd_core import Value
        >>> x, y = Value(3.0), Value(-4.0)
        >>> (x * y).local_grads
        (-4.0, 3.0)
        """
        if self._more is not None:
            pairs = zip(self.operands, self._more.locals_of(self), strict=True)
            return tuple([local for operand, local in pairs if isinstance(operand, Node)])
        own = () if self._first is None else (self._first_local,)
        return own if self._second is None else (*own, self._second_local)


def clear(node: Node) -> None:
    """Give the fields of a new node their defaults, as memory of compiled code has them."""
    node._gate = node._first = node._second = node._more = node._label = None
    node._data = node._grad = node._first_local = node._second_local = 0.0
    node._mark = node._row = node._stamp = 0


def number_of(operand: Any) -> float:
    """The number of an operand, which is a node or a constant."""
    number: float = operand._data if isinstance(operand, Node) else operand
    return number


def link(node: Node, operands: Sequence[Any], local_gradients: Sequence[float]) -> None:
    """Give the output of a gate its operands, and a local gradient for each, in their fields."""
    node._first = node._second = node._more = None
    if node._gate.variadic or len(operands) > 2:
        node._more = Operands(tuple(operands), tuple(local_gradients))
        return
    if type(operands[0]) is float:
        node._first_local = operands[0]
    else:
        node._first, node._first_local = operands[0], local_gradients[0]
    if len(operands) == 2:
        if type(operands[1]) is float:
            node._second_local = operands[1]
        else:
            node._second, node._second_local = operands[1], local_gradients[1]


@cython.no_gc
@cython.cclass
class Operands:
    """The operands of a gate with more than two, and their local gradients.

    Its methods are those that the walks need of any list of operands.

    Args:
        operands: nodes, and constants as floats.
        local_gradients: one for each operand.
    """

    __slots__ = ("local_gradients", "operands")

    def __init__(
        self, operands: tuple["Node | float", ...], local_gradients: tuple[float, ...]
    ) -> None:
        self.operands = operands
        self.local_gradients = local_gradients

    def operands_of(self, node: Node) -> tuple["Node | float", ...]:
        """The operands of a node, in order."""
        return self.operands

    def locals_of(self, node: Node) -> Sequence[float]:
        """The local gradient for each operand of a node."""
        return self.local_gradients

    def push(self, node: Node, stack: list[Any], opened: int) -> None:
        """Put on the stack what the walk has not met, so that the first operand comes off first."""
        push_new(stack, self.operands, 0, len(self.operands), opened)

    def ordered(self, opened: int) -> None:
        """Take note that the walk has all operands of one node in its order."""

    def pull(self, node: Node, arrived: int) -> None:
        """Add upstream × local to the gradient of each operand that the gate let through."""
        for operand, local in zip(self.operands, self.local_gradients):  # noqa: B905 (hot)
            if local != 0.0 or not node._gate.routes:
                add_gradient(operand, node._grad * local, arrived)

    def edited_since(self, node: Node) -> bool:
        """Whether an operand is newer than a node."""
        return any_newer(self.operands, 0, len(self.operands), node)


@cython.no_gc
@cython.cclass
class LayerOperands(Operands):
    """The operands of weighted sums Σwx + b with the same inputs x, for all sums at once.

    The local gradient of a weight is the number of its input and the other way round. So one block
    of numbers, those of the inputs and then those of the weights, row after row, serves all sums
    that are computed together. A node has its own row here, and its bias as `_first`.

    Args:
        weights: the operands that differ, row after row.
        inputs: the operands that all rows share.
    """

    __slots__ = ("count", "inputs", "leaves", "numbers", "walk", "weights")

    def __init__(self, weights: list["Node | float"], inputs: tuple["Node | float", ...]) -> None:
        self.weights = weights
        self.inputs = inputs
        self.count = len(inputs)
        self.walk = 0
        size = len(inputs) + len(weights)
        if cython.compiled:
            self.numbers = numbers_of(size)  # type: ignore  # noqa: F821
        else:
            self.numbers = [0.0] * size
        read_numbers(inputs, self.numbers, 0)
        self.leaves = read_numbers(weights, self.numbers, self.count)

    def __dealloc__(self) -> None:
        """Compiled code calls this when the operands are freed."""
        free(self.numbers)  # type: ignore[name-defined]  # noqa: F821

    def operands_of(self, node: Node) -> tuple["Node | float", ...]:
        """The weights of a node's row, the inputs, and the bias if the gate has one."""
        start = node._row * self.count
        own = (*self.weights[start : start + self.count], *self.inputs)
        if not node._gate.scalars:
            return own
        return (*own, node._first_local if node._first is None else node._first)

    def locals_of(self, node: Node) -> Sequence[float]:
        """The number of the partner for each weight and each input, and 1 for a bias."""
        start = self.count * (1 + node._row)
        partners = [self.numbers[place] for place in range(self.count)]
        partners += [self.numbers[start + place] for place in range(self.count)]
        return [*partners, 1.0] if node._gate.scalars else partners

    def total(self, row: int) -> float:
        """Σwx of one row, added from left to right."""
        total = 0.0
        start = self.count * (1 + row)
        for place in range(self.count):
            term = self.numbers[start + place] * self.numbers[place]
            total = total + term if place else term
        return total

    def push(self, node: Node, stack: list[Any], opened: int) -> None:
        """Put on the stack what the walk has not met: the inputs once for all rows."""
        if self.walk < opened:
            push_new(stack, self.inputs, 0, self.count, opened)
        if not self.leaves:
            start = node._row * self.count
            push_new(stack, self.weights, start, start + self.count, opened)

    def ordered(self, opened: int) -> None:
        """Take note that the walk has all inputs in its order."""
        self.walk = opened

    def pull(self, node: Node, arrived: int) -> None:
        """Add the upstream gradient times the number of its partner to each weight and input."""
        upstream = node._grad
        start = self.count * node._row
        for place in range(self.count):
            add_gradient(self.weights[start + place], upstream * self.numbers[place], arrived)
        start += self.count
        for place in range(self.count):
            add_gradient(self.inputs[place], upstream * self.numbers[start + place], arrived)

    def edited_since(self, node: Node) -> bool:
        """Whether a weight of a node's row, or an input, is newer than the node."""
        start = node._row * self.count
        return any_newer(self.inputs, 0, self.count, node) or any_newer(
            self.weights, start, start + self.count, node
        )


def are_operands(things: list[Any]) -> bool:
    """Whether a list holds nodes and floats alone, which is what gates take."""
    last = None
    for thing in things:
        kind = type(thing)
        if kind is not last:
            if kind is not float and not isinstance(thing, Node):
                return False
            last = kind
    return True


def read_numbers(operands: Sequence[Any], numbers: Any, start: int) -> bool:
    """Copy the numbers of operands into a block, and tell whether no operand is a gate's output."""
    leaves = True
    for place in range(len(operands)):
        operand = operands[place]
        if type(operand) is float:
            numbers[start + place] = operand
        else:
            node = cython.cast(Node, operand) if cython.compiled else operand
            numbers[start + place] = node._data
            leaves = leaves and node._gate is None
    return leaves


def push_new(stack: list[Any], operands: Any, start: int, end: int, opened: int) -> None:
    """Push the outputs of gates that a walk has not met, so that the first one comes off first."""
    for place in range(end - 1, start - 1, -1):
        operand = operands[place]
        if type(operand) is not float:
            node = cython.cast(Node, operand) if cython.compiled else operand
            if node._gate is not None and node._mark < opened:
                stack.append(node)


def add_gradient(operand: Any, contribution: float, arrived: int) -> None:
    """Add a contribution to the gradient of an operand, if that is no constant."""
    if type(operand) is not float:
        node = cython.cast(Node, operand) if cython.compiled else operand
        node._grad += contribution
        node._mark = arrived


def any_newer(operands: Any, start: int, end: int, node: Node) -> bool:
    """Whether one of these operands is newer than a node."""
    for place in range(start, end):
        operand = operands[place]
        if type(operand) is not float:
            other = cython.cast(Node, operand) if cython.compiled else operand
            if is_newer(other, node):
                return True
    return False


def is_newer(operand: Node | None, node: Node) -> bool:
    """Whether an operand was edited, or evaluated again, after a gate was computed from it."""
    return operand is not None and (operand._stamp > node._stamp or operand._stamp == LAST)


_floor = 64  # what always stays in the list, since an emptied list gives its memory back
_dying: list[Any] = [None] * _floor
_freeing = False


def _free(node: Node) -> None:
    """Let go of a node's operands with a work list, in place of recursion.

    The first call frees everything below; the calls that this leads to leave their operands in the
    list.
    """
    global _freeing
    if node._first is not None and node._first._gate is not None:
        _dying.append(node._first)
    if node._second is not None and node._second._gate is not None:
        _dying.append(node._second)
    if node._more is not None:
        _dying.append(node._more)
    if not _freeing:
        node._first = node._second = node._more = None
        _freeing = True
        while len(_dying) > _floor:
            _dying.pop()
        _freeing = False
