"""A circuit as a `graphviz.Digraph`, for who wants to edit it or let Graphviz lay it out.

A value is a table of its name, its number, a rule and its gradient; the rule lies just where wires
attach, so that wire and stub are one line. Every label is written in Graphviz's HTML form, with all
characters escaped that mean something there. Where leaves stand, Graphviz decides.
"""

from collections.abc import Sequence
from html import escape

import graphviz

from viz.layout.boxes import extra_height
from viz.scene.blocks import Block, way_back
from viz.scene.scene import Scene
from viz.scene.style import Palette

FONT = "Arial"  # one name only: builds of Graphviz without fontconfig understand no list
POINTS = 72  # in an inch, in which Graphviz measures nodes
BLANK = "....."  # a line to write a number on


def write_dot(scene: Scene, blocks: Sequence[Block]) -> graphviz.Digraph:
    """The picture as a graph: `v0`, `v1`, … are the values, `g2`, … the gates they come from.

    Branches and local gradients are nodes like values; `c0`, … are the dots where branches part.
    The parts of an opened gate stand in a cluster.

    >>> from autograd_core import Value
    >>> from viz.scene.blocks import blocks_of
    >>> from viz.scene.scene import scene_of
    >>> x = Value(3.0, "x")
    >>> scene = scene_of(x * x)
    >>> print(write_dot(scene, blocks_of(scene)).source)
    digraph {
    ...
        v0:stub:e -> g1:w
        v0:stub:e -> g1:w
        g1:e -> v1:stub:w [arrowhead=none weight=20]
    }
    """
    palette, title, groups = scene.palette, scene.title, scene.groups
    highest = max(map(extra_height, blocks))
    graph = graphviz.Digraph(
        graph_attr={
            "rankdir": "LR",
            "splines": "polyline",
            "nodesep": "0.15",
            "ranksep": f"{0.35 + highest / 2 / POINTS:.3g}",  # room to slant into a high gate
            "outputorder": "edgesfirst",
            "pad": "0.1",
            "bgcolor": palette.paper,
            "fontname": FONT,
        },
        node_attr={"fontname": FONT, "fontsize": "16", "color": palette.ink},
        edge_attr={"arrowsize": "0.5", "color": palette.ink},
    )
    uses = [0] * len(blocks)
    copied = dict.fromkeys(block.inputs[0] for block in blocks if block.kind == "branch")
    for block in blocks:
        for source in block.inputs:
            uses[source] += 1
    if max(uses) <= 1:
        # operands in the order they are written; where values are shared this would tangle wires
        graph.attr("graph", ordering="in")
    if title:
        graph.attr("graph", label=_html(title), labelloc="t", fontsize="18")
    for index, block in enumerate(blocks):
        graph.node(f"v{index}", label=_value_table(block, palette), shape="plain")
        if index in copied:
            graph.node(f"c{index}", label="", shape="point", width="0.07")
            graph.edge(f"v{index}:stub:e", f"c{index}", weight="20", arrowhead="none")
        if block.symbol is not None:
            _add_gate(graph, index, block, palette)
        elif block.inputs:
            source = block.inputs[0]
            tail = f"c{source}" if block.kind == "branch" else f"v{source}:stub:e"
            graph.edge(tail, f"v{index}:stub:w", arrowhead="none")
    if groups:
        graph.attr("graph", newrank="true")  # or some wires would run back into a cluster
    place = {block.value: index for index, block in enumerate(blocks)}
    for number, group in enumerate(groups):
        with graph.subgraph(name=f"cluster_{number}") as cluster:
            cluster.attr(
                label=_html(group.symbol),
                labeljust="l",
                fontsize="12",
                style="rounded,filled",
                fillcolor=palette.shade,
                penwidth="0.5",
            )
            members = [place[member] for member in group.members]
            for member in members:
                if blocks[member].symbol is not None:
                    cluster.node(f"g{member}")
            for inside in [*_inside(blocks, members), *(members[-1:] if group.whole else [])]:
                cluster.node(f"v{inside}")
                if inside in copied:
                    cluster.node(f"c{inside}")
    return graph


def _inside(blocks: Sequence[Block], members: Sequence[int]) -> list[int]:
    """The numbers within an opened gate: of its parts, and on the wires from part to part.

    If such a wire left the cluster, Graphviz would no longer know which part comes first.
    """
    parts = members[:-1]
    inside = set(parts)
    for member in members:
        for end in blocks[member].inputs:
            wire = way_back(blocks, end)
            if wire[-1] in parts:
                inside.update(wire)
    return sorted(inside)


def _add_gate(graph: graphviz.Digraph, index: int, block: Block, palette: Palette) -> None:
    assert block.symbol is not None
    size = 20 if len(block.symbol) == 1 else 16 if len(block.symbol) <= 3 else 13
    end = f"g{index}:w"
    if extra := extra_height(block):
        height = f"{0.56 + extra / POINTS:.2f}"
        shape = {"shape": "rect", "height": height, "style": "filled,rounded"}
        end = f"g{index}"  # all along its side
    elif len(block.symbol) <= 5:
        shape = {"shape": "circle", "width": "0.56", "fixedsize": "true", "style": "filled"}
    else:
        shape = {"shape": "rect", "height": "0.56", "style": "filled,rounded"}
    label = _html(block.symbol)
    colour = palette.tint if block.is_tinted else palette.paper
    graph.node(f"g{index}", label=label, fontsize=str(size), fillcolor=colour, **shape)
    wires: list[tuple[str, str, dict[str, str]]] = [
        (f"v{source}:stub:e", end, {}) for source in block.inputs
    ]
    if len(wires) % 2 == 0 and min(block.inputs) < max(block.inputs):
        # an invisible node in the middle of the operands draws the gate to their mean height
        middle = f"m{index}"
        graph.node(middle, label="", style="invis", width="0", height="0", fixedsize="true")
        tie = (middle, end, {"style": "invis", "weight": "100"})
        wires.insert(len(wires) // 2, tie)
    for tail, head, attributes in wires:
        graph.edge(tail, head, **attributes)
    graph.edge(f"g{index}:e", f"v{index}:stub:w", weight="20", arrowhead="none")


def _value_table(block: Block, palette: Palette) -> str:
    """A value's label: its name, and beside it the number, a rule and the gradient."""
    if block.note is not None:
        above, below, width = _number(block.note, palette.of(block.kind), size=12), "", 24
    else:
        numbers = _number(block.data, palette.data), _number(block.grad, palette.grad)
        (above, below), width = numbers, 44
    stub = (
        f'<TABLE PORT="stub" BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="2">'
        f'<TR><TD WIDTH="{width}">{above}</TD></TR><HR/><TR><TD>{below or " "}</TD></TR></TABLE>'
    )
    name = f'<TD VALIGN="TOP" CELLPADDING="3">{_escape(block.name)}</TD>' if block.name else ""
    return (
        f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">'
        f"<TR>{name}<TD>{stub}</TD></TR></TABLE>>"
    )


def _number(number: str | None, colour: str, *, size: int | None = None) -> str:
    """A number in its colour, or a line to write it on, or nothing."""
    if number is None:
        return ""
    height = f' POINT-SIZE="{size}"' if size else ""
    return f'<FONT COLOR="{colour}"{height}>{number or BLANK}</FONT>'


def _html(text: str) -> str:
    """A text as a whole label."""
    return f"<{_escape(text)}>"


def _escape(text: str) -> str:
    r"""A text within a label; Graphviz would put names of nodes in place of `\N` and the like."""
    return escape(text.replace("\\", r"\\"))
