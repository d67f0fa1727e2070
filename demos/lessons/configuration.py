# %% [markdown]
# # How many neurons? Choosing with validation and folds
#
# Width, depth, penalty, rate: training finds weights, but somebody has to choose these. A lecture
# answers "cross-validation or hyper-parameter search". Here a width is chosen that way, and the
# choice is then held against new data.

# %% [markdown]
# ## Sixty noisy points
#
# Two half-moons with much noise. 60 points are all that we have; 2000 more stand for the world, and
# nothing is chosen by them.

# %%
import numpy as np
from sklearn.datasets import make_moons

points, labels = make_moons(60, noise=0.35, random_state=1)
new_points, new_labels = make_moons(2000, noise=0.35, random_state=2)

# %% [markdown]
# Each fifth of the points in turn is kept aside, and a network of one hidden layer learns from the
# other four. The average loss on the fifths that it has not seen is the estimate.

# %%
from sklearn.model_selection import StratifiedKFold

from nn import MLP, Adam, CosineDecay, Trainer, binary_cross_entropy

folds = list(StratifiedKFold(5, shuffle=True, random_state=1).split(points, labels))
widths = (1, 2, 4, 8, 32)


def learn(width: int, some: np.ndarray) -> Trainer:
    model = MLP(2, [width, 1], activation="tanh", output="logistic", initial="xavier", seed=1)
    trainer = Trainer(model, binary_cross_entropy, Adam(CosineDecay(0.1, 300, end=0.01)))
    trainer.fit(points[some], labels[some], epochs=300, progress=False)
    return trainer


# %%
from demos.show import table

everything = np.arange(len(points))
training, validation, new = [], [], []
for width in widths:
    learned = [(learn(width, known), known, aside) for known, aside in folds]
    known_losses = [t.evaluate(points[k], labels[k])["loss"] for t, k, _ in learned]
    aside_losses = [t.evaluate(points[a], labels[a])["loss"] for t, _, a in learned]
    training.append(float(np.mean(known_losses)))
    validation.append(float(np.mean(aside_losses)))
    new.append(learn(width, everything).evaluate(new_points, new_labels)["loss"])

rows = zip(map(str, widths), training, validation, new, strict=True)
table(("hidden neurons", "training loss", "validation loss", "loss on new points"), rows)

# %%
from demos.figures import BLUE, GREY, ORANGE, new_axes, plot

[ax] = new_axes(6.0, 3.0)
ax.loglog(widths, training, "o-", color=GREY, label="training")
ax.loglog(widths, validation, "o-", color=BLUE, label="validation, five folds")
ax.loglog(widths, new, "o--", color=ORANGE, label="new points")
ax.set(xlabel="hidden neurons", ylabel="loss")
ax.legend(frameon=False, fontsize="small")
plot(
    ax,
    "The training loss falls, the others do not.",
    "Three losses over the number of hidden neurons. Training falls from left to right; validation "
    "and new points are lowest for a small number of neurons and rise to the right.",
)

# %% [markdown]
# The wider, the smaller the training loss: it would always choose the widest. The validation loss
# turns around, and so does the loss on new points, which we would not have in earnest. The choice:

# %%
chosen = widths[int(np.argmin(validation))]
print(f"by training: {widths[int(np.argmin(training))]}, by validation: {chosen}")
print(f"best for new points: {widths[int(np.argmin(new))]}")

# %% [markdown]
# Not the best of all, since twelve points in a fold are few, but close to it on new points, and far
# better than what the training loss would have taken.
#
# To take away: choose by data that training has not seen, use folds where data are few, and judge
# the choice by data that neither has seen. Depth, penalties and rates are chosen in the same way.
