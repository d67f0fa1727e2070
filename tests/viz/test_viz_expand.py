"""Gates opened into their parts: the engine's numbers, and nothing of the user's touched."""

import math
from collections.abc import Callable
from typing import Any

import pytest
from geometry import check_geometry, circuits
from hypothesis import given, settings
from pictures import neuron, texts

import viz
from autograd_core import (
    Value,
    all_values,
    dot,
    logsumexp,
    no_grad,
    sigmoid,
    softplus,
    total,
    trace,
)
from viz.scene.scene import scene_of
from viz.scene.style import Options


def symbols(drawing: viz.Drawing) -> list[str | None]:
    return [block.symbol for block in drawing.blocks if block.kind == "gate"]


def test_the_sigmoid_neuron_of_the_lecture() -> None:
    output = neuron()
    drawing = viz.draw(output, expand=True)
    assert symbols(drawing)[-4:] == ["*-1", "exp", "+1", "1/x"]
    shown = [(block.data, block.grad) for block in drawing.blocks[-5:]]
    assert shown == [
        ("1.00", "0.20"),
        ("-1.00", "-0.20"),
        ("0.37", "-0.53"),
        ("1.37", "-0.53"),
        ("0.73", "1.00"),
    ]
    (frame,) = drawing.layout.frames
    assert frame.caption.text == "σ"
    assert "σ" in texts(drawing.svg)


@settings(max_examples=100)
@given(circuits())
def test_nothing_of_the_users_changes_and_all_its_numbers_are_shown(value: Value) -> None:
    before = trace(value)
    circuit = scene_of(value, Options(expand=True))
    assert trace(value) == before
    places = [place for place, own in enumerate(circuit.values) if own is not None]
    assert len(places) == len(before.values)
    order = {id(own): place for place, own in enumerate(circuit.values) if own is not None}
    for own, known in zip(all_values(value), before.values, strict=True):
        shown = circuit.trace.values[order[id(own)]]
        assert (shown.label, shown.data, shown.grad) == (known.label, known.data, known.grad)
    assert circuit.trace.ran == before.ran and circuit.trace.upstream == before.upstream
    inside = [place for place, own in enumerate(circuit.values) if own is None]
    assert {place for group in circuit.groups for place in group.members[:-1]} == set(inside)
    for group in circuit.groups:
        assert circuit.values[group.members[-1]] is not None


def test_gradients_of_the_parts_carry_the_upstream_of_the_whole() -> None:
    x = Value(0.5, "x")
    s = sigmoid(x)
    f = s * s * 3.0
    f.backward()
    parts = {b.symbol: b.grad for b in viz.draw(f, expand=True, decimals=4).blocks}
    e = math.exp(-0.5)
    upstream = 6.0 / (1 + e)
    assert parts["exp"] == f"{-upstream / (1 + e) ** 2:.4f}"
    assert parts["*-1"] == f"{-upstream * e / (1 + e) ** 2:.4f}"
    # the circuit of a part of it starts from the gradient that this part holds
    part = {b.symbol: b.grad for b in viz.draw(s, expand=True, decimals=4).blocks}
    assert part["exp"] == parts["exp"]


def test_leaves_show_what_they_hold_unless_branches_have_to_add_up() -> None:
    x = Value(0.5, "x")
    s = sigmoid(x)
    s.backward()
    s.backward()
    assert [viz.draw(s, expand=True).blocks[0].grad, f"{x.grad:.2f}"] == ["0.47", "0.47"]
    assert viz.draw(s, expand=True, branches=True).blocks[0].grad == "0.24"


def test_before_backward_there_are_no_gradients() -> None:
    assert "#d00000" not in viz.draw(sigmoid(Value(1.0)), expand=True).svg


@pytest.mark.parametrize(
    ("expand", "opened"),
    [
        (False, []),
        (True, ["Σwx", "σ"]),
        ("sigmoid", ["σ"]),
        ({"σ", "softplus"}, ["σ"]),
        (["dot"], ["Σwx"]),
        ((), []),
    ],
)
def test_what_is_opened(expand: Any, opened: list[str]) -> None:
    x, w = Value(1.0, "x"), Value(2.0, "w")
    f = sigmoid(dot([w, x], [x, w]))
    assert [group.symbol for group in scene_of(f, Options(expand=expand)).groups] == opened


