"""Choices, comparisons and roundings: gates with a corner or a jump."""

from collections.abc import Sequence
from itertools import combinations
from math import prod
from typing import Any

from autograd_core.gate import Domain, gate
from autograd_core.gates.patterns import ROUTE, STOP


@gate(
    "abs",
    pattern="router: passes the gradient, with its sign turned for a negative input",
    local_gradients=[
        lambda math, out, x: math.where(
            math.greater(x, 0.0), 1.0, math.where(math.greater(0.0, x), -1.0, 0.0)
        )
    ],
    kink=lambda x: x,
)
def absolute(math: Any, x: Any) -> Any:
    """|x|. The local gradient is the sign of x, and 0 at 0.

    >>> absolute(-3.0)
    3.0
    """
    return math.absolute(x)


@gate(
    "sign",
    pattern=STOP,
    routes=True,
    local_gradients=[lambda math, out, x: 0.0],
    kink=lambda x: x,
)
def sign(math: Any, x: Any) -> Any:
    """1 for x > 0, −1 for x < 0, and 0 for 0. Its gradient is 0.

    >>> sign(-3.0), sign(0.0)
    (-1.0, 0.0)
    """
    return math.where(math.equal(x, x), math.greater(x, 0.0) - math.greater(0.0, x), x)


@gate(
    "⌊x⌋",
    pattern=STOP,
    routes=True,
    local_gradients=[lambda math, out, x: 0.0],
    kink=lambda x: (x + 0.5) % 1.0 - 0.5,
)
def floor(math: Any, x: Any) -> Any:
    """The largest whole number up to x. Its gradient is 0.

    >>> floor(2.75), floor(-0.5)
    (2.0, -1.0)
    """
    return math.floor(x)


@gate(
    "clip",
    pattern="router: passes the gradient to x between the bounds, else to the bound that holds it",
    routes=True,
    local_gradients=[
        lambda math, out, x, low, high: math.where(
            math.greater(low, x), 0.0, math.where(math.greater(x, high), 0.0, 1.0)
        ),
        lambda math, out, x, low, high: math.greater(low, x),
        lambda math, out, x, low, high: math.greater(x, high),
    ],
    kink=lambda x, low, high: (x - low) * (x - high),
    domain=[
        Domain(lambda x, low, high: low > high, ValueError, "the bounds are the other way round")
    ],
)
def clip(math: Any, x: Any, low: Any, high: Any) -> Any:
    """x, but at least `low` and at most `high`.

    The local gradient to x is 1 between the bounds and on them, else 0; that to a bound is 1 where
    x is beyond it.

    >>> clip(5.0, 0.0, 1.0), clip(0.5, 0.0, 1.0)
    (1.0, 0.5)
    """
    return math.minimum(math.maximum(x, low), high)


def _share(math: Any, winner: Any, loser: Any) -> Any:
    """Of a router's gradient, the part of the input that wins if it is larger: a tie is shared."""
    return math.where(
        math.greater(winner, loser), 1.0, math.where(math.greater(loser, winner), 0.0, 0.5)
    )


@gate(
    "max",
    pattern="router: the larger input gets the whole upstream gradient, a tie shares it",
    commutes=True,
    routes=True,
    local_gradients=[
        lambda math, out, x, y: _share(math, x, y),
        lambda math, out, x, y: _share(math, y, x),
    ],
    kink=lambda x, y: x - y,
    many="largest",
)
def maximum(math: Any, x: Any, y: Any) -> Any:
    """The larger of two. The local gradient is 1 for it and 0 for the other; ½ each in a tie.

    Of more than two operands it is the gate `largest`, with 1/k for each of k in a tie.

    >>> maximum(2.0, -1.0)
    2.0
    """
    return math.maximum(x, y)


@gate(
    "min",
    pattern="router: the smaller input gets the whole upstream gradient, a tie shares it",
    commutes=True,
    routes=True,
    local_gradients=[
        lambda math, out, x, y: _share(math, y, x),
        lambda math, out, x, y: _share(math, x, y),
    ],
    kink=lambda x, y: x - y,
    many="smallest",
)
def minimum(math: Any, x: Any, y: Any) -> Any:
    """The smaller of two. The local gradient is 1 for it and 0 for the other; ½ each in a tie.

    Of more than two operands it is the gate `smallest`, with 1/k for each of k in a tie.

    >>> minimum(2.0, -1.0)
    -1.0
    """
    return math.minimum(x, y)


