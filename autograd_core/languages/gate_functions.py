"""Every gate of the table as a function, typed; printed by `method_text`.

A gate gives a float for numbers, and a value as soon as one operand is a value.
"""
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, overload

from autograd_core.coerce import Number
from autograd_core.gate import Gate
from autograd_core.value import Value

if TYPE_CHECKING:
    Numbers = Iterable[Number]
    Operand = Value | Number
    Operands = Iterable[Operand]

    class XYGate(Gate):
        @overload
        def __call__(self, x: Number, y: Number) -> float: ...
        @overload
        def __call__(self, x: Operand, y: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any: ...

    class XGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any: ...

    class XSlopeGate(Gate):
        @overload
        def __call__(self, x: Number, slope: Number = 0.1) -> float: ...
        @overload
        def __call__(self, x: Operand, slope: Operand = 0.1) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any: ...

    class XAlphaGate(Gate):
        @overload
        def __call__(self, x: Number, alpha: Number = 1.0) -> float: ...
        @overload
        def __call__(self, x: Operand, alpha: Operand = 1.0) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any: ...

    class ConditionXYGate(Gate):
        @overload
        def __call__(self, condition: Number, x: Number, y: Number) -> float: ...
        @overload
        def __call__(self, condition: Operand, x: Operand, y: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any: ...

    class ValuesGate(Gate):
        @overload
        def __call__(self, values: Numbers) -> float: ...
        @overload
        def __call__(self, values: Operands) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any: ...

    class WeightsInputsGate(Gate):
        @overload
        def __call__(self, weights: Numbers, inputs: Numbers) -> float: ...
        @overload
        def __call__(self, weights: Operands, inputs: Operands) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any: ...

    class WeightsInputsBiasGate(Gate):
        @overload
        def __call__(self, weights: Numbers, inputs: Numbers, bias: Number) -> float: ...
        @overload
        def __call__(self, weights: Operands, inputs: Operands, bias: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any: ...

    add: XYGate
    """x + y. Both local gradients are 1: the gate distributes the gradient."""

    subtract: XYGate
    """x − y. The local gradients are 1 and −1."""

    multiply: XYGate
    """x · y. Each local gradient is the other input."""

    divide: XYGate
    """x / y. The local gradients are 1/y and −x/y²."""

    reciprocal: XGate
    """1 / x. The local gradient is −1/x²."""

    negate: XGate
    """−x. The local gradient is −1."""

    power: XYGate
    """x to the y. The local gradients are y xʸ⁻¹ and xʸ ln x."""

    power_limit: XYGate
    """x to the y, and `inf`, the limit from the right, for a negative power of zero."""

    exp: XGate
    """e to the x. Its local gradient is its own output."""

    expm1: XGate
    """e to the x, minus 1, exact near 0. The local gradient is eˣ."""

    log: XGate
    """The natural logarithm. The local gradient is 1/x."""

    log1p: XGate
    """ln(1 + x), exact near 0. The local gradient is 1/(1 + x)."""

    sqrt: XGate
    """The square root. The local gradient is 1/(2√x), which is `inf` at 0."""

    sin: XGate
    """The sine of an angle in radians. The local gradient is cos x."""

    cos: XGate
    """The cosine of an angle in radians. The local gradient is −sin x."""

    sinh: XGate
    """The hyperbolic sine. The local gradient is cosh x."""

    cosh: XGate
    """The hyperbolic cosine. The local gradient is sinh x."""

    sech: XGate
    """The hyperbolic secant 1/cosh x = 2 / (eˣ + e⁻ˣ). The local gradient is −sech x tanh x."""

    tanh: XGate
    """The hyperbolic tangent, from −1 to 1. The local gradient is sech² x = 1 − tanh² x."""

    sigmoid: XGate
    """The logistic function σ(x) = 1 / (1 + e⁻ˣ)."""

    softplus: XGate
    """ln(1 + eˣ), a smooth ReLU. The local gradient is σ(x)."""

    absolute: XGate
    """|x|. The local gradient is the sign of x, and 0 at 0."""

    step: XGate
    """The unit step: 1 for x ≥ 0, else 0. Its gradient is 0, so it serves inference only."""

    relu: XGate
    """The rectified linear unit max(0, x). The local gradient is 1 above 0, else 0."""

    leaky_relu: XSlopeGate
    """x for x > 0, else slope · x: the lecture's leaky ReLU max(0.1x, x)."""

    elu: XAlphaGate
    """x for x > 0, else α (eˣ − 1): the exponential linear unit (Clevert et al. 2015)."""

    maximum: XYGate
    """The larger of two. The local gradient is 1 for it and 0 for the other; ½ each in a tie."""

    minimum: XYGate
    """The smaller of two. The local gradient is 1 for it and 0 for the other; ½ each in a tie."""

    greater: XYGate
    """The Iverson bracket [x > y]: 1 or 0, recorded in the circuit. Its gradients are 0."""

    equal: XYGate
    """The Iverson bracket [x = y]: 1 or 0, recorded in the circuit. Its gradients are 0."""

    where: ConditionXYGate
    """x where the condition is not 0, else y: a branch, recorded in the circuit."""

    total: ValuesGate
    """The sum of any number of values, as one gate."""

    dot: WeightsInputsGate
    """Σ wᵢxᵢ, as one gate. The local gradient of each factor is its partner."""

    weighted_sum: WeightsInputsBiasGate
    """Σ wᵢxᵢ + b, what a neuron computes before its activation, as one gate."""

    logsumexp: ValuesGate
    """ln Σ eˣ, shifted by the largest x so that it never overflows. Its gradient is the softmax."""
else:
    from autograd_core.gates import (
        absolute, add, cos, cosh, divide, dot, elu, equal, exp, expm1, greater, leaky_relu, log,
        log1p, logsumexp, maximum, minimum, multiply, negate, power, power_limit, reciprocal, relu,
        sech, sigmoid, sin, sinh, softplus, sqrt, step, subtract, tanh, total, weighted_sum, where,
    )

__all__ = [
    "absolute", "add", "cos", "cosh", "divide", "dot", "elu", "equal", "exp", "expm1", "greater",
    "leaky_relu", "log", "log1p", "logsumexp", "maximum", "minimum", "multiply", "negate", "power",
    "power_limit", "reciprocal", "relu", "sech", "sigmoid", "sin", "sinh", "softplus", "sqrt",
    "step", "subtract", "tanh", "total", "weighted_sum", "where",
]
