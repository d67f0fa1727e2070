# %% [markdown]
# # One neuron learns by hand
#
# Training changes each weight a little, again and again, and one such change can be done with a
# pencil. For a logistic neuron and the squared error it has three factors, and each of them can be
# read: how far off the answer is and which way, the slope, and the input.

# %% [markdown]
# ## One update
#
# The neuron takes three inputs, h, and answers ŷ = f(z) with z = v₁h₁ + v₂h₂ + v₃h₃, where f is the
# logistic function. It should have answered y. The letters are those of the lecture; the neuron may
# be the last one of a network, and h what the neurons before it say.

# %%
from autograd_core import Value, dot, sigmoid
from viz import draw

v = [Value(0.5, "v1"), Value(-1.0, "v2"), Value(0.25, "v3")]
h, y = [1.0, 0.5, -2.0], 1.0
z = dot(v, h)
answer = sigmoid(z)
loss = 0.5 * (y - answer) ** 2
z.label, answer.label, loss.label = "z", "ŷ", "L"
loss.backward()
draw(loss)

# %% [markdown]
# Go back along the wires. The loss hands -(y - ŷ) to ŷ; the logistic function multiplies it by its
# slope, f′(z) = ŷ (1 - ŷ); the weighted sum multiplies it by the input:
#
#     ∂L/∂vₖ = -(y - ŷ) f′(z) hₖ        so        vₖ ← vₖ + η (y - ŷ) f′(z) hₖ
#
# The step goes against the gradient, and the two minus signs cancel. "What are each of these? Do
# they make sense individually?", asks the lecture of the three factors. First a guess: h is (1,
# 0.5, -2). Which weight changes most, which least, and which of them falls? The factors, their
# product, and what the engine says:

# %%
from demos.show import table

off = y - answer.data
slope = answer.data * (1 - answer.data)
columns = ("weight", "y - ŷ", "slope f′(z)", "input h", "product", "engine, -∂L/∂v")
table(
    columns,
    [(f"v{k + 1}", off, slope, h[k], off * slope * h[k], -v[k].grad) for k in range(3)],
)

# %% [markdown]
# One step with the learning rate η = 2, and the neuron is asked again. It should have come closer
# to 1:

# %%
rate = 2.0
for k in range(3):
    v[k].data += rate * off * slope * h[k]

print(f"before: {answer.data:.4f}   after: {sigmoid(dot(v, h)).data:.4f}")

# %% [markdown]
# ## How far off, and which way
#
# Two cases. If y - ŷ > 0, the answer is too small, and z has to grow; if y - ŷ < 0, z has to
# shrink. What that means for a weight depends on the sign of its input, too: a weight of a negative
# input has to fall, for z to grow. (The slide says "increase the weight" of the first case. In its
# network h comes from logistic neurons, so no input is negative.) All four:


# %%
def told(v: float, h: float, y: float) -> tuple[str | float, ...]:
    before = sigmoid(v * h)
    change = rate * (y - before) * before * (1 - before) * h
    after = sigmoid((v + change) * h)
    case = "1: too small" if y > before else "2: too large"
    return case, y, h, change, before, after


rows = [told(0.5, h, y) for y in (1.0, 0.0) for h in (1.5, -1.5)]
table(("case", "y", "input", "change of v", "ŷ before", "ŷ after"), rows)

# %% [markdown]
# In each row ŷ has moved towards y.

# %% [markdown]
# ## The slope
#
# The further off, the larger the change? Only at the same slope. A neuron that is quite sure and
# quite wrong sits where f is flat. Here y = 0, and z grows more and more wrong:

# %%
rows = []
for z_wrong in (0.0, 1.0, 2.0, 4.0, 8.0):
    p = sigmoid(z_wrong)
    rows.append((z_wrong, -p, p * (1 - p), -p * p * (1 - p)))

table(("z", "y - ŷ", "slope f′(z)", "product: the push on z"), rows)

# %%
from demos.figures import BLUE, GREY, ORANGE, new_axes, plot

places = [n / 20 for n in range(-160, 161)]
pushes = [-(sigmoid(p) ** 2) * (1 - sigmoid(p)) for p in places]
[ax] = new_axes(6.5, 2.8)
ax.plot(places, [-sigmoid(p) for p in places], color=ORANGE, label="y - ŷ: how far off")
ax.plot(places, pushes, color=BLUE, label="times the slope: the push on z")
ax.axhline(0.0, color=GREY, linewidth=0.8)
ax.set(xlabel="z, where y = 0")
ax.legend(frameon=False, fontsize="small", loc="lower left")
plot(
    ax,
    "The push on z is largest at z = ln 2, and fades where the neuron is surely wrong.",
    "Over z from -8 to 8, with the label 0: y - ŷ goes from 0 down to -1. Its product with the "
    "slope is 0 on the left, has its lowest point a little right of 0, and is nearly 0 again at 8.",
)

# %% [markdown]
# So a neuron that starts with a large wrong z learns slowly. That is a reason to begin with small
# weights, and to take another loss: the cross-entropy divides by the slope, and what is left is y -
# ŷ alone, the orange curve (lesson `losses`).

