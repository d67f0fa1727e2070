"""Lowering: from values to a recording of them, to a table of what is wanted, to a plan.

Derivatives are recorded without values, for recording a gate of values evaluates it: by then the
leaves may have numbers outside a gate's domain that the program is never run with.
"""

import gc
import pickle
from collections.abc import Callable, Iterable, Sequence
from contextvars import Context
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from math import nan
from typing import Any

from autograd_core.apply import recorded
from autograd_core.derivatives.adjoint import (
    VALUES,
    Circuit,
    Pair,
    contributions,
    directional_derivatives,
    is_infinite,
)
from autograd_core.gate import Gate, name_in_table
from autograd_core.gates import weighted_sum
from autograd_core.programs.compile.rewrite_sums import rewrite_sums
from autograd_core.programs.compile.schedule import (
    add_gradient,
    add_groups,
    groups_of,
    upstream_layers,
)
from autograd_core.programs.graph import INPUT, LEAF, Graph, Packed, zeros
from autograd_core.programs.run.plan import Plan
from autograd_core.toposort import all_values
from autograd_core.value import Value

try:
    import cython
except ModuleNotFoundError:
    from autograd_core import _cython as cython


@dataclass(frozen=True)
class Compiled:
    """A plan, and the leaves whose numbers it takes after those of the parameters."""

    plan: Plan
    others: tuple[Value, ...]

    @cached_property
    def pickled(self) -> bytes:
        """The plan for other processes."""
        return pickle.dumps(self.plan)


Values = Sequence[Value]
Nodes = Sequence[int]

Wanted = tuple[Sequence[Any], Sequence[int], Sequence[Sequence[Pair]]]
"""What is to be computed: outputs, leaves that follow the parameters, and contributions, the
upstream and local gradients whose products are to be summed over the examples."""

Derivative = Callable[["Recording", Nodes, Nodes, Nodes], Wanted]
"""Records what is wanted of outputs, inputs and parameters."""


