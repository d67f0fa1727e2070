"""Programs in print: goldens, and the printed lines carried out as they stand."""

import itertools
import json
import keyword
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

import javascript
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles.circuits import Circuit, circuits, in_engine, property_test
from oracles.printed import Printed

from autograd_core import (
    Gate,
    Program,
    Value,
    dot,
    greater,
    logsumexp,
    maximum,
    sigmoid,
    tanh,
    total,
    where,
)
from autograd_core.explain import (
    Expression,
    Notation,
    PythonText,
    SourceText,
    expression,
    indexed,
)
from nn import (
    L1,
    L2,
    MLP,
    binary_cross_entropy_from_logit,
    half_squared_error,
    hinge,
    negative_log_likelihood,
    softmax_cross_entropy,
)
from viz.page.javascript import JavaScriptText

Origins = Callable[[str, tuple[int, ...], str], Sequence[int]]

# Goldens: whole prints, to be read


def neuron() -> Program:
    w0, w1, b = Value(2.0, "w0"), Value(-3.0, "w1"), Value(-3.0, "b")
    x0, x1 = Value(-1.0, "x0"), Value(-2.0, "x1")
    return Program(sigmoid(w0 * x0 + w1 * x1 + b), inputs=[x0, x1])


def moons() -> Program:
    model = MLP(2, [16, 16, 1], seed=1)
    inputs = [Value(0.0, "x1"), Value(0.0, "x2"), Value(1.0, "y")]
    loss = hinge(model(inputs[:2]), inputs[2]) + L2(1e-4)(model)
    return Program(loss, inputs=inputs, parameters=model.parameters())


def logistic() -> Program:
    model = MLP(3, [2, 1], activation="logistic", output="logistic", seed=1)
    inputs = [Value(0.0) for _ in range(4)]
    loss = half_squared_error(model(inputs[:3]), inputs[3])
    return Program(loss, inputs=inputs, parameters=model.parameters(), dtype="float32")


def softmax() -> Program:
    model = MLP(4, [5, 3], activation="tanh", seed=1)
    x = [Value(0.0, f"x{place}") for place in range(4)]
    t = [Value(0.0, f"t{place}") for place in range(3)]
    loss = softmax_cross_entropy(model(x), t)
    return Program(loss, inputs=[*x, *t], parameters=model.parameters())


def one_class() -> Program:
    model = MLP(2, [3, 3], activation="tanh", seed=1)
    x = [Value(0.0, "x0"), Value(0.0, "x1")]
    return Program(softmax_cross_entropy(model(x), 1), inputs=x, parameters=model.parameters())


def polynomial() -> Program:
    x = Value(0.5, "x")
    return Program(total(Value(float(i)) * x**i for i in range(6)), inputs=[x])


def chain() -> Program:
    model = MLP(1, [1, 1], activation="tanh", seed=1)
    x = Value(0.5, "x")
    return Program(model([x]), inputs=[x], parameters=model.parameters())


def irregular() -> Program:
    x, y, a, b = Value(1.0, "x"), Value(2.0, "y"), Value(3.0, "a"), Value(0.5)
    q = x * a + y
    q.label = "q"
    r = maximum(q, y) / b
    return Program([r * q.tanh() - a.exp(), q * 0.5], inputs=[x, y])


def constant() -> Program:
    return Program(Value(2.0, "a") * Value(3.0, "b"), inputs=[Value(0.0, "x")])


NEURON = """
8 instructions for B examples, made from 5 gates of 2 inputs and 3 parameters

Inputs
  X[2, B] = x0, x1

Parameters
  W1[1, 2] = w0, w1
  b[1]

Forward
  v1[1, B] = W1[1, 2] @ X[2, B]
  Z1[1, B] = v1 + b
  A1[1, B] = sigmoid(Z1)
  output = A1

Backward
  v2[1, B] = 0.5 * Z1
  v3[1, B] = sech2(v2)
  D1[1, B] = 0.25 * v3

Gradient: sums over the examples, to be divided by B for the mean
  dW1[1, 2] = D1[1, B] @ Xᵀ[B, 2]
  db[1] = D1[1, B] @ 1[B]
"""

