# %% [markdown]
# # Losses, and a formula that was printed wrong
#
# A loss says how wrong an output is. Its derivative is what backpropagation starts with, so a wrong
# sign there turns learning upside down. One lecture prints binary cross-entropy with two wrong
# signs. The engine is told the loss alone and finds the derivative itself, so it is a good judge.

# %% [markdown]
# ## Squared error, with and without ½
#
# For targets that are numbers, one lecture takes ½ ‖ŷ - y‖² and another ‖ŷ - y‖². The derivatives
# are ŷ - y and 2 (ŷ - y): the ½ is there to cancel the 2, and halves every gradient. Here for two
# outputs:

# %%
from autograd_core import Value
from demos.show import table
from nn import half_squared_error, squared_error

rows = []
for name, error in (("½ ‖ŷ - y‖²", half_squared_error), ("‖ŷ - y‖²", squared_error)):
    first, second = Value(3.0), Value(-0.5)
    C = error([first, second], [1.0, 0.5])
    C.backward()
    rows.append((name, C.data, first.grad, second.grad))

table(("loss at ŷ = (3, -0.5), y = (1, 0.5)", "C", "∂C/∂ŷ1", "∂C/∂ŷ2"), rows)

# %% [markdown]
# ## Hinge: right is not enough
#
# For a label t of -1 or 1 the hinge loss is max(0, 1 - t y). An output y on the right side costs
# nothing once it is 1 or more away from 0, and then it pulls no more. Whatever is closer, or on the
# wrong side, pulls with the same force 1, however far.

# %%
from nn import hinge

margins = []
for t, y in ((1, Value(2.0)), (1, Value(0.25)), (1, Value(-3.0)), (-1, Value(0.25))):
    C = hinge(y, t)
    C.backward()
    margins.append((t, y.data, C.data, y.grad))

table(("t", "y", "max(0, 1 - t y)", "∂C/∂y"), margins)

# %% [markdown]
# ## Two wrong signs
#
# With p for the probability that the network gives, and a label y of 0 or 1, the slide has
#
#     J = y log p + (1 - y) log(1 - p)        dJ/dp = y / p + (1 - y) / (1 - p)
#
# A good output must cost little. Here is what the printed J and `nn` make of good and bad ones:

# %%
from autograd_core import log
from nn import binary_cross_entropy


def printed(p: Value, y: float) -> Value:
    return y * log(p) + (1 - y) * log(1 - p)


cases = ((0.9, 1, "good"), (0.1, 1, "bad"), (0.9, 0, "bad"), (0.1, 0, "good"))
costs = [
    (p, label, output, printed(Value(p), label).data, binary_cross_entropy(Value(p), label).data)
    for p, label, output in cases
]
table(("p", "y", "output is", "J as printed", "J of nn"), costs)

# %% [markdown]
# The printed J is never above 0 and lowest where the output is worst: whoever minimises it learns
# the opposite. It lacks the minus sign in front.

# %% [markdown]
# Now the derivatives: as printed, as the engine finds it for the printed J, as it finds it for the
# loss of `nn`, and the right one on paper.

# %%
slopes = []
for p, label, _ in cases:
    given, wanted = Value(p), Value(p)
    printed(given, label).backward()
    binary_cross_entropy(wanted, label).backward()
    as_printed = label / p + (1 - label) / (1 - p)
    on_paper = -label / p + (1 - label) / (1 - p)
    slopes.append((p, label, as_printed, given.grad, wanted.grad, on_paper))

table(("p", "y", "dJ/dp printed", "of the printed J", "of nn", "on paper"), slopes)

# %% [markdown]
# The printed derivative does not even fit the printed J: for y = 0 its sign is wrong, because the
# derivative of log(1 - p) is -1 / (1 - p). It does not fit the right loss either, for then the sign
# is wrong where y = 1. Right is
#
#     J = -(y log p + (1 - y) log(1 - p))      dJ/dp = -y / p + (1 - y) / (1 - p)
#
# and with p = σ(z) that becomes dJ/dz = p - y, as simple as for a linear neuron. Nudging p agrees
# with the engine:

