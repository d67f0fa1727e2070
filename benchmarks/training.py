"""Training on handwritten digits: through a program, eagerly, and beside a bare loop over arrays.

Run with `make benchmark`. A network 64-32-10 is trained on four fifths of the digits of the lesson
`digits`; its accuracy is that on the rest. Ratios are of the processor's time, in turns, the least
of many.
"""

import os

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"

import time
from collections.abc import Callable

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import StratifiedKFold

from autograd_core import Program, Value
from nn import MLP, Adam, Optimiser, SteepestDescent, Trainer, hinge, softmax_cross_entropy

EPOCHS = 30
BATCH = 32
RATE = 0.005


def trainer_of(seed: int, *, eager: bool = False) -> Trainer:
    model = MLP(64, [32, 10], initial="he", seed=seed)
    options = {"batch_size": BATCH, "seed": seed, "eager": eager}
    return Trainer(model, softmax_cross_entropy, Adam(RATE), **options)


def least(*ways: Callable[[], object], turns: int = 25) -> list[float]:
    """The processor's time that each way takes, in seconds."""
    found = [float("inf")] * len(ways)
    for _ in range(turns):
        for place, way in enumerate(ways):
            start = time.process_time()
            way()
            found[place] = min(found[place], time.process_time() - start)
    return found


def program_of(model: MLP, first: int, last: int) -> Program:
    """The loss of an example whose target is one-hot, or 1 or -1, with the model's parameters."""
    inputs, target = ([Value(0.0) for _ in range(count)] for count in (first, last))
    target[0].data = 1.0
    output = model(inputs)
    loss = hinge(output, target[0]) if last == 1 else softmax_cross_entropy(output, target)
    return Program(loss, [*inputs, *target], parameters=model.parameters())


def beside_the_bare_loop(inputs: np.ndarray, labels: np.ndarray) -> None:
    """Print what `fit` takes, and the loop over values, in times of the loop over arrays."""
    table = np.concatenate([inputs, np.eye(10)[labels]], axis=1)
    for kind, size in ((SteepestDescent, 10), (Adam, 10), (SteepestDescent, 256), (Adam, 256)):
        ours, other = kind(0.001), kind(0.001)
        model = MLP(64, [32, 10], initial="he", seed=1)
        trainer = Trainer(model, softmax_cross_entropy, kind(0.001), batch_size=size)
        ways = loops(model, table, size, ours, other)
        ways += [lambda t=trainer, e=epochs: t.fit(inputs, labels, e) for epochs in (5, 1)]
        bare, values, five, one = least(*ways)
        print(
            f"  {kind.__name__}, batches of {size}: fit {five / 5 / bare:.2f}, "
            f"fit(epochs=1) {one / bare:.2f}, zero_grad, backward and step {values / bare:.2f}"
        )


def loops(
    model: MLP, table: np.ndarray, size: int, one: Optimiser, other: Optimiser
) -> list[Callable[[], object]]:
    """An epoch over arrays, and the same over values."""
    program, source = program_of(model, 64, 10), np.random.default_rng(1)

    def batches() -> list[np.ndarray]:
        shuffled = table[source.permutation(len(table))]
        return [shuffled[start : start + size] for start in range(0, len(table), size)]

    def over_arrays() -> None:
        numbers = program.read()
        for batch in batches():
            _, gradient = program.gradient(batch, numbers)
            numbers = one.update(numbers, gradient)

    def over_values() -> None:
        for batch in batches():
            model.zero_grad()
            program.backward(batch)
            other.step(model.parameters())

    return [over_arrays, over_values]


def step_beside_arrays(first: int, *others: int, count: int, turns: int) -> None:
    """Print what steps over values take, in times of steps over arrays."""
    model, source = MLP(first, [*others], seed=1), np.random.default_rng(1)
    program, optimiser, rate = program_of(model, first, others[-1]), SteepestDescent(1e-9), 1e-9
    labels = source.integers(0, others[-1], count)
    targets = np.eye(others[-1])[labels]
    batch = np.concatenate([source.normal(size=(count, first)), targets], axis=1)

    def over_arrays() -> None:
        numbers = program.read()
        for _ in range(turns):
            _, gradient = program.gradient(batch, numbers)
            numbers = numbers - rate * gradient

    def over_values() -> None:
        for _ in range(turns):
            model.zero_grad()
            program.backward(batch)
            optimiser.step(model.parameters())

    arrays, values = least(over_arrays, over_values, turns=50)
    sizes = "-".join(map(str, (first, *others)))
    print(f"  {sizes} × {count}: zero_grad, backward and step {values / arrays:.2f}")


def main() -> None:
    pixels, digits = load_digits(return_X_y=True)
    pixels /= 16.0
    fifths = StratifiedKFold(5, shuffle=True, random_state=1)
    known, held_out = next(fifths.split(pixels, digits))
    inputs, labels = pixels[known], digits[known]

    trainers = [trainer_of(seed) for seed in range(5)]
    ways = [lambda t=trainer: t.fit(inputs, labels, EPOCHS, progress=False) for trainer in trainers]
    seconds = least(*ways, turns=1)
    accuracies = [t.evaluate(pixels[held_out], digits[held_out])["accuracy"] for t in trainers]
    print(f"digits, 64-32-10, batches of {BATCH}, {EPOCHS} epochs, {len(seconds)} seeds")
    print(f"  accuracy on the held-out fifth: {min(accuracies):.1%} to {max(accuracies):.1%}")
    print(f"  one training, with compiling: {np.median(seconds):.2f} s")

    program, eager = trainer_of(0), trainer_of(0, eager=True)
    few = slice(2 * BATCH)  # an eager epoch of all takes long
    ours, theirs = least(
        lambda: program.fit(inputs, labels, epochs=1, progress=False),
        lambda: eager.fit(inputs[few], labels[few], epochs=1, progress=False),
        turns=7,
    )
    rates = [len(range(0, len(inputs), BATCH)) / ours, 2 / theirs]
    for name, rate in zip(("program", "eager"), rates, strict=True):
        print(f"  {name}: {rate:.0f} updates per second")
    print(f"  ratio: {rates[0] / rates[1]:.0f}×")

    print("an epoch, in times of the loop over arrays")
    beside_the_bare_loop(inputs, labels)
    print("a step, in times of numbers - rate * gradient over arrays")
    step_beside_arrays(2, 16, 16, 1, count=100, turns=200)
    step_beside_arrays(784, 128, 10, count=256, turns=4)
    [seconds_to_build] = least(lambda: MLP(784, [512, 512, 512, 10], seed=1), turns=3)
    print(f"a model of 932,362 parameters is made in {seconds_to_build:.2f} s")


if __name__ == "__main__":
    main()
