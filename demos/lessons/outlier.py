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
# The line is 0.5 where its weighted sum is; the logistic neuron where its weighted sum is 0. Which
# of the ten near examples are on the wrong side of that?

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
# σ is bounded. The logistic neuron's probability at x = 20 is as good as 1, and what is missing is
# all that the far example pulls with, for the gradient of the cross-entropy at z is p - y. So the
# decision stays where it was.

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
# "But what about this one?", asks the slide. Move the point far out from 20 to 200. What becomes of
# the line, and what of the logistic curve? Say it first, then change `places` and run the lesson.

# %% tags=["answer"]
import numpy as np

for far in (20.0, 200.0):
    weight, bias = np.polyfit([*places[:-1], far], classes, 1)
    print(f"far point at {far:g}: the line decides at x = {(0.5 - bias) / weight:.2f}")

# %% [markdown] tags=["answer"]
# The line lies almost flat: the square of its error far out outweighs all others. At 200 it decides
# so far to the right that all five of class 1 among the ten are wrong. The logistic curve stays: at
# 200 it is as right as at 20, and its slope there is next to nothing.

# %% [markdown]
# To take away: the squared error of a line punishes an answer that is too right; the cross-entropy
# of a logistic neuron does not.
