"""Reasons to stop before all epochs are done."""

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from learning import Line, both_ways, trainer_of

from autograd_core import Value
from nn import MLP, Adam, SteepestDescent, Trainer, half_squared_error

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


def test_patience_that_has_not_run_out_goes_back_too() -> None:
    trainer = fit(None, [2.0, 1.0, 3.0], patience=3)
    history = trainer.history
    assert (trainer.model.slope.data, history.best, history.epochs) == (2.0, 2, 3)
    assert history.stopped == "all epochs are done; back to the parameters of epoch 2"


@pytest.mark.parametrize(
    "options, slope, says",
    [
        ({"patience": 2, "restore": "last"}, 3.0, "in 2 epochs; the lowest .* of epoch 1"),
        ({"restore": "best"}, 1.0, "all epochs are done; back to the parameters of epoch 1"),
        ({"restore": "last"}, 4.0, "all epochs are done; the lowest .* was that of epoch 1"),
        ({}, 4.0, "all epochs are done; the lowest .* was that of epoch 1"),
        ({"tolerance": 10.0, "restore": "best"}, 1.0, "tolerance 10; back to .* of epoch 1"),
        ({"stop": lambda history: history.epochs == 2, "restore": "best"}, 1.0, "request .* back"),
    ],
)
def test_restore(options: Any, slope: float, says: str) -> None:
    trainer = fit(None, [1.0, 2.0, 3.0, 4.0], **options)
    assert trainer.model.slope.data == slope and trainer.history.best == 1
    assert re.search(says, trainer.history.stopped)


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


RNG = np.random.default_rng(3)
INPUTS, TARGETS = RNG.normal(size=(12, 2)), RNG.normal(size=12)
HELD_OUT = RNG.normal(size=(6, 2)), RNG.normal(size=6)


def overfitting() -> Trainer:
    """A training whose validation loss has its minimum early."""
    model = MLP(2, [8, 1], activation="tanh", seed=1)
    return Trainer(model, half_squared_error, Adam(0.05), batch_size=5, seed=4)


def state_of(trainer: Trainer) -> Any:
    return (
        trainer.model.state_dict(),
        trainer.optimiser.state_dict(),
        dict(trainer.history),
        trainer.history.best,
        trainer.history.stopped,
    )


@pytest.mark.parametrize("patience, restore", [(15, None), (100, None), (15, "last"), (12, "best")])
@pytest.mark.parametrize("by_file", [False, True])
def test_ten_epochs_and_ten_more_are_twenty(
    patience: int, restore: Any, by_file: bool, tmp_path: Any
) -> None:
    options: Any = {"validation": HELD_OUT, "patience": patience, "restore": restore}
    whole, halves = overfitting(), overfitting()
    whole.fit(INPUTS, TARGETS, 20, **options)
    halves.fit(INPUTS, TARGETS, 10, **options)
    assert (halves.history.best or 0) < 10  # the model was given back its best
    if by_file:
        halves.save(tmp_path / "half.json")
        halves = overfitting()
        halves.load(tmp_path / "half.json")
    assert restore == "last" or halves.evaluate(*HELD_OUT)["loss"] == min(
        halves.history["validation_loss"]
    )
    halves.fit(INPUTS, TARGETS, 20 - halves.history.epochs, **options)
    assert state_of(halves) == state_of(whole)


def test_predict_evaluate_and_the_model_use_the_best() -> None:
    trainer = overfitting()
    history = trainer.fit(INPUTS, TARGETS, 30, validation=HELD_OUT, patience=50)
    assert history.best is not None and history.best < history.epochs == 30
    lowest = min(history["validation_loss"])
    assert history["validation_loss"][history.best - 1] == lowest
    assert trainer.evaluate(*HELD_OUT)["loss"] == lowest
    found = [trainer.model(row).data for row in HELD_OUT[0].tolist()]
    assert trainer.predict(HELD_OUT[0]).tolist() == pytest.approx(found)


def test_who_changes_the_model_goes_on_from_there() -> None:
    trainer = overfitting()
    trainer.fit(INPUTS, TARGETS, 30, validation=HELD_OUT, patience=50)
    state = overfitting().model.state_dict()
    trainer.model.load_state_dict(state)
    trainer.optimiser, trainer.batch_size = SteepestDescent(1e-12), None
    trainer.fit(INPUTS, TARGETS, 1)
    assert trainer.model.state_dict() == pytest.approx(state, abs=1e-9)


def test_another_validation_set_has_a_best_of_its_own() -> None:
    trainer = overfitting()
    trainer.fit(INPUTS, TARGETS, 10, validation=HELD_OUT, patience=50)
    other = HELD_OUT[0], HELD_OUT[1] + 100.0
    history = trainer.fit(INPUTS, TARGETS, 2, validation=other, patience=50)
    assert history.best in (11, 12)


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
        ({"restore": "first"}, ValueError, "restore is 'best' or 'last', not 'first'"),
        ({"tolerance": -0.1}, ValueError, "a tolerance is zero or more, not -0.1"),
        ({"tolerance": "1e-6"}, ValueError, "a tolerance is zero or more, not '1e-6'"),
        ({"tolerance": nan}, ValueError, "a tolerance is zero or more, not nan"),
        ({"stop": 3}, TypeError, "stop is a function of the history, not 3"),
    ],
)
def test_settings_out_of_range(options: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        fit(None, [1.0], **options)


def test_there_is_no_best_without_a_validation_set() -> None:
    with pytest.raises(
        ValueError, match=r"restore='best' asks for a validation set: give validation="
    ):
        fit(None, None, restore="best")


@pytest.mark.parametrize(
    ("part", "name", "wrong"),
    [
        ("last", 0, float("nan")),
        ("best", "numbers", [float("inf"), 0.0, 0.0]),
        ("best", "epoch", -5),
        ("best", "epoch", True),
        ("best", "epoch", 99),
        ("best", "loss", float("nan")),
        ("best", "loss", 0.25),
        ("best", "waited", -1),
    ],
)
def test_a_damaged_best_epoch_in_a_file(tmp_path: Path, part: str, name: Any, wrong: Any) -> None:
    def trainer() -> Trainer:
        return Trainer(MLP(2, [1], seed=1), half_squared_error, SteepestDescent(0.1))

    examples = [[0.0, 1.0], [1.0, 0.0]], [1.0, 2.0]
    first, path = trainer(), tmp_path / "training.json"
    first.fit(*examples, 3, validation=([[1.0, 1.0]], [-1.0]), patience=9)
    first.save(path)
    trainer().load(path)
    document = json.loads(path.read_text())
    document["training"][part][name] = wrong
    path.write_text(json.dumps(document))
    with pytest.raises(ValueError, match=r"training\.json"):
        trainer().load(path)
