"""Whether a model, a loss and an optimiser can train; and what decides the circuit they make."""

from typing import Any

from autograd_core import Gate, Value
from nn.activations import BUILT_IN, activation_named, identity, logistic
from nn.layer import Layer
from nn.losses import LOSSES, Loss
from nn.mlp import MLP
from nn.module import Module, modules_of
from nn.neuron import Maxout, Neuron, _edits
from nn.optimisers import Optimiser
from nn.penalties import L1, L2
from nn.training.recording import Decided


class Decisions:
    """Finds what has been decided; what takes longer than the rest is kept."""

    def __init__(self) -> None:
        self._sound: Any = None  # with these parameters the model can be trained
        self._seen: tuple[Any, ...] = ()
        self._activations: list[Any] | None = None

    def __reduce__(self) -> tuple[type["Decisions"], tuple[()]]:
        return Decisions, ()  # a copy looks for itself

    def check(self, model: Any, decided: Decided | None = None) -> None:
        """See that there is something to train, unless nothing has changed since this was seen."""
        found = decided.collected if decided else None
        if found is None and isinstance(model, Module):
            found = model._collected()
        if found is None or found is not self._sound:
            check_model(model)
            self._sound = found

    def of(self, model: Any, loss: Loss, penalty: Any) -> Decided | None:
        """The parameters and the code that computes with them; None if some of it is not ours."""
        ours = LOSSES.get(loss.name) is loss and loss.rule.__module__ == _LOSSES
        ours = ours and type(model) in OURS and type(penalty) in (L1, L2, type(None))
        if not ours or getattr(model.parameters, "__func__", None) is not Module.parameters:
            return None
        seen = model._collected(), _edits[0]
        if seen != self._seen:
            self._seen, self._activations = seen, _activations_of(model)
        if self._activations is None:
            return None
        functions = [activation_named(name) for name in self._activations]
        if not all(isinstance(f, Gate) or f in (identity, logistic) for f in functions):
            return None
        code = [getattr(kind, name, None) for kind in OURS for name in CODE]
        added = repr(penalty), getattr(type(penalty), "_size", None)
        others = seen[1], functions, code, loss.rule, *added
        return Decided(seen[0], BUILT_IN.issuperset(functions), others)


_LOSSES = LOSSES["half_squared_error"].rule.__module__
OURS = (MLP, Layer, Neuron, Maxout)
CODE = ("__call__", "outputs", "weighted_sum")
"""How models of this package compute, unless a class is patched."""


def _activations_of(model: Module) -> list[Any] | None:
    """The activations of all neurons; None if there is code of the user's in the model."""
    found = set()
    for _, part in modules_of(model):
        parts = getattr(part, "layers", getattr(part, "neurons", getattr(part, "pieces", ())))
        if type(part) not in OURS or not all(isinstance(each, Module) for each in parts):
            return None
        if isinstance(part, Neuron):
            found.add(part.activation)
    return [*found]


SUITABLE = {
    "logits": ["identity", "maxout"],
    "probabilities": ["logistic", "softmax"],
    "distribution": ["softmax"],
}
"""For what a loss takes, the activations whose outputs are that. `"numbers"` may be anything."""


def check_model(model: Any) -> None:
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
    if "step" in map(activation_of, layers_of(model)):
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


def check_settings(optimiser: Any, penalty: Any, batch_size: int | None) -> None:
    """See that optimiser and penalty are what they should be, and go with the batch size."""
    if not isinstance(optimiser, Optimiser):
        raise TypeError(f"an optimiser is SteepestDescent(0.1) or the like, not {optimiser!r}")
    if penalty is not None and (not callable(penalty) or isinstance(penalty, type)):
        raise TypeError(f"a penalty is L2(0.001), L1(0.001) or a function, not {penalty!r}")
    if optimiser.needs_loss and batch_size is not None:
        raise ValueError(
            f"{type(optimiser).__name__} compares losses over all examples: leave batch_size out"
        )


def check_output(model: Any, loss: Loss) -> None:
    """See that the loss and the model's output layer mean the same by an output."""
    last = activation_of(layers_of(model)[-1])
    suitable = SUITABLE.get(loss.takes)
    if last is None or suitable is None or last in suitable:
        return
    takes = "a distribution" if loss.takes == "distribution" else loss.takes
    raise ValueError(
        f"{loss.name} takes {takes}, but the model ends in {last!r}: "
        f"make that {' or '.join(map(repr, suitable))}"
    )


def layers_of(model: Any) -> list[Any]:
    """The layers of a model of this package; any other model stands for itself."""
    return model.layers if type(model) is MLP else [model]


def activation_of(layer: Any) -> str | None:
    """A layer's activation; None for what is of classes of the user's own."""
    return layer.activation if type(layer) in (Layer, Neuron, Maxout) else None
