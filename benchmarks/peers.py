"""Programs against what else computes gradients: JAX, CasADi, PyTorch, NumPy by hand, and plain C.

Run with `python benchmarks/peers.py`, or with words from the names of some rows. All contestants of
a row are given the same numbers, return the same gradient to rounding, and run in turns, in one
process on one thread; a ratio is the median over the rounds. What is not installed is left out. The
table is that of the README; times go to the standard error.
"""

import os

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_ENABLE_X64"] = "1"

import ctypes
import gc
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

import autograd_core
import nn
from autograd_core import GATES, Program, Value, cross_entropy, exp, log, relu, tanh, total

Gradient = Callable[[], Any]
Row = Iterator[tuple[str, Gradient]]


def found(name: str) -> Any:
    """A module, or None where it is not installed."""
    try:
        return import_module(name)
    except ModuleNotFoundError:
        return None


jax, casadi, torch = found("jax"), found("casadi"), found("torch")
jnp = jax and import_module("jax.numpy")
if torch:
    torch.set_num_threads(1)

source = np.random.default_rng(0)


def leaves(count: int) -> list[Value]:
    return [Value(0.0) for _ in range(count)]


def gradient(program: Program, batch: np.ndarray, numbers: np.ndarray) -> Gradient:
    return lambda: program.gradient(batch, numbers)[1]


def with_casadi(expression: Any, *symbols: tuple[Any, np.ndarray]) -> Gradient:
    """The gradient of an expression by its first symbols, written into an array that is kept."""
    by, arrays = symbols[0][0], [array for _, array in symbols]
    function = casadi.Function("f", [x for x, _ in symbols], [casadi.gradient(expression, by)])
    buffer, run = function.buffer()
    out = np.zeros(by.numel())
    for place, array in enumerate(arrays):
        buffer.set_arg(place, memoryview(array))
    buffer.set_res(0, memoryview(out))
    kept = function, buffer, arrays  # which CasADi does not keep itself
    return lambda: (kept, run(), out)[2]


def with_jax(loss: Callable[..., Any], *numbers: Any) -> Gradient:
    """The gradient of a loss by its first argument, compiled, on arrays of JAX."""
    compiled = jax.jit(jax.grad(loss))
    arrays = jax.tree.map(jnp.asarray, numbers)
    return lambda: jax.block_until_ready(compiled(*arrays))


# Networks of two inputs


def network(sizes: list[int], activation: Any, batch: np.ndarray, loss: Any) -> tuple[Any, ...]:
    model = nn.MLP(2, sizes, activation=activation, seed=1)
    x, y = leaves(2), Value(0.0)
    program = Program(loss(model(x), y), [*x, y], parameters=model.parameters())
    weights = []
    for layer in model.layers:
        rows = [[weight.data for weight in neuron.weights] for neuron in layer.neurons]
        weights.append((np.array(rows), np.array([neuron.bias.data for neuron in layer.neurons])))
    return program, weights


def hinge(score: Any, y: Any) -> Any:
    return relu(1.0 - y * score)


def flat(gradients: Any) -> np.ndarray:
    """The gradients of layers in the order of `parameters`: for each neuron weights, then bias."""
    parts = [np.concatenate([w, np.reshape(b, (-1, 1))], axis=1).ravel() for w, b in gradients]
    return np.concatenate(parts)


def jax_network(weights: Any, batch: np.ndarray, function: Any, loss: Any) -> Gradient:
    def mean(weights: Any, x: Any, y: Any) -> Any:
        for w, b in weights[:-1]:
            x = function(x @ w.T + b)
        [(w, b)] = weights[-1:]
        return loss((x @ w.T + b)[:, 0], y).mean()

    return with_jax(mean, weights, batch[:, :2], batch[:, 2])


