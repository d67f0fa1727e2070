"""Copy gates and local gradients: the numbers are the engine's, and they add and multiply up."""

from typing import Any

import pytest
from geometry import circuits, height
from hypothesis import given, settings
from hypothesis import strategies as st
from pictures import forked

import viz
from autograd_core import Trace, Value, trace
from autograd_core.explain import BackwardStep, Contribution, fixed
from viz.layout.geometry import PlacedBlock
from viz.scene.blocks import blocks_of
from viz.scene.scene import scene_of


def shown(placed: PlacedBlock) -> dict[str, str]:
    return {text.role: text.text for text in placed.texts}


def test_the_copy_gates_of_the_forked() -> None:
    f = forked()
    f.backward()
    drawing = viz.draw(f, branches=True)
    found = [
        (block.kind, *shown(placed).values())
        for block, placed in zip(drawing.blocks, drawing.layout.blocks, strict=True)
        if block.kind in ("leaf", "branch")
    ]
    assert found == [
        ("leaf", "2", "-2", "a"),
        ("leaf", "-3", "-8", "b"),
        ("branch", "2", "3"),
        ("branch", "-3", "-2"),
        ("branch", "2", "-6"),
        ("branch", "-3", "-6"),
        ("branch", "2", "1"),
    ]
    dots = {drawing.layout.blocks[leaf].stub[1] for leaf in (0, 1)}
    assert set(drawing.layout.dots) == dots
    assert drawing.svg.count('r="2.5"') == 2


def as_written(traced: Trace, step: BackwardStep) -> list[Contribution]:
    """The wires into a gate; those of a Σwx with partners side by side."""
    if step.gate != "dot":
        return list(step.contributions)
    half = len(traced.step_of[step.out].operands) // 2
    return sorted(step.contributions, key=lambda wire: (wire.operand % half, wire.operand))


@settings(max_examples=80)
@given(circuits(), st.integers(1, 2), st.sampled_from(["far", "near"]))
def test_every_number_is_the_traces(value: Value, passes: int, inputs: Any) -> None:
    for _ in range(passes):
        value.backward()
    traced = trace(value)
    drawing = viz.draw(value, branches=True, local=True, decimals=3, inputs=inputs)
    blocks = drawing.blocks
    texts = [shown(placed) for placed in drawing.layout.blocks]
    outputs = [place for place, block in enumerate(blocks) if block.kind in ("leaf", "gate")]
    gradients = [0.0] * len(traced.values)
    gradients[traced.output] = traced.upstream if traced.forward else value.grad
    for step in traced.backward:
        entering = [blocks[source] for source in blocks[outputs[step.out]].inputs]
        wires = [block for block in entering if block.inputs]  # the others are constants
        for wire, local in zip(as_written(traced, step), wires, strict=True):
            assert local.kind == "local" and local.local == fixed(wire.local, 3)
            (source,) = local.inputs
            if blocks[source].kind == "constant":
                (source,) = blocks[source].inputs
            if wire.count > 1:
                branch = texts[source]
                assert blocks[source].kind == "branch"
                assert branch.get("grad") == (
                    fixed(wire.upstream * wire.local, 3) if traced.ran else None
                )
                assert branch["data"] == fixed(traced.values[wire.value].data, 3)
                (source,) = blocks[source].inputs
            assert source == outputs[wire.value]
            gradients[wire.value] += wire.downstream
    for number, place in zip(gradients, outputs, strict=True):
        expected = fixed(number, 3) if traced.ran else None
        assert texts[place].get("grad") == expected


def test_contributions_add_up_though_the_leaves_have_seen_two_passes() -> None:
    x = Value(3.0, "x")
    f = x * x
    f.backward()
    f.backward()
    assert x.grad == 12.0
    leaf = viz.draw(f, branches=True).layout.blocks[0]
    assert shown(leaf)["grad"] == "6"
    assert shown(viz.draw(f).layout.blocks[0])["grad"] == "12"
    assert x.grad == 12.0


def test_before_backward_there_are_values_and_local_gradients_alone() -> None:
    drawing = viz.draw(forked(), branches=True, local=True)
    roles = {text.role for placed in drawing.layout.blocks for text in placed.texts}
    assert roles == {"name", "data", "local"}
    assert "#d00000" not in drawing.svg and "#1a5fb4" in drawing.svg
    assert "#4d4d4d" in viz.draw(forked(), local=True, palette="colorblind").svg


