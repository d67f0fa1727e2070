from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles.circuits import property_test

from autograd_core import (
    GATES,
    Gate,
    Value,
    affine,
    dot,
    no_grad,
    relu,
    staged_code,
    total,
    trace,
    weighted_sum,
)

ONE_OPERAND = [gate for gate in GATES.values() if len(gate.parameters) == 1 and not gate.variadic]
numbers = st.floats(-3.0, 3.0)
biases_of_a_kind = st.one_of(st.none(), numbers, numbers.map(Value))


@st.composite
def layers(draw: st.DrawFn) -> Any:
    """Weights and inputs, values among constants, and a bias of any kind for each row."""
    width, height = draw(st.integers(0, 4)), draw(st.integers(1, 4))
    operand = st.one_of(numbers, numbers.map(Value))
    row = st.lists(operand, min_size=width, max_size=width)
    weights = draw(st.lists(row, min_size=height, max_size=height))
    biases = draw(st.lists(biases_of_a_kind, min_size=height, max_size=height))
    inputs = draw(row)
    hidden = [x * 1.5 if isinstance(x, Value) and draw(st.booleans()) else x for x in inputs]
    return weights, [Value(0.5), *hidden], [[Value(0.25), *row] for row in weights], biases


def one_by_one(
    weights: list[list[Value | float] | list[Value]],
    inputs: list[Value | float],
    biases: Any,
    activation: Gate | None,
) -> list[Value]:
    outputs = []
    for row, bias in zip(weights, biases, strict=True):
        z = dot(row, inputs) if bias is None else weighted_sum(row, inputs, bias)
        outputs.append(z if activation is None else activation(z))
    return outputs


def outcome(
    compute: Callable[..., Any], *layer: Any
) -> (
    str
    | tuple[
        list[tuple[str, float, str]]
        | str
        | tuple[Any, ...]
        | tuple[Any, Any, Any]
        | tuple[Any, Any],
        ...,
    ]
):
    """Trace and staged code of the sum of the outputs, or the error."""
    try:
        output = total(compute(*layer))
    except (ValueError, ZeroDivisionError) as error:
        return repr(error)
    output.backward()
    passes = trace(output)
    gradients = [(value.name, value.data, repr(value.grad)) for value in passes.values]
    output.zero_grad()
    return gradients, passes.forward, staged_code(output)


@pytest.mark.parametrize("activation", [None, *ONE_OPERAND, GATES["leaky_relu"]], ids=str)
@property_test(25)
@given(layer=layers())
def test_a_layer_is_its_neurons_one_by_one(activation: Gate | None, layer: Any) -> None:
    _, inputs, weights, biases = layer
    together = outcome(affine, weights, inputs, biases, activation)
    assert together == outcome(one_by_one, weights, inputs, biases, activation)


def neuron() -> tuple[list[Value], Value]:
    w, x, b = Value(2.0, "w"), Value(3.0, "x"), Value(1.0, "b")
    return [w, x, b], affine([[w]], [x], [b], relu)[0]


def test_a_neuron_is_its_weighted_sum_and_its_activation() -> None:
    leaves, output = neuron()
    (5.0 * output).backward()
    [z] = output.inputs
    assert [v.gate for v in (output, z)] == [relu, weighted_sum]
    assert [(v.data, v.grad) for v in (output, z)] == [(7.0, 5.0)] * 2
    assert z.inputs == tuple(leaves)
    assert z.local_grads == (3.0, 2.0, 1.0)
    assert [leaf.grad for leaf in leaves] == [15.0, 10.0, 5.0]
    output.backward()
    assert [v.grad for v in (output, z)] == [1.0, 1.0]
    assert [leaf.grad for leaf in leaves] == [18.0, 12.0, 6.0]


def test_reading_a_neuron_changes_nothing() -> None:
    _, output = neuron()
    [z] = output.inputs
    assert output.inputs == (z,)
    assert output.inputs[0] is z
    assert z.operands == z.operands