MOONS = """
#include <string.h>
void step(const double *p, const double *batch, int lanes, double *g) {
  const double *w1 = p, *w2 = p + 48, *w3 = p + 320; memset(g, 0, 337 * 8);
  for (int l = 0; l < lanes; l++) {
    const double *x = batch + 3 * l; double a[16], b[16], s = w3[16];
    for (int j = 0; j < 16; j++) { double z = w1[3*j]*x[0] + w1[3*j+1]*x[1] + w1[3*j+2];
      a[j] = z > 0 ? z : 0; }
    for (int j = 0; j < 16; j++) { double z = w2[17*j+16];
      for (int k = 0; k < 16; k++) z += w2[17*j+k] * a[k];
      b[j] = z > 0 ? z : 0; s += w3[j] * b[j]; }
    if (!(1 - x[2] * s > 0)) continue;
    double d = -x[2] / lanes, da[16] = {0};
    g[336] += d;
    for (int j = 0; j < 16; j++) { g[320+j] += d * b[j]; if (!(b[j] > 0)) continue;
      double e = d * w3[j]; g[48+17*j+16] += e;
      for (int k = 0; k < 16; k++) { g[48+17*j+k] += e * a[k]; da[k] += e * w2[17*j+k]; } }
    for (int k = 0; k < 16; k++) if (a[k] > 0) {
      g[3*k] += da[k]*x[0]; g[3*k+1] += da[k]*x[1]; g[3*k+2] += da[k]; } } }
"""


def moons(count: int) -> Row:
    points = source.normal(size=(count, 2))
    batch = np.column_stack([points, np.sign(points[:, 0])])
    program, weights = network([16, 16, 1], relu, batch, hinge)
    numbers = program.read()
    if shutil.which("cc"):
        folder = tempfile.mkdtemp()
        code, library = Path(folder, "moons.c"), Path(folder, "moons.so")
        code.write_text(MOONS, encoding="utf-8")
        command = ["cc", "-O3", "-march=native", "-shared", "-fPIC", str(code), "-o", str(library)]
        subprocess.run(command, check=True)
        step, out = ctypes.CDLL(str(library)).step, np.empty(len(numbers))
        arguments = [ctypes.c_void_p(a.ctypes.data) for a in (numbers, batch)]
        arguments += [ctypes.c_int(count), ctypes.c_void_p(out.ctypes.data)]
        yield "C loops", lambda: (step(*arguments), out)[1]
    (w1, b1), (w2, b2), (w3, b3) = weights

    def by_hand() -> np.ndarray:
        x, y = batch[:, :2], batch[:, 2]
        a1 = np.maximum(x @ w1.T + b1, 0.0)
        a2 = np.maximum(a1 @ w2.T + b2, 0.0)
        d3 = np.where(1.0 - y * (a2 @ w3.T + b3)[:, 0] > 0.0, -y / count, 0.0)[:, np.newaxis]
        d2 = d3 @ w3 * (a2 > 0.0)
        d1 = d2 @ w2 * (a1 > 0.0)
        layers = ((d1, x), (d2, a1), (d3, a2))
        return flat([(d.T @ a, d.sum(axis=0)) for d, a in layers])

    yield "NumPy by hand", by_hand
    if casadi and count == 1:
        p, point = casadi.SX.sym("p", len(numbers)), casadi.SX.sym("x", 3)
        x, places = point[:2], iter(range(len(numbers)))
        for w, _ in weights:
            layer = [[p[next(places)] for _ in range(w.shape[1] + 1)] for _ in w]
            sums = [casadi.dot(casadi.vertcat(*row[:-1]), x) + row[-1] for row in layer]
            x = casadi.fmax(casadi.vertcat(*sums), 0)
        loss = casadi.fmax(1 - point[2] * sums[0], 0)
        yield "CasADi", with_casadi(loss, (p, numbers), (point, batch[0].copy()))
    if jax:
        function = jax.nn.relu
        run = jax_network(weights, batch, function, lambda s, y: function(1.0 - y * s))
        yield "JAX, jit", run
    if torch:
        parameters = [torch.tensor(a, requires_grad=True) for pair in weights for a in pair]
        x, y = torch.tensor(batch[:, :2]), torch.tensor(batch[:, 2])

        def eagerly() -> Any:
            u, v, w = parameters[::2]
            hidden = torch.relu(torch.relu(x @ u.T + parameters[1]) @ v.T + parameters[3])
            loss = torch.relu(1 - y * (hidden @ w.T + parameters[5])[:, 0]).mean()
            got = torch.autograd.grad(loss, parameters)
            return list(zip(got[::2], got[1::2], strict=True))

        yield "PyTorch, eager", eagerly
    yield "program", gradient(program, batch, numbers)


