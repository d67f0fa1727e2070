"""Derivatives as circuits: `grad` builds, from the same rules, what `backward` computes.

`backward` multiplies and adds floats; `grad` puts the same local gradients through values, so that
each product and each sum is recorded. What comes out can be differentiated again, evaluated again
with new numbers, and drawn. A program records the same without values, in its own `Circuit`.
`expand` computes a gate through values too, by its textbook formula.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite, isinf
from typing import Any

from autograd_core.errors import describe
from autograd_core.gate import GATES, Gate
from autograd_core.gates import dot, multiply, total, where
from autograd_core.node import number_of
from autograd_core.passes import check_current
from autograd_core.toposort import all_values, topological_order
from autograd_core.value import Operand, Value

try:
    import cython
except ModuleNotFoundError:
    from autograd_core import _cython as cython

Pair = tuple[Any, Any]
"""Factors of a contribution, an upstream and a local gradient: nodes of a circuit, or floats."""


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


@cython.cclass
class Circuit:
    """How the chain rule reads a graph and records in it: here values.

    It knows nodes through these methods alone. Those of a program's recording are numbers.
    """

    def order(self, outputs: Sequence[Any]) -> list[Any]:
        """The outputs of gates in topological order.

        Raises:
            ValueError: if a leaf was edited after a gate was computed from it.
        """
        if len(outputs) == 1:
            order: list[Any] = topological_order(outputs[0])
        else:
            order = [value for value in all_values(*outputs) if value._gate is not None]
        check_current(order)
        return order

    def gate(self, node: Any) -> Any:
        """The gate of a node; None of a leaf."""
        return node._gate

    def operands(self, node: Any) -> tuple[Any, ...]:
        """The operands of a node: nodes, and constants as floats."""
        operands: tuple[Any, ...] = node.operands
        return operands

    def slopes(self, node: Any, operands: tuple[Any, ...], wanted: list[bool]) -> list[Any]:
        """The local gradients by the operands, each a node or a float; None if not wanted."""
        return [
            slope if slope is None or isinstance(slope, Value) else float(slope)
            for slope in node._gate.differentiate(circuits, node, operands, wanted)
        ]

    def is_steep(self, node: Any, operands: tuple[Any, ...]) -> bool:
        """Whether the output or a slope of a gate is infinite now, or may be by its rule.

        A number that is not known, nan, counts as finite.
        """
        if _has_infinity([*map(number_of, operands), *node.local_grads]):
            return True
        return bool(node._gate.steep(*node._gate.group(operands)))

    def weighs(self, node: Any) -> bool:
        """Whether a gate that routes has an infinite slope now, as pick with an infinite choice."""
        return node._gate.variadic and _has_infinity([*node.local_grads])

    def add(self, gate: Any, operands: Sequence[Any]) -> Any:
        """The output of a gate whose operands, in a row, are not all floats."""
        [first, *_] = [operand for operand in operands if type(operand) is not float]
        return first._apply(gate, operands)

    def apply(self, gate: Gate, operands: Sequence[Any]) -> Any:
        """A gate applied to operands in a row; of floats alone a float."""
        for operand in operands:
            if type(operand) is not float:
                return self.add(gate, operands)
        return gate.by_rules(operands, operands)[0]

    def where(self, condition: Any, x: Any, y: Any) -> Any:
        """A branch; one whose condition is a constant is decided here and now."""
        if type(condition) is float:
            return x if condition else y
        return self.apply(where, (condition, x, y))

    def chain_rule(self, pairs: Sequence[Pair]) -> Any:
        """Σ upstreamᵢ · localᵢ, with no gate where a factor is 1 and the sum has one term."""
        if not pairs:
            return 0.0
        if len(pairs) > 1:
            locals_ = [local for _, local in pairs]
            return self.apply(dot, (*locals_, *[upstream for upstream, _ in pairs]))
        [(upstream, local)] = pairs
        if type(local) is float and local == 1.0:
            return upstream
        if type(upstream) is float and upstream == 1.0:
            return local
        return self.apply(multiply, (local, upstream))


def is_infinite(operand: Any) -> bool:
    """Whether a constant, or the number of a value, is infinite now; a recorded node has none."""
    return isinf(number_of(operand))


VALUES = Circuit()


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
        gradient = _as_new_value(VALUES.chain_rule(pairs), taken)
        taken.add(gradient)
        gradients.append(gradient)
    return gradients


def contributions(
    output: Any, inputs: Sequence[Any], circuit: Circuit = VALUES
) -> list[list[Pair]]:
    """∂output/∂input for each input, as the pairs whose products add up to it.

    A pair is the upstream gradient of one of the input's consumers and the local gradient there,
    each a node of the circuit or a plain float.
    """
    order = circuit.order([output])
    relevant = _depending_on(order, inputs, circuit)
    kept = {node for node in inputs if circuit.gate(node) is not None}
    branches = _Branches([output], order, circuit)
    received: dict[Any, list[Pair]] = {output: [(1.0, 1.0)]}
    for node in reversed(order):
        if node not in relevant:
            continue
        arrived = received.pop(node, [])
        upstream = circuit.chain_rule(arrived)
        for operand, local in _carried(circuit, node, relevant):
            pair = branches.pair(node, operand, node, upstream, local)
            received.setdefault(operand, []).append(pair)
        if arrived and node in kept:
            received[node] = [(upstream, 1.0)]
    return [received.get(node, []) for node in inputs]


def directional_derivatives(
    outputs: Sequence[Any], directions: Mapping[Any, Any], circuit: Circuit = VALUES
) -> list[Any]:
    """Σ ∂output/∂input · direction for each output, built forward by the same rules.

    Args:
        outputs: what is differentiated.
        directions: for some leaves, how fast each moves.
        circuit: what these are nodes of.

    >>> x, y, v = Value(3.0), Value(4.0), Value(1.0)
    >>> [speed] = directional_derivatives([x * y], {x: v})
    >>> speed.data  # ∂(xy)/∂x
    4.0
    """
    order = circuit.order(outputs)
    relevant = _depending_on(order, directions, circuit)
    branches = _Branches(directions, order, circuit)
    speeds: dict[Any, Any] = dict(directions)
    for node in order:
        if node not in relevant:
            continue
        moving = [
            branches.pair(operand, node, node, speeds[operand], local)
            for operand, local in _carried(circuit, node, relevant)
            if operand in speeds
        ]
        if moving:
            speeds[node] = circuit.chain_rule(moving)
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


def _depending_on(order: Sequence[Any], inputs: Iterable[Any], circuit: Circuit) -> set[Any]:
    """The inputs and every gate output that depends on one: where gradients need to flow."""
    relevant = set(inputs)
    for node in order:
        for operand in circuit.operands(node):
            if type(operand) is not float and operand in relevant:
                relevant.add(node)
                break
    return relevant


def _carried(circuit: Circuit, node: Any, relevant: set[Any]) -> list[tuple[Any, Any]]:
    """The operands of a node to which gradients need to flow, and the local gradients by them.

    A local gradient that is 0 whatever the numbers are, as that of a step, carries nothing.
    """
    operands = circuit.operands(node)
    wanted = [type(operand) is not float and operand in relevant for operand in operands]
    return [
        (operand, local)
        for operand, local in zip(operands, circuit.slopes(node, operands, wanted), strict=True)
        if local is not None and not (type(local) is float and local == 0.0)
    ]


def _steep(order: Sequence[Any], circuit: Circuit) -> set[Any]:
    """The outputs that may be infinite, or have an infinite slope.

    Where a number is infinite now, be it a leaf or a product that overflows, it may be; else leaves
    count as finite, and of arithmetic only what may divide by 0 or grows without bound as eˣ.
    """
    steep: set[Any] = set()
    for node in order:
        operands = circuit.operands(node)
        nodes = [operand for operand in operands if type(operand) is not float]
        if not steep.isdisjoint(nodes) or circuit.is_steep(node, operands):
            steep.add(node)
    return steep


def _has_infinity(numbers: list[float]) -> bool:
    """Whether one of some numbers is infinite; where their sum is finite, none is."""
    return not isfinite(sum(numbers)) and any(map(isinf, numbers))


@cython.cclass
class _Branches:
    """Sees that a branch that was not taken contributes nothing, where 0 · ∞ would be nan.

    A derivative flows from gate to gate, backward as a gradient or forward as a speed, through
    routers (max, where, ReLU …) only where they let it through. Where it is not certain that
    something flows, and an infinity may be near, the factors of a contribution become branches
    themselves, so that the circuit holds for all numbers. Everywhere else nothing is added.

    Args:
        origins: the nodes at which the flow begins.
        order: the outputs of gates; where none is a router's, nothing is in question.
        circuit: what these are nodes of.
    """

    def __init__(self, origins: Iterable[Any], order: Sequence[Any], circuit: Circuit) -> None:
        self.circuit = circuit
        self.routed = any(circuit.gate(node).routes for node in order)
        self.steep = _steep(order, circuit) if self.routed else set()
        self.certain = set(origins)
        self.infinite: set[Any] = set()  # nodes at which an infinite derivative may arrive
        self.wires: dict[Any, list[tuple[Any, Any, bool]]] = {}
        self.conditions: dict[Any, Any] = {}

    def pair(self, source: Any, target: Any, node: Any, arriving: Any, local: Any) -> Pair:
        """The factors of a contribution: what arrives, and the local gradient it is multiplied by.

        Args:
            source: where the derivative comes from.
            target: where it goes: an operand of the source, or the other way round.
            node: the output of the gate between them, which is one of the two.
            arriving: the derivative at the source.
            local: the local gradient of the gate.
        """
        if not self.routed:
            return arriving, local
        circuit = self.circuit
        gate = circuit.gate(node)
        routed = gate.routes and type(local) is not float
        if source in self.infinite or node in self.steep:
            self.infinite.add(target)
        if source in self.certain and not routed:
            self.certain.add(target)
        way = source, local if routed else 1.0, gate.variadic
        self.wires.setdefault(target, []).append(way)
        guarded = False
        if routed and (source in self.infinite or is_infinite(arriving)):
            arriving = circuit.where(local, arriving, 0.0)
            guarded = not circuit.weighs(node)
        if node in self.steep and source not in self.certain and not guarded:
            local = circuit.where(self.reached(source), local, 0.0)
        return arriving, local

    def reached(self, node: Any) -> Any:
        """What is not 0 where a derivative reaches a node."""
        waiting = [node]
        while waiting:
            wires = self.wires.get(waiting[len(waiting) - 1], [])
            above = [
                each
                for each, _, _ in wires
                if each not in self.certain and each not in self.conditions
            ]
            if above:
                waiting += above
                continue
            ways = []
            for each, local, variadic in wires:
                if variadic and len(wires) > 1:  # slopes of pick have signs: they could cancel
                    local = self.circuit.where(local, 1.0, 0.0)
                if each not in self.certain:
                    local = self.circuit.where(self.conditions[each], local, 0.0)
                ways.append(local)
            found = self.circuit.apply(total, ways) if len(ways) > 1 else [*ways, 0.0][0]
            self.conditions[waiting.pop()] = found
        return self.conditions[node]


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
