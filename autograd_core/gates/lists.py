"""Gates of lists of numbers."""

from collections.abc import Sequence
from functools import reduce
from typing import Any

from autograd_core.gate import Domain, gate
from autograd_core.gates.patterns import ADD, CHAIN
from autograd_core.node import Node


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
    "mean",
    pattern="distributor: each input gets its share of the upstream gradient",
    variadic=True,
    commutes=True,
    local_gradients=[
        lambda math, out, values: [1.0 / float(len(values))] * len(values),
    ],
    expansion=lambda math, values: _chain(values) / float(len(values)),
    domain=[Domain(lambda values: len(values) == 0, ValueError, "an empty list has no mean")],
)
def mean(math: Any, values: Any) -> Any:
    """The mean of n values, as one gate. Each local gradient is 1/n.

    >>> mean([1.0, 2.0, 6.0])
    3.0
    """
    return math.total(values) / float(len(values))


@gate(
    "Π",
    pattern="swaps and scales: each input gets the upstream gradient times all others",
    variadic=True,
    commutes=True,
    local_gradients=[lambda math, out, values: _products_of_others(values)],
    expansion=lambda math, values: reduce(lambda x, y: x * y, values),
)
def prod(math: Any, values: Any) -> Any:
    """The product of any number of values, as one gate. Each local gradient is that of the others.

    It is multiplied from left to right, as by `math.prod`: a part of it may overflow.

    >>> prod([2.0, 3.0, 4.0])
    24.0
    """
    return math.product(values)


def _products_of_others(values: Sequence[Any]) -> list[Any]:
    """For each value the product of those before it and those after it."""
    before, after = [1.0], [1.0]
    for value in values[:-1]:
        before.append(value if len(before) == 1 else before[-1] * value)
    for value in values[:0:-1]:
        after.append(value if len(after) == 1 else after[-1] * value)
    pairs = list(zip(before, reversed(after), strict=True))
    if len(pairs) < 2:
        return before[: len(values)]
    middle = [left * right for left, right in pairs[1:-1]]
    return [pairs[0][1], *middle, pairs[-1][0]]


@gate(
    "‖x‖",
    pattern=CHAIN,
    variadic=True,
    commutes=True,
    steep=True,
    local_gradients=[
        lambda math, out, values: _directions(math, out, values),
    ],
    expansion=lambda math, values: math.sqrt(_chain([x * x for x in values])),
)
def norm(math: Any, values: Any) -> Any:
    """√Σx², the length of a vector, as one gate. Each local gradient is x/‖x‖.

    At the origin all are 0: the gradient of least norm among those of all directions.

    >>> norm([3.0, -4.0])
    5.0
    """
    return math.norm(values)


def _directions(math: Any, out: Any, values: Sequence[Any]) -> list[Any]:
    origin = math.equal(out, 0.0)
    length = math.guard(origin, out)
    return [math.where(origin, 0.0, x / length) for x in values]


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
    local_gradients=[lambda math, out, values: _softmax(math, out, values)],
    expansion=lambda math, values: math.log(_chain([math.exp(x) for x in values])),
    domain=[Domain(lambda values: len(values) == 0, ValueError, "an empty list has no logsumexp")],
)
def logsumexp(math: Any, values: Any) -> Any:
    """ln Σ eˣ, shifted by the largest x so that it never overflows. Its gradient is the softmax.

    A shift of all x by one number changes no digit of the softmax. Where all x are −∞ it is 0.

    >>> logsumexp([1000.0, 1000.0]) - 1000.0  # ln 2
    0.69314718055...
    """
    return math.logsumexp(values)


def _softmax(math: Any, out: Any, values: Sequence[Any]) -> list[Any]:
    """eˣ / Σ eˣ, shifted by the output, and divided by the sum: the output is rounded.

    The bound and the small number make it 0 where the output is −∞, and change nothing else.
    """
    shift = math.maximum(out, -1e308)
    exp, difference = math.exp, math.difference
    exponentials = [exp(difference(x, shift)) for x in values]
    sum_of_all = math.total([*exponentials, 1e-300])
    return [each / sum_of_all for each in exponentials]


@gate(
    "pick",
    pattern="router: the gradient goes to the value that is chosen",
    variadic=True,
    routes=True,
    local_gradients=[
        lambda math, out, choices, values: values,
        lambda math, out, choices, values: choices,
    ],
)
def pick(math: Any, choices: Any, values: Any) -> Any:
    """The value whose choice is 1, where all others are 0: what is not chosen may be infinite.

    It is Σ choice · value without the products with 0. Each local gradient is the partner.

    >>> pick([0.0, 1.0], [float("-inf"), 3.0])
    3.0
    """
    return math.pick(choices, values)


def _exp_minus(math: Any, x: Any, y: Any) -> Any:
    """eˣ − y; as one gate in derivative circuits, where it reads as the lectures' P − Y."""
    if isinstance(y, float) and y == 0.0:
        return math.exp(x)
    if isinstance(x, Node):
        return exp_minus(x, y)
    return math.where(math.equal(y, 1.0), math.expm1(x), math.exp(x) - y)


@gate(
    "eˣ−y",
    pattern=CHAIN,
    steep=True,
    local_gradients=[lambda math, out, x, y: math.exp(x), lambda math, out, x, y: -1.0],
)
def exp_minus(math: Any, x: Any, y: Any) -> Any:
    """eˣ − y, and for y = 1 as exact as expm1: a probability, by its logarithm, minus a choice.

    It is the slope of `cross_entropy`. The local gradients are eˣ and −1.

    >>> exp_minus(0.0, 0.0), exp_minus(-1e-20, 1.0)
    (1.0, -1e-20)
    """
    return _exp_minus(math, x, y)


@gate(
    "lnΣe−pick",
    pattern="softmax: the values get their shares, and the one that is chosen 1 less",
    variadic=True,
    routes=True,
    local_gradients=[
        lambda math, out, choices, values: [-x for x in values],
        lambda math, out, choices, values: _shares(math, out, choices, values),
    ],
    expansion=lambda math, choices, values: math.logsumexp(values) - math.pick(choices, values),
)
def cross_entropy(math: Any, choices: Any, values: Any) -> Any:
    """ln Σ eˣ minus the value that is chosen: −ln of its share, the softmax cross-entropy.

    The choices are 1 for one value and 0 for the others, or shares that add up to 1. Computed from
    differences to the chosen value, so that a shift of all changes no digit, and what is small
    beside 1 is kept. The local gradient is the softmax, minus 1 for the chosen value. Where that is
    infinitely far below another, the output is `inf`, and the gradients to larger values are `nan`.

    >>> cross_entropy([0.0, 1.0], [1e16, 1e16])  # ln 2
    0.693147180559...
    """
    return math.cross_entropy(choices, values)


def _shares(math: Any, out: Any, choices: Sequence[Any], values: Sequence[Any]) -> list[Any]:
    """The softmax minus the choices, exp(ln p) − y with ln p = x − chosen − out."""
    chosen = math.pick(choices, values)
    pairs = zip(choices, values, strict=True)
    return [_exp_minus(math, math.difference(x, chosen) - out, y) for y, x in pairs]


def _chain(values: Sequence[Any]) -> Any:
    """The sum of values with one `+` gate between each two."""
    result = values[0]
    for value in values[1:]:
        result = result + value
    return result
