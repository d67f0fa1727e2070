import math
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from oracles.circuits import Circuit, Step, apply, circuits, in_engine, property_test
from oracles.samples import SAMPLES

from autograd_core import GATES, Value, dot, exp, log, staged_code, tanh, total


def run(text: str) -> dict[str, Any]:
    """What a program leaves behind that is given nothing at all."""
    results: dict[str, Any] = {}
    exec(compile(text, "<staged>", "exec"), results)
    return results


def same(one: float, other: float) -> bool:
    """Equal to the last few digits; infinities and nan included."""
    if math.isnan(one) or math.isnan(other):
        return math.isnan(one) and math.isnan(other)
    return one == pytest.approx(other, rel=1e-11, abs=1e-300)


def assert_text_gives_the_gradients_of_the_engine(leaves: list[Value], output: Value) -> None:
    output.label = "out"
    results = run(staged_code(output))
    for leaf in leaves:
        leaf.grad = 0.0
    output.backward()
    assert same(results["out"], output.data)
    for leaf in leaves:
        assert same(results.get(f"d{leaf.label}", 0.0), leaf.grad), leaf


def named(numbers: Any) -> list[Value]:
    return [Value(x, f"x{at}") for at, x in enumerate(numbers)]


@pytest.mark.parametrize("name", GATES)
def test_every_gate(name: str) -> None:
    leaves = named(SAMPLES[name])
    assert_text_gives_the_gradients_of_the_engine(leaves, apply(name, leaves) * 3.0)


@pytest.mark.parametrize("name", GATES)
def test_every_gate_of_results_of_itself(name: str) -> None:
    """Precedence: a formula within a formula keeps its parentheses."""
    leaves = named(SAMPLES[name])
    parts = [leaf * 1.0 for leaf in leaves]
    assert_text_gives_the_gradients_of_the_engine(leaves, apply(name, parts))


@pytest.mark.parametrize("name", [n for n in GATES if len(SAMPLES[n]) > 1])
@pytest.mark.parametrize("number", [2.0, -2.0, 0.5, -0.25, 1.0, 1e300, -1e-300])
def test_gates_with_one_constant(name: str, number: float) -> None:
    for place in range(len(SAMPLES[name])):
        leaves = named(abs(x) for x in SAMPLES[name])
        operands: list[Value | float] = list(leaves)
        operands[place] = number
        try:
            output = apply(name, operands)
        except ValueError:
            continue  # a fractional power of a negative constant
        assert_text_gives_the_gradients_of_the_engine(leaves[:place] + leaves[place + 1 :], output)


EDGES = [0.0, -0.0, 1.0, -1.0, 1e-300, -1e-300, 5e-324, 700.0, -700.0, 750.0, -750.0, 1e4, -1e4]
EDGES += [1e155, -1e155, 1e308, -1e308, math.inf, -math.inf, math.nan]


@pytest.mark.parametrize("name", GATES)
def test_every_gate_at_the_edges_of_the_floats(name: str) -> None:
    for number in EDGES:
        for place in range(len(SAMPLES[name])):
            numbers = list(SAMPLES[name])
            numbers[place] = number
            leaves = named(numbers)
            try:
                output = apply(name, leaves)
            except (ValueError, ZeroDivisionError):
                continue
            assert_text_gives_the_gradients_of_the_engine(leaves, output)


@property_test(120)
@given(circuits())
@example(Circuit((2.0,), (Step("power", (0, 2.0)), Step("power", (1, 0.5)))))
def test_random_circuits(circuit: Circuit) -> None:
    assert_text_gives_the_gradients_of_the_engine(*in_engine(circuit))


@property_test(100)
@given(circuits(extreme=True))
def test_random_circuits_over_extreme_numbers(circuit: Circuit) -> None:
    assert_text_gives_the_gradients_of_the_engine(*in_engine(circuit))


LARGE = st.one_of(st.sampled_from(EDGES), st.floats(-400.0, 400.0))


@property_test(150)
@given(
    st.lists(LARGE, min_size=2, max_size=2),
    st.lists(st.tuples(st.sampled_from(list(GATES)), st.integers(0, 3)), min_size=1, max_size=6),
)
def test_random_circuits_that_overflow(numbers: list[float], gates: list[tuple[str, int]]) -> None:
    leaves = named(numbers)
    values = list(leaves)
    for name, back in gates:
        width = len(SAMPLES[name])
        operands = [values[-1 - (at + back) % len(values)] for at in range(width)]
        try:
            values.append(apply(name, operands))
        except (ValueError, ZeroDivisionError):
            continue
    if values[-1].gate is not None:
        assert_text_gives_the_gradients_of_the_engine(leaves, values[-1])


def test_values_that_grow_large_inside_the_circuit() -> None:
    x = Value(400.0, "x")
    assert_text_gives_the_gradients_of_the_engine([x], exp(x + x))
    x = Value(2.0, "x")
    assert_text_gives_the_gradients_of_the_engine([x], ((x * 600.0) * 1.0).cosh().log())
    x = Value(100.0, "x")
    assert_text_gives_the_gradients_of_the_engine([x], x ** Value(180.0, "y"))
    x = Value(100.0, "x")
    assert_text_gives_the_gradients_of_the_engine([x], x**180)
    x = Value(500.0, "x")
    assert_text_gives_the_gradients_of_the_engine([x], tanh(x))


