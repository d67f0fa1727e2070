"""Saturation: how gradients die on their way down, and how ReLU neurons die altogether.

On its way from the cost to the first layer a gradient passes every layer between, and each
multiplies it by its weights and by the slopes f′(z) of its neurons. The slope of the logistic
function is never more than 1/4, and far from 0 it is next to nothing: the neuron is saturated. ReLU
has the slope 1 wherever it is on. That keeps gradients alive, at a risk of its own.
"""

from math import hypot, sqrt
from random import Random

from autograd_core import Value, relu
from demos.figures import BLUE, ORANGE, new_axes
from demos.lesson import Lesson
from nn import (
    MLP,
    ActivationName,
    InitialisationName,
    Neuron,
    SteepestDescent,
    Trainer,
    half_squared_error,
    logistic,
    weights_of,
)

DEPTH, WIDTH, EXAMPLES = 12, 16, 8
PLACES = (0.5, 1.0, 1.5, 2.0)
STARTS: dict[ActivationName, InitialisationName] = {"logistic": "xavier", "relu": "he"}
WIDER = 4.0  # Xavier's weights are for slopes near 1, that of σ is at most 1/4


def run(lesson: Lesson) -> None:
    """The slope, a deep stack, and dead neurons."""
    lesson.section("The slope of σ")
    rows = []
    for place in (0.0, 2.0, 5.0, 10.0, 20.0, 40.0):
        soft, hard = Value(place), Value(place)
        logistic(soft).backward()
        relu(hard).backward()
        rows.append((place, logistic(place), soft.grad, hard.grad))
    lesson.table(("z", "σ(z)", "σ′(z)", "relu′(z)"), rows)
    lesson.say("""
        From z to z + 1 the slope of σ shrinks by a factor that nears e = 2.718…: it decays
        exponentially. At z = 40 the float σ(z) is 1 already; the engine gets its slope from
        σ(z) σ(-z), where no digits are lost.
    """)
    deep_stack(lesson)
    dead_neurons(lesson)


def deep_stack(lesson: Lesson) -> None:
    """The gradients of the weights, layer by layer."""
    sizes: dict[str, list[float]] = {name: gradient_sizes(name) for name in STARTS}
    lesson.section("A deep stack")
    lesson.say(f"""
        Two networks with {DEPTH} hidden layers of {WIDTH} neurons each, one logistic, one ReLU.
        Each starts with usual random weights, Xavier's for the logistic and He's for the ReLU. The
        table has the size of the gradient in each layer, as the root of the mean square over all
        its weights, for ½ (o - 1)² summed over {EXAMPLES} examples.
    """)
    rows = []
    for layer, (soft, hard) in enumerate(zip(*sizes.values(), strict=True)):
        left = [ratio(each, layer) for each in sizes.values()]
        rows.append((str(layer + 1), f"{soft:.1e}", left[0], f"{hard:.1e}", left[1]))
    lesson.table(("layer", "logistic", "of the next", "ReLU", "of the next"), rows)
    plot_sizes(lesson, sizes)
    soft, hard = (each[0] / each[DEPTH - 1] for each in sizes.values())
    wider = gradient_sizes("logistic", WIDER)
    lesson.say(f"""
        Layer 1 of the logistic network gets {soft:.0e} of what layer {DEPTH} gets, so it learns
        that much more slowly, which is to say not at all. In the ReLU network the same fraction is
        {hard:.2g}. This is the vanishing gradient, and one reason why deep networks are built with
        ReLU.

        Would other weights help? He's make up for the half of the ReLUs that is off. Xavier's are
        for neurons whose slope is near 1, as that of tanh is at 0, so for σ they could be
        {WIDER:g} times as large. Then layer 1 gets {wider[0] / wider[DEPTH - 1]:.0e} of what layer
        {DEPTH} gets: far more, and still very little, for larger weights make larger sums, and
        those saturate the neurons.
    """)


def gradient_sizes(activation: ActivationName, factor: float = 1.0) -> list[float]:
    """The root mean square of the gradients of the weights in each layer.

    Args:
        activation: of the hidden layers.
        factor: by which their initial weights are multiplied.
    """
    model = MLP(
        WIDTH,
        [WIDTH] * DEPTH + [1],
        activation=activation,
        initial=STARTS[activation],
        seed=1,
    )
    for layer in model.layers[:-1]:
        for weight in weights_of(layer):
            weight.data *= factor
    source = Random(1)
    for _ in range(EXAMPLES):
        example = [source.gauss(0.0, 1.0) for _ in range(WIDTH)]
        half_squared_error(model(example), 1.0).backward()
    sizes = []
    for layer in model.layers:
        gradients = [weight.grad for weight in weights_of(layer)]
        sizes.append(hypot(*gradients) / sqrt(len(gradients)))
    return sizes


