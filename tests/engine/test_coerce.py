import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles.circuits import property_test

from autograd_core import GATES, Value, exp


@property_test(100)
@given(st.floats(allow_nan=False))
def test_a_float_is_kept_as_it_is(number: float) -> None:
    for form in (number, np.float64(number), np.array(number)):
        assert math.copysign(1.0, Value(form).data) == math.copysign(1.0, number)
        assert Value(form).data == number


@property_test(100)
@given(st.fractions(), st.integers(-(10**30), 10**30))
def test_fractions_and_integers_are_rounded_once(fraction: Any, integer: int) -> None:
    assert Value(fraction).data == float(fraction)
    assert Value(integer).data == float(integer)
    assert (Value(0.5) + integer).data == 0.5 + float(integer)


@pytest.mark.parametrize("decimal", ["NaN", "Infinity", "-Infinity"])
def test_special_decimals(decimal: str) -> None:
    assert repr(Value(Decimal(decimal)).data) == repr(float(decimal))


def test_comparisons_with_numbers_that_are_no_floats_are_exact() -> None:
    assert Value(2.0**53) != 2**53 + 1
    assert Value(0.1) != Fraction(1, 10)
    assert Value(0.1) != Decimal("0.1")
    assert Value(0.5) == Fraction(1, 2)
    assert Value(1.0) < 10**400


@pytest.mark.parametrize(
    ("thing", "text"),
    [
        (Value(2.0, "w"), "w"),
        (Value(2.0, "w"), "detach"),
        ("2", "float('2')"),
        (b"2", "text"),
        (1j, "complex"),
        (np.complex128(2), "complex"),
        (np.array("2"), "number"),
        (np.datetime64("2020-01-01"), "."),
        (np.ones(3), "(3,)"),
        (np.ones((2, 3)), "(2, 3)"),
        (np.ones((0,)), "(0,)"),
        ([], "list of 0"),
        ({1, 2}, "set of 2"),
        ({}, "dict of 0"),
        ((1.0,), "tuple of 1"),
        (object, "real number"),
        (None, "None"),
        (..., "Ellipsis"),
    ],
)
@pytest.mark.parametrize("place", ["Value", "data", "grad", "upstream", "exp"])
def test_the_message_says_where_and_what(place: str, thing: Any, text: str) -> None:
    x = Value(1.0)
    uses: dict[str, Callable[[], Any]] = {
        "Value": lambda: Value(thing),
        "data": lambda: setattr(x, "data", thing),
        "grad": lambda: setattr(x, "grad", thing),
        "upstream": lambda: x.backward(thing),
        "exp": lambda: exp(thing),
    }
    if place == "exp" and isinstance(thing, Value):
        assert uses[place]().gate is GATES["exp"]
        return
    with pytest.raises(TypeError) as refusal:
        uses[place]()
    assert text in str(refusal.value)
    assert place in str(refusal.value)
    assert (x.data, x.grad) == (1.0, 0.0)
