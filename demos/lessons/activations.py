# %% [markdown]
# # Activation functions and their derivatives
#
# An activation function f turns the weighted sum z of a neuron into its output. Backpropagation
# needs one thing more of it, the slope f′(z), and hardly anything else about it matters as much:
# the slope is what every gradient is multiplied with on its way through the neuron.

# %% [markdown]
# ## The functions
#
# Those of `nn`, each with its derivative, as `backward()` computes it.

# %%
from demos.figures import new_axes, plot
from nn import ACTIVATIONS
from viz.plots import activation_functions

[ax] = new_axes(8.0, 3.7)
small_axes = activation_functions(list(ACTIVATIONS), ax=ax)
plot(
    ax,
    "Each function and its derivative.",
    f"Small plots of {', '.join(ACTIVATIONS)}: each function as a blue line, its derivative as a "
    "dashed orange line. The formulas are in the table below.",
)

# %% [markdown]
# The same on paper, the derivatives as functions of Python, too:

# %%
from collections.abc import Callable
from math import exp, tanh

from demos.show import table


def sigma(z: float) -> float:
    return 1 / (1 + exp(-z))


# %%
on_paper: list[tuple[str, str, str, Callable[[float], float]]] = [
    ("identity", "z", "1", lambda z: 1.0),
    ("step", "1 if z ≥ 0, else 0", "0", lambda z: 0.0),
    ("logistic", "σ(z) = 1 / (1 + exp(-z))", "σ (1 - σ)", lambda z: sigma(z) * (1 - sigma(z))),
    ("tanh", "tanh z", "1 - tanh² z", lambda z: 1 - tanh(z) ** 2),
    ("relu", "max(0, z)", "1 if z > 0, else 0", lambda z: float(z > 0)),
    ("leaky_relu", "max(0.1 z, z)", "1 if z > 0, else 0.1", lambda z: 1.0 if z > 0 else 0.1),
    ("elu", "z if z > 0, else exp(z) - 1", "1 if z > 0, else exp(z)", lambda z: exp(min(z, 0.0))),
    ("softplus", "ln(1 + exp(z))", "σ(z)", sigma),
]
derivatives = {name: derivative for name, _, _, derivative in on_paper}
table(("name", "f(z)", "f′(z)"), [row[:3] for row in on_paper])

# %% [markdown]
# tanh z is (exp(z) - exp(-z)) / (exp(z) + exp(-z)). The logistic function and tanh are one curve
# in two sizes, tanh z = 2 σ(2z) - 1. Both need nothing but their own output for their slope:
# a (1 - a), which is never more than 1/4, and 1 - a², which is 1 at z = 0.
#
# ReLU is short for rectified linear unit. The derivative of softplus is the logistic function; so
# softplus is a ReLU with its corner rounded off. A slide's ELU has a factor α on the left; here it
# is 1.
#
# The activation decides what a single neuron is: with the identity it is linear regression
# (`outlier`), with the step a perceptron (`perceptron`), with the logistic function logistic
# regression (`logistic_regression`).
#
# Before you unfold the answer: which functions have an upper bound? Which are never negative? Which
# rise everywhere?

# %% tags=["answer"]
from itertools import pairwise

grid = [n / 10 for n in range(-150, 151)]
properties = []
for name, function in ACTIVATIONS.items():
    outs = [float(function(z)) for z in grid]
    rises = all(one < other for one, other in pairwise(outs))
    properties.append((name, f"{min(outs):.2g}", f"{max(outs):.2g}", "yes" if rises else "no"))

table(("from -15 to 15", "lowest output", "highest", "rises everywhere"), properties)

# %% [markdown] tags=["answer"]
# The step, logistic and tanh have an upper bound, 1. Never negative are the step, logistic, ReLU
# and softplus. None ever falls. The step is flat, and so is ReLU on its left, though a slide calls
# it strictly increasing.

# %% [markdown]
# ## What the engine says
#
# The slope at a place, by backpropagation:

# %%
from autograd_core import Value


def slope(function: Callable[[Value], Value], place: float) -> float:
    z = Value(place)
    function(z).backward()
    return z.grad


slope(ACTIVATIONS["tanh"], 0.5)

# %% [markdown]
# Beside those on paper. Errors are the differences, at a thousand places between -10 and 10.

# %%
places = (-2.0, -0.5, 0.0, 0.5, 2.0)
rows = []
for name, derivative in derivatives.items():
    f = ACTIVATIONS[name]
    errors = [abs(slope(f, z / 50) - derivative(z / 50)) for z in range(-500, 501)]
    rows.append((name, *(f"{slope(f, z):.4f}" for z in places), f"{max(errors):.1g}"))

table(("f′(z) at z =", *(f"{z:g}" for z in places), "largest error"), rows)

# %% [markdown]
# They are rounding errors, and they are the paper's: 1 - σ loses digits where σ is nearly 1, so the
# engine writes σ(z) σ(-z) instead.
#
# A function of your own needs no rule for its slope. Write it with gates, and
# `Neuron(2, activation=bump)` takes it in place of a name:

# %%
import autograd_core


def bump(z: Value) -> Value:
    return autograd_core.exp(-(z * z))


