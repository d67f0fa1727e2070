# %% [markdown]
# # XOR: what one neuron cannot learn, and three can
#
# Exclusive or is 1 where exactly one of its two inputs is 1. Four examples, and yet no single
# neuron can get all of them right, however long it is trained. One layer more, and it is easy.

# %%
examples = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
targets = [0, 1, 1, 0]

# %% [markdown]
# ## No line will do
#
# A neuron says 1 on one side of the line w1 x1 + w2 x2 + b = 0. Write z(x1, x2) for that sum.
# Whatever the weights,
#
#     z(0, 1) + z(1, 0)  =  w1 + w2 + 2b  =  z(0, 0) + z(1, 1)
#
# XOR wants both terms on the left to be at least 0, and both on the right to be below 0. So the
# same number would have to be at least 0 and below 0.

# %% [markdown]
# There are 16 ways to say 0 or 1 to the four examples. Which of them does one find by trying many
# neurons, and which are missing?

# %%
from itertools import product

from nn import Neuron

neuron = Neuron(2, activation="step")
found = set()
for w1, w2, b in product((-1.0, 0.0, 1.0), (-1.0, 0.0, 1.0), (-1.5, -0.5, 0.5, 1.5)):
    neuron.load_state_dict({"weights.0": w1, "weights.1": w2, "bias": b})
    found.add(tuple(int(neuron(example).data) for example in examples))

missing = [answers for answers in product((0, 1), repeat=4) if answers not in found]
print(len(found), "found, missing:", *missing)

# %% [markdown]
# The two that are missing are XOR and its opposite.

# %% [markdown]
# ## The best that one neuron can do
#
# Now one logistic neuron learns it, with cross-entropy, from all four examples at once.

# %%
from math import log

from nn import SteepestDescent, Trainer, binary_cross_entropy

neuron = Neuron(2, activation="logistic", seed=1)
trainer = Trainer(neuron, binary_cross_entropy, SteepestDescent(2.0))
before = trainer.predict(examples)
losses = trainer.fit(examples, targets, 500, progress=False)["loss"]
print(f"loss before: {losses[0]:.6f}, after: {losses[-1]:.6f}, ln 2 = {log(2):.6f}")

# %% [markdown]
# The loss ends at ln 2. That is the price of saying 1/2 to everything, and so the neuron does:

# %%
from demos.show import table


def inputs_of(example: list[float]) -> str:
    return ", ".join(f"{x:g}" for x in example)


after = trainer.predict(examples)
table(
    ("x1, x2", "wanted", "p before training", "after"),
    [
        (inputs_of(example), y, f"{first:.3f}", f"{last:.3f}")
        for example, y, first, last in zip(examples, targets, before, after, strict=True)
    ],
)

# %% [markdown]
# Weights and bias have gone to 0. This is the largest of them:

# %%
print(f"{max(abs(number) for number in neuron.state_dict().values()):.0e}")

# %% [markdown]
# This is no bad luck. For a single neuron the cross-entropy is convex: between any two places it
# nowhere rises above the chord. So there is one minimum, and this is it. Three of the four right
# would be possible, by saying OR instead of XOR, but the loss counts how sure a wrong answer is,
# and on average saying 1/2 costs least.

# %% [markdown]
# ## With a hidden layer
#
# "How can we use neurons to achieve better representational power?", asks a lecture here. By a
# layer between. Two hidden neurons and one output neuron learn in the same way. A loss below 0.01
# leaves no doubt about any of the four examples, so training may stop there.

# %%
from nn import MLP, History


def is_solved(history: History) -> bool:
    return history["loss"][-1] < 0.01


def trained(hidden: int, batch_size: int | None, rate: float, seed: int) -> tuple[MLP, Trainer]:
    model = MLP(2, [hidden, 1], activation="tanh", output="logistic", seed=seed)
    optimiser = SteepestDescent(rate)
    trainer = Trainer(model, binary_cross_entropy, optimiser, batch_size=batch_size, seed=seed)
    trainer.fit(examples, targets, 500, stop=is_solved, progress=False)
    return model, trainer


model, trainer = trained(hidden=2, batch_size=None, rate=2.0, seed=1)
print(model)
print("epochs:", trainer.history.epochs)

# %%
hidden, output = model.layers
coordinates = [[value.data for value in hidden.outputs(example)] for example in examples]
table(
    ("x1, x2", "wanted", "p", "hidden 1", "hidden 2"),
    [
        (inputs_of(example), y, f"{p:.3f}", *(f"{number:.3f}" for number in inside))
        for example, y, p, inside in zip(
            examples, targets, trainer.predict(examples), coordinates, strict=True
        )
    ],
)

# %% [markdown]
# The trained network, asked about x1 = 1, x2 = 0. Blue lines are positive weights.

