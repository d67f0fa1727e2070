"""Second-order forward differentiation over high-precision numbers.

A `Jet` carries a number, its first and its second derivatives with respect to any number of
variables, and obeys the sum, product and chain rules. Functions written with jets are thereby
differentiated twice, exactly, by a method (forward mode) and in a precision (`DIGITS`) that have
nothing in common with the engine's.
"""

from __future__ import annotations

from typing import TypeVar

from mpmath import mp, mpf

Place = TypeVar("Place", int, tuple[int, int])

DIGITS = 350
"""Enough for textbook formulas to cancel and still be right: 1 + x holds x = 1e-150 and x²."""

mp.dps = DIGITS


class OutsideDomainError(ValueError):
    """The textbook does not define the function here."""


class Jet:
    """A number with its slopes ∂/∂xᵢ and its curvatures ∂²/∂xᵢ∂xⱼ, i ≤ j; absent ones are 0."""

    def __init__(
        self,
        value: float,
        slopes: dict[int, mpf] | None = None,
        curvatures: dict[tuple[int, int], mpf] | None = None,
    ) -> None:
        self.value = mpf(value)
        self.slopes = slopes or {}
        self.curvatures = curvatures or {}

    @classmethod
    def variable(cls, value: float, index: int) -> Jet:
        return cls(value, {index: mpf(1)})

    def lifted(self, value: mpf, first: mpf, second: mpf) -> Jet:
        """φ(self), from φ and its two derivatives at this number: the chain rule."""
        slopes = {i: first * s for i, s in self.slopes.items()}
        curvatures = {ij: first * c for ij, c in self.curvatures.items()}
        if second:
            for i, si in self.slopes.items():
                for j, sj in self.slopes.items():
                    if i <= j:
                        curvatures[i, j] = curvatures.get((i, j), 0) + second * si * sj
        return Jet(value, slopes, curvatures)

    def __add__(self, other: float | Jet) -> Jet:
        other = as_jet(other)
        slopes = _added(self.slopes, other.slopes)
        return Jet(self.value + other.value, slopes, _added(self.curvatures, other.curvatures))

    def __mul__(self, other: float | Jet) -> Jet:
        other = as_jet(other)
        x, y = self.value, other.value
        slopes = _added(_scaled(self.slopes, y), _scaled(other.slopes, x))
        curvatures = _added(_scaled(self.curvatures, y), _scaled(other.curvatures, x))
        for i, si in self.slopes.items():
            for j, sj in other.slopes.items():
                pair = (i, j) if i <= j else (j, i)
                twice = 2 if i == j else 1
                curvatures[pair] = curvatures.get(pair, 0) + twice * si * sj
        return Jet(x * y, slopes, curvatures)

    def __neg__(self) -> Jet:
        return self * -1

    def __sub__(self, other: float | Jet) -> Jet:
        return self + -as_jet(other)

    def __rsub__(self, other: float | Jet) -> Jet:
        return as_jet(other) + -self

    def __truediv__(self, other: float | Jet) -> Jet:
        return self * as_jet(other).reciprocal()

    def __rtruediv__(self, other: float | Jet) -> Jet:
        return as_jet(other) * self.reciprocal()

    __radd__ = __add__
    __rmul__ = __mul__

    def reciprocal(self) -> Jet:
        if self.value == 0:
            raise OutsideDomainError("1 / 0")
        y = 1 / self.value
        return self.lifted(y, -(y**2), 2 * y**3)


def as_jet(number: float | Jet) -> Jet:
    return number if isinstance(number, Jet) else Jet(number)


def _scaled(parts: dict[Place, mpf], factor: mpf) -> dict[Place, mpf]:
    return {key: part * factor for key, part in parts.items()} if factor else {}


def _added(left: dict[Place, mpf], right: dict[Place, mpf]) -> dict[Place, mpf]:
    merged = dict(left)
    for key, part in right.items():
        merged[key] = merged[key] + part if key in merged else part
    return merged


def exp(x: Jet) -> Jet:
    y = mp.exp(x.value)
    return x.lifted(y, y, y)


def log(x: Jet) -> Jet:
    if x.value <= 0:
        raise OutsideDomainError("log of a number that is not positive")
    slope = 1 / x.value
    return x.lifted(mp.log(x.value), slope, -(slope**2))


def sqrt(x: Jet) -> Jet:
    if x.value <= 0:
        raise OutsideDomainError("a square root has no slope at 0 and no value below")
    y = mp.sqrt(x.value)
    return x.lifted(y, 1 / (2 * y), -1 / (4 * y**3))


def sin(x: Jet) -> Jet:
    y = mp.sin(x.value)
    return x.lifted(y, mp.cos(x.value), -y)


def cos(x: Jet) -> Jet:
    y = mp.cos(x.value)
    return x.lifted(y, -mp.sin(x.value), -y)


def fixed_power(x: Jet, exponent: mpf) -> Jet:
    """x to a constant exponent, by the power rule."""
    whole = exponent == mp.floor(exponent)
    if (x.value < 0 and not whole) or (x.value == 0 and not (whole and exponent >= 0)):
        raise OutsideDomainError("no real power with a slope")
    n = int(exponent) if whole else exponent
    first = n * x.value ** (n - 1) if n != 0 else mpf(0)
    second = n * (n - 1) * x.value ** (n - 2) if n not in (0, 1) else mpf(0)
    return x.lifted(x.value**n, first, second)
