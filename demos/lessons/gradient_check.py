# %% [markdown]
# # Four ways to a gradient, and how to check one with another
#
# A gradient can be worked out on paper, estimated by nudging each input, or computed by
# backpropagation. On paper it is exact, but long, and easy to get wrong. Nudging needs no calculus
# at all, but it is slow and only nearly right. Backpropagation is exact and fast, and if its code
# has a mistake, nudging finds it. That is what a gradient check is.

# %% [markdown]
# ## Do they agree?
#
# The sigmoid neuron once more, with its five inputs. On paper its gradient is (1 - f) f times the
# factor that the input is multiplied with:

# %%
from autograd_core import Value, gradcheck, sigmoid


def neuron(w0: Value, x0: Value, w1: Value, x1: Value, w2: Value) -> Value:
    return sigmoid(w0 * x0 + w1 * x1 + w2)


w0, x0, w1, x1, w2 = 2.0, -1.0, -3.0, -2.0, -3.0
f = sigmoid(w0 * x0 + w1 * x1 + w2)
slope = (1 - f) * f
on_paper = {"w0": slope * x0, "x0": slope * w0, "w1": slope * x1, "x1": slope * w1, "w2": slope}

# %% [markdown]
# Numerical differentiation moves one input after the other by a small h, here by the usual 1e-6.
# There are two ways to do it:
#
#     forward differences   (f(x + h) - f(x)) / h
#     centred differences   (f(x + h) - f(x - h)) / 2h

# %%
from demos.show import table

point = {"w0": w0, "x0": x0, "w1": w1, "x1": x1, "w2": w2}
forward = gradcheck(neuron, point, method="forward", step=1e-6)
centred = gradcheck(neuron, point, step=1e-6)
rows = []
for one, two in zip(forward.checks, centred.checks, strict=True):
    gradients = on_paper[one.name], one.numeric, two.numeric, two.analytic
    rows.append((one.name, *(f"{gradient:.12f}" for gradient in gradients)))

table(("input", "symbolic", "forward", "centred", "backpropagation"), rows)

# %% [markdown]
# Backpropagation and paper are the same to the last digit. The largest relative errors of forward
# and of centred differences:

# %%
print(f"{forward.worst:.0e}, {centred.worst:.0e}")

# %% [markdown]
# The engine's own gradient check prints its result like this:

# %%
print(centred)

# %% [markdown]
# ## What do they cost?
#
# Here are the evaluations of the whole function, for a neuron with n inputs:

# %%
from autograd_core import total


def squashed_sum(*inputs: Value) -> Value:
    value: Value = sigmoid(total(inputs))
    return value


rows = []
for n in (1, 10, 100):
    forward = gradcheck(squashed_sum, [0.1] * n, method="forward")
    centred = gradcheck(squashed_sum, [0.1] * n)
    evaluations = f"{forward.evaluations}", f"{centred.evaluations}"
    rows.append((f"{n}", *evaluations, "1 forward + 1 backward"))

rows.append(("n", "n + 1", "2n", "1 forward + 1 backward"))
table(("inputs", "forward", "centred", "backpropagation"), rows)

# %% [markdown]
# A network with a million weights would have to be evaluated a million times for one numerical
# gradient. The backward pass visits each gate once, whatever the number of weights.

# %% [markdown]
# ## What a check finds
#
# A mistake in a gradient is hardly ever small. Let us make one: in x · x, forget that x is used
# twice, by detaching the second x from the first. Half of the gradient is lost.

# %%
from viz import draw


def forgetful(x: Value) -> Value:
    return x * x.detach()


x = Value(3.0, "x")
mistaken = forgetful(x)
mistaken.backward()
draw(mistaken)

# %%
print(gradcheck(forgetful, {"x": x}))

# %% [markdown]
# At a kink the roles are turned around. The relu gate has a corner at 0; a step that reaches across
# it averages two slopes, and it is the numerical gradient that is wrong:

# %%
from autograd_core import relu

print(gradcheck(relu, {"x": 1e-7}))

# %% [markdown]
# ## How small should h be?
#
# The smaller the better, one would think. Here is the relative error of both methods for the slope
# of σ, the largest found at seventeen places from -2 to 2, and the number of leading digits that
# are right.

# %%
from math import log10

places = [n / 4 for n in range(-8, 9)]
steps = [10.0**-n for n in range(1, 15)]
forward_errors, centred_errors, rows = [], [], []
for h in steps:
    ahead = max(gradcheck(sigmoid, [x], method="forward", step=h).worst for x in places)
    around = max(gradcheck(sigmoid, [x], step=h).worst for x in places)
    forward_errors.append(ahead)
    centred_errors.append(around)
    digits = [f"{max(0, int(-log10(error)))}" for error in (ahead, around)]
    rows.append((f"{h:.0e}", f"{ahead:.1e}", digits[0], f"{around:.1e}", digits[1]))

table(("h", "forward", "digits right", "centred", "digits right"), rows)

# %%
print(f"best h, forward: {min(zip(forward_errors, steps, strict=True))[1]:.0e}")
print(f"best h, centred: {min(zip(centred_errors, steps, strict=True))[1]:.0e}")

# %% [markdown]
# Going down the table, truncation rules first: the formula is cut off after its first terms.
# Forward differences then err in proportion to h, one digit gained for each row; centred ones in
# proportion to h², two digits for each row. Further down rounding takes over: f(x + h) and f(x - h)
# agree in almost all of their sixteen digits, the subtraction leaves only the last few, and the
# division by h blows their error up. It grows like 1/h. On logarithmic axes all of these are
# straight lines:

# %%
from demos.figures import BLUE, ORANGE, new_axes, plot

[ax] = new_axes(6.0, 3.2)
ax.loglog(steps, forward_errors, "o-", color=ORANGE, markersize=4, label="forward")
ax.loglog(steps, centred_errors, "o-", color=BLUE, markersize=4, label="centred")
ax.set(xlabel="h", ylabel="relative error")
ax.legend(frameon=False, fontsize="small")
plot(
    ax,
    "Truncation on the right, rounding on the left.",
    "Both errors are shaped like a V. From the largest h on, the forward error falls tenfold with "
    "each step and turns near 1e-7; the centred one falls a hundredfold and turns near 1e-5. Below "
    "that both rise again, about tenfold with each step.",
)

# %% [markdown]
# The best step of all is where the two errors meet: near √ε for forward differences and near ∛ε for
# centred ones, with ε the spacing of floats around 1. These are the steps that `gradcheck` takes if
# it is not told otherwise.

# %%
from sys import float_info

epsilon = float_info.epsilon
print(f"ε = {epsilon:.1e}, √ε = {epsilon ** (1 / 2):.1e}, ∛ε = {epsilon ** (1 / 3):.1e}")

# %% [markdown]
# ## Exercise
#
# The lecture's example is W·x with W = (-0.8, 0.3) and x = (0.5, -0.2): one entry of W gets an ε
# more. What is the slope of W·x for each entry of W? Predict, then nudge.

# %% tags=["answer"]
x1, x2 = 0.5, -0.2
print(gradcheck(lambda w1, w2: w1 * x1 + w2 * x2, {"w1": -0.8, "w2": 0.3}))

# %% [markdown] tags=["answer"]
# The slopes are the entries of x. W·x is linear in W, so a nudge of any size gives them exactly, up
# to rounding.

# %% [markdown]
# To take away: derive on paper to understand, nudge to check, backpropagate to compute.
