# %% [markdown]
# # Saturation: how gradients die on their way down, and how ReLU neurons die altogether
#
# On its way from the cost to the first layer a gradient passes every layer between, and each
# multiplies it by its weights and by the slopes f′(z) of its neurons. The slope of the logistic
# function is never more than 1/4, and far from 0 it is next to nothing: the neuron is saturated.
# ReLU has the slope 1 wherever it is on. That keeps gradients alive, at a risk of its own.

# %% [markdown]
# ## Where the slope is gone

# %%
from collections.abc import Callable

from autograd_core import Value, relu, tanh
from nn import logistic

functions: dict[str, Callable[[Value], Value]] = {"σ": logistic, "tanh": tanh, "ReLU": relu}


def slope(f: Callable[[Value], Value], place: float) -> float:
    z = Value(place)
    f(z).backward()
    return z.grad


# %%
from demos.show import table

table(
    ("z", "σ(z)", "σ′(z)", "tanh′(z)", "relu′(z)"),
    [
        (z, logistic(z), *(slope(f, z) for f in functions.values()))
        for z in (0.0, 2.0, 5.0, 10.0, 20.0, 40.0)
    ],
)

# %% [markdown]
# From z to z + 1 the slope of σ shrinks by a factor that nears e, and that of tanh by e²: they
# decay exponentially. At z = 40 the float σ(z) is 1 already; the engine gets its slope from
# σ(z) σ(-z), where no digits are lost. Shaded are the zones where less than 1 % of a gradient
# passes. How wide is what is left between them?

# %%
places = [n / 50 for n in range(-400, 401)]
for name, f in functions.items():
    steep = [z for z in places if slope(f, z) >= 0.01]
    print(f"{name} is steep from z = {steep[0]} to {steep[-1]}")

# %%
from matplotlib.axes import Axes

from demos.figures import BLUE, GREY, ORANGE, new_axes, plot


def plot_slope(ax: Axes, name: str) -> None:
    f = functions[name]
    slopes = [slope(f, z) for z in places]
    ax.plot(places, [f(Value(z)).data for z in places], color=BLUE)
    ax.plot(places, slopes, "--", color=ORANGE)
    ax.fill_between(places, -1.2, 2.2, [s < 0.01 for s in slopes], color=GREY, alpha=0.2)
    ax.set(xlabel="z", ylim=(-1.2, 2.2), title=name)


# %%
axes = new_axes(8.0, 2.4, columns=3, sharey=True)
for ax, name in zip(axes, functions, strict=True):
    plot_slope(ax, name)

plot(
    axes[0],
    "Functions in blue, slopes dashed, dead zones in grey.",
    "The logistic function has its slope between about -4.6 and 4.6 and is flat on both sides; "
    "tanh has it between -3 and 3; ReLU is flat on the left and has the slope 1 on the right.",
)

# %% [markdown]
# ## A deep stack
#
# Two networks with 12 hidden layers of 16 neurons each, one logistic, one ReLU. Each starts with
# usual random weights, Xavier's for the logistic and He's for the ReLU.

# %%
from nn import MLP

depth, width = 12, 16
sizes = [*[width] * depth, 1]
soft_network = MLP(width, sizes, activation="logistic", initial="xavier", seed=1)
hard_network = MLP(width, sizes, activation="relu", initial="he", seed=1)

# %% [markdown]
# How large is the gradient in each layer, as the root of the mean square over all its weights? The
# cost is ½ (o - 1)², summed over eight random examples.

# %%
from math import hypot, sqrt
from random import Random

from nn import half_squared_error, weights_of

source = Random(1)
examples = [[source.gauss(0.0, 1.0) for _ in range(width)] for _ in range(8)]


def gradient_sizes(model: MLP) -> list[float]:
    model.zero_grad()
    for example in examples:
        half_squared_error(model(example), 1.0).backward()
    gradients = [[weight.grad for weight in weights_of(layer)] for layer in model.layers]
    return [hypot(*layer) / sqrt(len(layer)) for layer in gradients]


