"""Names for the numbers of a plan: the lectures' for layers, the user's labels, else plain ones."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from autograd_core.programs.flow import OUTSIDE, Flow, operands_of
from autograd_core.programs.graph import INPUT, LEAF
from autograd_core.programs.layers import find_layers
from autograd_core.programs.references import Block, References
from autograd_core.programs.run.index import INPUTS, SHARED, SUMS, Index, Rows
from autograd_core.programs.run.instructions import Copy
from autograd_core.programs.run.plan import Plan

LANE_COUNT = "B"
"""The name of the number of lanes."""

RESERVED = (LANE_COUNT, "θ", "c", "output", "outputs")
"""Names that no label may take."""

FEW = 4
"""So many labels are listed; of more, the first and the last."""


@dataclass(frozen=True)
class Given:
    """A name for numbers that come from outside: inputs, parameters, other leaves.

    Attributes:
        block: the name.
        array: where the numbers lie.
        origin: what they are, in words; empty if the name is their label.
    """

    block: Block
    array: str
    origin: str


class Names:
    """The names of all that a plan reads, and of what is known of what it computes.

    The weights, biases, sums, activations and δ of layer k are Wk, bk, Zk, Ak and Dk; inputs that
    are used side by side are X, and Y; what has a label that can be a name is called by it; θ is
    the list of all parameters, c that of the leaves that are none.

    Args:
        plan: the plan.
        flow: its instructions.

    Attributes:
        references: the blocks with these names.
        given: the names of inputs, of parameters, and of other leaves.
        results: the names of the results of some instructions.
        labels: the labels that are names.
    """

    def __init__(self, plan: Plan, flow: Flow) -> None:
        schedule, graph = plan, plan.graph
        self.references = References(schedule.sizes | {SUMS: plan.partial})
        self.given: dict[str, list[Given]] = {"Inputs": [], "Parameters": [], "Other leaves": []}
        self.results: dict[int, str] = {}
        self._parameters = plan.counted
        self._labels = {
            schedule.where[node]: label
            for node, label in graph.labels.items()
            if graph.operations[node] in (INPUT, LEAF)
        }
        self._name_layers(plan, flow)
        self._name_inputs_together(flow)
        self.labels = self._usable(Counter(graph.labels.values()))
        self._name_inputs(schedule.sizes[INPUTS])
        self._name_leaves(schedule.leaves)
        for place, number in enumerate(schedule.constants.tolist(), schedule.leaves):
            self.references.add(number_text(number), SHARED, np.array([place]))
        for made, instruction in enumerate(flow.instructions):
            label = graph.labels.get(instruction.nodes[0])
            computed = not isinstance(instruction, Copy) and len(instruction.nodes) == 1
            if computed and label in self.labels:
                self.results.setdefault(made, str(label))

    def _name_layers(self, plan: Plan, flow: Flow) -> None:
        """W, b, Z, A and δ, by the number of the layer."""
        for number, layer in enumerate(find_layers(flow, plan.sums), 1):
            self._name_free(f"W{number}", SHARED, layer.weights)
            if layer.bias is not None and not self._has_label(layer.bias):
                self._name_free(f"b{number}", SHARED, layer.bias)
            for letter, made in (("Z", layer.z), ("A", layer.a), ("D", layer.delta)):
                if made != OUTSIDE:
                    self.results.setdefault(made, f"{letter}{number}")
            self._name_together(layer.inputs)

    def _has_label(self, index: Index) -> bool:
        """Whether this is a single number whose label is a name already."""
        return index.size == 1 and self._labels.get((SHARED, index.item()), "").isidentifier()

    def _name_inputs_together(self, flow: Flow) -> None:
        """X and Y, for inputs that are used side by side."""
        for instruction in flow.instructions:
            for operand in operands_of(instruction):
                if isinstance(operand, Rows):
                    self._name_together(operand)

    def _name_together(self, rows: Rows) -> None:
        places = np.unique(rows.index)
        if rows.array == INPUTS and len(places) > 1:
            count = len(self.given["Inputs"])
            self._name_free(("X", "Y")[count] if count < 2 else f"X{count + 1}", INPUTS, places)

    def _usable(self, labels: Counter[str]) -> set[str]:
        """The labels that can be names: identifiers that mean one thing."""
        taken = {*RESERVED, *self.references.names, *self.results.values()}
        return {
            label
            for label, times in labels.items()
            if times == 1
            and label.isidentifier()
            and label not in taken
            and not (label[0] == "d" and (label[1:] in taken or label[1:] in labels))
        }

    def _name_inputs(self, size: int) -> None:
        for place in self._without_label(INPUTS, range(size)):
            name = f"x{place}"
            while name in self.labels:
                name += "_"
            self._name_free(name, INPUTS, np.array([place]))

    def _name_leaves(self, size: int) -> None:
        """θ for all parameters, which serves as a name for single ones too; c for other leaves."""
        self._without_label(SHARED, range(self._parameters))
        if self._parameters:
            self._give("θ", SHARED, np.arange(self._parameters))
        unnamed = self._without_label(SHARED, range(self._parameters, size))
        if unnamed:
            self._give("c", SHARED, np.arange(unnamed[0], size))

    def _without_label(self, array: str, places: range) -> list[int]:
        """Name numbers by their labels, and return those that have neither label nor name."""
        unnamed = []
        for place in places:
            label, index = self._labels.get((array, place)), np.array([place])
            if label in self.labels and label is not None:
                self._name_free(label, array, index, origin="")
                self.references.call(array, place, label)
            elif not self.references.has(array, index):
                unnamed.append(place)
        return unnamed

    def _name_free(self, name: str, array: str, index: Index, origin: str | None = None) -> None:
        """Name numbers if none of them has a name."""
        if not self.references.has(array, index):
            self._give(name, array, index, origin)

    def _give(self, name: str, array: str, index: Index, origin: str | None = None) -> None:
        block = self.references.add(name, array, index)
        title = "Inputs"
        if array == SHARED:
            title = "Parameters" if index.flat[0] < self._parameters else "Other leaves"
        self.given[title].append(Given(block, array, self._origin(block, array, origin)))

    def _origin(self, block: Block, array: str, origin: str | None) -> str:
        """Where the numbers of a block come from: their labels, or else their places."""
        if origin is not None:
            return origin
        if block.name == "θ":
            return "all parameters, in their order"
        places = block.index.ravel().tolist()
        kind = "column" if array == INPUTS else "parameter"
        if array == SHARED and places[0] >= self._parameters:
            kind = "leaf"
        if block.name == "c":
            return "leaves that are no parameters"
        if len(places) > FEW:
            places = [places[0], places[-1]]
            mark = " … "
        else:
            mark = ", "
        return mark.join(self._labels.get((array, place)) or f"{kind} {place}" for place in places)


def number_text(number: float) -> str:
    """A number as short as it can be written exactly.

    >>> number_text(1.0), number_text(-0.5), number_text(1e-4)
    ('1', '-0.5', '0.0001')
    """
    return repr(number).removesuffix(".0")