# %% [markdown]
# ## The input
#
# The third factor says who gets the change. A large input has a large part in z, so its weight
# changes much; an input of 0 had none, and its weight stays. A bias is a weight whose input is
# always 1: it changes by (y - ŷ) f′(z).

# %% [markdown]
# On this page v, h and y can be changed, by typing or by dragging. Make h negative, or 0; make y 0;
# make v 8. What happens to the gradient of v, and which factor does it?

# %%
from viz import page

weight, given, target = Value(0.5, "v"), Value(1.5, "h"), Value(1.0, "y")
said = sigmoid(weight * given)
said.label = "ŷ"
L = 0.5 * (target - said) ** 2
L.label = "L"
page(L)

# %% [markdown]
# ## The perceptron rule beside it
#
# A perceptron (Rosenblatt, around 1960) is a neuron that answers with a step, 1 if its weighted sum
# is at least 0 and 0 otherwise. Its rule is older than backpropagation and simpler. Where it is
# right, nothing happens; where it is wrong, its inputs are added to the weights, or subtracted:
#
#     w ← w + t x,   if wrong, for labels t = -1 or 1
#     w ← w + (y - ŷ) x,   for labels y = 0 or 1
#
# Both say the same, for y - ŷ is 0, 1 or -1. Beside the gradient's rule (the slide writes it as w +
# x t C, with everything else in C), one factor is missing: the slope. A step has none, and the rule
# does not ask for it. Six examples, gone through again and again; each round is called an *epoch*:

# %%
points = [[1.0, 1.5], [2.0, 0.5], [-0.5, 0.5], [0.5, -1.0], [1.5, 2.0], [-1.0, -1.0]]
labels = [1, 1, 0, 0, 1, 0]


def perceptron_epoch(w: list[float]) -> int:
    wrong = 0
    for x, y in zip(points, labels, strict=True):
        inputs = [*x, 1.0]
        answer = int(sum(a * b for a, b in zip(w, inputs, strict=True)) >= 0)
        wrong += y != answer
        for k in range(3):
            w[k] += (y - answer) * inputs[k]
    return wrong


# %%
w = [-1.0, 2.0, 1.0]
wrong = []
while 0 not in wrong:
    wrong.append(perceptron_epoch(w))

print("wrong in each epoch:", wrong)
print("weights and bias:", w)

# %% [markdown]
# In `nn` it is one line, for a neuron with a step; `load_state_dict` sets its numbers by name. The
# same start gives the same weights:

# %%
from nn import Neuron, perceptron_rule

neuron = Neuron(2, activation="step")
neuron.load_state_dict({"weights.0": -1.0, "weights.1": 2.0, "bias": 1.0})
print("wrong in each epoch:", perceptron_rule(neuron, points, labels))
print("weights and bias:", [parameter.data for parameter in neuron.parameters()])

# %% [markdown]
# If a line separates the two labels, the rule finds one after a limited number of corrections. If
# none does, it goes on for ever, as for the exclusive or:

# %%
square = [[0, 0], [0, 1], [1, 0], [1, 1]]
perceptron_rule(Neuron(2, activation="step", seed=1), square, [0, 1, 1, 0], epochs=12)

# %% [markdown]
# And it needs to know the right answer of this very neuron. For a neuron inside a network nobody
# knows it; what comes back there is a gradient, and through a step none comes (lesson
# `perceptron`).
#
# ## Exercises
#
# A neuron has y = 1, ŷ = 1/2, the slope 1/4 and the inputs h = (2, -4, 0).
#
# 1. What are the changes of its three weights, at the rate 1? Which weight changes most?
# 2. "Case 2: y - ŷ < 0?", asks the slide. If y is 0, what changes?
# 3. "How should we learn the bias?" By how much does it change here?
# 4. A perceptron answers the same three inputs wrongly, with 0 in place of 1. What are the changes
#    of its weights?
# 5. A neuron that has to say 0 says 1/2. Fill in the gradients, from the right to the left.

# %%
from viz import worksheet

u1, u2 = Value(1.0, "u1"), Value(2.0, "u2")
sheet = worksheet(0.5 * (0.0 - sigmoid(dot([u1, u2], [2.0, -1.0]))) ** 2)
sheet

# %% tags=["answer"]
sheet.answers

# %% tags=["answer"]
[(y, [(y - 0.5) * 0.25 * h + 0.0 for h in (2.0, -4.0, 0.0)]) for y in (1.0, 0.0)]

# %% [markdown] tags=["answer"]
# 1: 1/2 × 1/4 × h: the second changes most, as its input is the largest in size, and it falls, as
# its input is negative. The third does not change.
#
# 2: Every sign.
#
# 3: As a weight whose input is always 1: it changes by 1/2 × 1/4.
#
# 4: y - ŷ is 1, and there is no slope: 2, -4 and 0, the inputs themselves.
#
# 5: The push on z is 1/2 × 1/4. u1 gets it times 2, u2 times -1.

# %% [markdown]
# To take away: a weight changes by how far off × slope × input. The first factor says how much and
# which way, the slope how much the neuron can still be moved, the input who has had a part in it.
# The perceptron rule is the same without the slope.