MOONS = """
31 instructions for B examples, made from 72 gates of 3 inputs and 337 parameters

Inputs
  X[2, B] = x1, x2
  y[1, B]

Parameters
  W1[16, 2]  = w¹₁₁ … w¹₁₆,₂
  b1[16]     = b¹₁ … b¹₁₆
  W2[16, 16] = w²₁₁ … w²₁₆,₁₆
  b2[16]     = b²₁ … b²₁₆
  W3[1, 16]  = w³₁₁ … w³₁,₁₆
  b3[1]      = b³₁

Once, for all examples
  v1[1] = dot([W1, W2, W3ᵀ], [W1, W2, W3ᵀ])
  v2[1] = 0.5 * v1
  v3[1] = 0.0001 * v2

Forward
  v4[16, B] = W1[16, 2] @ X[2, B]
  Z1[16, B] = v4 + b1
  A1[16, B] = relu(Z1)
  v5[16, B] = W2[16, 16] @ A1[16, B]
  Z2[16, B] = v5 + b2
  A2[16, B] = relu(Z2)
  v6[1, B] = W3[1, 16] @ A2[16, B]
  Z3[1, B] = v6 + b3
  v7[1, B] = y * Z3
  v8[1, B] = 1 - v7
  v9[1, B] = relu(v8)
  output[1, B] = v9 + v3

Backward
  v10[16, B] = Z1 > 0
  v11[16, B] = Z2 > 0
  v12[1, B] = v8 > 0
  v13[1, B] = -v12
  D3[1, B] = y * v13
  v14[16, B] = W3ᵀ[16, 1] @ D3[1, B]
  D2[16, B] = v11 * v14
  v15[16, B] = W2ᵀ[16, 16] @ D2[16, B]
  D1[16, B] = v10 * v15

Gradient: sums over the examples, to be divided by B for the mean
  dW1[16, 2] = D1[16, B] @ Xᵀ[B, 2]
  dW2[16, 16] = D2[16, B] @ A1ᵀ[B, 16]
  dW3[1, 16] = D3[1, B] @ A2ᵀ[B, 16]
  db1[16] = D1[16, B] @ 1[B]
  db2[16] = D2[16, B] @ 1[B]
  db3[1] = D3[1, B] @ 1[B]
  [dW1, dW2, dW3ᵀ] += B * 0.0001 * [W1, W2, W3ᵀ]
"""

LOGISTIC = """
24 instructions for B examples, made from 9 gates of 4 inputs and 11 parameters

Inputs
  X[3, B]  = column 0, column 1, column 2
  x3[1, B] = column 3

Parameters
  W1[2, 3] = w¹₁₁ … w¹₂₃
  b1[2]    = b¹₁, b¹₂
  W2[1, 2] = w²₁₁, w²₁₂
  b2[1]    = b²₁

Forward
  v1[2, B] = W1[2, 3] @ X[3, B]
  Z1[2, B] = v1 + b1
  A1[2, B] = sigmoid(Z1)
  v2[1, B] = W2[1, 2] @ A1[2, B]
  Z2[1, B] = v2 + b2
  A2[1, B] = sigmoid(Z2)
  v3[1, B] = A2 - x3
  v4[1, B] = v3 * v3
  output[1, B] = 0.5 * v4

Backward
  v5[2, B] = 0.5 * Z1
  v6[2, B] = sech2(v5)
  v7[2, B] = 0.25 * v6
  v8[1, B] = 0.5 * Z2
  v9[1, B] = sech2(v8)
  v10[1, B] = 0.25 * v9
  v11[1, B] = 0.5 * v3
  v12[1, B] = v11 + v11
  D2[1, B] = v10 * v12
  v13[2, B] = W2ᵀ[2, 1] @ D2[1, B]
  D1[2, B] = v7 * v13

Gradient: sums over the examples, to be divided by B for the mean
  dW1[2, 3] = D1[2, B] @ Xᵀ[B, 3]
  dW2[1, 2] = D2[1, B] @ A1ᵀ[B, 2]
  db1[2] = D1[2, B] @ 1[B]
  db2[1] = D2[1, B] @ 1[B]
"""

SOFTMAX = """
19 instructions for B examples, made from 14 gates of 7 inputs and 43 parameters

Inputs
  X[4, B] = x0, x1, x2, x3
  Y[3, B] = t0, t1, t2

Parameters
  W1[5, 4] = w¹₁₁ … w¹₅₄
  b1[5]    = b¹₁ … b¹₅
  W2[3, 5] = w²₁₁ … w²₃₅
  b2[3]    = b²₁, b²₂, b²₃

Forward
  v1[5, B] = W1[5, 4] @ X[4, B]
  Z1[5, B] = v1 + b1
  A1[5, B] = tanh(Z1)
  v2[3, B] = W2[3, 5] @ A1[5, B]
  Z2[3, B] = v2 + b2
  output[1, B] = cross_entropy(Y, Z2)

Backward
  v3[5, B] = sech2(Z1)
  v4[1, B] = pick(Y, Z2)
  v5[1, B] = -output
  v6[3, B] = Z2 - v4
  v7[3, B] = v6 - output
  v8[3, B] = where(Y, v5, v7)
  D2[3, B] = exp(v8) - Y
  v9[5, B] = W2ᵀ[5, 3] @ D2[3, B]
  D1[5, B] = v3 * v9

Gradient: sums over the examples, to be divided by B for the mean
  dW1[5, 4] = D1[5, B] @ Xᵀ[B, 4]
  dW2[3, 5] = D2[3, B] @ A1ᵀ[B, 5]
  db1[5] = D1[5, B] @ 1[B]
  db2[3] = D2[3, B] @ 1[B]
"""

