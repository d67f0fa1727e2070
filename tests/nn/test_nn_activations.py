import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf
from oracles.activations import PRINTED, SMALL, close, numbers

from autograd_core import GATES, Value, gate, total
from nn import ACTIVATIONS, MLP, Layer, Neuron, identity, logistic, softmax, softmax_without_first

rows = st.lists(st.floats(-300.0, 300.0), min_size=1, max_size=5)


@pytest.mark.parametrize("name", PRINTED)
@settings(max_examples=60)
@given(z=numbers)
def test_activations_and_their_slopes(name: Any, z: Any) -> None:
    function, slope = PRINTED[name]
    neuron = Neuron(1, activation=name)
    neuron.load_state_dict({"weights.0": 1.0, "bias": z})
    out = neuron([0.0])
    out.backward()
    with mp.workdps(700):
        assert close(out.data, function(mpf(z)))
        assert close(neuron.bias.grad, slope(mpf(z)))


def test_there_is_a_printed_formula_for_every_activation() -> None:
    assert set(PRINTED) == set(ACTIVATIONS)


def test_a_step_lets_nothing_learn() -> None:
    neuron = Neuron(2, activation="step", seed=1)
    out = neuron([1.0, -2.0])
    out.backward()
    assert out.data in (0.0, 1.0)
    assert [p.grad for p in neuron.parameters()] == [0.0, 0.0, 0.0]


def test_identity_leaves_no_gate() -> None:
    z = Value(2.0)
    assert identity(z) is z


def test_logistic_is_the_gate_sigmoid() -> None:
    assert logistic(Value(0.5)).gate is GATES["sigmoid"]


@settings(max_examples=100)
@given(logits=rows, place=st.integers(0, 4))
def test_softmax_and_its_jacobian(logits: list[float], place: int) -> None:
    place %= len(logits)
    values = [Value(z) for z in logits]
    probabilities = softmax(values)
    probabilities[place].backward()
    with mp.workdps(400):
        powers = [mp.exp(mpf(z)) for z in logits]
        exact = [power / mp.fsum(powers) for power in powers]
        # exp(z − ln Σ exp) rounds its argument, so an error of |z| u is the least it can have
        rounding = 1e-15 * (10.0 + 4.0 * max(map(abs, logits)))
        for k, (value, probability) in enumerate(zip(values, probabilities, strict=True)):
            assert close(probability.data, exact[k], rounding)
            slope = exact[place] * ((k == place) - exact[k])
            assert abs(value.grad - slope) <= rounding * exact[place] + SMALL
    assert math.isclose(sum(p.data for p in probabilities), 1.0, rel_tol=1e-12)


@settings(max_examples=50)
@given(logits=rows, shift=st.integers(-3, 3))
def test_softmax_is_about_differences(logits: list[float], shift: Any) -> None:
    rounded = [float(round(z)) for z in logits]
    shifted = softmax([z + 512.0 * shift for z in rounded])
    assert shifted == pytest.approx(softmax(rounded), rel=1e-11, abs=SMALL)


@pytest.mark.parametrize("logits", [[1e4, 0.0], [-1e4, 0.0, 0.0], [1e6, 1e6], [-1e4]])
def test_softmax_never_overflows(logits: list[float]) -> None:
    probabilities = [p.data for p in softmax([Value(z) for z in logits])]
    largest = [float(z == max(logits)) for z in logits]
    assert probabilities == pytest.approx([share / sum(largest) for share in largest])


@settings(max_examples=50)
@given(logits=rows)
def test_softmax_without_first(logits: list[float]) -> None:
    values, others = [Value(z) for z in logits], [Value(z) for z in logits]
    first, *rest = softmax_without_first(values)
    whole = softmax([Value(0.0), *others])
    assert [p.data for p in (first, *rest)] == [p.data for p in whole]
    assert first.data == pytest.approx(1.0 - sum(p.data for p in rest), abs=1e-12)
    first.backward()
    whole[0].backward()
    assert [v.grad for v in values] == [v.grad for v in others]


def test_softmax_of_two_is_the_logistic_of_the_difference() -> None:
    first, second = Value(1.5), Value(-0.25)
    assert softmax([first, second])[0].data == pytest.approx(logistic(first - second).data)


