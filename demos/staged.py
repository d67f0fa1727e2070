"""Staged computation: a formula nobody wants to differentiate by hand.

There is no reason to care for this function, except that its derivative on paper is long:

    f = (x + σ(y)) / (σ(x) + (x + y)²)

Computed in stages, each so small that its local gradient is plain, it is no trouble at all. The
backward pass then is the forward pass in reverse, one line for each wire.
"""

from typing import Any

from autograd_core import Value, gradcheck, name_values, sigmoid, staged_code
from demos.lesson import Lesson


def staged(x: Value, y: Value) -> Value:
    """Eight stages, named as in the lecture."""
    sigy = sigmoid(y)
    num = x + sigy
    sigx = sigmoid(x)
    xpy = x + y
    xpysqr = xpy**2
    den = sigx + xpysqr
    invden = 1 / den
    f = num * invden
    name_values(locals())
    return f


def run(lesson: Lesson) -> None:
    """Print the staged code of the circuit, run it, and compare."""
    x, y = Value(3.0), Value(-4.0)
    f = staged(x, y)
    f.backward()
    lesson.section("The stages")
    lesson.show_code(staged)
    lesson.draw(f, "circuit", f"At x = {x:g}, y = {y:g}. x is used three times, y twice.")

    lesson.section("The backward pass as code")
    lesson.say("""
        From that circuit `staged_code(f)` writes the program that one would write by hand. The
        variable dnum holds the gradient of num, and so on; each line is local × upstream.

        Three things are worth a look. The backward lines reuse what the forward pass computed, such
        as invden and xpy, so keep it. Then, dx and dy are set once and from there on added to with
        `+=`, because x and y are both used more than once. And where the lecture writes the slope
        of σ as (1 - sigx) sigx, the code has sigx σ(-x). That is the same number, but loses no
        digits when sigx is nearly 1.
    """)
    code = staged_code(f)
    lesson.show(code)

    lesson.section("Does it run, and is it right?")
    variables: dict[str, Any] = {}
    exec(code, variables)
    lesson.table(
        ("quantity", "staged code", "engine", "difference"),
        [
            (name, variables[name], number, variables[name] - number)
            for name, number in (("f", f.data), ("dx", x.grad), ("dy", y.grad))
        ],
    )
    lesson.say("""
        The lecture gives no number for this one, so a third witness is called: numerical
        differentiation, which knows nothing of gates.
    """)
    lesson.show(gradcheck(staged, {"x": x, "y": y}))