IRREGULAR = """
25 instructions for B examples, made from 9 gates of 2 inputs and 2 parameters

Inputs
  x[1, B], y[1, B]

Parameters
  θ[2] = all parameters, in their order
  a[1]

Once, for all examples
  v1[1] = exp(a)
  v2[1] = 1 / θ[1]

Forward
  v3[1, B] = a * x
  q[1, B] = y + v3
  v4[1, B] = maximum(y, q)
  v5[1, B] = tanh(q)
  v6[1, B] = 0.5 * q
  v7[1, B] = v4 / θ[1]
  v8[1, B] = v7 * v5
  v9[1, B] = v8 - v1
  outputs = v9, v6

Backward
  v10[1, B] = x
  v11[1, B] = sech2(q)
  v12[1, B] = q > y
  v13[1, B] = y > q
  v14[1, B] = where(v13, 0, 0.5)
  v15[1, B] = v2 * v5
  v16[1, B] = v7 * v11
  v17[1, B] = where(v12, 1, v14)
  v18[1, B] = -v7
  v19[1, B] = where(v17, v15, 0)
  v20[1, B] = v18 / θ[1]
  v21[1, B] = v17 * v19
  v22[1, B] = v16 + v21

Gradient of v9, the first output: sums over the examples, to be divided by B for the mean
  [da, dθ[1]] = ([v22, v5] * [v10, v20]) @ 1[B]
  da[1] += B * -1 * v1
"""

CONSTANT = """
2 instructions for B examples, made from 1 gate of 1 input and 2 parameters

Parameters
  a[1], b[1]

Once, for all examples
  output[1] = a * b

Gradient: sums over the examples, to be divided by B for the mean
  [da, db] = B * [b, a]
"""


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        (neuron, NEURON),
        (moons, MOONS),
        (logistic, LOGISTIC),
        (softmax, SOFTMAX),
        (irregular, IRREGULAR),
        (constant, CONSTANT),
    ],
)
def test_print(program: Callable[[], Program], expected: str) -> None:
    assert str(program()) == expected.strip("\n")


# What is printed is what is computed


def read(program: Program) -> tuple[Printed, Origins, Origins]:
    """A program in print, the columns of its inputs and the places of its parameters."""
    labels = {value.label: place for place, value in enumerate(program.inputs)}
    leaves = {value.label: place for place, value in enumerate(program.parameters)}

    def columns(name: str, shape: tuple[int, ...], origin: str) -> Sequence[int]:
        return _places(origin, shape, labels, "column")

    def places(name: str, shape: tuple[int, ...], origin: str) -> Sequence[int]:
        if origin == "all parameters, in their order":
            return range(len(program.parameters))
        return _places(origin, shape, leaves, "parameter")

    return Printed(str(program)), columns, places


def carried_out(program: Program, batch: Any) -> Printed:
    """Outputs and gradient by the printed lines, beside those of the program."""
    printed, columns, places = read(program)
    numbers = np.array([value.data for value in program.parameters])
    outputs, gradient, reached = printed.run(np.array(batch), columns, numbers, places)
    expected, own = program.gradient(batch, reduction="sum")
    scale = 1e-9 * (1.0 + np.abs(own).max(initial=0.0) + np.abs(expected).max())
    np.testing.assert_allclose(outputs, expected, rtol=1e-9, atol=scale)
    np.testing.assert_allclose(gradient, own, rtol=1e-9, atol=scale)
    assert reached.all() or not len(reached)
    return printed


def _places(
    origin: str, shape: tuple[int, ...], labels: dict[str | None, int], kind: str
) -> list[int]:
    """The places that an origin names; "first … last" counts up every number that differs."""
    names = [
        name
        for part in origin.split(", ")
        for name in (_counted(*part.split(" … ")) if " … " in part else [part])
    ]
    assert len(names) == np.prod(shape)
    found = []
    for name in names:
        number = re.fullmatch(rf"{kind} (\d+)", name)
        found.append(int(number[1]) if number else labels[name])
    return found


def _counted(first: str, last: str) -> list[str]:
    """The names from w¹₁₁ to w¹₁₆,₂, or from x3 to x12."""
    from_one = re.fullmatch("(.+?)(₁+)", first)
    if from_one:
        name, ones = from_one.groups()
        end = unicodedata.normalize("NFKC", last.removeprefix(name))
        ends = end.split(",") if "," in end or len(ones) == 1 else list(end)
        places = itertools.product(*(range(1, int(each) + 1) for each in ends))
        return [indexed(name, *place) for place in places]
    parts = zip(re.split(r"(\d+)", first), re.split(r"(\d+)", last), strict=True)
    ranges = [[a] if a == b else range(int(a), int(b) + 1) for a, b in parts]
    return ["".join(map(str, each)) for each in itertools.product(*ranges)]


