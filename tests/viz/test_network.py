"""`draw(model)`: the numbers of the engine, never stale ones; options, errors, files, notebooks."""

import math
import re
from itertools import pairwise, product
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import circles, example, lines, models, titled
from pictures import SVG, images
from processes import written_in_two_processes

import viz
from autograd_core import Value, no_grad
from autograd_core.explain import fixed
from nn import MLP, Neuron
from viz import draw
from viz.network.scene import read_network


def shown(size: int) -> list[int]:
    """Which neurons of a column are shown."""
    return list(range(size)) if size <= 16 else [*range(6), *range(size - 5, size)]


def test_the_numbers_are_those_of_the_matrix_form() -> None:
    """Forward and backward as the lecture writes them: a = f(W x + b), δ = Wᵀδ ⊙ f′(z)."""
    model = example()
    parameters = {name: value.data for name, value in model.named_parameters().items()}

    def layer(index: int, neurons: int, inputs: int) -> tuple[Any, Any]:
        names = [f"layers.{index}.neurons.{place}" for place in range(neurons)]
        rows = [[parameters[f"{name}.weights.{n}"] for n in range(inputs)] for name in names]
        return np.array(rows), np.array([parameters[f"{name}.bias"] for name in names])

    first, second = layer(0, 3, 2), layer(1, 2, 3)
    x = np.array([1.5, -0.5])
    hidden = np.tanh(first[0] @ x + first[1])
    output = 1 / (1 + np.exp(-(second[0] @ hidden + second[1])))
    upstream = np.array([1.0, 2.0])
    delta = upstream * output * (1 - output)
    hidden_gradient = second[0].T @ delta
    input_gradient = first[0].T @ (hidden_gradient * (1 - hidden**2))
    texts = circles(viz.draw(model).svg)
    for place in range(2):
        assert texts[f"input {place}"]["#008000"] == f"{x[place]:.2f}"
        assert texts[f"input {place}"]["#d00000"] == f"{input_gradient[place]:.2f}"
        found = texts[f"layers.1.neurons.{place}"]
        assert found["#008000"] == f"{output[place]:.2f}"
        assert found["#d00000"] == f"{upstream[place]:.2f}"
    for place in range(3):
        found = texts[f"layers.0.neurons.{place}"]
        assert found["#008000"] == f"{hidden[place]:.2f}"
        assert found["#d00000"] == f"{hidden_gradient[place]:.2f}"
    assert texts["layers.0.neurons.0"]["#595959"] == "+0.12"


@settings(max_examples=60)
@given(models(), st.sampled_from(["weights", "gradients"]))
def test_every_number_of_every_network_is_the_engines(model: MLP, show: Any) -> None:
    svg = viz.draw(model, show=show, decimals=3).svg
    parameters = model.named_parameters()
    sizes = [len(next(iter(_sums(model.layers[0]))).weights)]
    sizes += [len(layer.neurons) for layer in model.layers]
    columns = [[f"input {place}" for place in shown(sizes[0])]]
    for index, size in enumerate(sizes[1:]):
        columns.append([f"layers.{index}.neurons.{place}" for place in shown(size)])
    texts = circles(svg)
    assert list(texts) == [name for column in columns for name in column]
    call = model.activations
    ran = call is not None and any(getattr(x, "grad", 0.0) for column in call for x in column)
    for column, names in enumerate(columns):
        for name, place in zip(names, shown(sizes[column]), strict=True):
            expected = {}
            if call is not None:
                x = call[column][place]
                data = x.data if isinstance(x, Value) else x
                expected["#008000"] = fixed(data, 3)
                if ran and isinstance(x, Value):
                    expected["#d00000"] = fixed(x.grad, 3)
            bias = parameters.get(f"{name}.bias")
            if bias is not None:
                number = fixed(bias.data, 3)
                expected["#595959"] = number if number.startswith("-") else f"+{number}"
            labels = texts[name].pop("#000000", "x")
            assert texts[name] == expected and labels == "x"
    found = lines(svg)
    assert len(found) == sum(len(left) * len(right) for left, right in pairwise(columns))
    for sentence in found:
        for part in sentence.split("; "):
            match = re.fullmatch(r"(\S+) = (\S+?)(?:, gradient (\S+))?", part)
            assert match is not None
            parameter = parameters[match[1]]
            assert float(match[2]) == pytest.approx(parameter.data, rel=1e-5)
            assert float(match[3] or 0) == pytest.approx(parameter.grad, rel=1e-5)


