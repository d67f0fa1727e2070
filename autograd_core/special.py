"""Special functions on floats that Python's `math` does not have, or not to the last digits.

Each computes with `+ - * /` and functions of `math` alone, and raises nothing, so that a program
that is printed in Python can have its text; compiled, `math` is the C library.
"""

import math
from collections.abc import Sequence
from math import inf, nan

ZETA = (
    0.42278433509846713, 0.6449340668482264, 0.2020569031595943, 0.08232323371113819,
    0.03692775514336993, 0.01734306198444914, 0.008349277381922827, 0.00407735619794434,
    0.0020083928260822143, 0.0009945751278180853, 0.0004941886041194645, 0.0002460865533080483,
    0.00012271334757848915, 6.124813505870483e-05, 3.058823630702049e-05, 1.528225940865187e-05,
    7.637197637899763e-06, 3.81729326499984e-06, 1.908212716553939e-06, 9.539620338727962e-07,
    4.769329867878064e-07, 2.38450502727733e-07, 1.1921992596531106e-07, 5.960818905125948e-08,
    2.980350351465228e-08, 1.4901554828365043e-08, 7.45071178983543e-09, 3.725334024788457e-09,
    1.862659723513049e-09, 9.313274324196682e-10, 4.656629065033784e-10, 2.3283118336765053e-10,
    1.164155017270052e-10, 5.820772087902701e-11, 2.9103850444971e-11, 1.4551921891041985e-11,
    7.275959835057482e-12, 3.637979547378651e-12, 1.818989650307066e-12, 9.094947840263888e-13,
)  # fmt: skip
"""1 − γ, and ζ(k) − 1 for k = 2, 3, …: the series of ln Γ(2 + z) (Abramowitz, Stegun 6.1.33)."""

BERNOULLI = (
    1.0 / 6.0, -1.0 / 30.0, 1.0 / 42.0, -1.0 / 30.0, 5.0 / 66.0, -691.0 / 2730.0, 7.0 / 6.0,
    -3617.0 / 510.0, 43867.0 / 798.0, -174611.0 / 330.0,
)  # fmt: skip
"""B₂, B₄, …: the asymptotic series of ln Γ and its derivatives (Abramowitz, Stegun 6.1.40 ff.)."""


def hypot(x: float, y: float) -> float:
    """√(x² + y²), without overflow in between.

    >>> hypot(3.0, 4.0), hypot(3e300, 4e300)
    (5.0, 5e+300)
    """
    larger = max(abs(x), abs(y))
    if abs(x) == inf or abs(y) == inf:
        return inf
    scale = 2.0**-600 if larger > 1e150 else 2.0**600 if larger < 1e-140 else 1.0
    x, y = x * scale, y * scale
    return math.sqrt(x * x + y * y) / scale


def direction(x: float, y: float) -> float:
    """x / √(x² + y²), the cosine of the angle of the point (x, y); 0 at the origin.

    >>> direction(3.0, 4.0), direction(0.0, 0.0)
    (0.6, 0.0)
    """
    if x == 0.0:
        return x if y == y else y
    if abs(x) == abs(y):
        return math.copysign(math.sqrt(0.5), x)
    if abs(x) < abs(y):
        ratio = x / abs(y)
        return ratio / math.sqrt(1.0 + ratio * ratio)
    ratio = y / x
    return math.copysign(1.0, x) / math.sqrt(1.0 + ratio * ratio)


def product_error(x: float, y: float, product: float) -> float:
    """What the product of two floats loses by rounding (Dekker 1971), for numbers up to 1e290.

    >>> product_error(0.1, 0.1, 0.1 * 0.1)
    -8.326672684688674e-19
    """
    shifted = 134217729.0 * x  # 2²⁷ + 1
    upper_x = shifted - (shifted - x)
    shifted = 134217729.0 * y
    upper_y = shifted - (shifted - y)
    lower_x, lower_y = x - upper_x, y - upper_y
    error = upper_x * upper_y - product
    return ((error + upper_x * lower_y) + lower_x * upper_y) + lower_x * lower_y


def gaussian(x: float, rate: float) -> float:
    """exp(−rate x²), with what rate x² loses by rounding made good: it would cost as many units.

    >>> gaussian(0.0, 0.5), gaussian(40.0, 1.0)
    (1.0, 0.0)
    """
    square = x * x
    size = rate * square
    if size > 800.0:
        return 0.0
    if square > 1e200:
        return math.exp(-size)
    lost = product_error(rate, square, size) + rate * product_error(x, x, square)
    return math.exp(-size) * (1.0 - lost)


def normal_cdf(x: float) -> float:
    """Φ(x) = ½ erfc(−x/√2), with what x/√2 loses by rounding made good.

    >>> normal_cdf(0.0), normal_cdf(-40.0)
    (0.5, 0.0)
    """
    if x > 40.0:
        return 1.0
    if x < -40.0:
        return 0.0
    root = 0.7071067811865476
    argument = x * root
    lost = product_error(x, root, argument) - x * 4.833646656726457e-17  # √½ is so much less
    slope = 1.1283791670955126 * math.exp(-argument * argument)
    return 0.5 * (math.erfc(-argument) + slope * lost)


