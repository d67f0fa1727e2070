# %% [markdown]
# # Symbolic differentiation, and how its formulas swell
#
# A computer algebra system differentiates as one does on paper: rules turn a formula into another
# formula. A lecture warns that the result "can be exponentially large". Backpropagation follows the
# same rules. So why does it not swell? Both are done here, and their sizes are counted.

# %% [markdown]
# ## The rules, on formulas
#
# Let a formula be "x", a number, or an operator with two formulas. Sums, differences and products
# have these rules, of which the last uses each factor twice, once as they are and once
# differentiated:
#
#     d(f + g) = df + dg        d(f - g) = df - dg        d(f g) = df g + f dg

# %%
Formula = str | float | tuple[str, "Formula", "Formula"]


def derivative(f: Formula) -> Formula:
    if not isinstance(f, tuple):
        return 1.0 if f == "x" else 0.0
    sign, a, b = f
    if sign == "*":
        return ("+", times(derivative(a), b), times(a, derivative(b)))
    return (sign, derivative(a), derivative(b))


def times(a: Formula, b: Formula) -> Formula:
    return 0.0 if 0.0 in (a, b) else a if b == 1.0 else b if a == 1.0 else ("*", a, b)


# %% [markdown]
# Our function puts 4x(1 - x) into itself: x ← 4x(1 - x), again and again. As a program this is a
# loop with three operations. As a formula, after one turn and after two, it is


# %%
def turn(f: Formula) -> Formula:
    return ("*", ("*", 4.0, f), ("-", 1.0, f))


def written(f: Formula) -> str:
    if isinstance(f, tuple):
        return f"({written(f[1])} {f[0]} {written(f[2])})"
    return f if isinstance(f, str) else f"{f:g}"


for f in (turn("x"), turn(turn("x"))):
    print("f  = ", written(f), "\ndf = ", written(derivative(f)), "\n")

# %% [markdown]
# Correct, and hardly to be read. (A few zeros could still be cleared away; that changes a factor,
# not the growth.) Each turn writes its input down twice, so f doubles each time, and its derivative
# has all of f in it besides twice the derivative before.

# %% [markdown]
# ## The same rules, on a circuit
#
# In a circuit a value that is used twice is there once, with two wires. `grad` applies the rules to
# the gates, from the output back, and returns the derivative as a circuit of its own:

# %%
from autograd_core import Value, grad
from viz import draw

x = Value(0.3, "x")
one_turn = 4 * x * (1 - x)
[slope] = grad(one_turn, [x])
draw(slope)

# %%
from demos.show import compare

compare(("4 - 8x at x = 0.3", "1.6", slope.data), source="on paper")

# %% [markdown]
# How large is a circuit if it is written out as one formula, every use of a value in full? That is
# a short recursion, which looks up what it has counted already:


# %%
def sizes(value: Value, counted: dict[Value, int]) -> int:
    if value not in counted:
        counted[value] = 1 + sum(sizes(operand, counted) for operand in value.inputs)
    return counted[value]


def size(f: Formula) -> int:
    return 1 + size(f[1]) + size(f[2]) if isinstance(f, tuple) else 1


# %% [markdown]
# Eight turns. Guess how many gates the derivative has then, and how many signs as a formula. The
# first two columns of numbers are formulas, by the rules above; then the derivative as a circuit,
# and that circuit written out.

# %%
from demos.show import table

formula: Formula = "x"
output, rows = x, []
for n in range(1, 9):
    formula, output = turn(formula), 4 * output * (1 - output)
    [slope] = grad(output, [x])
    counted: dict[Value, int] = {}
    in_full = sizes(slope, counted)
    gates = sum(value.gate is not None for value in counted)
    rows.append((n, size(formula), size(derivative(formula)), gates, in_full))

columns = ("turns", "f as formula", "df by the rules", "gates of circuit", "circuit in full")
table(columns, [[str(number) for number in row] for row in rows])

