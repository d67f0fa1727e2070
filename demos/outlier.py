"""Linear against logistic regression, with one point far out.

Ten examples on a line, class 0 to the left and class 1 to the right, and a threshold at 0.5: that
much a straight line can do as well, it seems. Then comes an eleventh example. It lies far on the
right and is of class 1, so it is the easiest of them all, and nothing about the others has changed.
"""

from dataclasses import dataclass

from autograd_core import sigmoid
from demos.figures import BLUE, GREY, INK, ORANGE, PAPER, new_axes
from demos.lesson import Lesson
from nn import (
    ActivationName,
    LineSearch,
    Loss,
    Neuron,
    Trainer,
    binary_cross_entropy,
    half_squared_error,
)

PLACES = (0.5, 1.5, 2.1, 2.2, 2.7, 2.3, 2.8, 2.9, 3.5, 4.5)
CLASSES = (0, 0, 0, 0, 0, 1, 1, 1, 1, 1)
OUTLIER = 20.0
CENTRE = 2.5  # inputs are measured from here, which makes the descent shorter


@dataclass(frozen=True)
class Fit:
    """A trained neuron and where it decides.

    Attributes:
        neuron: takes x - CENTRE.
        weight: its weight.
        bias: the bias that goes with x itself.
        loss: the mean loss that was reached.
        boundary: the x at which the output is 0.5.
    """

    neuron: Neuron
    weight: float
    bias: float
    loss: float
    boundary: float

    def __call__(self, x: float) -> float:
        """The output of the neuron for an example."""
        return self.neuron([x - CENTRE]).data


def fit(activation: ActivationName, loss: Loss, level: float, with_outlier: bool) -> Fit:
    """Train one neuron with one input.

    Args:
        activation: of the neuron.
        loss: what is minimised.
        level: the weighted sum at which its output is 0.5.
        with_outlier: whether the far example is one of the training set.
    """
    places, classes = list(PLACES), list(CLASSES)
    if with_outlier:
        places.append(OUTLIER)
        classes.append(1)
    neuron = Neuron(1, activation=activation, seed=1)
    trainer = Trainer(neuron, loss, LineSearch(8.0))
    examples = [[x - CENTRE] for x in places]
    history = trainer.fit(examples, classes, epochs=1000, tolerance=1e-14, progress=False)
    weight, bias_at_centre = neuron.state_dict().values()
    bias = bias_at_centre - weight * CENTRE
    return Fit(neuron, weight, bias, history["loss"][-1], (level - bias) / weight)


def run(lesson: Lesson) -> None:
    """Fit both with and without the far example."""
    linear = [fit("identity", half_squared_error, 0.5, far) for far in (False, True)]
    logistic = [fit("logistic", binary_cross_entropy, 0.0, far) for far in (False, True)]
    lesson.section("Two neurons, two losses")
    lesson.say(f"""
        Linear regression is a neuron without an activation function, trained on ½ (ŷ - y)²; it
        answers 1 where its line is above 0.5. Logistic regression is the same neuron with σ,
        trained on the cross-entropy, and it answers 1 where its probability is above 0.5. Both have
        one weight and one bias, and both are trained by `nn` until the loss stands still, first on
        the ten examples and then with the one at x = {OUTLIER:g} as well.
    """)
    lesson.table(
        ("regression", "outlier", "weight", "bias", "loss", "decides at x =", "wrong of the ten"),
        [
            (
                name,
                "yes" if far else "no",
                f"{fitted.weight:.4f}",
                f"{fitted.bias:.4f}",
                f"{fitted.loss:.4f}",
                f"{fitted.boundary:.2f}",
                str(mistakes(fitted)),
            )
            for name, pair in (("linear", linear), ("logistic", logistic))
            for far, fitted in zip((False, True), pair, strict=True)
        ],
    )
    plot_fits(lesson, linear, logistic)
    far_linear, far_logistic = linear[1], logistic[1]
    z = logistic[0].weight * OUTLIER + logistic[0].bias
    lesson.section("Why")
    lesson.say(f"""
        The line of the first fit would be {linear[0](OUTLIER):.2f} at x = {OUTLIER:g}. Being far on
        the right side of the threshold is no mistake at all, yet the squared error punishes it
        like one: the error would be {linear[0](OUTLIER) - 1:.2f} there, larger than any other. So
        the line tilts towards the far point, and its crossing with 0.5 moves from
        {linear[0].boundary:.2f} to {far_linear.boundary:.2f}. Of the ten examples it now gets
        {mistakes(far_linear)} wrong instead of {mistakes(linear[0])}.

        σ is bounded. At x = {OUTLIER:g} the logistic neuron of the first fit has
        z = {z:.1f}, so its probability is as good as 1: only {sigmoid(-z):.0e} is missing. That
        is also all that the far example pulls with, for the gradient of the cross-entropy at z is
        p - y. So the decision stays where it was, at {far_logistic.boundary:.2f}.
    """)


def mistakes(fitted: Fit) -> int:
    """How many of the ten near examples are on the wrong side."""
    return sum(
        (x > fitted.boundary) != (label == 1) for x, label in zip(PLACES, CLASSES, strict=True)
    )


def plot_fits(lesson: Lesson, linear: list[Fit], logistic: list[Fit]) -> None:
    """Both neurons over x, without and with the far example."""
    axes = new_axes(8.0, 3.1, columns=2, sharey=True)
    grid = [place / 20 for place in range(-10, 426)]
    for far, ax in enumerate(axes):
        ax.axhline(0.5, color=GREY, linewidth=0.8, linestyle=":")
        for name, fitted, colour in (
            ("linear", linear[far], ORANGE),
            ("logistic", logistic[far], BLUE),
        ):
            label = f"{name}, decides at {fitted.boundary:.2f}"
            ax.plot(grid, [fitted(x) for x in grid], color=colour, label=label)
            ax.plot([fitted.boundary] * 2, [0.0, 0.5], color=colour, linewidth=1.0, linestyle="--")
        ax.plot(PLACES, CLASSES, "o", color=INK, markerfacecolor=PAPER, markersize=4.5)
        if far:
            ax.plot(OUTLIER, 1.0, "o", color=INK, markersize=5.5)
        ax.set(
            title=("ten examples", "and one far out")[far],
            xlabel="x",
            xlim=(-0.5, 21.2),
            ylim=(-0.45, 1.6),
            yticks=(0.0, 0.5, 1.0),
        )
        ax.legend(frameon=False, fontsize="small", loc="lower right")
    lesson.plot(
        axes[0],
        "fits",
        "Circles are the examples. The far one tilts the line and leaves σ alone.",
        f"Without the far example both neurons decide at x = {linear[0].boundary:.2f}. With it the "
        f"line decides at {linear[1].boundary:.2f}, the logistic curve at "
        f"{logistic[1].boundary:.2f}.",
    )
