# %% [markdown]
# # How many layers, how many neurons? Choosing with validation and folds
#
# Training finds weights, but somebody has to choose what is trained. A lecture lists four
# decisions: depth, width, the activation functions and the objective; a penalty and a rate come on
# top. How many layers and neurons, it asks, and answers "cross-validation or hyper-parameter
# search". Here a network is chosen that way, and the choice is held against new data.

# %% [markdown]
# ## A hundred noisy points
#
# Two half-moons with much noise. 100 points are all that we have; 2000 more stand for the world,
# and nothing is chosen by them.

# %%
import numpy as np
from sklearn.datasets import make_moons

points, labels = make_moons(100, noise=0.3, random_state=1)
new_points, new_labels = make_moons(2000, noise=0.3, random_state=2)

# %% [markdown]
# Each fifth of the points in turn is kept aside, and a network learns from the other four. The
# average loss on the fifths that it has not seen is the estimate. It is called *cross-validation*,
# with five *folds*.

# %%
from sklearn.model_selection import StratifiedKFold

from nn import L2, MLP, Adam, CosineDecay, Trainer, binary_cross_entropy

folds = list(StratifiedKFold(5, shuffle=True, random_state=1).split(points, labels))
Configuration = tuple[tuple[int, ...], float]


def learn(configuration: Configuration, some: np.ndarray) -> Trainer:
    hidden, strength = configuration
    model = MLP(2, [*hidden, 1], "tanh", output="logistic", initial="xavier", seed=1)
    optimiser, penalty = Adam(CosineDecay(0.1, 300, end=0.01)), L2(strength)
    trainer = Trainer(model, binary_cross_entropy, optimiser, penalty=penalty)
    trainer.fit(points[some], labels[some], epochs=300, progress=False)
    return trainer


# %%
def cross_validated(configuration: Configuration) -> float:
    losses = []
    for known, aside in folds:
        trainer = learn(configuration, known)
        losses.append(trainer.evaluate(points[aside], labels[aside])["loss"])
    return float(np.mean(losses))


# %% [markdown]
# ## The search
#
# Five shapes, from no hidden layer to three, each without a penalty and with a weak one: a small
# grid of ten configurations. Guess: which has the smallest training loss? And which the smallest
# validation loss?

# %%
shapes: tuple[tuple[int, ...], ...] = ((), (4,), (16,), (8, 8), (8, 8, 8))
grid: list[Configuration] = [(shape, strength) for strength in (0.0, 0.003) for shape in shapes]
whole = {configuration: learn(configuration, np.arange(100)) for configuration in grid}
training = {key: trainer.evaluate(points, labels)["loss"] for key, trainer in whole.items()}
validation = {key: cross_validated(key) for key in grid}
new = {key: trainer.evaluate(new_points, new_labels)["loss"] for key, trainer in whole.items()}

# %%
from demos.show import table


def name_of(shape: tuple[int, ...]) -> str:
    return " + ".join(map(str, shape)) or "none"


columns = ("hidden layers", "λ", "parameters", "training", "validation", "new points")
rows = []
for key in grid:
    size = len(whole[key].model.parameters())
    losses = (f"{loss[key]:.3f}" for loss in (training, validation, new))
    rows.append((name_of(key[0]), f"{key[1]:g}", f"{size}", *losses))

table(columns, rows)

# %%
from matplotlib.axes import Axes

from demos.figures import BLUE, GREY, ORANGE, new_axes, plot


def plot_losses(ax: Axes, strength: float) -> None:
    names = [name_of(shape) for shape in shapes]
    for losses, colour, label in (
        (training, GREY, "training"),
        (validation, BLUE, "validation, five folds"),
        (new, ORANGE, "new points"),
    ):
        ax.plot(
            names, [losses[shape, strength] for shape in shapes], "o-", color=colour, label=label
        )
    ax.set(title=f"λ = {strength:g}", xlabel="hidden layers", yscale="log")


# %%
axes = new_axes(8.0, 3.0, columns=2, sharey=True)
for ax, strength in zip(axes, (0.0, 0.003), strict=True):
    plot_losses(ax, strength)

axes[0].set(ylabel="loss")
axes[0].legend(frameon=False, fontsize="small")
plot(
    axes[0],
    "Without a penalty the training loss falls and the others rise; with one they stay together.",
    "Losses over five shapes of growing size. Left, without a penalty, training falls far below "
    "the others, which rise in the end. Right, with a penalty, validation and new points are "
    "lowest for four neurons and rise little after that.",
)

# %% [markdown]
# Without a penalty the training loss falls to a tenth: it would always choose a large network,
# which overfits. No hidden layer is too little even for the training points. The
# validation loss sees both, as does the loss on new points, which we would not have in earnest. The
# choice:

# %%
chosen, by_training = min(grid, key=validation.__getitem__), min(grid, key=training.__getitem__)
for name, key in (("validation", chosen), ("training", by_training)):
    right = whole[key].evaluate(new_points, new_labels)["accuracy"]
    print(f"by {name}: {name_of(key[0])}, λ = {key[1]:g}; {right:.1%} of new points are right")

# %%
from viz.plots import decision_boundary

axes = new_axes(8.0, 2.9, columns=3)
for ax, key in zip(axes, (((), 0.003), chosen, by_training), strict=True):
    evaluate = whole[key].predict
    decision_boundary(
        whole[key].model, points, labels, ax, threshold=0.5, evaluate=evaluate, resolution=40
    )
    _ = ax.set_title(f"{name_of(key[0])}, λ = {key[1]:g}", fontsize="small")

plot(
    axes[0],
    "Too stiff, chosen by validation, chosen by training.",
    "Three maps of the plane with the hundred points. Left, a straight boundary cuts both "
    "half-moons; in the middle one smooth bend parts them; right, the boundary winds around single "
    "points.",
)

# %% [markdown]
# With a penalty, several shapes are about as good: how *many* neurons matters less than that they
# are held back. Choices by folds are themselves uncertain, for twenty points in a fold are few. And
# the lowest of ten validation losses is a little too good, as the best of ten always is: to
# report how good the choice is, take data that neither training nor choosing has seen.
#
# Trying all ten is a *grid search*. With more things to choose, grids become too large, and
# configurations are drawn at random instead.

# %% [markdown]
# ## Exercises
#
# 1. How many trainings has this lesson done for its table? How many would a grid of five depths,
#    five widths, four activations and ten penalties need, with five folds?
# 2. A colleague chose among 50 networks by the test set, and reports the loss of the best on it.
#    What is wrong?
# 3. Training and validation loss are both large and nearly equal. More neurons, or more penalty?
# 4. "Challenges of neural networks?", asks a lecture, and answers with three. Which have you met?

# %% tags=["answer"]
print("1:", len(grid) * (5 + 1), "and", 5 * 5 * 4 * 10 * 5)

# %% [markdown] tags=["answer"]
# 2: The test set was used to choose, so the best of the 50 is partly the luckiest one, and its loss
# too small. It needs data that nobody has looked at.
#
# 3: More neurons, or less penalty: the network underfits. If training were small and validation
# large, it would be the other way round.
#
# 4: Picking a configuration, as here. Large networks and much data are slow to train (lessons
# `batches` and `programs`). And the loss is not convex in the weights (lesson `landscapes`).

# %% [markdown]
# To take away: choose by data that training has not seen, use folds where data are few, and judge
# the choice by data that neither has seen. Depth, width, activation, penalty and rate are all
# chosen in this way.
