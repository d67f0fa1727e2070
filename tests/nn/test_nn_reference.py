import random
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf
from oracles.activations import PRINTED, close, numbers
from oracles.published import MOONS

from nn import (
    ACTIVATIONS,
    L1,
    L2,
    LOSSES,
    MLP,
    Loss,
    backpropagation,
    forward_propagation,
    half_squared_error,
    hinge,
    logistic,
    negative_log_likelihood,
    softmax_cross_entropy,
    squared_error,
    training_gradient,
)

HIDDEN: list[Any] = [*ACTIVATIONS, "softmax", "maxout"]
OUTPUT = {"logits": ["identity"], "numbers": HIDDEN, "probabilities": ["logistic", "softmax"]}
OUTPUT["distribution"] = ["softmax"]
CLASSES = ("negative_log_likelihood", "softmax_cross_entropy")
TARGET: dict[str, Any] = {  # for so many outputs, drawn from a random.Random
    "half_squared_error": lambda source, n: [source.gauss(0.0, 1.0) for _ in range(n)],
    "squared_error": lambda source, n: [source.gauss(0.0, 1.0) for _ in range(n)],
    "binary_cross_entropy": lambda source, n: source.choices([0, 1], k=n),
    "binary_cross_entropy_from_logit": lambda source, n: source.choices([0, 1], k=n),
    "negative_log_likelihood": lambda source, n: source.randrange(n),
    "softmax_cross_entropy": lambda source, n: source.randrange(n),
    "softmax_cross_entropy_without_first": lambda source, n: source.randrange(n + 1),
    "hinge": lambda source, n: source.choices([-1, 1], k=n),
}


@dataclass
class Case:
    """A network with examples, a loss and a penalty."""

    model: Any
    loss: Any
    inputs: Any
    targets: Any
    penalty: Any


any_loss = st.sampled_from(list(LOSSES.values()))
any_hidden = st.sampled_from(HIDDEN)


@st.composite
def cases(draw: st.DrawFn, losses: Any = any_loss, hidden: Any = any_hidden) -> Any:
    nin, *nouts = draw(st.lists(st.integers(1, 4), min_size=2, max_size=5))
    loss = draw(losses)
    output = draw(st.sampled_from(OUTPUT[loss.takes]))
    if output == "softmax" or loss.name in CLASSES:
        nouts[-1] = max(2, nouts[-1])  # of one class alone the probability is 1
    seed = draw(st.integers(0, 10_000))
    model = MLP(
        nin,
        nouts,
        activation=[draw(hidden) for _ in nouts[1:]],
        output=output,
        pieces=draw(st.integers(2, 4)),
        bias=draw(st.sampled_from([True, "feature", False])),
        gate_by_gate=draw(st.booleans()),
        initial=draw(st.sampled_from(["uniform", "xavier", "he"])),
        seed=seed,
    )
    source = random.Random(seed)
    for name, parameter in model.named_parameters().items():
        if "bias" in name:
            parameter.data = source.gauss(0.0, 1.0)
    examples = range(draw(st.integers(1, 3)))
    return Case(
        model,
        loss,
        [[source.gauss(0.0, 2.0) for _ in range(nin)] for _ in examples],
        [TARGET[loss.name](source, nouts[-1]) for _ in examples],
        draw(st.sampled_from([None, L2(0.1), L1(0.1), L2(0.0), L1(3.0)])),
    )


def objective(case: Any) -> Any:
    """What training minimises, as one circuit."""
    pairs = zip(case.inputs, case.targets, strict=True)
    mean = sum(case.loss(case.model(x), y) for x, y in pairs) / len(case.inputs)
    return mean if case.penalty is None else mean + case.penalty(case.model)


def by_circuit(model: Any, cost: Any) -> Any:
    """The gradients of a circuit, by the parameters' names."""
    model.zero_grad()
    cost.backward()
    return {name: parameter.grad for name, parameter in model.named_parameters().items()}


def assert_equal_to_rounding(gradient: Any, other: Any) -> None:
    size = 1e-13 * (1.0 + max(map(abs, other.values())))
    assert gradient == pytest.approx(other, rel=1e-10, abs=size)
    assert list(gradient) == list(other)


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
@settings(max_examples=6)
@given(data=st.data())
def test_circuits_and_matrices_give_the_same_gradient(
    loss: Any, hidden: Any, data: st.DataObject
) -> None:
    case = data.draw(cases(st.just(loss), st.just(hidden) | any_hidden))
    cost = objective(case)
    gradient = training_gradient(case.model, case.inputs, case.targets, loss, case.penalty)
    assert gradient.cost == pytest.approx(cost.data, rel=1e-11, abs=1e-13)
    assert_equal_to_rounding(gradient.by_name(case.model), by_circuit(case.model, cost))


