# %% [markdown]
# # History and biology, on one page
#
# The neuron of these lessons is a model of a nerve cell, of 1943, and training it by
# backpropagation is an idea that was found several times. Here are the dates, and for some of them
# the few lines of code that they come down to.

# %% [markdown]
# ## The cell
#
# A nerve cell collects signals on its dendrites. Each arrives through a synapse, which passes it on
# strongly or weakly, and may dampen instead of excite. In the cell body, the soma, they add up. If
# the sum exceeds a threshold, the cell fires: a pulse runs down the axon to other cells.

# %%
from matplotlib.axes import Axes

from demos.figures import BLUE, GREY, INK, ORANGE, new_axes, plot


def plot_cell(ax: Axes) -> None:
    for height, weight in ((1.5, 2.6), (0.5, 0.8), (-0.5, 1.6), (-1.5, 4.0)):
        ax.plot([0.0, 1.4, 2.6], [height, height, 0.0], color=BLUE, linewidth=weight)
        ax.plot([1.4], [height], "o", color=ORANGE, markersize=3 + 2 * weight)
    ax.plot([2.6], [0.0], "o", color=GREY, markersize=46)
    ax.plot([2.6, 5.6], [0.0, 0.0], color=INK, linewidth=2.5, zorder=0)
    ax.text(0.5, 1.8, "dendrites: x", ha="center")
    ax.text(1.25, -2.3, "synapses: w", ha="center")
    ax.text(2.6, 1.2, "soma: f(Σ w x + b)")
    ax.text(4.4, 0.3, "axon: y", ha="center")


# %%
[ax] = new_axes(7.0, 2.6)
plot_cell(ax)
ax.set(xlim=(-0.2, 6), ylim=(-2.6, 2.4))
ax.set_axis_off()
plot(
    ax,
    "A nerve cell, as the model has it.",
    "Four lines from the left, with dots of different size on them, meet in a disc, from which one "
    "thick line leads on: dendrites with synapses are inputs with weights, the soma is their sum "
    "and the activation, the axon is the output.",
)

# %% [markdown]
# What the model leaves out: a cell sends pulses in time, not a number, and synapses follow
# chemistry. Backpropagation is further from biology still. Its way back needs the weights of the
# way forth, and in brains no such symmetry is observed.

# %% [markdown]
# ## The dates

# %%
from demos.show import table

dates = [
    (1943, "McCulloch, Pitts", "the neuron as a threshold of a sum"),
    (1949, "Hebb", "a rule of learning: firing together strengthens a connection"),
    (1958, "Rosenblatt", "the perceptron, which learns from its mistakes (book 1962)"),
    (1960, "Widrow, Hoff", "descent on the squared error of a linear neuron"),
    (1969, "Minsky, Papert", "Perceptrons: what one layer cannot do, such as XOR"),
    (1969, "Bryson, Ho", "gradients through many stages, in optimal control (Kelley in 1960)"),
    (1970, "Linnainmaa", "reverse mode of automatic differentiation, for any program"),
    (1974, "Werbos", "a thesis that applies it to models that learn (to networks in 1982)"),
]

# %%
dates += [
    (1986, "Rumelhart, Hinton, Williams", "backpropagation becomes known: hidden layers learn"),
    (1989, "Cybenko; LeCun et al.", "universal approximation; convolution reads digits"),
    (1997, "Hochreiter, Schmidhuber", "LSTM: gradients that last through time"),
    (2011, "Glorot, Bordes, Bengio", "ReLU in deep networks"),
    (2012, "Krizhevsky, Sutskever, Hinton", "AlexNet: depth, ReLU, graphics processors"),
    (2017, "Vaswani et al.", "the transformer: attention in place of recurrence"),
]
table(("year", "who", "what"), [(str(year), who, what) for year, who, what in dates])


# %% [markdown]
# One entry differs from a lecture's slide, which says that the work of Bryson and Ho was ignored
# "until 1980s--Rosenblatt". Rosenblatt died in 1971. His book of 1962 has the words
# "back-propagating errors", but not by a gradient. Those who made it known were Rumelhart, Hinton
# and Williams, in Nature, in October 1986. The slide's other four names and years are right. (Who
# invented backpropagation is disputed. The dates here are those of Schmidhuber, "Who invented
# backpropagation?", and of Wikipedia's articles on it and on Rosenblatt.)

# %% [markdown]
# ## 1943: logic from thresholds
#
# McCulloch and Pitts set weights and thresholds by hand. One neuron is AND, OR or NOT, and several
# of them are any logical function, XOR in two layers (lesson `xor`, exercise 4):

# %%
from nn import Neuron


def threshold(weights: list[float], bias: float) -> Neuron:
    neuron = Neuron(len(weights), activation="step")
    for parameter, number in zip(neuron.parameters(), [*weights, bias], strict=True):
        parameter.data = number
    return neuron


gates = threshold([1, 1], -1.5), threshold([1, 1], -0.5), threshold([-1, 0], 0.5)
pairs = [(0, 0), (0, 1), (1, 0), (1, 1)]
rows = [(f"{pair}", *(f"{gate(pair).data:g}" for gate in gates)) for pair in pairs]
table(("a, b", "and", "or", "not a"), rows)

# %% [markdown]
# Such a network could be wired, but nobody knew how to *learn* its inner weights.
#
# ## 1949 and 1958: two rules of learning
#
# Hebb's rule looks at no mistake: a weight grows where input and answer agree, w ← w + x y.
# Rosenblatt's changes something only where the answer is wrong. Both on AND, with labels and inputs
# of ±1; Hebb's rule goes through the four once.

# %%
from nn import perceptron_rule

signs = [(-1, -1), (-1, 1), (1, -1), (1, 1)]
wanted = [-1, -1, -1, 1]
w1 = sum(t * p for (p, _), t in zip(signs, wanted, strict=True))
w2 = sum(t * q for (_, q), t in zip(signs, wanted, strict=True))
b = sum(wanted)
print(f"Hebb: w = ({w1}, {w2}), b = {b}:", [w1 * p + w2 * q + b > 0 for p, q in signs])

rosenblatt = Neuron(2, activation="step", seed=1)
print("Rosenblatt, mistakes in each epoch:", perceptron_rule(rosenblatt, signs, [0, 0, 0, 1]))

# %% [markdown]
# With a slope in place of the step, the gradient says what each inner weight has to do with the
# mistake. That was made known in 1986, and XOR is learned: lesson `xor`.

# %% [markdown]
# ## Exercises
#
# 1. Wire one threshold neuron that says whether at least two of three inputs are 1.
# 2. Which weights does Hebb's rule find for XOR?

# %% tags=["answer"]
majority = threshold([1, 1, 1], -1.5)
print("1:", [int(majority(x).data) for x in ((0, 0, 1), (0, 1, 1), (1, 1, 1))])
xor_signs = [-1, 1, 1, -1]
print("2:", [sum(t * x[i] for x, t in zip(signs, xor_signs, strict=True)) for i in (0, 1)])

# %% [markdown] tags=["answer"]
# 1: Equal weights, and a threshold between one and two of them.
#
# 2: None: what two examples add, the other two take away. Each input alone says nothing about XOR.

# %% [markdown]
# To take away: the model neuron is from 1943, its first learning rule from 1949, the gradient
# through several stages from the 1960s and 1970s, and known for networks since 1986. What came
# after is depth, data, and machines.
