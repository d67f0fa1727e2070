# %% [markdown]
# # The δ recursion, in three lectures' words
#
# Backpropagation is one calculation and has many notations: with indices and with matrices, with δ
# and with D, with Wᵀ and with W, with ⊙ and with diag. This lesson holds them against each other,
# line by line and number by number, so that you can read them all. Lesson `cheat_sheet` says which
# lecture uses which letter.

# %% [markdown]
# ## Algorithm 1, and its code
#
# `nn.reference` keeps backpropagation as a lecture has it, in NumPy. This is its code, word for
# word, without the docstring:

# %%
import inspect

from nn import backpropagation

print(inspect.getsource(backpropagation).split('"""')[2])

# %% [markdown]
# Line by line, as Algorithm 1 of the lecture goes; S is its letter for f, and g for the output:
#
#     a₀ ← x, then z_l ← W_l a_{l-1} + b_l and a_l ← S(z_l)    forward_propagation
#     C ← Loss(y, g), and ∂C/∂g                                _cost
#     δ_L ← ∂S_L/∂z_L ∂C/∂g                                    delta = [_delta(last, …)]
#     for l = L, …, 2:  δ_{l-1} ← S′(z_{l-1}) ⊙ W_lᵀ δ_l       for place in reversed(…)
#     ∂C/∂W_l ← δ_l a_{l-1}ᵀ                                   np.outer(d, inputs)
#     ∂C/∂b_l ← δ_l                                            delta itself
#
# `_delta` is δ = (∂a/∂z)ᵀ ∂C/∂a for one layer: a product with f′(z), or with softmax's matrix.

# %% [markdown]
# ## Indices and matrices
#
# The same with indices, as the other lectures write it: a sum for each number, a loop for each
# index. (One of them counts W⁽ˡ⁾ by the layer from which it leads, so its rule has the l of W and
# of f′ alike.) In a network with two hidden layers of tanh, f′(z) = 1 - a², and two logistic
# outputs:

# %%
from nn import MLP, half_squared_error

model = MLP(3, [4, 3, 2], activation="tanh", output="logistic", seed=2)
x, y = [0.5, -1.0, 2.0], [1.0, 0.0]
passes = backpropagation(model, x, y, half_squared_error)
W = [[[w.data for w in neuron.weights] for neuron in layer.neurons] for layer in model.layers]

a1, a2, a3 = passes.a[1:]
d3 = [(a3[i] - y[i]) * a3[i] * (1 - a3[i]) for i in range(2)]
d2 = [sum(W[2][j][i] * d3[j] for j in range(2)) * (1 - a2[i] ** 2) for i in range(3)]
d1 = [sum(W[1][j][i] * d2[j] for j in range(3)) * (1 - a1[i] ** 2) for i in range(4)]

# %%
import numpy as np

from demos.show import table

table(
    ("layer", "with indices", "with matrices", "largest difference"),
    [
        (
            str(layer + 1),
            " ".join(f"{d:.5f}" for d in by_index),
            " ".join(f"{d:.5f}" for d in passes.delta[layer]),
            f"{abs(np.array(by_index) - passes.delta[layer]).max():.0e}",
        )
        for layer, by_index in enumerate((d1, d2, d3))
    ],
)

# %% [markdown]
# ## ⊙ and diag
#
# One lecture writes the slopes as a diagonal matrix, D = diag(f′(z)), and multiplies by it; another
# multiplies element by element. These are the same, diag(a) b = a ⊙ b, and only the work differs:
# n² products against n. (One slide leaves the ⊙ out. Between two columns of the same length there
# is no other product, but it should be written.)

# %%
slopes, error = 1 - a2**2, np.array(W[2]).T @ passes.delta[2]
print("diag(f′) Wᵀ δ:", (np.diag(slopes) @ error).round(5))
print("f′ ⊙ Wᵀ δ:    ", (slopes * error).round(5))
print("products:", len(slopes) ** 2, "and", len(slopes))