def deep() -> Row:
    batch = np.column_stack([source.normal(size=(100, 2)), np.zeros(100)])
    program, weights = network([16] * 50 + [1], tanh, batch, lambda s, y: s * s)
    if jax:
        yield "JAX, jit", jax_network(weights, batch, jnp.tanh, lambda s, y: s * s)
    yield "program", gradient(program, batch, program.read())


# Circuits that are no networks


def predator_prey(x: Any, y: Any, a: Any, b: Any, c: Any, d: Any, steps: int = 20) -> Any:
    """Lotka and Volterra's equations by Runge and Kutta's method; the distance to (3, 2)."""
    h = 0.1

    def slope(x: Any, y: Any) -> Any:
        return a * x - b * x * y, c * x * y - d * y

    for _ in range(steps):
        u1, v1 = slope(x, y)
        u2, v2 = slope(x + 0.5 * h * u1, y + 0.5 * h * v1)
        u3, v3 = slope(x + 0.5 * h * u2, y + 0.5 * h * v2)
        u4, v4 = slope(x + h * u3, y + h * v3)
        x = x + h / 6.0 * (u1 + 2.0 * u2 + 2.0 * u3 + u4)
        y = y + h / 6.0 * (v1 + 2.0 * v2 + 2.0 * v3 + v4)
    return (x - 3.0) * (x - 3.0) + (y - 2.0) * (y - 2.0)


def rk4(lanes: int) -> Row:
    numbers = np.array([1.1, 0.4, 0.1, 0.4])
    batch = np.array([10.0, 5.0]) + 0.1 * source.normal(size=(lanes, 2))
    first = batch[0].copy()
    if casadi and lanes == 1:
        p, x = casadi.SX.sym("p", 4), casadi.SX.sym("x", 2)
        loss = predator_prey(x[0], x[1], *[p[i] for i in range(4)])
        yield "CasADi", with_casadi(loss, (p, numbers), (x, first))
    if jax:

        def mean(p: Any, batch: Any) -> Any:
            def step(state: Any, _: Any) -> Any:
                x, y = state
                a, b, c, d = p
                slope = lambda x, y: (a * x - b * x * y, c * x * y - d * y)  # noqa: E731
                h = 0.1
                u1, v1 = slope(x, y)
                u2, v2 = slope(x + 0.5 * h * u1, y + 0.5 * h * v1)
                u3, v3 = slope(x + 0.5 * h * u2, y + 0.5 * h * v2)
                u4, v4 = slope(x + h * u3, y + h * v3)
                x = x + h / 6.0 * (u1 + 2.0 * u2 + 2.0 * u3 + u4)
                return (x, y + h / 6.0 * (v1 + 2.0 * v2 + 2.0 * v3 + v4)), None

            def loss(start: Any) -> Any:
                (x, y), _ = jax.lax.scan(step, (start[0], start[1]), None, length=20)
                return (x - 3.0) ** 2 + (y - 2.0) ** 2

            return jax.vmap(loss)(batch).mean()

        yield "JAX, jit", with_jax(mean, numbers, batch)
    start, parameters = leaves(2), leaves(4)
    program = Program(predator_prey(*start, *parameters), start, parameters=parameters)
    if lanes == 1:

        def eagerly() -> Any:
            own = [Value(number) for number in numbers.tolist()]
            predator_prey(*[Value(number) for number in batch[0].tolist()], *own).backward()
            return [value.grad for value in own]

        yield "eager code here", eagerly
    yield "program", gradient(program, batch, numbers)


def black_scholes(s: Any, k: Any, t: Any, r: Any, v: Any, math: Any, root: Any) -> Any:
    """A call option, with a rational function of tanh for the normal distribution."""

    def phi(z: Any) -> Any:
        return 0.5 * (1.0 + math.tanh(0.7978845608 * (z + 0.044715 * z * z * z)))

    scale = v * root(t)
    d1 = (math.log(s / k) + (r + 0.5 * v * v) * t) / scale
    return s * phi(d1) - k * math.exp(-r * t) * phi(d1 - scale)


