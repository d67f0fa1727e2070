"""Backpropagation twice: gate by gate, and by the δ recursion.

The lectures derive backpropagation for a whole layer at once. With z = W a + b, the activations
f(z), and a cost C at the end, each neuron gets a δ = ∂C/∂z. The δ are computed from the last layer
down, and they give every derivative there is:

    last layer          δ = f′(z) ⊙ ∂C/∂f
    each layer below    δ = f′(z) ⊙ Wᵀ δ      with W and δ of the layer above
    then                ∂C/∂W = δ aᵀ          with a for what comes into the layer
                        ∂C/∂b = δ

The engine knows neither layers nor δ. It knows gates. Here both work on the network of the worked
example, with 1 as the target y, and with C = ½ (o - y)² as the cost of its output o.
"""

from collections.abc import Sequence

from autograd_core import Value, explain, name_values
from demos.lesson import Lesson
from demos.worked_example import INPUTS, network
from nn import MLP, Backpropagation, backpropagation, half_squared_error

TARGET = 1.0
PARAMETERS = ("w11", "w12", "w13", "b1", "w21", "w22", "w23", "b2", "v1", "v2", "b3")


def run(lesson: Lesson) -> None:
    """Both algorithms on one network, and their numbers side by side."""
    model = network()
    for parameter, label in zip(model.parameters(), PARAMETERS, strict=True):
        parameter.label = label
    x1, x2, x3 = (Value(number) for number in INPUTS)
    o = model([x1, x2, x3])
    C = half_squared_error(o, TARGET)  # noqa: N806
    [square], [z3] = C.inputs, o.inputs
    error = square.inputs[0]
    *_, a1, a2, _ = z3.inputs
    [z1], [z2] = a1.inputs, a2.inputs
    name_values(locals())
    C.backward()
    lesson.section("Gate by gate")
    lesson.say("""
        The weights into the hidden neurons are called w, those into the output neuron v. Each
        weighted sum z = Σwx + b is one gate; each logistic function is another.
    """)
    lesson.draw(
        o,
        "gates",
        "The network as a circuit. The gradients are those of the cost C, which comes after o.",
        decimals=3,
        inputs="near",
    )
    lesson.show(explain(C, patterns=False))

    passes = backpropagation(model, INPUTS, TARGET, half_squared_error)
    recursion(lesson, passes, [z1, z2, z3])
    derivatives(lesson, model, passes)
    bias_two_ways(lesson, model)


def recursion(lesson: Lesson, passes: Backpropagation, z: Sequence[Value]) -> None:
    """The δ, beside the gradients that the engine left at z."""
    z1, z2, z3 = z
    [[d1, d2], [d3]] = (delta.tolist() for delta in passes.delta)
    [[a1, a2], [o]] = (a.tolist() for a in passes.a[1:])
    lesson.section("The δ recursion")
    lesson.say(f"""
        Now the matrix form, which `nn` keeps as a short NumPy reference, `nn.reference`, without a
        single gate. σ′(z) = a (1 - a), so the last layer has

            δ3 = o (1 - o) (o - y) = {o:.4f} × {1 - o:.4f} × {o - TARGET:.4f} = {d3:.5f}

        and the hidden layer gets it back through the weights v, 0.3 and 0.9:

            δ1 = a1 (1 - a1) v1 δ3 = {a1:.4f} × {1 - a1:.4f} × 0.3 × {d3:.5f} = {d1:.5f}
            δ2 = a2 (1 - a2) v2 δ3 = {a2:.4f} × {1 - a2:.4f} × 0.9 × {d3:.5f} = {d2:.5f}

        In the circuit these are the gradients of z1, z2 and z3.
    """)
    lesson.table(
        ("neuron", "z", "δ, recursion", "gradient of z, engine", "difference"),
        [
            (name, value.data, delta, value.grad, delta - value.grad)
            for name, value, delta in (
                ("hidden 1", z1, d1),
                ("hidden 2", z2, d2),
                ("output", z3, d3),
            )
        ],
    )


def derivatives(lesson: Lesson, model: MLP, passes: Backpropagation) -> None:
    """∂C/∂W = δ aᵀ and ∂C/∂b = δ, beside the gradients that the engine left at the parameters."""
    by_recursion = passes.by_name(model).values()
    lesson.section("All derivatives")
    lesson.say("""
        The derivative for a weight is the δ of the neuron it leads to, times what comes in along
        it. A bias has the input 1.
    """)
    lesson.table(
        ("parameter", "δ × input", "δ aᵀ, recursion", "engine", "difference"),
        [
            (parameter.label or "", product, number, parameter.grad, number - parameter.grad)
            for product, number, parameter in zip(
                products(passes), by_recursion, model.parameters(), strict=True
            )
        ],
    )
    lesson.draw(
        model,
        "gradients",
        "The same numbers in the network: in red the gradient at each activation, that is ∂C/∂a; "
        "a line's width is the size of ∂C/∂w.",
        show="gradients",
        decimals=3,
    )
    lesson.say("""
        They agree to the last digit or so, and they must: it is the same sum of products, one time
        in a loop over gates, the other time in matrices. A sum in Wᵀ δ runs over all neurons that
        an activation goes to. In the circuit that is a value which is used more than once.
    """)


def bias_two_ways(lesson: Lesson, model: MLP) -> None:
    """The same network with each bias as the weight of an input that is always 1."""
    wired = MLP(3, [2, 1], activation="logistic", output="logistic", bias="feature")
    wired.load_state_dict(model.state_dict())
    o = wired(INPUTS)
    half_squared_error(o, TARGET).backward()
    pairs = list(zip(model.parameters(), wired.parameters(), strict=True))
    furthest = max(abs(own.grad - weight.grad) for own, weight in pairs)
    lesson.section("A bias, two ways")
    lesson.say("""
        The lecture on learning gives two ways to have a bias: as a parameter of its own, which is
        added to the sum, or as one more weight, whose input is hard-wired to 1. The second way
        needs no rule of its own: ∂C/∂b = δ is ∂C/∂w = δ a with a = 1. `nn` has both. Here is the
        same network with `bias="feature"`, the second way, beside the one above.
    """)
    lesson.table(
        ("bias", "number", "gradient, added", "gradient, weight of a 1"),
        [
            (own.label or "", own.data, own.grad, weight.grad)
            for own, weight in pairs
            if (own.label or "").startswith("b")
        ],
    )
    lesson.say(f"""
        The outputs are the same, {o.data:.6f}, and over all {len(pairs)} parameters the largest
        difference of a gradient is {furthest:.1g}.
    """)


def products(passes: Backpropagation) -> list[str]:
    """δ × input for each parameter, neuron by neuron, as text."""
    texts = []
    for delta, inputs in zip(passes.delta, passes.a[:-1], strict=True):
        for d in delta:
            texts += [f"{d:.5f} × {a:.4f}" for a in (*inputs, 1.0)]
    return texts