PROGRAMS = [neuron, moons, softmax, one_class, polynomial, chain, irregular]


@pytest.mark.parametrize("program", PROGRAMS)
def test_printed_lines_compute_what_the_program_computes(program: Callable[[], Program]) -> None:
    made = program()
    carried_out(made, np.random.default_rng(1).normal(size=(3, len(made.inputs))))


def test_columns_of_a_matrix_in_another_order_are_named_by_their_rows() -> None:
    x = [Value(0.1, f"x{i}") for i in range(2)]
    rows = [[Value(0.2 * i - j, f"w{i}{j}") for j in range(2)] for i in range(3)]
    first, second, third = (tanh(dot(row, x)) for row in rows)
    hidden = [first, tanh(second), third]
    back = [dot(column, hidden).exp() for column in zip(*rows, strict=True)]
    printed = carried_out(Program(total(back), inputs=x), [[0.3, -0.2], [1.0, 2.0]])
    assert any(" = [W1[0], W1[2], W1[1]]ᵀ @ [" in line for line in printed.sections["Forward"])


def test_origins_tell_the_order() -> None:
    assert Printed(str(polynomial())).sections["Parameters"] == [
        "W1[1, 6] = parameter 1, parameter 0, parameter 2, parameter 3, parameter 4, parameter 5"
    ]
    assert Printed(str(chain())).sections["Parameters"] == ["θ[4] = w¹₁₁, b¹₁, w²₁₁, b²₁"]


STEPS = ("Once, for all examples", "Forward", "Backward", "Gradient")


@property_test(60)
@given(circuits(), st.data())
def test_printed_lines_of_any_circuit(circuit: Circuit, data: st.DataObject) -> None:
    leaves, output = in_engine(circuit)
    outputs: list[Value] = [output]
    if data.draw(st.booleans()) and output.inputs:
        outputs.append(data.draw(st.sampled_from(output.inputs)))
    inputs = [leaf for leaf in leaves if data.draw(st.booleans())]
    for leaf in leaves:
        leaf.label = data.draw(st.sampled_from([leaf.label, None, leaf.label, f"a b {leaf.label}"]))
    program = Program(outputs, inputs=inputs)
    lane = [leaf.data for leaf in inputs]
    printed = carried_out(program, [lane, lane])
    lines = [line for part in STEPS for line in printed.sections.get(part, [])]
    lines = [line for line in lines if " does not depend on " not in line]
    lines = [line for line in lines if not line.startswith(("output = ", "outputs = "))]
    counts = [len(lines), len(program.inputs), len(program.parameters)]
    for noun, count in zip(("instruction", "input", "parameter"), counts, strict=True):
        assert re.search(rf"\b{count:,} {noun}s?\b", printed.title)


@pytest.mark.parametrize("gate_by_gate", [False, True])
@pytest.mark.parametrize("bias", [True, "feature", False])
@pytest.mark.parametrize("activation", ["relu", "tanh", "logistic", "leaky_relu", "elu", "maxout"])
def test_every_network_reads_like_the_lecture(
    activation: Any, bias: Any, gate_by_gate: bool
) -> None:
    model = MLP(6, [5, 1], activation=activation, bias=bias, gate_by_gate=gate_by_gate, seed=1)
    x, y = [Value(0.5, f"x{place}") for place in range(6)], Value(1.0, "y")
    loss = binary_cross_entropy_from_logit(model(x), y) + L1(0.1)(model)
    program = Program(loss, inputs=[*x, y], parameters=model.parameters())
    batch = np.random.default_rng(1).normal(size=(3, 7))
    printed = carried_out(program, batch)
    rows = 10 if activation == "maxout" else 5
    forward = printed.sections["Forward"]
    products = [f"[{rows}, B] = W1[{rows}, 6] @ X[6, B]", "[1, B] = W2[1, 5] @ A1[5, B]"]
    for number, product in enumerate(products, 1):
        [line] = [line for line in forward if line.endswith(product)]
        name = line.removesuffix(product)
        assert name == f"Z{number}" or f"{product.split(' =')[0]} = {name} + b{number}" in str(
            forward
        )
        assert (name != f"Z{number}") == bool(bias)
    assert any(line.startswith("A1[5, B] = ") for line in forward)
    last = re.compile(r"D2\[1, B\] = sigmoid\((v\d+|Z2)\) - y")
    assert any(map(last.fullmatch, printed.sections["Backward"]))
    gradient = printed.sections["Gradient"]
    assert "dW2[1, 5] = D2[1, B] @ A1ᵀ[B, 5]" in gradient
    assert any(line.startswith(f"D1[{rows}, B] = ") for line in printed.sections["Backward"])
    assert f"dW1[{rows}, 6] = D1[{rows}, B] @ Xᵀ[B, 6]" in gradient
    assert (f"db1[{rows}] = D1[{rows}, B] @ 1[B]" in gradient) == bool(bias)


