# %% [markdown]
# # Build the engine: from a nudge to backward()
#
# An engine that differentiates whatever you compute needs some hundred lines, and to write them is
# the best way to understand it. This lesson does that in six steps, from an empty file; the next
# one, `engine_trains`, adds neurons and training in three more.
#
# You need derivatives, and a little Python: functions, lists, a class. Open an empty file,
# `my_engine.py`. Write each step yourself, before you look at ours, which is `demos/engine.py`;
# then let it be checked, here for step 1:
#
#     python -m demos check engine 1 my_engine.py
#
# If something is wrong, the answer says what. Without a file, the command says what a step asks
# for. (In a notebook, a cell that begins with `%%writefile my_engine.py` writes the file, and
# `!python -m demos check …` checks it.)

# %% [markdown]
# ## Step 1: nudge
#
# How fast does f = (x + y) z grow with x, at x = -2, y = 5, z = -4? Raise x a little, see by how
# much f changes, and divide by the nudge:


# %%
def formula(x: float, y: float, z: float) -> float:
    return (x + y) * z


h = 0.001
(formula(-2.0 + h, 5.0, -4.0) - formula(-2.0, 5.0, -4.0)) / h

# %% [markdown]
# So f falls by 4 for each 1 that x grows. Write `slope(f, inputs, place)`, which finds this for any
# input of any function, in a few lines. Ours nudges up and down, for then the errors of both sides
# nearly cancel. (Under Answer is our code, here and in each step.)

# %%
from inspect import getsource

from demos.engine import slope

# %% tags=["answer"]
print(getsource(slope))

# %%
[round(slope(formula, [-2.0, 5.0, -4.0], place), 6) for place in range(3)]

# %% [markdown]
# For every input this computes the whole function twice (lesson `nudge`). The backward pass gets
# all slopes for about the price of one more pass; the nudge stays, as a check.

# %% [markdown]
# ## Step 2: add and multiply
#
# To go back through a computation, the computer has to remember it. So a number becomes an object,
# a `Value`, and `+` and `*` make new values that keep two things: their operands, and their **local
# gradients**, how fast the result grows with each operand alone.
#
#     x + y:    1 and 1
#     x * y:    y and x
#
# Both are known in the forward pass. The gradient `grad` is not, and starts at 0. Write `Value`
# with `__init__`, `__add__` and `__mul__`.

# %%
from demos.engine import Value, as_value

# %% tags=["answer"]
for part in (Value.__init__, Value.__add__, Value.__mul__, as_value):
    print(getsource(part))

# %% [markdown]
# In `2 * x` Python asks the number first, which does not know about values, and then calls
# `x.__rmul__(2)`. The order does not matter, so that may be the same function:
# `__rmul__ = __mul__`, and `__radd__ = __add__`.

# %%
x, y, z = Value(-2.0), Value(5.0), Value(-4.0)
q = x + y
f = q * z
print("f:", f)
print("its operands:", *f.operands)
print("its local gradients:", f.local)

# %% [markdown]
# Nothing else is needed to get from f back to x. Check step 2.

# %% [markdown]
# ## Step 3: backward, in an order given by hand
#
# Say that a gate knows how fast f grows with its output: its `grad`, called **upstream**. Then f
# grows with an operand by upstream × local. That is the chain rule, and it is all that a gate has
# to do: `_backward` hands the product to each operand. First we write it like this:

# %%
from demos.check.slips import engine_with

first = engine_with("operand.grad = local", "operand.grad += local")
print(getsource(first.Value._backward))

# %% [markdown]
# Begin at the end: f grows as fast as f, so its gradient is 1. Then call the gates one after the
# other, from the output to the inputs.

# %%
x, y, z = first.Value(-2.0), first.Value(5.0), first.Value(-4.0)
q = x + y
f = q * z
f.grad = 1.0
f._backward()
q._backward()
print("x, y, z:", x.grad, y.grad, z.grad)

# %% [markdown]
# These are the three slopes of step 1, from one pass. The same circuit, drawn by `autograd_core`,
# the engine of this project: values above the wires, gradients below them.

# %%
import autograd_core as core
from viz import draw

core_q = core.Value(-2.0, "x") + core.Value(5.0, "y")
core_q.label = "q"
core_f = core_q * core.Value(-4.0, "z")
core_f.backward()
draw(core_f, title="f = (x + y) z")

# %% [markdown]
# There are other ways to write this: each gate keeps a function for its backward pass, as in
# micrograd; or all gates stand on one tape; or each kind of gate has a class. The check asks for
# names and numbers alone. Did you take the wrong factor in `*`, or forget the upstream? Check step
# 3.

# %% [markdown]
# ## Step 4: forks, and the first bug
#
# Here x is used twice. Its slope, by nudging, and what step 3 says:

# %%
x, y = first.Value(3.0), first.Value(2.0)
q = x + y
f = q * x
f.grad = 1.0
f._backward()
q._backward()
print("x by nudging:", round(slope(lambda x, y: (x + y) * x, [3.0, 2.0], 0), 6))
print("x by step 3:", x.grad)

# %% [markdown]
# Follow the two calls. The gate f hands 5 to x, for q = 5 is the other factor. Later the gate q
# hands its upstream, 3, to x as well, and *replaces* the 5. But if x grows, f grows for both
# reasons, and the slopes add up: 5 + 3 = 8. This is the multivariate chain rule. In the drawing x
# forks, and each branch has its own contribution:

# %%
core_x = core.Value(3.0, "x")
core_q = core_x + core.Value(2.0, "y")
core_q.label = "q"
core_f = core_q * core_x
core_f.backward()
draw(core_f, branches=True, title="f = (x + y) x")

