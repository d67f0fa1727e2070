"""L1 against L2: which weights become 0.

Large weights make a network bend more than the examples warrant. Regularisation adds a cost of
the weights to the loss, λ/2 Σ w² (L2) or λ Σ |w| (L1), never one of the biases. A lecture says that
L1, unlike L2, "will push certain weights to be exactly 0". Here is what can be seen of that, and
what cannot.
"""

from collections.abc import Callable, Mapping
from math import copysign

import numpy as np
import numpy.typing as npt

from autograd_core import Value
from demos.figures import BLUE, GREY, INK, ORANGE, new_axes
from demos.lesson import Lesson
from nn import L1, L2, Module, Neuron, SteepestDescent, Trainer, half_squared_error, weights_of

Array = npt.NDArray[np.float64]
Penalty = Callable[[Module], Value]

TRUE = np.array([2.0, -1.5, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])
STRENGTH = 0.3  # λ
RATE, WAY = 0.1, 20.0  # so many steps that steps × rate is the same for every rate
WATCHED = 8  # a weight that should be 0


def examples(count: int = 60) -> tuple[Array, Array]:
    """Ten random inputs, of which only the first three count, and targets with some noise."""
    source = np.random.default_rng(1)
    inputs = source.normal(size=(count, len(TRUE)))
    return inputs, inputs @ TRUE + source.normal(scale=0.5, size=count)


def new_neuron() -> Neuron:
    """A linear neuron with random weights, the same at each call."""
    return Neuron(len(TRUE), activation="identity", seed=1)


def descend(penalty: Penalty | None, rate: float = RATE) -> list[list[float]]:
    """Train by plain descent; returns the weights after each of WAY / rate steps."""
    neuron, visited = new_neuron(), []
    trainer = Trainer(neuron, half_squared_error, SteepestDescent(rate), penalty=penalty)
    for _ in range(round(WAY / rate)):
        trainer.fit(*examples(), epochs=1, progress=False)
        visited.append([weight.data for weight in weights_of(neuron)])
    return visited


def descend_with_threshold(rate: float = RATE) -> Neuron:
    """After each step against the loss alone, every weight moves towards 0 by rate × λ."""
    neuron = new_neuron()
    trainer = Trainer(neuron, half_squared_error, SteepestDescent(rate))
    for _ in range(round(WAY / rate)):
        trainer.fit(*examples(), epochs=1, progress=False)
        for weight in weights_of(neuron):
            pull = min(rate * STRENGTH, abs(weight.data))
            weight.data -= copysign(pull, weight.data)
    return neuron


def run(lesson: Lesson) -> None:
    """Three fits, a close look at 0, and a step that reaches it."""
    paths = {"none": descend(None), "L2": descend(L2(STRENGTH)), "L1": descend(L1(STRENGTH))}
    weights = {name: path[-1] for name, path in paths.items()}
    lesson.section("Three fits")
    lesson.say(f"""
        One linear neuron with ten inputs learns from {len(examples()[0])} examples. Its targets are
        2 x1 - 1.5 x2 + x3 plus noise, so seven weights should be 0; but nobody tells the neuron.
        Below are its weights after {len(paths["none"])} steps of {RATE:g} times the gradient:
        without a penalty, with L2 and with L1, both with λ = {STRENGTH:g}.
    """)
    show_weights(lesson, weights)
    plot_weights(lesson, weights)
    lesson.say("""
        Without a penalty the noise makes weights where there should be none. L2 pulls at each
        weight in proportion to its size, with the force λ w; so it shrinks the large ones most, and
        has hardly any force left near 0. L1 pulls with the same force λ however small the
        weight is, and where the loss does not pull back as hard, the weight has to go. The price:
        both make the weights that matter smaller, too.
    """)
    close_to_zero(lesson, paths["L1"])
    threshold(lesson)
    lesson.say("""
        To take away: L2 makes large weights smaller, L1 makes some of them superfluous; but only a
        step that knows of the kink at 0 ends there.
    """)


def show_weights(lesson: Lesson, weights: Mapping[str, list[float]]) -> None:
    """A row for each weight, and how many are near 0 and exactly 0."""
    rows = [
        (f"w{place + 1}", f"{TRUE[place]:g}", *(f"{number + 0.0:.4f}" for number in numbers))
        for place, numbers in enumerate(zip(*weights.values(), strict=True))
    ]
    for what, limit in (("below 0.05 in size", 0.05), ("exactly 0", 0.0)):
        counts = [sum(abs(w) <= limit for w in numbers) for numbers in weights.values()]
        rows.append((what, str((TRUE == 0.0).sum()), *map(str, counts)))
    lesson.table(("weight", "true", *weights), rows)


