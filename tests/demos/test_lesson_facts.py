"""What single lessons teach: the lecture's numbers, and what micrograd has published."""

import pytest
from lessons import outputs, ran, rows_of, shown
from oracles.published import MOONS

from viz import Animation, Drawing, Page

EXPECTED = {
    "circuit": {"q": "3", "f": "-12", "∂f/∂q": "-4", "∂f/∂x": "-4", "∂f/∂y": "-4", "∂f/∂z": "3"},
    "sigmoid_neuron": {
        "f": "0.73",
        "∂f/∂w0": "-0.20",
        "∂f/∂w1": "-0.39",
        "∂f/∂w2": "0.20",
        "∂f/∂x0": "0.39",
        "∂f/∂x1": "-0.59",
    },
}


@pytest.mark.parametrize("name", EXPECTED)
def test_published_numbers_stand_beside_the_engines(name: str) -> None:
    rows = rows_of(ran(name), "lecture")
    assert {row["quantity"]: row["lecture"] for row in rows} == EXPECTED[name]
    for row in rows:
        assert row["rounded"] == row["lecture"]
        assert abs(float(row["engine"]) - float(row["lecture"])) <= 0.005
        assert row["verdict"] == "agrees"


# circuit


def test_a_circuit_is_drawn_moves_and_can_be_played_with() -> None:
    kinds = [type(output.value) for output in outputs(ran("circuit"))]
    assert kinds.count(Drawing) == 2
    assert Animation in kinds
    assert Page in kinds


def test_a_gradient_keeps_its_promise() -> None:
    assert "promised: -0.04\ncomputed: -0.0399999" in shown(ran("circuit"))
    x, y, z = -2 + 0.01 * -4, 5 + 0.01 * -4, -4 + 0.01 * 3
    assert f"from -12 to {(x + y) * z:.6g}" in shown(ran("circuit"))


# sigmoid_neuron


def test_the_neuron_has_as_many_gates_as_the_lesson_says() -> None:
    rows = rows_of(ran("sigmoid_neuron"), "difference")
    assert list(rows[0]) == ["input", "8 gates", "5 gates", "difference"]
    assert [row["input"] for row in rows] == ["w0", "x0", "w1", "x1", "w2"]
    assert all(abs(float(row["difference"])) < 1e-15 for row in rows)
    assert "eight small gates" in " ".join(ran("sigmoid_neuron").cells[0].source.split())


def test_sigma_opens_into_its_parts() -> None:
    assert str(["*-1", "exp", "+1", "1/x"]) in shown(ran("sigmoid_neuron"))


# moons


def test_every_published_loss_and_accuracy_comes_out() -> None:
    names = ran("moons").namespace
    history = names["trainer"].history
    assert history["loss"] == pytest.approx(MOONS["losses"], rel=1e-12)
    assert [round(100 * a) for a in history["accuracy"]] == MOONS["accuracies"]
    assert names["by_loop"] == pytest.approx(MOONS["losses"][:5], rel=1e-12)
    assert "337 parameters" in shown(ran("moons"))
    assert "100 of 100" in shown(ran("moons"))
    rows = rows_of(ran("moons"), "published loss")
    assert len(rows) == 9
    for row in rows:
        assert row["published loss"] == row["program"]
        assert row["loop"] in ("", row["published loss"])
        assert row["published accuracy"] == row["program's accuracy"]