print("engine:", slope(bump, 0.5), "  on paper:", -2 * 0.5 * exp(-(0.5**2)))

# %% [markdown]
# ## Kinks
#
# ReLU and leaky ReLU have a corner at 0, where two slopes meet and no derivative exists. Both can
# also be written with a max gate. What slope do they have at 0?

# %%
from autograd_core import maximum

functions: dict[str, Callable[[Value], Value]] = {
    name: ACTIVATIONS[name] for name in ("relu", "leaky_relu", "elu", "step")
}
functions["maximum(0, z)"] = lambda z: maximum(0.0, z)
functions["maximum(0.1 * z, z)"] = lambda z: maximum(0.1 * z, z)
table(
    ("function", "slope just below 0", "at 0", "just above 0"),
    [(name, *(slope(f, z) for z in (-1e-12, 0.0, 1e-12))) for name, f in functions.items()],
)

# %% [markdown]
# One has to be chosen: `nn` takes the slope of their left side. A max gate shares the gradient
# among equals, so there it is the mean of both sides, 0.55 for max(0.1 z, z). It matters only where
# a weighted sum is exactly 0: at the start for inputs that are all 0, as long as the bias is 0, and
# hardly ever after that. The theorem on backpropagation only asks for derivatives almost
# everywhere.
#
# ELU, with its exponential on the left, has no corner. The step is worse than a corner: its slope
# is 0 wherever it has one.

# %% [markdown]
# ## Why ReLU
#
# A slide names three reasons. ReLU needs no exponential. It does not saturate for z > 0: its slope
# stays 1, where that of σ fades (the lesson `saturation` has numbers). And it is sparse: a neuron
# whose z is negative answers exactly 0. How many are that, if weights and inputs are random?

# %%
from random import Random

source = Random(0)
sums = [sum(source.gauss(0, 1) * source.gauss(0, 1) for _ in range(10)) for _ in range(1000)]
for name in ("relu", "elu", "tanh", "logistic"):
    zeros = sum(float(ACTIVATIONS[name](z)) == 0.0 for z in sums)
    print(f"{name:9} {zeros / len(sums):.0%} of the outputs are 0")

# %% [markdown]
# About half, as Glorot, Bordes and Bengio wrote in 2011. A zero costs its neuron something, too: no
# gradient passes it for that example. The slide adds "6x faster convergence", which the lesson
# `saturation` tries.

# %% [markdown]
# ## Maxout: an activation that is learned
#
# A maxout neuron takes the largest of several weighted sums, max(w1·x + b1, w2·x + b2), so its kink
# is wherever training puts it. ReLU is the case in which one of two pieces is 0, leaky ReLU has
# 0.1 z, and |z| has -z. Here the other piece is z:

# %%
from nn import Maxout


def two_pieces(weight: float) -> Maxout:
    neuron = Maxout(1, pieces=2, bias=False, gate_by_gate=True)
    neuron.load_state_dict({"pieces.0.weights.0": 1.0, "pieces.1.weights.0": weight})
    return neuron


# %%
cases: list[tuple[str, float, str, Callable[[float], float]]] = [
    ("z and 0", 0.0, "relu", ACTIVATIONS["relu"]),
    ("z and 0.1 z", 0.1, "leaky_relu", ACTIVATIONS["leaky_relu"]),
    ("z and -z", -1.0, "|z|", abs),
]
compared = []
for pieces, weight, name, function in cases:
    neuron = two_pieces(weight)
    difference = max(abs(neuron([z]).data - function(z)) for z in places)
    compared.append((pieces, name, difference))

table(("pieces", "the same as", "largest difference"), compared)

# %% [markdown]
# |z| as a maxout neuron at z = -2: the piece -z wins, and gets all of the gradient.

# %%
from viz import draw, page

z = Value(-2.0, "z")
neuron = two_pieces(-1.0)
for parameter, label in zip(neuron.parameters(), ("w1", "w2"), strict=True):
    parameter.label = label

out = neuron([z])
out.label = "|z|"
out.backward()
draw(out)

# %% [markdown]
# Change z, or the weights, and see which piece wins:

# %%
page(out)

# %% [markdown]
# ## Exercises
#
# 1. At z = 3, which of logistic, tanh and ReLU passes most of a gradient, and which least?
# 2. What does a neuron with a tanh pass on to its weights if z = 0.01, and what if z = 10?
# 3. A ReLU neuron has z < 0 for every example. What do its weights learn?

# %% tags=["answer"]
rows = []
for name in ("logistic", "tanh", "relu"):
    rows.append((name, f"{slope(ACTIVATIONS[name], 3.0):.4f}"))

print("2:", slope(ACTIVATIONS["tanh"], 0.01), slope(ACTIVATIONS["tanh"], 10.0))
table(("1", "f′(3)"), rows)

# %% [markdown] tags=["answer"]
# 1: ReLU passes all of it. tanh passes least: it is the steeper curve at 0, and the sooner flat.
#
# 2: Nearly all, and nearly nothing: at z = 10 the neuron is saturated.
#
# 3: Nothing: its slope is 0 for all of them. Such a neuron is called dead.

# %% [markdown]
# To take away: what counts of an activation function, besides that it bends, is its slope, and
# where that is 0.
