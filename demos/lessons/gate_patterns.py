# %% [markdown]
# # Gate patterns: how add, multiply, max and copies treat a gradient
#
# One look at a gate tells what it does to the gradient that flows back through it. An adder
# distributes it, a multiplier swaps its inputs and scales by them, a max gate routes it to the
# winner, and where a value is used more than once, the gradients that come back add up.
#
# This circuit has three of the four patterns, and a factor 2 that scales:
#
#     f = 2 (x y + max(z, w))

# %%
from autograd_core import Value, explain, maximum, name_values
from viz import draw, page

x, y, z, w = Value(3.0), Value(-4.0), Value(2.0), Value(-1.0)
product = x * y
larger = maximum(z, w)
both = product + larger
f = 2 * both
name_values(globals())
f.backward()
draw(f, local=True)

# %% [markdown]
# The gradients stand in red. The small blue numbers are the local gradients; upstream × local is
# what a gate hands down. Line by line:

# %%
print(explain(f))

# %% [markdown]
# The lecture has the same numbers:

# %%
from demos.show import compare

compare(
    ("f", "-20", f.data),
    ("∂f/∂x", "-8", x.grad),
    ("∂f/∂y", "6", y.grad),
    ("∂f/∂z", "2", z.grad),
    ("∂f/∂w", "0", w.grad),
)

# %% [markdown]
# ## Add: the distributor
#
# The local gradients of an adder are 1, whatever its inputs. So the 2 that arrives at its output
# goes to both inputs unchanged: 2 to the product, which is -12, and 2 to the maximum, which is 2.
#
# ## Multiply: swap and scale
#
# The local gradient for x is y, and for y it is x. With 2 from upstream, x gets 2 × -4 = -8 and y
# gets 2 × 3 = 6. The larger input has the smaller gradient. Scale the data of a linear model up a
# thousandfold, and the gradients of its weights grow as much: that is why data is normalised
# before training.
#
# ## Max: the router
#
# z = 2 beats w = -1. A little more z is a little more maximum, a little more w changes nothing at
# all: the local gradients are 1 and 0. So z gets 2 and w gets 0.

# %% [markdown]
# ## Copy: the adder
#
# Here three gates take a, and two take b. A change of a reaches g along every one of these wires,
# so its gradient is the sum of what comes back along them. With `branches=True` each copy is drawn
# as a dot, and each wire that leaves it has its own gradient.

# %%
a, b = Value(2.0), Value(-3.0)
s = a + b
p = a * b
g = s * p + a
name_values(globals())
g.backward()
draw(g, branches=True)

# %% [markdown]
# In words, the lines that say adder are the sums:

# %%
print(explain(g, patterns=False))

# %% [markdown]
# This is why gradients are accumulated with `+=`: to overwrite them would forget all wires but one.
#
# ## Ties
#
# What if both inputs of a max gate are 2, so that neither wins? Raising one of them raises the
# maximum, lowering it leaves the maximum where it is. The slope is 1 on one side and 0 on the
# other, so no derivative exists. The engine shares the upstream gradient equally:

# %%
left, right = Value(2.0), Value(2.0)
tie = maximum(left, right)
name_values(globals())
tie.backward()
draw(tie)

# %% [markdown]
# That choice has a merit: max(x, x) is just x, and its gradient has to be 1. The two shares add up
# to that.

# %%
same = Value(2.0)
maximum(same, same).backward()
same.grad

# %% [markdown]
# ## Try it
#
# Back to the first circuit: drag w above z, and the gradient of 2 goes to w.

# %%
page(f)

# %% [markdown]
# ## Exercises
#
# 1. Fill in the gradients of this circuit by the patterns alone, from the right to the left.
# 2. Which of the four inputs can be changed a little without any effect, and why?
# 3. Of a product of two numbers, 100 and 1, which factor has the larger gradient?

# %%
from viz import worksheet

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
# 3: The small one: its gradient is the other factor, 100.

# %% [markdown]
# To take away: add distributes, multiply swaps and scales, max routes, a copy adds up.