# %%
soft_sizes, hard_sizes = gradient_sizes(soft_network), gradient_sizes(hard_network)
rows = []
for layer in range(depth + 1):
    cells = [str(layer + 1)]
    for gradients in (soft_sizes, hard_sizes):
        ratio = f"{gradients[layer] / gradients[layer + 1]:.2f}" if layer < depth else ""
        cells += [f"{gradients[layer]:.1e}", ratio]
    rows.append(cells)

table(("layer", "logistic", "of the next", "ReLU", "of the next"), rows)

# %% [markdown]
# The gradient on its way down, from right to left: each logistic layer takes most of it.

# %%
[ax] = new_axes(6.5, 3.0)
layers = range(1, depth + 2)
ax.semilogy(layers, hard_sizes, "o-", color=BLUE, markersize=4.0, label="ReLU")
ax.semilogy(layers, soft_sizes, "o-", color=ORANGE, markersize=4.0, label="logistic")
ax.set(xlabel="layer", ylabel="gradient of the weights", xticks=layers)
ax.legend(frameon=False, fontsize="small")
plot(
    ax,
    "The gradient of the weights in each layer.",
    f"From layer {depth} to layer 1 the gradient falls from {soft_sizes[-2]:.1e} to "
    f"{soft_sizes[0]:.1e} in the logistic network, and goes from {hard_sizes[-2]:.1e} to "
    f"{hard_sizes[0]:.1e} in the ReLU network.",
)

# %% [markdown]
# How much of what layer 12 gets does layer 1 get?

# %%
print(f"logistic: {soft_sizes[0] / soft_sizes[-2]:.0e}")
print(f"ReLU:     {hard_sizes[0] / hard_sizes[-2]:.2g}")

# %% [markdown]
# Layer 1 of the logistic network learns that much more slowly, which is to say not at all. This is
# the vanishing gradient, and one reason why deep networks are built with ReLU.
#
# Would other weights help? He's make up for the half of the ReLUs that is off. Xavier's are for
# neurons whose slope is near 1, as that of tanh is at 0, so for σ they could be 4 times as large:

# %%
for hidden in soft_network.layers[:-1]:
    for weight in weights_of(hidden):
        weight.data *= 4.0

wider = gradient_sizes(soft_network)
print(f"logistic, larger weights: {wider[0] / wider[-2]:.0e}")

# %% [markdown]
# That is far more, and still very little, for larger weights make larger sums, and those saturate
# the neurons.

# %% [markdown]
# ## Sparse, and six times faster?
#
# Of ReLU a lecture says that its neurons are *sparse*, many of them being 0 for an example; that it
# needs no exponential; and that it converges faster, "e.g. 6x". The 6 is from the paper on AlexNet
# (Krizhevsky and others, 2012): a convolutional network of four layers needed six times as many
# epochs with tanh as with ReLU, to get to 25 % errors on the images of CIFAR-10. What is it here?
# Two half-moons of points (those of the lesson `moons`), two shapes, three starts each, until the
# loss is below 0.05.

# %%
import json
from importlib.resources import files

moons = json.loads((files("demos") / "data" / "moons.json").read_text(encoding="utf-8"))
points, labels = moons["points"], moons["labels"]

# %%
from nn import ActivationName, InitialisationName, SteepestDescent, Trainer
from nn import binary_cross_entropy_from_logit as loss

starts: dict[ActivationName, InitialisationName] = {
    "logistic": "xavier",
    "tanh": "xavier",
    "relu": "he",
}


def learned(shape: list[int], activation: ActivationName, seed: int) -> Trainer:
    model = MLP(2, [*shape, 1], activation, initial=starts[activation], seed=seed)
    trainer = Trainer(model, loss, SteepestDescent(0.5))
    trainer.fit(points, labels, 1000, stop=lambda h: h["loss"][-1] < 0.05, progress=False)
    return trainer


# %%
from statistics import median

compared: list[tuple[str, ...]] = []
for shape in ([8, 8], [8, 8, 8, 8]):
    for activation in starts:
        runs = [learned(shape, activation, seed) for seed in range(3)]
        epochs = median(run.history.epochs for run in runs)
        answers = [a.data for x in points for a in runs[0].model.layers[0].outputs(x)]
        zero = f"{sum(a == 0.0 for a in answers) / len(answers):.0%}"
        needed = "over 1000" if epochs == 1000 else f"{epochs}"
        compared.append((str(shape), activation, needed, zero))

