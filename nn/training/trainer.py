"""`Trainer`: epochs of updates, until something says stop."""

import warnings
from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import numpy as np

from autograd_core import Value
from autograd_core.explain import table_html
from nn.losses import LOSSES, Loss, as_loss
from nn.module import Module
from nn.optimisers import Optimiser
from nn.prediction import predict
from nn.saving import read_numbers, write_numbers
from nn.training.checks import Decisions, check_model, check_output, check_settings
from nn.training.data import Array, Examples, UndefinedLossError, as_examples
from nn.training.diagnosis import Diagnosis, of_columns, of_undefined
from nn.training.history import History, progress_bar
from nn.training.loop import run_epoch
from nn.training.objective import Objective
from nn.training.recording import Decided, KeptProgram
from nn.training.stopping import Resumption, Stopping, held_out_examples
from nn.validation import as_text, counted, cures, missing, shown, unexpected, whole_number


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
        replacement: whether batches are drawn with replacement instead: an epoch is then as many
            draws as there are examples, some of which come twice, and some not at all.
        seed: a whole number that governs that: the same seed gives the same training.
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
        *more: NoReturn,
        penalty: Callable[[Module], Value] | None = None,
        batch_size: int | None = None,
        shuffle: bool = True,
        replacement: bool = False,
        seed: int = 0,
        eager: bool = False,
        **others: NoReturn,
    ) -> None:
        if others:
            raise unexpected("Trainer", others, _OF_TRAINER)
        if more:
            raise TypeError(
                "after the optimiser all has a name: Trainer(model, loss, optimiser, "
                f"batch_size={shown(more[0])})"
            )
        self.batch_size = batch_size
        check_settings(optimiser, penalty, batch_size)
        self.loss: Loss = as_loss(loss)
        self.model: Any = model
        self._decisions = Decisions()
        self._decisions.check(model)
        check_output(model, self.loss)
        self.optimiser = optimiser
        self.penalty = penalty
        self.shuffle = shuffle
        self.replacement = replacement
        self.seed = seed
        self.eager = eager
        self.history = History()
        self._program, self._prediction = KeptProgram(), KeptProgram()
        self._diagnosis, self._resumption = Diagnosis(), Resumption()

    if not TYPE_CHECKING:  # to a checker, a class with `__getattr__` has every name

        def __getattr__(self, name):
            raise missing(self, name, _ELSEWHERE)

    def __setattr__(self, name: str, thing: Any) -> None:
        if name in _NOT_WRITTEN:
            raise AttributeError(_NOT_WRITTEN[name].format(name=name, thing=thing))
        if name == "history" and not isinstance(thing, History):
            raise TypeError(f"the history of a trainer is a History, not {thing!r}")
        if name == "model" and "model" in vars(self):
            check_model(thing)
            check_output(thing, self.loss)
        if name in ("shuffle", "replacement", "eager") and thing not in (True, False):
            raise TypeError(f"{name} is True or False, not {thing!r}")
        if name in ("optimiser", "penalty") and {"optimiser", "penalty"} <= {*vars(self)}:
            new = vars(self) | {name: thing}
            check_settings(new["optimiser"], new["penalty"], self.batch_size)
        if name == "loss":
            thing = as_loss(thing)
        elif name == "seed" or (name == "batch_size" and thing is not None):
            thing = whole_number(thing, name, least=int(name == "batch_size"))
        super().__setattr__(name, thing)

    def __repr__(self) -> str:
        (_, model), *rest = self._in_words()
        lines = [f"{type(self).__name__} of {model}", *(f"  {name}: {text}" for name, text in rest)]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        words = table_html(("setting", "value"), self._in_words(), right=(False, False))
        course = self.history._repr_mimebundle_() if self.history.epochs else {}
        return f"{words}\n{course.get('text/html', '')}"

    def _in_words(self) -> list[tuple[str, str]]:
        """What trains what, and how far it has come."""
        size = "all examples" if self.batch_size is None else counted(self.batch_size, "example")
        how = "shuffled" if self.shuffle and self.batch_size else ""
        how = "drawn with replacement," if self.replacement else how
        order = f", {how} with seed {self.seed}" if how else ""
        return [
            ("model", repr(self.model).splitlines()[0]),
            ("loss", self.loss.name + (f" + {as_text(self.penalty)}" if self.penalty else "")),
            ("optimiser", repr(self.optimiser)),
            ("batches", f"{size}{order}" + (", eager" if self.eager else "")),
            ("history", repr(self.history)[len("<History of ") : -1]),
        ]

    def fit(
        self,
        inputs: Any,
        targets: Any,
        epochs: int,
        *more: NoReturn,
        validation: tuple[Any, Any] | None = None,
        patience: int | None = None,
        restore: Literal["best", "last"] | None = None,
        tolerance: float | None = None,
        stop: Callable[[History], bool] | None = None,
        callback: Callable[[History], Any] | None = None,
        progress: bool | None = None,
        **others: NoReturn,
    ) -> History:
        """Train for some epochs.

        Args:
            inputs: examples × inputs, an array or lists.
            targets: one for each example, of the kind that the loss takes.
            epochs: how many times to go through all examples.
            validation: a pair, inputs and targets that are not trained on.
            patience: stop after so many epochs without a new lowest validation loss.
            restore: whether the model then has the parameters of the epoch with the lowest
                validation loss, `"best"`, or the `"last"`. If it is left out, the best with
                patience, whatever ended the training, and else the last. The trainer keeps the
                last ones in either case, and goes on from them, unless the model's have been
                changed: 10 epochs and 10 more are the same as 20.
            tolerance: stop when the loss changes by no more than this from one epoch to the next.
            stop: is asked after each epoch, with the history; True stops.
            callback: is called after each epoch, with the history, as to print, to draw, or to
                clip weights. Here and in `stop` the model has the parameters after that epoch;
                training goes on with those that the callback leaves in it.
            progress: whether to show a progress bar; left out, it is shown on a terminal only.

        Returns:
            The history, that of earlier calls included; a later call returns another. After Ctrl-C
            the model keeps what it had learned by the last update, and the history says so; the
            next call begins the interrupted epoch anew.

        Raises:
            ValueError: if the examples do not fit the model or the loss, if there is patience, or
                the best is to be restored, without a validation set, or if the circuit cannot be
                recorded once for all examples (`nn.RecordingError`).
            FloatingPointError: if the loss or a gradient is not finite, or not defined; the model
                then has the parameters that led there, the last finite ones. An error of your own
                code, in a loss, a penalty or a model, is raised as it is.
        """
        if others:
            raise unexpected("Trainer.fit", others, _OF_FIT)
        if more:
            raise TypeError(
                "after the epochs all has a name: fit(inputs, targets, 100, "
                f"validation={shown(more[0])})"
            )
        epochs = whole_number(epochs, "epochs", least=0)
        if callback is not None and not callable(callback):
            raise TypeError(f"callback is a function of the history, not {callback!r}")
        stopping = Stopping(patience, tolerance, stop)
        decided = self._decided()
        known = self._program.known(decided)
        examples_of = partial(as_examples, self.model, self.loss, known=known)
        spare, self._program.spare = self._program.spare, None
        examples = examples_of(inputs, targets, spare=spare)
        held_out = held_out_examples(examples_of, validation, patience, restore)
        self._decisions.check(self.model, decided)
        self._tell_model()
        objective = self._objective(examples, decided)
        best, goes_on = self._resumption.begin(objective, held_out)
        if not goes_on:
            self._diagnosis.begin()
        self.history = history = self.history.copy()  # what was returned earlier does not grow
        before, wanted = history.epochs, restore or ("best" if patience else "last")
        updates, reason = self.optimiser.updates, "an error ended it"
        try:
            with progress_bar(epochs, progress) as show:
                for _ in range(epochs):
                    numbers = self._epoch(objective, examples, held_out)
                    history.add(numbers)
                    if best is not None:
                        best.follow(numbers["validation_loss"], history.epochs, objective.numbers)
                    self._tell(self._diagnosis.of_untrained(objective))
                    show(numbers)
                    if stop or callback:
                        objective.write_back()
                    if callback:
                        callback(history)
                        objective.read_back()
                    asked = stopping.reason(history, best)
                    if asked:
                        reason = asked
                        break
                else:
                    reason = "all epochs are done"
            if epochs:
                self._tell(self._diagnosis.of_untrained(objective, examples))
                told = objective, examples, history, self.optimiser
                self._tell(self._diagnosis.of_course(*told, before, updates))
            reason += self._resumption.end(objective, history, wanted)
        except KeyboardInterrupt:
            reason = f"interrupted in epoch {history.epochs + 1}"
            back = self._resumption.end(objective, history, wanted)
            reason += back or "; the model keeps what it had learned by then"
            print(f"Training was {reason}.")
        except UndefinedLossError as error:
            history.warnings += of_columns(examples)
            reason = of_undefined(error, self.optimiser, history.epochs + 1)
            raise FloatingPointError(reason) from error
        except FloatingPointError as error:
            reason = str(error)
            raise
        finally:
            objective.write_back()
            history.stopped = reason
            if examples.table.nbytes <= _SPARED:
                self._program.spare = examples
        return history

    def _epoch(
        self, objective: Objective, examples: Examples, held_out: Examples | None
    ) -> dict[str, float]:
        """Go through all examples once, and then look at the validation set, if there is one."""
        if self.replacement or (self.shuffle and self.batch_size is not None):
            examples = examples.drawn(self.replacement, self.seed, self.history.epochs)
        size = self.batch_size or len(examples)
        loss, outputs = run_epoch(objective, self.optimiser, examples, size)
        numbers = {"loss": loss} | self.loss.targets.accuracy(outputs, examples.targets)
        if held_out is not None:
            after = self._evaluation(objective, held_out)
            numbers |= {f"validation_{name}": number for name, number in after.items()}
        return numbers

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
        return self._evaluation(self._objective(examples, self._decided()), examples)

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
        kept = None if self.eager else self._prediction
        return predict(self.model, inputs, kept, strict=True)

    def save(self, path: str | Path) -> None:
        """Write model, optimiser and history to a JSON file, whole or not at all.

        Where `fit` has given the model its best parameters, the last ones are in the file too.

        Raises:
            OSError: if the file cannot be written.
        """
        content: dict[str, Any] = {
            "parameters": self.model.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "history": dict(self.history),
        }
        content |= self._resumption.state(self.model.parameters())
        write_numbers(path, "training", content, self._settings())

    def load(self, path: str | Path) -> None:
        """Read what `save` wrote; `fit` then goes on exactly as it would have.

        The settings, such as learning rate, batch size and seed, stay those that this trainer was
        made with; a warning says which of them were others when the file was written.

        Raises:
            ValueError: if the file is damaged, of another kind, or of another model or optimiser;
                then nothing changes.
            OSError: if the file cannot be read.
        """
        content, settings = read_numbers(path, "training")
        try:
            if isinstance(self.model, Module):
                self.model._check_settings(settings.get("model", {}))
            history = History.of(content["history"])
            optimiser = deepcopy(self.optimiser)
            count = len(self.model.parameters())
            optimiser.load_state_dict(content["optimiser"], count)
            resumption = Resumption.of(content, history, count)
            self.model.load_state_dict(content["parameters"])
        except (KeyError, TypeError, AttributeError, OverflowError) as error:
            raise ValueError(f"{str(path)!r} is damaged: {error!r}") from None
        except ValueError as error:
            raise ValueError(f"{str(path)!r}: {error}") from None
        self.optimiser.load_state_dict(content["optimiser"])
        self.history = history
        self._tell_model()
        self._resumption = resumption
        if resumption.last is not None:
            resumption.left = np.array([parameter.data for parameter in self.model.parameters()])
        others = self._other_settings(settings)
        self._tell(
            [
                f"{str(path)!r} was written with other settings, and training goes on with those "
                f"of this trainer: {', '.join(others)}"
            ][: len(others)]
        )

    def _settings(self) -> dict[str, Any]:
        """What decides how training goes on, beside the numbers."""
        return {
            "model": self.model._settings() if isinstance(self.model, Module) else {},
            "loss": self.loss.name,
            "penalty": as_text(self.penalty),
            "batch_size": self.batch_size,
            "shuffle": self.shuffle,
            "replacement": self.replacement,
            "seed": self.seed,
            "optimiser": self.optimiser.settings(),
        }

    def _other_settings(self, saved: Mapping[str, Any]) -> list[str]:
        """The settings of a file that are not those of this trainer, in words."""
        own = self._settings()
        del own["model"]
        if not self.replacement and (self.batch_size is None or not self.shuffle):
            del own["seed"]  # nothing is shuffled
        own |= own.pop("optimiser")
        saved = {**saved, **saved.get("optimiser", {})}
        return [
            f"{name} {saved[name]!r} there, {mine!r} here"
            for name, mine in own.items()
            if name in saved and saved[name] != mine
        ]

    def _tell_model(self) -> None:
        """Let the model know the loss that says what its outputs are."""
        if isinstance(self.model, Module):
            name = self.loss.name if LOSSES.get(self.loss.name) is self.loss else ""
            if self.model._trained_with != name:
                self.model._trained_with = name

    def _decided(self) -> Decided | None:
        """All that decides what is computed, if that is known."""
        return None if self.eager else self._decisions.of(self.model, self.loss, self.penalty)

    def _objective(self, examples: Examples, decided: Decided | None) -> Objective:
        """The objective of the model as it is."""
        kept = None if self.eager else self._program
        return Objective(self.model, self.loss, self.penalty, examples, kept, decided)

    def _evaluation(self, objective: Objective, examples: Examples) -> dict[str, float]:
        """The mean loss without the penalty, and the accuracy if there is one."""
        loss, outputs = objective.evaluate(examples)
        return {"loss": loss} | self.loss.targets.accuracy(outputs, examples.targets)

    def _tell(self, says: list[str]) -> None:
        """Say it in the history, and as a warning of the line that called `fit` or `load`."""
        if says:
            self.history.warnings += says
            warnings.warn("; ".join(says), stacklevel=3)


