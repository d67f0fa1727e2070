"""Algebraic rewriting: sums of products become rows of matrix products.

A neuron is a sum of products whether it was written with `*` and `+` gates or as one `dot`. Every
such sum is flattened into its terms and rebuilt by what varies from lane to lane: products of a
shared number and a varying one become a row of a matrix product, the rest becomes sums of varying
and sums of shared numbers.
"""

from collections import Counter
from collections.abc import Iterable
from operator import itemgetter

from autograd_core.programs.graph import ALIKE, MATRIX, Graph

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


def rewrite_sums(graph: Graph, kept: Iterable[int]) -> tuple[Graph, list[int]]:
    """The same graph with its sums rewritten, and for each old node its new one.

    That is -1 if it was flattened into a sum, as those that are kept never are.
    """
    one, minus_one = graph.constant(1.0), graph.constant(-1.0)
    hidden = _hidden(graph, kept)
    sums = {
        node: _terms(graph, node, hidden, one, minus_one)
        for node, operation in enumerate(graph.operations)
        if operation in SUMS and not hidden[node]
    }
    if not sums:
        return graph, [*range(len(graph))]
    partners = Counter([terms.varying for terms in sums.values() if terms.mixed])
    new = Graph()
    places = [-1] * len(graph)
    places[one], places[minus_one] = new.constant(1.0), new.constant(-1.0)
    for node, operation in enumerate(graph.operations):
        if hidden[node]:
            continue
        operands = graph.operands[node]
        if node in sums:
            terms = sums[node]
            weights = len([x for x, _ in terms.mixed if x not in graph.numbers])
            is_row = weights > 1 or len(terms.mixed) > FEW or partners[terms.varying] > 1
            place = _rebuild(new, terms, places, is_row)
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


@cython.cclass
class Terms:
    """The terms of a sum, by what varies.

    Attributes:
        mixed: products of a shared number and a varying one.
        both: products of two numbers that vary.
        plain: numbers that vary.
        negated: numbers that vary, to be subtracted.
        shared: products of two shared numbers.
        varying: what varies in the mixed products, in ascending order.
    """

    def __init__(self) -> None:
        self.mixed: list[Product] = []
        self.both: list[Product] = []
        self.plain: list[int] = []
        self.negated: list[int] = []
        self.shared: list[Product] = []
        self.varying: tuple[int, ...] = ()


def _hidden(graph: Graph, kept: Iterable[int]) -> bytearray:
    """Which nodes are flattened: sums and products that are used once, as a term of a sum."""
    uses = [0] * len(graph)
    for node in kept:
        uses[node] += 1
    for operands in graph.operands:
        for operand in operands:
            uses[operand] += 1
    hidden = bytearray(len(graph))
    for node, operation in enumerate(graph.operations):
        if operation == "add" or operation == "total":
            for operand in graph.operands[node]:
                hidden[operand] = uses[operand] == 1 and graph.operations[operand] in TERMS
    return hidden


def _terms(graph: Graph, node: int, hidden: bytearray, one: int, minus_one: int) -> Terms:
    """The terms of a sum, each as a product; a term that is none is the product with 1 or -1."""
    terms = Terms()
    waiting = [node]
    while waiting:
        term = waiting.pop()
        operation, operands = graph.operations[term], graph.operands[term]
        if term != node and not hidden[term]:
            _sort(graph, terms, one, term, one, minus_one)
        elif operation == "add" or operation == "total":
            waiting += operands[::-1]
        elif operation == "negate":
            _sort(graph, terms, minus_one, operands[0], one, minus_one)
        else:  # a product or a dot product
            half = len(operands) // 2
            for place in range(half):
                _sort(graph, terms, operands[place], operands[half + place], one, minus_one)
    if terms.mixed:
        terms.varying = tuple(sorted([y for _, y in terms.mixed]))
    return terms


def _sort(graph: Graph, terms: Terms, x: int, y: int, one: int, minus_one: int) -> None:
    """Add a product to the terms of a sum; a product with 1 is a term by itself."""
    first, second = graph.kinds[x], graph.kinds[y]
    if first == ALIKE and second == ALIKE:
        terms.shared.append((x, y))
    elif first != ALIKE and second != ALIKE:
        terms.both.append((x, y))
    else:
        if second == ALIKE:
            x, y = y, x
        if x == one:
            terms.plain.append(y)
        elif x == minus_one:
            terms.negated.append(y)
        else:
            terms.mixed.append((x, y))


def _rebuild(graph: Graph, terms: Terms, places: list[int], as_row: bool) -> int:
    """A sum of products: row of a matrix product, varying terms, shared terms, negated terms."""
    parts: list[int] = []
    plain = [places[node] for node in terms.plain]
    negated = [places[node] for node in terms.negated]
    mixed = _moved(terms.mixed, places)
    mixed.sort(key=itemgetter(1))
    if as_row and mixed:
        parts.append(graph.apply(MATRIX, (*_column(mixed, 0), *_column(mixed, 1))))
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


def _summed(graph: Graph, products: list[Product], places: list[int]) -> list[int]:
    """Products as the terms of a sum: one by one where they are few, else as one dot product."""
    moved = _moved(products, places)
    if len(moved) > FEW:
        return [graph.apply("dot", (*_column(moved, 0), *_column(moved, 1)))]
    return [graph.apply("multiply", product) for product in moved]


def _moved(products: list[Product], places: list[int]) -> list[Product]:
    return [(places[x], places[y]) for x, y in products]


def _column(products: list[Product], place: int) -> list[int]:
    return [product[place] for product in products]
