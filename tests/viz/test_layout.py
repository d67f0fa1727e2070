"""The geometry of pictures: nothing overlaps, nothing is cut, and it is the notes' geometry."""

from collections.abc import Sequence
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from geometry import (
    OPTIONS,
    check_arrow_heads,
    check_geometry,
    check_that_lines_stay_apart,
    check_wiring,
    circuits,
    height,
    meets_gate,
)
from hypothesis import given, settings
from hypothesis import strategies as st

import viz
from autograd_core import GATES, Value, dot, exp, logsumexp, maximum, sigmoid, total
from viz.layout.boxes import NUMBER_SIZE, RADIUS
from viz.layout.columns import arrange, count_crossings
from viz.layout.geometry import Box, Layout, meet, overlap
from viz.layout.heights import spread
from viz.scene.blocks import Block


@settings(max_examples=200)
@given(circuits(), OPTIONS)
def test_nothing_overlaps_in_any_circuit(value: Value, options: dict[str, Any]) -> None:
    drawing = viz.draw(value, **options)
    check_geometry(drawing.layout)
    check_that_lines_stay_apart(drawing.layout)
    check_wiring(drawing.layout, [block.inputs for block in drawing.blocks])
    check_arrow_heads(drawing.layout)


@pytest.mark.parametrize("count", [7, 12, 20, 32])
@pytest.mark.parametrize("inputs", ["far", "near"])
def test_many_wires_into_one_gate_stay_apart(count: int, inputs: Any) -> None:
    f = logsumexp([Value(0.1 * n, f"z{n}") for n in range(count)]) * Value(2.0, "y")
    layout = viz.draw(f, inputs=inputs).layout
    check_geometry(layout)
    check_arrow_heads(layout)


def test_the_checks_themselves_see_what_is_wrong() -> None:
    """A layout that is spoilt on purpose does not pass."""
    x = Value(1.0, "x")
    layout = viz.draw(sigmoid(x * x)).layout
    gate = layout.blocks[1].gate
    assert gate is not None
    assert meets_gate((gate.x - 5, gate.y), (gate.x + 50, gate.y + 3), gate)
    number = layout.blocks[1].texts[0].box
    assert meet((number.left - 5, number.top - 5), (number.right, number.bottom), number)
    assert overlap(number, Box(number.left + 1, number.top + 1, 1000, 1000))
    cut = Layout(layout.width - 20, layout.height, layout.blocks, layout.wires, None)
    with pytest.raises(AssertionError):
        check_geometry(cut)


def test_a_large_network_has_a_sound_picture() -> None:
    values = [Value(0.1 * n, f"x{n}") for n in range(4)]
    for layer in range(2):
        values = [
            (dot([Value(0.5, f"w{layer}{n}{m}") for m in range(len(values))], values) + 0.5).tanh()
            for n in range(4)
        ]
    output = total(values)
    output.backward()
    check_geometry(viz.draw(output).layout)
    check_geometry(viz.draw(output, branches=True, local=True).layout)


@pytest.mark.parametrize("inputs", ["far", "near"])
def test_a_gate_stands_at_the_mean_height_of_its_inputs(inputs: Any) -> None:
    w0, x0, w1, x1, w2 = (Value(n, "v") for n in range(5))
    drawing = viz.draw(1 / (1 + exp(-(w0 * x0 + w1 * x1 + w2))), inputs=inputs)
    for index, block in enumerate(drawing.blocks):
        if block.inputs:
            heights = [height(drawing.layout, each) for each in block.inputs]
            mean = sum(heights) / len(heights)
            assert height(drawing.layout, index) == pytest.approx(mean, abs=1)


def test_inputs_stand_at_the_left_from_top_to_bottom_as_they_are_written() -> None:
    a, b, c, d = (Value(n, name) for n, name in enumerate("abcd"))
    drawing = viz.draw((a + b) * maximum(c, d))
    pairs = zip(drawing.blocks, drawing.layout.blocks, strict=True)
    places = {block.name: placed for block, placed in pairs}
    stubs = [places[name].stub for name in "abcd"]
    assert len({stub[0][0] for stub in stubs}) == 1
    assert [stub[0][1] for stub in stubs] == sorted(stub[0][1] for stub in stubs)
    output = drawing.layout.blocks[-1]
    assert output.stub[1][0] == max(block.stub[1][0] for block in drawing.layout.blocks)


def test_near_inputs_stand_in_the_column_before_their_gate() -> None:
    a, b, c = (Value(n, name) for n, name in enumerate("abc"))
    layout = viz.draw((a + b) * c, inputs="near").layout
    assert all(len(wire.points) == 2 for wire in layout.wires)


def test_geometry_of_the_notes() -> None:
    x, y = Value(-2.0, "x"), Value(0.5, "y")
    f = x * y
    f.backward()
    layout = viz.draw(f).layout
    gate = layout.blocks[2].gate
    assert gate is not None and gate.radius == RADIUS == 20 and gate.width == 40
    for block in layout.blocks:
        line = block.stub[0][1]
        data, grad = block.texts[:2]
        assert (data.role, data.y, data.size) == ("data", line - 6, NUMBER_SIZE)
        assert (grad.role, grad.y, grad.size) == ("grad", line + 17, NUMBER_SIZE)
    leaf = layout.blocks[0]
    name = leaf.texts[2]
    assert (name.anchor, name.y) == ("end", leaf.texts[0].y) and name.x < leaf.stub[0][0]
    assert 40 <= leaf.stub[1][0] - leaf.stub[0][0] <= 60


