"""XOR: what one neuron cannot learn, and three can.

Exclusive or is 1 where exactly one of its two inputs is 1. Four examples, and yet no single neuron
can get all of them right, however long it is trained. One layer more, and it is easy.
"""

from collections.abc import Callable, Iterable
from itertools import product
from math import log
from statistics import median
from typing import Any

from demos.figures import INK, new_axes
from demos.lesson import Lesson
from nn import MLP, Neuron, SteepestDescent, Trainer, binary_cross_entropy
from viz.plots import decision_boundary

EXAMPLES = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
TARGETS = [0, 1, 1, 0]
RATES = {1: 0.4, None: 2.0}  # by batch size: online, batch
GOOD = 0.01  # a loss that leaves no doubt about any of the four


def run(lesson: Lesson) -> None:
    """Why no neuron can, the best it can do, and what a hidden layer changes."""
    no_line(lesson)
    one_neuron(lesson)
    model, trainer = trained(2, batch_size=None, seed=1)
    hidden_layer(lesson, model, trainer)
    plot_planes(lesson, model, trainer)
    online_and_batch(lesson)
    lesson.say("""
        To take away: a neuron draws one line; a hidden layer makes new coordinates, in which one
        line is enough.
    """)


def no_line(lesson: Lesson) -> None:
    """The proof, and a search over neurons."""
    lesson.section("No line will do")
    lesson.say("""
        A neuron says 1 on one side of the line w1 x1 + w2 x2 + b = 0. Write z(x1, x2) for that sum.
        Whatever the weights,

            z(0, 1) + z(1, 0)  =  w1 + w2 + 2b  =  z(0, 0) + z(1, 1)

        XOR wants both terms on the left above 0, and neither of those on the right. So the
        same number would have to be above 0 and not above 0.
    """)
    lesson.show_code(functions_of_one_neuron)
    found = functions_of_one_neuron()
    missing = [row for row in product((0, 1), repeat=4) if row not in found]
    lesson.say(f"""
        There are 16 ways to say 0 or 1 to the four examples. Trying many neurons finds
        {len(found)} of them; what is missing is {" and ".join(map(str, missing))}, which are XOR
        and its opposite.
    """)


def functions_of_one_neuron() -> set[tuple[int, ...]]:
    """What neurons with various weights say to the four examples."""
    neuron, found = Neuron(2, activation="step"), set()
    for w1, w2, b in product((-1.0, 0.0, 1.0), (-1.0, 0.0, 1.0), (-1.5, -0.5, 0.5, 1.5)):
        neuron.load_state_dict({"weights.0": w1, "weights.1": w2, "bias": b})
        found.add(tuple(int(neuron(example).data) for example in EXAMPLES))
    return found


def one_neuron(lesson: Lesson) -> None:
    """Training a single logistic neuron."""
    neuron = Neuron(2, activation="logistic", seed=1)
    trainer = Trainer(neuron, binary_cross_entropy, SteepestDescent(RATES[None]))
    before = trainer.predict(EXAMPLES)
    history = trainer.fit(EXAMPLES, TARGETS, 500, progress=False)
    lesson.section("The best that one neuron can do")
    lesson.say(f"""
        Now let one logistic neuron learn it, with cross-entropy, from all four examples at once.
        Its loss begins at {history["loss"][0]:.4f} and ends at {history["loss"][-1]:.6f}. That is
        ln 2 = {log(2):.6f}, the price of saying 1/2 to everything, and so it does:
    """)
    columns = ("x1, x2", "wanted", "p before training", "after")
    lesson.table(columns, answers(before, trainer.predict(EXAMPLES)))
    left = max(abs(number) for number in neuron.state_dict().values())
    lesson.say(f"""
        Weights and bias have gone to 0; none is larger than {left:.0e} any more. This is no bad
        luck. For a single neuron the cross-entropy is convex, so there is one minimum, and this is
        it. Three of the four right would be possible, by saying OR instead of XOR, but the loss
        counts how sure a wrong answer is, and likes no answer better.
    """)


def answers(*columns: Iterable[float]) -> list[tuple[str, ...]]:
    """A row for each example: what it is, what is wanted, and some outputs."""
    return [
        (f"{x1:g}, {x2:g}", str(target), *(f"{p:.3f}" for p in outputs))
        for (x1, x2), target, *outputs in zip(EXAMPLES, TARGETS, *columns, strict=True)
    ]


def trained(hidden: int, batch_size: int | None, seed: int) -> tuple[MLP, Trainer]:
    """A network with one hidden layer, trained until its loss is good or for 500 epochs."""
    model = MLP(2, [hidden, 1], activation="tanh", output="logistic", seed=seed)
    optimiser = SteepestDescent(RATES[batch_size])
    trainer = Trainer(model, binary_cross_entropy, optimiser, batch_size=batch_size, seed=seed)
    trainer.fit(
        EXAMPLES, TARGETS, 500, stop=lambda history: history["loss"][-1] < GOOD, progress=False
    )
    return model, trainer


