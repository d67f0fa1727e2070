"""What the lessons on layers, activation functions and losses teach, held against formulas."""

import pytest
from lessons import outputs, ran, rows_of, shown


def pictures(name: str) -> list[str]:
    """The SVG of all pictures of a lesson."""
    return [output.svg for output in outputs(ran(name)) if output.svg]


# linear_layers


def test_linear_layers_are_one_neuron() -> None:
    lesson = ran("linear_layers")
    rows = rows_of(lesson, "three layers")
    for row in rows:
        assert row["three layers"] == row["one neuron"]
        assert abs(float(row["difference"])) < 1e-12
    at = {row["x1, x2"]: float(row["three layers"]) for row in rows}
    bias = at["0, 0"]
    w1, w2 = at["1, 0"] - bias, at["0, 1"] - bias
    assert at["-3, 2"] == pytest.approx(-3 * w1 + 2 * w2 + bias, rel=1e-4)
    assert at["100, -50"] == pytest.approx(100 * w1 - 50 * w2 + bias, rel=1e-4)
    assert "44 parameters come to three" in shown(lesson)  # 5 × 3 + 4 × 6 + 5
    assert f"w1 = {w1:.4f}, w2 = {w2:.4f}, bias = {bias:.4f}" in shown(lesson)
    assert f"{w1:.2f}" in pictures("linear_layers")[0]


def test_only_without_an_activation_function_the_slope_is_the_same_everywhere() -> None:
    lesson = ran("linear_layers")
    rows = rows_of(lesson, "∂o/∂x1, linear")
    [w1] = {row["∂o/∂x1, linear"] for row in rows}
    assert f"w1 = {float(w1):.4f}" in shown(lesson)
    assert len({row["∂o/∂x1, tanh"] for row in rows}) == len(rows)
