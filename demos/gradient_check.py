"""Four ways to a gradient, and how to check one with another.

A gradient can be worked out on paper, estimated by nudging each input, or computed by
backpropagation. On paper it is exact, but long, and easy to get wrong. Nudging needs no calculus at
all, but it is slow and only nearly right. Backpropagation is exact and fast, and if its code has a
mistake, nudging finds it. That is what a gradient check is.
"""

from math import log10
from typing import Literal

from autograd_core import Value, gradcheck, relu, sigmoid, total
from demos.lesson import Lesson

POINT = {"w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0, "w2": -3.0}

Method = Literal["forward", "centred"]

STEPS = [10.0**-exponent for exponent in range(1, 15)]
USUAL_STEP = 1e-6  # the lecture's
SPREAD = [place / 4 for place in range(-8, 9)]


def with_sigmoid(w0: Value, x0: Value, w1: Value, x1: Value, w2: Value) -> Value:
    """The sigmoid neuron."""
    return sigmoid(w0 * x0 + w1 * x1 + w2)


def by_hand(w0: float, x0: float, w1: float, x1: float, w2: float) -> dict[str, float]:
    """The gradient of the neuron, as worked out on paper."""
    f = sigmoid(w0 * x0 + w1 * x1 + w2)
    slope = (1 - f) * f
    return {"w0": slope * x0, "x0": slope * w0, "w1": slope * x1, "x1": slope * w1, "w2": slope}


def run(lesson: Lesson) -> None:
    """Agreement, cost, the choice of the step, and what a check can and cannot see."""
    lesson.section("Do they agree?")
    lesson.say(f"""
        The sigmoid neuron once more, with its five inputs. Numerical differentiation moves one
        input after the other by a small h, here by the usual {USUAL_STEP:g}:

            forward differences   (f(x + h) - f(x)) / h
            centred differences   (f(x + h) - f(x - h)) / 2h

        On paper the gradient is (1 - f) f times the factor that the input is multiplied with:
    """)
    forward = gradcheck(with_sigmoid, POINT, method="forward", step=USUAL_STEP)
    centred = gradcheck(with_sigmoid, POINT, step=USUAL_STEP)
    symbolic = by_hand(**POINT)
    lesson.show_code(by_hand)
    rows = []
    for one, two in zip(forward.checks, centred.checks, strict=True):
        gradients = (symbolic[one.name], one.numeric, two.numeric, two.analytic)
        rows.append((one.name, *(f"{gradient:.12f}" for gradient in gradients)))
    lesson.table(("input", "symbolic", "forward", "centred", "backpropagation"), rows)
    lesson.say(f"""
        Backpropagation and paper are the same to the last digit. Forward differences have relative
        errors up to {forward.worst:.0e}, centred ones up to {centred.worst:.0e}. The engine's own
        gradient check prints it like this:
    """)
    lesson.show(centred)
    count_evaluations(lesson)
    choose_the_step(lesson)
    find_mistakes(lesson)


def squashed_sum(*inputs: Value) -> Value:
    """A neuron with any number of inputs."""
    f: Value = sigmoid(total(inputs))
    return f


def count_evaluations(lesson: Lesson) -> None:
    """Numerical differentiation pays for every input; backpropagation does not."""
    lesson.section("What do they cost?")
    rows = []
    for size in (1, 10, 100):
        point = [0.1] * size
        forward = gradcheck(squashed_sum, point, method="forward").evaluations
        centred = gradcheck(squashed_sum, point).evaluations
        rows.append((str(size), str(forward), str(centred), "1 forward + 1 backward"))
    rows.append(("n", "n + 1", "2n", "1 forward + 1 backward"))
    lesson.table(("inputs", "forward", "centred", "backpropagation"), rows)
    lesson.say("""
        These are evaluations of the whole function. A network with a million weights would have to
        be evaluated a million times for one numerical gradient. The backward pass visits each
        gate once, whatever the number of weights.
    """)


def choose_the_step(lesson: Lesson) -> None:
    """Truncation against rounding."""
    lesson.section("How small should h be?")
    lesson.say(f"""
        The smaller the better, one would think. Here is the relative error of both methods for the
        slope of σ, the largest found at {len(SPREAD)} places from {SPREAD[0]:g} to {SPREAD[-1]:g},
        and the number of leading digits that are right.
    """)
    forward = [largest_error("forward", h) for h in STEPS]
    centred = [largest_error("centred", h) for h in STEPS]
    lesson.table(
        ("h", "forward", "digits right", "centred", "digits right"),
        [
            (f"{h:.0e}", f"{one:.1e}", right_digits(one), f"{two:.1e}", right_digits(two))
            for h, one, two in zip(STEPS, forward, centred, strict=True)
        ],
    )
    best_forward = STEPS[forward.index(min(forward))]
    best_centred = STEPS[centred.index(min(centred))]
    lesson.say(f"""
        Of these steps {best_forward:.0e} is best for forward differences, {best_centred:.0e} for
        centred ones.

        Going down the table, truncation rules first: the formula is cut off after its first
        terms. Forward differences then err in proportion to h, one digit gained for each row;
        centred ones in proportion to h², two digits for each row. Further down rounding takes over:
        f(x + h) and f(x - h) agree in almost all of their sixteen digits, the subtraction leaves
        only the last few, and the division by h blows their error up. It grows like 1/h.

        The best step of all is where the two errors meet: near √ε = 1.5e-8 for forward differences
        and near ∛ε = 6e-6 for centred ones, with ε = 2.2e-16 the spacing of floats around 1. These
        are the steps that `gradcheck` takes if it is not told otherwise.
    """)


def largest_error(method: Method, step: float) -> float:
    """How far numerical differentiation of σ is off, over a spread of places."""
    return max(gradcheck(sigmoid, [x], method=method, step=step).worst for x in SPREAD)


def right_digits(error: float) -> int:
    """How many leading digits a number with this relative error has right."""
    return max(0, int(-log10(error)))


def forgetful(x: Value) -> Value:
    """The square of x, with half of its gradient lost."""
    return x * x.detach()


def find_mistakes(lesson: Lesson) -> None:
    """What a wrong gradient looks like, and what only looks wrong."""
    lesson.section("What a check finds")
    lesson.say("""
        A mistake in a gradient is hardly ever small. Let us make one: in x · x, forget that x is
        used twice, by detaching the second x from the first.
    """)
    x = Value(3.0, "x")
    f = forgetful(x)
    f.backward()
    lesson.show_code(forgetful)
    lesson.draw(f, "mistake", "Half of the gradient never comes home: the two are not one x.")
    lesson.show(gradcheck(forgetful, {"x": x}))
    lesson.say("""
        At a kink the roles are turned around. The relu gate has a corner at 0; a step that reaches
        across it averages two slopes, and it is the numerical gradient that is wrong:
    """)
    lesson.show(gradcheck(relu, {"x": 1e-7}))
