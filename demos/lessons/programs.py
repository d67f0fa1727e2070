# %% [markdown]
# # Programs: write it neuron by neuron, run it at matrix speed
#
# A circuit of scalars can be read, drawn and asked about every number in it. But for every example
# Python walks every gate, and that is slow. A `Program` records the circuit once, finds the gates
# that do the same, and computes them together, for all examples at once.

# %% [markdown]
# ## Neuron by neuron
#
# Nothing in this network is a matrix. Each neuron is a sum of products of its own weights with its
# inputs, and the cost compares one output with one label y, 0 or 1. It is the cross-entropy
# -y ln σ(z) - (1 - y) ln(1 - σ(z)), written so that no digits are lost.

# %%
from autograd_core import Value, dot, softplus, tanh
from nn import MLP


def cost(model: MLP, x: list[Value], y: Value) -> Value:
    hidden, output = model.layers
    a = [tanh(dot(neuron.weights, x) + neuron.bias) for neuron in hidden.neurons]
    [neuron] = output.neurons
    z: Value = dot(neuron.weights, a) + neuron.bias
    return softplus(z) - y * z


# %% [markdown]
# Two inputs, five tanh neurons, and one logit, here for the example (0, 1):

# %%
from viz import draw

model = MLP(2, [5, 1], activation="tanh", seed=1)
model([0.0, 1.0])
draw(model)

# %% [markdown]
# ## The program
#
# A program is made from the circuit of one example. `inputs` says which leaves change from example
# to example.

# %%
from autograd_core import Program

x, y = [Value(0.0, "x1"), Value(1.0, "x2")], Value(1.0, "y")
loss = cost(model, x, y)
program = Program(loss, inputs=[*x, y], parameters=model.parameters())
print(program)

# %% [markdown]
# B is the number of examples: a name with shape [5, B] holds five numbers for each of them, and @
# multiplies matrices. The neurons of a layer have the same inputs, so their weights have become the
# rows of a matrix, and their outputs a block A. Nobody said what a layer is: the program finds the
# sums that share their inputs.
#
# The backward pass is found in the same way, from the gates of the derivative circuit. It is the
# recursion of the lecture, with δ written as D; a line of the lecture is one instruction or
# several, and v1, v2, … are what lies between:

# %%
from demos.show import table

table(
    ("lecture", "program"),
    [
        ("z = W a + b", "W @ A, then + b"),
        ("a = f(z)", "A = tanh(Z)"),
        ("δ of the output = σ(z) - y", "P = sigmoid(Z2), then P - y"),
        ("δ = Wᵀ δ of the layer above ⊙ f′(z)", "W2ᵀ @ D2, then * sech2(Z1)"),
        ("∂C/∂W = Σ δ aᵀ over the examples", "dW = D @ Aᵀ"),
        ("∂C/∂b = Σ δ over the examples", "db = D @ 1"),
    ],
)

# %% [markdown]
# Two things look different. The slope of tanh is 1 - tanh², written as sech², which keeps its
# digits where tanh is nearly 1. And the lecture's vectors have become matrices with a column for
# each example, so that the sums over the examples are part of the last two products.

# %% [markdown]
# ## The same numbers
#
# The four examples of exclusive or, and their mean gradient, computed in three ways. First by an
# eager loop, one circuit and one `backward()` for each example:

# %%
examples = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
targets = [0.0, 1.0, 1.0, 0.0]

model.zero_grad()
for example, target in zip(examples, targets, strict=True):
    cost(model, [Value(number) for number in example], Value(target)).backward(1 / len(targets))

eager = {name: parameter.grad for name, parameter in model.named_parameters().items()}

# %% [markdown]
# Then by the program, in one call. And last by the matrix recursion of the lecture in NumPy, which
# knows no gates:

# %%
from nn import binary_cross_entropy_from_logit, training_gradient

batch = [[*example, target] for example, target in zip(examples, targets, strict=True)]
losses, gradient = program.gradient(batch)
recursion = training_gradient(model, examples, targets, binary_cross_entropy_from_logit)

# %%
by_program = dict(zip(eager, gradient.tolist(), strict=True))
by_matrices = recursion.by_name(model)
some = [name for name in eager if name.endswith(("0.weights.0", "0.bias"))]
table(
    ("parameter", "eager loop", "program", "matrix recursion"),
    [(name, eager[name], by_program[name], by_matrices[name]) for name in some],
)

# %% [markdown]
# Over all parameters, the largest difference from the eager loop is rounding, since each way adds
# up in an order of its own:

# %%
differences = [abs(way[name] - eager[name]) for way in (by_program, by_matrices) for name in eager]
print(f"{len(eager)} parameters, all within 1e-15: {max(differences) < 1e-15}")

# %% [markdown]
# ## Why it is fast
#
# An eager loop walks the gates forward and backward for each example, and at each gate Python looks
# up, multiplies and stores one number. A program is a few NumPy calls for each instruction,
# whatever B is. Guess: how much longer is the program of a network with ten times as many hidden
# neurons?

# %%
from autograd_core import trace

rows = []
for width in (5, 50):
    wide = MLP(2, [width, 1], activation="tanh", seed=1)
    circuit = cost(wide, x, y)
    wide_program = Program(circuit, inputs=[*x, y], parameters=wide.parameters())
    instructions, _, _ = str(wide_program).partition(" instructions")
    rows.append((width, len(trace(circuit).forward), instructions))

table(("neurons", "gates, for each example and pass", "instructions, for all examples"), rows)

# %% [markdown]
# Not at all: a wider layer is a bigger matrix, not a longer program. The arithmetic is still all
# there, but it is done in long rows of numbers that lie side by side, which is what processors are
# built for, graphics processors above all. What can be computed once is not computed for every
# example, such as a penalty on the weights.

# %% [markdown]
# ## Exercises
#
# 1. In the program above, 32 examples: which shape has A, which D, which dW of the first layer?
# 2. How many multiplications by a weight does each example need forward, for the five neurons and
#    the logit?
# 3. Put 32 columns in place of the one into the NumPy lines of lesson `worked_example`. What has
#    to be changed?

# %% [markdown] tags=["answer"]
# 1: A and D have 5 × 32, a column for each example. dW has 5 × 2, the shape of W: the sum over the
# examples is in the product.
#
# 2: 2 · 5 + 5 = 15. The program does them too; it saves the walk from gate to gate, not arithmetic.
#
# 3: Nothing. b is a column, which NumPy adds to each of the 32.

# %% [markdown]
# To take away: no training code has to know of this. Write the neuron as you think of it; the
# matrices are found.
