"""The graph of a network: Graphviz leaves everything where the built-in layout has put it."""

import subprocess

import pytest
from networks import example
from pictures import HOSTILE

import viz
from nn import MLP
from viz.network.shapes import NetworkLayout
from viz.scene.style import printable

pytestmark = pytest.mark.needs("dot")


def rendered(source: str) -> list[list[str]]:
    """The graph as Graphviz's plain output: the words of its lines."""
    finished = subprocess.run(
        ["dot", "-Tplain"], input=source.encode(), capture_output=True, timeout=600, check=True
    )
    assert finished.stderr == b""
    return [line.split() for line in finished.stdout.decode().splitlines()]


def places(source: str) -> dict[str, tuple[float, float]]:
    """Where Graphviz puts each node, in pixels from the upper left corner of the picture."""
    lines = rendered(source)
    height = float(lines[0][3])
    nodes = [line[1:4] for line in lines if line[0] == "node"]
    return {name: (72 * float(x), 72 * (height - float(y))) for name, x, y in nodes}


def check_places(layout: NetworkLayout, source: str) -> None:
    found = places(source)
    for index, column in enumerate(layout.columns):
        for place, circle in enumerate(column.circles):
            assert found[f"c{index}n{place}"] == pytest.approx((circle.x, circle.y), abs=0.5)


def test_graphviz_leaves_circles_where_they_are() -> None:
    drawing = viz.draw(example(), title="A network")
    check_places(drawing.layout, drawing.dot.source)
    large = viz.draw(MLP(40, [17, 3], seed=1))
    check_places(large.layout, large.dot.source)


def test_edges_go_from_neuron_to_neuron() -> None:
    drawing = viz.draw(MLP(20, [2, 1], seed=1))
    edges = [tuple(line[1:3]) for line in rendered(drawing.dot.source) if line[0] == "edge"]
    network = {edge for edge in edges if edge[0].startswith("c")}
    hidden = {(f"c0n{source}", f"c1n{target}") for source in range(11) for target in range(2)}
    assert network == hidden | {("c1n0", "c2n0"), ("c1n1", "c2n0")}


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_names_are_text(label: str) -> None:
    drawing = viz.draw(MLP(1, [1]), title=label, input_names=[label], output_names=[label])
    finished = subprocess.run(
        ["dot", "-Tsvg"],
        input=drawing.dot.source.encode(),
        capture_output=True,
        timeout=600,
        check=True,
    )
    assert finished.stderr == b""
    if printable(label).isascii() and label.strip():
        assert finished.stdout.count(b"<text") == drawing.svg.count("<text")
