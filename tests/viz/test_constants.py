"""Constants: every number that a gate computes with can be read in its picture, in every format."""

import re
from collections import Counter
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pictures import SVG, texts

import viz
from autograd_core import Value, dot, logsumexp, total, trace

constants = st.sampled_from([2.0, -0.25, 1234.5, 0.0, 3e-9])
GREY = "#595959"


@st.composite
def gates(draw: st.DrawFn) -> tuple[Value, list[str]]:
    """A gate of any number of operands, and the constants that must be seen in its picture."""
    values = [Value(1.0, "x"), Value(-2.0, "y")]
    operand = st.one_of(st.sampled_from(values), constants)
    row = draw(st.lists(operand, min_size=1, max_size=8))
    if draw(st.booleans()):
        row.append(values[0])
        texts = [f"{each:.4g}" for each in row if isinstance(each, float)]
        return draw(st.sampled_from([total, logsumexp]))(row), texts
    pairs = [(each, draw(operand)) for each in row] + [(values[0], values[1])]
    texts = []
    for w, x in pairs:
        known = [f"{each:.4g}" for each in (w, x) if isinstance(each, float)]
        if known:
            texts.append("×".join(known) if len(known) == 2 else f"×{known[0]}")
    return dot([w for w, _ in pairs], [x for _, x in pairs]), texts


@settings(max_examples=80)
@given(gates(), st.booleans(), st.booleans())
def test_every_constant_is_in_every_picture(
    made: tuple[Value, list[str]], branches: bool, local: bool
) -> None:
    value, expected = made
    value.backward()
    options: dict[str, Any] = {"branches": branches, "local": local}
    drawing = viz.draw(value, **options)
    page = viz.page(value, **options).html
    pictures = [
        drawing.svg,
        viz.steps(value, **options)[0].svg,
        viz.animate(value, **options).svg,
        page[page.index("<svg") : page.index("</svg>") + 6],
        viz.worksheet(value, **options).questions.svg,
    ]
    for picture in pictures:
        found = [
            text.text
            for text in ElementTree.fromstring(picture).iter(f"{SVG}text")
            if text.get("fill") in (GREY, "var(--soft)")
        ]
        assert Counter(found) == Counter(expected)
    in_dot = re.findall(rf'<FONT COLOR="{GREY}" POINT-SIZE="12">(.*?)</FONT>', drawing.dot.source)
    assert Counter(in_dot) == Counter(expected)
    assert drawing.tikz.count(r"\node[circuitsoft,") == len(expected)


def test_a_factor_stands_on_the_wire_of_its_partner() -> None:
    v, w = Value(2.0, "v"), Value(3.0, "w")
    drawing = viz.draw(dot([v, 5.0], [4.0, w]))
    blocks = drawing.blocks
    factors = {
        blocks[block.inputs[0]].name: block.constant for block in blocks if block.kind == "constant"
    }
    assert factors == {"v": "×4", "w": "×5"}


def test_the_product_of_what_is_seen_is_the_value() -> None:
    """Σwx can be computed from its picture alone."""
    v, w = Value(2.0, "v"), Value(3.0, "w")
    f = dot([v, 5.0, 2.0], [4.0, w, 0.5])
    blocks = viz.draw(f).blocks
    terms = []
    for source in blocks[-1].inputs:
        block = blocks[source]
        assert block.constant is not None
        first, second = block.constant.split("×")
        terms.append(float(first or blocks[block.inputs[0]].data or "") * float(second))
    assert sum(terms) == f.data == 24.0


def test_constants_of_other_gates_stand_inside_them() -> None:
    shown = texts(viz.draw((Value(2.0, "x") * 3 + 1).maximum(0)).svg)
    assert {"*3", "+1", "max 0"} <= set(shown)
    assert GREY not in viz.draw(Value(2.0, "x") * 3).svg


def test_a_constant_says_what_it_is() -> None:
    x = Value(2.0, "x")
    f = total([x, 1.5])
    f.label = "f"
    assert [block.sentence for block in viz.draw(f, decimals=1).blocks] == [
        "x = 2.0",
        "a constant term of f: 1.5",
        "f = total([x, 1.5]) = 3.5",
    ]
    assert "a constant factor of v1: 4" in viz.draw(dot([x], [4.0])).svg


@pytest.mark.parametrize("inputs", ["far", "near"])
def test_constants_stand_beside_their_gate(inputs: Any) -> None:
    x = Value(2.0, "x")
    f = total([x.tanh().exp().sin(), 1.5, x])
    drawing = viz.draw(f, inputs=inputs)
    (index,) = [at for at, block in enumerate(drawing.blocks) if block.kind == "constant"]
    placed, gate = drawing.layout.blocks[index], drawing.layout.blocks[-1].gate
    assert gate is not None and 0 < gate.x - placed.stub[1][0] < 60
    assert len(trace(f).values) == sum(block.is_value for block in drawing.blocks)


def test_a_negative_zero_is_written_as_zero_like_in_sentences() -> None:
    svg = viz.draw(dot([Value(3.0, "x"), Value(2.0, "y")], [-0.0, 2.0])).svg
    assert "×0<" in svg
    assert "×-0" not in svg