def test_single_values_are_opened() -> None:
    x = Value(1.0)
    first = sigmoid(x)
    second = sigmoid(first)
    for expand in (first, [first], {first}):
        assert symbols(viz.draw(second, expand=expand)) == ["*-1", "exp", "+1", "1/x", "σ"]


@pytest.mark.parametrize(
    "make",
    [
        lambda: sigmoid(Value(-1000.0)),
        lambda: logsumexp([Value(1000.0), Value(999.0)]),
        lambda: logsumexp([Value(-1000.0), Value(-999.0)]),
        lambda: softplus(Value(-40.0)),
    ],
)
def test_a_gate_whose_parts_fail_stays_closed(make: Any) -> None:
    value = make()
    value.backward()
    assert viz.draw(value, expand=True).svg == viz.draw(value).svg


def test_a_sum_of_one_value() -> None:
    x = Value(2.0, "x")
    f = total([x])
    f.backward()
    drawing = viz.draw(f, expand=True)
    assert [block.data for block in drawing.blocks] == ["2", "2"]
    assert (x.label, f.label) == ("x", None)


def test_it_works_inside_no_grad_too() -> None:
    f = sigmoid(Value(1.0))
    with no_grad():
        assert len(viz.draw(f, expand=True).blocks) == 5


def a_gate_in_it(x: Value, y: Value, z: Value) -> Value:
    return dot([dot([z, z], [z, z]), z], [y, x])


def a_wire_across_its_caption(x: Value, y: Value, z: Value) -> Value:
    return softplus(total([z, y, z]))


def a_frame_over_it(x: Value, y: Value, z: Value) -> Value:
    return total([dot([dot([z, x], [y, y]), z], [z, y]), y, x])


@pytest.mark.parametrize(
    ("make", "inputs", "framed"),
    [
        (a_gate_in_it, "near", [False, False]),
        (a_wire_across_its_caption, "far", [False, True]),
        (a_frame_over_it, "far", [True, False, True]),
    ],
)
def test_a_frame_is_left_out_where_there_would_be(
    make: Callable[..., Value], inputs: Any, framed: list[bool]
) -> None:
    value = make(Value(1.0, "x"), Value(2.0, "y"), Value(3.0, "z"))
    drawing = viz.draw(value, expand=True, inputs=inputs)
    symbols = [group.symbol for group in drawing.scene.groups]
    drawn = [symbol for symbol, is_drawn in zip(symbols, framed, strict=True) if is_drawn]
    assert [frame.caption.text for frame in drawing.layout.frames] == drawn
    check_geometry(drawing.layout)


def test_two_opened_gates_above_each_other_have_their_frames() -> None:
    x, y = Value(1.0, "x"), Value(2.0, "y")
    assert len(viz.draw(sigmoid(x) * sigmoid(y), expand=True).layout.frames) == 2


def test_frames_in_every_output() -> None:
    drawing = viz.draw(sigmoid(Value(1.0, "x")), expand=True)
    assert drawing.svg.count(f'fill="{drawing.scene.palette.shade}"') == 1
    assert drawing.tikz.count("fill=circuitshade") == 1
    assert "subgraph cluster_0" in drawing.dot.source
    for member in ("g1", "v1", "g4"):
        assert f"\t\t{member}\n" in drawing.dot.source
    assert "\t\tv4\n" not in drawing.dot.source


def test_names_and_worksheets_of_opened_circuits() -> None:
    x = Value(1.0)
    s = sigmoid(x)
    assert viz.draw(s, expand=True, names={"s": s, "x": x}).blocks[-1].name == "s"
    sheet = viz.worksheet(s, [x], expand=True)
    assert [block.grad for block in sheet.questions.blocks] == [
        "",
        "-0.20",
        "-0.53",
        "-0.53",
        "1.00",
    ]
    assert s.label is None and x.grad == 0.0