@settings(max_examples=60)
@given(case=cases())
def test_both_passes_layer_by_layer(case: Any) -> None:
    model, x, y = case.model, case.inputs[0], case.targets[0]
    passes = backpropagation(model, x, y, case.loss)
    z, a = forward_propagation(model, x)
    assert [v.tolist() for v in z] == [v.tolist() for v in passes.z]
    assert [v.tolist() for v in a] == [v.tolist() for v in passes.a]
    cost = case.loss(model(x), y)
    model.zero_grad()
    cost.backward()
    assert passes.a[0].tolist() == x
    for vector, values in zip(passes.a[1:], model.activations[1:], strict=True):
        assert vector == pytest.approx([value.data for value in values], rel=1e-11, abs=1e-13)
    for delta, layer in zip(passes.delta, model.layers, strict=True):
        sums = [piece for n in layer.neurons for piece in getattr(n, "pieces", [n])]
        assert delta.shape == (len(sums),)
        if sums[0].bias is not None:
            circuit = [each.bias.grad for each in sums]
            size = 1e-13 * (1.0 + max(map(abs, circuit)))
            assert delta == pytest.approx(circuit, rel=1e-10, abs=size)


@pytest.mark.parametrize("hidden", HIDDEN)
def test_every_activation_at_zero(hidden: Any) -> None:
    # all inputs and biases are 0, so every sum is exactly 0, where many slopes jump
    model = MLP(2, [3, 2], activation=hidden, seed=1)
    cost = half_squared_error(model([0.0, 0.0]), [1.0, -2.0])
    gradient = backpropagation(model, [0.0, 0.0], [1.0, -2.0], half_squared_error)
    assert_equal_to_rounding(gradient.by_name(model), by_circuit(model, cost))


def test_penalties_at_weights_that_are_zero() -> None:
    model = MLP(2, [2], seed=1)
    model.layers[0].neurons[0].weights[1].data = 0.0
    for penalty in (L1(2.0), L2(2.0)):
        case = Case(model, squared_error, [[1.0, 2.0]], [[0.0, 0.0]], penalty)
        gradient = training_gradient(model, case.inputs, case.targets, squared_error, penalty)
        assert_equal_to_rounding(gradient.by_name(model), by_circuit(model, objective(case)))


@pytest.mark.parametrize("x", [30.0, -30.0, 300.0, -300.0])
@pytest.mark.parametrize("hidden", HIDDEN)
def test_large_sums_neither_overflow_nor_lose_their_gradient(hidden: Any, x: Any) -> None:
    model = MLP(1, [2, 2], activation=hidden, seed=1)
    for neuron, weight in zip(model.layers[0].neurons, (1.0, -0.75), strict=True):
        for piece in getattr(neuron, "pieces", [neuron]):
            piece.weights[0].data = weight
    cost = half_squared_error(model([x]), [0.5, -0.25])
    gradient = backpropagation(model, [x], [0.5, -0.25], half_squared_error).by_name(model)
    assert gradient == pytest.approx(by_circuit(model, cost), rel=1e-11, abs=1e-300)


def test_the_algorithm_as_the_lecture_writes_it() -> None:
    # lecture 3, "Backpropagation Algorithm: Vectorization", with logistic units throughout
    source = np.random.default_rng(3)
    w1, b1 = source.normal(size=(3, 2)), source.normal(size=3)
    w2, b2 = source.normal(size=(2, 3)), source.normal(size=2)
    x, y = source.normal(size=2), source.normal(size=2)
    a2 = 1 / (1 + np.exp(-(w1 @ x + b1)))
    a3 = 1 / (1 + np.exp(-(w2 @ a2 + b2)))
    delta3 = (a3 - y) * a3 * (1 - a3)
    delta2 = w2.T @ delta3 * a2 * (1 - a2)
    model = MLP(2, [3, 2], activation="logistic", output="logistic")
    for layer, w, b in zip(model.layers, (w1, w2), (b1, b2), strict=True):
        for neuron, row, number in zip(layer.neurons, w, b, strict=True):
            neuron.load_state_dict(
                {f"weights.{at}": weight for at, weight in enumerate(row)} | {"bias": number}
            )
    passes = backpropagation(model, x.tolist(), y, half_squared_error)
    assert passes.cost == pytest.approx(0.5 * ((a3 - y) ** 2).sum())
    for computed, expected in zip(
        (*passes.delta, *passes.weights, *passes.biases),
        (delta2, delta3, np.outer(delta2, x), np.outer(delta3, a2), delta2, delta3),
        strict=True,
    ):
        assert computed == pytest.approx(expected, rel=1e-12)
    # the scaling of the lecture "Back-Propagation", ‖g − y‖², doubles every δ
    doubled = backpropagation(model, x.tolist(), y, squared_error)
    assert doubled.delta[0] == pytest.approx(2 * delta2)


