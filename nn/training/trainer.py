"""`Trainer`: epochs of updates, until something says stop."""

from collections.abc import Callable
from copy import deepcopy
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from autograd_core import RecordingError, Value, no_grad
from nn.layer import Layer
from nn.losses import Loss, as_list, as_loss
from nn.mlp import MLP
from nn.module import Module
from nn.neuron import Maxout, Neuron
from nn.optimisers import Optimiser
from nn.saving import read_numbers, write_numbers
from nn.training.data import Array, Examples, as_examples, as_table
from nn.training.history import History, progress_bar
from nn.training.objective import Objective, UndefinedLossError
from nn.training.recording import KeptProgram
from nn.training.stopping import Stopping
from nn.validation import whole_number

SUITABLE = {
    "logits": ["identity", "maxout"],
    "probabilities": ["logistic", "softmax"],
    "distribution": ["softmax"],
}
"""For what a loss takes, the activations whose outputs are that. `"numbers"` may be anything."""


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
        _check_settings(optimiser, penalty, batch_size)
        self.loss = as_loss(loss)
        _check_model(model)
        _check_output(model, self.loss)
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
        verbose: None = None,
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
        if verbose is not None:
            raise TypeError(f"fit has progress=True or progress=False, and no verbose={verbose!r}")
        epochs = whole_number(epochs, "epochs", least=0)
        stopping = Stopping(patience, tolerance, stop)
        examples = as_examples(self.model, self.loss, inputs, targets)
        held_out = self._held_out(validation, patience)
        objective = self._objective(examples)
        reason = "an error ended it"
        try:
            with progress_bar(epochs, progress) as show:
                for _ in range(epochs):
                    numbers = self._epoch(objective, examples)
                    if held_out is not None:
                        after = self._evaluation(objective, held_out)
                        numbers |= {f"validation_{name}": x for name, x in after.items()}
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
        except UndefinedLossError as error:
            reason = (
                f"{error}, in update {self.optimiser.updates + 1} (epoch {self.history.epochs + 1})"
                f", with the learning rate {self.optimiser.rate:g}; "
                "a smaller one, or inputs of a smaller size, may help"
            )
            raise FloatingPointError(reason) from error
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
        examples = as_examples(self.model, self.loss, inputs, targets)
        return self._evaluation(self._objective(examples), examples)

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
        table = as_table(inputs)
        first = self._answer(table[0].tolist(), 0)
        outputs = None if self.eager else self._by_program(table)
        if outputs is None:
            answers = [self._answer(row, place) for place, row in enumerate(table.tolist())]
            outputs = np.array([[value.data for value in as_list(answer)] for answer in answers])
        return outputs if isinstance(first, list | tuple | np.ndarray) else outputs[:, 0]

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
        except (KeyError, TypeError, AttributeError, OverflowError) as error:
            raise ValueError(f"{str(path)!r} is damaged: {error!r}") from None
        except ValueError as error:
            raise ValueError(f"{str(path)!r}: {error}") from None
        self.optimiser.load_state_dict(content["optimiser"])
        self.history = history

    def _objective(self, examples: Examples) -> Objective:
        """The objective of the model as it is."""
        kept = None if self.eager else self._program
        return Objective(self.model, self.loss, self.penalty, examples, kept)

    def _epoch(self, objective: Objective, examples: Examples) -> dict[str, float]:
        """Go through all examples once, with an update after each batch.

        Returns:
            The mean of the objective, and the accuracy if there is one; those of each batch are
            taken before its update.
        """
        if self.shuffle and self.batch_size is not None:
            examples = examples.shuffled(self.seed, self.history.epochs)
        total, answers = 0.0, []
        for batch in examples.batches(self.batch_size or len(examples)):
            mean, gradient, outputs = objective.gradient(batch)
            loss_at = partial(objective.loss_at, batch=batch) if self.optimiser.needs_loss else None
            objective.numbers = self.optimiser.update(objective.numbers, gradient, loss_at)
            total += mean * len(batch)
            answers.append(outputs)
        accuracy = self.loss.targets.accuracy(np.concatenate(answers), examples.targets)
        return {"loss": total / len(examples)} | accuracy

    def _evaluation(self, objective: Objective, examples: Examples) -> dict[str, float]:
        """The mean loss without the penalty, and the accuracy if there is one."""
        loss, outputs = objective.evaluate(examples)
        return {"loss": loss} | self.loss.targets.accuracy(outputs, examples.targets)

    def _held_out(self, validation: Any, patience: int | None) -> Examples | None:
        """The validation set, which is there if it is needed."""
        if validation is None:
            if patience is not None:
                raise ValueError(
                    "patience watches a validation set: give validation=(inputs, targets)"
                )
            return None
        if not isinstance(validation, tuple | list) or len(validation) != 2:
            raise ValueError(f"validation is a pair (inputs, targets), not {validation!r}")
        inputs, targets = validation
        try:
            return as_examples(self.model, self.loss, inputs, targets, "validation example")
        except ValueError as error:
            raise ValueError(f"the validation set: {error}") from None

    def _by_program(self, table: Array) -> Array | None:
        """The outputs for all examples; None where the model is not defined for one of them."""
        examples = Examples(table, table.shape[1], np.arange(len(table)))
        try:
            program = self._prediction.program(
                lambda row: as_list(self.model(row)), examples, self.model.parameters()
            )
            return program(table)
        except RecordingError:
            raise
        except (ArithmeticError, ValueError):
            return None

    def _answer(self, row: list[float], place: int) -> Any:
        """What the model returns for an example."""
        try:
            with no_grad():
                return self.model(row)
        except (ArithmeticError, ValueError) as error:
            raise ValueError(f"example {place}: {error}") from error

    def __getstate__(self) -> dict[str, Any]:
        """Everything but the programs: a copy records its own."""
        return vars(self) | {"_program": KeptProgram(), "_prediction": KeptProgram()}


