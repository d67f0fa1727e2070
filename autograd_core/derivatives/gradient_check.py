"""Gradient checking: backpropagation against numerical differentiation."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from math import inf, isfinite
from typing import Any, Literal

from autograd_core.coerce import to_float
from autograd_core.errors import describe
from autograd_core.explain.notation import significant, table, table_html
from autograd_core.graphs import first_difference
from autograd_core.node import number_of
from autograd_core.toposort import topological_order
from autograd_core.value import Value

Method = Literal["centred", "forward"]

Evaluation = tuple[list[Value], Value]
"""The inputs of a function and its output."""

_EPSILON = 2.0**-52

_BRANCH = "a branch in the function"

_COLUMNS = [
    ("input", False),
    ("at", True),
    ("analytic", True),
    ("numeric", True),
    ("relative error", True),
    ("verdict", False),
]
"""The headings of the table, and whether a column is aligned to the right."""


@dataclass(frozen=True, slots=True)
class Check:
    """The gradient of one input.

    Attributes:
        name: the input.
        at: its number.
        analytic: the gradient by backpropagation.
        numeric: the gradient by numerical differentiation.
        step: the step h that was taken.
        relative_error: |analytic − numeric| / max(|analytic|, |numeric|), 0 if both are 0.
        verdict: "good", "acceptable", "suspicious" or "wrong", as CS231n's rule of thumb has it;
            or what explains the error, "kink" or "rounding".
        kinks: gates whose corner or jump lies within the step, where the numeric gradient is
            not to be trusted.
    """

    name: str
    at: float
    analytic: float
    numeric: float
    step: float
    relative_error: float
    verdict: str
    kinks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GradientCheck:
    """The gradients of all inputs; prints as a table, and is true if all of them agree.

    Attributes:
        checks: one for each input.
        method: "centred" or "forward".
        evaluations: how many times the function was evaluated for the numeric gradients.
    """

    checks: tuple[Check, ...]
    method: Method
    evaluations: int

    def __bool__(self) -> bool:
        return all(check.verdict not in ("suspicious", "wrong") for check in self.checks)

    @property
    def worst(self) -> float:
        """The largest relative error, 0 if there are no inputs."""
        return max((check.relative_error for check in self.checks), default=0.0)

    def __str__(self) -> str:
        columns, right = zip(*_COLUMNS, strict=True)
        return "\n".join([*table([columns, *self._rows()], right), *self._remarks()])

    def _repr_html_(self) -> str:
        columns, right = zip(*_COLUMNS, strict=True)
        remarks = "".join(f"<p>{escape(remark)}</p>" for remark in self._remarks())
        return f"{table_html(columns, self._rows(), right)}\n{remarks}"

    def _rows(self) -> list[tuple[str, ...]]:
        return [
            (
                check.name,
                significant(check.at, digits=6),
                significant(check.analytic, digits=10),
                significant(check.numeric, digits=10),
                f"{check.relative_error:.1e}",
                check.verdict,
            )
            for check in self.checks
        ]

    def _remarks(self) -> list[str]:
        remarks = [
            f"{check.name}: a kink of {', '.join(check.kinks)} lies within ±{check.step:.1e}; "
            "there the numeric gradient is no judge"
            for check in self.checks
            if check.kinks
        ]
        times = "evaluation" if self.evaluations == 1 else "evaluations"
        return [*remarks, f"{self.method} differences, {self.evaluations} {times} of the function"]

    __repr__ = __str__


def gradcheck(
    function: Callable[..., Value],
    inputs: Sequence[Any] | Mapping[str, Any],
    *,
    method: Method = "centred",
    step: float | None = None,
) -> GradientCheck:
    """Hold the gradients of a function against numerical differentiation.

    Centred differences, (f(x + h) − f(x − h)) / 2h, err by about h² from the curvature of f and
    by about ε/h from rounding, where ε = 2⁻⁵² is the spacing of floats around 1. The sum is least
    near h = ∛ε = 6e-6. Forward differences, (f(x + h) − f(x)) / h, err by about h + ε/h, least
    near h = √ε = 1.5e-8. The step grows with |x|, because the spacing of floats does, and it is
    rounded so that x + h and x differ by exactly h. (CS231n, "Gradient checks"; Press et al.,
    Numerical Recipes, section 5.7.) No step suits every function: where that one does not confirm
    the gradient, or leads outside a gate's domain, a second one is tried on the scale of |x| (of 1,
    for |x| > 1), as ln x near 0 needs.

    The verdicts are CS231n's: a relative error above 1e-2 is wrong, above 1e-4 suspicious, up to
    1e-4 acceptable, up to 1e-7 good. Two more keep it honest: "kink" for an error that a kink
    within the step explains, and "rounding" for one that the rounding of f, divided by the step,
    explains: each gate rounds its output, and the gradient there says how much of that reaches f.

    Args:
        function: takes one value for each input and returns a value. It is called again for every
            step, so that branches in it are taken anew.
        inputs: numbers or values, in a list, or by name in a mapping; names are handed to the
            function as keywords. Values are read, never changed.
        method: "centred" or "forward".
        step: h for all inputs, instead of the choice above.

    Raises:
        TypeError: if the function does not return a value, or the inputs are no list or mapping.
        ValueError: if the step is not a positive number, the method has another name, or every
            step leads outside the domain of a gate.

    >>> print(gradcheck(lambda x, y: (x * y).exp() + y, {"x": 0.5, "y": -1.25}))
    input     at       analytic        numeric  relative error  verdict
    x        0.5  -0.6690767856  -0.669076785...  ...  good
    y      -1.25    1.267630714    1.267630714...  ...  good
    centred differences, 4 evaluations of the function
    """
    if method not in ("centred", "forward"):
        raise ValueError(f"method is 'centred' or 'forward', not {method!r}")
    if step is not None and not (isfinite(step) and step > 0):
        raise ValueError(f"the step is a positive number, not {step!r}")
    experiment = _Experiment(function, inputs)
    leaves, output = experiment.evaluate({})
    output.backward()
    base = (leaves, output) if method == "forward" else None
    checks = [_check(experiment, place, leaf.grad, base, step) for place, leaf in enumerate(leaves)]
    numeric_evaluations = experiment.evaluations - (method == "centred")
    return GradientCheck(tuple(checks), method, numeric_evaluations)


class _Experiment:
    """A function and the point at which its gradients are checked."""

    def __init__(
        self, function: Callable[..., Value], inputs: Sequence[Any] | Mapping[str, Any]
    ) -> None:
        if not callable(function):
            raise TypeError(
                f"gradcheck takes a function of values, not {describe(function)}: "
                "gradcheck(lambda x, y: x * y, [3.0, 2.0])"
            )
        if not isinstance(inputs, (Mapping, Sequence)) or isinstance(inputs, (str, bytes)):
            raise TypeError(
                f"gradcheck takes a list of inputs, [{inputs!r}], or a mapping of names"
            )
        self.function = function
        self.evaluations = 0
        self.keywords = list(inputs) if isinstance(inputs, Mapping) else None
        given = list(inputs.values()) if isinstance(inputs, Mapping) else list(inputs)
        self.point = [x.data if isinstance(x, Value) else to_float(x, "gradcheck") for x in given]
        labels = [x.label if isinstance(x, Value) else None for x in given]
        self.names = self.keywords or [
            label or f"input {place}" for place, label in enumerate(labels)
        ]

    def evaluate(self, changes: Mapping[int, float]) -> Evaluation:
        """The inputs, some of them changed, and the output."""
        self.evaluations += 1
        leaves = [
            Value(changes.get(place, number), name)
            for place, (number, name) in enumerate(zip(self.point, self.names, strict=True))
        ]
        if self.keywords is None:
            output = self.function(*leaves)
        else:
            output = self.function(**dict(zip(self.keywords, leaves, strict=True)))
        if not isinstance(output, Value):
            raise TypeError(f"the function returned {output!r}; gradcheck needs a Value")
        return leaves, output


def _check(
    experiment: _Experiment,
    place: int,
    analytic: float,
    base: Evaluation | None,
    step: float | None,
) -> Check:
    """Compare one input's gradient, with a second step where the first does not convince."""
    x = experiment.point[place]
    checks: list[Check] = []
    refusal: Exception | None = None
    for wanted in _steps(x, base is None) if step is None else [step]:
        try:
            checks.append(_one_check(experiment, place, analytic, base, wanted))
        except (ValueError, ZeroDivisionError) as error:
            refusal = error  # the step leads outside the domain of a gate
            continue
        if checks[-1].relative_error <= 1e-4 or checks[-1].verdict == "kink":
            return checks[-1]
    if not checks:
        raise ValueError(
            f"no difference can be taken at {experiment.names[place]} = {x!r}, for one step away: "
            f"{refusal}"
        )
    first, last = checks[0], checks[-1]
    if abs(analytic - last.numeric) < 0.01 * abs(analytic - first.numeric):
        return replace(last, verdict="acceptable")  # the difference vanishes with the step
    return min(checks, key=lambda check: check.relative_error)


