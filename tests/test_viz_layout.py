"""The geometry of pictures: nothing overlaps, nothing is cut, and it is the notes' geometry."""

import math
from collections.abc import Callable
from itertools import combinations, pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import viz
from autograd_core import Value, dot, exp, logsumexp, maximum, sigmoid, total
from viz.heights import spread
from viz.layers import arrange, count_crossings
from viz.layout import lay_out
from viz.placing import NUMBER_SIZE, RADIUS
from viz.shapes import Box, Gate, Layout, Point, meet, overlap, within
from viz.strokes import DOT_RADIUS, arrow_heads

labels = st.sampled_from([None, "x", "w0", "several words in a row", "Ünïcödé", "日本語", "😀"])

GATES: list[Callable[[Value, Value, Value], Value]] = [
    lambda a, b, c: a + b,
    lambda a, b, c: a * b,
    lambda a, b, c: maximum(a, b),
    lambda a, b, c: total([a, b, c]),
    lambda a, b, c: dot([a, b], [c, a]),
    lambda a, b, c: sigmoid(a),
    lambda a, b, c: logsumexp([a, b]),
    lambda a, b, c: dot([a, 3.0, 0.5], [1.5, c, -2.0]),
    lambda a, b, c: total([a, b, c, a, b, c, 4.0]),
    lambda a, b, c: a * -1,
    lambda a, b, c: a + 1234.5678,
]


@st.composite
def circuits(draw: st.DrawFn) -> Value:
    """Values of many kinds: shared, used twice by one gate, with few and many inputs."""
    values = [
        Value(draw(st.sampled_from([0.0, 3.0, -0.25, 1e-7, 123456.789, -4e12])), draw(labels))
        for _ in range(draw(st.integers(1, 5)))
    ]
    for _ in range(draw(st.integers(0, 14))):
        # the last value often, or circuits would be wide and shallow
        pick = st.integers(0, len(values) - 1) | st.just(len(values) - 1)
        a, b, c = (values[draw(pick)] for _ in "abc")
        made = draw(st.sampled_from(GATES))(a, b, c)
        made.label = draw(labels)
        values.append(made)
    if draw(st.booleans()):
        values[-1].backward()
    return values[-1]


def distance_to_gate(point: Point, gate: Gate) -> float:
    """How far outside a gate's outline a point lies; negative inside."""
    left, right = gate.x + gate.radius, gate.box.right - gate.radius
    top, bottom = gate.box.top + gate.radius, gate.box.bottom - gate.radius
    nearest = min(max(point[0], left), right), min(max(point[1], top), bottom)
    return math.dist(point, nearest) - gate.radius


def meets_gate(start: Point, end: Point, gate: Gate) -> bool:
    if not meet(start, end, gate.box):
        return False
    along = [number / 64 for number in range(65)]
    points = [
        (start[0] + t * (end[0] - start[0]), start[1] + t * (end[1] - start[1])) for t in along
    ]
    return any(distance_to_gate(point, gate) < -0.01 for point in points)


def check_geometry(layout: Layout) -> None:
    page = Box(0, 0, layout.width, layout.height)
    texts = [text.box for block in layout.blocks for text in block.texts]
    texts += [blank.box for block in layout.blocks for blank in block.blanks]
    gates = [block.gate for block in layout.blocks if block.gate]
    if layout.title:
        texts.append(layout.title.box)
    dots = [
        Box(x - DOT_RADIUS, y - DOT_RADIUS, x + DOT_RADIUS, y + DOT_RADIUS) for x, y in layout.dots
    ]
    segments = [block.stub for block in layout.blocks]
    segments += [segment for wire in layout.wires for segment in pairwise(wire.points)]
    segments = list(dict.fromkeys(segments))  # wires of one value have some in common

    captions = [frame.caption.box for frame in layout.frames]
    texts += captions
    for frame in layout.frames:
        check_frame(frame.box, frame.caption.box, layout)
    for box, another in combinations([frame.box for frame in layout.frames], 2):
        assert not overlap(box, another)
    for box in texts + dots + [frame.box for frame in layout.frames] + [gate.box for gate in gates]:
        assert page.left <= box.left and box.right <= page.right
        assert page.top <= box.top and box.bottom <= page.bottom
    for point in [point for segment in segments for point in segment]:
        assert page.left <= point[0] <= page.right and page.top <= point[1] <= page.bottom
    for box, another in combinations(texts + dots, 2):
        assert not overlap(box, another), (box, another)
    for one, other in combinations(gates, 2):
        assert not overlap(one.box, other.box), (one, other)
    for gate in gates:
        assert not any(overlap(gate.box, box) for box in texts + dots), gate
        symbol = gate.symbol.box
        assert gate.x + 4 <= symbol.left and symbol.right <= gate.box.right - 4
    for start, end in segments:
        assert not any(meet(start, end, box) for box in texts), (start, end)
        assert not any(meets_gate(start, end, gate) for gate in gates), (start, end)


