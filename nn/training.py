"""Training: epochs of updates, until something says stop."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import partial
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from autograd_core import Value
from nn.checks import check_model, check_output
from nn.counts import whole_number
from nn.data import examples
from nn.history import History
from nn.losses import Loss, as_loss
from nn.module import Module
from nn.objective import EagerObjective
from nn.optimisers import Optimiser
from nn.program_objective import ProgramObjective
from nn.saving import read_numbers, write_numbers
from nn.stopping import Stopping

Array = npt.NDArray[np.float64]
Objective = EagerObjective | ProgramObjective


class Trainer:
    """Trains a model. `fit` can be called again, and goes on where it was.

    Online learning updates after each example (`batch_size=1`), batch learning once per epoch, by
    the average over all examples (`batch_size=None`); mini-batches lie between (lecture
    "Online vs. batch learning").

    Args:
        model: what to train: an `MLP`, or any `Module` that maps a list of numbers to a value or
            a list of values.
        loss: what is minimised, as a mean over the examples: one of `nn.LOSSES`, or a function of
            your own of what the model returned and of the target, a number or a list of numbers.
        optimiser: how to step.
        penalty: what is added to that mean, `L2(0.001)`, or any function of the model.
        batch_size: how many examples an update takes; None for all.
        shuffle: whether the examples are put in a new order for each epoch.
        seed: a whole number that governs that order: the same seed gives the same training.
        eager: whether every example builds a circuit of its own. Otherwise the circuit is recorded
            once as a `Program`, which gives the same numbers to rounding, and is very much faster.

    Attributes:
        history: what has happened so far.

    Raises:
        ValueError: if the batch size or the seed makes no sense, if the loss does not go with the
            model's output layer, if nothing can be learnt because the model has no parameters or a
            flat activation, or if a line search is to see only a part of the examples.
        TypeError: if the model cannot be called, or if something else was given for the loss, the
            optimiser or the penalty.

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
        loss: Loss | Callable[[Any, Any], Value],
        optimiser: Optimiser,
        *,
        penalty: Callable[[Module], Value] | None = None,
        batch_size: int | None = None,
        shuffle: bool = True,
        seed: int = 0,
        eager: bool = False,
    ) -> None:
        if batch_size is not None:
            batch_size = whole_number(batch_size, "batch_size", least=1)
        if not isinstance(optimiser, Optimiser):
            raise TypeError(f"an optimiser is SteepestDescent(0.1) or the like, not {optimiser!r}")
        if penalty is not None and not callable(penalty):
            raise TypeError(f"a penalty is L2(0.001), L1(0.001) or a function, not {penalty!r}")
        if optimiser.needs_loss and batch_size is not None:
            raise ValueError(
                f"{type(optimiser).__name__} compares losses over all examples: "
                "leave batch_size out"
            )
        self.loss = as_loss(loss)
        check_model(model)
        check_output(model, self.loss)
        self.model = model
        self.optimiser = optimiser
        self.penalty = penalty
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.seed = whole_number(seed, "seed", least=0)
        self.eager = eager
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
            validation: a pair, inputs and targets that are not trained on.
            patience: stop after so many epochs without a new lowest validation loss, and go back
                to the parameters that had the lowest. Where all epochs are done before, the model
                keeps the last parameters.
            tolerance: stop when the loss changes by no more than this from one epoch to the next.
            stop: is asked after each epoch; True stops.
            progress: whether to show a progress bar; left out, it is shown on a terminal only.

        Returns:
            The history, that of earlier calls included. After Ctrl-C the model keeps what it had
            learned by the last update, and the history says so; the next call begins the
            interrupted epoch anew.

        Raises:
            ValueError: if the examples do not fit the model or the loss, or if there is patience
                without a validation set.
            FloatingPointError: if the loss or a gradient is not finite, or not defined; the model
                then has the parameters that led there, the last finite ones.
        """
        epochs = whole_number(epochs, "epochs", least=0)
        stopping = Stopping(patience, tolerance, stop)
        if patience is not None and validation is None:
            raise ValueError("patience watches a validation set: give validation=(inputs, targets)")
        training = examples(self.model, self.loss, inputs, targets)
        held_out = None if validation is None else self._held_out(validation)
        objective = self._objective(*training)
        reason = "an error ended it"
        try:
            with tqdm(
                total=epochs, unit="epoch", disable=None if progress is None else not progress
            ) as bar:
                for _ in range(epochs):
                    numbers = self._epoch(objective, *training)
                    if held_out is not None:
                        numbers |= self._validate(objective, *held_out)
                    self.history.add(numbers)
                    bar.set_postfix({n: f"{x:.4g}" for n, x in numbers.items()}, refresh=False)
                    bar.update()
                    asked = stopping.reason(self.history, objective)
                    if asked:
                        reason = asked
                        break
                else:
                    reason = "all epochs are done"
        except KeyboardInterrupt:
            reason = (
                f"interrupted in epoch {self.history.epochs + 1}; "
                "the model keeps what it had learned by then"
            )
            print(f"Training was {reason}.")
        except FloatingPointError as error:
            reason = str(error)
            raise
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
        loss, outputs = self._objective(*chosen).evaluate(*chosen)
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

        The settings, such as learning rate, batch size and seed, are not in the file: they are
        those that this trainer was made with.

        Raises:
            ValueError: if the file is damaged, of another kind, or of another model or optimiser;
                then nothing changes.
            OSError: if the file cannot be read.
        """
        content = read_numbers(path, "training")
        try:
            history = History.of(content["history"])
            optimiser = deepcopy(self.optimiser)
            optimiser.load_state_dict(content["optimiser"], len(self.model.parameters()))
            self.model.load_state_dict(content["parameters"])
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{str(path)!r} is damaged: {error!r}") from None
        except ValueError as error:
            raise ValueError(f"{str(path)!r}: {error}") from None
        self.optimiser.load_state_dict(optimiser.state_dict())
        self.history = history

    def _objective(self, inputs: Array, targets: Array) -> Objective:
        """The objective of the model as it is."""
        if self.eager:
            return EagerObjective(self.model, self.loss, self.penalty)
        return ProgramObjective(self.model, self.loss, self.penalty, inputs, targets)

    def _epoch(self, objective: Objective, inputs: Array, targets: Array) -> dict[str, float]:
        """Go through all examples once; returns the epoch's numbers."""
        loss = 0.0
        places, answers = [], []
        for chosen in self._batches(len(inputs)):
            with self._naming_the_update():
                mean, gradient, outputs = objective.gradient(inputs[chosen], targets[chosen])
                self._check_finite(mean, gradient)
            objective.numbers = self.optimiser.update(
                objective.numbers,
                gradient,
                partial(objective.loss_at, inputs=inputs[chosen], targets=targets[chosen]),
            )
            loss += mean * len(chosen) / len(inputs)
            places.append(chosen)
            answers.append(outputs)
        accuracy = self._accuracy(np.concatenate(answers), targets[np.concatenate(places)])
        return {"loss": loss} | accuracy

    def _batches(self, count: int) -> Iterator[npt.NDArray[np.intp]]:
        """The examples of each update, in this epoch's order."""
        order = np.arange(count)
        if self.shuffle and self.batch_size is not None:
            order = np.random.default_rng([self.seed, self.history.epochs]).permutation(count)
        size = self.batch_size or count
        for start in range(0, count, size):
            yield order[start : start + size]

    def _validate(self, objective: Objective, inputs: Array, targets: Array) -> dict[str, float]:
        """The epoch's numbers for the examples that are not trained on."""
        objective.write_back()
        with self._naming_the_update():
            loss, outputs = objective.evaluate(inputs, targets)
        numbers = {"loss": loss} | self._accuracy(outputs, targets)
        return {f"validation_{name}": number for name, number in numbers.items()}

    def _held_out(self, validation: Any) -> tuple[Array, Array]:
        try:
            inputs, targets = validation
        except (TypeError, ValueError):
            raise ValueError(
                f"validation is a pair (inputs, targets), not {validation!r}"
            ) from None
        try:
            return examples(self.model, self.loss, inputs, targets)
        except ValueError as error:
            raise ValueError(f"the validation set: {error}") from None

    def _accuracy(self, outputs: Array, targets: Array) -> dict[str, float]:
        right = self.loss.targets.right(outputs, targets)
        return {} if right is None else {"accuracy": float(right.mean())}

    def _check_finite(self, loss: float, gradient: Array) -> None:
        """Stop before parameters are spoiled."""
        if not isfinite(loss):
            raise FloatingPointError(f"the loss is {loss}")
        wrong = np.flatnonzero(~np.isfinite(gradient))
        if wrong.size:
            name = list(self.model.named_parameters())[wrong[0]]
            raise FloatingPointError(f"the gradient of {name} is {gradient[wrong[0]]}")

    @contextmanager
    def _naming_the_update(self) -> Iterator[None]:
        """Say of an error of arithmetic, or of a gate outside its domain, when it came about."""
        try:
            yield
        except (ArithmeticError, ValueError) as error:
            raise FloatingPointError(
                f"{error}, in update {self.optimiser.updates + 1} "
                f"(epoch {self.history.epochs + 1}), with the learning rate "
                f"{self.optimiser.rate:g}; a smaller one, or inputs of a smaller size, may help"
            ) from error
