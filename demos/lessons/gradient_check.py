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
# Backpropagation and paper are the same to the last digit. (So a lecture's slide is wrong where it
# says that the gradient "can't be computed analytically, nor easily approximated": the first column
# is analytic, and the next two approximate it.) The largest relative errors of forward and of
# centred differences:

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
# The backward pass visits each gate once, whatever the number of weights.

# %% [markdown]
# ## What a check finds
#
# A mistake in a gradient is hardly ever small. Let us make one: in x · x, forget that x is used
# twice. `x.detach()` is a new value with the number of x and no wire to it. What is lost?

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
# The smaller the better? Guess which power of ten is best. Here is the relative error of both
# methods for the slope of σ, the largest found at seventeen places from -2 to 2, and the number of
# leading digits that are right.

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
# ## Exercises
#
# 1. A network has 7850 weights. How many evaluations does a gradient take by centred differences?
# 2. W·x is linear in W. Which of the two errors do forward differences then have, and which h is
#    best?
# 3. A student takes 1 + z for the slope of exp(z). Would a check at z = 0.1 find it? And at z = 0?
# 4. What do you check with: h = 1e-6 and centred differences, or h = 1e-8 and forward ones?

# %% tags=["answer"]
from math import exp

x1, x2 = 0.5, -0.2
for h in (1e-6, 1e-2, 1.0):
    linear = gradcheck(lambda *w: w[0] * x1 + w[1] * x2, [-0.8, 0.3], method="forward", step=h)
    print(f"2: h = {h:g}, relative error {linear.worst:.0e}")

for z in (0.1, 0.0):
    nudged = (exp(z + 1e-6) - exp(z - 1e-6)) / 2e-6
    print(f"3: z = {z}, by the student {1 + z:.6f}, nudged {nudged:.6f}")

# %% [markdown] tags=["answer"]
# 1: Two for each weight, 15,700. Backpropagation takes one forward and one backward pass.
#
# 2: Rounding alone, for nothing is cut off. So the larger h, the better.
#
# 3: At 0.1 yes: the third digit differs, and a check is good to nine. At 0 no, for there 1 + z is
# right. Check at several places, and not at special ones.
#
# 4: The first: nine digits against six.

# %% [markdown]
# To take away: derive on paper to understand, nudge to check, backpropagate to compute.