def test_branches_stand_beside_their_dot_and_local_gradients_beside_their_gate() -> None:
    f = forked()
    for inputs in ("far", "near"):
        drawing = viz.draw(f, branches=True, local=True, inputs=inputs)
        placed = drawing.layout.blocks
        for wire in drawing.layout.wires:
            gap = placed[wire.target].stub[0][0] - placed[wire.source].stub[1][0]
            kinds = drawing.blocks[wire.source].kind, drawing.blocks[wire.target].kind
            if kinds[1] == "branch":
                assert gap < 60 and len(wire.points) == 2
            if kinds[0] == "local":
                assert placed[wire.target].gate is not None and len(wire.points) <= 3


@pytest.mark.parametrize("option", ["branches", "local"])
def test_upstream_times_local_gives_the_gradients_beside_them(option: str) -> None:
    x, y = Value(3.0, "x"), Value(-4.0, "y")
    f = x * y
    for _ in range(2):  # the leaves now hold the sum of both passes
        f.backward()
    options: dict[str, Any] = {option: True}
    shown_now = [block.grad for block in viz.draw(f, **options).blocks if block.is_value]
    assert shown_now == ["-4", "3", "1"]
    assert [block.grad for block in viz.draw(f).blocks] == ["-8", "6", "1"]


def test_arrows_end_at_gates_only() -> None:
    x = Value(3.0, "x")
    assert viz.draw(x * x, branches=True, local=True).svg.count("<polygon") == 2


def test_a_gate_stays_at_the_mean_height_of_its_branches() -> None:
    x = Value(3.0, "x")
    layout = viz.draw(x * x, branches=True).layout
    assert height(layout, 3) == pytest.approx((height(layout, 1) + height(layout, 2)) / 2, abs=1)


def test_a_branch_says_what_it_is() -> None:
    x = Value(3.0, "x")
    f = x * x
    f.backward()
    sentences = [block.sentence for block in viz.draw(f, branches=True, local=True).blocks]
    assert sentences[1] == "a branch of x to v1 = x * x: 3, contribution 3"
    assert sentences[2] == "local gradient of v1 = x * x for x: 3"


def test_decimals_follow_the_contributions_and_the_local_gradients() -> None:
    # data and gradients are integers here, and the contributions are not
    x = Value(2.0, "x")
    f = x * 0.5 + x * 0.5
    f.backward()
    assert ">2<" in viz.draw(f.inputs[0]).svg
    assert ">0.50<" in viz.draw(f, branches=True).svg
    assert ">0.50<" in viz.draw(f.inputs[0], local=True).svg


def test_graphviz_gets_dots_and_local_gradients() -> None:
    x = Value(3.0, "x")
    source = viz.draw(x * x, branches=True, local=True).dot.source
    for line in (
        "v0:stub:e -> c0 [arrowhead=none weight=20]",
        "c0 -> v1:stub:w [arrowhead=none]",
        "v1:stub:e -> v2:stub:w [arrowhead=none]",
        "v2:stub:e -> g5:w",
    ):
        assert line in source


def test_gradients_of_one_pass_need_no_backward() -> None:
    f = forked()
    scene = scene_of(f).of_this_pass()
    assert [value.grad for value in scene.trace.values[:2]] == [-2.0, -8.0]
    assert f.inputs[1].grad == 0.0
    assert [block.grad for block in blocks_of(scene)[:2]] == ["-2", "-8"]


def test_a_leaf_with_branches_stands_near_its_first_gate_if_asked() -> None:
    a, x = Value(0.5, "a"), Value(2.0, "x")
    f = a.tanh().tanh().tanh() * x + x
    drawing = viz.draw(f, branches=True, inputs="near")
    pairs = list(zip(drawing.blocks, drawing.layout.blocks, strict=True))
    [leaf] = [placed for block, placed in pairs if block.name == "x"]
    first, *_ = [placed.gate for block, placed in pairs if block.symbol == "tanh"]
    assert first is not None and leaf.stub[0][0] > first.box.right
