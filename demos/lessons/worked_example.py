# %% [markdown]
# # A network worked out by hand, and three slips on a slide
#
# Three inputs, two hidden neurons, one output neuron, all logistic: small enough to be worked out
# on a slide, and the lecture does so. Here the engine works it out as well. The two disagree, and
# it is worth seeing where, for these are the slips that everyone makes who computes a network by
# hand.

# %% [markdown]
# ## The network
#
# The slide lists the weights input by input: the first input goes to the two hidden neurons with
# 1.0 and 0.5, and so on. A neuron wants them the other way round, all the weights that come in. To
# mix these up is the first trap; `nn` keeps them by neuron, each with its bias after its weights.
#
#     inputs         0.4, 0.2, 0.2
#     weights        of the first input 1.0 and 0.5, of the second 0.2 and 1.2,
#                    of the third 1.2 and 0.1; hidden neurons to output 0.3 and 0.9
#     biases         hidden neurons 0.1 and 0.2, output 0.3
#
# Take a pencil first: what is z, and what is σ(z), of each of the three neurons?

# %%
from autograd_core import Value
from nn import MLP
from viz import draw

to_first, to_second = zip((1.0, 0.5), (0.2, 1.2), (1.2, 0.1), strict=True)
numbers = [*to_first, 0.1, *to_second, 0.2, 0.3, 0.9, 0.3]
model = MLP(3, [2, 1], activation="logistic", output="logistic")
for parameter, number in zip(model.parameters(), numbers, strict=True):
    parameter.data = number

o = model([Value(0.4, "x1"), Value(0.2, "x2"), Value(0.2, "x3")])
o.label = "o"
draw(model)

# %% [markdown]
# Blue lines are positive weights, wide ones large; below each neuron stands its bias.

# %% [markdown]
# ## The lecture and the engine
#
# A value knows the inputs of its gate. So each z and a can be had from the output, going back:

# %%
from demos.show import compare

[z3] = o.inputs
_, _, a1, a2, _ = z3.inputs
[z1], [z2] = a1.inputs, a2.inputs
compare(
    ("z of the first hidden neuron", "0.78", z1.data),
    ("its activation", "0.68", a1.data),
    ("z of the second hidden neuron", "0.49", z2.data),
    ("its activation", "0.62", a2.data),
    ("z of the output neuron", "1.062", z3.data),
    ("the output", "0.74", o.data),
)

# %% [markdown] tags=["quote"]
# ## The first hidden neuron: a lost minus sign
#
# The weighted sum is the same on the slide and here:
#
#     1.0 × 0.4 + 0.2 × 0.2 + 1.2 × 0.2 + 0.1 = 0.4 + 0.04 + 0.24 + 0.1 = 0.78
#
# For the logistic of it the slide writes 1/(1 + exp(0.78)). The logistic function has a minus
# there:

# %%
from math import exp

print(f"1/(1 + exp(0.78))  = {1 / (1 + exp(0.78)):.4f}")
print(f"1/(1 + exp(-0.78)) = {1 / (1 + exp(-0.78)):.4f}")

# %% [markdown]
# The slide goes on with the second number, though with its digits cut off after 0.68 rather than
# rounded to 0.69. The two add up to 1, since σ(-z) = 1 - σ(z): a lost sign turns a likely yes into
# a likely no.

# %% [markdown]
# ## The second hidden neuron: a wrong product and a wrong sum

# %%
compare(
    ("0.5 × 0.4", "0.2", 0.5 * 0.4),
    ("1.2 × 0.2", "0.24", 1.2 * 0.2),
    ("0.1 × 0.2", "0.03", 0.1 * 0.2),
    ("bias", "0.2", 0.2),
    ("their sum", "0.49", z2.data),
)

# %% [markdown]
# 0.1 × 0.2 is not 0.03. But that is the smaller slip: the terms that the slide writes down do not
# add up to 0.49, but to

# %%
print(f"{0.2 + 0.24 + 0.03 + 0.2:.2f}")

