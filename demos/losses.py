"""Losses, and a formula that was printed wrong.

A loss says how wrong an output is. Its derivative is what backpropagation starts with, so a wrong
sign there turns learning upside down. One lecture prints binary cross-entropy with two wrong signs.
The engine is told the loss alone and finds the derivative itself, so it is a good judge.
"""

from collections.abc import Callable

from autograd_core import Value, gradcheck, log
from demos.figures import BLUE, GREY, ORANGE, new_axes
from demos.lesson import Lesson
from nn import (
    binary_cross_entropy,
    binary_cross_entropy_from_logit,
    half_squared_error,
    hinge,
    logistic,
    negative_log_likelihood,
    softmax,
    softmax_cross_entropy,
    softmax_cross_entropy_without_first,
    softmax_without_first,
    squared_error,
)

LOGITS = (2.0, 1.0, -1.0)
LABEL = 1


def printed(p: Value, y: float) -> Value:
    """The loss as it is printed: J = y log p + (1 - y) log(1 - p)."""
    return y * log(p) + (1 - y) * log(1 - p)


def printed_derivative(p: float, y: float) -> float:
    """Its derivative as it is printed: dJ/dp = y / p + (1 - y) / (1 - p)."""
    return y / p + (1 - y) / (1 - p)


def right_derivative(p: float, y: float) -> float:
    """The derivative of J = -(y log p + (1 - y) log(1 - p))."""
    return -y / p + (1 - y) / (1 - p)


def run(lesson: Lesson) -> None:
    """Squared errors and hinge, cross-entropies, logits, and one node less."""
    errors_and_margins(lesson)
    two_signs(lesson)
    softmax_and_cross_entropy(lesson)
    from_logits(lesson)
    one_node_less(lesson)


def errors_and_margins(lesson: Lesson) -> None:
    """The squared error in two scalings, and the hinge loss."""
    lesson.section("Squared error, with and without ½")
    lesson.say("""
        For targets that are numbers, one lecture takes ½ ‖ŷ - y‖² and another ‖ŷ - y‖². The
        derivatives are ŷ - y and 2 (ŷ - y): the ½ is there to cancel the 2, and doubles the best
        learning rate. Here for two outputs:
    """)
    rows: list[tuple[str | float, ...]] = []
    for name, loss in (("½ ‖ŷ - y‖²", half_squared_error), ("‖ŷ - y‖²", squared_error)):
        values = [Value(3.0), Value(-0.5)]
        cost = loss(values, [1.0, 0.5])
        cost.backward()
        rows.append((name, cost.data, *(value.grad for value in values)))
    lesson.table(("loss at ŷ = (3, -0.5), y = (1, 0.5)", "C", "∂C/∂ŷ1", "∂C/∂ŷ2"), rows)
    lesson.section("Hinge: right is not enough")
    lesson.say("""
        For a label t of -1 or 1 the hinge loss is max(0, 1 - t y). An output y on the right side
        costs nothing once it is 1 or more away from 0, and then it pulls no more. Whatever is
        closer, or on the wrong side, pulls with the same force 1, however far.
    """)
    rows = []
    for t, y in ((1.0, Value(2.0)), (1.0, Value(0.25)), (1.0, Value(-3.0)), (-1.0, Value(0.25))):
        cost = hinge(y, t)
        cost.backward()
        rows.append((t, y.data, cost.data, y.grad))
    lesson.table(("t", "y", "max(0, 1 - t y)", "∂C/∂y"), rows)


