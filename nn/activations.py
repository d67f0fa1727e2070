"""Activation functions: what a neuron does to Σ wᵢxᵢ + b, and softmax over a whole layer."""

import sys
from collections.abc import Callable, Sequence
from operator import is_, methodcaller
from typing import Any, Literal, TypeVar

from autograd_core import (
    GATES,
    Gate,
    Value,
    divide,
    elu,
    exp,
    leaky_relu,
    logsumexp,
    relu,
    sigmoid,
    softplus,
    step,
    subtract,
    tanh,
    total,
)

Activation = Callable[[Any], Any]
ActivationName = Literal[
    "identity",
    "step",
    "logistic",
    "sigmoid",
    "tanh",
    "relu",
    "leaky_relu",
    "elu",
    "softplus",
    "softmax",
    "maxout",
]
Operand = TypeVar("Operand", Value, float)


def identity(z: Operand) -> Operand:
    """z itself: a linear neuron.

    >>> identity(Value(2.0)).data
    2.0
    """
    return z


def logistic(z: Operand) -> Operand:
    """1 / (1 + e⁻ᶻ), between 0 and 1.

    >>> logistic(Value(0.0)).data
    0.5
    """
    return sigmoid(z)


ACTIVATIONS: dict[Any, Activation] = {  # a name from here goes where an `ActivationName` does
    "identity": identity,
    "step": step,
    "logistic": logistic,
    "tanh": tanh,
    "relu": relu,
    "leaky_relu": leaky_relu,
    "elu": elu,
    "softplus": softplus,
}
"""The activation functions of single neurons by name.

A function of your own, or a gate, is given in place of a name, `activation=swish`, and joins them
under its own name.

`step` is flat, so it lets no gradient through: a single neuron learns with `perceptron_rule`, and
nothing below it learns at all.
"""

BUILT_IN = frozenset(ACTIVATIONS.values())
"""Those of this package, which are defined for all numbers."""

_FIXED = frozenset([*ACTIVATIONS, "softmax", "maxout"])
"""The names that no function of a user's own gets."""

SOFTMAX = "softmax"
MAXOUT = "maxout"
"""Two activations that are no function of one neuron's Σ wᵢxᵢ + b: see `softmax` and `Maxout`."""


def name_of(activation: ActivationName | Activation) -> str:
    """The name of an activation; a function that is not among `ACTIVATIONS` is entered there.

    The gate sigmoid, and its name, are the activation `logistic`. A function of the user's own
    takes the place of the one that it replaces: of the same code, or the former of its name.

    Raises:
        ValueError: if another activation has its name.

    >>> name_of(sigmoid), name_of("sigmoid"), name_of(relu)
    ('logistic', 'logistic', 'relu')
    """
    if activation is sigmoid or (isinstance(activation, str) and activation == sigmoid.name):
        return "logistic"
    if isinstance(activation, str | type) or not callable(activation):
        return activation  # type: ignore[return-value]  # a class is no name, as the caller finds
    known: dict[str, Activation] = {**ACTIVATIONS, SOFTMAX: softmax}
    for name, function in known.items():
        if function is activation:
            return name
    own: str = getattr(activation, "__name__", type(activation).__name__)
    if own in _FIXED:
        raise ValueError(
            f"{activation!r} is not the activation {own!r}, whose gradient is known here: write "
            f"activation={own!r}, or give your own function another name, with def"
        )
    if own in known and not _replaces(own, activation, known[own]):
        raise ValueError(
            f"nn.ACTIVATIONS has another {own!r} than {activation!r}; give yours another name, "
            "with def"
        )
    ACTIVATIONS[own] = activation
    return own


def _replaces(name: str, new: Any, old: Any) -> bool:
    """Whether a function is another one defined anew, or the same again, as when a cell reruns."""
    if isinstance(new, Gate):
        return isinstance(old, Gate) and GATES.get(name) is new
    module = getattr(new, "__module__", "")
    if getattr(sys.modules.get(module), name, None) is new:
        return bool(module == getattr(old, "__module__", ""))
    (one, held), (other, kept) = map(_written, (new, old))
    same = len(held) == len(kept) and all(map(_same, held, kept))
    return bool(one == other) and same


