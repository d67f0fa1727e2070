# %% [markdown]
# # The training loops, line by line
#
# Every training repeats the same three lines: compute, differentiate, take a step. How many
# examples a step looks at makes the difference between the loops of the lectures. Here each is
# written out, in plain numbers, beside the engine and beside `Trainer`, with the same
# weights at the end.

# %% [markdown]
# ## A neuron and eight examples
#
# A logistic neuron with two inputs and a bias. `change` is what the lesson `one_neuron` found: for
# each weight (y - ŷ) f′(z) times its input, the downhill direction of ½ (y - ŷ)². It is written for
# three plain numbers, without an engine.

# %%
from math import exp
from random import Random

source = Random(4)
points = [[round(source.uniform(-1, 1), 2) for _ in range(2)] for _ in range(8)]
labels = [int(x1 + 2 * x2 > 0.2) for x1, x2 in points]
data = list(zip(points, labels, strict=True))
start = [0.1, -0.2, 0.0]
rate = 0.5


# %%
def change(weights: list[float], x: list[float], y: float) -> list[float]:
    z = weights[0] * x[0] + weights[1] * x[1] + weights[2]
    answer = 1 / (1 + exp(-z))
    modified_error = (y - answer) * answer * (1 - answer)
    return [modified_error * x[0], modified_error * x[1], modified_error]


# %% [markdown]
# The same neuron in `nn`. Its gradients for the first example are `change` with the other sign.

# %%
from nn import Neuron, half_squared_error


def neuron_at_start() -> Neuron:
    neuron = Neuron(2, activation="logistic")
    neuron.load_state_dict(dict(zip(neuron.state_dict(), start, strict=True)))
    return neuron


neuron = neuron_at_start()
loss = half_squared_error(neuron(points[0]), labels[0])
loss.backward()
print("change:   ", change(start, points[0], labels[0]))
print("gradients:", [parameter.grad for parameter in neuron.parameters()])

# %% [markdown]
# ## The vanilla loop
#
# In one lecture the whole of training is this: evaluate the gradient of the loss of all data, and
# add minus the step size times it to the weights, `while True`. We stop after 20 rounds. An engine
# has no other task than `evaluate_gradient`, for any loss:

# %%
from collections.abc import Callable

from autograd_core import Value
from nn import logistic

Data = list[tuple[list[float], int]]


def evaluate_gradient(loss: Callable[..., Value], data: Data, weights: list[float]) -> list[float]:
    values = [Value(weight) for weight in weights]
    loss(values, data).backward()
    return [value.grad for value in values]


# %%
def mean_loss(w: list[Value], data: Data) -> Value:
    outputs = [logistic(w[0] * x[0] + w[1] * x[1] + w[2]) for x, _ in data]
    losses = [half_squared_error(out, y) for out, (_, y) in zip(outputs, data, strict=True)]
    return sum(losses, Value(0.0)) / len(data)


vanilla = start
for _ in range(20):
    gradient = evaluate_gradient(mean_loss, data, vanilla)
    vanilla = [w - rate * g for w, g in zip(vanilla, gradient, strict=True)]

vanilla

# %% [markdown]
# Each step makes new values, so there are no old gradients to set back. With parameters that stay,
# as in a model, `zero_grad` comes before `backward` (lesson `engine_trains`). And when does one
# stop? "When the value of the error function has become sufficiently small", says another lecture;
# in `Trainer.fit` that is `stop=`, and `tolerance=` stops where the loss no longer falls.

# %% [markdown]
# ## The batch loop, with accumulators
#
# Another lecture has the same without an engine. Accumulators, one for each weight, start at 0;
# each example adds its part; at the end they are divided by the number of examples and used.

# %%
batch = start
for _ in range(20):
    accumulators = [0.0, 0.0, 0.0]
    for x, y in data:
        for k, part in enumerate(change(batch, x, y)):
            accumulators[k] += rate * part
    batch = [w + total / len(data) for w, total in zip(batch, accumulators, strict=True)]

batch

# %% [markdown]
# The engine has accumulators, too: the gradients of leaves. What is a mistake from step to step,
# that they add up, is wanted within a batch. Each example goes back with a share of 1/n:

# %%
from nn import SteepestDescent

neuron, optimiser = neuron_at_start(), SteepestDescent(rate)
for _ in range(20):
    neuron.zero_grad()
    for x, y in data:
        half_squared_error(neuron(x), y).backward(1 / len(data))
    optimiser.step(neuron.parameters())

