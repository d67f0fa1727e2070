# %% [markdown]
# # Perceptron and logistic neuron: they decide alike
#
# Both neurons begin with the same weighted sum z = w·x + b. The perceptron answers with the unit
# step of it, 1 if z ≥ 0 and 0 otherwise. The logistic neuron answers with a probability, p = σ(z).
# If it has to decide, and if both kinds of mistake cost the same, it decides exactly as the
# perceptron does. Then why have it at all? Because no gradient passes through a step: a perceptron
# learns only by a rule of its own (lesson `one_neuron`), and nothing below it learns at all.

# %% [markdown]
# ## The proof
#
# "Prove it", says the lecture of this. Try, before you read on: what does a decision cost on
# average if p is the probability of a 1?
#
# Say that a false alarm, a 1 where 0 is right, costs as much as a miss. The answer 1 is wrong with
# the probability 1 - p, the answer 0 with the probability p. So 1 is the better answer if
# 1 - p < p, and then one step leads to the next, in both directions:
#
#     p > 1/2    ⇔    1 + exp(-z) < 2    ⇔    exp(-z) < 1    ⇔    z > 0
#
# The threshold of z is at 0 because σ(0) = 1/2; everything else the bias does. Where z is exactly 0
# both answers cost the same, so what the step says there is a convention, and the lectures have
# both: 1 if z ≥ 0 in one, 0 if z ≤ 0 in another, and one has z ≥ 0 for its step and z > 0 for its
# decision.

# %%
from autograd_core import sigmoid, step


def perceptron_decides(z: float) -> int:
    return int(step(z))


def logistic_decides(z: float, false_alarm: float = 1.0, miss: float = 1.0) -> int:
    p = sigmoid(z)
    cost_of_saying_1, cost_of_saying_0 = false_alarm * (1 - p), miss * p
    return int(cost_of_saying_1 < cost_of_saying_0)


# %%
from demos.show import table

table(
    ("z", "unit step", "σ(z)", "perceptron", "logistic neuron"),
    [
        (z, step(z), sigmoid(z), perceptron_decides(z), logistic_decides(z))
        for z in (-4.0, -1.0, -0.01, 0.01, 1.0, 4.0)
    ],
)

# %% [markdown]
# Now with neurons of `nn`: a thousand times a pair of them with the same random weights gets random
# inputs. How often do they agree?

# %%
from random import Random

from nn import Neuron

source, agreed = Random(1), 0
for _ in range(1000):
    hard, soft = Neuron(3, activation="step"), Neuron(3, activation="logistic")
    parameters = {name: source.uniform(-1.0, 1.0) for name in hard.named_parameters()}
    hard.load_state_dict(parameters)
    soft.load_state_dict(parameters)
    x = [source.uniform(-1.0, 1.0) for _ in range(3)]
    agreed += hard(x).data == (soft(x).data > 0.5)

agreed

# %% [markdown]
# ## When mistakes do not cost the same
#
# If a false alarm costs A and a miss costs B, then 1 is the better answer if A (1 - p) < B p:
#
#     p / (1 - p) > A / B    ⇔    exp(z) > A / B    ⇔    z > ln(A / B)
#
# For equal costs that is ln 1 = 0 again. If false alarms cost more, is the neuron quicker or slower
# to say 1? The table finds the threshold by trying z from -3 to 3 in steps of 0.001, and puts it
# beside the formula.

# %%
from math import log

tried = [thousandth / 1000 for thousandth in range(-3000, 3001)]
rows = []
for a, b in ((1.0, 1.0), (4.0, 1.0), (1.0, 4.0)):
    first = next(z for z in tried if logistic_decides(z, false_alarm=a, miss=b))
    rows.append((a, b, first, log(a / b), a / (a + b)))

table(
    ("false alarm A", "miss B", "first z for a 1", "ln(A / B)", "threshold of p, A / (A + B)"), rows
)

# %% [markdown]
# The logistic neuron can serve all three, for it says how sure it is. A perceptron would have to be
# trained anew.

# %% [markdown]
# ## The difference: learning
#
# Let z = 0.5 in both neurons, and let the right answer be 0. Then the squared error is the square
# of what they say, and it goes back through both.
#
# The perceptron says 1. The step is flat on either side of its jump, so its local gradient is 0,
# and an error of 1 says nothing about z. (At the jump itself there is no derivative; the engine
# says 0 there as well.)

# %%
from autograd_core import Value
from viz import draw

z = Value(0.5, "z")
error = step(z) ** 2
error.backward()
draw(error)

# %% [markdown]
# The logistic neuron says less than 1, and σ has a slope everywhere. So a gradient comes through: z
# has to go down.

# %%
z = Value(0.5, "z")
p = sigmoid(z)
error = p**2
error.backward()
print(f"p = {p:.2f}, gradient of z: {z.grad:.3f}")
draw(error)

# %% [markdown]
# So no training by gradients goes through a step. `Trainer`, which runs trainings in `nn`, refuses:

# %%
from textwrap import fill

from nn import SteepestDescent, Trainer, half_squared_error

try:
    Trainer(Neuron(3, activation="step"), half_squared_error, SteepestDescent(0.1))
except ValueError as message:
    print(fill(str(message), 90))

# %% [markdown]
# Both activations over z: σ crosses 1/2 where the step jumps, and only σ has a slope to go by.

# %%
from math import nan

from demos.figures import BLUE, GREY, ORANGE, PAPER, new_axes, plot

places = [n / 50 for n in range(-250, 251)]
curve = [sigmoid(place) for place in places]

# %%
[ax] = new_axes(6.5, 2.8)
ax.plot([-5.0, 0.0, nan, 0.0, 5.0], [0.0, 0.0, nan, 1.0, 1.0], color=ORANGE, label="unit step")
ax.plot(0.0, 0.0, "o", color=ORANGE, markerfacecolor=PAPER)
ax.plot(0.0, 1.0, "o", color=ORANGE)
ax.plot(places, curve, color=BLUE, label="σ(z)")
ax.set(xlabel="z = w·x + b", xticks=(-5, 0, 5), yticks=(0.0, 0.5, 1.0))
ax.grid(color=GREY, linewidth=0.8, linestyle=":")
ax.legend(frameon=False, fontsize="small", loc=(0.08, 0.6))
plot(
    ax,
    "σ crosses 1/2 where the step jumps; only σ has a slope to go by.",
    "The unit step jumps from 0 to 1 at z = 0. The logistic function rises smoothly from 0 to 1 "
    "and is 1/2 at z = 0.",
)

# %% [markdown]
# ## Exercises
#
# 1. A false alarm costs 9 times a miss. From which probability on should the neuron say 1, and from
#    which z?
# 2. All weights and the bias of a logistic neuron are multiplied by 10. Which of its answers
#    change: the decisions, the probabilities?

# %% [markdown] tags=["answer"]
# 1: From p = 9 / (9 + 1), nine tenths, so from z = ln 9 on: with a costly false alarm, one has to
# be quite sure.
#
# 2: Only the probabilities. z keeps its sign, so for equal costs the decisions stay, and p goes
# towards 0 or 1: the neuron becomes surer, whether it is right or wrong.

# %% tags=["answer"]
[a / (a + 1.0) for a in (1.0, 9.0)], [log(a) for a in (1.0, 9.0)]

# %% [markdown]
# To take away: the sign of the same weighted sum decides in both. The logistic neuron says besides
# how sure it is, and has a slope by which those below it can learn.
