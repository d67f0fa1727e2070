"""Derivatives as circuits: `grad` builds, from the same rules, what `backward` computes.

`backward` multiplies and adds floats; `grad` puts the same local gradients through values, so that
each product and each sum is recorded. What comes out can be differentiated again, evaluated again
with new numbers, and drawn. `expand` computes a gate through values too, by its textbook formula.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite, isinf
from typing import Any

from autograd_core.errors import describe
from autograd_core.gate import GATES
from autograd_core.gates import dot, total
from autograd_core.node import number_of
from autograd_core.passes import check_current
from autograd_core.toposort import all_values, topological_order
from autograd_core.value import Operand, Value

Pair = tuple[Operand, Operand]


class _Circuits:
    """Values as a number system: each function of a formula is the gate of that name."""

    def __getattr__(self, name: str) -> Any:
        if name not in GATES:
            raise AttributeError(f"there is no gate called {name}")
        return GATES[name]

    def where(self, condition: Operand, x: Operand, y: Operand) -> Operand:
        """A branch; one whose condition is a constant is decided here and now."""
        if isinstance(condition, Value):
            branch: Value = GATES["where"](condition, x, y)
            return branch
        return x if condition else y

    def sigmoid_slope(self, out: Operand, x: Operand) -> Operand:
        """¼ sech²(x/2): the slope of σ(x) σ(−x) would be a difference, 0 near x = 0."""
        slope: Operand = 0.25 * GATES["sech2"](0.5 * x)
        return slope

    def times(self, x: Operand, y: Operand) -> Operand:
        """x · y, and 0 for y = 0: a branch keeps an infinite x out."""
        return self.where(y, x, 0.0) * y

    def guard(self, condition: Operand, x: Operand) -> Operand:
        """1 where the condition holds, else x: both branches of a recorded `where` are computed."""
        return self.where(condition, 1.0, x)


circuits = _Circuits()


def grad(output: Value, inputs: Sequence[Value]) -> list[Value]:
    """∂output/∂input for each input, as values that can be differentiated again.

    The adjoint of a value is one `dot` gate over its consumers, Σ upstreamᵢ · localᵢ: the
    multivariate chain rule. Where a value has one consumer it is a single `*` gate. `.grad` is
    not touched.

    Args:
        output: what is differentiated.
        inputs: with respect to what; a list of values anywhere in the circuit.

    Returns:
        One value for each input; 0 for an input that the output does not depend on.

    Raises:
        TypeError: if `inputs` is not a list of values.
        ValueError: if a leaf was edited after the circuit was computed from it; `forward()` mends
            that.

    >>> x = Value(3.0, "x")
    >>> [first] = grad(x**3, [x])
    >>> [second] = grad(first, [x])
    >>> first.data, second.data  # 3x² and 6x
    (27.0, 18.0)
    """
    _check(output, inputs)
    taken = {operand for value in topological_order(output) for operand in value.inputs} | {output}
    gradients = []
    for pairs in contributions(output, inputs):
        gradient = _as_new_value(_chain_rule(pairs), taken)
        taken.add(gradient)
        gradients.append(gradient)
    return gradients


def contributions(output: Value, inputs: Sequence[Value]) -> list[list[Pair]]:
    """∂output/∂input for each input, as the pairs whose products add up to it.

    A pair is the upstream gradient of one of the input's consumers and the local gradient there,
    each a value or a plain float.
    """
    order = topological_order(output)
    check_current(order)
    relevant = _depending_on(order, inputs)
    kept = {value for value in inputs if value.gate is not None}
    branches = _Branches([output], order)
    received: dict[Value, list[Pair]] = {output: [(1.0, 1.0)]}
    for value in reversed(order):
        if value not in relevant:
            continue
        arrived = received.pop(value, [])
        upstream = _chain_rule(arrived)
        for operand, local in zip(value.operands, _local_gradients(value, relevant), strict=True):
            if type(operand) is not float and local is not None:
                pair = branches.pair(value, operand, value, upstream, local)
                received.setdefault(operand, []).append(pair)
        if arrived and value in kept:
            received[value] = [(upstream, 1.0)]
    return [received.get(value, []) for value in inputs]


def directional_derivatives(
    outputs: Sequence[Value], directions: Mapping[Value, Operand]
) -> list[Operand]:
    """Σ ∂output/∂input · direction for each output, built forward by the same rules.

    Args:
        outputs: what is differentiated.
        directions: for some leaves, how fast each moves.

    >>> x, y, v = Value(3.0), Value(4.0), Value(1.0)
    >>> [speed] = directional_derivatives([x * y], {x: v})
    >>> speed.data  # ∂(xy)/∂x
    4.0
    """
    order = [value for value in all_values(*outputs) if value.gate is not None]
    check_current(order)
    relevant = _depending_on(order, list(directions))
    branches = _Branches(directions, order)
    speeds: dict[Value, Operand] = dict(directions)
    for value in order:
        if value not in relevant:
            continue
        assert value.gate is not None
        locals_ = zip(value.operands, _local_gradients(value, relevant), strict=True)
        moving = []
        for operand, local in locals_:
            if isinstance(operand, Value) and operand in speeds and local is not None:
                moving.append(branches.pair(operand, value, value, speeds[operand], local))
        if moving:
            speeds[value] = _chain_rule(moving)
    return [speeds.get(output, 0.0) for output in outputs]


def _check(output: Any, inputs: Any) -> None:
    if not isinstance(output, Value) and callable(output):
        raise TypeError(
            "grad takes a value that has been computed, and not a function: "
            "x = Value(3.0); [slope] = grad(f(x), [x])"
        )
    if not isinstance(output, Value):
        raise TypeError(f"grad differentiates a Value, not {output!r}")
    if isinstance(inputs, Value) or not isinstance(inputs, Sequence):
        raise TypeError("grad takes its inputs as a list of values: grad(y, [x])")
    for value in inputs:
        if not isinstance(value, Value):
            raise TypeError(f"grad differentiates with respect to values, not {value!r}")


def _depending_on(order: list[Value], inputs: Sequence[Value]) -> set[Value]:
    """The inputs and every gate output that depends on one: where gradients need to flow."""
    relevant = set(inputs)
    for value in order:
        for operand in value.operands:
            if type(operand) is not float and operand in relevant:
                relevant.add(value)
                break
    return relevant


def _local_gradients(value: Value, relevant: set[Value]) -> list[Operand | None]:
    """Local gradients as circuits, for the operands through which gradients need to flow.

    A local gradient that is 0 whatever the numbers are, as that of a step, carries nothing.
    """
    gate: Any = value._gate
    operands = value.operands
    wanted = [type(operand) is not float and operand in relevant for operand in operands]
    found = gate.differentiate(circuits, value, operands, wanted)
    return [None if type(local) is float and local == 0.0 else local for local in found]


def _steep(order: Sequence[Value]) -> set[Value]:
    """The outputs that may be infinite, or have an infinite slope.

    Where a number is infinite now, be it a leaf or a product that overflows, it may be; else leaves
    count as finite, and of arithmetic only what may divide by 0 or grows without bound as eˣ. A
    number that is not known, nan, counts as finite.
    """
    steep: set[Value] = set()
    for value in order:
        assert value.gate is not None
        operands = value.operands
        if (
            _has_infinity([*map(number_of, operands), *value.local_grads])
            or not steep.isdisjoint(value.inputs)
            or value.gate.steep(*value.gate.group(operands))
        ):
            steep.add(value)
    return steep


def _has_infinity(numbers: list[float]) -> bool:
    """Whether one of some numbers is infinite; where their sum is finite, none is."""
    return not isfinite(sum(numbers)) and any(map(isinf, numbers))


class _Branches:
    """Sees that a branch that was not taken contributes nothing, where 0 · ∞ would be nan.

    A derivative flows from gate to gate, backward as a gradient or forward as a speed, through
    routers (max, where, ReLU …) only where they let it through. Where it is not certain that
    something flows, and an infinity may be near, the factors of a contribution become branches
    themselves, so that the circuit holds for all numbers. Everywhere else nothing is added.

    Args:
        origins: the values at which the flow begins.
        order: the outputs of gates; where none is a router's, nothing is in question.
    """

    def __init__(self, origins: Iterable[Value], order: Sequence[Value]) -> None:
        self._routed = any(value.gate is not None and value.gate.routes for value in order)
        self._steep = _steep(order) if self._routed else set()
        self._certain = set(origins)
        self._infinite: set[Value] = set()  # values at which an infinite derivative may arrive
        self._wires: dict[Value, list[tuple[Value, Operand]]] = {}
        self._conditions: dict[Value, Operand] = {}

    def pair(
        self, source: Value, target: Value, value: Value, arriving: Operand, local: Operand
    ) -> Pair:
        """The factors of a contribution: what arrives, and the local gradient it is multiplied by.

        Args:
            source: where the derivative comes from.
            target: where it goes: an operand of the source, or the other way round.
            value: the output of the gate between them, which is one of the two.
            arriving: the derivative at the source.
            local: the local gradient of the gate.
        """
        if not self._routed:
            return arriving, local
        assert value.gate is not None
        routed = value.gate.routes and isinstance(local, Value)
        if source in self._infinite or value in self._steep:
            self._infinite.add(target)
        if source in self._certain and not routed:
            self._certain.add(target)
        self._wires.setdefault(target, []).append((source, local if routed else 1.0))
        guarded = False
        if routed and (source in self._infinite or isinf(number_of(arriving))):
            arriving = circuits.where(local, arriving, 0.0)
            weighs = value.gate.variadic and _has_infinity([*value.local_grads])  # as pick does
            guarded = not weighs
        if value in self._steep and source not in self._certain and not guarded:
            local = circuits.where(self._reached(source), local, 0.0)
        return arriving, local

    def _reached(self, value: Value) -> Operand:
        """What is not 0 where a derivative reaches a value."""
        waiting = [value]
        while waiting:
            wires = self._wires.get(waiting[-1], [])
            above = [each for each, _ in wires if not self._is_known(each)]
            if above:
                waiting += above
                continue
            ways = [
                local
                if each in self._certain
                else circuits.where(self._conditions[each], local, 0.0)
                for each, local in wires
            ]
            self._conditions[waiting.pop()] = total(ways) if len(ways) > 1 else sum(ways)
        return self._conditions[value]

    def _is_known(self, value: Value) -> bool:
        return value in self._certain or value in self._conditions


def _chain_rule(pairs: list[Pair]) -> Operand:
    """Σ upstreamᵢ · localᵢ, with no gate where a factor is 1 and the sum has one term."""
    if not pairs:
        return 0.0
    if len(pairs) > 1:
        return dot([local for _, local in pairs], [upstream for upstream, _ in pairs])
    [(upstream, local)] = pairs
    if type(local) is float and local == 1.0:
        return upstream
    if type(upstream) is float and upstream == 1.0:
        return local
    return local * upstream


def _as_new_value(adjoint: Operand, taken: set[Value]) -> Value:
    """A gradient as a value of its own, which can be named and changed: not one of the user's."""
    if not isinstance(adjoint, Value):
        return Value(adjoint)
    return adjoint * 1.0 if adjoint in taken else adjoint


