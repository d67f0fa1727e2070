import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn import L1, L2, LOSSES, MLP, Classes, Labels
from nn.training.objective import EagerObjective
from nn.training.program_objective import ProgramObjective, different
from nn.training.recording import KeptProgram

HIDDEN = ["identity", "logistic", "tanh", "relu", "leaky_relu", "elu", "softplus", "maxout"]
OUTPUT = {
    "numbers": ["identity", "tanh", "relu", "logistic", "softmax"],
    "logits": ["identity", "maxout"],
    "probabilities": ["logistic"],
    "distribution": ["softmax"],
}


@st.composite
def problems(draw):
    """A network, a loss that goes with it, a penalty, and examples with inputs and targets."""
    loss = LOSSES[draw(st.sampled_from(sorted(LOSSES)))]
    nin, count = draw(st.integers(1, 3)), draw(st.integers(2, 3))
    model = MLP(
        nin,
        [draw(st.integers(1, 4)), count],
        activation=draw(st.sampled_from(HIDDEN)),
        output=draw(st.sampled_from(OUTPUT[loss.takes])),
        bias=draw(st.sampled_from([True, False, "feature"])),
        gate_by_gate=draw(st.booleans()),
        initial=draw(st.sampled_from(["uniform", "xavier", "he"])),
        seed=draw(st.integers(0, 1000)),
    )
    penalty = draw(st.sampled_from([None, L1(0.1), L2(0.3)]))
    source = np.random.default_rng(draw(st.integers(0, 1000)))
    size = draw(st.integers(1, 7))
    inputs = source.normal(size=(size, nin))
    if isinstance(loss.targets, Classes):
        targets = source.integers(0, count, size).tolist()
    elif isinstance(loss.targets, Labels):
        choices = [loss.targets.low, loss.targets.high]
        targets = source.choice(choices, (size, count)).tolist()
    else:
        targets = source.normal(size=(size, count)).tolist()
    return model, loss, penalty, inputs, loss.targets.encode_all(targets, count)


def close(found, expected):
    """To rounding, relative to the largest number."""
    found, expected = np.asarray(found), np.asarray(expected)
    return np.abs(found - expected).max() <= 1e-12 * (1.0 + np.abs(expected).max())


@settings(max_examples=150)
@given(problems())
def test_programs_and_circuits_of_values_give_the_same(problem):
    model, loss, penalty, inputs, targets = problem
    table, width = np.concatenate([inputs, targets], axis=1), inputs.shape[1]
    eager = EagerObjective(model, loss, penalty, width)
    program = ProgramObjective(model, loss, penalty, width, table, KeptProgram())
    for found, expected in zip(program.gradient(table), eager.gradient(table), strict=True):
        assert close(found, expected)
    for found, expected in zip(program.evaluate(table), eager.evaluate(table), strict=True):
        assert close(found, expected)
    elsewhere = eager.numbers + 0.01
    assert close(program.loss_at(elsewhere, table), eager.loss_at(elsewhere, table))


def test_programs_are_compiled_anew_only_where_something_is_different(made_programs):
    kept = KeptProgram()
    loss = LOSSES["half_squared_error"]
    model, other = MLP(2, [3, 1], seed=1), MLP(2, [3, 1], seed=1)
    table = np.array([[1.0, 2.0, 0.5], [3.0, 4.0, 1.5]])

    def programs(model, penalty, rows):
        ProgramObjective(model, loss, penalty, 2, rows, kept)
        return len(made_programs)

    assert programs(model, None, table) == 1
    assert programs(model, None, table) == 1
    assert programs(model, None, -table) == 1
    assert programs(model, L2(0.1), table) == 2
    assert programs(model, L2(0.2), table) == 3
    assert programs(model, L2(0.2), table) == 3
    assert programs(other, L2(0.2), table) == 4


@given(st.lists(st.integers(0, 3).map(float), min_size=1, max_size=20), st.integers(1, 12))
def test_the_compared_examples_have_the_first_and_as_many_targets_as_possible(labels, count):
    places = different(np.array(labels)[:, np.newaxis], count)
    assert places[0] == 0
    assert len(set(places)) == len(places) == min(count, len(labels))
    kinds = {labels[place] for place in places}
    if count > len(set(labels)):
        assert kinds == set(labels)


@pytest.mark.parametrize("size", [1, 5, 1000])
def test_regression_targets_are_compared_from_the_lowest_to_the_highest(size):
    targets = np.random.default_rng(1).permutation(size).astype(float)[:, np.newaxis]
    chosen = targets[different(targets, 10), 0]
    assert len(set(chosen)) == min(size, 10)
    assert min(chosen) == 0.0 and max(chosen) >= 0.8 * (size - 1)
