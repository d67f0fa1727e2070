import pytest

import viz
from autograd_core import GATES, Value

PAIRS = [name for name, gate in GATES.items() if len(gate.parameters) == 2 and not gate.variadic]


@pytest.mark.parametrize("name", [name for name in PAIRS if not GATES[name].commutes])
def test_the_first_operand_enters_above_the_second_where_order_matters(name: str) -> None:
    x, y = Value(0.5, "x"), Value(2.0, "y")
    output = (x + y) * GATES[name](y, x)  # the sum comes first and puts x above y
    wires = viz.draw(output).layout.wires
    [first] = [wire for wire in wires if (wire.source, wire.place) == (1, 0)]
    [second] = [wire for wire in wires if wire.target == first.target and wire.place == 1]
    assert first.points[-1][1] < second.points[-1][1]


@pytest.mark.parametrize("name", [name for name in PAIRS if GATES[name].commutes])
def test_gates_that_are_said_to_commute_do(name: str) -> None:
    assert GATES[name](0.5, 2.0) == GATES[name](2.0, 0.5)
