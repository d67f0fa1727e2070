"""How long it takes to draw: random circuits of growing size with the built-in layout.

Run with `make benchmark`. The time is the best of three; the circuits are the same in every run.
"""

import random
import time

import viz
from autograd_core import Value


def random_circuit(count: int) -> Value:
    """About `count` values: sums, products and tanh of recent values, so deep and shared."""
    source = random.Random(count)
    values = [Value(source.uniform(-1, 1), f"x{place}") for place in range(count // 10)]
    while len(values) < count:
        first, second = source.choice(values[-12:]), source.choice(values[-30:])
        values.append(source.choice([first + second, first * second, first.tanh()]))
    total = values[-1]
    for value in values[-12:-1]:
        total = total + value
    total.backward()
    return total


def main() -> None:
    print(f"{'values':>8}{'seconds':>10}")
    for count in (50, 150, 300, 500):
        circuit = random_circuit(count)
        times = []
        for _ in range(3):
            start = time.perf_counter()
            drawing = viz.draw(circuit, limit=None)
            assert drawing.svg
            times.append(time.perf_counter() - start)
        print(f"{len(drawing.layout.blocks):>8}{min(times):>10.3f}")


if __name__ == "__main__":
    main()
