# %% [markdown]
# # Slips: twenty-four mistakes on slides, each with the line that shows it
#
# The slides of five lectures on backpropagation contain 24 slips. For each there is a check of a
# line or two here, to be run on the slides of other courses, too: most are mistakes that everyone
# makes. A sign is lost, an index swapped, a convention changes on the next page.

# %% [markdown] tags=["quote"]
# ## Arithmetic: slips 1 to 4
#
# Two hidden neurons of a network are worked out by hand. The first gets 0.78, the second three
# products and a bias:
#
#     1 / (1 + exp(0.78)) = 0.68
#     0.2 + 0.24 + 0.03 + 0.2 = 0.49        where 0.03 is 0.1 × 0.2
#
# There are four slips in these two lines. Which?

# %%
from math import exp, floor

from autograd_core import sigmoid
from demos.show import table

# %% tags=["answer"]
a = sigmoid(0.78)
table(
    ("slip", "slide", "as the slide writes it", "right"),
    [
        ("1: a lost minus sign", "0.68", 1 / (1 + exp(0.78)), a),
        ("2: a product", "0.03", 0.1 * 0.2, 0.1 * 0.2),
        ("3: a sum", "0.49", 0.2 + 0.24 + 0.03 + 0.2, 0.2 + 0.24 + 0.1 * 0.2 + 0.2),
        ("4: cut off, not rounded", "0.68", floor(100 * a) / 100, round(a, 2)),
    ],
)

# %% [markdown]
# ## Indices: slips 5 to 7
#
# The same network. Its first layer is written with the input as the first index, its second with
# the neuron as the first index, on one slide:
#
#     z1 = w11 x1 + w21 x2 + w31 x3 + b        o = g(w11 o1 + w12 o2 + b)
#
# So the lists on the slide are a matrix for `x @ W` in one layer and for `W @ x` in the other.
# (5) NumPy notices when the shapes differ; for as many neurons as inputs nobody would.

# %%
import numpy as np

x = np.array([0.4, 0.2, 0.2])
by_input = np.array([[1.0, 0.5], [0.2, 1.2], [1.2, 0.1]])  # a row for each input
by_neuron = np.array([[0.3, 0.9]])  # a row for each neuron
try:
    by_input @ x
except ValueError:
    print("W @ x: the shapes do not fit", by_input.shape, x.shape)

hidden = 1 / (1 + np.exp(-(x @ by_input + [0.1, 0.2])))
output = 1 / (1 + np.exp(-(by_neuron @ hidden + 0.3)))
print("x @ W, then W @ o:", hidden, output)

# %% [markdown]
# (6) On the last slide of the example the layers are renamed, l0 to l1 and l1 to l2, in the lists
# of numbers, but not in the formula beside them. Who takes the numbers called l1 there for the w of
# the formula, which is called l1, too, gets the weights of the first input. (7) The summary
# o = g(w g(w x)) has lost both biases.


# %%
def g(z: float) -> float:
    return 1 / (1 + float(np.exp(-z)))


table(
    ("reading", "o"),
    [
        ("right", float(output[0])),
        ("6: w of l1 from the renamed lists", g(float(by_input[0] @ hidden + 0.3))),
        ("7: without biases", g(float((by_neuron @ (1 / (1 + np.exp(-(x @ by_input)))))[0]))),
    ],
)

# %% [markdown]
# ## Signs: slips 8 to 10
#
# The table of losses prints, for the probability p and the label y,
#
#     J = y log p + (1 - y) log(1 - p)        dJ/dp = y / p + (1 - y) / (1 - p)
#
# (8) A loss has to be lower for the better answer. (9) And the derivative should be that of J: the
# second term has the wrong sign for the printed J, the first one for the right J (lesson `losses`).

# %%
from math import log


def printed(p: float, y: int) -> float:
    return y * log(p) + (1 - y) * log(1 - p)


h = 1e-6
rows = []
for y in (1, 0):
    good, bad = (0.9, 0.1) if y else (0.1, 0.9)
    nudged = (printed(good + h, y) - printed(good - h, y)) / (2 * h)
    slope = y / good + (1 - y) / (1 - good)
    rows.append((f"{y}", printed(good, y), printed(bad, y), slope, nudged))

table(("y", "8: J, good p", "8: J, bad p", "9: dJ/dp printed", "by nudging J"), rows)

# %% [markdown] tags=["quote"]
# (10) The slope of σ at s = 1 is (1 - 0.73) (0.73). Before that, a slide has it as
#
#     (1 - 1/(1 + e¹)) (1/(1 + e¹)) = 0.2
#
# Both factors are wrong. Why is the product right?

# %% tags=["answer"]
wrong = 1 / (1 + exp(1))
print(f"slide: {1 - wrong:.4f} × {wrong:.4f} = {(1 - wrong) * wrong:.4f}")
print(f"right: {1 - sigmoid(1):.4f} × {sigmoid(1):.4f} = {(1 - sigmoid(1)) * sigmoid(1):.4f}")

