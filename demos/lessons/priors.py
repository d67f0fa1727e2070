# %% [markdown]
# # Penalties are beliefs: Gaussian and Laplacian priors
#
# L2 and L1 can be read as what one believes of the weights before having seen any data, a *prior*:
# a Gaussian or a Laplacian distribution around 0. The most probable weights are then those that
# minimise the loss with the penalty. A lecture states this in two lines; here it is derived, and
# tested.

# %% [markdown]
# ## From a product to a sum
#
# Bayes: how probable are weights w, once the data are seen? This is the posterior. It is in
# proportion to the likelihood of the data, which is how probable w makes them, times the prior:
#
#     p(w | data) ∝ p(data | w) · p(w)
#
# Take -ln of it. The product becomes a sum, and the largest probability the smallest cost:
#
#     -ln p(w | data) = -ln p(data | w) - ln p(w) + constant

# %% [markdown]
# If targets are y = f(x) plus normal noise of standard deviation σ, the first term is the squared
# error, Σ (y - f(x))² / 2σ². The second depends on the belief:
#
#     Gaussian, deviation τ:   p(w) ∝ exp(-w² / 2τ²)     -ln p(w) = w² / 2τ²
#     Laplacian, scale b:      p(w) ∝ exp(-|w| / b)      -ln p(w) = |w| / b
#
# Squares are L2, absolute values are L1. Divide all by n/σ², so that the loss is the mean of ½ (y -
# f)², and the penalties are λ/2 w² with λ = σ²/nτ², and λ |w| with λ = σ²/nb. (That is why `L2` has
# a ½; the lecture's Ω has none, so its λ is half as large.)

# %%
import numpy as np

from demos.figures import BLUE, ORANGE, new_axes, plot

w = np.linspace(-4.0, 4.0, 401)
densities = {
    "Gaussian": (np.exp(-(w**2) / 2) / np.sqrt(2 * np.pi), ORANGE),
    "Laplacian": (np.exp(-np.abs(w) * np.sqrt(2)) / np.sqrt(2), BLUE),
}
left, right = new_axes(8.0, 2.8, columns=2)
for name, (density, colour) in densities.items():
    left.plot(w, density, color=colour, label=name)
    right.plot(w, -np.log(density), color=colour, label=name)

# %%
left.set(xlabel="w", title="belief p(w)")
right.set(xlabel="w", title="cost -ln p(w)")
left.legend(frameon=False, fontsize="small")
plot(
    left,
    "Two beliefs of the same variance, and the costs that they are.",
    "On the left a bell curve and a curve with a sharp peak at 0 and heavier tails. On the right "
    "their costs: a parabola, and two straight lines that meet at 0 in a corner.",
)

# %% [markdown]
# The Laplacian has a sharper peak and heavier tails: it believes that most weights are near 0, and
# that some are large. Its cost has the corner at 0 that makes weights vanish.

# %% [markdown]
# ## The test: one weight
#
# Targets y = 0.3 x plus noise of deviation 1, 20 examples. The prior has deviation 0.2, that is b =
# 0.2/√2 for the Laplacian. First by brute force: the probability of each w on a fine grid, by
# Bayes, and where it is highest.

# %%
source = np.random.default_rng(4)
x = source.normal(size=20)
y = 0.3 * x + source.normal(size=20)
n, tau, b = 20, 0.2, 0.2 / 2**0.5

grid = np.linspace(-1.0, 1.0, 200_001)
likelihood = -((y @ y - 2 * grid * (x @ y) + grid**2 * (x @ x)) / 2)
posteriors = {
    "none": likelihood,
    "Gaussian": likelihood - grid**2 / (2 * tau**2),
    "Laplacian": likelihood - np.abs(grid) / b,
}
by_bayes = {name: grid[np.argmax(posterior)] for name, posterior in posteriors.items()}

# %% [markdown]
# Then by training one linear neuron without bias on the mean of ½ (y - f)² and a penalty with the λ
# of the formulas:

# %%
from nn import L1, L2, Neuron, SteepestDescent, Trainer, half_squared_error

penalties = {"none": None, "Gaussian": L2(1 / (n * tau**2)), "Laplacian": L1(1 / (n * b))}
trained = {}
for name, penalty in penalties.items():
    neuron = Neuron(1, activation="identity", bias=False, seed=1)
    trainer = Trainer(neuron, half_squared_error, SteepestDescent(0.01), penalty=penalty)
    trainer.fit(x[:, None], y, epochs=2000, progress=False)
    trained[name] = neuron.weights[0].data

# %%
from demos.show import table

table(
    ("prior", "most probable w, by Bayes", "by training with the penalty"),
    [(name, f"{by_bayes[name]:.5f}", f"{trained[name]:.5f}") for name in penalties],
)

# %% [markdown]
# The same numbers from two sides. And the Laplacian's is 0: the data pull at the weight, but less
# than the corner holds.

# %% [markdown]
# ## Does one who believes in Laplace believe in zeros?
#
# One would think so, as L1 makes weights exactly 0. But draw 100,000 weights from both beliefs:

# %%
draws = {
    "Gaussian": source.normal(scale=tau, size=100_000),
    "Laplacian": source.laplace(scale=b, size=100_000),
}
table(
    ("belief", "exactly 0", "below 0.02 in size", "above 0.6 in size"),
    [
        (name, f"{np.sum(w == 0)}", *(f"{share:.2%}" for share in shares))
        for name, w in draws.items()
        for shares in [(np.mean(np.abs(w) < 0.02), np.mean(np.abs(w) > 0.6))]
    ],
)

# %% [markdown]
# No weight is exactly 0 under either. The Laplacian has more weights near 0, and more far out. The
# zero is no property of the belief, but of asking for its *peak*. The same posterior has a mean,
# too, and that is not 0:

# %%
believed = {}
for name in ("Gaussian", "Laplacian"):
    density = np.exp(posteriors[name] - posteriors[name].max())
    density /= density.sum() * (grid[1] - grid[0])
    believed[name] = density
    average = float((grid * density).sum() / density.sum())
    print(f"{name:9}  peak {by_bayes[name]:.3f}, mean {average:.3f}")

# %%
[ax] = new_axes(6.0, 3.0)
ax.plot(grid[::500], believed["Gaussian"][::500], color=ORANGE, label="Gaussian")
ax.plot(grid[::500], believed["Laplacian"][::500], color=BLUE, label="Laplacian")
ax.set(xlabel="w", ylabel="p(w | data)", xlim=(-0.6, 0.8))
ax.legend(frameon=False, fontsize="small")
plot(
    ax,
    "What is believed after 20 examples.",
    "Two curves over w. The Gaussian one is a bell around 0.08. The Laplacian one has a corner at "
    "0, where it is highest, and more of its area on the right.",
)

# %% [markdown]
# ## Exercises
#
# 1. The belief stays the same, and there are ten times as many examples. How large is λ now?
# 2. Which belief is it to have no penalty?
# 3. Somebody believes that w is about 1, with deviation 0.2. Which penalty is that?

# %% [markdown] tags=["answer"]
# 1: A tenth, for λ = σ²/nτ². The sum over the examples grows, the prior is the same.
#
# 2: That all w are equally probable, however large: the limit of a Gaussian with τ → ∞, λ → 0.
#
# 3: λ/2 (w - 1)², with λ as before. A penalty need not pull to 0.

# %% [markdown]
# To take away: a penalty is the -ln of a prior, and training with it finds the peak of the
# posterior. L2 is a Gaussian, L1 a Laplacian; λ says how strong the belief is against n examples of
# noise σ², and loses weight as n grows.
