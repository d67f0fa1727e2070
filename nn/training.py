"""Training: epochs of updates, until something says stop."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from autograd_core import Value
from nn.data import examples
from nn.history import History
from nn.losses import Loss
from nn.module import Module
from nn.objective import EagerObjective
from nn.optimisers import Optimiser
from nn.saving import read_numbers, write_numbers
from nn.stopping import Stopping

Array = npt.NDArray[np.float64]


class Trainer:
    """Trains a model. `fit` can be called again, and goes on where it was.

    Online learning updates after each example (`batch_size=1`), batch learning once per epoch, by
    the average over all examples (`batch_size=None`); mini-batches lie between (lecture 5).

    Args:
        model: what to train: an `MLP`, or any `Module` that maps a list of numbers to a value or
            a list of values.
        loss: the mean of it over the examples is minimised.
        optimiser: how to step.
        penalty: what is added to that mean, `L2(0.001)`, or any function of the model.
        batch_size: how many examples an update takes; None for all.
        shuffle: whether the examples are put in a new order for each epoch.
        seed: governs that order: the same seed gives the same training.

    Attributes:
        history: what has happened so far.

    Raises:
        ValueError: if the batch size is less than 1, if the loss does not go with the model's
            output layer, or if a line search is to see only a part of the examples.

    >>> from nn import MLP, SteepestDescent, half_squared_error
    >>> model = MLP(2, [4, 1], activation="tanh", output="logistic", seed=1)
    >>> trainer = Trainer(model, half_squared_error, SteepestDescent(5.0))
    >>> history = trainer.fit([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], epochs=100)
    >>> history["loss"][0] > 0.1 > 0.01 > history["loss"][-1]
    True
    """

    def __init__(
        self,
        model: Any,
        loss: Loss,
        optimiser: Optimiser,
        *,
        penalty: Callable[[Module], Value] | None = None,
        batch_size: int | None = None,
        shuffle: bool = True,
        seed: int = 0,
    ) -> None:
        if batch_size is not None and batch_size < 1:
            raise ValueError(f"a batch has at least one example, not {batch_size}")
        if optimiser.needs_loss and batch_size is not None:
            raise ValueError(
                f"{type(optimiser).__name__} compares losses over all examples: "
                "leave batch_size out"
            )
        _check_output(model, loss)
        self.model = model
        self.loss = loss
        self.optimiser = optimiser
        self.penalty = penalty
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.seed = seed
        self.history = History()

    def fit(
        self,
        inputs: Any,
        targets: Any,
        epochs: int,
        *,
        validation: tuple[Any, Any] | None = None,
        patience: int | None = None,
        tolerance: float | None = None,
        stop: Callable[[History], bool] | None = None,
        progress: bool | None = None,
    ) -> History:
        """Train for some epochs.

        Args:
            inputs: examples × inputs, an array or lists.
            targets: one for each example, of the kind that the loss takes.
            epochs: how many times to go through all examples.
            validation: inputs and targets that are not trained on.
            patience: stop after so many epochs without a new lowest validation loss, and go back
                to the parameters that had the lowest.
            tolerance: stop when the loss changes by less than this from one epoch to the next.
            stop: is asked after each epoch; True stops.
            progress: whether to show a progress bar; left out, it is shown on a terminal only.

        Returns:
            The history, that of earlier calls included. After Ctrl-C the model keeps what it had
            learned by the last update, and the history says so.

        Raises:
            ValueError: if the examples do not fit the model or the loss, or if there is patience
                without a validation set.
            FloatingPointError: if the loss or a gradient is not finite; the model then has the
                parameters that led there.
        """
        stopping = Stopping(patience, tolerance, stop)
        if patience is not None and validation is None:
            raise ValueError("patience watches a validation set: give validation=(inputs, targets)")
        training = examples(self.model, self.loss, inputs, targets)
        held_out = validation and examples(self.model, self.loss, *validation)
        objective = EagerObjective(self.model, self.loss, self.penalty)
        reason = f"all {epochs} epochs are done"
        try:
            with tqdm(
                total=epochs, unit="epoch", disable=None if progress is None else not progress
            ) as bar:
                for _ in range(epochs):
                    numbers = self._epoch(objective, *training)
                    if held_out:
                        numbers |= self._validate(objective, *held_out)
                    self.history.add(numbers)
                    bar.set_postfix({n: f"{x:.4g}" for n, x in numbers.items()}, refresh=False)
                    bar.update()
                    asked = stopping.reason(self.history, objective)
                    if asked:
                        reason = asked
                        break
        except KeyboardInterrupt:
            reason = (
                f"interrupted in epoch {self.history.epochs + 1}; "
                "the model keeps what it had learned by then"
            )
            print(f"Training was {reason}.")
        finally:
            objective.write_back()
        self.history.stopped = reason
        return self.history

    def evaluate(self, inputs: Any, targets: Any) -> dict[str, float]:
        """The model's mean loss, without the penalty, and its accuracy, if there is one.

        Args:
            inputs: examples × inputs.
            targets: one for each example.
        """
        chosen = examples(self.model, self.loss, inputs, targets)
        loss, outputs = EagerObjective(self.model, self.loss).evaluate(*chosen)
        return {"loss": loss} | self._accuracy(outputs, chosen[1])

    def save(self, path: str | Path) -> None:
        """Write model, optimiser and history to a JSON file, whole or not at all.

        Raises:
            OSError: if the file cannot be written.
        """
        content = {
            "parameters": self.model.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "history": dict(self.history),
        }
        write_numbers(path, "training", content)

    def load(self, path: str | Path) -> None:
        """Read what `save` wrote; `fit` then goes on exactly as it would have.

        Raises:
            ValueError: if the file is damaged, of another kind, or of another model or optimiser;
                then nothing changes.
            OSError: if the file cannot be read.
        """
        content = read_numbers(path, "training")
        try:
            history = History.of(content["history"])
            optimiser = deepcopy(self.optimiser)
            optimiser.load_state_dict(content["optimiser"])
            self.model.load_state_dict(content["parameters"])
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{str(path)!r} is damaged: {error!r}") from None
        self.optimiser.load_state_dict(content["optimiser"])
        self.history = history

    def _epoch(self, objective: EagerObjective, inputs: Array, targets: Array) -> dict[str, float]:
        """Go through all examples once; returns the epoch's numbers."""
        loss = 0.0
        outputs = np.empty((len(inputs), 0))
        for chosen in self._batches(len(inputs)):
            mean, gradient, answers = objective.gradient(inputs[chosen], targets[chosen])
            self._check_finite(mean, gradient)
            if outputs.shape[1] == 0:
                outputs = np.empty((len(inputs), answers.shape[1]))
            outputs[chosen] = answers
            loss += mean * len(chosen) / len(inputs)
            objective.numbers = self.optimiser.update(
                objective.numbers,
                gradient,
                partial(objective.loss_at, inputs=inputs[chosen], targets=targets[chosen]),
            )
        return {"loss": loss} | self._accuracy(outputs, targets)

    def _batches(self, count: int) -> Iterator[npt.NDArray[np.intp]]:
        """The examples of each update, in this epoch's order."""
        order = np.arange(count)
        if self.shuffle and self.batch_size is not None:
            order = np.random.default_rng([self.seed, self.history.epochs]).permutation(count)
        size = self.batch_size or count
        for start in range(0, count, size):
            yield order[start : start + size]

    def _validate(
        self, objective: EagerObjective, inputs: Array, targets: Array
    ) -> dict[str, float]:
        objective.write_back()
        loss, outputs = objective.evaluate(inputs, targets)
        numbers = {"loss": loss} | self._accuracy(outputs, targets)
        return {f"validation_{name}": number for name, number in numbers.items()}

    def _accuracy(self, outputs: Array, targets: Array) -> dict[str, float]:
        right = self.loss.targets.right(outputs, targets)
        return {} if right is None else {"accuracy": float(right.mean())}

    def _check_finite(self, loss: float, gradient: Array) -> None:
        """Stop before parameters are spoiled."""
        where = (
            f"in update {self.optimiser.updates + 1} (epoch {self.history.epochs + 1}), "
            f"with the learning rate {self.optimiser.rate:g}; a smaller one, or inputs of a "
            "smaller size, may help"
        )
        if not np.isfinite(loss):
            raise FloatingPointError(f"the loss is {loss} {where}")
        wrong = np.flatnonzero(~np.isfinite(gradient))
        if wrong.size:
            name = list(self.model.named_parameters())[wrong[0]]
            raise FloatingPointError(f"the gradient of {name} is {gradient[wrong[0]]} {where}")


def _check_output(model: Any, loss: Loss) -> None:
    """See that the loss and the model's output layer mean the same by an output."""
    layers = getattr(model, "layers", None)
    if not layers:
        return
    activation = layers[-1].activation
    if loss.takes == "logits" and activation != "identity":
        raise ValueError(
            f"{loss.name} takes logits and turns them into probabilities itself, but the model's "
            f"last layer is {activation}: give it output='identity'"
        )
    if loss.takes == "probabilities" and activation not in ("softmax", "logistic"):
        raise ValueError(
            f"{loss.name} takes probabilities, and the model's last layer is {activation}: "
            "give it output='logistic' or 'softmax'"
        )
