# %% [markdown]
# # Outlook: convolution, recurrence, attention
#
# Three ideas lead beyond the multilayer perceptron: sharing weights over places, sharing them over
# time, and weights that are computed. Each takes a few lines of values, and `backward()` needs to
# learn nothing new. Nudging checks every gradient.

# %%
from collections.abc import Callable
from random import Random

from autograd_core import Value, gradcheck

random = Random(1)


def numbers(count: int) -> list[Value]:
    return [Value(random.gauss(0.0, 1.0)) for _ in range(count)]


# %% [markdown]
# ## Convolution: the same weights at every place
#
# A layer that looks for a pattern in a signal, or in an image, may look for it everywhere with the
# same weights: slide a small window along, and take the weighted sum at each place.

# %%
from autograd_core import dot, name_values, relu, total
from viz import draw


def convolve(kernel: list[Value], signal: list[Value]) -> list[Value]:
    width = len(kernel)
    return [dot(kernel, signal[i : i + width]) for i in range(len(signal) - width + 1)]


k0, k1 = Value(1.0), Value(-1.0)
signal = [Value(number) for number in (0.0, 0.0, 1.0, 1.0)]
edges = convolve([k0, k1], signal)
[edge.data for edge in edges]

# %% [markdown]
# The kernel (1, -1) finds the edge. Each weight is used once per place, so it is a fork, and its
# gradient is a sum over all places: a copy gate adds, as ever.

# %%
strength = total([edge**2 for edge in edges])
name_values(globals())
strength.backward()
draw(strength)


# %%
def convolution(*values: Value) -> Value:
    kernel, signal = list(values[:3]), list(values[3:])
    result: Value = total([relu(y) ** 2 for y in convolve(kernel, signal)])
    return result


def checked(function: Callable[..., Value], count: int) -> str:
    check = gradcheck(function, numbers(count))
    return f"{len(check.checks)} gradients, largest relative error {check.worst:.0e}"


checked(convolution, 3 + 8)

# %% [markdown]
# How many weights does it save? From a 28×28 image to a 26×26 one with a 3×3 kernel, against a
# fully connected layer (without biases):

# %%
print(f"convolution {3 * 3}, fully connected {28 * 28 * 26 * 26}")

# %% [markdown]
# A lecture ends its circuits with AlexNet, of 2012: five convolutional layers, three fully
# connected ones, 650,000 neurons and 60 million parameters. The first layer looks for 96 patterns
# of 11×11 pixels in three colours, so it has 34,848 of these weights. It is one circuit all the
# same, and its gradient is upstream × local, gate by gate.

# %%
print(96 * 11 * 11 * 3)

# %% [markdown]
# ## Recurrence: the same weights at every step of time
#
# A network that reads a sequence keeps a state h. At each step it makes a new state from the old
# one and the next input, with the same three weights. Unrolled, it is a deep network, a layer a
# step.

# %%
from autograd_core import tanh


def read(u: Value, w: Value, b: Value, sequence: list[Value]) -> Value:
    h = Value(0.0)
    for x in sequence:
        h = tanh(u * h + w * x + b)
    return h


checked(lambda u, w, b, *sequence: read(u, w, b, list(sequence)), 3 + 6)

# %% [markdown]
# How much of the first input is left after T steps? Its gradient is a product of T factors u ·
# tanh′, which shrinks, as in any deep stack. For T = 5, 10, 20, 40 with u = 0.9 and u = 0.5:

# %%
from demos.show import table

rows = []
for steps in (5, 10, 20, 40):
    cells = [f"{steps}"]
    for u in (0.9, 0.5):
        sequence = [Value(0.1), *(Value(0.0) for _ in range(steps - 1))]
        read(Value(u), Value(1.0), Value(0.0), sequence).backward()
        cells.append(f"{sequence[0].grad:.1e}")
    rows.append(cells)

table(("steps", "∂h/∂x₁, u = 0.9", "∂h/∂x₁, u = 0.5"), rows)

# %% [markdown]
# The long memory of an LSTM (1997) is a way around this product: a state that is added to.
#
# ## Attention: weights that are computed
#
# In all layers so far, weights are parameters. In attention they are the softmax of products of the
# inputs themselves: a query q asks each key kᵢ how well it fits, and the answer is the average of
# the values vᵢ with these weights.

