"""Handwritten digits, learned by scalar neurons.

1797 digits, written by 13 people and reduced to 8 × 8 grey levels each: a small set that comes with
scikit-learn (collected by Alpaydin and Kaynak, 1998). The network that learns to read them is
written neuron by neuron, and every neuron number by number. Training records that circuit once and
runs it as a program, which takes a second or so.
"""

from math import sqrt

import numpy as np

from autograd_core import trace
from demos.digit_reader import DIGITS, FIFTHS, HIDDEN, PIXELS, Reader, learn
from demos.figures import INK, new_axes
from demos.lesson import Lesson
from nn import softmax_cross_entropy
from viz.plots import training_history, weight_images

SHAPE = (8, 8)


def run(lesson: Lesson) -> None:
    """The data, training, what came of it, and what that means."""
    reader = learn(*FIFTHS[0])
    lesson.section("The digits")
    show_some(lesson)
    training, validation, held_out = reader.sizes
    lesson.say(f"""
        A fifth of the digits, {held_out}, is held out: training never sees them. The split is
        random, with a fixed seed, and stratified, so that each digit has the same share in both
        parts. Of the rest, {training} are trained on, and {validation} are for validation.
    """)
    train(lesson, reader)
    confusion(lesson, reader)
    misread(lesson, reader)
    inside(lesson, reader)
    meaning(lesson, reader)


def show_some(lesson: Lesson) -> None:
    """The first of every digit."""
    first = [int(np.flatnonzero(digit == DIGITS)[0]) for digit in range(10)]
    plot_images(
        lesson,
        {place: str(DIGITS[place]) for place in first},
        "some",
        "One of each, as the network gets them: 64 grey levels.",
        "Ten small grey pictures of handwritten digits, from 0 to 9, coarse but legible.",
    )


def train(lesson: Lesson, reader: Reader) -> None:
    """The network, and the course of its training."""
    loss = softmax_cross_entropy(reader.model(PIXELS[0]), int(DIGITS[0]))
    history = reader.trainer.history
    lesson.section("Training")
    lesson.show(reader.model)
    lesson.say(f"""
        64 inputs, {HIDDEN} hidden neurons, and an output for each digit: {len(trace(loss).forward)}
        gates for the loss of one example. The outputs are logits. Softmax makes probabilities of
        them, and the loss is -ln of the right digit's.
    """)
    lesson.show_code(learn)
    [ax] = new_axes(7.0, 3.4)
    training_history(history, ax)
    lesson.plot(
        ax,
        "history",
        "Blue is the loss, orange the accuracy; dashed lines are the validation set. The training "
        "loss has the penalty in it, the validation loss has not.",
        f"Over {history.epochs} epochs the training loss keeps falling and the training accuracy "
        "comes near 1. The validation loss falls at first and then no more.",
    )
    best = int(np.argmin(history["validation_loss"])) + 1
    lesson.say(f"""
        Training fits its own examples better and better, but from some epoch on that no longer
        helps with others. The validation set is there to see when. Training ended with the words
        "{history.stopped}": epoch {best} had the lowest validation loss,
        {min(history["validation_loss"]):.4f}. This is early stopping.
    """)


def confusion(lesson: Lesson, reader: Reader) -> None:
    """Accuracy on each part, and what was taken for what."""
    read, written = reader.scores.argmax(axis=1), DIGITS[reader.held_out]
    lesson.section("Digits it has never seen")
    lesson.say(f"""
        Of the {len(read)} held-out digits it reads {len(read) - len(reader.wrong)} right,
        {100 * reader.accuracy:.1f} %. The table counts what was written (rows) and what the network
        read (columns).
    """)
    rows = []
    for digit in range(10):
        counts = np.bincount(read[written == digit], minlength=10)
        cells = [str(count) if count else "·" for count in counts]
        rows.append((str(digit), *cells, f"{100 * counts[digit] / counts.sum():.0f} %"))
    lesson.table(("written", *map(str, range(10)), "right"), rows)