# %% [markdown] tags=["quote"]
# 0.49 would be right if the last of them, the bias, were 0.02. With all four terms right the sum is
# 0.66. The activations for both sums:

# %%
from autograd_core import sigmoid

print(f"slide: {sigmoid(0.49):.4f}, right: {sigmoid(0.66):.4f}")

# %% [markdown]
# ## The output neuron: what the slips cost
#
# From here on the slide makes no more mistakes. With its activations, 0.68 and 0.62, the weighted
# sum indeed is 1.062:

# %%
slipped = 0.3 * 0.68 + 0.9 * 0.62 + 0.3
print(f"weighted sum: {slipped:.3f}, its logistic: {sigmoid(slipped):.4f}")
print(f"right output: {o:.4f}")
print(f"the second weighted sum is off by {z2.data - 0.49:.2f}")
print(f"the output is off by {o.data - sigmoid(slipped):.3f}")

# %% [markdown]
# On its way an error passes two logistic neurons, whose slope is never more than 1/4. That is why
# such slips are so hard to see from the result, and why one lets a machine do the sums.

# %% [markdown]
# ## In NumPy
#
# Layer by layer all of this is a matrix times a column, plus biases, and the logistic function of
# each number. The lecture has it as code for 3-4-4-1 neurons, the last without an activation
# function. These are its lines, with weights and biases of an `MLP`:

# %%
import numpy as np

larger = MLP(3, [4, 4, 1], activation="logistic", seed=1)
numbers_of = [
    np.array(list(layer.state_dict().values())).reshape(len(layer.neurons), -1)
    for layer in larger.layers
]
(W1, b1), (W2, b2), (W3, b3) = [(rows[:, :-1], rows[:, -1:]) for rows in numbers_of]


# %%
def f(x: np.ndarray) -> np.ndarray:
    return np.asarray(1.0 / (1.0 + np.exp(-x)))


x = np.array([[0.4], [0.2], [0.2]])
h1 = f(np.dot(W1, x) + b1)
h2 = f(np.dot(W2, h1) + b2)
out = np.dot(W3, h2) + b3
print("shapes:", W1.shape, x.shape, h1.shape, W2.shape, h2.shape, W3.shape, out.shape)
print(f"NumPy: {out.item():.9f}, nn: {larger([0.4, 0.2, 0.2]).data:.9f}")

# %% [markdown]
# ## Try it
#
# Set b¹₂, the bias of the second hidden neuron, to 0.02, as if the slide's sum were right. See how
# much z2 moves, and how little o does.

# %%
from autograd_core import name_values
from viz import page

name_values(globals())
page(o, inputs="near", decimals=3)

# %% [markdown]
# ## Exercises
#
# The questions of another lecture, for m inputs, d hidden neurons and one output:
#
# 1. How many weights lead into the hidden neurons, how many out of them? And with biases? The
#    lecture calls them w₂₃ and the like: which one is that, and what is w₄?
# 2. "What are hₖ in terms of x and w?" And "what is out in terms of h and v?"
# 3. Which weight of the output neuron changes most in a step, that of a1 or that of a2?
# 4. What should a hidden neuron answer? Who says so?

# %% [markdown] tags=["answer"]
# 1: d m into them and d out of them; with a bias for each neuron d + 1 more. w₂₃ leads from input 3
# to hidden neuron 2; w₄ are all m weights of hidden neuron 4, row 4 of the matrix.
#
# 2: h = f(w·x + b) and o = f(v·h + b).
#
# 3: That of the larger activation, a1, if only just: both have the same δ.
#
# 4: Nobody. There is a target for the output alone; what a hidden neuron gets is its gradient.

# %% tags=["answer"]
o.backward()
print("1:", len(model.parameters()), "parameters here, of which", 3 * 2 + 2, "are weights")
print(f"3: ∂o/∂w of a1 {z3.grad * a1.data:.4f}, of a2 {z3.grad * a2.data:.4f}")

# %% [markdown]
# To take away: forward, a network is weighted sum, activation, weighted sum, activation. Check it
# with a machine: an error in the middle hardly shows at the end.
