"""Gradient descent: paths, step sizes, and line search.

The gradient says in which direction a function grows fastest, so a step against it leads down, if
the step is short enough. How short is enough? In a long, narrow valley a step that is right for the
steep sides is tiny for the gentle floor, and one that is right for the floor leaps out of it.
"""

from collections.abc import Callable
from typing import Any

from autograd_core import Value
from demos.figures import new_axes
from demos.lesson import Lesson
from nn import Adam, LineSearch, Optimiser, SteepestDescent
from viz.plots import descent_paths

Function = Callable[[Value, Value], Value]
Path = list[tuple[float, float]]

START, BEND = (-4.0, 1.5), (-1.2, 1.0)  # where the paths begin in each valley
GOOD = 1e-6  # low enough to stop
MOST = 2000  # steps
RATES = (0.005, 0.02, 0.07, 0.079, 0.081)


def valley(x: Value, y: Value) -> Value:
    """Gentle along x, 25 times as steep along y; the lowest point is (0, 0)."""
    return 0.5 * x**2 + 12.5 * y**2


def banana(x: Value, y: Value) -> Value:
    """A curved valley (Rosenbrock 1960); the lowest point is (1, 1)."""
    return (1.0 - x) ** 2 + 20.0 * (y - x**2) ** 2


def descend(
    function: Function, start: tuple[float, float], optimiser: Optimiser, most: int = MOST
) -> Path:
    """The places visited on the way down, until the function is low enough."""
    x, y = Value(start[0]), Value(start[1])
    path = [start]
    while len(path) <= most and GOOD < function(x, y).data < 1e6:
        x.grad = y.grad = 0.0
        function(x, y).backward()
        optimiser.step([x, y], loss=lambda: function(x, y))
        path.append((x.data, y.data))
    return path


def height(function: Function, place: tuple[float, float]) -> float:
    """The function there."""
    return function(Value(place[0]), Value(place[1])).data


def run(lesson: Lesson) -> None:
    """A straight valley, a curved one, and what helps."""
    lesson.section("One step size for two slopes")
    lesson.show_code(valley)
    lesson.show_code(descend)
    lesson.say("""
        The gradient is (x, 25 y), so a step of η multiplies x by 1 - η and y by 1 - 25 η. Both
        factors have to be less than 1 in size; the second is if η < 2/25 = 0.08. The closer η is to
        that, the faster x goes to 0, and the longer y leaps from one side to the other.
    """)
    paths = {rate: descend(valley, START, SteepestDescent(rate)) for rate in RATES}
    lesson.table(
        ("rate η", "factor of x", "factor of y", "steps", "ends at height", "error of formula"),
        [
            (
                f"{rate:g}",
                f"{1 - rate:g}",
                f"{1 - 25 * rate:g}",
                str(len(path) - 1),
                f"{height(valley, path[-1]):.1e}",
                f"{distance(path[-1], on_paper(rate, len(path) - 1)):.1e}",
            )
            for rate, path in paths.items()
        ],
    )
    lesson.say(f"""
        With η = 0.081, a hair too much, every step ends higher than it began. The last column
        compares the end of each path with the formula, x = {START[0]:g} (1 - η)ⁿ and
        y = {START[1]:g} (1 - 25 η)ⁿ after n steps, relative to its size.
    """)
    plot_valley(lesson, paths)
    helpers(lesson)
    lesson.say("""
        To take away: the steepest direction decides how long a step may be, the gentlest how many
        are needed; momentum, line search and Adam are ways around that.
    """)


def on_paper(rate: float, steps: int) -> tuple[float, float]:
    """Where so many steps lead, by the formula."""
    return START[0] * (1 - rate) ** steps, START[1] * (1 - 25 * rate) ** steps


def distance(place: tuple[float, float], other: tuple[float, float]) -> float:
    """How far two places are from each other, relative to the second's distance from 0."""
    return abs(complex(*place) - complex(*other)) / abs(complex(*other))


