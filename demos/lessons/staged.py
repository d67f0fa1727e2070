# %% [markdown]
# # Staged computation: a formula nobody wants to differentiate by hand
#
# There is no reason to care for this function, except that its derivative on paper is long:
#
#     f = (x + σ(y)) / (σ(x) + (x + y)²)
#
# Computed in stages, each so small that its local gradient is plain, it is no trouble at all. The
# backward pass then is the forward pass in reverse, one line for each wire.

# %% [markdown]
# ## The stages
#
# Eight of them, named as in the lecture. How often is x used, and how often y? So many numbers have
# to be added up for their gradients.

# %%
from autograd_core import Value, name_values, sigmoid
from viz import draw

x, y = Value(3.0), Value(-4.0)
sigy = sigmoid(y)
num = x + sigy
sigx = sigmoid(x)
xpy = x + y
xpysqr = xpy**2
den = sigx + xpysqr
invden = 1 / den
f = num * invden
name_values(globals())
f.backward()
draw(f, branches=True)

# %% [markdown]
# ## The backward pass as code
#
# From that circuit `staged_code(f)` writes the program that one would write by hand. The variable
# dnum holds the gradient of num, and so on; each line is local × upstream.

# %%
from autograd_core import staged_code

code = staged_code(f)
print(code)

# %% [markdown]
# Three things are worth a look. The backward lines reuse what the forward pass computed, such as
# invden and xpy, so keep it. Then, dx and dy are set once and from there on added to with `+=`,
# because x and y are both used more than once.
#
# And where the lecture writes the slope of σ as (1 - sigx) sigx, the code has sigx σ(-x). That is
# the same number, but loses no digits when sigx is nearly 1:

# %%
far = 40.0
print("(1 - σ) σ: ", (1 - sigmoid(far)) * sigmoid(far))
print("σ(x) σ(-x):", sigmoid(far) * sigmoid(-far))

# %% [markdown]
# ## Does it run, and is it right?

# %%
from typing import Any

from demos.show import table

variables: dict[str, Any] = {}
exec(code, variables)
table(
    ("quantity", "staged code", "engine", "difference"),
    [
        (name, variables[name], number, variables[name] - number)
        for name, number in (("f", f.data), ("dx", x.grad), ("dy", y.grad))
    ],
)

# %% [markdown]
# The lecture gives no number for this one, so both are held against numerical differentiation,
# which knows nothing of gates. It takes the formula as a function.

# %%
from autograd_core import gradcheck

print(gradcheck(lambda x, y: (x + sigmoid(y)) / (sigmoid(x) + (x + y) ** 2), {"x": x, "y": y}))

# %% [markdown]
# ## Watch it
#
# The same passes, gate by gate. Compare each step with a line of the code.

# %%
from viz import animate, page

animate(f)

# %% [markdown]
# And to play with: drag x and y until x + y is 0. What happens to their gradients?

# %%
page(f)

# %% [markdown]
# ## Exercises
#
# 1. A student writes `dx =` in every line, instead of `dx +=` in all but the first. What does the
#    program say for dx? Which paths are lost?
# 2. Before you run it: change x in the code to 4, so that x + y = 0. What becomes of dxpy?
# 3. Write the backward pass of h = (a + 2b) / (a b) as code, at a = 2 and b = 1, and fill in the
#    sheet.

# %%
from viz import worksheet

a, b = Value(2.0), Value(1.0)
top = a + 2 * b
inverse = 1 / (a * b)
h = top * inverse
name_values(globals())
sheet = worksheet(h, branches=True)
sheet

# %% tags=["answer"]
wrong: dict[str, Any] = {}
exec(code.replace("+=", "="), wrong)
print(f"1: dx = {wrong['dx']:.6f} in place of {x.grad:.6f}")

x4, y4 = Value(4.0, "x"), Value(-4.0, "y")
xpy4 = x4 + y4
((x4 + sigmoid(y4)) / (sigmoid(x4) + xpy4**2)).backward()
print("2: dxpy =", xpy4.grad + 0.0)

# %% [markdown] tags=["answer"]
# 1: Only the path of the last line that sets dx is left; the others are overwritten.
#
# 2: 0, as its local gradient, 2 xpy, is 0: where a square is smallest it does not change.
#
# 3: a gets 1/2 along the sum and -1 along the product, b gets 1 and -2.

# %% tags=["answer"]
sheet.answers

# %% tags=["answer"]
print(staged_code(h).partition("reverse order\n")[2])

# %% [markdown]
# To take away: a backward pass is the forward pass in reverse, a line for each wire, and `+=` where
# a value is used again.
