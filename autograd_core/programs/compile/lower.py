"""Lowering: from values, and from their derivatives, to a plan.

A derivative graph is recorded when it is first needed, and recording a gate evaluates it. By then
the leaves may have numbers outside a gate's domain that the program is never run with. So
derivatives are recorded from a blank copy of the graph: the same gates and wires, and `nan` for
every number, which no gate refuses.
"""

import gc
from collections import Counter
from collections.abc import Callable, Sequence
from contextvars import Context
from dataclasses import dataclass
from itertools import chain
from math import nan
from typing import Any

import numpy as np

from autograd_core.apply import recorded
from autograd_core.derivatives import Pair, contributions, directional_derivatives, grad
from autograd_core.programs.compile.rewrite_sums import rewrite_sums
from autograd_core.programs.compile.schedule import (
    LeafPair,
    add_gradient,
    add_groups,
    groups_of,
    upstream_layers,
)
from autograd_core.programs.graph import Graph, Recording, graph_of, node_of, recording_of
from autograd_core.programs.run.arrays import GRADIENT
from autograd_core.programs.run.plan import Plan
from autograd_core.value import Operand, Value


@dataclass(frozen=True)
class Compiled:
    """A plan, and the leaves whose numbers it takes after those of the parameters."""

    plan: Plan
    others: tuple[Value, ...]


def compile_circuit(
    outputs: Sequence[Operand],
    inputs: Sequence[Value],
    leaves: Sequence[Value],
    contributions: Sequence[Sequence[Pair]] = (),
    dtype: Any = float,
) -> Compiled:
    """Compile a circuit.

    The numbers of the leaves are given first, in this order. For each of the first of them there
    may be contributions, the upstream and local gradients whose products are to be summed over the
    examples. An output that is a float is constant.
    """
    recording = recording_of(outputs, inputs, leaves, contributions)
    return _plan_of(*_table_of(recording, len(inputs), len(leaves)), dtype)


def _table_of(
    recording: Recording, inputs: int, leaves: int
) -> tuple[Graph, list[int], list[LeafPair], int, list[Value]]:
    """A circuit with so many inputs and given leaves as a table.

    Returns:
        The table, the nodes of the outputs, the contributions, how many leaves have them, and the
        leaves that were not given.
    """
    graph, nodes = graph_of(recording, inputs)
    wanted = [node_of(graph, recording, nodes, output) for output in recording.outputs]
    received = _leaf_pairs(graph, recording, nodes)
    others = [leaf for place, leaf in recording.sources.items() if place >= inputs + leaves]
    return graph, wanted, received, len(recording.contributions), others


def _plan_of(
    graph: Graph,
    wanted: list[int],
    received: list[LeafPair],
    gradients: int,
    others: list[Value],
    dtype: Any,
) -> Compiled:
    factors = {node for upstream, local, _ in received for node in (upstream, local)}
    graph, places = rewrite_sums(graph, {*wanted, *factors})
    pairs = [(places[one], places[other], leaf) for one, other, leaf in received]
    layers = upstream_layers(graph, pairs)
    plan = Plan(graph, dtype)
    add_groups(plan, groups_of(graph, layers), layers)
    add_gradient(plan, pairs)
    graph.pack()
    plan.sizes[GRADIENT] = gradients
    plan.computed = [places[node] for node in wanted]
    return Compiled(plan, tuple(others))


def _leaf_pairs(graph: Graph, recording: Recording, nodes: Sequence[int]) -> list[LeafPair]:
    """The contributions as nodes, in one list; equal ones as one, multiplied by their number.

    Those that are 0 whatever the numbers are, are left out.
    """
    pairs: list[LeafPair] = []
    for leaf in range(len(recording.contributions)):
        row = recording.contributions.at(leaf)
        received = [node_of(graph, recording, nodes, each) for each in row]
        counts = Counter(zip(received[::2], received[1::2], strict=True))
        for (upstream, local), times in counts.items():
            if times > 1:
                upstream = graph.apply("multiply", (graph.constant(float(times)), upstream))
            if not graph.vanishes(upstream, local):
                pairs.append((upstream, local, leaf))
    return pairs


