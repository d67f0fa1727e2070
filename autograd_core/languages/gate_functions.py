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

    class AddGate(Gate):
        @overload
        def __call__(self, x: Number, y: Number) -> float: ...
        @overload
        def __call__(self, x: Operand, y: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """x + y. Both local gradients are 1: the gate distributes the gradient."""
    add: AddGate

    class SubtractGate(Gate):
        @overload
        def __call__(self, x: Number, y: Number) -> float: ...
        @overload
        def __call__(self, x: Operand, y: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """x − y. The local gradients are 1 and −1."""
    subtract: SubtractGate

    class MultiplyGate(Gate):
        @overload
        def __call__(self, x: Number, y: Number) -> float: ...
        @overload
        def __call__(self, x: Operand, y: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """x · y. Each local gradient is the other input."""
    multiply: MultiplyGate

    class DivideGate(Gate):
        @overload
        def __call__(self, x: Number, y: Number) -> float: ...
        @overload
        def __call__(self, x: Operand, y: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """x / y. The local gradients are 1/y and −x/y²."""
    divide: DivideGate

    class ReciprocalGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """1 / x. The local gradient is −1/x²."""
    reciprocal: ReciprocalGate

    class NegateGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """−x. The local gradient is −1."""
    negate: NegateGate

    class PowerGate(Gate):
        @overload
        def __call__(self, x: Number, y: Number) -> float: ...
        @overload
        def __call__(self, x: Operand, y: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """x to the y. The local gradients are y xʸ⁻¹ and xʸ ln x."""
    power: PowerGate

    class PowerLimitGate(Gate):
        @overload
        def __call__(self, x: Number, y: Number) -> float: ...
        @overload
        def __call__(self, x: Operand, y: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """x to the y, and `inf`, the limit from the right, for a negative power of zero."""
    power_limit: PowerLimitGate

    class ExpGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """e to the x. Its local gradient is its own output."""
    exp: ExpGate

    class Expm1Gate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """e to the x, minus 1, exact near 0. The local gradient is eˣ."""
    expm1: Expm1Gate

    class LogGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The natural logarithm. The local gradient is 1/x."""
    log: LogGate

    class Log1PGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """ln(1 + x), exact near 0. The local gradient is 1/(1 + x)."""
    log1p: Log1PGate

    class SqrtGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The square root. The local gradient is 1/(2√x), which is `inf` at 0."""
    sqrt: SqrtGate

    class SinGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The sine of an angle in radians. The local gradient is cos x."""
    sin: SinGate

    class CosGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The cosine of an angle in radians. The local gradient is −sin x."""
    cos: CosGate

    class SinhGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The hyperbolic sine. The local gradient is cosh x."""
    sinh: SinhGate

    class CoshGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The hyperbolic cosine. The local gradient is sinh x."""
    cosh: CoshGate

    class SechGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The hyperbolic secant 1/cosh x = 2 / (eˣ + e⁻ˣ). The local gradient is −sech x tanh x."""
    sech: SechGate

    class TanhGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The hyperbolic tangent, from −1 to 1. The local gradient is sech² x = 1 − tanh² x."""
    tanh: TanhGate

    class SigmoidGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The logistic function σ(x) = 1 / (1 + e⁻ˣ)."""
    sigmoid: SigmoidGate

    class SoftplusGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """ln(1 + eˣ), a smooth ReLU. The local gradient is σ(x)."""
    softplus: SoftplusGate

    class StepGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The unit step: 1 for x ≥ 0, else 0. Its gradient is 0, so it serves inference only."""
    step: StepGate

    class ReluGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The rectified linear unit max(0, x). The local gradient is 1 above 0, else 0."""
    relu: ReluGate

    class LeakyReluGate(Gate):
        @overload
        def __call__(self, x: Number, slope: Number = 0.1) -> float: ...
        @overload
        def __call__(self, x: Operand, slope: Operand = 0.1) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """x for x > 0, else slope · x: the lecture's leaky ReLU max(0.1x, x)."""
    leaky_relu: LeakyReluGate

    class EluGate(Gate):
        @overload
        def __call__(self, x: Number, alpha: Number = 1.0) -> float: ...
        @overload
        def __call__(self, x: Operand, alpha: Operand = 1.0) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """x for x > 0, else α (eˣ − 1): the exponential linear unit (Clevert et al. 2015)."""
    elu: EluGate

    class AbsoluteGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """|x|. The local gradient is the sign of x, and 0 at 0."""
    absolute: AbsoluteGate

    class MaximumGate(Gate):
        @overload
        def __call__(self, x: Number, y: Number) -> float: ...
        @overload
        def __call__(self, x: Operand, y: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The larger of two. The local gradient is 1 for it and 0 for the other; ½ each in a tie."""
    maximum: MaximumGate

    class MinimumGate(Gate):
        @overload
        def __call__(self, x: Number, y: Number) -> float: ...
        @overload
        def __call__(self, x: Operand, y: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The smaller of two. The local gradient is 1 for it and 0 for the other; ½ each in a tie."""
    minimum: MinimumGate

    class GreaterGate(Gate):
        @overload
        def __call__(self, x: Number, y: Number) -> float: ...
        @overload
        def __call__(self, x: Operand, y: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The Iverson bracket [x > y]: 1 or 0, recorded in the circuit. Its gradients are 0."""
    greater: GreaterGate

    class EqualGate(Gate):
        @overload
        def __call__(self, x: Number, y: Number) -> float: ...
        @overload
        def __call__(self, x: Operand, y: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The Iverson bracket [x = y]: 1 or 0, recorded in the circuit. Its gradients are 0."""
    equal: EqualGate

    class WhereGate(Gate):
        @overload
        def __call__(self, condition: Number, x: Number, y: Number) -> float: ...
        @overload
        def __call__(self, condition: Operand, x: Operand, y: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """x where the condition is not 0, else y: a branch, recorded in the circuit."""
    where: WhereGate

    class TotalGate(Gate):
        @overload
        def __call__(self, values: Numbers) -> float: ...
        @overload
        def __call__(self, values: Operands) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The sum of any number of values, as one gate."""
    total: TotalGate

    class DotGate(Gate):
        @overload
        def __call__(self, weights: Numbers, inputs: Numbers) -> float: ...
        @overload
        def __call__(self, weights: Operands, inputs: Operands) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """Σ wᵢxᵢ, as one gate. The local gradient of each factor is its partner."""
    dot: DotGate

    class WeightedSumGate(Gate):
        @overload
        def __call__(self, weights: Numbers, inputs: Numbers, bias: Number) -> float: ...
        @overload
        def __call__(self, weights: Operands, inputs: Operands, bias: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """Σ wᵢxᵢ + b, what a neuron computes before its activation, as one gate."""
    weighted_sum: WeightedSumGate

    class LogsumexpGate(Gate):
        @overload
        def __call__(self, values: Numbers) -> float: ...
        @overload
        def __call__(self, values: Operands) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """ln Σ eˣ, shifted by the largest x so that it never overflows. Its gradient is the softmax."""
    logsumexp: LogsumexpGate

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
