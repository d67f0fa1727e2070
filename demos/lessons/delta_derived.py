# %% [markdown]
# # The δ recursion, derived
#
# For an output neuron one knows what it should have said. For a neuron inside a network nobody
# does: there is no target, and no error to be seen. Backpropagation finds out how much each inner
# neuron has to do with the errors at the end. This lesson derives it, in four steps with a picture
# each. You need the chain rule (lesson `chain_rule`) and its patterns (`gate_patterns`).

# %% [markdown]
# ## The way forward
#
# The network has three inputs, two hidden neurons and two outputs, all logistic. An upper index is
# the layer that a weight leads to; below stand the neuron that takes it and then its input: w¹₂₃
# leads from input 3 to hidden neuron 2. "Write down the forward propagation steps", asks a lecture
# of such a network. Do so before you look. `trace` goes through the circuit gate by gate:

# %%
from autograd_core import Value, trace
from autograd_core.explain import equation
from nn import MLP, half_squared_error

model = MLP(3, [2, 2], activation="logistic", output="logistic", seed=3)
x = [Value(1.0, "x1"), Value(-0.5, "x2"), Value(0.5, "x3")]
o1, o2 = model(x)
C = half_squared_error([o1, o2], [1.0, 0.0])
C.label = "C"
passes_in_gates = trace([o1, o2])
names = [value.name for value in passes_in_gates.values]
for step in passes_in_gates.forward:
    print(equation(step, names))

# %% [markdown]
# The same with a matrix for each layer, a row for each neuron. It is one step, done twice:
#
#     z₁ = W₁ x + b₁        a₁ = f(z₁)
#     z₂ = W₂ a₁ + b₂       a₂ = f(z₂)
#
# z is also called the pre-activation, a the activation. f goes element by element: f(z) = [f(z¹₁),
# f(z¹₂)]. A matrix has as many rows as its layer has neurons, and as many columns as it has inputs.
# In all it is a chain of transitions, with the cost C at its end: x = a₀ → z₁ → a₁ → z₂ → a₂ → C.

# %%
from nn import backpropagation

passes = backpropagation(model, [each.data for each in x], [1.0, 0.0], half_squared_error)
print("x  =", passes.a[0])
for layer in (1, 2):
    print(f"W{layer} is {passes.weights[layer - 1].shape}")
    print(f"z{layer} =", passes.z[layer - 1].round(4))
    print(f"a{layer} =", passes.a[layer].round(4))

print(f"C  = {passes.cost:.4f}")

# %% [markdown]
# How many derivatives are we after? All weights and biases together are called θ. A layer with p
# neurons and q inputs has pq weights and p biases, so dim θ = Σ (q p + p), the q of one layer being
# the p of the layer before:

# %%
from itertools import pairwise

print(sum(q * p + p for q, p in pairwise([3, 2, 2])), "=", len(model.parameters()))
print(sum(q * p + p for q, p in pairwise([784, 128, 10])), "for images of 28 × 28 and ten digits")

# %% [markdown]
# Nudging each of them would take as many runs of the network. We want all of them from one run
# forward and one back. Two things are assumed: f has a slope, and C depends on the outputs alone.

# %% [markdown]
# ## Step 1: C depends on a weight only through one z
#
# In colour is every way by which w¹₁₂ can act on the outputs. All of them begin in one circle:

# %%
from viz import draw

neuron = model.layers[0].neurons[0]
w = neuron.weights[1]
draw(model, through=w)

# %% [markdown]
# So whatever a nudge of w¹₁₂ does to C, it does by way of z¹₁. In the circuit of z¹₁, the small
# blue numbers are the local gradients: of a weight it is the input beside it, of the bias it is 1.

# %%
z = neuron.weighted_sum([each.data for each in x])
z.label = "z¹₁"
draw(z, local=True)

# %% [markdown]
# Call δ = ∂C/∂z the gradient that arrives at a neuron's z: it says how much C changes if this z is
# nudged. The chain rule has a single term:
#
#     ∂C/∂wᵢⱼ = ∂C/∂zᵢ × ∂zᵢ/∂wᵢⱼ = δᵢ aⱼ          aⱼ is what comes in along the weight
#     ∂C/∂bᵢ  = ∂C/∂zᵢ × ∂zᵢ/∂bᵢ  = δᵢ
#
# For all weights of a layer at once this is a column times a row, ∂C/∂W = δ aᵀ. So we need the δ of
# each neuron, and nothing else.

# %% [markdown]
# ## Step 2: the δ of an output neuron
#
# C depends on z through the activation a = f(z) alone, so δ = ∂C/∂a × f′(z). At the end of the
# network ∂C/∂a is known, since there is a target y:

# %%
z_out, y = Value(0.6, "z"), 1.0
a_out = z_out.sigmoid()
a_out.label = "a"
cost = 0.5 * (a_out - y) ** 2
cost.label = "C"
cost.backward()
draw(cost, local=True, decimals=4)

# %% [markdown]
# Along the wires: ∂C/∂a = a - y, and the logistic function multiplies it by its slope a (1 - a).
#
#     δ = (a - y) f′(z)

