# %% [markdown]
# # Gradient descent: paths, step sizes, and line search
#
# The gradient says in which direction a function grows fastest, so a step against it leads down, if
# the step is short enough. How short is enough? In a long, narrow valley a step that is right for
# the steep sides is tiny for the gentle floor, and one that is right for the floor leaps out of it.

# %% [markdown]
# ## One step size for two slopes
#
# This valley is gentle along x, and 25 times as steep along y; its lowest point is (0, 0).

# %%
from autograd_core import Value


def valley(x: Value, y: Value) -> Value:
    return 0.5 * x**2 + 12.5 * y**2


# %% [markdown]
# A path goes down until the function is below 1e-6, for 2000 steps at most; one that climbs ends at
# a million. The optimiser's `step` moves the values by their gradients; `loss=` is for optimisers
# that ask for the height once more.

# %%
from collections.abc import Callable

from nn import Optimiser, SteepestDescent

Function = Callable[[Value, Value], Value]
Path = list[tuple[float, float]]


# %%
def descend(function: Function, place: tuple[float, float], optimiser: Optimiser) -> Path:
    x, y = Value(place[0]), Value(place[1])
    path = [place]
    while len(path) <= 2000 and 1e-6 < function(x, y).data < 1e6:
        x.grad = y.grad = 0.0
        function(x, y).backward()
        optimiser.step([x, y], loss=lambda: function(x, y))
        path.append((x.data, y.data))
    return path


def height(function: Function, place: tuple[float, float]) -> float:
    return function(Value(place[0]), Value(place[1])).data


# %% [markdown]
# The gradient is (x, 25 y), so a step of η multiplies x by 1 - η and y by 1 - 25 η. Both factors
# have to be less than 1 in size; the second is if η < 2/25 = 0.08. The closer η is to that, the
# faster x goes to 0, and the longer y leaps from one side to the other. Guess: which of the five
# rates below needs the fewest steps, and what becomes of the last?
#
# After n steps from (-4, 1.5) the formula says x = -4 (1 - η)ⁿ and y = 1.5 (1 - 25 η)ⁿ. The last
# column compares the end of each path with it, relative to its size.

# %%
from math import dist, hypot

from demos.show import table

paths = {
    rate: descend(valley, (-4.0, 1.5), SteepestDescent(rate))
    for rate in (0.005, 0.02, 0.07, 0.079, 0.081)
}
rows = []
for rate, path in paths.items():
    n = len(path) - 1
    formula = -4.0 * (1 - rate) ** n, 1.5 * (1 - 25 * rate) ** n
    error = dist(path[-1], formula) / hypot(*formula)
    end = f"{height(valley, path[-1]):.1e}"
    rows.append((rate, 1 - rate, 1 - 25 * rate, n, end, f"{error:.1e}"))

columns = ("rate η", "factor of x", "factor of y", "steps", "ends at height", "error of formula")
table(columns, rows)

# %% [markdown]
# With η = 0.081, a little too much, every step ends higher than it began. The plots show the first
# steps of three paths; darker is lower.

# %%
from demos.figures import new_axes, plot
from viz.plots import descent_paths

left, right = new_axes(8.4, 3.3, columns=2)
below = {"η = 0.005": paths[0.005][:121], "η = 0.07": paths[0.07][:61]}
above = {"η = 0.081": paths[0.081][:21]}
for ax, some in ((left, below), (right, above)):
    descent_paths(valley, some, ax, levels=8, resolution=50, xlim=(-4.8, 1.2), ylim=(-3.0, 3.0))
    ax.collections[0].set_rasterized(True)  # shades take much room as outlines

# %%
plot(
    left,
    "Slow, zigzag, and too far.",
    "Paths over the contour lines of a valley that runs from left to right. Left, 120 small steps "
    "go down the side in a smooth curve and creep along the floor; 60 larger ones leap from side "
    "to side in a narrowing zigzag and get on faster. Right, 20 steps that are too large: a "
    "widening zigzag, each of them ends a little higher than the last.",
)

