# %% [markdown]
# # L1 against L2: which weights become 0
#
# Large weights make a network bend more than the examples warrant. Regularisation adds a cost of
# the weights to the loss, λ/2 Σ w² (L2) or λ Σ |w| (L1), never one of the biases. A lecture says
# that L1, unlike L2, "will push certain weights to be exactly 0". Here is what can be seen of that,
# and what cannot.

# %% [markdown]
# ## Three fits
#
# One linear neuron with ten inputs learns from 60 examples. Its targets are 2 x1 - 1.5 x2 + x3 plus
# noise, so seven weights should be 0; but nobody tells the neuron.

# %%
import numpy as np

true = np.array([2.0, -1.5, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])
source = np.random.default_rng(1)
inputs = source.normal(size=(60, 10))
targets = inputs @ true + source.normal(scale=0.5, size=60)

# %% [markdown]
# Plain descent, from the same random weights each time. It notes the weights after each step, and
# takes so many steps that steps × rate is 20, whatever the rate.

# %%
from collections.abc import Callable

from autograd_core import Value
from nn import L1, L2, Module, Neuron, SteepestDescent, Trainer, half_squared_error, weights_of

Penalty = Callable[[Module], Value]


def descend(penalty: Penalty | None, rate: float = 0.1) -> list[list[float]]:
    neuron, visited = Neuron(10, activation="identity", seed=1), []
    trainer = Trainer(neuron, half_squared_error, SteepestDescent(rate), penalty=penalty)
    for _ in range(round(20 / rate)):
        trainer.fit(inputs, targets, epochs=1, progress=False)
        visited.append([weight.data for weight in weights_of(neuron)])
    return visited


# %% [markdown]
# Without a penalty, with L2 and with L1, both with λ = 0.3:

# %%
paths = {"none": descend(None), "L2": descend(L2(0.3)), "L1": descend(L1(0.3))}
weights = {name: path[-1] for name, path in paths.items()}

# %%
from demos.show import table

fits = [true.tolist(), *weights.values()]
rows = [
    (f"w{number}", f"{at_best:g}", *(f"{weight:.4f}" for weight in found))
    for number, (at_best, *found) in enumerate(zip(*fits, strict=True), start=1)
]
for what, limit in (("below 0.05 in size", 0.05), ("exactly 0", 0.0)):
    rows.append((what, *(f"{sum(abs(weight) <= limit for weight in fit)}" for fit in fits)))

table(("weight", "true", *weights), rows)

# %%
from demos.figures import BLUE, GREY, INK, ORANGE, new_axes, plot

axes = new_axes(8.0, 2.6, columns=3, sharey=True)
numbers = range(1, 11)
for ax, (name, column), colour in zip(axes, weights.items(), (GREY, ORANGE, BLUE), strict=True):
    ax.bar(numbers, column, color=colour, width=0.7)
    ax.plot(numbers, true, "_", color=INK, markersize=9.0)
    ax.axhline(0.0, color=INK, linewidth=0.6)
    ax.set(title=f"penalty: {name}", xlabel="weight", xticks=numbers)

# %%
plot(
    axes[0],
    "The ten weights; short lines are the true ones.",
    "Three bar charts of ten weights. With L2 the three long bars are shorter than without a "
    "penalty and the short ones remain; with L1 only the three long bars can be seen well.",
)

# %% [markdown]
# Without a penalty the noise makes weights where there should be none. L2 pulls at each weight in
# proportion to its size, with the force λ w; so it shrinks the large ones most, and has hardly any
# force left near 0. L1 pulls with the same force λ however small the weight is, and where the loss
# does not pull back as hard, the weight has to go. The price: both make the weights that matter
# smaller, too.

# %% [markdown]
# ## Exactly 0?
#
# But none of the weights is exactly 0, and going on does not help. The slope of |w| is +1 or -1
# right up to 0, so the last step is as long as any other. It goes past 0, and the next one comes
# back. Here is w9 in the last eight steps:

# %%
print("  ".join(f"{step[8]:+.4f}" for step in paths["L1"][-8:]))

# %% [markdown]
# Smaller steps hover closer to 0. They do not end there either.

# %%
by_rate = {0.1: paths["L1"], 0.02: descend(L1(0.3), rate=0.02)}
hovering = []
for rate, path in by_rate.items():
    largest = max(abs(weight) for weight in path[-1][3:])
    hovering.append((rate, rate * 0.3, f"{largest:.4f}", path[-1].count(0.0)))

table(("rate", "rate × λ", "largest of w4 … w10", "exactly 0"), hovering)

# %%
[ax] = new_axes(6.5, 2.8)
for (rate, path), colour in zip(by_rate.items(), (ORANGE, BLUE), strict=True):
    w9 = [step[8] for step in path[: round(9 / rate)]]
    way = [rate * step for step in range(1, len(w9) + 1)]
    ax.plot(way, w9, color=colour, linewidth=1.0, label=f"rate {rate:g}")

ax.axhline(0.0, color=INK, linewidth=0.6)
ax.set(xlabel="steps × rate", ylabel="w9", xlim=(3.0, 9.0), ylim=(-0.19, 0.03))
ax.legend(frameon=False, fontsize="small", loc="lower right")
plot(
    ax,
    "A weight that should be 0, under L1: it gets there, and hovers.",
    "The weight rises to 0 and then jumps to and fro around it, with large steps five times as far "
    "as with small ones.",
)

# %% [markdown]
# ## A step that ends at 0
#
# The statement is true of the minimum, not of this way to it. A small change gets there: step
# against the gradient of the loss alone, then move each weight towards 0 by rate × λ, but not past
# it. This is called soft thresholding.

# %%
from math import copysign

rate, strength = 0.1, 0.3
neuron = Neuron(10, activation="identity", seed=1)
trainer = Trainer(neuron, half_squared_error, SteepestDescent(rate))
for _ in range(200):
    trainer.fit(inputs, targets, epochs=1, progress=False)
    for weight in weights_of(neuron):
        pull = min(rate * strength, abs(weight.data))
        weight.data -= copysign(pull, weight.data)

# %% [markdown]
# The weights, and the gradient of the loss without a penalty at each of them:

# %%
neuron.zero_grad()
for x, target in zip(inputs, targets, strict=True):
    half_squared_error(neuron(x), target).backward(1 / len(targets))

found = [
    (f"w{number}", at_best, f"{weight.data:.4f}" if weight.data else "0", f"{weight.grad:.4f}")
    for number, (at_best, weight) in enumerate(zip(true, weights_of(neuron), strict=True), start=1)
]
table(("weight", "true", "with threshold", "∂loss/∂w"), found)

# %% [markdown]
# How many are exactly 0 now, and how hard does the loss pull at most at one of these?

# %%
zeros = [weight for weight in weights_of(neuron) if weight.data == 0.0]
print(len(zeros), "weights,", f"{max(abs(weight.grad) for weight in zeros):.4f} at most")

# %% [markdown]
# This is the minimum: at every other weight the loss pulls with just the force λ = 0.3 against the
# penalty, and at those that are 0 with less, which is not enough to move them.
#
# To take away: L2 makes large weights smaller, L1 makes some of them superfluous; but only a step
# that knows of the kink at 0 ends there.
