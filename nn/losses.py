"""Losses: how wrong a network is on one example. Training takes their mean over the examples.

Each is a function of the network's outputs and the example's target, with the scaling of the
lectures. The outputs are values, so a loss is the last part of the circuit, and `backward()`
starts from it.
"""

from collections.abc import Callable, Sequence
from typing import Any, SupportsFloat

import numpy as np
import numpy.typing as npt

from autograd_core import (
    Value,
    cross_entropy,
    dot,
    log,
    logistic_loss,
    pick,
    relu,
    sigmoid,
    total,
)
from nn.activations import logits_of
from nn.targets import AnyNumbers, Classes, Labels, Numbers, Targets

Given = Value | SupportsFloat | Sequence[Value | SupportsFloat] | npt.NDArray[Any]
Rule = Callable[[list[Any], list[Any]], Any]
"""The loss of the outputs for one example and its encoded target."""


class Loss:
    """A loss: call it with the outputs for one example and its target.

    Attributes:
        name: its name.
        targets: what kind of target it takes.
        takes: what its outputs are: `"numbers"`, `"logits"`, `"probabilities"` (each between 0 and
            1), or a `"distribution"` (probabilities that add up to 1).
    """

    def __init__(self, rule: Rule, targets: Targets, takes: str) -> None:
        self.rule = rule
        self.name = rule.__name__
        self.targets = targets
        self.takes = takes
        self.__doc__ = rule.__doc__
        self.__module__ = rule.__module__

    def __call__(self, outputs: Given, target: Given) -> Value:
        """The loss for one example.

        Args:
            outputs: what the network returned: a value, or a list of values.
            target: a number or a list of numbers, a label, or a class, as the loss needs it.

        Raises:
            ValueError: if the target does not fit the loss or the number of outputs.
        """
        listed = as_list(outputs)
        return self.cost(listed, self.targets.encode(target, len(listed)))

    def cost(self, outputs: list[Any], target: list[Any]) -> Value:
        """The loss for listed outputs and an encoded target.

        Raises:
            TypeError: if the rule returned no value.
        """
        cost = self.rule(outputs, target)
        if not isinstance(cost, Value):
            raise TypeError(
                f"the loss {self.name} returned {cost!r}; a loss returns a value that it computed "
                "from the outputs"
            )
        return cost

    def probabilities(self, outputs: npt.NDArray[Any]) -> npt.NDArray[Any] | None:
        """The probabilities that outputs are or stand for; None where they are something else.

        Args:
            outputs: the network's outputs, examples × outputs.

        >>> softmax_cross_entropy.probabilities(np.array([[0.0, 0.0]]))
        array([[0.5, 0.5]])
        """
        if self.takes in ("probabilities", "distribution"):
            return outputs
        return self.targets.probabilities(outputs) if self.takes == "logits" else None

    def __reduce__(self) -> str:
        return self.name  # copied and pickled by name, as a function is

    def __repr__(self) -> str:
        return f"<loss {self.name}>"


LOSSES: dict[str, Loss] = {}
"""All losses by name."""


def loss(targets: Targets, *, takes: str) -> Callable[[Rule], Loss]:
    """Turn a function of outputs and encoded target into a loss, and list it in `LOSSES`."""

    def listed(rule: Rule) -> Loss:
        LOSSES[rule.__name__] = made = Loss(rule, targets, takes)
        return made

    return listed


def as_loss(function: Any) -> Loss:
    """A loss as it is; a loss made of any other function of the outputs and the target.

    The function gets what the model returned, and the target's number or list of numbers. Unless
    the training is eager it is called once with values in place of the target's numbers, to record
    its circuit, so it is to be made of gates: `target * output`, but not `outputs[int(target)]`.

    Raises:
        TypeError: if it is no function.

    >>> absolute_error = as_loss(lambda output, target: abs(output - target))
    >>> absolute_error(Value(3.0), 5).data
    2.0
    """
    if isinstance(function, Loss):
        return function
    if isinstance(function, str) and function in LOSSES:
        raise TypeError(
            f"a loss is one of nn.LOSSES itself, not {function!r}: write loss=nn.{function}"
        )
    if not callable(function) or isinstance(function, type):
        raise TypeError(
            f"a loss is one of {', '.join(LOSSES)}, or a function of the outputs and the target, "
            f"not {function!r}"
        )

    def rule(outputs: list[Any], target: list[Any]) -> Any:
        return function(_single(outputs), _single(target))

    rule.__name__ = getattr(function, "__name__", repr(function))
    rule.__doc__ = function.__doc__
    return Loss(rule, AnyNumbers(), takes="numbers")


def as_list(outputs: Any) -> list[Any]:
    """The outputs of a model, which returns a single one as itself, always as a list."""
    if isinstance(outputs, list | tuple | np.ndarray):
        return list(outputs)
    return [outputs]


@loss(Numbers(), takes="numbers")
def half_squared_error(outputs: list[Any], target: list[Any]) -> Any:
    """½ ‖ŷ − y‖² (lecture "Learning: Backpropagation"): its derivative is ŷ − y.

    >>> half_squared_error([Value(1.0), Value(2.0)], [0.0, 0.0]).data
    2.5
    """
    return 0.5 * squared_error.rule(outputs, target)


