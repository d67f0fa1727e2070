"""Plots of what a network learns, made with matplotlib.

matplotlib is loaded when this package is first used; `pip install "scalar-circuits[plots]"` brings
it along. Every function draws into the axes given as `ax=`, or into a new figure, and returns the
axes for further work. In a figure of your own, `layout="constrained"` makes room for legends and
scales. The colours, blue and orange, stay apart for the colour-blind.
"""

try:
    import matplotlib as _matplotlib  # noqa: F401
except ModuleNotFoundError as error:
    if error.name != "matplotlib":
        raise
    from autograd_core import install_command

    raise ModuleNotFoundError(
        f"viz.plots needs matplotlib, which is not installed: {install_command('plots')}",
        name="matplotlib",
    ) from None

from viz.plots.curves import activation_functions, training_history
from viz.plots.landscapes import decision_boundary, descent_paths
from viz.plots.neurons import neuron_heatmaps, weight_images

__all__ = [
    "activation_functions",
    "decision_boundary",
    "descent_paths",
    "neuron_heatmaps",
    "training_history",
    "weight_images",
]
