"""Eager speed and memory: building and differentiating the same circuits with other engines.

Run with `make benchmark`. Every circuit is written once, over whichever class of values it is
given, and all engines run it in turns within one process, with the cyclic garbage collector on, in
one thread. Time is that of the processor in this thread, so that what else the machine does counts
little. A round is several steps, so that an engine that leaves its circuits to the collector pays
for collecting them; what it leaves behind is cleared away before the next one's turn. Of the rounds
the fastest counts. An engine that is not installed has no column in the table, which is that of the
README; one that fails at a circuit has no time there.

What perf and callgrind showed while the engine was compiled:

- Most of the time of a circuit of operators goes into memory, not arithmetic: a value is made, is
  walked over twice, and is freed. So values have chunks of memory of their own, which stay from
  step to step (`memory.h`). Python's allocator in its place takes 1.05 to 1.3 times as long.
- Values that the collector does not track need no header (16 bytes) and cause no collections.
- A class between `Node` and `Value` costs a call when a value is made and one when it is freed;
  `memory.h` therefore lets `Value` have both functions of `Node`.
- A module variable that changes must be a C variable: a change to a Python name invalidates what
  Cython remembers of all other names of the module. A function of another module must be known
  from its .pxd file (cimport), or each call goes through Python.
- A list that is emptied gives its memory back, so the stacks of the walk and of freeing keep some
  entries at the bottom.
- In a layer reading the weights is what takes time. So a layer has their numbers in one block, and
  neither the pass forward nor the pass back asks the type of an operand twice.
"""

import gc
import importlib
import json
import math
import multiprocessing
import random
import resource
import sys
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import micrograd.nn

from autograd_core import Value, compiled
from nn import MLP

Number = Callable[[float], Any]
Step = Callable[[], Any]
Circuit = Callable[[Any, Number], Step]
"""Makes a step from an engine's class of values, and from what constants are to be turned into."""

MOONS = Path(__file__).parents[1] / "demos" / "data" / "moons.json"

PEERS = (
    ("micrograd", "micrograd.engine", "Value"),
    ("microgradpp", "mgp.vanilla", "Scalar"),
    ("scalargrad", "scalargrad", "Scalar"),
    ("minigrad", "minigrad.engine", "Value"),
)
"""Engines with micrograd's interface on PyPI. All are written in Python but minigrad, a C type."""

WITHOUT_CONSTANTS = ("minigrad",)
"""Engines whose operators take values alone; for them constants are leaves, made beforehand."""

KEPT = [None] * 1_000_000
"""References to spare: minigrad lets go of one that it does not have with every leaf."""


def readme_expression(value: Any, number: Number) -> Step:
    """The expression of micrograd's README, two hundred times."""
    one, two, three, ten = map(number, (1, 2, 3, 10.0))

    def step() -> Any:
        for _ in range(200):
            a, b = value(-4.0), value(2.0)
            c = a + b
            d = a * b + b**3
            c += c + one
            c += one + c + (-a)
            d += d * two + (b + a).relu()
            d += three * d + (b - a).relu()
            e = c - d
            f = e**2
            g = f / two
            g += ten / f
            g.backward()
        return g

    return step


def dot_product(value: Any, number: Number) -> Step:
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


def small_layer(value: Any, number: Number) -> Step:
    """A layer of 16 ReLU neurons with 16 numbers as inputs, too small for the collector to stir."""
    source = random.Random(1)
    weights = [[value(source.uniform(-1, 1)) for _ in range(16)] for _ in range(16)]
    inputs = [number(source.uniform(-1, 1)) for _ in range(16)]

    def step() -> Any:
        neurons = [add_up(w * x for w, x in zip(row, inputs, strict=True)) for row in weights]
        total = add_up(neuron.relu() for neuron in neurons)
        total.backward()
        return total

    return step


def add_up(values: Iterable[Any]) -> Any:
    """The sum of some values, for an engine that cannot begin with 0."""
    rest = iter(values)
    return sum(rest, next(rest))


def moons(value: Any, number: Number) -> Step:
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
    one, share, strength = number(1), number(1.0 / len(points)), number(1e-4)
    signs = [number(-target) for target in targets]

    def step() -> Any:
        scores = [forward([value(x) for x in point]) for point in points]
        losses = [(one + sign * s).relu() for sign, s in zip(signs, scores, strict=True)]
        loss = add_up(losses) * share + strength * add_up(p * p for p in parameters)
        for p in parameters:
            p.grad = 0.0
        loss.backward()
        return loss

    return step