# %% [markdown] tags=["answer"]
# The exponent lacks its minus sign, so both factors belong to σ(-1). Since σ(-s) = 1 - σ(s), the
# two factors have only changed places.

# %% [markdown]
# ## Words that say too much: slips 11 to 16
#
# (11) "ReLU: strictly increasing." (12) "Predict y = 1 if f(x) ≥ 0.5", where f is the score w·x + b
# and σ(f) the probability. (13) The labels are +1 and -1 in one formula and 1 and 0 in the next. In
# a cross-entropy a label of -1 has no least loss: it falls without end as p goes to 0.

# %%
from autograd_core import relu

print("11:", relu(-2.0) < relu(-1.0))
score = 0.3
print("12:", score >= 0.5, "by the slide;", sigmoid(score) >= 0.5, "by the probability")
print("    a threshold of 0.5 for f is one of", round(sigmoid(0.5), 4), "for σ(f)")
print("13:", [round(-printed(p, -1), 2) for p in (0.1, 0.01, 0.001)])
print("    from one kind to the other:", [(y, 2 * y - 1) for y in (0, 1)])

# %% [markdown]
# (14) The chain rule of one slide ends in dg(x) / x, where it should be dg(x) / dx. (16) And "the
# derivative ≈ the limit": the limit is the derivative. What is approximate is the quotient for an h
# that is not 0, the only one that a computer has. For g = x² at x = 3, where g′ = 6:

# %%
place = 3.0
quotients = []
for h in (1.0, 0.1, 0.01, 0.001):
    dg = (place + h) ** 2 - place**2
    quotients.append((h, dg / place, dg / h, dg / h - 6))

table(("h", "14: dg / x", "dg / h", "16: error of the quotient"), quotients)

# %% [markdown]
# (15) "With properly chosen γ in each iteration: convergence to local minimum!" It stops where
# the gradient is 0, and that may be a saddle. f = x² - y² has no minimum at all, and descent from
# (1, 0) ends at (0, 0) all the same, for any small rate:

# %%
from autograd_core import Value

u, v = Value(1.0, "x"), Value(0.0, "y")
for _ in range(100):
    f = u**2 - v**2
    u.grad = v.grad = 0.0
    f.backward()
    u.data -= 0.1 * u.grad
    v.data -= 0.1 * v.grad

print(f"x = {u:.1e}, y = {v:g}, gradient ({u.grad:.1e}, {v.grad:g})")
print("a little aside, at y = 0.1, f is lower:", u.data**2 - 0.1**2 < u.data**2)

# %% [markdown]
# In the circuit, at the start: y has the gradient 0, so no step ever moves it.

# %%
from viz import draw

u.data, v.data = 1.0, 0.0
u.grad = v.grad = 0.0
f = u**2 - v**2
f.backward()
draw(f)

# %% [markdown]
# ## Layers: slips 17 to 20
#
# (17) In one lecture Wᵢⱼ leads from unit j to unit i of the next layer, but its penalty sums Wᵢⱼ²
# over i up to the size of this layer and j up to that of the next. From 3 inputs to 2 neurons:

# %%
W = [[1.0, 0.2, 1.2], [0.5, 1.2, 0.1]]  # W[i][j], i for the neuron
this, following = 3, 2
try:
    print(sum(W[i][j] ** 2 for i in range(this) for j in range(following)))
except IndexError as error:
    print("17, as printed:", error)

print("17, right:", round(sum(W[i][j] ** 2 for i in range(following) for j in range(this)), 4))

# %% [markdown]
# (18) That lecture's unit step says 1 for z ≥ 0, its decision rule says 1 for w·x > 0, and another
# lecture has 0 for z ≤ 0. They differ at one place. (19) Step 3 of its algorithm in matrices has
# Wᵀ δ beside f′(z) with nothing between them: two columns, of which there is no matrix product. It
# has to be ⊙. And its chain rule begins "f = f ∘ g ∘ h", which is true of no f but special ones.

# %%
from autograd_core import step

print("18: at z = 0:", int(step(0.0)), "by z ≥ 0,", int(0.0 > 0), "by w·x > 0")
back, slopes = np.array([[0.5], [-0.25]]), np.array([[0.2], [0.1]])
try:
    back @ slopes
except ValueError:
    print("19: no product of", back.shape, "and", slopes.shape)

print("    with ⊙:", (back * slopes).T)
f_of = [2 * place**2 - 3 * place + 1 for place in (3, 33)]
print("    f = 2x² - 3x + 1, g = x³ + 2x: f(3), f(g(3)) =", f_of)

# %% [markdown]
# (20) One of the softmax's nodes can be left out, says a lecture, for g₁ = 1 - Σ gₖ with k from 0.
# But its classes are numbered from 1, and the sum has to begin at 2:

# %%
from nn import softmax

probabilities = [p.data for p in softmax([Value(2.0), Value(1.0), Value(-1.0)])]
print("g:", [round(p, 4) for p in probabilities])
print("20: summed over all:", round(1 - sum(probabilities), 4) + 0.0)
print("    summed from 2:", round(1 - sum(probabilities[1:]), 4))

