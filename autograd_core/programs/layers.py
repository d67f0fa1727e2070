"""The layers of a network, found in a plan: which numbers are W, b, Z, A and δ of which layer."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from autograd_core.gate import GATES
from autograd_core.programs.flow import OUTSIDE, Flow, operands_of
from autograd_core.programs.run.index import ONES, SHARED, Index, Rows
from autograd_core.programs.run.instructions import Apply, Inner, Multiply, Outer

NO_ACTIVATION = ("negate", "reciprocal", "greater", "equal")
"""Gates with one varying operand that no one calls an activation function."""


@dataclass
class Layer:
    """Z = W @ A of the layer before + b, A = f(Z), and δ = ∂C/∂Z.

    Attributes:
        start: the instruction in which the weights meet the inputs.
        weights: the places of W among the leaves, (n, k).
        inputs: the inputs, (k,).
        bias: the places of b among the leaves, (n,); None if there is none.
        z: the instruction whose results are Z; OUTSIDE if there is none.
        a: the one whose results are A.
        delta: the one whose results are δ.
    """

    start: int
    weights: Index
    inputs: Rows
    bias: Index | None = None
    z: int = OUTSIDE
    a: int = OUTSIDE
    delta: int = OUTSIDE


def find_layers(flow: Flow, sums: Sequence[Outer | Inner]) -> list[Layer]:
    """The layers of a plan, in the order of the forward pass.

    A layer is a matrix product with leaves. A single neuron of few inputs is one too: its weights
    are known by their gradient, δ aᵀ.

    Args:
        flow: the plan's instructions.
        sums: the plan's sums over the lanes.
    """
    outers = [
        each for each in sums if isinstance(each, Outer) and each.locals.array not in (ONES, SHARED)
    ]
    layers = _matrix_products(flow) + _few_products(flow, outers)
    layers.sort(key=lambda layer: layer.start)
    for layer in layers:
        _find_sum(flow, layer)
        _find_activation(flow, layer)
    for before, layer in pairwise(layers):
        if before.a == OUTSIDE and before.z != OUTSIDE:
            made = flow.made_by(layer.inputs)
            if made not in (OUTSIDE, before.z) and before.z in flow.needed_by([made]):
                before.a = made
    by_weights: dict[bytes, list[Layer]] = {}
    for layer in layers:
        by_weights.setdefault(_key(layer.weights), []).append(layer)
    for outer in outers:
        for layer in by_weights.get(_key(outer.leaves.index), []):
            in_order = np.array_equal(layer.weights, outer.leaves.index)
            if in_order and np.array_equal(layer.inputs.index, outer.locals.index):
                layer.delta = flow.made_by(outer.upstreams)
    return layers


def _matrix_products(flow: Flow) -> list[Layer]:
    forward = set(flow.forward)
    return [
        Layer(number, each.weights.index, each.inputs)
        for number, each in enumerate(flow.instructions)
        if isinstance(each, Multiply) and number in forward and _are_leaves(flow, each.weights)
    ]


def _few_products(flow: Flow, outers: Sequence[Outer]) -> list[Layer]:
    """Single neurons, whose few products are computed one by one."""
    neurons = {_key(each.leaves.index): each for each in outers if len(each.upstreams) == 1}
    layers = []
    for number in flow.forward:
        instruction = flow.instructions[number]
        if isinstance(instruction, Apply) and instruction.gate == "multiply":
            for operand in instruction.operands:
                if isinstance(operand, Rows) and _key(operand.index) in neurons:
                    neuron = neurons[_key(operand.index)]
                    if operand.array == SHARED and instruction.out.varies:
                        layers.append(Layer(number, neuron.leaves.index, neuron.locals))
    return layers


def _find_sum(flow: Flow, layer: Layer) -> None:
    """Follow the products through the additions that only they take part in: to Z, past b."""
    width = len(layer.weights)
    number = layer.start
    if isinstance(flow.instructions[number], Multiply):
        layer.z = number
    while True:
        takers = {taker for taker, _ in flow.uses[number]}
        if not takers or not all(_is_sum(flow, taker) for taker in takers):
            return
        number = min(takers)
        instruction = flow.instructions[number]
        if len(instruction.out) == width:
            layer.z = number
            for operand in operands_of(instruction):
                if isinstance(operand, Rows) and _are_leaves(flow, operand):
                    layer.bias = operand.index if operand.index.shape == (width,) else None


def _find_activation(flow: Flow, layer: Layer) -> None:
    """A is what a gate makes of Z, neuron by neuron, if the forward pass takes Z nowhere else."""
    if layer.z == OUTSIDE:
        return
    forward = set(flow.forward)
    uses = [(taker, rows) for taker, rows in flow.uses[layer.z] if taker in forward]
    if len(uses) != 1:
        return
    [(taker, rows)] = uses
    instruction = flow.instructions[taker]
    if isinstance(instruction, Apply) and flow.made_by(rows) == layer.z:
        gate = GATES[instruction.gate]
        ordinary = not gate.infix and not gate.variadic and gate.name not in NO_ACTIVATION
        varying = [each for each in instruction.operands if isinstance(each, Rows) and each.varies]
        if ordinary and varying == [rows]:
            layer.a = taker


def _is_sum(flow: Flow, taker: int) -> bool:
    instruction = None if taker == OUTSIDE else flow.instructions[taker]
    return isinstance(instruction, Apply) and instruction.gate in ("add", "total")


def _are_leaves(flow: Flow, rows: Rows) -> bool:
    return rows.array == SHARED and rows.index.size > 0 and int(rows.index.max()) < flow.leaves


def _key(index: Index) -> bytes:
    """Equal for the same places, in whatever order."""
    return np.sort(index, axis=None).tobytes()
