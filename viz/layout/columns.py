"""Columns of a picture: which column each value stands in, and in which order.

A layered drawing after Sugiyama, Tagawa and Toda (1981). A value that is used several columns
further on has an invisible *way point* in each column between, so that its wire has a place of its
own there; wires of one value share their way points.
"""

from bisect import bisect_right, insort
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from viz.scene.blocks import Block
from viz.scene.style import Options, TooLargeError

PLACES = 100
"""How many places of wires and blocks a layout may have to find for each value of the limit."""

LEAST_PLACES = 50_000
"""How many places it may have to find where the limit is low."""

_WORK = 30_000  # how many points are moved at most while wires are untangled: no picture hangs
_PATIENCE = 4  # sweeps without success before untangling stops


@dataclass(frozen=True, slots=True)
class Grid:
    """Where everything stands, column by column.

    A *point* is a block (its index) or a way point (a number from the count of blocks upwards).

    Attributes:
        blocks: how many of the points are blocks.
        columns: the points of each column, from top to bottom.
        column: of each point.
        before: for each point, the points in the column before from which wires come; for a block,
            one for each of its inputs, in their order.
        after: for each point, the points in the next column to which wires go.
        apart: the leaves that stand apart; gates stand beside these.
    """

    blocks: int
    columns: list[list[int]]
    column: list[int]
    before: list[list[int]]
    after: list[list[int]]
    apart: Collection[int] = ()


def arrange(
    blocks: Sequence[Block],
    *,
    near: bool,
    rows: Sequence[Sequence[int]] = (),
    apart: Collection[int] = (),
) -> Grid:
    """Give every block a column and a place in it, with few crossings of wires.

    Branches stand just after their value, notes on a wire just before the block that takes them, a
    leaf at the far left, or near, just before the first gate that takes it; in a column the leaves
    of a row have its order. Some leaves may stand apart, in columns between gates and their inputs.

    >>> from autograd_core import Value
    >>> from viz.scene.blocks import blocks_of
    >>> from viz.scene.scene import scene_of
    >>> x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    >>> blocks = blocks_of(scene_of((x + y) * z))
    >>> arrange(blocks, near=False).columns, arrange(blocks, near=True).columns
    ([[0, 1, 3], [2, 5], [4]], [[0, 1], [2, 3], [4]])
    """
    inputs = [block.inputs for block in blocks]
    apart = apart if near else ()
    grid = replace(_with_way_points(inputs, _columns(blocks, near, apart)), apart=apart)
    _order_by_walk(grid)
    _untangle(grid)
    _reorder(grid, rows)
    return grid


def _reorder(grid: Grid, rows: Sequence[Sequence[int]]) -> None:
    """Put the leaves of each row into its order, in the places that they have in a column.

    What follows them in other columns comes along, unless more wires would cross.
    """
    before = list(grid.columns)
    row_of = {leaf: row for row in rows for leaf in row}
    for number, points in enumerate(grid.columns):
        inside = set(points)
        left = {id(row): iter([leaf for leaf in row if leaf in inside]) for row in rows}
        grid.columns[number] = [next(left[id(row_of[p])]) if p in row_of else p for p in points]
    if grid.columns != before:
        crossings, kept = count_crossings(grid), list(grid.columns)
        for number in range(1, len(grid.columns)):
            _sort_by_mean(grid.columns, number, number - 1, grid.before)
        if count_crossings(grid) > crossings:
            grid.columns[:] = kept


def check_places(blocks: Sequence[Block], options: Options) -> None:
    """Explain if blocks and way points would stand in more than `PLACES` a value of the limit.

    To count the places is quick, while to find them takes time in proportion.
    """
    if options.limit is None:
        return
    column = _columns(blocks, options.inputs == "near")
    last = _last_columns([block.inputs for block in blocks], column)
    count, most = len(blocks) + sum(last) - sum(column), max(PLACES * options.limit, LEAST_PLACES)
    if count > most:
        raise TooLargeError(
            f"the wires of this picture would pass {count:,} places in its columns",
            options.caller,
            most,
            "Leave out branches, open fewer gates, or draw a part, such as one of value.inputs",
        )


def _columns(blocks: Sequence[Block], near: bool, apart: Collection[int] = ()) -> list[int]:
    """The column of each block: one more than the last of its inputs, unless it is moved.

    Between those and a gate that takes leaves which stand apart there is one more.
    """
    column = [0] * len(blocks)
    for index, block in enumerate(blocks):
        if block.inputs:
            room = any(source in apart for source in block.inputs)
            column[index] = 1 + room + max(column[source] for source in block.inputs)
    # from the output backwards, some move towards the first block that takes them
    first = [len(blocks)] * len(blocks)
    for index in range(len(blocks) - 1, -1, -1):
        block = blocks[index]
        moves = block.note is not None or (near and block.kind in ("leaf", "branch"))
        moves = moves and (not apart or block.kind != "leaf" or index in apart)
        if moves and first[index] < len(blocks):
            column[index] = first[index] - 1
        for source in block.inputs:
            first[source] = min(first[source], column[index])
    for block in blocks if apart else ():
        # those of one gate in one column, also where only some have a factor on their wires
        sources = [(blocks[each].inputs or (each,))[0] for each in block.inputs]
        together = [each for each in sources if each in apart]
        for each in together if block.note is None else ():
            column[each] = min(column[other] for other in together)
    for index, block in enumerate(blocks):
        if block.kind == "branch":
            column[index] = 1 + column[block.inputs[0]]
    rank = {number: place for place, number in enumerate(sorted({*column}))}  # none is empty
    return [rank[number] for number in column]


