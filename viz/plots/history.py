"""`training_history`: how loss and accuracy went, epoch by epoch."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from viz.plots.canvas import BLUE, GREY, ORANGE, axes_for, legend_above
from viz.plots.plane import Floats

_NAMES = ("loss", "accuracy", "validation_loss", "validation_accuracy")
_STYLES: dict[str, Literal["-", "--"]] = {"training": "-", "validation": "--"}
_FEW = 20  # epochs up to which each is marked with a dot
_DECADES = 100.0  # the ratio of losses from which on their axis is logarithmic


def training_history(history: Mapping[str, Sequence[float]], ax: Axes | None = None) -> Axes:
    """Plot the loss and the accuracy of a training run over its epochs.

    Solid lines are training, dashed ones validation. The loss, in blue, has the left axis, which is
    logarithmic where all losses are positive and span more than two decades; the accuracy, in
    orange, has the right one. The best epoch is marked: the one with the lowest validation loss, or
    if there is none, with the highest validation accuracy.

    Args:
        history: numbers for each epoch under the names `"loss"`, `"accuracy"`,
            `"validation_loss"` and `"validation_accuracy"`, as far as they were measured, such as
            an `nn.History`; `nan` for an epoch that was left out.
        ax: where to draw; a new figure if left out.

    Returns:
        The axes of the loss. Those of the accuracy are their twin, the last of `ax.figure.axes`;
        without a loss, they are what is returned.

    Raises:
        TypeError: if `history` is no mapping.
        ValueError: if it has none of these names, no epoch, or more for one name than another.

    >>> from matplotlib.figure import Figure
    >>> history = {"loss": [0.9, 0.4, 0.2], "accuracy": [0.6, 0.8, 0.9]}
    >>> ax = training_history(history, ax=Figure().subplots())
    >>> [axes.get_ylabel() for axes in ax.figure.axes]
    ['loss', 'accuracy']
    """
    curves = _checked(history)
    losses = {name: curve for name, curve in curves.items() if "loss" in name}
    accuracies = {name: curve for name, curve in curves.items() if "accuracy" in name}
    ax = axes_for(ax, 6.0, 3.6)
    ax.spines[["top", "right"]].set_visible(False)
    ax.set_xlabel("epoch")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10], min_n_ticks=1))
    epochs = len(next(iter(curves.values())))
    beside = max(0.5, epochs / 20)
    ax.set_xlim(1 - beside, epochs + beside)
    if losses:
        _draw_curves(ax, losses, "loss", BLUE)
        if _spans_decades(losses):
            ax.set_yscale("log")
    if accuracies:
        right = ax.twinx() if losses else ax
        right.spines["top"].set_visible(False)
        _draw_curves(right, accuracies, "accuracy", ORANGE)
    _explain(ax, curves)
    return ax


def _checked(history: Mapping[str, Sequence[float]]) -> dict[str, Floats]:
    """What can be plotted, as arrays of one length."""
    if not isinstance(history, Mapping):
        raise TypeError(
            "a history maps names to numbers for each epoch, such as "
            f"{{'loss': [0.9, 0.4]}}; this is {history!r}"
        )
    if not history:
        raise ValueError("this history is empty: train first")
    found = [name for name in _NAMES if name in history]
    if not found:
        raise ValueError(
            f"a history has at least one of {', '.join(map(repr, _NAMES))}; "
            f"this one has {', '.join(map(repr, history))}"
        )
    curves = {name: np.asarray(history[name], dtype=float) for name in found}
    first = found[0]
    for name, curve in curves.items():
        if curve.ndim != 1:
            raise ValueError(f"{name!r} must have one number for each epoch, a list of numbers")
        if len(curve) != len(curves[first]):
            raise ValueError(
                f"{first!r} has {len(curves[first])} epochs but {name!r} has {len(curve)}; "
                "put nan where an epoch was left out"
            )
    if not len(curves[first]):
        raise ValueError("this history has no epoch yet: train first")
    return curves


def _draw_curves(ax: Axes, curves: Mapping[str, Floats], label: str, colour: str) -> None:
    """The curves of one vertical axis, in its colour."""
    notes = []
    for name, curve in curves.items():
        measured = np.isfinite(curve)
        epochs = 1 + np.flatnonzero(measured)
        dots = "." if len(epochs) <= _FEW or not measured.all() else ""
        kind = _kind(name)
        ax.plot(epochs, curve[measured], _STYLES[kind], color=colour, marker=dots, label=name)
        if not measured.all() and measured[: len(epochs)].all():
            notes.append(f"({kind} not finite from epoch {len(epochs) + 1} on)")
    ax.set_ylabel("\n".join([label, *notes]), color=colour)
    ax.tick_params(axis="y", which="both", colors=colour)


def _explain(ax: Axes, curves: Mapping[str, Floats]) -> None:
    """Mark the best epoch, and say what the lines are."""
    handles: list[Artist] = []
    if any(_kind(name) == "validation" for name in curves):
        for kind, style in _STYLES.items():
            handles.append(Line2D([], [], color=GREY, linestyle=style, label=kind))
    best = _best_epoch(curves)
    if best is not None:
        label = f"best validation: epoch {best}"
        handles.append(ax.axvline(best, color=GREY, linestyle=":", linewidth=1.0, label=label))
    legend_above(ax, handles)


def _kind(name: str) -> str:
    return "validation" if name.startswith("validation") else "training"


def _spans_decades(losses: Mapping[str, Floats]) -> bool:
    numbers = np.concatenate(list(losses.values()))
    numbers = numbers[np.isfinite(numbers)]
    return bool(len(numbers) and numbers.min() > 0.0 and numbers.max() > _DECADES * numbers.min())


def _best_epoch(curves: Mapping[str, Floats]) -> int | None:
    """The first epoch, counted from 1, with the best validation."""
    for name, sign in (("validation_loss", -1.0), ("validation_accuracy", 1.0)):
        if name in curves and np.isfinite(curves[name]).any():
            merit = np.where(np.isfinite(curves[name]), sign * curves[name], -np.inf)
            return 1 + int(merit.argmax())
    return None
