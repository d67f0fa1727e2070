"""The geometry of networks: nothing overlaps, nothing is cut, lines touch only their circles."""

import math
import re
from dataclasses import replace
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import models

import viz
from autograd_core import Value
from nn import MLP
from viz.layout.geometry import Box, Point, meet, overlap, within
from viz.network.layout import NetworkLayout, PlacedCircle, Stroke


def corners(box: Box) -> list[Point]:
    return [(x, y) for x in (box.left, box.right) for y in (box.top, box.bottom)]


def wider(box: Box, by: float) -> Box:
    return Box(box.left - by, box.top - by, box.right + by, box.bottom + by)


def distance(point: Point, stroke: Stroke) -> float:
    """From a point to the nearest point of a line."""
    (x, y), (end_x, end_y) = stroke.start, stroke.end
    along = (end_x - x, end_y - y)
    way = ((point[0] - x) * along[0] + (point[1] - y) * along[1]) / math.hypot(*along) ** 2
    way = min(max(way, 0.0), 1.0)
    return math.dist(point, (x + way * along[0], y + way * along[1]))


def square(circle: PlacedCircle) -> Box:
    x, y, radius = circle.x, circle.y, circle.radius
    return Box(x - radius, y - radius, x + radius, y + radius)


def all_circles(layout: NetworkLayout) -> list[PlacedCircle]:
    return [circle for column in layout.columns for circle in column.circles]


def outside_texts(layout: NetworkLayout) -> list[Box]:
    """The boxes of all texts and dots that stand outside the circles."""
    boxes = [text.box for text in layout.texts]
    for column in layout.columns:
        boxes += [text.box for text in column.heading]
        boxes += [text.box for circle in column.circles for text in circle.texts]
        if column.gap:
            boxes.append(column.gap.text.box)
            (x, top), *_, (_, bottom) = column.gap.dots
            boxes.append(Box(x - 2, top - 2, x + 2, bottom + 2))
    return boxes


def check_geometry(layout: NetworkLayout) -> None:
    page = Box(0, 0, layout.width, layout.height)
    circles, boxes = all_circles(layout), outside_texts(layout)
    for circle in circles:
        assert within(square(circle), page)
        for number in circle.numbers:
            assert all(
                math.dist(corner, (circle.x, circle.y)) <= circle.radius - 2
                for corner in corners(number.box)
            )
        for one, other in combinations(circle.numbers, 2):
            assert not overlap(one.box, other.box)
        assert not any(overlap(box, square(circle)) for box in boxes)
    for left, right in combinations(circles, 2):
        assert math.dist((left.x, left.y), (right.x, right.y)) > left.radius + right.radius
    assert all(within(box, page) for box in boxes)
    for box, other_box in combinations(boxes, 2):
        assert not overlap(box, other_box)
    for sample in layout.samples:
        assert not any(meet(sample.start, sample.end, box) for box in boxes)
        assert within(Box(*sample.start, *sample.end), page)


def check_lines(layout: NetworkLayout) -> None:
    """Each line goes from the side of one circle to that of another and meets nothing else."""
    circles, boxes = all_circles(layout), outside_texts(layout)
    places = {re.split("[:;,]", circle.sentence)[0]: circle for circle in circles}
    for stroke in layout.lines:
        match = re.match(r"(layers\.(\d+)\.neurons\.\d+)\..*?weights\.(\d+) = ", stroke.sentence)
        assert match is not None
        layer, place = int(match[2]), match[3]
        source = places[f"layers.{layer - 1}.neurons.{place}" if layer else f"input {place}"]
        target = places[match[1]]
        assert math.dist(stroke.start, (source.x, source.y)) == pytest.approx(source.radius)
        assert math.dist(stroke.end, (target.x, target.y)) == pytest.approx(target.radius)
        assert source.x < stroke.start[0] < stroke.end[0] < target.x
        width, height = (end - start for start, end in zip(stroke.start, stroke.end, strict=True))
        assert abs(height) < 3 * width, "a line is never very steep"
        for circle in circles:
            clear = circle.radius + (0 if circle in (source, target) else 1 + stroke.width / 2)
            assert distance((circle.x, circle.y), stroke) > clear - 1e-9
        for box in boxes:
            assert not meet(stroke.start, stroke.end, wider(box, stroke.width / 2))


names = st.text(st.characters(codec="utf-8"), max_size=12)


