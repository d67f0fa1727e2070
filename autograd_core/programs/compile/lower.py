"""Lowering: from values, and from their derivatives, to a plan.

A derivative graph is recorded when it is first needed, and recording a gate evaluates it. By then
the leaves may have numbers outside a gate's domain that the program is never run with. So
derivatives are recorded from a blank copy of the graph: the same gates and wires, and `nan` for
every number, which no gate refuses.
"""

import gc
import pickle
from collections.abc import Callable, Sequence
from contextvars import Context
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from math import inf, nan
from typing import Any

import numpy as np

from autograd_core.apply import recorded
from autograd_core.derivatives import Pair, contributions, directional_derivatives, grad
from autograd_core.programs.compile.rewrite_sums import rewrite_sums
from autograd_core.programs.compile.schedule import (
    add_gradient,
    add_groups,
    groups_of,
    upstream_layers,
)
from autograd_core.programs.graph import LEAF, Graph, graph_of
from autograd_core.programs.run.columns import Product
from autograd_core.programs.run.plan import Plan
from autograd_core.toposort import all_values
from autograd_core.value import Operand, Value


@dataclass(frozen=True)
class Compiled:
    """A plan, and the leaves whose numbers it takes after those of the parameters."""

    plan: Plan
    others: tuple[Value, ...]

    @cached_property
    def pickled(self) -> bytes:
        """The plan for other processes."""
        return pickle.dumps(self.plan)


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
    operands = dict.fromkeys(chain.from_iterable(chain.from_iterable(contributions)))
    graph, nodes = graph_of([*outputs, *operands], inputs, leaves)
    own = [value for value, node in nodes.items() if graph.operations[node] == LEAF]
    others = tuple([value for value in own if value.gate is None][len(leaves) :])

    wanted = [_node_of(graph, nodes, output) for output in outputs]
    received = _leaf_pairs(graph, nodes, contributions)
    del nodes, operands, own
    factors = {node for upstream, local, _ in received for node in (upstream, local)}
    graph, places = rewrite_sums(graph, {*wanted, *factors})
    pairs = [(places[one], places[other], leaf) for one, other, leaf in received]
    layers = upstream_layers(graph, pairs)
    plan = Plan(graph, dtype)
    add_groups(plan, groups_of(graph, layers), layers)
    add_gradient(plan, pairs)
    graph.pack()
    plan.counted = len(contributions)
    plan.computed = [places[node] for node in wanted]
    return Compiled(plan, others)


def _node_of(graph: Graph, nodes: dict[Value, int], operand: Operand) -> int:
    return graph.constant(operand) if isinstance(operand, float) else nodes[operand]


def _leaf_pairs(
    graph: Graph, nodes: dict[Value, int], contributions: Sequence[Sequence[Pair]]
) -> list[Product]:
    """The contributions as nodes, in one list; equal ones as one, multiplied by their number.

    Those that are 0 whatever the numbers are, are left out.
    """
    pairs: list[Product] = []
    for leaf, received in enumerate(contributions):
        counts: dict[tuple[int, int], int] = {}
        for one, other in received:
            pair = _node_of(graph, nodes, one), _node_of(graph, nodes, other)
            counts[pair] = counts.get(pair, 0) + 1
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
    guarded: bool = False,
) -> Compiled:
    """Compile a derivative of a blank copy, with the leaves of the circuit in place of its own.

    Guarded, a branch that is not taken contributes nothing, whatever infinities there are. That
    takes a gate for each contribution, so else finite leaves are taken for granted.

    Gates are recorded even inside a `no_grad` of the caller. The garbage collector waits: what is
    made here has no cycles, and it would search all of that again and again.
    """
    context, collects = Context(), gc.isenabled()
    gc.disable()
    try:
        blanks = context.run(
            blank_circuit, [*outputs, *inputs, *parameters], inf if guarded else nan
        )
        copies = [[blanks[each] for each in values] for values in (outputs, inputs, parameters)]
        wanted, leaves, received = context.run(derivative, *copies)
        found = compile_circuit(wanted, copies[1], [*copies[2], *leaves], received, dtype)
    finally:
        if collects:
            gc.enable()
    own = {blanks[leaf]: leaf for leaf in blanks if found.others and leaf.gate is None}
    return replace(found, others=tuple([own.get(leaf, leaf) for leaf in found.others]))


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


def blank_circuit(values: Sequence[Value], slope: float = nan) -> dict[Value, Value]:
    """A blank twin of each value of a circuit: from the same gate, with `nan` for its number.

    The local gradients of all gates are a slope. Where it is infinite, derivatives of the copy are
    guarded everywhere, not only where a gate may be steep.

    >>> x = Value(0.0, "x")
    >>> blank = blank_circuit([x.exp()])[x]
    >>> blank.label, blank.data, blank.log().data
    ('x', nan, nan)
    """
    twins: dict[Value, Value] = {}
    for value in all_values(*values):
        if value._gate is None:
            blank = Value(nan)
        else:
            operands = [x if type(x) is float else twins[x] for x in value.operands]
            blank = recorded(value._gate, nan, operands, [slope] * len(operands))
        blank._label = value._label
        twins[value] = blank
    return twins
