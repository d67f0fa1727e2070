# %% [markdown]
# # All-linear layers collapse to one
#
# Why does a neuron need an activation function at all? Leave it out, and stack as many layers as
# you like: the second takes what the first has made,
#
#     z1 = W1 x + b1
#     z2 = W2 z1 + b2 = (W2 W1) x + (W2 b1 + b2)
#
# and that is one layer again, with the weights W2 W1 and the bias W2 b1 + b2. However deep, the
# network is a straight line, a plane, or what takes their place where there are more inputs.

# %% [markdown]
# ## Three layers
#
# `MLP` is a multi-layer perceptron: layers of neurons. Each neuron takes all outputs of the layer
# before (fully connected), and nothing comes back from its own layer or a later one (feed-forward).
# The last layer is the output, those before it are hidden layers. Here are three, without an
# activation function. Biases start at 0 in `nn`; they get random numbers.

# %%
from random import Random

from nn import MLP

model = MLP(2, [5, 4, 1], activation="identity", seed=4)
source = Random(2)
for name, parameter in model.named_parameters().items():
    if name.endswith("bias"):
        parameter.data = source.uniform(-1.0, 1.0)

print(model)

# %% [markdown]
# ## And one
#
# Each layer has its W, with a row for each neuron, and its b. From the first layer up, they are
# multiplied together:

# %%
import numpy as np

W, b = np.eye(2), np.zeros(2)
for layer in model.layers:
    numbers = np.array(list(layer.state_dict().values())).reshape(len(layer.neurons), -1)
    weights, biases = numbers[:, :-1], numbers[:, -1]
    W, b = weights @ W, weights @ b + biases

[[w1, w2]], [bias] = W, b
print(f"{len(model.parameters())} parameters come to three:")
print(f"w1 = {w1:.4f}, w2 = {w2:.4f}, bias = {bias:.4f}")

# %% [markdown]
# Do the layers and the single neuron give the same output everywhere, also far outside?

# %%
from demos.show import table

rows = []
for x1, x2 in ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (-3.0, 2.0), (100.0, -50.0)):
    layers, neuron = model([x1, x2]).data, w1 * x1 + w2 * x2 + bias
    rows.append((f"{x1:g}, {x2:g}", layers, neuron, f"{layers - neuron:.1g}"))

table(("x1, x2", "three layers", "one neuron", "difference"), rows)

# %% [markdown]
# ## The gradient tells
#
# The same can be seen without any matrix. The gradient of the output with respect to an input is
# the slope there, and a linear function has the same slope everywhere. In the network at x1 = 1,
# x2 = 0, the gradients of the inputs, in red, are the two weights of the one neuron that would do.

# %%
from autograd_core import Value
from viz import draw

model([Value(1.0), Value(0.0)]).backward()
draw(model, input_names=["x1", "x2"])

# %% [markdown]
# Now the same network, with the same parameters, and tanh as the activation of its hidden layers.
# Which of the two slopes below depends on the place?

# %%
curved = MLP(2, [5, 4, 1], activation="tanh")
curved.load_state_dict(model.state_dict())


def slope(network: MLP, place: float) -> float:
    x1 = Value(place)
    network([x1, 1.0]).backward()
    return x1.grad


table(
    ("x1, x2", "∂o/∂x1, linear", "∂o/∂x1, tanh"),
    [(f"{x1:g}, 1", slope(model, x1), slope(curved, x1)) for x1 in (-2.0, -1.0, 0.0, 1.0, 2.0)],
)

# %%
from demos.figures import BLUE, GREY, ORANGE, new_axes, plot

grid = [place / 25 for place in range(-100, 101)]
[ax] = new_axes(6.5, 3.0)
ax.axvline(0.0, color=GREY, linewidth=0.5)
ax.plot(grid, [model([x1, 1.0]).data for x1 in grid], color=ORANGE, label="linear layers")
ax.plot(grid, [curved([x1, 1.0]).data for x1 in grid], color=BLUE, label="tanh")
ax.set(xlabel="x1 (x2 = 1)", ylabel="output")
ax.legend(frameon=False, fontsize="small")
plot(
    ax,
    "The same parameters without and with an activation function.",
    "The output of the linear layers over x1 is a straight line; that of the same network with "
    "tanh bends.",
)

# %% [markdown]
# Depth alone gains nothing. It takes the bend in each neuron.
#
# ## Exercises
#
# 1. The lecture's example: o₁ = x w₁ + b₁ and o₂ = o₁ w₂ + b₂. Let w₁ = 2, b₁ = 1, w₂ = -3 and b₂ =
#    4. Which single neuron is that? And if w₁ is 3 and b₁ is 0, which w₂ and b₂ make the same one?
# 2. A network has a tanh layer, then a layer without an activation function, then a logistic
#    output. Which of its layers can be merged into one?
# 3. ReLU is straight to the left of 0, and straight to the right. Do layers of ReLU collapse? What
#    if all z of all examples are positive?
# 4. Three linear layers have more parameters than one. Do all of them learn?

# %% tags=["answer"]
for w1, b1, w2, b2 in ((2, 1, -3, 4), (3, 0, -2, 1)):
    x = Value(0.0)
    o = (x * w1 + b1) * w2 + b2
    o.backward()
    print(f"1: weight {x.grad:g}, bias {o.data:g}")

# %% [markdown] tags=["answer"]
# 1: x w₁w₂ + b₁w₂ + b₂ = -6 x + 1. With w₁ = 3 and b₁ = 0, w₂ = -2 and b₂ = 1. So there are many
# ways to write one neuron.
#
# 2: The second and the third: without a bend between them, their matrices multiply. The first
# stays, for there is one.
#
# 3: No, the bend at 0 is enough. But where all z stay positive, no example meets it, and the
# network is a straight line for all of them.
#
# 4: Yes, the output depends on every one of them. But what they learn together is one neuron.

# %% [markdown]
# To take away: without a bend in between, layers multiply to one. An activation function has to
# bend.
