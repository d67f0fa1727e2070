# %% [markdown]
# # Backpropagation twice: gate by gate, and by the δ recursion
#
# The lectures derive backpropagation for a whole layer at once. With z = W a + b, the activations
# f(z), and a cost C at the end, each neuron gets a δ = ∂C/∂z. The δ are computed from the last
# layer down, and they give every derivative there is:
#
#     last layer          δ = f′(z) ⊙ ∂C/∂f
#     each layer below    δ = f′(z) ⊙ Wᵀ δ      with W and δ of the layer above
#     then                ∂C/∂W = δ aᵀ          with a for what comes into the layer
#                         ∂C/∂b = δ
#
# The engine knows neither layers nor δ. It knows gates. Here both work on the network that the
# lecture works out by hand, with 1 as the target y, and with C = ½ (o - y)² as the cost of its
# output o.

# %% [markdown]
# ## Gate by gate
#
# Each weighted sum z = Σwx + b is one gate; each logistic function is another. w¹ are the weights
# into the two hidden neurons, w² those into the output neuron.

# %%
from autograd_core import Value, name_values
from nn import MLP, half_squared_error
from viz import draw

numbers = [1.0, 0.2, 1.2, 0.1, 0.5, 1.2, 0.1, 0.2, 0.3, 0.9, 0.3]
model = MLP(3, [2, 1], activation="logistic", output="logistic")
for parameter, number in zip(model.parameters(), numbers, strict=True):
    parameter.data = number

x1, x2, x3 = Value(0.4), Value(0.2), Value(0.2)
o = model([x1, x2, x3])
C = half_squared_error(o, 1.0)
C.backward()

# %%
[z3] = o.inputs
_, _, a1, a2, _ = z3.inputs
[z1], [z2] = a1.inputs, a2.inputs
name_values(globals())
draw(o, decimals=3, inputs="near")

# %% [markdown]
# The gradients in red are those of the cost C, which comes after o.

# %% [markdown]
# ## The δ recursion
#
# Now the matrix form, in NumPy and without a single gate. σ′(z) is a (1 - a), and ∂C/∂o is o - y.

# %%
import numpy as np

hidden = np.array(numbers[:8]).reshape(2, 4)  # a row for each neuron, its bias last
W1, b1 = hidden[:, :3], hidden[:, 3]
W2, b2 = np.array([numbers[8:10]]), np.array(numbers[10:])

x = np.array([0.4, 0.2, 0.2])
a = 1 / (1 + np.exp(-(W1 @ x + b1)))
out = 1 / (1 + np.exp(-(W2 @ a + b2)))
delta_out = out * (1 - out) * (out - 1.0)
delta_hidden = a * (1 - a) * (W2.T @ delta_out)

# %% [markdown]
# With numbers: δ3 belongs to the output neuron, δ1 and δ2 to the hidden ones.

# %%
[d3], [f3] = delta_out, out
print(f"δ3 = o (1 - o) (o - y) = {f3:.4f} × {1 - f3:.4f} × {f3 - 1:.4f} = {d3:.5f}")
for neuron, (f, w, d) in enumerate(zip(a, W2[0], delta_hidden, strict=True), start=1):
    print(f"δ{neuron} = a (1 - a) w² δ3 = {f:.4f} × {1 - f:.4f} × {w} × {d3:.5f} = {d:.5f}")

# %% [markdown]
# In the circuit these are the gradients of z1, z2 and z3.

# %%
from demos.show import table

table(
    ("neuron", "z", "δ, recursion", "gradient of z, engine", "difference"),
    [
        (name, z.data, delta, z.grad, f"{delta - z.grad:.0e}")
        for name, z, delta in zip(
            ("hidden 1", "hidden 2", "output"), (z1, z2, z3), (*delta_hidden, d3), strict=True
        )
    ],
)

# %% [markdown]
# `nn` keeps the recursion for networks of any shape, as a short NumPy reference:

# %%
from nn import backpropagation

backpropagation(model, [0.4, 0.2, 0.2], 1.0, half_squared_error).delta

# %% [markdown]
# ## All derivatives
#
# The derivative for a weight is the δ of the neuron it leads to, times what comes in along it. A
# bias has the input 1.

# %%
parameters = iter(model.parameters())
rows = []
for deltas, comes_in in ((delta_hidden, x), (delta_out, a)):
    for delta in deltas:
        for number in (*comes_in, 1.0):
            parameter = next(parameters)
            product, terms = delta * number, f"{delta:.5f} × {number:.4f}"
            difference = f"{product - parameter.grad:.0e}"
            rows.append((parameter.label or "", terms, product, parameter.grad, difference))

table(("parameter", "δ × input", "δ aᵀ, recursion", "engine", "difference"), rows)

# %% [markdown]
# The same numbers in the network: in red the gradient at each activation, that is ∂C/∂a; a line's
# width is the size of ∂C/∂w.

# %%
draw(model, show="gradients", decimals=3)

# %% [markdown]
# They agree to the last digit or so, and they must: it is the same sum of products, one time in a
# loop over gates, the other time in matrices. A sum in Wᵀ δ runs over all neurons that an
# activation goes to. In the circuit that is a value which is used more than once.

# %% [markdown]
# ## A bias, two ways
#
# The lecture on learning gives two ways to have a bias: as a parameter of its own, which is added
# to the sum, or as one more weight, whose input is hard-wired to 1. The second way needs no rule of
# its own: ∂C/∂b = δ is ∂C/∂w = δ a with a = 1. `nn` has both; `bias="feature"` is the second.

# %%
wired = MLP(3, [2, 1], activation="logistic", output="logistic", bias="feature")
wired.load_state_dict(model.state_dict())
same = wired([0.4, 0.2, 0.2])
half_squared_error(same, 1.0).backward()
pairs = list(zip(model.parameters(), wired.parameters(), strict=True))
table(
    ("bias", "number", "gradient, added", "gradient, weight of a 1"),
    [
        (own.label or "", own.data, own.grad, weight.grad)
        for own, weight in pairs
        if (own.label or "").startswith("b")
    ],
)

# %% [markdown]
# The outputs are the same, and so are all gradients:

# %%
print(f"{o:.6f} {same:.6f}")
print("largest difference:", max(abs(own.grad - weight.grad) for own, weight in pairs))

# %% [markdown]
# ## Try it
#
# Go through both passes gate by gate, and look for the δ on the way. Every number can be changed;
# under Descent, gradient steps of all weights and biases make C fall.

# %%
from viz import page

page(C, inputs="near", decimals=3)
