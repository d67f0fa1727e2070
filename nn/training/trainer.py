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
from nn.layer import Layer
from nn.losses import LOSSES, Loss, as_loss
from nn.mlp import MLP
from nn.module import Module, modules_of
from nn.neuron import Maxout, Neuron
from nn.optimisers import Optimiser
from nn.prediction import predict
from nn.saving import read_numbers, write_numbers
from nn.training import diagnosis
from nn.training.data import Array, Examples, UndefinedLossError, as_examples
from nn.training.decisions import Decisions
from nn.training.history import History, progress_bar
from nn.training.objective import Objective
from nn.training.recording import KeptProgram
from nn.training.stopping import Best, Stopping, mark_of
from nn.training.untrained import untrained_leaves, warning_about
from nn.validation import as_text, counted, missing, shown, unexpected, whole_number

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
        *more: NoReturn,
        penalty: Callable[[Module], Value] | None = None,
        batch_size: int | None = None,
        shuffle: bool = True,
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
        _check_settings(optimiser, penalty, batch_size)
        self.loss: Loss = as_loss(loss)
        self.model: Any = model
        self._names: list[str] = []  # of the parameters, when they have been asked for
        self._decisions = Decisions()
        self._check_model()
        _check_output(model, self.loss)
        self.optimiser = optimiser
        self.penalty = penalty
        self.shuffle = shuffle
        self.seed = seed
        self.eager = eager
        self.history = History()
        self._program, self._prediction = KeptProgram(), KeptProgram()
        self._has_looked = False
        self._minimised: tuple[Any, ...] = ()  # by what losses were compared, and since when
        self._unused: list[Value] = []  # parameters that were not in the circuits looked at
        self._best: Best | None = None
        self._left: Array | None = None  # the model's parameters when `fit` ended
        self._last: Array | None = None  # those with which training goes on

    if not TYPE_CHECKING:  # to a checker, a class with `__getattr__` has every name

        def __getattr__(self, name):
            raise missing(self, name, _ELSEWHERE)

    def __setattr__(self, name: str, thing: Any) -> None:
        if name in ("rate", "lr", "learning_rate"):
            raise AttributeError(f"the rate is the optimiser's: trainer.optimiser.rate = {thing!r}")
        if name in ("epochs", "validation", "patience", "restore", "tolerance", "stop", "callback"):
            raise AttributeError(f"{name} is given to fit: trainer.fit(…, {name}={thing!r})")
        if name in ("optimizer", "batchsize", "criterion", "regulariser", "regularizer"):
            ours = {"optimizer": "optimiser", "batchsize": "batch_size", "criterion": "loss"}
            raise AttributeError(f"{name} is not read: write trainer.{ours.get(name, 'penalty')}")
        if name == "history" and not isinstance(thing, History):
            raise TypeError(f"the history of a trainer is a History, not {thing!r}")
        if name == "model" and "model" in vars(self):
            _check_model(thing)
            _check_output(thing, self.loss)
        if name in ("shuffle", "eager") and thing not in (True, False):
            raise TypeError(f"{name} is True or False, not {thing!r}")
        before = vars(self)
        if name in ("optimiser", "penalty") and {"optimiser", "penalty"} <= {*before}:
            new = before | {name: thing}
            _check_settings(new["optimiser"], new["penalty"], self.batch_size)
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
        order = f", shuffled with seed {self.seed}" if self.shuffle and self.batch_size else ""
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
        examples = as_examples(self.model, self.loss, inputs, targets)
        held_out = self._held_out(validation, patience, restore)
        self._check_model()
        self._tell_model()
        objective = self._objective(examples)
        best = self._go_on(objective, held_out)
        self.history = self.history.copy()  # what an earlier call has returned does not grow
        before = self.history.epochs, self.optimiser.updates
        reason = "an error ended it"
        try:
            with progress_bar(epochs, progress) as show:
                for _ in range(epochs):
                    numbers = self._epoch(objective, examples)
                    if held_out is not None:
                        after = self._evaluation(objective, held_out)
                        numbers |= {f"validation_{name}": x for name, x in after.items()}
                    self.history.add(numbers)
                    if best is not None:
                        best.follow(
                            numbers["validation_loss"], self.history.epochs, objective.numbers
                        )
                    self._look_for_untrained(objective)
                    show(numbers)
                    if stop or callback:
                        objective.write_back()
                    if callback:
                        callback(self.history)
                        objective.read_back()
                    asked = stopping.reason(self.history, best)
                    if asked:
                        reason = asked
                        break
                else:
                    reason = "all epochs are done"
            if epochs:
                self._look_for_untrained(objective, examples)
                self._diagnose(objective, examples, *before)
            reason += self._restored(objective, best, restore or ("best" if patience else "last"))
        except KeyboardInterrupt:
            reason = f"interrupted in epoch {self.history.epochs + 1}"
            back = self._restored(objective, best, restore or ("best" if patience else "last"))
            reason += back or "; the model keeps what it had learned by then"
            print(f"Training was {reason}.")
        except UndefinedLossError as error:
            self.history.warnings += diagnosis.of_columns(examples)
            reason = (
                f"{error}, in update {self.optimiser.updates + 1} (epoch {self.history.epochs + 1})"
            )
            if self.optimiser.updates:
                reason += (
                    f", with the learning rate {self.optimiser.rate:g}; "
                    "a smaller one, or inputs of a smaller size, may help"
                )
            else:
                reason += (
                    ", before anything was learnt, so the learning rate is not the cause: look at "
                    "what the loss and the model compute, and at the size of the inputs"
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
        parameters = np.array([parameter.data for parameter in self.model.parameters()])
        if self._left is not None and np.array_equal(parameters, self._left):
            content["last"] = None if self._last is None else self._last.tolist()
            if self._best is not None and self._best.numbers is not None:
                content["best"] = vars(self._best) | {"numbers": self._best.numbers.tolist()}
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
            last = _numbers(content.get("last"), count)
            best = None if "best" not in content else Best(**content["best"])
            if best is not None:
                best.check(history)
                best.numbers = _numbers(best.numbers, count)
                history.best = best.epoch
            self.model.load_state_dict(content["parameters"])
        except (KeyError, TypeError, AttributeError, OverflowError) as error:
            raise ValueError(f"{str(path)!r} is damaged: {error!r}") from None
        except ValueError as error:
            raise ValueError(f"{str(path)!r}: {error}") from None
        self.optimiser.load_state_dict(content["optimiser"])
        self.history = history
        self._tell_model()
        self._best, self._last = best, last
        parameters = [parameter.data for parameter in self.model.parameters()]
        self._left = None if last is None else np.array(parameters)
        others = self._other_settings(settings)
        if others:
            self._warn(
                f"{str(path)!r} was written with other settings, and training goes on with those "
                f"of this trainer: {', '.join(others)}",
                depth=3,
            )

    def _settings(self) -> dict[str, Any]:
        """What decides how training goes on, beside the numbers."""
        return {
            "model": self.model._settings() if isinstance(self.model, Module) else {},
            "loss": self.loss.name,
            "penalty": as_text(self.penalty),
            "batch_size": self.batch_size,
            "shuffle": self.shuffle,
            "seed": self.seed,
            "optimiser": self.optimiser.settings(),
        }

    def _other_settings(self, saved: Mapping[str, Any]) -> list[str]:
        """The settings of a file that are not those of this trainer, in words."""
        own = self._settings()
        del own["model"]
        if self.batch_size is None or not self.shuffle:
            del own["seed"]  # nothing is shuffled
        own |= own.pop("optimiser")
        saved = {**saved, **saved.get("optimiser", {})}
        return [
            f"{name} {saved[name]!r} there, {mine!r} here"
            for name, mine in own.items()
            if name in saved and saved[name] != mine
        ]

    def _check_model(self) -> None:
        """See that there is something to train, unless nothing has changed since this was seen."""
        found = self.model._collected() if isinstance(self.model, Module) else None
        if found is None or found is not self._decisions.sound:
            _check_model(self.model)
            self._decisions.sound, self._names = found, []

    def _tell_model(self) -> None:
        """Let the model know the loss that says what its outputs are."""
        if isinstance(self.model, Module):
            known = LOSSES.get(self.loss.name) is self.loss
            self.model._trained_with = self.loss.name if known else ""

    def _objective(self, examples: Examples) -> Objective:
        """The objective of the model as it is."""
        if self.eager:
            return Objective(self.model, self.loss, self.penalty, examples, None)
        decided = self._decisions.of(self.model, self.loss, self.penalty)
        return Objective(self.model, self.loss, self.penalty, examples, self._program, decided)

    def _look_for_untrained(self, objective: Objective, examples: Examples | None = None) -> None:
        """Warn, once, of leaves that the loss depends on and that are no parameters."""
        circuits = [] if self._has_looked else objective.leaves(examples)
        if not circuits:
            return
        self._has_looked = True
        found = objective.leaves_of_losses()
        self._unused = [p for p in self.model.parameters() if id(p) not in found]
        if len(self._unused) == len(self.model.parameters()):
            self._warn(
                "the loss depends on no parameter of the model, so training changes nothing: "
                "compute it from the values that the model returns, not from their .data, and "
                "without Value(…), detach() or no_grad() on the way",
                depth=4,
            )
            self._unused = []
        named = self.model._leaves() if isinstance(self.model, Module) else {}
        left_out = {*map(id, named.values())}
        leaves = untrained_leaves(circuits, self.model.parameters())
        leaves = [leaf for leaf in leaves if id(leaf) not in left_out]
        if leaves:
            self._warn(warning_about(leaves, self.model, self.loss, self.penalty), depth=4)

    def _diagnose(
        self, objective: Objective, examples: Examples, epochs: int, updates: int
    ) -> None:
        """Warn of what went wrong since there were so many epochs and updates, without an error."""
        losses = self.history["loss"][epochs:]
        known = self.history.warnings
        minimised = (
            self.loss,
            repr(self.penalty),
            examples.table.shape,
            examples.table[:50].tobytes(),
        )
        if minimised != self._minimised[:-1]:
            self._minimised = *minimised, epochs
        says = diagnosis.of_losses(losses, self.optimiser)
        if len(losses) == 1 and not any(told.startswith("the loss rose") for told in known):
            since = self.history["loss"][self._minimised[-1] :]
            says = diagnosis.of_losses(since, self.optimiser)  # for those who fit epoch by epoch
        enough = len(losses) > 1 or self.history.epochs % 10 == 0
        if not says and enough:
            says = self._idle_parts(objective, examples, losses)
        says = says or diagnosis.of_tiny_steps(losses, self.optimiser)
        if not says and len(losses) > 1 and diagnosis.is_constant(losses):
            _, gradient, _ = objective.gradient(examples, slice(None))
            says = diagnosis.of_no_steps(losses[-1], gradient, self.optimiser)
        stuck = len(losses) > 9 and losses[-1] > 0.5 * losses[0]
        if says or stuck:
            size = diagnosis.LARGE if says else diagnosis.HUGE
            says += diagnosis.of_columns(examples, size)
            if self.loss.takes == "numbers":
                says += diagnosis.of_range(_activations(self.model)[-1], examples)
                says += diagnosis.of_targets(examples, size)
        says = says or diagnosis.of_short_steps(
            losses, self.optimiser, self.optimiser.updates - updates
        )
        says = [say for say in says if say not in known]
        if says:
            self.history.warnings += says
            warnings.warn("; ".join(says), stacklevel=3)

    def _idle_parts(
        self, objective: Objective, examples: Examples, losses: list[float]
    ) -> list[str]:
        """What to say of parameters that had no gradient."""
        at_minimum = losses[-1] == 0.0 or len(examples) == 1
        if not isinstance(self.model, Module) or (at_minimum and losses[0] != losses[-1]):
            return []
        parameters = objective.parameters
        if len(self._names) != len(parameters):
            named = {id(value): name for name, value in self.model.named_parameters().items()}
            self._names = [named.get(id(value), "") for value in parameters]
        groups = diagnosis.groups_of(self._names)
        idle = objective.idle(examples, groups.values())
        told = any("depends on no parameter" in each for each in self.history.warnings)
        if idle.all() and not told and objective.is_flat(examples):
            return diagnosis.of_flat_loss(losses[-1])
        if at_minimum or not idle.any():
            return []
        unused, self._unused = {*map(id, self._unused)}, []
        left_out = {
            at
            for at, value in enumerate(parameters)
            if idle[at] and id(value) in unused and self._names[at]
        }
        zero = [self._names[at] for at in left_out if not parameters[at].data]
        whole = [
            name
            for name, places in groups.items()
            if left_out >= {*places} and any(parameters[at].data for at in places)
        ]
        says = diagnosis.of_unused(sorted(zero), diagnosis.ASKED) + diagnosis.of_unused(whole)
        activations = {
            name[:-1]: str(getattr(part, "activation", "")) for name, part in modules_of(self.model)
        }
        weights = {at for at, name in enumerate(self._names) if ".weights." in f".{name}"}
        return says + diagnosis.of_idle_layers(
            {
                name: activations.get(name, "")
                for name, places in groups.items()
                if idle[places].all()
            },
            everything=bool(idle.all()),
            zero=[
                name
                for name, places in groups.items()
                if name in activations
                and not any(objective.numbers[at] for at in weights & {*places})
            ],
        )

    def _warn(self, message: str, depth: int) -> None:
        """Say it in the history, and as a warning of the user's line, so many calls above."""
        self.history.warnings.append(message)
        warnings.warn(message, stacklevel=depth)

    def _epoch(self, objective: Objective, examples: Examples) -> dict[str, float]:
        """Go through all examples once, with an update after each batch.

        Returns:
            The mean of the objective, and the accuracy if there is one; those of each batch are
            taken before its update.
        """
        if self.shuffle and self.batch_size is not None:
            examples = examples.shuffled(self.seed, self.history.epochs)
        objective.begin_epoch()
        total, answers, loss_at = 0.0, [], None
        count = self.batch_size or len(examples)
        if self.optimiser.needs_loss:  # which takes all examples
            loss_at = partial(objective.loss_at, table=examples.table)
        with np.errstate(over="ignore"):  # a sum that is inf is told of in words
            for start in range(0, len(examples), count):
                mean, gradient, outputs = objective.gradient(examples, slice(start, start + count))
                objective.numbers = self.optimiser.update(objective.numbers, gradient, loss_at)
                total += mean * len(outputs)
                answers.append(outputs)
        accuracy = self.loss.targets.accuracy(np.concatenate(answers), examples.targets)
        return {"loss": total / len(examples)} | accuracy

    def _evaluation(self, objective: Objective, examples: Examples) -> dict[str, float]:
        """The mean loss without the penalty, and the accuracy if there is one."""
        loss, outputs = objective.evaluate(examples)
        return {"loss": loss} | self.loss.targets.accuracy(outputs, examples.targets)

    def _go_on(self, objective: Objective, held_out: Examples | None) -> Best | None:
        """Give the objective the last parameters, if the model is as `fit` has left it.

        Returns:
            The best epoch so far, of which there is none without a validation set.
        """
        untouched = np.array_equal(objective.numbers, self._left if self._left is not None else [])
        if untouched and self._last is not None:
            objective.numbers = self._last
        if not untouched:
            self._minimised = ()
        best, self._left, self._last = self._best if untouched else None, None, None
        mark = None if held_out is None else mark_of(held_out)
        if mark is not None and (best is None or best.validation != mark):
            best = Best(mark)
        self._best = best if mark is not None else None
        return self._best

    def _restored(self, objective: Objective, best: Best | None, which: str) -> str:
        """Give the objective the parameters that the model is to have, and say which, if not the
        last.
        """
        self.history.best = None if best is None or not best.epoch else best.epoch
        self._left = self._last = objective.numbers
        if best is None or best.numbers is None or best.numbers is objective.numbers:
            return ""
        if which == "last":
            return f"; the lowest validation loss was that of epoch {best.epoch}"
        self._left = objective.numbers = best.numbers
        return f"; back to the parameters of epoch {best.epoch}"

    def _held_out(
        self, validation: Any, patience: int | None, restore: str | None
    ) -> Examples | None:
        """The validation set, which is there if it is needed."""
        if restore not in ("best", "last", None):
            raise ValueError(f"restore is 'best' or 'last', not {restore!r}")
        if validation is None:
            if patience is not None or restore == "best":
                watches = "patience watches" if patience is not None else "restore='best' asks for"
                raise ValueError(f"{watches} a validation set: give validation=(inputs, targets)")
            return None
        if not isinstance(validation, tuple | list) or len(validation) != 2:
            raise ValueError(f"validation is a pair (inputs, targets), not {validation!r}")
        inputs, targets = validation
        try:
            return as_examples(self.model, self.loss, inputs, targets, "validation example")
        except ValueError as error:
            raise ValueError(f"the validation set: {error}") from None


_ELSEWHERE = {
    "train": "write trainer.fit(inputs, targets, epochs=100)",
    "score": "write trainer.model.score(inputs, targets), or trainer.evaluate(inputs, targets)",
    "predict_proba": "write trainer.model.predict_probabilities(inputs)",
    **{
        name: f"write trainer.model.{name}(…)"
        for name in ("predict_probabilities", "predict_classes", "parameters", "zero_grad")
    },
    **dict.fromkeys(("rate", "lr", "learning_rate"), "it is trainer.optimiser.rate"),
    "optimizer": "it is trainer.optimiser",
    "losses": 'they are trainer.history["loss"]',
}
"""What trainers have elsewhere, and what is written here."""
_OF_TRAINER = {
    "optimizer": "write optimiser=",
    "criterion": "write loss=",
    **dict.fromkeys(("lr", "learning_rate", "rate"), "the rate is the optimiser's: Adam({})"),
    **dict.fromkeys(
        ("clip_norm", "clip_value"), "the optimiser clips, as in Adam(0.01, clip_norm=1.0)"
    ),
    **dict.fromkeys(("epochs", "n_epochs", "max_iter"), "write fit(inputs, targets, epochs={})"),
    **dict.fromkeys(
        ("validation", "patience", "callback", "tolerance", "stop"), "it is given to fit"
    ),
    **dict.fromkeys(
        ("regulariser", "regularizer", "alpha", "weight_decay"), "write penalty=L2({})"
    ),
    "batchsize": "write batch_size={}",
    "random_state": "write seed={}",
}
_OF_FIT = {
    "verbose": "write progress=True or progress=False",
    **dict.fromkeys(("batch_size", "shuffle", "seed"), "it is given to Trainer(…)"),
    **dict.fromkeys(("callbacks", "on_epoch_end"), "write callback=, one function of the history"),
    **dict.fromkeys(("validation_data", "eval_set"), "write validation=(inputs, targets)"),
    "validation_split": "split the examples, and write validation=(inputs, targets)",
    **dict.fromkeys(("n_epochs", "num_epochs", "steps", "max_iter"), "write epochs={}"),
    **dict.fromkeys(("lr", "learning_rate", "rate"), "the rate is the optimiser's: Adam({})"),
    "early_stopping": "write validation=(inputs, targets), patience=10",
}
"""What `Trainer` and `fit` are given elsewhere, and what is written here."""


def _numbers(listed: Any, count: int) -> Array | None:
    """A list from a file, with a number for each parameter, as an array."""
    if listed is None:
        return None
    numbers = np.array(listed, dtype=float)
    if numbers.shape != (count,):
        raise ValueError(f"it has {numbers.size} numbers for {counted(count, 'parameter')}")
    if not np.isfinite(numbers).all():
        raise ValueError("it has parameters that are not finite")
    return numbers


def _check_model(model: Any) -> None:
    """See that there is something to train."""
    kind = type(model).__name__
    if not hasattr(model, "named_parameters") or isinstance(model, type):
        raise TypeError(f"a model is an MLP, or another Module, not {model!r}")
    if not callable(model):
        raise TypeError(f"{kind} cannot be called: give it __call__(self, inputs)")
    if isinstance(model, Module):
        _check_weights(model)
    if not model.parameters():
        raise ValueError(
            f"{kind} has no parameters to train: they are the leaves among its attributes, "
            "Value(0.0), that have no underscore before their name"
        )
    if "step" in _activations(model):
        raise ValueError(
            "the activation 'step' is flat, so no gradient passes through it: train with "
            "'logistic', or a single neuron with nn.perceptron_rule"
        )


def _check_weights(model: Module) -> None:
    """See that no plain number has been written among the weights of a neuron."""
    for name, part in modules_of(model):
        for place, weight in enumerate(part.weights if isinstance(part, Neuron) else ()):
            if not isinstance(weight, Value):
                raise ValueError(
                    f"{name}weights.{place} is {weight!r}, a plain number, which training cannot "
                    "change: write Value(…), or set the data of the value that was there"
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
    *_, last = _activations(model)
    suitable = SUITABLE.get(loss.takes)
    if last is None or suitable is None or last in suitable:
        return
    takes = "a distribution" if loss.takes == "distribution" else loss.takes
    raise ValueError(
        f"{loss.name} takes {takes}, but the model ends in {last!r}: "
        f"make that {' or '.join(map(repr, suitable))}"
    )


def _activations(model: Any) -> list[str | None]:
    """The activations of this package's models; None for what is of classes of the user's own."""
    layers = model.layers if type(model) is MLP else [model]
    known = (Layer, Neuron, Maxout)
    return [layer.activation if type(layer) in known else None for layer in layers]