def two_moons() -> tuple[list[list[float]], list[float]]:
    """The points of micrograd's moons demo, and which of the moons each is on (±1)."""
    moons = json.loads(MOONS.read_text(encoding="utf-8"))
    return moons["points"], [2.0 * label - 1.0 for label in moons["labels"]]


def moons_with_layers(value: Any, number: Number) -> Step:
    """The same step through the engine's own neural network module, if it has one, as its users do.

    `zero_grad`, the loss with L2, `backward`, and a step of gradient descent.
    """
    network = MLP if value is Value else micrograd.nn.MLP
    random.seed(1)
    model = network(2, [16, 16, 1])
    points, targets = two_moons()

    def step() -> Any:
        scores = [model(point) for point in points]
        losses = [(1 + -t * s).relu() for t, s in zip(targets, scores, strict=True)]
        loss = sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in model.parameters())
        model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.data -= 0.01 * p.grad
        return loss

    return step


def two_models(value: Any, number: Number) -> Step:
    """Two networks trained in turn, so that each one's edits fall into the other's circuit."""
    models = [MLP(2, [16, 16, 1]) for _ in range(2)]
    points, targets = two_moons()

    def step() -> Any:
        losses = [
            sum((1 + -t * model(x)).relu() for t, x in zip(targets, points, strict=True))
            for model in models
        ]
        for model, loss in zip(models, losses, strict=True):
            model.zero_grad()
            loss.backward()
            for p in model.parameters():
                p.data -= 0.001 * p.grad
        return losses[0]

    return step


def one_model_twice(value: Any, number: Number) -> Step:
    """The same work, one network after the other."""
    models = [MLP(2, [16, 16, 1]) for _ in range(2)]
    points, targets = two_moons()

    def step() -> Any:
        for model in models:
            loss = sum((1 + -t * model(x)).relu() for t, x in zip(targets, points, strict=True))
            model.zero_grad()
            loss.backward()
            for p in model.parameters():
                p.data -= 0.001 * p.grad
        return loss

    return step


def threads_in_turn() -> float:
    """A network trained beside another one in a second thread: its share of the processor's time.

    Relative to the same beside a thread that edits nothing and only trains.
    """

    def times(disturb: bool) -> float:
        step, other = one_model_twice(Value, float), Value(0.0)
        over = threading.Event()

        def work() -> None:
            while not over.is_set():
                for count in range(1000):
                    if disturb:
                        other.data = count
                    other * 2.0

        thread = threading.Thread(target=work)
        thread.start()
        fastest_of = fastest(step)
        over.set()
        thread.join()
        return fastest_of

    return min(times(True) for _ in range(3)) / min(times(False) for _ in range(3))


def seconds(step: Step, steps: int) -> float:
    """Seconds per step, the freeing of circuits included."""
    gc.collect()
    start = time.thread_time()
    for _ in range(steps):
        step()
    return (time.thread_time() - start) / steps


def compare(
    circuit: Circuit, rounds: int, steps_of_round: int, engines: dict[str, Any]
) -> dict[str, float]:
    """Seconds of a step with each engine, measured in turns."""
    steps = {
        name: circuit(value, value if name in WITHOUT_CONSTANTS else lambda constant: constant)
        for name, value in engines.items()
    }
    times: dict[str, list[float]] = {name: [] for name in engines}
    expected = steps["here"]().data
    for name in list(steps):
        if not works(steps[name], expected if name != "here" else None):
            del steps[name]
    for _ in range(rounds):
        for name, step in steps.items():
            times[name].append(seconds(step, steps_of_round))
    return {name: min(taken, default=math.nan) for name, taken in times.items()}


def works(step: Step, expected: float | None) -> bool:
    """Whether an engine can do the circuit at all, and computes what it should."""
    try:
        result = step().data
    except (AttributeError, TypeError, RecursionError):
        return False
    return expected is None or math.isclose(result, expected, rel_tol=1e-9)


def peers() -> dict[str, Any]:
    """The `Value` classes of the engines that are installed."""
    found = {"here": Value}
    for name, module, kind in PEERS:
        try:
            found[name] = getattr(importlib.import_module(module), kind)
        except (ImportError, AttributeError):
            continue
    return found