def _steps(x: float, centred: bool) -> list[float]:
    """The step to take at x, and another for functions that change on another scale there."""
    scale = _EPSILON ** (1 / 3 if centred else 1 / 2)
    return [scale * max(1.0, abs(x)), scale * (min(1.0, abs(x)) or 1e-3)]


def _one_check(
    experiment: _Experiment, place: int, analytic: float, base: Evaluation | None, wanted: float
) -> Check:
    """Step to both sides of one input, or to one side of the point itself."""
    x = experiment.point[place]
    above = x + wanted
    h = above - x
    right_leaves, right = experiment.evaluate({place: above})
    left_leaves, left = base if base is not None else experiment.evaluate({place: x - h})
    width = h if base is not None else 2 * h
    numeric = (right.data - left.data) / width if width else inf
    error = _relative_error(analytic, numeric)
    kinks = _kinks_between(left, right)
    if error > 1e-4 and not kinks:  # the same gates may be wired otherwise
        leaves = zip(left_leaves, right_leaves, strict=True)
        if first_difference([left], [right], leaves, numbers=False) is not None:
            kinks = (_BRANCH,)
    hidden = error > 1e-4 and abs(analytic - numeric) * width <= 2 * _rounding(right)
    verdict = _verdict(error, kinks, hidden)
    return Check(experiment.names[place], x, analytic, numeric, h, error, verdict, kinks)