def _sums(layer: Any) -> Any:
    for neuron in layer.neurons:
        yield from getattr(neuron, "pieces", [neuron])


@settings(max_examples=40)
@given(models(), st.sampled_from(["weights", "gradients"]))
def test_colour_is_the_sign_and_width_the_size(model: MLP, show: Any) -> None:
    svg = viz.draw(model, show=show).svg
    parameters = model.named_parameters()
    colours = {title: group.get("stroke") for title, group in titled(svg).items()}
    numbers, widths = [], []
    for sentence, path in lines(svg).items():
        if ".pieces." in sentence:
            assert colours[sentence] == "#595959" and path.get("stroke-width") == "0.8"
            continue
        parameter = parameters[sentence.split(" = ")[0]]
        number = parameter.data if show == "weights" else parameter.grad
        sign = (number > 0) - (number < 0)
        assert colours[sentence] == {1: "#1f77b4", -1: "#e8710a", 0: "#595959"}[sign]
        numbers.append(abs(number))
        widths.append(float(path.get("stroke-width") or 0))
    largest = max(numbers, default=0.0)
    if largest > 0:
        assert f"width: size, at most {largest:.4g}" in svg
        widest = max(widths)
        assert 2.5 <= widest <= 5
        for number, width in zip(numbers, widths, strict=True):
            assert width == pytest.approx(max(widest * number / largest, 0.35), abs=0.011)
    assert widths == sorted(widths), "wide lines lie on top"


def test_before_the_first_call_there_are_weights_alone() -> None:
    svg = viz.draw(MLP(2, [2, 1], seed=1)).svg
    assert "#008000" not in svg and "#d00000" not in svg and "last call" not in svg
    assert len(lines(svg)) == 6


def test_before_backward_there_are_no_gradients() -> None:
    model = MLP(2, [2, 1], seed=1)
    output = model([1.0, 2.0])
    svg = viz.draw(model).svg
    assert "#008000" in svg and "#d00000" not in svg and ", gradient" not in svg
    assert "All gradients are 0" in viz.draw(model, show="gradients").svg
    output.backward()
    assert "#d00000" in viz.draw(model).svg
    assert "All gradients are 0" not in viz.draw(model, show="gradients").svg


def test_inputs_that_are_plain_numbers_have_no_gradient() -> None:
    model = MLP(2, [1], seed=1)
    x = Value(2.0)
    model([1.0, x]).backward()
    texts = circles(viz.draw(model).svg)
    assert texts["input 0"] == {"#008000": "1.00"}
    assert texts["input 1"] == {"#008000": "2.00", "#d00000": f"{x.grad:.2f}"}


def test_a_drawing_keeps_the_numbers_of_its_moment() -> None:
    model = example()
    drawing = viz.draw(model)
    expected = viz.draw(model).svg
    for parameter in model.parameters():
        parameter.data += 1.0
        parameter.grad = 0.0
    model([0.0, 0.0])
    assert drawing.svg == expected


def test_drawing_changes_nothing() -> None:
    model = example()
    call = model.activations
    before = [(p.data, p.grad, p.label) for p in model.parameters()]
    viz.draw(model, show="gradients", input_names=["a", "b"], output_names=["c", "d"]).svg.encode()
    assert model.activations is call
    assert [(p.data, p.grad, p.label) for p in model.parameters()] == before


def test_names_are_shown_or_else_the_labels_of_the_last_call() -> None:
    model = MLP(2, [2, 1], seed=1)
    output = model([Value(1.0, "height"), 2.0])
    output.label = "price"
    svg = viz.draw(model).svg
    assert ">height</text>" in svg and ">price</text>" in svg
    svg = viz.draw(model, input_names=["h", "w"], output_names=["p"]).svg
    for name in "hwp":
        assert f">{name}</text>" in svg
    assert ">height<" not in svg and ">price<" not in svg
    assert "<title>input 0, h: 1</title>" in svg


def test_a_long_column_says_how_many_are_left_out() -> None:
    model = MLP(784, [16, 17, 10], seed=1)
    svg = viz.draw(model, input_names=[f"x{place}" for place in range(784)]).svg
    assert ">773 more</text>" in svg and ">6 more</text>" in svg
    assert svg.count(" more</text>") == 2
    assert ">x5</text>" in svg and ">x779</text>" in svg
    assert ">x6</text>" not in svg and ">x778</text>" not in svg
    assert "773 more, 6 to 778, are not shown" in svg