def expand(value: Value) -> Value:
    """The output of a gate, computed once more from simpler gates.

    The simpler gates are those of the textbook formula, σ(x) = 1 / (1 + e⁻ˣ), with its weakness:
    an exponential that overflows, where the gate itself does not.

    Args:
        value: the output of a gate with an expansion, such as sigmoid, tanh, dot, softplus, hypot.

    Returns:
        A new value with the same label and, to rounding, the same data and gradients, computed
        from the same operands.

    Raises:
        TypeError: if it is no value.
        ValueError: if the value is a leaf, or its gate is elementary, or an input was edited after
            the value was computed.

    >>> x = Value(1.0, "x")
    >>> opened = expand(x.sigmoid())
    >>> opened.gate, opened.inputs[0].gate, opened.data == x.sigmoid().data
    (<gate reciprocal>, <gate add>, True)
    """
    if not isinstance(value, Value):
        raise TypeError(f"expand opens the gate of a Value, and this is {value!r}")
    if value.gate is None:
        raise ValueError(f"{describe(value)} has no gate to expand")
    check_current([value])
    if value.gate.expansion is None:
        openable = ", ".join(name for name, gate in GATES.items() if gate.expansion)
        raise ValueError(
            f"{describe(value)}: {value.gate.name} is elementary. Gates that open: {openable}"
        )
    opened: Value = value.gate.expansion(circuits, *value.gate.group(value.operands))
    if any(opened is operand for operand in value.operands):
        opened = opened * 1.0  # a sum of one term is that term: the user's own value
    opened.label = value.label
    return opened
