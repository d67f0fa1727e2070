"""Circuits of neurons: names, frames, and what is closed or left out where they are large."""

import math
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from browser import Browser
from geometry import check_geometry, check_wiring
from processes import written_in_two_processes

import viz
from autograd_core import Value, all_values, dot, total, trace
from autograd_core.explain import fixed
from nn import MLP, Neuron

ROWS = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
WANTED = [1.0, -1.0, -1.0, 1.0]


def network(**options: Any) -> Value:
    """The output of a small network: 17 values."""
    model = MLP(2, [2, 1], seed=1, activation="tanh", **options)
    out: Value = model([Value(1.0, "x1"), Value(-2.0, "x2")])
    out.backward()
    return out


def loss(**options: Any) -> Value:
    """The loss of the well-known lecture: a network of 3, 4, 4 and 1 neurons on four examples."""
    model = MLP(3, [4, 4, 1], seed=1, activation="tanh", output="tanh", **options)
    out = total([(model(row) - y) ** 2 for row, y in zip(ROWS, WANTED, strict=True)])
    out.backward()
    return out


def written_by_hand() -> Value:
    """The same as one writes it in that lecture: no names, gates one by one."""
    start = iter(range(1, 100))

    def neuron(inputs: list[Any]) -> tuple[list[Value], Value]:
        return [Value(math.sin(next(start))) for _ in inputs], Value(0.1)

    sizes = [3, 4, 4, 1]
    layers = [[neuron([0] * nin) for _ in range(nout)] for nin, nout in pairwise(sizes)]
    losses = []
    for row, y in zip(ROWS, WANTED, strict=True):
        values: list[Any] = row
        for layer in layers:
            values = [
                sum((w * x for w, x in zip(ws, values, strict=True)), b).tanh() for ws, b in layer
            ]
        losses.append((values[0] - y) ** 2)
    out: Value = sum(losses[1:], losses[0])
    out.backward()
    return out


def check_numbers(drawing: viz.Drawing, value: Value) -> None:
    """Every number in a picture is the engine's."""
    known = trace(value).values
    shown = [block for block in drawing.blocks if block.value is not None]
    assert shown
    for block in shown:
        assert block.value is not None
        traced = known[block.value]
        assert (block.data, block.grad) == (fixed(traced.data, 2), fixed(traced.grad, 2))
    check_geometry(drawing.layout)
    check_wiring(drawing.layout, [block.inputs for block in drawing.blocks])


def frames(drawing: viz.Drawing) -> list[str]:
    return sorted(frame.caption.text for frame in drawing.layout.frames)


def leaves_from_above(drawing: viz.Drawing) -> list[str | None]:
    placed = zip(drawing.layout.blocks, drawing.blocks, strict=True)
    found = [(at.stub[0][1], each.name or each.constant) for at, each in placed if not each.symbol]
    return [name for _, name in sorted(found)]


# ---- names


@pytest.mark.parametrize("options", [{}, {"gate_by_gate": True}])
def test_what_neurons_compute_is_named_after_their_parameters(options: Any) -> None:
    names = [value.name for value in trace(network(**options)).values]
    assert {"z¹₁", "a¹₁", "z¹₂", "a¹₂", "z²₁"} <= set(names)
    out = Neuron(2, activation="tanh")([Value(1.0), Value(2.0)])
    assert [value.name for value in trace(out).values][-2:] == ["z", "a"]


def test_a_name_that_somebody_has_given_stays() -> None:
    out = network()
    out.label = "score"
    assert viz.draw(out).blocks[-1].name == "score"


def test_long_names_stand_in_the_words_for_who_points_at_a_block() -> None:
    words = [block.sentence for block in viz.draw(network()).blocks]
    assert any(text.startswith("layers.0.neurons.1.weights.0: w¹₂₁ = ") for text in words)
    assert any(text.startswith("layers.0.neurons.1: a¹₂ = tanh(z¹₂) = ") for text in words)


# ---- frames


@pytest.mark.parametrize("options", [{}, {"gate_by_gate": True}])
def test_each_neuron_has_a_frame(options: Any) -> None:
    value = network(**options)
    drawing = viz.draw(value)
    assert frames(drawing) == [
        "layer 1, neuron 1",
        "layer 1, neuron 2",
        "layer 2, neuron 1",
    ]
    check_numbers(drawing, value)


