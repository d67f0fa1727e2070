# %% [markdown]
# # A first circuit: f = (x + y) z
#
# Two gates are enough to see all of backpropagation. An adder makes q from x and y, a multiplier
# makes f from q and z:
#
#     q = x + y        f = q z
#
# Each gate knows nothing of the rest of the circuit. It computes two things right away: its
# output, and its local gradients, which say how fast that output changes with each input. For the
# adder both are 1. For the multiplier they are the other factor: ∂f/∂q = z and ∂f/∂z = q.

# %% [markdown]
# ## The forward pass
#
# Every number is a `Value`, and every operation on values is a gate. `name_values` labels the
# values after the variables that hold them. At x = -2, y = 5, z = -4 the numbers flow from left to
# right: each gate computes its output.

# %%
from autograd_core import Value, explain, name_values
from viz import animate, draw, page

x, y, z = Value(-2.0), Value(5.0), Value(-4.0)
q = x + y
f = q * z
name_values(globals())
draw(f)

# %% [markdown]
# ## The backward pass
#
# Now `f.backward()` asks of every value in the circuit: if you grew a little, how much would f
# change? The answer for f itself is 1. From there each gate takes the gradient that arrives at its
# output, upstream, multiplies it by its local gradient for an input, and hands the product to that
# input. That product is the chain rule. Below each wire, in red, stands its gradient.

# %%
f.backward()
draw(f)

# %% [markdown]
# The same in words:

# %%
print(explain(f))

# %% [markdown]
# And as a picture that moves, one gate at a time:

# %%
animate(f)

# %% [markdown]
# ## The lecture and the engine

# %%
from demos.show import compare

compare(
    ("q", "3", q.data),
    ("f", "-12", f.data),
    ("∂f/∂q", "-4", q.grad),
    ("∂f/∂x", "-4", x.grad),
    ("∂f/∂y", "-4", y.grad),
    ("∂f/∂z", "3", z.grad),
)

# %% [markdown]
# ## What a gradient promises
#
# The gradient of x is -4. So raising x by 0.01 should change f by about -4 × 0.01 = -0.04. We do
# it, and evaluate the circuit again with `f.forward()`:

# %%
before, step = f.data, 0.01
print("promised:", x.grad * step)
x.data += step
print("computed:", f.forward().data - before)

# %% [markdown]
# If every input takes a step of 0.01 times its own gradient, each of them pushes f up, and if the
# step is small enough, f grows, whatever the circuit. Here it grows from -12:

# %%
x.data -= step
for value in (x, y, z):
    value.data += step * value.grad

print(f"from {before:g} to {f.forward():.6g}")

# %% [markdown]
# Turn the step around and f shrinks: that is gradient descent, and training a network is hardly
# more.
#
# ## Try it
#
# On this page a number of x, y or z can be changed, by typing or by dragging it in the picture, and
# all others follow. Under Descent the step that was turned around is a button, Slope shows f
# against one input, and Quiz asks for the gradients.

# %%
x.data, y.data, z.data = -2.0, 5.0, -4.0
page(f.forward())
