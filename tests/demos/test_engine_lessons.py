"""The lessons that build an engine and its training: their claims, by other ways."""

import ast
import itertools
import math
import re
from inspect import getsource
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lessons import outputs, prose, ran, rows_of, shown
from sklearn.linear_model import Perceptron

from demos import engine
from demos.check.engine import STEPS


@pytest.mark.parametrize("name", ["engine", "engine_trains", "one_neuron", "loops"])
def test_it_says_what_to_take_away(name: str) -> None:
    assert "To take away: " in prose(ran(name))


# engine, engine_trains

SHOWN: list[list[Any]] = [
    [engine.slope],
    [engine.Value.__init__, engine.Value.__add__, engine.Value.__mul__, engine.as_value],
    [engine.Value._backward],
    [engine.Value._backward],
    [engine.topological_order, engine.Value.backward],
    [
        *(engine.Value.__sub__, engine.Value.__truediv__, engine.Value.__rsub__),
        *(engine.Value.__rtruediv__, engine.Value.__neg__, engine.Value.exp, engine.Value.tanh),
    ],
    [engine.Neuron, engine.Layer],
    [engine.train],
]
"""For each step what it adds."""


def test_no_step_has_more_than_thirty_lines() -> None:
    assert len(SHOWN) == len(STEPS) - 1  # nothing is written in the last step
    for parts in SHOWN:
        text = "\n".join(getsource(part) for part in parts)
        without = re.sub(r' +"""(.|\n)*?"""\n', "", text)  # docstrings
        assert len([line for line in without.splitlines() if line.strip()]) <= 30


@pytest.mark.parametrize(("name", "steps"), [("engine", range(1, 7)), ("engine_trains", (7, 8))])
def test_every_step_is_shown_as_it_stands_in_the_file(name: str, steps: Any) -> None:
    lesson = ran(name)
    for step in steps:
        assert f"## Step {step}: " in "\n".join(cell.source for cell in lesson.cells)
        for part in SHOWN[step - 1]:
            if part.__name__ not in ("__rsub__", "__rtruediv__", "__neg__"):
                assert getsource(part).rstrip("\n") in shown(lesson)
    assert f"Step {max(steps) + 1}" in shown(lesson) + prose(lesson) or name == "engine"