def test_inputs_stand_left_of_weights_and_weights_beside_their_gates() -> None:
    drawing = viz.draw(network())
    ends = {
        block.name: placed.stub[1][0]
        for block, placed in zip(drawing.blocks, drawing.layout.blocks, strict=True)
    }
    assert ends["x1"] == ends["x2"] < ends["w¹₁₁"] == ends["b¹₂"] < ends["a¹₁"] < ends["w²₁₁"]


def test_far_from_their_parameters_neurons_have_no_frames() -> None:
    assert frames(viz.draw(network(), inputs="far")) == []


def test_a_single_neuron_has_no_frame() -> None:
    out = Neuron(2, activation="tanh")([Value(1.0, "x1"), Value(2.0, "x2")])
    drawing = viz.draw(out)
    assert frames(drawing) == []
    assert leaves_from_above(drawing) == ["w₁", "x1", "w₂", "x2", "b"]


# ---- what is closed


@pytest.mark.parametrize("sizes", [[3, 2, 1], [2, 2, 2, 1]])
def test_neurons_are_framed_and_every_second_layer_is_tinted(sizes: list[int]) -> None:
    """Also where some inputs are constants, whose factors stand on the wires of weights."""
    out = MLP(2, sizes, seed=1, activation="tanh")([1.0, 2.0])
    drawing = viz.draw(out, limit=None)
    assert [frame.caption.text for frame in drawing.layout.frames] == [
        f"layer {layer}, neuron {neuron + 1}"
        for layer, size in enumerate(sizes, start=1)
        for neuron in range(size)
    ]
    tinted = {
        block.name
        for block, placed in zip(drawing.blocks, drawing.layout.blocks, strict=True)
        if placed.gate and placed.gate.is_tinted
    }
    names = [block.name or "" for block in drawing.blocks]
    assert tinted == {name for name in names if re.match("[za][²⁴]", name)}
    count = len(tinted)
    assert drawing.svg.count('fill="#dfeaf7"') == drawing.dot.source.count("#dfeaf7") == count
    assert drawing.tikz.count("fill=circuittint") == count


def test_layers_are_tinted_within_closed_examples() -> None:
    drawing = viz.draw(loss())
    names = {
        block.name
        for block, placed in zip(drawing.blocks, drawing.layout.blocks, strict=True)
        if placed.gate and placed.gate.is_tinted
    }
    assert names == {"a²₁", "a²₂", "a²₃", "a²₄"}
    assert "tint" not in viz.draw(Value(2.0, "x").tanh()).tikz


@pytest.mark.parametrize("make", [loss, lambda: loss(gate_by_gate=True), written_by_hand])
def test_the_loss_of_the_lecture_is_closed_neuron_by_neuron(make: Callable[[], Value]) -> None:
    value = make()
    drawing = viz.draw(value)
    blocks = [block.symbol for block in drawing.blocks if block.symbol]
    assert blocks.count("Σ | tanh") == 36 and len(blocks) == 45
    assert repr(drawing).startswith("<Drawing of 45 of ")
    assert drawing.layout.width < 1100 and drawing.layout.height < 1000
    assert frames(drawing) == [f"example {number}" for number in (1, 2, 3, 4)]
    check_numbers(drawing, value)


def test_of_one_example_the_layers_are_framed() -> None:
    model = MLP(2, [4, 4, 4, 1], seed=1)
    value = model([Value(1.0, "x1"), Value(-2.0, "x2")])
    value.backward()
    drawing = viz.draw(value)
    assert frames(drawing) == [f"layer {number}" for number in (1, 2, 3, 4)]
    check_numbers(drawing, value)


def test_neurons_are_opened_one_by_one_or_all() -> None:
    value = loss()
    closed = viz.draw(value)
    first = value.inputs[0].inputs[0].inputs[0]  # a³₁ of the first example
    assert viz.draw(value, expand=first).svg.count(">Σwx+b<") == 1
    assert closed.svg.count(">Σwx+b<") == 0
    assert viz.draw(value, expand="neuron").svg.count(">Σwx+b<") == 36
    assert viz.draw(value, limit=None).svg.count(">Σwx+b<") == 36
    assert viz.draw(value, expand={"sigmoid"}).svg == closed.svg


def test_what_is_to_be_opened_is_not_left_out() -> None:
    drawing = viz.draw(loss(), expand={"tanh"})
    opened = [block.symbol for block in drawing.blocks]
    assert opened.count("exp") == 36 and "⋮" not in drawing.svg