def test_weights_used_twice_keep_their_name() -> None:
    rows = [[Value(0.1 * (i - j), f"w{i}{j}") for j in range(2)] for i in range(2)]
    x = [Value(0.0, "x0"), Value(0.0, "x1")]
    once = [tanh(dot(row, x)) for row in rows]
    twice = [tanh(dot(row, once)) for row in rows]
    printed = carried_out(Program(total(twice), inputs=x), [[0.3, -0.2], [1.0, 2.0]])
    assert "Z1[2, B] = W1[2, 2] @ X[2, B]" in printed.sections["Forward"]
    assert "Z2[2, B] = W1[2, 2] @ A1[2, B]" in printed.sections["Forward"]
    assert any(line.startswith("dW1[2, 2] += ") for line in printed.sections["Gradient"])


def test_labels_that_would_mislead_are_no_names() -> None:
    """B is the number of examples, dw a gradient, and v1 is the user's."""
    w, dw, b, v, x = (Value(2.0 + i, label) for i, label in enumerate(["w", "dw", "B", "v1", "x"]))
    program = Program((w * x).tanh() * (dw * x + b) + (x * v).exp() * v.sin(), inputs=[x])
    printed = carried_out(program, [[0.1], [0.2]])
    names = [line.partition("[")[0] for line in printed.sections["Forward"]]
    assert "v1[1]" in ", ".join(printed.sections["Parameters"])
    assert not {"v1", "B", "dw"} & set(names)
    assert "dw[1]" not in ", ".join(printed.sections["Parameters"])


def test_a_label_of_two_leaves_is_no_name() -> None:
    one, two, x = Value(2.0, "w"), Value(3.0, "w"), Value(1.0, "x")
    text = str(Program(one.tanh() * x + two.exp() * x.sin(), inputs=[x]))
    assert "w[1]" not in text
    assert "tanh(θ[0])" in text
    assert "exp(θ[1])" in text


def test_a_number_that_many_take_is_written_once() -> None:
    x, w = Value(0.1, "x"), [Value(0.1 * i, f"w{i}") for i in range(12)]
    printed = carried_out(Program(dot(w, [x.tanh()] * 12), inputs=[x]), [[0.5], [-1.0]])
    assert "Z1[1, B] = W1[1, 12] @ [12 × v1]" in printed.sections["Forward"]


def test_a_classifier_of_one_class_reads_like_the_lecture() -> None:
    printed = carried_out(one_class(), np.random.default_rng(1).normal(size=(4, 2)))
    backward, gradient = printed.sections["Backward"], printed.sections["Gradient"]
    rows = r"(v\d+)\[1, B\] = exp\(v\d+\) - 1\n(v\d+)\[2, B\] = exp\(v\d+\)\n"
    assert re.search(rows + r"D2\[3, B\] = \[\2\[0\], \1, \2\[1\]\]\n", "\n".join(backward))
    assert "dW2[3, 3] = D2[3, B] @ A1ᵀ[B, 3]" in gradient
    assert "db2[3] = D2[3, B] @ 1[B]" in gradient


@pytest.mark.parametrize("classes", [2, 4, 12])
def test_a_classifier_reads_like_the_lecture(classes: int) -> None:
    model = MLP(3, [5, classes], activation="tanh", seed=1)
    x = [Value(0.0, f"x{place}") for place in range(3)]
    t = [Value(0.0, f"t{place}") for place in range(classes)]
    program = Program(softmax_cross_entropy(model(x), t), [*x, *t], parameters=model.parameters())
    numbers, labels = np.random.default_rng(1).normal(size=(classes, 3)), np.eye(classes)
    printed = carried_out(program, np.hstack([numbers, labels]))
    backward, gradient = printed.sections["Backward"], printed.sections["Gradient"]
    # P − Y, with P by its logarithm: where it rounds to 1, P − 1 has its digits
    p_minus_y = re.compile(rf"D2\[{classes}, B\] = exp\(v\d+\) - Y")
    assert any(map(p_minus_y.fullmatch, backward))
    assert f"dW2[{classes}, 5] = D2[{classes}, B] @ A1ᵀ[B, 5]" in gradient
    assert f"db2[{classes}] = D2[{classes}, B] @ 1[B]" in gradient