@gate(
    "max",
    pattern="router: the largest input gets the whole upstream gradient, a tie shares it",
    variadic=True,
    commutes=True,
    routes=True,
    local_gradients=[lambda math, out, values: _shares_of_tie(math, out, values)],
    kink=lambda *row: _order(row),
    domain=[Domain(lambda values: len(values) == 0, ValueError, "an empty list has no largest")],
)
def largest(math: Any, values: Any) -> Any:
    """The largest of any number of values, as one gate. In a tie of k, each gets 1/k.

    >>> largest([2.0, -1.0, 3.0])
    3.0
    """
    return math.largest(values)


@gate(
    "min",
    pattern="router: the smallest input gets the whole upstream gradient, a tie shares it",
    variadic=True,
    commutes=True,
    routes=True,
    local_gradients=[lambda math, out, values: _shares_of_tie(math, out, values)],
    kink=lambda *row: _order(row),
    domain=[Domain(lambda values: len(values) == 0, ValueError, "an empty list has no smallest")],
)
def smallest(math: Any, values: Any) -> Any:
    """The smallest of any number of values, as one gate. In a tie of k, each gets 1/k.

    >>> smallest([2.0, -1.0, 3.0])
    -1.0
    """
    return math.smallest(values)


def _shares_of_tie(math: Any, out: Any, values: Sequence[Any]) -> list[Any]:
    """1/k for each of the k values that equal the output, 0 for the others."""
    equal_ones = [math.equal(x, out) for x in values]
    count = math.total(equal_ones)
    count = math.guard(math.equal(count, 0.0), count)
    return [math.where(each, 1.0 / count, 0.0) for each in equal_ones]


def _order(values: Sequence[Any]) -> Any:
    """A number that changes sign where two values change their order."""
    return prod(x - y for x, y in combinations(values, 2))


@gate(
    ">",
    pattern=STOP,
    routes=True,
    local_gradients=[lambda math, out, x, y: 0.0, lambda math, out, x, y: 0.0],
    kink=lambda x, y: x - y,
)
def greater(math: Any, x: Any, y: Any) -> Any:
    """The Iverson bracket [x > y]: 1 or 0, recorded in the circuit. Its gradients are 0.

    The operator `>` answers at once with True or False; this gate is a comparison that is made
    again whenever the circuit is evaluated. With `where` it makes a branch that stays a branch.

    >>> greater(2.0, 1.0)
    1.0
    """
    return math.greater(x, y)


@gate(
    "=",
    pattern=STOP,
    commutes=True,
    routes=True,
    local_gradients=[lambda math, out, x, y: 0.0, lambda math, out, x, y: 0.0],
    kink=lambda x, y: x - y,
)
def equal(math: Any, x: Any, y: Any) -> Any:
    """The Iverson bracket [x = y]: 1 or 0, recorded in the circuit. Its gradients are 0.

    >>> equal(2.0, 1.0)
    0.0
    """
    return math.equal(x, y)


@gate(
    "where",
    pattern=ROUTE,
    routes=True,
    local_gradients=[
        lambda math, out, condition, x, y: 0.0,
        lambda math, out, condition, x, y: math.where(condition, 1.0, 0.0),
        lambda math, out, condition, x, y: math.where(condition, 0.0, 1.0),
    ],
    kink=lambda condition, x, y: condition - 0.5,
    chooses=True,
)
def where(math: Any, condition: Any, x: Any, y: Any) -> Any:
    """x where the condition is not 0, else y: a branch, recorded in the circuit.

    The gradient goes to the branch that was taken; the condition and the other branch get none,
    even where a slope there is infinite.

    Branches that are given as numbers have been computed, both of them, so both must be inside the
    domain of their gates. Given as functions of no arguments, each is evaluated only where it is
    taken, by `forward()` and in each example of a program, too:

    >>> from autograd_core import Value
    >>> x = Value(-4.0)
    >>> root = where(greater(x, 0.0), lambda: x.sqrt(), lambda: (-x).sqrt())
    >>> root.data
    2.0
    >>> x.data = 9.0
    >>> root.forward().data
    3.0

    For that both functions are called once, and both are recorded. In the one that is not taken
    every gate that may refuse its numbers gets `where(condition, number, nan)`, and refuses
    nothing. A condition that is no value, as `x > 0`, decides when it is computed, and the other
    function is not called; so a function that calls itself ends.

    >>> where(greater(2.0, 1.0), 10.0, 20.0)
    10.0
    """
    return math.where(condition, x, y)