table(("hidden layers", "activation", "epochs", "answers of layer 1 that are 0"), compared)

# %% [markdown]
# Sparse it is. Against the logistic function ReLU is more than six times as fast. Against tanh,
# which the 6 was about, the one or the other is ahead, here by little: tanh is steep around 0,
# where small inputs and good first weights keep it. How much faster depends on the network and the
# data; that a gradient passes is what counts.

# %% [markdown]
# ## Dead ReLUs
#
# ReLU has a flat side too: left of 0 its slope is not small but exactly 0. Where z is negative for
# every example, no gradient comes through, and the neuron's own parameters never change again. Only
# its inputs could bring it back, and in the first layer those are the data.
#
# It takes a step or two that are too long. Here a neuron with one input shall learn y = x from four
# examples. It starts well, with the weight 0.5, but takes steps of 1 times the gradient.

# %%
from nn import Neuron

places = [0.5, 1.0, 1.5, 2.0]


def train(neuron: Neuron, rate: float, updates: int) -> None:
    trainer = Trainer(neuron, half_squared_error, SteepestDescent(rate))
    trainer.fit([[x] for x in places], places, epochs=updates, progress=False)


def state(neuron: Neuron) -> list[str]:
    weight, bias = neuron.state_dict().values()
    loss = sum(half_squared_error(neuron([x]), x).data for x in places) / len(places)
    on = sum(neuron.weighted_sum([x]).data > 0.0 for x in places)
    return [*(f"{number:.4f}" for number in (weight, bias, loss)), f"{on} of {len(places)}"]


# %%
neuron = Neuron(1, activation="relu")
neuron.load_state_dict({"weights.0": 0.5, "bias": 0.0})
states = [("0", *state(neuron))]
for update in range(1, 5):
    train(neuron, rate=1.0, updates=1)
    states.append((str(update), *state(neuron)))

table(("update", "weight", "bias", "loss", "examples with z > 0"), states)

# %% [markdown]
# The first step goes too far up, the second too far down, and after that nothing happens any more.
# The loss is not 0, but every gradient is.
#
# A smaller step does not help now: 200 steps of 0.2 leave the neuron as it is. The same parameters
# in a leaky ReLU, max(0.1 z, z), have a way back, since its slope on the left is 0.1.

# %%
states = []
for activation in ("relu", "leaky_relu"):
    revived = Neuron(1, activation=activation)
    revived.load_state_dict(neuron.state_dict())
    train(revived, rate=0.2, updates=200)
    states.append((activation, *state(revived)))

table(("after 200 steps of 0.2", "weight", "bias", "loss", "examples with z > 0"), states)

# %% [markdown]
# ## Try it
#
# The dead neuron and its cost for the example x = 1. Nothing of the gradient that y gets passes the
# ReLU, until a change of w, b or x brings z above 0. Under Descent, the steps of w and b are 0.

# %%
from autograd_core import name_values
from viz import page

w, b = map(Value, neuron.state_dict().values())
x = Value(1.0)
z = w * x + b
y = relu(z)
C = half_squared_error(y, 1.0)
C.backward()
name_values(globals())
page(C, decimals=3)

# %% [markdown]
# ## Exercises
#
# 1. A chain of logistic neurons, each with the weight 1. After how many is the gradient surely
#    below a millionth?
# 2. All inputs of a ReLU neuron lie between 0 and 2, and w = 2, b = -5. Is it dead? For which b
#    does it live?
# 3. In the table of 13 layers: the gradient of which layer has passed one slope only?

# %% tags=["answer"]
power, layers_needed = 1.0, 0
while power >= 1e-6:
    power, layers_needed = power / 4, layers_needed + 1

print("1:", layers_needed)

# %% [markdown] tags=["answer"]
# 1: Each factor is at most 1/4, and 4¹⁰ is a little over a million.
#
# 2: It is: z = 2x - 5 is -1 at most. With b above -4 it answers to some of the inputs.
#
# 3: That of layer 12: the output, layer 13, is linear, and then comes the slope of layer 12 itself.

# %% [markdown]
# To take away: a gradient is a product over all layers, so small slopes make it vanish; ReLU keeps
# it, unless the neuron is off for every example.
