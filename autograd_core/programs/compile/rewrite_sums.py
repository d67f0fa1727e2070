# cython: boundscheck=False, wraparound=False, infer_types=True
"""Algebraic rewriting: sums of products become rows of matrix products.

A neuron is a sum of products whether it was written with `*` and `+` gates or as one `dot`. Every
such sum is flattened into its terms and rebuilt by what varies from lane to lane: products of a
shared number and a varying one become a row of a matrix product, the rest becomes sums of varying
and sums of shared numbers.
"""

from array import array
from collections.abc import Iterable, Sequence
from operator import itemgetter

from autograd_core.programs.graph import MATRIX, Graph, zeros

try:
    import cython
except ModuleNotFoundError:
    from autograd_core import _cython as cython

Product = tuple[int, int]

SUMS = ("add", "total", "dot")
TERMS = (*SUMS, "multiply", "negate")
"""What is flattened as a term of a sum."""

FEW = 4
"""Up to this many terms are added one by one; more are summed at once."""


def rewrite_sums(graph: Graph, kept: Iterable[int]) -> tuple[Graph, Sequence[int]]:
    """The same graph with its sums rewritten, and for each old node its new one.

    That is -1 if it was flattened into a sum, as those that are kept never are.
    """
    hidden = _hidden(graph, kept)
    terms = Terms(graph, hidden)
    partners: dict[tuple[int, ...], int] = {}
    rewritten = False
    for node, operation in enumerate(graph.operations):
        if operation in SUMS and not hidden[node]:
            rewritten = True
            terms.read(node)
            if terms.mixed:
                varying = terms.varying()
                partners[varying] = partners.get(varying, 0) + 1
    if not rewritten:
        return graph, array("i", range(len(graph)))
    new, places = Graph(), zeros(len(graph))
    places[terms.one], places[terms.minus_one] = new.constant(1.0), new.constant(-1.0)
    for node, operation in enumerate(graph.operations):
        if hidden[node]:
            places[node] = -1
            continue
        operands = graph.operands.at(node)
        if operation in SUMS:
            terms.read(node)
            place = _rebuild(new, terms, places, bool(terms.mixed) and _is_row(terms, partners))
        elif operands:
            place = new.apply(operation, tuple([places[operand] for operand in operands]))
        elif node in graph.numbers:
            place = new.constant(graph.numbers[node])
        else:
            place = new.source(operation)
        places[node] = place
        if node in graph.labels:
            new.labels.setdefault(place, graph.labels[node])
    return new, places


def _hidden(graph: Graph, kept: Iterable[int]) -> bytearray:
    """Which nodes are flattened: sums and products that are used once, as a term of a sum."""
    uses, numbers, ends = zeros(len(graph)), graph.operands.numbers, graph.operands.ends
    for node in kept:
        uses[node] += 1
    for place in range(ends[len(graph)]):
        uses[numbers[place]] += 1
    hidden = bytearray(len(graph))
    for node, operation in enumerate(graph.operations):
        if operation == "add" or operation == "total":
            for place in range(ends[node], ends[node + 1]):
                operand = numbers[place]
                hidden[operand] = uses[operand] == 1 and graph.operations[operand] in TERMS
    return hidden


def _is_row(terms: "Terms", partners: dict[tuple[int, ...], int]) -> bool:
    """Whether the mixed products of a sum become the row of a matrix product."""
    numbers, mixed = terms.graph.numbers, terms.mixed
    if len(mixed) > FEW or len([x for x, _ in mixed if x not in numbers]) > 1:
        return True
    return partners[terms.varying()] > 1


@cython.cclass
class Terms:
    """The terms of a sum, by what varies, each as a product of two nodes or as one.

    Attributes:
        mixed: products of a shared number and a varying one.
        both: products of two numbers that vary.
        plain: numbers that vary.
        negated: numbers that vary, to be subtracted.
        shared: products of two shared numbers.
    """

    def __init__(self, graph: Graph, hidden: bytearray) -> None:
        self.graph, self.hidden = graph, hidden
        self.one, self.minus_one = graph.constant(1.0), graph.constant(-1.0)

    def varying(self) -> tuple[int, ...]:
        """What varies in the mixed products, in ascending order."""
        return tuple(sorted([y for _, y in self.mixed]))

    def read(self, node: int) -> None:
        """Find the terms of a sum."""
        graph, waiting = self.graph, [node]
        self.mixed: list[Product] = []
        self.both: list[Product] = []
        self.plain: list[int] = []
        self.negated: list[int] = []
        self.shared: list[Product] = []
        while waiting:
            term = waiting.pop()
            if term != node and not self.hidden[term]:
                self.add(self.one, term)
                continue
            operation, operands = graph.operations[term], graph.operands.at(term)
            if operation == "add" or operation == "multiply":
                operands = tuple(sorted(operands))  # as the nodes follow each other
            if operation == "add" or operation == "total":
                waiting += operands[::-1]
            elif operation == "negate":
                self.add(self.minus_one, operands[0])
            else:  # a product or a dot product
                half = len(operands) // 2
                for place in range(half):
                    self.add(operands[place], operands[half + place])

    def add(self, x: int, y: int) -> None:
        """Add a product; with 1 or -1 it is a term by itself."""
        first, second = self.graph.varies(x), self.graph.varies(y)
        if first and second:
            self.both.append((x, y))
        elif not first and not second:
            self.shared.append((x, y))
        else:
            if first:
                x, y = y, x
            if x == self.one:
                self.plain.append(y)
            elif x == self.minus_one:
                self.negated.append(y)
            else:
                self.mixed.append((x, y))


def _rebuild(graph: Graph, terms: Terms, places: Sequence[int], as_row: bool) -> int:
    """A sum of products: row of a matrix product, varying terms, shared terms, negated terms."""
    parts: list[int] = []
    plain = [places[node] for node in terms.plain]
    negated = [places[node] for node in terms.negated]
    mixed = _moved(terms.mixed, places)
    mixed.sort(key=itemgetter(1))
    if as_row and mixed:
        weights, varying = zip(*mixed, strict=True)
        parts.append(graph.apply(MATRIX, weights + varying))
    else:
        plain += [graph.apply("multiply", product) for product in mixed]
    parts += _summed(graph, terms.both, places)
    parts += _total(graph, plain)
    parts += _summed(graph, terms.shared, places)
    if not parts and negated:
        parts.append(graph.apply("negate", (negated.pop(),)))
    result = parts[0] if parts else graph.constant(0.0)
    for part in parts[1:]:
        result = graph.apply("add", (result, part))
    for part in _total(graph, negated):
        result = graph.apply("subtract", (result, part))
    return result


def _total(graph: Graph, terms: list[int]) -> list[int]:
    """The terms of a sum: one by one where they are few, else as one."""
    return [graph.apply("total", tuple(terms))] if len(terms) > FEW else terms


def _summed(graph: Graph, products: list[Product], places: Sequence[int]) -> list[int]:
    """Products as the terms of a sum: one by one where they are few, else as one dot product."""
    moved = _moved(products, places)
    if len(moved) > FEW:
        first, second = zip(*moved, strict=True)
        return [graph.apply("dot", first + second)]
    return [graph.apply("multiply", product) for product in moved]


def _moved(products: list[Product], places: Sequence[int]) -> list[Product]:
    return [(places[x], places[y]) for x, y in products]
