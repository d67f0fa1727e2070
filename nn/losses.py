"""Losses: how wrong a network is on one example. Training takes their mean over the examples.

Each is a function of the network's outputs and the example's target, with the scaling of the
lectures. The outputs are values, so a loss is the last part of the circuit, and `backward()`
starts from it.
"""

from collections.abc import Callable
from typing import Any

from autograd_core import Value, dot, log, logsumexp, relu, softplus, total
from nn.targets import Classes, Labels, Numbers, Targets

Rule = Callable[[list[Any], list[Any]], Any]


class Loss:
    """A loss: call it with the outputs for one example and its target.

    Attributes:
        name: its name.
        targets: what kind of target it takes.
        takes: what its outputs are: `"numbers"`, `"probabilities"` or `"logits"`.
    """

    def __init__(self, rule: Rule, targets: Targets, takes: str) -> None:
        self.rule = rule
        self.name = rule.__name__
        self.targets = targets
        self.takes = takes
        self.__doc__ = rule.__doc__

    def __call__(self, outputs: Any, target: Any) -> Value:
        """The loss for one example.

        Args:
            outputs: what the network returned: a value, or a list of values.
            target: a number or a list of numbers, a label, or a class, as the loss needs it.

        Raises:
            ValueError: if the target does not fit the loss or the number of outputs.
        """
        listed = list(outputs) if isinstance(outputs, list | tuple) else [outputs]
        return self.rule(listed, self.targets.encode(target, len(listed)))  # type: ignore[no-any-return]

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


@loss(Numbers(), takes="numbers")
def half_squared_error(outputs: list[Any], target: list[Any]) -> Any:
    """½ ‖ŷ − y‖² (lecture 3, "Learning: Backpropagation"): its derivative is ŷ − y.

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

    From a logit, `binary_cross_entropy_from_logit` is the better choice: ln p fails once p has
    been rounded to 0 or 1.

    Raises:
        ValueError: if a probability is 0 or 1.

    >>> round(binary_cross_entropy(Value(0.5), 1).data, 6)  # ln 2
    0.693147
    """
    pairs = list(zip(outputs, target, strict=True))
    return -_added([y * log(p) + (1.0 - y) * log(1.0 - p) for p, y in pairs])


@loss(Labels(0, 1, threshold=0.0), takes="logits")
def binary_cross_entropy_from_logit(outputs: list[Any], target: list[Any]) -> Any:
    """Binary cross-entropy of the logistic of z: softplus(z) − y z, for every z.

    >>> binary_cross_entropy_from_logit(Value(1000.0), 0).data
    1000.0
    """
    pairs = list(zip(outputs, target, strict=True))
    return _added([softplus(z) - y * z for z, y in pairs])


@loss(Classes(), takes="probabilities")
def negative_log_likelihood(outputs: list[Any], target: list[Any]) -> Any:
    """−ln p_y for the probabilities p of the classes (lecture 4, loss for classification).

    Raises:
        ValueError: if the probability of the class is 0.

    >>> round(negative_log_likelihood([Value(0.25), Value(0.75)], 0).data, 6)  # ln 4
    1.386294
    """
    return -log(dot(target, outputs))


@loss(Classes(), takes="logits")
def softmax_cross_entropy(outputs: list[Any], target: list[Any]) -> Any:
    """−z_y + ln Σ exp z_k, from the logits (lecture "Back-Propagation", multi-logit).

    It is the negative log-likelihood of the softmax; its derivative is softmax(z)_k − 1{k = y}.

    >>> round(softmax_cross_entropy([Value(0.0), Value(0.0)], 1).data, 6)  # ln 2
    0.693147
    """
    return logsumexp(outputs) - dot(target, outputs)


@loss(Classes(hidden=1), takes="logits")
def softmax_cross_entropy_without_first(outputs: list[Any], target: list[Any]) -> Any:
    """The same where the first class has no output of its own: its logit is 0.

    >>> round(softmax_cross_entropy_without_first([Value(0.0)], 0).data, 6)  # ln 2
    0.693147
    """
    return softmax_cross_entropy.rule([0.0, *outputs], target)


@loss(Labels(-1, 1, threshold=0.0), takes="numbers")
def hinge(outputs: list[Any], target: list[Any]) -> Any:
    """max(0, 1 − t y) for a label t of -1 or 1 (lecture 4), added up over the outputs.

    >>> hinge(Value(0.25), 1).data, hinge(Value(2.0), 1).data
    (0.75, 0.0)
    """
    pairs = list(zip(outputs, target, strict=True))
    return _added([relu(1.0 - t * y) for y, t in pairs])


def _added(terms: list[Any]) -> Any:
    return terms[0] if len(terms) == 1 else total(terms)


__test__ = {name: made.__doc__ for name, made in LOSSES.items()}
