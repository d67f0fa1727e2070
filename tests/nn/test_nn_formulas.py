import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf
from oracles.activations import PRINTED, close, numbers
from oracles.circuits import property_test

from nn import ACTIVATIONS, LOSSES, half_squared_error, hinge
from nn.formulas import COSTS, FUNCTIONS, activate, cost_of, cost_of_weights, through_activation
from nn.losses import Loss


@pytest.mark.parametrize("name", FUNCTIONS)
@property_test(60)
@given(z=numbers)
def test_f_and_its_slope_are_the_printed_ones(name, z):
    function, slope = PRINTED[name]
    z_vector = np.array([z, 0.5])
    with mp.workdps(700):
        assert close(activate(name, z_vector, 2)[0], function(mpf(z)))
        by_z = through_activation(name, z_vector, 2, np.array([3.0, 7.0]))
        assert close(by_z[0], 3 * slope(mpf(z)))


def test_there_is_a_formula_for_everything_that_nn_has():
    assert set(FUNCTIONS) == set(ACTIVATIONS)
    assert set(COSTS) == set(LOSSES)


def jacobian(name, z, neurons):
    """∂a/∂z by centred differences, a row for each a."""
    step = 1e-6
    columns = [
        (activate(name, z + step * unit, neurons) - activate(name, z - step * unit, neurons))
        / (2 * step)
        for unit in np.eye(len(z))
    ]
    return np.array(columns).T


@pytest.mark.parametrize(("name", "neurons"), [("softmax", 6), ("maxout", 3), ("maxout", 2)])
@property_test(30)
@given(seed=st.integers(0, 10_000))
def test_softmax_and_maxout_pass_a_gradient_through_their_jacobian(name, neurons, seed):
    source = np.random.default_rng(seed)
    z, by_a = source.normal(size=6), source.normal(size=neurons)
    expected = jacobian(name, z, neurons).T @ by_a
    assert through_activation(name, z, neurons, by_a) == pytest.approx(expected, abs=1e-8)


def test_maxout_shares_a_tie_equally():
    z, by_a = np.array([2.0, 2.0, 2.0, 1.0, 5.0, 5.0]), np.array([3.0, 4.0])
    assert through_activation("maxout", z, 2, by_a).tolist() == [1.0, 1.0, 1.0, 0.0, 2.0, 2.0]


KINDS = {
    "half_squared_error": "numbers",
    "squared_error": "numbers",
    "binary_cross_entropy": "labels",
    "binary_cross_entropy_from_logit": "labels",
    "negative_log_likelihood": "classes",
    "softmax_cross_entropy": "classes",
    "softmax_cross_entropy_without_first": "classes",
    "hinge": "signs",
}


@pytest.mark.parametrize("name", COSTS)
@property_test(30)
@given(seed=st.integers(0, 10_000), count=st.integers(2, 4))
def test_the_slope_of_each_cost(name, seed, count):
    source = np.random.default_rng(seed)
    loss = LOSSES[name]
    outputs = source.normal(size=count)
    if loss.takes in ("probabilities", "distribution"):
        outputs = source.dirichlet(np.ones(count + 1))[:count]
    target = {
        "numbers": source.normal(size=count),
        "labels": source.integers(0, 2, size=count),
        "signs": 2 * source.integers(0, 2, size=count) - 1,
        "classes": source.integers(0, count),
    }[KINDS[name]]
    _, slope = cost_of(loss, outputs, target)
    step = 1e-6 * np.abs(outputs).min()
    for place, unit in enumerate(np.eye(count)):
        higher, _ = cost_of(loss, outputs + step * unit, target)
        lower, _ = cost_of(loss, outputs - step * unit, target)
        size = 1.0 + abs(slope[place]) + 1e-9 * abs(higher) / step
        assert (higher - lower) / (2 * step) == pytest.approx(slope[place], abs=1e-5 * size)


@pytest.mark.parametrize(
    ("name", "outputs", "target", "cost", "slope"),
    [
        ("half_squared_error", [3.0, 1.0], [1.0, 2.0], 2.5, [2.0, -1.0]),
        ("squared_error", [3.0, 1.0], [1.0, 2.0], 5.0, [4.0, -2.0]),
        ("binary_cross_entropy", [0.25], 1, np.log(4.0), [-4.0]),
        ("binary_cross_entropy", [0.25], 0, np.log(4.0 / 3.0), [4.0 / 3.0]),
        ("binary_cross_entropy_from_logit", [0.0], 0, np.log(2.0), [0.5]),
        ("binary_cross_entropy_from_logit", [1000.0], 0, 1000.0, [1.0]),
        ("binary_cross_entropy_from_logit", [-1000.0], 1, 1000.0, [-1.0]),
        ("binary_cross_entropy", [1.0, 0.0], [1, 0], 0.0, [-1.0, 1.0]),
        ("negative_log_likelihood", [0.25, 0.75], 0, np.log(4.0), [-4.0, 0.0]),
        ("softmax_cross_entropy", [0.0, 0.0], 1, np.log(2.0), [0.5, -0.5]),
        ("softmax_cross_entropy", [1000.0, 0.0], 1, 1000.0, [1.0, -1.0]),
        ("softmax_cross_entropy_without_first", [0.0], 0, np.log(2.0), [0.5]),
        ("softmax_cross_entropy_without_first", [1000.0], 0, 1000.0, [1.0]),
        ("hinge", [0.25, 2.0], [1, -1], 3.75, [-1.0, 1.0]),
        ("hinge", [1.0], 1, 0.0, [0.0]),
    ],
)
def test_costs_by_hand(name, outputs, target, cost, slope):
    computed, by_output = cost_of(LOSSES[name], np.array(outputs), target)
    assert computed == pytest.approx(cost, rel=1e-15)
    assert by_output == pytest.approx(slope, rel=1e-15)


def test_what_has_no_formula_is_named():
    mine = Loss(lambda outputs, target: outputs[0], half_squared_error.targets, "numbers")
    with pytest.raises(ValueError, match="does not have the loss '<lambda>'"):
        cost_of(mine, np.array([1.0]), 0.0)
    with pytest.raises(ValueError, match="does not have the activation 'swish'"):
        activate("swish", np.array([1.0]), 1)
    with pytest.raises(ValueError, match="the penalties L2 and L1, not <built-in"):
        cost_of_weights(abs, np.eye(2))
    with pytest.raises(ValueError, match="a label is -1 or 1, not 0"):
        cost_of(hinge, np.array([1.0]), 0)
