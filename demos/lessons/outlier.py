# %% [markdown]
# # Linear against logistic regression, with one point far out
#
# Ten examples on a line, class 0 to the left and class 1 to the right, and a threshold at 0.5: that
# much a straight line can do as well, it seems. Then comes an eleventh example. It lies far on the
# right and is of class 1, so it is the easiest of them all, and nothing about the others has
# changed.

# %%
places = [0.5, 1.5, 2.1, 2.2, 2.7, 2.3, 2.8, 2.9, 3.5, 4.5, 20.0]
classes = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]

# %% [markdown]
# ## Two neurons, two losses
#
# Linear regression is a neuron without an activation function, trained on ½ (ŷ - y)²; it answers 1
# where its line is above 0.5. Logistic regression is the same neuron with σ, trained on the
# cross-entropy, and it answers 1 where its probability is above 0.5.
#
# Both have one weight and one bias, and both are trained until the loss stands still, first on the
# ten examples and then with the one at x = 20 as well. They take x - 2.5 instead of x, which
# makes the descent shorter.

# %%
from nn import (
    ActivationName,
    LineSearch,
    Loss,
    Neuron,
    Trainer,
    binary_cross_entropy,
    half_squared_error,
)

inputs = [[x - 2.5] for x in places]


# %%
def fit(activation: ActivationName, loss: Loss, count: int) -> Trainer:
    neuron = Neuron(1, activation=activation, seed=1)
    trainer = Trainer(neuron, loss, LineSearch(8.0))
    examples = inputs[:count], classes[:count]
    trainer.fit(*examples, epochs=1000, tolerance=1e-14, progress=False)
    return trainer


linear = {count: fit("identity", half_squared_error, count) for count in (10, 11)}
logistic = {count: fit("logistic", binary_cross_entropy, count) for count in (10, 11)}

# %% [markdown]
# The line is 0.5 where its weighted sum is; the logistic neuron where its weighted sum is 0. How
# many of the ten near examples are on the wrong side of that? Guess first which of the two moves
# when the eleventh comes, and to which side.

# %%
from demos.show import table

ten = list(zip(places, classes, strict=True))[:10]
decides, rows = {}, []
for name, trainers, level in (("linear", linear, 0.5), ("logistic", logistic, 0.0)):
    for count, trainer in trainers.items():
        weight, bias = (parameter.data for parameter in trainer.model.parameters())
        bias -= weight * 2.5  # of x itself
        boundary = decides[name, count] = (level - bias) / weight
        wrong = sum((x > boundary) != (label == 1) for x, label in ten)
        numbers = (f"{number:.4f}" for number in (weight, bias, trainer.history["loss"][-1]))
        rows.append((name, f"{count}", *numbers, f"{boundary:.2f}", f"{wrong}"))

columns = "regression", "examples", "weight", "bias", "loss", "decides at x =", "wrong of the ten"
table(columns, rows)

# %% [markdown]
# ## Why
#
# The first line, trained on the ten, goes far above 1 at the outlier. The logistic neuron, also
# trained on the ten, is sure of it:

# %%
from autograd_core import sigmoid

line = linear[10].model([20 - 2.5]).data
[z] = logistic[10].model([20 - 2.5]).inputs
print(f"line: {line:.2f}, error: {line - 1:.2f}")
print(f"logistic neuron: z = {z:.1f}, 1 - p = {sigmoid(-z.data):.0e}")

# %% [markdown]
# To be far on the right side of the threshold is no mistake at all, yet the squared error punishes
# it like one, and more than any other. So the line tilts towards the far point, and its crossing
# with 0.5 moves from 2.50 to 2.94. Of the ten examples it now gets three wrong instead of two.
#
# σ is bounded. The gradient of the cross-entropy at z is p - y: an example pulls with what its
# probability lacks. At x = 20 that is next to nothing, so the decision stays where it was.

# %%
from matplotlib.axes import Axes

from demos.figures import BLUE, GREY, INK, ORANGE, PAPER, new_axes, plot

grid = [n / 20 for n in range(-10, 426)]


def plot_fits(ax: Axes, count: int) -> None:
    ax.axhline(0.5, color=GREY, linewidth=0.8, linestyle=":")
    for name, trainers, colour in (("linear", linear, ORANGE), ("logistic", logistic, BLUE)):
        outputs = trainers[count].predict([[x - 2.5] for x in grid])
        boundary = decides[name, count]
        ax.plot(grid, outputs, color=colour, label=f"{name}, decides at {boundary:.2f}")
        ax.plot([boundary] * 2, [0.0, 0.5], color=colour, linewidth=1.0, linestyle="--")
    ax.plot(places[:10], classes[:10], "o", color=INK, markerfacecolor=PAPER, markersize=4.5)
    ax.plot(places[10:count], classes[10:count], "o", color=INK, markersize=5.5)
    ax.set(xlabel="x", xlim=(-0.5, 21.2), ylim=(-0.45, 1.6), yticks=(0.0, 0.5, 1.0))
    ax.legend(frameon=False, fontsize="small", loc="lower right")


# %%
left, right = new_axes(8.0, 3.1, columns=2, sharey=True)
plot_fits(left, 10)
plot_fits(right, 11)
left.set_title("ten examples")
right.set_title("and one far out")
plot(
    left,
    "Circles are the examples. The far one tilts the line and leaves σ alone.",
    "Without the far example both neurons decide at the same x. With it the line is flatter and "
    "decides further right, and the logistic curve is the same.",
)

# %% [markdown]
# ## Exercise
#
# "But what about this one?", asks the slide. Say first what becomes of the line's boundary and of
# the logistic neuron's, if in place of the point at 20 there are
#
# 1. one point at 200,
# 2. eleven points, all of class 1, at 5, 6, 7, 8, 9, 10, 12, 14, 16, 18 and 20.

# %% tags=["answer"]
import numpy as np

for number, far in enumerate(([200.0], [5.0, *range(6, 11), *range(12, 21, 2)]), start=1):
    x = np.array([*places[:10], *far])
    y = np.array([*classes[:10], *[1] * len(far)])
    weight, bias = np.polyfit(x, y, 1)
    trainer = Trainer(Neuron(1, activation="logistic", seed=1), binary_cross_entropy, LineSearch(8))
    shifted = (x - 2.5).reshape(-1, 1)
    history = trainer.fit(shifted, y, epochs=1000, tolerance=1e-14, progress=False)
    w, b = (parameter.data for parameter in trainer.model.parameters())
    at = (0.5 - bias) / weight, 2.5 - b / w
    wrong = [sum((x[:10] > boundary) != y[:10]) for boundary in at]
    print(f"{number}: linear at x = {at[0]:.2f}, {wrong[0]} of the ten wrong")
    print(f"   logistic at x = {at[1]:.2f}, {wrong[1]} of the ten wrong")

# %% [markdown] tags=["answer"]
# 1: The line lies nearly flat, and its boundary moves a little further to the right. Not for ever:
# among the ten the line must still be about 1/2 on average, so it crosses 1/2 not far from their
# middle.
#
# 2: Now there are more ones than zeros. The line is high and flat, and its boundary leaps to the
# left, past all but one of class 0. This is the slide's "decision boundary dominated by distant
# points".
#
# The logistic neuron stays where it was: all the new points are as right as can be.

# %% [markdown]
# To take away: the squared error of a line punishes an answer that is too right; the cross-entropy
# of a logistic neuron does not.