class Gates:
    """The functions of the formula as gates."""

    tanh, log, exp = staticmethod(tanh), staticmethod(log), staticmethod(exp)


def options(lanes: int) -> Row:
    batch = np.array([100.0, 95.0, 0.7, 0.02, 0.3]) * source.uniform(0.9, 1.1, (lanes, 5))
    first = batch[0].copy()
    if casadi and lanes == 1:
        x = casadi.SX.sym("x", 5)
        price = black_scholes(*[x[i] for i in range(5)], casadi, casadi.sqrt)
        yield "CasADi", with_casadi(price, (x, first))
    if jax:

        def price_of(x: Any) -> Any:
            return black_scholes(*[x[..., i] for i in range(5)], jnp, jnp.sqrt).sum()

        yield "JAX, jit", with_jax(price_of, batch)
    if lanes > 1:

        def by_hand() -> np.ndarray:
            s, k, t, r, v = batch.T
            root, growth = np.sqrt(t), np.exp(-r * t)
            scale = v * root
            d1 = (np.log(s / k) + (r + 0.5 * v * v) * t) / scale
            found = []
            for z in (d1, d1 - scale):
                a = np.tanh(0.7978845608 * (z + 0.044715 * z * z * z))
                slope = 0.5 * (1.0 - a * a) * 0.7978845608 * (1.0 + 0.134145 * z * z)
                found += [0.5 * (1.0 + a), slope]
            p1, q1, p2, q2 = found
            u1, u2 = s * q1, k * growth * q2
            by_d1, by_scale = u1 - u2, u2 - (u1 - u2) * d1 / scale
            return np.stack(
                [
                    p1 + by_d1 / (s * scale),
                    -growth * p2 - by_d1 / (k * scale),
                    r * k * growth * p2
                    + by_d1 * (r + 0.5 * v * v) / scale
                    + by_scale * v / (2 * root),
                    t * k * growth * p2 + by_d1 * t / scale,
                    by_d1 * v * t / scale + by_scale * root,
                ],
                axis=1,
            )

        yield "NumPy by hand", by_hand
    x = [Value(1.0) for _ in range(5)]
    program = Program(black_scholes(*x, Gates, lambda t: t**0.5), x)
    yield "program", lambda: program.jacobian(batch)[:, 0]


def rosenbrock() -> Row:
    numbers = source.normal(size=1000)

    def by_hand() -> np.ndarray:
        out = np.zeros(1000)
        lost = numbers[1:] - numbers[:-1] ** 2
        out[1:] = 200.0 * lost
        out[:-1] -= 400.0 * lost * numbers[:-1] + 2.0 * (1.0 - numbers[:-1])
        return out

    yield "NumPy by hand", by_hand
    if jax:

        def loss(x: Any) -> Any:
            return (100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2).sum()

        yield "JAX, jit", with_jax(loss, numbers)
    x = leaves(1000)
    terms = [100.0 * (b - a * a) ** 2 + (1.0 - a) ** 2 for a, b in pairwise(x)]
    yield "program", gradient(Program(total(terms), [], parameters=x), np.empty((1, 0)), numbers)


def convolution() -> Row:
    """28 × 28 pixels, eight filters of 3 × 3, ReLU, the mean of squares; 32 images."""
    filters = 0.3 * source.normal(size=(8, 9))
    batch = source.normal(size=(32, 784))
    if jax:

        def loss(filters: Any, images: Any) -> Any:
            kernel = filters.reshape(8, 1, 3, 3)
            found = jax.lax.conv(images.reshape(-1, 1, 28, 28), kernel, (1, 1), "VALID")
            return (jax.nn.relu(found) ** 2).sum(axis=(1, 2, 3)).mean() / 5408.0

        yield "JAX, jit", with_jax(loss, filters, batch)
    if torch:
        kernel = torch.tensor(filters.reshape(8, 1, 3, 3), requires_grad=True)
        images = torch.tensor(batch.reshape(32, 1, 28, 28))

        def eagerly() -> Any:
            found = torch.relu(torch.nn.functional.conv2d(images, kernel))
            loss = (found * found).sum(dim=(1, 2, 3)).mean() / 5408.0
            return torch.autograd.grad(loss, [kernel])[0]

        yield "PyTorch, eager", eagerly
    pixels, weights = leaves(784), leaves(72)
    squares = []
    for row in range(26):
        for column in range(26):
            patch = [pixels[28 * (row + i) + column + j] for i in range(3) for j in range(3)]
            for place in range(0, 72, 9):
                z = sum(w * x for w, x in zip(weights[place : place + 9], patch, strict=True))
                a = relu(z)
                squares.append(a * a)
    program = Program(total(squares) / 5408.0, pixels, parameters=weights)
    yield "program", gradient(program, batch, filters.ravel())


