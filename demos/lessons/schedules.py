# %% [markdown]
# # Learning rates that fall, and a training that goes on where it stopped
#
# Online learning never comes to rest: each example pulls the weights its own way, and with a rate
# that stays the same the last pull is as strong as the first. A smaller rate would hover closer to
# the minimum, but takes long to get there. So begin with large steps, and end with small ones.

# %% [markdown]
# ## Three ways down
#
# A schedule says which rate the update number t gets. Here all three begin with 0.05 and have 3000
# updates to come down. (⌊…⌋ rounds down.)
#
#     step           η = 0.05 · 0.3^⌊5 t / 3000⌋
#     exponential    η = 0.05 · 0.01^(t / 3000)
#     cosine         η = 0.05 · (1 + cos(π t / 3000)) / 2

# %%
from collections.abc import Callable

from nn import CosineDecay, ExponentialDecay, StepDecay

schedules: dict[str, Callable[[int], float]] = {
    "step": StepDecay(0.05, every=600, factor=0.3),
    "exponential": ExponentialDecay(0.05, factor=0.01 ** (1 / 3000)),
    "cosine": CosineDecay(0.05, 3000),
}

# %%
from demos.show import table

rows = [
    (name, *(f"{schedule(t):.6f}" for t in (0, 1500, 2999))) for name, schedule in schedules.items()
]
table(("schedule", "first rate", "in the middle", "last rate"), rows)

# %%
from demos.figures import BLUE, GREY, INK, ORANGE, new_axes, plot

[ax] = new_axes(6.5, 2.6)
for (name, schedule), colour in zip(schedules.items(), (ORANGE, BLUE, INK), strict=True):
    ax.plot([schedule(t) for t in range(3000)], color=colour, linewidth=1.4, label=name)

ax.set(xlabel="update", ylabel="rate", ylim=(0.0, 0.0525))
ax.legend(frameon=False, fontsize="small")
plot(
    ax,
    "The three schedules.",
    "Three rates that start at 0.05: one falls in five steps, one at once and then ever more "
    "slowly, and one slowly, then fast, then slowly.",
)

# %% [markdown]
# ## What they are good for
#
# A linear neuron with ten inputs (that of the lesson `penalties`, without a penalty) learns from 60
# examples. Their targets are noisy, so no weights suit all of them. An update follows each example,
# so 50 epochs make the 3000 updates.

# %%
import numpy as np

from nn import Neuron, SteepestDescent, Trainer, half_squared_error

true = np.array([2.0, -1.5, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])
source = np.random.default_rng(1)
inputs = source.normal(size=(60, 10))
targets = inputs @ true + source.normal(scale=0.5, size=60)


# %%
def online(rate: float | Callable[[int], float]) -> Trainer:
    neuron = Neuron(10, activation="identity", seed=1)
    return Trainer(neuron, half_squared_error, SteepestDescent(rate), batch_size=1, seed=1)


# %% [markdown]
# The minimum is known, by linear algebra. After each epoch we note how far the parameters are from
# there.

# %%
minimum = np.linalg.lstsq(np.c_[inputs, np.ones(60)], targets, rcond=None)[0]


def approach(rate: float | Callable[[int], float]) -> list[float]:
    trainer, distances = online(rate), []
    for _ in range(50):
        trainer.fit(inputs, targets, epochs=1, progress=False)
        parameters = [parameter.data for parameter in trainer.model.parameters()]
        distances.append(float(np.linalg.norm(parameters - minimum)))
    return distances


# %% [markdown]
# Two rates stay the same, and three fall. Guess: which is closest after the first epoch, and which
# after the last?

# %%
distances = {f"{rate:g}, constant": approach(rate) for rate in (0.05, 0.0005)}
for name, schedule in schedules.items():
    distances[f"0.05, {name}"] = approach(schedule)

# %%
columns = ("rate", *(f"distance after epoch {epoch}" for epoch in (1, 10, 50)))
table(
    columns,
    [
        (name, *(f"{far[epoch - 1]:.4f}" for epoch in (1, 10, 50)))
        for name, far in distances.items()
    ],
)

# %%
names = {"xlabel": "epoch", "ylabel": "distance from the minimum"}
[ax] = new_axes(8.0, 2.8, subplot_kw=names)
looks = zip(distances.items(), (GREY, GREY, ORANGE, BLUE, INK), "-:---", strict=True)
for (name, course), colour, line in looks:
    ax.semilogy(range(1, 51), course, line, color=colour, linewidth=1.4, label=name)

ax.legend(frameon=False, fontsize="small", loc="upper left", bbox_to_anchor=(1.0, 1.0))
plot(
    ax,
    "A constant rate hovers or crawls; rates that fall do neither.",
    "On a logarithmic scale the large constant rate soon stays at one height, the small one falls "
    "slowly, and the three schedules end below both.",
)

# %% [markdown]
# The large rate comes near the minimum in a few epochs and then hovers around it. The small one is
# still on its way at the end. The three that fall are about as quick in the beginning, and end many
# times as close:

# %%
large, _, *falling = [course[-1] for course in distances.values()]
print(f"at least {int(large / max(falling))} times as close as the large rate")

# %% [markdown]
# Where all examples can be met at once there is less to gain, for then the pulls themselves die
# down near the minimum.

# %% [markdown]
# ## Stop, and go on
#
# A schedule counts updates, so a training that was stopped must know how many there have been.
# `trainer.save(path)` writes that down, with the parameters, with whatever the optimiser remembers,
# and with the history; `trainer.load(path)` reads it. Here one neuron is trained for 50 epochs with
# the cosine. Another one stops after 25, and a third one loads its file and goes on.

# %%
from pathlib import Path
from tempfile import TemporaryDirectory

straight, first, second = (online(schedules["cosine"]) for _ in range(3))
straight.fit(inputs, targets, epochs=50, progress=False)
first.fit(inputs, targets, epochs=25, progress=False)
with TemporaryDirectory() as folder:
    path = Path(folder) / "run.json"
    first.save(path)
    second.load(path)

second.fit(inputs, targets, epochs=25, progress=False)
without, with_stop = (trainer.model.state_dict() for trainer in (straight, second))
same = sum(without[name] == with_stop[name] for name in without)
print(same, "of", len(without), "parameters are the same to the last bit")

# %% [markdown]
# The order of the examples follows from the seed and the number of the epoch, so all is as if
# nothing had happened. Ctrl-C stops a training as well. The model keeps what it has learned, and
# another `fit`, or a `save`, goes on from there.

# %% [markdown]
# ## Exercises
#
# 1. By hand: which rate does each of the three schedules give to update 1000?
# 2. Batch learning with a constant rate hovers around no minimum. Why not?
# 3. The exponential falls below 0.01 at which update?

# %% tags=["answer"]
print("1:", {name: round(schedule(1000), 4) for name, schedule in schedules.items()})
print("3:", next(t for t in range(3000) if schedules["exponential"](t) < 0.01))

# %% [markdown] tags=["answer"]
# 1: 0.05 · 0.3, since ⌊5000/3000⌋ = 1; 0.05 · 0.01^(1/3); and 0.05 · 3/4, since cos(π/3) = 1/2.
#
# 2: Near the minimum the gradient of all examples goes to 0, and the steps with it. The single
# examples' gradients do not: only their mean is 0 there.
#
# 3: 0.01^(t/3000) = 1/5, so t = 3000 ln 5 / ln 100.

# %% [markdown]
# To take away: large steps find the valley, small ones its lowest point.