# %%
from nn import softmax


def attend(query: list[Value], keys: list[list[Value]], values: list[list[Value]]) -> list[Value]:
    scale = len(query) ** 0.5
    weights = softmax([dot(query, key) / scale for key in keys])
    return [dot(weights, list(column)) for column in zip(*values, strict=True)]


# %% [markdown]
# A query of two numbers, three keys, three values. The second key points the way of the query:

# %%
q = [Value(2.0), Value(0.0)]
keys = [[Value(0.0), Value(2.0)], [Value(3.0), Value(0.0)], [Value(-2.0), Value(0.0)]]
values = [[Value(10.0)], [Value(20.0)], [Value(30.0)]]
[answer] = attend(q, keys, values)
answer.data


# %%
def head(*inputs: Value) -> Value:
    pairs = [list(inputs[i : i + 2]) for i in range(0, 14, 2)]
    one, two = attend(pairs[0], pairs[1:4], pairs[4:7])
    return one**2 + one * two


checked(head, 14)

# %% [markdown]
# The answer above is close to 20, the value of the key that fits. How the weights of the three move
# if the query turns once around:

# %%
from math import cos, pi, sin

from demos.figures import BLUE, GREY, ORANGE, new_axes, plot

turns = [n / 100 for n in range(101)]
queries = [[2 * cos(2 * pi * turn), 2 * sin(2 * pi * turn)] for turn in turns]
shares = [[w.data for w in softmax([dot(key, q) / 2**0.5 for key in keys])] for q in queries]

# %%
[ax] = new_axes(6.0, 2.6)
for name, weights, colour in zip(
    "123", zip(*shares, strict=True), (GREY, BLUE, ORANGE), strict=True
):
    ax.plot(turns, weights, color=colour, label=f"key {name}")

ax.set(xlabel="turn of the query", ylabel="weight")
ax.legend(frameon=False, fontsize="small")
plot(
    ax,
    "Attention moves with the query.",
    "Three curves of weights that add up to 1. The second key has most at the start and the end of "
    "the turn, the first after a quarter, the third after half of it.",
)

# %% [markdown]
# A gradient reaches the values through the weights, and query and keys through the softmax: so a
# network learns what to look for.

# %% [markdown]
# ## Exercises
#
# 1. In the picture of the convolution k1 meets three numbers of the signal, yet it gets -2 from one
#    place alone. Why?
# 2. All keys are equal, and the values are 10, 20 and 60. What is the answer of attention?
# 3. An image has two dimensions. Write its convolution, and let the kernel (1, -1) find the edges
#    of a square.

# %% tags=["answer"]
Image = list[list[Value]]


def convolve_image(kernel: Image, image: Image) -> list[list[float]]:
    high, wide = len(kernel), len(kernel[0])
    flat = [k for row in kernel for k in row]
    return [
        [
            dot(flat, [x for row in image[i : i + high] for x in row[j : j + wide]]).data
            for j in range(len(image[0]) - wide + 1)
        ]
        for i in range(len(image) - high + 1)
    ]


# %% tags=["answer"]
square = [[Value(float(2 <= i <= 4 and 2 <= j <= 4)) for j in range(7)] for i in range(7)]
[mean] = attend(q, [keys[0]] * 3, [[Value(10.0)], [Value(20.0)], [Value(60.0)]])
print(f"2: {mean:g}")
for row in convolve_image([[k0, k1]], square):
    print("3:", " ".join(f"{x:2.0f}" for x in row))

# %% [markdown] tags=["answer"]
# 1: At the two other places edges² passes 2 · 0 = 0 back, for its input is 0.
#
# 2: The plain mean of the values: equal scores have equal weights, 1/3 each.
#
# 3: -1 where black begins, +1 where it ends, 0 elsewhere. A kernel with 1 above -1 finds the edges
# at the top and the bottom.

# %% [markdown]
# To take away: shared weights are forks, whose gradients add; a recurrence is a deep stack of one
# layer; attention is a weighted sum whose weights are computed. All are circuits, so
# backpropagation has them already.
