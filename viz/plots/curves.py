"""Curves: `activation_functions`, each with its derivative as the engine computes it, and
`training_history`, how loss and accuracy went, epoch by epoch.
"""

from collections.abc import Callable, Mapping, Sequence
from math import ceil, nan
from typing import Any, Literal

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from autograd_core import GATES, Value, trace
from viz.plots.canvas import (
    BLUE,
    GREY,
    ORANGE,
    PAPER,
    AxesArray,
    Floats,
    axes_for,
    grid_of_axes,
    legend_above,
)

_SAMPLES = np.arange(-4 * 32, 4 * 32 + 1) / 32.0  # kinks at whole and half numbers are among them
_BESIDE = 1e-9  # how far from a kink its left and right side are looked at
_JUMP = 1e-6  # a change over that distance which is larger is a jump
_X, _Y = (-4.0, 4.0), (-1.4, 2.6)
_COLUMNS = 4
_WIDTH, _HEIGHT = 1.9, 1.6  # inches of one plot in a new figure
_LOOKS: tuple[dict[str, Any], ...] = (
    {"color": BLUE, "linestyle": "-", "label": "f(x)"},
    {"color": ORANGE, "linestyle": "--", "label": "f′(x)"},
)

Activation = Callable[[Any], Any]

_USUAL = ("identity", "step", "logistic", "tanh", "relu", "leaky_relu", "elu", "softplus")

_Pair = tuple[float, float]  # a function and its derivative
_Sample = tuple[float, _Pair, _Pair, _Pair]  # x; both just before x, at x, and just after it


def activation_functions(
    names: str | Sequence[str] | Mapping[str, Activation] | None = None, ax: Axes | None = None
) -> AxesArray:
    """Plot activation functions, each with its derivative as `backward()` computes it.

    The function is blue, its derivative orange and dashed. Where one of them jumps, its line has a
    gap; a circle stands at either side of the jump and a dot at the number that the engine has
    there: relu′(0) = 0.

    Args:
        names: `"identity"`, `"logistic"`, or gates with one input from the table `GATES`; or a
            mapping from names to functions of a value, such as `nn.ACTIVATIONS`. If left out, the
            usual ones.
        ax: axes whose place the plots take; a new figure if left out.

    Returns:
        An array of axes, one for each name.

    Raises:
        ValueError: if there is no such function.

    >>> from matplotlib.figure import Figure
    >>> [ax] = activation_functions("relu", ax=Figure().subplots())
    >>> lines = {line.get_label(): line.get_ydata() for line in ax.lines}
    >>> [float(lines[name][-1]) for name in ("f(x)", "f′(x)")]  # at x = 4
    [4.0, 1.0]
    """
    functions = _functions_named(names)
    columns = min(_COLUMNS, len(functions))
    rows = ceil(len(functions) / columns)
    ax = axes_for(ax, columns * _WIDTH + 0.3, rows * _HEIGHT + 0.5)
    grid = grid_of_axes(ax, rows, columns, gap=0.25)
    plots: AxesArray = grid.ravel()[: len(functions)]
    for small, (name, function) in zip(plots, functions.items(), strict=True):
        _draw_function(small, function)
        small.set_title(name, fontsize="medium", pad=4.0)
    for unused in grid.ravel()[len(functions) :]:
        unused.set_visible(False)
    for inner in grid[:, 1:].ravel():
        inner.tick_params(labelleft=False)
    for above in plots[:-columns]:
        above.tick_params(labelbottom=False)
    legend_above(ax, [Line2D([], [], **look) for look in _LOOKS], raised=0.22)
    return plots


def _functions_named(
    names: str | Sequence[str] | Mapping[str, Activation] | None,
) -> dict[str, Activation]:
    """The functions that the user has chosen, by name."""
    known: dict[str, Activation] = {
        name: entry
        for name, entry in GATES.items()
        if not entry.variadic and len(entry.parameters) - len(entry.defaults) == 1
    }
    known |= {"identity": lambda x: x, "logistic": GATES["sigmoid"]}
    if isinstance(names, Mapping):
        known = dict(names)
    chosen = [names] if isinstance(names, str) else list(_USUAL if names is None else names)
    if not chosen:
        raise ValueError("names is empty; leave it out for the usual activation functions")
    for name in chosen:
        if name not in known:
            raise ValueError(
                f"there is no activation function {name!r}; choose from "
                f"{', '.join(map(repr, _USUAL))}, or a gate with one input"
            )
    return {name: known[name] for name in chosen}


def _draw_function(ax: Axes, function: Activation) -> None:
    """A function and its derivative."""
    samples = [_sample(function, x) for x in _SAMPLES.tolist()]
    for which, look in enumerate(_LOOKS):
        curve = [(x, *(each[which] for each in sides)) for x, *sides in samples]
        _draw_curve(ax, curve, look)
    ax.axhline(0.0, color=GREY, linewidth=0.5, zorder=0)
    ax.axvline(0.0, color=GREY, linewidth=0.5, zorder=0)
    ax.set(xlim=_X, ylim=_Y, xticks=(-4, -2, 0, 2, 4), yticks=(-1, 0, 1, 2))
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0, labelsize="small")


def _draw_curve(ax: Axes, curve: Sequence[tuple[float, ...]], look: Mapping[str, Any]) -> None:
    """A line through x and what is there, before, at and after, with a gap and marks at jumps."""
    line: list[_Pair] = []
    ends: list[_Pair] = []
    dots: list[_Pair] = []
    for x, before, at, after in curve:
        if abs(after - before) > _JUMP:
            line += [(x, before), (x, nan), (x, after)]
            ends += [(x, before), (x, after)]
            dots.append((x, at))
        else:
            line.append((x, at))
    ax.plot(*np.transpose(line), **look)
    for places, inside in ((ends, PAPER), (dots, look["color"])):  # a dot covers the end at it
        marks = {"color": look["color"], "markerfacecolor": inside, "markersize": 4.0}
        ax.plot(*np.reshape(places, (-1, 2)).T, "o", **marks)


def _sample(function: Activation, x: float) -> _Sample:
    at, kink = _evaluate(function, x)
    if not kink:
        return x, at, at, at
    before, after = (_evaluate(function, beside)[0] for beside in (x - _BESIDE, x + _BESIDE))
    return x, before, at, after


def _evaluate(function: Activation, x: float) -> tuple[_Pair, bool]:
    """A function and its derivative at x, `nan` where there is none; and whether a gate has a kink.

    A kink is where one of the gates in the circuit has one, so functions of several gates may have
    kinks too.
    """
    argument = Value(x)
    try:
        out = function(argument)
    except (ValueError, ZeroDivisionError):
        return (nan, nan), False
    out.backward()
    rules = [(GATES[step.gate].kink, step.numbers) for step in trace(out).forward]
    kink = any(rule is not None and rule(*numbers) == 0.0 for rule, numbers in rules)
    return (out.data, argument.grad), kink


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
