"""Formulas of the gate table on arrays: every step writes into an array that is allocated already.

`Symbols` is a number system that records the steps of a formula; `bind` turns each step into a
NumPy call on given arrays. The functions are those of `autograd_core.floats`, element
by element.
"""

import math
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from autograd_core import special
from autograd_core.gate import GATES, Gate
from autograd_core.programs.run import Array

Call = Callable[[], Any]
Scratch = Callable[[tuple[int, ...]], Array]

NUMPY_NAMES = {
    **{name: f"arc{name[1:]}" for name in ("asin", "acos", "atan", "asinh", "acosh", "atanh")},
    "atan2": "arctan2",
}
"""What NumPy calls functions that have other names in `math`."""


class Symbol(NDArrayOperatorsMixin):
    """A symbolic number; operators on it are recorded as NumPy's functions."""

    def __init__(self, symbols: "Symbols") -> None:
        self._symbols = symbols

    def __array_ufunc__(self, function: np.ufunc, method: str, *operands: Any) -> "Symbol":
        return self._symbols.note(function, *operands)

    def __bool__(self) -> bool:
        raise TypeError("a rule holds for arrays, which are neither true nor false")


class Symbols:
    """The number system that records the steps of a formula: function, operands, result."""

    def __init__(self) -> None:
        self.steps: list[tuple[Callable[..., Any], tuple[Any, ...], Symbol]] = []

    def note(self, function: Callable[..., Any], *operands: Any) -> Symbol:
        """Record a step, and return the symbol of its result."""
        result = Symbol(self)
        self.steps.append((function, operands, result))
        return result

    def guard(self, condition: Any, x: Any) -> Symbol:
        """1 where the condition holds, else x."""
        return self.where(condition, 1.0, x)

    def pick(self, choices: Sequence[Any], values: Sequence[Any]) -> Symbol:
        """Σ choice · value over what is chosen."""
        pairs = zip(choices, values, strict=True)
        return self.total([self.where(choice, choice * x, 0.0) for choice, x in pairs])

    def cross_entropy(self, choices: Sequence[Any], values: Sequence[Any]) -> Symbol:
        """ln Σ exp(x − chosen)."""
        chosen = self.pick(choices, values)
        return self.logsumexp([self.difference(x, chosen) for x in values])

    def __getattr__(self, name: str) -> Callable[..., Symbol]:
        function = OWN.get(name) or getattr(np, NUMPY_NAMES.get(name, name), None)
        if function is None or (name not in OWN and not isinstance(function, np.ufunc)):
            raise AttributeError(f"arrays have no function {name}")
        return partial(self.note, function)


@cache
def _noted(gate: Gate, count: int) -> tuple[list[Symbol], Symbols, Any]:
    """A gate's forward rule as symbols for so many operands, recorded steps, and result."""
    symbols = Symbols()
    operands = [Symbol(symbols) for _ in range(count)]
    return operands, symbols, gate.evaluate(symbols, operands)


def bind(name: str, operands: Sequence[Array], out: Array, scratch: Scratch) -> list[Call]:
    """The NumPy calls that evaluate a gate, for operands that broadcast to the shape of the result.

    Scratch has arrays for intermediate results, by their shape.
    """
    noted, symbols, result = _noted(GATES[name], len(operands))
    known: dict[int, Any] = {id(x): array for x, array in zip(noted, operands, strict=True)}
    calls: list[Call] = []

    def array(argument: Any) -> Any:
        """The value of a step's argument: an array, a number, or a list's as one array."""
        if isinstance(argument, Sequence):
            rows = scratch((len(argument), *out.shape))
            calls.extend(
                [
                    partial(np.copyto, row, known.get(id(x), x))
                    for row, x in zip(rows, argument, strict=True)
                ]
            )
            return rows
        # a float would be made into an array, and `out` looked up by its name, at every call
        return known.get(
            id(argument), np.array(argument, out.dtype) if type(argument) is float else argument
        )

    for function, arguments, symbol in symbols.steps:
        target = known[id(symbol)] = out if symbol is result else scratch(out.shape)
        arrays = [array(each) for each in arguments]
        exponent = arguments[-1]
        if function is np.power and type(exponent) is float and exponent == 2.0:
            function, arrays = np.square, arrays[:1]  # which needs no general power
        calls.append(partial(function, *arrays, target))
    if not any(symbol is result for _, _, symbol in symbols.steps):
        calls.append(partial(np.copyto, out, known.get(id(result), result)))
    return calls


def _sech(x: Any, out: Array) -> None:
    """2 e / (1 + e²) with e = exp(−|x|), which does not overflow."""
    np.exp(np.negative(np.absolute(x, out=out), out=out), out=out)
    np.divide(out, 1.0 + out * out, out=out)
    np.multiply(out, 2.0, out=out)


