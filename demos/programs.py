"""Programs: write it neuron by neuron, run it at matrix speed.

A circuit of scalars can be read, drawn and asked about every number in it. But for every example
Python walks every gate, and that is slow. A `Program` records the circuit once, finds the gates
that do the same, and computes them together, for all examples at once.
"""

from typing import Any

from autograd_core import Program, Value, dot, softplus, tanh, trace
from demos.lesson import Lesson
from nn import MLP, binary_cross_entropy_from_logit, training_gradient

EXAMPLES = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
TARGETS = [0.0, 1.0, 1.0, 0.0]  # exclusive or
HIDDEN = 5


def cost(model: Any, x: list[Value], y: Value) -> Value:
    """The cross-entropy of a network with one logit, neuron by neuron."""
    hidden, output = model.layers
    a = [tanh(dot(neuron.weights, x) + neuron.bias) for neuron in hidden.neurons]
    [neuron] = output.neurons
    z: Value = dot(neuron.weights, a) + neuron.bias
    return softplus(z) - y * z


def by_eager_loop(model: MLP) -> dict[str, float]:
    """The mean gradient over the examples, one circuit and one backward pass for each."""
    model.zero_grad()
    for example, target in zip(EXAMPLES, TARGETS, strict=True):
        x = [Value(number) for number in example]
        cost(model, x, Value(target)).backward(1 / len(EXAMPLES))
    return {name: value.grad for name, value in model.named_parameters().items()}


def run(lesson: Lesson) -> None:
    """Record, print, compare with the lecture's matrices, and count."""
    model = MLP(2, [HIDDEN, 1], activation="tanh", seed=1)
    x, y = [Value(0.0, "x1"), Value(1.0, "x2")], Value(1.0, "y")
    loss = cost(model, x, y)
    lesson.section("Neuron by neuron")
    lesson.say("""
        Nothing in this network is a matrix. Each neuron is a sum of products of its own weights
        with its inputs, and the cost compares one output with one label y, 0 or 1. It is the
        cross-entropy -y ln σ(z) - (1 - y) ln(1 - σ(z)), written so that no digits are lost.
    """)
    lesson.show_code(cost)
    model([0.0, 1.0])
    lesson.draw(
        model,
        "network",
        f"Two inputs, {HIDDEN} tanh neurons, and one logit, here for the example (0, 1).",
    )
    program = Program(loss, inputs=[*x, y], parameters=model.parameters())
    show_program(lesson, program)
    compare(lesson, model, program)
    count(lesson, loss, program)


def show_program(lesson: Lesson, program: Program) -> None:
    """The instructions, and the lecture's recursion beside them."""
    lesson.section("The program")
    lesson.say("""
        `Program(loss, inputs=[*x, y])` takes that circuit and says which leaves change from
        example to example. Here is what `print(program)` writes. B is the number of examples: a
        name with shape [5, B] holds five numbers for each of them, and @ multiplies matrices.
    """)
    lesson.show(program)
    lesson.say("""
        The neurons of a layer have the same inputs, so their weights have become the rows of a
        matrix, and their outputs a block A. Nobody said what a layer is: the program finds the
        sums that share their inputs. The backward pass is found in the same way, from the gates of
        the derivative circuit. It is the recursion of the lecture, with δ written as D; a line of
        the lecture is one instruction or several, and v1, v2, … are what lies between:
    """)
    lesson.table(
        ("lecture", "program"),
        [
            ("z = W a + b", "W @ A, then + b"),
            ("a = f(z)", "A = tanh(Z)"),
            ("δ of the output = σ(z) - y", "sigmoid(Z2), then + -y"),
            ("δ = Wᵀ δ of the layer above ⊙ f′(z)", "W2ᵀ @ D2, then * sech(Z1) ** 2"),
            ("∂C/∂W = Σ δ aᵀ over the examples", "dW = D @ Aᵀ"),
            ("∂C/∂b = Σ δ over the examples", "db = D @ 1"),
        ],
    )
    lesson.say("""
        Two things look different. The slope of tanh is 1 - tanh², written as sech², which keeps
        its digits where tanh is nearly 1. And the lecture's vectors have become
        matrices with a column for each example, so that the sums over the examples are part of the
        last two products.
    """)


def compare(lesson: Lesson, model: MLP, program: Program) -> None:
    """The same gradient three times."""
    lesson.section("The same numbers")
    batch = [[*example, target] for example, target in zip(EXAMPLES, TARGETS, strict=True)]
    _, gradient = program.gradient(batch)
    eager = by_eager_loop(model)
    matrices = training_gradient(model, EXAMPLES, TARGETS, binary_cross_entropy_from_logit).by_name(
        model
    )
    by_program = dict(zip(eager, gradient.tolist(), strict=True))
    lesson.say(f"""
        The {len(TARGETS)} examples of exclusive or, and their mean gradient: by an eager loop, one
        circuit and one `backward()` for each example; by the program, in one call; and by the
        matrix recursion of the lecture in NumPy, which knows no gates. A few of them:
    """)
    shown = [name for name in eager if name.endswith(("0.weights.0", "0.bias"))]
    lesson.table(
        ("parameter", "eager loop", "program", "matrix recursion"),
        [(name, eager[name], by_program[name], matrices[name]) for name in shown],
    )
    largest = max(
        max(abs(by_program[name] - eager[name]), abs(matrices[name] - eager[name]))
        for name in eager
    )
    lesson.say(f"""
        Over all {len(eager)} parameters they differ by less than {bound(largest):.0e}. That is
        rounding, since each adds up in an order of its own.
    """)


def bound(number: float) -> float:
    """The power of ten above a small number.

    >>> bound(3e-17)
    1e-15
    """
    return next(10.0**exponent for exponent in range(-15, 300) if number < 10.0**exponent)


def count(lesson: Lesson, loss: Value, program: Program) -> None:
    """What Python has to do."""
    gates = len(trace(loss).forward)
    instructions, _, _ = str(program).partition(" instructions")
    lesson.section("Why it is fast")
    lesson.say(f"""
        An eager loop over B examples walks {gates} gates forward and {gates} gates backward for
        each of them, and at each gate Python looks up, multiplies and stores one number. The
        program is {instructions} instructions, each of them a few NumPy calls, whatever B is. The
        number of neurons does not count either: a wider layer is a bigger matrix, not a longer
        program.

        The arithmetic is still all there, but it is done in long rows of numbers that lie side by
        side, which is what processors are built for. What can be computed once is not computed for
        every example, such as a penalty on the weights.

        No training code has to know of this. Write the neuron as you think of it; the matrices are
        found.
    """)