def _check_model(model: Any) -> None:
    """See that there is something to train."""
    kind = type(model).__name__
    if not hasattr(model, "named_parameters") or isinstance(model, type):
        raise TypeError(f"a model is an MLP, or another Module, not {model!r}")
    if not callable(model):
        raise TypeError(f"{kind} cannot be called: give it __call__(self, inputs)")
    if not model.parameters():
        raise ValueError(
            f"{kind} has no parameters to train: they are the leaves among its attributes, "
            "Value(0.0), that have no underscore before their name"
        )
    if "step" in _activations(model):
        raise ValueError(
            "the activation 'step' is flat, so nothing below it learns; train with 'logistic'"
        )


def _check_settings(optimiser: Any, penalty: Any, batch_size: int | None) -> None:
    """See that optimiser and penalty are what they should be, and go with the batch size."""
    if not isinstance(optimiser, Optimiser):
        raise TypeError(f"an optimiser is SteepestDescent(0.1) or the like, not {optimiser!r}")
    if penalty is not None and (not callable(penalty) or isinstance(penalty, type)):
        raise TypeError(f"a penalty is L2(0.001), L1(0.001) or a function, not {penalty!r}")
    if optimiser.needs_loss and batch_size is not None:
        raise ValueError(
            f"{type(optimiser).__name__} compares losses over all examples: leave batch_size out"
        )


def _check_output(model: Any, loss: Loss) -> None:
    """See that the loss and the model's output layer mean the same by an output."""
    activations, suitable = _activations(model), SUITABLE.get(loss.takes)
    if not activations or suitable is None or activations[-1] in suitable:
        return
    takes = "a distribution" if loss.takes == "distribution" else loss.takes
    raise ValueError(
        f"{loss.name} takes {takes}, but the model ends in {activations[-1]!r}: "
        f"make that {' or '.join(map(repr, suitable))}"
    )


def _activations(model: Any) -> list[str]:
    """The activations of this package's models; nothing is known of classes of the user's own."""
    if type(model) is MLP:
        return [layer.activation for layer in model.layers]
    return [model.activation] if type(model) in (Layer, Neuron, Maxout) else []