def test_the_lectures_circuit_reads_as_in_the_lecture() -> None:
    x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    q = x + y
    f = q * z
    q.label, f.label = "q", "f"
    lines = staged_code(f).splitlines()
    for line in ("x = -2.0", "q = x + y  # 3", "f = q * z  # -12", "df = 1.0"):
        assert line in lines
    assert lines.index("dz = q * df  # 3") > lines.index("df = 1.0")


def test_a_second_contribution_is_added() -> None:
    x = Value(3.0, "x")
    text = staged_code(x * x + x)
    assert text.count("\ndx = ") == 1
    assert text.count("\ndx += ") == 2
    assert run(text)["dx"] == 7.0


def test_a_leaf_alone() -> None:
    results = run(staged_code(Value(2.0, "x")))
    assert (results["x"], results["dx"]) == (2.0, 1.0)


def test_the_upstream_gradient_of_the_last_backward() -> None:
    x = Value(2.0, "x")
    y = x * x
    y.backward(0.5)
    assert run(staged_code(y))["dx"] == 2.0


LABELS = [
    "x", "dx", "ddx", "math", "lambda", "w[0]", "w_0", "w 0", "", " ", "2x", "x'", 'a"b', "None",
    "print", "abs", "max", "sum", "exp", "sigmoid", "logsumexp", "overflowing", "function", "e",
    "__import__", "\n", "a\nimport os", "# comment", "\\", "∂f/∂x", "ß", "ﬁ", "naïve", "日本", "é",
    "e\u0301", "\x1b[31m", "\u202e", "\u2028", "\x00", "x;y", "v1", "dv1", "_", "__name__", "True",
    "match", "type", "d", "df", "λ", "𝐱", "x²", "ª", "º", "µ", "μ",
]  # fmt: skip


def labelled_circuit(first: str, second: str) -> tuple[Value, Value, Value]:
    x, y = Value(0.5, first), Value(-1.5, second)
    inner = (x * y).sigmoid() + y.exp() * 2.0
    return x, y, inner + total([abs(x), dot([x], [y]), x.maximum(y)]) + log(x)


def floats_in(results: dict[str, Any]) -> list[float]:
    return [number for number in results.values() if isinstance(number, float)]


def assert_labels_are_harmless(first: str, second: str) -> None:
    x, y, output = labelled_circuit(first, second)
    text = staged_code(output)
    assert text.splitlines() == text.removesuffix("\n").split("\n")
    numbers = floats_in(run(text))
    output.backward()
    assert {x.grad, y.grad, output.data} <= set(numbers)
    *_, plain = labelled_circuit("a", "b")
    assert sorted(numbers) == sorted(floats_in(run(staged_code(plain))))


@pytest.mark.parametrize("label", LABELS)
def test_hostile_labels(label: str) -> None:
    assert_labels_are_harmless(label, "y")
    assert_labels_are_harmless("x", label)
    assert_labels_are_harmless(label, label)


@property_test(100)
@given(st.one_of(st.text(), st.sampled_from(LABELS)), st.one_of(st.text(), st.sampled_from(LABELS)))
def test_random_labels(first: str, second: str) -> None:
    assert_labels_are_harmless(first, second)


def test_names_that_clash_stay_apart() -> None:
    labels = ["x", "dx", "ddx", "x", "w[0]", "w_0", "w 0", "v1", "dv1", "x_", "dx_"]
    values = [Value(float(at + 2), label) for at, label in enumerate(labels)]
    output = dot(values, [v.exp() for v in values])
    results = run(staged_code(output))
    output.backward()
    numbers = list(results.values())
    for value in values:
        assert value.data in numbers
        assert any(isinstance(x, float) and same(x, value.grad) for x in numbers)


def test_the_program_needs_only_math() -> None:
    x = Value(2000.0, "x")
    text = staged_code(x.sigmoid() * x.exp() + x.cosh())
    imports = [line for line in text.splitlines() if "import" in line]
    assert imports == ["import math"]


def test_ordinary_code_has_no_helpers() -> None:
    x = Value(2.0, "x")
    assert "def " not in staged_code(x.exp() * x + x**3)
    assert "import" not in staged_code(x * x)


def test_comments_give_the_engines_numbers() -> None:
    x = Value(0.3, "x")
    y = x.exp() * x
    text = staged_code(y)
    y.backward()
    assert f"# {y.data:.6g}" in text
    assert f"# {x.grad:.6g}" in text


def test_staged_code_changes_nothing() -> None:
    x = Value(0.3, "x")
    y = x.exp() * x
    before = repr(x), repr(y)
    staged_code(y)
    assert (repr(x), repr(y)) == before


def test_long_chains_need_no_recursion() -> None:
    x = Value(0.5, "x")
    out = x
    for _ in range(3_000):
        out = out * 1.0 + 0.001
    assert run(staged_code(out))["dx"] == 1.0
