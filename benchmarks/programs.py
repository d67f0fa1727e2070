"""Programs against micrograd, PyTorch and NumPy by hand: training steps and an irregular circuit.

Run with `make benchmark`. All run in one process on one thread, in turns, and each ratio is the
median over the rounds. A step is a forward pass, a backward pass and an update of the parameters,
and all contestants start from the same parameters and return the same loss.
"""

import gc
import os

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"

import random
import statistics
import time
from collections.abc import Callable, Sequence

import numpy as np
import torch
from eager import two_moons
from micrograd.engine import Value as MicrogradValue
from micrograd.nn import MLP as MicrogradMLP  # noqa: N811

import nn
from autograd_core import GATES, Program, Value

torch.set_num_threads(1)

RATE = 0.05
L2 = 1e-4

Step = Callable[[], float]


def matrices(model: nn.MLP) -> list[tuple[np.ndarray, np.ndarray]]:
    """The weights and biases of each layer, as arrays."""
    return [
        (
            np.array([[weight.data for weight in neuron.weights] for neuron in layer.neurons]),
            np.array([neuron.bias.data for neuron in layer.neurons]),
        )
        for layer in model.layers
    ]


def tensors(model: nn.MLP) -> list[torch.Tensor]:
    """The same, one after the other, as float64 tensors that are to be learned."""
    return [torch.tensor(a, requires_grad=True) for pair in matrices(model) for a in pair]


def torch_descent(parameters: Sequence[torch.Tensor], loss_now: Callable[[], torch.Tensor]) -> Step:
    """Plain descent with PyTorch, eagerly."""

    def step() -> float:
        loss = loss_now()
        for p in parameters:
            p.grad = None
        loss.backward()
        with torch.no_grad():
            for p in parameters:
                p -= RATE * p.grad
        return loss.item()

    return step


def program_descent(program: Program, batch: np.ndarray) -> Step:
    """Plain descent with a program."""
    numbers = program.read()

    def step() -> float:
        losses, gradient = program.gradient(batch, numbers)
        np.subtract(numbers, RATE * gradient, out=numbers)
        return float(losses.mean())

    return step


# Moons: 2-16-16-1, ReLU, 100 points, max-margin loss with L2, plain descent


def moons_micrograd(model: nn.MLP, points: np.ndarray, targets: np.ndarray) -> Step:
    """As in micrograd's demo."""
    theirs = MicrogradMLP(2, [16, 16, 1])
    for parameter, own in zip(theirs.parameters(), model.parameters(), strict=True):
        parameter.data = own.data

    def step() -> float:
        inputs = [list(map(MicrogradValue, point)) for point in points.tolist()]
        scores = list(map(theirs, inputs))
        losses = [(1 + -t * s).relu() for t, s in zip(targets.tolist(), scores, strict=True)]
        squares = sum(p * p for p in theirs.parameters())
        loss = sum(losses) * (1.0 / len(losses)) + L2 * squares
        theirs.zero_grad()
        loss.backward()
        for p in theirs.parameters():
            p.data -= RATE * p.grad
        return loss.data

    return step


def moons_torch(model: nn.MLP, points: np.ndarray, targets: np.ndarray) -> Step:
    """With float64 tensors."""
    w1, b1, w2, b2, w3, b3 = parameters = tensors(model)
    x, t = torch.tensor(points), torch.tensor(targets)

    def loss() -> torch.Tensor:
        hidden = torch.relu(torch.relu(x @ w1.T + b1) @ w2.T + b2)
        scores = (hidden @ w3.T + b3)[:, 0]
        squares = sum((p * p).sum() for p in parameters)
        return torch.relu(1 - t * scores).mean() + L2 * squares

    return torch_descent(parameters, loss)


