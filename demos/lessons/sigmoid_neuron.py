# %% [markdown]
# # A sigmoid neuron, gate by gate and with σ as one gate
#
# A neuron weighs its inputs, adds a bias, and squashes the sum to a number between 0 and 1:
#
#     f = 1 / (1 + exp(-(w0 x0 + w1 x1 + w2)))
#
# It looks forbidding to differentiate. As a circuit it is eight small gates, none of which is
# harder than 1/x. The weights are 2, -3, -3, the last one being the bias; the inputs are -1 and -2.

# %% [markdown]
# ## Gate by gate
#
# Four kinds of gates are new, each with one input:
#
#     f(x) = 1/x      df/dx = -1/x²         f(x) = c + x    df/dx = 1
#     f(x) = exp(x)   df/dx = exp(x)        f(x) = a x      df/dx = a
#
# Before you look at the red numbers: which of the five inputs moves f most?

# %%
from autograd_core import Value, exp, name_values
from viz import animate, draw

w0, x0, w1, x1, w2 = Value(2.0), Value(-1.0), Value(-3.0), Value(-2.0), Value(-3.0)
s = w0 * x0 + w1 * x1 + w2
f = 1 / (1 + exp(-1 * s))
name_values(globals())
f.backward()
draw(f)

# %% [markdown]
# Read it from the right. The local gradient of 1/x is -1/x², at an x of 1.37. The gate +1 passes on
# what it gets. The slope of exp is its own output, 0.37. The gate *-1 turns the sign. From there on
# adders distribute and multipliers swap. The input with the largest gradient is x1: it is
# multiplied by a weight of -3.
#
# On paper: what does each gate hand down, upstream × local? All of it in words:

# %% tags=["answer"]
from autograd_core import explain

print(explain(f, patterns=False))

# %% [markdown]
# One gradient after the other, as the slides reveal them. Before each picture, say which number
# comes next: upstream × local.

# %%
from viz import steps

steps(f)

# %% [markdown]
# And as a picture that moves, one gate at a time:

# %%
animate(f)

# %% [markdown]
# ## The lecture and the engine
#
# The lecture computes with two decimals. Rounded to these, every number is the same.

# %%
from demos.show import compare

compare(
    ("f", "0.73", f.data),
    ("∂f/∂w0", "-0.20", w0.grad),
    ("∂f/∂w1", "-0.39", w1.grad),
    ("∂f/∂w2", "0.20", w2.grad),
    ("∂f/∂x0", "0.39", x0.grad),
    ("∂f/∂x1", "-0.59", x1.grad),
)

# %% [markdown]
# ## With σ as one gate
#
# What is one gate is ours to choose; any function will do whose local gradient is easy. The last
# four gates together are the logistic function σ, and its slope needs nothing but its own output:
#
#     dσ/ds = exp(-s) / (1 + exp(-s))²
#           = (1 + exp(-s) - 1) / (1 + exp(-s)) · 1 / (1 + exp(-s))
#           = (1 - σ) σ
#
# The inputs add up what they get in every backward pass, so their gradients are noted and set back
# to 0 before the next one.

# %%
from autograd_core import sigmoid

inputs = {"w0": w0, "x0": x0, "w1": w1, "x1": x1, "w2": w2}
by_gates = {name: value.grad for name, value in inputs.items()}
for value in inputs.values():
    value.grad = 0.0

s = w0 * x0 + w1 * x1 + w2
g = sigmoid(s)
name_values(globals())
g.backward()
draw(g)

# %% [markdown]
# The slope comes in one step instead of four. The slide does the same sum with two decimals,
# (1 - 0.73) (0.73), and rounds to 0.2.

# %%
print(f"(1 - {g:.4f}) × {g:.4f} = {s.grad:.4f}")

# %% [markdown]
# So the whole neuron is a few lines of code. The lecture has them like this:

# %%
from math import exp as number_exp

w, x = [2, -3, -3], [-1, -2]
dot = w[0] * x[0] + w[1] * x[1] + w[2]
out = 1.0 / (1 + number_exp(-dot))
ddot = (1 - out) * out
dx = [w[0] * ddot, w[1] * ddot]
dw = [x[0] * ddot, x[1] * ddot, 1.0 * ddot]
print("dx:", *(f"{number:.4f}" for number in dx), "  dw:", *(f"{number:.4f}" for number in dw))

# %% [markdown]
# Both circuits agree to the last digits that a float can hold. (`trace` lists their gates.)

# %%
from autograd_core import trace
from demos.show import table

table(
    ("input", f"{len(trace(f).forward)} gates", f"{len(trace(g).forward)} gates", "difference"),
    [
        (name, before, inputs[name].grad, before - inputs[name].grad)
        for name, before in by_gates.items()
    ],
)

# %% [markdown]
# The way back is open as well: `expand` opens σ into its parts.

# %%
from autograd_core import expand

print([step.symbol for step in trace(expand(g)).forward[-4:]])
draw(g, expand=True)

# %% [markdown]
# ## Try it
#
# Drag w2 to a large number: the neuron saturates, the local gradient of σ goes to 0, and with it
# every gradient.

# %%
from viz import page

page(g)

# %% [markdown]
# ## Exercises
#
# 1. Here are other numbers, with σ as one gate. Fill in the gradients; σ(0) = 1/2 is all that you
#    need to know.
# 2. Every weight takes a step against its gradient. Which weight changes most?
# 3. Which input would have to be 0, so that w0 does not change at all?
# 4. Where is the slope of σ largest, and how large is it there?

# %%
from viz import worksheet

w0, x0, w1, x1, w2 = Value(1.0), Value(2.0), Value(-1.0), Value(4.0), Value(2.0)
s = w0 * x0 + w1 * x1 + w2
h = sigmoid(s)
name_values(globals())
sheet = worksheet(h)
sheet

# %% tags=["answer"]
sheet.answers

# %% [markdown] tags=["answer"]
# 1: s = 2 - 4 + 2 = 0, so the slope of σ is 1/2 × 1/2 = 1/4. The adders hand it on; each multiplier
# scales it by the other factor.
#
# 2: w1, whose input is the largest, 4. What a weight gets is the slope times its input.
#
# 3: x0, for the same reason.
#
# 4: At s = 0, where it is 1/4: (1 - σ) σ is largest for σ = 1/2. So a σ passes on at most a quarter
# of what it gets.

# %% [markdown]
# To take away: a neuron is a few gates. What its weights get is slope × input, what its inputs get
# is slope × weight, and the slope of σ is (1 - σ) σ.