# %% [markdown]
# ## Two layouts
#
# Is ∂z/∂a, for z = W a, the matrix W or Wᵀ? Both are in use. In the **numerator layout** row i is
# for zᵢ: it is the Jacobian, ∂zᵢ/∂aⱼ = Wᵢⱼ, so ∂z/∂a = W. A gradient is a row, and factors stand
# in the order of the formula, the outermost first. In the **denominator layout** row i is for
# aᵢ, so ∂z/∂a = Wᵀ. A gradient is a column, like the vector itself, and the order is reversed:
#
#     numerator       δᵀ_{l-1} = δᵀ_l W_l D_{l-1}
#     denominator     δ_{l-1}  = D_{l-1} W_lᵀ δ_l          that of the lecture
#
# One is the other transposed. Shapes tell which one you have before you:

# %%
D2, W3 = np.diag(slopes), np.array(W[2])
column = passes.delta[2].reshape(2, 1)
row = column.T
print("numerator:  ", (row @ W3 @ D2).round(5), row.shape, W3.shape, D2.shape)
print("denominator:", (D2 @ W3.T @ column).round(5).T, D2.shape, W3.T.shape, column.shape)

# %% [markdown]
# A network is a chain of functions, f = f_L ∘ … ∘ f₁, says another slide, and its derivative a
# product with a factor for each. In the numerator layout that is the recursion multiplied out:

# %%
D3, D1, W2 = np.diag(a3 * (1 - a3)), np.diag(1 - a1**2), np.array(W[1])
product = (a3 - y) @ D3 @ W3 @ D2 @ W2 @ D1
print("(a³ - y)ᵀ D₃ W₃ D₂ W₂ D₁ =", product.round(5))
print("δ¹                       =", passes.delta[0].round(5))

# %% [markdown]
# ## D = -δ
#
# The lecture on learning has "modified errors" D, and adds its updates: w ← w + η × input × D. D of
# the output is f′ × (y - ŷ), and below D = f′ Σ w D. Its error is y - ŷ, not ŷ - y, so D is -δ, and
# adding η × input × D is subtracting η × ∂C/∂w. (For ten slides it leaves out η.) Its v are the
# weights of the output layer, w those of the hidden layer, and h the hidden activations.
#
# In the network of lesson `worked_example`, with the target 1:

# %%
inputs = np.array([0.4, 0.2, 0.2])
w = np.array([[1.0, 0.2, 1.2], [0.5, 1.2, 0.1]])
v = np.array([0.3, 0.9])


def sigma(z: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-z)))


h = sigma(w @ inputs + [0.1, 0.2])
out = float(sigma(v @ h + 0.3))
D_out = out * (1 - out) * (1.0 - out)
D_hidden = h * (1 - h) * v * D_out
print(f"D of the output {D_out:.5f}, of the hidden neurons {D_hidden.round(5)}")

# %% [markdown]
# The δ of `nn`, and what one step of gradient descent makes of v and w₁, beside the lecture's:

# %%
small = MLP(3, [2, 1], activation="logistic", output="logistic")
numbers = [1.0, 0.2, 1.2, 0.1, 0.5, 1.2, 0.1, 0.2, 0.3, 0.9, 0.3]
for parameter, number in zip(small.parameters(), numbers, strict=True):
    parameter.data = number

both = backpropagation(small, inputs.tolist(), 1.0, half_squared_error)
print("δ:", both.delta[1].round(5), both.delta[0].round(5))
print("v + η h D:    ", (v + 5.0 * h * D_out).round(5))
print("v - η ∂C/∂v:  ", (v - 5.0 * both.weights[1][0]).round(5))
print("w₁ + η x D₁:  ", (w[0] + 5.0 * inputs * D_hidden[0]).round(5))
print("w₁ - η ∂C/∂w₁:", (w[0] - 5.0 * both.weights[0][0]).round(5))

