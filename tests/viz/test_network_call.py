"""Numbers of the last call are shown only while they are those of the network as it is."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import LAYERS, circles

import viz
from autograd_core import Value, log, no_grad
from nn import ACTIVATIONS, MLP

CHANGED = "A parameter or an input was changed after the last call"
BEFORE = "The gradients of the parameters are from before the change"


def network(**options: Any) -> MLP:
    return MLP(2, [3, 2], seed=1, **options)


def numbers_of_the_call(model: MLP) -> list[str]:
    """What stands in the circles in green and red."""
    texts = circles(viz.draw(model).svg).values()
    return [
        text for each in texts for colour, text in each.items() if colour in ("#008000", "#d00000")
    ]


def check_stale(model: MLP) -> None:
    assert numbers_of_the_call(model) == []
    assert CHANGED in viz.draw(model).svg


def check_current(model: MLP) -> None:
    assert len(numbers_of_the_call(model)) >= 7
    assert CHANGED not in viz.draw(model).svg


@settings(max_examples=60)
@given(
    st.sampled_from(LAYERS),
    st.sampled_from(LAYERS),
    st.booleans(),
    st.booleans(),
    st.data(),
)
def test_any_parameter_that_matters_is_noticed(
    hidden: str, output: str, gate_by_gate: bool, recorded: bool, data: st.DataObject
) -> None:
    model = network(activation=hidden, output=output, gate_by_gate=gate_by_gate)
    inputs = [1.5, -0.5]
    if recorded:
        model(inputs)
    else:
        with no_grad():
            model(inputs)
    check_current(model)
    parameter = data.draw(st.sampled_from(model.parameters()))
    before = [[getattr(x, "data", x) for x in column] for column in model.activations or ()]
    parameter.data += data.draw(st.sampled_from([1e-9, -0.5, 3.0]))
    fresh = network(activation=hidden, output=output, gate_by_gate=gate_by_gate)
    fresh.load_state_dict(model.state_dict())
    fresh(inputs)
    now = [[getattr(x, "data", x) for x in column] for column in fresh.activations or ()]
    if now != before:
        check_stale(model)
        assert BEFORE not in viz.draw(model).svg
    model(inputs)
    check_current(model)


def test_after_a_step_of_an_optimiser_numbers_are_left_out_until_the_next_call() -> None:
    model = network()
    model([1.0, 2.0])[0].backward()
    check_current(model)
    for parameter in model.parameters():
        parameter.data -= 0.1 * parameter.grad
    check_stale(model)
    assert BEFORE in viz.draw(model).svg
    model.zero_grad()
    assert BEFORE not in viz.draw(model).svg
    model([1.0, 2.0])
    check_current(model)


def test_a_change_that_concerns_gradients_alone_is_noticed() -> None:
    """The weight behind a dead neuron takes no part in the output, but δ is computed with it."""
    model = MLP(1, [1, 1], seed=1)
    before, _, behind, _ = model.parameters()
    before.data = -1.0
    model([Value(2.0)]).backward()
    assert "#d00000" in viz.draw(model).svg
    behind.data += 1.0
    assert numbers_of_the_call(model) == []
    assert CHANGED in viz.draw(model).svg
    assert model([2.0]).data == 0.0, "all activations are as they were"


def test_a_parameter_that_was_replaced_is_noticed() -> None:
    model = network()
    model([1.0, 2.0])
    model.layers[1].neurons[0].weights[0] = Value(0.5)
    model.layers[0].neurons[0].weights[0] = Value(0.5)
    check_stale(model)


def test_an_input_that_was_changed_is_noticed() -> None:
    model = network()
    x = Value(1.0)
    model([x, 2.0])
    x.data = 1.5
    check_stale(model)


def test_loading_other_parameters_is_noticed() -> None:
    model = network()
    model([1.0, 2.0])
    model.load_state_dict(MLP(2, [3, 2], seed=2).state_dict())
    check_stale(model)


def test_a_layer_that_was_added_or_widened_is_noticed() -> None:
    model = network()
    model([1.0, 2.0])
    model.layers.append(MLP(2, [2], seed=3).layers[0])
    check_stale(model)
    model = network()
    model([1.0, 2.0])
    model.layers[1].neurons.pop()
    assert numbers_of_the_call(model) == []


def test_a_change_that_was_taken_back_leaves_the_numbers_true() -> None:
    model = network()
    model([1.0, 2.0])[0].backward()
    parameter = model.parameters()[0]
    number = parameter.data
    parameter.data = 7.0
    check_stale(model)
    parameter.data = number
    check_current(model)


def test_a_network_that_now_fails_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ACTIVATIONS, "log", log)
    model = network(output="log")
    for parameter in model.parameters():
        parameter.data = 1.0
    model([1.0, 2.0])
    check_current(model)
    model.layers[1].neurons[0].bias.data = -100.0
    check_stale(model)


def test_numbers_that_are_none_are_current_too() -> None:
    model = network()
    model([math.nan, 2.0])
    check_current(model)


def test_gradients_of_several_passes_are_the_engines() -> None:
    """Leaves add up what every pass brings, and the picture says what they hold."""
    model = network()
    x = Value(1.0)
    output = model([x, 2.0])[0]
    output.backward()
    output.backward()
    assert circles(viz.draw(model).svg)["input 0"]["#d00000"] == f"{x.grad:.2f}"


def test_a_call_within_no_grad_has_no_gradients_to_show() -> None:
    model = network()
    with no_grad():
        model([1.0, 2.0])
    svg = viz.draw(model).svg
    assert "#008000" in svg and "#d00000" not in svg


@pytest.mark.parametrize("show", ["weights", "gradients"])
def test_lines_are_those_of_the_network_as_it_is(show: Any) -> None:
    model = network()
    model([1.0, 2.0])[0].backward()
    parameter = model.parameters()[0]
    parameter.data, parameter.grad = 0.625, -0.375
    title = "<title>layers.0.neurons.0.weights.0 = 0.625, gradient -0.375</title>"
    assert title in viz.draw(model, show=show).svg