def test_a_square_has_two_wires_that_part() -> None:
    x = Value(3.0, "x")
    upper, lower = viz.draw(x * x).layout.wires
    assert upper.points[0] == lower.points[0]
    assert lower.points[-1][1] - upper.points[-1][1] > 12


def test_long_names_widen_the_picture() -> None:
    short = viz.draw(Value(1.0, "x") * 2).layout
    long = viz.draw(Value(1.0, "x" * 80) * 2).layout
    assert long.width - short.width == pytest.approx(79 * 8, abs=2)


def test_long_wires_of_one_value_run_together() -> None:
    """A value used by each of ten gates in a row needs one line below them, not ten."""
    x = Value(0.5, "x")
    y: Value = x
    for _ in range(10):
        y = y.tanh() * x
    assert viz.draw(y).layout.height < 250


def plain_blocks(inputs: Sequence[tuple[int, ...]]) -> list[Block]:
    return [Block("+", None, "1", None, sources, "") for sources in inputs]


def test_wires_that_need_not_cross_do_not() -> None:
    # a walk from the output alone leaves three crossings here
    inputs: list[tuple[int, ...]] = [(), (), (), (2, 0), (3, 1), (2, 3), (4, 5)]
    assert count_crossings(arrange(plain_blocks(inputs), near=False)) == 0


def test_wires_cross_far_less_often_than_in_the_order_of_a_walk() -> None:
    random = Random(1)
    crossings = {"walk": 0, "arranged": 0}
    for _ in range(40):
        inputs: list[tuple[int, ...]] = [()] * 5
        for _ in range(30):
            inputs.append(tuple(random.sample(range(len(inputs)), 2)))
        used = [source for sources in inputs for source in sources]
        inputs.append(tuple(each for each in range(len(inputs)) if each not in used))
        with pytest.MonkeyPatch.context() as patch:
            crossings["arranged"] += count_crossings(arrange(plain_blocks(inputs), near=False))
            patch.setattr("viz.layout.columns._untangle", lambda grid: None)
            crossings["walk"] += count_crossings(arrange(plain_blocks(inputs), near=False))
    assert 0 < crossings["arranged"] < 0.53 * crossings["walk"]


def test_a_lone_leaf_is_a_picture() -> None:
    layout = viz.draw(Value(3.0, "x")).layout
    check_geometry(layout)
    assert layout.wires == ()


@given(
    st.lists(
        st.tuples(st.floats(-100, 100), st.floats(0.5, 5), st.floats(0, 20)),
        min_size=1,
        max_size=8,
    )
)
def test_spread_keeps_distances_and_is_nearest(points: list[tuple[float, float, float]]) -> None:
    wanted = [want for want, _, _ in points]
    weights = [weight for _, weight, _ in points]
    stack = [sum(gap for _, _, gap in points[1 : n + 1]) for n in range(len(points))]
    found = spread(wanted, weights, stack)

    def cost(heights: list[float]) -> float:
        pairs = zip(heights, wanted, weights, strict=True)
        return sum(weight * (height - want) ** 2 for height, want, weight in pairs)

    def kept(heights: list[float]) -> bool:
        gaps = zip(pairwise(heights), pairwise(stack), strict=True)
        return all(b - a >= d - c - 1e-6 for (a, b), (c, d) in gaps)

    assert kept(found)
    # convex: no better point next to the solution means no better point at all
    for start in range(len(found)):
        for stop in range(start + 1, len(found) + 1):
            for step in (-0.01, 0.01):
                moved = [h + step * (start <= n < stop) for n, h in enumerate(found)]
                if kept(moved):
                    assert cost(moved) >= cost(found) - 1e-9


PAIRS = [name for name, gate in GATES.items() if len(gate.parameters) == 2 and not gate.variadic]


@pytest.mark.parametrize("name", [name for name in PAIRS if not GATES[name].commutes])
def test_the_first_operand_enters_above_the_second_where_order_matters(name: str) -> None:
    x, y = Value(0.5, "x"), Value(2.0, "y")
    for before in (x + y, x):  # what comes first puts x above y; alone, x is above the gate too
        wires = viz.draw(before * GATES[name](y, x)).layout.wires
        [first] = [wire for wire in wires if (wire.source, wire.place) == (1, 0)]
        [second] = [wire for wire in wires if wire.target == first.target and wire.place == 1]
        assert first.points[-1][1] < second.points[-1][1]


@pytest.mark.parametrize("name", [name for name in PAIRS if not GATES[name].commutes])
def test_operands_in_their_order_meet_at_the_left_end_as_in_the_notes(name: str) -> None:
    layout = viz.draw(GATES[name](Value(1.0, "x"), Value(2.0, "y"))).layout
    gate = layout.blocks[-1].gate
    assert gate is not None
    assert [wire.points[-1] for wire in layout.wires] == [(gate.x, gate.y)] * 2


@pytest.mark.parametrize("name", [name for name in PAIRS if GATES[name].commutes])
def test_gates_that_are_said_to_commute_do(name: str) -> None:
    assert GATES[name](0.5, 2.0) == GATES[name](2.0, 0.5)
