"""What goes wrong in a training without an error, in words."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from autograd_core import Value
from nn.module import Module, modules_of
from nn.optimisers import Adam, Optimiser
from nn.training.checks import activation_of, layers_of
from nn.training.data import Array, Examples, Places, UndefinedLossError
from nn.training.history import History
from nn.training.objective import Objective
from nn.training.untrained import untrained_leaves, warning_about
from nn.validation import counted

LARGE = 100.0
"""Inputs of this size explain why a training failed."""

HUGE = 1000.0
"""Inputs of this size explain why a loss has hardly fallen."""

ENDLESS = 1e9
"""A loss that falls so far below zero falls without end."""


class Diagnosis:
    """What is told of a training, once in its history: its parameters, and the course of its loss.

    What decides that again and again is kept: the names of parameters, and what was minimised.
    """

    def __init__(self) -> None:
        self._has_looked = False
        self._unused: list[Value] = []  # parameters that were not in the circuits looked at
        self._minimised: tuple[Any, ...] = ()  # what the losses compared are of
        self._ends: list[float] = []  # the first, the lowest and the last of those losses
        self._seen = 0  # after how many epochs
        self._named_for: object = None
        self._names: list[str] = []
        self._groups: dict[str, Places] = {}

    def begin(self) -> None:
        """Compare no loss with those before: the model was changed."""
        self._minimised = ()

    def of_untrained(self, objective: Objective, examples: Examples | None = None) -> list[str]:
        """What to say of leaves that the loss depends on and that are no parameters, once."""
        circuits = [] if self._has_looked else objective.leaves(examples)
        if not circuits:
            return []
        self._has_looked = True
        model, parameters, says = objective.model, objective.parameters, []
        found = objective.leaves_of_losses()
        self._unused = [p for p in parameters if id(p) not in found]
        if len(self._unused) == len(parameters):
            says.append(
                "the loss depends on no parameter of the model, so training changes nothing: "
                "compute it from the values that the model returns, not from their .data, and "
                "without Value(…), detach() or no_grad() on the way"
            )
            self._unused = []
        leaves = untrained_leaves(circuits, parameters)
        if leaves and isinstance(model, Module):
            left_out = {*map(id, model._leaves().values())}
            leaves = [leaf for leaf in leaves if id(leaf) not in left_out]
        if leaves:
            says.append(warning_about(leaves, model, objective.loss, objective.penalty))
        return says

    def of_course(
        self,
        objective: Objective,
        examples: Examples,
        history: History,
        optimiser: Optimiser,
        epochs: int,
        updates: int,
    ) -> list[str]:
        """What to say of what has happened since there were so many epochs and updates."""
        losses, known, loss = history._since(epochs), history.warnings, objective.loss
        table = examples.table
        minimised = loss, repr(objective.penalty), table.shape, table[:50].tobytes()
        if minimised != self._minimised or self._seen > epochs:
            self._minimised, self._seen, self._ends = minimised, epochs, []
        since = [*self._ends, *history._since(self._seen)]
        self._seen, self._ends = history.epochs, [since[0], min(since), since[-1]]
        says = of_losses(losses, optimiser)
        if len(losses) == 1 and not any(told.startswith("the loss rose") for told in known):
            says = of_losses(self._ends, optimiser)  # for those who fit epoch by epoch
        enough = len(losses) > 1 or history.epochs % 10 == 0
        if not says and enough:
            says = self._of_idle_parts(objective, examples, losses, known)
        says = says or of_tiny_steps(losses, optimiser)
        if not says and len(losses) > 1 and is_constant(losses):
            _, gradient, _ = objective.gradient(examples, slice(None))
            says = of_no_steps(losses[-1], gradient, optimiser)
        stuck = len(losses) > 9 and losses[-1] > 0.5 * losses[0]
        if says or stuck:
            size = LARGE if says else HUGE
            says += of_columns(examples, size)
            if loss.takes == "numbers":
                says += of_range(activation_of(layers_of(objective.model)[-1]), examples)
                says += of_targets(examples, size)
        says = says or of_short_steps(losses, optimiser, optimiser.updates - updates)
        return [say for say in says if say not in known]

    def _of_idle_parts(
        self, objective: Objective, examples: Examples, losses: list[float], known: list[str]
    ) -> list[str]:
        """What to say of parameters that had no gradient."""
        model, parameters = objective.model, objective.parameters
        at_minimum = losses[-1] == 0.0 or len(examples) == 1
        if not isinstance(model, Module) or (at_minimum and losses[0] != losses[-1]):
            return []
        found = model._collected()
        if found is not self._named_for or len(self._names) != len(parameters):
            named = {id(value): name for name, value in model.named_parameters().items()}
            self._names = [named.get(id(value), "") for value in parameters]
            self._groups = groups_of(self._names)
            self._named_for = found
        names, groups = self._names, self._groups
        idle = objective.idle(examples, groups.values())
        told = any("depends on no parameter" in each for each in known)
        if idle.all() and not told and objective.is_flat(examples):
            return of_flat_loss(losses[-1])
        if at_minimum or not idle.any():
            return []
        unused, self._unused = {*map(id, self._unused)}, []
        idle_groups = [name for name, places in groups.items() if idle[places].all()]
        if not unused and not idle_groups:
            return []
        left_out = {
            int(at) for at in np.flatnonzero(idle) if id(parameters[at]) in unused and names[at]
        }
        zero = [names[at] for at in left_out if not parameters[at].data]
        whole = [
            name
            for name, places in groups.items()
            if left_out >= {*places.tolist()} and any(parameters[at].data for at in places)
        ]
        says = of_unused(sorted(zero), ASKED) + of_unused(whole)
        activations = {
            name[:-1]: str(getattr(part, "activation", "")) for name, part in modules_of(model)
        }
        weights = {at for at, name in enumerate(names) if ".weights." in f".{name}"}
        return says + of_idle_layers(
            {name: activations.get(name, "") for name in idle_groups},
            everything=bool(idle.all()),
            zero=[
                name
                for name, places in groups.items()
                if name in activations
                and not any(objective.numbers[at] for at in weights & {*places.tolist()})
            ],
        )


def of_undefined(error: UndefinedLossError, optimiser: Optimiser, epoch: int) -> str:
    """What to say of a loss or a gradient that was not defined, or not finite."""
    when = f"{error}, in update {optimiser.updates + 1} (epoch {epoch})"
    if optimiser.updates:
        return (
            f"{when}, with the learning rate {optimiser.rate:g}; a smaller one, or inputs of a "
            "smaller size, may help"
        )
    return (
        f"{when}, before anything was learnt, so the learning rate is not the cause: look at what "
        "the loss and the model compute, and at the size of the inputs"
    )


def of_losses(losses: Sequence[float], optimiser: Optimiser) -> list[str]:
    """What to say of a loss that rose.

    >>> from nn import SteepestDescent
    >>> of_losses([1.5, 0.5, 20.0], SteepestDescent(3.0))
    ['the loss rose from 1.5 to 20 (the lowest was 0.5): the steps are too long, so try ...']
    >>> of_losses([1.5, 0.5, 2.0], SteepestDescent(3.0))
    []
    """
    if len(losses) < 2:
        return []
    first, best, last = losses[0], min(losses), losses[-1]
    if last < -ENDLESS * max(1.0, abs(first)):
        return [
            f"the loss fell from {first:.3g} to {last:.3g}: it can fall without end, and then no "
            "parameters are the best; take a loss that is never below some number, as a square is"
        ]
    rose = first > 0.0 and best >= 0.0 and last > 2.0 * first and last > 10.0 * best
    if not rose and not (best < 0.0 and last > -10.0 * best):
        return []
    return [
        f"the loss rose from {first:.3g} to {last:.3g} (the lowest was {best:.3g}): the steps are "
        f"too long, so try a learning rate well below {optimiser.rate:g}"
    ]


def of_short_steps(losses: Sequence[float], optimiser: Optimiser, updates: int) -> list[str]:
    """What to say where Adam's steps were too short and too few to come to an end.

    Adam moves a parameter by about its rate at an update, however large the gradient is.
    """
    moved = updates * optimiser.rate
    late = losses[-1 - len(losses) // 10 :]
    falling = len(losses) >= 20 and late[0] > 0.0 and late[-1] < 0.99 * late[0]
    if not isinstance(optimiser, Adam) or moved >= 0.5 or not falling:
        return []
    return [
        f"the loss was still falling, at {losses[-1]:.3g}, when the epochs were done: Adam moves a "
        f"parameter by about its rate, {optimiser.rate:g}, so in {counted(updates, 'update')} by "
        f"no more than {moved:.2g}; give the trainer batch_size=32 for more updates an epoch, a "
        "larger rate, Adam(0.01), or more epochs"
    ]


def of_tiny_steps(losses: Sequence[float], optimiser: Optimiser) -> list[str]:
    """What to say of a loss that has hardly begun to fall: it falls by the same at every epoch.

    >>> from nn import SteepestDescent
    >>> of_tiny_steps([1.0 - 1e-5 * epoch for epoch in range(50)], SteepestDescent(1e-6))
    ['the loss fell only from 1 to 0.99951, ...']
    >>> of_tiny_steps([1.0 + 0.01 * 0.8**epoch for epoch in range(50)], SteepestDescent(1e-6))
    []
    """
    if len(losses) < 20:
        return []
    falls = [before - after for before, after in pairwise(losses)]
    first, last = losses[0], losses[-1]
    steady = 0.0 < 0.9 * max(falls) < min(falls)
    if not steady or first - last > 0.01 * abs(first) or max(falls) < 1e-12 * abs(first):
        return []
    return [
        f"the loss fell only from {first:.6g} to {last:.6g}, as fast at the end as at the "
        f"beginning: the steps are too short, so try a learning rate far above {optimiser.rate:g}"
    ]


def is_constant(losses: Sequence[float]) -> bool:
    """Whether no loss differs from another by more than rounding."""
    return max(losses) - min(losses) <= 1e-14 * abs(losses[-1])


def of_no_steps(loss: float, gradient: Array, optimiser: Optimiser) -> list[str]:
    """What to say of a loss that stays as it is though there is a gradient, as at no minimum.

    >>> from nn import SteepestDescent
    >>> of_no_steps(0.5, np.array([0.0, 2.0]), SteepestDescent(1e-30))
    ['the loss stayed at 0.5, although there is a gradient (up to 2): the steps are too short, ...']
    >>> of_no_steps(0.5, np.array([0.0, 1e-17]), SteepestDescent(0.1))
    []
    """
    largest = float(np.abs(gradient).max(initial=0.0))
    if not largest > 1e-4 * max(1.0, abs(loss)):
        return []
    return [
        f"the loss stayed at {loss:.3g}, although there is a gradient (up to {largest:.2g}): the "
        f"steps are too short, so try a learning rate far above {optimiser.rate:g}"
    ]


def of_columns(examples: Examples, size: float = LARGE) -> list[str]:
    """What to say of inputs that are large.

    >>> table = np.array([[1.0, 2.0e5, 0.0], [0.5, -1.0e5, 1.0]])
    >>> of_columns(Examples(table, 2, np.arange(2)))
    ['column 1 of the inputs has numbers up to 2e+05: bring each column to a size of about 1...']
    """
    sizes = np.abs(examples.table[:, : examples.width])
    if sizes.max() < size:  # sooner asked of all columns
        return []
    largest = sizes.max(axis=0)
    column = int(largest.argmax())
    return [
        f"column {column} of the inputs has numbers up to {largest[column]:.3g}: bring each column "
        "to a size of about 1, inputs = (inputs - inputs.mean(axis=0)) / inputs.std(axis=0)"
    ]


def of_targets(examples: Examples, size: float = LARGE) -> list[str]:
    """What to say of targets that are large.

    >>> of_targets(Examples(np.array([[1.0, 2.0e5], [0.5, -1.0e5]]), 1, np.arange(2)))
    ['the targets have numbers up to 2e+05: bring them to a size of about 1, ...']
    """
    largest = np.abs(examples.table[:, examples.width :]).max(initial=0.0)
    if largest < size:
        return []
    return [
        f"the targets have numbers up to {largest:.3g}: bring them to a size of about 1, "
        "targets = (targets - targets.mean()) / targets.std()"
    ]


_RANGES = {
    "tanh": (-1.0, 1.0),
    "logistic": (0.0, 1.0),
    "softmax": (0.0, 1.0),
}
"""Between what numbers the outputs of a last layer lie, by its activation."""


def of_range(activation: str | None, examples: Examples) -> list[str]:
    """What to say of targets that no output can reach.

    >>> of_range("logistic", Examples(np.array([[1.0, -1.0], [0.5, 1.0]]), 1, np.arange(2)))
    ["the targets go from -1 to 1, and what ends in 'logistic' only from 0 to 1: ..."]
    """
    targets = examples.targets
    if activation not in _RANGES or not targets.size:
        return []
    low, high = _RANGES[activation]
    if targets.min() >= low and targets.max() <= high:
        return []
    return [
        f"the targets go from {targets.min():g} to {targets.max():g}, and what ends in "
        f"{activation!r} only from {low:g} to {high:g}: scale the targets, or end the model in "
        "output='identity'"
    ]


_SATURATED = "all its neurons are saturated: start from smaller weights, initial='xavier'"
_FLAT = {
    "relu": "all its neurons are dead, below 0, where relu is flat: start from other weights, with "
    "another seed or initial='he', or take a smaller learning rate, or 'leaky_relu'",
    "tanh": _SATURATED,
    "logistic": _SATURATED,
    "elu": _SATURATED,
}
"""Why no gradient comes through a layer, by its activation."""


def of_idle_layers(
    activations: Mapping[str, str], *, everything: bool, zero: Sequence[str] = ()
) -> list[str]:
    """What to say of layers that got no gradient.

    Args:
        activations: their activations by their names.
        everything: whether the whole model got none; a minimum has none either, where the last
            layer is not flat.
        zero: the layers whose weights are all 0, through which no gradient comes to others.

    >>> [says] = of_idle_layers({"layers.0": "tanh"}, everything=False)
    >>> says.partition(":")[0]
    'no gradient reached layers.0, for any example of the last epoch'
    """
    *_, last = ["", *activations.values()]
    if everything and last not in _FLAT:
        return []
    says = []
    for name, activation in activations.items():
        why = _FLAT.get(activation, "")
        others = [other for other in zero if other != name]
        if others:
            why = (
                f"the weights of {others[-1]} are all 0, and no gradient comes through them: start "
                "from random weights, as a new model has them"
            )
        if why:
            says.append(f"no gradient reached {name}, for any example of the last epoch: {why}")
    return says


def of_flat_loss(loss: float) -> list[str]:
    """What to say where neither these parameters nor others have a gradient."""
    return [
        f"no parameter gets a gradient from any example, with these numbers or with others (the "
        f"loss is {loss:.3g}), so nothing is learnt: a step, a sign, a rounded or clipped number, "
        "a count of errors, a factor 0 and inputs that are all 0 have none; take a loss that falls "
        "as the outputs come nearer to the targets, such as squared_error"
    ]


ASKED = (
    "If it stands behind `if self.b:`, which is false while the number is 0, write "
    "`if self.b is not None:`"
)
UNUSED = "The model computes without it: use it in __call__, or take it out"


def of_unused(names: Sequence[str], why: str = UNUSED) -> list[str]:
    """What to say of parameters that are in no circuit.

    >>> of_unused(["scale"])
    ["no example's loss depends on scale, so training does not change it. The model computes ..."]
    """
    if not names:
        return []
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return [
        f"no example's loss depends on {', '.join(names[:3])}{more}, so training does not change "
        f"it. {why}; if it is not used on purpose, write frozen(value)"
    ]


def groups_of(names: Sequence[str]) -> dict[str, Places]:
    """The places of parameters that belong together: those of a layer, or of a list.

    >>> groups_of(["layers.0.neurons.0.weights.0", "layers.0.neurons.0.bias", "w.0", "w.1", "b"])
    {'layers.0': array([0, 1]), 'w': array([2, 3]), 'b': array([4])}
    """
    groups: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        before, neurons, _ = f".{name}".partition(".neurons.")
        group = before[1:] if neurons and before else name.rstrip("0123456789.") or name
        groups.setdefault(group, []).append(place)
    return {group: np.array(places) for group, places in groups.items()}