def two_signs(lesson: Lesson) -> None:
    """The printed formulas, the engine's derivative of the printed loss, and the right ones."""
    lesson.section("Two wrong signs")
    lesson.say("""
        With p for the probability that the network gives, and a label y of 0 or 1, the slide has

            J = y log p + (1 - y) log(1 - p)        dJ/dp = y / p + (1 - y) / (1 - p)

        A good output must cost little. Here is what the printed J and `nn` make of good and
        bad ones, and then their derivatives: as printed, as the engine finds it for the printed J,
        and as it finds it for the loss of `nn`.
    """)
    cases = [(0.9, 1.0), (0.1, 1.0), (0.9, 0.0), (0.1, 0.0)]
    rows, slopes = [], []
    for p, y in cases:
        verdict = "good" if (p > 0.5) == (y == 1.0) else "bad"
        given, wanted = Value(p), Value(p)
        wrong, right = printed(given, y), binary_cross_entropy(wanted, y)
        wrong.backward()
        right.backward()
        rows.append((p, y, verdict, f"{wrong:.4f}", f"{right:.4f}"))
        as_printed, on_paper = printed_derivative(p, y), right_derivative(p, y)
        slopes.append((p, y, as_printed, given.grad, wanted.grad, on_paper))
    lesson.table(("p", "y", "output is", "J as printed", "J of nn"), rows)
    lesson.table(("p", "y", "dJ/dp printed", "of the printed J", "of nn", "on paper"), slopes)
    lesson.say("""
        The printed J is never above 0 and lowest where the output is worst: whoever minimises it
        learns the opposite. It lacks the minus sign in front. The printed derivative does not even
        fit the printed J: for y = 0 its sign is wrong, because the derivative of log(1 - p) is
        -1 / (1 - p). It does not fit the right loss either, for then the sign is wrong where y = 1.
        Right is

            J = -(y log p + (1 - y) log(1 - p))      dJ/dp = -y / p + (1 - y) / (1 - p)

        and with p = σ(z) that becomes dJ/dz = p - y, as simple as for a linear neuron.
    """)
    plot_two_signs(lesson)
    lesson.say("Nudging agrees with the engine, as it should:")
    lesson.show(gradcheck(lambda p: binary_cross_entropy(p, 0), {"p": 0.9}))


def plot_two_signs(lesson: Lesson) -> None:
    """The right and the printed loss over p, for both labels."""
    grid = [place / 200 for place in range(2, 199)]
    axes = new_axes(8.0, 3.0, columns=2, sharey=True)
    for y, ax in zip((1.0, 0.0), axes, strict=True):
        ax.axhline(0.0, color=GREY, linewidth=0.5)
        right = [binary_cross_entropy(Value(p), y).data for p in grid]
        ax.plot(grid, right, color=BLUE, label="-(y log p + (1 - y) log(1 - p))")
        wrong = [printed(Value(p), y).data for p in grid]
        ax.plot(grid, wrong, color=ORANGE, linestyle="--", label="as printed")
        ax.set(title=f"y = {y:g}", xlabel="p", ylim=(-4.8, 4.8))
    axes[0].legend(frameon=False, fontsize="small", loc="lower right")
    lesson.plot(
        axes[0],
        "signs",
        "Downhill has to lead to the right answer, p = 1 on the left and p = 0 on the right.",
        "For y = 1 the right loss falls from high values near p = 0 to 0 at p = 1, and the printed "
        "one rises to 0 from far below. For y = 0 it is the other way round.",
    )


def softmax_and_cross_entropy(lesson: Lesson) -> None:
    """−z_y + ln Σ exp z_k, and its derivative g − 1{y}."""
    z = [Value(number, f"z{place}") for place, number in enumerate(LOGITS)]
    loss = softmax_cross_entropy(z, LABEL)
    loss.label = "loss"
    loss.backward()
    g = [probability.data for probability in softmax(z)]
    lesson.section("Softmax cross-entropy")
    lesson.say("""
        For several classes, softmax makes probabilities g of the outputs z of the last layer,
        which are called logits, and the loss is -ln g of the right class. Put together,

            loss = -z_y + ln Σ exp(z_k)        δ_k = ∂loss/∂z_k = g_k - 1{k = y}

        The δ of the last layer is what the network said minus what it should have said.
    """)
    caption = f"Cross-entropy from the logits, where class {LABEL} is right."
    lesson.draw(loss, "softmax", caption, decimals=4)
    rows = []
    for k, (logit, said) in enumerate(zip(z, g, strict=True)):
        delta = said - (k == LABEL)
        rows.append((str(k), logit.data, said, delta, logit.grad, f"{logit.grad - delta:.1g}"))
    lesson.table(("k", "z", "g = softmax(z)", "g - 1{k = y}", "engine", "difference"), rows)
    total = sum(value.grad for value in z)
    lesson.say(f"""
        The probabilities add up to 1 and so does the target, so the δ add up to 0; here their sum
        is {total:.1g}.
    """)


