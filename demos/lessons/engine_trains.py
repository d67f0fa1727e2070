# %% [markdown]
# # The engine trains: neurons, a loop, and what a real engine does more
#
# The engine of the lesson `engine` differentiates any formula. Three steps more and it trains a
# network: a neuron and a layer, a training loop, with the third bug that everyone makes, and a
# comparison with `autograd_core`. Go on in your `my_engine.py`.

# %% [markdown]
# ## Step 7: a neuron and a layer
#
# A neuron is a formula: tanh(w₁x₁ + … + wₙxₙ + b). Its weights and its bias are values, for they
# are what training changes; a layer is some neurons that take the same inputs. Both tell their
# parameters, so that a loop can go through them. Write `Neuron(nin)` and
# `Layer(nin, nout)`. May all weights begin with the same number?

# %%
from inspect import getsource

from demos.engine import Layer, Neuron

# %% tags=["answer"]
print(getsource(Neuron))
print(getsource(Layer))

# %% [markdown]
# They may not. Two neurons with the same weights get the same gradients. They take the same steps
# and stay the same for ever, as if there were one. So weights begin at random.

# %%
import random

random.seed(3)
neuron = Neuron(2)
out = neuron([0.5, -1.0])
out.backward()
print("output:", out.data)
print("gradients:", [parameter.grad for parameter in neuron.parameters()])

# %% [markdown]
# A neuron's slope by hand: 1 - t² times the input, and times 1 for the bias.

# %%
[(1 - out.data**2) * x for x in (0.5, -1.0, 1.0)]

# %% [markdown]
# ## Step 8: a training loop
#
# The exclusive or asks for *true* if exactly one of two inputs is 1. Here true is 0.8 and false is
# -0.8, for tanh reaches 1 and -1 nowhere. No single neuron can do it, two layers can.

# %%
from collections.abc import Sequence

from demos.engine import Value

examples = [([-1, -1], -0.8), ([-1, 1], 0.8), ([1, -1], 0.8), ([1, 1], -0.8)]
random.seed(1)
hidden, output = Layer(2, 4), Layer(4, 1)


def model(inputs: Sequence[float]) -> Value:
    return output(hidden(inputs))[0]


parameters = hidden.parameters() + output.parameters()
print(f"{len(parameters)} parameters;", "outputs:", [round(model(x).data, 2) for x, _ in examples])

# %% [markdown]
# The error is the mean of (output - target)² over all examples: one number, the output of one large
# circuit, in which every parameter is used four times. Its gradient says for each parameter how
# fast the error grows with it; so a step goes the other way. Write
# `train(model, parameters, examples, rate, steps)`, which returns the error before each step.

# %%
from demos.engine import train

# %% tags=["answer"]
print(getsource(train))

# %%
errors = train(model, parameters, examples, rate=0.3, steps=60)
print(f"error: {errors[0]:.3f} before the first step, {errors[-1]:.4f} before the last")
print("outputs:", [round(model(x).data, 2) for x, _ in examples])

# %% [markdown]
# ## The third bug: zero_grad
#
# Contributions add up, `+=`, and nothing sets a leaf back to 0. Inside a circuit that is right. But
# from one step to the next it is not: the second step goes along the sum of two gradients, the
# third along the sum of three. Everybody forgets this once, and nothing says so. In other engines
# the two lines are called `zero_grad()`, in `nn` too.
#
# Here is the same training in four engines, three of which have one line wrong. Guess what each of
# them does to the error:

# %%
from types import ModuleType

from demos import engine
from demos.check.slips import engine_with


def errors_in(module: ModuleType) -> list[float]:
    random.seed(1)
    hidden, output = module.Layer(2, 4), module.Layer(4, 1)
    parameters = hidden.parameters() + output.parameters()
    errors: list[float] = module.train(
        lambda x: output(hidden(x))[0], parameters, examples, rate=0.3, steps=60
    )
    return errors


# %%
from demos.show import table

engines: dict[str, ModuleType] = {
    "right": engine,
    "zero_grad forgotten": engine_with("pass", "parameter.grad = 0.0"),
    "+= for -=": engine_with("parameter.data += rate", "parameter.data -= rate"),
    "p = p - rate * p.grad": engine_with(
        "parameter = parameter - rate * parameter.grad",
        "parameter.data -= rate * parameter.grad",
    ),
}
runs = {name: errors_in(module) for name, module in engines.items()}
rows: list[list[str | float]] = [
    [name, *(run[step] for step in (0, 1, 5, 20, 59))] for name, run in runs.items()
]
table(("engine", "step 1", "step 2", "step 6", "step 21", "step 60"), rows)

# %%
from demos.figures import BLUE, GREY, INK, ORANGE, new_axes, plot

[ax] = new_axes(7.0, 3.0)
for (name, run), colour in zip(runs.items(), (BLUE, ORANGE, INK, GREY), strict=True):
    ax.semilogy(range(1, 61), run, color=colour, linewidth=1.4, label=name)

