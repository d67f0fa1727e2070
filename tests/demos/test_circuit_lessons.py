"""What the lessons on circuits teach, and those on a neuron and a small network by hand."""

from lessons import outputs, ran, rows_of, shown

from viz import Drawing, Page

# gate_patterns


def test_the_patterns_have_the_lectures_numbers() -> None:
    rows = rows_of(ran("gate_patterns"), "lecture")
    lecture = {"f": "-20", "∂f/∂x": "-8", "∂f/∂y": "6", "∂f/∂z": "2", "∂f/∂w": "0"}
    assert {row["quantity"]: row["lecture"] for row in rows} == lecture
    for row in rows:
        assert row["engine"] == row["rounded"] == row["lecture"]
        assert row["verdict"] == "agrees"


def test_copies_add_and_ties_share() -> None:
    names = ran("gate_patterns").namespace
    assert "a is used 3 times, an adder: 1 + 3 + -6 = -2" in shown(ran("gate_patterns"))
    assert "b is used 2 times, an adder: -2 + -6 = -8" in shown(ran("gate_patterns"))
    assert [names[name].grad for name in ("a", "b")] == [2 * 2 * -3 + 9 + 1, 2 * 2 * -3 + 4]
    assert [names[name].grad for name in ("left", "right", "same")] == [0.5, 0.5, 1.0]


def test_the_patterns_are_drawn_and_can_be_played_with() -> None:
    values = [output.value for output in outputs(ran("gate_patterns"))]
    assert sum(isinstance(value, Drawing) for value in values) == 3
    assert isinstance(values[-1], Page)
