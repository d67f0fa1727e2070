# %% [markdown]
# # Handwritten digits, learned by scalar neurons
#
# 1797 digits, written by 13 people and reduced to 8 × 8 grey levels each: a small set that comes
# with scikit-learn (collected by Alpaydin and Kaynak, 1998). The network that learns to read them
# is written neuron by neuron, and every neuron number by number. Training records that circuit once
# and runs it as a program, which takes a second or so.

# %% [markdown]
# ## The digits
#
# One of each, as the network gets them: 64 grey levels, from 0 to 1.

# %%
import numpy as np
import numpy.typing as npt
from sklearn.datasets import load_digits

pixels, digits = load_digits(return_X_y=True)
pixels /= 16.0
pixels.shape

# %%
from demos.figures import INK, Plot, new_axes, plot


def show_images(titles: dict[int, str], caption: str, alternative: str) -> Plot:
    axes = new_axes(8.0, 1.35, columns=len(titles))
    for ax, (place, title) in zip(axes, titles.items(), strict=True):
        ax.imshow(pixels[place].reshape(8, 8), cmap="gray_r", vmin=0.0, vmax=1.0)
        ax.set_title(title, fontsize="x-small", color=INK)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
    return plot(axes[0], caption, alternative)


# %%
show_images(
    {int(np.argmax(digits == digit)): f"{digit}" for digit in range(10)},
    "The first of each digit.",
    "Ten small grey pictures of handwritten digits, from 0 to 9, coarse but legible.",
)

# %% [markdown]
# What counts is how a network *generalises*, which is to say how it answers to inputs that it has
# not seen. So a fifth of the digits is held out, as the test set: training never sees them. The
# split is random, with a fixed seed, and stratified, so that each digit has the same share in both
# parts. Most of the rest is trained on, and some are for validation. The numbers of the three:

# %%
from sklearn.model_selection import StratifiedKFold, train_test_split

Places = npt.NDArray[np.intp]
fifths = list(StratifiedKFold(5, shuffle=True, random_state=1).split(pixels, digits))


def parted(known: Places) -> list[Places]:
    labels = digits[known]
    return list(train_test_split(known, test_size=0.15, stratify=labels, random_state=0))


known, held_out = fifths[0]
training, validation = parted(known)
len(training), len(validation), len(held_out)

# %% [markdown]
# ## Training
#
# The network has 64 inputs, 32 hidden neurons, and an output for each digit. The outputs are
# logits. Softmax makes probabilities of them, and the loss is -ln of the right digit's.

# %%
from nn import L2, MLP, Adam, Trainer, softmax_cross_entropy


def learn(training: Places, validation: Places) -> Trainer:
    model = MLP(64, [32, 10], activation="relu", initial="he", seed=1)
    loss, penalty = softmax_cross_entropy, L2(0.001)
    trainer = Trainer(model, loss, Adam(0.01), penalty=penalty, batch_size=32, seed=1)
    trainer.fit(
        pixels[training],
        digits[training],
        epochs=100,
        validation=(pixels[validation], digits[validation]),
        patience=8,
        progress=False,
    )
    return trainer


# %%
from autograd_core import trace

trainer = learn(training, validation)
model, history = trainer.model, trainer.history
print(model)
loss = softmax_cross_entropy(model(pixels[0]), digits[0])
print(len(trace(loss).forward), "gates for the loss of one example")

# %% [markdown]
# Blue is the loss, orange the accuracy; dashed lines are the validation set. The training loss has
# the penalty in it, the validation loss has not.

# %%
from viz.plots import training_history

[ax] = new_axes(7.0, 3.4)
training_history(history, ax)
plot(
    ax,
    "The course of the training.",
    "The training loss keeps falling and the training accuracy comes near 1. The validation loss "
    "falls at first and then no more.",
)

# %% [markdown]
# Training fits its own examples better and better, but from some epoch on that no longer helps with
# others. The validation set is there to see when: training ended after eight epochs without a lower
# validation loss, and went back. This is early stopping, another means against overfitting.

# %%
print(history.stopped)
print(f"lowest validation loss: {min(history['validation_loss']):.4f}")

# %% [markdown]
# ## Digits it has never seen
#
# How many of the held-out digits does it read right?

# %%
scores = trainer.predict(pixels[held_out])
read, written = scores.argmax(axis=1), digits[held_out]
right = read == written
print(f"{right.sum()} of {len(right)}, {100 * right.mean():.1f} %")

# %% [markdown]
# The table counts what was written (rows) and what the network read (columns).

# %%
from demos.show import table

rows = []
for digit in range(10):
    counts = np.bincount(read[written == digit], minlength=10)
    cells = [f"{count}" if count else "·" for count in counts]
    rows.append((f"{digit}", *cells, f"{100 * counts[digit] / counts.sum():.0f} %"))