# %%
from viz import draw

model([1.0, 0.0])
draw(model, input_names=["x1", "x2"], output_names=["p"])

# %% [markdown]
# ## Three planes
#
# One line leaves at least one example on the wrong side; here the line says OR. The network bends
# it. Seen in the plane of its two hidden neurons it is one straight line again: there the two
# examples of class 0 lie nearly on top of each other.

# %%
from demos.figures import new_axes, plot
from viz.plots import decision_boundary

neuron.load_state_dict({"weights.0": 5.0, "weights.1": 5.0, "bias": -2.5})  # OR
left, middle, right = new_axes(8.0, 2.9, columns=3)
near = (-0.4, 1.4)
for ax, part, title in ((left, neuron, "one neuron: OR"), (middle, model, "the network")):
    decision_boundary(
        part, examples, targets, ax, threshold=0.5, resolution=40, xlim=near, ylim=near
    )
    ax.set(xlabel="x1", ylabel="x2", box_aspect=1)
    ax.set_title(title, fontsize="medium")

# %%
wide = (-1.3, 1.3)
decision_boundary(
    output, coordinates, targets, right, threshold=0.5, resolution=40, xlim=wide, ylim=wide
)
right.set(xlabel="hidden 1", ylabel="hidden 2", box_aspect=1)
right.set_title("its output neuron", fontsize="medium")
plot(
    left,
    "The line of a neuron, the boundary of the network, and the line of its output neuron.",
    "Left, a straight line that has three of the four examples on the right side; in the middle, "
    "two boundaries that part the examples of class 1 from both others; right, in the coordinates "
    "of the hidden neurons, one straight line that parts the classes.",
)

# %% [markdown]
# ## Online and in batch
#
# Online learning updates after each example, batch learning after each epoch, by the mean over all
# four. Here are ten runs each, from different random weights, with steps of 0.4 online and 2 in
# batch. A run has solved XOR if its loss came below 0.01 within 500 epochs. Will all ten?

# %%
from statistics import median

rows, lost = [], []
for count, (way, size, rate) in product((2, 4), (("online", 1, 0.4), ("batch", None, 2.0))):
    runs = [trained(count, size, rate, seed)[1] for seed in range(10)]
    epochs = [run.history.epochs for run in runs if is_solved(run.history)]
    lost += [run for run in runs if not is_solved(run.history)]
    updates = median(epochs) * (4 if way == "online" else 1)
    rows.append((count, way, f"{len(epochs)} of {len(runs)}", median(epochs), updates))

table(("hidden neurons", "learning", "solved", "median epochs", "median updates"), rows)

# %% [markdown]
# Two hidden neurons are enough to represent XOR, but not always enough to find it. With a hidden
# layer the loss is no longer convex, and a run may come to a plain far from any solution, where the
# gradient is next to nothing. How many of the runs that failed say about 1/2 to everything, like
# the single neuron?

# %%
undecided = [run for run in lost if all(abs(p - 0.5) < 0.05 for p in run.predict(examples))]
print(len(undecided), "of", len(lost))

# %% [markdown]
# Neurons to spare make this rarer.

# %% [markdown]
# ## Try it
#
# The trained network as a circuit: change x1 and x2, also to what lies between 0 and 1, and p
# follows.

# %%
from autograd_core import Value, name_values
from viz import page

x1, x2 = Value(1.0), Value(0.0)
p = model([x1, x2])
p.backward()
name_values(globals())
page(p, inputs="near", decimals=2)

# %% [markdown]
# ## Exercises
#
# 1. "How do we learn the weights?" There is no target for a hidden neuron. What is there instead?
# 2. "What does a hidden unit do?" Look at the picture of the output neuron above.
# 3. And, or, xor, nand: which of them can a single neuron learn?
# 4. Two hidden neurons with a step, and an output neuron with a step: set their weights by hand, so
#    that they compute XOR.

# %% [markdown] tags=["answer"]
# 1: A gradient: how much the loss changes with its output, which comes back through the weights of
# the output neuron.
#
# 2: It answers one simpler question, on which side of its own line a point lies: it detects a
# feature.
#
# 3: All but xor. The others have a line with the ones on one side.
#
# 4: For example: the first hidden neuron is OR, the second AND, and the output is 1 if the first is
# 1 and the second is not.

# %% tags=["answer"]
by_hand = MLP(2, [2, 1], activation="step", output="step")
either, both, but_not = (1.0, 1.0, -0.5), (1.0, 1.0, -1.5), (1.0, -1.0, -0.5)
for parameter, number in zip(by_hand.parameters(), either + both + but_not, strict=True):
    parameter.data = number

print("4:", [by_hand(example).data for example in examples])

# %% [markdown]
# To take away: a neuron draws one line; a hidden layer makes new coordinates, in which one line is
# enough.