# %% [markdown]
# ## Output layer and hidden layer
#
# "What's different?", asks the lecture, with both derivatives side by side:
#
#     output     -(y - ŷ) × f′(v·h) × hₖ
#     hidden     -(y - ŷ) × f′(v·h) × vₖ × f′(wₖ·x) × xⱼ
#
# Both are error, slope, input. But the hidden neuron's error is made of that of the output, times
# its slope, times the weight between. "Can we write this more succinctly?" The first two factors
# are -D of the output, so what is left is Dₖ = f′(wₖ·x) vₖ D. For v₁ and for w₁₁, factor by factor:

# %%
slope = out * (1 - out)
print(f"v1:  {out - 1:.4f} × {slope:.4f} × {h[0]:.4f} = {(out - 1) * slope * h[0]:.6f}")
hidden_slope = h[0] * (1 - h[0])
product = (out - 1) * slope * v[0] * hidden_slope * inputs[0]
print(
    f"w11: {out - 1:.4f} × {slope:.4f} × {v[0]} × {hidden_slope:.4f} × {inputs[0]} = {product:.6f}"
)
print("nn: ", both.weights[1][0, 0].round(6), both.weights[0][0, 0].round(6))

# %% [markdown]
# ## The trap: back through the new v
#
# The lecture's algorithm says: calculate new weights and modified errors at the output, then
# recursively below. If v is overwritten first, and the error then goes back through it, the weights
# are the wrong ones: forward, h went through the *old* v. With η = 5, will the D of the hidden
# neurons come out too large or too small?

# %%
new_v = v + 5.0 * h * D_out
through_new = h * (1 - h) * new_v * D_out
print(f"D of the first hidden neuron: {D_hidden[0]:.5f} through the old v")
print(f"                              {through_new[0]:.5f} through the new v")

# %% [markdown]
# So first all D, then all updates. With a small η the difference is small, and nothing crashes; the
# training merely goes a little wrong. A check against nudged derivatives shows it (lesson
# `gradient_check`).

# %% [markdown]
# ## Algorithm 2, and the cost whole
#
# A training set has many examples. Their costs are averaged, and so are their derivatives, which is
# all that Algorithm 2 does. Another lecture adds a penalty on the weights:
#
#     J(W, b) = 1/m Σ C(x, y) + λ/2 Σ W²        the first sum over m examples, the second
#     ∂J/∂W = 1/m Σ δ aᵀ + λ W                  over all weights of all layers; not over
#     ∂J/∂b = 1/m Σ δ                           biases, so ∂J/∂b has no term of its own
#
# (On its slide i and j run over the wrong layers: Wᵢⱼ has its i in the upper layer. As all weights
# are meant, no number changes.) J of two examples, term by term:

# %%
examples, targets, strength = [x, [1.0, 0.0, -1.0]], [y, [0.0, 1.0]], 0.1
pairs = zip(examples, targets, strict=True)
first, second = [backpropagation(model, x, y, half_squared_error) for x, y in pairs]
squares = sum(w**2 for layer in W for neuron in layer for w in neuron)
J = (first.cost + second.cost) / 2 + strength / 2 * squares
print(f"J = ({first.cost:.5f} + {second.cost:.5f}) / 2 + 0.05 × {squares:.5f} = {J:.5f}")

# %% [markdown]
# One derivative by a weight and one by a bias, term by term; then `training_gradient`, which is
# Algorithm 2 with a penalty; then the engine, which knows J alone:

# %%
from nn import L2, training_gradient

w1, w2, w312 = first.weights[2][0, 1], second.weights[2][0, 1], W[2][0][1]
b1, b2 = first.biases[2][0], second.biases[2][0]
print(f"w³₁₂: ({w1:.6f} + {w2:.6f}) / 2 + 0.1 × {w312:.6f} = {(w1 + w2) / 2 + 0.1 * w312:.6f}")
print(f"b³₁:  ({b1:.6f} + {b2:.6f}) / 2 = {(b1 + b2) / 2:.6f}")

