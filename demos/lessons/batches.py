# %% [markdown]
# # Online, mini-batch and batch learning, side by side
#
# How many examples should an update take into account? One only, which is quick but guesses the
# direction; all of them, which is exact but slow; or something between. The three loops differ in
# one number, the batch size (lesson `loops`).

# %% [markdown]
# ## The same epochs
#
# A hundred points from two half-moons (those of the lesson `moons`), and a small network with one
# logit: eight hidden neurons, and the same first weights in every run. After each epoch the loss of
# all examples is taken.

# %%
import json
from importlib.resources import files

from nn import MLP, SteepestDescent, Trainer, binary_cross_entropy_from_logit

moons = json.loads((files("demos") / "data" / "moons.json").read_text(encoding="utf-8"))
points: list[list[float]] = moons["points"]
labels: list[int] = moons["labels"]


# %%
def new_model() -> MLP:
    return MLP(2, [8, 1], activation="tanh", initial="xavier", seed=3)


def train(batch_size: int, rate: float) -> Trainer:
    loss, optimiser = binary_cross_entropy_from_logit, SteepestDescent(rate)
    trainer = Trainer(new_model(), loss, optimiser, batch_size=batch_size, seed=1)
    trainer.fit(points, labels, epochs=40, validation=(points, labels), progress=False)
    return trainer


# %% [markdown]
# In each epoch every example is looked at once, in a new random order, so all three do the same
# number of gradients. But online learning makes a step after each, and batch learning one after
# all. Guess: which is ahead after 40 epochs with the rate 0.3, and which after the same number of
# updates?

# %%
from demos.show import table

sizes = {"online": 1, "mini-batch": 10, "batch": len(points)}
trainers = {way: train(size, 0.3) for way, size in sizes.items()}
rows = []
for way, trainer in trainers.items():
    loss, accuracy = (trainer.history[f"validation_{what}"][-1] for what in ("loss", "accuracy"))
    numbers = sizes[way], trainer.optimiser.updates, f"{loss:.4f}", f"{accuracy:.2f}"
    rows.append((way, *numbers))

table(("learning", "batch size", "updates", "loss at the end", "accuracy"), rows)

# %%
from demos.figures import BLUE, GREY, ORANGE, new_axes, plot

