"""Every gate of the table as a method of its first operand; printed by `method_text`."""
# mypy: disable-error-code="arg-type, call-overload"

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from autograd_core.apply import apply1
from autograd_core.coerce import Number
from autograd_core.gates import (
    absolute, add, cos, cosh, divide, elu, equal, exp, expm1, greater, leaky_relu, log, log1p,
    maximum, minimum, multiply, negate, power, power_limit, reciprocal, relu, sech, sigmoid, sin,
    sinh, softplus, sqrt, step, subtract, tanh, where,
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
    """What a value can do by a gate: `v.exp()` is `exp(v)`, where it is documented in full."""

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

    def sqrt(self: Of[Value]) -> Value:
        """The square root. The local gradient is 1/(2√x), which is `inf` at 0."""
        return apply1(sqrt, self)

    def sin(self: Of[Value]) -> Value:
        """The sine of an angle in radians. The local gradient is cos x."""
        return apply1(sin, self)

    def cos(self: Of[Value]) -> Value:
        """The cosine of an angle in radians. The local gradient is −sin x."""
        return apply1(cos, self)

    def sinh(self: Of[Value]) -> Value:
        """The hyperbolic sine. The local gradient is cosh x."""
        return apply1(sinh, self)

    def cosh(self: Of[Value]) -> Value:
        """The hyperbolic cosine. The local gradient is sinh x."""
        return apply1(cosh, self)

    def sech(self: Of[Value]) -> Value:
        """The hyperbolic secant 1/cosh x = 2 / (eˣ + e⁻ˣ). The local gradient is −sech x tanh x."""
        return apply1(sech, self)

    def tanh(self: Of[Value]) -> Value:
        """The hyperbolic tangent, from −1 to 1. The local gradient is sech² x = 1 − tanh² x."""
        return apply1(tanh, self)

    def sigmoid(self: Of[Value]) -> Value:
        """The logistic function σ(x) = 1 / (1 + e⁻ˣ)."""
        return apply1(sigmoid, self)

    def softplus(self: Of[Value]) -> Value:
        """ln(1 + eˣ), a smooth ReLU. The local gradient is σ(x)."""
        return apply1(softplus, self)

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

    def absolute(self: Of[Value]) -> Value:
        """|x|. The local gradient is the sign of x, and 0 at 0."""
        return apply1(absolute, self)

    def maximum(self: Of[Value], y: Value | Number) -> Value:
        """The larger of two. The local gradient is 1 for it and 0 for the other; ½ each in a tie."""
        return maximum(self, y)

    def minimum(self: Of[Value], y: Value | Number) -> Value:
        """The smaller of two. The local gradient is 1 for it and 0 for the other; ½ each in a tie."""
        return minimum(self, y)

    def greater(self: Of[Value], y: Value | Number) -> Value:
        """The Iverson bracket [x > y]: 1 or 0, recorded in the circuit. Its gradients are 0."""
        return greater(self, y)

    def equal(self: Of[Value], y: Value | Number) -> Value:
        """The Iverson bracket [x = y]: 1 or 0, recorded in the circuit. Its gradients are 0."""
        return equal(self, y)

    def where(self: Of[Value], x: Value | Number, y: Value | Number) -> Value:
        """x where the condition is not 0, else y: a branch, recorded in the circuit."""
        return where(self, x, y)
