# %% [markdown]
# # Logistic regression in two dimensions: a surface, and its margin
#
# A logistic neuron with two inputs: its answers are a surface over the plane, a soft step along a
# straight line. Trained by cross-entropy it looks for more than a line without mistakes. It prefers
# one with room on both sides, which a hard step cannot.

# %% [markdown]
# ## Two clouds
#
# Forty points of two classes, which overlap a little.

# %%
import numpy as np

source = np.random.default_rng(6)
labels = np.repeat([0, 1], 20)
points = source.normal(size=(40, 2)) + np.where(labels[:, None] == 1, 1.2, -1.2) * [1.0, 0.6]

# %% [markdown]
# Linear regression is a plane, w₁x₁ + w₂x₂ + b, fitted to the labels by least squares. Logistic
# regression is σ of such a sum, fitted by cross-entropy:

# %%
from nn import LineSearch, Neuron, Trainer, binary_cross_entropy, half_squared_error

plane = Trainer(Neuron(2, activation="identity", seed=1), half_squared_error, LineSearch(8.0))
sigmoid = Trainer(Neuron(2, activation="logistic", seed=1), binary_cross_entropy, LineSearch(8.0))
for trainer in (plane, sigmoid):
    history = trainer.fit(points, labels, epochs=500, tolerance=1e-14, progress=False)

# %%
from demos.show import table

rows = []
for name, trainer in (("w·x + b", plane), ("σ(w·x + b)", sigmoid)):
    w1, w2, b = (parameter.data for parameter in trainer.model.parameters())
    answers = trainer.predict(points)
    wrong = np.sum((answers > 0.5) != (labels == 1))
    spread = f"{answers.min():.3f} … {answers.max():.3f}"
    rows.append((name, f"{w1:.4f}", f"{w2:.4f}", f"{b:.4f}", spread, f"{wrong}"))

table(("model", "w1", "w2", "b", "answers", "wrong of 40"), rows)

# %% [markdown]
# ## The surfaces

# %%
from typing import Any

from demos.figures import BLUE, GREY, ORANGE, new_axes, plot

x1, x2 = np.meshgrid(np.linspace(-4.0, 4.0, 41), np.linspace(-4.0, 4.0, 6))
everywhere = np.column_stack([x1.ravel(), x2.ravel()])


def plot_surface(ax: Any, trainer: Trainer, title: str) -> None:
    heights = trainer.predict(everywhere).reshape(x1.shape)
    ax.plot_surface(x1, x2, heights, color=BLUE, alpha=0.45, linewidth=0.1)
    for label, colour in ((0, ORANGE), (1, BLUE)):
        ax.scatter(*points[labels == label].T, label, color=colour, s=9, depthshade=False)
    ax.set(title=title, xlabel="x₁", ylabel="x₂", zlim=(-0.7, 1.7), zticks=(0, 0.5, 1))
    ax.set(xticks=(-4, 0, 4), yticks=(-4, 0, 4))
    ax.set_box_aspect(None, zoom=1.0)
    ax.view_init(elev=18, azim=-70)


# %%
left, right = new_axes(8.4, 3.4, columns=2, subplot_kw={"projection": "3d"})
plot_surface(left, plane, "w·x + b")
plot_surface(right, sigmoid, "σ(w·x + b)")
plot(
    left,
    "A plane, and a soft step.",
    "Two surfaces over the plane of two inputs. The left one is a tilted plane that leaves 0 and 1 "
    "far behind; the right one is flat at 0, rises along a line between the clouds, and is flat "
    "at 1.",
)

# %% [markdown]
# The plane goes on beyond 0 and 1, σ stays between. It is 0.5 where w·x + b = 0, which is a
# straight line: logistic regression is a linear classifier. From above:

# %%
from viz.plots import decision_boundary

left, right = new_axes(8.4, 3.2, columns=2, sharey=True)
for ax, trainer, title in ((left, plane, "w·x + b"), (right, sigmoid, "σ(w·x + b)")):
    decision_boundary(
        trainer.model, points, labels, ax, threshold=0.5, evaluate=trainer.predict, resolution=60
    ).set(title=title, xlabel="x₁", ylabel="x₂")

plot(
    left,
    "The same two from above, and where they decide.",
    "Two planes with forty points and a straight black line between the classes. Around the line "
    "colours change slowly on the left, and quickly on the right.",
)

# %% [markdown]
# ## Room on both sides
#
# "A sigmoid favours a larger margin compared with a step classifier", says a slide. The margin is
# the distance from the line to the nearest point. Six points that a line parts with ease: where
# will each kind of neuron put it, and does that depend on the first weights?

# %%
from nn import SteepestDescent, perceptron_rule

six = np.array([[0.0, 1.0], [1.0, 2.5], [-1.0, 1.5], [2.0, -0.5], [3.0, 0.5], [2.5, -1.5]])
classes = np.array([0, 0, 0, 1, 1, 1])


def line_of(neuron: Neuron) -> tuple[float, float, float]:
    w1, w2, b = (parameter.data for parameter in neuron.parameters())
    return w1, w2, b