# %% [markdown]
# The cure is one character, `+=`. It has a price, for which the next lesson has to pay: whatever
# was in `grad` before stays there.

# %%
print(getsource(Value._backward))

# %% [markdown]
# ## Step 5: the order, and the second bug
#
# Who says in which order the gates are called? So far we did. Here are three gates, and the two
# orders that begin with the output:

# %%
from demos.show import table


def gradient_of_x(order: str) -> float:
    x, y = Value(2.0), Value(-3.0)
    p = x * y
    q = p * x
    f = p * q
    f.grad = 1.0
    for name in order:
        {"p": p, "q": q, "f": f}[name]._backward()
    return x.grad


# %%
nudged = round(slope(lambda x, y: (x * y) * (x * y * x), [2.0, -3.0], 0), 6)
rows = [(", ".join(order), gradient_of_x(order), nudged) for order in ("fqp", "fpq")]
table(("order", "gradient of x", "by nudging"), rows)

# %% [markdown]
# In the second order p hands its gradient on before it has got all of it: q, which uses p, had not
# been called. So the rule is: **a value waits for all that use it.** That is not the same as going
# from the output level by level: here p stands right behind f, like q, and has to wait all the
# same.
#
# An order that obeys is found from the other side. Put every value into a list after its operands,
# which is called a *topological order*, and go through the list backwards. A function that calls
# itself does it: first the operands, then the value. Which values has it to leave out?

# %%
from demos.engine import topological_order

# %% tags=["answer"]
print(getsource(topological_order))

# %% [markdown]
# Those that it has `seen`. Otherwise a value that is used twice is visited twice, its operands four
# times, and so on:

# %%
x = Value(1.0)
visits = 1
for _ in range(30):
    x = x + x
    visits = 1 + 2 * visits

print(f"{len(topological_order(x))} values; without `seen`, {visits:,} visits")

# %% [markdown]
# Now `backward` needs nothing from us but the output: it sorts, begins with 1, and goes through the
# order backwards. Write it.

# %% tags=["answer"]
print(getsource(Value.backward))

# %%
x, y = Value(2.0), Value(-3.0)
p = x * y
(p * (p * x)).backward()
x.grad

# %% [markdown]
# The three gates, one after the other, in the order that `autograd_core` takes:

# %%
from viz import animate

core_p = core.Value(2.0, "x") * core.Value(-3.0, "y")
core_q = core_p * core_p.operands[0]
core_p.label, core_q.label = "p", "q"
animate(core_p * core_q)

# %% [markdown]
# (Why set `grad` to 0 for what has operands? So that a second `backward` of the same circuit starts
# afresh inside. Leaves keep what they have; the next lesson says what for.) Check steps 4 and 5: it
# also calls your gates one by one, and says which of them was too early.

# %% [markdown]
# ## Step 6: more gates
#
# The rest is local. A new gate has to know its output and its local gradients, and nothing about
# the circuit around it:
#
#     x - y      1 and -1
#     x / y      1 / y and -x / y²
#     exp(x)     exp(x), its own output
#     tanh(x)    1 - t², with t = tanh(x), its own output

# %% tags=["answer"]
for gate in (Value.__sub__, Value.__truediv__, Value.exp, Value.tanh):
    print(getsource(gate))

# %% [markdown]
# `2 - x` calls `x.__rsub__(2)`, and now the order matters: the number is the first operand. Each
# gate beside the nudge:

# %%
from math import exp, tanh

x, y = Value(0.7), Value(-1.6)
gates = {
    "x - y": (x - y, lambda x, y: x - y),
    "x / y": (x / y, lambda x, y: x / y),
    "2 - x": (2 - x, lambda x, y: 2 - x),
    "1 / x": (1 / x, lambda x, y: 1 / x),
    "exp(x)": (x.exp(), lambda x, y: exp(x)),
    "tanh(x)": (x.tanh(), lambda x, y: tanh(x)),
}

# %%
compared = []
for name, (out, function) in gates.items():
    x.grad = y.grad = 0.0
    out.backward()
    by_nudging = [slope(function, [0.7, -1.6], place) for place in range(2)]
    compared.append((name, out.data, x.grad, by_nudging[0], y.grad, by_nudging[1]))

table(("gate", "output", "∂ by x", "nudged", "∂ by y", "nudged "), compared)

# %% [markdown]
# ## Exercises
#
# 1. Add a gate `relu` to your engine: max(0, x). What is its local gradient?
# 2. In f = x · x at x = 3, how often does `_backward` of f add to `x.grad`, and what each time?
# 3. `backward` is called twice on the same circuit. What do leaves have then, and what has a value
#    inside?
# 4. Must x come before y in the order of x + y?

# %% tags=["answer"]
x, y = Value(3.0), Value(2.0)
inside = x * y
f = inside * inside
f.backward()
print("after one pass: x.grad =", x.grad, " inside:", inside.grad)
f.backward()
print("after two: x.grad =", x.grad, " inside:", inside.grad)

# %% [markdown] tags=["answer"]
# 1: 1 if x > 0, else 0: `Value(max(0.0, x.data), (x,), (float(x.data > 0),))`.
#
# 2: Twice, for x is the first and the second operand; each time 1 × 3 at x = 3.
#
# 3: Leaves have twice their gradient, values inside that of one pass.
#
# 4: No. Both have to come before the sum, and neither waits for the other. A circuit has many
# topological orders, and all give the same gradients, but for rounding.

# %% [markdown]
# To take away: a gate knows its operands and its local gradients. Going back, it hands on upstream
# × local; contributions add up; and a value hands its gradient on when all of it is there.
# Everything else in an engine serves these three sentences.
# `python -m demos check engine my_engine.py` checks all steps at once.