def _sech2(x: Any, out: Array) -> None:
    """4 e / (1 + e (2 + e)) with e = exp(−2|x|)."""
    np.exp(np.multiply(np.absolute(x, out=out), -2.0, out=out), out=out)
    denominator = 1.0 + out * (2.0 + out)
    np.divide(np.multiply(out, 4.0, out=out), denominator, out=out)


def _sigmoid(x: Any, out: Array) -> None:
    """1 / (1 + e) for x ≥ 0, else e / (1 + e), with e = exp(−|x|)."""
    np.exp(np.negative(np.absolute(x, out=out), out=out), out=out)
    numerator = np.where(np.less(x, 0.0), out, 1.0)
    np.add(out, 1.0, out=out)
    np.divide(numerator, out, out=out)


def _power_limit(x: Any, y: Any, out: Array) -> None:
    np.power(x, y, out=out)
    np.copyto(out, np.inf, where=np.equal(x, 0.0) & np.less(y, 0.0))


def _one_minus_square(x: Any, out: Array) -> None:
    np.multiply(1.0 - np.asarray(x), 1.0 + np.asarray(x), out=out)


def _elementwise(function: Callable[..., float], count: int) -> Callable[..., None]:
    """A function of floats applied number by number: NumPy has none of this name."""
    applied = np.frompyfunc(function, count, 1)

    def call(*operands: Any) -> None:
        *numbers, out = operands
        np.copyto(out, applied(*numbers), casting="unsafe")

    return call


def _where(condition: Any, x: Any, y: Any, out: Array) -> None:
    taken = np.not_equal(condition, 0.0)
    np.copyto(out, y)
    np.copyto(out, x, where=taken)


def _times(x: Any, y: Any, out: Array) -> None:
    zero = np.equal(y, 0.0)
    np.multiply(x, y, out=out)
    np.copyto(out, 0.0, where=zero)


def _maximum(x: Any, y: Any, out: Array) -> None:
    np.maximum(x, y, out=out)  # NumPy takes `out` of these two by its name alone


def _minimum(x: Any, y: Any, out: Array) -> None:
    np.minimum(x, y, out=out)


def _along(function: np.ufunc, **options: Any) -> Callable[..., None]:
    """A function of two numbers over a whole list."""

    def call(values: Any, out: Array) -> None:
        function.reduce(values, axis=0, out=out, **options)

    return call


def _dot(weights: Any, inputs: Any, out: Array) -> None:
    np.einsum("k...,k...->...", weights, inputs, out=out)


def _difference(x: Any, y: Any, out: Array) -> None:
    equal = np.equal(x, y)
    np.subtract(x, y, out=out)
    np.copyto(out, 0.0, where=equal)


def _logsumexp(values: Any, out: Array) -> None:
    """max + ln(1 + Σ exp(x − max)) over all x but one largest; one that is infinite is the result.

    The exponential of the largest, 1, is left to log1p, which keeps the small terms beside it.
    """
    largest = np.maximum.reduce(values, axis=0)
    shift = np.where(np.isinf(largest), 0.0, largest)
    exponentials = np.exp(values - shift)
    np.put_along_axis(exponentials, np.argmax(values, axis=0)[np.newaxis], 0.0, axis=0)
    np.add.reduce(exponentials, axis=0, out=out)
    np.add(np.log1p(out, out=out), shift, out=out)
    np.copyto(out, largest, where=np.isinf(largest))


OWN: dict[str, Callable[..., Any]] = {
    "power_limit": _power_limit,
    "one_minus_square": _one_minus_square,
    "sech": _sech,
    "sech2": _sech2,
    "sigmoid": _sigmoid,
    "maximum": _maximum,
    "minimum": _minimum,
    "largest": _along(np.maximum),
    "smallest": _along(np.minimum),
    "where": _where,
    "times": _times,
    "difference": _difference,
    "total": _along(np.add),
    "dot": _dot,
    "logsumexp": _logsumexp,
    "product": _along(np.multiply),
    "norm": _along(np.hypot, initial=0.0),
    "direction": _elementwise(special.direction, 2),
    "gaussian": _elementwise(special.gaussian, 2),
    "normal_cdf": _elementwise(special.normal_cdf, 1),
    "erf": _elementwise(math.erf, 1),
    "erfc": _elementwise(math.erfc, 1),
    "lgamma": _elementwise(special.lgamma, 1),
    "polygamma": _elementwise(special.polygamma, 2),
}
"""Functions of a formula that are not NumPy's; each takes its operands, and then the array for its
result."""
