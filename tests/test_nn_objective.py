import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_core import Value
from nn import L1, L2, MLP, half_squared_error, softmax_cross_entropy
from nn.data import examples
from nn.objective import EagerObjective

finite = st.floats(-2.0, 2.0)
tables = st.lists(st.lists(finite, min_size=2, max_size=2), min_size=1, max_size=5)


def by_hand(model, loss, penalty, inputs, targets):
    """The average of the losses plus the penalty, as one circuit."""
    losses = [loss(model(x), y) for x, y in zip(inputs, targets, strict=True)]
    total = sum(losses) / len(losses)
    return total if penalty is None else total + penalty(model)


@given(tables, st.sampled_from([None, L1(0.3), L2(0.7)]), st.integers(0, 100))
def test_the_objective_is_the_average_plus_the_penalty(inputs, penalty, seed):
    model = MLP(2, [3, 2], activation="tanh", seed=seed)
    labels = [place % 2 for place in range(len(inputs))]
    model.zero_grad()
    whole = by_hand(model, softmax_cross_entropy, penalty, inputs, labels)
    whole.backward()
    expected = [parameter.grad for parameter in model.parameters()]

    objective = EagerObjective(model, softmax_cross_entropy, penalty)
    rows = examples(model, softmax_cross_entropy, inputs, labels)
    mean, gradient, outputs = objective.gradient(*rows)
    assert mean == pytest.approx(whole.data, rel=1e-12)
    assert gradient == pytest.approx(np.array(expected), rel=1e-12, abs=1e-14)
    assert outputs.tolist() == [[z.data for z in model(x)] for x in inputs]

    without, answers = objective.evaluate(*rows)
    expected_loss = by_hand(model, softmax_cross_entropy, None, inputs, labels).data
    assert without == pytest.approx(expected_loss, rel=1e-12)
    assert answers.tolist() == outputs.tolist()


def test_the_objective_elsewhere_and_back_again():
    model = MLP(2, [2, 1], activation="tanh", seed=1)
    before = model.state_dict()
    rows = examples(model, half_squared_error, [[1.0, 2.0]], [0.5])
    objective = EagerObjective(model, half_squared_error, L2(0.1))
    there = objective.numbers + 0.25
    found = objective.loss_at(there, *rows)
    twin = MLP(2, [2, 1], activation="tanh", seed=1)
    for parameter in twin.parameters():
        parameter.data += 0.25
    assert found == by_hand(twin, half_squared_error, L2(0.1), [[1.0, 2.0]], [0.5]).data
    objective.write_back()
    assert model.state_dict() == before


def test_numbers_reach_the_model_only_by_writing_them_back():
    model = MLP(1, [1], seed=1)
    objective = EagerObjective(model, half_squared_error)
    before = model.state_dict()
    objective.numbers = np.array([3.0, 4.0])
    assert model.state_dict() == before
    objective.write_back()
    assert list(model.state_dict().values()) == [3.0, 4.0]


def test_a_parameter_that_the_outputs_do_not_depend_on_has_no_gradient():
    class Half(MLP):
        def __init__(self):
            super().__init__(1, [1], seed=1)
            self.unused = Value(5.0)

    model = Half()
    model.unused.grad = 9.0
    rows = examples(model, half_squared_error, [[1.0]], [0.0])
    _, gradient, _ = EagerObjective(model, half_squared_error).gradient(*rows)
    assert dict(zip(model.named_parameters(), gradient.tolist(), strict=True))["unused"] == 0.0