def plot_valley(lesson: Lesson, paths: dict[float, Path]) -> None:
    """Slow, zigzag, and too far."""
    groups = ({0.005: 120, 0.07: 60}, {0.081: 20})  # how many steps are shown
    shown = [
        {f"η = {rate:g}": paths[rate][: steps + 1] for rate, steps in group.items()}
        for group in groups
    ]
    plot_paths(
        lesson,
        "valley",
        "Left, 120 small steps go down the side of the valley and creep along its floor; 60 larger "
        "ones leap from side to side and get on faster. Right, 20 steps that are too large: each "
        "ends a little higher than the last. Darker is lower.",
        "Paths over the contour lines of a valley that runs from left to right: with small steps a "
        "smooth curve, with larger ones a narrowing zigzag, with too large ones a widening one.",
        (valley, shown, (-4.8, 1.2), (-3.0, 3.0)),
    )


def helpers(lesson: Lesson) -> None:
    """Momentum, line search and Adam, in both valleys."""
    lesson.section("What helps")
    lesson.say("""
        Real landscapes are worse: their valleys bend, so that the way along the floor turns all the
        time. Here is one, and how the optimisers of `nn` get down in both. Momentum adds up what
        successive steps have in common and lets the leaps cancel. The line search halves each
        step until the function falls enough, so no rate needs to be found. Adam gives each
        coordinate a step size of its own.
    """)
    lesson.show_code(banana)
    rows, paths = [], {}
    for way, (straight, bent) in ways().items():
        cells = []
        for function, start, optimiser in ((valley, START, straight), (banana, BEND, bent)):
            paths[way] = descend(function, start, optimiser)
            down = height(function, paths[way][-1]) <= GOOD
            cells += [f"{optimiser.rate:g}", f"{'' if down else 'over '}{len(paths[way]) - 1}"]
        rows.append((way, *cells))
    lesson.table(
        ("way down", "valley: rate", "valley: steps", "banana: rate", "banana: steps"), rows
    )
    lesson.say(f"""
        These are the steps until the height is below {GOOD:g}. The rates were found by trying,
        which is part of the price; only the line search begins with 1 in both. It pays in another
        way: it asks for the height several times a step, and its direction is still the steepest.
    """)
    shown = [
        {name: paths[name][:101] for name in group}
        for group in (("steepest", "line search"), ("Nesterov", "Adam"))
    ]
    plot_paths(
        lesson,
        "banana",
        "The first 100 steps, or all, in the curved valley, whose lowest point is at (1, 1).",
        "Paths along a curved valley. Steepest descent creeps along its floor, the line search "
        "leaps across and then creeps; Nesterov's method and Adam swing out in the bend and "
        "arrive.",
        (banana, shown, (-1.7, 1.7), (-0.7, 2.2)),
    )


def ways() -> dict[str, tuple[Optimiser, Optimiser]]:
    """The optimisers, each for the straight and for the curved valley."""
    return {
        "steepest": (SteepestDescent(0.07), SteepestDescent(0.004)),
        "momentum": (SteepestDescent(0.1, momentum=0.5), SteepestDescent(0.004, momentum=0.9)),
        "Nesterov": (
            SteepestDescent(0.04, momentum=0.7, nesterov=True),
            SteepestDescent(0.006, momentum=0.9, nesterov=True),
        ),
        "line search": (LineSearch(1.0), LineSearch(1.0)),
        "Adam": (Adam(0.5), Adam(0.5)),
    }


def plot_paths(
    lesson: Lesson, name: str, caption: str, alternative: str, scene: tuple[Any, ...]
) -> None:
    """Two plots of paths, side by side.

    Args:
        lesson: where to show them.
        name, caption, alternative: as for `Lesson.plot`.
        scene: the function, the paths of each plot, and what part of the plane to show.
    """
    function, groups, xlim, ylim = scene
    axes = new_axes(8.4, 3.3, columns=2)
    for ax, paths in zip(axes, groups, strict=True):
        descent_paths(function, paths, ax, levels=8, resolution=50, xlim=xlim, ylim=ylim)
        ax.collections[0].set_rasterized(True)  # the shades; as outlines they take much room
    lesson.plot(axes[0], name, caption, alternative)