def compile_circuit(
    derivative: Derivative,
    outputs: Values,
    inputs: Values,
    parameters: Values,
    dtype: Any = float,
    guarded: bool = False,
) -> Compiled:
    """Compile a derivative of a circuit.

    Guarded, a branch that is not taken contributes nothing, whatever infinities there are. That
    takes a gate for each contribution, so else finite leaves are taken for granted.

    Gates are recorded even inside a `no_grad` of the caller. The garbage collector waits: what is
    made here has no cycles, and it would search all of that again and again.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        arguments = derivative, outputs, inputs, parameters, guarded
        graph, wanted, received, others, gradients = Context().run(_recorded_table, *arguments)
        factors = chain.from_iterable((upstream, local) for upstream, local, _ in received)
        graph, places = rewrite_sums(graph, chain(wanted, factors))
        pairs = Packed()
        for upstream, local, leaf in received:
            pairs.append((places[upstream], places[local], leaf))
        layers = upstream_layers(graph, pairs)
        plan = Plan(graph, dtype)
        add_groups(plan, groups_of(graph, layers), layers)
        add_gradient(plan, pairs)
        graph.pack()
        plan.counted = gradients
        plan.computed = [places[node] for node in wanted]
        return Compiled(plan, tuple(others))
    finally:
        if collects:
            gc.enable()


def _recorded_table(
    derivative: Derivative, outputs: Values, inputs: Values, parameters: Values, guarded: bool
) -> Any:
    """The table of a derivative, and by how many leaves there is one that is summed."""
    recording, nodes = recording_of([*outputs, *inputs, *parameters])
    recording.guarded = guarded
    of, by, own = ([nodes[each] for each in values] for values in (outputs, inputs, parameters))
    wanted, more, received = derivative(recording, of, by, own)
    return *_table_of(recording, by, [*own, *more], wanted, received), len(received)


def evaluation(circuit: "Recording", outputs: Nodes, inputs: Nodes, parameters: Nodes) -> Wanted:
    """The outputs for each example alone."""
    return outputs, (), ()


def gradient(circuit: "Recording", outputs: Nodes, inputs: Nodes, parameters: Nodes) -> Wanted:
    """The outputs for each example, and the gradient of the first."""
    return outputs, (), contributions(outputs[0], parameters, circuit)


def input_slopes(circuit: "Recording", outputs: Nodes, inputs: Nodes, parameters: Nodes) -> Wanted:
    """The outputs, and the derivatives of each by each input, one output after the other.

    A pass through the circuit gives all derivatives of an output, backward, or those by an input,
    forward: whatever there is less of. The outputs are computed so that numbers outside the domain
    of a gate are refused even if no derivative takes them.
    """
    if len(inputs) < len(outputs):
        columns = [directional_derivatives(outputs, {each: 1.0}, circuit) for each in inputs]
        rows = [[column[place] for column in columns] for place in range(len(outputs))]
    else:
        received = [contributions(output, inputs, circuit) for output in outputs]
        rows = [[circuit.chain_rule(pairs) for pairs in each] for each in received]
    return [*outputs, *chain.from_iterable(rows)], (), ()


def parameter_slopes(
    circuit: "Recording", outputs: Nodes, inputs: Nodes, parameters: Nodes
) -> Wanted:
    """The same by each parameter: not summed over the examples, as a gradient is."""
    return input_slopes(circuit, outputs, parameters, inputs)


def curvature(circuit: "Recording", outputs: Nodes, inputs: Nodes, parameters: Nodes) -> Wanted:
    """The outputs and the slope along a vector, whose numbers are the last leaves; its gradient."""
    vector = [circuit.add(None, ()) for _ in parameters]
    directions = dict(zip(parameters, vector, strict=True))
    [slope] = directional_derivatives(outputs[:1], directions, circuit)
    if type(slope) is float:  # a constant
        return [*outputs, slope], vector, [[] for _ in parameters]
    return [*outputs, slope], vector, contributions(slope, parameters, circuit)


@cython.cclass
class Recording(Circuit):
    """A circuit without values: a node is a whole number, its place in columns.

    Attributes:
        gates: the gate of each node; None of a leaf.
        rows: what each gate takes: nodes, and for the k-th constant −k.
        constants: the constants; no other number is known.
        leaves: the leaves that are values, by their nodes.
        labels: the users' names of nodes.
        templates: the local gradients of gates.
        guarded: whether all slopes count as infinite.
    """

    def __init__(self) -> None:
        self.gates: list[Any] = []
        self.rows = Packed()
        self.constants: list[float] = []
        self.leaves: dict[int, Value] = {}
        self.labels: dict[int, str] = {}
        self.templates: dict[Any, tuple[Recording | None, list[Any]]] = {}
        self.guarded = False

    def add(self, gate: Any, operands: Sequence[Any]) -> Any:
        """A new node: the output of a gate, or without one a leaf."""
        row = []
        for operand in operands:
            if type(operand) is float:
                self.constants.append(operand)
                operand = -len(self.constants)
            row.append(operand)
        self.gates.append(gate)
        self.rows.append(row)
        return len(self.gates) - 1

    def walk(self, nodes: Iterable[Any]) -> list[int]:
        """Some nodes and all that they are computed from, in the order of `all_values`."""
        order: list[int] = []
        seen = bytearray(len(self.gates))
        stack = [each for each in nodes if type(each) is not float]
        stack.reverse()
        while stack:
            node = stack.pop()
            if node < 0:  # all operands of the node below are in order
                order.append(stack.pop())
            elif not seen[node]:
                seen[node] = 1
                if self.gates[node] is None:
                    order.append(node)
                    continue
                stack += (node, -1)
                stack += [operand for operand in self.rows.at(node)[::-1] if operand >= 0]
        return order

    def order(self, outputs: Sequence[Any]) -> list[Any]:
        """The outputs of gates in topological order."""
        return [node for node in self.walk(outputs) if self.gates[node] is not None]

    def gate(self, node: Any) -> Any:
        """The gate of a node; None of a leaf."""
        return self.gates[node]

    def operands(self, node: Any) -> tuple[Any, ...]:
        """The operands of a node: nodes, and constants as floats."""
        row = self.rows.at(node)
        for each in row:
            if each < 0:
                return tuple([x if x >= 0 else self.constants[-x - 1] for x in row])
        return row

    def slopes(self, node: Any, operands: tuple[Any, ...], wanted: list[bool]) -> list[Any]:
        """The local gradients by those operands that are wanted, each a node or a float.

        The rules of a gate are put through values once; what they record is copied for each node.
        """
        gate = self.gates[node]
        pattern = [
            (operand or repr(operand)) if type(operand) is float else "" if want else None
            for operand, want in zip(operands, wanted, strict=True)
        ]  # with repr, for zeros have signs
        key = gate, *pattern
        template = self.templates.get(key)
        if template is None:
            template = _template(gate, operands, wanted)
            if len(self.templates) < TEMPLATES:
                self.templates[key] = template
        found: Recording | None = template[0]
        if found is None:
            return template[1]
        copies = [operand for operand in operands if type(operand) is not float]
        copies.append(node)
        for place in range(len(copies), len(found.gates)):
            row = [
                copies[each] if each >= 0 else found.constants[-each - 1]
                for each in found.rows.at(place)
            ]
            copies.append(self.add(found.gates[place], row))
        return [copies[each] if type(each) is int else each for each in template[1]]

    def is_steep(self, node: Any, operands: tuple[Any, ...]) -> bool:
        """Whether the output or a slope of a gate may be infinite, by its rule or a constant."""
        if self.guarded:
            return True
        gate = self.gates[node]
        row = [operand if type(operand) is float else UNKNOWN for operand in operands]
        return any(map(is_infinite, operands)) or bool(gate.steep(*gate.group(row)))

    def weighs(self, node: Any) -> bool:
        """Whether a gate that routes may have an infinite slope, as pick may."""
        return self.guarded and self.gates[node].variadic


UNKNOWN = Value(nan)

TEMPLATES = 1000
"""How many templates a recording keeps: one for each gate, and for each constant that it takes."""


def recording_of(values: Iterable[Value]) -> tuple[Recording, dict[Value, int]]:
    """The recording of values and of all that they are computed from, and the node of each.

    No value is needed any more but the leaves.

    >>> x = Value(0.0, "x")
    >>> recording, nodes = recording_of([(x + 2.0).exp()])
    >>> [recording.operands(node) for node in recording.order([2])]
    [(0, 2.0), (1,)]
    """
    recording, nodes = Recording(), dict[Value, int]()
    for value in all_values(*values):
        if value._gate is None:
            recording.leaves[len(nodes)] = value
        if value._label is not None:
            recording.labels[len(nodes)] = value._label
        row = [each if type(each) is float else nodes[each] for each in value.operands]
        nodes[value] = recording.add(value._gate, row)
    return recording, nodes


def _template(
    gate: Gate, operands: Sequence[Any], wanted: list[bool]
) -> tuple[Recording | None, list[Any]]:
    """The local gradients of a gate, recorded from leaves in place of its operands.

    These and then the output are the first nodes; the list has a node, a float or None for each.
    Where there are floats alone, there is no recording.
    """
    row = tuple([operand if type(operand) is float else Value(nan) for operand in operands])
    out = recorded(gate, nan, row, [nan] * len(row))
    slopes = VALUES.slopes(out, row, wanted)
    if not any(isinstance(each, Value) for each in slopes):
        return None, slopes
    found, nodes = recording_of([x for x in (*row, out, *slopes) if isinstance(x, Value)])
    return found, [nodes[each] if isinstance(each, Value) else each for each in slopes]


def _table_of(
    recording: Recording,
    inputs: Nodes,
    leaves: Nodes,
    outputs: Sequence[Any],
    contributions: Sequence[Sequence[Pair]],
) -> tuple[Graph, list[int], Packed, list[Value]]:
    """A recorded circuit as a table.

    After 1 and -1 come the inputs, and then the leaves, whether or not an output needs them.

    Returns:
        The table, the nodes of the outputs, the contributions, and the leaves that were not given.
    """
    factors = chain.from_iterable(chain.from_iterable(contributions))
    order = recording.walk([*inputs, *leaves, *outputs, *factors])
    graph, nodes, names = Graph(), zeros(len(recording.gates)), dict[Gate, str]()
    for number in (1.0, -1.0):  # `rewrite_sums` has these first, too
        graph.constant(number)
    others: list[Value] = []
    for place, node in enumerate(order):
        gate = recording.gates[node]
        if gate is None:
            nodes[node] = graph.source(INPUT if place < len(inputs) else LEAF)
            if place >= len(inputs) + len(leaves):
                others.append(recording.leaves[node])
        else:
            if gate not in names:
                names[gate] = name_in_table(gate)
            row = recording.operands(node)
            operands = tuple([_node_of(graph, each, nodes) for each in row])
            if gate is weighted_sum:
                *terms, bias = operands
                operands = graph.apply("dot", tuple(terms)), bias
            nodes[node] = graph.apply("add" if gate is weighted_sum else names[gate], operands)
        if node in recording.labels:
            graph.labels.setdefault(nodes[node], recording.labels[node])
    wanted = [_node_of(graph, output, nodes) for output in outputs]
    return graph, wanted, _leaf_pairs(graph, contributions, nodes), others


def _node_of(graph: Graph, operand: Any, nodes: Nodes) -> int:
    """The node in the table of a recorded node, or of a constant."""
    return graph.constant(operand) if type(operand) is float else nodes[operand]


def _leaf_pairs(graph: Graph, contributions: Sequence[Sequence[Pair]], nodes: Nodes) -> Packed:
    """The contributions in the table, each with the place of its leaf.

    Equal ones are one, multiplied by their number. Those that are 0 whatever the numbers are, are
    left out.
    """
    pairs = Packed()
    for leaf, received in enumerate(contributions):
        counts: dict[tuple[int, int], int] = {}
        for one, other in received:
            pair = _node_of(graph, one, nodes), _node_of(graph, other, nodes)
            counts[pair] = counts.get(pair, 0) + 1
        for (upstream, local), times in counts.items():
            if times > 1:
                upstream = graph.apply("multiply", (graph.constant(float(times)), upstream))
            if not graph.vanishes(upstream, local):
                pairs.append((upstream, local, leaf))
    return pairs
