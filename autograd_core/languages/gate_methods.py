"""Every gate of the table as a method of its first operand; printed by `method_text`."""
# mypy: disable-error-code="arg-type, call-overload"

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from autograd_core.apply import apply1
from autograd_core.coerce import Number
from autograd_core.gates import (
    absolute, acos, acosh, add, asin, asinh, atan, atan2, atanh, clip, cos, cosh, direction, divide,
    elu, equal, erf, erfc, exp, exp_minus, expm1, floor, gaussian, gelu, greater, hypot, leaky_relu,
    lgamma, log, log10, log1p, log2, log_sigmoid, logistic_loss, maximum, minimum, multiply, negate,
    normal_cdf, one_minus_square, polygamma, power, power_limit, power_log, power_slope, reciprocal,
    relu, sech, sech2, sigmoid, sigmoid_minus, sign, silu, sin, sinh, softplus, sqrt, step,
    subtract, tan, tanh, where, xlogy,
)
from autograd_core.node import Node

if TYPE_CHECKING:
    from autograd_core import _cython as cython  # the types of Cython's `no_gc` hide a class

    Value = TypeVar("Value", bound=Node, covariant=True)  # the class is defined above this module

    class Of(Protocol[Value]):
        """What has methods of gates: a value, or a subclass of it, of which gates give a `Value`.

        It is a node, too, which a protocol cannot say.
        """

        def detach(self) -> Value:
            """Gates give what this does."""

else:
    try:
        import cython
    except ModuleNotFoundError:
        from autograd_core import _cython as cython


