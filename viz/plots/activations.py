"""`activation_functions`: each with its derivative, as the engine computes them."""

from collections.abc import Callable, Mapping, Sequence
from math import ceil, nan
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from autograd_core import GATES, Value, trace
from viz.plots.canvas import (
    BLUE,
    GREY,
    ORANGE,
    PAPER,
    AxesArray,
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
