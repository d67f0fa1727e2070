"""The height of every point of a picture, its order within the columns being given.

Each point wants the mean height of its neighbours; the order and minimum distances are kept. For
one column this is isotonic regression, which the pool-adjacent-violators algorithm solves exactly.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

from viz.layout.columns import Grid

Reach = tuple[float, float]

_STRAIGHTENINGS = 4
_WAY_POINT_WEIGHT = 6.0  # a long wire is kept straight before a gate is kept in the middle
_LEAF_WEIGHT = 0.01  # a leaf among gates makes room for them


def find_heights(grid: Grid, reach: Sequence[Reach], separation: float) -> list[float]:
    """The height of each point, y downwards.

    A gate stands at the mean height of its inputs wherever there is room for it. Points reach above
    and below their heights; neighbours in a column have at least the separation, too.

    >>> sum_of_two = Grid(3, [[0, 1], [2]], [0, 0, 1], [[], [], [0, 1]], [[2], [2], []])
    >>> find_heights(sum_of_two, [(20, 20)] * 3, 10)
    [0.0, 40.0, 20.0]
    """
    heights = _Heights(grid, reach, separation)
    last = len(grid.columns) - 1
    # once is enough: another time would move nothing but the whole picture, since the way back
    # starts from the output alone
    for number in range(last, -1, -1):
        heights.follow_consumers(number)
    for number in range(1, last + 1):
        heights.follow_inputs(number)
    for _ in range(_STRAIGHTENINGS):
        heights.straighten()
        for number in range(1, last + 1):
            heights.follow_inputs(number, keep_way_points=True)
    heights.straighten()
    top = min(heights.of)
    return [height - top for height in heights.of]


class _Heights:
    """The heights of all points while they are being found."""

    def __init__(self, grid: Grid, reach: Sequence[Reach], separation: float) -> None:
        way_points = len(grid.column) - grid.blocks
        self.grid = grid
        self.weight = [1.0] * grid.blocks + [_WAY_POINT_WEIGHT] * way_points
        self.stacks = [_stack(points, reach, separation) for points in grid.columns]
        self.of = [0.0] * len(grid.column)
        for points, stack in zip(grid.columns, self.stacks, strict=True):
            for point, offset in zip(points, stack, strict=True):
                self.of[point] = offset - stack[-1] / 2

    def follow_consumers(self, number: int) -> None:
        """Place a column by the one after it."""
        points = self.grid.columns[number]
        wanted = [self._mean(self.grid.after[point] or [point]) for point in points]
        self._settle(number, wanted, [self.weight[point] for point in points])

    def follow_inputs(self, number: int, keep_way_points: bool = False) -> None:
        """Place a column by the one before it; a leaf stands beside what it is combined with."""
        before, points = self.grid.before, self.grid.columns[number]
        wanted = {}
        for point in points:
            if keep_way_points and point >= self.grid.blocks:
                wanted[point] = self.of[point]
            elif before[point]:
                apart = [source for source in before[point] if source in self.grid.apart]
                wanted[point] = self._mean(apart or before[point])
        for leaf in [point for point in points if not before[point]]:
            peers = [p for gate in self.grid.after[leaf] for p in before[gate] if before[p]]
            if peers:
                wanted[leaf] = sum(wanted[peer] for peer in peers) / len(peers)
            else:
                wanted[leaf] = self._mean(self.grid.after[leaf] or [leaf])
        weights = [self.weight[p] if before[p] else _LEAF_WEIGHT for p in points]
        self._settle(number, [wanted[point] for point in points], weights)

    def straighten(self) -> None:
        """Move way points so that wires bend seldom, while everything else stays."""
        ranks = [0] * len(self.of)
        for points in self.grid.columns:
            for rank, point in enumerate(points):
                ranks[point] = rank
        for start in range(self.grid.blocks):
            line = [start]
            while ways := [p for p in self.grid.after[line[-1]] if p >= self.grid.blocks]:
                line += ways
            self._straighten_line(line, ranks)

    def _straighten_line(self, line: list[int], ranks: list[int]) -> None:
        """Cut the way of one wire into pieces as long as may be, each at one height."""
        height = self.of[line[0]]
        piece: list[int] = []
        low, high = -math.inf, math.inf
        for point in line[1:]:
            point_low, point_high = self._free(point, ranks[point])
            if max(low, point_low) > min(high, point_high):
                height = self._move(piece, min(max(height, low), high))
                piece, low, high = [], -math.inf, math.inf
            piece.append(point)
            low, high = max(low, point_low), min(high, point_high)
        self._move(piece, min(max(height, low), high))

    def _move(self, points: list[int], height: float) -> float:
        for point in points:
            self.of[point] = height
        return height

    def _free(self, point: int, rank: int) -> tuple[float, float]:
        """The heights that a point can take between its neighbours in the column."""
        column = self.grid.column[point]
        points, stack = self.grid.columns[column], self.stacks[column]
        low, high = -math.inf, math.inf
        if rank > 0:
            low = self.of[points[rank - 1]] + stack[rank] - stack[rank - 1]
        if rank + 1 < len(points):
            high = self.of[points[rank + 1]] - stack[rank + 1] + stack[rank]
        # a point is never outside the bounds it already keeps, but for rounding
        return min(low, self.of[point]), max(high, self.of[point])

    def _mean(self, points: Sequence[int]) -> float:
        return sum([self.of[point] for point in points]) / len(points)

    def _settle(self, number: int, wanted: Sequence[float], weights: Sequence[float]) -> None:
        found = spread(wanted, weights, self.stacks[number])
        for point, height in zip(self.grid.columns[number], found, strict=True):
            self.of[point] = height


def _stack(points: Sequence[int], reach: Sequence[Reach], separation: float) -> list[float]:
    """The heights of a column's points when they stand as close as they may, from 0 downwards."""
    heights = [0.0]
    for above, below in pairwise(points):
        heights.append(heights[-1] + max(reach[above][1] + reach[below][0], separation))
    return heights


def spread(
    wanted: Sequence[float], weights: Sequence[float], stack: Sequence[float]
) -> list[float]:
    """The heights nearest to those wanted that keep the order and the distances of `stack`.

    Nearest in the sense of weighted least squares.

    >>> spread([5.0, 5.0, 40.0], [1.0, 1.0, 1.0], [0.0, 10.0, 20.0])
    [0.0, 10.0, 40.0]
    """
    # Without the distances, the order alone has to be kept: neighbours in the wrong order are
    # pooled and stand together at their mean.
    pools: list[tuple[float, float, int]] = []  # mean, weight, count
    for want, weight, offset in zip(wanted, weights, stack, strict=True):
        mean, total, count = want - offset, weight, 1
        while pools and pools[-1][0] >= mean:
            other_mean, other_total, other_count = pools.pop()
            mean = (mean * total + other_mean * other_total) / (total + other_total)
            total += other_total
            count += other_count
        pools.append((mean, total, count))
    shifts = [mean for mean, _, count in pools for _ in range(count)]
    return [shift + offset for shift, offset in zip(shifts, stack, strict=True)]