def plot_weights(lesson: Lesson, weights: Mapping[str, list[float]]) -> None:
    """The weights as bars, side by side."""
    axes = new_axes(8.0, 2.6, columns=3, sharey=True)
    places = np.arange(1, len(TRUE) + 1)
    colours = (GREY, ORANGE, BLUE)
    for ax, (name, numbers), colour in zip(axes, weights.items(), colours, strict=True):
        ax.bar(places, numbers, color=colour, width=0.7)
        ax.plot(places, TRUE, "_", color=INK, markersize=9.0)
        ax.axhline(0.0, color=INK, linewidth=0.6)
        ax.set(title={"none": "no penalty"}.get(name, name), xlabel="weight", xticks=places)
    lesson.plot(
        axes[0],
        "weights",
        "The ten weights; short lines are the true ones. L2 shrinks the large weights and keeps "
        "the small ones, L1 takes the small ones away.",
        "Three bar charts of ten weights. With L2 the three long bars are shorter than without a "
        "penalty and the short ones remain; with L1 only the three long bars can be seen well.",
    )


def close_to_zero(lesson: Lesson, large_steps: list[list[float]]) -> None:
    """What plain descent does with a weight whose place is 0."""
    rate = RATE / 5
    small_steps = descend(L1(STRENGTH), rate)
    lesson.section("Exactly 0?")
    lesson.say(f"""
        But none of the weights is exactly 0, and going on does not help. The slope of |w| is +1 or
        -1 right up to 0, so the last step is as long as any other. It goes past 0, and the next
        one comes back. Here is w{WATCHED + 1} in the last eight steps:
    """)
    lesson.show("  ".join(f"{weights[WATCHED]:+.4f}" for weights in large_steps[-8:]))
    lesson.say("Smaller steps hover closer to 0. They do not end there either.")
    lesson.table(
        ("rate", "rate × λ", "largest of w4 … w10", "exactly 0"),
        [
            (
                each,
                f"{each * STRENGTH:g}",
                f"{max(abs(w) for w in path[-1][3:]):.4f}",
                str(path[-1].count(0.0)),
            )
            for each, path in ((RATE, large_steps), (rate, small_steps))
        ],
    )
    plot_paths(lesson, large_steps, small_steps)


def plot_paths(lesson: Lesson, large: list[list[float]], small: list[list[float]]) -> None:
    """One weight on its way, with large and with small steps."""
    [ax] = new_axes(6.5, 2.8)
    for path, colour in ((large, ORANGE), (small, BLUE)):
        rate = WAY / len(path)
        shown = [weights[WATCHED] for weights in path[: round(9 / rate)]]
        way = rate * np.arange(1, len(shown) + 1)
        ax.plot(way, shown, color=colour, linewidth=1.0, label=f"rate {rate:g}")
    ax.axhline(0.0, color=INK, linewidth=0.6)
    ax.set(xlabel="steps × rate", ylabel=f"w{WATCHED + 1}", xlim=(3.0, 9.0), ylim=(-0.19, 0.03))
    ax.legend(frameon=False, fontsize="small", loc="lower right")
    lesson.plot(
        ax,
        "hovering",
        "A weight that should be 0, under L1: it gets there, and hovers.",
        "The weight falls to 0 and then jumps to and fro around it, with large steps five times "
        "as far as with small ones.",
    )


def threshold(lesson: Lesson) -> None:
    """A step that ends at 0, and the proof that this is the minimum."""
    neuron = descend_with_threshold()
    weights = [weight.data for weight in weights_of(neuron)]
    gradient = gradient_of_loss(neuron)
    lesson.section("A step that ends at 0")
    lesson.say("""
        The statement is true of the minimum, not of this way to it. A small change gets there: step
        against the gradient of the loss alone, then move each weight towards 0 by rate × λ, but not
        past it. This is called soft thresholding.
    """)
    lesson.show_code(descend_with_threshold)
    lesson.table(
        ("weight", "true", "with threshold", "∂loss/∂w"),
        [
            (f"w{k + 1}", TRUE[k], f"{weights[k]:.4f}" if weights[k] else "0", f"{gradient[k]:.4f}")
            for k in range(len(TRUE))
        ],
    )
    zeros = [abs(g) for w, g in zip(weights, gradient, strict=True) if w == 0.0]
    lesson.say(f"""
        Now {len(zeros)} weights are exactly 0. The last column shows that this is the minimum: at
        every other weight the loss pulls with just the force λ = {STRENGTH:g} against the penalty,
        and at those that are 0 with less, at most {max(zeros):.4f}, which is not enough to move
        them.
    """)


def gradient_of_loss(neuron: Neuron) -> list[float]:
    """The gradient of the mean loss, without a penalty, at each weight."""
    inputs, targets = examples()
    neuron.zero_grad()
    for x, y in zip(inputs, targets, strict=True):
        half_squared_error(neuron(x), y).backward(1 / len(targets))
    return [weight.grad for weight in weights_of(neuron)]
