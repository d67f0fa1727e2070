# %% [markdown]
# # Universal approximation: enough neurons follow any curve
#
# One hidden layer is enough, says a theorem of Cybenko (1989) and Hornik (1991). Whatever the
# continuous function f on the unit interval, and however small the error that is allowed, there are
# a number N and weights with which
#
#     F(x) = Σ αᵢ σ(wᵢ x + bᵢ)    over i = 1 … N
#
# is nowhere further from f than that. This is a network with N logistic neurons and a linear
# output.

# %% [markdown]
# ## By hand
#
# Here is a curve with six bends.

# %%
from math import pi, sin


def curve(x: float) -> float:
    return x / 2 + sin(2 * pi * x) / 2 + sin(6 * pi * x) / 4


# %% [markdown]
# That it can be followed is easy to see. A neuron with a large weight is a step, from 0 to 1 where
# w x + b = 0, and steps of the right heights add up to a staircase. Each neuron is a step, and its
# α is how far the curve rises over it; with w = 5 N the edges are rounded. No training is needed.

# %%
from nn import MLP


def by_hand(count: int) -> MLP:
    model = MLP(1, [count, 1], activation="logistic")
    numbers = {"layers.1.neurons.0.bias": 0.0}
    for i in range(count):
        w, centre = 5.0 * count, (i + 0.5) / count
        numbers[f"layers.0.neurons.{i}.weights.0"] = w
        numbers[f"layers.0.neurons.{i}.bias"] = -w * centre
        numbers[f"layers.1.neurons.0.weights.{i}"] = curve((i + 1) / count) - curve(i / count)
    model.load_state_dict(numbers)
    return model


# %% [markdown]
# ## By training
#
# Training has more freedom, as it may move the steps and make some of them gentle. It starts from
# gentle steps, up and down by turns, with random heights.


# %%
def gentle_steps(count: int) -> MLP:
    model = MLP(1, [count, 1], activation="logistic", seed=1)
    numbers = {}
    for i in range(count):
        w, centre = 30.0 * (-1) ** i, (i + 0.5) / count
        numbers[f"neurons.{i}.weights.0"] = w
        numbers[f"neurons.{i}.bias"] = -w * centre
    model.layers[0].load_state_dict(numbers)
    return model


# %% [markdown]
# It minimises ½ (F - f)² over 101 examples with 1000 updates by Adam, whose rate falls from 0.1 to
# 0.001 (lesson `schedules`).

# %%
import numpy as np

from nn import ActivationName, Adam, CosineDecay, Trainer, half_squared_error

examples = np.linspace(0.0, 1.0, 101)


def trained(count: int) -> MLP:
    model = gentle_steps(count)
    trainer = Trainer(model, half_squared_error, Adam(CosineDecay(0.1, 1000, end=0.001)))
    trainer.fit(examples[:, None], [curve(x) for x in examples], 1000, progress=False)
    return model


# %% [markdown]
# ## The more neurons, the closer
#
# Guess: how many neurons follow all six bends? Errors are measured at 1001 places, most of them
# between the examples.

# %%
counts = (1, 2, 4, 8, 16, 32)
places = np.linspace(0.0, 1.0, 1001)
f = np.array([curve(x) for x in places])
models = {count: trained(count) for count in counts}


def outputs(model: MLP) -> np.ndarray:
    return Trainer(model, half_squared_error, Adam()).predict(places[:, None])


stairs = {count: outputs(by_hand(count)) for count in counts}
fitted = {count: outputs(model) for count, model in models.items()}

# %%
from matplotlib.axes import Axes

from demos.figures import BLUE, GREY, INK, ORANGE, new_axes, plot


