"""The digits, the network that learns to read them, and how it is trained.

This module needs scikit-learn; where that is missing, the lesson `digits` is left out.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.datasets import load_digits
from sklearn.model_selection import (
    StratifiedKFold,
    train_test_split,
)

from nn import L2, MLP, Adam, Trainer, softmax_cross_entropy

Array = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

PIXELS, DIGITS = load_digits(return_X_y=True)
PIXELS = PIXELS / 16.0  # grey levels from 0 to 1
HIDDEN = 32
FIFTHS: list[tuple[Places, Places]] = list(
    StratifiedKFold(5, shuffle=True, random_state=1).split(PIXELS, DIGITS)
)
"""Five times the places of the examples to learn from, and of those that are held out."""


@dataclass(frozen=True)
class Reader:
    """A trained network, and what it makes of digits that it has never seen.

    Attributes:
        model: the network.
        trainer: what trained it.
        sizes: how many examples it was trained on, validated on, and tested on.
        held_out: the places of the digits that it was tested on.
        scores: its logits for them, examples × classes.
    """

    model: MLP
    trainer: Trainer
    sizes: tuple[int, int, int]
    held_out: Places
    scores: Array

    @property
    def wrong(self) -> Places:
        """The places of the digits that it misreads."""
        misread: Places = self.held_out[self.scores.argmax(axis=1) != DIGITS[self.held_out]]
        return misread

    @property
    def accuracy(self) -> float:
        """The part of the held-out digits that it reads right."""
        return 1 - len(self.wrong) / len(self.held_out)


def learn(known: Places, held_out: Places) -> Reader:
    """Train on most of the known digits, stop by the others, and read those held out."""
    training, validation = train_test_split(
        known, test_size=0.15, stratify=DIGITS[known], random_state=0
    )
    model = MLP(64, [HIDDEN, 10], activation="relu", initial="he", seed=1)
    trainer = Trainer(
        model, softmax_cross_entropy, Adam(0.01), penalty=L2(0.001), batch_size=32, seed=1
    )
    trainer.fit(
        PIXELS[training],
        DIGITS[training],
        epochs=100,
        validation=(PIXELS[validation], DIGITS[validation]),
        patience=8,
        progress=False,
    )
    sizes = len(training), len(validation), len(held_out)
    return Reader(model, trainer, sizes, held_out, trainer.predict(PIXELS[held_out]))
