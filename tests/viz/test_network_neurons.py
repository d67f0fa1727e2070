"""What a network shows of single numbers: weights on lines, bright neurons, pixels; Σ and f."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from pictures import SVG, texts

import viz
from autograd_core.explain import fixed
from nn import MLP, Layer, Maxout, Neuron

MAXOUT = Layer(3, 2, activation="maxout", seed=2)


def labels(model: Any, **options: Any) -> list[str]:
    layout = viz.draw(model, **options).layout
    return [line.label.text for line in layout.lines if line.label]


@pytest.mark.parametrize("sizes", [[2, 1], [4, 2], [1], [3]])
def test_weights_stand_on_lines_where_there_is_room(sizes: list[int]) -> None:
    model = MLP(2, sizes, seed=1)
    weights = [fixed(w.data, 2) for layer in model.layers for n in layer.neurons for w in n.weights]
    assert sorted(labels(model)) == sorted(weights)
    assert set(weights) <= set(texts(viz.draw(model).svg))


def test_many_lines_have_no_numbers() -> None:
    assert labels(MLP(8, [8], seed=1)) == []
    assert labels(MLP(2, [2, 1], activation="maxout"))[2:] == []


def test_gradients_stand_on_lines_that_stand_for_gradients() -> None:
    model = MLP(2, [2, 1], seed=1, activation="tanh")
    model([1.0, -2.0]).backward()
    gradients = [
        fixed(w.grad, 2) for layer in model.layers for n in layer.neurons for w in n.weights
    ]
    assert sorted(labels(model, show="gradients")) == sorted(gradients)


def test_the_largest_number_of_a_column_is_the_brightest() -> None:
    model = MLP(2, [5, 1], seed=1, activation="tanh")
    model([1.0, -2.0])
    assert model.activations is not None
    for column, values in zip(viz.draw(model).layout.columns, model.activations, strict=True):
        sizes = [abs(getattr(value, "data", value)) for value in values]
        lights = [circle.light for circle in column.circles]
        assert lights == pytest.approx([size / max(sizes) for size in sizes])
    assert "the brighter, the larger" in viz.draw(model).svg
    before = MLP(2, [5, 1], seed=1)
    assert "brighter" not in viz.draw(before).svg


def test_inputs_that_fill_a_square_are_an_image() -> None:
    model = MLP(64, [3], seed=1)
    assert viz.draw(model).layout.image is None
    model([float(place == 9) for place in range(64)])
    drawing = viz.draw(model)
    box = drawing.layout.image
    assert box is not None and "the inputs as 8 × 8 pixels" in drawing.svg
    pixel = (box.right - box.left) / 8
    (path,) = [
        each.get("d") or ""
        for each in ElementTree.fromstring(drawing.svg).iter(f"{SVG}path")
        if (each.get("d") or "").endswith("z")
    ]
    x, y = map(float, re.findall(r"[\d.]+", path)[:2])
    assert (x, y) == pytest.approx((box.left + pixel, box.top + pixel), abs=0.01)
    for circle in drawing.layout.columns[0].circles:
        assert circle.x - circle.radius > box.right


@pytest.mark.parametrize(
    ("model", "count", "function"),
    [
        (Neuron(3, activation="tanh", seed=1), 1, "tanh"),
        (Layer(3, 4, activation="relu", seed=1), 4, "relu"),
    ],
)
def test_a_neuron_is_the_picture_of_the_textbook(model: Any, count: int, function: str) -> None:
    drawing = viz.draw(model)
    inputs, sums, functions = drawing.layout.columns
    shown = [
        [text.text for circle in column.circles for text in circle.numbers]
        for column in (inputs, sums, functions)
    ]
    assert shown == [["x₁", "x₂", "x₃"], ["Σ"] * count, [function] * count]
    parameters = model.parameters()
    for weight in [each for each in parameters if each.data != 0.0]:
        assert fixed(weight.data, 2) in texts(drawing.svg)
    assert len(drawing.layout.lines) == 3 * count + count
    assert "maxout" not in drawing.svg


@pytest.mark.parametrize(("model", "count"), [(Maxout(3, pieces=2, seed=1), 1), (MAXOUT, 2)])
def test_a_maxout_neuron_is_the_largest_of_its_sums(model: Any, count: int) -> None:
    drawing = viz.draw(model)
    shown = [[t.text for c in col.circles for t in c.numbers] for col in drawing.layout.columns]
    assert shown == [["x₁", "x₂", "x₃"], ["Σ"] * 2 * count, ["max"] * count]
    weights = [fixed(each.data, 2) for each in model.parameters() if each.data != 0.0]
    assert len(weights) == 6 * count and sorted(labels(model)) == sorted(weights)
    assert len(drawing.layout.lines) == 6 * count + 2 * count
    assert ">maxout of layers.0.neurons.0.pieces.1" in drawing.svg


def test_a_single_neuron_can_be_named() -> None:
    drawing = viz.draw(Neuron(2, seed=1), title="A neuron", output_names=["yes"])
    assert {"A neuron", "yes"} <= set(texts(drawing.svg))
