from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np
import pytest
from oracles.samples import SAMPLES

from autograd_core import GATES, Domain, Gate, Program, Value, gate, log, reciprocal, sqrt, tanh
from autograd_core.programs.run import plan

NUMBERS = [0.0, 1.0, -1.0, 0.5, -0.5, -2.0, float("inf"), -float("inf")]


def refusal(name: str, row: Sequence[float], labels: str = "xyz") -> Exception | None:
    """What the eager engine raises for a row of operands; None if it takes them."""
    try:
        GATES[name](*[Value(x, label) for x, label in zip(row, labels, strict=False)])
    except (ValueError, ZeroDivisionError) as error:
        return error
    return None


REFUSED = [
    (name, row)
    for name, entry in GATES.items()
    if entry.domain and not entry.variadic
    for row in product(NUMBERS, repeat=len(entry.parameters))
    if refusal(name, row)
]


def test_every_gate_with_a_domain_refuses_something() -> None:
    with_domain = {name for name, entry in GATES.items() if entry.domain}
    assert {name for name, _ in REFUSED} == with_domain - {
        *("logsumexp", "mean", "largest", "smallest")  # of an empty list
    }


@pytest.mark.parametrize(("name", "row"), REFUSED)
def test_a_refusal_in_a_batch_is_the_eager_engines_with_the_example(
    name: str, row: Sequence[float]
) -> None:
    leaves = [Value(x, label) for x, label in zip(SAMPLES[name], "xyz", strict=False)]
    program = Program(GATES[name](*leaves), leaves)
    eager = refusal(name, row)
    assert eager is not None
    with pytest.raises(type(eager)) as caught:
        program([SAMPLES[name], SAMPLES[name], row, row])
    assert str(caught.value) == f"{eager} (example 2)"
    assert type(caught.value) is type(eager)
    assert np.isfinite(program([SAMPLES[name]])).all()  # and the program is none the worse for it


@pytest.mark.parametrize(("name", "row"), REFUSED)
def test_numbers_that_all_examples_share_have_no_place(name: str, row: Sequence[float]) -> None:
    leaves = [Value(x, label) for x, label in zip(SAMPLES[name], "xyz", strict=False)]
    x = Value(0.0)
    program = Program(GATES[name](*leaves) + x, [x])
    for leaf, number in zip(leaves, row, strict=True):
        leaf.data = number
    eager = refusal(name, row)
    assert eager is not None
    with pytest.raises(type(eager)) as caught:
        program([[1.0], [2.0]])
    assert str(caught.value) == str(eager)


def test_a_constant_operand_is_told_as_a_number_and_a_gate_by_its_name() -> None:
    x = Value(1.0)
    with pytest.raises(ZeroDivisionError, match=r"^divide\(3\.0, an unnamed output of tanh = 0\.0"):
        Program(3.0 / tanh(x), [x])([[1.0], [0.0]])
    with pytest.raises(ValueError, match=r"^log\(an unnamed input = -1\.0\): .* \(example 0\)$"):
        Program(log(x), [x])([[-1.0]])
    w = [Value(1.0) for _ in range(6)]
    inputs = [Value(1.0) for _ in range(6)]
    z = w[0] * inputs[0]
    for a, b in zip(w[1:], inputs[1:], strict=True):
        z = z + a * b
    with pytest.raises(ValueError, match=r"^sqrt\(an unnamed sum = -6\.0\)"):
        Program(sqrt(z), inputs)([[-1.0] * 6])
    z.label = "z"
    with pytest.raises(ValueError, match=r"^sqrt\(z = -6\.0\)"):
        Program(sqrt(z), inputs)([[-1.0] * 6])


def test_the_first_example_of_all_is_named() -> None:
    x, y = Value(1.0, "x"), Value(1.0, "y")
    with pytest.raises(ZeroDivisionError, match=r"^reciprocal\(y = 0\.0\).*\(example 1\)$"):
        Program(reciprocal(x) + reciprocal(y), [x, y])([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]])


@pytest.mark.parametrize("method", ["__call__", "backward", "gradient", "jacobian"])
@pytest.mark.parametrize("name", ["reciprocal", "lgamma"])  # a gate with a loop, and one without
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("few", [0, plan.FEW])  # in blocks, and one by one
def test_examples_are_counted_from_the_start_of_the_batch(
    monkeypatch: pytest.MonkeyPatch, method: str, name: str, threads: int, few: int
) -> None:
    for bound in ("BLOCK", "CACHE", "LEAST", "WORTHWHILE"):
        monkeypatch.setattr(plan, bound, 1)
    monkeypatch.setattr(plan, "FEW", few)
    x = Value(1.0, "x")
    batch = np.ones((10, 1))
    batch[7] = 0.0
    with pytest.raises((ValueError, ZeroDivisionError), match=r"example 7"):
        getattr(Program(GATES[name](x), [x], threads=threads), method)(batch)


