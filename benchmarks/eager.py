"""Eager speed and memory: building and differentiating the same circuits with micrograd and here.

Run with `make benchmark`. Every circuit is written once, over whichever `Value` class it is given,
and both engines run it in turns within one process, with the cyclic garbage collector on, so that
the ratio does not depend on what else the machine is doing. A round is several steps, so that an
engine that leaves its circuits to the collector pays for collecting them; what it leaves behind is
cleared away before the other's turn. The ratio is that of the medians over the rounds.
"""

import gc
import json
import math
import random
import statistics
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

from micrograd.engine import Value as MicrogradValue

from autograd_core import Value

Circuit = Callable[[Any], Callable[[], Any]]

MOONS = Path(__file__).parents[1] / "demos" / "data" / "moons.json"


def readme_expression(value: Any) -> Callable[[], Any]:
    """The expression of micrograd's README, two hundred times."""

    def step() -> Any:
        for _ in range(200):
            a, b = value(-4.0), value(2.0)
            c = a + b
            d = a * b + b**3
            c += c + 1
            c += 1 + c + (-a)
            d += d * 2 + (b + a).relu()
            d += 3 * d + (b - a).relu()
            e = c - d
            f = e**2
            g = f / 2.0
            g += 10.0 / f
            g.backward()
        return g

    return step


def dot_product(value: Any) -> Callable[[], Any]:
    """A dot product of 10,000 terms, written with `*` and `+`."""
    source = random.Random(1)
    weights = [value(source.uniform(-1, 1)) for _ in range(10_000)]
    inputs = [value(source.uniform(-1, 1)) for _ in range(10_000)]

    def step() -> Any:
        total = weights[0] * inputs[0]
        for w, x in zip(weights[1:], inputs[1:], strict=True):
            total = total + w * x
        total.backward()
        return total

    return step


def small_layer(value: Any) -> Callable[[], Any]:
    """A layer of 16 ReLU neurons with 16 numbers as inputs, too small for the collector to stir."""
    source = random.Random(1)
    weights = [[value(source.uniform(-1, 1)) for _ in range(16)] for _ in range(16)]
    inputs = [source.uniform(-1, 1) for _ in range(16)]

    def step() -> Any:
        neurons = [sum(w * x for w, x in zip(row, inputs, strict=True)).relu() for row in weights]
        total = sum(neurons)
        total.backward()
        return total

    return step


def moons(value: Any) -> Callable[[], Any]:
    """One step of micrograd's moons demo: 2-16-16-1, ReLU, 100 points, hinge loss and L2."""
    source = random.Random(1)
    points, targets = two_moons()
    sizes = [2, 16, 16, 1]
    layers = [
        [([value(source.uniform(-1, 1)) for _ in range(wide)], value(0.0)) for _ in range(high)]
        for wide, high in pairwise(sizes)
    ]

    def forward(activations: list[Any]) -> Any:
        for depth, layer in enumerate(layers):
            sums = [
                sum((w * x for w, x in zip(weights, activations, strict=True)), bias)
                for weights, bias in layer
            ]
            activations = [s.relu() for s in sums] if depth < len(layers) - 1 else sums
        return activations[0]

    parameters = [p for layer in layers for weights, bias in layer for p in [*weights, bias]]

    def step() -> Any:
        scores = [forward([value(x) for x in point]) for point in points]
        losses = [(1 + -t * s).relu() for t, s in zip(targets, scores, strict=True)]
        loss = sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in parameters)
        for p in parameters:
            p.grad = 0
        loss.backward()
        return loss

    return step


def two_moons() -> tuple[list[list[float]], list[float]]:
    """The points of micrograd's moons demo, and which of the moons each is on (±1)."""
    moons = json.loads(MOONS.read_text(encoding="utf-8"))
    return moons["points"], [2.0 * label - 1.0 for label in moons["labels"]]


def seconds(step: Callable[[], Any], steps: int = 4) -> float:
    """Seconds per step, the freeing of circuits included."""
    gc.collect()
    start = time.perf_counter()
    for _ in range(steps):
        step()
    return (time.perf_counter() - start) / steps


def compare(circuit: Circuit, rounds: int) -> tuple[float, float]:
    """Median seconds of a step with micrograd and with this engine, measured in turns."""
    steps = [circuit(MicrogradValue), circuit(Value)]
    results = [step().data for step in steps]
    assert math.isclose(*results, rel_tol=1e-9), results
    times: list[list[float]] = [[], []]
    for _ in range(rounds):
        for step, taken in zip(steps, times, strict=True):
            taken.append(seconds(step))
    return statistics.median(times[0]), statistics.median(times[1])


def bytes_per_node(value: Any, length: int = 10_000) -> float:
    """Memory that one more gate takes, in a chain of `x = x * w` over values."""
    weight = value(1.0)
    gc.collect()
    tracemalloc.start()
    x = value(1.0)
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(length):
        x = x * weight
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return (after - before) / length


def main() -> None:
    print(f"{'circuit':<34}{'micrograd':>12}{'here':>12}{'ratio':>8}")
    for name, circuit, rounds in (
        ("micrograd's README expression × 200", readme_expression, 15),
        ("layer of 16 neurons, 16 inputs", small_layer, 51),
        ("dot product of 10,000 terms", dot_product, 9),
        ("moons step, 2-16-16-1, 100 points", moons, 5),
    ):
        theirs, ours = compare(circuit, rounds)
        print(f"{name:<36}{theirs * 1e3:>7.2f} ms{ours * 1e3:>9.2f} ms{theirs / ours:>7.1f}×")
    theirs, ours = bytes_per_node(MicrogradValue), bytes_per_node(Value)
    print(f"{'memory per gate':<36}{theirs:>8.0f} B{ours:>10.0f} B{theirs / ours:>7.1f}×")


if __name__ == "__main__":
    assert gc.isenabled()
    sys.setrecursionlimit(1_000_000)  # micrograd sorts its circuit by recursion
    threading.stack_size(512 * 1024 * 1024)
    thread = threading.Thread(target=main)
    thread.start()
    thread.join()
