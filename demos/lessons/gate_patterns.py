# %% [markdown]
# # Gate patterns: how add, multiply, max and copies treat a gradient
#
# One look at a gate tells what it does to the gradient that flows back through it. There are four
# patterns, and most circuits are made of them.

# %% [markdown]
# ## One gate each
#
# In this picture a gradient of 2 arrives at each of four gates, from the right. The small blue
# numbers are local gradients: how fast the gate's output grows with that input. Before you read
# on: how do the red numbers on the left come from the 2?

# %%
from autograd_core import Value, maximum
from viz import draw

x, y, u, v = Value(3.0, "x"), Value(-4.0, "y"), Value(3.0, "u"), Value(-4.0, "v")
z, w, a = Value(2.0, "z"), Value(-1.0, "w"), Value(3.0, "a")
outputs = [2 * (x + y), 2 * (u * v), 2 * maximum(z, w), 2 * (3 * a + 5 * a)]
for output in outputs:
    output.backward()

draw(outputs, branches=True, local=True, title="Add, multiply, max and copy")

# %% [markdown]
# - **Add distributes.** Its local gradients are 1, so both inputs get the 2 unchanged.
# - **Multiply swaps and scales.** The local gradient of u is v, and that of v is u: 2 × -4 = -8
#   and 2 × 3 = 6. The larger input gets the smaller gradient.
# - **Max routes.** A little more z is a little more maximum, a little more w changes nothing. The
#   winner gets the 2, the other one 0.
# - **A copy adds up.** The dot is a value that two gates use. A change of a reaches the output
#   along both wires, so what comes back is added: 6 + 10 = 16.
#
# Multiply has a consequence: where data is a thousand times larger, so are the gradients of the
# weights that it is multiplied by. That is why data is scaled before training.

# %% [markdown]
# ## All in one circuit
#
# The lecture's circuit has three of them, and a factor 2. Fill in the gradients, from the right to
# the left, by the patterns alone:

# %%
from autograd_core import name_values
from viz import worksheet

x, y, z, w = Value(3.0), Value(-4.0), Value(2.0), Value(-1.0)
product = x * y
larger = maximum(z, w)
both = product + larger
f = 2 * both
name_values(globals())
worksheet(f)

# %% tags=["answer"]
f.backward()
draw(f, local=True)

# %% tags=["answer"]
from demos.show import compare

compare(
    ("f", "-20", f.data),
    ("∂f/∂x", "-8", x.grad),
    ("∂f/∂y", "6", y.grad),
    ("∂f/∂z", "2", z.grad),
    ("∂f/∂w", "0", w.grad),
)

# %% [markdown]
# Try it: drag w above z, and the gradient of 2 goes to w.

# %%
from viz import page

page(f)

# %% [markdown]
# ## Copies: why `+=`
#
# Here three gates take a, and two take b. With `branches=True` each copy is drawn as a dot, and
# each wire that leaves it has its own gradient.

# %%
a, b = Value(2.0), Value(-3.0)
s = a + b
p = a * b
g = s * p + a
name_values(globals())
g.backward()
draw(g, branches=True)

# %% [markdown]
# What comes back arrives one wire after the other:

# %%
from viz import animate

animate(g, branches=True)

# %% [markdown]
# `explain` has the sums in words:

# %%
from autograd_core import explain

print(*(line for line in str(explain(g)).splitlines() if "is used" in line), sep="\n")

# %% [markdown]
# A program that walks back through the circuit gets to these wires one after the other. It has to
# write `a.grad += …` for each. With `=` it would forget all wires but the last.

# %% [markdown]
# ## Ties
#
# What if both inputs of a max gate are 2? Raising one of them raises the maximum, lowering it
# changes nothing. The slope is 1 on one side and 0 on the other, so no derivative exists. The
# engine shares the upstream gradient equally. So max(x, x), which is x, has the gradient 1:

# %%
left, right, same = Value(2.0), Value(2.0), Value(2.0)
maximum(left, right).backward()
maximum(same, same).backward()
print("tie:", left.grad, right.grad, "  max(x, x):", same.grad)

# %% [markdown]
# ## Exercises
#
# 1. Fill in the gradients of this circuit.
# 2. Which of the four inputs can be changed a little without any effect, and why?
# 3. For the same small step, which input changes g most?
# 4. Of a product of two numbers, 100 and 1, which factor has the larger gradient?
# 5. Which gate of this circuit would give a gradient to both of its inputs if x were 5 too?

# %%
x, y, z, w = Value(2.0), Value(5.0), Value(-1.0), Value(3.0)
g = maximum(x, y) * z + w
name_values(globals())
sheet = worksheet(g)
sheet

# %% tags=["answer"]
sheet.answers

# %% [markdown] tags=["answer"]
# 1: The adder hands 1 to w and to the product. The multiplier swaps: the maximum gets z = -1, and z
# gets the maximum, 5. The max gate routes -1 to y, the winner.
#
# 2: x. It is smaller than y, so the max gate stops it.
#
# 3: z, by 5 for 1. The others have the gradients 0, -1 and 1.
#
# 4: The small one: its gradient is the other factor, 100.
#
# 5: The max gate: at a tie each input gets half of the -1.

# %% [markdown]
# To take away: add distributes, multiply swaps and scales, max routes, a copy adds up.
