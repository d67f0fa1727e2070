"""What all plots have in common: whose axes they draw on, and when matplotlib is loaded."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from plotted import CORNERS, EITHER, legend_of, new_axes, rendered
from sources import ROOT

from nn import MLP, Layer
from viz import plots

matplotlib.use("Agg")


@pytest.fixture(autouse=True)
def no_figure_is_left() -> Iterator[None]:
    assert not pyplot.get_fignums()
    yield
    assert not pyplot.get_fignums()


def plot_history(ax: Axes | None = None) -> Any:
    history = {"loss": [3.0, 2.0], "accuracy": [0.5, 0.7], "validation_loss": [3.0, 2.5]}
    return plots.training_history(history, ax)


def plot_boundary(ax: Axes | None = None) -> Any:
    return plots.decision_boundary(MLP(2, [3, 1], seed=1), CORNERS, EITHER, ax, resolution=4)


def plot_classes(ax: Axes | None = None) -> Any:
    return plots.decision_boundary(MLP(2, [3], seed=1), CORNERS, [0, 1, 2, 2], ax, resolution=4)


def plot_neurons(ax: Axes | None = None) -> Any:
    return plots.neuron_heatmaps(MLP(2, [3, 1], seed=1), CORNERS, ax, resolution=4)


def plot_weights(ax: Axes | None = None) -> Any:
    return plots.weight_images(Layer(6, 5, seed=1), (2, 3), ax)


def plot_activations(ax: Axes | None = None) -> Any:
    return plots.activation_functions(["relu", "tanh", "step", "elu", "softplus"], ax)


def plot_descent(ax: Axes | None = None) -> Any:
    paths = {"one": [(2.0, 1.0), (1.0, 0.5)], "other": [(0.0, 1.0)]}
    return plots.descent_paths(lambda x, y: x * x + y * y, paths, ax, resolution=8)


ALL = [
    plot_history,
    plot_boundary,
    plot_classes,
    plot_neurons,
    plot_weights,
    plot_activations,
    plot_descent,
]
Plot = Callable[..., Any]


@pytest.mark.parametrize("plot", ALL)
def test_it_draws_on_the_given_axes_and_nowhere_else(plot: Plot) -> None:
    figure = Figure()
    FigureCanvasAgg(figure)
    first, second = figure.subplots(1, 2)
    untouched = len(first.get_children()), first.bbox.bounds, first.axison
    before = second.bbox.bounds
    returned = plot(second)
    if isinstance(returned, Axes):
        assert returned is second
    else:
        assert {id(axes) for axes in returned.ravel()} <= {id(axes) for axes in second.child_axes}
    assert (len(first.get_children()), first.bbox.bounds, first.axison) == untouched
    assert second.bbox.bounds == before
    assert set(figure.axes) - {first, second} <= {
        twin for twin in figure.axes if twin.bbox.bounds == before
    }
    rendered(second)


@pytest.mark.parametrize("plot", ALL)
def test_without_axes_it_makes_a_figure_of_its_own_that_pyplot_shows(plot: Plot) -> None:
    settings_before = dict(matplotlib.rcParams)
    figures = []
    for _ in range(2):
        returned = np.ravel(plot())[0]
        figures.append(returned.figure)
        assert len(pyplot.get_fignums()) == len(figures)
    assert figures[0] is not figures[1]
    assert figures[1] is pyplot.gcf()
    for figure in figures:
        figure.canvas.draw()
        pyplot.close(figure)
    assert dict(matplotlib.rcParams) == settings_before


@pytest.mark.parametrize("plot", ALL)
def test_the_same_data_give_the_same_picture(plot: Plot) -> None:
    first, second = new_axes(), new_axes()
    plot(first)
    plot(second)
    assert np.array_equal(rendered(first), rendered(second))
    assert rendered(first).min() < 255


@pytest.mark.parametrize("plot", ALL)
def test_cleared_axes_keep_nothing(plot: Plot) -> None:
    ax = new_axes()
    children = len(ax.get_children())
    plot(ax)
    ax.clear()
    assert len(ax.get_children()) == children


@pytest.mark.parametrize("plot", ALL)
def test_every_ending_can_be_saved(plot: Plot, tmp_path: Path) -> None:
    ax = new_axes()
    figure: Any = ax.figure
    plot(ax)
    for ending in ("svg", "pdf", "png"):
        figure.savefig(tmp_path / f"plot.{ending}")
        assert (tmp_path / f"plot.{ending}").stat().st_size > 1000


@pytest.mark.parametrize("plot", ALL)
@pytest.mark.parametrize("wrong", ["axes", np.array([1]), Figure()])
def test_what_are_no_axes_is_explained(plot: Plot, wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"ax takes the axes of one plot, as in .* not "):
        plot(wrong)


WRONG: list[Plot] = [
    lambda: plots.training_history({}),
    lambda: plots.decision_boundary(MLP(2, [1]), CORNERS, [0, 1, 2, 3], resolution=2),
    lambda: plots.decision_boundary(lambda point: "?", CORNERS, EITHER),
    lambda: plots.neuron_heatmaps(MLP(3, [1])),
    lambda: plots.weight_images(Layer(6, 5), (2, 2)),
    lambda: plots.activation_functions(["relu", "?"]),
    lambda: plots.descent_paths(lambda x, y: None, CORNERS),
]


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_leaves_no_empty_figure(mistake: Plot) -> None:
    with pytest.raises((ValueError, TypeError)):
        mistake()
    assert not pyplot.get_fignums()


@pytest.mark.parametrize("plot", [plot_history, plot_boundary, plot_descent])
def test_a_title_stands_above_the_legend(plot: Plot) -> None:
    ax = plot(new_axes())
    ax.set_title("A title")
    rendered(ax)
    title, legend = ax.title.get_window_extent(), legend_of(ax).get_window_extent()
    assert title.y0 >= legend.y0 + 0.8 * legend.height
    assert legend.y0 >= ax.bbox.y1
    assert ax.figure.bbox.y1 >= title.y1


# matplotlib is loaded late, and may be missing


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment or None,
        timeout=600,
        check=False,
    )


BLOCKED = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "matplotlib":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing())
import viz
from autograd_core import Value
assert viz.draw(Value(1.0)).svg
"""