Values = Sequence[Value]
Wanted = tuple[Sequence[Operand], Values, Sequence[Sequence[Pair]]]
"""What is to be computed: outputs, leaves that follow the parameters, and contributions."""

Derivative = Callable[[Values, Values, Values], Wanted]
"""Records a derivative of outputs, inputs and parameters."""


def compile_derivative(
    derivative: Derivative,
    outputs: Values,
    inputs: Values,
    parameters: Values,
    dtype: np.dtype[Any],
) -> Compiled:
    """Compile a derivative of a blank copy, with the leaves of the circuit in place of its own.

    Gates are recorded even inside a `no_grad` of the caller. The garbage collector waits: what is
    made here has no cycles, and it would search all of that again and again.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        arguments = derivative, outputs, inputs, parameters
        return _plan_of(*_table_of(*Context().run(_record, *arguments)), dtype)
    finally:
        if collects:
            gc.enable()


def _record(
    derivative: Derivative, outputs: Values, inputs: Values, parameters: Values
) -> tuple[Recording, int, int]:
    """Record a derivative of a blank copy, and let go of all of its values."""
    circuit = recording_of([*outputs, *inputs, *parameters], (), ())
    blanks = blank_circuit(circuit)
    copies = iter([blanks[place] for place in circuit.outputs])
    given = [[next(copies) for _ in values] for values in (outputs, inputs, parameters)]
    wanted, more, received = derivative(*given)
    leaves = [*given[2], *more]
    found = recording_of(wanted, given[1], leaves, received)
    own = {blanks[place]: leaf for place, leaf in circuit.sources.items()}
    for place, leaf in found.sources.items():
        found.sources[place] = own.get(leaf, leaf)
    return found, len(inputs), len(leaves)


def gradient(outputs: Values, inputs: Values, parameters: Values) -> Wanted:
    """The outputs for each example, and the gradient of the first."""
    return outputs, (), contributions(outputs[0], parameters)


def input_slopes(outputs: Values, inputs: Values, parameters: Values) -> Wanted:
    """The outputs, and the derivatives of each by each input, one output after the other.

    A pass through the circuit gives all derivatives of an output, backward, or those by an input,
    forward: whatever there is less of. The outputs are computed so that numbers outside the domain
    of a gate are refused even if no derivative takes them.
    """
    rows: Sequence[Sequence[Operand]]
    if len(inputs) < len(outputs):
        columns = [directional_derivatives(outputs, {each: 1.0}) for each in inputs]
        rows = [[column[place] for column in columns] for place in range(len(outputs))]
    else:
        rows = [grad(output, inputs) for output in outputs]
    return [*outputs, *chain.from_iterable(rows)], (), ()


def parameter_slopes(outputs: Values, inputs: Values, parameters: Values) -> Wanted:
    """The same by each parameter: not summed over the examples, as a gradient is."""
    return input_slopes(outputs, parameters, inputs)


def curvature(outputs: Values, inputs: Values, parameters: Values) -> Wanted:
    """The outputs and the slope along a vector, whose numbers are the last leaves; its gradient."""
    vector = [Value(nan) for _ in parameters]
    [slope] = directional_derivatives(outputs[:1], dict(zip(parameters, vector, strict=True)))
    if not isinstance(slope, Value):  # a constant
        return [*outputs, slope], vector, [[] for _ in parameters]
    return [*outputs, slope], vector, contributions(slope, parameters)


def blank_circuit(circuit: Recording) -> list[Value]:
    """A blank twin of each value of a circuit: from the same gate, with `nan` for its number.

    >>> x = Value(0.0, "x")
    >>> *_, blank = blank_circuit(recording_of([x.exp()], [x], []))
    >>> blank.inputs[0].label, blank.data, blank.log().data
    ('x', nan, nan)
    """
    twins: list[Value] = []
    for place, gate in enumerate(circuit.gates):
        if gate is None:
            blank = Value(nan)
        else:
            operands = [circuit.taken(each, twins) for each in circuit.operands.at(place)]
            blank = recorded(gate, nan, operands, [nan] * len(operands))
        if place in circuit.labels:
            blank._label = circuit.labels[place]
        twins.append(blank)
    return twins