def bytes_per_gate(length: int = 200_000) -> float:
    """Resident memory that one more gate takes, in a chain of `x = x * w`."""
    weight, x = Value(1.0), Value(1.0)
    before = resident_bytes()
    for _ in range(length):
        x = x * weight
    return (resident_bytes() - before) / length


def resident_bytes() -> int:
    """Memory of this process that is in use (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


def chain(length: int) -> tuple[float, float, float]:
    """Seconds per gate to build a chain, to differentiate it, and to free it."""
    x = weight = Value(1.0)
    start = time.thread_time()
    for _ in range(length):
        x = x * weight
    built = time.thread_time()
    x.backward()
    done = time.thread_time()
    del x
    freed = time.thread_time()
    return (built - start) / length, (done - built) / length, (freed - done) / length


def ageing(circuit: Circuit, steps: int) -> float:
    """How much slower a process is after many steps than a young one, measured in turns."""
    step = circuit(Value, float)
    for _ in range(steps):
        step()
    old, young = [], []
    spawn = multiprocessing.get_context("spawn")
    for _ in range(5):
        old.append(fastest(step))
        with ProcessPoolExecutor(1, mp_context=spawn) as process:
            young.append(process.submit(fastest_of_young, circuit).result())
    return min(old) / min(young)


def fastest_of_young(circuit: Circuit) -> float:
    """Seconds of the fastest step in a new process."""
    return fastest(circuit(Value, float))


def fastest(step: Step) -> float:
    """Seconds of the fastest of 50 steps, the first five apart, which warm the memory."""
    times = []
    for _ in range(55):
        start = time.thread_time()
        step()
        times.append(time.thread_time() - start)
    return min(times[5:])


def main() -> None:
    print(f"compiled: {compiled}")
    print(f"memory per gate: {bytes_per_gate():.0f} bytes")
    chains = [chain(1_000_000) for _ in range(5)][1:]  # the first one warms the memory
    parts = [min(part) * 1e6 for part in zip(*chains, strict=True)]
    print("chain of 1,000,000 gates, build + backward + free, µs per gate: ", end="")
    print(f"{' + '.join(f'{part:.3f}' for part in parts)} = {sum(parts):.3f}")
    print("a step after 10,000 steps, relative to one in a new process: ", end="")
    print(f"layer {ageing(small_layer, 10_000):.2f}, moons {ageing(moons, 10_000):.2f}")
    in_turn, apart = fastest(two_models(Value, float)), fastest(one_model_twice(Value, float))
    print("two networks trained in turn, relative to one after the other: ", end="")
    print(f"{in_turn / apart:.2f}; beside a thread that edits leaves: {threads_in_turn():.2f}")
    engines = peers()
    others = [name for name in engines if name != "here"]
    print("| circuit |", *[f"{name} |" for name in others], "here | to micrograd |")
    print("|" + " --- |" * (len(others) + 3), flush=True)
    for name, circuit, rounds, steps in (
        ("micrograd's README expression × 200", readme_expression, 15, 4),
        ("layer of 16 neurons, 16 inputs", small_layer, 25, 100),
        ("dot product of 10,000 terms, `*` and `+`", dot_product, 5, 4),
        ("moons step, 2-16-16-1, 100 points", moons, 3, 4),
        ("the same through `nn`", moons_with_layers, 3, 4),
    ):
        able = engines
        if circuit is moons_with_layers:
            able = {name: engines[name] for name in ("here", "micrograd") if name in engines}
        taken = compare(circuit, rounds, steps, able)
        times = [shown(taken.get(each, math.nan)) for each in (*others, "here")]
        ratio = taken.get("micrograd", math.nan) / taken["here"]
        print("|", name, *[f"| {time}" for time in times], f"| {ratio:.0f}× |", flush=True)


def shown(taken: float) -> str:
    """A time, or nothing where it is not known."""
    return "" if math.isnan(taken) else f"{float(f'{taken * 1e3:.3g}'):g} ms"


if __name__ == "__main__":
    assert gc.isenabled()
    sys.setrecursionlimit(1_000_000)  # other engines sort their circuits by recursion
    threading.stack_size(512 * 1024 * 1024)
    thread = threading.Thread(target=main)
    thread.start()
    thread.join()
