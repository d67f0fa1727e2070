"""Gate patterns: how add, multiply, max and copies treat a gradient.

One look at a gate tells what it does to the gradient that flows back through it. An adder
distributes it, a multiplier swaps its inputs and scales by them, a max gate routes it to the
winner, and where a value is used more than once, the gradients that come back add up. The circuit

    f = 2 (x y + max(z, w))

has three of the four patterns, and a factor 2 that scales.
"""

from autograd_core import Value, explain, maximum, name_values
from demos.lesson import Lesson


def patterns(x: Value, y: Value, z: Value, w: Value) -> Value:
    """Multiply, max, add, and a constant factor."""
    product = x * y
    larger = maximum(z, w)
    both = product + larger
    f = 2 * both
    name_values(locals())
    return f


def run(lesson: Lesson) -> None:
    """The four patterns in one circuit, then copies and ties each in one of their own."""
    x, y, z, w = Value(3.0), Value(-4.0), Value(2.0), Value(-1.0)
    f = patterns(x, y, z, w)
    f.backward()
    lesson.show_code(patterns)
    lesson.draw(f, "all", "The factor 2 scales, + distributes, * swaps, and max routes.")
    lesson.show(explain(f))
    lesson.compare(
        ("f", "-20", f.data),
        ("∂f/∂x", "-8", x.grad),
        ("∂f/∂y", "6", y.grad),
        ("∂f/∂z", "2", z.grad),
        ("∂f/∂w", "0", w.grad),
    )
    [both] = f.inputs
    product, larger = both.inputs

    lesson.section("Add: the distributor")
    lesson.say(f"""
        The local gradients of an adder are 1, whatever its inputs. So the {both.grad:g} that
        arrives at its output goes to both inputs unchanged: {product.grad:g} to the product
        ({product:g}) and {larger.grad:g} to the maximum ({larger:g}).
    """)
    lesson.section("Multiply: swap and scale")
    lesson.say(f"""
        The local gradient for x is y, and for y it is x. With {product.grad:g} from upstream, x
        gets {product.grad:g} × {y:g} = {x.grad:g} and y gets {product.grad:g} × {x:g} =
        {y.grad:g}. The larger input has the smaller gradient: scale the data of a linear model
        up a thousandfold, and the gradients of its weights grow as much. That is why data is
        normalised before training.
    """)
    lesson.section("Max: the router")
    lesson.say(f"""
        z = {z:g} beats w = {w:g}. A little more z is a little more maximum, a little more w
        changes nothing at all: the local gradients are 1 and 0. So z gets {z.grad:g} and w gets
        {w.grad:g}.
    """)
    copies(lesson)
    ties(lesson)


def copied(a: Value, b: Value) -> Value:
    """Three wires leave a, two leave b."""
    s = a + b
    p = a * b
    f = s * p + a
    name_values(locals())
    return f


def copies(lesson: Lesson) -> None:
    """A value that is used more than once adds up what comes back."""
    a, b = Value(2.0), Value(-3.0)
    f = copied(a, b)
    f.backward()
    lesson.section("Copy: the adder")
    lesson.say("""
        Here three gates take a, and two take b. A change of a reaches f along every one of these
        wires, so its gradient is the sum of what comes back along them. Look below for the lines
        that say adder. This is why gradients are accumulated with `+=`: to overwrite them would
        forget all wires but one.
    """)
    lesson.show_code(copied)
    lesson.draw(f, "copies", "a feeds three gates and b two; their gradients are sums.")
    lesson.show(explain(f, patterns=False))


def ties(lesson: Lesson) -> None:
    """Where both inputs of a max gate are equal, they share."""
    tied, other = Value(2.0, "z"), Value(2.0, "w")
    larger = maximum(tied, other)
    larger.label = "max"
    larger.backward()
    same = Value(2.0, "z")
    maximum(same, same).backward()
    lesson.section("Ties")
    lesson.say(f"""
        When z = w = {tied:g}, neither wins. Raising one of them raises the maximum, lowering it
        leaves the maximum where it is, so the slope is 1 on one side and 0 on the other; no
        derivative exists. The engine shares: z gets {tied.grad:g} and w gets {other.grad:g}. That
        choice has a merit: max(z, z) is just z, and the two shares add up to its gradient,
        {same.grad:g}.
    """)
    lesson.draw(larger, "tie", "A tie: the upstream gradient is shared equally.")