def lgamma(x: float) -> float:
    """ln |Γ(x)|, relatively exact near its zeros at 1 and 2, too.

    >>> lgamma(1.0), lgamma(2.0), lgamma(5.0)  # ln 24
    (0.0, 0.0, 3.1780538303479458)
    """
    if x == -inf:
        return inf
    if x <= -0.5:
        nearest = x - math.floor(x + 0.5)
        if nearest == 0.0:
            return inf
        return math.log(math.pi / abs(math.sin(math.pi * nearest) * x)) - lgamma(-x)
    if x > 12.0:
        if x == inf:
            return inf
        square, correction = 1.0 / (x * x), 0.0
        for place in range(len(BERNOULLI) - 1, -1, -1):
            correction = correction * square + BERNOULLI[place] / (
                (2.0 * place + 2.0) * (2.0 * place + 1.0)
            )
        shift = 0.4189385332046727 + correction / x  # (ln 2π − 1) / 2
        return (x - 0.5) * (math.log(x) - 1.0) + shift
    factor = 1.0
    while x > 2.5:
        x = x - 1.0
        factor = factor * x
    z = x
    if x >= 1.25:
        z = x - 2.0
    elif x >= 0.5:
        z = x - 1.0
    series = 0.0
    for place in range(len(ZETA) - 1, 0, -1):
        series = ZETA[place] / (place + 1.0) - z * series
    result = z * (ZETA[0] + z * series)  # ln Γ(2 + z)
    if x < 1.25:
        result = result - math.log1p(z)
    if x < 0.5:
        result = result - math.log(abs(x)) if x else inf
    return result + math.log(factor)


def polygamma(order: float, x: float) -> float:
    """ψ⁽ⁿ⁾(x), the derivative of order n + 1 of ln Γ: digamma for n = 0, trigamma for n = 1.

    By its recurrence up to large x, where an asymptotic series holds, and by reflection for
    negative x (Abramowitz, Stegun 6.3, 6.4). Beyond order 170, whose factorial is the last float,
    it is `nan`.

    >>> polygamma(0.0, 1.0), polygamma(1.0, 1.0)  # −γ and π²/6
    (-0.5772156649015326, 1.6449340668482264)
    """
    if not (order >= 0.0 and order <= 170.0 and order == math.floor(order)):
        return nan
    if x == -inf or (x <= 0.0 and x == math.floor(x)):
        return nan
    sign = -1.0 if order % 2.0 == 0.0 else 1.0
    if x < -10.0:
        return -math.pi * _cotangent(order, x) - sign * polygamma(order, 1.0 - x)
    if x == inf:
        return inf if order == 0.0 else 0.0
    terms = []
    factorial = 1.0
    for count in range(2, int(order) + 1):
        factorial = factorial * count
    start = x
    while x < 10.0 + order:
        inverse = 1.0 / x
        term = factorial * inverse
        for _ in range(int(order)):
            term = term * inverse
        terms.append(sign * term)
        x = start + len(terms)
    inverse = 1.0 / x
    scale = sign * factorial
    for _ in range(int(order)):
        scale = scale * inverse
    terms.append(math.log(x) if order == 0.0 else scale / order)
    terms.append(0.5 * scale * inverse)
    rising = scale / factorial * (factorial / order if order else 1.0)
    for place in range(len(BERNOULLI)):  # (n + 2k − 1)! / (2k)! / xⁿ⁺²ᵏ
        k = 2.0 * place + 2.0
        rising = rising * inverse * inverse
        rising = rising * (order + k - 1.0) * (order + k - 2.0 if place or order else 1.0)
        rising = rising / (k * (k - 1.0))
        terms.append(BERNOULLI[place] * rising)
    total, lost = 0.0, 0.0
    for term in terms:  # Neumaier's sum, which keeps what each addition loses
        larger = total + term
        if abs(larger) == inf:
            return larger
        part = (total - larger) + term if abs(total) >= abs(term) else (term - larger) + total
        total, lost = larger, lost + part
    return total + lost


def _cotangent(order: float, x: float) -> float:
    """The derivative of order n of cot πx, as a polynomial in cot πx."""
    angle = math.pi * (x - math.floor(x + 0.5))
    cotangent = math.cos(angle) / math.sin(angle)
    coefficients = [0.0, 1.0]
    for _ in range(int(order)):  # d/dx p(c) = −π (1 + c²) p′(c)
        slopes = [place * each for place, each in enumerate(coefficients)][1:]
        coefficients = [0.0] * (len(slopes) + 2)
        for place, each in enumerate(slopes):
            coefficients[place] -= math.pi * each
            coefficients[place + 2] -= math.pi * each
    result = 0.0
    for each in reversed(coefficients):
        result = result * cotangent + each
    return result


def norm(values: Sequence[float]) -> float:
    """√Σx², without overflow in between.

    >>> norm([3.0, -4.0]), norm([])
    (5.0, 0.0)
    """
    larger = max([abs(x) for x in values], default=0.0)
    scale = 2.0**-600 if larger > 1e140 else 2.0**600 if larger < 1e-140 else 1.0
    if any(abs(x) == inf for x in values):
        return inf
    total = 0.0
    for x in values:
        total += (x * scale) * (x * scale)
    return math.sqrt(total) / scale