whole = training_gradient(model, examples, targets, half_squared_error, L2(strength))
print(f"nn:   {whole.weights[2][0, 1]:.6f} and {whole.biases[2][0]:.6f}; J = {whole.cost:.5f}")

# %%
from autograd_core import total
from nn import weights_of

costs = [half_squared_error(model(a), b) for a, b in zip(examples, targets, strict=True)]
cost = total(costs) / 2 + strength / 2 * total([weight**2 for weight in weights_of(model)])
cost.backward()
by_name = whole.by_name(model)
off = max(abs(by_name[name] - p.grad) for name, p in model.named_parameters().items())
print(f"engine: J = {cost.data:.5f}, largest difference of all {len(by_name)}: {off:.0e}")

# %% [markdown]
# ## A bias, two ways
#
# A bias is a parameter of its own, which is added to the sum; or one more weight, whose input is
# hard-wired to 1. The second way needs no rule of its own: ∂C/∂b = δ is ∂C/∂w = δ a with a = 1.
# `nn` has both; `bias="feature"` is the second.

# %%
wired = MLP(3, [2, 1], activation="logistic", output="logistic", bias="feature")
wired.load_state_dict(small.state_dict())
for network in (small, wired):
    half_squared_error(network(inputs.tolist()), 1.0).backward()

rows = zip(small.parameters(), wired.parameters(), strict=True)
table(
    ("bias", "gradient, added", "gradient, weight of a 1"),
    [(a.label or "", a.grad, b.grad) for a, b in rows if (a.label or "").startswith("b")],
)

# %% [markdown]
# All derivatives of this network in one picture: on the lines ∂C/∂w, in red ∂C/∂a.

# %%
from viz import draw

draw(small, show="gradients", decimals=4)

# %% [markdown]
# ## Exercises
#
# 1. A book writes ∂C/∂W = a δᵀ. Is it wrong?

# %% [markdown] tags=["answer"]
# Not if its matrices are the transposed ones, with a row for each input and a column for each
# neuron, z = xW with x as a row. Then ∂C/∂W has the shape of that W, inputs × neurons.

# %% [markdown]
# 2. The modified error of a neuron is D = 0.02, and the input along a weight is -3. In which
# direction does the weight go, and what is ∂C/∂w?

# %% [markdown] tags=["answer"]
# w + η × input × D goes down, by 0.06 η. ∂C/∂w = δ × input = -D × input:

# %% tags=["answer"]
print(f"{-0.02 * -3:.2f}")

# %% [markdown]
# 3. By how much is the D of the second hidden neuron wrong, if one goes back through the new v? And
# with η = 0.1?

# %% [markdown] tags=["answer"]
# By the factor by which v₂ has grown; with a small η that is hardly seen:

# %% tags=["answer"]
for rate in (5.0, 0.1):
    wrong, right = (h * (1 - h) * (v + rate * h * D_out) * D_out)[1], D_hidden[1]
    print(f"η = {rate}: {wrong:.5f} for {right:.5f}, {wrong / right - 1:.1%}")

# %% [markdown]
# 4. The product above can be multiplied from the left or from the right. For 784-128-64-10 neurons
#    and the derivatives of C by the 784 inputs, leave out the D: how many multiplications has each
#    way?

# %% [markdown] tags=["answer"]
# From the left it is always a row times a matrix, which is backpropagation. From the right it is a
# matrix times a matrix.

# %% tags=["answer"]
print("from the left: ", 10 * 64 + 64 * 128 + 128 * 784)
print("from the right:", 64 * 128 * 784 + 10 * 64 * 784 + 10 * 784)

# %% [markdown]
# To take away: δ and D differ by a sign, the layouts by a transposition, ⊙ and diag by the work,
# indices and matrices by nothing. First all errors, through the weights as they were; then the
# updates.