def _rounding(output: Value) -> float:
    """How far rounding may have moved the output of a circuit, to first order.

    A gate is off by one spacing of floats, ε |v|, at most; a sum, which rounds for each of its
    terms, by as many times ε Σ |term|. Σ |∂f/∂v| · (error of v) is what arrives. (Higham, Accuracy
    and Stability of Numerical Algorithms, sections 3.3 and 4.2.)
    """
    output.backward()
    arrived = 0.0
    for value in topological_order(output):
        assert value.gate is not None
        size = abs(value.data)
        if value.gate.variadic:
            sizes = [abs(number_of(operand)) for operand in value.operands]
            size = len(sizes) * value.gate(*value.gate.group(sizes))
        arrived += abs(value.grad) * _EPSILON * size
    return arrived if isfinite(arrived) else 0.0


def _relative_error(analytic: float, numeric: float) -> float:
    """|a − n| / max(|a|, |n|); infinite where one of them is not finite."""
    if analytic == numeric:
        return 0.0
    error = abs(analytic - numeric) / max(abs(analytic), abs(numeric))
    return error if isfinite(error) else inf


def _verdict(error: float, kinks: Sequence[str], hidden: bool) -> str:
    """CS231n's rule of thumb for a relative error."""
    if error <= 1e-4:
        return "good" if error <= 1e-7 else "acceptable"
    if hidden:
        return "rounding"
    if kinks:
        return "kink"
    return "suspicious" if error <= 1e-2 else "wrong"


def _kinks_between(left: Value, right: Value) -> tuple[str, ...]:
    """Gates that stand on different sides of their kink in two evaluations of one circuit."""
    before, after = topological_order(left), topological_order(right)
    if [value.gate for value in before] != [value.gate for value in after]:
        return (_BRANCH,)
    found: list[str] = []
    for one, other in zip(before, after, strict=True):
        gate = one.gate
        if gate is None or gate.kink is None:
            continue
        sides = [gate.kink(*map(number_of, value.operands)) for value in (one, other)]
        if sides[0] * sides[1] <= 0.0 and sides[0] != sides[1] and gate.name not in found:
            found.append(gate.name)
    return tuple(found)
