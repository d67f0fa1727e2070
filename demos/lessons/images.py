# %% [markdown]
# # Images as vectors: 28×28, 784, and ten classes
#
# A neuron takes a list of numbers, and an image is a grid of them. So the grid is read row by row
# into one long vector, and a layer of ten neurons answers with ten scores. All of it is shapes:
# which numbers meet which, and how many parameters that needs.

# %% [markdown]
# ## A grid becomes a row
#
# Here is a drawn "7" of 28×28 grey levels, 0 for white and 1 for black, and the vector of it:

# %%
import numpy as np

image = np.zeros((28, 28))
image[5:7, 7:21] = 1.0
for row in range(7, 24):
    column = 19 - (row - 7) // 2
    image[row, column : column + 2] = 1.0

x = image.reshape(1, 784)
print(image.shape, "→", x.shape)

# %%
from demos.figures import new_axes, plot

left, right = new_axes(8.0, 2.6, columns=2, width_ratios=(1, 2.5))
left.imshow(image, cmap="gray_r")
right.plot(x[0], linewidth=0.8)
left.set(xlabel="column", ylabel="row")
right.set(xlabel="place in the vector, 28 × row + column")
plot(
    left,
    "The same 784 numbers, as a grid and as a row.",
    "On the left a coarse 7 of black squares. On the right its 784 numbers one after the other: "
    "two wide blocks for the bar, then narrow spikes, one for each row of the stem.",
)

# %% [markdown]
# Which pixel is where? The one in row 6, column 10 stands at 28 × 6 + 10. (A picture with three
# colours has 28 × 28 × 3 numbers and is read just the same.) What is lost is who is whose
# neighbour: shuffle all images in one and the same way, and to such a network nothing has changed.

# %%
print(f"place {28 * 6 + 10}: {x[0, 28 * 6 + 10]}, in the grid {image[6, 10]}")

# %% [markdown]
# ## One class: 1×784 times 784×1
#
# A single neuron, "is it a 7?", has a weight for each pixel and one bias. For ten classes there are
# ten such neurons, whose weights stand side by side in a matrix. The lecture's shapes:
#
#     z = x W + b       (1×784) · (784×10) + (1×10) = (1×10)

# %%
from demos.show import table
from nn import Layer, softmax

layer = Layer(784, 10, activation="identity", initial="xavier", seed=1)
W = np.array([[weight.data for weight in neuron.weights] for neuron in layer.neurons]).T
b = np.array([[neuron.bias.data for neuron in layer.neurons]])
z = x @ W + b
rows = [("x", x), ("W", W), ("x W", x @ W), ("b", b), ("z = x W + b", z)]
table(("", "shape"), [(name, " × ".join(map(str, array.shape))) for name, array in rows])

# %% [markdown]
# These are 784 × 10 weights and 10 biases, 7850 parameters (lesson `delta_derived` has the formula
# for more layers). The layer of `nn`, which adds up 784 products of scalars for each neuron, says
# the same:

# %%
scores = layer(x[0])
probabilities = [value.data for value in softmax(scores)]
print(f"largest difference: {max(abs(z[0, k] - scores[k].data) for k in range(10)):.0e}")
print(f"the ten probabilities add up to {sum(probabilities):.6f}")

# %% [markdown]
# Other books write z = W x + b, with x as a column and W of 10×784. That is the transposed
# equation: the same numbers, the rows of one W being the columns of the other. In code, look at the
# shapes.

# %%
(W.T @ x.T + b.T).shape, bool(np.allclose((W.T @ x.T + b.T).T, z))

# %% [markdown]
# ## Many images at once
#
# With the row convention, n images are n rows, and the same formula does all of them. The bias is
# added to each row:

# %%
batch = np.concatenate([x, 1 - x, np.roll(x, 5, axis=1)])
print(batch.shape, "·", W.shape, "→", (batch @ W + b).shape)