# %% [markdown]
# ## What helps
#
# Real landscapes are worse: their valleys bend, so that the way along the floor turns all the time.
# This one (Rosenbrock 1960) is curved; its lowest point is (1, 1).


# %%
def banana(x: Value, y: Value) -> Value:
    return (1.0 - x) ** 2 + 20.0 * (y - x**2) ** 2


# %% [markdown]
# How do the optimisers of `nn` get down in both? Momentum steps along a running sum of gradients:
# what successive ones have in common adds up, and leaps to and fro cancel. Nesterov's method takes
# the gradient a little ahead, where momentum leads. The line search halves each step until the
# function falls enough, so no rate needs to be found. Adam divides each coordinate's step by the
# usual size of its gradient.

# %%
from nn import Adam, LineSearch

ways: dict[str, tuple[Optimiser, Optimiser]] = {
    "steepest": (SteepestDescent(0.07), SteepestDescent(0.004)),
    "momentum": (SteepestDescent(0.1, momentum=0.5), SteepestDescent(0.004, momentum=0.9)),
    "Nesterov": (
        SteepestDescent(0.04, momentum=0.7, nesterov=True),
        SteepestDescent(0.006, momentum=0.9, nesterov=True),
    ),
    "line search": (LineSearch(1.0), LineSearch(1.0)),
    "Adam": (Adam(0.5), Adam(0.5)),
}

# %%
bent_paths, cells = {}, []
for way, (straight, bent) in ways.items():
    path = descend(valley, (-4.0, 1.5), straight)
    bent_paths[way] = descend(banana, (-1.2, 1.0), bent)
    steps = []
    for function, visited in ((valley, path), (banana, bent_paths[way])):
        down = height(function, visited[-1]) <= 1e-6
        steps.append(f"{'' if down else 'over '}{len(visited) - 1}")
    cells.append((way, f"{straight.rate:g}", steps[0], f"{bent.rate:g}", steps[1]))

table(("way down", "valley: rate", "valley: steps", "banana: rate", "banana: steps"), cells)

# %% [markdown]
# These are the steps until the height is below 1e-6. The rates were found by trying, which is part
# of the price; only the line search begins with 1 in both. It pays in another way: it asks for the
# height several times a step, and its direction is still the steepest.
#
# The first 100 steps, or all, in the curved valley:

# %%
left, right = new_axes(8.4, 3.3, columns=2)
for ax, names in ((left, ("steepest", "line search")), (right, ("Nesterov", "Adam"))):
    some = {name: bent_paths[name][:101] for name in names}
    descent_paths(banana, some, ax, levels=8, resolution=50, xlim=(-1.7, 1.7), ylim=(-0.7, 2.2))
    ax.collections[0].set_rasterized(True)

plot(
    left,
    "Four ways down in a curved valley.",
    "Paths along a curved valley. Steepest descent creeps along its floor, the line search leaps "
    "across and then creeps; Nesterov's method and Adam swing out in the bend and arrive.",
)

# %% [markdown]
# ## Exercises
#
# 1. f = x²: from x = 1, with which rates does descent arrive at once, go to and fro for ever, run
#    away?
# 2. The gradient is 0. Are we at the lowest point?
# 3. The same valley, but 100 times as steep along y as along x. Below which rate does descent stay
#    in it, and by how much does a step at half that rate shorten x?

# %% tags=["answer"]
for rate in (0.25, 0.5, 1.0, 1.25):
    walk = [1.0]
    for _ in range(3):
        walk.append(walk[-1] - rate * 2 * walk[-1])
    print(f"1: rate {rate:g}:", walk)

# %% [markdown] tags=["answer"]
# 1: At once with 1/2, to and fro with 1, away with any larger one. Each step multiplies x by
# 1 - 2 × rate.
#
# 2: Not for sure. It may be a summit, a saddle, or the lowest point of a higher valley.
#
# 3: y is multiplied by 1 - 100 η, so η < 2/100. With 1/100, y is 0 after one step, and x loses one
# part in a hundred with each: the steep side sets the rate, and the gentle one pays.

# %% [markdown]
# To take away: the steepest direction decides how long a step may be, the gentlest how many are
# needed; momentum, line search and Adam are ways around that.