def plot_fits(ax: Axes, count: int) -> None:
    ax.plot(places, f, color=GREY, linewidth=4.0, alpha=0.35, label="f")
    ax.plot(places, stairs[count], "--", color=ORANGE, linewidth=1.2, label="by hand")
    ax.plot(places, fitted[count], color=BLUE, linewidth=1.4, label="trained")
    ax.set(title=f"N = {count}", xlabel="x", xticks=(0.0, 0.5, 1.0), ylim=(-0.35, 1.2))


# %%
axes = new_axes(8.0, 2.7, columns=3, sharey=True)
for ax, count in zip(axes, (2, 8, 32), strict=True):
    plot_fits(ax, count)

axes[0].legend(frameon=False, fontsize="small", loc="upper right")
plot(
    axes[0],
    "The same curve with more and more neurons.",
    "Two trained neurons follow one of the curve's six bends, eight follow them all, and with 32 "
    "neither the trained network nor the staircase can be told from the curve.",
)

# %%
from demos.show import table

of_stairs = [float(np.abs(stairs[count] - f).max()) for count in counts]
largest = [float(np.abs(fitted[count] - f).max()) for count in counts]
rms = [float(np.sqrt(np.mean((fitted[count] - f) ** 2))) for count in counts]
table(
    ("N", "parameters", "by hand, largest error", "trained, largest", "trained, rms"),
    [
        (count, len(models[count].parameters()), *(f"{error:.4f}" for error in errors))
        for count, *errors in zip(counts, of_stairs, largest, rms, strict=True)
    ],
)


# %% [markdown]
# ## The parts of one network
#
# In the trained network with N = 8 the steps have moved from their first places; their weights
# have changed little. The α are no longer the rises of a staircase.

# %%
hidden, output = models[8].layers
*alphas, bias = output.state_dict().values()
rows, terms = [], []
for i, (alpha, neuron) in enumerate(zip(alphas, hidden.neurons, strict=True)):
    w, b = neuron.state_dict().values()
    rows.append((i + 1, f"{w:.2f}", (i + 0.5) / 8, f"{-b / w:.4f}", f"{alpha:.3f}"))
    terms.append(alpha / (1 + np.exp(-(w * places + b))))

table(("i", "wᵢ", "step at first at x =", "now at -bᵢ / wᵢ =", "αᵢ"), rows)

# %% [markdown]
# The eight terms αᵢ σ(wᵢ x + bᵢ) in blue, and in black their sum with the output bias, which is F:

# %%
[ax] = new_axes(5.0, 3.0)
total = np.sum(terms, axis=0) + bias
ax.plot(places, np.transpose(terms), color=BLUE, linewidth=0.9)
ax.plot(places, total, color=INK, linewidth=1.8)
ax.set(xlabel="x", xticks=(0.0, 0.5, 1.0))
plot(
    ax,
    "The terms of the network with N = 8, and their sum.",
    "Eight sigmoid curves, some rising and some falling, whose sum with the bias is the curve.",
)

# %% [markdown]
# ## The conditions, and more inputs
#
# In full: let σ be continuous, bounded, increasing and not constant, and f continuous on the unit
# cube of m inputs, [0, 1]ᵐ. Then for each ε > 0 there are N, αᵢ, bᵢ and vectors wᵢ with which F(x)
# = Σ αᵢ σ(wᵢ · x + bᵢ) has |F(x) - f(x)| < ε for all x of the cube. Nothing is special about one
# input: a neuron of two is a step along a line, and such steps add up to hills. Here are 4, 12 and
# 24:


# %%
def hill(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.asarray(np.exp(-12 * ((x - 0.35) ** 2 + (y - 0.6) ** 2)) - 0.6 * x * y)


def grid(count: int) -> np.ndarray:
    x, y = np.meshgrid(np.linspace(0, 1, count), np.linspace(0, 1, count))
    return np.column_stack([x.ravel(), y.ravel()])


# %%
def fitted_hill(activation: ActivationName, count: int) -> np.ndarray:
    model, source = MLP(2, [count, 1], activation, seed=1), np.random.default_rng(1)
    for neuron in model.layers[0].neurons:
        w, place = source.normal(scale=6.0, size=2), source.uniform(size=2)
        for parameter, number in zip(neuron.parameters(), [*w, -w @ place], strict=True):
            parameter.data = float(number)
    trainer = Trainer(model, half_squared_error, Adam(CosineDecay(0.05, 600, end=0.001)))
    trainer.fit(grid(12), hill(*grid(12).T), 600, progress=False)
    return trainer.predict(grid(41))


# %%
target = hill(*grid(41).T)
ways: list[tuple[ActivationName, int]] = [
    ("logistic", 4),
    ("logistic", 24),
    ("identity", 24),
]
hills = {(name, count): fitted_hill(name, count) for name, count in ways}
errors = {key: F - target for key, F in hills.items()}
table(
    ("σ", "N", "root mean square error", "largest"),
    [
        (name, f"{n}", f"{np.sqrt(np.mean(error**2)):.3f}", f"{np.abs(error).max():.3f}")
        for (name, n), error in errors.items()
    ],
)

# %%
panels = {"f": target, "N = 4": hills["logistic", 4], "N = 24": hills["logistic", 24]}
axes = new_axes(8.0, 2.6, columns=3)
for ax, (title, heights) in zip(axes, panels.items(), strict=True):
    picture = ax.imshow(
        heights.reshape(41, 41), origin="lower", extent=(0, 1, 0, 1), cmap="viridis"
    )
    words = ax.set(title=title, xticks=(0, 1), yticks=(0, 1))

plot(
    axes[0],
    "A hill over two inputs, and networks that follow it.",
    "Three square maps. The first has a bright hill left of the middle and falls off to the upper "
    "right; the one of 4 neurons has it blurred, and the one of 24 looks like the first.",
)

# %% [markdown]
# The last row of the table is why σ has conditions: with the identity, sums of neurons are planes,
# and no number of them makes a hill. (Bounded is more than is needed: in 1993 Leshno and others
# found that any continuous σ will do that is no polynomial, ReLU among them.)

# %% [markdown]
# ## What the theorem does not say
#
# It promises that good weights exist. It says neither how many neurons are needed, nor that
# training finds the weights: for few neurons training may stop at a poor place, and for many the
# staircase comes close. Nor does it say anything about places outside the interval, where F soon
# becomes a constant:

# %%
for x in (0.5, 1.0, 2.0, 3.0, 4.0):
    print(f"x = {x}: f = {curve(x):.3f}, F = {models[8]([x]):.3f}")

# %% [markdown]
# ## Exercises
#
# 1. Make a tower with two neurons: close to 1 between 0.4 and 0.6, and to 0 elsewhere. Which w, b
#    and α?
# 2. A friend trained a network with 32 neurons and got an error of 0.3. Is the theorem wrong?
# 3. Of the staircase's 97 parameters, how many depend on the curve?

# %% tags=["answer"]
tower = MLP(1, [2, 1], activation="logistic")
for parameter, number in zip(tower.parameters(), (100, -40, 100, -60, 1, -1, 0), strict=True):
    parameter.data = number

print("1:", {x: round(tower([x]).data, 3) for x in (0.0, 0.3, 0.45, 0.55, 0.7, 1.0)})

# %% [markdown] tags=["answer"]
# 1: One step up at 0.4 and one down at 0.6: w = 100 for both, b = -40 and -60, α = 1 and -1. On
# such towers, side by side, Nielsen builds the visual proof to which a lecture links (chapter 4 of
# his book "Neural Networks and Deep Learning").
#
# 2: No. It says that good weights exist, not that a training finds them.
#
# 3: The 32 α. All w are 5 N, all b are minus w times a place on the grid, and the bias is 0.

# %% [markdown]
# To take away: a sum of shifted and scaled sigmoids can become any curve; depth is not needed for
# what a network can represent, but for how cheaply.