def _written(function: Any) -> tuple[Any, list[Any]]:
    """The code of a function, or the name of an object's class; and what it computes with."""
    code = getattr(function, "__code__", type(function).__qualname__)
    cells = getattr(function, "__closure__", None) or ()
    held = [cell.cell_contents for cell in cells]
    for name in ("__defaults__", "__kwdefaults__", "__dict__"):
        part = getattr(function, name, None) or ()
        held += [x for item in part.items() for x in item] if isinstance(part, dict) else part
    return code, held


def _same(one: Any, other: Any) -> bool:
    return one is other or (type(one) in (int, float, str) and bool(one == other))


def activation_named(name: str) -> Activation:
    """The activation function of single neurons of this name; a `ValueError` if there is none."""
    if not isinstance(name, str) or name not in ACTIVATIONS:
        choices = ", ".join(map(repr, [*ACTIVATIONS, SOFTMAX, MAXOUT]))
        other = _OTHER_NAMES.get(str(name).lower(), str(name).lower())
        cure = ""
        if other in ACTIVATIONS:
            cure = f": write {other!r}"
        elif other in GATES:
            cure = f": give it the gate itself, activation={other}, from autograd_core"
        raise ValueError(
            f"there is no activation {name!r} for a neuron{cure}; a layer takes {choices}"
        )
    activation = ACTIVATIONS[name]
    if name in METHODS and METHODS[name] in _OF_VALUES:  # patched
        return methodcaller(METHODS[name])
    return activation


_OTHER_NAMES = {
    "sigmoid": "logistic",
    **dict.fromkeys(("linear", "none", ""), "identity"),
    "swish": "silu",
    "leakyrelu": "leaky_relu",
    **dict.fromkeys(("heaviside", "sign", "threshold"), "step"),
}
"""What activations are called elsewhere."""

METHODS = {name: f.name for name, f in ACTIVATIONS.items() if isinstance(f, Gate)}
METHODS |= {"logistic": sigmoid.name}
"""The methods of values that are activations, by the names of these."""

_OF_VALUES = vars(Value)
"""What is in the class `Value` itself: a gate's method is there if a user has put another one."""


def softmax(logits: Sequence[Value | float]) -> list[Value]:
    """exp(z_k) / Σ exp(z_j) for each k: probabilities that add up to 1.

    Shifted by ln Σ exp(z_j), so that nothing overflows; a shift of all logits changes no digit.

    Args:
        logits: K numbers, one per class.

    >>> [round(p.data, 4) for p in softmax([Value(1.0), Value(2.0), Value(3.0)])]
    [0.09, 0.2447, 0.6652]
    """
    logits = list(logits)
    log_total = logsumexp(logits)
    exponentials = [exp(z - log_total) for z in logits]
    rounded_one = total(exponentials)
    return [each / rounded_one for each in exponentials]


def logits_of(probabilities: Sequence[Any]) -> list[Any] | None:
    """The logits from which `softmax` computed these probabilities; None if it did not.

    >>> logits = [Value(1.0), Value(2.0)]
    >>> logits_of(softmax(logits)) == logits, logits_of([Value(0.5), Value(0.5)])
    (True, None)
    """
    logits = []
    for probability in probabilities:
        chain = [probability]
        for gate in (divide, exp, subtract):
            if not isinstance(chain[-1], Value) or chain[-1].gate is not gate:
                return None
            chain.append(chain[-1].operands[0])
        logits.append(chain.pop())
        log_total = chain.pop().operands[1]
    same = isinstance(log_total, Value) and log_total.gate is logsumexp
    return logits if same and all(map(is_, log_total.operands, logits)) else None


def softmax_without_first(logits: Sequence[Value | float]) -> list[Value]:
    """Softmax over K classes from K - 1 logits: the first class has no node of its own.

    Its probability is one minus the rest, which is to say that its logit is hard-wired to 0
    (lecture "Back-Propagation", multi-logit classification).

    Args:
        logits: the logits of all classes but the first.

    Returns:
        K probabilities, the first class's first.

    >>> first, second = softmax_without_first([Value(2.0)])
    >>> round(first.data, 4), round(second.data, 4), round(sigmoid(2.0), 4)
    (0.1192, 0.8808, 0.8808)
    """
    return softmax([0.0, *logits])