@pytest.mark.parametrize("outputs", [1, 3, 4])
def test_the_rows_of_a_layer_are_joined_with_nothing_else(outputs: int) -> None:
    model = MLP(3, [5, outputs], activation="tanh", seed=1)
    x = [Value(0.0, f"x{place}") for place in range(3)]
    t = [Value(0.0, f"t{place}") for place in range(outputs)]
    predicted = model(x) if outputs > 1 else [model(x)]
    loss = half_squared_error(predicted, t)
    program = Program(loss, [*x, *t], parameters=model.parameters())
    printed = carried_out(program, np.random.default_rng(1).normal(size=(4, 3 + outputs)))
    assert f"dW2[{outputs}, 5] = D2[{outputs}, B] @ A1ᵀ[B, 5]" in printed.sections["Gradient"]


def test_no_line_adds_zero_or_multiplies_by_one() -> None:
    model = MLP(3, [5, 4], activation="tanh", output="softmax", seed=1)
    x = [Value(0.0, f"x{place}") for place in range(3)]
    loss = negative_log_likelihood(model(x), 1)
    printed = carried_out(Program(loss, inputs=x), np.random.default_rng(1).normal(size=(4, 3)))
    lines = [line for section in printed.sections.values() for line in section]
    assert not [line for line in lines if re.search(r"[+-] 0\b|\b1 \*|\* 1$", line)]


def test_a_gradient_that_is_always_zero_is_none() -> None:
    w, b, x = Value(2.0, "w"), Value(3.0, "b"), Value(1.0, "x")
    chosen = where(greater(x, 0.0), w, b)
    printed = carried_out(Program(chosen * 0.0 + x * w, inputs=[x]), [[1.0], [-2.0]])
    assert printed.sections["Gradient"] == ["dw[1] = x[1, B] @ 1[B]", "output does not depend on b"]


def test_outputs_of_every_kind() -> None:
    w, x, y = Value(2.0, "w"), Value(1.0, "x"), Value(3.0, "y")
    program = Program([x, w, w * x, w * w, Value(5.0)], inputs=[x, y])
    printed = carried_out(program, [[1.0, 2.0], [3.0, 4.0]])
    assert printed.sections["Forward"][-1].startswith("outputs = x, w, ")
    assert printed.sections["Inputs"] == ["x[1, B]"]


def test_leaves_that_are_no_parameters_have_names_whatever_their_labels() -> None:
    unnamed, q, last, x = Value(2.0), Value(3.0, "q"), Value(4.0), Value(1.0, "x")
    lines = str(Program([unnamed.exp() + x, q * x + last.sin()], [x], parameters=[])).split("\n")
    other = lines[lines.index("Other leaves") :]
    assert other[1].split() == ["c[3]", "=", "leaves", "that", "are", "no", "parameters"]
    assert "q[1]" in other[2]
    assert "exp(c[0])" in str(lines)
    assert "sin(c[2])" in str(lines)
    [weights] = [each for each in gathered().split("\n") if each.startswith("  W1")]
    assert weights == "  W1[1, 2] = leaf 2, leaf 0"


def gathered() -> str:
    """The print of a sum of products, of which some weights are leaves without labels."""
    p, q, r, x = Value(2.0), Value(3.0, "q"), Value(4.0), Value(1.0, "x")
    return str(Program(p * x + q.sin() * r + x * x * r, [x], parameters=[]))


def test_lines_are_short_and_the_same_every_time() -> None:
    for make in (neuron, moons, softmax, irregular):
        text = str(make())
        assert text == str(make())
        assert max(map(len, text.splitlines())) < 100


def test_of_several_outputs_the_gradient_is_that_of_the_first() -> None:
    a, b, x = Value(2.0, "a"), Value(3.0, "b"), Value(1.0, "x")
    first = a * x
    first.label = "f"
    printed = carried_out(Program([first, b * x], inputs=[x]), [[1.0], [2.0]])
    heading = (
        "Gradient of f, the first output: sums over the examples, to be divided by B for the mean"
    )
    assert printed.headings["Gradient"] == heading
    assert printed.sections["Gradient"] == ["da[1] = x[1, B] @ 1[B]", "f does not depend on b"]


# Other languages


