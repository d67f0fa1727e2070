# %% [markdown]
# # Initialisation: why weights start at random, and how large
#
# Training has to start somewhere, and not every start is a start. Weights that begin equal stay
# equal for ever. Random ones can be so small that the signal dies on its way up, or so large that
# every neuron saturates. Between the two lies one size, and it can be computed.

# %% [markdown]
# ## Equal stays equal
#
# A network for XOR with three hidden neurons. All weights start at 0.5, all biases at 0. Guess
# first: after 2000 updates, how many different hidden neurons are there?

# %%
from nn import MLP, SteepestDescent, Trainer, half_squared_error

inputs, targets = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]


def trained(model: MLP) -> MLP:
    trainer = Trainer(model, half_squared_error, SteepestDescent(0.5))
    trainer.fit(inputs, targets, epochs=2000, progress=False)
    return model


def started(start: float) -> MLP:
    model = MLP(2, [3, 1], activation="tanh")
    model.load_state_dict({name: start * ("weight" in name) for name in model.state_dict()})
    return model


# %%
from demos.show import table

equal = trained(started(0.5))
table(
    ("hidden neuron", "w1", "w2", "bias"),
    [
        (f"{number}", *(f"{p.data:.6f}" for p in neuron.parameters()))
        for number, neuron in enumerate(equal.layers[0].neurons, start=1)
    ],
)

# %% [markdown]
# One. The three take the same inputs with the same weights, so they answer alike; the output weighs
# them alike, so the same gradient comes back to each; so the same step is taken. Nothing in
# gradient descent can tell them apart. Three neurons do the work of one, and one cannot do XOR:


# %%
def answers(model: MLP) -> str:
    return "  ".join(f"{model(x).data:.3f}" for x in inputs)


print("equal start: ", answers(equal))
print("random start:", answers(trained(MLP(2, [3, 1], activation="tanh", seed=1))))

# %% [markdown]
# Zero is worse than merely equal: then no weight moves at all (lesson `engine_trains`, exercise 2).
# Biases may all start at 0, for the weights already tell neurons apart.

# %% [markdown]
# ## How large: the sum of n terms
#
# A neuron adds n products w x. Their variance is the mean square of their distance from the mean;
# its root, the standard deviation, says how far they spread. If the products are independent and
# have mean 0, their variances add up:
#
#     Var z = n · Var w · mean of x²
#
# With weights of variance 1, z grows like √n. Here z has been drawn 1000 times for inputs of size
# 1, and its standard deviation is compared with √n. Weights divided by √n keep it at 1, for any
# width.

# %%
import numpy as np

source = np.random.default_rng(1)
rows = []
for n in (4, 16, 64, 256):
    w, x = source.normal(size=(1000, n)), source.normal(size=(1000, n))
    spread = (w * x).sum(axis=1).std()
    rows.append((f"{n}", f"{spread:.2f}", f"{n**0.5:.0f}", f"{spread / n**0.5:.2f}"))

table(("n", "spread of z", "√n", "with w / √n"), rows)

# %% [markdown]
# ## Through ten layers
#
# One factor a layer is harmless; ten of them are not. A network of ten tanh layers, 64 neurons
# each, gets weights of size g/√n for a small, a right and a large g. How large are the answers of
# each layer, as the root of their mean square?

# %%
from random import Random

from nn import weights_of

width, depth = 64, 10
tanh_model = MLP(width, [width] * depth, activation="tanh", output="tanh")
relu_model = MLP(width, [width] * depth, activation="relu", output="relu")


def sent_up(model: MLP, g: float) -> list[list[float]]:
    random = Random(1)
    for weight in weights_of(model):
        weight.data = random.gauss(0.0, g / width**0.5)
    signal, layers = [random.gauss(0.0, 1.0) for _ in range(width)], []
    for layer in model.layers:
        signal = [value.data for value in layer(signal)]
        layers.append(signal)
    return layers


# %%
def size(signal: list[float]) -> float:
    return float(np.sqrt(np.mean(np.square(signal))))


tanh = {g: sent_up(tanh_model, g) for g in (0.3, 1.0, 5.0)}
columns = ("layer", *(f"g = {g:g}" for g in tanh))
table(
    columns,
    [
        (f"{layer + 1}", *(f"{size(signals[layer]):.1e}" for signals in tanh.values()))
        for layer in (0, 1, 2, 4, 9)
    ],
)

# %% [markdown]
# Small weights multiply the signal by about g in each layer, so it dies. Large ones do not make it
# explode, for tanh is bounded; they push the neurons towards -1 and 1. The 64 answers of the last
# layer:

# %%
from matplotlib.axes import Axes

from demos.figures import BLUE, new_axes, plot


def plot_answers(ax: Axes, g: float) -> None:
    ax.hist(tanh[g][-1], bins=20, range=(-1.0, 1.0), color=BLUE)
    ax.set(title=f"g = {g:g}", xlabel="answer of a neuron", xticks=(-1, 0, 1))


