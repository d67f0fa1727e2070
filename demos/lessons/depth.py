# %% [markdown]
# # Why go deeper: folds upon folds
#
# One hidden layer can follow any curve, so what are more layers for? A lecture answers that
# composition lets neurons be reused. Here that is made into a number: layers of two neurons each
# double what a network can do, where neurons side by side only add to it.

# %% [markdown]
# ## A tent from two ReLUs
#
# Two ReLU neurons and a weighted sum make a tent over the unit interval:
#
#     t(x) = 2 relu(x) - 4 relu(x - 1/2)
#
# It rises from 0 to 1 at x = 1/2 and falls back to 0. Put a tent into a tent: the inner one runs
# through 0 … 1 twice, up and then down, so the outer one is drawn twice. Guess: how many straight
# pieces have three tents in a row, and how many ten?

# %% [markdown]
# As a network: layer after layer of two neurons. Every layer takes the tent of the one before,
# which is 2a - 4b of its two answers a and b.

# %%
from nn import MLP


def tents(k: int) -> MLP:
    model = MLP(1, [2] * k + [1], activation="relu")
    for number, layer in enumerate(model.layers):
        weights = [1.0] if number == 0 else [2.0, -4.0]
        for neuron, bias in zip(layer.neurons, (0.0, -0.5), strict=False):
            for parameter, data in zip(neuron.parameters(), [*weights, bias], strict=True):
                parameter.data = data
    return model


print(tents(3))

# %%
from matplotlib.axes import Axes

from demos.figures import BLUE, new_axes, plot


def plot_tents(ax: Axes, k: int) -> None:
    model, places = tents(k), [n / 256 for n in range(257)]
    ax.plot(places, [model([x]).data for x in places], color=BLUE, linewidth=1.2)
    ax.set(title=f"{k} layer{'s' if k > 1 else ''}, {2 * k} ReLUs", xticks=(0, 0.5, 1), xlabel="x")


axes = new_axes(8.0, 2.2, columns=4, sharey=True)
for ax, k in zip(axes, (1, 2, 3, 5), strict=True):
    plot_tents(ax, k)

# %%
plot(
    axes[0],
    "Tents put into each other: 2, 4, 8, 32 pieces.",
    "Four zigzag lines between 0 and 1. One layer makes one tent, two make two, three make four, "
    "and five layers with ten ReLUs make sixteen tents.",
)

# %% [markdown]
# ## Counted
#
# The engine counts the pieces: the slope at many places is the gradient of the input, and wherever
# it changes, a new piece begins.

# %%
from collections.abc import Callable
from itertools import pairwise

from autograd_core import Value


def pieces(f: Callable[[list[Value]], Value], cells: int = 256) -> int:
    slopes = []
    for cell in range(cells):
        x = Value((cell + 0.5) / cells)
        f([x]).backward()
        slopes.append(round(x.grad, 6))
    return 1 + sum(one != other for one, other in pairwise(slopes))


# %% [markdown]
# One hidden layer of n ReLUs has at most n + 1 pieces, one more for each neuron's corner; to make
# 2ᵏ pieces it needs 2ᵏ - 1 neurons, each with two parameters and a weight in the output, which has
# a bias.

# %%
from demos.show import table

rows = []
for k in range(1, 8):
    model = tents(k)
    wide = 2**k - 1
    counts = pieces(model), 2 * k, len(model.parameters()), wide, 3 * wide + 1
    rows.append((str(k), *map(str, counts)))

columns = ("layers k", "pieces", "ReLUs", "parameters", "ReLUs, one layer", "parameters, one layer")
table(columns, rows)

# %% [markdown]
# 14 ReLUs in seven layers draw 128 pieces, for which a single layer needs 127. Each further layer
# adds six parameters and doubles the pieces, so ten have 1024; the single layer has to double
# itself. That there are functions which a deep network writes down exponentially more briefly is a
# theorem (Telgarsky 2015, with such tents).
#
# ## Why it doubles: reuse
#
# The gradient tells where the power comes from. It is a product over the layers, and each factor is
# 2 or -2. In three layers:

# %%
for place in (0.05, 0.2, 0.3, 0.45):
    x = Value(place)
    tents(3)([x]).backward()
    print(f"slope at {place}: {x.grad:g}")

# %% [markdown]
# The second layer does not make new corners for each part of the line. The first has folded the
# line so that both halves lie on each other, and whatever is drawn on it is drawn on both.

# %% [markdown]
# ## What random weights have
#
# A theorem about what can be written is not one about what is found. How many pieces does a network
# have before training? 24 ReLUs in one layer, in two, three and four, with random weights (He's)
# and random biases, 20 of each:

# %%
from random import Random


