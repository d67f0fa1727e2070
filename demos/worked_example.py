"""A network worked out by hand, and three slips on a slide.

Three inputs, two hidden neurons, one output neuron, all logistic: small enough to be worked out on
a slide, and the lecture does so. Here the engine works it out as well. The two disagree, and it is
worth seeing where, for these are the slips that everyone makes who computes a network by hand.
"""

from collections.abc import Sequence
from math import exp

from demos.lesson import Lesson
from nn import MLP, logistic

INPUTS = (0.4, 0.2, 0.2)
FROM_INPUTS = ((1.0, 0.5), (0.2, 1.2), (1.2, 0.1))  # a row for each input, as on the slide
FROM_HIDDEN = (0.3, 0.9)
BIASES = (0.1, 0.2, 0.3)  # of the hidden neurons, and of the output neuron


def network() -> MLP:
    """The slide's network, with its numbers."""
    model = MLP(3, [2, 1], activation="logistic", output="logistic")
    hidden, output = model.layers
    for place, neuron in enumerate(hidden.neurons):
        to_neuron = [row[place] for row in FROM_INPUTS]
        neuron.load_state_dict(parameters(to_neuron, BIASES[place]))
    output.neurons[0].load_state_dict(parameters(FROM_HIDDEN, BIASES[2]))
    return model


def parameters(weights: Sequence[float], bias: float) -> dict[str, float]:
    """Weights and bias of one neuron, under the names that `nn` has for them."""
    return {f"weights.{place}": weight for place, weight in enumerate(weights)} | {"bias": bias}


def run(lesson: Lesson) -> None:
    """The forward pass, the comparison, and where each difference comes from."""
    model = network()
    out = model(INPUTS)
    first, second = model.layers[0].outputs(INPUTS)
    [z1], [z2], [z3] = first.inputs, second.inputs, out.inputs
    lesson.section("The network")
    lesson.say("""
        The slide lists the weights input by input: the first input goes to the two hidden neurons
        with 1.0 and 0.5, and so on. A neuron wants them the other way round, all the weights that
        come in. To mix these up is the first trap; `nn` keeps them by neuron.
    """)
    lesson.show_code(network)
    lesson.draw(
        model,
        "network",
        "Blue lines are positive weights, wide ones large; below each neuron stands its bias.",
        input_names=["x1", "x2", "x3"],
        output_names=["o"],
    )
    lesson.section("The lecture and the engine")
    lesson.compare(
        ("z of the first hidden neuron", "0.78", z1.data),
        ("its activation", "0.68", first.data),
        ("z of the second hidden neuron", "0.49", z2.data),
        ("its activation", "0.62", second.data),
        ("z of the output neuron", "1.062", z3.data),
        ("the output", "0.74", out.data),
    )
    first_neuron(lesson, z1.data)
    second_neuron(lesson, z2.data)
    output_neuron(lesson, out.data)


def first_neuron(lesson: Lesson, z: float) -> None:
    """The lost minus sign, and digits cut off."""
    lesson.section("The first hidden neuron: a lost minus sign")
    lesson.say(f"""
        The weighted sum is the same on the slide and here:

            1.0 × 0.4 + 0.2 × 0.2 + 1.2 × 0.2 + 0.1 = 0.4 + 0.04 + 0.24 + 0.1 = {z:.2f}

        For the logistic of it the slide writes 1/(1 + exp(0.78)). That is {1 / (1 + exp(z)):.4f}.
        The logistic function has a minus there, 1/(1 + exp(-0.78)) = {logistic(z):.4f}, and with
        that the slide goes on, though with its digits cut off after 0.68 rather than rounded to
        {logistic(z):.2f}. The two numbers add up to 1, since σ(-z) = 1 - σ(z): a lost sign turns a
        likely yes into a likely no.
    """)


def second_neuron(lesson: Lesson, z: float) -> None:
    """A wrong product and a wrong sum."""
    lesson.section("The second hidden neuron: a wrong product and a wrong sum")
    products = [row[1] * x for row, x in zip(FROM_INPUTS, INPUTS, strict=True)]
    lesson.compare(
        ("0.5 × 0.4", "0.2", products[0]),
        ("1.2 × 0.2", "0.24", products[1]),
        ("0.1 × 0.2", "0.03", products[2]),
        ("bias", "0.2", BIASES[1]),
        ("their sum", "0.49", z),
    )
    lesson.say(f"""
        0.1 × 0.2 is 0.02, not 0.03. But that is the smaller slip. The terms that the slide writes
        down, 0.2 + 0.24 + 0.03 + 0.2, add up to {0.2 + 0.24 + 0.03 + 0.2:.2f}; 0.49 would be right
        if the last of them, the bias, were 0.02. With all four terms right the sum is {z:.2f}, and
        the activation is {logistic(z):.4f} instead of {logistic(0.49):.4f}.
    """)


def output_neuron(lesson: Lesson, out: float) -> None:
    """How far the slips reach."""
    slipped = 0.3 * 0.68 + 0.9 * 0.62 + 0.3
    lesson.section("The output neuron: what the slips cost")
    lesson.say(f"""
        From here on the slide makes no more mistakes. With its activations the weighted sum indeed
        is 0.3 × 0.68 + 0.9 × 0.62 + 0.3 = {slipped:.3f}, and the logistic of that is
        {logistic(slipped):.4f}. The right output is {out:.4f}. The second weighted sum was off by
        {0.66 - 0.49:.2f}, the output is off by {out - logistic(slipped):.3f}: on its way an error
        passes two logistic neurons, whose slope is never more than 1/4. That is why such slips are
        so hard to see from the result, and why one lets a machine do the sums.
    """)