# %%
from demos.figures import BLUE, GREY, ORANGE, new_axes, plot

turns, *counts = zip(*rows, strict=True)
looks = zip(columns[1:], counts, (GREY, ORANGE, BLUE, ORANGE), ("-", "-", "-", "--"), strict=True)
[ax] = new_axes(6.0, 3.4)
for name, count, colour, style in looks:
    ax.semilogy(turns, count, style, marker="o", color=colour, markersize=4.0, label=name)

ax.set(xlabel="turns", ylabel="operands and operators")
ax.legend(frameon=False, fontsize="small")
plot(
    ax,
    "Formulas grow exponentially, the circuit by six gates a turn.",
    "On a logarithmic scale three sizes of formulas are nearly straight rising lines, which end "
    "between a thousand and more than a hundred thousand after eight turns. The number of gates "
    "of the derivative's circuit bends and ends at 45.",
)

# %% [markdown]
# 45 gates against 174,249 operands and operators, for the same derivative, by the same rules. What
# swells is not the derivative but its writing: a formula has no way to say "that term again". A
# circuit has, and so has a program, which gives the term a name.
#
# (The two formulas differ, since they are put together from opposite ends: by the rules from x to
# f, in the circuit from f to x. One grows a little faster than twofold a turn, the other fourfold.)

# %% [markdown]
# ## Multiply it out?
#
# After eight turns f is a polynomial of degree 256. Multiplied out it has 257 coefficients, far
# fewer than 174,249. Is that the way out? At x = sin²θ it is known that f = sin²(2ⁿ θ) after n
# turns, which gives the derivative on paper: 2ⁿ sin(2ⁿ⁺¹ θ) / sin(2θ).

# %%
from math import asin, sin, sqrt

from numpy.polynomial import Polynomial

expanded, value, results = Polynomial([0.0, 1.0]), x, []
theta = asin(sqrt(0.3))
for n in range(1, 9):
    expanded, value = 4 * expanded * (1 - expanded), 4 * value * (1 - value)
    on_paper = 2**n * sin(2 ** (n + 1) * theta) / sin(2 * theta)
    engine = grad(value, [x])[0].data
    results.append((n, on_paper, engine, expanded.deriv()(0.3), max(expanded.coef.tolist())))

columns = ("turns", "on paper", "backpropagation", "multiplied out", "largest coefficient")
table(columns, [(str(n), *numbers) for n, *numbers in results])

# %% [markdown]
# It is not. The coefficients become enormous, with signs that alternate, and their sum cancels to a
# small number: from the sixth turn on no digit is right. Backpropagation keeps all that are shown.
#
# ## Exercises
#
# 1. How many gates has the circuit of the derivative after nine turns?
# 2. x ← x · x, again and again: x², x⁴, x⁸. Does its derivative by the rules swell, too?
# 3. A program stores its intermediate results in variables. Does its derivative, as code, swell?

# %% tags=["answer"]
squared: Formula = "x"
output, sizes_of_squares = x, []
for n in range(1, 9):
    squared, output = ("*", squared, squared), output * output
    counted = {}
    in_full = sizes(grad(output, [x])[0], counted)
    gates = sum(value.gate is not None for value in counted)
    sizes_of_squares.append((str(n), str(size(derivative(squared))), str(gates)))

table(("2: turns", "df by the rules", "gates of its circuit"), sizes_of_squares)

# %% [markdown] tags=["answer"]
# 1: 51: six more than after eight.
#
# 2: Yes. The rule for products writes each factor twice, so every turn doubles the formula, and
# more. The circuit grows by a few gates a turn.
#
# 3: No. A variable is what a formula lacks, a name for "that term again". The lesson `staged` has
# such code: a line for each wire.

# %% [markdown]
# To take away: symbolic differentiation is exact, but a formula repeats what a circuit shares.
# Backpropagation is the same rules with sharing: its size is that of the program, a few gates for
# each gate.
