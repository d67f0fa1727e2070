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
from autograd_core import Value, sigmoid
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
# That is where the backward pass begins. If the outputs have an activation function S, it goes on
# to the weighted sums z with one more factor, the slope S′(z), output by output:
#
#     δ = ∂C/∂z = S′(z) · 2 (ŷ - y)
#
# What is δ for outputs ŷ = σ(z)?

# %%
sums = [Value(1.0), Value(-2.0)]
outputs, targets = [sigmoid(z) for z in sums], [1.0, 0.5]
squared_error(outputs, targets).backward()
chain = []
for each, out, target in zip(sums, outputs, targets, strict=True):
    factors = (out.data * (1 - out.data), 2 * (out.data - target))
    chain.append((each.data, out.data, *factors, factors[0] * factors[1], each.grad))

table(("z", "ŷ = σ(z)", "σ′(z)", "2 (ŷ - y)", "product", "engine, ∂C/∂z"), chain)

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
# ## Cross-entropy: the probability of what happened
#
# For classes a network gives probabilities. A good one gives a high probability to what has
# happened, in all examples together. That is a product, p₁ p₂ p₃ …, which soon is too small for a
# float. Its logarithm is a sum, with one term for each example. With a minus sign, so that less is
# better, a term is -ln p of what has happened: the cross-entropy, or negative log-likelihood. Two
# thousand examples with p = 1/2:

# %%
from autograd_core import log

print("product:", 0.5**2000, "  sum of -ln p:", -2000 * log(0.5))

# %% [markdown]
# With two classes and p for the probability of class 1, the label y is 1 or 0, and one formula has
# both cases:
#
#     J = -(y ln p + (1 - y) ln(1 - p))        dJ/dp = -y / p + (1 - y) / (1 - p)

# %%
from demos.figures import BLUE, ORANGE, new_axes, plot
from nn import binary_cross_entropy

grid = [place / 200 for place in range(2, 199)]
[ax] = new_axes(6.0, 3.0)
for label, colour in ((1, BLUE), (0, ORANGE)):
    costs = [binary_cross_entropy(Value(p), label).data for p in grid]
    ax.plot(grid, costs, color=colour, label=f"y = {label}")

ax.set(xlabel="p", ylabel="J")
ax.legend(frameon=False, fontsize="small")
plot(
    ax,
    "Cross-entropy, for both labels.",
    "For y = 1 the loss falls from high values near p = 0 to 0 at p = 1. For y = 0 it rises from 0 "
    "at p = 0 to high values near p = 1.",
)

# %% [markdown]
# ## Two wrong signs
#
# A slide prints it otherwise:
#
#     J = y log p + (1 - y) log(1 - p)        dJ/dp = y / p + (1 - y) / (1 - p)
#
# A good output must cost little, and J must fall on the way to it. Which signs are wrong?


# %% tags=["answer"]
def printed(p: Value, y: float) -> Value:
    return y * log(p) + (1 - y) * log(1 - p)


judged = []
for p, label, output in ((0.9, 1, "good"), (0.1, 1, "bad"), (0.9, 0, "bad"), (0.1, 0, "good")):
    given, wanted = Value(p), Value(p)
    losses = [printed(given, label), binary_cross_entropy(wanted, label)]
    for cost in losses:
        cost.backward()
    slopes = label / p + (1 - label) / (1 - p), given.grad, wanted.grad
    judged.append((p, label, output, losses[0].data, losses[1].data, *slopes))

columns = "J as printed", "J of nn", "dJ/dp printed", "of the printed J", "of nn"
table(("p", "y", "output is", *columns), judged)

# %% [markdown] tags=["answer"]
# J lacks the minus sign in front. As printed it is lowest where the output is worst, and who
# minimises it learns the opposite. The derivative of log(1 - p) is -1 / (1 - p); the slide lacks
# this minus sign, too. So the printed derivative fits neither J: at y = 0 it is not that of the
# printed J, and at y = 1 not that of the right one.

# %% [markdown]
# With p = σ(z), whose slope is p (1 - p), the right derivative becomes simple:
#
#     dJ/dz = dJ/dp · p (1 - p) = -y (1 - p) + (1 - y) p = p - y

# %% [markdown]
# ## Softmax cross-entropy
#
# For several classes, softmax makes probabilities g of the outputs z of the last layer, which are
# called logits, and the loss C is -ln g of the right class. Put together,
#
#     C = -z_y + ln Σ exp(z_k)        δ_k = ∂C/∂z_k = g_k - 1{k = y}
#
# The first term gives -1 for k = y and 0 for all others. The second gives exp(z_k) / Σ exp(z_j),
# which is g_k. So δ is what the network said minus what it should have said. Here class 1 is right:

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
# The probabilities add up to 1 and so does the target, so the δ add up to 0. Change the logits, and
# watch the loss and the three δ.

# %%
from viz import page

page(C, decimals=4)

# %% [markdown]
# ## Exercises
#
# 1. The logits are ln 2, 0 and 0, and class 2 is right, the last one. What does softmax say? Fill
#    in the three δ.
# 2. A probability p = σ(z) is 1/2, and the label is 1. What is dC/dz of the cross-entropy?
# 3. Which of a hinge loss and a cross-entropy still pulls at an output that is right by far?
# 4. A neuron with a σ is surely wrong: z = -10, and y = 1. What is its δ with the cross-entropy,
#    and with ½ (ŷ - y)²?

# %%
from viz import worksheet

logits = [Value(log(2.0), "z0"), Value(0.0, "z1"), Value(0.0, "z2")]
sheet = worksheet(softmax_cross_entropy(logits, 2))
sheet

# %% tags=["answer"]
sheet.answers

# %% tags=["answer"]
from nn import binary_cross_entropy_from_logit

softmax_cross_entropy(logits, 2).backward()
even, far, same = Value(0.0), Value(-10.0), Value(-10.0)
binary_cross_entropy_from_logit(far, 1).backward()
half_squared_error(sigmoid(same), 1.0).backward()
binary_cross_entropy_from_logit(even, 1).backward()
print("1:", [round(logit.grad, 6) for logit in logits])
print("2:", even.grad)
print(f"4: {far.grad:.6f} and {same.grad:.6f}")

# %% [markdown] tags=["answer"]
# 1: It says (1/2, 1/4, 1/4), and class 2 should have had 1: (1/2, 1/4, 1/4 - 1).
#
# 2: p - y = 1/2 - 1.
#
# 3: The cross-entropy, a little: p is never quite 1. A hinge is 0 from the margin 1 on.
#
# 4: Nearly -1, and nearly 0: the squared error has the slope of σ as a factor, and σ is flat there.
# That is why classes are learned with the cross-entropy.

# %% [markdown]
# To take away: the derivative of a loss is where the backward pass begins, so its sign decides
# everything. With cross-entropy it is simply what was said minus what should have been said.
