"""Training: epochs of updates, until something says stop."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd_core import Value
from nn.losses import Loss, as_loss
from nn.module import Module
from nn.optimisers import Optimiser
from nn.training.checkpoint import load_training, save_training
from nn.training.checks import check_model, check_output, check_settings, check_validation
from nn.training.data import examples
from nn.training.history import History
from nn.training.objective import EagerObjective
from nn.training.prediction import predict
from nn.training.program_objective import objective_of
from nn.training.progress import progress_bar
from nn.training.recording import KeptProgram
from nn.training.stopping import Stopping
from nn.training.updates import evaluate, update_by_batches, update_in_words
from nn.validation import whole_number

Array = npt.NDArray[np.float64]


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
            once as a `Program`, which gives the same numbers to rounding, and is very much faster;
            model and loss then have to be made of gates, without Python's `if` on a number.

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
        model: Module,
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
        check_settings(optimiser, penalty, batch_size)
        self.loss = as_loss(loss)
        check_model(model)
        check_output(model, self.loss)
        self.model: Any = model
        self.optimiser = optimiser
        self.penalty = penalty
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.seed = whole_number(seed, "seed", least=0)
        self.eager = eager
        self.history = History()
        self._program, self._prediction = KeptProgram(), KeptProgram()

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
            ValueError: if the examples do not fit the model or the loss, if there is patience
                without a validation set, or if the circuit cannot be recorded once for all
                examples (`nn.RecordingError`).
            FloatingPointError: if the loss or a gradient is not finite, or not defined; the model
                then has the parameters that led there, the last finite ones.
        """
        epochs = whole_number(epochs, "epochs", least=0)
        stopping = Stopping(patience, tolerance, stop)
        check_validation(validation, patience)
        table, width = self._table(inputs, targets)
        held_out = None if validation is None else self._held_out(*validation)
        objective = self._objective(table, width)
        reason = "an error ended it"
        try:
            with progress_bar(epochs, progress) as show:
                for _ in range(epochs):
                    numbers = self._epoch(objective, table)
                    if held_out is not None:
                        numbers |= self._validate(objective, held_out)
                    self.history.add(numbers)
                    show(numbers)
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

        Raises:
            ValueError: if the examples do not fit the model or the loss.
            FloatingPointError: if the loss is not defined for an example.
        """
        table, width = self._table(inputs, targets)
        return evaluate(self._objective(table, width), table)

    def predict(self, inputs: Any) -> Array:
        """The model's outputs for many examples, at once unless the trainer is eager.

        Args:
            inputs: examples × inputs.

        Returns:
            examples × outputs; of a model that returns a single value, one number for each example.

        Raises:
            ValueError: if the inputs do not fit the model.

        >>> from nn import MLP, SteepestDescent, softmax_cross_entropy
        >>> trainer = Trainer(MLP(2, [3], seed=1), softmax_cross_entropy, SteepestDescent(0.1))
        >>> trainer.predict([[0.0, 0.0], [1.0, 2.0]]).argmax(axis=1)  # the classes
        array([0, 0])
        """
        return predict(self.model, inputs, None if self.eager else self._prediction)

    def save(self, path: str | Path) -> None:
        """Write model, optimiser and history to a JSON file, whole or not at all.

        Raises:
            OSError: if the file cannot be written.
        """
        save_training(path, self.model, self.optimiser, self.history)

    def load(self, path: str | Path) -> None:
        """Read what `save` wrote; `fit` then goes on exactly as it would have.

        The settings, such as learning rate, batch size and seed, are not in the file: they are
        those that this trainer was made with.

        Raises:
            ValueError: if the file is damaged, of another kind, or of another model or optimiser;
                then nothing changes.
            OSError: if the file cannot be read.
        """
        self.history = load_training(path, self.model, self.optimiser)

    def _table(self, inputs: Any, targets: Any) -> tuple[Array, int]:
        """The examples as one table, inputs and encoded targets side by side; how many inputs."""
        rows, encoded = examples(self.model, self.loss, inputs, targets)
        return np.concatenate([rows, encoded], axis=1), rows.shape[1]

    def _objective(self, table: Array, width: int) -> EagerObjective:
        """The objective of the model as it is."""
        kept = None if self.eager else self._program
        return objective_of(self.model, self.loss, self.penalty, width, table, kept)

    def _epoch(self, objective: EagerObjective, table: Array) -> dict[str, float]:
        """Go through all examples once; returns the epoch's numbers."""
        order = np.arange(len(table))
        if self.shuffle and self.batch_size is not None:
            order = np.random.default_rng([self.seed, self.history.epochs]).permutation(order)
            table = table[order]
        size, when = self.batch_size or len(table), f"epoch {self.history.epochs + 1}"
        return update_by_batches(objective, self.optimiser, table, order, size, when)

    def _validate(self, objective: EagerObjective, table: Array) -> dict[str, float]:
        """The epoch's numbers for the examples that are not trained on."""
        try:
            numbers = evaluate(objective, table, "validation example")
        except FloatingPointError as error:
            update = update_in_words(self.optimiser, f"epoch {self.history.epochs + 1}")
            raise FloatingPointError(f"{error}, in {update}") from error
        return {f"validation_{name}": number for name, number in numbers.items()}

    def _held_out(self, inputs: Any, targets: Any) -> Array:
        """The validation set as a table."""
        try:
            return self._table(inputs, targets)[0]
        except ValueError as error:
            raise ValueError(f"the validation set: {error}") from None

    def __getstate__(self) -> dict[str, Any]:
        """Everything but the programs: a copy records its own."""
        return vars(self) | {"_program": KeptProgram(), "_prediction": KeptProgram()}