_SPARED = 2**24
"""Examples of so many bytes are kept for the next call, which may have their memory."""

_ELSEWHERE = cures("""
    train: write trainer.fit(inputs, targets, epochs=100)
    score: write trainer.model.score(inputs, targets), or trainer.evaluate(inputs, targets)
    predict_proba: write trainer.model.predict_probabilities(inputs)
    predict_probabilities, predict_classes: write trainer.model.{name}(…)
    parameters, zero_grad: write trainer.model.{name}(…)
    rate, lr, learning_rate: it is trainer.optimiser.rate
    optimizer: it is trainer.optimiser
    losses: they are trainer.history["loss"]
""")
"""What trainers have elsewhere, and what is written here."""

_NOT_WRITTEN = cures("""
    rate, lr, learning_rate: the rate is the optimiser's: trainer.optimiser.rate = {thing!r}
    epochs, validation, patience, restore: {name} is given to fit: trainer.fit(…, {name}={thing!r})
    tolerance, stop, callback: {name} is given to fit: trainer.fit(…, {name}={thing!r})
    optimizer: {name} is not read: write trainer.optimiser
    batchsize: {name} is not read: write trainer.batch_size
    criterion: {name} is not read: write trainer.loss
    regulariser, regularizer: {name} is not read: write trainer.penalty
""")

_OF_TRAINER = cures("""
    optimizer: write optimiser=
    criterion: write loss=
    lr, learning_rate, rate: the rate is the optimiser's: Adam({})
    clip_norm, clip_value: the optimiser clips, as in Adam(0.01, clip_norm=1.0)
    epochs, n_epochs, max_iter: write fit(inputs, targets, epochs={})
    validation, patience, callback, tolerance, stop: it is given to fit
    regulariser, regularizer, alpha, weight_decay: write penalty=L2({})
    batchsize: write batch_size={}
    random_state: write seed={}
    replace, sampling: write replacement=True
""")
_OF_FIT = cures("""
    verbose: write progress=True or progress=False
    batch_size, shuffle, seed: it is given to Trainer(…)
    callbacks, on_epoch_end: write callback=, one function of the history
    validation_data, eval_set: write validation=(inputs, targets)
    validation_split: split the examples, and write validation=(inputs, targets)
    n_epochs, num_epochs, steps, max_iter: write epochs={}
    lr, learning_rate, rate: the rate is the optimiser's: Adam({})
    early_stopping: write validation=(inputs, targets), patience=10
""")
"""What `Trainer` and `fit` are given elsewhere, and what is written here."""
