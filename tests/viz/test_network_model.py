"""A model that is none of `nn` is drawn by what its method `_network_` says."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import circles, lines, models
from plotted import CORNERS, new_axes, numbers_of, pixel_centres
from sklearn.neural_network import MLPRegressor

import nn
import viz
from autograd_core import Value, dot, relu, tanh
from viz import plots


class Perceptrons:
    """Layers of one's own: lists of values, without a class of `nn`."""

    def __init__(self, layers: list[tuple[list[list[float]], list[float], str]]) -> None:
        self.rows = [[[Value(w) for w in row] for row in rows] for rows, _, _ in layers]
        self.biases = [[Value(b) for b in biases] for _, biases, _ in layers]
        self.activations = [activation for _, _, activation in layers]
        self.last: list[list[Any]] | None = None

    def layer(self, place: int, inputs: Any) -> list[Value]:
        functions: dict[str, Any] = {"tanh": tanh, "relu": relu, "identity": lambda z: z}
        function = functions[self.activations[place]]
        pairs = zip(self.rows[place], self.biases[place], strict=True)
        return [function(dot(row, inputs) + bias) for row, bias in pairs]

    def __call__(self, inputs: Any) -> Any:
        self.last = [list(inputs)]
        for place in range(len(self.rows)):
            self.last.append(self.layer(place, self.last[-1]))
        return self.last[-1][0] if len(self.last[-1]) == 1 else self.last[-1]

    def _network_(self) -> dict[str, Any]:
        layers = [
            {
                "weights": self.rows[place],
                "biases": self.biases[place],
                "activation": activation,
                "function": lambda inputs, place=place: self.layer(place, inputs),
            }
            for place, activation in enumerate(self.activations)
        ]
        return {"layers": layers, "activations": self.last}


class Plain:
    """Says what it is given."""

    def __init__(self, network: Any) -> None:
        self.network = network

    def _network_(self) -> Any:
        return self.network


def both() -> tuple[nn.MLP, Perceptrons]:
    """The same network twice: of `nn`, and of one's own."""
    model = nn.MLP(2, [3, 1], activation="tanh", seed=1)
    layers = []
    for layer in model.layers:
        neurons: Any = layer.neurons
        for place, neuron in enumerate(neurons):
            neuron.bias.data = 0.25 * place - 0.125
        rows = [[weight.data for weight in neuron.weights] for neuron in neurons]
        layers.append((rows, [neuron.bias.data for neuron in neurons], layer.activation))
    return model, Perceptrons(layers)


def same(one: str, other: str) -> bool:
    return one.replace("MLP(", "(") == other.replace("Perceptrons(", "(")


@pytest.mark.parametrize("show", ["weights", "gradients"])
def test_a_class_of_ones_own_is_drawn_as_nn_is(show: Any) -> None:
    model, own = both()
    for passes in range(3):
        for each in (model, own):
            if passes > 0:
                output = each([Value(1.5, "height"), -0.5])
            if passes > 1:
                output.backward()
        one, other = viz.draw(model, show=show), viz.draw(own, show=show)
        assert isinstance(other, viz.NetworkDrawing)
        assert same(one.svg, other.svg) and same(one.html, other.html)
    assert "#d00000" in other.svg and ">height</text>" in other.svg


def test_it_is_noticed_that_it_has_changed() -> None:
    model, own = both()
    for each, parameter in ((model, model.parameters()[0]), (own, own.rows[0][0][0])):
        each([1.5, -0.5])
        parameter.data += 0.5
    assert same(viz.draw(model).svg, viz.draw(own).svg)
    assert "was changed after the last call" in viz.draw(own).svg


