# %% [markdown]
# # Cheat sheet: gates, rules and the notation of five lectures
#
# All that has to be known by heart is on this page: the gates with their local gradients, the rules
# of the backward pass, and what the same thing is called in different lectures. Gates and rules
# need the first lessons only, layers and notation those up to `delta_compared`. The slips on the
# slides have a lesson of their own, `slips`.

# %% [markdown]
# ## Gates
#
# Printed from the gate table of the engine, each gate at work on numbers. The gradient that arrives
# is 1 everywhere, so what an input gets is the local gradient itself.

# %%
from viz import cheat_sheet

sheet = cheat_sheet()
sheet

# %% [markdown]
# `sheet.save("gates.pdf")` is for paper. The same as a table:

# %%
from demos.show import table

rows = []
for gate in sheet.gates:
    first, *further = gate.slopes
    rows.append((gate.name, gate.formula, gate.pattern.partition(":")[0], first))
    rows += [("", "", "", slope) for slope in further]

table(("gate", "f", "pattern", "local gradients"), rows)

# %% [markdown]
# ## Rules
#
#     forward     each gate computes its output and its local gradients
#     start       ∂f/∂f = 1
#     backward    downstream = upstream × local, in reverse topological order
#     fork        a value that is used more than once adds up what comes back (+=)
#     before      a new pass, gradients of parameters go back to 0 (zero_grad)
#     descent     w ← w - η ∂C/∂w
#     check       (f(x + h) - f(x - h)) / 2h
#
# In code, all of them:

# %%
from autograd_core import Value, gradcheck, sigmoid

w, b = Value(0.5, "w"), Value(0.1, "b")
for _ in range(3):
    w.grad = b.grad = 0.0
    C = 0.5 * (sigmoid(w * 1.5 + b) - 1.0) ** 2
    C.backward()
    w.data -= 2.0 * w.grad
    b.data -= 2.0 * b.grad
    print(f"C = {C:.4f}")

gradcheck(lambda w, b: 0.5 * (sigmoid(w * 1.5 + b) - 1.0) ** 2, {"w": w, "b": b})

# %% [markdown]
# ## Layers
#
#     forward             z = W x + b          a = f(z)
#     last layer          δ = f′(z) ⊙ ∂C/∂a
#     each layer below    δ = f′(z) ⊙ Wᵀ δ     W and δ of the layer above
#     gradients           ∂C/∂W = δ xᵀ         ∂C/∂b = δ     x: what came in
#
# And the δ of the last layer, where loss and activation belong together:

# %%
table(
    ("loss C", "output", "δ"),
    [
        ("½ ‖a - y‖²", "a = z", "a - y"),
        ("½ ‖a - y‖²", "a = σ(z)", "(a - y) a (1 - a)"),
        ("-(y ln a + (1 - y) ln(1 - a))", "a = σ(z)", "a - y"),
        ("-ln a_y", "a = softmax(z)", "a - (1 at y, else 0)"),
        ("max(0, 1 - t z), t = ±1", "z", "-t if t z < 1, else 0"),
    ],
)

# %% [markdown]
# ## Who calls it what
#
# "Lecture 03" has slides on forward propagation and J; "theorem" is the one with Algorithms 1 and
# 2; "week 4" begins with the perceptron; "learning" derives v before w; "CS231n" quotes code. A
# dash means that the lecture has no name for it.

# %%
lectures = ("", "lecture 03", "theorem", "week 4", "learning", "CS231n", "here")
names = [
    ("weighted sum", "z", "z", "a", "w·x, v·h", "dot", "z"),
    ("activation, hidden", "a", "a", "h, o", "h", "–", "a"),
    ("activation function", "f", "S", "g, σ", "f, g", "sigmoid", "f, σ"),
    ("output", "h(x)", "g(x | θ)", "f(x), o, y", "ŷ, out", "f", "o, ŷ"),
    ("target", "y, t", "y", "y, y*", "y", "y", "y"),
    ("cost of one example", "J(W, b, x, y)", "C", "l, J", "L, Loss", "–", "C"),
    ("cost of all", "J(W, b)", "ℓ_τ", "L", "L", "loss", "loss"),
    ("penalty", "λ/2 Σ W²", "–", "λ Ω(θ)", "–", "–", "penalty"),
    ("learning rate", "–", "–", "α, γ, η", "η", "eta", "η"),
    ("∂C/∂z", "δ", "δ", "–", "-D", "ddot", "z.grad, δ"),
    ("∂C/∂w", "∂J/∂W", "∂C/∂W", "∇l", "dL/dw", "dw, nabla", "w.grad"),
]
table(lectures, names)

# %% [markdown]
# The trap in the first two rows: a is the sum before the activation in one lecture and the number
# after it in others. The indices differ as well. A weight leads from unit 3 to unit 2:

# %%
table(
    ("lecture", "its name", "layer l of the weight is counted", "inputs are"),
    [
        ("lecture 03", "W⁽ˡ⁾₂₃", "by where it comes from", "layer 1"),
        ("theorem", "W_l, row 2, column 3", "by where it leads", "a₀, layer 0"),
        (
            "week 4",
            "W⁽ᵏ⁾₂₃; in the example w₃₂, for layer l0",
            "by where it leads",
            "h⁽⁰⁾, layer 0",
        ),
        ("learning", "w₂₃, in the output layer v₂", "w and v", "x"),
        ("here", "w¹₂₃", "by where it leads", "x"),
    ],
)

# %% [markdown]
# And the sign: one lecture's modified error D is -δ, since its updates are added, w ← w + η x D,
# where others subtract, w ← w - η x δ (lesson `delta_compared` has numbers).

# %% [markdown]
# To take away: one rule, upstream × local, and one sum, where wires meet. The rest is names.
