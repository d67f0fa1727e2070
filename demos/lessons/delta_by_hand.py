# %% [markdown]
# # The δ recursion, by hand
#
# The recursion of lesson `delta_derived` with numbers. The network has two hidden layers, so that
# it recurs, and two neurons in each layer, so that its sums have two terms. Each δ is worked out
# with a pencil, and stands beside the gradient of the engine, which knows neither layers nor δ.

# %% [markdown]
# ## The network
#
# Two inputs, two hidden layers of two neurons, two outputs, all logistic, and biases that are 0 to
# begin with. The cost is C = ½ ‖a³ - y‖².

# %%
import numpy as np

from autograd_core import Value
from nn import MLP, half_squared_error

model = MLP(2, [2, 2, 2], activation="logistic", output="logistic", seed=1)
W1, W2, W3 = [
    np.array([[weight.data for weight in neuron.weights] for neuron in layer.neurons])
    for layer in model.layers
]
for name, W in (("W1", W1), ("W2", W2), ("W3", W3)):
    print(name, "=", *W.round(4))

# %% [markdown]
# ## Forward
#
# Row by row, layer by layer: z = W a, a = σ(z). `indexed` writes names with indices.

# %%
from autograd_core.explain import indexed

x, y = np.array([1.0, 0.5]), np.array([1.0, 0.0])
activations = [x]
for number, W in enumerate((W1, W2, W3), start=1):
    before = activations[-1]
    z = W @ before
    activations.append(1 / (1 + np.exp(-z)))
    for i in range(2):
        products = " + ".join(f"{W[i, j]:.4f} × {before[j]:.4f}" for j in range(2))
        name = indexed("z", i + 1, layer=number)
        print(f"{name} = {products} = {z[i]:.4f}    a = {activations[-1][i]:.4f}")

# %% [markdown]
# ## Backward: the last layer
#
# Here there is a target. δ = (a - y) a (1 - a):

# %%
a1, a2, a3 = activations[1:]
delta3 = (a3 - y) * a3 * (1 - a3)
for i in range(2):
    a, name = a3[i], indexed("δ", i + 1, layer=3)
    print(f"{name} = ({a:.4f} - {y[i]:.0f}) × {a:.4f} × {1 - a:.4f} = {delta3[i]:.5f}")

# %% [markdown]
# ## Backward: the second hidden layer
#
# From here on there is none. Each neuron collects from both outputs, along the weights by which it
# had reached them: down a column of W3. Then the slope of its own f.

# %%
delta2 = (W3.T @ delta3) * a2 * (1 - a2)
for i in range(2):
    terms = " + ".join(f"{W3[j, i]:.4f} × {delta3[j]:.5f}" for j in range(2))
    a, name = a2[i], indexed("δ", i + 1, layer=2)
    print(f"{name} = ({terms}) × {a:.4f} × {1 - a:.4f} = {delta2[i]:.5f}")

# %% [markdown]
# ## Backward: the first hidden layer
#
# "Anything different here?", asks a lecture of deeper networks. No: the same line again, with W2
# and the δ just found. This is what "recursion" means: of the outputs nothing is needed any more
# but the two numbers δ². Do it with a pencil before you look.

# %%
delta1 = (W2.T @ delta2) * a1 * (1 - a1)
for i in range(2):
    terms = " + ".join(f"{W2[j, i]:.4f} × {delta2[j]:.5f}" for j in range(2))
    a, name = a1[i], indexed("δ", i + 1, layer=1)
    print(f"{name} = ({terms}) × {a:.4f} × {1 - a:.4f} = {delta1[i]:.5f}")

# %% [markdown]
# ## The engine
#
# It goes back gate by gate. The δ of a neuron is the gradient of its z; `trace` lists all values of
# a circuit, with their names.

# %%
from demos.show import table

x1, x2 = Value(1.0, "x1"), Value(0.5, "x2")
o1, o2 = model([x1, x2])
C = half_squared_error([o1, o2], [1.0, 0.0])
C.label = "C"
C.backward()

# %%
from autograd_core import trace

places = [(i, layer) for layer in (1, 2, 3) for i in (1, 2)]
by_name = {value.name: value for value in trace(C).values}
sums = [by_name[indexed("z", i, layer=layer)] for i, layer in places]
table(
    ("neuron", "z", "δ by hand", "gradient of z, engine", "difference"),
    [
        (indexed("δ", i, layer=layer), z.data, delta, z.grad, f"{delta - z.grad:.0e}")
        for (i, layer), z, delta in zip(places, sums, (*delta1, *delta2, *delta3), strict=True)
    ],
)