def _last_columns(inputs: Sequence[Sequence[int]], column: Sequence[int]) -> list[int]:
    """The column just before the last block that takes each block: so far its wire runs."""
    last = list(column)
    for block, sources in enumerate(inputs):
        for source in sources:
            last[source] = max(last[source], column[block] - 1)
    return last


def _with_way_points(inputs: Sequence[Sequence[int]], column: list[int]) -> Grid:
    """The grid with all its points, in no particular order within a column."""
    last = _last_columns(inputs, column)
    before: list[list[int]] = [[] for _ in inputs]
    trunk = [[block] for block in range(len(inputs))]  # a block and its way points, one a column
    for block in range(len(inputs)):
        for place in range(column[block] + 1, last[block] + 1):
            before.append([trunk[block][-1]])
            trunk[block].append(len(column))
            column.append(place)
    for block, sources in enumerate(inputs):
        before[block] = [trunk[each][column[block] - 1 - column[each]] for each in sources]
    columns: list[list[int]] = [[] for _ in range(max(column) + 1)]
    after: list[list[int]] = [[] for _ in column]
    for point, place in enumerate(column):
        columns[place].append(point)
        for source in before[point]:
            after[source].append(point)
    return Grid(len(inputs), columns, column, before, after)


def _order_by_walk(grid: Grid) -> None:
    """Order each column as a walk from the outputs meets its points, operands as written.

    This alone draws an expression without shared values free of crossings, and as one reads it.
    """
    for points in grid.columns:
        points.clear()
    seen = [False] * len(grid.column)
    waiting = [block for block in reversed(range(grid.blocks)) if not grid.after[block]]
    while waiting:
        point = waiting.pop()
        if not seen[point]:
            seen[point] = True
            grid.columns[grid.column[point]].append(point)
            waiting.extend(reversed(grid.before[point]))


def _untangle(grid: Grid) -> None:
    """Reorder the columns while that makes wires cross less often."""
    best, kept = count_crossings(grid), list(grid.columns)
    patience = _PATIENCE
    for number in range(_WORK // len(grid.column)):
        if best == 0 or patience == 0:
            break
        if number % 2 == 0:
            for column in range(1, len(grid.columns)):
                _sort_by_mean(grid.columns, column, column - 1, grid.before)
        else:
            for column in range(len(grid.columns) - 2, -1, -1):
                _sort_by_mean(grid.columns, column, column + 1, grid.after)
        for column in range(len(grid.columns)):
            _swap_neighbours(grid, column)
        crossings = count_crossings(grid)
        patience -= 1
        if crossings < best:
            best, kept, patience = crossings, list(grid.columns), _PATIENCE
    grid.columns[:] = kept


def count_crossings(grid: Grid) -> int:
    """How many pairs of wires cross between columns.

    >>> inputs = [(), (), (0, 1), (0, 1), (2, 3)]
    >>> blocks = [Block("+", None, "1", None, sources, "") for sources in inputs]
    >>> count_crossings(arrange(blocks, near=False))
    1
    """
    pairs = zip(grid.columns, grid.columns[1:], strict=False)
    return sum(_crossings_between(grid, left, right) for left, right in pairs)


def _crossings_between(grid: Grid, left: Sequence[int], right: Sequence[int]) -> int:
    place = {point: number for number, point in enumerate(left)}
    passed: list[int] = []  # where the wires so far begin, in order
    crossings = 0
    for point in right:
        for start in sorted(place[source] for source in grid.before[point]):
            crossings += len(passed) - bisect_right(passed, start)
            insort(passed, start)
    return crossings


def _sort_by_mean(
    columns: list[list[int]], number: int, beside: int, neighbours: list[list[int]]
) -> None:
    """Sort a column by the mean place of what its points are wired to in the column beside it.

    Points without a wire to that side keep their places.
    """
    place = {point: rank for rank, point in enumerate(columns[beside])}
    wired = [point for point in columns[number] if neighbours[point]]

    def mean(point: int) -> float:
        return sum(place[each] for each in neighbours[point]) / len(neighbours[point])

    in_order = iter(sorted(wired, key=mean))
    columns[number] = [next(in_order) if neighbours[p] else p for p in columns[number]]


def _swap_neighbours(grid: Grid, column: int) -> None:
    """Swap neighbours in a column wherever their own wires then cross less often."""
    points = list(grid.columns[column])
    sides = [(number, grid.before) for number in (column - 1,) if number >= 0]
    sides += [(number, grid.after) for number in (column + 1,) if number < len(grid.columns)]
    ends: dict[int, list[list[int]]] = {point: [] for point in points}
    for beside, neighbours in sides:
        place = {point: rank for rank, point in enumerate(grid.columns[beside])}
        for point in points:
            ends[point].append(sorted(place[each] for each in neighbours[point]))
    for number in range(len(points) - 1):
        upper, lower = points[number], points[number + 1]
        pairs = list(zip(ends[upper], ends[lower], strict=True))
        now = sum(_inversions(above, below) for above, below in pairs)
        swapped = sum(_inversions(below, above) for above, below in pairs)
        if swapped < now:
            points[number], points[number + 1] = lower, upper
    grid.columns[column] = points


def _inversions(upper: Sequence[int], lower: Sequence[int]) -> int:
    """How often wires to `upper` and `lower`, both in order, cross."""
    return sum(len(upper) - bisect_right(upper, end) for end in lower)