table(("written", *map(str, range(10)), "right"), rows)

# %% [markdown]
# These it misreads. Above each is what was written, what was read instead, and the probabilities
# that the network gave to the two.

# %%
g = np.exp(scores - scores.max(axis=1, keepdims=True))
g /= g.sum(axis=1, keepdims=True)
titles, said = {}, []
for at in np.flatnonzero(~right)[:10]:
    said.append(f"{written[at]}, not {read[at]}")
    titles[held_out[at]] = f"{said[-1]}\n{g[at, written[at]]:.2f}, {g[at, read[at]]:.2f}"

show_images(
    titles,
    "Misread digits.",
    "Small pictures of misread digits, several of them hard to read for people as well: "
    + "; ".join(said)
    + ".",
)

# %% [markdown]
# ## Inside
#
# What does each of the hidden neurons look for? Ink where its image is blue, none where it is
# orange.

# %%
from viz.plots import weight_images

[ax] = new_axes(7.5, 3.4)
weight_images(model, (8, 8), ax)
plot(
    ax,
    "The weights of the hidden neurons.",
    "32 images of 8 × 8 weights. Many have strokes and arcs of one sign beside the other, and some "
    "are blank or nearly so.",
)

# %% [markdown]
# The blank and the fading images are those of dead neurons. Their z is below 0 for every single
# digit, so ReLU lets no gradient through, and L2, which alone is left, takes their weights away.
# The network reads well without them. How many are they?

# %%
numbers = np.array(list(model.layers[0].state_dict().values())).reshape(32, 65)
z = pixels @ numbers[:, :64].T + numbers[:, 64]
print((z.max(axis=0) <= 0.0).sum(), "of 32")

# %% [markdown]
# The network reads the first of the held-out digits. Layers too large to be drawn are shortened.

# %%
from viz import draw

print("written:", written[0])
model(pixels[held_out[0]])
draw(model, output_names=[f"{digit}" for digit in range(10)])

# %% [markdown]
# ## What the number means
#
# The accuracy is an estimate, from a sample. Its standard error is √(p (1 - p) / n):

# %%
p = right.mean()
print(f"{100 * p:.1f} % ± {100 * np.sqrt(p * (1 - p) / len(right)):.1f} percentage points")

# %% [markdown]
# What that looks like can be tried: each fifth is held out in turn, and a new network learns from
# the others.

# %%
trainers = [trainer, *(learn(*parted(rest)) for rest, _ in fifths[1:])]
results = []
for number, ((_, fifth), each) in enumerate(zip(fifths, trainers, strict=True), start=1):
    wrong = int((each.predict(pixels[fifth]).argmax(axis=1) != digits[fifth]).sum())
    accuracy = f"{100 * (1 - wrong / len(fifth)):.1f} %"
    results.append((number, each.history.epochs, len(fifth), wrong, accuracy))

table(("held-out fifth", "epochs", "digits", "misread", "accuracy"), results)

# %% [markdown]
# Every digit has been held out once now. So many were read right:

# %%
total = len(digits) - sum(wrong for _, _, _, wrong, _ in results)
print(f"{total} of {len(digits)}, {100 * total / len(digits):.1f} %")

# %% [markdown]
# The differences between the fifths are mostly chance; who reports the best one, reports luck.
#
# Two more things are worth knowing. The digits come from 13 people, and with a random split each of
# them has written on both sides; digits of a fourteenth person would be harder. And a held-out set
# tells the truth only once: whoever looks at it to choose between networks has begun to train on
# it. That is what the validation set is for.

# %% [markdown]
# ## Exercises
#
# 1. How many parameters would the network have with 100 hidden neurons in place of 32?
# 2. A network that knows nothing says 1/10 to each digit. What are its loss and its accuracy?
# 3. A friend's network reads 355 of the 360 held-out digits. Is it better than this one?

# %% tags=["answer"]
print("1:", 64 * 100 + 100, "+", 100 * 10 + 10, "=", len(MLP(64, [100, 10]).parameters()))
print(f"2: {np.log(10):.3f}")
ahead, error = 355 / 360 - p, np.sqrt(p * (1 - p) / 360)
print(f"3: {100 * ahead:.1f} points ahead, standard error {100 * error:.1f}")

# %% [markdown] tags=["answer"]
# 1: Each hidden neuron has 64 weights and a bias, each output 32 and a bias.
#
# 2: -ln(1/10) = ln 10, the loss from which training should start, and one in ten right.
#
# 3: That cannot be said from these digits: a difference of about one standard error is what chance
# makes. (On the same digits one would compare which digits only one of the two reads.)

# %% [markdown]
# To take away: what counts is what a network does with examples that took no part in making it, and
# a number without its uncertainty is half a number.
