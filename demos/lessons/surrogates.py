# %% [markdown]
# # What is minimised in place of mistakes
#
# A classifier should make few mistakes, so count them and go downhill? The count has no slope to go
# down. What is minimised instead are curves that lie above it. They differ in what they make of
# answers that are right but not sure, and of those that are wrong by far.

# %% [markdown]
# ## Mistakes, over the margin
#
# Let a label t be -1 or 1, and s the score that the model gives. The margin m = t s is positive
# where the sign of s is right. A mistake costs 1, all else 0; that is the 0-1 loss. The losses that
# are used in its place are functions of m, too:
#
#     hinge       max(0, 1 - m)
#     logistic    ln(1 + exp(-m)) / ln 2
#     squared     (1 - m)²

# %%
from collections.abc import Callable
from math import log

from autograd_core import Value
from autograd_core import step as unit_step
from nn import binary_cross_entropy_from_logit, hinge, squared_error

surrogates: dict[str, Callable[[Value], Value]] = {
    "0-1": lambda m: 1 - unit_step(m),
    "hinge": lambda m: hinge(m, 1),
    "logistic": lambda m: binary_cross_entropy_from_logit(m, 1) / log(2),
    "squared": lambda m: squared_error(m, 1),
}

# %% [markdown]
# (For labels of ±1 the cross-entropy of a logistic neuron is the logistic loss; the division by ln
# 2 makes it 1 at m = 0.) Guess: where do the curves cross, and which of them rises on the right?

# %%
from demos.figures import BLUE, GREY, INK, ORANGE, new_axes, plot

margins = [n / 50 - 2 for n in range(226)]
colours = {"0-1": INK, "hinge": ORANGE, "logistic": BLUE, "squared": GREY}
[ax] = new_axes(6.5, 3.4)
for name, loss in surrogates.items():
    line = "--" if name == "squared" else "-"
    ax.plot(margins, [loss(Value(m)).data for m in margins], line, color=colours[name], label=name)

ax.set(xlabel="margin m = t s", ylabel="loss", ylim=(-0.1, 5.0))
ax.legend(frameon=False, fontsize="small")
plot(
    ax,
    "Three convex curves above the count of mistakes.",
    "The 0-1 loss is 1 left of 0 and 0 right of it. Hinge falls straight to 0 at margin 1; "
    "logistic falls smoothly and never ends; squared falls to 0 at 1 and rises again after that.",
)

# %% [markdown]
# Each lies on or above the count everywhere. So their average bounds the share of mistakes from
# above: if it is small, mistakes are few. And each is convex, so that there are no false valleys
# for a linear score; the step is neither smooth nor convex.

# %% [markdown]
# ## How hard they pull
#
# What a loss does in training is its slope. Five examples: very wrong, a little wrong, undecided,
# right but near, right by far. Which losses pull hardest at the first, and which at the last?

# %%
from demos.show import table


def slope(loss: Callable[[Value], Value], m: float) -> float:
    margin = Value(m)
    loss(margin).backward()
    return margin.grad


places = (-10.0, -0.5, 0.0, 0.5, 6.0)
table(
    ("slope at m =", *(f"{m:g}" for m in places)),
    [(name, *(f"{slope(loss, m):.3f}" for m in places)) for name, loss in surrogates.items()],
)

# %% [markdown]
# - 0-1: no pull at all. Gradient descent stands still, however many mistakes there are.
# - hinge: the same pull for all that are wrong or nearer than 1, none for the rest.
# - logistic: a pull that never quite ends, and that has a limit for the very wrong.
# - squared: the worse the harder, and the right ones are pulled back, as the sign at m = 6 says.
#   That is what tilts the line of linear regression towards a point that is no trouble.

# %% [markdown]
# ## The risk
#
# The average loss over the examples is called the empirical risk. Eight examples on a line, and a
# threshold at b, the score being s = x - b. The classes overlap, so one mistake at least remains.
# As b moves, the four risks are

# %%
examples = [(-2.0, -1), (-1.4, -1), (-0.9, -1), (-0.2, 1), (0.3, -1), (0.8, 1), (1.5, 1), (2.2, 1)]


def risk(loss: Callable[[Value], Value], b: Value) -> Value:
    return sum((loss(t * (x - b)) for x, t in examples), Value(0.0)) / len(examples)


thresholds = [n / 50 - 2 for n in range(201)]
curves = {
    name: [risk(loss, Value(b)).data for b in thresholds] for name, loss in surrogates.items()
}

# %%
[ax] = new_axes(6.5, 3.2)
for name, heights in curves.items():
    line = "--" if name == "squared" else "-"
    ax.plot(thresholds, heights, line, color=colours[name], label=name)