# %% [markdown]
# ## Learning: slips 21 to 24
#
# (21) One lecture has w ← w + input · D for ten slides and gets its rate η later. Without it η is
# 1, and that is often too much. A linear neuron with the input 3, from w = 0 towards y = 3:

# %%
learned = []
for eta in (1.0, 0.1):
    w, outputs = 0.0, []
    for _ in range(4):
        w += eta * 3.0 * (3.0 - w * 3.0)
        outputs.append(w * 3.0)
    learned.append((eta, *outputs))

table(("21: η", *(f"output after step {n}" for n in (1, 2, 3, 4))), learned)

# %% [markdown]
# (22) "Bryson and Ho (1969, but largely ignored until 1980s -- Rosenblatt)". Rosenblatt made the
# perceptron; backpropagation became known by Rumelhart, Hinton and Williams. A line of dates would
# have shown it:

# %%
dates = [
    (1958, "Rosenblatt publishes the perceptron"),
    (1962, "his book speaks of back-propagating errors, but not by a gradient"),
    (1969, "Bryson and Ho: gradients through a chain of stages, for optimal control"),
    (1971, "Rosenblatt dies"),
    (1974, "Werbos: gradients for models that learn, in his thesis; for networks, in 1982"),
    (1986, "Rumelhart, Hinton and Williams: Learning representations by back-propagating errors"),
]
table(("year", "22"), [(f"{year}", event) for year, event in sorted(dates)])

# %% [markdown]
# (23) A neuron's formula has the term w2 x2, the code below it w[2] alone, and x has two numbers.
# w2 is the bias. (24) "Gradient can't be computed analytically", says a slide, and a few
# slides on it is. On paper it is (1 - f) f times an input:

# %%
weights, inputs = [Value(2.0), Value(-3.0), Value(-3.0)], [-1.0, -2.0]
try:
    print(sum(weights[i].data * inputs[i] for i in range(3)))
except IndexError as error:
    print("23, as in the formula:", error)

out = sigmoid(weights[0] * inputs[0] + weights[1] * inputs[1] + weights[2])
out.backward()
on_paper = [(1 - out.data) * out.data * factor for factor in (*inputs, 1.0)]
print("24, on paper:", [round(gradient, 6) for gradient in on_paper])
print("24, backward:", [round(weight.grad, 6) for weight in weights])

# %% [markdown]
# ## All of them

# %%
found = [
    ("week 4", "1 / (1 + exp(0.78))", "1 / (1 + exp(-0.78))"),
    ("week 4", "0.1 × 0.2 = 0.03", "0.02"),
    ("week 4", "the sum is 0.49", "0.66; with the terms as written, 0.67"),
    ("week 4", "0.6857 becomes 0.68", "0.69, or 0.68… with dots"),
    ("week 4", "first index: input in layer 0, neuron in layer 1", "one of the two, everywhere"),
    ("week 4", "weights called l0, l1 become l1, l2", "one name for each"),
    ("week 4", "o = g(w g(w x))", "o = g(w g(w x + b) + b)"),
    ("week 4", "J = y log p + (1 - y) log(1 - p)", "a minus in front"),
    ("week 4", "dJ/dp = y / p + (1 - y) / (1 - p)", "-y / p + (1 - y) / (1 - p)"),
    ("week 4", "(1 - 1/(1 + e¹)) (1/(1 + e¹))", "e⁻¹ in both"),
    ("week 4", "ReLU strictly increases", "it is flat for z ≤ 0"),
    ("week 4", "predict 1 if f ≥ 0.5", "if σ(f) ≥ 0.5, so if f ≥ 0"),
]

# %%
found += [
    ("week 4", "labels ±1, then 0 and 1", "one kind for each loss; t = 2y - 1"),
    ("week 4", "dg(x) / x", "dg(x) / dx"),
    ("week 4", "descent converges to a local minimum", "to a point where the gradient is 0"),
    ("week 4", "derivative ≈ limit", "derivative = limit ≈ quotient"),
    ("lecture 03", "Σ over i ≤ s_l, j ≤ s_{l+1}", "the other way round, or Wⱼᵢ"),
    ("lecture 03", "step at z ≥ 0, decision at w·x > 0", "one convention for 0"),
    ("lecture 03", "δ = (Wᵀ δ) f′(z); f = f ∘ g ∘ h", "(Wᵀ δ) ⊙ f′(z); F = f ∘ g ∘ h"),
    ("theorem", "g₁ = 1 - Σ from k = 0", "from k = 2"),
    ("learning", "w ← w + input · D", "w ← w + η · input · D"),
    ("learning", "Rosenblatt in the 1980s", "Rumelhart, Hinton and Williams"),
    ("CS231n", "w2 x2", "w2, the bias"),
    ("CS231n", "no analytic gradient", "the chain rule gives it"),
]

# %%
table(
    ("", "slides", "as printed", "right"),
    [(str(number), *slip) for number, slip in enumerate(found, start=1)],
)

# %% [markdown]
# To take away: no slip here was found by reading harder. A shape, a sum done again, a nudge, a case
# at the edge (0, infinity, one input): each shows it in a line.
