"""The order of edits of leaves and recordings of gates, in the whole process."""

from itertools import count

try:
    import cython
except ModuleNotFoundError:
    from autograd_core import _cython as cython

LAST = 2**32 - 1
"""Compiled, a stamp has 32 bits, and time stands still at the last one.

Whatever is edited then counts as newer than every gate: gates are evaluated again to find out.
"""


@cython.cclass
class Clock:
    """Gives stamps, by which an operand is known to be newer than a gate that was computed from it.

    An edit gives the leaf a stamp that is later than those of all gates recorded so far; a gate
    gets the present time. So an operand with a later stamp than its gate has was edited, or
    evaluated again, after the gate was computed. Edits with no recording in between share a stamp.

    Attributes:
        now: the present time, 1 in the beginning.
        recorded: whether a gate was recorded at this time.
    """

    __slots__ = ("now", "recorded")

    def __init__(self) -> None:
        self.now = 1
        self.recorded = False

    def edit(self) -> int:
        """The stamp for a leaf that is edited now."""
        if not cython.compiled:
            stamp = self.now = next(_ticks)  # one step, which no other thread divides
            return stamp
        if self.recorded and self.now < LAST:
            self.now += 1
        self.recorded = False
        return self.now

    def present(self) -> int:
        """The stamp of what was recorded since the last edit; -1 if that is not known."""
        return -1 if self.now == LAST else self.now

    def goes_on_from(self, stamp: int) -> None:
        """Take up the time of a graph from another process, as if it were recorded now."""
        self.now = max(self.now, stamp)
        self.recorded = True
        if not cython.compiled:
            while next(_ticks) < stamp:
                pass


_ticks = count(2)
clock = Clock()
