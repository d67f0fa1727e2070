"""The arrays in which a program computes."""

from collections.abc import Callable, Mapping
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Call = Callable[[], Any]


class Workspace:
    """The arrays of a program for a number of lanes, and scratch space for its instructions.

    Args:
        arrays: the arrays by name.
        dtype: the type of their numbers.
    """

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
