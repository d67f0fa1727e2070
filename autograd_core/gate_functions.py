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
            """x + y. Both local gradients are 1: the gate distributes the gradient.

            >>> add(-2.0, 5.0)
            3.0
            """

    add: AddGate

    class SubtractGate(Gate):
        @overload
        def __call__(self, x: Number, y: Number) -> float: ...
        @overload
        def __call__(self, x: Operand, y: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """x − y. The local gradients are 1 and −1.

            >>> subtract(5.0, 2.0)
            3.0
            """

    subtract: SubtractGate

    class MultiplyGate(Gate):
        @overload
        def __call__(self, x: Number, y: Number) -> float: ...
        @overload
        def __call__(self, x: Operand, y: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """x · y. Each local gradient is the other input.

            >>> multiply(3.0, -4.0)
            -12.0
            """

    multiply: MultiplyGate

    class DivideGate(Gate):
        @overload
        def __call__(self, x: Number, y: Number) -> float: ...
        @overload
        def __call__(self, x: Operand, y: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """x / y. The local gradients are 1/y and −x/y².

            >>> divide(1.0, 4.0)
            0.25
            """

    divide: DivideGate

    class ReciprocalGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """1 / x. The local gradient is −1/x².

            >>> reciprocal(4.0)
            0.25
            """

    reciprocal: ReciprocalGate

    class NegateGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """−x. The local gradient is −1.

            >>> negate(3.0)
            -3.0
            """

    negate: NegateGate

    class PowerGate(Gate):
        @overload
        def __call__(self, x: Number, y: Number) -> float: ...
        @overload
        def __call__(self, x: Operand, y: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """x to the y. The local gradients are y xʸ⁻¹ and xʸ ln x.

            At x = 0 the gradient to the base is the limit from the right, and that to the exponent is 0.
            To the exponent of a negative base the gradient
            is `nan`: such a power exists only at whole exponents, so it has no slope there. Beyond 2⁵³,
            where y − 1 rounds to y, the gradient to a negative base may have the wrong sign.

            >>> power(3.0, 2.0)
            9.0
            """

    power: PowerGate

    class PowerLimitGate(Gate):
        @overload
        def __call__(self, x: Number, y: Number) -> float: ...
        @overload
        def __call__(self, x: Operand, y: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """x to the y, and `inf`, the limit from the right, for a negative power of zero.

            The slopes of √x and of xʸ for y < 1 are infinite at 0; this gate says so in their derivative
            circuits, where the power gate would refuse.

            >>> power_limit(0.0, -0.5), power_limit(4.0, -0.5)
            (inf, 0.5)
            """

    power_limit: PowerLimitGate

    class ExpGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """e to the x. Its local gradient is its own output.

            >>> exp(0.0)
            1.0
            """

    exp: ExpGate

    class Expm1Gate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """e to the x, minus 1, exact near 0. The local gradient is eˣ.

            >>> expm1(0.0)
            0.0
            """

    expm1: Expm1Gate

    class LogGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The natural logarithm. The local gradient is 1/x.

            >>> log(1.0)
            0.0
            """

    log: LogGate

    class Log1PGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """ln(1 + x), exact near 0. The local gradient is 1/(1 + x).

            >>> log1p(0.0)
            0.0
            """

    log1p: Log1PGate

    class SqrtGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The square root. The local gradient is 1/(2√x), which is `inf` at 0.

            >>> sqrt(9.0)
            3.0
            """

    sqrt: SqrtGate

    class SinGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The sine of an angle in radians. The local gradient is cos x.

            >>> sin(0.0)
            0.0
            """

    sin: SinGate

    class CosGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The cosine of an angle in radians. The local gradient is −sin x.

            >>> cos(0.0)
            1.0
            """

    cos: CosGate

    class SinhGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The hyperbolic sine. The local gradient is cosh x.

            >>> sinh(0.0)
            0.0
            """

    sinh: SinhGate

    class CoshGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The hyperbolic cosine. The local gradient is sinh x.

            >>> cosh(0.0)
            1.0
            """

    cosh: CoshGate

    class SechGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The hyperbolic secant 1/cosh x = 2 / (eˣ + e⁻ˣ). The local gradient is −sech x tanh x.

            >>> sech(0.0), sech(1000.0)
            (1.0, 0.0)
            """

    sech: SechGate

    class TanhGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The hyperbolic tangent, from −1 to 1. The local gradient is sech² x = 1 − tanh² x.

            >>> tanh(0.0), tanh(1000.0)
            (0.0, 1.0)
            """

    tanh: TanhGate

    class SigmoidGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The logistic function σ(x) = 1 / (1 + e⁻ˣ).

            The local gradient is (1 − σ(x)) σ(x), computed as σ(x) σ(−x).

            >>> sigmoid(0.0), sigmoid(-1000.0)
            (0.5, 0.0)
            """

    sigmoid: SigmoidGate

    class SoftplusGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """ln(1 + eˣ), a smooth ReLU. The local gradient is σ(x).

            >>> softplus(-1000.0), softplus(1000.0)
            (0.0, 1000.0)
            """

    softplus: SoftplusGate

    class AbsoluteGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """|x|. The local gradient is the sign of x, and 0 at 0.

            >>> absolute(-3.0)
            3.0
            """

    absolute: AbsoluteGate

    class StepGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The unit step: 1 for x ≥ 0, else 0. Its gradient is 0, so it serves inference only.

            >>> step(-0.5), step(0.0)
            (0.0, 1.0)
            """

    step: StepGate

    class ReluGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The rectified linear unit max(0, x). The local gradient is 1 above 0, else 0.

            >>> relu(-2.0), relu(3.0)
            (0.0, 3.0)
            """

    relu: ReluGate

    class LeakyReluGate(Gate):
        @overload
        def __call__(self, x: Number, slope: Number = 0.1) -> float: ...
        @overload
        def __call__(self, x: Operand, slope: Operand = 0.1) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """x for x > 0, else slope · x: the lecture's leaky ReLU max(0.1x, x).

            The local gradient is 1 above 0, else the slope. A slope that is a value is learnt too, as in
            the parametric ReLU (He et al. 2015).

            >>> leaky_relu(-2.0), leaky_relu(-2.0, slope=0.5), leaky_relu(3.0)
            (-0.2, -1.0, 3.0)
            """

    leaky_relu: LeakyReluGate

    class EluGate(Gate):
        @overload
        def __call__(self, x: Number, alpha: Number = 1.0) -> float: ...
        @overload
        def __call__(self, x: Operand, alpha: Operand = 1.0) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """x for x > 0, else α (eˣ − 1): the exponential linear unit (Clevert et al. 2015).

            The local gradient is 1 above 0, else α eˣ.

            >>> elu(2.0), elu(-1000.0)
            (2.0, -1.0)
            """

    elu: EluGate

    class MaximumGate(Gate):
        @overload
        def __call__(self, x: Number, y: Number) -> float: ...
        @overload
        def __call__(self, x: Operand, y: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The larger of two. The local gradient is 1 for it and 0 for the other; ½ each in a tie.

            >>> maximum(2.0, -1.0)
            2.0
            """

    maximum: MaximumGate

    class MinimumGate(Gate):
        @overload
        def __call__(self, x: Number, y: Number) -> float: ...
        @overload
        def __call__(self, x: Operand, y: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The smaller of two. The local gradient is 1 for it and 0 for the other; ½ each in a tie.

            >>> minimum(2.0, -1.0)
            -1.0
            """

    minimum: MinimumGate

    class GreaterGate(Gate):
        @overload
        def __call__(self, x: Number, y: Number) -> float: ...
        @overload
        def __call__(self, x: Operand, y: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The Iverson bracket [x > y]: 1 or 0, recorded in the circuit. Its gradients are 0.

            The operator `>` answers at once with True or False; this gate is a comparison that is made
            again whenever the circuit is evaluated. With `where` it makes a branch that stays a branch.

            >>> greater(2.0, 1.0)
            1.0
            """

    greater: GreaterGate

    class EqualGate(Gate):
        @overload
        def __call__(self, x: Number, y: Number) -> float: ...
        @overload
        def __call__(self, x: Operand, y: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The Iverson bracket [x = y]: 1 or 0, recorded in the circuit. Its gradients are 0.

            >>> equal(2.0, 1.0)
            0.0
            """

    equal: EqualGate

    class WhereGate(Gate):
        @overload
        def __call__(self, condition: Number, x: Number, y: Number) -> float: ...
        @overload
        def __call__(self, condition: Operand, x: Operand, y: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """x where the condition is not 0, else y: a branch, recorded in the circuit.

            The gradient goes to the branch that was taken; the condition and the other branch get none,
            even where a slope there is infinite. Both branches are computed, so both must be inside the
            domain of their gates. Put the `where` before the gate, `sqrt(where(greater(x, 0), x, 1))`, to
            keep a branch out of trouble.

            >>> where(greater(2.0, 1.0), 10.0, 20.0)
            10.0
            """

    where: WhereGate

    class TotalGate(Gate):
        @overload
        def __call__(self, values: Numbers) -> float: ...
        @overload
        def __call__(self, values: Operands) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The sum of any number of values, as one gate.

            >>> total([1.0, 2.0, 3.0])
            6.0
            """

    total: TotalGate

    class DotGate(Gate):
        @overload
        def __call__(self, weights: Numbers, inputs: Numbers) -> float: ...
        @overload
        def __call__(self, weights: Operands, inputs: Operands) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """Σ wᵢxᵢ, as one gate. The local gradient of each factor is its partner.

            >>> dot([2.0, -3.0], [-1.0, -2.0])
            4.0
            """

    dot: DotGate

    class WeightedSumGate(Gate):
        @overload
        def __call__(self, weights: Numbers, inputs: Numbers, bias: Number) -> float: ...
        @overload
        def __call__(self, weights: Operands, inputs: Operands, bias: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """Σ wᵢxᵢ + b, what a neuron computes before its activation, as one gate.

            The local gradient of each factor is its partner, that of the bias is 1.

            >>> weighted_sum([2.0, -3.0], [-1.0, -2.0], -3.0)
            1.0
            """

    weighted_sum: WeightedSumGate

    class LogsumexpGate(Gate):
        @overload
        def __call__(self, values: Numbers) -> float: ...
        @overload
        def __call__(self, values: Operands) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """ln Σ eˣ, shifted by the largest x so that it never overflows. Its gradient is the softmax.

            >>> logsumexp([1000.0, 1000.0]) - 1000.0  # ln 2
            0.69314718055...
            """

    logsumexp: LogsumexpGate

else:
    from autograd_core.gates import (
        absolute,
        add,
        cos,
        cosh,
        divide,
        dot,
        elu,
        equal,
        exp,
        expm1,
        greater,
        leaky_relu,
        log,
        log1p,
        logsumexp,
        maximum,
        minimum,
        multiply,
        negate,
        power,
        power_limit,
        reciprocal,
        relu,
        sech,
        sigmoid,
        sin,
        sinh,
        softplus,
        sqrt,
        step,
        subtract,
        tanh,
        total,
        weighted_sum,
        where,
    )

__all__ = [
    "absolute",
    "add",
    "cos",
    "cosh",
    "divide",
    "dot",
    "elu",
    "equal",
    "exp",
    "expm1",
    "greater",
    "leaky_relu",
    "log",
    "log1p",
    "logsumexp",
    "maximum",
    "minimum",
    "multiply",
    "negate",
    "power",
    "power_limit",
    "reciprocal",
    "relu",
    "sech",
    "sigmoid",
    "sin",
    "sinh",
    "softplus",
    "sqrt",
    "step",
    "subtract",
    "tanh",
    "total",
    "weighted_sum",
    "where",
]
