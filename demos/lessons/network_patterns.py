# %% [markdown]
# # The gate patterns inside a network
#
# Add distributes, multiply swaps, max routes, copy adds. A network is made of hardly anything else,
# so these four say how gradients flow through a network of any size.
#
# Here each of them is looked up in the circuit of a small one: an input x, two maxout neurons, and
# a linear neuron on top,
#
#     g = max(g1 x, g2 x)        h = max(h1 x, h2 x)        o = u g + v h

# %% [markdown]
# ## The network as a circuit
#
# `gate_by_gate=True` makes neurons of adders and multipliers, which otherwise are one gate Σwx + b.

# %%
from autograd_core import Value, name_values
from nn import MLP
from viz import draw, page

weights = {"g1": 1.5, "g2": -1.0, "h1": -0.5, "h2": 1.0, "u": 2.0, "v": -1.0}
small = MLP(1, [2, 1], activation="maxout", bias=False, gate_by_gate=True)
for parameter, (label, number) in zip(small.parameters(), weights.items(), strict=True):
    parameter.label, parameter.data = label, number

x = Value(2.0)
o = small([x])
[(u, g), (v, h)] = [product.inputs for product in o.inputs]
name_values(globals())
o.backward()
draw(o, branches=True, local=True)

# %% [markdown]
# A dot is a copy gate. Small blue numbers are local gradients: upstream × local is what goes down.
#
# ## Add: the distributor
#
# The output neuron adds its products. Both get what arrives at o, unchanged: 1 to u g and 1 to v h.
# Every neuron adds up its weighted inputs, so what arrives at a neuron reaches each of them in
# full, however many there are. So does its bias, where it has one: ∂C/∂b = δ.
#
# ## Multiply: swap and scale
#
# u g hands 1 × 3 = 3 to u and 1 × 2 = 2 to g; v h hands 1 × 2 = 2 to v and 1 × -1 = -1 to h. So a
# weight gets the activation below it, times δ: that is ∂C/∂W = δ aᵀ. The activation gets the
# weight: that is Wᵀ δ.

# %% [markdown]
# ## Max: the router
#
# In g the piece g1 x = 3 beats g2 x = -2, so it gets all of the 2, and g2 x gets 0. In h it is the
# second piece that wins, 2 against -1, and gets -1. A ReLU is such a gate, max(0, z), with a
# constant as its other input.
#
# ## Copy: the adder
#
# All four pieces take x, and what comes back along the four wires adds up: 3 by g1, 0 by g2, 0 by
# h1 and -1 by h2 make 2. The two pieces that lost send back 0. In a layer every neuron takes every
# activation, so each activation is copied; these sums are the sums in Wᵀ δ.

# %% [markdown]
# Change x to -2 and the other pieces win. Say first which gradients will be 0 then, and what
# arrives at x:

# %%
page(o, branches=True, local=True)

# %% [markdown]
# ## All of them at once
#
# A network of this size can learn something:

# %%
model = MLP(2, [16, 16, 1], gate_by_gate=True, seed=1)
print(model)

# %% [markdown]
# How many multipliers must it have, and how many copies? And is there any gate in it that does not
# keep to its pattern? A ReLU counts as a max gate here, one that is on or off. `trace` tells of
# each gate what it gets and what it hands down.

# %%
from autograd_core import trace

o = model([Value(0.5), Value(-1.0)])
o.backward()
passes = trace(o)
kept: dict[str, list[bool]] = {"add": [], "multiply": [], "relu": []}
for forward, backward in zip(passes.forward, reversed(passes.backward), strict=True):
    upstream, numbers = backward.upstream, forward.numbers
    rules = {
        "add": [upstream, upstream],
        "multiply": [upstream * other for other in reversed(numbers)],
        "relu": [upstream if numbers[0] > 0.0 else 0.0],
    }
    handed = [wire.downstream for wire in backward.contributions]
    kept[forward.gate].append(handed == rules[forward.gate])

# %% [markdown]
# A value that is used more than once gets the sum of what comes back:

# %%
received: dict[int, list[float]] = {}
for backward in passes.backward:
    for wire in backward.contributions:
        received.setdefault(wire.value, []).append(wire.downstream)

copies = {value: parts for value, parts in received.items() if len(parts) > 1}
kept["copy"] = [passes.values[value].grad == sum(parts) for value, parts in copies.items()]

# %%
from demos.show import table

rules_in_words = {
    "add": "upstream",
    "multiply": "upstream × the other input",
    "relu": "upstream if it is above 0, else 0",
    "copy": "the sum of what comes back",
}
table(
    ("gate", "how many", "each input gets", "exceptions"),
    [
        (gate, len(kept[gate]), rule, kept[gate].count(False))
        for gate, rule in rules_in_words.items()
    ],
)

# %% [markdown]
# A multiplier for each weight, 2 × 16 + 16 × 16 + 16; a copy for each input and each neuron of the
# first hidden layer, as only these go to more than one neuron. There is no exception in so many
# gates and copies:

# %%
sum(map(len, kept.values()))

# %% [markdown]
# ## Exercises
#
# 1. The first network again, with x = -2: fill in its gradients, by the patterns alone.

# %%
from viz import worksheet

x_left = Value(-2.0, "x")
sheet = worksheet(small([x_left]))
sheet

# %% tags=["answer"]
sheet.answers

# %% [markdown] tags=["answer"]
# Now g2 and h1 win, and g1 and h2 get 0.

# %% [markdown]
# The next two are about the first picture, with x = 2.
#
# 2. Which weight changes most in a step that makes o larger, and which not at all? Why?
# 3. Let u be 0. Which gradients are 0 then? Is that of u?
# 4. Of the 16 ReLUs in a hidden layer 5 are on, for one example. How many of the rows of its ∂C/∂W
#    are 0?
# 5. One weight w stands at two places in a network. What is its gradient?

# %% [markdown] tags=["answer"]
# 2: g1, whose gradient is 4: upstream 2, times the x by which it is multiplied. g2 and h1 do not
# change, for their pieces lost, and max sends them 0.
#
# 3: Those of g, g1 and g2, for u hands 1 × u down to them, and their part of x. That of u itself is
# still 3: multiply swaps, so it gets g. A weight of 0 learns; those below it wait.
#
# 4: 11. Where a ReLU is off, its δ is 0, and so is its row of δ aᵀ.
#
# 5: The sum of what comes back at both places: the weight is copied. Convolutions share weights in
# this way (lesson `outlook`).

# %% tags=["answer"]
from autograd_core import maximum

top, piece, other, place = Value(0.0), Value(1.5), Value(-1.0), Value(2.0)
(top * maximum(piece * place, other * place)).backward()
print("3: u", top.grad, " g1", piece.grad, " g2", other.grad, " what x gets by them", place.grad)

# %% tags=["answer"]
w, given = Value(3.0), 2.0
(w * (w * given)).backward()
print("5:", w.grad, "=", (3 * given) + (3 * given))

# %% [markdown]
# To take away: in a network as in a single gate, add distributes, multiply swaps and scales, max
# routes, and a copy adds up.
