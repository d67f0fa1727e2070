# %% [markdown]
# # The chain rule, in one variable and in several, against exact derivatives
#
# Backpropagation claims to compute derivatives, not to approximate them. Here it has to prove that
# on two functions that can be differentiated on paper. The formulas from paper are evaluated in
# fractions, which make no rounding errors at all.

# %% [markdown]
# ## One path: f(g(x))
#
# Here x reaches f through g alone:
#
#     g = x³ + 2x        f = 2g² - 3g + 1
#
# On paper the chain rule multiplies two derivatives:
#
#     df/dx = df/dg · dg/dx = (4g - 3) (3x² + 2)
#
# What is that at x = 1/2? The engine has no such formula. It multiplies local gradients along the
# wires, and adds where a value is used more than once.

# %%
from autograd_core import Value, name_values
from viz import draw

x = Value(0.5)
g = x**3 + 2 * x
f = 2 * g**2 - 3 * g + 1
name_values(globals())
f.backward()
draw(f, decimals=3)

# %% [markdown]
# It says 4.125. Is that right, and is it right elsewhere? `f.forward()` evaluates the circuit at
# another x.

# %%
from fractions import Fraction

from demos.show import table


def one_path(x: Fraction) -> Fraction:
    g = x**3 + 2 * x
    return (4 * g - 3) * (3 * x**2 + 2)


points = [Fraction(n, 4) for n in (-8, -3, 0, 2, 5, 12)]
rows = []
for point in points:
    exact = one_path(point)
    x.data, x.grad = float(point), 0.0
    f.forward().backward()
    rows.append((str(point), str(exact), x.grad, float(Fraction(x.grad) - exact)))

table(("x", "exact df/dx", "backpropagation", "difference"), rows)

# %% [markdown]
# ## Two paths: f(g1(x), g2(x))
#
# Now x acts on f along two paths:
#
#     g1 = 3x        g2 = x² + 2x        f = 2g1² - 3 g1 g2 + 1
#
# The multivariate chain rule adds what the paths bring:
#
#     df/dx = ∂f/∂g1 · dg1/dx + ∂f/∂g2 · dg2/dx
#           = (4g1 - 3g2) 3   + (-3g1) (2x + 2)
#
# In the circuit that sum is nothing special: x is used more than once, so its gradients add.

# %%
x = Value(0.5)
g1 = 3 * x
g2 = x**2 + 2 * x
f = 2 * g1**2 - 3 * g1 * g2 + 1
name_values(globals())
f.backward()
draw(f, decimals=3)


# %%
def two_paths(x: Fraction) -> Fraction:
    g1, g2 = 3 * x, x**2 + 2 * x
    return (4 * g1 - 3 * g2) * 3 + (-3 * g1) * (2 * x + 2)


rows = []
for point in points:
    exact = two_paths(point)
    x.data, x.grad = float(point), 0.0
    f.forward().backward()
    rows.append((str(point), str(exact), x.grad, float(Fraction(x.grad) - exact)))

table(("x", "exact df/dx", "backpropagation", "difference"), rows)

# %% [markdown]
# Multiply it all out and most terms cancel: f = 1 - 9x³, so df/dx = -27x². The circuit does not
# know that. It computes the same number the long way round.
#
# A network is a long chain of this kind. It computes in layers, and each layer is a function of the
# one before:
#
#     f(x) = f₃(f₂(f₁(x)))        df/dx = df/df₂ · df₂/df₁ · df₁/dx
#
# The backward pass multiplies from the left: what it has after each factor is the derivative by a
# layer's output, which is what the weights of that layer need.

# %% [markdown]
# ## The derivative is a circuit too
#
# Where `backward()` leaves numbers, `grad(f, [x])` builds gates. Each local gradient becomes a
# small circuit of its own, and where paths meet, one `dot` gate, drawn as Σwx, adds up upstream ×
# local over all of them. What comes out is a value like any other; `backward()` differentiates
# it.

# %%
from autograd_core import grad

x.data, x.grad = 0.5, 0.0
[slope] = grad(f.forward(), [x])
slope.label = "df/dx"
slope.backward()
draw(slope, decimals=3)

# %% [markdown]
# On paper the second derivative of 1 - 9x³ is -54x, which is -27 at x = 1/2. That is the gradient
# of x in this picture. `grad` of `grad` gives it as well:

# %%
[curvature] = grad(slope, [x])
print(x.grad, curvature.data)

# %% [markdown]
# ## Try it
#
# Change x: the output is -27x², and the gradient of x is -54x. Under Slope that is the slope of the
# tangent.

# %%
from viz import page

page(slope)

# %% [markdown]
# ## Exercises
#
# 1. h = u² + 3u with u = t², at t = 2. Work out dh/dt on paper, by the chain rule; then fill in the
#    sheet, gate by gate, and compare.
# 2. How many paths lead from t to h, and what does each of them bring?
# 3. A student forgets the second path. For which u would the answer still be right?

# %%
from viz import worksheet

t = Value(2.0)
u = t**2
h = u**2 + 3 * u
name_values(globals())
sheet = worksheet(h)
sheet

# %% tags=["answer"]
sheet.answers

# %% [markdown] tags=["answer"]
# 1: dh/du = 2u + 3 = 11 and du/dt = 2t = 4, so dh/dt = 44.
#
# 2: Two, since u is used twice. They bring 8 × 4 = 32 and 3 × 4 = 12.
#
# 3: For none: the second path brings 3 to u, whatever u is. (At t = 0 the answer would be right
# all the same, for du/dt is 0 there.)

# %% [markdown]
# To take away: along a path derivatives are multiplied, over paths they are added.