def test_the_engine_of_the_book_is_strict_and_documented() -> None:
    tree = ast.parse(Path(engine.__file__).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name != "visit":
            assert node.returns is not None
            if not re.match("__|_$", node.name):
                assert ast.get_docstring(node), node.name


def test_the_first_bug_and_its_cure() -> None:
    assert "x by nudging: 8.0\nx by step 3: 3.0" in re.sub("\n+", "\n", shown(ran("engine")))
    code = shown(ran("engine"))
    assert code.index("operand.grad = local * self.grad") < code.index(
        "operand.grad += local * self.grad"
    )


def test_the_second_bug_is_one_of_order() -> None:
    rows = rows_of(ran("engine"), "order")
    assert [row["order"] for row in rows] == ["f, q, p", "f, p, q"]
    x, y = 2.0, -3.0
    assert [float(row["by nudging"]) for row in rows] == [3 * x**2 * y**2] * 2
    assert float(rows[0]["gradient of x"]) == 3 * x**2 * y**2
    assert float(rows[1]["gradient of x"]) != 3 * x**2 * y**2
    assert ran("engine").namespace["x"] is not None
    assert f"31 values; without `seen`, {2**31 - 1:,} visits" in shown(ran("engine"))


def test_gates_have_the_slopes_that_nudging_finds() -> None:
    rows = rows_of(ran("engine"), "∂ by x")
    x, y = 0.7, -1.6
    right = {
        "x - y": (1, -1),
        "x / y": (1 / y, -x / y**2),
        "2 - x": (-1, 0),
        "1 / x": (-1 / x**2, 0),
        "exp(x)": (math.exp(x), 0),
        "tanh(x)": (1 - math.tanh(x) ** 2, 0),
    }
    assert [row["gate"] for row in rows] == list(right)
    for row in rows:
        by_x, by_y = right[row["gate"]]
        assert float(row["∂ by x"]) == float(row["nudged"]) == pytest.approx(by_x, rel=1e-5)
        assert float(row["∂ by y"]) == float(row["nudged "]) == pytest.approx(by_y, rel=1e-5)


def test_the_third_bug_never_settles() -> None:
    runs = ran("engine_trains").namespace["runs"]
    right, forgotten, uphill, still = runs.values()
    assert right == sorted(right, reverse=True)
    assert right[-1] < 0.002 < 0.01 < forgotten[-1]
    assert forgotten[:2] == right[:2]
    assert forgotten[5] < right[5]
    assert sum(b > a for a, b in itertools.pairwise(forgotten)) > 10
    assert uphill == sorted(uphill)
    assert len(set(still)) == 1
    signs = [output.text for output in outputs(ran("engine_trains")) if "outputs: " in output.text]
    assert re.search(r"\[-0\.7\d, 0\.7\d, 0\.7\d, -0\.7\d\]", signs[-1])


def test_what_the_real_engine_does_more() -> None:
    text = shown(ran("engine_trains"))
    for case, ours, core in (
        ("long_chain", "RecursionError", "∂y/∂x = 1"),
        ("edited", "∂y/∂x = 6", "ValueError: .*no longer follows from its inputs"),
        ("typing_error", "no word", "AttributeError: .*'gard'"),
        ("division_by_zero", "ZeroDivisionError", r"ZeroDivisionError: reciprocal\("),
        ("a_list", r"\[1.0, 2.0\]", "TypeError: .*is not a number"),
    ):
        assert re.search(rf"{case}\n  ours: {ours}.*\n  autograd_core: {core}", text), case
    assert "3x² = 27.0 and 6x = 18.0" in text
    assert "200 random circuits of up to 25 gates, largest difference" in text


# one_neuron


def sigma(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def test_the_factors_of_one_update() -> None:
    rows = rows_of(ran("one_neuron"), "slope f′(z)")[:3]
    inputs, answer = [1.0, 0.5, -2.0], sigma(0.5 - 0.5 - 0.5)
    for row, h in zip(rows, inputs, strict=True):
        expected = (1 - answer) * answer * (1 - answer) * h
        assert float(row["product"]) == pytest.approx(expected, rel=1e-5)
        assert row["engine, -∂L/∂v"] == row["product"]
    moved = sigma(-0.5 + 2.0 * (1 - answer) ** 2 * answer * sum(h * h for h in inputs))
    assert f"before: {answer:.4f}   after: {moved:.4f}" in shown(ran("one_neuron"))


def test_the_answer_moves_towards_the_label_in_all_four_cases() -> None:
    rows = rows_of(ran("one_neuron"), "change of v")
    assert len({(row["y"], row["input"]) for row in rows}) == 4
    for row in rows:
        y, before, after = float(row["y"]), float(row["ŷ before"]), float(row["ŷ after"])
        assert abs(y - after) < abs(y - before)
        off = y - before
        assert math.copysign(1, float(row["change of v"])) == math.copysign(
            1, off * float(row["input"])
        )
        assert row["case"] == ("1: too small" if off > 0 else "2: too large")


def test_the_push_fades_where_the_neuron_is_surely_wrong() -> None:
    rows = rows_of(ran("one_neuron"), "product: the push on z")
    pushes = [-float(row["product: the push on z"]) for row in rows]
    assert pushes.index(max(pushes)) == 1
    assert pushes[-1] < 0.001
    places, curve = (ran("one_neuron").namespace[name] for name in ("places", "pushes"))
    assert places[int(np.argmin(curve))] == pytest.approx(math.log(2), abs=0.05)


def test_the_perceptron_rule_by_hand_is_that_of_nn() -> None:
    lines = shown(ran("one_neuron")).splitlines()
    wrong = [line for line in lines if line.startswith("wrong in each epoch: ")]
    weights = [line for line in lines if line.startswith("weights and bias: ")]
    assert len(wrong) == len(weights) == 2
    assert len(set(wrong)) == len(set(weights)) == 1
    names = ran("one_neuron").namespace
    theirs = Perceptron(shuffle=False, tol=None, max_iter=len(names["wrong"]))
    theirs.fit(names["points"], names["labels"], coef_init=[[-1.0, 2.0]], intercept_init=[1.0])
    assert [*theirs.coef_[0], *theirs.intercept_] == names["w"]
    assert re.search(r"\[(\d, ){11}\d\]", shown(ran("one_neuron")))
    assert "0" not in re.findall(r"\[((?:\d, ){11}\d)\]", shown(ran("one_neuron")))[0]


# loops


def test_the_loops_are_those_of_the_lectures() -> None:
    """Computed in NumPy, with matrices."""
    names = ran("loops").namespace
    x = np.column_stack([np.array(names["points"]), np.ones(8)])
    y = np.array(names["labels"])

    def trained(batches: Any) -> Any:
        w = np.array([0.1, -0.2, 0.0])
        for some in batches:
            p = 1 / (1 + np.exp(-x[some] @ w))
            w = w - 0.5 * x[some].T @ ((p - y[some]) * p * (1 - p)) / len(some)
        return w

    orders = [np.random.default_rng((0, epoch)).permutation(8) for epoch in range(20)]
    whole = trained([np.arange(8)] * 20)
    for name in ("vanilla", "batch", "batch_by_engine"):
        assert names[name] == pytest.approx(whole, rel=1e-12)
    single = trained([[place] for order in orders for place in order])
    assert names["online"] == pytest.approx(single, rel=1e-12)
    some = trained([order[k : k + 3] for order in orders for k in (0, 3, 6)])
    assert names["mini_batch"] == pytest.approx(some, rel=1e-12)
    for size, end in ((1, single), (3, some), (8, whole)):
        path = names["walk"](size)
        assert len(path) == 20 * math.ceil(8 / size) + 1
        assert path[-1] == pytest.approx(end, rel=1e-12)


def test_trainer_ends_with_the_same_weights() -> None:
    rows = rows_of(ran("loops"), "batch_size")
    assert [row["batch_size"] for row in rows] == ["None"] * 3 + ["1", "3"]
    assert all(row["equal to 13 digits"] == "yes" for row in rows)
    assert "13 parameters, equal to 13 digits: True" in shown(ran("loops"))
    by_hand, trainer = re.findall(r"(?:by hand|trainer): (\[.*\])", shown(ran("loops")))
    assert by_hand == trainer


def test_drawing_with_and_without_replacement() -> None:
    assert f"expected: {(7 / 8) ** 8:.3f}" in shown(ran("loops"))
    left_out = re.search(r"left out: (\S+)", shown(ran("loops")))
    assert left_out and float(left_out[1]) == pytest.approx((7 / 8) ** 8, abs=0.01)
