"""Plots: loss and accuracy over the epochs of a training."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgb
from plotted import (
    CORNERS,
    EITHER,
    legend_texts,
    line_of,
    new_axes,
    points_of,
    rendered,
)

from autograd_core import Value
from nn import MLP, Adam, History, Trainer, binary_cross_entropy
from viz import plots

FINITE = st.floats(-50.0, 50.0)
NAMES = ["loss", "accuracy", "validation_loss", "validation_accuracy"]


@st.composite
def histories(draw: Any) -> dict[str, list[float]]:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    epochs = draw(st.integers(1, 30))
    numbers = FINITE | st.sampled_from([math.nan, math.inf])
    return {name: draw(st.lists(numbers, min_size=epochs, max_size=epochs)) for name in names}


@settings(max_examples=60)
@given(histories())
def test_curves_are_the_numbers_of_the_history(history: dict[str, list[float]]) -> None:
    ax = plots.training_history(history, new_axes())
    for name, numbers in history.items():
        axes = ax if "loss" in name or not any("loss" in other for other in history) else None
        line = line_of(axes or ax.figure.axes[-1], name)
        expected = [(e, x) for e, x in enumerate(numbers, start=1) if math.isfinite(x)]
        assert list(zip(line.get_xdata(), line.get_ydata(), strict=True)) == expected
        assert line.get_linestyle() == ("--" if name.startswith("validation") else "-")
    best = [line for line in ax.lines if line.get_linestyle() == ":"]
    assert [points_of(line)[0][0] for line in best] == best_epochs(history)


def best_epochs(history: dict[str, list[float]]) -> list[int]:
    for name, choose in (("validation_loss", min), ("validation_accuracy", max)):
        finite = [x for x in history.get(name, []) if math.isfinite(x)]
        if finite:
            return [history[name].index(choose(finite)) + 1]
    return []


@pytest.mark.parametrize("numbers", [[0.5], [math.nan], [math.nan] * 30, [math.inf, 1.0, 1e200]])
def test_any_numbers_can_be_shown(numbers: list[float]) -> None:
    for name in NAMES:
        rendered(plots.training_history({name: numbers}, new_axes()))
    rendered(plots.training_history(dict.fromkeys(NAMES, numbers), new_axes()))


def test_loss_and_accuracy_have_an_axis_each() -> None:
    ax = plots.training_history({"loss": [2.0, 1.0], "accuracy": [0.5, 0.7]}, new_axes())
    left, right = ax.figure.axes
    assert left is ax and (left.get_ylabel(), right.get_ylabel()) == ("loss", "accuracy")
    assert left.get_xlabel() == "epoch" and str(right.yaxis.get_label_position()) == "right"
    colours = [to_rgb(axes.lines[0].get_color()) for axes in (left, right)]
    assert colours[0] != colours[1]
    assert colours == [to_rgb(axes.yaxis.label.get_color()) for axes in (left, right)]
    assert not [child for child in ax.child_axes if child.get_legend()]


@pytest.mark.parametrize(("name", "label"), [("loss", "loss"), ("accuracy", "accuracy")])
def test_one_curve_has_one_axis(name: str, label: str) -> None:
    ax = plots.training_history({name: [0.5, 0.7]}, new_axes())
    assert ax.figure.axes == [ax] and ax.get_ylabel() == label


@pytest.mark.parametrize(
    ("losses", "scale"),
    [
        ([1.0, 0.5, 0.0099], "log"),
        ([1.0, 0.5, 0.0101], "linear"),
        ([1.0, 0.5, 0.0], "linear"),
        ([1.0, 0.5, -1e-3], "linear"),
        ([1.0, math.nan, math.inf, 1e-3], "log"),
        ([math.nan, math.nan], "linear"),
    ],
)
def test_the_scale_of_the_loss(losses: list[float], scale: str) -> None:
    ax = plots.training_history({"loss": losses, "accuracy": [0.5] * len(losses)}, new_axes())
    assert ax.get_yscale() == scale and ax.figure.axes[-1].get_yscale() == "linear"


def test_the_validation_loss_counts_for_the_scale() -> None:
    history = {"loss": [1.0, 0.5], "validation_loss": [1.0, 0.001]}
    assert plots.training_history(history, new_axes()).get_yscale() == "log"


def test_the_legend_names_styles_and_the_best_epoch() -> None:
    history = {"loss": [3.0, 2.0, 1.0], "validation_loss": [3.0, 2.0, 2.5]}
    ax = plots.training_history(history, new_axes())
    assert legend_texts(ax) == ["training", "validation", "best validation: epoch 2"]


def test_a_curve_that_ends_says_so() -> None:
    nan = math.nan
    ax = plots.training_history({"loss": [3.0, 2.0, nan, nan], "accuracy": [0.5] * 4}, new_axes())
    assert ax.get_ylabel() == "loss\n(training not finite from epoch 3 on)"
    ax = plots.training_history({"loss": [3.0, nan, 2.0, nan]}, new_axes())
    assert ax.get_ylabel() == "loss"


@pytest.mark.parametrize("losses", [[1.0], [math.nan, 2.0], [1.0, math.inf], [3.0] * 100])
def test_the_axis_has_every_epoch_and_no_half_ones(losses: list[float]) -> None:
    ax = plots.training_history({"loss": losses}, new_axes())
    first, last = ax.get_xlim()
    assert first < 1 and len(losses) < last
    ax.figure.canvas.draw()
    assert all(tick == round(tick) for tick in ax.get_xticks() if first <= tick <= last)


def test_every_epoch_of_a_sparse_validation_can_be_seen() -> None:
    validation = [1.0 if epoch % 10 == 0 else math.nan for epoch in range(100)]
    history = {"loss": [1.0] * 100, "validation_loss": validation}
    ax = plots.training_history(history, new_axes())
    assert line_of(ax, "validation_loss").get_marker() == "."
    assert line_of(ax, "loss").get_marker() in ("", "None")


def test_the_history_of_a_training() -> None:
    model = MLP(2, [2, 1], output="logistic", seed=1)
    trainer = Trainer(model, binary_cross_entropy, Adam(0.1))
    history = trainer.fit(CORNERS, EITHER, 3, validation=(CORNERS, EITHER), progress=False)
    assert isinstance(history, History)
    ax = plots.training_history(history, new_axes())
    assert line_of(ax, "loss").get_ydata().tolist() == history["loss"]
    accuracies = line_of(ax.figure.axes[-1], "validation_accuracy").get_ydata()
    assert accuracies.tolist() == history["validation_accuracy"]


@pytest.mark.parametrize(
    ("history", "error", "words"),
    [
        ({}, ValueError, "empty: train first"),
        (History(), ValueError, "empty: train first"),
        ({"loss": [], "accuracy": []}, ValueError, "no epoch yet"),
        ({"losses": [1.0]}, ValueError, "at least one of 'loss', .* this one has 'losses'"),
        ({"loss": [1.0, 2.0], "accuracy": [0.5]}, ValueError, "'loss' has 2 .* 'accuracy' has 1"),
        ({"loss": [[1.0, 2.0]]}, ValueError, "'loss' must have one number for each epoch"),
        ({"loss": [Value(1.0)]}, TypeError, r"v\.data"),
        ([1.0, 2.0], TypeError, r"maps names to numbers .* this is \[1\.0, 2\.0\]"),
    ],
)
def test_a_history_that_cannot_be_plotted(history: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        plots.training_history(history)
