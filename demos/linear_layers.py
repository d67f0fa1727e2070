"""All-linear layers collapse to one.

Why does a neuron need an activation function at all? Leave it out, and stack as many layers as you
like: the second takes what the first has made,

    z1 = W1 x + b1
    z2 = W2 z1 + b2 = (W2 W1) x + (W2 b1 + b2)

and that is one layer again, with the weights W2 W1 and the bias W2 b1 + b2. However deep, the
network is a straight line, a plane, or what takes their place where there are more inputs.
"""

from random import Random

import numpy as np
import numpy.typing as npt

from autograd_core import Value
from demos.figures import BLUE, GREY, ORANGE, new_axes
from demos.lesson import Lesson
from nn import MLP, Layer

Array = npt.NDArray[np.float64]

SIZES = [5, 4, 1]


def collapsed(model: MLP) -> tuple[Array, Array]:
    """One matrix and one bias that do what all the layers do."""
    weights, bias = matrices(model.layers[0])
    for layer in model.layers[1:]:
        its_weights, its_bias = matrices(layer)
        weights, bias = its_weights @ weights, its_weights @ bias + its_bias
    return weights, bias


def matrices(layer: Layer) -> tuple[Array, Array]:
    """W, with a row for each neuron, and b, out of a layer's state."""
    numbers = np.array(list(layer.state_dict().values())).reshape(len(layer.neurons), -1)
    return numbers[:, :-1], numbers[:, -1]


def with_biases(model: MLP) -> MLP:
    """The model, with random biases, which would start at 0."""
    source = Random(2)
    for name, parameter in model.named_parameters().items():
        if name.endswith("bias"):
            parameter.data = source.uniform(-1.0, 1.0)
    return model


def run(lesson: Lesson) -> None:
    """Collapse a network, compare it at several points, and look at slopes."""
    model = with_biases(MLP(2, SIZES, activation="identity", seed=4))
    [weights], [bias] = collapsed(model)
    lesson.section("Three layers and one")
    lesson.show(model)
    lesson.show_code(collapsed)
    lesson.say(f"""
        These {len(model.parameters())} parameters come to three: the weights {weights[0]:.4f} and
        {weights[1]:.4f}, and the bias {bias:.4f}. Layers and single neuron give the same output,
        wherever they are asked:
    """)
    points = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (-3.0, 2.0), (100.0, -50.0)]
    rows = []
    for point in points:
        out = model(point)
        one = float(weights @ point + bias)
        rows.append((f"{point[0]:g}, {point[1]:g}", out.data, one, f"{out.data - one:.1g}"))
    lesson.table(("x1, x2", "three layers", "one neuron", "difference"), rows)
    model([Value(1.0), Value(0.0)]).backward()
    lesson.draw(
        model,
        "network",
        "The linear layers at x1 = 1, x2 = 0. The gradients of the inputs, in red, are the two "
        "weights of the one neuron that would do.",
        input_names=["x1", "x2"],
    )
    bend(lesson, model)


def bend(lesson: Lesson, linear: MLP) -> None:
    """The gradient of the inputs: the same everywhere, until there is an activation function."""
    curved = MLP(2, SIZES, activation="tanh")
    curved.load_state_dict(linear.state_dict())
    lesson.section("The gradient tells")
    lesson.say("""
        The same can be seen without any matrix. The gradient of the output with respect to an input
        is the slope there, and a linear function has the same slope everywhere. Give the same
        network, with the same parameters, tanh as the activation of its hidden layers, and
        the slope depends on the place.
    """)
    lesson.table(
        ("x1, x2", "∂o/∂x1, linear", "∂o/∂x1, tanh"),
        [
            (f"{place:g}, 1", slope(linear, place), slope(curved, place))
            for place in (-2.0, -1.0, 0.0, 1.0, 2.0)
        ],
    )
    plot_both(lesson, linear, curved)
    lesson.say("""
        So depth gains nothing by itself. It is the bend in each neuron that makes a deep network
        more than a long way to write a straight line.
    """)


def slope(model: MLP, place: float) -> float:
    """The gradient of the first input, where the second is 1."""
    x1 = Value(place)
    model([x1, 1.0]).backward()
    return x1.grad


def plot_both(lesson: Lesson, linear: MLP, curved: MLP) -> None:
    """Both networks along a line."""
    grid = [place / 25 for place in range(-100, 101)]
    [ax] = new_axes(6.5, 3.0)
    ax.axvline(0.0, color=GREY, linewidth=0.5)
    for model, name, colour in ((linear, "linear layers", ORANGE), (curved, "tanh", BLUE)):
        ax.plot(grid, [model([x, 1.0]).data for x in grid], color=colour, label=name)
    ax.set(xlabel="x1 (x2 = 1)", ylabel="output")
    ax.legend(frameon=False, fontsize="small")
    lesson.plot(
        ax,
        "bend",
        "The same parameters without and with an activation function.",
        "The output of the linear layers over x1 is a straight line; that of the same network with "
        "tanh bends.",
    )
