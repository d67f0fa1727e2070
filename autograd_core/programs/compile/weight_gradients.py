"""The gradients of the leaves: sums over the lanes of upstream × local.

A leaf that all lanes share gets a contribution from each of its consumers in every lane. The pairs
of a layer, an upstream gradient for each neuron and an input for each weight, form a rectangle:
their sums over the lanes are one matrix product, δ aᵀ. All others are summed pair by pair.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from autograd_core.programs.compile.schedule import Schedule
from autograd_core.programs.graph import Graph
from autograd_core.programs.run.arrays import GRADIENT, ONES, SUMS, Rows
from autograd_core.programs.run.instructions import Inner, Outer, Reduction, ScaledSums

LeafPair = tuple[int, int, int]
"""The nodes of an upstream and a local gradient, and the place of the leaf that they belong to."""


class Contributions:
    """The contributions to all leaves, sorted by what varies.

    Args:
        graph: the graph, its sums rewritten.
        groups: its gates as `groups_of` has them.
        pairs: the pairs whose products make up the gradient.

    Attributes:
        rectangles: upstream nodes, local nodes (none where they are 1), and the leaf of each pair.
        single: upstream and local node that both vary, and the leaf.
        summed: a node that varies, a shared factor of its sum over the lanes, and the leaf.
        shared: two shared factors, and the leaf.
    """

    def __init__(
        self, graph: Graph, groups: Sequence[Sequence[int]], pairs: Iterable[LeafPair]
    ) -> None:
        self.rectangles: list[tuple[list[int], list[int], list[list[int]]]] = []
        self.single: list[LeafPair] = []
        self.summed: list[LeafPair] = []
        self.shared: list[LeafPair] = []
        one, varies = graph.constant(1.0), graph.varies
        products: dict[int, list[tuple[int, int]]] = {}
        ones: dict[int, list[tuple[int, int]]] = {}
        for upstream, local, leaf in pairs:
            varying, factor = (upstream, local) if varies[upstream] else (local, upstream)
            if varies[factor]:
                products.setdefault(varying, []).append((factor, leaf))
            elif not varies[varying]:
                self.shared.append((upstream, local, leaf))
            elif factor == one:
                ones.setdefault(varying, []).append((one, leaf))
            else:
                self.summed.append((varying, factor, leaf))
        group_of = {node: place for place, group in enumerate(groups) for node in group}
        for by_upstream in (products, ones):
            # upstream gradients with the same local gradients, in the same order
            found: dict[tuple[int, ...], tuple[list[int], list[list[int]]]] = {}
            for upstream, received in by_upstream.items():
                received.sort()
                key = (group_of.get(upstream, -1), *[local for local, _ in received])
                upstreams, leaves = found.setdefault(key, ([], []))
                upstreams.append(upstream)
                leaves.append([leaf for _, leaf in received])
            for (_, *locals_), (upstreams, leaves) in found.items():
                if by_upstream is ones:
                    self.rectangles.append((upstreams, [], leaves))
                elif len(locals_) > 1 or len(upstreams) > 1:
                    self.rectangles.append((upstreams, locals_, leaves))
                else:
                    self.single.append((upstreams[0], locals_[0], leaves[0][0]))

    def instructions(self, schedule: Schedule) -> tuple[list[Reduction], list[ScaledSums], int]:
        """The instructions that add up the gradient.

        Returns:
            The sums over the lanes, the products that follow them, and how many of the sums are
            only factors of such products.
        """
        reached = Counter([leaf for _, _, leaf in self.single])
        for _, _, leaves in self.rectangles:
            reached.update(np.ravel(leaves).tolist())
        ones = Rows(ONES, np.zeros(1, dtype=np.intp))
        sums: list[Reduction] = []
        for upstreams, locals_, leaves in self.rectangles:
            rows, order = schedule.in_order(upstreams)
            places, others = np.array(leaves, dtype=np.intp)[order], ones
            if locals_:
                others, order = schedule.in_order(locals_)
                places = places[:, order]
            alone = all(reached[leaf] == 1 for leaf in places.ravel().tolist())
            sums.append(Outer(rows, others, Rows(GRADIENT, places), alone))
        if self.single:
            first, second, target = _columns(self.single)
            sums.append(Inner(schedule.rows(first), schedule.rows(second), target))
        nodes = list(dict.fromkeys([node for node, _, _ in self.summed]))
        if nodes:
            partial = Rows(SUMS, np.arange(len(nodes))[:, np.newaxis])
            sums.append(Outer(schedule.rows(nodes), ones, partial, alone=True))
        products: list[ScaledSums] = []
        place_of = {node: place for place, node in enumerate(nodes)}
        if self.summed:
            first, second, target = _columns(self.summed)
            factors = Rows(SUMS, np.array([place_of[node] for node in first]))
            products.append(ScaledSums(factors, schedule.rows(second), target))
        if self.shared:
            first, second, target = _columns(self.shared)
            products.append(ScaledSums(schedule.rows(first), schedule.rows(second), target))
        return sums, products, len(nodes)


def _columns(pairs: Sequence[LeafPair]) -> tuple[list[int], list[int], Rows]:
    """Pairs as two lists of nodes, and where their products go."""
    first, second, leaves = map(list, zip(*pairs, strict=True))
    return first, second, Rows(GRADIENT, np.array(leaves, dtype=np.intp))