def test_what_a_derivative_refuses_is_told_as_well() -> None:
    x, y = Value(1.0, "x"), Value(1.0, "y")
    program = Program(log(x) * y, [x, y])
    with pytest.raises(ValueError, match=r"^log\(x = -2\.0\).*\(example 1\)"):
        program.jacobian([[1.0, 1.0], [-2.0, 1.0]])


@pytest.mark.parametrize("method", ["input_gradients", "jacobian", "hessian_product"])
def test_a_derivative_refuses_what_its_value_refuses(method: str) -> None:
    """The slope of ln x is 1/x, which a negative number has."""
    w, x, y = Value(1.0, "w"), Value(1.0, "x"), Value(1.0, "y")
    direction = [[1.0]] if method == "hessian_product" else []
    call = getattr(Program([log(x) + w * w, log(w) + y], [x, y], parameters=[w]), method)
    with pytest.raises(ValueError, match=r"^log\(x = -2\.0\).*\(example 1\)"):
        call([[1.0, 1.0], [-2.0, 1.0]], *direction)
    w.data = -1.0
    with pytest.raises(ValueError, match=r"^log\(w = -1\.0\)"):
        call([[1.0, 1.0]], *direction)


@pytest.fixture
def geometric_mean() -> Iterator[Gate]:
    @gate(
        "√Π",
        pattern="average",
        variadic=True,
        commutes=True,
        local_gradients=[
            lambda math, out, values: [0.5 * out / x for x in values],
        ],
        domain=[
            Domain(lambda values: (values[0] < 0.0) | (values[1] < 0.0), ValueError, "no root")
        ],
    )
    def geometric_mean(math: Any, values: Any) -> Any:
        """√(xy)."""
        first, second = values
        return math.sqrt(first) * math.sqrt(second)

    yield geometric_mean
    del GATES["geometric_mean"]


def test_a_variadic_gate_may_have_a_domain(geometric_mean: Gate) -> None:
    y, x = Value(2.0, "y"), Value(8.0, "x")
    program = Program(geometric_mean([x, y]), [x])
    assert program([[8.0], [2.0]]).tolist() == pytest.approx([4.0, 2.0])
    with pytest.raises(ValueError, match=r"^geometric_mean\(x = -1\.0, y = 2\.0\): no root \(exam"):
        program([[8.0], [-1.0]])


@pytest.fixture
def halves() -> Iterator[Gate]:
    @gate(
        "½",
        pattern="average",
        commutes=True,
        local_gradients=[lambda math, out, x, y: 0.5, lambda math, out, x, y: 0.5],
        domain=[Domain(lambda x, y: x * y == 0.0, ZeroDivisionError, "no zeros")],
    )
    def halves(math: Any, x: Any, y: Any) -> Any:
        """(x + y) / 2, by a way that fails for zeros."""
        return 0.5 * (x * y / y + x * y / x)

    yield halves
    del GATES["halves"]
    delattr(Value, "halves")


def test_operands_are_told_in_their_own_order_where_the_gate_commutes(halves: Gate) -> None:
    w, x = Value(2.0, "w"), Value(3.0, "x")
    for operands, words in (([w, x], r"w = 2\.0, x = 0\.0"), ([x, w], r"x = 0\.0, w = 2\.0")):
        program = Program(halves(*operands), [x])
        assert program([[3.0]]).tolist() == [2.5]
        with pytest.raises(ZeroDivisionError, match=rf"^halves\({words}\): no zeros \(exam"):
            program([[3.0], [0.0]])


@pytest.mark.parametrize("exponent", [-np.inf, np.inf])
def test_what_the_eager_engine_takes_is_taken(exponent: float) -> None:
    x, y = Value(1.0), Value(1.0)
    batch = [[0.0, exponent], [-1.0, exponent]]
    assert Program(x**y, [x, y])(batch).tolist() == [GATES["power"](*row) for row in batch]


def test_of_numbers_outside_in_different_ways_the_first_example_is_told() -> None:
    x, y = Value(1.0, "x"), Value(1.0, "y")
    program = Program(x**y, [x, y])
    with pytest.raises(ValueError, match=r"fractional exponent \(example 1\)"):
        program([[1.0, 1.0], [-1.0, 0.5], [0.0, -1.0]])
    with pytest.raises(ZeroDivisionError, match=r"negative powers \(example 0\)"):
        program([[0.0, -1.0], [-1.0, 0.5]])
