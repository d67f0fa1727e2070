import io
import math
import sys
from collections.abc import Mapping
from typing import Any

import pytest
from learning import Line, trainer_of

from nn import History


def three_epochs() -> History:
    history = History()
    for loss in (0.5, 0.25, 0.125):
        history.add({"loss": loss, "accuracy": 1.0 - loss})
    return history


def test_a_history_is_a_mapping_of_series() -> None:
    history = three_epochs()
    assert issubclass(History, Mapping)
    assert dict(history) == {"loss": [0.5, 0.25, 0.125], "accuracy": [0.5, 0.75, 0.875]}
    assert (len(history), list(history), history.epochs) == (2, ["loss", "accuracy"], 3)
    assert "loss" in history
    assert history.get("validation_loss") is None


def test_a_series_that_is_not_always_there_is_filled_with_nan() -> None:
    history = three_epochs()
    history.add({"loss": 0.1, "validation_loss": 0.2})
    history.add({"loss": 0.1, "accuracy": 0.9})
    assert {len(series) for series in history.values()} == {history.epochs} == {5}
    assert [math.isnan(x) for x in history["accuracy"]] == [False, False, False, True, False]
    assert [math.isnan(x) for x in history["validation_loss"]] == [True, True, True, False, True]


def test_a_history_goes_through_plain_lists() -> None:
    history = History.of(dict(three_epochs()))
    assert dict(history) == dict(three_epochs())
    assert history.epochs == 3
    history.add({"loss": 0.0, "accuracy": 1.0})
    assert history["loss"] == [0.5, 0.25, 0.125, 0.0]
    assert History.of({}).epochs == 0


@pytest.mark.parametrize("series", [{"loss": [1.0], "accuracy": []}, {"loss": ["low"]}])
def test_series_that_make_no_history(series: Any) -> None:
    with pytest.raises(ValueError):
        History.of(series)


def test_a_series_that_was_handed_out_neither_grows_nor_can_be_changed_from_outside() -> None:
    history = History()
    history.add({"loss": 0.5})
    handed_out, twin = history["loss"], history.copy()
    history.add({"loss": 0.25})
    handed_out.append(7.0)
    assert history["loss"] == [0.5, 0.25] and twin["loss"] == [0.5]
    twin.add({"loss": 0.125, "accuracy": 1.0})
    history.add({"loss": 0.0625})
    assert history["loss"] == [0.5, 0.25, 0.0625] and "accuracy" not in history
    assert twin["loss"] == [0.5, 0.125]


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(KeyError, match=r"no 'validation_loss'; it has \['loss', 'accuracy'\]"):
        three_epochs()["validation_loss"]


def test_a_history_prints_where_it_has_come_to() -> None:
    history = three_epochs()
    assert repr(history) == "<History of 3 epochs: loss 0.125, accuracy 0.875>"
    history.stopped = "all epochs are done"
    assert repr(history).endswith("accuracy 0.875; all epochs are done>")
    assert repr(History()) == "<History of 0 epochs>"


# While it goes on


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(progress: bool | None) -> str:
    """What a training of two epochs writes where errors go."""
    trainer_of(Line(), eager=True).fit([[1.0]], [0.5], epochs=2, progress=progress)
    assert isinstance(sys.stderr, io.StringIO)
    return sys.stderr.getvalue()


@pytest.mark.parametrize("progress", [None, True, False])
@pytest.mark.parametrize("place", [io.StringIO, Terminal])
def test_a_progress_bar_is_shown_on_a_terminal_or_on_request(
    monkeypatch: pytest.MonkeyPatch, place: type[io.StringIO], progress: bool | None
) -> None:
    monkeypatch.setattr("sys.stderr", place())
    text = shown(progress)
    if progress or (progress is None and place is Terminal):
        assert "2/2" in text and "epoch" in text and "loss=0.122" in text  # ½ (½ − 0.005)²
    else:
        assert text == ""