@settings(max_examples=60)
@given(models(), st.data(), st.sampled_from([None, 0, 7]), st.sampled_from([None, "A title"]))
def test_nothing_overlaps_in_any_network(
    model: MLP, data: st.DataObject, decimals: int | None, title: str | None
) -> None:
    options: dict[str, Any] = {}
    if data.draw(st.booleans()):
        first = next(iter(model.layers[0].neurons))
        inputs = len(getattr(first, "pieces", [first])[0].weights)
        outputs = len(model.layers[-1].neurons)
        options["input_names"] = data.draw(st.lists(names, min_size=inputs, max_size=inputs))
        options["output_names"] = data.draw(st.lists(names, min_size=outputs, max_size=outputs))
    if data.draw(st.booleans()):
        model.parameters()[0].data += 1.0
    layout = viz.draw(model, decimals=decimals, title=title, **options).layout
    check_geometry(layout)
    check_lines(layout)


def test_the_checks_themselves_see_what_is_wrong() -> None:
    layout = viz.draw(MLP(2, [3, 1]), title="A title").layout
    check_geometry(layout)
    with pytest.raises(AssertionError):
        check_geometry(replace(layout, width=layout.width - 100, samples=()))
    stroke = layout.lines[0]
    for end in (layout.columns[0].circles[0].x, stroke.end[1]), (stroke.end[0], 10.0):
        with pytest.raises(AssertionError):
            check_lines(replace(layout, lines=(replace(stroke, end=end),)))


@pytest.mark.parametrize(("count", "activation"), [(20_000, "relu"), (3, "of_a_long_name" * 3)])
def test_large_numbers_of_neurons_and_long_headings_have_room(count: int, activation: str) -> None:
    class Wide:
        def _network_(self) -> dict[str, Any]:
            layer = {"weights": [[1.0]] * count, "activation": activation}
            return {"layers": [layer, {"weights": [[0.5] * count], "activation": "tanh"}]}

    layout = viz.draw(Wide()).layout
    check_geometry(layout)
    check_lines(layout)


def test_explanations_stand_in_the_middle() -> None:
    layout = viz.draw(MLP(5, [5], seed=1)).layout
    rows: dict[float, list[float]] = {}
    for text in layout.texts:
        rows.setdefault(text.y, []).extend([text.box.left, text.box.right])
    first = min(rows)
    rows[first] += [x for sample in layout.samples for x, _ in (sample.start, sample.end)]
    assert len(rows) == 3
    for row in rows.values():
        assert (min(row) + max(row)) / 2 == pytest.approx(layout.width / 2)


def test_columns_stand_from_left_to_right_with_their_middles_at_one_height() -> None:
    layout = viz.draw(MLP(3, [5, 40, 2], seed=1)).layout
    xs = [{circle.x for circle in column.circles} for column in layout.columns]
    assert all(len(x) == 1 for x in xs)
    assert [min(x) for x in xs] == sorted(min(x) for x in xs)
    middles = {(column.circles[0].y + column.circles[-1].y) / 2 for column in layout.columns}
    assert len(middles) == 1


def test_circles_of_a_column_are_equally_far_apart_but_for_the_gap() -> None:
    layout = viz.draw(MLP(40, [3])).layout
    steps = [below.y - above.y for above, below in pairwise(layout.columns[0].circles)]
    assert len(steps) == 10 and steps[5] == 2 * steps[0]
    assert {*steps[:5], *steps[6:]} == {steps[0]}
    gap = layout.columns[0].gap
    assert gap is not None and gap.text.text == "29 more"
    assert layout.columns[1].gap is None


def test_the_largest_column_that_is_shown_whole_has_16_circles() -> None:
    layout = viz.draw(MLP(16, [17])).layout
    assert [len(column.circles) for column in layout.columns] == [16, 11]


def test_lines_are_thinner_where_there_are_many() -> None:
    few, many = (viz.draw(MLP(size, [size], seed=1)).layout for size in (4, 16))
    assert max(line.width for line in few.lines) == 5
    assert max(line.width for line in many.lines) == 2.5


def test_circles_grow_with_their_numbers() -> None:
    model = MLP(1, [1], seed=1)
    small = viz.draw(model).layout.columns[0].circles[0].radius
    model([Value(123456.789)])
    assert viz.draw(model, decimals=9).layout.columns[0].circles[0].radius > 2 * small
