import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles.circuits import property_test

from autograd_core.languages.python_text import PythonText
from autograd_core.languages.source_text import COMPARISON, Expression, expression, infix

VARIABLES = {"x": 1.75, "y": -0.5, "z": 3.0}


def evaluate(text: Expression | float) -> float:
    number: float = eval(str(expression(text)), {"math": math}, dict(VARIABLES))
    return number


def both(draw: Callable[..., Any], depth: int) -> tuple[Any, float]:
    """An expression and the number that it stands for."""
    if depth == 0:
        if draw(st.booleans()):
            name = draw(st.sampled_from(sorted(VARIABLES)))
            return Expression(name), VARIABLES[name]
        number = draw(st.sampled_from([2.0, -1.5, 0.5, -3.0]))
        return expression(number), number
    kind = draw(st.sampled_from("+-*/n>w^ma"))
    left, x = both(draw, depth - 1)
    right, y = both(draw, draw(st.integers(0, depth - 1)))
    text = PythonText()
    if kind == "+":
        return left + right, x + y
    if kind == "-":
        return left - right, x - y
    if kind == "*":
        return left * right, x * y
    if kind == "/" and y != 0.0:
        return left / right, x / y
    if kind == "n":
        return -left, -x
    if kind == ">":
        return text.greater(left, right), 1.0 if x > y else 0.0
    if kind == "w":
        other, z = both(draw, 0)
        return text.where(left, right, other), y if x else z
    if kind == "^":
        return text.power(left, 2.0), x**2
    if kind == "m":
        return text.maximum(left, right), max(x, y)
    return text.absolute(left), abs(x)


@property_test(300)
@given(st.data())
def test_parentheses_keep_the_meaning(data: st.DataObject) -> None:
    text, number = both(data.draw, data.draw(st.integers(1, 4)))
    assert evaluate(text) == pytest.approx(number, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        (lambda x, y: x + y + x, "x + y + x"),
        (lambda x, y: x + (y + x), "x + (y + x)"),
        (lambda x, y: (x + y) * 2.0, "(x + y) * 2.0"),
        (lambda x, y: x * y + 1.0, "x * y + 1.0"),
        (lambda x, y: x - (y - x), "x - (y - x)"),
        (lambda x, y: -(x * y), "-(x * y)"),
        (lambda x, y: 2.0 / (x / y), "2.0 / (x / y)"),
        (lambda x, y: PythonText().power(x, 2.0), "x ** 2"),
        (lambda x, y: PythonText().power(-x, 3.0), "(-x) ** 3"),
        (lambda x, y: PythonText().power(x, -1.0), "x ** -1"),
        (lambda x, y: PythonText().power(x, 0.5), "x ** 0.5"),
        (lambda x, y: -PythonText().power(x, 2.0), "-x ** 2"),
        (lambda x, y: PythonText().exp(x + y), "math.exp(x + y)"),
    ],
)
def test_only_needed_parentheses_are_written(text: Callable[..., Any], printed: str) -> None:
    assert str(text(Expression("x"), Expression("y"))) == printed


@pytest.mark.parametrize(
    "number", [0.0, -0.0, 1.5, -2.0, 1e300, -5e-324, 0.1, math.inf, -math.inf, math.nan]
)
def test_numbers_are_printed_without_loss(number: float) -> None:
    printed = evaluate(number)
    assert repr(printed) == repr(number)
    assert repr(evaluate(expression(2.0) * number)) == repr(2.0 * number)


def test_helpers_are_those_that_were_used() -> None:
    text = PythonText()
    text.exp(Expression("x"))
    assert text.helpers == {}
    text.sigmoid(Expression("x"))
    assert list(text.helpers) == ["sigmoid"]


@pytest.mark.parametrize("bound", [-1.0, 0.0, 0.5, 2.0])
def test_a_comparison_of_a_comparison_is_no_chain(bound: float) -> None:
    inner = infix(Expression("x"), ">", Expression("y"), COMPARISON)
    outer = infix(inner, ">", bound, COMPARISON)
    assert eval(str(outer), {}, dict(VARIABLES)) == ((1.75 > -0.5) > bound)
