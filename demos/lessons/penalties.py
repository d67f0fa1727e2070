# %% [markdown]
# # Overfitting, and what L2 and L1 do against it
#
# Large weights make a network bend more than the examples warrant. Regularisation adds a cost of
# the weights to the loss, λ/2 Σ w² (L2) or λ Σ |w| (L1), never one of the biases. A lecture says
# that L1, unlike L2, "will push certain weights to be exactly 0". Here is what can be seen of that,
# and what cannot.

# %% [markdown]
# ## Overfitting
#
# Ten noisy measurements of a curve, and a network with 20 hidden neurons, which is 61 parameters
# for ten numbers. It learns them without a penalty, with a weak one and with a strong one. Guess:
# which loss is lowest on the ten, and which on 500 new measurements?

# %%
import numpy as np

from nn import L2, MLP, Adam, CosineDecay, Trainer, half_squared_error

noise, source = 0.3, np.random.default_rng(4)


def measured(count: int) -> tuple[np.ndarray, np.ndarray]:
    x = np.sort(source.uniform(-1.0, 1.0, count))
    return x[:, None], np.sin(3.0 * x) + source.normal(scale=noise, size=count)


# %%
(x, y), (new_x, new_y) = measured(10), measured(500)
fits: dict[float, Trainer] = {}
for strength in (0.0, 0.003, 0.3):
    model = MLP(1, [20, 1], activation="tanh", initial="he", seed=1)
    adam = Adam(CosineDecay(0.1, 2000, end=0.001))
    fits[strength] = Trainer(model, half_squared_error, adam, penalty=L2(strength))
    history = fits[strength].fit(x, y, epochs=2000, progress=False)

# %%
from demos.show import table

rows = []
for strength, fit in fits.items():
    both = [fit.evaluate(*each)["loss"] for each in ((x, y), (new_x, new_y))]
    rows.append((f"{strength:g}", *(f"{loss:.4f}" for loss in both)))

print(f"the noise alone, ½ · 0.3²: {noise**2 / 2:.3f}")
table(("λ", "loss on the ten", "loss on 500 new"), rows)

# %%
from matplotlib.axes import Axes

from demos.figures import BLUE, GREY, INK, ORANGE, new_axes, plot


def plot_fit(ax: Axes, strength: float) -> None:
    line = np.linspace(-1.0, 1.0, 201)
    ax.plot(line, np.sin(3.0 * line), color=GREY, linewidth=4.0, alpha=0.35, label="curve")
    ax.plot(line, fits[strength].predict(line[:, None]), color=BLUE, label="network")
    ax.plot(x[:, 0], y, "o", color=INK, markersize=4.0, label="measured")
    ax.set(title=f"λ = {strength:g}", xlabel="x", ylim=(-1.7, 1.7))


# %%
axes = new_axes(8.0, 2.8, columns=3, sharey=True)
for ax, strength in zip(axes, fits, strict=True):
    plot_fit(ax, strength)

axes[0].legend(frameon=False, fontsize="small")
plot(
    axes[0],
    "Overfitting, a good fit, underfitting.",
    "Without a penalty the network goes through all ten points and far off the curve in between; "
    "with a weak one it follows the curve; with a strong one it is nearly a line.",
)

# %% [markdown]
# Without a penalty the network learns the noise as well. It is best on what it has seen, and not on
# what it has not: it *overfits*. With too strong a penalty it cannot even follow the curve, and
# both losses are large: it *underfits*. (New measurements have noise of their own, which costs
# 0.045 on average, whoever predicts them.) How strong a penalty should be is found by data that
# took no part in training (lesson `configuration`).

# %% [markdown]
# ## Three fits
#
# One linear neuron with ten inputs learns from 60 examples. Its targets are 2 x1 - 1.5 x2 + x3 plus
# noise, so seven weights should be 0; but nobody tells the neuron.

# %%
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
from nn import L1, Module, Neuron, SteepestDescent, weights_of

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
columns = [true.tolist(), *weights.values()]
rows = [
    (f"w{number}", f"{at_best:g}", *(f"{weight:.4f}" for weight in found))
    for number, (at_best, *found) in enumerate(zip(*columns, strict=True), start=1)
]
for what, limit in (("below 0.05 in size", 0.05), ("exactly 0", 0.0)):
    rows.append((what, *(f"{sum(abs(weight) <= limit for weight in fit)}" for fit in columns)))

table(("weight", "true", *weights), rows)


# %%
def plot_weights(ax: Axes, name: str, colour: str) -> None:
    numbers = range(1, 11)
    ax.bar(numbers, weights[name], color=colour, width=0.7)
    ax.plot(numbers, true, "_", color=INK, markersize=9.0)
    ax.axhline(0.0, color=INK, linewidth=0.6)
    ax.set(title=f"penalty: {name}", xlabel="weight", xticks=numbers)


# %%
axes = new_axes(8.0, 2.6, columns=3, sharey=True)
for ax, name, colour in zip(axes, weights, (GREY, ORANGE, BLUE), strict=True):
    plot_weights(ax, name, colour)

plot(
    axes[0],
    "The ten weights; short lines are the true ones.",
    "Three bar charts of ten weights. With L2 the three long bars are shorter than without a "
    "penalty and the short ones remain; with L1 only the three long bars can be seen well.",
)

# %% [markdown]
# Without a penalty the noise makes weights where there should be none. L2 pulls at each weight in
# proportion to its size, with the force λ w (hence its other name, *weight decay*); so it shrinks
# the large ones most, and has hardly any force left near 0. L1 pulls with the same force λ however
# small the weight is, and where the loss does not pull back as hard, the weight has to go. The
# price: both make the weights that matter smaller, too.

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
    history = trainer.fit(inputs, targets, epochs=1, progress=False)
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

# %% [markdown]
# ## Exercises
#
# 1. λ is huge. What does the neuron with ten inputs answer under L2?
# 2. A weight is 0.001, and λ = 0.3. How hard does L2 pull at it, and how hard L1?
# 3. A slide has L2 as Σ w², without the ½. Its λ is 0.1. Which λ of `L2` is that?

# %% tags=["answer"]
stiff = Neuron(10, activation="identity", seed=1)
trainer = Trainer(stiff, half_squared_error, SteepestDescent(0.001), penalty=L2(1000.0))
history = trainer.fit(inputs, targets, epochs=10_000, progress=False)
*most, bias = stiff.state_dict().values()
print(f"1: weights below {max(map(abs, most)):.3f}, bias {bias:.3f}, mean {targets.mean():.3f}")
print(f"2: L2 {0.3 * 0.001:g}, L1 {0.3:g}")

# %% [markdown] tags=["answer"]
# 1: The mean of the targets, whatever the inputs: the bias is free. If it had a penalty, too, all
# answers would be pulled to 0, where nobody says that the targets are.
#
# 2: L2's pull shrinks with the weight, so it never quite gets there; L1's is the same everywhere.
#
# 3: 0.2, for the slope of 0.1 w² is 0.2 w.

# %% [markdown]
# To take away: a penalty keeps a network from learning the noise. L2 makes large weights smaller,
# L1 makes some of them superfluous; but only a step that knows of the kink at 0 ends there.
