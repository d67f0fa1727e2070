"""The arrays in which a program computes, and which of their numbers an instruction takes."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import as_strided

Array = npt.NDArray[Any]
Index = npt.NDArray[np.intp]
Call = Callable[[], Any]

SHARED, INPUTS, LANES = "shared", "inputs", "lanes"
"""The arrays that hold the nodes: numbers shared by all lanes, [number]; the inputs and everything
else that varies, [number, lane]."""

ONES, GRADIENT, SUMS, TIMES = "ones", "gradient", "sums", "times"
"""Further arrays: a 1 for each lane; the gradient, a number for each leaf; sums over the lanes that
are no leaf's gradient yet; and how often a contribution counts that all lanes share."""


class Workspace:
    """The arrays of a program for a number of lanes, by name, and scratch space."""

    def __init__(self, arrays: Mapping[str, Array], dtype: np.dtype[Any]) -> None:
        self._arrays = arrays
        self._dtype = dtype
        self._buffers: dict[int, list[Array]] = {}
        self._used: dict[int, int] = {}

    def __getitem__(self, name: str) -> Array:
        return self._arrays[name]

    def scratch(self, shape: tuple[int, ...]) -> Array:
        """An array for intermediate results of one instruction.

        Instructions run one after the other, so all share a few buffers, which stay in the cache.
        Sizes are powers of two, so that one buffer serves many shapes.
        """
        count = prod(shape)
        size = 1 << max(count - 1, 0).bit_length()
        buffers, used = self._buffers.setdefault(size, []), self._used.get(size, 0)
        if used == len(buffers):
            buffers.append(np.empty(size, self._dtype))
        self._used[size] = used + 1
        return buffers[used][:count].reshape(shape)

    @property
    def bytes(self) -> int:
        """How much memory all arrays take."""
        buffers = [buffer for equal in self._buffers.values() for buffer in equal]
        return sum(array.nbytes for array in [*self._arrays.values(), *buffers])

    def release(self) -> None:
        """Make the scratch space free for the next instruction."""
        self._used.clear()


class Rows:
    """Some numbers of one array, by its name and their places, of shape (n,) or (k, n).

    Places that are regularly spaced are kept as the first, the stride along each dimension, and the
    shape; others as an array.
    """

    __slots__ = ("_index", "array", "shape", "start", "steps")

    def __init__(self, array: str, index: Index | list[int] | int) -> None:
        self.array = array
        self._index: Index | None = None
        self.steps: tuple[int, ...] | None = (1,)
        self.shape: tuple[int, ...] = (1,)
        if isinstance(index, int):
            self.start = index
            return
        if isinstance(index, list):
            if index and index == list(range(index[0], index[0] + len(index))):
                self.start, self.shape = index[0], (len(index),)
                return
            index = np.array(index, dtype=np.intp)
        self.shape, self.steps = index.shape, _steps(index)
        if self.steps is None:
            self._index, self.start = index, 0
        else:
            self.start = int(index.flat[0])

    @property
    def index(self) -> Index:
        """The places."""
        if self._index is not None:
            return self._index
        assert self.steps is not None
        return _places(self.start, self.steps, self.shape)

    @property
    def varies(self) -> bool:
        """Whether the numbers differ from lane to lane."""
        return self.array != SHARED

    def view(self, workspace: Workspace) -> Array | None:
        """The numbers as a strided view, if their places are regularly spaced; else None."""
        if self.steps is None:
            return None
        source = workspace[self.array]
        strides = tuple([step * source.strides[0] for step in self.steps])
        start = source[self.start :]
        return as_strided(start, self.shape + source.shape[1:], strides + source.strides[1:])

    def read(self, workspace: Workspace, calls: list[Call]) -> Array:
        """The numbers as an array; a gather, where it is needed, is added to the calls."""
        found = self.view(workspace)
        if found is not None:
            return found
        source = workspace[self.array]
        gathered = workspace.scratch(self.shape + source.shape[1:])
        # mode "clip" lets NumPy write into `gathered` directly; no index is out of range
        calls.append(partial(np.take, source, self.index, 0, gathered, "clip"))
        return gathered

    def __reduce__(self) -> tuple[Any, ...]:
        if self.steps is None:
            return Rows, (self.array, self.index)
        return _regular, (self.array, self.start, self.steps, self.shape)

    def __len__(self) -> int:
        return self.shape[-1]


def _regular(array: str, start: int, steps: tuple[int, ...], shape: tuple[int, ...]) -> Rows:
    """Regularly spaced rows; their pickle needs no list of places."""
    return Rows(array, _places(start, steps, shape))


def _places(start: int, steps: Sequence[int], shape: Sequence[int]) -> Index:
    """Regularly spaced places."""
    if len(shape) == 1:
        return (
            np.arange(start, start + steps[0] * shape[0], steps[0])
            if steps[0]
            else np.full(shape, start)
        )
    along = [step * np.arange(size) for step, size in zip(steps, shape, strict=True)]
    places: Index = start + sum(np.meshgrid(*along, indexing="ij", sparse=True), np.array(0))
    return places


def _steps(index: Index) -> tuple[int, ...] | None:
    """The stride along each dimension, if the places are regularly spaced."""
    if index.size == 0:
        return None
    steps = [_step(index, axis) for axis in range(index.ndim)]
    if not np.array_equal(_places(int(index.flat[0]), steps, index.shape), index):
        return None
    return tuple(steps)


def _step(index: Index, axis: int) -> int:
    """The stride along an axis.

    Where there is only one place, a stride that BLAS accepts: past the end of the other axis.
    """
    if index.shape[axis] < 2:
        others = [_step(index, other) for other in range(index.ndim) if index.shape[other] > 1]
        return int(max(others, default=1) * index.size)
    second = [0] * index.ndim
    second[axis] = 1
    return int(index[tuple(second)]) - int(index.flat[0])
