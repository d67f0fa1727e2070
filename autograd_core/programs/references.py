"""How the numbers of a plan are referred to in writing: `W1`, `Z2[0]`, `[v3[2:5], y]`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograd_core.programs.run.index import Index, Rows


@dataclass
class Block:
    """Numbers with a name.

    Attributes:
        name: the name.
        index: their places in their array, (n,) or (n, k).
        used: whether something refers to it.
    """

    name: str
    index: Index
    used: bool = False


class References:
    """The blocks of a plan, and the text for any selection of their numbers.

    A reference is written as NumPy would have it: `v[2:5]` for rows, `W[3, 1]` for an element,
    `v[[4, 0]]` for rows out of order, and `[v, w]` for rows of several blocks one below the other.

    Args:
        sizes: how many numbers there are in each array.
    """

    def __init__(self, sizes: dict[str, int]) -> None:
        self._blocks: list[Block] = []
        self._block_of = {array: np.full(size, -1) for array, size in sizes.items()}
        self._place_in = {array: np.full(size, -1) for array, size in sizes.items()}
        self._wholes: dict[tuple[str, bytes], Block] = {}
        self._own: dict[tuple[str, int], str] = {}
        self.names: set[str] = set()

    def add(self, name: str, array: str, index: Index) -> Block:
        """Give a name to numbers that have none; those that have one keep it."""
        block = Block(name, index)
        self._blocks.append(block)
        self._wholes.setdefault((array, index.tobytes()), block)
        free = self._block_of[array][index] < 0
        self._block_of[array][index[free]] = len(self._blocks) - 1
        self._place_in[array][index[free]] = np.arange(index.size).reshape(index.shape)[free]
        self.names.add(name)
        return block

    def call(self, array: str, place: int, text: str) -> None:
        """What a single number is called where it stands alone, though it is part of a block."""
        self._own[array, place] = text
        self.names.add(text)

    def has(self, array: str, index: Index) -> bool:
        """Whether any of these numbers belongs to a block."""
        return bool((self._block_of[array][index] >= 0).any())

    def text(self, rows: Rows, prefix: str = "", *, once: bool = False) -> str:
        """A reference to some numbers.

        Args:
            rows: which ones.
            prefix: stands before every name: "d" for their gradients.
            once: whether one number in every place is written once, as NumPy broadcasts it.
        """
        if rows.index.ndim == 2:
            return self._matrix(rows, prefix)
        if once and (rows.index == rows.index[0]).all():
            return self._element(rows.array, int(rows.index[0]), prefix)
        whole = self._wholes.get((rows.array, rows.index.tobytes()))
        if whole is not None:
            whole.used = True
            chosen = _selection(np.arange(whole.index.size), whole.index.shape)
            return f"{prefix}{whole.name}{chosen}"
        pieces = self._pieces(rows.array, rows.index, prefix)
        if len(pieces) == 1 and " × " not in pieces[0]:
            return pieces[0]
        return f"[{', '.join(pieces)}]"

    def is_name(self, text: str) -> bool:
        """Whether a reference is nothing but a name, which a shape may follow."""
        return text.removesuffix("ᵀ") in self.names

    def _block(self, array: str, place: int) -> Block:
        return self._blocks[int(self._block_of[array][place])]

    def _element(self, array: str, place: int, prefix: str) -> str:
        """A number that stands alone."""
        block = self._block(array, place)
        block.used = True
        if (array, place) in self._own:
            return prefix + self._own[array, place]
        if block.index.size == 1:
            return prefix + block.name
        position = np.unravel_index(int(self._place_in[array][place]), block.index.shape)
        return f"{prefix}{block.name}[{', '.join(str(each) for each in position)}]"

    def _pieces(self, array: str, index: Index, prefix: str) -> list[str]:
        """Numbers one after the other, cut where the block changes or a number is repeated."""
        blocks = self._block_of[array][index]
        same = np.concatenate([[False], np.diff(index) == 0, [False]])
        repeated = same[1:] | same[:-1]
        cuts = np.flatnonzero((np.diff(blocks) != 0) | (np.diff(repeated) != 0)) + 1
        pieces = []
        for part in np.split(index, cuts):
            if len(part) > 1 and part[0] == part[1]:
                pieces += self._repeats(array, part, prefix)
            else:
                pieces += self._parts(array, part, prefix)
        return pieces

    def _repeats(self, array: str, index: Index, prefix: str) -> list[str]:
        """Numbers that come several times each."""
        places, starts = np.unique(index, return_index=True)
        order = np.argsort(starts)
        ends = [*starts[order][1:].tolist(), len(index)]
        return [
            f"{end - start} × {self._element(array, place, prefix)}"
            for place, start, end in zip(
                places[order].tolist(), starts[order].tolist(), ends, strict=True
            )
        ]

    def _parts(self, array: str, index: Index, prefix: str) -> list[str]:
        """Numbers of one block: as one selection, else row by row, else one by one."""
        block = self._block(array, int(index[0]))
        places = self._place_in[array][index]
        if len(index) == 1:
            return [self._element(array, int(index[0]), prefix)]
        chosen = None if block.index.size == 1 else _selection(places, block.index.shape)
        if chosen is not None:
            block.used = True
            return [f"{prefix}{block.name}{chosen}"]
        rows = places // block.index.shape[-1]
        cuts = np.flatnonzero(np.diff(rows)) + 1
        if block.index.ndim == 1 or not len(cuts):
            cuts = np.arange(1, len(index))
        parts = np.split(index, cuts)
        return [piece for part in parts for piece in self._parts(array, part, prefix)]

    def _matrix(self, rows: Rows, prefix: str) -> str:
        """Numbers in two dimensions."""
        index = rows.index
        block = self._block(rows.array, int(index[0, 0]))
        places = self._place_in[rows.array][index]
        if (self._block_of[rows.array][index] == self._block_of[rows.array][index[0, 0]]).all():
            for mark, own in (("", block.index), ("ᵀ", block.index.T)):
                if own.shape == index.shape and np.array_equal(own, index):
                    block.used = True
                    return f"{prefix}{block.name}{mark}"
            chosen = _submatrix(places, block.index.shape)
            if chosen is not None:
                block.used = True
                return f"{prefix}{block.name}{chosen}"
        if 1 in index.shape:
            return self.text(Rows(rows.array, index.ravel()), prefix)
        return f"[{', '.join(self.text(Rows(rows.array, row), prefix) for row in index)}]"


def _selection(places: Index, shape: Sequence[int]) -> str | None:
    """How some places of a block are chosen, in one dimension; None if only one by one.

    >>> _selection(np.arange(6), (6,)), _selection(np.array([2, 3, 4]), (6,))
    ('', '[2:5]')
    >>> _selection(np.array([4, 0]), (6,)), _selection(np.array([3, 4, 5]), (2, 3))
    ('[[4, 0]]', '[1]')
    >>> _selection(np.arange(3), (1, 3)), _selection(np.array([1, 4]), (2, 3))
    ('ᵀ', '[:, 1]')
    """
    size = int(np.prod(shape))
    if np.array_equal(places, np.arange(size)):
        return "ᵀ" if len(shape) == 2 and shape[0] == 1 and size > 1 else ""
    if len(shape) == 1:
        return f"[{_slice(places, size) or places.tolist()}]"
    if np.array_equal(places, np.arange(size).reshape(shape).T.ravel()):
        return "ᵀ"
    rows, columns = np.divmod(places, shape[1])
    if (rows == rows[0]).all():
        chosen = _slice(columns, shape[1]) or columns.tolist()
        return f"[{rows[0]}]" if chosen == ":" else f"[{rows[0]}, {chosen}]"
    whole_rows = np.array_equal(places, places[0] + np.arange(len(places)))
    if whole_rows and columns[0] == 0 and len(places) % shape[1] == 0:
        return f"[{_slice(rows[:: shape[1]], shape[0])}]"
    if (columns == columns[0]).all():
        return f"[{_slice(rows, shape[0]) or rows.tolist()}, {columns[0]}]"
    return None


def _submatrix(places: Index, shape: Sequence[int]) -> str | None:
    """How some rows and columns of a matrix are chosen; None if it is not that.

    >>> _submatrix(np.array([[1, 2], [4, 5]]), (2, 3))
    '[:, 1:]'
    >>> _submatrix(np.array([[1, 4], [2, 5]]), (2, 3))
    '[:, 1:]ᵀ'
    """
    for mark, chosen in (("", places), ("ᵀ", places.T)):
        if len(shape) == 1:
            row_by_row = _selection(chosen.ravel(), shape)
            if row_by_row is not None and "[[" not in row_by_row:
                return row_by_row + mark
            continue
        rows, columns = chosen[:, 0] // shape[1], chosen[0] % shape[1]
        if np.array_equal(chosen, rows[:, np.newaxis] * shape[1] + columns):
            first, second = (
                _slice(one, size) or str(one.tolist())
                for one, size in ((rows, shape[0]), (columns, shape[1]))
            )
            return f"[{first}]{mark}" if second == ":" else f"[{first}, {second}]{mark}"
    return None


def _slice(places: Index, size: int) -> str | None:
    """Places in regular distances as a slice.

    >>> _slice(np.array([0, 2, 4]), 6), _slice(np.array([1, 3]), 6), _slice(np.arange(6), 6)
    ('::2', '1:4:2', ':')
    """
    steps = np.diff(places)
    if not len(steps) or steps[0] < 1 or (steps != steps[0]).any():
        return None if len(places) > 1 else f"{places[0]}:{places[0] + 1}"
    first, last, step = int(places[0]), int(places[-1]), int(steps[0])
    start = "" if first == 0 else str(first)
    stop = "" if last + step >= size else str(last + 1)
    return f"{start}:{stop}" + (f":{step}" if step > 1 else "")