def test_the_middle_of_a_long_row_is_closed() -> None:
    x = value = Value(0.5, "x")
    for _ in range(40):
        value = value.tanh()
    value.backward()
    drawing = viz.draw(value)
    assert [b.symbol for b in drawing.blocks] == [None, *["tanh"] * 3, "⋯ 34 more", *["tanh"] * 3]
    assert drawing.blocks[0].grad == fixed(x.grad, 2)
    check_numbers(drawing, value)


def test_of_a_long_list_the_first_pairs_and_the_last_are_shown() -> None:
    pairs = [(Value(math.cos(n), f"w{n}"), Value(math.sin(n), f"x{n}")) for n in range(100)]
    value = dot(*zip(*pairs, strict=True))
    value.backward()
    drawing = viz.draw(value)
    names = leaves_from_above(drawing)
    assert names[:4] == ["w0", "x0", "w1", "x1"]
    assert names[12:] == ["⋮ 92 more", "w98", "x98", "w99", "x99"]
    check_numbers(drawing, value)


def test_a_long_sum_of_two_by_two_is_one_block() -> None:
    value: Any = sum((Value(float(n), f"s{n}") for n in range(30)), Value(0.5, "s"))
    value.backward()
    drawing = viz.draw(value)
    assert [block.symbol for block in drawing.blocks if block.symbol] == ["Σ"]
    assert "⋮ 23 more" in drawing.svg
    check_numbers(drawing, value)


def test_where_nothing_else_helps_what_is_nearest_to_the_output_is_shown() -> None:
    values = [Value(float(n)) for n in range(12)]
    for _ in range(20):
        values = [x * y for x, y in zip(values, values[1:] + values[:1], strict=True)]
    value = values[0].tanh()
    drawing = viz.draw(value)
    assert sum(block.is_value for block in drawing.blocks) == 60
    left_out = {block.constant for block in drawing.blocks if block.constant}
    assert left_out and all(text.startswith("⋮ ") for text in left_out)
    check_geometry(drawing.layout)


def test_small_circuits_are_shown_whole() -> None:
    x = value = Value(0.5, "x")
    for _ in range(24):
        value = value.tanh()
    assert len(viz.draw(value).blocks) == 25
    assert len(viz.draw(total([x] * 40)).blocks) == 2


# ---- stories of closed circuits


def test_steps_of_a_closed_circuit_say_all_and_show_what_there_is() -> None:
    value = loss()
    steps = viz.steps(value)
    passes = trace(value)
    assert len(steps) == 2 + len(passes.forward) + len(passes.wires)
    assert "z¹₁ = w¹₁₁ * 2 + w¹₁₂ * 3 + w¹₁₃ * -1 + b¹₁ = " in steps[1].sentence
    assert '<rect x="' in steps[1].svg
    shown = {block.value: block for block in viz.draw(value).blocks}
    for index, block in shown.items():
        if index is not None:
            assert f">{block.grad}</text>" in steps[-1].svg


def test_a_page_has_a_place_for_every_gate_wire_and_leaf_of_a_closed_circuit() -> None:
    value = loss()
    html, passes = viz.page(value).html, trace(value)

    def places(kind: str) -> set[int]:
        groups = re.findall(rf'<g class="{kind}">(.*?)</g>', html, re.DOTALL)
        return {int(place) for group in groups for place in re.findall(r'data-at="(\d+)"', group)}

    assert places("gates") == set(range(len(passes.forward)))
    assert places("wires") == set(range(len(passes.wires)))
    assert places("handles") == {each.index for each in passes.values if each.gate is None}
    assert places("doors") == {neuron.output for neuron in passes.neurons}


