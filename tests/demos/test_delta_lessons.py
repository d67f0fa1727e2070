"""What the three lessons on the δ recursion promise, held against NumPy and published numbers."""

import re

import numpy as np
import numpy.typing as npt
import pytest
from lessons import outputs, ran, rows_of, shown

from nn import backpropagation
from viz import Page

Array = npt.NDArray[np.float64]


def sigma(z: Array) -> Array:
    return np.asarray(1.0 / (1.0 + np.exp(-z)))


def column(lesson: str, title: str) -> list[float]:
    return [float(row[title]) for row in rows_of(ran(lesson), title)]


# delta_derived


def test_a_model_has_as_many_parameters_as_the_formula_says() -> None:
    text = shown(ran("delta_derived"))
    assert "14 = 14" in text and f"{784 * 128 + 128 + 128 * 10 + 10} for images" in text


def test_forward_propagation_is_written_down_for_several_outputs() -> None:
    lines = re.findall(r"^[az].* = .*", shown(ran("delta_derived")), re.MULTILINE)
    assert lines[0] == "z¹₁ = w¹₁₁ * x1 + w¹₁₂ * x2 + w¹₁₃ * x3 + b¹₁"
    assert {line.split(" = ")[0] for line in lines} >= {"z¹₂", "a¹₁", "a¹₂", "z²₁", "z²₂", "a²₂"}


def test_the_four_steps_give_the_gradients_of_the_engine() -> None:
    assert column("delta_derived", "δ × input") == column("delta_derived", "engine")
    assert all(abs(off) < 1e-16 for off in column("delta_derived", "difference"))
    assert len(column("delta_derived", "engine")) == 14


def test_a_fork_adds_up_what_comes_back() -> None:
    names = ran("delta_derived").namespace
    [total] = re.findall(r"w²₁₁ δ²₁ .* = (\S+)\n", shown(ran("delta_derived")))
    assert f"∂C/∂a¹₁ in the engine: {total}\n" in shown(ran("delta_derived"))
    first, second = names["w1"] * names["d1"], names["w2"] * names["d2"]
    assert names["hidden"][0].grad == pytest.approx(first + second, rel=1e-14)
    assert abs(first) > 0.01 and abs(second) > 0.01  # two terms that both count


def test_the_pictures_show_paths_local_gradients_and_a_fork() -> None:
    pictures = [str(output.svg) for output in outputs(ran("delta_derived")) if output.svg]
    assert "all paths from w¹₁₂ to the outputs" in pictures[0]
    assert "all paths from a¹₁ to the outputs" in pictures[4]
    assert len(pictures) == 5


def test_the_jacobian_of_softmax_and_its_delta() -> None:
    powers = np.exp([2.0, 1.0, -1.0])
    g = powers / powers.sum()
    names = ran("delta_derived").namespace
    assert names["J"] == pytest.approx(np.diag(g) - np.outer(g, g), abs=1e-15)
    said = re.findall(r"(?:Jacobianᵀ.*|1\{k = y\}|engine): +\[ (.*)\]", shown(ran("delta_derived")))
    assert len(said) == 3 and len(set(said)) == 1
    assert [float(part) for part in said[0].split()] == pytest.approx(g - [0, 1, 0], abs=6e-6)


def test_with_tanh_only_the_slope_changes() -> None:
    by_hand, engine = re.findall(r"(?:by hand|engine): +(\[[^ ].*\])", shown(ran("delta_derived")))
    assert by_hand == engine


# delta_by_hand

DELTAS = (0.00193, 0.00266, 0.05248, 0.02799, -0.14453, 0.13808)


def test_each_delta_by_hand_is_the_gradient_of_its_z() -> None:
    lesson = ran("delta_by_hand")
    rows = rows_of(lesson, "δ by hand")
    assert [row["neuron"] for row in rows] == ["δ¹₁", "δ¹₂", "δ²₁", "δ²₂", "δ³₁", "δ³₂"]
    for row, delta in zip(rows, DELTAS, strict=True):
        assert float(row["δ by hand"]) == pytest.approx(delta, abs=6e-6)
        assert row["δ by hand"] == row["gradient of z, engine"]
        assert f"{row['neuron']} = (" in shown(lesson) and f" = {delta}\n" in shown(lesson)
    lines = re.findall(
        r"δ[¹²]. = \((.*) × (.*) \+ (.*) × (.*)\) × (.*) × (.*) = (.*)\n", shown(lesson)
    )
    assert len(lines) == 4
    for line in lines:
        w1, d1, w2, d2, a, rest, delta = map(float, line)
        assert (w1 * d1 + w2 * d2) * a * rest == pytest.approx(delta, abs=2e-5)