def test_a_large_network_is_a_small_file() -> None:
    assert len(viz.draw(MLP(784, [128, 10], seed=1)).svg) < 80_000


def test_headings_tell_the_layers_apart() -> None:
    root = ElementTree.fromstring(viz.draw(MLP(3, [4, 5, 2], output="softmax")).svg)
    texts = [text.text for text in root.iter(f"{SVG}text")]
    for text in ("input", "3", "hidden 1", "4 × relu", "hidden 2", "5 × relu", "output"):
        assert texts.count(text) == 1
    assert "2 × softmax" in texts
    assert (
        "hidden" in viz.draw(MLP(3, [4, 2])).svg and "hidden 1" not in viz.draw(MLP(3, [4, 2])).svg
    )


def test_numbers_that_are_none_or_infinite_are_drawn() -> None:
    model = MLP(2, [2, 1], seed=1)
    first, second, bias, *_ = model.parameters()
    first.data, second.data, bias.data = math.nan, -math.inf, math.nan
    model([1.0, 1.0])
    svg = viz.draw(model).svg
    paths = lines(svg)
    assert paths["layers.0.neurons.0.weights.0 = nan"].get("stroke-dasharray")
    assert paths["layers.0.neurons.0.weights.1 = -inf"].get("stroke-width") == "5"
    assert "at most inf" in svg and "not a number" in svg
    assert circles(svg)["layers.0.neurons.0"]["#595959"] == "nan"
    assert circles(svg)["layers.1.neurons.0"]["#008000"] == "nan"


def test_weights_of_zero_have_no_sign() -> None:
    model = MLP(1, [1])
    model.load_state_dict(dict.fromkeys(model.state_dict(), 0.0))
    svg = viz.draw(model).svg
    assert ">weight 0</text>" in svg and "positive" not in svg and "at most" not in svg


