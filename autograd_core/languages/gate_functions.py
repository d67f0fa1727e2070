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

    class PowerSlopeGate(Gate):
        @overload
        def __call__(self, x: Number, y: Number) -> float: ...
        @overload
        def __call__(self, x: Operand, y: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """y xʸ⁻¹, the slope of xʸ to its base. The local gradients are the second derivatives of xʸ."""
    power_slope: PowerSlopeGate

    class PowerLogGate(Gate):
        @overload
        def __call__(self, x: Number, y: Number) -> float: ...
        @overload
        def __call__(self, x: Operand, y: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """xʸ ln x, the slope of xʸ to its exponent: 0 at 0, and `nan` for a negative base."""
    power_log: PowerLogGate

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

    class Log2Gate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The logarithm to base 2. The local gradient is 1/(x ln 2)."""
    log2: Log2Gate

    class Log10Gate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The logarithm to base 10. The local gradient is 1/(x ln 10)."""
    log10: Log10Gate

    class XlogyGate(Gate):
        @overload
        def __call__(self, x: Number, y: Number) -> float: ...
        @overload
        def __call__(self, x: Operand, y: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """x ln y, and 0 for x = 0, even where y is 0: the terms of entropy and cross-entropy."""
    xlogy: XlogyGate

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

    class TanGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The tangent of an angle in radians. The local gradient is 1 + tan² x."""
    tan: TanGate

    class OneMinusSquareGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """1 − x² as (1 − x)(1 + x), without loss near 1 and −1. The local gradient is −2x."""
    one_minus_square: OneMinusSquareGate

    class AsinGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The angle from −π/2 to π/2 with this sine. The local gradient is 1/√(1 − x²)."""
    asin: AsinGate

    class AcosGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The angle from 0 to π with this cosine. The local gradient is −1/√(1 − x²)."""
    acos: AcosGate

    class AtanGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The angle from −π/2 to π/2 with this tangent. The local gradient is 1/(1 + x²)."""
    atan: AtanGate

    class DirectionGate(Gate):
        @overload
        def __call__(self, x: Number, y: Number) -> float: ...
        @overload
        def __call__(self, x: Operand, y: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """x / √(x² + y²), the cosine of the angle of the point (x, y), and 0 at the origin."""
    direction: DirectionGate

    class HypotGate(Gate):
        @overload
        def __call__(self, x: Number, y: Number) -> float: ...
        @overload
        def __call__(self, x: Operand, y: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """√(x² + y²), the length of (x, y). The local gradients are x/√(x² + y²) and y/√(x² + y²)."""
    hypot: HypotGate

    class Atan2Gate(Gate):
        @overload
        def __call__(self, y: Number, x: Number) -> float: ...
        @overload
        def __call__(self, y: Operand, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The angle of the point (x, y), from −π to π. The local gradients are x/r² and −y/r²."""
    atan2: Atan2Gate

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

    class Sech2Gate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """sech² x = 1 − tanh² x, the slope of tanh. The local gradient is −2 sech² x tanh x."""
    sech2: Sech2Gate

    class TanhGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The hyperbolic tangent, from −1 to 1. The local gradient is sech² x = 1 − tanh² x."""
    tanh: TanhGate

    class AsinhGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The number with this hyperbolic sine. The local gradient is 1/√(1 + x²)."""
    asinh: AsinhGate

    class AcoshGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The number from 0 up with this hyperbolic cosine. The local gradient is 1/√(x² − 1)."""
    acosh: AcoshGate

    class AtanhGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The number with this hyperbolic tangent. The local gradient is 1/(1 − x²)."""
    atanh: AtanhGate

    class GaussianGate(Gate):
        @overload
        def __call__(self, x: Number, rate: Number = 0.5) -> float: ...
        @overload
        def __call__(self, x: Operand, rate: Operand = 0.5) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """exp(−rate · x²), the bell curve. The local gradients are −2 rate x and −x² times the output."""
    gaussian: GaussianGate

    class ErfGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The error function, from −1 to 1. The local gradient is 2/√π exp(−x²)."""
    erf: ErfGate

    class ErfcGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """1 − erf x, with all digits where erf x is near 1. The local gradient is −2/√π exp(−x²)."""
    erfc: ErfcGate

    class NormalCdfGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """Φ(x) = ½ erfc(−x/√2): how likely a standard normal number is below x."""
    normal_cdf: NormalCdfGate

    class LgammaGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """ln |Γ(x)|; for whole n ≥ 1, Γ(n) is (n − 1)!. The local gradient is the digamma function."""
    lgamma: LgammaGate

    class PolygammaGate(Gate):
        @overload
        def __call__(self, order: Number, x: Number) -> float: ...
        @overload
        def __call__(self, order: Operand, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The digamma function for order 0, trigamma for order 1, and so on: the slopes of lgamma."""
    polygamma: PolygammaGate

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

    class LogSigmoidGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """ln σ(x) = −ln(1 + e⁻ˣ), for every x. The local gradient is σ(−x) = 1 − σ(x)."""
    log_sigmoid: LogSigmoidGate

    class SigmoidMinusGate(Gate):
        @overload
        def __call__(self, x: Number, y: Number) -> float: ...
        @overload
        def __call__(self, x: Operand, y: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """σ(x) − y, and for y = 1 as exact as −σ(−x): a probability minus a label."""
    sigmoid_minus: SigmoidMinusGate

    class LogisticLossGate(Gate):
        @overload
        def __call__(self, x: Number, y: Number) -> float: ...
        @overload
        def __call__(self, x: Operand, y: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """ln(1 + eˣ) − y x: the binary cross-entropy of the label y and the probability σ(x)."""
    logistic_loss: LogisticLossGate

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

    class SiluGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """x σ(x), the sigmoid linear unit, or swish (Ramachandran et al. 2017)."""
    silu: SiluGate

    class GeluGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """x Φ(x), the Gaussian error linear unit (Hendrycks, Gimpel 2016), without approximation."""
    gelu: GeluGate

    class AbsoluteGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """|x|. The local gradient is the sign of x, and 0 at 0."""
    absolute: AbsoluteGate

    class SignGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """1 for x > 0, −1 for x < 0, and 0 for 0. Its gradient is 0."""
    sign: SignGate

    class FloorGate(Gate):
        @overload
        def __call__(self, x: Number) -> float: ...
        @overload
        def __call__(self, x: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The largest whole number up to x. Its gradient is 0."""
    floor: FloorGate

    class ClipGate(Gate):
        @overload
        def __call__(self, x: Number, low: Number, high: Number) -> float: ...
        @overload
        def __call__(self, x: Operand, low: Operand, high: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """x, but at least `low` and at most `high`."""
    clip: ClipGate

    class MaximumGate(Gate):
        @overload
        def __call__(self, x: Number, y: Number, *more: Number) -> float: ...
        @overload
        def __call__(self, x: Operand, y: Operand, *more: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The larger of two. The local gradient is 1 for it and 0 for the other; ½ each in a tie."""
    maximum: MaximumGate

    class MinimumGate(Gate):
        @overload
        def __call__(self, x: Number, y: Number, *more: Number) -> float: ...
        @overload
        def __call__(self, x: Operand, y: Operand, *more: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The smaller of two. The local gradient is 1 for it and 0 for the other; ½ each in a tie."""
    minimum: MinimumGate

    class LargestGate(Gate):
        @overload
        def __call__(self, values: Numbers) -> float: ...
        @overload
        def __call__(self, values: Operands) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The largest of any number of values, as one gate. In a tie of k, each gets 1/k."""
    largest: LargestGate

    class SmallestGate(Gate):
        @overload
        def __call__(self, values: Numbers) -> float: ...
        @overload
        def __call__(self, values: Operands) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The smallest of any number of values, as one gate. In a tie of k, each gets 1/k."""
    smallest: SmallestGate

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

    class MeanGate(Gate):
        @overload
        def __call__(self, values: Numbers) -> float: ...
        @overload
        def __call__(self, values: Operands) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The mean of n values, as one gate. Each local gradient is 1/n."""
    mean: MeanGate

    class ProdGate(Gate):
        @overload
        def __call__(self, values: Numbers) -> float: ...
        @overload
        def __call__(self, values: Operands) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The product of any number of values, as one gate. Each local gradient is that of the others."""
    prod: ProdGate

    class NormGate(Gate):
        @overload
        def __call__(self, values: Numbers) -> float: ...
        @overload
        def __call__(self, values: Operands) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """√Σx², the length of a vector, as one gate. Each local gradient is x/‖x‖."""
    norm: NormGate

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

    class PickGate(Gate):
        @overload
        def __call__(self, choices: Numbers, values: Numbers) -> float: ...
        @overload
        def __call__(self, choices: Operands, values: Operands) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """The value whose choice is not 0; the sum of several. What is not chosen may be infinite."""
    pick: PickGate

    class ExpMinusGate(Gate):
        @overload
        def __call__(self, x: Number, y: Number) -> float: ...
        @overload
        def __call__(self, x: Operand, y: Operand) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """eˣ − y, and for y = 1 as exact as expm1: a probability, by its logarithm, minus a choice."""
    exp_minus: ExpMinusGate

    class CrossEntropyGate(Gate):
        @overload
        def __call__(self, choices: Numbers, values: Numbers) -> float: ...
        @overload
        def __call__(self, choices: Operands, values: Operands) -> Value: ...
        def __call__(self, *operands: Any, **named: Any) -> Any:
            """ln Σ eˣ minus the value that is chosen: −ln of its share, the softmax cross-entropy."""
    cross_entropy: CrossEntropyGate

else:
    from autograd_core.gates import (
        absolute, acos, acosh, add, asin, asinh, atan, atan2, atanh, clip, cos, cosh, cross_entropy,
        direction, divide, dot, elu, equal, erf, erfc, exp, exp_minus, expm1, floor, gaussian, gelu,
        greater, hypot, largest, leaky_relu, lgamma, log, log10, log1p, log2, log_sigmoid,
        logistic_loss, logsumexp, maximum, mean, minimum, multiply, negate, norm, normal_cdf,
        one_minus_square, pick, polygamma, power, power_limit, power_log, power_slope, prod,
        reciprocal, relu, sech, sech2, sigmoid, sigmoid_minus, sign, silu, sin, sinh, smallest,
        softplus, sqrt, step, subtract, tan, tanh, total, weighted_sum, where, xlogy,
    )

__all__ = [
    "absolute", "acos", "acosh", "add", "asin", "asinh", "atan", "atan2", "atanh", "clip", "cos",
    "cosh", "cross_entropy", "direction", "divide", "dot", "elu", "equal", "erf", "erfc", "exp",
    "exp_minus", "expm1", "floor", "gaussian", "gelu", "greater", "hypot", "largest", "leaky_relu",
    "lgamma", "log", "log10", "log1p", "log2", "log_sigmoid", "logistic_loss", "logsumexp",
    "maximum", "mean", "minimum", "multiply", "negate", "norm", "normal_cdf", "one_minus_square",
    "pick", "polygamma", "power", "power_limit", "power_log", "power_slope", "prod", "reciprocal",
    "relu", "sech", "sech2", "sigmoid", "sigmoid_minus", "sign", "silu", "sin", "sinh", "smallest",
    "softplus", "sqrt", "step", "subtract", "tan", "tanh", "total", "weighted_sum", "where",
    "xlogy",
]