def margin(neuron: Neuron) -> float:
    w1, w2, b = line_of(neuron)
    sides = np.where(classes == 1, 1, -1) * (six @ [w1, w2] + b)
    return float(sides.min() / np.hypot(w1, w2))


# %% [markdown]
# Five starts each: the step neurons until they make no mistake, and the logistic ones with the same
# first weights for 100 steps and for 2,000. A support vector machine of scikit-learn computes the
# largest margin there is.

# %%
from sklearn.svm import SVC

best = SVC(kernel="linear", C=1e6).fit(six, classes)
largest = 1 / float(np.linalg.norm(best.coef_))
found, lines = [], []
for seed in range(1, 6):
    hard = Neuron(2, activation="step", seed=seed)
    soft = Neuron(2, activation="logistic", seed=seed)
    wrong_ones = perceptron_rule(hard, six, classes)
    learner = Trainer(soft, binary_cross_entropy, SteepestDescent(1.0))
    margins = [margin(hard)]
    for steps in (100, 1_900):
        history = learner.fit(six, classes, epochs=steps, progress=False)
        margins.append(margin(soft))
    found.append((f"{seed}", *(f"{distance:.3f}" for distance in margins)))
    lines.append((line_of(hard), line_of(soft)))

# %%
print(f"largest possible margin: {largest:.3f}")
table(("start", "step neuron", "logistic, 100 steps", "logistic, 2,000 steps"), found)

# %% [markdown]
# A step neuron stops as soon as no point is wrong, wherever that is. The logistic neurons end close
# to the best line, from every start, and come closer the longer they train: their loss is never 0,
# and larger weights always lower it. As these grow, only the nearest points still cost anything, so
# these place the line. That it nears the line of the largest margin, if ever more slowly, is a
# theorem (Soudry and others, 2018), in which the bias counts as one more weight, of an input 1. A
# support vector machine leaves its bias free, so its margin is a little larger than that limit.


# %%
def plot_lines(ax: Any, which: int, title: str) -> None:
    across = np.array([-2.0, 4.0])
    for pair in lines:
        w1, w2, b = pair[which]
        ax.plot(across, -(w1 * across + b) / w2, color=GREY, linewidth=1.0)
    for label, colour in ((0, ORANGE), (1, BLUE)):
        ax.plot(*six[classes == label].T, "o", color=colour, markersize=6.0)
    ax.set(title=title, xlim=(-2, 4), ylim=(-2.5, 3.5), xlabel="x₁")


# %%
left, right = new_axes(8.0, 3.2, columns=2, sharey=True)
plot_lines(left, 0, "step")
plot_lines(right, 1, "logistic")
plot(
    left,
    "Where five neurons of each kind decide.",
    "Six points, and five lines between the three of each class. Those of the step neurons differ "
    "and some pass close to a point; those of the logistic neurons lie close together in the "
    "middle.",
)

# %% [markdown]
# ## Exercises
#
# 1. Go on for 20,000 more steps with the last `learner`. Do the length of (w₁, w₂) and the margin
#    settle?
# 2. Multiply w₁, w₂ and b by 10. What becomes of the line, of the soft step, and of the loss of the
#    six points? And of the loss of the forty, four of which are on the wrong side?
# 3. Which of the six points could be taken away without moving the line of the largest margin?

# %% tags=["answer"]
for steps in (2_000, 18_000):
    history = learner.fit(six, classes, epochs=steps, progress=False)
    w1, w2, b = line_of(soft)
    print(f"1: {steps:,} more steps: length {np.hypot(w1, w2):.1f}, margin {margin(soft):.3f}")

# %% tags=["answer"]
from sklearn.svm import LinearSVC  # counts the bias as a weight

counted = LinearSVC(C=1e3, loss="hinge", tol=1e-9, max_iter=1_000_000, random_state=0)
counted.fit(six, classes)
[w], [b] = counted.coef_, counted.intercept_
distances = np.where(classes == 1, 1, -1) * (six @ w + b) / np.linalg.norm(w)
print(f"1: the limit: {distances.min():.3f}")

# %% tags=["answer"]
for neuron, some, truth in ((soft, six, classes), (sigmoid.model, points, labels)):
    *w, b = (parameter.data for parameter in neuron.parameters())
    sides = np.where(truth == 1, 1, -1) * (some @ w + b)
    losses = [f"{np.logaddexp(0, -factor * sides).mean():.1e}" for factor in (1, 10)]
    print(f"2: {len(some)} points: loss {losses[0]}, with all times 10 {losses[1]}")

print("3:", *best.support_vectors_.tolist(), "are needed")

# %% [markdown] tags=["answer"]
# 1: No. The weights go on growing, ever more slowly, and the margin goes on towards its limit. It
# is one more reason for a penalty on weights.
#
# 2: The line stays, for all z keep their signs; the step gets ten times as steep. Where all points
# are on their side, the loss falls. Where some are not, it rises, for the neuron is now sure of
# what is wrong. So there the best weights are finite.
#
# 3: All but two. The line of the largest margin is held by the points nearest to it, here one of
# each class.

# %% [markdown]
# To take away: σ(w·x + b) is a soft step along a line. Cross-entropy is never content with merely
# right, so it moves the line to the middle of the gap; a step has no reason to.
