"""Gates of lists of numbers."""

from collections.abc import Sequence
from typing import Any

from autograd_core.gate import Domain, gate
from autograd_core.gates.patterns import ADD


@gate(
    "Σ",
    pattern=ADD,
    variadic=True,
    commutes=True,
    local_gradients=[lambda math, out, values: [1.0] * len(values)],
    expansion=lambda math, values: _chain(values),
)
def total(math: Any, values: Any) -> Any:
    """The sum of any number of values, as one gate.

    >>> total([1.0, 2.0, 3.0])
    6.0
    """
    return math.total(values)


@gate(
    "Σwx",
    pattern="swaps and scales: each factor gets the upstream gradient times its partner",
    variadic=True,
    commutes=True,
    local_gradients=[
        lambda math, out, weights, inputs: inputs,
        lambda math, out, weights, inputs: weights,
    ],
    expansion=lambda math, weights, inputs: _chain(
        [w * x for w, x in zip(weights, inputs, strict=True)]
    ),
)
def dot(math: Any, weights: Any, inputs: Any) -> Any:
    """Σ wᵢxᵢ, as one gate. The local gradient of each factor is its partner.

    >>> dot([2.0, -3.0], [-1.0, -2.0])
    4.0
    """
    return math.dot(weights, inputs)


@gate(
    "Σwx+b",
    pattern="swaps and scales: factors get upstream × partner, the bias gets the upstream gradient",
    variadic=True,
    scalars=1,
    local_gradients=[
        lambda math, out, weights, inputs, bias: inputs,
        lambda math, out, weights, inputs, bias: weights,
        lambda math, out, weights, inputs, bias: 1.0,
    ],
    expansion=lambda math, weights, inputs, bias: (
        _chain([w * x for w, x in zip(weights, inputs, strict=True)]) + bias
    ),
)
def weighted_sum(math: Any, weights: Any, inputs: Any, bias: Any) -> Any:
    """Σ wᵢxᵢ + b, what a neuron computes before its activation, as one gate.

    The local gradient of each factor is its partner, that of the bias is 1.

    >>> weighted_sum([2.0, -3.0], [-1.0, -2.0], -3.0)
    1.0
    """
    return math.dot(weights, inputs) + bias


@gate(
    "lnΣe",
    pattern="softmax: the inputs share the upstream gradient in proportion to their exponentials",
    variadic=True,
    commutes=True,
    local_gradients=[lambda math, out, values: [math.exp(x - out) for x in values]],
    expansion=lambda math, values: math.log(_chain([math.exp(x) for x in values])),
    domain=[Domain(lambda values: len(values) == 0, ValueError, "an empty list has no logsumexp")],
)
def logsumexp(math: Any, values: Any) -> Any:
    """ln Σ eˣ, shifted by the largest x so that it never overflows. Its gradient is the softmax.

    >>> logsumexp([1000.0, 1000.0]) - 1000.0  # ln 2
    0.69314718055...
    """
    return math.logsumexp(values)


def _chain(values: Sequence[Any]) -> Any:
    """The sum of values with one `+` gate between each two."""
    result = values[0]
    for value in values[1:]:
        result = result + value
    return result