def test_delta_of_softmax_cross_entropy_is_g_minus_one_at_y() -> None:
    logits = MLP(2, [4, 3], activation="tanh", seed=2)
    probabilities = MLP(2, [4, 3], activation="tanh", output="softmax", seed=2)
    x = [0.5, -1.0]
    for y in range(3):
        g = np.array([p.data for p in probabilities(x)])
        expected = g - np.eye(3)[y]
        from_logits = backpropagation(logits, x, y, softmax_cross_entropy)
        through_jacobian = backpropagation(probabilities, x, y, negative_log_likelihood)
        for passes in (from_logits, through_jacobian):
            assert passes.delta[-1] == pytest.approx(expected, rel=1e-12)
            assert passes.cost == pytest.approx(-np.log(g[y]))
        assert through_jacobian.delta[0] == pytest.approx(from_logits.delta[0], rel=1e-12)


def test_the_worked_example_of_lecture_4() -> None:
    model = MLP(3, [2, 1], activation="logistic", output="logistic")
    model.load_state_dict(
        dict(
            zip(
                model.state_dict(),
                [1.0, 0.2, 1.2, 0.1, 0.5, 1.2, 0.1, 0.2, 0.3, 0.9, 0.3],
                strict=True,
            )
        )
    )
    z, a = forward_propagation(model, [0.4, 0.2, 0.2])
    assert z[0] == pytest.approx([0.78, 0.66])  # the slide has 0.49 for the second
    assert a[1] == pytest.approx([1 / (1 + np.exp(-0.78)), 1 / (1 + np.exp(-0.66))])
    assert a[2].item() == pytest.approx(model([0.4, 0.2, 0.2]).data)


def test_the_moons_of_micrograds_demo_with_matrices_alone() -> None:
    # the hundred losses and accuracies that micrograd's notebook has published
    x, t = MOONS["points"], [2 * label - 1 for label in MOONS["labels"]]
    random.seed(1337)
    model = MLP(2, [16, 16, 1])
    for step, (loss, accuracy) in enumerate(zip(MOONS["losses"], MOONS["accuracies"], strict=True)):
        gradient = training_gradient(model, x, t, hinge)
        squares = sum(parameter.data**2 for parameter in model.parameters())
        assert gradient.cost + 1e-4 * squares == pytest.approx(loss, rel=1e-12)
        if step in (0, 1, 50, 99):
            scores = [forward_propagation(model, point)[1][-1].item() for point in x]
            right = [score * label > 0 for score, label in zip(scores, t, strict=True)]
            assert sum(right) == accuracy
        derivatives = gradient.by_name(model)
        for name, parameter in model.named_parameters().items():
            rate = 1.0 - 0.9 * step / 100
            parameter.data -= rate * (derivatives[name] + 2e-4 * parameter.data)


# The formulas


def alone(name: Any, z: float) -> MLP:
    """One neuron whose weighted sum is z, for the input 0."""
    model = MLP(1, [1], output=name)
    model.load_state_dict({"layers.0.neurons.0.weights.0": 1.0, "layers.0.neurons.0.bias": z})
    return model


@pytest.mark.parametrize("name", ACTIVATIONS)
@settings(max_examples=60)
@given(z=numbers)
def test_f_and_its_slope_are_the_printed_ones(name: str, z: float) -> None:
    function, slope = PRINTED[name]
    model = alone(name, z)
    _, a = forward_propagation(model, [0.0])
    t = -1 if a[1][0] >= 0.0 else 1  # where the hinge is not flat, its slope is -t
    with mp.workdps(700):
        assert close(a[1][0], function(mpf(z)))
        assert close(backpropagation(model, [0.0], t, hinge).delta[0][0], -t * slope(mpf(z)))


def as_outputs(outputs: list[float]) -> MLP:
    """A network that returns its inputs, which are to be these."""
    model = MLP(len(outputs), [len(outputs)])
    for row, neuron in enumerate(model.layers[0].neurons):
        for column, weight in enumerate(neuron.weights):
            weight.data = float(row == column)
    return model


