"""Sums of products, found wherever they are, and rewritten as what NumPy does fast.

A neuron is a sum of products whether it was written with `*` and `+` gates or as one `dot`. Here
every such sum is taken apart into its terms, and put together again by what varies from lane to
lane: products of a shared number and a varying one become a row of a matrix product, the rest
becomes sums over lanes and sums over shared numbers.
"""

from collections import Counter
from collections.abc import Sequence

from autograd_core.programs.graph import MATRIX, Graph

Product = tuple[int, int]

FEW = 4
"""Up to so many terms are added one by one; more are summed at once."""


def rewrite_sums(graph: Graph, kept: Sequence[int]) -> tuple[Graph, list[int]]:
    """The same circuit with its sums rewritten.

    Args:
        graph: the circuit.
        kept: the nodes whose numbers are wanted; they are never hidden inside a sum.

    Returns:
        The new graph, and for each old node its new one, or -1 if it vanished inside a sum.
    """
    one = graph.constant(1.0)
    hidden = _hidden(graph, kept)
    sums = {
        node: _terms(graph, node, hidden, one)
        for node in graph
        if graph.operations[node] in ("add", "total", "dot") and not hidden[node]
    }
    partners = Counter(
        tuple(sorted(varying for _, varying in _mixed(graph, products)))
        for products in sums.values()
    )
    new = Graph()
    places = [-1] * len(graph)
    places[one] = new.constant(1.0)
    for node in graph:
        operation, operands = graph.operations[node], graph.operands[node]
        if hidden[node]:
            continue
        if node in graph.numbers:
            place = new.constant(graph.numbers[node])
        elif node in sums:
            products = [(places[x], places[y]) for x, y in sums[node]]
            mixed = _mixed(graph, sums[node])
            weights = [shared for shared, _ in mixed if shared not in graph.numbers]
            shares = partners[tuple(sorted(varying for _, varying in mixed))] > 1
            is_row = shares or len(weights) > 1 or len(mixed) > FEW
            place = _rebuild(new, products, as_row=is_row)
        elif operands:
            place = new.apply(operation, tuple([places[operand] for operand in operands]))
        else:
            place = new.source(operation)
        places[node] = place
        if node in graph.labels:
            new.labels.setdefault(place, graph.labels[node])
    return new, places


def _hidden(graph: Graph, kept: Sequence[int]) -> list[bool]:
    """Which nodes are used once, as a term of a sum, and are sums or products themselves."""
    uses = Counter(kept)
    for operands in graph.operands:
        uses.update(operands)
    hidden = [False] * len(graph)
    for node in graph:
        if graph.operations[node] in ("add", "total"):
            for operand in graph.operands[node]:
                if graph.operations[operand] in ("add", "total", "dot", "multiply"):
                    hidden[operand] = uses[operand] == 1
    return hidden


def _terms(graph: Graph, node: int, hidden: list[bool], one: int) -> list[Product]:
    """All terms of a sum, each as a product; a term that is none is the product with 1."""
    products: list[Product] = []
    waiting = [node]
    while waiting:
        term = waiting.pop()
        operation, operands = graph.operations[term], graph.operands[term]
        inside = term == node or hidden[term]
        if inside and operation in ("add", "total"):
            waiting += reversed(operands)
        elif inside and operation == "dot":
            half = len(operands) // 2
            products += zip(operands[:half], operands[half:], strict=True)
        elif inside and operation == "multiply":
            products.append((operands[0], operands[1]))
        else:
            products.append((one, term))
    return products


def _mixed(graph: Graph, products: list[Product]) -> list[Product]:
    """The products of a shared number and a varying one, in this order; 1 is no factor."""
    found = []
    for x, y in products:
        if graph.varies[x] != graph.varies[y]:
            shared, varying = (y, x) if graph.varies[x] else (x, y)
            if not graph.is_constant(shared, 1.0):
                found.append((shared, varying))
    return found


def _rebuild(graph: Graph, products: list[Product], *, as_row: bool) -> int:
    """A sum of products, in the order: row of a matrix product, varying terms, shared terms."""
    parts: list[int] = []
    mixed = sorted(_mixed(graph, products), key=lambda product: product[1])
    both, plain, shared = [], [], []
    for x, y in products:
        if graph.varies[x] and graph.varies[y]:
            both.append((x, y))
        elif not graph.varies[x] and not graph.varies[y]:
            shared.append((x, y))
        elif graph.is_constant(x, 1.0) or graph.is_constant(y, 1.0):
            plain.append(y if graph.is_constant(x, 1.0) else x)
    if as_row and mixed:
        parts.append(graph.apply(MATRIX, (*_column(mixed, 0), *_column(mixed, 1))))
    else:
        plain += [graph.apply("multiply", product) for product in mixed]
    parts += _summed(graph, both)
    parts += [graph.apply("total", tuple(plain))] if len(plain) > FEW else plain
    parts += _summed(graph, shared)
    if not parts:
        return graph.constant(0.0)
    result = parts[0]
    for part in parts[1:]:
        result = graph.apply("add", (result, part))
    return result


def _summed(graph: Graph, products: list[Product]) -> list[int]:
    """Products as the terms of a sum: one by one where they are few, else as one dot product."""
    if len(products) > FEW:
        return [graph.apply("dot", (*_column(products, 0), *_column(products, 1)))]
    return [graph.apply("multiply", product) for product in products]


def _column(products: list[Product], place: int) -> list[int]:
    return [product[place] for product in products]
