"""The SVG: well-formed whatever the labels, the engine's numbers, the same bytes every time."""

from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pictures import HOSTILE, SVG, neuron, texts
from processes import written_in_two_processes

import viz
from autograd_core import Value, dot, sigmoid, trace
from autograd_core.explain import fixed


def test_the_numbers_of_the_lecture() -> None:
    shown = texts(viz.draw(neuron()).svg)
    for number in ("0.73", "-0.20", "-0.39", "0.39", "-0.59", "-3.00", "4.00", "1.00"):
        assert number in shown


def test_every_number_is_the_engines() -> None:
    output = neuron()
    svg = ElementTree.fromstring(viz.draw(output).svg)
    groups = [group for group in svg.iter(f"{SVG}g") if group.find(f"{SVG}title") is not None]
    values = trace(output).values
    assert len(groups) == len(values)
    for group, value in zip(groups, values, strict=True):
        by_colour = {text.get("fill"): text.text for text in group.iter(f"{SVG}text")}
        assert by_colour["#008000"] == fixed(value.data, 2)
        assert by_colour["#d00000"] == fixed(value.grad, 2)
        names = [t.text for t in group.iter(f"{SVG}text") if t.get("text-anchor") == "end"]
        assert names == ([value.label] if value.label else [])


def test_no_gradients_before_backward() -> None:
    f = Value(2.0, "x") * 0.5
    assert "#d00000" not in viz.draw(f).svg
    f.backward()
    assert viz.draw(f).svg.count("#d00000") == 2


def test_gates_are_circles_and_long_symbols_are_not_cut() -> None:
    svg = ElementTree.fromstring(viz.draw(sigmoid(Value(2.0) * 3) * 1234567.0).svg)
    assert [circle.get("r") for circle in svg.iter(f"{SVG}circle")] == ["20", "20"]
    assert [rect.get("rx") for rect in svg.iter(f"{SVG}rect")] == [None, "20"]


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_labels_are_text(label: str) -> None:
    x = Value(2.0, label)
    f = x * x
    f.label = label
    drawing = viz.draw(f, title=label)
    root = ElementTree.fromstring(drawing.svg.encode())
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "rect", "g", "polyline", "polygon", "circle", "text"}
    shown = texts(drawing.svg)
    if label == "<script>alert(1)</script>":
        assert shown.count(label) == 3


@settings(max_examples=60)
@given(st.text(st.characters(codec=None), max_size=12))
def test_any_label_gives_well_formed_xml(label: str) -> None:
    ElementTree.fromstring(viz.draw(Value(1.0, label) + 1, title=label).svg.encode())


def test_every_label_is_shown_as_it_is() -> None:
    names = ['a "b" <c> & d', "σ²", "名前", "مرحبا"]
    inputs = [Value(1.0, name) for name in names]
    shown = texts(viz.draw(dot(inputs, inputs[::-1])).svg)
    for name in names:
        assert shown.count(name) == 1


def test_it_is_readable_for_a_screen_reader() -> None:
    x = Value(3.0, "x")
    f = x * x
    f.backward()
    root = ElementTree.fromstring(viz.draw(f).svg)
    assert root.get("role") == "img"
    assert root[0].tag == f"{SVG}title" and root[1].tag == f"{SVG}desc"
    assert root[1].text == "x = 3, gradient 6; v1 = x * x = 9, gradient 1"


def test_pictures_share_no_ids() -> None:
    assert " id=" not in viz.draw(neuron()).svg


def test_each_piece_of_wire_is_drawn_once() -> None:
    x = Value(0.5, "x")
    y: Value = x
    for _ in range(5):
        y = y.tanh() * x
    root = ElementTree.fromstring(viz.draw(y).svg)
    segments: list[tuple[str, str]] = []
    for line in root.iter(f"{SVG}polyline"):
        points = (line.get("points") or "").split()
        segments += pairwise(points)
    assert len(segments) == len(set(segments))
    assert len(list(root.iter(f"{SVG}polygon"))) == 15


PROGRAM = """
import sys
from autograd_core import Value, dot, sigmoid
import viz
x, y = Value(0.3, "x"), Value(-4.0)
h = [sigmoid(x * n + y * y) for n in range(4)]
f = dot(h, [x, y, x, h[0]])
f.backward()
drawing = viz.draw(f, title="σ")
every = viz.draw(f, branches=True, local=True, expand=True, names=locals())
sheet = viz.worksheet(f, {x, y, *h}, branches=True)
texts = [drawing.svg, drawing.dot.source, every.svg, every.tikz, every.dot.source]
texts += [sheet.questions.svg, sheet.answers.tikz]
sys.stdout.buffer.write("".join(texts).encode())
"""


def test_two_processes_write_the_same_bytes() -> None:
    first, second = written_in_two_processes(PROGRAM)
    assert first == second
    assert first.startswith(b"<svg")