def ratio(sizes: list[float], layer: int) -> str:
    """How much of the next layer's gradient is left in this one."""
    return f"{sizes[layer] / sizes[layer + 1]:.2f}" if layer + 1 < len(sizes) else ""


def plot_sizes(lesson: Lesson, sizes: dict[str, list[float]]) -> None:
    """The gradients over the layers, in powers of ten."""
    [ax] = new_axes(6.5, 3.0)
    layers = range(1, DEPTH + 2)
    ax.semilogy(layers, sizes["relu"], "o-", color=BLUE, markersize=4.0, label="ReLU")
    ax.semilogy(layers, sizes["logistic"], "o-", color=ORANGE, markersize=4.0, label="logistic")
    ax.set(xlabel="layer", ylabel="gradient of the weights", xticks=layers)
    ax.legend(frameon=False, fontsize="small")
    lesson.plot(
        ax,
        "layers",
        "The gradient on its way down, from right to left: each logistic layer takes most of it.",
        f"From layer {DEPTH} to layer 1 the gradient falls from {sizes['logistic'][-2]:.1e} to "
        f"{sizes['logistic'][0]:.1e} in the logistic network, and goes from "
        f"{sizes['relu'][-2]:.1e} to {sizes['relu'][0]:.1e} in the ReLU network.",
    )


def dead_neurons(lesson: Lesson) -> None:
    """A step too long, after which a ReLU neuron is off for every example."""
    neuron = Neuron(1, activation="relu")
    neuron.load_state_dict({"weights.0": 0.5, "bias": 0.0})
    lesson.section("Dead ReLUs")
    lesson.say(f"""
        ReLU has a flat side too: left of 0 its slope is not small but exactly 0. Where z is
        negative for every example, no gradient comes through, and the neuron's own parameters never
        change again. Only its inputs could bring it back, and in the first layer those are the
        data. It takes a step or two that are too long. Here a neuron with one input shall learn
        y = x from the examples x = {", ".join(f"{x:g}" for x in PLACES)}. It starts well,
        with the weight 0.5, but takes steps of 1 times the gradient.
    """)
    rows = [("0", *state(neuron))]
    for update in range(1, 5):
        train(neuron, rate=1.0, updates=1)
        rows.append((str(update), *state(neuron)))
    lesson.table(("update", "weight", "bias", "loss", "examples with z > 0"), rows)
    lesson.say("""
        The first step goes too far up, the second too far down, and after that nothing happens any
        more. The loss is not 0, but every gradient is. A smaller step does not help now: 200 steps
        of 0.2 leave the neuron as it is. The same parameters in a leaky ReLU, max(0.1 z, z), have a
        way back, since its slope on the left is 0.1.
    """)
    rows = []
    for activation in ("relu", "leaky_relu"):
        revived = Neuron(1, activation=activation)
        revived.load_state_dict(neuron.state_dict())
        train(revived, rate=0.2, updates=200)
        rows.append((activation, *state(revived)))
    columns = ("after 200 steps of 0.2", "weight", "bias", "loss", "examples with z > 0")
    lesson.table(columns, rows)


def train(neuron: Neuron, rate: float, updates: int) -> None:
    """Steepest descent over all examples."""
    trainer = Trainer(neuron, half_squared_error, SteepestDescent(rate))
    trainer.fit([[x] for x in PLACES], PLACES, epochs=updates, progress=False)


def state(neuron: Neuron) -> tuple[str, ...]:
    """A neuron's parameters, its loss, and for how many examples it is on."""
    weight, bias = neuron.state_dict().values()
    costs = [half_squared_error(neuron([x]), x).data for x in PLACES]
    on = sum(neuron.weighted_sum([x]).data > 0.0 for x in PLACES)
    return (
        f"{weight:.4f}",
        f"{bias:.4f}",
        f"{sum(costs) / len(costs):.4f}",
        f"{on} of {len(PLACES)}",
    )
