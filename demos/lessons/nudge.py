# %% [markdown]
# # A derivative is an answer to a nudge
#
# Push an input a little, and see how far the output moves: the ratio of the two is a derivative.
# A neural network is a function with many numbers that can be adjusted, its weights. To adjust them
# is called training, and it needs a derivative by each. This lesson finds derivatives by nudging
# alone, with nothing but a function in Python; the next ones find them without any nudge.

# %% [markdown]
# ## One number
#
# Take f(x) = 3x² - 4x + 5 at x = 3. We push x up by h and divide what f gains by h:
#
#     slope ≈ (f(x + h) - f(x)) / h


# %%
def f(x: float) -> float:
    return 3 * x**2 - 4 * x + 5


def nudged(x: float, h: float) -> float:
    return (f(x + h) - f(x)) / h


# %% [markdown]
# Guess first: does the ratio settle if h gets smaller, and where?

# %%
from demos.show import table

table(
    ("h", "f(3 + h)", "slope"),
    [(f"{h:g}", f"{f(3 + h):.6f}", f"{nudged(3.0, h):.6f}") for h in (1.0, 0.1, 0.01, 0.001)],
)

# %% [markdown]
# It settles at 14. Calculus says why: (f(x + h) - f(x)) / h is 6x - 4 + 3h, and where h goes to 0
# only 6x - 4 remains, which is 14 at x = 3. In the picture the line through two points of the curve
# turns into the tangent.

# %%
from demos.figures import BLUE, GREY, ORANGE, new_axes, plot

lines = (
    (nudged(3.0, 2.0), "--", ORANGE, "h = 2: slope 20"),
    (nudged(3.0, 1.0), ":", ORANGE, "h = 1: slope 17"),
    (14.0, "-", BLUE, "tangent: slope 14"),
)
places = [n / 50 for n in range(276)]

# %%
[ax] = new_axes(6.0, 3.6)
points = [places.index(x) for x in (3.0, 4.0, 5.0)]
ax.plot(places, [f(x) for x in places], "o-", color=GREY, markevery=points, label="f")
for slope, style, colour, name in lines:
    line = [f(3) + slope * (x - 3) for x in places]
    ax.plot(places, line, style, color=colour, linewidth=1.4, label=name)

ax.set(xlabel="x", ylim=(-5, 70))
ax.legend(frameon=False, fontsize="small")
plot(
    ax,
    "Lines through two points of the curve, and the tangent.",
    "A parabola. Lines through its point at x = 3 and a second one, at x = 5 and at x = 4, are "
    "steeper than the tangent at x = 3; the nearer the second point, the smaller the difference.",
)

# %% [markdown]
# ## The sign, and zero
#
# A derivative belongs to a place. Before you look: where does f fall, and where is it flat?

# %%
h = 1e-6
for x in (-3.0, 0.0, 2 / 3, 3.0):
    print(f"x = {x:6.3f}   f = {f(x):7.3f}   slope = {nudged(x, h):8.4f}")

# %% [markdown]
# Negative: f falls as x grows. Positive: f grows with it. At x = 2/3 the slope is 0, and there f
# is lowest. "Which way is down, and how steep?" is all that training will ask.

# %% [markdown]
# ## Several inputs: one nudge each
#
# With several inputs there are several questions. Push one, hold the others, and the ratio is a
# partial derivative, ∂f/∂x; all of them together are the gradient. A lecture has this example, a
# score W · x with two weights, of which the first gets an ε:

# %%
W, inputs = [-0.8, 0.3], [0.5, -0.2]


def score(weights: list[float]) -> float:
    return weights[0] * inputs[0] + weights[1] * inputs[1]


epsilon = 1e-6
by_first = (score([W[0] + epsilon, W[1]]) - score(W)) / epsilon
by_second = (score([W[0], W[1] + epsilon]) - score(W)) / epsilon
print(f"score {score(W):.2f}, gradient ({by_first:.6f}, {by_second:.6f})")

# %% [markdown]
# The gradient of W · x is x: 0.5 and -0.2. The larger the input, the more its weight counts.

# %% [markdown]
# ## What a gradient is good for
#
# Nudge all weights at once, each by 0.01 times its own derivative. The promise is that the score
# grows by the sum of derivative × push, which is 0.01 × (0.5² + 0.2²):

# %%
step = 0.01
pushed = [W[0] + step * by_first, W[1] + step * by_second]
print(f"promised: {step * (by_first**2 + by_second**2):.6f}")
print(f"computed: {score(pushed) - score(W):.6f}")

# %% [markdown]
# ## Why not stop here?
#
# Two reasons. The first: h must be small, but not too small. The subtraction f(x + h) - f(x) of
# nearly equal numbers loses digits, and below some h the slope gets worse again:

# %%
small = [10.0**-n for n in range(1, 16, 2)]
table(
    ("h", "slope at 3", "error"),
    [(f"{h:.0e}", f"{nudged(3.0, h):.9f}", f"{abs(nudged(3.0, h) - 14):.0e}") for h in small],
)

# %% [markdown]
# The second: each input costs one more evaluation. A network with a million weights would run a
# million times for one step of training.

# %% [markdown]
# ## A look ahead
#
# Backpropagation gets all derivatives from one pass forward and one back, and to the last digits.
# This is how it looks from outside; the next lesson opens the box.

# %%
from autograd_core import Value
from viz import draw

place = Value(3.0, "x")
output = 3 * place**2 - 4 * place + 5
output.backward()
draw(output)

# %%
print(f"nudged: {nudged(3.0, 1e-6):.9f}   backpropagated: {place.grad}")

# %% [markdown]
# ## Exercises
#
# 1. What is the slope of g(x) = x³ at x = 2? Nudge, then differentiate on paper.
# 2. The score again, with W = (-0.8, 0.3) and x = (0.5, -0.2). Both weights get the same push of
#    0.01. Which one changes the score more, and which one raises it?
# 3. Then each weight takes a step of 0.01 times its own derivative. Which weight changes most?
# 4. A student takes h = 1e-17 and gets the slope 0 at x = 3. Why?

# %% tags=["answer"]
print("1:", ((2 + 1e-6) ** 3 - 2**3) / 1e-6)
print("2:", 0.01 * by_first, 0.01 * by_second)
print("4:", 3 + 1e-17 == 3)

# %% [markdown] tags=["answer"]
# 1: 12, which is 3x² at x = 2.
#
# 2: The first one, since its input is larger. It raises the score; the second one lowers it.
#
# 3: The first one too. Its derivative is larger, so its step is.
#
# 4: A float has some 16 digits. 3 + 1e-17 is rounded to 3, and f(x + h) - f(x) is 0.

# %% [markdown]
# To take away: a derivative is output change over input change for a small push; its sign says
# which way, its size how much. Nudging needs no calculus and finds any derivative, slowly and
# nearly right. It stays the best judge of those who claim to do better.