def test_options_have_an_effect() -> None:
    model = example()
    assert ">A net</text>" in viz.draw(model, title="A net").svg
    assert circles(viz.draw(model, decimals=4).svg)["input 0"]["#008000"] == "1.5000"
    colorblind = viz.draw(model, palette="colorblind")
    for colour in ("#0072b2", "#b35000", "#762a83", "#4d9f55"):
        assert colour in colorblind.svg
    assert viz.draw(model, show="gradients").svg != viz.draw(model).svg


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"palette": "x"}, ValueError, "no palette 'x'"),
        ({"show": "biases"}, ValueError, "'weights' or 'gradients', not 'biases'"),
        ({"decimals": -1}, ValueError, "not -1"),
        ({"input_names": ["a"]}, ValueError, "input_names has 1 name, but .* 2 inputs"),
        ({"output_names": list("abc")}, ValueError, "output_names has 3 names, but .* 1 output$"),
        ({"input_names": "ab"}, TypeError, r"a list of names, \['a', 'b'\], not 'ab'"),
        ({"input_names": 2}, TypeError, "not 2"),
        ({"output_names": [0]}, TypeError, "and 0 is none"),
        ({"branches": True}, TypeError, r"network takes no option 'branches': .* for a circuit"),
        ({"limit": 3}, TypeError, "a network takes decimals, palette, title, show, input_names"),
        ({"colour": 3}, TypeError, "no option 'colour': there is none"),
    ],
)
def test_wrong_options_are_explained(
    options: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        viz.draw(MLP(2, [1]), **options)


def test_options_of_networks_are_none_of_circuits() -> None:
    value: Any = Value(2.0) * 3
    with pytest.raises(TypeError, match=r"a circuit takes no option 'show': .* for a network"):
        viz.draw(value, show="weights")


@pytest.mark.parametrize("wrong", [{"w": 1.0}, 3.0, MLP])
def test_what_is_neither_value_nor_model_is_explained(wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"takes a Value.* got .*an nn\.MLP or .*_network_"):
        viz.draw(wrong)


def test_models_show_themselves_in_notebooks() -> None:
    model: Any = example()
    drawing = viz.draw(model)
    assert model._repr_mimebundle_() == {
        "text/plain": repr(model),
        "image/svg+xml": drawing.svg,
        "text/html": drawing._repr_html_(),
    }
    ((words, svg),) = images(drawing._repr_html_())
    assert svg == drawing.svg == drawing._repr_svg_()
    assert words.startswith("MLP(2, [3, 2]). input, 2 inputs: ")
    model.layers.clear()
    assert list(model._repr_mimebundle_()) == ["text/plain"]


def test_its_repr_says_what_it_is() -> None:
    assert repr(viz.draw(MLP(2, [3, 1]))) == (
        "<NetworkDrawing of MLP(2, [3, 1]), weights; .save('network.svg') writes it>"
    )


def test_saving(tmp_path: Path) -> None:
    drawing = viz.draw(example(), title="<a> & b")
    assert isinstance(drawing, viz.NetworkDrawing)
    for name, content in {
        "a.svg": drawing.svg,
        "A.SVG": drawing.svg,
        "a.html": drawing.html,
        "a.htm": drawing.html,
    }.items():
        drawing.save(tmp_path / name)
        assert (tmp_path / name).read_text("utf-8") == content
    assert "<title>&lt;a&gt; &amp; b</title>" in drawing.html and drawing.svg in drawing.html


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (name, rf"the ending '\{name[1:]}'; a network is saved as .*\.png or \.pdf$")
        for name in ("a.dot", "a.gv", "a.tex", "a.jpg")
    ]
    + [("a", "no ending; ")],
)
def test_an_ending_that_networks_do_not_have_is_explained(
    tmp_path: Path, name: str, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        viz.draw(example()).save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_network_is_no_graph_for_graphviz() -> None:
    drawing: Any = viz.draw(example())
    with pytest.raises(AttributeError, match=r"has \.svg, .*'network\.pdf'.*value\)\.dot$"):
        drawing.dot  # noqa: B018
    assert "dot" not in dir(drawing) and not hasattr(drawing, "dot")
    with pytest.raises(AttributeError, match="has no attribute 'tikz'"):
        drawing.tikz  # noqa: B018


def test_a_network_drawn_without_recording_is_the_same() -> None:
    model = example()
    with no_grad():
        svg = viz.draw(model).svg
    assert svg == viz.draw(model).svg


PROGRAM = """
import sys
from autograd_core import Value
from nn import MLP, Neuron
from viz import draw
from viz.network.scene import read_network
import viz
model = MLP(20, [3, 2], activation="tanh", output="softmax", seed=3)
model([Value(n / 7, f"x{n}") for n in range(20)])[1].backward()
drawings = [viz.draw(model), viz.draw(model, show="gradients", palette="colorblind", title="σ")]
text = "".join(drawing.svg for drawing in drawings)
sys.stdout.buffer.write(text.encode())
"""


def test_two_processes_write_the_same_bytes() -> None:
    first, second = written_in_two_processes(PROGRAM)
    assert first == second
    assert first.startswith(b"<svg")


def test_the_paths_of_one_value_are_lit() -> None:
    model = MLP(2, [2, 3, 2], activation="tanh", seed=1)
    x = [Value(1.0), Value(0.5)]
    model(x)
    first, second, last = model.layers
    through = first.neurons[0].weights[1]
    network = read_network(model, through=through)
    coloured = {(n.column, n.source, n.target) for n in network.lines if n.kind != "plain"}
    onward = {(2, 0, target) for target in range(3)} | set(product([3], range(3), range(2)))
    assert coloured == {(1, 1, 0)} | onward
    assert [[c.light for c in column.circles] for column in network.columns] == [
        [0.0, 0.0],
        [1.0, 0.0],
        [1.0] * 3,
        [1.0] * 2,
    ]
    assert f"all paths from {through.label} to the outputs" in draw(model, through=through).svg

    def of(value: Value) -> int:
        return sum(line.kind != "plain" for line in read_network(model, through=value).lines)

    assert (of(x[0]), of(last.neurons[1].weights[2])) == (2 + 6 + 6, 1)
    bias = second.neurons[0].bias
    assert bias is not None and of(bias) == 2
    with pytest.raises(ValueError, match="through takes a parameter"):
        draw(model, through=Value(1.0))
    neuron = Neuron(2, seed=1)
    one = read_network(neuron, through=neuron.weights[0])
    assert [line.kind == "plain" for line in one.lines] == [False, True, True]
    assert [c.light for column in one.columns for c in column.circles] == [0.0, 0.0, 1.0, 1.0]