def misread(lesson: Lesson, reader: Reader) -> None:
    """Pictures of the mistakes."""
    titles = {}
    for place, logits in zip(reader.held_out.tolist(), reader.scores, strict=True):
        g = np.exp(logits - logits.max())
        g /= g.sum()
        read, written = int(g.argmax()), int(DIGITS[place])
        if read != written:
            titles[place] = f"{written}, not {read}\n{g[written]:.2f}, {g[read]:.2f}"
    some = dict(list(titles.items())[:10])
    plot_images(
        lesson,
        some,
        "misread",
        "Misread digits. Above each is what was written, what was read instead, and the "
        "probabilities that the network gave to the two.",
        f"{len(some)} small pictures of misread digits, several of them hard to read for people "
        "as well: " + "; ".join(title.partition("\n")[0] for title in some.values()) + ".",
    )


def plot_images(
    lesson: Lesson, titles: dict[int, str], name: str, caption: str, alternative: str
) -> None:
    """Digits side by side, each with a title.

    Args:
        lesson: where to show them.
        titles: of the digits, by their places.
        name, caption, alternative: as for `Lesson.plot`.
    """
    axes = new_axes(8.0, 1.35, columns=len(titles))
    for ax, (place, title) in zip(axes, titles.items(), strict=True):
        ax.imshow(PIXELS[place].reshape(SHAPE), cmap="gray_r", vmin=0.0, vmax=1.0)
        ax.set_title(title, fontsize="x-small", color=INK)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
    lesson.plot(axes[0], name, caption, alternative)


def inside(lesson: Lesson, reader: Reader) -> None:
    """The weights as images, and the network with one digit."""
    lesson.section("Inside")
    [ax] = new_axes(7.5, 3.4)
    weight_images(reader.model, SHAPE, ax)
    lesson.plot(
        ax,
        "weights",
        "What each of the hidden neurons looks for: ink where it is blue, none where it is orange.",
        f"{HIDDEN} images of 8 × 8 weights. Many have strokes and arcs of one sign beside the "
        "other.",
    )
    layer = reader.model.layers[0]
    numbers = np.array(list(layer.state_dict().values())).reshape(len(layer.neurons), -1)
    weights, bias = numbers[:, :-1], numbers[:, -1]
    dead = int(((PIXELS @ weights.T + bias).max(axis=0) <= 0.0).sum())
    lesson.say(f"""
        The blank and the fading images are those of dead neurons, {dead} of {HIDDEN}. Their z is
        below 0 for every single digit, so ReLU lets no gradient through, and L2, which alone is
        left, takes their weights away. The network reads well without them.
    """)
    digit = int(reader.held_out[0])
    reader.model(PIXELS[digit])
    lesson.draw(
        reader.model,
        "network",
        f"The network reads a {DIGITS[digit]}. Layers too large to be drawn are shortened.",
        output_names=[str(digit) for digit in range(10)],
    )


def meaning(lesson: Lesson, reader: Reader) -> None:
    """How far to trust the accuracy."""
    readers = [reader, *(learn(*fifth) for fifth in FIFTHS[1:])]
    count, wrong = len(DIGITS), sum(len(each.wrong) for each in readers)
    lesson.section("What the number means")
    lesson.say(f"""
        {100 * reader.accuracy:.1f} % is an estimate, from a sample of {len(reader.held_out)}. Its
        standard error, √(p (1 - p) / n), is {100 * standard_error(reader):.1f} percentage points.
        What that looks like can be tried: each fifth is held out in turn, and a new network
        learns from the others.
    """)
    lesson.table(
        ("held-out fifth", "epochs", "digits", "misread", "accuracy"),
        [
            (
                str(number),
                str(each.trainer.history.epochs),
                str(len(each.held_out)),
                str(len(each.wrong)),
                f"{100 * each.accuracy:.1f} %",
            )
            for number, each in enumerate(readers, start=1)
        ],
    )
    lesson.say(f"""
        Every digit has been held out once now, and {count - wrong} of {count} were read right,
        {100 * (1 - wrong / count):.1f} %. The differences between the fifths are mostly chance; who
        reports the best one, reports luck.

        Two more things are worth knowing. The digits come from 13 people, and with a random split
        each of them has written on both sides; digits of a fourteenth person would be harder. And a
        held-out set tells the truth only once: whoever looks at it to choose between networks has
        begun to train on it. That is what the validation set is for.

        To take away: what counts is what a network does with examples that took no part in making
        it, and a number without its uncertainty is half a number.
    """)


def standard_error(reader: Reader) -> float:
    """Of the accuracy, as that of a share in a random sample."""
    return sqrt(reader.accuracy * (1 - reader.accuracy) / len(reader.held_out))