batch_by_engine = [parameter.data for parameter in neuron.parameters()]
batch_by_engine

# %% [markdown]
# That slide says "add new weights to weight accumulators". By the letter, the mean of the new
# weights, w + η · change, has to *replace* the weights. As w is the same in all terms, that is w
# plus the mean of η · change, so it comes to the same. Added to the weights it would double them.
#
# ## The online loop
#
# Here the weights change after each example, and the next example sees the new ones. Before each
# epoch, a round through all examples, they are shuffled, so that their order is not learned too.
# (The order is drawn as `Trainer` draws it.)

# %%
import numpy as np


def shuffled(epoch: int) -> Data:
    order = np.random.default_rng((0, epoch)).permutation(len(data))
    return [data[place] for place in order]


online = list(start)
for epoch in range(20):
    for x, y in shuffled(epoch):
        for k, part in enumerate(change(online, x, y)):
            online[k] += rate * part

online

# %% [markdown]
# Careful: `change` is computed whole before a weight moves. In a network it matters even more: the
# errors of a lower layer go back through the *old* weights of the layer above.

# %% [markdown]
# ## The mini-batch loop
#
# Between the two: some examples a step. The loop is the batch loop, for each part of the shuffled
# examples. With parts of 1 it is the online loop, with parts of 8 the batch loop.


# %%
def walk(size: int) -> list[list[float]]:
    path = [start]
    for epoch in range(20):
        examples = shuffled(epoch)
        for begin in range(0, len(examples), size):
            some = examples[begin : begin + size]
            parts = [change(path[-1], x, y) for x, y in some]
            means = [sum(column) / len(some) for column in zip(*parts, strict=True)]
            path.append([w + rate * mean for w, mean in zip(path[-1], means, strict=True)])
    return path


mini_batch = walk(3)[-1]
mini_batch

# %% [markdown]
# (Of 8 examples the last part has two, not three, and its step counts as much as the others.) The
# paths of w₁ and w₂ in the same twenty epochs. Guess first: which is the smoothest, and which gets
# furthest?

# %%
from demos.figures import BLUE, INK, ORANGE, new_axes, plot

[ax] = new_axes(6.5, 3.2)
for count, name, colour in ((1, "online", ORANGE), (3, "mini-batch", BLUE), (8, "batch", INK)):
    w1, w2, b = zip(*walk(count), strict=True)
    ax.plot(w1, w2, ".-", color=colour, linewidth=0.8, markersize=3.0, label=name)

ax.set(xlabel="w₁", ylabel="w₂")
ax.legend(frameon=False, fontsize="small")
plot(
    ax,
    "Twenty epochs from the same start: 160 steps, 60 steps, 20 steps.",
    "Three paths from one point. The batch path is short and smooth; that of the mini-batch is "
    "longer and a little rough; the online path goes furthest, in a zigzag.",
)

# %% [markdown]
# ## In one line
#
# `Trainer` is all of these loops; they differ in `batch_size`. The same neuron, the same start:

# %%
from nn import Trainer


def trained(batch_size: int | None) -> list[float]:
    neuron, optimiser = neuron_at_start(), SteepestDescent(rate)
    trainer = Trainer(neuron, half_squared_error, optimiser, batch_size=batch_size)
    trainer.fit(points, labels, epochs=20, progress=False)
    return [parameter.data for parameter in neuron.parameters()]


# %%
loops: list[tuple[str, list[float], int | None]] = [
    ("vanilla", vanilla, None),
    ("batch, accumulators", batch, None),
    ("batch, by the engine", batch_by_engine, None),
    ("online", online, 1),
    ("mini-batch", mini_batch, 3),
]

# %%
from demos.show import table

rows = []
for name, by_hand, size in loops:
    by_trainer = trained(size)
    same = np.allclose(by_hand, by_trainer, rtol=1e-13, atol=0.0)
    numbers = [f"{weight:.6f}" for weight in by_trainer]
    rows.append((name, str(size), *numbers, "yes" if same else "no"))

table(("loop", "batch_size", "w₁", "w₂", "b", "equal to 13 digits"), rows)

# %% [markdown]
# (The last digits may differ, for sums are taken in another order. A float has 16.)