ax.set(xlabel="threshold b", ylabel="empirical risk", ylim=(0, 3))
ax.legend(frameon=False, fontsize="small")
plot(
    ax,
    "The risk of a threshold: stairs, and three valleys.",
    "The share of mistakes over b is a staircase with two lowest stairs, left and right of 0. The "
    "three surrogates are valleys above it, with their lowest points near 0.",
)

# %%
rows = []
for name, heights in curves.items():
    place = heights.index(min(heights))
    mistakes_there = curves["0-1"][place]
    rows.append((name, f"{min(heights):.3f}", f"{thresholds[place]:.2f}", f"{mistakes_there:.3f}"))

table(("loss", "lowest risk", "first at b =", "share of mistakes there"), rows)

# %% [markdown]
# All three valleys are above the stairs: the bound holds. But all three have their bottom on the
# stair between the two lowest ones, with one mistake more. They weigh how wrong each example is,
# and do not count. A surrogate leads close to the fewest mistakes, not always to them.
#
# ## A recipe in four steps
#
# "How do I set the weight matrices?" a lecture asks. One designs how the network learns, like any
# other learning system:
#
# 1. Take training data: pairs (xᵢ, yᵢ).
# 2. Choose a decision function f with parameters θ, and a loss.
# 3. State the goal: the θ with the least empirical risk, plus λ times a penalty Ω(θ) on weights.
# 4. Take small steps against the gradient, which backpropagation computes.
#
# In a lecture's letters the goal is J(θ) = 1/T Σ l(f(xₜ; θ), yₜ) + λ Ω(θ), with T examples, and a
# step is θ ← θ + α Δ with Δ = -∇l - λ ∇Ω. Here are the four steps:

# %%
import numpy as np

from nn import L2, Neuron, SteepestDescent, Trainer

source = np.random.default_rng(3)
labels = np.repeat([-1, 1], 40)
points = source.normal(size=(80, 2)) + 0.9 * labels[:, None]

model = Neuron(2, activation="identity", seed=1)
penalty = L2(0.1)

trainer = Trainer(model, hinge, SteepestDescent(0.1), penalty=penalty)
trainer.fit(points, labels, epochs=100, progress=False)

# %% [markdown]
# J whole, by its parts; the trainer measures the risk alone, too:

# %%
losses = [hinge(model(x), t).data for x, t in zip(points, labels, strict=True)]
data_risk, omega = sum(losses) / len(losses), penalty(model).data
print(f"risk: {data_risk:.6f}, by the trainer: {trainer.evaluate(points, labels)['loss']:.6f}")
print(f"J = {data_risk:.6f} + {omega:.6f} = {data_risk + omega:.6f}")

# %% [markdown]
# And what we wanted in the first place, on these examples and on 2000 new ones of the same kind:


# %%
def mistakes(points: np.ndarray, labels: np.ndarray) -> float:
    return float(np.mean(np.sign(trainer.predict(points)) != labels))


new_labels = np.repeat([-1, 1], 1000)
new_points = source.normal(size=(2000, 2)) + 0.9 * new_labels[:, None]
print(f"mistakes: {mistakes(points, labels):.3f}, at most the risk: {data_risk:.3f}")
print(f"mistakes on new points: {mistakes(new_points, new_labels):.3f}")

# %% [markdown]
# ## Exercises
#
# 1. An example has t = -1, and the score s = 2. What do the four losses make of it, and which way
#    does each move s?
# 2. Label 0 is written as y = 0 with a logistic neuron, and as t = -1 here. Show that -ln(1 - σ(s))
#    is ln(1 + exp(-t s)).
# 3. The average hinge loss of 50 examples is 0.1. How many mistakes can there be at most?

# %% tags=["answer"]
for name, loss in surrogates.items():
    s = Value(2.0)
    value = loss(-1 * s)
    value.backward()
    print(f"1: {name:8}  loss {value.data:.3f}, slope in s {s.grad:+.3f}")

# %% [markdown] tags=["answer"]
# 1: The margin is -2, a mistake. All but the count have a positive slope in s, so a step makes s
# smaller. Mind the sign: the slope in s is t times the slope in m.
#
# 2: 1 - σ(s) = σ(-s) = 1/(1 + exp(s)), so -ln of it is ln(1 + exp(s)), and with t = -1 that is
# ln(1 + exp(-t s)).
#
# 3: Each mistake costs at least 1, and all 50 together cost 5. So at most five.

# %% [markdown]
# To take away: count mistakes to judge, descend on a surrogate to learn. Choose it by how it pulls:
# squared pulls at what is right, hinge rests beyond the margin, logistic never quite rests.