# %%
from autograd_core import gradcheck

gradcheck(lambda p: binary_cross_entropy(p, 0), {"p": 0.9})

# %% [markdown]
# Downhill has to lead to the right answer, p = 1 on the left and p = 0 on the right.

# %%
from matplotlib.axes import Axes

from demos.figures import BLUE, GREY, ORANGE, new_axes, plot

grid = [place / 200 for place in range(2, 199)]


def plot_losses(ax: Axes, y: int) -> None:
    right = [binary_cross_entropy(Value(p), y).data for p in grid]
    wrong = [printed(Value(p), y).data for p in grid]
    ax.axhline(0.0, color=GREY, linewidth=0.5)
    ax.plot(grid, right, color=BLUE, label="-(y log p + (1 - y) log(1 - p))")
    ax.plot(grid, wrong, color=ORANGE, linestyle="--", label="as printed")
    ax.set(title=f"y = {y}", xlabel="p", ylim=(-4.8, 4.8))


# %%
left, right = new_axes(8.0, 3.0, columns=2, sharey=True)
plot_losses(left, 1)
plot_losses(right, 0)
left.legend(frameon=False, fontsize="small", loc="lower right")
plot(
    left,
    "The right loss and the printed one.",
    "For y = 1 the right loss falls from high values near p = 0 to 0 at p = 1, and the printed one "
    "rises to 0 from far below. For y = 0 it is the other way round.",
)

# %% [markdown]
# ## Softmax cross-entropy
#
# For several classes, softmax makes probabilities g of the outputs z of the last layer, which are
# called logits, and the loss C is -ln g of the right class. Put together,
#
#     C = -z_y + ln Σ exp(z_k)        δ_k = ∂C/∂z_k = g_k - 1{k = y}
#
# The δ of the last layer is what the network said minus what it should have said. Here class 1 is
# right:

# %%
from autograd_core import name_values
from nn import softmax, softmax_cross_entropy

z0, z1, z2 = z = [Value(2.0), Value(1.0), Value(-1.0)]
C = softmax_cross_entropy(z, 1)
C.backward()
name_values(globals())

deltas = []
for k, (logit, probability) in enumerate(zip(z, softmax(z), strict=True)):
    g = probability.data
    delta = g - (k == 1)
    deltas.append((k, logit.data, g, delta, logit.grad, f"{logit.grad - delta:.1g}"))

table(("k", "z", "g = softmax(z)", "g - 1{k = y}", "engine", "difference"), deltas)

# %% [markdown]
# The probabilities add up to 1 and so does the target, so the δ add up to 0, but for rounding:

# %%
print(f"{z0.grad + z1.grad + z2.grad:.0e}")

# %% [markdown]
# The circuit; change the logits, and watch the loss and the three δ.

# %%
from viz import draw, page

draw(C, decimals=4)

# %%
page(C, decimals=4)

# %% [markdown]
# ## Exercises
#
# 1. Softmax says (1/2, 1/4, 1/4), and class 2 is right, the last one. What are the three δ?
# 2. A probability p = σ(z) is 1/2, and the label is 1. What is dC/dz of the cross-entropy?
# 3. Which of a hinge loss and a cross-entropy still pulls at an output that is right by far?

# %% tags=["answer"]
from nn import binary_cross_entropy_from_logit

logits = [Value(log(2.0)), Value(0.0), Value(0.0)]
softmax_cross_entropy(logits, 2).backward()
even = Value(0.0)
binary_cross_entropy_from_logit(even, 1).backward()
print("1:", [round(logit.grad, 6) for logit in logits])
print("2:", even.grad)

# %% [markdown] tags=["answer"]
# 1: What it said minus what it should have said: (1/2, 1/4, 1/4 - 1).
#
# 2: p - y = 1/2 - 1.
#
# 3: The cross-entropy, a little: p is never quite 1. A hinge is 0 from the margin 1 on.

# %% [markdown]
# To take away: the derivative of a loss is where the backward pass begins, so its sign decides
# everything. With cross-entropy it is simply what was said minus what should have been said.
