"""What is printed; that V8 computes the engine's numbers with it is tested with the page."""

import math

import pytest
from oracles.circuits import row_length

from autograd_core import GATES
from autograd_core.explain import Expression
from viz.page.javascript import HELPERS, JavaScriptText


def printed(name: str, *operands: float | str) -> str:
    """A gate's forward rule over these operands, of which text is a name."""
    row = [Expression(x) if isinstance(x, str) else x for x in operands]
    return str(GATES[name].evaluate(JavaScriptText(), row))


@pytest.mark.parametrize(
    ("gate", "operands", "program"),
    [
        ("add", ("x", "y"), "x + y"),
        ("multiply", ("x", -2.0), "x * -2.0"),
        ("power", ("x", 2.0), "Math.pow(x, 2.0)"),
        ("maximum", ("x", math.inf), "Math.max(x, math.inf)"),
        ("relu", ("x",), "Math.max(x, 0.0)"),
        ("leaky_relu", ("x", 0.1), "x > 0.0 ? x : 0.1 * x"),
        ("greater", ("x", "y"), "x > y ? 1.0 : 0.0"),
        ("where", ("c", "x", "y"), "c !== 0 ? x : y"),
        ("dot", ("w", "v", "x", 3.0), "w * x + v * 3.0"),
        ("sigmoid", ("x",), "sigmoid(x)"),
        ("logsumexp", ("x", "y"), "logsumexp(x, y)"),
    ],
)
def test_gates_are_printed(gate: str, operands: tuple[float | str, ...], program: str) -> None:
    assert printed(gate, *operands) == program


@pytest.mark.parametrize("name", GATES)
def test_every_gate_and_every_local_gradient_can_be_printed(name: str) -> None:
    gate = GATES[name]
    count = row_length(name, 3 if gate.variadic else 1)
    row = [Expression(f"v[{place}]") for place in range(count)]
    math_text = JavaScriptText()
    gradients = gate.differentiate(math_text, Expression("out"), row, [True] * count)
    assert len(gradients) == count
    assert set(math_text.helpers) <= set(HELPERS)


def test_the_negative_of_a_negative_is_no_decrement() -> None:
    negative = -Expression("x")
    assert str(-negative) == "-(-x)"
