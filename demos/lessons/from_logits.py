# %% [markdown]
# # Losses from the logits: where digits are lost, and one node less
#
# The cross-entropy can be had from probabilities, or from the logits that they are made of. On
# paper both are the same. In floats they are not.

# %% [markdown]
# ## Why from the logits
#
# Three ways to the loss for the label 0: from the probability σ(z), from the probabilities of two
# classes with the logits 0 and z, and from z itself. On paper each is ln(1 + exp(z)), which for
# large z is z and a tiny bit more.

# %%
from collections.abc import Callable

from autograd_core import Value
from nn import binary_cross_entropy, binary_cross_entropy_from_logit, logistic, softmax
from nn import negative_log_likelihood as nll

ways: dict[str, Callable[[Value], Value]] = {
    "through σ": lambda z: binary_cross_entropy(logistic(z).detach(), 0),
    "through softmax": lambda z: nll([p.detach() for p in softmax([Value(0.0), z])], 0),
    "from the logit": lambda z: binary_cross_entropy_from_logit(z, 0),
}

# %% [markdown]
# (`detach` keeps the number alone. Without it the losses of `nn` see where a probability comes
# from, and go back to z.) Guess which way fails first as z grows:

# %%
from demos.show import table


def attempt(way: Callable[[Value], Value], z: float) -> str:
    try:
        return f"{way(Value(z)):.12g}"
    except ValueError:
        return "ln 0"


large = (1.0, 10.0, 30.0, 40.0, 800.0)
table(("z", *ways), [(z, *(attempt(way, z) for way in ways.values())) for z in large])

# %% [markdown]
# At z = 30 only a few digits of 1 - σ(z) are left, and from z = 37 on the float σ(z) is exactly 1.
# From z = 746 on exp(-z) is exactly 0.

# %%
from math import exp, log1p

print("1 - σ(36) =", 1 - logistic(36.0), " 1 - σ(37) =", 1 - logistic(37.0))
print("exp(-745) =", exp(-745.0), " exp(-746) =", exp(-746.0))

# %% [markdown]
# What follows is the logarithm of 0, and it comes just where the network is most wrong and has most
# to learn. The loss says so, and what to use in its place:

# %%
try:
    ways["through σ"](Value(40.0))
except ValueError as error:
    print(error)

# %% [markdown]
# From the logit nothing is lost: at z = 800 the loss is 800, and its gradient p - y is

# %%
far = Value(800.0)
binary_cross_entropy_from_logit(far, 0).backward()
far.grad

# %% [markdown]
# ## One output node less
#
# Probabilities add up to 1, so the first class needs no node of its own: its probability is 1 minus
# the others. In terms of logits, its z is wired to 0, and the others are differences from it.
# Adding the same number to all logits changes no probability. Here class 1 of three is right:

# %%
from nn import softmax_cross_entropy, softmax_cross_entropy_without_first, softmax_without_first

z0, z1, z2 = z = [Value(2.0), Value(1.0), Value(-1.0)]
softmax_cross_entropy(z, 1).backward()
less = [Value(z1.data - z0.data), Value(z2.data - z0.data)]
softmax_cross_entropy_without_first(less, 1).backward()
nodes = [("", ""), *((f"{node.data:g}", f"{node.grad:.6g}") for node in less)]
classes = [
    (k, z[k].data, g.data, z[k].grad, logit, same.data, delta)
    for k, (g, same, (logit, delta)) in enumerate(
        zip(softmax(z), softmax_without_first(less), nodes, strict=True)
    )
]
table(("class", "z", "g", "δ", "z, one less", "g, one less", "δ, one less"), classes)

# %% [markdown]
# With two classes this leaves a single logit, and softmax becomes the logistic function. So binary
# cross-entropy is this same loss. For z = 2:

# %%
first_class, second_class = softmax_without_first([Value(2.0)])
print(f"softmax: {second_class:.6f}, logistic: {logistic(2.0):.6f}")

# %% [markdown]
# And its circuit: for large z the loss grows like z.

# %%
from viz import draw

single = Value(2.0, "z")
cost = binary_cross_entropy_from_logit(single, 0)
cost.backward()
draw(cost)

# %% [markdown]
# ## Exercises
#
# 1. Show on paper that softmax of (0, z) gives class 1 the probability σ(z).
# 2. ln(1 + exp(z)) is the loss for the label 0. At z = 800 exp(z) overflows. How can it be computed
#    all the same?
# 3. One network answers (2, 1, -1), another (102, 101, 99). Do they say the same? In floats, too?

# %% tags=["answer"]
large_z = 800.0
print("2:", max(large_z, 0.0) + log1p(exp(-abs(large_z))))
for shift in (0.0, 100.0):
    print("3:", [f"{g.data:.6f}" for g in softmax([Value(n + shift) for n in (2.0, 1.0, -1.0)])])

# %% [markdown] tags=["answer"]
# 1: exp(z) / (exp(0) + exp(z)) is 1 / (1 + exp(-z)): divide above and below by exp(z).
#
# 2: As z + ln(1 + exp(-z)) for z > 0: the large part is taken out, and what is left is small. This
# is what `nn` does.
#
# 3: Yes, all logits differ by the same 100. In floats too, for softmax takes the largest logit out
# before exp: exp(800) is no float.

# %% [markdown]
# To take away: give a loss the logits, not the probabilities. Softmax of k classes needs only k - 1
# of them.
