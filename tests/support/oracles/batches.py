"""Random circuits over several lanes: which leaves vary, and how far rounding may carry results.

A program adds the terms of a sum in another order than the circuit does, and a sum inside a sum as
one. Adding n terms in any order whatsoever costs at most (n - 1) u Σ|term| (Higham, Accuracy and
Stability of Numerical Algorithms, 2002, section 4.2). The running error analysis of
`oracles.rounding` allows every term at least 3 u |term| already, once for each gate that it enters,
so n times its bounds, with n the number of wires in the circuit, hold for every order.
"""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from mpmath import mpf

from autograd_core import Value
from oracles.circuits import NUMBERS, Circuit, analysed, apply, circuits, evaluated, grow
from oracles.rounding import UNIT, Analysis


@dataclass(frozen=True)
class Batch:
    """A circuit, and the numbers of its leaves in each lane.

    Attributes:
        circuit: the circuit, with the numbers of the first lane.
        varying: the places of the leaves that differ from lane to lane.
        lanes: the numbers of all leaves in each lane.
        analyses: the running error analysis of each lane.
    """

    circuit: Circuit
    varying: tuple[int, ...]
    lanes: tuple[tuple[float, ...], ...]
    analyses: tuple[Analysis, ...] = field(repr=False)

    @property
    def inputs(self) -> list[list[float]]:
        """The lanes as a program takes them, lanes × inputs."""
        return [[lane[place] for place in self.varying] for lane in self.lanes]

    @property
    def shared(self) -> list[int]:
        """The places of the leaves that all lanes share."""
        return [place for place in range(len(self.circuit.leaves)) if place not in self.varying]

    @property
    def orders(self) -> int:
        """How much further than one order of summation all orders may lead."""
        return sum(len(step.operands) for step in self.circuit.steps) + 1

    def value_errors(self, lane: int) -> list[mpf]:
        """How far program and engine may differ in each value of the circuit."""
        return [(1 + self.orders) * error for error in self.analyses[lane].errors]

    def gradient_errors(self, lane: int) -> list[mpf]:
        """How far they may differ in the gradients of the output."""
        return [(1 + self.orders) * error for error in self.analyses[lane].gradient_errors()]

    def total_errors(self) -> list[mpf]:
        """How far they may differ in the sums of the gradients over the lanes."""
        errors = [mpf(0)] * len(self.circuit.leaves)
        for lane, analysis in enumerate(self.analyses):
            for place, (gradient, error) in enumerate(
                zip(analysis.gradients(), self.gradient_errors(lane), strict=True)
            ):
                if place < len(errors):
                    errors[place] += error + 2 * len(self.lanes) * UNIT * abs(gradient)
        return errors

    def computed(self, leaves: list[Any]) -> Any:
        """All values of the circuit over some leaves, the leaves first."""
        return evaluated(self.circuit, leaves, lambda gate, row: apply(gate, row, operators=True))

    def recorded(self, lane: int) -> Any:
        """All values of the circuit in the engine for one lane."""
        numbers = enumerate(self.lanes[lane])
        return self.computed([Value(number, f"x{place}") for place, number in numbers])


@st.composite
def batches(draw: st.DrawFn, extreme: bool = False, gates: int = 20, lanes: int = 4) -> Batch:
    """Circuits with a batch of numbers for them, all lanes on safe ground."""
    circuit = draw(circuits(extreme=extreme, gates=gates))
    count = len(circuit.leaves)
    varying = tuple(place for place in range(count) if draw(st.booleans()))
    changes = st.lists(NUMBERS, min_size=len(varying), max_size=len(varying))
    found = {circuit.leaves: analysed(circuit)}
    for numbers in draw(st.lists(changes, max_size=lanes - 1)):
        leaves = list(circuit.leaves)
        for place, number in zip(varying, numbers, strict=True):
            leaves[place] = number
        analysis = on_safe_ground(Circuit(tuple(leaves), circuit.steps), extreme)
        if analysis is not None:
            found[tuple(leaves)] = analysis
    return Batch(circuit, varying, tuple(found), tuple(found.values()))


def on_safe_ground(circuit: Circuit, extreme: bool) -> Analysis | None:
    """The analysis of a circuit; None if it leaves a domain, or nears a switch or overflow."""
    analysis = Analysis()
    for number in circuit.leaves:
        analysis.add_leaf(number)
    if all(grow(analysis, step.gate, step.operands, extreme) for step in circuit.steps):
        return analysis
    return None
