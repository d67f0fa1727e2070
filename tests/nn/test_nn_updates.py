import numpy as np
import pytest
from learning import Slope

from autograd_core import log
from nn import LineSearch, SteepestDescent, half_squared_error
from nn.losses import as_loss
from nn.training.objective import EagerObjective
from nn.training.program_objective import ProgramObjective
from nn.training.recording import KeptProgram
from nn.training.updates import evaluate, update_by_batches, update_in_words

TABLE = np.array([[1.0, 1.0], [1.0, 1.0], [1.0, 1.0], [1.0, 1.0], [1.0, 1.0]])
PLACES = np.array([40, 41, 42, 43, 44])


@pytest.fixture(params=["program", "eager"])
def objective_of(request):
    """Makes an objective of a slope, of one kind or the other."""

    def make(loss, table, slope=0.0):
        if request.param == "eager":
            return EagerObjective(Slope(slope), loss, None, 1)
        return ProgramObjective(Slope(slope), loss, None, 1, table, KeptProgram())

    return make


@pytest.mark.parametrize(
    "size, slopes", [(1, [0, 0.5, 0.75, 0.875, 0.9375]), (2, [0, 0, 0.5, 0.5, 0.75]), (5, [0] * 5)]
)
def test_batches_come_one_after_the_other(objective_of, size, slopes):
    """Each update goes halfway to 1; a loss is taken before the update it leads to."""
    objective, optimiser = objective_of(half_squared_error, TABLE), SteepestDescent(0.5)
    numbers = update_by_batches(objective, optimiser, TABLE, PLACES, size, "epoch 1")
    losses = [0.5 * (1.0 - slope) ** 2 for slope in slopes]
    assert numbers == {"loss": pytest.approx(np.mean(losses), rel=1e-14)}
    assert optimiser.updates == len({*range(0, 5, size)})
    assert objective.numbers.tolist() == [1.0 - 0.5**optimiser.updates]


def test_a_line_search_gets_the_loss_of_the_batch(objective_of):
    objective = objective_of(half_squared_error, TABLE)
    update_by_batches(objective, LineSearch(64.0), TABLE, PLACES, 5, "epoch 1")
    assert objective.numbers.tolist() == [1.0]  # of 64, 32, 16, …, the first that is low enough


def test_an_example_that_is_not_defined_is_named(objective_of):
    loss = as_loss(lambda output, target: -log(output))
    table = TABLE.copy()
    table[3, 0] = -1.0
    objective = objective_of(loss, table, 1.0)
    with pytest.raises(FloatingPointError) as caught:
        update_by_batches(objective, SteepestDescent(0.5), table, PLACES, 2, "epoch 7")
    assert str(caught.value).startswith("log(")
    assert "above zero, for example 43, in update 2 (epoch 7), with the learning rate 0.5" in str(
        caught.value
    )
    with pytest.raises(FloatingPointError, match=r"above zero, for row 3$"):
        evaluate(objective, table, "row")


@pytest.mark.parametrize("factor", [1e200, 1e160])
def test_an_example_whose_loss_is_not_finite_is_named(objective_of, factor):
    table = TABLE.copy()
    table[4, 0] = factor
    objective = objective_of(half_squared_error, table, 1.0)
    with pytest.raises(FloatingPointError, match=r"^the loss is inf, for example 44, in update 1 "):
        update_by_batches(objective, SteepestDescent(0.5), table, PLACES, 5, "epoch 1")
    assert objective.numbers.tolist() == [1.0]


def test_a_gradient_that_is_not_finite_is_named(objective_of):
    loss = as_loss(lambda output, target: (output + 1e-320).log() * 1e-300)
    table = np.array([[1e200, 0.0]])
    objective = objective_of(loss, table)
    with pytest.raises(FloatingPointError, match=r"^the gradient of slope is inf, in update 1 "):
        update_by_batches(objective, SteepestDescent(0.5), table, PLACES, 1, "epoch 1")


def test_an_update_in_words():
    words = update_in_words(SteepestDescent(0.5), "epoch 3")
    assert words.startswith("update 1 (epoch 3), with the learning rate 0.5; a smaller one")