def test_a_derivative_is_small_where_one_of_its_factors_is() -> None:
    names = ran("delta_by_hand").namespace
    weights, y = [names["W1"], names["W2"], names["W3"]], names["y"]

    def cost(x: Array, b: Array, change: float = 0.0) -> float:
        """C with the biases b²₁, b³₁, and z²₁ nudged."""
        a1 = sigma(weights[0] @ x)
        a2 = sigma(weights[1] @ a1 + [b[0] + change, 0.0])
        return float(0.5 * np.sum((sigma(weights[2] @ a2 + [b[1], 0.0]) - y) ** 2))

    rows = {row["change"]: row for row in rows_of(ran("delta_by_hand"), "change")}
    x, b = names["x"], np.zeros(2)
    for name, inputs, biases in (
        ("none", x, b),
        ("x₂ = 0", x * [1, 0], b),
        ("b²₁ = 8", x, np.array([8.0, 0.0])),
        ("b³₁ = -8", x, np.array([0.0, -8.0])),
    ):
        slope = (cost(inputs, biases, 1e-5) - cost(inputs, biases, -1e-5)) / 2e-5
        assert float(rows[name]["δ²₁"]) == pytest.approx(slope, abs=6e-5)
    assert float(rows["x₂ = 0"]["∂C/∂w¹₁₂"]) == 0.0 == float(rows["w³₁₁ = w³₂₁ = 0"]["δ²₁"])
    assert abs(float(rows["b³₁ = -8"]["a³₁ - y₁"])) > 0.999
    assert abs(float(rows["b³₁ = -8"]["δ³₁"])) < 0.001
    nudged, delta = re.findall(r"per nudge: (\S+), δ¹₁ = (\S+)", shown(ran("delta_by_hand")))[0]
    assert nudged == delta


def test_the_paths_of_one_weight_add_up_to_its_derivative() -> None:
    products = column("delta_by_hand", "product of all")
    weight = ran("delta_by_hand").namespace["weight"]
    assert len(products) == 4
    assert sum(products) == pytest.approx(weight.grad, rel=1e-5)
    first, second = re.findall(r": (0\.00\d{7})\n", shown(ran("delta_by_hand")))
    assert first == second == f"{weight.grad:.9f}"
    [picture] = [each.svg for each in outputs(ran("delta_by_hand")) if each.svg][:1]
    assert "all paths from w¹₁₁ to the outputs" in str(picture)


def test_the_errors_of_several_outputs_add_up() -> None:
    first, second, both = rows_of(ran("delta_by_hand"), "errors of")
    for name, delta in zip(("δ¹₁", "δ¹₂", "δ²₁", "δ²₂", "δ³₁", "δ³₂"), DELTAS, strict=True):
        assert float(first[name]) + float(second[name]) == pytest.approx(
            float(both[name]), rel=1e-4
        )
        assert float(both[name]) == pytest.approx(delta, abs=6e-6)
    assert any(isinstance(output.value, Page) for output in outputs(ran("delta_by_hand")))


def test_the_answers_of_the_exercises_are_computed() -> None:
    names, text = ran("delta_by_hand").namespace, shown(ran("delta_by_hand"))
    weights = [each for each in names["model"].parameters() if each.label.startswith("w")]
    largest = max(weights, key=lambda each: float(abs(each.grad)))
    of_first = max(weights[:4], key=lambda each: float(abs(each.grad)))
    assert (largest.label, of_first.label) == ("w³₁₂", "w¹₂₁")
    assert f"w³₁₂ {largest.grad:.5f} and w¹₂₁ {of_first.grad:.6f}" in text
    assert f"= {float(rows_of(ran('delta_by_hand'), 'errors of')[0]['δ²₁']):.5f}\n" in text


# delta_compared


