"""micrograd's moons, and the numbers that it published.

Two half-moons, hooked into each other: no line parts them. The notebook that comes with micrograd
trains a network of 337 parameters on a hundred such points, and prints the loss at each of its
hundred steps. Here are the same points, the same first weights and the same steps, so the same
losses have to come out.
"""

import json
from importlib.resources import files
from typing import Any

from autograd_core import Value
from demos.figures import BLUE, GREY, new_axes
from demos.lesson import Lesson
from nn import MLP, Module, SteepestDescent, Trainer, hinge
from viz.plots import decision_boundary, neuron_heatmaps

MOONS = json.loads((files("demos") / "data" / "moons.json").read_text(encoding="utf-8"))
POINTS: list[list[float]] = MOONS["points"]
LABELS = [2 * label - 1 for label in MOONS["labels"]]  # -1 and 1
LOSSES: list[float] = MOONS["losses"]
ACCURACIES: list[float] = MOONS["accuracies"]  # in per cent
STEPS = len(LOSSES)
FEW = 5  # steps that are taken as in the notebook


def new_model() -> MLP:
    """The network, with the weights that the notebook began with."""
    return MLP(2, [16, 16, 1], seed=1337)  # as after random.seed(1337)


def loss_of(model: MLP) -> Any:
    """The loss, as the notebook writes it."""
    scores = [model([Value(x), Value(y)]) for x, y in POINTS]
    losses = [(1 + -label * score).relu() for label, score in zip(LABELS, scores, strict=True)]
    return sum(losses) * (1.0 / len(losses)) + weight_decay(model)


def weight_decay(model: Module) -> Any:
    """Its regularisation: of biases as well."""
    return 1e-4 * sum(p * p for p in model.parameters())


def rate(step: int) -> float:
    """The learning rate falls from 1 to 0.1."""
    return 1.0 - 0.9 * step / 100


def by_hand(model: MLP, steps: int) -> list[float]:
    """The notebook's loop; returns the loss at each step."""
    history = []
    for step in range(steps):
        loss = loss_of(model)
        model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.data -= rate(step) * p.grad
        history.append(loss.data)
    return history


def with_program(model: MLP) -> Trainer:
    """All steps, by a trainer."""
    trainer = Trainer(model, hinge, SteepestDescent(rate), penalty=weight_decay)
    trainer.fit(POINTS, LABELS, epochs=STEPS, progress=False)
    return trainer


def run(lesson: Lesson) -> None:
    """Loop and trainer against the published numbers, then pictures of what was learned."""
    model = new_model()
    trainer = with_program(model)
    lesson.section("As in the notebook")
    lesson.show(model)
    for function in (loss_of, weight_decay, rate, by_hand):
        lesson.show_code(function)
    lesson.say(f"""
        Each step builds the circuit of a hundred examples anew, so this loop only takes the first
        {FEW}. A trainer says the same in a line or two and records the circuit once, as a
        program; it takes all {STEPS}.
    """)
    lesson.show_code(with_program)
    compare(lesson, by_hand(new_model(), FEW), trainer)
    pictures(lesson, model, trainer)
    lesson.say("""
        To take away: micrograd, a loop over scalars and a program over arrays differ in speed, and
        in nothing else.
    """)


def compare(lesson: Lesson, by_loop: list[float], trainer: Trainer) -> None:
    """Published losses and accuracies beside ours."""
    history = trainer.history
    lesson.section("Published and computed")
    rows = []
    for step in (0, 1, 2, 3, 4, 9, 19, 49, 99):
        loop = f"{by_loop[step]:.12f}" if step < len(by_loop) else ""
        right = f"{100 * history['accuracy'][step]:g}"
        published, computed = f"{LOSSES[step]:.12f}", f"{history['loss'][step]:.12f}"
        rows.append((str(step), published, loop, computed, f"{ACCURACIES[step]:g}", right))
    columns = ("step", "published loss", "loop", "program", "published accuracy, %", "program, %")
    lesson.table(columns, rows)
    pairs = list(zip(LOSSES, history["loss"], strict=True))
    furthest = max(abs(ours - theirs) / theirs for theirs, ours in pairs)
    same = sum(
        round(100 * ours) == theirs
        for theirs, ours in zip(ACCURACIES, history["accuracy"], strict=True)
    )
    lesson.say(f"""
        The table shows twelve decimals of some steps. Over all {STEPS} steps the largest relative
        difference of a loss is {furthest:.0e}, and {same} of {STEPS} accuracies are the same. What
        is left is rounding: numbers are added up in another order.
    """)


def pictures(lesson: Lesson, model: MLP, trainer: Trainer) -> None:
    """The boundary, the course of the loss, and what single neurons do."""
    classes: list[Any] = MOONS["labels"]
    left, right = new_axes(8.0, 3.4, columns=2)
    decision_boundary(model, POINTS, classes, left, evaluate=trainer.predict, resolution=80)
    steps = range(STEPS)
    right.semilogy(steps, LOSSES, color=GREY, linewidth=4.0, alpha=0.4, label="published")
    right.semilogy(steps, trainer.history["loss"], color=BLUE, linewidth=1.2, label="computed")
    right.set(xlabel="step", ylabel="loss")
    right.legend(frameon=False, fontsize="small")
    lesson.section("What it has learned")
    lesson.plot(
        left,
        "boundary",
        f"The decision boundary after {STEPS} steps, and the loss on the way.",
        "The boundary winds between two half-moons of fifty points each and leaves each point on "
        "its own side. The published and the computed loss fall from 0.9 to 0.01 on one line.",
    )
    [ax] = new_axes(8.0, 2.0)
    neuron_heatmaps(model, ax=ax, resolution=24, xlim=left.get_xlim(), ylim=left.get_ylim())
    lesson.plot(
        ax,
        "neurons",
        "What each neuron answers to. The first layer folds the plane along straight lines, the "
        "second joins folds, and the last one has the moons.",
        "Small maps of the plane: sixteen neurons of the first layer, each 0 on one side of a "
        "line and rising on the other; sixteen of the second layer with bent edges; and the output "
        "neuron, positive around one moon and negative around the other.",
    )
