"""How far rounding alone may carry a gradient from the truth: a running error analysis.

Let u = 2⁻⁵³ and eta the smallest positive float. A gate is called *stable* if its forward rule and
its local gradients, computed in floats, are the exact ones of operands changed by a relative u
each, up to a relative error of a few u (and eta, where numbers underflow). No rule can be asked for
more, since operands come rounded; σ′(x) = σ(x) (1 - σ(x)), say, is not stable for large x.

If every gate is stable, then to first order in u, with k = 2 + the number of operands,

    error of a value          Eᵢ = Σⱼ |lᵢⱼ| (Eⱼ + k u |vⱼ|) + k u |vᵢ|
    error of a local gradient Dᵢⱼ = Σₖ |hᵢⱼₖ| (Eₖ + k u |vₖ|) + 2 k u |lᵢⱼ|
    error of a gradient       Aⱼ = Σᵢ (Aᵢ |lᵢⱼ| + |gᵢ| Dᵢⱼ + (2 + m) u |gᵢ lᵢⱼ|)

where l and h are first and second derivatives of a gate, g the gradients, and m the number of
wires that leave vⱼ. This is the backward pass run on absolute values: the sum over all paths of
|products|, with every intermediate value allowed its rounding. A is what `gradient_errors` returns:
small beside |g| where the problem is well conditioned, and large exactly where a tiny change of
some intermediate number changes the gradient much, whatever the engine.

Three gates need a word more. The softmax exp(xᵢ - out) of logsumexp is computed from its own
output, as everywhere (PyTorch too), which costs a relative u |out|; that of cross_entropy, exp(xᵢ -
chosen - out), costs u (|out| + |chosen|) of a share that is at most 1, where what is chosen is the
sum of choices times values; and y xʸ⁻¹ rounds y - 1, which costs a relative u |ln x|.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from mpmath import mp, mpf

from oracles.jets import Jet, as_jet
from oracles.textbook import DEFINITIONS, SWITCHES

UNIT = mpf(2) ** -53
SMALLEST = mpf(2) ** -1074


@dataclass
class Wire:
    """One operand of a gate that is a value: where it comes from, and its local gradient."""

    source: int
    local: mpf
    local_error: mpf


@dataclass
class Analysis:
    """A circuit in high precision: for each value the exact number and its error in floats."""

    values: list[mpf] = field(default_factory=list)
    errors: list[mpf] = field(default_factory=list)
    wires: list[list[Wire]] = field(default_factory=list)

    def add_leaf(self, number: float) -> None:
        self.values.append(mpf(number))
        self.errors.append(mpf(0))
        self.wires.append([])

    def examine(
        self, gate: str, operands: Sequence[int | float]
    ) -> tuple[Jet, mpf, list[Wire], bool]:
        """Exact output, error bound, wires, and whether a switch of the gate is in doubt."""
        given = [self.values[x] if isinstance(x, int) else mpf(x) for x in operands]
        carried = [self.errors[x] if isinstance(x, int) else mpf(0) for x in operands]
        jets = [Jet.variable(number, place) for place, number in enumerate(given)]
        out = as_jet(DEFINITIONS[gate](*jets))
        k = 2 + len(operands)
        moves = [e + k * UNIT * abs(v) for e, v in zip(carried, given, strict=True)]
        slopes = [out.slopes.get(place, mpf(0)) for place in range(len(operands))]
        error = sum(abs(s) * m for s, m in zip(slopes, moves, strict=True) if s)
        error += k * UNIT * abs(out.value) + SMALLEST
        local_errors = [2 * k * UNIT * abs(s) + SMALLEST for s in slopes]
        for place, slope in enumerate(slopes):
            local_errors[place] += _amplified(gate, given, out.value, slope) * UNIT
        for (i, j), curvature in out.curvatures.items():
            if not curvature:
                continue
            local_errors[i] += abs(curvature) * moves[j]
            if i != j:
                local_errors[j] += abs(curvature) * moves[i]
        if not out.slopes:  # a step, a comparison, a zero: exact
            error = mpf(0) if gate in SWITCHES else error
        wires = [
            Wire(x, slopes[place], local_errors[place])
            for place, x in enumerate(operands)
            if isinstance(x, int)
        ]
        return out, error, wires, self._in_doubt(gate, jets, carried)

    @staticmethod
    def _in_doubt(gate: str, jets: list[Jet], carried: list[mpf]) -> bool:
        """Whether rounding of the operands might throw a switch of the gate."""
        if gate not in SWITCHES:
            return False
        return bool(abs(SWITCHES[gate](*jets)) <= 1000 * sum(carried) and sum(carried) > 0)

    def add_gate(self, out: Jet, error: mpf, wires: list[Wire]) -> None:
        self.values.append(out.value)
        self.errors.append(error)
        self.wires.append(wires)

    def gradients(self) -> list[mpf]:
        """Exact gradients of the last value, in reverse mode."""
        return self._backward()[0]

    def gradient_errors(self) -> list[mpf]:
        """Bounds for the rounding errors of the gradients of the last value."""
        return self._backward()[1]

    def is_well_conditioned(self) -> bool:
        """Whether rounding moves no number of the two passes by more than 1e-13 of it."""
        numbers = [
            *zip(self.values, self.errors, strict=True),
            *zip(*self._backward(), strict=True),
            *((wire.local, wire.local_error) for wires in self.wires for wire in wires),
        ]
        return all(error <= 1e-13 * abs(number) + mpf("1e-300") for number, error in numbers)

    def _backward(self) -> tuple[list[mpf], list[mpf]]:
        fan_out = [0] * len(self.values)
        for wires in self.wires:
            for wire in wires:
                fan_out[wire.source] += 1
        gradients = [mpf(0)] * len(self.values)
        errors = [mpf(0)] * len(self.values)
        gradients[-1] = mpf(1)
        for place in reversed(range(len(self.values))):
            g, a = gradients[place], errors[place]
            for wire in self.wires[place]:
                product = g * wire.local
                gradients[wire.source] += product
                errors[wire.source] += (
                    a * abs(wire.local)
                    + abs(g) * wire.local_error
                    + (2 + fan_out[wire.source]) * UNIT * abs(product)
                    + SMALLEST
                )
        return gradients, errors


def _amplified(gate: str, given: list[mpf], out: mpf, slope: mpf) -> int | mpf:
    """What a local gradient loses beyond a few roundings, in units."""
    if gate == "logsumexp":
        return abs(out) * abs(slope)
    if gate == "cross_entropy":
        half = len(given) // 2
        chosen = sum(abs(y * x) for y, x in zip(given[:half], given[half:], strict=True))
        return abs(out) + 2 * chosen
    if gate.startswith("power") and given[0]:
        return 4 * abs(mp.log(abs(given[0]))) * abs(slope)
    return 0


def agrees(number: float, exact: mpf, error: mpf) -> bool:
    """Whether a float is the exact number up to rounding.

    Where the problem is well conditioned the bound is some 1e-14 of the number, far below the 1e-12
    that is promised; where it is not, no engine could do better than a fraction of it.
    """
    return bool(abs(mpf(number) - exact) <= error)
