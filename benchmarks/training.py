"""Training on handwritten digits: through a program, eagerly, and beside a bare loop over arrays.

Run with `make benchmark`. A network 64-32-10 is trained on four fifths of the digits of the lesson
`digits`; its accuracy is that on the rest. Ratios are of the processor's time, in turns, the least
of many.
"""

import os

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"

import time
import warnings
from collections.abc import Callable
from copy import deepcopy
from functools import partial
from itertools import product

import numpy as np
from sklearn.datasets import load_digits, make_moons
from sklearn.model_selection import StratifiedKFold

from autograd_core import Program, Value
from nn import (
    MLP,
    Adam,
    Loss,
    Optimiser,
    SteepestDescent,
    Trainer,
    binary_cross_entropy_from_logit,
    softmax_cross_entropy,
)

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


def beside_the_bare_loop(model: MLP, loss: Loss, inputs: np.ndarray, targets: np.ndarray) -> None:
    """Print what `fit` takes, and the loop over values, in times of the loop over arrays."""
    encoded = loss.targets.encode_all(targets, len(model.layers[-1].neurons))
    table = np.concatenate([inputs, encoded], axis=1)
    for kind, size in product((SteepestDescent, Adam), (1, 10, 32, 100, 256, None)):
        if size is not None and size > len(table):
            continue
        trainer = Trainer(deepcopy(model), loss, kind(0.001), batch_size=size)
        bare, values = loops(model, loss, table, inputs.shape[1], size, kind)
        fit = partial(trainer.fit, inputs, targets, progress=False)
        ways = [partial(way, epochs) for way in (bare, fit) for epochs in (20, 1)]
        turns = 5 if size == 1 else 25
        many, one, fitted, single, valued = least(*ways, partial(values, 1), turns=turns)
        print(
            f"  {kind.__name__}, batches of {size or 'all'}: fit(epochs=20) {fitted / many:.2f}, "
            f"fit(epochs=1) {single / one:.2f}, "
            f"zero_grad, backward and step {valued / one:.2f}"
        )


def program_of(model: MLP, loss: Loss, first: int, last: int) -> Program:
    """The loss of an example, for a model that takes and gives so many numbers."""
    inputs, target = ([Value(0.0) for _ in range(count)] for count in (first, last))
    target[0].data = 1.0  # as in a class given as a one-hot list
    return Program(loss(model(inputs), target), [*inputs, *target], parameters=model.parameters())


def loops(
    model: MLP, loss: Loss, table: np.ndarray, width: int, size: int | None, kind: type[Optimiser]
) -> list[Callable[[int], object]]:
    """Epochs over arrays, and the same over values."""
    program = program_of(model, loss, width, len(table.T) - width)
    one, other, source = kind(0.001), kind(0.001), np.random.default_rng(1)

    def batches() -> list[np.ndarray]:
        if size is None:
            return [table]
        shuffled = table[source.permutation(len(table))]
        return [shuffled[start : start + size] for start in range(0, len(table), size)]

    def over_arrays(epochs: int) -> None:
        numbers = program.read()
        for _ in range(epochs):
            for batch in batches():
                _, gradient = program.gradient(batch, numbers)
                numbers = one.update(numbers, gradient)

    def over_values(epochs: int) -> None:
        for _ in range(epochs):
            for batch in batches():
                model.zero_grad()
                program.backward(batch)
                other.step(model.parameters())

    return [over_arrays, over_values]


def step_beside_arrays(model: MLP, loss: Loss, batch: np.ndarray, turns: int) -> None:
    """Print what steps over values take, in times of steps over arrays."""
    outputs, rate = len(model.layers[-1].neurons), 1e-9
    program = program_of(model, loss, batch.shape[1] - outputs, outputs)
    optimiser = SteepestDescent(rate)

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
    size = f"{len(program.parameters):,} parameters, {len(batch)} examples"
    print(f"  {size}: zero_grad, backward and step {values / arrays:.2f}")


def main() -> None:
    warnings.simplefilter("ignore")  # of rates so small that training stays what it is
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

    print("digits, epochs in times of the loop over arrays")
    model = MLP(64, [32, 10], initial="he", seed=1)
    beside_the_bare_loop(model, softmax_cross_entropy, inputs, labels)
    print("100 points of moons, 2-16-16-1 with tanh, the same")
    points, moons = make_moons(100, noise=0.1, random_state=1)
    small = MLP(2, [16, 16, 1], "tanh", seed=1)
    loss = binary_cross_entropy_from_logit
    beside_the_bare_loop(small, loss, points, moons)
    print("a step, in times of numbers - rate * gradient over arrays")
    step_beside_arrays(small, loss, np.column_stack([points, moons]), turns=200)
    source = np.random.default_rng(1)
    images = np.concatenate([source.random((256, 784)), np.eye(10)[source.integers(0, 10, 256)]], 1)
    step_beside_arrays(MLP(784, [128, 10], seed=1), softmax_cross_entropy, images, turns=4)
    [seconds_to_build] = least(lambda: MLP(784, [512, 512, 512, 10], seed=1), turns=3)
    print(f"a model of 932,362 parameters is made in {seconds_to_build:.2f} s")


if __name__ == "__main__":
    main()
