"""Reasons to stop before all epochs are done."""

import math
from typing import Any

import pytest
from learning import Line, both_ways, trainer_of

from autograd_core import Value
from nn import SteepestDescent, Trainer, half_squared_error

nan = math.nan


def fit(training: list[float] | None, validation: list[float] | None, **options: Any) -> Trainer:
    """A training whose losses are given, epoch by epoch; its slope is the number of epochs."""

    def loss(output: Any, target: Any) -> Any:
        epoch = round(output.data)
        if target == 1.0:
            return Value(validation[epoch - 1])  # type: ignore[index]  # there is one
        return -output + (epoch + (training[epoch] if training else 1.0 / (epoch + 1)))

    trainer = Trainer(Line(), loss, SteepestDescent(1.0), eager=True)
    if validation is not None:
        options["validation"] = ([[1.0]], [1.0])
    epochs = len(validation or training or [0] * 5)
    history = trainer.fit([[1.0]], [0.0], epochs, **options)
    assert history.epochs == len(history["loss"])
    return trainer


@pytest.mark.parametrize(
    "patience, losses, last, best",
    [
        (1, [3.0, 2.0, 2.5, 0.0], 3, 2),
        (2, [3.0, 2.0, 2.5, 1.0, 1.5, 1.0, 0.0], 6, 4),
        (3, [1.0, 1.0, 1.0, 1.0, 0.0], 4, 1),
        (2, [1.0, nan, 2.0, 0.0], 3, 1),
    ],
)
def test_patience_goes_back_to_the_lowest_validation_loss(
    patience: int, losses: list[float], last: int, best: int
) -> None:
    trainer = fit(None, losses, patience=patience)
    assert (trainer.history.epochs, trainer.model.slope.data) == (last, best)
    plural = "" if patience == 1 else "s"
    assert trainer.history.stopped == (
        f"no lower validation loss in {patience} epoch{plural}; "
        f"back to the parameters of epoch {best}"
    )


def test_patience_waits_for_as_long_as_the_loss_falls() -> None:
    trainer = fit(None, [3.0, 2.0, 1.0], patience=1)
    assert (trainer.model.slope.data, trainer.history.stopped) == (3.0, "all epochs are done")


def test_patience_that_has_not_run_out_leaves_the_last_parameters() -> None:
    assert fit(None, [1.0, 2.0, 3.0], patience=3).model.slope.data == 3.0


def test_without_any_finite_validation_loss_there_is_nothing_to_go_back_to() -> None:
    trainer = fit(None, [nan] * 5, patience=2)
    assert (trainer.history.epochs, trainer.model.slope.data) == (2, 2.0)
    assert trainer.history.stopped == "no lower validation loss in 2 epochs: it was nan throughout"


@both_ways
def test_patience_in_a_training(eager: bool) -> None:
    """The training example pulls the slope to 2; the validation example is best met at 1."""
    trainer = Trainer(Line(), half_squared_error, SteepestDescent(0.1), eager=eager)
    held_out = ([[1.0]], [1.0])
    history = trainer.fit([[1.0]], [2.0], 100, validation=held_out, patience=3)
    losses = history["validation_loss"]
    best = losses.index(min(losses))
    assert history.epochs == best + 1 + 3 < 100
    assert trainer.evaluate(*held_out)["loss"] == min(losses)
    assert trainer.model.slope.data == pytest.approx(2 - 2 * 0.9 ** (best + 1))


@pytest.mark.parametrize(
    "tolerance, losses, last",
    [
        (0.125, [3.0, 2.0, 1.875, 1.5], 3),
        (0.125, [3.0, 3.125, 1.5], 2),
        (0.0, [3.0, 2.0, 2.0, 1.0], 3),
        (0.5, [1.0, 2.0, 3.0], None),
    ],
)
def test_tolerance_stops_where_the_loss_hardly_changes(
    tolerance: float, losses: list[float], last: int | None
) -> None:
    history = fit(losses, None, tolerance=tolerance).history
    assert history["loss"] == losses[:last]
    if last:
        assert f"in epoch {last}, no more than the tolerance {tolerance:g}" in history.stopped
    else:
        assert history.stopped == "all epochs are done"


def test_on_request() -> None:
    history = fit(None, None, stop=lambda history: history["loss"][-1] < 0.4).history
    assert (history.epochs, history.stopped) == (3, "stopped on request after epoch 3")


@both_ways
def test_no_epochs_change_nothing(eager: bool) -> None:
    trainer = trainer_of(Line(2.0), eager=eager)
    assert trainer.fit([[1.0]], [0.0], 0).epochs == 0
    assert (trainer.model.slope.data, trainer.history.stopped) == (2.0, "all epochs are done")


@pytest.mark.parametrize(
    "options, error, message",
    [
        ({"patience": 0}, ValueError, "patience, the epochs to wait, is a whole .* 1, not 0"),
        ({"patience": 2.5}, ValueError, "at least 1, not 2.5"),
        ({"tolerance": -0.1}, ValueError, "a tolerance is zero or more, not -0.1"),
        ({"tolerance": "1e-6"}, ValueError, "a tolerance is zero or more, not '1e-6'"),
        ({"tolerance": nan}, ValueError, "a tolerance is zero or more, not nan"),
        ({"stop": 3}, TypeError, "stop is a function of the history, not 3"),
    ],
)
def test_settings_out_of_range(options: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        fit(None, [1.0], **options)
