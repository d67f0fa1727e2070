"""Universal approximation: enough neurons follow any curve.

One hidden layer is enough, says a theorem of Cybenko (1989) and Hornik (1991): whatever the
continuous function f on the unit interval, and however small the error that is allowed, there are
a number N and weights with which

    F(x) = Σ αᵢ σ(wᵢ x + bᵢ)    over i = 1 … N

is nowhere further from f than that. This is a network with N logistic neurons and a linear output.
"""

from math import pi, sin

import numpy as np
import numpy.typing as npt

from demos.figures import BLUE, GREY, INK, ORANGE, new_axes
from demos.lesson import Lesson
from nn import MLP, Adam, CosineDecay, Trainer, half_squared_error

Array = npt.NDArray[np.float64]

COUNTS = (1, 2, 4, 8, 16, 32)
SHOWN = (2, 8, 32)
EXAMPLES = np.linspace(0.0, 1.0, 101)
BETWEEN = np.linspace(0.0, 1.0, 1001)  # where errors are measured
UPDATES = 1000


def curve(x: float) -> float:
    """The function to be followed."""
    return x / 2 + sin(2 * pi * x) / 2 + sin(6 * pi * x) / 4


def by_hand(count: int) -> MLP:
    """A staircase: each neuron is a step, and α is how far the curve rises over it."""
    model = MLP(1, [count, 1], activation="logistic")
    numbers = {"layers.1.neurons.0.bias": 0.0}
    for i in range(count):
        w, middle = 5.0 * count, (i + 0.5) / count
        numbers[f"layers.0.neurons.{i}.weights.0"] = w
        numbers[f"layers.0.neurons.{i}.bias"] = -w * middle
        numbers[f"layers.1.neurons.0.weights.{i}"] = curve((i + 1) / count) - curve(i / count)
    model.load_state_dict(numbers)
    return model


def trained(count: int) -> MLP:
    """Neurons that start as gentler steps, up and down by turns, with random α."""
    model = MLP(1, [count, 1], activation="logistic", seed=1)
    numbers: dict[str, float] = {}
    for i in range(count):
        w, middle = 30.0 * (-1) ** i, (i + 0.5) / count
        numbers |= {f"neurons.{i}.weights.0": w, f"neurons.{i}.bias": -w * middle}
    model.layers[0].load_state_dict(numbers)
    optimiser = Adam(CosineDecay(0.1, UPDATES, end=0.001))
    trainer = Trainer(model, half_squared_error, optimiser)
    trainer.fit(EXAMPLES[:, None], [curve(x) for x in EXAMPLES], UPDATES, progress=False)
    return model


def outputs(model: MLP) -> Array:
    """What a network says, between the examples as well."""
    return Trainer(model, half_squared_error, Adam()).predict(BETWEEN[:, None])


def run(lesson: Lesson) -> None:
    """Staircases, the same after training, errors, and the parts of one network."""
    followed = np.array([curve(x) for x in BETWEEN])
    models = {count: trained(count) for count in COUNTS}
    stairs = {count: outputs(by_hand(count)) for count in COUNTS}
    fitted = {count: outputs(model) for count, model in models.items()}
    lesson.section("By hand")
    lesson.say("""
        The curve is f(x) = ½ x + ½ sin(2πx) + ¼ sin(6πx). That it can be followed is easy to see.
        A neuron with a large weight is a step, from 0 to 1 where w x + b = 0, and steps of the
        right heights add up to a staircase; with w = 5 N its edges are rounded. No training is
        needed for that.
    """)
    lesson.show_code(by_hand)
    lesson.section("By training")
    lesson.say(f"""
        Training has more freedom, as it may move the steps and make some of them gentle. It starts
        from gentle steps with random heights, and minimises ½ (F - f)² over {len(EXAMPLES)}
        examples with {UPDATES} updates by Adam. Errors are measured at {len(BETWEEN)} places, most
        of them between the examples.
    """)
    plot_fits(lesson, followed, stairs, fitted)
    of_stairs = [float(np.abs(stairs[count] - followed).max()) for count in COUNTS]
    largest = [float(np.abs(fitted[count] - followed).max()) for count in COUNTS]
    rows = []
    for count, hand, most in zip(COUNTS, of_stairs, largest, strict=True):
        rms = np.sqrt(np.mean((fitted[count] - followed) ** 2))
        parameters = str(len(models[count].parameters()))
        rows.append((str(count), parameters, f"{hand:.4f}", f"{most:.4f}", f"{rms:.4f}"))
    columns = ("N", "parameters", "by hand, largest error", "trained, largest", "trained, rms")
    lesson.table(columns, rows)
    parts_and_errors(lesson, models[8], of_stairs, largest)
    lesson.say("""
        The theorem promises that good weights exist. It says neither how many neurons are needed,
        nor that training finds the weights: for few neurons training may stop at a poor place, and
        for many the staircase comes close. Nor does it say anything about places outside the
        interval, where F soon becomes a constant.

        To take away: a sum of shifted and scaled sigmoids can become any curve; depth is not needed
        for what a network can represent, but for how cheaply.
    """)


