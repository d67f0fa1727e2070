import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from learning import Slope

from autograd_core import Value, log
from nn import L1, L2, MLP, half_squared_error, softmax_cross_entropy
from nn.losses import as_loss
from nn.training.data import examples
from nn.training.objective import EagerObjective
from nn.training.program_objective import ProgramObjective
from nn.training.recording import KeptProgram

finite = st.floats(-2.0, 2.0)
tables = st.lists(st.lists(finite, min_size=2, max_size=2), min_size=1, max_size=5)
both = pytest.mark.parametrize("kind", ["eager", "program"])


def objective_of(kind, model, loss, penalty, inputs, targets):
    """An objective, and the table that it is for."""
    rows, encoded = examples(model, loss, inputs, targets)
    table, width = np.concatenate([rows, encoded], axis=1), rows.shape[1]
    if kind == "eager":
        return EagerObjective(model, loss, penalty, width), table
    return ProgramObjective(model, loss, penalty, width, table, KeptProgram()), table


def by_hand(model, loss, penalty, inputs, targets):
    """The average of the losses plus the penalty, as one circuit."""
    losses = [loss(model(x), y) for x, y in zip(inputs, targets, strict=True)]
    total = sum(losses) / len(losses)
    return total if penalty is None else total + penalty(model)


@both
@given(inputs=tables, penalty=st.sampled_from([None, L1(0.3), L2(0.7)]), seed=st.integers(0, 100))
def test_the_objective_is_the_average_plus_the_penalty(kind, inputs, penalty, seed):
    model = MLP(2, [3, 2], activation="tanh", seed=seed)
    labels = [place % 2 for place in range(len(inputs))]
    model.zero_grad()
    whole = by_hand(model, softmax_cross_entropy, penalty, inputs, labels)
    whole.backward()
    expected = [parameter.grad for parameter in model.parameters()]

    objective, table = objective_of(kind, model, softmax_cross_entropy, penalty, inputs, labels)
    mean, gradient, outputs = objective.gradient(table)
    assert mean == pytest.approx(whole.data, rel=1e-12)
    assert gradient == pytest.approx(np.array(expected), rel=1e-12, abs=1e-14)
    answers = np.array([[z.data for z in model(x)] for x in inputs])
    assert outputs == pytest.approx(answers, rel=1e-12, abs=1e-14)

    without, again = objective.evaluate(table)
    expected_loss = by_hand(model, softmax_cross_entropy, None, inputs, labels).data
    assert without == pytest.approx(expected_loss, rel=1e-12)
    assert again == pytest.approx(answers, rel=1e-12, abs=1e-14)
    right = [row.argmax() == label for row, label in zip(answers, labels, strict=True)]
    if not any(abs(row[0] - row[1]) < 1e-9 for row in answers):
        numbers = objective.accuracy(table, again)
        assert numbers == {"accuracy": np.mean(right)} and type(numbers["accuracy"]) is float


@both
def test_the_objective_elsewhere_and_back_again(kind):
    model = MLP(2, [2, 1], activation="tanh", seed=1)
    before = model.state_dict()
    objective, table = objective_of(kind, model, half_squared_error, L2(0.1), [[1.0, 2.0]], [0.5])
    found = objective.loss_at(objective.numbers + 0.25, table)
    twin = MLP(2, [2, 1], activation="tanh", seed=1)
    for parameter in twin.parameters():
        parameter.data += 0.25
    expected = by_hand(twin, half_squared_error, L2(0.1), [[1.0, 2.0]], [0.5]).data
    assert found == pytest.approx(expected, rel=1e-14)
    objective.write_back()
    assert model.state_dict() == before


@both
def test_numbers_reach_the_model_only_by_writing_them_back(kind):
    model = MLP(1, [1], seed=1)
    objective, _ = objective_of(kind, model, half_squared_error, None, [[1.0]], [0.5])
    before = model.state_dict()
    objective.numbers = np.array([3.0, 4.0])
    assert model.state_dict() == before
    objective.write_back()
    assert list(model.state_dict().values()) == [3.0, 4.0]


@both
def test_evaluation_takes_the_numbers_that_training_has_reached(kind):
    model = MLP(1, [1], seed=1)
    objective, table = objective_of(kind, model, half_squared_error, None, [[1.0]], [0.5])
    objective.numbers = np.array([3.0, 4.0])
    assert objective.evaluate(table)[0] == 0.5 * (7.0 - 0.5) ** 2


@both
def test_a_parameter_that_the_outputs_do_not_depend_on_has_no_gradient(kind):
    class Half(MLP):
        def __init__(self):
            super().__init__(1, [1], seed=1)
            self.unused = Value(5.0)

    model = Half()
    model.unused.grad = 9.0
    objective, table = objective_of(kind, model, half_squared_error, None, [[1.0]], [0.0])
    _, gradient, _ = objective.gradient(table)
    assert dict(zip(model.named_parameters(), gradient.tolist(), strict=True))["unused"] == 0.0


@both
def test_the_culprit_is_the_first_example_that_is_not_defined_or_not_finite(kind):
    logarithm = as_loss(lambda output, target: -log(output))
    objective, table = objective_of(
        kind, Slope(1.0), logarithm, None, [[1.0], [2.0], [-3.0], [-4.0]], [0] * 4
    )
    place, reason = objective.culprit(table)
    assert place == 2
    assert reason.startswith("log(") and "-3.0" in reason and "above zero" in reason
    assert objective.culprit(table[:2]) is None
    steep = as_loss(lambda output, target: 1e300 * output)
    objective, table = objective_of(kind, Slope(1.0), steep, None, [[1.0], [1e300]], [0, 0])
    assert objective.culprit(table) == (1, "the loss is inf")


def test_what_is_not_finite_is_named():
    objective, _ = objective_of("eager", Slope(1.0), half_squared_error, None, [[1.0]], [0.0])
    assert objective.not_finite(float("nan"), np.array([0.0])) == "the loss is nan"
    assert objective.not_finite(1.0, np.array([-np.inf])) == "the gradient of slope is -inf"


@both
def test_losses_and_penalties_that_return_no_value(kind):
    parts = (half_squared_error, lambda model: 0.5, [[1.0]], [0.0])
    with pytest.raises(TypeError, match=r"the penalty returned 0\.5; a penalty returns a value"):
        objective, table = objective_of(kind, Slope(1.0), *parts)
        objective.gradient(table)
    with pytest.raises(TypeError, match=r"the loss <lambda> returned 3\.0; a loss returns a value"):
        objective, table = objective_of(
            kind, Slope(1.0), as_loss(lambda z, y: 3.0), None, [[1.0]], [0.0]
        )
        objective.gradient(table)
