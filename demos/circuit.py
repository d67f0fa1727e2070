"""A first circuit: f = (x + y) z.

Two gates are enough to see all of backpropagation. An adder makes q from x and y, a multiplier
makes f from q and z:

    q = x + y        f = q z

Each gate knows nothing of the rest of the circuit. It computes two things right away: its output,
and its local gradients, which say how fast that output changes with each input. For the adder both
are 1. For the multiplier they are the other factor: ∂f/∂q = z and ∂f/∂z = q.
"""

from autograd_core import Value, explain, name_values
from demos.lesson import Lesson


def circuit(x: Value, y: Value, z: Value) -> Value:
    """Two gates, and names for what they compute."""
    q = x + y
    f = q * z
    name_values(locals())
    return f


def run(lesson: Lesson) -> None:
    """Forward, backward, and what the gradients are good for."""
    x, y, z = Value(-2.0), Value(5.0), Value(-4.0)
    f = circuit(x, y, z)
    q, _ = f.inputs

    lesson.section("The forward pass")
    lesson.show_code(circuit)
    lesson.say(f"At x = {x:g}, y = {y:g}, z = {z:g} the numbers flow from left to right.")
    lesson.draw(f, "forward", "The forward pass: each gate computes its output.")

    f.backward()
    lesson.section("The backward pass")
    lesson.say("""
        Now `f.backward()` asks of every value in the circuit: if you grew a little, how much would
        f change? The answer for f itself is 1. From there each gate takes the gradient that
        arrives at its output, upstream, multiplies it by its local gradient for an input, and
        hands the product to that input. That product is the chain rule.
    """)
    lesson.draw(f, "backward", "The backward pass: below each wire, in red, its gradient.")
    lesson.show(explain(f))

    lesson.section("The lecture and the engine")
    lesson.compare(
        ("q", "3", q.data),
        ("f", "-12", f.data),
        ("∂f/∂q", "-4", q.grad),
        ("∂f/∂x", "-4", x.grad),
        ("∂f/∂y", "-4", y.grad),
        ("∂f/∂z", "3", z.grad),
    )
    keep_the_promise(lesson, f, [x, y, z])


def keep_the_promise(lesson: Lesson, f: Value, inputs: list[Value]) -> None:
    """Change the inputs a little and see the gradient come true."""
    lesson.section("What a gradient promises")
    x, before, step = inputs[0], f.data, 0.01
    x.data += step
    change = f.forward().data - before
    lesson.say(f"""
        The gradient of x is {x.grad:g}. So raising x by {step} should change f by about
        {x.grad:g} × {step} = {x.grad * step:g}. We do it, evaluate the circuit again with
        `f.forward()`, and f moves from {before:g} to {f:g}: a change of {change:g}.
    """)
    x.data -= step
    for value in inputs:
        value.data += step * value.grad
    lesson.say(f"""
        If every input takes a step of {step} times its own gradient, each of them pushes f up, and
        if the step is small enough, f grows, whatever the circuit. Here it grows from {before:g} to
        {f.forward():.6g}. Turn the step around and f shrinks: that is gradient descent, and
        training a network is hardly more.
    """)
