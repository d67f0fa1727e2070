import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.published import MOONS

import nn
from autograd_core import Value, grad, total, trace
from nn import MLP, Layer, Module, Neuron

any_mlp: Any = MLP  # for what a type checker refuses


def test_the_moons_of_micrograds_demo() -> None:
    # what its notebook does, with nothing but the imports changed: the first of a hundred steps,
    # all of which test_nn_reference goes through
    X, y = np.array(MOONS["points"]), np.array(MOONS["labels"]) * 2 - 1  # noqa: N806
    np.random.seed(1337)
    random.seed(1337)
    model = MLP(2, [16, 16, 1])
    assert len(model.parameters()) == 337

    def loss() -> Any:
        inputs = [list(map(Value, row)) for row in X]
        scores = list(map(model, inputs))
        losses = [(1 + -yi * score).relu() for yi, score in zip(y, scores, strict=True)]
        data_loss = sum(losses) * (1.0 / len(losses))
        alpha = 1e-4
        reg_loss = alpha * sum(p * p for p in model.parameters())
        right = [(yi > 0) == (score.data > 0) for yi, score in zip(y, scores, strict=True)]
        return data_loss + reg_loss, sum(right) / len(right)

    for k in range(10):
        total_loss, accuracy = loss()
        model.zero_grad()
        total_loss.backward()
        learning_rate = 1.0 - 0.9 * k / 100
        for p in model.parameters():
            p.data -= learning_rate * p.grad
        assert total_loss.data == pytest.approx(MOONS["losses"][k], rel=1e-12)
        assert round(100 * accuracy) == MOONS["accuracies"][k]


def test_micrograds_names() -> None:
    for kind in (nn.Module, nn.Neuron, nn.Layer, nn.MLP):
        assert issubclass(kind, Module)
        assert callable(kind.zero_grad) and callable(kind.parameters)
    model = MLP(3, [4, 4, 2])
    assert [type(layer) for layer in model.layers] == [Layer] * 3
    assert [type(neuron) for neuron in model.layers[0].neurons] == [Neuron] * 4
    assert model.parameters() == [p for layer in model.layers for p in layer.parameters()]
    assert isinstance(MLP(3, [4, 1])([1.0, -2.0, 3.0]), Value)
    assert [type(out) for out in model([1.0, -2.0, 3.0])] == [Value, Value]


def test_weights_are_drawn_in_micrograds_order() -> None:
    random.seed(1)
    drawn = [random.uniform(-1, 1) for _ in range(2 * 3 + 3 * 1)]
    random.seed(1)
    state = MLP(2, [3, 1]).state_dict()
    assert [number for name, number in state.items() if "weights" in name] == drawn


@settings(max_examples=30)
@given(
    sizes=st.lists(st.integers(1, 4), min_size=2, max_size=5),
    activation=st.sampled_from(["identity", "tanh", "logistic", "softmax"]),
    seed=st.integers(0, 999),
)
def test_a_network_is_its_layers_one_after_the_other(
    sizes: Any, activation: Any, seed: int
) -> None:
    nin, *nouts = sizes
    model = MLP(nin, nouts, activation=activation, output="tanh", seed=seed)
    a = x = np.random.default_rng(seed).normal(size=nin).tolist()
    for layer in model.layers:
        a = [value.data for value in layer.outputs(a)]
    outputs = model(x)
    assert [v.data for v in (outputs if isinstance(outputs, list) else [outputs])] == a
    assert [layer.activation for layer in model.layers] == [activation] * (len(nouts) - 1) + [
        "tanh"
    ]


def test_an_activation_for_each_hidden_layer() -> None:
    model = MLP(2, [3, 3, 1], activation=("tanh", "maxout"), output="logistic", pieces=3)
    assert [layer.activation for layer in model.layers] == ["tanh", "maxout", "logistic"]
    assert len(model.layers[1].neurons[0].pieces) == 3
    assert [layer.activation for layer in MLP(2, [1], activation="tanh").layers] == ["identity"]


def test_activations_of_the_last_call_can_be_asked_for() -> None:
    model = MLP(2, [3, 1], activation="tanh", output="logistic", seed=1)
    assert model.activations is None
    x: list[Value | float] = [Value(0.5), -1.0]
    out = model(x)
    assert model.activations is not None
    inputs, hidden, outputs = model.activations
    assert inputs == x
    assert outputs[0] is out
    assert [a.gate.name for a in hidden] == ["tanh"] * 3
    out.backward()
    assert all(a.grad for a in hidden)
    model([1.0, 1.0])
    assert model.activations[0] == [1.0, 1.0]
    assert model.activations[2][0] is not out