ax.set(xlabel="step", ylabel="error")
ax.legend(frameon=False, fontsize="small", loc="lower left")
plot(
    ax,
    "One training, right and with one line wrong.",
    "The error over 60 steps, on a logarithmic scale. With the right engine it falls steadily. "
    "With zero_grad forgotten it falls faster at first, then rises and falls and does not get on. "
    "With += for -= it climbs. With p = p - … it stays where it was.",
)

# %% [markdown]
# The forgetful engine begins right, for before the first step there is nothing to set back. Then
# the error even falls faster, for a sum of many gradients makes large steps. But the steps do not
# get smaller near the minimum, where the gradient is small and the sum is not: they go past it,
# come back, and never settle. (A sum in which old gradients count less and less is useful, and is
# called momentum.) Climbing and standing still are seen at once; this mistake is not, and that is
# why it is the one to know. Check steps 7 and 8.

# %% [markdown]
# ## Step 9: beside a real engine
#
# The last check holds your engine against `autograd_core`, on 200 random circuits. Here it is for
# ours:

# %%
from demos.check.engine import check_beside_the_core, random_circuit

print(random_circuit(random.Random(1), gates=6).text)
print(check_beside_the_core(engine))

# %% [markdown]
# The gradients are the same, but for rounding. Then what are thousands of lines more for? Mostly
# for what happens when something is not as it should be. Some cases, tried in both:


# %%
def long_chain(value: type) -> str:
    x = y = value(1.0)
    for _ in range(100_000):
        y = y + 1
    y.backward()
    return f"∂y/∂x = {x.grad:g}"


def edited(value: type) -> str:
    x = value(3.0)
    y = x * x
    x.data = 5.0
    y.backward()
    return f"∂y/∂x = {x.grad:g}"


# %%
def typing_error(value: type) -> str:
    x = value(3.0)
    x.gard = 1.0
    return "no word"


def division_by_zero(value: type) -> str:
    return str(1 / value(0.0))


def a_list(value: type) -> str:
    return repr(value([1.0, 2.0]).data)


# %%
from collections.abc import Callable
from textwrap import fill

import autograd_core


def what(case: Callable[[type], str], value: type) -> str:
    try:
        return case(value)
    except Exception as error:
        return fill(f"{type(error).__name__}: {error}", 84, subsequent_indent="    ")


cases = (long_chain, edited, typing_error, division_by_zero, a_list)
for case in cases:
    print(f"{case.__name__}\n  ours: {what(case, Value)}")
    print(f"  autograd_core: {what(case, autograd_core.Value)}")

# %% [markdown]
# - **A long chain**: our `visit` calls itself, and Python allows some thousand such calls. The real
#   one keeps its own stack, and a chain of a million gates differentiates and is freed.
# - **An edited leaf**: ours gives the slope for x = 3, though x is 5, without a word. The real one
#   notices that x is newer than y, and says what to do.
# - **Slips** in a name, in a number, in what goes into `Value`: a wrong answer that looks right is
#   worse than an error, so each is refused with its reason.
#
# And it does more with the same idea. A gate is written once, in a table, from which come its rules
# on numbers, arrays and values, its code in C, its words and pictures. Gradients that are values
# again can be differentiated again:

# %%
x = autograd_core.Value(3.0, "x")
[first] = autograd_core.grad(x**3, [x])
[second] = autograd_core.grad(first, [x])
print("x³ at 3: 3x² =", first.data, "and 6x =", second.data)

# %% [markdown]
# And since a circuit is data, it can be drawn, explained, and compiled for many examples at once:
# see the lesson `programs`.

# %%
from viz import draw

x = autograd_core.Value(0.5, "x")
w = autograd_core.Value(1.5, "w")
b = autograd_core.Value(-0.25, "b")
out_of_core = autograd_core.tanh(w * x + b)
out_of_core.backward()
draw(out_of_core, title="A neuron in the real engine")

# %% [markdown]
# ## Exercises
#
# 1. How many parameters has `Layer(3, 4)` followed by `Layer(4, 2)`?
# 2. All weights of the network of step 8 are set to 0, and it trains as before. What does it learn?
# 3. In the neuron drawn above, which of w, x and b has the largest gradient, and why?

# %% tags=["answer"]
hidden, output = Layer(2, 4), Layer(4, 1)
parameters = hidden.parameters() + output.parameters()
for parameter in parameters:
    parameter.data = 0.0

errors = train(model, parameters, examples, rate=0.3, steps=60)
print("2: moved:", sum(parameter.data != 0.0 for parameter in parameters), " error:", errors[-1])

# %% [markdown] tags=["answer"]
# 1: 4 × (3 + 1) + 2 × (4 + 1) = 26.
#
# 2: Nothing. All neurons of the first layer answer 0, so the weights behind them get the gradient
# 0. These weights are 0, so nothing comes back to the first layer. Only the last bias could move.
# Its best value is the mean of the targets, 0, where it is already.
#
# 3: x. What arrives at the sum is the slope of tanh; x gets it times w, which is 1.5, w times x,
# which is 0.5, and b as it is.

# %% [markdown]
# To take away: a model is a formula with parameters, an error is one number at the end of it, and
# training repeats four lines: forward, gradients to 0, backward, a step downhill. An engine of some
# hundred lines does all of it, as right as a large one; the large one is for what goes wrong, for
# speed, and for showing what happens.