class Code(Notation):
    """A program in the language of some formulas; what whole arrays need are functions of its own.

    Args:
        math: writes formulas.
        function: how a function of some names is written.
        comment, declare, spread: how a comment, a definition and a list of arguments begin.
    """

    ones = "ones"
    reserved = frozenset({*Notation.reserved, *keyword.kwlist, "ones", "math"})

    def __init__(
        self, math: SourceText, function: str, comment: str, declare: str, spread: str
    ) -> None:
        self.math, self.function, self.comment = math, function, comment
        self.declare, self.spread = declare, spread
        self.gradients: list[str] = []
        self.output = "output"

    def number(self, number: float) -> str:
        return str(expression(number))

    def shape(self, sizes: Iterable[int | str]) -> str:
        return ""

    def part(self, name: str, *places: int | range) -> str:
        ends = [each if isinstance(each, range) else range(each, each + 1) for each in places]
        return f"part({name}, {', '.join(f'{each.start}, {each.stop}' for each in ends)})"

    def transposed(self, name: str) -> str:
        return f"transposed({name})"

    def stack(self, parts: Iterable[str]) -> str:
        return f"stack({', '.join(parts)})"

    def columns(self, parts: Iterable[str]) -> str:
        return f"columns({', '.join(parts)})"

    def terms(self, parts: Iterable[str]) -> str:
        return f"terms({', '.join(parts)})"

    def repeated(self, count: int, part: str) -> str:
        return f"{self.spread}repeated({count}, {part})"

    def gradient(self, name: str) -> str:
        self.gradients.append(f"d{name}")
        return f"d{name}"

    def gate(self, gate: Gate, operands: Sequence[str], terms: int = 1) -> str:
        names = [f"x{place}" for place in range(terms * len(operands))]
        formula = gate.evaluate(self.math, [Expression(name) for name in names])
        function = self.function.format(", ".join(names), expression(formula))
        return f"each({function}, {', '.join(operands)})"

    def assign(self, target: str, text: str, *, add: bool = False) -> str:
        if target in self.gradients or not target.isidentifier():
            return f"add_to({target}, {text})"
        return f"{self.declare}{target} = {text}"

    def matrix_product(self, left: str, right: str) -> str:
        return f"product({left}, {right})"

    def results(self, outputs: Sequence[str]) -> str:
        self.output = "outputs"
        return self.assign("outputs", self.stack(outputs))

    def remark(self, text: str) -> str:
        return f"{self.comment} {text}"

    def lay_out(self, title: str, sections: Iterable[tuple[str, list[str]]]) -> str:
        lines = [self.remark(title)]
        for heading, content in sections:
            lines += [self.remark(heading), *content]
        return "\n".join([*self.math.helpers.values(), *lines])


IN_PYTHON = """
class Matrix(list):
    pass

class Terms(list):
    pass

def rows(part):
    if isinstance(part, Matrix):
        return [[x] for row in part for x in row]
    return part if isinstance(part, list) else [[part]]

def stack(*parts):
    found = [row for part in parts for row in rows(part)]
    lanes = max(len(row) for row in found)
    return [row if len(row) == lanes else row * lanes for row in found]

def terms(*parts):
    return Terms(parts)

def repeated(count, part):
    return [part] * count

def part(name, start, stop, *column):
    if not column and isinstance(name, Matrix):
        return rows(Matrix(name[start:stop]))
    return rows(Matrix([name[start][slice(*column)]])) if column else name[start:stop]

def transposed(name):
    return Matrix([list(column) for column in zip(*name)])

def columns(*parts):
    return transposed([[x for [x] in rows(part)] for part in parts])

def each(function, *operands):
    count = function.__code__.co_argcount
    if count != len(operands) or isinstance(operands[0], Terms):
        lists = [x if isinstance(x, Terms) else [[row] for row in rows(x)] for x in operands]
        operands = [term for each in lists for term in each]
    arrays = [rows(x) for x in operands]
    size, lanes = max(map(len, arrays)), max(len(x[0]) for x in arrays)
    return [
        [function(*[x[i % len(x)][j % len(x[0])] for x in arrays]) for j in range(lanes)]
        for i in range(size)
    ]

def product(left, right):
    flat, size = [x for row in left for x in row], len(right)
    lines = [flat[start : start + size] for start in range(0, len(flat), size)]
    return [[sum(x * y for x, y in zip(a, b)) for b in zip(*right)] for a in lines]

def add_to(target, numbers):
    flat = [x for row in rows(numbers) for x in row]
    for place, [cell] in enumerate(rows(Matrix(target))):
        cell[0] += flat[place % len(flat)]
"""
IN_JAVASCRIPT = """
const marked = (kind, x) => Object.assign(x, { [kind]: true });
const Matrix = (x) => marked("matrix", x);
function rows(part) {
  if (!Array.isArray(part)) return [[part]];
  return part.matrix ? part.flat(1).map((x) => [x]) : part;
}
function stack(...parts) {
  const found = parts.flatMap(rows);
  const lanes = Math.max(...found.map((row) => row.length));
  return found.map((row) => (row.length === lanes ? row : Array(lanes).fill(row[0])));
}
const terms = (...parts) => marked("terms", parts);
const repeated = (count, part) => Array(count).fill(part);
function part(name, start, stop, ...column) {
  if (column.length) return name[start].slice(...column).map((x) => [x]);
  return name.matrix ? name.slice(start, stop).flat(1).map((x) => [x]) : name.slice(start, stop);
}
const transposed = (name) => Matrix(name[0].map((_, column) => name.map((row) => row[column])));
const columns = (...parts) => transposed(parts.map((part) => rows(part).flat(1)));
function each(f, ...operands) {
  if (f.length !== operands.length || operands[0].terms) {
    operands = operands.flatMap((x) => (x.terms ? [...x] : rows(x).map((row) => [row])));
  }
  const arrays = operands.map(rows);
  const size = Math.max(...arrays.map((x) => x.length));
  const lanes = Math.max(...arrays.map((x) => x[0].length));
  return Array.from({ length: size }, (_, i) => Array.from({ length: lanes }, (_, j) =>
    f(...arrays.map((x) => x[i % x.length][j % x[0].length]))));
}
function product(left, right) {
  const flat = left.flat(1), size = right.length;
  return Array.from({ length: flat.length / size }, (_, i) => right[0].map((_, column) =>
    right.reduce((sum, row, k) => sum + flat[i * size + k] * row[column], 0)));
}
function add_to(target, numbers) {
  const flat = rows(numbers).flat(1);
  target.flat(1).forEach((cell, place) => { cell[0] += flat[place % flat.length]; });
}
"""


