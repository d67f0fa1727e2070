# %% [markdown]
# # Landscapes: convex or not, saddles, and how long a step may be
#
# "Convergence to local minimum", says a lecture of gradient descent with a proper step. Whether
# that is so depends on the landscape: whether it is convex, how curved it is, and where one starts.
# Small functions show what can happen.

# %% [markdown]
# ## Convex
#
# A function is convex if no chord lies below its graph: f((a + b)/2) ≤ (f(a) + f(b))/2 for all a
# and b. A convex function has no false valley. We test functions by 2000 random chords. Guess:
# which of these losses of a weight w are convex?

# %%
from collections.abc import Callable

from autograd_core import Value, sigmoid
from nn import binary_cross_entropy_from_logit, half_squared_error

Function = Callable[[Value], Value]
functions: dict[str, Function] = {
    "½ (w - 1)²": lambda w: half_squared_error(w, 1),
    "cross-entropy of σ(w)": lambda w: binary_cross_entropy_from_logit(w, 1),
    "½ (σ(w) - 1)²": lambda w: half_squared_error(sigmoid(w), 1),
    "½ (σ(v σ(w)) - 1)², v = w": lambda w: half_squared_error(sigmoid(w * sigmoid(w)), 1),
    "the same, cross-entropy": lambda w: binary_cross_entropy_from_logit(w * sigmoid(w), 1),
}


# %%
from random import Random


def chords_below(f: Function) -> int:
    random, below = Random(1), 0
    for _ in range(2000):
        a, b = random.uniform(-6.0, 6.0), random.uniform(-6.0, 6.0)
        middle, ends = f(Value((a + b) / 2)).data, (f(Value(a)).data + f(Value(b)).data) / 2
        below += middle > ends + 1e-12
    return below


# %%
from demos.show import table

found = {name: chords_below(f) for name, f in functions.items()}
table(
    ("loss of one example", "chords below, of 2000", "verdict"),
    [(name, f"{n}", "not convex" if n else "no objection") for name, n in found.items()],
)

# %% [markdown]
# For a linear neuron the squared error is convex, for a logistic one the cross-entropy is. The
# squared error of a logistic neuron is not, and a network's loss is not with any of them. (Random
# chords can refute, not prove. The proof is the second derivative: convex means that it is nowhere
# negative. The engine has it, at w = -2:)

# %%
from autograd_core import grad

for name, f in functions.items():
    w = Value(-2.0)
    [first] = grad(f(w), [w])
    [second] = grad(first, [w])
    print(f"{name:26}  f″(-2) = {second.data:+.4f}")

# %% [markdown]
# ## Two valleys
#
# Where a function is not convex, the start decides. This one has two valleys, of different depth.
# 201 starts from -2 to 2, 300 steps each. How many will end in the deeper one: all, most, half?

# %%
from demos.figures import BLUE, GREY, ORANGE, new_axes, plot


def two_valleys(x: Value) -> Value:
    return x**4 - 3 * x**2 + x


def descend(f: Function, x: float, rate: float, steps: int) -> list[float]:
    place, path = Value(x), [x]
    for _ in range(steps):
        place.zero_grad()
        f(place).backward()
        place.data -= rate * place.grad
        path.append(place.data)
    return path


# %%
starts = [n / 50 - 2 for n in range(201)]
ends = [descend(two_valleys, x, 0.02, 300)[-1] for x in starts]
xs = [n / 50 - 2.1 for n in range(211)]

# %%
[ax] = new_axes(6.0, 3.0)
ax.plot(xs, [two_valleys(Value(x)).data for x in xs], color=GREY)
for start in (-0.2, 0.4):
    path = descend(two_valleys, start, 0.02, 300)
    heights = [two_valleys(Value(x)).data for x in path]
    _ = ax.plot(path, heights, "o-", color=ORANGE if start > 0 else BLUE, markersize=3.0)

ax.set(xlabel="x", ylim=(-4.2, 3.0))
plot(
    ax,
    "Two starts, two valleys.",
    "A curve with a deep valley on the left and a shallower one on the right. The path from -0.2 "
    "goes down on the left, the one from 0.4 on the right.",
)

# %%
for end in sorted({round(end, 4) for end in ends}):
    count = sum(round(other, 4) == end for other in ends)
    print(f"{count:3} of 201 end at {end:7.4f}, at height {two_valleys(Value(end)).data:.4f}")

# %% [markdown]
# ## A saddle
#
# f(x, y) = x² - y² has no lowest point at all: along y it falls for ever. A hundred steps down from
# (1, 0), and from beside it:


# %%
def down_the_saddle(x: float, y: float, steps: int) -> list[tuple[float, float]]:
    a, b, path = Value(x), Value(y), [(x, y)]
    for _ in range(steps):
        a.grad = b.grad = 0.0
        (a**2 - b**2).backward()
        a.data, b.data = a.data - 0.1 * a.grad, b.data - 0.1 * b.grad
        path.append((a.data, b.data))
    return path


