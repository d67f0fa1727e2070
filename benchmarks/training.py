"""Training on handwritten digits: through a program, and eagerly.

Run with `make benchmark`. A network 64-32-10 is trained on four fifths of the digits of the lesson
`digits`; its accuracy is that on the rest.
"""

import os

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"

import statistics
import time

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import StratifiedKFold

from nn import MLP, Adam, Trainer, softmax_cross_entropy

EPOCHS = 30
BATCH = 32
RATE = 0.005


def trainer_of(seed: int, *, eager: bool = False) -> Trainer:
    model = MLP(64, [32, 10], initial="he", seed=seed)
    options = {"batch_size": BATCH, "seed": seed, "eager": eager}
    return Trainer(model, softmax_cross_entropy, Adam(RATE), **options)


def updates_per_second(trainer: Trainer, inputs: np.ndarray, labels: np.ndarray) -> float:
    """The speed of one epoch, with what a call of `fit` takes beside."""
    before, start = trainer.optimiser.updates, time.perf_counter()
    trainer.fit(inputs, labels, epochs=1, progress=False)
    return (trainer.optimiser.updates - before) / (time.perf_counter() - start)


def main() -> None:
    pixels, digits = load_digits(return_X_y=True)
    pixels /= 16.0
    fifths = StratifiedKFold(5, shuffle=True, random_state=1)
    known, held_out = next(fifths.split(pixels, digits))
    inputs, labels = pixels[known], digits[known]

    seconds, accuracies = [], []
    for seed in range(5):
        start = time.perf_counter()
        trainer = trainer_of(seed)
        trainer.fit(inputs, labels, EPOCHS, progress=False)
        seconds.append(time.perf_counter() - start)
        accuracies.append(trainer.evaluate(pixels[held_out], digits[held_out])["accuracy"])
    print(f"digits, 64-32-10, batches of {BATCH}, {EPOCHS} epochs, {len(seconds)} seeds")
    print(f"  accuracy on the held-out fifth: {min(accuracies):.1%} to {max(accuracies):.1%}")
    print(f"  one training, with compiling: {statistics.median(seconds):.2f} s")

    program, eager = trainer_of(0), trainer_of(0, eager=True)
    program.fit(inputs, labels, epochs=1, progress=False)
    few = slice(2 * BATCH)  # an eager epoch of all takes long
    rates = [
        (
            updates_per_second(program, inputs, labels),
            updates_per_second(eager, inputs[few], labels[few]),
        )
        for _ in range(7)
    ]
    ratio = statistics.median(ours / theirs for ours, theirs in rates)
    for name, rate in zip(("program", "eager"), np.median(rates, axis=0), strict=True):
        print(f"  {name}: {rate:.0f} updates per second")
    print(f"  ratio: {ratio:.0f}×")


if __name__ == "__main__":
    main()