# %% [markdown]
# ## update_mini_batch, for a network
#
# The third form of the lectures is a method of a network: for a mini-batch it adds up what
# backpropagation finds for each example, and steps by the rate divided by the number of examples.
# `MLP(2, [3, 1])` is a network: three neurons with two inputs, and one that takes their answers
# (lesson `linear_layers`). `nn.backpropagation` does one example, layer by layer. The sums, by the
# names of parameters, are what the lecture keeps in two lists, `nabla_w` and `nabla_b`.

# %%
from nn import MLP, backpropagation

model = MLP(2, [3, 1], activation="tanh", output="logistic", seed=2)
other = MLP(2, [3, 1], activation="tanh", output="logistic", seed=2)


def update_mini_batch(model: MLP, mini_batch: Data, eta: float) -> None:
    sums = dict.fromkeys(model.named_parameters(), 0.0)
    for x, y in mini_batch:
        found = backpropagation(model, x, y, half_squared_error).by_name(model)
        sums = {name: sums[name] + found[name] for name in sums}
    for name, parameter in model.named_parameters().items():
        parameter.data -= eta / len(mini_batch) * sums[name]


# %%
for epoch in range(5):
    examples = shuffled(epoch)
    for begin in range(0, len(examples), 4):
        update_mini_batch(model, examples[begin : begin + 4], eta=3.0)

trainer = Trainer(other, half_squared_error, SteepestDescent(3.0), batch_size=4)
trainer.fit(points, labels, epochs=5, progress=False)
by_hand, by_trainer = ([p.data for p in each.parameters()] for each in (model, other))
same = np.allclose(by_hand, by_trainer, rtol=1e-13, atol=0.0)
print(f"{len(by_hand)} parameters, equal to 13 digits: {same}")

# %% [markdown]
# ## Batches that are drawn
#
# The vanilla loop of the lecture does not go through the examples in turn. It *draws* a batch for
# each step. Without replacement no example comes twice in a batch, with replacement it may. To the
# trainer as many draws as there are examples are an epoch, here two batches of four.

# %%
n = len(data)
sampled, neuron = list(start), neuron_at_start()
for epoch in range(25):
    drawn = [data[place] for place in np.random.default_rng((0, epoch)).integers(n, size=n)]
    for some in (drawn[:4], drawn[4:]):
        parts = [change(sampled, x, y) for x, y in some]
        means = [sum(column) / len(some) for column in zip(*parts, strict=True)]
        sampled = [w + rate * mean for w, mean in zip(sampled, means, strict=True)]

optimiser = SteepestDescent(rate)
trainer = Trainer(neuron, half_squared_error, optimiser, batch_size=4, replacement=True)
history = trainer.fit(points, labels, epochs=25, progress=False)

print("by hand:", [round(w, 6) for w in sampled])
print("trainer:", [round(p.data, 6) for p in neuron.parameters()])

# %% [markdown]
# What is the difference? Both are right on average. But as many draws as there are examples leave
# some out, if they are with replacement: each example with the probability (1 - 1/n)ⁿ, which is
# about 1/e. Ten thousand such rounds, counted (how much a batch's mean varies, lesson `batches`
# measures):

# %%
source = Random(7)
left_out = sum(n - len(set(source.choices(range(n), k=n))) for _ in range(10_000)) / 10_000 / n
print(f"left out: {left_out:.3f}   expected: {(1 - 1 / n) ** n:.3f}   1/e: {exp(-1):.3f}")

# %% [markdown]
# Names: a step from a single example is *online* or *stochastic* gradient descent, SGD; many
# people, and most libraries, say SGD for mini-batches too.
#
# ## Exercises
#
# 1. "Batch learning?", asks the slide, under the online loop. Which lines change, and where do they
#    go?
# 2. Ten examples, batches of 4. How many updates has an epoch, and how large is the last batch?
# 3. In which of the loops does the order of the examples matter?

# %% [markdown] tags=["answer"]
# 1: The changes are added up inside the loop over examples, and the weights move after it, by their
# mean.
#
# 2: Three; the last batch has two examples.
#
# 3: In the online and the mini-batch loop: each update starts from where the one before it ended.
# In the batch loop a sum has the same terms in any order.

# %% tags=["answer"]
sizes = [len(range(start, min(start + 4, 10))) for start in range(0, 10, 4)]
print("2:", len(sizes), "updates, of batches of", sizes)

# %% [markdown]
# To take away: all loops are one loop; the batch size is its only number, and `Trainer` its name.
# What is added up over a batch is divided by its size, so that the rate means the same for all.
