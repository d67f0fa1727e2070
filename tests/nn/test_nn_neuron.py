from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_core import Value, trace
from nn import Maxout, Neuron

any_neuron: Any = Neuron  # for what a type checker refuses
any_maxout: Any = Maxout
ALL_FORMS: list[Any] = [
    {"bias": bias, "gate_by_gate": gate_by_gate}
    for bias in (True, "feature")
    for gate_by_gate in (False, True)
]
finite = st.floats(-1e3, 1e3)
sums = st.integers(1, 6).flatmap(
    lambda n: st.tuples(
        st.lists(finite, min_size=n, max_size=n), st.lists(finite, min_size=n, max_size=n), finite
    )
)


def with_numbers(module: Any, *numbers: Any) -> Any:
    for parameter, number in zip(module.parameters(), numbers, strict=True):
        parameter.data = number
    return module


@settings(max_examples=60)
@given(sums)
def test_the_weighted_sum_in_all_its_forms(case: Any) -> None:
    weights, inputs, bias = case
    exact = sum((Fraction(w) * Fraction(x) for w, x in zip(*case[:2], strict=True)), Fraction(bias))
    size = sum(abs(w * x) for w, x in zip(weights, inputs, strict=True)) + abs(bias)
    results = []
    for form in ALL_FORMS:
        neuron = with_numbers(Neuron(len(weights), nonlin=False, **form), *weights, bias)
        values = [Value(x) for x in inputs]
        z = neuron(values)
        z.backward()
        assert [w.grad for w in neuron.weights] == inputs
        assert [x.grad for x in values] == weights
        assert neuron.bias.grad == 1.0
        results.append(z.data)
    assert abs(Fraction(results[0]) - exact) <= 1e-15 * size
    assert results == [results[0]] * len(ALL_FORMS), "to the last bit"


@settings(max_examples=30)
@given(sums)
def test_a_neuron_without_a_bias_goes_through_the_origin(case: Any) -> None:
    weights, inputs, _ = case
    neuron = with_numbers(Neuron(len(weights), nonlin=False, bias=False), *weights)
    other = with_numbers(Neuron(len(weights), nonlin=False), *weights, 0.0)
    assert neuron(inputs).data == other(inputs).data
    assert neuron([0.0] * len(weights)).data == 0.0
    assert neuron.bias is None
    assert len(neuron.parameters()) == len(weights)


def gates_of(value: Any) -> Any:
    return sorted(each.gate for each in trace(value).values if each.gate)


@pytest.mark.parametrize(
    ("form", "gates"),
    [
        ({}, ["tanh", "weighted_sum"]),
        ({"bias": "feature"}, ["dot", "tanh"]),
        ({"bias": False}, ["dot", "tanh"]),
        ({"gate_by_gate": True}, ["add"] * 3 + ["multiply"] * 3 + ["tanh"]),
        ({"gate_by_gate": True, "bias": False}, ["add"] * 2 + ["multiply"] * 3 + ["tanh"]),
        ({"gate_by_gate": True, "bias": "feature"}, ["add"] * 3 + ["multiply"] * 4 + ["tanh"]),
    ],
)
def test_the_circuit_of_a_neuron(form: Any, gates: Any) -> None:
    assert gates_of(Neuron(3, activation="tanh", seed=1, **form)([1.0, 2.0, 3.0])) == gates


@pytest.mark.parametrize("form", ALL_FORMS)
def test_the_neuron_of_the_notes(form: Any) -> None:
    # CS231n, Optimization 2, "Sigmoid example": w = [2, -3, -3], x = [-1, -2]
    neuron = with_numbers(Neuron(2, activation="logistic", **form), 2.0, -3.0, -3.0)
    x = [Value(-1.0), Value(-2.0)]
    out = neuron(x)
    out.backward()
    assert round(out.data, 2) == 0.73
    assert [round(p.grad, 2) for p in (*x, *neuron.parameters())] == [0.39, -0.59, -0.2, -0.39, 0.2]


def test_micrograds_constructor() -> None:
    assert Neuron(3).activation == Neuron(nin=3, nonlin=True).activation == "relu"
    assert Neuron(3, False).activation == Neuron(3, nonlin=False).activation == "identity"
    neuron = with_numbers(Neuron(2, seed=1), 1.0, -1.0, 0.5)
    assert neuron([1.0, 3.0]).data == 0.0
    assert neuron([3.0, 1.0]).data == 2.5


def test_the_activation_is_the_one_that_the_attribute_names() -> None:
    neuron = with_numbers(Neuron(1, activation="relu"), 1.0, 0.0)
    neuron.activation = "step"
    assert neuron([3.0]).data == 1.0


@pytest.mark.parametrize(
    "inputs",
    [
        [2, 3.0],
        (2.0, Value(3.0)),
        np.array([2, 3]),
        np.array([2.0, 3.0], dtype=np.float32),
        np.array([Value(2.0), 3.0], dtype=object),
        range(2, 4),
        iter([Fraction(2), np.float64(3.0)]),
    ],
    ids=lambda inputs: type(inputs).__name__,
)
def test_inputs_may_come_as(inputs: Any) -> None:
    assert with_numbers(Neuron(2, nonlin=False), 10.0, 100.0, 1.0)(inputs).data == 321.0