def recurrence() -> Row:
    """Eight units, one input, 100 steps; 32 sequences."""
    w, u = 0.3 * source.normal(size=(8, 8)), source.normal(size=8)
    batch = source.normal(size=(32, 100))
    if jax:

        def loss(parameters: Any, sequences: Any) -> Any:
            w, u = parameters

            def run(sequence: Any) -> Any:
                step = lambda h, x: (jnp.tanh(w @ h + u * x), None)  # noqa: E731
                h, _ = jax.lax.scan(step, jnp.zeros(8), sequence)
                return (h * h).sum()

            return jax.vmap(run)(sequences).mean()

        compiled = with_jax(loss, (w, u), batch)
        yield "JAX, jit", lambda: np.concatenate([np.ravel(each) for each in compiled()])
    sequence, weights, inputs = leaves(100), leaves(64), leaves(8)
    h: list[Any] = [0.0] * 8
    for x in sequence:
        rows = [weights[8 * j : 8 * j + 8] for j in range(8)]
        sums = [sum(a * b for a, b in zip(row, h, strict=True)) for row in rows]
        h = [tanh(z + a * x) for z, a in zip(sums, inputs, strict=True)]
    program = Program(sum(a * a for a in h), sequence, parameters=[*weights, *inputs])
    yield "program", gradient(program, batch, np.concatenate([w.ravel(), u]))


def digits() -> Row:
    """784-128-10, ReLU, softmax cross-entropy; 256 images."""
    model = nn.MLP(784, [128, 10], initial="he", seed=1)
    x, t = leaves(784), leaves(10)
    program = Program(cross_entropy(t, model(x)), [*x, *t], parameters=model.parameters())
    images, targets = source.normal(size=(256, 784)), np.eye(10)[source.integers(0, 10, 256)]
    weights = []
    for layer in model.layers:
        rows = [[weight.data for weight in neuron.weights] for neuron in layer.neurons]
        weights.append((np.array(rows), np.array([neuron.bias.data for neuron in layer.neurons])))
    (w1, b1), (w2, b2) = weights

    def by_hand() -> np.ndarray:
        a = np.maximum(images @ w1.T + b1, 0.0)
        z = a @ w2.T + b2
        e = np.exp(z - z.max(axis=1, keepdims=True))
        d2 = (e / e.sum(axis=1, keepdims=True) - targets) / 256.0
        d1 = d2 @ w2 * (a > 0.0)
        return flat([(d1.T @ images, d1.sum(axis=0)), (d2.T @ a, d2.sum(axis=0))])

    yield "NumPy by hand", by_hand
    yield "program", gradient(program, np.hstack([images, targets]), program.read())


UFUNCS = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "maximum": np.maximum,
    "tanh": np.tanh,
    "sin": np.sin,
    "negate": np.negative,
}


def irregular(gates: int = 10_000, lanes: int = 1_000) -> Row:
    """Random gates, of which some values are wanted."""
    choices = random.Random(1)
    inputs = [Value(choices.uniform(-1, 1)) for _ in range(20)]
    values, recipe = list(inputs), []
    for _ in range(gates):
        name = choices.choice(list(UFUNCS))
        places = [choices.randrange(max(0, len(values) - 500), len(values)) for _ in range(2)]
        places = places[: len(GATES[name].parameters)]
        value = GATES[name](*[values[place] for place in places])
        values.append(value if abs(value.data) < 1e3 else value.tanh())
        recipe.append((name, places, abs(value.data) >= 1e3))
    # rounding errors grow along the circuit, so that early values are compared
    program = Program([*values[500:550], *values[-50:]], inputs=inputs)
    batch = source.uniform(-1, 1, (lanes, 20))
    rows = [np.ascontiguousarray(column) for column in batch.T]
    rows += [np.empty(lanes) for _ in range(gates)]

    def bare() -> np.ndarray:
        for place, (name, places, squashed) in enumerate(recipe, start=20):
            UFUNCS[name](*[rows[each] for each in places], out=rows[place])
            if squashed:
                np.tanh(rows[place], out=rows[place])
        return np.stack(rows[500:550], axis=1)

    yield "NumPy, a call a gate", bare
    yield "program", lambda: program(batch)[:, :50]