def through_logistic(z: float) -> Value:
    """The loss for the label 0, from the probability σ(z)."""
    return binary_cross_entropy(logistic(Value(z)).detach(), 0)


def through_softmax(z: float) -> Value:
    """The same from the probabilities of two classes with the logits 0 and z."""
    return negative_log_likelihood([p.detach() for p in softmax([Value(0.0), Value(z)])], 0)


def from_logit(z: float) -> Value:
    """The same from z itself."""
    return binary_cross_entropy_from_logit(Value(z), 0)


def attempt(loss: Callable[[float], Value], z: float) -> str:
    """The loss with twelve digits, or what is in its way."""
    try:
        return f"{loss(z):.12g}"
    except ValueError:
        return "ln 0"


def from_logits(lesson: Lesson) -> None:
    """What goes wrong when probabilities are rounded before their logarithm is taken."""
    ways = (through_logistic, through_softmax, from_logit)
    lesson.section("Why from the logits")
    for way in ways:
        lesson.show_code(way)
    lesson.say("""
        On paper the three are the same, ln(1 + exp(z)), which for large z is z and a tiny bit more.
        In floats they are not, where the loss has the probability alone, detached from its circuit;
        from σ(z) or a softmax as they are the engine goes back to z:
    """)
    lesson.table(
        ("z", "through σ", "through softmax", "from the logit"),
        [(z, *(attempt(way, z) for way in ways)) for z in (1.0, 10.0, 30.0, 40.0, 800.0)],
    )
    z = Value(800.0)
    binary_cross_entropy_from_logit(z, 0).backward()
    lesson.say(f"""
        At z = 30 only a few digits of 1 - σ(z) are left, and from z = 37 on the float σ(z) is
        exactly 1. From z = 746 on exp(-z) is exactly 0. What follows is the logarithm of 0, and it
        comes just where the network is most wrong and has most to learn. From the logit
        nothing is lost: at z = 800 the loss is 800 and its gradient p - y is {z.grad:g}. Where the
        logarithm has to give up, the engine says so:
    """)
    try:
        through_logistic(40.0)
    except ValueError as error:
        lesson.show(error)


def one_node_less(lesson: Lesson) -> None:
    """Softmax over K classes from K − 1 logits."""
    full = [Value(number) for number in LOGITS]
    fewer = [Value(number - LOGITS[0]) for number in LOGITS[1:]]
    softmax_cross_entropy(full, LABEL).backward()
    softmax_cross_entropy_without_first(fewer, LABEL).backward()
    lesson.section("One output node less")
    lesson.say("""
        Probabilities add up to 1, so the first class needs no node of its own: its probability is
        1 minus the others. In terms of logits, its z is wired to 0, and the others are differences
        from it. Adding the same number to all logits changes no probability.
    """)
    by_all, by_fewer = softmax(full), softmax_without_first(fewer)
    rows: list[tuple[str | float, ...]] = []
    for k, (z, g, same) in enumerate(zip(full, by_all, by_fewer, strict=True)):
        node = fewer[k - 1] if k else None
        logit, delta = (node.data, node.grad) if node else ("", "")
        rows.append((str(k), z.data, g.data, z.grad, logit, same.data, delta))
    lesson.table(("class", "z", "g", "δ", "z, one less", "g, one less", "δ, one less"), rows)
    _, second = softmax_without_first([Value(2.0)])
    lesson.say(f"""
        With two classes this leaves a single logit, and softmax becomes the logistic function: for
        z = 2 it says {second:.6f}, and σ(2) = {logistic(2.0):.6f}. So binary cross-entropy is this
        same loss.
    """)