@cython.no_gc
@cython.cclass
class GateMethods(Node):
    """Gates as methods of a value: `v.exp()` is `exp(v)`, where it is documented in full."""

    __slots__ = ()

    def add(self: Of[Value], y: Value | Number) -> Value:
        """x + y. Both local gradients are 1: the gate distributes the gradient."""
        return add(self, y)

    def subtract(self: Of[Value], y: Value | Number) -> Value:
        """x − y. The local gradients are 1 and −1."""
        return subtract(self, y)

    def multiply(self: Of[Value], y: Value | Number) -> Value:
        """x · y. Each local gradient is the other input."""
        return multiply(self, y)

    def divide(self: Of[Value], y: Value | Number) -> Value:
        """x / y. The local gradients are 1/y and −x/y²."""
        return divide(self, y)

    def reciprocal(self: Of[Value]) -> Value:
        """1 / x. The local gradient is −1/x²."""
        return apply1(reciprocal, self)

    def negate(self: Of[Value]) -> Value:
        """−x. The local gradient is −1."""
        return apply1(negate, self)

    def power(self: Of[Value], y: Value | Number) -> Value:
        """x to the y. The local gradients are y xʸ⁻¹ and xʸ ln x."""
        return power(self, y)

    def power_limit(self: Of[Value], y: Value | Number) -> Value:
        """x to the y, and `inf`, the limit from the right, for a negative power of zero."""
        return power_limit(self, y)

    def power_slope(self: Of[Value], y: Value | Number) -> Value:
        """y xʸ⁻¹, the slope of xʸ to its base. The local gradients are the second derivatives of xʸ."""
        return power_slope(self, y)

    def power_log(self: Of[Value], y: Value | Number) -> Value:
        """xʸ ln x, the slope of xʸ to its exponent: 0 at 0, and `nan` for a negative base."""
        return power_log(self, y)

    def exp(self: Of[Value]) -> Value:
        """e to the x. Its local gradient is its own output."""
        return apply1(exp, self)

    def expm1(self: Of[Value]) -> Value:
        """e to the x, minus 1, exact near 0. The local gradient is eˣ."""
        return apply1(expm1, self)

    def log(self: Of[Value]) -> Value:
        """The natural logarithm. The local gradient is 1/x."""
        return apply1(log, self)

    def log1p(self: Of[Value]) -> Value:
        """ln(1 + x), exact near 0. The local gradient is 1/(1 + x)."""
        return apply1(log1p, self)

    def log2(self: Of[Value]) -> Value:
        """The logarithm to base 2. The local gradient is 1/(x ln 2)."""
        return apply1(log2, self)

    def log10(self: Of[Value]) -> Value:
        """The logarithm to base 10. The local gradient is 1/(x ln 10)."""
        return apply1(log10, self)

    def xlogy(self: Of[Value], y: Value | Number) -> Value:
        """x ln y, and 0 for x = 0, even where y is 0: the terms of entropy and cross-entropy."""
        return xlogy(self, y)

    def sqrt(self: Of[Value]) -> Value:
        """The square root. The local gradient is 1/(2√x), which is `inf` at 0."""
        return apply1(sqrt, self)

    def sin(self: Of[Value]) -> Value:
        """The sine of an angle in radians. The local gradient is cos x."""
        return apply1(sin, self)

    def cos(self: Of[Value]) -> Value:
        """The cosine of an angle in radians. The local gradient is −sin x."""
        return apply1(cos, self)

    def tan(self: Of[Value]) -> Value:
        """The tangent of an angle in radians. The local gradient is 1 + tan² x."""
        return apply1(tan, self)

    def one_minus_square(self: Of[Value]) -> Value:
        """1 − x² as (1 − x)(1 + x), without loss near 1 and −1. The local gradient is −2x."""
        return apply1(one_minus_square, self)

    def asin(self: Of[Value]) -> Value:
        """The angle from −π/2 to π/2 with this sine. The local gradient is 1/√(1 − x²)."""
        return apply1(asin, self)

    def acos(self: Of[Value]) -> Value:
        """The angle from 0 to π with this cosine. The local gradient is −1/√(1 − x²)."""
        return apply1(acos, self)

    def atan(self: Of[Value]) -> Value:
        """The angle from −π/2 to π/2 with this tangent. The local gradient is 1/(1 + x²)."""
        return apply1(atan, self)

    def direction(self: Of[Value], y: Value | Number) -> Value:
        """x / √(x² + y²), the cosine of the angle of the point (x, y), and 0 at the origin."""
        return direction(self, y)

    def hypot(self: Of[Value], y: Value | Number) -> Value:
        """√(x² + y²), the length of (x, y). The local gradients are x/√(x² + y²) and y/√(x² + y²)."""
        return hypot(self, y)

    def atan2(self: Of[Value], x: Value | Number) -> Value:
        """The angle of the point (x, y), from −π to π. The local gradients are x/r² and −y/r²."""
        return atan2(self, x)

    def sinh(self: Of[Value]) -> Value:
        """The hyperbolic sine. The local gradient is cosh x."""
        return apply1(sinh, self)

    def cosh(self: Of[Value]) -> Value:
        """The hyperbolic cosine. The local gradient is sinh x."""
        return apply1(cosh, self)

    def sech(self: Of[Value]) -> Value:
        """The hyperbolic secant 1/cosh x = 2 / (eˣ + e⁻ˣ). The local gradient is −sech x tanh x."""
        return apply1(sech, self)

    def sech2(self: Of[Value]) -> Value:
        """sech² x = 1 − tanh² x, the slope of tanh. The local gradient is −2 sech² x tanh x."""
        return apply1(sech2, self)

    def tanh(self: Of[Value]) -> Value:
        """The hyperbolic tangent, from −1 to 1. The local gradient is sech² x = 1 − tanh² x."""
        return apply1(tanh, self)

    def asinh(self: Of[Value]) -> Value:
        """The number with this hyperbolic sine. The local gradient is 1/√(1 + x²)."""
        return apply1(asinh, self)

    def acosh(self: Of[Value]) -> Value:
        """The number from 0 up with this hyperbolic cosine. The local gradient is 1/√(x² − 1)."""
        return apply1(acosh, self)

    def atanh(self: Of[Value]) -> Value:
        """The number with this hyperbolic tangent. The local gradient is 1/(1 − x²)."""
        return apply1(atanh, self)

    def gaussian(self: Of[Value], rate: Value | Number = 0.5) -> Value:
        """exp(−rate · x²), the bell curve. The local gradients are −2 rate x and −x² times the output."""
        return gaussian(self, rate)

    def erf(self: Of[Value]) -> Value:
        """The error function, from −1 to 1. The local gradient is 2/√π exp(−x²)."""
        return apply1(erf, self)

    def erfc(self: Of[Value]) -> Value:
        """1 − erf x, with all digits where erf x is near 1. The local gradient is −2/√π exp(−x²)."""
        return apply1(erfc, self)

    def normal_cdf(self: Of[Value]) -> Value:
        """Φ(x) = ½ erfc(−x/√2): how likely a standard normal number is below x."""
        return apply1(normal_cdf, self)

    def lgamma(self: Of[Value]) -> Value:
        """ln |Γ(x)|; for whole n ≥ 1, Γ(n) is (n − 1)!. The local gradient is the digamma function."""
        return apply1(lgamma, self)

    def polygamma(self: Of[Value], x: Value | Number) -> Value:
        """The digamma function for order 0, trigamma for order 1, and so on: the slopes of lgamma."""
        return polygamma(self, x)

    def sigmoid(self: Of[Value]) -> Value:
        """The logistic function σ(x) = 1 / (1 + e⁻ˣ)."""
        return apply1(sigmoid, self)

    def softplus(self: Of[Value]) -> Value:
        """ln(1 + eˣ), a smooth ReLU. The local gradient is σ(x)."""
        return apply1(softplus, self)

    def log_sigmoid(self: Of[Value]) -> Value:
        """ln σ(x) = −ln(1 + e⁻ˣ), for every x. The local gradient is σ(−x) = 1 − σ(x)."""
        return apply1(log_sigmoid, self)

    def sigmoid_minus(self: Of[Value], y: Value | Number) -> Value:
        """σ(x) − y, and for y = 1 as exact as −σ(−x): a probability minus a label."""
        return sigmoid_minus(self, y)

    def logistic_loss(self: Of[Value], y: Value | Number) -> Value:
        """ln(1 + eˣ) − y x: the binary cross-entropy of the label y and the probability σ(x)."""
        return logistic_loss(self, y)

    def step(self: Of[Value]) -> Value:
        """The unit step: 1 for x ≥ 0, else 0. Its gradient is 0, so it serves inference only."""
        return apply1(step, self)

    def relu(self: Of[Value]) -> Value:
        """The rectified linear unit max(0, x). The local gradient is 1 above 0, else 0."""
        return apply1(relu, self)

    def leaky_relu(self: Of[Value], slope: Value | Number = 0.1) -> Value:
        """x for x > 0, else slope · x: the lecture's leaky ReLU max(0.1x, x)."""
        return leaky_relu(self, slope)

    def elu(self: Of[Value], alpha: Value | Number = 1.0) -> Value:
        """x for x > 0, else α (eˣ − 1): the exponential linear unit (Clevert et al. 2015)."""
        return elu(self, alpha)

    def silu(self: Of[Value]) -> Value:
        """x σ(x), the sigmoid linear unit, or swish (Ramachandran et al. 2017)."""
        return apply1(silu, self)

    def gelu(self: Of[Value]) -> Value:
        """x Φ(x), the Gaussian error linear unit (Hendrycks, Gimpel 2016), without approximation."""
        return apply1(gelu, self)

    def absolute(self: Of[Value]) -> Value:
        """|x|. The local gradient is the sign of x, and 0 at 0."""
        return apply1(absolute, self)

    def sign(self: Of[Value]) -> Value:
        """1 for x > 0, −1 for x < 0, and 0 for 0. Its gradient is 0."""
        return apply1(sign, self)

    def floor(self: Of[Value]) -> Value:
        """The largest whole number up to x. Its gradient is 0."""
        return apply1(floor, self)

    def clip(self: Of[Value], low: Value | Number, high: Value | Number) -> Value:
        """x, but at least `low` and at most `high`."""
        return clip(self, low, high)

    def maximum(self: Of[Value], y: Value | Number, *more: Value | Number) -> Value:
        """The larger of two. The local gradient is 1 for it and 0 for the other; ½ each in a tie."""
        return maximum(self, y, *more)

    def minimum(self: Of[Value], y: Value | Number, *more: Value | Number) -> Value:
        """The smaller of two. The local gradient is 1 for it and 0 for the other; ½ each in a tie."""
        return minimum(self, y, *more)

    def greater(self: Of[Value], y: Value | Number) -> Value:
        """The Iverson bracket [x > y]: 1 or 0, recorded in the circuit. Its gradients are 0."""
        return greater(self, y)

    def equal(self: Of[Value], y: Value | Number) -> Value:
        """The Iverson bracket [x = y]: 1 or 0, recorded in the circuit. Its gradients are 0."""
        return equal(self, y)

    def where(self: Of[Value], x: Value | Number, y: Value | Number) -> Value:
        """x where the condition is not 0, else y: a branch, recorded in the circuit."""
        return where(self, x, y)

    def exp_minus(self: Of[Value], y: Value | Number) -> Value:
        """eˣ − y, and for y = 1 as exact as expm1: a probability, by its logarithm, minus a choice."""
        return exp_minus(self, y)

    def arcsin(self: Of[Value]) -> Value:
        """The angle from −π/2 to π/2 with this sine. The local gradient is 1/√(1 − x²)."""
        return apply1(asin, self)

    def arccos(self: Of[Value]) -> Value:
        """The angle from 0 to π with this cosine. The local gradient is −1/√(1 − x²)."""
        return apply1(acos, self)

    def arctan(self: Of[Value]) -> Value:
        """The angle from −π/2 to π/2 with this tangent. The local gradient is 1/(1 + x²)."""
        return apply1(atan, self)

    def arcsinh(self: Of[Value]) -> Value:
        """The number with this hyperbolic sine. The local gradient is 1/√(1 + x²)."""
        return apply1(asinh, self)

    def arccosh(self: Of[Value]) -> Value:
        """The number from 0 up with this hyperbolic cosine. The local gradient is 1/√(x² − 1)."""
        return apply1(acosh, self)

    def arctanh(self: Of[Value]) -> Value:
        """The number with this hyperbolic tangent. The local gradient is 1/(1 − x²)."""
        return apply1(atanh, self)

    def arctan2(self: Of[Value], x: Value | Number) -> Value:
        """The angle of the point (x, y), from −π to π. The local gradients are x/r² and −y/r²."""
        return atan2(self, x)