Given = dict[str, Any]


def in_python(text: str, inputs: Given, leaves: Given, wanted: list[str]) -> list[Any]:
    known: Given = {}
    exec(f"import math\n{IN_PYTHON}", known)
    known |= inputs | {name: known["Matrix"](numbers) for name, numbers in leaves.items()}
    exec(text, known)
    return [known[name] for name in wanted]


def in_javascript(text: str, inputs: Given, leaves: Given, wanted: list[str]) -> list[Any]:
    lines = [JavaScriptText.prelude, IN_JAVASCRIPT]
    lines += [f"const {name} = {json.dumps(numbers)};" for name, numbers in inputs.items()]
    lines += [f"const {name} = Matrix({json.dumps(numbers)});" for name, numbers in leaves.items()]
    found: list[Any] = javascript.run("\n".join([*lines, text]), f"[{', '.join(wanted)}]")
    return found


def several() -> Program:
    """Gates with lists of operands, several at once, and a choice."""
    x, w = [Value(0.5, f"x{place}") for place in range(4)], [Value(0.25), Value(-1.5)]
    lists = [[x[place], w[0].exp(), x[place + 1].tanh()] for place in range(3)]
    sums = [logsumexp(each) for each in lists]
    output = total([where(greater(a, 1.0), a, b) for a, b in pairwise(sums)]) * dot(w, x[:2])
    return Program([output, sums[0] ** w[0]], inputs=x)


def python() -> Code:
    return Code(PythonText(), "lambda {}: {}", "#", "", "*")


def java_script() -> Code:
    return Code(JavaScriptText(), "({}) => {}", "//", "const ", "...")


@pytest.mark.parametrize(("language", "run"), [(python, in_python), (java_script, in_javascript)])
@pytest.mark.parametrize("program", [*PROGRAMS, logistic, constant, several])
def test_a_program_in_another_language_computes_the_same(
    program: Callable[[], Program],
    language: Callable[[], Code],
    run: Callable[[str, Given, Given, list[str]], list[Any]],
) -> None:
    own, code = program(), language()
    batch = np.random.default_rng(1).uniform(0.5, 1.5, (3, len(own.inputs)))
    printed, columns, places = read(own)
    text = own.text(code)
    inputs: Given = {"B": len(batch), "ones": [[1.0]] * len(batch)}
    for name, shape, origin in printed.given("Inputs"):
        inputs[name] = batch.T[columns(name, shape, origin)].tolist()
    found = {
        name: np.reshape(places(name, shape, origin), (shape[0], -1))
        for name, shape, origin in printed.given("Parameters")
    }
    leaves: Given = {name: own.read()[each].tolist() for name, each in found.items()}
    for name, each in found.items():
        leaves[f"d{name}"] = [[[0.0] for _ in row] for row in each]
    output, *cells = run(text, inputs, leaves, [code.output, *[f"d{name}" for name in found]])
    gradient = np.zeros(len(own.parameters))
    for each, numbers in zip(found.values(), cells, strict=True):
        np.add.at(gradient, each, np.reshape(numbers, each.shape))
    expected, sums = own.gradient(batch, reduction="sum")
    relative = 1e-4 if own.dtype == np.float32 else 1e-9
    outputs = np.broadcast_to(np.transpose(output), expected.shape)
    np.testing.assert_allclose(outputs, expected, rtol=relative)
    np.testing.assert_allclose(gradient, sums, rtol=relative, atol=relative)
