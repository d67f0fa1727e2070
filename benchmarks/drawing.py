"""How long it takes to draw circuits of growing size with the built-in layout.

Run with `make benchmark`. Times are the best of three, or one measurement from 2,000 values on; the
circuits are the same in every run.
"""

import random
import time
from collections.abc import Callable
from typing import Any

import viz
from autograd_core import Value, dot, total
from viz.steps import STEPS
from viz.story import TOLD

SIZES = (50, 150, 500, 1000, 2000, 5000)
ONCE = 2000
"""From this size on, one measurement is enough."""


def tangle(count: int) -> Value:
    """About `count` values: sums, products and tanh of recent values, so deep and shared."""
    source = random.Random(count)
    values = [Value(source.uniform(-1, 1), f"x{place}") for place in range(count // 10)]
    while len(values) < count:
        first, second = source.choice(values[-12:]), source.choice(values[-30:])
        values.append(source.choice([first + second, first * second, first.tanh()]))
    result = values[-1]
    for value in values[-12:-1]:
        result = result + value
    result.backward()
    return result


def network(count: int) -> Value:
    """About `count` values: two layers of neurons, each fed by all values of the layer before."""
    width = round((count / 2) ** 0.5)
    values = [Value(0.1 * place, f"x{place}") for place in range(width)]
    for _ in range(2):
        weights = [[Value(0.01 * (n - m)) for m in range(width)] for n in range(width)]
        values = [dot(row, values).tanh() for row in weights]
    result = total(values)
    result.backward()
    return result


def staircase(count: int) -> Value:
    """About `count` values: one of them used again in every column, so that its wires are long."""
    x = Value(0.5, "x")
    result = x
    for _ in range(count // 2):
        result = (result + x).tanh()
    result.backward()
    return result


def seconds(make: Callable[[], Any], times: int) -> float:
    """The shortest of some measurements."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        make()
        found.append(time.perf_counter() - start)
    return min(found)


def main() -> None:
    ways: dict[str, Callable[[Value], Any]] = {
        "draw": lambda value: viz.draw(value, limit=None).svg,
        "with branches": lambda value: viz.draw(value, limit=None, branches=True).svg,
        "page": lambda value: viz.page(value, limit=None).html,
        "animate": lambda value: viz.animate(value, limit=None).svg,
        "steps": lambda value: [step.svg for step in viz.steps(value, limit=None)],
    }
    limits = {"page": TOLD, "animate": TOLD, "steps": STEPS}
    longest = {staircase: 1000}  # its branches together are as long as the square of this
    for kind in (tangle, network, staircase):
        print(f"\n{kind.__name__ + ', values':<18}" + "".join(f"{way:>15}" for way in ways))
        for count in SIZES:
            if count > longest.get(kind, count):
                continue
            circuit = kind(count)
            size = len(viz.draw(circuit, limit=None).layout.blocks)
            print(f"{size:<18,}", end="")
            for way, make in ways.items():
                if size > limits.get(way, size):
                    continue
                times = 1 if count >= ONCE else 3
                print(
                    f"{seconds(lambda make=make, circuit=circuit: make(circuit), times):>13.2f} s",
                    end="",
                    flush=True,
                )
            print()


if __name__ == "__main__":
    main()
