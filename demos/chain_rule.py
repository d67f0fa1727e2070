"""The chain rule, in one variable and in several, against exact derivatives.

Backpropagation claims to compute derivatives, not to approximate them. Here it has to prove that
on two functions that can be differentiated on paper. The paper is played by fractions, which make
no rounding errors at all.
"""

from collections.abc import Callable
from fractions import Fraction

from autograd_core import Value, explain, grad, name_values
from demos.lesson import Lesson

POINTS = [Fraction(numerator, 4) for numerator in (-8, -3, 0, 2, 5, 12)]


def one_path(x: Value) -> Value:
    """f(g(x)): x reaches f through g alone."""
    g = x**3 + 2 * x
    f = 2 * g**2 - 3 * g + 1
    name_values(locals())
    return f


def two_paths(x: Value) -> Value:
    """f(g1(x), g2(x)): x reaches f along two paths."""
    g1 = 3 * x
    g2 = x**2 + 2 * x
    f = 2 * g1**2 - 3 * g1 * g2 + 1
    name_values(locals())
    return f


def one_path_by_hand(x: Fraction) -> Fraction:
    """df/dg · dg/dx."""
    g = x**3 + 2 * x
    return (4 * g - 3) * (3 * x**2 + 2)


def two_paths_by_hand(x: Fraction) -> Fraction:
    """∂f/∂g1 · dg1/dx + ∂f/∂g2 · dg2/dx."""
    g1, g2 = 3 * x, x**2 + 2 * x
    return (4 * g1 - 3 * g2) * 3 + (-3 * g1) * (2 * x + 2)


def run(lesson: Lesson) -> None:
    """One path, two paths, and derivatives that are circuits themselves."""
    lesson.section("One path: f(g(x))")
    lesson.say("""
        Here x reaches f through g alone:

            g = x³ + 2x        f = 2g² - 3g + 1

        On paper the chain rule multiplies two derivatives:

            df/dx = df/dg · dg/dx = (4g - 3) (3x² + 2)

        The engine has no such formula. It multiplies local gradients along the wires, and adds
        where a value is used more than once.
    """)
    lesson.show_code(one_path)
    x = Value(0.5)
    f = one_path(x)
    f.backward()
    lesson.draw(f, "one-path", f"At x = {x:g}: the gradient of x is {x.grad:g}.", decimals=3)
    lesson.show_code(one_path_by_hand)
    hold_against(lesson, one_path, one_path_by_hand)

    lesson.section("Two paths: f(g1(x), g2(x))")
    lesson.say("""
        Now x acts on f along two paths:

            g1 = 3x        g2 = x² + 2x        f = 2g1² - 3 g1 g2 + 1

        The multivariate chain rule adds what the paths bring:

            df/dx = ∂f/∂g1 · dg1/dx + ∂f/∂g2 · dg2/dx
                  = (4g1 - 3g2) 3   + (-3g1) (2x + 2)

        In the circuit that sum is nothing special: x is used more than once, so its gradients add.
    """)
    lesson.show_code(two_paths)
    x = Value(0.5)
    f = two_paths(x)
    f.backward()
    lesson.draw(f, "two-paths", f"At x = {x:g}: the gradient of x is {x.grad:g}.", decimals=3)
    lesson.show_code(two_paths_by_hand)
    hold_against(lesson, two_paths, two_paths_by_hand)
    lesson.say("""
        Multiply it all out and most terms cancel: f = 1 - 9x³, so df/dx = -27x². The circuit does
        not know that. It computes the same number the long way round.
    """)
    derivative_circuits(lesson)


def hold_against(
    lesson: Lesson, function: Callable[[Value], Value], by_hand: Callable[[Fraction], Fraction]
) -> None:
    """Compare backpropagation with an exact derivative at several points."""
    rows = []
    for point in POINTS:
        x = Value(point)
        function(x).backward()
        exact = by_hand(point)
        rows.append((str(point), str(exact), x.grad, float(Fraction(x.grad) - exact)))
    lesson.table(("x", "exact df/dx", "backpropagation", "difference"), rows)


def derivative_circuits(lesson: Lesson) -> None:
    """`grad` returns a circuit, which can be explained, drawn and differentiated again."""
    x = Value(0.5)
    f = two_paths(x)
    [slope] = grad(f, [x])
    slope.label = "df/dx"
    lesson.section("The derivative is a circuit too")
    lesson.say("""
        Where `backward()` leaves numbers, `grad(f, [x])` builds gates. Each local gradient
        becomes a small circuit of its own, and where paths meet, one `dot` gate adds up upstream ×
        local over all of them. What comes out is a value like any other.
    """)
    [curvature] = grad(slope, [x])
    slope.backward()
    lesson.draw(slope, "derivative", f"The circuit of df/dx at x = {x:g}: its output is {slope:g}.")
    lesson.say(f"""
        So it can be differentiated again. On paper the second derivative of 1 - 9x³ is
        -54x, which is {-54 * Fraction(1, 2)} here. Backpropagation through the circuit of df/dx
        leaves {x.grad:g} at x, and `grad` of `grad` gives {curvature:g}.

        Its forward pass, line by line, ends in the sum over the paths:
    """)
    lesson.show(explain(slope, backward=False))
