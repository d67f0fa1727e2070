"""Random circuits, and what has to hold of the geometry of every picture."""

import math
from collections.abc import Callable
from itertools import combinations, pairwise

from hypothesis import strategies as st

from autograd_core import Value, dot, logsumexp, maximum, sigmoid, total
from viz.layout.geometry import (
    DOT_RADIUS,
    Box,
    Layout,
    PlacedGate,
    Point,
    arrow_heads,
    meet,
    overlap,
    within,
)

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


def distance_to_gate(point: Point, gate: PlacedGate) -> float:
    """How far outside a gate's outline a point lies; negative inside."""
    left, right = gate.x + gate.radius, gate.box.right - gate.radius
    top, bottom = gate.box.top + gate.radius, gate.box.bottom - gate.radius
    nearest = min(max(point[0], left), right), min(max(point[1], top), bottom)
    return math.dist(point, nearest) - gate.radius


def meets_gate(start: Point, end: Point, gate: PlacedGate) -> bool:
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


def height(layout: Layout, index: int) -> float:
    return layout.blocks[index].stub[0][1]
