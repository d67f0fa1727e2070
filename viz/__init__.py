"""Pictures of circuits and networks.

`draw(value)` draws the circuit of a value, and `draw(model)` a network: an `nn.MLP`, or anything
that `Model` describes. Importing `viz` lets a notebook show every value and every `nn.MLP` so; what
shows itself is seen in a notebook that is not trusted, too, and a page plays there when its cell is
run.
`steps(value)` and `animate(value)` show both passes step by step, `page(value)` as a page on which
numbers can be changed and trained and gradients are asked for, `worksheet(value)` is an exercise
with its answer key, `cheat_sheet()` has the gates of a course on a page. `curves(history)` draws
the course of a training; `viz.plots` has figures of trained networks, made with matplotlib.

A picture is made in three steps, each a folder that knows nothing of the next: `scene` (what it
consists of), `layout` (where that stands), `write` (as SVG, TikZ, DOT, in a file). `story` adds the
two passes to scene and layout; `network` and `plots` are pictures of models.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from autograd_core import load_when_used, mime_bundle
from viz.curves import Curves, curves, curves_of
from viz.draw import Drawing, draw, picture_of
from viz.page import Page, page
from viz.steps import Animation, Step, Steps, animate, steps
from viz.worksheet import Worksheet, worksheet

if TYPE_CHECKING:
    from viz import plots as plots
    from viz.gate_sheet import CheatSheet, cheat_sheet
    from viz.network.drawing import NetworkDrawing
    from viz.network.model import Model

__all__ = [
    "Animation",
    "CheatSheet",
    "Curves",
    "Drawing",
    "Model",
    "NetworkDrawing",
    "Page",
    "Step",
    "Steps",
    "Worksheet",
    "animate",
    "cheat_sheet",
    "curves",
    "draw",
    "page",
    "steps",
    "worksheet",
]

mime_bundle.register(object, picture_of)  # values and models: `draw` knows what it takes
mime_bundle.register(Mapping, curves_of)  # histories

_LOADED_WHEN_USED = {
    "viz.gate_sheet": ["CheatSheet", "cheat_sheet"],
    "viz.network.model": ["Model"],
    "viz.network.drawing": ["NetworkDrawing"],
    "viz.plots": [],
}
"""What circuits do not need: the sheet, networks, and plots, which load matplotlib."""

_ELSEWHERE = {
    **dict.fromkeys(["draw_dot", "show", "display", "render", "view", "graph"], "viz.draw(f)"),
    **dict.fromkeys(["plot", "plot_loss", "plot_history", "history"], "viz.curves(history)"),
    **dict.fromkeys(["decision_boundary", "heatmap"], "viz.plots, with its functions"),
    "trace": "from autograd_core import trace",
    "explain": "from autograd_core import explain",
    "save": 'viz.draw(f).save("f.svg")',
}
"""What is called so elsewhere, and what to write here."""

if not TYPE_CHECKING:  # to a checker, a module with `__getattr__` has every name
    __getattr__, __dir__ = load_when_used(__name__, __all__, _LOADED_WHEN_USED, _ELSEWHERE)