def test_indices_and_matrices_are_the_same() -> None:
    rows = rows_of(ran("delta_compared"), "with indices")
    assert [row["layer"] for row in rows] == ["1", "2", "3"]
    for row in rows:
        assert row["with indices"] == row["with matrices"]
        assert float(row["largest difference"]) < 1e-15
    assert "weights.T @ delta[0]" in shown(ran("delta_compared"))


def test_diag_and_both_layouts_give_the_same_delta() -> None:
    names, text = ran("delta_compared").namespace, shown(ran("delta_compared"))
    delta = names["passes"].delta[1]
    assert text.count(str(delta.round(5))) == 4
    assert "products: 9 and 3" in text
    assert text.count(str(names["passes"].delta[0].round(5))) == 2


H = sigma(np.array([0.78, 0.66]))
V = np.array([0.3, 0.9])
OUT = float(sigma(V @ H + 0.3))
D_OUT = OUT * (1 - OUT) * (1 - OUT)


def test_modified_errors_are_the_deltas_with_the_other_sign() -> None:
    names, text = ran("delta_compared").namespace, shown(ran("delta_compared"))
    hidden = H * (1 - H) * V * D_OUT
    assert f"D of the output {D_OUT:.5f}, of the hidden neurons {hidden.round(5)}" in text
    both = backpropagation(names["small"], [0.4, 0.2, 0.2], 1.0, names["half_squared_error"])
    assert -both.delta[0] == pytest.approx(hidden, rel=1e-12)
    updated = str((V + 5 * H * D_OUT).round(5))
    assert f"v + η h D:     {updated}\nv - η ∂C/∂v:   {updated}\n" in text
    assert "nn:  -0.032124 -0.001212" in text
    assert D_OUT * H[0] == pytest.approx(0.032124, abs=5e-7)
    assert hidden[0] * 0.4 == pytest.approx(0.001212, abs=5e-7)


def test_going_back_through_the_new_weights_goes_wrong() -> None:
    text = shown(ran("delta_compared"))
    assert "0.00303 through the old v" in text and "0.00465 through the new v" in text
    assert f"from the right: {128 * 784 * 64 + 64 * 784 * 10 + 784 * 10}\n" in text + "\n"
    for rate in (5.0, 0.1):
        wrong, right = ((V + r * H * D_OUT)[1] * (H * (1 - H))[1] * D_OUT for r in (rate, 0.0))
        assert f"η = {rate}: {wrong:.5f} for {right:.5f}, {wrong / right - 1:.1%}" in text


def test_the_regularised_cost_is_shown_whole() -> None:
    names, text = ran("delta_compared").namespace, shown(ran("delta_compared"))
    matrices = [np.array(layer) for layer in names["W"]]
    biases = [np.array([row.bias.data for row in layer.neurons]) for layer in names["model"].layers]

    def cost(weights: list[Array]) -> float:
        answers = []
        for x, y in zip(names["examples"], names["targets"], strict=True):
            a = np.tanh(weights[1] @ np.tanh(weights[0] @ x + biases[0]) + biases[1])
            answers.append(0.5 * np.sum((sigma(weights[2] @ a + biases[2]) - y) ** 2))
        return float(np.mean(answers) + 0.05 * sum(np.sum(each**2) for each in weights))

    assert f"= {cost(matrices):.5f}\n" in text and f"engine: J = {cost(matrices):.5f}" in text
    nudge = np.zeros_like(matrices[2])
    nudge[0, 1] = 1e-6
    slope = (
        cost([matrices[0], matrices[1], matrices[2] + nudge])
        - cost([matrices[0], matrices[1], matrices[2] - nudge])
    ) / 2e-6
    assert f"= {slope:.6f}\n" in text and f"nn:   {slope:.6f} and" in text
    [off] = re.findall(r"largest difference of all 39: (\S+)", text)
    assert float(off) < 1e-15


def test_a_bias_is_the_weight_of_a_one() -> None:
    rows = rows_of(ran("delta_compared"), "gradient, weight of a 1")
    assert [row["bias"] for row in rows] == ["b¹₁", "b¹₂", "b²₁"]
    hidden = H * (1 - H) * V * D_OUT
    for row, error in zip(rows, (*hidden, D_OUT), strict=True):
        assert row["gradient, added"] == row["gradient, weight of a 1"]
        assert float(row["gradient, added"]) == pytest.approx(-error, rel=1e-5)