def check_arrow_heads(layout: Layout) -> None:
    """Where many wires enter a gate, no arrow head lies over another."""
    heads: dict[int, list[Box]] = {}
    entering = [wire for wire in layout.wires if layout.blocks[wire.target].gate]
    for wire, corners in zip(entering, arrow_heads(layout), strict=True):
        across, down = zip(*corners, strict=True)
        box = Box(min(across), min(down), max(across), max(down))
        heads.setdefault(wire.target, []).append(box)
    for boxes in heads.values():
        crowded = len(boxes) > 6
        assert not crowded or not any(overlap(*pair) for pair in combinations(boxes, 2))


def check_frame(frame: Box, caption: Box, layout: Layout) -> None:
    """Everything lies inside a frame or outside it, but for the wires that enter and leave."""
    assert within(caption, frame)
    boxes = [text.box for block in layout.blocks for text in block.texts]
    boxes += [blank.box for block in layout.blocks for blank in block.blanks]
    boxes += [block.gate.box for block in layout.blocks if block.gate]
    boxes += [layout.title.box] if layout.title else []
    for box in boxes:
        assert within(box, frame) or not overlap(box, frame)


def check_that_lines_stay_apart(layout: Layout) -> None:
    """Horizontal lines of different values keep a distance wherever they run side by side."""
    lines = [(index, *block.stub) for index, block in enumerate(layout.blocks)]
    lines += [(wire.source, *ends) for wire in layout.wires for ends in pairwise(wire.points)]
    level = [line for line in dict.fromkeys(lines) if line[1][1] == line[2][1]]
    for (one, start, end), (other, other_start, other_end) in combinations(level, 2):
        if one != other and start[0] < other_end[0] and other_start[0] < end[0]:
            assert abs(start[1] - other_start[1]) > 1


def check_wiring(layout: Layout, inputs: list[tuple[int, ...]]) -> None:
    """Every operand has one wire, from the end of its stub to its gate, and no two coincide."""
    found = {(wire.target, wire.place): wire for wire in layout.wires}
    assert len(found) == len(layout.wires) == sum(map(len, inputs))
    for target, sources in enumerate(inputs):
        for place, source in enumerate(sources):
            wire = found[target, place]
            gate = layout.blocks[target].gate
            assert wire.source == source
            assert wire.points[0] == layout.blocks[source].stub[1]
            if gate is None:
                assert wire.points[-1] == layout.blocks[target].stub[0]
            else:
                assert abs(distance_to_gate(wire.points[-1], gate)) < 0.01
            assert all(left[0] <= right[0] for left, right in pairwise(wire.points))
    last = [wire.points[-2:] for wire in layout.wires]
    assert len(dict.fromkeys(last)) == len(last)


OPTIONS = st.fixed_dictionaries(
    {
        "inputs": st.sampled_from(["far", "near"]),
        "title": st.sampled_from([None, "A title"]),
        "branches": st.booleans(),
        "local": st.booleans(),
        "expand": st.booleans(),
    }
)


@settings(max_examples=200, deadline=None)
@given(circuits(), OPTIONS)
def test_nothing_overlaps_in_any_circuit(value: Value, options: dict[str, Any]) -> None:
    drawing = viz.draw(value, **options)
    check_geometry(drawing.layout)
    check_that_lines_stay_apart(drawing.layout)
    check_wiring(drawing.layout, [block.inputs for block in drawing._blocks])
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


def height(layout: Layout, index: int) -> float:
    return layout.blocks[index].stub[0][1]


@pytest.mark.parametrize("inputs", ["far", "near"])
def test_a_gate_stands_at_the_mean_height_of_its_inputs(inputs: Any) -> None:
    w0, x0, w1, x1, w2 = (Value(n, "v") for n in range(5))
    drawing = viz.draw(1 / (1 + exp(-(w0 * x0 + w1 * x1 + w2))), inputs=inputs)
    for index, block in enumerate(drawing._blocks):
        if block.inputs:
            heights = [height(drawing.layout, each) for each in block.inputs]
            mean = sum(heights) / len(heights)
            assert height(drawing.layout, index) == pytest.approx(mean, abs=1)


def test_inputs_stand_at_the_left_from_top_to_bottom_as_they_are_written() -> None:
    a, b, c, d = (Value(n, name) for n, name in enumerate("abcd"))
    drawing = viz.draw((a + b) * maximum(c, d))
    pairs = zip(drawing._blocks, drawing.layout.blocks, strict=True)
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


def test_wires_that_need_not_cross_do_not() -> None:
    # a walk from the output alone leaves three crossings here
    inputs: list[tuple[int, ...]] = [(), (), (), (2, 0), (3, 1), (2, 3), (4, 5)]
    assert count_crossings(arrange(inputs, near=False)) == 0


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
            crossings["arranged"] += count_crossings(arrange(inputs, near=False))
            patch.setattr("viz.layers._untangle", lambda grid: None)
            crossings["walk"] += count_crossings(arrange(inputs, near=False))
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


def test_layout_takes_plain_blocks() -> None:
    from viz.blocks import Block

    leaf = Block(None, None, "1", None, (), "v1 = 1")
    gate = Block("+", "f", "2", None, (0, 0, 0), "f = v1 + v1 + v1 = 2")
    layout = lay_out([leaf, gate], title="three wires")
    check_geometry(layout)
    check_wiring(layout, [(), (0, 0, 0)])