def at_random(sizes: list[int], seed: int) -> MLP:
    model, random = MLP(1, [*sizes, 1], initial="he", seed=seed), Random(100 + seed)
    for layer in model.layers[:-1]:
        for neuron in layer.neurons:
            neuron.bias.data = random.gauss(0.0, 0.5)
    return model


rows = []
for sizes in ([24], [12, 12], [8, 8, 8], [6, 6, 6, 6]):
    found = sorted(pieces(at_random(sizes, seed)) for seed in range(20))
    shape = " + ".join(map(str, sizes))
    rows.append((shape, f"{sum(found) / 20:.1f}", f"{found[0]}", f"{found[-1]}"))

table(("ReLUs in layers", "pieces on average", "least", "most"), rows)

# %% [markdown]
# No doubling at all: 24 neurons have about as many pieces stacked as side by side, or fewer. (Hanin
# and Rolnick proved it in 2019 for random weights, and measured it after training.) So depth makes
# folding possible; it does not make it happen. (That deep networks are "empirically" better at
# hierarchies, as the slide says, was seen in networks as large as AlexNet, lesson `outlook`. On a
# hundred points the lesson `configuration` sees no gain.)

# %% [markdown]
# ## Many minima, about as good
#
# "There are many local optima of approximately the same (and good) quality", says the same slide.
# *Many* is certain. Let two hidden neurons change places with all their weights, or let a tanh
# neuron change the sign of all its weights, before and behind: the network computes the same as
# before. So each minimum of n tanh neurons has n! · 2ⁿ copies.

# %%
from math import factorial

from nn import L2, Adam, Trainer, binary_cross_entropy_from_logit

model = MLP(2, [4, 1], activation="tanh", seed=1)
before = model([0.3, -0.7]).data
hidden, out = model.layers[0].neurons, model.layers[1].neurons[0].weights
for one, other in zip(hidden[0].parameters(), hidden[1].parameters(), strict=True):
    one.data, other.data = other.data, one.data

out[0].data, out[1].data = out[1].data, out[0].data
for parameter in (*hidden[2].parameters(), out[2]):
    parameter.data = -parameter.data

print(f"before {before:.6f}, after {model([0.3, -0.7]).data:.6f}")

# %% [markdown]
# *About as good* can be tried: twelve trainings on two half-moons of points (those of the lesson
# `moons`) from different random weights, and where their losses end. (A small penalty, lesson
# `penalties`, keeps the weights from growing without end.)

# %%
import json
from importlib.resources import files

moons = json.loads((files("demos") / "data" / "moons.json").read_text(encoding="utf-8"))


def end(width: int, seed: int) -> float:
    model = MLP(2, [width, 1], activation="tanh", initial="xavier", seed=seed)
    trainer = Trainer(model, binary_cross_entropy_from_logit, Adam(0.05), penalty=L2(0.001))
    trainer.fit(moons["points"], moons["labels"], epochs=400, progress=False)
    return trainer.evaluate(moons["points"], moons["labels"])["loss"]


# %%
ends = {width: sorted(end(width, seed) for seed in range(12)) for width in (2, 4, 16)}
table(
    ("hidden neurons", "copies of each minimum", "best", "median", "worst of twelve"),
    [
        (f"{n}", f"{factorial(n) * 2**n:.3g}", *(f"{found[at]:.3f}" for at in (0, 6, 11)))
        for n, found in ends.items()
    ],
)

# %% [markdown]
# Two neurons end well or badly, as the start has it. With four and more, all twelve end within a
# few thousandths: whichever is the lowest, any of them will do. (For large networks, under
# assumptions that simplify them, Choromanska and others derived in 2015 that poor minima become
# exponentially rare.)

# %% [markdown]
# ## Exercises
#
# 1. Twenty tents in a row: how many pieces, and how many ReLUs would a single layer need?
# 2. Without the network: what is t(t(0.3)), and its slope there?
# 3. A two-layer network finds a good minimum from every start. Do two such networks have the same
#    weights?

# %% tags=["answer"]
x = Value(0.3)
f = tents(2)([x])
f.backward()
print("1:", 2**20, "pieces,", 2**20 - 1, "ReLUs")
print(f"2: t(0.3) = {tents(1)([0.3]).data:.1f}, t(t(0.3)) = {f:.1f}, slope {x.grad:g}")

# %% [markdown] tags=["answer"]
# 1: Each tent doubles the pieces, and 40 ReLUs are enough. A single layer has one corner for each
# neuron.
#
# 2: t(0.3) = 0.6, on the way up with the slope 2. t(0.6) = 0.8, on the way down with -2. The
# product is -4.
#
# 3: Hardly. Already the order of the hidden neurons is by chance.

# %% [markdown]
# To take away: width adds pieces, depth multiplies them, since what a later layer draws is reused
# on every fold of the earlier ones. Some functions need depth to be written briefly; whether
# training finds such weights is another question. Of the many minima of a network that is large
# enough, most are about as good.