@pytest.mark.needs("chromium")
def test_a_page_of_a_closed_circuit_computes_what_the_engine_does(
    browser: Browser, tmp_path: Path
) -> None:
    value = loss()
    viz.page(value).save(tmp_path / "page.html")
    browser.open(tmp_path / "page.html")
    leaves = [each for each in all_values(value) if each.gate is None]
    field = ".numbers .fields input"
    assert browser.run(f"document.querySelectorAll({field!r}).length") == len(leaves)
    changed = browser.run("leaves[5]")
    browser.type_into(field, 5, "0.25")
    browser.run("show(lastStep)")
    all_values(value)[changed].data = 0.25
    value.forward()
    for each in all_values(value):
        each.grad = 0.0
    value.backward()
    blocks = [block for block in viz.draw(value).blocks if block.value is not None]
    whole = ".picture:not([data-at]) svg"
    shown = browser.texts(f"{whole} .data text"), browser.texts(f"{whole} .grad text")
    assert shown == ([block.data for block in blocks], [block.grad for block in blocks])

    neuron = next(n for n in trace(value).neurons if n.output != n.sum)
    assert browser.run("findAll('.picture[data-at]').every((each) => each.hidden)")
    door = browser.run(
        f"findAll('.doors rect').findIndex((each) => each.dataset.at === '{neuron.output}')"
    )
    browser.click(".doors rect", door)
    inside = f".picture[data-at='{neuron.output}']"
    assert browser.run(
        f"findAll('.picture').filter((each) => !each.hidden)[1] === find({inside!r})"
    )
    passes = trace(value)
    known = (
        {fixed(each.data, 2) for each in passes.values},
        {fixed(each.grad, 2) for each in passes.values},
    )
    data, grads = (browser.texts(f"{inside} .{role} text") for role in ("data", "grad"))
    names = [passes.values[index].name for index in (*neuron.weights, neuron.sum, neuron.output)]
    titles = browser.texts(f"{inside} title")
    for name in names:
        [words] = [title for title in titles if re.search(rf"(^|: ){name}( = |$)", title)]
        traced = next(each for each in passes.values if each.name == name)
        assert words.endswith(f" = {fixed(traced.data, 2)}, gradient {fixed(traced.grad, 2)}")
    assert {*data} <= known[0] and {*grads} <= known[1] and len(data) == len(grads) > 4

    for value_at_work in (neuron.sum, neuron.output):
        at = [step.out for step in passes.forward].index(value_at_work)
        browser.run(f"show({1 + at})")
        lit = browser.run(
            "findAll('.gates .lit').map((each) => each.getBoundingClientRect().width)"
        )
        assert len(lit) == 2 and min(lit) > 20  # of the block, and inside of it
    browser.run("find('.doors .opened').dispatchEvent(new MouseEvent('click'))")
    assert browser.run("findAll('.picture[data-at]').every((each) => each.hidden)")


PROGRAM = """
import sys
import viz
from autograd_core import total
from nn import MLP
model = MLP(3, [4, 4, 1], seed=1, activation="tanh")
loss = total([(model([1.0, x, -2.0]) - 1.0) ** 2 for x in (0.5, 1.5)])
loss.backward()
sys.stdout.buffer.write((viz.draw(loss).svg + viz.draw(loss, expand="neuron").svg).encode())
"""


def test_two_processes_write_the_same_bytes() -> None:
    first, second = written_in_two_processes(PROGRAM)
    assert first == second
    assert first.startswith(b"<svg")


# ---- in a notebook


def test_a_cell_says_what_it_does_not_show() -> None:
    value: Any = loss()
    shown = value._repr_mimebundle_()
    assert shown["image/svg+xml"] == viz.draw(value).svg
    assert "<p>45 of 122 values. " in shown["text/html"]
    small: Any = network()
    assert "<p>" not in small._repr_mimebundle_()["text/html"]


def test_a_cell_shows_very_many_neurons_as_their_network() -> None:
    model = MLP(2, [4, 4, 1], seed=1, activation="tanh")
    points = [[math.sin(n), math.cos(3 * n)] for n in range(20)]
    value: Any = total([model(point) ** 2 for point in points])
    value.backward()
    shown = value._repr_mimebundle_()["image/svg+xml"]
    model(points[-1])  # what the picture is to show
    network = viz.draw(model, title="20 examples; activations of the last")
    weights = [line.label.text for line in network.layout.lines if line.label]
    assert weights and all(f">{weight}</text>" in shown for weight in weights)
    assert model.activations is not None
    for column in model.activations[1:]:
        assert all(f">{fixed(each.data, 2)}</text>" in shown for each in column)
    assert "20 examples; activations of the last" in shown


def test_neurons_that_stand_in_no_layers_are_shown_in_part() -> None:
    h: Any = Value(0.5, "h")
    w, b = Value(0.9, "w"), Value(0.1, "b")
    for n in range(80):
        h = (w * h + Value(1.0) * float(n) + b).tanh()
    shown = h._repr_mimebundle_()
    assert "⋮ " in shown["image/svg+xml"] and " values. " in shown["text/html"]
