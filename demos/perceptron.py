"""Perceptron and logistic neuron: they decide alike.

Both neurons begin with the same weighted sum z = w·x + b. The perceptron answers with the unit
step of it, 1 if z ≥ 0 and 0 otherwise. The logistic neuron answers with a probability, p = σ(z).
If it has to decide, and if both kinds of mistake cost the same, it decides exactly as the
perceptron does. Then why have it at all? Because a step cannot learn.
"""

from math import log
from random import Random

from autograd_core import Value, no_grad, step
from demos.figures import BLUE, GREY, ORANGE, PAPER, new_axes
from demos.lesson import Lesson
from nn import Neuron, SteepestDescent, Trainer, half_squared_error, logistic

PLACES = (-4.0, -1.0, -0.01, 0.01, 1.0, 4.0)
COSTS = ((1.0, 1.0), (4.0, 1.0), (1.0, 4.0))  # of a false alarm, of a miss


def perceptron_decides(z: float) -> int:
    """The unit step of z: a hard threshold at 0."""
    return int(step(z))


def logistic_decides(z: float, false_alarm: float = 1.0, miss: float = 1.0) -> int:
    """Whatever costs less on average, when the answer is 1 with the probability σ(z)."""
    p = logistic(z)
    cost_of_saying_1, cost_of_saying_0 = false_alarm * (1 - p), miss * p
    return int(cost_of_saying_1 < cost_of_saying_0)


def run(lesson: Lesson) -> None:
    """The proof, the numbers, other costs, and the gradients."""
    lesson.section("The proof")
    lesson.say("""
        Say that a false alarm, a 1 where 0 is right, costs as much as a miss. The answer 1 is wrong
        with the probability 1 - p, the answer 0 with the probability p. So 1 is the better answer
        if 1 - p < p, and then one step leads to the next, in both directions:

            p > 1/2    ⇔    1 + exp(-z) < 2    ⇔    exp(-z) < 1    ⇔    z > 0

        The threshold of z is at 0 because σ(0) = 1/2; everything else the bias does. Where z is
        exactly 0 both answers cost the same, and it is only a convention that the step says 1.
    """)
    lesson.show_code(perceptron_decides)
    lesson.show_code(logistic_decides)
    lesson.table(
        ("z", "unit step", "σ(z)", "perceptron", "logistic neuron"),
        [
            (z, step(z), logistic(z), str(perceptron_decides(z)), str(logistic_decides(z)))
            for z in PLACES
        ],
    )
    asked, alike = ask_random_neurons()
    lesson.say(f"""
        Now both in earnest: {asked} times a pair of neurons with the same random weights is asked
        about random inputs. They agree {alike} times.
    """)
    other_costs(lesson)
    gradients(lesson)


def ask_random_neurons(count: int = 1000) -> tuple[int, int]:
    """How often pairs of neurons with equal weights were asked, and how often they agreed."""
    source, alike = Random(1), 0
    with no_grad():
        for _ in range(count):
            hard, soft = Neuron(3, activation="step"), Neuron(3, activation="logistic")
            parameters = {name: source.uniform(-1.0, 1.0) for name in hard.named_parameters()}
            hard.load_state_dict(parameters)
            soft.load_state_dict(parameters)
            x = [source.uniform(-1.0, 1.0) for _ in range(3)]
            alike += hard(x).data == (soft(x).data > 0.5)
    return count, alike


def other_costs(lesson: Lesson) -> None:
    """Where mistakes cost differently, the threshold moves, and only one neuron can tell."""
    lesson.section("When mistakes do not cost the same")
    lesson.say("""
        If a false alarm costs A and a miss costs B, then 1 is the better answer if A (1 - p) < B p:

            p / (1 - p) > A / B    ⇔    exp(z) > A / B    ⇔    z > ln(A / B)

        For equal costs that is ln 1 = 0 again. The table finds the threshold by trying z from -3
        to 3 in steps of 0.001, and puts it beside the formula.
    """)
    lesson.table(
        ("false alarm A", "miss B", "first z for a 1", "ln(A / B)", "threshold of p, A / (A + B)"),
        [(a, b, first_one(a, b), log(a / b), a / (a + b)) for a, b in COSTS],
    )
    lesson.say("""
        The logistic neuron can serve all three, for it says how sure it is. A perceptron would have
        to be trained anew.
    """)


def first_one(false_alarm: float, miss: float) -> float:
    """The smallest z in steps of 0.001 for which the decision is 1."""
    tried = [thousandth / 1000 for thousandth in range(-3000, 3001)]
    return next(z for z in tried if logistic_decides(z, false_alarm, miss))


def gradients(lesson: Lesson) -> None:
    """The step is flat: nothing comes back through it."""
    lesson.section("The difference: learning")
    hard, soft = Value(0.5, "z"), Value(0.5, "z")
    wrong, unsure = step(hard) ** 2, logistic(soft) ** 2
    wrong.backward()
    unsure.backward()
    lesson.say(f"""
        Both neurons have z = 0.5 here, say 1 and {logistic(0.5):.2f}, and the right answer is 0. So
        the squared error is the square of what they say, and it goes back through both. The step is
        flat on either side of its jump, so its local gradient is 0, and an error of {wrong:g} says
        nothing about z: its gradient is {hard.grad:g}. (At the jump itself there is no derivative;
        the engine says 0 there as well.) σ has a slope everywhere. It lets {soft.grad:.3f} through:
        z has to go down.
    """)
    lesson.draw(wrong, "step", "The perceptron: the gradient ends at the unit step.")
    lesson.draw(unsure, "logistic", "The logistic neuron: the gradient comes through.")
    plot_both(lesson)
    try:
        Trainer(Neuron(3, activation="step"), half_squared_error, SteepestDescent(0.1))
    except ValueError as error:
        lesson.say("So `nn` has the unit step for deciding, and refuses to train through it:")
        lesson.show(error)


def plot_both(lesson: Lesson) -> None:
    """The two activations over z."""
    z = [place / 50 for place in range(-250, 251)]
    [ax] = new_axes(6.5, 2.8)
    ax.axvline(0.0, color=GREY, linewidth=0.8, linestyle=":")
    ax.axhline(0.5, color=GREY, linewidth=0.8, linestyle=":")
    ax.plot([-5.0, 0.0], [0.0, 0.0], color=ORANGE, label="unit step")
    ax.plot([0.0, 5.0], [1.0, 1.0], color=ORANGE)
    ax.plot(0.0, 0.0, "o", color=ORANGE, markerfacecolor=PAPER)
    ax.plot(0.0, 1.0, "o", color=ORANGE)
    ax.plot(z, [logistic(place) for place in z], color=BLUE, label="σ(z)")
    ax.set(xlabel="z = w·x + b", xticks=range(-5, 6), yticks=(0.0, 0.5, 1.0))
    ax.legend(frameon=False, fontsize="small")
    lesson.plot(
        ax,
        "both",
        "σ crosses 1/2 where the step jumps; only σ has a slope to go by.",
        "The unit step jumps from 0 to 1 at z = 0. The logistic function rises smoothly from 0 to "
        "1 and is 1/2 at z = 0.",
    )