@loss(Numbers(), takes="numbers")
def squared_error(outputs: list[Any], target: list[Any]) -> Any:
    """‖ŷ − y‖² (lecture "Back-Propagation", multi-output regression).

    >>> squared_error(Value(3.0), 1.0).data
    4.0
    """
    errors = [output - number for output, number in zip(outputs, target, strict=True)]
    return dot(errors, errors)


@loss(Labels(0, 1, threshold=0.5), takes="probabilities")
def binary_cross_entropy(outputs: list[Any], target: list[Any]) -> Any:
    """−(y ln p + (1 − y) ln(1 − p)) for a probability p, added up over the outputs.

    A label y is 0 or 1, so of the two logarithms one is picked, and there is no 0 · ln 0 where the
    network is right with p = 1 or 0. Its derivative is −y/p + (1 − y)/(1 − p); the lecture "Loss
    Functions for NN" prints the loss without its minus sign, and the derivative with a plus sign
    before y/p. Of p = σ(z) it is made from z, as `binary_cross_entropy_from_logit` is: from z = 37
    on σ(z) is rounded to 1. The gradient then goes to z, and none to p.

    Raises:
        ValueError: if the label's own probability is 0.

    >>> round(binary_cross_entropy(Value(0.5), 1).data, 6)  # ln 2
    0.693147
    """
    logits = [p.operands[0] for p in outputs if isinstance(p, Value) and p.gate is sigmoid]
    if len(logits) == len(outputs):
        return binary_cross_entropy_from_logit.rule(logits, target)
    return -_added([_log_likelihood(p, y) for p, y in zip(outputs, target, strict=True)])


def _log_likelihood(p: Any, y: Any) -> Any:
    """ln p for the label 1, ln(1 − p) for 0."""
    return _log(pick([y, 1.0 - y], [p, 1.0 - p]), "binary_cross_entropy_from_logit")


def _log(probability: Any, better: str) -> Any:
    """The logarithm of a probability; where it is 0, the loss that computes with logits is named.

    Raises:
        ValueError: if it is 0.
    """
    try:
        return log(probability)
    except ValueError as error:
        raise ValueError(
            f'the label has probability 0: use output="identity" and {better}'
        ) from error


@loss(Labels(0, 1, threshold=0.0), takes="logits")
def binary_cross_entropy_from_logit(outputs: list[Any], target: list[Any]) -> Any:
    """Binary cross-entropy of the logistic of z, ln(1 + eᶻ) − y z; its derivative is σ(z) − y.

    It is exact for every z and both labels.

    >>> binary_cross_entropy_from_logit(Value(1000.0), 0).data
    1000.0
    """
    return _added([logistic_loss(z, y) for z, y in zip(outputs, target, strict=True)])


@loss(Classes(), takes="distribution")
def negative_log_likelihood(outputs: list[Any], target: list[Any]) -> Any:
    """−ln p_y for the probabilities p of the classes (lecture "Loss function for classification").

    Of what `softmax` computed it is made from the logits, as `softmax_cross_entropy` is: a
    probability of e⁻⁷⁵⁰ is rounded to 0. The gradient then goes to the logits, and none to p.

    Raises:
        ValueError: if the probability of the class is 0.

    >>> round(negative_log_likelihood([Value(0.25), Value(0.75)], 0).data, 6)  # ln 4
    1.386294
    """
    logits = logits_of(outputs)
    if logits is not None:
        return softmax_cross_entropy.rule(logits, target)
    return -_log(pick(target, outputs), "softmax_cross_entropy")


@loss(Classes(), takes="logits")
def softmax_cross_entropy(outputs: list[Any], target: list[Any]) -> Any:
    """−z_y + ln Σ exp z_k, from the logits (lecture "Back-Propagation", multi-logit).

    It is the negative log-likelihood of the softmax; its derivative is softmax(z)_k − 1{k = y}. It
    is computed as ln Σ exp(z_k − z_y), where the class itself counts 1: a shift of all logits
    changes nothing, a class with the logit −∞ is left out, and what is small keeps its digits.

    >>> round(softmax_cross_entropy([Value(0.0), Value(0.0)], 1).data, 6)  # ln 2
    0.693147
    """
    return cross_entropy(target, outputs)


@loss(Classes(hidden=1), takes="logits")
def softmax_cross_entropy_without_first(outputs: list[Any], target: list[Any]) -> Any:
    """The same where the first class has no output of its own: its logit is 0.

    >>> round(softmax_cross_entropy_without_first([Value(0.0)], 0).data, 6)  # ln 2
    0.693147
    """
    return softmax_cross_entropy.rule([0.0, *outputs], target)


@loss(Labels(-1, 1, threshold=0.0), takes="numbers")
def hinge(outputs: list[Any], target: list[Any]) -> Any:
    """max(0, 1 − t y) for a label t of -1 or 1 (lecture "Empirical risk minimization"), added up.

    >>> hinge(Value(0.25), 1).data, hinge(Value(2.0), 1).data
    (0.75, 0.0)
    """
    pairs = list(zip(outputs, target, strict=True))
    return _added([relu(1.0 - t * y) for y, t in pairs])


def _added(terms: list[Any]) -> Any:
    return terms[0] if len(terms) == 1 else total(terms)


def _single(items: list[Any]) -> Any:
    return items[0] if len(items) == 1 else items


__test__ = {name: made.__doc__ for name, made in LOSSES.items()}