def test_probabilities_of_a_softmax_layer_add_up_so_their_sum_has_no_slope() -> None:
    layer = Layer(2, 3, activation="softmax", seed=1)
    total(layer([0.3, -0.6])).backward()
    assert [p.grad for p in layer.parameters()] == pytest.approx([0.0] * 9, abs=1e-15)


def test_an_activation_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ACTIVATIONS, "swish", lambda z: z * logistic(z))
    swish: Any = "swish"
    layer = Layer(1, 1, activation=swish)
    layer.load_state_dict({"neurons.0.weights.0": 1.0, "neurons.0.bias": 0.0})
    assert layer([2.0]).data == pytest.approx(2.0 / (1.0 + math.exp(-2.0)))


def test_an_activation_given_as_a_function_joins_the_choices(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def twice(z: Any) -> Any:
        return 2.0 * z

    monkeypatch.setitem(ACTIVATIONS, "twice", twice)  # so that it is taken out in the end
    del ACTIVATIONS["twice"]
    layer = Layer(1, 1, activation=twice)
    layer.load_state_dict({"neurons.0.weights.0": 3.0, "neurons.0.bias": 0.0})
    assert layer([1.0]).data == 6.0
    assert ACTIVATIONS["twice"] is twice
    by_name: Any = "twice"
    assert Layer(1, 1, activation=by_name).activation == layer.activation == "twice"
    with pytest.raises(ValueError, match="another 'twice'"):
        MLP(1, [1], output=another_called("twice"))


def test_a_cell_with_an_activation_runs_again() -> None:
    """By itself, as it was; by its name in the module, corrected, too."""
    before = dict(ACTIVATIONS)
    try:
        for factor in (2.0, 2.0, 3.0):
            text = f"def own(z): return {factor} * z"
            exec(text, globals())  # what running a cell does
            layer = Layer(1, 1, activation=globals()["own"], seed=1)
            assert layer([1.0]).data == pytest.approx(factor * layer.neurons[0].weights[0].data)
            Layer(1, 1, activation=lambda z: 0.5 * z)
            Layer(1, 1, activation=Scaled(0.5))
            Layer(1, 1, activation=scaling(0.5))
        for another in (lambda z: 0.7 * z, Scaled(0.7), scaling(0.7)):
            with pytest.raises(ValueError, match="give yours another name, with def"):
                Layer(1, 1, activation=another)  # else the layers above would change
    finally:
        globals().pop("own", None)
        ACTIVATIONS.clear()
        ACTIVATIONS.update(before)


class Scaled:
    def __init__(self, factor: float) -> None:
        self.factor = factor

    def __call__(self, z: Any) -> Any:
        return self.factor * z


def scaling(factor: float) -> Any:
    def scaled(z: Any) -> Any:
        return factor * z

    return scaled


def test_a_gate_defined_anew_is_an_activation_again() -> None:
    try:
        for factor in (2.0, 5.0):
            layer = Layer(1, 1, activation=gate_of_a_cell(factor), seed=1)
            assert layer([1.0]).data == pytest.approx(factor * layer.neurons[0].weights[0].data)
    finally:
        for table in (ACTIVATIONS, GATES):
            table.pop("of_a_cell", None)
        delattr(Value, "of_a_cell")


def gate_of_a_cell(factor: float) -> Any:
    @gate("f", pattern="p", local_gradients=[lambda math, out, x: factor])
    def of_a_cell(math: Any, x: Any) -> Any:
        return factor * x

    return of_a_cell


def another_called(name: str) -> Any:
    def function(z: Any) -> Any:
        return z

    function.__name__ = name
    return function


@pytest.mark.parametrize("known", [softmax, logistic, GATES["tanh"]])
def test_an_activation_of_the_choices_given_as_a_function(known: Any) -> None:
    before = dict(ACTIVATIONS)
    assert Layer(2, 2, activation=known).activation == known.__name__
    assert before == ACTIVATIONS


@pytest.mark.parametrize("name", ["swish", "ReLU", None, ["tanh"], dict])
def test_an_activation_that_is_not_there(name: Any) -> None:
    with pytest.raises(ValueError, match=r"there is no activation .* 'logistic', .* 'maxout'$"):
        Neuron(1, activation=name)
    neuron = Neuron(1)
    with pytest.raises(ValueError, match="there is no activation"):
        neuron.activation = name
    assert neuron.activation == "relu"