# %% [markdown]
# All derivatives follow, δ times what comes in. For the first layer, row by row:

# %%
first, second = model.layers[0].neurons
print("δ aᵀ by hand:", *np.outer(delta1, x).round(6).tolist())
print("engine:      ", *[[round(w.grad, 6) for w in row.weights] for row in (first, second)])

# %% [markdown]
# The δ get smaller from layer to layer: each has been multiplied by a slope of at most 1/4 and by
# weights below 1. With many layers that becomes a problem (lesson `saturation`).
#
# ## What δ says
#
# δ is called the error of a neuron, but it is a derivative: how much C changes if its z is nudged.
# A bias is added to z, so a nudge of b¹₁ shows it:

# %%
again = MLP(2, [2, 2, 2], activation="logistic", output="logistic", seed=1)
by_label = {each.label: each for each in again.parameters()}
by_label["b¹₁"].data = nudge = 0.001
nudged = half_squared_error(again([1.0, 0.5]), [1.0, 0.0])
print(f"change of C per nudge: {(nudged.data - C.data) / nudge:.6f}, δ¹₁ = {delta1[0]:.6f}")

# %% [markdown]
# Where δ is far from 0, the neuron can do something for C by moving its z. Where it is next to 0,
# it cannot, and its weights learn slowly. There is a reason for each factor. Four changes, one at a
# time; guess first which δ or derivative each of them makes small:
#
# - x₂ = 0: an input is silent.
# - b²₁ = 8: a hidden neuron is saturated, its answer is nearly 1 and hardly moves.
# - b³₁ = -8: an output neuron is saturated, and wrong.
# - w³₁₁ = w³₂₁ = 0: nobody listens to hidden neuron 1 of layer 2.

# %%
from nn import backpropagation

changes: dict[str, dict[str, float]] = {
    "none": {},
    "x₂ = 0": {"x₂": 0.0},
    "b²₁ = 8": {"b²₁": 8.0},
    "b³₁ = -8": {"b³₁": -8.0},
    "w³₁₁ = w³₂₁ = 0": {"w³₁₁": 0.0, "w³₂₁": 0.0},
}

# %%
rows = []
for name, numbers in changes.items():
    again = MLP(2, [2, 2, 2], activation="logistic", output="logistic", seed=1)
    by_label = {each.label: each for each in again.parameters()}
    for label in numbers.keys() & by_label.keys():
        by_label[label].data = numbers[label]
    given = [1.0, numbers.get("x₂", 0.5)]
    found = backpropagation(again, given, [1.0, 0.0], half_squared_error)
    w1, w2, w3 = found.weights
    of_weights = w1[0, 1], w2[0, 0], w3[0, 0]
    cells = (found.a[3][0] - 1, found.delta[2][0], *found.delta[1], *of_weights)
    rows.append((name, *(f"{cell + 0.0:.4f}" for cell in cells)))

columns = ("change", "a³₁ - y₁", "δ³₁", "δ²₁", "δ²₂", "∂C/∂w¹₁₂", "∂C/∂w²₁₁", "∂C/∂w³₁₁")
table(columns, rows)

# %% [markdown]
# - ∂C/∂w = δ × input. The weight of a silent input learns nothing, here w¹₁₂.
# - δ has the factor f′(z). The saturated hidden neuron has δ²₁ near 0, so the weights that lead
#   into it hardly learn. Those that lead out of it do, w³₁₁ even faster: its answer is large.
# - So too at the output: in the fourth row it could not be more wrong, and learns next to nothing.
#   Cross-entropy divides this slope out (lesson `losses`).
# - Below, δ is a sum over Wᵀ. With weights of 0 out of it a neuron gets no error, though the
#   weights themselves get their gradient, and so change.

# %% [markdown]
# ## What errors does one edge affect?
#
# "What errors at the next layer does the highlighted edge affect?", asks a lecture under a network
# with one weight lit up. Say it for the first weight, w¹₁₁, before you look. In colour are all
# paths by which it acts on the outputs:

# %%
from viz import draw

weight = first.weights[0]
draw(model, through=weight, decimals=2)

# %% [markdown]
# In its own layer it affects one neuron, in the next one both, and so both outputs. Both errors
# come into its derivative, each by two paths. Each of the four contributes the product of all that
# stands along it:

# %%
start = x[0] * a1[0] * (1 - a1[0])  # x1, and the slope of hidden neuron 1,1
rows = []
for j in range(2):
    for k in range(2):
        slopes = a2[j] * (1 - a2[j]) * a3[k] * (1 - a3[k])
        product = start * W2[j, 0] * W3[k, j] * slopes * (a3[k] - y[k])
        rows.append((f"a¹₁ → a²{'₁₂'[j]} → a³{'₁₂'[k]}", W2[j, 0], W3[k, j], a3[k] - y[k], product))

table(("path", "w²", "w³", "error", "product of all"), rows)

# %%
print(f"sum of the four: {sum(float(row[-1]) for row in rows):.9f}")
print(f"engine, ∂C/∂w¹₁₁: {weight.grad:.9f}")

# %% [markdown]
# The derivative is the sum over all paths. The recursion adds up the paths where they meet, and so
# never goes along one wire twice. That is what makes it fast: with more layers the paths multiply,
# and the work only adds up. For one weight of the first layer, in a network of ten hidden layers of
# a hundred neurons and one output:

# %%
print(f"paths: 100 ** 9 = {100**9:.0e}")
print(f"products in all Wᵀ δ: 9 × 100 × 100 + 100 = {9 * 100 * 100 + 100}")

# %% [markdown]
# ## How do several outputs change it?
#
# "How does multiple outputs change things?" The rule stays as it is. Each output begins with a δ of
# its own, and the sums of the layer below have a term for each of them. These do not disturb each
# other: with the error of one output at a time, the other's δ set to 0, the δ below are parts that
# add up.

# %%
rows = []
for name, only in (("output 1", [1, 0]), ("output 2", [0, 1]), ("both", [1, 1])):
    top = delta3 * only
    middle = (W3.T @ top) * a2 * (1 - a2)
    bottom = (W2.T @ middle) * a1 * (1 - a1)
    rows.append((name, *top, *middle, *bottom))

table(("errors of", "δ³₁", "δ³₂", "δ²₁", "δ²₂", "δ¹₁", "δ¹₂"), rows)

# %% [markdown]
# The third row is the sum of the others. Output 1 wants to grow and output 2 to shrink, and the
# neurons below may be pulled both ways: look at the signs in a column.

# %% [markdown]
# ## Try it
#
# Every number can be changed. Set w³₁₁ to 0 and watch δ²₁: which of its two terms is left?

# %%
from viz import page

page(C, inputs="near", decimals=4)

# %% [markdown]
# ## Exercises
#
# 1. Let the target of output 2 be its own answer, so that it has no error. Which of the six δ are
# 0, and what is δ²₁ then? The numbers above suffice.

# %% [markdown] tags=["answer"]
# Only δ³₂ is 0. δ²₁ is the first row of the last table, the part that comes from output 1:

# %% tags=["answer"]
print(f"{W3[0, 0]:.4f} × {delta3[0]:.5f} × {a2[0] * (1 - a2[0]):.4f} = {rows[0][3]:.5f}")

# %% [markdown]
# 2. Which weight of the network has the largest derivative, and which one of the first layer?
# Answer with the δ and the activations, before you look.

# %% [markdown] tags=["answer"]
# The largest |δ| times the largest activation that goes there: δ³₁ × a²₂, so w³₁₂. In the first
# layer it is δ¹₂ × x₁, so w¹₂₁.

# %% tags=["answer"]
weights = [each for each in model.parameters() if (each.label or "").startswith("w")]
largest = max(weights, key=lambda each: abs(each.grad))
of_first = max((*first.weights, *second.weights), key=lambda each: abs(each.grad))
print(largest.label, round(largest.grad, 5), "and", of_first.label, round(of_first.grad, 6))

# %% [markdown]
# 3. A step with η = 1 changes b³₁ by how much? And b¹₁?

# %% [markdown] tags=["answer"]
# ∂C/∂b = δ, and the step goes against it: by -δ³₁ and by -δ¹₁.

# %% tags=["answer"]
print(f"b³₁: {-delta3[0]:+.5f}, b¹₁: {-delta1[0]:+.5f}")

# %% [markdown]
# To take away: begin at the outputs with error × slope; then, layer by layer, down the columns of W
# and times the slope. A δ is the sum over all paths to all outputs, without going along them one by
# one. The next lesson, `delta_compared`, reads the same in the words of three lectures.