def hidden_layer(lesson: Lesson, model: MLP, trainer: Trainer) -> None:
    """Two hidden neurons, and what they make of the examples."""
    hidden, _ = model.layers
    coordinates = [[value.data for value in hidden.outputs(example)] for example in EXAMPLES]
    lesson.section("With a hidden layer")
    lesson.show(model)
    lesson.say(f"""
        Two hidden neurons and one output neuron, trained in the same way for
        {trainer.history.epochs} epochs:
    """)
    lesson.table(
        ("x1, x2", "wanted", "p", "hidden 1", "hidden 2"),
        answers(trainer.predict(EXAMPLES), *zip(*coordinates, strict=True)),
    )
    model([1.0, 0.0])
    lesson.draw(
        model,
        "network",
        "The trained network, asked about x1 = 1, x2 = 0. Blue lines are positive weights.",
        input_names=["x1", "x2"],
        output_names=["p"],
    )


def plot_planes(lesson: Lesson, model: MLP, trainer: Trainer) -> None:
    """One neuron's line, the network's boundary, and the plane of the hidden neurons."""
    neuron = Neuron(2, activation="logistic")
    neuron.load_state_dict({"weights.0": 5.0, "weights.1": 5.0, "bias": -2.5})
    hidden, output = model.layers
    inside = [[value.data for value in hidden.outputs(example)] for example in EXAMPLES]
    axes = new_axes(8.0, 2.9, columns=3)
    planes: tuple[tuple[str, Callable[[Any], Any], list[list[float]], tuple[str, str]], ...] = (
        ("one neuron: OR", neuron, EXAMPLES, ("x1", "x2")),
        ("the network", model, EXAMPLES, ("x1", "x2")),
        ("its output neuron", output, inside, ("hidden 1", "hidden 2")),
    )
    for ax, (title, part, points, (x, y)) in zip(axes, planes, strict=True):
        sides = (-1.3, 1.3) if part is output else (-0.4, 1.4)
        decision_boundary(
            part, points, TARGETS, ax, threshold=0.5, resolution=40, xlim=sides, ylim=sides
        )
        ax.set(xlabel=x, ylabel=y, box_aspect=1)
        ax.set_title(title, fontsize="medium", color=INK)
    lesson.plot(
        axes[0],
        "planes",
        "One line leaves at least one example on the wrong side. The network bends it. Seen in the "
        "plane of its two hidden neurons it is one straight line again: there the two examples of "
        "class 0 lie on top of each other.",
        "Left, a straight line that has three of the four examples on the right side; in the "
        "middle, two boundaries that part the examples of class 1 from both others; right, in the "
        "coordinates of the hidden neurons, one straight line that parts the classes.",
    )


def online_and_batch(lesson: Lesson, runs: int = 10) -> None:
    """How many runs succeed, for growing hidden layers."""
    lesson.section("Online and in batch")
    lesson.say(f"""
        Online learning updates after each example, batch learning after each epoch, by the mean
        over all four. Here are {runs} runs each, from different random weights, with steps of
        {RATES[1]:g} online and {RATES[None]:g} in batch. A run has solved XOR if its loss came
        below {GOOD:g} within 500 epochs.
    """)
    rows, lost = [], []
    for hidden, (batch_size, way) in product((2, 4), ((1, "online"), (None, "batch"))):
        trainers = [trained(hidden, batch_size, seed)[1] for seed in range(runs)]
        solved = [each.history.epochs for each in trainers if has_solved(each)]
        lost += [each for each in trainers if not has_solved(each)]
        updates = median(solved) * (4 if batch_size else 1)
        rows.append((str(hidden), way, f"{len(solved)} of {runs}", median(solved), updates))
    lesson.table(("hidden neurons", "learning", "solved", "median epochs", "median updates"), rows)
    undecided = sum(all(abs(p - 0.5) < 0.05 for p in each.predict(EXAMPLES)) for each in lost)
    lesson.say(f"""
        Two hidden neurons are enough to represent XOR, but not always enough to find it. With a
        hidden layer the loss is no longer convex, and a run may come to a plain far from any
        solution, where the gradient is next to nothing. Of the {len(lost)} runs that failed,
        {undecided} say about 1/2 to everything, like the single neuron. Neurons to spare make this
        rarer.
    """)


def has_solved(trainer: Trainer) -> bool:
    """Whether the last loss was good."""
    return trainer.history["loss"][-1] < GOOD