def test_plots_take_it() -> None:
    model, own = both()
    for one, other in zip(
        plots.neuron_heatmaps(model, ax=new_axes(), resolution=4).ravel(),
        plots.neuron_heatmaps(own, ax=new_axes(), resolution=4).ravel(),
        strict=True,
    ):
        assert one.get_visible() == other.get_visible()
        assert one.get_ylabel() == other.get_ylabel()
        if one.images:
            assert np.array_equal(numbers_of(one.images[0]), numbers_of(other.images[0]))
    one, other = (plots.weight_images(each, (1, 2), new_axes()) for each in (model, own))
    assert np.array_equal(numbers_of(one.images[0]), numbers_of(other.images[0]), equal_nan=True)
    one, other = (
        plots.decision_boundary(each, CORNERS, [0, 1, 1, 0], new_axes(), resolution=4)
        for each in (model, own)
    )
    assert np.array_equal(numbers_of(one.images[0]), numbers_of(other.images[0]))
    three = Perceptrons([([[1.0, 2.0, 3.0]], [0.0], "tanh")])
    with pytest.raises(ValueError, match="two inputs; it has 3 inputs"):
        plots.decision_boundary(three, CORNERS, [0, 1, 1, 0])
    with pytest.raises(ValueError, match="two inputs; it has 3 inputs"):
        plots.neuron_heatmaps(three)


def test_a_model_with_parameters_is_left_as_it_was() -> None:
    class Wrapped(nn.Module):
        def __init__(self) -> None:
            self.model = nn.MLP(2, [1], seed=1)

        def __call__(self, point: Any) -> Value:
            return 2.0 * self.model(point)

    wrapped = Wrapped()
    wrapped([1.0, 2.0])
    kept = wrapped.model.activations
    plots.decision_boundary(wrapped, CORNERS, [0, 1, 1, 0], new_axes(), resolution=3)
    assert wrapped.model.activations is kept


@pytest.mark.parametrize(("name", "threshold"), [("sigmoid", 0.5), ("logistic", 0.5), ("tanh", 0)])
def test_the_boundary_lies_in_the_middle_of_what_the_output_may_be(
    name: str, threshold: float
) -> None:
    class Half(Plain):
        def __call__(self, point: Any) -> Any:
            return 0.5 + point[0]

    model = Half({"layers": [{"weights": [[1.0, 0.0]], "activation": name}]})
    ax = plots.decision_boundary(model, CORNERS, [0, 0, 1, 1], new_axes(), resolution=3)
    assert np.mean(ax.images[0].get_clim()) == pytest.approx(threshold)


def test_a_model_of_another_library() -> None:
    """scikit-learn's network, in plain numbers: its own outputs stand in the maps."""
    rng = np.random.default_rng(1)
    points = rng.uniform(-1, 1, (40, 2))
    learnt = MLPRegressor(hidden_layer_sizes=(3,), activation="tanh", random_state=1)
    learnt.partial_fit(points, np.sin(points[:, 0]) + points[:, 1])

    def layer(place: int, activation: Any) -> dict[str, Any]:
        weights, biases = learnt.coefs_[place].T, learnt.intercepts_[place]
        return {
            "weights": weights,
            "biases": biases,
            "activation": activation.__name__,
            "function": lambda inputs: activation(weights @ inputs + biases),
        }

    def identity(z: Any) -> Any:
        return z

    model = Plain({"layers": [layer(0, np.tanh), layer(1, identity)]})
    maps = plots.neuron_heatmaps(model, ax=new_axes(), resolution=5, xlim=(-1, 1), ylim=(-1, 1))
    image = maps[1, 0].images[0]
    assert numbers_of(image) == pytest.approx(learnt.predict(pixel_centres(image)))
    svg = viz.draw(model).svg
    for row, column in np.ndindex(3, 2):
        expected = f"layers.0.neurons.{row}.weights.{column} = {learnt.coefs_[0][column, row]:g}"
        assert expected in lines(svg)
    for place, bias in enumerate(learnt.intercepts_[0]):
        assert circles(svg)[f"layers.0.neurons.{place}"]["#595959"] == f"{bias:+.2f}"


def test_activations_without_a_function_are_shown_as_they_are() -> None:
    layer = {"weights": np.array([[2, -1]]), "activation": "identity"}
    svg = viz.draw(Plain({"layers": [layer], "activations": [(3, 4), np.array([2.5])]})).svg
    texts = circles(svg)
    assert texts["input 0"]["#008000"] == "3.00" and texts["input 1"]["#008000"] == "4.00"
    assert texts["layers.0.neurons.0"]["#008000"] == "2.50"
    for call in ([[3, 4, 5], [2.5]], [[3, 4], []], [[3, 4]], []):
        svg = viz.draw(Plain({"layers": [layer], "activations": call})).svg
        assert "was changed after the last call" in svg


