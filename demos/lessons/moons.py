# %% [markdown]
# # micrograd's moons, and the numbers that it published
#
# Two half-moons, hooked into each other: no line parts them. The notebook that comes with micrograd
# trains a network of 337 parameters on a hundred such points, and prints the loss at each of its
# hundred steps. Here are the same points, the same first weights and the same steps, so the same
# losses have to come out.

# %%
import json
from importlib.resources import files

published = json.loads((files("demos") / "data" / "moons.json").read_text(encoding="utf-8"))
points: list[list[float]] = published["points"]
classes: list[int] = published["labels"]
points[:3], classes[:3]

# %%
from demos.figures import BLUE, GREY, ORANGE, new_axes, plot

[ax] = new_axes(6.0, 3.0)
across, up = zip(*points, strict=True)
ax.scatter(across, up, s=16, c=[(ORANGE, BLUE)[label] for label in classes])

ax.set(xlabel="x", ylabel="y")
plot(
    ax,
    "A hundred points in two classes.",
    "Two half-moons of fifty points each: one opens downwards, the other upwards, and the end of "
    "each lies within the bow of the other.",
)

# %% [markdown]
# ## As in the notebook
#
# After `random.seed(1337)` micrograd's network has these weights; a seed of `MLP` does the same.
# The classes are called -1 and 1.

# %%
from nn import MLP

labels = [2 * label - 1 for label in classes]
model = MLP(2, [16, 16, 1], seed=1337)
print(model)

# %% [markdown]
# The loss, as the notebook writes it: each example asks for a score of at least 1 on its side, and
# the regularisation counts biases as well.

# %%
from typing import Any

from autograd_core import Value
from nn import Module


def weight_decay(model: Module) -> Any:
    return 1e-4 * sum(p * p for p in model.parameters())


def loss_of(model: MLP) -> Any:
    scores = [model([Value(x), Value(y)]) for x, y in points]
    losses = [(1 + -label * score).relu() for label, score in zip(labels, scores, strict=True)]
    return sum(losses) * (1.0 / len(losses)) + weight_decay(model)


# %% [markdown]
# The learning rate falls from 1 to 0.1 during the hundred steps. Each step builds the circuit of a
# hundred examples anew, so this loop takes the first five only.


# %%
def rate(step: int) -> float:
    return 1.0 - 0.9 * step / 100


by_loop = []
for step in range(5):
    loss = loss_of(model)
    model.zero_grad()
    loss.backward()
    for p in model.parameters():
        p.data -= rate(step) * p.grad
    by_loop.append(loss.data)

by_loop

# %% [markdown]
# A trainer says the same in a line or two and records the circuit once, as a program; it takes all
# hundred steps.

# %%
from nn import SteepestDescent, Trainer, hinge

model = MLP(2, [16, 16, 1], seed=1337)
trainer = Trainer(model, hinge, SteepestDescent(rate), penalty=weight_decay)
trainer.fit(points, labels, epochs=100, progress=False)
history = trainer.history

# %% [markdown]
# ## Published and computed
#
# The table shows twelve decimals of some steps, and accuracies in per cent.

# %%
from demos.show import table

losses: list[float] = published["losses"]
accuracies: list[float] = published["accuracies"]
rows = []
for step in (0, 1, 2, 3, 4, 9, 19, 49, 99):
    loop = f"{by_loop[step]:.12f}" if step < len(by_loop) else ""
    numbers = f"{losses[step]:.12f}", loop, f"{history['loss'][step]:.12f}"
    rows.append((f"{step}", *numbers, accuracies[step], 100 * history["accuracy"][step]))

columns = ("step", "published loss", "loop", "program", "published accuracy", "program's accuracy")
table(columns, rows)

# %% [markdown]
# Over all steps, how far do the losses differ at most, in relation to their size, and how many
# accuracies are the same?

# %%
pairs = list(zip(losses, history["loss"], strict=True))
print(f"{max(abs(ours - theirs) / theirs for theirs, ours in pairs):.0e}")
right = [round(100 * accuracy) for accuracy in history["accuracy"]]
same = sum(ours == theirs for ours, theirs in zip(right, accuracies, strict=True))
print(same, "of", len(accuracies))

# %% [markdown]
# What is left is rounding: numbers are added up in another order.

# %% [markdown]
# ## What it has learned
#
# The boundary winds between the two half-moons, and the loss falls along the published one.

# %%
from viz.plots import decision_boundary, neuron_heatmaps

left, middle = new_axes(8.0, 3.4, columns=2)
decision_boundary(model, points, classes, left, evaluate=trainer.predict, resolution=80)
middle.semilogy(losses, color=GREY, linewidth=4.0, alpha=0.4, label="published")
middle.semilogy(history["loss"], color=BLUE, linewidth=1.2, label="computed")
middle.set(xlabel="step", ylabel="loss")
middle.legend(frameon=False, fontsize="small")
plot(
    left,
    "The decision boundary after 100 steps, and the loss on the way.",
    "The boundary winds between two half-moons of fifty points each and leaves each point on "
    "its own side. The published and the computed loss fall from 0.9 to 0.01 on one line.",
)

# %% [markdown]
# What each neuron answers to: the first layer folds the plane along straight lines, the second
# joins folds, and the last one has the moons.

# %%
[ax] = new_axes(8.0, 2.0)
maps = neuron_heatmaps(model, ax=ax, resolution=24, xlim=left.get_xlim(), ylim=left.get_ylim())
plot(
    ax,
    "What each neuron answers to.",
    "Small maps of the plane: sixteen neurons of the first layer, each 0 on one side of a "
    "line and rising on the other; sixteen of the second layer with bent edges; and the output "
    "neuron, positive around one moon and negative around the other.",
)

# %% [markdown]
# ## Exercises
#
# 1. How many parameters in place of 337 has the network with hidden layers of 32?
# 2. What would the first loss be, without the regularisation, if all scores were 0? What if they
#    were all 5?
# 3. At the end the accuracy is 100 %, and the loss is not 0. Where does the rest come from?

# %% tags=["answer"]
margins = [
    label * float(score) for label, score in zip(labels, trainer.predict(points), strict=True)
]
print("1:", 2 * 32 + 32, "+", 32 * 32 + 32, "+", 32 + 1, "=", len(MLP(2, [32, 32, 1]).parameters()))
print(f"3: hinge {sum(max(0.0, 1.0 - margin) for margin in margins) / 100:.6f}")
print(f"   regularisation {weight_decay(model).data:.6f}")

# %% [markdown] tags=["answer"]
# 2: With scores of 0 each example costs 1. With scores of 5 those of class 1 cost nothing and those
# of class -1 cost 6, which is 3 on average.
#
# 3: All of it is the regularisation, which is never 0. The hinge asks for a margin of 1, and by now
# each point has it.

# %% [markdown]
# To take away: micrograd, a loop over scalars and a program over arrays differ in speed, and in
# nothing else.
