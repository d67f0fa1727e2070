"""What can be drawn, and words for what cannot."""

from itertools import islice
from typing import Literal

from autograd_core import Value
from viz.scene.circuit import reached

LIMIT = 500
"""How many values a picture may have unless the caller says otherwise."""

STEPS_LIMIT = 150
"""The same for a series of pictures: their number grows with the circuit, and the size of each."""

PLACES = 100
"""How many places of wires and blocks a layout may have to find for each value of the limit."""

Inputs = Literal["far", "near"]


def check_drawable(value: object, inputs: str, limit: int | None, *, caller: str = "draw") -> None:
    """Explain what is wrong with the arguments of a function that draws a circuit.

    Args:
        value: what is to be drawn.
        inputs: where its leaves are to stand.
        limit: how many values the circuit may have.
        caller: the name of the function.

    Raises:
        TypeError: if `value` is not a `Value`.
        ValueError: if the leaves can stand nowhere like that, the limit is no number, or the
            circuit is too large.

    >>> check_drawable([Value(1.0)], "far", 500)
    Traceback (most recent call last):
    TypeError: draw() takes one Value, the output of a circuit, but got a list of 1; ...
    """
    if not isinstance(value, Value):
        raise TypeError(no_value(value, caller))
    if inputs not in ("far", "near"):
        raise ValueError(f"inputs must be 'far' or 'near', not {inputs!r}")
    if limit is None:
        return
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise ValueError(f"limit must be a whole number of values above 0, or None, not {limit!r}")
    if _count_values(value, limit + 1) > limit:
        raise ValueError(_too_large(value, limit, caller))


def no_value(thing: object, caller: str) -> str:
    """What to say where a function that draws a circuit gets something else than a `Value`."""
    if isinstance(thing, list | tuple):
        return (
            f"{caller}() takes one Value, the output of a circuit, but got a "
            f"{type(thing).__name__} of {len(thing)}; draw them one by one: "
            f"[{caller}(v) for v in values]"
        )
    return (
        f"{caller}() takes a Value, the output of a circuit, but got {thing!r}; "
        f"a circuit is made by computing with values, as in {caller}(Value(3.0) * 2)"
    )


def _count_values(value: Value, enough: int) -> int:
    """How many values a circuit has; counting stops at `enough`."""
    return sum(1 for _ in islice(reached(value), enough))


_ENOUGH = 1_000_000  # values that are counted for the sake of an error message


def _too_large(value: Value, limit: int, caller: str) -> str:
    count = _count_values(value, _ENOUGH)
    number, wish = (f"{count:,}", f"{count}") if count < _ENOUGH else (f"{count:,} or more", "None")
    return (
        f"this circuit has {number} values; {_stop(caller, limit)} Draw a part of the circuit, "
        f"such as one of value.inputs; or ask for all of it with {caller}(value, limit={wish}); "
        "or, if it is a network, draw the model instead"
    )


def check_opened(count: int, limit: int | None, caller: str) -> None:
    """Explain if a circuit has become too large because its gates were opened.

    Raises:
        ValueError: if it has more values than `limit`.

    >>> check_opened(501, 500, "draw")
    Traceback (most recent call last):
    ValueError: with its gates opened this circuit has 501 values; draw() stops at 500, ...
    """
    if limit is not None and count > limit:
        raise ValueError(
            f"with its gates opened this circuit has {count:,} values; {_stop(caller, limit)} "
            "Open fewer gates, expand={value}; or draw a part of the circuit, such as one of "
            f"value.inputs; or ask for all of it with {caller}(value, limit={count})"
        )


def check_places(count: int, limit: int | None, caller: str) -> None:
    """Explain if so many wires pass so many gates that a picture would be miles of wire.

    Args:
        count: how many places the layout would have to find.
        limit: how many values the circuit may have.
        caller: the name of the function.

    Raises:
        ValueError: if it has more than `PLACES` for each of these values.

    >>> check_places(60_000, 500, "draw")
    Traceback (most recent call last):
    ValueError: the wires of this picture would pass 60,000 places in its columns; draw() stops ...
    """
    if limit is not None and count > PLACES * limit:
        raise ValueError(
            f"the wires of this picture would pass {count:,} places in its columns; {caller}() "
            f"stops at {PLACES * limit:,}, where pictures become hard to read. Leave out branches, "
            "open fewer gates, or draw a part of the circuit, such as one of value.inputs; or ask "
            f"for all of it with {caller}(value, limit=None)"
        )


def _stop(caller: str, limit: int) -> str:
    return f"{caller}() stops at {limit:,}, where pictures become hard to read."