def moons_numpy(model: nn.MLP, points: np.ndarray, targets: np.ndarray) -> Step:
    """By hand."""
    (w1, b1), (w2, b2), (w3, b3) = matrices(model)
    x, t = points, targets[:, np.newaxis]

    def step() -> float:
        z1 = x @ w1.T + b1
        a1 = np.maximum(z1, 0.0)
        z2 = a1 @ w2.T + b2
        a2 = np.maximum(z2, 0.0)
        scores = a2 @ w3.T + b3
        margin = 1.0 - t * scores
        squares = sum(float((p * p).sum()) for p in (w1, b1, w2, b2, w3, b3))
        loss = float(np.maximum(margin, 0.0).mean()) + L2 * squares
        d3 = (margin > 0.0) * -t / len(x)
        d2 = (d3 @ w3) * (z2 > 0.0)
        d1 = (d2 @ w2) * (z1 > 0.0)
        for w, b, d, a in ((w3, b3, d3, a2), (w2, b2, d2, a1), (w1, b1, d1, x)):
            w -= RATE * (d.T @ a + 2.0 * L2 * w)
            b -= RATE * (d.sum(axis=0) + 2.0 * L2 * b)
        return loss

    return step


def moons_program(model: nn.MLP, points: np.ndarray, targets: np.ndarray) -> Step:
    """Written neuron by neuron."""
    x1, x2, t = (Value(0.0) for _ in range(3))
    parameters = model.parameters()
    loss = (1 - t * model([x1, x2])).relu() + L2 * sum(p * p for p in parameters)
    program = Program(loss, inputs=[x1, x2, t], parameters=parameters)
    return program_descent(program, np.column_stack([points, targets]))


# Digits: 784-128-10, ReLU, softmax cross-entropy, batches of 256, plain descent


def digits_torch(model: nn.MLP, points: np.ndarray, targets: np.ndarray) -> Step:
    """With float64 tensors."""
    w1, b1, w2, b2 = parameters = tensors(model)
    x, t = torch.tensor(points), torch.tensor(targets.argmax(axis=1))

    def loss() -> torch.Tensor:
        logits = torch.relu(x @ w1.T + b1) @ w2.T + b2
        return torch.nn.functional.cross_entropy(logits, t)

    return torch_descent(parameters, loss)


def digits_numpy(model: nn.MLP, points: np.ndarray, targets: np.ndarray) -> Step:
    """By hand."""
    (w1, b1), (w2, b2) = matrices(model)
    x, t = points, targets

    def step() -> float:
        z1 = x @ w1.T + b1
        a1 = np.maximum(z1, 0.0)
        z2 = a1 @ w2.T + b2
        shifted = z2 - z2.max(axis=1, keepdims=True)
        exponentials = np.exp(shifted)
        sums = exponentials.sum(axis=1, keepdims=True)
        loss = float((np.log(sums)[:, 0] - (shifted * t).sum(axis=1)).mean())
        d2 = (exponentials / sums - t) / len(x)
        d1 = (d2 @ w2) * (z1 > 0.0)
        for w, b, d, a in ((w2, b2, d2, a1), (w1, b1, d1, x)):
            w -= RATE * (d.T @ a)
            b -= RATE * d.sum(axis=0)
        return loss

    return step


def digits_program(model: nn.MLP, points: np.ndarray, targets: np.ndarray) -> Step:
    """Written neuron by neuron."""
    start = time.perf_counter()
    x, t = ([Value(0.0) for _ in range(array.shape[1])] for array in (points, targets))
    loss = nn.softmax_cross_entropy(model(x), t)
    program = Program(loss, inputs=[*x, *t], parameters=model.parameters())
    batch = np.hstack([points, targets])
    program.gradient(batch)
    print(f"784-128-10: recorded and compiled in {time.perf_counter() - start:.2f} s")
    return program_descent(program, batch)


# An irregular circuit: 10,000 random gates over 1,000 lanes

UFUNCS = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "maximum": np.maximum,
    "tanh": np.tanh,
    "sin": np.sin,
    "negate": np.negative,
}


