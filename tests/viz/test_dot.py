"""The graph for Graphviz: its structure, and that Graphviz reads it as it is meant."""

import subprocess
from xml.etree import ElementTree

import pytest
from geometry import circuits
from hypothesis import given, settings
from hypothesis import strategies as st
from pictures import HOSTILE, neuron

import viz
from autograd_core import Value, dot, maximum
from viz.scene.style import printable

needs_dot = pytest.mark.needs("dot")

TEXT = "{http://www.w3.org/2000/svg}text"


def edges(source: str) -> list[tuple[str, str]]:
    """The visible edges, in order."""
    visible = [line for line in source.splitlines() if "style=invis" not in line]
    ends = [line.strip().split(" [")[0].split(" -> ") for line in visible]
    return [(pair[0], pair[1]) for pair in ends if len(pair) == 2]


def test_edges_follow_the_operands() -> None:
    x, y = Value(3.0, "x"), Value(4.0, "y")
    assert edges(viz.draw(y * x + x).dot.source) == [
        ("v0:stub:e", "g2:w"),
        ("v1:stub:e", "g2:w"),
        ("g2:e", "v2:stub:w"),
        ("v2:stub:e", "g3:w"),
        ("v1:stub:e", "g3:w"),
        ("g3:e", "v3:stub:w"),
    ]


def test_a_square_has_two_edges() -> None:
    x = Value(3.0, "x")
    assert edges(viz.draw(x * x).dot.source).count(("v0:stub:e", "g1:w")) == 2


def test_gradients_appear_after_backward() -> None:
    f = maximum(Value(2.0, "x"), 0.5)
    assert "#d00000" not in viz.draw(f).dot.source
    f.backward()
    assert viz.draw(f).dot.source.count("#d00000") == 2


def test_operands_keep_their_order_unless_values_are_shared() -> None:
    x, y = Value(3.0), Value(4.0)
    assert "ordering=in" in viz.draw(x * y).dot.source
    assert "ordering=in" not in viz.draw(x * y + x).dot.source


def graphviz_svg(source: str) -> ElementTree.Element:
    finished = subprocess.run(
        ["dot", "-Tsvg"], input=source.encode(), capture_output=True, timeout=600, check=True
    )
    assert finished.stderr == b""
    return ElementTree.fromstring(finished.stdout)


@needs_dot
def test_graphviz_draws_every_number_and_name() -> None:
    drawing = viz.draw(neuron())
    root = graphviz_svg(drawing.dot.source)
    shown = sorted(e.text or "" for e in root.iter(TEXT))
    ours = [text.text for block in drawing.layout.blocks for text in block.texts]
    ours += [block.gate.symbol.text for block in drawing.layout.blocks if block.gate]
    assert shown == sorted(ours)


@needs_dot
@settings(max_examples=40)
@given(circuits(), st.booleans(), st.booleans())
def test_graphviz_draws_every_wire_from_left_to_right(
    value: Value, branches: bool, local: bool
) -> None:
    drawing = viz.draw(value, expand=True, branches=branches, local=local)
    plain = subprocess.run(
        ["dot", "-Tplain"],
        input=drawing.dot.source.encode(),
        capture_output=True,
        timeout=600,
        check=True,
    )
    lines = [line.split() for line in plain.stdout.decode().splitlines()]
    across = {line[1]: float(line[2]) for line in lines if line[0] == "node"}
    for line in lines:
        if line[0] == "edge":
            assert across[line[1]] < across[line[2]], line[1:3]


@needs_dot
def test_graphviz_takes_hostile_labels_as_text() -> None:
    labels = [*HOSTILE, r"\N \G \l \\ \\N", "back\\", "<b>bold</b>", "&lt;", "a -> b", "%"]
    shown_labels = [printable(label) for label in labels if printable(label)]
    values = [Value(1.0, label) for label in labels]
    drawing = viz.draw(dot(values, values[::-1]), title=r"</table> \G \N")
    root = graphviz_svg(drawing.dot.source)
    # Graphviz writes several spaces as no-break spaces
    shown = [(e.text or "").replace("\xa0", " ") for e in root.iter(TEXT)]
    for label in [*shown_labels, r"</table> \G \N"]:
        assert label in shown
