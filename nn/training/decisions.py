"""What decides the circuit of an example, so that it need not be recorded again to compare it."""

from typing import Any

from autograd_core import Gate
from nn.activations import activation_named, identity, logistic
from nn.layer import Layer
from nn.losses import LOSSES, Loss
from nn.mlp import MLP
from nn.module import Module, modules_of
from nn.neuron import Maxout, Neuron, _edits
from nn.penalties import L1, L2


class Decisions:
    """What decides the circuit of an example, where no code of the user's takes part.

    Attributes:
        sound: the parameters with which the model was seen to be one that can be trained.
    """

    def __init__(self) -> None:
        self.sound: Any = None
        self._seen: tuple[Any, ...] = ()
        self._activations: list[Any] | None = None

    def __reduce__(self) -> tuple[type["Decisions"], tuple[()]]:
        return Decisions, ()  # a copy looks for itself

    def of(self, model: Any, loss: Loss | None, penalty: Any) -> tuple[Any, ...]:
        """The parts of the model and the code that computes with them; empty if it is not ours."""
        rule = None if loss is None else loss.rule
        ours = loss is None or (LOSSES.get(loss.name) is loss and rule.__module__ == _LOSSES)
        if not ours or type(model) not in OURS or type(penalty) not in (L1, L2, type(None)):
            return ()
        seen = model._collected(), _edits[0]
        if seen != self._seen:
            self._seen, self._activations = seen, _activations_of(model)
        if self._activations is None:
            return ()
        functions = [activation_named(name) for name in self._activations]
        if not all(isinstance(f, Gate) or f in (identity, logistic) for f in functions):
            return ()
        code = [getattr(kind, name, None) for kind in OURS for name in CODE]
        return (*seen, code, functions, rule, repr(penalty), getattr(type(penalty), "_size", None))


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