@settings(max_examples=40, deadline=None)
@given(models())
def test_all_that_a_picture_shows_of_nn_is_plain_data(model: nn.MLP) -> None:
    """Maxout, neurons without a bias, long columns: a copy of the data gives the same picture."""
    copy = [dict(layer._network_()["layers"][0]) for layer in model.layers]
    again = Plain({"layers": copy, "activations": model.activations})
    assert viz.draw(again).svg == viz.draw(model).svg.replace("MLP(", "Plain(")


def test_models_are_made_of_models() -> None:
    hidden, output = nn.Layer(2, 3, activation="tanh", seed=1), nn.Layer(3, 1, seed=2)
    whole = nn.MLP(2, [3, 1], activation="tanh", output="relu")
    whole.layers = [hidden, output]
    parts: Any = [[hidden, output], [Plain({"layers": [hidden]}), output], [whole]]
    pictures = {viz.draw(Plain({"layers": layers})).svg for layers in parts}
    assert pictures == {viz.draw(whole).svg.replace("MLP(", "Plain(")}
    assert repr(viz.draw(hidden)).startswith("<NetworkDrawing of Layer(2, [3])")


@settings(max_examples=30, deadline=None)
@given(st.sampled_from([math.nan, math.inf, -math.inf, 0.0]))
def test_any_number_is_drawn(number: float) -> None:
    layer = {"weights": [[number]], "biases": [number], "activation": "<&>"}
    svg = viz.draw(Plain({"layers": [layer], "activations": [[number], [number]]})).svg
    assert f"layers.0.neurons.0.weights.0 = {number:g}" in lines(svg)
    assert "1 × &lt;&amp;&gt;" in svg


GOOD = {"weights": [[1.0, 2.0]], "activation": "tanh"}


def layer(**changes: Any) -> dict[str, Any]:
    return {"layers": [{**GOOD, **changes}]}


def with_call(columns: Any, function: Any = None) -> dict[str, Any]:
    return {**layer(function=function), "activations": columns}


def returning(answer: Any) -> dict[str, Any]:
    return with_call([[1.0, 2.0], [3.0]], lambda inputs: answer)


def maxout(biases: Any) -> dict[str, Any]:
    return layer(weights=[[[1.0], [2.0]]], biases=biases)


