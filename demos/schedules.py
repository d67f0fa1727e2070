"""Learning rates that fall, and a training that goes on where it stopped.

Online learning never comes to rest: each example pulls the weights its own way, and with a rate
that stays the same the last pull is as strong as the first. A smaller rate would hover closer to
the minimum, but takes long to get there. So begin with large steps, and end with small ones.
"""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from demos.figures import BLUE, GREY, INK, ORANGE, new_axes
from demos.lesson import Lesson
from demos.penalties import examples, new_neuron
from nn import (
    CosineDecay,
    ExponentialDecay,
    SteepestDescent,
    StepDecay,
    Trainer,
    half_squared_error,
)

Array = npt.NDArray[np.float64]

EPOCHS = 50
UPDATES = EPOCHS * len(examples()[1])  # one for each example
RATE = 0.05
SCHEDULES: dict[str, Callable[[int], float]] = {
    "step": StepDecay(RATE, every=UPDATES // 5, factor=0.3),
    "exponential": ExponentialDecay(RATE, factor=0.01 ** (1 / UPDATES)),
    "cosine": CosineDecay(RATE, UPDATES),
}


def online(rate: float | Callable[[int], float]) -> Trainer:
    """A trainer that updates after each example."""
    optimiser = SteepestDescent(rate)
    return Trainer(new_neuron(), half_squared_error, optimiser, batch_size=1, seed=1)


def run(lesson: Lesson) -> None:
    """Three schedules, what they are good for, and how to stop and go on."""
    lesson.section("Three ways down")
    lesson.say(f"""
        A schedule says which rate the update number t gets. Here all three begin with
        {RATE:g} and have {UPDATES} updates to come down:

            step           η = {RATE:g} · 0.3^⌊5 t / {UPDATES}⌋
            exponential    η = {RATE:g} · 0.01^(t / {UPDATES})
            cosine         η = {RATE:g} · (1 + cos(π t / {UPDATES})) / 2
    """)
    middle = UPDATES // 2
    lesson.table(
        ("schedule", "first rate", "in the middle", "last rate"),
        [
            (name, *(f"{schedule(t):.6f}" for t in (0, middle, UPDATES - 1)))
            for name, schedule in SCHEDULES.items()
        ],
    )
    plot_rates(lesson)
    to_the_minimum(lesson)
    stop_and_go_on(lesson)


def plot_rates(lesson: Lesson) -> None:
    """The rates over the updates."""
    [ax] = new_axes(6.5, 2.6)
    updates = range(UPDATES)
    for (name, schedule), colour in zip(SCHEDULES.items(), (ORANGE, BLUE, INK), strict=True):
        ax.plot(updates, [schedule(t) for t in updates], color=colour, linewidth=1.4, label=name)
    ax.set(xlabel="update", ylabel="rate", ylim=(0.0, 1.05 * RATE))
    ax.legend(frameon=False, fontsize="small")
    lesson.plot(
        ax,
        "rates",
        "The three schedules.",
        f"Three rates that start at {RATE:g}: one falls in five steps, one at once and then ever "
        "more slowly, and one slowly, then fast, then slowly.",
    )


def minimum() -> Array:
    """Weights and bias of the least squares, by linear algebra."""
    inputs, targets = map(np.array, examples())
    solution = np.linalg.lstsq(np.c_[inputs, np.ones(len(inputs))], targets, rcond=None)[0]
    return np.asarray(solution, dtype=float)


def distances(trainer: Trainer, epochs: int) -> list[float]:
    """How far the parameters are from the minimum, after each of some more epochs."""
    lowest, course = minimum(), []
    for _ in range(epochs):
        trainer.fit(*examples(), epochs=1, progress=False)
        here = [parameter.data for parameter in trainer.model.parameters()]
        course.append(float(np.linalg.norm(here - lowest)))
    return course


def to_the_minimum(lesson: Lesson) -> None:
    """The distance from the minimum under rates that stay, and under rates that fall."""
    lesson.section("What they are good for")
    lesson.say("""
        The linear neuron with ten inputs of the lesson `penalties`, without a penalty. Its targets
        are noisy, so no weights suit all examples. Its minimum is known, by linear algebra, and the
        table has the distance of its parameters from there.
    """)
    lesson.show_code(online)
    rates: dict[str, float | Callable[[int], float]] = {
        f"{RATE:g}, constant": RATE,
        f"{RATE / 100:g}, constant": RATE / 100,
        **{f"{RATE:g}, {name}": schedule for name, schedule in SCHEDULES.items()},
    }
    courses = {name: distances(online(rate), EPOCHS) for name, rate in rates.items()}
    shown = (1, 10, EPOCHS)
    lesson.table(
        ("rate", *(f"distance after epoch {epoch}" for epoch in shown)),
        [
            (name, *(f"{course[epoch - 1]:.4f}" for epoch in shown))
            for name, course in courses.items()
        ],
    )
    [ax] = new_axes(8.0, 2.8)
    colours = (GREY, GREY, ORANGE, BLUE, INK)
    for (name, course), colour, line in zip(courses.items(), colours, "-:---", strict=True):
        epochs = range(1, EPOCHS + 1)
        ax.semilogy(epochs, course, line, color=colour, linewidth=1.4, label=name)
    ax.set(xlabel="epoch", ylabel="distance from the minimum")
    ax.legend(frameon=False, fontsize="small", loc="upper left", bbox_to_anchor=(1.0, 1.0))
    lesson.plot(
        ax,
        "distances",
        "A constant rate hovers or crawls; rates that fall do neither.",
        "On a logarithmic scale the large constant rate soon stays at one height, the small one "
        "falls slowly, and the three schedules end below both.",
    )
    constant, _, *falling = (course[-1] for course in courses.values())
    lesson.say(f"""
        The large rate comes near the minimum in a few epochs and then hovers around it. The small
        one is still on its way at the end. The three that fall are about as quick in the beginning,
        and end at least {int(constant / max(falling))} times as close. Where all examples can be
        met at once there is less to gain, for then the pulls themselves die down near the minimum.
    """)


def stop_and_go_on(lesson: Lesson) -> None:
    """Half a training, a file, and the other half in a new trainer."""
    straight, first, second = (online(SCHEDULES["cosine"]) for _ in range(3))
    straight.fit(*examples(), EPOCHS, progress=False)
    first.fit(*examples(), EPOCHS // 2, progress=False)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "run.json"
        first.save(path)
        second.load(path)
    second.fit(*examples(), EPOCHS - EPOCHS // 2, progress=False)
    ends = [trainer.model.state_dict() for trainer in (straight, second)]
    same = sum(ends[0][name] == ends[1][name] for name in ends[0])
    lesson.section("Stop, and go on")
    lesson.say(f"""
        A schedule counts updates, so a training that was stopped must know how many there have
        been. `trainer.save("run.json")` writes that down, with the parameters, with whatever the
        optimiser remembers, and with the history; `trainer.load("run.json")` reads it. Here one
        neuron is trained for {EPOCHS} epochs with the cosine. Another one stops after
        {EPOCHS // 2}, and a third one loads its file and goes on. The order of the examples
        follows from the seed and the number of the epoch, so all is as if nothing had happened:
        {same} of {len(ends[0])} parameters are the same to the last bit.

        Ctrl-C stops a training as well. The model keeps what it has learned, and another `fit`, or
        a `save`, goes on from there.

        To take away: large steps find the valley, small ones its lowest point.
    """)