@pytest.mark.parametrize(
    ("name", "outputs", "target", "cost", "slope"),
    [
        ("half_squared_error", [3.0, 1.0], [1.0, 2.0], 2.5, [2.0, -1.0]),
        ("squared_error", [3.0, 1.0], [1.0, 2.0], 5.0, [4.0, -2.0]),
        ("binary_cross_entropy", [0.25], 1, np.log(4.0), [-4.0]),
        ("binary_cross_entropy", [0.25], 0, np.log(4.0 / 3.0), [4.0 / 3.0]),
        ("binary_cross_entropy", [1.0, 0.0], [1, 0], 0.0, [-1.0, 1.0]),
        ("binary_cross_entropy_from_logit", [0.0], 0, np.log(2.0), [0.5]),
        ("binary_cross_entropy_from_logit", [1000.0], 0, 1000.0, [1.0]),
        ("binary_cross_entropy_from_logit", [-1000.0], 1, 1000.0, [-1.0]),
        ("negative_log_likelihood", [0.25, 0.75], 0, np.log(4.0), [-4.0, 0.0]),
        ("softmax_cross_entropy", [0.0, 0.0], 1, np.log(2.0), [0.5, -0.5]),
        ("softmax_cross_entropy", [1000.0, 0.0], 1, 1000.0, [1.0, -1.0]),
        ("softmax_cross_entropy_without_first", [0.0], 0, np.log(2.0), [0.5]),
        ("softmax_cross_entropy_without_first", [1000.0], 0, 1000.0, [1.0]),
        ("hinge", [0.25, 2.0], [1, -1], 3.75, [-1.0, 1.0]),
        ("hinge", [1.0], 1, 0.0, [0.0]),
    ],
)
def test_costs_by_hand(
    name: str, outputs: list[float], target: Any, cost: float, slope: list[float]
) -> None:
    passes = backpropagation(as_outputs(outputs), outputs, target, LOSSES[name])
    assert passes.cost == pytest.approx(cost, rel=1e-15)
    assert passes.delta[0] == pytest.approx(slope, rel=1e-15)


def test_what_has_no_formula_is_named() -> None:
    def swish(z: Any) -> Any:
        return z * logistic(z)

    model = MLP(1, [1], seed=1)
    mine = Loss(lambda outputs, target: outputs[0], half_squared_error.targets, "numbers")
    with pytest.raises(ValueError, match="does not have the loss '<lambda>'"):
        backpropagation(model, [1.0], 0.0, mine)
    with pytest.raises(ValueError, match="the penalties L2 and L1, not <built-in"):
        training_gradient(model, [[1.0]], [0.0], half_squared_error, abs)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="a label is -1 or 1, not 0"):
        backpropagation(model, [1.0], 0, hinge)
    try:
        with pytest.raises(ValueError, match="does not have the activation 'swish'"):
            forward_propagation(MLP(1, [1], output=swish), [1.0])
    finally:
        del ACTIVATIONS["swish"]


# What it is given


def test_arrays_and_lists_are_alike() -> None:
    model = MLP(2, [3, 2], activation="maxout", seed=1)
    inputs: Any = [[0.5, 1.0], [-1.0, 2.0]]
    targets: Any = [0, 1]
    lists = training_gradient(model, inputs, targets, softmax_cross_entropy)
    inputs, targets = np.array(inputs), np.array(targets)
    arrays = training_gradient(model, inputs, targets, softmax_cross_entropy)
    assert lists.by_name(model) == arrays.by_name(model)
    assert [w.shape for w in lists.weights] == [(6, 2), (2, 3)]
    assert [b.shape for b in lists.biases] == [(6,), (2,)]


def test_it_changes_nothing() -> None:
    model = MLP(2, [3, 1], activation="tanh", seed=1)
    model([1.0, 2.0]).backward()
    before = [(p.data, p.grad) for p in model.parameters()]
    training_gradient(model, [[1.0, 2.0]], [1.0], squared_error, L1(0.5))
    assert [(p.data, p.grad) for p in model.parameters()] == before


def test_examples_that_do_not_fit() -> None:
    model = MLP(2, [3, 1], seed=1)
    with pytest.raises(ValueError, match=r"MLP\(2, \[3, 1\]\) takes 2 numbers, not 1"):
        forward_propagation(model, [1.0])
    with pytest.raises(ValueError, match="1 output"):
        backpropagation(model, [1.0, 2.0], [1.0, 2.0], squared_error)
    for inputs, targets in (([], []), ([[1.0, 2.0]], []), ([], [1.0])):
        with pytest.raises(ValueError, match=f"{len(inputs)} examples and {len(targets)} targets"):
            training_gradient(model, inputs, targets, squared_error)
