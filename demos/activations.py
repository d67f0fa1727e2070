"""Activation functions and their derivatives.

An activation function f turns the weighted sum z of a neuron into its output. Backpropagation needs
one thing more of it, the slope f′(z), and hardly anything else about it matters as much: the slope
is what every gradient is multiplied with on its way through the neuron.
"""

from collections.abc import Callable
from math import exp, tanh

from autograd_core import Value, maximum
from demos.figures import new_axes
from demos.lesson import Lesson
from nn import ACTIVATIONS, Maxout
from viz.plots import activation_functions

PLACES = (-2.0, -0.5, 0.0, 0.5, 2.0)


def sigma(z: float) -> float:
    """The logistic function, as it is written on paper."""
    return 1 / (1 + exp(-z))


ON_PAPER: dict[str, tuple[str, str, Callable[[float], float]]] = {
    "identity": ("z", "1", lambda z: 1.0),
    "step": ("1 if z ≥ 0, else 0", "0", lambda z: 0.0),
    "logistic": ("σ(z) = 1 / (1 + exp(-z))", "σ (1 - σ)", lambda z: sigma(z) * (1 - sigma(z))),
    "tanh": ("tanh z", "1 - tanh² z", lambda z: 1 - tanh(z) ** 2),
    "relu": ("max(0, z)", "1 if z > 0, else 0", lambda z: float(z > 0)),
    "leaky_relu": ("max(0.1 z, z)", "1 if z > 0, else 0.1", lambda z: 1.0 if z > 0 else 0.1),
    "elu": ("z if z > 0, else exp(z) - 1", "1 if z > 0, else exp(z)", lambda z: exp(min(z, 0.0))),
    "softplus": ("ln(1 + exp(z))", "σ(z)", sigma),
}
"""Each function and its derivative as text, and the derivative to compute with."""


def run(lesson: Lesson) -> None:
    """Plots, formulas, the numbers of the engine, kinks, and maxout."""
    [ax] = new_axes(8.0, 3.7)
    activation_functions(list(ON_PAPER), ax=ax)
    lesson.section("The functions")
    lesson.plot(
        ax,
        "functions",
        "Each function and its derivative, as `backward()` computes it.",
        "Eight small plots: "
        + "; ".join(f"{name}, {formula}" for name, (formula, _, _) in ON_PAPER.items())
        + ".",
    )
    lesson.table(
        ("name", "f(z)", "f′(z)"),
        [(name, formula, slope) for name, (formula, slope, _) in ON_PAPER.items()],
    )
    lesson.say("""
        The logistic function and tanh are one curve in two sizes, tanh z = 2 σ(2z) - 1. Both
        need nothing but their own output for their slope: a (1 - a), which is never more than 1/4,
        and 1 - a², which is 1 at z = 0. The derivative of softplus is the logistic function; so
        softplus is a ReLU with its corner rounded off.
    """)
    slopes(lesson)
    kinks(lesson)
    maxout(lesson)


def slopes(lesson: Lesson) -> None:
    """The engine's slopes at some places, and how far they are from those on paper anywhere."""
    lesson.section("What the engine says")
    columns = ("f′(z) at z =", *(f"{place:g}" for place in PLACES), "largest error")
    rows = []
    for name, (_, _, derivative) in ON_PAPER.items():
        numbers = [f"{slope(ACTIVATIONS[name], place):.4f}" for place in PLACES]
        errors = [
            abs(slope(ACTIVATIONS[name], z / 50) - derivative(z / 50)) for z in range(-500, 501)
        ]
        rows.append((name, *numbers, f"{max(errors):.1g}"))
    lesson.table(columns, rows)
    lesson.say("""
        The errors are those against the formulas on paper, at a thousand places between -10 and
        10. They are rounding errors, and they are the paper's: 1 - σ loses digits where σ is nearly
        1, so the engine writes σ(z) σ(-z) instead.
    """)


def slope(function: Callable[[Value], Value], place: float) -> float:
    """f′ at a place, by backpropagation."""
    z = Value(place)
    function(z).backward()
    return z.grad


def kinks(lesson: Lesson) -> None:
    """Where there is no derivative, and what is done about it."""
    lesson.section("Kinks")

    def rectifier(z: Value) -> Value:
        return maximum(0.0, z)

    def leaky(z: Value) -> Value:
        return maximum(0.1 * z, z)

    functions: dict[str, Callable[[Value], Value]] = {
        name: ACTIVATIONS[name] for name in ("relu", "leaky_relu", "elu", "step")
    }
    functions |= {"maximum(0, z)": rectifier, "maximum(0.1 * z, z)": leaky}
    lesson.table(
        ("function", "slope just below 0", "at 0", "just above 0"),
        [
            (name, *(slope(function, place) for place in (-1e-12, 0.0, 1e-12)))
            for name, function in functions.items()
        ],
    )
    lesson.say(f"""
        ReLU and leaky ReLU have a corner at 0, where two slopes meet and no derivative exists. One
        has to be chosen: here both take the slope of their left side. Written with a max gate,
        which shares the gradient among equals, the same functions take the mean of both sides,
        {slope(leaky, 0.0):g} for max(0.1 z, z). It matters only where a weighted sum is exactly
        0: at the start for inputs that are all 0, as long as the bias is 0, and hardly ever after
        that. The theorem on backpropagation only asks for derivatives almost everywhere. ELU, with
        its exponential on the left, has no corner. The step is worse than a corner: its slope is 0
        wherever it has one.
    """)


def maxout(lesson: Lesson) -> None:
    """The largest of several weighted sums; two of the functions above are cases of it."""
    lesson.section("Maxout: an activation that is learned")
    lesson.say("""
        A maxout neuron takes the largest of several weighted sums, max(w1·x + b1, w2·x + b2), so
        its kink is wherever training puts it. ReLU is the case in which one of two pieces is 0,
        leaky ReLU has 0.1 z, and |z| has -z.
    """)
    absolute = two_pieces(-1.0)
    cases = (("0", two_pieces(0.0), "relu"), ("0.1 z", two_pieces(0.1), "leaky_relu"))
    rows = [
        (f"z and {text}", name, max(abs(neuron([z]).data - ACTIVATIONS[name](z)) for z in PLACES))
        for text, neuron, name in cases
    ]
    rows.append(("z and -z", "|z|", max(abs(absolute([z]).data - abs(z)) for z in PLACES)))
    lesson.table(("pieces", "the same as", "largest difference"), rows)
    z = Value(-2.0, "z")
    for parameter, label in zip(absolute.parameters(), ("w1", "w2"), strict=True):
        parameter.label = label
    out = absolute([z])
    out.label = "|z|"
    out.backward()
    lesson.draw(out, "maxout", "|z| as a maxout neuron at z = -2: the piece -z wins.")


def two_pieces(weight: float) -> Maxout:
    """The maxout neuron max(z, weight · z)."""
    neuron = Maxout(1, pieces=2, bias=False, gate_by_gate=True)
    neuron.load_state_dict({"pieces.0.weights.0": 1.0, "pieces.1.weights.0": weight})
    return neuron