@pytest.mark.parametrize(
    ("network", "error", "words"),
    [
        (None, TypeError, r"Plain\._network_\(\) is a mapping with 'layers', not None"),
        ({}, ValueError, r"Plain\._network_\(\) lacks 'layers'"),
        ({"layers": [], "call": 1}, ValueError, "has 'call'; known are 'activations', 'layers'"),
        ({"layers": []}, ValueError, "Plain has no layers"),
        ({"layers": [3]}, TypeError, r"layers\.0 is a mapping with 'activation', 'weights', not 3"),
        ({"layers": [GOOD, {}]}, ValueError, r"layers\.1 lacks 'activation', 'weights'"),
        (layer(bias=1), ValueError, r"layers\.0 has 'bias'; known are "),
        (layer(biases=[]), ValueError, "1 neurons, but 0 biases"),
        (layer(weights=[]), ValueError, r"layers\.0 has no neurons"),
        (layer(weights=[[]]), ValueError, "at least one, not 0"),
        (layer(weights=[[1], [1, 2]]), ValueError, "not 1 and 2"),
        (layer(activation=tanh), TypeError, "has as activation a name, not"),
        ({"layers": None}, TypeError, "'layers' is a list of layers, not None"),
        ({"layers": GOOD}, TypeError, "'layers' is a list of layers, not {'weights'"),
        (layer(weights=None), TypeError, r"'weights' of layers\.0 is a list with "),
        (layer(weights=np.array(3.0)), TypeError, r"a list .*, not array\(3"),
        (layer(weights=[1.0]), TypeError, r"neurons\.0\.weights is a list .*1"),
        (layer(weights=np.ones(2)), TypeError, r"neurons\.0\.weights is a list"),
        (layer(weights=["ab"]), TypeError, "weights is a list .*, not 'ab'"),
        (layer(weights=[[1, None]]), TypeError, r"\.weights\.1 is a value .*None"),
        (layer(weights=[["a"]]), TypeError, r"weights\.0 is a value .*not 'a'"),
        (layer(weights=[[1j]]), TypeError, r"weights\.0 is a value .*, not 1j"),
        (layer(weights=[[[1.0], 2.0]]), TypeError, r"pieces\.1\.weights is a list"),
        (layer(weights=[[1.0, [2.0]]]), TypeError, r"0\.weights\.1 is a value"),
        (layer(weights=[[[[1.0]]]]), TypeError, r"pieces\.0\.weights\.0 is a value"),
        (layer(biases=0.5), TypeError, r"'biases' of layers\.0 is a list .*0\.5"),
        (layer(biases=["b"]), TypeError, r"neurons\.0\.bias is a value .*'b'"),
        (layer(biases=[[1]]), TypeError, r"neurons\.0\.bias is a value .*\[1\]"),
        (maxout([0.5]), TypeError, r"neurons\.0\.bias is a list with one for each piece .*0\.5"),
        (maxout([[0.5]]), ValueError, r"neurons\.0 has 2 pieces, but 1 biases"),
        (with_call(None, 3), TypeError, r"layers\.0 has as function something to call, not 3"),
        (with_call(3), TypeError, "'activations' is a list with .* for each layer, not 3"),
        (with_call([1.0, 2.0, 3.0]), TypeError, r"activations\.0 is a list of numbers, not 1\.0"),
        (
            with_call([[1, 2], Value(3)]),
            TypeError,
            r"activations\.1 is a list of numbers, not Value",
        ),
        (with_call([["a", "b"], [1]]), TypeError, r"activations\.0\.0 is a value .*, not 'a'"),
        (with_call([np.ones((5, 2)), [1]]), TypeError, r"activations\.0\.0 is a value .*not array"),
        (returning(None), TypeError, r"output 0 of the function of layers\.0 is a .*not None"),
        (returning("a"), TypeError, r"output 0 of the function of layers\.0 is a .*not 'a'"),
        (returning([1, 2]), ValueError, "1 neurons, but its function returns 2 outputs"),
        ({"layers": [GOOD, GOOD]}, ValueError, r"layers\.1 takes 2 inputs, but layers\.0 has 1"),
    ],
)
def test_what_is_no_network_is_explained(network: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        viz.draw(Plain(network))


def test_a_model_that_has_itself_among_its_layers_is_refused() -> None:
    model = Plain({"layers": [GOOD]})
    twice = {"layers": [{**GOOD, "weights": [[1.0]]}]}
    assert viz.draw(Plain({"layers": [model, Plain(twice), Plain(twice)]})).svg
    model.network["layers"] = [Plain({"layers": [model]})]
    with pytest.raises(ValueError, match="Plain has itself among its layers"):
        viz.draw(model)


@pytest.mark.parametrize("listed", [tuple, iter, np.array], ids=["tuple", "iterator", "array"])
def test_lists_of_every_kind_are_read(listed: Any) -> None:
    layer = {"weights": listed([listed([1.0, 2.0])]), "biases": listed([0.5]), "activation": "tanh"}
    layer["function"] = lambda inputs: np.array(2.5)  # the only output, as NumPy may give it
    model = Plain({"layers": listed([layer]), "activations": iter([listed([1.0, 2.0]), [2.5]])})
    plain = Plain(with_call([[1.0, 2.0], [2.5]]))
    plain.network["layers"][0]["biases"] = [0.5]
    assert viz.draw(model).svg == viz.draw(plain).svg


def test_a_map_of_neurons_takes_one_number_for_each_neuron() -> None:
    layer = {**GOOD, "function": lambda inputs: [1.0, 2.0]}
    with pytest.raises(ValueError, match="1 neurons, but its function returns 2 outputs"):
        plots.neuron_heatmaps(Plain({"layers": [layer]}), resolution=2)


def test_a_map_of_neurons_needs_the_functions_of_layers() -> None:
    with pytest.raises(ValueError, match=r"needs the 'function' of layers\.0"):
        plots.neuron_heatmaps(Plain({"layers": [GOOD]}))
