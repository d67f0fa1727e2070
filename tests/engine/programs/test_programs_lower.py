from collections.abc import Callable

import pytest

from autograd_core import Program, Value
from autograd_core.programs.compile.lower import compile_circuit, evaluation, input_slopes


@pytest.mark.parametrize(
    "copy", [lambda w: w * 1.0, lambda w: 1.0 * w, lambda w: (w * -1.0) * -1.0]
)
def test_a_copy_of_a_leaf_has_the_leafs_number_of_now(copy: Callable[[Value], Value]) -> None:
    w, x = Value(2.0), Value(1.0)
    program = Program(copy(w) * x, [x])
    w.data = 5.0
    assert program([[3.0]]).tolist() == [15.0]
    assert program.gradient([[3.0]])[1].tolist() == [3.0]


def test_leaves_come_in_the_order_asked_for_and_then_as_they_are_met() -> None:
    a, b, c, x = (Value(float(number), name) for number, name in enumerate("abcx"))
    compiled = compile_circuit(evaluation, [c * x + b * a], [x], [b])
    assert [leaf.label for leaf in compiled.others] == ["c", "a"]


def test_equal_contributions_are_counted() -> None:
    w, x = Value(3.0), Value(1.0)
    assert Program(w * w * w * x, [x]).gradient([[2.0]])[1].tolist() == [54.0]


@pytest.mark.parametrize("turned", [False, True])
def test_a_jacobian_takes_the_direction_with_fewer_passes(turned: bool) -> None:
    """By one input all values of a chain in one pass forward; one output by many, backward."""
    x = Value(0.5, "x")
    leaves, values = [x], [x]
    for _ in range(60):
        leaves.append(Value(0.9))
        values.append((values[-1] * leaves[-1]).sin())
    outputs, inputs = (values[-1:], leaves) if turned else (values[1:], leaves[:1])
    compiled = compile_circuit(input_slopes, outputs, inputs, [])
    assert len(compiled.plan.ends) < 10 * 60
    found = Program(outputs, inputs).jacobian([[leaf.data for leaf in inputs]])[0]
    for output, row in zip(outputs, found, strict=True):
        for leaf in leaves:
            leaf.grad = 0.0
        output.backward()
        assert row.tolist() == pytest.approx([leaf.grad for leaf in inputs], rel=1e-12)