ROWS: dict[str, Callable[[], Row]] = {
    "moons, 2-16-16-1, 100 points": lambda: moons(100),
    "the same, one point": lambda: moons(1),
    "50 layers of 16 tanh neurons, 100 examples": deep,
    "784-128-10, softmax, 256 examples": digits,
    "Runge-Kutta, 20 steps, fit of 4 parameters, one start": lambda: rk4(1),
    "the same, 1,000 starts": lambda: rk4(1000),
    "Black-Scholes, five derivatives, one option": lambda: options(1),
    "the same, a million options": lambda: options(1_000_000),
    "Rosenbrock's function of 1,000 variables": rosenbrock,
    "eight filters of 3 × 3 over 28 × 28 pixels, 32 images": convolution,
    "a recurrence of 8 units, 100 steps, 32 sequences": recurrence,
    "10,000 random gates, 1,000 examples, values alone": irregular,
}

COLUMNS = ("NumPy by hand", "JAX, jit", "PyTorch, eager")
"""Contestants with a column of their own; others stand with their names in a last one."""


def chain(x: Any, w: Any, module: Any, gates: int) -> Any:
    for _ in range(gates // 2):
        x = module.tanh(x * w[0])
    return x


def random_gates(x: Any, w: Any, module: Any, gates: int) -> Any:
    """Each takes the one before it, and a second one if it takes two."""
    choices, values = random.Random(1), [x, *w[:8]]
    for _ in range(gates):
        one, other = values[-1], choices.choice(values[-100:])
        kind = choices.randrange(5)
        values.append(
            [lambda: one * other, lambda: one + other, lambda: one - other][kind]()  # noqa: B023
            if kind < 3
            else (module.tanh, module.sin)[kind - 3](one)
        )
    return values[-1]


def dense(x: Any, w: Any, module: Any, gates: int) -> Any:
    """Layers of 16 sums of products with the same weights."""
    layer = [x * each for each in w[:16]]
    for _ in range(gates // (2 * 16 * 16)):
        rows = [w[place : place + 16] for place in range(0, 256, 16)]
        sums = [[a * b for a, b in zip(row, layer, strict=True)] for row in rows]
        layer = [module.tanh(sum(terms[1:], terms[0])) for terms in sums]
    return sum(layer[1:], layer[0])


def compiling() -> None:
    """How long a recorded circuit takes to its first gradient, what it takes and what is kept."""
    for title, circuit in (("chain", chain), ("random gates", random_gates), ("layers", dense)):
        gates = 20_000
        numbers = source.normal(size=256) / 4.0
        x, w = Value(0.5), [Value(number) for number in numbers.tolist()]
        out, taken = circuit(x, w, autograd_core, gates), []
        for _ in range(5):
            start, program = time.process_time(), Program(out, [x], parameters=w)
            program.gradient([[0.5]])
            taken.append((time.process_time() - start) / gates)
        tracemalloc.start()
        program = Program(out, [x], parameters=w)
        program.gradient([[0.5]])
        gc.collect()
        kept, peak = (size / gates for size in tracemalloc.get_traced_memory())
        tracemalloc.stop()
        print(f"compiling, {title}, {gates:,} gates")
        size = f"{kept:.0f} bytes a gate, at most {peak:.0f}"
        print(f"  program           {min(taken) * 1e6:>12.2f} µs a gate, {size}")
        if casadi:
            x, w, taken = casadi.SX.sym("x"), casadi.SX.sym("w", 256), []
            out = circuit(x, casadi.vertsplit(w), casadi, gates)
            for _ in range(5):
                start = time.process_time()
                casadi.Function("f", [x, w], [out, casadi.gradient(out, w)])(0.5, numbers)
                taken.append((time.process_time() - start) / gates)
            print(f"  CasADi            {min(taken) * 1e6:>12.2f} µs a gate")
        if jax and circuit is chain:  # unrolled, the others take it minutes
            few = 600
            loss = lambda w, x: circuit(x, list(w), jnp, few)  # noqa: B023, E731
            start = time.process_time()
            jax.block_until_ready(jax.jit(jax.grad(loss))(jnp.asarray(numbers), 0.5))
            taken = [(time.process_time() - start) / few]
            print(f"  JAX, {few} gates    {min(taken) * 1e6:>12.2f} µs a gate")


def two_threads(count: int, rounds: int = 50) -> None:
    """How many times as fast as one thread two are, by the clock: fewer than two cores say less."""
    points = source.normal(size=(count, 2))
    batch = np.column_stack([points, np.sign(points[:, 0])])
    one, _ = network([16, 16, 1], tanh, batch, hinge)
    two = Program(one.outputs, one.inputs, parameters=one.parameters, threads=2)
    times: list[tuple[float, float]] = []
    for _ in range(rounds):
        start = time.perf_counter()
        one.gradient(batch)
        middle = time.perf_counter()
        two.gradient(batch)
        times.append((middle - start, time.perf_counter() - middle))
    alone, together = (min(taken) for taken in zip(*times, strict=True))
    print(f"two threads, moons with tanh, {count:,} points: {alone / together:.2f} times one")


def numbers_of(found: Any) -> np.ndarray:
    """A gradient as one row of numbers."""
    if isinstance(found, list) and isinstance(found[0], tuple):
        return flat([[np.asarray(a) for a in pair] for pair in found])
    return np.ravel(np.asarray(found, dtype=float))


def measured(runs: list[Gradient], rounds: int = 15, least: float = 0.02) -> list[list[float]]:
    """Seconds of processor time a call, for each contestant in each round."""
    counts = []
    for run in runs:
        start = time.process_time()
        run()
        counts.append(max(1, int(least / max(time.process_time() - start, 1e-6))))
    times: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds):
        for run, count, taken in zip(runs, counts, times, strict=True):
            start = time.process_time()
            for _ in range(count):
                run()
            taken.append((time.process_time() - start) / count)
    return times


def main() -> None:
    version = f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.platform()}"
    print(version, file=sys.stderr)
    print("| work |", *[f"{name} |" for name in COLUMNS], "others |")
    print("|" + " --- |" * (len(COLUMNS) + 2), flush=True)
    for title, row in ROWS.items():
        if sys.argv[1:] and not any(name in title for name in sys.argv[1:]):
            continue
        contestants = dict(row())
        expected = numbers_of(contestants["program"]())
        for name, run in contestants.items():
            difference = np.abs(numbers_of(run()) - expected).max() / np.abs(expected).max()
            if not difference < 1e-9:
                raise SystemExit(f"{title}: {name} has another gradient, by {difference:.1e}")
        times = dict(zip(contestants, measured(list(contestants.values())), strict=True))
        for name, taken in times.items():
            print(f"  {name:<22}{min(taken) * 1e6:>12.1f} µs", file=sys.stderr)
        own = times.pop("program")
        cells = {
            name: two_digits(statistics.median(a / b for a, b in zip(taken, own, strict=True)))
            for name, taken in times.items()
        }
        others = ", ".join(f"{name} {cells[name]}" for name in cells if name not in COLUMNS)
        print("|", title, *[f"| {cells.get(name, '')}" for name in COLUMNS], "|", others, "|")
    if not sys.argv[1:] or "compiling" in sys.argv[1:]:
        compiling()
    if not sys.argv[1:] or "threads" in sys.argv[1:]:
        for count in (10_000, 100_000):
            two_threads(count)


def two_digits(number: float) -> str:
    """A ratio for the table.

    >>> two_digits(0.0832), two_digits(2.74), two_digits(1234.0)
    ('0.083', '2.7', '1200')
    """
    return f"{float(f'{number:.2g}'):g}"


if __name__ == "__main__":
    main()