def test_a_layer_evaluated_again() -> None:
    leaves, output = neuron()
    for leaf in leaves:
        leaf.data = 100.0
    assert output.forward().data == 10_100.0
    output.backward()
    assert [leaf.grad for leaf in leaves] == [100.0, 100.0, 1.0]


def test_one_neuron_of_a_layer_evaluated_again_leaves_the_others_as_they_were() -> None:
    w, x = Value(2.0), Value(3.0)
    first, second = affine([[w], [Value(5.0)]], [x], [Value(1.0), 0.5])
    w.data = 4.0
    first.forward()
    assert (first.data, first.local_grads) == (13.0, (3.0, 4.0, 1.0))
    second.backward()
    assert (second.data, x.grad) == (15.5, 5.0)


def test_rows_that_depend_on_one_another() -> None:
    x = Value(3.0)
    first, second = affine([[Value(2.0)], [Value(5.0)]], [x])
    [out] = affine([[first, second, first]], [second, 1.0, first])
    out.backward()
    assert out.data == 6.0 * 15.0 + 15.0 + 36.0
    assert x.grad == 2 * 15.0 + 5 * 6.0 + 5.0 + 2 * 2 * 6.0


def test_weights_that_come_from_the_layer_itself() -> None:
    x = Value(3.0)
    hidden = affine([[Value(2.0)], [Value(5.0)]], [x])
    rows = affine([hidden, [hidden[1], Value(1.0)]], hidden)
    total(rows).backward()
    assert total(rows).data == 6.0**2 + 15.0**2 + 15.0 * 6.0 + 15.0
    assert x.grad == 2 * 6.0 * 2 + 2 * 15.0 * 5 + (15.0 * 2 + 6.0 * 5) + 5.0


def test_inside_no_grad_the_outputs_are_leaves() -> None:
    with no_grad():
        [out] = affine([[Value(2.0)]], [3.0], [Value(1.0)], relu)
    assert (out.data, out.gate, out.operands) == (7.0, None, ())


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        (([[Value(1.0)]], [1.0, 2.0]), ValueError, "2, not 1"),
        (([[Value(1.0)]], [1.0], []), ValueError, "1 rows, not 0"),
        (([["1"]], [1.0]), TypeError, "text"),
        (([[1.0]], [None]), TypeError, "None"),
        (([[1.0]], [1.0], [2j]), TypeError, "complex"),
        (([[Value(-1.0)]], [1.0], None, GATES["log"]), ValueError, "above zero"),
    ],
)
def test_what_does_not_fit_is_refused(arguments: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        affine(*arguments)


def test_numbers_of_all_kinds() -> None:
    row: list[Value | float] = [True, Value(2.0)]
    [out] = affine([row], [1, 3], [4])
    assert (out.data, out.operands[-1]) == (11.0, 4.0)


@pytest.mark.parametrize(
    "compute",
    [
        lambda wrong: dot([Value(1.0)], [wrong]),
        lambda wrong: weighted_sum([Value(1.0)], [wrong], 2.0),
        lambda wrong: weighted_sum([Value(1.0)], [2.0], wrong),
        lambda wrong: affine([[Value(1.0)]], [wrong]),
        lambda wrong: affine([[wrong]], [Value(1.0)]),
        lambda wrong: affine([[Value(1.0)]], [1.0], [wrong]),
    ],
)
def test_what_is_no_number_is_refused_in_the_name_of_what_was_called(
    compute: Callable[..., Any],
) -> None:
    name = next(name for name in compute.__code__.co_names if name != "Value")
    with pytest.raises(TypeError, match=f"^{name}: 'a' is text"):
        compute("a")


def test_weights_and_inputs_that_were_computed_get_their_gradients_time_and_again() -> None:
    w, x = Value(2.0), Value(3.0)
    rows = affine([[w * 5.0, Value(1.0)], [w * 7.0, Value(4.0)]], [x * 10.0, 1.0])
    out = total(rows)
    for times in (1, 2, 3):
        out.backward()
        assert (w.grad, x.grad) == (times * (150.0 + 210.0), times * (100.0 + 140.0))