def test_pictures_of_circuits_need_no_matplotlib() -> None:
    code = "import sys, viz, nn, demos; assert not [m for m in sys.modules if 'matplotlib' in m]"
    finished = run(code)
    assert (finished.returncode, finished.stderr) == (0, "")


@pytest.mark.parametrize(
    "use", ["from viz import plots", "import viz.plots", "viz.plots.activation_functions()"]
)
def test_a_missing_matplotlib_is_explained(use: str) -> None:
    finished = run(BLOCKED + use)
    assert finished.returncode == 1
    message = finished.stderr.splitlines()[-1]
    assert message.startswith("ModuleNotFoundError: viz.plots needs matplotlib")
    assert "pip install " in message and message.endswith('[plots]"')


def test_a_broken_matplotlib_is_not_called_missing(tmp_path: Path) -> None:
    (tmp_path / "matplotlib.py").write_text("import a_part_that_is_not_there\n")
    finished = run(f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from viz import plots")
    assert finished.stderr.splitlines()[-1].endswith("No module named 'a_part_that_is_not_there'")


def test_plots_are_found_in_viz() -> None:
    finished = run("import viz; print(viz.plots.activation_functions.__name__)")
    assert (finished.stdout, finished.stderr) == ("activation_functions\n", "")


def test_pyplot_is_loaded_only_to_make_a_figure() -> None:
    code = """
import sys
from matplotlib.figure import Figure
from viz import plots
plots.activation_functions(ax=Figure().subplots())
assert "matplotlib.pyplot" not in sys.modules
"""
    finished = run(code)
    assert (finished.returncode, finished.stderr) == (0, "")