@pytest.mark.parametrize(
    ("inputs", "error", "says"),
    [
        ([1.0], ValueError, r"Neuron\(2, relu\) takes 2 numbers, not 1$"),
        ([], ValueError, "takes 2 numbers, not 0$"),
        ([1.0, 2.0, 3.0], ValueError, "takes 2 numbers, not 3$"),
        ([[1.0, 2.0]], ValueError, "one example at a time, 2 numbers: call it on each row"),
        (np.ones((5, 2)), ValueError, "one example at a time, 2 numbers: call it on each row"),
        (3.0, TypeError, r"takes a list of 2 numbers, not 3\.0"),
        (np.array(3.0), TypeError, r"takes a list of 2 numbers, not array\(3\.\)"),
        (None, TypeError, "takes a list of 2 numbers, not None"),
        (Value(3.0), TypeError, "takes a list of 2 numbers, not Value"),
        (["a", "b"], TypeError, "'a' is text"),
        ([1.0, None], TypeError, "a number is needed, .* not None"),
    ],
)
@pytest.mark.parametrize("gate_by_gate", [False, True])
def test_inputs_that_do_not_fit(
    inputs: Any, error: type[Exception], says: str, gate_by_gate: Any
) -> None:
    if gate_by_gate and error is TypeError and isinstance(inputs, list):
        says = "unsupported operand|is text|a number is needed|can't multiply"
    with pytest.raises(error, match=says):
        Neuron(2, gate_by_gate=gate_by_gate, seed=1)(inputs)


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: any_neuron(0), ValueError, "nin is a whole number, at least 1, not 0"),
        (lambda: any_neuron(-1), ValueError, "at least 1, not -1"),
        (lambda: any_neuron(2.0), ValueError, r"nin is a whole number, at least 1, not 2\.0"),
        (lambda: any_neuron("2"), ValueError, "nin is a whole number, at least 1, not '2'"),
        (
            lambda: any_neuron(2, bias="features"),
            ValueError,
            "True, False or 'feature', not 'features'",
        ),
        (lambda: any_neuron(2, bias=None), ValueError, "True, False or 'feature', not None"),
        (lambda: any_neuron(2, activation="softmax"), ValueError, "a layer takes .*'softmax'"),
        (
            lambda: any_maxout(2, pieces=1),
            ValueError,
            "pieces is a whole number, at least 2, not 1",
        ),
        (lambda: any_maxout(2, pieces=2.5), ValueError, r"at least 2, not 2\.5"),
        (lambda: any_maxout(0), ValueError, "nin is a whole number, at least 1, not 0"),
    ],
)
def test_neurons_that_cannot_be(make: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        make()


def test_repr() -> None:
    assert repr(Neuron(2)) == "Neuron(2, relu): 3 parameters"
    assert repr(Neuron(2, nonlin=False, bias=False)) == "Neuron(2, identity): 2 parameters"
    assert repr(any_neuron(np.int64(2), bias="feature")) == "Neuron(2, relu): 3 parameters"
    assert repr(Maxout(2, pieces=3)) == "Maxout(2, pieces=3): 9 parameters"


@pytest.mark.parametrize("form", ALL_FORMS)
@settings(max_examples=40)
@given(
    weights=st.lists(st.lists(finite, min_size=3, max_size=3), min_size=2, max_size=4),
    inputs=st.lists(finite, min_size=2, max_size=2),
)
def test_maxout_is_its_largest_piece(form: Any, weights: Any, inputs: Any) -> None:
    neuron = with_numbers(Maxout(2, len(weights), **form), *[w for row in weights for w in row])
    out = neuron(inputs)
    out.backward()
    sums = [(first * inputs[0] + second * inputs[1]) + bias for first, second, bias in weights]
    assert out.data == max(sums)
    winners = [piece for piece, z in zip(neuron.pieces, sums, strict=True) if z == max(sums)]
    assert sum(piece.bias.grad for piece in winners) == 1.0
    for piece in neuron.pieces:
        share = piece.bias.grad if piece in winners else 0.0
        assert [w.grad for w in piece.weights] == [share * x for x in inputs]


@pytest.mark.parametrize("pieces", [2, 3, 4])
def test_equal_pieces_of_maxout_share_the_gradient_equally(pieces: int) -> None:
    neuron = with_numbers(Maxout(1, pieces), *[2.0, 0.0] * pieces)
    neuron([3.0]).backward()
    assert [p.grad for p in neuron.parameters()] == [3.0 / pieces, 1.0 / pieces] * pieces


def test_maxout_can_be_relu() -> None:
    # lecture 4: max(w₁x + b₁, w₂x + b₂) has ReLU as the case w₁ = b₁ = 0
    neuron = with_numbers(Maxout(1), 0.0, 0.0, 1.0, 0.0)
    relu = with_numbers(Neuron(1), 1.0, 0.0)
    for x in (-2.5, -1.0, 0.5, 3.0):
        assert neuron([x]).data == relu([x]).data