# %% [markdown]
# ## The gradient has the shape of what it belongs to
#
# For class 7 the cross-entropy hands back δ = probabilities - (0, …, 1, …, 0), a row of ten. Shapes
# alone now say what the gradient of W must be: 784×10, from x of 1×784 and δ of 1×10, so xᵀ δ.

# %%
from nn import softmax_cross_entropy

softmax_cross_entropy(scores, 7).backward()
delta = np.array([probabilities]) - np.eye(10)[[7]]
engine = np.array([[weight.grad for weight in neuron.weights] for neuron in layer.neurons]).T
print((x.T @ delta).shape, f"largest difference: {np.abs(x.T @ delta - engine).max():.0e}")
print("weights of white pixels with a gradient:", np.count_nonzero(engine[x[0] == 0]))

# %% [markdown]
# A weight whose pixel is white gets no gradient from this image.

# %% [markdown]
# ## An image out: denoising
#
# A lecture has three kinds of *supervised* learning, from examples with their right answers:
# classification, as above; regression, where the answers are numbers, such as an image without its
# noise; and structured prediction, where the parts of an answer depend on each other, such as the
# letters of a line of text. The second needs nothing new: an output for each pixel, and a squared
# error. Noise is added to handwritten digits of 8×8 pixels (those of the lesson `digits`), and a
# network learns to take it away.

# %%
from sklearn.datasets import load_digits

from nn import MLP, Adam, Trainer, half_squared_error

clean = load_digits().data / 16.0
noisy = clean + np.random.default_rng(1).normal(scale=0.3, size=clean.shape)
model = MLP(64, [24, 64], activation="tanh", output="logistic", initial="xavier", seed=1)
trainer = Trainer(model, half_squared_error, Adam(0.01), batch_size=50, seed=1)
history = trainer.fit(noisy[:1400], clean[:1400], epochs=12, progress=False)

# %%
cleaned = trainer.predict(noisy[1400:])
for name, image_set in (("with noise", noisy[1400:]), ("cleaned", cleaned)):
    error = np.sqrt(np.mean((image_set - clean[1400:]) ** 2))
    print(f"{name}: {error:.3f} from the true grey level")


# %%
def in_a_row(images: np.ndarray) -> np.ndarray:
    return np.hstack([np.pad(image.reshape(8, 8), 1) for image in images[:30:3]])


[ax] = new_axes(8.0, 2.6)
rows_of_images = [in_a_row(images) for images in (clean[1400:], noisy[1400:], cleaned)]
picture = ax.imshow(np.vstack(rows_of_images), cmap="gray_r", vmin=0.0, vmax=1.0)
ax.set(xticks=[], yticks=(4.5, 14.5, 24.5), yticklabels=("true", "noisy", "cleaned"))
plot(
    ax,
    "Ten digits as they were, with noise, and cleaned.",
    "Three rows of small images: ten digits, the same with grey specks all over, and the same "
    "smooth again, a little blurred.",
)

# %% [markdown]
# None of these digits took part in the training. The 64 numbers had to pass 24 hidden neurons,
# which have learned what strokes look like and have no room for specks.

# %% [markdown]
# ## Exercises
#
# 1. A colour image of 32×32. How many inputs has a neuron, and how many parameters a layer of ten?
# 2. All images are shuffled in one and the same way. How do you make the trained layer give the old
#    scores?
# 3. n images at once: which shape has the gradient of b, and which formula?

# %% tags=["answer"]
print("1:", 32 * 32 * 3, "and", 32 * 32 * 3 * 10 + 10)
order = np.random.default_rng(1).permutation(784)
print("2:", np.allclose(x[:, order] @ W[order] + b, x @ W + b))

# %% [markdown] tags=["answer"]
# 2: Shuffle the rows of W in the same way. To this network no pixel has neighbours.
#
# 3: 1×10, the sum of the n rows of δ: b was added to each of them, so it is a fork.

# %% [markdown]
# To take away: an image is a row of numbers, n images are a matrix; x W + b with n×784, 784×10 and
# 10; and a gradient has the shape of what it is the gradient of.
