"""Online, mini-batch and batch learning, side by side.

How many examples should an update take into account? One only, which is quick but guesses the
direction; all of them, which is exact but slow; or something between. The three loops differ
in one number, the batch size.
"""

import json
from importlib.resources import files
from math import sqrt

import numpy as np
import numpy.typing as npt

from demos.figures import BLUE, GREY, ORANGE, new_axes
from demos.lesson import Lesson
from nn import (
    MLP,
    Gradient,
    SteepestDescent,
    Trainer,
    binary_cross_entropy_from_logit,
    training_gradient,
)

Array = npt.NDArray[np.float64]

MOONS = json.loads((files("demos") / "data" / "moons.json").read_text(encoding="utf-8"))
POINTS: list[list[float]] = MOONS["points"]
LABELS: list[int] = MOONS["labels"]
EPOCHS = 40
RATES = (0.1, 0.3, 1.0, 2.0)
SAME = 0.3  # the rate with which all three are compared
SIZES = {"online": 1, "mini-batch": 10, "batch": len(POINTS)}


def new_model() -> MLP:
    """A small network with one logit; every run starts from the same weights."""
    return MLP(2, [8, 1], activation="tanh", initial="xavier", seed=3)


def train(batch_size: int, rate: float) -> Trainer:
    """Train on the moons; after each epoch the loss of all examples is taken."""
    loss, optimiser = binary_cross_entropy_from_logit, SteepestDescent(rate)
    trainer = Trainer(new_model(), loss, optimiser, batch_size=batch_size, seed=1)
    trainer.fit(POINTS, LABELS, EPOCHS, validation=(POINTS, LABELS), progress=False)
    return trainer


def run(lesson: Lesson) -> None:
    """The same epochs, several rates, and how noisy the gradients are."""
    runs = {(way, rate): train(size, rate) for way, size in SIZES.items() for rate in RATES}
    alike = {way: runs[way, SAME] for way in SIZES}
    lesson.section("The same epochs")
    lesson.show_code(train)
    lesson.say(f"""
        A hundred points from two half-moons (those of the lesson `moons`), a network with eight
        hidden neurons, {EPOCHS} epochs, and the rate {SAME:g}. In each epoch every example is
        looked at once, in a new random order, so all three do the same number of gradients. But
        online learning makes a step after each, and batch learning one after all.
    """)
    lesson.table(
        ("learning", "batch size", "updates", "loss at the end", "accuracy"),
        [
            (
                way,
                str(SIZES[way]),
                str(trainer.optimiser.updates),
                f"{trainer.history['validation_loss'][-1]:.4f}",
                f"{trainer.history['validation_accuracy'][-1]:.2f}",
            )
            for way, trainer in alike.items()
        ],
    )
    plot_losses(lesson, alike)
    lesson.say("""
        Per epoch, online learning is far ahead, for it has made a hundred steps where batch
        learning has made one. Over updates the curves lie close to one line: while steps are
        small, a noisy one gets on about as well as an exact one, at a hundredth of the cost. The
        mini-batch is the usual choice nevertheless, because machines compute many examples at once
        in little more time than one; so does a `Program`.
    """)
    other_rates(lesson, runs)
    noise(lesson)
    lesson.say("""
        To take away: small batches make many noisy steps of an epoch, large ones few exact ones;
        the smaller the batch, the smaller the rate has to be.
    """)


def plot_losses(lesson: Lesson, trainers: dict[str, Trainer]) -> None:
    """The loss over epochs, and over updates."""
    left, right = new_axes(8.0, 3.0, columns=2, sharey=True)
    for (way, trainer), colour in zip(trainers.items(), (BLUE, ORANGE, GREY), strict=True):
        losses = trainer.history["validation_loss"]
        epochs = np.arange(1, EPOCHS + 1)
        left.semilogy(epochs, losses, color=colour, linewidth=1.4, label=way)
        updates = epochs * (trainer.optimiser.updates // EPOCHS)
        right.loglog(updates, losses, color=colour, linewidth=1.4)
    left.set(xlabel="epochs", ylabel="loss of all examples")
    right.set(xlabel="updates")
    left.legend(frameon=False, fontsize="small")
    lesson.plot(
        left,
        "losses",
        "The same three runs over epochs (left) and over updates (right).",
        "Over epochs the loss falls fastest online and slowest in batch. Over updates, one curve "
        "goes on where the other ends.",
    )


def other_rates(lesson: Lesson, runs: dict[tuple[str, float], Trainer]) -> None:
    """The loss at the end for every rate."""
    lesson.section("Each has its rate")
    rows = []
    for way in SIZES:
        losses = [runs[way, rate].history["validation_loss"][-1] for rate in RATES]
        rows.append((way, *(f"{loss:.4f}" for loss in losses)))
    lesson.table((f"loss after {EPOCHS} epochs, rate:", *(f"{rate:g}" for rate in RATES)), rows)
    lesson.say("""
        A comparison at one rate is unfair to somebody. At 2 the mini-batch is at its best, and
        online learning hardly learns any more: each example throws the weights far off, and the
        next one throws them back.
    """)


def noise(lesson: Lesson, draws: int = 2000) -> None:
    """How far the gradient of a batch is from that of all examples."""
    single = single_gradients()
    full = single.mean(axis=0)
    count = len(single)
    spread = sqrt(np.sum((single - full) ** 2) / (count - 1))
    source = np.random.default_rng(1)
    lesson.section("Noise")
    rows = []
    for size in (1, 10, 50, 100):
        means = [single[source.permutation(count)[:size]].mean(axis=0) for _ in range(draws)]
        measured = sqrt(np.mean([np.sum((mean - full) ** 2) for mean in means]))
        expected = spread * sqrt((1 - size / count) / size)
        uphill = np.mean([mean @ full < 0.0 for mean in means])
        scale = float(np.linalg.norm(full))
        cells = (f"{measured / scale:.3f}", f"{expected / scale:.3f}", f"{100 * uphill:.1f} %")
        rows.append((str(size), *cells))
    lesson.say(f"""
        The gradient of all examples is the mean of the single ones. So a single one is right on
        average, and that of a mini-batch is an estimate from a sample. For the network at its start
        the table draws {draws} random batches of each size, and measures how far their gradients
        are from that of all, in parts of its length. Statistics expects (s/√B) √(1 - B/n) for
        batches of B out of n, where s is the standard deviation of the single gradients.
    """)
    lesson.table(("batch size B", "distance", "formula", "lead uphill"), rows)
    lesson.say("""
        Ten times as many examples cost ten times as much, and make the gradient only √10 times as
        exact. That is why small batches pay. The last column counts batches whose step would raise
        the loss of all examples, however short it is.
    """)


def single_gradients() -> Array:
    """The gradient of each example, a row of an array (examples, parameters)."""
    model, loss = new_model(), binary_cross_entropy_from_logit
    return np.array(
        [
            flat(training_gradient(model, [point], [label], loss))
            for point, label in zip(POINTS, LABELS, strict=True)
        ]
    )


def flat(gradient: Gradient) -> Array:
    """All numbers of a gradient in one row."""
    return np.concatenate([part.ravel() for part in (*gradient.weights, *gradient.biases)])