# %%
a = a_out.data
print(f"(a - y) a (1 - a) = {(a - y) * a * (1 - a):.4f}, engine: {z_out.grad:.4f}")

# %% [markdown]
# ## Step 3: inside, a fork
#
# A hidden neuron has no y. But its activation goes somewhere: to every neuron of the next layer,
# along a weight each. Here a¹₁ is a number that we set, and the picture goes as far as both z of
# the next layer; the gradients that these have from C are their δ. The dot is where a¹₁ is copied.
# Each wire from there carries its own value, its own contribution, and its local gradient in blue.

# %%
hidden = [Value(passes.a[1][0], "a¹₁"), passes.a[1][1]]
z1, z2 = [each.weighted_sum(hidden) for each in model.layers[1].neurons]
after = half_squared_error([z1.sigmoid(), z2.sigmoid()], [1.0, 0.0])
after.backward()
draw([z1, z2], branches=True, local=True, inputs="near")

# %% [markdown]
# A value that is used more than once adds up what comes back. Along the wire to z²ⱼ comes back δ²ⱼ
# times the local gradient, and that is the weight on this wire:

# %%
w1, w2 = [each.weights[0].data for each in model.layers[1].neurons]
d1, d2 = z1.grad, z2.grad
print(f"w²₁₁ δ²₁ + w²₂₁ δ²₂ = {w1:.4f} × {d1:.4f} + {w2:.4f} × {d2:.4f} = {w1 * d1 + w2 * d2:.5f}")
print(f"∂C/∂a¹₁ in the engine: {hidden[0].grad:.5f}")

# %% [markdown]
# So in place of a target, a hidden neuron gets a share of each error above it: the error, weighted
# by the weight through which the neuron has had a part in it. (A lecture begins with "error for
# node is ~ wᵢ * error". That is one term of this sum.)
#
#     ∂C/∂aᵢ = Σⱼ wⱼᵢ δⱼ          over all neurons j of the next layer

# %% [markdown]
# ## Step 4: the sum runs down a column
#
# Look at the indices. Forward, zⱼ = Σᵢ wⱼᵢ aᵢ runs over the second index, along row j of W.
# Backward, Σⱼ wⱼᵢ δⱼ runs over the first index, down column i of the same W. A row holds the
# weights that lead into a neuron, a column those that lead out of one. Here is column 1 of W₂ in
# colour:

# %%
[z21] = o1.inputs
a11, a12 = [each for each in z21.inputs if each.gate]
a11.label = "a¹₁"
draw(model, through=a11)

# %% [markdown]
# Columns of W are rows of Wᵀ, so the sums of all neurons of a layer are Wᵀ δ:

# %%
import numpy as np

W2 = np.array([[each.data for each in row.weights] for row in model.layers[1].neurons])
delta2 = np.array([d1, d2])
print("W2 =", *W2.round(4))
print("columns:", [round(float(W2[0, i] * d1 + W2[1, i] * d2), 5) for i in range(2)])
print("W2ᵀ δ2: ", (W2.T @ delta2).round(5).tolist())

# %% [markdown]
# No matrix is turned around for it. Each weight is a wire, and it is used in both directions: an
# activation goes up along it, an error comes down, and both are multiplied by w.

# %% [markdown]
# ## All of it
#
# Step 2 is for the way through f, steps 3 and 4 are for the way down; ⊙ multiplies element by
# element:
#
#     last layer           δ = ∂C/∂a ⊙ f′(z)
#     each layer below     δ = Wᵀ δ ⊙ f′(z)       with W and δ of the layer above
#     then                 ∂C/∂W = δ aᵀ           ∂C/∂b = δ
#
# In NumPy this is hardly longer. x and a are known from the way forward, f′(z) is a (1 - a), and a
# bias is a weight whose input is 1:

# %%
a0, a1, a2 = passes.a
delta2 = (a2 - [1.0, 0.0]) * a2 * (1 - a2)
delta1 = (W2.T @ delta2) * a1 * (1 - a1)
by_hand = [*np.outer(delta1, [*a0, 1.0]).flat, *np.outer(delta2, [*a1, 1.0]).flat]
print("δ1 =", delta1.round(4), " inputs", a0, " δ2 =", delta2.round(4), " inputs", a1.round(4))

# %% [markdown]
# Which derivative is the largest in size? You have all δ and inputs. And the engine? `zero_grad`
# first, since the pictures above have left gradients in the weights, and `backward` would add to
# them.

# %%
from demos.show import table

model.zero_grad()
C.backward()
parameters = model.parameters()
table(
    ("parameter", "δ × input", "engine", "difference"),
    [
        (each.label or "", number, each.grad, f"{number - each.grad:.0e}")
        for each, number in zip(parameters, by_hand, strict=True)
    ],
)

# %% [markdown]
# One run forward and one back have given all derivatives. The lectures count the steps in several
# ways, and mean these: feed forward; δ of the output layer; δ of the hidden layers, from the last
# to the first; all derivatives, and with them the update.