def irregular(gates: int, lanes: int) -> tuple[Step, Step]:
    """The bare calls, one per gate over all lanes, and the program for the same circuit."""
    source = random.Random(1)
    inputs = [Value(source.uniform(-1, 1)) for _ in range(20)]
    values, recipe = list(inputs), []
    for _ in range(gates):
        name = source.choice(list(UFUNCS))
        places = [source.randrange(max(0, len(values) - 500), len(values)) for _ in range(2)]
        places = places[: len(GATES[name].parameters)]
        value = GATES[name](*[values[place] for place in places])
        values.append(value if abs(value.data) < 1e3 else value.tanh())
        recipe.append((name, places, abs(value.data) >= 1e3))
    program = Program(values[-50:], inputs=inputs)
    batch = np.random.default_rng(1).uniform(-1, 1, (lanes, 20))
    rows = [np.ascontiguousarray(column) for column in batch.T]
    rows += [np.empty(lanes) for _ in range(gates)]

    def bare() -> float:
        for place, (name, places, squashed) in enumerate(recipe, start=20):
            UFUNCS[name](*[rows[each] for each in places], out=rows[place])
            if squashed:
                np.tanh(rows[place], out=rows[place])
        return float(rows[-1].mean())

    def ours() -> float:
        return float(program(batch)[:, -1].mean())

    return bare, ours


def check_same(steps: Sequence[Step]) -> None:
    """See that all contestants compute the same numbers, step after step."""
    for _ in range(3):
        numbers = [step() for step in steps]
        assert np.allclose(numbers, numbers[-1], rtol=1e-8, atol=1e-12), numbers


def in_turns(steps: Sequence[Step], counts: Sequence[int], rounds: int) -> list[list[float]]:
    """Seconds per step of each contestant in each round."""
    times: list[list[float]] = [[] for _ in steps]
    for _ in range(rounds):
        for step, count, taken in zip(steps, counts, times, strict=True):
            start = time.perf_counter()
            for _ in range(count):
                step()
            taken.append((time.perf_counter() - start) / count)
    return times


def report(title: str, names: Sequence[str], times: Sequence[Sequence[float]]) -> None:
    """A table of medians, and of the ratios to the last contestant."""
    print(title)
    for name, taken in zip(names, times, strict=True):
        ratio = statistics.median(t / own for t, own in zip(taken, times[-1], strict=True))
        print(f"  {name:<26}{statistics.median(taken) * 1e3:>10.3f} ms{ratio:>10.2f}×")


def main() -> None:
    points, targets = map(np.array, two_moons())
    model = nn.MLP(2, [16, 16, 1], seed=1)
    makers = (moons_micrograd, moons_torch, moons_numpy, moons_program)
    steps = [make(model, points, targets) for make in makers]
    check_same(steps)
    gc.freeze()  # the collector, which micrograd's circuits wake, is not to search what stays
    times = in_turns(steps, (1, 100, 400, 400), rounds=7)
    names = ("micrograd", "PyTorch float64, eager", "NumPy by hand", "program")
    report("moons, 2-16-16-1, 100 points, one step", names, times)

    source = np.random.default_rng(1)
    points = source.normal(size=(256, 784))
    targets = np.eye(10)[source.integers(0, 10, 256)]
    model = nn.MLP(784, [128, 10], initial="he", seed=1)
    makers = (digits_torch, digits_numpy, digits_program)
    steps = [make(model, points, targets) for make in makers]
    check_same(steps)
    times = in_turns(steps, (10, 10, 10), rounds=15)
    report("784-128-10, softmax cross-entropy, 256 examples, one step", names[1:], times)

    bare, ours = irregular(10_000, 1_000)
    check_same([bare, ours])
    times = in_turns([bare, ours], (2, 2), rounds=9)
    report("10,000 random gates, 1,000 lanes, values", ("bare ufunc calls", "program"), times)


if __name__ == "__main__":
    main()
