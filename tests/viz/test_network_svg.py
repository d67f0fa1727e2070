"""The SVG of networks: well-formed whatever the names, readable for everyone."""

from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import example, titled
from pictures import HOSTILE, SVG, luminance, texts

import viz
from nn import MLP
from viz.scene.style import PALETTES


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_names_are_text(label: str) -> None:
    drawing = viz.draw(MLP(1, [1]), title=label, input_names=[label], output_names=[label])
    root = ElementTree.fromstring(drawing.svg.encode())
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "rect", "g", "path", "circle", "text"}
    if label == "<script>alert(1)</script>":
        assert texts(drawing.svg).count(label) == 3


@settings(max_examples=60)
@given(st.text(st.characters(codec=None), max_size=12))
def test_any_name_gives_well_formed_xml(name: str) -> None:
    model = MLP(2, [1], seed=1)
    model([1.0, 2.0]).label = name
    drawing = viz.draw(model, title=name, input_names=[name, ""])
    ElementTree.fromstring(drawing.svg.encode())


def test_it_is_readable_for_a_screen_reader() -> None:
    model = MLP(2, [1], seed=1)
    weights = {"layers.0.neurons.0.weights.0": 2.0, "layers.0.neurons.0.weights.1": -1.0}
    model.load_state_dict({**weights, "layers.0.neurons.0.bias": 0.5})
    model([3.0, 4.0]).backward()
    root = ElementTree.fromstring(viz.draw(model, input_names=["x", "y"]).svg)
    assert root.get("role") == "img"
    assert (root[0].tag, root[0].text) == (f"{SVG}title", "MLP(2, [1])")
    assert root[1].tag == f"{SVG}desc"
    assert root[1].text == (
        "MLP(2, [1]). input, 2 inputs: input 0, x: 3; input 1, y: 4. "
        "output, layers.0: 1 neuron, identity: layers.0.neurons.0: 2.5, gradient 1; "
        "layers.0.neurons.0.bias = 0.5, gradient 1"
    )
    with_title = ElementTree.fromstring(viz.draw(model, title="A neuron").svg)
    assert with_title[0].text == "A neuron"


def test_a_note_is_read_aloud_too() -> None:
    model = example()
    model.parameters()[0].data += 1.0
    root = ElementTree.fromstring(viz.draw(model).svg)
    assert "was changed after the last call" in (root[1].text or "")


def test_what_points_at_a_line_or_a_circle_reads_its_numbers() -> None:
    model = example()
    titles = list(titled(viz.draw(model).svg))
    weight = model.named_parameters()["layers.0.neurons.1.weights.0"]
    sentence = f"layers.0.neurons.1.weights.0 = {weight.data:g}, gradient {weight.grad:g}"
    assert sentence in titles
    assert any(title.startswith("layers.0.neurons.1: ") for title in titles)
    assert "layers.0: 3 neurons, tanh" in titles


def test_a_thin_line_is_easy_to_point_at() -> None:
    for title, group in titled(viz.draw(example()).svg).items():
        paths = group.findall(f"{SVG}path")
        if paths:
            visible, invisible = paths
            assert visible.get("d") == invisible.get("d"), title
            assert float(invisible.get("stroke-width") or 0) >= 6
            assert invisible.get("stroke-opacity") == "0"


def test_the_background_is_white_and_there_are_no_ids() -> None:
    svg = viz.draw(example()).svg
    root = ElementTree.fromstring(svg)
    rect = root.find(f"{SVG}rect")
    assert rect is not None and rect.get("fill") == "#ffffff"
    assert (rect.get("width"), rect.get("height")) == (root.get("width"), root.get("height"))
    assert " id=" not in svg and "<style" not in svg


# How colours look to most people, and with severe red and green blindness: Machado, Oliveira and
# Fernandes, A physiologically-based model for simulation of color vision deficiency, 2009.
EYES = {
    "most": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
}
XYZ = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
WHITE = [0.9505, 1.0, 1.089]


def lab(colour: str, eyes: str) -> "np.typing.NDArray[np.float64]":
    """A colour as these eyes see it, in CIE L*a*b*, where distances are differences."""
    channels = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(EYES[eyes]) @ linear, 0, 1)
    xyz = np.array(XYZ) @ seen / WHITE
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def colours_of_lines(palette: Any) -> list[str]:
    """The colours of lines for a positive and for a negative number, and for 0."""
    model = MLP(3, [1], bias=False)
    for parameter, weight in zip(model.parameters(), (2.0, -2.0, 0.0), strict=True):
        parameter.data = weight
    groups = titled(viz.draw(model, palette=palette).svg)
    return [
        groups[f"layers.0.neurons.0.weights.{place} = {weight}"].get("stroke") or ""
        for place, weight in enumerate((2, -2, 0))
    ]


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("eyes", EYES)
def test_signs_are_far_apart_for_all_eyes(palette: str, eyes: str) -> None:
    positive, negative, _ = colours_of_lines(palette)
    assert np.linalg.norm(lab(positive, eyes) - lab(negative, eyes)) > 50


@pytest.mark.parametrize("palette", PALETTES)
def test_lines_have_the_contrast_that_wcag_asks_of_graphics(palette: str) -> None:
    for colour in colours_of_lines(palette):
        assert 1.05 / (luminance(colour) + 0.05) >= 3, "on white"