# %% [markdown]
# ## Three last layers
#
# Only the first line depends on the cost and on what the outputs are. Three are common.
#
# **½ ‖a - y‖² and f element by element**: δ = (a - y) ⊙ f′(z), as above. **‖a - y‖²**, regression
# with several outputs: twice that. The slope f′(z) does not drop out, unless the outputs are linear
# (lesson `losses` has numbers).
#
# **Softmax and cross-entropy.** Softmax makes probabilities g of the z, each e^z over the sum of
# all. So each g depends on every z, and in place of a list of slopes f′(z) there is a matrix, the
# Jacobian, with ∂gᵢ/∂zⱼ in row i and column j. Which signs will it have, and what do its columns
# add up to?

# %%
from autograd_core import Program
from nn import softmax

scores = [Value(2.0, "z1"), Value(1.0, "z2"), Value(-1.0, "z3")]
g = softmax(scores)
program = Program(g, inputs=scores)
[J] = program.jacobian([[each.data for each in scores]])
print("g =", np.array([each.data for each in g]).round(4))
print(J.round(4))

# %% [markdown]
# A larger zⱼ raises gⱼ and lowers all others, and as probabilities add up to 1, a column adds up to
# 0. On paper, with gᵢ = e^zᵢ / Σ e^z, the quotient rule gives gᵢ - gᵢ² on the diagonal and -gᵢ gⱼ
# beside it, in all diag(g) - g gᵀ:

# %%
probabilities = np.array([each.data for each in g])
on_paper = np.diag(probabilities) - np.outer(probabilities, probabilities)
print(f"largest difference: {abs(J - on_paper).max():.0e}, columns: {abs(J.sum(axis=0)).round(12)}")

# %% [markdown]
# The cost is C = -ln g_y for the right class y. So ∂C/∂g is -1/g_y at y, and 0 elsewhere, and of
# the Jacobian the row of y is needed:
#
#     δₖ = -1/g_y × ∂g_y/∂zₖ = -1/g_y × g_y (1{k = y} - gₖ) = gₖ - 1{k = y}
#
# What was said minus what should have been said. 1{k = y} is 1 for the right class and 0 for all
# others. Let class 2 be right:

# %%
from nn import negative_log_likelihood

by_g = np.array([0.0, -1 / probabilities[1], 0.0])
negative_log_likelihood(g, 1).backward()
print("Jacobianᵀ ∂C/∂g:", (J.T @ by_g).round(5))
print("g - 1{k = y}:   ", (probabilities - [0.0, 1.0, 0.0]).round(5))
print("engine:         ", np.array([each.grad for each in scores]).round(5))

# %% [markdown]
# ## Exercises
#
# 1. In `draw(model, through=w)`, which circles are bright if the weight is one of the last layer?
# What does that say about its derivative? Then think: how many terms has the sum for an activation
# in a network 5-4-3-2, in the first and in the second hidden layer?

# %% [markdown] tags=["answer"]
# One output alone is bright: the weight acts on one z²ⱼ, and the errors of other outputs do not
# come into its derivative. A sum has a term for each neuron of the next layer: 3 in the first
# hidden layer, which has 4 neurons, and 2 in the second.

# %% [markdown]
# 2. Which of the derivatives are 0 if the input x₂ is 0? And if δ¹₁ is 0?

# %% [markdown] tags=["answer"]
# ∂C/∂wᵢⱼ = δᵢ aⱼ. With x₂ = 0 those of w¹₁₂ and w¹₂₂ are 0, the column of that input. With δ¹₁ = 0
# those of w¹₁₁, w¹₁₂, w¹₁₃ and b¹₁ are 0, the row of that neuron.

# %% [markdown]
# 3. A lecture has update rules with f′ in them, and asks: "Any missing information for
# implementation?" What is missing, and which line changes if tanh takes the place of the logistic
# function? If it does so in one neuron only?

# %% [markdown] tags=["answer"]
# Which f it is, and its derivative. For tanh f′(z) is 1 - a² in place of a (1 - a). Wᵀ δ and δ aᵀ
# know nothing of f. In one neuron only: then only its own f′(z), for ⊙ goes number by number. All
# with tanh:

# %% tags=["answer"]
model = MLP(3, [2, 2], activation="tanh", output="tanh", seed=3)
C = half_squared_error(model(x), [1.0, 0.0])
C.backward()
a1, a2 = backpropagation(model, a0.tolist(), [1.0, 0.0], half_squared_error).a[1:]
W2 = np.array([[each.data for each in row.weights] for row in model.layers[1].neurons])
delta1 = (W2.T @ ((a2 - [1.0, 0.0]) * (1 - a2**2))) * (1 - a1**2)
print("by hand:", delta1.round(5).tolist())
b1, b2 = [row.bias for row in model.layers[0].neurons]
print("engine: ", [round(each.grad, 5) for each in (b1, b2) if each is not None])

# %% [markdown]
# To take away: a weight acts through one z, so its derivative is δ times its input. An activation
# acts through all z of the next layer, so its derivative is a sum over them, which runs down a
# column: Wᵀ δ. The rest is the slope of f. The next lesson, `delta_by_hand`, does it with numbers.
