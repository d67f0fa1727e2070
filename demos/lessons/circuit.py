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
# ## Predict
#
# The lecture asks for ∂f/∂x, ∂f/∂y and ∂f/∂z. Before you read on, say how much f changes if x, y or
# z grows by 1, and fill in what you think. On paper: `worksheet(f).save("circuit.pdf")` writes the
# sheet and its key.

# %%
from viz import worksheet

worksheet(f)

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
# By hand these are four lines, from the output back to the inputs. Each is local × upstream:

# %%
df_dz = q.data * 1.0
df_dq = z.data * 1.0
df_dx = 1.0 * df_dq
df_dy = 1.0 * df_dq
print("x, y, z:", df_dx, df_dy, df_dz)

# %% [markdown]
# The same in words:

# %%
print(explain(f, patterns=False))

# %% [markdown]
# The slides reveal one number after the other. So do `steps(f)`; before each picture, say what the
# next one shows:

# %%
from viz import steps

steps(f)

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
# against one input, and Quiz asks for the gradients, and says upstream × local of each wrong one.

# %%
x.data, y.data, z.data = -2.0, 5.0, -4.0
page(f.forward())

# %% [markdown]
# ## Exercises
#
# 1. The same circuit at x = 3, y = -1, z = 2. Fill in all numbers.
# 2. In that circuit, which input changes f most, for the same small step?
# 3. For which z have x and y no influence on f at all?
# 4. Now x is used twice: h = (x + y) x. What is ∂h/∂x at x = 3, y = -1?

# %%
x, y, z = Value(3.0), Value(-1.0), Value(2.0)
q = x + y
f = q * z
name_values(globals())
sheet = worksheet(f, blank="all")
sheet

# %% tags=["answer"]
sheet.answers

# %% tags=["answer"]
h = (x + y) * x
x.grad = y.grad = 0.0
h.backward()
print("4:", x.grad)

# %% [markdown] tags=["answer"]
# 2: All the same. The gradient of z is q = 2, and x and y have z = 2.
#
# 3: For z = 0: their gradient is 1 × z.
#
# 4: 5, since x acts along two paths, (x + y) × 1 as the factor and x × 1 through the sum: 2 + 3.

# %% [markdown]
# To take away: forward, each gate computes a number; backward, each gate multiplies what arrives by
# its local gradient. The gradient of an input is what f gains if the input grows by a little.
