"""A graph as a table of nodes, with common subexpressions shared and constants folded."""

from collections.abc import Iterator, Sequence
from math import isfinite

from autograd_core import floats
from autograd_core.errors import domain_errors
from autograd_core.gate import GATES, name_in_table
from autograd_core.gates import weighted_sum
from autograd_core.toposort import all_values
from autograd_core.value import Operand, Value

INPUT, LEAF, CONSTANT = "input", "leaf", "constant"
"""The operations of nodes that no gate produced."""

MATRIX = "matrix"
"""The operation of a dot product of shared numbers with numbers that vary: a row of W @ X."""

NEUTRAL = {"add": 0.0, "subtract": 0.0, "multiply": 1.0, "divide": 1.0}
"""The second operand that leaves the first as it is; of a gate that commutes, either."""

FINITE = {"greater": 2, "equal": 2, "where": 1, "negate": 0}
"""Gates that are finite where their operands from this place on are."""


class Graph:
    """A graph as parallel lists; a node is an index into them.

    A node with the same operation and operands as an earlier one is that one (common subexpressions
    are shared). Nodes come after their operands, in topological order.

    Attributes:
        operations: the name of each node's gate, or INPUT, LEAF, CONSTANT, MATRIX.
        operands: each node's operands, as nodes.
        varies: whether a node differs from lane to lane, as it depends on an input.
        numbers: the numbers of the constant nodes.
        labels: the user's names of nodes, for messages.
        finite: nodes that are finite whatever the numbers are.
    """

    def __init__(self) -> None:
        self.operations: list[str] = []
        self.operands: list[tuple[int, ...]] = []
        self.varies: list[bool] = []
        self.numbers: dict[int, float] = {}
        self.labels: dict[int, str] = {}
        self.finite: set[int] = set()
        self._known: dict[tuple[object, ...], int] = {}
        self._commuting: dict[str, bool] = {}

    def __len__(self) -> int:
        return len(self.operations)

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self.operations)))

    def source(self, operation: str) -> int:
        """A new node that no gate produces: an input or a leaf."""
        return self._append(operation, (), operation == INPUT)

    def constant(self, number: float) -> int:
        """The node of a constant."""
        key = (CONSTANT, number.hex())
        if key not in self._known:
            self._known[key] = self._append(CONSTANT, (), False)
            self.numbers[self._known[key]] = number
            if isfinite(number):
                self.finite.add(self._known[key])
        return self._known[key]

    def apply(self, operation: str, operands: tuple[int, ...]) -> int:
        """The node of a gate applied to nodes; an earlier one where it is the same number."""
        commuting = self._commuting.get(operation)
        if commuting is None:
            commuting = self._commuting[operation] = commutes(operation)
        if commuting and (operands[0] > operands[-1] or len(operands) > 2):
            operands = tuple(sorted(operands))
        key = (operation, operands)
        known = self._known.get(key)
        if known is None:
            known = self._simpler(operation, operands)
            if known is None:
                varies = operation == MATRIX or True in [self.varies[node] for node in operands]
                known = self._append(operation, operands, varies)
            self._known[key] = known
        return known

    def close(self) -> None:
        """Give up what only further nodes need: which nodes are known, but for the constants."""
        self._known = {(CONSTANT, number.hex()): node for node, number in self.numbers.items()}
        self.finite = set()

    def vanishes(self, x: int, y: int) -> bool:
        """Whether a product is 0 whatever the numbers are: 0 times what is always finite."""
        zero = 0.0 in (self.numbers.get(x), self.numbers.get(y))
        return zero and {x, y} <= self.finite

    def _append(self, operation: str, operands: tuple[int, ...], varies: bool) -> int:
        node = len(self.operations)
        if operation in FINITE and self.finite.issuperset(operands[FINITE[operation] :]):
            self.finite.add(node)
        self.operations.append(operation)
        self.operands.append(operands)
        self.varies.append(varies)
        return node

    def _simpler(self, operation: str, operands: tuple[int, ...]) -> int | None:
        """A constant or an existing node that a gate reduces to; None if there is none."""
        numbers = self.numbers
        if numbers.keys().isdisjoint(operands) and operands:
            return None
        if operation in NEUTRAL:
            orders = (operands, operands[::-1]) if commutes(operation) else (operands,)
            for other, node in orders:
                if numbers.get(node) == NEUTRAL[operation]:
                    return other
                if operation == "multiply" and numbers.get(node) == -1.0:
                    return self.apply("negate", (other,))
        if operation == "multiply" and self.vanishes(*operands):
            return self.constant(0.0)
        if operation == MATRIX or not all(node in numbers for node in operands):
            return None
        try:
            result = GATES[operation].evaluate(floats, [numbers[node] for node in operands])
        except domain_errors:
            return None
        return self.constant(float(result))


def commutes(operation: str) -> bool:
    """Whether a gate's operands may be reordered.

    A gate with a domain keeps the order, in which its error message lists the operands; a variadic
    gate has lists of operands that must not be mixed.
    """
    gate = GATES.get(operation)
    return gate is not None and gate.commutes and not gate.variadic and not gate.domain


def graph_of(
    outputs: Sequence[Operand], inputs: Sequence[Value], leaves: Sequence[Value]
) -> tuple[Graph, dict[Value, int]]:
    """The graph of some outputs as a table, and the node of each value.

    The nodes of the inputs come first, then those of the leaves, whether or not an output needs
    them. An output that is a float is constant.
    """
    graph = Graph()
    nodes: dict[Value, int] = {value: graph.source(INPUT) for value in inputs}
    nodes |= {value: graph.source(LEAF) for value in leaves}
    for value in all_values(*[output for output in outputs if isinstance(output, Value)]):
        if value not in nodes:
            nodes[value] = _node_of(graph, value, nodes)
    for value, node in nodes.items():
        if value.label is not None:
            graph.labels.setdefault(node, value.label)
    return graph, nodes


def _node_of(graph: Graph, value: Value, nodes: dict[Value, int]) -> int:
    if value.gate is None:
        return graph.source(LEAF)
    operands = [
        graph.constant(operand) if isinstance(operand, float) else nodes[operand]
        for operand in value.operands
    ]
    if value.gate is weighted_sum:
        *products, bias = operands
        return graph.apply("add", (graph.apply("dot", tuple(products)), bias))
    return graph.apply(name_in_table(value.gate), tuple(operands))
