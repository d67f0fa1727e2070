"""Neurons in a circuit: weighted sums of parameters, and the activation functions of those."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from autograd_core.explain.names import indexed
from autograd_core.gate import GATES


class _Step(Protocol):
    """A `ForwardStep`, as far as it matters here."""

    @property
    def gate(self) -> str: ...
    @property
    def operands(self) -> tuple[int | float, ...]: ...
    @property
    def out(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Neuron:
    """a = f(z) with z = Σ wᵢxᵢ + b in a circuit, by the indices of its values.

    Attributes:
        weights: the leaves w₁, w₂, …
        inputs: x₁, x₂, …; a float is a constant.
        bias: the leaf b, or None.
        sum: z.
        output: a, or z again where z is taken by no activation function, or not by that alone.
        members: all that the neuron computes, its output last: its products and sums, z, and a.
    """

    weights: tuple[int, ...]
    inputs: tuple[int | float, ...]
    bias: int | None
    sum: int
    output: int
    members: tuple[int, ...]

    @property
    def takes(self) -> tuple[str, ...]:
        """Its inputs, to be compared with those of others: no index is the same as a constant."""
        return tuple(map(repr, self.inputs))


def find_neurons(labels: Sequence[str | None], steps: Iterable[_Step]) -> list[Neuron]:
    """The neurons of a circuit, in the order in which they are computed.

    A neuron is a gate Σwx or Σwx+b, or a sum of products written with `+` and `*`, whose weights
    are leaves; and the activation function that alone takes it.

    Args:
        labels: the label of each value.
        steps: the gates, in topological order.

    >>> from autograd_core import Value, tanh, trace, weighted_sum
    >>> w, x, b = [Value(1.0, "w1"), Value(-2.0, "w2")], [2.0, 3.0], Value(0.5, "b")
    >>> passes = trace(tanh(weighted_sum(w, x, b)))
    >>> find_neurons([value.label for value in passes.values], passes.forward)
    [Neuron(weights=(0, 1), inputs=(2.0, 3.0), bias=2, sum=3, output=4, members=(3, 4))]
    """
    return _Finder(labels, steps).neurons()


_Terms = list[tuple[int | float, int | float]]


class _Finder:
    def __init__(self, labels: Sequence[str | None], steps: Iterable[_Step]) -> None:
        self.labels = labels
        self.steps = {step.out: step for step in steps}
        self.consumers: list[list[int]] = [[] for _ in labels]
        for step in self.steps.values():
            for operand in step.operands:
                if isinstance(operand, int):
                    self.consumers[operand].append(step.out)

    def neurons(self) -> list[Neuron]:
        found = []
        for step in self.steps.values():
            terms, biases, members = self._products(step)
            parted = self._parted(terms) if terms and len(biases) <= 1 else None
            if parted is None or len(terms) + len(biases) < 2:
                continue
            weights, inputs = parted
            bias = next((each for each in biases if isinstance(each, int)), None)
            if bias is not None and bias in self.steps:
                continue
            output = self._activated(step.out)
            members += [output] if output != step.out else []
            found.append(Neuron(weights, inputs, bias, step.out, output, tuple(members)))
        return found

    def _products(self, step: _Step) -> tuple[_Terms, list[int | float], list[int]]:
        """The products of a weighted sum, what is added to them, and the gates that compute it."""
        if step.gate in ("dot", "weighted_sum"):
            groups = GATES[step.gate].group(step.operands)
            return [*zip(*groups[:2], strict=True)], list(groups[2:]), [step.out]
        terms: _Terms = []
        added: list[int | float] = []
        members: list[int] = []
        if step.gate != "add" or self._is_added(step.out):
            return terms, added, members
        waiting: list[int | float] = [step.out]
        while waiting:
            each = waiting.pop()
            inner = self.steps.get(each) if isinstance(each, int) else None
            own = inner is not None and (each == step.out or len(self.consumers[inner.out]) == 1)
            if own and inner is not None and inner.gate == "add":
                waiting += reversed(inner.operands)
                members.append(inner.out)
            elif own and inner is not None and inner.gate == "multiply":
                terms.append((inner.operands[0], inner.operands[1]))
                members.append(inner.out)
            else:
                added.append(each)
        return terms, added, sorted(members)

    def _is_added(self, out: int) -> bool:
        """Whether a sum is a term of another sum, and of nothing else."""
        takers = self.consumers[out]
        return len(takers) == 1 and self.steps[takers[0]].gate == "add"

    def _parted(self, terms: _Terms) -> tuple[tuple[int, ...], tuple[int | float, ...]] | None:
        """The weights and the inputs of products, or None if no side has leaves alone."""
        if any(type(one) is type(other) is int and one == other for one, other in terms):
            return None  # squares, as in a penalty
        first, second = zip(*terms, strict=True)
        sides = [(first, second), (second, first)]
        sides = [(one, other) for one, other in sides if all(map(self._is_leaf, one))]
        if not sides:
            return None
        return max(sides, key=lambda side: self._is_weight(side[0][0]))

    def _is_leaf(self, operand: int | float) -> bool:
        return isinstance(operand, int) and operand not in self.steps

    def _is_weight(self, leaf: int | float) -> bool:
        label = self.labels[leaf] if isinstance(leaf, int) else None
        return bool(label) and str(label).rpartition(".")[2].startswith(("w", "W"))

    def _activated(self, out: int) -> int:
        """The output of the activation function of a sum, or the sum itself."""
        takers = self.consumers[out]
        if len(takers) != 1:
            return out
        step = self.steps[takers[0]]
        gate = GATES[step.gate]
        numbers = [each for each in step.operands if isinstance(each, float)]
        if len(numbers) != len(step.operands) - 1 or gate.infix or gate.variadic:
            return out
        is_function = not gate.steep(*[0.0] * len(step.operands)) and gate.name != "negate"
        return step.out if is_function else out


_INDEXED = re.compile("(.*?)([a-z])([⁰¹²³⁴⁵⁶⁷⁸⁹]*)([₀₁₂₃₄₅₆₇₈₉,]*)")
_FROM_INDEX = str.maketrans("₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹", "01234567890123456789")


def name_neurons(labels: Sequence[str | None], neurons: Iterable[Neuron]) -> list[str | None]:
    """The labels of values, and z¹₂ and a¹₂ for what neurons compute that has none.

    The names follow from those of the parameters, as `indexed` writes them, w¹₂₁ and b¹₂; where
    these have other names, there is none.

    >>> labels = ["w¹₂₁", "w¹₂₂", "b¹₂", None, None]
    >>> name_neurons(labels, [Neuron((0, 1), (2.0, 3.0), 2, 3, 4, (3, 4))])
    ['w¹₂₁', 'w¹₂₂', 'b¹₂', 'z¹₂', 'a¹₂']
    """
    named = list(labels)
    for neuron in neurons:
        place = place_of(labels, neuron)
        if place is not None:
            before, layer, indices = place
            for letter, value in (("z", neuron.sum), ("a", neuron.output)):
                named[value] = named[value] or before + indexed(letter, *indices, layer=layer)
    return named


def paths_of(labels: Sequence[str | None], neurons: Iterable[Neuron]) -> dict[int, str]:
    """Where parameters, and what neurons compute, are in a model, by index: `layers.0.neurons.1`.

    >>> labels = ["w¹₂₁", "w¹₂₂", "b¹₂", None]
    >>> paths = paths_of(labels, [Neuron((0, 1), (2.0, 3.0), 2, 3, 3, (3,))])
    >>> paths[1], paths[3]
    ('layers.0.neurons.1.weights.1', 'layers.0.neurons.1')
    """
    paths: dict[int, str] = {}
    for neuron in neurons:
        place = place_of(labels, neuron)
        if place is None:
            continue
        before, layer, indices = place
        parts = [] if layer is None else [f"layers.{layer - 1}"]
        kinds = zip(("neurons", "pieces"), indices, strict=False)
        own = before + ".".join([*parts, *(f"{kind}.{index - 1}" for kind, index in kinds)])
        dot = "." if parts or indices else ""
        for number, weight in enumerate(neuron.weights):
            is_weight = (labels[weight] or "").removeprefix(before).startswith("w")
            paths[weight] = f"{own}{dot}weights.{number}" if is_weight else f"{own}{dot}bias"
        if neuron.bias is not None:
            paths[neuron.bias] = f"{own}{dot}bias"
        if dot:
            paths |= {neuron.sum: own, neuron.output: own}
    return paths


def place_of(
    labels: Sequence[str | None], neuron: Neuron
) -> tuple[str, int | None, list[int]] | None:
    """Where a neuron is by the labels of its parameters: what they begin with, layer and index.

    None if they are not as `indexed` writes them.

    >>> place_of(["w¹₂₁", "w¹₂₂", "b¹₂", None], Neuron((0, 1), (2.0, 3.0), 2, 3, 3, (3,)))
    ('', 1, [2])
    """
    weights = [labels[weight] for weight in neuron.weights]
    bias = labels[neuron.bias] if neuron.bias is not None else None
    if bias is None and len(weights) > 1 and _letter(weights[-1]) == "b":
        bias = weights.pop()  # whose input is 1
    found = _INDEXED.fullmatch(bias or weights[0] or "")
    if found is None or found[2] != ("b" if bias else "w"):
        return None
    before, _, above, below = found.groups()
    layer = int(above.translate(_FROM_INDEX)) if above else None
    for indices in _readings(below):
        candidates = [indices] if bias else [indices[:-1], indices[1:]]
        for own in candidates:
            if all(
                weights[place]
                in (
                    before + indexed("w", *own, place + 1, layer=layer),
                    before + indexed("w", place + 1, *own, layer=layer),
                )
                for place in (0, len(weights) - 1)
            ):
                return before, layer, own
    return None


def _letter(label: str | None) -> str | None:
    found = _INDEXED.fullmatch(label or "")
    return found[2] if found else None


def _readings(below: str) -> list[list[int]]:
    """What the indices below may be: ₁₂ is 12, or 1 and 2."""
    if "," in below:
        return [[int(part) for part in below.translate(_FROM_INDEX).split(",")]]
    digits = below.translate(_FROM_INDEX)
    return [[int(digits)], [int(digit) for digit in digits]] if digits else [[]]
