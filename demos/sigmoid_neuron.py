"""A sigmoid neuron, gate by gate and with σ as one gate.

A neuron weighs its inputs, adds a bias, and squashes the sum to a number between 0 and 1:

    f = 1 / (1 + exp(-(w0 x0 + w1 x1 + w2)))

It looks forbidding to differentiate. As a circuit it is eight small gates, none of which is harder
than 1/x. The weights are 2, -3, -3, the last one being the bias; the inputs are -1 and -2.
"""

from autograd_core import Value, exp, expand, explain, name_values, sigmoid, trace
from demos.lesson import Lesson

POINT = {"w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0, "w2": -3.0}


def by_gates(w0: Value, x0: Value, w1: Value, x1: Value, w2: Value) -> Value:
    """The neuron from elementary gates alone."""
    s = w0 * x0 + w1 * x1 + w2
    f = 1 / (1 + exp(-1 * s))
    name_values(locals())
    return f


def with_sigmoid(w0: Value, x0: Value, w1: Value, x1: Value, w2: Value) -> Value:
    """The same neuron with σ as one gate."""
    s = w0 * x0 + w1 * x1 + w2
    f = sigmoid(s)
    name_values(locals())
    return f


def run(lesson: Lesson) -> None:
    """Both circuits, held against the lecture and against each other."""
    small = {name: Value(number) for name, number in POINT.items()}
    f = by_gates(**small)
    f.backward()
    lesson.section("Gate by gate")
    lesson.show_code(by_gates)
    lesson.draw(f, "gates", "The neuron gate by gate, as on the slide.")
    [shifted] = f.inputs
    [power] = shifted.inputs
    lesson.say(f"""
        Read it from the right. The local gradient of 1/x is -1/x², at an x of {shifted:.2f}. The
        gate +1 passes on what it gets. The slope of exp is its own output, {power:.2f}. The
        gate *-1 turns the sign. From there on adders distribute and multipliers swap.
    """)
    lesson.show(explain(f))
    lesson.section("The lecture and the engine")
    lesson.compare(
        ("f", "0.73", f.data),
        ("∂f/∂w0", "-0.20", small["w0"].grad),
        ("∂f/∂w1", "-0.39", small["w1"].grad),
        ("∂f/∂w2", "0.20", small["w2"].grad),
        ("∂f/∂x0", "0.39", small["x0"].grad),
        ("∂f/∂x1", "-0.59", small["x1"].grad),
    )
    one_gate(lesson, small, f)


def one_gate(lesson: Lesson, small: dict[str, Value], f: Value) -> None:
    """The last four gates are the logistic function, whose derivative is simple."""
    large = {name: Value(number) for name, number in POINT.items()}
    g = with_sigmoid(**large)
    g.backward()
    [s] = g.inputs
    lesson.section("With σ as one gate")
    lesson.say(f"""
        What is one gate is ours to choose; any function will do whose local gradient is easy. The
        last four gates together are the logistic function σ, and its slope needs nothing but
        its own output:

            dσ/ds = exp(-s) / (1 + exp(-s))² = (1 - σ) σ

        Here that is (1 - {g:.4f}) × {g:.4f} = {s.grad:.4f}, in one step instead of four. The
        slide does the same sum with two decimals, (1 - 0.73) (0.73), and rounds to 0.2.
    """)
    lesson.draw(g, "sigma", "The same neuron with σ as one gate.")
    lesson.table(
        ("input", f"{len(trace(f).forward)} gates", f"{len(trace(g).forward)} gates", "difference"),
        [
            (name, small[name].grad, large[name].grad, small[name].grad - large[name].grad)
            for name in POINT
        ],
    )
    gates = ", ".join(step.symbol for step in trace(expand(g)).forward[-4:])
    lesson.say(f"""
        Both circuits agree to the last digits that a float can hold. The way back is open as well:
        `expand(f)` opens σ into its parts, {gates}.
    """)