def plot_fits(
    lesson: Lesson, followed: Array, stairs: dict[int, Array], fitted: dict[int, Array]
) -> None:
    """The curve, the staircase and the trained network, for some N."""
    axes = new_axes(8.0, 2.7, columns=len(SHOWN), sharey=True)
    for ax, count in zip(axes, SHOWN, strict=True):
        ax.plot(BETWEEN, followed, color=GREY, linewidth=4.0, alpha=0.35, label="f")
        ax.plot(
            BETWEEN, stairs[count], color=ORANGE, linewidth=1.2, linestyle="--", label="by hand"
        )
        ax.plot(BETWEEN, fitted[count], color=BLUE, linewidth=1.4, label="trained")
        ax.set(title=f"N = {count}", xlabel="x", xticks=(0.0, 0.5, 1.0), ylim=(-0.35, 1.2))
    axes[0].legend(frameon=False, fontsize="small", loc="upper right")
    lesson.plot(
        axes[0],
        "fits",
        "The same curve with more and more neurons.",
        "Two trained neurons follow one of the curve's six bends, eight follow them all, and with "
        "32 neither the trained network nor the staircase can be told from the curve.",
    )


def parts_and_errors(
    lesson: Lesson, model: MLP, of_stairs: list[float], largest: list[float]
) -> None:
    """The terms of one F, and how the errors fall with N."""
    hidden, output = model.layers
    left, right = new_axes(8.0, 3.0, columns=2)
    total = np.full_like(BETWEEN, output.state_dict()["neurons.0.bias"])
    for i in range(len(hidden.neurons)):
        w, b = hidden.neurons[i].state_dict().values()
        alpha = output.state_dict()[f"neurons.0.weights.{i}"]
        term = alpha / (1 + np.exp(-(w * BETWEEN + b)))
        left.plot(BETWEEN, term, color=BLUE, linewidth=0.9)
        total = total + term
    left.plot(BETWEEN, total, color=INK, linewidth=1.8)
    left.set(title="the terms αᵢ σ(wᵢ x + bᵢ), N = 8", xlabel="x", xticks=(0.0, 0.5, 1.0))
    right.loglog(COUNTS, of_stairs, "o--", color=ORANGE, markersize=4.0, label="by hand")
    right.loglog(COUNTS, largest, "o-", color=BLUE, markersize=4.0, label="trained")
    right.set(title="largest error", xlabel="N", xticks=COUNTS, xticklabels=map(str, COUNTS))
    right.minorticks_off()
    right.set_yticks((0.5, 0.1, 0.02), ("0.5", "0.1", "0.02"))
    right.legend(frameon=False, fontsize="small")
    lesson.plot(
        left,
        "terms",
        "Left, the eight terms of the trained network with N = 8 (blue), and with the output bias "
        "their sum (black). Right, the largest error for growing N.",
        f"Eight sigmoid curves whose sum is the curve; and errors that fall from {largest[0]:.2g} "
        f"for N = 1 to {largest[-1]:.2g} for N = {COUNTS[-1]}.",
    )