left, right = new_axes(8.0, 3.0, columns=2, sharey=True)
epochs = range(1, 41)
for (way, trainer), colour in zip(trainers.items(), (BLUE, ORANGE, GREY), strict=True):
    losses = trainer.history["validation_loss"]
    updates = [epoch * trainer.optimiser.updates // 40 for epoch in epochs]
    _ = left.semilogy(epochs, losses, color=colour, linewidth=1.4, label=way)
    _ = right.loglog(updates, losses, color=colour, linewidth=1.4)

# %%
left.set(xlabel="epochs", ylabel="loss of all examples")
right.set(xlabel="updates")
left.legend(frameon=False, fontsize="small")
plot(
    left,
    "The same three runs over epochs and over updates.",
    "Over epochs (left) the loss falls fastest online and slowest in batch. Over updates (right), "
    "one curve goes on where the other ends.",
)

# %% [markdown]
# Per epoch, online learning is far ahead, for it has made a hundred steps where batch learning has
# made one. Over updates the curves lie close to one line: while steps are small, a noisy one gets
# on about as well as an exact one, at a hundredth of the cost. The mini-batch is the usual choice
# nevertheless, because machines compute many examples at once in little more time than one; so does
# a `Program`.

# %% [markdown]
# ## Each has its rate
#
# A comparison at one rate is unfair to somebody. The loss after 40 epochs at other rates:

# %%
rates = (0.1, 0.3, 1.0, 2.0)
ends = {
    way: [train(size, rate).history["validation_loss"][-1] for rate in rates]
    for way, size in sizes.items()
}
columns = ("learning", *(f"rate {rate:g}" for rate in rates))
table(columns, [(way, *(f"{loss:.4f}" for loss in losses)) for way, losses in ends.items()])

# %% [markdown]
# At 2 the mini-batch is at its best, and online learning hardly learns any more: each example
# throws the weights far off, and the next one throws them back.

# %% [markdown]
# ## Noise
#
# The gradient of all examples is the mean of the single ones. So a single one is right on average,
# and that of a mini-batch is an estimate from a sample. Here they are for the network at its start,
# a row for each example:

# %%
import numpy as np

from nn import training_gradient

model, by_example = new_model(), []
for point, label in zip(points, labels, strict=True):
    gradient = training_gradient(model, [point], [label], binary_cross_entropy_from_logit)
    by_example.append(list(gradient.by_name(model).values()))

single = np.array(by_example)
full = single.mean(axis=0)
single.shape

# %% [markdown]
# We draw 2000 random batches of each size, and measure how far their gradients are from that of
# all, in parts of its length. Statistics expects (s/√B) √(1 - B/n) for batches of B out of n, where
# s is the standard deviation of the single gradients. The last column counts batches whose step
# would raise the loss of all examples, however short it is.

# %%
source = np.random.default_rng(1)
n, length = len(single), np.linalg.norm(full)
s = np.sqrt(np.sum((single - full) ** 2) / (n - 1))
noise = []
for size in (1, 10, 50, 100):
    means = np.array([single[source.permutation(n)[:size]].mean(axis=0) for _ in range(2000)])
    distance = np.sqrt(np.mean(np.sum((means - full) ** 2, axis=1))) / length
    expected = s * np.sqrt((1 - size / n) / size) / length
    uphill = np.mean(means @ full < 0.0)
    noise.append((size, f"{distance:.3f}", f"{expected:.3f}", f"{100 * uphill:.1f} %"))

table(("batch size B", "distance", "formula", "lead uphill"), noise)

# %% [markdown]
# Ten times as many examples cost ten times as much, and make the gradient only √10 times as exact.
# That is why small batches pay.

# %% [markdown]
# ## Why a part is enough
#
# A lecture says that a part of the data works well "because examples in the training data are
# correlated". So are their gradients. Here is how far two of them agree: the product of both, each
# divided by its length, is 1 if they point the same way, and -1 if they are opposite.

# %%
unit = single / np.linalg.norm(single, axis=1, keepdims=True)
agreement = unit @ unit.T
places, classes = np.array(points), np.array(labels)
same, itself = classes[:, None] == classes, np.eye(n, dtype=bool)
apart = np.linalg.norm(places[:, None] - places, axis=2)
nearest = np.where(same & ~itself, apart, np.inf).argmin(axis=1)
pairs = {
    "a point and the nearest of its class": agreement[range(n), nearest],
    "two points of one class": agreement[same & ~itself],
    "one point of each class": agreement[~same],
}
table(("pair", "mean agreement"), [(name, f"{each.mean():.2f}") for name, each in pairs.items()])

# %% [markdown]
# Neighbours say nearly the same, so one of them will do. The two classes contradict each other: a
# batch needs both, which is one reason to shuffle.

# %% [markdown]
# ## Exercises
#
# 1. There are 60,000 examples, in batches of 256. How many updates has an epoch? How many examples
#    has the last batch?
# 2. Each example stands in the data twice. What part of them has the exact gradient of all?
# 3. How many times larger a batch halves the noise?

# %% tags=["answer"]
full_batches, rest = divmod(60_000, 256)
print(f"1: {full_batches} of 256 and one of {rest}: {full_batches + 1} updates")

# %% [markdown] tags=["answer"]
# 2: Half of them, one of each pair, since the mean stays the same. That is correlation at its
# strongest.
#
# 3: Four times, as it falls with the root. (If the batch is no large part of the examples.)

# %% [markdown]
# To take away: small batches make many noisy steps of an epoch, large ones few exact ones; the
# smaller the batch, the smaller the rate has to be.