# %%
axes = new_axes(8.0, 2.4, columns=3, sharey=True)
for ax, g in zip(axes, tanh, strict=True):
    plot_answers(ax, g)

plot(
    axes[0],
    "The answers of the tenth layer: dead, spread, saturated.",
    "Three histograms of 64 answers between -1 and 1. For g = 0.3 all are close to 0, for "
    "g = 1 they lie around 0, and for g = 5 most stand in the two outermost bars, at -1 and 1.",
)

# %% [markdown]
# Both ends are bad for learning. Where the answers are close to 0, so are the gradients of the
# weights above, since each is δ times an answer. Where tanh is saturated, its slope is close to 0,
# and little passes.

# %%
saturated = [
    (f"{g:g}", f"{np.mean([abs(answer) > 0.99 for answer in signals[-1]]):.0%}")
    for g, signals in tanh.items()
]
table(("g", "answers beyond ±0.99 in layer 10"), saturated)

# %% [markdown]
# ## ReLU needs √2 more
#
# ReLU sets half of its inputs to 0, and with them half of the mean square. So the factor per layer
# is not g² but g²/2, and g = √2 makes up for it: Var w = 2/n, as He and others proposed in 2015.
# Glorot and Bengio's choice of 2010, often called Xavier's, has Var w = 2/(n + m) for n inputs and
# m outputs, which for n = m is g = 1. We measure the factor over the last nine layers:

# %%
relu = {g: sent_up(relu_model, g) for g in (0.5, 1.0, 2**0.5, 2.0)}
rows = []
for g, signals in relu.items():
    factor = (size(signals[-1]) / size(signals[0])) ** (1 / (depth - 1))
    rows.append((f"{g:.3f}", f"{factor:.3f}", f"{g / 2**0.5:.3f}", f"{size(signals[-1]):.1e}"))

table(("g", "factor per layer", "g / √2", "size in layer 10"), rows)

# %%
from demos.figures import GREY, INK, ORANGE

layers = range(1, depth + 1)
[ax] = new_axes(6.0, 3.0)
for (g, signals), colour in zip(relu.items(), (GREY, ORANGE, INK, BLUE), strict=True):
    ax.semilogy(layers, [size(s) for s in signals], "o-", color=colour, label=f"{g:.3g}")

ax.set(xlabel="layer", ylabel="size of the answers")
ax.legend(frameon=False, fontsize="small", title="g")
plot(
    ax,
    "Answers of ten ReLU layers, for four sizes of the weights.",
    "Four lines on a logarithmic scale over ten layers. Those for g = 0.5 and 1 fall, the one for "
    "√2 stays level, and the one for 2 rises.",
)

# %% [markdown]
# One network of 64 neurons is a small sample, so the measured factors lie near g/√2, not on it. The
# same law holds for gradients on their way down, since they are sums over the neurons of a layer,
# too; the lesson `saturation` measures them. In `nn` the choice is an argument: `initial="xavier"`
# for tanh, `initial="he"` for ReLU.

# %%
he = MLP(64, [64], initial="he", seed=1)
xavier = MLP(64, [64], initial="xavier", seed=1)
for model, wanted in ((he, (2 / 64) ** 0.5), (xavier, (2 / 128) ** 0.5)):
    print(f"{size([weight.data for weight in weights_of(model)]):.4f}  wanted: {wanted:.4f}")

# %% [markdown]
# ## Exercises
#
# 1. The hidden neurons start equal, but the output weights are 0.5, 0.6 and 0.7. Do they stay
#    equal?
# 2. A neuron has 300 inputs of size 1, and weights drawn evenly between -1 and 1, whose variance is
#    1/3. How far does z spread? And what does a tanh neuron do then?

# %% tags=["answer"]
apart = started(0.5)
for weight, number in zip(apart.layers[1].neurons[0].weights, (0.5, 0.6, 0.7), strict=True):
    weight.data = number

half_squared_error(apart([0.0, 1.0]), 1.0).backward()
print("1:", [round(neuron.weights[1].grad, 4) for neuron in apart.layers[0].neurons])
z = (source.uniform(-1.0, 1.0, size=(1000, 300)) * source.normal(size=(1000, 300))).sum(axis=1)
print(f"2: spread {z.std():.1f}, saturated beyond ±0.99: {np.mean(abs(np.tanh(z)) > 0.99):.0%}")

# %% [markdown] tags=["answer"]
# 1: No. What comes back to each is multiplied by its output weight, so their gradients differ from
# the first step on. It is enough that one of the two layers starts with different weights.
#
# 2: By √(300/3) = 10. tanh is flat beyond 3 or so, so most of the time the neuron is saturated.

# %% [markdown]
# To take away: start at random, or neurons stay copies of each other; biases may start at 0. Divide
# by √n, times √2 for ReLU, so that neither the signal nor the gradient changes its size from layer
# to layer.
