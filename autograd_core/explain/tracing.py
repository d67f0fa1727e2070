"""The trace of a circuit: both passes as plain data. Explanations and pictures are made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isclose
from typing import Any

from autograd_core.explain.names import name_all
from autograd_core.explain.neurons import Neuron, find_neurons, name_neurons
from autograd_core.explain.notation import significant
from autograd_core.gate import name_in_table
from autograd_core.node import number_of
from autograd_core.passes import check_current
from autograd_core.toposort import all_values
from autograd_core.value import Value


@dataclass(frozen=True, slots=True)
class TracedValue:
    """One value of a circuit.

    Attributes:
        index: its position in `Trace.values`, a topological order.
        name: its label, or the next free name of `v1`, `v2`, …; unique in the circuit.
        label: its label; z¹₂ or a¹₂ where a neuron whose parameters have such names computes it;
            or None.
        data: its number.
        grad: its gradient, 0 before `backward()`.
        gate: the name of the gate that produced it, or None for a leaf.
    """

    index: int
    name: str
    label: str | None
    data: float
    grad: float
    gate: str | None


@dataclass(frozen=True, slots=True)
class ForwardStep:
    """One gate computing its output and its local gradients.

    Attributes:
        gate: the gate's name.
        symbol: its symbol in a diagram, with constants folded in (`+1`, `*-1`).
        operands: in order, the index of a value, or a float for a constant.
        numbers: the number in each operand.
        out: the index of the output.
        data: the number in the output.
    """

    gate: str
    symbol: str
    operands: tuple[int | float, ...]
    numbers: tuple[float, ...]
    out: int
    data: float


@dataclass(frozen=True, slots=True)
class Contribution:
    """One wire of a backward step: upstream × local, added to the gradient of the input.

    Attributes:
        value: the index of the input that receives it.
        operand: the position of the wire among the gate's operands.
        out: the index of the gate's output.
        upstream: ∂output/∂out of the gate.
        local: ∂out/∂input.
        downstream: their product.
        total: the input's gradient in this pass so far, this contribution included; in an output
            what the pass starts from there, too.
        number: the number of this contribution to the input, from 1 to `count`.
        count: the number of contributions to the input.
    """

    value: int
    operand: int
    out: int
    upstream: float
    local: float
    downstream: float
    total: float
    number: int
    count: int


@dataclass(frozen=True, slots=True)
class BackwardStep:
    """One gate passing its upstream gradient on to its inputs.

    Attributes:
        gate: the gate's name.
        symbol: its symbol in a diagram.
        out: the index of its output.
        upstream: ∂output/∂out, of several outputs their sum; complete, since every consumer of
            `out` comes earlier.
        contributions: one for each operand that is a value.
    """

    gate: str
    symbol: str
    out: int
    upstream: float
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """Both passes through a circuit, of one output or of several.

    Attributes:
        values: every value, leaves included, in topological order.
        forward: one step for each gate, in the order of evaluation.
        backward: one step for each gate, in reverse.
        outputs: the indices of the outputs. A single one is the last value.
        upstreams: for each output the gradient that the backward pass starts from.
        ran: whether an output has a gradient, because `backward()` was called on it or on a value
            computed from it. The backward steps are recorded in any case.
        neurons: the neurons of the circuit, in the order in which they are computed.

    >>> w, x, b = Value(2.0, "w"), Value(3.0, "x"), Value(-1.0, "b")
    >>> passes = trace((w * x + b).tanh())
    >>> [passes.values[neuron.output].gate for neuron in passes.neurons]
    ['tanh']
    """

    values: tuple[TracedValue, ...]
    forward: tuple[ForwardStep, ...]
    backward: tuple[BackwardStep, ...]
    outputs: tuple[int, ...]
    upstreams: tuple[float, ...]
    ran: bool
    neurons: tuple[Neuron, ...]

    @property
    def output(self) -> int:
        """The index of the output; of several, of the last."""
        return self.outputs[-1]

    @property
    def upstream(self) -> float:
        """The gradient that the backward pass starts from at that output."""
        return self.upstreams[-1]

    @property
    def wires(self) -> list[Contribution]:
        """All wires, in the order of the backward pass.

        >>> x = Value(3.0, "x")
        >>> [wire.total for wire in trace(x * x).wires]
        [3.0, 6.0]
        """
        return [wire for step in self.backward for wire in step.contributions]

    @property
    def step_of(self) -> dict[int, ForwardStep]:
        """The forward step that produced each value, by the value's index; leaves have none.

        >>> x = Value(3.0, "x")
        >>> trace(x * x).step_of[1].gate
        'multiply'
        """
        return {step.out: step for step in self.forward}


def trace(output: Value | Sequence[Value]) -> Trace:
    """Record both passes through the circuit of a value, or of several. No gradient is changed.

    The backward pass starts from the gradient of `output`, so that after `output.backward()` the
    numbers are those of the engine; where that is 0, it starts from 1.

    The circuit of several outputs is what they all are computed from, and its backward pass is one
    pass, as in a network with several output neurons: it starts at each output, from what that has
    as gradient from a loss computed from them; if none has any, from 1, which gives the gradients
    of their sum.

    Raises:
        TypeError: if `output` is not a value, and not a list or tuple of values.
        ValueError: if a leaf was edited after the circuit was computed from it; `forward()` updates
            the circuit.

    >>> x, y = Value(3.0, "x"), Value(-4.0, "y")
    >>> f = x * y + x
    >>> for step in trace(f).backward:
    ...     for wire in step.contributions:
    ...         print(step.gate, wire.upstream, "×", wire.local, "=", wire.downstream, wire.total)
    add 1.0 × 1.0 = 1.0 1.0
    add 1.0 × 1.0 = 1.0 1.0
    multiply 1.0 × -4.0 = -4.0 -3.0
    multiply 1.0 × 3.0 = 3.0 3.0
    """
    outputs = outputs_in(output)
    if not outputs:
        raise TypeError(f"a circuit is the one below a Value, and this is {_no_circuit(output)}")
    values = all_values(*outputs)
    order = [value for value in values if value.gate is not None]
    index = {value: place for place, value in enumerate(values)}
    check_current(order)
    forward = tuple(_forward_step(value, index) for value in order)
    own = [value.label for value in values]
    neurons = find_neurons(own, forward)
    labels = name_neurons(own, neurons)
    traced = tuple(
        TracedValue(
            index=place,
            name=name,
            label=label,
            data=value.data,
            grad=value.grad,
            gate=None if value.gate is None else value.gate.name,
        )
        for place, (value, label, name) in enumerate(
            zip(values, labels, name_all(labels), strict=True)
        )
    )
    ran = any(each.grad != 0.0 for each in outputs)
    starts = _starts(order, outputs) if ran else [1.0] * len(outputs)
    places = tuple(index[each] for each in outputs)
    backward = _backward_steps(order, index, dict(zip(places, starts, strict=True)))
    return Trace(traced, forward, backward, places, tuple(starts), ran, tuple(neurons))


def outputs_in(thing: Any) -> list[Value]:
    """A value, or those in a list or tuple, each once; none if this is something else.

    >>> x = Value(3.0, "x")
    >>> outputs_in(x) == outputs_in([x, x]) == [x], outputs_in([]), outputs_in([x, 1.0])
    (True, [], [])
    """
    things = list(thing) if isinstance(thing, (list, tuple)) else [thing]
    return list(dict.fromkeys(things)) if all(isinstance(each, Value) for each in things) else []


def _starts(order: list[Value], outputs: list[Value]) -> list[float]:
    """What arrives at each output from outside the circuit, by the gradients that values have.

    An output that is used in the circuit has gradient from there, too, as in h₁ → h₂ of a
    recurrence. A leaf keeps what earlier passes brought, so nothing is known of it.
    """
    if len(outputs) == 1:
        return [outputs[0].grad if outputs[0].gate is not None else 1.0]
    inside = dict.fromkeys(outputs, 0.0)
    for value in order:
        for used, local in zip(value.inputs, value.local_grads, strict=True):
            if used in inside and local != 0.0:
                inside[used] += value.grad * local
    return [
        0.0 if each.gate is None or isclose(each.grad, known, rel_tol=1e-12) else each.grad - known
        for each, known in inside.items()
    ]


def _no_circuit(thing: Any) -> str:
    """What something is that is no value, and what to do."""
    if thing is None:
        return "None; backward() returns nothing, so call it on a line of its own"
    if callable(thing):
        name = getattr(thing, "__name__", type(thing).__name__)
        return f"{name}, which gives a value when it is called on values"
    return repr(thing)


def symbol_of(value: Value) -> str:
    """The symbol of a gate in a diagram, with constant operands folded in.

    >>> x = Value(2.0)
    >>> [symbol_of(v) for v in (x * x, x + 1, -1 * x, 2 - x, x**3, 1 / x)]
    ['*', '+1', '*-1', '2-', '**3', '1/x']
    >>> [symbol_of(v) for v in (x.maximum(0), x.leaky_relu(), x.leaky_relu(0.2), x - -1)]
    ['max 0', 'LReLU', 'LReLU 0.2', '-(-1)']
    """
    gate = value.gate
    if gate is None:
        return ""
    if gate.variadic:
        return gate.symbol
    constants = [
        significant(operand)
        for name, operand in zip(gate.parameters, value.operands, strict=True)
        if isinstance(operand, float) and operand != gate.defaults.get(name)
    ]
    if not gate.infix:
        return " ".join([gate.symbol, *constants])
    if gate.name == "subtract":
        constants = [f"({each})" if each.startswith("-") else each for each in constants]
    leads = isinstance(value.operands[0], float) and not gate.commutes
    return "".join([*constants, gate.symbol] if leads else [gate.symbol, *constants])


def _forward_step(value: Value, index: dict[Value, int]) -> ForwardStep:
    operands = value.operands
    assert value.gate is not None
    return ForwardStep(
        gate=name_in_table(value.gate),
        symbol=symbol_of(value),
        operands=tuple(x if isinstance(x, float) else index[x] for x in operands),
        numbers=tuple(map(number_of, operands)),
        out=index[value],
        data=value.data,
    )


def _backward_steps(
    order: list[Value], index: dict[Value, int], starts: dict[int, float]
) -> tuple[BackwardStep, ...]:
    """The backward pass of the engine, with every product and every partial sum recorded.

    As in the engine, a branch that was not taken contributes nothing, even where 0 · ∞ is nan.
    """
    counts = [0] * len(index)
    for value in order:
        for used in value.inputs:
            counts[index[used]] += 1
    totals = [0.0] * len(index)
    arrived = set(starts)
    received = [0] * len(index)
    for place, start in starts.items():
        totals[place] = start
    steps = []
    for value in reversed(order):
        assert value.gate is not None
        gradient = totals[index[value]]
        reached = index[value] in arrived
        local_gradients = iter(value.local_grads)
        contributions = []
        for place, operand in enumerate(value.operands):
            if isinstance(operand, float):
                continue
            source, local = index[operand], next(local_gradients)
            taken = reached and (local != 0.0 or not value.gate.routes)
            downstream = gradient * local if taken else 0.0
            if taken:
                arrived.add(source)
            totals[source] += downstream
            received[source] += 1
            contributions.append(
                Contribution(
                    value=source,
                    operand=place,
                    out=index[value],
                    upstream=gradient,
                    local=local,
                    downstream=downstream,
                    total=totals[source],
                    number=received[source],
                    count=counts[source],
                )
            )
        steps.append(
            BackwardStep(
                value.gate.name, symbol_of(value), index[value], gradient, tuple(contributions)
            )
        )
    return tuple(steps)
