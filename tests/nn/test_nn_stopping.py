import math

import numpy as np
import pytest

from nn import History
from nn.training.stopping import Stopping


class Parameters:
    """Stands for the objective: what stopping may put back."""

    def __init__(self):
        self.numbers = np.zeros(1)


def run(stopping, losses, name="validation_loss"):
    """The epoch after which it stops, the reason, and the parameters then: the epoch's number."""
    history, parameters = History(), Parameters()
    for epoch, loss in enumerate(losses, start=1):
        parameters.numbers = np.array([float(epoch)])
        history.add({"loss": 1.0 / epoch, name: loss})
        reason = stopping.reason(history, parameters)
        if reason:
            return epoch, reason, float(parameters.numbers[0])
    return None


@pytest.mark.parametrize(
    "patience, losses, last, best",
    [
        (1, [3.0, 2.0, 2.5], 3, 2),
        (2, [3.0, 2.0, 2.5, 1.0, 1.5, 1.0], 6, 4),
        (3, [1.0, 1.0, 1.0, 1.0], 4, 1),
        (2, [1.0, math.nan, 2.0], 3, 1),
    ],
)
def test_patience_goes_back_to_the_lowest_validation_loss(patience, losses, last, best):
    epoch, reason, parameters = run(Stopping(patience, None, None), losses)
    assert (epoch, parameters) == (last, best)
    assert reason.endswith(f"back to the parameters of epoch {best}")


def test_patience_waits_for_as_long_as_the_loss_falls():
    assert run(Stopping(1, None, None), [3.0, 2.0, 1.0]) is None


def test_without_any_finite_validation_loss_there_is_nothing_to_go_back_to():
    epoch, reason, parameters = run(Stopping(2, None, None), [math.nan] * 5)
    assert (epoch, parameters) == (2, 2.0)
    assert reason == "no lower validation loss in 2 epochs: it was nan throughout"


def test_the_numbers_kept_are_a_copy():
    history, parameters, stopping = History(), Parameters(), Stopping(1, None, None)
    for loss in (1.0, 2.0):
        parameters.numbers += 1.0
        history.add({"loss": 0.0, "validation_loss": loss})
        reason = stopping.reason(history, parameters)
    assert reason is not None
    assert parameters.numbers.tolist() == [1.0]


@pytest.mark.parametrize(
    "tolerance, losses, last",
    [
        (0.1, [3.0, 2.0, 1.95, 1.94], 3),
        (0.1, [3.0, 3.05], 2),
        (0.0, [3.0, 2.0, 2.0], 3),
        (0.5, [1.0, 2.0, 3.0], None),
    ],
)
def test_tolerance_stops_where_the_loss_hardly_changes(tolerance, losses, last):
    history, stopping = History(), Stopping(None, tolerance, None)
    reasons = []
    for loss in losses:
        history.add({"loss": loss})
        reasons.append(stopping.reason(history, Parameters()))
    stopped = [place for place, reason in enumerate(reasons, start=1) if reason]
    assert stopped[:1] == ([last] if last else [])
    if last:
        assert f"no more than the tolerance {tolerance:g}" in reasons[last - 1]


def test_on_request():
    stopping = Stopping(None, None, lambda history: history.epochs == 3)
    assert run(stopping, [1.0] * 5)[:2] == (3, "stopped on request after epoch 3")


@pytest.mark.parametrize(
    "patience, tolerance, message",
    [
        (0, None, "patience, the epochs to wait, is a whole number, at least 1, not 0"),
        (2.5, None, "at least 1, not 2.5"),
        (None, -0.1, "a tolerance is zero or more, not -0.1"),
        (None, "1e-6", "a tolerance is zero or more, not '1e-6'"),
        (None, math.nan, "a tolerance is zero or more, not nan"),
    ],
)
def test_numbers_out_of_range(patience, tolerance, message):
    with pytest.raises(ValueError, match=message):
        Stopping(patience, tolerance, None)


def test_to_be_asked_it_has_to_be_a_function():
    with pytest.raises(TypeError, match="stop is a function of the history, not 3"):
        Stopping(None, None, 3)