paths = {f"y = {y:g}": down_the_saddle(1.0, y, 100) for y in (0.0, 1e-6, -1e-3)}
for name, walk in paths.items():
    print(f"from {name}: to ({walk[-1][0]:.1e}, {walk[-1][1]:.1e})")

# %%
from viz.plots import descent_paths


def saddle(x: Value, y: Value) -> Value:
    return x**2 - y**2


[ax] = new_axes(5.4, 3.2)
near = {name: [xy for xy in walk if abs(xy[1]) < 1.0] for name, walk in paths.items()}
descent_paths(saddle, near, ax, levels=9, resolution=50, xlim=(-1.2, 1.2), ylim=(-1, 1))
ax.collections[0].set_rasterized(True)
plot(
    ax,
    "Into the saddle, and out of it.",
    "Contour lines of a saddle. All three paths come in from the right along the x axis to the "
    "middle. One ends there, the others turn and leave along the y axis, one up and one down.",
)

# %% [markdown]
# From (1, 0) descent converges to (0, 0), where the gradient is 0, and which is no minimum. So
# "converges to a local minimum" is wrong as it stands: it is a *stationary point*. The smallest
# push to the side is enough to escape, yet it takes long, for near the saddle the gradient is
# small:

# %%
for y in (1e-3, 1e-6, 1e-12):
    steps = sum(abs(place[1]) <= 1 for place in down_the_saddle(1.0, y, 200))
    print(f"from y = {y:g}: beyond 1 after {steps} steps")

# %% [markdown]
# A random start makes the exact hit improbable. In networks with many weights, saddles seem to be
# far more common than poor minima (Dauphin and others, 2014): a minimum has to curve upwards in
# every direction at once.

# %% [markdown]
# ## How long a step?
#
# The lecture: for γ small enough, f(θ₁) < f(θ₀). How small is that? If the slope changes by at most
# L per unit of way, which is to say |f″| ≤ L, each step below 2/L goes down, and 1/L is a safe
# choice. For x⁴ - 3x² + x between -2 and 2, f″ = 12x² - 6 is at most 42. The share of starts whose
# first step leads down:

# %%
largest = 12 * 2**2 - 6
columns = ("rate", "rate × L", "first steps that go down")
rows = []
for rate in (0.5 / largest, 1 / largest, 1.9 / largest, 4 / largest, 6 / largest):
    pairs = [descend(two_valleys, x, rate, 1) for x in starts]
    down = [two_valleys(Value(b)).data <= two_valleys(Value(a)).data for a, b in pairs]
    rows.append((f"{rate:.4f}", f"{rate * largest:.1f}", f"{sum(down) / len(down):.1%}"))

table(columns, rows)

# %% [markdown]
# All of them below 2/L. Well beyond it, some starts go up: those where the curve is steepest. So
# the largest curvature anywhere limits the step everywhere. Line searches and optimisers with a
# rate for each weight are ways around that.
#
# ## Exercises
#
# 1. f = 3x². Which rates go down, and which arrives in one step?
# 2. "Loss functions (including squared error) are generally not convex", says a lecture of
#    networks. Here is an argument without any calculus. Take a network that has learned XOR, with
#    two hidden neurons, and exchange these two, weights and all: what is its loss? And half-way
#    between the two networks, each weight the mean of both? What would a convex loss have to be
#    there?

# %% [markdown] tags=["answer"]
# 1: f″ = 6 everywhere, so the rates below 2/6; 1/6 arrives at once, for x - 6x/6 = 0.
#
# 2: Exchanged neurons answer the same, so the loss is the same. Half-way both hidden neurons are
# equal. That is one hidden neuron, drawn twice, which has one line, and no line parts XOR (lesson
# `xor`): the loss is far higher. A convex loss would be no higher there than at the ends.

# %% tags=["answer"]
from nn import MLP, SteepestDescent, Trainer, binary_cross_entropy

examples, targets = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
model = MLP(2, [2, 1], activation="tanh", output="logistic", seed=1)
trainer = Trainer(model, binary_cross_entropy, SteepestDescent(2.0))
history = trainer.fit(examples, targets, epochs=300, progress=False)

# %% tags=["answer"]
learned = [parameter.data for parameter in model.parameters()]  # first neuron, second, output
exchanged = [*learned[3:6], *learned[:3], learned[7], learned[6], learned[8]]
half_way = [(first + second) / 2 for first, second in zip(learned, exchanged, strict=True)]
for name, numbers in (("learned", learned), ("exchanged", exchanged), ("half-way", half_way)):
    for parameter, number in zip(model.parameters(), numbers, strict=True):
        parameter.data = number
    print(f"2: {name:9}  loss {trainer.evaluate(examples, targets)['loss']:.4f}")

# %% [markdown]
# To take away: descent goes down for steps below 2/L and ends at a stationary point. If the loss is
# convex, that is the best there is; a network's is not, so the start matters, and the end may be a
# saddle, or one of many minima.
