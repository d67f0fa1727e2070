"""The gradients of the leaves: sums over the lanes of upstream × local.

A leaf that all lanes share gets a contribution from each of its consumers in every lane. The pairs
of a layer, an upstream gradient for each neuron and an input for each weight, form a rectangle:
their sums over the lanes are one matrix product, δ aᵀ. All others are summed pair by pair.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from autograd_core.programs.compile.schedule import Schedule
from autograd_core.programs.graph import Graph
from autograd_core.programs.run.arrays import GRADIENT, ONES, SHARED, SUMS, Rows
from autograd_core.programs.run.instructions import Inner, Outer, Reduction, ScaledSums

LeafPair = tuple[int, int, int]
"""The nodes of an upstream and a local gradient, and the place of the leaf that they belong to."""


@dataclass
class Pairs:
    """The contributions to all leaves, sorted by what varies.

    Attributes:
        rectangles: upstream nodes, local nodes (None for 1), and the leaf of each pair of them.
        single: upstream and local node that both vary, and the leaf.
        summed: a node that varies, a shared factor of its sum over the lanes, and the leaf.
        shared: two shared factors, and the leaf.
    """

    rectangles: list[tuple[list[int], list[int] | None, list[list[int]]]] = field(
        default_factory=list
    )
    single: list[tuple[int, int, int]] = field(default_factory=list)
    summed: list[tuple[int, int, int]] = field(default_factory=list)
    shared: list[tuple[int, int, int]] = field(default_factory=list)

    def lists(self) -> Iterator[Sequence[int]]:
        """The lists of nodes that are read as one array."""
        for upstreams, locals_, _ in self.rectangles:
            yield upstreams
            yield locals_ or []
        yield [upstream for upstream, _, _ in self.single]
        yield [local for _, local, _ in self.single]
        yield [node for node, _, _ in self.summed]


def sort_pairs(
    graph: Graph,
    groups: Sequence[Sequence[int]],
    contributions: Sequence[LeafPair],
) -> Pairs:
    """Sort the contributions to each leaf, upstream and local, by what varies."""
    group_of = {node: place for place, group in enumerate(groups) for node in group}
    pairs = Pairs()
    by_upstream: dict[int, list[tuple[int, int]]] = {}
    ones: dict[int, list[int]] = {}
    one, varies = graph.constant(1.0), graph.varies
    for upstream, local, leaf in contributions:
        if varies[upstream] and varies[local]:
            by_upstream.setdefault(upstream, []).append((local, leaf))
        elif varies[upstream] or varies[local]:
            varying, factor = (upstream, local) if varies[upstream] else (local, upstream)
            if factor == one:
                ones.setdefault(varying, []).append(leaf)
            else:
                pairs.summed.append((varying, factor, leaf))
        else:
            pairs.shared.append((upstream, local, leaf))
    _find_rectangles(pairs, group_of, by_upstream, ones)
    return pairs


def _find_rectangles(
    pairs: Pairs,
    group_of: dict[int, int],
    by_upstream: dict[int, list[tuple[int, int]]],
    ones: dict[int, list[int]],
) -> None:
    """Upstream gradients with the same local gradients, in the same order, make a rectangle."""
    found: dict[tuple[int, ...], tuple[list[int], list[list[int]]]] = {}
    for upstream, received in by_upstream.items():
        received.sort()
        key = (group_of.get(upstream, -1), *[local for local, _ in received])
        upstreams, leaves = found.setdefault(key, ([], []))
        upstreams.append(upstream)
        leaves.append([leaf for _, leaf in received])
    for (_, *locals_), (upstreams, leaves) in found.items():
        if len(locals_) > 1 or len(upstreams) > 1:
            pairs.rectangles.append((upstreams, locals_, leaves))
        else:
            pairs.single.append((upstreams[0], locals_[0], leaves[0][0]))
    columns: dict[tuple[int, int], tuple[list[int], list[list[int]]]] = {}
    for upstream, targets in ones.items():
        upstreams, leaves = columns.setdefault((group_of.get(upstream, -1), len(targets)), ([], []))
        upstreams.append(upstream)
        leaves.append(targets)
    for upstreams, leaves in columns.values():
        pairs.rectangles.append((upstreams, None, leaves))


def reductions_of(
    pairs: Pairs, schedule: Schedule
) -> tuple[list[Reduction], list[ScaledSums], int]:
    """The instructions that add up the gradient.

    Returns:
        The sums over the lanes, the products that follow them, and how many of the sums are only
        factors of such products.
    """
    reached = Counter(
        leaf for _, _, leaves in pairs.rectangles for leaf in np.ravel(leaves).tolist()
    )
    reached.update([leaf for _, _, leaf in pairs.single])
    ones = Rows(ONES, np.zeros(1, dtype=np.intp))
    sums: list[Reduction] = []
    for upstreams, locals_, leaves in pairs.rectangles:
        rows, order = schedule.in_order(upstreams)
        places = np.array(leaves, dtype=np.intp)[order]
        others = ones
        if locals_ is not None:
            others, order = schedule.in_order(locals_)
            places = places[:, order]
        alone = all(reached[leaf] == 1 for leaf in places.ravel().tolist())
        sums.append(Outer(rows, others, Rows(GRADIENT, places), alone))
    if pairs.single:
        upstreams, locals_, leaves = map(list, zip(*pairs.single, strict=True))
        target = Rows(GRADIENT, np.array(leaves, dtype=np.intp))
        sums.append(Inner(schedule.rows(upstreams), schedule.rows(locals_), target))
    nodes = list(dict.fromkeys([node for node, _, _ in pairs.summed]))
    if nodes:
        target = Rows(SUMS, np.arange(len(nodes))[:, np.newaxis])
        sums.append(Outer(schedule.rows(nodes), ones, target, alone=True))
    place_of = {node: place for place, node in enumerate(nodes)}
    summed = [(place_of[node], factor, leaf) for node, factor, leaf in pairs.summed]
    products: list[ScaledSums] = []
    for array, triples in ((SUMS, summed), (SHARED, pairs.shared)):
        if triples:
            first, second, leaves = map(list, zip(*triples, strict=True))
            factors = Rows(SUMS, np.array(first)) if array == SUMS else schedule.rows(first)
            target = Rows(GRADIENT, np.array(leaves, dtype=np.intp))
            products.append(ScaledSums(factors, schedule.rows(second), target))
    return sums, products, len(nodes)