@pytest.mark.parametrize("bias", [True, "feature", False])
def test_forms_of_the_same_network_give_the_same_numbers(bias: Any) -> None:
    x = [0.25, -1.5, 0.75]

    def run(**form: Any) -> Any:
        model = MLP(3, [4, 4, 2], activation="logistic", seed=9, **form)
        total(model(x)).backward()
        return [p.grad for p in model.parameters()]

    plain = run(bias=bias)
    assert run(bias=bias, gate_by_gate=True) == pytest.approx(plain, rel=1e-14)
    if bias:
        assert run() == pytest.approx(plain, rel=1e-14)


def test_all_linear_layers_collapse_to_one() -> None:
    model = MLP(2, [3, 2], activation="identity", seed=4)
    w1, w2 = (
        np.array([[w.data for w in neuron.weights] for neuron in layer.neurons])
        for layer in model.layers
    )
    x = np.array([0.5, -2.0])
    assert [a.data for a in model(x)] == pytest.approx(w2 @ w1 @ x)


def test_gradients_can_be_differentiated_again() -> None:
    model = MLP(1, [3, 1], activation="tanh", seed=1)
    x = Value(0.3, "x")

    def slope(at: Any) -> Any:
        [result] = grad(model([at]), [at])
        return result

    [curvature] = grad(slope(x), [x])
    step = 1e-5
    difference = slope(Value(0.3 + step)).data - slope(Value(0.3 - step)).data
    assert curvature.data == pytest.approx(difference / (2 * step), rel=1e-6)


def test_the_circuit_names_its_parameters_and_what_is_computed_from_them() -> None:
    out = MLP(1, [1], seed=1)([2.0])
    assert [value.label for value in trace(out).values] == ["w¹₁₁", "b¹₁", "z¹₁"]


@pytest.mark.parametrize("nouts", [[3, 1], (3, 1), np.array([3, 1]), range(3, 0, -2)])
def test_sizes_may_come_as(nouts: Any) -> None:
    assert repr(any_mlp(np.int64(2), nouts)).splitlines()[0] == "MLP(2, [3, 1]): 13 parameters"


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: any_mlp(2, 3), ValueError, r"a list, as in MLP\(2, \[16, 16, 1\]\), not 3"),
        (lambda: any_mlp(2, 3.0), ValueError, r"a list, as in .*, not 3\.0"),
        (lambda: any_mlp(2, []), ValueError, r"a list, as in .*, not \[\]"),
        (lambda: any_mlp(2, "31"), ValueError, "a list, as in .*, not '31'"),
        (lambda: any_mlp(2, None), ValueError, "a list, as in .*, not None"),
        (
            lambda: any_mlp(2, [3, 0]),
            ValueError,
            "each size of a layer is a whole number, at least 1, not 0",
        ),
        (lambda: any_mlp(2, [3.5, 1]), ValueError, r"a whole number, at least 1, not 3\.5"),
        (lambda: any_mlp(0, [3]), ValueError, "nin is a whole number, at least 1, not 0"),
        (lambda: any_mlp([2, 3, 1], [1]), ValueError, r"nin is a whole number, .* not \[2, 3, 1\]"),
        (
            lambda: any_mlp(2, [3, 1], activation=["relu", "identity"]),
            ValueError,
            r"one for each hidden layer, here 1, not 2; .* output=",
        ),
        (lambda: any_mlp(2, [3, 1], activation="Relu"), ValueError, "no activation 'Relu'"),
        (
            lambda: any_mlp(2, [3, 1], activation=np.tanh),
            ValueError,
            "'tanh'> is not the activation 'tanh'",
        ),
        (lambda: any_mlp(2, [1], activation="sigmodi"), ValueError, "no activation 'sigmodi'"),
        (lambda: any_mlp(2, [3, 1], activation=None), ValueError, "no activation None"),
        (lambda: any_mlp(2, [3, 1], output="sigmodi"), ValueError, "no activation 'sigmodi'"),
        (lambda: any_mlp(2, [1])([1.0]), ValueError, r"MLP\(2, \[1\]\) takes 2 numbers, not 1"),
        (
            lambda: any_mlp(2, [1])(np.ones((4, 2))),
            ValueError,
            "takes one example at a time",
        ),
        (lambda: any_mlp(2, [1])(1.0), TypeError, r"takes a list of 2 numbers, not 1\.0"),
    ],
)
def test_errors(make: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        make()


def test_repr() -> None:
    model = MLP(4, [5, 3], activation="maxout", output="softmax", bias=False)
    assert repr(model) == (
        "MLP(4, [5, 3]): 55 parameters\n"
        "  layers.0: 4 → 5, maxout, 40 parameters\n"
        "  layers.1: 5 → 3, softmax, 15 parameters"
    )
