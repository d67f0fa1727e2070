"""Two graphs side by side, and one built anew."""

from math import nan
from typing import Any

import pytest
from hypothesis import given
from oracles.circuits import Circuit, circuits, in_engine, property_test

from autograd_core import Value, dot, first_difference, paired, rebuild


@property_test(60)
@given(circuits())
def test_a_graph_recorded_twice_is_the_same_and_has_partners_throughout(circuit: Circuit) -> None:
    leaves, output = in_engine(circuit)
    others, again = in_engine(circuit)
    assert first_difference([output], [again], zip(leaves, others, strict=True)) is None
    partners = {id(one): other for one, other, _ in paired([output], [again])}
    for one, other in zip(leaves, others, strict=True):
        assert partners.get(id(one), other) is other


X, Y = Value(2.0, "x"), Value(3.0, "y")


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (X * Y, X + Y, ("multiply", "add", None, False)),
        ((X * Y).exp(), (X + Y).exp(), ("multiply", "add", "exp", False)),
        (X * Y, X * X, ("y", "x", "multiply", False)),
        (X * 2.0, X * 3.0, (2.0, 3.0, "multiply", False)),
        (X * 2.0, X * Value(2.0), (2.0, 2.0, "multiply", False)),
        (X * Value(2.0), X * Value(3.0), (2.0, 3.0, "multiply", False)),
        (dot([X], [Y]), dot([X, X], [Y, Y]), ("dot", "dot", None, False)),
        (X.exp() * X.exp(), X * X, ("exp", "x", "multiply", False)),
    ],
)
def test_the_first_difference(one: Value, other: Value, found: tuple[Any, ...]) -> None:
    def name(value: Value | None) -> float | str | None:
        return (value.label or (value.gate and value.gate.name) or value.data) if value else None

    difference = first_difference([one], [other], [(X, X), (Y, Y)])
    assert difference is not None
    words = [x if isinstance(x, float) else name(x) for x in (difference.one, difference.other)]
    assert (*words, name(difference.taker), difference.alike) == found


def test_a_value_used_twice_is_told_from_two_equal_ones_on_either_side() -> None:
    e = X.exp()
    for one, other in [(e * e, X.exp() * X.exp()), (X.exp() * X.exp(), e * e)]:
        difference = first_difference([one], [other])
        assert difference is not None and difference.alike and not difference.elsewhere


def test_numbers_count_or_not_and_nan_equals_nan() -> None:
    one, other = X * Value(nan) + 1.0, X * Value(nan) + 1.0
    assert first_difference([one], [other]) is None
    other = Y * Value(5.0) + 2.0
    assert first_difference([one], [other]) is not None
    assert first_difference([one], [other], numbers=False) is None


def test_an_input_of_the_one_graph_inside_the_other_is_found() -> None:
    inner = X.exp()
    fresh = Value(5.0)
    assert first_difference([inner * X], [inner * fresh], [(X, fresh)]) is not None


def test_a_deep_graph_is_compared_and_rebuilt() -> None:
    def chain() -> list[Value]:
        value = Value(1.0)
        values = [value]
        for _ in range(20_000):
            values.append(values[-1] * 1.0)
        return values

    one, other = chain(), chain()
    assert first_difference(one[-1:], other[-1:]) is None
    twins = rebuild(
        one, lambda value, operands: value.gate(*operands) if value.gate else Value(2.0)
    )
    assert twins[one[-1]].data == 2.0
    assert not set(twins.values()) & set(one)


def test_a_walk_in_step_stops_where_both_graphs_are_one() -> None:
    inner = X.exp()
    one, other = inner * 2.0, inner * 2.0
    pairs = [(one, other, None), (inner, inner, one), (2.0, 2.0, one)]
    assert list(paired([one], [other])) == pairs
